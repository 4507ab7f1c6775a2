"""What volunteerd must do, as plainly as it can be said: lists are walked, nothing is remembered that could be counted
again. Written from the contract, the catalogue and the rules (scripts/policies, policies/season.lua). `City.refusals` gives
every code with which an event may be refused now (none: it must be stored), `City.take` what follows from a stored one."""

import collections
import datetime

ZONE = datetime.timezone(datetime.timedelta(hours=8))
MINUTE = datetime.timedelta(minutes=1)
EPOCH = datetime.date(1970, 1, 1)
COUNTED_NOT = ("refused", "revoked")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZONE)


def day_after(day):
    return day + datetime.timedelta(days=1)


def split(starts, minutes):
    """Minutes by day, from the start on, at the city's midnights."""
    days = {}
    while minutes > 0:
        midnight = datetime.datetime.combine(day_after(starts.date()), datetime.time(), ZONE)
        piece = min(minutes, (midnight - starts) // MINUTE)
        days[starts.date()] = days.get(starts.date(), 0) + piece
        starts, minutes = midnight, minutes - piece
    return days


def day_of(event, recorded):
    return (moment(event["time"]) if "time" in event else recorded).date()


def season_end(day):
    if day.day <= 14:
        return day.replace(day=20)
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=10)


class Record:
    def __init__(self, data, event, recorded):
        self.volunteer, self.method, self.recorder = data["volunteer"], data["method"], data["recorder"]
        self.starts, self.ends = moment(data["starts"]), moment(data["ends"])
        self.span = (self.ends - self.starts) // MINUTE
        self.minutes = data.get("minutes", self.span)
        self.source, self.entered = event["source"], moment(event["time"]) if "time" in event else recorded
        self.state, self.counted, self.carried = "pending", 0, False
        self.standing = []  # what it earned and still has
        self.decided_at, self.reviewed = 0, False

    def day(self):
        return self.starts.date()


class Total(Record):
    """Of earlier years."""

    def __init__(self, data):
        self.volunteer, self.minutes, self.counted = data["volunteer"], data["minutes"], data["minutes"]
        self.first, self.last = data["from"], data["to"]
        days = (datetime.date.fromisoformat(self.last) - datetime.date.fromisoformat(self.first)).days + 1
        self.span, self.state, self.carried, self.recorder = days * 1440, "accepted", True, ""
        self.standing = []


class Granted:
    """What a rule posted for a record, as long as it stands."""

    def __init__(self, rule, code, units, last):
        self.rule, self.code, self.units, self.last = rule, code, units, last

    def is_said_again(self, code, units, last):
        return not self.is_cut and (self.code, self.units, self.last) == (code, units, last)

    is_cut = False  # a part of it was taken back


class Run:
    def __init__(self, number, kind, revision, first, last, as_of, meant=None, scheduled=False):
        self.number, self.kind, self.revision, self.cursor, self.last, self.as_of = number, kind, revision, first, last, as_of
        self.keeps = not (meant and meant["withdraw"])
        from_date = meant and meant["retroactivity"] == "from_date" and not scheduled
        self.served_since = datetime.date.fromisoformat(meant["effective"]) if from_date else datetime.date.min

    def __repr__(self):
        return f"{self.number} {self.kind} of {self.revision}: {self.cursor} of {self.last}"


def falls_on(schedule, day):
    kind, _, when = (schedule or "").partition(":")
    if kind == "yearly" and when == "02-29" and (day_after(day).month, day.month) == (3, 2):
        return True
    return kind == "daily" or (kind == "monthly" and day.day == int(when)) or (kind == "yearly" and f"{day:%m-%d}" == when)


class Account:
    def __init__(self):
        self.lots, self.owed = {}, 0  # last day (None: never) -> units
        self.earned = self.adjusted = self.expired = 0

    def lapse(self, today):
        for last in [last for last in self.lots if last is not None and last < today]:
            self.expired += self.lots.pop(last)

    def balance(self, today):
        return sum(units for last, units in self.lots.items() if last is None or last >= today)

    def give(self, units, last):
        repaid = min(self.owed, units)
        self.owed -= repaid
        if units > repaid:
            self.lots[last] = self.lots.get(last, 0) + units - repaid

    def take(self, units, first_from=None):
        """From that lot first, where one is said, then from what ends earliest; what is missing is owed."""
        order = sorted(self.lots, key=lambda last: last or datetime.date.max)
        if first_from is not None:
            order = [last for last in order if last == first_from[0]] + [last for last in order if last != first_from[0]]
        for last in order:
            taken = min(units, self.lots[last])
            self.lots[last] -= taken
            units -= taken
            if self.lots[last] == 0:
                del self.lots[last]
        self.owed += units


