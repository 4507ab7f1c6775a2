"""Signals of invented hours under the shipped rule: each is raised, held or drawn, answered, and counted with its false alarms.
By the events' clock."""
import json
import subprocess
import unittest

import harness
from eligibility_test import PeopleTest
from harness import CITY, COMMUNITY, COUNTY, event
from small_city import OTHER_COUNTY, decisions

DAY = "2018-08-23"
SIGNALS = ["back_office", "no_attendance", "overlap", "same_second", "entry_rate", "quick_approval", "one_approver", "spot_check"]


class IntegrityTest(PeopleTest):
    def setUp(self):
        super().setUp()
        self.city.on(DAY)
        self.serial = 0

    def control(self, *words, code=0, locale="C.UTF-8"):
        done = subprocess.run([str(harness.CONTROL), "--runtime", str(self.city.daemon.runtime), *words], capture_output=True,
                              text=True, check=False, env={"LANG": locale, "LC_ALL": locale, "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.returncode, code, done)
        return done.stdout + done.stderr

    def rules(self, day="2018-08-01", **parameters):
        """Parameters of the shipped acceptance rule from that day on."""
        self.ask("policy.set", policy="acceptance", parameters=parameters, **{"from": day})

    def record(self, record, volunteer="v:1", hours=2, starts=9, method="manual", time=None, day=None, **more):
        """The decision about a record of that day, entered at noon."""
        day = day or self.city.day
        result = self.stored("service.recorded", time=time, record=record, volunteer=volunteer, organisation="org:1",
                             starts=f"{day}T{starts:02}:00:00+08:00", ends=f"{day}T{starts + hours:02}:00:00+08:00",
                             method=method, recorder=more.pop("recorder", "clerk:1"), **more)
        (decided,) = decisions(result, "service.decided")
        return decided["outcome"], [finding["code"] for finding in decided.get("findings", [])]

    def check_in(self, volunteer, activity, at="09:00:00", method="qr"):
        return self.stored("attendance.checked_in", activity=activity, volunteer=volunteer, at=f"{DAY}T{at}+08:00", method=method)

    def check_of(self, record):
        return self.ask("record.get", record=record).get("check")

    def counters(self, region=COMMUNITY):
        return self.ask("region.get", region=region)["counters"]

    def signal(self, signal, region=COMMUNITY):
        """How many records a signal was raised of, was real in, was false in."""
        counters = self.counters(region)
        return [counters[f"{kind}_{signal}"] for kind in ("signal", "real", "false")]


class Signals(IntegrityTest):
    def test_an_entry_by_hand_of_somebody_who_did_not_sign_in_is_held_where_others_did(self):
        self.activity("a:1")
        self.check_in("v:1", "a:1")
        self.assertEqual(self.record("r:1", "v:1", activity="a:1"), ("accepted", []))
        self.assertEqual(self.record("r:2", "v:2", activity="a:1"), ("held", ["back_office"]))
        self.assertEqual(self.record("r:3", "v:3", activity="a:1", method="import"), ("held", ["back_office"]))
        self.assertEqual(self.check_of("r:2")["open"], ["back_office"])
        self.assertEqual(self.signal("back_office"), [2, 0, 0])
        self.assertEqual(self.signal("back_office", COUNTY), [2, 0, 0])
        self.assertEqual(self.ask("organisation.get", organisation="org:1")["counters"]["signal_back_office"], 2)
        self.assertIsNone(self.check_of("r:1"))
        self.assert_replay_agrees()

    def test_where_nobody_signs_in_nothing_is_made_of_an_entry_by_hand(self):
        self.activity("a:1")
        self.assertEqual(self.record("r:1", activity="a:1"), ("accepted", []))

    def test_a_great_activity_without_attendance_asks_for_a_look(self):
        self.rules(no_attendance="held")
        self.activity("a:50", places=50)
        self.activity("a:49", places=49)
        self.activity("a:500", places=500, starts=14, ends=16)
        self.activity("a:501", places=501)
        self.assertEqual(self.record("r:1", "v:1", activity="a:50"), ("held", ["no_attendance"]))
        self.assertEqual(self.record("r:2", "v:2", activity="a:49"), ("accepted", []))
        self.assertEqual(self.record("r:3", "v:3", activity="a:501"), ("accepted", []))
        self.assertEqual(self.record("r:4", "v:2", starts=5, activity="a:500"), ("held", ["no_attendance"]))
        self.assertEqual(self.record("r:5", "v:3", starts=5, activity="a:500", method="automatic"), ("accepted", []))

    def test_what_is_only_drawn_counts_and_waits_for_an_answer(self):
        self.rules(no_attendance="sampled", sampled_per_mille=1000)
        self.activity("a:1", places=300)
        self.assertEqual(self.record("r:1", activity="a:1"), ("accepted", ["no_attendance"]))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 120)
        self.assertEqual(self.ids("record.list", "record", check="open"), ["r:1"])

    def test_many_who_check_in_in_one_second(self):
        self.rules(same_second="held", at_once=3)
        self.activity("a:1")
        self.check_in("v:1", "a:1")
        self.check_in("v:2", "a:1")
        self.assertEqual(self.record("r:1", "v:1", activity="a:1", method="automatic"), ("accepted", []))
        self.check_in("v:3", "a:1")
        self.assertEqual(self.record("r:3", "v:3", activity="a:1", method="automatic"), ("held", ["same_second"]))

    def test_a_group_that_is_entered_at_once_is_no_signal(self):
        self.rules(same_second="held", at_once=2)
        self.activity("a:1")
        for name in ("v:1", "v:2", "v:3"):
            self.check_in(name, "a:1", method="group")
        self.assertEqual(self.record("r:1", "v:1", activity="a:1", method="code"), ("accepted", []))

    def test_a_recorder_who_enters_too_fast(self):
        self.rules(entry_rate="held", entries_a_minute=6, entries_a_day=1000)
        for name in range(4, 12):
            self.city.register(f"v:{name}")
        outcomes = [self.record(f"r:{name}", f"v:{name}")[0] for name in range(1, 9)]
        self.assertEqual(outcomes, ["accepted"] * 5 + ["held"] * 3)
        self.assertEqual(self.record("r:other", "v:9", recorder="clerk:2"), ("accepted", []))
        self.assertEqual(self.record("r:later", "v:10", time=f"{DAY}T12:01:00+08:00"), ("accepted", []))
        self.assertEqual(self.record("r:code", "v:11", method="code"), ("accepted", []))

    def test_the_pace_of_a_day_counts_over_its_minutes(self):
        self.rules(entry_rate="held", entries_a_day=52)
        for name in range(4, 61):
            self.city.register(f"v:{name}")
        outcomes = [self.record(f"r:{name}", f"v:{name}", time=f"{DAY}T13:{name - 1:02}:00+08:00") for name in range(1, 54)]
        self.assertEqual([o for o, _ in outcomes], ["accepted"] * 51 + ["held"] * 2)

    def test_the_pace_of_a_record_stays_what_it_was_when_it_is_asked_again(self):
        self.rules(entry_rate="held", entries_a_minute=5)
        for name in range(4, 8):
            self.city.register(f"v:{name}")
        for name in range(1, 6):
            last = self.record(f"r:{name}", f"v:{name}")
        self.assertEqual(last, ("held", ["entry_rate"]))
        self.city.on("2018-08-25")
        self.record("r:9", "v:6")
        filed = self.stored("complaint.filed", complaint="c:1", subject={"kind": "record", "id": "r:5"}, text="没有见到人")
        self.assertEqual(decisions(filed, "service.decided"), [])
        self.assertEqual(self.ask("record.get", record="r:5")["state"], "held")

    def test_overlaps_are_a_signal_like_the_others(self):
        self.record("r:1", method="automatic")
        self.assertEqual(self.record("r:2", starts=10, method="automatic"), ("held", ["overlap"]))
        self.assertEqual(self.signal("overlap"), [1, 0, 0])

    def test_each_signal_can_be_turned_off(self):
        self.rules(back_office="off", entry_rate="off", same_second="off", no_attendance="off")
        self.activity("a:1", places=100)
        for name in ("v:1", "v:2"):
            self.check_in(name, "a:1")
        self.assertEqual(self.record("r:3", "v:3", activity="a:1"), ("accepted", []))


class Reviews(IntegrityTest):
    def setUp(self):
        super().setUp()
        self.activity("a:1")
        self.check_in("v:1", "a:1")

    def held(self, record, volunteer="v:2", **more):
        self.assertEqual(self.record(record, volunteer, activity="a:1", **more)[0], "held")

    def review(self, record, outcome="accepted", reviewer="clerk:2", seconds=3600):
        return self.stored("service.reviewed", time=f"{DAY}T{12 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}+08:00",
                           record=record, outcome=outcome, reviewer=reviewer)

    def test_a_held_record_that_passes_was_a_false_alarm(self):
        self.held("r:1")
        self.review("r:1")
        self.assertEqual(self.signal("back_office"), [1, 1, 0])
        check = self.check_of("r:1")
        self.assertEqual((check["state"], check["answer"], check["answered_by"], check["open"]), ("real", "real", "clerk:2", []))
        self.assertEqual(self.ask("record.get", record="r:1")["judged_by"], "clerk:2")

    def test_a_held_record_that_is_refused_confirms_the_signal_and_blames_nobody(self):
        self.held("r:1")
        self.review("r:1", "refused")
        self.assertEqual(self.signal("back_office"), [1, 0, 1])
        self.assertEqual(self.counters()["checks_false"], 1)
        self.assertEqual(self.record("r:2", "v:2", starts=14, time=f"{DAY}T20:00:00+08:00"), ("accepted", []))

    def test_an_approval_seconds_after_the_entry_is_flagged(self):
        self.rules(sampled_per_mille=1000)
        self.held("r:1")
        (flagged,) = decisions(self.review("r:1", seconds=9), "record.flagged")
        self.assertEqual(flagged, {"record": "r:1", "findings": [{"code": "quick_approval", "value": 9}]})
        self.assertEqual(self.ask("record.get", record="r:1")["state"], "accepted")
        self.assertEqual(self.check_of("r:1")["open"], ["quick_approval"])
        self.assertEqual((self.signal("back_office"), self.signal("quick_approval")), ([1, 1, 0], [1, 0, 0]))
        self.held("r:2", "v:3")
        self.assertEqual(decisions(self.review("r:2", seconds=10), "record.flagged"), [])
        self.assert_replay_agrees()

    def test_a_flag_can_be_asked_for_again_from_its_facts(self):
        self.rules(sampled_per_mille=1000)
        self.held("r:1")
        result = self.review("r:1", seconds=3)
        sequence = result["sequence"] + [d["type"] for d in result["decisions"]].index("record.flagged") + 1
        answer = self.city.daemon.query("policy.replay", sequence=sequence, wait_ms=30000)
        self.assertEqual(answer["result"]["differences"], [], answer)

    def test_one_approver_of_all_is_flagged_once_in_so_many(self):
        self.rules(approver_least=3, approver_per_mille=1000)
        for name in range(4, 11):
            self.city.register(f"v:{name}")
        flags = []
        for name in range(2, 11):
            self.held(f"r:{name}", f"v:{name}")
            reviewer = "clerk:3" if name == 5 else "clerk:2"
            flags.append([f["code"] for d in decisions(self.review(f"r:{name}", reviewer=reviewer), "record.flagged")
                          for f in d["findings"]])
        self.assertEqual(flags, [[], [], ["one_approver"], [], [], [], [], [], []])

    def test_two_approvers_are_as_it_should_be(self):
        self.rules(approver_least=2)
        self.held("r:2", "v:2")
        self.held("r:3", "v:3")
        self.review("r:2", reviewer="clerk:2")
        self.assertEqual(decisions(self.review("r:3", reviewer="clerk:3"), "record.flagged"), [])

    def test_a_rule_of_ones_own_that_knows_nothing_of_reviews_flags_nothing(self):
        self.ask("policy.activate", text="""return { name = "acceptance", kind = "acceptance", title = "认定",
            texts = { back_office = "核" },
            decide = function(record) finding("back_office") return "held", record.minutes end,
            cases = { { name = "待核", given = { minutes = 5 }, expect = "held" } } }""")
        self.assertEqual(self.record("r:1", starts=14, time=f"{DAY}T19:00:00+08:00"), ("held", ["back_office"]))
        result = self.stored("service.reviewed", time=f"{DAY}T19:00:01+08:00", record="r:1", outcome="accepted", reviewer="clerk:2")
        self.assertEqual(decisions(result, "record.flagged"), [])
        self.assertEqual(self.check_of("r:1")["state"], "real")


class Report(IntegrityTest):
    def document(self, **params):
        return self.ask("report.integrity", **params)["document"]

    def setUp(self):
        super().setUp()
        self.activity("a:1")
        self.check_in("v:1", "a:1")
        for name, volunteer in (("r:1", "v:2"), ("r:2", "v:3")):
            self.record(name, volunteer, activity="a:1")
        self.stored("service.reviewed", record="r:1", outcome="accepted", reviewer="clerk:2")

    def rows(self, **params):
        (section,) = self.document(**params)["sections"]
        names = [column["name"] for column in section["columns"]]
        return {row[0]: dict(zip(names, row)) for row in section["rows"]}

    def test_by_county(self):
        rows = self.rows(by="county")
        self.assertEqual(set(rows), {COUNTY, OTHER_COUNTY})
        row = rows[COUNTY]
        self.assertEqual([row[name] for name in ("records", "asked", "open", "false", "real", "false_alarms", "held")],
                         [1, 2, 1, 0, 1, [1, 1], 1])
        self.assertEqual(rows[OTHER_COUNTY]["asked"], 0)

    def test_by_signal(self):
        rows = self.rows(by="signal")
        self.assertEqual(list(rows), SIGNALS)
        self.assertEqual([rows["back_office"][name] for name in ("asked", "open", "false", "real")], [2, 1, 0, 1])
        self.assertEqual(self.rows(by="signal", region=OTHER_COUNTY)["back_office"]["asked"], 0)

    def test_by_organisation_those_of_which_something_was_asked(self):
        rows = self.rows(by="organisation")
        self.assertEqual(list(rows), ["org:1"])
        self.assertEqual(rows["org:1"]["share"], [2, 1])
        self.assertEqual(self.rows(by="organisation", region=OTHER_COUNTY), {})

    def test_as_it_stood_on_a_past_day(self):
        self.city.on("2018-08-24")
        self.stored("service.reviewed", record="r:2", outcome="refused", reviewer="clerk:2")
        self.assertEqual(self.rows(by="county", as_of=DAY)[COUNTY]["open"], 1)
        self.assertEqual(self.rows(by="county")[COUNTY]["false_alarms"], [1, 2])

    def test_the_command_prints_it(self):
        text = self.control("report", "integrity", "--by", "signal", locale="zh_CN.UTF-8")
        self.assertIn("补录而未签到", text)
        self.assertIn("提示不是结论", text)
        rows = json.loads(self.control("report", "integrity", "--by", "county", "--json"))["document"]["sections"][0]["rows"]
        self.assertEqual(len(rows), 2)
        self.assertIn("2", self.control("report", "integrity", "--region", CITY, "--format", "csv"))

    def test_a_wrong_word_is_named(self):
        self.refuse("out_of_range", "by", "report.integrity", by="recorder")


class Rate(IntegrityTest):
    def test_nobody_is_counted_who_enters_nothing_by_hand(self):
        """The hot path: what comes from a machine leaves no row about its recorder."""
        self.city.send_all([event("service.recorded", {
            "record": f"r:{hour}", "volunteer": "v:1", "organisation": "org:1", "starts": f"{DAY}T{hour:02}:00:00+08:00",
            "ends": f"{DAY}T{hour:02}:30:00+08:00", "method": "automatic", "recorder": "machine:1"}) for hour in range(0, 11)])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["records"], 11)


if __name__ == "__main__":
    unittest.main()
