"""Certificates of stars: numbered through the city's year, the same for ever, shown wherever the stars are."""
import re
import subprocess
import unittest

import harness
from harness import CONTROL, ROOT
from ruled_city import RuledCityTest, acceptance

RULE = """return {
  name = "star_rating", kind = "star_rating", title = "星级", texts = { total = "累计 %%d 小时" },
  decide = function(volunteer, parameters, context)
    local hours = volunteer:minutes({}) // 60
    finding("total", hours)
    %s
  end,
  cases = { { name = "一星", given = { minutes = 120 }, expect = { stars = 1 } } },
}
"""
BY_HOURS = "return math.min(hours // 2, 5)"
APPROVED = 'return { stars = math.min(hours // 2, 5), on_application = true, approved_by = "county" }'


class CertificateTest(RuledCityTest):
    def setUp(self):
        super().setUp()
        self.people("v:1", "v:2", "v:3")
        self.city.activate(acceptance())
        self.city.on("2018-03-10")

    def numbers(self, name):
        return [(change["from"], change["to"], change.get("certificate_number"))
                for change in self.served.query("explain", volunteer=name)["changes"]]

    def number_held(self, name):
        return self.served.query("volunteer.get", volunteer=name)["star_certificate"]

    def test_who_rises_gets_the_next_number_of_the_year(self):
        self.city.activate(RULE % BY_HOURS)
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)
        self.city.serve_on("r:2", "v:2", "2018-03-01", 240)
        self.city.serve_on("r:3", "v:1", "2018-03-02", 120)
        self.assertEqual(self.numbers("v:1"), [(0, 1, "XJ2018-000001"), (1, 2, "XJ2018-000003")])
        self.assertEqual(self.numbers("v:2"), [(0, 2, "XJ2018-000002")])
        self.assertEqual([self.number_held(name) for name in ("v:1", "v:2", "v:3")], ["XJ2018-000003", "XJ2018-000002", None])
        events = [event["data"].get("certificate_number") for event in self.events("star.changed")]
        self.assertEqual(events, ["XJ2018-000001", "XJ2018-000002", "XJ2018-000003"])
        self.assert_replays()

    def test_a_new_year_begins_anew_and_no_number_is_given_twice(self):
        self.city.activate(RULE % BY_HOURS)
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)
        self.city.on("2019-01-02").serve_on("r:2", "v:2", "2019-01-02", 120)
        self.city.serve_on("r:3", "v:3", "2018-12-30", 120)
        numbers = [event["data"]["certificate_number"] for event in self.events("star.changed")]
        self.assertEqual(len(set(numbers)), 3)
        self.assertEqual(numbers[:2], ["XJ2018-000001", "XJ2019-000001"])
        for number in numbers:
            self.assertRegex(number, r"^XJ201[89]-\d{6}$")

    def test_who_comes_back_to_a_star_has_the_certificate_of_then(self):
        self.city.activate(RULE % BY_HOURS)
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:2"})
        self.assertIsNone(self.number_held("v:1"))
        self.city.serve_on("r:2", "v:2", "2018-03-02", 120)
        self.city.serve_on("r:3", "v:1", "2018-03-02", 120)
        self.assertEqual(self.numbers("v:1"), [(0, 1, "XJ2018-000001"), (1, 0, None), (0, 1, "XJ2018-000001")])
        self.assertEqual(self.number_held("v:2"), "XJ2018-000002")
        self.assert_replays()

    def test_numbers_go_on_after_a_kill(self):
        self.city.activate(RULE % BY_HOURS)
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)
        self.served.kill()
        self.served.start()
        self.city.serve_on("r:2", "v:2", "2018-03-01", 120)
        self.assertEqual((self.number_held("v:1"), self.number_held("v:2")), ("XJ2018-000001", "XJ2018-000002"))
        self.assert_replays()

    def test_an_application_shows_the_certificate_once_it_is_approved(self):
        self.city.activate(RULE % APPROVED)
        self.city.serve_on("r:1", "v:1", "2018-03-01", 120)
        self.city.send("star.applied", {"application": "s:1", "volunteer": "v:1", "stars": 1})
        self.assertIsNone(self.served.query("application.get", application="s:1")["certificate_number"])
        own = self.served.publish_one(harness.event("star.reviewed", {
            "application": "s:1", "outcome": "accepted", "by": "v:1"}, time="2018-03-10T12:00:00+08:00"))
        self.assertEqual((own["status"], own["code"], own["field"]), ("rejected", "self_review", "data.by"), own)
        self.city.send("star.reviewed", {"application": "s:1", "outcome": "accepted", "by": "clerk:5", "level": "county"})
        self.assertEqual(self.served.query("application.get", application="s:1")["certificate_number"], "XJ2018-000001")
        listed = subprocess.run([CONTROL, "--runtime", str(self.served.runtime), "list", "application"], text=True,
                                capture_output=True, check=True).stdout
        self.assertIn("XJ2018-000001", listed)
        explained = subprocess.run([CONTROL, "--runtime", str(self.served.runtime), "explain", "volunteer", "v:1"], text=True,
                                   capture_output=True, check=True).stdout
        self.assertIn("XJ2018-000001", explained)


