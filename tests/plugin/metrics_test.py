"""The plugin metrics in a real daemon: what it exposes is what the daemon says, and Prometheus, its alerts and Grafana's
dashboard can use it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

from metrics_city import FOLDER, ROOT, MetricsTest, free_port, promtool
from harness import CITY, CONTROL, PATIENCE, event, eventually, service, volunteer


class Exposition(MetricsTest):
    def test_promtool_finds_nothing_wrong(self):
        code, said = promtool("check", "metrics", text=self.scrape_text())
        self.assertEqual((code, said.strip()), (0, ""))

    def test_the_numbers_are_those_of_status(self):
        self.assertEqual(self.city.publish_one(service("x-1", "v1"))["status"], "stored")
        status = self.city.query("status")
        self.wait_value(status["sequence"], "volunteerd_journal_head_sequence")
        samples = self.scrape()
        for name, expected in (
            ("volunteerd_up", 1), ("volunteerd_read_only", 0), ("volunteerd_journal_bytes", status["journal_bytes"]),
            ("volunteerd_decisions_total", status["events"]["decisions"]),
            ("volunteerd_journal_frames_total", status["frames"]),
            ("volunteerd_points_withheld", status["counts"]["points_withheld"]),
        ):
            self.assertEqual(samples[name][()], expected, name)
        for outcome in ("stored", "duplicate", "rejected"):
            self.assertEqual(samples["volunteerd_events_total"][(("outcome", outcome),)], status["events"][outcome])
        for row in status["ledger"]:
            self.assertEqual(samples["volunteerd_ledger_sum"][(("account", row["account"]),)], 0)
        self.assertEqual(samples["volunteerd_build_info"], {(("version", status["version"]),): 1})

    def test_a_sync_is_seen_in_the_histogram(self):
        def count(samples):
            return samples["volunteerd_journal_sync_seconds_count"][()]
        before = self.scrape()
        self.city.publish_one(volunteer("x-2", serial=402))
        eventually(lambda: count(self.scrape()) == count(before) + 1, "one more sync")
        after = self.scrape()
        buckets = [value for _, value in sorted(
            after["volunteerd_journal_sync_seconds_bucket"].items(), key=lambda item: float(dict(item[0])["le"]))]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(buckets[-1], count(after))
        self.assertGreater(after["volunteerd_journal_sync_seconds_sum"][()], 0)

    def test_a_policy_is_told_by_its_revision(self):
        labels = {"policy": "registration", "revision": "registration:1", "kind": "registration"}
        before = self.value("volunteerd_policy_calls_total", **labels)
        self.city.publish_one(volunteer("x-3", serial=403))
        self.wait_value(before + 1, "volunteerd_policy_calls_total", **labels)
        self.assertGreater(self.value("volunteerd_policy_run_seconds_total", **labels), 0)

    def test_a_refusal_moves_the_counter_of_its_code(self):
        before = self.value("volunteerd_events_rejected_total", code="unknown_thing")
        self.city.publish_one(service("x-4", "nobody"))
        self.wait_value(before + 1, "volunteerd_events_rejected_total", code="unknown_thing")

    def test_every_code_of_the_contract_has_a_series(self):
        table = (ROOT / "core" / "event" / "problem.h").read_text()
        codes = {code + ("thing" if code.endswith("_") else "") for code in re.findall(r'P\([A-Z_]+, "([a-z_]+)"', table)}
        self.assertGreater(len(codes), 25)
        self.assertEqual({dict(labels)["code"] for labels in self.scrape()["volunteerd_events_rejected_total"]}, codes)

    def test_the_city_is_told_in_ratios(self):
        for figure, value in (("built_up_residents", 400), ("in_service_party_members", 10)):
            data = {"subject": {"kind": "region", "id": CITY}, "figure": figure, "value": value, "as_of": "2018-01-01",
                    "origin": "统计公报"}
            self.assertEqual(self.city.publish_one(event("figure.reported", data))["status"], "stored")
        eventually(lambda: "volunteerd_city_party_ratio" in self.scrape(), "the figures to be committed")
        samples = self.scrape()
        n = samples["volunteerd_city_volunteers"][()]
        self.assertEqual(samples["volunteerd_city_registered_ratio"][()], int(10000 * n / 400) / 10000)
        self.assertEqual(samples["volunteerd_city_residents"][()], 400)
        self.assertNotIn("volunteerd_city_unit_ratio", samples)  # nobody has a title: no number, not 0

    def test_plugins_are_told_with_their_state_and_counters(self):
        samples = self.scrape()
        states = samples["volunteerd_plugin_state"]
        for plugin, state in (("metrics", "running"), ("broken", "refused")):
            self.assertEqual({dict(labels)["state"] for labels, value in states.items()
                              if dict(labels)["plugin"] == plugin and value == 1}, {state})
        self.assertIn((("name", "scrapes"), ("plugin", "metrics")), samples["volunteerd_plugin_counted_total"])
        scrapes = self.plugin("metrics")["counters"]["scrapes"]
        eventually(lambda: self.value("volunteerd_plugin_counted_total", plugin="metrics", name="scrapes") > scrapes,
                   "the scrapes to be counted")

    def test_a_plugin_that_crashes_is_seen_to_start_again(self):
        before = self.value("volunteerd_plugin_restarts_total", plugin="metrics")
        pid = self.plugin("metrics")["pid"]
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: self.plugin("metrics")["pid"] not in (None, pid) and self.state("metrics") == "running",
                   "another process")
        self.wait_value(before + 1, "volunteerd_plugin_restarts_total", plugin="metrics")

    def test_numbers_are_as_old_as_they_say(self):
        self.scrape()
        age = self.value("volunteerd_numbers_age_seconds")
        self.assertLess(age, 0.1)
        self.assertGreaterEqual(age, 0)


class Files(MetricsTest):
    """What lies beside the plugin, and a real Prometheus that reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prometheus_port = free_port()
        folder = cls.plugins.name
        config = pathlib.Path(folder, "prometheus.yml")
        config.write_text(json.dumps({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(FOLDER / "alerts.yml")],
            "scrape_configs": [{"job_name": "volunteerd", "static_configs": [{"targets": [f"127.0.0.1:{cls.port}"]}]}],
        }))
        cls.prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{cls.prometheus_port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.prometheus.terminate()
        cls.prometheus.wait(PATIENCE)
        super().tearDownClass()

    def expressions(self):
        board = json.loads((FOLDER / "grafana.json").read_text())
        found = [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]
        found += [("annotation", item["expr"]) for item in board["annotations"]["list"]]
        self.assertGreater(len(found), 60)
        return found

    def exposed(self):
        """Every name that the plugin may ever expose, from its tables."""
        names = set()
        for source in FOLDER.glob("*.c"):
            names |= set(re.findall(r'"(volunteerd_[a-z_]+)"', source.read_text()))
        return names

    def used(self, expression):
        return {re.sub("_(bucket|sum|count)$", "", name) if "sync_seconds" in name else name
                for name in re.findall(r"volunteerd_[a-z_]+", expression)}

    def test_every_expression_of_the_dashboard_is_about_what_exists(self):
        exposed, shown = self.exposed(), set()
        for title, expression in self.expressions():
            self.assertTrue(self.used(expression), title)
            self.assertLessEqual(self.used(expression), exposed, title)
            shown |= self.used(expression)
        self.assertEqual(exposed - shown - {"volunteerd_build_info"}, set(), "numbers that the dashboard does not show")

    def test_every_expression_is_promql(self):
        rules = [{"record": f"x:{i}", "expr": expression.replace("$__rate_interval", "5m").replace("$", "x")}
                 for i, (_, expression) in enumerate(self.expressions())]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            code, said = promtool("check", "rules", file.name)
        self.assertEqual(code, 0, said)

    def test_the_dashboard_can_be_laid_out(self):
        board = json.loads((FOLDER / "grafana.json").read_text())
        taken = set()
        self.assertEqual(len({panel["id"] for panel in board["panels"]}), len(board["panels"]))
        for panel in board["panels"]:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
        rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
        self.assertEqual(rows, ["Service level", "Journal and store", "Policies", "Plugins", "全市指标"])

    def test_alerts_are_raised_when_they_must_be(self):
        code, said = promtool("check", "rules", FOLDER / "alerts.yml")
        self.assertEqual(code, 0, said)
        code, said = promtool("test", "rules", "metrics_alerts.yml", cwd=ROOT / "tests" / "plugin")
        self.assertEqual(code, 0, said)

    def test_alerts_are_about_what_exists_and_name_commands_that_exist(self):
        text = (FOLDER / "alerts.yml").read_text()
        expressions = re.findall(r"expr: (>-\n(?: {10}.*\n)+|.*)", text)
        self.assertEqual(len(expressions), text.count("- alert:"))
        for expression in expressions:
            self.assertLessEqual(self.used(expression), self.exposed(), expression)
        for command in set(re.findall(r"volunteerctl ([a-z]+(?: [a-z]+)?)", text)):
            run = subprocess.run([str(CONTROL), *command.split(), "--help"], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, command)

    def test_the_readme_has_every_number(self):
        table = set(re.findall(r"`(volunteerd_[a-z_]+)`", (FOLDER / "README.md").read_text()))
        self.assertEqual(table, self.exposed())

    def test_what_is_exposed_stands_in_the_tables(self):
        names = {name for name in self.scrape() if "sync_seconds" not in name}
        self.assertLessEqual(names, self.exposed())

    def ask(self, **parameters):
        url = f"http://127.0.0.1:{self.prometheus_port}/api/v1/query?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]["result"]
        except OSError:
            return None  # it starts

    def test_prometheus_scrapes_it_and_answers(self):
        found = eventually(lambda: self.ask(query="volunteerd_city_volunteers + on (instance) 0 * volunteerd_up"),
                           "Prometheus to have the number of volunteers")
        counters = self.city.query("region.get", region=CITY)["counters"]
        self.assertEqual(found[0]["value"][1], str(counters["volunteers"]))
        raised = eventually(lambda: self.ask(query='ALERTS{alertname="VolunteerdPluginOutOfService"}'),
                            "the alert about the broken plugin")
        self.assertEqual(raised[0]["metric"]["plugin"], "broken")


if __name__ == "__main__":
    unittest.main()
