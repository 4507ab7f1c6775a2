"""assessment.get, report.assessment, bulletin.preview and bulletin.issue, by policies of the test's own."""
import concurrent.futures
import json
import pathlib
import shutil
import tempfile
import unittest

from harness import ROOT, eventually
from small_city import CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, QueryTest

ASSESSMENT = """return {
  name = "assessment", kind = "assessment", title = "测评",
  texts = { missing = "还差 %d 人" },
  parameters = { ["2018-01-01"] = { percent = 20 } },
  decide = function(subject, parameters, context)
    local part, whole = subject:count("volunteers"), subject:figure(context.subject == "region"
      and "built_up_residents" or "staff")
    local state = "no_data"
    if whole and whole > 0 then
      state = 100 * part > parameters.percent * whole and "met" or "not_met"
      finding("missing", parameters.percent * whole // 100 + 1 - part)
    end
    return { indicators = { { id = "registered", title = "注册率", target = parameters.percent, state = state,
      value = part, evidence = { numerator = part, denominator = whole, gap = 7 } } } }
  end,
  cases = { { name = "空", given = {}, expect = {} } },
}
"""

FAILING = """return {
  name = "failing", kind = "assessment", title = "坏规则", parameters = {},
  decide = function(subject, parameters, context)
    return { indicators = subject:count("volunteers") > 0 and 1 or {} }
  end,
  cases = { { name = "空", given = {}, expect = {} } },
}
"""

BULLETIN = """return {
  name = "bulletin_registration", kind = "bulletin", title = "注册通报", parameters = {},
  decide = function(region, parameters, context)
    local rows = {}
    for i, child in ipairs(region.children) do
      rows[i] = { name = child.name, registered = child:count("volunteers") }
    end
    return { title = "志愿者注册情况通报", subtitle = context.period, sections = { { title = "各县区",
      columns = { { name = "name", title = "县区", kind = "text" },
                  { name = "registered", title = "注册", kind = "number" } },
      rows = rows, total = { registered = region:count("volunteers") } } }, text = { "完" } }
  end,
  cases = { { name = "空", given = {}, expect = {} } },
}
"""

class BulletinTest(QueryTest):
    """Two people on 20 August 2018, one more on 10 September; the clock stands on 5 October."""

    config = {}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        cls.addClassCleanup(folder.cleanup)
        policies = pathlib.Path(folder.name)
        for name in ("registration", "acceptance", "star_rating"):
            shutil.copy(ROOT / "scripts" / "policies" / f"{name}.lua", policies)
        for name, text in (("assessment", ASSESSMENT), ("bulletin_registration", BULLETIN)):
            (policies / f"{name}.lua").write_text(text)
        cls.city = city = cls.start_dated_city(cls.addClassCleanup, cls.config, policies=policies)
        city.define_regions()
        city.define_organisation("org:1", "天水市文明办")
        city.define_organisation("org:2", "麦积区税务局", region=OTHER_COMMUNITY, kind="public_institution")
        for region, value in ((CITY, 15), (COUNTY, 10)):
            cls.figure("built_up_residents", "region", region, value)
        cls.figure("staff", "organisation", "org:1", 2)
        for organisation, level in (("org:1", "municipal"), ("org:2", "county")):
            city.send("civilised_title.awarded", {
                "subject": {"kind": "organisation", "id": organisation}, "title": "unit", "level": level,
                "on": "2018-01-01"})
        city.on("2018-08-20")
        city.register("v:1", employer="org:1")
        city.register("v:2", OTHER_COMMUNITY)
        city.on("2018-09-10")
        city.register("v:3")
        city.on("2018-10-05")
        cls.figure("built_up_residents", "region", CITY, 30, "2018-10-01")

    @classmethod
    def figure(cls, figure, kind, subject, value, as_of="2018-01-01"):
        cls.city.send("figure.reported", {"figure": figure, "subject": {"kind": kind, "id": subject}, "value": value,
                                          "as_of": as_of, "origin": "统计局"})


