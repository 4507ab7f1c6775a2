"""“天水市志愿者招募”管理平台: people have registered, enrolled and come on the city's recruitment platform long before. An
administrator connects it while the daemon serves; everybody keeps the number that they have there, who is registered already
is put together by a clerk, what was decided here goes back there, and both sides' totals are held against each other."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import mission  # noqa: F401
from harness import COMMUNITY, CONTROL, ROOT, eventually, identity_number

sys.path.insert(0, str(ROOT / "tests" / "plugin"))
import recruiting

PEOPLE = 120


class TheRecruitmentPlatform(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vr-")
        self.addCleanup(folder.cleanup)
        self.all = recruiting.Recruiting(folder.name, PEOPLE)
        self.addCleanup(self.all.close)
        self.daemon, self.platform = self.all.daemon, self.all.platform

    def control(self, *arguments, expect=0):
        run = subprocess.run([CONTROL, "--runtime", str(self.daemon.runtime), *arguments], text=True, capture_output=True,
                             env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}, check=False)
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout if expect == 0 else run.stderr

    def asked(self, *arguments):
        return json.loads(self.control("--json", "plugin", "call", "recruitment", *arguments))

    def test_the_platform_joins_while_the_city_serves_and_both_sides_agree(self):
        # The city's service runs without it; one of the platform's people is registered here already.
        plugins = self.daemon.config.pop("plugins")
        self.daemon.write_config()
        self.all.start()
        known = self.platform.item("registrations", "R0000007")["data"]
        self.all.city.send("volunteer.registered", {"volunteer": "city:1", "region": COMMUNITY, "identity": {
            "name": known["realName"], "document_kind": "resident_id", "number": known["idNo"]}})
        # The administrator connects the platform: one group in the configuration, checked, then read while it serves.
        self.daemon.config["plugins"] = plugins
        self.daemon.write_config()
        checked = subprocess.run([recruiting.PROGRAMS / "volunteerd", "--check", "--config", self.daemon.config_path],
                                 capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.daemon.signal(signal.SIGHUP)
        eventually(lambda: "recruitment" in self.control("plugin", "list"), "the plugin to be listed")
        self.all.settled(conflicts=1, waiting=None)
        self.assertRegex(self.control("plugin", "list"), r"recruitment +运行中")
        # Everybody has come, under the number of the platform; their hours count, and are on their way to the stars.
        shown = self.control("show", "volunteer", "tszyz:R0000001")
        self.assertIn("R0000001", shown)
        self.assertIn("天水市志愿者招募", shown)
        self.assertIn("tszyz:A000001", self.control("list", "activity", "--limit", "0"))
        # Who was registered already is listed. A clerk compares, and says that it is the same person.
        listed = self.control("plugin", "call", "recruitment", "conflicts")
        self.assertIn("R0000007", listed)
        self.control("plugin", "call", "recruitment", "link", "resource=registrations", "external=R0000007", "id=city:1")
        self.all.settled()
        self.assertIn("R0000007", self.control("show", "volunteer", "city:1"))
        self.assertEqual(len(self.daemon.query("enrolment.list", volunteer="city:1")["items"]), 1)
        # On the platform each person sees what was decided about the enrolment and how long they served.
        decided = {one["external_id"]: one["value"]["outcome"] for one in self.platform.held("enrolment_decision")}
        self.assertEqual(len(decided), PEOPLE)
        hours = [one for one in self.platform.held("hours") if one["external_id"] == "R0000001"]
        record = self.daemon.query("record.list", volunteer="tszyz:R0000001")["items"][0]
        self.assertEqual([one["value"]["minutes"] for one in hours], [record["counted_minutes"]])
        # Both sides' totals, as the clerk reads them, and as the test counts them itself.
        reconciled = self.control("plugin", "call", "recruitment", "reconcile")
        self.assertRegex(reconciled, rf"{PEOPLE}\D+{PEOPLE}")
        self.assertIs(self.asked("reconcile")["equal"], True)
        self.assertEqual(self.all.differences({"city:1": "R0000007"}), {})
        # Somebody withdraws there, and is withdrawn here.
        self.platform.put("registrations", "R0000009", merge={"status": "停用"})
        eventually(lambda: "已退出" in self.control("show", "volunteer", "tszyz:R0000009"), "the withdrawal")
        # It is taken away again while the city serves: what came stays.
        self.daemon.config.pop("plugins")
        self.daemon.write_config()
        self.daemon.signal(signal.SIGHUP)
        eventually(lambda: "recruitment" not in self.control("plugin", "list"), "it to be gone")
        self.assertIn("R0000001", self.control("show", "volunteer", "tszyz:R0000001"))


if __name__ == "__main__":
    unittest.main()
