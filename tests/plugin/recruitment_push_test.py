"""The plugin recruitment pushes what was decided back to the platform: decisions, hours, stars and certificates' numbers, each
once, the newest state last, and both sides agree to the minute."""

import unittest

import recruiting
from harness import event


class Pushed(recruiting.RecruitingTest):
    people = 60

    def setUp(self):
        self.all.settled()

    def held(self, kind, person):
        return {one["thing"]: one["value"] for one in self.platform.held(kind) if one["external_id"] == f"R{person:07d}"}

    def serve(self, person, record, days_ago, hours):
        return self.city.serve(f"{record}", self.person(person), days_ago, 6, hours)

    def test_both_sides_agree_decision_by_decision_and_minute_by_minute(self):
        self.assertEqual(self.all.differences(), {})
        totals = self.platform.totals()["results"]
        self.assertGreater(totals["decisions"]["accepted"], 0)
        accepted = [one for one in self.all.all("record", state="accepted") if one["counted_minutes"]]
        self.assertEqual((totals["records"], totals["minutes"]),
                         (len(accepted), sum(one["counted_minutes"] for one in accepted)))
        self.assertGreater(len(accepted), self.people // 2)

    def test_reconcile_says_that_both_sides_are_equal_and_finds_what_is_not(self):
        said = self.all.call("reconcile")
        self.assertIs(said["equal"], True, said)
        totals = self.platform.totals()
        for resource, sums in said["resources"].items():
            self.assertEqual(sums["platform"], totals["resources"][resource])
            self.assertEqual(sums["here"], sums["platform"])
        for name, there in (("records", totals["results"]["records"]), ("minutes", totals["results"]["minutes"]),
                            ("accepted", totals["results"]["decisions"]["accepted"])):
            self.assertEqual(said["results"][name]["platform"], there)
            self.assertEqual(said["results"][name]["here"], there)
        # Hours of which the platform holds less than was pushed.
        other = next(one for one in self.platform.held("hours") if one["value"]["minutes"])
        self.platform.ask("plant", thing=other["thing"], value={**other["value"], "minutes": other["value"]["minutes"] - 7})
        said = self.all.call("reconcile")
        self.assertIs(said["equal"], False)
        minutes = said["results"]["minutes"]
        self.assertEqual(minutes["here"] - minutes["platform"], 7)
        self.assertIn(other["external_id"], str(said["examples"]))
        # And somebody whom it has and who never came, since it was told under an old time.
        self.platform.put("registrations", "R9000777", modified=1, data=self.platform.item("registrations", "R0000001")["data"])
        said = self.all.call("reconcile")
        people = said["resources"]["registrations"]
        self.assertEqual(people["platform"]["live"] - people["here"]["live"], 1)
        self.assertIn("R9000777", str(said["examples"]))
        # Both are put right.
        self.platform.ask("plant", thing=other["thing"], value=other["value"])
        self.platform.put("registrations", "R9000777")
        self.wait(lambda: self.all.call("reconcile")["equal"], "both sides to be equal again")

    def test_a_correction_replaces_the_hours_and_a_revocation_ends_them(self):
        self.serve(1, "act:c1", 3, 4)
        self.wait(lambda: {"minutes": 240}.items() <= self.hours(1, "act:c1").items(), "it to reach the platform")
        self.city.send("service.corrected", {"record": "act:c1", "minutes": 90, "reason": "早退", "by": "clerk:2"})
        self.wait(lambda: self.hours(1, "act:c1").get("minutes") == 90, "it to reach the platform")
        self.city.send("service.revoked", {"record": "act:c1", "reason": "重复", "by": "clerk:2"})
        self.wait(lambda: self.hours(1, "act:c1").get("minutes") == 0, "it to reach the platform")
        self.all.settled()
        self.assertEqual(self.all.differences(), {})

    def hours(self, person, record):
        return next((value for value in self.held("hours", person).values() if value["record"] == record), {})

    def test_a_star_and_a_certificate_reach_the_platform_with_their_numbers(self):
        for day in range(2, 12):
            self.serve(2, f"act:s{day}", day, 12)
        stars = self.wait(lambda: self.held("stars", 2), "stars")
        self.assertEqual([value["stars"] for value in stars.values()], [1])
        self.assertTrue(next(iter(stars.values())).get("certificateNo"))
        first, last = ((self.city.today - recruiting.datetime.timedelta(days=days)).date().isoformat() for days in (12, 1))
        self.city.send("certificate.requested", {"certificate": "c:1", "volunteer": self.person(2), "organisation": "org:1",
                                                 "from": first, "to": last})
        issued = self.daemon.query("certificate.issue", certificate="c:1", handler="clerk:7")
        paper = self.wait(lambda: self.held("certificate", 2), "the certificate")
        value = next(iter(paper.values()))
        self.assertEqual(value["status"], "有效")
        self.assertIn(value["certificateNo"], str(issued))
        self.city.send("certificate.revoked", {"certificate": "c:1", "reason": "有误", "by": "clerk:8"})
        self.wait(lambda: next(iter(self.held("certificate", 2).values()))["status"] == "作废", "it to reach the platform")
        self.assertEqual(self.platform.totals()["results"]["certificates"], {"valid": 0, "revoked": 1})

    def test_people_of_whom_the_platform_does_not_know_are_not_told_to_it(self):
        self.city.register("city:9")
        self.city.serve("act:o1", "city:9", 3)
        self.all.settled()
        self.assertNotIn("act:o1", str(self.platform.held()))

    def test_a_reviewer_s_word_replaces_the_rule_s(self):
        one = next(one for one in self.all.all("enrolment", state="accepted") if not one["check_ins"])
        before = {held["external_id"]: held["value"]["outcome"] for held in self.platform.held("enrolment_decision")}
        self.city.send_all([event("enrolment.reviewed", {
            "activity": one["activity"], "volunteer": one["volunteer"], "outcome": "refused", "reviewer": "clerk:3",
            **({"shift": one["shift"]} if "shift" in one else {})})])
        def changed():
            after = {held["external_id"]: held["value"]["outcome"] for held in self.platform.held("enrolment_decision")}
            return [id for id in after if before.get(id) != after[id] and after[id] == "不通过"]
        self.assertEqual(len(self.wait(changed, "it to reach the platform")), 1)
        self.all.settled()
        self.assertEqual(self.all.differences(), {})

    def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_doubled(self):
        before = self.repeats()
        self.platform.fault("cut_after", "/v1/results", times=2)
        self.serve(4, "act:l1", 4, 2)
        self.wait(lambda: self.hours(4, "act:l1").get("minutes") == 120, "it to reach the platform")
        self.all.settled()
        self.assertGreater(self.repeats(), before)
        self.assertEqual(self.all.differences(), {})
        keys = [one["idempotency_key"] for one in self.platform.ask("requests", prefix="/v1/results")["requests"]
                if one["method"] == "POST"]
        self.assertTrue(keys and all(keys))

    def repeats(self):
        return sum(kind["repeats"] for kind in self.platform.ask("pushes").values())

    def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_given_up_and_listed(self):
        self.platform.fault("refuse_items", "/v1/results", code="later", times=2)
        self.serve(5, "act:r1", 5, 2)
        self.wait(lambda: self.hours(5, "act:r1").get("minutes") == 120, "it to reach the platform")
        self.platform.fault("refuse_items", "/v1/results", code="bad_value")
        self.serve(5, "act:r2", 6, 2)
        given_up = self.wait(lambda: self.all.call("outbox", state="given_up")["items"], "it to reach the platform")
        self.assertEqual([(one["kind"], one["state"]) for one in given_up], [("hours", "given_up")])
        self.assertTrue(given_up[0]["error"])
        self.assertEqual(self.hours(5, "act:r2"), {})
        self.all.call("resend", item=given_up[0]["item"])
        self.wait(lambda: self.hours(5, "act:r2").get("minutes") == 120, "it to reach the platform")
        self.all.settled()
        self.assertEqual(self.all.call("outbox", state="given_up")["items"], [])

    def test_whatever_goes_wrong_with_a_push_it_arrives_once(self):
        for number, kind in enumerate(("fewer_answers", "failure", "cut", "cut_body", "garbage", "html", "unauthorised")):
            self.platform.fault(kind, "/v1/results")
            self.serve(6, f"act:f{number}", 4 + number, 2)
            self.wait(lambda at=number: self.hours(6, f"act:f{at}").get("minutes") == 120, f"it to arrive in spite of {kind}")
            self.all.settled()
            self.assertEqual(self.platform.ask("faults")["left"], 0)
        self.assertEqual(self.all.differences(), {})

    def test_a_push_that_is_to_come_later_comes_later(self):
        self.platform.fault("too_many", "/v1/results", retry_after=1)
        self.serve(7, "act:t1", 4, 2)
        self.wait(lambda: self.hours(7, "act:t1").get("minutes") == 120, "it to reach the platform")
        posted = [one for one in self.platform.ask("requests", prefix="/v1/results")["requests"] if one["method"] == "POST"]
        at = max(place for place, one in enumerate(posted) if one["fault"] == "too_many")
        self.assertGreaterEqual(posted[at + 1]["at"] - posted[at]["at"], 1.0)


if __name__ == "__main__":
    unittest.main()
