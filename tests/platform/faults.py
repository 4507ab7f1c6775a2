"""Faults on demand: each is asked for by a test through the admin endpoint, for the next requests to a path, and spoils
the answer, or what carries it, in one way. Threads: any; one lock."""

import json
import threading

KINDS = ("slow", "too_many", "unavailable", "failure", "unauthorised", "forbidden", "cut", "cut_after", "cut_body",
         "repeat", "reorder", "missing", "wrong_type", "extra", "page_without", "garbage", "html", "huge",
         "refuse_items", "fewer_answers")


class Fault:
    """What is wrong with one request. `kind` and the members that it takes (README.md has the table)."""

    def __init__(self, kind, path="/", method=None, times=1, seconds=1, retry_after=1, member=None, code="later",
                 after=0):
        if kind not in KINDS:
            raise ValueError(f"no fault {kind}; there are {', '.join(KINDS)}")
        self.kind, self.path, self.method = kind, path, method
        self.times, self.after = times, after
        self.seconds, self.retry_after, self.member, self.code = seconds, retry_after, member, code

    def concerns(self, method, path):
        return path.startswith(self.path) and self.method in (None, method)


class Faults:
    def __init__(self):
        self.lock = threading.Lock()
        self.waiting = []
        self.happened = {}

    def add(self, **what):
        with self.lock:
            self.waiting.append(Fault(**what))

    def clear(self):
        with self.lock:
            self.waiting.clear()

    def left(self):
        """How many are still to happen, and how many of each kind have."""
        with self.lock:
            return sum(fault.times for fault in self.waiting), dict(self.happened)

    def take(self, method, path):
        """The fault of this request; None."""
        with self.lock:
            for fault in self.waiting:
                if not fault.concerns(method, path):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                self.happened[fault.kind] = self.happened.get(fault.kind, 0) + 1
                return fault
        return None


def spoil_page(fault, page, before):
    """A page of items as this fault leaves it: bytes. `before`: the page that was given before it."""
    if fault.kind == "repeat" and before is not None:
        page = before
    elif fault.kind == "reorder":
        page["items"].reverse()
    elif fault.kind == "page_without":
        page.pop(fault.member or "items", None)
    elif fault.kind in ("missing", "wrong_type", "extra"):
        for item in page["items"]:
            spoil_data(fault, item.get("data"))
    return json.dumps(page, ensure_ascii=False).encode()


def spoil_data(fault, data):
    if data is None:
        return
    if fault.kind == "missing":
        data.pop(fault.member, None)
    elif fault.kind == "wrong_type":
        data[fault.member] = {"value": data.get(fault.member)}
    else:
        data[fault.member or "newMember"] = {"since": "2.0"}


def spoil_answers(fault, answers):
    """Answers to pushed items."""
    if fault.kind == "fewer_answers":
        answers["items"] = answers["items"][:-1]
    return answers
