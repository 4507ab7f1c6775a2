"""政府服务与市场服务的有益补充: what is a public duty goes to the office whose duty it is, what is sold goes to who sells it, and only
the rest is the volunteers'; each of the three can be counted."""
import unittest

import mission  # noqa: F401
from need_test import NeedTest


class BesidePublicService(NeedTest):
    def test_each_need_goes_where_it_belongs(self):
        self.activity("a:visit", day="2018-03-10", category="elderly")
        self.file("n:allowance", category="elderly", text="低保没有续上")
        self.file("n:nurse", category="elderly", text="要请全天护工")
        self.file("n:company", category="elderly", text="想有人陪着说说话")
        self.control("need", "refer", "n:allowance", "--to", "秦州区民政局")
        self.control("need", "refer", "n:nurse", "--to", "家政服务公司")
        self.control("need", "match", "n:company", "a:visit")
        _, total = self.report()
        self.assertEqual([total[name] for name in ("open", "matched", "referred")], [3, 1, 2])
        shown = self.control("show", "need", "n:allowance", language="zh_CN.UTF-8").stdout
        self.assertTrue("已转介" in shown and "秦州区民政局" in shown, shown)
        # The office does its part; the firm is too dear, and the need comes back to the volunteers.
        self.city.on("2018-03-20")
        self.control("need", "close", "n:allowance", "met")
        self.control("need", "match", "n:nurse", "a:visit")
        self.control("need", "close", "n:nurse", "unmet")
        self.control("need", "close", "n:company", "met")
        self.refused("wrong_state", "data.need", "need.referred", need="n:company", to="秦州区民政局")
        _, total = self.report()
        self.assertEqual((total["open"], total["closed"], total["met_rate"]), (0, 3, [2, 3]))
        self.assertEqual(self.need("n:allowance")["referred_to"], "秦州区民政局")
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
