"""volunteerctl against the real daemon: what each command prints, its exit codes, and that it survives whatever answers.
"""

import fcntl
import json
import os
import pty
import re
import shutil
import select
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unicodedata
import unittest

import zmq

import harness
from harness import COMMUNITY, CITY, CONTROL, COUNTY, PATIENCE, ROOT, CityTest, DaemonTest, event

DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3
POLICIES = ROOT / "scripts" / "policies"
PROMPT = re.compile(rb"(?:\n|\x1b\[0m)> |\[y/N\] ")


def control(runtime, *arguments, text=None, timeout=PATIENCE, language="C.UTF-8", folder=None):
    """Runs volunteerctl in a pipe; never coloured, never asked."""
    return subprocess.run(
        [str(CONTROL), *map(str, arguments), "--runtime", str(runtime)],
        input=text,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=folder,
        env={**os.environ, "LC_ALL": language},
    )


def on_terminal(runtime, *arguments, answers="", columns=100, language="C.UTF-8"):
    """Runs volunteerctl on a terminal of its own; (exit code, everything it wrote). `answers` are typed when the prompt
    is seen."""
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.environ.update({"TERM": "xterm", "LC_ALL": language})
        os.execv(CONTROL, [str(CONTROL), *map(str, arguments), "--runtime", str(runtime)])
    written = b""
    answered = 0
    lines = answers.split("\n") if answers else []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the program has ended
            break
        written += piece
        while answered < len(lines) and len(PROMPT.findall(written)) > answered:
            os.write(terminal, (lines[answered] + "\n").encode())
            answered += 1
    else:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), written.decode(errors="replace").replace("\r\n", "\n")


def plain_lines(text):
    """What stands on the terminal, without colours."""
    return [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip("\r") for line in text.split("\n")]


def width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

PLAIN = os.environ.get("VOLUNTEERD_PRESET", "dev") in ("dev", "release")  # sanitized programs start slowly


class ControlTest(CityTest):
    def control(self, *arguments, expect=DONE, **more):
        result = control(self.city.runtime, *arguments, **more)
        self.assertEqual(result.returncode, expect, result.stdout + result.stderr)
        return result

    def json(self, *arguments, **more):
        return json.loads(self.control(*arguments, "--json", **more).stdout)

    def lines(self, *events):
        """A file of JSON lines."""
        handle = tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False)
        self.addCleanup(os.unlink, handle.name)
        with handle:
            for each in events:
                handle.write((each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)) + "\n")
        return handle.name

    def serve(self, record, volunteer, **more):
        result = self.city.publish_one(harness.service(record, volunteer, **more))
        self.assertEqual(result["status"], "stored", result)


