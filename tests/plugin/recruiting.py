"""A small city with the plugin `recruitment` and the platform of tests/platform: what its tests share. Everything is real:
the daemon, the process of the plugin, HTTPS between it and the platform."""

import collections
import datetime
import json
import os
import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "system"), str(ROOT / "tests" / "platform")]

import client
import harness
from harness import COMMUNITY, PROGRAMS, Daemon, QueryError, eventually, identity_number
from small_city import OTHER_COMMUNITY, SECOND_COMMUNITY, SmallCity

PLUGINS = PROGRAMS.parent / "plugins"
MAPPING = ROOT / "scripts" / "mappings" / "recruitment.lua"
AREAS = (COMMUNITY, SECOND_COMMUNITY, OTHER_COMMUNITY)
SOURCE = "/plugins/recruitment"
PREFIX = "tszyz"
# What one item of each resource is first said with.
FIRST = {"registrations": "volunteer.registered", "teams": "team.formed", "activities": "activity.published",
         "enrolments": "enrolment.requested", "attendance": "attendance.checked_in"}


def ours(external):
    return f"{PREFIX}:{external}"


def free_port():
    """Of loopback; nobody else asks for one of these while a test begins."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def secret_file(folder, name, text):
    """file:PATH of a secret that its owner alone may read."""
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return f"file:{path}"


class Recruiting:
    """The daemon, its city and the platform, in one folder. `people` lives on the platform; `platform` are more options of
    it, `options` of the plugin."""

    def __init__(self, folder, people=40, options=None, platform=None, limits=None, config=None):
        self.folder = pathlib.Path(folder)
        self.platform = client.Platform(self.folder / "platform", people=people, areas=",".join(AREAS), **(platform or {}))
        self.platform.start()
        self.mapping = self.folder / "recruitment.lua"
        shutil.copy(MAPPING, self.mapping)
        self.options = {
            "name": "recruitment", "url": self.platform.url, "ca": self.platform.ca, "mapping": str(self.mapping),
            "token": secret_file(self.folder, "token", self.platform.token),
            "webhook_secret": secret_file(self.folder, "webhook_secret", self.platform.webhook_secret),
            "poll_ms": 150, "retry_ms": 20, **({"limits": limits} if limits else {}), **(options or {})}
        self.daemon = Daemon(self.folder / "city", {"plugin_dir": str(PLUGINS), "plugins": [self.options], **(config or {})})
        self.city = SmallCity(self.daemon)

    def start(self):
        """With regions and an organisation in the city."""
        self.daemon.start()
        self.city.define_regions()
        self.city.define_organisation("org:1", "天水市文明办", region=harness.CITY)
        return self

    def close(self):
        try:
            return self.daemon.close()
        finally:
            self.platform.stop()

    # ---- the plugin ----

    def call(self, method, /, **parameters):
        return self.daemon.query(f"recruitment.{method}", **parameters)

    def process(self):
        """What plugin.list says of it."""
        return next(one for one in self.daemon.query("plugin.list")["plugins"] if one["name"] == "recruitment")

    def kill(self):
        """kill -9 of its process, if it has one just now; whether it had."""
        pid = self.process().get("pid")
        if not pid:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def running(self):
        """Waits until it runs, and answers."""
        def look():
            found = self.process()
            if found["state"] in ("quarantined", "refused"):
                raise AssertionError(found)
            try:
                return found["state"] == "running" and self.call("status")
            except QueryError:
                return None
        return eventually(look, "the plugin to run")

    def status(self):
        """Waits for an answer: the plugin may be between two lives."""
        return self.running()

    def settled(self, waiting=0, conflicts=0):
        """Waits until it has everything that the platform has and has pushed everything; its status. `waiting` and
        `conflicts` items are neither; None: however many."""
        def look():
            status = self.status()
            found = [status["resources"][name] for name in FIRST]
            counted = all(expected in (None, sum(one[name] for one in found))
                          for name, expected in (("waiting", waiting), ("conflicts", conflicts)))
            pushed = not any(status["outbox"][state] for state in ("waiting", "sending", "failed"))
            if not counted or not pushed or status["last_error"] or self.process()["cursor"] < self.head():
                return None  # the platform, which may be large, need not add anything up yet
            totals = self.platform.totals()["resources"]
            wanted = [totals[name] for name in FIRST]
            # Who waits, or is listed for a clerk, is known but has not been taken.
            seen = [sum(one[name] for name in ("live", "waiting", "conflicts", "ignored")) for one in found]
            return status if seen == [one["live"] for one in wanted] else None

        return self.wait(look, "everything to be settled")

    def says(self):
        try:
            status = self.call("status")
            return json.dumps([status["state"], status["last_error"], status["rows"], status["outbox"], self.conflicts(),
                               self.process()["cursor"], self.head()], ensure_ascii=False)
        except (QueryError, harness.Gone) as error:
            return repr(error)

    def head(self):
        """Of the journal, behind which the plugin has nothing to look at."""
        return self.daemon.query("status")["sequence"]

    def conflicts(self, **filters):
        return self.call("conflicts", **filters)["conflicts"]

    def wait(self, condition, what):
        """As eventually(); a failure tells what the plugin says by then."""
        try:
            return eventually(condition, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.says()}") from None

    # ---- what stands in the journal and in the city ----

    def told(self, kind, source=SOURCE):
        """Data of all events of a type, by one source, from the journal."""
        found, after = [], 0
        while True:
            answer = self.daemon.query("journal.read", after=after, types=[kind], limit=10000)
            found += [event for event in answer["events"] if source in (None, event["source"])]
            if answer["next"] >= answer["head"]:  # a part of the journal may hold none of them
                return [event["data"] for event in found]
            after = answer["next"]

    def all(self, noun, **filters):
        """Every item of a list, all its pages."""
        found, cursor = [], {}
        while True:
            page = self.daemon.query(f"{noun}.list", limit=1000, **filters, **cursor)
            found += page["items"]
            if not page["next"]:
                return found
            cursor = {"cursor": page["next"]}

    # ---- both sides, compared by the test itself ----

    def differences(self, linked=None):
        """What the two sides say differently: of decisions, hours and stars, thing by thing. Read from the city and from
        the platform's database, not from what the plugin says. `linked`: external ids of people who have ids of their own."""
        def external(id):
            return (linked or {}).get(id) or id.removeprefix(PREFIX + ":")

        def is_theirs(one):
            return one["volunteer"].startswith(PREFIX + ":") or one["volunteer"] in (linked or {})

        wanted = {}
        outcomes = {"accepted": "通过", "waitlisted": "候补", "refused": "不通过"}
        for one in self.all("enrolment"):
            if is_theirs(one) and one["state"] in outcomes and one.get("activity"):
                wanted[("decision", external(one["volunteer"]), external(one["activity"]), one.get("shift"))] = outcomes[one["state"]]
        for one in filter(is_theirs, self.all("record", state="accepted")):
            wanted[("hours", external(one["volunteer"]), one["record"])] = one["counted_minutes"]
        for one in filter(is_theirs, self.all("volunteer")):
            if one.get("stars"):
                wanted[("stars", external(one["volunteer"]))] = one["stars"]
        there = {}
        for held in self.platform.held():
            kind, value, id = held["kind"], held["value"], held["external_id"]
            if kind == "enrolment_decision":
                data = (self.platform.item("enrolments", id) or {}).get("data")
                if data and data["status"] == "已提交":
                    shift = str(data["periodNo"]) if "periodNo" in data else None
                    there[("decision", data["registrationId"], data["activityId"], shift)] = value["outcome"]
            elif kind == "hours" and value["minutes"]:
                there[("hours", id, value["record"])] = value["minutes"]
            elif kind == "stars" and value["stars"]:
                there[("stars", id)] = value["stars"]
        return {key: (wanted.get(key), there.get(key)) for key in wanted.keys() | there.keys()
                if wanted.get(key) != there.get(key)}


