"""做到基层、做进社区、做进家庭: which communities service has come to, and which it has not."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, OTHER_COMMUNITY, SECOND_COMMUNITY

EVIDENCE = {"digest": "sha256:00", "note": "验收单"}


class IntoCommunitiesTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1")

    def open_station(self, region):
        station = f"station:{region}"
        self.stored("station.planned", station=station, region=region, name="志愿服务站", due="2018-10-31")
        for part in ("staff", "funds", "venue", "team"):
            self.stored("station.progressed", station=station, part=part, done=True, evidence=EVIDENCE, by="clerk:1",
                        on=self.city.day)
        self.stored("station.built", station=station, on=self.city.day, evidence=EVIDENCE)
        self.stored("station.opened", station=station, on=self.city.day)

    def test_a_community_is_reached_by_what_happens_there(self):
        self.open_station(COMMUNITY)
        self.open_station(SECOND_COMMUNITY)
        self.stored("team.formed", team="team:1", name="邻里队", category="neighbourhood", region=COMMUNITY, legal_status="filed")
        self.hold_activity("act:1", "2018-03-03", COMMUNITY)
        self.serve_on("rec:1", "v:1", "2018-03-03", "org:1", activity="act:1", quantities={"households": 3})
        document = self.report("reach")
        rows, total = self.table(document, "社区覆盖")
        self.assertEqual((total["communities"], total["stations"], total["teams"], total["records"], total["rate"]),
                         (3, 2, 1, 1, [1, 3]))
        blank, _ = self.table(document, "尚未覆盖的社区")
        self.assertEqual([(row["region"], row["station"], row["team"]) for row in blank],
                         [(SECOND_COMMUNITY, "有", "无"), (OTHER_COMMUNITY, "无", "无")])
        self.assertEqual(total["households"], 3)
        self.assertIn("近3个月有活动或服务的1个，占33.33%；入户3户次", document["text"][0])
        self.assertIn("光明巷社区居委会", self.clerk("report", "reach", "--region", COUNTY))

    def test_the_doors_that_were_knocked_at_are_counted_once_the_record_stands(self):
        self.serve_on("rec:1", "v:1", "2018-03-03", "org:1", quantities={"households": 4, "trees": 9})
        self.serve_on("rec:2", "v:1", "2018-03-04", "org:1", quantities={"households": 100000})
        self.assertEqual(self.table(self.report("reach"), "社区覆盖")[1]["households"], 4 + 255)
        self.stored("service.revoked", record="rec:2", reason="误记", by="clerk:2")
        self.assertEqual(self.ask("region.get", region=COUNTY)["counters"]["households"], 4)
        self.stored("service.corrected", record="rec:1", minutes=60, reason="早退", by="clerk:2")
        self.assertEqual(self.ask("region.get", region=COUNTY)["counters"]["households"], 4)
        self.assert_replay_agrees()

    def test_what_was_months_ago_reaches_nobody_now(self):
        self.hold_activity("act:1", "2018-03-03", COMMUNITY)
        self.city.on("2018-07-01").define_organisation("org:x", "七月")
        self.assertEqual(self.table(self.report("reach"), "社区覆盖")[1]["reached"], 0)
        self.assertEqual(self.table(self.report("reach", months=5), "社区覆盖")[1]["reached"], 1)
        self.assertEqual(self.table(self.report("reach", as_of="2018-03-31"), "社区覆盖")[1]["reached"], 1)


if __name__ == "__main__":
    unittest.main()
