"""45: 市四大组织领导带头注册登记. The leaders of the four bodies register like everybody, are counted like everybody, and the city sees
on one page how they lead."""
import json
import unittest

import mission  # noqa: F401
from eligibility_test import PeopleTest
from harness import COMMUNITY
from volunteerctl_test import control


class Leaders(PeopleTest):
    def serve(self, record, volunteer, hours):
        self.city.send("service.recorded", {"record": record, "volunteer": volunteer, "organisation": "org:1", "method": "automatic",
                                            "starts": "2018-08-01T07:00:00+08:00", "ends": f"2018-08-01T{7 + hours:02}:00:00+08:00",
                                            "recorder": "clerk:1"})

    def test_leaders_are_seen_apart_and_counted_like_everybody(self):
        for n, body in enumerate(("市委", "市人大常委会", "市政府", "市政协")):
            self.city.send("volunteer.registered", {"volunteer": f"l:{n}", "region": COMMUNITY, "born": "1965-01", "leader_body": body,
                                                    "identity": {"name": "无名", "document_kind": "passport", "number": f"L{n}"}})
        self.city.on("2018-08-02")
        self.serve("r:1", "l:2", 2)
        self.serve("r:2", "v:1", 2)
        run = control(self.city.daemon.runtime, "report", "leaders", "--json")
        (section,) = json.loads(run.stdout)["document"]["sections"]
        self.assertEqual([row[:3] + [row[4]] for row in section["rows"]],
                         [["党委", 1, 1, 0], ["人大", 1, 1, 0], ["政府", 1, 1, 120], ["政协", 1, 1, 0]])
        # No privilege in counting: the same two hours, the same stars.
        leader, other = (self.ask("volunteer.get", volunteer=v) for v in ("l:2", "v:1"))
        self.assertEqual([(p["minutes"], p["stars"], p["points"]) for p in (leader, other)], [(120, 0, leader["points"])] * 2)
        self.assertEqual(self.ask("report.stars")["total"]["volunteers"], 7)


if __name__ == "__main__":
    unittest.main()
