"""kill -9 at any moment, of a plugin or of the daemon: what a plugin publishes about each event is there once, in order.
VOLUNTEERD_KILLS=N kills of the plugin (8), VOLUNTEERD_SEED=N."""

import os
import pathlib
import random
import signal
import sys
import tempfile
import threading
import unittest

from bad_city import City, is_alive, person
from harness import city_events, eventually

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

from journal_files import pause  # noqa: E402

KILLS = int(os.environ.get("VOLUNTEERD_KILLS", "8"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "1"))
MESSAGES, PER_MESSAGE = 5 * KILLS, 50


class Kills(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.random = random.Random(SEED)
        self.city = City(folder.name, [{"name": "echoes"}])
        self.addCleanup(self.city.close)
        self.city.start()
        self.city.wait_state("echoes", "running")
        self.city.publish(city_events(0))

    def publish(self, first):
        """Persons by and by, while other things happen."""
        for n in range(first, first + MESSAGES):
            answer = self.city.publish([person(f"p:{n}:{i}") for i in range(PER_MESSAGE)])
            assert {result["status"] for result in answer["results"]} == {"stored"}, answer

    def in_background(self, first):
        thread = threading.Thread(target=self.publish, args=(first,))
        thread.start()
        return thread

    def read(self, kind):
        events, next = [], 0
        while True:
            page = self.city.query("journal.read", after=next, limit=10000, types=[kind])
            events += page["events"]
            if page["next"] >= page["head"]:
                return events
            next = page["next"]

    def assert_one_for_each(self, n_people):
        self.city.wait_state("echoes", "running")
        head = self.city.query("journal.read", after=0, limit=1)["head"]
        self.city.wait_plugin("echoes", lambda plugin: plugin["cursor"] >= head, f"its cursor at {head}")
        people = [int(e["sequence"]) for e in self.read("volunteer.registered")]
        echoes = [int(e["data"]["document"].split(":")[1]) for e in self.read("document.registered")
                  if e["source"] == "/plugins/echoes"]
        self.assertEqual(len(people), n_people)
        self.assertEqual(echoes, people)

    def kill_plugin(self):
        pid = self.city.plugin("echoes").get("pid")
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            # Otherwise it would be in quarantine after five.
            self.city.query("plugin.restart", plugin="echoes")

    def test_a_plugin_that_is_killed_loses_and_doubles_nothing(self):
        thread = self.in_background(0)
        for _ in range(KILLS):
            self.city.wait_state("echoes", "running")
            pause(self.random.uniform(0, 0.05))
            self.kill_plugin()
        thread.join()
        self.assert_one_for_each(MESSAGES * PER_MESSAGE)

    def test_a_daemon_that_is_killed_takes_its_plugins_along_and_loses_nothing(self):
        total = 0
        for round in range(3):
            pid = self.city.wait_state("echoes", "running")["pid"]
            answer = self.city.publish([person(f"k:{round}:{i}") for i in range(500)])
            total += sum(result["status"] == "stored" for result in answer["results"])
            pause(self.random.uniform(0, 0.1))
            self.city.kill()
            eventually(lambda: not is_alive(pid), "the plugin's end")
            self.city.start()
        self.assert_one_for_each(total)


if __name__ == "__main__":
    unittest.main()
