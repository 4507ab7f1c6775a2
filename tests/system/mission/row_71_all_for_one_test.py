"""Row 71, 我为人人，人人为我: hours given to others are kept in a time bank, and come back as service, to oneself or to whom one gives them."""
import os
import subprocess
import unittest

import mission  # noqa: F401
import harness
from harness import CONTROL, ROOT
from ruled_city import RuledCityTest, acceptance


class TimeBankTest(RuledCityTest):
    def setUp(self):
        super().setUp()
        self.city.on("2019-01-01")
        self.people("v:li", "v:wang", "v:zhao")
        self.city.activate(acceptance())
        self.city.activate(self.example("time_bank"), effective="2019-01-01")
        self.city.activate(self.example("redemption_equal_service"), effective="2019-01-01")
        self.city.define_organisation("org:care", "大城街道养老服务中心", kind="social_service")
        self.city.send("reward.offered", {"reward": "care", "title": "居家陪护一小时", "account": "time_bank", "cost": 60, "merchant": "org:care"})

    def example(self, name):
        return (ROOT / "scripts/examples" / f"{name}.lua").read_text(encoding="utf-8")

    def control(self, *arguments, language="zh_CN.UTF-8"):
        return subprocess.run([CONTROL, "--runtime", str(self.served.runtime), *arguments], text=True, capture_output=True, check=True,
                              env={**os.environ, "LC_ALL": language, "LANGUAGE": ""}).stdout

    def serve_hours(self, name, hours):
        """Ten hours a day, from the next day on; the decisions of the last record."""
        result = None
        while hours > 0:
            self.day = getattr(self, "day", 0) + 1
            date, told = (f"2019-{day // 28 + 1:02d}-{day % 28 + 1:02d}" for day in (self.day, self.day + 1))
            result = self.city.on(told).serve_on(f"{name}/{date}", name, date, int(60 * min(hours, 10)))
            hours -= 10
        return result

    def minutes(self, name):
        for account in self.served.query("points.get", points=name)["accounts"]:
            if account["account"] == "time_bank":
                return account["balance"]
        return 0

    def publish(self, type_name, data):
        return self.served.publish_one(harness.event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))

    def ask_for_care(self, redemption, name, hours=1):
        result = self.publish("reward.redeemed", {"redemption": redemption, "volunteer": name, "reward": "care", "quantity": hours})
        if result["status"] != "stored":
            return result["code"]
        return next(item["data"] for item in result["decisions"] if item["type"] == "redemption.decided")["outcome"]

    def deposit(self, name, hours):
        """From another bank, by hand."""
        self.served.query("points.adjust", volunteer=name, account="time_bank", amount=60 * hours, reason="原时间银行转入", by="clerk:9",
                          time=f"{self.city.day}T12:00:00+08:00")

    def give(self, transfer, giver, taker, minutes):
        return self.publish("points.transferred", {"transfer": transfer, "from": giver, "to": taker, "account": "time_bank",
                                                   "amount": minutes, "reason": "转赠邻居"})

    def test_an_account_opens_at_a_hundred_hours_and_every_whole_hour_goes_in(self):
        self.serve_hours("v:li", 90)
        self.assertEqual(self.minutes("v:li"), 0)
        self.serve_hours("v:li", 10)
        self.assertEqual(self.minutes("v:li"), 600)
        self.serve_hours("v:li", 119 / 60)
        self.assertEqual(self.minutes("v:li"), 660)
        self.assertIn("时间银行存入", self.control("list", "points", "volunteer=v:li"))

    def test_who_served_is_served_and_the_hours_are_deducted(self):
        self.serve_hours("v:li", 110)
        self.assertEqual(self.ask_for_care("x:1", "v:li", 2), "accepted")
        self.assertEqual(self.publish("reward.settled", {"redemption": "x:1", "by": "clerk:care"})["status"], "stored")
        account = self.served.query("points.get", points="v:li")["accounts"][0]
        self.assertEqual((account["balance"], account["held"], account["spent"]), (1200 - 120, 0, 120))
        self.assertIn("居家陪护一小时", self.control("list", "points", "volunteer=v:li"))
        self.assertIn("大城街道养老服务中心", self.control("report", "rewards", "--by", "merchant"))
        self.assert_replays()

    def test_hours_are_given_to_a_neighbour_but_nobody_uses_more_than_they_served(self):
        self.serve_hours("v:li", 110)
        self.serve_hours("v:wang", 1)
        self.assertEqual(self.give("t:1", "v:li", "v:wang", 300)["status"], "stored")
        self.assertEqual((self.minutes("v:li"), self.minutes("v:wang")), (900, 300))
        self.assertEqual(self.ask_for_care("x:1", "v:wang"), "accepted")
        self.publish("reward.settled", {"redemption": "x:1", "by": "clerk:care"})
        self.assertEqual(self.ask_for_care("x:2", "v:wang"), "refused")
        self.assertIn("累计换取 120 分钟", self.control("show", "redemption", "x:2"))
        self.assertEqual(self.minutes("v:wang"), 240)
        self.assertEqual(self.give("t:2", "v:wang", "v:zhao", 241)["code"], "insufficient_points")
        self.assert_replays()

    def test_an_account_holds_fifteen_hundred_hours_and_not_a_minute_more(self):
        self.serve_hours("v:li", 100)
        self.deposit("v:li", 1488)
        self.assertEqual(self.minutes("v:li"), 1498 * 60)
        self.serve_hours("v:li", 3)
        self.assertEqual(self.minutes("v:li"), 1500 * 60)
        self.serve_hours("v:li", 3)
        self.assertEqual(self.minutes("v:li"), 1500 * 60)
        self.give("t:1", "v:li", "v:zhao", 60)
        self.serve_hours("v:li", 3)
        self.assertEqual((self.minutes("v:li"), self.minutes("v:zhao")), (1500 * 60, 60))
        self.assert_replays()

    def test_hours_with_a_last_day_are_gone_after_it(self):
        self.served.query("dictionary.set", dictionary="account", code="time_bank", title="时间银行（分钟）", decimals=0, may_expire=True,
                          by="clerk:1", time="2019-01-01T12:00:00+08:00")
        self.served.query("policy.set", policy="time_bank", parameters={"valid_years": 1}, by="clerk:1", **{"from": "2019-01-02"})
        self.serve_hours("v:li", 110)
        self.assertEqual(self.minutes("v:li"), 1200)
        self.give("t:1", "v:li", "v:wang", 200)
        for day in ("2019-10-01", "2020-06-01", "2020-12-31"):
            self.city.midnight(day)
        self.assertEqual((self.minutes("v:li"), self.minutes("v:wang")), (1000, 200))
        self.city.midnight("2021-01-01")
        self.finish_runs()
        self.assertEqual((self.minutes("v:li"), self.minutes("v:wang")), (0, 0))
        (section,) = self.served.query("report.points")["document"]["sections"]
        issued, expired = section["total"][1], section["total"][6]
        self.assertEqual((issued, expired), (1200, 1200))
        self.assert_replays()

    def test_an_hour_that_did_not_count_is_taken_back_also_when_it_was_used(self):
        self.serve_hours("v:li", 110)
        self.assertEqual(self.ask_for_care("x:1", "v:li", 15), "accepted")
        self.publish("reward.settled", {"redemption": "x:1", "by": "clerk:care"})
        self.city.send("service.revoked", {"record": "v:li/2019-01-11", "reason": "错录", "by": "clerk:2"})
        account = self.served.query("points.get", points="v:li")["accounts"][0]
        self.assertEqual((account["balance"], account["owed"]), (0, 300))
        self.serve_hours("v:li", 10)
        account = self.served.query("points.get", points="v:li")["accounts"][0]
        self.assertEqual((account["balance"], account["owed"]), (300, 0))


if __name__ == "__main__":
    unittest.main()
