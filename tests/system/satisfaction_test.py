"""What the served say: ratings that reach the rules of points, acceptance and standing, and the report of satisfaction.
Against the real daemon, by the events' clock."""
import unittest

from harness import CITY, COMMUNITY, COUNTY, ROOT
from need_test import NeedTest
from ruled_city import acceptance, points, rule, stars
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, decisions

EXAMPLES = ROOT / "scripts" / "examples"


class SatisfactionTest(NeedTest):
    def setUp(self):
        super().setUp()
        for name in ("v:1", "v:2"):
            self.city.register(name)
        self.city.publish_activity("a:2", region=OTHER_COMMUNITY, organisation="org:2", category="elderly",
                                   starts="2018-03-05T08:00:00+08:00", ends="2018-03-05T12:00:00+08:00")
        self.activity("a:1", day="2018-03-05")
        self.city.on("2018-03-06")

    def activate_now(self, text):
        self.ask("policy.activate", text=text, by="clerk:9", effective="2000-01-01")

    def serve(self, record, volunteer="v:1", day="2018-03-05", **more):
        return self.stored("service.recorded", record=record, volunteer=volunteer, organisation="org:1", method="code", recorder="clerk:1",
                           starts=f"{day}T09:00:00+08:00", ends=f"{day}T11:00:00+08:00", **more)

    def rate(self, rating, by="served", **what):
        return self.stored("service.rated", rating=rating, by=by, **what)

    def balance(self, volunteer="v:1"):
        accounts = self.ask("points.get", points=volunteer)["accounts"]
        return sum(item["balance"] for item in accounts if item["account"] == "points")

    def amounts(self, result):
        return [posted["amount"] for posted in decisions(result, "points.posted")]

    def assert_decisions_agree(self):
        """Each decision can be asked for again, and the journal gives the same state."""
        self.assert_replay_agrees()
        events = self.ask("journal.read", after=0, limit=1000, types=["points.posted", "service.decided", "standing.changed"])["events"]
        for item in events:
            if item.get("policyrevision") and "reverses" not in item["data"]:
                answer = self.ask("policy.replay", sequence=int(item["sequence"]), wait_ms=30000)
                self.assertTrue(answer["result"]["same"], (item, answer))


class Rules(SatisfactionTest):
    def test_points_follow_the_rating_and_only_the_difference_is_posted(self):
        self.activate_now((EXAMPLES / "points_rating.lua").read_text(encoding="utf-8").replace(
            'name = "points_rating"', 'name = "points"').replace('["2018-01-01"]', '["2000-01-01"]'))
        self.serve("r:1", activity="a:1")
        self.assertEqual(self.balance(), 200)
        self.assertEqual(sum(self.amounts(self.rate(5, record="r:1"))), 40)
        self.assertEqual(self.balance(), 240)
        self.assertEqual(self.amounts(self.rate(5, record="r:1")), [], "said again it changes nothing")
        self.assertEqual(sum(self.amounts(self.rate(1, record="r:1"))), -240)
        self.assertEqual(sum(self.amounts(self.rate(3, record="r:1"))), 100)
        self.assertEqual((self.balance(), self.balance("v:2")), (100, 0))
        self.assert_decisions_agree()

    def test_whoever_is_rated_low_again_and_again_gets_less_before_the_rating(self):
        self.activate_now((EXAMPLES / "points_rating.lua").read_text(encoding="utf-8").replace(
            'name = "points_rating"', 'name = "points"').replace('["2018-01-01"]', '["2000-01-01"]'))
        for day in range(1, 6):
            self.serve(f"r:{day}", day=f"2018-02-0{day}")
            self.rate(2, record=f"r:{day}")
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.amounts(self.serve("r:6")), [100])
        self.assertEqual(len(self.ask("volunteer.get", volunteer="v:1")["ratings"]), 5)
        self.assert_decisions_agree()

    def test_a_low_rating_holds_the_record_and_a_better_one_lets_it_go(self):
        self.activate_now((EXAMPLES / "acceptance_rating.lua").read_text(encoding="utf-8").replace(
            'name = "acceptance_rating"', 'name = "acceptance"').replace('["2018-01-01"]', '["2000-01-01"]'))
        self.serve("r:1")
        rated = self.rate(1, record="r:1")
        self.assertEqual([item["outcome"] for item in decisions(rated, "service.decided")], ["held"])
        self.assertEqual((self.ask("volunteer.get", volunteer="v:1")["minutes"], self.balance()), (0, 0))
        self.assertEqual(decisions(self.rate(2, record="r:1"), "service.decided"), [])
        better = self.rate(4, record="r:1")
        self.assertEqual([item["outcome"] for item in decisions(better, "service.decided")], ["accepted"])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 120)
        self.assert_decisions_agree()

    def test_a_standing_rule_reads_the_ratings_of_a_year(self):
        self.activate_now(rule("standing", """
          local n = record:ratings{ from = context.year .. "-01-01" }
          if n >= 3 and record:rating_sum{ from = context.year .. "-01-01" } < 2 * n then return "suspended" end
          return "good" """, {"2000-01-01": {"none": 0}}, '{ name = "无", given = {}, expect = { standing = "good" } }'))
        for day, rating, expected in ((1, 1, []), (2, 1, []), (3, 2, ["suspended"])):
            self.serve(f"r:{day}", day=f"2018-02-0{day}")
            changed = decisions(self.rate(rating, record=f"r:{day}"), "standing.changed")
            self.assertEqual([item["to"] for item in changed], expected, day)
        self.assert_decisions_agree()

    def test_where_no_rule_names_ratings_none_is_asked(self):
        self.activate_now(acceptance())
        self.activate_now(points(100))
        self.activate_now(stars([100]))
        self.serve("r:1", activity="a:1")
        before = self.ask("status")["events"]["policy_calls"]
        self.assertEqual(self.rate(1, record="r:1").get("decisions", []), [])
        self.assertEqual(self.ask("status")["events"]["policy_calls"], before)

    def test_a_rule_reads_what_is_said_of_the_activity(self):
        self.activate_now(rule("points", """
          if context.subject ~= "record" or not record.activity or record.activity.n_ratings == 0 then return { postings = {} } end
          local amount = record.activity.rating_sum // record.activity.n_ratings
          return { postings = { { account = "points", amount = amount, reason = "评价" } } }""",
                               {"2000-01-01": {"none": 0}}, '{ name = "无", given = {}, expect = { postings = {} } }'))
        self.rate(5, activity="a:1")
        self.rate(2, activity="a:1")
        self.rate(1, by="organiser", activity="a:1")
        self.assertEqual(self.amounts(self.serve("r:1", activity="a:1")), [3])


