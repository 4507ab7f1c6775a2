"""获得感、幸福感更加充实: whoever was served says how it was, 1 to 5; that reaches the points of who served, holds what was rated very
low, and is read by county and category, month by month."""
import unittest

import mission  # noqa: F401
from satisfaction_test import EXAMPLES, SatisfactionTest


class SenseOfGain(SatisfactionTest):
    def test_what_the_served_say_counts(self):
        for kind in ("points", "acceptance"):
            self.activate_now((EXAMPLES / f"{kind}_rating.lua").read_text(encoding="utf-8").replace(
                f'name = "{kind}_rating"', f'name = "{kind}"').replace('["2018-01-01"]', '["2000-01-01"]'))
        self.serve("r:1", "v:1", activity="a:1")
        self.serve("r:2", "v:2", activity="a:2")
        self.assertEqual((self.balance("v:1"), self.balance("v:2")), (200, 200))
        # One is praised: a fifth more. The other was two hours late: held, until a reviewer has asked.
        self.rate(5, record="r:1")
        self.rate(1, record="r:2")
        self.assertEqual((self.balance("v:1"), self.balance("v:2")), (240, 0))
        self.assertIn("r:2", self.control("record", "held").stdout)
        self.control("record", "review", "r:2", "accepted", "--by", "clerk:2")
        self.assertEqual((self.ask("record.get", record="r:2")["state"], self.balance("v:2")), ("accepted", 0))
        # The city reads it: how many were satisfied, where, and of what.
        self.rate(4, activity="a:2")
        rows, total = self.report("satisfaction")
        self.assertEqual((total["ratings"], total["satisfied"], total["average"]), (3, [2, 3], "3.33"))
        by_category, _ = self.report("satisfaction", by="category")
        self.assertEqual(by_category["elderly"]["satisfied"], [1, 2])
        self.assertIn("服务对象满意情况", self.control("report", "satisfaction", "--format", "html").stdout)
        self.assert_decisions_agree()


if __name__ == "__main__":
    unittest.main()
