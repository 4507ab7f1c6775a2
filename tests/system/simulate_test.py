"""volunteer-simulate: what the simulated city promises to whoever feeds on it.

Needs nothing but the program; VOLUNTEERD_BIN names the directory it was built into.
"""
import collections
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import unittest

PROGRAM = os.path.join(os.environ.get("VOLUNTEERD_BIN", "build/dev/bin"), "volunteer-simulate")
SETUP_TYPES = {"region.defined", "organisation.defined", "document.registered",
               "civilised_title.awarded", "figure.reported", "volunteer.registered"}
ONLY_SETUP_TYPES = {"region.defined", "organisation.defined"}
STATION_PARTS = {"staff", "funds", "venue", "team"}
CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "core" / "event" / "types.h"
# Of publishers' types: a recode is no event of an ordinary year, organisations stay as they are, the shipped rule gives
# stars without an application. Whoever issues a certificate or answers a second look has to ask
# the daemon first; notices end and visits are missed by themselves.
ABSENT_TYPES = {
    "region.recoded", "organisation.updated", "organisation.dissolved", "star.applied", "star.reviewed",
    "certificate.requested", "certificate.issued", "certificate.refused", "certificate.revoked",
    "campaign.closed",  # with the year, a month after the default days
    "public_notice.ended", "service.transferred", "visit.missed", "volunteer.merged", "review.sampled", "review.answered",
    "document.withdrawn",
    "evidence.submitted", "evidence.reviewed", "peer.reported",
}
CATEGORIES = {
    "neighbourhood", "elderly", "disability", "ecology", "courtesy", "lei_feng", "party", "traffic",
    "online", "conduct", "tourism", "dining", "rural", "window", "other",
}
COUNTIES = [code + "000000" for code in
            ("620502", "620503", "620521", "620522", "620523", "620524", "620525")]
IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

SMALL_CITY_SHA256 = "9da8eb0d2fee0f6653b4a5c502beaa8f8c89e492a3f598279cf3027d51ed4d60"


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, check=False)


def output(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def parse(text):
    return [json.loads(line) for line in text.splitlines()]


def identity_is_valid(number):
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, IDENTITY_WEIGHTS))
    return number[17] == "10X98765432"[total % 11]


def credit_code_is_valid(code):
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    body = sum(int(c, 36) * weight for c, weight in zip(code[8:16], ORGANISATION_WEIGHTS))
    return (code[17] == CREDIT_ALPHABET[(31 - total % 31) % 31]
            and code[16] == "0X987654321"[body % 11])


def moment(text):
    return datetime.datetime.fromisoformat(text)


def span_minutes(record):
    return int((moment(record["ends"]) - moment(record["starts"])).total_seconds()) // 60


def star_counts(records):
    minutes = collections.Counter()
    for event in records:
        data = event["data"]
        minutes[data["volunteer"]] += data.get("minutes", span_minutes(data))
    return collections.Counter(
        sum(total >= hours * 60 for hours in (100, 300, 600, 1000, 1500))
        for total in minutes.values())


class Indicators:
    """The three indicators at the end, counted from the events alone."""

    def __init__(self, events):
        self.people, self.figures, self.titled = {}, {}, {}
        for event in events:
            take = getattr(self, "on_" + event["type"].replace(".", "_"), None)
            if take:
                take(event["data"])

    def on_volunteer_registered(self, data):
        self.people[data["volunteer"]] = [data["region"], data.get("employer"),
                                          data.get("party_status")]

    def on_volunteer_withdrawn(self, data):
        del self.people[data["volunteer"]]

    on_volunteer_died = on_volunteer_withdrawn

    def on_volunteer_moved(self, data):
        self.people[data["volunteer"]][0] = data["region"]

    def on_volunteer_updated(self, data):
        person = self.people[data["volunteer"]]
        person[1] = data["changes"].get("employer", person[1])

    def on_figure_reported(self, data):
        self.figures[data["figure"], data["subject"]["id"]] = data["value"]

    def on_civilised_title_awarded(self, data):
        if data["title"] == "unit":
            self.titled[data["subject"]["id"]] = data["level"]

    def on_civilised_title_withdrawn(self, data):
        self.titled.pop(data["subject"]["id"])

    def of_counties(self, figure):
        for county in COUNTIES:
            people = [p for p in self.people.values() if p[0].startswith(county[:6])]
            if figure == "in_service_party_members":
                people = [person for person in people if person[2] == "in_service"]
            yield county, len(people), self.figures.get((figure, county))

    def states(self, figure, met):
        return {county: None if of is None else met(n, of)
                for county, n, of in self.of_counties(figure)}

    def rates(self, figure):
        return [(n, of) for _, n, of in self.of_counties(figure) if of is not None]

    def units(self):
        employed = collections.Counter(person[1] for person in self.people.values())
        return [(unit, self.figures.get(("staff", unit)), employed[unit])
                for unit, level in self.titled.items() if level != "county"]


