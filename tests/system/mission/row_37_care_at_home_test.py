"""居家养老、扶残助残: a project visits somebody at home again and again; each visit is a service record, the next is due so many days
later, and what was not done is said."""
import unittest

import mission  # noqa: F401
from care_test import CareTest


class CareAtHome(CareTest):
    def test_visits_come_again_and_again(self):
        self.enrol_person("b:1", "空巢老人")
        self.plan("b:1", days=7, volunteers=["v:1", "v:2"])
        # Four weeks of visits, the two taking turns: nothing is missed.
        for week, day in enumerate(("2018-03-08", "2018-03-14", "2018-03-21", "2018-03-28"), 1):
            self.city.on(day)
            self.visit(f"r:{week}", day, "b:1", volunteer=f"v:{1 + week % 2}")
            self.assertFalse(self.person("b:1")["overdue"])
        self.assertEqual((self.missed(), self.person("b:1")["next_visit_by"]), ([], "2018-04-04"))
        self.assertEqual([visit["volunteer"] for visit in self.person("b:1")["visits"]], ["v:1", "v:2", "v:1", "v:2"])
        # Then nobody comes for two weeks; it is said twice, and stands in the report.
        self.midnight("2018-04-12")
        self.assertEqual(self.missed(), [("b:1", "2018-04-04"), ("b:1", "2018-04-11")])
        rows, total = self.report("care")
        self.assertEqual((total["overdue"], total["in_time"], total["visits"], total["missed"]), (1, [0, 1], 0, 2))
        self.assertEqual(self.person("b:1")["overdue_since"], "2018-04-04")
        # A visit had only not been written down: when it is, the later one was no miss.
        self.visit("r:5", "2018-04-10", "b:1")
        self.assertEqual((self.person("b:1")["overdue"], self.person("b:1")["next_visit_by"]), (False, "2018-04-17"))
        # But it was invented: the record is revoked, and the visit with it.
        self.stored("service.revoked", record="r:5", reason="没有去", by="clerk:2")
        shown = self.person("b:1")
        self.assertEqual((shown["overdue"], shown["overdue_since"], shown["next_visit_by"]), (True, "2018-04-04", "2018-04-18"))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:2")["minutes"], 120)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
