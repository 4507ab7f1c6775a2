"""scripts/handbook.zh.md: whoever types its commands, in their order, does what it says."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import PROGRAMS, ROOT
from small_city import QueryTest

HANDBOOK = (ROOT / "scripts" / "handbook.zh.md").read_text(encoding="utf-8")


class HandbookTest(QueryTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()
        self.city.register("v:1")
        for day in range(2, 6):
            self.city.serve(f"r:{day - 1}", "v:1", day, hours=4)
        folder = tempfile.TemporaryDirectory(prefix="vd-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_block(self, block):
        decision = self.ask("journal.read", types=["service.decided"])["events"][-1]["sequence"]
        script = block.replace("/tmp/", f"{self.folder}/").replace("SEQUENCE ", f"{int(decision)} ")
        return subprocess.run(["bash", "-e", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL,
                              env={**os.environ, "VOLUNTEERD_RUNTIME_DIR": str(self.city.daemon.runtime), "LC_ALL": "C.UTF-8",
                                   "LANGUAGE": "zh_CN", "PATH": f"{PROGRAMS}:{os.environ['PATH']}"})

    def test_its_commands_work_in_their_order(self):
        blocks = re.findall(r"```sh\n(.*?)```", HANDBOOK, re.S)
        self.assertGreaterEqual(len(blocks), 8)
        said = []
        for block in blocks:
            run = self.run_block(block)
            self.assertEqual(run.returncode, 0, block + run.stdout + run.stderr)
            said.append(run.stdout)
        said = "\n".join(said)
        self.assertIn("五星: 1500 → 1200 小时, 自 2027-01-01", said)
        self.assertRegex(said, "再服务 84 小时即可评为一星")
        history = self.ask("policy.history", policy="star_rating")["items"]
        self.assertEqual([item.get("restores") for item in history], [None, None, None, "star_rating:2"])
        self.assertEqual(history[-1]["state"], "in_force")
        county = self.ask("policy.history", policy="star_rating_demotion")["items"]
        self.assertEqual([item["state"] for item in county], ["retired"])
        self.assertTrue(self.city.daemon.run_job("journal.replay")["result"]["identical"])

    def test_it_names_no_command_that_is_not_there(self):
        for noun, verb in set(re.findall(r"`(?:volunteerctl )?(policy|explain|key) ([a-z-]+)", HANDBOOK)):
            run = subprocess.run([PROGRAMS / "volunteerctl", noun, verb, "--help"], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, f"{noun} {verb}")


if __name__ == "__main__":
    unittest.main()
