"""The files of a journal as the tests of damage need them: a city whose journal has several segments, and the places
of the frames in a plain one. core/journal/journal.h says what lies where."""

import shutil
import struct
import threading

from harness import Daemon, activity, city_events, eventually

HEADER = struct.Struct("<IHHIIQQI")
HEADER_SIZE = 96
MAGIC = 0xFE4A56FF


class Frame:
    def __init__(self, offset, size, first, count):
        self.offset, self.size, self.first, self.count = offset, size, first, count
        self.end, self.last = offset + size, first + count - 1


def frames_of(path):
    """The frames of a plain segment, by their headers alone."""
    frames, offset, data = [], 0, path.read_bytes()
    while offset + HEADER_SIZE <= len(data):
        magic, _, _, payload, _, _, first, count = HEADER.unpack_from(data, offset)
        if magic != MAGIC:
            break
        size = (HEADER_SIZE + payload + 63) // 64 * 64
        frames.append(Frame(offset, size, first, count))
        offset += size
    return frames


def segments(data, ending=".vj"):
    return sorted(path for path in (data / "journal").iterdir() if path.suffix == ending)


def flip(path, offset, bits=0x10):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ bits]))


def bulk_events(first, n, words=400):
    """Activities with long descriptions: bytes for the journal at little cost."""
    return [activity(f"bulk-{i}", content=(chr(0x4E00 + i * 37 % 20000) + f"{i:x} ") * words)
            for i in range(first, first + n)]


def fill(daemon, mebibytes, first=0):
    """Publishes until the journal has grown by so much; the number of the next activity."""
    enough = daemon.query("status")["journal_bytes"] + mebibytes * 2**20
    while daemon.query("status")["journal_bytes"] < enough:
        for result in daemon.publish(bulk_events(first, 100))["results"]:
            assert result["status"] == "stored", result
        first += 100
    return first


def build_city(folder, mebibytes=16.5):
    """A stopped daemon's folder with plain segments of 8 MiB, the last one in use, a year's first people in it."""
    daemon = Daemon(folder, {"journal": {"segment_mib": 8, "compress": False}})
    try:
        daemon.start()
        daemon.publish(city_events())
        following = fill(daemon, mebibytes)
        # Small groups at the end, so that borders are near each other.
        for i in range(8):
            daemon.publish(bulk_events(following + i * 2, 2, 10))
        code = daemon.stop()
        assert code == 0, daemon.log_text()
    finally:
        daemon.close()


def compress_city(folder):
    """Starts it until every closed segment is compressed."""
    daemon = Daemon(folder, {"journal": {"segment_mib": 8, "compress": True}})
    try:
        daemon.start()
        eventually(lambda: len(segments(daemon.data)) == 1, "the closed segments to be compressed")
        code = daemon.stop()
        assert code == 0, daemon.log_text()
    finally:
        daemon.close()


def copy_city(built, folder):
    shutil.copytree(built / "data", folder / "data")


def pause(seconds):
    """For what is about time itself: when to kill, how long to stop."""
    threading.Event().wait(seconds)
