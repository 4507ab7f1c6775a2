"""Whatever happens to the files while the daemon is away: it goes on rightly, or says where the damage is and how to
mend it. It never answers wrongly.

VOLUNTEERD_DAMAGES: how many places of each kind are tried (default 1), VOLUNTEERD_SEED: which.
"""

import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import DaemonTest, QueryError, service  # noqa: E402
from journal_files import build_city, compress_city, copy_city, flip, frames_of, segments  # noqa: E402

DAMAGES = int(os.environ.get("VOLUNTEERD_DAMAGES", "1"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))


def setUpModule():
    global built, plain, compressed
    built = tempfile.TemporaryDirectory(prefix="vd-")
    plain, compressed = pathlib.Path(built.name, "plain"), pathlib.Path(built.name, "compressed")
    plain.mkdir()
    build_city(plain)
    copy_city(plain, compressed)
    compress_city(compressed)


def tearDownModule():
    built.cleanup()


def some(frames):
    return random.sample(frames, min(DAMAGES, len(frames)))


class Damage(DaemonTest):
    number = 0

    def setUp(self):
        super().setUp()
        random.seed(SEED)

    def city(self, source, compress=False):
        """A daemon, not started, on a copy of its own."""
        self.number += 1
        place = self.folder / f"d{self.number}"
        copy_city(source, place)
        return self.daemon({"journal": {"segment_mib": 8, "compress": compress}}, folder=place.name)

    def without_state(self, daemon):
        for file in (daemon.data / "state").iterdir():
            file.unlink()

    def assert_refused(self, daemon, *texts):
        before = len(daemon.log_text())
        daemon.launch()
        self.assertEqual(daemon.wait(), 1)
        daemon.process = None
        for text in texts:
            self.assertIn(text, daemon.log_text()[before:])

    def assert_whole(self, daemon, head):
        """It stands at this sequence, the journal is whole, and the state is what the journal says."""
        page = daemon.query("journal.read", after=0, limit=10000, types=["volunteer.registered"])
        self.assertEqual((page["head"], len(page["events"])), (head, 3))
        self.assertEqual(daemon.run_job("journal.verify")["result"]["records"], head)
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])

    def assert_found(self, daemon, *texts):
        """It serves, and verify names the place."""
        daemon.start()
        job = daemon.run_job("journal.verify")
        self.assertEqual(job["state"], "failed", job)
        for text in texts:
            self.assertIn(text, job["message"])
        with self.assertRaises(QueryError):
            after = 0
            while True:
                after = daemon.query("journal.read", after=after, limit=10000)["next"]
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        self.assertEqual(daemon.stop(), 0)

    # ---- the end of the last segment ----

    def test_a_last_segment_cut_anywhere_is_gone_on_with_from_its_last_whole_frame(self):
        last = segments(plain / "data")[-1]
        frames = frames_of(last)
        borders = [(frame.end, frame.last) for frame in some(frames[:-1])]
        inside = [(frame.offset + random.randrange(1, frame.size - 64), frame.first - 1)
                  for frame in some(frames[1:])]
        for size, head in borders + inside:
            with self.subTest(size=size, head=head):
                daemon = self.city(plain)
                os.truncate(daemon.data / "journal" / last.name, size)
                self.without_state(daemon)
                daemon.start()
                self.assert_whole(daemon, head)
                self.assert_stored(daemon.publish(service("r1", "v1")))
                self.assertEqual(daemon.stop(), 0)

    def test_a_state_ahead_of_a_cut_journal_is_refused(self):
        last = segments(plain / "data")[-1]
        frames = frames_of(last)
        for size in (frames[-1].offset, frames[-1].offset + 70, frames[0].end, 0):
            with self.subTest(size=size):
                daemon = self.city(plain)
                os.truncate(daemon.data / "journal" / last.name, size)
                self.assert_refused(daemon, f"the state stands at sequence {frames[-1].last}",
                                    "Restore the journal that goes with it")

    def test_a_bit_flipped_before_the_last_frame_is_refused_with_the_place(self):
        last = segments(plain / "data")[-1]
        for frame in some(frames_of(last)[:-1]):
            with self.subTest(offset=frame.offset):
                daemon = self.city(plain)
                flip(daemon.data / "journal" / last.name, frame.offset + random.randrange(frame.size))
                self.assert_refused(daemon, f"segment {last.name} at byte {frame.offset}: no valid frame",
                                    "restore it from a copy")

    # ---- closed segments ----

    def test_a_bit_flipped_in_a_closed_segment_is_found_with_the_place(self):
        closed = segments(plain / "data")[1]
        frame = random.choice(frames_of(closed))
        daemon = self.city(plain)
        flip(daemon.data / "journal" / closed.name, frame.offset + random.randrange(frame.size))
        self.assert_found(daemon, f"segment {closed.name} at byte {frame.offset}: no valid frame")
        self.without_state(daemon)
        self.assert_refused(daemon, f"segment {closed.name} at byte {frame.offset}")

    def test_a_bit_flipped_in_a_compressed_segment_is_found_with_the_place(self):
        closed = segments(compressed / "data", ".vjz")[1]
        size = closed.stat().st_size
        daemon = self.city(compressed)
        flip(daemon.data / "journal" / closed.name, random.randrange(size // 2))
        self.assert_found(daemon, f"segment {closed.name} at byte ", "a compressed block is damaged")
        daemon = self.city(compressed)
        flip(daemon.data / "journal" / closed.name, size - random.randrange(1, 100))
        self.assert_refused(daemon, f"segment {closed.name} at byte 0: the index of the compressed segment is damaged",
                            "restore it from a copy")

    def test_a_missing_segment_in_the_middle_is_named(self):
        names = segments(plain / "data")
        following = int(names[2].stem)
        daemon = self.city(plain)
        (daemon.data / "journal" / names[1].name).unlink()
        what = f"records {int(names[1].stem)} to {following - 1} should follow and are not there"
        self.assert_found(daemon, f"segment {names[0].name} at byte ", what)
        self.without_state(daemon)
        self.assert_refused(daemon, f"segment {names[0].name} at byte ", what)
        daemon = self.city(compressed)
        (daemon.data / "journal" / (names[1].name + "z")).unlink()
        self.assert_refused(daemon, f"segment {names[0].name}z at byte ", what, "restore it from a copy")

    def test_both_forms_of_a_segment_are_resolved(self):
        closed = segments(plain / "data")[0]
        last = frames_of(segments(plain / "data")[-1])[-1].last
        daemon = self.city(compressed)
        (daemon.data / "journal" / closed.name).write_bytes(closed.read_bytes())
        damaged = self.city(compressed)
        (damaged.data / "journal" / closed.name).write_bytes(closed.read_bytes())
        os.truncate(damaged.data / "journal" / (closed.name + "z"), 5000)
        for each, left in ((daemon, ".vjz"), (damaged, ".vj")):
            each.start()
            self.assertEqual([path.suffix for path in each.data.glob(f"journal/{closed.stem}*")], [left])
            self.assertEqual(each.run_job("journal.verify")["result"]["records"], last)
            self.assertEqual(each.stop(), 0)

    def test_a_spare_with_rubbish_in_it_does_no_harm(self):
        last = segments(plain / "data")[-1]
        daemon = self.city(plain)
        (daemon.data / "journal" / "spare").write_bytes(last.read_bytes())
        daemon.start()
        self.assertEqual((daemon.data / "journal" / "spare").read_bytes().count(0), 8 * 2**20)
        self.assertEqual(daemon.stop(), 0)

    # ---- the state ----

    def test_a_state_of_an_earlier_time_catches_up_and_one_of_a_later_time_is_refused(self):
        daemon = self.city(plain)
        daemon.start()
        head = daemon.publish_one(service("r1", "v1"))["sequence"]
        self.assertEqual(daemon.stop(), 0)
        earlier = (plain / "data" / "state" / "data.mdb").read_bytes()
        later = (daemon.data / "state" / "data.mdb").read_bytes()
        (daemon.data / "state" / "data.mdb").write_bytes(earlier)
        daemon.start()
        self.assertGreaterEqual(daemon.query("status")["sequence"], head)
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["minutes"], 180)
        self.assertEqual(daemon.stop(), 0)
        older = self.city(plain)
        (older.data / "state" / "data.mdb").write_bytes(later)
        self.assert_refused(older, "and the journal ends before it", "remove the state directory to rebuild it")

    def test_a_deleted_lock_of_the_state_lets_no_second_writer_in(self):
        daemon = self.city(plain)
        daemon.start()
        (daemon.data / "state" / "lock.mdb").unlink()
        second = self.daemon({**daemon.config, "runtime_dir": str(self.folder / "run2")}, folder="second")
        self.assert_refused(second, "another daemon works on")
        self.assert_stored(daemon.publish(service("r1", "v1")))
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["minutes"], 180)
        self.assertEqual(daemon.stop(), 0)

    # ---- the keys ----

    def test_keys_that_are_not_whole_or_not_its_own_are_refused(self):
        daemon = self.city(plain)
        keys, master = daemon.data / "keys", daemon.data / "master.key"
        whole, right = keys.read_bytes(), master.read_bytes()
        for size in (len(whole) - 128, len(whole) - 1, 128):
            os.truncate(keys, size)
            self.assert_refused(daemon, f"was cut off at byte {size}", "restore the file from a copy")
            self.assertEqual(keys.read_bytes(), whole[:size])
            keys.write_bytes(whole)
        os.truncate(keys, 0)
        self.assert_refused(daemon, "the first slot of", "restore the file from a copy")
        keys.write_bytes(whole)
        master.write_bytes(bytes(32))
        self.assert_refused(daemon, "is not the one that", "put the right one back")
        master.write_bytes(right[:31])
        self.assert_refused(daemon, "must hold exactly 32 bytes")
        master.write_bytes(right)
        daemon.start()
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
