"""弱势群体,扶贫帮困、助老助残 — 孤寡老人、空巢老人、残疾人的生活救助和照料: a community enrols the people it looks after, with
consent; who they are is sealed; each has a plan, and nobody is forgotten without somebody being told."""
import json
import unittest

import mission  # noqa: F401
from care_test import IDENTITY, NAME, NUMBER, CareTest
from harness import COMMUNITY
from small_city import OTHER_COMMUNITY


class PeopleInNeed(CareTest):
    def test_a_community_looks_after_its_people(self):
        # The clerk of 进步巷 enrols three people with their consent; one of them a second time by mistake.
        self.enrol_person("b:wang", "孤寡老人", identity=IDENTITY)
        self.enrol_person("b:li", "空巢老人")
        self.enrol_person("b:zhao", "残疾人", region=OTHER_COMMUNITY)
        self.refused("identity_known", "data.identity", "beneficiary.enrolled", beneficiary="b:wang2", region=COMMUNITY,
                     served_group="孤寡老人", consent=True, identity=IDENTITY)
        self.refused("consent_missing", "data.consent", "beneficiary.enrolled", beneficiary="b:none", region=COMMUNITY,
                     served_group="孤寡老人", consent=False)
        # Whoever looks somebody up sees the plan and the visits, and that there is an identity, but not which.
        shown = self.control("show", "beneficiary", "b:wang", language="zh_CN.UTF-8").stdout
        self.assertIn("孤寡老人", shown)
        self.assertNotIn(NAME, shown)
        # A volunteer is paired with each; those without a plan are counted.
        self.plan("b:wang", days=7, volunteers=["v:1"])
        self.plan("b:zhao", days=14, volunteers=["v:2"])
        rows, total = self.report("care", by="served_group")
        self.assertEqual({code: (row["beneficiaries"], row["without_plan"]) for code, row in rows.items() if row["beneficiaries"]},
                         {"孤寡老人": (1, 0), "空巢老人": (1, 1), "残疾人": (1, 0)})
        self.city.on("2018-03-06")
        self.visit("r:1", "2018-03-06", "b:wang")
        # A neighbour asks for help on behalf of another: the need is sealed as well, and met by an activity nearby.
        self.activity("a:clinic", day="2018-03-10", category="disability", region=OTHER_COMMUNITY)
        self.file("n:wheelchair", "urgent", category="disability", region=OTHER_COMMUNITY, text="轮椅坏了,下不了楼", served_group="残疾人")
        (candidate,) = self.ask("need.candidates", need="n:wheelchair")["items"]
        self.control("need", "match", "n:wheelchair", candidate["activity"])
        self.city.on("2018-03-11")
        self.control("need", "close", "n:wheelchair", "met")
        # One was visited once and no more, the other never: the daemon says so at midnight.
        self.midnight("2018-03-16")
        self.assertEqual(self.missed(), [("b:wang", "2018-03-13"), ("b:zhao", "2018-03-15")])
        listed = self.control("list", "beneficiary", "overdue=是", language="zh_CN.UTF-8").stdout
        self.assertTrue("b:wang" in listed and "b:zhao" in listed and "b:li" not in listed, listed)
        # And when somebody has died, no more visits are due.
        self.stored("beneficiary.left", beneficiary="b:zhao", reason="died")
        self.assertEqual(self.ids("beneficiary.list", "beneficiary", overdue=True), ["b:wang"])
        everything = json.dumps(self.ask("journal.read", after=0, limit=1000), ensure_ascii=False) + self.city.daemon.log_text()
        for secret in (NAME, NUMBER, "轮椅坏了"):
            self.assertNotIn(secret, everything)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
