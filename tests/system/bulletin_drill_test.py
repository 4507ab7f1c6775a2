"""From every figure of every bulletin down to what was counted: region by region the parts add up, and at the end the things do."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import harness
from harness import CITY, CONTROL, PATIENCE, PROGRAMS, QueryError

KINDS = ("registration", "station", "assessment", "activity", "campaign")
# What is counted but stands in no list of its own.
CAMPAIGN = {"to", "received", "late", "tasks", "accepted", "reported", "overdue", "made", "kept", "pairings", "posts", "claimed", "claims",
            "members", "days", "missed", "done", "findings"}
NOT_LISTED = CAMPAIGN | {"households", "ratings", "satisfied", "low", "corrected", "revoked", "visits", "missed", "without", "staff", "funds", "venue", "team"}


class DrillTest(unittest.TestCase):
    """A simulated city of 250 people and a year."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        cls.addClassCleanup(folder.cleanup)
        cls.served = harness.Daemon(pathlib.Path(folder.name), {
            "clock": "events", "city": {"region": CITY, "name": "天水市", "time_zone": "Asia/Shanghai"}})
        cls.addClassCleanup(cls.served.close)
        cls.served.start()
        made = subprocess.run([PROGRAMS / "volunteer-simulate", "--volunteers", "250"], capture_output=True, check=True)
        events = [json.loads(line) for line in made.stdout.splitlines()]
        for at in range(0, len(events), 2000):
            cls.served.publish(events[at:at + 2000])

    def ask(self, method, **params):
        return self.served.query(method, **params)

    def drill(self, **params):
        answer = self.ask("bulletin.drill", **params)
        (section,) = answer["document"]["sections"]
        names = [column["name"] for column in section["columns"]]
        return answer["figure"], [dict(zip(names, row)) for row in section["rows"]], section

    def counted_columns(self):
        for kind in KINDS:
            document = self.ask("bulletin.preview", kind=kind)["document"]
            for section in document["sections"]:
                for column in section["columns"]:
                    if "counts" in column and "total" in section:
                        yield {"kind": kind, "section": section["title"], "column": column["name"]}

    def follow(self, where):
        """Down the largest part to the things: whether there were any to see."""
        figure, parts, section = self.drill(**where)
        self.assertEqual(figure["counted"], figure.get("said", figure["counted"]), where)
        wanted = figure["counted"]
        for _ in range(4):
            if not parts or "region" not in parts[0]:
                break
            self.assertEqual(sum(part["value"] for part in parts), figure["counted"], where)
            largest = max(parts, key=lambda part: abs(part["value"]))
            own = {"own": True} if largest["name"] == "本级" else {}
            figure, parts, section = self.drill(**where, into=largest["region"], **own)
            wanted = largest["value"]
            if not own:
                self.assertEqual(figure["counted"], wanted, where)
        is_listed = "逐条列出" not in section.get("note", "")
        if is_listed:
            self.assertNotIn("note", section, where)
            self.assertEqual(sum(part["value"] for part in parts), wanted, (where, section))
        return is_listed and wanted != 0

    def test_every_counted_figure_is_the_sum_of_its_parts_and_of_what_was_counted(self):
        seen = {where["column"]: self.follow(where) for where in self.counted_columns()}
        self.assertLessEqual({column for column, is_seen in seen.items() if not is_seen}, NOT_LISTED | {"filed", "open", "met"})
        self.assertGreater(sum(seen.values()), 8, seen)

    def test_an_issued_figure_is_broken_down_as_it_was_known_then(self):
        issued = self.ask("bulletin.issue", kind="registration", as_of="2018-02-28", by="clerk:1")
        figure, parts, _ = self.drill(bulletin=issued["bulletin"], column="registered")
        self.assertEqual(figure["counted"], figure["said"])
        self.assertEqual(sum(part["value"] for part in parts), figure["said"])
        self.assertLess(figure["said"], self.drill(kind="registration", column="registered")[0]["counted"])

    def test_a_unit_s_figure_leads_to_its_people(self):
        document = self.ask("bulletin.preview", kind="registration")["document"]
        (section,) = [s for s in document["sections"] if s["title"].startswith("文明单位注册情况")]
        names = [column["name"] for column in section["columns"]]
        row = max(section["rows"], key=lambda row: row[names.index("registered")])
        figure, people, _ = self.drill(kind="registration", section=section["title"], row=row[names.index("unit")], column="registered")
        self.assertEqual((figure["said"], len(people)), (row[names.index("registered")],) * 2)
        self.assertTrue(all(person["kind"] == "volunteer" for person in people))

    def test_a_figure_that_was_reported_leads_to_who_reported_it(self):
        _, reports, _ = self.drill(kind="registration", row="秦州区", column="residents")
        self.assertTrue(reports and all(report["origin"] and report["recorded_on"] for report in reports))

    def test_what_is_no_figure_is_said(self):
        for params, field in (({"column": "nothing"}, "column"), ({"column": "registered", "section": "没有这张表"}, "section"),
                              ({"column": "registered", "row": "没有这一行"}, "row"),
                              ({"column": "registered", "row": "秦州区", "into": "620503000000"}, "into")):
            with self.assertRaises(QueryError) as caught:
                self.drill(kind="registration", **params)
            self.assertEqual((caught.exception.data["code"], caught.exception.data["field"]), ("out_of_range", field))

    def test_the_program_goes_down_as_the_daemon_does(self):
        def control(*arguments):
            return subprocess.run([str(CONTROL), "bulletin", "drill", *arguments, "--runtime", str(self.served.runtime)],
                                  capture_output=True, text=True, timeout=PATIENCE, check=False, env={**os.environ, "LC_ALL": "zh_CN.UTF-8"})
        shown = control("registration", "--preview", "--column", "注册人数", "--row", "秦州区")
        self.assertIn("街道", shown.stdout)
        self.assertIn("合计", shown.stdout)
        self.assertEqual(control("registration", "--preview").returncode, 2)
        self.assertEqual(control("registration", "--preview", "--column", "x").returncode, 1)


if __name__ == "__main__":
    unittest.main()
