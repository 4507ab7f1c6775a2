"""Calls to the system that fail. syscalls.py lets every one of them fail; here are some, chosen by a seed, and what
each of the dear ones must lead to.

VOLUNTEERD_FAILURES: how many (default 16), VOLUNTEERD_SEED: which."""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from syscalls import EXIT_STOPPED, Failure, Life, build, counts, may_trace, sample, try_one  # noqa: E402

FAILURES = int(os.environ.get("VOLUNTEERD_FAILURES", "16"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))


def setUpModule():
    global folder, built
    if why := may_trace():
        raise unittest.SkipTest(why)
    folder = tempfile.TemporaryDirectory(prefix="vd-")
    built = build(folder.name)


def tearDownModule():
    folder.cleanup()


class Syscalls(unittest.TestCase):
    def life(self, failure, *only):
        """A life with this failure on the files that begin so; its exit code and its log."""
        place = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(place.cleanup)
        life = Life(built[failure.scenario], place.name)
        self.addCleanup(life.close)
        life.daemon.inject = failure.inject
        all_paths = life.daemon.paths()
        life.daemon.paths = lambda: [path for path in all_paths if path.startswith(tuple(f"{place.name}/{p}" for p in only))]
        code = life.live()
        return life, code, life.daemon.log_text()

    def assert_stops(self, failure, only, *texts):
        with self.subTest(str(failure)):
            life, code, log = self.life(failure, only)
            self.assertEqual(code, EXIT_STOPPED, log)
            for text in (*texts, "stopping at once"):
                self.assertIn(text, log)
            life.assert_kept()

    def test_a_failed_write_or_sync_of_the_journal_stops_it_with_75(self):
        # The first write and sync are those of the start, which makes the last frame durable once more.
        segment = "data/journal/00000000000000000001"
        for call, error, k, for_ever in (("pwrite64", "EIO", 1, False), ("pwrite64", "ENOSPC", 3, True),
                                         ("fdatasync", "EIO", 2, False), ("fdatasync", "ENOSPC", 2, True)):
            self.assert_stops(Failure("first", call, error, k, for_ever), segment, "cannot write to the journal")

    def test_a_failed_commit_of_the_state_stops_it_with_75(self):
        for call, error in (("writev", "EIO"), ("fdatasync", "EIO"), ("pwrite64", "ENOSPC")):
            self.assert_stops(Failure("small", call, error, 1), "data/state/data.mdb", "committing a checkpoint")

    def test_a_next_segment_that_gets_no_name_stops_it_with_75(self):
        self.assert_stops(Failure("border", "rename", "EIO", 1), "data/journal", "cannot open the next segment")

    def test_a_write_or_sync_that_was_interrupted_is_done_again(self):
        for call in ("pwrite64", "fdatasync"):
            with self.subTest(call):
                life, code, log = self.life(Failure("small", call, "EINTR", 1), "data/journal/0")
                self.assertEqual(code, 0, log)
                self.assertFalse(life.refused)

    def test_a_log_that_cannot_be_written_stops_nothing(self):
        life, code, log = self.life(Failure("small", "write", "ENOSPC", 1, for_ever=True), "log")
        self.assertEqual((code, life.refused), (0, 0), log)
        life.assert_kept()

    def test_whatever_call_fails_nothing_acknowledged_is_lost(self):
        for failure in sample(counts(built), SEED, FAILURES):
            with self.subTest(str(failure)):
                try_one(failure, built[failure.scenario])


if __name__ == "__main__":
    unittest.main()