class City:
    def __init__(self, revisions):
        self.meant = revisions  # what the text of each revision says
        self.active = []  # revisions, in the order of their activation
        self.people, self.numbers = {}, {}  # stars; whose passport
        self.registered, self.left = {}, {}  # the days
        self.records, self.adjustments, self.accounts = {}, set(), {}
        self.withheld, self.asked_again = [], 0
        self.runs, self.n_runs = {}, 0  # those under way, by number
        self.reaching = set()  # revisions that answer for days before they came into force
        self.granted = {}  # by which revision somebody's stars are held
        self.kept = {}  # stars that rest on minutes which are not credited any more: stars, minutes
        self.n_postings = {}
        self.ending = collections.defaultdict(list)  # last day -> whose lots, as they came to be
        self.counts = collections.Counter()

    # ---- rules ----

    def holds(self, revision, day):
        meant, day = self.meant[revision], day.isoformat()
        return meant["effective"] <= day or (revision in self.reaching and min(meant["sets"])[0] <= day)

    def revision(self, kind, day, name=None):
        """The newest in force on that day; None: there is none."""
        for revision in reversed(self.active):
            meant = self.meant[revision]
            if meant["kind"] == kind and (name is None or meant["name"] == name) and self.holds(revision, day):
                return revision
        return None

    def parameters(self, revision, day):
        """The newest set of them by that day; None: it is not asked."""
        sets = sorted(self.meant[revision]["sets"], key=lambda item: item[0]) if revision else []
        held = [rules for begins, rules in sets if begins <= day.isoformat()]
        return held[-1] if held else None

    def rules(self, kind, day, name=None):
        return self.parameters(self.revision(kind, day, name), day)

    def governs(self, revision, day):
        """Whether it answers that day's question, or one that was activated later."""
        meant = self.meant[revision]
        answers = self.revision(meant["kind"], day, meant["name"])
        return answers is not None and self.active.index(answers) >= self.active.index(revision)

    def of(self, person):
        return [record for record in self.records.values() if record.volunteer == person]

    def minutes_on(self, person, day, but):
        return sum(split(record.starts, record.counted).get(day, 0) for record in self.of(person)
                   if record is not but and not record.carried and record.state == "accepted")

    def overlaps(self, record):
        return [name for name, other in self.records.items()
                if other is not record and not other.carried and other.volunteer == record.volunteer
                and other.state not in COUNTED_NOT and other.starts < record.ends and record.starts < other.ends]

    def acceptance(self, record):
        rules = self.rules("acceptance", record.day())
        if rules is None:
            return "held", record.minutes, ["no_policy"]
        if record.span > rules["span_hours"] * 60:
            return "refused", 0, ["span_too_long"]
        findings, counted, outcome = [], 0, "accepted"
        for day, minutes in split(record.starts, record.minutes).items():
            counted += max(0, min(minutes, rules["daily_minutes"] - self.minutes_on(record.volunteer, day, record)))
        if counted < record.minutes:
            findings.append("daily_limit")
        if counted == 0:
            return "refused", 0, findings
        if self.overlaps(record):
            findings.append("overlap")
            outcome = "held"
        late = (record.entered - record.ends) // MINUTE > rules["delay_days"] * 24 * 60
        if late and record.source not in rules["migrators"]:
            findings.append("late_entry")
            outcome = "held"
        return outcome, counted, findings

    def minutes(self, person, with_carried):
        return sum(record.counted for record in self.of(person) if record.state == "accepted"
                   and (with_carried or not record.carried))

    def stars(self, person, rules):
        minutes = self.minutes(person, rules["count_carried"])
        return sum(minutes >= hours * 60 for hours in rules["hours"])

    def keep(self, person, revision, stars, day):
        """What is left of more stars than these, and by which revision."""
        before, by, kept = self.people[person], self.granted.get(person), 0
        if self.meant[revision]["withdraw"]:
            return stars, revision
        rules = self.parameters(by, day)
        if by != revision and rules:
            kept = min(before, self.stars(person, rules))
        granted_by = by if kept > stars else revision
        floor, minutes = self.kept.get(person, (0, 0))
        if self.minutes(person, True) >= minutes:
            kept = max(kept, min(floor, before))
        return max(stars, kept), granted_by

    def earned(self, name, record):
        """Of one points rule: [(account, units, last day)], or None where it fails."""
        rules = self.rules("points", record.day(), name)
        if rules is None:
            return []
        if name == "points":
            units = record.counted // rules["step_minutes"] * rules["step_units"]
            return [("points", units, None)] if units and record.method not in rules["methods_excluded"] else []
        if record.counted % 7 == rules["fails"]:
            return None
        units = record.counted // 10 * rules["per_ten_minutes"] + rules["per_star"] * self.people[record.volunteer]
        return [("season", units, season_end(record.day()))] if units else []

    # ---- whether it is refused ----

    def refusals(self, event, recorded):
        check = getattr(self, "check_" + event["type"].replace(".", "_"), None)
        return set(check(event["data"], event, recorded)) if check else set()

    def record_refusals(self, data, codes):
        record = self.records.get(data["record"])
        if record is None:
            return ["unknown_record"]
        return codes(record)

    def check_volunteer_registered(self, data, event, recorded):
        if data["volunteer"] in self.people:
            yield "already_exists"
        holder = self.numbers.get(data.get("identity", {}).get("number"))
        if holder and holder not in self.left:
            yield "identity_known"

    def check_volunteer_withdrawn(self, data, event, recorded):
        if data["volunteer"] not in self.people:
            yield "unknown_volunteer"
        if data["volunteer"] in self.left:
            yield "wrong_state"
        if self.registered.get(data["volunteer"], datetime.date.min) > moment(event["time"]).date():
            yield "out_of_range"

    def had_left(self, person, day):
        return person in self.left and self.left[person] < day

    def check_service_recorded(self, data, event, recorded):
        starts, ends = moment(data["starts"]), moment(data["ends"])
        if data["volunteer"] not in self.people:
            yield "unknown_volunteer"
        if data["record"] in self.records:
            yield "already_exists"
        if data.get("minutes", 1) > (ends - starts) // MINUTE or data.get("minutes", 1) < 1:
            yield "out_of_range"
        if self.had_left(data["volunteer"], starts.date()):
            yield "wrong_state"
        if ends > (moment(event["time"]) if "time" in event else recorded):
            yield "out_of_range"

    def check_service_carried_over(self, data, event, recorded):
        if data["volunteer"] not in self.people:
            yield "unknown_volunteer"
        if data["record"] in self.records:
            yield "already_exists"
        if self.had_left(data["volunteer"], datetime.date.fromisoformat(data["from"])):
            yield "wrong_state"
        if data["minutes"] > 366 * 1440:
            yield "out_of_range"
        for other in self.of(data["volunteer"]):
            if other.carried and other.state == "accepted" and other.first <= data["to"] and data["from"] <= other.last:
                yield "out_of_range"

    def check_service_reviewed(self, data, event, recorded):
        return self.record_refusals(data, lambda record: (["self_review"] if data["reviewer"] == record.recorder else [])
                                    + (["wrong_state"] if record.state != "held" else []))

    def check_service_corrected(self, data, event, recorded):
        return self.record_refusals(data, lambda record: (["out_of_range"] if data["minutes"] > record.span else [])
                                    + (["wrong_state"] if record.state == "revoked" else []))

    def check_service_revoked(self, data, event, recorded):
        return self.record_refusals(data, lambda record: ["wrong_state"] if record.state == "revoked" else [])

    def check_points_adjusted(self, data, event, recorded):
        if data["volunteer"] not in self.people:
            yield "unknown_volunteer"
        if data["amount"] > 0 and data["volunteer"] in self.left:
            yield "wrong_state"
        if data["amount"] == 0:
            yield "out_of_range"
        if data["amount"] < 0 and self.account(data["volunteer"], data["account"]).balance(recorded.date()) < -data["amount"]:
            yield "insufficient_points"

    # ---- what follows from it ----

    def account(self, person, code):
        return self.accounts.setdefault((person, code), Account())

    def take(self, event, sequence, recorded):
        """Gives the decisions in the order in which they come."""
        decisions = []
        apply = getattr(self, "apply_" + event["type"].replace(".", "_"), None)
        if apply:
            apply(event["data"], event, sequence, recorded, decisions)
        return decisions

    def lapse(self, person, code, today):
        account = self.account(person, code)
        before = len(account.lots)
        account.lapse(today)
        self.n_postings[person] = self.n_postings.get(person, 0) + before - len(account.lots)

    def post(self, person, code, units, last, today, kind):
        account = self.account(person, code)
        self.lapse(person, code, today)
        before = set(account.lots)
        if units > 0:
            account.give(units, last)
        else:
            account.take(-units, (last,) if kind == "reversal" else None)
        self.n_postings[person] += 1
        for lot in account.lots.keys() - before - {None}:
            if lot >= today:
                self.ending[lot].append((person, code))
        self.lapse(person, code, today)  # what was over when it was granted
        if kind == "adjustment":
            account.adjusted += units
        else:
            account.earned += units

    def grant_one(self, record, rule, code, units, last, today, decisions):
        self.post(record.volunteer, code, units, last, today, "grant")
        record.standing.append(Granted(rule, code, units, last))
        decisions.append(("points.posted", record.volunteer, code, units, last, False))

    def take_back(self, record, granted, units, today, decisions):
        spent = self.account(record.volunteer, granted.code).balance(today) < units
        self.post(record.volunteer, granted.code, -units, granted.last, today, "reversal")
        decisions.append(("points.posted", record.volunteer, granted.code, -units, None, spent))
        granted.units -= units
        granted.is_cut = True
        if granted.units == 0:
            record.standing.remove(granted)

    def ask_rule(self, record, name, first, decisions):
        earned = self.earned(name, record)
        if earned is None:
            self.withheld.append((name, record, first + len(decisions)))
            decisions.append(("points.withheld", record.volunteer, name))
        return earned

    def names(self):
        return sorted({self.meant[revision]["name"] for revision in self.active if self.meant[revision]["kind"] == "points"})

    def ask_points(self, record, first, today, decisions):
        """First all that the record caused is taken back, then every rule is asked. `first`: the sequence of the first
        decision."""
        for granted in list(record.standing):
            self.take_back(record, granted, granted.units, today, decisions)
        if record.state != "accepted":
            return
        for name in self.names():
            for code, units, last in self.ask_rule(record, name, first, decisions) or []:
                self.grant_one(record, name, code, units, last, today, decisions)

    def make_up(self, record, name, keeps, first, today, decisions):
        """What one rule (None: each) says about the record now, beside what stands by it."""
        concerned = [granted for granted in record.standing if name in (None, granted.rule)]
        wished = []
        for rule in (self.names() if name is None else [name]) if record.state == "accepted" else []:
            earned = self.ask_rule(record, rule, first, decisions)
            if earned is None:
                concerned = [granted for granted in concerned if granted.rule != rule]
            wished += [(rule, *posting) for posting in earned or []]
        for wish in list(wished):
            said = [granted for granted in concerned if granted.is_said_again(*wish[1:])]
            if said:
                concerned.remove(said[0])
                wished.remove(wish)
        rest = {}
        for code in {granted.code for granted in concerned} | {wish[1] for wish in wished}:
            change = sum(units for _, other, units, last in wished if other == code and (last is None or last >= today))
            change -= sum(granted.units for granted in concerned if granted.code == code)
            balance = self.account(record.volunteer, code).balance(today)
            if keeps and balance + change < 0:
                rest[code] = balance
                self.counts["points kept"] += 1
        for rule, code, units, last in wished:
            if code not in rest:
                self.grant_one(record, rule, code, units, last, today, decisions)
        for granted in concerned:
            units = min(granted.units, rest.get(granted.code, granted.units))
            if granted.code in rest:
                rest[granted.code] -= units
            if units:
                self.take_back(record, granted, units, today, decisions)

    def rate(self, person, day, today, decisions):
        """As of `day`; the bonus for a star is of today."""
        revision, before = self.revision("star_rating", day), self.people[person]
        rules = self.parameters(revision, day)
        if rules is None:
            return
        stars, granted_by = self.stars(person, rules), revision
        if stars < before:
            fewer = stars
            stars, granted_by = self.keep(person, revision, stars, day)
            self.counts["stars kept"] += stars > fewer
        if stars == before:
            return
        self.people[person], self.granted[person] = stars, granted_by
        self.kept.pop(person, None)
        decisions.append(("star.changed", person, before, stars))
        rules = self.rules("points", today, "season")
        if rules and rules["bonus"] * stars and person not in self.left:
            self.give(person, rules["bonus"] * stars, season_end(today), today, decisions)

    def give(self, person, units, last, today, decisions):
        self.post(person, "season", units, last, today, "grant")
        decisions.append(("points.posted", person, "season", units, last, False))

    def settle(self, record, was_accepted, sequence, day, today, decisions):
        record.decided_at = sequence + len(decisions)
        if was_accepted or record.state == "accepted":
            self.ask_points(record, sequence + 1, today, decisions)
        self.rate(record.volunteer, day, today, decisions)

    def judge(self, name, record, sequence, today, decisions):
        was_accepted = record.state == "accepted"
        record.state, record.counted, record.reviewed = "pending", 0, False
        record.state, record.counted, findings = self.acceptance(record)
        decisions.append(("service.decided", name, record.state, record.counted, findings))
        self.settle(record, was_accepted, sequence, today, today, decisions)

    def apply_volunteer_registered(self, data, event, sequence, recorded, decisions):
        self.people[data["volunteer"]] = 0
        self.registered[data["volunteer"]] = moment(event["time"]).date()
        if "identity" in data:
            self.numbers[data["identity"]["number"]] = data["volunteer"]

    def apply_volunteer_withdrawn(self, data, event, sequence, recorded, decisions):
        self.left[data["volunteer"]] = moment(event["time"]).date()

    def apply_service_recorded(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]] = Record(data, event, recorded)
        self.judge(data["record"], record, sequence, recorded.date(), decisions)

    def apply_service_carried_over(self, data, event, sequence, recorded, decisions):
        self.records[data["record"]] = Total(data)
        self.rate(data["volunteer"], day_of(event, recorded), recorded.date(), decisions)

    def apply_service_reviewed(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        record.state, record.reviewed = data["outcome"], True
        self.settle(record, False, sequence, day_of(event, recorded), recorded.date(), decisions)

    def apply_service_corrected(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        record.minutes = data["minutes"]
        if record.carried:
            record.counted = data["minutes"]
            self.rate(record.volunteer, day_of(event, recorded), recorded.date(), decisions)
        else:
            self.judge(data["record"], record, sequence, recorded.date(), decisions)

    def apply_service_revoked(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        was_accepted = record.state == "accepted"
        record.state = "revoked"
        day = day_of(event, recorded)
        if record.carried:
            self.rate(record.volunteer, day, recorded.date(), decisions)
        else:
            self.settle(record, was_accepted, sequence, day, recorded.date(), decisions)

    def apply_points_adjusted(self, data, event, sequence, recorded, decisions):
        self.post(data["volunteer"], data["account"], data["amount"], None, recorded.date(), "adjustment")

    def apply_policy_activated(self, data, event, sequence, recorded, decisions):
        self.active.append(data["revision"])
        if data["kind"] == "points" and len(self.withheld) > self.asked_again:
            self.begin("points", data["revision"], self.asked_again, len(self.withheld), recorded.date())
        if self.meant[data["revision"]]["effective"] <= recorded.date().isoformat():
            self.look_back(data["revision"], recorded.date())

    # ---- runs ----

    RUNS = {"star_rating": "stars", "acceptance": "acceptance", "points": "record_points"}

    def begin(self, kind, revision, first, last, as_of, meant=None, scheduled=False):
        if last > first:
            self.n_runs += 1
            self.runs[self.n_runs] = Run(self.n_runs, kind, revision, first, last, as_of, meant, scheduled)

    def look_back(self, revision, today):
        meant = self.meant[revision]
        if meant["retroactivity"] == "from_now":
            return
        kind = self.RUNS[meant["kind"]]
        if kind != "stars" and meant["retroactivity"] == "all_history":
            self.reaching.add(revision)
        self.begin(kind, revision, 0, len(self.people if kind == "stars" else self.records), today, meant)

    def is_in_force(self, revision, day):
        meant, day = self.meant[revision], day.isoformat()
        later = [self.meant[other] for other in self.active[self.active.index(revision) + 1:]]
        return meant["effective"] <= day and not any(
            other["name"] == meant["name"] and other["effective"] <= day for other in later)

    def tick(self, day):
        ended = day - datetime.timedelta(days=1)
        self.begin("expiry", "expiry", 0, len(self.ending[ended]), ended)
        for revision in self.active:
            meant = self.meant[revision]
            if falls_on(meant["schedule"], day) and self.is_in_force(revision, ended):
                kind = {"star_rating": "stars", "points": "person_points"}[meant["kind"]]
                self.begin(kind, revision, 0, len(self.people), ended, meant, True)
        for revision in self.active:
            meant = self.meant[revision]
            begins = meant["effective"] == day.isoformat()
            turns = begins or (meant["kind"] == "star_rating" and meant["effective"] < day.isoformat()
                               and any(first == day.isoformat() for first, _ in meant["sets"]))
            if meant["kind"] != "star_rating" and meant["retroactivity"] != "all_history":
                continue  # nothing was served on days that are still to come
            if turns and self.is_in_force(revision, day):
                self.look_back(revision, day)

    def step_expiry(self, run, number, first, today, decisions):
        self.lapse(*self.ending[run.as_of][number], today)

    def step_stars(self, run, number, first, today, decisions):
        person = list(self.people)[number]
        if person not in self.left and self.governs(run.revision, run.as_of):
            self.rate(person, run.as_of, today, decisions)

    def step_person_points(self, run, number, first, today, decisions):
        person = list(self.people)[number]
        rules = self.rules("points", run.as_of, "season")
        if person in self.left or not self.governs(run.revision, run.as_of) or not rules:
            return
        if rules["regular"] * self.people[person]:
            self.give(person, rules["regular"] * self.people[person], season_end(run.as_of), today, decisions)

    def step_points(self, run, number, first, today, decisions):
        name, record, withheld_at = self.withheld[number]
        if number < self.asked_again:
            return  # by a run that an activation before began
        self.asked_again = number + 1
        if record.state == "accepted" and record.decided_at <= withheld_at:
            self.make_up(record, name, True, first, today, decisions)

    def find(self, run, number):
        """The name of a record that the run is about, or None."""
        name, record = list(self.records.items())[number]
        if record.carried or record.day() < run.served_since or not self.governs(run.revision, record.day()):
            return None
        return name

    def step_record_points(self, run, number, first, today, decisions):
        record = self.records.get(self.find(run, number))
        if record and record.state == "accepted":
            self.make_up(record, self.meant[run.revision]["name"], run.keeps, first, today, decisions)

    def step_acceptance(self, run, number, first, today, decisions):
        name = self.find(run, number)
        record = self.records.get(name)
        if not record or record.reviewed or record.state == "revoked" or self.rules("acceptance", record.day()) is None:
            return
        state, counted, findings = self.acceptance(record)
        if state == record.state and (state == "refused" or counted == record.counted):
            return
        before = record.counted if record.state == "accepted" else 0
        record.state, record.counted = state, counted
        decisions.append(("service.decided", name, state, counted, findings))
        record.decided_at = first + len(decisions) - 1
        if before > (counted if state == "accepted" else 0) and run.keeps:
            self.kept[record.volunteer] = self.people[record.volunteer], self.minutes(record.volunteer, True)
        if before or state == "accepted":
            self.make_up(record, None, run.keeps, first, today, decisions)
        self.rate(record.volunteer, today, today, decisions)

    def go_on(self, number, cursor, done, first, recorded):
        """A chunk of a run, up to `cursor`; its decisions begin at `first`. None: it is not one that we know."""
        run, decisions = self.runs.get(number), []
        if not run:
            return None
        step = getattr(self, "step_" + run.kind)
        for at in range(run.cursor, cursor):
            step(run, at, first, recorded.date(), decisions)
        run.cursor = cursor
        if done != (cursor >= run.last):
            decisions.append(("run.progressed", "done" if cursor >= run.last else "more to come"))
        if done:
            del self.runs[number]
        return decisions
