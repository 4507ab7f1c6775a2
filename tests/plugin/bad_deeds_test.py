"""What plugins do while they run: it ends them or is refused, and nobody else notices."""

import errno
import json
import os
import pathlib
import sys
import unittest

from bad_city import SANITIZED, SHORT, BadPluginsTest, QueryError

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

from journal_files import pause  # noqa: E402

# A plugin for each, named after what it does; what the reason says of its end in the plain build.
DEADLY = {
    "crash": "SIGSEGV",
    "abort": "SIGABRT",
    "exit": "",
    "term": "SIGTERM",
    "hang": "",
    "spin": "",
    "stand_still": "",
    "leak": "",
    "garbage": "",
    "huge_frame": "",
    "half_frame": "",
    "close_all": "",
}

# Written past the library: kinds, numbers and bodies that the protocol has not, or not now.
HELLO, STARTED, FAILED, BEAT, LOG, PUBLISH, ASK, GET_MANY, SNAPSHOT_BEGIN, SNAPSHOT_END, TAKEN, CALL_ANSWER, STOPPED = range(1, 14)
FRAMES = [
    {"kind": TAKEN, "number": 10**15},
    {"kind": TAKEN, "number": 0},
    {"kind": BEAT, "body": '{"counters": "many"}'},
    {"kind": BEAT, "body": json.dumps({"counters": ["x" * 10000, {"a": [1]}, None]})},
    {"kind": BEAT, "body": "{"},
    {"kind": LOG},
    {"kind": LOG, "body": "\x06two\nlines\x1b[31m"},
    {"kind": CALL_ANSWER, "number": 99, "body": '{"result":1}'},
    {"kind": CALL_ANSWER, "number": 99, "body": "{"},
    {"kind": PUBLISH, "number": 1, "body": "[{}]"},
    {"kind": PUBLISH, "number": 1, "body": "[]"},
    {"kind": PUBLISH, "number": 1, "body": "[" * 5000},
    {"kind": PUBLISH, "number": 2, "body": json.dumps([{
        "specversion": "1.0", "id": "f1", "source": "/plugins/good", "type": "document.registered",
        "data": {"document": "f:1", "title": "1", "number": "1", "issued_by": "1", "on": "2020-01-01"}}])},
    {"kind": ASK, "number": 1, "body": "{}"},
    {"kind": ASK, "number": 1, "body": '{"method":"idle.seen","params":[]}'},
    {"kind": ASK, "number": 1, "body": '{"method":"city.set","params":{}}'},
    {"kind": GET_MANY, "number": 2, "body": '{"noun":"volunteer"}'},
    {"kind": GET_MANY, "number": 2, "body": '{"noun":7,"ids":[1,null,{}]}'},
    {"kind": SNAPSHOT_BEGIN, "number": 3, "times": 100},
    {"kind": SNAPSHOT_END, "times": 100},
    {"kind": HELLO, "body": '{"box": {"a": 1}}'},
    {"kind": STARTED, "body": '{"follow":-1}'},
    {"kind": FAILED, "body": "no"},
    {"kind": STOPPED},
    {"kind": 0},
    {"kind": 77},
    {"kind": 101, "body": "{}"},
]


# Bytes of the daemon that a plugin may not make it keep; the sanitizers keep what was freed.
MUCH = (1 << 30) if SANITIZED else (64 << 20)

# Asked and published past the library, and no answer is read.
UNREAD = {"asks": (ASK, '{"method":"region.tree"}'), "publishes": (PUBLISH, "[]")}


