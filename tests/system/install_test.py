"""What cmake --install puts where, and that the installed program finds its messages."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import PROGRAMS

BUILD = PROGRAMS.parent


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="vd-")
        run = subprocess.run(["cmake", "--install", BUILD], capture_output=True, text=True,
                             env={**os.environ, "DESTDIR": cls.folder.name})
        assert run.returncode == 0, run.stdout + run.stderr
        root = pathlib.Path(cls.folder.name)
        cls.prefix = root / "usr" if (root / "usr" / "bin").is_dir() else root / "usr" / "local"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_pages_completion_and_messages_are_where_debian_looks(self):
        for path in ("bin/volunteerctl", "sbin/volunteerd", "share/man/man1/volunteerctl.1", "share/man/man1/volunteerctl-send.1",
                     "share/man/man5/volunteerd.conf.5", "share/man/man8/volunteerd.8", "share/man/zh_CN/man1/volunteerctl.1",
                     "share/bash-completion/completions/volunteerctl", "share/locale/zh_CN/LC_MESSAGES/volunteerd.mo"):
            self.assertTrue((self.prefix / path).is_file(), path)
        self.assertEqual(len(list((self.prefix / "share" / "zsh").rglob("_volunteerctl"))), 1)
        self.assertEqual(list((self.prefix / "share" / "man").rglob("stamp")), [])

    def test_plugins_their_process_and_what_their_authors_need_are_there(self):
        (plugins,) = (self.prefix / "lib").rglob("volunteerd/plugins")
        (pc,) = (self.prefix / "lib").rglob("volunteer_plugin.pc")
        host = self.prefix / "libexec" / "volunteerd" / "volunteerd-plugin"
        for path in ("share/man/man8/volunteerd-plugin.8", "share/man/man5/volunteerd-example.5", "include/volunteerd/volunteer_plugin.h",
                     "share/doc/volunteerd/plugins.md", "share/doc/volunteerd/examples/example/example.c",
                     "share/volunteerd/metrics/grafana.json", "share/volunteerd/metrics/alerts.yml"):
            self.assertTrue((self.prefix / path).is_file(), path)
        run = subprocess.run([host, "--inspect", plugins / "example.so"], capture_output=True, text=True,
                             input=json.dumps({"name": "example", "folder": "/", "settings": []}))
        self.assertEqual(json.loads(run.stdout)["declaration"]["name"], "example")
        folder = subprocess.run(["pkg-config", "--variable=plugindir", "volunteer_plugin"], capture_output=True, text=True,
                                env={**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}).stdout.strip()
        self.assertEqual(os.path.realpath(folder), os.path.realpath(plugins))

    def test_the_installed_program_speaks_chinese(self):
        run = subprocess.run([self.prefix / "bin" / "volunteerctl", "--help"], capture_output=True, text=True,
                             env={"PATH": "/usr/bin:/bin", "LANG": "zh_CN.UTF-8"})
        self.assertIn("用法", run.stdout)


if __name__ == "__main__":
    unittest.main()
