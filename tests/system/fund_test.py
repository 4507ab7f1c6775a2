"""The special fund: what is allocated, committed, spent and returned; rewards that it pays for; sums that are zero."""
import random
import unittest

import harness
from harness import COMMUNITY, COUNTY
from redemption_test import RULE, RewardsTest


class FundTest(RewardsTest):
    def allocate(self, amount=100000, entry="f:a1", fund="fund:1", year=2018, **more):
        return self.publish("fund.allocated", {"fund": fund, "entry": entry, "amount_fen": amount, "origin": "市财政", "year": year,
                                               **more})

    def move(self, kind, entry, amount, by, fund="fund:1", **more):
        return self.publish(f"fund.{kind}", {"fund": fund, "entry": entry, "amount_fen": amount, "purpose": "礼品", "by": by, **more})

    def commit(self, entry, amount, by="clerk:1", **more):
        return self.move("committed", entry, amount, by, **more)

    def spend(self, entry, amount, by="clerk:2", **more):
        return self.move("spent", entry, amount, by, **more)

    def give_back(self, entry, amount, by="clerk:2", **more):
        return self.move("returned", entry, amount, by, **more)

    def sums(self, fund="fund:1"):
        """Allocated, committed, spent, left."""
        found = self.ask("fund.get", fund=fund)
        for of in (found, *found["allocations"]):
            self.assertEqual(of["allocated_fen"], of["committed_fen"] + of["spent_fen"] + of["left_fen"])
            self.assertGreaterEqual(min(of["committed_fen"], of["spent_fen"], of["left_fen"]), 0)
        for name in ("allocated_fen", "committed_fen", "spent_fen", "left_fen"):
            self.assertEqual(found[name], sum(of[name] for of in found["allocations"]))
        return tuple(found[f"{name}_fen"] for name in ("allocated", "committed", "spent", "left"))

    def assert_stored_all(self, *results):
        for result in results:
            self.assertEqual(result["status"], "stored", result)


