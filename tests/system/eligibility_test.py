"""Who may come: enrolments and claims of posts under the shipped rule of kind eligibility and under others; attendance;
what a record tells of both. Against the real daemon, by the events' clock."""
import re
import unittest

from harness import COMMUNITY, COUNTY, event
from replayed import Replayed
from small_city import OTHER_COMMUNITY, QueryTest, decisions

DAY = "2018-08-23"

def rule(body, name="eligibility", kind="eligibility", scope=None, case="given = {}"):
    """A rule whose decide has this body; its one case fits whatever it answers where it says `expect`."""
    place = f'scope = "{scope}", ' if scope else ""
    texts = ", ".join(f'["{code}"] = "%s"' for code in dict.fromkeys(re.findall(r'finding\("(\w+)"', body)))
    return f"""return {{
  name = "{name}", kind = "{kind}", {place}title = "试行", texts = {{ {texts} }},
  decide = function(subject, parameters, context) {body} end,
  cases = {{ {{ name = "一例", {case} }} }},
}}
"""


class PeopleTest(QueryTest):
    config = None

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-08-01")
        self.city.define_basics()
        for name in ("v:1", "v:2", "v:3"):
            self.city.register(name)

    def activity(self, name, day=DAY, starts=9, ends=11, **more):
        self.city.publish_activity(name, starts=f"{day}T{starts:02}:00:00+08:00", ends=f"{day}T{ends:02}:00:00+08:00", **more)

    def publish(self, type_name, time=None, **data):
        """The result, whatever it is."""
        return self.city.daemon.publish_one(event(type_name, data, time=time or f"{self.city.day}T12:00:00+08:00"))

    def stored(self, type_name, time=None, **data):
        result = self.publish(type_name, time, **data)
        self.assertEqual(result["status"], "stored", result)
        return result

    def refused(self, code, field, type_name, time=None, **data):
        result = self.publish(type_name, time, **data)
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        self.assertGreater(len(result["message"]), 15)
        return result

    def enrol(self, volunteer, activity="a:1", **more):
        """Outcome and codes of the findings."""
        (decided,) = decisions(self.stored("enrolment.requested", activity=activity, volunteer=volunteer, by="self", **more),
                               "enrolment.decided")
        self.assertEqual((decided["activity"], decided["volunteer"]), (activity, volunteer))
        return decided["outcome"], [finding["code"] for finding in decided.get("findings", [])]

    def claim(self, volunteer, post="p:1"):
        (decided,) = decisions(self.stored("post.claimed", post=post, volunteer=volunteer), "post.decided")
        return decided["outcome"], [finding["code"] for finding in decided.get("findings", [])]

    def review(self, volunteer, outcome, activity="a:1", **more):
        return self.stored("enrolment.reviewed", activity=activity, volunteer=volunteer, outcome=outcome, reviewer="clerk:2", **more)

    def states(self, **filters):
        return {item["volunteer"]: item["state"] for item in self.ask("enrolment.list", **filters)["items"]}

    def check_in(self, volunteer, at=f"{DAY}T08:55:00+08:00", activity="a:1", time=None, **more):
        return self.stored("attendance.checked_in", time or at, activity=activity, volunteer=volunteer, at=at, method="qr", **more)

    def check_out(self, volunteer, at=f"{DAY}T11:05:00+08:00", activity="a:1", time=None, **more):
        return self.stored("attendance.checked_out", time or at, activity=activity, volunteer=volunteer, at=at, method="qr", **more)

    def activate(self, text):
        self.ask("policy.activate", text=text, by="clerk:9")

    def assert_replay_agrees(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


class ShippedRule(Replayed, PeopleTest):
    def test_places_are_filled_and_then_people_wait(self):
        self.activity("a:1", places=2)
        self.assertEqual(self.enrol("v:1"), ("accepted", []))
        self.assertEqual(self.enrol("v:2"), ("accepted", []))
        self.assertEqual(self.enrol("v:3"), ("waitlisted", ["no_places"]))
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["enrolled"], shown["waitlisted"], shown["places_left"]), (2, 1, 0))
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1")
        self.assertEqual(self.states(activity="a:1"), {"v:1": "cancelled", "v:2": "accepted", "v:3": "accepted"})
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["no_places"]))
        self.assert_replay_agrees()

    def test_the_age_is_that_of_the_day_of_the_activity(self):
        self.activity("a:1", day="2018-09-01", needs={"min_age": 18})
        self.city.send("volunteer.registered", {"volunteer": "v:young", "region": COMMUNITY, "born": "2000-08"})
        self.city.send("volunteer.updated", {"volunteer": "v:young", "changes": {"identity": {
            "name": "某", "document_kind": "passport", "number": "E1"}, "guardian_consent": {"by": "母亲", "on": "2018-08-01"}}})
        self.assertEqual(self.ask("volunteer.get", volunteer="v:young")["age"], 17)
        self.assertEqual(self.enrol("v:young"), ("accepted", []))

    def test_a_minor_may_not_come_to_a_rescue(self):
        self.activity("a:1", emergency=True, insurance="平安")
        self.city.register("v:young", guardian_consent={"by": "母亲", "on": "2018-08-01"}, identity={
            "name": "某", "document_kind": "passport", "number": "E1"}, born="2002-05")
        self.assertEqual(self.enrol("v:young"), ("refused", ["minor_in_danger"]))
        self.assertEqual(self.enrol("v:1"), ("accepted", []))

    def test_a_dangerous_activity_without_insurance_lets_people_wait(self):
        self.activity("a:1", domains=["抢险救灾"])
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["insurance_missing"]))

    def test_training_and_qualification_hold_on_the_day_of_the_activity(self):
        self.stored("course.defined", course="c:first-aid", title="急救", topic="skill", minutes=120, valid_months=12)
        self.activity("a:1", needs={"courses": ["c:first-aid"], "qualifications": ["护士"]})
        self.assertEqual(self.enrol("v:1"), ("refused", ["training_missing", "qualification_missing"]))
        self.stored("training.completed", training="t:1", volunteer="v:1", course="c:first-aid", minutes=120, passed=False,
                    on="2018-08-01")
        self.stored("training.completed", training="t:2", volunteer="v:1", course="c:first-aid", minutes=120, passed=True,
                    on="2017-08-22")
        self.stored("qualification.recorded", volunteer="v:1", qualification="护士", number="N-1", valid_until=DAY)
        self.assertEqual(self.enrol("v:1"), ("refused", ["training_missing"]), "the one failed, the other ended a day before")
        self.stored("training.completed", training="t:3", volunteer="v:1", course="c:first-aid", minutes=120, passed=True,
                    on="2018-08-01")
        self.assertEqual(self.enrol("v:1"), ("accepted", []))
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual([(t["training"], t["passed"], t["valid_until"]) for t in page["trainings"]],
                         [("t:1", False, "2019-08-01"), ("t:2", True, "2018-08-22"), ("t:3", True, "2019-08-01")])
        self.assertEqual([(q["qualification"], q["number"], q["valid"]) for q in page["qualifications"]], [("护士", "N-1", True)])
        self.assert_replay_agrees()

    def test_stars_party_and_skills_are_needed_where_the_activity_says_so(self):
        self.activity("a:1", needs={"min_stars": 1, "party_member": True, "skills": ["driving"]})
        self.assertEqual(self.enrol("v:1"), ("refused", ["skill_missing", "stars", "party_member"]))

    def test_two_activities_at_the_same_time(self):
        self.activity("a:1")
        self.activity("a:2", starts=10, ends=12)
        self.activity("a:3", starts=11, ends=12)
        self.assertEqual(self.enrol("v:1"), ("accepted", []))
        self.assertEqual(self.enrol("v:1", "a:2"), ("refused", ["overlap"]))
        self.assertEqual(self.enrol("v:1", "a:3"), ("accepted", []), "one begins when the other ends")
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1")
        self.stored("enrolment.cancelled", activity="a:3", volunteer="v:1")
        self.assertEqual(self.enrol("v:1", "a:2"), ("accepted", []))

    def test_an_activity_that_was_moved_or_cancelled_does_not_overlap_any_more(self):
        self.activity("a:1")
        self.activity("a:2", starts=10, ends=12)
        self.activity("a:3", starts=10, ends=12)
        self.enrol("v:1")
        self.enrol("v:2")
        self.stored("activity.changed", activity="a:1", changes={"starts": f"{DAY}T14:00:00+08:00", "ends": f"{DAY}T15:00:00+08:00"})
        self.assertEqual(self.enrol("v:1", "a:2"), ("accepted", []))
        self.stored("activity.cancelled", activity="a:2")
        self.assertEqual(self.enrol("v:1", "a:3"), ("accepted", []))

    def test_each_shift_has_its_places(self):
        self.activity("a:1", places=9, shifts=[
            {"shift": "s1", "starts": f"{DAY}T09:00:00+08:00", "ends": f"{DAY}T10:00:00+08:00", "places": 1},
            {"shift": "s2", "starts": f"{DAY}T10:00:00+08:00", "ends": f"{DAY}T11:00:00+08:00", "places": 1}])
        self.assertEqual(self.enrol("v:1", shift="s1"), ("accepted", []))
        self.assertEqual(self.enrol("v:2", shift="s1"), ("waitlisted", ["no_places"]))
        self.assertEqual(self.enrol("v:1", shift="s2"), ("accepted", []), "the next shift begins when this one ends")
        self.refused("unknown_shift", "data.shift", "enrolment.requested", activity="a:1", volunteer="v:3", by="self", shift="s3")
        filled = {item["shift"]: item["places_left"] for item in self.ask("activity.get", activity="a:1")["filled"]}
        self.assertEqual(filled, {"s1": 0, "s2": 0})
        self.stored("activity.changed", activity="a:1", changes={"shifts": [
            {"shift": "s1", "starts": f"{DAY}T09:00:00+08:00", "ends": f"{DAY}T10:00:00+08:00", "places": 3}]})
        self.refused("unknown_shift", "data.shift", "enrolment.requested", activity="a:1", volunteer="v:3", by="self", shift="s2")
        self.assertEqual(self.enrol("v:3", shift="s1"), ("accepted", []))
        self.assert_replay_agrees()

    def test_posts_are_claimed_up_to_their_places(self):
        self.stored("post.defined", post="p:1", kind="crossing", region=COMMUNITY, duty="劝导", places=1)
        self.stored("post.defined", post="p:2", kind="estate", region=COMMUNITY, duty="巡查")
        self.assertEqual(self.claim("v:1"), ("accepted", []))
        self.assertEqual(self.claim("v:2"), ("waitlisted", ["no_places"]))
        self.assertEqual([self.claim(v, "p:2")[0] for v in ("v:1", "v:2", "v:3")], ["accepted"] * 3)
        self.stored("post.released", post="p:1", volunteer="v:1")
        self.assertEqual(self.claim("v:3"), ("accepted", []))
        shown = self.ask("post.get", post="p:1")
        self.assertEqual((shown["claims"], shown["waitlisted"], shown["duty"]), (1, 1, "劝导"))
        self.assertEqual({v["volunteer"]: v["state"] for v in shown["claimed_by"]},
                         {"v:1": "cancelled", "v:2": "waitlisted", "v:3": "accepted"})
        self.stored("post.defined", post="p:1", kind="crossing", region=COMMUNITY, duty="劝导、清扫", places=2)
        self.assertEqual(self.ask("post.get", post="p:1")["claims"], 1)
        self.assert_replay_agrees()

    def test_the_decision_tells_its_facts_and_is_explained(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        (waiting,) = self.ask("enrolment.list", activity="a:1", state="waitlisted")["items"]
        shown = self.ask("enrolment.get", enrolment=waiting["enrolment"])
        self.assertEqual([(f["code"], f["text"]) for f in shown["findings"]], [("no_places", "名额已满,候补")])
        self.assertTrue(shown["revision"].startswith("eligibility:"))


class States(PeopleTest):
    def test_each_step_has_its_place(self):
        self.activity("a:1")
        who = {"activity": "a:1", "volunteer": "v:1"}
        self.refused("wrong_state", "data.volunteer", "enrolment.cancelled", **who)
        self.refused("wrong_state", "data.volunteer", "enrolment.reviewed", **who, outcome="accepted", reviewer="clerk:2")
        self.enrol("v:1")
        self.refused("wrong_state", "data.activity", "enrolment.requested", **who, by="self")
        self.refused("wrong_state", "data.outcome", "enrolment.reviewed", **who, outcome="accepted", reviewer="clerk:2")
        self.review("v:1", "refused")
        self.refused("wrong_state", "data.volunteer", "enrolment.cancelled", **who)
        self.review("v:1", "waitlisted")
        self.stored("enrolment.cancelled", **who)
        self.refused("wrong_state", "data.outcome", "enrolment.reviewed", **who, outcome="accepted", reviewer="clerk:2")

    def test_a_reviewer_accepts_no_more_than_there_are_places(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        self.refused("no_places", "data.outcome", "enrolment.reviewed", activity="a:1", volunteer="v:2", outcome="accepted",
                     reviewer="clerk:2")
        self.stored("enrolment.cancelled", f"{DAY}T09:30:00+08:00", activity="a:1", volunteer="v:1")
        self.review("v:2", "accepted")  # it has begun: nobody moves up, but a reviewer may still take somebody
        self.assertEqual(self.states(activity="a:1", state="accepted"), {"v:2": "accepted"})

    def test_nobody_enrols_for_what_is_over_cancelled_or_closed(self):
        self.activity("a:1")
        self.activity("a:2")
        request = {"volunteer": "v:1", "by": "self"}
        self.stored("activity.cancelled", activity="a:2")
        self.refused("wrong_state", "data.activity", "enrolment.requested", activity="a:2", **request)
        self.refused("wrong_state", "data.activity", "enrolment.requested", f"{DAY}T11:00:00+08:00", activity="a:1", **request)
        self.city.on("2018-08-24")
        self.stored("activity.closed", activity="a:1")
        self.refused("wrong_state", "data.activity", "enrolment.requested", f"{DAY}T09:00:00+08:00", activity="a:1", **request)

    def test_it_is_cancelled_in_time_or_missed(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.enrol("v:2")
        who = {"activity": "a:1", "volunteer": "v:1"}
        self.refused("wrong_state", "data.activity", "attendance.missed", f"{DAY}T08:59:59+08:00", **who)
        self.stored("attendance.missed", f"{DAY}T09:30:00+08:00", **who)
        self.refused("wrong_state", "data.volunteer", "enrolment.cancelled", f"{DAY}T09:31:00+08:00", **who)
        self.refused("wrong_state", "data.volunteer", "enrolment.cancelled", f"{DAY}T11:00:00+08:00", activity="a:1", volunteer="v:2")

    def test_whoever_leaves_frees_the_place(self):
        self.activity("a:1", places=1)
        self.activity("a:past", day="2018-08-02", places=1)
        self.stored("post.defined", post="p:1", kind="crossing", region=COMMUNITY, duty="劝导", places=1)
        self.enrol("v:1", "a:past")
        self.enrol("v:1")
        self.claim("v:1")
        self.city.on("2018-08-10")
        self.stored("volunteer.withdrawn", volunteer="v:1")
        self.assertEqual({i.get("activity") or i["post"]: i["state"] for i in self.ask("enrolment.list", volunteer="v:1")["items"]},
                         {"a:past": "accepted", "a:1": "cancelled", "p:1": "cancelled"})
        self.assertEqual(self.enrol("v:2"), ("accepted", []))
        self.refused("wrong_state", "data.volunteer", "enrolment.requested", activity="a:1", volunteer="v:1", by="self")

    def test_held_registrations_and_unknown_things(self):
        self.activity("a:1")
        self.city.register_unknown("v:held")
        self.refused("wrong_state", "data.volunteer", "enrolment.requested", activity="a:1", volunteer="v:held", by="self")
        self.refused("unknown_volunteer", "data.volunteer", "enrolment.requested", activity="a:1", volunteer="no:1", by="self")
        self.refused("unknown_activity", "data.activity", "enrolment.requested", activity="no:1", volunteer="v:1", by="self")
        self.refused("unknown_post", "data.post", "post.claimed", post="no:1", volunteer="v:1")
        self.refused("unknown_course", "data.course", "training.completed", training="t:1", volunteer="v:1", course="no:1",
                     minutes=1, passed=True, on="2018-08-01")
        self.refuse("unknown_enrolment", "enrolment", "enrolment.get", enrolment="77")
        self.refuse("unknown_enrolment", "enrolment", "enrolment.get", enrolment="1 ")
        self.refuse("unknown_attendance", "attendance", "attendance.get", attendance="77")
        self.refuse("unknown_qualification", "qualification", "qualification.get", qualification="护士/v:1")

    def test_a_training_is_completed_once_and_not_tomorrow(self):
        self.stored("course.defined", course="c:1", title="理论", topic="theory", minutes=60)
        done = {"training": "t:1", "volunteer": "v:1", "course": "c:1", "minutes": 60, "passed": True}
        self.refused("in_future", "data.on", "training.completed", **done, on="2018-08-02")
        self.stored("training.completed", **done, on="2018-08-01")
        self.refused("already_exists", "data.training", "training.completed", **done, on="2018-08-01")
        self.stored("course.defined", course="c:1", title="理论一", topic="theory", minutes=60, valid_months=1)
        self.assertIsNone(self.ask("volunteer.get", volunteer="v:1")["trainings"][0]["valid_until"], "as the course said then")
        self.assertEqual(self.ids("training.list", "training", volunteer="v:1"), ["t:1"])
        self.assertEqual(self.ask("course.get", course="c:1")["title"], "理论一")

    def test_a_qualification_is_renewed(self):
        self.stored("qualification.recorded", volunteer="v:1", qualification="护士", valid_until="2018-08-31")
        self.stored("qualification.recorded", volunteer="v:2", qualification="护士")
        self.assertEqual(self.ids("qualification.list", "volunteer", valid_on="2018-09-01"), ["v:2"])
        self.stored("qualification.recorded", volunteer="v:1", qualification="护士", valid_until="2020-08-31")
        self.assertEqual(self.ask("qualification.get", qualification="护士/v:1")["valid_until"], "2020-08-31")
        self.assertEqual(self.ids("qualification.list", "volunteer", qualification="护士", valid_on="2018-09-01"), ["v:1", "v:2"])
        self.refused("out_of_range", "data.qualification", "qualification.recorded", volunteer="v:1", qualification="a/b")
        self.refused("identity_in_identifier", "data.number", "qualification.recorded", volunteer="v:1", qualification="医师",
                     number="13912345678")


TYPES = ["post.defined", "post.claimed", "post.released", "enrolment.requested", "enrolment.reviewed", "enrolment.cancelled",
         "attendance.checked_in", "attendance.checked_out", "attendance.missed", "course.defined", "training.completed",
         "qualification.recorded", "complaint.filed", "complaint.referred", "complaint.resolved", "service.rated",
         "volunteer.suspended", "volunteer.restored"]
DECISIONS = ["enrolment.decided", "post.decided", "standing.changed"]


class Hostile(PeopleTest):
    def example(self, schema):
        """Something that fits a field's schema."""
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "object":
            return {name: self.example(field) for name, field in schema.get("properties", {}).items() if name in schema.get("required", [])}
        if schema.get("x-noun") == "region":
            return "620509000000"
        if schema.get("format") == "date":
            return "2018-01-02"
        if schema.get("format") == "date-time":
            return "2018-01-02T09:00:00+08:00"
        return {"integer": 1, "boolean": True, "array": []}.get(schema.get("type"), "x:1")

    def test_each_type_names_the_field_that_is_wrong(self):
        for kind in TYPES:
            data = self.ask("schema.get", type=kind)["properties"]["data"]
            required = data.get("required", [])
            whole = {name: self.example(data["properties"][name]) for name in required}
            for name in required:
                with self.subTest(kind, missing=name):
                    self.refused("missing_field", f"data.{name}", kind, **{n: v for n, v in whole.items() if n != name})
                with self.subTest(kind, wrong=name):
                    wrong = [7] if data["properties"][name].get("type") != "array" else 7
                    result = self.publish(kind, **{**whole, name: wrong})
                    self.assertEqual((result.get("code"), result.get("field")), ("wrong_type", f"data.{name}"), result)
            with self.subTest(kind, unknown="field"):
                nearly = (required or list(data["properties"]))[0][:-1]
                result = self.publish(kind, **whole, **{nearly: "x"})
                self.assertEqual((result.get("code"), result.get("field")), ("unknown_field", f"data.{nearly}"), result)

    def test_whom_nobody_knows_is_said_and_may_come_later(self):
        for kind in TYPES:
            data = self.ask("schema.get", type=kind)["properties"]["data"]
            whole = {name: self.example(data["properties"][name]) for name in data.get("required", [])}
            if "volunteer" in whole:
                with self.subTest(kind):
                    result = self.publish(kind, **whole)
                    self.assertTrue(result["code"].startswith("unknown_"), result)
                    self.assertIs(result["retryable"], True)

    def test_what_the_daemon_decides_nobody_sends(self):
        for kind in DECISIONS:
            self.refused("not_allowed", "type", kind, volunteer="v:1", **({"from": "good", "to": "suspended"} if "standing" in kind
                                                                          else {"outcome": "accepted", ("post" if "post" in kind else "activity"): "x:1"}))

    def test_ranges_and_words(self):
        self.activity("a:1")
        self.stored("course.defined", course="c:1", title="理论", topic="theory", minutes=60)
        for code, field, kind, data in [
                ("not_in_dictionary", "data.by", "enrolment.requested", {"activity": "a:1", "volunteer": "v:1", "by": "friend"}),
                ("not_in_dictionary", "data.outcome", "enrolment.reviewed", {"activity": "a:1", "volunteer": "v:1", "outcome": "held", "reviewer": "c:1"}),
                ("out_of_range", "data.distance_m", "attendance.checked_in", {
                    "activity": "a:1", "volunteer": "v:1", "at": "2018-08-01T09:00:00+08:00", "method": "gps", "distance_m": -1}),
                ("out_of_range", "data.minutes", "course.defined", {"course": "c:2", "title": "x", "topic": "theory", "minutes": 0}),
                ("out_of_range", "data.valid_months", "course.defined", {"course": "c:2", "title": "x", "topic": "theory", "minutes": 1, "valid_months": 1201}),
                ("bad_time", "data.on", "training.completed", {"training": "t:1", "volunteer": "v:1", "course": "c:1", "minutes": 1,
                                                              "passed": True, "on": "2018-02-30"}),
                ("out_of_range", "data.on", "training.completed", {"training": "t:1", "volunteer": "v:1", "course": "c:1", "minutes": 1,
                                                                  "passed": True, "on": "1969-12-31"}),
                ("too_long", "data.text", "complaint.filed", {"complaint": "k:1", "subject": {"kind": "volunteer", "id": "v:1"}, "text": "字" * 1366}),
                ("not_in_dictionary", "data.subject.kind", "complaint.filed", {"complaint": "k:1", "subject": {"kind": "planet", "id": "v:1"}, "text": "x"}),
                ("out_of_range", "data.places", "post.defined", {"post": "p:1", "kind": "other", "region": COMMUNITY, "duty": "x", "places": 0}),
                ("unknown_region", "data.region", "post.defined", {"post": "p:1", "kind": "other", "region": "620509000000", "duty": "x"}),
                ("unknown_campaign", "data.campaign", "post.defined", {"post": "p:1", "kind": "other", "region": COMMUNITY, "duty": "x", "campaign": "no:1"}),
        ]:
            with self.subTest(kind, field=field):
                self.refused(code, field, kind, **data)


class OtherRules(Replayed, PeopleTest):
    def test_a_failing_rule_lets_people_wait_for_a_reviewer(self):
        self.activity("a:1")
        self.activate(rule('return subject.places_left > 49 and "accepted" or nil', case='given = { places_left = 50 }, expect = "accepted"'))
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["policy_failed"]))
        self.review("v:1", "accepted")
        self.assertEqual(self.states(activity="a:1"), {"v:1": "accepted"})

    def test_what_the_rule_answers_is_one_of_three_words(self):
        check = self.ask("policy.check", text=rule('return "held"', case='given = {}, expect = "held"'))
        self.assertIn('must be \\"accepted\\", \\"waitlisted\\" or \\"refused\\"', str(check).replace('"', '\\"'))

    def test_the_nearest_scope_of_the_activity_decides(self):
        self.activity("a:1")
        self.activity("a:2", region=OTHER_COMMUNITY)
        self.activate(rule('finding("closed") return "refused"', name="eligibility_county", scope=COUNTY, case='given = {}, expect = "refused"'))
        self.assertEqual(self.enrol("v:1"), ("refused", ["closed"]))
        self.assertEqual(self.enrol("v:2", "a:2"), ("accepted", []))

    def test_a_rule_reads_everything_of_a_request(self):
        self.activity("a:1", places=7)
        self.activate(rule("""
          finding("id", subject.id) finding("by", subject.by) finding("on", subject.on) finding("starts", subject.starts)
          finding("ends", subject.ends) finding("left", subject.places_left) finding("places", subject.activity.places)
          finding("who", subject.volunteer.id) finding("enrolled", subject.activity.n_enrolled) finding("cause", context.cause)
          finding("subject", context.subject) finding("shift", subject.shift == nil) finding("post", subject.post == nil)
          return "accepted" """, case='given = { activity = {} }, expect = "accepted"'))
        self.enrol("v:2")
        (decided,) = decisions(self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="team"), "enrolment.decided")
        self.assertEqual({f["code"]: f.get("value") for f in decided["findings"]}, {
            "id": "2", "by": "team", "on": DAY, "starts": 1534986000, "ends": 1534993200, "left": 6, "places": 7, "who": "v:1",
            "enrolled": 1, "cause": "enrolment.requested", "subject": "request", "shift": True, "post": True})


