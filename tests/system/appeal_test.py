"""Appeals against a suspension, a deregistration or a record that does not count: the window, who settles them, and that what
is upheld is exactly what it was. By the events' clock."""
import datetime
import json
import unittest

from integrity_test import IntegrityTest
from small_city import decisions


def after(day, days):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


class AppealTest(IntegrityTest):
    def setUp(self):
        super().setUp()
        self.city.on("2018-09-01")

    def appeal(self, subject="v:1", kind="volunteer", appeal="p:1", **more):
        return self.stored("sanction.appealed", appeal=appeal, subject={"kind": kind, "id": subject}, text="情况不实,请复核", **more)

    def settle(self, outcome="upheld", appeal="p:1", by="clerk:9", **more):
        return self.stored("sanction.settled", appeal=appeal, outcome=outcome, by=by, **more)

    def refused_appeal(self, subject="v:1", kind="volunteer", appeal="p:1", code="wrong_state", field="data.subject"):
        return self.refused(code, field, "sanction.appealed", appeal=appeal, subject={"kind": kind, "id": subject}, text="请复核")

    def suspend(self, volunteer="v:1", **more):
        return self.stored("volunteer.suspended", volunteer=volunteer, reason="酒后服务", by="clerk:5", **more)

    def page(self, volunteer="v:1"):
        return self.ask("volunteer.get", volunteer=volunteer)

    def state(self, record):
        return self.ask("record.get", record=record)["state"]


