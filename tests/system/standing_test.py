"""Standing: absences and complaints under the shipped rule, suspension and restoration by hand, what is refused of whom,
complaints that ask anew whether a record counts, points that change a standing. By the events' clock."""
import unittest

from eligibility_test import PeopleTest, rule
from harness import COMMUNITY
from replayed import Replayed
from small_city import decisions

ABSENT = [f"2018-0{month}-10" for month in range(1, 6)]


class StandingTest(PeopleTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-01-02")
        self.city.define_basics()
        for name in ("v:1", "v:2"):
            self.city.register(name)

    def miss(self, volunteer, day, activity=None, **more):
        """The decisions about standing that an absence of that day brings."""
        activity = activity or f"a:{day}"
        if activity not in self.ids("activity.list", "activity", limit=1000):
            self.activity(activity, day=day)
        self.stored("enrolment.requested", activity=activity, volunteer=volunteer, by="self")
        self.city.on(day)
        return decisions(self.stored("attendance.missed", activity=activity, volunteer=volunteer, **more), "standing.changed")

    def standing(self, volunteer="v:1"):
        return self.ask("volunteer.get", volunteer=volunteer)["standing"]

    def complain(self, number, volunteer="v:1", outcome="upheld"):
        self.stored("complaint.filed", complaint=number, subject={"kind": "volunteer", "id": volunteer}, text="服务时离岗")
        return decisions(self.stored("complaint.resolved", complaint=number, outcome=outcome, by="clerk:3"), "standing.changed")

    def registered(self):
        return self.ask("region.get", region=COMMUNITY)["counters"]["volunteers"]


class Absences(Replayed, StandingTest):
    def test_the_fifth_unexcused_absence_of_a_year_deregisters(self):
        for day in ABSENT[:4]:
            self.assertEqual(self.miss("v:1", day), [])
        self.assertEqual(self.standing(), "good")
        before = self.registered()
        self.city.publish_activity("a:later", starts="2018-12-01T09:00:00+08:00", ends="2018-12-01T11:00:00+08:00")
        self.assertEqual(self.enrol("v:1", "a:later")[0], "accepted")
        (changed,) = self.miss("v:1", ABSENT[4])
        self.assertEqual((changed["volunteer"], changed["from"], changed["to"]), ("v:1", "good", "deregistered"))
        self.assertEqual(changed["findings"], [{"code": "absences", "value": 5, "needed": 5}])
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((page["standing"], page["standing_since"], page["state"], page["stars"]),
                         ("deregistered", ABSENT[4], "registered", 0))
        self.assertEqual([f["text"] for f in page["standing_change"]["findings"]], ["本年无故缺席 5 次,满 5 次注销"])
        self.assertEqual(self.registered(), before - 1)
        self.assertEqual(self.states(activity="a:later"), {"v:1": "cancelled"})
        self.assertEqual(self.ids("volunteer.list", "volunteer", standing="deregistered"), ["v:1"])
        self.assert_replay_agrees()

    def test_excused_ones_and_those_of_another_year_do_not_count(self):
        for day in ABSENT[:4]:
            self.miss("v:1", day)
        self.assertEqual(self.miss("v:1", "2018-06-10", excused=True), [])
        self.assertEqual(self.miss("v:1", "2019-01-01"), [])
        self.assertEqual(self.standing(), "good")

    def test_an_absence_that_is_no_longer_excused_counts(self):
        for day in ABSENT[:4]:
            self.miss("v:1", day)
        self.miss("v:1", ABSENT[4], excused=True)
        (changed,) = decisions(self.stored("attendance.missed", activity=f"a:{ABSENT[4]}", volunteer="v:1"), "standing.changed")
        self.assertEqual(changed["to"], "deregistered")

    def test_whoever_is_restored_begins_anew(self):
        for day in ABSENT:
            self.miss("v:1", day)
        before = self.registered()
        self.city.on("2018-05-20")
        self.stored("volunteer.restored", volunteer="v:1", reason="本人申诉成立")
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((page["standing"], page["restored_on"], page["standing_change"]["reason"]), ("good", "2018-05-20", "本人申诉成立"))
        self.assertEqual(self.registered(), before + 1)
        self.assertEqual(self.miss("v:1", "2018-06-10"), [])
        self.refused("wrong_state", "data.volunteer", "volunteer.restored", volunteer="v:1", reason="再来一次")
        self.assert_replay_agrees()

    def test_a_failing_rule_changes_nothing(self):
        self.activate(rule("""
          if #subject:absences{ excused = false } > 0 then error("x") end
          return "good" """, name="standing", kind="standing", case='given = {}, expect = { standing = "good" }'))
        self.assertEqual(self.miss("v:1", ABSENT[0]), [])
        self.assertEqual(self.standing(), "good")
        self.assertGreater(self.ask("status")["events"]["policy_failures"], 0)


class Complaints(Replayed, StandingTest):
    def test_three_that_are_upheld_suspend_to_the_end_of_the_year(self):
        self.city.on("2018-07-01")
        self.assertEqual(self.complain("k:1"), [])
        self.assertEqual(self.complain("k:2"), [])
        self.assertEqual(self.complain("k:3", outcome="dismissed"), [])
        (changed,) = self.complain("k:4")
        self.assertEqual((changed["to"], changed["until"]), ("suspended", "2018-12-31"))
        self.assertEqual([(k["complaint"], k["outcome"]) for k in self.ask("volunteer.get", volunteer="v:1")["complaints"]],
                         [("k:1", "upheld"), ("k:2", "upheld"), ("k:3", "dismissed"), ("k:4", "upheld")])
        self.assertEqual(self.complain("k:5"), [], "said again it changes nothing")

    def test_a_suspension_ends_with_its_last_day_by_itself(self):
        self.city.on("2018-07-01")
        for number in ("k:1", "k:2", "k:3"):
            self.complain(number)
        self.activity("a:1", day="2019-02-01")
        request = {"activity": "a:1", "volunteer": "v:1", "by": "self"}
        self.refused("wrong_state", "data.volunteer", "enrolment.requested", "2018-12-31T23:59:59+08:00", **request)
        self.assertEqual(self.ids("volunteer.list", "volunteer", standing="suspended"), ["v:1"])
        self.city.on("2019-01-01")
        self.assertEqual(self.enrol("v:1"), ("accepted", []))
        self.assertEqual(self.standing(), "good")
        self.assertEqual(self.ids("volunteer.list", "volunteer", standing="suspended"), [])
        events = self.ask("journal.read", after=0, types=["standing.changed"], limit=100)["events"]
        self.assertEqual([e["data"]["to"] for e in events], ["suspended"], "nothing is written at midnight")
        self.assert_replay_agrees()

    def test_each_step_has_its_place(self):
        subject = {"kind": "volunteer", "id": "v:1"}
        self.refused("unknown_complaint", "data.complaint", "complaint.referred", complaint="k:1", to="民政局")
        self.refused("unknown_volunteer", "data.subject.id", "complaint.filed", complaint="k:1", subject={**subject, "id": "no:1"}, text="x")
        self.stored("complaint.filed", complaint="k:1", subject=subject, text="服务时离岗")
        self.refused("already_exists", "data.complaint", "complaint.filed", complaint="k:1", subject=subject, text="x")
        self.stored("complaint.referred", complaint="k:1", to="秦州区民政局")
        self.assertEqual(self.ids("complaint.list", "complaint", state="referred"), ["k:1"])
        self.stored("complaint.resolved", complaint="k:1", outcome="withdrawn", by="clerk:3")
        self.refused("wrong_state", "data.complaint", "complaint.resolved", complaint="k:1", outcome="upheld", by="clerk:3")
        self.refused("wrong_state", "data.complaint", "complaint.referred", complaint="k:1", to="别处")
        shown = self.ask("complaint.get", complaint="k:1")
        self.assertEqual((shown["state"], shown["outcome"], shown["referred_to"], shown["resolved_by"], shown["volunteer"]),
                         ("resolved", "withdrawn", "秦州区民政局", "clerk:3", "v:1"))
        self.assertEqual(self.ids("complaint.list", "complaint", subject_kind="volunteer", subject="v:1"), ["k:1"])

    def test_what_was_said_is_sealed(self):
        self.stored("complaint.filed", complaint="k:1", subject={"kind": "volunteer", "id": "v:1"}, text="绝不可见的话")
        self.stored("complaint.filed", complaint="k:2", subject={"kind": "organisation", "id": "org:1"}, text="绝不可见的话")
        for number in ("k:1", "k:2"):
            shown = self.ask("complaint.get", complaint=number)
            self.assertEqual((shown["sealed"], shown.get("text")), (["text"], None))
        self.city.daemon.stop()
        for path in self.city.daemon.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn("绝不可见的话".encode(), path.read_bytes(), path)

    def test_a_complaint_on_a_record_asks_again_whether_it_counts(self):
        self.activate(rule("""
          if subject.complaints > 0 then finding("complaint", subject.complaints) return "held", subject.minutes end
          return "accepted", subject.minutes """, name="acceptance", kind="acceptance",
                           case='given = { minutes = 5 }, expect = { minutes = 5 }'))
        self.city.on("2018-03-02")
        self.stored("service.recorded", record="r:1", volunteer="v:1", organisation="org:1", starts="2018-03-01T09:00:00+08:00",
                    ends="2018-03-01T11:00:00+08:00", method="code", recorder="clerk:1")
        filed = self.stored("complaint.filed", complaint="k:1", subject={"kind": "record", "id": "r:1"}, text="没有来")
        self.assertEqual([d["outcome"] for d in decisions(filed, "service.decided")], ["held"])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 0)
        self.assertEqual(self.ask("record.get", record="r:1")["complaints"], 1)
        again = self.stored("complaint.filed", complaint="k:2", subject={"kind": "record", "id": "r:1"}, text="没有来")
        self.assertEqual(decisions(again, "service.decided"), [], "it is held already")
        self.stored("complaint.resolved", complaint="k:1", outcome="dismissed", by="clerk:3")
        settled = self.stored("complaint.resolved", complaint="k:2", outcome="withdrawn", by="clerk:3")
        self.assertEqual([d["outcome"] for d in decisions(settled, "service.decided")], ["accepted"])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 120)
        self.assertEqual(len(self.ask("volunteer.get", volunteer="v:1")["complaints"]), 2)
        self.assert_replay_agrees()

    def test_under_the_shipped_rule_a_complaint_leaves_the_record_and_its_points_alone(self):
        self.city.on("2018-03-02")
        self.stored("service.recorded", record="r:1", volunteer="v:1", organisation="org:1", starts="2018-03-01T09:00:00+08:00",
                    ends="2018-03-01T11:00:00+08:00", method="automatic", recorder="clerk:1")
        filed = self.stored("complaint.filed", complaint="k:1", subject={"kind": "record", "id": "r:1"}, text="没有来")
        self.assertEqual(filed.get("decisions", []), [])

    def test_ratings(self):
        self.city.on("2018-03-02")
        self.activity("a:1", day="2018-03-01")
        self.stored("service.recorded", record="r:1", volunteer="v:1", organisation="org:1", starts="2018-03-01T09:00:00+08:00",
                    ends="2018-03-01T11:00:00+08:00", method="automatic", recorder="clerk:1")
        self.stored("service.rated", record="r:1", rating=4, by="organiser")
        self.stored("service.rated", record="r:1", rating=5, by="served")
        self.stored("service.rated", record="r:1", rating=2, by="served")
        shown = self.ask("record.get", record="r:1")
        self.assertEqual((shown["rating_served"], shown["rating_organiser"]), (2, 4))
        self.stored("service.rated", activity="a:1", rating=4, by="served")
        self.stored("service.rated", activity="a:1", rating=5, by="served")
        self.assertEqual(self.ask("activity.get", activity="a:1")["rating"], {"ratings": 2, "sum": 9})
        self.refused("out_of_range", "data.rating", "service.rated", record="r:1", rating=6, by="served")
        self.refused("missing_field", "data.record", "service.rated", rating=5, by="served")
        self.refused("out_of_range", "data.activity", "service.rated", record="r:1", activity="a:1", rating=5, by="served")
        self.activity("a:2", day="2018-04-01")
        self.refused("wrong_state", "data.activity", "service.rated", activity="a:2", rating=5, by="served")
        self.stored("service.revoked", record="r:1", reason="x", by="clerk:2")
        self.refused("wrong_state", "data.record", "service.rated", record="r:1", rating=5, by="served")


