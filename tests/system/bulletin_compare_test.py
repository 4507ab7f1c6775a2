"""Each issue of a bulletin beside the one before, and what that one said of its own day and is known otherwise by now."""

import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import openpyxl

from harness import CITY, COMMUNITY, CONTROL, COUNTY, PATIENCE
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, QueryTest

SERVICE = "志愿服务活动"
RATES = "建成区常住人口注册率"


class IssueTest(QueryTest):
    """May: six records, issue 1. June: one is revoked, one corrected, one comes late, a figure is reported anew, people register; issue 2."""

    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.on("2018-05-02").define_regions()
        city.define_organisation("org:1", "天水市文明办")
        for n in range(1, 5):
            city.register(f"v:{n}", COMMUNITY if n < 4 else OTHER_COMMUNITY)
        cls.figure(CITY, 40, "2018-04-30")
        cls.figure(COUNTY, 30, "2018-04-30")
        city.publish_activity("act:1", COMMUNITY, starts="2018-05-10T09:00:00+08:00", ends="2018-05-10T18:00:00+08:00")
        city.publish_activity("act:2", OTHER_COMMUNITY, starts="2018-05-11T09:00:00+08:00", ends="2018-05-11T18:00:00+08:00")
        city.on("2018-05-20")
        for n in range(1, 4):
            cls.serve_at(f"r:{n}", f"v:{n}", "act:1", "2018-05-10", 2)
        cls.serve_at("r:4", "v:4", "act:2", "2018-05-11", 4)
        city.on("2018-06-01")
        city.register("v:5")
        cls.first = cls.issue(as_of="2018-05-31", period="2018-05")
        city.on("2018-06-05")
        cls.serve_at("r:5", "v:3", "act:1", "2018-05-10", 1, starts=14)
        city.on("2018-06-20")
        city.send("service.revoked", {"record": "r:1", "reason": "虚假", "by": "clerk:2"})
        city.send("service.corrected", {"record": "r:4", "minutes": 60, "reason": "误记", "by": "clerk:2"})
        cls.figure(COUNTY, 25, "2018-05-15")
        city.on("2018-07-01").register("v:6")
        cls.second = cls.issue(as_of="2018-06-30", period="2018-06")

    @classmethod
    def figure(cls, region, value, as_of):
        cls.city.send("figure.reported", {"figure": "built_up_residents", "subject": {"kind": "region", "id": region},
                                          "value": value, "as_of": as_of, "origin": "统计局"})

    @classmethod
    def serve_at(cls, record, volunteer, activity, day, hours, starts=9):
        cls.city.send("service.recorded", {
            "record": record, "volunteer": volunteer, "organisation": "org:1", "activity": activity, "method": "code",
            "recorder": "clerk:1", "starts": f"{day}T{starts:02}:00:00+08:00", "ends": f"{day}T{starts + hours:02}:00:00+08:00"})

    @classmethod
    def issue(cls, **more):
        return cls.city.daemon.query("bulletin.issue", kind="registration", by="clerk:1", **more)

    def control(self, *arguments, expect=0, language="C.UTF-8"):
        result = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True,
                                timeout=PATIENCE, env={**os.environ, "LC_ALL": language}, check=False)
        self.assertEqual(result.returncode, expect, result.stderr)
        return result.stdout if expect == 0 else result.stderr.decode()

    def section(self, document, title):
        (found,) = [section for section in document["sections"] if section["title"] == title]
        return found

    def cell(self, section, rows, row, column):
        """A cell of one of the lists of rows that run beside each other."""
        names = [item["name"] for item in section["columns"]]
        labels = [cells[names.index("county")] for cells in section["rows"]]
        return rows[labels.index(row)][names.index(column)]

    def corrections(self, document, title):
        return [tuple(row[1:]) for row in self.section(document, title)["rows"]]

    def test_the_first_issue_stands_beside_nothing(self):
        self.assertNotIn("compared", self.first["document"])
        self.assertFalse([s for s in self.first["document"]["sections"] if "previous" in s or "更正" in s["title"]])

    def test_each_figure_stands_beside_that_of_the_issue_before(self):
        document = self.second["document"]
        self.assertEqual(document["compared"], {"number": 1, "bulletin": self.first["bulletin"], "as_of": "2018-05-31",
                                                "period": "2018-05", "title": document["title"]})
        rates = self.section(document, RATES)
        self.assertEqual(self.cell(rates, rates["rows"], "秦州区", "registered"), 4)
        self.assertEqual(self.cell(rates, rates["previous"]["rows"], "秦州区", "registered"), 3)
        self.assertEqual(self.cell(rates, rates["previous"]["rows"], "秦州区", "rate"), [3, 30])
        self.assertEqual(rates["previous"]["total"][2], 4)
        self.assertIsNone(self.cell(rates, rates["previous"]["rows"], "秦州区", "county"))

    def test_what_was_corrected_since_shows_in_the_next_issue_as_such(self):
        document = self.second["document"]
        # said, known, difference, corrected, revoked
        self.assertEqual(self.corrections(document, "对第 1 期时长的更正"), [
            ("秦州区", "服务时长", 360, 300, -60, 0, 1),
            ("麦积区", "服务时长", 240, 60, -180, 1, 0),
            ("合计", "服务时长", 600, 360, -240, 1, 1)])
        self.assertEqual(self.corrections(document, "对第 1 期的更正"), [("秦州区", "建成区常住人口", 30, 25, -5, None, None)])
        self.assertIn("第 1 期（截至2018年5月31日）所载有 4 处现已不同，见文末更正表。", document["text"])

    def test_how_many_people_there_were_is_no_correction(self):
        """Who registered after the day was not there on it."""
        self.assertNotIn("注册人数", json.dumps(self.second["document"]["sections"][-2:], ensure_ascii=False))

    def test_what_was_issued_stays(self):
        frozen = self.ask("bulletin.get", bulletin=self.first["bulletin"])["document"]
        self.assertEqual(frozen, self.first["document"])
        self.assertEqual(self.ask("bulletin.get", bulletin=self.second["bulletin"])["document"], self.second["document"])

    def test_a_preview_may_be_compared_with_any_issue_or_none(self):
        preview = lambda **more: self.ask("bulletin.preview", kind="registration", **more)["document"]  # noqa: E731
        self.assertEqual(preview()["compared"]["number"], 2)
        self.assertEqual(preview(compare="1")["compared"]["number"], 1)
        self.assertNotIn("compared", preview(compare="none"))
        self.assertNotIn("compared", preview(as_of="2018-05-30"))
        self.assertEqual(preview(as_of="2018-06-02")["compared"]["number"], 1)
        self.refuse("unknown_bulletin", "compare", "bulletin.preview", kind="registration", compare="7")
        self.refuse("out_of_range", "compare", "bulletin.preview", kind="registration", compare="first")

    def test_the_program_shows_an_issue_beside_another(self):
        shown = self.control("bulletin", "show", "registration", "--number", "2", language="zh_CN.UTF-8").decode()
        self.assertIn("第 1 期", shown)
        self.assertIn("4 (+1)", shown)
        plain = self.control("bulletin", "show", "registration", "--compare", "none").decode()
        self.assertNotIn("(+1)", plain)
        back = self.control("bulletin", "show", "registration", "--number", "1", "--compare", "2").decode()
        self.assertIn("3 (-1)", back)
        self.assertIn("bulletin list", self.control("bulletin", "show", "registration", "--compare", "9", expect=1))
        self.control("bulletin", "show", "registration", "--compare", "x", expect=2)

    def test_reports_stand_beside_another_day_period_or_issue(self):
        for then in ("2018-05-31", "2018-05", self.first["bulletin"]):
            rows = list(csv.DictReader(io.StringIO(
                self.control("report", "ranking", "--compare", then, "--format", "csv").decode("utf-8-sig"))))
            row = [row for row in rows if row["name"] == "秦州区"][0]
            self.assertEqual([row[name] for name in ("registered", "registered_before", "registered_change")], ["5", "3", "2"], then)
            stars = list(csv.DictReader(io.StringIO(
                self.control("report", "stars", "--compare", then, "--format", "csv").decode("utf-8-sig"))))
            self.assertEqual([stars[0][name] for name in ("registered", "registered_before", "hours_change")], ["5", "3", "-1.0"], then)
        for report in ("assessment", "coverage", "funds", "trend", "forecast", "needs", "satisfaction"):
            document = json.loads(self.control("report", report, "--compare", "2018-05", "--json"))["document"]
            self.assertEqual(document["compared"]["as_of"], "2018-05-31", report)
        self.assertIn("unknown_bulletin", self.control("report", "stars", "--compare", "nothing", expect=1))

    def book(self, *arguments):
        with tempfile.TemporaryDirectory(prefix="vd-") as folder:
            path = pathlib.Path(folder) / "book.xlsx"
            self.control(*arguments, "-o", str(path), language="zh_CN.UTF-8")
            return openpyxl.load_workbook(path)

    def test_a_workbook_has_a_sheet_for_each_table(self):
        book = self.book("bulletin", "show", "registration")
        self.assertEqual(book.sheetnames[0], "概要")
        self.assertEqual(book.sheetnames[-1], "图")
        sheet = book[RATES]
        heads = [cell.value for cell in sheet[1]]
        self.assertEqual(heads[:7], ["名次", "名次（上期）", "名次（增减）", "区划", "注册人数", "注册人数（上期）", "注册人数（增减）"])
        (row,) = [row for row in sheet.iter_rows(min_row=2) if row[3].value == "秦州区"]
        rate = row[heads.index("注册率")]
        self.assertEqual((rate.value, rate.number_format), (0.16, "0.00%"))
        self.assertEqual((row[4].value, row[5].value, row[6].value, row[4].number_format), (4, 3, 1, "#,##0"))
        self.assertEqual(sheet.freeze_panes, "A2")
        self.assertTrue(book["图"]._charts)
        hours = book["对第 1 期时长的更正"]
        self.assertEqual([cell.value for cell in hours[2]][2:6], ["服务时长", 6, 5, -1])

    def test_a_text_in_a_workbook_is_no_formula(self):
        self.city.define_organisation("org:x", '=HYPERLINK("http://x","y")')
        sheet = self.book("list", "organisation").worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
        self.assertEqual([cell.data_type for cell in cells], ["s"])

    def test_the_journal_gives_the_same(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


if __name__ == "__main__":
    unittest.main()
