"""常态化、专业化、品牌化; 广覆盖、多层次、宽领域; 由青年为主向全体社会成员共同参与转变; 由阶段性为主向经常性转变: three years of one small city, which began
with students in March and goes on with everybody the whole year. Nobody is walked over for it: the reports read counters."""

import datetime
import unittest

import mission  # noqa: F401
from harness import CITY, COMMUNITY, COUNTY
from paper import PaperCity
from ruled_city import acceptance
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY


class HowItChangesTest(PaperCity):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup, policies=None)
        cls.serials = iter(range(1, 1000))
        city.on("2016-01-04").define_regions()
        city.daemon.query("policy.activate", text=acceptance(), by="clerk:1", effective="2010-01-01")
        city.define_organisation("org:city", "市文明办", region=CITY)
        city.define_organisation("org:county", "秦州区团委", region=COUNTY)
        city.define_organisation("org:1", "进步巷社区居委会", region=COMMUNITY, kind="self_governing")
        # 2016: four students, who serve in March, and once more in October.
        cls.people("1995-05", 4, occupation="student")
        for day in ("2016-03-05", "2016-03-06", "2016-03-07", "2016-03-08", "2016-10-09"):
            cls.serve("v:1", day, COMMUNITY)
        # 2017: two in their forties and somebody retired join; half of the service is March's.
        city.on("2017-02-01")
        cls.people("1975-05", 2, occupation="civil_servant")
        cls.people("1955-05", 1, occupation="retired")
        for day in ("2017-03-05", "2017-03-06", "2017-05-01", "2017-09-10"):
            cls.serve("v:2", day, COMMUNITY)
        # 2018: farmers, too; service in each month at one community, in three of them at the other.
        city.on("2018-01-02")
        cls.people("1985-05", 5, occupation="farmer")
        cls.found()
        for month in range(1, 13):
            cls.hold(f"act:{month}", f"2018-{month:02}-10", COMMUNITY, "org:1", project="p:lasting", domains=["环境保护"])
            cls.serve("v:3", f"2018-{month:02}-12", COMMUNITY, activity=f"act:{month}")
            if month in (3, 6, 12):
                cls.serve("v:4", f"2018-{month:02}-14", SECOND_COMMUNITY)
        cls.hold("act:fair", "2018-12-20", OTHER_COMMUNITY, "org:city", project="p:paused", domains=["环境保护", "法律咨询"])
        cls.hold("act:law", "2018-12-21", SECOND_COMMUNITY, "org:county", domains=["法律咨询"])
        city.on("2018-12-31").define_organisation("org:9", "岁末")

    @classmethod
    def people(cls, born, number, **more):
        for _ in range(number):
            cls.city.send("volunteer.registered", {"volunteer": f"v:{next(cls.serials)}", "region": COMMUNITY, "born": born, **more})

    @classmethod
    def serve(cls, volunteer, day, region, **more):
        """Two hours; where there is no activity, at one of the community's that nobody classified."""
        if "activity" not in more:
            more["activity"] = f"act:{region}:{day}"
            cls.hold(more["activity"], day, region, "org:1")
        cls.city.on(day).send("service.recorded", {
            "record": f"r:{next(cls.serials)}", "volunteer": volunteer, "organisation": "org:1", "method": "code", "recorder": "clerk:1",
            "starts": f"{day}T08:00:00+08:00", "ends": f"{day}T10:00:00+08:00", **more})

    @classmethod
    def hold(cls, name, day, region, organisation, **more):
        """Published the day before."""
        eve = datetime.date.fromisoformat(day) - datetime.timedelta(days=1)
        cls.city.on(eve.isoformat()).publish_activity(
            name, region, starts=f"{day}T08:00:00+08:00", ends=f"{day}T12:00:00+08:00", **{"organisation": organisation, **more})

    @classmethod
    def found(cls):
        """A rescue team of three, of whom two hold what it asks for; two brands."""
        send = cls.city.send
        send("team.formed", {"team": "t:rescue", "name": "救援队", "category": "other", "region": COMMUNITY, "legal_status": "registered",
                             "professional": True, "qualifications": ["急救员"]})
        for name, until in (("v:1", "2020-01-01"), ("v:2", "2020-01-01"), ("v:3", "2018-06-30")):
            send("team.joined", {"team": "t:rescue", "volunteer": name})
            send("qualification.recorded", {"volunteer": name, "qualification": "急救员", "valid_until": until})
        for name in ("p:lasting", "p:paused"):
            send("project.defined", {"project": name, "title": name, "category": "ecology", "organisation": "org:county", "brand": True})

    # ---- 44 ----

    def maturity(self, **params):
        rows, total = self.table(self.report("maturity", **params), "常态化、专业化、品牌化")
        return {row["region"]: row for row in rows}, total

    def test_three_indices_say_how_regular_professional_and_lasting_service_is(self):
        rows, total = self.maturity(by="county")
        self.assertEqual((total["communities"], total["regular"], total["regular_rate"]), (3, 1, [1, 3]))
        self.assertEqual((total["professional_teams"], total["members"], total["qualified"], total["professional_rate"]), (1, 3, 2, [2, 3]))
        self.assertEqual((total["brands"], total["ongoing"], total["brand_rate"]), (2, 1, [1, 2]))
        self.assertEqual((rows[COUNTY]["regular_rate"], rows[COUNTY]["brand_rate"]), ([1, 2], [1, 2]))
        self.assertEqual((rows[OTHER_COUNTY]["regular_rate"], rows[OTHER_COUNTY]["professional_rate"], rows[OTHER_COUNTY]["brand_rate"]),
                         ([0, 1], [0, 0], [0, 0]))
        # The city decides how many months are regular, and how long a brand goes on.
        self.assertEqual(self.maturity(active=3)[1]["regular"], 2)
        self.assertEqual(self.maturity(months=6, active=6)[1]["regular"], 1)
        self.assertEqual(self.maturity(brand_months=1)[1]["ongoing"], 2)
        self.assertEqual(self.maturity(as_of="2017-12-31")[1]["regular"], 0)
        self.refuse("out_of_range", "active", "report.maturity", months=6, active=7)
        page = self.clerk("report", "maturity", "--by", "county", "--active", "3")
        for text in ("常态化", "66.66%", "至少3个月有服务记录", "秦州区"):
            self.assertIn(text, page)

    # ---- 48 ----

    def test_domains_are_seen_by_how_wide_and_on_how_many_levels_they_are(self):
        document = self.report("matrix", by="domain")
        wide = {row["title"]: row for row in self.table(document, "覆盖面（有活动的区划）")[0]}
        high = {row["title"]: row for row in self.table(document, "层级（主办组织所在的层级）")[0]}
        self.assertEqual([wide["环境保护"][level] for level in ("county", "township", "community")], [[2, 2], [2, 2], [2, 3]])
        self.assertEqual([wide["法律咨询"][level] for level in ("county", "community")], [[2, 2], [2, 3]])
        self.assertEqual([high["环境保护"][level] for level in ("city", "county", "township", "community")], [1, 0, 0, 12])
        self.assertEqual([high["法律咨询"][level] for level in ("city", "county", "township", "community")], [1, 1, 0, 0])
        self.assertEqual(wide["抢险救灾"]["community"], [0, 3], "what nobody does is seen, too")
        of_county = self.table(self.report("matrix", by="domain", region=COUNTY), "覆盖面（有活动的区划）")[0]
        self.assertEqual([row["community"] for row in of_county if row["title"] == "法律咨询"], [[1, 2]])
        self.assertIn("覆盖面", self.clerk("report", "matrix", "--by", "domain"))

    # ---- 59 ----

    def test_the_share_of_the_young_falls_as_everybody_takes_part(self):
        rows, _ = self.table(self.report("trend", by="age"), "历年末")
        self.assertEqual([(row["date"], row["volunteers"]) for row in rows], [("2016-12-31", 4), ("2017-12-31", 7), ("2018-12-31", 12)])
        # Who was born in the 1990s is under 35 for certain; who was in the 1980s may be.
        self.assertEqual([row["young_least"] for row in rows], [[4, 4], [4, 7], [4, 12]])
        self.assertEqual([row["young_most"] for row in rows], [[4, 4], [4, 7], [9, 12]])
        rows, _ = self.table(self.report("trend", by="occupation"), "历年末")
        titles = {column["title"]: column["name"] for section in self.report("trend", by="occupation")["sections"]
                  if section["title"] == "历年末" for column in section["columns"]}
        self.assertEqual([row[titles["学生"]] for row in rows], [[4, 4], [4, 7], [4, 12]])
        page = self.clerk("report", "trend", "--by", "age")
        for text in ("历年末", "57.14%", "35岁以下至少"):
            self.assertIn(text, page)

    # ---- 60 ----

    def test_march_gives_way_to_the_whole_year(self):
        rows, _ = self.table(self.report("trend", by="month"), "历年")
        self.assertEqual([(row["year"], row["active_months"], row["peak"]) for row in rows],
                         [("2016", 2, "3月"), ("2017", 3, "3月"), ("2018", 12, "3月")])
        self.assertEqual([row["march_share"] for row in rows], [[480, 600], [240, 480], [240, 1800]])
        self.assertEqual([row["year"] for row in self.table(self.report("trend", by="month", as_of="2017-06-30"), "历年")[0]], ["2016", "2017"])
        self.assertTrue("三月占全年" in self.clerk("report", "trend", "--by", "month", "--format", "svg"))


if __name__ == "__main__":
    unittest.main()
