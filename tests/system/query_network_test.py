"""Teams, projects, stations, plans, documents, civilised titles, and what a volunteer, a region and an organisation
show of them."""
import unittest

from small_city import (CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY, TOWNSHIP,
                        QueryTest)

EVIDENCE = {"digest": "sha256:00", "note": "现场照片"}


class NetworkTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        city.register("v:1")
        city.register("v:2", OTHER_COMMUNITY)
        city.send("document.registered", {"document": "doc:1", "title": "关于命名文明单位的决定", "number": "市委〔2018〕1号",
                                          "issued_by": "市委", "on": "2018-01-10"})
        city.send("team.formed", {"team": "t:1", "name": "邻里守望队", "category": "neighbourhood", "region": COMMUNITY,
                                  "legal_status": "grassroots", "leader": "clerk:1"})
        city.send("team.formed", {"team": "t:2", "name": "税务先锋队", "category": "party", "organisation": "org:2",
                                  "legal_status": "filed", "professional": True})
        city.send("team.joined", {"team": "t:1", "volunteer": "v:1"})
        city.send("team.joined", {"team": "t:1", "volunteer": "v:2"})
        city.send("team.left", {"team": "t:1", "volunteer": "v:2"})
        city.send("volunteer.linked", {"volunteer": "v:1", "system": "national", "external": "n-77"})
        for station, region, due in (("s:1", COMMUNITY, "2018-06-30"), ("s:2", OTHER_COMMUNITY, "2018-12-31")):
            city.send("station.planned", {"station": station, "region": region, "name": station + "站", "due": due})
        for part in ("staff", "funds", "venue", "team"):
            city.send("station.progressed", {"station": "s:2", "part": part, "done": True, "evidence": EVIDENCE,
                                             "by": "clerk:1", "on": "2018-07-01"})
        city.send("station.progressed", {"station": "s:1", "part": "funds", "done": True, "evidence": EVIDENCE,
                                         "by": "clerk:1", "on": "2018-07-01"})
        city.send("station.built", {"station": "s:2", "on": "2018-08-01", "evidence": EVIDENCE})
        city.send("project.defined", {"project": "p:1", "title": "四点半课堂", "category": "neighbourhood",
                                      "organisation": "org:1", "station": "s:1", "brand": True})
        city.send("project.defined", {"project": "p:2", "title": "夕阳红", "category": "elderly",
                                      "organisation": "org:2"})
        city.send("project.closed", {"project": "p:2"})
        for target in (40, 47):
            city.send("plan.set", {"plan": "plan:1", "subject": {"kind": "region", "id": COUNTY},
                                   "measure": "stations_opened", "target": target, "due": "2018-10-31"})
        city.send("plan.set", {"plan": "plan:2", "subject": {"kind": "region", "id": CITY},
                               "measure": "stations_built", "target": 1, "due": "2018-12-31"})
        for organisation, level in (("org:1", "municipal"), ("org:2", "county")):
            city.send("civilised_title.awarded", {
                "subject": {"kind": "organisation", "id": organisation}, "title": "unit", "level": level,
                "on": "2018-01-10", "document": "doc:1"})
        city.send("civilised_title.reviewed", {
            "subject": {"kind": "organisation", "id": "org:1"}, "title": "unit", "level": "municipal",
            "on": "2018-05-10", "outcome": "passed"})
        city.send("civilised_title.withdrawn", {
            "subject": {"kind": "organisation", "id": "org:2"}, "title": "unit", "level": "county", "on": "2018-06-10"})


