"""Codes that need a state of their own: a full queue, a full disk, the city's rule, things that nobody has defined."""

import json
import unittest

import zmq
from harness import (COMMUNITY, ORGANISATION, CityTest, DaemonTest, activity, city_events, event, service, volunteer)


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


if __name__ == "__main__":
    unittest.main()
