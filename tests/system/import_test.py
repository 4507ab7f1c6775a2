"""import TYPE FILE: what clerks have in spreadsheets, as they have it; bad lines are reported, good ones go in."""

import itertools
import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
import spreadsheet
from harness import COMMUNITY, identity_number
from small_city import OTHER_COMMUNITY, QueryTest, SECOND_COMMUNITY
from spreadsheet import Cell, formula, serial
from volunteerctl_test import DONE, REFUSED, USAGE, control

HEADING = "志愿者编号,姓名,身份证号,手机号,居住区划,性别"


class ImportTest(QueryTest):
    """One city for all tests of a class; people get numbers that no other test uses."""

    serials = itertools.count(100)
    names = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)
        cls.city.define_basics()
        folder = tempfile.TemporaryDirectory(prefix="vd-import-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def number(self, born="19851123"):
        return identity_number(next(self.serials), born=born)

    def name(self):
        return f"i:{next(self.names)}"

    def file(self, content, encoding="utf-8", suffix=".csv"):
        path = self.folder / f"{next(self.names)}{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def lines(self, *lines, **more):
        return self.file("".join(line + "\r\n" for line in lines), **more)

    def book(self, rows, **more):
        return self.file(spreadsheet.workbook(rows, **more), suffix=".xlsx")

    def command(self, *arguments, **more):
        return control(self.city.daemon.runtime, *arguments, **more)

    def bring(self, kind, path, *more, expect=DONE):
        """The summary that --json gives."""
        done = self.command("import", kind, path, "--json", *more)
        self.assertEqual(done.returncode, expect, done.stderr + done.stdout)
        return json.loads(done.stdout)

    def refused_at(self, summary):
        return [(line["row"], line["column"], line["code"]) for line in summary["refused"]]

    def volunteer(self, name):
        return self.ask("volunteer.get", volunteer=name)


class Clerks(ImportTest):
    def test_a_table_with_a_title_bad_lines_and_a_sum_goes_in_but_for_the_bad_lines(self):
        a, b, c = self.name(), self.name(), self.name()
        done = self.bring("volunteer.registered", self.lines(
            "志愿者信息登记表", "", "序号," + HEADING,
            f"1,{a},张甲,{self.number()},13900000001,{COMMUNITY},男",
            f"2,{b},张乙,1.1E+17,13900000002,{COMMUNITY},女",
            "",
            f"3,{c},张丙,{self.number()},13900000003,没有的社区,不详",
            "合计,,,,,,3"), expect=REFUSED)
        self.assertEqual((done["rows"], done["stored"], done["refused_rows"], done["passed_over"]), (3, 1, 2, 1))
        self.assertEqual(self.refused_at(done), [(5, "身份证号", "wrong_type"), (7, "居住区划", "unknown_region"),
                                                 (7, "性别", "not_in_dictionary")])
        self.assertIn("1.1E+17", done["refused"][0]["message"])
        self.assertEqual(done["ignored_columns"], ["序号"])
        person = self.volunteer(a)
        self.assertEqual((person["region"], person["born"], person["sex"]), (COMMUNITY, "1985-11", "male"))
        self.assertEqual([item["volunteer"] for item in self.ask("volunteer.list", region=COMMUNITY, limit=1000)["items"]
                          if item["volunteer"] in (b, c)], [])

    def test_ten_thousand_people_with_one_bad_number_in_a_hundred(self):
        batch = self.name()
        lines, bad = [], []
        for i in range(10000):
            number = identity_number(i % 1000, born=f"{1950 + i // 1000}0615", area="620598")
            if i % 100 == 50:
                number = number[:-1] + ("0" if number[-1] != "0" else "1")
                bad.append((i + 2, "身份证号", "bad_identity_number"))
            lines.append(f"{batch}:{i},甲{i},{number},,{COMMUNITY},")
        path = self.lines(HEADING, *lines)
        dry = self.bring("volunteer.registered", path, "--dry-run", expect=REFUSED)
        done = self.bring("volunteer.registered", path, expect=REFUSED)
        self.assertEqual((dry["good"], done["stored"]), (9900, 9900))
        self.assertEqual(self.refused_at(dry), bad)
        self.assertEqual(self.refused_at(done), bad)

    def test_refused_lines_are_mended_and_imported_alone(self):
        for suffix in (".csv", ".xlsx"):
            with self.subTest(suffix):
                good, bad = self.name(), self.name()
                number = self.number()
                path = self.lines(HEADING, f"{good},甲,{self.number()},,{COMMUNITY},", f"{bad},=乙,{number},,620502999999,")
                refused = self.folder / f"refused{suffix}"
                self.bring("volunteer.registered", path, "--refused", refused, expect=REFUSED)
                if suffix == ".csv":
                    text = refused.read_text("utf-8-sig")
                    self.assertIn(number, text)
                    self.assertNotIn(good, text)
                    refused.write_text(text.replace("620502999999", COMMUNITY).replace("=乙", "乙"), "utf-8-sig")
                else:
                    rows = spreadsheet.read(refused.read_bytes())
                    self.assertEqual(rows[0][:3] + rows[0][-2:], ["志愿者编号", "姓名", "身份证号", "行", "原因"])
                    self.assertEqual((rows[1][0], rows[1][2], rows[1][-2]), (bad, number, "3"))
                    rows[1][1], rows[1][4] = "乙", COMMUNITY
                    refused.write_bytes(spreadsheet.workbook(rows))
                done = self.bring("volunteer.registered", refused)
                self.assertEqual((done["stored"], done["refused"]), (1, []))
                self.assertEqual(self.volunteer(bad)["region"], COMMUNITY)

    def test_the_same_file_again_stores_nothing_and_is_taken_back_as_a_whole(self):
        name = self.name()
        path = self.lines(HEADING, f"{name},甲,{self.number()},,{COMMUNITY},")
        first = self.bring("volunteer.registered", path)
        again = self.bring("volunteer.registered", path)
        self.assertEqual((first["stored"], again["stored"], again["duplicate"], again["batch"]), (1, 0, 1, first["batch"]))
        self.assertEqual(self.ask("batch.get", batch=first["batch"])["events"], 1)
        done = self.command("import", "undo", first["batch"], "--by", "clerk:1")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual(self.volunteer(name)["state"], "withdrawn")

    def test_whoever_has_no_identifier_gets_one_that_says_nothing(self):
        number = self.number()
        path = self.lines("姓名,公民身份号码,居住社区", f"甲,{number},进步巷社区居委会")
        done = self.bring("volunteer.registered", path)
        found = self.ask("volunteer.find", number=number, by="clerk:1", purpose="test")["items"]
        self.assertEqual([person["volunteer"] for person in found], [f"{done['batch']}:0000002"])

    def test_digits_in_full_width_and_numbers_written_as_texts(self):
        name, number = self.name(), self.number()
        wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
        self.bring("volunteer.registered", self.lines(HEADING, f'{name},甲,{wide},="13900000001",６２０５０２００１００１,女'))
        self.assertEqual(self.volunteer(name)["region"], COMMUNITY)
        self.assertEqual([person["volunteer"] for person in
                          self.ask("volunteer.find", number=number, by="clerk:1", purpose="test")["items"]], [name])

    def test_a_person_who_stands_twice_in_the_file_is_refused_the_second_time(self):
        number, one, other = self.number(), self.name(), self.name()
        done = self.bring("volunteer.registered", self.lines(
            HEADING, f"{one},甲,{number},,{COMMUNITY},", f"{other},甲,{number},,{COMMUNITY},", f"{one},丙,{self.number()},,{COMMUNITY},"),
            expect=REFUSED)
        self.assertEqual(self.refused_at(done), [(3, "身份证号", "identity_known"), (4, "志愿者编号", "already_exists")])

    def test_the_day_of_registration_is_when_it_happened(self):
        one, other = self.name(), self.name()
        self.bring("volunteer.registered", self.lines("志愿者编号,居住区划,注册日期", f"{one},{COMMUNITY},2016年5月4日", f"{other},{COMMUNITY},42495"))
        self.assertEqual([self.volunteer(name)["registered_on"] for name in (one, other)], ["2016-05-04", "2016-05-05"])

    def test_regions_by_code_by_name_and_by_a_path_of_names(self):
        names = [self.name() for _ in range(5)]
        places = ["620502", "秦州区大城街道光明巷社区居委会", "甘肃省天水市/秦州区/大城街道/进步巷社区居委会",
                  "麦积区 前进路社区居委会", "光明巷社区居委会"]
        self.bring("volunteer.registered", self.lines("志愿者编号,居住区划", *(f"{n},{p}" for n, p in zip(names, places))))
        self.assertEqual([self.volunteer(name)["region"] for name in names],
                         ["620502000000", SECOND_COMMUNITY, COMMUNITY, OTHER_COMMUNITY, SECOND_COMMUNITY])

    def test_organisations_by_name_words_by_label_and_lists(self):
        name = self.name()
        labels = {item["title"]: item["code"] for item in self.ask("dictionary.list", dictionary="skill")["items"]}
        two = list(labels)[:2]
        done = self.bring("volunteer.registered", self.lines(
            "志愿者编号,居住区划,工作单位,服务技能", f"{name},{COMMUNITY},麦积区税务局,{'、'.join(two)}"))
        self.assertEqual(done["stored"], 1)
        person = self.volunteer(name)
        self.assertEqual((person["employer"], sorted(person["skills"])), ("org:2", sorted(labels[title] for title in two)))
        unknown = self.bring("volunteer.registered", self.lines(
            "志愿者编号,居住区划,工作单位", f"{self.name()},{COMMUNITY},没有的单位"), expect=REFUSED)
        self.assertEqual(self.refused_at(unknown), [(2, "工作单位", "unknown_organisation")])


class Files(ImportTest):
    """Encodings, separators and workbooks."""

    def test_encodings_and_separators(self):
        for encoding, separator in itertools.product(
                ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"), ",;\t"):
            with self.subTest(encoding=encoding, separator=separator):
                name = self.name()
                text = (f"志愿者编号,姓名,身份证号,居住区划\r\n{name},张｜甲,{self.number()},进步巷社区居委会\r\n").replace(",", separator)
                text = text if encoding not in ("gbk",) else text.replace("｜", "")
                self.assertEqual(self.bring("volunteer.registered", self.file(text, encoding))["stored"], 1)
                self.assertEqual(self.volunteer(name)["region"], COMMUNITY)

    def test_old_line_ends_and_cells_with_line_breaks(self):
        one, other = self.name(), self.name()
        path = self.file(f'志愿者编号,居住区划,领导班子\r{one},{COMMUNITY},"甲\r乙"\r{other},{COMMUNITY},丙')
        self.assertEqual(self.bring("volunteer.registered", path)["stored"], 2)
        self.assertEqual(self.volunteer(one)["leader_body"], "甲\n乙")

    def test_headings_over_two_rows_with_merged_cells(self):
        rows = [["志愿者登记表"], ["志愿者编号", "居住区划", "身份信息", "", "", "监护人同意", ""],
                ["", "", "姓名", "证件号码", "联系电话", "监护人", "同意日期"]]
        for make in (lambda rows: self.lines(*(",".join(row) for row in rows)), self.book):
            with self.subTest(make):
                name, number = self.name(), self.number(born="20060101")
                path = make(rows + [[name, COMMUNITY, "甲", number, "13900000000", "乙", "2018-03-05"]])
                self.assertEqual(self.bring("volunteer.registered", path)["stored"], 1)
                self.assertEqual(self.volunteer(name)["guardian_consent"]["on"], "2018-03-05")

    def test_a_workbook_with_numbers_dates_and_formulas(self):
        for from_1904, shared in ((False, True), (True, False)):
            with self.subTest(from_1904=from_1904, shared=shared):
                name = self.name()
                days = 43335 - (1462 if from_1904 else 0)  # 2018-08-23
                path = self.book([["编号", "志愿者", "组织", "开始时间", "结束时间", "服务分钟", "记录人"],
                                  [f"r:{name}", "v:book", formula("A1", "org:1", t="str"), serial(f"{days}.375"),
                                   serial(f"{days}.4583333333"), 120.0, "clerk:1"]], from_1904=from_1904, shared=shared)
                if not from_1904:
                    self.city.register("v:book")
                done = self.bring("service.recorded", path, "--map",
                                  self.lines("heading,field", "编号,record", "志愿者,volunteer", "组织,organisation"))
                self.assertEqual(done["stored"], 1)
                record = self.ask("record.get", record=f"r:{name}")
                self.assertEqual((record["starts"], record["ends"], record["method"]),
                                 ("2018-08-23T09:00:00+08:00", "2018-08-23T11:00:00+08:00", "import"))

    def test_a_number_of_which_the_spreadsheet_kept_fifteen_digits_is_refused(self):
        done = self.bring("volunteer.registered", self.book([["姓名", "身份证号", "手机号", "居住区划"],
                                                             ["甲", 6.2059919851123e17, 13900000000, 620502001001]]), expect=REFUSED)
        self.assertEqual(self.refused_at(done), [(2, "身份证号", "wrong_type")])
        self.assertIn("as text", done["refused"][0]["message"])

    def test_formulas_without_a_value_and_errors_name_their_cell(self):
        done = self.bring("volunteer.registered", self.book([
            ["志愿者编号", "居住区划"], [self.name(), formula("B3")], [self.name(), Cell("<f>1/0</f><v>#DIV/0!</v>", t="e")],
            [self.name(), COMMUNITY]]), expect=REFUSED)
        self.assertEqual(self.refused_at(done), [(2, "居住区划", "wrong_type"), (3, "居住区划", "wrong_type")])
        self.assertEqual(done["stored"], 1)
        self.assertIn("#DIV/0!", done["refused"][1]["message"])
        text = self.bring("volunteer.registered", self.lines(
            "志愿者编号,居住区划,领导班子", f'{self.name()},{COMMUNITY},"=HYPERLINK(""x"")"'), expect=REFUSED)
        self.assertEqual(self.refused_at(text), [(2, "领导班子", "wrong_type")])

    def test_another_sheet_of_a_workbook(self):
        name = self.name()
        second = spreadsheet.sheet([["志愿者编号", "居住区划"], [name, COMMUNITY]], None)
        path = self.book([["说明"]], names=("说明", "名单"), parts={"xl/worksheets/sheet2.xml": second})
        self.assertEqual(self.bring("volunteer.registered", path, "--sheet", "名单")["stored"], 1)
        self.assertEqual(self.bring("volunteer.registered", path, "--sheet", "没有", expect=REFUSED)["error"]["code"], "not_a_table")

    def test_from_a_pipe(self):
        name = self.name()
        done = self.command("import", "volunteer.registered", "-", "--json", text=f"志愿者编号,居住区划\n{name},{COMMUNITY}\n")
        self.assertEqual((done.returncode, json.loads(done.stdout)["stored"]), (DONE, 1), done.stderr)

    def test_a_template_is_filled_in_and_comes_back(self):
        for kind in ("volunteer.registered", "service.recorded", "team.formed", "figure.reported", "activity.published",
                     "organisation.defined", "plan.set"):
            for suffix in (".xlsx", ".csv"):
                with self.subTest(kind=kind, suffix=suffix):
                    path = self.folder / f"template{suffix}"
                    made = self.command("import", "template", kind, "-o", path)
                    self.assertEqual(made.returncode, DONE, made.stderr)
                    done = self.command("import", kind, path, "--dry-run", "--json")
                    summary = json.loads(done.stdout)
                    self.assertNotIn("error", summary)  # every heading is understood
                    self.assertEqual((summary["rows"], summary["ignored_columns"]), (1, []))
                    self.assertEqual({line["code"] for line in summary["refused"]} - {"bad_identity_number", "wrong_type", "bad_credit_code"} -
                                     {code for code in (line["code"] for line in summary["refused"]) if code.startswith("unknown_")},
                                     set(), summary)
        rows = spreadsheet.read((self.folder / "template.xlsx").read_bytes(), 2)
        self.assertEqual(len(rows[0]), 3)


class Hours(ImportTest):
    """Service, figures and teams."""

    def test_hours_by_the_numbers_of_documents_with_a_date_and_clocks(self):
        number, name = self.number(), self.name()
        self.bring("volunteer.registered", self.lines(HEADING, f"{name},甲,{number},,{COMMUNITY},"))
        path = self.lines("姓名,身份证号,日期,签到,签退,时长（小时）", f"甲,{number},2018年8月23日,9：00,11点30分,2.5",
                          f"甲,{number},2018/8/24,22:30,1:00,", f"甲,{number},43337,下午2:00,下午3:30,0.333")
        refused = self.bring("service.recorded", path, "organisation=org:1", "recorder=clerk:1", expect=REFUSED)
        self.assertEqual({line["code"] for line in refused["refused"]}, {"missing_field", "wrong_type"})
        done = self.bring("service.recorded", path, "organisation=org:1", "recorder=clerk:1", "--by", "clerk:1", "--batch", "h:1",
                          expect=REFUSED)
        self.assertEqual((done["stored"], self.refused_at(done)), (2, [(4, "时长（小时）", "wrong_type")]))
        records = [self.ask("record.get", record=f"h:1:{row:07}") for row in (2, 3)]
        self.assertEqual([(r["volunteer"], r["starts"], r["ends"]) for r in records],
                         [(name, "2018-08-23T09:00:00+08:00", "2018-08-23T11:30:00+08:00"),
                          (name, "2018-08-24T22:30:00+08:00", "2018-08-25T01:00:00+08:00")])

    def test_a_duration_without_a_unit_is_asked_for_one(self):
        done = self.bring("service.recorded", self.lines("志愿者编号,开始时间,结束时间,服务时长", "v:1,2018-01-01 9:00,2018-01-01 10:00,1"),
                          "organisation=org:1", "recorder=clerk:1", expect=REFUSED)
        self.assertEqual(done["error"]["code"], "unknown_field")
        self.assertIn("服务时长（小时）", done["error"]["message"])

    def test_figures_of_communities_by_their_names(self):
        path = self.lines("数据项,对象类型,对象编号,数值,截止日期,来源", f'residents,region,{COMMUNITY},"1,234",2018年8月31日,统计年鉴',
                          f"residents,region,{SECOND_COMMUNITY},９８７人,20180831,统计年鉴", f"residents,region,{COMMUNITY},1.5,2018-02-30,年鉴")
        done = self.bring("figure.reported", path, expect=REFUSED)
        self.assertEqual(self.refused_at(done), [(4, "数值", "wrong_type"), (4, "截止日期", "bad_time")])
        self.assertEqual(self.ask("figure.get", figure=f"residents/region/{COMMUNITY}")["value"], 1234)
        self.assertEqual(self.ask("figure.get", figure=f"residents/region/{SECOND_COMMUNITY}")["value"], 987)

    def test_foreign_headings_by_a_map_with_constants_and_defaults(self):
        mapped = self.lines("heading,field,value", "Team No,team", "Title,name", "Area,region," + COMMUNITY, "Remarks,-",
                            ",legal_status,grassroots")
        one, other = self.name(), self.name()
        path = self.lines("Team No,Title,Area,Remarks,服务类别", f"{one},绿水队,,x,生态环保志愿服务", f"{other},青山队,{SECOND_COMMUNITY},,ecology")
        done = self.bring("team.formed", path, "--map", mapped)
        self.assertEqual(done["stored"], 2)
        teams = [self.ask("team.get", team=name) for name in (one, other)]
        self.assertEqual([(t["name"], t["region"], t["legal_status"], t["category"]) for t in teams],
                         [("绿水队", COMMUNITY, "grassroots", "ecology"), ("青山队", SECOND_COMMUNITY, "grassroots", "ecology")])

    def test_changes_leave_alone_what_is_empty(self):
        name = self.name()
        self.city.register(name, sex="male")
        done = self.bring("volunteer.updated", self.lines("volunteer,changes.leader_body,changes.available", f"{name},班子,"))
        self.assertEqual((done["stored"], self.volunteer(name)["leader_body"]), (1, "班子"))


class DryRuns(ImportTest):
    def test_a_dry_run_finds_what_only_the_daemon_knows_and_stores_nothing(self):
        known = self.number()
        self.bring("volunteer.registered", self.lines(HEADING, f"{self.name()},甲,{known},,{COMMUNITY},"))
        before = self.ask("status")["sequence"]
        name = self.name()
        path = self.lines(HEADING, f"{name},甲,{known},,{COMMUNITY},", f"{self.name()},乙,{self.number()},,620502999999,",
                          f"{self.name()},丙,{self.number()},,{COMMUNITY},")
        dry = self.bring("volunteer.registered", path, "--dry-run", expect=REFUSED)
        self.assertEqual(self.refused_at(dry), [(2, "身份证号", "identity_known"), (3, "居住区划", "unknown_region")])
        self.assertEqual((dry["good"], dry["stored"], self.ask("status")["sequence"]), (1, 0, before))
        strict = self.command("import", "volunteer.registered", path, "--all-or-nothing")
        self.assertEqual((strict.returncode, self.ask("status")["sequence"]), (REFUSED, before))
        self.assertIn("nothing of", strict.stderr)
        done = self.bring("volunteer.registered", path, expect=REFUSED)
        self.assertEqual(self.refused_at(done), self.refused_at(dry))
        self.assertEqual(self.bring("volunteer.registered", path, "--dry-run", expect=REFUSED)["duplicate"], 1)

    def test_what_an_earlier_row_brings_is_not_missing(self):
        path = self.lines("组织编号,单位名称,组织类型,所在区划,上级组织", f"o:up,上级,party_government,{COMMUNITY},",
                          f"o:down,下级,party_government,{COMMUNITY},o:up", f"o:lost,下级,party_government,{COMMUNITY},o:none")
        dry = self.bring("organisation.defined", path, "--dry-run", expect=REFUSED)
        self.assertEqual(self.refused_at(dry), [(4, "上级组织", "unknown_organisation")])

    def test_what_people_see(self):
        path = self.lines("志愿者登记表", HEADING, f"{self.name()},甲,{self.number()},,{COMMUNITY},男", f"{self.name()},乙,1,,{COMMUNITY},")
        seen = self.command("import", "volunteer.registered", path, "--dry-run", language="zh_CN.UTF-8")
        self.assertEqual(seen.returncode, REFUSED)
        self.assertIn("身份证号", seen.stdout)
        self.assertIn("bad_identity_number", seen.stdout)
        self.assertIn("1 行会被拒绝", seen.stdout)
        self.assertIn("没有提交任何内容", seen.stdout)

    def test_wrong_usage(self):
        path = self.lines(HEADING)
        for arguments in (["volunteer.registred", path], ["policy.activated", path], ["star.changed", path],
                          ["volunteer.registered", path, "nonsense"], ["volunteer.registered", path, "--source", "a b"],
                          ["volunteer.registered"], ["template", "star.changed"]):
            with self.subTest(arguments):
                self.assertEqual(self.command("import", *arguments).returncode, USAGE)


class Interrupted(ImportTest):
    def test_a_killed_import_goes_on_and_nothing_is_there_twice(self):
        n = 6000
        people = [f"k:{i},62050200100{1 + i % 2}" for i in range(n)]
        path = self.lines("志愿者编号,居住区划", *people)
        for _ in range(3):
            process = subprocess.Popen([str(harness.CONTROL), "import", "volunteer.registered", str(path), "--runtime",
                                        str(self.city.daemon.runtime)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            before = self.ask("status")["sequence"]
            while process.poll() is None and self.ask("status")["sequence"] < before + 500:
                pass
            process.kill()
            process.wait()
        done = self.bring("volunteer.registered", path)
        self.assertEqual((done["rows"], done["stored"] + done["duplicate"], done["refused"]), (n, n, []))
        self.assertGreater(done["duplicate"], 0)
        self.assertEqual(self.ask("batch.get", batch=done["batch"])["events"], n)
        self.assertEqual(self.bring("volunteer.registered", path)["duplicate"], n)
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual(self.bring("volunteer.registered", path)["duplicate"], n)

if __name__ == "__main__":
    unittest.main()
