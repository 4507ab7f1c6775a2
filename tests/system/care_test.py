"""The people served: enrolled with consent, sealed, with a care plan; visits, and those that were missed, which the midnight
after their day tells of by itself. Against the real daemon, by the events' clock."""
import json
import unittest

from harness import CITY, COMMUNITY, COUNTY, event, identity_number
from need_test import NeedTest
from small_city import OTHER_COMMUNITY, OTHER_COUNTY

NAME, NUMBER = "欧阳测试", identity_number(4711, born="19350302")
IDENTITY = {"name": NAME, "document_kind": "resident_id", "number": NUMBER, "phone": "13900001234"}


class CareTest(NeedTest):
    def setUp(self):
        super().setUp()
        for name in ("v:1", "v:2"):
            self.city.register(name)
        self.stored("project.defined", project="pr:1", title="居家养老", category="elderly", organisation="org:1")

    def enrol_person(self, name="b:1", group="孤寡老人", region=COMMUNITY, **more):
        return self.stored("beneficiary.enrolled", beneficiary=name, region=region, served_group=group, consent=True, **more)

    def plan(self, name="b:1", days=7, volunteers=("v:1",), **more):
        return self.stored("care_plan.set", beneficiary=name, project="pr:1", interval_days=days, volunteers=list(volunteers), **more)

    def visit(self, record, day, name="b:1", volunteer="v:1", **more):
        return self.stored("service.recorded", record=record, volunteer=volunteer, organisation="org:1", beneficiary=name,
                           starts=f"{day}T09:00:00+08:00", ends=f"{day}T10:00:00+08:00", method="code", recorder="clerk:1", **more)

    def midnight(self, day):
        """The day comes, by something that concerns nobody."""
        self.city.on(day).define_organisation("org:9", f"单位{day}")

    def person(self, name="b:1"):
        return self.ask("beneficiary.get", beneficiary=name)

    def missed(self):
        events = self.ask("journal.read", after=0, types=["visit.missed"], limit=1000)["events"]
        return [(item["data"]["beneficiary"], item["data"]["on"]) for item in events]

    def care(self, region=CITY):
        counted = self.ask("region.get", region=region)["counters"]
        names = ("beneficiaries", "care_plans", "visits", "visits_missed", "visits_overdue")
        return {name: counted[name] for name in names if counted.get(name)}


