"""The plugin recruitment takes over what the platform has: people, teams, activities, enrolments and attendance, with their
ids, their changes and their deletions; what cannot be taken over is listed, and a clerk mends it."""

import unittest

import recruiting
from harness import COMMUNITY
from recruiting import FIRST, ours
from small_city import SECOND_COMMUNITY


class Taken(recruiting.RecruitingTest):
    def setUp(self):
        self.all.settled(waiting=None, conflicts=None)

    def test_everything_is_taken_once_and_keeps_its_id(self):
        totals = self.platform.totals()["resources"]
        for resource, kind in FIRST.items():
            told = self.all.told(kind)
            self.assertGreaterEqual(len(told), totals[resource]["live"], resource)
            noun = {"registrations": "volunteer", "teams": "team", "activities": "activity"}.get(resource)
            if noun:
                ids = [data[noun] for data in told]
                self.assertEqual(len(ids), len(set(ids)))
        held = {one["volunteer"] for one in self.all.all("volunteer")}
        self.assertLessEqual({self.person(number) for number in range(1, self.people + 1)} - {self.person(36)}, held)
        links = self.volunteer(1)["links"]
        self.assertEqual([(link["system"], link["external"]) for link in links], [("天水市志愿者招募", "R0000001")])

    def test_words_of_the_platform_become_ours(self):
        item = self.platform.item("registrations", "R0000003")["data"]
        taken = self.volunteer(3)
        self.assertEqual(taken["sex"], {"男": "male", "女": "female"}[item["gender"]])
        self.assertEqual(taken["born"], item["birthday"][:7])
        self.assertEqual(taken["region"], item["areaCode"])
        self.assertEqual(taken["party_status"], {"在职": "in_service", "离退休": "retired", "其他": "other"}[item["partyDuty"]]
                         if item["politics"] == "中共党员" else "none")
        self.assertNotIn(item["idNo"], str(self.daemon.query("journal.read", after=0, limit=10000)))
        team = self.daemon.query("team.get", team=ours("T0002"))
        self.assertEqual((team["category"], team["legal_status"]), ("elderly", "filed"))
        activity = self.daemon.query("activity.get", activity=ours("A000001"))
        self.assertEqual([shift["shift"] for shift in activity["shifts"]], ["1", "2"])
        self.assertEqual(activity["team"], ours("T0001"))

    def test_a_minor_comes_with_the_guardian_s_consent(self):
        self.assertEqual(self.platform.item("registrations", "R0000025")["data"]["guardian"]["relation"], "母亲")
        self.assertEqual(self.volunteer(25)["state"], "registered")

    def test_a_change_there_is_a_change_here(self):
        before = self.platform.item("registrations", "R0000011")["data"]
        moved = COMMUNITY if before["areaCode"] != COMMUNITY else SECOND_COMMUNITY
        self.platform.put("registrations", "R0000011", merge={"areaCode": moved, "job": "退休"})
        self.wait(lambda: self.volunteer(11)["region"] == moved, "the move")
        self.wait(lambda: self.volunteer(11).get("occupation") == "retired", "the occupation")
        self.assertEqual([data["region"] for data in self.all.told("volunteer.moved") if data["volunteer"] == self.person(11)], [moved])
        self.platform.put("teams", "T0002", merge={"teamName": "改名的队"})
        self.wait(lambda: self.daemon.query("team.get", team=ours("T0002"))["name"] == "改名的队", "the team's name")
        self.platform.put("activities", "A000002", merge={"recruitNum": 99})
        self.wait(lambda: self.daemon.query("activity.get", activity=ours("A000002"))["places"] == 99, "the places")

    def test_a_change_of_nothing_says_nothing(self):
        before = self.all.head()
        pulled = self.all.status()["resources"]["registrations"]["pulled"]
        self.platform.put("registrations", "R0000012", merge={})
        self.wait(lambda: self.all.status()["resources"]["registrations"]["pulled"] > pulled, "the item to come")
        self.all.settled()
        changes = self.daemon.query("journal.read", after=before, types=["volunteer.updated", "volunteer.moved"], limit=1000)["events"]
        self.assertEqual([one for one in changes if one["data"]["volunteer"] == self.person(12)], [])

    def test_what_is_deleted_there_ends_here(self):
        self.platform.put("registrations", "R0000036")
        self.wait(lambda: self.volunteer(36)["state"] == "withdrawn", "the withdrawal")
        self.add_activity("A900009")
        self.enrol("E900009", "A900009", "R0000037")
        enrolled = lambda: {one["activity"]: one["state"] for one in
                            self.daemon.query("enrolment.list", volunteer=self.person(37))["items"]}
        self.wait(lambda: enrolled().get(ours("A900009")) == "accepted", "the enrolment")
        self.platform.put("enrolments", "E900009")
        self.wait(lambda: enrolled()[ours("A900009")] == "cancelled", "the cancellation")
        status = self.all.status()["resources"]
        self.assertEqual(status["registrations"]["deleted"], self.platform.totals()["resources"]["registrations"]["deleted"])

    def test_an_activity_that_is_called_off_there_is_called_off_here(self):
        self.add_activity("A900001")
        self.wait(lambda: self.has("activity", ours("A900001")), "the activity")
        self.platform.put("activities", "A900001", merge={"status": "已取消"})
        self.wait(lambda: self.daemon.query("activity.get", activity=ours("A900001"))["state"] == "cancelled", "the cancellation")
        self.add_activity("A900002")
        self.wait(lambda: self.has("activity", ours("A900002")), "the activity")
        self.platform.put("activities", "A900002")
        self.wait(lambda: self.daemon.query("activity.get", activity=ours("A900002"))["state"] == "cancelled", "the deletion")

    def test_what_comes_before_its_cause_waits_for_it(self):
        self.add_activity("A900003")
        self.enrol("E900001", "A900003", "R9000001")
        waiting = self.wait(lambda: [one for one in self.all.conflicts(state="waiting") if one["external"] == "E900001"],
                            "the enrolment to wait")[0]
        self.assertEqual((waiting["code"], waiting["resource"]), ("unknown_volunteer", "enrolments"))
        self.add_person("R9000001", 501)
        self.wait(lambda: self.has("volunteer", ours("R9000001")), "the person")
        self.wait(lambda: self.daemon.query("enrolment.list", volunteer=ours("R9000001"))["items"], "the enrolment")
        self.all.settled()

    def test_a_region_that_is_not_there_yet_holds_up_nobody_else(self):
        self.add_person("R9000002", 502, areaCode="620502001003")
        self.add_person("R9000003", 503)
        self.wait(lambda: self.has("volunteer", ours("R9000003")), "the one with a region")
        self.wait(lambda: [one for one in self.all.conflicts(state="waiting") if one["external"] == "R9000002"], "the other to wait")
        self.city.send("region.defined", {"region": "620502001003", "name": "奋斗巷社区居委会", "level": "community",
                                          "parent": "620502001000"})
        self.wait(lambda: self.has("volunteer", ours("R9000002")), "the other")
        self.all.settled()


if __name__ == "__main__":
    unittest.main()
