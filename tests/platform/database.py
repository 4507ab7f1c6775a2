"""What the test platform keeps: one SQLite file. Changes to items get a time of their own, later than every one
before; what is pushed to it is kept once for each thing, however often it comes.

Threads: any; one lock. The file is written without waiting for the disk: it is a test's."""

import hashlib
import json
import sqlite3
import threading
import time

RESOURCES = ("registrations", "teams", "activities", "enrolments", "attendance")
KINDS = {"enrolment_decision": "enrolments", "hours": "registrations", "stars": "registrations",
         "certificate": "registrations"}
OUTCOMES = {"通过": "accepted", "候补": "waitlisted", "不通过": "refused"}

SCHEMA = """
CREATE TABLE IF NOT EXISTS items (resource TEXT, id TEXT, modified INTEGER, state TEXT, data TEXT,
    PRIMARY KEY (resource, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_modified ON items (resource, modified, id);
CREATE TABLE IF NOT EXISTS results (thing TEXT PRIMARY KEY, kind TEXT, external_id TEXT, version INTEGER, value TEXT)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, digest TEXT, kind TEXT, times INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (key TEXT PRIMARY KEY, digest TEXT, answer TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notifications (id TEXT PRIMARY KEY, times INTEGER, body TEXT) WITHOUT ROWID;
"""


class KeyReused(Exception):
    """An Idempotency-Key that stood for something else."""


class Database:
    def __init__(self, path):
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(SCHEMA)
        self.n_keys = self.rows("SELECT count(*) FROM keys")[0][0]

    def rows(self, statement, *values):
        with self.lock:
            return self.connection.execute(statement, values).fetchall()

    def close(self):
        with self.lock:
            self.connection.close()

    # ---- what is pulled ----

    def fill(self, rows):
        """Items of a population, where there are none yet."""
        with self.lock:
            if self.rows("SELECT 1 FROM items LIMIT 1"):
                return
            self.connection.execute("BEGIN")
            self.connection.executemany("INSERT INTO items VALUES (?, ?, ?, 'updated', ?)", rows)
            self.connection.execute("COMMIT")

    def page(self, resource, modified, id, limit):
        """Items after (modified, id) as JSON members of the contract."""
        found = self.rows("SELECT id, modified, state, data FROM items WHERE resource = ? AND (modified, id) > (?, ?) "
                          "ORDER BY modified, id LIMIT ?", resource, modified, id, limit)
        return [item(*row) for row in found]

    def put(self, resource, id, data=None, merge=None, modified=None):
        """Changes an item, or deletes it where it gets no data; its new time."""
        with self.lock:
            last = self.rows("SELECT max(modified) FROM items WHERE resource = ?", resource)[0][0] or 0
            if modified is None:
                modified = max(last + 1, int(time.time() * 1000))
            if merge is not None:
                data = {**json.loads(self.data_of(resource, id) or "{}"), **merge}
                data = {name: value for name, value in data.items() if value is not None}
            kept = None if data is None else json.dumps(data, ensure_ascii=False)
            self.connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?)",
                                    (resource, id, modified, "deleted" if data is None else "updated", kept))
            return modified

    def data_of(self, resource, id):
        found = self.rows("SELECT data FROM items WHERE resource = ? AND id = ?", resource, id)
        return found[0][0] if found else None

    def item(self, resource, id):
        found = self.rows("SELECT id, modified, state, data FROM items WHERE resource = ? AND id = ?", resource, id)
        return item(*found[0]) if found else None

    def knows(self, resource, id):
        return bool(self.rows("SELECT 1 FROM items WHERE resource = ? AND id = ?", resource, id))

    # ---- what is pushed ----

    def push(self, idempotency_key, items):
        """Takes a batch; the answers. A batch that came before gets its answer again."""
        digest = digest_of(items)
        with self.lock:
            before = self.rows("SELECT digest, answer FROM batches WHERE key = ?", idempotency_key)
            if before and before[0][0] != digest:
                raise KeyReused(idempotency_key)
            self.connection.execute("BEGIN")
            answers = [self.take(result) for result in items]
            if not before:
                self.connection.execute("INSERT INTO batches VALUES (?, ?, ?)",
                                        (idempotency_key, digest, json.dumps(answers)))
            self.connection.execute("COMMIT")
            return answers

    def take(self, result):
        """One item of a batch."""
        key, digest = result["key"], digest_of(result)
        before = self.rows("SELECT digest FROM keys WHERE key = ?", key)
        if before:
            self.connection.execute("UPDATE keys SET times = times + 1 WHERE key = ?", (key,))
            if before[0][0] != digest:
                return refused(key, "key_conflict", False, "这个键用于过别的内容")
            return {"key": key, "status": "accepted", "code": "repeated"}
        wrong = what_is_wrong(result)
        if wrong:
            return refused(key, "bad_value", False, wrong)
        resource = KINDS[result["kind"]]
        if not self.knows(resource, result["external_id"]):
            return refused(key, "unknown_external_id", True, f"没有编号为 {result['external_id']} 的 {resource}")
        self.connection.execute("INSERT INTO keys VALUES (?, ?, ?, 1)", (key, digest, result["kind"]))
        self.n_keys += 1
        thing = thing_of(result)
        held = self.rows("SELECT version FROM results WHERE thing = ?", thing)
        if held and held[0][0] > result["version"]:
            return {"key": key, "status": "accepted", "code": "superseded"}
        self.connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                                (thing, result["kind"], result["external_id"], result["version"],
                                 json.dumps(result["value"], ensure_ascii=False)))
        return {"key": key, "status": "accepted"}

    def held(self, after="", limit=500):
        """What is kept of it, by thing."""
        found = self.rows("SELECT * FROM results WHERE thing > ? ORDER BY thing LIMIT ?", after, limit)
        return [{"thing": thing, "kind": kind, "external_id": id, "version": version, "value": json.loads(value)}
                for thing, kind, id, version, value in found]

    def plant(self, thing, value):
        """Makes what is held differ from what was pushed."""
        with self.lock:
            self.connection.execute("UPDATE results SET value = ? WHERE thing = ?", (json.dumps(value), thing))

    def notified(self, id, body):
        with self.lock:
            self.connection.execute("INSERT INTO notifications VALUES (?, 1, ?) "
                                    "ON CONFLICT (id) DO UPDATE SET times = times + 1", (id, body))

    # ---- sums ----

    def totals(self):
        """As GET /v1/totals says them, without the time."""
        with self.lock:
            counts = {(resource, state): n for resource, state, n in
                      self.rows("SELECT resource, state, count(*) FROM items GROUP BY resource, state")}
            values = [(kind, json.loads(value)) for kind, value in self.rows("SELECT kind, value FROM results")]
        minutes = [value["minutes"] for kind, value in values if kind == "hours" and value["minutes"]]
        stars = [value["stars"] for kind, value in values if kind == "stars" and value["stars"]]
        decisions = dict.fromkeys(OUTCOMES.values(), 0)
        certificates = {"valid": 0, "revoked": 0}
        for kind, value in values:
            if kind == "enrolment_decision":
                decisions[OUTCOMES[value["outcome"]]] += 1
            elif kind == "certificate":
                certificates["valid" if value["status"] == "有效" else "revoked"] += 1
        return {
            "resources": {resource: {"live": counts.get((resource, "updated"), 0),
                                     "deleted": counts.get((resource, "deleted"), 0)} for resource in RESOURCES},
            "results": {"decisions": decisions, "records": len(minutes), "minutes": sum(minutes),
                        "starred": len(stars), "stars": sum(stars), "certificates": certificates}}

    def pushes(self):
        """How often each kind came: different keys, and times that a key came again."""
        found = self.rows("SELECT kind, count(*), sum(times) - count(*) FROM keys GROUP BY kind")
        return {kind: {"keys": keys, "repeats": repeats} for kind, keys, repeats in found}


