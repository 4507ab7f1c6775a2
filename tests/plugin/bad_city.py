"""A daemon with plugins that misbehave, one beside them that must not notice, and somebody who uses the daemon all
the while. Copies of misbehaves.so under other names are plugins of those names."""

import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import zmq  # noqa: E402
from harness import COMMUNITY, PATIENCE, PROGRAMS, Daemon, QueryError, city_events, event, eventually  # noqa: E402

BUILT = PROGRAMS.parent / "tests" / "plugins"
SANITIZED = os.environ.get("VOLUNTEERD_PRESET") in ("asan", "tsan")
SLOWER = 8 if SANITIZED else 4  # how much longer a second may be, beside whatever else the machine does
# Above what a process takes before it does anything.
MEMORY_MIB = 512 if SANITIZED else 64
SHORT = {"hang_s": 1 if not SANITIZED else 3, "stop_s": 1, "answer_s": 1, "memory_mib": MEMORY_MIB}


def person(id):
    return event("volunteer.registered", {"volunteer": id, "region": COMMUNITY})


def is_alive(pid):
    """Whether it is there and does anything: what nobody has waited for yet is dead."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class City(Daemon):
    """`sources`: {name of a plugin: the file that it is a copy of}."""

    def __init__(self, folder, groups, sources=None):
        self.plugin_dir = pathlib.Path(folder) / "plugins"
        self.plugin_dir.mkdir()
        super().__init__(folder, {"plugin_dir": str(self.plugin_dir)})
        self.set_plugins(groups, sources)

    def install(self, name, source="misbehaves"):
        shutil.copy(BUILT / f"{source}.so", self.plugin_dir / f"{name}.so")

    def set_plugins(self, groups, sources=None):
        for group in groups:
            name = group["name"]
            if not (self.plugin_dir / f"{name}.so").exists():
                built = (BUILT / f"{name}.so").exists()
                self.install(name, (sources or {}).get(name, name if built else "misbehaves"))
        self.config["plugins"] = groups
        self.write_config()

    def reload(self, groups, sources=None):
        self.set_plugins(groups, sources)
        self.signal(signal.SIGHUP)

    def plugins(self):
        return {plugin["name"]: plugin for plugin in self.query("plugin.list")["plugins"]}

    def plugin(self, name):
        return self.plugins()[name]

    def plugin_log(self, name):
        return "\n".join(line["text"] for line in self.query("plugin.log", plugin=name, limit=1000)["lines"])

    def wait_plugin(self, name, condition, what):
        def look():
            found = self.plugins().get(name)
            return found if found and condition(found) else None
        try:
            return eventually(look, what)
        except AssertionError:
            raise AssertionError(f"{name}: waited in vain for {what}: {self.plugins().get(name)}\n"
                                 f"{self.log_text()[-6000:]}") from None

    def wait_state(self, name, state):
        return self.wait_plugin(name, lambda plugin: plugin["state"] == state, state)

    def wait_new_process(self, name, pid):
        """Runs again, and is another one."""
        return self.wait_plugin(
            name, lambda plugin: plugin["state"] == "running" and plugin["pid"] != pid, "another process that runs")

    def memory_bytes(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("RssAnon"))

    def wait_memory(self, most):
        """Until it has no more, if it ever had."""
        eventually(lambda: self.memory_bytes() < most, f"memory under {most} bytes; it has {self.memory_bytes()}")

    def call(self, method, **params):
        """What a method of a plugin answered, or the code of its refusal."""
        try:
            return self.query(method, **params)
        except QueryError as error:
            return error

    def begin_call(self, method, **params):
        """Asks and does not wait; the socket on which the answer comes."""
        socket = self.socket("query")
        socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode())
        return socket


class User(threading.Thread):
    """Asks and publishes all the time. Notes how long it ever waited, and whatever went wrong."""

    def __init__(self, city):
        super().__init__(daemon=True)
        self.city = city
        self.over = threading.Event()
        self.published, self.slowest_s = 0, 0.0
        self.wrong = []

    def ask(self, socket, body):
        begun = time.monotonic()
        socket.send(json.dumps(body).encode())
        if not socket.poll(PATIENCE * 1000):
            raise TimeoutError(f"no answer to {body}")
        answer = json.loads(socket.recv())
        self.slowest_s = max(self.slowest_s, time.monotonic() - begun)
        return answer

    def run(self):
        sockets = [self.city.context.socket(zmq.REQ) for _ in range(2)]
        try:
            for socket, name in zip(sockets, ("query", "ingest")):
                socket.setsockopt(zmq.LINGER, 0)
                socket.connect(self.city.endpoint(name))
            while not self.over.wait(0.02):
                status = self.ask(sockets[0], {"jsonrpc": "2.0", "id": 1, "method": "status"})
                answer = self.ask(sockets[1], person(f"user:{self.published}"))
                if "result" not in status or answer["results"][0]["status"] != "stored":
                    self.wrong.append((status, answer))
                self.published += 1
        except Exception as error:  # noqa: BLE001: told by the test
            self.wrong.append(error)
        finally:
            for socket in sockets:
                socket.close(0)

    def stop(self):
        self.over.set()
        self.join(PATIENCE)


class BadPluginsTest(unittest.TestCase):
    """One daemon for the class: `groups` and `sources` are its plugins, and `good` is beside them. At the end the daemon
    is the same process, was never slow, and `good` runs as before, with every event."""

    groups = []
    sources = {}

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="vd-")
        cls.addClassCleanup(cls.shared.cleanup)
        cls.city = City(cls.shared.name, [{"name": "good"}, *cls.groups], cls.sources)
        cls.addClassCleanup(cls.city.close)
        begun = time.monotonic()
        cls.city.start()
        cls.start_s = time.monotonic() - begun
        cls.city.wait_state("good", "running")
        refused = [r for r in cls.city.publish(city_events())["results"] if r["status"] != "stored"]
        assert not refused, refused
        cls.good_pid = cls.city.plugin("good")["pid"]
        cls.user = User(cls.city)
        cls.user.start()

    @classmethod
    def tearDownClass(cls):
        cls.user.stop()
        try:
            cls.check_the_others(cls.city, cls.user)
        except BaseException:
            print(cls.city.log_text()[-20000:])
            raise
        begun = time.monotonic()
        code = cls.city.stop()
        cls.stop_s = time.monotonic() - begun
        assert code == 0, f"the daemon ended with {code}:\n{cls.city.log_text()}"

    @classmethod
    def check_the_others(cls, city, user):
        assert city.process.poll() is None, "the daemon has ended"
        assert not user.wrong, user.wrong[:3]
        assert user.published > 10 and user.slowest_s < 2 * SLOWER, (user.published, user.slowest_s)
        people = user.published + 3  # of the city
        good = city.wait_plugin("good", lambda good: good["counters"]["events"] == people, f"{people} events")
        assert (good["pid"], good["restarts"], good["state"]) == (cls.good_pid, 0, "running"), good
