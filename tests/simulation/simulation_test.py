"""A hundred small cities with faults, judged by the model; and whether the judge would say so if something were wrong.
Thousands: tests/simulation/run. Planted bugs: tests/simulation/mutations."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import sys
import types
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import check  # noqa: E402
import workload  # noqa: E402

loader = importlib.machinery.SourceFileLoader("simulation_run", str(HERE / "run"))
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("simulation_run", loader))
sys.modules["simulation_run"] = run  # other processes are given its functions by name
loader.exec_module(run)

IS_DEV = os.environ.get("VOLUNTEERD_PRESET", "dev") in ("dev", "release")
SEEDS = int(os.environ.get("VOLUNTEERD_SEEDS", "100" if IS_DEV else "40"))


def setUpModule():
    if os.environ.get("VOLUNTEERD_PRESET") == "tsan":
        raise unittest.SkipTest("threads that take turns have no races to look for")


class Simulation(unittest.TestCase):
    def test_every_seed_agrees_with_the_model(self):
        counts, wrong = run.try_seeds(range(1, SEEDS + 1), os.cpu_count())
        self.assertEqual(wrong, [], "see one again: tests/simulation/run --seed N")
        for fault in ("power", "kill", "sync", "write"):
            self.assertGreater(counts[fault], SEEDS // 4)
        self.assertGreater(counts["stored"], 200 * SEEDS)

    def test_a_seed_gives_the_same_bytes_again(self):
        for seed in range(201, 205):
            city = workload.Workload(seed)
            first, _ = run.live(seed, city)
            self.assertEqual(first, run.live(seed, city)[0], f"seed {seed}")

    def test_another_seed_is_another_schedule(self):
        city = workload.Workload(1)
        self.assertNotEqual(run.live(1, city)[0], run.live(2, city)[0])

    def test_a_daemon_that_fails_waits_for_the_frame_on_its_way(self):
        """Else the journal writes what the engine gave back: keys that cannot be read end the engine, not the journal."""
        def event(id, type, data):
            return json.dumps({"specversion": "1.0", "id": id, "source": "t", "type": type, "data": data})
        identity = {"name": "x", "document_kind": "passport", "number": "E1"}
        lines = [
            "submit 4 1 1", event("1", "city.configured", {"region": "620500000000", "name": "x", "time_zone": "Asia/Shanghai",
                                                           "offsets": [{"from": 0, "seconds": 28800}]}),
            "submit 4 0 1", event("2", "region.defined", {"region": "620500000000", "name": "x", "level": "city"}),
            "wait", "stop", "fault read 1",
            "submit 0 0 1", event("3", "volunteer.registered", {"volunteer": "v1", "region": "620500000000"}),
            "submit 1 0 1", event("4", "volunteer.registered", {"volunteer": "v2", "region": "620500000000", "identity": identity}),
            "wait"]
        for seed in range(1, 61):
            trace, _ = run.live(seed, types.SimpleNamespace(lines=lines))
            self.assertIn('"end":true', trace, f"seed {seed}")


class Judge(unittest.TestCase):
    """What is not right in a trace is seen."""

    @classmethod
    def setUpClass(cls):
        cls.city = workload.Workload(1)
        cls.lines = [json.loads(line) for line in run.live(1, cls.city)[0].splitlines()]

    def judge(self, change):
        lines = json.loads(json.dumps(self.lines))
        change(lines)
        check.Judge(self.city, "\n".join(json.dumps(line) for line in lines)).judge()

    def assert_seen(self, change, words):
        with self.assertRaisesRegex(check.Wrong, words):
            self.judge(change)

    @staticmethod
    def records(lines, type):
        return [line["record"] for line in lines if "record" in line and line["record"]["type"] == type]

    def test_the_trace_as_it_is_is_right(self):
        self.judge(lambda lines: None)

    def test_an_answered_event_that_is_lost(self):
        def change(lines):
            last = max(i for i, line in enumerate(lines) if "record" in line)
            del lines[last]
        self.assert_seen(change, "the journal ends with")

    def test_a_record_that_stands_twice(self):
        def change(lines):
            places = [i for i, line in enumerate(lines) if "record" in line]
            again = json.loads(json.dumps(next(lines[i] for i in places if lines[i]["record"]["type"] == "volunteer.registered")))
            again["record"]["sequence"] = f"{len(places) + 1:020}"
            again["record"]["recordedtime"] = lines[places[-1]]["record"]["recordedtime"]
            lines.insert(places[-1] + 1, again)
        self.assert_seen(change, "twice")

    def test_a_minute_too_many(self):
        def change(lines):
            self.records(lines, "service.decided")[5]["data"]["minutes"] += 1
        self.assert_seen(change, "expected")

    def test_a_star_too_few(self):
        def change(lines):
            self.records(lines, "star.changed")[0]["data"]["to"] += 1
        self.assert_seen(change, "expected")

    def test_points_that_end_a_day_later(self):
        def change(lines):
            record = next(record for record in self.records(lines, "points.posted") if "expires" in record["data"])
            record["data"]["expires"] = record["data"]["expires"][:-1] + "1"
        self.assert_seen(change, "expected")

    def test_a_midnight_that_is_left_out(self):
        def change(lines):
            self.records(lines, "clock.ticked")[2]["data"]["date"] = "2018-07-30"
        self.assert_seen(change, "midnight")

    def test_a_balance_that_differs_at_the_end(self):
        def change(lines):
            next(line["row"] for line in lines if "row" in line and line["row"]["table"] == "balance")["owed"] += 1
        self.assert_seen(change, "balance")

    def test_a_state_that_does_not_follow_from_the_journal(self):
        def change(lines):
            next(line for line in lines if "digest" in line)["digest"] = "0"
        self.assert_seen(change, "journal")


if __name__ == "__main__":
    unittest.main()
