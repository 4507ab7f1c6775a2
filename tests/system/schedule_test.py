"""Rules that ask by themselves when a midnight falls on their schedule."""

import unittest

from harness import QueryError
from ruled_city import RuledCityTest, rule, stars
from small_city import OTHER_COUNTY

# By schedule it gives a star, and says about which day it was asked; else it gives none.
TOLD = """
    if context.cause ~= "schedule" then return record.stars end
    finding("as_of", context.as_of)
    return parameters.stars"""
# A point for each time that it is asked.
PAID = """
    if context.cause ~= "schedule" then return { postings = {} } end
    return { postings = { { account = "points", amount = 1, reason = context.as_of } } }"""


def told(schedule, given=1, **more):
    return rule("star_rating", TOLD, {"2000-01-01": {"stars": given}}, '{ name = "事件", given = { stars = 0 }, expect = 0 }',
                schedule=schedule, **more)


def paid(schedule, name="attendance", **more):
    return rule("points", PAID, {"2000-01-01": {}},
                '{ name = "事件", context = { subject = "volunteer" }, given = {}, expect = { postings = {} } }',
                name=name, schedule=schedule, **more)


class ScheduleTest(RuledCityTest):
    def told_of(self):
        return [(event["data"]["volunteer"], event["data"]["findings"][0]["value"]) for event in self.events("star.changed")]

    def paid_of(self, name="v1"):
        return [event["data"]["reason"] for event in self.events("points.posted") if event["data"]["volunteer"] == name]

    def test_a_daily_rule_asks_everyone_about_the_day_that_ended(self):
        self.people("v1", "v2", "v3")
        self.city.activate(told('"daily"'))
        self.assertEqual(self.told_of(), [])
        self.city.midnight("2018-03-02")
        self.assertEqual(self.told_of(), [("v1", "2018-03-01"), ("v2", "2018-03-01"), ("v3", "2018-03-01")])
        (tick,) = [event for event in self.events("clock.ticked") if event["data"]["date"] == "2018-03-02"]
        self.assertEqual({event["causationid"] for event in self.events("star.changed")}, {tick["sequence"]})
        self.assert_replays()

    def test_a_monthly_rule_asks_on_its_day_alone(self):
        self.people("v1")
        self.city.activate(paid("{ monthly = 5 }"))
        for day in ("2018-03-04", "2018-03-05", "2018-03-06", "2018-04-05"):
            self.city.midnight(day)
        self.assertEqual(self.paid_of(), ["2018-03-04", "2018-04-04"])

    def test_a_yearly_rule_asks_on_its_day_alone(self):
        self.people("v1")
        self.city.activate(paid('{ yearly = "04-30" }'))
        self.city.midnight("2018-04-29")
        self.city.midnight("2018-05-02")
        self.city.midnight("2019-05-01")
        self.assertEqual(self.paid_of(), ["2018-04-29", "2019-04-29"])

    def test_29_february_is_the_last_day_of_february_in_other_years(self):
        self.people("v1")
        self.city.activate(paid('{ yearly = "02-29" }'))
        for day in ("2019-02-27", "2019-03-02", "2020-03-02"):
            self.city.midnight(day)
        self.assertEqual(self.paid_of(), ["2019-02-27", "2020-02-28"])

    def test_midnights_that_were_missed_are_made_up_for_in_order(self):
        self.people("v1", "v2")
        self.city.activate(paid('"daily"'))
        self.city.midnight("2018-03-05")
        self.assertEqual(self.paid_of("v1"), ["2018-03-01", "2018-03-02", "2018-03-03", "2018-03-04"])
        self.assertEqual(self.paid_of("v2"), self.paid_of("v1"))

    def test_by_the_events_clock_the_runs_of_a_day_end_before_the_next_event(self):
        self.people(*(f"v{n}" for n in range(700)))  # two chunks
        self.city.activate(paid('"daily"'))
        self.city.midnight("2018-03-03")
        order = self.events("clock.ticked", "run.progressed", "organisation.defined")
        ticks = [place for place, event in enumerate(order) if event["data"].get("date") in ("2018-03-02", "2018-03-03")]
        self.assertEqual(order[-1]["type"], "organisation.defined")
        for before in (ticks[1] - 1, len(order) - 2):
            self.assertTrue(order[before]["data"]["done"], order[before])
        self.assertEqual(len(self.events("points.posted")), 1400)
        self.assert_replays()

    def test_several_rules_of_one_midnight_are_all_asked(self):
        self.people("v1")
        self.city.activate(told('"daily"'))
        self.city.activate(paid('"daily"'))
        self.city.activate(paid('"daily"', name="other"))
        self.city.midnight("2018-03-02")
        self.assertEqual(len(self.paid_of()), 2)
        self.assertEqual(self.told_of(), [("v1", "2018-03-01")])

    def test_a_citys_run_passes_over_whoever_has_a_nearer_rule(self):
        self.people("v1")
        self.people_of_other_county("v2")
        self.city.activate(told('"daily"'))
        self.city.activate(told("{ monthly = 3 }", given=2, name="star_rating_county", scope=OTHER_COUNTY))
        self.city.midnight("2018-03-02")
        self.assertEqual(self.told_of(), [("v1", "2018-03-01")])
        self.city.midnight("2018-03-03")
        self.assertEqual(self.told_of(), [("v1", "2018-03-01"), ("v2", "2018-03-02")])
        self.assertEqual((self.stars_of("v1"), self.stars_of("v2")), (1, 2))

    def test_a_rule_that_was_replaced_asks_no_more(self):
        self.people("v1")
        self.city.activate(paid('"daily"'))
        self.city.midnight("2018-03-02")
        self.city.activate(paid("{ monthly = 20 }"))
        self.city.midnight("2018-03-04")
        self.assertEqual(self.paid_of(), ["2018-03-01"])
        self.city.midnight("2018-03-20")
        self.assertEqual(self.paid_of(), ["2018-03-01", "2018-03-19"])

    def test_a_retired_rule_asks_no_more(self):
        self.people("v1")
        self.city.activate(paid('"daily"'))
        self.city.midnight("2018-03-02")
        self.served.query("policy.retire", policy="attendance", reason="停办", by="clerk:1")
        self.city.midnight("2018-03-05")
        self.assertEqual(self.paid_of(), ["2018-03-01"])

    def test_those_who_left_are_not_asked(self):
        self.people("v1", "v2")
        self.city.send("volunteer.withdrawn", {"volunteer": "v2", "reason": "搬家"})
        self.city.activate(paid('"daily"'))
        self.city.midnight("2018-03-02")
        self.assertEqual((len(self.paid_of("v1")), len(self.paid_of("v2"))), (1, 0))

    def test_a_failing_rule_is_asked_again_at_the_next_activation(self):
        self.people("v1")
        self.city.activate(paid('"daily"').replace("amount = 1,", "amount = 1 // (#record.id - 2),"))
        self.city.midnight("2018-03-02")
        (withheld,) = self.events("points.withheld")
        self.assertEqual((withheld["data"]["on"], withheld["data"]["cause"]), ("2018-03-01", "clock.ticked"))
        self.city.activate(paid("{ monthly = 20 }"), effective="2018-03-01")
        self.finish_runs()
        self.assertEqual(self.paid_of(), ["2018-03-01"])
        self.assert_replays()

    def test_a_kind_without_a_schedule_is_refused_with_the_place(self):
        text = rule("acceptance", '\n    return "accepted", record.minutes', {"2000-01-01": {}},
                    '{ name = "一", given = { minutes = 1 }, expect = "accepted" }', schedule='"daily"')
        verdict = self.served.query("policy.check", text=text)
        (complaint,) = [item for item in verdict["complaints"] if "schedule" in item["message"]]
        self.assertEqual(complaint["line"], 3)
        self.assertFalse(verdict["ok"])
        with self.assertRaises(QueryError):
            self.city.activate(text)

    def test_the_history_says_how_far_the_runs_are(self):
        self.people("v1", "v2")
        self.city.activate(stars([1], schedule='"daily"'))
        self.city.midnight("2018-03-03")
        (item,) = self.served.query("policy.history", policy="star_rating")["items"]
        self.assertEqual(len(item["runs"]), 2)
        run = item["run"]
        self.assertEqual((run["kind"], run["schedule"], run["as_of"], run["judged"], run["total"], run["done"]),
                         ("stars", True, "2018-03-02", 2, 2, True))
        self.assertEqual(item["runs"][1]["as_of"], "2018-03-01")
        self.assertTrue(run["since"] <= run["ends"])
        self.assertEqual(self.served.query("status")["runs"], [])


if __name__ == "__main__":
    unittest.main()
