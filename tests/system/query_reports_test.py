"""report.ranking, report.forecast, report.stars and station.progress, today and on past days."""
import unittest

from small_city import (CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY, TOWNSHIP, QueryTest)

EVIDENCE = {"digest": "sha256:00", "note": "现场照片"}


class ReportTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.define_regions()
        city.define_organisation("org:1", "天水市文明办")
        cls.figure(CITY, 40)
        cls.figure(COUNTY, 20)
        cls.figure(OTHER_COUNTY, 10)
        cls.plan("plan:built", CITY, "stations_built", 3, "2018-12-31")
        cls.plan("plan:opened", COUNTY, "stations_opened", 1, "2018-10-31")
        city.on("2018-06-01")
        city.register("v:1")
        for station, region, due in (("s:1", COMMUNITY, "2018-07-31"), ("s:2", SECOND_COMMUNITY, "2018-08-31"),
                                     ("s:3", OTHER_COMMUNITY, "2018-12-31")):
            city.send("station.planned", {"station": station, "region": region, "name": station, "due": due})
        city.on("2018-08-20")
        for number in (2, 3):
            city.register(f"v:{number}", SECOND_COMMUNITY)
        cls.build("s:1", "2018-08-20")
        city.on("2018-09-10")
        city.register("v:4", OTHER_COMMUNITY)
        city.send("station.opened", {"station": "s:1", "on": "2018-09-09"})
        city.send("station.progressed", {"station": "s:2", "part": "funds", "done": True, "evidence": EVIDENCE,
                                         "by": "clerk:1", "on": "2018-09-10"})
        city.on("2018-09-15")
        cls.figure(COUNTY, 25, "2018-09-15")

    @classmethod
    def figure(cls, region, value, as_of="2018-01-01"):
        cls.city.send("figure.reported", {"figure": "built_up_residents", "subject": {"kind": "region", "id": region},
                                          "value": value, "as_of": as_of, "origin": "统计局"})

    @classmethod
    def plan(cls, plan, region, measure, target, due):
        cls.city.send("plan.set", {"plan": plan, "subject": {"kind": "region", "id": region}, "measure": measure,
                                   "target": target, "due": due})

    @classmethod
    def build(cls, station, on):
        for part in ("staff", "funds", "venue", "team"):
            cls.city.send("station.progressed", {"station": station, "part": part, "done": True,
                                                 "evidence": EVIDENCE, "by": "clerk:1", "on": on})
        cls.city.send("station.built", {"station": station, "on": on, "evidence": EVIDENCE})

    def document(self, method, **params):
        document = self.ask(method, **params)["document"]
        for section in document["sections"]:
            for row in section["rows"] + [section.get("total", section["columns"])]:
                self.assertEqual(len(row), len(section["columns"]))
        return document

    def rows(self, section):
        """Rows as dicts by the names of their columns."""
        names = [column["name"] for column in section["columns"]]
        return [dict(zip(names, row)) for row in section["rows"]], dict(zip(names, section.get("total", [])))


class RankingTest(ReportTest):
    def test_counties_by_rate(self):
        document = self.document("report.ranking")
        self.assertEqual((document["region"], document["as_of"]), ({"region": CITY, "name": "天水市"}, "2018-09-15"))
        rows, total = self.rows(document["sections"][0])
        self.assertEqual([(row["rank"], row["region"], row["registered"], row["residents"], row["rate"], row["state"],
                           row["gap"]) for row in rows],
                         [(1, COUNTY, 3, 25, [3, 25], "not_met", 1),
                          (2, OTHER_COUNTY, 1, 10, [1, 10], "not_met", 1)])
        self.assertEqual((total["rank"], total["name"], total["rate"], total["gap"]), (None, "天水市", [4, 40], 2))
        series = document["series"][0]
        self.assertEqual((series["target"], series["points"][0]), (13, {"label": "秦州区", "value": [3, 25]}))
        self.assertIn("还需注册2人", document["text"][0])

    def test_a_past_day_is_as_it_was_known_then(self):
        rows, total = self.rows(self.document("report.ranking", as_of="2018-09-14")["sections"][0])
        self.assertEqual((rows[0]["rate"], rows[0]["state"], rows[0]["gap"]), ([3, 20], "met", 0))
        rows, total = self.rows(self.document("report.ranking", as_of="2018-09-09")["sections"][0])
        self.assertEqual([(row["region"], row["registered"]) for row in rows], [(COUNTY, 3), (OTHER_COUNTY, 0)])
        rows, total = self.rows(self.document("report.ranking", as_of="2018-08-19")["sections"][0])
        self.assertEqual((total["registered"], rows[0]["gap"]), (1, 2))

    def test_without_a_denominator_there_is_no_rank(self):
        rows, total = self.rows(self.document("report.ranking", by="township")["sections"][0])
        self.assertEqual([(row["rank"], row["rate"], row["state"], row["gap"]) for row in rows],
                         [(None, [3, None], "no_data", None), (None, [1, None], "no_data", None)])
        self.assertIn("尚无数据", self.document("report.ranking", region=TOWNSHIP)["text"][0])

    def test_refusals(self):
        self.refuse("unknown_region", "region", "report.ranking", region="x")
        self.refuse("out_of_range", "by", "report.ranking", by="week")
        self.refuse("out_of_range", "by", "report.ranking", by="county", region=TOWNSHIP)
        self.refuse("in_future", "as_of", "report.ranking", as_of="2018-09-16")
        self.refuse("wrong_type", "as_of", "report.ranking", as_of="yesterday")
        error = self.refuse("unknown_field", "asof", "report.ranking", asof="2018-01-01")
        self.assertIn("did you mean as_of?", error.message)


