"""Cases: found, looked into by somebody else, published where whom they are about agrees, and read no more when that ends.
Against the real daemon, by the events' clock; one city for all of it."""
import json
import os
import subprocess
import unittest

from harness import CITY, CONTROL, COUNTY
from nomination_test import NominationCity
from small_city import decisions

CLUE = "邻居说她每天给楼上老人送饭"
TEXT = "十年来每天为独居老人送一顿热饭,从不间断。"
EVIDENCE = [{"digest": "sha256:0a1b", "note": "社区走访记录", "uri": "file:1"}]


class CaseCity(NominationCity):
    def setUp(self):
        super().setUp()
        self.case = f"c:{self.serial}"

    def control(self, *arguments, expect=0, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def subject(self):
        return {"kind": "volunteer", "id": self.person}

    def find(self, **more):
        return self.stored("case.nominated", **{"case": self.case, "subject": self.subject(), "title": "一顿热饭", "by": "clerk:1", **more})

    def verify(self, outcome="accepted", **more):
        return self.stored("case.verified", **{"case": self.case, "outcome": outcome, "by": "clerk:2", "evidence": EVIDENCE, **more})

    def agree(self, purpose="publicity"):
        return self.stored("consent.given", volunteer=self.person, purpose=purpose, text_version="2018-01")

    def text(self, **more):
        return {"case": self.case, "subject": self.subject(), "text": TEXT, "consent": True, "by": "clerk:3", **more}

    def published(self, **more):
        self.find(**more)
        self.verify()
        self.agree()
        return self.stored("case.published", **self.text())

    def case_shown(self):
        return self.ask("case.get", case=self.case)

    def cases(self, region=CITY):
        counters = self.ask("region.get", region=region)["counters"]
        return {name[6:]: counters[name] for name in counters if name.startswith("cases_")}

    def changed(self, before, region=CITY):
        return {name: value - before[name] for name, value in self.cases(region).items() if value != before[name]}


class Steps(CaseCity):
    def test_a_case_is_looked_into_and_published_where_the_person_agrees(self):
        before = self.cases(COUNTY)
        self.find(clue=CLUE)
        self.assertEqual(self.changed(before, COUNTY), {"nominated": 1})
        self.refused("wrong_state", "data.case", "case.verified", "case.published", **self.text())
        self.verify()
        self.assertEqual(self.changed(before, COUNTY), {"verified": 1})
        self.refused("consent_missing", "data.subject.id", "consent.given", "case.published", **self.text())
        self.agree("exchange")
        self.refused("consent_missing", "data.subject.id", "publicity", "case.published", **self.text())
        self.agree()
        self.refused("consent_missing", "data.consent", "consent = true", "case.published", **self.text(consent=False))
        self.stored("case.published", **self.text())
        shown = self.case_shown()
        self.assertEqual((shown["state"], shown["text"], shown["verified_by"], shown["published_by"], shown["published_on"]),
                         ("published", TEXT, "clerk:2", "clerk:3", self.city.day))
        self.assertEqual(shown["evidence"], EVIDENCE)
        self.assertEqual(self.changed(before, COUNTY), {"published": 1})
        self.refused("wrong_state", "data.case", "withdrawn", "case.published", **self.text())
        self.assertNotIn(CLUE, json.dumps(self.ask("journal.read", after=0, limit=10000), ensure_ascii=False))
        self.assertIn("clue", str(shown["sealed"]))
        self.assert_replays()

    def test_when_the_consent_ends_the_case_is_read_no_more(self):
        before = self.cases()
        self.published()
        self.stored("consent.given", volunteer=self.person, purpose="exchange", text_version="2018-01")
        self.assertNotIn("decisions", self.stored("consent.withdrawn", volunteer=self.person, purpose="exchange", text_version="2018-01"))
        self.assertEqual(self.case_shown()["state"], "published")
        result = self.stored("consent.withdrawn", volunteer=self.person, purpose="publicity", text_version="2018-01")
        self.assertEqual(decisions(result, "case.retracted"), [{"case": self.case, "volunteer": self.person}])
        shown = self.case_shown()
        self.assertEqual((shown["state"], shown["consent_withdrawn"], shown["withdrawn_on"]), ("withdrawn", True, self.city.day))
        self.assertNotIn("text", shown)
        self.assertEqual(self.changed(before), {"withdrawn": 1})
        self.agree()
        self.refused("wrong_state", "data.case", "nominate it anew", "case.published", **self.text())
        self.assert_replays()

    def test_what_was_published_of_a_person_who_was_merged_goes_with_the_survivors_consent(self):
        self.published()
        survivor = f"{self.person}:s"
        self.city.register(survivor)
        self.stored("volunteer.merged", volunteer=self.person, into=survivor)
        result = self.stored("consent.withdrawn", volunteer=survivor, purpose="publicity", text_version="2018-01")
        self.assertEqual([decision["case"] for decision in decisions(result, "case.retracted")], [self.case])
        self.assertEqual(self.case_shown()["state"], "withdrawn")
        self.assert_replays()

    def test_a_person_may_be_published_under_the_new_id_after_a_merge(self):
        self.find()
        self.verify()
        survivor = f"{self.person}:s"
        self.city.register(survivor)
        self.stored("volunteer.merged", volunteer=self.person, into=survivor)
        self.stored("consent.given", volunteer=survivor, purpose="publicity", text_version="2018-01")
        self.stored("case.published", **self.text(subject={"kind": "volunteer", "id": survivor}))

    def test_a_case_that_cannot_be_verified_is_refused_with_a_reason(self):
        self.find()
        self.refused("missing_field", "data.reason", "reason", "case.verified", case=self.case, outcome="refused", by="clerk:2")
        self.refused("missing_field", "data.evidence", "evidence", "case.verified", case=self.case, outcome="accepted", by="clerk:2")
        self.refused("self_review", "data.by", "another person", "case.verified", case=self.case, outcome="accepted", by="clerk:1",
                     evidence=EVIDENCE)
        self.verify("refused", reason="无法核实")
        self.assertEqual((self.case_shown()["state"], self.case_shown()["reason"]), ("refused", "无法核实"))
        self.refused("wrong_state", "data.case", "nominate it anew", "case.verified", case=self.case, outcome="accepted", by="clerk:3",
                     evidence=EVIDENCE)

    def test_a_case_is_withdrawn_by_hand_at_any_step(self):
        self.published()
        self.stored("case.withdrawn", case=self.case, reason="本人要求", by="clerk:3")
        shown = self.case_shown()
        self.assertEqual((shown["state"], shown["reason"], shown["withdrawn_by"]), ("withdrawn", "本人要求", "clerk:3"))
        self.assertNotIn("text", shown)
        self.refused("wrong_state", "data.case", "withdrawn", "case.withdrawn", case=self.case, reason="x", by="clerk:3")

    def test_numbers_of_people_are_never_published(self):
        self.find()
        self.verify()
        self.agree()
        for number in ("联系电话13912345678。", "身份证11010519491231002X", "11010519491231002x", "卡号13912345678"):
            self.refused("identity_in_identifier", "data.text", "leave the number out", "case.published", **self.text(text=number))
        self.stored("case.published", **self.text(text="2018年8月23日,服务139123456789小时"))

    def test_a_case_is_about_whom_it_was_nominated_for(self):
        self.find()
        self.verify()
        self.agree()
        self.city.register(f"{self.person}:other")
        self.refused("wrong_state", "data.subject.id", "somebody else", "case.published",
                     **self.text(subject={"kind": "volunteer", "id": f"{self.person}:other"}))
        self.refused("out_of_range", "data.subject.kind", "volunteer", "case.nominated", case="c:x", subject={"kind": "region", "id": CITY},
                     title="x", by="clerk:1")

    def test_a_teams_case_is_published_where_it_agrees(self):
        self.stored("team.formed", team="t:1", name="雷锋车队", category="lei_feng", organisation="org:1", legal_status="filed")
        team = {"kind": "team", "id": "t:1"}
        self.find(subject=team, title="雷锋车队的一天")
        self.verify()
        self.refused("consent_missing", "data.consent", "consent = true", "case.published", **self.text(subject=team, consent=False))
        self.stored("case.published", **self.text(subject=team))
        self.assertEqual(self.ids("case.list", "case", subject_kind="team", state="published"), [self.case])

    def test_a_case_names_the_honour_that_it_came_from(self):
        self.awarded()
        self.find(nomination=self.nomination)
        self.assertEqual(self.case_shown()["nomination_state"], "awarded")
        self.stored("honour.withdrawn", nomination=self.nomination, reason="失实", by="clerk:2")
        self.assertEqual(self.case_shown()["nomination_state"], "withdrawn")
        self.city.register(f"{self.person}:other")
        self.refused("out_of_range", "data.nomination", "somebody else", "case.nominated", case="c:x", title="x", by="clerk:1",
                     subject={"kind": "volunteer", "id": f"{self.person}:other"}, nomination=self.nomination)


class Reads(CaseCity):
    def test_who_was_honoured_and_has_no_case_is_a_candidate(self):
        self.awarded()
        def wanted(**params):
            return [(item["subject"]["id"], item["why"], item["publicity"]) for item in self.ask("case.candidates", year=2018, **params)["items"]]
        self.assertEqual(wanted(), [(self.person, "awarded", False)])
        self.agree()
        self.assertEqual(wanted(region=COUNTY), [(self.person, "awarded", True)])
        self.assertEqual((wanted(region="620503000000"), self.ask("case.candidates", year=2017)["items"]), ([], []))
        self.assertIn(self.person, self.control("case", "candidates", "--year", "2018"))
        self.assertIn("已授予荣誉", self.control("case", "candidates", "--year", "2018", language="zh_CN.UTF-8"))
        self.find()
        self.assertEqual(wanted(), [])
        self.assertIn("no case yet", self.control("case", "candidates", "--year", "2018"))
        self.refuse("out_of_range", "year", "case.candidates", year=18)
        self.refuse("out_of_range", "limit", "case.candidates", limit=0)
        self.refuse("unknown_region", "region", "case.candidates", region="620599000000")

    def test_a_clerk_takes_each_step_by_a_command(self):
        self.agree()
        self.control("case", "nominate", self.case, self.person, "--title", "一顿热饭", "--clue", CLUE, "--by", "clerk:1")
        self.control("case", "verify", self.case, "accepted", "--by", "clerk:1", "--digest", "sha256:1", "--note", "走访", expect=1)
        self.control("case", "verify", self.case, "accepted", "--by", "clerk:2", "--digest", "sha256:1", "--note", "走访")
        self.assertIn("--consent", self.control("case", "publish", "--help"))
        self.control("case", "publish", self.case, "--text", TEXT, "--by", "clerk:3", expect=1)
        file = self.city.daemon.folder / "case.txt"
        file.write_text(TEXT + "\n")
        self.control("case", "publish", self.case, "--file", str(file), "--consent", "--by", "clerk:3")
        self.assertEqual(self.case_shown()["text"], TEXT)
        listed = self.control("list", "case", "state=published", language="zh_CN.UTF-8")
        self.assertTrue("一顿热饭" in listed and "已发布" in listed, listed)
        self.assertIn(TEXT, self.control("show", "case", self.case, language="zh_CN.UTF-8"))
        self.control("case", "withdraw", self.case, "--reason", "本人要求", "--by", "clerk:3")
        self.assertEqual(self.case_shown()["state"], "withdrawn")
        for wrong in (("case", "publish", self.case, "--by", "x"), ("case", "withdraw", self.case, "--by", "x"),
                      ("case", "nominate", "c:x", self.person, "--by", "x"), ("case", "verify", self.case, "accepted")):
            self.control(*wrong, expect=2)

    def test_the_report_counts_and_lists_what_may_be_read(self):
        self.published(title="一顿热饭的故事")
        document = self.ask("report.cases", by="county")["document"]
        counts, listed = document["sections"]
        names = [column["name"] for column in counts["columns"]]
        total = dict(zip(names, counts["total"]))
        cases = self.cases()
        self.assertEqual({name: total[name] for name in cases}, cases)
        self.assertEqual(sum(row[names.index("published")] for row in counts["rows"]), cases["published"])
        self.assertIn([self.city.day, "一顿热饭的故事", "志愿者", self.case], listed["rows"])
        self.assertNotIn(self.person, json.dumps(document))
        self.stored("consent.withdrawn", volunteer=self.person, purpose="publicity", text_version="2018-01")
        self.assertNotIn(self.case, json.dumps(self.ask("report.cases")["document"]))
        self.later(1)
        self.assertEqual(len(self.ask("report.cases", as_of="2018-03-05")["document"]["sections"]), 1)
        self.assertIn("表彰与典型案例", self.control("report", "cases", "--format", "html"))


if __name__ == "__main__":
    unittest.main()
