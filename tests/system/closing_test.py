"""An activity is closed: whoever was to come and did not was absent, unless the place was given back in time; what that does
to a standing. Against the real daemon, by the events' clock."""
import unittest

from eligibility_test import DAY, PeopleTest
from harness import event, eventually
from small_city import decisions

EVENING = f"{DAY}T18:00:00+08:00"


class ClosingTest(PeopleTest):
    def close(self, activity="a:1", time=EVENING):
        self.stored("activity.closed", time, activity=activity)
        eventually(lambda: not self.ask("status")["runs"], "the runs to end")

    def absences(self, volunteer):
        return [(item["activity"], item["excused"]) for item in self.ask("volunteer.get", volunteer=volunteer)["absences"]]

    def record(self, volunteer, record, activity="a:1", time=EVENING, **more):
        return self.stored("service.recorded", time, record=record, volunteer=volunteer, activity=activity, organisation="org:1",
                           starts=f"{DAY}T09:00:00+08:00", ends=f"{DAY}T11:00:00+08:00", method="manual", recorder="clerk:1", **more)

    def test_who_was_to_come_and_did_not_was_absent(self):
        self.city.register("v:4")
        self.activity("a:1", places=2)
        self.enrol("v:1")
        self.enrol("v:2")
        self.enrol("v:3")  # waits
        self.stored("enrolment.requested", activity="a:1", volunteer="v:4", by="self")
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:4")
        self.check_in("v:1")
        self.close()
        self.assertEqual([self.absences(name) for name in ("v:1", "v:2", "v:3", "v:4")], [[], [("a:1", False)], [], []])
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["attended"], shown["missed"], shown["state"]), (1, 1, "closed"))
        self.assert_replay_agrees()

    def test_the_daemon_writes_it_under_its_own_source_because_of_the_closing(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.close()
        (closed,) = self.ask("journal.read", after=0, types=["activity.closed"], limit=10)["events"]
        (missed,) = self.ask("journal.read", after=0, types=["attendance.missed"], limit=10)["events"]
        self.assertEqual((missed["source"], int(missed["causationid"])), ("/volunteerd/620500000000", int(closed["sequence"])))
        self.assertEqual(missed["data"], {"activity": "a:1", "volunteer": "v:1"})

    def test_an_absence_that_was_told_stays_as_it_was(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.stored("attendance.missed", f"{DAY}T10:00:00+08:00", activity="a:1", volunteer="v:1", excused=True)
        self.close()
        self.assertEqual(self.absences("v:1"), [("a:1", True)])

    def test_it_may_be_excused_afterwards(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.close()
        self.stored("attendance.missed", EVENING, activity="a:1", volunteer="v:1", excused=True)
        self.assertEqual(self.absences("v:1"), [("a:1", True)])

    def test_who_served_by_a_paper_list_was_not_absent(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.enrol("v:2")
        self.record("v:1", "r:1")
        self.close()
        self.assertEqual((self.absences("v:1"), self.absences("v:2")), ([], [("a:1", False)]))
        # The second sheet turns up the next day.
        self.record("v:2", "r:2", time="2018-08-24T09:00:00+08:00")
        self.assertEqual(self.absences("v:2"), [])
        self.assertEqual(self.ask("activity.get", activity="a:1")["missed"], 0)
        self.assert_replay_agrees()

    def test_a_check_in_that_arrives_late_takes_it_back(self):
        self.activity("a:1")
        self.enrol("v:1")
        self.close()
        self.check_in("v:1", time=EVENING)
        self.assertEqual(self.absences("v:1"), [])

    def test_each_shift_counts_and_one_that_lies_ahead_does_not(self):
        hours = {"s:1": ("09:00:00", "10:00:00"), "s:2": ("17:00:00", "19:00:00"), "s:3": ("20:00:00", "21:00:00")}
        self.activity("a:1", places=9, shifts=[{
            "shift": name, "places": 3, "starts": f"{DAY}T{a}+08:00", "ends": f"{DAY}T{b}+08:00"} for name, (a, b) in hours.items()])
        for name in hours:
            self.enrol("v:1", shift=name)
        self.check_in("v:1", shift="s:1")
        self.close()
        missed = self.ask("journal.read", after=0, types=["attendance.missed"], limit=10)["events"]
        self.assertEqual([item["data"]["shift"] for item in missed], ["s:2"])

    def test_five_absences_in_a_year_end_the_registration_and_the_decision_can_be_asked_again(self):
        for day in range(1, 6):
            self.activity(f"a:{day}", day=f"2018-09-0{day}")
            self.enrol("v:1", f"a:{day}")
        for day in range(1, 6):
            self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["standing"], "good")
            self.close(f"a:{day}", f"2018-09-0{day}T20:00:00+08:00")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["standing"], "deregistered")
        (changed,) = self.ask("journal.read", after=0, types=["standing.changed"], limit=10)["events"]
        self.assertEqual([f["code"] for f in changed["data"]["findings"]], ["absences"])
        replayed = self.ask("policy.replay", sequence=int(changed["sequence"]), wait_ms=30000)["result"]
        self.assertTrue(replayed["same"], replayed)

    def test_what_is_cancelled_at_the_last_minute_counts_where_the_rule_says_so(self):
        self.ask("policy.set", policy="standing", parameters={"late_hours": 2}, **{"from": "2018-08-01"})
        times = ("06:59:00", "07:00:00", "07:01:00", "08:59:00", "08:00:00", "08:00:00", "08:00:00")
        for number in range(1, 8):
            self.activity(f"a:{number}", day=f"2018-09-0{number}")
            self.enrol("v:1", f"a:{number}")
        standings = []
        for number, at in enumerate(times, 1):
            self.stored("enrolment.cancelled", f"2018-09-0{number}T{at}+08:00", activity=f"a:{number}", volunteer="v:1")
            standings.append(self.ask("volunteer.get", volunteer="v:1")["standing"])
        self.assertEqual(standings, ["good"] * 6 + ["deregistered"])
        self.assertEqual([item["notice_minutes"] for item in self.ask("volunteer.get", volunteer="v:1")["cancellations"]],
                         [121, 120, 119, 1, 60, 60, 60])
        (changed,) = self.ask("journal.read", after=0, types=["standing.changed"], limit=10)["events"]
        self.assertEqual([f["code"] for f in changed["data"]["findings"]], ["absences", "late_cancellations"])

    def test_a_big_activity_is_closed_by_a_run_and_all_who_missed_it_are_found(self):
        names = [f"m:{i:04}" for i in range(1500)]
        self.activate('''return { name = "registration", kind = "registration", title = "试行", texts = {},
          decide = function(volunteer) return "accepted" end, cases = { { name = "一例", given = {}, expect = "accepted" } } }''')
        self.city.send_all([event("volunteer.registered", {"volunteer": name, "region": "620502001001"}) for name in names])
        self.activity("a:1", places=1500)
        results = self.city.send_all([event("enrolment.requested", {"activity": "a:1", "volunteer": name, "by": "team"}) for name in names])
        self.assertTrue(all(decisions(result, "enrolment.decided")[0]["outcome"] == "accepted" for result in results))
        self.city.send_all([event("attendance.checked_in", {"activity": "a:1", "volunteer": name, "at": f"{DAY}T09:00:00+08:00", "method": "group"},
                                  time=f"{DAY}T12:00:00+08:00") for name in names[::3]])
        self.close()
        shown = self.ask("activity.get", activity="a:1")
        self.assertEqual((shown["attended"], shown["missed"]), (500, 1000))
        self.assertEqual(self.absences(names[1]), [("a:1", False)])
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
