"""The HTTP client of a plugin's process, against servers of this test: what it trusts, follows and bears."""

import http.server
import os
import pathlib
import socket
import ssl
import sys
import tempfile
import threading
import time
import unittest
import warnings

from peer import Peer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "platform"))
from certificates import Certificates


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status=200, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        size = int(self.headers.get("Content-Length", 0))
        said = self.rfile.read(size).decode()
        getattr(self, "on_" + self.path.strip("/").split("/")[0], self.on_echo)(said)

    do_GET = do_POST = do_HEAD = do_DELETE = do_PUT = handle_any

    def on_echo(self, said):
        lines = [f"{self.command} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items()), said]
        self.answer(201, "\n".join(lines).encode(), [("X-Mixed-Case", "Value")])

    def on_redirect(self, said):
        self.answer(302, b"elsewhere", [("Location", "/echo")])

    def on_large(self, said):
        self.answer(200, b"x" * 100_000)

    def on_endless(self, said):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def on_headers(self, said):
        self.answer(200, b"", [(f"X-{i}", "y" * 1000) for i in range(400)])

    def on_silent(self, said):
        self.server.silence.wait(60)
        self.close_connection = True

    def on_cut(self, said):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"some")
        self.close_connection = True

    def on_count(self, said):
        with self.server.lock:
            self.server.running += 1
            self.server.most = max(self.server.most, self.server.running)
            if self.server.running == 16:
                self.server.full.set()
        self.server.full.wait(60)
        with self.server.lock:
            self.server.running -= 1
        self.answer(200, b"counted")

    def log_message(self, *_):
        pass


