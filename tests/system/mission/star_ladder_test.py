"""星级评定: one applies step by step, district and city approve, five working days of notice, and each star has its certificate."""
import os
import subprocess
import unittest

import mission  # noqa: F401
import harness
from harness import CONTROL, ROOT
from ruled_city import RuledCityTest, acceptance


class LadderTest(RuledCityTest):
    def setUp(self):
        super().setUp()
        self.people("v:li")
        self.city.activate(acceptance())
        text = (ROOT / "scripts/examples/star_rating_step_by_step.lua").read_text(encoding="utf-8")
        self.city.activate(text, effective="2013-01-01")

    def serve_hours(self, hours):
        """Twenty hours a day."""
        for n in range(hours // 20):
            self.n = getattr(self, "n", 0) + 1
            date, told = (f"2018-{3 + day // 28:02d}-{day % 28 + 1:02d}" for day in (self.n, self.n + 1))
            self.city.on(told).serve_on(f"r:{self.n}", "v:li", date, 1200)

    def publish(self, type_name, data):
        return self.served.publish_one(harness.event(type_name, data, time=f"{self.city.day}T21:00:00+08:00"))

    def apply(self, application, stars):
        result = self.publish("star.applied", {"application": application, "volunteer": "v:li", "stars": stars})
        if result["status"] != "stored":
            return result["code"]
        return next(item["data"]["outcome"] for item in result["decisions"] if item["type"] == "star.decided")

    def review(self, application, level, by="clerk:5"):
        result = self.publish("star.reviewed", {"application": application, "outcome": "accepted", "by": by, "level": level})
        return result.get("code") or next(item["data"] for item in result["decisions"] if item["type"] == "star.decided")["notice_until"]

    def application(self, name):
        return self.served.query("application.get", application=name)

    def explained(self):
        return subprocess.run([CONTROL, "--runtime", str(self.served.runtime), "explain", "volunteer", "v:li"], text=True, check=True,
                              capture_output=True, env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}).stdout

    def test_from_no_star_to_the_third(self):
        self.serve_hours(80)
        self.assertEqual(self.apply("s:0", 1), "refused")
        self.assertIn("距 1 星还差 20 小时", self.explained())
        self.serve_hours(540)
        self.assertEqual(self.apply("s:2", 2), "refused")  # not before the first
        self.assertEqual(self.apply("s:1", 1), "held")
        self.assertEqual(self.apply("s:x", 1), "wrong_state")  # one at a time
        self.assertEqual(self.review("s:1", "city"), "not_allowed")
        self.assertEqual(self.review("s:1", "county", by="v:li"), "self_review")
        until = self.review("s:1", "county")
        self.assertEqual(self.application("s:1")["state"], "noticed")
        self.city.midnight(until)
        self.assertEqual(self.stars_of("v:li"), 0)
        self.pass_notice()
        self.assertEqual((self.stars_of("v:li"), self.application("s:1")["certificate_number"]), (1, "XJ2018-000001"))
        for application, stars, level in (("s:3", 2, "county"), ("s:4", 3, "city")):
            self.assertEqual(self.apply(application, stars), "held")
            self.review(application, level)
            self.pass_notice()
            self.assertEqual(self.stars_of("v:li"), stars)
        self.assertEqual(self.application("s:4")["certificate_number"], "XJ2018-000003")
        explained = self.explained()
        for number in ("XJ2018-000001", "XJ2018-000002", "XJ2018-000003"):
            self.assertIn(number, explained)
        self.assertEqual(self.apply("s:5", 4), "refused")  # 620 hours are not a thousand
        self.assert_replays()

    def pass_notice(self):
        """Nine days are more than five working days; then the run asks about those whose notice ended."""
        self.weeks = getattr(self, "weeks", 0) + 1
        self.city.midnight(f"2018-{6 + self.weeks:02d}-01")
        self.finish_runs()


if __name__ == "__main__":
    unittest.main()
