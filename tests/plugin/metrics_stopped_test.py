"""A daemon that takes no events, or stands still, does not silence the plugin metrics."""

import os
import signal
import socket
import unittest

from metrics_city import MetricsTest
from harness import eventually, volunteer


class Stopped(MetricsTest):
    settings = {"limits": {"answer_s": 1}}  # how long a question waits

    def test_the_daemon_that_stands_still_is_told_with_the_last_numbers(self):
        before = self.scrape()
        self.city.signal(signal.SIGSTOP)
        try:
            eventually(lambda: self.scrape()["volunteerd_up"][()] == 0, "the plugin to notice")
            during = self.scrape()
        finally:
            self.city.signal(signal.SIGCONT)
        self.assertGreater(during["volunteerd_numbers_age_seconds"][()], 1)
        self.assertEqual(during["volunteerd_journal_head_sequence"], before["volunteerd_journal_head_sequence"])
        self.wait_value(1, "volunteerd_up")
        self.assertLess(self.value("volunteerd_numbers_age_seconds"), 1)


class Reconfigured(MetricsTest):
    def test_a_disk_below_its_reserve_is_told_with_the_reason(self):
        disk = os.statvfs(self.city.data)
        reserve_mib = 1 << 20
        if disk.f_bavail * disk.f_frsize >= reserve_mib << 20:
            self.skipTest("more than 1 TiB is free here: no reserve is larger")
        self.city.stop()
        self.city.config["limits"] = {"disk_reserve_mib": reserve_mib}
        self.city.write_config()
        self.city.start()
        eventually(lambda: self.state("metrics") == "running", "the plugin to run")
        self.wait_value(1, "volunteerd_read_only")
        samples = self.scrape()
        self.assertEqual(samples["volunteerd_disk_reserve_bytes"][()], reserve_mib << 20)
        (labels,) = samples["volunteerd_read_only_info"]
        self.assertIn("the disk is nearly full", dict(labels)["reason"])
        self.assertEqual(self.city.publish_one(volunteer("r-1", serial=498))["code"], "read_only")
        self.wait_value(1, "volunteerd_events_rejected_total", code="read_only")

    def test_an_address_that_is_taken_is_said_and_a_restart_mends_it(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.city.config["plugins"][0]["listen"] = f"127.0.0.1:{port}"
            self.city.write_config()
            self.city.signal(signal.SIGHUP)
            eventually(lambda: "Address already in use" in self.plugin("metrics")["reason"], "the reason")
            self.city.wait_log(f"cannot listen on 127.0.0.1:{port}: Address already in use; another program does")
        self.city.query("plugin.restart", plugin="metrics")
        eventually(lambda: self.state("metrics") == "running", "the plugin to run")
        type(self).port = port
        self.wait_value(1, "volunteerd_up")


if __name__ == "__main__":
    unittest.main()
