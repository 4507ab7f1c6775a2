"""Descriptors that run out. Connections take them: new ones are turned away before the daemon's own files go without,
and come in when others have gone."""

import os
import pathlib
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import zmq  # noqa: E402
from harness import DAEMON, PATIENCE, eventually  # noqa: E402
from journal_files import segments  # noqa: E402
from limits_test import FaultTest, Publisher, records  # noqa: E402

KEPT = 32  # core/bus/accept.c


class Descriptors(FaultTest):
    def limit(self, daemon, more):
        """So many descriptors more than it has now."""
        used = len(list(pathlib.Path(f"/proc/{daemon.process.pid}/fd").iterdir()))
        hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (used + more, hard))

    def assert_goes_on(self, publisher, more=500):
        before = len(publisher.acknowledged)
        eventually(lambda: len(publisher.acknowledged) > before + more or not publisher.is_alive(), "more records")
        self.assertTrue(publisher.is_alive(), publisher.tested.log_text())

    def assert_others_are_turned_away(self, more):
        """The publisher goes on, whoever else comes waits, and gets in when the limit is raised."""
        daemon = self.city()
        before = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
        publisher = Publisher(daemon, records, 20)
        publisher.start()
        eventually(lambda: publisher.acknowledged, "the first records")
        self.limit(daemon, more)
        sockets = [daemon.socket("ingest", zmq.DEALER) for _ in range(20)]
        for socket in sockets:
            socket.send_multipart([b"", b"{}"])
        daemon.wait_log("no descriptors are left for more connections")
        self.assert_goes_on(publisher)
        answered = sum(1 for socket in sockets if socket.poll(0))
        self.assertLess(answered, 20)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, before)
        for socket in sockets:
            self.assertTrue(socket.poll(PATIENCE * 1000))
            socket.close(0)
        self.assertGreater(daemon.query("status")["turned_away_connections"], 0)
        publisher.ended.set()
        publisher.join()
        daemon.kill()
        daemon.start()
        self.assert_kept(daemon, publisher.acknowledged)
        self.assertEqual(daemon.stop(), 0)

    def test_connections_beyond_the_descriptors_are_turned_away_and_come_in_later(self):
        self.assert_others_are_turned_away(KEPT + 3)

    def test_with_no_descriptor_left_at_all_those_who_are_there_go_on(self):
        self.assert_others_are_turned_away(0)

    def test_a_place_that_becomes_free_is_taken_by_who_waits(self):
        daemon = self.city()
        self.limit(daemon, KEPT + 2)
        sockets = [daemon.socket("query", zmq.DEALER) for _ in range(12)]
        for socket in sockets:
            socket.send_multipart([b"", b'{"jsonrpc": "2.0", "id": 1, "method": "status"}'])
        while sockets:  # each lets the next one in
            answered = eventually(lambda: [socket for socket in sockets if socket.poll(20)], "an answer")
            for socket in answered:
                sockets.remove(socket)
                socket.close(0)
        self.assertEqual(daemon.stop(), 0)

    def test_the_kept_descriptors_are_enough_for_segments_readers_and_jobs(self):
        daemon = self.city()
        publisher = Publisher(daemon)
        publisher.start()
        eventually(lambda: publisher.acknowledged, "the first events")
        self.limit(daemon, KEPT)
        others = [daemon.socket("query", zmq.DEALER) for _ in range(40)]
        eventually(lambda: len(segments(daemon.data)) + len(segments(daemon.data, ".vjz")) > 2 or not publisher.is_alive(),
                   "new segments")
        self.assertTrue(publisher.is_alive(), daemon.log_text())
        self.assertEqual(publisher.refused, [])
        publisher.ended.set()
        publisher.join()
        for socket in others:
            socket.close(0)
        self.assert_kept(daemon, publisher.acknowledged)
        self.assertEqual(daemon.stop(), 0)

    def test_a_start_without_descriptors_says_so_and_harms_nothing(self):
        daemon = self.city()
        self.assert_stored(daemon.publish(records(0, 20)))
        self.assertEqual(daemon.stop(), 0)
        # The leak detector needs descriptors of its own.
        environment = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        for limit in (6, 8, 9):
            with self.subTest(limit=limit):
                command = ["prlimit", f"--nofile={limit}:{limit}", DAEMON, "--config", daemon.config_path]
                ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(ended.returncode, 1, ended.stderr)
                self.assertIn("Too many open files", ended.stderr)
                self.assertIn("not started", ended.stderr)
        daemon.start()
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
