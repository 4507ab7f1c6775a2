"""Files and command lines that were not made for us: policies, spreadsheets, lists of events, words. A program that is given
one says what is wrong and ends with a code of its own, never by a signal; the daemon goes on."""

import json
import random
import subprocess
import unittest

from harness import CONTROL, PATIENCE, ROOT, CityTest, QueryError, service, volunteer

HOSTILE = ROOT / "tests" / "policy" / "hostile"
REFUSED, USAGE = 1, 2


def control(runtime, *arguments, text=None):
    """Run to its end; bytes, because what it repeats may be anything."""
    return subprocess.run([str(CONTROL), *arguments, "--runtime", str(runtime)], capture_output=True, timeout=PATIENCE,
                          input=text if isinstance(text, bytes) else (text or "").encode())


class Policies(CityTest):
    """Each file of tests/policy/hostile is checked, and activated where the check lets it through."""

    def test_no_hostile_policy_harms_the_daemon(self):
        before = self.city.query("status")
        refused = activated = 0
        for number, path in enumerate(sorted(HOSTILE.glob("*.lua"))):
            with self.subTest(path.name):
                text = path.read_text(encoding="utf-8", errors="surrogateescape")
                try:
                    text.encode()
                except UnicodeEncodeError:
                    continue
                verdict = self.city.query("policy.check", text=text, file=path.name)
                self.assertIsInstance(verdict["ok"], bool)
                if not verdict["ok"]:
                    said = [c["message"] for c in verdict["complaints"]] + [c.get("failure") or c["name"] for c in verdict["cases"]]
                    self.assertTrue(any(said), verdict)
                try:
                    self.city.query("policy.activate", text=text, file=path.name, by="clerk:1")
                    self.assertTrue(verdict["ok"], "activated although the check refuses it")
                    activated += 1
                except QueryError as error:
                    self.assertIn(error.data["code"], ("policy_refused", "wrong_state", "already_exists", "out_of_range"))
                    self.assertTrue(error.message)
                    refused += 1
                result = self.city.publish_one(service(f"hp:{number}", "v1", f"2022-{number // 28 + 1:02}-{number % 28 + 1:02}"
                                                       "T09:00:00+08:00", f"2022-{number // 28 + 1:02}-{number % 28 + 1:02}"
                                                       "T10:00:00+08:00"))
                self.assertEqual(result["status"], "stored", "a bad rule stops no event")
        self.assertGreater(refused, 10)
        after = self.city.query("status")
        self.assertEqual(after["started"], before["started"])
        self.assertEqual(after["counts"]["record"] - before["counts"]["record"], refused + activated)
        self.assertIs(self.city.run_job("journal.replay")["result"]["identical"], True)

    def test_texts_that_are_no_policy(self):
        for text in ("return {", "", " ", "\x1bLua", "return", "return 7", "return {}", "{", "--", "(" * 5000, "return " + "{" * 300,
                     "error('x')", "error({})", "error()", "while true do end", "local t = {} while true do t[#t+1] = ('x'):rep(1e6) end",
                     "goto x ::x:: goto x", "return setmetatable({}, {__index = function() error() end})",
                     "local function f() return f() end return f()", "return string.rep('x', 1 << 40)", "return {name = '\\0'}",
                     "\u202ereturn {}", "return { name = 'x', kind = 'star_rating', title = 'x', decide = 5 }"):
            with self.subTest(text[:30]):
                try:
                    verdict = self.city.query("policy.check", text=text)
                    self.assertFalse(verdict["ok"])
                    self.assertTrue(verdict["complaints"])
                except QueryError as error:
                    self.assertIn(error.data["code"], ("out_of_range", "wrong_type"))
                with self.assertRaises(QueryError) as raised:
                    self.city.query("policy.activate", text=text)
                self.assertIn(raised.exception.data["code"], ("policy_refused", "out_of_range", "wrong_type"))


