"""The query socket: JSON-RPC 2.0 and the methods that belong to no noun."""

import json
import os
import threading
import time
import unittest

import zmq

from harness import ROOT, CityTest, DaemonTest, QueryError, city_events, event, service, volunteer


class Protocol(CityTest):
    def ask(self, body):
        answer = self.city.ask_raw("query", body if isinstance(body, (bytes, str)) else json.dumps(body))
        return json.loads(answer)

    def request(self, method="status", **more):
        return {"jsonrpc": "2.0", "id": 1, "method": method, **more}

    def assert_error(self, answer, code, id=None):
        self.assertEqual(answer["error"]["code"], code, answer)
        self.assertEqual(answer["id"], id, answer)
        self.assertTrue(answer["error"]["message"])
        return answer["error"]

    def test_what_is_not_json(self):
        for body in ("", "{", "nonsense", b"\xff", '{"a":1,"a":2}', "[" * 100, "[" * 5000 + "]" * 5000):
            self.assert_error(self.ask(body), -32700)

    def test_what_is_not_a_request(self):
        self.assert_error(self.ask("7"), -32600)
        self.assert_error(self.ask("[]"), -32600)
        self.assert_error(self.ask({"id": 1, "method": "status"}), -32600, 1)
        self.assert_error(self.ask(self.request(jsonrpc="1.0")), -32600, 1)
        self.assert_error(self.ask(self.request(method=7)), -32600, 1)
        for wrong in (1.5, [], {}, True):
            self.assert_error(self.ask(self.request(id=wrong)), -32600, None)
        self.assert_error(self.ask([self.request()] * 101), -32600)

    def test_ids_come_back_as_they_were(self):
        for id in (0, -5, "a", "", None):
            answer = self.ask(self.request(id=id))
            self.assertEqual(answer["id"], id)
            self.assertIn("result", answer)

    def test_an_unknown_method_names_the_nearest(self):
        error = self.assert_error(self.ask(self.request("volunteer.gets")), -32601, 1)
        self.assertIn("volunteer.get", error["message"])

    def test_parameters_are_checked(self):
        for params, code, field in (
            ({"wait": 1}, "unknown_field", "wait"),
            ({"after": "1"}, "wrong_type", "after"),
            ({"after": 1.5}, "wrong_type", "after"),
        ):
            error = self.assert_error(self.ask(self.request("journal.read", params=params)), -32602, 1)
            self.assertEqual((error["data"]["code"], error["data"]["field"]), (code, field))
            self.assertIs(error["data"]["retryable"], False)
        error = self.assert_error(self.ask(self.request("volunteer.get", params={})), -32602, 1)
        self.assertEqual(error["data"]["code"], "missing_field")
        self.assert_error(self.ask(self.request(params=[1])), -32602, 1)

    def test_a_batch_is_answered_in_order(self):
        batch = [self.request("status", id="a"), self.request("nothing", id="b"), {"jsonrpc": "2.0", "method": "status"},
                 self.request("method.list", id="c"), 7]
        answers = self.ask(batch)
        self.assertEqual([a["id"] for a in answers], ["a", "b", "c", None])
        self.assertEqual(answers[1]["error"]["code"], -32601)

    def test_a_notification_is_done_and_not_answered(self):
        peer = self.city.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        peer.send_multipart([b"", b'{"jsonrpc":"2.0","method":"status"}'])
        peer.send_multipart([b"", b'[{"jsonrpc":"2.0","method":"status"}]'])
        peer.send_multipart([b"x", b"", json.dumps(self.request(id="last")).encode()])
        frames = peer.recv_multipart()
        self.assertEqual(frames[:2], [b"x", b""])
        self.assertEqual(json.loads(frames[2])["id"], "last")

    def test_broken_envelopes_are_answered(self):
        peer = self.city.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        for frames in ([b"{}"], [b"", b"{}", b"{}"], [b"x"] * 20):
            peer.send_multipart(frames)
            self.assertIn("error", json.loads(peer.recv_multipart()[-1]))

    def test_every_method_of_the_list_can_be_called(self):
        methods = self.city.query("method.list")["methods"]
        self.assertGreater(len(methods), 25)
        for method in methods:
            self.assertTrue(method["help"])
            answer = self.ask(self.request(method["name"], params={}))
            if any(p["required"] for p in method["parameters"]):
                self.assertEqual(answer["error"]["data"]["code"], "missing_field", method)
            else:
                self.assertNotEqual(answer.get("error", {}).get("code"), -32603, answer)

    def test_the_manual_has_every_method_with_its_parameters(self):
        manual = (ROOT / "core" / "bus" / "README.md").read_text()
        for method in self.city.query("method.list")["methods"]:
            (line,) = [x for x in manual.splitlines() if x.startswith("| `") and f"`{method['name']}`" in x]
            for parameter in method["parameters"]:
                shown = f"**{parameter['name']}**" if parameter["required"] else parameter["name"]
                self.assertIn(shown, line)

    def test_answers_include_what_was_acknowledged(self):
        for i in range(20):
            stored = self.city.publish_one(volunteer(f"fresh{i}"))
            answer = self.city.query("volunteer.get", volunteer=f"fresh{i}")
            self.assertEqual(answer["volunteer"], f"fresh{i}")
            self.assertGreaterEqual(answer["sequence"], stored["sequence"])

    def test_stale_answers_come_at_once_when_wanted(self):
        self.assertIn("sequence", self.city.query("status", fresh=False))