class Deadly(BadPluginsTest):
    groups = [{"name": name, "limits": SHORT} for name in (*DEADLY, *UNREAD)]

    def test_whatever_ends_a_plugin_it_is_back_and_nobody_noticed(self):
        names = [*DEADLY, *UNREAD]
        before = {name: self.city.wait_state(name, "running") for name in names}
        memory = self.city.memory_bytes()
        calls = {name: self.city.begin_call(f"{name}.now", do=name) for name in DEADLY}
        calls |= {name: self.city.begin_call(f"{name}.raw", kind=kind, number=1, body=body, times=1000000)
                  for name, (kind, body) in UNREAD.items()}
        for name in names:
            with self.subTest(name):
                after = self.city.wait_new_process(name, before[name]["pid"])
                self.assertEqual(after["restarts"], 1, after)
                log = self.city.plugin_log(name)
                self.assertTrue(log, name)
                if not SANITIZED:
                    self.assertIn(DEADLY.get(name, "read nothing"), log)
        for name, socket in calls.items():
            with self.subTest(name):  # whoever asked is told
                self.assertIn("error", socket.recv_json(), name)
                socket.close(0)
        self.city.wait_memory(memory + MUCH)


class Greedy(BadPluginsTest):
    """Who takes more than its limits, without a word of it being wrong."""

    groups = [{"name": "spinners", "limits": {**SHORT, "hang_s": SHORT["hang_s"] + 1, "cpu_percent": 30}},
              {"name": "filler", "limits": {**SHORT, "disk_mib": 16}, "number": 40},
              {"name": "long_file", "limits": {**SHORT, "disk_mib": 16}, "number": 40}]

    def test_processor_and_disk_end_at_their_limits(self):
        before = {name: self.city.wait_state(name, "running") for name in ("spinners", "filler", "long_file")}
        self.assertEqual(self.city.query("spinners.now", do="threads")["errno"], 0)
        self.assertEqual(self.city.query("filler.now", do="fill_folder")["errno"], 0)
        self.assertEqual(self.city.query("long_file.now", do="fill_file")["errno"], errno.EFBIG)
        for name, said in (("filler", "40 MiB in its folder, more than limits.disk_mib (16)"), ("spinners", "% of a processor for")):
            self.city.wait_new_process(name, before[name]["pid"])
            self.assertIn(said, self.city.plugin_log(name))
        self.assertEqual(self.city.plugin("long_file")["restarts"], 0)


