"""Reports about the people: coverage, mix and trend, leaders, quality. Against the real daemon, by the events' clock."""
import unittest

from eligibility_test import PeopleTest
from harness import CITY, COMMUNITY, COUNTY, identity_number
from small_city import OTHER_COMMUNITY, OTHER_COUNTY
from volunteerctl_test import control


class ReportTest(PeopleTest):
    def document(self, name, **params):
        return self.ask(f"report.{name}", **params)["document"]

    def rows(self, section):
        names = [column["name"] for column in section["columns"]]
        return [dict(zip(names, row)) for row in section["rows"]]

    def total(self, section):
        return dict(zip([column["name"] for column in section["columns"]], section["total"]))

    def figure(self, figure, kind, id, value):
        self.stored("figure.reported", figure=figure, subject={"kind": kind, "id": id}, value=value, as_of="2018-01-01", origin="统计局")

    def register(self, name, born="1990-05", region=COMMUNITY, **more):
        self.city.send("volunteer.registered", {"volunteer": name, "region": region, "born": born, "identity": {
            "name": "无名", "document_kind": "passport", "number": f"E{name[-1]}{born}"}, **more})


class Coverage(ReportTest):
    def test_who_is_not_registered_yet_is_told_in_numbers(self):
        self.figure("residents", "region", COUNTY, 10)
        self.figure("in_service_party_members", "region", COUNTY, 4)
        self.register("p:1", party_status="in_service")
        rows = {row["id"]: row for row in self.rows(self.document("coverage")["sections"][0])}
        self.assertEqual([rows[COUNTY][k] for k in ("registered", "people", "unregistered", "rate", "party_registered", "party", "party_unregistered")],
                         [4, 10, 6, [4, 10], 1, 4, 3])
        self.assertEqual([rows[OTHER_COUNTY][k] for k in ("registered", "people", "unregistered", "rate")], [0, None, None, [0, None]])
        whole = self.total(self.document("coverage")["sections"][0])
        self.assertEqual((whole["registered"], whole["people"]), (4, None))
        self.assertEqual(self.total(self.document("coverage", as_of="2018-07-31")["sections"][0])["registered"], 0)

    def test_more_registered_than_residents_leaves_nobody_missing(self):
        self.figure("residents", "region", COUNTY, 2)
        rows = {row["id"]: row for row in self.rows(self.document("coverage")["sections"][0])}
        self.assertEqual(rows[COUNTY]["unregistered"], 0)

    def test_units_are_told_by_their_staff_the_one_that_lacks_most_first(self):
        self.figure("staff", "organisation", "org:1", 5)
        self.figure("staff", "organisation", "org:2", 50)
        self.city.define_organisation("org:3", "没有数据的单位")
        self.city.define_organisation("org:4", "没有人的单位")
        self.register("p:1", employer="org:1")
        self.register("p:3", employer="org:3")
        (section,) = self.document("coverage", by="unit")["sections"]
        self.assertEqual([(row["id"], row["registered"], row["people"], row["unregistered"]) for row in self.rows(section)],
                         [("org:2", 0, 50, 50), ("org:1", 1, 5, 4), ("org:3", 1, None, None)])
        (section,) = self.document("coverage", by="unit", region=COUNTY)["sections"]
        self.assertEqual([row["id"] for row in self.rows(section)], ["org:1", "org:3"])

    def test_a_wrong_word_is_refused_with_the_right_ones(self):
        error = self.refuse("out_of_range", "by", "report.coverage", by="street")
        self.assertIn("unit", error.message)


