"""Alerts of the assessment, evidence that people bring for it, what stands in the way of a civilised title, and other cities.
Against the real daemon, by the events' clock."""
import json
import os
import subprocess
import unittest

from eligibility_test import PeopleTest, rule
from harness import CITY, CONTROL, COUNTY, ROOT
from small_city import OTHER_COUNTY

COUNTY_SUBJECT = {"kind": "region", "id": COUNTY}
UNIT = {"kind": "organisation", "id": "org:1"}


class AlertCase(PeopleTest):
    """One city for a class: each test takes days of its own, later than those before it, and things of its own."""
    clock = 0

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_dated_city(cls.addClassCleanup)
        cls.city.on("2018-01-01")
        cls.city.define_basics()
        cls.shape(cls.city)

    @classmethod
    def shape(cls, city):
        pass

    def setUp(self):
        pass

    def control(self, *arguments, expect=0, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def midnight(self, day):
        """The day comes, by something that concerns nobody."""
        self.city.on(day).define_organisation("org:9", f"单位{day}")

    def figure(self, figure, subject, value, as_of):
        self.stored("figure.reported", figure=figure, subject=subject, value=value, as_of=as_of, origin="统计公报")

    def plan(self, plan, subject, measure, target, due):
        self.stored("plan.set", plan=plan, subject=subject, measure=measure, target=target, due=due)

    def open(self, subject, **params):
        items = self.ask("alert.list", subject_kind=subject["kind"], subject=subject["id"], **params)["items"]
        return {item["code"]: item for item in items if item["state"] != "cleared"}

    def counters(self, region=CITY):
        counted = self.ask("region.get", region=region)["counters"]
        return tuple(counted[f"alerts_{name}"] for name in ("raised", "open", "acknowledged"))

    def replay(self, sequence):
        return self.ask("policy.replay", sequence=sequence, wait_ms=30000)["result"]


class Laggards(AlertCase):
    @classmethod
    def shape(cls, city):
        for n in range(14):
            city.register(f"v:{n}")

    def test_without_a_denominator_there_is_one_alert_and_no_more(self):
        self.midnight("2018-01-02")
        alert = self.open(COUNTY_SUBJECT)["no_data_unit_staff"]
        self.assertEqual((alert["severity"], alert["state"], alert["raised_on"]), ("notice", "raised", "2018-01-01"))
        self.assertIn("干部职工注册率", alert["text"])
        self.assertIn("figure.reported", alert["help"])
        self.midnight("2018-01-03")
        self.midnight("2018-01-04")
        self.assertEqual(len(self.ask("alert.list", subject=COUNTY, code="no_data_unit_staff")["items"]), 1)

    def test_an_indicator_that_falls_raises_one_that_its_rise_clears(self):
        self.midnight("2018-01-10")
        self.figure("built_up_residents", COUNTY_SUBJECT, 100, "2018-01-10")  # 14 of 100: met
        self.assertNotIn("fell_registered", self.open(COUNTY_SUBJECT))
        self.midnight("2018-01-11")
        self.figure("built_up_residents", COUNTY_SUBJECT, 108, "2018-01-11")  # 12.96 %: not met
        self.midnight("2018-01-12")
        alert = self.open(COUNTY_SUBJECT)["fell_registered"]
        self.assertEqual((alert["from"], alert["to"], alert["indicator"]), ("met", "not_met", "registered"))
        self.assertIn("由达标变为未达标", alert["text"])
        whole = self.ask("alert.get", alert=alert["alert"])
        self.assertIn("gap_registered", [finding["code"] for finding in whole["findings"]])
        self.assertEqual(self.replay(whole["decision"])["differences"], [])
        self.midnight("2018-01-13")
        self.figure("built_up_residents", COUNTY_SUBJECT, 107, "2018-01-13")  # 13.08 %
        self.midnight("2018-01-14")
        self.assertNotIn("fell_registered", self.open(COUNTY_SUBJECT))
        cleared = self.ask("alert.get", alert=alert["alert"])
        self.assertEqual((cleared["state"], cleared["cleared_on"]), ("cleared", "2018-01-13"))
        self.assertEqual(self.replay(cleared["cleared"]["decision"])["differences"], [])

    def test_plans_that_fall_behind_come_near_and_are_overdue(self):
        subject = {"kind": "region", "id": OTHER_COUNTY}
        self.midnight("2018-02-01")
        self.plan("plan:far", subject, "volunteers", 1, "2018-06-30")  # nobody there, nobody came
        self.midnight("2018-02-02")
        alert = self.open(subject)["behind_volunteers"]
        self.assertEqual(alert["severity"], "warning")
        self.assertEqual(self.replay(self.ask("alert.get", alert=alert["alert"])["decision"])["differences"], [])
        self.city.on("2018-02-03").register("w:1", region="620503001001")
        self.midnight("2018-02-04")
        self.assertNotIn("behind_volunteers", self.open(subject))
        self.plan("plan:far", subject, "volunteers", 2, "2018-02-10")
        self.midnight("2018-02-05")  # one came in 30 days, one is missing, 6 days are left
        self.assertEqual(self.open(subject)["behind_volunteers"]["severity"], "critical")
        self.midnight("2018-02-11")
        self.assertIn("behind_volunteers", self.open(subject), "the last day is not over it yet")
        self.midnight("2018-02-12")
        codes = self.open(subject)
        self.assertNotIn("behind_volunteers", codes)
        self.assertEqual(codes["overdue_volunteers"]["severity"], "critical")

    def test_who_looks_at_it_says_so_once_and_it_stays_open(self):
        self.midnight("2018-03-01")
        alert = self.open({"kind": "region", "id": CITY})["no_data_registered"]["alert"]
        before = self.counters()
        self.assertIn(alert, self.control("alert", "list", "--state", "raised"))
        self.refuse("unknown_alert", "alert", "alert.acknowledge", alert="alert:999", by="clerk:2")
        self.control("alert", "acknowledge", alert, expect=2)
        self.assertIn("acknowledged", self.control("alert", "acknowledge", alert, "--by", "clerk:2"))
        self.refuse("wrong_state", "alert", "alert.acknowledge", alert=alert, by="clerk:3")
        shown = self.ask("alert.get", alert=alert)
        self.assertEqual((shown["state"], shown["acknowledged_by"]), ("acknowledged", "clerk:2"))
        self.assertEqual(self.counters(), (before[0], before[1], before[2] + 1))
        self.assertEqual(self.ask("status")["alerts"], {"open": before[1], "acknowledged": before[2] + 1})
        self.assertIn(f"{before[1]} open", self.control("status"))
        self.assertIn("已知悉", self.control("alert", "list", language="zh_CN.UTF-8"))
        self.refused("not_allowed", "type", "alert.acknowledged", alert=alert, by="clerk:2")

    def test_what_is_not_assessed_any_more_has_no_alerts(self):
        self.midnight("2018-04-01")
        self.city.define_organisation("org:end", "将撤单位")
        self.stored("civilised_title.awarded", subject={"kind": "organisation", "id": "org:end"}, title="unit",
                    level="municipal", on="2018-04-01")
        self.midnight("2018-04-02")
        subject = {"kind": "organisation", "id": "org:end"}
        self.assertEqual(sorted(self.open(subject)), ["no_data_party_members", "no_data_unit_staff"])
        self.stored("organisation.dissolved", organisation="org:end")
        self.midnight("2018-04-03")
        self.assertEqual(self.open(subject), {})

    def test_zz_counters_and_a_replay_agree(self):
        items = self.ask("alert.list", limit=1000)["items"]
        states = [item["state"] for item in items]
        self.assertEqual(self.counters(), (len(items), len(items) - states.count("cleared"), states.count("acknowledged")))
        self.assert_replay_agrees()


class Evidence(AlertCase):
    @classmethod
    def shape(cls, city):
        text = (ROOT / "scripts" / "examples" / "evaluation.lua").read_text(encoding="utf-8")
        city.daemon.query("policy.activate", text=text, by="clerk:1", effective="2017-01-01")

    def submit(self, evidence, item, by="clerk:1", subject=None, **found):
        return self.stored("evidence.submitted", **self.data(evidence, item, by, subject, **found))

    def data(self, evidence, item, by="clerk:1", subject=None, **found):
        return {"evidence": evidence, "subject": subject or COUNTY_SUBJECT, "item": item, "method": "questionnaire", "note": "街头拦访",
                "on": "2018-01-01", "by": by, **found}

    def indicator(self, name):
        answer = self.ask("assessment.get", subject=COUNTY)
        (found,) = [item for policy in answer["policies"] for item in policy["indicators"] if item["id"] == name]
        return found

    def test_it_counts_when_another_person_accepted_it(self):
        self.city.on("2018-01-05")
        self.assertEqual(self.indicator("evaluation_awareness")["state"], "C#")
        self.submit("evi:1", "awareness", value=79, whole=100)
        self.assertEqual(self.indicator("evaluation_awareness")["state"], "C#")
        self.refused("self_review", "data.by", "evidence.reviewed", evidence="evi:1", outcome="accepted", by="clerk:1")
        self.assertEqual(self.ids("evidence.list", "evidence", stage="submitted"), ["evi:1"])
        self.assertIn("待审核", self.control("list", "evidence", language="zh_CN.UTF-8"))
        self.control("evidence", "review", "evi:1", "accepted", "--by", "clerk:2", "--note", "样本足够")
        found = self.indicator("evaluation_awareness")
        self.assertEqual((found["state"], found["score"], found["max"]), ("C", 198, 600))
        self.assertEqual(found["evidence"]["evidence"], "evi:1")
        self.refused("wrong_state", "data.evidence", "evidence.reviewed", evidence="evi:1", outcome="refused", by="clerk:2")
        shown = self.ask("evidence.get", evidence="evi:1")
        self.assertEqual((shown["stage"], shown["reviewed_by"], shown["review"]), ("accepted", "clerk:2", "样本足够"))

    def test_the_newest_day_counts_and_what_is_refused_does_not(self):
        self.city.on("2018-02-01")
        for evidence, state, on, outcome in (("evi:new", "A", "2018-01-31", "accepted"), ("evi:old", "C", "2018-01-30", "accepted"),
                                             ("evi:no", "C#", "2018-01-31", "refused")):
            self.submit(evidence, "mechanism", state=state, on=on, method="documents")
            self.stored("evidence.reviewed", evidence=evidence, outcome=outcome, by="clerk:2")
        self.assertEqual(self.indicator("evaluation_mechanism")["score"], 600)
        past = self.ask("assessment.get", subject=COUNTY, as_of="2018-01-31")
        states = {item["id"]: item["state"] for policy in past["policies"] for item in policy["indicators"]}
        self.assertEqual(states["evaluation_mechanism"], "C#", "it was not accepted by then")
        counted = self.ask("region.get", region=COUNTY)["counters"]
        self.assertEqual((counted["evidence_refused"], counted["evidence_open"]), (1, 0))

    def test_a_grade_that_falls_is_told(self):
        self.city.on("2018-03-01")
        self.submit("evi:act-a", "activities", state="A", method="site_visit", on="2018-02-28")
        self.stored("evidence.reviewed", evidence="evi:act-a", outcome="accepted", by="clerk:2")
        self.midnight("2018-03-02")
        self.submit("evi:act-b", "activities", state="B", method="site_visit", on="2018-03-02")
        self.stored("evidence.reviewed", evidence="evi:act-b", outcome="accepted", by="clerk:2")
        self.midnight("2018-03-03")
        alert = self.open(COUNTY_SUBJECT)["fell_evaluation_activities"]
        self.assertEqual((alert["from"], alert["to"]), ("A", "B"))

    def test_what_is_wrong_is_said(self):
        self.city.on("2018-04-01")
        for code, field, change in (
                ("missing_field", "data.state", {}),
                ("out_of_range", "data.whole", {"value": 5, "whole": 4}),
                ("out_of_range", "data.whole", {"state": "A", "whole": 4}),
                ("out_of_range", "data.item", {"state": "A", "item": "知晓率"}),
                ("in_future", "data.on", {"state": "A", "on": "2018-04-02"}),
                ("unknown_region", "data.subject.id", {"state": "A", "subject": {"kind": "region", "id": "620599000000"}}),
                ("out_of_range", "data.subject.kind", {"state": "A", "subject": {"kind": "volunteer", "id": "v:1"}})):
            with self.subTest(change=change):
                self.refused(code, field, "evidence.submitted", **{**self.data("evi:wrong", "awareness"), **change})
        self.refused("unknown_evidence", "data.evidence", "evidence.reviewed", evidence="evi:none", outcome="accepted", by="clerk:2")
        self.submit("evi:twice", "awareness", value=1)
        self.refused("already_exists", "data.evidence", "evidence.submitted", **self.data("evi:twice", "awareness", value=1))

    def test_zz_a_replay_agrees(self):
        self.assert_replay_agrees()


class Titles(AlertCase):
    """The city says that 干部职工注册率 and 注册率 are in the way of titles (一票否决)."""
    def veto(self, *indicators):
        self.ask("policy.set", policy="assessment", parameters={"veto": list(indicators)}, **{"from": self.city.day}, by="clerk:1")

    def test_a_unit_below_the_mark_gets_no_title_and_fails_its_review(self):
        self.city.on("2018-05-01")
        self.veto("unit_staff")
        for n in range(3):
            self.city.register(f"s:{n}", employer="org:1")
        self.figure("staff", UNIT, 6, "2018-05-01")  # 3 of 6: exactly half is not more than half
        title = {"subject": UNIT, "title": "unit", "level": "municipal"}
        self.midnight("2018-05-02")
        refused = self.refused("wrong_state", "data.subject.id", "civilised_title.awarded", **title, on="2018-05-02")
        self.assertIn("unit_staff", refused["message"])
        self.city.register("s:3", employer="org:1")
        self.midnight("2018-05-03")
        self.stored("civilised_title.awarded", **title, on="2018-05-03")
        (awarded,) = self.ask("civilised_title.get", civilised_title="unit/organisation/org:1")["history"]
        states = {item["id"]: (item["state"], item.get("value")) for item in awarded["indicators"]}
        self.assertEqual(states["unit_staff"], ("met", "66.66%"))
        self.midnight("2018-05-04")
        self.figure("staff", UNIT, 8, "2018-05-04")
        self.midnight("2018-05-05")
        self.assertIn("fell_unit_staff", self.open(UNIT))
        self.refused("wrong_state", "data.subject.id", "civilised_title.reviewed", **title, on="2018-05-05", outcome="passed")
        self.stored("civilised_title.reviewed", **title, on="2018-05-05", outcome="rectify")
        history = self.ask("civilised_title.get", civilised_title="unit/organisation/org:1")["history"]
        self.assertEqual([{item["id"]: item["state"] for item in step["indicators"]}["unit_staff"] for step in history],
                         ["met", "not_met"])

    def test_each_of_the_four_titles_at_award_and_at_review(self):
        self.city.on("2018-06-01")
        self.veto("registered")
        places = {"city": ("region", OTHER_COUNTY), "village_town": ("region", "620503001000"), "community": ("region", "620503001001")}
        for kind, subject in places.values():
            self.figure("built_up_residents", {"kind": kind, "id": subject}, 1, "2018-06-01")  # nobody of one
        self.midnight("2018-06-02")
        titles = {title: {"subject": {"kind": kind, "id": subject}, "title": title, "level": "provincial"}
                  for title, (kind, subject) in places.items()}
        for title in titles.values():
            self.refused("wrong_state", "data.subject.id", "civilised_title.awarded", **title, on="2018-06-02")
        self.city.register("r:1", region="620503001001")
        self.midnight("2018-06-03")
        for title in titles.values():
            self.stored("civilised_title.awarded", **title, on="2018-06-03")
            self.stored("civilised_title.reviewed", **title, on="2018-06-03", outcome="passed")
            self.figure("built_up_residents", title["subject"], 100, "2018-06-03")
        self.midnight("2018-06-04")
        for title in titles.values():
            self.refused("wrong_state", "data.subject.id", "civilised_title.reviewed", **title, on="2018-06-04")

    def test_without_a_rule_nothing_is_in_the_way(self):
        self.city.on("2018-07-01")
        self.veto("unit_staff")
        self.figure("staff", {"kind": "organisation", "id": "org:2"}, 10, "2018-07-01")
        self.midnight("2018-07-02")
        title = {"subject": {"kind": "organisation", "id": "org:2"}, "title": "unit", "level": "municipal"}
        self.refused("wrong_state", "data.subject.id", "civilised_title.awarded", **title, on="2018-07-02")
        self.veto()
        self.midnight("2018-07-04")
        self.stored("civilised_title.awarded", **title, on="2018-07-04")
        self.assert_replay_agrees()


class Rules(AlertCase):
    def registration(self, body):
        text = rule(body, "registration", "registration", case='given = {}, expect = { outcome = "accepted" }')
        self.ask("policy.activate", text=text, by="clerk:1", effective="2010-01-01")

    def test_a_failing_rule_of_registration_accepts_with_one_alert_until_it_is_mended(self):
        self.city.on("2018-08-01")
        city = {"kind": "region", "id": CITY}
        fails = 'if subject.born == "1980-01" then error("x") end return "accepted"'
        self.registration(fails)
        born = {"region": COUNTY, "born": "1980-01"}
        result = self.stored("volunteer.registered", volunteer="f:1", **born)
        self.assertEqual([decision["type"] for decision in result["decisions"]], ["registration.decided", "alert.raised"])
        self.assertEqual(result["decisions"][0]["data"]["outcome"], "accepted")
        again = self.stored("volunteer.registered", volunteer="f:2", **born)
        self.assertEqual([decision["type"] for decision in again["decisions"]], ["registration.decided"], "one is open already")
        alert = self.open(city)["registration_failed"]
        self.assertEqual(alert["severity"], "critical")
        self.assertNotIn("policy", alert)
        self.midnight("2018-08-02")
        self.assertIn("registration_failed", self.open(city), "no midnight clears it")
        self.registration('return "accepted"')
        self.assertNotIn("registration_failed", self.open(city))
        self.assertEqual(self.ask("alert.get", alert=alert["alert"])["state"], "cleared")
        self.registration(fails)
        self.stored("volunteer.registered", volunteer="f:3", **born)
        self.ask("policy.retire", policy="registration", reason="试行结束", by="clerk:1")
        self.assertNotIn("registration_failed", self.open(city))
        self.assert_replay_agrees()

    def test_without_a_rule_of_assessment_nothing_stays_raised(self):
        self.city.on("2018-09-01")
        self.midnight("2018-09-02")
        self.assertIn("no_data_registered", self.open(COUNTY_SUBJECT))
        self.ask("policy.retire", policy="assessment", reason="试行结束", by="clerk:1")
        self.midnight("2018-09-03")
        self.midnight("2018-09-04")
        self.assertEqual(self.open(COUNTY_SUBJECT), {})
        self.assert_replay_agrees()


class Peers(AlertCase):
    def data(self, **change):
        return {"peer": "peer:qingyang", "name": "庆阳市", "indicator": "registered", "value": 13, "whole": 100, "as_of": "2017-12-31",
                "origin": "省文明办通报", "by": "clerk:1", **change}

    def test_other_cities_are_kept_by_the_day_they_are_of(self):
        self.city.on("2018-02-01")
        self.stored("peer.reported", **self.data())
        self.refused("already_exists", "data.as_of", "peer.reported", **self.data(value=14))
        self.stored("peer.reported", **self.data(as_of="2018-01-31", value=15))
        for code, field, change in (("out_of_range", "data.whole", {"whole": 0}), ("out_of_range", "data.whole", {"value": 101}),
                                    ("out_of_range", "data.indicator", {"indicator": "注册率"}),
                                    ("in_future", "data.as_of", {"as_of": "2018-02-02"}),
                                    ("missing_field", "data.origin", {"origin": "", "as_of": "2018-01-01"})):
            with self.subTest(change=change):
                self.refused(code, field, "peer.reported", **self.data(**change))
        shown = self.ask("peer.get", peer="peer:qingyang")
        self.assertEqual([(report["as_of"], report["value"], report["by"]) for report in shown["reports"]],
                         [("2017-12-31", 13, "clerk:1"), ("2018-01-31", 15, "clerk:1")])
        self.assertIn("庆阳市", self.control("list", "peer"))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
