"""社区、各窗口服务行业是开展志愿服务的主阵地、主力军: how much of the service goes through them."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, OTHER_COUNTY


class MainChannelsTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:committee", "社区居委会", kind="self_governing")
        self.city.define_organisation("org:own", "社区志愿服务站", kind="volunteer_organisation")
        self.city.define_organisation("org:federation", "秦州区志愿者联合会", kind="volunteer_organisation", region=COUNTY)
        self.city.define_organisation("org:hall", "政务大厅", kind="public_institution", window_service=True)
        self.city.register("v:1")
        for number, (organisation, hours) in enumerate((("org:committee", 3), ("org:own", 2), ("org:federation", 1),
                                                        ("org:hall", 4)), 1):
            self.serve_on(f"rec:{number}", "v:1", f"2018-03-0{number}", organisation, hours=hours)

    def test_communities_and_windows_stand_against_the_rest(self):
        document = self.report("units", by="channel")
        rows = self.by_name(document, "阵地")
        self.assertEqual({name: row["share"] for name, row in rows.items()},
                         {"社区": [300, 600], "窗口行业": [240, 600], "其他组织": [60, 600]})
        self.assertEqual((rows["社区"]["organisations"], rows["社区"]["records"]), (2, 2))
        self.assertEqual([point["label"] for point in document["series"][0]["points"]], ["社区", "窗口行业", "其他组织"])
        self.assertIn("50.00%", self.clerk("report", "units", "--by", "channel"))

    def test_a_correction_moves_the_shares(self):
        self.city.on("2018-03-05")
        self.stored("service.revoked", record="rec:4", reason="重复", by="clerk:2")
        rows = self.by_name(self.report("units", by="channel"), "阵地")
        self.assertEqual((rows["社区"]["share"], rows["窗口行业"]["share"]), ([300, 360], [0, 360]))
        past = self.by_name(self.report("units", by="channel", as_of="2018-03-04"), "阵地")
        self.assertEqual(past["窗口行业"]["share"], [240, 600])

    def test_another_county_has_none_of_it(self):
        rows, total = self.table(self.report("units", by="channel", region=OTHER_COUNTY), "阵地")
        self.assertEqual((total["organisations"], total["share"]), (0, [0, 0]))
        self.assertEqual(self.ask("organisation.get", organisation="org:committee")["region"], COMMUNITY)


if __name__ == "__main__":
    unittest.main()
