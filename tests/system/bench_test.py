"""volunteer-bench on a small store: every figure is there and can be true, what is kept stays as it was, and a
measurement that cannot be taken is a failure. What the figures are is nobody's matter here."""

import collections
import datetime
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

from harness import PROGRAMS, ROOT

FIGURES = {
    "floor.fdatasync", "floor.fdatasync_p50", "floor.lmdb", "floor.lmdb_young", "floor.bus", "floor.bus_p50",
    "floor.bus_pipelined", "arrays", "arrays.cpu", "singles", "singles.cpu", "one", "one.p50", "one.p99", "grid.1x1",
    "grid.1x4", "grid.100x4", "grid.1000x1", "grid.1000x4", "random.arrays", "random.singles", "open20.p50", "open20.p99",
    "open20.p999", "open50.p50", "open50.p99", "open50.p999", "young", "ageing", "bytes.event", "bytes.event_used",
    "bytes.volunteer", "bytes.volunteer_used", "bytes.key", "bytes.journal", "memory", "replay", "restart", "diff",
    "diff.table", "diff.window", "diff.records", "rerate", "rerate.p99", "rerate.stall", "import.arrays", "import", "import.share",
    "report.few", "report", "report.times", "report.worst", "plugins.reach", "plugins.follow", "plugins.read",
    "plugins.none", "plugins.three", "plugins.times"}
WITH_GOALS = {
    "arrays", "arrays.cpu", "singles", "one.p50", "open20.p50", "open20.p99", "open20.p999", "open50.p99", "ageing",
    "bytes.event", "bytes.volunteer", "bytes.journal", "memory", "replay", "restart", "diff", "diff.table", "diff.window",
    "diff.records", "rerate.stall", "import.share", "report.times", "plugins.reach", "plugins.follow", "plugins.times"}
# Engines beside it, those that are installed: their figures, and those of them with goals. SQLite needs no server.
ENGINES = {
    "redis": ("arrays", "singles"), "tarantool": ("arrays", "singles"), "sqlite": ("arrays",), "postgresql": ("arrays",)}
OVERTAKING = "postgresql"  # its messages in flight may overtake each other


def figures_of_engines(report):
    measured = [name for name, engine in report["engines"].items() if "holds" in engine]
    figures = {f"{name}.{shape}" for name in measured for shape in ENGINES[name]}
    return figures, {f"{figure}_times" for figure in figures}