class EntriesTest(FundTest):
    def test_money_is_allocated_committed_spent_and_what_remains_goes_back(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 30000), self.spend("f:s1", 20000),
                               self.give_back("f:r1", 10000))
        self.assertEqual(self.sums(), (100000, 0, 20000, 80000))
        entries = self.ask("fund_entry.list", fund="fund:1")["items"]
        self.assertEqual([(item["fund_entry"], item["kind"], item["amount_fen"], item["open_fen"], item["of"]) for item in entries],
                         [("f:a1", "allocated", 100000, 100000, None), ("f:c1", "committed", 30000, 0, None),
                          ("f:s1", "spent", 20000, 20000, "f:c1"), ("f:r1", "returned", 10000, 0, "f:c1")])
        self.assert_replays()

    def test_a_commitment_is_spent_in_parts_and_never_beyond_itself(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 30000), self.commit("f:c2", 500), self.spend("f:s1", 300, of="f:c2"))
        self.assert_refused(self.spend("f:s2", 201, of="f:c2"), "wrong_state", "data.amount_fen")
        self.assert_stored_all(self.spend("f:s2", 200, of="f:c2"))
        self.assert_refused(self.give_back("f:r1", 1, of="f:c2"), "wrong_state", "data.amount_fen")
        self.assertEqual(self.sums(), (100000, 30000, 500, 69500))

    def test_nobody_commits_what_is_not_there(self):
        self.allocate(1000)
        result = self.commit("f:c1", 1001)
        self.assert_refused(result, "wrong_state", "data.amount_fen")
        self.assertIn("1000 fen are left to commit", result["message"])
        self.assert_stored_all(self.commit("f:c1", 1000))
        self.assert_refused(self.commit("f:c2", 1), "wrong_state", "data.amount_fen")
        self.assertEqual(self.sums(), (1000, 1000, 0, 0))

    def test_whoever_committed_does_not_pay(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 300, by="clerk:1"))
        self.assert_refused(self.spend("f:s1", 100, by="clerk:1"), "self_review", "data.by")
        self.assert_refused(self.spend("f:s1", 100, by="clerk:1", of="f:c1"), "self_review", "data.by")
        self.assert_stored_all(self.spend("f:s1", 100, by="clerk:2"))

    def test_an_entry_has_one_name_for_ever(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 300))
        for result in (self.allocate(entry="f:c1"), self.commit("f:a1", 1), self.spend("f:c1", 1), self.give_back("f:c1", 1)):
            self.assert_refused(result, "already_exists", "data.entry")

    def test_what_was_spent_in_error_comes_back(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 300), self.spend("f:s1", 300), self.give_back("f:r1", 100, of="f:s1"))
        self.assertEqual(self.sums(), (100000, 0, 200, 99800))
        self.assert_refused(self.give_back("f:r2", 201, of="f:s1"), "wrong_state", "data.amount_fen")

    def test_what_nobody_needs_goes_back_to_where_it_came_from(self):
        self.assert_stored_all(self.allocate(1000), self.commit("f:c1", 300), self.give_back("f:r1", 600, of="f:a1"))
        self.assertEqual(self.sums(), (400, 300, 0, 100))
        self.assert_refused(self.give_back("f:r2", 101, of="f:a1"), "wrong_state", "data.amount_fen")
        self.assert_replays()

    def test_an_entry_draws_on_what_fits_it(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 300), self.spend("f:s1", 100), self.give_back("f:r1", 50))
        self.assert_stored_all(self.allocate(500, "f:b1", "fund:2"))
        for result in (self.commit("f:x", 1, of="f:c1"), self.spend("f:x", 1, of="f:a1"), self.spend("f:x", 1, of="f:s1"),
                       self.give_back("f:x", 1, of="f:r1"), self.commit("f:x", 1, of="f:b1")):
            self.assert_refused(result, "wrong_state", "data.of")
        self.assert_refused(self.spend("f:x", 1, of="f:none"), "unknown_fund_entry", "data.of")
        self.assert_refused(self.commit("f:x", 1, fund="fund:9"), "unknown_fund", "data.fund")
        self.assert_refused(self.commit("f:x", 1, document="d:none"), "unknown_document", "data.document")
        self.assert_refused(self.allocate(1, "f:x", region="629999000000"), "unknown_region", "data.region")

    def test_the_earliest_year_pays_first_and_each_fen_can_be_followed(self):
        self.assert_stored_all(self.allocate(1000, "f:2019", year=2019, budget_line="2019399"),
                               self.allocate(500, "f:2018", year=2018, region=COUNTY), self.commit("f:c1", 700))
        found = self.ask("fund.get", fund="fund:1")["allocations"]
        self.assertEqual([(of["entry"], of["year"], of["region"], of["budget_line"], of["committed_fen"], of["left_fen"]) for of in found],
                         [("f:2018", 2018, COUNTY, None, 500, 0), ("f:2019", 2019, None, "2019399", 200, 800)])
        self.assertEqual(self.ask("fund_entry.get", fund_entry="f:c1")["allocations"],
                         [{"entry": "f:2018", "amount_fen": 500, "open_fen": 500}, {"entry": "f:2019", "amount_fen": 200, "open_fen": 200}])
        self.assert_stored_all(self.commit("f:c2", 300, of="f:2019"))
        self.assert_refused(self.commit("f:c3", 1, of="f:2018"), "wrong_state", "data.amount_fen")
        self.assert_replays()

    def test_entries_are_listed_by_fund_kind_and_person(self):
        self.assert_stored_all(self.allocate(), self.allocate(5, "f:b1", "fund:2", title="礼遇资金"), self.commit("f:c1", 300),
                               self.spend("f:s1", 100))
        names = lambda **filters: [item["fund_entry"] for item in self.ask("fund_entry.list", **filters)["items"]]
        self.assertEqual(names(kind="spent"), ["f:s1"])
        self.assertEqual(names(by="clerk:1"), ["f:c1"])
        self.assertEqual(names(fund="fund:2"), ["f:b1"])
        self.assertEqual([(item["fund"], item["title"], item["entries"]) for item in self.ask("fund.list")["items"]],
                         [("fund:1", None, 3), ("fund:2", "礼遇资金", 1)])

    def test_it_survives_a_kill(self):
        self.assert_stored_all(self.allocate(), self.commit("f:c1", 300), self.spend("f:s1", 100))
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual(self.sums(), (100000, 200, 100, 99700))
        self.assert_refused(self.commit("f:c1", 1), "already_exists", "data.entry")
        self.assert_stored_all(self.spend("f:s2", 200))
        self.assert_replays()


class RewardTest(FundTest):
    def setUp(self):
        super().setUp()
        self.give(100000)
        self.allocate(5000)
        self.offer(cost=100, stock=50, cost_fen=1500, fund="fund:1", merchant="org:2")

    def test_redeeming_commits_settling_spends_and_voiding_returns(self):
        self.assert_stored_all(self.redeem("x:1"), self.redeem("x:2", quantity=2))
        self.assertEqual(self.sums(), (5000, 4500, 0, 500))
        self.assert_stored_all(self.settle("x:1"), self.void("x:2"))
        self.assertEqual(self.sums(), (5000, 0, 1500, 3500))
        self.assertEqual([(item["kind"], item["amount_fen"], item["redemption"], item["by"], item["purpose"])
                          for item in self.ask("fund_entry.list", redemption="x:1")["items"]],
                         [("committed", 1500, "x:1", None, "雨伞"), ("spent", 1500, "x:1", "clerk:1", "雨伞")])
        self.assertEqual([item["kind"] for item in self.ask("fund_entry.list", redemption="x:2")["items"]], ["committed", "returned"])
        self.assert_ledger()
        self.assert_replays()

    def test_a_fund_without_money_gives_nothing_and_takes_no_points(self):
        result = self.redeem("x:1", quantity=4)
        self.assert_refused(result, "out_of_stock", "data.reward")
        self.assertIn("5000 are left", result["message"])
        self.assertEqual((self.account()["balance"], self.ask("reward.get", reward="umbrella")["left"]), (100000, 50))
        self.assert_stored_all(self.redeem("x:1", quantity=3))
        self.assert_refused(self.redeem("x:2"), "out_of_stock", "data.reward")
        self.assert_stored_all(self.allocate(1000, "f:a2"), self.redeem("x:2"))
        self.assertEqual(self.sums(), (6000, 6000, 0, 0))

    def test_what_the_rule_refuses_commits_nothing(self):
        self.ask("policy.activate", text=RULE % 'return request.quantity > 1 and "refused" or "accepted"', by="clerk:1",
                 effective="2018-01-01")
        self.assert_stored_all(self.redeem("x:1", quantity=2))
        self.assertEqual(self.state("x:1"), "refused")
        self.assertEqual(self.sums(), (5000, 0, 0, 5000))

    def test_a_price_that_changes_leaves_what_was_committed(self):
        self.redeem("x:1")
        self.offer(cost=100, cost_fen=9900)
        self.assert_stored_all(self.settle("x:1"))
        self.assertEqual(self.sums(), (5000, 0, 1500, 3500))

    def test_what_a_redemption_committed_is_not_paid_by_hand(self):
        self.redeem("x:1")
        self.assert_refused(self.spend("f:s1", 1500), "wrong_state", "data.amount_fen")
        self.assert_stored_all(self.settle("x:1"))