class Spreadsheets(CityTest):
    HEADS = {"region": "code,name,level,parent,urban_rural,kind", "dictionary": "code,title", "calendar": "date,kind,name"}
    ROWS = {"region": "620502001098,社区,5,620502001000,111,", "dictionary": "bad1,标题", "calendar": "2031-05-01,holiday,劳动节"}

    def run_import(self, kind, data):
        path = self.path / f"{kind}.csv"
        path.write_bytes(data)
        words = ["region", "import"] if kind == "region" else [kind, "import"] + (["category"] if kind == "dictionary" else [])
        return control(self.city.runtime, *words, str(path))

    def setUp(self):
        super().setUp()
        self.path = self.folder

    def assert_said(self, done, what):
        self.assertEqual(done.returncode, REFUSED, (what, done.stderr[:500]))
        self.assertTrue(done.stderr.strip(), what)
        done.stderr.decode("utf-8")
        self.assertNotIn(b"\x1b", done.stderr, what)

    def bad(self, kind):
        head, row = self.HEADS[kind], self.ROWS[kind]
        first = row.split(",")[0]
        yield "empty", b""
        yield "blank", b"\n\n\n"
        yield "no head", row.encode()
        yield "other head", b"a,b,c\n1,2,3\n"
        yield "a head twice", f"{head},{head.split(',')[0]}\n{row},{first}\n".encode()
        yield "a quote that does not end", f'{head}\n"{row}\n'.encode()
        yield "text after a quote", f'{head}\n"{first}"x{row[len(first):]}\n'.encode()
        yield "a zero byte", f"{head}\n{first}\0{row[len(first):]}\n".encode()
        yield "a control character", f"{head}\n{first}\x1b[31m{row[len(first):]}\n".encode()
        yield "neither UTF-8 nor GB18030", f"{head}\n{first},".encode() + b"\xff\xff\xff" + b"\n"
        yield "UTF-16", f"{head}\n{row}\n".encode("utf-16")
        yield "too few columns", f"{head}\n{first}\n".encode()
        yield "too many columns", f"{head}\n{row},x,y,z\n".encode()
        if kind != "region":  # there the second is an event that is known
            yield "a row twice", f"{head}\n{row}\n{row.replace('社区', '别的').replace('标题', '别的').replace('劳动', '别的')}\n".encode()
        yield "a long field", f"{head}\n{first},{'x' * 10_000_000}\n".encode()
        yield "many columns", (head + "," * 1_000_000).encode() + b"\n"
        yield "a spreadsheet's own file", b"PK\x03\x04" + bytes(range(256)) * 20
        yield "JSON", b'[{"code": 1}]'

    def test_spreadsheets_that_are_wrong_are_refused_with_their_place(self):
        before = self.city.query("status")["sequence"]
        for kind in self.HEADS:
            for what, data in self.bad(kind):
                with self.subTest(f"{kind}: {what}"):
                    self.assert_said(self.run_import(kind, data), what)
        self.assertEqual(self.city.query("status")["sequence"], before, "nothing of a wrong file is sent")

    def test_noise_in_a_spreadsheet_ends_no_program(self):
        chance = random.Random(1)
        for number in range(60):
            kind = ("region", "dictionary", "calendar")[number % 3]
            data = bytearray(f"{self.HEADS[kind]}\n{self.ROWS[kind]}\n".encode() * 3)
            for _ in range(chance.randint(1, 5)):
                data[chance.randrange(len(data))] = chance.choice((0, 10, 13, 34, 44, 0x80, 0xFF, chance.randrange(256)))
            done = self.run_import(kind, bytes(data))
            self.assertIn(done.returncode, (0, REFUSED), (bytes(data), done))

    def test_what_is_no_file(self):
        for kind in ("region import", "dictionary import category", "calendar import", "publish", "policy check", "station plan"):
            for path in (str(self.folder), str(self.folder / "none"), "/proc/self/mem", ""):
                with self.subTest(f"{kind} {path}"):
                    done = control(self.city.runtime, *kind.split(), path)
                    self.assertIn(done.returncode, (REFUSED, USAGE), done)
                    self.assertTrue(done.stderr.strip())


