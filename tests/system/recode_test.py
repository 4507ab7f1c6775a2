"""volunteerctl region recode: one code, or the moves of five years from a file, as often as one likes."""

import csv
import json
import os
import subprocess
import unittest

import harness
from dictionary_test import REFUSED, USAGE, FileTest
from harness import CITY, COMMUNITY, COUNTY, ROOT, TOWNSHIP, DaemonTest

MOVES = ROOT / "conf" / "divisions" / "tianshui-division-moves.csv"
DIVISIONS = ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv"


class RecodeTest(FileTest):
    def define(self, code, name):
        self.city.publish_one(harness.region(code, name, "community", TOWNSHIP))

    def test_one_region_gets_another_code(self):
        self.define("620502001051", "甲村")
        self.assertIn("would be stored", self.control("region", "recode", "620502001051", "620502001052", "--dry-run").stdout)
        self.control("region", "recode", "620502001051", "620502001052")
        self.assertEqual(self.city.query("region.get", region="620502001051")["region"], "620502001052")

    def test_a_code_that_somebody_has_is_refused(self):
        self.define("620502001053", "乙村")
        self.assertIn("already_exists", self.control("region", "recode", "620502001053", COMMUNITY, expect=REFUSED).stderr)

    def test_what_is_typed_wrong_is_explained(self):
        self.assertIn("--file", self.control("region", "recode", COMMUNITY, expect=USAGE).stderr)
        self.assertIn("12 digits", self.control("region", "recode", COMMUNITY, "1", expect=USAGE).stderr)
        self.assertIn("not both", self.control("region", "recode", COMMUNITY, COMMUNITY, "--file", "x", expect=USAGE).stderr)

    def test_a_file_recodes_and_renames_and_passes_over_what_is_done(self):
        self.define("620502001061", "丙村委会")
        self.define("620502001062", "丁村委会")
        file = self.file("old_code,new_code,old_name,new_name,change\n"
                         "620502001061,620502001071,丙村委会,丙居委会,recode\n"
                         "620502001062,620502001062,丁村委会,丁居委会,rename\n")
        before = self.head()
        self.assertEqual(self.json("region", "recode", "--file", file, "--dry-run"),
                         {"recoded": 1, "renamed": 2, "done": 0, "dry_run": True})
        self.assertEqual(self.head(), before)
        self.control("region", "recode", "--file", file)
        moved = self.city.query("region.get", region="620502001061")
        self.assertEqual((moved["region"], moved["name"], moved["parent"]), ("620502001071", "丙居委会", TOWNSHIP))
        self.assertEqual(self.city.query("region.get", region="620502001062")["name"], "丁居委会")
        after = self.head()
        self.assertIn("rows done already: 2", self.control("region", "recode", "--file", file).stdout)
        self.assertEqual(self.json("region", "recode", "--file", file)["events"], 0)
        self.assertEqual(self.head(), after)

    def test_a_region_that_moves_to_another_parent_is_renamed_below_it(self):
        self.city.publish_one(harness.region("620502002000", "西关街道", "township", COUNTY))
        self.define("620502001081", "戊村")
        file = self.file("old_code,new_code,old_name,new_name,change\n620502001081,620502002081,戊村,戊社区,recode\n")
        self.control("region", "recode", "--file", file)
        moved = self.city.query("region.get", region="620502002081")
        self.assertEqual((moved["name"], moved["parent"]), ("戊社区", "620502002000"))

    def test_mistakes_are_said_by_row_and_nothing_is_sent(self):
        before = self.head()
        file = self.file("old_code,new_code,old_name,new_name,change\n62,620502001091,,,recode\n"
                         f"{COMMUNITY},{COMMUNITY},,,recode\n{COMMUNITY},{COMMUNITY},,,rename\n{COMMUNITY},{CITY},,x,merge\n")
        text = self.control("region", "recode", "--file", file, expect=REFUSED).stderr
        for part in (":2: column old_code", ":3: column new_code", ":4: column new_name", ":5: column change"):
            self.assertIn(part, text)
        unknown = self.file("old_code,new_code,old_name,new_name,change\n620599999001,620599999002,a,a,recode\n")
        self.assertIn(":2: column old_code", self.control("region", "recode", "--file", unknown, expect=REFUSED).stderr)
        self.assertEqual(self.head(), before)


class MovesTest(DaemonTest):
    def test_the_moves_of_tianshui_lead_to_the_divisions_of_2023(self):
        daemon = self.daemon().start()

        def control(*arguments):
            run = subprocess.run([str(harness.CONTROL), *map(str, arguments), "--runtime", str(daemon.runtime), "--json"],
                                 capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            return json.loads(run.stdout)

        control("region", "import", DIVISIONS)
        counts = control("region", "recode", "--file", MOVES)
        self.assertEqual(counts["rejected"], 0)
        with open(MOVES) as file:
            rows = list(csv.DictReader(file))
        for row in rows[::37]:
            region = daemon.query("region.get", region=row["old_code"])
            self.assertEqual((region["region"], region["name"]), (row["new_code"], row["new_name"]))
        again = control("region", "recode", "--file", MOVES, "--dry-run")
        self.assertEqual((again["recoded"], again["renamed"], again["done"]), (0, 0, len(rows)))


if __name__ == "__main__":
    unittest.main()
