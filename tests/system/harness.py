"""Runs the real daemon in a temporary folder and talks to it over its sockets, as a foreign client would.

VOLUNTEERD_BIN names the folder of the built programs (default: build/dev/bin). Everything waits for an event with a
deadline; nothing sleeps for a fixed time.
"""

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VOLUNTEERD_BIN", ROOT / "build" / "dev" / "bin")).resolve()
DAEMON = PROGRAMS / "volunteerd"
CONTROL = PROGRAMS / "volunteerctl"
PATIENCE = float(os.environ.get("VOLUNTEERD_TEST_PATIENCE", "60"))  # seconds; sanitized builds are slow

CITY = "620500000000"
COUNTY = "620502000000"
TOWNSHIP = "620502001000"
COMMUNITY = "620502001001"
ORGANISATION = "org:1"


class QueryError(Exception):
    """An error that a query method answered: code, message, data."""

    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")
        self.message = error.get("message")
        self.data = error.get("data") or {}


class Gone(Exception):
    """The daemon did not answer in time, or ended."""


def settings(value, indent=0):
    """A dict as libconfig text."""
    lines = []
    for name, item in value.items():
        pad = "    " * indent
        if isinstance(item, dict):
            lines.append(f"{pad}{name}: {{\n{settings(item, indent + 1)}{pad}}};\n")
        else:
            lines.append(f"{pad}{name} = {setting(item)};\n")
    return "".join(lines)


def setting(item):
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, (list, tuple)) and item and isinstance(item[0], dict):
        return "( " + ", ".join("{\n" + settings(x, 2) + "    }" for x in item) + " )"
    if isinstance(item, (list, tuple)):
        return "[ " + ", ".join(setting(x) for x in item) + " ]"
    return json.dumps(item, ensure_ascii=False)


