"""《全市志愿者注册工作情况通报》, month by month; and from the city's figure down to the single record behind it."""

import csv
import io
import re
import unittest

import mission  # noqa: F401
from harness import COMMUNITY, COUNTY
from paper import PaperScenario
from small_city import OTHER_COMMUNITY, OTHER_COUNTY


class BulletinScenario(PaperScenario):
    day = "2018-07-02"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "天水市文明办")
        self.city.define_organisation("org:power", "天水供电公司", kind="enterprise")
        self.stored("civilised_title.awarded", subject={"kind": "organisation", "id": "org:power"}, title="unit", level="municipal",
                    on="2018-01-01")
        self.figure("staff", "organisation", "org:power", 4)
        self.figure("built_up_residents", "region", COUNTY, 50)
        self.figure("built_up_residents", "region", OTHER_COUNTY, 20)
        for n in range(1, 6):
            self.city.register(f"v:{n}", COMMUNITY, employer="org:power")
        self.city.register("v:6", OTHER_COMMUNITY)
        self.hold_activity("act:1", "2018-07-10", COMMUNITY)
        self.hold_activity("act:2", "2018-07-11", OTHER_COMMUNITY)
        for n in range(1, 4):
            self.serve_on(f"r:{n}", f"v:{n}", "2018-07-10", "org:1", activity="act:1")
        self.serve_on("r:6", "v:6", "2018-07-11", "org:1", hours=1, activity="act:2")

    def figure(self, figure, kind, id, value):
        self.stored("figure.reported", figure=figure, subject={"kind": kind, "id": id}, value=value, as_of="2018-06-30", origin="统计局")

    def test_the_districts_read_it_month_by_month(self):
        """注册人数、比例、名次、差额、较上期;编号印发后不再变动,更正见下期。"""
        self.city.on("2018-08-01").register("v:7", OTHER_COMMUNITY)
        self.assertIn("第 1 期", self.clerk("bulletin", "issue", "registration", "--period", "2018-07", "--by", "clerk:1"))
        first = self.clerk("bulletin", "show", "registration", "--number", "1")
        self.assertRegex(first, r"1 +秦州区 +5 +50 +10\.00% +未达标 +2")
        self.assertRegex(first, r"2 +麦积区 +1 +20 +5\.00% +未达标 +2")
        self.assertRegex(first, r"天水供电公司 +市级 +4 +5 +125\.00% +达标")
        self.city.on("2018-08-20")
        self.stored("service.revoked", record="r:1", reason="代签", by="clerk:9")
        for n in range(8, 10):
            self.city.register(f"v:{n}", OTHER_COMMUNITY)
        self.city.on("2018-09-01").register("v:10")
        self.clerk("bulletin", "issue", "registration", "--period", "2018-08", "--by", "clerk:1")
        second = self.clerk("bulletin", "show", "registration")
        self.assertIn("括号内为较第 1 期（2018年7月31日）增减", second)
        self.assertRegex(second, r"1 \(↑1\) +麦积区 +4 \(\+3\) +20 +20\.00% \(\+15\.00\) +达标 +0 \(-2\)")
        self.assertRegex(second, r"2 \(↓1\) +秦州区 +5 +50 +10\.00%")
        self.assertIn("第 1 期（截至2018年7月31日）所载有", second)
        self.assertRegex(second, r"志愿服务活动 +秦州区 +服务时长 +6\.0 +4\.0 +-2\.0 +0 +1")
        self.assertEqual(self.clerk("bulletin", "show", "registration", "--number", "1"), first)
        self.assert_replay_agrees()

    def down(self, *arguments):
        rows = list(csv.reader(io.StringIO(self.clerk("bulletin", "drill", "registration", "--preview", "--column", "服务时长", *arguments,
                                                      "--format", "csv").lstrip("\ufeff"))))
        return rows[1:-1], rows[-1]

    def test_from_the_city_s_figure_to_the_single_record(self):
        """全市时长 → 区县 → 街道 → 社区 → 每一条记录,逐级相加都等于上一级的数。"""
        shown = self.clerk("bulletin", "preview", "registration", "--period", "2018-07")
        self.assertRegex(re.sub(r"\(.*?\)", "", shown), r"天水市 +2 +4 +7\.0")
        counties, total = self.down()
        self.assertEqual(([row[2] for row in counties], total[2]), (["6.0", "1.0"], "7.0"))
        streets, total = self.down("--row", "秦州区")
        self.assertEqual(([row[2] for row in streets], total[2]), (["6.0"], "6.0"))
        communities, total = self.down("--row", "秦州区", "--into", streets[0][0])
        self.assertEqual(([row[2] for row in communities], total[2]), (["6.0", "0.0"], "6.0"))
        records, total = self.down("--row", "秦州区", "--into", COMMUNITY)
        self.assertEqual([row[:2] + row[3:] for row in records], [["record", f"r:{n}", "2018-07-10", "2.0"] for n in range(1, 4)])
        self.assertEqual(total[-1], "6.0")
        self.assertIn("r:1", self.clerk("explain", "record", records[0][1]))


if __name__ == "__main__":
    unittest.main()
