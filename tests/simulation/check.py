"""Judges a trace of the simulation by the model: every answer, every decision, every chunk of a run, what was answered and
is not in the journal, and the state at the end."""

import collections
import datetime
import json

import model

KINDS = {"down", "stop", "full", "jump"}
RETRYABLE = ("read_only", "busy")


class Wrong(Exception):
    pass


def shape(record):
    """A decision as the model has it."""
    data, type = record["data"], record["type"]
    if type == "service.decided":
        return type, data["record"], data["outcome"], data["minutes"], [finding["code"] for finding in data.get("findings", [])]
    if type == "points.posted":
        expires = datetime.date.fromisoformat(data["expires"]) if "expires" in data else None
        spent = any(finding["code"] == "points_already_spent" for finding in data.get("findings", []))
        return type, data["volunteer"], data["account"], data["amount"], expires, spent
    if type == "points.withheld":
        return type, data["volunteer"], data["policy"]
    if type == "star.changed":
        return type, data["volunteer"], data["from"], data["to"]
    raise Wrong(f"a decision that the model does not know: {record}")


def same_content(event, record):
    """Whether the journal's record is this event; what is sealed cannot be seen there."""
    sealed = record.get("sealed", "").split(",")
    said = {name: value for name, value in event["data"].items() if name not in sealed}
    return event["type"] == record["type"] and said == record["data"] and (
        "time" not in event or model.moment(event["time"]) == model.moment(record["time"]))


def content(event):
    return json.dumps([event["type"], event.get("time"), event["data"]], sort_keys=True)


