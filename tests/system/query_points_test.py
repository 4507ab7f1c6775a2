"""points.*, adjustment.* and points.adjust: a person's accounts and how they came to stand so."""
import unittest

from small_city import QueryTest


class PointsTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        for volunteer in ("v:1", "v:2", "v:3", "v:4"):
            city.register(volunteer)
        cls.first = cls.adjust("v:1", 1000, "补登", adjustment="a:1", by="clerk:9")
        cls.second = cls.adjust("v:1", -300, "更正", adjustment="a:2")
        cls.third = cls.adjust("v:2", 50, "补登")

    @classmethod
    def adjust(cls, volunteer, amount, reason, **more):
        return cls.city.daemon.query("points.adjust", volunteer=volunteer, account="points", amount=amount,
                                     reason=reason, **more)

    def test_accounts(self):
        answer = self.ask("points.get", points="v:1")
        self.assertEqual(answer["volunteer"], "v:1")
        (account,) = answer["accounts"]
        self.assertEqual((account["account"], account["decimals"], account["balance"], account["owed"]),
                         ("points", 2, 700, 0))
        self.assertEqual((account["earned"], account["adjusted"], account["spent"], account["expired"]),
                         (0, 700, 0, 0))
        self.assertEqual(account["lots"], [{"expires": None, "amount": 700}])
        self.assertTrue(account["title"])
        self.assertEqual(self.ask("points.get", points="v:4")["accounts"], [])

    def test_a_volunteer_shows_the_balance(self):
        (account,) = self.ask("volunteer.get", volunteer="v:1")["points"]
        self.assertEqual((account["account"], account["balance"], account["owed"]), ("points", 700, 0))
        self.assertNotIn("lots", account)

    def test_entries(self):
        items = self.ask("points.list", volunteer="v:1")["items"]
        self.assertEqual([(item["n"], item["amount"], item["reason"], item["balance_after"]) for item in items],
                         [(1, 1000, "补登", 1000), (2, -300, "更正", 700)])
        self.assertEqual((items[0]["account"], items[0]["counter"], items[0]["record"], items[0]["expires"]),
                         ("points", "adjustment", None, None))
        self.assertEqual(items[0]["sequence"], self.first["sequence"])
        self.assertEqual(self.ask("points.list", volunteer="v:1", account="points")["items"], items)
        page = self.ask("points.list", volunteer="v:1", limit=1)
        self.assertEqual([item["n"] for item in self.ask("points.list", volunteer="v:1", cursor=page["next"])["items"]],
                         [2])

    def test_what_a_record_earned_names_it(self):
        self.city.serve("r:1", "v:3", 3, hours=2)
        (entry,) = self.ask("points.list", volunteer="v:3")["items"]
        self.assertEqual((entry["record"], entry["counter"], entry["account"]), ("r:1", "issue", "points"))
        (account,) = self.ask("points.get", points="v:3")["accounts"]
        self.assertEqual((account["balance"], account["earned"]), (entry["amount"], entry["amount"]))
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:1"})
        first, back = self.ask("points.list", volunteer="v:3")["items"]
        self.assertEqual((back["amount"], back["reverses"], back["balance_after"]),
                         (-first["amount"], first["sequence"], 0))

    def test_adjustments(self):
        adjustment = self.ask("adjustment.get", adjustment="a:1")
        self.assertEqual((adjustment["volunteer"], adjustment["amount"], adjustment["reason"], adjustment["by"]),
                         ("v:1", 1000, "补登", "clerk:9"))
        self.assertEqual(self.ids("adjustment.list", "adjustment", volunteer="v:1"), ["a:1", "a:2"])
        self.assertEqual(self.ids("adjustment.list", "adjustment", by="clerk:9"), ["a:1"])
        self.assertEqual(len(self.ids("adjustment.list", "adjustment", account="points")), 3)

    def test_an_adjustment_gets_an_id_where_none_is_said(self):
        self.assertEqual(self.second["adjustment"], "a:2")
        self.assertEqual(self.ids("adjustment.list", "adjustment", volunteer="v:2"), [self.third["adjustment"]])

    def test_the_ledger_of_each_account_sums_to_zero(self):
        (ledger,) = self.ask("status")["ledger"]
        self.assertEqual(ledger.pop("account"), "points")
        self.assertEqual((ledger["persons"], ledger["owed"], ledger["issue"], ledger["adjustment"]), (750, 0, 0, -750))
        self.assertEqual(ledger.pop("persons") - ledger.pop("owed") + sum(ledger.values()), 0)

    def test_a_replay_gives_the_identical_state(self):
        job = self.city.daemon.run_job("journal.replay")
        self.assertIs(job["result"]["identical"], True, job)

    def test_refusals(self):
        self.refuse("unknown_volunteer", "points", "points.get", points="x")
        self.refuse("missing_field", "volunteer", "points.list")
        error = self.refuse("out_of_range", "account", "points.list", volunteer="v:1", account="gold")
        self.assertIn("points", error.message)
        self.refuse("already_exists", "adjustment", "points.adjust", adjustment="a:1", volunteer="v:1",
                    account="points", amount=1, reason="x")
        self.refuse("unknown_volunteer", "volunteer", "points.adjust", volunteer="x", account="points", amount=1,
                    reason="x")
        self.refuse("not_in_dictionary", "account", "points.adjust", volunteer="v:1", account="gold", amount=1,
                    reason="x")
        self.refuse("missing_field", "reason", "points.adjust", volunteer="v:1", account="points", amount=1)
        self.refuse("insufficient_points", "amount", "points.adjust", volunteer="v:4", account="points", amount=-1,
                    reason="x")
        self.refuse("out_of_range", "cursor", "points.list", volunteer="v:1", cursor="x")


if __name__ == "__main__":
    unittest.main()
