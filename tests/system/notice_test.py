"""Public notices: opened for so many working days, objected to, ended by midnight or by somebody; records that were in one become
final. Against the real daemon, by the events' clock."""
import unittest

from harness import CITY, COMMUNITY, COUNTY, event
from pairing_test import StayTest

# The activity is on Thursday 2018-08-23; 24 is a Friday, 27 to 29 Monday to Wednesday.


class NoticeTest(StayTest):
    def setUp(self):
        super().setUp()
        self.stay = self.derived(self.visit("v:1"))[0]["record"]
        self.city.on("2018-08-24")

    def open(self, notice="n:1", kind="activity", subject="a:1", days=3, begins="2018-08-27", **more):
        return self.stored("public_notice.opened", notice=notice, subject={"kind": kind, "id": subject}, working_days=days,
                           **{"from": begins}, **more)

    def notice(self, notice="n:1"):
        return self.ask("public_notice.get", public_notice=notice)

    def stage(self, record=None):
        return self.record(record or self.stay)["stage"]

    def serve(self, record, volunteer="v:2", activity="a:1", **more):
        data = {"record": record, "volunteer": volunteer, "organisation": "org:1", "activity": activity, "starts": "2018-08-23T09:00:00+08:00",
                "ends": "2018-08-23T10:00:00+08:00", "method": "code", "recorder": "clerk:1", **more}
        return self.stored("service.recorded", **data)

    def pass_to(self, day):
        """The day comes; what midnight begins is done."""
        self.city.on(day).define_organisation("org:9", f"单位{day}")
        while self.ask("status")["runs"]:
            pass

    def finalised(self):
        events = self.ask("journal.read", after=0, limit=10000, types=["service.finalised"])["events"]
        return [event["data"]["record"] for event in events]

    def counters(self, region=CITY):
        counters = self.ask("region.get", region=region)["counters"]
        return {name: counters[name] for name in ("records", "final_records", "disputed", "notices")}


