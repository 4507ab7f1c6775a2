"""Posts: bounds and duty calendars, claims that the person agrees to, duty and what it found, days on which nobody came; units
that look after communities, and Party members who report in there. Against the real daemon, by the events' clock."""
import json
import os
import subprocess
import unittest

from eligibility_test import PeopleTest
from harness import CITY, COMMUNITY, CONTROL, COUNTY, TOWNSHIP
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY, decisions

SECTION = {"post": "p:1", "kind": "road_section", "region": COMMUNITY, "bounds": "合作路南口至天水郡十字", "duty": "清扫卫生、劝导停车",
           "duty_calendar": "sat 07:30-09:00", "responsible": "person:7", "organisation": "org:1"}


class Posts(PeopleTest):
    """One daemon for all tests of a class: each takes posts and people of its own, on days after the one before it."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_dated_city(cls.addClassCleanup, cls.config)
        cls.city.on("2018-08-31")
        cls.city.define_basics()

    def setUp(self):
        self.names = {}

    def person(self, name, **more):
        self.city.register(name, **more)
        return name

    def post(self, name, **more):
        self.stored("post.defined", **{**{key: value for key, value in SECTION.items() if key not in more.get("without", ())},
                                       "post": name, **{key: value for key, value in more.items() if key != "without"}})
        return name

    def duty(self, post, volunteer, day, starts="07:30", ends="09:00", time=None, **more):
        return self.stored("post.duty_done", time, post=post, volunteer=volunteer, starts=f"{day}T{starts}:00+08:00",
                           ends=f"{day}T{ends}:00+08:00", **more)

    def shown(self, post):
        return self.ask("post.get", post=post)

    def counters(self, region=CITY, noun="region"):
        counted = self.ask(f"{noun}.get", **{noun: region})["counters"]
        names = ("posts", "posts_claimed", "posts_overdue", "post_claims", "duty_days", "duties_done", "duties_missed", "duty_findings",
                 "pairings", "members_reported_in")
        return {name: counted[name] for name in names if counted[name]}

    def section(self, name, number=0, **params):
        section = self.ask(f"report.{name}", **params)["document"]["sections"][number]
        names = [column["name"] for column in section["columns"]]
        return {row[0]: dict(zip(names, row)) for row in section["rows"]}, dict(zip(names, section.get("total", [])))

    def control(self, *arguments, expect=0, language="C.UTF-8"):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": language})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout


class Duty(Posts):
    def test_1_a_section_has_bounds_a_calendar_and_somebody_responsible(self):
        self.post("p:1")
        shown = self.shown("p:1")
        self.assertEqual((shown["state"], shown["bounds"], shown["duty_calendar"], shown["responsible"], shown["next_duty_on"],
                          shown["overdue"], shown["claims"]),
                         ("open", "合作路南口至天水郡十字", "sat 07:30-09:00", "person:7", "2018-09-01", False, 0))
        for text in ("every saturday", "sat", "sat 0730-0900", "sat 07:30", "sat 25:00-26:00", "7 07:30-09:00", "", ";", "sat 09:00-09:00",
                     "sat,, 07:30-09:00", "mon-mon 07:30-09:00", "; ".join(["sat 07:30-09:00"] * 9)):
            self.refused("out_of_range", "data.duty_calendar", "post.defined", **{**SECTION, "duty_calendar": text})
        for name, text, day in (("p:2", "mon-fri 22:00-06:00", "2018-09-03"), ("p:3", "sun-tue 08:00-09:00;thu 08:00-24:00", "2018-09-02"),
                                ("p:4", "workday 07:30-09:00", "2018-09-03"), ("p:5", "daily 08:00-18:00", "2018-09-01")):
            self.post(name, duty_calendar=text)
            self.assertEqual(self.shown(name)["next_duty_on"], day, text)
            self.stored("post.closed", post=name)
        self.assertEqual(self.counters(), {"posts": 1})
        self.assertEqual(self.counters("org:1", "organisation"), {"posts": 1})

    def test_2_duty_is_done_by_whoever_holds_the_post_and_is_a_record_of_service(self):
        self.person("v:1")
        duty = {"post": "p:1", "volunteer": "v:1", "starts": "2018-08-31T07:30:00+08:00", "ends": "2018-08-31T09:00:00+08:00"}
        self.refused("wrong_state", "data.volunteer", "post.duty_done", **duty)
        self.assertEqual(self.claim("v:1", "p:1"), ("accepted", []))
        self.assertEqual(self.counters(), {"posts": 1, "posts_claimed": 1, "post_claims": 1})
        self.city.on("2018-09-01")
        result = self.duty("p:1", "v:1", "2018-09-01", findings="两处小广告已清除;井盖破损一处")
        (derived,) = decisions(result, "service.derived")
        (decided,) = decisions(result, "service.decided")
        self.assertEqual((derived["post"], derived["volunteer"], derived["organisation"], derived["minutes"], derived["method"]),
                         ("p:1", "v:1", "org:1", 90, "manual"))
        self.assertNotIn("activity", derived)
        self.assertEqual((decided["record"], decided["outcome"], decided["minutes"]), (derived["record"], "accepted", 90))
        record = self.ask("record.get", record=derived["record"])
        self.assertEqual((record["post"], record["derived"], record["minutes"]), ("p:1", True, 90))
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["minutes"], 90)
        self.assertEqual(self.ask("region.get", region=COMMUNITY)["counters"]["minutes"], 90)
        (patrol,) = self.shown("p:1")["patrols"]
        self.assertEqual(patrol, {"starts": "2018-09-01T07:30:00+08:00", "ends": "2018-09-01T09:00:00+08:00", "volunteer": "v:1",
                                  "method": "manual", "found": "两处小广告已清除;井盖破损一处", "record": derived["record"]})
        self.assertEqual(self.counters(), {"posts": 1, "posts_claimed": 1, "post_claims": 1, "duties_done": 1, "duty_findings": 1})

    def test_3_the_same_duty_is_told_once_and_other_service_at_that_time_is_held(self):
        duty = {"post": "p:1", "volunteer": "v:1", "starts": "2018-09-01T08:00:00+08:00", "ends": "2018-09-01T09:30:00+08:00"}
        self.refused("wrong_state", "data.starts", "post.duty_done", **duty)
        self.post("p:6", duty_calendar="sun 07:30-09:00")
        self.claim("v:1", "p:6")
        (decided,) = decisions(self.duty("p:6", "v:1", "2018-09-01", "08:00", "09:30"), "service.decided")
        self.assertEqual((decided["outcome"], [f["code"] for f in decided["findings"]]), ("held", ["overlap"]))
        self.stored("post.closed", post="p:6")
        self.refused("wrong_state", "data.post", "post.duty_done", **{**duty, "post": "p:6"})
        self.refused("wrong_state", "data.post", "post.claimed", post="p:6", volunteer="v:1")
        self.refused("wrong_state", "data.post", "post.closed", post="p:6")
        self.assertEqual(self.shown("p:6")["state"], "closed")
        for wrong, field in (({"ends": "2018-09-01T07:00:00+08:00"}, "data.ends"), ({"ends": "2018-09-02T08:01:00+08:00"}, "data.ends"),
                             ({"starts": "2018-09-01T14:00:00+08:00", "ends": "2018-09-01T15:00:00+08:00"}, "data.ends")):
            self.refused("out_of_range", field, "post.duty_done", **{**duty, **wrong})

    def test_4_a_day_on_which_nobody_came_is_told_at_midnight(self):
        self.city.on("2018-09-08")
        self.stored("document.registered", document="d:1", title="x", number="1", issued_by="x", on="2018-09-01")
        head = self.ask("status")["sequence"]
        self.city.on("2018-09-09")
        self.stored("document.registered", document="d:2", title="x", number="2", issued_by="x", on="2018-09-01")
        overdue = self.next_event(head, "post.overdue")
        self.assertEqual(overdue["data"], {"post": "p:1", "on": "2018-09-08", "responsible": "person:7"})
        shown = self.shown("p:1")
        self.assertEqual((shown["overdue"], shown["overdue_since"], shown["duty_days"], shown["duties_missed"], shown["missed_on"],
                          shown["next_duty_on"]), (True, "2018-09-08", 2, 1, ["2018-09-08"], "2018-09-15"))
        self.assertEqual(self.ids("post.list", "post", overdue=True), ["p:1"])
        self.assertEqual({name: self.counters(COMMUNITY)[name] for name in ("duty_days", "duties_missed", "posts_overdue")},
                         {"duty_days": 2, "duties_missed": 1, "posts_overdue": 1})
        rows, _ = self.section("posts", 1)
        self.assertEqual((rows["p:1"]["bounds"], rows["p:1"]["responsible"], rows["p:1"]["overdue_since"]),
                         (SECTION["bounds"], "person:7", "2018-09-08"))

    def test_5_duty_that_is_told_of_late_was_not_missed(self):
        self.assertTrue(decisions(self.duty("p:1", "v:1", "2018-09-08", method="gps"), "points.posted"))
        shown = self.shown("p:1")
        self.assertEqual((shown["overdue"], shown["duties_missed"], shown["missed_on"], shown["duties"]), (False, 0, [], 2))
        self.assertNotIn("duties_missed", self.counters())
        self.assertEqual(self.counters()["duty_days"], 2)
        self.assert_replay_agrees()

    def test_5b_duty_that_was_invented_is_missed_after_all(self):
        def counted():
            shown, counters = self.shown("p:1"), self.counters()
            return (shown["overdue_since"] if shown["overdue"] else None, shown["last_duty_on"], shown["duties_missed"], shown["duties"],
                    shown["duty_findings"], counters["duties_done"], counters.get("duties_missed", 0))
        first, second = [patrol["record"] for patrol in reversed(self.shown("p:1")["patrols"])]
        self.assertEqual(counted(), (None, "2018-09-08", 0, 2, 1, 3, 0))
        self.stored("service.revoked", record=second, reason="没有到岗", by="clerk:2")
        self.assertEqual(counted(), ("2018-09-08", "2018-09-01", 1, 1, 1, 2, 1))
        self.assertTrue(self.shown("p:1")["patrols"][0]["revoked"])
        # That of the first day of duty as well: nobody has come since then.
        self.stored("service.revoked", record=first, reason="没有到岗", by="clerk:2")
        self.assertEqual((self.shown("p:1")["overdue_since"], self.shown("p:1")["duties_missed"]), ("2018-09-01", 2))
        self.assertEqual((self.counters()["duties_done"], self.counters()["duties_missed"], "duty_findings" in self.counters()), (1, 2, False))
        # An appeal brings both back; what is told anew counts once.
        for number, record in enumerate((first, second), 1):
            self.stored("sanction.appealed", appeal=f"appeal:{number}", subject={"kind": "record", "id": record}, text="到岗有照片")
            self.stored("sanction.settled", appeal=f"appeal:{number}", outcome="upheld", by="clerk:3")
        self.assertEqual(counted(), (None, "2018-09-08", 0, 2, 1, 3, 0))
        self.assert_replay_agrees()

    def test_6_days_of_the_citys_calendar_are_asked_for_as_they_are(self):
        self.city.on("2018-09-21")
        self.post("p:7", duty_calendar="workday 17:30-19:00", region=OTHER_COMMUNITY, without=("organisation",))
        self.ask("calendar.set", days=[{"date": "2018-09-24", "kind": "holiday", "name": "中秋节"}, {"date": "2018-09-29", "kind": "workday"}],
                 time="2018-09-21T12:00:00+08:00")
        self.assertEqual(self.shown("p:7")["next_duty_on"], "2018-09-25")
        self.city.on("2018-10-01")
        self.stored("document.registered", document="d:3", title="x", number="3", issued_by="x", on="2018-09-01")
        self.assertEqual(self.shown("p:7")["missed_on"],
                         ["2018-09-25", "2018-09-26", "2018-09-27", "2018-09-28", "2018-09-29"])
        self.assertEqual(self.counters(OTHER_COUNTY), {"posts": 1, "posts_overdue": 1, "duty_days": 5, "duties_missed": 5})
        self.stored("post.defined", **{**SECTION, "post": "p:7", "region": OTHER_COMMUNITY, "duty_calendar": "tue 17:30-19:00"})
        self.assertEqual(self.shown("p:7")["next_duty_on"], "2018-10-02")
        self.stored("post.defined", post="p:7", kind="crossing", region=COMMUNITY, duty="文明劝导")
        shown = self.shown("p:7")
        self.assertEqual((shown["overdue"], "next_duty_on" in shown), (False, False))
        # What was counted of past days stays where the post was then.
        self.assertEqual(self.counters(OTHER_COUNTY), {"duty_days": 5, "duties_missed": 5})
        self.city.on("2018-10-04")
        self.stored("document.registered", document="d:4", title="x", number="4", issued_by="x", on="2018-09-01")
        self.assertEqual(self.shown("p:7")["duties_missed"], 5)
        self.stored("post.closed", post="p:7", reason="路口改造")
        self.assert_replay_agrees()

    def test_7_what_is_kept_and_missed_is_reported_by_region_unit_and_kind(self):
        _, total = self.section("posts")
        self.assertEqual((total["posts"], total["claimed"], total["unclaimed"], total["duties"], total["findings"]), (1, 1, 0, 3, 1))
        self.assertEqual(total["kept"], [total["duty_days"] - total["missed"], total["duty_days"]])
        rows, _ = self.section("posts", by="unit")
        self.assertEqual((list(rows), rows["org:1"]["duties"]), (["org:1"], 3))
        rows, kinds = self.section("posts", by="kind")
        self.assertEqual((rows["road_section"]["posts"], rows["crossing"]["posts"], kinds["posts"]), (1, 0, 1))
        _, past = self.section("posts", as_of="2018-08-31", by="township", region=COUNTY)
        self.assertEqual((past["posts"], past["claimed"], past["duties"]), (1, 1, 0))
        self.refuse("out_of_range", "as_of", "report.posts", by="kind", as_of="2018-09-01")
        self.refuse("out_of_range", "by", "report.posts", by="week")
        self.assertEqual(self.ids("post.list", "post", state="open", claimed=True, answered_for=True), ["p:1"])
        self.assertEqual(self.ids("post.list", "post", state="open", claimed=False), [])
        self.assertIn("值守率", self.control("report", "posts", language="zh_CN.UTF-8"))
        listed = self.control("list", "post", "state=open", language="zh_CN.UTF-8")
        self.assertIn("合作路南口至天水郡十字", listed)
        self.assertIn("在用", listed)
        self.assertIn("井盖破损一处", self.control("show", "post", "p:1", language="zh_CN.UTF-8"))

    def test_8_a_successor_takes_posts_and_pairings_over(self):
        self.stored("pairing.agreed", pairing="pair:1", organisation="org:1", region=COMMUNITY)
        self.stored("pairing.agreed", pairing="pair:2", organisation="org:1", region=SECOND_COMMUNITY)
        self.stored("pairing.agreed", pairing="pair:3", organisation="org:2", region=COMMUNITY)
        self.stored("organisation.dissolved", organisation="org:1", successor="org:2")
        self.city.on("2018-10-05")
        self.stored("document.registered", document="d:5", title="x", number="5", issued_by="x", on="2018-09-01")
        self.assertEqual([(item["pairing"], item["organisation"], item["state"]) for item in self.ask("pairing.list")["items"]],
                         [("pair:1", "org:1", "ended"), ("pair:2", "org:2", "agreed"), ("pair:3", "org:2", "agreed")])
        self.assertEqual(self.counters("org:2", "organisation")["pairings"], 2)
        self.assertEqual(self.counters("org:2", "organisation")["posts"], 1)
        self.assertNotIn("posts", self.counters("org:1", "organisation"))
        self.assertEqual(self.counters()["pairings"], 2)
        self.assert_replay_agrees()


class Claims(Posts):
    def test_nobody_is_put_on_a_post(self):
        self.post("c:1", places=1)
        self.person("w:1")
        self.person("w:2")
        result = self.stored("post.claimed", post="c:1", volunteer="w:1", by="employer")
        self.assertEqual(decisions(result, "post.decided"), [])
        self.assertEqual(self.states(post="c:1"), {"w:1": "offered"})
        self.assertEqual(self.shown("c:1")["claims"], 0)
        self.refused("wrong_state", "data.post", "post.claimed", post="c:1", volunteer="w:1", by="team")
        duty = {"post": "c:1", "volunteer": "w:1", "starts": "2018-08-31T07:30:00+08:00", "ends": "2018-08-31T09:00:00+08:00"}
        self.refused("wrong_state", "data.volunteer", "post.duty_done", **duty)
        self.refused("wrong_state", "data.volunteer", "post.accepted", post="c:1", volunteer="w:2")
        (decided,) = decisions(self.stored("post.accepted", post="c:1", volunteer="w:1"), "post.decided")
        self.assertEqual((decided["volunteer"], decided["outcome"]), ("w:1", "accepted"))
        (claim,) = self.shown("c:1")["claimed_by"]
        self.assertEqual((claim["by"], claim["state"]), ("employer", "accepted"))
        self.refused("wrong_state", "data.volunteer", "post.accepted", post="c:1", volunteer="w:1")
        self.stored("post.duty_done", **duty)
        # Declined, it is as if nobody had claimed it; whoever claims it alone has no need to be asked.
        self.stored("post.claimed", post="c:1", volunteer="w:2", by="team")
        self.stored("post.released", post="c:1", volunteer="w:2")
        self.refused("wrong_state", "data.volunteer", "post.accepted", post="c:1", volunteer="w:2")
        self.stored("post.claimed", post="c:1", volunteer="w:2", by="employer")
        (decided,) = decisions(self.stored("post.claimed", post="c:1", volunteer="w:2"), "post.decided")
        self.assertEqual(decided["outcome"], "waitlisted")
        self.stored("volunteer.withdrawn", volunteer="w:1", reason="离岗")
        self.assertEqual(self.shown("c:1")["claims"], 0)
        self.assert_replay_agrees()

    def test_an_offer_ends_with_the_person_and_passes_in_a_merge(self):
        self.post("c:2")
        for name in ("w:3", "w:4", "w:5"):
            self.person(name)
        self.stored("post.claimed", post="c:2", volunteer="w:3", by="employer")
        self.stored("post.claimed", post="c:2", volunteer="w:4", by="employer")
        self.stored("volunteer.withdrawn", volunteer="w:3", reason="x")
        self.stored("volunteer.merged", volunteer="w:4", into="w:5")
        self.city.on("2018-09-01")
        self.stored("document.registered", document="d:1", title="x", number="1", issued_by="x", on="2018-09-01")
        self.assertEqual(self.states(post="c:2"), {"w:3": "cancelled", "w:5": "offered"})
        self.stored("post.accepted", post="c:2", volunteer="w:5")
        self.assertEqual(self.states(post="c:2")["w:5"], "accepted")
        self.assert_replay_agrees()


class Forms(Posts):
    def test_every_type_insists_on_its_fields(self):
        time = {"starts": "2018-08-31T07:30:00+08:00", "ends": "2018-08-31T09:00:00+08:00"}
        self.post("f:1")
        self.person("f:1", employer="org:1", party_status="in_service")
        who = {"post": "f:1", "volunteer": "f:1"}
        report = {"volunteer": "f:1", "employer": "org:1", "region": COMMUNITY, "received_by": "person:3", "on": "2018-08-31"}
        pairing = {"pairing": "f:1", "organisation": "org:1", "region": COMMUNITY}
        for type_name, data, optional, unknown in (
                ("post.duty_done", {**who, **time}, {"findings": "长" * 600, "method": "radio"}, {"post": "post", "volunteer": "volunteer"}),
                ("post.accepted", who, {}, {"post": "post", "volunteer": "volunteer"}),
                ("post.closed", {"post": "f:1"}, {"reason": "长" * 200}, {"post": "post"}),
                ("post.claimed", who, {"by": "mayor"}, {"post": "post", "volunteer": "volunteer"}),
                ("pairing.agreed", pairing, {"estate": "长" * 50, "campaign": "no:1"}, {"organisation": "organisation", "region": "region"}),
                ("pairing.ended", {"pairing": "f:1"}, {"reason": "长" * 200}, {"pairing": "pairing"}),
                ("party_member.reported_in", report, {}, {"volunteer": "volunteer", "employer": "organisation", "region": "region"})):
            for field in data:
                self.refused("missing_field", f"data.{field}", type_name, **{name: data[name] for name in data if name != field})
                self.refused("wrong_type", f"data.{field}", type_name, **{**data, field: 7})
            for field, value in optional.items():
                code = {"campaign": "unknown_campaign", "method": "not_in_dictionary", "by": "not_in_dictionary"}.get(field, "too_long")
                self.refused(code, f"data.{field}", type_name, **{**data, field: value})
            for field, noun in unknown.items():
                wrong = "620500000009" if noun == "region" else "no:1"
                self.refused(f"unknown_{noun}", f"data.{field}", type_name, **{**data, field: wrong})
            self.refused("unknown_field", "data.nonsense", type_name, **{**data, "nonsense": 1})
        self.refused("bad_time", "data.starts", "post.duty_done", **{**who, **time, "starts": "today"})
        self.refused("not_allowed", "type", "post.overdue", post="f:1", on="2018-08-30")
        self.assertEqual(self.ask("pairing.list")["items"], [])
        self.assert_replay_agrees()

    def test_what_a_campaign_has_stands_in_its_report(self):
        def table(title, **params):
            for section in self.ask("report.campaign", **params)["document"]["sections"]:
                if section["title"] == title:
                    names = [column["name"] for column in section["columns"]]
                    return [dict(zip(names, row)) for row in [*section["rows"], section["total"]]]
            return None

        self.stored("document.registered", document="doc:37", title="先锋行", number="市文明办发〔2018〕37号", issued_by="市文明办",
                    on="2018-08-20")
        self.stored("campaign.launched", campaign="c:1", title="在职党员先锋行", document="doc:37", starts="2018-08-23", ends="2018-12-31",
                    regions=[CITY])
        self.post("g:1", campaign="c:1", organisation="org:2", region=OTHER_COMMUNITY)
        self.post("g:2", campaign="c:1", organisation="org:2", region=OTHER_COMMUNITY)
        self.stored("pairing.agreed", pairing="g:1", organisation="org:2", region=OTHER_COMMUNITY, campaign="c:1")
        self.stored("pairing.agreed", pairing="g:2", organisation="org:2", region=SECOND_COMMUNITY)
        for name in ("g:1", "g:2"):
            self.person(name, employer="org:2", party_status="in_service")
        self.claim("g:1", "g:1")
        self.stored("party_member.reported_in", volunteer="g:1", employer="org:2", region=OTHER_COMMUNITY, received_by="person:3",
                    on="2018-08-31")
        (unit, total) = table("结对包抓与认岗定责", by="unit", campaign="c:1")
        self.assertEqual((unit["organisation"], unit["pairings"], unit["posts"], unit["unclaimed"]), ("org:2", 1, 2, 1))
        self.assertEqual((total["pairings"], total["posts"]), (1, 2))
        self.assertEqual([row["pairings"] for row in table("结对包抓与认岗定责")], [1, 1, 2])
        unit = [row for row in table("在职党员报到", by="unit") if row["organisation"] == "org:2"]
        self.assertEqual([(row["members"], row["reported_in"], row["rate"]) for row in unit], [(2, 1, [1, 2])])
        self.assertIsNone(table("在职党员报到"))
        self.assertEqual(self.ids("post.list", "post", campaign="c:1"), ["g:1", "g:2"])
        self.assertEqual(self.ids("pairing.list", "pairing", campaign="c:1"), ["g:1"])
        self.stored("campaign.closed", campaign="c:1")
        self.refused("wrong_state", "data.campaign", "pairing.agreed", pairing="g:3", organisation="org:1", region=COMMUNITY, campaign="c:1")
        self.refused("wrong_state", "data.campaign", "post.defined", **{**SECTION, "post": "g:3", "campaign": "c:1"})
        self.assert_replay_agrees()


class Units(Posts):
    def test_1_a_unit_looks_after_communities_and_estates(self):
        pairing = {"pairing": "pair:1", "organisation": "org:1", "region": COMMUNITY}
        self.stored("pairing.agreed", **pairing)
        self.refused("already_exists", "data.pairing", "pairing.agreed", **{**pairing, "region": SECOND_COMMUNITY})
        self.refused("wrong_state", "data.region", "pairing.agreed", **{**pairing, "pairing": "pair:2"})
        self.stored("pairing.agreed", **{**pairing, "pairing": "pair:2", "estate": "育才小区"})
        self.refused("wrong_state", "data.region", "pairing.agreed", **{**pairing, "pairing": "pair:3", "estate": "育才小区"})
        self.stored("pairing.agreed", pairing="pair:4", organisation="org:2", region=COMMUNITY)
        self.refused("unknown_organisation", "data.organisation", "pairing.agreed", **{**pairing, "organisation": "no:1"})
        self.refused("unknown_region", "data.region", "pairing.agreed", **{**pairing, "region": "620500000009"})
        self.refused("unknown_pairing", "data.pairing", "pairing.ended", pairing="no:1")
        self.assertEqual(self.ids("pairing.list", "pairing", organisation="org:1"), ["pair:1", "pair:2"])
        self.assertEqual(self.ids("pairing.list", "pairing", region=TOWNSHIP), ["pair:1", "pair:2", "pair:4"])
        rows, total = self.section("pairings")
        self.assertEqual((rows[COUNTY]["pairings"], rows[COUNTY]["communities"], rows[COUNTY]["unpaired"], total["rate"]), (3, 2, 1, [1, 3]))
        bare, _ = self.section("pairings", 1)
        self.assertEqual(sorted(bare), [SECOND_COMMUNITY, OTHER_COMMUNITY])
        self.assertIn("大城街道", bare[SECOND_COMMUNITY]["path"])
        units, _ = self.section("pairings", by="unit")
        self.assertEqual({name: row["pairings"] for name, row in units.items()}, {"org:1": 2, "org:2": 1})
        self.stored("pairing.ended", pairing="pair:2", reason="区划调整")
        self.refused("wrong_state", "data.pairing", "pairing.ended", pairing="pair:2")
        self.stored("pairing.agreed", **{**pairing, "pairing": "pair:5", "estate": "育才小区"})
        self.assertEqual(self.ids("pairing.list", "pairing", state="ended"), ["pair:2"])
        self.assertEqual((self.counters()["pairings"], self.counters("org:1", "organisation")["pairings"]), (3, 2))

    def test_2_a_member_reports_in_once_where_the_unit_looks_after(self):
        for name in ("m:1", "m:2", "m:3"):
            self.person(name, employer="org:1", party_status="in_service")
        self.person("m:4", employer="org:1")
        self.person("m:5", employer="org:2", party_status="in_service")
        report = {"volunteer": "m:1", "employer": "org:1", "region": COMMUNITY, "received_by": "person:3", "on": "2018-08-31"}
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="org:1", reported_in=False), ["m:1", "m:2", "m:3"])
        self.stored("party_member.reported_in", **report)
        self.stored("party_member.reported_in", **{**report, "volunteer": "m:2", "region": OTHER_COMMUNITY})
        self.refused("wrong_state", "data.volunteer", "party_member.reported_in", **report)
        self.refused("wrong_state", "data.volunteer", "party_member.reported_in", **{**report, "volunteer": "m:4"})
        self.refused("wrong_state", "data.employer", "party_member.reported_in", **{**report, "volunteer": "m:5"})
        self.refused("out_of_range", "data.on", "party_member.reported_in", **{**report, "volunteer": "m:3", "on": "2018-09-01"})
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="org:1", reported_in=False), ["m:3"])
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="org:1", reported_in=True), ["m:1", "m:2"])
        first = self.ask("report_in.get", report_in="m:1")
        self.assertEqual({key: first[key] for key in report} | {"paired": first["paired"], "counts": first["counts"]},
                         {**report, "paired": True, "counts": True})
        self.assertEqual(self.ids("report_in.list", "volunteer", paired=False), ["m:2"])
        self.assertEqual(self.ids("report_in.list", "volunteer", region=COUNTY, employer="org:1"), ["m:1"])
        self.refuse("unknown_report_in", "report_in", "report_in.get", report_in="m:3")
        rows, total = self.section("reporting_in", by="unit")
        self.assertEqual((rows["org:1"]["members"], rows["org:1"]["reported_in"], rows["org:1"]["unreported"], rows["org:1"]["rate"]),
                         (3, 2, 1, [2, 3]))
        self.assertEqual((rows["org:2"]["unreported"], total["members"], total["reported_in"]), (1, 4, 2))
        rows, total = self.section("reporting_in", by="county")
        self.assertEqual((rows[COUNTY]["received"], rows[OTHER_COUNTY]["received"], total["received"], total["rate"]), (1, 1, 2, [2, 4]))
        self.assertIn("m:3", self.control("list", "volunteer", "employer=org:1", "reported_in=no", language="zh_CN.UTF-8"))
        self.assertIn("person:3", self.control("list", "report_in", language="zh_CN.UTF-8"))
        self.assertIn("报到率", self.control("report", "reporting_in", "--by", "unit", language="zh_CN.UTF-8"))

    def test_3_what_is_counted_follows_the_person(self):
        self.stored("party_member.reported_in", volunteer="m:2", employer="org:1", region=COMMUNITY, received_by="person:3",
                    on="2018-08-31")
        self.assertEqual((self.counters(COMMUNITY)["members_reported_in"], "members_reported_in" in self.counters(OTHER_COMMUNITY)),
                         (2, False))
        self.stored("volunteer.updated", volunteer="m:2", changes={"employer": "org:2"})
        self.assertEqual((self.counters("org:1", "organisation")["members_reported_in"], self.counters()["members_reported_in"]), (1, 1))
        self.assertEqual(self.ids("volunteer.list", "volunteer", employer="org:2", reported_in=False), ["m:2", "m:5"])
        self.stored("party_member.reported_in", volunteer="m:2", employer="org:2", region=COMMUNITY, received_by="person:4",
                    on="2018-08-31")
        self.assertEqual(self.counters("org:2", "organisation")["members_reported_in"], 1)
        self.person("m:6", employer="org:1", party_status="in_service")
        self.stored("volunteer.merged", volunteer="m:1", into="m:6")
        self.assertEqual(self.ask("report_in.get", report_in="m:6")["received_by"], "person:3")
        self.assertEqual(self.counters("org:1", "organisation")["members_reported_in"], 1)
        self.stored("volunteer.withdrawn", volunteer="m:6", reason="退休")
        self.assertNotIn("members_reported_in", self.counters("org:1", "organisation"))
        self.assertEqual(self.counters()["members_reported_in"], 1)
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
