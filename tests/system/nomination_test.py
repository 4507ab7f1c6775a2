"""What an honour takes: approvals by different people stage by stage, a public notice that passed, the award, its withdrawal.
Against the real daemon, by the events' clock; one city for all of it."""
import datetime
import json
import unittest

import harness
from harness import CITY, COMMUNITY, COUNTY, ROOT
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, QueryTest, decisions

REFUSAL = "此人去年曾被处分"


class NominationCity(QueryTest):
    """Each test has a person and a nomination of its own, and comes after the days of the one before."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_dated_city(cls.addClassCleanup)
        cls.city.on("2018-03-05").define_basics()
        cls.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal"})
        cls.serial = 0

    def setUp(self):
        type(self).serial += 1
        self.person, self.nomination = f"v:{self.serial}", f"n:{self.serial}"
        self.city.register(self.person, region=self.region)

    region = COMMUNITY

    def publish(self, type_name, data):
        return self.city.daemon.publish_one(harness.event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))

    def stored(self, type_name, **data):
        result = self.publish(type_name, data)
        self.assertEqual(result["status"], "stored", result)
        return result

    def refused(self, code, field, words, type_name, **data):
        result = self.publish(type_name, data)
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        for word in words if isinstance(words, tuple) else (words,):
            self.assertIn(word, result["message"])

    def later(self, days):
        day = (datetime.date.fromisoformat(self.city.day) + datetime.timedelta(days=days)).isoformat()
        self.city.on(day).send("document.registered", {"document": f"d:{day}", "title": "t", "number": "1", "issued_by": "x", "on": day})

    def nominate(self, nomination=None, honour="good", **more):
        return self.stored("honour.nominated", **{"nomination": nomination or self.nomination, "honour": honour, "year": 2018,
                                                  "subject": {"kind": "volunteer", "id": self.person}, "by": "clerk:1", **more})

    def review(self, stage, by, outcome="accepted"):
        return self.stored("honour.reviewed", nomination=self.nomination, stage=stage, outcome=outcome, by=by)

    def approve(self):
        self.nominate()
        self.review("初审", "clerk:2")
        self.review("终审", "clerk:3")

    def notice(self, days=5):
        return {"notice": f"p:{self.nomination}", "subject": {"kind": "nomination", "id": self.nomination}, "from": self.city.day,
                "working_days": days}

    def award(self):
        return self.stored("honour.awarded", nomination=self.nomination, on=self.city.day)

    def awarded(self):
        self.approve()
        self.stored("public_notice.opened", **self.notice())
        self.later(8)
        return self.award()

    def shown(self):
        return self.ask("nomination.get", nomination=self.nomination)

    def state(self):
        return self.shown()["state"]

    def counted(self, region=CITY):
        counters = self.ask("region.get", region=region)["counters"]
        return counters["nominations_open"], counters["honours_awarded"]

    def assert_replays(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


class Steps(NominationCity):
    def test_two_people_at_two_stages_and_a_notice_that_passed(self):
        first, county = self.counted(), self.counted(COUNTY)
        self.nominate()
        self.assertEqual(self.counted(), (first[0] + 1, first[1]))
        award = {"nomination": self.nomination, "on": self.city.day}
        self.refused("wrong_state", "data.nomination", ("0 of 2 approvals", "honour.reviewed"), "honour.awarded", **award)
        self.refused("wrong_state", "data.subject", "0 of 2", "public_notice.opened", **self.notice())
        self.review("初审", "clerk:2")
        self.refused("wrong_state", "data.nomination", "1 of 2 approvals", "honour.awarded", **award)
        self.review("终审", "clerk:3")
        self.refused("wrong_state", "data.nomination", ("public notice of 5 working days", "public_notice.opened"), "honour.awarded", **award)
        self.refused("out_of_range", "data.working_days", "5 working days", "public_notice.opened", **self.notice(4))
        self.stored("public_notice.opened", **self.notice())
        self.assertEqual(self.state(), "noticed")
        self.refused("wrong_state", "data.nomination", "lasts until", "honour.awarded", **award)
        self.refused("wrong_state", "data.nomination", "public_notice.ended", "honour.reviewed", nomination=self.nomination, stage="复审",
                     outcome="accepted", by="clerk:9")
        last = self.ask("public_notice.get", public_notice=f"p:{self.nomination}")["until"]
        self.later(8)
        self.assertEqual(self.state(), "passed")
        self.refused("out_of_range", "data.on", last, "honour.awarded", nomination=self.nomination, on=last)
        self.award()
        shown = self.shown()
        self.assertEqual((shown["state"], shown["approvals"], shown["approvals_needed"], shown["notice"], shown["awarded_on"]),
                         ("awarded", 2, 2, f"p:{self.nomination}", self.city.day))
        self.assertEqual([(stage["stage"], stage["reviewer"], stage["outcome"]) for stage in shown["stages"]],
                         [("初审", "clerk:2", "accepted"), ("终审", "clerk:3", "accepted")])
        self.assertEqual(self.counted(), (first[0], first[1] + 1))
        self.assertEqual(self.counted(COUNTY)[1], county[1] + 1)
        self.refused("wrong_state", "data.nomination", "honour.withdrawn", "honour.awarded", **award)
        self.stored("honour.withdrawn", nomination=self.nomination, reason="失实", by="clerk:2")
        self.assertEqual((self.state(), self.shown()["withdrawn_on"]), ("withdrawn", self.city.day))
        self.assertEqual(self.counted(), first)
        self.assert_replays()

    def test_nobody_has_two_says(self):
        self.nominate()
        review = {"nomination": self.nomination, "outcome": "accepted"}
        self.refused("self_review", "data.by", "nominated", "honour.reviewed", stage="初审", by="clerk:1", **review)
        self.refused("self_review", "data.by", "is nominated", "honour.reviewed", stage="初审", by=self.person, **review)
        self.review("初审", "clerk:2")
        self.refused("self_review", "data.by", "初审", "honour.reviewed", stage="终审", by="clerk:2", **review)
        self.refused("wrong_state", "data.stage", "初审", "honour.reviewed", stage="初审", by="clerk:3", **review)
        self.assertEqual(self.shown()["reviews"], 1)

    def test_one_no_is_enough(self):
        self.nominate()
        self.review("初审", "clerk:2")
        self.review("终审", "clerk:3", "refused")
        self.assertEqual((self.state(), self.shown()["approvals"]), ("refused", 1))
        self.refused("wrong_state", "data.nomination", "nominate anew", "honour.awarded", nomination=self.nomination, on=self.city.day)
        self.refused("wrong_state", "data.subject", "refused", "public_notice.opened", **self.notice())
        self.nominate(f"{self.nomination}:again")

    def test_stages_come_in_the_honours_order(self):
        self.stored("honour.defined", honour="model", title="道德模范", level="municipal", stages=["社区", "县区", "市"], notice_days=7)
        self.nominate(honour="model")
        review = {"nomination": self.nomination, "outcome": "accepted"}
        self.refused("wrong_state", "data.stage", "社区", "honour.reviewed", stage="县区", by="clerk:2", **review)
        for stage, by in (("社区", "clerk:2"), ("县区", "clerk:3")):
            self.review(stage, by)
        self.refused("wrong_state", "data.subject", "2 of 3", "public_notice.opened", **self.notice(7))
        self.review("市", "clerk:4")
        self.refused("wrong_state", "data.stage", "every stage", "honour.reviewed", stage="省", by="clerk:5", **review)
        self.refused("out_of_range", "data.working_days", "7", "public_notice.opened", **self.notice(6))
        self.assertEqual((self.shown()["approvals_needed"], self.shown()["notice_days_needed"]), (3, 7))

    def test_what_an_honour_takes_is_its_own_to_say(self):
        self.stored("honour.defined", honour="county", title="区优秀志愿者", level="county", approvals=1, notice_days=0)
        self.nominate(honour="county")
        self.review("区", "clerk:2")
        self.award()
        self.assertEqual(self.state(), "awarded")

    def test_an_honour_says_one_thing_about_its_stages(self):
        honour = {"honour": "bad", "title": "x", "level": "county"}
        self.refused("out_of_range", "data.approvals", "stage", "honour.defined", approvals=3, stages=["甲", "乙"], **honour)
        self.refused("out_of_range", "data.stages", "same name", "honour.defined", stages=["甲", "甲"], **honour)
        self.refused("out_of_range", "data.stages", "nine", "honour.defined", stages=[str(n) for n in range(10)], **honour)
        self.refused("out_of_range", "data.approvals", "0 to 9", "honour.defined", approvals=10, **honour)
        self.refused("out_of_range", "data.notice_days", "0 to 60", "honour.defined", notice_days=61, **honour)

    def test_an_honour_for_teams_is_given_to_no_person(self):
        self.stored("honour.defined", honour="team", title="优秀队伍", level="municipal", kinds=["team", "organisation"])
        self.refused("out_of_range", "data.subject.kind", "volunteer", "honour.nominated", nomination="n:x", honour="team", year=2018,
                     subject={"kind": "volunteer", "id": self.person})
        self.stored("honour.nominated", nomination="n:unit", honour="team", year=2018, subject={"kind": "organisation", "id": "org:1"})
        self.refuse("out_of_range", "honour", "honour.propose", honour="team")

    def test_an_objection_is_answered_before_the_award(self):
        self.approve()
        self.stored("public_notice.opened", **self.notice())
        self.stored("public_notice.objected", notice=f"p:{self.nomination}", text=REFUSAL)
        self.later(8)
        self.assertEqual(self.state(), "noticed", "what somebody objected to does not pass by itself")
        self.refused("wrong_state", "data.nomination", "objected", "honour.awarded", nomination=self.nomination, on=self.city.day)
        self.stored("public_notice.ended", notice=f"p:{self.nomination}", outcome="accepted")
        self.assertEqual(self.state(), "passed")
        self.award()
        self.assertNotIn(REFUSAL, json.dumps(self.ask("journal.read", after=0, limit=10000), ensure_ascii=False))
        journal = b"".join(path.read_bytes() for path in (self.city.daemon.folder / "data" / "journal").iterdir())
        self.assertNotIn(REFUSAL.encode(), journal)
        self.assert_replays()

    def test_an_objection_that_is_right_refuses_the_nomination(self):
        self.approve()
        self.stored("public_notice.opened", **self.notice())
        self.stored("public_notice.objected", notice=f"p:{self.nomination}", text=REFUSAL)
        self.stored("public_notice.ended", notice=f"p:{self.nomination}", outcome="refused")
        self.assertEqual(self.state(), "refused")

    def test_who_is_withdrawn_while_the_public_looks_stays_withdrawn(self):
        self.approve()
        self.stored("public_notice.opened", **self.notice())
        self.stored("honour.withdrawn", nomination=self.nomination, reason="本人不愿", by="clerk:2")
        self.later(8)
        self.assertEqual(self.state(), "withdrawn")
        self.assertEqual(self.ask("public_notice.get", public_notice=f"p:{self.nomination}")["state"], "passed")

    def test_nobody_is_nominated_twice_for_one_year(self):
        self.nominate()
        again = {"honour": "good", "subject": {"kind": "volunteer", "id": self.person}}
        self.refused("wrong_state", "data.subject", self.nomination, "honour.nominated", nomination="n:x", year=2018, **again)
        self.nominate("n:next", year=2019)
        self.stored("honour.withdrawn", nomination=self.nomination, reason="重报", by="clerk:1")
        self.nominate("n:anew")

    def test_a_record_or_a_nomination_is_honoured_for_nothing(self):
        self.nominate()
        for kind, subject in (("nomination", self.nomination), ("record", "r:1")):
            self.refused("out_of_range", "data.subject.kind", "volunteer", "honour.nominated", nomination="n:x", honour="good", year=2018,
                         subject={"kind": kind, "id": subject})

    def test_organisations_teams_and_projects_go_the_same_way(self):
        self.stored("team.formed", team="t:1", name="雷锋车队", category="lei_feng", organisation="org:1", legal_status="filed")
        self.stored("project.defined", project="pr:1", title="关爱", category="elderly", organisation="org:2")
        for kind, subject, region in (("organisation", "org:2", OTHER_COUNTY), ("team", "t:1", COUNTY), ("project", "pr:1", OTHER_COUNTY)):
            before = self.counted(region)[0]
            self.stored("honour.nominated", nomination=f"n:{kind}", honour="good", year=2018, subject={"kind": kind, "id": subject})
            self.assertEqual(self.counted(region)[0], before + 1, kind)
            self.assertIn(f"n:{kind}", self.ids("nomination.list", "nomination", region=region, subject_kind=kind))


class Points(NominationCity):
    region = OTHER_COMMUNITY

    def test_points_of_an_award_go_with_it(self):
        text = (ROOT / "scripts" / "examples" / "points_honour.lua").read_text()
        self.ask("policy.activate", text=text, by="clerk:1", effective="2018-01-01")
        (given,) = decisions(self.awarded(), "points.posted")
        self.assertEqual((given["volunteer"], given["amount"]), (self.person, 50000))
        result = self.stored("honour.withdrawn", nomination=self.nomination, reason="失实", by="clerk:2")
        (taken,) = decisions(result, "points.posted")
        self.assertEqual((taken["volunteer"], taken["amount"]), (self.person, -50000))
        account = self.ask("points.get", points=self.person)["accounts"][0]
        self.assertEqual((account["balance"], account["owed"]), (0, 0))
        for event in self.ask("journal.read", after=0, types=["points.posted"], limit=100)["events"]:
            self.assertIs(self.ask("policy.replay", sequence=int(event["sequence"]))["result"]["same"], True)
        self.assert_replays()

    def test_a_nomination_that_was_never_awarded_takes_back_nothing(self):
        self.approve()
        self.assertNotIn("decisions", self.stored("honour.withdrawn", nomination=self.nomination, reason="失实", by="clerk:2"))


if __name__ == "__main__":
    unittest.main()
