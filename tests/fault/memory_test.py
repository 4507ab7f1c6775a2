"""Memory that is refused: malloc, calloc, realloc and strdup give nothing to our own code at their k-th call. The daemon
answers with an error, or ends at once, with an exit code and a message that say so, and nothing acknowledged is lost.

VOLUNTEERD_FAILURES: how many of the calls of a short life are refused, one each (default 16; all: every one)
VOLUNTEERD_SEED: which."""

import collections
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from syscalls import DAEMON, EXIT_STOPPED, Life, build  # noqa: E402

FAILURES = os.environ.get("VOLUNTEERD_FAILURES", "16")
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))
PRELOADED = DAEMON.parents[1] / "tests" / "failing_malloc.so"


def setUpModule():
    global folder, built
    if os.environ.get("VOLUNTEERD_PRESET") in ("asan", "tsan"):
        raise unittest.SkipTest("the sanitizers have a malloc of their own")
    if not PRELOADED.exists():
        raise unittest.SkipTest(f"{PRELOADED} is not built")
    folder = tempfile.TemporaryDirectory(prefix="vd-")
    built = build(folder.name)


def tearDownModule():
    folder.cleanup()


class Memory(unittest.TestCase):
    def life(self, scenario, k, **environment):
        place = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(place.cleanup)
        life = Life(built[scenario], place.name)
        self.addCleanup(life.close)
        life.daemon.environment = {"LD_PRELOAD": str(PRELOADED), "VOLUNTEERD_MALLOC_FAILS": str(k),
                                   "VOLUNTEERD_MALLOC_COUNT": f"{place.name}/calls", **environment}
        return life

    def count(self, scenario):
        """How many calls a life makes."""
        life = self.life(scenario, 0)
        self.assertEqual(life.live(), 0, life.daemon.log_text())
        return int((life.folder / "calls").read_text())

    def some(self, n):
        if FAILURES == "all":
            return range(1, n + 1)
        # Half of them among the first, which are the start's and differ from each other.
        chosen, half = random.Random(SEED), int(FAILURES) // 4
        return sorted({*chosen.sample(range(1, n // 4), half), *chosen.sample(range(n // 4, n + 1), half)})

    def refuse_each(self, scenario):
        n = self.count(scenario)
        self.assertGreater(n, 100)
        codes = collections.Counter()
        for k in self.some(n):
            with self.subTest(scenario=scenario, k=k, of=n):
                life = self.life(scenario, k)
                code = life.live()
                codes[code] += 1
                if code == EXIT_STOPPED:
                    self.assertIn("memory is out", life.daemon.log_text())
                else:
                    life.assert_documented(code)
                life.assert_kept()
        self.assertGreater(codes[EXIT_STOPPED], 0)

    def test_memory_refused_to_a_life_loses_nothing_acknowledged(self):
        self.refuse_each("small")

    def test_memory_refused_to_a_first_start_or_a_new_segment_loses_nothing_acknowledged(self):
        self.refuse_each("first")
        self.refuse_each("border")

    def test_memory_refused_to_a_child_fails_its_work_alone(self):
        """The child that reads the configuration: refused. The one that verifies the journal: a failed job."""
        for k in (1, 2, 3, 5, 9):
            with self.subTest(k=k):
                life = self.life("small", k, VOLUNTEERD_MALLOC_CHILDREN="1")
                life.assert_documented(life.live())
                life.assert_kept()

    def test_a_check_without_memory_says_so(self):
        life = self.life("small", 1)
        checked = subprocess.run([DAEMON, "--check", "--config", life.daemon.config_path], capture_output=True, text=True,
                                 env={**os.environ, **life.daemon.environment})
        self.assertEqual(checked.returncode, EXIT_STOPPED, checked.stderr)
        self.assertIn("memory is out", checked.stderr)


if __name__ == "__main__":
    unittest.main()
