"""Attendance becomes records: a check-in and the check-out after it are a stay, and each day of it a record that the daemon names,
under the shipped rule of acceptance. Against the real daemon, by the events' clock."""
import unittest

from eligibility_test import DAY, PeopleTest, rule
from harness import COMMUNITY
from small_city import decisions

NEXT = "2018-08-24"


class StayTest(PeopleTest):
    """The activity a:1 takes place from nine to eleven."""

    def setUp(self):
        super().setUp()
        self.city.on(DAY)
        self.activity("a:1")

    def visit(self, volunteer, starts="09:00", ends="11:00", day=DAY, ends_on=None, activity="a:1", method="qr", out=None, **more):
        """Checks in and out; the result of the check-out."""
        self.step("in", volunteer, f"{day}T{starts}:00+08:00", activity, method, **more)
        return self.step("out", volunteer, f"{ends_on or day}T{ends}:00+08:00", activity, out or method, **more)

    def step(self, way, volunteer, at, activity="a:1", method="qr", **more):
        return self.stored(f"attendance.checked_{way}", at, activity=activity, volunteer=volunteer, at=at, method=method, **more)

    def derived(self, result):
        return decisions(result, "service.derived")

    def decided(self, result):
        """Outcome, minutes and codes of the findings of each record."""
        return [(d["outcome"], d["minutes"], [f["code"] for f in d.get("findings", [])]) for d in decisions(result, "service.decided")]

    def record(self, record):
        return self.ask("record.get", record=record)

    def minutes(self, volunteer):
        return self.ask("volunteer.get", volunteer=volunteer)["minutes"]


