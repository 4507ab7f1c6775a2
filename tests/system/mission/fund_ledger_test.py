"""The special fund (专项资金): a clerk enters what the budget gave, commits and pays by command, rewards draw on it by themselves, and
the report says at any day what was given, committed, spent and is left."""
import csv
import io
import os
import subprocess
import unittest

import mission  # noqa: F401
from harness import CONTROL, COUNTY
from small_city import QueryTest


class FundLedgerTest(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-01-08").define_basics()
        self.city.register("v:1")

    def control(self, *arguments, expect=0):
        run = subprocess.run([CONTROL, "--runtime", str(self.city.daemon.runtime), *arguments], text=True, capture_output=True,
                             env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}, check=False)
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout if expect == 0 else run.stderr

    def send(self, type_name, *fields, expect=0):
        return self.control("send", type_name, *fields, "--at", self.city.day, expect=expect)

    def report(self, *arguments):
        return list(csv.reader(io.StringIO(self.control("report", "funds", "--format", "csv", *arguments))))

    def test_a_year_of_the_fund_as_its_clerk_sees_it(self):
        # January: the city's budget gives 50,000 yuan, Qinzhou district 8,000 for itself.
        self.send("fund.allocated", "fund=tszyz:fund", "entry=z:1", "amount_fen=5000000", "origin=市财政", "year=2018", "budget_line=2013299",
                  "title=志愿服务专项资金")
        self.send("fund.allocated", "fund=tszyz:fund", "entry=z:2", "amount_fen=800000", "origin=秦州区财政", "year=2018", f"region={COUNTY}")
        # March: insurance is contracted; the clerk who signed cannot pay it, the cashier does, and less than was set aside.
        self.city.on("2018-03-05")
        self.send("fund.committed", "fund=tszyz:fund", "entry=c:1", "amount_fen=1200000", "purpose=志愿者保险", "by=clerk:1")
        self.city.on("2018-03-20")
        refused = self.send("fund.spent", "fund=tszyz:fund", "entry=s:1", "amount_fen=1150000", "purpose=志愿者保险", "by=clerk:1", "of=c:1", expect=1)
        self.assertIn("self_review", refused)
        self.send("fund.spent", "fund=tszyz:fund", "entry=s:1", "amount_fen=1150000", "purpose=志愿者保险", "by=cashier:1", "of=c:1")
        self.send("fund.returned", "fund=tszyz:fund", "entry=r:1", "amount_fen=50000", "purpose=节余", "by=cashier:1", "of=c:1")
        # Nobody commits what is not there.
        refused = self.send("fund.committed", "fund=tszyz:fund", "entry=c:2", "amount_fen=4650001", "purpose=礼品", "by=clerk:1", expect=1)
        self.assertIn("4650000", refused.replace(",", ""))
        # June: a volunteer redeems a thermos that the fund pays for; another is voided.
        self.city.on("2018-06-01")
        self.city.send("reward.offered", {"reward": "cup", "title": "保温杯", "account": "points", "cost": 500, "cost_fen": 4500,
                                          "fund": "tszyz:fund", "merchant": "org:2", "stock": 20})
        self.ask("points.adjust", volunteer="v:1", account="points", amount=2000, reason="补登", by="clerk:9", time="2018-06-01T12:00:00+08:00")
        for redemption in ("x:1", "x:2"):
            self.city.send("reward.redeemed", {"redemption": redemption, "volunteer": "v:1", "reward": "cup", "quantity": 1})
        self.city.send("reward.settled", {"redemption": "x:1", "by": "clerk:3"})
        self.city.send("reward.voided", {"redemption": "x:2", "by": "clerk:3", "reason": "破损"})
        # December: what is left of the district's money goes back to it.
        self.city.on("2018-12-28")
        self.send("fund.returned", "fund=tszyz:fund", "entry=r:2", "amount_fen=800000", "purpose=年终上缴", "by=cashier:1", "of=z:2")

        self.assertIn(["志愿服务专项资金", "50000.00", "0.00", "11545.00", "38455.00", "23.09%"], self.report())
        self.assertIn(["志愿服务专项资金", "58000.00", "0.00", "11500.00", "46500.00", "19.82%"], self.report("--as-of", "2018-05-31"))
        self.assertEqual([row[:2] for row in self.report("--by", "line") if row and row[0] == "2013299"], [["2013299", "50000.00"]])
        entries = self.control("list", "fund_entry", "fund=tszyz:fund")
        for text in ("志愿者保险", "保温杯", "年终上缴", "支出", "退回", "12,000.00"):
            self.assertIn(text.replace(",", ""), entries.replace(",", ""))
        self.assertIn("结余", self.control("show", "fund", "tszyz:fund"))
        self.assertIn("<svg", self.control("report", "funds", "--by", "year", "--format", "svg"))
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


if __name__ == "__main__":
    unittest.main()
