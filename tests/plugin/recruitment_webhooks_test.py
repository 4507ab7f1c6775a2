"""Signed webhooks, in both directions (Standard Webhooks): what the platform says is taken once and at once; what is forged,
old, said again, too large or not signed at all is not; what was decided is told, signed."""

import http.client
import json
import socket
import time
import unittest

import recruiting
import webhooks
from recruiting import ours


class WebhooksIn(recruiting.RecruitingTest):
    people = 6
    options = {"poll_ms": 3600000}  # nothing comes by itself

    @classmethod
    def setUpClass(cls):
        cls.port = recruiting.free_port()
        cls.options = {**cls.options, "listen": f"127.0.0.1:{cls.port}"}
        super().setUpClass()
        cls.url = f"http://127.0.0.1:{cls.port}/webhooks"

    def setUp(self):
        self.wait(lambda: self.all.status()["resources"]["attendance"]["pulled"] > 0, "the first round")
        self.wait(lambda: "hours" in self.platform.ask("pushes") and self.is_quiet(), "the first hours")

    def is_quiet(self):
        return not any(self.all.status()["outbox"][state] for state in ("waiting", "sending", "failed"))

    def pulls(self):
        return sum(one["method"] == "GET" for one in self.platform.ask("requests")["requests"])

    def counters(self):
        return {name: self.all.process()["counters"][name] for name in ("webhooks_in", "webhooks_refused")}

    def test_news_are_taken_at_once_and_said_again_have_no_effect(self):
        self.add_person("R9000001", 801)
        before = self.counters()
        for _ in range(2):
            self.assertEqual(self.platform.hook(self.url, "msg_1", resource="registrations"), 204)
        self.wait(lambda: self.has("volunteer", ours("R9000001")), "the person, long before the next look")
        self.assertEqual(sum(data["volunteer"] == ours("R9000001") for data in self.all.told("volunteer.registered")), 1)
        self.wait(lambda: self.counters()["webhooks_in"] > before["webhooks_in"], "the counter")

    def test_items_within_are_taken(self):
        self.add_person("R9000002", 802)
        item = self.platform.item("registrations", "R9000002")
        self.assertEqual(self.platform.hook(self.url, "msg_2", resource="registrations", items=[item]), 204)
        self.wait(lambda: self.has("volunteer", ours("R9000002")), "the person")

    def test_what_is_forged_old_or_not_signed_is_refused(self):
        before = self.counters()["webhooks_refused"]
        pulled = self.pulls()
        other = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
        now = int(time.time())
        for number, wrong in enumerate(({"secret": other}, {"timestamp": now - 301}, {"timestamp": now + 301},
                                        {"signatures": "v1," + "A" * 43 + "="}, {"signatures": "v2,abc"},
                                        {"signatures": "v1,"}, {"timestamp": "soon"})):
            status = self.platform.hook(self.url, f"bad_{number}", **wrong)
            self.assertIn(status, (400, 401), wrong)
        self.wait(lambda: self.counters()["webhooks_refused"] >= before + 7, "the counter")
        self.assertEqual(self.pulls(), pulled)

    def test_one_of_several_signatures_is_enough(self):
        body = b'{"type":"items.changed","timestamp":"2018-08-23T09:00:00+08:00","data":{"resource":"teams"}}'
        now = str(int(time.time()))
        right = webhooks.signature(self.platform.webhook_secret, "msg_3", now, body)
        self.assertEqual(webhooks.send(self.url, self.platform.webhook_secret, "msg_3", body, now,
                                       f"v1,{'A' * 43}= v1a,else {right}"), 204)

    def test_a_body_that_is_no_news_is_refused(self):
        for number, text in enumerate(("", "no json", "[]", '{"type": "items.changed"}',
                                       '{"type": "items.changed", "data": {"resource": "secrets"}}')):
            self.assertEqual(self.platform.hook(self.url, f"odd_{number}", text=text), 400, text)

    def test_silent_and_half_said_requests_do_not_keep_news_out(self):
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(120)]
        try:
            for one in silent[::2]:
                one.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            self.assertEqual(self.platform.hook(self.url, "msg_beside", resource="teams"), 204)
        finally:
            for one in silent:
                one.close()

    def test_a_body_that_is_too_large_and_other_methods_are_refused(self):
        self.assertEqual(self.platform.hook(self.url, "large", text='{"x": "' + "x" * (300 << 10) + '"}'), 413)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.addCleanup(connection.close)
        for method in ("GET", "PUT", "DELETE"):
            connection.request(method, "/webhooks")
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 405)

    def test_who_says_nothing_or_nonsense_holds_up_nobody(self):
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(20)]
        self.addCleanup(lambda: [one.close() for one in silent])
        for one in silent[:10]:
            one.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        for one in silent[10:]:
            one.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        self.assertEqual(self.platform.hook(self.url, "beside", resource="teams"), 204)
        self.assertEqual(self.all.process()["restarts"], 0)


class WebhooksOut(recruiting.RecruitingTest):
    people = 6

    @classmethod
    def setUpClass(cls):
        folder = recruiting.tempfile.TemporaryDirectory(prefix="vr-")
        cls.addClassCleanup(folder.cleanup)
        cls.all = recruiting.Recruiting(folder.name, cls.people)
        cls.addClassCleanup(cls.all.close)
        cls.all.options["notify_url"] = f"{cls.all.platform.url}/v1/notifications"
        cls.all.daemon.write_config()
        cls.all.start()
        cls.platform, cls.daemon, cls.city = cls.all.platform, cls.all.daemon, cls.all.city

    def notified(self):
        return self.platform.ask("notifications")["notifications"]

    def test_what_was_decided_is_told_signed_and_once(self):
        self.all.settled()
        keys = lambda: {item["key"] for one in self.notified() for item in one["body"]["data"]["items"]}
        self.wait(lambda: len(keys()) >= self.people, "it to be told")  # each person's enrolment was decided
        self.platform.fault("cut_after", "/v1/notifications")
        self.city.serve("act:n1", self.person(1), 3, 6, 2)
        self.wait(lambda: any("act:n1" in json.dumps(one["body"]) for one in self.notified()), "it to be told")
        again = self.wait(lambda: [one for one in self.notified() if one["times"] > 1], "it to be told")
        self.assertEqual(len(again), 1)  # the same id, so that whoever gets it knows it


if __name__ == "__main__":
    unittest.main()
