"""志愿服务项目“安家落户”,项目化运作聚合社会资源,打造志愿服务品牌: a project has a home, supporters and a course of life; a brand goes
on month after month."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, OTHER_COMMUNITY, OTHER_COUNTY


class ProjectsTest(PaperScenario):
    day = "2018-01-05"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.define_organisation("org:2", "麦积区税务局", region=OTHER_COMMUNITY)
        for project in ("p:1", "p:2", "p:brand", "p:pausing", "p:other"):
            self.city.register(f"v:{project}")
        self.stored("station.planned", station="s:1", region=COMMUNITY, name="进步巷服务站", due="2018-12-31")

    def project(self, name, organisation="org:1", **more):
        self.stored("project.defined", project=name, title=f"项目{name}", category="elderly", organisation=organisation, **more)

    def act(self, project, month, serial="", hours=2):
        day = f"2018-{month:02}-10"
        name = f"{project}/{month}{serial}"
        self.city.on(f"2018-{month:02}-08")
        self.hold_activity(name, day, COMMUNITY, hours, project=project)
        self.city.on(day)
        self.stored("service.recorded", record=f"r:{name}", volunteer=f"v:{project}", organisation="org:1", activity=name,
                    starts=f"{day}T09:00:00+08:00", ends=f"{day}T{9 + hours:02}:00:00+08:00", method="code", recorder="clerk:1")

    def rows(self, title="项目", **params):
        rows, total = self.table(self.report("projects", **params), title)
        return {row["project"]: row for row in rows}, total

    def test_a_project_lives_at_its_station_with_its_supporters_and_is_defined_active_closed(self):
        self.project("p:1", station="s:1", sponsors=["天水供电公司", "红十字会"])
        shown = self.ask("project.get", project="p:1")
        self.assertEqual((shown["station"], shown["sponsors"], shown["stage"]), ("s:1", ["天水供电公司", "红十字会"], "defined"))
        self.act("p:1", 1)
        self.act("p:1", 2, hours=3)
        shown = self.ask("project.get", project="p:1")
        self.assertEqual((shown["stage"], shown["activities"], shown["records"], shown["minutes"]), ("active", 2, 2, 300))
        self.assertEqual(shown["active_months"][:3], [True, True, False])
        self.assertEqual(self.ids("project.list", "project", station="s:1"), ["p:1"])
        self.assertEqual(self.ids("project.list", "project", sponsors="红十字会"), ["p:1"])
        self.stored("project.closed", project="p:1", reason="完成")
        self.assertEqual(self.ask("project.get", project="p:1")["stage"], "closed")
        self.assertIn("closed", self.refused("wrong_state", "data.project", "activity.published", activity="late", title="t", content="c",
                                             category="elderly", kind="service", organisation="org:1", region=COMMUNITY, place={"text": "p"},
                                             starts="2018-03-10T09:00:00+08:00", ends="2018-03-10T11:00:00+08:00", places=2, risk="r",
                                             project="p:1"))

    def test_a_brand_has_activities_every_month_and_one_that_pauses_is_seen(self):
        self.project("p:brand", brand=True)
        self.project("p:pausing", brand=True)
        self.project("p:other")
        for month in (1, 2, 3):
            self.act("p:brand", month)
            if month != 2:
                self.act("p:pausing", month)
            if month == 1:
                self.act("p:other", month)
        rows, total = self.rows()
        self.assertEqual((rows["p:brand"]["goes_on"], rows["p:brand"]["months"]), ("met", 3))
        self.assertEqual((rows["p:pausing"]["goes_on"], rows["p:pausing"]["months"]), ("not_met", 2))
        self.assertIsNone(rows["p:other"]["goes_on"])
        self.assertEqual((total["activities"], total["minutes"]), (6, 720))
        self.assertEqual(self.rows(months=1)[0]["p:pausing"]["goes_on"], "met")
        self.assertEqual(set(self.rows("品牌项目", brands=True)[0]), {"p:brand", "p:pausing"})
        printed = self.clerk("report", "projects", "--brands")
        self.assertIn("项目p:brand", printed)
        self.assertNotIn("项目p:other", printed)
        self.assertEqual(self.ids("project.list", "project", brand=True), ["p:brand", "p:pausing"])

    def test_what_was_cancelled_keeps_no_brand_going_and_other_regions_do_not_show(self):
        self.project("p:1", brand=True)
        self.project("p:2", organisation="org:2")
        self.act("p:1", 1)
        self.city.on("2018-02-01")
        self.hold_activity("void", "2018-02-10", COMMUNITY, project="p:1")
        self.stored("activity.cancelled", activity="void")
        rows, _ = self.rows(months=2)
        self.assertEqual((rows["p:1"]["activities"], rows["p:1"]["goes_on"]), (1, "not_met"))
        self.assertEqual(set(self.rows(region=OTHER_COUNTY)[0]), {"p:2"})


if __name__ == "__main__":
    unittest.main()
