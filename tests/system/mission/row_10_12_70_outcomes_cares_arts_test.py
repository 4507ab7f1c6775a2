"""消除贫困、促进就业……;关爱他人、关爱社会、关爱自然;文艺创作和公益演出: what service was for, and what kind it was."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY

OUTCOMES = ["消除贫困", "促进就业", "改善教育状况", "提供医疗服务", "实施法律援助"]
CARES = {"他人": "关爱他人", "社会": "关爱社会", "自然": "关爱自然"}


class OutcomesTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1")

    def serve(self, number, **more):
        day = f"2018-03-{10 + number}"
        self.hold_activity(f"a:{number}", day, COMMUNITY, 1, **more)
        self.city.on(day)
        self.stored("service.recorded", record=f"r:{number}", volunteer="v:1", organisation="org:1", activity=f"a:{number}",
                    starts=f"{day}T09:00:00+08:00", ends=f"{day}T10:00:00+08:00", method="code", recorder="clerk:1")

    def minutes(self, title, by):
        rows, total = self.table(self.report("matrix", by=by), title)
        return {row["code"]: row["minutes"] for row in rows}, total

    def test_the_five_outcomes_are_known_and_each_has_its_hours(self):
        self.assertEqual([item["code"] for item in self.ask("dictionary.list", dictionary="outcome")["items"]], OUTCOMES)
        for number, outcome in enumerate(OUTCOMES):
            self.serve(number, outcomes=[outcome])
        rows, total = self.minutes("服务成效", "outcome")
        self.assertEqual([rows[outcome] for outcome in OUTCOMES], [60] * 5)
        self.assertEqual(total["minutes"], 300)
        self.assertEqual(self.ids("activity.list", "activity", outcomes="促进就业"), ["a:1"])
        self.assertIn("实施法律援助", self.clerk("report", "matrix", "--by", "outcome"))

    def test_the_three_cares_have_their_hours_and_what_says_nothing_is_shown_as_such(self):
        for number, care in enumerate(CARES):
            self.serve(number, care=care)
        self.serve(9)
        rows, total = self.minutes("三关爱", "care")
        self.assertEqual(rows, {"他人": 60, "社会": 60, "自然": 60, None: 60})
        self.assertEqual(total["minutes"], 240)
        printed = self.clerk("report", "matrix", "--by", "care")
        for label in CARES.values():
            self.assertIn(label, printed)
        self.assertEqual(self.ids("activity.list", "activity", care="自然"), ["a:2"])

    def test_performances_and_creations_are_kinds_of_their_own(self):
        self.serve(0, kind="performance", title="送文艺下乡")
        self.serve(1, kind="creation", title="志愿者之歌")
        self.serve(2)
        rows, _ = self.minutes("活动性质", "kind")
        self.assertEqual((rows["performance"], rows["creation"], rows["service"], rows["meeting"]), (60, 60, 60, 0))
        self.assertIn("演出", self.clerk("report", "matrix", "--by", "kind"))
        self.assertIn("a:0", self.clerk("list", "activity", "kind=演出"))

    def test_who_is_served_is_counted_by_group(self):
        self.serve(0, served_groups=["空巢老人", "残疾人"])
        rows, _ = self.minutes("服务对象", "served_group")
        self.assertEqual((rows["空巢老人"], rows["残疾人"], rows["孤寡老人"]), (60, 60, 0))
        self.assertEqual(self.ids("activity.list", "activity", served_groups="残疾人"), ["a:0"])


if __name__ == "__main__":
    unittest.main()
