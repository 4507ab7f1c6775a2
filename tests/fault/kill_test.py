"""kill -9 in the middle of long work: what was begun ends complete, and each is judged once. torture.py kills at random
moments of everything else."""

import json
import os
import pathlib
import random
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import zmq  # noqa: E402
from harness import CITY, COMMUNITY, DaemonTest, city_events, event, eventually, service, volunteer  # noqa: E402
from journal_files import bulk_events, fill, frames_of, pause, segments  # noqa: E402
from ruled_city import RuledCity, acceptance, points, rule  # noqa: E402

KILLS = int(os.environ.get("VOLUNTEERD_KILLS", "6"))
SEED = int(os.environ.get("VOLUNTEERD_SEED", "20180823"))
MEBIBYTES = float(os.environ.get("VOLUNTEERD_MEBIBYTES", "26"))


class Publisher(threading.Thread):
    """Sends arrays of records, several in flight, and notes each acknowledged id with its sequence. Ends when the
    daemon is gone."""

    def __init__(self, daemon, first):
        super().__init__(daemon=True)
        self.daemon_under_test = daemon
        self.next = first
        self.acknowledged = {}
        self.ended = threading.Event()

    def message(self):
        """An array of 1 to 40 records; most of one person overlap, so decisions of every kind are among them."""
        events = []
        for _ in range(random.randint(1, 40)):
            n = self.next
            self.next += 1
            # A person has at most 4,096 records in a month: the further they come, the older they are.
            months = 2023 * 12 + 2 - n // 9000
            day, hour = f"{months // 12}-{months % 12 + 1:02d}-{1 + n % 28:02d}", n % 20
            events.append(service(
                f"r{n}", f"v{1 + n % 3}", time="2023-04-01T09:00:00+08:00",
                starts=f"{day}T{hour:02d}:00:00+08:00", ends=f"{day}T{hour + 2:02d}:00:00+08:00"))
            events[-1]["id"] = f"record-{n:09d}"
        return events

    def run(self):
        socket = self.daemon_under_test.socket("ingest", zmq.DEALER)
        in_flight = 0
        try:
            while not self.ended.is_set():
                while in_flight < 4:
                    socket.send_multipart([b"", json.dumps(self.message()).encode()])
                    in_flight += 1
                if socket.poll(200):
                    for result in json.loads(socket.recv_multipart()[-1])["results"]:
                        assert result["status"] == "stored", result
                        self.acknowledged[result["id"]] = result["sequence"]
                    in_flight -= 1
        finally:
            socket.close(0)