class Schedule(StandingTest):
    RULE = """
      if #subject:absences{ from = context.year .. "-01-01", excused = false } > 0 and context.cause == "schedule" then
        finding("monthly", context.as_of) return "suspended"
      end
      return subject.standing """

    def test_everybody_is_asked_when_the_month_is_over(self):
        text = rule(self.RULE, name="standing", kind="standing", case='given = { standing = "good" }, expect = { standing = "good" }')
        self.activate(text.replace('title = "试行"', 'title = "试行", schedule = { monthly = 1 }'))
        self.assertEqual(self.miss("v:1", "2018-01-10"), [])
        self.city.on("2018-02-03")
        self.stored("volunteer.updated", volunteer="v:2", changes={"leader_body": "x"})
        self.assertEqual((self.standing("v:1"), self.standing("v:2")), ("suspended", "good"))
        (event,) = self.ask("journal.read", after=0, types=["standing.changed"], limit=100)["events"]
        self.assertEqual(event["data"]["findings"][0]["code"], "monthly")
        self.assert_replay_agrees()


class ByHand(StandingTest):
    def test_suspended_to_a_day_and_restored(self):
        self.city.on("2018-03-01")
        self.refused("out_of_range", "data.until", "volunteer.suspended", volunteer="v:1", reason="调查", until="2018-02-28")
        self.stored("volunteer.suspended", volunteer="v:1", reason="调查", until="2018-03-10")
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((page["standing"], page["standing_until"], page["standing_change"]["reason"]), ("suspended", "2018-03-10", "调查"))
        self.stored("volunteer.suspended", volunteer="v:1", reason="延长", until="2018-03-20")
        self.stored("volunteer.restored", volunteer="v:1", reason="查清")
        self.assertEqual(self.standing(), "good")
        self.refused("wrong_state", "data.volunteer", "volunteer.restored", volunteer="v:1", reason="查清")

    def test_a_rule_may_make_it_stricter_and_not_milder(self):
        self.city.on("2018-01-03")
        self.stored("volunteer.suspended", volunteer="v:1", reason="调查")
        self.assertEqual(self.complain("k:1"), [])
        self.assertEqual(self.standing(), "suspended", "the rule says good")
        self.complain("k:2")
        self.assertEqual(self.complain("k:3"), [], "the rule says until the year's end, the hand without end")
        self.assertEqual(self.complain("k:9", "v:2"), [])

    def test_what_is_refused_of_whom(self):
        self.city.on("2018-03-01")
        self.activity("a:1", day="2018-03-02")
        self.stored("post.defined", post="p:1", kind="crossing", region=COMMUNITY, duty="劝导")
        self.stored("team.formed", team="t:1", name="队", category="party", organisation="org:1", legal_status="grassroots")
        self.stored("course.defined", course="c:1", title="理论", topic="theory", minutes=60)
        self.stored("volunteer.suspended", volunteer="v:1", reason="调查")
        self.activate(rule('return "deregistered"', name="standing", kind="standing", case='given = {}, expect = { standing = "deregistered" }'))
        self.complain("k:1", "v:2", "dismissed")
        self.assertEqual((self.standing("v:1"), self.standing("v:2")), ("suspended", "deregistered"))
        training = {"course": "c:1", "minutes": 60, "passed": True, "on": "2018-03-01"}
        checked = {"activity": "a:1", "at": "2018-03-02T09:00:00+08:00", "method": "qr"}
        served = {"organisation": "org:1", "starts": "2018-03-01T13:00:00+08:00", "ends": "2018-03-01T14:00:00+08:00",
                  "method": "code", "recorder": "clerk:1"}
        steps = [  # type, its data, whether a suspended, a deregistered person may
            ("enrolment.requested", {"activity": "a:1", "by": "self"}, False, False),
            ("post.claimed", {"post": "p:1"}, False, False),
            ("attendance.checked_in", checked, False, False),
            ("team.joined", {"team": "t:1"}, True, False),
            ("training.completed", training, True, False),
            ("service.recorded", served, True, False),
            ("qualification.recorded", {"qualification": "护士"}, True, True),
            ("volunteer.updated", {"changes": {"leader_body": "x"}}, True, True),
            ("volunteer.suspended", {"reason": "再查"}, True, False),
        ]
        for number, (kind, data, suspended, deregistered) in enumerate(steps):
            for volunteer, may in (("v:1", suspended), ("v:2", deregistered)):
                with self.subTest(f"{kind} of {volunteer}"):
                    more = {"training.completed": {"training": f"t:{volunteer}"}, "service.recorded": {"record": f"r:{volunteer}"}}
                    result = self.publish(kind, "2018-03-02T12:00:00+08:00", volunteer=volunteer, **data, **more.get(kind, {}))
                    self.assertEqual(result["status"], "stored" if may else "rejected", result)
                    if not may:
                        self.assertEqual((result["code"], result["field"]), ("wrong_state", "data.volunteer"))
                        self.assertIn("volunteer.restored", result["message"])

    def test_service_before_the_deregistration_is_recorded_still(self):
        self.city.on("2018-03-10")
        self.activate(rule('return "deregistered"', name="standing", kind="standing", case='given = {}, expect = { standing = "deregistered" }'))
        self.complain("k:1")
        record = {"volunteer": "v:1", "organisation": "org:1", "method": "code", "recorder": "clerk:1"}
        self.stored("service.recorded", "2018-03-12T12:00:00+08:00", record="r:1", **record, starts="2018-03-09T09:00:00+08:00",
                    ends="2018-03-09T10:00:00+08:00")
        self.refused("wrong_state", "data.volunteer", "service.recorded", "2018-03-12T12:00:00+08:00", record="r:2", **record,
                     starts="2018-03-11T09:00:00+08:00", ends="2018-03-11T10:00:00+08:00")


