"""The waiting list moves up by itself: whoever waited first and may come has the place that came free, at once where few
wait and by a run where many do. Against the real daemon, by the events' clock."""
import time
import unittest

from eligibility_test import DAY, PeopleTest, rule
from harness import event, eventually
from small_city import decisions

MANY = 10000
PLACES = 40


class WaitingTest(PeopleTest):
    def moved(self, result):
        """Who was moved up because of this, in order."""
        decided = decisions(result, "enrolment.decided")
        for data in decided:
            self.assertEqual(data["outcome"], "accepted")
            self.assertIn("moved_up", [finding["code"] for finding in data["findings"]])
        return [data["volunteer"] for data in decided]

    def cancel(self, volunteer, activity="a:1", **more):
        return self.moved(self.stored("enrolment.cancelled", activity=activity, volunteer=volunteer, **more))

    def with_people(self, *names):
        for name in names:
            self.city.register(name)

    def enrolment_of(self, volunteer, activity="a:1"):
        (item,) = self.ask("enrolment.list", volunteer=volunteer, activity=activity)["items"]
        return self.ask("enrolment.get", enrolment=item["enrolment"])

    def finish_runs(self):
        eventually(lambda: not self.ask("status")["runs"], "the runs to end")


class MovesUpTest(WaitingTest):
    def test_who_waited_first_has_the_place_that_is_given_back(self):
        self.with_people("v:4")
        self.activity("a:1", places=1)
        for name in ("v:1", "v:2", "v:3", "v:4"):
            self.enrol(name)
        self.assertEqual([self.enrolment_of(name).get("waiting_place") for name in ("v:1", "v:2", "v:3", "v:4")], [None, 1, 2, 3])
        self.assertEqual(self.cancel("v:1"), ["v:2"])
        self.assertEqual(self.enrolment_of("v:4")["waiting_place"], 2)
        self.assertEqual(self.cancel("v:3"), [])  # nobody had that place
        self.assertEqual(self.cancel("v:2"), ["v:4"])
        self.assertEqual(self.states(activity="a:1"),
                         {"v:1": "cancelled", "v:2": "cancelled", "v:3": "cancelled", "v:4": "accepted"})
        self.assert_replay_agrees()

    def test_the_decision_says_what_it_follows_from_and_can_be_asked_again(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1")
        (_, _, moved) = self.ask("journal.read", after=0, types=["enrolment.decided"], limit=10)["events"]
        (cancelled,) = self.ask("journal.read", after=0, types=["enrolment.cancelled"], limit=10)["events"]
        self.assertEqual(int(moved["causationid"]), int(cancelled["sequence"]))
        self.assertTrue(self.ask("policy.replay", sequence=int(moved["sequence"]))["result"]["same"])

    def test_who_enrols_anew_waits_at_the_end(self):
        self.activity("a:1", places=1)
        for name in ("v:1", "v:2", "v:3"):
            self.enrol(name)
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:2")
        self.enrol("v:2")
        self.assertEqual(self.cancel("v:1"), ["v:3"])

    def test_a_place_that_a_reviewer_takes_away_goes_to_the_next(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        self.assertEqual(self.moved(self.review("v:1", "refused")), ["v:2"])
        self.assertEqual(self.moved(self.review("v:2", "waitlisted")), ["v:2"])  # nobody else waits

    def test_more_places_take_as_many_as_they_are(self):
        self.with_people("v:4")
        self.activity("a:1", places=1)
        for name in ("v:1", "v:2", "v:3", "v:4"):
            self.enrol(name)
        changed = self.stored("activity.changed", activity="a:1", changes={"places": 3})
        self.assertEqual(self.moved(changed), ["v:2", "v:3"])
        self.assertEqual(self.ask("activity.get", activity="a:1")["places_left"], 0)

    def test_a_shift_has_a_list_of_its_own(self):
        hours = {"early": ("09:00:00", "10:00:00"), "late": ("10:00:00", "11:00:00")}
        self.activity("a:1", places=2, shifts=[{
            "shift": name, "places": 1, "starts": f"{DAY}T{a}+08:00", "ends": f"{DAY}T{b}+08:00"} for name, (a, b) in hours.items()])
        self.enrol("v:1", shift="early")
        self.enrol("v:2", shift="late")
        self.assertEqual(self.enrol("v:3", shift="late"), ("waitlisted", ["no_places"]))
        self.assertEqual(self.cancel("v:1", shift="early"), [])
        self.assertEqual(self.cancel("v:2", shift="late"), ["v:3"])

    def test_who_may_not_come_is_passed_over_and_goes_on_waiting(self):
        self.city.register("v:young", guardian_consent={"by": "母亲", "on": "2018-08-01"}, born="2002-05",
                           identity={"name": "某", "document_kind": "passport", "number": "E1"})
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.assertEqual(self.enrol("v:young"), ("waitlisted", ["no_places"]))
        self.stored("activity.changed", activity="a:1", changes={"needs": {"min_age": 18}})
        self.enrol("v:2")
        self.assertEqual(self.cancel("v:1"), ["v:2"])
        self.assertEqual(self.states(activity="a:1", state="waitlisted"), {"v:young": "waitlisted"})

    def test_a_suspended_person_is_passed_over(self):
        self.activity("a:1", places=1)
        for name in ("v:1", "v:2", "v:3"):
            self.enrol(name)
        self.stored("volunteer.suspended", volunteer="v:2", reason="核查")
        self.assertEqual(self.cancel("v:1"), ["v:3"])

    def test_insurance_that_is_bought_lets_those_come_who_waited_for_it(self):
        self.activity("a:1", domains=["抢险救灾"])
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["insurance_missing"]))
        self.assertEqual(self.enrol("v:2"), ("waitlisted", ["insurance_missing"]))
        changed = self.stored("activity.changed", activity="a:1", changes={"insurance": "意外险 62-0018"})
        self.assertEqual(self.moved(changed), ["v:1", "v:2"])

    def test_who_withdraws_leaves_every_place_to_the_next(self):
        self.activity("a:1", places=1)
        self.activity("a:2", places=1, day="2018-08-24")
        for activity in ("a:1", "a:2"):
            self.enrol("v:1", activity)
            self.enrol("v:2", activity)
        left = decisions(self.stored("volunteer.withdrawn", volunteer="v:1", reason="离开"), "enrolment.decided")
        self.assertEqual([(data["activity"], data["volunteer"]) for data in left], [("a:1", "v:2"), ("a:2", "v:2")])

    def test_nobody_is_moved_up_into_what_has_begun(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        self.assertEqual(self.cancel("v:1", time=f"{DAY}T09:00:00+08:00"), [])
        self.assertEqual(self.states(activity="a:1", state="waitlisted"), {"v:2": "waitlisted"})

    def test_what_goes_on_for_weeks_takes_people_until_it_ends(self):
        self.city.publish_activity("a:1", places=1, starts="2018-08-02T00:00:00+08:00", ends="2018-12-31T00:00:00+08:00")
        self.enrol("v:1")
        self.enrol("v:2")
        self.assertEqual(self.cancel("v:1", time="2018-09-01T09:00:00+08:00"), ["v:2"])

    def test_a_rule_that_fails_moves_nobody_up(self):
        self.activity("a:1", places=1)
        self.enrol("v:1")
        self.enrol("v:2")
        self.activate(rule('if subject.places_left > 0 then error("kaputt") end return "waitlisted"',
                           case='given = { places_left = 0 }, expect = "waitlisted"'))
        self.assertEqual(self.cancel("v:1"), [])
        self.assertEqual(self.states(activity="a:1", state="waitlisted"), {"v:2": "waitlisted"})


class ManyTest(WaitingTest):
    def enrol_many(self, names, activity="a:1"):
        """All in one message; the outcome of each, and how long it took."""
        began = time.monotonic()
        answer = self.city.daemon.publish([event("enrolment.requested", {"activity": activity, "volunteer": name, "by": "self"},
                                                 time="2018-08-02T12:00:00+08:00") for name in names])
        took = time.monotonic() - began
        return [decisions(result, "enrolment.decided")[0]["outcome"] for result in answer["results"]], took

    def accept_everybody(self):
        self.activate(rule('return "accepted"', name="registration", kind="registration", case='given = {}, expect = "accepted"'))

    def register_many(self, n):
        names = [f"m:{i:05}" for i in range(n)]
        for first in range(0, n, 5000):
            self.city.send_all([event("volunteer.registered", {"volunteer": name, "region": "620502001001", "born": "1990-01"})
                                for name in names[first:first + 5000]])
        return names

    def test_of_ten_thousand_for_forty_places_the_first_forty_come_and_the_rest_wait_in_order(self):
        self.accept_everybody()
        names = self.register_many(MANY)
        self.activity("a:1", places=PLACES)
        outcomes, took = self.enrol_many(names)
        self.assertEqual(outcomes, ["accepted"] * PLACES + ["waitlisted"] * (MANY - PLACES))
        self.assertLess(took, 60, "ten thousand enrolments in one message")
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["enrolled"], shown["waitlisted"], shown["places_left"]), (PLACES, MANY - PLACES, 0))
        self.assertEqual(self.enrolment_of(names[-1])["waiting_place"], MANY - PLACES)
        # The list is long: a run goes over it, no further than it must.
        self.stored("enrolment.cancelled", activity="a:1", volunteer=names[3])
        self.finish_runs()
        self.assertEqual(self.states(activity="a:1", volunteer=names[PLACES]), {names[PLACES]: "accepted"})
        self.assertEqual(self.enrolment_of(names[-1])["waiting_place"], MANY - PLACES - 1)
        # 5,000 more places: many chunks, and still nobody beyond them.
        self.stored("activity.changed", activity="a:1", changes={"places": 5000})
        self.finish_runs()
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["enrolled"], shown["waitlisted"], shown["places_left"]), (5000, MANY - 5001, 0))
        self.assertEqual(self.states(activity="a:1", volunteer=names[5000]), {names[5000]: "accepted"})
        self.assertEqual(self.states(activity="a:1", volunteer=names[5001]), {names[5001]: "waitlisted"})
        moved = self.ask("journal.read", after=0, types=["enrolment.decided"], limit=10000)
        self.assertTrue(moved["events"])
        self.assert_replay_agrees()

    def test_each_of_many_cancellations_costs_the_same(self):
        self.accept_everybody()
        names = self.register_many(3000)
        self.activity("a:1", places=1000)
        self.enrol_many(names)
        began = time.monotonic()
        self.city.daemon.publish([event("enrolment.cancelled", {"activity": "a:1", "volunteer": name},
                                        time="2018-08-02T13:00:00+08:00") for name in names[:1000]])
        self.finish_runs()
        self.assertLess(time.monotonic() - began, 60)
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["enrolled"], shown["waitlisted"]), (1000, 1000))
        self.assertEqual(self.states(activity="a:1", volunteer=names[1999]), {names[1999]: "accepted"})
        self.assertEqual(self.states(activity="a:1", volunteer=names[2000]), {names[2000]: "waitlisted"})

    def test_who_asks_while_others_move_up_waits_behind_them(self):
        self.accept_everybody()
        names = self.register_many(2000)
        self.activity("a:1", places=1)
        self.enrol_many(names[:-1])
        # The change and the request come in one message: the run begins behind both.
        answer = self.city.daemon.publish([
            event("activity.changed", {"activity": "a:1", "changes": {"places": 1999}}, time="2018-08-03T12:00:00+08:00"),
            event("enrolment.requested", {"activity": "a:1", "volunteer": names[-1], "by": "self"}, time="2018-08-03T12:00:01+08:00")])
        (decided,) = decisions(answer["results"][1], "enrolment.decided")
        self.assertEqual(decided["outcome"], "waitlisted")
        self.finish_runs()
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["enrolled"], shown["waitlisted"]), (1999, 1))
        self.assertEqual(self.states(activity="a:1", state="waitlisted"), {names[-1]: "waitlisted"})
        self.stored("activity.changed", activity="a:1", changes={"places": 2000})
        self.assertEqual(self.states(activity="a:1", volunteer=names[-1]), {names[-1]: "accepted"})


if __name__ == "__main__":
    unittest.main()
