"""For tests: starts the platform as a process of its own and asks it things. With Python's plain HTTP client."""

import http.client
import json
import pathlib
import subprocess
import sys
import urllib.parse

import serve

FOLDER = pathlib.Path(__file__).resolve().parent


class Platform:
    """One platform in a folder; `people` and the rest as serve.py's arguments."""

    token, webhook_secret = serve.TOKEN, serve.WEBHOOK_SECRET

    def __init__(self, folder, **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.options = options
        self.process = None
        self.port = 0

    def start(self):
        options = {"database": self.folder / "platform.db", "certificates": self.folder / "certificates",
                   "port": self.port, **self.options}
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        self.process = subprocess.Popen([sys.executable, "-B", FOLDER / "serve.py", "--until-input-ends", *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the platform ended with {self.process.wait()}")
        place = json.loads(line)
        self.url, self.wrong_url, self.admin, self.ca = (place[name] for name in ("url", "wrong_url", "admin", "ca"))
        self.port = urllib.parse.urlsplit(self.url).port  # the same after another start
        return self

    def stop(self):
        """As a platform that is down; what it knows stays. start() again."""
        if self.process:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait(30)
            self.process = None

    def ask(self, name, /, **what):
        """What Platform.admin_NAME of server.py gives."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.admin).netloc, timeout=60)
        try:
            connection.request("POST", "/", json.dumps({"run": name, **what}))
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{name}: {found['error']}")
        return found

    def fault(self, kind, path="/v1/", **what):
        self.ask("fault", kind=kind, path=path, **what)

    def put(self, resource, id, **what):
        """data=..., merge=... or neither, which deletes it."""
        return self.ask("put", resource=resource, id=id, **what)["modified"]

    def item(self, resource, id):
        return self.ask("item", resource=resource, id=id)["item"]

    def totals(self):
        return self.ask("totals")

    def held(self, kind=None):
        return self.ask("held", kind=kind)["items"]

    def hook(self, url, id, **what):
        return self.ask("hook", url=url, id=id, **what)["status"]