class Pairs(StayTest):
    def test_a_check_out_makes_a_record_of_whoever_holds_the_activity(self):
        result = self.visit("v:1")
        (derived,) = self.derived(result)
        self.assertEqual({k: derived[k] for k in derived if k != "record"}, {
            "volunteer": "v:1", "activity": "a:1", "organisation": "org:1", "starts": f"{DAY}T09:00:00+08:00",
            "ends": f"{DAY}T11:00:00+08:00", "minutes": 120, "method": "automatic"})
        self.assertEqual(derived["record"], f"attendance:{result['sequence']}")
        self.assertEqual(self.decided(result), [("accepted", 120, [])])
        shown = self.record(derived["record"])
        self.assertEqual((shown["state"], shown["derived"], shown["counted_minutes"], shown["recorder"], shown["stage"]),
                         ("accepted", True, 120, None, "confirmed"))
        self.assertEqual(self.minutes("v:1"), 120)
        self.assertEqual(self.ids("record.list", "record", volunteer="v:1"), [derived["record"]])
        explained = self.ask("explain", record=derived["record"])
        self.assertEqual(explained["state"], "accepted")
        self.assert_replay_agrees()

    def test_it_earns_points_and_stars_as_a_recorded_one_does(self):
        self.activate(rule("""
          if context.subject ~= "record" or subject.counted_minutes == 0 then return { postings = {} } end
          return { postings = { { account = "points", amount = subject.counted_minutes, reason = "x" } } }""", name="points",
                           kind="points", case="given = { counted_minutes = 0 }, expect = { postings = {} }"))
        self.activate(rule("return subject:minutes{} >= 120 and 1 or 0", name="star_rating", kind="star_rating",
                           case="given = { minutes = 0 }, expect = 0"))
        result = self.visit("v:1")
        self.assertEqual([p["amount"] for p in decisions(result, "points.posted")], [120])
        self.assertEqual([s["to"] for s in decisions(result, "star.changed")], [1])
        (derived,) = self.derived(result)
        revoked = self.stored("service.revoked", record=derived["record"], reason="错签", by="clerk:2")
        self.assertEqual([p["amount"] for p in decisions(revoked, "points.posted")], [-120])
        self.assertEqual([s["to"] for s in decisions(revoked, "star.changed")], [0])
        self.assertEqual(self.minutes("v:1"), 0)
        self.assert_replay_agrees()

    def test_the_weaker_method_of_the_two_is_the_records(self):
        expected = {("qr", "gps"): "automatic", ("qr", "code"): "code", ("group", "qr"): "code", ("manual", "qr"): "manual",
                    ("code", "manual"): "manual"}
        for n, ((first, second), method) in enumerate(expected.items()):
            self.activity(f"m:{n}", starts=8 + n, ends=9 + n)
            result = self.visit("v:1", f"{8 + n:02}:00", f"{9 + n:02}:00", activity=f"m:{n}", method=first, out=second)
            self.assertEqual(self.derived(result)[0]["method"], method, (first, second))

    def test_early_and_late_minutes_do_not_count_unless_the_city_says_so(self):
        result = self.visit("v:1", "08:40", "11:25")
        self.assertEqual([d["minutes"] for d in self.derived(result)], [165], "what was done is recorded as it was")
        self.assertEqual(self.decided(result), [("accepted", 120, ["outside_shift"])])
        self.ask("policy.set", policy="acceptance", parameters={"only_in_shift": False}, **{"from": DAY}, by="clerk:9")
        self.assertEqual(self.decided(self.visit("v:2", "08:40", "11:25")), [("accepted", 165, [])])

    def test_a_shift_is_what_minutes_are_measured_by(self):
        self.activity("a:2", shifts=[{"shift": "s1", "starts": f"{DAY}T09:00:00+08:00", "ends": f"{DAY}T10:00:00+08:00", "places": 3},
                                     {"shift": "s2", "starts": f"{DAY}T10:00:00+08:00", "ends": f"{DAY}T11:00:00+08:00", "places": 3}])
        result = self.visit("v:1", "08:50", "10:10", activity="a:2", shift="s1")
        self.assertEqual(self.derived(result)[0]["shift"], "s1")
        self.assertEqual(self.decided(result), [("accepted", 60, ["outside_shift"])])
        self.assertEqual(self.record(self.derived(result)[0]["record"])["shift"], "s1")

    def test_one_minute_is_the_smallest_that_counts(self):
        self.assertEqual(self.derived(self.step_pair("v:1", "09:00:00", "09:00:59")), [])
        self.assertEqual([d["minutes"] for d in self.derived(self.step_pair("v:1", "09:10:00", "09:11:59"))], [1])

    def step_pair(self, volunteer, starts, ends):
        self.step("in", volunteer, f"{DAY}T{starts}+08:00")
        return self.step("out", volunteer, f"{DAY}T{ends}+08:00")

    def test_the_fourth_check_in_of_a_day_is_held(self):
        outcomes = [self.decided(self.visit("v:1", f"09:{n}0", f"09:{n}5")) for n in range(4)]
        self.assertEqual(outcomes, [[("accepted", 5, [])]] * 3 + [[("held", 5, ["too_many_check_ins"])]])

    def test_each_day_of_an_activity_is_a_record_of_its_own(self):
        self.city.publish_activity("a:3", starts=f"{DAY}T09:00:00+08:00", ends=f"{NEXT}T17:00:00+08:00")
        first = self.visit("v:1", "09:00", "12:00", activity="a:3")
        second = self.visit("v:1", "09:00", "12:00", day=NEXT, activity="a:3")
        self.assertEqual([d["starts"][:10] for d in self.derived(first) + self.derived(second)], [DAY, NEXT])
        self.assertEqual(self.minutes("v:1"), 360)

    def test_a_night_is_split_at_midnight(self):
        self.city.publish_activity("a:4", starts=f"{DAY}T22:00:00+08:00", ends=f"{NEXT}T02:00:00+08:00")
        result = self.visit("v:1", "22:00", "02:00", ends_on=NEXT, activity="a:4")
        parts = self.derived(result)
        self.assertEqual([(d["starts"], d["ends"], d["minutes"]) for d in parts], [
            (f"{DAY}T22:00:00+08:00", f"{NEXT}T00:00:00+08:00", 120), (f"{NEXT}T00:00:00+08:00", f"{NEXT}T02:00:00+08:00", 120)])
        self.assertEqual([d["record"] for d in parts], [f"attendance:{result['sequence']}", f"attendance:{result['sequence']}:2"])
        self.assertEqual(self.decided(result), [("accepted", 120, []), ("accepted", 120, [])])
        self.assertEqual(self.minutes("v:1"), 240)
        self.assert_replay_agrees()

    def test_a_week_at_a_stretch_is_a_record_a_day_and_longer_is_a_mistake(self):
        self.city.on("2018-09-01").publish_activity("a:5", starts="2018-09-01T00:00:00+08:00", ends="2018-09-20T00:00:00+08:00")
        self.step("in", "v:1", "2018-09-01T10:00:00+08:00", "a:5")
        self.refused("out_of_range", "data.at", "attendance.checked_out", "2018-09-08T10:00:01+08:00", activity="a:5",
                     volunteer="v:1", at="2018-09-08T10:00:01+08:00", method="qr")
        result = self.step("out", "v:1", "2018-09-08T10:00:00+08:00", "a:5")
        self.assertEqual([d["minutes"] for d in self.derived(result)], [840] + [1440] * 6 + [600])
        self.assertEqual([d[0] for d in self.decided(result)], ["accepted"] * 8)
        self.assert_replay_agrees()

    def test_two_places_at_once_are_held(self):
        self.activity("a:6", starts=10, ends=12)
        self.step("in", "v:1", f"{DAY}T09:00:00+08:00")
        self.step("in", "v:1", f"{DAY}T10:00:00+08:00", "a:6")
        self.assertEqual(self.decided(self.step("out", "v:1", f"{DAY}T11:00:00+08:00")), [("accepted", 120, [])])
        self.assertEqual(self.decided(self.step("out", "v:1", f"{DAY}T12:00:00+08:00", "a:6")), [("held", 120, ["overlap"])])

    def test_what_an_organiser_records_as_well_is_held_as_overlapping(self):
        self.visit("v:1")
        result = self.stored("service.recorded", f"{DAY}T12:00:00+08:00", record="r:1", volunteer="v:1", organisation="org:1",
                             activity="a:1", starts=f"{DAY}T09:00:00+08:00", ends=f"{DAY}T11:00:00+08:00", method="manual",
                             recorder="clerk:1")
        self.assertEqual(self.decided(result), [("held", 120, ["overlap"])])

    def test_an_activity_of_a_team_gives_records_of_its_organisation_or_of_none(self):
        self.stored("team.formed", team="t:1", name="甲队", category="ecology", organisation="org:2", legal_status="grassroots")
        self.stored("team.formed", team="t:2", name="乙队", category="ecology", region=COMMUNITY, legal_status="grassroots")
        for team, organisation in (("t:1", "org:2"), ("t:2", None)):
            name = f"a:{team}"
            self.stored("activity.published", activity=name, title="清扫", content="清扫", category="ecology", kind="service",
                        team=team, region=COMMUNITY, place={"text": "河堤"}, starts=f"{DAY}T09:00:00+08:00",
                        ends=f"{DAY}T11:00:00+08:00", places=5, risk="路滑")
            (derived,) = self.derived(self.visit("v:1" if organisation else "v:2", activity=name))
            self.assertEqual(derived.get("organisation"), organisation)
            shown = self.record(derived["record"])
            self.assertEqual((shown.get("organisation"), shown["state"]), (organisation, "accepted"))
        self.assert_replay_agrees()

    def test_a_name_that_a_publisher_took_is_passed_over(self):
        after = self.step("in", "v:1", f"{DAY}T09:00:00+08:00")["sequence"]
        taken = [f"attendance:{n}" for n in range(after, after + 12)]
        for n, name in enumerate(taken):
            self.stored("service.recorded", record=name, volunteer="v:2", organisation="org:1", starts=f"2018-08-2{n % 3}T0{n % 9}:00:00+08:00",
                        ends=f"2018-08-2{n % 3}T0{n % 9}:30:00+08:00", method="manual", recorder="clerk:1")
        self.city.on(NEXT)
        result = self.stored("attendance.checked_out", activity="a:1", volunteer="v:1", at=f"{DAY}T11:00:00+08:00", method="qr")
        (derived,) = self.derived(result)
        self.assertNotIn(derived["record"], taken)
        self.assertEqual(self.record(derived["record"])["volunteer"], "v:1")


