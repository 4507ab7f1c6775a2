"""Spot checks (抽查): a share of what counts is drawn by its id, or by hand; who answers, and what a false answer does to the
record and to whoever had it entered. By the events' clock."""
import json
import unittest

from harness import event, identity_number
from integrity_test import DAY, IntegrityTest
from small_city import decisions


class Drawing(IntegrityTest):
    def many(self, n, prefix="r"):
        results = self.city.send_all([event("service.recorded", {
            "record": f"{prefix}:{number}", "volunteer": "v:1", "organisation": "org:1",
            "starts": f"2018-{month:02}-{day:02}T{hour:02}:00:00+08:00", "ends": f"2018-{month:02}-{day:02}T{hour:02}:30:00+08:00",
            "method": "automatic", "recorder": "machine:1"})
            for number, (month, day, hour) in enumerate(((8, d, h) for d in range(1, 21) for h in range(20)), 1)
            if number <= n])
        return [decisions(result, "service.decided")[0] for result in results]

    def test_a_share_of_what_counts_is_drawn(self):
        self.rules(day="2018-01-01", spot_check_per_mille=100)
        decided = self.many(400)
        drawn = [d["record"] for d in decided if d.get("findings")]
        self.assertTrue(all(d["outcome"] == "accepted" for d in decided))
        self.assertTrue(20 <= len(drawn) <= 65, len(drawn))
        self.assertEqual(self.ids("record.list", "record", check="open", limit=1000), drawn)
        self.assertEqual(self.counters()["checks_open"], len(drawn))
        self.assertEqual(self.signal("spot_check"), [len(drawn), 0, 0])
        self.assert_replay_agrees()

    def test_who_is_drawn_of_few_is_drawn_of_more(self):
        self.rules(day="2018-01-01", spot_check_per_mille=50)
        few = {d["record"] for d in self.many(400) if d.get("findings")}
        other = self.start_dated_city(self.addCleanup)
        other.on("2018-08-01")
        other.define_basics()
        other.register("v:1")
        other.on(DAY)
        self.city = other
        self.rules(day="2018-01-01", spot_check_per_mille=200)
        more = {d["record"] for d in self.many(400) if d.get("findings")}
        self.assertTrue(few and few < more, (few, more))

    def test_nothing_is_drawn_of_none_in_a_thousand(self):
        self.rules(day="2018-01-01", spot_check_per_mille=0)
        self.assertFalse(any(d.get("findings") for d in self.many(200)))

    def test_all_are_drawn_of_a_thousand(self):
        self.rules(day="2018-01-01", spot_check_per_mille=1000)
        self.assertTrue(all(d["findings"] for d in self.many(20)))


class Answers(IntegrityTest):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.record("r:1", method="code"), ("accepted", []))

    def sample(self, record="r:1", **more):
        return self.stored("review.sampled", record=record, by="inspector:1", **more)

    def answer(self, outcome, record="r:1", reviewer="inspector:2", **more):
        return self.stored("review.answered", record=record, outcome=outcome, reviewer=reviewer, **more)

    def test_an_inspector_draws_a_record_and_finds_it_real(self):
        self.sample(reason="群众反映")
        self.assertEqual(self.check_of("r:1")["open"], ["spot_check"])
        self.answer("real")
        record = self.ask("record.get", record="r:1")
        self.assertEqual((record["state"], record["check"]["state"]), ("accepted", "real"))
        self.assertEqual(self.signal("spot_check"), [1, 1, 0])
        self.assert_replay_agrees()

    def test_a_record_found_false_is_revoked_with_all_that_it_caused(self):
        before = self.ask("volunteer.get", volunteer="v:1")
        self.sample()
        self.answer("false", note="当天活动没有举行")
        record = self.ask("record.get", record="r:1")
        self.assertEqual((record["state"], record["judged_by"], record["check"]["answer"]), ("revoked", "inspector:2", "false"))
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((before["minutes"], page["minutes"], page["records"]), (120, 0, 0))
        self.assertEqual([balance["balance"] for balance in page["points"] if balance["account"] == "points"], [0])
        self.assertEqual(self.signal("spot_check"), [1, 0, 1])
        self.assertNotIn("没有举行", json.dumps(self.ask("journal.read", after=0, limit=1000)["events"], ensure_ascii=False))
        self.assert_replay_agrees()

    def test_the_recorder_does_not_answer(self):
        self.sample()
        self.refused("self_review", "data.reviewer", "review.answered", record="r:1", outcome="real", reviewer="clerk:1")

    def test_whoever_let_it_pass_does_not_answer(self):
        self.record("r:2", "v:1", starts=10, method="code")
        self.stored("service.reviewed", record="r:2", outcome="accepted", reviewer="clerk:2")
        self.sample("r:2")
        self.refused("self_review", "data.reviewer", "review.answered", record="r:2", outcome="real", reviewer="clerk:2")

    def test_wrong_steps_are_refused(self):
        self.refused("wrong_state", "data.record", "review.answered", record="r:1", outcome="real", reviewer="inspector:2")
        self.sample()
        self.refused("wrong_state", "data.record", "review.sampled", record="r:1", by="inspector:1")
        self.answer("false")
        self.refused("wrong_state", "data.record", "review.answered", record="r:1", outcome="real", reviewer="inspector:2")
        self.refused("wrong_state", "data.record", "review.sampled", record="r:1", by="inspector:1")
        self.refused("unknown_record", "data.record", "review.sampled", record="r:none", by="inspector:1")
        self.refused("unknown_record", "data.record", "review.answered", record="r:none", outcome="real", reviewer="i:2")

    def test_a_record_can_be_drawn_again_after_an_answer(self):
        self.sample()
        self.answer("real")
        self.sample()
        self.answer("real")
        self.assertEqual(self.signal("spot_check"), [2, 2, 0])

    def test_a_held_record_may_be_found_false_but_passes_by_its_review_alone(self):
        self.record("r:2", "v:1", starts=10, method="code")
        self.refused("wrong_state", "data.record", "review.answered", record="r:2", outcome="real", reviewer="inspector:2")
        self.answer("false", "r:2")
        self.assertEqual(self.ask("record.get", record="r:2")["state"], "revoked")
        self.assertEqual(self.signal("overlap"), [1, 0, 1])

    def test_what_is_revoked_for_another_reason_counts_neither_way(self):
        self.sample()
        self.stored("service.revoked", record="r:1", reason="重复登记", by="clerk:3")
        self.assertEqual(self.check_of("r:1")["state"], "closed")
        self.assertEqual((self.signal("spot_check"), self.counters()["checks_open"]), ([1, 0, 0], 0))

    def test_the_commands(self):
        self.assertIn("r:1", self.control("record", "sample", "r:1", "--by", "inspector:1") + "r:1")
        self.assertIn("抽查", self.control("record", "sampled", locale="zh_CN.UTF-8"))
        listed = json.loads(self.control("record", "sampled", "--json"))
        self.assertEqual([item["record"] for item in listed["items"]], ["r:1"])
        self.control("record", "answer", "r:1", "real", code=2)
        self.control("record", "answer", "r:1", "real", "--by", "clerk:1", code=1)
        self.control("record", "answer", "r:1", "real", "--by", "inspector:2")
        self.assertEqual(json.loads(self.control("record", "sampled", "--check", "real", "--json"))["items"][0]["record"], "r:1")
        self.assertIn("属实", self.control("record", "sampled", "--check", "real", locale="zh_CN.UTF-8"))
        self.assertEqual(json.loads(self.control("record", "sampled", "--signal", "overlap", "--json"))["items"], [])


