"""League tables of units by class, the forecast by unit, and the city beside other cities. Against the real daemon, by the
events' clock."""
import json
import unittest

from alert_test import AlertCase
from harness import CITY

# id, kind, title's level, staff on 2018-01-10, volunteers by 2018-01-31, volunteers by 2018-03-01
UNITS = [
    ("u:a", "party_government", "municipal", 10, 5, 5),   # exactly half
    ("u:b", "party_government", None, 10, 2, 6),
    ("u:c", "party_government", "provincial", 3, 2, 2),
    ("u:d", "school", "municipal", None, 1, 1),           # staff not reported
    ("u:e", "school", None, 100, 50, 51),
    ("u:f", "party_government", None, 20, 10, 10),        # as u:a
]


class LeagueTest(AlertCase):
    @classmethod
    def shape(cls, city):
        serials = {}

        def join(unit, until):
            for n in range(serials.get(unit, 0), until):
                city.register(f"{unit}/{n}", employer=unit)
            serials[unit] = until

        city.on("2018-01-10")
        for unit, kind, level, staff, first, _ in UNITS:
            city.define_organisation(unit, f"单位{unit}", kind=kind)
            if staff:
                city.send("figure.reported", {"figure": "staff", "subject": {"kind": "organisation", "id": unit}, "value": staff,
                                              "as_of": "2018-01-10", "origin": "编办", "by": "clerk:7"})
            if level:
                city.send("civilised_title.awarded", {"subject": {"kind": "organisation", "id": unit}, "title": "unit",
                                                      "level": level, "on": "2018-01-10"})
            join(unit, first)
        city.on("2018-02-20")
        for unit, *_, second in UNITS:
            join(unit, second)
        city.on("2018-03-01").define_organisation("org:9", "无关单位")

    def sections(self, report, **params):
        document = self.ask(f"report.{report}", **params)["document"]
        return {section["title"]: [dict(zip((column["name"] for column in section["columns"]), row)) for row in section["rows"]]
                for section in document["sections"]}

    def test_units_are_ranked_within_their_class_and_equal_rates_share_a_rank(self):
        sections = self.sections("ranking", by="unit")
        self.assertEqual(list(sections)[:2], ["省级文明单位", "市级文明单位"], "titles first, the highest level before the others")
        party = [row for row in sections["党政机关"] if row["registered"]]
        self.assertEqual([(row["organisation"], row["rank"], row["state"], row["gap"]) for row in party],
                         [("u:c", 1, "met", 0), ("u:b", 2, "met", 0), ("u:a", 3, "not_met", 1), ("u:f", 3, "not_met", 1)])
        self.assertEqual([(row["organisation"], row["rank"], row["state"]) for row in sections["市级文明单位"]],
                         [("u:a", 1, "not_met"), ("u:d", None, "no_data")])

    def test_it_is_set_beside_a_day_before(self):
        for compare in ("2018-01-31", "2018-01"):
            printed = json.loads(self.control("report", "ranking", "--by", "unit", "--compare", compare, "--as-of", "2018-03-01", "--json"))
            (section,) = [section for section in printed["document"]["sections"] if section["title"] == "党政机关"]
            names = [column["name"] for column in section["columns"]]
            place = {row[names.index("organisation")]: n for n, row in enumerate(section["rows"])}

            def at(rows, unit, *columns):
                return tuple(rows[place[unit]][names.index(column)] for column in columns)

            self.assertEqual(at(section["rows"], "u:b", "rank", "registered", "rate"), (2, 6, [6, 10]))
            self.assertEqual(at(section["previous"]["rows"], "u:b", "rank", "registered", "rate"), (4, 2, [2, 10]))
            self.assertEqual(at(section["rows"], "u:a", "rank") + at(section["previous"]["rows"], "u:a", "rank"), (3, 2))

    def test_classes_are_ranked_as_wholes(self):
        (rows,) = self.sections("ranking", by="class").values()
        classes = {row["class"]: row for row in rows}
        self.assertEqual((classes["学校"]["registered"], classes["学校"]["staff"], classes["学校"]["units"],
                          classes["学校"]["without_staff"], classes["学校"]["state"]), (51, 100, 2, 1, "met"))
        self.assertEqual((classes["市级文明单位"]["registered"], classes["市级文明单位"]["state"]), (5, "not_met"))
        self.assertEqual(rows[0]["class"], "省级文明单位")

    def test_the_forecast_by_unit_says_when_more_than_half_are_registered(self):
        rows = {row["organisation"]: row for row in self.sections("forecast", by="unit", as_of="2018-03-01")["单位职工注册"]}
        self.assertEqual(set(rows), {"u:a", "u:b", "u:c", "u:e", "u:f"}, "those whose staff is known")
        self.assertEqual((rows["u:a"]["needed"], rows["u:a"]["reached_30"]), (1, None))
        self.assertEqual((rows["u:a"]["per_day_90"], rows["u:a"]["reached_90"]), ("0.0", "2018-03-19"))
        self.assertEqual((rows["u:b"]["needed"], rows["u:b"]["state"]), (0, "met"))

    def test_the_city_beside_its_peers_strictly(self):
        self.city.on("2018-03-02")
        registered = self.ask("region.get", region=CITY)["counters"]["volunteers"]
        self.assertEqual(registered, 75)
        self.figure("built_up_residents", {"kind": "region", "id": CITY}, 750, "2018-03-01")
        for peer, value, whole in (("p:same", 1, 10), ("p:ahead", 1001, 10000), ("p:behind", 999, 10000)):
            self.stored("peer.reported", peer=peer, name=f"市{peer}", indicator="registered", value=value, whole=whole,
                        as_of="2018-03-01", origin="省文明办通报")
        document = self.ask("report.benchmark", indicator="registered")["document"]
        (section,) = document["sections"]
        rows = {row[1]: row for row in section["rows"]}
        self.assertEqual((rows["市p:same"][0], rows["市p:same"][5], rows["市p:same"][6]), (2, "持平", 1))
        self.assertEqual((rows["市p:ahead"][0], rows["市p:ahead"][5], rows["市p:ahead"][6]), (1, "落后", 1))
        self.assertEqual((rows["市p:behind"][0], rows["市p:behind"][5], rows["市p:behind"][6]), (4, "领先", 0))
        self.assertEqual((rows["天水市"][0], rows["天水市"][4], rows["天水市"][5]), (2, [75, 750], "本市"))
        self.assertIn("3个兄弟市州中有1个高于本市", document["text"][0])
        self.assertIn("未达标", document["text"][0])
        printed = json.loads(self.control("report", "benchmark", "--indicator", "registered", "--json"))["document"]
        self.assertEqual(printed["sections"], document["sections"])
        self.assertIn("市p:ahead", self.control("report", "benchmark", language="zh_CN.UTF-8"))
        self.assertIn("u:a", self.control("report", "ranking", "--by", "unit", "--compare", "2018-01"))


if __name__ == "__main__":
    unittest.main()
