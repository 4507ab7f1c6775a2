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
        self.standing = []  # what it earned and still has: postings
        self.decided_at = 0

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
        self.runs = []  # [cause, kind, revision, cursor, where it ends (None: at the last person there is)]
        self.n_postings = {}
        self.ending = collections.defaultdict(list)  # last day -> whose lots, as they came to be

    # ---- rules ----

    def rules(self, kind, day, name=None):
        """The parameters of the newest revision in force on that day, the newest set of them; None: not asked."""
        for revision in reversed(self.active):
            meant = self.meant[revision]
            if meant["kind"] == kind and (name is None or meant["name"] == name) and meant["effective"] <= day.isoformat():
                sets = [rules for begins, rules in sorted(meant["sets"], key=lambda item: item[0]) if begins <= day.isoformat()]
                return sets[-1] if sets else None
        return None

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

    def stars(self, person, day):
        rules = self.rules("star_rating", day)
        if rules is None:
            return self.people[person]
        minutes = sum(record.counted for record in self.of(person) if record.state == "accepted"
                      and (rules["count_carried"] or not record.carried))
        return sum(minutes >= hours * 60 for hours in rules["hours"])

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

    def grant(self, record, name, sequence, today, decisions):
        earned = self.earned(name, record)
        if earned is None:
            self.withheld.append((name, record, sequence + 1 + len(decisions)))
            decisions.append(("points.withheld", record.volunteer, name))
        for code, units, last in earned or []:
            self.post(record.volunteer, code, units, last, today, "grant")
            record.standing.append((code, units, last))
            decisions.append(("points.posted", record.volunteer, code, units, last, False))

    def ask_points(self, record, sequence, today, decisions):
        """First all that the record caused is taken back, then every rule is asked."""
        for code, units, last in record.standing:
            spent = self.account(record.volunteer, code).balance(today) < units
            self.post(record.volunteer, code, -units, last, today, "reversal")
            decisions.append(("points.posted", record.volunteer, code, -units, None, spent))
        record.standing = []
        if record.state != "accepted":
            return
        names = sorted({self.meant[revision]["name"] for revision in self.active if self.meant[revision]["kind"] == "points"})
        for name in names:
            self.grant(record, name, sequence, today, decisions)

    def rate(self, person, today, decisions):
        stars, before = self.stars(person, today), self.people[person]
        if stars == before:
            return
        self.people[person] = stars
        decisions.append(("star.changed", person, before, stars))
        rules = self.rules("points", today, "season")
        if rules and rules["bonus"] * stars and person not in self.left:
            last = season_end(today)
            self.post(person, "season", rules["bonus"] * stars, last, today, "grant")
            decisions.append(("points.posted", person, "season", rules["bonus"] * stars, last, False))

    def settle(self, record, was_accepted, sequence, today, decisions):
        record.decided_at = sequence + len(decisions)
        if was_accepted or record.state == "accepted":
            self.ask_points(record, sequence, today, decisions)
        self.rate(record.volunteer, today, decisions)

    def judge(self, name, record, sequence, today, decisions):
        was_accepted = record.state == "accepted"
        record.state, record.counted = "pending", 0
        record.state, record.counted, findings = self.acceptance(record)
        decisions.append(("service.decided", name, record.state, record.counted, findings))
        self.settle(record, was_accepted, sequence, today, decisions)

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
        self.rate(data["volunteer"], recorded.date(), decisions)

    def apply_service_reviewed(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        record.state = data["outcome"]
        self.settle(record, False, sequence, recorded.date(), decisions)

    def apply_service_corrected(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        record.minutes = data["minutes"]
        if record.carried:
            record.counted = data["minutes"]
            self.rate(record.volunteer, recorded.date(), decisions)
        else:
            self.judge(data["record"], record, sequence, recorded.date(), decisions)

    def apply_service_revoked(self, data, event, sequence, recorded, decisions):
        record = self.records[data["record"]]
        was_accepted = record.state == "accepted"
        record.state = "revoked"
        if record.carried:
            self.rate(record.volunteer, recorded.date(), decisions)
        else:
            self.settle(record, was_accepted, sequence, recorded.date(), decisions)

    def apply_points_adjusted(self, data, event, sequence, recorded, decisions):
        self.post(data["volunteer"], data["account"], data["amount"], None, recorded.date(), "adjustment")

    def apply_policy_activated(self, data, event, sequence, recorded, decisions):
        self.active.append(data["revision"])
        if data["kind"] == "star_rating" and data["retroactivity"] != "from_now":
            self.runs.append([sequence, "stars", data["revision"], 0, None])
        if data["kind"] == "points" and len(self.withheld) > self.asked_again:
            self.runs.append([sequence, "points", data["revision"], self.asked_again, len(self.withheld)])

    # ---- runs ----

    def tick(self, day, sequence):
        """A midnight begins a run over the lots whose last day is over."""
        over = day - datetime.timedelta(days=1)
        if self.ending[over]:
            self.runs.append([sequence, "expiry", over, 0, len(self.ending[over])])

    def go_on(self, cause, kind, cursor, done, first, recorded):
        """A chunk of a run, up to `cursor`; its decisions begin at `first`. None: it is not one that we know."""
        runs = [run for run in self.runs if run[0] == cause and (run[1] == "expiry") == (kind == "expiry")]
        if not runs:
            return None
        run, decisions = runs[0], []
        for number in range(run[3], cursor):
            if run[1] == "expiry":
                self.lapse(*self.ending[run[2]][number], recorded.date())
                continue
            if run[1] == "stars":
                person = list(self.people)[number]
                if person not in self.left:
                    self.rate(person, recorded.date(), decisions)
                continue
            name, record, withheld_at = self.withheld[number]
            if number < self.asked_again:
                continue  # by a run that an activation before began
            self.asked_again = number + 1
            if record.state == "accepted" and record.decided_at <= withheld_at:
                self.grant(record, name, first - 1, recorded.date(), decisions)
        run[3] = cursor
        end = len(self.people) if run[4] is None else run[4]
        if done != (cursor >= end):
            decisions.append(("run.progressed", "done" if cursor >= end else "more to come"))
        if done:
            self.runs.remove(run)
        return decisions
