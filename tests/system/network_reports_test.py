"""The reports of the organisation network: what they refuse, that they add up, and on paper. What they tell is in mission/."""
import csv
import io
import json
import os
import subprocess
import unittest

from harness import CONTROL, PATIENCE
from small_city import CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, TOWNSHIP, QueryTest

REPORTS = {"network": {}, "units": {"by": "sponsor"}, "teams": {}, "training": {}, "regularity": {"by": "unit"}, "reach": {}}


class NetworkReportsTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.on("2018-03-01")
        city.define_regions()
        city.define_organisation("org:1", "社区居委会", kind="self_governing")
        city.define_organisation("org:2", "供电公司", kind="enterprise", region=OTHER_COMMUNITY)
        for name, region, employer in (("v:1", COMMUNITY, None), ("v:2", OTHER_COMMUNITY, "org:2")):
            city.register(name, region, **({"employer": employer} if employer else {}))
        for number, (volunteer, organisation) in enumerate((("v:1", "org:1"), ("v:2", "org:2"), ("v:2", "org:1"))):
            city.on(f"2018-03-1{number}")
            city.send("service.recorded", {
                "record": f"rec:{number}", "volunteer": volunteer, "organisation": organisation, "method": "code",
                "recorder": "clerk:1", "starts": f"{city.day}T08:00:00+08:00", "ends": f"{city.day}T10:00:00+08:00"})

    def document(self, name, **params):
        return self.ask(f"report.{name}", **{**REPORTS[name], **params})["document"]

    def test_each_is_a_document_whose_rows_have_all_columns(self):
        for name in REPORTS:
            document = self.document(name)
            self.assertEqual((document["region"]["region"], document["as_of"]), (CITY, "2018-03-12"), name)
            self.assertTrue(document["title"])
            for section in document["sections"]:
                for row in section["rows"] + [section["total"]] if "total" in section else section["rows"]:
                    self.assertEqual(len(row), len(section["columns"]), (name, section["title"]))

    def test_numbers_of_the_parts_add_up_to_the_total(self):
        for name, first in (("units", "sections"), ("teams", "sections"), ("reach", "sections")):
            section = self.document(name)[first][0]
            for place, column in enumerate(section["columns"]):
                if column["kind"] in ("number", "hours"):
                    self.assertEqual(sum(row[place] for row in section["rows"]), section["total"][place], (name, column))

    def test_what_no_report_is_asked_for_is_refused(self):
        for name in REPORTS:
            self.refuse("unknown_region", "region", f"report.{name}", region="x")
            self.refuse("out_of_range", "by", f"report.{name}", by="week")
            if name != "teams":
                self.refuse("in_future", "as_of", f"report.{name}", as_of="2018-03-13")
            if name != "units":
                self.refuse("out_of_range", "by", f"report.{name}", by="county", region=TOWNSHIP)
        self.refuse("out_of_range", "line", "report.units", line="水务")
        self.refuse("out_of_range", "kind", "report.units", kind="club")
        self.refuse("out_of_range", "within", "report.training", within=-1)
        self.refuse("out_of_range", "months", "report.reach", months=0)
        self.refuse("unknown_field", "as_of", "report.teams", as_of="2018-03-01")

    def test_before_anything_happened_there_is_nothing(self):
        rows = self.document("units", as_of="2018-03-09")["sections"][0]["rows"]
        self.assertEqual(sum(row[7] for row in rows), 0)
        self.assertEqual(sum(row[1] for row in rows), 2)
        rows = self.document("units", as_of="2018-02-28")["sections"][0]["rows"]
        self.assertEqual(sum(row[1] for row in rows), 0)

    def print(self, *arguments):
        result = subprocess.run([str(CONTROL), "report", *arguments, "--runtime", str(self.city.daemon.runtime)],
                                capture_output=True, timeout=PATIENCE, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True)
        return result.stdout

    def test_each_prints_as_a_spreadsheet_a_page_a_drawing_and_json(self):
        for name in REPORTS:
            rows = list(csv.reader(io.StringIO(self.print(name, "--format", "csv").decode("utf-8-sig"), newline="")))
            self.assertTrue(rows[0], name)
            self.assertIn("<table", self.print(name, "--format", "html").decode(), name)
            self.assertEqual(json.loads(self.print(name, "--region", COUNTY, "--json"))["document"]["region"]["name"], "秦州区")
        self.assertIn(b"<svg", self.print("units", "--by", "channel", "--format", "svg"))


if __name__ == "__main__":
    unittest.main()
