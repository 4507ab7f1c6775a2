"""各级党政部门、企事业单位、大中专院校、社会团体和行业协会: what each of the five does and supports."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, OTHER_COMMUNITY

UNITS = [("org:bureau", "税务局", "party_government"), ("org:plant", "供电公司", "enterprise"),
         ("org:hospital", "第一人民医院", "public_institution"), ("org:college", "师范学院", "school"),
         ("org:union", "志愿者协会", "social_group"), ("org:trade", "餐饮行业协会", "industry_association")]


class SponsorsTest(PaperScenario):
    def setUp(self):
        super().setUp()
        for organisation, name, kind in UNITS:
            self.city.define_organisation(organisation, name, kind=kind)

    def test_the_five_kinds_stand_side_by_side_with_their_people_and_hours(self):
        self.city.register("v:1", employer="org:plant")
        self.city.register("v:2", employer="org:hospital")
        self.serve_on("rec:1", "v:1", "2018-03-03", "org:plant", hours=3)
        self.serve_on("rec:2", "v:2", "2018-03-03", "org:college", hours=1)
        rows = self.by_name(self.report("units", by="sponsor"), "主办力量")
        self.assertEqual(list(rows), ["党政部门", "企事业单位", "大中专院校", "社会团体", "行业协会", "其他"])
        self.assertEqual([rows[name]["organisations"] for name in rows], [1, 2, 1, 1, 1, 0])
        self.assertEqual((rows["企事业单位"]["volunteers"], rows["企事业单位"]["share"]), (2, [180, 240]))
        self.assertEqual((rows["大中专院校"]["minutes"], rows["行业协会"]["minutes"]), (60, 0))
        self.assertIn("企事业单位", self.clerk("report", "units", "--by", "sponsor"))

    def test_a_projects_supporters_count_for_their_kind(self):
        self.stored("project.defined", project="proj:1", title="四点半课堂", category="neighbourhood", organisation="org:union",
                    sponsors=["org:plant", "org:hospital", "org:trade", "一位热心商户"])
        self.stored("project.defined", project="proj:2", title="暖冬", category="elderly", organisation="org:bureau",
                    sponsors=["org:plant"])
        rows, total = self.table(self.report("units", by="sponsor"), "主办力量")
        self.assertEqual({row["name"]: row["sponsored"] for row in rows if row["sponsored"]},
                         {"企事业单位": 2, "行业协会": 1, "其他": 1})
        self.assertEqual(total["sponsored"], 2)
        self.stored("project.closed", project="proj:2")
        self.assertEqual(self.by_name(self.report("units", by="sponsor"), "主办力量")["企事业单位"]["sponsored"], 1)

    def test_each_department_has_its_own_view_of_one_ledger(self):
        """九部门: a line asks for its own, and sees the same hours that the city sees."""
        self.city.define_organisation("org:school", "实验小学", kind="school", line="教育", region=OTHER_COMMUNITY)
        self.city.define_organisation("org:edu", "教育局", kind="party_government", line="教育")
        self.city.register("v:1")
        self.serve_on("rec:1", "v:1", "2018-03-03", "org:school", hours=2)
        self.serve_on("rec:2", "v:1", "2018-03-04", "org:bureau", hours=1)
        self.assertEqual(self.ids("organisation.list", "organisation", line="教育"), ["org:school", "org:edu"])
        rows = self.by_name(self.report("units", by="line"), "条线")
        self.assertEqual((rows["教育"]["organisations"], rows["教育"]["share"]), (2, [120, 180]))
        self.assertEqual(rows["未归条线"]["minutes"], 60)
        units, total = self.table(self.report("units", by="unit", line="教育"), "单位")
        self.assertEqual(([unit["name"] for unit in units], total["minutes"]), (["实验小学", "教育局"], 120))
        self.assertIn("教育局", self.clerk("report", "units", "--by", "unit", "--line", "教育"))
        self.assertIn("教育局", self.clerk("list", "organisation", "line=教育"))

    def test_a_unit_keeps_its_civilised_title_with_level_and_date(self):
        unit = {"kind": "organisation", "id": "org:bureau"}
        self.stored("civilised_title.awarded", subject=unit, title="unit", level="municipal", on="2018-02-28")
        (title,) = self.ask("civilised_title.list", subject="org:bureau")["items"]
        self.assertEqual((title["level"], title["awarded_on"], title["state"]), ("municipal", "2018-02-28", "held"))
        self.assertEqual(self.ask("region.get", region=COMMUNITY)["counters"]["units_municipal"], 1)


if __name__ == "__main__":
    unittest.main()
