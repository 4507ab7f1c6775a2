"""人人可为,处处可为;随时、随处参与;方便志愿者就近服务: what there is to do near home, this week, for an hour."""

import json
import unittest

from paper import PaperScenario
from small_city import COMMUNITY, COUNTY, OTHER_COMMUNITY, SECOND_COMMUNITY, TOWNSHIP, decisions

HOME = "105.7240,34.5800"


def at(longitude, latitude):
    return {"place": {"text": "某处", "position": {"longitude": longitude, "latitude": latitude}}}


class NearHomeTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "社区居委会", kind="self_governing")
        self.city.register("v:1", COMMUNITY)

    def nearby(self, noun="activity", **where):
        return [item[noun] for item in self.ask(f"{noun}.nearby", **where)["items"]]

    def station(self, name, region):
        self.stored("station.planned", station=name, region=region, name=f"服务站{name}", due="2018-12-31")
        evidence = {"digest": "sha256:0", "note": "照片"}
        for part in ("staff", "funds", "venue", "team"):
            self.stored("station.progressed", station=name, part=part, done=True, evidence=evidence, by="clerk:1", on=self.city.day)
        self.stored("station.built", station=name, on=self.city.day, evidence=evidence)
        self.stored("station.opened", station=name, on=self.city.day)

    def test_the_own_community_comes_first_then_the_township_the_county_and_the_city(self):
        for name, region in (("far", OTHER_COMMUNITY), ("county", COUNTY), ("street", SECOND_COMMUNITY), ("own", COMMUNITY)):
            self.hold_activity(name, "2018-03-10", region)
        self.assertEqual(self.nearby(volunteer="v:1"), ["own", "street", "county", "far"])
        self.assertEqual(self.nearby(region=COMMUNITY, limit=2), ["own", "street"])
        items = self.ask("activity.nearby", region=COMMUNITY)["items"]
        self.assertEqual([(item["steps"], item["shared_region"]) for item in items[:3]],
                         [(0, COMMUNITY), (1, TOWNSHIP), (2, COUNTY)])
        printed = self.clerk("activity", "nearby", "--volunteer", "v:1")
        self.assertLess(printed.index("own"), printed.index("far"))

    def test_what_is_over_closed_or_cancelled_is_not_offered(self):
        for name in ("over", "cancelled", "closed", "open"):
            self.hold_activity(name, "2018-03-05" if name != "open" else "2018-03-20", COMMUNITY)
        self.stored("activity.cancelled", activity="cancelled")
        self.city.on("2018-03-06")
        self.stored("activity.closed", activity="closed")
        self.assertEqual(self.nearby(region=COMMUNITY), ["open"])

    def test_from_a_position_the_nearest_comes_first_and_no_further_than_one_says(self):
        self.hold_activity("three", "2018-03-10", COMMUNITY, **at("105.7567", "34.5800"))   # some 3 km east
        self.hold_activity("half", "2018-03-10", OTHER_COMMUNITY, **at("105.7240", "34.5845"))  # some 500 m north
        self.hold_activity("unsaid", "2018-03-10", COMMUNITY)
        items = self.ask("activity.nearby", position=HOME)["items"]
        self.assertEqual([item["activity"] for item in items], ["half", "three", "unsaid"])
        self.assertAlmostEqual(items[0]["distance_m"], 500, delta=5)
        self.assertAlmostEqual(items[1]["distance_m"], 2994, delta=15)
        self.assertEqual(self.nearby(position=HOME, within_km=1), ["half"])
        self.assertEqual(self.nearby(position=HOME, within_km=3), ["half", "three"])
        answer = json.loads(self.clerk("activity", "nearby", "--position", HOME, "--within", "1", "--json"))
        self.assertEqual([item["activity"] for item in answer["items"]], ["half"])

    def test_a_station_is_found_for_an_address(self):
        self.station("s:far", OTHER_COMMUNITY)
        self.station("s:street", SECOND_COMMUNITY)
        self.stored("station.planned", station="s:planned", region=COMMUNITY, name="未建成", due="2018-12-31")
        self.assertEqual(self.nearby("station", region=COMMUNITY), ["s:street", "s:far"])
        self.assertEqual(self.nearby("station", volunteer="v:1", limit=1), ["s:street"])
        self.assertIn("服务站s:street", self.clerk("station", "nearby", "--region", COMMUNITY))

    def test_a_place_that_makes_no_sense_is_said(self):
        self.refuse("missing_field", "region", "activity.nearby")
        self.refuse("missing_field", "position", "activity.nearby", region=COMMUNITY, within_km=1)
        self.refuse("unknown_region", "region", "activity.nearby", region="620599000000")
        self.refuse("unknown_volunteer", "volunteer", "station.nearby", volunteer="v:9")
        for odd in ("105.7", "34.5,105.7,1", "200,34", "105,91", "east,north", ",", "105.7,", "1-5,3"):
            self.refuse("out_of_range", "position", "activity.nearby", position=odd)
        self.refuse("out_of_range", "within_km", "activity.nearby", position=HOME, within_km=501)

    def test_an_hour_any_day_is_a_shift_of_something_that_goes_on_all_year(self):
        days = [f"2018-03-{day:02}" for day in range(10, 20)]
        self.stored("activity.published", activity="bench", title="爱心长椅", content="陪老人说说话", category="elderly", kind="service",
                    organisation="org:1", region=COMMUNITY, place={"text": "社区广场"}, starts="2018-03-01T13:00:00+08:00",
                    ends="2018-12-31T18:00:00+08:00", places=1000, risk="无", shifts=[
                        {"shift": day, "starts": f"{day}T16:00:00+08:00", "ends": f"{day}T17:00:00+08:00", "places": 2} for day in days])
        for day in days[:3]:
            (decided,) = decisions(self.stored("enrolment.requested", activity="bench", shift=day, volunteer="v:1", by="self"), "enrolment.decided")
            self.assertEqual(decided["outcome"], "accepted")
        self.city.on("2018-03-10")
        for kind, at_time in (("checked_in", "15:58:00"), ("checked_out", "17:00:00")):
            self.city.send_all([{"specversion": "1.0", "id": f"b-{kind}", "source": "test", "type": f"attendance.{kind}",
                                 "time": "2018-03-10T17:30:00+08:00", "data": {
                                     "activity": "bench", "shift": "2018-03-10", "volunteer": "v:1", "method": "qr",
                                     "at": f"2018-03-10T{at_time}+08:00"}}])
        self.city.on("2018-03-11")
        self.assertEqual(self.nearby(volunteer="v:1"), ["bench"])
        filled = {item["shift"]: item for item in self.ask("activity.get", activity="bench")["filled"]}
        self.assertEqual((filled["2018-03-10"]["attended"], filled["2018-03-11"]["places_left"], filled["2018-03-19"]["places_left"]), (1, 1, 2))


if __name__ == "__main__":
    unittest.main()
