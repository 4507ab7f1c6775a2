"""Redemptions that race: for the last of a stock, for the last points, with midnight, with a fund that runs out; from several
connections at a time. Nothing is ever given twice, nothing is below zero, and every sum is zero."""
import json
import random
import threading
import unittest

import zmq
from fund_test import FundTest
from harness import event
from ruled_city import RuledCityTest, acceptance

EXPIRING = """return {
  name = "points", kind = "points", title = "积分",
  decide = function(record, parameters, context)
    return { postings = { { account = "points", amount = record.minutes, reason = "服务", expires = "2018-03-31" } } }
  end,
  cases = { { name = "一小时", given = { minutes = 60 }, expect = { postings = {
    { account = "points", amount = 60, reason = "服务", expires = "2018-03-31" } } } } },
}
"""
ACCEPTING = """return { name = "redemption", kind = "redemption", title = "兑换", decide = function() return "accepted" end,
  cases = { { name = "一件", given = { quantity = 1 }, expect = "accepted" } } }"""


class OneMessageTest(FundTest):
    def results(self, *redemptions):
        events = [event("reward.redeemed", {"redemption": name, "volunteer": person, "reward": "umbrella", "quantity": quantity})
                  for name, person, quantity in redemptions]
        return [(result["status"], result.get("code")) for result in self.city.daemon.publish(events)["results"]]

    def test_the_last_item_goes_to_the_first_of_a_message(self):
        self.give(1000)
        self.give(1000, "v:2")
        self.offer(stock=1)
        self.assertEqual(self.results(("x:1", "v:1", 1), ("x:2", "v:2", 1)), [("stored", None), ("rejected", "out_of_stock")])
        self.assertEqual((self.account("v:1")["balance"], self.account("v:2")["balance"]), (700, 1000))

    def test_the_last_points_are_spent_once(self):
        self.give(300)
        self.offer()
        self.assertEqual(self.results(("x:1", "v:1", 1), ("x:2", "v:1", 1)), [("stored", None), ("rejected", "insufficient_points")])
        self.assertEqual((self.account()["balance"], self.account()["held"]), (0, 300))

    def test_the_last_money_of_a_fund_is_committed_once(self):
        self.give(1000)
        self.give(1000, "v:2")
        self.allocate(2000)
        self.offer(cost_fen=1500, fund="fund:1")
        self.assertEqual(self.results(("x:1", "v:1", 1), ("x:2", "v:2", 1)), [("stored", None), ("rejected", "out_of_stock")])
        self.assertEqual(self.sums(), (2000, 1500, 0, 500))

    def test_a_transfer_and_a_redemption_do_not_both_have_the_same_points(self):
        self.give(300)
        self.offer()
        results = self.city.daemon.publish([
            event("points.transferred", {"transfer": "t:1", "from": "v:1", "to": "v:2", "account": "points", "amount": 1, "reason": "赠"}),
            event("reward.redeemed", {"redemption": "x:1", "volunteer": "v:1", "reward": "umbrella", "quantity": 1})])["results"]
        self.assertEqual([(result["status"], result.get("code")) for result in results],
                         [("stored", None), ("rejected", "insufficient_points")])


class MidnightTest(RuledCityTest):
    """Points whose last day is 31 March: until its end they buy, a moment later they do not."""

    def setUp(self):
        super().setUp()
        self.people("v:1")
        self.city.activate(acceptance())
        self.city.activate(EXPIRING)
        self.city.activate(ACCEPTING)
        self.city.send("reward.offered", {"reward": "towel", "title": "毛巾", "account": "points", "cost": 60, "stock": 9})
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)

    def redeem(self, redemption, time):
        return event("reward.redeemed", {"redemption": redemption, "volunteer": "v:1", "reward": "towel", "quantity": 1}, time=time)

    def account(self):
        return self.served.query("points.get", points="v:1")["accounts"][0]

    def test_one_message_over_midnight_buys_before_it_and_not_after(self):
        results = self.served.publish([self.redeem("x:1", "2018-03-31T23:59:59+08:00"), self.redeem("x:2", "2018-04-01T00:00:00+08:00")])["results"]
        self.assertEqual([(result["status"], result.get("code")) for result in results],
                         [("stored", None), ("rejected", "insufficient_points")])
        self.city.midnight("2018-04-02")  # what was refused brought no midnight with it
        self.finish_runs()
        self.assertEqual((self.account()["balance"], self.account()["held"]), (0, 60))

    def test_what_was_held_before_midnight_is_settled_after_it(self):
        self.served.publish_one(self.redeem("x:1", "2018-03-31T23:59:59+08:00"))
        self.city.midnight("2018-04-02")
        self.finish_runs()
        self.assertEqual((self.account()["balance"], self.account()["held"], self.account()["expired"]), (0, 60, 60))
        self.city.send("reward.settled", {"redemption": "x:1", "by": "clerk:1"})
        self.assertEqual((self.account()["spent"], self.account()["held"], self.account()["expired"]), (60, 0, 60))
        self.assert_replays()

    def test_what_is_voided_after_its_last_day_expires_at_once(self):
        self.served.publish_one(self.redeem("x:1", "2018-03-31T23:59:59+08:00"))
        self.city.midnight("2018-04-02")
        self.city.send("reward.voided", {"redemption": "x:1", "by": "clerk:1", "reason": "缺货"})
        self.finish_runs()
        self.assertEqual((self.account()["balance"], self.account()["held"], self.account()["expired"]), (0, 0, 120))
        self.assertEqual(self.served.query("reward.get", reward="towel")["left"], 9)
        self.assert_replays()

    def test_a_kill_between_the_midnight_and_its_run_changes_nothing(self):
        self.served.publish_one(self.redeem("x:1", "2018-03-31T23:59:59+08:00"))
        self.city.midnight("2018-04-01")
        self.served.kill()
        self.served.start()
        late = self.served.publish_one(self.redeem("x:2", "2018-04-01T12:00:00+08:00"))
        self.assertEqual((late["status"], late["code"]), ("rejected", "insufficient_points"))
        self.finish_runs()
        self.assertEqual((self.account()["balance"], self.account()["held"], self.account()["expired"]), (0, 60, 60))
        self.assert_replays()