class TeamTest(NetworkTest):
    def test_get_tells_where_it_is_and_how_many_are_in_it(self):
        team = self.ask("team.get", team="t:1")
        self.assertEqual((team["name"], team["state"], team["members"], team["region"]),
                         ("邻里守望队", "active", 1, COMMUNITY))
        self.assertEqual(self.ask("team.get", team="t:2")["region"], OTHER_COMMUNITY)

    def test_list_filters(self):
        for params, found in (({}, ["t:1", "t:2"]), ({"region": COUNTY}, ["t:1"]), ({"region": OTHER_COUNTY}, ["t:2"]),
                              ({"organisation": "org:2"}, ["t:2"]), ({"category": "party"}, ["t:2"]),
                              ({"legal_status": "grassroots"}, ["t:1"]), ({"professional": True}, ["t:2"]),
                              ({"professional": False}, ["t:1"]), ({"name": "先锋"}, ["t:2"]),
                              ({"leader": "clerk:1"}, ["t:1"]), ({"state": "dissolved"}, []),
                              ({"state": "active", "name": "队"}, ["t:1", "t:2"])):
            self.assertEqual(self.ids("team.list", "team", **params), found, params)

    def test_members_are_volunteers_by_team(self):
        self.assertEqual(self.ids("volunteer.list", "volunteer", team="t:1"), ["v:1"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", team="t:2"), [])

    def test_refusals(self):
        self.refuse("unknown_team", "team", "team.get", team="x")
        self.refuse("unknown_team", "team", "volunteer.list", team="x")
        self.refuse("unknown_organisation", "organisation", "team.list", organisation="x")
        error = self.refuse("out_of_range", "category", "team.list", category="gardening")
        self.assertIn("lei_feng", error.message)
        self.refuse("out_of_range", "state", "team.list", state="asleep")
        error = self.refuse("unknown_field", "legalstatus", "team.list", legalstatus="filed")
        self.assertIn("did you mean legal_status?", error.message)


class VolunteerTest(NetworkTest):
    def test_get_tells_teams_links_and_points(self):
        today = self.city.today.date().isoformat()
        volunteer = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual(volunteer["teams"],
                         [{"team": "t:1", "name": "邻里守望队", "joined_on": today, "left_on": None}])
        self.assertEqual(volunteer["links"], [{"system": "national", "external": "n-77", "linked_on": today}])
        self.assertEqual((volunteer["carried_minutes"], volunteer["points"]), (0, []))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:2")["teams"][0]["left_on"], today)


class ReplayTest(NetworkTest):
    def test_a_replay_gives_the_identical_state(self):
        job = self.city.daemon.run_job("journal.replay")
        self.assertIs(job["result"]["identical"], True, job)


class ProjectTest(NetworkTest):
    def test_get_and_list(self):
        self.assertEqual(self.ask("project.get", project="p:1")["title"], "四点半课堂")
        for params, found in (({}, ["p:1", "p:2"]), ({"region": OTHER_COUNTY}, ["p:2"]), ({"station": "s:1"}, ["p:1"]),
                              ({"brand": True}, ["p:1"]), ({"state": "open"}, ["p:1"]), ({"state": "closed"}, ["p:2"]),
                              ({"title": "夕阳"}, ["p:2"]), ({"organisation": "org:1"}, ["p:1"]),
                              ({"category": "elderly"}, ["p:2"])):
            self.assertEqual(self.ids("project.list", "project", **params), found, params)
        self.refuse("unknown_project", "project", "project.get", project="x")
        self.refuse("unknown_station", "station", "project.list", station="x")


class StationTest(NetworkTest):
    def test_get_tells_what_is_missing_and_every_step(self):
        station = self.ask("station.get", station="s:1")
        self.assertEqual((station["state"], station["overdue"]), ("planned", True))
        self.assertEqual(station["parts"], {"staff": False, "funds": True, "venue": False, "team": False})
        self.assertEqual(station["missing"], ["staff", "venue", "team"])
        self.assertEqual([step["step"] for step in station["steps"]], ["planned", "funds"])
        step = station["steps"][1]
        self.assertEqual((step["done"], step["by"], step["on"], step["evidence"]),
                         (True, "clerk:1", "2018-07-01", EVIDENCE))
        built = self.ask("station.get", station="s:2")
        self.assertEqual((built["state"], built["built_on"], built["missing"], built["overdue"]),
                         ("built", "2018-08-01", [], False))
        self.assertNotIn("opened_on", built)

    def test_list_filters(self):
        self.assertEqual(self.ids("station.list", "station"), ["s:1", "s:2"])
        self.assertEqual(self.ids("station.list", "station", state="built"), ["s:2"])
        self.assertEqual(self.ids("station.list", "station", region=COUNTY), ["s:1"])
        self.assertEqual(self.ids("station.list", "station", name="s:2"), ["s:2"])
        self.refuse("out_of_range", "state", "station.list", state="ready")
        self.refuse("unknown_station", "station", "station.get", station="x")


class FilterTest(NetworkTest):
    """Filters that follow from the attributes of regions, organisations and activities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        city = cls.city
        city.send("region.defined", {"region": SECOND_COMMUNITY, "name": "光明巷社区居委会", "level": "community",
                                     "parent": TOWNSHIP, "kind": "residents_committee", "urban": True})
        city.define_organisation("org:3", "秦州区教育局", parent="org:1", line="教育", window_service=True)
        city.publish_activity("act:2", team="t:1", station="s:1", project="p:1", care="自然", major=True,
                              kind="training", title="救护培训")
        city.publish_activity("act:3", emergency=True, care="他人", major=False)

    def test_regions(self):
        self.assertEqual(self.ids("region.list", "region", kind="residents_committee"), [SECOND_COMMUNITY])
        self.assertEqual(self.ids("region.list", "region", urban=True), [SECOND_COMMUNITY])
        self.assertNotIn(SECOND_COMMUNITY, self.ids("region.list", "region", urban=False))
        self.assertEqual(self.ids("region.list", "region", parent=TOWNSHIP, urban=False), [COMMUNITY])

    def test_organisations(self):
        for params in ({"parent": "org:1"}, {"line": "教育"}, {"window_service": True}, {"name": "教育局"},
                       {"parent": "org:1", "region": COUNTY, "kind": "party_government"}):
            self.assertEqual(self.ids("organisation.list", "organisation", **params), ["org:3"], params)
        self.assertEqual(self.ids("organisation.list", "organisation", window_service=False), ["org:1", "org:2"])
        self.refuse("unknown_organisation", "parent", "organisation.list", parent="x")
        self.refuse("out_of_range", "line", "organisation.list", line="x")

    def test_activities(self):
        for params in ({"team": "t:1"}, {"station": "s:1"}, {"project": "p:1"}, {"care": "自然"}, {"major": True},
                       {"kind": "training"}, {"title": "救护"}):
            self.assertEqual(self.ids("activity.list", "activity", **params), ["act:2"], params)
        self.assertEqual(self.ids("activity.list", "activity", emergency=True), ["act:3"])
        self.assertEqual(self.ids("activity.list", "activity", major=False), ["act:1", "act:3"])
        for noun in ("team", "station", "project"):
            self.refuse(f"unknown_{noun}", noun, "activity.list", **{noun: "x"})
        self.refuse("out_of_range", "care", "activity.list", care="x")

    def test_a_cursor_of_another_list(self):
        for method in ("team.list", "station.list", "plan.list", "document.list", "region.list", "activity.list"):
            self.refuse("out_of_range", "cursor", method, cursor="0a0b")


class PlanTest(NetworkTest):
    def test_get_tells_where_it_stands_and_its_versions(self):
        plan = self.ask("plan.get", plan="plan:1")
        self.assertEqual((plan["target"], plan["value"], plan["reached"]), (47, 0, False))
        self.assertEqual(plan["subject"], {"kind": "region", "id": COUNTY, "name": "秦州区"})
        self.assertEqual([version["target"] for version in plan["versions"]], [40, 47])
        self.assertEqual((self.ask("plan.get", plan="plan:2")["value"], self.ask("plan.get", plan="plan:2")["reached"]),
                         (1, True))

    def test_list_filters(self):
        for params, found in (({}, ["plan:1", "plan:2"]), ({"measure": "stations_built"}, ["plan:2"]),
                              ({"subject": COUNTY}, ["plan:1"]), ({"subject_kind": "region"}, ["plan:1", "plan:2"]),
                              ({"subject_kind": "organisation"}, []), ({"region": COUNTY}, ["plan:1"]),
                              ({"subject_kind": "region", "subject": CITY}, ["plan:2"])):
            self.assertEqual(self.ids("plan.list", "plan", **params), found, params)
        self.refuse("unknown_subject", "subject", "plan.list", subject="x")
        self.refuse("out_of_range", "measure", "plan.list", measure="height")

    def test_a_region_shows_its_plans(self):
        plans = self.ask("region.get", region=COUNTY)["plans"]
        self.assertEqual([(plan["plan"], plan["target"], plan["value"], plan["due"]) for plan in plans],
                         [("plan:1", 47, 0, "2018-10-31")])


class DocumentTest(NetworkTest):
    def test_get_and_list(self):
        self.assertEqual(self.ask("document.get", document="doc:1")["number"], "市委〔2018〕1号")
        self.assertEqual(self.ids("document.list", "document", title="文明单位"), ["doc:1"])
        self.assertEqual(self.ids("document.list", "document", title="没有"), [])
        self.refuse("unknown_document", "document", "document.get", document="x")


class TitleTest(NetworkTest):
    def test_list_and_filters(self):
        items = self.ask("civilised_title.list")["items"]
        self.assertEqual([(item["subject"]["id"], item["title"], item["level"], item["state"]) for item in items],
                         [("org:1", "unit", "municipal", "held"), ("org:2", "unit", "county", "withdrawn")])
        self.assertEqual((items[0]["awarded_on"], items[0]["reviewed_on"], items[0]["outcome"], items[0]["document"]),
                         ("2018-01-10", "2018-05-10", "passed", "doc:1"))
        self.assertEqual(items[1]["withdrawn_on"], "2018-06-10")
        for params, found in (({"state": "held"}, ["org:1"]), ({"level": "county"}, ["org:2"]),
                              ({"title": "city"}, []), ({"region": COUNTY}, ["org:1"]), ({"subject": "org:2"}, ["org:2"])):
            got = [item["subject"]["id"] for item in self.ask("civilised_title.list", **params)["items"]]
            self.assertEqual(got, found, params)

    def test_get_has_the_history(self):
        title = self.ask("civilised_title.get", civilised_title="unit/organisation/org:2")
        self.assertEqual((title["state"], title["subject"]["name"]), ("withdrawn", "麦积区税务局"))
        self.assertEqual([step["step"] for step in title["history"]], ["awarded", "withdrawn"])

    def test_an_organisation_shows_its_titles(self):
        titles = self.ask("organisation.get", organisation="org:1")["titles"]
        self.assertEqual([(title["title"], title["level"], title["state"]) for title in titles],
                         [("unit", "municipal", "held")])

    def test_refusals(self):
        self.refuse("out_of_range", "civilised_title", "civilised_title.get", civilised_title="org:1")
        self.refuse("unknown_civilised_title", "civilised_title", "civilised_title.get",
                    civilised_title="city/region/" + CITY)
        self.refuse("out_of_range", "state", "civilised_title.list", state="lost")
        self.refuse("out_of_range", "level", "civilised_title.list", level="world")


class DissolvedTest(QueryTest):
    def test_an_organisation_that_is_dissolved_names_its_successor(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()
        self.city.send("organisation.dissolved", {"organisation": "org:2", "successor": "org:1"})
        organisation = self.ask("organisation.get", organisation="org:2")
        self.assertEqual((organisation["state"], organisation["successor"]), ("dissolved", "org:1"))
        self.assertEqual(self.ids("organisation.list", "organisation", state="dissolved"), ["org:2"])
        self.assertEqual(self.ids("organisation.list", "organisation", state="active"), ["org:1"])


if __name__ == "__main__":
    unittest.main()
