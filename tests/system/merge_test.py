"""volunteer.merged: two registrations of one person become one, with both histories. Against the real daemon, by the
events' clock; rules are the test's own."""
import unittest

from harness import COMMUNITY, COUNTY, CITY, eventually, event
from ruled_city import RuledCityTest, acceptance, points, rule, stars
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, decisions
from volunteerctl_test import control

OVERLAP = """
    if #record.overlaps > 0 then finding("overlap", #record.overlaps) return "held", record.minutes end
    return "accepted", record.minutes"""


def no_overlap():
    text = rule("acceptance", OVERLAP, {"2000-01-01": {"most": 1440}},
                '{ name = "一小时", given = { minutes = 60 }, expect = { outcome = "accepted" } }')
    return text.replace('title = "规则",', 'title = "规则", texts = { overlap = "与%d条记录重叠" },')


class MergeTest(RuledCityTest):
    def setUp(self):
        super().setUp()
        self.city.register("v:old", employer="org:1")
        self.city.register("v:new", region=OTHER_COMMUNITY)

    def ask(self, method, **params):
        return self.served.query(method, **params)

    def stored(self, kind, **data):
        return self.city.send(kind, data)

    def refused(self, code, field, kind, **data):
        result = self.served.publish_one(event(kind, data, time=f"{self.city.day}T13:00:00+08:00"))
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        return result["message"]

    def merge(self, volunteer="v:old", into="v:new"):
        result = self.stored("volunteer.merged", volunteer=volunteer, into=into)
        eventually(self.settled, "the runs ended")
        return result

    def settled(self):
        events = self.ask("journal.read", types=["run.progressed"], limit=10000)["events"]
        done = [e["data"] for e in events if e["data"]["done"]]
        merges = len(self.ask("journal.read", types=["volunteer.merged"], limit=10000)["events"])
        return sum(d["kind"] == "merged" for d in done) == merges

    def person(self, volunteer):
        return self.ask("volunteer.get", volunteer=volunteer)

    def balance(self, volunteer):
        held = {p["account"]: (p["balance"], p["owed"]) for p in self.person(volunteer)["points"]}
        return held.get("points", (0, 0))

    def counted(self, region):
        return self.ask("region.get", region=region)["counters"]

    def assert_replay_agrees(self):
        self.assertIs(self.served.run_job("journal.replay")["result"]["identical"], True)


