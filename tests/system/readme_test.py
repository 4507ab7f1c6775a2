"""What the README tells a newcomer to type works as it stands there."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from harness import CITY, PROGRAMS, ROOT, CityTest, DaemonTest

README = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


class Readme(CityTest):
    def environment(self):
        return {**os.environ, "VOLUNTEERD_RUNTIME_DIR": str(self.city.runtime), "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}

    def shell(self, text, folder):
        return subprocess.run(["bash", "-c", text.replace("/tmp/", f"{folder}/")], cwd=ROOT, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def test_ten_lines_of_python_publish_an_event(self):
        (script,) = blocks("python")
        self.assertLessEqual(len([line for line in script.splitlines() if line.strip()]), 10)
        answers = []
        for _ in range(2):
            run = subprocess.run([sys.executable, "-c", script], env=self.environment(), capture_output=True, text=True, timeout=60)
            self.assertEqual(run.returncode, 0, run.stderr)
            answers.append(json.loads(run.stdout)["results"][0])
        self.assertEqual([answer["status"] for answer in answers], ["stored", "duplicate"])
        self.assertEqual(answers[0]["sequence"], answers[1]["sequence"])

    def test_the_rule_is_refused_mended_and_in_force(self):
        edit, mend = [block for block in blocks("sh") if "star_rating.lua" in block]
        folder = pathlib.Path(self.shared.name)
        refused = self.shell(edit, folder)
        self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.assertEqual(refused.stdout.count("✗"), 1, refused.stdout)
        done = self.shell("set -e\n" + mend, folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("decided anew", done.stdout)
        history = self.city.query("policy.history", policy="star_rating")["items"]
        self.assertEqual(history[-1]["revision"], "star_rating:2")
        self.assertIn("1200 }", self.city.query("policy.get", policy="star_rating")["text"])


class LookTest(DaemonTest):
    """What the README says to look at and to trust, in a smaller city of the quickstart's kind."""

    def test_every_line_works(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        daemon = self.daemon({"city": {"region": CITY, "name": "天水市", "time_zone": "Asia/Shanghai"}, "clock": "events"})
        daemon.start()
        environment = {**os.environ, "VOLUNTEERD_RUNTIME_DIR": str(daemon.runtime), "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        filled = subprocess.run("volunteer-simulate --volunteers 400 | volunteerctl publish -", shell=True,
                                env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(filled.returncode, 0, filled.stdout + filled.stderr)
        lines = [line for block in blocks("sh") if "star_rating.lua" not in block for line in block.splitlines()
                 if line.startswith("volunteerctl ")]
        self.assertGreater(len(lines), 7)
        for line in lines:
            line = line.replace("/tmp/", f"{folder.name}/")
            run = subprocess.run(["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
            self.assertEqual(run.returncode, 0, f"{line}\n{run.stdout}{run.stderr}")
            if not re.search("list|held|--output", line):  # so few people may have no three stars and nothing held
                self.assertTrue(run.stdout.strip(), line)

    def test_the_daemon_is_killed_and_started_again(self):
        daemon = self.daemon().start()
        daemon.publish([{"specversion": "1.0", "id": "1", "source": "t", "type": "region.defined",
                         "data": {"region": CITY, "name": "天水市", "level": "city"}}])
        (kill,) = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("kill -9")]
        subprocess.run(["bash", "-c", kill], env={**os.environ, "VOLUNTEERD_RUNTIME_DIR": str(daemon.runtime)}, check=True)
        self.assertEqual(daemon.wait(), -9)
        daemon.start()
        self.assertEqual(daemon.query("region.get", region=CITY)["name"], "天水市")


if __name__ == "__main__":
    unittest.main()