class Standing(AppealTest):
    def test_a_suspension_that_was_wrong_never_was(self):
        before = self.page()
        self.suspend(until="2018-12-31")
        self.appeal()
        self.assertEqual(self.page()["appeal"], "p:1")
        self.settle()
        page = self.page()
        self.assertEqual((page["standing"], page.get("standing_since"), page.get("restored_on")),
                         (before["standing"], before.get("standing_since"), None))
        shown = self.ask("appeal.get", appeal="p:1")
        self.assertEqual([shown[name] for name in ("state", "outcome", "undone", "settled_by", "decided_by", "volunteer")],
                         ["settled", "upheld", True, "clerk:9", "clerk:5", "v:1"])
        self.assert_replay_agrees()

    def test_the_suspension_before_stands_again(self):
        self.suspend(until="2018-12-31")
        self.city.on("2018-09-10")
        self.suspend(until="2019-12-31")
        self.appeal()
        self.settle()
        page = self.page()
        self.assertEqual((page["standing"], page["standing_since"], page["standing_until"]),
                         ("suspended", "2018-09-01", "2018-12-31"))

    def test_what_is_dismissed_stays(self):
        self.suspend()
        self.appeal()
        self.settle("dismissed")
        self.assertEqual(self.page()["standing"], "suspended")
        self.assertFalse(self.ask("appeal.get", appeal="p:1")["undone"])
        self.refused_appeal(appeal="p:2")

    def test_the_last_day_counts_and_the_day_after_does_not(self):
        self.suspend("v:1")
        self.suspend("v:2")
        self.city.on(after("2018-09-01", 60))
        self.appeal("v:1")
        self.city.on(after("2018-09-01", 61))
        message = self.refused_appeal("v:2", appeal="p:2")["message"]
        self.assertIn("2018-10-31", message)

    def test_the_clerk_may_give_another_last_day(self):
        self.suspend(appeal_until="2018-09-15")
        self.assertEqual(self.page()["standing_change"]["appeal_until"], "2018-09-15")
        self.city.on("2018-09-16")
        self.refused_appeal()
        self.refused("out_of_range", "data.appeal_until", "volunteer.suspended", volunteer="v:2", reason="酒后", appeal_until="2018-01-01")

    def test_a_rule_gives_the_days_that_its_parameters_say(self):
        self.ask("policy.set", policy="standing", parameters={"complaints": 1, "appeal_days": 10}, **{"from": "2018-09-01"})
        self.stored("complaint.filed", complaint="c:1", subject={"kind": "volunteer", "id": "v:1"}, text="离岗")
        (changed,) = decisions(self.stored("complaint.resolved", complaint="c:1", outcome="upheld", by="clerk:3"), "standing.changed")
        self.assertEqual((changed["to"], changed["appeal_until"]), ("suspended", "2018-09-11"))
        self.city.on("2018-09-12")
        self.refused_appeal()

    def test_what_a_rule_counted_is_not_counted_again_after_an_appeal(self):
        self.ask("policy.set", policy="standing", parameters={"complaints": 2}, **{"from": "2018-09-01"})
        for number in (1, 2, 3, 4):
            self.city.on(f"2018-09-0{number}")
            self.stored("complaint.filed", complaint=f"c:{number}", subject={"kind": "volunteer", "id": "v:1"}, text="离岗")
            changes = decisions(self.stored("complaint.resolved", complaint=f"c:{number}", outcome="upheld", by="clerk:3"),
                                "standing.changed")
            self.assertEqual([change["to"] for change in changes], ["suspended"] if number in (2, 4) else [])
            if number == 2:
                self.appeal()
                self.settle()
                self.assertEqual(self.page()["standing"], "good")
        self.assert_replay_agrees()

    def test_who_was_deregistered_is_counted_again(self):
        self.ask("policy.set", policy="standing", parameters={"absences": 1}, **{"from": "2018-09-01"})
        before = self.counters()["volunteers"]
        self.activity("a:1", day="2018-09-02")
        self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="self")
        self.city.on("2018-09-02")
        (changed,) = decisions(self.stored("attendance.missed", activity="a:1", volunteer="v:1"), "standing.changed")
        self.assertEqual(changed["to"], "deregistered")
        self.assertEqual(self.counters()["volunteers"], before - 1)
        self.appeal()
        self.settle()
        self.assertEqual((self.page()["standing"], self.counters()["volunteers"]), ("good", before))
        self.assert_replay_agrees()

    def test_something_else_that_stands_by_now_is_left_alone(self):
        self.suspend()
        self.appeal()
        self.city.on("2018-09-05")
        self.stored("volunteer.restored", volunteer="v:1", reason="改正")
        self.city.on("2018-09-06")
        self.suspend()
        self.settle()
        self.assertEqual((self.page()["standing"], self.ask("appeal.get", appeal="p:1")["undone"]), ("suspended", False))

    def test_whoever_decided_does_not_settle(self):
        self.suspend()
        self.appeal()
        self.refused("self_review", "data.by", "sanction.settled", appeal="p:1", outcome="dismissed", by="clerk:5")
        self.settle("withdrawn", by="clerk:5")
        self.appeal(appeal="p:2")

    def test_wrong_steps_are_refused(self):
        self.refused_appeal()
        self.refused_appeal("v:none", code="unknown_volunteer", field="data.subject.id")
        self.refused_appeal("org:1", kind="organisation", code="out_of_range", field="data.subject.kind")
        self.suspend()
        self.appeal()
        self.refused_appeal(appeal="p:2")
        self.refused("unknown_appeal", "data.appeal", "sanction.settled", appeal="p:none", outcome="upheld", by="clerk:9")
        self.refused("out_of_range", "data.minutes", "sanction.settled", appeal="p:1", outcome="upheld", by="clerk:9", minutes=60)
        self.settle()
        self.refused("wrong_state", "data.appeal", "sanction.settled", appeal="p:1", outcome="dismissed", by="clerk:9")

    def test_what_was_said_stays_sealed(self):
        self.suspend()
        self.appeal()
        events = json.dumps(self.ask("journal.read", after=0, limit=1000)["events"], ensure_ascii=False)
        self.assertNotIn("请复核", events)
        self.assertEqual(self.ask("appeal.get", appeal="p:1")["sealed"], ["text"])

    def test_lists_and_commands(self):
        self.suspend("v:1")
        self.suspend("v:2")
        self.appeal("v:1", appeal="p:1")
        self.appeal("v:2", appeal="p:2")
        self.settle(appeal="p:2")
        self.assertEqual(self.ids("appeal.list", "appeal", state="filed"), ["p:1"])
        self.assertEqual(self.ids("appeal.list", "appeal", subject="v:2"), ["p:2"])
        text = self.control("list", "appeal", locale="zh_CN.UTF-8")
        self.assertIn("申诉成立", text)
        self.assertIn("已处理", text)
        self.assertIn("原决定人", self.control("show", "appeal", "p:1", locale="zh_CN.UTF-8"))

    def test_explain_says_standing_and_why(self):
        self.assertNotIn("Standing", self.control("explain", "volunteer", "v:1"))
        self.suspend(until="2018-12-31")
        explained = self.ask("explain", volunteer="v:1")["standing"]
        self.assertEqual([explained[name] for name in ("standing", "since", "until")], ["suspended", "2018-09-01", "2018-12-31"])
        self.assertEqual((explained["standing_change"]["reason"], explained["standing_change"]["by"]), ("酒后服务", "clerk:5"))
        text = self.control("explain", "volunteer", "v:1", locale="zh_CN.UTF-8")
        for words in ("暂停", "酒后服务", "2018-12-31", "2018-10-31"):
            self.assertIn(words, text)
        self.appeal()
        self.assertIn("p:1", self.control("explain", "volunteer", "v:1"))