class Gaps(StayTest):
    def test_who_never_checked_out_gets_nothing_and_is_listed_once_it_is_over(self):
        self.step("in", "v:1", f"{DAY}T09:00:00+08:00")
        self.visit("v:2")
        self.assertEqual(self.ids("attendance.list", "volunteer", missing_check_out=True), [])
        self.city.on(NEXT)
        self.stored("activity.closed", activity="a:1")
        (shown,) = self.ask("attendance.list", activity="a:1", missing_check_out=True)["items"]
        self.assertEqual((shown["volunteer"], shown["missing_check_outs"], shown["check_ins"]), ("v:1", 1, 1))
        self.assertEqual(self.minutes("v:1"), 0)
        late = self.stored("attendance.checked_out", activity="a:1", volunteer="v:1", at=f"{DAY}T11:00:00+08:00", method="manual")
        self.assertEqual([(d["minutes"], d["method"]) for d in self.derived(late)], [(120, "manual")])
        self.assertEqual(self.ids("attendance.list", "volunteer", missing_check_out=True), [])

    def test_on_another_day_people_check_in_anew_and_the_gap_stays_known(self):
        self.city.publish_activity("a:3", starts=f"{DAY}T09:00:00+08:00", ends=f"{NEXT}T17:00:00+08:00")
        self.step("in", "v:1", f"{DAY}T09:00:00+08:00", "a:3")
        self.refused("wrong_state", "data.volunteer", "attendance.checked_in", f"{DAY}T13:00:00+08:00", activity="a:3",
                     volunteer="v:1", at=f"{DAY}T13:00:00+08:00", method="qr")
        result = self.visit("v:1", "09:00", "10:00", day=NEXT, activity="a:3")
        self.assertEqual([d["starts"] for d in self.derived(result)], [f"{NEXT}T09:00:00+08:00"])
        (shown,) = self.ask("attendance.list", activity="a:3", missing_check_out=True)["items"]
        self.assertEqual((shown["missing_check_outs"], shown["check_ins"]), (1, 2))
        self.assert_replay_agrees()

    def test_a_check_out_that_arrives_first_is_refused_and_may_be_sent_again(self):
        at = f"{DAY}T11:00:00+08:00"
        out = {"activity": "a:1", "volunteer": "v:1", "at": at, "method": "qr"}
        self.refused("wrong_state", "data.volunteer", "attendance.checked_out", at, **out)
        self.stored("attendance.checked_in", at, **{**out, "at": f"{DAY}T09:00:00+08:00"})
        self.assertEqual(len(self.derived(self.stored("attendance.checked_out", at, **out))), 1)

    def test_a_derived_record_is_reviewed_corrected_and_revoked_like_any_other(self):
        self.visit("v:1")
        self.activity("a:6", starts=10, ends=12)
        (held,) = self.derived(self.visit("v:1", "10:30", "12:00", activity="a:6"))
        self.assertEqual(self.ids("record.list", "record", state="held"), [held["record"]])
        self.stored("service.reviewed", record=held["record"], outcome="accepted", reviewer="clerk:2")
        self.assertEqual(self.minutes("v:1"), 210)
        corrected = self.stored("service.corrected", record=held["record"], minutes=60, reason="中途离开", by="clerk:2")
        self.assertEqual([d[:2] for d in self.decided(corrected)], [("held", 60)])
        self.stored("service.revoked", record=held["record"], reason="错签", by="clerk:2")
        self.assertEqual(self.minutes("v:1"), 120)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
