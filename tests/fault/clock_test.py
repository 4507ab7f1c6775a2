"""A system clock that is set wrong, by libfaketime: the daemon only reads until somebody has looked and said so
(`volunteerctl clock accept`), recorded time never goes back, midnights that were missed are ticked once each and in order."""

import datetime
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import CONTROL, DAEMON, Daemon, DaemonTest, city_events, event, eventually, service  # noqa: E402
from limits_test import Publisher, records  # noqa: E402

LIBRARIES = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
JUMPED = "the system clock jumped; check it, then run: volunteerctl clock accept"
GAP = "the last event was recorded over 7 days ago; check the clock, then run: volunteerctl clock accept"


class Shifted(Daemon):
    """A daemon whose clock is this machine's and so much, which may change while it runs. What never jumps does not."""

    def shift(self, by):
        """As faketime has it: "-2h", "+10y"."""
        (self.folder / "shift.new").write_text(by + "\n")
        os.replace(self.folder / "shift.new", self.folder / "shift")

    def launch(self):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [DAEMON, "--config", self.config_path], stdin=subprocess.DEVNULL, stderr=self.log, stdout=self.log,
            env={**os.environ, "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(self.folder / "shift"),
                 "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"})
        return self


@unittest.skipUnless(LIBRARIES, "libfaketime is not installed")
@unittest.skipIf(os.environ.get("VOLUNTEERD_PRESET") in ("asan", "tsan"), "a sanitizer must be loaded before libfaketime")
class Clock(DaemonTest):
    def setUp(self):
        super().setUp()
        self.city = Shifted(self.folder)
        self.addCleanup(self.close_daemon, self.city)
        self.city.shift("+0")
        self.city.start()
        self.assert_stored(self.city.publish(city_events()))
        self.numbers = iter(range(10**6))

    def one(self):
        """What becomes of another event."""
        return self.city.publish_one(event("volunteer.registered", {"volunteer": f"x{next(self.numbers)}",
                                                                    "region": "620502001001"}))

    def assert_stored_one(self):
        result = self.one()
        self.assertEqual(result["status"], "stored", result)
        return result["sequence"]

    def assert_reads_alone(self, reason):
        result = eventually(lambda: (r := self.one())["status"] == "rejected" and r, "something to be refused")
        self.assert_rejected(result, "read_only", retryable=True)
        self.assertEqual(result["message"], reason)
        status = self.city.query("status")
        self.assertEqual((status["state"], status["reason"]), ("read_only", reason))
        self.assertEqual(self.city.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        self.assertIn(reason, self.city.log_text())

    def accept(self):
        done = subprocess.run([CONTROL, "--runtime", self.city.runtime, "clock", "accept"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def journal(self):
        """Every event; their recorded times never go back."""
        events, after = [], 0
        while True:
            page = self.city.query("journal.read", after=after, limit=10000)
            events += page["events"]
            after = page["next"]
            if after >= page["head"]:
                break
        times = [datetime.datetime.fromisoformat(each["recordedtime"]) for each in events]
        self.assertEqual(times, sorted(times))
        return events

    def midnights(self):
        return [each["data"]["date"] for each in self.journal() if each["type"] == "clock.ticked"]

    def assert_midnights_in_order(self):
        dates = [datetime.date.fromisoformat(date) for date in self.midnights()]
        self.assertEqual(dates, [dates[0] + datetime.timedelta(days) for days in range(len(dates))])
        return dates

    def assert_whole(self):
        result = self.city.run_job("journal.replay")["result"]
        self.assertEqual((result["identical"], result["ledger_zero"]), (True, True))
        self.assertEqual(self.city.stop(), 0)

    def test_a_clock_set_back_makes_it_read_only_until_it_is_accepted(self):
        before = self.assert_stored_one()
        self.city.shift("-2h")
        self.assert_reads_alone(JUMPED)
        self.accept()
        after = self.assert_stored_one()
        events = {int(each["sequence"]): each for each in self.journal()}
        self.assertGreaterEqual(events[after]["recordedtime"], events[before]["recordedtime"])
        self.assertEqual([each["type"] for each in events.values() if before < int(each["sequence"]) < after
                          and each["type"] != "registration.decided"], ["clock.accepted"])
        self.assert_whole()

    def test_a_clock_that_comes_back_by_itself_is_accepted_all_the_same(self):
        self.city.shift("+10y")
        self.assert_reads_alone(JUMPED)
        self.city.shift("+0")
        self.assert_reads_alone(JUMPED)
        self.accept()
        self.assert_stored_one()
        self.assertEqual(self.city.query("status")["state"], "running")
        self.assertLess(len(self.midnights()), 3)
        self.assert_whole()

    def test_ten_years_ahead_tick_no_midnight_before_they_are_accepted_and_then_each_once(self):
        first = self.assert_midnights_in_order()
        self.city.shift("+10y")
        self.assert_reads_alone(JUMPED)
        self.assertEqual(self.assert_midnights_in_order(), first)
        self.accept()
        self.assert_stored_one()
        dates = self.assert_midnights_in_order()
        self.assertGreater(len(dates), 3600)
        self.assertEqual(dates[:len(first)], first)
        self.assert_whole()

    def test_a_kill_while_ten_years_are_ticked_leaves_each_midnight_once(self):
        self.city.shift("+10y")
        self.assert_reads_alone(JUMPED)
        socket = self.city.socket("query")
        socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "clock.accept", "params": {"by": "clerk:1"}})
        self.city.kill()
        socket.close(0)
        self.city.start()
        if self.city.query("status")["state"] == "read_only":  # killed early: the last event is years ago
            self.accept()
        self.assert_stored_one()
        self.assertGreater(len(self.assert_midnights_in_order()), 3600)
        self.assert_whole()

    def test_a_start_years_later_waits_until_the_clock_is_accepted(self):
        self.assertEqual(self.city.stop(), 0)
        self.city.shift("+10y")
        self.city.start()
        self.assert_reads_alone(GAP)
        self.accept()
        self.assert_stored_one()
        self.assert_midnights_in_order()
        self.assert_whole()

    def test_a_start_two_hours_earlier_records_nothing_before_what_is_there(self):
        self.assert_stored_one()
        self.assertEqual(self.city.stop(), 0)
        self.city.shift("-2h")
        self.city.start()
        self.assert_stored_one()
        self.assert_midnights_in_order()
        self.assert_whole()

    def test_a_jump_under_load_loses_nothing_acknowledged(self):
        publisher = Publisher(self.city, records, 20)
        publisher.start()
        eventually(lambda: len(publisher.acknowledged) > 200, "records")
        self.city.shift("-2h")
        publisher.join()
        self.assertTrue(publisher.refused)
        self.assertEqual({result["code"] for result in publisher.refused}, {"read_only"})
        self.city.kill()
        self.city.start()
        seen = {each["id"]: int(each["sequence"]) for each in self.journal() if each["source"] == "test"}
        for identifier, sequence in publisher.acknowledged.items():
            self.assertEqual(seen.get(identifier), sequence, identifier)
        self.assert_whole()


if __name__ == "__main__":
    unittest.main()
