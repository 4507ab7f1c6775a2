"""Runs of the daemon that are recorded for power cuts: what is written below data_dir, when it was synced, when each
acknowledgement was sent. tests/fault/power/ has the recorder and what makes directories of a recording."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess

import zmq
from harness import DAEMON, PROGRAMS, Daemon, city_events, event, service, volunteer
from journal_files import bulk_events, fill, segments

TESTS = PROGRAMS.parent / "tests"
RECORDER = TESTS / "libpower-recorder.so"
CUTTER = TESTS / "power_cut"
ACKS_EARLY = TESTS / "volunteerd-acks-early"
LOG_BYTES = 2**31  # of a file with holes


class Recorded(Daemon):
    """A daemon below whose folder `disk` everything is recorded once `record` was called."""

    made = []  # for whoever clears up

    def __init__(self, folder, config=None, program=DAEMON):
        self.disk = pathlib.Path(folder) / "disk"
        self.disk.mkdir(parents=True, exist_ok=True)
        settings = {"data_dir": str(self.disk / "data"), "store": {"checkpoint_ms": 10}, **(config or {})}
        super().__init__(folder, settings)
        self.made.append(self)
        self.data = self.disk / "data"
        self.program = program
        self.recording = None
        self.kill_at = None  # as the recorder's POWER_KILL
        self.whole = {}

    def record(self):
        """From now on; what is there counts as synced."""
        self.recording = self.folder / "recording"
        self.base = self.folder / "base"
        self.inodes = self.folder / "inodes"
        shutil.copytree(self.disk, self.base)
        lines = [f"{self.disk.stat().st_ino}\t.\n"]
        for path in sorted(self.disk.rglob("*")):
            lines.append(f"{path.stat().st_ino}\t{path.relative_to(self.disk)}\n")
        self.inodes.write_text("".join(lines))
        with open(self.recording, "wb") as file:
            file.truncate(LOG_BYTES)

    def launch(self):
        environment = dict(os.environ)
        if self.recording:
            environment.update(LD_PRELOAD=str(RECORDER), POWER_LOG=str(self.recording), POWER_ROOT=str(self.disk))
            environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        if self.kill_at:
            environment["POWER_KILL"] = self.kill_at
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen([str(self.program), "--config", str(self.config_path)], env=environment,
                                        stdin=subprocess.DEVNULL, stderr=self.log, stdout=self.log)
        return self

    def await_kill(self, then=None):
        """Waits until it killed itself where it was told to; with `then`, starts it to be killed there."""
        code = self.wait()
        self.process = None
        assert code == -signal.SIGKILL, f"{code}: {self.log_text()}"
        self.kill_at = then
        if then:
            self.launch()

    def finish(self):
        self.whole = everything(self)
        code = self.stop()
        assert code == 0, self.log_text()

    def arguments(self):
        return [str(self.recording), str(self.base), str(self.inodes)]


def cutter(*arguments):
    """What power_cut prints, and its exit code with what it complained of."""
    run = subprocess.run([str(CUTTER), *map(str, arguments)], capture_output=True, text=True, check=False)
    return (json.loads(run.stdout) if run.stdout else None), run.returncode, run.stderr


def everything(daemon):
    """The journal's events by sequence."""
    events, after = {}, 0
    while True:
        page = daemon.query("journal.read", after=after, limit=10000)
        events.update((int(one["sequence"]), one) for one in page["events"])
        after = page["next"]
        if after >= page["head"]:
            return events


# ---- load ----


def message(numbers, limit):
    """An array of 1 to `limit` records of three people, many of them overlapping: decisions of every kind."""
    events = []
    for _ in range(random.randint(1, limit)):
        n = next(numbers)
        day, hour = 1 + n % 28, n % 20
        events.append(service(
            f"r{n}", f"v{1 + n % 3}", time="2023-04-01T09:00:00+08:00",
            starts=f"2023-03-{day:02d}T{hour:02d}:00:00+08:00", ends=f"2023-03-{day:02d}T{hour + 2:02d}:00:00+08:00"))
    return events


def load(daemon, messages, may_be_refused=False):
    """Publishes, four messages in flight; returns how many events were acknowledged before the daemon was gone."""
    socket = daemon.socket("ingest", zmq.DEALER)
    acknowledged, in_flight, messages = 0, 0, iter(messages)
    try:
        while True:
            while in_flight < 4:
                events = next(messages, None)
                if events is None:
                    break
                socket.send_multipart([b"", json.dumps(events, ensure_ascii=False).encode()])
                in_flight += 1
            if not in_flight:
                return acknowledged
            while not socket.poll(100):
                if daemon.process.poll() is not None:
                    return acknowledged
            answer = json.loads(socket.recv_multipart()[-1])
            refused = [result for result in answer["results"] if result["status"] == "rejected"]
            assert may_be_refused or not refused, refused
            acknowledged += len(answer["results"])
            in_flight -= 1
    finally:
        socket.close(0)


