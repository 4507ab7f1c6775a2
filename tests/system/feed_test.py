"""The feed socket: what happened, for whoever listens."""

import json
import unittest

import zmq

from harness import CITY, PATIENCE, CityTest, service, volunteer


class Feed(CityTest):
    def listen(self, *topics):
        peer = self.city.subscribe(*topics)
        self.addCleanup(peer.close, 0)
        return peer

    def test_an_event_is_its_type_and_the_cloud_event(self):
        peer = self.listen("volunteer.")
        sent = volunteer("feed1", serial=101)
        stored = self.city.publish_one(sent)
        seen = self.city.wait_feed(peer, "volunteer.registered")
        self.assertEqual((seen["id"], seen["source"], seen["type"]), (sent["id"], sent["source"], sent["type"]))
        self.assertEqual(seen["specversion"], "1.0")
        self.assertEqual(seen["sequence"], f"{stored['sequence']:020}")
        self.assertIn("recordedtime", seen)
        self.assertEqual(seen["data"]["volunteer"], "feed1")
        self.assertNotIn("identity", seen["data"])
        self.assertNotIn(sent["data"]["identity"]["number"], json.dumps(seen))

    def test_a_decision_names_its_cause_and_its_policy(self):
        peer = self.listen("service.decided")
        stored = self.city.publish_one(service("feed:r1", "v1"))
        seen = self.city.wait_feed(peer, "service.decided")
        self.assertEqual(seen["source"], f"/volunteerd/{CITY}")
        self.assertEqual(seen["id"], str(int(seen["sequence"])))
        self.assertEqual(int(seen["causationid"]), stored["sequence"])
        self.assertIn("policyrevision", seen)

    def test_the_heartbeat_gives_the_head(self):
        peer = self.listen()
        stored = self.city.publish_one(volunteer("feed2"))
        beat = self.city.wait_feed(peer, "feed.heartbeat")
        while beat["data"]["sequence"] < stored["sequence"]:
            beat = self.city.wait_feed(peer, "feed.heartbeat")
        self.assertEqual(beat["data"]["epoch"], self.city.query("status")["epoch"])

    def test_only_what_was_asked_for_comes(self):
        peer = self.listen("volunteer.withdrawn")
        self.city.publish_one(volunteer("feed3"))
        self.city.wait_feed(peer, "feed.heartbeat")
        while peer.poll(0):
            self.assertEqual(peer.recv_multipart()[0], b"feed.heartbeat")

    def test_events_arrive_in_order_and_once(self):
        peer = self.listen("volunteer.registered")
        self.city.publish([volunteer(f"feed:o{i}") for i in range(300)])
        seen = [self.city.wait_feed(peer, "volunteer.registered") for _ in range(300)]
        self.assertEqual([e["data"]["volunteer"] for e in seen], [f"feed:o{i}" for i in range(300)])

    def test_an_empty_subscription_takes_everything(self):
        peer = self.listen("")
        self.city.publish_one(service("feed:r2", "v2"))
        kinds = set()
        while not {"service.recorded", "service.decided"} <= kinds:
            topic, body = peer.recv_multipart()
            self.assertEqual(json.loads(body)["type"], topic.decode())
            kinds.add(topic.decode())

    def test_many_topics_and_nonsense_do_no_harm(self):
        peer = self.city.context.socket(zmq.XSUB)
        self.addCleanup(peer.close, 0)
        peer.setsockopt(zmq.SNDHWM, 0)  # what is sent before the connection stands is kept
        peer.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
        peer.connect(self.city.endpoint("feed"))
        for i in range(1000):
            peer.send(b"\x01topic%d" % i)
        for i in range(0, 1000, 2):
            peer.send(b"\x00topic%d" % i)
        peer.send(b"\x01" + b"x" * 1000)
        peer.send(b"hello")
        peer.send(b"\x01feed.heartbeat")
        while peer.recv_multipart()[0] != b"feed.heartbeat":
            pass
        self.assertGreater(self.city.query("status")["feed"]["subscribers"], 400)
        self.assertEqual(self.city.publish_one(volunteer("feed4"))["status"], "stored")


if __name__ == "__main__":
    unittest.main()
