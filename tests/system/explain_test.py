"""explain: why a volunteer has the stars they have, which records did not count, and what became of a
record."""
import unittest

from harness import COUNTY
from small_city import QueryTest, decisions


class ExplainTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        for volunteer in ("v:1", "v:2", "v:3"):
            city.register(volunteer)
        cls.served = city.serve_days("v:1", 9)
        city.serve("v:1/12", "v:1", 12, starts=8, hours=4)
        city.serve("held", "v:1", 12, starts=9, hours=2)     # overlaps v:1/12
        city.serve("refused", "v:1", 12, starts=10, hours=2)  # so does this one
        city.serve("capped", "v:1", 4, starts=7, hours=2)    # the day has its twelve hours already
        city.send("service.reviewed", {"record": "refused", "outcome": "refused",
                                       "reviewer": "clerk:9"})
        city.serve("revoked", "v:1", 13, hours=2)
        city.send("service.revoked", {"record": "revoked", "reason": "记错了人", "by": "clerk:9"})
        city.serve("corrected", "v:2", 3, hours=4)
        city.send("service.corrected", {"record": "corrected", "minutes": 60, "reason": "早退",
                                        "by": "clerk:9"})


class VolunteerTest(ExplainTest):
    def test_says_why_someone_has_the_stars_they_have(self):
        answer = self.ask("explain", volunteer="v:1")
        self.assertEqual((answer["volunteer"], answer["stars"]), ("v:1", 1))
        self.assertEqual(answer["minutes"], 9 * 720 + 240)
        self.assertEqual(answer["counted"], {"records": 10, "minutes": 9 * 720 + 240})
        self.assertEqual(answer["rule"]["revision"], "star_rating:1")
        self.assertTrue(answer["rule"]["title"])
        self.assertTrue(answer["why"])
        self.assertTrue(any("112" in finding["text"] for finding in answer["why"]), answer["why"])

    def test_tells_each_change_with_the_findings_of_its_day(self):
        answer = self.ask("explain", volunteer="v:1")
        change, = answer["changes"]
        self.assertEqual((change["from"], change["to"]), (0, 1))
        self.assertEqual(change["on"], self.city.today.date().isoformat())
        self.assertEqual(change["revision"], "star_rating:1")
        self.assertTrue(change["findings"] and change["findings"][0]["text"])
        event = self.ask("journal.read", after=change["sequence"] - 1, limit=1)["events"][0]
        self.assertEqual(event["type"], "star.changed")
        self.assertEqual(len([1 for result in self.served if decisions(result, "star.changed")]), 1)

    def test_says_which_records_did_not_count_and_why(self):
        records = self.ask("explain", volunteer="v:1")["not_counted"]
        self.assertEqual([(record["record"], record["state"]) for record in records],
                         [("capped", "refused"), ("refused", "refused"), ("held", "held"),
                          ("revoked", "revoked")])
        capped, refused, held, revoked = records
        self.assertEqual((held["minutes"], held["starts"]), (120, self.city.at(12, 9)))
        self.assertIn("每日", capped["findings"][0]["text"])
        self.assertTrue(held["findings"] and held["findings"][0]["text"])
        self.assertEqual(refused["findings"], [])
        self.assertEqual(revoked["reason"], "记错了人")

    def test_says_what_is_missing_for_the_next_star(self):
        following = self.ask("explain", volunteer="v:1")["next"]
        self.assertTrue(following["text"])

    def test_someone_who_never_served_has_nothing_to_count(self):
        answer = self.ask("explain", volunteer="v:3")
        self.assertEqual((answer["stars"], answer["minutes"]), (0, 0))
        self.assertIsNone(answer["stars_since"])
        self.assertEqual((answer["changes"], answer["not_counted"]), ([], []))
        self.assertEqual(answer["rule"]["revision"], "star_rating:1")

    def test_refusals(self):
        self.refuse("unknown_volunteer", "volunteer", "explain", volunteer="v:9")
        self.refuse("missing_field", "volunteer", "explain")
        self.refuse("unknown_field", "record", "explain", volunteer="v:1", record="held")


    def test_names_the_decision_that_gave_the_stars(self):
        answer = self.ask("explain", volunteer="v:1")
        decision = answer["decision"]
        self.assertEqual(decision, answer["changes"][-1])
        self.assertEqual((decision["to"], decision["revision"]), (1, "star_rating:1"))
        self.assertTrue(self.ask("policy.replay", sequence=decision["sequence"])["result"]["same"])
        self.assertIsNone(self.ask("explain", volunteer="v:3")["decision"])

    def test_the_distance_is_said_in_the_words_of_the_rule(self):
        following = self.ask("explain", volunteer="v:1")["next"]
        self.assertEqual(following["text"], "再服务 188 小时即可评为二星")
        self.assertEqual((following["code"], following["needed"]), ("next_star", 188))

    def test_the_rule_of_the_day_is_told_in_words(self):
        rule = self.ask("explain", volunteer="v:1")["rule"]
        self.assertEqual((rule["from"], rule["later"]), ("2012-10-23", []))
        hours, = (each for each in rule["parameters"] if each["name"] == "hours")
        self.assertEqual(hours["value"], [100, 300, 600, 1000, 1500])
        self.assertEqual(hours["title"], "各星级所需时长")
        self.assertTrue(hours["words"].endswith("1500 小时"), hours)
        self.assertNotIn("text", rule)
        text = self.ask("explain", volunteer="v:1", rule=True)["rule"]["text"]
        self.assertIn("star_rating", text)
        self.assertIn("text", self.ask("explain", record="v:1/4", rule=True)["rule"])

    def test_records_that_do_not_count_come_page_by_page(self):
        found, cursor = [], {}
        while True:
            answer = self.ask("explain", volunteer="v:1", limit=2, **cursor)
            self.assertLessEqual(len(answer["not_counted"]), 2)
            found += [record["record"] for record in answer["not_counted"]]
            if not answer["not_counted_next"]:
                break
            cursor = {"cursor": answer["not_counted_next"]}
        self.assertEqual(found, ["capped", "refused", "held", "revoked"])
        self.refuse("out_of_range", "cursor", "explain", volunteer="v:1", cursor="x")
        self.refuse("out_of_range", "cursor", "explain", volunteer="v:1", cursor="1.2.3")
        self.refuse("out_of_range", "limit", "explain", volunteer="v:1", limit=0)

    def test_records_that_count_are_told_too(self):
        found, cursor = [], {}
        while True:
            answer = self.ask("explain", volunteer="v:1", records="counted", limit=3, **cursor)
            found += answer["counted_records"]
            if not answer["counted_next"]:
                break
            cursor = {"cursor": answer["counted_next"]}
        self.assertEqual(len(found), answer["counted"]["records"])
        self.assertEqual(sum(record["counted_minutes"] for record in found),
                         answer["counted"]["minutes"])
        self.assertNotIn("not_counted", answer)
        self.refuse("out_of_range", "records", "explain", volunteer="v:1", records="all")

    def test_what_waits_for_a_review_is_pending(self):
        self.assertEqual(self.ask("explain", volunteer="v:1")["pending"],
                         [{"kind": "held", "records": 1}])
        self.assertEqual(self.ask("explain", volunteer="v:2")["pending"], [])

    def test_what_does_not_go_together_is_refused(self):
        self.refuse("unknown_field", "as_of", "explain", record="held", as_of="2018-01-01")
        self.refuse("unknown_field", "records", "explain", region="620500000000", records="counted")
        self.refuse("in_future", "as_of", "explain", volunteer="v:1", as_of="2199-01-01")


