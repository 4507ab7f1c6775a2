"""What a broken or ill-meaning peer sends. Every message still gets one answer of well-formed JSON, others are served
as before, and what was stored replays to the same state. Seeded: each run sends the same bytes."""

import copy
import json
import random
import socket
import time
import unittest

import zmq
import zmtp
from harness import (
    CityTest, activity, event, eventually, organisation, region, service, volunteer)

STRANGE = (None, True, -1, 0, 2**31, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 1.5, 1e308, "", " ", "\u0000", "x" * 70000,
           "天" * 300, "\U0001f9e7", "2023-02-30T25:61:61+99:99", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", [], {}, [[]],
           [{}], {"": {}}, [None] * 300, "620502001001", "../../etc", "'; --", "\ud7ff\ue000")
CODES = {
    "malformed_json", "not_an_event", "unsupported_specversion", "unknown_type", "missing_field", "unknown_field",
    "wrong_type", "out_of_range", "too_long", "bad_time", "in_future", "not_in_dictionary", "bad_identity_number",
    "identity_known", "bad_credit_code", "identity_in_identifier", "already_exists", "id_conflict", "not_allowed",
    "self_review", "consent_missing", "wrong_state", "policy_refused", "too_large"}


def members(value, path=()):
    """The places of everything in a JSON value."""
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from members(item, (*path, key))


def mutate(source, chance):
    """A copy with some places changed, taken away or added to."""
    value = json.loads(json.dumps(source))
    for _ in range(chance.randint(1, 3)):
        places = [p for p in members(value) if p]
        if not places:
            break
        *way, last = chance.choice(places)
        parent = value
        for key in way:
            parent = parent[key]
        what = chance.random()
        if what < 0.6:
            parent[last] = copy.deepcopy(chance.choice(STRANGE))
        elif what < 0.8:
            del parent[last]
        elif isinstance(parent, dict):
            parent[chance.choice(("x", "Id", "time", "sequence", "causationid", "volunteer", ""))] = copy.deepcopy(
                chance.choice(STRANGE))
    return value