class Status(CityTest):
    def test_what_it_says(self):
        status = self.city.query("status")
        self.assertEqual(status["state"], "running")
        self.assertEqual(status["city"]["region"], "620500000000")
        self.assertEqual(status["city"]["time_zone"], "Asia/Shanghai")
        self.assertEqual(status["clock"]["mode"], "system")
        self.assertTrue(status["clock"]["recorded_time"].endswith("+08:00"))
        self.assertEqual(status["counts"]["region"], 4)
        self.assertGreaterEqual(status["counts"]["volunteer"], 3)
        self.assertEqual(status["committed"], status["sequence"])
        self.assertGreater(status["journal_bytes"], 0)
        self.assertEqual(status["warnings"], [])

    def test_it_counts(self):
        before = self.city.query("status")["events"]
        one = volunteer("counted")
        self.city.publish([one, one, volunteer("counted")])
        after = self.city.query("status")["events"]
        grown = {name: after[name] - before[name] for name in ("stored", "duplicate", "rejected")}
        self.assertEqual(grown, {"stored": 1, "duplicate": 1, "rejected": 1})


class JournalRead(CityTest):
    def read(self, **params):
        return self.city.query("journal.read", **params)

    def test_reading_in_steps_gives_everything_once(self):
        head = self.read(after=0, limit=1)["head"]
        after, sequences = 0, []
        while after < head:
            answer = self.read(after=after, limit=3)
            self.assertLessEqual(len(answer["events"]), 3)
            sequences += [int(e["sequence"]) for e in answer["events"]]
            after = answer["next"]
        self.assertEqual(sequences[: head], list(range(1, head + 1)))
        self.assertEqual(self.read(after=0, limit=1)["events"][0]["type"], "city.configured")

    def test_types_are_filtered_and_next_goes_on(self):
        answer = self.read(after=0, types=["region.defined", "organisation.defined"])
        kinds = [e["type"] for e in answer["events"]]
        self.assertEqual(kinds, ["region.defined"] * 4 + ["organisation.defined"])
        self.assertEqual(answer["next"], answer["head"])

    def test_wrong_parameters(self):
        for params, field in (({"limit": 0}, "limit"), ({"limit": 10001}, "limit"), ({"wait_ms": 60001}, "wait_ms"),
                              ({"after": -1}, "after")):
            with self.assertRaises(QueryError) as raised:
                self.read(**params)
            self.assertEqual((raised.exception.data["code"], raised.exception.data["field"]), ("out_of_range", field))
        with self.assertRaises(QueryError) as raised:
            self.read(types=["volunteer.registred"])
        self.assertEqual(raised.exception.data["code"], "unknown_type")
        self.assertIn("volunteer.registered", raised.exception.message)

    def test_another_epoch_is_told(self):
        right = self.city.query("status")["epoch"]
        self.assertIn("events", self.read(after=0, epoch=right))
        with self.assertRaises(QueryError) as raised:
            self.read(after=0, epoch="0000000000000000")
        self.assertEqual(raised.exception.data["code"], "epoch_changed")
        self.assertEqual(raised.exception.data["epoch"], right)
        self.assertEqual(raised.exception.data["began"], 1)

    def test_reading_on_from_beyond_the_end_is_refused(self):
        head = self.read(after=0, limit=1)["head"]
        self.assertEqual(self.read(after=head)["events"], [])
        with self.assertRaises(QueryError) as raised:
            self.read(after=head + 1000, wait_ms=50000)
        self.assertEqual((raised.exception.data["code"], raised.exception.data["field"]), ("out_of_range", "after"))
        self.assertEqual(raised.exception.data["head"], head)

    def test_every_answer_holds_what_was_acknowledged(self):
        stored = self.city.publish_one(volunteer("held"))
        for method, params in (("journal.read", {"after": 0, "limit": 1}), ("method.list", {}), ("policy.list", {})):
            self.assertGreaterEqual(self.city.query(method, **params)["sequence"], stored["sequence"], method)

    def test_a_long_poll_ends_with_the_next_event(self):
        head = self.read(after=0, limit=1)["head"]
        answers = []
        reader = threading.Thread(target=lambda: answers.append(self.read(after=head, wait_ms=50000)))
        begun = time.monotonic()
        reader.start()
        stored = self.city.publish_one(volunteer("poll1"))
        reader.join()
        self.assertLess(time.monotonic() - begun, 45)
        self.assertEqual(int(answers[0]["events"][0]["sequence"]), stored["sequence"])

    def test_a_long_poll_ends_when_its_time_is_out(self):
        head = self.read(after=0, limit=1)["head"]
        begun = time.monotonic()
        answer = self.read(after=head, wait_ms=300)
        self.assertGreaterEqual(time.monotonic() - begun, 0.29)
        self.assertEqual((answer["events"], answer["next"]), ([], head))

    def test_waiting_for_one_type_passes_over_others(self):
        head = self.read(after=0, limit=1)["head"]
        answers = []
        reader = threading.Thread(
            target=lambda: answers.append(self.read(after=head, wait_ms=50000, types=["volunteer.withdrawn"])))
        reader.start()
        self.city.publish_one(volunteer("poll2"))
        self.city.publish_one(event("volunteer.withdrawn", {"volunteer": "poll2"}))
        reader.join()
        self.assertIn(len(answers[0]["events"]), (0, 1))

    def test_many_long_polls_leave_the_threads_free(self):
        head = self.read(after=0, limit=1)["head"]
        peer = self.city.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        for i in range(100):
            request = {"jsonrpc": "2.0", "id": i, "method": "journal.read", "params": {"after": head, "wait_ms": 60000}}
            peer.send_multipart([b"", json.dumps(request).encode()])
        self.assertEqual(self.city.query("status")["state"], "running")
        self.city.publish_one(volunteer("poll3"))
        seen = {json.loads(peer.recv_multipart()[-1])["id"] for _ in range(100)}
        self.assertEqual(seen, set(range(100)))


