"""policy check, test and new, as a person uses them: what is wrong with a file, the lines its cases never reach, a file to
begin with. Files that are no text of Lua are said to be what they are, and the daemon goes on."""

import json
import unittest

from harness import QueryError, CityTest, ROOT
from volunteerctl_test import DONE, REFUSED, USAGE, control, on_terminal, plain_lines

KINDS = ("registration", "eligibility", "acceptance", "points", "redemption", "star_rating", "standing", "honour",
         "assessment", "bulletin")
RULE = """return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = { ["2018-01-01"] = { hours = 1 } },
  decide = function(volunteer, parameters)
    if volunteer.stars > 3 then
      return 5
    end
    return parameters.hours - 1
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
"""


class PolicyFileTest(CityTest):
    def control(self, *arguments, expect=DONE, **more):
        result = control(self.city.runtime, *arguments, folder=self.folder, **more)
        self.assertEqual(result.returncode, expect, result.stdout + result.stderr)
        return result

    def file(self, data, name="rule.lua"):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path


class Check(PolicyFileTest):
    def test_a_fact_that_does_not_exist_is_said_with_its_line_where_no_case_reaches_it(self):
        path = self.file(RULE.replace("return 5", "return volunteer:minuets({})"))
        said = self.control("policy", "check", path, expect=REFUSED).stderr
        self.assertIn(f"{path}:8: volunteer has no fact 'minuets': did you mean 'minutes'? [unknown_fact]", said)

    def test_a_parameter_that_does_not_exist_is_said_with_its_line(self):
        path = self.file(RULE.replace("return 5", "return parameters.huors"))
        self.assertIn(f"{path}:8: the parameter 'huors' is in no set and in no description: did you mean 'hours'?",
                      self.control("policy", "check", path, expect=REFUSED).stderr)

    def test_a_warning_refuses_nothing(self):
        path = self.file(RULE.replace("{ hours = 1 }", "{ hours = 1, days = 2 }"))
        done = self.control("policy", "check", path)
        self.assertIn(f"{path}:5: warning: the parameter 'days' is never read", done.stderr)
        self.assertIn("may be activated", done.stdout)
        answer = self.city.query("policy.activate", text=path.read_text(), by="clerk:1")
        self.assertEqual(answer["revision"], "rule:1")

    def test_a_file_of_policy_dir_is_checked_by_its_name(self):
        verdict = self.city.query("policy.check", file="star_rating.lua")
        self.assertEqual((verdict["ok"], verdict["policy"]), (True, "star_rating"))
        for name in ("../policies/star_rating.lua", "none.lua", ".lua", "a/b.lua", "/etc/passwd", ""):
            with self.subTest(name), self.assertRaises(QueryError) as raised:
                self.city.query("policy.check", file=name)
            self.assertIn(raised.exception.data["code"], ("out_of_range", "missing_field"))