class BothHistories(MergeTest):
    def test_minutes_records_and_stars_are_the_survivors(self):
        self.city.activate(acceptance())
        self.city.activate(stars([2, 5]))
        self.city.serve_on("r:1", "v:old", "2018-01-31", minutes=120)
        self.city.serve_on("r:2", "v:old", "2018-02-10", minutes=120)
        self.city.serve_on("r:3", "v:new", "2018-02-20", minutes=120)
        self.city.send("service.carried_over", {"record": "c:1", "volunteer": "v:old", "minutes": 600, "from": "2016-01-01",
                                                "to": "2016-12-31", "organisation": "org:1", "evidence": "台账"})
        self.assertEqual((self.person("v:old")["stars"], self.person("v:new")["stars"]), (1, 1))
        before = self.counted(CITY)
        self.merge()
        old, new = self.person("v:old"), self.person("v:new")
        self.assertEqual((old["state"], old["merged_into"], old["merged_on"]), ("merged", "v:new", "2018-03-01"))
        self.assertEqual((old["minutes"], old["records"], old["carried_minutes"], old["first_service_on"]), (0, 0, 0, None))
        self.assertEqual((new["minutes"], new["records"], new["carried_minutes"]), (360, 3, 600))
        self.assertEqual((new["first_service_on"], new["last_service_on"], new["stars"]), ("2018-01-31", "2018-02-20", 2))
        self.assertEqual(new["merged"], ["v:old"])
        self.assertEqual(sorted(r["record"] for r in self.ask("record.list", volunteer="v:new")["items"]), ["c:1", "r:1", "r:2", "r:3"])
        self.assertEqual(self.ask("record.list", volunteer="v:old")["items"], [])
        after = self.counted(CITY)
        self.assertEqual((after["volunteers"], after["minutes"], after["records"], after["carried_minutes"]),
                         (before["volunteers"] - 1, before["minutes"], before["records"], before["carried_minutes"]))
        (changed,) = [e for e in self.ask("journal.read", types=["star.changed"], limit=100)["events"] if e["data"]["to"] == 2]
        again = self.ask("policy.replay", sequence=int(changed["sequence"]), wait_ms=30000)
        self.assertIs(again["result"]["same"], True, again)
        self.assertIn("r:1", str(self.ask("explain", volunteer="v:new", records="counted")))
        self.assert_replay_agrees()

    def test_one_person_less_is_counted_where_the_other_one_lived_and_worked(self):
        self.assertEqual((self.counted(COUNTY)["volunteers"], self.counted(OTHER_COUNTY)["volunteers"]), (1, 1))
        self.merge()
        self.assertEqual((self.counted(COUNTY)["volunteers"], self.counted(OTHER_COUNTY)["volunteers"], self.counted(CITY)["volunteers"]),
                         (0, 1, 1))
        self.assertEqual(self.ask("organisation.get", organisation="org:1")["counters"]["volunteers"], 0)
        self.assertEqual(self.counted(COUNTY)["born_1990s"], 0)
        self.assertEqual(self.ids_of("volunteer.list", state="merged"), ["v:old"])

    def ids_of(self, method, **params):
        return [item["volunteer"] for item in self.ask(method, **params)["items"]]

    def test_a_record_over_a_months_end_passes_whole(self):
        self.city.activate(acceptance())
        self.city.send("service.recorded", {"record": "r:1", "volunteer": "v:old", "organisation": "org:1", "method": "code",
                                            "starts": "2018-01-31T22:00:00+08:00", "ends": "2018-02-01T02:00:00+08:00", "recorder": "clerk:1"})
        self.merge()
        self.assertEqual(self.person("v:new")["minutes"], 240)
        self.city.send("service.corrected", {"record": "r:1", "minutes": 200, "reason": "多记", "by": "clerk:2"})
        self.assertEqual((self.person("v:new")["minutes"], self.person("v:old")["minutes"]), (200, 0))
        self.city.send("service.revoked", {"record": "r:1", "reason": "误记", "by": "clerk:2"})
        self.assertEqual(self.person("v:new")["minutes"], 0)
        self.assert_replay_agrees()

    def test_teams_lists_and_links_are_the_survivors(self):
        self.city.send("team.formed", {"team": "t:1", "name": "巡逻队", "category": "traffic", "region": COMMUNITY, "legal_status": "filed"})
        self.city.send("team.formed", {"team": "t:2", "name": "助老队", "category": "elderly", "region": COMMUNITY, "legal_status": "filed"})
        for team, who in (("t:1", "v:old"), ("t:1", "v:new"), ("t:2", "v:old")):
            self.city.send("team.joined", {"team": team, "volunteer": who})
        self.city.send("course.defined", {"course": "c:1", "title": "急救", "topic": "skill", "minutes": 60})
        self.city.send("training.completed", {"training": "tr:1", "volunteer": "v:old", "course": "c:1", "minutes": 60, "passed": True,
                                              "on": "2018-02-01"})
        self.city.send("qualification.recorded", {"volunteer": "v:old", "qualification": "护士"})
        self.city.send("complaint.filed", {"complaint": "k:1", "subject": {"kind": "volunteer", "id": "v:old"}, "text": "迟到"})
        self.city.send("consent.given", {"volunteer": "v:old", "purpose": "publicity", "text_version": "1"})
        self.city.send("volunteer.linked", {"volunteer": "v:old", "system": "zyh", "external": "77"})
        self.city.on("2018-03-05")
        self.merge()
        new = self.person("v:new")
        self.assertEqual({t["team"]: t["left_on"] for t in new["teams"]}, {"t:1": None, "t:2": None})
        self.assertEqual({t["team"]: t["joined_on"] for t in new["teams"]}["t:2"], "2018-03-01")
        self.assertEqual([self.ask("team.get", team=t)["members"] for t in ("t:1", "t:2")], [1, 1])
        self.assertEqual([t["training"] for t in new["trainings"]], ["tr:1"])
        self.assertEqual([q["qualification"] for q in new["qualifications"]], ["护士"])
        self.assertEqual([c["complaint"] for c in new["complaints"]], ["k:1"])
        self.assertEqual([c["purpose"] for c in new["consents"]], ["publicity"])
        self.assertEqual([(k["system"], k["external"]) for k in new["links"]], [("zyh", "77")])
        self.city.send("complaint.resolved", {"complaint": "k:1", "outcome": "upheld", "by": "clerk:2"})
        self.assertEqual([c["outcome"] for c in self.person("v:new")["complaints"]], ["upheld"])
        old = self.person("v:old")
        self.assertEqual((old["trainings"], old["qualifications"], old["complaints"], old["consents"], old["links"]), ([], [], [], [], []))
        self.assert_replay_agrees()

    def test_the_documents_of_both_lead_to_the_survivor(self):
        from harness import identity_number
        number = identity_number(1, born="19900512")
        result = self.served.publish_one(event("volunteer.registered", {"volunteer": "v:third", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "resident_id", "number": number}}, time="2018-03-01T13:00:00+08:00"))
        self.assertEqual(result["code"], "identity_known")
        self.merge()
        result = self.served.publish_one(event("volunteer.registered", {"volunteer": "v:third", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "resident_id", "number": number}}, time="2018-03-01T13:00:00+08:00"))
        self.assertEqual(result["code"], "identity_known")
        self.city.send("volunteer.withdrawn", {"volunteer": "v:new"})
        self.assertEqual(self.served.publish_one(event("volunteer.registered", {"volunteer": "v:third", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "resident_id", "number": number}}, time="2018-03-01T13:00:00+08:00"))["status"], "stored")


