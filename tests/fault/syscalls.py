#!/usr/bin/python3 -B
"""Lets one call of the daemon to the system fail, the k-th, and looks at what becomes of it.

    tests/fault/syscalls.py            # every call of every scenario, each with every error it may have: an hour
    tests/fault/syscalls.py --sample 200 --seed 7

A scenario is a short life: a start, events, questions, a stop; `first` begins with nothing, `border` crosses from one
segment of the journal to the next and compresses the one before. strace (package strace) lets the k-th call of each
thread fail; only calls on the daemon's own files are touched. Whatever fails, the daemon goes on, or ends with an
exit code and a message that say so; started again without the failure it has everything it acknowledged, its journal
is whole and gives the state it has."""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import zmq  # noqa: E402
from harness import DAEMON, PATIENCE, Daemon, city_events, service  # noqa: E402
from journal_files import bulk_events, segments  # noqa: E402

EXIT_REFUSED, EXIT_STOPPED = 1, 75
CITY = city_events()  # the same events in every life
SEGMENT_BYTES = 8 * 2**20
# What each call may answer: EINTR is to be tried again, the rest is the disk's, the limits' or a permission.
ERRORS = {
    "pwrite64": ("EIO", "ENOSPC", "EDQUOT", "EINTR"),
    "writev": ("EIO", "ENOSPC", "EINTR"),
    "write": ("EIO", "ENOSPC", "EAGAIN"),
    "fdatasync": ("EIO", "ENOSPC", "EINTR"),
    "fsync": ("EIO", "ENOSPC"),
    "openat": ("EMFILE", "ENFILE", "EACCES", "EIO", "ENOSPC", "EINTR"),
    "rename": ("EIO", "ENOSPC", "EACCES"),
    "unlink": ("EIO", "EACCES"),
    "ftruncate": ("EIO", "ENOSPC", "EINTR"),
    "pread64": ("EIO", "EINTR"),
    "read": ("EIO", "EINTR"),
    "mkdir": ("EACCES", "ENOSPC", "EIO"),
    "flock": ("ENOLCK", "EINTR"),
    "mmap": ("ENOMEM",),
    "statfs": ("EIO",),
    "newfstatat": ("EIO",),
    "getdents64": ("EIO",),
    "close": ("EIO",),
}


