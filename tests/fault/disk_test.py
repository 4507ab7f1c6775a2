"""A full disk: writing is refused with a reason, reads go on, nothing acknowledged is lost, and writing resumes by itself
when there is room. Each test has a small file system of its own, which only root can mount.

VOLUNTEERD_LONG=1 adds the one where the journal itself fills the disk at full speed.
"""

import errno
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import DaemonTest, Gone, QueryError, city_events, eventually, service  # noqa: E402
from journal_files import bulk_events  # noqa: E402
from limits_test import Publisher  # noqa: E402

MIB = 2**20


class Disk:
    """The tests, on whatever `mount` puts at self.disk."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small file system")
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mount = self.mount()
        if mount.returncode != 0:
            self.skipTest(f"no small file system can be mounted here: {mount.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)
        self.acknowledged = {}

    def city(self):
        """A daemon with its data on the small disk, and its log elsewhere."""
        daemon = self.daemon({"data_dir": str(self.disk / "data"), "limits": {"disk_reserve_mib": 16}})
        daemon.data = self.disk / "data"
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        return daemon

    def fill_up_to(self, free):
        """Somebody else's file, so that so many bytes stay free."""
        with open(self.disk / "ballast", "ab") as file:
            while (more := self.free_bytes() - free) > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.tell(), more)
                    file.seek(0, os.SEEK_END)
                except OSError as error:  # the file system's own blocks come out of the same room
                    self.assertEqual(error.errno, errno.ENOSPC)
                    if more <= MIB:
                        return
                    free += MIB

    def free_bytes(self):
        status = os.statvfs(self.disk)
        return status.f_bavail * status.f_frsize

    def publish(self, daemon, body):
        """The first result that is not stored, or None; what is stored is noted."""
        for result in daemon.publish(body)["results"]:
            if result["status"] != "stored":
                return result
            self.acknowledged[result["id"]] = result["sequence"]
        return None

    def refused(self, daemon):
        """Publishes until something is refused."""
        numbers = iter(range(10**6))
        return eventually(lambda: self.publish(daemon, [service(f"x{next(numbers)}", "v1")]), "something to be refused")

    def assert_read_only(self, daemon, reason):
        result = self.refused(daemon)
        self.assert_rejected(result, "read_only", retryable=True)
        self.assertIn(reason, result["message"])
        status = daemon.query("status")
        self.assertEqual(status["state"], "read_only")
        self.assertIn(reason, status["reason"])
        self.assert_reads(daemon)

    def assert_reads(self, daemon):
        """Everything acknowledged, and what was made of it."""
        seen, after = {}, 0
        while True:
            page = daemon.query("journal.read", after=after, limit=10000)
            seen.update((e["id"], int(e["sequence"])) for e in page["events"])
            after = page["next"]
            if after >= page["head"]:
                break
        for identifier, sequence in self.acknowledged.items():
            self.assertEqual(seen.get(identifier), sequence, identifier)
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["volunteer"], "v1")
        daemon.query("report.stars")

    def assert_resumes(self, daemon):
        (self.disk / "ballast").unlink()
        numbers = iter(range(10**6))
        eventually(lambda: self.publish(daemon, service(f"y{next(numbers)}", "v2")) is None, "writing to resume")
        self.assertEqual(daemon.query("status")["state"], "running")
        self.assert_reads(daemon)
        self.assertEqual(daemon.run_job("journal.verify")["state"], "done")
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_disk_that_others_fill_is_waited_for_also_over_a_kill(self):
        daemon = self.city()
        self.fill_up_to(12 * MIB)
        self.assert_read_only(daemon, "the disk is nearly full")
        self.fill_up_to(0)
        self.assert_read_only(daemon, "the disk is nearly full")
        daemon.kill()
        daemon.start()
        self.assert_read_only(daemon, "the disk is nearly full")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        self.assert_resumes(daemon)

    def test_without_room_for_the_next_segment_it_starts_read_only(self):
        daemon = self.city()
        self.assertEqual(daemon.stop(), 0)
        (self.disk / "data" / "journal" / "spare").unlink()
        self.fill_up_to(30 * MIB)
        daemon.start()
        self.assert_read_only(daemon, "the next journal segment cannot be made")
        self.assertIn("there is room for 8 MiB", daemon.log_text())
        self.assert_resumes(daemon)

    def test_a_first_start_on_a_full_disk_says_so_and_a_later_one_goes_on(self):
        self.fill_up_to(2 * MIB)
        daemon = self.daemon({"data_dir": str(self.disk / "data"), "limits": {"disk_reserve_mib": 16}})
        daemon.data = self.disk / "data"
        daemon.launch()
        self.assertNotEqual(daemon.wait(), 0)
        daemon.process = None
        self.assertIn("there is room for 8 MiB", daemon.log_text())
        (self.disk / "ballast").unlink()
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        self.assertEqual(daemon.stop(), 0)

    def test_no_room_even_for_a_commit_loses_nothing_acknowledged(self):
        """Whoever fills the disk within a moment, before anybody looks: a commit of the state may fail (75), and then the
        journal decides; segments are there already."""
        daemon = self.city()
        publisher = Publisher(daemon)
        publisher.start()
        eventually(lambda: publisher.acknowledged, "the first events")
        self.fill_up_to(0)
        eventually(lambda: publisher.refused or daemon.process.poll() is not None, "a refusal, or the end")
        publisher.ended.set()
        publisher.join()
        self.assertEqual({result["code"] for result in publisher.refused} - {"read_only"}, set())
        self.acknowledged.update(publisher.acknowledged)
        try:
            self.assert_reads(daemon)
            daemon.kill()
        except (Gone, QueryError):
            self.assert_stopped(daemon)
        daemon.launch()  # with the disk as full as before: it reads alone, or says again that it cannot
        try:
            daemon.wait_ready()
            self.assert_reads(daemon)
            daemon.kill()
        except (Gone, QueryError):
            self.assert_stopped(daemon)
        os.truncate(self.disk / "ballast", 0)
        daemon.start()
        self.assert_resumes(daemon)

    def assert_stopped(self, daemon):
        self.assertIn(daemon.wait(), (1, 75), daemon.log_text())
        daemon.process = None
        self.assertIn("No space left on device", daemon.log_text())

    @unittest.skipUnless(os.environ.get("VOLUNTEERD_LONG"), "VOLUNTEERD_LONG=1 runs it")
    def test_a_journal_that_fills_the_disk_at_full_speed_stops_before_it_is_full(self):
        daemon = self.city()
        refused, first = None, 0
        while not refused:
            refused = self.publish(daemon, bulk_events(first, 100))
            first += 100
        self.assert_rejected(refused, "read_only", retryable=True)
        self.assert_reads(daemon)
        daemon.kill()
        daemon.start()
        self.assert_reads(daemon)


class Tmpfs(Disk, DaemonTest):
    def mount(self):
        return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", self.disk], capture_output=True, text=True)


class Ext4(Disk, DaemonTest):
    """Blocks are given out late here, and its own journal takes part in every sync."""

    def mount(self):
        if not pathlib.Path("/usr/sbin/mkfs.ext4").exists():
            self.skipTest("e2fsprogs is not installed")
        image = self.folder / "image"
        with open(image, "wb") as file:
            file.truncate(112 * MIB)
        made = subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-m", "0", image], capture_output=True, text=True)
        if made.returncode != 0:
            return made
        return subprocess.run(["mount", "-o", "loop", image, self.disk], capture_output=True, text=True)


if __name__ == "__main__":
    unittest.main()
