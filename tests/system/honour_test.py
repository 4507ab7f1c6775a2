"""Honours: whom the rules propose, in order and with the reasons; what is nominated, and the points that an award brings."""
import json
import os
import subprocess
import unittest

import harness
from harness import CONTROL, COUNTY
from small_city import OTHER_COMMUNITY, QueryTest, decisions

RULE = """return {
  name = "honour", kind = "honour", title = "推荐", texts = { hours = "服务 %%d 小时" },
  decide = function(volunteer, parameters, context)
    local minutes = volunteer:minutes({ from = context.year .. "-01-01", to = context.as_of })
    finding("hours", minutes // 60)
    %s
  end,
  cases = { { name = "一人", given = { minutes = 600 }, expect = { nominate = true } } },
}
"""
BY_MINUTES = "return { nominate = minutes > 0, rank = minutes, class = \"helping\" }"
POINTS = """return {
  name = "points_honour", kind = "points", title = "表彰奖励", texts = {},
  decide = function(subject, parameters, context)
    if context.cause ~= "honour.awarded" then return { postings = {} } end
    local held = subject:honours{ from = context.as_of }
    return { postings = { { account = "points", amount = 1000 * #held, reason = held[1].title } } }
  end,
  cases = { { name = "授予", given = { honours = { { title = "天水好人" } } },
    context = { subject = "volunteer", cause = "honour.awarded" },
    expect = { postings = { { account = "points", amount = 1000 } } } } },
}
"""


