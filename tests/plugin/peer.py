"""The daemon's half of a plugin's channel, for one process of volunteerd-plugin without a daemon: speaks the frames of
core/plugin/protocol.h over a pair of sockets."""

import json
import os
import pathlib
import queue
import socket
import struct
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VOLUNTEERD_BIN", ROOT / "build" / "dev" / "bin")).resolve()
HOST = PROGRAMS / "volunteerd-plugin"
PLUGINS = PROGRAMS.parent / "tests" / "plugins"
PATIENCE = float(os.environ.get("VOLUNTEERD_TEST_PATIENCE", "60"))  # seconds; sanitized builds are slow

(HELLO, STARTED, FAILED, BEAT, LOG, PUBLISH, ASK, GET_MANY, SNAPSHOT_BEGIN, SNAPSHOT_END, TAKEN, CALL_ANSWER,
 STOPPED) = range(1, 14)
START, EVENTS, RESULTS, ANSWER, CALL, HEAD, STOP, DUMP = range(101, 109)


class Gone(Exception):
    """The process ended, or said nothing in time."""


def inspect(name, settings=(), folder="/", environment=None):
    """What --inspect says of a test plugin, or what went wrong."""
    request = {"name": name, "folder": str(folder),
               "settings": [{"name": key, "value": value} for key, value in settings]}
    result = subprocess.run([HOST, "--inspect", PLUGINS / f"{name}.so"], input=json.dumps(request).encode(),
                            capture_output=True, timeout=PATIENCE, env=environment)
    if result.returncode != 0:
        raise Gone(f"{result.returncode}: {result.stderr.decode(errors='replace')}")
    return json.loads(result.stdout)


def event_bytes(sequence, kind, text, cause=0, time_us=0, recorded_us=0):
    """One event of a FRAME_EVENTS."""
    kind, text = kind.encode(), text.encode()
    return (struct.pack("<QQqqIH", sequence, cause, time_us, recorded_us, len(text), len(kind)) + kind + b"\0" + text + b"\0")


class Peer:
    """One process. `answer` is asked for each question of the plugin (kind, body) and gives the body of the answer, or
    None for silence. Frames that come are kept by kind. `without` names calls that its kernel does not have."""

    def __init__(self, name, settings=None, box=None, answer=None, without=(), answer_s=10):
        self.temporary = tempfile.TemporaryDirectory(prefix="vp-")
        self.folder = pathlib.Path(self.temporary.name) / "files"
        self.folder.mkdir()
        self.answer = answer or (lambda kind, body: {"result": {}})
        self.frames = {}
        self.incoming = queue.Queue()
        self.lock = threading.Lock()
        self.reads = threading.Event()  # cleared: what comes is left where it is
        self.reads.set()
        self.n_calls = 0
        ours, theirs = socket.socketpair()
        self.socket = ours
        # A shell's redirection makes it descriptor 3, whatever its number is here.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{theirs.fileno()}', "sh",
             *([PLUGINS.parent / "without", ",".join(without)] if without else []), HOST, name], pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        theirs.close()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.send(START, {"name": name, "file": str(PLUGINS / f"{name}.so"), "folder": str(self.folder),
                          "region": "620500000000", "time_zone": "Asia/Shanghai", "settings": settings or {},
                          "box": {"read": [], "connect": [], "listen": [], "memory_mib": 256, "descriptors": 64,
                                  **(box or {})}, "answer_s": answer_s})

    # ---- frames ----

    def send(self, kind, body=b"", number=0):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        with self.lock:
            self.socket.sendall(struct.pack("<IHHQ", len(body), kind, 0, number) + body + b"\0")

    def read(self):
        with self.socket.makefile("rb") as stream:
            try:
                while len(head := stream.read(16)) == 16:
                    size, kind, _, number = struct.unpack("<IHHQ", head)
                    self.reads.wait()
                    self.came(kind, number, stream.read(size + 1)[:-1])
            except OSError:
                pass
        self.incoming.put(None)

    def came(self, kind, number, body):
        if kind in (ASK, GET_MANY, SNAPSHOT_BEGIN):
            answer = self.answer(kind, json.loads(body))
            if answer is not None:
                self.send(ANSWER, answer, number)
        self.incoming.put((kind, number, body))

    def wait(self, kind, found=lambda number, body: True):
        """The next frame of a kind that is like this: (number, body). What comes before it stays for others."""
        kept = self.frames.setdefault(kind, [])
        deadline = time.monotonic() + PATIENCE
        at = 0
        while True:
            for at in range(at, len(kept)):
                if found(*kept[at]):
                    return kept.pop(at)
            at = len(kept)
            try:
                frame = self.incoming.get(timeout=max(deadline - time.monotonic(), 0))
            except queue.Empty:
                raise Gone(f"no frame of kind {kind}") from None
            if frame is None:
                self.incoming.put(None)
                raise Gone(f"ended with {self.process.wait(PATIENCE)}: {self.errors()}")
            self.frames.setdefault(frame[0], []).append(frame[1:])

    def wait_log(self, text):
        """The next line of its log that holds this text: (level, line)."""
        body = self.wait(LOG, lambda number, body: text in body[1:].decode())[1]
        return body[0], body[1:].decode()

    # ---- as the daemon does ----

    def started(self):
        """Waits for start(); what HELLO said."""
        hello = json.loads(self.wait(HELLO)[1])
        self.wait(STARTED)
        return hello

    def ask(self, method, /, **parameters):
        """A question to the plugin; its number."""
        self.n_calls += 1
        self.send(CALL, {"method": method, "params": parameters}, self.n_calls)
        return self.n_calls

    def answered(self, call):
        """The answer to a question: the whole body."""
        return json.loads(self.wait(CALL_ANSWER, lambda number, body: number == call)[1])

    def call(self, method, /, **parameters):
        """The value that a test plugin answers with."""
        answer = self.answered(self.ask(method, **parameters))
        if "result" not in answer:
            raise AssertionError(answer)
        return answer["result"]["value"]

    def stop(self):
        """Ends it as the daemon does; its exit code."""
        self.send(STOP)
        self.wait(STOPPED)
        return self.process.wait(PATIENCE)

    def errors(self):
        """All of stderr, once the process has ended."""
        return self.process.stderr.read().decode(errors="replace")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        self.socket.close()
        self.temporary.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