class Records(NoticeTest):
    def test_a_record_goes_from_confirmed_to_notice_to_final(self):
        self.assertEqual(self.stage(), "confirmed")
        self.open()
        shown = self.notice()
        self.assertEqual((shown["state"], shown["until"], shown["objections"]), ("open", "2018-08-29", 0))
        record = self.record(self.stay)
        self.assertEqual((record["stage"], record["public_notice"]), ("noticed", {"notice": "n:1", "state": "open", "until": "2018-08-29"}))
        self.assertEqual(self.counters(COUNTY), {"records": 1, "final_records": 0, "disputed": 0, "notices": 1})
        self.pass_to("2018-08-29")
        self.assertEqual((self.stage(), self.notice()["state"]), ("noticed", "open"), "its last day is a day of notice")
        self.pass_to("2018-08-30")
        self.assertEqual((self.stage(), self.notice()["state"], self.notice()["ended_on"]), ("final", "passed", "2018-08-30"))
        self.assertEqual(self.finalised(), [self.stay])
        self.assertEqual(self.counters(COUNTY), {"records": 1, "final_records": 1, "disputed": 0, "notices": 0})
        self.assertEqual(self.ids("record.list", "record", stage="final"), [self.stay])
        self.assertEqual(self.minutes("v:1"), 120, "what is final counts as it did")
        self.assert_replay_agrees()

    def test_days_of_rest_and_holidays_do_not_count(self):
        self.ask("calendar.set", date="2018-08-28", kind="holiday", name="节日", by="clerk:9")
        self.ask("calendar.set", date="2018-09-01", kind="workday", name="调休", by="clerk:9")
        self.open(days=4, begins="2018-08-25")
        self.assertEqual(self.notice()["until"], "2018-08-31")
        self.open("n:2", "record", self.stay, days=5)
        self.assertEqual(self.notice("n:2")["until"], "2018-09-01")

    def test_a_notice_that_is_told_late_lasts_from_then(self):
        self.city.on("2018-08-31")
        self.open(begins="2018-08-01", days=1)
        self.assertEqual((self.notice()["from"], self.notice()["until"]), ("2018-08-01", "2018-08-31"))
        self.assertEqual(self.finalised(), [])

    def test_all_of_an_activity_become_final_and_what_came_or_changed_later_does_not(self):
        self.serve("r:1")
        self.serve("r:2", "v:3")
        self.activity("a:2", starts=12, ends=14)
        self.serve("r:other", "v:3", activity="a:2", starts="2018-08-23T12:00:00+08:00", ends="2018-08-23T13:00:00+08:00")
        self.open()
        self.serve("r:late", "v:3", starts="2018-08-23T10:10:00+08:00", ends="2018-08-23T10:20:00+08:00")
        self.stored("service.corrected", record="r:2", minutes=30, reason="早退", by="clerk:2")
        self.pass_to("2018-08-30")
        self.assertEqual(sorted(self.finalised()), sorted([self.stay, "r:1"]))
        self.assertEqual([self.stage(r) for r in ("r:2", "r:late", "r:other")], ["confirmed"] * 3)
        self.assert_replay_agrees()

    def test_what_is_held_or_refused_does_not_become_final(self):
        self.serve("r:held", "v:1")
        self.assertEqual(self.stage("r:held"), "pending")
        self.open()
        self.pass_to("2018-08-30")
        self.stored("service.reviewed", record="r:held", outcome="accepted", reviewer="clerk:2")
        self.assertEqual(self.stage("r:held"), "confirmed", "it was not in the notice")

    def test_a_record_or_an_organisation_may_be_what_a_notice_is_about(self):
        self.serve("r:1")
        self.serve("r:2", "v:3", organisation="org:2")
        self.open("n:1", "record", "r:1")
        self.open("n:2", "organisation", "org:2")
        self.pass_to("2018-08-30")
        self.assertEqual(sorted(self.finalised()), ["r:1", "r:2"])
        self.assertEqual(self.stage(), "confirmed")
        self.assert_replay_agrees()

    def test_a_thousand_records_and_many_notices_are_one_run_at_midnight(self):
        events = []
        for n in range(30):
            self.activity(f"b:{n}")
        for n in range(1200):
            start = f"2018-08-{1 + n // 200:02}T{n % 200 // 10:02}:{n % 10 * 6:02}:00+08:00"
            end = f"2018-08-{1 + n // 200:02}T{n % 200 // 10:02}:{n % 10 * 6 + 5:02}:00+08:00"
            events.append(self.event_of("service.recorded", record=f"m:{n}", volunteer=f"v:{1 + n % 3}", organisation="org:1",
                                        activity=f"b:{n % 30}", starts=start, ends=end, method="code", recorder="clerk:1"))
        self.city.send_all(events)
        for n in range(30):
            self.open(f"b:{n}", subject=f"b:{n}")
        self.pass_to("2018-08-30")
        self.assertEqual(len(self.finalised()), self.counters()["records"] - 1)
        self.assertEqual(self.counters()["notices"], 0)
        runs = [event["data"] for event in self.ask("journal.read", after=0, limit=10000, types=["run.progressed"])["events"]]
        self.assertEqual(len({run["run"] for run in runs if run["kind"] == "final"}), 1)
        self.assert_replay_agrees()

    def event_of(self, type_name, **data):
        return event(type_name, data, time=f"{self.city.day}T12:00:00+08:00")

    def test_a_total_of_earlier_years_is_shown_and_corrected_likewise(self):
        for n in (1, 2):
            self.stored("service.carried_over", record=f"c:{n}", volunteer="v:1", minutes=600, organisation="org:2", evidence="旧系统",
                        **{"from": f"201{n}-01-01", "to": f"201{n}-12-31"})
        self.open("n:1", "organisation", "org:2")
        self.pass_to("2018-08-30")
        self.assertEqual([self.stage(f"c:{n}") for n in (1, 2)], ["final"] * 2)
        self.stored("service.corrected", record="c:1", minutes=300, reason="核实", by="clerk:2")
        self.stored("service.revoked", record="c:2", reason="重复", by="clerk:2")
        self.assertEqual(([self.stage(f"c:{n}") for n in (1, 2)], self.counters()["final_records"]), (["confirmed", "revoked"], 0))
        self.assert_replay_agrees()

    def test_a_correction_of_what_is_final_is_confirmed_anew(self):
        self.open()
        self.pass_to("2018-08-30")
        self.stored("service.corrected", record=self.stay, minutes=60, reason="中途离开", by="clerk:2")
        shown = self.record(self.stay)
        self.assertEqual((shown["stage"], shown["counted_minutes"]), ("confirmed", 60))
        self.assertEqual(self.counters()["final_records"], 0)
        self.open("n:2", days=1, begins="2018-08-30")
        self.pass_to("2018-08-31")
        self.assertEqual(self.stage(), "final")
        self.stored("service.revoked", record=self.stay, reason="错签", by="clerk:2")
        self.assertEqual((self.stage(), self.counters()["final_records"], self.minutes("v:1")), ("revoked", 0, 0))
        self.assert_replay_agrees()