class Daemon:
    """One daemon on a folder of its own (a temporary one where none is given). `config` is merged over the smallest
    configuration; `policies` is copied into its policy_dir, the library beside it."""

    def __init__(self, folder=None, config=None, policies=ROOT / "scripts" / "policies"):
        self.temporary = None if folder else tempfile.TemporaryDirectory(prefix="vd-")
        self.folder = pathlib.Path(folder or self.temporary.name)
        self.context = zmq.Context()
        self.process = None
        self.numbers = 0
        self.data = self.folder / "data"
        self.runtime = self.folder / "run"
        self.policies = self.folder / "policies"
        self.policy_dir = str(self.policies)
        self.log_path = self.folder / "log"
        if not self.policies.exists():
            if policies:
                shutil.copytree(policies, self.policies)
                library = pathlib.Path(policies).parent / "library"
                if library.exists():
                    shutil.copytree(library, self.folder / "library", dirs_exist_ok=True)
            else:
                self.policies.mkdir()
        self.config = {
            "data_dir": str(self.data),
            "runtime_dir": str(self.runtime),
            "policy_dir": str(self.policies),
            "journal": {"segment_mib": 8},
        }
        for name, value in (config or {}).items():
            if isinstance(value, dict):
                self.config.setdefault(name, {}).update(value)
            else:
                self.config[name] = value
        self.config_path = self.folder / "volunteerd.conf"
        self.write_config()

    def write_config(self):
        self.config_path.write_text(settings(self.config))

    # ---- the process ----

    def launch(self):
        """Starts the process and waits for nothing."""
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [str(DAEMON), "--config", str(self.config_path)], stdin=subprocess.DEVNULL, stderr=self.log, stdout=self.log
        )
        return self

    def start(self):
        """Starts it and waits until it answers."""
        self.launch()
        self.wait_ready()
        return self

    def wait_ready(self):
        # The question waits in the socket until the daemon has bound its end, so one is enough; an ended process
        # is noticed between two looks.
        socket = self.socket("query")
        try:
            socket.send(json.dumps({"jsonrpc": "2.0", "id": 0, "method": "status"}).encode())
            deadline = time.monotonic() + PATIENCE
            while not socket.poll(100):
                if self.process.poll() is not None:
                    raise Gone(f"ended with {self.process.returncode}:\n{self.log_text()}")
                if time.monotonic() > deadline:
                    raise Gone(f"did not become ready:\n{self.log_text()}")
            return json.loads(socket.recv())
        finally:
            socket.close(0)

    def log_text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def wait_log(self, text):
        """Waits until the log holds this text."""
        return eventually(lambda: text in self.log_text(), f"the log of {self.folder} to hold {text!r}")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Waits for the process's end; its exit code."""
        code = self.process.wait(PATIENCE)
        self.log.close()
        return code

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        code = self.wait()
        self.process = None
        return code

    def kill(self):
        """kill -9, as power loss would."""
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.process = None

    def close(self):
        """For the end of a test: whatever it left."""
        code = self.stop()
        self.context.destroy(0)
        return code

    # ---- sockets ----

    def endpoint(self, name):
        return f"ipc://{self.runtime}/{name}.sock"

    def socket(self, name, kind=zmq.REQ, endpoint=None):
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RECONNECT_IVL, 5)  # ms: who asks before the daemon has bound waits no longer than needed
        socket.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
        socket.setsockopt(zmq.SNDTIMEO, int(PATIENCE * 1000))
        socket.connect(endpoint or self.endpoint(name))
        return socket

    def ask_raw(self, name, body, endpoint=None):
        """One body over a REQ socket; the answer's bytes."""
        socket = self.socket(name, endpoint=endpoint)
        try:
            socket.send(body if isinstance(body, bytes) else body.encode())
            deadline = time.monotonic() + PATIENCE
            while not socket.poll(100):
                if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                    raise Gone(f"{name} did not answer:\n{self.log_text()}")
            return socket.recv()
        except zmq.Again:
            raise Gone(f"{name} did not answer:\n{self.log_text()}") from None
        finally:
            socket.close(0)

    def publish(self, events, endpoint=None):
        """One event or a list of them; the acknowledgement."""
        return json.loads(self.ask_raw("ingest", json.dumps(events, ensure_ascii=False), endpoint))

    def publish_one(self, event):
        """The one result of one event."""
        answer = self.publish(event)
        assert "results" in answer, answer
        return answer["results"][0]

    def query(self, method, /, **params):
        """The result of a query method; raises QueryError."""
        self.numbers += 1
        request = {"jsonrpc": "2.0", "id": self.numbers, "method": method, "params": params}
        answer = json.loads(self.ask_raw("query", json.dumps(request, ensure_ascii=False)))
        assert answer["jsonrpc"] == "2.0" and answer["id"] == self.numbers, answer
        if "error" in answer:
            raise QueryError(answer["error"])
        return answer["result"]

    def subscribe(self, *topics):
        """A feed socket that nothing is missed on from now: the heartbeat's subscription is the last, so where a
        heartbeat comes all the others hold."""
        socket = self.socket("feed", zmq.SUB)
        for topic in (*topics, "feed.heartbeat"):
            socket.setsockopt_string(zmq.SUBSCRIBE, topic)
        self.wait_feed(socket, "feed.heartbeat")
        return socket

    def wait_feed(self, socket, kind):
        """The next event of this type from a feed socket."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if socket.poll(1000):
                topic, body = socket.recv_multipart()
                if topic.decode() == kind:
                    return json.loads(body)
        raise Gone(f"no {kind} on the feed:\n{self.log_text()}")

    def run_job(self, name):
        """Starts a job and waits for its end."""
        job = self.query("job.start", job=name)["job"]
        state = {"state": "running"}
        while state["state"] == "running":
            state = self.query("job.get", job=job, wait_ms=10000)
        return state


def eventually(condition, what):
    """Looks until the condition gives something true: for what tells nobody that it has happened, as a log file."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        select.select([], [], [], 0.02)  # between two looks others may work
    raise AssertionError(f"waited in vain for {what}")


