"""list and show reach everything that was ever sent; station plan and points adjust."""

import re
import unittest

import harness
from dictionary_test import REFUSED, USAGE, FileTest
from harness import CITY, COMMUNITY, COUNTY, ORGANISATION, ROOT, event

UNIT = {"kind": "organisation", "id": ORGANISATION}
EVIDENCE = {"digest": "sha256:0a1b", "note": "两名专职人员到岗"}
NOUNS = ["region", "organisation", "volunteer", "activity", "record", "policy", "team", "station", "project", "document", "plan",
         "figure", "civilised_title", "dictionary", "calendar", "adjustment", "points", "assessment", "bulletin", "transfer", "reward",
         "redemption", "application", "honour", "nomination", "fund", "fund_entry", "case"]


class NounsTest(FileTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        events = [
            event("station.planned", {"station": "s1", "region": COMMUNITY, "name": "进步巷服务站", "due": "2018-12-31"}),
            event("station.progressed", {"station": "s1", "part": "staff", "done": True, "evidence": EVIDENCE, "by": "clerk:1",
                                         "on": "2018-09-01"}),
            event("team.formed", {"team": "t1", "name": "巡逻队", "category": "traffic", "region": COMMUNITY,
                                  "legal_status": "filed", "professional": True}),
            event("team.joined", {"team": "t1", "volunteer": "v1"}),
            event("document.registered", {"document": "doc1", "title": "志愿服务办法", "number": "天办发〔2018〕1号",
                                          "issued_by": "市文明委", "on": "2018-01-01"}),
            event("plan.set", {"plan": "p1", "subject": {"kind": "region", "id": CITY}, "measure": "stations_built",
                               "target": 122, "due": "2018-12-31"}),
            event("figure.reported", {"figure": "staff", "subject": UNIT, "value": 70, "as_of": "2017-12-31", "origin": "编办"}),
            event("civilised_title.awarded", {"subject": UNIT, "title": "unit", "level": "municipal", "on": "2016-01-01"}),
            event("project.defined", {"project": "pr1", "title": "爱心早餐", "category": "elderly",
                                      "organisation": ORGANISATION, "brand": True}),
            harness.activity("a1"),
            event("case.nominated", {"case": "case1", "subject": {"kind": "team", "id": "t1"}, "title": "十年如一日", "by": "clerk:1"}),
            event("service.carried_over", {"record": "c1", "volunteer": "v1", "minutes": 6000, "from": "2010-01-01",
                                           "to": "2016-12-31", "organisation": ORGANISATION, "evidence": "台账"}),
        ]
        for result in cls.city.publish(events)["results"]:
            assert result["status"] == "stored", result
        cls.city.query("calendar.set", date="2018-10-01", kind="holiday", name="国庆节", by="clerk:1")

    def setUp(self):
        if not getattr(type(self), "adjusted", None):
            type(self).adjusted = True
            self.control("points", "adjust", "v1", "points", "2.50", "--reason", "补记", "--by", "clerk:1", "--id", "adj1")

    def items(self, noun, *filters):
        return self.json("list", noun, *filters)["items"]

    def test_everything_is_listed(self):
        expected = {"team": "t1", "station": "s1", "project": "pr1", "document": "doc1", "plan": "p1", "figure": "staff",
                    "civilised_title": "unit", "calendar": "2018-10-01", "adjustment": "adj1", "activity": "a1", "record": "c1", "case": "case1"}
        for noun in NOUNS:
            text = self.control("list", noun, *(["volunteer=v1"] if noun == "points" else [])).stdout
            self.assertIn(expected.get(noun, ""), text)

    def test_everything_is_shown(self):
        for noun, name, *parts in (
            ("station", "s1", "进步巷服务站", "staff", "2018-09-01", "sha256:0a1b", "两名专职人员到岗", "funds, venue, team"),
            ("team", "t1", "巡逻队"), ("document", "doc1", "天办发〔2018〕1号"), ("plan", "p1", "122"),
            ("project", "pr1", "爱心早餐"), ("figure", f"staff/organisation/{ORGANISATION}", "70", "编办"),
            ("civilised_title", f"unit/organisation/{ORGANISATION}", "municipal", "2016-01-01"),
            ("dictionary", "category/elderly", "敬老助老志愿服务"), ("dictionary", "category", "elderly", "lei_feng"),
            ("calendar", "2018-10-01", "holiday", "国庆节"), ("adjustment", "adj1", "补记"), ("points", "v1", "2.50"),
            ("assessment", f"organisation/{ORGANISATION}", "unit_staff", "0.00%"), ("assessment", CITY, "registered"),
            ("record", "c1", "6000 min (100.0 h)"), ("case", "case1", "十年如一日", "巡逻队"), ("volunteer", "v1", "巡逻队"), ("region", CITY, "122"),
        ):
            text = self.control("show", noun, name).stdout
            for part in parts:
                self.assertIn(part, text, f"{noun} {name}")

    def test_what_is_not_there_is_refused(self):
        for noun in NOUNS:
            self.control("show", noun, "nothing/at/all", expect=REFUSED)

    def test_points_are_shown_with_their_decimals(self):
        self.assertRegex(self.control("list", "points", "volunteer=v1").stdout, r"points +2\.50 +2\.50 +补记")
        text = self.control("show", "points", "v1", language="zh_CN.UTF-8").stdout
        self.assertRegex(text, r"志愿积分 .*2\.50")
        self.assertIn("分笔余额", text)

    def test_filters_are_words_labels_yes_or_no(self):
        self.assertEqual([t["team"] for t in self.items("team", "legal_status=已备案", "professional=是")], ["t1"])
        self.assertEqual(self.items("team", "professional=no"), [])
        self.assertEqual([p["project"] for p in self.items("project", "brand=yes", "title=早餐")], ["pr1"])
        self.assertEqual([s["station"] for s in self.items("station", f"region={COUNTY}", "state=已规划")], ["s1"])
        self.assertEqual(self.items("figure", "figure=residents"), [])
        self.assertEqual(len(self.items("figure", "figure=干部职工数", f"region={COUNTY}")), 1)
        self.assertEqual(len(self.items("civilised_title", "title=文明单位", "level=市级", "state=保持")), 1)
        self.assertEqual([d["date"] for d in self.items("calendar", "from=2018-10-01", "to=2018-10-31")], ["2018-10-01"])
        self.assertIn("legal_status", self.control("list", "team", "nothing=1", expect=USAGE).stderr)

    def test_chinese_pages_have_no_english_labels(self):
        for noun, name in (("station", "s1"), ("team", "t1"), ("region", CITY), ("organisation", ORGANISATION), ("plan", "p1"),
                           ("volunteer", "v1"), ("figure", f"staff/organisation/{ORGANISATION}"), ("record", "c1"),
                           ("civilised_title", f"unit/organisation/{ORGANISATION}"), ("points", "v1"),
                           ("case", "case1")):
            for line in self.control("show", noun, name, language="zh_CN.UTF-8").stdout.splitlines():
                self.assertNotRegex(line, r"^[a-z_]+(?: / [a-z_]+)* {2,}\S", f"{noun}: {line}")

    def test_amounts_are_read_by_the_accounts_decimals(self):
        self.control("points", "adjust", "v2", "points", "3", "--reason", "补记", "--by", "clerk:1")
        self.control("points", "adjust", "v2", "志愿积分", "-1.5", "--reason", "更正", "--by", "clerk:1")
        balance = self.city.query("points.get", points="v2")["accounts"][0]["balance"]
        self.assertEqual(balance, 150)
        for amount in ("1.234", "x", "", "1.2.3", "99999999999", "-"):
            self.control("points", "adjust", "v2", "points", amount, "--reason", "x", "--by", "clerk:1", expect=USAGE)
        self.control("points", "adjust", "v2", "time_bank", "1.5", "--reason", "x", "--by", "clerk:1", expect=USAGE)
        self.assertIn("--reason", self.control("points", "adjust", "v2", "points", "1", "--by", "x", expect=USAGE).stderr)
        self.assertIn("--by", self.control("points", "adjust", "v2", "points", "1", "--reason", "x", expect=USAGE).stderr)

    def test_a_bulletin_is_sent_by_its_method_and_shown_with_what_it_says(self):
        self.assertIn("leave it out", self.control("send", "bulletin.issued", "kind=station", "by=clerk:1", "title=x",
                                                   expect=USAGE).stderr)
        self.assertIn("by (签发人)", self.control("send", "bulletin.issued", "kind=station", expect=USAGE).stderr)
        sent = self.json("send", "bulletin.issued", "kind=station", "by=clerk:1")
        text = self.control("show", "bulletin", sent["bulletin"]).stdout
        self.assertIn("clerk:1", text)
        self.assertIn(sent["document"]["text"][0][:20], text)
        self.assertIn(sent["bulletin"], self.control("list", "bulletin").stdout)

    def test_policies_stand_under_their_own_names_whatever_their_tables_hold(self):
        items = {item["policy"]: item for item in self.json("list", "policy")["items"]}
        for file in sorted((ROOT / "scripts" / "policies").glob("*.lua")):
            item = items[file.stem]
            self.assertEqual((item["file"], item["state"]), (file.name, "in_force"))
            self.assertIn(f'title = "{item["title"]}"', file.read_text())
        self.assertEqual({item["state"] for item in items.values()}, {"in_force"})

    def test_stations_are_planned_from_a_file(self):
        file = self.file(f"station,region,name,due\nplan:1,{COMMUNITY},一号站,2018-12-31\nplan:2,{COMMUNITY},二号站,2018-12-31\n",
                         "gb18030")
        self.assertEqual(self.json("station", "plan", file, "--dry-run")["events"], 2)
        self.assertEqual(self.json("station", "plan", file)["stored"], 2)
        self.assertEqual(self.json("station", "plan", file)["duplicate"], 2)
        self.assertEqual(self.city.query("station.get", station="plan:2")["name"], "二号站")
        wrong = self.file("station,region,name,due\n,1,,soon\n")
        text = self.control("station", "plan", wrong, expect=REFUSED).stderr
        self.assertEqual(len(re.findall(":2: column", text)), 4, text)


if __name__ == "__main__":
    unittest.main()
