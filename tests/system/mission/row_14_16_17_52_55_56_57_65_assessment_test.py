"""14, 16, 17, 52, 55, 56, 57, 65: the three hard indicators at every level, points that may not be lost, the distance to the
standard and to brother cities, who leads among units of a class, and what titles rest on."""
import unittest

import mission  # noqa: F401
from harness import CITY, COMMUNITY, COUNTY, ROOT, TOWNSHIP
from paper import PaperScenario
from small_city import OTHER_COUNTY

REGIONS = (CITY, COUNTY, TOWNSHIP, COMMUNITY)


class Assessment(PaperScenario):
    """One city; the rows follow each other in its time."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_dated_city(cls.addClassCleanup)
        cls.city.on("2018-03-01")
        cls.city.define_regions()
        cls.city.define_organisation("org:1", "天水市文明办")
        cls.city.define_organisation("org:2", "麦积区税务局", kind="public_institution")
        for n in range(13):
            cls.city.register(f"v:{n}", employer="org:1", party_status="in_service" if n < 9 else "none")

    def setUp(self):
        pass

    def figure(self, figure, subject, value, kind="region"):
        self.stored("figure.reported", figure=figure, subject={"kind": kind, "id": subject}, value=value, as_of=self.city.day,
                    origin="市统计局", by="clerk:7")

    def indicators(self, subject, kind="region"):
        answer = self.ask("assessment.get", subject=subject, subject_kind=kind)
        return {item["id"]: item for policy in answer["policies"] for item in policy["indicators"]}

    def state(self, indicator, subject, kind="region"):
        found = self.indicators(subject, kind)[indicator]
        return found["state"], found["evidence"].get("gap")

    def midnight(self, day):
        self.city.on(day).define_organisation("org:9", f"无关单位{day}")

    def test_row_14_and_55_more_than_thirteen_percent_at_every_level_of_region(self):
        for region in REGIONS:
            self.assertEqual(self.state("registered", region)[0], "no_data")
            self.figure("built_up_residents", region, 100)
            self.assertEqual(self.state("registered", region), ("not_met", 1), "恰好 13 %,不算达标")
        self.city.register("v:13")
        for region in REGIONS:
            self.assertEqual(self.state("registered", region), ("met", 0))
        self.midnight("2018-03-02")
        stored = {item["subject"]["id"]: item["state"] for item in self.ask("assessment.list", indicator="registered")["items"]}
        self.assertEqual([stored[region] for region in REGIONS], ["met"] * 4)
        page = self.clerk("report", "assessment", "--by", "county")
        self.assertIn("市统计局", page)
        self.assertIn("clerk:7", page)

    def test_row_16_what_is_lost_and_who_lags_is_an_alarm(self):
        self.city.on("2018-04-01")
        self.figure("built_up_residents", COUNTY, 200)  # the suburb was joined: 14 of 200
        self.midnight("2018-04-02")
        page = self.clerk("alert", "list", "--region", COUNTY, "--state", "raised")
        self.assertIn("由达标变为未达标", page)
        self.stored("plan.set", plan="plan:1", subject={"kind": "region", "id": OTHER_COUNTY}, measure="volunteers", target=1000,
                    due="2018-12-31")
        self.midnight("2018-04-03")
        self.assertIn("按此进度不能如期完成", self.clerk("alert", "list", "--region", OTHER_COUNTY))
        (alert,) = self.ask("alert.list", subject=COUNTY, code="fell_registered")["items"]
        self.clerk("alert", "acknowledge", alert["alert"], "--by", "clerk:2")
        forecast = self.by_name(self.report("forecast"), "注册")
        self.assertEqual(forecast["秦州区"]["needed"], 13, "还差 13 人才大于 13 %")
        self.assertEqual(self.ask("region.get", region=CITY)["counters"]["alerts_acknowledged"], 1)

    def test_row_17_the_distance_to_the_standard_and_to_brother_cities(self):
        self.city.on("2018-05-01")
        self.figure("built_up_residents", CITY, 1000)
        self.stored("peer.reported", peer="peer:qingyang", name="庆阳市", indicator="registered", value=14, whole=100,
                    as_of="2018-05-01", origin="省文明办通报", by="clerk:7")
        rows = {row["name"]: row for row in self.table(self.report("benchmark"), "建成区常住人口注册率")[0]}
        self.assertEqual((rows["庆阳市"]["rank"], rows["天水市"]["rank"]), (1, 2))
        self.assertEqual((rows["庆阳市"]["standing"], rows["庆阳市"]["needed"]), ("落后", 127), "14 人,要 141 人才高于 14 %")
        self.assertIn("庆阳市", self.clerk("report", "benchmark", "--indicator", "registered"))

    def test_row_52_56_and_57_units_city_and_districts_strictly(self):
        self.city.on("2018-06-01")
        title = {"subject": {"kind": "organisation", "id": "org:1"}, "title": "unit", "level": "municipal", "on": "2018-06-01"}
        self.stored("civilised_title.awarded", **title)
        self.figure("staff", "org:1", 26, kind="organisation")
        for subject, kind in ((CITY, "region"), (COUNTY, "region"), ("org:1", "organisation")):
            self.assertEqual(self.state("unit_staff", subject, kind), ("not_met", 1), "26 人中 13 人,恰好一半")
            self.assertEqual(self.state("party_members", subject, kind)[0], "no_data")
            self.figure("in_service_party_members", subject, 10, kind)
            self.assertEqual(self.state("party_members", subject, kind), ("not_met", 1), "10 人中 9 人,恰好 90 %")
        self.city.register("v:14", employer="org:1", party_status="in_service")
        for subject, kind in ((CITY, "region"), (COUNTY, "region"), ("org:1", "organisation")):
            self.assertEqual(self.state("unit_staff", subject, kind), ("met", 0))
            self.assertEqual(self.state("party_members", subject, kind), ("met", 0))
        rows = self.table(self.report("ranking", by="unit"), "市级文明单位")[0]
        self.assertEqual([(row["rank"], row["name"], row["state"], row["gap"]) for row in rows], [(1, "天水市文明办", "met", 0)])
        self.assertIn("天水市文明办", self.clerk("report", "ranking", "--by", "unit", "--compare", "2018-05"))
        self.assertIn("党政机关", self.clerk("report", "ranking", "--by", "class"))

    def test_row_65_titles_rest_on_the_assessment_at_award_and_at_review(self):
        self.city.on("2018-07-01")
        text = (ROOT / "scripts" / "examples" / "evaluation.lua").read_text(encoding="utf-8")
        self.ask("policy.activate", text=text, by="clerk:1", effective="2018-07-01")
        self.ask("policy.set", policy="assessment", parameters={"veto": ["registered"]}, **{"from": "2018-07-01"}, by="clerk:1")
        self.midnight("2018-07-02")
        title = {"subject": {"kind": "region", "id": OTHER_COUNTY}, "title": "city", "level": "provincial", "on": "2018-07-02"}
        self.assertIn("registered", self.refused("wrong_state", "data.subject.id", "civilised_title.awarded", **title))
        self.figure("built_up_residents", OTHER_COUNTY, 1)
        self.city.register("m:1", region="620503001001")
        self.stored("evidence.submitted", evidence="evi:1", subject=title["subject"], item="awareness", method="questionnaire", value=95,
                    whole=100, note="入户问卷", on="2018-07-02", by="clerk:1")
        self.clerk("evidence", "review", "evi:1", "accepted", "--by", "clerk:2")
        self.midnight("2018-07-03")
        self.stored("civilised_title.awarded", **{**title, "on": "2018-07-03"})
        self.stored("civilised_title.reviewed", **{**title, "on": "2018-07-03", "outcome": "passed"})
        for step in self.ask("civilised_title.get", civilised_title=f"city/region/{OTHER_COUNTY}")["history"]:
            states = {item["id"]: (item["state"], item.get("score")) for item in step["indicators"]}
            self.assertEqual((states["registered"][0], states["evaluation_awareness"]), ("met", ("A", 600)))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