class Report(SatisfactionTest):
    def rate_some(self):
        self.serve("r:1", activity="a:1")
        self.serve("r:2", "v:2", activity="a:2")
        self.rate(5, record="r:1")
        self.rate(3, record="r:1")
        self.rate(4, record="r:2")
        self.rate(2, activity="a:2")
        self.rate(4, by="organiser", record="r:2")
        self.rate(5, by="organiser", record="r:2")

    def test_by_region_category_and_day(self):
        self.rate_some()
        self.stored("figure.reported", figure="satisfaction", subject={"kind": "region", "id": COUNTY}, value=91, as_of="2018-02-28",
                    origin="问卷")
        rows, total = self.report("satisfaction")
        self.assertEqual([rows[COUNTY][name] for name in ("ratings", "ratings_3", "satisfied", "average", "organiser_average", "survey")],
                         [1, 1, [0, 1], "3.00", None, 91])
        self.assertEqual([rows[OTHER_COUNTY][name] for name in ("ratings", "ratings_4", "ratings_2", "satisfied", "average", "organiser_average")],
                         [2, 1, 1, [1, 2], "3.00", "5.00"])
        self.assertEqual((total["ratings"], total["satisfied"]), (3, [1, 3]))
        rows, _ = self.report("satisfaction", by="category")
        self.assertEqual({code: row["ratings"] for code, row in rows.items() if row["ratings"]}, {"ecology": 1, "elderly": 2})
        rows, _ = self.report("satisfaction", as_of="2018-03-05")
        self.assertEqual(rows[COUNTY]["ratings"], 0)
        series = self.ask("report.satisfaction")["document"]["series"][0]["points"]
        self.assertEqual((series[-1], len(series)), ({"label": "2018-03", "value": [1, 3]}, 12))
        self.assert_replay_agrees()

    def test_at_the_activity_the_organisation_and_the_volunteer(self):
        self.rate_some()
        shown = self.ask("activity.get", activity="a:2")
        self.assertEqual((shown["ratings_served"], shown["ratings_organiser"]), ([0, 1, 0, 1, 0], [0, 0, 0, 0, 1]))
        counters = self.ask("organisation.get", organisation="org:1")["counters"]
        self.assertEqual((counters["ratings_3"], counters["ratings_4"], counters["ratings_5"]), (1, 1, 0))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["ratings"], [{"record": "r:1", "on": "2018-03-05", "rating": 3}])
        self.assertIn("满意率", self.control("report", "satisfaction", "--by", "category", language="zh_CN.UTF-8").stdout)


if __name__ == "__main__":
    unittest.main()
