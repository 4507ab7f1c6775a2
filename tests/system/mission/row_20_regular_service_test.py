"""规范化、常态化开展: whether there is service month after month, or in March alone."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY


class RegularServiceTest(PaperScenario):
    day = "2018-01-05"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.define_organisation("org:2", "麦积区税务局", region=OTHER_COMMUNITY)
        self.city.register("v:1")
        self.city.register("v:2", OTHER_COMMUNITY)

    def serve_months(self, organisation, volunteer, region, months):
        for month in months:
            name = f"{organisation}/{month}"
            self.city.on(f"2018-{month:02}-08")
            self.hold_activity(f"act:{name}", f"2018-{month:02}-10", region, organisation=organisation)
            self.serve_on(f"rec:{name}", volunteer, f"2018-{month:02}-10", organisation, activity=f"act:{name}")

    def test_who_serves_every_month_and_who_only_in_march(self):
        for month in range(1, 7):
            self.serve_months("org:1", "v:1", COMMUNITY, [month])
            if month == 3:
                self.serve_months("org:2", "v:2", OTHER_COMMUNITY, [month])
        document = self.report("regularity", months=6)
        rows = {row["region"]: row for row in self.table(document, "分区划")[0]}
        self.assertEqual((rows[COUNTY]["active_months"], rows[COUNTY]["pause"], rows[COUNTY]["state"]), (6, 0, "met"))
        self.assertEqual((rows[OTHER_COUNTY]["active_months"], rows[OTHER_COUNTY]["pause"], rows[OTHER_COUNTY]["state"]),
                         (1, 3, "not_met"))
        self.assertEqual(rows[OTHER_COUNTY]["rate"], [1, 6])
        months, _ = self.table(document, "逐月")
        self.assertEqual([(month["month"], month["activities"], month["records"]) for month in months],
                         [("2018-01", 1, 1), ("2018-02", 1, 1), ("2018-03", 2, 2), ("2018-04", 1, 1), ("2018-05", 1, 1),
                          ("2018-06", 1, 1)])
        units, _ = self.table(self.report("regularity", by="unit", months=6), "分单位")
        self.assertEqual([(unit["organisation"], unit["active_months"]) for unit in units], [("org:1", 6), ("org:2", 1)])
        self.assertIn("月月有服务", self.clerk("report", "regularity", "--months", "6"))

    def test_a_team_and_a_volunteer_have_their_months_too(self):
        self.stored("team.formed", team="team:1", name="邻里队", category="elderly", region=COMMUNITY, legal_status="filed")
        self.stored("team.formed", team="team:2", name="歇着的队", category="elderly", region=COMMUNITY, legal_status="filed")
        for month in (1, 3):
            self.city.on(f"2018-{month:02}-08")
            self.hold_activity(f"act:{month}", f"2018-{month:02}-10", COMMUNITY, team="team:1")
            self.serve_on(f"rec:{month}", "v:1", f"2018-{month:02}-10", "org:1", activity=f"act:{month}")
        self.hold_activity("act:off", "2018-03-20", COMMUNITY, team="team:2")
        self.stored("activity.cancelled", activity="act:off", reason="雨")
        teams, total = self.table(self.report("regularity", by="team", months=3), "分队伍")
        self.assertEqual([(team["name"], team["activities"], team["active_months"], team["minutes"], team["pause"])
                          for team in teams], [("邻里队", 2, 2, 240, 1), ("歇着的队", 0, 0, 0, 3)])
        self.assertEqual(total["activities"], 2)
        self.assertEqual(self.table(self.report("regularity", by="team", region=OTHER_COUNTY), "分队伍")[0], [])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["active_months"], 2)
        self.assertIn("歇着的队", self.clerk("report", "regularity", "--by", "team"))

    def test_a_year_ends_with_the_month_asked_about(self):
        self.serve_months("org:1", "v:1", COMMUNITY, [1, 2])
        _, total = self.table(self.report("regularity"), "分区划")
        self.assertEqual((total["activities"], total["active_months"], total["rate"]), (2, 2, [2, 12]))
        _, past = self.table(self.report("regularity", as_of="2018-01-31"), "分区划")
        self.assertEqual((past["activities"], past["active_months"]), (1, 1))
        self.refuse("out_of_range", "months", "report.regularity", months=61)


if __name__ == "__main__":
    unittest.main()
