"""Points that expire: by the midnight after their last day, whoever is looked at or not; and what redeeming makes of it."""
import os
import time
import unittest

import harness
from small_city import QueryTest

RULE = """return {
  name = "points", kind = "points", title = "当日有效积分", texts = {},
  parameters = { ["2000-01-01"] = { last = "%s" } },
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then return { postings = {} } end
    return { postings = {
      { account = "points", amount = 100, reason = "限时", expires = parameters.last },
      { account = "points", amount = 10, reason = "长期" },
    } }
  end,
  cases = { { name = "一条", given = {}, expect = { postings = {
    { account = "points", amount = 100, expires = "%s" }, { account = "points", amount = 10 } } } } },
}
"""


class ExpiryTest(QueryTest):
    PEOPLE = 3

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.define_basics()
        self.activate("2018-03-31")
        for n in range(self.PEOPLE):
            self.city.register(f"v:{n}")

    def activate(self, last):
        self.ask("policy.activate", text=RULE % (last, last), by="clerk:1", effective="2018-01-01")

    def serve(self, person, record, day):
        self.city.on(day).send("service.recorded", {
            "record": record, "volunteer": person, "organisation": "org:1", "starts": f"{day}T08:00:00+08:00",
            "ends": f"{day}T10:00:00+08:00", "method": "automatic", "recorder": "clerk:1"})

    def account(self, person):
        (account,) = self.ask("points.get", points=person)["accounts"]
        return account

    def pass_to(self, day):
        """Something happens on that day; not to anybody who has points."""
        self.city.on(day).send("document.registered", {"document": f"d:{day}", "title": "t", "number": "1", "issued_by": "x",
                                                       "on": day})

    def redeem(self, person, redemption, quantity=1):
        return self.city.daemon.publish_one(harness.event("reward.redeemed", {
            "redemption": redemption, "volunteer": person, "reward": "cup", "quantity": quantity},
            time=f"{self.city.day}T12:00:00+08:00"))

    def offer(self, cost=105):
        self.city.send("reward.offered", {"reward": "cup", "title": "水杯", "account": "points", "cost": cost})

    def assert_whole(self):
        (ledger,) = self.ask("status")["ledger"]
        ledger.pop("account")
        self.assertEqual(ledger.pop("persons") - ledger.pop("owed") + sum(ledger.values()), 0)
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def expiries(self, person):
        return [item for item in self.ask("points.list", volunteer=person)["items"] if item["counter"] == "expiry"]


class MidnightTest(ExpiryTest):
    def test_a_lot_is_moved_by_the_midnight_after_its_last_day(self):
        for n in range(self.PEOPLE):
            self.serve(f"v:{n}", f"r:{n}", "2018-03-01")
        self.pass_to("2018-03-31")
        self.assertEqual((self.account("v:0")["balance"], self.account("v:0")["expired"]), (110, 0))
        self.pass_to("2018-04-01")
        for n in range(self.PEOPLE):
            account = self.account(f"v:{n}")
            self.assertEqual((account["balance"], account["expired"], account["lots"]),
                             (10, 100, [{"expires": None, "amount": 10}]))
        (entry,) = self.expiries("v:1")
        self.assertEqual((entry["amount"], entry["on"], entry["expires"], entry["balance_after"]),
                         (-100, "2018-04-01", "2018-03-31", 10))
        (progress,) = [event for event in self.ask("journal.read", after=0, types=["run.progressed"], limit=1000)["events"]
                       if event["data"]["revision"] == "expiry"]
        self.assertEqual((progress["data"]["as_of"], progress["data"]["cursor"], progress["data"]["done"]),
                         ("2018-03-31", 3, True))
        self.assertEqual(entry["sequence"], int(progress["sequence"]))
        self.assert_whole()

    def test_what_was_spent_before_expires_no_more(self):
        self.serve("v:0", "r:0", "2018-03-01")
        self.offer(cost=60)
        self.assertEqual(self.redeem("v:0", "x:1")["status"], "stored")
        self.pass_to("2018-04-01")
        account = self.account("v:0")
        self.assertEqual((account["balance"], account["held"], account["expired"]), (10, 60, 40))
        self.assert_whole()

    def test_what_is_granted_too_late_is_over_at_once(self):
        self.serve("v:0", "r:0", "2018-05-01")
        account = self.account("v:0")
        self.assertEqual((account["balance"], account["earned"], account["expired"]), (10, 110, 100))
        self.assert_whole()

    def test_many_midnights_at_once_expire_each_in_its_turn(self):
        self.serve("v:0", "r:0", "2018-03-01")
        self.activate("2018-04-30")
        self.serve("v:0", "r:1", "2018-03-02")
        self.pass_to("2018-12-31")
        self.assertEqual([entry["on"] for entry in self.expiries("v:0")], ["2018-04-01", "2018-05-01"])
        self.assertEqual(self.account("v:0")["balance"], 20)
        self.assert_whole()

    def test_a_kill_in_the_middle_changes_nothing(self):
        for n in range(self.PEOPLE):
            self.serve(f"v:{n}", f"r:{n}", "2018-03-01")
        self.pass_to("2018-04-01")
        before = [self.ask("points.get", points=f"v:{n}")["accounts"] for n in range(self.PEOPLE)]
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual([self.ask("points.get", points=f"v:{n}")["accounts"] for n in range(self.PEOPLE)], before)
        self.assert_whole()