class Model:
    """What an engine must hold after events: as tools/bench/README.md says the work is, in the plainest way."""

    def __init__(self):
        self.sums = collections.Counter()
        self.people = collections.defaultdict(lambda: [0, 0, []])  # minutes, points, records: start, span, counted, outcome

    @staticmethod
    def days(starts, minutes):
        """The minutes of each day that a service from this minute on touches."""
        first = min(minutes, (starts // 1440 + 1) * 1440 - starts)
        return {starts // 1440: first, starts // 1440 + 1: minutes - first}

    def judge(self, records, starts, span, minutes, late):
        if span > 1440:
            return "refused", 0
        used = collections.Counter()
        overlaps = False
        for other_starts, other_span, counted, outcome in records:
            overlaps |= other_starts < starts + span and starts < other_starts + other_span
            if outcome == "accepted":
                used.update(self.days(other_starts, counted))
        counted = sum(min(part, max(0, 720 - used[day])) for day, part in self.days(starts, minutes).items())
        if not counted:
            return "refused", 0
        return "held" if overlaps or late else "accepted", counted

    def serve(self, event):
        data = event["data"]
        starts, ends, entered = (
            datetime.datetime.fromisoformat(time).timestamp() + 8 * 3600 for time in (data["starts"], data["ends"], event["time"]))
        span = int(ends - starts) // 60
        person = self.people[data["volunteer"]]
        outcome, counted = self.judge(
            person[2], int(starts) // 60, span, data.get("minutes", span), int(entered - ends) // 60 > 30 * 1440)
        self.sums[outcome] += 1
        if outcome != "refused":
            person[2].append((int(starts) // 60, span, counted, outcome))
        if outcome == "accepted":
            person[0] += counted
            points = 0 if data["method"] == "manual" else counted // 30 * 50
            person[1] += points
            self.sums["entries"] += 2 if points else 0

    def holds(self, lines):
        for line in lines:
            event = json.loads(line)
            if event["type"] == "service.recorded":
                self.serve(event)
        minutes = sum(person[0] for person in self.people.values())
        points = sum(person[1] for person in self.people.values())
        stars = sum(person[0] >= hours * 60 for person in self.people.values() for hours in (100, 300, 600, 1000, 1500))
        return {"events": len(lines), "accepted": self.sums["accepted"], "held": self.sums["held"],
                "refused": self.sums["refused"], "person_minutes": minutes, "month_minutes": minutes,
                "city_minutes": minutes, "city_records": self.sums["accepted"], "points": points, "issued": -points,
                "entries": self.sums["entries"], "stars": stars}


def files_of(folder):
    return {str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in ("lock", "lock.mdb")}


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vd-bench-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.kept = cls.folder / "kept"
        cls.drawing = cls.folder / "latency.svg"
        cls.result = cls.run_bench("--svg", cls.drawing)
        cls.report = json.loads(cls.result.stdout) if cls.result.returncode == 0 else None
        cls.beside = cls.run_bench("--only", "engines")
        cls.engines = json.loads(cls.beside.stdout) if cls.beside.returncode == 0 else None

    @classmethod
    def run_bench(cls, *arguments, kept=None, **environment):
        return subprocess.run(
            [PROGRAMS / "volunteer-bench", "--quick", "--json", "--repeat", "1", "--dir", kept or cls.kept, *arguments],
            capture_output=True, text=True, timeout=250, env=dict(os.environ, HOME=str(cls.folder), **environment))

    def setUp(self):
        self.assertEqual(self.result.returncode, 0, self.result.stderr)
        self.assertEqual(self.beside.returncode, 0, self.beside.stderr)

    def median(self, name):
        return self.report["figures"][name]["median"]

    def test_every_figure_is_there(self):
        self.assertEqual(set(self.report["figures"]), FIGURES)
        for name, figure in self.report["figures"].items():
            self.assertTrue(math.isfinite(figure["median"]) and figure["median"] > 0, name)
            self.assertEqual(len(figure["values"]), 1, name)
            self.assertEqual(figure["values"][0], figure["median"], name)

    def test_what_is_not_measured_is_said(self):
        self.assertEqual(self.report["not_measured"], ["policy_diff"])
        self.assertEqual(self.report["engines"], {})
        self.assertTrue(self.report["quick"])
        self.assertFalse(self.report["other_build"])

    def test_goals_are_judged(self):
        judged = {name for name, figure in self.report["figures"].items() if "met" in figure}
        self.assertEqual(judged, WITH_GOALS)
        for name in judged:
            figure = self.report["figures"][name]
            met = figure["median"] >= figure["at_least"] if "at_least" in figure else figure["median"] <= figure["at_most"]
            self.assertEqual(figure["met"], met, name)
        self.assertAlmostEqual(
            self.report["figures"]["arrays"]["at_least"], 4 * self.median("floor.lmdb"), delta=self.median("floor.lmdb") / 1000)
        self.assertAlmostEqual(
            self.report["figures"]["one.p50"]["at_most"], 220 + self.median("floor.fdatasync_p50"), delta=1)

    def test_figures_agree_with_each_other(self):
        for name in ("open20", "open50"):
            self.assertLessEqual(self.median(f"{name}.p50"), self.median(f"{name}.p99"))
            self.assertLessEqual(self.median(f"{name}.p99"), self.median(f"{name}.p999"))
        self.assertLessEqual(self.median("one.p50"), self.median("one.p99"))
        self.assertGreater(self.median("one.p50"), 10)  # nothing is durable in ten microseconds
        self.assertLessEqual(self.median("one"), 1e6 / self.median("one.p50") * 2)
        self.assertLessEqual(self.median("floor.fdatasync"), 1e6 / self.median("floor.fdatasync_p50") * 2)
        self.assertAlmostEqual(self.median("ageing"), self.median("arrays") / self.median("young"), delta=0.01)
        self.assertLessEqual(self.median("bytes.event_used"), self.median("bytes.event"))
        self.assertLessEqual(self.median("bytes.volunteer_used"), self.median("bytes.volunteer"))
        for name, least, most in (("bytes.event", 100, 4000), ("bytes.volunteer", 100, 4000), ("bytes.key", 128, 1000),
                                  ("bytes.journal", 20, 500), ("memory", 2, 4000), ("arrays.cpu", 0.5, 5000)):
            self.assertTrue(least <= self.median(name) <= most, (name, self.median(name)))

    def test_engines_beside_it_did_the_same_work(self):
        self.assertEqual(set(self.engines["engines"]), set(ENGINES))
        city = (self.kept / "city.jsonl").read_bytes().splitlines()
        for name, engine in self.engines["engines"].items():
            if "holds" not in engine:
                self.assertRegex(engine["not_measured"], "apt install")
                continue
            with self.subTest(engine=name):
                expected = Model().holds(city[:engine["sent"]])
                self.assertGreater(expected["accepted"], 1000)
                if name == OVERTAKING:
                    self.check_nearly(engine, expected)
                else:
                    self.assertEqual(engine["stored"], engine["sent"])
                    self.assertEqual(engine["holds"], expected)

    def check_nearly(self, engine, expected):
        """Where an event is refused because what it names is still on its way, and two records of a person may be
        judged the other way round."""
        self.assertEqual(engine["holds"]["events"], engine["stored"])
        for name, value in expected.items():
            self.assertAlmostEqual(engine["holds"][name], value, delta=max(3, abs(value) / 200), msg=name)

    def test_the_rate_to_an_engine_is_that_of_the_repetition(self):
        rates, times = figures_of_engines(self.engines)
        figures = self.engines["figures"]
        self.assertEqual({name for name in figures if "." in name and name.split(".")[0] in ENGINES}, rates | times)
        for rate in rates:
            expected = figures[rate.split(".")[1]]["median"] / figures[rate]["median"]
            self.assertAlmostEqual(figures[f"{rate}_times"]["median"], expected, delta=expected / 1000)
            self.assertIn("at_least", figures[f"{rate}_times"])

    def test_an_engine_that_is_not_installed_is_a_note(self):
        """A PATH without servers; PostgreSQL is looked for in Debian's folder as well."""
        result = self.run_bench("--only", "redis", "--only", "tarantool", PATH="/nonexistent")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual(set(report["engines"]), {"redis", "tarantool"})
        for engine in report["engines"].values():
            self.assertRegex(engine["not_measured"], "apt install")
        self.assertEqual(figures_of_engines(report)[0], set())

    def test_an_engine_that_drops_an_event_is_a_failure(self):
        """Its log has one row less than was answered: as if the statement that writes it did nothing now and then."""
        if "holds" not in self.engines["engines"]["sqlite"]:
            self.skipTest("SQLite was not built in")
        result = self.run_bench("--only", "sqlite", VOLUNTEER_BENCH_ENGINES=self.dropping_sqlite())
        self.assertEqual(result.returncode, 1)
        self.assertIn("SQLite did not do the work", result.stderr)
        self.assertEqual(result.stdout, "")

    def dropping_sqlite(self):
        folder = self.folder / "engines"
        shutil.copytree(ROOT / "tools" / "bench" / "engines", folder, dirs_exist_ok=True)
        script = folder / "sqlite.sql"
        text = script.read_text()
        drop = "CREATE TRIGGER dropping AFTER INSERT ON log WHEN new.sequence = 20000 BEGIN DELETE FROM log WHERE sequence = 20000; END;"
        script.write_text(text.replace("\n-- : parse", f"\n{drop}\n-- : parse", 1))
        return str(folder)

    def test_an_interrupted_run_leaves_no_server_behind(self):
        if "holds" not in self.engines["engines"]["redis"]:
            self.skipTest("redis-server is not installed")
        kept = self.folder / "interrupted"
        shutil.copytree(self.kept, kept)
        process = subprocess.Popen(
            [PROGRAMS / "volunteer-bench", "--quick", "--repeat", "15", "--dir", kept, "--only", "redis"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # A shell that runs the tests in its background ignores the signal for them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.wait_until(lambda: (kept / "work" / "redis" / "appendonlydir").exists() or process.poll() is not None)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), -signal.SIGINT)
        self.wait_until(lambda: not (kept / "work" / "redis").exists())
        self.assertFalse(self.servers_in(kept))

    def wait_until(self, holds):
        deadline = time.monotonic() + 60
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    @staticmethod
    def servers_in(folder):
        """Processes whose working folder is in this one, or was."""
        found = []
        for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
            try:
                found += [link] if os.readlink(link).startswith(str(folder)) else []
            except OSError:
                continue
        return found

    def test_the_sweep_is_drawn(self):
        points = self.report["sweep"]
        self.assertGreaterEqual(len(points), 1)
        self.assertEqual(sorted(point["offered"] for point in points), [point["offered"] for point in points])
        drawing = xml.parse(self.drawing).getroot()
        namespace = "{http://www.w3.org/2000/svg}"
        texts = ["".join(text.itertext()) for text in drawing.iter(f"{namespace}text")]
        self.assertEqual(len(list(drawing.iter(f"{namespace}path"))), 3)
        for name in ("p50", "p99", "p99.9"):
            self.assertTrue(any(text.split() and text.split()[0] == name for text in texts), (name, texts))

    def test_measuring_leaves_the_kept_store_as_it_was(self):
        before = files_of(self.kept)
        result = self.run_bench("--only", "one")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(set(json.loads(result.stdout)["figures"]),
                         {"floor.fdatasync", "floor.fdatasync_p50", "one", "one.p50", "one.p99"})
        self.assertEqual(files_of(self.kept), before)

    def test_a_store_of_another_format_is_built_anew(self):
        kept = self.folder / "other"
        shutil.copytree(self.kept, kept)
        stamp = (kept / "stamp").read_text()
        (kept / "stamp").write_text(stamp.replace("\nstore ", "\nstore 9", 1))
        (kept / "old" / "journal").rename(kept / "old" / "elsewhere")
        result = self.run_bench("--only", "restart", kept=kept)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((kept / "stamp").read_text(), stamp)

    def test_a_daemon_that_does_not_start_is_a_failure(self):
        rules = self.folder / "rules"
        shutil.copytree(ROOT / "scripts" / "policies", rules)
        (rules / "points.lua").write_text("return {")
        result = self.run_bench("--only", "one", "--policies", rules, kept=self.folder / "broken")
        self.assertEqual(result.returncode, 1)
        self.assertIn("points.lua", result.stderr)
        self.assertIn("volunteerd ended with", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_an_unknown_measurement_is_wrong_usage(self):
        result = self.run_bench("--only", "speed")
        self.assertEqual(result.returncode, 2)
        self.assertIn("arrays", result.stderr)


if __name__ == "__main__":
    unittest.main()
