"""volunteerd-plugin, the process of one plugin, against a peer that speaks the daemon's half of the channel: what an
inspection says, and what each service does."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

import peer
from peer import EVENTS, HEAD, LOG, PATIENCE, Gone, Peer, event_bytes, inspect

PUBLISHED = {"type": "volunteer.registered", "id": "1", "data": '{"volunteer": "x:1"}'}


class Inspection(unittest.TestCase):
    def complaints(self, **settings):
        said = inspect("well_behaved", settings.items(), self.folder.name)
        return {row["option"]: row["message"] for row in said["complaints"]}

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vp-")
        self.addCleanup(self.folder.cleanup)

    def test_it_tells_what_is_declared(self):
        declared = inspect("well_behaved")["declaration"]
        self.assertEqual([declared[key] for key in ("name", "version", "abi", "source", "wants", "publishes", "dump")],
                         ["well_behaved", "1.2", "1.0", "/plugins/well_behaved", ["*"], ["volunteer.registered"], True])
        options = {option["name"]: option for option in declared["options"]}
        self.assertEqual(options["seconds"], {"name": "seconds", "kind": "integer", "required": False, "least": 1,
                                              "most": 60, "default": 5, "words": [], "unit": "s", "help": "how long"})
        self.assertEqual((options["tone"]["words"], options["loud"]["default"]), (["plain", "polite"], True))
        self.assertIn({"name": "level", "help": "what was set", "gauge": True}, declared["counters"])
        self.assertIn({"name": "say", "parameters": "lines, line", "help": "writes lines into the log"},
                      declared["methods"])

    def test_defaults_stand_in_what_was_not_given(self):
        said = inspect("well_behaved", [("seconds", 7)])
        self.assertEqual(said["settings"], {"greeting": "hello", "seconds": 7, "loud": True, "tone": "polite"})
        self.assertEqual(said["complaints"], [])

    def test_places_become_ports_and_paths_absolute(self):
        pathlib.Path(self.folder.name, "map.lua").write_text("return {}")
        said = inspect("well_behaved", [("url", "https://example.org/api"), ("listen", "[::1]:9187"),
                                        ("mapping", "map.lua"), ("secret", "credential:token")], self.folder.name)
        path = f"{self.folder.name}/map.lua"
        self.assertEqual((said["connect"], said["listen"], said["read"], said["secrets"]),
                         ([443], [9187], [path], ["secret"]))
        self.assertEqual((said["settings"]["mapping"], said["settings"]["secret"]), (path, "credential:token"))

    def test_a_check_reads_the_files_that_options_name(self):
        pathlib.Path(self.folder.name, "map.lua").write_text("return {}")
        self.assertEqual(inspect("well_behaved", [("mapping", "map.lua")], self.folder.name)["complaints"], [])

    def test_what_is_wrong_is_said_with_how_to_mend_it(self):
        for option, value, words in [
                ("greetin", "hello", "did you mean `greeting`"), ("colour", 1, "is no option"),
                ("greeting", "x" * 21, "longer than 20 bytes"), ("greeting", 5, "text in double quotes"),
                ("seconds", 0, "from 1 to 60 s"), ("seconds", 61, "from 1 to 60 s"), ("seconds", "5", "whole number"),
                ("loud", 1, "true or false"), ("tone", "rude", '"plain", "polite"'),
                ("mapping", "missing.lua", "cannot be read: No such file"), ("mapping", "", "must name a file"),
                ("mapping", "/usr", "is no file"), ("url", "http://example.org", "must begin with https://"),
                ("url", "https://me:word@example.org", "name or password"), ("url", "example", "must be a URL"),
                ("url", "ftp://example.org/", "must begin with https://"), ("url", "https://a b/", "without spaces"),
                ("url", "https://example.org:0/", "no port from 1"),
                ("listen", "localhost:80", "ADDRESS:PORT"), ("listen", "127.0.0.1", "ADDRESS:PORT"),
                ("listen", "127.0.0.1:70000", "ADDRESS:PORT"), ("listen", "127.0.0.1:", "ADDRESS:PORT"),
                ("secret", "hunter2", "file:/PATH"), ("secret", "credential:../x", "file:/PATH"),
                ("greeting", "no", "must be friendlier")]:
            with self.subTest(option=option, value=value):
                complaints = self.complaints(**{option: value})
                self.assertEqual(list(complaints), [option])
                self.assertIn(words, complaints[option])

    def test_a_wrong_secret_is_not_repeated(self):
        self.assertNotIn("hunter2", json.dumps(self.complaints(secret="hunter2")))

    def test_all_complaints_come_at_once(self):
        self.assertEqual(set(self.complaints(seconds=0, loud=3, nothing="x")), {"seconds", "loud", "nothing"})

    def test_an_option_that_stands_twice_is_wrong(self):
        said = inspect("well_behaved", [("seconds", 7), ("seconds", 8)])
        self.assertIn("twice", said["complaints"][0]["message"])

    def test_a_wrong_declaration_is_refused_with_its_place(self):
        for mistake, words in [
                ("size", "40 bytes"), ("rows", "8 bytes"), ("version", "version"), ("start", "no start()"),
                ("events", "no events()"), ("source", "/plugins/declared_source"), ("publishes", "no event type"),
                ("option_name", "option whose name"), ("option_reserved", "limits_of_its_own"),
                ("option_twice", "two options `first`"), ("option_kind", "kind 99"), ("option_help", "`help` has no help"),
                ("word_default", "none of its words"), ("number_default", "outside"), ("counter", "counter whose name"),
                ("method", "`ask` has no function"), ("endless", "more than 100 methods"), ("wants", "no event type")]:
            with self.subTest(mistake):
                self.assertIn(words, inspect(f"declared_{mistake}")["failed"])
        self.assertIn("declaration", inspect("declared_none"))

    def test_another_abi_is_refused(self):
        self.assertIn("2.0", inspect("wrong_major")["failed"])
        self.assertIn("update volunteerd", inspect("newer_minor")["failed"])
        self.assertIn("must be the same", inspect("wrong_name")["failed"])
        self.assertIn("exports no `vol_plugin`", inspect("no_symbol")["failed"])
        self.assertIn("a_function_that_nobody_has", inspect("undefined_symbol")["failed"])

    def test_a_file_that_everybody_may_write_is_refused(self):
        path = pathlib.Path(self.folder.name, "well_behaved.so")
        path.write_bytes((peer.PLUGINS / "well_behaved.so").read_bytes())
        path.chmod(0o666)
        result = subprocess.run([peer.HOST, "--inspect", path], input=b'{"name": "well_behaved"}', capture_output=True,
                                timeout=PATIENCE)
        self.assertIn("chmod o-w", json.loads(result.stdout)["failed"])

    def test_the_manual_page_has_every_option_method_and_counter(self):
        page = subprocess.run([peer.HOST, "--manual", peer.PLUGINS / "well_behaved.so"], capture_output=True,
                              timeout=PATIENCE, check=True).stdout
        text = subprocess.run(["scdoc"], input=page, capture_output=True, check=True).stdout.decode()
        declared = inspect("well_behaved")["declaration"]
        for rows in ("options", "counters", "methods"):
            for row in declared[rows]:
                self.assertIn(row["name"].replace("_", "\\_"), page.decode())
                self.assertIn(row["help"], text)
        self.assertIn("1 to 60 s; default 5", text)

    def test_a_file_of_the_working_directory_needs_no_path(self):
        result = subprocess.run([peer.HOST, "--manual", "declared_none.so"], capture_output=True, timeout=PATIENCE,
                                cwd=peer.PLUGINS, check=True)
        self.assertIn(b"volunteerd-declared_none - Declares.", result.stdout)


class Services(unittest.TestCase):
    """One process for all of these."""

    @classmethod
    def setUpClass(cls):
        cls.answers = {}
        cls.peer = Peer("well_behaved", {"greeting": "你好", "seconds": 7, "loud": False, "secret": "hunter2",
                                         "url": "https://example.org"},
                        answer=lambda kind, body: cls.answer(kind, body))
        cls.hello = cls.peer.started()

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()

    @classmethod
    def answer(cls, kind, body):
        cls.asked = (kind, body)
        if body.get("method") == "nothing.get":
            return {"error": {"code": "unknown_nothing", "field": "nothing", "message": "no"}}
        return {"result": {"kind": kind, "body": body}}

    def results(self, call, results):
        """Answers the publication that a call made; what the plugin was told."""
        number, body = self.peer.wait(peer.PUBLISH)
        self.peer.send(peer.RESULTS, results, number)
        return json.loads(body), self.peer.answered(call)

    def test_hello_says_what_it_is_and_its_box(self):
        self.assertEqual((self.hello["abi"], self.hello["version"]), ("1.0", "1.2"))
        self.assertIn("no_new_privs", self.hello["box"])

    def test_settings_and_the_city_are_there(self):
        self.assertEqual(self.peer.call("settings"), {
            "greeting": "你好", "seconds": 7, "loud": 0, "secret": "hunter2", "url": "https://example.org",
            "name": "well_behaved", "folder": str(self.peer.folder), "region": "620500000000",
            "time_zone": "Asia/Shanghai"})

    def test_what_it_publishes_is_a_cloud_event_of_its_source(self):
        call = self.peer.ask("publish", events=[PUBLISHED, {**PUBLISHED, "id": "2", "subject": "她", "source": "/else",
                                                            "time": "2026-03-05T09:00:00+08:00"}])
        sent, told = self.results(call, {"epoch": "1", "results": [
            {"id": "1", "status": "duplicate", "sequence": 3},
            {"id": "2", "status": "stored", "sequence": 4, "decisions": [{"type": "a"}, {"type": "b"}]}]})
        first = {"specversion": "1.0", "id": "1", "source": "/plugins/well_behaved", "type": "volunteer.registered",
                 "data": {"volunteer": "x:1"}}
        self.assertEqual(sent, [first, {**first, "id": "2", "source": "/else", "subject": "她",
                                        "time": "2026-03-05T09:00:00+08:00"}])
        self.assertEqual(told["result"]["value"], {"results": 2, "status": 0, "sequence": 4, "code": None, "field": None,
                                          "message": None, "retryable": False, "decisions": 2})

    def test_a_rejection_says_why(self):
        call = self.peer.ask("publish", events=[PUBLISHED])
        _, told = self.results(call, {"epoch": "1", "results": [
            {"id": "1", "status": "rejected", "code": "unknown_region", "field": "data.region", "message": "no",
             "retryable": True}]})
        self.assertEqual(told["result"]["value"], {"results": 1, "status": 2, "sequence": 0, "code": "unknown_region",
                                          "field": "data.region", "message": "no", "retryable": True, "decisions": 0})

    def test_an_error_of_the_whole_call_is_that_of_each_event(self):
        call = self.peer.ask("publish", events=[PUBLISHED, PUBLISHED])
        _, told = self.results(call, {"error": {"code": "busy", "message": "later"}})
        self.assertEqual((told["result"]["value"]["results"], told["result"]["value"]["code"], told["result"]["value"]["retryable"]),
                         (2, "busy", True))

    def test_what_is_no_event_is_not_sent(self):
        for change in ({"data": "[]"}, {"data": "{"}, {"data": '{"a":1,"a":2}'}, {"id": ""}, {"id": "x" * 65}):
            with self.subTest(change):
                answer = self.peer.answered(self.peer.ask("publish", events=[{**PUBLISHED, **change}]))
                self.assertEqual((answer["error"]["code"], answer["error"]["message"]), ("publish_failed", "EINVAL"))
        self.assertEqual(self.peer.answered(self.peer.ask("publish", events=[]))["error"]["message"], "EINVAL")

    def test_64_publications_may_wait(self):
        self.assertEqual(self.peer.call("fill"), 64)
        answer = self.peer.answered(self.peer.ask("publish", events=[PUBLISHED]))
        self.assertEqual(answer["error"]["message"], "EAGAIN")
        for _ in range(64):
            number, _ = self.peer.wait(peer.PUBLISH)
            self.peer.send(peer.RESULTS, {"epoch": "1", "results": [{"status": "stored", "sequence": 1}]}, number)
        call = self.peer.ask("publish", events=[PUBLISHED])
        self.assertIn("result", self.results(call, {"results": [{"status": "stored", "sequence": 5}]})[1])

    def test_a_question_waits_for_its_answer(self):
        self.assertEqual(self.peer.call("ask", method="volunteer.get", parameters='{"volunteer": "x:1"}'),
                         {"kind": peer.ASK, "body": {"method": "volunteer.get", "params": {"volunteer": "x:1"}}})
        self.assertEqual(self.peer.call("get_many"), {"kind": peer.GET_MANY,
                                                      "body": {"noun": "volunteer", "ids": ["a", "b"]}})
        self.assertEqual(self.peer.call("page")["body"], {
            "method": "volunteer.list", "params": {"stars": 5, "cursor": "next", "limit": 10}})

    def test_a_question_without_an_answer_is_given_up(self):
        with Peer("well_behaved", answer=lambda kind, body: None, answer_s=1) as one:
            one.started()
            self.assertEqual(one.call("ask", method="status", parameters={}), "nothing")
            self.assertEqual(one.call("later"), "later")

    def test_an_answer_may_be_an_error(self):
        self.assertEqual(self.peer.call("ask", method="nothing.get"),
                         {"error": {"code": "unknown_nothing", "field": "nothing", "message": "no"}})
        self.assertEqual(self.peer.call("ask", method="volunteer.get", parameters="[]")["error"]["code"],
                         "malformed_json")

    def test_questions_within_a_snapshot(self):
        answer = self.peer.call("snapshot")
        self.peer.wait(peer.SNAPSHOT_END)
        self.assertEqual((answer["begun"], json.loads(answer["status"])["kind"]), (0, peer.ASK))

    def test_timers_and_descriptors_answer_later(self):
        self.assertEqual(self.peer.call("later"), "later")
        self.assertEqual(self.peer.call("repeat"), [3, 0, True])
        self.assertEqual(self.peer.call("watch"), [1, 1, ord("x")])

    def test_a_descriptor_that_was_closed_is_no_longer_watched(self):
        self.peer.call("forget")
        self.assertEqual(self.peer.call("later"), "later")

    def test_refusals_and_wrong_answers(self):
        self.assertEqual(self.peer.answered(self.peer.ask("refuse")), {
            "error": {"code": "not_allowed", "field": "by", "message": 'ask "somebody" else'}})
        for method in ("no_json", "no_object"):
            self.assertEqual(self.peer.answered(self.peer.ask(method))["error"]["code"], "policy_refused")
        self.assertEqual(self.peer.answered(self.peer.ask("nonsense"))["error"]["code"], "unknown_method")

    def test_kinds_of_values(self):
        self.assertEqual(self.peer.call("values", values=[{}, [], "x", 1, 1.5, True, None]), {
            "kinds": [1, 2, 3, 4, 5, 6, 0], "no_json": True, "no_text": True, "fallback": -7, "wrong_pattern": True})

    def test_it_writes_into_its_folder(self):
        self.assertTrue(self.peer.call("keep"))
        self.assertEqual((self.peer.folder / "kept.txt").read_text(), "kept")

    def test_a_line_of_the_log_is_one_line_of_utf_8(self):
        self.peer.call("say", line="steers\u001b[31m\nforged 天水")
        self.assertEqual(self.peer.wait_log("steers"), (5, "steers [31m forged 天水"))

    def test_beats_carry_the_counters(self):
        self.peer.call("level", level=42)
        self.peer.wait(peer.BEAT, lambda number, body: json.loads(body)["counters"][1] == 42)
        self.peer.wait_log("no counter of this index")


class Words(unittest.TestCase):
    def test_20_lines_a_second_and_the_rest_is_counted(self):
        with Peer("well_behaved") as one:
            one.started()
            one.call("say", lines=500)
            n_left_out = int(one.wait_log("were left out")[1].split()[0])
            n_lines = len([body for _, body in one.frames[LOG] if body[1:] == b"a line"])
            self.assertEqual(n_lines + n_left_out, 500)
            self.assertLessEqual(n_lines, 40)  # a second may end in between

    def test_a_dump_may_say_more(self):
        with Peer("well_behaved") as one:
            one.started()
            one.send(peer.DUMP)
            for _ in range(30):
                one.wait_log("a line of the dump")

    def test_what_it_prints_is_an_error_line(self):
        with Peer("well_behaved") as one:
            one.started()
            self.assertEqual(one.stop(), 0)
            self.assertIn("printed in start", one.errors())


class Events(unittest.TestCase):
    def setUp(self):
        self.peer = Peer("well_behaved")
        self.addCleanup(self.peer.close)
        self.peer.started()

    def events(self, first, n, kind="volunteer.registered"):
        self.peer.send(EVENTS, b"".join(event_bytes(sequence, kind, '{"data":{}}') for sequence in range(first, first + n)),
                       first + n - 1)

    def taken(self):
        return self.peer.wait(peer.TAKEN)[0]

    def test_an_event_comes_whole(self):
        self.peer.send(EVENTS, event_bytes(7, "star.changed", '{"id":"7","data":{"stars":3}}', 6, 5, 4), 9)
        self.assertEqual(json.loads(self.peer.wait_log("star.changed")[1]),
                         [7, 6, 5, 4, "star.changed", '{"stars":3}'])
        self.assertEqual(self.taken(), 9)
        self.assertEqual(self.peer.call("take", events=-1), 9)  # the head

    def test_a_frame_without_events_is_taken_too(self):
        self.peer.send(EVENTS, b"", 12)
        self.assertEqual(self.taken(), 12)

    def test_what_is_not_taken_comes_again_after_resume(self):
        self.peer.call("take", events=2)
        self.events(1, 5)
        self.events(6, 1)
        self.assertEqual(self.taken(), 2)
        self.peer.call("take", events=0)
        self.assertEqual(self.peer.call("later"), "later")  # goes on with everything else
        self.peer.call("take", events=-1)
        self.assertEqual([self.taken(), self.taken()], [5, 6])
        self.peer.wait(peer.BEAT, lambda number, body: json.loads(body)["counters"][0] == 6)

    def test_a_large_frame_comes_in_slices_of_1000(self):
        self.events(1, 2500)
        self.assertEqual([self.taken() for _ in range(3)], [1000, 2000, 2500])

    def test_an_error_of_events_ends_it(self):
        self.events(1, 1, "volunteer.restored")
        self.assertEqual(self.peer.process.wait(PATIENCE), 1)
        self.assertIn("events() failed: -5", self.peer.errors())

    def test_events_that_cannot_be_read_end_it(self):
        self.peer.send(EVENTS, event_bytes(1, "a", "{}")[:-1], 1)
        self.assertEqual(self.peer.process.wait(PATIENCE), 1)
        self.assertIn("cannot be read", self.peer.errors())

    def test_the_head_is_the_last_that_it_heard_of(self):
        self.peer.send(HEAD, b"", 77)
        self.assertEqual(self.peer.call("take", events=-1), 77)


class HeldEvents(unittest.TestCase):
    """What is published from events() without `done` holds the events back until it is on disk."""

    def setUp(self):
        self.peer = Peer("well_behaved")
        self.addCleanup(self.peer.close)
        self.peer.started()

    def events(self, first, n):
        self.peer.send(EVENTS, b"".join(event_bytes(sequence, "volunteer.changed", '{"data":{}}')
                                        for sequence in range(first, first + n)), first + n - 1)

    def published(self):
        number, body = self.peer.wait(peer.PUBLISH)
        return number, json.loads(body)[0]["id"]

    def result(self, number, **result):
        self.peer.send(peer.RESULTS, {"epoch": "1", "results": [result]}, number)

    def assert_nothing_taken(self):
        self.assertEqual(self.peer.call("later"), "later")  # whatever was said before has come by now
        self.assertEqual(self.peer.frames.get(peer.TAKEN, []), [])

    def test_events_are_taken_when_what_was_published_is_stored(self):
        self.events(1, 2)
        (first, _), (second, id_of_second) = self.published(), self.published()
        self.assertEqual(id_of_second, "about-2")
        self.result(second, status="duplicate", sequence=9)
        self.assert_nothing_taken()
        self.result(first, status="stored", sequence=10)
        self.assertEqual(self.peer.wait(peer.TAKEN)[0], 2)

    def test_frames_behind_them_wait_too_and_keep_their_order(self):
        self.events(1, 1)
        self.peer.send(EVENTS, event_bytes(2, "star.changed", '{"data":{}}'), 2)
        self.peer.send(EVENTS, b"", 5)
        number, _ = self.published()
        self.assert_nothing_taken()
        self.result(number, status="stored", sequence=10)
        self.assertEqual(self.peer.wait(peer.TAKEN)[0], 5)

    def test_what_the_daemon_is_too_full_for_is_sent_again(self):
        self.events(1, 1)
        number, _ = self.published()
        for code in ("busy", "read_only"):
            self.result(number, status="rejected", code=code, field="", message="later", retryable=True)
            again, _ = self.published()
            self.assertEqual(again, number)
        self.assert_nothing_taken()
        self.result(number, status="stored", sequence=10)
        self.assertEqual(self.peer.wait(peer.TAKEN)[0], 1)

    def test_what_is_refused_is_logged_and_does_not_hold_up_the_rest(self):
        self.events(1, 1)
        number, _ = self.published()
        self.result(number, status="rejected", code="unknown_region", field="data.region", message="no such region", retryable=True)
        self.assertEqual(self.peer.wait(peer.TAKEN)[0], 1)
        self.assertIn("unknown_region, data.region: no such region", self.peer.wait_log("refused")[1])

    def test_where_there_is_no_room_the_rest_is_given_again_when_there_is(self):
        self.events(1, 100)
        numbers = [self.published()[0] for _ in range(64)]
        self.assert_nothing_taken()
        for number in numbers:
            self.result(number, status="stored", sequence=number)
        ids = []
        for _ in range(36):
            number, name = self.published()
            ids.append(name)
            self.result(number, status="stored", sequence=1000 + number)
        self.assertEqual(ids, [f"about-{sequence}" for sequence in range(65, 101)])
        self.peer.wait(peer.TAKEN, lambda number, body: number == 100)


class Life(unittest.TestCase):
    def test_stop_is_called_and_it_ends_with_0(self):
        with Peer("well_behaved") as one:
            one.started()
            self.assertEqual(one.stop(), 0)
            one.wait_log("stopped as asked")

    def test_a_failed_start_is_said_and_stop_is_called(self):
        with Peer("well_behaved", {"greeting": "fail"}) as one:
            one.wait(peer.HELLO)
            self.assertIn("-71 (Protocol error)", json.loads(one.wait(peer.FAILED)[1])["message"])
            one.wait_log("stopped after a failed start")
            self.assertEqual(one.process.wait(PATIENCE), 1)

    def test_a_file_that_cannot_be_loaded_is_said(self):
        with Peer("wrong_major") as one:
            self.assertIn("2.0", json.loads(one.wait(peer.FAILED)[1])["message"])
            self.assertEqual(one.process.wait(PATIENCE), 1)

    def test_it_may_follow_from_where_it_stood_itself(self):
        with Peer("well_behaved", {"greeting": "follow"}) as one:
            self.assertEqual(json.loads(one.wait(peer.STARTED)[1]), {"follow": 41})

    def test_it_may_ask_in_start_while_other_frames_come(self):
        def answer(kind, body):
            one.send(EVENTS, event_bytes(5, "star.changed", '{"data":{}}'), 5)
            return {"result": {"asked": body["method"]}}
        with Peer("well_behaved", {"greeting": "ask"}, answer=answer) as one:
            one.wait_log('{"asked":"status"}')
            one.started()
            self.assertEqual(one.wait(peer.TAKEN)[0], 5)

    def test_it_reads_while_the_daemon_does_not(self):
        with Peer("well_behaved") as one:
            one.started()
            one.reads.clear()
            call = one.ask("ask", method="status", parameters=json.dumps({"much": "x" * 2_000_000}))
            events = b"".join(event_bytes(i + 1, "star.changed", "y" * 10_000) for i in range(300))
            writer = threading.Thread(target=one.send, args=(EVENTS, events, 300), daemon=True)
            writer.start()
            writer.join(PATIENCE)
            self.assertFalse(writer.is_alive())
            one.reads.set()
            self.assertEqual(one.answered(call), {"result": {"value": {}}})
            self.assertEqual(one.wait(peer.TAKEN)[0], 300)

    def test_a_channel_that_closes_ends_it_at_once(self):
        one = Peer("well_behaved")
        self.addCleanup(one.close)
        one.started()
        one.socket.shutdown(2)
        self.assertEqual(one.process.wait(PATIENCE), 0)

    def test_what_is_no_start_is_refused(self):
        with Peer("well_behaved", {}) as one:
            one.started()
        with self.assertRaises(Gone):
            with Peer("") as one:
                one.started()

    def test_without_a_channel_it_says_who_starts_it(self):
        result = subprocess.run([peer.HOST, "well_behaved"], capture_output=True, timeout=PATIENCE,
                                stdin=subprocess.DEVNULL)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"volunteerd starts this program", result.stderr)

    def test_usage_and_version(self):
        self.assertEqual(subprocess.run([peer.HOST, "--nonsense"], capture_output=True, timeout=PATIENCE).returncode, 2)
        said = subprocess.run([peer.HOST, "--version"], capture_output=True, timeout=PATIENCE)
        self.assertIn(b"ABI 1.0", said.stdout)

    def test_it_gives_way_and_can_gain_no_rights(self):
        with Peer("well_behaved") as one:
            one.started()
            status = pathlib.Path(f"/proc/{one.process.pid}/status").read_text()
            self.assertIn("NoNewPrivs:\t1", status)
            self.assertEqual(os.readlink(f"/proc/{one.process.pid}/cwd"), str(one.folder))
            self.assertEqual(os.getpriority(os.PRIO_PROCESS, one.process.pid), 10)
            self.assertEqual(os.getpgid(one.process.pid), one.process.pid)


if __name__ == "__main__":
    unittest.main()
