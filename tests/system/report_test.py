"""What volunteerctl prints on paper: --format and --output of lists, reports and bulletins, against the real daemon, and
against answers made here where a city would need a month.
"""

import csv
import html.parser
import io
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import threading
import unittest
import xml.etree.ElementTree

import zmq

import volunteerctl_test as program
from harness import CITY, CONTROL, COUNTY, PATIENCE, CityTest
from small_city import QueryTest

DONE, REFUSED, USAGE = 0, 1, 2
VOID = {"meta", "br", "hr", "img", "link"}


def control(runtime, *arguments, language="C.UTF-8", folder=None):
    """Runs volunteerctl in a pipe; what it wrote stays bytes."""
    return subprocess.run([str(CONTROL), *map(str, arguments), "--runtime", str(runtime)], capture_output=True,
                          timeout=PATIENCE, cwd=folder, env={**os.environ, "LC_ALL": language})


class Page(html.parser.HTMLParser):
    """A page whose elements are all closed, in order; its cells as rows of text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.rows, self.text = [], [], [], ""
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe", "object"):
            self.wrong.append(tag)
        self.wrong += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("/" + tag)

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def table_of(data):
    """Rows of a CSV as a spreadsheet reads it."""
    assert data.startswith(b"\xef\xbb\xbf"), data[:20]
    assert b"\n" not in data.replace(b"\r\n", b""), data
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class PaperTest(CityTest):
    """Lists, trees and stars of a small city."""

    def paper(self, *arguments, expect=DONE, language="C.UTF-8", folder=None):
        result = control(self.city.runtime, *arguments, language=language, folder=folder)
        self.assertEqual(result.returncode, expect, result.stderr.decode())
        return result.stdout if expect == DONE else result.stderr.decode()

    def test_the_stars_are_the_same_in_every_format(self):
        report = json.loads(self.paper("report", "stars", "--format", "json"))
        rows = table_of(self.paper("report", "stars", "--format", "csv"))
        self.assertEqual(rows[0], ["region", "name", "registered", "hours", "records", "stars_0", "stars_1", "stars_2",
                                   "stars_3", "stars_4", "stars_5", "held"])
        self.assertEqual(len(rows), len(report["rows"]) + 2)
        for row, item in zip(rows[1:], [*report["rows"], report["total"]]):
            self.assertEqual(int(row[2]), item["volunteers"])
            self.assertEqual(row[3], f"{item['minutes'] // 60}.{item['minutes'] % 60 // 6}")
            self.assertEqual([int(n) for n in row[5:11]], item["stars"])
        self.assertEqual(rows[-1][:2], [CITY, "total"])
        page = Page(self.paper("report", "stars", "--format", "html").decode())
        self.assertEqual(page.wrong, [])
        self.assertEqual([[cell.replace(",", "") for cell in row] for row in page.rows[1:]], rows[1:])

    def test_the_drawing_is_an_svg(self):
        root = xml.etree.ElementTree.fromstring(self.paper("report", "stars", "--format", "svg"))
        self.assertEqual((root.tag, root.get("width")), ("{http://www.w3.org/2000/svg}svg", "210mm"))
        self.assertIn("★★★★★", "".join(root.itertext()))

    def test_lists_are_tables_with_names_of_columns_or_chinese_headings(self):
        items = json.loads(self.paper("list", "volunteer", "--json"))["items"]
        rows = table_of(self.paper("list", "volunteer", "--format", "csv"))
        self.assertEqual(rows[0][:2], ["volunteer", "region"])
        self.assertEqual([row[0] for row in rows[1:]], [item["volunteer"] for item in items])
        page = Page(self.paper("list", "volunteer", "--format", "html", language="zh_CN.UTF-8").decode())
        self.assertEqual(page.wrong, [])
        self.assertEqual([row[0] for row in page.rows[1:]], [item["volunteer"] for item in items])
        self.assertIn("已注册", page.text)

    def test_the_tree_is_a_table_too(self):
        rows = table_of(self.paper("region", "tree", "--depth", "1", "--format", "csv"))
        self.assertEqual(rows[0], ["region", "name", "parent", "volunteers", "hours"])
        self.assertEqual([row[0] for row in rows[1:3]], [CITY, COUNTY])
        self.assertEqual(rows[2][2], CITY)
        page = Page(self.paper("region", "tree", "--depth", "1", "--format", "html").decode())
        self.assertEqual(page.rows[2][1], "\u3000秦州区")

    def test_what_cannot_be_printed_so_is_said(self):
        self.assertIn("--format", self.paper("list", "volunteer", "--format", "svg", expect=USAGE))
        self.assertIn("--format", self.paper("list", "volunteer", "-o", "list.svg", expect=USAGE))
        self.assertIn("ods", self.paper("list", "volunteer", "-o", "list.ods", expect=USAGE))
        self.assertIn("--json", self.paper("report", "stars", "--json", "--format", "csv", expect=USAGE))


class FileTest(CityTest):
    """--output FILE."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, *arguments, expect=DONE):
        result = control(self.city.runtime, "report", "stars", *arguments, folder=self.folder)
        self.assertEqual(result.returncode, expect, result.stderr.decode())
        return result

    def test_the_name_of_the_file_says_the_format(self):
        for name, begins in (("a.csv", b"\xef\xbb\xbfregion"), ("a.html", b"<!DOCTYPE html>"), ("a.htm", b"<!DOCTYPE"),
                             ("a.svg", b"<?xml"), ("a.json", b"{"), ("a.txt", "志愿者".encode()), ("a", "志愿者".encode())):
            self.assertEqual(self.write("-o", name).stdout, b"")
            self.assertTrue((self.folder / name).read_bytes().startswith(begins), name)
        self.write("--format", "csv", "--output", "b.html")
        self.assertTrue((self.folder / "b.html").read_bytes().startswith(b"\xef\xbb\xbf"))
        self.assertEqual(self.write("-o", "-", "--format", "csv").stdout, (self.folder / "a.csv").read_bytes())
        self.assertEqual(self.write("-oc.csv").stdout, b"")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["a", "a.csv", "a.htm", "a.html", "a.json", "a.svg", "a.txt", "b.html", "c.csv"])

    def test_a_file_is_replaced_whole_and_keeps_its_mode(self):
        old = self.folder / "old.csv"
        old.write_text("x" * 100000)
        old.chmod(0o640)
        (self.folder / "link.csv").symlink_to(old)
        self.write("-o", "link.csv")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertTrue(old.read_bytes().startswith(b"\xef\xbb\xbf"))
        self.assertEqual(old.stat().st_mode & 0o777, 0o640)

    def test_what_failed_leaves_the_old_file(self):
        old = self.folder / "old.csv"
        old.write_text("old")
        self.write("-o", "old.csv", "--region", "1", expect=REFUSED)
        self.assertEqual(old.read_text(), "old")
        self.assertIn(b"cannot be written", self.write("-o", "no/such/folder.csv", expect=REFUSED).stderr)
        self.assertIn(b"directory", self.write("-o", self.folder, "--format", "csv", expect=REFUSED).stderr)
        self.assertIn(b"cannot be written", self.write("-o", "/dev/full", "--format", "csv", expect=REFUSED).stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["old.csv"])

    def test_a_page_that_finds_no_room_is_no_success(self):
        """A page is longer than any buffer: most of it is written before the last flush, or is not."""
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        command = [CONTROL, "report", "stars", "--format", "html", "--runtime", self.city.runtime]
        (self.folder / "old.html").write_text("old")
        for name in ("new.html", "old.html"):
            result = subprocess.run([*command, "-o", name], capture_output=True, cwd=self.folder, timeout=PATIENCE,
                                    preexec_fn=little_room)
            self.assertEqual(result.returncode, REFUSED)
            self.assertIn(b"cannot be written", result.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["old.html"])
        self.assertEqual((self.folder / "old.html").read_text(), "old")
        with open("/dev/full", "wb") as full:
            result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
        self.assertEqual(result.returncode, REFUSED)
        self.assertIn(b"could not be written", result.stderr)

    def test_a_link_that_leads_nowhere_is_left_alone(self):
        for name, target in (("gone.csv", "nowhere.csv"), ("round.csv", "round.csv")):
            (self.folder / name).symlink_to(target)
            self.assertIn(b"cannot be written", self.write("-o", name, expect=REFUSED).stderr)
            self.assertTrue((self.folder / name).is_symlink())

    def test_a_page_is_not_poured_over_a_terminal(self):
        code, text = program.on_terminal(self.city.runtime, "report", "stars", "--format", "html")
        self.assertEqual(code, USAGE)
        self.assertIn("--output FILE.html", " ".join(program.plain_lines(text)))
        code, text = program.on_terminal(self.city.runtime, "report", "stars", "--format", "html", "-o", "-")
        self.assertEqual(code, DONE)
        self.assertIn("<!DOCTYPE html>", text)


