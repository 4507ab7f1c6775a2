"""各种群众团体、社会组织自发成立的志愿服务队伍: a team that nobody registered serves like any other."""

import unittest

from paper import PaperScenario
from small_city import COMMUNITY, TOWNSHIP


class GrassrootsTest(PaperScenario):
    def test_neighbours_who_never_registered_hold_an_activity_and_their_hours_count(self):
        """They belong to their community alone; its committee, which agreed, records what they did."""
        self.city.define_organisation("org:committee", "进步巷社区居委会", kind="self_governing")
        self.stored("team.formed", team="team:dance", name="进步巷广场舞邻里队", category="neighbourhood", region=COMMUNITY,
                    legal_status="grassroots")
        for name in ("v:aunt", "v:uncle"):
            self.city.register(name)
            self.stored("team.joined", team="team:dance", volunteer=name)
        self.stored("activity.published", activity="act:yard", title="清扫院落", content="清扫楼院", category="neighbourhood",
                    kind="service", team="team:dance", region=COMMUNITY, place={"text": "进步巷"}, places=10, risk="注意台阶",
                    starts="2018-03-03T09:00:00+08:00", ends="2018-03-03T11:00:00+08:00")
        self.stored("enrolment.requested", activity="act:yard", volunteer="v:aunt", by="team")
        self.serve_on("rec:1", "v:aunt", "2018-03-03", "org:committee", activity="act:yard")
        aunt = self.ask("volunteer.get", volunteer="v:aunt")
        self.assertEqual((aunt["minutes"], aunt["teams"][0]["team"]), (120, "team:dance"))
        self.assertEqual(self.ids("activity.list", "activity", team="team:dance"), ["act:yard"])
        self.assert_replay_agrees()

    def test_the_clerk_sees_which_teams_are_not_registered_yet(self):
        for number, status in enumerate(("grassroots", "grassroots", "filed", "registered")):
            self.stored("team.formed", team=f"team:{number}", name=f"队{number}", category="elderly", region=COMMUNITY,
                        legal_status=status)
        rows, total = self.table(self.report("teams", region=TOWNSHIP), "分区划")
        self.assertEqual((rows[0]["grassroots"], rows[0]["filed"], rows[0]["registered"], total["teams"]), (2, 1, 1, 4))
        self.assertEqual(self.ids("team.list", "team", legal_status="grassroots"), ["team:0", "team:1"])
        self.assertIn("自发队伍", self.clerk("list", "team", "legal_status=grassroots"))

    def test_once_it_is_filed_the_same_team_goes_on(self):
        self.stored("team.formed", team="team:1", name="队", category="elderly", region=COMMUNITY, legal_status="grassroots")
        self.city.register("v:1")
        self.stored("team.joined", team="team:1", volunteer="v:1")
        self.stored("team.updated", team="team:1", changes={"legal_status": "filed"})
        team = self.ask("team.get", team="team:1")
        self.assertEqual((team["legal_status"], team["members"]), ("filed", 1))

    def test_a_team_of_nowhere_is_refused(self):
        self.refused("missing_field", "data.organisation", "team.formed", team="team:x", name="队", category="elderly",
                     legal_status="grassroots")


if __name__ == "__main__":
    unittest.main()
