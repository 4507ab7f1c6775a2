"""get and list of every noun, region.tree and report.stars: what they answer and what they refuse."""
import unittest

from small_city import (CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, OTHER_TOWNSHIP,
                        SECOND_COMMUNITY, TOWNSHIP, QueryTest)

class NounTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        city.register("v:1", party_status="in_service", employer="org:1")
        city.register("v:2", SECOND_COMMUNITY)
        city.register("v:3", OTHER_COMMUNITY, employer="org:2", party_status="retired")
        city.register_unknown("v:4", OTHER_COMMUNITY)
        city.send("volunteer.withdrawn", {"volunteer": "v:4"})
        city.register_unknown("v:5", SECOND_COMMUNITY)
        city.publish_activity("act:2", OTHER_COMMUNITY, organisation="org:2", category="elderly")
        city.send("activity.cancelled", {"activity": "act:2", "reason": "下雨"})
        city.serve_days("v:1", 9)
        city.serve("r:1", "v:2", 3, activity="act:1", role="队长", quantities={"树": 12})
        city.serve("r:2", "v:2", 3, starts=10)  # overlaps r:1
        city.serve("r:3", "v:3", 4, organisation="org:2", starts=9, hours=2)


class RegionTest(NounTest):
    def test_get_tells_attributes_path_and_counters(self):
        region = self.ask("region.get", region=COMMUNITY)
        self.assertEqual(region["name"], "进步巷社区居委会")
        self.assertEqual(region["level"], "community")
        self.assertEqual(region["parent"], TOWNSHIP)
        self.assertEqual(region["path"], ["天水市", "秦州区", "大城街道", "进步巷社区居委会"])
        counters = region["counters"]
        self.assertEqual(counters["volunteers"], 1)
        self.assertEqual(counters["in_service_party_members"], 1)
        self.assertEqual(counters["stars"], [0, 1, 0, 0, 0, 0])
        self.assertEqual(counters["records"], 10)
        self.assertEqual(counters["minutes"], 9 * 720 + 240)
        self.assertEqual(counters["held"], 1)
        self.assertEqual(counters["activities"], 1)
        self.assertGreater(region["sequence"], 0)

    def test_parents_count_what_lies_below(self):
        counters = self.ask("region.get", region=CITY)["counters"]
        self.assertEqual(counters["volunteers"], 3)
        self.assertEqual(sum(counters["stars"]), 3)
        self.assertEqual(counters["minutes"], 9 * 720 + 240 + 120)

    def test_get_refuses_an_unknown_region(self):
        self.refuse("unknown_region", "region", "region.get", region="620599000000")

    def test_list_by_parent_level_and_name(self):
        self.assertEqual(self.ids("region.list", "region"),
                         [CITY, COUNTY, OTHER_COUNTY, TOWNSHIP, OTHER_TOWNSHIP, COMMUNITY,
                          SECOND_COMMUNITY, OTHER_COMMUNITY])
        self.assertEqual(self.ids("region.list", "region", parent=CITY), [COUNTY, OTHER_COUNTY])
        self.assertEqual(self.ids("region.list", "region", level="township"),
                         [TOWNSHIP, OTHER_TOWNSHIP])
        self.assertEqual(self.ids("region.list", "region", name="光明"), [SECOND_COMMUNITY])
        self.assertEqual(self.ids("region.list", "region", name="光明", level="city"), [])

    def test_list_refuses_words_that_are_none(self):
        error = self.refuse("out_of_range", "level", "region.list", level="province")
        self.assertIn("city, county, township, community", error.message)
        self.refuse("unknown_region", "parent", "region.list", parent="nowhere")

    def test_tree_nests_down_to_a_depth(self):
        tree = self.ask("region.tree")
        self.assertEqual((tree["region"], tree["level"], tree["volunteers"]), (CITY, "city", 3))
        self.assertEqual([child["region"] for child in tree["children"]], [COUNTY, OTHER_COUNTY])
        county = tree["children"][0]
        self.assertEqual(county["children"][0]["children"][0]["name"], "进步巷社区居委会")
        self.assertEqual(county["minutes"], 9 * 720 + 240)
        self.assertEqual(self.ask("region.tree", region=COUNTY, depth=0)["children"], [])
        shallow = self.ask("region.tree", depth=1)
        self.assertEqual([child["children"] for child in shallow["children"]], [[], []])

    def test_tree_refuses(self):
        self.refuse("unknown_region", "region", "region.tree", region="nowhere")
        self.refuse("out_of_range", "depth", "region.tree", depth=4)
        self.refuse("out_of_range", "depth", "region.tree", depth=-1)


