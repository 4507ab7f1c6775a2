"""The box of a plugin's process: a plugin that tries what it must not do, without a daemon. What the kernel lacks is
skipped, each with the reason that the process itself gives."""

import os
import pathlib
import socket
import tempfile
import unittest

import peer
from peer import PATIENCE, Peer

SANITIZED = os.environ.get("VOLUNTEERD_PRESET") in ("asan", "tsan")


class BoxTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outside = tempfile.TemporaryDirectory(prefix="vp-out-")
        cls.readable = pathlib.Path(cls.outside.name, "readable")
        cls.readable.write_text("x")
        cls.unreadable = pathlib.Path(cls.outside.name, "unreadable")
        cls.unreadable.write_text("x")
        cls.servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        cls.open_port, cls.closed_port = [server.getsockname()[1] for server in cls.servers]
        with socket.create_server(("127.0.0.1", 0)) as free:
            cls.listen_port = free.getsockname()[1]
        os.environ["OF_THE_DAEMON"] = "whatever it is"
        cls.peer = Peer("tries_the_box", box={"read": [str(cls.readable)], "connect": [cls.open_port],
                                              "listen": [cls.listen_port], "memory_mib": 64, "descriptors": 40})
        del os.environ["OF_THE_DAEMON"]
        cls.hello = cls.peer.started()

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        for server in cls.servers:
            server.close()
        cls.outside.cleanup()

    def attempt(self, deed, path="", number=0):
        return self.peer.call("try", deed=deed, path=str(path), number=number)

    def needs(self, part, at_least=0):
        for active in self.hello["box"]:
            if active.split()[0] == part and (not at_least or int(active.split()[1]) >= at_least):
                return
        self.skipTest(f"this kernel has no {part} {at_least or ''}: {self.hello['unboxed']}")

    def test_it_says_what_is_active(self):
        parts = {line.split()[0] for line in self.hello["box"]} | {line.split(":")[0].split()[0] for line in
                                                                   self.hello["unboxed"]}
        self.assertLessEqual({"landlock", "seccomp", "no_new_privs", "capabilities", "memory", "descriptors"}, parts)

    def test_files_outside_cannot_be_read(self):
        self.needs("landlock")
        for path in ("/etc/passwd", "/etc/shadow", "/root", "/home", self.unreadable, self.outside.name,
                     f"/proc/{os.getpid()}/environ", "/proc/1/cmdline", "/etc/ssl/private", "/tmp"):
            with self.subTest(path):
                self.assertEqual(self.attempt("read", path), "EACCES")

    def test_files_that_libraries_need_and_the_options_can_be_read(self):
        for path in ("/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl/certs", "/usr/share", "/dev/urandom", self.readable,
                     peer.PLUGINS / "tries_the_box.so"):
            with self.subTest(path):
                self.assertEqual(self.attempt("read", path), "OK" if pathlib.Path(path).exists() else "ENOENT")

    def test_only_its_folder_can_be_written(self):
        self.assertEqual(self.attempt("write", "own"), "OK")
        self.assertEqual(self.attempt("folder", "own.d"), "OK")
        self.needs("landlock")
        for path in (self.readable, self.unreadable, f"{self.outside.name}/new", "/tmp/new", "/etc/new", "/usr/new",
                     self.peer.folder.parent / "cursor", "/dev/shm/new"):
            with self.subTest(path):
                self.assertEqual(self.attempt("write", path), "EACCES")
        self.assertEqual(self.attempt("folder", "/usr/new.d"), "EACCES")

    def test_no_other_program_or_process_is_started(self):
        self.needs("seccomp")
        self.assertEqual(self.attempt("fork"), "EPERM")
        self.assertEqual(self.attempt("exec", "/bin/true"), "EPERM")
        self.assertEqual(self.attempt("system", "true"), "refused")
        self.assertEqual(self.attempt("clone"), "ENOSYS")

    def test_it_may_have_threads(self):
        self.assertEqual(self.attempt("thread"), "OK")

    def test_nobody_is_signalled_traced_or_become(self):
        self.needs("seccomp")
        for deed in ("kill", "ptrace", "setuid", "limit", "orphan", "uring"):
            with self.subTest(deed):
                self.assertEqual(self.attempt(deed), "EPERM")

    def test_sockets_are_those_of_the_internet(self):
        self.needs("seccomp")
        for family in (socket.AF_UNIX, socket.AF_PACKET, socket.AF_VSOCK, socket.AF_ALG, 44, 45, 1 << 32 | 1, -1):
            with self.subTest(family):
                self.assertEqual(self.attempt("socket", number=family), "EPERM")
        for family in (socket.AF_INET, socket.AF_INET6):
            self.assertIn(self.attempt("socket", number=family), ("OK", "EAFNOSUPPORT"))
        self.assertEqual(self.attempt("pair", number=socket.SOCK_STREAM), "OK")
        self.assertEqual(self.attempt("pair", number=socket.SOCK_DGRAM | socket.SOCK_CLOEXEC), "EPERM")

    def test_ports_are_those_of_its_options(self):
        self.assertEqual(self.attempt("connect", number=self.open_port), "OK")
        self.assertEqual(self.attempt("listen", number=self.listen_port), "OK")
        self.needs("landlock", 4)
        self.assertEqual(self.attempt("connect", number=self.closed_port), "EACCES")
        self.assertEqual(self.attempt("listen", number=self.listen_port + 1), "EACCES")

    def test_memory_and_descriptors_end_somewhere(self):
        self.assertEqual(self.attempt("descriptors", number=100), "EMFILE")
        self.assertEqual(self.attempt("memory", number=8), "OK")
        if not SANITIZED:
            self.assertEqual(self.attempt("memory", number=128), "ENOMEM")

    def test_it_has_no_capabilities(self):
        status = pathlib.Path(f"/proc/{self.peer.process.pid}/status").read_text()
        for line in ("CapPrm", "CapEff"):
            self.assertIn(f"{line}:\t0000000000000000\n", status)

    def test_nothing_of_the_daemons_environment_is_left(self):
        environment = pathlib.Path(f"/proc/{self.peer.process.pid}/environ").read_bytes()
        self.assertEqual(environment.strip(b"\0"), b"")