def damage(body, chance):
    """The same bytes with a few of them wrong, missing or repeated."""
    body = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body) + 1)
        what = chance.randrange(4)
        if what == 0:
            body[at:at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del body[at:at + chance.randint(1, 20)]
        elif what == 2:
            body[at:at] = body[at:at + 40]
        else:
            body[at:at] = chance.choice((b"[", b"]", b"{", b'"', b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\u0000",
                                         b"\\ud800", b"1e999", b"99999999999999999999", b"\x00", b"\xef\xbb\xbf"))
    return bytes(body)


def samples():
    return [volunteer("hs:v", serial=401), service("hs:r", "v1"), activity("hs:a"), organisation("hs:o"),
            region("620502001099", "社区", "community", "620502001000"),
            event("service.revoked", {"record": "hs:r", "reason": "x", "by": "clerk:2"}),
            event("volunteer.updated", {"volunteer": "v2", "nation": "汉族"})]


class Bodies(CityTest):
    def exchange(self, name, bodies):
        """Every body through one DEALER; the answers in the order of the bodies."""
        peer = self.city.socket(name, zmq.DEALER)
        self.addCleanup(peer.close, 0)
        answers = {}
        for number, body in enumerate(bodies):
            peer.send_multipart([b"%d" % number, b"", body])
            if number >= 100:
                self.take(peer, answers)
        while len(answers) < len(bodies):
            self.take(peer, answers)
        self.assertFalse(peer.poll(0), "more answers than messages")
        return [answers[i] for i in range(len(bodies))]

    def take(self, peer, answers):
        number, empty, body = peer.recv_multipart()
        self.assertEqual(empty, b"")
        self.assertNotIn(int(number), answers)
        answers[int(number)] = json.loads(body.decode("utf-8", "strict"))

    def assert_codes(self, results):
        for result in results:
            self.assertIn(result["status"], ("stored", "duplicate", "rejected"), result)
            if result["status"] == "rejected":
                self.assertTrue(result["code"] in CODES or result["code"].startswith("unknown_"), result)
                self.assertIsInstance(result["retryable"], bool)
                self.assertTrue(result["message"])

    def tearDown(self):
        self.assertEqual(self.city.query("status")["state"], "running")

    def test_noise(self):
        chance = random.Random(1)
        bodies = [chance.randbytes(chance.randrange(0, 2000)) for _ in range(300)]
        for answer in self.exchange("ingest", bodies):
            self.assertIn(answer["error"]["code"], ("malformed_json", "not_an_event"))
        for answer in self.exchange("query", bodies):
            self.assertIn(answer["error"]["code"], (-32700, -32600))

    def test_events_with_strange_values(self):
        chance = random.Random(2)
        bodies = [json.dumps([mutate(chance.choice(samples()), chance) for _ in range(chance.randint(1, 5))]).encode()
                  for _ in range(400)]
        for body, answer in zip(bodies, self.exchange("ingest", bodies)):
            if "error" in answer:  # a whole message is refused only for its JSON: half a surrogate pair, a NUL
                self.assertEqual(answer["error"]["code"], "malformed_json", body)
                continue
            self.assertEqual(len(answer["results"]), len(json.loads(body)))
            self.assert_codes(answer["results"])
        self.assertIs(self.city.run_job("journal.replay")["result"]["identical"], True)

    def test_damaged_events(self):
        chance = random.Random(3)
        bodies = [damage(json.dumps(samples(), ensure_ascii=False).encode(), chance) for _ in range(300)]
        for answer in self.exchange("ingest", bodies):
            if "error" in answer:
                self.assertIn(answer["error"]["code"], ("malformed_json", "not_an_event"))
            else:
                self.assert_codes(answer["results"])

    def test_strange_questions(self):
        chance = random.Random(4)
        methods = [m for m in self.city.query("method.list")["methods"]
                   if m["name"] not in ("clock.accept", "policy.activate", "policy.check", "job.start")]
        bodies = []
        for number in range(600):
            method = chance.choice(methods)
            params = {p["name"]: chance.choice((*STRANGE, "v1", "620502000000")) for p in method["parameters"]
                      if chance.random() < 0.6 and p["name"] != "wait_ms"}
            request = {"jsonrpc": "2.0", "id": number, "method": method["name"], "params": params}
            bodies.append(json.dumps(request if chance.random() < 0.7 else mutate(request, chance) or [0]).encode())
        bodies = [body for body in bodies if b'"id"' in body or b"method" not in body]  # others are notifications
        for body, answer in zip(bodies, self.exchange("query", bodies)):
            self.assertEqual(answer["jsonrpc"], "2.0")
            self.assertNotEqual(answer.get("error", {}).get("code"), -32603, body)

    def test_numbers_beyond_their_range_are_not_bent(self):
        base = json.dumps(activity("hs:n", places=777))
        for number in ("18446744073709551617", "-1", "9223372036854775808", "4294967297", "1e3", "7.0", "1e999"):
            answer = json.loads(self.city.ask_raw("ingest", base.replace("777", number)))
            if "error" in answer:
                self.assertEqual(answer["error"]["code"], "malformed_json", number)
            else:
                self.assertIn(answer["results"][0]["code"], ("out_of_range", "wrong_type"), number)

    def test_the_largest_message_and_one_byte_more(self):
        one = json.dumps(volunteer("hs:large")).encode()
        limit = 8 << 20
        self.assertEqual(json.loads(self.city.ask_raw("ingest", one + b" " * (limit - len(one))))["results"][0]["status"], "stored")
        self.assertEqual(json.loads(self.city.ask_raw("ingest", one + b" " * (limit - len(one) + 1)))["error"]["code"], "too_large")
        self.assertEqual(len(json.loads(self.city.ask_raw("ingest", b"[" + b"0," * 9999 + b"0]"))["results"]), 10000)
        self.assertEqual(json.loads(self.city.ask_raw("ingest", b"[" + b"0," * 10000 + b"0]"))["error"]["code"], "too_large")

    def test_a_question_of_a_million_values_is_refused_before_it_is_built(self):
        body = b'{"jsonrpc":"2.0","id":1,"method":"status","params":{"x":[' + b"[]," * 1000000 + b"[]]}}"
        self.assertEqual(json.loads(self.city.ask_raw("query", body))["error"]["code"], -32700)

    def test_a_thousand_frames_are_answered(self):
        peer = self.city.socket("ingest", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        for frame in (b"x", b""):
            peer.send_multipart([frame] * 1000 + [b"", b"[]"])
            self.assertEqual(json.loads(peer.recv_multipart()[-1])["error"]["code"], "not_an_event")

    def test_more_frames_than_that_end_the_connection(self):
        before = self.city.query("status")["closed_connections"]
        peer = self.city.socket("ingest", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        peer.send_multipart([b"x"] * 100000 + [b"", b"[]"])
        eventually(lambda: self.city.query("status")["closed_connections"] > before, "the connection to be closed")

    def test_shuffled_duplicates_have_the_decisions_of_the_first(self):
        events = [service(f"hs:d{i}", f"v{i % 3 + 1}", f"2022-{i // 84 + 1:02}-{i // 3 % 28 + 1:02}T09:00:00+08:00",
                          f"2022-{i // 84 + 1:02}-{i // 3 % 28 + 1:02}T10:00:00+08:00") for i in range(300)]
        first = {r["id"]: (r["sequence"], r["decisions"]) for r in self.assert_stored(self.city.publish(events))}
        again = events * 3
        random.Random(5).shuffle(again)
        for sent, result in zip(again, self.city.publish(again)["results"]):
            self.assertEqual((result["id"], result["status"]), (sent["id"], "duplicate"))
            self.assertEqual((result["sequence"], result["decisions"]), first[sent["id"]])

    def test_a_duplicate_on_another_connection_is_not_ahead_of_the_first(self):
        peers = [self.city.socket("ingest", zmq.DEALER) for _ in range(2)]
        for i in range(50):
            one = service(f"hs:x{i}", "v3", f"2021-03-{i % 28 + 1:02}T{i // 28 * 3 + 8:02}:00:00+08:00",
                          f"2021-03-{i % 28 + 1:02}T{i // 28 * 3 + 9:02}:00:00+08:00")
            for peer in peers:
                peer.send_multipart([b"", json.dumps([one, one]).encode()])
            results = [r for peer in peers for r in json.loads(peer.recv_multipart()[-1])["results"]]
            self.assertEqual(sorted(r["status"] for r in results), ["duplicate"] * 3 + ["stored"])
            self.assertEqual(len({json.dumps([r["sequence"], r["decisions"]]) for r in results}), 1, results)
        for peer in peers:
            peer.close(0)


class Peers(CityTest):
    def peer(self, name, kind):
        peer = zmtp.shake_hands(zmtp.connect(self.city.endpoint(name)), kind)
        self.addCleanup(peer.close)
        return peer

    def test_ending_what_others_subscribed_to_silences_nobody(self):
        listener = self.city.subscribe("volunteer.")
        self.addCleanup(listener.close, 0)
        peer = self.peer("feed", b"SUB")
        for topic in (b"volunteer.", b"feed.heartbeat", b"", b"nothing") * 3:
            peer.sendall(zmtp.frame(b"\x00" + topic))
        peer.sendall(zmtp.frame(b"\x01feed.heartbeat"))
        zmtp.receive(peer, 20)  # a heartbeat: all before it has been taken
        self.city.publish_one(volunteer("hp1"))
        self.assertEqual(self.city.wait_feed(listener, "volunteer.registered")["data"]["volunteer"], "hp1")
        self.city.wait_feed(listener, "feed.heartbeat")

    def test_peers_that_speak_nonsense_are_dropped(self):
        chance = random.Random(6)
        for number in range(60):
            name = ("ingest", "feed", "query")[number % 3]
            peer = self.peer(name, b"DEALER" if name != "feed" else b"SUB") if number % 2 else socket.socket(socket.AF_UNIX)
            if not number % 2:
                peer.connect(str(self.city.runtime / f"{name}.sock"))
            try:
                peer.sendall(chance.randbytes(chance.randrange(1, 3000)))
            except OSError:
                pass  # it hung up before all was said
            peer.close()
        self.assertEqual(self.city.publish_one(volunteer("hp2"))["status"], "stored")

    def test_answers_that_nobody_reads_are_bounded(self):
        self.city.publish([volunteer(f"hp:b{i}") for i in range(400)])
        question = [{"jsonrpc": "2.0", "id": i, "method": "journal.read", "params": {"after": 0}} for i in range(100)]
        peer = self.city.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        peer.setsockopt(zmq.RCVHWM, 1)
        for number in range(16):
            peer.send_multipart([b"%d" % number, b"", json.dumps(question).encode()])
        self.assertEqual(self.city.query("status")["state"], "running")
        busy = large = 0
        for _ in range(16):
            eventually(lambda: self.city.query("status", fresh=False)["state"] == "running", "others to be answered")
            answer = json.loads(peer.recv_multipart()[-1])
            if isinstance(answer, dict):
                self.assertEqual(answer["error"]["data"], {"code": "busy", "retryable": True})
                busy += 1
            else:
                self.assertEqual([a["id"] for a in answer], list(range(100)))
                large += any(a.get("error", {}).get("data", {}).get("code") == "too_large" for a in answer)
        self.assertGreater(large, 0, "a batch ends at 16 MiB")
        self.assertGreater(busy, 0, "one peer holds 64 MiB")

    def test_abandoned_long_polls_are_forgotten(self):
        head = self.city.query("journal.read", after=0, limit=1)["head"]
        for _ in range(5):
            peer = self.city.socket("query", zmq.DEALER)
            for i in range(100):
                request = {"jsonrpc": "2.0", "id": i, "method": "journal.read", "params": {"after": head, "wait_ms": 60000}}
                peer.send_multipart([b"", json.dumps(request).encode()])
            request = {"jsonrpc": "2.0", "id": "last", "method": "method.list"}
            peer.send_multipart([b"", json.dumps(request).encode()])
            peer.recv_multipart()
            peer.close(0)
        before = self.city.query("status")["dropped_answers"]
        self.city.publish_one(volunteer("hp3"))
        eventually(lambda: self.city.query("status")["dropped_answers"] >= before + 500, "their answers to be dropped")

    def test_a_large_question_holds_no_place_among_the_long_polls(self):
        head = self.city.query("journal.read", after=0, limit=1)["head"]
        request = {"jsonrpc": "2.0", "id": 1, "method": "journal.read", "params": {"after": head, "wait_ms": 50000}}
        begun = time.monotonic()
        self.assertEqual(json.loads(self.city.ask_raw("query", json.dumps(request) + " " * 100000))["result"]["events"], [])
        self.assertLess(time.monotonic() - begun, 45)

    def test_a_stopped_subscriber_holds_up_nobody(self):
        slow = self.city.context.socket(zmq.SUB)
        self.addCleanup(slow.close, 0)
        slow.setsockopt(zmq.RCVHWM, 1)
        slow.setsockopt_string(zmq.SUBSCRIBE, "")
        slow.connect(self.city.endpoint("feed"))
        quick = self.city.subscribe("volunteer.withdrawn")
        self.addCleanup(quick.close, 0)
        for i in range(20):
            self.assert_stored(self.city.publish([volunteer(f"hp:s{i}:{j}") for j in range(100)]))
        self.city.publish_one(event("volunteer.withdrawn", {"volunteer": "hp:s0:0"}))
        self.city.wait_feed(quick, "volunteer.withdrawn")

    def test_publishers_that_read_no_acknowledgement_lose_nothing(self):
        peer = self.city.socket("ingest", zmq.DEALER)
        peer.setsockopt(zmq.RCVHWM, 1)
        for i in range(50):
            peer.send_multipart([b"", json.dumps([volunteer(f"hp:u{i}:{j}") for j in range(20)]).encode()])
        eventually(lambda: self.known("hp:u49:19"), "all of them to be stored")
        for _ in range(50):
            self.assert_stored(json.loads(peer.recv_multipart()[-1]))
        peer.close(0)

    def known(self, name):
        answer = json.loads(self.city.ask_raw("query", json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "volunteer.get", "params": {"volunteer": name}})))
        return "result" in answer


if __name__ == "__main__":
    unittest.main()
