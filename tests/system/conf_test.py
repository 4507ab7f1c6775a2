"""The data files of conf/: calendars and dictionaries are what their READMEs say."""

import csv
import datetime
import pathlib
import re
import unittest

CONF = pathlib.Path(__file__).resolve().parents[2] / "conf"
YEARS = range(2018, 2027)
STATUTORY_DAYS = 11  # 13 since 2025


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


class Calendars(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.years = {year: rows_of(CONF / "calendar" / f"{year}.csv") for year in YEARS}

    def test_there_is_a_file_for_each_year_and_no_other(self):
        files = {path.name for path in (CONF / "calendar").glob("*.csv")}
        self.assertEqual(files, {f"{year}.csv" for year in YEARS})

    def test_each_has_its_columns_and_its_own_years_days_in_order(self):
        for year, (header, *rows) in self.years.items():
            self.assertEqual(header, ["date", "kind", "name"])
            dates = [row[0] for row in rows]
            self.assertEqual(dates, sorted(set(dates)), year)
            for date, kind, name in rows:
                self.assertEqual(datetime.date.fromisoformat(date).year, year)
                self.assertIn(kind, {"holiday", "rest", "workday"})
                self.assertTrue(name)

    def test_only_weekends_are_worked_instead(self):
        for year, (_, *rows) in self.years.items():
            worked = [datetime.date.fromisoformat(row[0]) for row in rows if row[1] == "workday"]
            self.assertTrue(4 <= len(worked) <= 9, year)
            self.assertTrue(all(date.weekday() >= 5 for date in worked), year)

    def test_every_working_weekend_pays_for_a_weekday_off(self):
        off = worked = 0
        for _, *rows in self.years.values():
            for date, kind, _ in rows:
                worked += kind == "workday"
                off += kind == "rest" and datetime.date.fromisoformat(date).weekday() < 5
        # Not year by year: a break may cross the year's end, and a statutory day on a weekend is made up for by a weekday.
        self.assertGreaterEqual(off, worked)

    def test_statutory_days_are_those_of_the_regulation(self):
        for year, (_, *rows) in self.years.items():
            holidays = [row for row in rows if row[1] == "holiday"]
            days = sum(len(name.split("、")) for _, _, name in holidays)
            self.assertEqual(days, STATUTORY_DAYS + (2 if year >= 2025 else 0), year)
            self.assertIn([f"{year}-01-01", "holiday", "元旦"], holidays)


class Dictionaries(unittest.TestCase):
    def test_codes_are_unique_and_every_entry_has_a_title(self):
        files = sorted((CONF / "dictionaries").glob("*.csv"))
        self.assertEqual(len(files), 11)
        for path in files:
            header, *rows = rows_of(path)
            more = ["decimals", "may_expire"] if path.stem == "account" else []
            self.assertEqual(header, ["code", "title", *more], path.name)
            self.assertTrue(all(len(row) == len(header) and row[1].strip() for row in rows), path.name)
            codes = [row[0] for row in rows]
            self.assertEqual(len(set(codes)), len(codes), path.name)

    def test_the_readme_names_every_file(self):
        text = (CONF / "dictionaries" / "README.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`([a-z_]+\.csv)`", text))
        self.assertEqual(named, {path.name for path in (CONF / "dictionaries").glob("*.csv")})


if __name__ == "__main__":
    unittest.main()
