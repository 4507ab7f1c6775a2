"""《开展制度化常态化志愿服务活动实施方案》 and rules that are not settled yet: 《天水市志愿者管理办法》 is still being drafted, so its rules hold for
a while, by a document on trial; the final one comes with its own day, and whoever asks sees what rests on what."""

import unittest

from paper import PaperScenario
from ruled_city import acceptance
from small_city import CITY, COMMUNITY

SCHEME = {"document": "doc:scheme", "title": "开展制度化常态化志愿服务活动实施方案", "number": "天文明委〔2018〕3号", "issued_by": "天水市文明委", "on": "2018-03-01"}
TRIAL = {"document": "doc:trial", "title": "天水市志愿者管理办法(试行)", "number": "天创建办〔2018〕9号", "issued_by": "市创城指挥部办公室", "on": "2018-03-01"}
FINAL = {"document": "doc:final", "title": "天水市志愿者管理办法", "number": "天政发〔2018〕30号", "issued_by": "天水市人民政府", "on": "2018-11-01"}


class DocumentsAndRulesTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "秦州区供电公司")
        self.city.register("v:1")

    def rule_file(self, name, most, document):
        path = self.city.daemon.folder / name
        path.write_text(acceptance(most=most).replace('title = "规则",', f'title = "服务时长认定", basis = "{document}",'), encoding="utf-8")
        return str(path)

    def counted(self, record):
        return self.ask("record.get", record=record)["counted_minutes"]

    def test_a_rule_holds_until_its_successors_day_and_the_register_says_what_rests_on_what(self):
        for document in (SCHEME, TRIAL):
            self.clerk("send", "document.registered", *(f"{key}={value}" for key, value in document.items()), "--at", self.city.day)
        # For the time being two hours a day count, by the document on trial.
        self.clerk("policy", "activate", self.rule_file("trial.lua", 120, "doc:trial"), "--effective", "2018-03-01",
                   "--document", "doc:scheme",
                   "--by", "clerk:1", "--yes", "--no-diff")
        self.serve_on("rec:1", "v:1", "2018-03-05", "org:1", hours=4)
        self.assertEqual(self.counted("rec:1"), 120)
        # What the scheme asks for is planned, a unit is named, both by documents.
        self.stored("plan.set", plan="plan:1", title="全年服务时长", subject={"kind": "region", "id": CITY}, measure="minutes", target=600000,
                    due="2018-12-31", document="doc:scheme", **{"from": "2018-01-01"})
        self.stored("civilised_title.awarded", subject={"kind": "organisation", "id": "org:1"}, title="unit", level="municipal", on="2018-03-01",
                    document="doc:scheme")
        # November: the final document is out, and its rule comes with the new year.
        self.city.on("2018-11-05")
        self.clerk("send", "document.registered", *(f"{key}={value}" for key, value in FINAL.items()), "--at", self.city.day)
        self.clerk("policy", "activate", self.rule_file("final.lua", 480, "doc:final"), "--effective", "2019-01-01", "--by", "clerk:1", "--yes", "--no-diff")
        self.clerk("send", "document.withdrawn", "document=doc:trial", "on=2018-11-05", "by=clerk:1", "replaced_by=doc:final", "reason=正式办法已印发",
                   "--at", self.city.day)
        self.serve_on("rec:2", "v:1", "2018-12-30", "org:1", hours=4)
        self.assertEqual(self.counted("rec:2"), 120)
        trial = self.ask("document.get", document="doc:trial")
        self.assertEqual((trial["state"], trial["withdrawn_on"], trial["replaced_by"], trial["by"]), ("withdrawn", "2018-11-05", "doc:final", "clerk:1"))
        self.assertEqual([(rule["policy"], rule["state"], rule["rests_by"]) for rule in trial["rules"]], [("acceptance", "in_force", "basis")],
                         "a rule that rests on a withdrawn document is seen")
        self.serve_on("rec:3", "v:1", "2019-01-02", "org:1", hours=4)
        self.assertEqual(self.counted("rec:3"), 240)
        self.assertEqual(self.counted("rec:1"), 120, "what was counted stays as it was")
        states = {name: [rule["state"] for rule in self.ask("document.get", document=name)["rules"]] for name in ("doc:trial", "doc:final")}
        self.assertEqual(states, {"doc:trial": ["superseded"], "doc:final": ["in_force"]})
        scheme = self.ask("document.get", document="doc:scheme")
        self.assertEqual([(rule["policy"], rule["rests_by"]) for rule in scheme["rules"]], [("acceptance", "activation")])
        self.assertEqual([(item["kind"], item["id"]) for item in scheme["named_by"]], [("plan", "plan:1")])
        self.assertEqual([(title["subject"]["id"], title["level"], title["state"]) for title in scheme["titles"]], [("org:1", "municipal", "held")])
        # On paper: the register, one document, and what is in force with the document it rests on.
        page = self.clerk("list", "document")
        for text in (SCHEME["title"], "已废止", "有效", "doc:final", FINAL["number"]):
            self.assertIn(text, page)
        self.assertNotIn("试行", self.clerk("list", "document", "state=有效"))
        self.assertIn("全年服务时长", self.clerk("show", "document", "doc:scheme"))
        self.assertIn("doc:final", self.clerk("list", "policy"))
        self.assertEqual(self.ids("plan.list", "plan", document="doc:scheme"), ["plan:1"])
        self.refused("already_exists", "data.document", "document.registered", **FINAL)
        self.refused("wrong_state", "data.document", "document.withdrawn", document="doc:trial", on="2018-11-05", by="clerk:1")
        self.refused("unknown_document", "data.replaced_by", "document.withdrawn", document="doc:final", on="2018-11-05", by="clerk:1",
                     replaced_by="doc:none")
        self.assert_replay_agrees()

    def test_a_document_is_not_named_before_it_is_registered(self):
        self.refused("unknown_document", "data.document", "plan.set", plan="plan:1", subject={"kind": "region", "id": COMMUNITY}, measure="teams",
                     target=1, due="2018-12-31", document="doc:none")
        self.refused("unknown_document", "data.document", "document.withdrawn", document="doc:none", on="2018-03-01", by="clerk:1")
        self.refused("missing_field", "data.by", "document.withdrawn", document="doc:none", on="2018-03-01")


if __name__ == "__main__":
    unittest.main()
