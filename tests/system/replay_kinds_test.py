"""What runs decide comes out the same when it is asked for again; whatever else the rules decide is asked for again
behind the tests that make them decide it (`Replayed`)."""
import unittest

from replayed import Replayed


STARS = """return {
  name = "star_rating", kind = "star_rating", title = "评星", texts = { total = "%%d" }, schedule = %s,
  decide = function(v, p, context)
    local stars = v:minutes{} // %d
    finding("total", stars)
    return { stars = stars > 5 and 5 or stars, titles = stars > 2 and { "铜奖" } or {} }
  end,
  cases = { { name = "无", given = { minutes = 0 }, expect = { stars = 0 } } },
}
"""

HALVED = """return {
  name = "acceptance", kind = "acceptance", title = "减半", texts = { half = "%d" },
  decide = function(record)
    finding("half", record.minutes // 2)
    return "accepted", record.minutes // 2
  end,
  cases = { { name = "无", given = { minutes = 4 }, expect = { outcome = "accepted", minutes = 2 } } },
}
"""

BY_RECORD = """return {
  name = "points", kind = "points", title = "积分", texts = { hours = "%%d" }, schedule = "daily",
  decide = function(subject, p, context)
    if context.subject == "volunteer" then
      if context.cause ~= "schedule" then return { postings = {} } end
      return { postings = { { account = "points", amount = 1 + subject.stars, reason = context.as_of } } }
    end
    finding("hours", subject.counted_minutes // 60)
    return { postings = {
      { account = "points", amount = 10, reason = "served" },
      { account = "points", amount = %d * (1 + subject.counted_minutes), reason = "minutes" },
    } }
  end,
  cases = { { name = "无", given = {}, context = { subject = "volunteer" }, expect = { postings = {} } } },
}
"""

CANDIDATES = """return {
  name = "honour", kind = "honour", title = "推荐", texts = { hours = "%d" }, schedule = { monthly = 1 },
  decide = function(volunteer, parameters, context)
    local minutes = volunteer:minutes({ to = context.as_of })
    finding("hours", minutes // 60)
    return { nominate = minutes > 0, rank = minutes }
  end,
  cases = { { name = "一人", given = { minutes = 600 }, expect = { nominate = true } } },
}
"""


class RunsTest(Replayed):
    """What runs decide: schedules, the past decided anew, what is kept of what was granted."""

    def setUp(self):
        self.city = city = self.start_dated_city(self.addCleanup)
        city.on("2018-01-02").define_regions()
        city.define_organisation("org:1", "天水市文明办")
        city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal"})
        for n in range(4):
            city.register(f"v:{n}")

    def activate(self, text, **more):
        self.ask("policy.activate", text=text, effective="2018-01-01", by="clerk:1", **more)

    def serve(self, month):
        for n in range(4):
            self.city.on(f"2018-{month:02d}-{10 + n}").send("service.recorded", {
                "record": f"r:{month}/{n}", "volunteer": f"v:{n}", "organisation": "org:1",
                "starts": f"2018-{month:02d}-{5 + n:02d}T08:00:00+08:00",
                "ends": f"2018-{month:02d}-{5 + n:02d}T{10 + n}:00:00+08:00",
                "method": "automatic", "recorder": "clerk:1"})

    def types(self):
        return {event["type"] for event in self.events() if "policyrevision" in event}

    def sequences(self, type_name):
        return [int(event["sequence"]) for event in self.events(types=[type_name])]

    def kinds(self):
        return {event["data"]["kind"] for event in self.events(types=["run.progressed"])}

    def test_schedules(self):
        self.activate(STARS % ("{ monthly = 3 }", 100))
        self.activate(BY_RECORD % 1)
        self.activate(CANDIDATES)
        for month in (1, 2, 3):
            self.serve(month)
        self.city.on("2018-04-10").send("document.registered", {
            "document": "d", "title": "t", "number": "1", "issued_by": "x", "on": "2018-04-10"})
        self.assertIn("honour.considered", self.types())
        self.assertLessEqual({"person_points", "candidates", "stars"}, self.kinds())

    def test_the_past_anew(self):
        self.activate(STARS % ("nil", 100))
        self.activate(BY_RECORD % 1)
        for month in (1, 2):
            self.serve(month)
        self.activate(HALVED, retroactivity="all_history")
        self.activate(BY_RECORD % 2, retroactivity="all_history")
        self.activate(STARS % ("nil", 50), retroactivity="all_history")
        self.serve(3)
        self.assertLessEqual({"acceptance", "record_points", "stars"}, self.kinds())

    def test_what_was_granted_is_kept(self):
        self.activate(STARS % ("nil", 50), retroactivity="all_history")
        self.activate(BY_RECORD % 3)
        self.serve(1)
        self.activate(STARS % ("nil", 300), retroactivity="all_history")
        self.activate(BY_RECORD % 1, retroactivity="all_history")
        # By the rule that granted them three of five stars are left, by the newer one none.
        self.city.send("service.corrected", {"record": "r:1/3", "minutes": 160, "reason": "早退",
                                             "by": "clerk:9"})
        self.serve(2)
        self.activate(STARS % ("nil", 400), retroactivity="all_history", withdraw=True)
        self.serve(3)
        codes = {finding["code"] for event in self.events()
                 for finding in event["data"].get("findings", [])}
        self.assertIn("kept_from_earlier_rule", codes)
        added = [result for result in map(self.replay, self.sequences("points.posted"))
                 if "added" in (result.get("recorded") or {})]
        self.assertTrue(added)
        self.assertTrue(all(result["same"] for result in added))


if __name__ == "__main__":
    unittest.main()
