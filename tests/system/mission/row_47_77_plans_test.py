"""纳入国民经济和社会发展规划,合理安排资金; 加强规划管理: a year's plan with what is done of it, what is behind its pace, what is overdue; and the budget
lines beside it. (The fund itself is fund_ledger_test.py.)"""

import csv
import io
import unittest

from paper import PaperScenario
from small_city import CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY


class PlansTest(PaperScenario):
    day = "2018-01-01"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "市文明办", region=COMMUNITY)
        self.stored("document.registered", document="doc:plan", title="天水市国民经济和社会发展年度计划", number="天政发〔2018〕1号", issued_by="天水市人民政府",
                    on="2018-01-01")

    def plan(self, name, subject, measure, target, due="2018-12-31", kind="region", **more):
        self.stored("plan.set", plan=name, subject={"kind": kind, "id": subject}, measure=measure, target=target, due=due,
                    document="doc:plan", **more)

    def plans(self, **params):
        return {row["plan"]: row for row in self.table(self.report("plans", **params), "计划进度")[0]}

    def test_a_years_plan_is_followed_by_an_even_pace(self):
        # The plan of 2018: volunteers of the city, teams of a district, hours of the city office, projects by June.
        self.plan("p:people", CITY, "volunteers", 8, title="注册志愿者8人")
        self.plan("p:teams", COUNTY, "teams", 2)
        self.plan("p:minutes", "org:1", "minutes", 600, kind="organisation", **{"from": "2018-01-01"})
        self.plan("p:projects", OTHER_COUNTY, "projects", 3, due="2018-06-30")
        self.assertEqual({row["state"] for row in self.plans().values()}, {"on_time"})
        for number in range(5):
            self.city.register(f"v:{number}", COMMUNITY if number else OTHER_COMMUNITY)
        self.stored("team.formed", team="t:1", name="队", category="elderly", region=COMMUNITY, legal_status="filed")
        self.serve_on("r:1", "v:0", "2018-02-10", "org:1", hours=2)
        self.city.on("2018-07-02").define_organisation("org:x", "七月")
        rows = self.plans()
        self.assertEqual(list(rows), ["p:projects", "p:people", "p:teams", "p:minutes"], "due first")
        people, teams, minutes, projects = (rows[name] for name in ("p:people", "p:teams", "p:minutes", "p:projects"))
        # 182 of 364 days are over: 4 of 8 people, 1 of 2 teams, 300 of 600 minutes.
        self.assertEqual((people["title"], people["subject"], people["done"], people["rate"], people["expected"], people["short"], people["state"]),
                         ("注册志愿者8人", "天水市", 5, [5, 8], 4, 3, "on_time"))
        self.assertEqual((teams["done"], teams["expected"], teams["state"], teams["days_left"]), (1, 1, "on_time", 182))
        self.assertEqual((minutes["done"], minutes["expected"], minutes["state"], minutes["subject"]), (120, 300, "behind", "市文明办"))
        self.assertEqual((projects["done"], projects["state"], projects["days_left"]), (0, "overdue", -2))
        self.assertIn("共4项计划：已完成0项，按进度2项，落后进度1项，逾期未完成1项", self.report("plans")["text"][0])
        # As it stood in spring, by what was known then; of one county; of a year.
        self.assertEqual(self.plans(as_of="2018-03-31")["p:projects"]["state"], "behind")
        self.assertEqual(set(self.plans(region=COUNTY)), {"p:teams", "p:minutes"})
        self.assertEqual(self.plans(year=2019), {})
        # The target is raised, and later reached.
        self.plan("p:teams", COUNTY, "teams", 4)
        self.assertEqual((self.plans()["p:teams"]["from"], self.plans()["p:teams"]["state"]), ("2018-01-01", "behind"))
        for number in (2, 3, 4):
            self.stored("team.formed", team=f"t:{number}", name="队", category="elderly", region=COMMUNITY, legal_status="filed")
        self.assertEqual(self.plans()["p:teams"]["state"], "met")
        self.assertEqual([self.plans(as_of=day)["p:teams"]["target"] for day in ("2018-07-01", "2018-07-02")], [2, 4])
        page = self.clerk("report", "plans", "--year", "2018")
        for text in ("注册志愿者8人", "落后进度", "已逾期", "62.50%", "市文明办"):
            self.assertIn(text, page)
        self.assertTrue("<svg" in self.clerk("report", "plans", "--format", "svg"))
        listed = self.clerk("list", "plan", f"region={CITY}")
        self.assertIn("达标", listed)
        self.assertIn("org:1", self.clerk("show", "plan", "p:minutes"))
        self.refused("out_of_range", "data.from", "plan.set", plan="p:x", subject={"kind": "region", "id": CITY}, measure="teams", target=1,
                     due="2018-01-01", **{"from": "2018-01-02"})

    def test_the_money_stands_in_budget_lines_beside_the_plan(self):
        for entry, line, yuan in (("z:1", "2013299 志愿服务", 50000), ("z:2", "2080299 社区服务站", 120000)):
            self.stored("fund.allocated", fund="tszyz:fund", entry=entry, amount_fen=yuan * 100, origin="市财政", year=2018, budget_line=line)
        self.stored("fund.committed", fund="tszyz:fund", entry="c:1", amount_fen=3000000, purpose="服务站设备", by="clerk:1", of="z:2", document="doc:plan")
        self.stored("fund.spent", fund="tszyz:fund", entry="s:1", amount_fen=3000000, purpose="服务站设备", by="cashier:1", of="c:1")
        rows = list(csv.reader(io.StringIO(self.clerk("report", "funds", "--by", "line", "--format", "csv"))))
        self.assertIn(["2080299 社区服务站", "120000.00", "0.00", "30000.00", "90000.00", "25.00%"], rows)
        self.assertIn(["2013299 志愿服务", "50000.00", "0.00", "0.00", "50000.00", "0.00%"], rows)


if __name__ == "__main__":
    unittest.main()
