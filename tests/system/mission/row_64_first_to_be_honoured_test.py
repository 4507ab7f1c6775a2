"""优先列入“道德模范”、“天水好人”等表彰范围: those who served most are the first on the list, with the reason beside each name; two
people at two stages approve, the public may object for so many working days, and then it is awarded."""
import csv
import io
import os
import subprocess
import unittest

import mission  # noqa: F401
from harness import CITY, CONTROL, ROOT
from nomination_test import NominationCity

HONOURS = ROOT / "conf" / "honours" / "tianshui-honours.jsonl"


class FirstToBeHonoured(NominationCity):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The city's honours come from the file that is shipped.
        for _ in range(2):
            subprocess.run([str(CONTROL), "--runtime", str(cls.city.daemon.runtime), "publish", str(HONOURS)], check=True,
                           stdout=subprocess.DEVNULL)
        text = (ROOT / "scripts" / "policies" / "honour.lua").read_text()
        cls.city.daemon.query("policy.activate", text=text.replace('name = "honour",', 'name = "honour", schedule = { yearly = "11-30" },', 1),
                              by="clerk:9", effective="2018-01-01")

    def control(self, *arguments, expect=0):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": "zh_CN.UTF-8"})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout

    def serve(self, person, days, month):
        self.city.send_all([{
            "specversion": "1.0", "id": f"{person}/{month}/{day}", "source": "test", "type": "service.recorded", "data": {
                "record": f"r:{person}:{month}:{day}", "volunteer": person, "organisation": "org:1", "method": "automatic",
                "recorder": "clerk:1", "starts": f"2018-{month:02}-{day:02}T08:00:00+08:00", "ends": f"2018-{month:02}-{day:02}T13:00:00+08:00"}}
            for day in range(1, days + 1)])

    def test_who_served_most_is_first_and_the_award_takes_its_steps(self):
        people = {"v:steady": 10, "v:some": 4, "v:few": 1}
        for person in people:
            self.city.register(person)
        for month in (8, 9, 10):
            self.city.on(f"2018-{month:02}-20")
            for person, days in people.items():
                self.serve(person, days, month)
        self.city.on("2018-11-28")
        self.later(4)
        # The list of the year, best first, each with its reasons; the clerk's spreadsheet has them, too.
        rows = list(csv.reader(io.StringIO(self.control("honour", "proposed", "good-person", "--year", "2018", "--format", "csv"))))
        listed = [row for row in rows if len(row) > 1 and row[1].startswith("v:")]
        self.assertEqual([row[1] for row in listed], ["v:steady", "v:some"])
        self.assertIn("本年服务 150 小时", listed[0][-1])
        self.assertIn("本年有 3 个月参加服务", listed[0][-1])
        # Who is to be honoured is a person's to say: the first of the list is nominated.
        self.control("honour", "nominate", "good-person", "--year", "2018", "--from-proposals", "1", "--by", "clerk:1")
        self.nomination = "good-person:2018:1"
        self.refused("wrong_state", "data.nomination", "0 of 2", "honour.awarded", nomination=self.nomination, on=self.city.day)
        self.refused("self_review", "data.by", "another person", "honour.reviewed", nomination=self.nomination, stage="县区初审",
                     outcome="accepted", by="clerk:1")
        self.review("县区初审", "clerk:2")
        self.refused("self_review", "data.by", "another person", "honour.reviewed", nomination=self.nomination, stage="市级复审",
                     outcome="accepted", by="clerk:2")
        self.review("市级复审", "clerk:3")
        self.refused("wrong_state", "data.nomination", "public notice", "honour.awarded", nomination=self.nomination, on=self.city.day)
        self.stored("public_notice.opened", **self.notice())
        self.later(8)
        self.award()
        shown = self.control("show", "nomination", self.nomination)
        for words in ("授予", "县区初审", "市级复审", "clerk:3"):
            self.assertIn(words, shown)
        self.assertIn("good-person:2018:1", self.control("list", "nomination", "state=授予"))
        self.assertEqual(self.ask("report.cases")["document"]["sections"][0]["total"][2], 1)
        # Next year's list passes over who has it already, and says why.
        proposed = self.ask("honour.propose", honour="good-person", year=2018)["items"]
        self.assertEqual([item["volunteer"] for item in proposed], ["v:some"])
        # What turns out to be untrue is taken back.
        self.stored("honour.withdrawn", nomination=self.nomination, reason="服务时长不实", by="clerk:3")
        self.assertEqual(self.counted(CITY)[1], 0)
        self.assert_replays()

    def test_moral_models_are_of_five_classes(self):
        classes = self.ask("honour.get", honour="moral-model")["classes"]
        self.assertEqual(classes, ["助人为乐", "见义勇为", "诚实守信", "敬业奉献", "孝老爱亲"])
        self.nominate(honour="moral-model", **{"class": "孝老爱亲"})
        self.city.register("v:other")
        self.refused("out_of_range", "data.subject.kind", "team", "honour.nominated", nomination="n:x", honour="excellent-team", year=2018,
                     subject={"kind": "volunteer", "id": "v:other"})
        self.refused("not_in_dictionary", "data.class", "honour_class", "honour.nominated", nomination="n:x", honour="moral-model", year=2018,
                     subject={"kind": "volunteer", "id": "v:other"}, **{"class": "爱岗"})


if __name__ == "__main__":
    unittest.main()