class RecordTest(ExplainTest):
    def test_an_accepted_record_tells_its_decision_with_the_facts_read(self):
        answer = self.ask("explain", record="v:1/4")
        self.assertEqual((answer["state"], answer["counted_minutes"]), ("accepted", 720))
        self.assertEqual([event["type"] for event in answer["events"]],
                         ["service.recorded", "service.decided"])
        decision, = answer["decisions"]
        self.assertEqual((decision["type"], decision["outcome"], decision["minutes"]),
                         ("service.decided", "accepted", 720))
        self.assertTrue(decision["revision"].startswith("acceptance:"))
        self.assertTrue(decision["facts"])

    def test_a_held_record_tells_by_which_rule(self):
        answer = self.ask("explain", record="held")
        self.assertEqual(answer["decisions"][0]["outcome"], "held")
        self.assertTrue(answer["findings"][0]["text"])
        self.assertEqual(answer["findings"], answer["decisions"][0]["findings"])

    def test_a_review_stands_beside_what_the_rule_decided(self):
        answer = self.ask("explain", record="refused")
        self.assertEqual([(d["type"], d["outcome"]) for d in answer["decisions"]],
                         [("service.decided", "held"), ("service.reviewed", "refused")])
        self.assertEqual(answer["decisions"][1]["reviewer"], "clerk:9")

    def test_a_correction_and_a_revocation_stand_in_the_story(self):
        corrected = self.ask("explain", record="corrected")
        self.assertEqual([event["type"] for event in corrected["events"]],
                         ["service.recorded", "service.decided", "service.corrected",
                          "service.decided"])
        self.assertEqual((corrected["counted_minutes"], corrected["corrected"]), (60, 1))
        revoked = self.ask("explain", record="revoked")
        self.assertEqual(revoked["events"][-1]["type"], "service.revoked")
        self.assertEqual((revoked["state"], revoked["counted_minutes"]), ("revoked", 0))

    def test_an_unknown_record_is_refused(self):
        self.refuse("unknown_record", "record", "explain", record="r:9")