class BoundaryTest(ReportTest):
    def test_exactly_thirteen_percent_is_not_enough(self):
        self.figure(OTHER_COUNTY, 100, "2018-08-01")
        for number in range(12):
            self.city.register(f"b:{number}", OTHER_COMMUNITY)
        rows, _ = self.rows(self.document("report.ranking")["sections"][0])
        self.assertEqual((rows[0]["region"], rows[0]["rate"], rows[0]["state"], rows[0]["gap"]),
                         (OTHER_COUNTY, [13, 100], "not_met", 1))
        self.city.register("b:12", OTHER_COMMUNITY)
        rows, _ = self.rows(self.document("report.ranking")["sections"][0])
        self.assertEqual((rows[0]["rate"], rows[0]["state"], rows[0]["gap"]), ([14, 100], "met", 0))


class ForecastTest(ReportTest):
    def test_registration_at_the_pace_of_thirty_and_ninety_days(self):
        document = self.document("report.forecast")
        rows, total = self.rows(document["sections"][0])
        self.assertEqual((rows[0]["name"], rows[0]["registered"], rows[0]["needed"]), ("秦州区", 3, 1))
        # Three people in the last 30 days in the city (20 August and 10 September), three in 90.
        self.assertEqual((total["per_day_30"], total["per_day_90"], total["needed"]), ("0.1", "0.0", 2))
        self.assertEqual((total["reached_30"], total["reached_90"]), ("2018-10-05", "2018-11-14"))

    def test_a_past_day(self):
        _, total = self.rows(self.document("report.forecast", as_of="2018-08-19")["sections"][0])
        self.assertEqual((total["registered"], total["needed"], total["reached_30"]), (1, 5, None))
        self.assertEqual(total["reached_90"], "2019-11-12")

    def test_stations_against_their_due_day(self):
        built, opened = self.document("report.forecast")["sections"][1:]
        rows, total = self.rows(built)
        self.assertEqual((total["planned"], total["done"], total["target"], total["due"], total["needed"]),
                         (3, 1, 3, "2018-12-31", 2))
        self.assertEqual((total["reached_30"], total["state"]), ("2018-11-14", "on_time"))
        self.assertEqual([(row["name"], row["target"], row["due"], row["state"]) for row in rows],
                         [("秦州区", 2, None, "no_data"), ("麦积区", 1, None, "no_data")])
        rows, _ = self.rows(opened)
        self.assertEqual((rows[0]["target"], rows[0]["done"], rows[0]["state"]), (1, 1, "met"))

    def test_refusals(self):
        self.refuse("in_future", "as_of", "report.forecast", as_of="2019-01-01")
        self.refuse("unknown_region", "region", "report.forecast", region="x")


class StarsTest(ReportTest):
    def test_on_a_past_day(self):
        report = self.ask("report.stars", as_of="2018-08-19")
        self.assertEqual((report["total"]["volunteers"], report["as_of"]), (1, "2018-08-19"))
        self.assertEqual(self.ask("report.stars")["total"]["volunteers"], 4)