class Plans(CareTest):
    def test_a_visit_is_due_so_many_days_after_the_last(self):
        self.enrol_person()
        self.assertEqual(self.care(), {"beneficiaries": 1})
        self.plan()
        shown = self.person()
        self.assertEqual((shown["project"], shown["interval_days"], shown["next_visit_by"], shown["paired_with"], shown["overdue"]),
                         ("pr:1", 7, "2018-03-08", ["v:1"], False))
        self.city.on("2018-03-05")
        self.visit("r:1", "2018-03-05")
        shown = self.person()
        self.assertEqual((shown["last_visit_on"], shown["next_visit_by"]), ("2018-03-05", "2018-03-12"))
        self.assertEqual(shown["visits"], [{"on": "2018-03-05", "volunteer": "v:1", "record": "r:1"}])
        self.midnight("2018-03-12")
        self.assertEqual(self.missed(), [])
        self.assertEqual(self.care(), {"beneficiaries": 1, "care_plans": 1, "visits": 1})
        self.assert_replay_agrees()

    def test_whom_nobody_visits_is_overdue_until_somebody_comes(self):
        self.enrol_person()
        self.plan()
        self.midnight("2018-03-08")
        self.assertEqual(self.missed(), [])
        self.midnight("2018-03-09")
        self.assertEqual(self.missed(), [("b:1", "2018-03-08")])
        shown = self.person()
        self.assertEqual((shown["overdue"], shown["overdue_since"], shown["next_visit_by"], shown["visits_missed"]),
                         (True, "2018-03-08", "2018-03-15", 1))
        self.midnight("2018-03-16")
        self.assertEqual(self.missed(), [("b:1", "2018-03-08"), ("b:1", "2018-03-15")])
        self.assertEqual(self.ids("beneficiary.list", "beneficiary", overdue=True), ["b:1"])
        self.assertEqual(self.care(), {"beneficiaries": 1, "care_plans": 1, "visits_missed": 2, "visits_overdue": 1})
        (event_,) = self.ask("journal.read", after=0, types=["visit.missed"], limit=1)["events"]
        self.assertEqual(event_["source"], f"/volunteerd/{CITY}")
        self.city.on("2018-03-17")
        self.visit("r:1", "2018-03-17")
        shown = self.person()
        self.assertEqual((shown["overdue"], shown.get("overdue_since"), shown["next_visit_by"]), (False, None, "2018-03-24"))
        self.assertEqual(self.ids("beneficiary.list", "beneficiary", overdue=True), [])
        self.assertEqual(self.ids("beneficiary.list", "beneficiary", overdue=False), ["b:1"])
        self.assertEqual(self.care(), {"beneficiaries": 1, "care_plans": 1, "visits": 1, "visits_missed": 2})
        self.assert_replay_agrees()

    def test_a_visit_told_of_late_was_in_time_all_the_same(self):
        self.enrol_person()
        self.plan()
        self.midnight("2018-03-10")
        self.assertTrue(self.person()["overdue"])
        self.visit("r:1", "2018-03-07")
        shown = self.person()
        self.assertEqual((shown["overdue"], shown["last_visit_on"], shown["next_visit_by"]), (False, "2018-03-07", "2018-03-14"))
        self.assert_replay_agrees()

    def test_a_record_that_is_revoked_takes_its_visit_back(self):
        self.enrol_person()
        self.plan()
        self.city.on("2018-03-07")
        self.visit("r:1", "2018-03-05")
        self.visit("r:2", "2018-03-07")
        self.stored("service.revoked", record="r:2", reason="没有去", by="clerk:2")
        shown = self.person()
        self.assertEqual((shown["last_visit_on"], shown["next_visit_by"], len(shown["visits"])), ("2018-03-05", "2018-03-12", 1))
        self.stored("service.corrected", record="r:1", minutes=30, reason="更正", by="clerk:2")
        self.assertEqual((self.person()["last_visit_on"], self.care()["visits"]), ("2018-03-05", 1))
        self.stored("service.revoked", record="r:1", reason="没有去", by="clerk:2")
        self.assertNotIn("last_visit_on", self.person())
        self.midnight("2018-03-09")
        self.assertEqual(self.missed(), [("b:1", "2018-03-08")])
        self.assert_replay_agrees()

    def test_a_visit_that_is_held_is_none_until_it_is_accepted(self):
        self.enrol_person()
        self.plan()
        self.city.on("2018-03-20")
        held = event("service.recorded", {"record": "r:1", "volunteer": "v:1", "organisation": "org:1", "beneficiary": "b:1",
                                          "starts": "2017-03-05T09:00:00+08:00", "ends": "2017-03-05T10:00:00+08:00", "method": "manual",
                                          "recorder": "clerk:1"}, time="2018-03-20T12:00:00+08:00")
        self.assertEqual(self.city.daemon.publish_one(held)["status"], "stored")
        self.assertEqual(self.ask("record.get", record="r:1")["state"], "held")
        self.assertEqual(self.person()["visits"], [])
        self.stored("service.reviewed", record="r:1", outcome="accepted", reviewer="clerk:2")
        self.assertEqual(self.person()["last_visit_on"], "2017-03-05")

    def test_a_visit_may_be_an_activity_that_somebody_checks_in_to(self):
        self.enrol_person()
        self.plan()
        self.activity("a:visit", day="2018-03-06", category="elderly", project="pr:1", beneficiary="b:1", places=1)
        self.assertEqual(self.enrol("v:1", "a:visit"), ("accepted", []))
        self.check_in("v:1", "2018-03-06T09:00:00+08:00", "a:visit")
        self.check_out("v:1", "2018-03-06T10:30:00+08:00", "a:visit")
        (visit,) = self.person()["visits"]
        self.assertEqual((visit["on"], visit["volunteer"], self.person()["next_visit_by"]), ("2018-03-06", "v:1", "2018-03-13"))
        self.refused("unknown_beneficiary", "data.beneficiary", "activity.published", **self.visit_activity("no:1"))
        self.refused("not_allowed", "data.changes.beneficiary", "activity.changed", activity="a:visit", changes={"beneficiary": "b:1"})
        self.stored("service.revoked", record=visit["record"], reason="没有去", by="clerk:2")
        self.assertEqual(self.person()["visits"], [])
        self.stored("beneficiary.left", beneficiary="b:1", on="2018-03-01", reason="moved")
        self.refused("wrong_state", "data.beneficiary", "activity.published", **self.visit_activity("b:1"))
        self.assert_replay_agrees()

    def visit_activity(self, beneficiary):
        return {"activity": "a:2", "title": "走访", "content": "上门", "category": "elderly", "kind": "service", "organisation": "org:1",
                "region": COMMUNITY, "place": {"text": "家中"}, "starts": "2018-03-20T09:00:00+08:00", "ends": "2018-03-20T10:00:00+08:00",
                "places": 1, "risk": "无", "beneficiary": beneficiary}

    def test_a_newer_plan_takes_the_place_of_the_one_before(self):
        self.enrol_person()
        self.plan(days=3)
        self.midnight("2018-03-06")
        self.assertEqual(len(self.missed()), 1)
        self.plan(days=30, volunteers=("v:2", "v:1"))
        shown = self.person()
        self.assertEqual((shown["interval_days"], shown["paired_with"], shown["next_visit_by"], shown["overdue"]),
                         (30, ["v:2", "v:1"], "2018-04-05", True))
        self.midnight("2018-04-05")
        self.assertEqual(len(self.missed()), 1, "the day of the plan before is none any more")
        self.assert_replay_agrees()

    def test_an_organiser_may_tell_of_a_missed_visit_first(self):
        self.enrol_person()
        self.refused("wrong_state", "data.beneficiary", "visit.missed", beneficiary="b:1", on="2018-03-01")
        self.plan()
        self.refused("out_of_range", "data.on", "visit.missed", beneficiary="b:1", on="2018-03-02")
        self.refused("out_of_range", "data.on", "visit.missed", beneficiary="b:1", on="2018-02-28")
        self.city.on("2018-03-08")
        self.stored("visit.missed", beneficiary="b:1", on="2018-03-08")
        self.refused("wrong_state", "data.on", "visit.missed", beneficiary="b:1", on="2018-03-07")
        self.assertEqual(self.person()["next_visit_by"], "2018-03-15")
        self.midnight("2018-03-09")
        self.assertEqual(len(self.missed()), 1, "said once already")
        self.city.on("2018-03-10")
        self.visit("r:1", "2018-03-10")
        self.refused("wrong_state", "data.on", "visit.missed", beneficiary="b:1", on="2018-03-09")
        self.assert_replay_agrees()

    def test_many_are_due_on_one_day(self):
        self.city.send_all([event("beneficiary.enrolled", {"beneficiary": f"b:{i}", "region": COMMUNITY if i % 2 else OTHER_COMMUNITY,
                                                           "served_group": "残疾人", "consent": True}) for i in range(1200)])
        self.city.send_all([event("care_plan.set", {"beneficiary": f"b:{i}", "project": "pr:1", "interval_days": 7,
                                                    "volunteers": ["v:1"]}) for i in range(1200)])
        self.midnight("2018-03-09")
        self.assertEqual(len(self.missed()), 1000)  # as many as one answer holds
        self.assertEqual(self.care()["visits_overdue"], 1200)
        rows, total = self.report("care")
        self.assertEqual(({code: rows[code]["overdue"] for code in rows}, total["missed"]), ({COUNTY: 600, OTHER_COUNTY: 600}, 1200))
        self.assert_replay_agrees()


