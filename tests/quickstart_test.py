"""The README's first command: ends well without a terminal, shows every county, and each of its five commands works."""

import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
COUNTIES = ["秦州区", "麦积区", "清水县", "秦安县", "甘谷县", "武山县", "张家川回族自治县"]


class Quickstart(unittest.TestCase):
    def run_once(self, *arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLUNTEERD_")}
        return subprocess.run([ROOT / "tools" / "quickstart", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def test_a_wrong_option_is_refused_before_anything_is_done(self):
        for arguments in (["--volunteer", "5"], ["--volunteers", "many"], ["--volunteers", "0"], ["--volunteers"],
                          ["--volunteers", "5000001"], ["--volunteers=99999999999999999999"]):
            run = self.run_once(*arguments)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertIn("tools/quickstart", run.stderr)

    def test_it_serves_a_year_of_tianshui_and_its_five_commands_work(self):
        run = self.run_once("--once", "--volunteers", "400")
        self.assertEqual(run.returncode, 0, run.stderr)
        for word in [*COUNTIES, "registered", "hours", "held", "★5", "events per second"]:
            self.assertIn(word, run.stdout)
        self.assertRegex(run.stdout, r"rejected +0\b")
        following = run.stdout[run.stdout.index("Try next"):]
        serve = re.search(r"^ +(\S*volunteerd --config [^\s)]+)", following, re.M).group(1)
        export = re.search(r"^ +(export .*)$", following, re.M).group(1)
        commands = re.findall(r"^ +(volunteerctl .*)$", following, re.M)
        self.assertEqual(len(commands), 5, following)
        daemon = subprocess.Popen(serve.split(), cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while subprocess.run(["bash", "-c", f"{export}; volunteerctl --timeout 1 status"],
                                 capture_output=True).returncode != 0:
                self.assertLess(time.monotonic(), deadline, "the daemon did not start again")
            for command in commands:
                done = subprocess.run(["bash", "-c", f"{export}; {command}"], cwd=ROOT, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
                self.assertTrue(done.stdout.strip(), command)
        finally:
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