class Judge:
    def __init__(self, workload, trace):
        self.messages = workload.messages
        self.lines = [json.loads(line) for line in trace.splitlines()]
        self.city = model.City(workload.revisions)
        self.journal = [line["record"] for line in self.lines if "record" in line]
        self.at = 0  # records taken
        self.stored = {}  # (source, id) -> sequence, event
        self.sent = collections.defaultdict(list)
        self.counts = collections.Counter()
        self.ticked = None
        self.recorded = None
        self.set_back = False
        self.cursors = collections.Counter()  # of runs
        self.clock_of_events = "clock events" in workload.lines
        self.must_end = False  # the runs under way, before the next event

    def judge(self):
        for line in self.lines:
            if "failed" in line:
                raise Wrong(f"{line['failed']} {line['error']}")
        for number, record in enumerate(self.journal, 1):
            if int(record["sequence"]) != number:
                raise Wrong(f"record {number} of the journal says it is {record['sequence']}")
        self.walk_answers()
        self.walk_to(len(self.journal))
        if self.city.runs:
            raise Wrong(f"runs do not end: {self.city.runs}")
        self.compare_state()
        return self.counts + self.city.counts

    # ---- answers, in the order in which the engine had the messages ----

    def walk_answers(self):
        answers = {line["done"]: line["results"] for line in self.lines if "done" in line}
        for line in self.lines:
            if "submit" in line and line["of"] >= 0:
                for event in self.messages[line["of"]]:
                    self.sent[event["source"], event["id"]].append(event)
                self.counts["messages"] += 1
                if line["submit"] in answers:
                    self.walk_message(self.messages[line["of"]], answers[line["submit"]])
            elif "up" in line:
                self.walk_to(line["up"])
                self.counts["starts"] += 1
            elif "fault" in line:
                self.counts[line["fault"]] += 1
            elif KINDS & line.keys():
                self.counts[next(iter(line))] += 1
                self.set_back |= line.get("jump", 0) < 0
            elif "digest" in line and line["digest"] != line["rebuilt"]:
                raise Wrong("the state is not the one that its journal gives")
        if "end" not in self.lines[-1]:
            raise Wrong("the trace ends early")

    def walk_message(self, events, results):
        for event, result in zip(events, results, strict=True):
            self.counts[result[0]] += 1
            if result[0] == "stored":
                self.see_stored(event, result[1], result[2])
            elif result[0] == "duplicate":
                self.see_duplicate(event, result[1])
            elif result[1] not in RETRYABLE:
                self.see_rejected(event, result[1])

    def see_stored(self, event, sequence, n_decisions):
        if sequence > len(self.journal):
            raise Wrong(f"{event['id']} was stored as {sequence}, and the journal ends with {len(self.journal)}")
        record = self.journal[sequence - 1]
        if not same_content(event, record) or (record["source"], record["id"]) != (event["source"], event["id"]):
            raise Wrong(f"{event} was stored as {sequence}, where the journal has {record}")
        if sequence <= self.at:
            raise Wrong(f"{event['id']} was stored as {sequence}, behind {self.at}")
        found = sum(int(decision.get("causationid", 0)) == sequence for decision in self.journal[sequence:sequence + n_decisions])
        if found != n_decisions:
            raise Wrong(f"{event['id']}: {n_decisions} decisions were answered, the journal has {found}")
        self.walk_to(sequence)

    def see_duplicate(self, event, sequence):
        self.walk_to(max(sequence, self.at))
        first = self.stored.get((event["source"], event["id"]))
        if not first or first[0] != sequence or content(first[1]) != content(event):
            raise Wrong(f"{event} was a duplicate of {sequence}, the first one is {first}")

    def see_rejected(self, event, code):
        first = self.stored.get((event["source"], event["id"]))
        while code not in (expected := self.refusals(event, first)):
            if not self.runs_go_on():
                raise Wrong(f"{event} was rejected with {code} after record {self.at}, expected {expected or 'that it is stored'}")
            self.take(self.journal[self.at])

    def runs_go_on(self):
        """A refused event has no place in the journal: chunks of runs may have come before it."""
        return self.at < len(self.journal) and "causationid" in self.journal[self.at]

    def refusals(self, event, first):
        expected = set()  # where the same bytes were stored before
        if not first or content(first[1]) != content(event):
            expected = set().union({"id_conflict"} if first else (), *(self.city.refusals(event, at) for at in self.moments()))
        if self.set_back:  # by whoever set the clock: what comes from before lies ahead now
            expected.add("in_future")
        return expected

    def moments(self):
        """When it can have been refused: midnights that come next in the journal may have come before it."""
        yield self.recorded
        for record in self.journal[self.at:]:
            if record["type"] != "clock.ticked":
                break
            yield model.moment(record["recordedtime"])

    # ---- the journal ----

    def walk_to(self, sequence):
        while self.at < sequence:
            self.take(self.journal[self.at])

    def gather(self, cause):
        """The decisions that stand behind the record taken last."""
        decisions = []
        while self.at < len(self.journal) and int(self.journal[self.at].get("causationid", 0)) == cause \
                and self.journal[self.at]["type"] != "run.progressed":
            decisions.append(self.journal[self.at])
            self.at += 1
        return decisions

    def compare(self, what, decisions, expected):
        """Rules of points are asked about one state: their order among themselves does not matter."""
        self.counts["decisions"] += len(decisions)
        got = [shape(decision) for decision in decisions]
        if arrange(got) != arrange(expected):
            raise Wrong(f"{what}\n  decided  {got}\n  expected {expected}")

    def take(self, record):
        sequence, recorded = int(record["sequence"]), model.moment(record["recordedtime"])
        if self.recorded and recorded < self.recorded:
            raise Wrong(f"recorded time goes back: {record}")
        self.recorded = recorded
        if "causationid" in record:
            self.take_chunk(int(record["causationid"]), sequence, recorded)
        elif record["type"] == "clock.ticked":
            self.take_tick(record)
        elif record["type"] == "clock.accepted":
            self.at += 1
        else:
            self.take_event(record, sequence, recorded)

    def take_tick(self, record):
        day = datetime.date.fromisoformat(record["data"]["date"])
        if self.ticked and day != model.day_after(self.ticked):
            raise Wrong(f"midnight of {day} comes after that of {self.ticked}")
        if day > self.recorded.date():
            raise Wrong(f"midnight of {day} comes on {self.recorded}")
        self.ticked = day
        self.counts["midnights"] += 1
        self.at += 1
        self.city.tick(day)
        self.must_end = self.clock_of_events

    def take_event(self, record, sequence, recorded):
        name = record["source"], record["id"]
        if self.ticked and recorded.date() > self.ticked:
            raise Wrong(f"record {sequence} comes before the midnight of its day")
        if name in self.stored:
            raise Wrong(f"{name} is in the journal twice: {self.stored[name][0]} and {sequence}")
        meant = [event for event in self.sent[name] if same_content(event, record)]
        if not meant:
            raise Wrong(f"nobody sent record {sequence}: {record}")
        event = meant[0]
        if self.must_end and self.city.runs:
            raise Wrong(f"record {sequence} comes before the runs of its day have ended: {self.city.runs}")
        self.must_end = False
        refusals = self.city.refusals(event, recorded)
        if refusals:
            raise Wrong(f"record {sequence} should have been refused with {refusals}: {record}")
        self.stored[name] = sequence, event
        self.at += 1
        # What follows an activation is a run's.
        decisions = self.gather(sequence) if event["type"] != "policy.activated" else []
        self.compare(f"record {sequence}: {event['type']} {event['data'].get('record', '')}", decisions,
                     self.city.take(event, sequence, recorded))

    def take_chunk(self, cause, sequence, recorded):
        decisions = self.gather(cause)
        progress = self.journal[self.at] if self.at < len(self.journal) else {"type": ""}
        if progress["type"] != "run.progressed":
            raise Wrong(f"decisions behind {sequence} of no event and no run: {decisions}")
        self.at += 1
        data = progress["data"]
        run = data["run"]
        if data["cursor"] < self.cursors[run]:
            raise Wrong(f"a run goes back from {self.cursors[run]}: {progress}")
        self.cursors[run] = data["cursor"]
        begun = self.city.runs.get(run)
        if not begun or (begun.kind, begun.revision) != (data["kind"], data["revision"]):
            raise Wrong(f"a run that nothing began: {progress}, there are {self.city.runs}")
        expected = self.city.go_on(run, data["cursor"], data["done"], sequence, recorded)
        self.counts["chunks"] += 1
        self.counts[f"chunks {begun.kind}"] += 1
        self.compare(f"chunk before record {self.at}: {begun}", decisions, expected)

    # ---- the state ----

    def compare_state(self):
        rows = collections.defaultdict(list)
        for line in self.lines:
            if "row" in line:
                rows[line["row"]["table"]].append(line["row"])
        people = list(self.city.people)
        self.compare_rows("volunteer", {people[row["volunteer"] - 1]: self.person_seen(row) for row in rows["volunteer"]},
                          {person: self.person_expected(person) for person in people})
        self.compare_rows("record", {row["id"]: (people[row["volunteer"] - 1], row["state"], row["minutes"],
                                                 row["counted_minutes"] if row["state"] in ("accepted", "held") else 0)
                                     for row in rows["record"]},
                          {name: (record.volunteer, record.state, record.minutes,
                                  record.counted if record.state in ("accepted", "held") else 0)
                           for name, record in self.city.records.items()})
        codes = ("points", "season")
        self.compare_rows("balance", {(people[row["volunteer"] - 1], codes[row["account"]]): balance_seen(row) for row in rows["balance"]},
                          {key: balance_expected(account) for key, account in self.city.accounts.items()})

    def person_seen(self, row):
        return tuple(row[name] for name in ("minutes", "accepted", "held", "stars", "carried_minutes", "postings",
                                              "stars_kept", "minutes_kept"))

    def person_expected(self, person):
        own = [record for record in self.city.of(person) if not record.carried]
        accepted = [record for record in own if record.state == "accepted"]
        carried = [record for record in self.city.of(person) if record.carried and record.state == "accepted"]
        return (sum(record.counted for record in accepted), len(accepted), sum(record.state == "held" for record in own),
                self.city.people[person], sum(record.counted for record in carried), self.city.n_postings.get(person, 0),
                *self.city.kept.get(person, (0, 0)))

    def compare_rows(self, table, seen, expected):
        seen = {key: value for key, value in seen.items() if value != NOTHING}
        expected = {key: value for key, value in expected.items() if value != NOTHING}
        for key in sorted(seen.keys() | expected.keys(), key=str):
            if seen.get(key) != expected.get(key):
                raise Wrong(f"{table} {key} is {seen.get(key)} at the end, expected {expected.get(key)}")


NOTHING = (0, 0, 0, 0, [])


def balance_seen(row):
    return row["owed"], row["earned"], row["adjusted"], row["expired"], row["lots"]


def balance_expected(account):
    lots = sorted([(last - model.EPOCH).days if last else 2**31 - 1, units] for last, units in account.lots.items())
    return account.owed, account.earned, account.adjusted, account.expired, lots


def arrange(decisions):
    """Neighbours of points in one order, reversals before grants."""
    arranged, points = [], []
    for decision in decisions + [("",)]:
        if decision[0].startswith("points."):
            points.append(decision)
            continue
        arranged += sorted(points, key=lambda item: (len(item) == 3, str(item)))
        points = []
        arranged.append(decision)
    return arranged