class BulletinTest(QueryTest):
    """A real bulletin, by the shipped policies."""

    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()
        self.city.send("figure.reported", {"figure": "built_up_residents", "subject": {"kind": "region", "id": COUNTY},
                                           "value": 15, "as_of": self.city.today.date().isoformat(), "origin": "统计局"})
        for n in range(2):
            self.city.register(f"v{n}")

    def paper(self, *arguments, language="C.UTF-8"):
        result = control(self.city.daemon.runtime, *arguments, language=language)
        self.assertEqual(result.returncode, DONE, result.stderr.decode())
        return result.stdout

    def test_the_formats_of_an_issued_bulletin_hold_the_same_numbers(self):
        self.paper("bulletin", "issue", "registration", "--by", "clerk:1")
        document = json.loads(self.paper("bulletin", "show", "registration", "--json"))["document"]
        self.assertEqual(document["number"], 1)
        rows = table_of(self.paper("bulletin", "show", "registration", "--format", "csv", language="zh_CN.UTF-8"))
        page = Page(self.paper("bulletin", "show", "registration", "--format", "html").decode())
        self.assertEqual(page.wrong, [])
        printed = [[cell.replace(",", "").replace("—", "") for cell in row] for row in page.rows]
        for section in document["sections"]:
            begin = rows.index([section["title"]]) + 1
            self.assertEqual(rows[begin], [column["title"] for column in section["columns"]])
            cells_of = [*section["rows"], *([section["total"]] if "total" in section else [])]
            for row, cells in zip(rows[begin + 1:], cells_of):
                self.assertIn(row, printed)
                for text, cell in zip(row, cells):
                    if isinstance(cell, list):
                        hundredths = cell[0] * 10000 // cell[1] if cell[1] else 0
                        self.assertEqual(text, f"{hundredths // 100}.{hundredths % 100:02}%" if cell[1] else "无数据")
        self.assertIn(["1", "秦州区", "2", "15", "13.33%", "达标", "0"], rows)
        svg = self.paper("bulletin", "show", "registration", "--format", "svg")
        self.assertIn("13.33%", "".join(xml.etree.ElementTree.fromstring(svg).itertext()))

    def test_an_issued_bulletin_is_printed_again_unchanged(self):
        self.paper("bulletin", "issue", "registration", "--by", "clerk:1")
        before = self.paper("bulletin", "show", "registration", "--format", "html")
        self.city.register("v9")
        self.paper("bulletin", "issue", "registration", "--by", "clerk:1")
        self.assertEqual(self.paper("bulletin", "show", "registration", "--number", "1", "--format", "html"), before)
        latest = self.paper("bulletin", "show", "registration", "--format", "html").decode()
        self.assertIn("第 2 期", latest)
        self.assertIn("20.00%", latest)
        rows = table_of(self.paper("bulletin", "list", "registration", "--format", "csv"))
        self.assertEqual([row[0] for row in rows[1:]], [f"registration-{CITY}-1", f"registration-{CITY}-2"])

    def test_reports_and_stations_are_printed_in_every_format(self):
        for command in (["report", "ranking"], ["report", "assessment"], ["report", "forecast"], ["station", "progress"],
                        ["bulletin", "preview", "station"], ["bulletin", "preview", "assessment"]):
            with self.subTest(command):
                json.loads(self.paper(*command, "--format", "json"))
                self.assertTrue(self.paper(*command))
                table_of(self.paper(*command, "--format", "csv"))
                self.assertEqual(Page(self.paper(*command, "--format", "html").decode()).wrong, [])
                xml.etree.ElementTree.fromstring(self.paper(*command, "--format", "svg"))


