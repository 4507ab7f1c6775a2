"""What a correction or a revocation takes back, and what it leaves: points, stars, counters, honours; after a star was given, after
the points were spent or are over, over a month's end, twice. Against the real daemon, by the events' clock."""
import unittest

from eligibility_test import PeopleTest, rule
from harness import CITY
from small_city import decisions

STARS = rule("""
  local hours, stars = subject:minutes{} // 60, 0
  for level, needed in ipairs({ 2, 4, 6, 8, 10 }) do if hours >= needed then stars = level end end
  return stars""", name="star_rating", kind="star_rating", case="given = { minutes = 0 }, expect = 0")
POINTS = rule("""
  if context.subject ~= "record" or subject.counted_minutes == 0 then return { postings = {} } end
  return { postings = { { account = "points", amount = subject.counted_minutes, reason = "x", expires = context.as_of:sub(1, 4) .. "-12-31" } } }
  """, name="points", kind="points", case="given = { counted_minutes = 0 }, expect = { postings = {} }")


class CorrectionTest(PeopleTest):
    def setUp(self):
        super().setUp()
        self.activate(STARS)
        self.activate(POINTS)

    def serve(self, record, day, hours, starts=8, **more):
        self.city.on(max(day, self.city.day))
        return self.stored("service.recorded", **{
            "record": record, "volunteer": "v:1", "organisation": "org:1", "starts": f"{day}T{starts:02}:00:00+08:00",
            "ends": f"{day}T{starts + hours:02}:00:00+08:00", "method": "automatic", "recorder": "clerk:1", **more})

    def correct(self, record, minutes):
        return self.stored("service.corrected", record=record, minutes=minutes, reason="核实", by="clerk:2")

    def revoke(self, record):
        return self.stored("service.revoked", record=record, reason="错录", by="clerk:2")

    def person(self):
        shown = self.ask("volunteer.get", volunteer="v:1")
        account = next((a for a in shown["points"] if a["account"] == "points"), {"balance": 0, "owed": 0})
        return shown["minutes"], shown["stars"], account["balance"], account["owed"]

    def counters(self):
        counters = self.ask("region.get", region=CITY)["counters"]
        return counters["minutes"], counters["records"], counters["stars"][:3]

    def posted(self, result):
        return [p["amount"] for p in decisions(result, "points.posted")]

    def ledger_is_even(self):
        for account in self.ask("status")["ledger"]:
            self.assertEqual(account["persons"] - account["owed"] + sum(
                account[name] for name in ("issue", "expiry", "shop", "adjustment", "held")), 0, account)


class Corrections(CorrectionTest):
    def test_after_a_star_was_given_it_falls_and_rises_again(self):
        self.serve("r:1", "2018-08-02", 4)
        self.assertEqual(self.person(), (240, 2, 240, 0))
        lowered = self.correct("r:1", 130)
        self.assertEqual(([s["to"] for s in decisions(lowered, "star.changed")], self.person()), ([1], (130, 1, 130, 0)))
        self.assertEqual(self.counters(), (130, 1, [2, 1, 0]))
        raised = self.correct("r:1", 240)
        self.assertEqual(([s["to"] for s in decisions(raised, "star.changed")], self.person()), ([2], (240, 2, 240, 0)))
        self.assertEqual(self.ask("record.get", record="r:1")["corrected"], 2)
        self.ledger_is_even()
        self.assert_replay_agrees()

    def test_what_was_corrected_is_revoked_without_a_rest(self):
        self.serve("r:1", "2018-08-02", 4)
        self.serve("r:2", "2018-08-03", 2)
        before = self.serve("r:3", "2018-08-04", 2) and self.person()
        self.correct("r:3", 30)
        self.correct("r:3", 90)
        self.revoke("r:3")
        self.assertEqual(self.person(), (before[0] - 120, 3, before[2] - 120, 0))
        self.assertEqual(self.counters()[1], 2)
        result = self.refused("wrong_state", "data.record", "service.corrected", record="r:3", minutes=10, reason="x", by="clerk:2")
        self.assertIn("revoked", result["message"])
        self.ledger_is_even()
        self.assert_replay_agrees()

    def test_points_that_were_spent_are_owed_and_repaid_by_what_is_earned_next(self):
        self.serve("r:1", "2018-08-02", 4)
        self.stored("reward.offered", reward="w:1", title="毛巾", account="points", cost=200)
        self.stored("reward.redeemed", redemption="x:1", volunteer="v:1", reward="w:1", quantity=1)
        self.assertEqual(self.person()[2:], (40, 0))
        result = self.revoke("r:1")
        self.assertEqual(self.person(), (0, 0, 0, 200))
        self.assertTrue(any(f["code"] == "points_already_spent" for p in decisions(result, "points.posted") for f in p["findings"]))
        self.serve("r:2", "2018-08-05", 4)
        self.assertEqual(self.person()[2:], (40, 0))
        self.ledger_is_even()
        self.assert_replay_agrees()

    def test_points_that_are_over_are_owed_as_those_that_were_spent(self):
        """The contract's rule: a claw-back takes what is there, the rest is owed, wherever it went."""
        self.serve("r:1", "2018-08-02", 4)
        self.city.on("2019-01-02").define_organisation("org:9", "单位")
        self.assertEqual(self.person()[2:], (0, 0))
        self.revoke("r:1")
        self.assertEqual(self.person(), (0, 0, 0, 240))
        self.ledger_is_even()
        self.assert_replay_agrees()

    def test_a_record_over_a_months_end_leaves_both_months(self):
        self.activate(rule("""
          local august = subject:minutes{ from = "2018-08-01", to = "2018-08-31" }
          local september = subject:minutes{ from = "2018-09-01", to = "2018-09-30" }
          return (august == 120 and 1 or 0) + (september == 120 and 4 or september == 30 and 2 or 0)""", name="star_rating",
                           kind="star_rating", case="given = { minutes = 0 }, expect = 0"))
        self.city.on("2018-09-01")
        self.stored("service.recorded", record="r:1", volunteer="v:1", organisation="org:1", starts="2018-08-31T22:00:00+08:00",
                    ends="2018-09-01T02:00:00+08:00", method="automatic", recorder="clerk:1")
        self.assertEqual(self.person()[1], 5, "two hours in each month")
        self.correct("r:1", 150)
        self.assertEqual(self.person()[1], 3, "two hours in August, half an hour in September")
        self.revoke("r:1")
        self.assertEqual(self.person()[:2], (0, 0))
        self.assert_replay_agrees()

    def test_minutes_are_actual_ones_travel_is_left_out_by_who_records(self):
        """Three hours from door to door, of which an hour was the way: the span is told, and the minutes of service within it."""
        self.serve("r:1", "2018-08-02", 3, minutes=120)
        shown = self.ask("record.get", record="r:1")
        self.assertEqual((shown["minutes"], shown["counted_minutes"]), (120, 120))
        self.refused("out_of_range", "data.minutes", "service.recorded", record="r:2", volunteer="v:1", organisation="org:1",
                     starts="2018-08-02T08:00:00+08:00", ends="2018-08-02T09:00:00+08:00", minutes=61, method="manual", recorder="clerk:1")
        self.refused("out_of_range", "data.minutes", "service.corrected", record="r:1", minutes=181, reason="x", by="clerk:2")
        self.refused("out_of_range", "data.ends", "service.recorded", record="r:3", volunteer="v:1", organisation="org:1",
                     starts="2018-08-02T08:00:00+08:00", ends="2018-08-02T08:00:59+08:00", method="manual", recorder="clerk:1")


