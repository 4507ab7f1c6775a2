"""激励回馈 at a small shop: five neighbours, three umbrellas. Who comes first is served, who has too few points or had theirs this year is
told so, a broken one goes back, and at the end of the month the shop sees what it is owed."""
import csv
import io
import os
import subprocess
import unittest

import mission  # noqa: F401
import harness
from harness import CONTROL
from small_city import QueryTest

PEOPLE = ("v:1", "v:2", "v:3", "v:4", "v:5")


class FairTest(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-05-02").define_basics()
        for person, points in zip(PEOPLE, (900, 900, 900, 900, 200)):
            self.city.register(person)
            self.ask("points.adjust", volunteer=person, account="points", amount=points, reason="补登", by="clerk:9",
                     time="2018-05-02T12:00:00+08:00")
        self.city.define_organisation("shop:1", "城南便民店", kind="enterprise")
        self.city.send("fund.allocated", {"fund": "f:1", "entry": "z:1", "amount_fen": 6000, "origin": "街道办", "year": 2018})
        self.city.send("reward.offered", {"reward": "umbrella", "title": "雨伞", "account": "points", "cost": 300, "stock": 3, "cost_fen": 2000,
                                          "fund": "f:1", "merchant": "shop:1", "limit_per_year": 1, "minimum_balance": 250})

    def redeem(self, *names):
        events = [harness.event("reward.redeemed", {"redemption": name, "volunteer": person, "reward": "umbrella", "quantity": 1},
                                time="2018-05-05T10:00:00+08:00") for name, person in names]
        return [result.get("code") or result["status"] for result in self.city.daemon.publish(events)["results"]]

    def control(self, *arguments):
        return subprocess.run([CONTROL, "--runtime", str(self.city.daemon.runtime), *arguments], text=True, capture_output=True, check=True,
                              env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}).stdout

    def test_a_day_at_the_shop(self):
        self.assertEqual(self.redeem(("x:1", "v:1"), ("x:5", "v:5"), ("x:2", "v:2"), ("x:1b", "v:1"), ("x:3", "v:3"), ("x:4", "v:4")),
                         ["stored", "insufficient_points", "stored", "wrong_state", "stored", "out_of_stock"])
        self.city.on("2018-05-05")
        self.city.send("reward.settled", {"redemption": "x:1", "by": "shop:clerk"})
        self.city.send("reward.voided", {"redemption": "x:2", "by": "shop:clerk", "reason": "伞骨断裂"})
        self.assertEqual(self.redeem(("x:4", "v:4")), ["stored"])  # the one that came back on paper is there for the next
        self.city.on("2018-05-31")
        for redemption in ("x:3", "x:4"):
            self.city.send("reward.settled", {"redemption": redemption, "by": "shop:clerk"})
        listed = self.control("list", "redemption", "reward=umbrella")
        self.assertEqual((listed.count("已核销"), listed.count("已作废")), (3, 1))
        rows = list(csv.reader(io.StringIO(self.control("report", "rewards", "--by", "merchant", "--format", "csv"))))
        self.assertIn(["城南便民店", "3", "60.00", "0", "0.00"], rows)
        rows = list(csv.reader(io.StringIO(self.control("report", "rewards", "--by", "month", "--format", "csv"))))
        self.assertIn(["2018-05", "3", "60.00"], rows)
        fund = self.ask("fund.get", fund="f:1")
        self.assertEqual((fund["spent_fen"], fund["committed_fen"], fund["left_fen"]), (6000, 0, 0))
        balances = [self.ask("points.get", points=person)["accounts"][0]["balance"] for person in PEOPLE]
        self.assertEqual(balances, [600, 900, 600, 600, 200])
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


if __name__ == "__main__":
    unittest.main()
