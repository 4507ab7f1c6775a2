"""The README's first command: ends well without a terminal, prints the bulletin by county, and each of its commands works."""

import json
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

    def the_bulletin_stands_in(self, text):
        """What the mayor asks for: every county with its rates, the three targets, the stations."""
        bulletin = text[text.index("通报"):text.index("★5")]
        for word in [*COUNTIES, "13", "50", "90", "122"]:
            self.assertIn(word, bulletin)
        rates = [float(rate) for rate in re.findall(r"([0-9]+\.[0-9]{2}) ?%", bulletin)]
        self.assertGreater(len(rates), 14, bulletin)
        self.assertTrue(any(10 < rate < 13 for rate in rates) and any(13 < rate < 16 for rate in rates), rates)

    def the_plugins_stand_in(self, text):
        """The recruitment platform has joined, both sides agree to the minute, and the metrics answer."""
        plugins = text[text.index("★5"):text.index("Try next")]
        for name in ("recruitment", "metrics"):
            self.assertRegex(plugins, rf"{name} +running")
        self.assertRegex(plugins, r"200\D+200")  # people, there and here
        self.assertRegex(plugins, r"volunteerd_up 1")

    def test_it_serves_a_year_of_tianshui_and_its_commands_work(self):
        run = self.run_once("--once", "--volunteers", "400")
        self.assertEqual(run.returncode, 0, run.stderr)
        for word in [*COUNTIES, "volunteers", "hours", "held", "★5", "events per second"]:
            self.assertIn(word, run.stdout)
        self.assertRegex(run.stdout, r"rejected +0\b")
        self.the_bulletin_stands_in(run.stdout)
        for title in ["群众需求办理情况", "志愿者培训", "回馈兑换", "志愿服务专项资金", "专项行动进展", "诚信核查"]:
            self.assertIn(title, run.stdout)
        self.assertTrue((ROOT / "build" / "quickstart" / "certificate.pdf").read_bytes().startswith(b"%PDF"))
        self.the_plugins_stand_in(run.stdout)
        following = run.stdout[run.stdout.index("Try next"):]
        serve = re.search(r"^ +(\S*volunteerd --config [^\s)]+)", following, re.M).group(1)
        export = re.search(r"^ +(export .*)$", following, re.M).group(1)
        commands = re.findall(r"^ +(volunteerctl .*)$", following, re.M)
        self.assertEqual(len(commands), 17, following)
        daemon = subprocess.Popen(serve.split(), cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while subprocess.run(["bash", "-c", f"{export}; volunteerctl --timeout 1 status"],
                                 capture_output=True).returncode != 0:
                self.assertLess(time.monotonic(), deadline, "the daemon did not start again")
            for command in commands:
                done = subprocess.run(["bash", "-c", f"{export}; {command}"], cwd=ROOT, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
                if "--output" not in command:
                    self.assertTrue(done.stdout.strip(), command)
            # The clock follows the events; those of the plugins did not take the city to today.
            read = subprocess.run(["bash", "-c", f"{export}; volunteerctl --json journal read --types volunteer.linked"],
                                  capture_output=True, text=True).stdout
            linked = [event["recordedtime"] for event in json.loads(read)["events"] if event["source"] == "/plugins/recruitment"]
            self.assertEqual(len(linked), 200)
            self.assertLess(max(linked), "2018-12-01T00:00:00+08:00")
            self.assertIn("秦州区", (ROOT / "build" / "quickstart" / "bulletin.html").read_text(encoding="utf-8"))
        finally:
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