class Enrolment(CareTest):
    def test_each_step_has_its_place(self):
        data = {"beneficiary": "b:1", "region": COMMUNITY, "served_group": "孤寡老人", "consent": True}
        self.refused("consent_missing", "data.consent", "beneficiary.enrolled", **{**data, "consent": False})
        self.refused("unknown_region", "data.region", "beneficiary.enrolled", **{**data, "region": "620500000009"})
        for field in data:
            self.refused("missing_field", f"data.{field}", "beneficiary.enrolled", **{name: data[name] for name in data if name != field})
        plan = {"beneficiary": "b:1", "project": "pr:1", "interval_days": 7, "volunteers": ["v:1"]}
        self.refused("unknown_beneficiary", "data.beneficiary", "care_plan.set", **plan)
        self.refused("unknown_beneficiary", "data.beneficiary", "beneficiary.left", beneficiary="b:1")
        self.enrol_person()
        self.refused("already_exists", "data.beneficiary", "beneficiary.enrolled", **data)
        self.refused("unknown_project", "data.project", "care_plan.set", **{**plan, "project": "no:1"})
        self.refused("unknown_volunteer", "data.volunteers[1]", "care_plan.set", **{**plan, "volunteers": ["v:1", "no:1"]})
        self.refused("out_of_range", "data.volunteers[1]", "care_plan.set", **{**plan, "volunteers": ["v:1", "v:1"]})
        self.refused("out_of_range", "data.volunteers", "care_plan.set", **{**plan, "volunteers": []})
        self.refused("out_of_range", "data.interval_days", "care_plan.set", **{**plan, "interval_days": 0})
        self.stored("volunteer.withdrawn", volunteer="v:2")
        self.refused("wrong_state", "data.volunteers[0]", "care_plan.set", **{**plan, "volunteers": ["v:2"]})
        self.stored("project.closed", project="pr:1")
        self.refused("wrong_state", "data.project", "care_plan.set", **plan)

    def test_whoever_has_left_has_no_plan_and_no_visits(self):
        self.enrol_person()
        self.plan()
        self.midnight("2018-03-10")
        self.assertTrue(self.person()["overdue"])
        self.refused("out_of_range", "data.on", "beneficiary.left", beneficiary="b:1", on="2018-04-01")
        self.stored("beneficiary.left", beneficiary="b:1", on="2018-03-09", reason="died")
        shown = self.person()
        self.assertEqual((shown["state"], shown["left_on"], shown["overdue"], shown.get("project")), ("left", "2018-03-09", False, None))
        self.assertEqual(self.care(), {"visits_missed": 1})
        for type_name, more in (("beneficiary.left", {}), ("visit.missed", {"on": "2018-03-10"}),
                                ("care_plan.set", {"project": "pr:1", "interval_days": 7, "volunteers": ["v:1"]})):
            self.refused("wrong_state", "data.beneficiary", type_name, beneficiary="b:1", **more)
        record = {"record": "r:1", "volunteer": "v:1", "organisation": "org:1", "beneficiary": "b:1", "method": "code", "recorder": "clerk:1",
                  "starts": "2018-03-10T08:00:00+08:00", "ends": "2018-03-10T09:00:00+08:00"}
        self.refused("wrong_state", "data.beneficiary", "service.recorded", **record)
        self.refused("unknown_beneficiary", "data.beneficiary", "service.recorded", **{**record, "beneficiary": "no:1"})
        self.visit("r:2", "2018-03-09")
        self.midnight("2018-03-30")
        self.assertEqual(len(self.missed()), 1)
        self.assert_replay_agrees()

    def test_one_person_is_enrolled_once_and_is_seen_nowhere(self):
        self.enrol_person(identity=IDENTITY)
        known = {"beneficiary": "b:2", "region": OTHER_COMMUNITY, "served_group": "残疾人", "consent": True, "identity": IDENTITY}
        refused = self.refused("identity_known", "data.identity", "beneficiary.enrolled", **known)
        self.assertNotIn("b:1", refused["message"])
        shown = self.person()
        self.assertEqual((shown["sealed"], shown.get("identity")), (["identity"], None))
        answers = json.dumps([shown, self.ask("beneficiary.list"), self.ask("journal.read", after=0, limit=1000)], ensure_ascii=False)
        for secret in (NAME, NUMBER, IDENTITY["phone"]):
            self.assertNotIn(secret, answers)
        self.stored("beneficiary.left", beneficiary="b:1", reason="moved")
        self.stored("beneficiary.enrolled", **known)
        self.assert_replay_agrees()
        self.city.daemon.stop()
        for path in self.city.daemon.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for secret in (NAME, NUMBER, IDENTITY["phone"]):
                    self.assertNotIn(secret.encode(), content, path)


