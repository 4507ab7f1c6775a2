"""The power is cut at any moment of a run, as far as 512-byte pieces: nothing that was acknowledged is lost, nothing
half done is taken for done. Each run is recorded, then directories that the disk may hold at each record of it are
brought up by the daemon's own function, and some of them by the daemon.

VOLUNTEERD_POWER_STATES and VOLUNTEERD_POWER_RESTARTS say how many in all, VOLUNTEERD_POWER_JOBS how many at a time,
VOLUNTEERD_SEED where to begin."""

import concurrent.futures
import filecmp
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import power_runs  # noqa: E402
from harness import Daemon, region  # noqa: E402

STATES = int(os.environ.get("VOLUNTEERD_POWER_STATES", "300"))
RESTARTS = int(os.environ.get("VOLUNTEERD_POWER_RESTARTS", "6"))
JOBS = int(os.environ.get("VOLUNTEERD_POWER_JOBS", "1"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))
STATES_A_ROUND = 10000  # more are of several recordings
MEMORY = pathlib.Path("/dev/shm")


@unittest.skipIf(os.environ.get("VOLUNTEERD_PRESET") == "tsan", "the recorder stands between ThreadSanitizer and the system")
class PowerCutTest(unittest.TestCase):
    def setUp(self):
        place = MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30 else None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="power-", dir=place))
        self.daemons = []  # the restarted ones
        self.keep = False
        self.addCleanup(self.clear)

    def clear(self):
        for daemon in self.daemons + power_runs.Recorded.made:
            if daemon.process is not None:
                daemon.kill()
            daemon.close()
        power_runs.Recorded.made.clear()
        if self.keep:
            print(f"kept for a look: {self.folder}")
        else:
            shutil.rmtree(self.folder)

    def rounds(self, states, restarts):
        """(number, states, restarts) of each recording."""
        n = -(-STATES // STATES_A_ROUND)
        for i in range(n):
            random.seed(SEED + i)
            yield i, max(25, round(STATES * states / n)), round(RESTARTS * restarts * (i + 1) / n) - round(
                RESTARTS * restarts * i / n)

    def run_of(self, kind, number, *arguments, **more):
        folder = self.folder / f"{kind.__name__}-{number}"
        folder.mkdir()
        return kind(folder, *arguments, **more)

    # ---- the three looks at a run ----

    def check_recording(self, daemon):
        """What was recorded makes the very folder that is there: no write escaped."""
        made = daemon.folder / "same"
        answer, code, complaint = power_runs.cutter("same", *daemon.arguments(), made)
        self.assertEqual((code, complaint), (0, ""))
        names = sorted(str(path.relative_to(daemon.disk)) for path in daemon.disk.rglob("*"))
        self.assertEqual(sorted(str(path.relative_to(made)) for path in made.rglob("*")), names)
        files = [name for name in names if (daemon.disk / name).is_file() and not name.endswith("lock.mdb")]
        _, different, missing = filecmp.cmpfiles(made, daemon.disk, files, shallow=False)
        self.assertEqual((different, missing), ([], []))
        shutil.rmtree(made)
        return answer

    def check_states(self, daemon, states, digest_each, *between):
        """Answers and complaints of all parts."""
        def part(number):
            work = daemon.folder / f"work-{number}"
            work.mkdir()
            result = power_runs.cutter("check", *daemon.arguments(), work, states, number, JOBS, digest_each, *between)
            shutil.rmtree(work)
            return result

        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            results = list(pool.map(part, range(JOBS)))
        complaints = "".join(complaint for _, _, complaint in results)
        for answer, code, _ in results:
            self.assertIn(code, (0, 1), complaints)
            self.assertIsNotNone(answer, complaints)
        total = {name: sum(answer[name] for answer, _, _ in results) for name in ("cuts", "states", "digests", "findings")}
        return {**results[0][0], **total}, complaints

    def check_restart(self, daemon, records, number):
        """The daemon itself, on one of the states: what was acknowledged is there with its content, and it goes on."""
        folder = daemon.folder / f"restart-{number}"
        folder.mkdir()
        position, variant = random.randint(1, records), random.randint(0, 10**6)
        built, code, complaint = power_runs.cutter("build", *daemon.arguments(), folder / "disk", position, variant)
        self.assertEqual((code, complaint), (0, ""))
        (folder / "disk" / "data").mkdir(exist_ok=True)
        restarted = Daemon(folder, {"data_dir": str(folder / "disk" / "data")})
        self.daemons.append(restarted)
        place = f"record {position}, variant {variant} of {daemon.folder}"
        try:
            restarted.start()
            events = power_runs.everything(restarted)
            stored = [result for answer in built["acknowledged"] for result in answer["results"]
                      if result["status"] != "rejected"]
            for result in stored:
                there = events.get(result["sequence"])
                self.assertIsNotNone(there, f"{result['id']} was acknowledged as {result['sequence']}; {place}")
                self.assertEqual(there["id"], result["id"], place)
            # Behind that a first start that was cut off may have begun anew.
            for sequence in range(1, 1 + max((result["sequence"] for result in stored), default=0)):
                self.assertEqual(events[sequence], daemon.whole[sequence], place)
            if number % 4 == 0:
                job = restarted.run_job("journal.replay")
                self.assertTrue(job["result"]["identical"], f"{job}; {place}")
            more = restarted.publish_one(region("620600000000", "又一城", "city"))
            self.assertEqual(more["status"], "stored", f"{more}; {place}")
            if number % 8 == 0:
                self.assertEqual(restarted.stop(), 0, place)
            else:
                restarted.kill()
        except BaseException:
            print(restarted.log_text())
            raise
        restarted.close()
        self.daemons.remove(restarted)
        shutil.rmtree(folder)

    def look(self, daemon, states, restarts, digest_each=10, names=False):
        self.keep = True
        recorded = self.check_recording(daemon)
        began = time.monotonic()
        answer, complaints = self.check_states(daemon, states, digest_each)
        self.assertEqual((answer["findings"], complaints), (0, ""))
        if names:  # where names change there are few records and many ways
            for at in recorded["names"][-2:]:
                more, complaints = self.check_states(daemon, 12, digest_each, at, at)
                self.assertEqual((more["findings"], complaints), (0, ""))
                answer["states"] += more["states"]
                answer["digests"] += more["digests"]
        took = time.monotonic() - began
        for number in range(restarts):
            self.check_restart(daemon, recorded["records"], number)
        self.keep = False
        print(f"{daemon.folder.name}: {answer['records']} records, {answer['acknowledged']} events acknowledged, "
              f"{answer['states']} states ({answer['digests']} digests) in {took:.0f} s, {restarts} restarts in "
              f"{time.monotonic() - began - took:.0f} s", flush=True)

    def drop(self, daemon):
        power_runs.Recorded.made.remove(daemon)
        daemon.close()
        shutil.rmtree(daemon.folder)

    # ---- the runs ----

    def test_from_the_first_start_on_and_while_what_a_cut_left_is_mended(self):
        for number, states, restarts in self.rounds(0.93, 0.8):
            daemon = self.run_of(power_runs.first_start, number, scale=min(4, 1 + STATES // 10000))
            self.look(daemon, round(states * 0.8), restarts - restarts // 4)
            records = power_runs.cutter("same", *daemon.arguments(), daemon.folder / "same")[0]["records"]
            cut = self.run_of(power_runs.after_a_cut, number, daemon, random.randint(records // 4, records),
                              random.randint(2, 10**6))
            self.look(cut, round(states * 0.2), restarts // 4)
            self.drop(cut)
            self.drop(daemon)

    def test_where_a_segment_ends_and_is_compressed(self):
        for number, states, restarts in self.rounds(0.02, 0.1):
            daemon = self.run_of(power_runs.segment_ends, number)
            self.look(daemon, states, restarts, 20, names=True)
            self.drop(daemon)

    def test_where_keys_are_added(self):
        for number, states, restarts in self.rounds(0.01, 0.05):
            daemon = self.run_of(power_runs.keys_grow, number)
            self.look(daemon, states, restarts, 20)
            self.drop(daemon)

    def test_what_a_killed_run_did_not_sync(self):
        for number, states, restarts in self.rounds(0.04, 0.05):
            daemon = self.run_of(power_runs.names_kept, number)
            self.look(daemon, states, restarts)
            self.drop(daemon)

    def test_a_daemon_that_acknowledges_too_early_is_found_out(self):
        random.seed(SEED)
        daemon = self.run_of(power_runs.first_start, "early", program=power_runs.ACKS_EARLY)
        self.check_recording(daemon)
        answer, complaints = self.check_states(daemon, 100, 10)
        self.assertGreater(answer["findings"], 0)
        # What was acknowledged is gone, or a checkpoint that came before its frame's sync stands ahead of the journal.
        self.assertRegex(complaints, "was acknowledged, the journal ends with|the state stands at sequence [0-9]+ and the journal ends before it")


if __name__ == "__main__":
    unittest.main()