class DaemonTest(unittest.TestCase):
    """A test with a folder; `self.daemon(...)` makes daemons that are stopped at its end."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def daemon(self, config=None, folder=None, **rest):
        place = self.folder / (folder or "d")
        place.mkdir(exist_ok=True)
        daemon = Daemon(place, config, **rest)
        self.addCleanup(self.close_daemon, daemon)
        return daemon

    def close_daemon(self, daemon):
        failed = any(error for _, error in getattr(self._outcome, "errors", []) or []) if self._outcome else False
        daemon.close()
        if failed:
            print(daemon.log_text())

    def assert_rejected(self, result, code, field=None, retryable=False):
        self.assertEqual(result["status"], "rejected", result)
        self.assertEqual(result["code"], code, result)
        self.assertEqual(result["retryable"], retryable, result)
        self.assertTrue(result["message"], result)
        if field is not None:
            self.assertEqual(result.get("field"), field, result)

    def assert_stored(self, answer):
        for result in answer["results"]:
            self.assertEqual(result["status"], "stored", result)
        return answer["results"]


class CityTest(DaemonTest):
    """A class of tests that share one daemon with the small city in it. Tests use names of their own."""

    config = {}

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="vd-")
        cls.city = Daemon(cls.shared.name, cls.config)
        try:
            cls.city.start()
            answer = cls.city.publish(city_events())
            refused = [r for r in answer.get("results", [answer]) if r.get("status") != "stored"]
            assert not refused, refused
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        code = cls.city.close()
        cls.shared.cleanup()
        assert code in (0, None), f"the daemon ended with {code}:\n{cls.city.log_text()}"


# ---- events ----

_numbers = iter(range(1, 10**9))


def event(kind, data, source="test", id=None, **more):
    """A CloudEvent with an ordered id of its own."""
    body = {"specversion": "1.0", "id": id or f"e{next(_numbers):08d}", "source": source, "type": kind, "data": data}
    body.update(more)
    return body


def identity_number(serial, born="19800101", area="620599"):
    """Valid by GB 11643, in an area code that is not assigned: nobody's."""
    digits = f"{area}{born}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def region(code, name, level, parent=None, **more):
    data = {"region": code, "name": name, "level": level, **more}
    if parent:
        data["parent"] = parent
    return event("region.defined", data)


def organisation(id=ORGANISATION, region=COMMUNITY, name="社区居委会", kind="self_governing", **more):
    return event("organisation.defined", {"organisation": id, "name": name, "kind": kind, "region": region, **more})


def volunteer(id, region=COMMUNITY, serial=None, **more):
    data = {"volunteer": id, "region": region, **more}
    if serial is not None:
        data["identity"] = {
            "name": "测试志愿者",
            "document_kind": "resident_id",
            "number": identity_number(serial),
            "phone": "13900000000",
        }
    return event("volunteer.registered", data, time="2023-01-05T09:00:00+08:00")


def activity(id, starts="2023-03-05T09:00:00+08:00", ends="2023-03-05T12:00:00+08:00", **more):
    data = {
        "activity": id,
        "title": "学雷锋志愿服务",
        "content": "社区清洁",
        "category": "lei_feng",
        "kind": "service",
        "organisation": ORGANISATION,
        "region": COMMUNITY,
        "place": {"text": "社区广场"},
        "starts": starts,
        "ends": ends,
        "places": 50,
        "risk": "无特殊风险",
        **more,
    }
    return event("activity.published", data, time="2023-03-01T09:00:00+08:00")


def service(id, volunteer, starts="2023-03-05T09:00:00+08:00", ends="2023-03-05T12:00:00+08:00", time=None, **more):
    data = {
        "record": id,
        "volunteer": volunteer,
        "organisation": ORGANISATION,
        "starts": starts,
        "ends": ends,
        "method": "code",
        "recorder": "clerk:1",
        **more,
    }
    return event("service.recorded", data, time=time or ends)


def city_events(volunteers=3):
    """A few real regions of Tianshui, an organisation, volunteers v1..vN."""
    events = [
        region(CITY, "天水市", "city"),
        region(COUNTY, "秦州区", "county", CITY),
        region(TOWNSHIP, "大城街道", "township", COUNTY),
        region(COMMUNITY, "伏羲路社区", "community", TOWNSHIP),
        organisation(),
    ]
    events += [volunteer(f"v{i}", serial=i) for i in range(1, volunteers + 1)]
    return events
