"""The crash torture, short: torture.py runs it for ten thousand kills.

VOLUNTEERD_KILLS: how many (default 50), VOLUNTEERD_SEED: which."""

import copy
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from torture import WAYS, Generation  # noqa: E402
from torture_check import Sent, Wrong  # noqa: E402

KILLS = int(os.environ.get("VOLUNTEERD_KILLS", "50"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))


def twin(journal):
    other = copy.copy(journal)
    for name in ("events", "seen", "fresh", "commands", "balances", "touched"):
        setattr(other, name, copy.deepcopy(getattr(journal, name)))
    return other


class Torture(unittest.TestCase):
    def generation(self, number=0):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        generation = Generation(SEED, number, folder.name)
        self.addCleanup(self.end, generation.daemon)
        return generation

    def end(self, daemon):
        if daemon.process:
            daemon.kill()
        daemon.context.destroy(0)

    def test_kills_at_random_moments_lose_nothing_acknowledged_and_leave_a_whole_journal_and_ledger(self):
        figures = self.generation().run(KILLS, each_way_once=True)
        self.assertGreaterEqual(figures["kills"], KILLS)
        self.assertGreater(figures["acknowledged"], 10 * KILLS)
        self.assertEqual(set(figures["ways"]), {*WAYS, "first_start"})

    def test_kills_in_a_first_start_leave_nothing_half_done(self):
        for number in range(8):
            with self.subTest(number):
                generation = self.generation(number)
                generation.start_first()
                generation.define_city()
                generation.journal.look_at_everything(generation.daemon)
                self.assertEqual(generation.daemon.stop(), 0)

    def test_a_torture_sees_what_is_lost_doubled_or_changed(self):
        """The daemon keeps its promise; what was noted of it is changed, and each lie is found."""
        generation = self.generation()
        generation.start()
        generation.define_city()
        generation.drain(*generation.load(lambda n: n >= 200), wait_ms=20)
        honest = generation.journal
        key = next(key for key in honest.fresh if honest.events[key].body["type"] == "service.recorded")

        def lost(journal):
            journal.events["test", "lost"] = Sent({"type": "service.recorded"})
            journal.events["test", "lost"].sequence = 10**6
            journal.fresh.append(("test", "lost"))

        lies = {
            "acknowledged and not there": lost,
            "acknowledged as": lambda journal: setattr(journal.events[key], "sequence", 1),
            "other content": lambda journal: journal.events[key].body["data"].update(recorder="clerk:2"),
            "other decisions": lambda journal: journal.events[key].decisions.append({"type": "star.changed"}),
            "nobody sent": lambda journal: journal.events.pop(key),
            "present twice": lambda journal: journal.seen.update({key: 5}),
            "and the journal posted": lambda journal: journal.balances.update(dict.fromkeys(generation.maker.people, 1)),
            "another sum than the journal posted": lambda journal: journal.balances.update(nobody=1),
        }
        for what, lie in lies.items():
            with self.subTest(what):
                journal = twin(honest)
                lie(journal)
                with self.assertRaisesRegex(Wrong, what):
                    journal.look(generation.daemon)
        honest.look(generation.daemon)


if __name__ == "__main__":
    unittest.main()