class Attendance(PeopleTest):
    def test_people_check_in_and_out_in_turns(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.refused("wrong_state", "data.volunteer", "attendance.checked_out", f"{DAY}T09:00:00+08:00", activity="a:1",
                     volunteer="v:1", at=f"{DAY}T09:00:00+08:00", method="qr")
        self.check_in("v:1", device="d1", distance_m=12)
        self.refused("wrong_state", "data.volunteer", "attendance.checked_in", f"{DAY}T09:00:00+08:00", activity="a:1",
                     volunteer="v:1", at=f"{DAY}T09:00:00+08:00", method="qr")
        self.refused("out_of_range", "data.at", "attendance.checked_out", f"{DAY}T09:00:00+08:00", activity="a:1",
                     volunteer="v:1", at=f"{DAY}T08:55:00+08:00", method="qr")
        self.check_out("v:1", f"{DAY}T10:00:00+08:00")
        self.check_in("v:1", f"{DAY}T10:10:00+08:00")
        self.check_out("v:1")
        (shown,) = self.ask("attendance.list", activity="a:1")["items"]
        self.assertEqual([(s["step"], s["at"][11:16]) for s in shown["steps"]],
                         [("checked_in", "08:55"), ("checked_out", "10:00"), ("checked_in", "10:10"), ("checked_out", "11:05")])
        self.assertEqual((shown["steps"][0]["device"], shown["steps"][0]["distance_m"]), ("d1", 12))
        self.assertEqual(self.ask("attendance.get", attendance=shown["attendance"])["check_ins"], 2)
        self.assertEqual(self.ask("activity.get", activity="a:1")["attended"], 1)
        self.assert_replay_agrees()

    def test_times_lie_near_the_activity_and_in_the_past(self):
        self.activity("a:1")
        self.refused("in_future", "data.at", "attendance.checked_in", f"{DAY}T08:00:00+08:00", activity="a:1", volunteer="v:1",
                     at=f"{DAY}T08:00:01+08:00", method="gps")
        self.refused("out_of_range", "data.at", "attendance.checked_in", f"{DAY}T10:00:00+08:00", activity="a:1", volunteer="v:1",
                     at="2018-08-22T08:59:59+08:00", method="gps")
        self.check_in("v:1", "2018-08-22T09:00:00+08:00", time=f"{DAY}T10:00:00+08:00")

    def test_somebody_who_never_enrolled_may_come(self):
        self.activity("a:1")
        self.check_in("v:1")
        self.assertEqual(self.states(activity="a:1"), {})
        (shown,) = self.ask("attendance.list", volunteer="v:1")["items"]
        self.assertEqual((shown["state"], shown["check_ins"]), ("not_enrolled", 1))
        self.refused("wrong_state", "data.volunteer", "attendance.missed", f"{DAY}T12:00:00+08:00", activity="a:1", volunteer="v:2")

    def test_a_late_check_in_takes_an_absence_back(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.stored("attendance.missed", f"{DAY}T12:00:00+08:00", activity="a:1", volunteer="v:1")
        self.assertEqual([(a["on"], a["activity"], a["excused"]) for a in self.ask("volunteer.get", volunteer="v:1")["absences"]],
                         [(DAY, "a:1", False)])
        self.stored("attendance.missed", f"{DAY}T12:00:00+08:00", activity="a:1", volunteer="v:1", excused=True)
        self.refused("wrong_state", "data.volunteer", "attendance.missed", f"{DAY}T12:00:00+08:00", activity="a:1", volunteer="v:1",
                     excused=True)
        self.assertTrue(self.ask("volunteer.get", volunteer="v:1")["absences"][0]["excused"])
        self.check_in("v:1", time=f"{DAY}T12:00:00+08:00")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["absences"], [])
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["attended"], shown["missed"]), (1, 0))
        self.refused("wrong_state", "data.volunteer", "attendance.missed", f"{DAY}T12:00:00+08:00", activity="a:1", volunteer="v:1")
        self.assert_replay_agrees()

    def test_a_record_tells_whether_its_volunteer_enrolled_and_was_there(self):
        self.activity("a:1")
        self.stored("post.defined", post="p:1", kind="crossing", region=OTHER_COMMUNITY, duty="劝导")
        self.activate(rule("""
          finding("enrolled", subject.enrolled) finding("visits", #subject.attendance)
          for _, visit in ipairs(subject.attendance) do finding("visit", visit.checked_out - visit.checked_in, visit.method) end
          finding("post", subject.post and subject.post.kind or "none")
          finding("attended", subject.activity and subject.activity.n_attended or 0)
          return "accepted", subject.minutes """, name="acceptance", kind="acceptance",
                           case='given = { minutes = 5 }, expect = { minutes = 5 }'))
        self.enrol("v:1")
        self.check_in("v:1")
        self.check_out("v:1")
        self.city.on("2018-08-24")

        def findings(record, volunteer, **more):
            data = {"record": record, "volunteer": volunteer, "organisation": "org:1", "starts": f"{DAY}T09:00:00+08:00",
                    "ends": f"{DAY}T11:00:00+08:00", "method": "code", "recorder": "clerk:1", **more}
            (decided,) = decisions(self.stored("service.recorded", **data), "service.decided")
            return [(f["code"], f.get("value")) for f in decided["findings"]]

        self.assertEqual(findings("r:1", "v:1", activity="a:1"),
                         [("enrolled", True), ("visits", 1), ("visit", 7800), ("post", "none"), ("attended", 1)])
        self.assertEqual(findings("r:2", "v:2", activity="a:1"), [("enrolled", False), ("visits", 0), ("post", "none"), ("attended", 1)])
        self.assertEqual(findings("r:3", "v:3", post="p:1"), [("enrolled", False), ("visits", 0), ("post", "crossing"), ("attended", 0)])
        self.assertEqual(self.ask("record.get", record="r:3")["region"], OTHER_COMMUNITY, "where the post lies")


if __name__ == "__main__":
    unittest.main()