class Records(AppealTest):
    def test_a_record_that_was_revoked_counts_again_as_it_did(self):
        self.record("r:1", method="automatic", hours=10, starts=1)
        before = self.page()
        self.stored("service.revoked", record="r:1", reason="查无此事", by="clerk:5")
        self.assertEqual((self.page()["minutes"], self.state("r:1")), (0, "revoked"))
        self.appeal("r:1", "record")
        self.refused("self_review", "data.by", "sanction.settled", appeal="p:1", outcome="upheld", by="clerk:5")
        self.refused("self_review", "data.by", "sanction.settled", appeal="p:1", outcome="upheld", by="clerk:1")
        self.settle()
        page = self.page()
        for name in ("minutes", "records", "stars", "points", "first_service_on", "last_service_on"):
            self.assertEqual(page[name], before[name], name)
        self.assertEqual(self.state("r:1"), "accepted")
        self.assert_replay_agrees()

    def test_a_star_that_fell_with_a_record_comes_back(self):
        for day in range(1, 11):
            self.record(f"r:{day}", method="automatic", hours=10, starts=1, day=f"2018-08-{day + 10}")
        self.assertEqual(self.page()["stars"], 1)
        self.stored("service.revoked", record="r:3", reason="查无此事", by="clerk:5")
        self.assertEqual(self.page()["stars"], 0)
        self.appeal("r:3", "record")
        self.settle()
        self.assertEqual((self.page()["stars"], self.page()["minutes"]), (1, 6000))
        self.assert_replay_agrees()

    def test_a_record_found_false_was_a_false_alarm_after_all(self):
        self.record("r:1", method="code")
        self.stored("review.sampled", record="r:1", by="inspector:1")
        self.stored("review.answered", record="r:1", outcome="false", reviewer="inspector:2")
        self.assertEqual(self.signal("spot_check"), [1, 0, 1])
        self.appeal("r:1", "record")
        self.settle()
        self.assertEqual((self.state("r:1"), self.signal("spot_check")), ("accepted", [1, 1, 0]))
        self.assertEqual(self.record("r:2", starts=5), ("accepted", []))
        self.assert_replay_agrees()

    def test_what_a_reviewer_refused_counts_as_it_would_have(self):
        self.record("r:1", method="code")
        self.record("r:2", method="code", starts=10)
        self.stored("service.reviewed", record="r:2", outcome="refused", reviewer="clerk:2")
        self.appeal("r:2", "record")
        self.refused("self_review", "data.by", "sanction.settled", appeal="p:1", outcome="upheld", by="clerk:2")
        self.refused("out_of_range", "data.minutes", "sanction.settled", appeal="p:1", outcome="upheld", by="clerk:9", minutes=121)
        self.settle(minutes=60)
        self.assertEqual((self.state("r:2"), self.page()["minutes"]), ("accepted", 180))

    def test_what_a_rule_refused_counts_its_minutes(self):
        self.assertEqual(self.record("r:1", hours=12, starts=0, method="code")[0], "accepted")
        self.assertEqual(self.record("r:2", hours=1, starts=10, day="2018-08-31", method="code")[0], "accepted")
        result = self.stored("service.recorded", record="r:3", volunteer="v:1", organisation="org:1", starts="2018-08-29T00:00:00+08:00",
                             ends="2018-08-30T00:01:00+08:00", method="code", recorder="clerk:1")
        self.assertEqual(decisions(result, "service.decided")[0]["outcome"], "refused")
        self.appeal("r:3", "record")
        self.settle(minutes=480)
        self.assertEqual((self.state("r:3"), self.page()["minutes"]), ("accepted", 720 + 60 + 480))

    def test_the_window_of_a_record_and_what_needs_none(self):
        self.record("r:1", method="code")
        self.refused_appeal("r:1", "record")
        self.refused_appeal("r:none", "record", code="unknown_record", field="data.subject.id")
        self.stored("service.revoked", record="r:1", reason="查无此事", by="clerk:5")
        self.assertEqual(self.ask("record.get", record="r:1")["appeal_until"], "2018-10-31")
        self.city.on("2018-11-01")
        self.refused_appeal("r:1", "record")

    def test_a_revocation_after_an_appeal_is_another_decision(self):
        self.record("r:1", method="code")
        self.stored("service.revoked", record="r:1", reason="查无此事", by="clerk:5")
        self.appeal("r:1", "record")
        self.settle()
        self.stored("service.revoked", record="r:1", reason="重复登记", by="clerk:6")
        self.appeal("r:1", "record", appeal="p:2")
        self.settle("dismissed", "p:2")
        self.assertEqual(self.state("r:1"), "revoked")