class TwoClerks(CorrectionTest):
    def setUp(self):
        super().setUp()
        self.serve("r:1", "2018-08-02", 2)
        self.serve("r:2", "2018-08-02", 2, starts=9)  # overlaps: held by the shipped rule

    def review(self, outcome="accepted", reviewer="clerk:2"):
        return {"record": "r:2", "outcome": outcome, "reviewer": reviewer}

    def test_the_second_clerk_is_told_what_stands(self):
        self.stored("service.reviewed", **self.review())
        result = self.refused("wrong_state", "data.record", "service.reviewed", **self.review("refused", "clerk:3"))
        self.assertIn("accepted", result["message"])
        self.assertEqual(self.ask("record.get", record="r:2")["state"], "accepted")

    def test_nobody_approves_an_entry_of_their_own(self):
        self.refused("self_review", "data.reviewer", "service.reviewed", **self.review(reviewer="clerk:1"))
        self.assertEqual(self.ask("record.get", record="r:2")["state"], "held")


class Honours(CorrectionTest):
    def setUp(self):
        super().setUp()
        self.serve("r:1", "2018-08-02", 4)
        self.stored("honour.defined", honour="h:1", title="天水好人", level="municipal", approvals=0, notice_days=0)
        self.stored("honour.nominated", nomination="n:1", honour="h:1", subject={"kind": "volunteer", "id": "v:1"}, year=2018)

    def nomination(self, nomination="n:1"):
        shown = self.ask("nomination.get", nomination=nomination)
        return shown["state"], shown["hours_changed"]

    def test_what_rested_on_hours_that_were_taken_back_says_so(self):
        self.assertEqual(self.nomination(), ("nominated", 0))
        self.correct("r:1", 60)
        self.assertEqual(self.nomination(), ("nominated", 1))
        self.stored("honour.awarded", nomination="n:1", on="2018-08-02")
        self.revoke("r:1")
        self.assertEqual(self.nomination(), ("awarded", 2), "an award stays until somebody withdraws it")
        self.stored("honour.withdrawn", nomination="n:1", reason="时长不实", by="clerk:5")
        self.assertEqual(self.nomination(), ("withdrawn", 2))
        self.assert_replay_agrees()

    def test_more_hours_than_before_concern_no_nomination(self):
        self.correct("r:1", 60)
        self.correct("r:1", 120)
        self.assertEqual(self.nomination(), ("nominated", 1))

    def test_each_open_or_awarded_nomination_of_the_person_says_so(self):
        self.stored("honour.nominated", nomination="n:2", honour="h:1", subject={"kind": "volunteer", "id": "v:1"}, year=2019)
        self.stored("honour.reviewed", nomination="n:1", stage="初评", outcome="refused", by="clerk:5")
        self.revoke("r:1")
        self.assertEqual((self.nomination(), self.nomination("n:2")), (("refused", 0), ("nominated", 1)))


if __name__ == "__main__":
    unittest.main()
