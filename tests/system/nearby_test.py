"""activity.nearby with many activities: the nearest of thousands, in whole numbers, whatever order they came in."""
import random
import unittest

from harness import event
from small_city import COMMUNITY, OTHER_COMMUNITY, QueryTest

HOME = (105.7240, 34.5800)


class ManyTest(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-03-01")
        self.city.define_regions()
        self.city.define_organisation("org:1", "单位")

    def test_the_nearest_of_two_thousand_are_those_that_plain_arithmetic_finds(self):
        chance = random.Random(7)
        places = [(HOME[0] + chance.uniform(-0.5, 0.5), HOME[1] + chance.uniform(-0.5, 0.5)) for _ in range(2000)]
        self.city.send_all([event("activity.published", {
            "activity": f"a:{number}", "title": "t", "content": "c", "category": "ecology", "kind": "service", "organisation": "org:1",
            "region": COMMUNITY if number % 2 else OTHER_COMMUNITY, "starts": "2018-03-10T09:00:00+08:00", "ends": "2018-03-10T11:00:00+08:00",
            "places": 2, "risk": "r", "place": {"text": "p", "position": {"longitude": f"{x:.5f}", "latitude": f"{y:.5f}"}},
        }) for number, (x, y) in enumerate(places)])
        items = self.ask("activity.nearby", position=f"{HOME[0]},{HOME[1]}", limit=50)["items"]

        def metres(place):
            # 0.8233 is the cosine of the latitude; within the square it changes by less than one in a hundred
            return (((place[0] - HOME[0]) * 111195 * 0.8233) ** 2 + ((place[1] - HOME[1]) * 111195) ** 2) ** 0.5

        by_distance = [item["distance_m"] for item in items]
        self.assertEqual(by_distance, sorted(by_distance))
        for item in items:
            exact = metres(places[int(item["activity"][2:])])
            self.assertLess(abs(item["distance_m"] - exact), 20 + exact / 100)
        limit = sorted(map(metres, places))[49]
        self.assertLess(by_distance[-1], limit * 1.02)
        found = self.ask("activity.nearby", position=f"{HOME[0]},{HOME[1]}", within_km=5, limit=200)["items"]
        inside = sum(metres(place) < 4950 for place in places)
        self.assertLessEqual(inside, len(found))
        self.assertLessEqual(len(found), sum(metres(place) < 5050 for place in places))
        # Nearer by the tree goes before nearer by metres.
        steps = [item["steps"] for item in self.ask("activity.nearby", region=COMMUNITY, position=f"{HOME[0]},{HOME[1]}", limit=200)["items"]]
        self.assertEqual(steps, [0] * 200)


if __name__ == "__main__":
    unittest.main()
