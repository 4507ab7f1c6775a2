"""Points: what a record earns with its acknowledgement, what a correction takes back, what waits where a
rule fails; totals carried over from earlier years."""
import os
import subprocess
import unittest

from harness import CONTROL
from small_city import QueryTest, decisions

RULE = """return {
  name = "points_bonus", kind = "points", title = "奖励积分", texts = {},
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then return { postings = {} } end
    return { postings = { { account = "%s", amount = 7, reason = "bonus" } } }
  end,
  cases = { { name = "一条", given = {}, expect = { postings = { { account = "%s", amount = 7 } } } } },
}
"""


class PointsTest(QueryTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()
        self.city.register("v:1")

    def serve(self, record, days_ago, hours=2, **more):
        return decisions(self.city.serve(record, "v:1", days_ago, hours=hours, **more), "points.posted")

    def account(self, name="points"):
        for account in self.ask("points.get", points="v:1")["accounts"]:
            if account["account"] == name:
                return account
        return None

    def adjust(self, amount, account="points"):
        return self.ask("points.adjust", volunteer="v:1", account=account, amount=amount, reason="盘点", by="clerk:9")

    def speak(self, *arguments):
        run = subprocess.run([str(CONTROL), "--runtime", str(self.city.daemon.runtime), *arguments], capture_output=True,
                             text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True)
        return run.stdout

    def replay(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


class EarnTest(PointsTest):
    def test_a_record_earns_points_with_its_acknowledgement(self):
        (posted,) = self.serve("r:1", 3)
        self.assertEqual({name: posted[name] for name in ("volunteer", "account", "amount", "record")},
                         {"volunteer": "v:1", "account": "points", "amount": 200, "record": "r:1"})
        self.assertEqual(posted["findings"], [{"code": "steps", "value": 4}])
        self.assertEqual(self.account()["balance"], 200)

    def test_a_record_explains_what_it_earned(self):
        self.serve("r:1", 3)
        answer = self.ask("explain", record="r:1")
        (entry,) = answer["points"]
        self.assertEqual((entry["volunteer"], entry["account"], entry["amount"], entry["revision"]),
                         ("v:1", "points", 200, "points:1"))
        self.assertEqual([finding["text"] for finding in entry["findings"]], ["计入 4 个半小时"])
        self.assertEqual(answer["points_withheld"], [])
        shown = self.speak("explain", "record", "r:1")
        self.assertIn("2.00 points", shown)
        self.assertIn("计入 4 个半小时", shown)
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(self.ask("explain", record="r:1")["points"], [])

    def test_time_entered_by_hand_earns_nothing(self):
        self.assertEqual(self.serve("r:1", 3, method="manual"), [])
        self.assertIsNone(self.account())

    def test_a_correction_takes_back_and_grants_anew(self):
        self.serve("r:1", 3)
        result = self.city.send("service.corrected", {"record": "r:1", "minutes": 90, "reason": "早退", "by": "clerk:2"})
        reversal, grant = decisions(result, "points.posted")
        self.assertEqual((reversal["amount"], reversal["reason"], grant["amount"]), (-200, "reversal", 150))
        self.assertEqual(self.account()["balance"], 150)
        amounts = [item["amount"] for item in self.ask("points.list", volunteer="v:1")["items"]]
        self.assertEqual(amounts, [200, -200, 150])

    def test_what_was_spent_already_is_owed_and_repaid_first(self):
        self.serve("r:1", 3)
        self.adjust(-120)
        result = self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        (reversal,) = decisions(result, "points.posted")
        self.assertEqual(reversal["findings"], [{"code": "points_already_spent", "value": 120}])
        self.assertEqual((self.account()["balance"], self.account()["owed"]), (0, 120))
        self.serve("r:2", 4)
        self.assertEqual((self.account()["balance"], self.account()["owed"]), (80, 0))

    def test_an_account_that_is_not_defined_is_refused(self):
        error = self.refuse("not_in_dictionary", "account", "points.adjust", volunteer="v:1", account="pionts",
                            amount=1, reason="x", by="clerk:9")
        self.assertIn("points", error.message)

    def test_a_city_adds_an_account_of_its_own(self):
        self.ask("dictionary.set", dictionary="account", code="miles", title="里程", decimals=0)
        self.ask("policy.activate", text=RULE % ("miles", "miles"), by="clerk:1", effective="2018-01-01")
        posted = self.serve("r:1", 3)
        self.assertEqual([(item["account"], item["amount"]) for item in posted], [("points", 200), ("miles", 7)])
        self.assertEqual(self.account("miles")["balance"], 7)

    def test_kill_and_replay_come_to_the_same_ledger(self):
        self.serve("r:1", 3)
        self.adjust(-120)
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        before = self.ask("points.get", points="v:1")["accounts"]
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual(self.ask("points.get", points="v:1")["accounts"], before)
        self.replay()


class WithheldTest(PointsTest):
    def test_a_failing_rule_posts_later_what_it_owes(self):
        self.ask("policy.activate", text=RULE % ("miles", "miles"), by="clerk:1", effective="2018-01-01")
        result = self.city.serve("r:1", "v:1", 3, hours=2)
        (withheld,) = decisions(result, "points.withheld")
        self.assertEqual((withheld["policy"], withheld["record"], withheld["findings"]),
                         ("points_bonus", "r:1", [{"code": "policy_failed"}]))
        self.assertEqual([item["amount"] for item in decisions(result, "points.posted")], [200])
        self.assertEqual(self.ask("explain", record="r:1")["points_withheld"], ["points_bonus"])
        self.assertIn("points_bonus failed", self.speak("explain", "record", "r:1"))
        status = self.ask("status")
        self.assertEqual(status["counts"]["points_withheld"], 1)
        self.assertTrue(any("1 of its answers" in warning for warning in status["warnings"]))
        answer = self.ask("policy.activate", text=RULE % ("points", "points"), by="clerk:1", effective="2018-01-01")
        event = self.next_event(answer["sequence"], "points.posted")
        self.assertEqual((event["data"]["record"], event["data"]["amount"]), ("r:1", 7))
        self.assertEqual(event["policyrevision"], "points_bonus:2")
        self.assertEqual(self.account()["balance"], 207)
        self.assertEqual(self.ask("explain", record="r:1")["points_withheld"], [])
        self.assertEqual(self.ask("status")["counts"]["points_withheld"], 0)
        self.replay()

    def test_a_rule_whose_cases_name_a_wrong_account_is_not_activated(self):
        error = self.refuse("policy_refused", "text", "policy.activate", text=RULE % ("pionts", "pionts"), by="clerk:1")
        self.assertIn("points", str(error.data))


class CarriedOverTest(PointsTest):
    def carry(self, record, **more):
        return self.city.daemon.publish_one({
            "specversion": "1.0", "id": f"e-{record}", "source": "gszyz-history", "type": "service.carried_over",
            "data": {"record": record, "volunteer": "v:1", "organisation": "org:1", "minutes": 6000,
                     "from": "2015-01-01", "to": "2016-12-31", "system": "gszyz", "evidence": "原平台证明", **more}})

    def test_a_carried_total_counts_for_stars_and_apart_from_served_minutes(self):
        result = self.carry("c:1")
        (star,) = decisions(result, "star.changed")
        self.assertEqual((star["from"], star["to"]), (0, 1))
        self.assertEqual([finding["code"] for finding in star["findings"]], ["total", "carried", "next_star"])
        person = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((person["carried_minutes"], person["minutes"]), (6000, 0))
        self.assertEqual(decisions(result, "points.posted"), [])

    def test_a_carried_total_is_shown_with_its_days_and_evidence(self):
        self.carry("c:1")
        record = self.ask("record.get", record="c:1")
        self.assertTrue(record["carried"])
        self.assertEqual((record["from"], record["to"], record["system"], record["evidence"], record["minutes"]),
                         ("2015-01-01", "2016-12-31", "gszyz", "原平台证明", 6000))
        self.assertNotIn("starts", record)
        self.assertIn("2015-01-01 to 2016-12-31, carried over from gszyz", self.speak("explain", "record", "c:1"))
        self.city.serve("r:1", "v:1", 3)
        self.assertEqual(self.ids("record.list", "record", volunteer="v:1"), ["c:1", "r:1"])

    def test_a_corrected_total_takes_its_star_along(self):
        self.carry("c:1")
        result = self.city.send("service.corrected", {"record": "c:1", "minutes": 5999, "reason": "重算", "by": "clerk:2"})
        (star,) = decisions(result, "star.changed")
        self.assertEqual(star["to"], 0)
        self.city.send("service.revoked", {"record": "c:1", "reason": "伪造", "by": "clerk:2"})
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["carried_minutes"], 0)
        self.replay()

    def test_the_same_days_are_not_carried_over_twice(self):
        self.carry("c:1")
        refused = self.carry("c:2", **{"from": "2016-06-01", "to": "2016-06-30"})
        self.assertEqual((refused["status"], refused["code"], refused["field"]),
                         ("rejected", "out_of_range", "data.from"))
        self.assertIn("c:1", refused["message"])


if __name__ == "__main__":
    unittest.main()
