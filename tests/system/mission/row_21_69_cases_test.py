"""先进经验和典型; 挖掘学雷锋先进人物,选树先进志愿者: who was honoured is found, looked into, asked, and told of; what the paper prints has
no names of its own, and ends when the person wants it to."""
import json
import unittest

import mission  # noqa: F401
from case_test import EVIDENCE, CaseCity
from harness import CITY

STORY = "一位退休教师十年来每个周末教社区孩子读书,从未缺席。"


class CasesAreFoundAndTold(CaseCity):
    def test_from_an_honour_to_a_text_that_may_be_read_and_back(self):
        self.awarded()
        # The clerk asks who was honoured this year and is not told of yet.
        listed = self.control("case", "candidates", "--year", "2018", language="zh_CN.UTF-8")
        self.assertIn(self.person, listed)
        self.control("case", "nominate", "lei-feng:1", self.person, "--title", "周末课堂十年", "--nomination", self.nomination, "--clue",
                     "社区主任推荐,电话已留", "--by", "clerk:1")
        # Somebody else looks into it; without evidence it does not count.
        self.control("case", "verify", "lei-feng:1", "accepted", "--by", "clerk:2", expect=1)
        self.control("case", "verify", "lei-feng:1", "accepted", "--by", "clerk:2", "--digest", "sha256:0a1b", "--note", "走访八户家长")
        # Nobody is told of who did not agree.
        publish = ("case", "publish", "lei-feng:1", "--text", STORY, "--by", "clerk:3")
        self.assertIn("consent", self.control(*publish, "--consent", expect=1))
        self.agree()
        self.control(*publish, expect=1)
        self.control(*publish, "--consent")
        # The leader sees where cases come from, and the paper what it may print.
        report = self.ask("report.cases", by="county")["document"]
        self.assertEqual([row[1] for row in report["sections"][1]["rows"]], ["周末课堂十年"])
        self.assertNotIn(self.person, json.dumps(report, ensure_ascii=False))
        self.assertIn(STORY, self.control("show", "case", "lei-feng:1", language="zh_CN.UTF-8"))
        self.assertNotIn("社区主任推荐", json.dumps(self.ask("journal.read", after=0, limit=10000), ensure_ascii=False))
        # The teacher thinks better of it: from that moment nobody reads it, and nobody had to remember.
        self.stored("consent.withdrawn", volunteer=self.person, purpose="publicity", text_version="2018-01")
        self.assertEqual(self.ids("case.list", "case", state="withdrawn"), ["lei-feng:1"])
        self.assertEqual(self.ask("report.cases")["document"]["sections"][1]["rows"], [])
        self.assertNotIn(STORY, self.control("show", "case", "lei-feng:1"))
        self.assertEqual(self.cases(CITY)["withdrawn"], 1)
        self.assert_replays()

    def test_good_experience_of_a_team_is_written_down_as_well(self):
        self.stored("team.formed", team="t:books", name="周末课堂", category="lei_feng", organisation="org:1", legal_status="filed")
        team = {"kind": "team", "id": "t:books"}
        self.find(subject=team, title="一间教室怎样办十年")
        self.stored("case.verified", case=self.case, outcome="accepted", by="clerk:2", evidence=EVIDENCE)
        self.stored("case.published", **self.text(subject=team, text="排班、备课、家长会:三件事坚持十年。"))
        self.assertIn(self.case, self.ids("case.list", "case", state="published", subject_kind="team"))


if __name__ == "__main__":
    unittest.main()