DOCUMENT = {
    "title": "天水市志愿者注册情况通报", "region": {"region": CITY, "name": "天水市"}, "as_of": "2018-10-31",
    "text": ["现将各县区进展情况通报如下。"],
    "sections": [
        {"title": "注册志愿者占建成区常住人口比例",
         "columns": [{"name": "region", "title": "县区", "kind": "text"}, {"name": "rate", "title": "占比", "kind": "percent"},
                     {"name": "state", "title": "状态", "kind": "state"}, {"name": "gap", "title": "尚差", "kind": "number"}],
         "rows": [["秦州区", [46211, 338000], "met", 0], ["麦积区", [12999, 100000], "not_met", 2], ["=cmd|' /C calc'!A0", None, "no_data", None]],
         "total": ["全市", [59210, 438000], "met", 0]},
        {"title": "在职党员", "columns": [{"name": "region", "title": "县区", "kind": "text"}], "rows": []},
    ],
    "series": [{"title": "占比", "kind": "bar", "unit": "%", "target": 13,
                "points": [{"label": "秦州区", "value": [46211, 338000]}, {"label": "麦积区", "value": [12999, 100000]}]}],
}
BULLETIN = {"bulletin": f"registration-{CITY}-3", "kind": "registration", "number": 3, "region": CITY, "period": "2018-10",
            "as_of": "2018-10-31", "revision": "bulletin_registration@1", "title": DOCUMENT["title"], "by": "clerk:1",
            "document": DOCUMENT, "state": "issued"}


