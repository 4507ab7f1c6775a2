"""A city of a few regions, organisations and people, published to a real daemon: what the tests of the
query methods ask about. Codes and names of the regions are real; the people are nobody.
"""

import datetime
import itertools
import pathlib
import tempfile
import unittest

import harness
from harness import CITY, COMMUNITY, COUNTY, TOWNSHIP, Daemon, QueryError, identity_number

CHINA = datetime.timezone(datetime.timedelta(hours=8))

OTHER_COUNTY = "620503000000"
OTHER_TOWNSHIP = "620503001000"
SECOND_COMMUNITY = "620502001002"
OTHER_COMMUNITY = "620503001001"

REGIONS = [
    (CITY, "天水市", "city", None),
    (COUNTY, "秦州区", "county", CITY),
    (OTHER_COUNTY, "麦积区", "county", CITY),
    (TOWNSHIP, "大城街道", "township", COUNTY),
    (OTHER_TOWNSHIP, "道北街道", "township", OTHER_COUNTY),
    (COMMUNITY, "进步巷社区居委会", "community", TOWNSHIP),
    (SECOND_COMMUNITY, "光明巷社区居委会", "community", TOWNSHIP),
    (OTHER_COMMUNITY, "前进路社区居委会", "community", OTHER_TOWNSHIP),
]

class SmallCity:
    """Publishes what it is told to and insists that it was stored."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.serials = itertools.count(1)
        self.today = datetime.datetime.now(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)

    def send(self, type_name, data):
        """One event; the result that the daemon gave for it."""
        return self.send_all([harness.event(type_name, data)])[0]

    def send_all(self, events):
        results = self.daemon.publish(events)["results"]
        for event, result in zip(events, results):
            assert result["status"] == "stored", f"{event}: {result}"
        return results

    # ---- what there is ----

    def define_regions(self):
        self.send_all([harness.event("region.defined", {
            "region": code, "name": name, "level": level, **({"parent": parent} if parent else {})})
            for code, name, level, parent in REGIONS])

    def define_organisation(self, organisation, name, region=COMMUNITY, **more):
        return self.send("organisation.defined", {
            "organisation": organisation, "name": name, "kind": "party_government",
            "region": region, **more})

    def register(self, volunteer, region=COMMUNITY, **more):
        """Born on 12 May 1990, with a valid number of their own: the shipped rule accepts them."""
        identity = {"name": "无名", "document_kind": "resident_id",
                    "number": identity_number(next(self.serials), born="19900512")}
        return self.send("volunteer.registered", {
            "volunteer": volunteer, "region": region, "identity": identity, **more})

    def register_unknown(self, volunteer, region=COMMUNITY):
        """Nothing is known of the person: the shipped rule holds the registration."""
        return self.send("volunteer.registered", {"volunteer": volunteer, "region": region})

    def publish_activity(self, activity, region=COMMUNITY, **more):
        return self.send("activity.published", {
            "activity": activity, "title": "清理河堤", "content": "清理藉河河堤的垃圾", "category": "ecology",
            "kind": "service", "organisation": "org:1", "region": region,
            "place": {"text": "藉河河堤"}, "starts": self.at(10, 9), "ends": self.at(10, 11),
            "places": 20, "risk": "河边路滑", **more})

    def define_basics(self):
        """Regions, two organisations, one activity."""
        self.define_regions()
        self.define_organisation("org:1", "天水市文明办", contact="0938-0000000")
        self.define_organisation("org:2", "麦积区税务局", region=OTHER_COMMUNITY,
                                 kind="public_institution")
        self.publish_activity("act:1")

    # ---- what people do ----

    def at(self, days_ago, hour):
        """A time of day, so many days ago."""
        return (self.today - datetime.timedelta(days=days_ago) +
                datetime.timedelta(hours=hour)).isoformat()

    def record_event(self, record, volunteer, days_ago, starts=8, hours=4, **more):
        return harness.event("service.recorded", {
            "record": record, "volunteer": volunteer, "organisation": "org:1",
            "starts": self.at(days_ago, starts), "ends": self.at(days_ago, starts + hours),
            "method": "automatic", "recorder": "clerk:1", **more})

    def serve(self, record, volunteer, days_ago, starts=8, hours=4, **more):
        return self.send_all(
            [self.record_event(record, volunteer, days_ago, starts, hours, **more)])[0]

    def serve_days(self, volunteer, days, hours=12, first=2):
        """A record a day, going back from `first` days ago; their ids are VOLUNTEER/DAY."""
        return self.send_all([
            self.record_event(f"{volunteer}/{day}", volunteer, day, 6, hours)
            for day in range(first, first + days)])


class DatedCity(SmallCity):
    """What is published happens on `day`, at noon; days go forward alone."""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.day = "2018-01-01"

    def on(self, day):
        self.day = day
        return self

    def send_all(self, events):
        for event in events:
            event.setdefault("time", f"{self.day}T12:00:00+08:00")
        return super().send_all(events)


def decisions(result, type_name):
    """The decisions of one type that an acknowledgement tells of."""
    return [decision["data"] for decision in result.get("decisions", [])
            if decision["type"] == type_name]


class QueryTest(unittest.TestCase):
    """A test that asks a small city of its own, `city`, which set-up makes with start_city()."""

    @classmethod
    def start_city(cls, cleanup, city=SmallCity, config=None, **rest):
        """A city with nothing in it; `cleanup` is addCleanup or addClassCleanup."""
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        cleanup(folder.cleanup)
        daemon = Daemon(pathlib.Path(folder.name), config, **rest)
        cleanup(daemon.close)
        daemon.start()
        return city(daemon)

    @classmethod
    def start_dated_city(cls, cleanup, config=None, **rest):
        """A city whose clock is that of its events: see DatedCity."""
        return cls.start_city(cleanup, DatedCity, {"clock": "events", **(config or {})}, **rest)

    def ask(self, method, /, **params):
        return self.city.daemon.query(method, **params)

    def ids(self, method, name, /, **params):
        return [item[name] for item in self.ask(method, **params)["items"]]

    def refuse(self, code, field, method, /, **params):
        """The method answers an error with this code about this parameter; the error."""
        with self.assertRaises(QueryError) as caught:
            self.ask(method, **params)
        error = caught.exception
        self.assertEqual((error.data.get("code"), error.data.get("field")), (code, field), error)
        self.assertTrue(error.message)
        return error

    def next_event(self, after, type_name):
        """The next event of a type in the journal, waited for."""
        answer = {"events": [], "next": after}
        while not answer["events"]:
            answer = self.ask("journal.read", after=answer["next"], types=[type_name], limit=1,
                              wait_ms=30000)
        return answer["events"][0]
