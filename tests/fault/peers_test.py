"""What peers without any right can do to the daemon from outside: others are served, and neither memory nor descriptors
follow what is sent. VOLUNTEERD_CONNECTIONS and VOLUNTEERD_FLOOD_MIB make it longer; each test prints what it measured."""

import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import bad_peers  # noqa: E402
import zmq  # noqa: E402
import zmtp  # noqa: E402
from harness import PATIENCE, DaemonTest, city_events, event, eventually, volunteer  # noqa: E402

MIB = 2**20
CONNECTIONS = int(os.environ.get("VOLUNTEERD_CONNECTIONS", "3000"))
FLOOD = int(os.environ.get("VOLUNTEERD_FLOOD_MIB", "32")) * MIB
PLAIN = os.environ.get("VOLUNTEERD_PRESET", "dev") in ("dev", "release")  # sanitizers keep what was freed
PEERS = 20
UNTAKEN = 128  # MiB: all acknowledgements, or answers, that nobody takes
WAITING = 64   # MiB: bus.queue_mib, of messages that wait


class Good(threading.Thread):
    """A client that goes on publishing, one event in flight, and measures how long each answer took."""

    def __init__(self, daemon, name):
        super().__init__(daemon=True)
        self.tested, self.prefix = daemon, name
        self.ended, self.took, self.wrong = threading.Event(), [], []

    def run(self):
        peer = self.tested.socket("ingest")
        while not self.ended.is_set():
            begun = time.monotonic()
            peer.send(json.dumps(volunteer(f"{self.prefix}:{len(self.took)}")).encode())
            answer = json.loads(peer.recv())
            self.took.append(time.monotonic() - begun)
            if answer.get("results", [{}])[0].get("status") != "stored":
                self.wrong.append(answer)
        peer.close(0)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    def figures(self):
        took = sorted(self.took)
        return f"{len(took)} answers, median {took[len(took) // 2] * 1000:.1f} ms, longest {took[-1] * 1000:.0f} ms"


