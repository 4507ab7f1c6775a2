"""No client of the plugin metrics can hurt it."""

import select
import socket
import threading
import time
import unittest

from metrics_city import MetricsTest
from harness import PATIENCE, eventually


class Silent:
    """For both: whatever there is to be taken up."""

    def connect(self, text=b""):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        if text:
            client.sendall(text)
        return client

    def test_who_says_nothing_stands_in_nobodys_way(self):
        silent = [self.connect(b"GET /metr" if i % 2 else b"") for i in range(200)]
        try:
            self.assertEqual(self.value("volunteerd_up"), 1)
            # It was not for want of them: the last of them are there still.
            self.assertEqual(select.select(silent[-5:], [], [], 0)[0], [])
            # The first of them were let go for those that came.
            ready, _, _ = select.select(silent[:50], [], [], PATIENCE)
            self.assertTrue(ready)
        finally:
            for client in silent:
                client.close()
        eventually(lambda: self.plugin("metrics")["counters"]["cut_connections"] > 0, "those cut off to be counted")


class FewDescriptors(Silent, MetricsTest):
    settings = {"limits": {"descriptors": 32}}


class Hostile(Silent, MetricsTest):
    def test_only_get_and_head_of_what_there_is(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            status, headers, _ = self.request(method, "/metrics", body=b"x" if method == "POST" else None)
            self.assertEqual((status, headers.get("Allow")), (405, "GET, HEAD"), method)
        for path in ("/", "/metrics/", "/metrics2", "/-/ready", "/../metrics", "/%2e%2e/etc/passwd", "//metrics"):
            self.assertEqual(self.request("GET", path)[0], 404, path)
        self.assertEqual(self.request("GET", "/-/healthy")[::2], (200, b"healthy\n"))
        status, headers, body = self.request("HEAD", "/metrics")
        self.assertEqual((status, body), (200, b""))
        self.assertGreater(int(headers["Content-Length"]), 5000)
        self.assertEqual(self.request("GET", "/metrics?x=1")[0], 200)

    def test_garbage_and_bytes_now_and_then_end_the_connection_and_nothing_else(self):
        """Together, since some of them end only when their time is over."""
        pid = self.plugin("metrics")["pid"]
        garbage = (b"\x00" * 1000, b"GET\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n", b"\xff\xfe" * 3000,
                   b"GET /" + b"x" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                   b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100000 + b"\r\n\r\n",
                   b"GET /metrics HTTP/1.1\r\n\r\n",
                   b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n")
        slow = self.connect(b"GET /metrics HTTP/1.1\r\nHost: ")
        answers = {self.connect(text): b"" for text in garbage}
        began = time.monotonic()
        slow_for = None
        while answers or slow_for is None:
            self.assertLess(time.monotonic() - began, 15)
            try:
                slow_for is None and slow.sendall(b"x")
            except OSError:
                slow_for = time.monotonic() - began
            for client in select.select([*answers, *([slow] if slow_for is None else [])], [], [], 0.2)[0]:
                try:
                    chunk = client.recv(65536)
                except ConnectionResetError:
                    chunk = b""
                if client is slow and not chunk:
                    slow_for = time.monotonic() - began
                elif client is not slow:
                    answers[client] += chunk
                    if not chunk:
                        self.assertNotIn(b"200 OK", answers.pop(client)[:20])
                        client.close()
        slow.close()
        self.assertGreater(slow_for, 3)
        self.assertEqual(self.value("volunteerd_up"), 1)
        self.assertEqual(self.plugin("metrics")["pid"], pid)

    def test_thousands_of_connections_one_after_another(self):
        pid = self.plugin("metrics")["pid"]
        for _ in range(1000):
            self.connect().close()
        self.assertEqual(self.value("volunteerd_up"), 1)
        self.assertEqual(self.plugin("metrics")["pid"], pid)

    def test_many_at_once_are_all_served(self):
        failures = []
        def client():
            try:
                for _ in range(10):
                    self.assertEqual(self.request("GET", "/metrics")[0], 200)
            except BaseException as failure:
                failures.append(failure)
        threads = [threading.Thread(target=client) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


if __name__ == "__main__":
    unittest.main()
