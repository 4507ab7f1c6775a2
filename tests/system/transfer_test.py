"""Hours follow a volunteer to another organisation, with consent and verified there; who recorded them still certifies them.
Against the real daemon, by the events' clock."""
import unittest

from harness import COUNTY
from notice_test import NoticeTest


class Transfers(NoticeTest):
    def agree(self):
        self.stored("consent.given", volunteer="v:1", purpose="transfer", text_version="2018-01")

    def transfer(self, organisation="org:2", by="clerk:7"):
        return self.stored("service.transferred", record=self.stay, organisation=organisation, by=by)

    def refuse(self, code, field, **more):
        data = {"record": self.stay, "organisation": "org:2", "by": "clerk:7", **more}
        return self.refused(code, field, "service.transferred", **data)

    def hours(self):
        """Minutes and records of both organisations."""
        return [tuple(self.ask("organisation.get", organisation=o)["counters"][n] for n in ("minutes", "records", "final_records"))
                for o in ("org:1", "org:2")]

    def test_without_consent_nothing_follows(self):
        self.refuse("consent_missing", "data.record")
        self.agree()
        self.stored("consent.withdrawn", volunteer="v:1", purpose="transfer", text_version="2018-01")
        self.refuse("consent_missing", "data.record")
        self.assertEqual(self.hours(), [(120, 1, 0), (0, 0, 0)])

    def test_the_receiver_counts_them_and_the_recorder_stays(self):
        self.agree()
        self.transfer()
        self.assertEqual(self.hours(), [(0, 0, 0), (120, 1, 0)])
        shown = self.record(self.stay)
        self.assertEqual((shown["organisation"], shown["transferred"]["organisation"], shown["transferred"]["on"]),
                         ("org:1", "org:2", "2018-08-24"))
        self.assertEqual([self.ids("record.list", "record", organisation=o) for o in ("org:1", "org:2")], [[self.stay]] * 2)
        self.assertEqual((self.minutes("v:1"), self.counters(COUNTY)["records"]), (120, 1))
        self.assert_replay_agrees()

    def test_what_happens_to_it_later_is_the_receivers(self):
        self.agree()
        self.open()
        self.pass_to("2018-08-30")
        self.transfer()
        self.assertEqual(self.hours(), [(0, 0, 0), (120, 1, 1)])
        self.stored("service.corrected", record=self.stay, minutes=60, reason="核实", by="clerk:2")
        self.assertEqual(self.hours(), [(0, 0, 0), (60, 1, 0)])
        self.transfer("org:1")
        self.assertEqual(self.hours(), [(60, 1, 0), (0, 0, 0)])
        self.assertNotIn("transferred", self.record(self.stay))
        self.transfer("org:2")
        self.stored("service.revoked", record=self.stay, reason="错签", by="clerk:2")
        self.assertEqual(self.hours(), [(0, 0, 0), (0, 0, 0)])
        self.assert_replay_agrees()

    def test_what_may_not_be_transferred(self):
        self.agree()
        self.refuse("unknown_record", "data.record", record="nobody:1")
        self.refuse("unknown_organisation", "data.organisation", organisation="nobody:1")
        self.refuse("wrong_state", "data.record", organisation="org:1")
        self.serve("r:held", "v:1")
        self.refuse("wrong_state", "data.record", record="r:held")
        self.stored("service.reviewed", record="r:held", outcome="accepted", reviewer="clerk:2")
        self.refuse("self_review", "data.by", record="r:held", by="clerk:1")
        self.stored("service.disputed", record=self.stay, text="x")
        self.refuse("wrong_state", "data.record")
        self.stored("service.settled", record=self.stay, outcome="dismissed", by="clerk:5")
        self.stored("organisation.dissolved", organisation="org:2")
        self.refuse("wrong_state", "data.organisation")


if __name__ == "__main__":
    unittest.main()