class KillTest(DaemonTest):
    def test_what_was_sent_again_after_a_kill_counts_once(self):
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        events = [service(f"r{n}", "v1", starts=f"2023-03-{n:02d}T09:00:00+08:00", ends=f"2023-03-{n:02d}T10:00:00+08:00")
                  for n in range(1, 21)]
        first = daemon.publish(events)["results"]
        daemon.kill()
        daemon.start()
        second = daemon.publish(events)["results"]
        for before, after in zip(first, second):
            self.assertEqual(after["status"], "duplicate")
            self.assertEqual(after["sequence"], before["sequence"])
            self.assertEqual(after["decisions"], before["decisions"])
        self.assertEqual(daemon.query("volunteer.get", volunteer="v1")["minutes"], 20 * 60)

    def test_a_rating_of_everyone_goes_on_after_kills_and_judges_each_once(self):
        people = 3000
        daemon = self.daemon()
        (daemon.policies / "registration.lua").unlink()  # so that nobody's registration is held
        daemon.start()
        self.assert_stored(daemon.publish(city_events(0)))
        self.assert_stored(daemon.publish([volunteer(f"p{n}", born="1990-01") for n in range(people)]))
        everyone = (daemon.policies / "star_rating.lua").read_text().replace("local stars = 0", "local stars = 1", 1)
        cases = everyone.index("  cases = {")
        everyone = everyone[:cases] + '  cases = { { name = "人人一星", given = { minutes = 0 }, expect = 1 } },\n}\n'
        daemon.query("policy.activate", text=everyone, retroactivity="all_history", by="clerk:1")
        for _ in range(3):
            daemon.kill()
            daemon.start()
        eventually(lambda: daemon.query("policy.history", policy="star_rating")["items"][-1]["run"]["done"],
                   "the rating of everyone to end")
        page = daemon.query("journal.read", after=0, limit=10000, types=["star.changed"])
        changed = [e["data"]["volunteer"] for e in page["events"]]
        self.assertEqual((len(changed), len(set(changed))), (people, people))
        self.assertEqual(daemon.query("report.stars")["total"]["stars"][1], people)
        self.assertEqual(daemon.run_job("journal.replay")["result"]["identical"], True)

    def test_scheduled_and_retroactive_runs_go_on_after_kills_and_decide_each_once(self):
        """A midnight with three rules on its schedule, and an activation for all history, each killed in the middle."""
        people = 2000
        daemon = self.daemon({"city": {"region": CITY, "name": "天水市", "time_zone": "Asia/Shanghai"}, "clock": "events"},
                             policies=None)
        daemon.start()
        city = RuledCity(daemon).on("2018-03-01")
        city.define_regions()
        city.define_organisation("org:1", "单位")
        city.send_all([event("volunteer.registered", {"volunteer": f"p{n}", "region": COMMUNITY}) for n in range(people)])
        city.activate(acceptance())
        city.activate(points(10))
        city.send_all([event("service.recorded", {
            "record": f"r{n}", "volunteer": f"p{n}", "organisation": "org:1", "starts": "2018-02-01T08:00:00+08:00",
            "ends": "2018-02-01T10:00:00+08:00", "method": "code", "recorder": "clerk:1"}) for n in range(people)])
        city.activate(rule("star_rating", ' return context.cause == "schedule" and 1 or record.stars', {"2000-01-01": {}},
                           '{ name = "事件", given = {}, expect = 0 }', schedule='"daily"'))
        for name in ("first", "second"):
            city.activate(rule("points", """
    if context.cause ~= "schedule" then return { postings = {} } end
    return { postings = { { account = "points", amount = 1, reason = record.id } } }""", {"2000-01-01": {}},
                               '{ name = "事件", context = { subject = "volunteer" }, given = {}, expect = { postings = {} } }',
                               name=name, schedule='"daily"'))
        self.kill_while(daemon, lambda: city.midnight("2018-03-02"))
        changed = self.read(daemon, "star.changed")
        self.assertEqual(sorted(each["data"]["volunteer"] for each in changed), sorted(f"p{n}" for n in range(people)))
        granted = [each["data"] for each in self.read(daemon, "points.posted") if "record" not in each["data"]]
        self.assertEqual(len(granted), 2 * people)
        self.assertEqual(len({(each["volunteer"], each["amount"]) for each in granted}), people)
        self.kill_while(daemon, lambda: city.activate(points(15), retroactivity="all_history"))
        again = [each["data"] for each in self.read(daemon, "points.posted") if "record" in each["data"]][people:]
        self.assertEqual(sorted(each["amount"] for each in again), [-20] * people + [30] * people)
        self.assertEqual(len({(each["record"], each["amount"]) for each in again}), 2 * people)
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])

    def read(self, daemon, kind):
        return daemon.query("journal.read", after=0, limit=10000, types=[kind])["events"]

    def kill_while(self, daemon, act):
        """Kills it again and again from the moment at which that is said, until its runs have come to their end."""
        def said():
            try:
                act()
            except Exception:  # noqa: BLE001: it was killed before it could answer
                pass

        head = daemon.query("status")["sequence"]
        threading.Thread(target=said, daemon=True).start()
        kills = 0
        for _ in range(1000):
            pause(0.02 + random.random() * 0.05)
            if kills < KILLS:
                daemon.kill()
                daemon.start()
                kills += 1
            status = daemon.query("status")
            if kills == KILLS and status["sequence"] == head:
                act()  # none of it had reached the disk
            elif not status["runs"] and status["sequence"] > head and kills == KILLS:
                return
        self.fail("the runs do not end")

    def test_an_assessment_of_many_goes_on_after_kills_and_judges_each_once(self):
        units = 3000
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events(0)))
        region = city_events(0)[-1]["data"]["region"]
        self.assert_stored(daemon.publish([
            event("organisation.defined", {"organisation": f"u{n}", "name": "单位", "kind": "enterprise", "region": region})
            for n in range(units)]))
        titles = [event("civilised_title.awarded", {"subject": {"kind": "organisation", "id": f"u{n}"}, "title": "unit",
                                                    "level": "municipal", "on": "2017-01-01"}) for n in range(units)]
        self.assert_stored(daemon.publish(titles))  # one run for all of them
        for _ in range(3):
            daemon.kill()
            daemon.start()

        def changes():
            page = daemon.query("journal.read", after=0, limit=10000, types=["assessment.changed"])
            return [(e["data"]["subject"]["id"], e["data"]["indicator"]) for e in page["events"]]

        eventually(lambda: len(changes()) >= 2 * units, "every unit to be assessed")
        self.assertEqual(len(changes()), 2 * units)
        self.assertEqual(len(set(changes())), 2 * units)
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])

    def test_kills_while_catching_up_and_compressing_leave_a_whole_journal(self):
        """The state is gone and every closed segment waits to be compressed when it is killed, again and again."""
        random.seed(SEED)
        daemon = self.daemon({"journal": {"segment_mib": 8, "compress": False}})
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        fill(daemon, MEBIBYTES)
        self.assertEqual(daemon.stop(), 0)
        last = segments(daemon.data)[-1]
        head = frames_of(last)[-1].last
        daemon.config["journal"]["compress"] = True
        daemon.write_config()
        for kill in range(KILLS * 2):
            if kill % 3 == 0:
                for file in (daemon.data / "state").iterdir():
                    file.unlink()
            daemon.launch()
            pause(random.random() * 0.4)
            daemon.kill()
        daemon.start()
        eventually(lambda: segments(daemon.data) == [last], "every closed segment to be compressed")
        self.assertEqual([path for path in (daemon.data / "journal").iterdir() if path.suffix == ".tmp"], [])
        job = daemon.run_job("journal.verify")
        self.assertEqual(job["result"]["records"], head, job)
        self.assertTrue(daemon.run_job("journal.replay")["result"]["identical"])
        self.assertEqual(daemon.stop(), 0)

    def test_verify_beside_ingest_and_compression_never_finds_damage(self):
        daemon = self.daemon({"journal": {"segment_mib": 8, "compress": True}})
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        ended, counts = threading.Event(), []

        def publish():
            first = 0
            while not ended.is_set():
                self.assert_stored(daemon.publish(bulk_events(first, 100)))
                first += 100

        publisher = threading.Thread(target=publish, daemon=True)
        publisher.start()
        try:
            while len(segments(daemon.data, ".vjz")) < 4:
                job = daemon.run_job("journal.verify")
                self.assertEqual(job["state"], "done", job)
                counts.append(job["result"]["records"])
        finally:
            ended.set()
            publisher.join()
        self.assertEqual(counts, sorted(counts))
        self.assertEqual(daemon.stop(), 0)

    def test_a_replay_beside_ingest_is_identical(self):
        daemon = self.daemon(config={"journal": {"segment_mib": 256}, "store": {"checkpoint_ms": 10}})
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        publisher = Publisher(daemon, 1)
        publisher.start()
        try:
            for _ in range(3):
                job = daemon.run_job("journal.replay")
                self.assertEqual(job["state"], "done", job)
                self.assertIs(job["result"]["identical"], True, job)
        finally:
            publisher.ended.set()
            publisher.join()

    def test_a_deleted_state_is_rebuilt_from_the_journal(self):
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        self.assert_stored(daemon.publish(service("r1", "v1")))
        before = daemon.query("volunteer.get", volunteer="v1")
        self.assertEqual(daemon.stop(), 0)
        for file in (daemon.data / "state").iterdir():
            file.unlink()
        daemon.start()
        after = daemon.query("volunteer.get", volunteer="v1")
        self.assertEqual(before, after)

    def test_a_damaged_journal_is_refused_with_the_place(self):
        daemon = self.daemon()
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        for n in range(30):
            self.assert_stored(daemon.publish(event("volunteer.registered", {"volunteer": f"x{n}", "region": "620502001001"})))
        self.assertEqual(daemon.stop(), 0)
        segment = sorted((daemon.data / "journal").glob("*.vj"))[0]
        with open(segment, "r+b") as file:
            file.seek(4096 + 200)
            file.write(b"\xff\xfe\xfd")
        daemon.launch()
        self.assertNotEqual(daemon.wait(), 0)
        daemon.process = None
        self.assertIn(segment.name, daemon.log_text())


if __name__ == "__main__":
    unittest.main()
