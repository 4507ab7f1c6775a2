"""《关于开展“创建全国文明城、在职党员先锋行”志愿服务活动的通知》: the campaign with its notice, who has said that it came, what each is to do
by when. 秦州区、麦积区、市民政局、团市委、天水供电公司…表态发言: a district, a bureau, a mass organisation and an enterprise say what they will do,
and it is followed. 转变作风,落实责任; 责任很清晰…一定要认真抓好落实: who answers for what, and the list of what is overdue."""
import json
import os
import subprocess
import unittest

import mission  # noqa: F401
from harness import CITY, CONTROL, COUNTY
from small_city import OTHER_COUNTY, QueryTest

UNITS = {"mzj": ("天水市民政局", "party_government"), "tsw": ("共青团天水市委", "mass_organisation"), "gdgs": ("天水供电公司", "enterprise")}


class TheCampaignAsks(QueryTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-08-20").define_basics()
        for name, (title, kind) in UNITS.items():
            self.city.define_organisation(name, title, region=CITY, kind=kind, parent="org:1")

    def control(self, *arguments, expect=0):
        run = subprocess.run([CONTROL, "--runtime", str(self.city.daemon.runtime), *arguments], text=True, capture_output=True,
                             env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}, check=False)
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout if expect == 0 else run.stderr

    def send(self, type_name, *fields, expect=0):
        return self.control("send", type_name, *fields, "--at", self.city.day, expect=expect)

    def document(self, *arguments):
        """Rows by first column, of each section by its title."""
        document = json.loads(self.control("report", *arguments, "--json"))["document"]
        return {section["title"]: {row[0]: row for row in section["rows"]} for section in document["sections"]}

    def test_what_the_city_asks_of_whom_and_what_came_of_it(self):
        # 23 August: the document, the campaign in both districts, the notice to three units, receipts within a week.
        self.city.on("2018-08-23")
        self.send("document.registered", "document=d:37", "title=先锋行活动的通知", "number=市文明办发〔2018〕37号", "issued_by=市创城办", "on=2018-08-23")
        self.send("campaign.launched", "campaign=xfx", "title=在职党员先锋行", "document=d:37", "starts=2018-08-23", "ends=2018-12-31",
                  f"regions={COUNTY}", f"regions={OTHER_COUNTY}")
        self.send("notice.issued", "notice=n:37", "campaign=xfx", "title=先锋行活动的通知", "number=市文明办发〔2018〕37号",
                  *(f"to={name}" for name in UNITS), "due=2018-08-30")
        # Each speaks at the meeting: the two districts, the bureau, the league, the power company.
        speeches = {"k:qz": ("region", COUNTY, "47个社区工作站10月底前建成", "2018-10-31"),
                    "k:mj": ("region", OTHER_COUNTY, "35个社区工作站10月底前建成", "2018-10-31"),
                    "k:mz": ("organisation", "mzj", "月底前出台注册办法", "2018-09-30"),
                    "k:tw": ("organisation", "tsw", "组织青年志愿者五千人", "2018-12-31"),
                    "k:gd": ("organisation", "gdgs", "在职党员全部注册", "2018-09-30")}
        for name, (kind, who, text, due) in speeches.items():
            self.send("commitment.made", f"commitment={name}", f"subject.kind={kind}", f"subject.id={who}", f"text={text}", f"due={due}",
                      "campaign=xfx")
        # A task for each unit, with the one who answers for it.
        for name in UNITS:
            self.send("task.assigned", f"task=t:{name}", "notice=n:37", f"organisation={name}", f"owner={name}:zhuren", "due=2018-09-20",
                      "title=组织在职党员到社区报到")
        # The bureau and the league say that the notice came; the company does not.
        for name in ("mzj", "tsw"):
            self.send("notice.received", "notice=n:37", f"organisation={name}", f"by={name}:office")
        refused = self.send("notice.received", "notice=n:37", "organisation=org:2", "by=x:1", expect=1)
        self.assertIn("wrong_state", refused)
        self.city.on("2018-09-03").define_organisation("org:9", "某单位")
        self.assertIn("天水供电公司", self.control("notice", "receipts", "n:37", "--state", "overdue"))
        listed = self.control("notice", "receipts", "n:37")
        for text in ("已回执", "逾期未回执", "mzj:office"):
            self.assertIn(text, listed)
        self.send("notice.received", "notice=n:37", "organisation=gdgs", "by=gdgs:office")
        self.assertIn("逾期回执", self.control("notice", "receipts", "n:37"))
        # The bureau reports in time with a proof. Its owner cannot accept it himself; the office sends it back once.
        self.city.on("2018-09-18")
        proof = ("evidence.digest=b2:77", "evidence.note=报到花名册")
        self.send("task.reported", "task=t:mzj", *proof)
        self.assertIn("self_review", self.send("task.accepted", "task=t:mzj", "by=mzj:zhuren", expect=1))
        self.send("task.returned", "task=t:mzj", "by=ccb:1", "reason=缺社区盖章")
        self.city.on("2018-09-20")
        self.send("task.reported", "task=t:mzj", *proof)
        self.send("task.accepted", "task=t:mzj", "by=ccb:1")
        # The league reports late, the company not at all; the bureau keeps its word, the company does not.
        self.city.on("2018-09-25")
        self.send("task.reported", "task=t:tsw", *proof)
        self.send("commitment.kept", "commitment=k:mz", "evidence.digest=b2:78", "evidence.note=天民发〔2018〕90号")
        self.city.on("2018-10-08").define_organisation("org:9", "某单位")
        self.assertIn("t:gdgs", self.control("list", "task", "state=逾期未报", "organisation=gdgs"))
        overdue = self.document("overdue")["责任清单"]
        self.assertEqual(sorted(row[1] for row in self.rows("overdue")), ["k:gd", "t:gdgs"])
        self.assertEqual(overdue["任务"][2:], ["组织在职党员到社区报到", "gdgs", "天水供电公司", "gdgs:zhuren", "天水市文明办", "2018-09-20", 18])
        printed = self.control("report", "overdue")
        for text in ("天水供电公司", "gdgs:zhuren", "18", "在职党员全部注册"):
            self.assertIn(text, printed)
        # The report of the campaign: by unit who did what, and the districts' own word is open still.
        units = self.document("campaign", "--campaign", "xfx", "--by", "unit")
        self.assertEqual(units["通知回执"]["gdgs"][2:], [1, 1, 1, 0, [1, 1]])
        self.assertEqual({name: units["任务"][name][2:7] for name in UNITS},
                         {"mzj": [1, 1, 0, 0, 0], "tsw": [1, 0, 1, 1, 0], "gdgs": [1, 0, 0, 0, 1]})
        self.assertEqual(units["承诺"]["gdgs"][2:], [1, 0, 0, 1, [0, 1]])
        counties = self.document("campaign")
        self.assertEqual(counties["承诺"][COUNTY][2:], [1, 0, 0, 0, [0, 1]])
        self.assertEqual(counties["专项行动"]["xfx"][-3:], [[3, 3], [1, 3], [1, 5]])
        drawn = self.control("report", "campaign", "--format", "svg")
        self.assertTrue("承诺：兑现率" in drawn and "秦州区" in drawn and "<svg" in drawn)
        # It ends with the year, and takes nothing new.
        self.city.on("2018-12-31")
        self.send("campaign.closed", "campaign=xfx")
        self.assertIn("wrong_state", self.send("notice.issued", "notice=n:38", "campaign=xfx", "title=又一通知", "number=38", "to=mzj", expect=1))
        self.assertIn("已结束", self.control("show", "campaign", "xfx"))
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def rows(self, report):
        return json.loads(self.control("report", report, "--json"))["document"]["sections"][0]["rows"]


if __name__ == "__main__":
    unittest.main()
