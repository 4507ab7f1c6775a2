"""Batches: what came with one import is one thing, and is taken back as one, the last first, by ordinary events that name it."""
import unittest

from eligibility_test import PeopleTest
from harness import COMMUNITY, event, identity_number

NOON = "2018-03-06T12:00:00+08:00"


class Batches(PeopleTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-03-01")
        self.city.define_basics()
        self.city.register("v:1")
        self.activity("a:1", day="2018-03-05", starts=9, ends=12)
        self.city.on("2018-03-06")

    def send(self, type_name, batch="sheet-1", **data):
        result = self.city.daemon.publish_one(event(type_name, data, time=NOON, **({"batch": batch} if batch else {})))
        self.assertEqual(result["status"], "stored", result)
        return result

    def record(self, number, volunteer="v:1", activity="a:1", hours=(9, 11), batch="sheet-1"):
        return self.send("service.recorded", batch, record=f"r:{number}", volunteer=volunteer, activity=activity,
                         organisation="org:1", starts=f"2018-03-05T{hours[0]:02}:00:00+08:00",
                         ends=f"2018-03-05T{hours[1]:02}:00:00+08:00", method="import", recorder="clerk:1")

    def walk_in(self, name, batch="sheet-1", serial=700):
        return self.send("volunteer.registered", batch, volunteer=name, region=COMMUNITY, identity={
            "name": "无名", "document_kind": "resident_id", "number": identity_number(serial % 500, born=f"19{60 + serial // 500:02}0512")})

    def undo(self, batch="sheet-1"):
        sequence = self.ask("batch.undo", batch=batch, by="clerk:9")["sequence"]
        self.wait_undone(batch)
        return [e for e in self.ask("journal.read", after=sequence, limit=1000)["events"]
                if e["type"] not in ("run.progressed", "clock.ticked")]

    def wait_undone(self, batch):
        while self.ask("batch.get", batch=batch)["state"] != "undone":
            self.ask("journal.read", after=self.ask("status")["sequence"], wait_ms=50, limit=1)

    def totals(self, volunteer="v:1"):
        page = self.ask("volunteer.get", volunteer=volunteer)
        points = {item["account"]: item["balance"] for item in page["points"]}
        return page["minutes"], points.get("points", 0)


class Kept(Batches):
    def test_what_came_is_counted_by_type(self):
        self.walk_in("v:w")
        self.record(1)
        self.record(2, "v:w")
        self.send("figure.reported", figure="residents", subject={"kind": "region", "id": COMMUNITY}, value=10,
                  as_of="2018-01-01", origin="表")
        batch = self.ask("batch.get", batch="sheet-1")
        self.assertEqual((batch["state"], batch["events"], batch["irrevocable"]), ("open", 4, 1))
        self.assertEqual(batch["types"], {"service.recorded": 2, "volunteer.registered": 1})
        self.assertEqual(self.ids("batch.list", "batch", state="open"), ["sheet-1"])
        self.assertEqual(self.ids("batch.list", "batch", state="undone"), [])

    def test_an_event_without_a_batch_is_in_none(self):
        self.record(1, batch=None)
        self.assertEqual(self.ids("batch.list", "batch"), [])

    def test_a_duplicate_is_counted_once(self):
        body = event("service.recorded", {
            "record": "r:1", "volunteer": "v:1", "activity": "a:1", "organisation": "org:1", "method": "import",
            "starts": "2018-03-05T09:00:00+08:00", "ends": "2018-03-05T11:00:00+08:00", "recorder": "clerk:1"},
            time=NOON, batch="sheet-1")
        self.assertEqual([self.city.daemon.publish_one(body)["status"] for _ in range(2)], ["stored", "duplicate"])
        self.assertEqual(self.ask("batch.get", batch="sheet-1")["events"], 1)


class Undone(Batches):
    def test_records_go_before_the_people_and_the_activity_they_name(self):
        before = self.totals()
        self.send("activity.published", activity="a:new", title="补录活动", content="补录", category="ecology", kind="service",
                  organisation="org:1", region=COMMUNITY, place={"text": "河堤"}, starts="2018-03-05T14:00:00+08:00",
                  ends="2018-03-05T17:00:00+08:00", places=40, risk="无", retrospective={"reason": "纸质签到表"})
        self.walk_in("v:w")
        self.record(1, activity="a:new", hours=(14, 16))
        self.record(2, "v:w", activity="a:new", hours=(14, 17))
        self.assertGreater(self.totals()[0], before[0])
        events = self.undo()
        written = [e for e in events if e.get("batch") == "sheet-1"]
        self.assertEqual([e["type"] for e in written],
                         ["service.revoked", "service.revoked", "volunteer.withdrawn", "activity.cancelled"])
        self.assertTrue(all(e["source"].startswith("/volunteerd/") for e in written))
        self.assertEqual({e["causationid"] for e in written}, {written[0]["causationid"]})
        self.assertIn("sheet-1", written[0]["data"]["reason"])
        self.assertEqual(written[0]["data"]["by"], "clerk:9")
        self.assertEqual(self.totals(), before)
        self.assertEqual(self.ask("volunteer.get", volunteer="v:w")["state"], "withdrawn")
        self.assertEqual(self.ask("activity.get", activity="a:new")["state"], "cancelled")
        self.assertEqual([self.ask("record.get", record=f"r:{n}")["state"] for n in (1, 2)], ["revoked"] * 2)
        batch = self.ask("batch.get", batch="sheet-1")
        self.assertEqual((batch["taken_back"], batch["kept"], batch["undone_by"]), (4, 0, "clerk:9"))
        self.assert_replay_agrees()

    def test_what_was_revoked_already_is_passed_over(self):
        self.record(1)
        self.record(2, hours=(11, 12))
        self.send("service.revoked", None, record="r:1", reason="重复", by="clerk:2")
        written = [e for e in self.undo() if e.get("batch")]
        self.assertEqual([e["data"]["record"] for e in written], ["r:2"])
        batch = self.ask("batch.get", batch="sheet-1")
        self.assertEqual((batch["taken_back"], batch["kept"]), (1, 1))

    def test_a_walk_in_who_served_elsewhere_meanwhile_stays(self):
        self.walk_in("v:w")
        self.record(1, "v:w")
        self.record(2, "v:w", hours=(11, 12), batch=None)
        self.undo()
        self.assertEqual(self.ask("volunteer.get", volunteer="v:w")["state"], "registered")
        self.assertEqual(self.ask("batch.get", batch="sheet-1")["kept"], 1)

    def test_who_joined_a_team_with_it_leaves_it(self):
        self.send("team.formed", None, team="t:1", name="河堤队", category="ecology", organisation="org:1", legal_status="grassroots")
        self.send("team.joined", team="t:1", volunteer="v:1")
        self.assertEqual([e["type"] for e in self.undo()], ["team.left"])
        self.assertEqual(self.ask("team.get", team="t:1")["members"], 0)

    def test_two_hundred_records_go_in_one_run(self):
        for number in range(200):
            self.walk_in(f"v:w{number}", serial=1000 + number)
            self.record(number, f"v:w{number}")
        self.undo()
        self.assertEqual(self.ask("batch.get", batch="sheet-1")["taken_back"], 400)
        self.assertEqual(self.ask("region.get", region=COMMUNITY)["counters"]["minutes"], 0)
        self.assert_replay_agrees()


class Refused(Batches):
    def test_a_batch_that_nobody_sent(self):
        self.refuse("unknown_batch", "batch", "batch.undo", batch="sheet-9", by="clerk:9")

    def test_a_second_time(self):
        self.record(1)
        self.undo()
        self.refuse("wrong_state", "batch", "batch.undo", batch="sheet-1", by="clerk:9")

    def test_one_of_which_nothing_can_be_taken_back(self):
        self.send("document.registered", document="d:1", title="通知", number="1号", issued_by="市文明办", on="2018-03-01")
        self.refuse("wrong_state", "batch", "batch.undo", batch="sheet-1", by="clerk:9")

    def test_more_under_the_name_of_one_that_was_undone(self):
        self.record(1)
        self.undo()
        result = self.city.daemon.publish_one(event("service.recorded", {
            "record": "r:2", "volunteer": "v:1", "activity": "a:1", "organisation": "org:1", "method": "import",
            "starts": "2018-03-05T09:00:00+08:00", "ends": "2018-03-05T11:00:00+08:00", "recorder": "clerk:1"},
            time=NOON, batch="sheet-1"))
        self.assertEqual((result["status"], result["code"], result["field"]), ("rejected", "wrong_state", "batch"))

    def test_by_event(self):
        result = self.city.daemon.publish_one(event("batch.undone", {"batch": "sheet-1", "by": "clerk:9"}, time=NOON))
        self.assertEqual(result["code"], "not_allowed")


if __name__ == "__main__":
    unittest.main()
