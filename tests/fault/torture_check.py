"""What must be true after every kill: the journal as it should be, kept beside the daemon from what was sent and what
was acknowledged, and compared with what the files and the daemon's answers say."""

import collections
import hashlib
import json

from journal_files import HEADER_SIZE, HEADER, MAGIC, segments
from torture_city import DECIDED

DAEMONS_OWN = "/volunteerd/"
HASH_SIZE = 32


class Wrong(Exception):
    """The daemon did what it promises not to do."""


def insist(condition, *what):
    if not condition:
        raise Wrong(" ".join(str(each) for each in what))


def content(body):
    """What must be the same in a CloudEvent that was sent and in what journal.read gives: all but what the daemon adds,
    seals or derives."""
    return {key: value for key, value in body["data"].items() if key not in ("identity", "born", "sex")}


def follow(before, record):
    """A digest of this record and all before it."""
    return hashlib.blake2b(before + json.dumps(record, sort_keys=True).encode(), digest_size=16).digest()


def is_same(sent, record):
    return (sent["type"] == record["type"] and content(sent) == content(record) and
            ("time" not in sent or sent["time"] == record["time"]))


class Sent:
    __slots__ = ("body", "sequence", "decisions")

    def __init__(self, body):
        self.body = body
        self.sequence = self.decisions = None  # as acknowledged


class Chain:
    """Walks the frames of the plain segments as a stranger would, going on where it stood. Where the segment it stood
    in was compressed meanwhile it cannot: then the daemon's own verify must."""

    def __init__(self, data):
        self.data = data
        self.name, self.offset = None, 0
        self.before = None  # hash of the last frame
        self.sequence = 0  # of the last record

    def frames(self, path, offset):
        try:
            with open(path, "rb") as file:
                file.seek(offset)
                data = file.read()
        except FileNotFoundError:
            return  # compressed this moment
        at = 0
        while at + HEADER_SIZE <= len(data):
            magic, _, _, payload, _, _, first, count = HEADER.unpack_from(data, at)
            if magic != MAGIC:
                return
            size = (HEADER_SIZE + payload + 63) // 64 * 64
            if at + size > len(data):
                return
            head = data[at:at + HEADER_SIZE]
            yield (offset + at, size, first, count, head[40:40 + HASH_SIZE],
                   hashlib.blake2b(data[at:at + HEADER_SIZE + payload], digest_size=HASH_SIZE).digest())
            at += size

    def walk(self, head):
        """To this durable sequence; False where the chain has a hole in compressed segments."""
        whole = True
        paths = segments(self.data)
        if self.name and not any(path.stem == self.name for path in paths):
            whole, self.before = False, None
        for path in paths:
            if self.name and path.stem < self.name:
                continue
            if path.stem != self.name:
                if self.name and self.sequence + 1 != int(path.stem):
                    whole, self.before = False, None
                if not self.name:
                    whole = int(path.stem) == 1
                    self.before = bytes(HASH_SIZE) if whole else None
                self.name, self.offset, self.sequence = path.stem, 0, int(path.stem) - 1
            for offset, size, first, count, before, own in self.frames(path, self.offset):
                if first > head:
                    break
                insist(first == self.sequence + 1, f"{path.name}: {first} follows {self.sequence} at byte {offset}")
                insist(self.before in (None, before), f"{path.name}: no chain at byte {offset}")
                self.before, self.sequence, self.offset = own, first + count - 1, offset + size
        insist(self.sequence >= head, f"the files end at {self.sequence}, the daemon stands at {head}")
        return whole


