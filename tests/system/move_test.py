"""Whoever moves is counted at the new place, and past days stay as they were; a community that gets another code in the middle of a
month keeps its people, their hours and its past."""
import unittest

from eligibility_test import PeopleTest
from harness import CITY, COMMUNITY, COUNTY
from small_city import OTHER_COMMUNITY, OTHER_COUNTY

NEW_CODE = "620502001900"


class MoveTest(PeopleTest):
    def volunteers(self, region, as_of=None):
        return self.ask("report.stars", region=region, **({"as_of": as_of} if as_of else {}))["total"]["volunteers"]

    def serve(self, record, day, volunteer="v:1", activity=None):
        self.city.on(day)
        self.city.send("service.recorded", {"record": record, "volunteer": volunteer, "organisation": "org:1", "method": "automatic",
                                            "starts": f"{day}T07:00:00+08:00", "ends": f"{day}T09:00:00+08:00", "recorder": "clerk:1",
                                            **({"activity": activity} if activity else {})})

    def test_who_moves_is_counted_there_from_that_day_and_here_until_then(self):
        self.city.on("2018-08-10")
        self.stored("volunteer.moved", volunteer="v:1", region=OTHER_COMMUNITY)
        self.city.on("2018-08-20")
        self.stored("volunteer.moved", volunteer="v:2", region=OTHER_COMMUNITY)
        self.assertEqual([self.volunteers(r) for r in (COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, CITY)], [1, 1, 2, 2, 3])
        days = ("2018-07-31", "2018-08-09", "2018-08-10", "2018-08-19")
        self.assertEqual([self.volunteers(COMMUNITY, day) for day in days], [0, 3, 2, 2])
        self.assertEqual([self.volunteers(OTHER_COUNTY, day) for day in days], [0, 0, 1, 1])
        self.assertEqual([self.volunteers(CITY, day) for day in days], [0, 3, 3, 3])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["region"], OTHER_COMMUNITY)
        self.assert_replay_agrees()

    def test_what_is_known_of_a_person_moves_along(self):
        self.stored("volunteer.updated", volunteer="v:1", changes={"occupation": "teacher"})
        self.stored("volunteer.moved", volunteer="v:1", region=OTHER_COMMUNITY)
        counted = [self.ask("region.get", region=r)["counters"] for r in (COUNTY, OTHER_COUNTY, CITY)]
        self.assertEqual([c["occupation_teacher"] for c in counted], [0, 1, 1])
        self.assertEqual([c["born_1990s"] for c in counted], [2, 1, 3])
        self.assertEqual([c["without_skills"] for c in counted], [2, 1, 3])

    def test_hours_stay_where_they_were_served(self):
        self.city.publish_activity("a:1", starts="2018-08-02T07:00:00+08:00", ends="2018-08-02T09:00:00+08:00")
        self.serve("r:1", "2018-08-02", activity="a:1")
        self.stored("volunteer.moved", volunteer="v:1", region=OTHER_COMMUNITY)
        self.assertEqual([self.ask("report.stars", region=r)["total"]["minutes"] for r in (COMMUNITY, OTHER_COMMUNITY)], [120, 0])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 120)

    def test_a_community_recoded_in_the_middle_of_a_month_keeps_its_people_and_their_month(self):
        self.city.publish_activity("a:1", starts="2018-08-02T07:00:00+08:00", ends="2018-08-30T09:00:00+08:00")
        self.serve("r:1", "2018-08-05", activity="a:1")
        self.city.on("2018-08-15")
        self.stored("region.recoded", region=COMMUNITY, into=NEW_CODE)
        self.serve("r:2", "2018-08-25", activity="a:1")
        self.city.on("2018-09-01")
        self.stored("volunteer.moved", volunteer="v:3", region=OTHER_COMMUNITY)
        for code in (COMMUNITY, NEW_CODE):  # either code leads there
            total = self.ask("report.stars", region=code)["total"]
            self.assertEqual((total["region"], total["volunteers"], total["minutes"]), (NEW_CODE, 2, 240))
        self.assertEqual((self.volunteers(COMMUNITY, "2018-08-14"), self.volunteers(NEW_CODE, "2018-08-31")), (3, 3))
        (row,) = [r for r in self.ask("report.trend", region=NEW_CODE, by="month")["document"]["sections"][0]["rows"] if r[0] == "2018-08"]
        self.assertEqual((row[1], row[2], row[3]), (3, 3, 240))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["region"], NEW_CODE)
        self.assert_replay_agrees()

    def test_a_community_that_comes_under_another_county_takes_its_people_along(self):
        self.stored("volunteer.updated", volunteer="v:1", changes={"occupation": "teacher"})
        self.city.on("2018-08-15")
        self.stored("region.recoded", region=COMMUNITY, into="620503001900")
        counted = [self.ask("region.get", region=r)["counters"] for r in (COUNTY, OTHER_COUNTY, CITY)]
        self.assertEqual([(c["volunteers"], c["occupation_teacher"], c["born_1990s"]) for c in counted], [(0, 0, 0), (3, 1, 3), (3, 1, 3)])
        self.assertEqual(self.volunteers(COUNTY, "2018-08-14"), 3)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
