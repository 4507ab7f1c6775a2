"""A policy that does not come back ends the process, is set aside at the next start, and never stops ingest."""

import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import DaemonTest, city_events, service  # noqa: E402
from journal_files import pause  # noqa: E402

# Passes its case, and turns for ever for one person.
STUCK = """
return {
  name = "star_rating", kind = "star_rating", title = "永不返回",
  texts = {}, parameters = { ["2000-01-01"] = {} },
  decide = function(volunteer) while volunteer.id == "v1" do end return 0 end,
  cases = { { name = "别人", given = { id = "v2" }, expect = 0 } },
}
"""


# Passes its case, and is at work for most of a second for everybody else.
SLOW = """
return {
  name = "star_rating", kind = "star_rating", title = "算得慢",
  texts = {}, parameters = { ["2000-01-01"] = {} },
  decide = function(volunteer)
    local n = volunteer.id == "v2" and 1 or ROUNDS
    for _ = 1, n do end
    return 0
  end,
  cases = { { name = "别人", given = { id = "v2" }, expect = 0 } },
}
"""


class Watchdog(DaemonTest):
    def test_a_stuck_policy_is_set_aside_and_its_predecessor_holds_again(self):
        daemon = self.daemon(config={"policies": {"instruction_limit": 1000000000, "watchdog_s": 1}})
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.query("policy.activate", text=STUCK, effective="2000-01-01", by="clerk:1")
        record = service("r1", "v1")
        socket = daemon.socket("ingest")
        socket.send_json(record)
        self.assertEqual(daemon.wait(), 75)
        self.assertFalse(socket.poll(0))  # it was not acknowledged
        socket.close(0)
        daemon.process = None
        self.assertIn("has not returned", daemon.log_text())
        daemon.start()
        history = daemon.query("policy.history", policy="star_rating")["items"]
        states = {item["revision"]: item["state"] for item in history}
        self.assertEqual(states["star_rating:2"], "set_aside")
        result = daemon.publish_one(record)
        self.assertEqual(result["status"], "stored", result)
        self.assertEqual(daemon.query("explain", volunteer="v1")["rule"]["revision"], "star_rating:1")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()  # the note of the watchdog is gone: nothing is set aside twice
        after = daemon.query("policy.history", policy="star_rating")["items"]
        self.assertEqual(after, history)

    def test_a_process_that_stood_still_has_no_stuck_policy(self):
        daemon = self.daemon(config={"policies": {"instruction_limit": 1000000000, "watchdog_s": 1}})
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.query("policy.activate", text=SLOW.replace("ROUNDS", "2000000"), effective="2000-01-01", by="clerk:1")
        began = time.monotonic()
        self.assert_stored(daemon.publish([service("first", "v1")]))
        rounds = int(2000000 * 0.7 / (time.monotonic() - began))
        daemon.query("policy.activate", text=SLOW.replace("ROUNDS", str(min(rounds, 5 * 10**8))), effective="2000-01-01",
                     by="clerk:1")
        for n in range(4):
            pause(0.5)  # so that the watchdog's second ends in the next call, before it stands still
            socket = daemon.socket("ingest")
            socket.send_json(service(f"r{n}", "v1"))
            pause(0.45)
            daemon.signal(signal.SIGSTOP)
            pause(1.2)
            daemon.signal(signal.SIGCONT)
            self.assertEqual(socket.recv_json()["results"][0]["status"], "stored")
            socket.close(0)
        history = daemon.query("policy.history", policy="star_rating")["items"]
        self.assertEqual([item["state"] for item in history if item["revision"] == "star_rating:3"], ["in_force"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_policy_over_its_budget_fails_alone(self):
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        daemon.query("policy.activate", text=STUCK, effective="2000-01-01", by="clerk:1")
        result = daemon.publish_one(service("r1", "v1"))
        self.assertEqual(result["status"], "stored")
        self.assertEqual([decision["type"] for decision in result["decisions"]], ["service.decided", "points.posted"])
        self.assertEqual(daemon.query("status")["events"]["policy_failures"], 1)
        self.assertEqual(daemon.publish_one(service("r2", "v2"))["status"], "stored")


if __name__ == "__main__":
    unittest.main()