class StationProgressTest(ReportTest):
    def test_rows_and_total(self):
        progress = self.ask("station.progress")
        self.assertEqual((progress["region"], progress["as_of"], progress["by"]), (CITY, "2018-09-15", "county"))
        first, second = progress["rows"]
        self.assertEqual((first["region"], first["planned"], first["staff"], first["funds"], first["venue"],
                          first["team"], first["built"], first["opened"], first["overdue"]),
                         (COUNTY, 2, 1, 2, 1, 1, 1, 1, 1))
        self.assertEqual((first["target_built"], first["target_opened"], first["target_opened_due"]),
                         (None, 1, "2018-10-31"))
        self.assertEqual((second["planned"], second["built"], second["overdue"]), (1, 0, 0))
        total = progress["total"]
        self.assertEqual((total["name"], total["planned"], total["built"], total["target_built"]),
                         ("天水市", 3, 1, 3))

    def test_the_late_ones_are_named(self):
        (late,) = self.ask("station.progress")["overdue"]
        self.assertEqual(late, {"station": "s:2", "name": "s:2", "region": SECOND_COMMUNITY, "due": "2018-08-31",
                                "state": "planned", "missing": ["staff", "venue", "team"], "days": 15,
                                "place": "秦州区 大城街道 光明巷社区居委会",
                                "responsible": {"kind": "region", "id": TOWNSHIP, "name": "大城街道", "named": False}})
        self.assertEqual(self.ask("station.progress", region=OTHER_COUNTY)["overdue"], [])

    def test_the_burn_down(self):
        points = {point["date"]: point for point in self.ask("station.progress")["burn_down"]}
        self.assertEqual(points["2018-07-31"], {"date": "2018-07-31", "built": 0, "opened": 0, "due": 1})
        self.assertEqual(points["2018-08-31"], {"date": "2018-08-31", "built": 1, "opened": 0, "due": 2})
        self.assertEqual(points["2018-09-15"], {"date": "2018-09-15", "built": 1, "opened": 1, "due": 2})
        self.assertEqual(points["2018-12-31"], {"date": "2018-12-31", "built": None, "opened": None, "due": 3})
        self.assertEqual(list(points), sorted(points))

    def test_a_past_day(self):
        progress = self.ask("station.progress", as_of="2018-08-19", by="community")
        self.assertEqual(progress["total"]["built"], 0)
        self.assertEqual([late["station"] for late in progress["overdue"]], ["s:1"])
        self.assertEqual([row["region"] for row in progress["rows"]],
                         [COMMUNITY, SECOND_COMMUNITY, OTHER_COMMUNITY])

    def test_refusals(self):
        self.refuse("unknown_region", "region", "station.progress", region="x")
        self.refuse("in_future", "as_of", "station.progress", as_of="2018-10-01")


class ShippedBulletinsTest(ReportTest):
    """The bulletins as shipped say what the reports say."""

    def bulletin(self, kind, **params):
        document = self.document("bulletin.preview", kind=kind, **params)
        self.assertTrue(document["title"])
        return document

    def test_registration_agrees_with_the_ranking(self):
        for day in ("2018-09-15", "2018-09-14", "2018-08-19"):
            ranking, total = self.rows(self.document("report.ranking", as_of=day)["sections"][0])
            overview, details = self.bulletin("registration", as_of=day)["sections"][:2]
            bulletin, sum_ = self.rows(details)
            self.assertEqual([row["rate"] for row in self.rows(overview)[0]], [row["rate"] for row in bulletin])
            for ours, theirs in ((ranking, bulletin), ([total], [sum_])):
                for left, right in zip(ours, theirs):
                    for name in ("rate", "state", "gap"):
                        self.assertEqual(left[name], right[name], (day, name))
            self.assertEqual([row["rank"] for row in ranking], [row["rank"] for row in bulletin])

    def test_a_past_day_stays_as_it_is(self):
        for kind in ("registration", "station", "assessment"):
            with self.subTest(kind):
                before = self.bulletin(kind, as_of="2018-09-10")
                self.assertEqual(before, self.bulletin(kind, as_of="2018-09-10"))
                self.assertNotEqual(before["sections"], self.bulletin(kind, as_of="2018-06-02")["sections"])

    def test_stations_agree_with_their_progress(self):
        progress = self.ask("station.progress")
        text = str(self.bulletin("station"))
        self.assertIn(progress["rows"][0]["name"], text)

    def test_the_assessment_report_has_the_three_indicators(self):
        regions = self.document("report.assessment")["sections"][0]
        names = [column["name"] for column in regions["columns"]]
        for indicator in ("registered", "unit_staff", "party_members"):
            self.assertIn(indicator, names)
        rows, total = self.rows(regions)
        self.assertEqual((total["registered"], total["registered_state"], total["registered_gap"]),
                         ([4, 40], "not_met", 2))

    def test_a_region_of_any_level(self):
        for region in (COUNTY, TOWNSHIP, COMMUNITY):
            for kind in ("registration", "station", "assessment"):
                with self.subTest(kind, region=region):
                    self.assertEqual(self.bulletin(kind, region=region)["region"]["region"], region)


class EmptyTest(QueryTest):
    def test_a_city_without_anything_in_it(self):
        self.city = self.start_city(self.addCleanup)
        self.refuse("unknown_region", "region", "report.ranking")
        self.city.define_regions()
        for method in ("report.ranking", "report.forecast"):
            self.assertTrue(self.ask(method)["document"]["sections"], method)
        progress = self.ask("station.progress")
        self.assertEqual((progress["overdue"], progress["burn_down"], progress["total"]["planned"]), ([], [], 0))


if __name__ == "__main__":
    unittest.main()
