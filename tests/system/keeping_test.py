"""What was granted is kept under a new rule, unless its activation says that it may be withdrawn."""

import unittest

from ruled_city import RuledCityTest, acceptance, points, rule, stars

YEAR = """
    local stars = 0
    if record:minutes{ from = context.year .. "-01-01" } >= parameters.hours * 60 then stars = 1 end
    return stars"""


class KeepingTest(RuledCityTest):
    def rated(self, hours, *served):
        """v1 with three stars by hours, of what was served."""
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(stars(hours))
        for number, minutes in enumerate(served, 1):
            self.city.serve_on(f"r{number}", "v1", f"2018-02-{number:02d}", minutes)

    def last_change(self):
        return self.events("star.changed")[-1]

    # ---- stars ----

    def test_stars_of_an_earlier_rule_are_kept_by_a_run_and_by_later_events(self):
        self.rated([1, 2, 3], 180)
        self.assertEqual(self.stars_of("v1"), 3)
        self.city.activate(stars([10, 20, 30]), retroactivity="all_history")
        self.finish_runs()
        self.city.serve_on("r9", "v1", "2018-02-20", 60)
        self.assertEqual(self.stars_of("v1"), 3)
        self.assertEqual(self.changes(), [("v1", 0, 3)])
        explained = self.city.daemon.query("explain", volunteer="v1")
        self.assertEqual((explained["stars"], explained["rule"]["stars"], explained["rule"]["kept"]),
                         (3, 0, {"stars": 3, "granted_by": "star_rating:1"}))
        self.assert_replays()

    def test_stars_fall_where_the_activation_withdraws(self):
        self.rated([1, 2, 3], 180)
        self.city.activate(stars([2, 20, 30]), retroactivity="all_history", withdraw=True)
        self.finish_runs()
        self.assertEqual(self.changes()[-1], ("v1", 3, 1))
        self.assertEqual(self.last_change()["policyrevision"], "star_rating:2")
        self.assert_replays()

    def test_own_hours_corrected_take_stars_away_as_far_as_the_granting_rule_does(self):
        self.rated([1, 2, 3], 180)
        self.city.activate(stars([10, 20, 30]), retroactivity="all_history")
        self.finish_runs()
        self.city.send("service.corrected", {"record": "r1", "minutes": 130, "reason": "更正", "by": "clerk:2"})
        change = self.last_change()
        self.assertEqual((change["data"]["from"], change["data"]["to"]), (3, 2))
        self.assertEqual((change["policyrevision"], change["data"]["granted_by"]), ("star_rating:2", "star_rating:1"))
        self.assertEqual([(item["code"], item["value"]) for item in change["data"]["findings"]], [("kept_from_earlier_rule", 2)])
        self.city.send("service.corrected", {"record": "r1", "minutes": 70, "reason": "更正", "by": "clerk:2"})
        self.assertEqual(self.changes()[-1], ("v1", 2, 1))  # the first revision has the say still
        self.city.send("service.revoked", {"record": "r1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(self.changes()[-1], ("v1", 1, 0))
        self.assertNotIn("granted_by", self.last_change()["data"])
        self.assert_replays()

    def test_a_rule_that_demotes_takes_back_what_it_gave_itself(self):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(rule("star_rating", YEAR, {"2000-01-01": {"hours": 1}}, '{ name = "无", given = {}, expect = 0 }',
                                schedule='"daily"'))
        self.city.serve_on("r1", "v1", "2018-02-01", 120)
        self.assertEqual(self.stars_of("v1"), 1)
        self.city.midnight("2019-01-02")
        self.assertEqual(self.changes(), [("v1", 0, 1), ("v1", 1, 0)])

    def test_a_later_set_of_the_same_revision_takes_back_what_it_gave(self):
        self.people("v1")
        self.city.activate(acceptance())
        text = stars([1]).replace('["2000-01-01"]', '["2018-03-04"] = { hours = { 9 } }, ["2000-01-01"]')
        self.city.activate(text, retroactivity="all_history")
        self.city.serve_on("r1", "v1", "2018-02-01", 120)
        self.city.midnight("2018-03-04")
        self.assertEqual(self.changes(), [("v1", 0, 1), ("v1", 1, 0)])

    def test_more_stars_by_the_new_rule_are_its_own(self):
        self.rated([1], 180)
        self.city.activate(stars([1, 2]), retroactivity="all_history")
        self.finish_runs()
        self.city.activate(stars([1, 2, 99]), retroactivity="all_history")
        self.finish_runs()
        self.city.activate(stars([99]), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.stars_of("v1"), 2)
        self.city.send("service.corrected", {"record": "r1", "minutes": 60, "reason": "更正", "by": "clerk:2"})
        self.assertEqual(self.last_change()["data"]["granted_by"], "star_rating:2")
        self.assertEqual(self.stars_of("v1"), 1)

    def test_stars_stay_where_a_new_acceptance_rule_credits_less(self):
        self.rated([1, 2, 3], 180, 60)
        self.city.activate(acceptance(most=40), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual(self.served.query("volunteer.get", volunteer="v1")["minutes"], 80)
        self.city.serve_on("r9", "v1", "2018-02-20", 10)
        self.assertEqual(self.stars_of("v1"), 3)
        self.city.send("service.revoked", {"record": "r2", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(self.stars_of("v1"), 0)
        self.assert_replays()

    def test_stars_follow_a_new_acceptance_rule_that_withdraws(self):
        self.rated([1, 2, 3], 180, 60)
        self.city.activate(acceptance(most=40), retroactivity="all_history", withdraw=True)
        self.finish_runs()
        self.assertEqual(self.stars_of("v1"), 1)
        self.assert_replays()

    # ---- points ----

    def paid(self, units, minutes, spent):
        self.people("v1")
        self.city.activate(acceptance())
        self.city.activate(points(units))
        self.city.serve_on("r1", "v1", "2018-02-01", minutes)
        if spent:
            self.adjust("v1", -spent)

    def test_unspent_points_are_taken_back(self):
        self.paid(10, 600, spent=30)
        self.city.activate(points(5), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.postings("v1"), self.balance("v1")), ([100, 50, -100], (20, 0)))
        self.assert_replays()

    def test_spent_points_are_kept(self):
        self.paid(10, 600, spent=70)
        self.city.activate(points(2), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.postings("v1"), self.balance("v1")), ([100, -30], (0, 0)))
        (finding,) = self.events("points.posted")[-1]["data"]["findings"]
        self.assertEqual((finding["code"], finding["value"]), ("kept_from_earlier_rule", 50))
        self.city.serve_on("r2", "v1", "2018-02-02", 60)
        self.assertEqual(self.balance("v1"), (2, 0))
        self.assert_replays()

    def test_what_is_left_of_an_entry_is_taken_back_by_a_correction(self):
        self.paid(10, 600, spent=70)
        self.city.activate(points(2), retroactivity="all_history")
        self.finish_runs()
        self.city.send("service.revoked", {"record": "r1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual((self.postings("v1"), self.balance("v1")), ([100, -30, -70], (0, 70)))
        self.assert_replays()

    def test_with_withdrawal_what_was_spent_is_owed(self):
        self.paid(10, 600, spent=70)
        self.city.activate(points(2), retroactivity="all_history", withdraw=True)
        self.finish_runs()
        self.assertEqual((self.postings("v1"), self.balance("v1")), ([100, 20, -100], (0, 50)))
        self.assertIn("points_already_spent", [item["code"] for item in self.events("points.posted")[-1]["data"]["findings"]])
        self.assert_replays()

    def test_points_of_a_new_acceptance_rule_are_kept_where_they_were_spent(self):
        self.paid(10, 600, spent=70)
        self.city.activate(acceptance(most=60), retroactivity="all_history")
        self.finish_runs()
        self.assertEqual((self.postings("v1"), self.balance("v1")), ([100, -30], (0, 0)))
        self.assert_replays()


if __name__ == "__main__":
    unittest.main()
