"""窗口行业志愿服务…延伸服务和便民服务: the units with a counter, and what they do beyond it."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, OTHER_COMMUNITY


class WindowServicesTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:hall", "政务服务大厅", kind="public_institution", line="人社", window_service=True)
        self.city.define_organisation("org:bank", "农商银行营业部", kind="enterprise", window_service=True, region=OTHER_COMMUNITY)
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1", employer="org:hall")

    def test_each_window_unit_shows_its_volunteers_activities_and_hours(self):
        self.hold_activity("act:window", "2018-03-10", COMMUNITY, organisation="org:hall", category="window")
        self.hold_activity("act:river", "2018-03-11", COMMUNITY, organisation="org:hall", category="ecology")
        self.stored("team.formed", team="team:1", name="便民服务队", category="window", organisation="org:hall",
                    legal_status="filed")
        self.serve_on("rec:1", "v:1", "2018-03-10", "org:hall", activity="act:window")
        self.serve_on("rec:2", "v:1", "2018-03-11", "org:1")
        units, total = self.table(self.report("units", window=True), "窗口单位")
        self.assertEqual([unit["name"] for unit in units], ["政务服务大厅", "农商银行营业部"])
        hall = units[0]
        self.assertEqual((hall["volunteers"], hall["teams"], hall["activities"], hall["window_activities"], hall["minutes"]),
                         (1, 1, 2, 1, 120))
        self.assertEqual((units[1]["activities"], total["minutes"]), (0, 120))
        self.assertIn("政务服务大厅", self.clerk("report", "units", "--window"))
        self.assertEqual(self.ids("organisation.list", "organisation", window_service=True), ["org:bank", "org:hall"][::-1])

    def test_a_cancelled_activity_is_none(self):
        self.hold_activity("act:window", "2018-03-10", COMMUNITY, organisation="org:bank", category="window")
        self.stored("activity.cancelled", activity="act:window", reason="停电")
        units, _ = self.table(self.report("units", window=True), "窗口单位")
        self.assertEqual([unit["window_activities"] for unit in units], [0, 0])

    def test_a_unit_that_gave_up_its_counter_is_no_window_any_more(self):
        self.city.on("2018-04-01")
        self.stored("organisation.updated", organisation="org:bank", changes={"window_service": None})
        units, _ = self.table(self.report("units", window=True), "窗口单位")
        self.assertEqual([unit["organisation"] for unit in units], ["org:hall"])
        past, _ = self.table(self.report("units", window=True, as_of="2018-03-31"), "窗口单位")
        self.assertEqual([unit["organisation"] for unit in past], ["org:hall", "org:bank"])


if __name__ == "__main__":
    unittest.main()