class Consequences(IntegrityTest):
    """What the shipped rule takes from whoever had a record found false: entries by hand, for a year and a hundred hours."""

    def find_false(self, record="r:false", volunteer="v:1", day="2018-03-01"):
        self.city.on(day)
        self.record(record, volunteer, day=day)
        self.stored("review.sampled", record=record, by="inspector:1")
        self.stored("review.answered", record=record, outcome="false", reviewer="inspector:2")

    def setUp(self):
        super().setUp()
        self.city.day = "2018-09-01"

    def test_an_entry_by_hand_is_refused_and_a_machine_s_is_not(self):
        self.find_false(day="2018-09-01")
        self.city.on("2018-09-10")
        self.assertEqual(self.record("r:1"), ("refused", ["manual_entry_barred"]))
        self.assertEqual(self.record("r:2", method="automatic"), ("accepted", []))
        page = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual(page["minutes"], 120)
        text = self.control("explain", "volunteer", "v:1", locale="zh_CN.UTF-8")
        self.assertIn("2018-09-01", text)

    def test_after_a_year_a_hundred_hours_must_have_been_served(self):
        self.find_false(day="2018-09-01")
        for day in range(1, 9):
            self.city.on(f"2019-08-{day + 10:02}")
            self.record(f"r:{day}", starts=0, hours=11, method="code", time=f"2019-08-{day + 10:02}T23:00:00+08:00")
        self.city.on("2019-09-02")
        self.assertEqual(self.record("r:early"), ("refused", ["manual_entry_barred"]))
        self.record("r:9", starts=0, hours=11, day="2019-09-01", method="code")
        self.record("r:10", starts=0, hours=1, day="2019-08-30", method="code")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 100 * 60)
        self.assertEqual(self.record("r:now"), ("accepted", []))

    def test_others_of_the_same_recorder_are_held(self):
        self.find_false(day="2018-09-01")
        self.city.on("2018-09-10")
        self.assertEqual(self.record("r:1", "v:2"), ("held", ["recorder_watched"]))
        self.assertEqual(self.record("r:2", "v:3", recorder="clerk:9"), ("accepted", []))

    def test_the_city_may_do_without(self):
        self.rules(barred_years=0)
        self.find_false(day="2018-09-01")
        self.assertEqual(self.record("r:1", starts=5), ("accepted", []))

    def test_a_new_id_does_not_leave_it_behind(self):
        identity = {"name": "无名", "document_kind": "resident_id", "number": identity_number(77, born="19900512")}
        self.stored("volunteer.registered", volunteer="v:old", region=self.ask("volunteer.get", volunteer="v:1")["region"],
                    identity=identity)
        self.find_false(volunteer="v:old", day="2018-09-01")
        self.stored("volunteer.withdrawn", volunteer="v:old", reason="本人退出")
        self.stored("volunteer.registered", volunteer="v:new", region=self.ask("volunteer.get", volunteer="v:1")["region"],
                    identity=identity)
        self.city.on("2018-09-05")
        self.assertEqual(self.record("r:1", "v:new"), ("refused", ["manual_entry_barred"]))

    def test_a_merge_does_not_leave_it_behind(self):
        self.find_false(volunteer="v:1", day="2018-09-01")
        self.stored("volunteer.merged", volunteer="v:1", into="v:2")
        self.city.on("2018-09-05")
        self.assertEqual(self.record("r:1", "v:2", recorder="clerk:9"), ("refused", ["manual_entry_barred"]))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
