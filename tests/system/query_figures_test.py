"""figure.get and figure.list; regions by the codes they had before."""
import unittest

from small_city import (CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, TOWNSHIP, QueryTest)

RECODED = "620502001099"


class FigureTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)
        cls.city.define_basics()
        cls.report("built_up_residents", "region", CITY, 610000, "2018-01-01")
        cls.report("built_up_residents", "region", COUNTY, 360000, "2018-01-01")
        cls.report("built_up_residents", "region", COUNTY, 365000, "2018-06-30")
        cls.report("staff", "organisation", "org:1", 20, "2018-05-01")
        cls.report("staff", "organisation", "org:2", 31, "2018-05-01")

    @classmethod
    def report(cls, figure, kind, subject, value, as_of):
        return cls.city.send("figure.reported", {
            "figure": figure, "subject": {"kind": kind, "id": subject}, "value": value, "as_of": as_of,
            "origin": "统计局"})

    def test_list_shows_the_newest_of_each(self):
        items = self.ask("figure.list")["items"]
        self.assertEqual([(item["figure"], item["subject"]["id"], item["value"]) for item in items],
                         [("built_up_residents", CITY, 610000), ("built_up_residents", COUNTY, 365000),
                          ("staff", "org:1", 20), ("staff", "org:2", 31)])
        item = items[1]
        self.assertEqual(item["subject"], {"kind": "region", "id": COUNTY, "name": "秦州区"})
        self.assertEqual((item["as_of"], item["origin"]), ("2018-06-30", "统计局"))
        self.assertEqual(item["recorded_on"], self.city.today.date().isoformat())
        self.assertGreater(item["sequence"], 0)

    def found(self, **params):
        return [(item["figure"], item["subject"]["id"]) for item in self.ask("figure.list", **params)["items"]]

    def test_list_filters(self):
        self.assertEqual(self.found(figure="staff"), [("staff", "org:1"), ("staff", "org:2")])
        self.assertEqual(self.found(subject_kind="region"),
                         [("built_up_residents", CITY), ("built_up_residents", COUNTY)])
        self.assertEqual(self.found(subject_kind="organisation", subject="org:1"), [("staff", "org:1")])
        self.assertEqual(self.found(subject="org:2"), [("staff", "org:2")])
        self.assertEqual(self.found(region=COUNTY), [("built_up_residents", COUNTY), ("staff", "org:1")])
        self.assertEqual(self.found(region=OTHER_COUNTY), [("staff", "org:2")])
        self.assertEqual(self.found(subject=TOWNSHIP), [])

    def test_list_pages(self):
        seen, cursor = [], None
        while True:
            page = self.ask("figure.list", limit=1, **({"cursor": cursor} if cursor else {}))
            seen += [item["subject"]["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(seen, [CITY, COUNTY, "org:1", "org:2"])

    def test_get_has_every_report(self):
        figure = self.ask("figure.get", figure=f"built_up_residents/region/{COUNTY}")
        self.assertEqual((figure["value"], figure["as_of"]), (365000, "2018-06-30"))
        self.assertEqual([(report["as_of"], report["value"]) for report in figure["reports"]],
                         [("2018-01-01", 360000), ("2018-06-30", 365000)])
        self.assertLess(figure["reports"][1]["sequence"], figure["sequence"])

    def test_a_regions_and_a_units_own_figures(self):
        figures = self.ask("region.get", region=COUNTY)["figures"]
        self.assertEqual(list(figures), ["built_up_residents"])
        self.assertEqual(figures["built_up_residents"]["value"], 365000)
        self.assertEqual(self.ask("organisation.get", organisation="org:1")["figures"]["staff"]["value"], 20)

    def test_refusals(self):
        error = self.refuse("out_of_range", "figure", "figure.get", figure="staff")
        self.assertIn("/region/", error.message)
        self.refuse("out_of_range", "figure", "figure.get", figure="height/region/" + CITY)
        self.refuse("out_of_range", "figure", "figure.get", figure="staff/volunteer/v:1")
        self.refuse("unknown_region", "figure", "figure.get", figure="residents/region/nowhere")
        self.refuse("unknown_figure", "figure", "figure.get", figure="residents/region/" + CITY)
        self.refuse("out_of_range", "subject_kind", "figure.list", subject_kind="volunteer")
        self.refuse("unknown_subject", "subject", "figure.list", subject="nobody")
        self.refuse("unknown_organisation", "subject", "figure.list", subject="nobody", subject_kind="organisation")
        self.refuse("unknown_region", "region", "figure.list", region="nowhere")
        for cursor in ("", "x", "0", "0g", "ab" * 200):
            self.refuse("out_of_range", "cursor", "figure.list", cursor=cursor)


class RecodeTest(QueryTest):
    """Wherever a region's code is shown it is the one the region has now."""

    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        city.register("v:1")
        city.serve("r:1", "v:1", 3, activity="act:1")
        city.send("figure.reported", {"figure": "residents", "subject": {"kind": "region", "id": COMMUNITY},
                                      "value": 3000, "as_of": "2018-01-01", "origin": "社区"})
        city.send("region.recoded", {"region": COMMUNITY, "into": RECODED})

    def test_every_noun_shows_the_new_code(self):
        self.assertEqual(self.ask("region.get", region=COMMUNITY)["region"], RECODED)
        for noun, name in (("organisation", "org:1"), ("activity", "act:1"), ("volunteer", "v:1"), ("record", "r:1")):
            with self.subTest(noun):
                self.assertEqual(self.ask(f"{noun}.get", **{noun: name})["region"], RECODED)
        self.assertEqual(self.ask("figure.list")["items"][0]["subject"]["id"], RECODED)

    def test_filters_take_either_code(self):
        for code in (COMMUNITY, RECODED):
            self.assertEqual(self.ids("volunteer.list", "volunteer", region=code), ["v:1"])
            self.assertEqual(self.ids("organisation.list", "organisation", region=code), ["org:1"])
            self.assertEqual(self.ids("activity.list", "activity", region=code), ["act:1"])
            self.assertEqual(len(self.ask("figure.list", subject=code)["items"]), 1)

    def test_get_tells_the_codes_it_had(self):
        region = self.ask("region.get", region=RECODED)
        self.assertEqual(region["former_codes"],
                         [{"code": COMMUNITY, "until": self.city.today.date().isoformat()}])
        self.assertEqual(self.ask("region.get", region=OTHER_COMMUNITY)["former_codes"], [])
        self.assertIn(RECODED, self.ids("region.list", "region", parent=TOWNSHIP))


if __name__ == "__main__":
    unittest.main()
