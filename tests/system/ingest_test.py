"""The ingest socket: acknowledgements, every refusal by shape, envelopes, limits."""

import json
import socket as plain_socket
import unittest

import zmq

from harness import (
    CITY, COMMUNITY, CityTest, DaemonTest, activity, city_events, event, eventually, identity_number, organisation, service,
    volunteer)


class Acknowledgement(CityTest):
    def test_a_stored_event_has_a_sequence_and_the_epoch(self):
        answer = self.city.publish(volunteer("ack1"))
        self.assertEqual(set(answer), {"epoch", "results"})
        self.assertRegex(answer["epoch"], r"^[0-9a-f]{16}$")
        (result,) = answer["results"]
        self.assertEqual(result["status"], "stored")
        self.assertIsInstance(result["sequence"], int)
        self.assertEqual(self.city.query("status")["epoch"], answer["epoch"])

    def test_results_stand_in_the_order_of_the_events(self):
        events = [volunteer(f"order{i}") for i in range(50)]
        events[7]["data"]["region"] = "nowhere"
        del events[9]["data"]["volunteer"]
        results = self.city.publish(events)["results"]
        self.assertEqual([r["id"] for r in results], [e["id"] for e in events])
        self.assertEqual([i for i, r in enumerate(results) if r["status"] != "stored"], [7, 9])
        sequences = [r["sequence"] for r in results if r["status"] == "stored"]
        self.assertEqual(sequences, sorted(sequences))

    def test_decisions_come_with_the_acknowledgement(self):
        result = self.city.publish_one(service("ack:r1", "v1"))
        self.assertEqual(result["status"], "stored", result)
        (decision,) = [d for d in result["decisions"] if d["type"] == "service.decided"]
        self.assertEqual(decision["data"]["record"], "ack:r1")
        self.assertIn(decision["data"]["outcome"], ("accepted", "held", "refused"))

    def test_a_duplicate_has_the_sequence_and_decisions_of_the_first(self):
        one = service("ack:r2", "v2")
        first = self.city.publish_one(one)
        second = self.city.publish_one(one)
        self.assertEqual(second["status"], "duplicate")
        self.assertEqual(second["sequence"], first["sequence"])
        self.assertEqual(second.get("decisions"), first.get("decisions"))

    def test_duplicates_in_one_message_and_out_of_order(self):
        events = [service(f"ack:d{i}", "v3", f"2023-04-{i + 1:02}T09:00:00+08:00", f"2023-04-{i + 1:02}T10:00:00+08:00")
                  for i in range(5)]
        first = self.assert_stored(self.city.publish(events))
        again = self.city.publish([events[3], events[0], events[0], events[4]])["results"]
        for result, index in zip(again, (3, 0, 0, 4)):
            self.assertEqual(result["status"], "duplicate")
            self.assertEqual(result["sequence"], first[index]["sequence"])
            self.assertEqual(result["decisions"], first[index]["decisions"])

    def test_a_duplicate_within_a_message(self):
        one = volunteer("ack:twice")
        first, second = self.city.publish([one, one])["results"]
        self.assertEqual((first["status"], second["status"]), ("stored", "duplicate"))
        self.assertEqual(first["sequence"], second["sequence"])

    def test_other_content_under_the_same_id_is_a_conflict(self):
        one = volunteer("ack3")
        self.city.publish_one(one)
        other = dict(one, data=dict(one["data"], volunteer="ack4"))
        self.assert_rejected(self.city.publish_one(other), "id_conflict")

    def test_ids_are_per_source(self):
        first = volunteer("ack5")
        second = dict(volunteer("ack6"), id=first["id"], source="another")
        self.assertEqual([r["status"] for r in self.city.publish([first, second])["results"]], ["stored", "stored"])

    def test_the_id_of_a_refused_event_stays_free(self):
        wrong = volunteer("ack7", region="620500000001")
        self.assert_rejected(self.city.publish_one(wrong), "unknown_region", "data.region", retryable=True)
        right = dict(wrong, data=dict(wrong["data"], region=COMMUNITY))
        self.assertEqual(self.city.publish_one(right)["status"], "stored")

    def test_an_empty_array_has_no_results(self):
        self.assertEqual(self.city.publish([])["results"], [])

    def test_events_of_one_message_apply_in_order(self):
        results = self.city.publish([organisation("ack:o1"), volunteer("ack8", employer="ack:o1")])["results"]
        self.assertEqual([r["status"] for r in results], ["stored", "stored"])