class Parked(DaemonTest):
    def test_beyond_the_limit_long_polls_answer_at_once(self):
        daemon = self.daemon({"bus": {"parked_requests": 0}}).start()
        head = daemon.query("journal.read", after=0)["head"]
        begun = time.monotonic()
        self.assertEqual(daemon.query("journal.read", after=head, wait_ms=50000)["events"], [])
        self.assertLess(time.monotonic() - begun, 45)

    def test_stopping_answers_them(self):
        daemon = self.daemon().start()
        head = daemon.query("journal.read", after=0)["head"]
        peer = daemon.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        request = {"jsonrpc": "2.0", "id": 1, "method": "journal.read", "params": {"after": head, "wait_ms": 60000}}
        peer.send_multipart([b"", json.dumps(request).encode()])
        # What was sent behind it on the same connection is answered: so it has come too.
        peer.send_multipart([b"", json.dumps({"jsonrpc": "2.0", "id": 2, "method": "status"}).encode()])
        self.assertEqual(json.loads(peer.recv_multipart()[-1])["id"], 2)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(json.loads(peer.recv_multipart()[-1])["result"]["events"], [])


class Schema(CityTest):
    def test_one_type_and_all(self):
        one = self.city.query("schema.get", type="volunteer.registered")
        self.assertIn("volunteer", json.dumps(one))
        everything = self.city.query("schema.get")
        self.assertIn("volunteer.registered", everything["$defs"])
        with self.assertRaises(QueryError) as raised:
            self.city.query("schema.get", type="volunteer.registred")
        self.assertIn("volunteer.registered", raised.exception.message)

    def test_asyncapi(self):
        self.assertTrue(self.city.query("asyncapi.get")["asyncapi"].startswith("3."))