class Lines(CityTest):
    def publish(self, data):
        return control(self.city.runtime, "publish", "-", text=data)

    def test_lines_that_are_no_events(self):
        good = json.dumps(volunteer("bl:1")).encode()
        for line in (b"{", b"7", b"null", b"\xff\xfe", b"x\x00", b"[]", b"[{}]", b'"' * 1000, b"{}" * 1000, b"[" * 100000,
                     b'{"id":"\\ud800"}', b" " * 100000 + b"x", b'{"a":1e999}'):
            with self.subTest(line[:20]):
                done = self.publish(line + b"\n" + good + b"\n")
                self.assertEqual(done.returncode, REFUSED, done)
                self.assertTrue(done.stderr.strip())

    def test_a_line_of_ten_megabytes(self):
        done = self.publish(json.dumps(volunteer("bl:2", ext={"x": "y" * 10_000_000})).encode())
        self.assertEqual(done.returncode, REFUSED, done.stderr[:1000])
        self.assertTrue(done.stderr.strip())

    def test_noise_ends_no_program(self):
        chance = random.Random(2)
        for _ in range(20):
            done = self.publish(chance.randbytes(chance.randrange(0, 5000)))
            self.assertIn(done.returncode, (0, REFUSED), done)


class Words(CityTest):
    WORDS = ("", "-", "--", "---", "--json", "--json=x", "--timeout", "--timeout=-1", "--timeout=99999999999999999999", "--limit", "--limit=0",
             "--limit=1e3", "--as-of", "--as-of=2023-02-29", "--runtime", "list", "show", "send", "report", "record", "region", "volunteer",
             "volunteer.registered", "stars", "explain", "policy", "bulletin", "x=y", "=", "=x", "region=", "region=\x1b[31m",
             "volunteer=%s%n%s", "id=" + "x" * 3000, "../../etc/passwd", "志愿者", "\udcff\udcfe", "a b", "\n", "*", "$(id)", "--help",
             "--by", "clerk:1", "time=9999-12-31T23:59:59Z", "minutes=99999999999999999999", "minutes=-1", "data={}", "identity.name=x", "[]")

    def test_no_words_make_it_crash(self):
        chance = random.Random(3)
        for _ in range(250):
            words = [chance.choice(self.WORDS) for _ in range(chance.randint(0, 5))]
            if {"watch", "activate", "restore"} & set(words):
                continue
            with self.subTest(words):
                arguments = [w.encode("utf-8", "surrogateescape") for w in words]
                done = control(self.city.runtime, *arguments, "--timeout", "5")
                self.assertIn(done.returncode, (0, REFUSED, USAGE, 3), done)
                if done.returncode:
                    self.assertTrue(done.stderr.strip(), done)

    def test_numbers_and_dates_of_the_command_line_are_checked(self):
        for words in (["list", "region", "--limit", "x"], ["status", "--timeout", "x"],
                      ["status", "--timeout", "-1"], ["list", "volunteer", "nonsense=1"], ["list", "nonsense"], ["show", "region"],
                      ["report", "stars", "--as-of", "2023-02-29"], ["report", "stars", "--as-of", "yesterday"],
                      ["send", "no.such"], ["send", "volunteer.registered", "volunteer"], ["send", "volunteer.registered", "=x"],
                      ["record", "review", "none", "perhaps", "--by", "clerk:1"], ["journal", "nonsense"]):
            with self.subTest(words):
                done = control(self.city.runtime, *words)
                self.assertIn(done.returncode, (REFUSED, USAGE), done)
                self.assertTrue(done.stderr.strip())


if __name__ == "__main__":
    unittest.main()