class Refusals(CityTest):
    """Every code that these types can give for what one event says."""

    def refused(self, wrong, code, field=None, retryable=False):
        self.assert_rejected(self.city.publish_one([wrong]), code, field, retryable)

    def changed(self, base, **data):
        return dict(base, data=dict(base["data"], **data))

    def test_shape_of_the_event(self):
        good = volunteer("s1")
        self.refused(7, "not_an_event")
        self.refused({k: v for k, v in good.items() if k != "source"}, "missing_field", "source")
        self.refused({k: v for k, v in good.items() if k != "data"}, "missing_field", "data")
        self.refused(dict(good, specversion="0.3"), "unsupported_specversion", "specversion")
        self.refused(dict(good, type="volunteer.registred"), "unknown_type", "type")
        self.refused(dict(good, time="yesterday"), "bad_time", "time")
        self.refused(dict(good, time="2999-01-01T00:00:00Z"), "in_future", "time")

    def test_fields(self):
        good = volunteer("s2")
        self.refused(event("volunteer.registered", {"region": COMMUNITY}), "missing_field", "data.volunteer")
        self.refused(self.changed(good, nickname="x"), "unknown_field", "data.nickname")
        self.refused(self.changed(good, volunteer=5), "wrong_type", "data.volunteer")
        self.refused(self.changed(good, party_status="sometimes"), "not_in_dictionary", "data.party_status")
        self.refused(self.changed(good, volunteer="x" * 65), "too_long", "data.volunteer")
        self.refused(self.changed(good, volunteer="a b"), "wrong_type", "data.volunteer")
        self.refused(activity("s:a", places=0), "out_of_range", "data.places")
        self.refused(activity("s:a", category="no_such"), "not_in_dictionary", "data.category")

    def test_the_nearest_name_helps(self):
        result = self.city.publish_one(self.changed(volunteer("s3"), volunter="x"))
        self.assertIn("volunteer", result["message"])
        result = self.city.publish_one(dict(volunteer("s3"), type="volunteer.registred"))
        self.assertIn("volunteer.registered", result["message"])

    def test_identity(self):
        number = identity_number(77)
        wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
        person = {"name": "甲", "document_kind": "resident_id", "number": wrong}
        self.refused(volunteer("s4", identity=person), "bad_identity_number", "data.identity.number")
        self.refused(volunteer(number), "identity_in_identifier", "data.volunteer")
        self.refused(volunteer("13912345678"), "identity_in_identifier", "data.volunteer")
        self.refused(volunteer("s5", serial=1), "identity_known", "data.identity.number")
        self.refused(organisation("s:o", credit_code="911101080000000000"), "bad_credit_code", "data.credit_code")

    def test_what_does_not_exist_may_come_later(self):
        self.refused(volunteer("s6", region="620500000001"), "unknown_region", "data.region", True)
        self.refused(volunteer("s6", employer="no:org"), "unknown_organisation", "data.employer", True)
        self.refused(service("s:r", "nobody"), "unknown_volunteer", "data.volunteer", True)
        self.refused(service("s:r", "v1", activity="none"), "unknown_activity", "data.activity", True)
        self.refused(event("service.revoked", {"record": "none", "reason": "x", "by": "clerk:1"}), "unknown_record",
                     "data.record", True)

    def test_what_exists_already(self):
        self.refused(volunteer("v1"), "already_exists", "data.volunteer")

    def test_states(self):
        self.city.publish([volunteer("s7"), event("volunteer.withdrawn", {"volunteer": "s7"})])
        self.refused(event("volunteer.withdrawn", {"volunteer": "s7"}), "wrong_state")

    def test_the_recorder_may_not_review(self):
        late = service("s:late", "v1", "2020-01-01T09:00:00+08:00", "2020-01-01T10:00:00+08:00",
                       time="2023-01-01T10:00:00+08:00")
        self.city.publish_one(late)
        review = {"record": "s:late", "outcome": "accepted", "reviewer": "clerk:1"}
        self.refused(event("service.reviewed", review), "self_review")

    def test_types_of_commands_and_of_the_daemon(self):
        offsets = [{"from": 0, "seconds": 28800}]
        city = {"region": CITY, "name": "x", "time_zone": "Asia/Shanghai", "offsets": offsets}
        self.refused(event("city.configured", city), "not_allowed", "type")
        self.refused(event("clock.ticked", {"date": "2023-01-01"}), "not_allowed", "type")
        decision = {"record": "r", "outcome": "accepted", "minutes": 5}
        self.refused(event("service.decided", decision), "not_allowed", "type")

    def test_the_daemons_source_is_its_own(self):
        self.refused(dict(volunteer("s8"), source=f"/volunteerd/{CITY}"), "not_allowed", "source")

    def test_duplicate_members_are_refused(self):
        text = json.dumps(volunteer("s9")).replace('"volunteer": "s9"', '"volunteer": "s9", "volunteer": "s10"')
        answer = json.loads(self.city.ask_raw("ingest", text))
        self.assertEqual(answer["results"][0]["status"], "rejected", answer)


