"""以自愿、无偿、利他为前提: each comes of their own accord, under an agreement that stands with the enrolment; the risk is said, and
nobody is paid."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, decisions

WHOLE = {"activity": "a:1", "title": "清理河堤", "content": "清理垃圾", "category": "ecology", "kind": "service", "organisation": "org:1",
         "region": COMMUNITY, "place": {"text": "藉河"}, "starts": "2018-03-10T09:00:00+08:00", "ends": "2018-03-10T11:00:00+08:00",
         "places": 5, "risk": "河边路滑"}


class OfOnesOwnAccordTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1")

    def test_the_version_of_the_agreement_stands_with_each_enrolment(self):
        self.stored("activity.published", **WHOLE)
        self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="self", agreement_version="2018-1")
        (item,) = self.ask("enrolment.list", activity="a:1")["items"]
        self.assertEqual((item["agreement_version"], item["by"]), ("2018-1", "self"))
        self.assertIn("2018-1", self.clerk("show", "enrolment", item["enrolment"]))
        # Enrolling anew is consenting anew, to the text of that day.
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1", reason="有事")
        self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="self", agreement_version="2018-2")
        self.assertEqual(self.ask("enrolment.get", enrolment=item["enrolment"])["agreement_version"], "2018-2")
        first, second = [event["data"]["agreement_version"] for event in
                         self.ask("journal.read", after=0, types=["enrolment.requested"], limit=10)["events"]]
        self.assertEqual((first, second), ("2018-1", "2018-2"))

    def test_a_unit_that_enrols_its_people_is_known_to_have_done_so_and_each_may_leave(self):
        self.stored("activity.published", **WHOLE)
        self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="employer")
        (item,) = self.ask("enrolment.list", activity="a:1")["items"]
        self.assertEqual(item["by"], "employer")
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1")

    def test_nothing_is_published_without_its_risk(self):
        self.refused("missing_field", "data.risk", "activity.published", **{name: value for name, value in WHOLE.items() if name != "risk"})
        for empty in ("", "  "):
            result = self.city.daemon.publish_one({"specversion": "1.0", "id": f"e{len(empty)}", "source": "test", "type": "activity.published",
                                                   "time": "2018-03-01T12:00:00+08:00", "data": {**WHOLE, "risk": empty}})
            self.assertEqual((result["status"], result["field"]), ("rejected", "data.risk"), result)

    def test_there_is_no_field_for_pay(self):
        for pay in ("wage", "salary", "pay_fen", "subsidy_fen", "fee_fen"):
            self.refused("unknown_field", f"data.{pay}", "activity.published", **WHOLE, **{pay: 10000})

    def test_danger_needs_insurance_before_anybody_is_taken(self):
        self.stored("activity.published", **{**WHOLE, "domains": ["抢险救灾"]})
        result = self.stored("enrolment.requested", activity="a:1", volunteer="v:1", by="self")
        (decided,) = decisions(result, "enrolment.decided")
        self.assertEqual((decided["outcome"], decided["findings"][0]["code"]), ("waitlisted", "insurance_missing"))
        (decided,) = decisions(self.stored("activity.changed", activity="a:1", changes={"insurance": "意外险 62-0018"}), "enrolment.decided")
        self.assertEqual((decided["volunteer"], decided["outcome"]), ("v:1", "accepted"))


if __name__ == "__main__":
    unittest.main()
