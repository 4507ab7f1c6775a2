"""The job policy.diff and `volunteerctl policy diff`: what a draft would change, before it is in force."""
import collections
import csv
import io
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import unittest

import harness
from harness import PATIENCE, ROOT, QueryError, eventually
from small_city import (CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, SECOND_COMMUNITY, DatedCity,
                        QueryTest)

PEOPLE = 2400
HOMES = [COMMUNITY, SECOND_COMMUNITY, OTHER_COMMUNITY]
DAY = "2018-06-01"
SHIPPED = ROOT / "scripts" / "policies"

# Accepts what was claimed, however much a day: so that one record makes any star.
ACCEPT_ALL = """return {
  name = "acceptance", kind = "acceptance", title = "时长认定", texts = { claimed = "申报 %d 分钟" },
  decide = function(record) finding("claimed", record.minutes) return "accepted", record.minutes end,
  cases = { { name = "照单", given = { minutes = 60 }, expect = { outcome = "accepted", minutes = 60 } } },
}
"""


def star_rating(hours, extra="", head=""):
    """A rule with these thresholds that says what is missing to the next star."""
    return f"""return {{
  name = "star_rating", kind = "star_rating", title = "星级", {head}
  texts = {{ total = "累计 %d 小时", next_star = "距 %d 星还差 %d 小时" }},
  parameters = {{ ["2012-10-23"] = {{ hours = {{ {", ".join(map(str, hours))} }} }} }},
  decide = function(volunteer, parameters, context)
    {extra}
    local minutes, stars = volunteer:minutes{{}}, 0
    for level, hours in ipairs(parameters.hours) do if minutes >= hours * 60 then stars = level end end
    finding("total", minutes // 60)
    local needed = parameters.hours[stars + 1]
    if needed then finding("next_star", stars + 1, (needed * 60 - minutes + 59) // 60) end
    return stars
  end,
  cases = {{ {{ name = "无", given = {{ minutes = 0 }}, expect = {{ stars = 0 }} }} }},
}}
"""


def stars_by(minutes, hours):
    return sum(minutes >= level * 60 for level in hours)


SHIPPED_HOURS = [100, 300, 600, 1000, 1500]
DRAFT_HOURS = [120, 250, 600, 1000, 1500]


class Population:
    """Who was published, so that a test can count for itself."""

    def __init__(self, city, n):
        choose = random.Random(5)
        self.minutes, self.home, self.born = {}, {}, {}
        events = []
        for i in range(n):
            volunteer = f"v:{i}"
            self.home[volunteer] = choose.choice(HOMES)
            self.born[volunteer] = choose.randrange(1940, 2012)
            self.minutes[volunteer] = choose.choice([0, choose.randrange(1, 100000), 60 * choose.randrange(90, 320)])
            events.append(harness.event("volunteer.registered", {
                "volunteer": volunteer, "region": self.home[volunteer], "born": f"{self.born[volunteer]}-01",
                "identity": {"name": "无名", "document_kind": "resident_id",
                             "number": harness.identity_number(i % 900 + 1, born=f"{self.born[volunteer]}01{1 + i // 900:02}")}}))
        for volunteer, minutes in self.minutes.items():
            if minutes:
                events.append(harness.event("service.recorded", {
                    "record": f"r:{volunteer}", "volunteer": volunteer, "organisation": "org:1",
                    "starts": "2018-01-01T00:00:00+08:00", "ends": "2018-04-01T00:00:00+08:00",
                    "minutes": minutes, "method": "automatic", "recorder": "clerk:1"}))
        for at in range(0, len(events), 500):
            city.send_all(events[at:at + 500])

    def transitions(self, before, after, homes=HOMES):
        """{(from, to): n} of those whose stars differ."""
        counts = collections.Counter()
        for volunteer, minutes in self.minutes.items():
            change = stars_by(minutes, before), stars_by(minutes, after)
            if self.home[volunteer] in homes and change[0] != change[1]:
                counts[change] += 1
        return counts


def counted(result):
    return {(int(item["from"]), int(item["to"])): item["n"] for item in result["transitions"]}