class UsageTest(unittest.TestCase):
    """What needs no daemon."""

    def check(self, expect, *arguments):
        result = control("/nonexistent", *arguments)
        self.assertEqual(result.returncode, expect, result.stdout + result.stderr)
        return result

    def test_help_stands_at_every_level(self):
        self.assertIn("policy activate FILE", self.check(DONE, "--help").stdout)
        self.assertIn("policy history NAME", self.check(DONE, "policy", "--help").stdout)
        self.assertIn("--effective DATE", self.check(DONE, "policy", "activate", "--help").stdout)
        self.assertIn("--effective DATE", self.check(DONE, "help", "policy", "activate").stdout)

    def test_a_mistyped_word_is_answered_with_the_nearest(self):
        for arguments, meant in (
            (["polcy", "list"], "policy"),
            (["policy", "chek", "x"], "check"),
            (["region", "tree", "--dept", "1"], "--depth"),
            (["show", "volunter", "x"], "volunteer"),
            (["report", "stars", "--by", "countys"], "county"),
            (["send", "service.recordd"], "service.recorded"),
            (["send", "service.revoked", "recrd=x"], "record"),
            (["list", "volunteer", "regoin=x"], "region"),
        ):
            self.assertIn(meant, self.check(USAGE, *arguments).stderr)

    def test_what_is_typed_wrong_is_explained(self):
        self.assertIn("whole number", self.check(USAGE, "publish", "x", "--batch", "0").stderr)
        self.assertIn("date like", self.check(USAGE, "policy", "activate", "x", "--effective", "soon").stderr)
        self.assertIn("--by", self.check(USAGE, "record", "review", "r", "accepted").stderr)
        self.assertIn("accepted, refused", self.check(USAGE, "record", "review", "r", "perhaps", "--by", "x").stderr)
        self.assertIn("NAME=VALUE", self.check(USAGE, "list", "volunteer", "five").stderr)
        self.assertIn("too much", self.check(USAGE, "status", "now").stderr)
        self.check(USAGE)

    def test_commands_are_not_sent(self):
        self.assertIn("policy activate", self.check(USAGE, "send", "policy.activated").stderr)
        self.assertIn("only the daemon", self.check(USAGE, "send", "star.changed").stderr)

    def test_an_absent_daemon_is_named_by_its_socket(self):
        for arguments in (["status"], ["watch"], ["publish", "-"], ["list", "region"], ["journal", "verify"]):
            self.assertIn("/nonexistent/", self.check(UNREACHABLE, *arguments).stderr)

    def test_divisions_are_checked_by_row_and_column(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("code,name,level,parent,urban_rural,kind\n12,x,3,620500000000,,\n620502000000,x,7,,,\n")
            file.flush()
            result = self.check(REFUSED, "region", "import", file.name, "--dry-run")
        self.assertIn(":2: column code", result.stderr)
        self.assertIn(":3: column level", result.stderr)

    def test_the_divisions_of_tianshui_are_well_formed(self):
        file = ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv"
        self.assertIn("2759", self.check(DONE, "region", "import", file, "--dry-run").stdout)


class PublishTest(ControlTest):
    def test_counts_what_became_of_each_event(self):
        good = harness.service("p1", "v1", starts="2023-04-01T09:00:00+08:00", ends="2023-04-01T10:00:00+08:00")
        bad = harness.service("p2", "nobody")
        file = self.lines(good, good, "{no json", "[1]", "", bad)
        summary = self.json("publish", file, expect=REFUSED)
        self.assertEqual((summary["stored"], summary["duplicate"], summary["rejected"]), (1, 1, 3))
        self.assertEqual(summary["codes"], {"malformed_json": 1, "not_an_event": 1, "unknown_volunteer": 1})
        self.assertEqual({e["line"]: e["code"] for e in summary["examples"]}[6], "unknown_volunteer")

    def test_rejections_may_be_expected(self):
        file = self.lines("{no json")
        self.assertIn(":1: malformed_json", self.control("publish", file, "--expect-rejections").stderr)

    def test_stops_at_an_error_where_told_to(self):
        file = self.lines("{no json", *(harness.service(f"stop{i}", "v1") for i in range(3000)))
        summary = self.json("publish", file, "--batch", "1", "--in-flight", "1", "--stop-at-error", expect=REFUSED)
        self.assertLess(summary["events"], 3000)

    def test_reads_standard_input(self):
        day = harness.service("stdin1", "v2", starts="2023-04-02T09:00:00+08:00", ends="2023-04-02T10:00:00+08:00")
        self.assertEqual(self.json("publish", "-", text=json.dumps(day))["stored"], 1)

    def test_a_file_that_is_not_there_is_refused(self):
        self.assertIn("cannot be read", self.control("publish", "/nonexistent", expect=REFUSED).stderr)


class ResumeTest(DaemonTest):
    def test_publishing_goes_on_after_the_daemon_was_killed(self):
        daemon = self.daemon().start()
        daemon.publish(harness.city_events())
        events = self.folder / "events.jsonl"
        with open(events, "w") as file:
            for i in range(5000):
                print(json.dumps(harness.volunteer(f"r:{i}")), file=file)
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [str(CONTROL), "publish", "-", "--json", "--runtime", str(daemon.runtime)],
            stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        os.close(reader)
        lines = events.read_text().splitlines(keepends=True)
        with os.fdopen(writer, "w") as pipe:
            pipe.writelines(lines[:2500])
            pipe.flush()
            harness.eventually(lambda: daemon.query("status")["counts"]["volunteer"] > 1000, "some to arrive")
            daemon.kill()
            daemon.start()
            pipe.writelines(lines[2500:])
        out, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, DONE, errors)
        summary = json.loads(out)
        self.assertEqual(summary["stored"] + summary["duplicate"], 5000)
        self.assertEqual(daemon.query("status")["counts"]["volunteer"], 5003)


