"""volunteer export: what is kept of one person, in the five families of the measure on service records; what is sealed only for
whoever says what for."""

import io
import json
import pathlib
import tempfile
import unittest
import zipfile

import spreadsheet
from harness import COMMUNITY, identity_number
from small_city import QueryTest
from volunteerctl_test import DONE, REFUSED, USAGE, control

NUMBER = identity_number(901, born="19851123")
PHONE = "13800000077"


class ExportTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)
        cls.city.define_basics()
        send = cls.city.send
        send("volunteer.registered", {"volunteer": "x:1", "region": COMMUNITY, "employer": "org:1", "identity": {
            "name": "张三丰", "document_kind": "resident_id", "number": NUMBER, "phone": PHONE}})
        cls.city.register("x:2")
        cls.city.serve("r:1", "x:1", 5)
        cls.city.serve("r:2", "x:2", 5)
        send("service.rated", {"record": "r:1", "rating": 4, "by": "served"})
        send("course.defined", {"course": "c:1", "title": "急救", "topic": "skill", "minutes": 120})
        send("training.completed", {"training": "t:1", "volunteer": "x:1", "course": "c:1", "minutes": 120, "passed": True,
                                    "on": cls.city.at(3, 9)[:10]})
        send("complaint.filed", {"complaint": "k:1", "subject": {"kind": "volunteer", "id": "x:1"}, "text": "迟到"})
        send("consent.given", {"volunteer": "x:1", "purpose": "publicity", "text_version": "1"})
        send("honour.defined", {"honour": "h:1", "title": "天水好人", "level": "municipal"})
        send("honour.nominated", {"nomination": "n:1", "honour": "h:1", "subject": {"kind": "volunteer", "id": "x:1"}, "year": 2018})
        folder = tempfile.TemporaryDirectory(prefix="vd-export-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def export(self, *arguments, expect=DONE, **more):
        done = control(self.city.daemon.runtime, "volunteer", "export", *arguments, **more)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def readings(self):
        return [(e["data"]["volunteer"], e["data"]["by"], e["data"]["purpose"])
                for e in self.ask("journal.read", types=["identity.read"], limit=1000)["events"]]

    def test_all_families_and_nothing_of_anybody_else(self):
        text = self.export("x:1", "--json")
        kept = json.loads(text)
        self.assertEqual((kept["volunteer"], kept["basic"]["employer"]), ("x:1", "org:1"))
        self.assertEqual([r["record"] for r in kept["service"]["record"]], ["r:1"])
        self.assertEqual(kept["service"]["record"][0]["rating_served"], 4)
        self.assertEqual([t["training"] for t in kept["training"]["training"]], ["t:1"])
        self.assertEqual([n["nomination"] for n in kept["honours"]["nomination"]], ["n:1"])
        self.assertEqual([c["complaint"] for c in kept["evaluation"]["complaint"]], ["k:1"])
        self.assertEqual([c["purpose"] for c in kept["other"]["consent"]], ["publicity"])
        for sealed in (NUMBER, PHONE, "张三丰", "迟到", "x:2"):
            self.assertNotIn(sealed, text)
        self.assertNotIn("identity", kept["basic"])

    def test_what_is_sealed_for_whoever_says_what_for_and_it_stands_in_the_journal(self):
        before = self.readings()
        kept = json.loads(self.export("x:1", "--json", "--by", "clerk:1", "--purpose", "本人查询"))
        self.assertEqual(kept["basic"]["identity"], {"name": "张三丰", "document_kind": "resident_id", "number": NUMBER, "phone": PHONE})
        self.assertEqual(self.readings(), before + [("x:1", "clerk:1", "本人查询")])
        self.export("x:1", "--by", "clerk:1", expect=USAGE)
        self.export("x:1", "--purpose", "本人查询", expect=USAGE)
        self.refuse("missing_field", "purpose", "volunteer.identity", volunteer="x:1")
        self.assertEqual(len(self.readings()), len(before) + 1)
        journal = json.dumps(self.ask("journal.read", limit=1000), ensure_ascii=False)
        self.assertNotIn(NUMBER, journal)

    def test_a_workbook_a_csv_and_a_page(self):
        for suffix in ("xlsx", "csv", "html", "json"):
            with self.subTest(suffix):
                path = self.folder / f"x.{suffix}"
                self.export("x:1", "--output", path, language="zh_CN.UTF-8")
                data = path.read_bytes()
                if suffix == "xlsx":
                    with zipfile.ZipFile(io.BytesIO(data)) as book:
                        sheets = sum(name.startswith("xl/worksheets/sheet") for name in book.namelist())
                    texts = str([spreadsheet.read(data, number) for number in range(1, sheets + 1)])
                    for word in ("r:1", "t:1", "n:1", "k:1"):
                        self.assertIn(word, texts)
                else:
                    for word in ("r:1", "t:1", "n:1", "k:1"):
                        self.assertIn(word, data.decode())
        text = (self.folder / "x.csv").read_text("utf-8-sig")
        for title in ("基本信息", "服务情况", "培训情况", "表彰奖励", "评价情况"):
            self.assertIn(title, text)

    def test_somebody_who_is_not_there(self):
        done = control(self.city.daemon.runtime, "volunteer", "export", "nobody", "--json")
        self.assertEqual(done.returncode, REFUSED)
        self.assertEqual(json.loads(done.stdout)["error"]["data"]["code"], "unknown_volunteer")


if __name__ == "__main__":
    unittest.main()
