"""What an activation says about the past: from now on, from a day on, all history; at once, or when its day comes."""

import unittest

from harness import QueryError
from ruled_city import RuledCityTest, acceptance, points, rule, stars
from small_city import OTHER_COUNTY


class RetroactivityTest(RuledCityTest):
    def decided(self):
        return [(event["data"]["record"], event["data"]["outcome"], event["data"]["minutes"])
                for event in self.events("service.decided")]

    def record(self, name):
        record = self.served.query("record.get", record=name)
        return record["state"], record["counted_minutes"]

    def serve(self, *records):
        for name, day, minutes in records:
            self.city.serve_on(name, "v1", day, minutes)

    # ---- people ----

    def test_from_now_asks_nobody_before_something_happens(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(stars([10]))
        self.serve(("r1", "2018-02-01", 120))
        self.city.activate(stars([1]))
        self.city.midnight("2018-03-05")
        self.assertEqual(self.changes(), [])
        self.serve(("r2", "2018-02-02", 60))
        self.assertEqual(self.changes(), [("v1", 0, 1)])

    def test_people_are_rated_anew_at_once_whatever_the_word(self):
        for number, word in enumerate(("from_date", "all_history"), 1):
            self.people(f"v{number}")
            self.city.activate(acceptance(), retroactivity="all_history")
            self.city.activate(stars([10]))
            self.city.serve_on(f"r{number}", f"v{number}", "2018-02-01", 120)
            self.city.activate(stars([1]), retroactivity=word)
            self.finish_runs()
            self.assertEqual(self.stars_of(f"v{number}"), 1)
        self.assert_replays()

    def test_a_future_day_asks_when_it_comes(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(stars([10]))
        self.serve(("r1", "2018-02-01", 120))
        self.city.activate(stars([1]), effective="2018-03-04", retroactivity="all_history")
        self.city.midnight("2018-03-03")
        self.assertEqual(self.changes(), [])
        self.city.midnight("2018-03-04")
        self.assertEqual(self.changes(), [("v1", 0, 1)])
        (tick,) = [event for event in self.events("clock.ticked") if event["data"]["date"] == "2018-03-04"]
        self.assertEqual(self.events("star.changed")[0]["causationid"], tick["sequence"])
        self.assert_replays()

    def test_a_future_day_from_now_on_asks_nobody(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(stars([10]))
        self.serve(("r1", "2018-02-01", 120))
        self.city.activate(stars([1]), effective="2018-03-04")
        self.city.midnight("2018-03-05")
        self.assertEqual(self.changes(), [])

    def test_a_later_set_of_parameters_asks_when_its_day_comes(self):
        self.people("v1")
        self.city.activate(acceptance())
        text = stars([10]).replace('["2000-01-01"]', '["2018-03-04"] = { hours = { 1 } }, ["2000-01-01"]')
        self.city.activate(text, retroactivity="all_history")
        self.serve(("r1", "2018-02-01", 120))
        self.city.midnight("2018-03-03")
        self.assertEqual(self.changes(), [])
        self.city.midnight("2018-03-04")
        self.assertEqual(self.changes(), [("v1", 0, 1)])
        self.city.midnight("2018-03-06")
        self.assertEqual(len(self.changes()), 1)

    def test_a_revision_that_was_replaced_before_its_day_asks_nobody(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(stars([10]))
        self.serve(("r1", "2018-02-01", 120))
        self.city.activate(stars([1]), effective="2018-03-04", retroactivity="all_history")
        self.city.activate(stars([5]))
        self.city.midnight("2018-03-05")
        self.assertEqual(self.changes(), [])

    def test_a_county_rule_asks_its_own_people(self):
        self.people("v1")
        self.people_of_other_county("v2")
        self.city.activate(acceptance())
        self.city.serve_on("r1", "v1", "2018-02-01", 120)
        self.city.serve_on("r2", "v2", "2018-02-01", 120)
        self.city.activate(stars([1], name="star_rating_county", scope=OTHER_COUNTY), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.changes(), [("v2", 0, 1)])
        self.city.activate(stars([2]), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.changes(), [("v2", 0, 1), ("v1", 0, 1)])

    # ---- records ----

    def test_acceptance_from_a_day_decides_what_was_served_since(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.serve(("r1", "2018-01-31", 600), ("r2", "2018-02-01", 600), ("r3", "2018-02-02", 100))
        self.city.activate(acceptance(most=300), effective="2018-02-01", retroactivity="from_date")
        self.finish_runs()
        self.assertEqual([self.record(name) for name in ("r1", "r2", "r3")],
                         [("accepted", 600), ("accepted", 300), ("accepted", 100)])
        self.assertEqual(self.decided()[3:], [("r2", "accepted", 300)])
        self.assertEqual(self.served.query("volunteer.get", volunteer="v1")["minutes"], 1000)
        self.assert_replays()

    def test_acceptance_for_all_history_decides_everything_and_holds_before_its_day(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.serve(("r1", "2018-01-31", 600), ("r2", "2018-02-01", 600))
        self.city.activate(acceptance(most=300), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual([self.record(name) for name in ("r1", "r2")], [("accepted", 300), ("accepted", 300)])
        self.serve(("r3", "2018-01-10", 600))  # late: of a day before the revision's own
        self.assertEqual(self.record("r3"), ("accepted", 300))
        self.assert_replays()

    def test_all_history_goes_no_further_back_than_the_parameters(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.serve(("r1", "2018-01-31", 600), ("r2", "2018-02-01", 600))
        self.city.activate(acceptance(most=300, day="2018-02-01"), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual([self.record(name) for name in ("r1", "r2")], [("accepted", 600), ("accepted", 300)])

    def test_what_was_held_may_count_and_what_counted_may_be_held(self):
        self.people("v1")
        self.city.activate(acceptance(held=400))
        self.city.activate(points(10))
        self.serve(("r1", "2018-02-01", 600), ("r2", "2018-02-02", 120))
        self.assertEqual(self.record("r1")[0], "held")
        self.city.activate(acceptance(), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.record("r1"), self.balance("v1")), (("accepted", 600), (120, 0)))
        self.city.activate(acceptance(held=100), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.record("r1")[0], self.record("r2")[0], self.balance("v1")), ("held", "held", (0, 0)))
        self.assert_replays()

    def test_what_a_reviewer_decided_stays(self):
        self.people("v1")
        self.city.activate(acceptance(held=400))
        self.serve(("r1", "2018-02-01", 600), ("r2", "2018-02-02", 600))
        for name, outcome in (("r1", "accepted"), ("r2", "refused")):
            self.city.send("service.reviewed", {"record": name, "outcome": outcome, "reviewer": "clerk:2"})
        self.city.activate(acceptance(most=60), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.record("r1"), self.record("r2")[0]), (("accepted", 600), "refused"))

    def test_what_a_reviewer_decided_is_decided_anew_once_it_was_corrected(self):
        self.people("v1")
        self.city.activate(acceptance(held=400))
        self.serve(("r1", "2018-02-01", 600))
        self.city.send("service.reviewed", {"record": "r1", "outcome": "accepted", "reviewer": "clerk:2"})
        self.city.send("service.corrected", {"record": "r1", "minutes": 300, "reason": "更正", "by": "clerk:2"})
        self.city.activate(acceptance(most=60), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.record("r1"), ("accepted", 60))

    def test_points_anew_are_the_difference_and_other_rules_are_left_alone(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(points(10))
        self.city.activate(points(100, name="bonus"))
        self.serve(("r1", "2018-01-31", 120), ("r2", "2018-02-01", 120), ("r3", "2018-02-02", 30))
        self.assertEqual(sorted(self.postings("v1")), [20, 20, 200, 200])
        self.city.activate(points(15), effective="2018-02-01", retroactivity="from_date")
        self.finish_runs()
        self.assertEqual(self.postings("v1")[4:], [30, -20])
        back = self.events("points.posted")[-1]
        self.assertEqual(back["policyrevision"], "points:2")
        self.assertEqual([event["data"]["amount"] for event in self.events("points.posted")
                          if int(event["sequence"]) == back["data"]["reverses"]], [20])
        self.assertEqual(self.balance("v1"), (450, 0))
        self.city.activate(points(15), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.postings("v1")[6:], [30, -20])
        self.assertEqual(self.balance("v1"), (460, 0))
        self.assert_replays()

    def test_the_same_points_again_post_nothing(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(points(10))
        self.serve(("r1", "2018-01-31", 120))
        self.city.activate(points(10), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.postings("v1"), [20])

    def test_a_countys_first_rule_takes_the_place_of_what_the_citys_gave(self):
        self.people("v1")
        self.city.define_organisation("org:2", "县单位", region=OTHER_COUNTY)
        self.city.activate(acceptance())
        self.city.activate(points(10))
        self.city.serve_on("r1", "v1", "2018-01-31", 120, organisation="org:2")
        self.city.serve_on("r2", "v1", "2018-02-01", 120)
        self.city.activate(points(7, name="county", scope=OTHER_COUNTY), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.postings("v1"), [20, 20, 14, -20])
        self.assert_replays()

    # ---- what is refused, what is shown ----

    def test_a_kind_whose_decisions_stand_is_refused_with_the_reason(self):
        text = rule("registration", '\n    return "accepted"', {"2000-01-01": {}}, '{ name = "一", given = {}, expect = "accepted" }')
        for word in ("from_date", "all_history"):
            with self.assertRaises(QueryError) as raised:
                self.city.activate(text, retroactivity=word)
            self.assertEqual((raised.exception.data["code"], raised.exception.data["field"]), ("out_of_range", "retroactivity"))
            self.assertIn("from_now", str(raised.exception))
        self.city.activate(text)

    def test_the_history_and_the_journal_say_which_run_it_is(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.serve(("r1", "2018-01-31", 120), ("r2", "2018-02-01", 120))
        answer = self.city.activate(acceptance(most=60), retroactivity="all_history")
        self.finish_runs()
        run = self.served.query("policy.history", policy="acceptance")["items"][-1]["run"]
        self.assertEqual((run["kind"], run["cause"], run["schedule"], run["judged"], run["total"], run["done"]),
                         ("acceptance", answer["sequence"], False, 2, 2, True))
        progress = self.events("run.progressed")[-1]["data"]
        self.assertEqual((progress["kind"], progress["total"], progress["cursor"], progress["done"]), ("acceptance", 2, 2, True))


if __name__ == "__main__":
    unittest.main()
