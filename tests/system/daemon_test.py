"""The process: first start, restart, signals, locks, exit codes."""

import contextlib
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import time
import unittest

import zmq

from harness import DAEMON, PATIENCE, DaemonTest, city_events, eventually, service, volunteer


class FirstStart(DaemonTest):
    def test_the_city_is_the_first_event(self):
        daemon = self.daemon({"city": {"name": "天水"}}).start()
        first = daemon.query("journal.read", after=0, limit=1)["events"][0]
        self.assertEqual((first["type"], first["sequence"]), ("city.configured", "00000000000000000001"))
        self.assertEqual(first["data"]["name"], "天水")

    def test_policies_of_the_folder_are_activated(self):
        daemon = self.daemon().start()
        kinds = {item["kind"]: item for item in daemon.query("policy.list")["items"]}
        self.assertIn("acceptance", kinds)
        self.assertIn("star_rating", kinds)
        self.assertEqual(kinds["star_rating"]["state"], "in_force")
        events = daemon.query("journal.read", after=0, types=["policy.activated"])["events"]
        self.assertEqual({e["data"]["effective"] for e in events}, {"1970-01-01"})
        daemon.stop()
        daemon.start()
        again = daemon.query("journal.read", after=0, types=["policy.activated"])["events"]
        self.assertEqual(len(again), len(events), "only the first start activates")

    def test_a_bad_policy_file_stops_the_first_start(self):
        daemon = self.daemon(policies=None)
        (daemon.policies / "bad.lua").write_text("return 7\n")
        daemon.launch()
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("bad.lua", daemon.log_text())
        (daemon.policies / "bad.lua").unlink()
        daemon.start()

    def test_modes_keep_others_out(self):
        daemon = self.daemon().start()
        for folder in (daemon.data, daemon.runtime):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o750)
        for file in daemon.data.iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o007, 0, file)

    def test_another_city_is_refused(self):
        daemon = self.daemon().start()
        daemon.stop()
        daemon.config["city"] = {"region": "620100000000"}
        daemon.write_config()
        daemon.launch()
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("a data_dir of its own", daemon.log_text())

    def test_new_keys_are_not_made_beside_an_old_journal(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.stop()
        keys = daemon.data / "keys"
        moved = keys.rename(daemon.data / "keys.away")
        daemon.launch()
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("restore the keys file", daemon.log_text())
        self.assertFalse(keys.exists())
        moved.rename(keys)
        daemon.start()


class Restart(DaemonTest):
    def test_everything_is_there_again(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        one = service("r1", "v1")
        stored = daemon.publish_one(one)
        before = daemon.query("status")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        after = daemon.query("status")
        self.assertEqual((after["epoch"], after["sequence"], after["counts"]),
                         (before["epoch"], before["sequence"], before["counts"]))
        again = daemon.publish_one(one)
        self.assertEqual((again["status"], again["sequence"]), ("duplicate", stored["sequence"]))
        self.assertEqual(again.get("decisions"), stored.get("decisions"))

    def test_a_lost_state_is_rebuilt(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.publish_one(service("r1", "v1"))
        counts = daemon.query("status")["counts"]
        daemon.stop()
        for file in (daemon.data / "state").iterdir():
            file.unlink()
        daemon.start()
        self.assertEqual(daemon.query("status")["counts"], counts)
        self.assertIs(daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_after_a_kill_what_was_acknowledged_is_there(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        for i in range(30):
            self.assertEqual(daemon.publish_one(volunteer(f"k{i}"))["status"], "stored")
        daemon.kill()
        daemon.start()
        for i in range(30):
            self.assertEqual(daemon.query("volunteer.get", volunteer=f"k{i}")["volunteer"], f"k{i}")

    def test_a_stale_socket_file_is_taken_over(self):
        daemon = self.daemon().start()
        daemon.kill()
        self.assertTrue((daemon.runtime / "ingest.sock").exists())
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))


class Descriptors(DaemonTest):
    def test_closed_standard_descriptors_are_not_given_to_files(self):
        daemon = self.daemon()
        daemon.log = open(daemon.log_path, "ab")
        daemon.process = subprocess.Popen(
            ["sh", "-c", 'exec "$0" --config "$1" <&- >&- 2>&-', str(DAEMON), str(daemon.config_path)])
        daemon.wait_ready()
        for number in range(3):
            self.assertEqual(os.readlink(f"/proc/{daemon.process.pid}/fd/{number}"), "/dev/null")

    def test_children_inherit_nothing(self):
        inherited = self.folder / "inherited"
        inherited.write_text('clock = "events";')
        with open(inherited) as file:
            config = self.folder / "c.conf"
            config.write_text(f'data_dir = "d";\n@include "/proc/self/fd/{file.fileno()}"\n')
            done = subprocess.run([str(DAEMON), "--child", "config", str(config)], pass_fds=[file.fileno()],
                                  capture_output=True, text=True, timeout=PATIENCE)
        self.assertNotIn("events", done.stdout)

    def test_many_connections_do_not_end_it(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 4096:
            self.skipTest("this machine allows too few descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))  # what a daemon is given
        daemon = self.daemon().start()
        resource.setrlimit(resource.RLIMIT_NOFILE, (3000, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        before = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        with contextlib.ExitStack() as peers:
            for i in range(2000):
                peer = peers.enter_context(socket.socket(socket.AF_UNIX))
                peer.settimeout(PATIENCE)
                peer.connect(str(daemon.runtime / ("ingest.sock" if i % 2 else "query.sock")))
                peer.recv(1)  # the greeting: it was accepted
            self.assert_stored(daemon.publish(city_events()))
            self.assertEqual(daemon.query("status")["state"], "running")
        eventually(lambda: len(os.listdir(f"/proc/{daemon.process.pid}/fd")) < before + 10, "connections to be closed")


class Signals(DaemonTest):
    def test_sigterm_answers_what_was_taken(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        peer = daemon.socket("ingest", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        events = [volunteer(f"t{i}") for i in range(3000)]
        peer.send_multipart([b"", json.dumps(events).encode()])
        peer.send_multipart([b"", b"[]"])
        eventually(lambda: daemon.query("status")["messages"] >= 2, "the message to be taken")
        daemon.signal(signal.SIGTERM)
        results = json.loads(peer.recv_multipart()[-1])["results"]
        if not results:
            results = json.loads(peer.recv_multipart()[-1])["results"]
        self.assertEqual({r["status"] for r in results}, {"stored"})
        self.assertEqual(daemon.wait(), 0)
        daemon.start()
        self.assertEqual(daemon.query("status")["counts"]["volunteer"], 3003)

    def test_slow_questions_do_not_hold_up_the_end(self):
        daemon = self.daemon({"policies": {"check_ms": 1000}}).start()
        slow = """local cases = {}
            for i = 1, 400 do cases[i] = { name = "c" .. i, given = { minutes = 1 }, expect = { stars = 0 } } end
            return { name = "slow", kind = "star_rating", title = "慢", parameters = { ["2020-01-01"] = {} },
                     decide = function() while true do end end, cases = cases }"""
        peer = daemon.socket("query", zmq.DEALER)
        self.addCleanup(peer.close, 0)
        for i in range(60):
            request = {"jsonrpc": "2.0", "id": i, "method": "policy.check", "params": {"text": slow}}
            peer.send_multipart([b"%d" % i, b"", json.dumps(request).encode()])
        request = {"jsonrpc": "2.0", "id": "last", "method": "nothing"}
        peer.send_multipart([b"last", b"", json.dumps(request).encode()])
        first = peer.recv_multipart()  # one was answered: the others were taken
        begun = time.monotonic()
        daemon.signal(signal.SIGTERM)
        answers = [first] + [peer.recv_multipart() for _ in range(60)]
        self.assertEqual(daemon.wait(), 0)
        self.assertLess(time.monotonic() - begun, 20)
        codes = [json.loads(a[-1]).get("error", {}).get("data", {}).get("code") for a in answers]
        self.assertIn("busy", codes)

    def test_sigint_stops_too(self):
        daemon = self.daemon().start()
        daemon.signal(signal.SIGINT)
        self.assertEqual(daemon.wait(), 0)

    def test_sighup_takes_live_options_and_names_the_others(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.config["bus"] = {"max_events": 2, "query_threads": 3}
        daemon.write_config()
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("only a restart applies them: bus.query_threads")
        answer = daemon.publish([volunteer(f"h{i}") for i in range(3)])
        self.assertEqual(answer["error"]["code"], "too_large")
        self.assertEqual(len(daemon.publish([volunteer(f"h{i}") for i in range(2)])["results"]), 2)

    def test_sighup_with_a_bad_file_keeps_what_is_in_force(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.config["bus"] = {"max_events": 2, "query_thread": 3}
        daemon.write_config()
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("the one in force stays")
        self.assertIn("did you mean bus.query_threads", daemon.log_text())
        self.assertEqual(len(daemon.publish([volunteer(f"h{i}") for i in range(3)])["results"]), 3)

    def test_a_storm_of_sighup_does_no_harm(self):
        daemon = self.daemon().start()
        self.assert_stored(daemon.publish(city_events()))
        for i in range(100):
            daemon.signal(signal.SIGHUP)
            if i % 10 == 0:
                self.assertEqual(daemon.publish_one(volunteer(f"storm{i}"))["status"], "stored")
        daemon.wait_log("the configuration was read again: 0 options changed")
        self.assertEqual(daemon.stop(), 0)

    def test_sighup_names_drafts_and_activates_nothing(self):
        daemon = self.daemon().start()
        before = daemon.query("status")["sequence"]
        text = (daemon.policies / "star_rating.lua").read_text()
        (daemon.policies / "star_rating.lua").write_text(text + "-- changed\n")
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("star_rating.lua is a draft")
        self.assertNotIn("acceptance.lua is a draft", daemon.log_text())
        self.assertEqual(daemon.query("status")["sequence"], before)


class TwoDaemons(DaemonTest):
    def test_the_second_on_a_data_dir_says_why_and_ends(self):
        first = self.daemon().start()
        second = self.daemon({"data_dir": str(first.data)}, folder="second")
        second.launch()
        self.assertEqual(second.wait(), 1)
        self.assertIn("another daemon works on", second.log_text())
        self.assertIn(str(first.process.pid), second.log_text())
        self.assertEqual(first.query("status")["state"], "running")

    def test_the_second_on_a_runtime_dir_does_not_steal_the_sockets(self):
        first = self.daemon().start()
        second = self.daemon({"runtime_dir": str(first.runtime)}, folder="second")
        second.launch()
        self.assertEqual(second.wait(), 1)
        self.assertIn("runtime_dir", second.log_text())
        self.assert_stored(first.publish(city_events()))

    def test_the_second_does_not_steal_an_endpoint_that_lies_elsewhere(self):
        elsewhere = f"ipc://{self.folder}/elsewhere.sock"
        first = self.daemon({"bus": {"ingest": [elsewhere]}}).start()
        second = self.daemon({"bus": {"ingest": [elsewhere]}}, folder="second")
        second.launch()
        self.assertEqual(second.wait(), 1)
        self.assertIn(f"another process serves {elsewhere}", second.log_text())
        self.assert_stored(first.publish(city_events(), elsewhere))

    def test_deleting_a_lock_file_of_the_state_lets_no_second_in(self):
        first = self.daemon().start()
        for lock in (first.data / "state").glob("lock*"):
            lock.unlink()
        second = self.daemon({"data_dir": str(first.data)}, folder="second")
        second.launch()
        self.assertEqual(second.wait(), 1)


class EventClock(DaemonTest):
    def test_status_and_log_warn(self):
        daemon = self.daemon({"clock": "events"}).start()
        status = daemon.query("status")
        self.assertEqual(status["clock"]["mode"], "events")
        self.assertTrue(any("clock" in w for w in status["warnings"]))
        self.assertIn("clock", daemon.log_text())

    def test_recorded_time_follows_the_events(self):
        daemon = self.daemon({"clock": "events"}).start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.publish_one(service("r1", "v1"))
        self.assertTrue(daemon.query("status")["clock"]["recorded_time"].startswith("2023-03-05T12:00:00"))


if __name__ == "__main__":
    unittest.main()
