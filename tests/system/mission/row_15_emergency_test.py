"""抢险救灾、应急救助: a flood; the command declares an emergency, volunteers come at once, in order and insured, and it is ended."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, decisions


class FloodTest(PaperScenario):
    day = "2018-07-10"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "秦州区应急队")
        for number in range(1, 5):
            self.city.register(f"v:{number}")
        self.city.register("v:young", guardian_consent={"by": "母亲", "on": "2018-07-01"}, born="2002-05",
                           identity={"name": "某", "document_kind": "passport", "number": "E1"})

    def ask_to_come(self, volunteer, activity="dyke"):
        (decided,) = decisions(self.stored("enrolment.requested", activity=activity, volunteer=volunteer, by="self"), "enrolment.decided")
        return decided["outcome"], [finding["code"] for finding in decided.get("findings", [])]

    def test_from_the_declaration_to_what_was_done(self):
        self.hold_activity("dyke", "2018-07-11", COMMUNITY, emergency=True, domains=["抢险救灾"], places=2, title="加固河堤")
        # Before it is declared the rule waits for insurance.
        self.assertEqual(self.ask_to_come("v:1"), ("waitlisted", ["insurance_missing"]))
        self.clerk("send", "emergency.declared", "emergency=em:flood", f"region={COUNTY}", "by=clerk:2", "reason=藉河水位超警戒",
                   "--at", "2018-07-10T13:00:00+08:00")
        self.assertIn("em:flood", self.clerk("status"))
        self.assertEqual(self.ask_to_come("v:2"), ("accepted", ["emergency"]))
        self.assertEqual(self.ask_to_come("v:young"), ("refused", ["minor_in_danger", "emergency"]), "no minor comes into danger")
        # A change of the activity asks again about those who wait: the first of them has the other place.
        (moved,) = decisions(self.stored("activity.changed", activity="dyke", changes={"content": "装沙袋"}), "enrolment.decided")
        self.assertEqual((moved["volunteer"], moved["outcome"]), ("v:1", "accepted"))
        self.assertEqual(self.ask_to_come("v:3")[0], "waitlisted", "no more than there are places")
        self.city.on("2018-07-12")
        for number in (1, 2):
            self.stored("service.recorded", record=f"r:{number}", volunteer=f"v:{number}", organisation="org:1", activity="dyke",
                        starts="2018-07-11T09:00:00+08:00", ends="2018-07-11T11:00:00+08:00", method="code", recorder="clerk:1")
        self.stored("emergency.ended", emergency="em:flood", region=COUNTY, by="clerk:2")
        shown = self.ask("emergency.get", emergency="em:flood")
        self.assertEqual((shown["state"], shown["reason"]), ("ended", "藉河水位超警戒"))
        rows, _ = self.table(self.report("matrix", by="domain"), "服务领域")
        self.assertEqual({row["code"]: row["minutes"] for row in rows}["抢险救灾"], 240)
        self.hold_activity("later", "2018-07-20", COMMUNITY, emergency=True)
        self.assertEqual(self.ask_to_come("v:4", "later"), ("waitlisted", ["insurance_missing"]), "as always, once it is over")
        self.assertIn("已结束", self.clerk("emergency", "list"))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
