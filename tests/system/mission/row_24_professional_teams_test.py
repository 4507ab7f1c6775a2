"""各种专业志愿服务队伍为重要组成: what a professional team needs to hold, and who of its members does."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY


class ProfessionalTeamsTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.stored("team.formed", team="team:rescue", name="蓝天救援队", category="other", region=COMMUNITY,
                    legal_status="registered", professional=True, qualifications=["急救员", "水上救生员"])
        for name in ("v:1", "v:2", "v:3"):
            self.city.register(name)
            self.stored("team.joined", team="team:rescue", volunteer=name)

    def test_the_leader_sees_who_holds_what_is_needed_and_what_has_expired(self):
        for name in ("v:1", "v:2"):
            self.stored("qualification.recorded", volunteer=name, qualification="急救员", valid_until="2018-06-30")
        self.stored("qualification.recorded", volunteer="v:1", qualification="水上救生员")
        held = {item["qualification"]: item for item in self.ask("team.get", team="team:rescue")["skills"]}
        self.assertEqual((held["急救员"]["valid"], held["急救员"]["missing"]), (2, 1))
        self.assertEqual((held["水上救生员"]["valid"], held["水上救生员"]["missing"]), (1, 2))
        self.assertEqual(self.ask("team.get", team="team:rescue")["qualified"], 1)
        self.city.on("2018-07-01").define_organisation("org:x", "七月")
        rows, _ = self.table(self.report("teams"), "专业队伍资格")
        self.assertEqual([(row["qualification"], row["valid"], row["expired"], row["missing"]) for row in rows],
                         [("急救员", 0, 2, 1), ("水上救生员", 1, 0, 2)])
        self.assertEqual(rows[0]["qualified"], 0)
        printed = self.clerk("report", "teams")
        self.assertIn("蓝天救援队", printed)
        self.assertIn("过期", printed)

    def test_a_renewed_certificate_and_a_member_who_left_change_the_figures(self):
        self.stored("qualification.recorded", volunteer="v:1", qualification="急救员", valid_until="2018-03-10")
        self.city.on("2018-03-11").define_organisation("org:x", "次日")
        self.assertEqual(self.table(self.report("teams"), "专业队伍资格")[0][0]["expired"], 1)
        self.stored("qualification.recorded", volunteer="v:1", qualification="急救员", valid_until="2020-03-10")
        self.stored("team.left", team="team:rescue", volunteer="v:3")
        row = self.table(self.report("teams"), "专业队伍资格")[0][0]
        self.assertEqual((row["valid"], row["expired"], row["missing"], row["members"]), (1, 0, 1, 2))

    def test_the_city_sees_how_many_professional_members_are_qualified(self):
        for qualification in ("急救员", "水上救生员"):
            self.stored("qualification.recorded", volunteer="v:2", qualification=qualification)
        self.stored("team.formed", team="team:choir", name="合唱队", category="other", region=COMMUNITY, legal_status="filed")
        _, total = self.table(self.report("teams", by="category"), "分类别")
        self.assertEqual((total["teams"], total["professional"], total["professional_members"], total["rate"]), (2, 1, 3, [1, 3]))
        self.assertEqual(self.ids("team.list", "team", professional=True), ["team:rescue"])

    def test_who_lacks_what_an_activity_needs_is_refused_with_the_reason(self):
        self.stored("qualification.recorded", volunteer="v:1", qualification="急救员", valid_until="2018-03-19")
        self.city.define_organisation("org:1", "红十字会")
        self.hold_activity("act:late", "2018-03-20", COMMUNITY, needs={"qualifications": ["急救员"]})
        self.hold_activity("act:early", "2018-03-19", COMMUNITY, needs={"qualifications": ["急救员"]})
        outcomes = {}
        for activity in ("act:early", "act:late"):
            result = self.stored("enrolment.requested", activity=activity, volunteer="v:1", by="self")
            outcomes[activity] = result["decisions"][0]["data"]["outcome"]
        self.assertEqual(outcomes, {"act:early": "accepted", "act:late": "refused"})


if __name__ == "__main__":
    unittest.main()
