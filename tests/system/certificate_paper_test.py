"""The certificate on paper: a PDF whose Chinese text can be read, whose square code reads back, and that says what is true."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from certificate_test import CertificateTest
from harness import CONTROL, identity_number
from small_city import COMMUNITY

NAME, NUMBER = "诸葛思远", identity_number(4711, born="19880808")


class PaperTest(CertificateTest):
    """v:9 served org:1, named in clear nowhere but on the paper."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="vd-paper-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.city.on("2018-04-12").send("volunteer.registered", {"volunteer": "v:9", "region": COMMUNITY, "identity": {
            "name": NAME, "document_kind": "resident_id", "number": NUMBER}})
        self.serve("r:9", "2018-04-20", volunteer="v:9")
        self.city.on("2018-04-21").send("service.recorded", {
            "record": "r:10", "volunteer": "v:9", "organisation": "org:1", "activity": "act:1",
            "starts": "2018-04-21T08:00:00+08:00", "ends": "2018-04-21T09:31:00+08:00", "method": "automatic",
            "recorder": "clerk:1"})
        self.city.on("2018-05-02")

    def ctl(self, *arguments):
        environment = {**os.environ, "LANGUAGE": "", "LC_ALL": "C", "VOLUNTEERD_RUNTIME_DIR": str(self.city.daemon.runtime)}
        return subprocess.run([CONTROL, *map(str, arguments)], capture_output=True, env=environment, check=False)

    def print(self, certificate="z:1", file="z.pdf", *more):
        path = self.folder / file
        done = self.ctl("certificate", "print", certificate, "--by", "clerk:2", "--output", path, *more)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return path

    def text(self, path):
        """What can be found and copied: without the blanks between the glyphs."""
        done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
        return done.stdout

    def squares(self, path):
        """What a reader makes of the printed pages."""
        subprocess.run(["pdftoppm", "-r", "150", "-png", path, self.folder / "page"], check=True)
        found = []
        for page in sorted(self.folder.glob("page*.png")):
            done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page], capture_output=True,
                                  text=True, check=False)
            found += done.stdout.splitlines()
        return found

    def certify(self, certificate="z:1", **what):
        self.request(certificate, "org:1", "v:9", **what)
        return self.issue(certificate)