class Points(MergeTest):
    def setUp(self):
        super().setUp()
        self.city.activate(acceptance())
        self.city.activate(points(100))

    def test_points_pass_by_entries_that_sum_to_zero(self):
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=180)
        self.city.serve_on("r:2", "v:new", "2018-02-02", minutes=60)
        self.assertEqual((self.balance("v:old"), self.balance("v:new")), ((300, 0), (100, 0)))
        self.merge()
        self.assertEqual((self.balance("v:old"), self.balance("v:new")), ((0, 0), (400, 0)))
        entry = self.ask("points.list", volunteer="v:new")["items"]
        self.assertIn(("transfer", 300), [(item["counter"], item["amount"]) for item in entry])
        (sums,) = [row for row in self.ask("status")["ledger"] if row["account"] == "points"]
        self.assertEqual((sums["persons"] - sums["owed"] + sums["issue"] + sums["expiry"] + sums["shop"] + sums["adjustment"] + sums["held"],
                          sums["transfer"]), (0, 0))
        self.assert_replay_agrees()

    def test_what_a_record_earned_is_taken_back_from_the_survivor(self):
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=180)
        self.merge()
        self.city.send("service.revoked", {"record": "r:1", "reason": "误记", "by": "clerk:2"})
        self.assertEqual((self.balance("v:old"), self.balance("v:new")), ((0, 0), (0, 0)))
        self.assert_replay_agrees()

    def test_what_is_owed_is_owed_by_the_survivor(self):
        self.city.send("reward.offered", {"reward": "w:1", "title": "毛巾", "account": "points", "cost": 300, "limit_per_year": 1})
        self.city.activate(rule("redemption", '\n    return "accepted"', {"2000-01-01": {"a": 1}},
                                '{ name = "无", given = {}, expect = { outcome = "accepted" } }'))
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=180)
        self.city.serve_on("r:2", "v:new", "2018-02-02", minutes=60)
        self.city.send("reward.redeemed", {"redemption": "x:1", "volunteer": "v:old", "reward": "w:1", "quantity": 1})
        self.assertIn("settle or void", self.refused("wrong_state", "data.volunteer", "volunteer.merged", volunteer="v:old", into="v:new"))
        self.city.send("reward.settled", {"redemption": "x:1", "by": "clerk:1"})
        self.city.send("service.revoked", {"record": "r:1", "reason": "误记", "by": "clerk:2"})
        self.assertEqual(self.balance("v:old"), (0, 300))
        self.merge()
        self.assertEqual((self.balance("v:old"), self.balance("v:new")), ((0, 0), (0, 200)))
        self.city.serve_on("r:3", "v:new", "2018-02-03", minutes=600)
        self.assertEqual(self.balance("v:new"), (800, 0))
        self.assertIn("a year", self.refused("wrong_state", "data.quantity", "reward.redeemed", redemption="x:2", volunteer="v:new",
                                             reward="w:1", quantity=1))
        self.assert_replay_agrees()


