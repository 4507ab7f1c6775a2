"""Files that are no good plugin: refused with the whole reason, at the start, by --check and at SIGHUP; the others run."""

import subprocess
import tempfile
import time
import unittest

from bad_city import SANITIZED, SHORT, SLOWER, BadPluginsTest, City
from harness import DAEMON

# Of each: what the reason says.
REFUSED = {
    "crashes_loading": "" if SANITIZED else "SIGSEGV",
    "hangs_loading": "",
    "wrong_major": "2.0",
    "newer_minor": "1.1",
    "no_symbol": "vol_plugin",
    "undefined_symbol": "a_function_that_nobody_has",
    "wrong_name": "right_name",
    "short_struct": "bytes",
    "not_elf": "not_elf.so",
    "is_missing": "is_missing.so",
    "wrong_option": "nonsense",
}


class Files(BadPluginsTest):
    groups = [{"name": name, "limits": SHORT} for name in REFUSED if name != "wrong_option"]
    groups += [{"name": "wrong_option", "nonsense": 1}, {"name": "hangs_loading_later", "limits": SHORT},
               {"name": "forges_inspection", "limits": SHORT}, {"name": "switched_off", "enabled": False}]

    @classmethod
    def setUpClass(cls):
        make = City.set_plugins

        def set_plugins(city, groups, sources=None):
            make(city, groups, sources)
            (city.plugin_dir / "not_elf.so").write_text("#!/bin/sh\n")
            (city.plugin_dir / "is_missing.so").unlink(missing_ok=True)
        City.set_plugins = set_plugins
        try:
            super().setUpClass()
        finally:
            City.set_plugins = make

    def test_start_up_is_not_held_up(self):
        self.assertLess(self.start_s, 2 * SLOWER)

    def test_each_is_refused_with_its_reason(self):
        for name, words in REFUSED.items():
            with self.subTest(name):
                plugin = self.city.wait_state(name, "refused")
                self.assertIn(words, plugin["reason"])
                self.assertIn(name, self.city.log_text())
                self.assertFalse(plugin.get("pid"))

    @unittest.skipIf(SANITIZED, "the sanitizers want more than the box lets through")
    def test_one_that_forges_its_inspection_gains_nothing(self):
        plugin = self.city.wait_plugin("forges_inspection", lambda p: p["state"] in ("running", "refused"), "its state")
        if plugin["state"] == "running":
            self.assertIn("opened /etc/shadow: Permission denied", self.city.plugin_log("forges_inspection"))

    def test_one_that_hangs_where_nobody_looked_is_ended(self):
        self.city.wait_plugin("hangs_loading_later", lambda plugin: plugin["restarts"] > 0, "a second try")

    def test_one_that_is_switched_off_stays_so(self):
        self.assertEqual(self.city.plugin("switched_off")["state"], "stopped")

    def test_check_says_where_each_stands(self):
        lines = self.city.config_path.read_text().splitlines()
        result = subprocess.run([DAEMON, "--check", "--config", self.city.config_path], capture_output=True, text=True,
                                timeout=60 * SLOWER)
        self.assertEqual(result.returncode, 1, result.stderr)
        for name, words in REFUSED.items():
            with self.subTest(name):
                said = [line for line in result.stderr.splitlines() if f"plugin {name}:" in line]
                self.assertTrue(said and words in said[0], result.stderr)
                place = said[0].split(":")
                self.assertEqual(place[0], str(self.city.config_path))
                there = "\n".join(lines[int(place[1]) - 1:int(place[1]) + 1])  # a group begins above its name
                self.assertIn("nonsense" if name == "wrong_option" else f'"{name}"', there)


class Reload(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.city = City(folder.name, [{"name": "stays"}, {"name": "goes"}, {"name": "changes", "number": 1}])
        self.addCleanup(self.city.close)
        self.city.start()

    def pids(self, *names):
        return {name: self.city.wait_state(name, "running")["pid"] for name in names}

    def test_sighup_adds_changes_and_removes_without_touching_the_others(self):
        before = self.pids("stays", "goes", "changes")
        self.city.reload([{"name": "comes"}, {"name": "changes", "number": 2}, {"name": "stays"}])
        self.city.wait_new_process("changes", before["changes"])
        self.city.wait_state("comes", "running")
        self.city.wait_plugin("stays", lambda _: "goes" not in self.city.plugins(), "the removed one to go")
        stays = self.city.plugin("stays")
        self.assertEqual((stays["pid"], stays["restarts"]), (before["stays"], 0))
        # A wrong one changes nothing for those that run.
        begun = self.pids("comes", "changes", "stays")
        self.city.reload([{"name": "comes"}, {"name": "changes", "number": -1}, {"name": "stays"}])
        self.city.wait_log("number")
        self.city.query("status")
        self.assertEqual(self.pids("comes", "stays"), {name: begun[name] for name in ("comes", "stays")})
        # None at all, and one that hangs beside a good one.
        self.city.reload([])
        while self.city.plugins():
            time.sleep(0.02)
        self.city.reload([{"name": "hangs_loading"}, {"name": "stays"}])
        self.city.wait_state("stays", "running")
        self.assertEqual(self.city.stop(), 0)


if __name__ == "__main__":
    unittest.main()