def item(id, modified, state, data):
    found = {"state": state, "id": id, "modified": modified}
    if state == "updated":
        found["data"] = json.loads(data)
    return found


def digest_of(value):
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def refused(key, code, retryable, message):
    return {"key": key, "status": "refused", "code": code, "retryable": retryable, "message": message}


def thing_of(result):
    """What a newer result of replaces an older one."""
    value = result["value"]
    last = {"hours": value.get("record"), "certificate": value.get("certificateNo")}.get(result["kind"])
    return "/".join(part for part in (result["kind"], result["external_id"], last) if part)


def is_count(value, least=0, most=1000000):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def what_is_wrong(result):
    """Why the value is not as the contract says; None."""
    value = result["value"]
    kind = result["kind"]
    if kind == "enrolment_decision" and value.get("outcome") not in OUTCOMES:
        return "value.outcome 须为 通过、候补 或 不通过"
    if kind == "hours" and not (is_count(value.get("minutes")) and isinstance(value.get("record"), str)):
        return "value.record 须为文字，value.minutes 须为不小于 0 的整数"
    if kind == "stars" and not is_count(value.get("stars"), most=5):
        return "value.stars 须为 0 至 5"
    if kind == "certificate" and not (isinstance(value.get("certificateNo"), str) and
                                      value.get("status") in ("有效", "作废")):
        return "value.certificateNo 须为文字，value.status 须为 有效 或 作废"
    return None