class Points(Replayed, StandingTest):
    RULE = """
      if subject:points{ account = "points" } >= 300 then return "suspended", "2018-12-31" end
      return "good" """

    def serve(self, number, day, starts="08:00", ends="10:00"):
        self.city.on(day)
        return self.stored("service.recorded", record=number, volunteer="v:1", organisation="org:1",
                           starts=f"{day}T{starts}:00+08:00", ends=f"{day}T{ends}:00+08:00", method="automatic",
                           recorder="clerk:1")

    def test_a_rule_that_reads_points_is_asked_when_they_change(self):
        self.activate(rule(self.RULE, name="standing", kind="standing", case='given = {}, expect = { standing = "good" }'))
        self.assertEqual(decisions(self.serve("r:1", "2018-02-01"), "standing.changed"), [])
        result = self.serve("r:2", "2018-02-02")
        self.assertEqual([(d["to"], d["until"]) for d in decisions(result, "standing.changed")], [("suspended", "2018-12-31")])
        revoked = self.stored("service.revoked", record="r:2", reason="x", by="clerk:2")
        self.assertEqual([d["to"] for d in decisions(revoked, "standing.changed")], ["good"])
        self.ask("points.adjust", volunteer="v:1", account="points", amount=500, reason="x", by="clerk:2")
        self.assertEqual(self.standing(), "suspended")
        self.assert_replay_agrees()

    def test_one_that_does_not_is_not(self):
        self.serve("r:1", "2018-02-01")
        before = self.ask("status")["events"]["policy_calls"]
        self.serve("r:2", "2018-02-01", "10:00", "11:00")
        self.assertEqual(self.ask("status")["events"]["policy_calls"] - before, 3, "acceptance, points, star rating")

    def test_training_asks_the_rules_of_points(self):
        self.activate(rule("""
          if context.cause ~= "training.completed" then return { postings = {} } end
          local newest = subject:trainings{}[1]
          return { postings = { { account = "points", amount = newest.minutes, reason = newest.course } } } """,
                           name="points_training", kind="points", case='given = {}, expect = { postings = {} }'))
        self.stored("course.defined", course="c:1", title="理论", topic="theory", minutes=60)
        done = {"volunteer": "v:1", "course": "c:1", "minutes": 45, "on": "2018-01-02"}
        failed = self.stored("training.completed", training="t:1", passed=False, **done)
        self.assertEqual(decisions(failed, "points.posted"), [])
        passed = self.stored("training.completed", training="t:2", passed=True, **done)
        self.assertEqual([(d["amount"], d["reason"]) for d in decisions(passed, "points.posted")], [(45, "c:1")])


if __name__ == "__main__":
    unittest.main()