class Former(AppealTest):
    """Whoever was suspended or deregistered, leaves, and comes back under another id with the same document."""

    def setUp(self):
        super().setUp()
        from harness import COMMUNITY, identity_number
        self.identity = {"name": "无名", "document_kind": "resident_id", "number": identity_number(91, born="19900512")}
        self.register = lambda name: self.stored("volunteer.registered", volunteer=name, region=COMMUNITY, identity=self.identity)
        self.register("v:old")

    def test_the_former_suspension_holds_the_new_registration(self):
        self.suspend("v:old", until="2018-12-31")
        self.stored("volunteer.withdrawn", volunteer="v:old", reason="本人退出")
        (decided,) = decisions(self.register("v:new"), "registration.decided")
        self.assertEqual((decided["outcome"], [f["code"] for f in decided["findings"]]), ("held", ["former_standing"]))
        self.assertNotIn("v:old", json.dumps(decided))
        self.city.on("2019-01-01")
        (decided,) = decisions(self.stored("volunteer.updated", volunteer="v:new", changes={"occupation": None}),
                               "registration.decided")
        self.assertEqual(decided["outcome"], "accepted")
        self.assert_replay_agrees()

    def test_whoever_still_stands_deregistered_cannot_register_anew(self):
        self.ask("policy.set", policy="standing", parameters={"absences": 1}, **{"from": "2018-09-01"})
        self.activity("a:1", day="2018-09-02")
        self.stored("enrolment.requested", activity="a:1", volunteer="v:old", by="self")
        self.city.on("2018-09-02")
        self.stored("attendance.missed", activity="a:1", volunteer="v:old")
        from harness import COMMUNITY
        result = self.refused("identity_known", "data.identity.number", "volunteer.registered", volunteer="v:new", region=COMMUNITY,
                              identity=self.identity)
        self.assertNotIn("v:old", result["message"])
        self.stored("volunteer.withdrawn", volunteer="v:old", reason="本人退出")
        self.ask("policy.set", policy="registration", parameters={"former_deregistered": "refused"}, **{"from": "2018-09-01"})
        result = self.refused("policy_refused", "data", "volunteer.registered", volunteer="v:new", region=COMMUNITY,
                              identity=self.identity)
        self.assertEqual([f["code"] for f in result["findings"]], ["former_standing"])

    def test_an_appeal_clears_the_old_name_and_with_it_the_new(self):
        self.suspend("v:old")
        self.stored("volunteer.withdrawn", volunteer="v:old", reason="本人退出")
        self.register("v:new")
        self.assertEqual(self.page("v:new")["state"], "held")
        self.appeal("v:old")
        self.settle()
        self.stored("volunteer.updated", volunteer="v:new", changes={"occupation": None})
        self.assertEqual(self.page("v:new")["state"], "registered")

    def test_whoever_left_in_good_standing_is_welcome(self):
        self.stored("volunteer.withdrawn", volunteer="v:old", reason="本人退出")
        (decided,) = decisions(self.register("v:new"), "registration.decided")
        self.assertEqual(decided["outcome"], "accepted")


if __name__ == "__main__":
    unittest.main()