class Report(CareTest):
    def test_by_region_and_by_group(self):
        self.enrol_person("b:1", "孤寡老人")
        self.enrol_person("b:2", "残疾人")
        self.enrol_person("b:3", "残疾人", region=OTHER_COMMUNITY)
        self.plan("b:1")
        self.plan("b:3", days=5)
        self.city.on("2018-03-04")
        self.visit("r:1", "2018-03-04", "b:1")
        self.midnight("2018-03-10")
        rows, total = self.report("care")
        self.assertEqual([rows[COUNTY][name] for name in ("beneficiaries", "care_plans", "without_plan", "overdue", "in_time", "visits", "missed")],
                         [2, 1, 1, 0, [1, 1], 1, 0])
        self.assertEqual([rows[OTHER_COUNTY][name] for name in ("beneficiaries", "overdue", "in_time", "missed")], [1, 1, [0, 1], 1])
        self.assertEqual(total["overdue"], 1)
        rows, _ = self.report("care", by="served_group")
        self.assertEqual({code: (row["beneficiaries"], row["overdue"]) for code, row in rows.items() if row["beneficiaries"]},
                         {"孤寡老人": (1, 0), "残疾人": (2, 1)})
        past, _ = self.report("care", as_of="2018-03-04")
        self.assertEqual(past[OTHER_COUNTY]["overdue"], 0)
        chinese = self.control("list", "beneficiary", "overdue=true", language="zh_CN.UTF-8").stdout
        for word in ("b:3", "残疾人", "逾期起始", "2018-03-06"):
            self.assertIn(word, chinese)
        self.assertNotIn("b:1", chinese)
        self.assertIn("逾期未走访", self.control("report", "care", language="zh_CN.UTF-8").stdout)


if __name__ == "__main__":
    unittest.main()