class DiffTest(QueryTest):
    n_people = PEOPLE

    @classmethod
    def setUpClass(cls):
        cls.rules = pathlib.Path(tempfile.mkdtemp(prefix="vd-rules-"))
        cls.addClassCleanup(shutil.rmtree, cls.rules)
        for name in ("points.lua", "assessment.lua", "bulletin_registration.lua"):
            shutil.copy(SHIPPED / name, cls.rules / name)
        (cls.rules / "acceptance.lua").write_text(ACCEPT_ALL, encoding="utf-8")
        (cls.rules / "star_rating.lua").write_text(star_rating(SHIPPED_HOURS), encoding="utf-8")
        shutil.copytree(SHIPPED.parent / "library", cls.rules.parent / "library", dirs_exist_ok=True)
        cls.city = cls.start_city(cls.addClassCleanup, DatedCity, {"clock": "events"}, policies=cls.rules)
        library = cls.city.daemon.folder / "library"
        shutil.copytree(SHIPPED.parent / "library", library, dirs_exist_ok=True)
        cls.city.on("2018-05-01").define_regions()
        cls.city.define_organisation("org:1", "天水市文明办")
        cls.people = Population(cls.city.on(DAY), cls.n_people)

    def start(self, **parameters):
        return self.ask("job.start", job="policy.diff", parameters=parameters)["job"]

    def wait(self, job):
        state = {"state": "running"}
        while state["state"] == "running":
            state = self.ask("job.get", job=job, wait_ms=10000)
        return state

    def diff(self, text=None, **parameters):
        state = self.wait(self.start(**({"text": text} if text else {}), **parameters))
        self.assertEqual(state["state"], "done", state)
        return state["result"]

    def refuse_diff(self, code, field, /, **parameters):
        return self.refuse(code, field, "job.start", job="policy.diff", parameters=parameters)

    def ctl(self, *arguments, **more):
        env = {**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "zh_CN", **more.pop("env", {})}
        return subprocess.run([str(harness.PROGRAMS / "volunteerctl"), "--runtime", str(self.city.daemon.runtime), *arguments],
                              capture_output=True, text=True, env=env, timeout=PATIENCE, check=False, **more)

    def draft(self, text):
        path = self.city.daemon.folder / "draft.lua"
        path.write_text(text, encoding="utf-8")
        return path


