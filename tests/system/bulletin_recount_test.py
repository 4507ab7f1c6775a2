"""The registration bulletin of a simulated city against a recount of the journal that shares no code with the daemon:
today and on past days, each as it was known at that day's end."""
import bisect
import collections
import datetime
import json
import subprocess
import unittest

from harness import PROGRAMS, DaemonTest

ZONE = datetime.timezone(datetime.timedelta(hours=8))
PAST_DAYS = ("2018-02-15", "2018-04-30", "2018-09-20")
UNIT_LEVELS = ("municipal", "provincial", "national")
PARTS = ("staff", "funds", "venue", "team")
PUBLISHED = 500  # events in a body


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZONE)


def day_of(text):
    return moment(text).date().isoformat()


def minutes_in_month(starts, minutes, month):
    """Who serves over the midnight that ends a month serves in both."""
    first = moment(starts).replace(second=0)
    return sum((first + datetime.timedelta(minutes=minute)).strftime("%Y-%m") == month for minute in range(minutes))


def cut_percent(part, whole):
    hundredths = part * 10000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


class Recount:
    """What the events up to one say, kept as plainly as possible: everything is counted when it is asked for."""

    def __init__(self):
        self.regions = {}
        self.organisations = {}
        self.people = {}
        self.figures = collections.defaultdict(list)
        self.titles = {}
        self.stations = {}
        self.plans = {}
        self.activities = {}
        self.posts = {}
        self.records = {}

    def take(self, event):
        handler = getattr(self, event["type"].replace(".", "_"), None)
        if handler:
            handler(event["data"])

    # ---- events ----

    def region_defined(self, data):
        self.regions[data["region"]] = (data["name"], data.get("parent"))

    def organisation_defined(self, data):
        self.organisations[data["organisation"]] = (data["name"], data["region"])

    def volunteer_registered(self, data):
        self.people[data["volunteer"]] = {
            name: data.get(name) for name in ("region", "employer", "party_status")}

    def registration_decided(self, data):
        if data["outcome"] != "accepted":
            raise AssertionError("the simulated city registers nobody who is held")

    def volunteer_withdrawn(self, data):
        del self.people[data["volunteer"]]

    volunteer_died = volunteer_withdrawn

    def volunteer_moved(self, data):
        self.people[data["volunteer"]]["region"] = data["region"]

    def volunteer_updated(self, data):
        person = self.people[data["volunteer"]]
        person.update({name: value for name, value in data["changes"].items() if name in person})

    def figure_reported(self, data):
        self.figures[data["figure"], data["subject"]["id"]].append((data["as_of"], data["value"]))

    def civilised_title_awarded(self, data):
        if data["title"] == "unit":
            self.titles[data["subject"]["id"]] = data["level"]

    def civilised_title_withdrawn(self, data):
        if data["title"] == "unit":
            del self.titles[data["subject"]["id"]]

    def station_planned(self, data):
        self.stations[data["station"]] = {"region": data["region"], "parts": set(), "built": False, "opened": False}

    def station_progressed(self, data):
        parts = self.stations[data["station"]]["parts"]
        (parts.add if data["done"] else parts.discard)(data["part"])

    def station_built(self, data):
        self.stations[data["station"]]["built"] = True

    def station_opened(self, data):
        self.stations[data["station"]]["opened"] = True

    def station_closed(self, data):
        del self.stations[data["station"]]

    def plan_set(self, data):
        self.plans[data["plan"]] = (data["subject"]["id"], data["measure"], data["target"], data["due"])

    def activity_published(self, data):
        self.activities[data["activity"]] = {"region": data["region"], "month": day_of(data["starts"])[:7]}

    def activity_changed(self, data):
        changes = data["changes"]
        if "starts" in changes:
            self.activities[data["activity"]]["month"] = day_of(changes["starts"])[:7]

    def activity_cancelled(self, data):
        del self.activities[data["activity"]]

    def post_defined(self, data):
        self.posts[data["post"]] = data["region"]

    def service_recorded(self, data):
        region = self.posts[data["post"]] if "post" in data else self.organisations[data["organisation"]][1]
        if data.get("activity") in self.activities:
            region = self.activities[data["activity"]]["region"]
        self.records[data["record"]] = {"region": region, "starts": data["starts"], "month": day_of(data["starts"])[:7],
                                        "minutes": 0, "counts": False}

    service_derived = service_recorded

    def service_decided(self, data):
        self.records[data["record"]].update(minutes=data["minutes"], counts=data["outcome"] == "accepted")

    def service_reviewed(self, data):
        record = self.records[data["record"]]
        record.update(minutes=data.get("minutes", record["minutes"]), counts=data["outcome"] == "accepted")

    def service_revoked(self, data):
        if data["record"] in self.records:
            self.records[data["record"]]["counts"] = False

    # ---- counts ----

    def lies_in(self, region, above):
        while region:
            if region == above:
                return True
            region = self.regions[region][1]
        return False

    def children(self, above):
        return sorted(code for code, (_, parent) in self.regions.items() if parent == above)

    def figure(self, figure, subject, day):
        """Of the newest day that is not after it the last report."""
        known = [report for report in self.figures[figure, subject] if report[0] <= day]
        return max(known, key=lambda report: report[0])[1] if known else None

    def volunteers(self, region, party=False):
        return sum(self.lies_in(person["region"], region) and (not party or person["party_status"] == "in_service")
                   for person in self.people.values())

    def units(self, region, day):
        employed = collections.Counter(person["employer"] for person in self.people.values())
        return [(self.figure("staff", unit, day), employed[unit]) for unit, level in self.titles.items()
                if level in UNIT_LEVELS and self.lies_in(self.organisations[unit][1], region)]

    def stations_of(self, region):
        return [station for station in self.stations.values() if self.lies_in(station["region"], region)]

    def target(self, region, measure):
        plans = [(due, target) for subject, of, target, due in self.plans.values() if (subject, of) == (region, measure)]
        return max(plans) if plans else (None, None)


