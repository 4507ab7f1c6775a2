"""What asks for a decision again (`policy replay`): by hand, and behind every test of a class."""
from small_city import QueryTest

DECISIONS = ["registration.decided", "service.decided", "star.changed", "points.posted",
             "points.withheld", "assessment.changed"]


class ReplayTest(QueryTest):
    def replay(self, sequence):
        answer = self.ask("policy.replay", sequence=sequence)
        self.assertEqual(answer["state"], "done", answer)
        return answer["result"]

    def events(self, **which):
        found, after = [], 0
        while True:
            page = self.ask("journal.read", after=after, limit=5000, **which)
            found += page["events"]
            if page["next"] >= page["head"]:
                return found
            after = page["next"]

    def all_decisions(self, types=None):
        return self.events(types=types or DECISIONS)

    def assert_same(self, result):
        self.assertTrue(result["same"], result)
        self.assertEqual(result["differences"], [])
        self.assertIsNone(result["missing"])


OF_A_KIND = 10


def spread(events):
    """Of each type and revision all where they are few, else some from the first to the last."""
    kinds = {}
    for event in events:
        if "policyrevision" in event:
            kinds.setdefault((event["type"], event["policyrevision"]), []).append(event)
    return [of[i * (len(of) - 1) // max(min(len(of), OF_A_KIND) - 1, 1)]
            for of in kinds.values() for i in range(min(len(of), OF_A_KIND))]


class Replayed(ReplayTest):
    """Behind whatever a test did: events that name the revision of a policy are asked for again."""

    def tearDown(self):
        daemon = self.city.daemon
        if daemon.process is None or daemon.process.poll() is not None:
            daemon.start()
        asked = spread(self.events())
        self.assertTrue(asked)
        for event in asked:
            with self.subTest(type=event["type"], sequence=event["sequence"]):
                result = self.replay(int(event["sequence"]))
                if result["same"] is None:
                    self.assertEqual(result["read"], "reversal")
                else:
                    self.assert_same(result)
        super().tearDown()