class Trying(CityTest):
    def test_nothing_of_a_try_stays(self):
        before = self.city.query("status")
        answer = self.city.query("event.try", event=volunteer("try1"))
        self.assertEqual(answer["status"], "stored")
        self.assertEqual(answer["decisions"], answer["decisions"] or [])
        after = self.city.query("status")
        self.assertEqual(after["sequence"], before["sequence"])
        with self.assertRaises(QueryError) as raised:
            self.city.query("volunteer.get", volunteer="try1")
        self.assertEqual(raised.exception.data["code"], "unknown_volunteer")

    def test_decisions_of_a_try(self):
        answer = self.city.query("event.try", event=service("try:r1", "v1"))
        self.assertIn("service.decided", [d["type"] for d in answer["decisions"]])

    def test_refusals_of_a_try(self):
        answer = self.city.query("event.try", event=volunteer("v1"))
        self.assertEqual((answer["status"], answer["code"], answer["field"]), ("rejected", "already_exists", "data.volunteer"))
        answer = self.city.query("event.try", event={"specversion": "1.0"})
        self.assertEqual(answer["status"], "rejected")
        for kind, data in (("clock.ticked", {"date": "2023-01-01"}),
                           ("star.changed", {"volunteer": "v1", "from": 0, "to": 5})):
            answer = self.city.query("event.try", event=event(kind, data))
            self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"), kind)

    def test_what_a_command_would_do(self):
        entry = {"dictionary": "category", "code": "try", "title": "试一试"}
        answer = self.city.query("event.try", event=event("dictionary.entry_set", entry))
        self.assertEqual(answer["status"], "stored", answer)
        with self.assertRaises(QueryError) as raised:
            self.city.query("dictionary.get", dictionary="category/try")
        self.assertEqual(raised.exception.data["code"], "unknown_dictionary")
        answer = self.city.query("event.try", event=event("dictionary.entry_set", {**entry, "decimals": 2}))
        self.assertEqual((answer["code"], answer["field"]), ("out_of_range", "data.decimals"))


class Jobs(CityTest):
    def test_the_journal_verifies(self):
        job = self.city.run_job("journal.verify")
        self.assertEqual(job["state"], "done", job)
        self.assertEqual(job["result"]["head"], self.city.query("status")["sequence"])
        self.assertEqual(len(job["result"]["hash"]), 64)

    def test_a_replay_gives_the_identical_state(self):
        self.city.publish([service(f"job:r{i}", "v1", f"2023-05-{i + 1:02}T09:00:00+08:00", f"2023-05-{i + 1:02}T11:00:00+08:00")
                           for i in range(20)])
        job = self.city.run_job("journal.replay")
        self.assertEqual(job["state"], "done", job)
        self.assertIs(job["result"]["identical"], True, job)
        self.assertEqual(job["result"]["digest_live"], job["result"]["digest_replayed"])
        self.assertEqual(list((self.city.data / "local").glob("replay-*")), [])

    def test_who_waits_for_a_job_hears_of_its_end_at_once(self):
        """And not when the bus next wakes for something else, each second."""
        began = time.monotonic()
        for _ in range(20):
            self.assertEqual(self.city.run_job("journal.verify")["state"], "done")
        self.assertLess(time.monotonic() - began, 15)

    def test_unknown_jobs(self):
        for method, params in (("job.start", {"job": "journal.paint"}), ("job.get", {"job": "journal.verify-999"}),
                               ("job.cancel", {"job": "x"})):
            with self.assertRaises(QueryError):
                self.city.query(method, **params)

    def test_a_job_is_asked_for_by_its_whole_name(self):
        job = self.city.query("job.start", job="journal.verify")["job"]
        number = job.rpartition("-")[2]
        for wrong in (f"journal.replay-{number}", f"x-{number}", f"journal.verify- +{number}", f"{job}x", number):
            for method in ("job.get", "job.cancel"):
                with self.assertRaises(QueryError) as raised:
                    self.city.query(method, job=wrong)
                self.assertEqual(raised.exception.data["code"], "unknown_job")
        for wait_ms in (-1, 60001):
            with self.assertRaises(QueryError) as raised:
                self.city.query("job.get", job=job, wait_ms=wait_ms)
            self.assertEqual(raised.exception.data["code"], "out_of_range")

    def test_jobs_begun_and_cancelled_leave_nothing(self):
        descriptors = f"/proc/{self.city.process.pid}/fd"
        before = len(os.listdir(descriptors))
        for i in range(30):
            job = self.city.query("job.start", job=("journal.replay", "journal.verify")[i % 2])["job"]
            self.city.query("job.cancel", job=job)
        self.assertEqual(list((self.city.data / "local").glob("replay-*")), [])
        self.assertLess(len(os.listdir(descriptors)), before + 5)

    def test_a_job_can_be_cancelled(self):
        job = self.city.query("job.start", job="journal.replay")["job"]
        state = self.city.query("job.cancel", job=job)["state"]
        self.assertIn(state, ("cancelled", "done"))
        self.assertEqual(self.city.query("job.get", job=job)["state"], state)

    def test_parameters_of_jobs_are_checked(self):
        with self.assertRaises(QueryError) as raised:
            self.city.query("job.start", job="journal.verify", parameters={"x": 1})
        self.assertEqual(raised.exception.data["code"], "unknown_field")


class Clock(CityTest):
    def test_accepting_the_clock_is_an_event(self):
        answer = self.city.query("clock.accept", by="operator:1")
        read = self.city.query("journal.read", after=answer["sequence"] - 1, limit=1)["events"][0]
        self.assertEqual((read["type"], read["data"]["by"]), ("clock.accepted", "operator:1"))


if __name__ == "__main__":
    unittest.main()
