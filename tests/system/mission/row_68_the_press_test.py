"""天水日报、天水广播电视台 take what they print from a page that names nobody."""

import json
import unittest

import mission  # noqa: F401
from harness import COMMUNITY, identity_number
from paper import PaperScenario
from small_city import OTHER_COMMUNITY

PRIVATE = ("张无名", "13800000001", "0938-0000000", "v:1", "v:2", "v:9", "clerk:1", "leader:1", "1990", identity_number(1, born="19900512"))


class PressScenario(PaperScenario):
    day = "2018-07-02"

    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:1", "天水市文明办", contact="0938-0000000")
        for n in range(1, 9):
            self.stored("volunteer.registered", volunteer=f"v:{n}", region=COMMUNITY if n < 8 else OTHER_COMMUNITY, party_status="in_service",
                        identity={"name": "张无名", "document_kind": "resident_id", "number": identity_number(n, born="19900512"),
                                  "phone": f"1380000000{n}"})
        self.hold_activity("act:1", "2018-07-10", COMMUNITY, title="清理藉河河堤")
        for n in range(1, 4):
            self.serve_on(f"r:{n}", f"v:{n}", "2018-07-10", "org:1", activity="act:1")

    def honour(self, nomination, kind, subject):
        self.stored("honour.nominated", nomination=nomination, honour="h:1", subject={"kind": kind, "id": subject}, year=2018,
                    by="clerk:1", story_consent=True)
        self.stored("honour.reviewed", nomination=nomination, stage="初评", outcome="accepted", by="clerk:2")
        self.stored("honour.awarded", nomination=nomination, on=self.city.day)

    def what_happens(self):
        self.city.on("2018-07-20")
        self.hold_activity("act:2", "2018-08-04", COMMUNITY, title="文明交通周末行")
        self.stored("beneficiary.enrolled", beneficiary="b:1", region=COMMUNITY, served_group="孤寡老人", consent=True)
        self.stored("project.defined", project="p:1", title="结对关爱", category="elderly", organisation="org:1")
        self.stored("care_plan.set", beneficiary="b:1", project="p:1", interval_days=7, volunteers=["v:1"])
        self.hold_activity("act:home", "2018-08-05", COMMUNITY, title="走访", project="p:1", place={"text": "某某家中"})
        self.hold_activity("act:visit", "2018-08-06", COMMUNITY, title="看望", beneficiary="b:1", place={"text": "某某家中"})
        self.stored("honour.defined", honour="h:1", title="天水好人", level="municipal", approvals=1, notice_days=0)
        for volunteer in ("v:1", "v:3"):
            self.stored("consent.given", volunteer=volunteer, purpose="publicity", text_version="2018")
        self.honour("n:1", "volunteer", "v:1")
        self.honour("n:2", "volunteer", "v:2")
        self.honour("n:3", "organisation", "org:1")
        for case, about in (("case:1", {"kind": "volunteer", "id": "v:1"}), ("case:2", {"kind": "volunteer", "id": "v:3"})):
            self.stored("case.nominated", case=case, subject=about, title="十年如一日的护河人", by="clerk:1")
            self.stored("case.verified", case=case, outcome="accepted", by="clerk:2", evidence=[{"digest": "sha256:00", "note": "走访"}])
            self.stored("case.published", case=case, subject=about, text="他每个周末都在藉河边。", consent=True)
        self.stored("consent.withdrawn", volunteer="v:3", purpose="publicity", text_version="2018")
        self.ask("bulletin.issue", kind="activity", period="2018-07", as_of="2018-07-20", by="clerk:1")

    def test_what_the_press_may_print(self):
        self.what_happens()
        page = self.clerk("report", "media", "--since", "2018-07-01")
        self.assertRegex(page, r"注册志愿者 +8 +8 +人")
        self.assertRegex(page, r"服务人次 +人次")  # three are too few to be told
        self.assertIn("文明交通周末行", page)
        self.assertNotIn("清理藉河河堤", page)  # it is over
        self.assertNotIn("家中", page)
        self.assertIn("天水市志愿服务活动通报", page)
        self.assertRegex(page, r"天水好人 +市级 +志愿者（个人）")
        self.assertRegex(page, r"天水好人 +市级 +天水市文明办")
        self.assertEqual(page.count("十年如一日的护河人"), 1)  # the other one agrees no more
        self.assertEqual(page.count("天水好人"), 2)  # who did not agree is not told of
        feed = json.loads(self.clerk("report", "media", "--since", "2018-07-01", "--feed"))
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual(sorted(item["tags"][0] for item in feed["items"]), ["activity", "bulletin", "case", "figures", "honour", "honour"])
        self.assertEqual(len({item["id"] for item in feed["items"]}), 6)
        for form in (["--format", "html"], ["--format", "csv"], ["--json"], ["--feed"]):
            text = self.clerk("report", "media", "--since", "2018-07-01", *form)
            for word in PRIVATE:
                self.assertNotIn(word, text, form)

    def test_of_a_place_with_few_people_nothing_is_told(self):
        rows = {row["name"]: row for row in self.table(self.report("media", region=OTHER_COMMUNITY), "数据")[0]}
        self.assertIsNone(rows["注册志愿者"]["value"])
        self.assertEqual(rows["服务时长"]["value"], 0)
        rows = {row["name"]: row for row in self.table(self.report("media", since="2018-07-01"), "数据")[0]}
        self.assertEqual((rows["注册志愿者"]["value"], rows["服务人次"]["value"], rows["服务时长"]["value"]), (8, None, 6))
        self.refuse("in_future", "since", "report.media", since="2019-01-01")


if __name__ == "__main__":
    unittest.main()
