"""What the README tells a newcomer to type works as it stands there."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from harness import PROGRAMS, ROOT, CityTest

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
        self.assertIn("people rated anew", done.stdout)
        history = self.city.query("policy.history", policy="star_rating")["items"]
        self.assertEqual(history[-1]["revision"], "star_rating:2")
        self.assertIn("1200 }", self.city.query("policy.get", policy="star_rating")["text"])


if __name__ == "__main__":
    unittest.main()