class SendTest(ControlTest):
    def test_builds_an_event_from_typed_fields(self):
        self.control("send", "activity.published", "activity=s:a1", "title=清洁", "content=社区清洁", "category=lei_feng",
                     "kind=服务", f"organisation={harness.ORGANISATION}", f"region={COMMUNITY}", "place.text=广场",
                     "starts=2023-05-01 09:00", "ends=2023-05-01T12:00:00+08:00", "places=20", "risk=无",
                     "domains=社区建设", "domains=环境保护", "ext.note=7", "--at", "2023-04-20")
        shown = self.city.query("activity.get", activity="s:a1")
        self.assertEqual(shown["place"], {"text": "广场"})
        self.assertEqual(shown["kind"], "service")
        self.assertEqual(shown["domains"], ["社区建设", "环境保护"])
        self.assertEqual(shown["starts"], "2023-05-01T09:00:00+08:00")

    def test_an_empty_change_removes(self):
        self.control("send", "volunteer.updated", "volunteer=v3", "changes.leader_body=市委")
        self.assertEqual(self.city.query("volunteer.get", volunteer="v3")["leader_body"], "市委")
        self.control("send", "volunteer.updated", "volunteer=v3", "changes.leader_body=")
        self.assertNotIn("leader_body", self.city.query("volunteer.get", volunteer="v3"))

    def test_a_dry_run_stores_nothing(self):
        before = self.city.query("status")["sequence"]
        result = self.control("send", "volunteer.registered", "volunteer=dry", f"region={COMMUNITY}", "--dry-run")
        self.assertIn("would be stored", result.stdout)
        self.assertEqual(self.city.query("status")["sequence"], before)

    def test_says_what_is_missing_and_what_is_wrong(self):
        self.assertIn("region (居住区划)",
                      self.control("send", "volunteer.registered", "volunteer=x", expect=USAGE).stderr)
        self.assertIn("whole number", self.control("send", "service.corrected", "minutes=many", expect=USAGE).stderr)
        self.assertIn("unknown_region", self.control("send", "volunteer.registered", "volunteer=x",
                                                     "region=620599999999", expect=REFUSED).stderr)

    def test_a_terminal_is_asked_until_the_answer_fits(self):
        code, text = on_terminal(self.city.runtime, "send", "service.corrected", "record=nothing",
                                 answers="many\n60\n记错了\nclerk:9\nyes\nno")
        self.assertEqual(code, REFUSED, text)
        self.assertIn("更正后分钟", text)
        self.assertIn("whole number", text)
        self.assertIn("unknown_record", text)