def may_trace():
    """None, or why strace cannot be used here."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-D", "-f", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[:200]}"


class Traced(Daemon):
    """A daemon under strace: `inject` is what -e takes, `trace` where its lines go. Or one with an `environment` of its
    own, for what is loaded before the C library."""

    inject = trace = None
    environment = {}

    def paths(self):
        """Its own files, also those that it may make."""
        names = ["data", "data/lock", "data/keys", "data/master.key", "data/journal", "data/journal/spare",
                 "data/journal/spare.tmp", "data/state", "data/state/data.mdb", "data/state/lock.mdb", "data/local",
                 "data/local/running", "run", "run/lock", "volunteerd.conf", "policies", "log"]
        names += [f"data/keys{end}" for end in (".tmp", ".new")] + [f"data/master.key{end}" for end in (".tmp", ".new")]
        names += [f"policies/{path.name}" for path in self.policies.iterdir()]
        journal = {"00000000000000000001.vj", *(path.name for path in (self.data / "journal").glob("*.vj")),
                   *self.coming}
        names += [f"data/journal/{name}{end}" for name in journal for end in ("", "z", "z.tmp")]
        return [str(self.folder / name) for name in names]

    coming = ()

    def launch(self):
        self.log = open(self.log_path, "ab")
        if not self.inject:
            self.process = subprocess.Popen([DAEMON, "--config", self.config_path], stdin=subprocess.DEVNULL, stderr=self.log,
                                            stdout=self.log, env={**os.environ, **self.environment})
            return self
        paths = [part for path in self.paths() for part in ("-P", path)]
        # strace -D leaves the daemon this process's child. The leak detector cannot run while traced.
        environment = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        self.process = subprocess.Popen(
            ["strace", "-D", "-f", "--quiet=all", "-o", self.trace, *self.inject, *paths, DAEMON,
             "--config", self.config_path], stdin=subprocess.DEVNULL, stderr=self.log, stdout=self.log, env=environment)
        return self


class Ended(Exception):
    """The daemon is not there any more."""


class Life:
    """One scenario on a copy of its city, with one failure."""

    def __init__(self, built, folder):
        self.folder = pathlib.Path(folder)
        if built:
            subprocess.run(["cp", "-a", "--sparse=never", f"{built}/.", self.folder], check=True)
        self.daemon = Traced(self.folder, {"journal": {"segment_mib": 8, "compress": True},
                                           "store": {"checkpoint_ms": 10}})
        self.daemon.coming = built and json.loads((built / "coming").read_text()) or ()
        self.daemon.trace = str(self.folder / "trace")
        self.acknowledged, self.refused = {}, 0
        self.ready = False

    def ask(self, name, body):
        """The answer, or Ended."""
        socket = self.daemon.socket(name)
        socket.setsockopt(zmq.RECONNECT_IVL, 5)
        socket.send(json.dumps(body).encode())
        deadline = time.monotonic() + PATIENCE
        try:
            while not socket.poll(50):
                if self.daemon.process.poll() is not None:
                    raise Ended
                assert time.monotonic() < deadline, f"no answer of {name}:\n{self.daemon.log_text()}"
            return json.loads(socket.recv())
        finally:
            socket.close(0)

    def query(self, method, **params):
        return self.ask("query", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})

    def publish(self, events):
        for result in self.ask("ingest", events)["results"]:
            if result["status"] == "rejected":
                assert result["retryable"], result
                self.refused += 1
            else:
                self.acknowledged[result["id"]] = result["sequence"]

    def live(self):
        """The scenario; it may end anywhere."""
        self.daemon.launch()
        try:
            self.query("status")
            self.ready = True
            self.publish(CITY)
            for n in range(4):
                self.publish([service(f"life-{n}", f"v{1 + n % 3}")])
            self.publish(bulk_events(10**6, 40))
            self.query("points.get", points="v1")
            self.query("report.stars")
            job = self.query("job.start", job="journal.verify")
            if "result" in job:
                self.query("job.get", job=job["result"]["job"], wait_ms=20000)
        except Ended:
            pass
        return self.end()

    def end(self):
        """Stops it where it goes on; the exit code."""
        if self.daemon.process.poll() is None:
            self.daemon.signal(15)
        try:
            code = self.daemon.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it neither goes on nor ends:\n{self.daemon.log_text()}") from None
        self.daemon.log.close()
        self.daemon.process = None
        return code

    def close(self):
        if self.daemon.process:
            self.daemon.kill()
        self.daemon.context.destroy(0)

    def assert_documented(self, code):
        log = self.daemon.log_text()
        if code == 0:
            assert self.ready, log
        elif code == EXIT_REFUSED:
            assert not self.ready, f"ended with 1 while it served:\n{log}"
            assert "not started" in log or "volunteerd.conf" in log, log
        else:
            assert code == EXIT_STOPPED, f"ended with {code}:\n{log}"
            assert "stopping at once" in log, log

    def assert_kept(self):
        """Without the failure."""
        self.daemon.inject, self.daemon.environment = None, {}
        before = len(self.daemon.log_text())
        try:
            self.daemon.start()
        except Exception as error:
            raise AssertionError(f"it does not start again:\n{self.daemon.log_text()[before:]}") from error
        seen, after = {}, 0
        while True:
            page = self.daemon.query("journal.read", after=after, limit=10000)
            for event in page["events"]:
                assert event["id"] not in seen, f"twice: {event}"
                seen[event["id"]] = int(event["sequence"])
            after = page["next"]
            if after >= page["head"]:
                break
        for identifier, sequence in self.acknowledged.items():
            assert seen.get(identifier) == sequence, f"{identifier} was acknowledged as {sequence}, is {seen.get(identifier)}"
        job = self.daemon.run_job("journal.replay")
        assert job["state"] == "done" and job["result"]["identical"] and job["result"]["ledger_zero"], job
        job = self.daemon.run_job("journal.verify")
        assert job["state"] == "done", job
        results = self.daemon.publish([*CITY, service("after", "v1")])["results"]
        assert all(result["status"] in ("stored", "duplicate") for result in results), results
        assert self.daemon.stop() == 0, self.daemon.log_text()


# ---- the cities they begin with ----

def build(folder):
    """Folders by scenario: None begins with nothing."""
    folder = pathlib.Path(folder)
    small, border = folder / "small", folder / "border"
    small.mkdir()
    border.mkdir()
    daemon = Daemon(small, {"journal": {"segment_mib": 8, "compress": True}})
    daemon.start()
    daemon.publish(CITY)
    assert daemon.close() == 0, daemon.log_text()
    (small / "coming").write_text("[]")
    shutil.copytree(small / "data", border / "data")
    daemon = Daemon(border, {"journal": {"segment_mib": 8, "compress": True}})
    daemon.start()
    first = 0
    while SEGMENT_BYTES - daemon.query("status")["journal_bytes"] > 60000:
        daemon.publish(bulk_events(first, 10))
        first += 10
    following = daemon.query("status")["sequence"] + 1
    assert daemon.close() == 0 and len(segments(daemon.data)) == 1, daemon.log_text()
    # Which of the coming groups will not fit any more is not known to the byte.
    (border / "coming").write_text(json.dumps([f"{n:020d}.vj" for n in range(following, following + 150)]))
    return {"first": None, "small": small, "border": border}


class Failure:
    """The k-th call of one name, or all from the k-th on, fails with one error in one scenario."""

    def __init__(self, scenario, call, error, k, for_ever=False):
        self.scenario, self.call, self.error, self.k, self.for_ever = scenario, call, error, k, for_ever

    def __str__(self):
        return f"{self.scenario}: {self.call} number {self.k}{' and all after' if self.for_ever else ''} gives {self.error}"

    @property
    def inject(self):
        return ["-e", f"trace={self.call}",
                "-e", f"inject={self.call}:error={self.error}:when={self.k}{'+' if self.for_ever else ''}"]


def counts(built):
    """How often the busiest thread makes each call, by scenario: what k can be."""
    found = {}
    for scenario, city in built.items():
        with tempfile.TemporaryDirectory(prefix="vd-") as folder:
            life = Life(city, folder)
            life.daemon.inject = ["-e", "trace=" + ",".join(ERRORS)]
            try:
                code = life.live()
                assert code == 0, life.daemon.log_text()
                trace = pathlib.Path(life.daemon.trace).read_text(errors="replace")
            finally:
                life.close()
        calls = collections.Counter(re.findall(r"^(\d+) +([a-z0-9_]+)\(", trace, re.M))
        for (_, name), n in calls.items():
            found[scenario, name] = max(found.get((scenario, name), 0), n)
    return found


def every_failure(found):
    return [Failure(scenario, call, error, k, for_ever) for (scenario, call), n in sorted(found.items())
            for error in ERRORS[call] for k in range(1, n + 1) for for_ever in (False, True)
            if not (for_ever and error == "EINTR")]


def sample(found, seed, n):
    """Some of them: every call of every scenario is as likely, however often it is made."""
    chosen = random.Random(seed)
    by_call = collections.defaultdict(list)
    for failure in every_failure(found):
        by_call[failure.scenario, failure.call].append(failure)
    order = sorted(by_call)
    chosen.shuffle(order)
    return [chosen.choice(by_call[order[i % len(order)]]) for i in range(n)]


def try_one(failure, city):
    """What became of it, in a word; AssertionError where it was not what must be."""
    with tempfile.TemporaryDirectory(prefix="vd-") as folder:
        life = Life(city, folder)
        life.daemon.inject = failure.inject
        try:
            code = life.live()
            life.assert_documented(code)
            life.assert_kept()
            return {0: "went on" if not life.refused else "was read-only", 1: "did not start", 75: "stopped"}[code]
        except Exception as error:
            raise AssertionError(f"{failure}: {error}") from error
        finally:
            life.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="so many, chosen by the seed (default: every one)")
    parser.add_argument("--seed", type=int, default=20180823)
    parser.add_argument("--call", help="only this one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    if why := may_trace():
        parser.error(why)
    with tempfile.TemporaryDirectory(prefix="vd-") as folder:
        built = build(folder)
        found = counts(built)
        if given.call:
            found = {key: n for key, n in found.items() if key[1] == given.call}
        failures = sample(found, given.seed, given.sample) if given.sample else every_failure(found)
        outcomes, wrong = collections.Counter(), 0
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            running = {pool.submit(try_one, failure, built[failure.scenario]): failure for failure in failures}
            for done, future in enumerate(concurrent.futures.as_completed(running), 1):
                try:
                    outcomes[running[future].call, future.result()] += 1
                except AssertionError as error:
                    wrong += 1
                    print(f"WRONG {error}", flush=True)
                if done % 50 == 0:
                    print(f"{done:,} of {len(failures):,}, {wrong} wrong", flush=True)
    for (call, outcome), n in sorted(outcomes.items()):
        print(f"{call:12} {outcome:14} {n:6,}")
    print(f"{len(failures):,} failing calls, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
