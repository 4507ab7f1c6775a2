"""volunteerctl explain and policy replay: what people read, in English and Chinese."""
import json
import os
import subprocess
import unittest

from harness import CONTROL, COUNTY
from small_city import QueryTest

DONE, REFUSED, USAGE = 0, 1, 2


class ExplainCommandTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        city.register("v:1")
        cls.served = city.serve_days("v:1", 9)
        city.serve("late", "v:1", 60)
        city.send("figure.reported", {
            "figure": "built_up_residents", "subject": {"kind": "region", "id": COUNTY}, "value": 100,
            "as_of": city.today.date().isoformat(), "origin": "统计公报"})

    def control(self, *arguments, expect=DONE, language="en"):
        run = subprocess.run(
            [str(CONTROL), *map(str, arguments), "--runtime", str(self.city.daemon.runtime)],
            capture_output=True, text=True, timeout=60,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_a_volunteer(self):
        text = self.control("explain", "volunteer", "v:1")
        sequence = self.ask("explain", volunteer="v:1")["decision"]["sequence"]
        self.assertIn(f"Given by decision {sequence} of ", text)
        self.assertIn("→ 再服务 192 小时即可评为二星", text)
        self.assertIn("一星 100, 二星 300, 三星 600, 四星 1000, 五星 1500 小时", text)
        self.assertIn("1 records wait for a review", text)
        self.assertIn("late", text)
        self.assertNotIn("decide = function", text)

    def test_a_volunteer_in_chinese(self):
        text = self.control("explain", "volunteer", "v:1", language="zh_CN")
        for words in ("号决定评定", "待定事项", "1 条记录待审核", "未计入的记录"):
            self.assertIn(words, text)

    def test_the_text_of_the_rule(self):
        for arguments in (["volunteer", "v:1"], ["record", "v:1/4"], ["region", COUNTY]):
            self.assertIn("decide = function", self.control("explain", *arguments, "--rule"))

    def test_every_record_that_counts(self):
        text = self.control("explain", "volunteer", "v:1", "--counted")
        self.assertTrue(all(f"v:1/{day} " in text for day in range(2, 11)), text)
        answer = json.loads(self.control("explain", "volunteer", "v:1", "--counted", "--limit", "4",
                                         "--json"))
        self.assertEqual(len(answer["counted_records"]), 4)

    def test_a_past_day(self):
        text = self.control("explain", "volunteer", "v:1", "--as-of", "2018-01-01")
        self.assertIn("There are no records yet", text)

    def test_a_region(self):
        text = self.control("explain", "region", COUNTY)
        for words in ("建成区常住人口注册率", "注册志愿者还差", "Figures, and who reported them",
                      "统计公报", "count(name=volunteers)"):
            self.assertIn(words, text)

    def test_a_decision_is_asked_for_again(self):
        sequence = self.ask("explain", volunteer="v:1")["decision"]["sequence"]
        text = self.control("policy", "replay", sequence)
        self.assertIn("over the facts that were stored with it", text)
        self.assertIn("✓ The same decision, from the same facts.", text)
        self.assertIn("✓ 事实相同,决定相同。",
                      self.control("policy", "replay", sequence, language="zh_CN"))
        answer = json.loads(self.control("policy", "replay", sequence, "--json"))
        self.assertTrue(answer["same"])

    def test_what_is_no_decision(self):
        self.assertIn("no policy decided", self.control("policy", "replay", 1, expect=REFUSED))
        self.assertIn("is no sequence", self.control("policy", "replay", "x", expect=USAGE))
        self.assertIn("is no sequence", self.control("policy", "replay", "0", expect=USAGE))


if __name__ == "__main__":
    unittest.main()