class CrowdTest(QueryTest):
    """Everybody's points end on one day: VOLUNTEERD_LOTS=100000 says how long that takes."""

    LOTS = int(os.environ.get("VOLUNTEERD_LOTS", "1500"))
    RULE = """return {
      name = "points", kind = "points", title = "注册即得", texts = {},
      decide = function(subject, parameters, context)
        if context.subject == "record" then return { postings = {} } end
        return { postings = { { account = "points", amount = 100, reason = "注册", expires = "2018-03-31" } } }
      end,
      cases = { { name = "一人", given = {}, context = { subject = "volunteer" },
        expect = { postings = { { account = "points", amount = 100, expires = "2018-03-31" } } } } },
    }"""

    def test_a_midnight_moves_them_all_in_chunks(self):
        city = self.city = self.start_dated_city(self.addCleanup)
        city.on("2018-01-02").define_basics()
        self.ask("policy.activate", text=self.RULE, by="clerk:1", effective="2018-01-01")
        for first in range(0, self.LOTS, 5000):
            city.send_all([harness.event("volunteer.registered", {
                "volunteer": f"c:{n}", "region": harness.COMMUNITY, "born": "1990-05", "identity": {
                    "name": "无名", "document_kind": "passport", "number": f"E{n:08}"}})
                for n in range(first, min(first + 5000, self.LOTS))])
        city.on("2018-03-31").define_organisation("org:3", "x")
        (before,) = self.ask("status")["ledger"]
        begun = time.monotonic()
        city.on("2018-04-01").define_organisation("org:4", "x")
        took = time.monotonic() - begun
        (after,) = self.ask("status")["ledger"]
        self.assertEqual((before["persons"], before["expiry"], after["persons"], after["expiry"]),
                         (100 * self.LOTS, 0, 0, 100 * self.LOTS))
        n_chunks = self.chunks()
        self.assertGreaterEqual(n_chunks, self.LOTS // 500)
        if "VOLUNTEERD_LOTS" in os.environ:
            print(f"{self.LOTS} lots in {n_chunks} chunks: {took:.2f} s")

    def chunks(self):
        n, answer = 0, {"next": 0, "head": 1}
        while answer["next"] < answer["head"]:
            answer = self.ask("journal.read", after=answer["next"], types=["run.progressed"], limit=1000)
            n += sum(event["data"]["revision"] == "expiry" for event in answer["events"])
        return n


class RedeemingTest(ExpiryTest):
    def test_a_lot_counts_on_its_last_day_and_not_on_the_next(self):
        for person in ("v:0", "v:1"):
            self.serve(person, f"r:{person}", "2018-03-01")
        self.offer()
        self.pass_to("2018-03-31")
        self.assertEqual(self.redeem("v:0", "x:1")["status"], "stored")
        self.city.on("2018-04-01")
        result = self.redeem("v:1", "x:2")
        self.assertEqual((result["status"], result["code"]), ("rejected", "insufficient_points"))
        self.assert_whole()

    def test_what_is_voided_after_the_last_day_expires_at_once(self):
        self.serve("v:0", "r:0", "2018-03-01")
        self.offer()
        self.redeem("v:0", "x:1")
        self.pass_to("2018-04-02")
        self.assertEqual(self.account("v:0")["balance"], 5)
        self.city.send("reward.voided", {"redemption": "x:1", "by": "clerk:1", "reason": "缺货"})
        account = self.account("v:0")
        self.assertEqual((account["balance"], account["held"], account["expired"]), (10, 0, 100))
        self.assert_whole()

    def test_what_is_voided_in_time_keeps_its_last_day(self):
        self.serve("v:0", "r:0", "2018-03-01")
        self.offer()
        self.redeem("v:0", "x:1")
        self.city.send("reward.voided", {"redemption": "x:1", "by": "clerk:1", "reason": "缺货"})
        self.assertEqual(self.account("v:0")["lots"], [{"expires": "2018-03-31", "amount": 100}, {"expires": None, "amount": 10}])
        self.pass_to("2018-04-01")
        self.assertEqual(self.account("v:0")["balance"], 10)
        self.assert_whole()

    def test_what_is_given_away_keeps_its_last_day(self):
        self.serve("v:0", "r:0", "2018-03-01")
        self.city.send("points.transferred", {"transfer": "t:1", "from": "v:0", "to": "v:1", "account": "points", "amount": 105,
                                              "reason": "赠"})
        self.assertEqual(self.account("v:1")["lots"], [{"expires": "2018-03-31", "amount": 100}, {"expires": None, "amount": 5}])
        self.pass_to("2018-04-01")
        self.assertEqual((self.account("v:0")["balance"], self.account("v:1")["balance"]), (5, 5))
        self.assert_whole()


if __name__ == "__main__":
    unittest.main()
