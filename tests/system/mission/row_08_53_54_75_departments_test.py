"""推进诚信建设和志愿服务制度化; 民政部门作为主管部门; 组织、宣传、机关工委、教育、财政、人社、工会、妇联、共青团 each see to their own; 多模式、多样化: one city in
which the civil affairs bureau registers, inspects and penalises, each department has its own view and may have rules of its own, and all of it
stands in one ledger."""

import unittest

import mission  # noqa: F401
from harness import CITY, COMMUNITY
from paper import PaperCity
from ruled_city import acceptance, rule
from small_city import OTHER_COMMUNITY, OTHER_COUNTY

DEPARTMENTS = ("组织", "宣传", "机关工委", "教育", "财政", "人社", "工会", "妇联", "共青团")
OWN_POINTS = """
    if context.subject ~= "record" then return { postings = {} } end
    if not record.organisation or record.organisation.line ~= parameters.line then return { postings = {} } end
    local amount = record.counted_minutes // 60 * parameters.units
    if amount == 0 then return { postings = {} } end
    return { postings = { { account = "points", amount = amount, reason = parameters.line } } }"""


class DepartmentsTest(PaperCity):
    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup, policies=None)
        city.on("2018-03-01").define_regions()
        city.send("document.registered", {"document": "doc:system", "title": "志愿服务制度化实施意见", "number": "天文明委〔2018〕5号",
                                          "issued_by": "天水市文明委", "on": "2018-03-01"})
        city.define_organisation("org:civil", "市民政局", line="民政")
        for number, line in enumerate(DEPARTMENTS):
            city.define_organisation(f"org:{number}", f"市{line}", region=OTHER_COMMUNITY if line == "教育" else COMMUNITY, line=line)
        cls.activate(acceptance().replace('title = "规则",', 'title = "服务时长认定", basis = "doc:system",'))
        # 教育 gives two points an hour, 工会 one; the others none. 麦积区 counts two hours a day at most.
        for name, line, units in (("points_education", "教育", 200), ("points_union", "工会", 100)):
            cls.activate(rule("points", OWN_POINTS, {"2000-01-01": {"line": line, "units": units}},
                              '{ name = "无", given = { counted_minutes = 0 }, expect = { postings = {} } }', name=name))
        cls.activate(acceptance(most=120, scope=OTHER_COUNTY), scope=OTHER_COUNTY)
        for number in range(9):
            city.send("volunteer.registered", {"volunteer": f"v:{number}", "region": COMMUNITY, "employer": f"org:{number}"})
        city.on("2018-03-02")
        for number in range(9):
            cls.serve(f"r:{number}", f"v:{number}", f"org:{number}", 3)

    @classmethod
    def activate(cls, text, **more):
        cls.city.daemon.query("policy.activate", text=text, by="clerk:1", effective="2010-01-01", **more)

    @classmethod
    def serve(cls, record, volunteer, organisation, hours, **more):
        day = cls.city.day
        cls.city.send("service.recorded", {
            "record": record, "volunteer": volunteer, "organisation": organisation, "method": "code", "recorder": "clerk:1",
            "starts": f"{day}T07:00:00+08:00", "ends": f"{day}T{7 + hours:02}:00:00+08:00", **more})

    def balance(self, volunteer):
        accounts = {item["account"]: item["balance"] for item in self.ask("points.get", points=volunteer)["accounts"]}
        return accounts.get("points", 0)

    # ---- 54 ----

    def test_each_department_sees_its_own_units_and_what_they_do(self):
        rows = self.by_name(self.report("units", by="line", as_of="2018-03-02"), "条线")
        self.assertEqual([(rows[line]["organisations"], rows[line]["volunteers"], rows[line]["records"]) for line in DEPARTMENTS], [(1, 1, 1)] * 9)
        own = self.by_name(self.report("units", by="unit", line="教育"), "单位")
        self.assertEqual((list(own), own["市教育"]["year_minutes"]), (["市教育"], 120))
        self.assertEqual(self.ids("organisation.list", "organisation", line="教育"), ["org:3"])
        page = self.clerk("report", "units", "--by", "unit", "--line", "妇联")
        self.assertIn("市妇联", page)
        self.assertNotIn("市工会", page)

    # ---- 75 ----

    def test_departments_have_rules_of_their_own_over_one_ledger(self):
        self.assertEqual([self.balance(f"v:{number}") for number in range(9)], [0, 0, 0, 400, 0, 0, 300, 0, 0])
        earned = {(entry["reason"], entry["amount"]) for entry in self.ask("points.list", volunteer="v:6")["items"]}
        self.assertEqual(earned, {("工会", 300)})
        # The district's own acceptance: three hours served there count as two; elsewhere as three.
        self.assertEqual([self.ask("record.get", record=f"r:{number}")["counted_minutes"] for number in (3, 6)], [120, 180])
        (ledger,) = [item for item in self.ask("status")["ledger"] if item["account"] == "points"]
        self.assertEqual(ledger["persons"] - ledger["owed"] + ledger["issue"] + ledger["expiry"] + ledger["shop"] + ledger["adjustment"]
                         + ledger["held"], 0)

    # ---- 8 ----

    def test_the_rules_in_force_are_a_register_with_the_document_each_rests_on(self):
        rules = {(item["policy"], item["scope"]): item for item in self.ask("policy.list")["items"]}
        self.assertEqual(set(rules), {("acceptance", None), ("acceptance", OTHER_COUNTY), ("points_education", None), ("points_union", None)})
        self.assertEqual({item["state"] for item in rules.values()}, {"in_force"})
        self.assertEqual((rules[("acceptance", None)]["basis"], rules[("points_union", None)]["basis"]), ("doc:system", None))
        page = self.clerk("list", "policy")
        for text in ("服务时长认定", "doc:system", "施行中", "points_education"):
            self.assertIn(text, page)

    def test_what_somebody_told_falsely_stands_in_the_record_of_integrity(self):
        """Drawn, found false, taken back: hours, points, and a mark that stays."""
        self.city.on("2018-04-02")
        self.serve("r:false", "v:6", "org:6", 2)
        before = self.balance("v:6")
        self.clerk("record", "sample", "r:false", "--by", "inspector:1")
        self.assertIn("r:false", self.clerk("record", "sampled"))
        self.clerk("record", "answer", "r:false", "false", "--by", "inspector:2")
        record = self.ask("record.get", record="r:false")
        self.assertEqual((record["state"], record["check"]["state"], self.balance("v:6")), ("revoked", "false", before - 200))
        standing = self.ask("explain", volunteer="v:6")["standing"]
        self.assertEqual((standing["false_records"], standing["false_on"]), (1, "2018-04-02"))
        total = self.report("integrity")["sections"][0]["total"]
        self.assertIn(1, total)
        self.assertIn("1", self.clerk("report", "integrity"))

    # ---- 53 ----

    def test_civil_affairs_register_inspect_and_penalise(self):
        self.city.on("2018-03-07")
        # Registers: a team of its own accord is filed, then registered with the bureau.
        self.city.send("team.formed", {"team": "t:1", "name": "阳光志愿队", "category": "elderly", "region": COMMUNITY, "legal_status": "grassroots"})
        for status in ("filed", "registered"):
            self.city.send("team.updated", {"team": "t:1", "changes": {"legal_status": status}})
        self.assertEqual(self.ids("team.list", "team", legal_status="registered"), ["t:1"])
        # Handles what anybody complains of, or passes it on to whose it is.
        self.city.send("complaint.filed", {"complaint": "c:1", "subject": {"kind": "organisation", "id": "org:8"}, "text": "收取报名费"})
        self.city.send("complaint.referred", {"complaint": "c:1", "to": "org:civil"})
        self.city.send("complaint.resolved", {"complaint": "c:1", "outcome": "upheld", "by": "official:1"})
        self.assertEqual((self.ask("complaint.get", complaint="c:1")["state"], self.ask("complaint.get", complaint="c:1")["referred_to"]),
                         ("resolved", "org:civil"))
        # Inspects: a record is drawn; who entered it does not answer for it.
        self.serve("r:drawn", "v:8", "org:8", 2)
        self.clerk("record", "sample", "r:drawn", "--by", "official:1")
        self.assertIn("self_review", self.clerk("record", "answer", "r:drawn", "real", "--by", "clerk:1", expect=1))
        self.clerk("record", "answer", "r:drawn", "real", "--by", "official:2")
        # Penalises: suspended until a day, and good again after it.
        self.city.send("volunteer.suspended", {"volunteer": "v:8", "reason": "冒用他人身份", "until": "2018-03-20"})
        self.assertEqual((self.ask("volunteer.get", volunteer="v:8")["standing"], self.ids("volunteer.list", "volunteer", standing="suspended")),
                         ("suspended", ["v:8"]))
        page = self.clerk("show", "volunteer", "v:8")
        self.assertIn("冒用他人身份", page)
        self.city.on("2018-03-21").define_organisation("org:9", "次日")
        self.assertEqual(self.ask("volunteer.get", volunteer="v:8")["standing"], "good")
        self.assertIn(CITY, self.clerk("list", "region", "level=city"))


if __name__ == "__main__":
    unittest.main()
