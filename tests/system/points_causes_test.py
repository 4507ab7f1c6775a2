"""Points by any cause: a record, a registration, a training, an honour, a star, a day of the year; one rule that pays for each."""
import unittest

from ruled_city import RuledCityTest, acceptance, stars

RULE = """return {
  name = "points", kind = "points", title = "各类积分", schedule = { yearly = "05-01" },
  parameters = { ["2000-01-01"] = { paid = {
    ["volunteer.registered"] = 1, ["training.completed"] = 20, ["honour.awarded"] = 300, ["star.changed"] = 4000, schedule = 50000 } } },
  decide = function(subject, parameters, context)
    local amount = context.subject == "record" and subject.counted_minutes * 1000000 or parameters.paid[context.cause]
    if not amount then return { postings = {} } end
    return { postings = { { account = "points", amount = amount, reason = context.cause } } }
  end,
  cases = { { name = "一分钟", given = { counted_minutes = 1 }, expect = { postings = {
    { account = "points", amount = 1000000, reason = "service.recorded" } } }, context = { cause = "service.recorded" } } },
}
"""


class CausesTest(RuledCityTest):
    def setUp(self):
        super().setUp()
        self.city.activate(acceptance())
        self.city.activate(stars([1]))
        self.city.activate(RULE)
        self.city.on("2018-03-10")

    def reasons(self, name="v:1"):
        return [(event["data"]["reason"], event["data"]["amount"]) for event in self.events("points.posted")
                if event["data"]["volunteer"] == name]

    def test_each_cause_asks_once_and_says_itself(self):
        self.people("v:1")
        self.city.send("course.defined", {"course": "c:1", "title": "急救", "topic": "skill", "minutes": 60})
        self.city.send("training.completed", {"training": "t:1", "volunteer": "v:1", "course": "c:1", "minutes": 60, "passed": True,
                                              "on": "2018-03-10"})
        self.city.send("honour.defined", {"honour": "h:1", "title": "最美志愿者", "level": "municipal", "approvals": 0, "notice_days": 0})
        self.city.send("honour.nominated", {"nomination": "n:1", "honour": "h:1", "subject": {"kind": "volunteer", "id": "v:1"}, "year": 2018})
        self.city.send("honour.awarded", {"nomination": "n:1", "on": "2018-03-10"})
        self.city.serve_on("r:1", "v:1", "2018-03-09", 60)
        self.city.midnight("2018-05-02")
        self.finish_runs()
        self.assertEqual(self.reasons(), [("volunteer.registered", 1), ("training.completed", 20), ("honour.awarded", 300),
                                          ("service.recorded", 60000000), ("star.changed", 4000), ("schedule", 50000)])
        self.assertEqual(self.balance("v:1"), (60054321, 0))
        self.assert_replays()

    def test_a_corrected_record_takes_back_what_it_caused_and_nothing_else(self):
        self.people("v:1")
        self.city.serve_on("r:1", "v:1", "2018-03-09", 60)
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        self.assertEqual(self.reasons()[:2], [("volunteer.registered", 1), ("service.recorded", 60000000)])
        self.assertEqual(sum(amount for _, amount in self.reasons() if abs(amount) >= 1000000), 0)
        self.assertEqual(self.balance("v:1")[0] % 1000000, 4001 + 4000)  # the star came and went: each was a change
        self.assert_replays()


if __name__ == "__main__":
    unittest.main()
