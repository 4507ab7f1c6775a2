"""`volunteerctl plugin` and the line of `status`, against the real daemon with plugins that run, fail and are refused."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import COMMUNITY, CONTROL, PATIENCE, PROGRAMS, Daemon, city_events, event, eventually  # noqa: E402
from volunteerctl_test import control, on_terminal, plain_lines  # noqa: E402

BUILT = PROGRAMS.parent
DONE, REFUSED, USAGE = 0, 1, 2
CHINESE = "zh_CN.UTF-8"


class PluginCommand(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="vd-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        plugins = cls.folder / "plugins"
        plugins.mkdir()
        for file in (BUILT / "plugins" / "example.so", BUILT / "tests" / "plugins" / "answers.so"):
            shutil.copy(file, plugins)
        secret = cls.folder / "secret"
        secret.write_text("open sesame\n")
        secret.chmod(0o600)
        cls.city = Daemon(cls.folder, {"plugin_dir": str(plugins), "plugins": [
            {"name": "example"}, {"name": "answers", "password": f"file:{secret}", "mode": "fast"}, {"name": "absent", "enabled": False}]})
        cls.addClassCleanup(cls.close)
        cls.city.start()
        cls.city.publish(city_events())
        cls.wait_until("example", "running")
        cls.wait_until("answers", "running")

    @classmethod
    def close(cls):
        """Also with a plugin that is not enabled, whose keeper has no process to wait for."""
        code = cls.city.close()
        assert code in (0, None), f"the daemon ended with {code}:\n{cls.city.log_text()}"

    @classmethod
    def wait_until(cls, name, state):
        return eventually(lambda: cls.state(name) == state, f"{name} to be {state}")

    @classmethod
    def state(cls, name):
        return cls.city.query("plugin.get", plugin=name)["state"]

    def plugin(self, *arguments, expect=DONE, **more):
        run = control(self.city.runtime, "plugin", *arguments, **more)
        self.assertEqual(run.returncode, expect, f"{arguments}\n{run.stdout}{run.stderr}")
        return run.stdout if expect == DONE else run.stderr

    def rows(self, text):
        """{first word: whole line}"""
        return {line.split()[0]: line for line in text.splitlines() if line.strip()}

    def test_the_list_says_how_each_is(self):
        # Measured each second.
        eventually(lambda: self.city.query("plugin.get", plugin="answers")["memory_bytes"], "its memory to be measured")
        rows = self.rows(self.plugin("list"))
        self.assertIn("running", rows["example"])
        self.assertRegex(rows["answers"], r"running +[\d.]+ MiB +0 +0")
        self.assertIn("stopped", rows["absent"])
        rows = self.rows(self.plugin("list", language=CHINESE))
        self.assertIn("运行中", rows["example"])
        self.assertIn("已停用", rows["absent"])
        listed = json.loads(self.plugin("list", "--json"))["plugins"]
        self.assertEqual({plugin["name"]: plugin["state"] for plugin in listed},
                         {"example": "running", "answers": "running", "absent": "stopped"})

    def test_a_terminal_gets_the_state_in_colour(self):
        code, text = on_terminal(self.city.runtime, "plugin", "list")
        self.assertEqual(code, DONE)
        self.assertRegex(text, r"\x1b\[32m *running")
        self.assertTrue(any(line.startswith("example") for line in plain_lines(text)))

    def test_show_has_the_whole_declaration_and_no_secret(self):
        text = self.plugin("show", "answers")
        for expected in (r"^answers 2\.1  Answers whatever", r"^mode +fast +fast, safe +how it works \(default: safe\)", r"^password +file:/\S+/secret +secret +of the other side",
                         r"^echo +word, limit \(100\), all \(false\) +what it was asked"):
            self.assertRegex(text, re.compile(expected, re.M))
        self.assertNotIn("sesame", text + self.plugin("show", "answers", "--json"))
        text = self.plugin("show", "example")
        for expected in (r"^may publish +volunteer\.linked", r"^report_s +3600 +1-86400 s", r"^given +\d+ +cards given", r"^source +/plugins/example"):
            self.assertRegex(text, re.compile(expected, re.M))

    def test_the_log_has_what_it_said(self):
        self.assertRegex(self.plugin("log", "answers"), r"\d\d:\d\d:\d\d +warning +this is a warning")
        self.assertEqual(len(self.plugin("log", "answers", "-n", "1").splitlines()), 1)

    def test_a_dump_is_printed(self):
        self.assertRegex(self.plugin("dump", "example"), r"^[^\n]+info +\d+ cards since the last report\n$")
        lines = json.loads(self.plugin("dump", "example", "--json"))["lines"]
        self.assertEqual([line["level"] for line in lines], ["info"])

    def test_a_dump_is_in_the_log_and_whoever_follows_sees_it(self):
        seen = self.folder / "followed"
        with open(seen, "wb") as file:
            follower = subprocess.Popen([str(CONTROL), "plugin", "log", "answers", "--follow", "--runtime", str(self.city.runtime)],
                                        stdout=file, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        eventually(lambda: "this is a warning" in seen.read_text(), "what it said before")
        self.plugin("dump", "answers")
        eventually(lambda: "this is a dump" in seen.read_text(), "what it says now")
        follower.send_signal(signal.SIGINT)
        self.assertEqual(follower.wait(PATIENCE), DONE)

    def test_words_are_read_as_the_method_declares_them(self):
        asked = json.loads(self.plugin("call", "answers", "echo", "word=620502000000", "limit=5", "all=yes", "more:=[1, null]", "--json"))
        asked.pop("sequence")
        self.assertEqual(asked, {"word": "620502000000", "limit": 5, "all": True, "more": [1, None]})
        for wrong, said in (("limit=five", "whole number"), ("all=perhaps", "true or false"), ("more:=[", "no JSON"), ("word", "NAME=VALUE")):
            self.assertIn(said, self.plugin("call", "answers", "echo", wrong, expect=USAGE))

    def test_an_answer_is_printed_as_what_it_is(self):
        result = self.city.publish_one(event("volunteer.registered", {"volunteer": "kit:printed", "region": COMMUNITY}))
        eventually(lambda: self.city.query("volunteer.get", volunteer="kit:printed")["links"], "a card")
        self.assertEqual(self.plugin("call", "example", "card", "volunteer=kit:printed"),
                         f"volunteer  kit:printed\ncard       {result['sequence']:010}\n")
        table = self.plugin("call", "answers", "table")
        self.assertRegex(table, r"日期 +时长 +note\n2018-08-23 +1\.5 +甲")
        file = self.folder / "table.csv"
        self.plugin("call", "answers", "table", "-o", file)
        self.assertEqual(file.read_text(encoding="utf-8-sig").splitlines()[1], "2018-08-23,1.5,甲")
        self.assertIn("no table", self.plugin("call", "answers", "echo", "--format", "csv", expect=REFUSED))
        self.assertIn("no JSON object", self.plugin("call", "answers", "no_object", expect=REFUSED))

    def test_what_there_is_not_is_named(self):
        self.assertIn("example", self.plugin("show", "exampel", expect=REFUSED))
        self.assertIn("echo", self.plugin("call", "answers", "ecco", expect=USAGE))
        self.assertIn("enabled = false", self.plugin("restart", "absent", expect=REFUSED))
        self.assertIn("say whose card", self.plugin("call", "example", "card", expect=REFUSED))

    def test_a_restart_is_another_process(self):
        before = self.city.query("plugin.get", plugin="answers")["pid"]
        self.assertEqual(self.plugin("restart", "answers"), "answers: running\n")
        self.assertNotEqual(self.city.query("plugin.get", plugin="answers")["pid"], before)
        self.assertEqual(self.plugin("call", "answers", "echo", "word=again"), "word  again\n")

    def test_status_has_a_line_about_them(self):
        line = next(line for line in control(self.city.runtime, "status").stdout.splitlines() if line.startswith("plugins"))
        self.assertEqual(line.split(maxsplit=1)[1], "2 running")  # one is not enabled: nothing is wrong


if __name__ == "__main__":
    unittest.main()