class AtTheSameActivity(MergeTest):
    def test_records_of_one_time_are_asked_about_anew(self):
        self.city.activate(no_overlap())
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=120)
        self.city.serve_on("r:2", "v:new", "2018-02-01", minutes=60)
        self.city.serve_on("r:3", "v:old", "2018-02-02", minutes=60)
        self.assertEqual([self.ask("record.get", record=r)["state"] for r in ("r:1", "r:2", "r:3")], ["accepted"] * 3)
        self.merge()
        self.assertEqual([self.ask("record.get", record=r)["state"] for r in ("r:1", "r:2", "r:3")], ["held", "accepted", "accepted"])
        self.assertEqual((self.person("v:new")["minutes"], self.person("v:new")["held"]), (120, 1))
        (held,) = self.ask("record.list", state="held")["items"]
        self.assertEqual((held["record"], held["volunteer"]), ("r:1", "v:new"))
        self.city.send("service.reviewed", {"record": "r:1", "outcome": "refused", "reviewer": "clerk:2"})
        self.assertEqual(self.person("v:new")["held"], 0)
        self.assert_replay_agrees()

    def test_two_enrolments_for_one_shift_leave_one_place(self):
        self.city.publish_activity("a:1", starts="2018-03-10T09:00:00+08:00", ends="2018-03-10T11:00:00+08:00", places=2)
        self.city.publish_activity("a:2", starts="2018-03-11T09:00:00+08:00", ends="2018-03-11T11:00:00+08:00", places=2)
        for activity, who in (("a:1", "v:old"), ("a:1", "v:new"), ("a:2", "v:old")):
            self.city.send("enrolment.requested", {"activity": activity, "volunteer": who, "by": "self"})
            if self.ask("enrolment.list", activity=activity, volunteer=who)["items"][0]["state"] != "accepted":
                self.city.send("enrolment.reviewed", {"activity": activity, "volunteer": who, "outcome": "accepted", "reviewer": "clerk:2"})
        self.assertEqual(self.ask("activity.get", activity="a:1")["places_left"], 0)
        self.merge()
        self.assertEqual([self.ask("activity.get", activity=a)["places_left"] for a in ("a:1", "a:2")], [1, 1])
        states = {item["activity"]: item["state"] for item in self.ask("enrolment.list", volunteer="v:new")["items"]}
        self.assertEqual(states, {"a:1": "accepted", "a:2": "accepted"})
        self.assertEqual([(i["activity"], i["state"]) for i in self.ask("enrolment.list", volunteer="v:old")["items"]], [("a:1", "cancelled")])
        self.assertIn("v:new", self.refused("wrong_state", "data.volunteer", "enrolment.cancelled", activity="a:2", volunteer="v:old"))
        self.city.send("enrolment.cancelled", {"activity": "a:2", "volunteer": "v:new"})
        self.assert_replay_agrees()


class Standing(MergeTest):
    def test_nobody_gets_rid_of_a_suspension_by_a_merge(self):
        self.city.send("volunteer.suspended", {"volunteer": "v:old", "reason": "冒领时长", "until": "2018-12-31"})
        self.merge()
        shown = self.person("v:new")
        self.assertEqual((shown["standing"], shown["standing_until"], shown["standing_change"]["reason"]), ("suspended", "2018-12-31", "冒领时长"))
        self.assert_replay_agrees()

    def test_a_suspension_that_is_over_and_a_milder_one_change_nothing(self):
        self.city.send("volunteer.suspended", {"volunteer": "v:old", "reason": "x", "until": "2018-03-02"})
        self.city.on("2018-04-01")
        self.merge()
        self.assertEqual(self.person("v:new")["standing"], "good")


