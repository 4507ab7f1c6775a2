"""A daemon that stands still does not silence the plugin metrics. A suite of its own, because a question waits ten
seconds for its answer."""

import signal
import unittest

from metrics_city import MetricsTest
from harness import eventually


class Stopped(MetricsTest):
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


if __name__ == "__main__":
    unittest.main()