class Trend(ReportTest):
    def test_cohorts_of_birth_and_their_share_over_a_year(self):
        self.city.on("2018-09-10")
        for name, born in (("p:1", "1948-01"), ("p:2", "1985-01"), ("p:3", "1989-12"), ("p:4", "2011-01")):
            self.register(name, born, **({"guardian_consent": {"by": "母亲", "on": "2018-09-01"}} if born > "2010" else {}))
        self.city.on("2018-10-01")
        self.stored("volunteer.withdrawn", volunteer="p:2")
        now, months, _ = self.document("trend", by="age")["sections"]
        self.assertEqual({row["group"]: row["volunteers"] for row in self.rows(now) if row["volunteers"]},
                         {"1950年前": 1, "1980年代": 1, "1990年代": 3, "2010年后": 1})
        self.assertEqual(self.total(now)["volunteers"], 6)
        rows = {row["month"]: row for row in self.rows(months)}
        eighties = next(c["name"] for c in months["columns"] if c["title"] == "1980年代")
        self.assertEqual([(rows[m]["volunteers"], rows[m][eighties]) for m in ("2018-07", "2018-08", "2018-09", "2018-10")],
                         [(0, 0), (3, 0), (7, 2), (6, 1)])
        self.assertEqual(len(rows), 12)
        self.assertEqual(self.document("trend")["title"], self.document("trend", by="age")["title"])

    def test_occupations_are_counted_and_follow_an_update(self):
        self.register("p:1", occupation="teacher")
        self.register("p:2", occupation="teacher")
        self.stored("volunteer.updated", volunteer="p:2", changes={"occupation": "retired"})
        now = self.document("trend", by="occupation")["sections"][0]
        self.assertEqual({row["group"]: row["volunteers"] for row in self.rows(now) if row["volunteers"]},
                         {"教师": 1, "离退休人员": 1, "不详": 3})
        self.assertEqual(self.ask("region.get", region=COUNTY)["counters"]["occupation_retired"], 1)
        self.assert_replay_agrees()

    def test_months_tell_how_service_is_spread(self):
        for n, day in enumerate(("2018-08-05", "2018-08-06", "2018-10-01")):
            self.city.on(day).send("service.recorded", {"record": f"r:{n}", "volunteer": "v:1", "organisation": "org:1", "method": "automatic",
                                                "starts": f"{day}T09:00:00+08:00", "ends": f"{day}T10:00:00+08:00", "recorder": "clerk:1"})
        rows = {row["month"]: row for row in self.rows(self.document("trend", by="month")["sections"][0])}
        self.assertEqual([(rows[m]["hours"], rows[m]["share"], rows[m]["records"]) for m in ("2018-08", "2018-10", "2018-09")],
                         [(120, [120, 180], 2), (60, [60, 180], 1), (0, [0, 180], 0)])
        self.assertEqual((rows["2018-08"]["registered"], rows["2018-08"]["volunteers"]), (3, 3))
        self.refuse("out_of_range", "by", "report.trend", by="county")


class Leaders(ReportTest):
    def test_four_bodies_are_told_apart_and_counted_like_everybody(self):
        self.register("p:1", leader_body="中共天水市委")
        self.register("p:2", leader_body="市人大常委会")
        self.register("p:3", leader_body="市政府")
        self.register("p:4", leader_body="市政协")
        self.register("p:5", leader_body="市政府", region=OTHER_COMMUNITY)
        self.city.on("2018-08-03")
        self.city.send("service.recorded", {"record": "r:1", "volunteer": "p:3", "organisation": "org:1", "method": "automatic",
                                            "starts": "2018-08-02T09:00:00+08:00", "ends": "2018-08-02T11:00:00+08:00", "recorder": "clerk:1"})
        self.stored("volunteer.withdrawn", volunteer="p:4")
        (section,) = self.document("leaders")["sections"]
        self.assertEqual([(r["body"], r["listed"], r["registered"], r["served"], r["hours"]) for r in self.rows(section)],
                         [("党委", 1, 1, 0, 0), ("人大", 1, 1, 0, 0), ("政府", 2, 2, 1, 120), ("政协", 1, 0, 0, 0)])
        self.assertEqual(self.total(section)["listed"], 5)
        self.assertEqual(self.ask("volunteer.get", volunteer="p:3")["minutes"], 120)
        self.stored("volunteer.updated", volunteer="p:5", changes={"leader_body": None})
        (section,) = self.document("leaders", region=OTHER_COUNTY)["sections"]
        self.assertEqual(self.total(section)["listed"], 0)
        self.assert_replay_agrees()