class HonoursTest(QueryTest):
    STRAIGHT = {"approvals": 0, "notice_days": 0}  # the steps before an award are those of nomination_test
    PEOPLE = (("v:1", 3), ("v:2", 5), ("v:3", 1), ("v:4", 5), ("v:5", 0))

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-03-01").define_basics()
        for person, hours in self.PEOPLE:
            self.city.register(person, region=OTHER_COMMUNITY if person == "v:4" else harness.COMMUNITY)
            if hours:
                self.city.send("service.recorded", {
                    "record": f"r:{person}", "volunteer": person, "organisation": "org:1",
                    "starts": "2018-02-01T08:00:00+08:00", "ends": f"2018-02-01T{8 + hours:02}:00:00+08:00",
                    "method": "automatic", "recorder": "clerk:1"})
        self.code = self.ask("dictionary.list", dictionary="honour_class")["items"][0]["code"]
        self.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal", **self.STRAIGHT})

    def publish(self, type_name, data):
        return self.city.daemon.publish_one(harness.event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))

    def nominate(self, nomination="n:1", person="v:1", **more):
        return self.publish("honour.nominated", {"nomination": nomination, "honour": "good", "year": 2018,
                                                 "subject": {"kind": "volunteer", "id": person}, **more})

    def review(self, stage="县区", outcome="accepted", nomination="n:1"):
        return self.publish("honour.reviewed", {"nomination": nomination, "stage": stage, "outcome": outcome, "by": "clerk:2"})

    def award(self, nomination="n:1"):
        return self.publish("honour.awarded", {"nomination": nomination, "on": self.city.day})

    def withdraw(self, nomination="n:1"):
        return self.publish("honour.withdrawn", {"nomination": nomination, "reason": "失实", "by": "clerk:2"})

    def state(self, nomination="n:1"):
        return self.ask("nomination.get", nomination=nomination)["state"]

    def assert_refused(self, result, code, field):
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)

    def assert_replays(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


class NominationTest(HonoursTest):
    def test_a_story_needs_consent_and_is_sealed(self):
        self.assert_refused(self.nominate(story="十年如一日"), "consent_missing", "data.story_consent")
        self.assert_refused(self.nominate(story="十年如一日", story_consent=False), "consent_missing", "data.story_consent")
        self.assertEqual(self.nominate(story="十年如一日", story_consent=True)["status"], "stored")
        shown = self.ask("nomination.get", nomination="n:1")
        self.assertNotIn("story", shown)
        self.assertIn("story", str(shown["sealed"]))
        self.assertNotIn("十年如一日", json.dumps(self.ask("journal.read", after=0, limit=1000), ensure_ascii=False))
        journal = b"".join(path.read_bytes() for path in (self.city.daemon.folder / "data" / "journal").iterdir())
        self.assertNotIn("十年如一日".encode(), journal)

    def test_only_what_is_there_is_nominated(self):
        self.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal", "classes": [self.code], **self.STRAIGHT})
        other = self.ask("dictionary.list", dictionary="honour_class")["items"][1]["code"]
        self.assert_refused(self.nominate(**{"class": other}), "out_of_range", "data.class")
        self.assert_refused(self.nominate(**{"class": "nothing"}), "not_in_dictionary", "data.class")
        self.assert_refused(self.nominate(person="v:9"), "unknown_volunteer", "data.subject.id")
        self.assert_refused(self.publish("honour.nominated", {"nomination": "n:9", "honour": "none", "year": 2018,
                                                              "subject": {"kind": "volunteer", "id": "v:1"}}),
                            "unknown_honour", "data.honour")
        self.assertEqual(self.nominate(**{"class": self.code})["status"], "stored")
        self.assertEqual(self.nominate("n:2", subject={"kind": "organisation", "id": "org:1"})["status"], "stored")

    def test_an_award_brings_the_points_that_a_rule_grants(self):
        self.ask("policy.activate", text=POINTS, by="clerk:1", effective="2018-01-01")
        self.nominate()
        self.review()
        (posted,) = decisions(self.award(), "points.posted")
        self.assertEqual((posted["volunteer"], posted["amount"], posted["reason"]), ("v:1", 1000, "天水好人"))
        self.nominate("n:2", subject={"kind": "organisation", "id": "org:1"})
        self.assertEqual(self.award("n:2")["status"], "stored")
        self.assert_replays()


class ProposeTest(HonoursTest):
    def activate(self, body):
        self.ask("policy.activate", text=RULE % body.replace("helping", self.code), by="clerk:1", effective="2018-01-01")

    def propose(self, **more):
        answer = self.ask("honour.propose", honour="good", **more)
        return [(item["place"], item["volunteer"], item["rank"]) for item in answer["items"]]

    def test_the_best_come_first_and_of_equals_who_registered_earlier(self):
        self.activate(BY_MINUTES)
        self.assertEqual(self.propose(year=2018), [(1, "v:2", 300), (2, "v:4", 300), (3, "v:1", 180), (4, "v:3", 60)])
        answer = self.ask("honour.propose", honour="good", year=2018)
        self.assertEqual((answer["asked"], answer["nominated"], answer["failed"], answer["places"]), (5, 4, 0, 100))
        self.assertEqual((answer["items"][0]["class"], [finding["text"] for finding in answer["items"][0]["findings"]]),
                         (self.code, ["服务 5 小时"]))
        self.assertEqual(self.propose(year=2017), [])

    def test_there_are_as_many_as_there_are_places(self):
        self.activate(BY_MINUTES)
        self.assertEqual([item[1] for item in self.propose(limit=2)], ["v:2", "v:4"])
        self.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal", "places": 1})
        self.assertEqual([item[1] for item in self.propose()], ["v:2"])

    def test_a_region_alone_is_asked(self):
        self.activate(BY_MINUTES)
        self.assertEqual([item[1] for item in self.propose(region=COUNTY)], ["v:2", "v:1", "v:3"])

    def test_a_rule_sees_the_honour_and_who_has_it(self):
        self.activate("""for _, h in ipairs(volunteer:honours{}) do if h.honour == context.honour.id then return false end end
            return context.honour.level == nil or context.honour.level == "municipal", 1""")
        self.nominate()
        self.award()
        self.assertEqual([item[1] for item in self.propose()], ["v:2", "v:3", "v:4", "v:5"])
        self.withdraw()
        self.assertEqual(len(self.propose()), 5)

    def test_who_left_is_not_asked_and_a_failure_nominates_nobody(self):
        self.activate('if minutes == 300 then error("x") end return true, minutes')
        self.city.send("volunteer.withdrawn", {"volunteer": "v:1"})
        self.assertEqual([item[1] for item in self.propose()], ["v:3", "v:5"])
        self.assertEqual(self.ask("honour.propose", honour="good")["failed"], 2)

    def test_it_decides_nothing(self):
        self.activate(BY_MINUTES)
        before = self.ask("status")["sequence"]
        self.propose()
        self.assertEqual(self.ask("status")["sequence"], before)

    def test_wrong_questions_are_refused(self):
        self.refuse("unknown_honour", "honour", "honour.propose", honour="none")
        self.refuse("out_of_range", "limit", "honour.propose", honour="good", limit=1001)
        self.refuse("out_of_range", "year", "honour.propose", honour="good", year=18)
        self.refuse("unknown_region", "region", "honour.propose", honour="good", region="620599000000")

    def test_a_clerk_gets_a_list(self):
        self.activate(BY_MINUTES)
        run = subprocess.run([str(CONTROL), "--runtime", str(self.city.daemon.runtime), "honour", "propose", "good", "--year",
                              "2018", "--limit", "2"], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"},
                             check=True)
        self.assertRegex(run.stdout, r"1 +v:2 +300")
        self.assertIn("服务 5 小时", run.stdout)
        self.assertNotIn("v:1", run.stdout)


if __name__ == "__main__":
    unittest.main()
