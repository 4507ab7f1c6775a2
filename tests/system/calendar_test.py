"""volunteerctl calendar: days of work, rest and holiday from a file."""

import unittest

from dictionary_test import REFUSED, FileTest
from harness import ROOT


class CalendarTest(FileTest):
    def test_a_year_of_the_state_council_is_imported(self):
        for file in sorted((ROOT / "conf" / "calendar").glob("2018*.csv")):
            self.control("calendar", "import", file, "--by", "clerk:1")
        self.assertEqual(self.city.query("calendar.get", calendar="2018-10-01")["kind"], "holiday")
        text = self.control("calendar", "list", "--from", "2018-10-01", "--to", "2018-10-07").stdout
        self.assertIn("国庆节", text)
        self.assertNotIn("2018-01-01", text)

    def test_kinds_are_words_or_labels_and_the_file_may_be_gb18030(self):
        self.control("calendar", "import", self.file("date,kind,name\n2030-05-01,法定节假日,劳动节\n2030-05-06,rest,\n",
                                                     "gb18030"), "--by", "clerk:1")
        self.assertEqual(self.city.query("calendar.get", calendar="2030-05-01")["name"], "劳动节")
        self.assertEqual(self.city.query("calendar.get", calendar="2030-05-06")["kind"], "rest")

    def test_a_dry_run_sends_nothing_and_mistakes_are_named(self):
        before = self.head()
        good = self.file("date,kind\n2031-01-01,holiday\n")
        self.assertEqual(self.json("calendar", "import", good, "--dry-run"), {"days": 1, "rejected": 0, "dry_run": True})
        text = self.control("calendar", "import", self.file("date,kind\n2031-02-30,holiday\n2031-01-01,party\n"),
                            expect=REFUSED).stderr
        self.assertIn(":2: column date", text)
        self.assertIn(":3: column kind", text)
        text = self.control("calendar", "import", self.file("date,kind\n2031-01-01,holiday\n2031-01-01,workday\n"),
                            expect=REFUSED).stderr
        self.assertIn(":3: column date: “2031-01-01” stands in line 2 already", text)
        self.assertEqual(self.head(), before)

    def test_a_day_is_shown(self):
        self.assertRegex(self.control("show", "calendar", "2032-01-01").stdout, "kind +workday")


if __name__ == "__main__":
    unittest.main()