class StarsTest(DiffTest):
    def test_transitions_are_those_of_a_plain_recount(self):
        result = self.diff(star_rating(DRAFT_HOURS))
        self.assertEqual(counted(result), self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS))
        self.assertEqual(result["judged"], self.n_people)
        self.assertEqual(result["changed"], sum(counted(result).values()))
        self.assertEqual(result["worse"], sum(n for (a, b), n in counted(result).items() if b < a))
        self.assertEqual(result["better"], sum(n for (a, b), n in counted(result).items() if b > a))
        self.assertGreater(min(result["worse"], result["better"]), 0)

    def test_the_side_in_force_is_what_volunteers_have(self):
        held = collections.Counter()
        cursor = {}
        while cursor is not None:
            page = self.ask("volunteer.list", limit=1000, **cursor)
            held.update(item["stars"] for item in page["items"])
            cursor = {"cursor": page["next"]} if page["next"] else None
        result = self.diff(star_rating(DRAFT_HOURS))
        before = {int(item["value"]): item["from"] for item in result["distribution"]}
        self.assertEqual({stars: n for stars, n in before.items() if n}, dict(held))

    def test_regions_and_ages_add_up_to_everyone(self):
        result = self.diff(star_rating(DRAFT_HOURS))
        for groups in (result["by_region"], result["by_age"]):
            for name in ("judged", "better", "worse"):
                self.assertEqual(sum(group[name] for group in groups), result[name], groups)
        homes = collections.Counter(COUNTY if home != OTHER_COMMUNITY else OTHER_COUNTY
                                    for home in self.people.home.values())
        self.assertEqual({group["region"]: group["judged"] for group in result["by_region"]}, dict(homes))
        ages = collections.Counter(self.band(2018 - born) for born in self.people.born.values())
        self.assertEqual({group["age"]: group["judged"] for group in result["by_age"] if group["judged"]}, dict(ages))

    @staticmethod
    def band(age):
        return next(name for end, name in
                    [(18, "under_18"), (30, "18_29"), (45, "30_44"), (60, "45_59"), (999, "60_over")] if age < end)

    def test_who_loses_most_is_named_with_the_reason(self):
        result = self.diff(star_rating([3000, 4000, 5000, 6000, 7000]), examples=5)
        losses = sorted(((stars_by(minutes, SHIPPED_HOURS), -int(volunteer[2:]))
                         for volunteer, minutes in self.people.minutes.items()), reverse=True)[:5]
        self.assertEqual([example["volunteer"] for example in result["examples"]],
                         [f"v:{-number}" for _, number in losses])
        example = result["examples"][0]
        minutes = self.people.minutes[example["volunteer"]]
        self.assertEqual((example["from"], example["to"]), (str(losses[0][0]), "0"))
        self.assertEqual([reason["text"] for reason in example["reasons"]],
                         [f"累计 {minutes // 60} 小时", f"距 1 星还差 {-(-(3000 * 60 - minutes) // 60)} 小时"])

    def test_how_far_they_are_from_what_they_lose(self):
        result = self.diff(star_rating(DRAFT_HOURS))
        missing = [-(-(120 * 60 - minutes) // 60) for minutes in self.people.minutes.values()
                   if 100 * 60 <= minutes < 120 * 60]
        self.assertEqual((result["distance"]["code"], result["distance"]["people"]), ("next_star", len(missing)))
        for part in result["distance"]["histogram"]:
            self.assertEqual(part["n"], sum(part["least"] <= hours <= part["most"] for hours in missing), part)
        self.assertEqual(sum(part["n"] for part in result["distance"]["histogram"]), len(missing))

    def test_a_scope_is_everyone_who_lives_in_it(self):
        result = self.diff(star_rating(DRAFT_HOURS), scope=COUNTY)
        self.assertEqual(counted(result),
                         self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS, [COMMUNITY, SECOND_COMMUNITY]))
        self.assertEqual(result["scope"], COUNTY)
        self.assertEqual([group["name"] for group in result["by_region"]], ["大城街道"])

    def test_the_draft_s_own_scope_leaves_others_as_they_are(self):
        result = self.diff(star_rating(DRAFT_HOURS, head=f'scope = "{OTHER_COUNTY}",'))
        self.assertEqual(counted(result),
                         self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS, [OTHER_COMMUNITY]))
        self.assertEqual(result["judged"], self.n_people)

    def test_as_of_chooses_the_parameters_of_that_day(self):
        text = star_rating(SHIPPED_HOURS).replace(
            '["2012-10-23"]', '["2019-01-01"] = { hours = { 120, 250, 600, 1000, 1500 } },\n    ["2012-10-23"]')
        self.assertEqual(self.diff(text)["changed"], 0)
        result = self.diff(text, as_of="2019-01-01")
        self.assertEqual(counted(result), self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS))
        self.assertEqual(result["as_of"], "2019-01-01")

    def test_parameters_alone_are_compared_as_of_the_day_they_begin(self):
        result = self.diff(policy="star_rating", parameters={"2027-01-01": {"hours": DRAFT_HOURS}})
        self.assertEqual(result["as_of"], "2027-01-01")
        self.assertEqual(counted(result), self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS))
        today = self.diff(policy="star_rating", parameters={"2027-01-01": {"hours": DRAFT_HOURS}}, as_of=DAY)
        self.assertEqual(today["changed"], 0)

    def test_nothing_is_stored_and_the_rule_in_force_stays(self):
        head = self.ask("journal.read", after=0, limit=1)["head"]
        self.diff(star_rating(DRAFT_HOURS))
        self.assertEqual(self.ask("journal.read", after=0, limit=1)["head"], head)
        self.assertEqual([item["revision"] for item in self.ask("policy.history", policy="star_rating")["items"]],
                         ["star_rating:1"])

    def test_the_same_draft_has_the_same_result_and_digest(self):
        times = ("seconds", "rate")
        first, again = (self.diff(star_rating(DRAFT_HOURS)) for _ in range(2))
        for result in (first, again):
            for name in times:
                result.pop(name)
        self.assertEqual(first, again)
        self.assertNotEqual(first["digest"], self.diff(star_rating(SHIPPED_HOURS))["digest"])

    def test_the_summary_is_small_and_says_what_was_compared(self):
        result = self.diff(star_rating(DRAFT_HOURS))
        summary = result["summary"]
        self.assertLess(len(json.dumps(summary)), 4096)
        self.assertEqual(summary["revision"], "star_rating:1")
        for name in ("digest", "judged", "changed", "better", "worse", "transitions", "sequence"):
            self.assertEqual(summary[name], result[name])
        self.assertEqual(summary["failed"], 0)