class ConnectionsTest(FundTest):
    """Four connections at a time, each with redemptions, settlements, voids and gifts in an order of its own."""

    CONNECTIONS = 4
    EACH = 120
    STOCK = 60
    PEOPLE = ("v:1", "v:2")

    def life(self, number, seed):
        """What one connection sends, in messages of a few; answers are kept, and only what was accepted is ended."""
        draw, mine, answers = random.Random(seed), [], self.answers[number]
        for n in range(self.EACH):
            choice, name = draw.random(), f"x:{number}-{n}"
            if choice < 0.55 or not mine:
                events = [event("reward.redeemed", {"redemption": f"{name}/{i}", "volunteer": draw.choice(self.PEOPLE), "reward": "umbrella",
                                                    "quantity": draw.randint(1, 3)}) for i in range(draw.randint(1, 3))]
            elif choice < 0.9:
                kind = draw.choice(["settled", "voided"])
                redemption = draw.choice(mine)
                events = [event(f"reward.{kind}", {"redemption": redemption, "by": "clerk:1", **({"reason": "缺货"} if kind == "voided" else {})})]
            else:
                giver, taker = draw.sample(self.PEOPLE, 2)
                events = [event("points.transferred", {"transfer": f"t{name}", "from": giver, "to": taker, "account": "points",
                                                       "amount": draw.randint(1, 500), "reason": "赠"})]
            for sent, result in zip(events, self.send(number, events)):
                answers.append((sent, result))
                if sent["type"] == "reward.redeemed" and result["status"] == "stored":
                    mine.append(sent["data"]["redemption"])

    def send(self, number, events):
        socket = self.sockets[number]
        socket.send_json(events)
        return json.loads(socket.recv())["results"]

    def test_whoever_races_nothing_is_given_twice_and_all_sums_are_zero(self):
        for person in self.PEOPLE:
            self.give(12000, person)
        self.allocate(90000)
        self.offer(cost=300, stock=self.STOCK, cost_fen=1700, fund="fund:1", merchant="org:2")
        self.answers = [[] for _ in range(self.CONNECTIONS)]
        self.sockets = [self.city.daemon.socket("ingest", zmq.REQ) for _ in range(self.CONNECTIONS)]
        threads = [threading.Thread(target=self.life, args=(number, 7 * number + 1)) for number in range(self.CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            self.assertFalse(thread.is_alive())
        for socket in self.sockets:
            socket.close(0)
        answers = [pair for list_ in self.answers for pair in list_]
        self.assertEqual(sum(len(list_) >= self.EACH for list_ in self.answers), self.CONNECTIONS)
        codes = {result.get("code") for _, result in answers}
        self.assertLessEqual(codes, {None, "out_of_stock", "insufficient_points", "wrong_state"})
        self.assertIn("wrong_state", codes)
        self.assertTrue(codes & {"out_of_stock", "insufficient_points"})
        self.check(answers)
        self.assert_ledger()
        self.assert_replays()

    def check(self, answers):
        """What the answers say must be what stands: each redemption was ended at most once, and stock, points and money agree."""
        quantity = {sent["data"]["redemption"]: sent["data"]["quantity"] for sent, result in answers
                    if sent["type"] == "reward.redeemed" and result["status"] == "stored"}
        ends = {}
        for sent, result in answers:
            if sent["type"] in ("reward.settled", "reward.voided") and result["status"] == "stored":
                self.assertNotIn(sent["data"]["redemption"], ends)
                ends[sent["data"]["redemption"]] = sent["type"]
        settled = sum(n for name, n in quantity.items() if ends.get(name) == "reward.settled")
        held = sum(n for name, n in quantity.items() if name not in ends)
        reward = self.ask("reward.get", reward="umbrella")
        self.assertEqual((reward["settled"], reward["held"], reward["left"]), (settled, held, self.STOCK - settled - held))
        self.assertGreaterEqual(reward["left"], 0)
        accounts = [self.account(person) for person in self.PEOPLE]
        self.assertGreaterEqual(min(account["balance"] for account in accounts), 0)
        self.assertEqual(sum(account["balance"] for account in accounts), 24000 - 300 * (settled + held))
        self.assertEqual(sum(account["held"] for account in accounts), 300 * held)
        self.assertEqual(sum(account["spent"] for account in accounts), 300 * settled)
        self.assertEqual(self.sums(), (90000, 1700 * held, 1700 * settled, 90000 - 1700 * (held + settled)))
        (row,) = self.ask("report.rewards", by="merchant")["document"]["sections"][0]["rows"]
        self.assertEqual(row[1:], [settled, 1700 * settled, held, 1700 * held])


if __name__ == "__main__":
    unittest.main()
