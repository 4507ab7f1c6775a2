"""扶贫帮困、敬老助残……社区建设、扶贫开发……十三类志愿服务: each activity says what it is, and the city sees what was done of each."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY

# The speech's two lists; 环境保护 stands in both.
FIRST = ["扶贫帮困", "敬老助残", "城市管理", "医疗卫生", "便民服务", "环境保护"]
SECOND = ["社区建设", "扶贫开发", "环境保护", "法律咨询", "抢险救灾", "应急救助", "大型赛会"]
THIRTEEN = ["neighbourhood", "elderly", "disability", "ecology", "courtesy", "lei_feng", "party", "traffic", "online", "conduct", "tourism",
            "dining", "rural"]


class ClassifiedServiceTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1")

    def serve(self, activity, hours=2, region=COMMUNITY, day="2018-03-10", **more):
        """One volunteer, so many hours, in an activity that is classified so."""
        self.hold_activity(activity, day, region, hours, **more)
        self.city.on(day)
        self.stored("service.recorded", record=f"r:{activity}", volunteer="v:1", organisation="org:1", activity=activity,
                    starts=f"{day}T09:00:00+08:00", ends=f"{day}T{9 + hours:02}:00:00+08:00", method="code", recorder="clerk:1")

    def rows(self, title, **params):
        rows, total = self.table(self.report("matrix", **params), title)
        return {row["code"]: (row["activities"], row["records"], row["minutes"]) for row in rows}, total

    def test_both_lists_of_domains_are_known_and_counted(self):
        known = {item["code"] for item in self.ask("dictionary.list", dictionary="domain")["items"]}
        self.assertEqual(known, set(FIRST) | set(SECOND))
        self.serve("a:1", 2, domains=["环境保护", "社区建设"])
        self.serve("a:2", 3, day="2018-03-11", domains=["敬老助残"])
        rows, total = self.rows("服务领域", by="domain")
        self.assertEqual((rows["环境保护"], rows["社区建设"], rows["敬老助残"], rows["大型赛会"]),
                         ((1, 1, 120), (1, 1, 120), (1, 1, 180), (0, 0, 0)))
        self.assertEqual((total["activities"], total["minutes"]), (2, 300), "an activity of two domains is one activity")
        self.assertEqual(self.ids("activity.list", "activity", domains="社区建设"), ["a:1"])
        self.assertIn("敬老助残", self.clerk("report", "matrix", "--by", "domain"))
        self.assertIn("a:1", self.clerk("list", "activity", "domains=社区建设"))
        self.assert_replay_agrees()

    def test_what_is_in_no_list_is_refused_and_the_nearest_is_named(self):
        self.assertIn("环境保护", self.refused("not_in_dictionary", "data.domains", "activity.published", activity="a:1", title="t", content="c",
                                             category="ecology", kind="service", organisation="org:1", region=COMMUNITY, place={"text": "p"},
                                             starts="2018-03-10T09:00:00+08:00", ends="2018-03-10T11:00:00+08:00", places=2, risk="r",
                                             domains=["环境保户"]))

    def test_each_of_the_thirteen_kinds_has_its_row_by_region(self):
        for number, category in enumerate(THIRTEEN):
            self.serve(f"a:{category}", 1, COMMUNITY if number % 2 else OTHER_COMMUNITY, f"2018-03-{10 + number}", category=category)
        rows, total = self.rows("服务类别")
        self.assertEqual([rows[category] for category in THIRTEEN], [(1, 1, 60)] * 13)
        self.assertEqual(total["records"], 13)
        regions, _ = self.table(self.report("matrix"), "各地服务时长")
        shown = {row["region"]: row for row in regions}
        self.assertEqual((shown[COUNTY]["elderly"], shown[OTHER_COUNTY]["elderly"]), (60, 0))
        self.assertEqual((shown[COUNTY]["neighbourhood"], shown[OTHER_COUNTY]["neighbourhood"]), (0, 60))
        rows, total = self.rows("服务类别", region=OTHER_COUNTY)
        self.assertEqual((rows["neighbourhood"][0], rows["elderly"][0], total["activities"]), (1, 0, 7))

    def test_a_correction_and_a_revocation_are_followed_and_a_cancelled_activity_does_not_count(self):
        self.serve("a:1", 3, domains=["环境保护"])
        self.stored("service.corrected", record="r:a:1", minutes=90, reason="早退", by="clerk:2")
        self.assertEqual(self.rows("服务领域", by="domain")[0]["环境保护"], (1, 1, 90))
        self.stored("service.revoked", record="r:a:1", reason="误录", by="clerk:2")
        self.assertEqual(self.rows("服务领域", by="domain")[0]["环境保护"], (1, 0, 0))
        self.hold_activity("a:2", "2018-03-20", COMMUNITY, domains=["环境保护"])
        self.stored("activity.cancelled", activity="a:2")
        self.assertEqual(self.rows("服务领域", by="domain")[0]["环境保护"], (1, 0, 0))
        self.assert_replay_agrees()

    def test_an_activity_that_is_classified_anew_counts_where_it_is_now(self):
        self.serve("a:1", 2, domains=["环境保护"])
        self.stored("activity.changed", activity="a:1", changes={"domains": ["城市管理"], "category": "conduct"})
        rows, _ = self.rows("服务领域", by="domain")
        self.assertEqual((rows["环境保护"], rows["城市管理"]), ((0, 0, 0), (1, 1, 120)))

    def test_months_are_those_of_the_start(self):
        self.serve("a:1", 2, day="2018-03-10")
        self.serve("a:2", 2, day="2018-04-10")
        self.assertEqual(self.rows("服务类别", months=1)[1]["activities"], 1)
        self.assertEqual(self.rows("服务类别", months=2)[1]["activities"], 2)
        self.assertEqual(self.rows("服务类别", months=1, as_of="2018-03-31")[1]["activities"], 1)
        self.refuse("out_of_range", "by", "report.matrix", by="colour")
        self.refuse("out_of_range", "months", "report.matrix", months=601)


if __name__ == "__main__":
    unittest.main()