class PeopleTest(DiffTest):
    n_people = 300

    def test_standing_is_asked_about_everyone_who_is_registered(self):
        text = """return { name = "standing", kind = "standing", title = "资格", texts = { few = "仅 %d 分钟" },
          decide = function(volunteer) local minutes = volunteer:minutes{}
            if minutes > 6000 then return "good" end finding("few", minutes) return "deregistered" end,
          cases = { { name = "c", given = { minutes = 6001 }, expect = { standing = "good" } } } }"""
        result = self.diff(text)
        few = sum(minutes <= 6000 for minutes in self.people.minutes.values())
        self.assertEqual((result["kind"], result["revision"], result["judged"]), ("standing", None, self.n_people))
        self.assertEqual({(item["from"], item["to"]): item["n"] for item in result["transitions"]},
                         {("none", "good"): self.n_people - few, ("none", "deregistered"): few})

    def test_registration_is_asked_about_those_who_wait_too(self):
        text = """return { name = "registration", kind = "registration", title = "注册", texts = {},
          decide = function(volunteer) if volunteer.born and volunteer.born < "1980" then return "accepted" end
            return "held" end,
          cases = { { name = "c", given = { born = "1970-01" }, expect = { outcome = "accepted" } } } }"""
        older = sum(born < 1980 for born in self.people.born.values())
        result = self.diff(text)
        self.assertEqual({item["to"]: item["n"] for item in result["transitions"]},
                         {"accepted": older, "held": self.n_people - older})


class FailuresTest(DiffTest):
    n_people = 120

    def test_a_draft_that_fails_for_some_says_for_how_many_and_why(self):
        text = star_rating(SHIPPED_HOURS, extra='if volunteer:minutes{} > 18000 then error("too much") end')
        result = self.diff(text)
        n = sum(minutes > 18000 for minutes in self.people.minutes.values())
        self.assertEqual(result["failures"]["to"]["n"], n)
        self.assertEqual([item["n"] for item in result["failures"]["to"]["messages"]], [n])
        self.assertIn("too much", result["failures"]["to"]["messages"][0]["message"])
        self.assertEqual(result["failures"]["from"]["n"], 0)
        self.assertEqual(sum(item["n"] for item in result["transitions"] if item["to"] == "failed"), n)
        self.assertEqual(result["summary"]["failed"], n)

    def test_a_loop_without_end_meets_its_budget_for_each(self):
        result = self.diff(star_rating(SHIPPED_HOURS, extra="if volunteer:minutes{} > 90000 then while true do end end"))
        n = sum(minutes > 90000 for minutes in self.people.minutes.values())
        self.assertEqual(result["failures"]["to"]["n"], n)
        self.assertIn("budget of instructions", result["failures"]["to"]["messages"][0]["message"])
        self.assertTrue(self.ask("status"))

    def test_memory_and_results_are_limited_as_ever(self):
        hostile = ("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(10000) .. i end",
                   "for i = 1, 1000 do finding('many', i) end")
        for extra in hostile:
            result = self.diff(star_rating(SHIPPED_HOURS, extra=extra), examples=0)
            self.assertEqual(result["failures"]["to"]["n"], self.n_people)

    def test_what_cannot_be_compared_says_why(self):
        bulletin = (SHIPPED / "bulletin_registration.lua").read_text(encoding="utf-8")
        self.assertIn("bulletin preview", self.refuse_diff("out_of_range", "text", text=bulletin).message)

    def test_a_text_that_does_not_pass_the_check_is_refused_with_its_line(self):
        error = self.refuse_diff("policy_refused", "text", text="return {\n  name = \n}")
        self.assertIn("line", error.message)
        self.assertFalse(error.data["verdict"]["ok"])
        self.refuse_diff("out_of_range", "text", text="")
        self.refuse_diff("too_long", "text", text="-" * 300000)

    def test_cases_that_fail_do_not_keep_from_comparing(self):
        text = star_rating(SHIPPED_HOURS).replace("expect = { stars = 0 }", "expect = { stars = 5 }")
        self.assertEqual(self.diff(text)["changed"], 0)

    def test_wrong_parameters_are_named(self):
        good = star_rating(SHIPPED_HOURS)
        self.refuse_diff("missing_field", "text")
        self.refuse_diff("missing_field", "parameters", policy="star_rating")
        self.refuse_diff("unknown_field", "scop", text=good, scop=COUNTY)
        self.refuse_diff("unknown_region", "scope", text=good, scope="629999000000")
        self.refuse_diff("wrong_type", "as_of", text=good, as_of="2018-02-30")
        self.refuse_diff("wrong_type", "parameters", text=good, parameters={"2018-02-30": {}})
        self.refuse_diff("out_of_range", "examples", text=good, examples=1000)
        self.refuse_diff("out_of_range", "from", text=good, **{"from": "2018-01-01"})
        self.refuse_diff("unknown_policy", "policy", policy="nobody", parameters={"2027-01-01": {"hours": [1]}})
        self.refuse("out_of_range", "job", "job.start", job="policy.dif")


