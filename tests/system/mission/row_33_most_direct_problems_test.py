"""最关心、最直接、最现实的问题: what people ask for is written down with how urgent it is; the most urgent and the oldest come first,
and how long things have been waiting can be read."""
import unittest

import mission  # noqa: F401
from harness import COMMUNITY, COUNTY
from need_test import NeedTest
from small_city import OTHER_COMMUNITY


class MostDirectProblems(NeedTest):
    def test_the_most_urgent_is_seen_first_and_nothing_is_forgotten(self):
        self.city.on("2018-03-01")
        self.file("n:lamp", "normal", category="neighbourhood", text="楼道灯不亮")
        self.file("n:oxygen", "urgent", category="elderly", text="独居老人要换氧气瓶")
        self.city.on("2018-04-20")
        self.file("n:ramp", "high", category="disability", text="单元门口没有坡道")
        self.file("n:meal", "urgent", category="elderly", text="术后没人送饭", region=OTHER_COMMUNITY)
        # The clerk's list: urgent first, of those the older first; and what has waited a month.
        self.assertEqual(self.ids("need.list", "need"), ["n:oxygen", "n:meal", "n:ramp", "n:lamp"])
        listed = self.control("list", "need", "open_days=30", language="zh_CN.UTF-8").stdout
        self.assertTrue("n:lamp" in listed and "n:oxygen" in listed and "n:ramp" not in listed, listed)
        self.assertEqual(self.ids("need.list", "need", region=COUNTY, priority="urgent"), ["n:oxygen"])
        # By the end of the month, what was asked for, met and since when the rest has been waiting.
        self.activity("a:meals", day="2018-04-22", category="elderly", region=COMMUNITY)
        self.control("need", "match", "n:oxygen", "a:meals")
        self.city.on("2018-04-30")
        self.control("need", "close", "n:oxygen", "met")
        rows, total = self.report()
        self.assertEqual([total[name] for name in ("filed", "open", "met", "open_this_month", "open_last_month")], [4, 3, 1, 2, 1])
        self.assertEqual(rows[COUNTY]["median_filed"], "2018-04")
        by_category, _ = self.report(by="category")
        self.assertEqual((by_category["elderly"]["filed"], by_category["elderly"]["met_rate"]), (2, [1, 1]))
        self.assertIn("群众需求办理情况", self.control("report", "needs", "--format", "html").stdout)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
