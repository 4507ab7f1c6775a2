"""The days of a small city, and what goes wrong in them, from one seed: the lines that the simulation reads
(simulation.c says what each means) and what the model needs to know about them."""

import datetime
import json
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONE = datetime.timezone(datetime.timedelta(hours=8))
BEGIN = datetime.datetime(2018, 6, 3, 12, 26, 40, tzinfo=ZONE)
MINUTE = datetime.timedelta(minutes=1)
SECOND_US = 1_000_000
PUBLISHERS = 4
CLERK = 4
COUNTIES = ("620502000000", "620503000000")
ACCOUNTS = ("points", "season")


def stamp(time):
    return time.isoformat(timespec="seconds")


class Workload:
    """`lines` is the input; `messages` the events of each submit; `revisions` what each policy revision means."""

    def __init__(self, seed, scale=1.0, bulky=False):
        self.random = random.Random(seed)
        self.is_bulky = bulky or self.random.random() < 0.03
        self.lines, self.messages, self.revisions = [], [], {}
        self.now = BEGIN
        self.n = {"event": 0, "record": 0, "volunteer": 0, "adjustment": 0, "number": 0}
        self.people, self.records, self.sent, self.later = [], [], [], []
        self.n_revisions = {}
        if self.random.random() < 0.2:
            self.say("clock events")
        if self.random.random() < 0.3:
            kind = self.random.choice(("power", "power", "power", "kill", "write", "short_write", "sync", "open", "rename", "sync_dir", "list", "commit"))
            self.say(f"first {kind} {self.random.choice((1, 2, 3, self.random.randint(1, 70)))}")
        self.found()
        days = self.random.randint(8, max(9, int(28 * scale)))
        self.rate = self.random.choice((0.05, 0.15, 0.3))
        self.calm = self.random.random() < 0.1
        while self.now < BEGIN + datetime.timedelta(days=days):
            self.live()
        self.rest()
        self.days = (self.now - BEGIN).days

    # ---- lines ----

    def say(self, line):
        self.lines.append(line)

    def submit(self, publisher, events, command=False):
        self.messages.append(events)
        self.say(f"submit {publisher} {int(command)} {len(events)}")
        for event in events:
            self.say(json.dumps(event, ensure_ascii=False))

    def advance(self, time):
        self.now += time
        self.say(f"advance {int(time.total_seconds() * SECOND_US)}")

    # ---- events ----

    def event(self, type, data, source="clerk", time=True):
        self.n["event"] += 1
        event = {"specversion": "1.0", "id": f"e{self.n['event']:06d}", "source": source, "type": type, "data": data}
        if time:
            event["time"] = stamp(self.now)
        return event

    def command(self, type, data):
        self.submit(CLERK, [self.event(type, data, time=False)], command=True)

    def found(self):
        self.command("city.configured", {"region": "620500000000", "name": "天水市", "time_zone": "Asia/Shanghai",
                                         "offsets": [{"from": 0, "seconds": 28800}]})
        self.command("region.defined", {"region": "620500000000", "name": "天水市", "level": "city"})
        for code in COUNTIES:
            self.command("region.defined", {"region": code, "name": "区", "level": "county", "parent": "620500000000"})
            self.command("organisation.defined", {"organisation": f"o{code[5]}", "name": "单位", "kind": "enterprise",
                                                  "region": code})
        for code in ACCOUNTS:
            self.command("dictionary.entry_set", {"dictionary": "account", "code": code, "title": "积分", "decimals": 2,
                                                  "may_expire": True})
        for name in ("acceptance", "star_rating", "points", "season"):
            self.activate(name, first=True)
        for _ in range(self.random.randint(2, 6)):
            self.submit(0, [self.register("p0")])
        if self.random.random() < 0.35:  # enough for runs of several chunks
            for publisher in range(self.random.randint(2, PUBLISHERS)):
                self.submit(publisher, [self.register(f"p{publisher}") for _ in range(12)])

    def register(self, source):
        self.n["volunteer"] += 1
        name = f"v{self.n['volunteer']}"
        self.people.append(name)
        data = {"volunteer": name, "region": self.random.choice(COUNTIES)}
        if self.random.random() < 0.6:
            if self.random.random() < 0.9:
                self.n["number"] += 1
            data["identity"] = {"name": "某人", "document_kind": "passport", "number": f"E{self.n['number']}"}
        return self.event("volunteer.registered", data, source)

    def person(self):
        return "v999" if self.random.random() < 0.02 else self.random.choice(self.people[-40:])

    def span(self, person):
        """Often beside what is there: a minute over, end to end, within, around."""
        dice = self.random
        minutes = dice.choice((1, 10, 29, 30, 59, 60, 90, 120, 240, 480, 719, 720, 721, 1000, dice.randint(1, 700)))
        if dice.random() < 0.02:
            minutes = dice.choice((1440, 1441, 2000))
        others = [record for record in self.records[-60:] if record["volunteer"] == person]
        if others and dice.random() < 0.45:
            starts, ends = dice.choice(others)["span"]
            first = dice.choice((ends, ends - MINUTE, ends + MINUTE, starts, starts - minutes * MINUTE,
                                 starts - (minutes - 1) * MINUTE, starts - (minutes + 1) * MINUTE))
        elif dice.random() < 0.2:
            midnight = self.now.replace(hour=0, minute=0, second=0)
            first = midnight - datetime.timedelta(days=dice.randint(1, 4)) - dice.randint(1, minutes) * MINUTE
        else:
            back = dice.choice((0, 0, 1, 1, 2, 5, 29, 30, 31, 40))
            first = self.now - datetime.timedelta(days=back, minutes=dice.randint(0, 600)) - minutes * MINUTE
        first = first.replace(second=0)
        return first, first + minutes * MINUTE, minutes

    def record(self, source):
        dice = self.random
        self.n["record"] += 1
        name = f"r{self.n['record']}"
        if self.records and dice.random() < 0.02:
            name = dice.choice(self.records)["record"]
        person = self.person()
        starts, ends, minutes = self.span(person)
        data = {"record": name, "volunteer": person, "organisation": dice.choice(("o2", "o3")), "starts": stamp(starts),
                "ends": stamp(ends), "method": dice.choice(("code", "automatic", "import", "manual")),
                "recorder": dice.choice(("c0", "c1"))}
        if dice.random() < 0.4:
            data["minutes"] = dice.randint(1, minutes) if dice.random() < 0.95 else minutes + 1
        if dice.random() < 0.02:
            data["ext"] = {"note": "x" * dice.randint(1, 4000)}
        self.records.append({"record": name, "volunteer": person, "span": (starts, ends)})
        return self.event("service.recorded", data, source)

    def some_record(self):
        if not self.records or self.random.random() < 0.03:
            return f"r{self.n['record'] + 3}"
        return self.random.choice(self.records[-30:])["record"]

    def review(self, source):
        return self.event("service.reviewed", {"record": self.some_record(), "reviewer": self.random.choice(("c0", "c1")),
                                               "outcome": self.random.choice(("accepted", "accepted", "refused"))}, source)

    def correct(self, source):
        return self.event("service.corrected", {"record": self.some_record(), "reason": "更正", "by": "c2",
                                                "minutes": self.random.choice((1, 20, 30, 60, 90, 120, 480, 700, 721))}, source)

    def revoke(self, source):
        return self.event("service.revoked", {"record": self.some_record(), "reason": "撤销", "by": "c2"}, source)

    def carry(self, source):
        self.n["record"] += 1
        year = self.random.randint(2008, 2016)
        name = f"r{self.n['record']}"
        first = datetime.datetime(year, 1, 1, tzinfo=ZONE)
        person = self.person()
        self.records.append({"record": name, "volunteer": person, "span": (first, first)})
        return self.event("service.carried_over", {
            "record": name, "volunteer": person, "minutes": self.random.choice((60, 600, 3000, 9000)),
            "from": f"{year}-01-01", "to": f"{year}-12-31", "organisation": "o2", "evidence": "台账"}, source)

    def again(self, source):
        """The same once more, or other content under the same name."""
        if not self.sent:
            return self.record(source)
        event = json.loads(json.dumps(self.random.choice(self.sent[-200:])))
        if self.random.random() < 0.3:
            data = event["data"]
            if "reason" in data:
                data["reason"] += "x"
            elif "minutes" in data:
                data["minutes"] += 1
            else:
                event["time"] = stamp(datetime.datetime.fromisoformat(event["time"]) - MINUTE)
        return event

    def withdraw(self, source):
        return self.event("volunteer.withdrawn", {"volunteer": self.person(), "reason": "搬家"}, source)

    def adjust(self):
        self.n["adjustment"] += 1
        amount = self.random.choice((-2000, -500, -300, -100, -50, -7, 0, 7, 100, 300))
        self.command("points.adjusted", {"adjustment": f"a{self.n['adjustment']}", "volunteer": self.person(),
                                         "account": self.random.choice(ACCOUNTS), "amount": amount, "reason": "调整", "by": "c3"})

    # ---- rules ----

    def rules_of(self, name):
        dice = self.random
        if name == "acceptance":
            return {"span_hours": dice.choice((12, 24)), "daily_minutes": dice.choice((480, 720, 720, 600)),
                    "delay_days": dice.choice((3, 30, 30)), "migrators": dice.choice(([], ["p3"]))}
        if name == "star_rating":
            hours = sorted(dice.sample(range(1, 120), 5))
            return {"hours": hours, "count_carried": dice.random() < 0.7}
        if name == "points":
            return {"step_minutes": dice.choice((15, 30, 60)), "step_units": dice.choice((20, 50, 100)),
                    "methods_excluded": dice.choice((["manual"], [], ["manual", "import"]))}
        return {"per_ten_minutes": dice.choice((0, 7, 10)), "per_star": dice.choice((0, 5)),
                "bonus": dice.choice((0, 40)), "regular": dice.choice((0, 3)), "fails": dice.choice((-1, -1, 0, 3))}

    def schedule_of(self, name):
        dice = self.random
        if name not in ("star_rating", "season") or dice.random() < 0.5:
            return None
        day = (self.now + datetime.timedelta(days=dice.randint(0, 9))).date()
        return dice.choice(("daily", "daily", f"monthly:{min(day.day, 28)}", f"yearly:{day:%m-%d}"))

    def activate(self, name, first=False):
        dice = self.random
        sets = [("2000-01-01", self.rules_of(name))]
        if dice.random() < 0.3:
            day = (self.now + datetime.timedelta(days=dice.randint(-10, 10))).date()
            sets.append((day.isoformat(), self.rules_of(name)))
        effective = "2010-01-01"
        if not first and dice.random() < 0.4:
            effective = (self.now + datetime.timedelta(days=dice.randint(-12, 8))).date().isoformat()
        folder = ROOT / ("tests/simulation/policies" if name == "season" else "scripts/policies")
        text = (folder / f"{name}.lua").read_text()
        text, n = re.subn(r"  parameters = \{\n(    .*\n)+?  \},", lambda _: "  parameters = {" + lua_sets(sets) + "},", text, count=1)
        assert n == 1
        self.n_revisions[name] = self.n_revisions.get(name, 0) + 1
        revision = f"{name}:{self.n_revisions[name]}"
        kind = "points" if name == "season" else name
        data = {"policy": name, "kind": kind, "revision": revision, "text": text, "effective": effective, "by": "c4",
                "retroactivity": dice.choice(("from_now", "from_date", "all_history", "all_history")) if not first else "from_now",
                "sets": sorted({day for day, _ in sets}), "withdraw": dice.random() < 0.3}
        if name == "acceptance":
            library = (ROOT / "scripts" / "library" / "integrity.lua").read_text()
            data["library"] = [{"name": "integrity", "text": library}]
        schedule = self.schedule_of(name)
        if schedule:
            data["schedule"] = schedule
        if dice.random() < self.bulk():
            if dice.random() < 0.5 and not first:
                self.go_wrong_between_segments()
            data["library"] = data.get("library", []) + [{"name": f"l{i}", "text": "return {} -- " + "x" * 250_000} for i in range(7)]
        self.revisions[revision] = {"name": name, "kind": kind, "effective": effective, "sets": sets,
                                    "retroactivity": data["retroactivity"],
                                    "withdraw": data["withdraw"], "schedule": schedule}
        self.command("policy.activated", data)

    def bulk(self):
        """Some cities fill segments of the journal."""
        return 0.8 if self.is_bulky else 0

    def go_wrong_between_segments(self):
        kind = self.random.choice((*["power"] * 8, "full", "kill", "write", "sync", "rename", "sync_dir", "open", "read", "unlink"))
        self.say("full" if kind == "full" else f"fault {kind} {self.random.choice((1, 1, 2, 3, self.random.randint(1, 30)))}")

    # ---- days ----

    def some_event(self, source):
        kinds = ((self.record, 50), (self.review, 9), (self.correct, 9), (self.revoke, 5), (self.carry, 3),
                 (self.again, 12), (self.register, 4), (self.withdraw, 1))
        make = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        return make(source)

    def live(self):
        dice = self.random
        if dice.random() < self.rate and not self.calm:
            self.go_wrong()
        if dice.random() < 0.05:
            self.activate(dice.choice(("acceptance", "star_rating", "points", "season", "season")))
        if self.bulk() and dice.random() < 0.04:
            for _ in range(dice.randint(1, 5)):
                self.activate(dice.choice(("points", "acceptance")))
        if dice.random() < 0.12:
            self.adjust()
        for _ in range(dice.choice((1, 1, 2, 4))):
            publisher = dice.randrange(PUBLISHERS)
            n = dice.choice((1, 1, 2, 3, 8))
            events = [self.some_event(f"p{publisher}") for _ in range(n)]
            self.sent += events
            if dice.random() < 0.08:
                self.later.append((publisher, events))  # others overtake it
                continue
            self.submit(publisher, events)
        if self.later and dice.random() < 0.3:
            publisher, events = self.later.pop(dice.randrange(len(self.later)))
            self.submit(publisher, events)
        if dice.random() < 0.02:
            self.advance(datetime.timedelta(days=dice.choice((1, 3, 6))))
        else:
            self.advance(datetime.timedelta(minutes=dice.choice((0, 1, 30, 100, 240, 500)), seconds=dice.randint(0, 50)))

    def go_wrong(self):
        dice = self.random
        kind = dice.choices(("power", "kill", "write", "short_write", "sync", "commit", "rename", "full", "jump", "stop", "keep"),
                            (30, 14, 5, 5, 8, 5, 2, 6, 7, 6, 12))[0]
        if kind == "keep":
            self.say("keep")
        elif kind == "full":
            self.say("full")
        elif kind == "jump":
            jump = datetime.timedelta(hours=dice.choice((-30, -2, -1, 1, 2, 30, 24 * 8)))
            self.say("wait")  # what was said before has its time before
            self.now += jump
            self.say(f"jump {int(jump.total_seconds() * SECOND_US)}")
        else:
            if dice.random() < 0.25:
                self.say(f"state {dice.choice(('old', 'old', 'lost'))}")
            if dice.random() < 0.25:
                again = dice.choice(("power", "power", "kill", "write", "short_write", "sync", "read", "open",
                                     "rename", "sync_dir", "list", "commit"))
                self.say(f"recovery {again} {dice.choice((1, 2, 3, dice.randint(1, 40)))}")
            if kind == "stop":
                self.say("stop")
            else:
                most = 60 if kind in ("power", "kill") else 5
                self.say(f"fault {kind} {dice.randint(1, most)}")

    def rest(self):
        """Everything is told, and one more thing is said that every trouble is mended for."""
        for publisher, events in self.later:
            self.submit(publisher, events)
        self.say("wait")
        self.command("region.defined", {"region": "620500000000", "name": "天水", "level": "city"})
        self.say("wait")
        self.say("runs")


def lua_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "{" + ", ".join(lua_value(item) for item in value) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def lua_sets(sets):
    return ", ".join(f'["{day}"] = {{' + ", ".join(f"{key} = {lua_value(value)}" for key, value in rules.items()) + "}"
                     for day, rules in sets)