class AssessmentTest(BulletinTest):
    def test_every_policy_answers_with_its_indicators_and_findings(self):
        answer = self.ask("assessment.get", subject_kind="region", subject=COUNTY)
        self.assertEqual(answer["subject"], {"kind": "region", "id": COUNTY, "name": "秦州区"})
        self.assertEqual(answer["as_of"], "2018-10-05")
        (policy,) = answer["policies"]
        self.assertEqual((policy["policy"], policy["revision"]), ("assessment", "assessment:1"))
        (indicator,) = policy["indicators"]
        self.assertEqual((indicator["id"], indicator["value"], indicator["state"]), ("registered", 2, "not_met"))
        self.assertEqual(policy["findings"], [{"code": "missing", "value": 1, "text": "还差 1 人"}])

    def test_a_past_day_is_as_it_was_known_then(self):
        def city(**params):
            indicator = self.ask("assessment.get", subject=CITY, **params)["policies"][0]["indicators"][0]
            return indicator["evidence"]["numerator"], indicator["evidence"].get("denominator"), indicator["state"]
        self.assertEqual(city(), (3, 30, "not_met"))
        self.assertEqual(city(as_of="2018-10-04"), (3, 15, "not_met"))
        self.assertEqual(city(as_of="2018-08-19"), (0, 15, "not_met"))

    def test_a_unit(self):
        answer = self.ask("assessment.get", subject_kind="organisation", subject="org:1")
        self.assertEqual(answer["policies"][0]["indicators"][0]["state"], "met")
        self.assertEqual(self.ask("assessment.get", assessment="organisation/org:1"), answer)
        answer = self.ask("assessment.get", subject="org:2")
        self.assertEqual(answer["policies"][0]["indicators"][0]["state"], "no_data")

    def test_refusals(self):
        self.refuse("missing_field", "subject", "assessment.get", subject_kind="region")
        self.refuse("missing_field", "subject", "assessment.get")
        for wrong in ("region", "region/", "volunteer/v:1", CITY):
            error = self.refuse("out_of_range", "assessment", "assessment.get", assessment=wrong)
            self.assertIn(f"region/{CITY}", error.message)
        self.refuse("unknown_region", "assessment", "assessment.get", assessment="region/x")
        self.refuse("unknown_region", "subject", "assessment.get", subject_kind="region", subject="x")
        self.refuse("unknown_subject", "subject", "assessment.get", subject="x")
        self.refuse("out_of_range", "subject_kind", "assessment.get", subject_kind="volunteer", subject="v:1")
        self.refuse("in_future", "as_of", "assessment.get", subject=CITY, as_of="2018-10-06")

    def test_ranking_goes_by_the_target_that_is_in_force(self):
        document = self.ask("report.ranking")["document"]
        self.assertEqual(document["series"][0]["target"], 20)
        self.assertEqual(document["sections"][0]["total"][-1], 4)