class Steps(NoticeTest):
    def end(self, outcome="accepted", **more):
        return {"notice": "n:1", "outcome": outcome, "by": "clerk:5", **more}

    def test_an_objection_keeps_it_open_until_somebody_ends_it(self):
        self.open()
        self.stored("public_notice.objected", notice="n:1", text="当天没有见到他")
        self.assertEqual((self.notice()["state"], self.notice()["objections"]), ("objected", 1))
        self.pass_to("2018-09-05")
        self.assertEqual((self.notice()["state"], self.stage()), ("objected", "noticed"))
        self.stored("public_notice.ended", **self.end())
        self.pass_to("2018-09-06")
        self.assertEqual((self.notice()["state"], self.stage()), ("passed", "final"))
        self.assert_replay_agrees()

    def test_what_was_objected_is_kept_sealed(self):
        self.open()
        self.stored("public_notice.objected", notice="n:1", text="天机不可泄露")
        self.open("n:2", "record", self.stay)
        self.stored("public_notice.objected", notice="n:2", text="天机不可泄露")
        events = self.ask("journal.read", after=0, limit=10000, types=["public_notice.objected"])["events"]
        self.assertEqual([("text" in e["data"], e["sealed"]) for e in events], [(False, "text")] * 2)
        for path in self.city.daemon.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn("天机不可泄露".encode(), path.read_bytes(), path)
        self.assert_replay_agrees()

    def test_a_refused_notice_leaves_the_records_confirmed(self):
        self.open()
        self.stored("public_notice.ended", **self.end("refused"))
        self.assertEqual((self.notice()["state"], self.stage(), self.counters()["notices"]), ("refused", "confirmed", 0))
        self.pass_to("2018-08-30")
        self.assertEqual(self.finalised(), [])
        self.assert_replay_agrees()

    def test_no_step_is_skipped(self):
        self.refused("unknown_public_notice", "data.notice", "public_notice.objected", notice="n:1", text="x")
        self.refused("unknown_public_notice", "data.notice", "public_notice.ended", **self.end())
        self.open()
        self.refused("wrong_state", "data.notice", "public_notice.ended", **self.end())
        subject = {"kind": "activity", "id": "a:1"}
        self.refused("wrong_state", "data.subject", "public_notice.opened", notice="n:2", subject=subject, working_days=1,
                     **{"from": "2018-08-27"})
        self.refused("already_exists", "data.notice", "public_notice.opened", notice="n:1", subject={"kind": "organisation", "id": "org:1"},
                     working_days=1, **{"from": "2018-08-27"})
        self.pass_to("2018-08-30")
        self.refused("wrong_state", "data.notice", "public_notice.objected", notice="n:1", text="x")
        self.refused("wrong_state", "data.notice", "public_notice.ended", **self.end())
        self.refused("wrong_state", "data.notice", "public_notice.ended", **self.end("refused"))

    def test_an_objection_that_comes_late_is_told_where_to_go(self):
        self.open()
        self.stored("public_notice.objected", notice="n:1", text="x")
        self.pass_to("2018-08-30")
        result = self.refused("wrong_state", "data.notice", "public_notice.objected", notice="n:1", text="x")
        self.assertIn("2018-08-29", result["message"])

    def test_what_a_notice_is_about_must_be_there(self):
        for kind, code in (("activity", "unknown_activity"), ("record", "unknown_record"), ("volunteer", "unknown_volunteer")):
            self.refused(code, "data.subject.id", "public_notice.opened", notice="n:1", subject={"kind": kind, "id": "nobody:1"},
                         working_days=1, **{"from": "2018-08-27"})
        subject = {"kind": "activity", "id": "a:1"}
        for days in (0, 61):
            self.refused("out_of_range", "data.working_days", "public_notice.opened", notice="n:1", subject=subject, working_days=days,
                         **{"from": "2018-08-27"})
        self.refused("out_of_range", "data.from", "public_notice.opened", notice="n:1", subject=subject, working_days=1,
                     **{"from": "2019-08-26"})

    def test_a_person_may_be_noticed_too(self):
        self.open("n:1", "volunteer", "v:1")
        self.assertEqual(self.ids("public_notice.list", "notice", region=COMMUNITY, state="open"), ["n:1"])
        self.pass_to("2018-08-30")
        self.assertEqual((self.notice()["state"], self.finalised()), ("passed", []))
        self.assertEqual(self.ids("public_notice.list", "notice", subject_kind="volunteer", subject="v:1", state="passed"), ["n:1"])


if __name__ == "__main__":
    unittest.main()