class DemotionTest(RuledCityTest):
    """The shipped example star_rating_demotion: at the turn of the year one star less for who served under 20 hours in it."""

    def setUp(self):
        super().setUp()
        self.people("v:1", "v:2")
        self.city.activate(acceptance())
        text = (ROOT / "scripts/examples/star_rating_demotion.lua").read_text(encoding="utf-8")
        hours = re.sub(r"hours = \{ 100, 300, 600, 1000, 1500 \}", "hours = { 10, 30, 60, 100, 150 }", text)
        self.city.activate(re.sub(r"  cases = \{.*", """  cases = {
    { name = "一星", given = { minutes = 600 }, expect = { stars = 1 } } } }""", hours, flags=re.S), effective="2015-01-01")

    def serve_hours(self, name, hours, month):
        for n in range(hours // 10):
            self.city.on(f"{month}-{n + 2:02d}").serve_on(f"{name}/{month}/{n}", name, f"{month}-{n + 1:02d}", 600)

    def test_who_served_too_little_falls_by_one_and_who_served_keeps(self):
        self.serve_hours("v:1", 40, "2018-04")
        self.serve_hours("v:2", 40, "2018-04")
        self.assertEqual((self.stars_of("v:1"), self.stars_of("v:2")), (2, 2))
        self.city.midnight("2019-01-02")
        self.finish_runs()
        self.assertEqual((self.stars_of("v:1"), self.stars_of("v:2")), (2, 2))  # of a year in which they had none before
        self.serve_hours("v:2", 20, "2019-05")
        self.city.midnight("2020-01-02")
        self.finish_runs()
        self.assertEqual((self.stars_of("v:1"), self.stars_of("v:2")), (1, 3))
        why = self.served.query("explain", volunteer="v:1")["changes"][-1]
        self.assertEqual((why["from"], why["to"], why["findings"][-1]["text"]), (2, 1, "上一年度服务 0 小时,不足 20 小时,降一星"))
        self.assert_replays()

    def test_a_correction_after_the_star_is_judged_at_the_turn_of_the_year(self):
        self.serve_hours("v:2", 40, "2018-04")
        self.city.midnight("2019-01-02")
        self.finish_runs()
        self.serve_hours("v:2", 20, "2019-05")
        self.city.send("service.corrected", {"record": "v:2/2019-05/1", "minutes": 30, "reason": "误录", "by": "clerk:2"})
        self.assertEqual(self.stars_of("v:2"), 3)  # during the year this rule takes nothing away
        self.city.midnight("2020-01-02")
        self.finish_runs()
        self.assertEqual(self.stars_of("v:2"), 2)
        self.assert_replays()


if __name__ == "__main__":
    unittest.main()
