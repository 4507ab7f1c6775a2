"""Emergencies: declared for a region by one command, ended by it; what the shipped rule lets through meanwhile, and to whom it
shows. Against the real daemon, by the events' clock."""
import json
import unittest

from eligibility_test import DAY, PeopleTest
from harness import CITY, COMMUNITY, COUNTY
from small_city import OTHER_COMMUNITY, OTHER_COUNTY
from volunteerctl_test import control

FLOOD = {"emergency": "em:1", "region": COUNTY, "by": "clerk:2"}
PASSPORT = {"name": "某", "document_kind": "passport", "number": "E1"}


class EmergencyTest(PeopleTest):
    def declare(self, **more):
        return self.stored("emergency.declared", **{**FLOOD, **more})

    def end(self, **more):
        return self.stored("emergency.ended", **{**FLOOD, **more})

    def rescue(self, name="a:1", region=COMMUNITY, **more):
        self.activity(name, region=region, emergency=True, **more)

    def test_what_would_wait_for_insurance_is_let_through_as_long_as_it_is_declared(self):
        self.rescue()
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["insurance_missing"]))
        self.declare()
        self.assertEqual(self.enrol("v:2"), ("accepted", ["emergency"]))
        self.end()
        self.assertEqual(self.enrol("v:3"), ("waitlisted", ["insurance_missing"]))
        self.assert_replay_agrees()

    def test_it_holds_below_its_region_and_nowhere_else(self):
        self.rescue("a:1", OTHER_COMMUNITY)
        self.declare()
        self.assertEqual(self.enrol("v:1", "a:1"), ("waitlisted", ["insurance_missing"]))
        self.declare(emergency="em:2", region=CITY)
        self.assertEqual(self.enrol("v:2", "a:1"), ("accepted", ["emergency"]))

    def test_what_is_no_emergency_is_asked_as_always(self):
        self.activity("a:1", domains=["抢险救灾"])
        self.declare()
        self.assertEqual(self.enrol("v:1"), ("waitlisted", ["insurance_missing"]))

    def test_an_ordinary_shift_at_the_same_time_does_not_keep_anybody_from_a_rescue(self):
        self.activity("a:1")
        self.rescue("a:2", insurance="平安")
        self.enrol("v:1", "a:1")
        self.enrol("v:2", "a:1")
        self.assertEqual(self.enrol("v:1", "a:2"), ("refused", ["overlap"]))
        self.declare()
        self.assertEqual(self.enrol("v:2", "a:2"), ("accepted", ["emergency"]))

    def test_minors_stay_out_of_danger_and_places_are_not_exceeded(self):
        self.rescue(places=1, insurance="平安")
        self.declare()
        self.city.register("v:young", guardian_consent={"by": "母亲", "on": "2018-08-01"}, identity=PASSPORT, born="2002-05")
        self.assertEqual(self.enrol("v:young"), ("refused", ["minor_in_danger"]))
        self.assertEqual(self.enrol("v:1")[0], "accepted")
        self.assertEqual(self.enrol("v:2"), ("waitlisted", ["no_places"]))

    def test_the_decision_can_be_asked_again_after_it_has_ended(self):
        self.rescue()
        self.declare()
        self.enrol("v:1")
        self.end()
        (decided,) = self.ask("journal.read", after=0, types=["enrolment.decided"], limit=10)["events"]
        self.assertTrue(self.ask("policy.replay", sequence=int(decided["sequence"]), wait_ms=30000)["result"]["same"])

    def test_steps_that_are_not_there_are_refused_and_say_what_to_do(self):
        self.refused("unknown_emergency", "data.emergency", "emergency.ended", **FLOOD)
        self.declare()
        self.assertIn("already", self.refused("wrong_state", "data.emergency", "emergency.declared", **FLOOD)["message"])
        self.assertIn("em:1", self.refused("wrong_state", "data.region", "emergency.declared", **{**FLOOD, "emergency": "em:2"})["message"])
        self.refused("wrong_state", "data.region", "emergency.ended", **{**FLOOD, "region": OTHER_COUNTY})
        self.refused("wrong_state", "data.emergency", "emergency.ended", "2018-07-31T12:00:00+08:00", **FLOOD)
        self.end()
        self.refused("wrong_state", "data.emergency", "emergency.ended", **FLOOD)
        self.assertIn("of its own", self.refused("wrong_state", "data.emergency", "emergency.declared", **FLOOD)["message"])
        self.declare(emergency="em:2")

    def test_fields_are_named_where_they_are_wrong(self):
        for kind in ("emergency.declared", "emergency.ended"):
            for name in FLOOD:
                with self.subTest(kind, field=name):
                    self.refused("missing_field", f"data.{name}", kind, **{n: v for n, v in FLOOD.items() if n != name})
                    self.refused("wrong_type", f"data.{name}", kind, **{**FLOOD, name: [7]})
            self.refused("too_long", "data.reason", kind, **FLOOD, reason="x" * 257)
            self.refused("unknown_field", "data.until", kind, **FLOOD, until="2018-09-01")
        self.refused("unknown_region", "data.region", "emergency.declared", **{**FLOOD, "region": "620599000000"})

    def test_it_is_listed_shown_and_counted(self):
        self.declare(reason="藉河水位超警戒")
        self.rescue()
        self.enrol("v:1")
        self.city.on(DAY)
        self.check_in("v:1")
        self.stored("service.recorded", f"{DAY}T18:00:00+08:00", record="r:1", volunteer="v:1", activity="a:1", organisation="org:1",
                    starts=f"{DAY}T09:00:00+08:00", ends=f"{DAY}T11:00:00+08:00", method="automatic", recorder="clerk:1")
        (item,) = self.ask("status")["emergencies"]
        self.assertEqual((item["emergency"], item["region"], item["by"]), ("em:1", COUNTY, "clerk:2"))
        self.assertEqual(self.ids("emergency.list", "emergency", region=CITY, state="declared"), ["em:1"])
        self.assertEqual(self.ids("emergency.list", "emergency", region=OTHER_COUNTY), [])
        shown = self.ask("emergency.get", emergency="em:1")
        self.assertEqual({name: shown[name] for name in ("state", "reason", "activities", "enrolled", "attended", "records", "minutes")},
                         {"state": "declared", "reason": "藉河水位超警戒", "activities": 1, "enrolled": 1, "attended": 1, "records": 1,
                          "minutes": 120})
        self.end(by="clerk:3")
        self.rescue("a:later", day="2018-09-01")
        shown = self.ask("emergency.get", emergency="em:1")
        self.assertEqual((shown["state"], shown["ended_by"], shown["activities"]), ("ended", "clerk:3", 1))
        self.assertEqual(self.ask("status")["emergencies"], [])
        self.refuse("unknown_emergency", "emergency", "emergency.get", emergency="em:9")


