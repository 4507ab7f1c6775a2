"""Codes that need a state of their own: a full queue, a full disk, the city's rule, things that nobody has defined."""

import json
import re
import unittest

import zmq
from harness import (
    COMMUNITY, ORGANISATION, ROOT, CityTest, DaemonTest, QueryError, activity, city_events, event, identity_number, organisation,
    service, volunteer)


class Unknown(CityTest):
    def assert_unknown(self, result, noun, field):
        self.assert_rejected(result, f"unknown_{noun}", field, retryable=True)

    def test_an_activity_names_only_what_is_defined(self):
        for noun in ("team", "station", "project", "campaign"):
            result = self.city.publish_one(activity(f"u-{noun}", **{noun: "nobody:1"}))
            self.assert_unknown(result, noun, f"data.{noun}")

    def test_a_record_names_only_what_is_defined(self):
        self.assert_unknown(self.city.publish_one(service("u1", "v1", post="nobody:1")), "post", "data.post")
        self.assert_unknown(self.city.publish_one(service("u2", "v1", activity="nobody:1")), "activity", "data.activity")
        self.assert_unknown(self.city.publish_one(service("u3", "nobody:1")), "volunteer", "data.volunteer")

    def test_what_was_unknown_is_stored_when_it_has_arrived(self):
        late = service("u4", "late:1")
        self.assert_unknown(self.city.publish_one(late), "volunteer", "data.volunteer")
        self.assert_stored(self.city.publish(volunteer("late:1", serial=700)))
        self.assertEqual(self.city.publish_one(late)["status"], "stored")


class Registration(CityTest):
    def test_the_citys_rule_refuses_with_its_findings(self):
        child = event("volunteer.registered", {"volunteer": "child:1", "region": COMMUNITY, "born": "2022-01"},
                      time="2023-06-01T09:00:00+08:00")
        result = self.city.publish_one(child)
        self.assert_rejected(result, "policy_refused")
        self.assertEqual([finding["code"] for finding in result["findings"]], ["too_young"])
        listed = self.city.query("volunteer.list", limit=1000)["items"]
        self.assertNotIn("child:1", [item["volunteer"] for item in listed])

    def test_a_held_registration_takes_no_records_until_it_is_settled(self):
        held = self.city.publish_one(volunteer("nameless:1", born="1980-01"))
        self.assertEqual(held["decisions"][0]["data"]["outcome"], "held")
        record = service("n1", "nameless:1")
        self.assert_rejected(self.city.publish_one(record), "wrong_state", "data.volunteer")
        settled = self.city.publish_one(event("volunteer.updated", {"volunteer": "nameless:1", "changes": {
            "identity": {"name": "测试", "document_kind": "passport", "number": "E77777777"}}}))
        self.assertEqual(settled["decisions"][0]["data"]["outcome"], "accepted")
        self.assertEqual(self.city.publish_one(record)["status"], "stored")


