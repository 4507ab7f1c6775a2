"""Honest hours: each way in which hours were invented elsewhere is tried here, against the shipped rules, and what the city sees of
it. Row 8's 诚信建设 and the oversight that the ministry asks for: spot checks, whose results are public."""
import json
import subprocess
import unittest

import mission  # noqa
import harness
from eligibility_test import PeopleTest
from harness import COMMUNITY, event
from small_city import decisions

DAY = "2018-08-25"


class HonestHours(PeopleTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-08-01")
        self.city.define_basics()
        self.city.define_organisation("org:shop", "刷时长的单位")
        self.people = [f"v:{number}" for number in range(1, 61)]
        for name in self.people:
            self.city.register(name)
        self.city.on(DAY)

    def control(self, *words, code=0):
        done = subprocess.run([str(harness.CONTROL), "--runtime", str(self.city.daemon.runtime), *words], capture_output=True,
                              text=True, check=False, env={"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN", "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.returncode, code, done)
        return done.stdout

    def enter(self, people, organisation="org:shop", method="manual", starts=9, **more):
        """One clerk enters two hours for each of these people; what was decided of each."""
        more.setdefault("recorder", "clerk:shop")
        results = self.city.daemon.publish([event("service.recorded", {
            "record": f"{volunteer}/{more.get('activity', 'none')}/{starts}", "volunteer": volunteer, "organisation": organisation,
            "starts": f"{DAY}T{starts:02}:00:00+08:00", "ends": f"{DAY}T{starts + 2:02}:00:00+08:00", "method": method, **more},
            time=f"{DAY}T20:00:00+08:00") for volunteer in people])["results"]
        return [(d["outcome"], [f["code"] for f in d.get("findings", [])])
                for result in results for d in decisions(result, "service.decided")]

    def codes(self, decided):
        return [code for _, codes in decided for code in codes if code != "spot_check"]

    def report(self, by):
        (section,) = json.loads(self.control("report", "integrity", "--by", by, "--json"))["document"]["sections"]
        names = [column["name"] for column in section["columns"]]
        return {row[0]: dict(zip(names, row)) for row in section["rows"]}

    def check(self, record, answer):
        self.control("record", "answer", record, answer, "--by", "inspector:2")

    def test_hours_sold_for_an_activity_that_never_was(self):
        """出售时长:没有这样的活动,就没有这样的时长。"""
        result = self.publish("service.recorded", record="r:sold", volunteer="v:1", organisation="org:shop", activity="a:never",
                              starts=f"{DAY}T09:00:00+08:00", ends=f"{DAY}T14:00:00+08:00", method="manual", recorder="clerk:shop")
        self.assertEqual(result["code"], "unknown_activity")

    def test_hours_sold_by_the_dozen(self):
        """五小时两分钟办好:一个人一分钟录几十条,抽出来请人看。"""
        self.ask("policy.set", policy="acceptance", parameters={"entry_rate": "held"}, **{"from": "2018-08-01"})
        decided = self.enter(self.people)
        self.assertEqual(self.codes(decided), ["entry_rate"] * 31)
        self.assertEqual([outcome for outcome, _ in decided].count("held"), 31)
        self.assertEqual(self.report("organisation")["org:shop"]["asked"], 31)

    def test_an_activity_of_three_hundred_that_nobody_attended(self):
        """凑指标的三百人大活动,没有一个人签到。"""
        self.ask("policy.set", policy="acceptance", parameters={"sampled_per_mille": 1000}, **{"from": "2018-08-01"})
        self.activity("a:big", day=DAY, places=300, organisation="org:shop")
        decided = self.enter(self.people[:20], activity="a:big", method="import")
        self.assertEqual(self.codes(decided), ["no_attendance"] * 20)
        self.assertEqual({outcome for outcome, _ in decided}, {"accepted"})
        self.assertIn("大型活动无人签到", self.control("record", "sampled", "--signal", "no_attendance"))
        self.check("v:1/a:big/9", "false")
        self.check("v:2/a:big/9", "real")
        row = self.report("signal")["no_attendance"]
        self.assertEqual([row[name] for name in ("asked", "open", "false", "real", "false_alarms")], [20, 18, 1, 1, [1, 2]])

    def test_thirty_sign_in_in_one_second(self):
        """同一秒三十人签到。"""
        self.ask("policy.set", policy="acceptance", parameters={"same_second": "held"}, **{"from": "2018-08-01"})
        self.activity("a:1", day=DAY, places=40)
        for name in self.people[:30]:
            self.stored("attendance.checked_in", time=f"{DAY}T12:00:00+08:00", activity="a:1", volunteer=name, method="qr",
                        at=f"{DAY}T09:00:00+08:00")
        self.assertEqual(self.codes(self.enter(self.people[:3], activity="a:1", method="automatic")), ["same_second"] * 3)

    def test_somebody_who_was_not_there_is_entered_in_the_back_office(self):
        """别人签到了,他没有来,时长是补录的:待核。"""
        self.activity("a:1", day=DAY)
        self.stored("attendance.checked_in", activity="a:1", volunteer="v:1", method="qr", at=f"{DAY}T09:00:00+08:00")
        self.assertEqual(self.enter(["v:1", "v:2"], activity="a:1"), [("accepted", []), ("held", ["back_office"])])
        self.assertIn("活动有签到,没有本人的签到", self.control("record", "held"))
        self.refused("self_review", "data.reviewer", "service.reviewed", record="v:2/a:1/9", outcome="accepted", reviewer="clerk:shop")

    def test_routine_meetings_are_no_service_where_the_city_says_so(self):
        """例会、值班当成服务。"""
        self.ask("policy.set", policy="acceptance", parameters={"excluded_kinds": ["meeting"]}, **{"from": "2018-08-01"})
        self.activity("a:meeting", day=DAY, kind="meeting")
        self.assertEqual(self.enter(["v:1"], activity="a:meeting"), [("refused", ["excluded_kind"])])

    def test_two_places_at_one_time(self):
        """同一时间两处服务。"""
        self.enter(["v:1"])
        self.assertEqual(self.enter(["v:1"], starts=10, organisation="org:1", recorder="clerk:2"), [("held", ["overlap"])])

    def test_an_approval_that_nobody_had_time_to_think_about(self):
        """录入三秒后审核通过。"""
        self.ask("policy.set", policy="acceptance", parameters={"sampled_per_mille": 1000}, **{"from": "2018-08-01"})
        self.enter(["v:1"])
        self.enter(["v:1"], starts=10)
        result = self.stored("service.reviewed", time=f"{DAY}T20:00:03+08:00", record="v:1/none/10", outcome="accepted",
                             reviewer="clerk:friend")
        (flagged,) = decisions(result, "record.flagged")
        self.assertEqual(flagged["findings"], [{"code": "quick_approval", "value": 3}])
        self.refused("self_review", "data.reviewer", "review.answered", record="v:1/none/10", outcome="real", reviewer="clerk:friend")

    def test_what_becomes_of_false_hours_and_how_a_wrong_verdict_is_mended(self):
        """重庆的处理:收回时长,一年内并且再服务一百小时以前不得补录;抽查有人负责,本人可以申诉。"""
        self.enter(["v:1"])
        self.control("record", "sample", "v:1/none/9", "--by", "inspector:1", "--reason", "群众反映")
        self.check("v:1/none/9", "false")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 0)
        self.assertEqual(self.enter(["v:1"], starts=14, recorder="clerk:2"), [("refused", ["manual_entry_barred"])])
        self.assertEqual(self.enter(["v:2"], starts=14), [("held", ["recorder_watched"])])
        said = self.control("explain", "volunteer", "v:1")
        self.assertIn("核实不实的记录 1 条", said)
        self.city.on("2018-09-10")
        self.stored("sanction.appealed", appeal="p:1", subject={"kind": "record", "id": "v:1/none/9"}, text="当天在场,有照片为证")
        self.refused("self_review", "data.by", "sanction.settled", appeal="p:1", outcome="dismissed", by="inspector:2")
        self.stored("sanction.settled", appeal="p:1", outcome="upheld", by="clerk:9")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 120)
        row = self.report("signal")["spot_check"]
        self.assertEqual([row[name] for name in ("false", "real")], [0, 1])
        self.assert_replay_agrees()

    def test_whoever_does_not_come_five_times_is_deregistered_and_keeps_the_star(self):
        """龙泉驿:一年五次无故缺席,注销。"""
        for month in range(1, 6):
            self.city.publish_activity(f"a:{month}", starts=f"2018-09-0{month}T09:00:00+08:00", ends=f"2018-09-0{month}T11:00:00+08:00")
            self.stored("enrolment.requested", activity=f"a:{month}", volunteer="v:9", by="self")
        for month in range(1, 6):
            self.city.on(f"2018-09-0{month}")
            self.stored("attendance.missed", activity=f"a:{month}", volunteer="v:9")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:9")["standing"], "deregistered")
        said = self.control("explain", "volunteer", "v:9")
        self.assertIn("注销", said)
        self.assertIn("本年无故缺席 5 次", said)
        self.assertIn("2018-11-04", said)

    def test_spot_checks_are_drawn_by_nobody_s_favour_and_their_results_are_public(self):
        """民政抽查:按编号抽,谁也挑不了;结果按区划公布。"""
        self.ask("policy.set", policy="acceptance", parameters={"spot_check_per_mille": 200, "entry_rate": "off"},
                 **{"from": "2018-08-01"})
        decided = self.enter(self.people, method="code", organisation="org:1")
        drawn = [codes for _, codes in decided].count(["spot_check"])
        self.assertTrue(3 <= drawn <= 25, drawn)
        for record in self.ids("record.list", "record", check="open", limit=1000):
            self.check(record, "real")
        row = self.report("community")[COMMUNITY]
        self.assertEqual([row[name] for name in ("asked", "open", "false", "real")], [drawn, 0, 0, drawn])
        self.assertIn("属实的计为误报", self.control("report", "integrity"))


if __name__ == "__main__":
    unittest.main()