class Quality(ReportTest):
    def test_what_is_missing_is_counted_by_field_and_falls_as_it_is_mended(self):
        self.register("p:1", sex="male", occupation="teacher", education="bachelor", skills=["急救"])
        section = self.document("quality")["sections"][0]
        row = next(row for row in self.rows(section) if row["region"] == COUNTY)
        self.assertEqual([row[k] for k in ("volunteers", "identity", "born", "sex", "occupation", "education", "skills")], [4, 0, 0, 0, 3, 3, 3])
        self.assertEqual(self.ids("volunteer.list", "volunteer", missing="skills", region=COUNTY), ["v:1", "v:2", "v:3"])
        self.stored("volunteer.updated", volunteer="v:1", changes={"skills": ["摄影"], "education": "college", "occupation": "farmer"})
        self.assertEqual(self.ids("volunteer.list", "volunteer", missing="skills"), ["v:2", "v:3"])
        whole = self.total(self.document("quality")["sections"][0])
        self.assertEqual((whole["occupation"], whole["education"], whole["skills"]), (2, 2, 2))
        self.refuse("out_of_range", "missing", "volunteer.list", missing="hat")

    def test_teams_in_which_nobody_served_for_months_are_listed(self):
        self.city.on("2018-08-02")
        for team in ("t:1", "t:2", "t:3"):
            self.stored("team.formed", team=team, name=f"队{team}", category="traffic", region=COMMUNITY, legal_status="filed")
        self.stored("team.joined", team="t:1", volunteer="v:1")
        self.stored("team.joined", team="t:2", volunteer="v:2")
        self.city.on("2019-03-01")
        self.stored("team.formed", team="t:4", name="新队", category="traffic", region=COMMUNITY, legal_status="filed")
        self.city.send("service.recorded", {"record": "r:1", "volunteer": "v:1", "organisation": "org:1", "method": "automatic",
                                            "starts": "2019-02-01T09:00:00+08:00", "ends": "2019-02-01T11:00:00+08:00", "recorder": "clerk:1"})
        _, counts, dead = self.document("quality")["sections"]
        self.assertEqual([(r["region"], r["teams"], r["dead"]) for r in self.rows(counts)], [(COUNTY, 3, 2), (OTHER_COUNTY, 0, 0)])
        self.assertEqual([(r["team"], r["members"], r["last_service_on"]) for r in self.rows(dead)], [("t:2", 1, None), ("t:3", 0, None)])
        self.assertEqual(len(self.document("quality", months=7)["sections"][2]["rows"]), 0)

    def test_within_a_region_suspected_duplicates_are_listed_too(self):
        self.city.send("volunteer.registered", {"volunteer": "d:1", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "passport", "number": "E1"}, "born": "1990-05"})
        sections = self.document("quality", region=COMMUNITY)["sections"]
        self.assertEqual(sections[3]["title"], "疑似重复注册")
        self.assertEqual(self.rows(sections[3])[0]["volunteers"], "v:1 v:2 v:3 d:1")
        self.assertEqual(len(self.document("quality")["sections"]), 3)


class AClerk(ReportTest):
    def test_each_report_is_printed_as_a_table_and_as_other_formats(self):
        self.register("p:1", leader_body="市政府", occupation="teacher")
        for report, word in ((("coverage", "--by", "unit"), "覆盖"), (("trend",), "1990年代"), (("trend", "--by", "month"), "净增注册"),
                             (("leaders",), "政府"), (("quality", "--region", COUNTY, "--months", "3"), "缺职业")):
            with self.subTest(report):
                for language in ("zh_CN.UTF-8", "C.UTF-8"):
                    run = control(self.city.daemon.runtime, "report", *report, language=language)
                    self.assertEqual(run.returncode, 0, run.stderr)
                    self.assertIn(word, run.stdout)
                run = control(self.city.daemon.runtime, "report", *report, "--format", "html")
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertIn("<table", run.stdout)


if __name__ == "__main__":
    unittest.main()
