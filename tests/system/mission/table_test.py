"""The table of the mission: every row has all that serves it, and nothing in it is a word alone."""
import re
import subprocess
import unittest

import mission  # noqa: F401
from harness import CONTROL, ROOT

FOLDER = ROOT / "tests" / "system" / "mission"
ROWS = set(range(1, 79))  # all that the city asked for
# Commands of one word, and verbs that stand behind a noun named before ("`end`").
GENERIC = {"list", "show", "send"}


def table():
    for line in (FOLDER / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and cells[0].isdigit():
            yield int(cells[0]), cells[1:]


class Table(unittest.TestCase):
    def test_every_row_says_what_serves_it(self):
        rows = dict(table())
        self.assertEqual(set(rows), ROWS)
        for number, (words, events, _, commands, scenario) in rows.items():
            for cell in (words, events, commands, scenario):
                self.assertTrue(cell, f"row {number} has an empty cell")

    def test_scenarios_are_there_and_all_of_them_are_named(self):
        named = set(re.findall(r"`([a-z0-9_]+_test\.py)`", (FOLDER / "README.md").read_text()))
        there = {file.name for file in FOLDER.glob("*_test.py")} - {"table_test.py"}
        self.assertEqual(named, there)

    def test_events_are_of_the_catalogue(self):
        types = set(re.findall(r'T\([0-9]+, [a-z_]+, "([a-z_.]+)"', (ROOT / "core" / "event" / "types.h").read_text()))
        nouns = {name.split(".")[0] for name in types}
        for number, (_, events, _, _, _) in table():
            for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", events):
                self.assertIn(name, types, f"row {number}")
            for noun in re.findall(r"`([a-z_]+)\.\*`", events):
                self.assertIn(noun, nouns, f"row {number}")

    def test_commands_are_those_of_the_program(self):
        printed = subprocess.run([CONTROL, "--help"], capture_output=True, text=True, check=True).stdout
        known = set(re.findall(r"^  ([a-z]+(?: [a-z_-]+)?)(?= {2,}| [A-Z\[])", printed, re.M))
        for number, (_, _, _, commands, _) in table():
            for command in re.findall(r"`([a-z]+ [a-z_-]+)", commands):
                noun = command.split()[0]
                self.assertTrue(command in known or noun in GENERIC, f"row {number}: {command}")


if __name__ == "__main__":
    unittest.main()
