"""kill -9 of the plugin recruitment, and of the daemon, at random moments of the first load and of pushing: nothing is lost and
nothing doubled, on neither side. VOLUNTEERD_PEOPLE=100000 VOLUNTEERD_KILLS=40 make it longer, VOLUNTEERD_SEED another."""

import collections
import os
import random
import tempfile
import unittest

import recruiting
from recruiting import FIRST

PEOPLE = int(os.environ.get("VOLUNTEERD_PEOPLE", "2000"))
# In each of the two phases.
KILLS = int(os.environ.get("VOLUNTEERD_KILLS", "2"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "1"))
RESTART_EACH = 4  # kills: five within a minute would be a quarantine


class Kills(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vr-")
        self.addCleanup(folder.cleanup)
        self.all = recruiting.Recruiting(folder.name, PEOPLE, {"page_limit": min(500, max(20, PEOPLE // 50))})
        self.addCleanup(self.all.close)
        self.all.start()
        self.dice = random.Random(SEED)
        self.kills = collections.Counter()

    def happen(self, moment):
        """Something is killed: mostly the plugin, now and then the daemon with it."""
        if self.dice.random() < 0.2:
            self.kills[moment, "daemon"] += 1
            self.all.daemon.kill()
            self.all.daemon.start()
        elif self.all.kill():
            self.kills[moment, "plugin"] += 1
            if sum(self.kills.values()) % RESTART_EACH == 0:
                self.all.daemon.query("plugin.restart", plugin="recruitment")

    def reach(self, number, goal, what):
        """Waits until something has grown to a goal, which the plugin does between its lives."""
        self.all.wait(lambda: number() >= goal, f"{what} to reach {goal}")

    def test_kills_while_it_loads_and_while_it_pushes_lose_and_double_nothing(self):
        everything = 4 * PEOPLE  # events, about: the rest is decisions
        goals = sorted(self.dice.randrange(everything) for _ in range(KILLS))
        for goal in goals:
            self.reach(self.all.head, goal, "the journal")
            self.happen("load")
        pushed = lambda: self.all.platform.ask("pushed")["keys"]
        for goal in sorted(self.dice.randrange(int(PEOPLE * 1.5)) for _ in range(KILLS)):
            self.reach(pushed, goal, "what was pushed")
            self.happen("push")
        self.all.settled()
        self.nothing_is_lost_or_doubled()
        print(f"{PEOPLE} people, killed: {dict(self.kills)}")

    def whole_reconciliation(self):
        """Of a large city it takes longer than one question may; asked again, it answers its end."""
        said = self.all.call("reconcile")
        return None if said["partial"] else said

    def nothing_is_lost_or_doubled(self):
        totals = self.all.platform.totals()
        for resource, kind in FIRST.items():
            told = self.all.told(kind)
            things = {tuple(sorted((name, str(value)) for name, value in data.items()
                                   if name in ("volunteer", "team", "activity", "shift"))) for data in told}
            self.assertEqual((len(told), len(things)), (totals["resources"][resource]["live"],) * 2, resource)
        self.assertEqual(self.all.conflicts(), [])
        self.assertEqual(self.all.differences(), {})
        said = self.all.wait(self.whole_reconciliation, "the reconciliation")
        self.assertIs(said["equal"], True, said)
        decided = collections.Counter(one["state"] for one in self.all.all("enrolment"))
        self.assertEqual({name: decided[name] for name in ("accepted", "waitlisted", "refused")},
                         totals["results"]["decisions"])
        self.assertIs(self.all.daemon.run_job("journal.replay")["result"]["identical"], True)


if __name__ == "__main__":
    unittest.main()