class CommandTest(PeopleTest):
    def control(self, *arguments, language="C.UTF-8"):
        return control(self.city.daemon.runtime, *arguments, language=language)

    def test_a_clerk_declares_ends_and_lists(self):
        run = self.control("emergency", "declare", "em:1", "--region", COUNTY, "--by", "clerk:2", "--reason", "暴雨")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("em:1", self.control("status").stdout)
        self.assertEqual(self.control("emergency", "declare", "em:1", "--region", COUNTY, "--by", "clerk:2").returncode, 1)
        run = self.control("emergency", "list", "--state", "declared", language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("生效中", run.stdout)
        run = self.control("emergency", "end", "em:1", "--by", "clerk:2")
        self.assertEqual(run.returncode, 0, run.stderr)
        (item,) = json.loads(self.control("emergency", "list", "--json").stdout)["items"]
        self.assertEqual((item["emergency"], item["state"], item["reason"]), ("em:1", "ended", "暴雨"))
        self.assertIn("应急响应", self.control("show", "emergency", "em:1", language="zh_CN.UTF-8").stdout)

    def test_what_is_missing_is_said(self):
        self.assertEqual(self.control("emergency", "declare", "em:1", "--by", "clerk:2").returncode, 2)
        self.assertEqual(self.control("emergency", "declare", "em:1", "--region", COUNTY).returncode, 2)
        self.assertEqual(self.control("emergency", "end", "em:9", "--by", "clerk:2").returncode, 1)


if __name__ == "__main__":
    unittest.main()