class Paper(PaperTest):
    def test_it_has_the_four_groups_of_fields_in_chinese(self):
        self.certify(**{"from": "2018-01-01", "to": "2018-04-30", "note": "用于年度考核"})
        text = "".join(self.text(self.print()).split())
        for part in ("奉献友爱互助进步", "志愿服务记录证明", "身份信息", NAME, "居民身份证号码", NUMBER, "v:9",
                     "服务信息", "2018-04-20", "2018-04-21", "清理河堤", "藉河河堤", "2小时", "1小时31分", "合计2条",
                     "实际服务时间3小时31分", "出具单位", "天水市文明办", "负责人", "经办人", "clerk:2", "联系方式",
                     "其他", "证明编号", "org:1-2018-000001", "用于年度考核", "公章", "2018年5月2日", "第1页共1页"):
            self.assertIn(part, text)
        self.assertIn("兹证明" + NAME + "于2018年4月20日至2018年4月21日期间", text)

    def test_the_square_code_reads_back_and_verifies(self):
        issued = self.certify()
        (code,) = self.squares(self.print())
        self.assertEqual(code, f"volunteerd:certificate:org:1-2018-000001:{issued['digest']}")
        self.assertEqual(self.ctl("certificate", "verify", code).returncode, 0)
        tampered = code[:-1] + ("0" if code[-1] != "0" else "1")
        done = self.ctl("certificate", "verify", tampered)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"altered", done.stdout)

    def test_a_number_in_chinese_goes_through_the_square_code(self):
        self.request("z:1", "org:1", "v:9")
        self.issue("z:1", number="天志证〔2018〕第 7 号")
        (code,) = self.squares(self.print())
        self.assertTrue(code.isascii(), code)
        answer = json.loads(self.ctl("certificate", "verify", code, "--json").stdout)
        self.assertEqual((answer["status"], answer["number"]), ("valid", "天志证〔2018〕第 7 号"))

    def test_a_long_table_goes_over_pages_with_its_heading(self):
        days = [f"2018-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29)]
        for n, day in enumerate(days):
            self.serve(f"l:{n}", day, volunteer="v:9")
        self.city.on("2018-05-02")
        self.certify()
        pages = self.text(self.print()).rstrip("\f\n").split("\f")
        self.assertGreaterEqual(len(pages), 3)
        for n, page in enumerate(pages, 1):
            page = "".join(page.split())
            self.assertIn(f"第{n}页共{len(pages)}页", page)
            if n < len(pages):
                self.assertIn("序号服务日期服务内容", page)
        whole = "".join("".join(pages).split())
        for day in days:
            self.assertIn(day, whole)
        self.assertIn("合计86条", whole)
        self.assertEqual(len(self.squares(self.folder / "z.pdf")), 1)

    def test_earlier_years_and_names_of_who_signs_stand_where_they_belong(self):
        self.city.send("service.carried_over", {"record": "k:9", "volunteer": "v:9", "organisation": "org:1", "minutes": 6000,
                                                "from": "2016-01-01", "to": "2016-12-31", "system": "志愿汇", "evidence": "台账"})
        self.certify(**{"from": "2016-01-01", "to": "2018-04-30"})
        text = "".join(self.text(self.print("z:1", "z.pdf", "--in-charge", "李主任", "--contact", "0938-8213456")).split())
        for part in ("另有结转历史服务时间100小时", "结转历史服务时间：志愿汇", "2016-01-01至", "2016-12-31", "李主任", "0938-8213456",
                     "于2018年4月20日至2018年4月21日期间"):
            self.assertIn(part, text)

    def test_the_same_certificate_gives_the_same_bytes(self):
        self.certify()
        self.assertEqual(self.print(file="a.pdf").read_bytes(), self.print(file="b.pdf").read_bytes())

    def test_issue_prints_at_once(self):
        self.city.send("document.registered", {"document": "d:1", "title": "t", "number": "1", "issued_by": "x",
                                               "on": "2018-05-02"})
        self.request("z:1", "org:1", "v:9")
        path = self.folder / "at-once.pdf"
        done = self.ctl("certificate", "issue", "z:1", "--handler", "clerk:2", "--output", path)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(NAME, self.text(path))
        self.assertEqual(self.print().read_bytes(), path.read_bytes())

    def test_what_does_not_hold_is_not_printed(self):
        path = self.folder / "none.pdf"
        self.request("z:1", "org:1", "v:9")
        for refused in ("requested", "revoked"):
            done = self.ctl("certificate", "print", "z:1", "--by", "clerk:2", "--output", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"it is {refused}".encode(), done.stderr)
            self.assertFalse(path.exists())
            if refused == "requested":
                self.issue()
                self.city.send("certificate.revoked", {"certificate": "z:1", "reason": "有误", "by": "clerk:3"})
        for words in (("--by", "clerk:2"), ("--output", path), ("--by", "clerk:2", "--output", ""),
                      ("--by", "clerk:2", "--output", "-", "--json")):
            self.assertEqual(self.ctl("certificate", "print", "z:1", *words).returncode, 2)

    def test_the_paper_is_the_only_place_with_the_name_and_each_reading_is_noted(self):
        self.certify()
        before = self.ask("status")["sequence"]
        self.print()
        self.ctl("certificate", "verify", "org:1-2018-000001")
        read = self.ask("journal.read", after=before, types=["identity.read"])["events"]
        self.assertEqual([event["data"] for event in read],
                         [{"volunteer": "v:9", "by": "clerk:2", "purpose": "出具志愿服务记录证明"}])
        for method, what in (("certificate.get", {"certificate": "z:1"}), ("certificate.verify", {"certificate": "z:1"}),
                             ("journal.read", {"after": 0, "limit": 10000})):
            answer = json.dumps(self.ask(method, **what), ensure_ascii=False)
            self.assertNotIn(NAME, answer)
            self.assertNotIn(NUMBER, answer)
        self.assertNotIn(NAME, self.city.daemon.log_text())

    def test_whoever_gave_no_identity_is_certified_by_their_number(self):
        self.city.register("v:8")
        self.serve("r:8", "2018-05-03", volunteer="v:8")
        self.city.send("volunteer.updated", {"volunteer": "v:8", "changes": {"identity": None}})
        self.city.on("2018-05-04")
        self.request("z:8", "org:1", "v:8", records=["r:8"])
        self.issue("z:8")
        text = "".join(self.text(self.print("z:8")).split())
        self.assertIn("兹证明v:8于2018年5月3日", text)


del CertificateTest, PaperTest

if __name__ == "__main__":
    unittest.main()