def loads(numbers, n, limit=20):
    return [message(numbers, limit) for _ in range(n)]


# ---- the runs ----


def first_start(folder, scale=1, program=DAEMON):
    """From an empty folder: keys, the first events, people with identities, records and what is decided about them,
    corrections, points, a policy for all history, checkpoints beside it, two kills and two restarts."""
    daemon = Recorded(folder, program=program)
    numbers = iter(range(1, 10**9))
    daemon.record()
    daemon.start()
    load(daemon, [city_events()])
    load(daemon, loads(numbers, 12 * scale))
    daemon.query("points.adjust", volunteer="v1", account="points", amount=500, reason="盘点", by="clerk:9")
    load(daemon, [[event("service.corrected", {"record": "r1", "minutes": 30, "reason": "早退", "by": "clerk:2"})],
                  [event("service.revoked", {"record": "r2", "reason": "错录", "by": "clerk:2"})]])
    daemon.kill()
    daemon.start()
    text = (daemon.policies / "star_rating.lua").read_text()
    daemon.query("policy.activate", text=text.replace("恰好一百小时", "正好一百小时"), retroactivity="all_history",
                 by="clerk:1")
    load(daemon, loads(numbers, 8 * scale, 40))
    daemon.kill()
    daemon.start()
    load(daemon, loads(numbers, 4 * scale, 3))
    daemon.finish()
    return daemon


def segment_ends(folder):
    """A segment that is nearly full: the next one is taken, another spare is made, the closed one is compressed. The
    daemon is killed when the compressed one has its name, before that is synced, and again before it removes the plain
    one, and goes on."""
    daemon = Recorded(folder)
    daemon.start()
    load(daemon, [city_events()])
    following = fill(daemon, 7.5 - daemon.query("status")["journal_bytes"] / 2**20)
    daemon.finish()
    daemon.record()
    daemon.kill_at = "renamed:00000000000000000001.vjz:1"
    daemon.start()
    numbers = iter(range(1, 10**9))
    while len(segments(daemon.data)) == 1:
        load(daemon, [bulk_events(following, 10)])
        following += 10
    while daemon.process.poll() is None:
        load(daemon, loads(numbers, 1))
    daemon.await_kill(then="unlink:00000000000000000001.vj:1")
    assert len(segments(daemon.data, ".vjz")) == 1 and len(segments(daemon.data)) == 2, daemon.log_text()
    daemon.await_kill()
    daemon.start()
    assert len(segments(daemon.data)) == 1, daemon.log_text()
    load(daemon, loads(numbers, 4))
    daemon.finish()
    return daemon


def keys_grow(folder):
    """The slots of the keys run out: a step is added, and the daemon is killed before it is synced; it goes on with
    what the page cache holds."""
    daemon = Recorded(folder)
    (daemon.policies / "registration.lua").unlink()
    daemon.start()
    load(daemon, [city_events()])
    serials = iter(range(1, 10**6))
    load(daemon, [people(serials, 100) for _ in range(40)])
    daemon.finish()
    daemon.record()
    daemon.kill_at = "sync:/keys:2"
    daemon.start()
    while daemon.process.poll() is None:
        load(daemon, [people(serials, 10)])
    daemon.await_kill()
    daemon.start()
    load(daemon, [people(serials, 5) for _ in range(5)])
    daemon.finish()
    return daemon


def people(serials, n):
    """Volunteers with identities of their own: a slot of the keys each."""
    events = []
    for serial in (next(serials) for _ in range(n)):
        events.append(volunteer(f"p{serial}", serial=serial % 1000))
        events[-1]["data"]["identity"].update(document_kind="passport", number=f"E{serial:08d}")
        events[-1]["data"]["born"] = "1980-01"
    return events


def names_kept(folder):
    """Killed before the folder is synced that holds the new keys: the next start goes on with them."""
    daemon = Recorded(folder)
    daemon.record()
    # data_dir itself with its folders; the master key; the keys; the first spare; the state; the first segment.
    for kill_at in ("/disk/data:1", "/disk/data:2", "/disk/data:2", "/journal:1", "/state:1", "/journal:1"):
        daemon.kill_at = f"sync:{kill_at}"
        daemon.launch()
        daemon.await_kill()
    daemon.start()
    load(daemon, [city_events()])
    load(daemon, loads(iter(range(1, 10**9)), 4))
    daemon.finish()
    return daemon


def after_a_cut(folder, before, position, variant):
    """What a cut of another run left, brought up and used: cut again, while it mends and after."""
    daemon = Recorded(folder)
    _, code, complaint = cutter("build", *before.arguments(), daemon.disk, position, variant)
    assert code == 0, complaint
    (daemon.disk / "data").mkdir(exist_ok=True)
    daemon.record()
    daemon.start()
    load(daemon, [city_events()], may_be_refused=True)  # what of it is there already
    load(daemon, loads(iter(range(10**6, 10**9)), 3))
    daemon.finish()
    return daemon
