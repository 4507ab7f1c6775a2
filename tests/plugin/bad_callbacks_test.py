"""Plugins that fail in one of their callbacks: the daemon says so, tries again, and gives up after five times."""

import time
import unittest

from bad_city import SHORT, SLOWER, BadPluginsTest, is_alive

STOPPING = ("hang_in_stop", "crash_in_stop", "spin_in_stop")


def told(name, order, **more):
    return {"name": name, "do": order, "limits": SHORT, **more}


class Callbacks(BadPluginsTest):
    groups = [
        told("crash_in_start", "start crash"),
        told("fail_in_start", "start fail"),
        told("hang_in_start", "start hang"),
        told("crash_if_told", "start crash_if_told"),
        told("crash_in_timer", "timer crash"),
        told("recovers", ""),
        told("crash_in_event", "event crash"),
        told("fail_in_event", "event fail"),
        told("hang_in_event", "event hang"),
        told("takes_none", "event take_none"),
        told("takes_more", "event take_more"),
        told("crash_in_dump", "dump crash"),
        *(told(name, f"stop {name.split('_')[0]}") for name in STOPPING),
    ]

    @classmethod
    def tearDownClass(cls):
        """Those that do not stop are ended in time, and nothing of any is left."""
        plugins = cls.city.plugins()
        running = {name for name, plugin in plugins.items() if plugin["state"] == "running"}
        assert running.issuperset(STOPPING), plugins
        super().tearDownClass()
        assert cls.stop_s < 1 + 2 * SLOWER, cls.stop_s
        left = [name for name, plugin in plugins.items() if plugin["pid"] and is_alive(plugin["pid"])]
        assert not left, left

    def test_start_up_is_not_held_up(self):
        self.assertLess(self.start_s, 2 * SLOWER)

    def test_five_crashes_in_a_minute_are_a_quarantine(self):
        for name in ("crash_in_start", "fail_in_start", "crash_in_timer"):
            with self.subTest(name):
                plugin = self.city.wait_state(name, "quarantined")
                self.assertTrue(plugin["reason"], plugin)
                self.assertIn(name, self.city.log_text())
                self.assertTrue(self.city.plugin_log(name))

    def test_a_restart_ends_the_quarantine(self):
        self.city.wait_state("crash_if_told", "running")
        mark = self.city.data / "local" / "plugins" / "crash_if_told" / "files" / "crash"
        mark.touch()
        self.city.call("crash_if_told.now", do="crash")
        self.city.wait_state("crash_if_told", "quarantined")
        mark.unlink()
        self.city.query("plugin.restart", plugin="crash_if_told")
        self.city.wait_state("crash_if_told", "running")

    def test_one_that_hangs_in_start_is_ended_and_tried_again(self):
        plugin = self.city.wait_plugin("hang_in_start", lambda p: p["restarts"] > 0, "a second try")
        self.assertTrue(self.city.plugin_log("hang_in_start"), plugin)

    def test_after_a_crash_it_runs_again_within_a_second(self):
        pid = self.city.wait_state("recovers", "running")["pid"]
        self.city.call("recovers.now", do="crash")  # answered when it has died
        begun = time.monotonic()
        plugin = self.city.wait_new_process("recovers", pid)
        self.assertLess(time.monotonic() - begun, 1 * SLOWER)
        self.assertEqual(plugin["restarts"], 1)

    def test_an_event_that_kills_is_given_again_and_then_no_more(self):
        for name in ("crash_in_event", "fail_in_event"):
            with self.subTest(name):
                before = self.city.plugin(name)["cursor"]
                plugin = self.city.wait_state(name, "quarantined")
                self.assertEqual(plugin["cursor"], before)

    def test_one_that_hangs_in_an_event_is_ended(self):
        self.city.wait_plugin("hang_in_event", lambda p: p["restarts"] > 0, "its end")

    def test_one_that_takes_nothing_lags_and_runs(self):
        plugin = self.city.wait_plugin("takes_none", lambda p: p["behind"] > 5, "a lag")
        self.assertEqual((plugin["state"], plugin["restarts"]), ("running", 0))

    def test_one_that_takes_more_than_it_was_given_has_no_more_than_that(self):
        for plugin in (self.city.plugin("takes_more"), self.city.plugin("takes_more")):
            head = self.city.query("status")["sequence"]
            self.assertLessEqual(plugin["cursor"], head)

    def test_a_crash_in_dump_is_a_crash(self):
        pid = self.city.wait_state("crash_in_dump", "running")["pid"]
        self.city.query("plugin.dump", plugin="crash_in_dump")
        self.city.wait_new_process("crash_in_dump", pid)


if __name__ == "__main__":
    unittest.main()
