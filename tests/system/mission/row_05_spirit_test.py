"""奉献、友爱、互助、进步: the spirit of voluntary service stands on the paper that says what somebody did, and the city owes that paper."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from paper import PaperScenario
from small_city import OTHER_COMMUNITY


class SpiritTest(PaperScenario):
    def setUp(self):
        super().setUp()
        self.city.define_organisation("org:civil", "秦州区志愿服务联合会", kind="volunteer_organisation")
        self.city.define_organisation("org:school", "麦积区第一小学", region=OTHER_COMMUNITY, kind="school")
        self.city.register("v:nurse")
        self.city.publish_activity("act:home", title="敬老院陪护", category="elderly", organisation="org:civil",
                                   place={"text": "中心敬老院"}, starts="2018-03-02T08:00:00+08:00", ends="2018-03-30T18:00:00+08:00")
        for n, day in enumerate(("2018-03-03", "2018-03-10", "2018-03-17"), 1):
            self.serve_on(f"rec:{n}", "v:nurse", day, "org:civil", activity="act:home")
        self.serve_on("rec:school", "v:nurse", "2018-03-18", "org:school")
        self.city.on("2018-04-02")
        self.stored("document.registered", document="d:1", title="通知", number="1", issued_by="x", on="2018-04-02")

    def test_a_volunteer_asks_and_gets_a_paper_with_the_spirit_on_it_free_and_true(self):
        """She asks the federation, whose clerk issues and prints; whoever she shows it to reads the square code and verifies."""
        folder = tempfile.TemporaryDirectory(prefix="vd-spirit-")
        self.addCleanup(folder.cleanup)
        pdf = pathlib.Path(folder.name) / "证明.pdf"
        self.clerk("certificate", "request", "z:1", "--volunteer", "v:nurse", "--organisation", "org:civil", "--from",
                   "2018-01-01", "--to", "2018-03-31", "--note", "用于职称评定")
        self.assertIn("z:1", self.clerk("list", "certificate", "state=待出具"))
        said = self.clerk("certificate", "issue", "z:1", "--handler", "clerk:7", "--output", str(pdf))
        self.assertIn("org:civil-2018-000001", said)
        self.assertIn("记录 3 条,共 6.0 小时", said)
        text = "".join(subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout.split())
        for part in ("奉献友爱互助进步", "志愿服务记录证明", "秦州区志愿服务联合会", "敬老院陪护", "中心敬老院", "6小时",
                     "用于职称评定", "公章"):
            self.assertIn(part, text)
        self.assertNotIn("2018-03-18", text)  # what the school recorded, the school certifies
        subprocess.run(["pdftoppm", "-r", "150", "-singlefile", "-png", pdf, pdf.with_suffix("")], check=True)
        code = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", pdf.with_suffix(".png")],
                              capture_output=True, text=True, check=True).stdout.strip()
        self.assertIn("有效", self.clerk("certificate", "verify", code))
        self.assertIn("秦州区志愿服务联合会", self.clerk("certificate", "verify", code))
        self.assert_replay_agrees()

    def test_only_who_recorded_certifies_and_says_where_else_to_ask(self):
        said = self.refused("not_allowed", "data.records[1]", "certificate.requested", certificate="z:2", volunteer="v:nurse",
                            organisation="org:civil", records=["rec:1", "rec:school"])
        self.assertIn("rec:school", said)
        self.stored("certificate.requested", certificate="z:2", volunteer="v:nurse", organisation="org:school",
                    records=["rec:school"])
        self.assertIn("org:school-2018-000001", self.clerk("certificate", "issue", "z:2", "--handler", "clerk:8"))

    def test_the_city_sees_which_requests_wait_for_an_answer(self):
        self.stored("certificate.requested", certificate="z:3", volunteer="v:nurse", organisation="org:civil", records=["rec:1"])
        self.city.on("2018-05-02")
        self.stored("certificate.requested", certificate="z:4", volunteer="v:nurse", organisation="org:school",
                    records=["rec:school"])
        rows, total = self.table(self.report("certificates"), "申请与出具")
        self.assertEqual(([row["open"] for row in rows], total["open"]), ([1, 1], 2))
        late, _ = self.table(self.report("certificates"), "超过15天未答复的申请")
        self.assertEqual([(row["certificate"], row["issuer"], row["days"]) for row in late],
                         [("z:3", "秦州区志愿服务联合会", 30)])
        self.assertIn("超过15天未答复的申请", self.clerk("report", "certificates"))
        self.clerk("certificate", "refuse", "z:3", "--reason", "本人撤回申请", "--by", "clerk:7")
        self.assertEqual(self.table(self.report("certificates"), "超过15天未答复的申请")[0], [])

    def test_a_correction_afterwards_is_seen_by_whoever_verifies(self):
        self.stored("certificate.requested", certificate="z:5", volunteer="v:nurse", organisation="org:civil", records=["rec:1"])
        issued = json.loads(self.clerk("certificate", "issue", "z:5", "--handler", "clerk:7", "--json"))
        self.stored("service.corrected", record="rec:1", minutes=30, reason="提前离开", by="clerk:9")
        answer = self.ask("certificate.verify", number=issued["number"], digest=issued["digest"])
        self.assertEqual((answer["status"], answer["minutes"]), ("overtaken", 120))


if __name__ == "__main__":
    unittest.main()