class Year(unittest.TestCase):
    """The default city: 20,000 volunteers and a year."""

    @classmethod
    def setUpClass(cls):
        cls.events = parse(output())
        cls.by_type = collections.defaultdict(list)
        for event in cls.events:
            cls.by_type[event["type"]].append(event)
        cls.registered = [event["data"] for event in cls.by_type["volunteer.registered"]]
        cls.records = cls.by_type["service.recorded"]

    def test_every_type_of_the_catalogue_that_services_publish_occurs(self):
        rows = re.findall(r'T\([0-9]+, [a-z_]+, "([a-z_.]+)", PUBLISHER', CATALOGUE.read_text())
        self.assertGreater(len(rows), 30)
        self.assertEqual(set(self.by_type), set(rows) - ABSENT_TYPES)

    def test_events_are_in_order_of_time(self):
        times = [event["time"] for event in self.events]
        self.assertTrue(all(time.endswith("+08:00") for time in times))
        self.assertEqual(times, sorted(times))
        setup = [e for e in self.events if e["id"].startswith("d")]
        self.assertEqual(self.events[:len(setup)], setup)
        self.assertEqual({e["type"] for e in setup}, SETUP_TYPES)
        self.assertLess(setup[-1]["time"], "2017-12-01")
        self.assertLess(times[-1], "2018-12-01")

    def test_event_ids_are_unique_and_ordered(self):
        ids = [event["id"] for event in self.events]
        self.assertEqual(ids, sorted(set(ids)))

    def test_all_divisions_of_tianshui_are_defined_parents_first(self):
        regions = {}
        for event in self.by_type["region.defined"]:
            data = event["data"]
            if regions:
                self.assertIn(data["parent"], regions)
            regions[data["region"]] = data
        self.assertEqual(len(regions), 2759)
        kinds = collections.Counter(r["kind"] for r in regions.values()
                                    if r["level"] == "community")
        self.assertEqual(kinds, {"residents_committee": 120, "residents_like": 3, "virtual": 7,
                                 "villagers_committee": 2491})

    def test_organisations_have_valid_codes_and_known_parents(self):
        known, codes = set(), set()
        for event in self.by_type["organisation.defined"]:
            data = event["data"]
            self.assertTrue(credit_code_is_valid(data["credit_code"]), data)
            if known:
                self.assertIn(data["parent"], known)
            known.add(data["organisation"])
            codes.add(data["credit_code"])
        self.assertEqual(len(codes), 400)

    def test_identity_numbers_are_valid_unique_and_nobodys(self):
        numbers = [data["identity"]["number"] for data in self.registered]
        self.assertEqual(len(set(numbers)), 20000)
        self.assertTrue(all(identity_is_valid(number) for number in numbers))
        self.assertTrue(all(number.startswith("620599") for number in numbers))
        self.assertFalse(any(re.fullmatch("1[3-9][0-9]{9}", data["identity"]["phone"])
                             for data in self.registered))

    def test_birth_and_sex_agree_with_the_identity_number(self):
        for data in self.registered:
            number = data["identity"]["number"]
            self.assertEqual(data["born"], number[6:10] + "-" + number[10:12])
            self.assertEqual(data["sex"], "male" if int(number[16]) % 2 else "female")

    def test_minors_have_a_guardians_consent(self):
        minors = [data for data in self.registered if data["born"] > "1999-12"]
        self.assertGreater(len(minors), 300)
        self.assertTrue(all("guardian_consent" in data for data in minors))

    def test_people_are_distributed_as_in_a_city(self):
        n = len(self.registered)
        employed = sum("employer" in data for data in self.registered) / n
        in_service = sum(d.get("party_status") == "in_service" for d in self.registered) / n
        young = sum(data["born"] > "1982-12" for data in self.registered) / n
        self.assertTrue(0.40 < employed < 0.50, employed)
        self.assertTrue(0.06 < in_service < 0.10, in_service)
        self.assertTrue(0.40 < young < 0.60, young)

    def test_identifiers_never_look_like_identity_or_phone_numbers(self):
        named = re.compile(r'"(?:id|source|region|organisation|volunteer|activity|record|recorder|'
                           r'reviewer|by|employer)":"([^"]*)"')
        for event in self.events[::7]:
            for word in named.findall(json.dumps(event)):
                self.assertNotRegex(word, r"^(1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])$")

    def test_nobody_serves_twice_at_once(self):
        shifts = collections.defaultdict(list)
        for event in self.records:
            data = event["data"]
            shifts[data["volunteer"]].append((moment(data["starts"]), moment(data["ends"])))
        for intervals in shifts.values():
            intervals.sort()
            for before, after in zip(intervals, intervals[1:]):
                self.assertLessEqual(before[1], after[0])

    def test_records_come_after_the_service_and_hold_no_more_than_it(self):
        late = 0
        for event in self.records:
            data = event["data"]
            delay = moment(event["time"]) - moment(data["ends"])
            self.assertGreater(delay.total_seconds(), 0)
            self.assertTrue(1 <= data.get("minutes", 1) <= span_minutes(data) < 12 * 60)
            late += delay > datetime.timedelta(days=30)
        self.assertTrue(0 < late < len(self.records) / 100, late)

    def test_only_late_records_are_reviewed_and_by_another_person(self):
        records = {event["data"]["record"]: event for event in self.records}
        for event in self.by_type["service.reviewed"]:
            recorded = records[event["data"]["record"]]
            delay = moment(recorded["time"]) - moment(recorded["data"]["ends"])
            self.assertGreater(delay, datetime.timedelta(days=30))
            self.assertNotEqual(event["data"]["reviewer"], recorded["data"]["recorder"])

    def test_corrections_reduce_minutes(self):
        records = {event["data"]["record"]: event["data"] for event in self.records}
        for event in self.by_type["service.corrected"]:
            record = records[event["data"]["record"]]
            self.assertLess(event["data"]["minutes"], record.get("minutes", span_minutes(record)))

    def test_records_are_of_known_activities_within_their_times(self):
        activities = {}
        for event in self.by_type["activity.published"]:
            data = event["data"]
            self.assertLess(event["time"], data["starts"])
            self.assertTrue(data["risk"])
            activities[data["activity"]] = data
        cancelled = {e["data"]["activity"] for e in self.by_type["activity.cancelled"]}
        for event in self.records:
            data = event["data"]
            activity = activities[data["activity"]]
            self.assertNotIn(data["activity"], cancelled)
            self.assertEqual(data["organisation"], activity["organisation"])
            self.assertTrue(activity["starts"] <= data["starts"] < data["ends"] <= activity["ends"])

    def test_open_calls_have_more_who_enrol_than_places(self):
        calls = {e["data"]["activity"]: e["data"] for e in self.by_type["activity.published"]
                 if ":call" in e["data"]["activity"]}
        enrolled, came = collections.defaultdict(list), collections.defaultdict(set)
        for event in self.by_type["enrolment.requested"]:
            enrolled[event["data"]["activity"]].append(event["data"]["volunteer"])
        for event in self.by_type["attendance.checked_in"]:
            came[event["data"]["activity"]].add(event["data"]["volunteer"])
        over = [call for call, people in enrolled.items() if len(people) > calls[call]["places"]]
        self.assertGreater(len(over), 300)
        for call, people in enrolled.items():
            self.assertEqual(len(set(people)), len(people))
            self.assertLessEqual(len(came[call]), calls[call]["places"])
            self.assertLessEqual(came[call], set(people))
        moved_up = [call for call in over if enrolled[call][5] in came[call]]
        self.assertGreater(len(moved_up), len(over) / 2)

    def test_whoever_signs_in_signs_out(self):
        for kind, other in ("checked_in", "checked_out"), ("checked_out", "checked_in"):
            pairs = {(e["data"]["activity"], e["data"]["volunteer"]) for e in self.by_type["attendance." + kind]}
            others = {(e["data"]["activity"], e["data"]["volunteer"]) for e in self.by_type["attendance." + other]}
            self.assertEqual(pairs, others)

    def test_redemptions_are_settled_or_voided_within_a_week(self):
        ended = {e["data"]["redemption"]: e["time"]
                 for e in self.by_type["reward.settled"] + self.by_type["reward.voided"]}
        for event in self.by_type["reward.redeemed"]:
            end = ended.get(event["data"]["redemption"], event["time"])
            self.assertLess(moment(end) - moment(event["time"]), datetime.timedelta(days=7))
        self.assertGreater(len(ended), 200)

    def test_every_topic_is_taught(self):
        topics = {e["data"]["course"]: e["data"]["topic"] for e in self.by_type["course.defined"]}
        taught = collections.Counter(topics[e["data"]["course"]] for e in self.by_type["training.completed"])
        self.assertEqual(set(taught), {"theory", "knowledge", "skill"})
        self.assertGreater(min(taught.values()), 500)

    def test_most_register_before_the_first_day_and_party_members_when_called(self):
        later = [e for e in self.by_type["volunteer.registered"] if e["time"] >= "2017-12-01"]
        self.assertTrue(0.10 < len(later) / len(self.registered) < 0.18, len(later))
        called = [e for e in later if "2018-08-24" <= e["time"] < "2018-11-05"]
        self.assertGreater(len(called), len(later) / 2)
        members = [e for e in later if e["data"].get("party_status") == "in_service"]
        self.assertTrue(all(e in called for e in members))

    def test_nobody_is_named_before_they_are_registered(self):
        registered = {}
        for event in self.events:
            data = event["data"]
            if event["type"] == "volunteer.registered":
                if "referred_by" in data:
                    self.assertIn(data["referred_by"], registered)
                registered[data["volunteer"]] = event["time"]
            elif "volunteer" in data:
                self.assertLess(registered[data["volunteer"]], data.get("starts", event["time"]))

    def test_withdrawn_volunteers_enter_nothing_more(self):
        gone = {e["data"]["volunteer"]: e["time"] for e in self.by_type["volunteer.withdrawn"]}
        for event in self.records + self.by_type["volunteer.updated"]:
            volunteer = event["data"]["volunteer"]
            self.assertLess(event["time"], gone.get(volunteer, "9"))

    def test_the_dead_serve_no_more(self):
        gone = {e["data"]["volunteer"]: e for e in self.by_type["volunteer.died"]}
        self.assertGreater(len(gone), 0)
        for event in gone.values():
            self.assertLess(event["data"]["on"], event["time"][:10])
        for event in self.records + self.by_type["volunteer.updated"] + self.by_type["team.joined"]:
            died = gone.get(event["data"]["volunteer"])
            self.assertTrue(died is None or event["time"] < died["time"])

    def test_the_year_has_its_shape(self):
        months = collections.Counter(event["data"]["starts"][:7] for event in self.records)
        self.assertEqual(max(months, key=months.get), "2018-03")
        self.assertEqual(len(months), 12)
        categories = {e["data"]["category"] for e in self.by_type["activity.published"]}
        self.assertEqual(categories, CATEGORIES)
        methods = {event["data"]["method"] for event in self.records}
        self.assertEqual(methods, {"automatic", "code", "manual", "import"})

    def test_shifts_cross_midnight_and_the_years_end(self):
        overnight = [e["data"] for e in self.records
                     if e["data"]["starts"][:10] != e["data"]["ends"][:10]]
        self.assertGreater(len(overnight), 1000)
        self.assertTrue(any(data["starts"].startswith("2017-12-31") for data in overnight))

    def test_figures_say_that_they_are_simulated_and_come_once_for_a_day(self):
        seen = set()
        for event in self.by_type["figure.reported"]:
            data = event["data"]
            key = data["figure"], data["subject"]["id"], data["as_of"]
            self.assertNotIn(key, seen)
            seen.add(key)
            self.assertLess(data["as_of"], event["time"][:10])
            self.assertGreater(data["value"], 0)
            real = data["figure"] == "communities"  # counted in the table of divisions
            self.assertEqual("模拟" in data["origin"], not real)
        figures = collections.Counter(key[0] for key in seen)
        self.assertEqual(set(figures), {"built_up_residents", "staff", "communities",
                                        "in_service_party_members"})
        self.assertGreater(len({key[2] for key in seen}), 4)

    def test_rates_are_a_citys_and_mixed(self):
        city = Indicators(self.events)
        residents = city.states("built_up_residents", lambda n, d: 100 * n > 13 * d)
        party = city.states("in_service_party_members", lambda n, d: 100 * n > 90 * d)
        for states in (residents, party):
            self.assertTrue(2 <= list(states.values()).count(True) <= 6, states)
            self.assertIn(False, states.values())
        self.assertEqual([c for c, state in residents.items() if state is None], ["620525000000"])
        self.assertNotIn(None, party.values())
        for numerator, denominator in city.rates("built_up_residents"):
            self.assertTrue(0.10 < numerator / denominator < 0.15)
        for numerator, denominator in city.rates("in_service_party_members"):
            self.assertTrue(0.80 < numerator / denominator < 1.0)

    def test_titled_units_differ_around_half_of_their_staff(self):
        met, silent = collections.Counter(), 0
        for unit, staff, employed in Indicators(self.events).units():
            silent += staff is None
            if staff is not None:
                met[2 * employed > staff] += 1
        self.assertTrue(met[True] > 10 and met[False] > 10 and silent > 0, (met, silent))

    def test_titles_are_of_all_levels_and_one_is_withdrawn(self):
        awarded = self.by_type["civilised_title.awarded"]
        titles = {(e["data"]["subject"]["id"], e["data"]["title"]): e["data"]["level"]
                  for e in awarded}
        self.assertEqual(len(titles), len(awarded))
        self.assertEqual({level for (_, title), level in titles.items() if title == "unit"},
                         {"county", "municipal", "provincial", "national"})
        self.assertEqual({title for _, title in titles},
                         {"unit", "community", "village_town", "city"})
        for event in self.by_type["civilised_title.reviewed"] + self.by_type["civilised_title.withdrawn"]:
            data = event["data"]
            self.assertEqual(titles[data["subject"]["id"], data["title"]], data["level"])
        self.assertEqual({e["data"]["outcome"] for e in self.by_type["civilised_title.reviewed"]},
                         {"passed", "rectify", "failed"})
        self.assertEqual(len(self.by_type["civilised_title.withdrawn"]), 1)

    def test_stations_are_evidenced_part_by_part_then_built_then_opened(self):
        parts, state = collections.defaultdict(set), {}
        for event in self.events:
            data, step = event["data"], event["type"].partition("station.")[2]
            if step == "planned":
                state[data["station"]] = step
            elif step == "progressed":
                self.assertEqual(state[data["station"]], "planned")
                self.assertRegex(data["evidence"]["digest"], "^sha256:[0-9a-f]{64}$")
                if data["done"]:
                    parts[data["station"]].add(data["part"])
            elif step:
                before = {"built": "planned", "opened": "built", "closed": "opened"}[step]
                self.assertEqual(state[data["station"]], before)
                self.assertEqual(data["on"], event["time"][:10])
                self.assertEqual(parts[data["station"]], STATION_PARTS)
                state[data["station"]] = step

    def test_stations_keep_the_deadlines_but_for_a_few(self):
        regions = [e["data"]["region"] for e in self.by_type["station.planned"]]
        districts = collections.Counter(region[:6] for region in regions)
        self.assertEqual((len(set(regions)), districts["620502"], districts["620503"]),
                         (122, 47, 35))
        place = {e["data"]["station"]: e["data"]["region"] for e in self.by_type["station.planned"]}
        opened = [e["data"]["on"] for e in self.by_type["station.opened"]
                  if place[e["data"]["station"]][:6] in ("620502", "620503")]
        self.assertTrue(76 <= sum(on <= "2018-10-31" for on in opened) < 82)
        self.assertTrue(79 < len(opened) < 82, len(opened))  # one is overdue when the year of service ends

    def test_plans_name_the_deadlines_of_the_city(self):
        plans = {(e["data"]["subject"]["id"][:6], e["data"]["measure"]):
                 (e["data"]["target"], e["data"]["due"]) for e in self.by_type["plan.set"]}
        self.assertEqual(plans["620500", "stations_built"], (122, "2018-12-31"))
        self.assertEqual(plans["620502", "stations_opened"], (47, "2018-10-31"))
        self.assertEqual(plans["620503", "stations_opened"], (35, "2018-10-31"))
        documents = {e["data"]["number"] for e in self.by_type["document.registered"]}
        self.assertLessEqual({"市文明办发〔2018〕37号", "民函〔2012〕340号"}, documents)

    def test_what_the_campaign_asks_is_done_late_or_never(self):
        (launched,) = self.by_type["campaign.launched"]
        (notice,) = self.by_type["notice.issued"]
        asked, due = notice["data"]["to"], notice["data"]["due"]
        self.assertEqual((launched["data"]["ends"], len(asked), len(set(asked))), ("2018-12-31", 40, 40))
        received = {e["data"]["organisation"]: e["time"][:10] for e in self.by_type["notice.received"]}
        self.assertLess(set(received), set(asked))
        self.assertTrue(0 < sum(day > due for day in received.values()) < 10)
        tasks = {e["data"]["task"]: e["data"] for e in self.by_type["task.assigned"]}
        first = {e["data"]["task"]: e["time"][:10] for e in reversed(self.by_type["task.reported"])}
        accepted = {e["data"]["task"] for e in self.by_type["task.accepted"]}
        self.assertEqual({task["organisation"] for task in tasks.values()}, set(asked))
        self.assertEqual(set(first), accepted)
        self.assertTrue(30 <= len(accepted) < 40)
        self.assertTrue(0 < sum(first[task] > tasks[task]["due"] for task in first) < 10)
        self.assertGreater(len(self.by_type["task.returned"]), 0)
        made = {e["data"]["commitment"]: e["data"] for e in self.by_type["commitment.made"]}
        kept = {e["data"]["commitment"]: e["time"][:10] for e in self.by_type["commitment.kept"]}
        self.assertEqual(collections.Counter(data["subject"]["kind"] for data in made.values()), {"region": 7, "organisation": 10})
        self.assertLess(set(kept), set(made))
        self.assertTrue(any(kept[name] > made[name]["due"] for name in kept))
        calls = [e for e in self.by_type["activity.published"] if "campaign" in e["data"]]
        self.assertGreater(len(calls), 50)
        self.assertGreater(min(e["time"] for e in calls), launched["time"])

    def test_units_keep_watch_over_posts_and_their_members_report_in(self):
        pairings = {e["data"]["organisation"]: e["data"]["region"] for e in self.by_type["pairing.agreed"]}
        posts = {e["data"]["post"]: e["data"] for e in self.by_type["post.defined"]}
        self.assertEqual((len(pairings), len(posts)), (40, 40))
        self.assertEqual({data["organisation"]: data["region"] for data in posts.values()}, pairings)
        held, offered, closed = set(), set(), set()
        for event in self.events:
            kind, data = event["type"], event["data"]
            who = (data.get("post"), data.get("volunteer"))
            if kind == "post.claimed":
                (offered if "by" in data else held).add(who)
            elif kind == "post.accepted":
                self.assertIn(who, offered)
                held.add(who)
            elif kind == "post.released":
                held.remove(who)
            elif kind == "post.closed":
                closed.add(data["post"])
            elif kind == "post.duty_done":
                self.assertIn(who, held)
                self.assertNotIn(data["post"], closed)
                self.assertIn(moment(data["starts"]).weekday(), (2, 6))
        self.assertTrue(offered and closed and len({post for post, _ in held}) > 25)
        self.assertTrue({"findings"} & set().union(*(e["data"] for e in self.by_type["post.duty_done"])))
        reports = {e["data"]["volunteer"]: e["data"] for e in self.by_type["party_member.reported_in"]}
        self.assertEqual(len(reports), len(self.by_type["party_member.reported_in"]))
        people = {data["volunteer"]: data for data in self.registered}
        for name, data in reports.items():
            self.assertEqual((people[name]["employer"], people[name]["party_status"]), (data["employer"], "in_service"))
            self.assertEqual(pairings[data["employer"]], data["region"])
        members = sum(data.get("party_status") == "in_service" and data["employer"] in pairings for data in self.registered)
        self.assertTrue(members * 7 < len(reports) * 10 < members * 10, (members, len(reports)))

    def test_members_join_teams_that_are_there_and_leave_what_they_joined(self):
        teams, members = set(), set()
        for event in self.events:
            data, step = event["data"], event["type"].partition("team.")[2]
            if step == "formed":
                self.assertEqual(("organisation" in data) + ("region" in data), 1)
                teams.add(data["team"])
            elif step == "dissolved":
                self.assertIn(data["successor"], teams)
                teams.remove(data["team"])
            elif step:
                self.assertIn(data["team"], teams)
            if step == "joined":
                members.add((data["team"], data["volunteer"]))
            elif step == "left":
                members.remove((data["team"], data["volunteer"]))
        statuses = {e["data"]["legal_status"] for e in self.by_type["team.formed"]}
        self.assertEqual(statuses, {"registered", "filed", "grassroots"})
        self.assertTrue(200 < len(teams) < 400 and len(members) > 1000, len(members))

    def test_projects_and_stations_of_activities_are_there(self):
        projects, stations, hosted, used = set(), set(), 0, collections.Counter()
        for event in self.events:
            data, kind = event["data"], event["type"]
            if kind == "station.opened":
                stations.add(data["station"])
            elif kind == "project.defined":
                projects.add(data["project"])
                hosted += "station" in data
            elif kind == "project.closed":
                projects.remove(data["project"])
            if kind == "activity.published" and "project" in data:
                self.assertIn(data["project"], projects)
                used["project"] += 1
            if kind in ("activity.published", "project.defined") and "station" in data:
                self.assertIn(data["station"], stations)
                used["station"] += 1
        self.assertGreater(hosted, 3)
        self.assertTrue(used["project"] > 1000 and used["station"] > 100, used)

    def test_activities_are_closed_once_nothing_more_comes(self):
        closed = {e["data"]["activity"]: e["time"] for e in self.by_type["activity.closed"]}
        self.assertGreater(len(closed), len(self.by_type["activity.published"]) / 2)
        for event in self.records:
            self.assertLess(event["time"], closed.get(event["data"]["activity"], "9"))

    def test_totals_of_earlier_years_are_carried_over_once_with_evidence(self):
        volunteers = [e["data"]["volunteer"] for e in self.by_type["service.carried_over"]]
        self.assertEqual(len(set(volunteers)), len(volunteers))
        self.assertTrue(0.2 < len(volunteers) / len(self.registered) < 0.4)
        for event in self.by_type["service.carried_over"]:
            data = event["data"]
            self.assertTrue(data["from"] < data["to"] < "2017-12" and data["evidence"])
            self.assertTrue(0 < data["minutes"] <= 80 * 60)

    def test_stars_shrink_from_one_to_five(self):
        per_person = len(self.records) / len(self.registered)
        self.assertTrue(10 < per_person < 14, per_person)
        stars = star_counts(self.records)
        self.assertTrue(200 < stars[1] < 2000, stars)
        self.assertTrue(stars[1] > stars[2] > stars[3] > stars[4] > stars[5] > 0, stars)
        self.assertLess(stars[5], 20, stars)