def rate(part, whole):
    return [part, whole] if whole is not None else None


def state(part, whole, percent):
    if not whole:
        return "no_data"
    return "met" if 100 * part > percent * whole else "not_met"


def gap(part, whole, percent):
    """By trying: nobody who counts so makes the mistake that a formula may hold."""
    if not whole:
        return None
    more = 0
    while 100 * (part + more) <= percent * whole:
        more += 1
    return more


class BulletinRecountTest(DaemonTest):
    maxDiff = None

    def start(self):
        city = subprocess.run([PROGRAMS / "volunteer-simulate", "--volunteers", "400"], capture_output=True, check=True)
        events = [json.loads(line) for line in city.stdout.splitlines()]
        daemon = self.daemon({"clock": "events"})
        daemon.start()
        for first in range(0, len(events), PUBLISHED):
            self.assert_stored(daemon.publish(events[first:first + PUBLISHED]))
        return daemon

    def journal(self, daemon):
        events, after = [], 0
        while True:
            answer = daemon.query("journal.read", after=after, limit=10000)
            if not answer["events"]:
                return events
            events += answer["events"]
            after = answer["next"]

    def rows(self, document, title):
        """The section's rows and total by the names of its columns; rows by the county's name."""
        section = next(section for section in document["sections"] if section["title"] == title)
        names = [column["name"] for column in section["columns"]]
        rows = [dict(zip(names, row)) for row in section["rows"]]
        by_name = {row["county"]: row for row in rows}
        self.assertEqual(len(by_name), len(rows))
        by_name["total"] = dict(zip(names, section["total"]))
        return by_name

    def check_section(self, document, title, recount, city, expected):
        rows = self.rows(document, title)
        counties = recount.children(city)
        self.assertEqual(set(rows), {recount.regions[county][0] for county in counties} | {"total"})
        for region in (city, *counties):
            row = rows["total" if region == city else recount.regions[region][0]]
            wanted = expected(region)
            self.assertEqual({name: row[name] for name in wanted}, wanted, (document["as_of"], title, region))

    def check_rates(self, document, recount, city, day):
        def of(figure, percent, whole_name, party):
            def expected(region):
                part, whole = recount.volunteers(region, party), recount.figure(figure, region, day)
                return {"registered": part, whole_name: whole, "rate": rate(part, whole),
                        "state": state(part, whole, percent), "gap": gap(part, whole, percent)}
            return expected
        self.check_section(document, "建成区常住人口注册率", recount, city,
                           of("built_up_residents", 13, "residents", False))
        self.check_section(document, "在职党员注册率", recount, city,
                           of("in_service_party_members", 90, "members", True))

    def check_ranks(self, document):
        for title in ("建成区常住人口注册率", "在职党员注册率"):
            rows = self.rows(document, title)
            rows.pop("total")
            rates = {name: row["rate"] for name, row in rows.items() if row["rate"] and row["rate"][1]}
            for name, row in rows.items():
                part, whole = rates.get(name, (0, 0))
                better = sum(other * whole > part * of for other, of in rates.values())
                self.assertEqual(row["rank"], better + 1 if name in rates else None, (title, name))

    def check_units(self, document, recount, city, day):
        def expected(region):
            units = recount.units(region, day)
            known = [(staff, part) for staff, part in units if staff is not None]
            part = sum(part for _, part in known)
            whole = sum(staff for staff, _ in known) if known else None
            return {"units": len(units), "without": len(units) - len(known), "staff": whole, "registered": part,
                    "reached": sum(state(part, staff, 50) == "met" for staff, part in known),
                    "rate": rate(part, whole), "state": state(part, whole, 50), "gap": gap(part, whole, 50)}
        self.check_section(document, "市级及以上文明单位干部职工注册率", recount, city, expected)

    def check_stations(self, document, recount, city):
        def expected(region):
            stations = recount.stations_of(region)
            row = {"planned": len(stations)}
            for what in ("built", "opened"):
                row[what] = sum(station[what] for station in stations)
                due, target = recount.target(region, "stations_" + what)
                if region != city or target is not None:
                    row["target_" + what], row["due_" + what] = target, due
                    row["lack_" + what] = None if target is None else max(0, target - row[what])
            return row
        self.check_section(document, "社区志愿服务站", recount, city, expected)

    def check_service(self, document, recount, city, month):
        served = [record for record in recount.records.values() if record["counts"]]
        hours = [(record["region"], minutes_in_month(record["starts"], record["minutes"], month)) for record in served
                 if abs(int(record["month"][5:]) - int(month[5:])) < 2]

        def expected(region):
            def count(things):
                return sum(thing["month"] == month and recount.lies_in(thing["region"], region) for thing in things)
            return {"activities": count(recount.activities.values()), "records": count(served),
                    "hours": sum(minutes for place, minutes in hours if minutes and recount.lies_in(place, region))}
        self.check_section(document, "志愿服务活动", recount, city, expected)

    def check_text(self, document, recount, city, day):
        part, whole = recount.volunteers(city), recount.figure("built_up_residents", city, day)
        text = document["text"][0]
        self.assertIn(f"共有注册志愿者 {part} 人", text)
        if whole:
            self.assertIn(cut_percent(part, whole), text)

    def check_conditions(self, daemon, recount, city, day):
        document = daemon.query("bulletin.preview", kind="station", as_of=day)["document"]

        def expected(region):
            stations = recount.stations_of(region)
            return {"planned": len(stations), **{
                part: sum(part in station["parts"] for station in stations) for part in PARTS}}
        self.check_section(document, "四项条件", recount, city, expected)

    def check_day(self, daemon, events, ends, day):
        recount = Recount()
        for event in events[:bisect.bisect_right(ends, day)]:
            recount.take(event)
        preview = daemon.query("bulletin.preview", kind="registration", as_of=day)
        document, city = preview["document"], preview["region"]
        self.check_rates(document, recount, city, day)
        self.check_ranks(document)
        self.check_units(document, recount, city, day)
        self.check_stations(document, recount, city)
        self.check_service(document, recount, city, day[:7])
        self.check_text(document, recount, city, day)
        self.check_conditions(daemon, recount, city, day)
        return recount

    def test_the_bulletins_figures_are_those_that_a_recount_of_the_journal_gives(self):
        daemon = self.start()
        events = self.journal(daemon)
        ends = [day_of(event["recordedtime"]) for event in events]
        self.assertEqual(ends, sorted(ends))
        today = daemon.query("bulletin.preview", kind="registration")["as_of"]
        self.assertLess(max(PAST_DAYS), today)
        for day in (*PAST_DAYS, today):
            with self.subTest(day):
                recount = self.check_day(daemon, events, ends, day)
        self.assertGreater(len(recount.people), 300)
        self.assertGreater(sum(station["opened"] for station in recount.stations.values()), 50)


if __name__ == "__main__":
    unittest.main()
