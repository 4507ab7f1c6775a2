"""record import and import undo: one sign-in sheet, one command, and the way back."""
import json
import pathlib
import tempfile
import unittest

from eligibility_test import PeopleTest
from harness import COMMUNITY, identity_number
from volunteerctl_test import DONE, REFUSED, USAGE, control

HEADING = "姓名,身份证号,电话,志愿者编号,签到,签退\n"
DAY = "2018-08-23"


class SheetTest(PeopleTest):
    def setUp(self):
        super().setUp()
        self.activity("a:1", day=DAY, starts=9, ends=12)
        self.city.on("2018-08-24")
        self.stored("document.registered", document="d:1", title="通知", number="1号", issued_by="市文明办", on=DAY)  # it is that day now
        folder = tempfile.TemporaryDirectory(prefix="vd-sheet-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def sheet(self, lines, heading=HEADING, encoding="utf-8", name="签到表.csv"):
        path = self.folder / name
        path.write_bytes((heading + "".join(line + "\n" for line in lines)).encode(encoding))
        return path

    def command(self, *arguments):
        return control(self.city.daemon.runtime, *arguments)

    def enter(self, path, *more, activity="a:1", expect=DONE):
        """The summary that --json gives."""
        arguments = ["--activity", activity] if activity else []
        done = self.command("record", "import", path, *arguments, "--by", "clerk:1", "--json", *more)
        self.assertEqual(done.returncode, expect, done.stderr + done.stdout)
        return json.loads(done.stdout) if done.stdout.strip() else done.stderr

    def number(self, serial):
        return identity_number(serial, born="19851123")

    def minutes(self, volunteer):
        return self.ask("volunteer.get", volunteer=volunteer)["minutes"]


class Entered(SheetTest):
    def test_forty_lines_with_walk_ins_in_one_command(self):
        lines = [f"无名,,,v:{n},9:00,11:00" for n in (1, 2, 3)]
        lines += [f"路人{n},{self.number(n)},,,９：０５,１１点０５分" for n in range(1, 38)]
        done = self.enter(self.sheet(lines))
        self.assertEqual((done["lines"], done["recorded"], done["walk_ins"], done["rejected"]), (40, 40, 37, 0))
        self.assertEqual([self.minutes(f"v:{n}") for n in (1, 2, 3)], [120] * 3)
        record = self.ask("record.get", record=f"{done['batch']}:5")
        self.assertEqual((record["minutes"], record["starts"], record["method"], record["batch"]),
                         (120, f"{DAY}T09:05:00+08:00", "import", done["batch"]))
        person = self.ask("volunteer.get", volunteer=record["volunteer"])
        self.assertEqual((person["state"], person["region"], person["registered_by"], person["born"]),
                         ("registered", COMMUNITY, "org:1", "1985-11"))
        self.assert_replay_agrees()

    def test_the_same_sheet_again_stores_nothing(self):
        path = self.sheet([f"路人,{self.number(1)},,,9:00,11:00", "无名,,,v:1,9:00,11:00"])
        before = self.enter(path)
        again = self.enter(path)
        self.assertEqual((again["recorded"], again["before"], again["batch"]), (0, 2, before["batch"]))
        self.assertEqual(self.minutes("v:1"), 120)

    def test_a_walk_in_of_one_sheet_is_found_by_the_next(self):
        self.enter(self.sheet([f"路人,{self.number(1)},,,9:00,10:00"]))
        done = self.enter(self.sheet([f"路人,{self.number(1)},,,10:00,11:00"], name="二.csv"))
        self.assertEqual((done["recorded"], done["walk_ins"]), (1, 0))

    def test_a_sheet_in_gb18030(self):
        done = self.enter(self.sheet([f"路人甲,{self.number(1)},,,9:00,11:00"], encoding="gb18030"))
        self.assertEqual(done["walk_ins"], 1)

    def test_who_left_before_coming_left_on_the_next_day(self):
        self.activity("a:night", day="2018-08-22", starts=22, ends=23)
        self.enter(self.sheet(["无名,,,v:1,22:30,1:30"]), activity="a:night")
        record = self.ask("record.list", volunteer="v:1")["items"][0]
        self.assertEqual((record["starts"], record["ends"]), ("2018-08-22T22:30:00+08:00", "2018-08-23T01:30:00+08:00"))

    def test_what_the_rule_holds_is_counted(self):
        self.enter(self.sheet(["无名,,,v:1,9:00,11:00"]))
        done = self.enter(self.sheet(["无名,,,v:1,10:00,12:00"], name="二.csv"))
        self.assertEqual(done["held"], 1)

    def test_an_activity_that_nobody_announced(self):
        path = self.sheet(["无名,,,v:1,14:00,16:30", "无名,,,v:2,13:50,16:00"])
        done = self.enter(path, "--new-activity", "清扫小区", "--organisation", "org:1", "--category", "ecology", "--region",
                          COMMUNITY, "--reason", "临时组织,未及发布", "--on", "2018-08-20", activity=None)
        self.assertEqual(done["recorded"], 2)
        activity = self.ask("activity.get", activity=done["batch"])
        self.assertEqual((activity["title"], activity["starts"], activity["ends"], activity["retrospective"]),
                         ("清扫小区", "2018-08-20T13:50:00+08:00", "2018-08-20T16:30:00+08:00", {"reason": "临时组织,未及发布"}))

    def test_a_dry_run_sends_nothing(self):
        done = self.enter(self.sheet([f"路人,{self.number(1)},,,9:00,11:00", "无名,,,v:1,9:00,11:00"]), "--dry-run")
        self.assertEqual((done["walk_ins"], done["recorded"], done["dry_run"]), (1, 0, True))
        self.assertEqual(self.ids("batch.list", "batch"), [])
        self.assertEqual(self.minutes("v:1"), 0)


class Refused(SheetTest):
    def assert_said(self, lines, *words, heading=HEADING):
        path = self.sheet(lines, heading)
        done = self.command("record", "import", path, "--activity", "a:1", "--by", "clerk:1")
        self.assertEqual(done.returncode, REFUSED, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(self.ids("batch.list", "batch"), [])

    def test_every_mistake_is_said_with_its_line_and_nothing_is_sent(self):
        self.assert_said(["甲,,,v:1,9:00,", "乙,,,v:2,25:00,11:00", "丙,,,,9:00,11:00", "丁,,,v:3,9:00,11:00"],
                         ":2: column ends", "who did not sign out", ":3: column starts", "25:00", ":4:", "neither")

    def test_more_minutes_than_between_coming_and_leaving(self):
        self.assert_said(["v:1,9:00,11:00,121"], ":2: column minutes", "120", heading="志愿者编号,签到,签退,分钟\n")

    def test_a_person_who_stands_twice(self):
        self.assert_said(["甲,,,v:1,9:00,10:00", "甲,,,v:1,10:00,11:00"], ":3:", "line 2")

    def test_a_walk_in_without_a_name(self):
        self.assert_said([f",{self.number(9)},,,9:00,10:00"], ":2:", "walk-in")

    def test_a_sheet_without_the_columns(self):
        self.assert_said(["甲,9:00"], "starts", heading="姓名,时间\n")

    def test_a_wrong_number_is_refused_by_itself_and_the_others_are_entered(self):
        wrong = self.number(5)[:-1] + ("0" if self.number(5)[-1] != "0" else "1")
        path = self.sheet([f"路人,{wrong},,,9:00,11:00", "无名,,,v:1,9:00,11:00"])
        done = self.command("record", "import", path, "--activity", "a:1", "--by", "clerk:1")
        self.assertEqual(done.returncode, REFUSED)
        self.assertIn(":2:", done.stderr)
        self.assertIn("bad_identity_number", done.stderr)

    def test_what_the_command_needs(self):
        path = self.sheet(["无名,,,v:1,9:00,11:00"])
        for arguments in ([], ["--activity", "a:1"], ["--by", "c:1"], ["--by", "c:1", "--new-activity", "x"],
                          ["--by", "c:1", "--activity", "a:1", "--new-activity", "x"]):
            self.assertEqual(self.command("record", "import", path, *arguments).returncode, USAGE, arguments)


class Undo(SheetTest):
    def test_a_sheet_is_taken_back_whole(self):
        done = self.enter(self.sheet([f"路人,{self.number(1)},,,9:00,11:00", "无名,,,v:1,9:00,11:00"]))
        undone = self.command("import", "undo", done["batch"], "--by", "clerk:2")
        self.assertEqual(undone.returncode, DONE, undone.stderr)
        self.assertIn("3 events", undone.stdout)
        self.assertEqual(self.minutes("v:1"), 0)
        listed = self.command("import", "list", "--state", "undone")
        self.assertIn(done["batch"], listed.stdout)
        self.assertIn("undone", self.command("import", "show", done["batch"]).stdout)
        self.assertEqual(self.command("import", "undo", done["batch"], "--by", "clerk:2").returncode, REFUSED)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