class Bodies(CityTest):
    config = {"bus": {"max_message_bytes": 65536, "max_events": 100}}

    def error(self, body):
        answer = json.loads(self.city.ask_raw("ingest", body))
        self.assertEqual(set(answer), {"error"}, answer)
        self.assertTrue(answer["error"]["message"])
        return answer["error"]["code"]

    def test_what_is_not_json(self):
        for body in (b"", b"{", b"[1,", b"\xff\xfe", b'{"a":"\xc3"}', b"[" * 100000, b'{"a":01}', b"{} {}"):
            if len(body) < 65536:
                self.assertEqual(self.error(body), "malformed_json", body)

    def test_what_is_not_an_event(self):
        for body in (b"7", b'"text"', b"null", b"true"):
            self.assertEqual(self.error(body), "not_an_event", body)

    def test_nesting_is_limited(self):
        self.assertEqual(self.error(b"[" * 10000 + b"]" * 10000), "malformed_json")

    def test_a_body_over_the_limit_is_answered(self):
        self.assertEqual(self.error(b" " * 65537), "too_large")
        self.assertEqual(self.error(b" " * (65536 + 1000000)), "too_large")

    def test_far_beyond_the_limit_the_connection_closes(self):
        peer = self.city.socket("ingest")
        self.addCleanup(peer.close, 0)
        peer.setsockopt(zmq.RCVTIMEO, 500)
        peer.send(b" " * (65536 + (2 << 20)))
        with self.assertRaises(zmq.Again):
            peer.recv()
        self.assertEqual(self.error(b"7"), "not_an_event")

    def test_an_array_beyond_the_limit(self):
        self.assertEqual(self.error(b"[" + b",".join([b"{}"] * 101) + b"]"), "too_large")
        self.assertEqual(len(json.loads(self.city.ask_raw("ingest", b"[" + b",".join([b"{}"] * 100) + b"]"))["results"]), 100)


class Envelopes(CityTest):
    def dealer(self):
        peer = self.city.socket("ingest", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        return peer

    def test_a_dealer_pipelines_with_frames_of_its_own(self):
        peer = self.dealer()
        for i in range(200):
            peer.send_multipart([b"n", str(i).encode(), b"", json.dumps(volunteer(f"env{i}")).encode()])
        seen = {}
        for _ in range(200):
            first, number, empty, body = peer.recv_multipart()
            self.assertEqual((first, empty), (b"n", b""))
            seen[int(number)] = json.loads(body)["results"][0]["status"]
        self.assertEqual(seen, {i: "stored" for i in range(200)})

    def test_seven_frames_come_back_and_more_are_refused(self):
        peer = self.dealer()
        frames = [b"%d" % i for i in range(7)]
        peer.send_multipart(frames + [b"", b"[]"])
        self.assertEqual(peer.recv_multipart()[:-1], frames + [b""])
        peer.send_multipart(frames + [b"7", b"", b"[]"])
        (body,) = peer.recv_multipart()
        self.assertEqual(json.loads(body)["error"]["code"], "not_an_event")
        peer.send_multipart([b"x" * 256, b"", b"[]"])
        self.assertIn("error", json.loads(peer.recv_multipart()[0]))

    def test_messages_without_delimiter_or_body(self):
        peer = self.dealer()
        for frames in ([b"{}"], [b"a", b"b", b"{}"], [b"", b"{}", b"{}"], [b"x", b""]):
            peer.send_multipart(frames)
            answer = json.loads(peer.recv_multipart()[-1])
            self.assertEqual(answer["error"]["code"], "not_an_event", frames)

    def test_thousands_of_acknowledgements_wait_for_a_publisher_that_reads_later(self):
        peer = self.dealer()
        before = self.city.query("status")
        for i in range(6000):
            peer.send_multipart([b"%d" % i, b"", json.dumps(volunteer(f"later{i}")).encode()])
        stored = before["events"]["stored"] + 6000
        eventually(lambda: self.city.query("status")["events"]["stored"] == stored, "all of them to be stored")
        seen = {int(peer.recv_multipart()[0]) for _ in range(6000)}
        self.assertEqual(seen, set(range(6000)))
        self.assertEqual(self.city.query("status")["dropped_acks"], before["dropped_acks"])

    def test_an_acknowledgement_that_nobody_takes_is_counted(self):
        peer = self.dealer()
        before = self.city.query("status")
        peer.send_multipart([b"", json.dumps([volunteer(f"gone{i}") for i in range(500)]).encode()])
        peer.close(0)
        # Whether it was sent before the end or not, the daemon goes on.
        after = self.city.query("status")
        self.assertGreaterEqual(after["dropped_acks"], before["dropped_acks"])
        self.assertEqual(self.city.publish_one(volunteer("still_here"))["status"], "stored")


class Tcp(DaemonTest):
    def test_loopback_tcp_takes_events_up_to_a_mebibyte(self):
        with plain_socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        endpoint = f"tcp://127.0.0.1:{port}"
        folder = self.folder / "d" / "run"
        daemon = self.daemon({"bus": {"ingest": [f"ipc://{folder}/ingest.sock", endpoint]}}).start()
        self.assert_stored(daemon.publish(city_events(), endpoint))
        self.assertEqual(daemon.publish_one(volunteer("v1"))["code"], "already_exists")
        peer = daemon.socket("ingest", endpoint=endpoint)
        self.addCleanup(peer.close, 0)
        peer.setsockopt(zmq.RCVTIMEO, 500)
        peer.send(b" " * ((1 << 20) + 1))
        with self.assertRaises(zmq.Again):
            peer.recv()


if __name__ == "__main__":
    unittest.main()
