"""19: 进一步规范注册志愿者和志愿团队. A clerk mends the registers of a district: fills what is missing, finds one person under two ids and
merges them, and looks at a team in which nobody has served for half a year."""
import json
import unittest

import mission  # noqa: F401
from eligibility_test import PeopleTest
from harness import COMMUNITY, COUNTY, eventually
from volunteerctl_test import control


class Mending(PeopleTest):
    def run_ctl(self, *arguments):
        run = control(self.city.daemon.runtime, *arguments, language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout

    def report(self):
        return json.loads(self.run_ctl("report", "quality", "--region", COUNTY, "--json"))["document"]

    def test_a_clerk_works_the_registers_down(self):
        for name, number, phone in (("d:1", "E1", "13800000001"), ("d:2", "P9", "13800000001")):
            self.city.send("volunteer.registered", {"volunteer": name, "region": COMMUNITY, "born": "1985-03", "sex": "female",
                                                    "occupation": "teacher", "education": "bachelor", "skills": ["急救"], "identity": {
                "name": "李梅", "document_kind": "passport", "number": number, "phone": phone}})
        self.stored("team.formed", team="t:1", name="清风队", category="ecology", region=COMMUNITY, legal_status="filed")
        self.stored("team.joined", team="t:1", volunteer="v:1")
        self.city.on("2019-03-01")
        self.city.send("service.recorded", {"record": "r:1", "volunteer": "d:2", "organisation": "org:1", "method": "automatic",
                                            "starts": "2019-02-28T09:00:00+08:00", "ends": "2019-02-28T11:00:00+08:00", "recorder": "clerk:1"})
        # What there is to do, on one page.
        missing, counts, dead, twice = self.report()["sections"]
        self.assertEqual(missing["total"][-3:], [3, 3, 3])
        self.assertEqual([row[0] for row in dead["rows"]], ["t:1"])
        self.assertIn(["电话", "d:1 d:2"], twice["rows"])
        # What is missing is filled, person by person from the list.
        listed = json.loads(self.run_ctl("list", "volunteer", "missing=skills", f"region={COUNTY}", "--json"))["items"]
        self.assertEqual([item["volunteer"] for item in listed], ["v:1", "v:2", "v:3"])
        for item in listed:
            self.run_ctl("send", "volunteer.updated", "--at", "2019-03-01", f"volunteer={item['volunteer']}", "changes.skills=摄影",
                         "changes.education=college", "changes.occupation=farmer", "changes.sex=male")
        # The two are one person: her name is looked at, which stands in the journal, and the ids become one.
        found = json.loads(self.run_ctl("volunteer", "find", "--phone", "13800000001", "--by", "clerk:3", "--purpose", "核对重复注册", "--json"))
        self.assertEqual([(item["volunteer"], item["name"]) for item in found["items"]], [("d:1", "李梅"), ("d:2", "李梅")])
        self.run_ctl("send", "volunteer.merged", "--at", "2019-03-01", "volunteer=d:2", "into=d:1")
        eventually(lambda: self.ask("volunteer.get", volunteer="d:1")["minutes"] == 120, "her hours follow")
        readings = self.ask("journal.read", types=["identity.read"])["events"]
        self.assertEqual([(e["data"]["by"], e["data"]["purpose"]) for e in readings], [("clerk:3", "核对重复注册")] * 2)
        # The team is dissolved; nothing is left on the page.
        self.stored("team.dissolved", team="t:1")
        missing, counts, dead, twice = self.report()["sections"]
        self.assertEqual((missing["total"][2:], dead["rows"]), ([4, 0, 0, 0, 0, 0, 0], []))
        self.assertNotIn("d:2", str(twice["rows"]))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