class Refused(BadPluginsTest):
    """What does no harm to whoever does it, and none to others."""

    limits = {**SHORT, "hang_s": 20, "answer_s": 20}
    groups = [{"name": "worker", "limits": limits, "number": 3000, "path": "/etc/shadow"},
              {"name": "idle", "limits": SHORT, "number": 3000},
              {"name": "deaf", "limits": SHORT},
              {"name": "greedy", "limits": SHORT},
              {"name": "mute", "limits": SHORT}]

    @classmethod
    def setUpClass(cls):
        """Begins what takes its time; the tests look at how it ended."""
        super().setUpClass()
        for name in ("idle", "deaf"):
            cls.city.wait_state(name, "running")
        cls.unanswered = [cls.city.begin_call(method) for method in ("idle.never", "idle.late")]
        cls.memory = cls.city.memory_bytes()
        cls.unheard = [cls.city.begin_call("deaf.now", do="deaf")]
        cls.unheard += [cls.city.begin_call("deaf.now", do="x" * 60000) for _ in range(200)]

    def now(self, deed):
        return self.city.query("worker.now", do=deed)

    def tearDown(self):
        self.assertEqual(self.city.plugin("worker")["restarts"], 0, self.city.plugin_log("worker")[-3000:])

    @unittest.skipIf(SANITIZED, "the sanitizers want more than the box lets through")
    def test_the_box_refuses(self):
        for deed in ("fork", "kill_daemon", "stop_daemon", "write_outside", "read_outside"):
            with self.subTest(deed):
                self.assertIn(self.now(deed)["error"], ("Operation not permitted", "Permission denied"))

    def test_descriptors_end_at_their_limit(self):
        self.assertEqual(self.city.query("greedy.now", do="descriptors")["error"], "Too many open files")

    def test_floods_hold_up_nobody(self):
        for deed in ("flood_log", "flood_stderr", "flood_asks", "deep_frame"):
            with self.subTest(deed):
                self.assertEqual(self.now(deed)["errno"], 0)
        self.assertIn(self.now("flood_publish")["error"], ("Resource temporarily unavailable", "Success"))
        lines = [line for line in self.city.log_text().splitlines() if "a line that nobody asked for" in line]
        self.assertTrue(0 < len(lines) < 500, len(lines))
        self.assertLess(len(self.city.log_text()), 2000000)

    def publish(self, **parameters):
        parameters = {"type": "document.registered", "id": "p1", **parameters}
        return self.city.query("worker.publish", **parameters)

    def test_another_source_is_refused(self):
        data = '{"document":"doc:1","title":"1","number":"1","issued_by":"1","on":"2020-01-01"}'
        for source in ("/plugins/good", "tszyz", "/volunteerd/620500000000"):
            with self.subTest(source):
                answer = self.publish(data=data, source=source)
                self.assertNotEqual(answer.get("status"), "stored", answer)
        answer = self.publish(type="team.joined", data='{"team":"t1","volunteer":"v1"}')
        self.assertNotEqual(answer.get("status"), "stored", answer)
        self.assertEqual(self.publish(data=data)["status"], "stored")

    def test_what_is_no_event_is_refused(self):
        for data in ("", "[]", "{", '{"document":1}', "null", '"text"', '{"a":' * 5000):
            with self.subTest(data[:20]):
                answer = self.publish(data=data)
                self.assertNotEqual(answer.get("status"), "stored", answer)
        answer = self.publish(mebibytes=9)
        self.assertNotEqual(answer.get("status"), "stored", answer)

    def test_answers_come_once_and_are_json(self):
        self.assertEqual(self.city.query("worker.twice")["answer"], 1)
        with self.assertRaises(QueryError):
            self.city.query("worker.nonsense")
        self.assertEqual(self.city.query("worker.twice")["answer"], 1)
        self.assertIn("a call was answered twice", self.city.plugin_log("worker"))

    def test_no_answer_and_a_late_one_are_an_error(self):
        for socket in self.unanswered:
            self.assertIn("error", socket.recv_json())
            socket.close(0)

    def test_frames_of_its_own_making_change_nothing(self):
        """One by one: either they are ignored or they end the plugin, which comes back."""
        for frame in FRAMES:
            with self.subTest(frame):
                before = self.city.wait_state("idle", "running")
                self.city.call("idle.raw", **frame)
                after = self.city.wait_state("idle", "running")
                if after["restarts"] != before["restarts"]:  # five would be a quarantine
                    self.city.query("plugin.restart", plugin="idle")
                    self.city.wait_new_process("idle", after["pid"])
        head = self.city.query("journal.read", after=0, limit=1)["head"]
        self.assertLessEqual(self.city.plugin("idle")["cursor"], head)

    def test_one_that_reads_nothing_holds_nothing(self):
        answers = [socket.recv_json() for socket in self.unheard]
        self.assertIn("error", answers[0])
        # Each comes on a socket of its own: some may have been there before it was deaf.
        self.assertGreater(sum("error" in answer for answer in answers), 1)
        for socket in self.unheard:
            socket.close(0)
        self.city.wait_memory(self.memory + MUCH)

    def test_a_closed_stderr_costs_the_daemon_nothing(self):
        self.city.wait_state("mute", "running")
        self.assertEqual(self.city.query("mute.now", do="close_stderr")["errno"], 0)
        before = self.keepers_cpu_s()
        pause(0.5)
        self.assertLess(self.keepers_cpu_s() - before, 0.25)

    def keepers_cpu_s(self):
        ticks = 0
        for stat in pathlib.Path(f"/proc/{self.city.process.pid}/task").glob("*/stat"):
            name, fields = stat.read_text().rsplit(")", 1)
            if name.endswith("(plugin"):
                ticks += sum(int(field) for field in fields.split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    unittest.main()
