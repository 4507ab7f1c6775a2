"""What was reported on a past day can be reported again, unchanged, whatever was corrected since."""

import unittest

from harness import CITY, COMMUNITY, COUNTY, TOWNSHIP, DaemonTest, activity, city_events, event, organisation, service

REPORTED = "2018-08-23"


def at(day, hour=9):
    return f"2018-08-{day:02d}T{hour:02d}:00:00+08:00"


def subject(kind, id):
    return {"kind": kind, "id": id}


class PastBulletinTest(DaemonTest):
    def start(self):
        """The city as it was reported: people, service, figures, a titled unit, a plan, a station that is built."""
        daemon = self.daemon({"clock": "events"})
        daemon.start()
        send = self.send = lambda kind, data, day=20, **more: self.assert_stored(
            daemon.publish([event(kind, data, time=at(day), **more)]))[0]
        first = city_events(volunteers=0)
        for defined in first:
            defined["time"] = at(1)
        self.assert_stored(daemon.publish(first))
        unit = organisation("org:2", COMMUNITY, "供电公司", "enterprise")
        unit["time"] = at(1)
        self.assert_stored(daemon.publish([unit]))
        for n in range(1, 41):
            send("volunteer.registered", {
                "volunteer": f"v{n}", "region": COMMUNITY, "born": "1990-01", "employer": "org:2",
                "party_status": "in_service" if n % 2 else "none",
                "identity": {"name": "无名", "document_kind": "passport", "number": f"P{n:07d}"}}, day=2 + n % 15)
        for region, residents in ((CITY, 300), (COUNTY, 250)):
            send("figure.reported", {"figure": "built_up_residents", "subject": subject("region", region),
                                     "value": residents, "as_of": "2018-07-31", "origin": "统计局"})
            send("figure.reported", {"figure": "in_service_party_members", "subject": subject("region", region),
                                     "value": 21, "as_of": "2018-07-31", "origin": "组织部"})
        send("figure.reported", {"figure": "staff", "subject": subject("organisation", "org:2"), "value": 70,
                                 "as_of": "2018-07-31", "origin": "单位报送"})
        send("civilised_title.awarded", {"subject": subject("organisation", "org:2"), "title": "unit",
                                         "level": "municipal", "on": "2018-08-01"})
        send("plan.set", {"plan": "stations", "subject": subject("region", CITY), "measure": "stations_built",
                          "target": 122, "due": "2018-12-31"})
        self.build_station("st:1")
        shift = activity("act:1", starts=at(18, 9), ends=at(18, 17))
        shift["time"] = at(17)
        self.assert_stored(daemon.publish([shift]))
        self.assert_stored(daemon.publish([
            service(f"r{n}", f"v{n}", starts=at(18, 9), ends=at(18, 12), time=at(20), activity="act:1")
            for n in range(1, 11)]))
        send("team.formed", {"team": "t:1", "name": "护河队", "category": "ecology", "region": COMMUNITY,
                             "legal_status": "grassroots"}, day=23)
        return daemon

    def build_station(self, station):
        self.send("station.planned", {"station": station, "region": COMMUNITY, "name": "志愿服务工作站",
                                      "due": "2018-10-31"}, day=3)
        evidence = {"digest": "sha256:00", "note": "现场核验"}
        for part in ("staff", "funds", "venue", "team"):
            self.send("station.progressed", {"station": station, "part": part, "done": True, "evidence": evidence,
                                             "by": "clerk:1", "on": "2018-08-10"}, day=12)
        self.send("station.built", {"station": station, "on": "2018-08-15", "evidence": evidence}, day=16)

    def correct_everything(self):
        """On the day after and later: every kind of thing that the page speaks of changes."""
        self.send("service.revoked", {"record": "r1", "reason": "虚假", "by": "clerk:2"}, day=24)
        self.send("service.corrected", {"record": "r2", "minutes": 10, "reason": "误记", "by": "clerk:2"}, day=24)
        self.send("volunteer.withdrawn", {"volunteer": "v3"}, day=24)
        self.send("volunteer.registered", {
            "volunteer": "v99", "region": COMMUNITY, "born": "1990-01",
            "identity": {"name": "无名", "document_kind": "passport", "number": "P9999999"}}, day=25)
        for region in (CITY, COUNTY):
            self.send("figure.reported", {
                "figure": "built_up_residents", "subject": subject("region", region), "value": 100,
                "as_of": "2018-08-22", "origin": "统计局更正"}, day=25)
        self.send("figure.reported", {"figure": "staff", "subject": subject("organisation", "org:2"), "value": 400,
                                      "as_of": "2018-08-01", "origin": "单位更正"}, day=25)
        self.send("civilised_title.withdrawn", {"subject": subject("organisation", "org:2"), "title": "unit",
                                                "level": "municipal", "on": "2018-08-25"}, day=25)
        self.send("plan.set", {"plan": "stations", "subject": subject("region", CITY), "measure": "stations_built",
                               "target": 10, "due": "2018-09-30"}, day=25)
        self.send("station.opened", {"station": "st:1", "on": "2018-08-25"}, day=25)
        self.send("team.dissolved", {"team": "t:1"}, day=25)
        self.rename_and_move()
        self.send("activity.cancelled", {"activity": "act:1"}, day=26)

    def rename_and_move(self):
        """What the page calls things, and where they lie."""
        self.send("region.defined", {"region": COUNTY, "name": "秦州新区", "level": "county", "parent": CITY}, day=25)
        self.send("region.defined", {"region": "620503000000", "name": "麦积区", "level": "county", "parent": CITY},
                  day=25)
        self.send("region.defined", {"region": "620503001000", "name": "道北街道", "level": "township",
                                     "parent": "620503000000"}, day=25)
        self.send("region.recoded", {"region": COMMUNITY, "into": "620503001001"}, day=25)
        self.send("region.recoded", {"region": COUNTY, "into": "620504000000"}, day=26)
        self.send("organisation.updated", {"organisation": "org:2", "changes": {
            "name": "电网公司", "region": "620503000000"}}, day=26)

    def preview(self, daemon, kind="registration", **more):
        return daemon.query("bulletin.preview", kind=kind, **more)["document"]

    def test_yesterdays_bulletin_is_the_same_after_todays_corrections(self):
        daemon = self.start()
        kinds = ("registration", "station", "assessment")
        first = {kind: self.preview(daemon, kind, as_of=REPORTED) for kind in kinds}
        street = self.preview(daemon, as_of=REPORTED, region=TOWNSHIP)
        self.assertNotEqual(first["registration"], self.preview(daemon, as_of="2018-08-05"))
        self.correct_everything()
        for kind in kinds:
            self.assertEqual(self.preview(daemon, kind, as_of=REPORTED), first[kind])
            self.assertNotEqual(self.preview(daemon, kind), first[kind])
        self.assertEqual(self.preview(daemon, as_of=REPORTED, region=TOWNSHIP), street)
        self.assertNotEqual(self.preview(daemon, region=TOWNSHIP), street)
        daemon.kill()
        daemon.start()
        for kind in kinds:
            self.assertEqual(self.preview(daemon, kind, as_of=REPORTED), first[kind])

    def test_a_unit_whose_end_is_told_late_stands_in_what_was_reported_before(self):
        daemon = self.start()
        ask = lambda **more: daemon.query("report.assessment", **more)["document"]  # noqa: E731
        first, report = self.preview(daemon, as_of=REPORTED), ask(as_of=REPORTED)
        self.assertIn("供电公司", str(first))
        self.assertIn("供电公司", str(report))
        self.send("team.dissolved", {"team": "t:1"}, day=25)
        self.rename_and_move()
        self.send("organisation.dissolved", {"organisation": "org:2"}, day=21)
        self.assertEqual(self.preview(daemon, as_of=REPORTED), first)
        self.assertEqual(ask(as_of=REPORTED), report)
        self.assertIn("供电公司", str(self.preview(daemon, as_of="2018-08-24")))
        self.assertNotIn("供电公司", str(self.preview(daemon)))
        self.assertNotIn("供电公司", str(ask()))
        self.assertIs(daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_reports_of_a_past_day_are_the_same_after_corrections(self):
        daemon = self.start()
        ask = lambda name: daemon.query(name, as_of=REPORTED)  # noqa: E731
        names = ("report.ranking", "report.assessment", "report.forecast", "station.progress")
        first = {name: ask(name) for name in names}
        self.correct_everything()
        for name in names:
            again = ask(name)
            for answer in (first[name], again):
                answer.pop("sequence")
            self.assertEqual(again, first[name], name)

    def test_an_issued_bulletin_stays_as_it_was_issued(self):
        daemon = self.start()
        issued = daemon.query("bulletin.issue", kind="registration", as_of=REPORTED, by="clerk:1")
        self.assertEqual(issued["number"], 1)
        frozen = daemon.query("bulletin.get", bulletin=issued["bulletin"])["document"]
        self.assertEqual(frozen, issued["document"])
        self.correct_everything()
        self.assertEqual(daemon.query("bulletin.get", bulletin=issued["bulletin"])["document"], frozen)
        again = daemon.query("bulletin.issue", kind="registration", by="clerk:1")
        self.assertEqual(again["number"], 2)
        self.assertNotEqual(again["document"], frozen)
        self.assertEqual(daemon.run_job("journal.replay")["state"], "done")


if __name__ == "__main__":
    unittest.main()
