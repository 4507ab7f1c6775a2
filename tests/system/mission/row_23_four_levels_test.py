"""市、县区、乡镇街道、社区四级志愿者组织为主要架构: each region has its organisation, and what is missing is a list."""

import unittest

from paper import PaperScenario
from small_city import CITY, COMMUNITY, COUNTY, OTHER_COUNTY, SECOND_COMMUNITY, TOWNSHIP


class FourLevelsTest(PaperScenario):
    def define(self, organisation, region, kind="volunteer_organisation"):
        self.city.define_organisation(organisation, f"志愿服务组织{organisation}", region=region, kind=kind)

    def test_the_list_of_what_is_missing_gets_shorter_with_each_organisation(self):
        rows, total = self.table(self.report("network"), "四级志愿服务组织")
        self.assertEqual([(row["level"], row["nodes"], row["served"]) for row in rows],
                         [("市", 1, 0), ("县区", 2, 0), ("乡镇街道", 2, 0), ("社区", 3, 0)])
        self.assertEqual((total["nodes"], total["missing"]), (8, 8))
        for number, region in enumerate((CITY, COUNTY, TOWNSHIP, COMMUNITY)):
            self.define(f"org:{number}", region)
        document = self.report("network")
        rows, total = self.table(document, "四级志愿服务组织")
        self.assertEqual([row["rate"] for row in rows], [[1, 1], [1, 2], [1, 2], [1, 3]])
        missing, _ = self.table(document, "尚缺组织的区划")
        self.assertEqual([row["name"] for row in missing],
                         ["麦积区", "麦积区 道北街道", "秦州区 大城街道 光明巷社区居委会", "麦积区 道北街道 前进路社区居委会"])
        self.assertIn("应建志愿服务组织8个，已建4个，尚缺4个", document["text"][0])
        counties = self.by_name(document, "分区划")
        self.assertEqual((counties["秦州区"]["own"], counties["秦州区"]["rate"]), ("已建", [3, 4]))
        self.assertEqual((counties["麦积区"]["own"], counties["麦积区"]["communities_served"]), ("尚缺", 0))

    def test_a_county_sees_its_own_part(self):
        self.define("org:1", COUNTY)
        rows, total = self.table(self.report("network", region=COUNTY, by="community"), "四级志愿服务组织")
        self.assertEqual(([row["level"] for row in rows], total["nodes"], total["served"]), (["县区", "乡镇街道", "社区"], 4, 1))
        rows, _ = self.table(self.report("network", region=COUNTY, by="community"), "分区划")
        self.assertEqual([row["region"] for row in rows], [COMMUNITY, SECOND_COMMUNITY])

    def test_which_kinds_count_is_the_citys_to_say(self):
        """A committee stands for its community where the city says so."""
        self.define("org:committee", COMMUNITY, kind="self_governing")
        self.assertEqual(self.table(self.report("network"), "四级志愿服务组织")[1]["served"], 0)
        kinds = "volunteer_organisation,self_governing"
        self.assertEqual(self.table(self.report("network", kinds=kinds), "四级志愿服务组织")[1]["served"], 1)
        printed = self.clerk("report", "network", "--kinds", kinds, "--by", "township")
        self.assertIn("尚缺组织的区划", printed)
        self.assertIn("12.50%", printed)
        self.refuse("out_of_range", "kinds", "report.network", kinds="committee")

    def test_one_that_is_dissolved_leaves_a_gap_from_that_day_on(self):
        self.define("org:1", OTHER_COUNTY)
        self.city.on("2018-04-01")
        self.stored("organisation.dissolved", organisation="org:1")
        self.assertEqual(self.table(self.report("network"), "四级志愿服务组织")[1]["served"], 0)
        past = self.report("network", as_of="2018-03-31")
        self.assertEqual(self.table(past, "四级志愿服务组织")[1]["served"], 1)


if __name__ == "__main__":
    unittest.main()
