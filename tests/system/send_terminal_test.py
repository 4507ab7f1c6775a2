"""send on a terminal: a conversation that asks for what is missing, shows the whole event and sends it only when told to."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unittest

import harness
from harness import CITY, COMMUNITY, CONTROL, PATIENCE, TOWNSHIP, CityTest

DONE, REFUSED = 0, 1


class Conversation:
    """volunteerctl on a terminal of its own. `say` waits for a prompt before it types."""

    PROMPT = re.compile(rb"(?:[\r\n]|\x1b\[0m|\x1b\[K)> (?:\x1b\[K)?\Z")

    def __init__(self, runtime, *arguments, language="C.UTF-8", columns=100):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
            os.environ.update({"TERM": "xterm", "LC_ALL": language})
            os.execv(CONTROL, [str(CONTROL), *map(str, arguments), "--runtime", str(runtime)])
        self.written = b""
        self.code = None

    def read(self, until, what):
        deadline = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > deadline:
                os.kill(self.process, signal.SIGKILL)
                raise AssertionError(f"waited in vain for {what}:\n{self.text()}")
            if not select.select([self.terminal], [], [], 0.2)[0]:
                continue
            try:
                self.written += os.read(self.terminal, 65536)
            except OSError:
                if self.code is None:
                    self.code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
                    os.close(self.terminal)
                if not until():
                    raise AssertionError(f"it ended before {what}:\n{self.text()}") from None

    def type(self, keys):
        os.write(self.terminal, keys.encode())
        return self

    def say(self, *answers):
        for answer in answers:
            self.read(lambda: self.PROMPT.search(self.written), f"a prompt for {answer!r}")
            self.written += b"\n"  # this prompt is answered
            self.type(answer + "\n")
        return self

    def at_prompt(self):
        self.read(lambda: self.PROMPT.search(self.written), "a prompt")
        return self

    def press(self, keys, shows):
        """Types without Enter and waits until this is seen."""
        self.at_prompt()
        before = len(self.written)
        self.type(keys)
        self.read(lambda: shows.encode() in self.written[before:], shows)
        return self

    def end(self):
        """Waits for the end; (exit code, everything it wrote)."""
        self.read(lambda: self.code is not None, "its end")
        return self.code, self.text()

    def text(self):
        clean = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", self.written.decode(errors="replace"))
        return clean.replace("\r\n", "\n")


class SendTest(CityTest):
    def talk(self, *arguments, **more):
        return Conversation(self.city.runtime, "send", *arguments, **more)

    def head(self):
        return self.city.query("status")["sequence"]

    def newest(self, kind):
        return self.city.query("journal.read", after=0, types=[kind], limit=1000)["events"][-1]["data"]

    def test_what_is_missing_is_asked_and_the_whole_event_is_shown_before_it_is_sent(self):
        before = self.head()
        talk = self.talk("figure.reported", "figure=residents").say("region", CITY, "3300000", "2018-10-31", "统计局")
        self.assertIn("Send it?", talk.at_prompt().text())
        self.assertEqual(self.head(), before)
        code, text = talk.say("yes").end()
        self.assertEqual(code, DONE, text)
        self.assertRegex(text, r"数值 +value +3300000")
        self.assertEqual(self.newest("figure.reported")["subject"], {"kind": "region", "id": CITY})

    def test_a_wrong_answer_is_said_at_once_and_asked_again(self):
        talk = self.talk("figure.reported", "subject.kind=region", f"subject.id={CITY}", "figure=staff")
        code, text = talk.say("many", "12", "yesterday", "2018-10-31", "文明办", "no").end()
        self.assertEqual(code, REFUSED, text)
        self.assertIn("whole number", text)
        self.assertIn("date like", text)

    def test_choices_are_answered_by_number_word_or_label(self):
        for answer in ("2", "residents", "常住人口"):
            talk = self.talk("figure.reported", "subject.kind=region", f"subject.id={TOWNSHIP}", "value=1", "as_of=2018-01-01",
                             "origin=x")
            code, text = talk.say(answer, "no").end()
            self.assertRegex(text, "数据项 +figure +residents 常住人口")
            self.assertEqual(code, REFUSED)

    def test_tab_completes_words_labels_and_the_names_of_regions(self):
        talk = self.talk("figure.reported", "value=1", "as_of=2018-01-01", "origin=x")
        talk.press("built\t", "_up_residents").type("\n")
        talk.say("region")
        talk.press("大城\t", "天水市 › 秦州区 › 大城街道").type("\x15")
        talk.press("伏羲\t", COMMUNITY).type("\n")
        code, text = talk.say("no").end()
        self.assertRegex(text, f"对象编号 +subject.id +{COMMUNITY}")

    def test_a_name_that_is_not_ambiguous_is_as_good_as_a_code(self):
        talk = self.talk("volunteer.moved", "volunteer=v1")
        code, text = talk.say("大城街道", "no").end()
        self.assertIn(f"{TOWNSHIP}  天水市 › 秦州区 › 大城街道", text)
        talk = self.talk("volunteer.moved")
        code, text = talk.say("nobody", "v1", "不存在的地方", COMMUNITY, "no").end()
        self.assertIn("there is no such thing: nobody", text)
        self.assertIn("there is no such thing: 不存在的地方", text)

    def test_one_goes_back_with_less_than_and_changes_in_the_review(self):
        talk = self.talk("service.carried_over")
        talk.say("c1", "v1", "60", "<", "90", "2010-01-01", "2011-12-31", harness.ORGANISATION, "台账")
        talk.say("to", "2012-12-31", "6").say(harness.ORGANISATION)
        code, text = talk.say("no").end()
        self.assertRegex(text, r"结转分钟 +minutes +90")
        self.assertRegex(text, r"截止日期 +to +2012-12-31")

    def test_optional_fields_are_left_out_filled_in_and_taken_away_in_the_review(self):
        talk = self.talk("volunteer.withdrawn")
        talk.say("v1", "reason", "搬家", "on", "2023-06-01", "on", "-")
        code, text = talk.say("no").end()
        self.assertRegex(text, r"原因 +reason +搬家\n +3 +日期 +on +—\n")

    def test_parts_lists_and_objects_are_asked_part_by_part(self):
        talk = self.talk("activity.published", "activity=t1", f"organisation={harness.ORGANISATION}")
        talk.say("清洁", "内容", "敬老助老志愿服务", "1", COMMUNITY, "广场", "2023-05-01 09:00", "2023-05-01 12:00", "5", "无")
        talk.say("domains", "环境保护", "7", "")
        talk.say("shifts", "t1/a", "2023-05-01 09:00", "2023-05-01 10:00", "3", "yes", "t1/b", "2023-05-01 10:00",
                 "2023-05-01 12:00", "2", "")
        talk.say("retrospective", "迟报")
        code, text = talk.say("yes").end()
        self.assertEqual(code, DONE, text)
        sent = self.city.query("activity.get", activity="t1")
        self.assertEqual(sent["place"]["text"], "广场")
        self.assertEqual(sent["category"], "elderly")
        self.assertEqual(sent["domains"], ["环境保护", "社区建设"])
        self.assertEqual([shift["shift"] for shift in sent["shifts"]], ["t1/a", "t1/b"])
        self.assertEqual(sent["retrospective"], {"reason": "迟报"})

    def test_changes_are_asked_by_name(self):
        talk = self.talk("volunteer.updated")
        code, text = talk.say("v2", "leader_body=市委", "nothing=x", "", "yes").end()
        self.assertEqual(code, DONE, text)
        self.assertEqual(self.city.query("volunteer.get", volunteer="v2")["leader_body"], "市委")

    def test_ctrl_d_and_ctrl_c_leave_without_sending(self):
        before = self.head()
        for keys in ("\x04", "\x03"):
            for answers in ((), ("v1",)):
                talk = self.talk("volunteer.withdrawn").say(*answers)
                talk.at_prompt().type(keys)
                code, text = talk.end()
                self.assertEqual(code, REFUSED)
                self.assertIn("nothing was sent", text)
        self.assertEqual(self.head(), before)

    def test_what_the_daemon_refuses_can_be_mended_and_sent_again(self):
        talk = self.talk("activity.published", "activity=t2", "title=x", "content=x", "category=elderly", "kind=service",
                         f"region={COMMUNITY}", "place.text=x", "starts=2023-05-01 09:00", "ends=2023-05-01 12:00", "places=5")
        code, text = talk.say("无", "yes", "organisation", "社区居委会", "yes").end()
        self.assertEqual(code, DONE, text)
        self.assertIn("missing_field", text)

    def test_whoever_typed_everything_is_not_asked(self):
        code, text = self.talk("volunteer.withdrawn", "volunteer=v3").end()
        self.assertEqual(code, DONE, text)
        self.assertNotIn("Send it?", text)

    def test_a_dry_run_asks_but_stores_nothing(self):
        before = self.head()
        code, text = self.talk("volunteer.withdrawn", "--dry-run").say("v2", "yes").end()
        self.assertEqual(code, DONE, text)
        self.assertIn("Try it?", text)
        self.assertEqual(self.head(), before)

    def test_types_of_commands_go_to_their_method(self):
        code, text = self.talk("dictionary.entry_set").say("skill", "drone", "无人机操作", "yes").end()
        self.assertEqual(code, DONE, text)
        code, text = self.talk("calendar.day_set").say("2018-10-01", "法定节假日", "yes").end()
        self.assertEqual(code, DONE, text)
        self.assertEqual(self.city.query("calendar.get", calendar="2018-10-01")["kind"], "holiday")
        self.assertEqual(self.city.query("dictionary.get", dictionary="skill/drone")["title"], "无人机操作")

    def test_codes_of_the_city_are_offered(self):
        self.city.query("dictionary.set", dictionary="skill", code="radio", title="业余电台", by="clerk:1")
        talk = self.talk("volunteer.registered", "volunteer=vs", f"region={COMMUNITY}", "skills=业余电台", "referred_by=v1")
        code, text = talk.end()
        self.assertEqual(code, DONE, text)
        self.assertEqual(self.city.query("volunteer.get", volunteer="vs")["skills"], ["radio"])


if __name__ == "__main__":
    unittest.main()
