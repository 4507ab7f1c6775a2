"""volunteer-bench on a small store: every figure is there and can be true, what is kept stays as it was, and a
measurement that cannot be taken is a failure. What the figures are is nobody's matter here."""

import json
import math
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

from harness import PROGRAMS, ROOT

FIGURES = {
    "floor.fdatasync", "floor.fdatasync_p50", "floor.lmdb", "floor.lmdb_young", "floor.bus", "floor.bus_p50",
    "floor.bus_pipelined", "arrays", "arrays.cpu", "singles", "singles.cpu", "one", "one.p50", "one.p99", "grid.1x1",
    "grid.1x4", "grid.100x4", "grid.1000x1", "grid.1000x4", "random.arrays", "random.singles", "open20.p50", "open20.p99",
    "open20.p999", "open50.p50", "open50.p99", "open50.p999", "young", "ageing", "bytes.event", "bytes.event_used",
    "bytes.volunteer", "bytes.volunteer_used", "bytes.key", "bytes.journal", "memory", "replay", "restart"}
WITH_GOALS = {
    "arrays", "arrays.cpu", "singles", "one.p50", "open20.p50", "open20.p99", "open20.p999", "open50.p99", "ageing",
    "bytes.event", "bytes.volunteer", "bytes.journal", "memory", "replay", "restart"}


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

    @classmethod
    def run_bench(cls, *arguments, kept=None):
        return subprocess.run(
            [PROGRAMS / "volunteer-bench", "--quick", "--json", "--repeat", "1", "--dir", kept or cls.kept, *arguments],
            capture_output=True, text=True, timeout=250, env=dict(os.environ, HOME=str(cls.folder)))

    def setUp(self):
        self.assertEqual(self.result.returncode, 0, self.result.stderr)

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
