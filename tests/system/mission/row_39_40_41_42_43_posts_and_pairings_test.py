"""石马坪街道, 31 August 2018: units look after communities (结对包抓), road sections are allotted with bounds and a duty calendar
(划段包干), posts are claimed by people who agree to it (认岗定责), Party members report in (报到), and what patrols find at an estate,
a road section or a crossing is on record. One daemon; the days go on from test to test."""
import unittest

import mission  # noqa: F401
from harness import COUNTY, event, identity_number
from post_test import Posts
from small_city import decisions

STREET, BLOCK, ESTATE = "620502006000", "620502006002", "620502006003"
UNITS = {"unit:finance": ("市财政局", 120), "unit:tax": ("市税务局", 90), "unit:school": ("市第一中学", 87), "unit:water": ("市供水公司", 60)}
RESIDENTS = 203


class Street(Posts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, name, level, parent in ((STREET, "石马坪街道", "township", COUNTY), (BLOCK, "石马坪社区居委会", "community", STREET),
                                          (ESTATE, "合作路社区居委会", "community", STREET)):
            cls.city.send("region.defined", {"region": code, "name": name, "level": level, "parent": parent})
        people = []
        for unit, (name, members) in UNITS.items():
            cls.city.define_organisation(unit, name, region=STREET)
            people += [(f"{unit}/{n}", {"employer": unit, "party_status": "in_service"}) for n in range(members)]
        people += [(f"resident/{n}", {"party_status": "retired"}) for n in range(RESIDENTS)]
        cls.city.send_all([event("volunteer.registered", {
            "volunteer": name, "region": BLOCK, "identity": {"name": "无名", "document_kind": "resident_id",
                                                             "number": identity_number(1000 + n, born="19750512")}, **more})
            for n, (name, more) in enumerate(people)])

    def test_1_row_39_each_unit_agrees_on_the_community_it_looks_after(self):
        for unit, region, more in (("unit:finance", BLOCK, {}), ("unit:tax", BLOCK, {"estate": "育才小区"}),
                                   ("unit:school", BLOCK, {"estate": "供水小区"})):
            self.stored("pairing.agreed", pairing=f"pair:{unit}", organisation=unit, region=region, **more)
        rows, total = self.section("pairings", region=STREET)
        self.assertEqual((rows[BLOCK]["pairings"], rows[ESTATE]["pairings"], total["rate"]), (3, 0, [1, 2]))
        bare, _ = self.section("pairings", 1, region=STREET)
        self.assertEqual([row["name"] for row in bare.values()], ["合作路社区居委会"])
        # The one community that nobody looks after is seen, and gets its unit.
        self.stored("pairing.agreed", pairing="pair:unit:water", organisation="unit:water", region=ESTATE)
        self.assertEqual(self.section("pairings", region=STREET)[1]["rate"], [2, 2])
        self.assertIn("尚无结对单位的社区村", self.control("report", "pairings", "--region", COUNTY, language="zh_CN.UTF-8"))

    def test_2_row_40_sections_have_bounds_and_days_of_duty(self):
        for name, unit, kind, bounds, calendar in (
                ("post:cooperation-north", "unit:finance", "road_section", "合作路:南口至工商银行", "sat 07:30-09:00"),
                ("post:cooperation-south", "unit:tax", "road_section", "合作路:工商银行至北口", "sat 07:30-09:00"),
                ("post:crossing", "unit:school", "crossing", "石马坪十字", "workday 07:00-08:00; workday 17:30-18:30"),
                ("post:estate", "unit:water", "estate", "供水小区1至6号楼", "sun 09:00-11:00")):
            self.stored("post.defined", post=name, kind=kind, region=BLOCK, bounds=bounds, duty="卫生清扫、文明劝导", duty_calendar=calendar,
                        responsible=f"person:{unit}", organisation=unit)
        listed = self.control("list", "post", "kind=路段", language="zh_CN.UTF-8")
        self.assertIn("合作路:南口至工商银行", listed)
        self.assertIn("2018-09-01", listed)
        self.assertNotIn("石马坪十字", listed)
        rows, _ = self.section("posts", by="kind")
        self.assertEqual({kind: row["unclaimed"] for kind, row in rows.items() if row["posts"]}, {"road_section": 2, "crossing": 1, "estate": 1})

    def test_3_row_41_posts_are_claimed_and_nobody_is_put_on_one(self):
        for n in range(3):
            self.claim(f"unit:finance/{n}", "post:cooperation-north")
        self.claim("resident/1", "post:estate")
        # The school puts two names on its list: one agrees, one does not.
        for n in range(2):
            self.stored("post.claimed", post="post:crossing", volunteer=f"unit:school/{n}", by="employer")
        self.assertEqual(self.shown("post:crossing")["claims"], 0)
        self.stored("post.accepted", post="post:crossing", volunteer="unit:school/0")
        self.stored("post.released", post="post:crossing", volunteer="unit:school/1")
        self.assertEqual(self.states(post="post:crossing"), {"unit:school/0": "accepted", "unit:school/1": "cancelled"})
        self.assertEqual(self.ids("post.list", "post", region=STREET, claimed=False), ["post:cooperation-south"])
        rows, total = self.section("posts", by="unit", region=STREET)
        self.assertEqual({unit: (row["posts"], row["unclaimed"], row["claims"]) for unit, row in rows.items()},
                         {"unit:finance": (1, 0, 3), "unit:tax": (1, 1, 0), "unit:school": (1, 0, 1), "unit:water": (1, 0, 1)})

    def test_4_row_42_members_report_in_and_the_unit_sees_who_has_not(self):
        """560 people: 357 members of the units in service, and 203 who live there and owe no report."""
        missing = {"unit:finance": 0, "unit:tax": 2, "unit:school": 0, "unit:water": 0}
        self.city.send_all([event("party_member.reported_in", {
            "volunteer": f"{unit}/{n}", "employer": unit, "region": ESTATE if unit == "unit:water" else BLOCK, "received_by": "person:clerk",
            "on": "2018-08-31"}) for unit, (_, members) in UNITS.items() for n in range(members - missing[unit])])
        self.refused("wrong_state", "data.volunteer", "party_member.reported_in", volunteer="resident/1", employer="unit:tax", region=BLOCK,
                     received_by="person:clerk", on="2018-08-31")
        rows, total = self.section("reporting_in", by="unit", region=STREET)
        self.assertEqual((total["members"], total["reported_in"], total["rate"]), (357, 355, [355, 357]))
        self.assertEqual((rows["unit:tax"]["unreported"], rows["unit:tax"]["rate"]), (2, [88, 90]))
        reminder = self.control("list", "volunteer", "employer=unit:tax", "reported_in=否", language="zh_CN.UTF-8")
        self.assertIn("unit:tax/88", reminder)
        self.assertIn("unit:tax/89", reminder)
        self.assertNotIn("unit:tax/87", reminder)
        receipt = self.ask("report_in.get", report_in="unit:tax/0")
        self.assertEqual((receipt["on"], receipt["region"], receipt["received_by"], receipt["paired"]), ("2018-08-31", BLOCK, "person:clerk", True))
        self.stored("party_member.reported_in", volunteer="unit:tax/88", employer="unit:tax", region=BLOCK, received_by="person:clerk",
                    on="2018-08-31")
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="unit:tax", reported_in=False), ["unit:tax/89"])

    def test_5_row_43_what_a_patrol_found_stands_at_its_post_and_a_day_without_one_is_seen(self):
        self.city.on("2018-09-03")
        self.duty("post:cooperation-north", "unit:finance/0", "2018-09-01", findings="乱停车12辆,已劝离", method="gps")
        derived = decisions(self.duty("post:crossing", "unit:school/0", "2018-09-03", "07:00", "08:00", findings="劝导闯红灯4人次"),
                            "service.derived")
        self.assertEqual([record["minutes"] for record in derived], [60])
        shown = self.control("show", "post", "post:cooperation-north", language="zh_CN.UTF-8")
        self.assertIn("乱停车12辆,已劝离", shown)
        self.assertEqual(self.ids("post.list", "post", overdue=True), ["post:cooperation-south", "post:estate"])
        rows, _ = self.section("posts", 1, region=STREET)
        self.assertEqual([(row["post"], row["responsible"], row["overdue_since"], row["claims"]) for row in rows.values()],
                         [("post:cooperation-south", "person:unit:tax", "2018-09-01", 0), ("post:estate", "person:unit:water", "2018-09-02", 1)])
        rows, total = self.section("posts", region=STREET)
        self.assertEqual((total["duty_days"], total["missed"], total["kept"], total["duties"], total["findings"]), (3, 2, [1, 3], 2, 2))
        self.assertEqual(self.ask("volunteer.get", volunteer="unit:school/0")["minutes"], 60)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