class AnswerTest(unittest.TestCase):
    """Commands whose answers are made here."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.runtime = pathlib.Path(folder.name)
        self.asked = []
        self.answers = {
            "status": {"city": {"region": CITY, "name": "天水市"}},
            "bulletin.preview": {"kind": "registration", "region": CITY, "as_of": "2018-10-31",
                                 "revision": "bulletin_registration@1", "document": DOCUMENT},
            "bulletin.issue": {"bulletin": BULLETIN["bulletin"], "number": 3, "sequence": 77, "document": DOCUMENT},
            "bulletin.get": BULLETIN,
            "bulletin.list": {"items": [{**BULLETIN, "number": n, "bulletin": f"registration-{region}-{n}", "region": region}
                                        for region, n in ((CITY, 2), (CITY, 3), (CITY, 1), (COUNTY, 9))], "next": None, "sequence": 9},
            "report.ranking": {"document": DOCUMENT, "sequence": 9},
            "report.assessment": {"document": DOCUMENT},
            "report.forecast": {"document": DOCUMENT},
            "station.progress": {
                "title": "社区志愿服务站建设进度", "region": CITY, "name": "天水市", "as_of": "2018-10-31",
                "rows": [{"region": COUNTY, "name": "秦州区", "planned": 47, "staff": 47, "funds": 40, "venue": 45, "team": 44,
                          "built": 44, "opened": 41, "overdue": 3, "target_built": None, "target_opened": 47, "communities": 48,
                          "without_station": 1}],
                "total": {"region": CITY, "name": "天水市", "planned": 47, "staff": 47, "funds": 40, "venue": 45, "team": 44,
                          "built": 44, "opened": 41, "overdue": 3, "target_built": 122, "target_opened": 47, "communities": 48,
                          "without_station": 1},
                "overdue": [{"station": "st:1", "name": "光明巷站", "region": COUNTY, "place": "秦州区 光明巷", "due": "2018-09-30",
                             "state": "planned", "missing": ["funds", "venue"], "days": 31,
                             "responsible": {"kind": "region", "id": COUNTY, "name": "秦州区", "named": False}}],
                "burn_down": [{"date": "2018-09-30", "built": 30, "opened": 20, "due": 40},
                              {"date": "2018-10-31", "built": 44, "opened": 41, "due": 47}]},
        }
        self.ended = threading.Event()
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.bind(f"ipc://{self.runtime}/query.sock")
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        self.addCleanup(self.end)

    def end(self):
        self.ended.set()
        self.thread.join()
        self.context.destroy(0)

    def serve(self):
        while not self.ended.is_set():
            if not self.socket.poll(50):
                continue
            frames = self.socket.recv_multipart()
            question = json.loads(frames[-1])
            self.asked.append((question["method"], question["params"]))
            answer = {"jsonrpc": "2.0", "id": question["id"]}
            if question["method"] in self.answers:
                answer["result"] = self.answers[question["method"]]
            else:
                answer["error"] = {"code": -32601, "message": "no such method"}
            self.socket.send_multipart([*frames[:-1], json.dumps(answer).encode()])

    def paper(self, *arguments, expect=DONE, language="C.UTF-8"):
        result = control(self.runtime, *arguments, language=language, folder=self.runtime)
        self.assertEqual(result.returncode, expect, result.stderr.decode())
        return (result.stdout if expect == DONE else result.stderr).decode()

    def test_a_preview_says_that_it_is_none_and_an_issue_its_number(self):
        page = Page(self.paper("bulletin", "preview", "registration", "--format", "html"))
        self.assertEqual(page.wrong, [])
        self.assertIn("预览稿", page.text)
        self.assertIn("bulletin_registration@1", page.text)
        page = Page(self.paper("bulletin", "show", "registration", "--format", "html"))
        self.assertNotIn("预览稿", page.text)
        self.assertIn("第 3 期", page.text)
        self.assertIn("2018年10月31日", page.text)

    def test_percentages_are_cut_in_every_format(self):
        texts = [self.paper("bulletin", "show", "registration", "--format", form) for form in ("table", "csv", "html", "svg")]
        for text in texts:
            self.assertIn("13.67%", text)
            self.assertIn("12.99%", text)
            self.assertNotIn("13.00%", text)
        self.assertIn("'=cmd|' /C calc'!A0", texts[1])
        xml.etree.ElementTree.fromstring(texts[3])

    def test_chinese_readers_read_chinese(self):
        text = self.paper("bulletin", "show", "registration", language="zh_CN.UTF-8")
        for word in ("第 3 期", "达标", "未达标", "无数据", "数据截至 2018-10-31"):
            self.assertIn(word, text)
        self.assertIn("no data", self.paper("bulletin", "show", "registration"))

    def test_the_latest_or_a_numbered_bulletin_of_the_city_or_a_region_is_shown(self):
        for arguments, wanted in (([], f"registration-{CITY}-3"), (["--number", "1"], f"registration-{CITY}-1"),
                                  (["--region", COUNTY], f"registration-{COUNTY}-9")):
            self.paper("bulletin", "show", "registration", *arguments)
            self.assertEqual(self.asked[-1], ("bulletin.get", {"bulletin": wanted}))
        self.paper("bulletin", "show", "some-id")
        self.assertEqual(self.asked[-1], ("bulletin.get", {"bulletin": "some-id"}))
        self.assertIn("bulletin list", self.paper("bulletin", "show", "registration", "--number", "7", expect=REFUSED))

    def test_a_script_issues_without_being_asked(self):
        text = self.paper("bulletin", "issue", "registration", "--by", "clerk:1", "--number", "3", "-o", "issue.html")
        self.assertIn("number 3, sequence 77", text)
        self.assertEqual(self.asked[0], ("bulletin.issue", {"kind": "registration", "by": "clerk:1", "number": 3}))
        self.assertIn("第 3 期", (self.runtime / "issue.html").read_text())
        self.assertIn("bulletin_registration@1", (self.runtime / "issue.html").read_text())

    def test_a_person_sees_it_first_and_may_say_no(self):
        for answer, code, methods in (("n", REFUSED, ["bulletin.preview"]), ("", REFUSED, ["bulletin.preview"]),
                                      ("y", DONE, ["bulletin.preview", "bulletin.issue"])):
            self.asked.clear()
            got, text = program.on_terminal(self.runtime, "bulletin", "issue", "registration", "--by", "clerk:1",
                                            answers=answer + "\n")
            self.assertEqual(got, code, text)
            self.assertEqual([method for method, _ in self.asked], methods)
            self.assertIn("preview, not issued", text)
        self.assertEqual(self.asked[-1][1]["as_of"], "2018-10-31")  # the day that was shown
        self.asked.clear()
        program.on_terminal(self.runtime, "bulletin", "issue", "registration", "--by", "clerk:1", "--yes")
        self.assertEqual([method for method, _ in self.asked], ["bulletin.issue"])

    def test_reports_pass_their_options_on(self):
        self.paper("report", "ranking", "--region", COUNTY, "--by", "township", "--as-of", "2018-10-31")
        self.assertEqual(self.asked[-1], ("report.ranking", {"region": COUNTY, "by": "township", "as_of": "2018-10-31"}))
        self.paper("report", "assessment", "--by", "county", "--class", "municipal")
        self.assertEqual(self.asked[-1], ("report.assessment", {"by": "county", "class": "municipal"}))
        self.assertEqual(json.loads(self.paper("report", "forecast", "--json")), {"document": DOCUMENT})

    def test_the_progress_of_stations_has_tables_and_charts(self):
        rows = table_of(self.paper("station", "progress", "--format", "csv").encode())
        self.assertIn(["秦州区", "48", "47", "47", "40", "45", "44", "44", "", "41", "47", "3", "1"], rows)
        self.assertIn(["st:1", "光明巷站", "秦州区 光明巷", "2018-09-30", "31", "funds, venue", "秦州区 (nobody was named)"], rows)
        svg = self.paper("station", "progress", "--format", "svg")
        xml.etree.ElementTree.fromstring(svg)
        self.assertIn("93.61%", svg)
        self.assertIn("2018-09-30", svg)

    def test_bars_are_for_a_person(self):
        self.assertNotIn("█", self.paper("report", "ranking"))
        for columns in (20, 40, 80, 120):
            code, text = program.on_terminal(self.runtime, "report", "ranking", columns=columns)
            self.assertEqual(code, DONE)
            self.assertTrue("█" in text or columns < 40, text)
            for line in program.plain_lines(text) if columns >= 80 else []:
                self.assertLessEqual(program.width(line), columns, text)
        self.assertRegex(text, "\x1b\\[31m[^\n]*not_met")
        self.assertRegex(text, "\x1b\\[32m[^\n]*met")

    def test_an_answer_without_a_document_is_refused(self):
        for answer in ({}, {"document": None}, {"document": []}, [], {"document": {"sections": [{"columns": [{}] * 40}]}}):
            self.answers["report.ranking"] = self.answers["bulletin.preview"] = self.answers["bulletin.get"] = answer
            for command in (["report", "ranking"], ["bulletin", "preview", "station"], ["bulletin", "show", "x"]):
                self.assertRegex(self.paper(*command, expect=REFUSED), "document|answer")


if __name__ == "__main__":
    unittest.main()
