"""The shipped assessment and bulletins over a real daemon: by its clock and by the events'."""
import unittest

from harness import ROOT, eventually
from small_city import CITY, COUNTY, OTHER_COUNTY, DatedCity, QueryTest

INDICATORS = ["party_members", "registered", "unit_staff"]


def shipped(name):
    return (ROOT / "scripts" / "policies" / f"{name}.lua").read_text(encoding="utf-8")


class AssessmentTest(QueryTest):
    def changes(self):
        return self.ask("journal.read", after=0, limit=1000, types=["assessment.changed"])["events"]

    def report(self, figure, subject, value, as_of, kind="region"):
        return self.city.send("figure.reported", {
            "figure": figure, "subject": {"kind": kind, "id": subject}, "value": value, "as_of": as_of,
            "origin": "统计年鉴"})


class FigureTest(AssessmentTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()

    def test_the_kinds_are_listed_with_their_titles(self):
        items = self.ask("policy.list")["items"]
        titles = {item["policy"]: (item["kind"], item["title"]) for item in items}
        self.assertEqual(titles["assessment"], ("assessment", "志愿服务三项指标测评"))
        self.assertEqual(titles["bulletin_registration"], ("bulletin", "志愿者注册工作通报"))
        self.assertEqual(titles["bulletin_station"][0], "bulletin")
        # The tables of a file's own functions have names, titles and kinds, too.
        self.assertEqual({(item["file"], item["differs"], item["state"]) for item in items},
                         {(f"{item['policy']}.lua", False, "in_force") for item in items})

    def test_a_figure_becomes_a_decision_with_its_cause_and_reasons(self):
        self.city.register("v:1")
        result = self.report("built_up_residents", COUNTY, 100, "2018-06-01")
        self.assertNotIn("decisions", result, "never in an event's path")
        events = eventually(lambda: self.changes(), "the county to be assessed")
        self.assertEqual(sorted(e["data"]["indicator"] for e in events), INDICATORS)
        event = next(e for e in events if e["data"]["indicator"] == "registered")
        self.assertEqual(event["data"]["subject"], {"kind": "region", "id": COUNTY})
        self.assertEqual((event["data"]["to"], event["data"]["value"]), ("not_met", "1.00%"))
        self.assertEqual(int(event["causationid"]), result["sequence"])
        self.assertEqual(event["policyrevision"], "assessment:1")
        findings = {f["code"]: (f.get("value"), f.get("needed")) for f in event["data"]["findings"]}
        self.assertEqual(findings["gap_registered"], (13, 13))

    def test_a_county_with_a_rule_of_its_own(self):
        text = shipped("assessment").replace('name = "assessment",', f'name = "own", scope = "{COUNTY}",', 1)
        text = text.replace("registered = 13,", "registered = 0,", 1)
        head = text[:text.index("  cases = {")]
        text = head + '  cases = { { name = "无数据", given = {}, expect = { indicators = { registered = "no_data" } } } },\n}\n'
        self.ask("policy.activate", text=text, by="clerk:1", effective="2010-01-01")
        self.city.register("v:1")
        self.report("built_up_residents", COUNTY, 100, "2018-06-01")
        self.report("built_up_residents", OTHER_COUNTY, 100, "2018-06-01")

        def states():
            return {e["data"]["subject"]["id"]: (e["data"]["to"], e["policyrevision"]) for e in self.changes()
                    if e["data"]["indicator"] == "registered"}

        eventually(lambda: len(states()) == 2, "both counties to be assessed")
        self.assertEqual(states(), {COUNTY: ("met", "own:1"), OTHER_COUNTY: ("not_met", "assessment:1")})

    def test_a_rule_that_uses_a_library_and_fails_its_cases_is_not_activated(self):
        text = shipped("bulletin_station").replace("lack_built = 22", "lack_built = 21", 1)
        verdict = self.ask("policy.check", text=text)
        self.assertFalse(verdict["ok"])
        wrong = [case["message"] for case in verdict["cases"] if not case["ok"]]
        self.assertEqual(len(wrong), 1)
        self.assertIn("lack_built: expected 21; the policy answered: 22", wrong[0])


class MidnightTest(AssessmentTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup, city=DatedCity, config={"clock": "events"})
        self.city.define_basics()

    def test_every_midnight_assesses_the_day_that_ended(self):
        self.report("built_up_residents", COUNTY, 15, "2017-12-31")
        self.city.on("2018-01-02").register("v:1")
        self.city.on("2018-01-03").register("v:2")
        self.city.on("2018-01-05").register("v:3")
        registered = [(e["data"]["subject"]["id"], e["data"].get("from"), e["data"]["to"], e["data"]["as_of"])
                      for e in self.changes() if e["data"]["indicator"] == "registered"]
        self.assertEqual([item for item in registered if item[0] == COUNTY],
                         [(COUNTY, None, "not_met", "2018-01-01"), (COUNTY, "not_met", "met", "2018-01-03")])
        self.assertEqual({item[0] for item in registered}, {CITY, COUNTY, OTHER_COUNTY})
        runs = self.ask("journal.read", after=0, limit=1000, types=["run.progressed"])["events"]
        self.assertTrue(all(e["data"]["done"] for e in runs), "a day's consequences come before the next event")


if __name__ == "__main__":
    unittest.main()
