"""61: 逐步推进志愿者全员注册,提高志愿者覆盖率. Who of a community or a unit is not registered yet, in numbers; and how that falls."""
import csv
import io
import unittest

import mission  # noqa: F401
from eligibility_test import PeopleTest
from harness import COMMUNITY, COUNTY, TOWNSHIP
from volunteerctl_test import control


class Coverage(PeopleTest):
    def rows(self, *arguments):
        run = control(self.city.daemon.runtime, "report", "coverage", *arguments, "--format", "csv", language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stderr)
        return {row[0]: row for row in csv.reader(io.StringIO(run.stdout.lstrip("\ufeff")))}

    def figure(self, figure, kind, id, value):
        self.stored("figure.reported", figure=figure, subject={"kind": kind, "id": id}, value=value, as_of="2018-01-01", origin="社区台账")

    def test_a_community_and_a_unit_see_who_is_missing(self):
        self.figure("residents", "region", COMMUNITY, 5)
        self.figure("staff", "organisation", "org:1", 3)
        self.figure("in_service_party_members", "organisation", "org:1", 2)
        community = self.rows("--by", "community", "--region", TOWNSHIP)[COMMUNITY]
        self.assertEqual(community[2:5], ["3", "5", "2"])
        self.assertEqual(self.rows("--by", "unit")["org:1"][2:5], ["0", "3", "3"])
        # Two of the three resident volunteers work there, one of them in the Party.
        self.stored("volunteer.updated", volunteer="v:1", changes={"employer": "org:1", "party_status": "in_service"})
        self.stored("volunteer.updated", volunteer="v:2", changes={"employer": "org:1"})
        unit = self.rows("--by", "unit", "--region", COUNTY)["org:1"]
        self.assertEqual((unit[2:5], unit[6:9]), (["2", "3", "1"], ["1", "2", "1"]))
        # The last of the staff registers: nobody is missing. A unit that never told its staff has no data.
        self.city.register("v:4", employer="org:1")
        self.city.register("v:5", employer="org:2")
        units = self.rows("--by", "unit")
        self.assertEqual((units["org:1"][4], units["org:2"][2:5]), ("0", ["1", "", ""]))


if __name__ == "__main__":
    unittest.main()