class ReadingTest(ControlTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = harness.service("e1", "v1", starts="2023-03-05T09:00:00+08:00", ends="2023-03-05T12:00:00+08:00")
        overlap = harness.service("e2", "v1", starts="2023-03-05T10:00:00+08:00", ends="2023-03-05T13:00:00+08:00")
        cls.city.publish([first, overlap])

    def test_status_is_a_page_and_an_object(self):
        self.assertIn("running", self.control("status").stdout)
        self.assertEqual(self.json("status")["state"], "running")

    def test_lists_are_plain_in_a_pipe_and_coloured_on_a_terminal(self):
        plain = self.control("list", "volunteer").stdout
        self.assertIn("v1", plain)
        self.assertNotIn("\033", plain)
        code, text = on_terminal(self.city.runtime, "list", "volunteer")
        self.assertEqual(code, DONE)
        self.assertIn("\033[1m", text)

    def test_filters_reach_the_daemon(self):
        found = {v["volunteer"] for v in self.json("list", "volunteer", f"region={COUNTY}")["items"]}
        self.assertLessEqual({"v1", "v2", "v3"}, found)
        self.assertEqual(self.json("list", "volunteer", "stars=5")["items"], [])
        self.assertEqual(self.json("list", "region", "level=社区")["items"][0]["level"], "community")
        self.assertEqual(len(self.json("list", "volunteer", "--limit", "1")["items"]), 1)

    def test_words_follow_the_language_and_codes_never_change(self):
        for language in ("C", "POSIX", "C.UTF-8", "en_GB.UTF-8"):
            text = self.control("show", "volunteer", "v1", language=language).stdout
            self.assertRegex(text, "(?m)^region +620502001001$")
            self.assertRegex(text, "(?m)^state +registered$")
            self.assertIn(" held ", self.control("list", "record", "state=held", language=language).stdout)
        for language in ("zh_CN.UTF-8", "zh_CN", "zh"):  # also where such a locale is not installed
            text = self.control("show", "volunteer", "v1", language=language).stdout
            self.assertRegex(text, "(?m)^居住区划 +620502001001$")
            self.assertIn("已注册 (registered)", text)
            self.assertIn("待核", self.control("list", "record", "state=held", language=language).stdout)
            self.assertIn("待核: ", self.control("explain", "record", "e2", language=language).stdout)
            answer = self.json("list", "record", "state=待核", language=language)
            self.assertEqual({item["state"] for item in answer["items"]}, {"held"})

    def test_show_says_what_is_not_known(self):
        self.assertIn("unknown_volunteer", self.control("show", "volunteer", "nobody", expect=REFUSED).stderr)
        refused = json.loads(self.control("show", "volunteer", "nobody", "--json", expect=REFUSED).stdout)
        self.assertEqual(refused["error"]["data"]["code"], "unknown_volunteer")

    def test_explains_stars_and_records_in_words(self):
        text = self.control("explain", "volunteer", "v1").stdout
        self.assertIn("☆☆☆☆☆", text)
        self.assertIn("3.0 hours", text)
        self.assertIn("e2", text)
        text = self.control("explain", "record", "e2").stdout
        self.assertIn("held: it waits for a review", text)
        self.assertIn("by acceptance:1", text)
        columns = {line.index(word) for line in text.splitlines() for word in ("180", "value", "e1")
                   if re.match(r" {6}(minutes|overlaps|fact read) ", line) and word in line}
        self.assertEqual(len(columns), 1, text)  # facts and values stand below each other

    def test_who_never_served_has_no_records(self):
        text = self.control("explain", "volunteer", "v3").stdout
        self.assertIn("There are no records yet.", text)
        self.assertNotIn("Every record counts", text)

    def test_a_revoked_record_says_why(self):
        self.city.publish_one(harness.volunteer("v7", serial=77))
        self.serve("rv1", "v7", starts="2023-03-08T09:00:00+08:00", ends="2023-03-08T10:00:00+08:00")
        self.assertIn("Every record counts.", self.control("explain", "volunteer", "v7").stdout)
        self.control("send", "service.revoked", "record=rv1", "reason=重复录入", "by=clerk:2")
        self.assertRegex(self.control("explain", "volunteer", "v7").stdout, "rv1 .* revoked +重复录入")
        self.assertIn("revoked: it no longer counts; reason: 重复录入", self.control("explain", "record", "rv1").stdout)

    def test_hours_are_never_rounded_up(self):
        self.city.publish_one(harness.volunteer("v8", serial=78))
        self.serve("almost", "v8", starts="2023-03-09T09:00:00+08:00", ends="2023-03-09T11:59:00+08:00")
        self.assertIn("2.9 hours count", self.control("explain", "volunteer", "v8").stdout)

    def test_tables_fit_the_terminal_and_break_between_words(self):
        for columns in (60, 80, 120):
            for arguments in (["list", "record"], ["list", "volunteer"], ["list", "organisation"], ["record", "held"],
                              ["status"], ["explain", "record", "e2"], ["explain", "volunteer", "v1"], ["policy", "list"],
                              ["schema", "service.recorded"], ["schema", "volunteer.registered"], ["journal", "verify", "--help"],
                              ["show", "activity", "nothing"], ["report", "stars"]):
                _, text = on_terminal(self.city.runtime, *arguments, columns=columns)
                for line in plain_lines(text):
                    self.assertLessEqual(width(line.split("\r")[-1]), columns, f"{arguments}\n{text}")
        _, text = on_terminal(self.city.runtime, "schema", "service.recorded", columns=80)
        self.assertRegex("\n".join(plain_lines(text)), r"(?m)^ {20,}professional 专业人员")
        _, text = on_terminal(self.city.runtime, "list", "volunteer", columns=60)
        self.assertRegex(" ".join(plain_lines(text)), "No room for: .*last service.*--json")

    def test_a_held_record_is_seen_and_reviewed(self):
        self.assertIn("e2", self.control("record", "held").stdout)
        self.assertIn("self_review", self.control("record", "review", "e2", "accepted", "--by", "clerk:1",
                                                  expect=REFUSED).stderr)
        for number, start in ((3, "09"), (4, "10")):
            self.serve(f"h{number}", "v2", starts=f"2023-03-06T{start}:00:00+08:00", ends="2023-03-06T12:00:00+08:00")
        self.control("record", "review", "h4", "refused", "--by", "clerk:2", "--note", "重复")
        self.assertEqual(self.city.query("record.get", record="h4")["state"], "refused")

    def test_the_report_ends_with_the_total(self):
        self.assertIn("total", self.control("report", "stars").stdout.splitlines()[-1])
        rows = self.control("report", "stars", "--format", "csv").stdout.splitlines()
        self.assertEqual(rows[0].split(",")[:3], ["\ufeffregion", "name", "registered"])
        self.assertTrue(rows[-1].startswith(f"{CITY},total,"))

    def test_the_tree_stands_under_the_city(self):
        text = self.control("region", "tree", "--depth", "3").stdout
        self.assertIn(CITY, text.splitlines()[1])
        self.assertIn(COMMUNITY, text)

    def test_schema_is_a_document_in_a_pipe(self):
        self.assertIn("$schema", json.loads(self.control("schema", "service.recorded").stdout))
        self.assertEqual(json.loads(self.control("schema", "--asyncapi").stdout)["asyncapi"][0], "3")
        code, text = on_terminal(self.city.runtime, "schema", "service.recorded")
        self.assertEqual(code, DONE)
        self.assertIn("服务分钟", text)

    def test_the_journal_is_read_verified_and_replayed(self):
        lines = self.control("journal", "read", "--types", "service.recorded").stdout.splitlines()
        self.assertIn("record=e1", lines[0])
        page = self.json("journal", "read", "--limit", "2")
        self.assertEqual((len(page["events"]), page["next"]), (2, 2))
        self.assertIn("is whole", self.control("journal", "verify").stdout)
        self.assertTrue(self.json("journal", "replay")["identical"])

    def test_watch_prints_what_happens(self):
        process = subprocess.Popen([str(CONTROL), "watch", "volunteer.registered", "--count", "1", "--json", "--runtime",
                                    str(self.city.runtime)], stdout=subprocess.PIPE, text=True)
        subscribers = lambda: self.city.query("status")["feed"]["subscribers"] > 0  # noqa: E731
        harness.eventually(subscribers, "volunteerctl to subscribe")
        self.city.publish_one(harness.volunteer("watched"))
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(json.loads(out)["data"]["volunteer"], "watched")


class RefusedTest(ControlTest):
    """With --json whatever is refused says so on stdout too."""

    def test_a_refusal_is_one_json_object(self):
        rubbish = self.lines("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"))
        empty = self.lines()
        for arguments in (
            ["publish", "/nonexistent"], ["publish", "/"], ["publish", rubbish], ["region", "import", "/nonexistent"],
            ["region", "import", empty], ["region", "import", rubbish], ["policy", "check", "/nonexistent"],
            ["policy", "check", rubbish], ["policy", "activate", "/nonexistent"], ["show", "record", "nothing"],
            ["list", "volunteer", "region=nothing"], ["explain", "volunteer", "nobody"], ["region", "tree", "1"],
            ["record", "held", "--region", "1"], ["policy", "history", "nothing"], ["report", "stars", "--region", "1"],
            ["record", "review", "nothing", "accepted", "--by", "clerk:2"], ["clock", "accept", "--by", "no id"],
        ):
            with self.subTest(arguments):
                self.assertTrue(self.json(*arguments, expect=REFUSED))

    def test_a_daemon_that_is_not_there_is_a_json_object_too(self):
        for arguments in (["status"], ["journal", "verify"], ["watch"], ["publish", self.lines("{}")],
                          ["region", "import", ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv"]):
            run = control("/nonexistent", *arguments, "--json")
            self.assertEqual(run.returncode, UNREACHABLE, run.stderr)
            self.assertEqual(json.loads(run.stdout)["error"]["code"], "not_reachable")


class FailingPolicyTest(DaemonTest):
    def test_explain_says_that_the_rule_failed(self):
        daemon = self.daemon().start()
        daemon.publish(harness.city_events())
        file = self.folder / "star_rating.lua"
        text = (POLICIES / "star_rating.lua").read_text()
        body = "decide = function(volunteer, parameters)\n"
        self.assertIn(body, text)
        file.write_text(text.replace(body, body + '    if volunteer.id == "v3" then error("用不了") end\n'))
        self.assertEqual(control(daemon.runtime, "policy", "activate", file, "--by", "clerk:1").returncode, DONE)
        text = control(daemon.runtime, "explain", "volunteer", "v3").stdout
        self.assertRegex(text, "✗ the policy failed, so the stars stay as they are: .*用不了")
        self.assertNotIn("✗", control(daemon.runtime, "explain", "volunteer", "v2").stdout)


class ExamplesTest(DaemonTest):
    """The examples of the help work as they stand there, in the city of the quickstart."""

    NEVER_END = ["watch"]
    # The record is that of the quickstart's whole year; bulletins need a policy that makes them, a signature a proposal,
    # and which decision has that sequence differs from city to city.
    MAY_BE_REFUSED = ["record review", "bulletin preview", "bulletin issue", "bulletin show", "bulletin drill", "policy sign",
                      "policy replay", "certificate request", "certificate issue", "certificate print", "certificate refuse",
                      "certificate revoke", "certificate verify", "record settle", "record sample", "record answer",
                      "record import", "import undo", "notice receipts", "import", "honour nominate", "case nominate",
                      "case verify", "case publish", "case withdraw", "alert acknowledge", "evidence review",
                      "plugin dump", "plugin call"]  # it may be between two starts

    def test_every_example_works(self):
        daemon = self.daemon({"city": {"region": CITY, "name": "天水市", "time_zone": "Asia/Shanghai"}, "clock": "events",
                              "plugin_dir": str(harness.PROGRAMS.parent / "plugins"), "plugins": [{"name": "example"}]})
        daemon.start()
        place = self.folder / "checkout"
        (place / "build" / "quickstart").mkdir(parents=True)
        (place / "conf").symlink_to(ROOT / "conf")
        shutil.copytree(ROOT / "scripts", place / "scripts")  # what is activated is rewritten
        city = place / "build" / "quickstart" / "city.jsonl"
        with open(city, "w") as file:
            subprocess.run([harness.PROGRAMS / "volunteer-simulate", "--volunteers", "400", "--days", "20"], stdout=file,
                           check=True)
        self.assertEqual(control(daemon.runtime, "publish", city).returncode, DONE)
        self.assertEqual(control(daemon.runtime, "send", "honour.defined", "honour=tszyz:good-person", "title=天水好人",
                                 "level=municipal").returncode, DONE)
        n = 0
        for command in re.findall(r"^  ([a-z]+(?: [a-z-]+)?)(?: [A-Z\[]| {2,})", control("", "--help").stdout, re.M):
            text = control("", *command.split(), "--help").stdout
            for example in re.findall(r"^Example:\n  volunteerctl (.*)$", text, re.M):
                if command in self.NEVER_END:
                    continue
                n += 1
                run = control(daemon.runtime, *example.split(), folder=place)
                allowed = (DONE, REFUSED) if command in self.MAY_BE_REFUSED else (DONE,)
                self.assertIn(run.returncode, allowed, f"{example}\n{run.stdout}{run.stderr}")
        self.assertGreater(n, 12)


class RegionImportTest(DaemonTest):
    def test_a_second_import_changes_nothing(self):
        daemon = self.daemon().start()
        file = ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv"
        first = json.loads(control(daemon.runtime, "region", "import", file, "--json").stdout)
        self.assertEqual((first["stored"], first["rejected"]), (2759, 0))
        second = json.loads(control(daemon.runtime, "region", "import", file, "--json").stdout)
        self.assertEqual((second["stored"], second["duplicate"]), (0, 2759))

    def test_a_spreadsheet_in_gb18030_is_read(self):
        daemon = self.daemon().start()
        file = self.folder / "gb.csv"
        text = (ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv").read_text()
        file.write_bytes(text.encode("gb18030"))
        self.assertEqual(control(daemon.runtime, "region", "import", file).returncode, DONE)
        self.assertEqual(daemon.query("region.get", region=COUNTY)["name"], "秦州区")


class PolicyTest(DaemonTest):
    def test_a_draft_is_checked_and_activated(self):
        daemon = self.daemon().start()
        file = daemon.policies / "star_rating.lua"
        file.write_text(file.read_text() + "-- 修订\n")
        listed = json.loads(control(daemon.runtime, "policy", "list", "--json").stdout)["items"]
        self.assertIn("draft", [p["state"] for p in listed if p["policy"] == "star_rating"])
        self.assertEqual(control(daemon.runtime, "policy", "check", file).returncode, DONE)
        activated = control(daemon.runtime, "policy", "activate", file, "--by", "clerk:1")
        self.assertEqual(activated.returncode, DONE, activated.stderr)
        self.assertIn("修订", control(daemon.runtime, "policy", "show", "star_rating", "--text").stdout)
        history = control(daemon.runtime, "policy", "history", "star_rating").stdout
        self.assertEqual(len(history.splitlines()), 3, history)

    def test_a_wrong_file_is_refused_like_a_compiler_would(self):
        daemon = self.daemon().start()
        file = self.folder / "wrong.lua"
        file.write_text("return {\n  name = = 1\n}\n")
        for verb in ("check", "activate"):
            result = control(daemon.runtime, "policy", verb, file)
            self.assertEqual(result.returncode, REFUSED, result.stdout)
            self.assertIn(f"{file}:2:", result.stderr)


class HostileTest(unittest.TestCase):
    """Whatever listens on the sockets: a sentence and an exit code, never a crash."""

    ANSWERS = [
        b"", b"\xff\xfe", b"null", b"[]", b"{}", b"[" * 3000, b'{"results":5}', b'{"results":[]}', b'{"error":5}',
        b'{"results":[5,null,{"status":7}]}', b'{"error":{}}', b'{"id":1,"result":{}}', b'{"id":1,"result":[]}',
        b'{"id":1,"result":{"steps":[{"a":[{"b":[{"c":{}}]}],"lots":[5,{"amount":"x"}],"account":7},1,[]],"parts":{"x":{}}}}',
        b'{"id":1,"result":{"items":5,"next":"x"}}', b'{"id":1,"error":{"code":"x","message":5,"data":[]}}',
        json.dumps({"id": 1, "result": {
            "items": [1, None, "x", {"stars": "a", "minutes": [], "state": 5, "findings": 7}], "next": None,
            "rows": [1, {}], "total": 5, "children": [[], {"children": 7}], "warnings": 7, "city": 5, "counts": [],
            "events": [5, {"type": 7, "data": 9}], "head": "x", "decisions": [7, {"facts": 7, "findings": {}}],
            "changes": [1], "not_counted": {"a": 1}, "why": 5, "rule": {}, "complaints": [1], "cases": [2], "text": 7,
            "job": {}, "path": [1, 2], "name": "\u001b[31m\u0000", "stars": 10**15, "minutes": -(2**63)}}).encode(),
    ]
    COMMANDS = [
        ["status"], ["report", "stars"], ["region", "tree"], ["list", "volunteer"], ["record", "held"],
        ["show", "volunteer", "x"], ["explain", "volunteer", "x"], ["explain", "record", "x"], ["policy", "list"],
        ["policy", "show", "x"], ["policy", "history", "x"], ["policy", "check", POLICIES / "star_rating.lua"],
        ["journal", "read"], ["journal", "verify"], ["send", "service.revoked", "record=x", "reason=x", "by=x"],
        ["publish", "-", "--patience", "1"], ["report", "ranking"], ["report", "ranking", "--format", "html"],
        ["report", "forecast", "--format", "svg"], ["report", "assessment", "--format", "csv"], ["station", "progress"],
        ["bulletin", "preview", "station"], ["bulletin", "show", "station"], ["bulletin", "list"],
        ["list", "volunteer", "--format", "html"], ["list", "team", "category=elderly"], ["list", "assessment"],
        ["list", "points", "volunteer=x"], ["show", "station", "x"], ["show", "points", "x"], ["show", "assessment", "x"],
        ["dictionary", "list"], ["dictionary", "retire", "skill", "x"], ["calendar", "list"],
        ["dictionary", "import", "skill", ROOT / "conf" / "dictionaries" / "skill.csv"],
        ["points", "adjust", "x", "points", "1", "--reason", "x", "--by", "x"], ["region", "recode", COMMUNITY, COUNTY],
        ["send", "dictionary.entry_set", "dictionary=skill", "code=x", "title=x"],
    ]

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.runtime = folder.name
        self.answer = b""
        self.ended = threading.Event()
        self.context = zmq.Context()
        self.bound = threading.Event()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        self.bound.wait(PATIENCE)
        self.addCleanup(self.end)

    def end(self):
        self.ended.set()
        self.thread.join()
        self.context.destroy(0)

    def serve(self):
        sockets = []
        for name in ("ingest", "query"):
            socket = self.context.socket(zmq.ROUTER)
            socket.bind(f"ipc://{self.runtime}/{name}.sock")
            sockets.append(socket)
        self.bound.set()
        while not self.ended.is_set():
            for socket in zmq.select(sockets, [], [], 0.1)[0]:
                frames = socket.recv_multipart()
                socket.send_multipart(frames[: frames.index(b"") + 1] + [self.answer])

    def test_no_answer_breaks_a_narrow_terminal(self):
        long = "很长的文字" * 60 + " " + "x" * 300 + " \u0301\u200b\t\n "
        item = {name: long for name in ("volunteer", "region", "state", "employer", "record", "organisation", "title", "policy")}
        item.update({"findings": [{"code": long, "text": long}], "facts": [{"fact": long, "arguments": long, "value": [long]}]})
        for self.answer in (self.ANSWERS[-1], json.dumps({"id": 1, "result": {
                **item, "items": [item, {}], "decisions": [item], "not_counted": [item], "changes": [item], "rows": [item],
                "why": item["findings"], "rule": {"title": long, "failure": long}, "warnings": [long]}}).encode()):
            for command in self.COMMANDS[:13]:
                for columns in (20, 60):
                    code, text = on_terminal(self.runtime, *command, "--timeout", "1", columns=columns)
                    with self.subTest(answer=self.answer[:60], command=command):
                        self.assertIn(code, (DONE, REFUSED, USAGE, UNREACHABLE), text)
                        self.assertNotRegex(text, "Sanitizer|runtime error")
                        self.assertNotIn("\033[31m\0", text)

    def test_no_answer_makes_it_crash(self):
        line = json.dumps(event("service.revoked", {"record": "x", "reason": "x", "by": "x"}))
        step = 1 if PLAIN else 3  # each command meets each third answer, another third than its neighbours
        for place, self.answer in enumerate(self.ANSWERS):
            for number, command in list(enumerate(self.COMMANDS))[place % step::step]:
                language = "zh_CN.UTF-8" if number % 2 else "C.UTF-8"
                result = control(self.runtime, *command, "--timeout", "1", text=line, language=language)
                with self.subTest(answer=self.answer[:60], command=command):
                    self.assertIn(result.returncode, (DONE, REFUSED, USAGE, UNREACHABLE), result.stderr)
                    self.assertNotRegex(result.stderr, "Sanitizer|runtime error")
                    self.assertNotIn("\033", result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
