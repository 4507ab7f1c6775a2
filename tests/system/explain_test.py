"""explain: why a volunteer has the stars they have, which records did not count, and what became of a
record."""
import unittest

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


if __name__ == "__main__":
    unittest.main()
