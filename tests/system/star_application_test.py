"""Stars on application: applied for, judged by the rule, approved by the level it names, noticed, and then given."""
import unittest

import harness
from replayed import Replayed
from small_city import decisions

RULE = """return {
  name = "star_rating", kind = "star_rating", title = "依次申请", texts = { total = "累计 %%d 小时" },
  parameters = { ["2000-01-01"] = { hours = { 2, 4, 6, 8, 10 } } },
  decide = function(volunteer, parameters, context)
    local minutes, stars = volunteer:minutes({}), 0
    for level, hours in ipairs(parameters.hours) do if minutes >= hours * 60 then stars = level end end
    finding("total", minutes // 60)
    if stars > volunteer.stars + 1 then stars = volunteer.stars + 1 end
    %s
  end,
  cases = { { name = "一星", given = { minutes = 120 }, expect = { stars = 1, on_application = true } } },
}
"""
PLAIN = "return { stars = stars, on_application = true }"
APPROVED = 'return { stars = stars, on_application = true, approved_by = stars < 3 and "county" or "city" }'
NOTICED = "return { stars = stars, on_application = true, notice_days = 3 }"
BOTH = 'return { stars = stars, on_application = true, approved_by = "county", notice_days = 3, titles = { "铜牌" } }'


class ApplicationTest(Replayed):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-01-01").define_basics()
        self.city.register("v:1")

    def activate(self, body):
        self.ask("policy.activate", text=RULE % body, by="clerk:1", effective="2018-01-01")

    def serve(self, record, day, hours):
        return self.city.on(day).send("service.recorded", {
            "record": record, "volunteer": "v:1", "organisation": "org:1", "starts": f"{day}T01:00:00+08:00",
            "ends": f"{day}T{1 + hours:02}:00:00+08:00", "method": "automatic", "recorder": "clerk:1"})

    def publish(self, type_name, data):
        return self.city.daemon.publish_one(harness.event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))

    def apply(self, application="s:1", stars=1):
        return self.publish("star.applied", {"application": application, "volunteer": "v:1", "stars": stars})

    def review(self, application="s:1", outcome="accepted", **more):
        return self.publish("star.reviewed", {"application": application, "outcome": outcome, "by": "clerk:5", **more})

    def stars(self):
        return self.ask("volunteer.get", volunteer="v:1")["stars"]

    def state(self, application="s:1"):
        return self.ask("application.get", application=application)["state"]

    def pass_to(self, day):
        self.city.on(day).send("document.registered", {"document": f"d:{day}", "title": "t", "number": "1", "issued_by": "x",
                                                       "on": day})

    def assert_refused(self, result, code, field):
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)

    def assert_replays(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_totals_alone_raise_nobody_and_an_application_does(self):
        self.activate(PLAIN)
        self.assertEqual(decisions(self.serve("r:1", "2018-03-01", 3), "star.changed"), [])
        self.assertEqual(self.stars(), 0)
        result = self.apply()
        (decided,) = decisions(result, "star.decided")
        (changed,) = decisions(result, "star.changed")
        self.assertEqual((decided["outcome"], changed["from"], changed["to"]), ("accepted", 0, 1))
        self.assertEqual((self.stars(), self.state()), (1, "approved"))
        self.assert_replays()

    def test_who_has_not_served_enough_is_refused_with_the_reason(self):
        self.activate(PLAIN)
        self.serve("r:1", "2018-03-01", 1)
        (decided,) = decisions(self.apply(), "star.decided")
        self.assertEqual((decided["outcome"], decided["findings"]), ("refused", [{"code": "total", "value": 1}]))
        shown = self.ask("application.get", application="s:1")
        self.assertEqual((shown["state"], [finding["text"] for finding in shown["findings"]]), ("refused", ["累计 1 小时"]))
        self.serve("r:2", "2018-03-02", 1)
        self.assertEqual(decisions(self.apply("s:2"), "star.decided")[0]["outcome"], "accepted")

    def test_stars_are_applied_for_one_by_one(self):
        self.activate(PLAIN)
        self.serve("r:1", "2018-03-01", 10)
        self.assertEqual(decisions(self.apply("s:2", 2), "star.decided")[0]["outcome"], "refused")
        self.apply("s:1", 1)
        self.apply("s:3", 2)
        self.assertEqual(self.stars(), 2)
        self.assert_refused(self.apply("s:4", 2), "wrong_state", "data.stars")

    def test_a_correction_still_lowers(self):
        self.activate(PLAIN)
        self.serve("r:1", "2018-03-01", 3)
        self.apply()
        result = self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(decisions(result, "star.changed")[0]["to"], 0)

    def test_the_level_that_the_rule_names_approves(self):
        self.activate(APPROVED)
        self.serve("r:1", "2018-03-01", 3)
        (decided,) = decisions(self.apply(), "star.decided")
        self.assertEqual((decided["outcome"], decided["approved_by"]), ("held", "county"))
        self.assertEqual((self.stars(), self.state()), (0, "pending"))
        self.assertEqual(self.ids("application.list", "application", state="pending"), ["s:1"])
        self.assert_refused(self.apply("s:2"), "wrong_state", "data.volunteer")
        self.assert_refused(self.review(level="city"), "not_allowed", "data.level")
        result = self.review(level="county", note="材料齐全")
        self.assertEqual((decisions(result, "star.decided")[0]["outcome"], decisions(result, "star.changed")[0]["to"]),
                         ("accepted", 1))
        self.assert_refused(self.review(), "wrong_state", "data.application")
        self.assert_replays()

    def test_a_reviewer_refuses(self):
        self.activate(APPROVED)
        self.serve("r:1", "2018-03-01", 3)
        self.apply()
        self.assertEqual(self.review(outcome="refused")["status"], "stored")
        self.assertEqual((self.stars(), self.state()), (0, "refused"))
        self.assertEqual(self.apply("s:2")["status"], "stored")

    def test_what_was_lost_before_the_review_is_refused(self):
        self.activate(APPROVED)
        self.serve("r:1", "2018-03-01", 3)
        self.apply()
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(decisions(self.review(), "star.decided")[0]["outcome"], "refused")
        self.assertEqual(self.stars(), 0)

    def test_a_notice_of_working_days_comes_before_the_star(self):
        self.activate(NOTICED)
        self.serve("r:1", "2018-03-01", 3)  # a Thursday
        (decided,) = decisions(self.apply(), "star.decided")
        self.assertEqual((decided["outcome"], decided["notice_days"], decided["notice_until"]), ("accepted", 3, "2018-03-06"))
        self.pass_to("2018-03-06")
        self.assertEqual((self.stars(), self.state()), (0, "noticed"))
        self.pass_to("2018-03-07")
        self.assertEqual((self.stars(), self.state()), (1, "approved"))
        self.assert_replays()

    def test_an_objection_within_the_notice_ends_it(self):
        self.activate(NOTICED)
        self.serve("r:1", "2018-03-01", 3)
        self.apply()
        self.assert_refused(self.review(), "wrong_state", "data.application")
        self.assertEqual(self.review(outcome="refused")["status"], "stored")
        self.pass_to("2018-03-20")
        self.assertEqual((self.stars(), self.state()), (0, "refused"))
        self.assert_replays()

    def test_approval_notice_and_titles_one_after_the_other(self):
        self.activate(BOTH)
        self.serve("r:1", "2018-03-01", 3)
        self.apply()
        self.pass_to("2018-03-05")
        (decided,) = decisions(self.review(), "star.decided")
        self.assertEqual((decided["outcome"], decided["notice_until"]), ("accepted", "2018-03-08"))
        self.city.daemon.kill()
        self.city.daemon.start()
        self.pass_to("2018-03-09")
        self.assertEqual(self.stars(), 1)
        (changed,) = self.ask("journal.read", after=0, types=["star.changed"], limit=10)["events"]
        self.assertEqual(changed["data"]["titles"], ["铜牌"])
        self.assert_replays()

    def test_a_rule_that_fails_refuses_and_keeps_the_stars(self):
        self.activate('if context.cause == "star.applied" then error("x") end ' + PLAIN)
        self.serve("r:1", "2018-03-01", 3)
        (decided,) = decisions(self.apply(), "star.decided")
        self.assertEqual((decided["outcome"], decided["findings"]), ("refused", [{"code": "policy_failed"}]))
        self.assertEqual(self.stars(), 0)

    def test_who_applies_is_registered(self):
        self.activate(PLAIN)
        self.city.send("volunteer.withdrawn", {"volunteer": "v:1"})
        self.assert_refused(self.apply(), "wrong_state", "data.volunteer")
        self.assert_refused(self.publish("star.applied", {"application": "s:2", "volunteer": "v:9", "stars": 1}),
                            "unknown_volunteer", "data.volunteer")
        self.assert_refused(self.review("s:9"), "unknown_application", "data.application")


if __name__ == "__main__":
    unittest.main()