class Arguments(unittest.TestCase):
    SMALL = ("--volunteers", "300", "--days", "60")

    def test_same_arguments_same_bytes(self):
        for more in ((), ("--faults", "10"), ("--random-ids",)):
            self.assertEqual(output(*self.SMALL, *more), output(*self.SMALL, *more))

    def test_the_bytes_are_the_same_on_every_machine(self):
        digest = hashlib.sha256(output(*self.SMALL, "--faults", "10")).hexdigest()
        self.assertEqual(digest, SMALL_CITY_SHA256,
                         "another city than before: if that is meant, put this digest here")

    def test_another_seed_is_another_city(self):
        self.assertNotEqual(output(*self.SMALL, "--seed", "1"), output(*self.SMALL, "--seed", "2"))

    def test_no_setup_leaves_the_stream_as_it_is(self):
        whole, stream = output(*self.SMALL), output(*self.SMALL, "--no-setup")
        self.assertTrue(whole.endswith(stream))
        self.assertFalse(ONLY_SETUP_TYPES & {event["type"] for event in parse(stream)})

    def test_random_ids_are_unique_and_change_nothing_else(self):
        ordered, scattered = parse(output(*self.SMALL)), parse(output(*self.SMALL, "--random-ids"))
        ids = [event.pop("id") for event in scattered]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertNotEqual(ids, sorted(ids))
        for event in ordered:
            event.pop("id")
        self.assertEqual(ordered, scattered)

    def test_start_and_sizes_are_followed(self):
        events = parse(output("--volunteers", "50", "--days", "40", "--start", "2020-02-01",
                              "--organisations", "3"))
        whole = parse(output("--volunteers", "50", "--start", "2020-02-01", "--organisations", "3"))
        types = collections.Counter(event["type"] for event in events)
        self.assertTrue(35 < types["volunteer.registered"] <= 50 and types["organisation.defined"] == 3)
        self.assertEqual(sum(e["type"] == "volunteer.registered" for e in whole), 50)
        services = [e["data"]["starts"] for e in events if e["type"] == "service.recorded"]
        self.assertTrue("2020-02-01" <= min(services) and max(services) < "2020-03-13")

    def test_wrong_usage_is_exit_2_and_says_what_is_right(self):
        wrong = (("--volunteers", "0"), ("--volunteers", "-5"), ("--volunteers", "many"),
                 ("--volunteers", "99999999999999999999"), ("--days", "0"),
                 ("--start", "2018-02-29"), ("--faults", "101"), ("--faults", "-1"), ("--seed", ""),
                 ("--unheard-of",), ("city",))
        for arguments in wrong:
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertIn(b"--help", done.stderr)

    def test_a_file_that_is_none_of_divisions_is_refused(self):
        for path in ("/nonexistent/divisions.csv", __file__):
            done = run("--divisions", path)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertIn(path.encode(), done.stderr)

    def test_a_full_disk_is_said(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *self.SMALL], stdout=full, stderr=subprocess.PIPE,
                                  check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)


    def test_every_year_has_its_own_campaign(self):
        for start, due in (("2020-02-01", "2020-10-31"), ("2018-09-01", "2019-10-31")):
            events = parse(output("--volunteers", "50", "--start", start, "--days", "480"))
            plans = [e["data"]["due"] for e in events if e["type"] == "plan.set"]
            self.assertIn(due, plans)
            types = collections.Counter(e["type"] for e in events)
            self.assertEqual(types["station.planned"], 122)
            self.assertEqual((types["campaign.launched"], types["campaign.closed"]), (1, int(due.startswith("2020"))))  # the other ends before
            self.assertGreater(types["station.opened"], 75)

    def test_a_small_city_is_met_and_not_met_too(self):
        city = Indicators(parse(output("--volunteers", "300")))
        states = city.states("built_up_residents", lambda n, d: 100 * n > 13 * d)
        self.assertLessEqual({True, False, None}, set(states.values()))

    def test_other_divisions_have_stations_in_their_own_communities(self):
        newer = str(CATALOGUE.parents[2] / "conf" / "divisions" / "tianshui-divisions-2023.csv")
        events = parse(output("--volunteers", "50", "--divisions", newer))
        regions = {e["data"]["region"] for e in events if e["type"] == "region.defined"}
        planned = [e["data"]["region"] for e in events if e["type"] == "station.planned"]
        self.assertEqual(len(planned), 538)
        self.assertLessEqual(set(planned), regions)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = output("--volunteers", "2000", "--days", "120", "--faults", "20").splitlines()
        cls.events = parse(b"\n".join(cls.lines))
        cls.records = [event for event in cls.events if event["type"] == "service.recorded"]
        cls.minutes = [(e["data"].get("minutes"), span_minutes(e["data"])) for e in cls.records]
        cls.known = {e["data"]["volunteer"] for e in cls.events
                     if e["type"] == "volunteer.registered"}

    def test_about_the_asked_share_is_wrong(self):
        right = output("--volunteers", "2000", "--days", "120").splitlines()
        n = sum(b'"service.recorded"' in line for line in right)
        same_shift = re.compile(rb'"volunteer":"[^"]*","activity":"[^"]*".*"minutes":[0-9]+')
        kept = {m.group() for m in map(same_shift.search, self.lines) if m}
        shifts = [m.group() for m in map(same_shift.search, right) if m]
        lost = sum(shift not in kept for shift in shifts) / len(shifts)
        self.assertGreater(n, 1000)
        self.assertTrue(0.13 < lost < 0.23, lost)

    def test_earlier_events_are_sent_again(self):
        repeated = len(self.lines) - len(set(self.lines))
        self.assertGreater(repeated, 20)

    def test_ids_are_used_again_for_other_content(self):
        contents = collections.defaultdict(set)
        for event, line in zip(self.events, self.lines):
            contents[event["source"], event["id"]].add(line)
        self.assertGreater(sum(len(lines) > 1 for lines in contents.values()), 20)

    def test_minutes_exceed_spans_and_are_no_numbers(self):
        numbers = [pair for pair in self.minutes if isinstance(pair[0], int)]
        self.assertGreater(sum(minutes > span for minutes, span in numbers), 20)
        self.assertGreater(sum(isinstance(minutes, str) for minutes, _ in self.minutes), 20)

    def test_shifts_exceed_a_day_and_the_daily_cap(self):
        self.assertGreater(sum(span > 24 * 60 for _, span in self.minutes), 20)
        self.assertGreater(sum(12 * 60 < span < 18 * 60 for _, span in self.minutes), 20)

    def test_volunteers_are_unknown_and_identity_numbers_wrong(self):
        strangers = [e for e in self.records if e["data"]["volunteer"] not in self.known]
        self.assertGreater(len(strangers), 20)
        wrong = [e for e in self.events if e["type"] == "volunteer.registered"
                 and not identity_is_valid(e["data"]["identity"]["number"])]
        self.assertGreater(len(wrong), 20)

    def test_figures_come_twice_for_a_day_below_zero_and_from_the_future(self):
        figures = [e for e in self.events if e["type"] == "figure.reported"]
        days = collections.Counter((e["data"]["figure"], e["data"]["subject"]["id"], e["data"]["as_of"])
                                   for e in figures)
        self.assertGreater(sum(n > 1 for n in days.values()), 5)
        self.assertGreater(sum(e["data"]["value"] < 0 for e in figures), 5)
        self.assertGreater(sum(e["data"]["as_of"] > e["time"] for e in figures), 5)

    def test_regions_are_recoded_onto_codes_that_exist(self):
        regions = {e["data"]["region"] for e in self.events if e["type"] == "region.defined"}
        recoded = [e["data"] for e in self.events if e["type"] == "region.recoded"]
        self.assertGreater(len(recoded), 20)
        self.assertTrue(all(data["into"] in regions for data in recoded))
        self.assertTrue(any(data["into"] == data["region"] for data in recoded))

    def test_stations_are_opened_before_they_are_built(self):
        events = parse(output("--volunteers", "2000", "--faults", "20"))
        built, early = set(), 0
        for event in events:
            if event["type"] == "station.built":
                built.add(event["data"]["station"])
            elif event["type"] == "station.opened":
                early += event["data"]["station"] not in built
        self.assertGreater(early, 20)

    def test_entries_are_late_and_shifts_overlap(self):
        late, overlaps, shifts = 0, 0, collections.defaultdict(set)
        for event in self.records:
            data = event["data"]
            late += moment(event["time"]) - moment(data["ends"]) > datetime.timedelta(days=30)
            for starts, ends, record in shifts[data["volunteer"]]:
                overlaps += (record != data["record"] and starts < data["ends"]
                             and data["starts"] < ends)
            shifts[data["volunteer"]].add((data["starts"], data["ends"], data["record"]))
        self.assertGreater(late, 20)
        self.assertGreater(overlaps, 20)

    def test_reviews_and_revocations_come_in_the_wrong_state(self):
        times = {e["data"].get("record"): moment(e["time"]) - moment(e["data"]["ends"])
                 for e in self.records}
        reviews = [e["data"]["record"] for e in self.events if e["type"] == "service.reviewed"]
        self.assertTrue(any(times[r] < datetime.timedelta(days=20) for r in reviews))
        revoked = collections.Counter(
            e["data"]["record"] for e in self.events if e["type"] == "service.revoked")
        self.assertGreater(max(revoked.values()), 1)


if __name__ == "__main__":
    unittest.main()