class PeersTest(DaemonTest):
    def open_city(self, **bus):
        folder = self.folder / "d" / "run"
        with socket.socket() as a, socket.socket() as b:
            a.bind(("127.0.0.1", 0))
            b.bind(("127.0.0.1", 0))
            self.tcp, self.tcp_feed = (f"tcp://127.0.0.1:{s.getsockname()[1]}" for s in (a, b))
        daemon = self.daemon({"bus": {"ingest": [f"ipc://{folder}/ingest.sock", self.tcp],
                                      "feed": [f"ipc://{folder}/feed.sock", self.tcp_feed], **bus}}).start()
        self.assert_stored(daemon.publish(city_events()))
        self.city = daemon
        self.base = self.memory()
        return daemon

    # ---- the daemon from outside ----

    def memory(self):
        """MiB of anonymous memory."""
        status = pathlib.Path(f"/proc/{self.city.process.pid}/status").read_text()
        return int(status.split("RssAnon:")[1].split()[0]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.city.process.pid}/fd"))

    def assert_bounded(self, most, limit, what):
        print(f"    {what}: at most {most - self.base:.0f} MiB more", flush=True)
        if PLAIN:
            self.assertLess(most - self.base, limit, what)

    def assert_memory_returns(self, slack=32):
        if PLAIN:
            eventually(lambda: self.memory() < self.base + slack, "the memory to be given back")

    def assert_serves(self):
        number = f"after:{time.monotonic_ns()}"
        self.assertEqual(self.city.publish_one(volunteer(number))["status"], "stored")
        self.assertEqual(self.city.query("volunteer.get", volunteer=number)["volunteer"], number)
        self.assertIn(b"results", self.city.ask_raw("ingest", b"[]", self.tcp))

    def meet(self, kind, endpoint, amount, n):
        """Peers that share the amount; the most memory while they are there."""
        process = subprocess.Popen([sys.executable, "-B", bad_peers.__file__, kind, endpoint, str(amount), str(n)],
                                   stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        most = 0
        while process.poll() is None:
            most = max(most, self.memory())
            time.sleep(0.01)  # between two looks
        self.assertEqual(process.returncode, 0)
        return max(most, self.memory())


class Connections(PeersTest):
    def test_garbage_connections_cost_nothing_that_lasts(self):
        self.open_city()
        before = self.descriptors()
        begun = time.monotonic()
        with Good(self.city, "g") as good:
            most = self.meet("garbage", self.tcp, CONNECTIONS, 4)
        took = time.monotonic() - begun
        self.assertEqual(good.wrong, [])
        self.assert_bounded(most, 48, f"{CONNECTIONS} garbage connections in {took:.1f} s; {good.figures()}")
        eventually(lambda: self.descriptors() <= before, "the descriptors of all connections to be closed")
        self.assert_memory_returns()
        self.assert_serves()

    def test_connections_beyond_the_limit_are_closed_and_others_served(self):
        daemon = self.open_city(max_connections=100)
        known = daemon.socket("ingest")
        self.addCleanup(known.close, 0)
        held = []
        with Good(daemon, "h") as good:
            for _ in range(1000):
                peer = zmtp.connect(self.tcp)
                self.addCleanup(peer.close)
                held.append(peer)
            eventually(lambda: daemon.query("status")["turned_away_connections"] >= 700, "those beyond it to be closed")
            eventually(lambda: len(good.took) > 100, "the good client to be served")
        self.assertEqual(good.wrong, [])
        self.assertLess(self.descriptors(), 250)
        for peer in held:
            peer.close()
        self.assert_serves()

    def test_identities_that_vanish_with_unread_acknowledgements_leave_nothing(self):
        self.open_city()
        before, names = self.descriptors(), []
        for number in range(CONNECTIONS // 3):
            endpoint = (self.tcp, self.city.endpoint("ingest"))[number % 2]
            with zmtp.connect(endpoint, bad_peers.source(random.Random(number), endpoint)) as peer:
                names.append(volunteer(f"i:{number}"))
                zmtp.shake_hands(peer, b"DEALER", b"name-%d" % number)
                peer.sendall(zmtp.request(json.dumps(names[-1]).encode()))
        eventually(lambda: self.descriptors() <= before, "the descriptors of all connections to be closed")
        self.assert_bounded(self.memory(), 24 + len(names) // 1000, f"{len(names)} identities that vanished")
        again = self.city.publish(names)["results"]  # some came, some did not: each is there once now
        self.assertLessEqual({r["status"] for r in again}, {"stored", "duplicate"})
        self.assertIn("duplicate", {r["status"] for r in again})
        self.assertEqual({r["status"] for r in self.city.publish(names)["results"]}, {"duplicate"})


class Floods(PeersTest):
    def flood(self, kinds, endpoints, limit):
        self.open_city()
        for kind in kinds:
            for endpoint in endpoints():
                what = f"{PEERS} peers, {FLOOD // MIB} MiB, {kind.__name__}, {endpoint.split(':')[0]}"
                with self.subTest(what), Good(self.city, f"{kind.__name__}:{len(endpoint)}") as good:
                    most = self.meet(kind.__name__, endpoint, FLOOD, PEERS)
                    eventually(lambda: len(good.took) > 10, "the good client to be served")
                self.assertEqual(good.wrong, [])
                self.assert_bounded(most, limit, f"{what}; {good.figures()}")
                self.assert_memory_returns(64)
        self.assert_serves()

    def test_what_is_sent_to_ingest_over_tcp_does_not_stay(self):
        self.flood(bad_peers.FLOODS, lambda: [self.tcp], WAITING + UNTAKEN + 64)

    def test_what_is_sent_to_ingest_over_ipc_does_not_stay(self):
        # Each of the peers may have a frame of 9 MiB under way.
        self.flood((bad_peers.messages, bad_peers.arrays, bad_peers.endless_short_frames),
                   lambda: [self.city.endpoint("ingest")], WAITING + PEERS * 9 + UNTAKEN + 64)

    def test_what_is_sent_to_query_does_not_stay(self):
        self.flood((bad_peers.messages, bad_peers.endless_message), lambda: [self.city.endpoint("query")],
                   WAITING + PEERS * 9 + UNTAKEN + 64)

    def test_what_is_said_to_the_feed_does_not_stay(self):
        self.flood(bad_peers.FEED_FLOODS, lambda: [self.tcp_feed], 192)


class Readers(PeersTest):
    """Peers that send what they may and do not read what they get."""

    def mute(self, name):
        """A peer whose side of the connection takes next to nothing."""
        peer = socket.socket(socket.AF_UNIX)
        self.addCleanup(peer.close)
        peer.settimeout(30)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(str(self.city.runtime / f"{name}.sock"))
        return zmtp.shake_hands(peer)

    def test_acknowledgements_that_nobody_reads_are_bounded_and_a_resend_gives_duplicates(self):
        self.open_city()
        events = [[volunteer(f"m{peer}:{i}") for i in range(200)] for peer in range(PEERS)]
        peers = [self.mute("ingest") for _ in range(PEERS)]
        noise = zmtp.request(b"[" + b"{}," * 9999 + b"{}]")
        with Good(self.city, "a") as good:
            for peer, mine in zip(peers, events):
                peer.sendall(noise * 8)  # over 1 MiB of acknowledgement each
                peer.sendall(zmtp.request(json.dumps(mine).encode()))
                self.memory_most = max(getattr(self, "memory_most", 0), self.memory())
            eventually(lambda: self.city.query("status", fresh=False)["messages"] >= len(good.took) + PEERS * 9, "all to be taken")
            most = max(self.memory_most, self.memory())
        self.assertEqual(good.wrong, [])
        self.assert_bounded(most, UNTAKEN + 64, f"{PEERS} peers that read no acknowledgement; {good.figures()}")
        self.assertGreater(self.city.query("status")["dropped_acks"], 0)
        for mine in events:
            self.assertEqual({r["status"] for r in self.city.publish(mine)["results"]}, {"duplicate"})
        for peer in peers:
            peer.close()
        self.assert_memory_returns()

    def test_answers_that_nobody_reads_are_bounded(self):
        self.open_city()
        for i in range(10):
            self.assert_stored(self.city.publish([volunteer(f"q{i}:{j}") for j in range(1000)]))
        question = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "journal.read", "params": {"after": 0, "limit": 10000}})
        peers = [self.mute("query") for _ in range(PEERS)]
        with Good(self.city, "b") as good:
            for peer in peers:
                peer.sendall(zmtp.request(question.encode()) * 8)
            most = 0
            for _ in range(20):
                begun = time.monotonic()
                self.assertEqual(self.city.query("status", fresh=False)["state"], "running")
                most = max(most, self.memory())
                self.assertLess(time.monotonic() - begun, 30)
        self.assertEqual(good.wrong, [])
        self.assert_bounded(most, UNTAKEN + 160, f"{PEERS} peers that read no answer; {good.figures()}")
        for peer in peers:
            peer.close()
        self.assert_memory_returns(64)


SUBSCRIBER = """
import json, sys, zmq
feed = zmq.Context.instance().socket(zmq.SUB)
feed.setsockopt_string(zmq.SUBSCRIBE, "")
feed.connect(sys.argv[1])
query = zmq.Context.instance().socket(zmq.REQ)
query.connect(sys.argv[2])
seen, gaps, last, ended = [], 0, None, False
def take(event):
    global last, ended
    last = int(event["sequence"])
    seen.append(last)
    ended = ended or event["type"] == "volunteer.withdrawn"
while not ended:
    topic, body = feed.recv_multipart()
    body = json.loads(body)
    heartbeat = topic == b"feed.heartbeat"
    sequence = body["data"]["sequence"] if heartbeat else int(body["sequence"])
    if last is None:
        last = sequence - (not heartbeat)
        print("begun", last, flush=True)
    if not heartbeat and sequence == last + 1:
        take(body)
    gaps += sequence > last
    while sequence > last:
        query.send_json({"jsonrpc": "2.0", "id": 1, "method": "journal.read", "params": {"after": last, "limit": 10000}})
        for event in query.recv_json()["result"]["events"]:
            take(event)
print(json.dumps({"seen": len(seen), "ordered": seen == sorted(set(seen)), "first": seen[0], "last": seen[-1],
                  "gaps": gaps}), flush=True)
"""


class Subscribers(PeersTest):
    def subscriber(self):
        """A process that follows the feed, and the journal where the feed has a gap."""
        process = subprocess.Popen([sys.executable, "-B", "-c", SUBSCRIBER, self.city.endpoint("feed"), self.city.endpoint("query")],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        word, at = process.stdout.readline().split()
        self.assertEqual(word, "begun")
        return process, int(at)

    def reader(self, limit):
        """Of the whole feed, with room for so many messages (0: without limit)."""
        feed = self.city.context.socket(zmq.SUB)
        self.addCleanup(feed.close, 0)
        feed.setsockopt(zmq.RCVHWM, limit)
        feed.setsockopt_string(zmq.SUBSCRIBE, "")
        feed.connect(self.city.endpoint("feed"))
        self.city.wait_feed(feed, "feed.heartbeat")
        return feed

    def test_a_stopped_subscriber_holds_up_nobody_and_catches_up_from_the_journal(self):
        self.open_city()
        stopped, begun = self.subscriber()
        slow, quick = self.reader(1), self.reader(0)
        stopped.send_signal(signal.SIGSTOP)
        most, sequences, first = 0, [], self.city.query("status")["sequence"]
        text = "文" * 1000
        for i in range(30):  # what is waiting for the two is more than may wait
            self.assert_stored(self.city.publish([volunteer(f"s{i}:{j}", ext={"note": text}) for j in range(500)]))
            slow.recv_multipart()
            most = max(most, self.memory())
            self.take(quick, sequences)
        withdrawn = self.city.publish_one(event("volunteer.withdrawn", {"volunteer": "s0:0"}))["sequence"]
        while not sequences or sequences[-1] < withdrawn:
            self.take(quick, sequences, 30000)
        self.assertEqual(sequences, list(range(first + 1, withdrawn + 1)))
        self.assert_bounded(most, 256, f"a stopped and a slow subscriber, {withdrawn - first} events")
        stopped.send_signal(signal.SIGCONT)
        self.assertEqual(stopped.wait(PATIENCE), 0)
        told = json.loads(stopped.stdout.readline())
        self.assertTrue(told["ordered"], told)
        self.assertEqual((told["first"], told["last"], told["seen"]), (begun + 1, withdrawn, withdrawn - begun))
        self.assertGreater(told["gaps"], 0, "the feed held everything for a stopped reader")

    def take(self, feed, sequences, patience_ms=0):
        while feed.poll(patience_ms):
            topic, body = feed.recv_multipart()
            if topic != b"feed.heartbeat":
                sequences.append(int(json.loads(body)["sequence"]))
            patience_ms = 0


if __name__ == "__main__":
    unittest.main()