class LesserKernelTest(unittest.TestCase):
    """A plugin runs all the same, and what is missing is said with its reason."""

    def hello(self, *calls):
        with Peer("tries_the_box", without=calls) as one:
            hello = one.started()
            self.assertEqual(one.call("try", deed="thread"), "OK")
            self.assertEqual(one.stop(), 0)
            return hello

    def test_without_landlock(self):
        hello = self.hello("landlock_create_ruleset")
        self.assertIn("landlock (files and ports): Function not implemented", hello["unboxed"])
        self.assertNotIn("landlock", " ".join(hello["box"]))

    def test_without_rules_of_landlock_nothing_is_closed(self):
        hello = self.hello("landlock_restrict_self")
        self.assertIn("landlock (files and ports): Function not implemented", hello["unboxed"])

    def test_without_seccomp(self):
        hello = self.hello("seccomp")
        self.assertIn("seccomp (calls of the system)", " ".join(hello["unboxed"]))
        self.assertNotIn("seccomp", hello["box"])

    def test_without_any_of_it(self):
        limits = [] if SANITIZED else ["prlimit64"]  # the sanitizers' own start needs them
        hello = self.hello("seccomp", "landlock_create_ruleset", "capset", *limits)
        self.assertGreaterEqual(len(hello["unboxed"]), 3 if SANITIZED else 6)


class AbortTest(unittest.TestCase):
    def test_it_can_end_itself(self):
        with Peer("tries_the_box") as one:
            one.started()
            one.ask("try", deed="abort")
            self.assertEqual(one.process.wait(PATIENCE), -6)


if __name__ == "__main__":
    unittest.main()
