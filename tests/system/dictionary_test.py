"""volunteerctl dictionary: the city's own codes, set one by one or from a spreadsheet."""

import json
import os
import subprocess
import tempfile
import unittest

import harness
from harness import COMMUNITY, CONTROL, ROOT, CityTest

DONE, REFUSED, USAGE = 0, 1, 2


class FileTest(CityTest):
    """Runs volunteerctl on a shared city, with files of its own."""

    def control(self, *arguments, expect=DONE, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), *map(str, arguments), "--runtime", str(self.city.runtime)], capture_output=True,
                             text=True, env={**os.environ, "LC_ALL": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run

    def json(self, *arguments, **more):
        return json.loads(self.control(*arguments, "--json", **more).stdout)

    def file(self, text, encoding="utf-8"):
        handle = tempfile.NamedTemporaryFile("wb", suffix=".csv", delete=False)
        self.addCleanup(os.unlink, handle.name)
        with handle:
            handle.write(text.encode(encoding))
        return handle.name

    def head(self):
        return self.city.query("status")["sequence"]


class DictionaryTest(FileTest):
    def entry(self, name):
        return self.city.query("dictionary.get", dictionary=name)

    def test_an_entry_is_set_changed_and_retired(self):
        self.control("dictionary", "set", "skill", "drone", "无人机", "--by", "clerk:1")
        self.control("dictionary", "set", "skill", "drone", "无人机操作", "--from", "2018-01-01", "--by", "clerk:1")
        self.assertEqual(self.entry("skill/drone")["title"], "无人机操作")
        self.control("dictionary", "retire", "skill", "drone", "--on", "2030-01-01", "--by", "clerk:1")
        entry = self.entry("skill/drone")
        self.assertEqual((entry["title"], entry["from"], entry["retired"]), ("无人机操作", "2018-01-01", "2030-01-01"))
        self.assertIn("2030-01-01", self.control("dictionary", "list", "skill").stdout)

    def test_retiring_without_a_day_means_today(self):
        self.control("dictionary", "set", "skill", "fax", "传真", "--by", "clerk:1")
        self.control("dictionary", "retire", "skill", "fax", "--by", "clerk:1")
        self.assertEqual(self.entry("skill/fax")["retired"], self.city.query("status")["clock"]["date"])

    def test_what_is_in_use_cannot_be_retired(self):
        self.city.publish_one(harness.event("team.formed", {
            "team": "dt1", "name": "文艺队", "category": "lei_feng", "region": COMMUNITY, "legal_status": "filed"}))
        run = self.control("dictionary", "retire", "category", "lei_feng", "--by", "clerk:1", expect=REFUSED)
        self.assertIn("retired", run.stderr)

    def test_an_account_has_decimals(self):
        self.control("dictionary", "set", "account", "merit", "功德分", "--decimals", "1", "--may-expire", "yes", "--by",
                     "clerk:1")
        entry = self.entry("account/merit")
        self.assertEqual((entry["decimals"], entry["may_expire"]), (1, True))
        self.control("dictionary", "set", "account", "x", "x", "--decimals", "9", expect=USAGE)

    def test_a_dictionary_that_is_none_is_named(self):
        self.assertIn("Did you mean “skill”", self.control("dictionary", "list", "skil", expect=USAGE).stderr)

    def test_a_file_says_what_changes_and_a_second_import_changes_nothing(self):
        file = self.file("title,code\n登山向导,mountain\n医疗救护,medical\n潜水,diving\n")
        before = self.head()
        self.assertEqual(self.json("dictionary", "import", "skill", file, "--dry-run"),
                         {"new": 2, "changed": 0, "same": 1, "rejected": 0, "dry_run": True})
        self.assertEqual(self.head(), before)
        self.assertIn("2 new, 0 changed, 1 as they were", self.control("dictionary", "import", "skill", file, "--by",
                                                                       "clerk:1").stdout)
        self.assertEqual(self.entry("skill/diving")["title"], "潜水")
        after = self.head()
        self.assertEqual(self.json("dictionary", "import", "skill", file, "--by", "clerk:1")["same"], 3)
        self.assertEqual(self.head(), after)

    def test_a_spreadsheet_in_gb18030_is_read(self):
        file = self.file("code,title\r\nchess,象棋\r\n", "gb18030")
        self.control("dictionary", "import", "skill", file, "--by", "clerk:1")
        self.assertEqual(self.entry("skill/chess")["title"], "象棋")

    def test_mistakes_are_said_by_row_and_column_and_nothing_is_sent(self):
        file = self.file("code,title,decimals,from\n,没有代码,,\nx,,9,\ny,坏日期,,明天\ny,又是一行,,\n")
        before = self.head()
        text = self.control("dictionary", "import", "account", file, expect=REFUSED).stderr
        for part in (":2: column code", ":3: column title", ":3: column decimals", ":4: column from",
                     ":5: column code: “y” stands in line 4 already", "mistakes in it: 5"):
            self.assertIn(part, text)
        self.assertIn("no column “title”", self.control("dictionary", "import", "skill", self.file("code\nx\n"),
                                                        expect=REFUSED).stderr)
        self.assertEqual(self.head(), before)

    def test_what_the_daemon_refuses_is_said_by_its_code(self):
        file = self.file("code,title,parent\nsub1,下级,nothing\n")
        run = self.control("dictionary", "import", "skill", file, "--by", "clerk:1", expect=REFUSED)
        self.assertIn("sub1:", run.stderr)
        self.assertIn("refused: 1", run.stderr)

    def test_shipped_files_are_as_they_were(self):
        for file in sorted((ROOT / "conf" / "dictionaries").glob("*.csv")):
            counts = self.json("dictionary", "import", file.stem, file, "--dry-run")
            self.assertEqual((counts["new"], counts["changed"]), (0, 0), file)

    def test_send_takes_it_with_the_time_at_which_it_happened(self):
        fields = ["dictionary=skill", "code=abacus", "title=珠算", "by=clerk:1"]
        self.assertIn("would be stored", self.control("send", "dictionary.entry_set", *fields, "--dry-run").stdout)
        self.control("send", "dictionary.entry_set", *fields, "--at", "2018-10-01")
        newest = self.city.query("journal.read", after=0, types=["dictionary.entry_set"], limit=1000)["events"][-1]
        self.assertEqual((newest["data"]["code"], newest["time"]), ("abacus", "2018-10-01T00:00:00+08:00"))
        self.assertIn("--source", self.control("send", "dictionary.entry_set", *fields, "--source", "x", expect=USAGE).stderr)
        self.assertIn("--at", self.control("send", "clock.accepted", "by=x", "--at", "2018-10-01", expect=USAGE).stderr)

    def test_labels_are_the_citys(self):
        self.control("dictionary", "set", "category", "flood", "防汛抗旱", "--by", "clerk:1")
        self.city.publish_one(harness.event("team.formed", {
            "team": "dt2", "name": "防汛队", "category": "flood", "region": COMMUNITY, "legal_status": "filed"}))
        self.assertIn("防汛抗旱", self.control("list", "team", "name=防汛", language="zh_CN.UTF-8").stdout)
        self.assertEqual(len(self.json("list", "team", "category=防汛抗旱", language="zh_CN.UTF-8")["items"]), 1)
        self.assertIn("防汛抗旱 (flood)", self.control("show", "team", "dt2", language="zh_CN.UTF-8").stdout)


if __name__ == "__main__":
    unittest.main()
