"""What the crash torture does to a city: events of many kinds from several publishers, commands beside them, and what
each of them must be in the journal once it was acknowledged."""

import datetime
import json

import zmq
from harness import COMMUNITY, activity, event, identity_number, organisation, service

DECIDED = ("service.recorded", "service.corrected", "service.revoked", "volunteer.registered")


class Message:
    """An array of events of one publisher: sent, then acknowledged or not."""

    def __init__(self, events):
        self.events = events
        self.body = json.dumps(events, ensure_ascii=False).encode()


class Maker:
    """Makes events with ids of their own; knows what they may name."""

    def __init__(self, random):
        self.random = random
        self.number = self.days = 0
        self.people = []  # registered and acknowledged
        self.records = []  # accepted or not, acknowledged, not revoked

    def next(self, prefix):
        self.number += 1
        return f"{prefix}{self.number:07d}"

    def record(self):
        """A short service in one of many hours; some overlap, some are too long for a day: every decision comes up."""
        random = self.random
        day, hour, hours = random.randint(1, 28), random.randint(0, 20), random.choice((1, 1, 2, 3))
        month = random.randint(1, 12)
        at = f"20{random.randint(10, 24)}-{month:02d}-{day:02d}T"
        return service(self.next("r"), random.choice(self.people), starts=f"{at}{hour:02d}:00:00+08:00",
                       ends=f"{at}{hour + hours:02d}:00:00+08:00")

    def registration(self):
        name = self.next("v")
        identity = {"name": "测试志愿者", "document_kind": "resident_id", "number": identity_number(
            self.number % 1000, born=f"{1950 + self.number // 1000 % 50}0101")}
        return event("volunteer.registered", {"volunteer": name, "region": COMMUNITY, "identity": identity})

    def figure(self):
        self.days += 1
        day = datetime.date(1990, 1, 1) + datetime.timedelta(self.days)
        return event("figure.reported", {
            "figure": "residents", "subject": {"kind": "region", "id": COMMUNITY},
            "value": self.random.randint(1000, 9000), "as_of": day.isoformat(), "origin": "统计"})

    def bulk(self):
        words = self.random.randint(100, 400)
        return activity(self.next("a"), content=(chr(0x4E00 + self.number % 20000) + f"{self.number:x} ") * words)

    def changed(self):
        """A record corrected or revoked: points are taken back, and may become owed."""
        record = self.random.choice(self.records)
        if self.random.random() < 0.5:
            self.records.remove(record)
            return event("service.revoked", {"record": record, "reason": "重复", "by": "clerk:1"})
        return event("service.corrected", {"record": record, "minutes": self.random.randint(1, 50), "reason": "更正",
                                           "by": "clerk:1"})

    def refused(self):
        return service(self.next("r"), "nobody")

    def one(self):
        lot = self.random.random()
        if lot < 0.12 or len(self.people) < 20:
            return self.registration()
        if lot < 0.75:
            return self.record()
        if lot < 0.82 and self.records:
            return self.changed()
        if lot < 0.86:
            return organisation(self.next("o"))
        if lot < 0.90:
            return self.figure()
        if lot < 0.97:
            return self.bulk()
        return self.refused()

    def array(self, make=None, most=30):
        events = [(make or self.one)() for _ in range(self.random.randint(1, most))]
        for each in events:
            each["id"] = self.next("e")
        return events

    def known(self, sent):
        """An event was acknowledged as stored: others may name what it defined."""
        if sent["type"] == "volunteer.registered":
            self.people.append(sent["data"]["volunteer"])
        elif sent["type"] == "service.recorded":
            self.records.append(sent["data"]["record"])


class Publisher:
    """One socket with a few messages in flight; goes on with what was not acknowledged when the daemon is back."""

    def __init__(self, name, maker, journal):
        self.name, self.maker, self.journal = name, maker, journal
        self.socket = None
        self.in_flight = {}  # number -> Message
        self.again = []
        self.numbers = 0

    def connect(self, daemon, poller):
        self.socket = daemon.socket("ingest", zmq.DEALER)
        poller.register(self.socket, zmq.POLLIN)

    def disconnect(self, poller):
        poller.unregister(self.socket)
        self.socket.close(0)
        self.again = list(self.in_flight.values())[:8]
        self.in_flight = {}

    def fresh(self, make, most):
        events = self.maker.array(make, most)
        for each in events:
            each["source"] = self.name
        message = Message(events)
        self.journal.sent(message)
        return message

    def send(self, at_a_time, make=None, most=30):
        while len(self.in_flight) < at_a_time:
            message = self.again.pop() if self.again else self.fresh(make, most)
            self.numbers += 1
            self.in_flight[self.numbers] = message
            self.socket.send_multipart([str(self.numbers).encode(), b"", message.body])

    def receive(self):
        """Everything that has come; how many events it acknowledged."""
        n = 0
        while self.socket.poll(0):
            number, _, body = self.socket.recv_multipart()
            message = self.in_flight.pop(int(number))
            n += self.journal.acknowledged(message, json.loads(body)["results"])
        return n