def speak_old_tls(context):
    """TLS 1.1 and nothing later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, certificate=None, old=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.silence, self.full, self.lock = threading.Event(), threading.Event(), threading.Lock()
        self.running = self.most = 0
        self.port = self.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            if old:
                speak_old_tls(context)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handle_error(self, *_):
        pass

    def close(self):
        self.silence.set()
        self.full.set()
        self.shutdown()
        self.server_close()


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vp-ca-")
        made = Certificates(f"{cls.temporary.name}/city").make()
        cls.ca = str(made.authority)
        cls.other_ca = str(Certificates(f"{cls.temporary.name}/other").make().authority)
        cls.plain, cls.good, cls.wrong = Server(), Server(made.right), Server(made.wrong)
        cls.old = Server(made.right, old=True)
        cls.unlisted = Server()
        cls.servers = [cls.plain, cls.good, cls.wrong, cls.old, cls.unlisted]
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            cls.free_port = nobody.getsockname()[1]
        ports = [server.port for server in cls.servers if server is not cls.unlisted] + [cls.free_port]
        # A proxy of the environment must not be asked.
        os.environ["http_proxy"] = os.environ["https_proxy"] = f"http://127.0.0.1:{cls.unlisted.port}"
        cls.peer = Peer("well_behaved", box={"read": [cls.ca, cls.other_ca], "connect": ports, "descriptors": 128})
        del os.environ["http_proxy"], os.environ["https_proxy"]
        cls.peer.started()

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        for server in cls.servers:
            server.close()
        cls.temporary.cleanup()

    def get(self, path, server=None, scheme=None, **parameters):
        server = server or self.plain
        scheme = scheme or ("http" if server in (self.plain, self.unlisted) else "https")
        return self.peer.answered(self.peer.ask("http", url=f"{scheme}://127.0.0.1:{server.port}{path}", **parameters))

    def result(self, *arguments, **parameters):
        answer = self.get(*arguments, **parameters)
        self.assertIn("result", answer)
        return answer["result"]["value"]

    def assert_failed(self, answer, words, tls=False):
        self.assertEqual((answer["status"], answer["tls"], answer["body"]), (0, tls, ""), answer)
        self.assertRegex(answer["error"], words)

    def test_a_request_is_sent_as_it_is(self):
        answer = self.result("/echo?a=b", method="POST", header="X-Of-Mine: 天水", body='{"a": 1}')
        lines = answer["body"].splitlines()
        self.assertEqual((answer["status"], lines[0], lines[-1]), (201, "POST /echo?a=b", '{"a": 1}'))
        self.assertIn("Content-Length: 8", lines)
        self.assertTrue(any(line.startswith("User-Agent: volunteerd-plugin/") and "(well_behaved)" in line for line in lines))
        self.assertFalse([line for line in lines if line.startswith(("Expect", "Content-Type", "Cookie"))])

    def test_methods(self):
        for method in ("GET", "PUT", "DELETE"):
            self.assertTrue(self.result("/echo", method=method)["body"].startswith(f"{method} /echo"))
        self.assertEqual(self.result("/echo", method="HEAD")["body"], "")

    def test_names_of_headers_are_in_lower_case(self):
        self.assertIn("x-mixed-case: Value\n", self.result("/echo")["headers"])

    def test_a_certificate_of_the_given_authority_is_trusted(self):
        self.assertEqual(self.result("/echo", self.good, ca=self.ca)["status"], 201)

    def test_one_of_an_unknown_authority_is_not(self):
        self.assert_failed(self.result("/echo", self.good), "certificate", tls=True)
        self.assert_failed(self.result("/echo", self.good, ca=self.other_ca), "certificate", tls=True)

    def test_one_of_another_name_is_not(self):
        self.assert_failed(self.result("/echo", self.wrong, ca=self.ca), "127.0.0.1", tls=True)

    def test_tls_before_1_2_is_not_spoken(self):
        context = speak_old_tls(ssl.create_default_context(cafile=self.ca))
        with socket.create_connection(("127.0.0.1", self.old.port)) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                self.assertEqual(secure.version(), "TLSv1.1")
        self.assert_failed(self.result("/echo", self.old, ca=self.ca), "(?i)ssl|tls|protocol|version|alert")

    def test_a_redirect_is_an_answer(self):
        answer = self.result("/redirect")
        self.assertEqual((answer["status"], answer["body"]), (302, "elsewhere"))
        self.assertIn("location: /echo\n", answer["headers"])

    def test_an_answer_ends_at_its_limit(self):
        self.assertEqual(self.result("/large", most=100_000)["size"], 100_000)
        self.assert_failed(self.result("/large", most=99_999), "body is larger than 99999 bytes")
        self.assert_failed(self.result("/endless"), "body is larger than 8388608 bytes")
        self.assert_failed(self.result("/headers"), "head is larger")

    def test_a_slow_answer_is_given_up(self):
        began = time.monotonic()
        self.assert_failed(self.result("/silent", timeout_ms=100), "(?i)timed out|timeout")
        self.assertLess(time.monotonic() - began, 30)

    def test_a_cut_connection_is_an_error(self):
        self.assert_failed(self.result("/cut"), ".")

    def test_where_nobody_listens_is_an_error(self):
        answer = self.peer.call("http", url=f"http://localhost:{self.free_port}/")
        self.assert_failed(answer, "(?i)connect")

    def test_16_run_at_a_time_and_the_others_wait(self):
        calls = [self.peer.ask("http", url=f"http://127.0.0.1:{self.plain.port}/count") for _ in range(40)]
        for call in calls:
            self.assertEqual(self.peer.answered(call)["result"]["value"]["body"], "counted")
        self.assertEqual(self.plain.most, 16)

    def test_what_no_option_names_is_not_asked(self):
        for answer, code in ((self.get("/echo", self.unlisted), "EACCES"), (self.get("/echo", self.good, ca="/etc/hosts"), "EACCES"),
                             (self.get("/echo", scheme="ftp"), "EINVAL"), (self.get("/echo", method="get it"), "EINVAL"),
                             (self.get("/echo", header="A: b\r\nHost: c"), "EINVAL"), (self.get("/echo", header="none"), "EINVAL"),
                             (self.peer.answered(self.peer.ask("http", url="http://example.org/")), "EINVAL")):
            self.assertEqual(answer.get("error", {}).get("message"), code, answer)


if __name__ == "__main__":
    unittest.main()