class Forms(PolicyFileTest):
    """What editors, mailers and disks make of a file."""

    def assert_refused(self, data, code, *words):
        path = self.file(data)
        said = self.control("policy", "check", path, expect=REFUSED).stderr
        for word in words:
            self.assertIn(word, said)
        try:  # over the bus, where the bytes can travel
            verdict = self.city.query("policy.check", text=data.decode() if isinstance(data, bytes) else data)
            self.assertFalse(verdict["ok"])
            self.assertIn(code, [complaint["code"] for complaint in verdict["complaints"]])
        except (UnicodeDecodeError, AssertionError) as error:
            if isinstance(error, AssertionError):
                self.assertRegex(str(error), "not JSON|too_large")
        except QueryError as error:
            self.assertIn(error.data["code"], ("out_of_range", "too_long", "malformed_json"))
        self.file(data, self.city.policies / "odd.lua")  # and where it stands in the folder
        try:
            verdict = self.city.query("policy.check", file="odd.lua")
            self.assertEqual(verdict["complaints"][0]["code"], code)
        except QueryError as error:
            self.assertEqual((code, error.data["code"]), ("too_long", "too_long"))

    def test_empty(self):
        for data in ("", "\n \t\r\n", "\ufeff\n"):
            self.assert_refused(data, "empty", "the file is empty", "policy new KIND")

    def test_one_mebibyte(self):
        self.assert_refused("-- long\n" * (1 << 17), "too_long", "longer than 256 KiB")
        self.assert_refused(RULE + "--" + "x" * (1 << 20), "too_long", "longer than 256 KiB")
        self.assert_refused("x" * (8 << 20), "too_long", "longer than 256 KiB")

    def test_binary(self):
        self.assert_refused(bytes(range(1, 256)) * 8, "not_utf8", "is not UTF-8")
        self.assert_refused(b"\x7fELF\x02\x01\x01\x00\x03" + bytes(64) + RULE.encode(), "zero_byte", "a zero byte")

    def test_compiled_lua(self):
        self.assert_refused(b"\x1bLuaT\x00\x19\x93\r\n\x1a\n\x04\x08\x08xV", "bytecode", "compiled Lua")

    def test_utf_16(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
            self.assert_refused(RULE.encode(encoding), "utf_16", "UTF-16", "save it as UTF-8")

    def test_gb18030_and_other_bytes_that_are_no_utf_8(self):
        self.assert_refused(RULE.replace('"t"', '"星级"').encode("gb18030"), "not_utf8", ":4:", "not UTF-8")

    def test_a_zero_byte_within(self):
        self.assert_refused(RULE.replace('"t"', '"t\0"').encode(), "zero_byte", ":4:", "zero byte")

    def test_a_mark_at_the_beginning_is_fine(self):
        text = "\ufeff" + RULE
        self.control("policy", "check", self.file(text))
        self.assertEqual(self.city.query("policy.activate", text=text.replace('"rule"', '"marked"'))["revision"], "marked:1")

    def test_lines_of_windows_are_fine_and_counted_once(self):
        text = RULE.replace("\n", "\r\n")
        self.control("policy", "check", self.file(text))
        said = self.control("policy", "check", self.file(text.replace("return 5", "return os.time()")), expect=REFUSED).stderr
        self.assertIn("rule.lua:8:", said)

    def test_ten_thousand_cases(self):
        case = '{ name = "x", given = {}, expect = 0 },'
        path = self.file(RULE.replace("cases = {", "cases = { " + case * 5000))
        self.assertIn("5001 are too many: at most 500", self.control("policy", "check", path, expect=REFUSED).stderr)
        self.assert_refused(RULE.replace("cases = {", "cases = { " + case * 10000), "too_long")

    def test_deep_nesting(self):
        for text in ("return " + "{" * 5000, "return " + "(" * 5000 + "1" + ")" * 5000, "return " + "-" + "- " * 5000 + "1",
                     "return " + "function() return " * 5000 + "1" + " end" * 5000, "do " * 5000 + "end " * 5000,
                     "return " + "{" * 150 + "}" * 150, "return 1" + "^1" * 5000, "return 'a'" + "..'a'" * 5000):
            with self.subTest(text[:20]):
                said = self.control("policy", "check", self.file(text), expect=REFUSED).stderr
                self.assertNotIn("check_ended", said)
        self.assertIn("too deep within each other",
                      self.control("policy", "check", self.file("return " + "{" * 5000), expect=REFUSED).stderr)


class Test(PolicyFileTest):
    def test_cases_and_the_lines_that_never_ran(self):
        path = self.file(RULE)
        answer = json.loads(self.control("policy", "test", path, "--json").stdout)
        self.assertEqual(answer["items"][0]["coverage"], {"lines": 3, "run": 2, "missed": [8]})
        said = self.control("policy", "test", path).stdout
        self.assertIn(f"{path}: 2 of 3 lines ran in the cases.\n  line 8 never ran\n", said)
        self.assertTrue(said.endswith("1 cases, 0 failed.\n"), said)

    def test_a_person_sees_what_stands_on_the_line(self):
        code, written = on_terminal(self.city.runtime, "policy", "test", str(self.file(RULE)))
        self.assertEqual(code, DONE)
        self.assertIn("  line 8 never ran:       return 5", plain_lines(written))

    def test_a_case_that_fails_exits_1(self):
        path = self.file(RULE.replace("expect = 0", "expect = 1"))
        done = self.control("policy", "test", path, expect=REFUSED)
        self.assertIn("expected stars = 1; the policy answered: stars = 0", done.stdout)
        self.assertIn("1 cases, 1 failed.", done.stdout)

    def test_cases_are_asked_by_the_parameters_of_their_day(self):
        text = RULE.replace('["2018-01-01"] = { hours = 1 }', '["2018-01-01"] = { hours = 1 }, ["2019-01-01"] = { hours = 3 }')
        cases = "".join('{ name = "%s", given = {}, context = { as_of = "%s" }, expect = %d },' % case for case in
                        (("first", "2018-01-01", 0), ("last", "2018-12-31", 0), ("new", "2019-01-01", 2)))
        path = self.file(text.replace('{ name = "one", given = {}, expect = 0 }', cases))
        self.assertIn("3 cases, 0 failed.", self.control("policy", "test", path).stdout)

    def test_without_a_file_every_file_of_the_folder(self):
        answer = json.loads(self.control("policy", "test", "--json").stdout)
        files = {item["file"]: item for item in answer["items"]}
        self.assertLessEqual({path.name for path in (ROOT / "scripts" / "policies").glob("*.lua")}, set(files))
        for name, item in files.items():
            with self.subTest(name):
                self.assertTrue(item["ok"])
                self.assertEqual(item["coverage"]["missed"], [])

    def test_a_policy_in_force_by_its_name(self):
        self.assertIn("0 failed.", self.control("policy", "test", "star_rating").stdout)
        self.control("policy", "test", "nothing", expect=REFUSED)


class New(PolicyFileTest):
    def test_every_kind_passes_its_check_as_it_is_written(self):
        for kind in KINDS:
            with self.subTest(kind):
                name = "bulletin_campaign" if kind == "bulletin" else f"new.{kind}"
                self.control("policy", "new", kind, name)
                text = (self.folder / f"{name}.lua").read_text()
                self.assertRegex(text, "-- [^\n]*[\u4e00-\u9fff]")
                done = self.control("policy", "test", f"{name}.lua")
                self.assertEqual(done.stderr, "")
                self.assertNotIn("never ran", done.stdout)
                verdict = self.city.query("policy.check", text=text)
                self.assertEqual((verdict["ok"], verdict["policy"], verdict["kind"], verdict["complaints"]),
                                 (True, name, kind, []))

    def test_the_name_is_that_of_the_kind(self):
        self.control("policy", "new", "star_rating")
        self.assertIn('name = "star_rating"', (self.folder / "star_rating.lua").read_text())

    def test_nothing_is_written_over(self):
        path = self.file("-- mine\n", "points.lua")
        self.assertIn("is there already", self.control("policy", "new", "points", expect=REFUSED).stderr)
        self.assertEqual(path.read_text(), "-- mine\n")
        self.control("policy", "new", "points", "--output", "other.lua")
        self.assertIn("kind = \"points\"", (self.folder / "other.lua").read_text())

    def test_it_can_be_printed(self):
        self.assertIn('kind = "points"', self.control("policy", "new", "points", "--output", "-").stdout)

    def test_refusals(self):
        self.control("policy", "new", "stars", expect=USAGE)
        self.control("policy", "new", "points", "a/b", expect=REFUSED)
        self.control("policy", "new", "points", "名", expect=REFUSED)


if __name__ == "__main__":
    unittest.main()