class AssessmentListTest(BulletinTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The midnights of the events' clock have assessed everyone; so does the figure.
        cls.figure("built_up_residents", "region", COUNTY, 9, "2018-10-02")
        eventually(lambda: cls.city.daemon.query("assessment.list", subject=COUNTY, state="met")["items"],
                   "the county to be assessed")

    def states(self, **params):
        return {item["subject"]["id"]: item["state"] for item in self.ask("assessment.list", **params)["items"]}

    def test_the_last_known_state_of_each_indicator(self):
        self.assertEqual(self.states(), {CITY: "not_met", COUNTY: "met", OTHER_COUNTY: "no_data", "org:1": "met",
                                         "org:2": "no_data"})
        (item,) = self.ask("assessment.list", subject=COUNTY)["items"]
        self.assertEqual((item["indicator"], item["value"], item["target"], item["since"]),
                         ("registered", 2, 20, "2018-10-05"))
        self.assertEqual(item["subject"], {"kind": "region", "id": COUNTY, "name": "秦州区"})
        (event,) = self.ask("journal.read", after=item["sequence"] - 1, limit=1)["events"]
        self.assertEqual(event["type"], "assessment.changed")

    def test_filters(self):
        self.assertEqual(set(self.states(state="no_data")), {OTHER_COUNTY, "org:2"})
        self.assertEqual(set(self.states(subject_kind="organisation")), {"org:1", "org:2"})
        self.assertEqual(set(self.states(region=COUNTY)), {COUNTY, "org:1"})
        self.assertEqual(self.states(indicator="height"), {})
        self.assertEqual(set(self.states(subject_kind="region", subject=CITY)), {CITY})
        self.refuse("unknown_region", "region", "assessment.list", region="x")
        self.refuse("out_of_range", "cursor", "assessment.list", cursor="x")
        page = self.ask("assessment.list", limit=2)
        rest = self.ask("assessment.list", cursor=page["next"])
        self.assertEqual((len(page["items"]), len(rest["items"])), (2, 3))


class AssessmentReportTest(BulletinTest):
    def test_regions_and_units(self):
        document = self.ask("report.assessment")["document"]
        regions, units, sources = document["sections"]
        names = [column["name"] for column in sources["columns"]]
        self.assertEqual(sources["title"], "数据来源")
        self.assertIn(("秦州区", 10), {(row[names.index("name")], row[names.index("value")]) for row in sources["rows"]})
        self.assertTrue(all(row[names.index("origin")] for row in sources["rows"]))
        self.assertEqual([(column["name"], column["kind"]) for column in regions["columns"]],
                         [("region", "text"), ("name", "text"), ("registered", "percent"),
                          ("registered_state", "state"), ("registered_gap", "number")])
        self.assertEqual(regions["columns"][2]["title"], "注册率")
        self.assertEqual(regions["rows"], [[COUNTY, "秦州区", [2, 10], "not_met", 7],
                                           [OTHER_COUNTY, "麦积区", [1, None], "no_data", 7]])
        self.assertEqual(regions["total"], [CITY, "天水市", [3, 30], "not_met", 7])
        self.assertEqual(units["rows"], [["org:1", "天水市文明办", "市级", [1, 2], "met", 7],
                                         ["org:2", "麦积区税务局", "县级", [0, None], "no_data", 7]])

    def test_units_of_one_level_and_region(self):
        def units(**params):
            return [row[0] for row in self.ask("report.assessment", **params)["document"]["sections"][1]["rows"]]
        self.assertEqual(units(**{"class": "municipal"}), ["org:1"])
        self.assertEqual(units(region=OTHER_COUNTY), ["org:2"])
        self.assertEqual(units(region=OTHER_COUNTY, **{"class": "national"}), [])

    def test_a_past_day(self):
        document = self.ask("report.assessment", as_of="2018-08-31")["document"]
        self.assertEqual(document["sections"][0]["total"][2], [2, 15])
        self.assertEqual(document["sections"][0]["rows"][0][2], [1, 10])

    def test_refusals(self):
        self.refuse("out_of_range", "class", "report.assessment", **{"class": "world"})
        self.refuse("in_future", "as_of", "report.assessment", as_of="2030-01-01")


class FailingTest(BulletinTest):
    def test_a_policy_that_fails_is_named_and_the_others_answer(self):
        self.ask("policy.activate", text=FAILING)
        policies = {item["policy"]: item for item in self.ask("assessment.get", subject=CITY)["policies"]}
        self.assertIn("indicators", policies["failing"]["failure"])
        self.assertEqual(len(policies["assessment"]["indicators"]), 1)
        regions = self.ask("report.assessment")["document"]["sections"][0]
        self.assertIn("failing", regions["note"])
        self.assertEqual(regions["total"][2], [3, 30])


class PreviewTest(BulletinTest):
    def preview(self, **params):
        return self.ask("bulletin.preview", kind="registration", **params)

    def test_the_period_is_the_month_of_the_day(self):
        preview = self.preview()
        self.assertEqual((preview["kind"], preview["region"], preview["as_of"], preview["period"], preview["revision"]),
                         ("registration", CITY, "2018-10-05", "2018-10", "bulletin_registration:1"))
        document = preview["document"]
        self.assertEqual((document["title"], document["subtitle"], document["as_of"], document["period"],
                          document["region"]),
                         ("志愿者注册情况通报", "2018-10", "2018-10-05", "2018-10", {"region": CITY, "name": "天水市"}))
        self.assertEqual(document["sections"][0]["rows"], [["秦州区", 2], ["麦积区", 1]])
        self.assertEqual(self.preview(as_of="2018-09-09")["period"], "2018-09")

    def test_the_day_is_the_last_of_a_period_that_is_over(self):
        for period, as_of, total in (("2018-08", "2018-08-31", 2), ("2018-Q3", "2018-09-30", 3),
                                     ("2018", "2018-10-05", 3), ("2018-10", "2018-10-05", 3),
                                     ("2018-02", "2018-02-28", 0)):
            preview = self.preview(period=period)
            self.assertEqual((preview["as_of"], preview["document"]["sections"][0]["total"][1]), (as_of, total))
        self.assertEqual(self.preview(period="2018-08", as_of="2018-09-20")["as_of"], "2018-09-20")

    def test_refusals(self):
        self.refuse("missing_field", "kind", "bulletin.preview")
        self.refuse("out_of_range", "kind", "bulletin.preview", kind="weather")
        self.refuse("unknown_region", "region", "bulletin.preview", kind="registration", region="x")
        for period in ("last month", "2018-13", "2018-00", "2018-Q5", "18-09", "2018-9", "2018-09-01"):
            self.refuse("out_of_range", "period", "bulletin.preview", kind="registration", period=period)
        self.refuse("in_future", "period", "bulletin.preview", kind="registration", period="2018-11")
        self.refuse("in_future", "as_of", "bulletin.preview", kind="registration", as_of="2018-10-06")
        self.refuse("out_of_range", "as_of", "bulletin.preview", kind="registration", period="2018-09",
                    as_of="2018-08-31")
        error = self.refuse("wrong_state", "kind", "bulletin.preview", kind="funds")
        self.assertIn("bulletin_funds", error.message)


class IssuingTest(BulletinTest):
    def issue(self, **params):
        return self.ask("bulletin.issue", kind="registration", by="clerk:9", **params)


class NumberTest(IssuingTest):
    def test_numbers_follow_one_another_for_each_region(self):
        first = self.issue(period="2018-08")
        self.assertEqual((first["number"], first["bulletin"]), (1, f"registration-{CITY}-1"))
        self.assertEqual(self.issue(period="2018-09")["number"], 2)
        self.assertEqual(self.issue(number=7)["number"], 7)
        self.assertEqual(self.issue()["number"], 8)
        self.assertEqual(self.issue(region=COUNTY)["bulletin"], f"registration-{COUNTY}-1")
        error = self.refuse("already_exists", "number", "bulletin.issue", kind="registration", number=2)
        self.assertIn("9 is the next", error.message)
        self.refuse("out_of_range", "number", "bulletin.issue", kind="registration", number=0)


class CrowdTest(IssuingTest):
    def test_those_who_issue_at_the_same_time_get_numbers_of_their_own(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            numbers = [result.result()["number"] for result in [pool.submit(self.issue_apart) for _ in range(16)]]
        self.assertEqual(sorted(numbers), list(range(1, 17)))

    def issue_apart(self):
        """By a socket of its own."""
        request = {"jsonrpc": "2.0", "id": 1, "method": "bulletin.issue",
                   "params": {"kind": "registration", "by": "clerk:9"}}
        return json.loads(self.city.daemon.ask_raw("query", json.dumps(request)))["result"]


class IssueTest(IssuingTest):
    def test_what_was_said_stays_after_todays_corrections(self):
        issued = self.issue(number=20, period="2018-10")
        bulletin = self.ask("bulletin.get", bulletin=issued["bulletin"])
        self.assertEqual((bulletin["kind"], bulletin["number"], bulletin["period"], bulletin["as_of"], bulletin["by"],
                          bulletin["state"], bulletin["revision"]),
                         ("registration", 20, "2018-10", "2018-10-05", "clerk:9", "issued",
                          "bulletin_registration:1"))
        self.assertEqual(bulletin["title"], bulletin["document"]["title"])
        self.assertEqual(bulletin["document"], issued["document"])
        self.assertEqual(bulletin["document"]["number"], 20)
        self.assertNotIn("content", bulletin)
        yesterday = self.ask("bulletin.preview", kind="registration", as_of="2018-10-04")
        self.city.register("v:late")
        self.assertEqual(self.ask("bulletin.get", bulletin=issued["bulletin"])["document"], issued["document"])
        again = self.ask("bulletin.preview", kind="registration", as_of="2018-10-04")
        self.assertEqual(again["document"], yesterday["document"])
        today = self.ask("bulletin.preview", kind="registration")["document"]
        self.assertNotEqual(today["sections"], issued["document"]["sections"])

    def test_the_list_leaves_out_what_they_say(self):
        issued = self.issue(number=30, region=OTHER_COUNTY)
        items = self.ask("bulletin.list", region=OTHER_COUNTY)["items"]
        self.assertEqual([item["bulletin"] for item in items], [issued["bulletin"]])
        for member in ("content", "document"):
            self.assertNotIn(member, items[0])
        self.assertEqual(self.ids("bulletin.list", "bulletin", kind="station"), [])
        self.assertIn(issued["bulletin"], self.ids("bulletin.list", "bulletin", kind="registration", by="clerk:9"))

    def test_the_event_carries_the_frozen_content(self):
        issued = self.issue(number=40)
        (event,) = self.ask("journal.read", after=issued["sequence"] - 1, limit=1)["events"]
        self.assertEqual((event["type"], event["data"]["content"]), ("bulletin.issued", issued["document"]))

    def test_a_replay_gives_the_same_state(self):
        self.issue(number=50)
        job = self.city.daemon.run_job("journal.replay")
        self.assertIs(job["result"]["identical"], True, job)


LARGE = """return {
  name = "bulletin_station", kind = "bulletin", title = "太长的通报", parameters = {},
  decide = function(region, parameters, context)
    local rows, sections, cell = {}, {}, string.rep("x", 200)
    for i = 1, region:count("volunteers") * 100 do rows[i] = { name = cell } end
    for i = 1, 16 do
      sections[i] = { title = "表", columns = { { name = "name", title = "名称", kind = "text" } }, rows = rows }
    end
    return { title = "太长的通报", sections = sections }
  end,
  cases = { { name = "空", given = {}, expect = {} } },
}
"""


UNTITLED = """return {
  name = "bulletin_assessment", kind = "bulletin", title = "没有标题的通报", parameters = {},
  decide = function(region, parameters, context) return { sections = {} } end,
  cases = { { name = "空", given = {}, expect = {} } },
}
"""


class LargeTest(BulletinTest):
    config = {"policies": {"result_limit_kib": 1024}}

    def test_a_bulletin_to_which_the_policy_gives_no_title_has_a_plain_one(self):
        self.ask("policy.activate", text=UNTITLED)
        shown = self.ask("bulletin.preview", kind="assessment")["document"]
        issued = self.ask("bulletin.issue", kind="assessment", by="clerk:1")
        self.assertEqual((shown["title"], issued["document"]["title"]), ("天水市指标测评通报", ) * 2)

    def test_a_bulletin_that_is_too_large_says_how_to_mend_it(self):
        self.ask("policy.activate", text=LARGE)
        self.assertEqual(len(self.ask("bulletin.preview", kind="station")["document"]["sections"]), 16)
        error = self.refuse("too_large", "kind", "bulletin.issue", kind="station")
        self.assertIn("bulletin_station", error.message)
        self.assertIn("512", error.message)
        self.assertEqual(self.ask("bulletin.issue", kind="station", region=OTHER_COUNTY)["number"], 1)
        self.assertEqual(self.ids("bulletin.list", "bulletin"), [f"station-{OTHER_COUNTY}-1"])


if __name__ == "__main__":
    unittest.main()