class ReadOnly(DaemonTest):
    def test_a_nearly_full_disk_refuses_to_write_and_goes_on_reading(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        self.assertEqual(daemon.stop(), 0)
        daemon.config["limits"] = {"disk_reserve_mib": 1048576}
        daemon.write_config()
        daemon.start()
        late = service("r1", "v1")
        self.assert_rejected(daemon.publish_one(late), "read_only", retryable=True)
        status = daemon.query("status")
        self.assertEqual(status["state"], "read_only")
        self.assertIn("disk", status["reason"])
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        self.assertEqual(daemon.stop(), 0)
        del daemon.config["limits"]
        daemon.write_config()
        daemon.start()
        self.assertEqual(daemon.publish_one(late)["status"], "stored")


class Busy(DaemonTest):
    def test_a_full_queue_says_busy_and_loses_nothing(self):
        daemon = self.daemon(config={"bus": {"queue_mib": 1}}).start()
        self.assert_stored(daemon.publish(city_events()))
        socket = daemon.socket("ingest", zmq.DEALER)
        messages = {}
        for n in range(40):
            first = n * 1000
            messages[str(n).encode()] = json.dumps([
                event("organisation.defined", {"organisation": f"busy:{first + i}", "name": "单位", "kind": "enterprise",
                                               "region": COMMUNITY, "parent": ORGANISATION}) for i in range(1000)])
        waiting, n_busy = set(messages), 0
        for name in waiting:
            socket.send_multipart([name, b"", messages[name].encode()])
        while waiting:
            name, _, body = socket.recv_multipart()
            codes = {result.get("code") for result in json.loads(body)["results"]}
            if codes == {"busy"}:
                n_busy += 1
                socket.send_multipart([name, b"", messages[name].encode()])
                continue
            self.assertEqual(codes, {None})
            waiting.remove(name)
        self.assertGreater(n_busy, 0)
        self.assertEqual(daemon.query("status")["counts"]["organisation"], 40001)
        socket.close(0)


class EveryCode(DaemonTest):
    """The table of codes in core, and beside each code something that is answered with it."""

    CONTRACT = set("""malformed_json not_an_event unsupported_specversion unknown_type missing_field unknown_field wrong_type
        out_of_range too_long bad_time in_future not_in_dictionary bad_identity_number identity_known bad_credit_code
        identity_in_identifier unknown_ already_exists id_conflict not_allowed self_review consent_missing wrong_state no_places
        insufficient_points out_of_stock policy_refused busy read_only too_large epoch_changed""".split())
    RETRYABLE = {"busy", "read_only", "unknown_"}
    NOT_IN_CORE_YET = set()
    NO_TYPE_YET = set()
    NO_NOUN_YET = {"person", "shift", "subject"}  # nothing defines them; subject stands for other kinds
    ALWAYS_KNOWN = {"calendar"}                      # every day is in it

    def table(self):
        """{code: (name in C, retryable)}"""
        text = (ROOT / "core/event/problem.h").read_text()
        return {code: (name, retryable == "true")
                for name, code, retryable in re.findall(r'P\((\w+), "(\w+)", (true|false)\)', text)}

    def nouns(self):
        text = (ROOT / "core/event/types.h").read_text()
        return re.findall(r'N\(\w+, "(\w+)"', text[text.index("#define NOUNS"):text.index("#define NOUNS") + 4000])

    def test_the_table_is_that_of_the_contract(self):
        table = self.table()
        self.assertEqual(set(table), self.CONTRACT - self.NOT_IN_CORE_YET)
        self.assertEqual({code for code, (_, retryable) in table.items() if retryable}, self.RETRYABLE)

    def test_what_no_type_gives_yet_is_given_nowhere(self):
        sources = [p for p in (ROOT / "core").rglob("*.c") if p.name not in ("problem.c", "asyncapi.c")]
        text = "".join(p.read_text() for p in sources)
        for code, (name, _) in self.table().items():
            used = re.search(rf"PROBLEM_{name}\b", text) is not None or code == "unknown_"
            self.assertEqual(used, code not in self.NO_TYPE_YET, code)

    def test_every_code_is_seen_over_the_bus(self):
        self.city = self.daemon().start()
        self.assert_stored(self.city.publish(city_events()))
        seen = {}
        for code in self.table():
            if code in self.NO_TYPE_YET or code == "unknown_":
                continue
            with self.subTest(code):
                seen[code] = getattr(self, code)()
                self.assertEqual(seen[code]["code"], code, seen[code])
                self.assertGreater(len(seen[code]["message"]), 15, seen[code])
                self.assertEqual(seen[code].get("retryable", False), code in self.RETRYABLE, seen[code])

    def test_every_noun_may_be_unknown(self):
        city = self.daemon().start()
        self.assert_stored(city.publish(city_events()))
        methods = {m["name"] for m in city.query("method.list")["methods"]}
        types = (ROOT / "core/event/types.h").read_text()
        told = {"fund": event("reward.offered", {"reward": "n:r", "title": "x", "account": "points", "cost": 1, "fund": "no:1"}),
                "campaign": activity("n:1", campaign="no:1"), "post": service("n:2", "v1", post="no:1"),
                "record": event("service.revoked", {"record": "no:1", "reason": "x", "by": "clerk:1"})}
        of_another = {"points", "assessment", "figure", "civilised_title", "dictionary"}  # the thing they are of is unknown
        for noun in self.nouns():
            with self.subTest(noun):
                if noun in self.NO_NOUN_YET:
                    self.assertNotIn(f"{noun}.get", methods)
                    self.assertNotRegex(types, rf"(PUBLISHER|COMMAND), 1, {noun.upper()}, ", "this noun has come: give it a test")
                elif noun in self.ALWAYS_KNOWN:
                    self.assertIn("kind", city.query(f"{noun}.get", **{noun: "2023-03-05"}))
                elif noun in told:
                    self.assert_rejected(city.publish_one(told[noun]), f"unknown_{noun}", f"data.{noun}", retryable=True)
                else:
                    value = {"figure": "staff/organisation/no:1", "civilised_title": "unit/organisation/no:1",
                             "assessment": "organisation/no:1", "region": "620500000009"}.get(noun, "no:1")
                    with self.assertRaises(QueryError) as raised:
                        city.query(f"{noun}.get", **{noun: value})
                    data = raised.exception.data
                    self.assertTrue(data["code"].startswith("unknown_"), data)
                    if noun not in of_another:
                        self.assertEqual((data["code"], data["field"]), (f"unknown_{noun}", noun))
                    self.assertIs(data["retryable"], True)

    # ---- one thing that is answered with each code ----

    def rejected(self, wrong, field):
        result = self.city.publish_one(wrong)
        self.assertEqual((result["status"], result.get("field")), ("rejected", field), result)
        return result

    def message(self, body):
        return json.loads(self.city.ask_raw("ingest", body))["error"]

    def asked(self, method, field, **params):
        with self.assertRaises(QueryError) as raised:
            self.city.query(method, **params)
        self.assertEqual(raised.exception.data.get("field"), field)
        return {**raised.exception.data, "message": raised.exception.message}

    def malformed_json(self):
        return self.message(b"{")

    def not_an_event(self):
        return self.message(b"7")

    def unsupported_specversion(self):
        return self.rejected(dict(volunteer("c:1"), specversion="0.3"), "specversion")

    def unknown_type(self):
        return self.rejected(dict(volunteer("c:1"), type="volunteer.vanished"), "type")

    def missing_field(self):
        return self.rejected(event("volunteer.registered", {"volunteer": "c:1"}), "data.region")

    def unknown_field(self):
        return self.rejected(volunteer("c:1", nickname="x"), "data.nickname")

    def wrong_type(self):
        return self.rejected(volunteer("c:1", employer=5), "data.employer")

    def out_of_range(self):
        return self.rejected(activity("c:1", places=0), "data.places")

    def too_long(self):
        return self.rejected(volunteer("x" * 65), "data.volunteer")

    def bad_time(self):
        return self.rejected(dict(volunteer("c:1"), time="yesterday"), "time")

    def in_future(self):
        return self.rejected(dict(volunteer("c:1"), time="2999-01-01T00:00:00Z"), "time")

    def not_in_dictionary(self):
        return self.rejected(activity("c:1", category="no_such"), "data.category")

    def bad_identity_number(self):
        number = identity_number(77)
        person = {"name": "甲", "document_kind": "resident_id", "number": number[:-1] + ("1" if number[-1] != "1" else "2")}
        return self.rejected(volunteer("c:1", identity=person), "data.identity.number")

    def identity_known(self):
        return self.rejected(volunteer("c:1", serial=1), "data.identity.number")

    def bad_credit_code(self):
        return self.rejected(organisation("c:1", credit_code="911101080000000000"), "data.credit_code")

    def identity_in_identifier(self):
        return self.rejected(volunteer("13912345678"), "data.volunteer")

    def already_exists(self):
        return self.rejected(volunteer("v1"), "data.volunteer")

    def id_conflict(self):
        one = volunteer("c:2")
        self.assert_stored(self.city.publish(one))
        return self.rejected(dict(one, data=dict(one["data"], volunteer="c:3")), "id")

    def not_allowed(self):
        return self.rejected(event("clock.ticked", {"date": "2023-01-01"}), "type")

    def self_review(self):
        late = service("c:late", "v1", "2020-01-01T09:00:00+08:00", "2020-01-01T10:00:00+08:00", time="2023-01-01T10:00:00+08:00")
        self.assert_stored(self.city.publish(late))
        return self.rejected(event("service.reviewed", {"record": "c:late", "outcome": "accepted", "reviewer": "clerk:1"}),
                             "data.reviewer")

    def wrong_state(self):
        self.assert_stored(self.city.publish(event("volunteer.withdrawn", {"volunteer": "v3"})))
        return self.rejected(event("volunteer.withdrawn", {"volunteer": "v3"}), "data.volunteer")

    def no_places(self):
        soon = {"starts": "2150-03-05T09:00:00+08:00", "ends": "2150-03-05T12:00:00+08:00"}
        self.assert_stored(self.city.publish([activity("c:full", places=1, starts=soon["starts"], ends=soon["ends"])] + [
            event("enrolment.requested", {"activity": "c:full", "volunteer": v, "by": "self"}) for v in ("v1", "v2")]))
        return self.rejected(event("enrolment.reviewed", {"activity": "c:full", "volunteer": "v2", "outcome": "accepted",
                                                          "reviewer": "clerk:2"}), "data.outcome")

    def insufficient_points(self):
        return self.asked("points.adjust", "amount", volunteer="v2", account="points", amount=-1, reason="x", by="clerk:1",
                          adjustment="c:1")

    def out_of_stock(self):
        self.assert_stored(self.city.publish(event("reward.offered", {"reward": "c:none", "title": "雨伞", "account": "points",
                                                                      "cost": 1, "stock": 0})))
        return self.rejected(event("reward.redeemed", {"redemption": "c:r", "volunteer": "v2", "reward": "c:none", "quantity": 1}),
                             "data.quantity")

    def consent_missing(self):
        self.assert_stored(self.city.publish(event("honour.defined", {"honour": "c:h", "title": "天水好人", "level": "municipal"})))
        return self.rejected(event("honour.nominated", {"nomination": "c:n", "honour": "c:h", "year": 2018, "story": "事迹",
                                                        "subject": {"kind": "volunteer", "id": "v2"}}), "data.story_consent")

    def policy_refused(self):
        result = self.rejected(event("volunteer.registered", {"volunteer": "c:4", "region": COMMUNITY, "born": "2022-01"},
                                     time="2023-06-01T09:00:00+08:00"), "data")
        self.assertTrue(result["findings"])
        return result

    def busy(self):
        narrow = self.daemon({"bus": {"query_queue": 1, "query_threads": 1}}, folder="narrow").start()
        peer = narrow.socket("query", zmq.DEALER)
        for _ in range(200):
            peer.send_multipart([b"", b'{"jsonrpc":"2.0","id":1,"method":"schema.get"}'])
        answers = [json.loads(peer.recv_multipart()[-1]) for _ in range(200)]
        peer.close(0)
        error = next(a["error"] for a in answers if "error" in a)
        return {**error["data"], "message": error["message"]}

    def read_only(self):
        full = self.daemon(folder="full").start()
        self.assertEqual(full.stop(), 0)
        full.config["limits"] = {"disk_reserve_mib": 1048576}
        full.write_config()
        return full.start().publish_one(volunteer("c:5"))

    def too_large(self):
        return self.message(b"[" + b"{}," * 10000 + b"{}]")

    def epoch_changed(self):
        return self.asked("journal.read", "epoch", after=0, epoch="0123456789abcdef")


if __name__ == "__main__":
    unittest.main()
