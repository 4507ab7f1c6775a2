"""One city with the plugin metrics in it, and what reads its text."""

import http.client
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from harness import PATIENCE, PROGRAMS, CityTest, eventually

FOLDER = ROOT / "plugins" / "metrics"
PLUGINS = PROGRAMS.parent / "plugins"
SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (-?[0-9.]+)$')
LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def parse(text):
    """{name: {labels as a sorted tuple: value}}; every line must be of the format."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        found = SAMPLE.match(line)
        assert found, line
        labels = tuple(sorted(LABEL.findall(found[2] or "")))
        assert labels not in samples.setdefault(found[1], {}), f"twice: {line}"
        samples[found[1]][labels] = float(found[3])
    return samples


def promtool(*arguments, text=None, cwd=None):
    run = subprocess.run(["promtool", *map(str, arguments)], input=text, text=True, capture_output=True, cwd=cwd)
    return run.returncode, run.stdout + run.stderr


class MetricsTest(CityTest):
    """One city with the plugin, and one beside it whose file is no plugin."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.plugins = tempfile.TemporaryDirectory(prefix="vp-")
        shutil.copy(PLUGINS / "metrics.so", cls.plugins.name)
        pathlib.Path(cls.plugins.name, "broken.so").write_text("not a shared object")
        cls.config = {
            "plugin_dir": cls.plugins.name,
            "plugins": [{"name": "metrics", "listen": f"127.0.0.1:{cls.port}", "refresh_ms": 100, **cls.settings},
                        {"name": "broken"}],
        }
        super().setUpClass()
        eventually(lambda: cls.state("metrics") == "running", "the plugin to run")
        eventually(lambda: cls.state("broken") == "refused", "the broken plugin to be refused")

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.plugins.cleanup()

    @classmethod
    def plugin(cls, name):
        return next(row for row in cls.city.query("plugin.list")["plugins"] if row["name"] == name)

    @classmethod
    def state(cls, name):
        return cls.plugin(name)["state"]

    def request(self, method, path, **more):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, **more)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def scrape_text(self):
        status, headers, body = self.request("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return body.decode()

    def scrape(self):
        return parse(self.scrape_text())

    def value(self, name, /, **labels):
        return self.scrape().get(name, {}).get(tuple(sorted(labels.items())))

    def wait_value(self, expected, name, /, **labels):
        eventually(lambda: self.value(name, **labels) == expected, f"{name}{labels} to be {expected}")