class RandomTest(FundTest):
    """Many entries in any order against a plain model: the same answers and the same sums."""

    def test_a_random_life_ends_as_the_model_has_it(self):
        draw = random.Random(50)
        pots, commitments, spends, events, expected = {}, {}, {}, [], []

        def left(pot):
            return pots[pot]["allocated"] - pots[pot]["committed"] - pots[pot]["spent"]

        def take(entry, amount, of):
            order = [of] if of else sorted(pots, key=lambda pot: pots[pot]["year"])
            if sum(left(pot) for pot in order) < amount:
                return False
            commitments[entry] = []
            for pot in order:
                part = min(left(pot), amount)
                pots[pot]["committed"] += part
                amount -= part
                commitments[entry].append([pot, part])
            return True

        def draw_on(source, amount, change):
            """Of the parts of each (earliest first)."""
            if sum(part for parts in source for _, part in parts) < amount:
                return False
            for parts in source:
                for part in parts:
                    taken = min(part[1], amount)
                    part[1] -= taken
                    amount -= taken
                    if taken:
                        change(part[0], taken)
            return True

        def unspend(pot, amount):
            pots[pot]["spent"] -= amount

        def uncommit(pot, amount):
            pots[pot]["committed"] -= amount

        for n in range(600):
            entry, amount, choice = f"f:{n}", draw.randint(1, 400), draw.random()
            data = {"fund": "fund:1", "entry": entry, "amount_fen": amount}
            if not pots or choice < 0.08:
                kind, ok = "allocated", True
                data.update(origin="市财政", year=draw.randint(2016, 2020))
                pots[entry] = {"allocated": amount, "committed": 0, "spent": 0, "year": data["year"]}
            elif choice < 0.4:
                kind, of = "committed", draw.choice([None, None, *pots])
                ok = take(entry, amount, of)
            elif choice < 0.7:
                kind, of = "spent", draw.choice([None, *commitments])
                parts = []

                def spend(pot, taken):
                    uncommit(pot, taken)
                    pots[pot]["spent"] += taken
                    parts.append([pot, taken])

                ok = draw_on([commitments[of]] if of else list(commitments.values()), amount, spend)
                if ok:
                    merged = {}
                    for pot, taken in parts:
                        merged[pot] = merged.get(pot, 0) + taken
                    spends[entry] = [[pot, taken] for pot, taken in merged.items()]
            elif choice < 0.9 or not spends:
                kind, of = "returned", draw.choice([None, *commitments])
                ok = draw_on([commitments[of]] if of else list(commitments.values()), amount, uncommit)
            elif choice < 0.97:
                kind, of = "returned", draw.choice(list(spends))
                ok = draw_on([spends[of]], amount, unspend)
            else:
                kind, of = "returned", draw.choice(list(pots))
                ok = left(of) >= amount
                pots[of]["allocated"] -= amount if ok else 0
            if kind != "allocated":
                data.update(purpose="礼品", by="clerk:1" if kind == "committed" else "clerk:2", **({"of": of} if of else {}))
            events.append(harness.event(f"fund.{kind}", data))
            expected.append("stored" if ok else "rejected")
        results = [result for at in range(0, len(events), 50) for result in self.city.daemon.publish(events[at:at + 50])["results"]]
        for event, result, wanted in zip(events, results, expected):
            self.assertEqual(result["status"], wanted, f"{event}: {result}")
        self.assertGreater(min(expected.count("stored"), expected.count("rejected")), 100)
        self.sums()
        shown = {of["entry"]: (of["allocated_fen"], of["committed_fen"], of["spent_fen"]) for of in self.ask("fund.get", fund="fund:1")["allocations"]}
        self.assertEqual(shown, {pot: (of["allocated"], of["committed"], of["spent"]) for pot, of in pots.items()})
        self.assert_replays()


if __name__ == "__main__":
    unittest.main()