class OrganisationTest(NounTest):
    def test_get_tells_attributes_and_counters_but_nothing_sealed(self):
        organisation = self.ask("organisation.get", organisation="org:1")
        self.assertEqual(organisation["name"], "天水市文明办")
        self.assertEqual(organisation["sealed"], ["contact"])
        self.assertNotIn("contact", organisation)
        self.assertEqual(organisation["counters"]["volunteers"], 1)
        self.assertEqual(organisation["counters"]["records"], 10)
        self.assertEqual(organisation["counters"]["activities"], 1)

    def test_list_filters(self):
        self.assertEqual(self.ids("organisation.list", "organisation"), ["org:1", "org:2"])
        self.assertEqual(self.ids("organisation.list", "organisation", region=COUNTY), ["org:1"])
        self.assertEqual(self.ids("organisation.list", "organisation", kind="public_institution"),
                         ["org:2"])
        self.assertEqual(self.ids("organisation.list", "organisation", name="税务"), ["org:2"])

    def test_refusals(self):
        self.refuse("unknown_organisation", "organisation", "organisation.get", organisation="x")
        self.refuse("unknown_region", "region", "organisation.list", region="x")
        error = self.refuse("out_of_range", "kind", "organisation.list", kind="club")
        self.assertIn("party_branch", error.message)


