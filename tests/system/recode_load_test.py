"""Recoding regions while the city goes on: people, service and history follow, and no total changes."""

import collections
import csv
import json
import threading
import unittest

import zmq
from harness import CITY, COUNTY, ROOT, DaemonTest, event, organisation, region, service

DIVISIONS = ROOT / "conf" / "divisions"
LEVELS = {"2": "city", "3": "county", "4": "township", "5": "community"}
NEW_COUNTY = "620504000000"


def divisions(year):
    with open(DIVISIONS / f"tianshui-divisions-{year}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moves():
    with open(DIVISIONS / "tianshui-division-moves.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def defined(row):
    return region(row["code"], row["name"], LEVELS[row["level"]], row["parent"])


class Load(threading.Thread):
    """Registers people and records service in the communities, by the codes of before, until it is told to end;
    keeps count of what was acknowledged, by the first code of the place."""

    def __init__(self, daemon, codes):
        super().__init__(daemon=True)
        self.daemon_under_test = daemon
        self.codes = codes
        self.n = 0
        self.people = collections.Counter()
        self.minutes = 0
        self.ended = threading.Event()
        self.refused = []

    def message(self):
        events = []
        for _ in range(20):
            self.n += 1
            code = self.codes[self.n % len(self.codes)]
            events.append(event("volunteer.registered", {
                "volunteer": f"load:{self.n}", "region": code, "born": "1990-01",
                "identity": {"name": "无名", "document_kind": "passport", "number": f"L{self.n:08d}"}},
                source="load", id=f"v{self.n:08d}", time="2023-01-05T09:00:00+08:00"))
            events.append(event("service.recorded", {
                "record": f"load:r{self.n}", "volunteer": f"load:{self.n}", "organisation": "org:1",
                "activity": "act:1", "starts": "2023-03-05T09:00:00+08:00", "ends": "2023-03-05T11:00:00+08:00",
                "method": "code", "recorder": "clerk:1"},
                source="load", id=f"r{self.n:08d}", time="2023-03-05T12:00:00+08:00"))
        return events

    def note(self, events, results):
        for sent, result in zip(events, results):
            if result["status"] != "stored":
                self.refused.append(result)
            elif sent["type"] == "volunteer.registered":
                self.people[sent["data"]["region"]] += 1
            else:
                self.minutes += sum(d["data"]["minutes"] for d in result.get("decisions", [])
                                    if d["type"] == "service.decided" and d["data"]["outcome"] == "accepted")

    def run(self):
        socket = self.daemon_under_test.socket("ingest", zmq.REQ)
        while not self.ended.is_set():
            events = self.message()
            socket.send(json.dumps(events).encode())
            self.note(events, json.loads(socket.recv())["results"])
        socket.close(0)


class RecodeTest(DaemonTest):
    def start(self, rows):
        """A daemon with these regions, an organisation and an activity."""
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish([defined(row) for row in rows]))
        place = next(row["code"] for row in rows if row["level"] == "5")
        self.assert_stored(daemon.publish([organisation(region=place), event("activity.published", {
            "activity": "act:1", "title": "清洁家园", "content": "清洁", "category": "ecology", "kind": "service",
            "organisation": "org:1", "region": place, "place": {"text": "社区"},
            "starts": "2023-03-05T08:00:00+08:00", "ends": "2023-03-05T18:00:00+08:00", "places": 1000,
            "risk": "无"}, time="2023-03-01T09:00:00+08:00")]))
        return daemon

    def counters(self, daemon, code):
        return daemon.query("region.get", region=code)["counters"]

    def test_a_whole_county_is_recoded_under_load_and_no_total_changes(self):
        rows = [row for row in divisions(2018) if row["level"] == "2" or row["code"].startswith("620502")]
        codes = [row["code"] for row in rows if row["level"] == "5"]
        daemon = self.start(rows)
        load = Load(daemon, codes)
        load.start()
        recodes = [event("region.recoded", {"region": row["code"], "into": "620504" + row["code"][6:]})
                   for row in rows if row["level"] != "2"]
        for first in range(0, len(recodes), 10):
            self.assert_stored(daemon.publish(recodes[first:first + 10]))
        load.ended.set()
        load.join()
        self.assertEqual(load.refused, [])
        self.assertGreater(sum(load.people.values()), 0)
        for code in (CITY, NEW_COUNTY, COUNTY):
            self.assertEqual(self.counters(daemon, code)["volunteers"], sum(load.people.values()))
            self.assertEqual(self.counters(daemon, code)["minutes"], load.minutes)
        for code in codes[:40]:
            answer = daemon.query("region.get", region=code)
            self.assertEqual(answer["region"], "620504" + code[6:])
            self.assertEqual(answer["counters"]["volunteers"], load.people[code])
        before = self.counters(daemon, NEW_COUNTY)
        daemon.kill()
        daemon.start()
        self.assertEqual(self.counters(daemon, NEW_COUNTY), before)
        self.assertEqual(daemon.run_job("journal.replay")["state"], "done")

    def test_the_real_recodes_of_2018_to_2023_keep_every_total(self):
        rows, names = divisions(2018), {row["code"]: row for row in divisions(2023)}
        daemon = self.start(rows)
        people = [event("volunteer.registered", {
            "volunteer": f"v:{n}", "region": move["old_code"], "born": "1990-01",
            "identity": {"name": "无名", "document_kind": "passport", "number": f"P{n:08d}"}})
            for n, move in enumerate(moves())]
        self.assert_stored(daemon.publish(people))
        before = {code: self.counters(daemon, code) for code in (CITY, COUNTY, "620503000000")}
        changes = []
        for move in moves():
            if move["change"] == "recode":
                changes.append(event("region.recoded", {"region": move["old_code"], "into": move["new_code"]}))
            changes.append(defined(names[move["new_code"]]))
        results = self.assert_stored(daemon.publish(changes))
        self.assertEqual(len(results), 443 + 612)
        self.assertEqual({code: self.counters(daemon, code) for code in before}, before)
        for move in moves()[::25]:
            for code in (move["old_code"], move["new_code"]):
                answer = daemon.query("region.get", region=code)
                self.assertEqual((answer["region"], answer["name"]), (move["new_code"], move["new_name"]))
                self.assertEqual(answer["counters"]["volunteers"], 1)
        self.assertEqual(daemon.run_job("journal.replay")["state"], "done")


if __name__ == "__main__":
    unittest.main()