FAILING = """return {
  name = "star_rating", kind = "star_rating", title = "出错的规则",
  parameters = { ["2012-10-23"] = {} },
  decide = function(volunteer, parameters, context)
    return volunteer:minutes{} > 0 and error("坏了") or 0
  end,
  cases = { { name = "没有服务", given = { minutes = 0 }, expect = { stars = 0 } } },
}
"""


class FailingPolicyTest(QueryTest):
    def test_a_rule_that_fails_is_told_of_and_explain_goes_on(self):
        self.city = city = self.start_city(self.addCleanup)
        city.define_basics()
        city.register("v:1")
        city.serve_days("v:1", 9)
        self.ask("policy.activate", text=FAILING)
        answer = self.ask("explain", volunteer="v:1")
        self.assertEqual(answer["stars"], 1)
        self.assertIn("坏了", answer["rule"]["failure"])
        self.assertEqual((answer["why"], answer["next"]), ([], None))
        self.assertEqual(answer["rule"]["title"], "出错的规则")


class PastTest(QueryTest):
    """As of a past day: by the decision of that time, over the service up to that day."""

    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.on("2018-01-02").define_regions()
        city.define_organisation("org:1", "天水市文明办")
        city.register("v:1")
        for month in range(1, 7):
            for day in range(3, 7):
                city.on(f"2018-{month:02d}-{day + 1:02d}").send("service.recorded", {
                    "record": f"r:{month}/{day}", "volunteer": "v:1", "organisation": "org:1",
                    "starts": f"2018-{month:02d}-{day:02d}T08:00:00+08:00",
                    "ends": f"2018-{month:02d}-{day:02d}T20:00:00+08:00",
                    "method": "automatic", "recorder": "clerk:1"})
        text = city.daemon.query("policy.get", policy="star_rating")["text"]
        cls.text = text.replace('["2012-10-23"]', """["2018-09-01"] = { hours = { 10, 20, 30, 40, 50 } },
    ["2012-10-23"]""").replace("  parameters = {", '  cases_on = "2018-08-23",\n  parameters = {', 1)
        city.daemon.query("policy.activate", text=cls.text, effective="2018-06-15", by="clerk:1")
        city.on("2018-06-20").register("v:2")

    def test_the_stars_of_a_past_day(self):
        before = self.ask("explain", volunteer="v:1", as_of="2018-02-28")
        self.assertEqual((before["stars"], before["stars_since"], before["decision"]), (0, None, None))
        self.assertEqual(before["counted"], {"records": 8, "minutes": 8 * 720})
        after = self.ask("explain", volunteer="v:1", as_of="2018-03-31")
        self.assertEqual((after["stars"], after["stars_since"]), (1, "2018-03-04"))
        self.assertEqual(after["decision"]["on"], "2018-03-04")
        self.assertEqual(after["why"], after["decision"]["findings"])
        self.assertEqual(after["next"]["text"], "再服务 192 小时即可评为二星")
        self.assertEqual(after["counted"]["records"], 12)
        self.assertEqual(after["pending"], [])
        self.assertEqual(after["rule"]["revision"], "star_rating:1")
        today = self.ask("explain", volunteer="v:1")
        self.assertEqual((today["stars"], today["counted"]["records"]), (1, 24))
        self.assertEqual(today["rule"]["revision"], "star_rating:2")

    def test_a_rule_of_a_later_day_is_pending(self):
        later, = self.ask("explain", volunteer="v:1")["pending"]
        self.assertEqual((later["kind"], later["from"], later["stars"]), ("rule", "2018-09-01", 5))
        self.assertEqual(later["rule"]["from"], "2018-09-01")
        self.assertEqual([each["value"] for each in later["rule"]["parameters"]
                          if each["name"] == "hours"], [[10, 20, 30, 40, 50]])


class RegionTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.on("2018-01-02").define_regions()
        city.define_organisation("org:1", "天水市文明办")
        for number in range(2):
            city.register(f"v:{number}")
        for value, day in ((10, "2018-02-01"), (100, "2018-03-01")):
            city.on(day).send("figure.reported", {
                "figure": "built_up_residents", "subject": {"kind": "region", "id": COUNTY},
                "value": value, "as_of": day, "origin": "统计公报"})
        city.on("2018-03-10").register("v:9")
        cls.next = cls.city.daemon.query("journal.read", types=["assessment.changed"])["events"]

    def test_indicators_with_what_was_found_and_read(self):
        answer = self.ask("explain", region=COUNTY)
        self.assertEqual(answer["region"]["id"], COUNTY)
        policy, = answer["policies"]
        self.assertEqual(policy["rule"]["revision"], "assessment:1")
        registered, = (each for each in policy["indicators"] if each["id"] == "registered")
        self.assertEqual((registered["state"], registered["evidence"]["numerator"]), ("not_met", 3))
        self.assertIn("注册志愿者还差 11 人(须大于 13%)",
                      [finding["text"] for finding in policy["findings"]])
        self.assertTrue(any(fact["fact"] == "figure" for fact in policy["facts"]))
        event, = (event for event in self.next if int(event["sequence"]) == registered["decision"])
        self.assertEqual((event["data"]["to"], event["data"]["as_of"]),
                         ("not_met", registered["since"]))

    def test_figures_say_who_reported_them(self):
        figure, = self.ask("explain", region=COUNTY)["figures"]
        self.assertEqual((figure["figure"], figure["value"], figure["as_of"], figure["origin"],
                          figure["source"]),
                         ("built_up_residents", 100, "2018-03-01", "统计公报", "test"))

    def test_as_of_a_past_day(self):
        answer = self.ask("explain", region=COUNTY, as_of="2018-02-10")
        registered, = (each for each in answer["policies"][0]["indicators"]
                       if each["id"] == "registered")
        self.assertEqual((registered["state"], registered["evidence"]["denominator"]), ("met", 10))
        self.assertEqual([figure["value"] for figure in answer["figures"]], [10])

    def test_an_unknown_region_is_refused(self):
        self.refuse("unknown_region", "region", "explain", region="999999999999")


if __name__ == "__main__":
    unittest.main()
