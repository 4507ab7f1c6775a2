"""The sockets of the test platform: HTTPS for the plugin, with the right and with a wrong name, and plain HTTP on
loopback for tests. HTTP/1.1, connections stay open; a thread for each."""

import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse

import api
import webhooks

READ_PATIENCE_S = 60
MOST_READ = 4 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    timeout = READ_PATIENCE_S
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def body(self):
        """The request's body; None where it is too large or its length is not said, and the connection ends."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_READ:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def reply(self, status, headers, body, cut=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.wfile.flush()

    def cut(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def do_GET(self):
        self.serve()

    do_POST = do_PUT = do_DELETE = do_GET


class PlatformHandler(Handler):
    """What the contract says, spoilt by the faults that are waiting."""

    def serve(self):
        platform = self.server.platform
        body = self.body()
        if body is None:
            self.reply(*api.Refusal(413, "too_large", "正文太大").answer())
            return
        path = urllib.parse.urlsplit(self.path).path
        fault = platform.faults.take(self.command, path)
        kind = fault.kind if fault else None
        platform.note(self.command, self.path, self.headers, kind)
        if kind == "slow":
            platform.stopping.wait(fault.seconds)
        elif kind == "cut":
            self.cut()
            return
        status, headers, answer = platform.api.answer(self.command, self.path, self.headers, body, fault)
        if kind == "cut_after":
            self.cut()
        elif kind == "cut_body":
            self.reply(status, headers, answer, len(answer) // 2)
            self.cut()
        else:
            self.reply(status, *spoilt(kind, headers, answer))


def spoilt(kind, headers, answer):
    """Answers that are no page at all."""
    if kind == "garbage":
        return headers, b'{"items": [{"state": "upd'
    if kind == "html":
        return {"Content-Type": "text/html"}, b"<html><body>Please log in</body></html>"
    if kind == "huge":
        return headers, b'{"items": [], "next": "' + b"x" * (9 << 20) + b'"}'
    return headers, answer


class AdminHandler(Handler):
    """For tests: {"run": NAME, ARGUMENT: VALUE, ...} runs Platform.admin_NAME."""

    def serve(self):
        body = self.body() or b"{}"
        try:
            request = json.loads(body)
            answer = getattr(self.server.platform, "admin_" + request.pop("run"))(**request)
            self.reply(200, {"Content-Type": api.JSON_TYPE}, api.encode(answer))
        except Exception as error:  # a test's mistake is told to the test
            self.reply(400, {"Content-Type": api.JSON_TYPE}, api.encode({"error": repr(error)}))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, platform, handler, port, certificate=None):
        self.platform = platform
        super().__init__(("127.0.0.1", port), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(*map(str, certificate))
            # The handshake is the handler's, in its thread: a peer that does not speak holds up nobody.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        """Peers that hang up, and those that do not trust us, are what this is for."""

    def start(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self.server_address[1]


class Platform:
    """The whole: sockets, answers, faults, and what tests ask it."""

    def __init__(self, database, faults, token, webhook_secret):
        self.database, self.faults, self.webhook_secret = database, faults, webhook_secret
        self.api = api.Api(database, token, webhook_secret)
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.requests = []
        self.servers = []

    def listen(self, certificates, port=0, wrong_port=0, admin_port=0):
        """Begins to serve; the three ports."""
        self.servers = [Server(self, PlatformHandler, port, certificates.right),
                        Server(self, PlatformHandler, wrong_port, certificates.wrong),
                        Server(self, AdminHandler, admin_port)]
        return [server.start() for server in self.servers]

    def stop(self):
        self.stopping.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()
        self.database.close()

    def note(self, method, target, headers, fault):
        with self.lock:
            self.requests.append({
                "at": time.monotonic(), "method": method, "target": target, "fault": fault,
                "idempotency_key": headers.get("Idempotency-Key")})
            del self.requests[:-10000]

    # ---- what tests ask ----

    def admin_fault(self, **what):
        self.faults.add(**what)
        return {}

    def admin_clear_faults(self):
        self.faults.clear()
        return {}

    def admin_faults(self):
        left, happened = self.faults.left()
        return {"left": left, "happened": happened}

    def admin_put(self, **what):
        return {"modified": self.database.put(**what)}

    def admin_item(self, resource, id):
        return {"item": self.database.item(resource, id)}

    def admin_totals(self):
        return self.database.totals()

    def admin_pushes(self):
        return self.database.pushes()

    def admin_pushed(self):
        return {"keys": self.database.n_keys}

    def admin_held(self, kind=None):
        found = self.database.held("", 10**9)
        return {"items": [item for item in found if kind in (None, item["kind"])]}

    def admin_plant(self, thing, value):
        self.database.plant(thing, value)
        return {}

    def admin_requests(self, prefix="/"):
        with self.lock:
            return {"requests": [request for request in self.requests if request["target"].startswith(prefix)]}

    def admin_notifications(self):
        found = self.database.rows("SELECT id, times, body FROM notifications ORDER BY id")
        return {"notifications": [{"id": id, "times": times, "body": json.loads(body)} for id, times, body in found]}

    def admin_hook(self, url, id, resource="registrations", items=None, text=None, **rest):
        """Sends items.changed, or `text` as it is, to the plugin; its answer."""
        body = text.encode() if text is not None else api.encode({
            "type": "items.changed", "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
            "data": {"resource": resource, **({"items": items} if items is not None else {})}})
        return {"status": webhooks.send(url, rest.pop("secret", self.webhook_secret), id, body, **rest)}
