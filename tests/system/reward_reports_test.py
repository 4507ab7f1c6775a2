"""report funds, rewards and points: the money by year and place, what merchants gave out, points month by month."""
import csv
import io
import os
import subprocess
import unittest

import harness
from harness import CITY, COUNTY, TOWNSHIP, CONTROL
from small_city import OTHER_COUNTY, QueryTest


class ReportsTest(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-01-01").define_basics()
        for person in ("v:1", "v:2"):
            self.city.register(person)

    def report(self, name, **parameters):
        """The rows of the only section by what stands first in each, and the total."""
        document = self.ask(f"report.{name}", **parameters)["document"]
        (section,) = document["sections"]
        return {row[0]: row[1:] for row in section["rows"]}, section["total"][1:]

    def control(self, *arguments, language="C.UTF-8"):
        return subprocess.run([CONTROL, "--runtime", str(self.city.daemon.runtime), *arguments], text=True, capture_output=True,
                              check=True, env={**os.environ, "LC_ALL": language, "LANGUAGE": ""}).stdout


class FundsTest(ReportsTest):
    def fund(self, kind, entry, amount, by=None, fund="fund:1", **more):
        self.city.send(f"fund.{kind}", {"fund": fund, "entry": entry, "amount_fen": amount,
                                        **({"by": by, "purpose": "礼品"} if by else {"origin": "市财政"}), **more})

    def setUp(self):
        super().setUp()
        self.fund("allocated", "a:1", 500000, year=2018, budget_line="2013299", title="志愿服务专项资金")
        self.fund("allocated", "a:2", 200000, year=2018, region=TOWNSHIP)
        self.fund("allocated", "a:3", 100000, year=2018, region=OTHER_COUNTY, fund="fund:2", origin="麦积区财政")
        self.city.on("2018-06-01")
        self.fund("committed", "c:1", 600000, "clerk:1")
        self.city.on("2018-07-01")
        self.fund("spent", "s:1", 550000, "clerk:2")
        self.city.on("2019-01-10")
        self.fund("allocated", "a:4", 300000, year=2019, budget_line="2013299")

    def test_every_grouping_adds_up_to_the_same(self):
        total = [1100000, 50000, 550000, 500000, [550000, 1100000]]
        self.assertEqual(self.report("funds"), ({
            "志愿服务专项资金": [1000000, 50000, 550000, 400000, [550000, 1000000]],
            "fund:2": [100000, 0, 0, 100000, [0, 100000]]}, total))
        self.assertEqual(self.report("funds", by="year"), ({
            "2018": [800000, 50000, 550000, 200000, [550000, 800000]], "2019": [300000, 0, 0, 300000, [0, 300000]]}, total))
        self.assertEqual(self.report("funds", by="county"), ({
            "全市统筹": [800000, 0, 500000, 300000, [500000, 800000]], "秦州区": [200000, 50000, 50000, 100000, [50000, 200000]],
            "麦积区": [100000, 0, 0, 100000, [0, 100000]]}, total))
        self.assertEqual(list(self.report("funds", by="township")[0]), ["全市统筹", "大城街道"])
        self.assertEqual({label: row[0] for label, row in self.report("funds", by="line")[0].items()},
                         {"2013299": 800000, "未列科目": 300000})
        self.assertEqual({label: row[0] for label, row in self.report("funds", by="origin")[0].items()},
                         {"市财政": 1000000, "麦积区财政": 100000})

    def test_a_region_has_what_was_allocated_to_it(self):
        self.assertEqual(self.report("funds", region=COUNTY)[1], [200000, 50000, 50000, 100000, [50000, 200000]])
        self.refuse("out_of_range", "by", "report.funds", by="class")

    def test_a_past_day_reads_as_it_stood(self):
        self.assertEqual(self.report("funds", as_of="2018-05-31")[1], [800000, 0, 0, 800000, [0, 800000]])
        self.assertEqual(self.report("funds", as_of="2018-06-30")[1], [800000, 600000, 0, 200000, [0, 800000]])
        self.assertEqual(self.report("funds", as_of="2017-12-31")[1], [0, 0, 0, 0, [0, 0]])

    def test_the_command_prints_yuan_and_draws_bars(self):
        self.assertIn("5,500.00", "".join(self.control("report", "funds", "--by", "year", "--format", "html")))
        rows = list(csv.reader(io.StringIO(self.control("report", "funds", "--format", "csv"))))
        self.assertIn(["志愿服务专项资金", "10000.00", "500.00", "5500.00", "4000.00", "55.00%"], rows)
        self.assertIn("<rect", self.control("report", "funds", "--format", "svg"))
        listed = self.control("list", "fund", language="zh_CN.UTF-8")
        self.assertIn("已承诺（元）", listed)
        self.assertIn("5500.00", listed.replace(",", ""))
        shown = self.control("show", "fund_entry", "s:1", language="zh_CN.UTF-8")
        self.assertIn("550000 分（5500.00 元）", shown)


class MerchantsTest(ReportsTest):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("shop:1", "城南便民店", kind="enterprise")
        for person in ("v:1", "v:2"):
            self.ask("points.adjust", volunteer=person, account="points", amount=100000, reason="补登", by="clerk:9")
        self.offer("umbrella", "雨伞", 1500, merchant="shop:1", stock=10)
        self.offer("towel", "毛巾", 800, merchant="shop:1")
        self.offer("ticket", "门票", 0)

    def offer(self, reward, title, cost_fen, **more):
        self.city.send("reward.offered", {"reward": reward, "title": title, "account": "points", "cost": 100, "cost_fen": cost_fen, **more})

    def redeem(self, redemption, reward, quantity=1):
        self.city.send("reward.redeemed", {"redemption": redemption, "volunteer": "v:1", "reward": reward, "quantity": quantity})

    def end(self, redemption, kind="settled"):
        self.city.send(f"reward.{kind}", {"redemption": redemption, "by": "clerk:1", **({"reason": "缺货"} if kind == "voided" else {})})

    def test_a_merchant_sees_what_it_gave_out_and_is_owed(self):
        self.city.on("2018-03-01")
        self.redeem("x:1", "umbrella", 2)
        self.redeem("x:2", "towel")
        self.redeem("x:3", "umbrella")
        self.redeem("x:4", "ticket")
        self.redeem("x:5", "umbrella")
        self.city.on("2018-03-31")
        self.end("x:1")
        self.end("x:5", "voided")
        self.city.on("2018-04-02")
        self.end("x:2")
        self.end("x:4")
        self.assertEqual(self.report("rewards", by="merchant"),
                         ({"城南便民店": [3, 3800, 1, 1500], "（无商家）": [1, 0, 0, 0]}, [4, 3800, 1, 1500]))
        self.assertEqual(self.report("rewards", by="month"), ({"2018-03": [2, 3000], "2018-04": [2, 800]}, [4, 3800]))
        document = self.ask("report.rewards")["document"]
        self.assertEqual(document["sections"][0]["rows"],
                         [["（无商家）", "ticket", "门票", 1, 0, 0, 0, None, "offered"],
                          ["城南便民店", "umbrella", "雨伞", 2, 3000, 1, 1500, 7, "offered"],
                          ["城南便民店", "towel", "毛巾", 1, 800, 0, 0, None, "offered"]])
        self.assertEqual(self.report("rewards", by="merchant", region=OTHER_COUNTY), ({}, [0, 0, 0, 0]))
        self.assertEqual(list(self.report("rewards", by="merchant", region=COUNTY)[0]), ["城南便民店"])
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_another_merchant_takes_over_what_comes_afterwards(self):
        self.redeem("x:1", "umbrella")
        self.city.define_organisation("shop:2", "城北便民店", kind="enterprise")
        self.offer("umbrella", "雨伞", 1600, merchant="shop:2")
        self.redeem("x:2", "umbrella")
        self.end("x:1")
        self.end("x:2")
        self.assertEqual(self.report("rewards", by="merchant")[0], {"城南便民店": [1, 1500, 0, 0], "城北便民店": [1, 1600, 0, 0]})
        self.assertEqual(self.ask("redemption.get", redemption="x:1")["merchant"], "shop:1")

    def test_the_command_names_what_there_is(self):
        self.redeem("x:1", "umbrella")
        self.end("x:1")
        rows = list(csv.reader(io.StringIO(self.control("report", "rewards", "--by", "merchant", "--format", "csv"))))
        self.assertIn(["城南便民店", "1", "15.00", "0", "0.00"], rows)


class PointsTest(ReportsTest):
    def adjust(self, person, amount, account="points"):
        self.ask("points.adjust", volunteer=person, account=account, amount=amount, reason="补登", by="clerk:9",
                 time=f"{self.city.day}T12:00:00+08:00")

    def test_each_month_says_what_moved_and_what_stood_at_its_end(self):
        self.city.send("reward.offered", {"reward": "towel", "title": "毛巾", "account": "points", "cost": 300})
        self.city.on("2018-01-10")
        self.adjust("v:1", 1000)
        self.city.on("2018-02-10")
        self.adjust("v:1", -100)
        self.city.send("points.transferred", {"transfer": "t:1", "from": "v:1", "to": "v:2", "account": "points", "amount": 200, "reason": "赠"})
        for n in (1, 2):
            self.city.send("reward.redeemed", {"redemption": f"x:{n}", "volunteer": "v:1", "reward": "towel", "quantity": 1})
        self.city.on("2018-04-10").send("reward.settled", {"redemption": "x:1", "by": "clerk:1"})
        self.city.on("2018-04-11").send("reward.voided", {"redemption": "x:2", "by": "clerk:1", "reason": "缺货"})
        rows, total = self.report("points")
        # issued, taken back, added, deducted, spent, expired, transferred; balance, held, owed
        self.assertEqual(rows, {"2018-01": [0, 0, 1000, 0, 0, 0, 0, 1000, 0, 0], "2018-02": [0, 0, 0, 100, 0, 0, 200, 300, 600, 0],
                                "2018-04": [0, 0, 0, 0, 300, 0, 0, 600, 0, 0]})
        self.assertEqual(total, [0, 0, 1000, 100, 300, 0, 200, 600, 0, 0])
        self.assertEqual(list(self.report("points", as_of="2018-02-28")[0]), ["2018-01", "2018-02"])
        self.assertEqual(list(self.report("points", as_of="2018-02-27")[0]), ["2018-01"])
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_accounts_stand_apart_each_in_its_unit(self):
        self.adjust("v:1", 250)
        self.adjust("v:1", 90, "time_bank")
        document = self.ask("report.points")["document"]
        kinds = {section["title"]: section["columns"][1]["kind"] for section in document["sections"]}
        self.assertEqual(sorted(kinds.values()), ["hundredths", "number"])
        printed = self.control("report", "points", "--format", "csv")
        self.assertIn("2.50", printed)
        self.assertIn(",90,", printed)

    def test_what_expires_is_said_in_the_month_of_its_midnight(self):
        self.ask("policy.activate", by="clerk:1", effective="2018-01-01", text="""return {
          name = "points", kind = "points", title = "积分", decide = function(record, parameters, context)
            return { postings = { { account = "points", amount = record.minutes, reason = "服务", expires = "2018-03-31" } } } end,
          cases = { { name = "一小时", given = { minutes = 60 }, expect = { postings = {
            { account = "points", amount = 60, reason = "服务", expires = "2018-03-31" } } } } } }""")
        self.city.on("2018-02-01").send("service.recorded", {
            "record": "r:1", "volunteer": "v:1", "organisation": "org:1", "starts": "2018-02-01T08:00:00+08:00",
            "ends": "2018-02-01T10:00:00+08:00", "method": "automatic", "recorder": "clerk:1"})
        self.city.on("2018-04-03").send("document.registered", {"document": "d:1", "title": "t", "number": "1", "issued_by": "x",
                                                                "on": "2018-04-03"})
        rows, _ = self.report("points")
        self.assertEqual({month: (row[0], row[5], row[7]) for month, row in rows.items()}, {"2018-02": (120, 0, 120), "2018-04": (0, 120, 0)})


if __name__ == "__main__":
    unittest.main()
