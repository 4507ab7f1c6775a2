"""Needs: filed, matched, referred, closed; their order, their report, what might meet them; what was said stays sealed.
Against the real daemon, by the events' clock."""
import json
import os
import subprocess
import unittest

from eligibility_test import PeopleTest
from harness import CITY, CONTROL, COMMUNITY, COUNTY, TOWNSHIP, event
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY

SECRET = "独居老人王测试,进步巷三号二单元,电话13987654321"


class NeedTest(PeopleTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-03-01")
        self.city.define_basics()

    def control(self, *arguments, expect=0, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run

    def file(self, need, priority="normal", category="elderly", region=COMMUNITY, text="需要人陪同就医", **more):
        return self.stored("need.filed", need=need, region=region, category=category, priority=priority, text=text, **more)

    def need(self, name):
        return self.ask("need.get", need=name)

    def state(self, name):
        return self.need(name)["state"]

    def counters(self, region=CITY):
        counted = self.ask("region.get", region=region)["counters"]
        return {name[6:]: counted[name] for name in counted if name.startswith("needs_") and counted[name]}

    def report(self, name="needs", **params):
        """{first column: row by column names} and the total."""
        section = self.ask(f"report.{name}", **params)["document"]["sections"][0]
        names = [column["name"] for column in section["columns"]]
        rows = {row[0]: dict(zip(names, row)) for row in section["rows"]}
        self.assertEqual(len(section["total"]), len(names))
        return rows, dict(zip(names, section["total"]))


class Steps(NeedTest):
    def test_a_need_is_matched_and_met(self):
        self.activity("a:1", day="2018-03-20", category="elderly")
        self.file("n:1", served_group="空巢老人")
        self.assertEqual((self.state("n:1"), self.need("n:1")["filed_on"]), ("filed", "2018-03-01"))
        self.city.on("2018-03-05")
        self.stored("need.matched", need="n:1", activity="a:1")
        shown = self.need("n:1")
        self.assertEqual((shown["state"], shown["activity"], shown["matched_on"], shown["days_open"]), ("matched", "a:1", "2018-03-05", 4))
        self.city.on("2018-03-21")
        self.stored("need.closed", need="n:1", outcome="met")
        shown = self.need("n:1")
        self.assertEqual((shown["state"], shown["outcome"], shown["closed_on"], shown["days_open"]), ("closed", "met", "2018-03-21", 20))
        self.assertEqual(self.counters(), {"filed": 1, "closed": 1, "met": 1})
        self.assertEqual(self.counters(COMMUNITY), self.counters())
        self.assertEqual(self.counters(OTHER_COUNTY), {})
        self.assert_replay_agrees()

    def test_a_public_duty_is_referred_out(self):
        self.file("n:1")
        self.stored("need.referred", need="n:1", to="秦州区民政局")
        shown = self.need("n:1")
        self.assertEqual((shown["state"], shown["referred_to"], shown["referred_on"]), ("referred", "秦州区民政局", "2018-03-01"))
        self.assertEqual(self.counters(), {"filed": 1, "open": 1, "referred": 1})
        self.refused("wrong_state", "data.to", "need.referred", need="n:1", to="秦州区民政局")
        self.stored("need.referred", need="n:1", to="家政服务公司")
        self.stored("need.closed", need="n:1", outcome="met")
        self.assertEqual((self.state("n:1"), self.need("n:1")["referred_to"]), ("closed", "家政服务公司"))
        self.assert_replay_agrees()

    def test_each_step_has_its_place(self):
        self.activity("a:1", day="2018-03-20", category="elderly")
        self.activity("a:gone", day="2018-03-20", category="elderly")
        self.stored("activity.cancelled", activity="a:gone")
        for step, more in (("matched", {"activity": "a:1"}), ("referred", {"to": "民政局"}), ("closed", {"outcome": "unmet"})):
            self.refused("unknown_need", "data.need", f"need.{step}", need="n:1", **more)
        self.file("n:1")
        filed = {"need": "n:1", "region": COMMUNITY, "category": "elderly", "priority": "high", "text": "x"}
        self.refused("already_exists", "data.need", "need.filed", **filed)
        self.refused("unknown_region", "data.region", "need.filed", **{**filed, "need": "n:2", "region": "620500000009"})
        self.refused("not_in_dictionary", "data.category", "need.filed", **{**filed, "need": "n:2", "category": "eldery"})
        self.refused("not_in_dictionary", "data.served_group", "need.filed", **{**filed, "need": "n:2", "served_group": "nobody"})
        self.refused("not_in_dictionary", "data.priority", "need.filed", **{**filed, "need": "n:2", "priority": "soon"})
        for field in filed:
            self.refused("missing_field", f"data.{field}", "need.filed", **{name: filed[name] for name in filed if name != field})
        self.refused("too_long", "data.text", "need.filed", **{**filed, "need": "n:2", "text": "长" * 4096})
        self.refused("wrong_state", "data.outcome", "need.closed", need="n:1", outcome="met")
        self.refused("unknown_activity", "data.activity", "need.matched", need="n:1", activity="no:1")
        self.refused("wrong_state", "data.activity", "need.matched", need="n:1", activity="a:gone")
        self.stored("need.matched", need="n:1", activity="a:1")
        self.refused("wrong_state", "data.activity", "need.matched", need="n:1", activity="a:1")
        self.stored("need.closed", need="n:1", outcome="withdrawn")
        for step, more in (("matched", {"activity": "a:1"}), ("referred", {"to": "民政局"}), ("closed", {"outcome": "unmet"})):
            self.refused("wrong_state", "data.need", f"need.{step}", need="n:1", **more)
        self.assert_replay_agrees()

    def test_a_need_is_open_again_when_its_activity_is_cancelled(self):
        for name in ("a:1", "a:2"):
            self.activity(name, day="2018-03-20", category="elderly")
        for name in ("n:1", "n:2", "n:3"):
            self.file(name)
            self.stored("need.matched", need=name, activity="a:1")
        self.stored("need.matched", need="n:2", activity="a:2")
        self.stored("need.closed", need="n:3", outcome="met")
        self.assertEqual(self.counters()["matched"], 2)
        self.stored("activity.cancelled", activity="a:1")
        self.assertEqual([self.state(name) for name in ("n:1", "n:2", "n:3")], ["filed", "matched", "closed"])
        self.assertNotIn("activity", self.need("n:1"))
        self.assertEqual(self.counters(), {"filed": 3, "open": 2, "matched": 1, "closed": 1, "met": 1})
        self.stored("need.matched", need="n:1", activity="a:2")
        self.assert_replay_agrees()

    def test_an_activity_meets_no_more_than_200(self):
        self.activity("a:1", day="2018-03-20", category="elderly")
        self.city.send_all([event("need.filed", {"need": f"n:{i}", "region": COMMUNITY, "category": "elderly", "priority": "normal",
                                                 "text": "x"}) for i in range(201)])
        self.city.send_all([event("need.matched", {"need": f"n:{i}", "activity": "a:1"}) for i in range(200)])
        self.refused("out_of_range", "data.activity", "need.matched", need="n:200", activity="a:1")
        self.stored("activity.cancelled", activity="a:1")
        self.assertEqual(self.counters(), {"filed": 201, "open": 201})
        self.assert_replay_agrees()


class Lists(NeedTest):
    def test_the_most_urgent_come_first_and_of_those_the_oldest(self):
        self.file("n:1")
        self.file("n:2", "urgent")
        self.city.on("2018-03-10")
        self.file("n:3", "urgent", region=OTHER_COMMUNITY)
        self.file("n:4", "high", category="disability")
        self.file("n:5", "urgent")
        self.stored("need.closed", need="n:5", outcome="withdrawn")
        self.assertEqual(self.ids("need.list", "need"), ["n:2", "n:3", "n:4", "n:1", "n:5"])
        pages, cursor = [], None
        while True:
            page = self.ask("need.list", limit=2, **({"cursor": cursor} if cursor else {}))
            pages.append([item["need"] for item in page["items"]])
            cursor = page["next"]
            if not cursor:
                break
        self.assertEqual([name for page in pages for name in page], ["n:2", "n:3", "n:4", "n:1", "n:5"])
        for filters, expected in (({"region": COUNTY}, ["n:2", "n:4", "n:1", "n:5"]), ({"region": OTHER_COUNTY}, ["n:3"]),
                                  ({"priority": "urgent"}, ["n:2", "n:3", "n:5"]), ({"state": "closed"}, ["n:5"]),
                                  ({"category": "disability"}, ["n:4"]), ({"open_days": 9}, ["n:2", "n:1"]), ({"open_days": 10}, [])):
            self.assertEqual(self.ids("need.list", "need", **filters), expected, filters)

    def test_what_might_meet_it_is_near_and_still_ahead(self):
        self.file("n:1", region=COMMUNITY)
        self.activity("a:past", day="2018-02-20", category="elderly", region=COMMUNITY)
        self.activity("a:other", day="2018-03-20", category="ecology", region=COMMUNITY)
        self.activity("a:city", day="2018-03-10", category="elderly", region=OTHER_COMMUNITY)
        self.activity("a:street", day="2018-03-12", category="elderly", region=SECOND_COMMUNITY)
        self.activity("a:later", day="2018-03-21", category="elderly", region=COMMUNITY)
        self.activity("a:soon", day="2018-03-20", category="elderly", region=COMMUNITY)
        self.activity("a:gone", day="2018-03-20", category="elderly", region=COMMUNITY)
        self.stored("activity.cancelled", activity="a:gone")
        items = self.ask("need.candidates", need="n:1")["items"]
        self.assertEqual([(item["activity"], item["near"]) for item in items],
                         [("a:soon", "community"), ("a:later", "community"), ("a:street", "township"), ("a:city", "city")])
        self.assertEqual(items[0]["places_left"], 20)
        self.assertEqual(len(self.ask("need.candidates", need="n:1", limit=2)["items"]), 2)
        self.refuse("unknown_need", "need", "need.candidates", need="no:1")


class Report(NeedTest):
    def file_some(self):
        self.activity("a:1", day="2018-07-20", category="elderly")
        self.city.on("2018-01-10")
        self.file("n:1")
        self.file("n:2", region=OTHER_COMMUNITY, category="disability")
        self.city.on("2018-05-10")
        self.file("n:3")
        self.city.on("2018-06-10")
        self.file("n:4", region=SECOND_COMMUNITY)
        self.stored("need.matched", need="n:3", activity="a:1")
        self.stored("need.referred", need="n:2", to="残联")
        self.stored("need.closed", need="n:2", outcome="met")
        self.stored("need.closed", need="n:4", outcome="unmet")

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-01-01")
        self.city.define_basics()

    def test_by_region_with_how_old_they_are(self):
        self.file_some()
        rows, total = self.report()
        self.assertEqual({code: rows[code]["filed"] for code in rows}, {COUNTY: 3, OTHER_COUNTY: 1})
        self.assertEqual((total["filed"], total["open"], total["matched"], total["referred"], total["closed"], total["met"],
                          total["met_rate"]), (4, 2, 1, 0, 2, 1, [1, 2]))
        self.assertEqual([total[name] for name in ("open_this_month", "open_last_month", "open_2_3_months", "open_longer")], [0, 1, 0, 1])
        self.assertEqual((total["median_filed"], rows[OTHER_COUNTY]["median_filed"]), ("2018-05", None))
        self.assertEqual(set(self.report(region=COUNTY)[0]), {TOWNSHIP})
        past, total = self.report(as_of="2018-05-31")
        self.assertEqual((total["filed"], total["open"], total["open_this_month"], past[OTHER_COUNTY]["open"]), (3, 3, 1, 1))

    def test_by_category_and_served_group(self):
        self.file_some()
        self.file("n:5", served_group="空巢老人")
        rows, total = self.report(by="category")
        self.assertEqual({code: rows[code]["filed"] for code in rows if rows[code]["filed"]}, {"elderly": 4, "disability": 1})
        self.assertEqual((rows["disability"]["met_rate"], total["filed"]), ([1, 1], 5))
        rows, _ = self.report(by="served_group", region=COUNTY)
        self.assertEqual({code: rows[code]["open"] for code in rows if rows[code]["filed"]}, {"空巢老人": 1})
        rows, _ = self.report(by="category", as_of="2018-05-31")
        self.assertEqual({code: rows[code]["open"] for code in rows if rows[code]["filed"]}, {"elderly": 2, "disability": 1})
        error = self.refuse("out_of_range", "by", "report.needs", by="class")
        self.assertIn("served_group", error.message)

    def test_needs_move_with_their_region(self):
        self.file_some()
        self.stored("region.recoded", region=TOWNSHIP, into="620503002000")
        rows, total = self.report()
        self.assertEqual(({code: rows[code]["filed"] for code in rows}, total["filed"]), ({COUNTY: 0, OTHER_COUNTY: 4}, 4))
        self.assertEqual(rows[OTHER_COUNTY]["open_longer"], 1)
        rows, _ = self.report(by="category", region=OTHER_COUNTY)
        self.assertEqual({code: rows[code]["filed"] for code in rows if rows[code]["filed"]}, {"elderly": 3, "disability": 1})
        self.assert_replay_agrees()


class Sealing(NeedTest):
    def test_what_was_said_is_seen_nowhere(self):
        feed = self.city.daemon.subscribe("need.")
        self.file("n:1", "urgent", text=SECRET)
        _, body = feed.recv_multipart()
        feed.close(0)
        shown = self.need("n:1")
        self.assertEqual((shown["sealed"], shown.get("text")), (["text"], None))
        answers = json.dumps([self.ask("need.list"), shown, self.ask("journal.read", after=0, limit=1000), json.loads(body)], ensure_ascii=False)
        self.assertNotIn("王测试", answers)
        self.assertNotIn("王测试", self.city.daemon.log_text())
        self.city.daemon.stop()
        for path in self.city.daemon.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn("王测试".encode(), path.read_bytes(), path)


class Commands(NeedTest):
    def test_match_refer_close(self):
        self.activity("a:1", day="2018-03-20", category="elderly")
        self.file("n:1", "urgent")
        self.file("n:2", "high", category="disability")
        self.assertIn("a:1", self.control("need", "match", "n:1").stdout)
        self.assertIn("need refer n:2", self.control("need", "match", "n:2").stderr)
        self.control("need", "match", "n:1", "a:1")
        self.control("need", "close", "n:1", "met")
        self.control("need", "refer", "n:2", expect=2)
        self.control("need", "refer", "n:2", "--to", "秦州区残联")
        self.control("need", "refer", "n:2", "--to", "秦州区残联", expect=1)
        self.assertEqual((self.state("n:1"), self.need("n:2")["referred_to"]), ("closed", "秦州区残联"))
        chinese = self.control("list", "need", language="zh_CN.UTF-8").stdout
        for word in ("紧急程度", "紧急", "敬老助老", "已办结", "已转介", "秦州区残联"):
            self.assertIn(word, chinese)
        self.assertIn("需求办理", self.control("report", "needs", "--by", "category", "--format", "html").stdout)


if __name__ == "__main__":
    unittest.main()