class WrongSteps(MergeTest):
    def test_what_is_sent_for_the_merged_one_names_the_survivor(self):
        self.city.activate(acceptance())
        self.city.define_organisation("org:2", "另一单位")
        self.city.send("team.formed", {"team": "t:1", "name": "巡逻队", "category": "traffic", "region": COMMUNITY, "legal_status": "filed"})
        self.city.send("team.joined", {"team": "t:1", "volunteer": "v:old"})
        self.merge()
        served = {"record": "r:9", "organisation": "org:1", "starts": "2018-02-01T13:00:00+08:00", "ends": "2018-02-01T14:00:00+08:00",
                  "method": "code", "recorder": "clerk:1"}
        carried = {"record": "c:9", "minutes": 60, "from": "2016-01-01", "to": "2016-12-31", "organisation": "org:1", "evidence": "台账"}
        for kind, data in (("service.recorded", served), ("service.carried_over", carried), ("volunteer.updated", {"changes": {"sex": "male"}}),
                           ("volunteer.moved", {"region": OTHER_COMMUNITY}), ("volunteer.withdrawn", {}), ("volunteer.died", {"on": "2018-03-01"}),
                           ("volunteer.linked", {"system": "s", "external": "1"}), ("volunteer.suspended", {"reason": "x"}),
                           ("team.joined", {"team": "t:1"}), ("team.left", {"team": "t:1"}), ("qualification.recorded", {"qualification": "护士"}),
                           ("consent.given", {"purpose": "publicity", "text_version": "1"}),
                           ("consent.withdrawn", {"purpose": "publicity", "text_version": "1"}),
                           ("volunteer.merged", {"into": "v:new"}), ("star.applied", {"application": "s:1", "stars": 1})):
            with self.subTest(kind):
                self.assertIn("v:new", self.refused("wrong_state", "data.volunteer", kind, volunteer="v:old", **data))
        self.assertIn("v:new", self.refused("wrong_state", "data.subject.id", "complaint.filed", complaint="k:1", text="迟到",
                                            subject={"kind": "volunteer", "id": "v:old"}))
        self.city.register("v:friend", referred_by="v:old")
        self.assert_replay_agrees()

    def test_a_wrong_merge_is_refused(self):
        self.refused("out_of_range", "data.into", "volunteer.merged", volunteer="v:old", into="v:old")
        self.refused("unknown_volunteer", "data.into", "volunteer.merged", volunteer="v:old", into="nobody:1")
        self.refused("unknown_volunteer", "data.volunteer", "volunteer.merged", volunteer="nobody:1", into="v:new")
        self.refused("missing_field", "data.into", "volunteer.merged", volunteer="v:old")
        self.refused("wrong_type", "data.into", "volunteer.merged", volunteer="v:old", into=7)
        self.city.send("volunteer.died", {"volunteer": "v:old", "on": "2018-03-01"})
        self.refused("wrong_state", "data.volunteer", "volunteer.merged", volunteer="v:old", into="v:new")
        self.refused("wrong_state", "data.into", "volunteer.merged", volunteer="v:new", into="v:old")

    def test_who_registered_again_after_leaving_has_both_histories(self):
        self.city.activate(acceptance())
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=120)
        self.city.send("volunteer.withdrawn", {"volunteer": "v:old"})
        self.merge()
        self.assertEqual(self.person("v:new")["minutes"], 120)
        self.assertEqual(self.counted(CITY)["volunteers"], 1)

    def test_a_chain_of_merges_leads_to_the_last_one(self):
        self.city.activate(acceptance())
        self.city.register("v:third")
        self.city.serve_on("r:1", "v:old", "2018-02-01", minutes=120)
        self.merge()
        self.merge("v:new", "v:third")
        self.assertEqual((self.person("v:third")["minutes"], self.person("v:old")["merged_into"]), (120, "v:third"))
        self.assertEqual(sorted(self.person("v:third")["merged"]), ["v:new", "v:old"])
        self.assertIn("v:third", self.refused("wrong_state", "data.volunteer", "volunteer.moved", volunteer="v:old", region=OTHER_COMMUNITY))
        self.assert_replay_agrees()


class ALongHistory(MergeTest):
    def test_a_merge_goes_on_after_a_kill(self):
        self.city.activate(acceptance())
        self.city.activate(stars([100, 300, 600]))
        events = []
        for n in range(1500):
            day, hour = divmod(n, 20)
            date = f"2017-{1 + day // 28:02}-{1 + day % 28:02}"
            events.append(event("service.recorded", {
                "record": f"r:{n}", "volunteer": "v:old", "organisation": "org:1", "method": "code", "recorder": "clerk:1",
                "starts": f"{date}T{hour:02}:00:00+08:00", "ends": f"{date}T{hour:02}:30:00+08:00"}))
        self.city.send_all(events)
        self.stored("volunteer.merged", volunteer="v:old", into="v:new")
        self.served.kill()
        self.served.start()
        eventually(self.settled, "the runs ended")
        new = self.person("v:new")
        self.assertEqual((new["minutes"], new["records"], new["stars"]), (45000, 1500, 3))
        self.assertEqual((self.person("v:old")["minutes"], self.person("v:old")["records"]), (0, 0))
        progressed = [e["data"] for e in self.ask("journal.read", types=["run.progressed"], limit=10000)["events"] if e["data"]["kind"] == "merge"]
        self.assertGreater(len(progressed), 2)
        self.assert_replay_agrees()


class AClerk(MergeTest):
    def test_a_clerk_merges_and_sees_whose_id_it_is(self):
        run = control(self.served.runtime, "send", "volunteer.merged", "volunteer=v:old", "into=v:new", language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stderr)
        run = control(self.served.runtime, "show", "volunteer", "v:old", language="zh_CN.UTF-8")
        self.assertIn("已并入", run.stdout)
        self.assertIn("已合并", run.stdout)
        self.assertIn("v:new", run.stdout)


if __name__ == "__main__":
    unittest.main()
