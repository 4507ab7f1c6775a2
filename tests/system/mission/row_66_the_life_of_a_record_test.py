"""规范每一个具体项目、具体流程: the life of a service record. Two people scan the code at the crossing; what the machine saw becomes their
records; the organiser shows them for three working days; one of them says that an hour is missing, a clerk looks into it and puts it
right; the record becomes final; years later it moves with its volunteer to another organisation. At each station nobody can skip the
next, and whoever asks sees where it stands."""

import unittest

import mission  # noqa
from harness import CITY, COUNTY
from pairing_test import StayTest
from volunteerctl_test import control

DAY = "2018-08-23"  # a Thursday


class TheLifeOfARecord(StayTest):
    def ctl(self, *arguments, code=0):
        result = control(self.city.daemon.runtime, *arguments, language="zh_CN.UTF-8")
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def send(self, type_name, *fields, code=0):
        return self.ctl("send", type_name, *fields, "--at", f"{self.city.day}T12:00:00+08:00", code=code)

    def pass_to(self, day):
        self.city.on(day).define_organisation("org:9", f"单位{day}")
        while self.ask("status")["runs"]:
            pass

    def figures(self):
        counters = self.ask("region.get", region=COUNTY)["counters"]
        return {name: counters[name] for name in ("held", "records", "notices", "final_records", "disputed")}

    def test_from_the_code_at_the_door_to_another_organisation(self):
        # 1. The machine at the crossing saw two people; nobody typed anything.
        (first,) = self.derived(self.visit("v:1"))
        (second,) = self.derived(self.visit("v:2", "09:00", "10:00"))
        mine, theirs = first["record"], second["record"]
        self.assertEqual(self.figures(), {"held": 0, "records": 2, "notices": 0, "final_records": 0, "disputed": 0})
        self.assertIn("已认定", self.ctl("list", "record", "volunteer=v:1"))

        # 2. The organiser shows the records for three working days: Friday, Monday, Tuesday.
        self.city.on("2018-08-24")
        self.send("public_notice.opened", "notice=gs:1", "subject.kind=activity", "subject.id=a:1", "from=2018-08-24", "working_days=3")
        shown = self.ctl("show", "public_notice", "gs:1")
        self.assertIn("2018-08-28", shown)
        self.assertIn("公示中", shown)
        self.assertIn("公示中", self.ctl("list", "record", "volunteer=v:2"))
        self.assertIn("2018-08-28", self.send("public_notice.ended", "notice=gs:1", "outcome=accepted", code=1), "not before its time")

        # 3. The second one says that an hour is missing: it counts as before, and does not become final meanwhile.
        self.send("service.disputed", f"record={theirs}", "text=我服务到十一点,签退时手机没电")
        self.assertIn(theirs, self.ctl("record", "disputed", "--region", COUNTY))
        self.assertEqual(self.minutes("v:2"), 60)
        self.pass_to("2018-08-29")
        self.assertEqual([self.record(record)["stage"] for record in (mine, theirs)], ["final", "disputed"])
        self.assertEqual(self.figures(), {"held": 0, "records": 2, "notices": 0, "final_records": 1, "disputed": 1})

        # 4. A clerk finds it true. An hour more than the machines saw is more than there was between in and out: a record of its own.
        self.ctl("record", "settle", theirs, "upheld", "--by", "clerk:5")
        self.assertNotIn(theirs, self.ctl("record", "disputed"))
        result = self.stored("service.recorded", record="r:hour", volunteer="v:2", organisation="org:1", activity="a:1",
                             starts=f"{DAY}T10:00:00+08:00", ends=f"{DAY}T11:00:00+08:00", method="manual", recorder="clerk:5",
                             evidence="同岗志愿者和组长证明")
        self.assertEqual(self.decided(result), [("accepted", 60, [])])
        self.assertEqual(self.minutes("v:2"), 120)

        # 5. It came after the notice; a notice of its own makes it final, and so does one for what was disputed.
        self.send("public_notice.opened", "notice=gs:2", "subject.kind=activity", "subject.id=a:1", "from=2018-08-29", "working_days=1")
        self.pass_to("2018-08-30")
        self.assertEqual([self.record(record)["stage"] for record in (mine, theirs, "r:hour")], ["final"] * 3)

        # 6. Final is not for ever: what turns out to be wrong is put right by law, and is shown anew.
        self.stored("service.corrected", record="r:hour", minutes=30, reason="实际到十点半", by="clerk:6")
        self.assertEqual((self.record("r:hour")["stage"], self.minutes("v:2")), ("confirmed", 90))
        self.assertEqual(self.figures()["final_records"], 2)

        # 7. The volunteer moves on: with consent the hours follow, and who recorded them certifies them still.
        self.assertIn("consent.given", self.send("service.transferred", f"record={theirs}", "organisation=org:2", "by=clerk:8", code=1))
        self.send("consent.given", "volunteer=v:2", "purpose=transfer", "text_version=2018-01")
        self.send("service.transferred", f"record={theirs}", "organisation=org:2", "by=clerk:8")
        record = self.record(theirs)
        self.assertEqual((record["organisation"], record["transferred"]["organisation"], record["stage"]), ("org:1", "org:2", "final"))
        self.assertEqual(self.ask("organisation.get", organisation="org:2")["counters"]["minutes"], 60)

        # 8. What was entered by mistake is revoked, and everything it caused goes with it.
        self.stored("service.revoked", record=mine, reason="代签", by="clerk:6")
        self.assertEqual((self.minutes("v:1"), self.record(mine)["stage"]), (0, "revoked"))
        self.assertEqual(self.figures(), {"held": 0, "records": 2, "notices": 0, "final_records": 1, "disputed": 0})
        self.assertEqual(self.ask("region.get", region=CITY)["counters"]["minutes"], 90)
        self.assert_replay_agrees()



if __name__ == "__main__":
    unittest.main()
