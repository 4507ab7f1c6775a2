"""全市联动、纵横相通的协调工作制度: a task goes down from the city by way of the district to its communities, with a receipt at
every step, and what came of it comes up again; beside it a bureau does its part for whoever it concerns. The district and
the bureau have services of their own, programs that follow the journal and speak in their own name."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import mission  # noqa: F401
from harness import CITY, COMMUNITY, CONTROL, COUNTY, eventually
from small_city import SECOND_COMMUNITY, QueryTest

FOLDER = pathlib.Path(__file__).resolve().parent
FOLLOWED = ["notice.issued", "notice.received", "task.assigned", "task.reported", "task.accepted", "team.formed", "team.updated"]


class TheWholeCityTogether(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-08-20").define_basics()  # org:1 is 天水市文明办
        self.city.define_organisation("qz", "秦州区文明办", region=COUNTY, parent="org:1")
        self.city.define_organisation("mzj", "天水市民政局", region=CITY, line="民政", parent="org:1")
        self.city.define_organisation("jb", "进步巷社区居委会", region=COMMUNITY, kind="self_governing", parent="qz")
        self.city.define_organisation("gm", "光明巷社区居委会", region=SECOND_COMMUNITY, kind="self_governing", parent="qz")
        self.services = {}

    # ---- the departments' programs ----

    def begin(self, name, role, *units):
        self.cursor(name).parent.mkdir(exist_ok=True)
        program = subprocess.Popen(
            [sys.executable, "-B", FOLDER / "department.py", self.city.daemon.runtime, self.cursor(name), role, name, *units],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, program)
        self.services[name] = program

    def cursor(self, name):
        return self.city.daemon.folder / "departments" / name

    def end(self, program):
        program.kill()
        program.wait()
        program.stdout.close()

    def answered(self, name):
        """The next thing that a department said, and what became of it."""
        kind, status, message = json.loads(self.services[name].stdout.readline())
        self.assertIsNone(message)
        return kind, status

    # ---- people's commands ----

    def control(self, *arguments, expect=0):
        run = subprocess.run([CONTROL, "--runtime", str(self.city.daemon.runtime), *arguments], text=True, capture_output=True,
                             env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}, check=False)
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def send(self, type_name, *fields, expect=0):
        return self.control("send", type_name, *fields, "--at", self.city.day, expect=expect)

    def told(self):
        """What stands in the journal about it: type and source, in its order."""
        events = json.loads(self.control("--json", "journal", "read", "--types", ",".join(FOLLOWED)))["events"]
        return [(event["type"], event["source"]) for event in events]

    def state(self, task):
        return json.loads(self.control("--json", "show", "task", task))["state"]

    def test_down_with_receipts_up_with_results_and_across_between_departments(self):
        self.begin("qz", "district", "jb", "gm")
        self.begin("mzj", "bureau")
        # The city's office asks the district and the bureau; the district's service says at once that it came, and passes it on.
        self.city.on("2018-08-23")
        self.send("notice.issued", "notice=n:1", "title=在职党员到社区报到", "number=市文明办发〔2018〕37号", "to=qz", "to=mzj", "due=2018-08-30")
        self.send("task.assigned", "task=t:1", "notice=n:1", "organisation=qz", "owner=qz:zhuren", "due=2018-09-20", "title=组织报到")
        self.assertEqual([self.answered("qz") for _ in range(4)], [
            ("notice.received", "stored"), ("notice.issued", "stored"), ("task.assigned", "stored"), ("task.assigned", "stored")])
        receipts = self.control("notice", "receipts", "n:1")
        self.assertRegex(receipts, r"秦州区文明办.*已回执")
        self.assertRegex(receipts, r"天水市民政局.*待回执|天水市民政局.*未回执")
        # Both communities find the notice and their task, sign for the one and do the other.
        self.assertIn("t:1:jb", self.control("list", "task", "organisation=jb"))
        for unit in ("jb", "gm"):
            self.send("notice.received", "notice=n:1:qz", f"organisation={unit}", f"by={unit}:office")
        self.city.on("2018-09-10")
        self.send("task.reported", "task=t:1:jb", "evidence.digest=b2:11", "evidence.note=花名册")
        self.assertEqual(self.answered("qz"), ("task.accepted", "stored"))
        self.assertNotEqual(self.state("t:1"), "reported")  # one of the two is still to come
        # The district's service is killed and loses where it was. Started again, it reads from the first event on: all
        # that it says again is known, and nothing of it stands there twice.
        before = self.told()
        self.end(self.services["qz"])
        self.cursor("qz").unlink()
        self.begin("qz", "district", "jb", "gm")
        self.assertEqual([self.answered("qz")[1] for _ in range(5)], ["duplicate"] * 5)
        self.assertEqual(self.told(), before)
        # The second community reports; the district accepts, and reports upwards by itself; the city's office accepts.
        self.send("task.reported", "task=t:1:gm", "evidence.digest=b2:12", "evidence.note=花名册")
        self.assertEqual([self.answered("qz") for _ in range(2)], [("task.accepted", "stored"), ("task.reported", "stored")])
        self.assertIn("self_review", self.send("task.accepted", "task=t:1", "by=qz:zhuren", expect=1))
        self.send("task.accepted", "task=t:1", "by=ccb:1")
        self.assertEqual([self.state(task) for task in ("t:1", "t:1:jb", "t:1:gm")], ["accepted"] * 3)
        # Across: a team forms in the district, and the bureau of another line files it, without being asked.
        self.send("team.formed", "team=team:1", "name=藉河清洁队", "category=ecology", f"region={COMMUNITY}", "legal_status=grassroots",
                  "--source", "/departments/qz")
        self.assertEqual(self.answered("mzj"), ("team.updated", "stored"))
        self.assertIn("team:1", self.control("list", "team", "legal_status=filed"))
        # Who said what stands in the journal, for everybody to read.
        told = self.told()
        self.assertEqual(told.count(("team.updated", "/departments/mzj")), 1)
        self.assertEqual(told.count(("task.assigned", "/departments/qz")), 2)
        self.assertEqual(told.count(("task.accepted", "/departments/qz")), 2)
        self.assertEqual({source for _, source in told}, {"volunteerctl", "/departments/qz", "/departments/mzj"})
        # In the name of a plugin, which the city's daemon runs itself, nobody speaks on the bus.
        self.assertIn("not_allowed", self.send("team.updated", "team=team:1", "changes.name=别的名字", "--source", "/plugins/recruitment",
                                               expect=1))
        for name in ("qz", "mzj"):
            eventually(lambda name=name: int(self.cursor(name).read_text() or 0) > 0, "its cursor")


if __name__ == "__main__":
    unittest.main()
