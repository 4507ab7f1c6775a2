"""What the system denies a process: file size, time. Nothing acknowledged is lost, and what can go on goes on."""

import json
import os
import pathlib
import resource
import signal
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import zmq  # noqa: E402
from harness import DaemonTest, city_events, eventually, service  # noqa: E402
from journal_files import bulk_events, pause  # noqa: E402

MIB = 2**20


class Publisher(threading.Thread):
    """Sends arrays, three in flight, and notes what is acknowledged; ends when told to, or with the daemon."""

    def __init__(self, daemon, make=bulk_events, size=50):
        super().__init__(daemon=True)
        self.tested, self.make, self.size = daemon, make, size
        self.acknowledged, self.refused = {}, []
        self.ended = threading.Event()

    def take(self, socket):
        for result in json.loads(socket.recv_multipart()[-1])["results"]:
            if result["status"] == "stored":
                self.acknowledged[result["id"]] = result["sequence"]
            else:
                self.refused.append(result)
                self.ended.set()

    def run(self):
        socket, first, in_flight = self.tested.socket("ingest", zmq.DEALER), 0, 0
        while (not self.ended.is_set() or in_flight) and self.tested.process.poll() is None:
            while in_flight < 3 and not self.ended.is_set():
                socket.send_multipart([b"", json.dumps(self.make(first, self.size)).encode()])
                first, in_flight = first + self.size, in_flight + 1
            if socket.poll(100):
                self.take(socket)
                in_flight -= 1
        while socket.poll(0):
            self.take(socket)
        socket.close(0)


def records(first, n):
    return [service(f"r{i}", f"v{1 + i % 3}", starts=f"2023-03-{1 + i % 28:02d}T{i % 20:02d}:00:00+08:00",
                    ends=f"2023-03-{1 + i % 28:02d}T{i % 20 + 2:02d}:00:00+08:00") for i in range(first, first + n)]


class FaultTest(DaemonTest):
    """A city under load whose journal is looked at afterwards."""

    def city(self, **config):
        daemon = self.daemon(config)
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        return daemon

    def assert_kept(self, daemon, acknowledged):
        """Every acknowledged event has its sequence, and the state is what the journal says."""
        seen, after = {}, 0
        while True:
            page = daemon.query("journal.read", after=after, limit=10000)
            seen.update((e["id"], int(e["sequence"])) for e in page["events"] if e["source"] == "test")
            after = page["next"]
            if after >= page["head"]:
                break
        for identifier, sequence in acknowledged.items():
            self.assertEqual(seen.get(identifier), sequence, identifier)
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])


class Limits(FaultTest):
    def assert_fails_alone(self, kind, limit, message, **config):
        """It ends with 75 under this limit, and without it goes on as if nothing had been."""
        daemon = self.city(**config)
        resource.prlimit(daemon.process.pid, kind, (limit, limit))
        publisher = Publisher(daemon)
        publisher.start()
        self.assertEqual(daemon.wait(), 75)
        publisher.join()
        daemon.process = None
        self.assertIn(message, daemon.log_text())
        self.assertTrue(publisher.acknowledged)
        daemon.start()
        self.assert_kept(daemon, publisher.acknowledged)
        self.assert_stored(daemon.publish(records(0, 20)))
        self.assertEqual(daemon.stop(), 0)

    def test_a_segment_at_the_file_size_limit_stops_it_and_loses_nothing(self):
        self.assert_fails_alone(resource.RLIMIT_FSIZE, 2 * MIB, "cannot write to the journal: File too large",
                                store={"checkpoint_ms": 10000})

    def test_a_state_at_the_file_size_limit_stops_it_and_loses_nothing(self):
        self.assert_fails_alone(resource.RLIMIT_FSIZE, 9 * MIB, "committing a checkpoint", store={"checkpoint_ms": 20})

    def test_a_spare_at_the_file_size_limit_makes_it_read_only(self):
        daemon = self.city()
        self.assertEqual(daemon.stop(), 0)
        (daemon.data / "journal" / "spare").unlink()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (7 * MIB, before[1]))
        try:
            daemon.launch()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        daemon.wait_ready()
        self.assertEqual(daemon.query("status")["state"], "read_only")
        self.assertIn("cannot make the next segment", daemon.log_text())
        self.assertIn("File too large", daemon.log_text())
        self.assert_rejected(daemon.publish(records(0, 1))["results"][0], "read_only", retryable=True)
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, before)
        numbers = iter(range(10**6))
        eventually(lambda: daemon.publish(records(next(numbers), 1))["results"][0]["status"] == "stored", "writing to resume")
        self.assertEqual(daemon.stop(), 0)

    def test_a_process_that_stood_still_goes_on_where_it_was(self):
        daemon = self.city(policies={"watchdog_s": 1})
        publisher = Publisher(daemon, records, 20)
        publisher.start()
        for _ in range(2):
            before = len(publisher.acknowledged)
            eventually(lambda: len(publisher.acknowledged) > before + 200, "records")
            daemon.signal(signal.SIGSTOP)
            pause(1.5)
            daemon.signal(signal.SIGCONT)
        before = len(publisher.acknowledged)
        eventually(lambda: len(publisher.acknowledged) > before + 200, "records")
        publisher.ended.set()
        publisher.join()
        self.assertEqual(publisher.refused, [])
        status = daemon.query("status")
        self.assertEqual(status["state"], "running")
        self.assert_kept(daemon, publisher.acknowledged)
        self.assertEqual(daemon.stop(), 0)

    def test_a_check_that_stood_still_with_the_daemon_took_no_longer(self):
        daemon = self.city(policies={"check_ms": 2000, "instruction_limit": 1000000000})
        slow = (daemon.policies / "star_rating.lua").read_text()
        slow = slow.replace("local minutes = volunteer:minutes({})", "for _ = 1, 300000 do end local minutes = volunteer:minutes({})")
        socket = daemon.socket("query")
        socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "policy.check", "params": {"text": slow}})
        children = pathlib.Path(f"/proc/{daemon.process.pid}/task")
        child = int(eventually(lambda: "".join(f.read_text() for f in children.glob("*/children")).split(), "the child")[0])
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for pid in (child, daemon.process.pid):
                os.kill(pid, number)
            pause(2.5 if number == signal.SIGSTOP else 0)
        answer = socket.recv_json()
        self.assertTrue(answer["result"]["ok"], answer)
        socket.close(0)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
