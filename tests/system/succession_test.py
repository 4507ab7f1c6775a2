"""An organisation is merged into another, a team goes over into another: what was theirs goes on with the successor."""
import unittest

from harness import event, eventually
from small_city import COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, QueryTest


class SuccessionTest(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-03-01")
        self.city.define_regions()
        self.city.define_organisation("org:old", "广播局")
        self.city.define_organisation("org:new", "文化广电局", region=OTHER_COMMUNITY)
        for name in ("v:1", "v:2", "v:3"):
            self.city.register(name)

    def stored(self, type_name, **data):
        return self.city.send(type_name, data)

    def refused(self, code, field, type_name, **data):
        result = self.city.daemon.publish_one(event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        return result["message"]

    def publish_activity(self, name, **more):
        self.city.publish_activity(name, organisation="org:old", starts="2018-04-10T09:00:00+08:00",
                                   ends="2018-04-10T11:00:00+08:00", **more)

    def leave_behind(self):
        """A team without a region of its own, one with; a project, one closed; an activity, one over; a post."""
        self.stored("team.formed", team="team:1", name="宣传队", category="party", organisation="org:old", legal_status="filed")
        self.stored("team.formed", team="team:2", name="老街队", category="party", organisation="org:old", region=COMMUNITY,
                    legal_status="filed")
        for project in ("proj:1", "proj:2"):
            self.stored("project.defined", project=project, title="村村响", category="rural", organisation="org:old")
        self.stored("project.closed", project="proj:2")
        self.publish_activity("act:open", project="proj:1")
        self.publish_activity("act:off")
        self.stored("activity.cancelled", activity="act:off", reason="雨")
        self.stored("post.defined", post="post:1", kind="crossing", region=COMMUNITY, duty="劝导", organisation="org:old")

    def settle(self):
        eventually(lambda: not self.ask("status")["runs"], "the runs to end")

    def counters(self, organisation):
        counters = self.ask("organisation.get", organisation=organisation)["counters"]
        return tuple(counters[name] for name in ("teams", "projects", "activities"))

    def assert_replay_agrees(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_what_is_open_goes_to_the_successor_and_the_counters_follow(self):
        self.leave_behind()
        self.assertEqual((self.counters("org:old"), self.counters("org:new")), ((2, 1, 1), (0, 0, 0)))
        self.city.on("2018-04-01")
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.settle()
        self.assertEqual((self.counters("org:old"), self.counters("org:new")), ((0, 0, 0), (2, 1, 1)))
        for noun, ids in (("team", ["team:1", "team:2"]), ("project", ["proj:1"]), ("activity", ["act:open"]),
                          ("post", ["post:1"])):
            self.assertEqual(self.ids(f"{noun}.list", noun, organisation="org:new"), ids, noun)
        self.assertEqual(self.ids("project.list", "project", organisation="org:old"), ["proj:2"])
        self.assertEqual(self.ids("activity.list", "activity", organisation="org:old"), ["act:off"])
        self.assertEqual([self.ask("team.get", team=team)["region"] for team in ("team:1", "team:2")],
                         [OTHER_COMMUNITY, COMMUNITY])
        self.assertEqual([self.ask("region.get", region=region)["counters"]["teams"] for region in (COUNTY, OTHER_COUNTY)],
                         [1, 1])
        self.assertEqual(self.ask("organisation.get", organisation="org:old")["successor"], "org:new")
        past = self.ask("report.units", by="unit", as_of="2018-03-31")["document"]["sections"][0]["rows"]
        self.assertEqual([(row[0], row[6]) for row in past], [("org:old", 2), ("org:new", 0)])
        self.assert_replay_agrees()

    def test_the_successor_changes_and_closes_what_it_took_over(self):
        self.leave_behind()
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.settle()
        self.stored("activity.changed", activity="act:open", changes={"title": "清理渭河堤"})
        self.stored("project.closed", project="proj:1")
        self.stored("team.updated", team="team:1", changes={"name": "文广队"})
        self.assertEqual(self.counters("org:new"), (2, 0, 1))
        self.assertEqual(self.ask("activity.get", activity="act:open")["organisation"], "org:new")
        self.assert_replay_agrees()

    def test_a_successor_that_is_merged_in_turn_passes_everything_on(self):
        self.leave_behind()
        self.city.define_organisation("org:last", "宣传部")
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.stored("organisation.dissolved", organisation="org:new", successor="org:last")
        self.settle()
        self.assertEqual(self.counters("org:last"), (2, 1, 1))
        self.assertEqual(self.ids("team.list", "team", organisation="org:last"), ["team:1", "team:2"])

    def test_what_waits_for_review_is_the_successors_to_see(self):
        self.stored("service.recorded", record="rec:1", volunteer="v:1", organisation="org:old", method="manual",
                    recorder="clerk:1", starts="2017-09-27T08:00:00+08:00", ends="2017-09-27T10:00:00+08:00")
        self.assertEqual(self.ids("record.list", "record", state="held", organisation="org:new"), [])
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        held = self.ask("record.list", state="held", organisation="org:new")["items"]
        self.assertEqual([(record["record"], record["organisation"]) for record in held], [("rec:1", "org:old")])
        self.stored("service.reviewed", record="rec:1", outcome="accepted", reviewer="clerk:2")
        self.assertEqual(self.ids("record.list", "record", state="accepted", organisation="org:new"), ["rec:1"])

    def test_who_worked_there_keeps_the_employer_they_named(self):
        self.city.register("v:4", employer="org:old")
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.settle()
        self.assertEqual(self.ask("volunteer.get", volunteer="v:4")["employer"], "org:old")
        self.stored("volunteer.updated", volunteer="v:4", changes={"employer": "org:new"})
        self.assertEqual(self.ask("organisation.get", organisation="org:new")["counters"]["volunteers"], 1)

    def test_without_a_successor_everything_stays_where_it_was(self):
        self.leave_behind()
        self.stored("organisation.dissolved", organisation="org:old")
        self.settle()
        self.assertEqual(self.ids("team.list", "team", organisation="org:old"), ["team:1", "team:2"])
        message = self.refused("wrong_state", "data.organisation", "organisation.updated", organisation="org:old",
                               changes={"name": "x"})
        self.assertIn("successor", message)

    def test_a_teams_members_and_open_activities_go_over(self):
        for number in (1, 2):
            self.stored("team.formed", team=f"team:{number}", name=f"队{number}", category="elderly", region=COMMUNITY,
                        legal_status="filed")
        for volunteer, team in (("v:1", "team:1"), ("v:2", "team:1"), ("v:3", "team:1"), ("v:2", "team:2")):
            self.stored("team.joined", team=team, volunteer=volunteer)
        self.stored("team.left", team="team:1", volunteer="v:3")
        self.publish_activity("act:1", team="team:1")
        self.city.on("2018-03-05")
        self.stored("team.dissolved", team="team:1", successor="team:2")
        self.settle()
        self.assertEqual(self.ids("volunteer.list", "volunteer", team="team:2"), ["v:1", "v:2"])
        team = self.ask("team.get", team="team:2")
        self.assertEqual(team["members"], 2)
        (old, new) = self.ask("volunteer.get", volunteer="v:1")["teams"]
        self.assertEqual((old["team"], new["team"], new["joined_on"]), ("team:1", "team:2", "2018-03-05"))
        self.assertEqual(self.ask("activity.get", activity="act:1")["team"], "team:2")
        self.stored("team.left", team="team:2", volunteer="v:1")
        self.assert_replay_agrees()

    def test_who_withdrew_before_it_came_to_them_joins_nothing(self):
        for number in (1, 2):
            self.stored("team.formed", team=f"team:{number}", name=f"队{number}", category="elderly", region=COMMUNITY,
                        legal_status="filed")
        for volunteer in ("v:1", "v:2"):
            self.stored("team.joined", team="team:1", volunteer=volunteer)
        self.stored("volunteer.withdrawn", volunteer="v:1", reason="搬迁")
        self.stored("team.dissolved", team="team:1", successor="team:2")
        self.settle()
        self.assertEqual(self.ids("volunteer.list", "volunteer", team="team:2"), ["v:2"])

    def test_a_kill_in_the_middle_leaves_nothing_behind(self):
        for number in range(60):
            self.publish_activity(f"act:{number}")
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.city.daemon.kill()
        self.city.daemon.start()
        self.settle()
        self.assertEqual((self.counters("org:old")[2], self.counters("org:new")[2]), (0, 60))
        self.assert_replay_agrees()

    def test_a_wrong_step_is_refused(self):
        self.stored("organisation.dissolved", organisation="org:old", successor="org:new")
        self.refused("wrong_state", "data.organisation", "organisation.dissolved", organisation="org:old")
        self.city.define_organisation("org:x", "三")
        self.refused("wrong_state", "data.successor", "organisation.dissolved", organisation="org:x", successor="org:old")
        self.refused("out_of_range", "data.successor", "organisation.dissolved", organisation="org:x", successor="org:x")
        self.refused("unknown_organisation", "data.successor", "organisation.dissolved", organisation="org:x", successor="org:9")


if __name__ == "__main__":
    unittest.main()
