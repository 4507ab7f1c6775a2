"""A volunteer says that a record is wrong, and somebody looks into it. Against the real daemon, by the events' clock."""
import unittest

from harness import COUNTY
from notice_test import NoticeTest


class Disputes(NoticeTest):
    def dispute(self, record=None, text="我服务了三个小时"):
        return self.stored("service.disputed", record=record or self.stay, text=text)

    def settle(self, outcome, record=None, by="clerk:5"):
        return self.stored("service.settled", record=record or self.stay, outcome=outcome, by=by)

    def test_a_disputed_record_counts_as_before_until_it_is_settled(self):
        self.dispute()
        shown = self.record(self.stay)
        self.assertEqual((shown["stage"], shown["state"], shown["counted_minutes"]), ("disputed", "accepted", 120))
        self.assertEqual((shown["dispute"]["disputed_on"], "outcome" in shown["dispute"]), ("2018-08-24", False))
        self.assertEqual((self.minutes("v:1"), self.counters(COUNTY)["disputed"]), (120, 1))
        self.assertEqual(self.ids("record.list", "record", stage="disputed"), [self.stay])
        self.settle("dismissed")
        shown = self.record(self.stay)
        self.assertEqual((shown["stage"], shown["dispute"]["outcome"]), ("confirmed", "dismissed"))
        self.assertEqual((self.counters(COUNTY)["disputed"], self.ids("record.list", "record", stage="disputed")), (0, []))
        self.assert_replay_agrees()

    def test_explain_tells_of_it(self):
        self.dispute()
        self.settle("dismissed")
        explained = self.ask("explain", record=self.stay)
        self.assertEqual([e["type"] for e in explained["events"]],
                         ["service.derived", "service.decided", "service.disputed", "service.settled"])
        self.assertEqual([d["type"] for d in explained["decisions"]], ["service.decided"])

    def test_what_was_said_is_kept_sealed_with_the_volunteers_key(self):
        self.dispute(text="天机不可泄露")
        for path in self.city.daemon.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn("天机不可泄露".encode(), path.read_bytes(), path)

    def test_no_step_is_skipped(self):
        self.refused("wrong_state", "data.record", "service.settled", record=self.stay, outcome="upheld", by="clerk:5")
        self.dispute()
        self.refused("wrong_state", "data.record", "service.disputed", record=self.stay, text="再说一遍")
        self.settle("withdrawn")
        self.refused("wrong_state", "data.record", "service.settled", record=self.stay, outcome="upheld", by="clerk:5")
        self.dispute()
        self.refused("unknown_record", "data.record", "service.disputed", record="nobody:1", text="x")
        self.refused("unknown_record", "data.record", "service.settled", record="nobody:1", outcome="upheld", by="x")

    def test_who_recorded_does_not_settle(self):
        self.serve("r:1")
        self.dispute("r:1")
        self.refused("self_review", "data.by", "service.settled", record="r:1", outcome="dismissed", by="clerk:1")
        self.settle("dismissed", "r:1", by="clerk:2")

    def test_upheld_it_is_put_right_by_a_correction(self):
        self.serve("r:1", minutes=30)
        self.dispute("r:1")
        self.settle("upheld", "r:1")
        self.stored("service.corrected", record="r:1", minutes=60, reason="异议属实", by="clerk:5")
        self.assertEqual((self.stage("r:1"), self.minutes("v:2")), ("confirmed", 60))
        self.assert_replay_agrees()

    def test_upheld_a_refused_record_goes_back_to_the_reviewers(self):
        self.serve("r:1", "v:1")  # at the same time as the stay: held
        self.stored("service.reviewed", record="r:1", outcome="refused", reviewer="clerk:2")
        self.assertEqual(self.stage("r:1"), "refused")
        self.dispute("r:1")
        self.settle("upheld", "r:1")
        self.assertEqual(self.ids("record.list", "record", state="held"), ["r:1"])
        self.stored("service.reviewed", record="r:1", outcome="accepted", reviewer="clerk:2")
        self.assertEqual((self.stage("r:1"), self.minutes("v:1")), ("confirmed", 180))
        self.assert_replay_agrees()

    def test_what_is_disputed_does_not_become_final_before_it_is_settled(self):
        self.serve("r:1")
        self.open()
        self.dispute()
        self.pass_to("2018-08-30")
        self.assertEqual((self.finalised(), self.stage(), self.stage("r:1")), (["r:1"], "disputed", "final"))
        self.settle("dismissed")
        self.assertEqual((self.finalised(), self.stage()), (["r:1", self.stay], "final"))
        self.assert_replay_agrees()

    def test_upheld_after_its_notice_it_waits_for_the_correction(self):
        self.open()
        self.dispute()
        self.pass_to("2018-08-30")
        self.settle("upheld")
        self.assertEqual(self.stage(), "confirmed")

    def test_what_is_final_may_be_disputed(self):
        self.open()
        self.pass_to("2018-08-30")
        self.dispute()
        self.assertEqual((self.stage(), self.counters()["final_records"]), ("disputed", 1))
        self.settle("dismissed")
        self.assertEqual(self.stage(), "final")

    def test_a_dispute_about_what_is_revoked_is_settled_too(self):
        self.stored("service.revoked", record=self.stay, reason="错签", by="clerk:2")
        self.dispute()
        self.settle("upheld")
        self.assertEqual((self.stage(), self.counters()["disputed"]), ("revoked", 0))


if __name__ == "__main__":
    unittest.main()