class VolunteerTest(NounTest):
    def test_get_tells_attributes_stars_and_totals(self):
        volunteer = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual(volunteer["region"], COMMUNITY)
        self.assertEqual(volunteer["party_status"], "in_service")
        self.assertEqual(volunteer["state"], "registered")
        self.assertEqual(volunteer["stars"], 1)
        self.assertEqual(volunteer["stars_since"], self.city.today.date().isoformat())
        self.assertEqual(volunteer["registered_on"], self.city.today.date().isoformat())
        self.assertEqual((volunteer["minutes"], volunteer["records"], volunteer["held"]),
                         (9 * 720, 9, 0))
        self.assertEqual(volunteer["first_service_on"], self.city.at(10, 0)[:10])
        self.assertEqual(volunteer["last_service_on"], self.city.at(2, 0)[:10])
        self.assertIn(self.city.today.year - 1990 - volunteer["age"], (0, 1))

    def test_what_is_sealed_is_only_named(self):
        volunteer = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual(volunteer["sealed"], ["identity"])
        self.assertNotIn("identity", volunteer)
        self.assertNotIn("无名", str(self.ask("volunteer.list")))

    def test_what_is_not_known_is_null(self):
        volunteer = self.ask("volunteer.get", volunteer="v:4")
        self.assertEqual(volunteer["state"], "withdrawn")
        for name in ("stars_since", "first_service_on", "last_service_on", "age"):
            self.assertIsNone(volunteer[name], name)
        self.assertNotIn("sealed", volunteer)

    def test_list_by_region_of_any_level(self):
        self.assertEqual(self.ids("volunteer.list", "volunteer", region=COUNTY),
                         ["v:1", "v:2", "v:5"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", region=SECOND_COMMUNITY),
                         ["v:2", "v:5"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", region=CITY),
                         ["v:1", "v:2", "v:3", "v:4", "v:5"])

    def test_list_by_employer_stars_state_and_party_status(self):
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="org:2"), ["v:3"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", stars=1), ["v:1"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", state="withdrawn"), ["v:4"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", state="held"), ["v:5"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", party_status="retired"), ["v:3"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", stars=0, region=COUNTY),
                         ["v:2", "v:5"])

    def test_refusals(self):
        self.refuse("unknown_volunteer", "volunteer", "volunteer.get", volunteer="v:9")
        self.refuse("unknown_region", "region", "volunteer.list", region="x")
        self.refuse("unknown_organisation", "employer", "volunteer.list", employer="x")
        self.refuse("out_of_range", "stars", "volunteer.list", stars=6)
        self.refuse("out_of_range", "stars", "volunteer.list", stars=-1)
        error = self.refuse("out_of_range", "state", "volunteer.list", state="asleep")
        self.assertIn("registered, held, withdrawn", error.message)
        self.refuse("out_of_range", "party_status", "volunteer.list", party_status="maybe")


class PageTest(NounTest):
    def test_pages_join_to_the_whole_list(self):
        seen, cursor = [], None
        for _ in range(10):
            page = self.ask("volunteer.list", limit=1, **({"cursor": cursor} if cursor else {}))
            self.assertEqual(len(page["items"]), 1)
            seen.append(page["items"][0]["volunteer"])
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(seen, ["v:1", "v:2", "v:3", "v:4", "v:5"])

    def test_a_last_page_has_no_next(self):
        self.assertIsNone(self.ask("volunteer.list", limit=5)["next"])

    def test_lists_of_things_and_of_one_persons_records_page_too(self):
        page = self.ask("organisation.list", limit=1)
        rest = self.ask("organisation.list", cursor=page["next"])
        self.assertEqual([item["organisation"] for item in rest["items"]], ["org:2"])
        page = self.ask("record.list", volunteer="v:1", limit=4)
        rest = self.ask("record.list", volunteer="v:1", cursor=page["next"])
        self.assertEqual((len(page["items"]), len(rest["items"])), (4, 5))

    def test_refusals(self):
        for limit in (0, -1, 1001):
            self.refuse("out_of_range", "limit", "volunteer.list", limit=limit)
        for cursor in ("", "x", "-1", "99999999999", "4294967295", "1 "):
            self.refuse("out_of_range", "cursor", "volunteer.list", cursor=cursor)


class ActivityTest(NounTest):
    def test_get_tells_attributes_and_state(self):
        activity = self.ask("activity.get", activity="act:1")
        self.assertEqual(activity["title"], "清理河堤")
        self.assertEqual(activity["state"], "published")
        self.assertEqual(self.ask("activity.get", activity="act:2")["state"], "cancelled")

    def test_list_filters(self):
        self.assertEqual(self.ids("activity.list", "activity"), ["act:1", "act:2"])
        self.assertEqual(self.ids("activity.list", "activity", region=OTHER_COUNTY), ["act:2"])
        self.assertEqual(self.ids("activity.list", "activity", organisation="org:1"), ["act:1"])
        self.assertEqual(self.ids("activity.list", "activity", category="elderly"), ["act:2"])
        self.assertEqual(self.ids("activity.list", "activity", state="published"), ["act:1"])

    def test_refusals(self):
        self.refuse("unknown_activity", "activity", "activity.get", activity="x")
        self.refuse("unknown_region", "region", "activity.list", region="x")
        self.refuse("unknown_organisation", "organisation", "activity.list", organisation="x")
        error = self.refuse("out_of_range", "category", "activity.list", category="gardening")
        self.assertIn("lei_feng", error.message)
        self.refuse("out_of_range", "state", "activity.list", state="open")
        self.assertEqual(self.ids("activity.list", "activity", state="closed"), [])


class RecordTest(NounTest):
    def test_get_tells_what_was_recorded_and_what_counts(self):
        record = self.ask("record.get", record="r:1")
        self.assertEqual((record["volunteer"], record["activity"], record["organisation"]),
                         ("v:2", "act:1", "org:1"))
        self.assertEqual(record["starts"], self.city.at(3, 8))
        self.assertEqual(record["ends"], self.city.at(3, 12))
        self.assertEqual((record["minutes"], record["counted_minutes"]), (240, 240))
        self.assertEqual((record["method"], record["category"]), ("automatic", "ecology"))
        self.assertEqual((record["state"], record["recorder"]), ("accepted", "clerk:1"))
        self.assertEqual((record["role"], record["quantities"]), ("队长", {"树": 12}))
        self.assertGreater(record["decision"], record["recorded_sequence"])
        self.assertLessEqual(record["decision"], record["sequence"])
        self.assertRegex(record["entered"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*\+08:00$")

    def test_a_held_record_says_why(self):
        record = self.ask("record.get", record="r:2")
        self.assertEqual((record["state"], record["counted_minutes"]), ("held", 0))
        self.assertTrue(record["findings"])
        for finding in record["findings"]:
            self.assertTrue(finding["code"] and finding["text"])
        self.assertEqual(self.ask("record.list", state="held")["items"][0]["findings"],
                         record["findings"])

    def test_list_filters(self):
        self.assertEqual(len(self.ids("record.list", "record")), 12)
        self.assertEqual(self.ids("record.list", "record", volunteer="v:2"), ["r:1", "r:2"])
        self.assertEqual(self.ids("record.list", "record", activity="act:1"), ["r:1"])
        self.assertEqual(self.ids("record.list", "record", organisation="org:2"), ["r:3"])
        self.assertEqual(self.ids("record.list", "record", region=OTHER_TOWNSHIP), ["r:3"])
        self.assertEqual(self.ids("record.list", "record", state="held"), ["r:2"])
        self.assertEqual(self.ids("record.list", "record", state="accepted", volunteer="v:2"),
                         ["r:1"])
        self.assertEqual(self.ids("record.list", "record", state="held", region=OTHER_COUNTY), [])

    def test_refusals(self):
        self.refuse("unknown_record", "record", "record.get", record="r:9")
        self.refuse("unknown_volunteer", "volunteer", "record.list", volunteer="x")
        self.refuse("unknown_activity", "activity", "record.list", activity="x")
        self.refuse("unknown_organisation", "organisation", "record.list", organisation="x")
        self.refuse("unknown_region", "region", "record.list", region="x")
        error = self.refuse("out_of_range", "state", "record.list", state="lost")
        self.assertIn("pending, accepted, held, refused, revoked", error.message)


class CarriedOverTest(QueryTest):
    """Totals of earlier years: records without hours of the day."""

    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_city(cls.addClassCleanup)
        city.define_basics()
        city.register("v:1")
        city.register("v:2", OTHER_COMMUNITY)
        city.serve("r:1", "v:1", 3)
        for record, volunteer, more in (("c:1", "v:1", {"system": "national"}), ("c:2", "v:2", {})):
            city.send("service.carried_over", {
                "record": record, "volunteer": volunteer, "minutes": 6000, "from": "2015-01-01", "to": "2016-12-31",
                "organisation": "org:1", "evidence": "登记册", **more})
        city.send("service.corrected", {"record": "c:1", "minutes": 5400, "reason": "多计", "by": "clerk:2"})
        city.send("service.revoked", {"record": "c:2", "reason": "重复", "by": "clerk:2"})

    def test_get_tells_days_and_system_instead_of_hours(self):
        record = self.ask("record.get", record="c:1")
        self.assertEqual((record["carried"], record["from"], record["to"], record["system"], record["evidence"]),
                         (True, "2015-01-01", "2016-12-31", "national", "登记册"))
        self.assertEqual((record["minutes"], record["counted_minutes"], record["corrected"], record["state"]),
                         (5400, 5400, 1, "accepted"))
        for name in ("starts", "ends", "method"):
            self.assertNotIn(name, record)
        self.assertNotIn("carried", self.ask("record.get", record="r:1"))

    def test_a_revoked_one_says_why(self):
        record = self.ask("record.get", record="c:2")
        self.assertEqual((record["state"], record["counted_minutes"], record["reason"], record["system"]),
                         ("revoked", 0, "重复", None))

    def test_list_filters(self):
        self.assertEqual(self.ids("record.list", "record"), ["r:1", "c:1", "c:2"])
        self.assertEqual(self.ids("record.list", "record", carried=True), ["c:1", "c:2"])
        self.assertEqual(self.ids("record.list", "record", carried=False), ["r:1"])
        self.assertEqual(self.ids("record.list", "record", volunteer="v:1"), ["r:1", "c:1"])
        self.assertEqual(self.ids("record.list", "record", volunteer="v:1", carried=True), ["c:1"])
        self.assertEqual(self.ids("record.list", "record", organisation="org:1", state="revoked"), ["c:2"])
        self.refuse("wrong_type", "carried", "record.list", carried="yes")

    def test_they_count_apart(self):
        volunteer = self.ask("volunteer.get", volunteer="v:1")
        self.assertEqual((volunteer["minutes"], volunteer["carried_minutes"]), (240, 5400))
        self.assertEqual(self.ask("organisation.get", organisation="org:1")["counters"]["carried_minutes"], 5400)


class ReportTest(NounTest):
    def test_stars_by_county(self):
        report = self.ask("report.stars")
        self.assertEqual((report["region"], report["by"]), (CITY, "county"))
        self.assertEqual([(row["region"], row["name"]) for row in report["rows"]],
                         [(COUNTY, "秦州区"), (OTHER_COUNTY, "麦积区")])
        first, second = report["rows"]
        self.assertEqual((first["volunteers"], first["records"], first["held"]), (2, 10, 1))
        self.assertEqual(first["stars"], [1, 1, 0, 0, 0, 0])
        self.assertEqual(second["minutes"], 120)
        for name in ("volunteers", "minutes", "records", "held"):
            self.assertEqual(report["total"][name], first[name] + second[name], name)
        self.assertTrue(report["title"])

    def test_stars_by_lower_levels_and_within_a_region(self):
        report = self.ask("report.stars", by="community", region=COUNTY)
        self.assertEqual([row["region"] for row in report["rows"]], [COMMUNITY, SECOND_COMMUNITY])
        self.assertEqual(report["total"]["name"], "秦州区")
        self.assertEqual(self.ask("report.stars", region=COUNTY)["by"], "township")
        self.assertEqual(len(self.ask("report.stars", by="township")["rows"]), 2)

    def test_refusals(self):
        self.refuse("unknown_region", "region", "report.stars", region="x")
        error = self.refuse("out_of_range", "by", "report.stars", by="month")
        self.assertIn("county, township, community", error.message)
        self.refuse("out_of_range", "by", "report.stars", by="county", region=TOWNSHIP)


class EmptyCityTest(QueryTest):
    """Before anything was published."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)

    def test_lists_are_empty(self):
        for noun in ("region", "organisation", "volunteer", "activity", "record"):
            answer = self.ask(f"{noun}.list")
            self.assertEqual((answer["items"], answer["next"]), ([], None), noun)

    def test_reports_say_that_the_city_is_not_defined(self):
        self.refuse("unknown_region", "region", "report.stars")
        self.refuse("unknown_region", "region", "region.tree")


if __name__ == "__main__":
    unittest.main()