class RecruitingTest(unittest.TestCase):
    """A class of tests that share one city and one platform, loaded when it begins. Tests use people of their own."""

    people = 40
    options = {}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vr-")
        cls.addClassCleanup(folder.cleanup)
        cls.all = Recruiting(folder.name, cls.people, cls.options)
        cls.addClassCleanup(cls.all.close)
        cls.all.start()
        cls.platform, cls.daemon, cls.city = cls.all.platform, cls.all.daemon, cls.all.city

    def tearDown(self):
        failed = self._outcome and any(error for _, error in self._outcome.errors) if hasattr(self._outcome, "errors") else False
        if failed:
            print(self.daemon.log_text()[-4000:])

    def person(self, number):
        """Our id of the platform's n-th person."""
        return ours(f"R{number:07d}")

    def volunteer(self, number):
        return self.daemon.query("volunteer.get", volunteer=self.person(number))

    def wait(self, condition, what):
        return self.all.wait(condition, what)

    def wait_conflict(self, **wanted):
        """The conflict that has these members."""
        def look():
            for one in self.all.conflicts():
                if all(one.get(name) == value for name, value in wanted.items()):
                    return one
            return None
        return self.wait(look, f"a conflict {wanted}")

    # ---- people of the platform's own, of whom tests make what they need ----

    def time(self, days):
        return (self.city.today + datetime.timedelta(days=days)).strftime("%Y-%m-%dT09:00:00+08:00")

    def add_person(self, id, serial, **more):
        self.platform.put("registrations", id, data={
            "realName": "无名", "idType": "居民身份证", "idNo": identity_number(serial, born="19900512"), "gender": "未知",
            "areaCode": COMMUNITY, "registerTime": self.time(-2), "status": "正常", **more})

    def add_activity(self, id, **more):
        self.platform.put("activities", id, data={
            "activityName": "明天的活动", "intro": "整理河堤", "category": "绿色环保", "areaCode": COMMUNITY, "address": "藉河河堤",
            "teamId": "T0001", "beginTime": self.time(1), "endTime": self.time(1).replace("T09", "T11"), "recruitNum": 5,
            "riskTip": "路滑", "publishTime": self.time(-2), "status": "招募中", **more})

    def enrol(self, id, activity, person):
        self.platform.put("enrolments", id, data={"activityId": activity, "registrationId": person, "way": "个人",
                                                  "applyTime": self.time(-1), "status": "已提交"})

    def has(self, noun, id):
        try:
            return self.daemon.query(f"{noun}.get", **{noun: id})
        except QueryError:
            return None