class Journal:
    """What was sent, what was acknowledged, what is there."""

    def __init__(self, known):
        self.known = known  # called with each event that was acknowledged as stored
        self.events = {}  # (source, id) -> Sent
        self.seen = {}  # (source, id) -> sequence
        self.fresh = []  # acknowledged since the last look
        self.repeated = []
        self.commands = {}  # id of an adjustment -> (volunteer, amount, sequence or None)
        self.balances = collections.Counter()  # volunteer -> what was posted
        self.touched = set()
        self.checked = 0  # the sequence up to which everything was compared
        self.last = None  # the record at `checked`
        self.running = b""  # a digest of every record up to there
        self.n_acknowledged = self.n_stored = self.n_duplicate = self.n_refused = self.n_read = 0

    # ---- while it runs ----

    def sent(self, message):
        for body in message.events:
            self.events[body["source"], body["id"]] = Sent(body)

    def acknowledged(self, message, results):
        insist(len(results) == len(message.events), "an answer with other results than events")
        for body, result in zip(message.events, results):
            insist(result["id"] == body["id"], "an answer in another order:", result)
            key, status = (body["source"], body["id"]), result["status"]
            if status == "rejected":
                insist(result["code"] in ("unknown_volunteer", "wrong_state", "identity_known"), result)
                self.n_refused += 1
                continue
            sent = self.events[key]
            if status == "duplicate":
                self.n_duplicate += 1
                insist(sent.sequence in (None, result["sequence"]), "another sequence:", result, sent.sequence)
                insist(self.seen.get(key) == result["sequence"] or key not in self.seen, "another place:", result)
            else:
                insist(status == "stored", result)
                insist(sent.sequence is None and key not in self.seen, "stored twice:", result)
                self.n_stored += 1
                self.known(body)
            if sent.sequence is None:
                self.n_acknowledged += 1
                sent.sequence = result["sequence"]
                sent.decisions = result.get("decisions", [])
                self.fresh.append(key)
        return len(results)

    # ---- after a start ----

    def pages(self, daemon, after):
        while True:
            page = daemon.query("journal.read", after=after, limit=10000)
            yield from page["events"]
            after = page["next"]
            if after >= page["head"]:
                return

    def take(self, record, decisions):
        """One record that was not looked at before."""
        sequence, data = int(record["sequence"]), record["data"]
        insist(sequence == self.checked + 1, f"{sequence} follows {self.checked}")
        self.checked, self.last = sequence, record
        self.running = follow(self.running, record)
        if record["type"] in ("points.posted", "points.adjusted"):
            self.balances[data["volunteer"]] += data["amount"]
            self.touched.add(data["volunteer"])
        if record["type"] == "points.adjusted":
            known = self.commands.pop(data["adjustment"], None)
            insist(known, "an adjustment nobody asked for, or twice:", record)
            insist(known[:2] == (data["volunteer"], data["amount"]) and known[2] in (None, sequence), known, record)
        if "causationid" in record:
            decisions.setdefault(int(record["causationid"]), []).append({"type": record["type"], "data": data})
        if record["source"].startswith(DAEMONS_OWN):
            return
        key = (record["source"], record["id"])
        sent = self.events.get(key)
        insist(sent, "an event that nobody sent:", record)
        insist(key not in self.seen, "present twice:", record, self.seen.get(key))
        insist(is_same(sent.body, record), "other content:", sent.body, record)
        insist(sent.sequence in (None, sequence), "acknowledged as", sent.sequence, record)
        self.seen[key] = sequence

    def look(self, daemon):
        """Reads on from what was compared, and compares; the head."""
        decisions = {}
        records = self.pages(daemon, max(self.checked - 1, 0))
        if self.checked:
            again = next(records, None)
            insist(again == self.last, "the last record seen before is another one now:", self.last, again)
        for record in records:
            self.take(record, decisions)
            self.n_read += 1
        self.compare_acknowledged(decisions)
        self.compare_commands()
        self.compare_balances(daemon)
        self.compare_ledger(daemon)
        return self.checked

    def compare_acknowledged(self, decisions):
        for key in self.fresh:
            sent = self.events[key]
            insist(self.seen.get(key) == sent.sequence, "acknowledged and not there:", sent.body, sent.sequence,
                   self.seen.get(key))
            if sent.body["type"] in DECIDED and sent.sequence in decisions:
                insist(decisions[sent.sequence] == sent.decisions, "other decisions:", sent.body, sent.decisions,
                       decisions[sent.sequence])
        self.fresh = []

    def compare_commands(self):
        """Whatever was answered has been taken out by `take`."""
        for name, command in list(self.commands.items()):
            insist(command[2] is None, "an acknowledged adjustment is not there:", name, command)
            del self.commands[name]

    def compare_balances(self, daemon, everybody=False):
        people = sorted(self.balances if everybody else self.touched)[:None if everybody else 40]
        self.touched.clear()
        for at in range(0, len(people), 50):
            some = people[at:at + 50]
            body = [{"jsonrpc": "2.0", "id": i, "method": "points.get", "params": {"points": name}}
                    for i, name in enumerate(some)]
            answers = json.loads(daemon.ask_raw("query", json.dumps(body)))
            for answer in answers:
                name = some[answer["id"]]
                accounts = {a["account"]: a for a in answer["result"]["accounts"]}
                account = accounts.get("points", {"balance": 0, "owed": 0})
                insist(account["balance"] >= 0 and account["owed"] >= 0, "a negative balance:", name, account)
                insist(account["balance"] - account["owed"] == self.balances[name],
                       f"{name} has", account, "and the journal posted", self.balances[name])

    def compare_ledger(self, daemon):
        status = daemon.query("status")
        for account in status["ledger"]:
            name, people = account.pop("account"), account["persons"] - account["owed"]
            insist(account["persons"] >= 0 and account["owed"] >= 0, "a negative sum:", name, account)
            insist(people + account["issue"] + account["expiry"] + account["shop"] + account["adjustment"] == 0,
                   "the ledger does not sum to zero:", name, account)
            insist(status["sequence"] != self.checked or people == sum(self.balances.values()),
                   "another sum than the journal posted:", name, account)
        insist(status["ledger"] or not any(self.balances.values()), "no ledger")

    # ---- everything ----

    def look_at_everything(self, daemon):
        """From the first record, with the same outcome as all the looks before; the product's own checks beside it."""
        self.look(daemon)
        self.compare_balances(daemon, everybody=True)
        running, n = b"", 0
        for record in self.pages(daemon, 0):
            n += 1
            insist(int(record["sequence"]) == n, "a gap before", record)
            running = follow(running, record)
            if n == self.checked:
                insist(running == self.running, "the journal reads otherwise than before")
        insist(n >= self.checked, f"{n} records of {self.checked}")
        job = daemon.run_job("journal.verify")
        insist(job["state"] == "done" and job["result"]["records"] >= self.checked, job)
        job = daemon.run_job("journal.replay")
        insist(job["state"] == "done" and job["result"]["identical"] is True, job)
        insist(job["result"]["ledger_zero"] is True, job)
