"""Rewards: what is offered, redeemed, settled and voided; what the city's rule refuses; points given to somebody else."""
import os
import subprocess
import unittest

import harness
from harness import CONTROL
from replayed import Replayed
from small_city import QueryTest, decisions

RULE = """return {
  name = "redemption", kind = "redemption", title = "兑换", texts = { much = "一次 %%d 件" },
  decide = function(request, parameters, context)
    %s
  end,
  cases = { { name = "一件", given = { quantity = 1 }, expect = "accepted" } },
}
"""


class RewardsTest(QueryTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()
        for person in ("v:1", "v:2"):
            self.city.register(person)

    def give(self, amount, person="v:1", account="points"):
        self.ask("points.adjust", volunteer=person, account=account, amount=amount, reason="补登", by="clerk:9")

    def offer(self, reward="umbrella", cost=300, **more):
        return self.city.send("reward.offered", {"reward": reward, "title": "雨伞", "account": "points", "cost": cost, **more})

    def publish(self, type_name, data):
        return self.city.daemon.publish_one(harness.event(type_name, data))

    def redeem(self, redemption="x:1", reward="umbrella", quantity=1, person="v:1"):
        return self.publish("reward.redeemed", {"redemption": redemption, "volunteer": person, "reward": reward,
                                                "quantity": quantity})

    def settle(self, redemption="x:1"):
        return self.publish("reward.settled", {"redemption": redemption, "by": "clerk:1"})

    def void(self, redemption="x:1"):
        return self.publish("reward.voided", {"redemption": redemption, "by": "clerk:1", "reason": "缺货"})

    def account(self, person="v:1", name="points"):
        for account in self.ask("points.get", points=person)["accounts"]:
            if account["account"] == name:
                return account
        return None

    def state(self, redemption="x:1"):
        return self.ask("redemption.get", redemption=redemption)["state"]

    def assert_refused(self, result, code, field):
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        self.assertGreater(len(result["message"]), 15)

    def assert_ledger(self):
        for ledger in self.ask("status")["ledger"]:
            ledger.pop("account")
            self.assertEqual(ledger["transfer"], 0)
            self.assertEqual(ledger.pop("persons") - ledger.pop("owed") + sum(ledger.values()), 0)

    def assert_replays(self):
        """It also adds the ledger up."""
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


class LifeTest(Replayed, RewardsTest):
    def test_what_is_accepted_is_held_and_spent_when_it_is_settled(self):
        self.give(1000)
        self.offer()
        result = self.redeem(quantity=2)
        self.assertEqual([item["outcome"] for item in decisions(result, "redemption.decided")], ["accepted"])
        account = self.account()
        self.assertEqual((account["balance"], account["held"], account["spent"]), (400, 600, 0))
        self.assertEqual(self.state(), "held")
        self.assertEqual(self.settle()["status"], "stored")
        account = self.account()
        self.assertEqual((account["balance"], account["held"], account["spent"]), (400, 0, 600))
        entries = self.ask("points.list", volunteer="v:1")["items"]
        self.assertEqual([(item["counter"], item["amount"], item.get("moved")) for item in entries],
                         [("adjustment", 1000, None), ("held", -600, None), ("shop", 0, 600)])
        self.assertEqual(entries[1]["reason"], "雨伞")
        self.assertEqual(self.state(), "settled")
        self.assert_ledger()
        self.assert_replays()

    def test_what_is_voided_comes_back_with_the_stock(self):
        self.give(1000)
        self.offer(stock=2)
        self.redeem(quantity=2)
        self.assertEqual(self.ask("reward.get", reward="umbrella")["left"], 0)
        self.assertEqual(self.void()["status"], "stored")
        self.assertEqual((self.account()["balance"], self.account()["held"]), (1000, 0))
        reward = self.ask("reward.get", reward="umbrella")
        self.assertEqual((reward["left"], reward["held"], reward["settled"]), (2, 0, 0))
        self.assertEqual(self.state(), "voided")
        self.assert_ledger()
        self.assert_replays()

    def test_no_step_is_taken_twice_or_skipped(self):
        self.give(1000)
        self.offer()
        self.redeem("x:1")
        self.redeem("x:2")
        self.settle("x:1")
        self.void("x:2")
        for step in (self.settle, self.void):
            for redemption in ("x:1", "x:2"):
                self.assert_refused(step(redemption), "wrong_state", "data.redemption")
        self.assert_refused(self.settle("x:9"), "unknown_redemption", "data.redemption")
        self.assert_refused(self.redeem("x:1"), "already_exists", "data.redemption")

    def test_it_survives_a_kill(self):
        self.give(1000)
        self.offer(stock=5, limit_per_year=3)
        self.redeem("x:1")
        self.redeem("x:2", quantity=2)
        self.void("x:1")
        before = self.ask("points.get", points="v:1")["accounts"], self.ask("reward.get", reward="umbrella")["left"]
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual((self.ask("points.get", points="v:1")["accounts"], self.ask("reward.get", reward="umbrella")["left"]),
                         before)
        self.assertEqual(self.settle("x:2")["status"], "stored")
        self.assert_replays()


class RefusalTest(RewardsTest):
    def test_nobody_redeems_more_than_there_is(self):
        self.give(299)
        self.offer(stock=1)
        self.assert_refused(self.redeem(), "insufficient_points", "data.volunteer")
        self.give(1)
        self.assert_refused(self.redeem(quantity=2), "out_of_stock", "data.quantity")
        self.assertEqual(self.redeem()["status"], "stored")
        self.assert_refused(self.redeem("x:2"), "out_of_stock", "data.quantity")
        self.assertEqual(self.account()["balance"], 0)

    def test_no_redemption_costs_more_than_can_be_booked(self):
        self.give(10000)
        self.offer(cost=1, cost_fen=10**12)
        self.assert_refused(self.redeem(quantity=2), "out_of_range", "data.quantity")
        self.assertEqual(self.redeem(quantity=1)["status"], "stored")

    def test_a_minimum_balance_is_kept(self):
        self.give(999)
        self.offer(minimum_balance=1000)
        self.assert_refused(self.redeem(), "insufficient_points", "data.volunteer")
        self.give(1)
        self.assertEqual(self.redeem()["status"], "stored")

    def test_a_year_has_its_limit_and_what_was_voided_does_not_count(self):
        self.give(5000)
        self.offer(limit_per_year=2)
        self.redeem("x:1", quantity=2)
        self.assert_refused(self.redeem("x:2"), "wrong_state", "data.quantity")
        self.void("x:1")
        self.assertEqual(self.redeem("x:2")["status"], "stored")

    def test_rewards_of_a_group_share_their_limit(self):
        self.give(5000)
        self.offer("umbrella", limit_per_year=2, limit_group="礼品")
        self.offer("towel", limit_per_year=2, limit_group="礼品")
        self.redeem("x:1", "umbrella")
        self.redeem("x:2", "towel")
        self.assert_refused(self.redeem("x:3", "umbrella"), "wrong_state", "data.quantity")

    def test_stars_and_last_days_are_asked_for(self):
        self.give(5000)
        self.offer("ticket", min_stars=1)
        self.assert_refused(self.redeem(reward="ticket"), "wrong_state", "data.volunteer")
        self.assert_refused(self.publish("reward.offered", {"reward": "late", "title": "x", "account": "points", "cost": 1,
                                                            "valid_until": "2018-01-01"}), "out_of_range", "data.valid_until")

    def test_what_is_withdrawn_is_offered_again_by_another_offer(self):
        self.give(5000)
        self.offer()
        self.city.send("reward.withdrawn", {"reward": "umbrella"})
        self.assert_refused(self.redeem(), "wrong_state", "data.reward")
        self.assert_refused(self.publish("reward.withdrawn", {"reward": "umbrella"}), "wrong_state", "data.reward")
        self.offer(cost=200)
        self.assertEqual(self.redeem()["status"], "stored")
        self.assertEqual(self.account()["held"], 200)

    def test_an_offer_names_only_what_is_there(self):
        wrong = {"account": ("not_in_dictionary", "pionts"), "merchant": ("unknown_organisation", "org:9"),
                 "fund": ("unknown_fund", "f:1")}
        for field, (code, value) in wrong.items():
            data = {"reward": "r:1", "title": "x", "account": "points", "cost": 1, field: value}
            self.assert_refused(self.publish("reward.offered", data), code, f"data.{field}")

    def test_who_left_redeems_nothing(self):
        self.give(1000)
        self.offer()
        self.redeem("x:1")
        self.city.send("volunteer.withdrawn", {"volunteer": "v:1"})
        self.assert_refused(self.redeem("x:2"), "wrong_state", "data.volunteer")
        self.assertEqual(self.settle("x:1")["status"], "stored")

    def test_a_price_that_changes_leaves_what_is_held(self):
        self.give(1000)
        self.offer(cost=300)
        self.redeem()
        self.offer(cost=500)
        self.void()
        self.assertEqual(self.account()["balance"], 1000)


class RuleTest(RewardsTest):
    def activate(self, body):
        self.ask("policy.activate", text=RULE % body, by="clerk:1", effective="2018-01-01")

    def test_a_refusal_is_stored_with_its_findings_and_takes_nothing(self):
        self.activate('if request.quantity > 1 then finding("much", request.quantity) return "refused" end return "accepted"')
        self.give(1000)
        self.offer(stock=9)
        result = self.redeem(quantity=2)
        self.assertEqual(result["status"], "stored")
        (decided,) = decisions(result, "redemption.decided")
        self.assertEqual((decided["outcome"], decided["findings"]), ("refused", [{"code": "much", "value": 2}]))
        self.assertEqual((self.account()["balance"], self.ask("reward.get", reward="umbrella")["left"]), (1000, 9))
        shown = self.ask("redemption.get", redemption="x:1")
        self.assertEqual((shown["state"], [finding["text"] for finding in shown["findings"]]), ("refused", ["一次 2 件"]))
        self.assert_refused(self.settle(), "wrong_state", "data.redemption")

    def test_a_rule_that_fails_refuses(self):
        self.activate('if request.quantity > 1 then error("x") end return "accepted"')
        self.give(1000)
        self.offer()
        (decided,) = decisions(self.redeem(quantity=2), "redemption.decided")
        self.assertEqual((decided["outcome"], decided["findings"]), ("refused", [{"code": "policy_failed"}]))
        self.assertEqual(self.account()["balance"], 1000)

    def test_the_rule_sees_what_was_redeemed_spent_and_offered(self):
        self.activate("""local v, total = request.volunteer, 0
            for _, r in ipairs(v:redemptions{ from = context.year .. "-01-01" }) do total = total + r.amount end
            finding("much", total)
            finding("much", v:points{ account = "points", what = "spent" })
            finding("much", v:points{ account = "points" })
            finding("much", request.amount)
            finding("much", request.reward.stock or -1)
            finding("much", request.reward.title or "?")
            return "accepted" """)
        self.give(1000)
        self.offer(stock=9)
        self.redeem("x:1")
        self.settle("x:1")
        self.redeem("x:2")
        self.void("x:2")
        (decided,) = decisions(self.redeem("x:3"), "redemption.decided")
        self.assertEqual([finding["value"] for finding in decided["findings"]], [300, 300, 700, 300, 8, "雨伞"])

    def test_the_shipped_rule_limits_by_parameters(self):
        self.ask("policy.set", policy="redemption", parameters={"times_per_quarter": 1}, by="clerk:1",
                 **{"from": self.city.at(0, 0)[:10]})
        self.give(1000)
        self.offer()
        (first,) = decisions(self.redeem("x:1"), "redemption.decided")
        (second,) = decisions(self.redeem("x:2"), "redemption.decided")
        self.assertEqual((first["outcome"], second["outcome"]), ("accepted", "refused"))
        self.assertEqual(second["findings"], [{"code": "quarter", "value": 1, "needed": 1}])


class TransferTest(RewardsTest):
    def transfer(self, amount, transfer="t:1", account="time_bank", **more):
        return self.publish("points.transferred", {"transfer": transfer, "from": "v:1", "to": "v:2", "account": account,
                                                   "amount": amount, "reason": "照料邻居", **more})

    def test_what_one_gives_the_other_gets(self):
        self.give(120, account="time_bank")
        self.assertEqual(self.transfer(90)["status"], "stored")
        giver, taker = self.account("v:1", "time_bank"), self.account("v:2", "time_bank")
        self.assertEqual((giver["balance"], giver["transferred"], taker["balance"], taker["transferred"]), (30, -90, 90, 90))
        self.assertEqual(self.ask("transfer.get", transfer="t:1")["reason"], "照料邻居")
        self.assertEqual(self.ids("transfer.list", "transfer", to="v:2"), ["t:1"])
        self.assert_ledger()
        self.assert_replays()

    def test_nobody_gives_more_than_they_have_or_to_themselves(self):
        self.give(60, account="time_bank")
        self.assert_refused(self.transfer(61), "insufficient_points", "data.amount")
        self.assert_refused(self.transfer(10, to="v:1"), "out_of_range", "data.to")
        self.assert_refused(self.transfer(10, to="v:9"), "unknown_volunteer", "data.to")
        self.assert_refused(self.transfer(10, account="mins"), "not_in_dictionary", "data.account")
        self.city.send("volunteer.withdrawn", {"volunteer": "v:2"})
        self.assert_refused(self.transfer(10), "wrong_state", "data.to")
        self.assertEqual(self.account("v:1", "time_bank")["balance"], 60)


class CommandTest(RewardsTest):
    def speak(self, *arguments, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), "--runtime", str(self.city.daemon.runtime), *arguments], capture_output=True,
                             text=True, env={**os.environ, "LC_ALL": language}, check=True)
        return run.stdout

    def test_a_clerk_offers_redeems_lists_and_shows(self):
        self.give(1000)
        self.speak("send", "reward.offered", "reward=umbrella", "title=雨伞", "account=points", "cost=300", "stock=5")
        self.assertIn("umbrella", self.speak("list", "reward", "state=offered"))
        self.speak("send", "reward.redeemed", "redemption=x:1", "volunteer=v:1", "reward=umbrella", "quantity=1")
        listed = self.speak("list", "redemption", "volunteer=v:1")
        self.assertIn("x:1", listed)
        self.assertIn("3.00", listed)
        shown = self.speak("show", "redemption", "x:1")
        self.assertIn("held", shown)


if __name__ == "__main__":
    unittest.main()