class RecordsTest(DiffTest):
    n_people = 600
    YEAR = {"from": "2018-01-01", "to": "2018-12-31"}

    def test_acceptance_counts_minutes_and_outcomes_of_every_record(self):
        text = ACCEPT_ALL.replace('finding("claimed", record.minutes)',
                                  'finding("claimed", record.minutes) if record.minutes > 30000 then return "refused" end')
        result = self.diff(text, **self.YEAR)
        claimed = [minutes for minutes in self.people.minutes.values() if minutes]
        lost = [minutes for minutes in claimed if minutes > 30000]
        self.assertEqual((result["subjects"], result["judged"]), ("records", len(claimed)))
        self.assertEqual(result["transitions"], [{"from": "accepted", "to": "refused", "n": len(lost)}])
        self.assertEqual(result["accounts"], [{"account": "minutes", "from": sum(claimed),
                                               "to": sum(claimed) - sum(lost), "difference": -sum(lost)}])
        self.assertEqual((result["better"], result["worse"]), (0, len(lost)))
        self.assertEqual(sum(item["n"] for item in result["histogram"]), len(claimed))
        worst = result["examples"][0]
        self.assertEqual(self.people.minutes[worst["volunteer"]], max(claimed))
        self.assertEqual((worst["record"], worst["to"]), (f"r:{worst['volunteer']}", 0))
        self.assertIn(f"申报 {max(claimed)} 分钟", worst["reasons"][0]["text"])

    def test_points_are_summed_by_account(self):
        text = (SHIPPED / "points.lua").read_text(encoding="utf-8")
        draft = text.replace("step_units = 50, methods", "step_units = 60, methods")
        draft = draft[:draft.index("  cases = {")] + ('  cases = { { name = "c", given = { counted_minutes = 30, '
                'method = "code" }, expect = { postings = { { account = "points", amount = 60 } } } } },\n}\n')
        offered = {"account": "points", "stock": 10}
        self.city.send("reward.offered", {**offered, "reward": "w:1", "title": "毛巾", "cost": 1000, "cost_fen": 500})
        self.city.send("reward.offered", {**offered, "reward": "w:2", "title": "水杯", "cost": 3000, "cost_fen": 2000})
        result = self.diff(draft, **self.YEAR)
        steps = sum(minutes // 30 for minutes in self.people.minutes.values())
        self.assertEqual(result["changed"], result["better"])
        self.assertGreater(result["better"], 0)
        self.assertEqual(result["accounts"], [{"account": "points", "from": steps * 50, "to": steps * 60,
                                               "difference": steps * 10, "cost_fen": steps * 10 * 2000 // 3000}])
        gain = sum(minutes >= 30 for minutes in self.people.minutes.values())
        self.assertEqual((result["better"], result["worse"]), (gain, 0))

    def test_a_rule_with_a_schedule_is_asked_about_people_as_the_clock_asks(self):
        text = """return { name = "festival", kind = "points", title = "重阳", schedule = { yearly = "10-17" }, texts = {},
          decide = function(subject, parameters, context)
            if context.subject ~= "volunteer" or context.cause ~= "schedule" then return { postings = {} } end
            return { postings = { { account = "points", amount = 700, reason = "重阳慰问" } } } end,
          cases = { { name = "c", given = {}, context = { subject = "volunteer", cause = "schedule" },
            expect = { postings = { { account = "points", amount = 700 } } } } } }"""
        result = self.diff(text, **self.YEAR)
        self.assertEqual(result["failures"]["to"]["messages"], [])
        self.assertEqual([(item["from"], item["to"]) for item in result["accounts"]], [(0, 700 * self.n_people)])
        self.assertEqual((result["better"], result["worse"]), (self.n_people, 0))

    def test_only_records_of_the_period_are_asked_about(self):
        self.assertEqual(self.diff(ACCEPT_ALL, **{"from": "2018-01-02", "to": "2018-12-31"})["judged"], 0)
        self.refuse_diff("out_of_range", "from", text=ACCEPT_ALL, **{"from": "2018-02-01", "to": "2018-01-01"})


class AssessmentTest(DiffTest):
    n_people = 200

    def test_indicators_that_change_are_listed_by_subject(self):
        self.city.send("figure.reported", {"figure": "built_up_residents", "as_of": "2018-01-01", "value": 1000,
                                           "subject": {"kind": "region", "id": CITY}, "origin": "统计局"})
        text = (SHIPPED / "assessment.lua").read_text(encoding="utf-8")
        assessed = self.diff(text)
        self.assertEqual((assessed["changed"], assessed["changes"]), (0, []))
        before = {item["id"]: item for item in self.ask(
            "assessment.get", subject_kind="region", subject=CITY)["policies"][0]["indicators"]}
        draft = """return { name = "assessment", kind = "assessment", title = "测评", texts = {},
          decide = function(subject) return { indicators = { { id = "registered", state = "not_met", value = 1 } } } end,
          cases = { { name = "c", given = {}, expect = { indicators = { registered = "not_met" } } } } }"""
        result = self.diff(draft)
        of_city = {change["indicator"]: change for change in result["changes"] if change["subject"]["id"] == CITY}
        self.assertEqual(of_city["registered"]["from"], before["registered"])
        self.assertEqual(of_city["registered"]["to"]["state"], "not_met")
        self.assertGreaterEqual(result["worse"], 1)
        self.assertEqual(result["changed"], len(result["changes"]))


class ProcessTest(DiffTest):
    """What happens to the child, and beside it."""
    n_people = 400
    # Long enough to be met while it runs, whatever the machine does.
    SLOW = star_rating(SHIPPED_HOURS, extra="local n = 0 for i = 1, 300000 do n = n + i end")

    def child(self):
        """The process that simulates."""
        found = subprocess.run(["pgrep", "-f", f"simulate {self.city.daemon.data}"], capture_output=True, text=True,
                               check=False).stdout.split()
        return int(found[0]) if found else None

    def start_slow(self):
        job = self.start(text=self.SLOW)
        pid = eventually(self.child, "the child to run")
        return job, pid

    def test_ingest_goes_on_beside_it_and_is_not_in_its_snapshot(self):
        n_before = self.diff(star_rating(SHIPPED_HOURS))["judged"]
        job, _ = self.start_slow()
        eventually(lambda: self.ask("job.get", job=job)["total"], "the snapshot")
        self.city.send_all([harness.event("volunteer.registered", {"volunteer": f"late:{i}", "region": COMMUNITY})
                            for i in range(50)])
        state = self.wait(job)
        self.assertEqual(state["result"]["judged"], n_before)
        self.assertLess(state["result"]["sequence"], self.ask("journal.read", after=0, limit=1)["head"])

    def test_the_child_gives_way(self):
        job, pid = self.start_slow()
        eventually(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 19, "the child at nice 19")
        self.ask("job.cancel", job=job)

    def test_a_cancelled_job_leaves_no_process(self):
        job, pid = self.start_slow()
        self.assertEqual(self.ask("job.cancel", job=job)["state"], "cancelled")
        self.assertEqual(self.ask("job.get", job=job)["state"], "cancelled")
        self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())

    def test_a_killed_child_is_a_failed_job_and_the_daemon_goes_on(self):
        job, pid = self.start_slow()
        os.kill(pid, signal.SIGKILL)
        state = self.wait(job)
        self.assertEqual(state["state"], "failed")
        self.assertTrue(state["message"])
        self.city.register_unknown(f"after-{pid}")
        self.assertEqual(self.diff(star_rating(SHIPPED_HOURS))["changed"], 0)

    def test_a_killed_daemon_takes_the_child_with_it(self):
        job, pid = self.start_slow()
        self.city.daemon.kill()
        eventually(lambda: not pathlib.Path(f"/proc/{pid}").exists(), "the child to end")
        self.city.daemon.start()
        with self.assertRaises(QueryError):
            self.ask("job.get", job=job)
        self.assertEqual(self.diff(star_rating(SHIPPED_HOURS))["failures"]["to"]["n"], 0)

    def test_progress_is_told(self):
        job, _ = self.start_slow()
        seen = eventually(lambda: self.ask("job.get", job=job)["total"], "a progress")
        self.assertGreaterEqual(seen, self.n_people)
        self.ask("job.cancel", job=job)

    def test_two_at_a_time(self):
        jobs = [self.start(text=star_rating(DRAFT_HOURS)) for _ in range(2)]
        results = [self.wait(job)["result"] for job in jobs]
        self.assertEqual(counted(results[0]), counted(results[1]))


class CommandTest(DiffTest):
    n_people = 500

    def test_a_terminal_s_table_says_transitions_in_stars(self):
        run = self.ctl("policy", "diff", str(self.draft(star_rating(DRAFT_HOURS))))
        self.assertEqual(run.returncode, 0, run.stderr)
        for word in ("1★", "0★", "秦州区", "30-44"):
            self.assertIn(word, run.stdout)

    def test_csv_has_every_section(self):
        run = self.ctl("policy", "diff", str(self.draft(star_rating(DRAFT_HOURS))), "--format", "csv")
        rows = list(csv.reader(io.StringIO(run.stdout.lstrip("\ufeff"))))
        changes = {(row[0], row[1]): int(row[2]) for row in rows if len(row) >= 3 and row[0].endswith("★") and
                   row[1].endswith("★") and row[2].isdigit()}
        self.assertEqual(changes, {(f"{a}★", f"{b}★"): n for (a, b), n in
                                   self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS).items()})

    def test_html_is_one_page_with_pictures(self):
        page = self.city.daemon.folder / "diff.html"
        run = self.ctl("policy", "diff", str(self.draft(star_rating(DRAFT_HOURS))), "-o", str(page))
        self.assertEqual(run.returncode, 0, run.stderr)
        text = page.read_text(encoding="utf-8")
        self.assertIn("<svg", text)
        self.assertIn("麦积区", text)
        self.assertNotIn("http://", text.replace("http://www.w3.org/", ""))

    def test_json_is_the_job_s_result(self):
        run = self.ctl("policy", "diff", str(self.draft(star_rating(DRAFT_HOURS))), "--format", "json")
        self.assertEqual(counted(json.loads(run.stdout)), self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS))

    def test_parameters_alone_by_the_policy_s_name(self):
        run = self.ctl("policy", "diff", "star_rating", "--parameters",
                       json.dumps({"2027-01-01": {"hours": DRAFT_HOURS}}), "--json")
        self.assertEqual(counted(json.loads(run.stdout)), self.people.transitions(SHIPPED_HOURS, DRAFT_HOURS))
        wrong = self.ctl("policy", "diff", "star_rating", "--parameters", "[1]")
        self.assertEqual(wrong.returncode, 2)

    def test_a_wrong_draft_exits_1_with_the_line(self):
        run = self.ctl("policy", "diff", str(self.draft("return {\n  name =\n}\n")), env={"LANGUAGE": "C"})
        self.assertEqual(run.returncode, 1)
        self.assertIn("line", run.stderr)


if __name__ == "__main__":
    unittest.main()
