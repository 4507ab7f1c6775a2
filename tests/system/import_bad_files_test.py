"""Files that are no table, or that are one only in part: each is refused with a stable code, the place and what to do; nothing
is sent, no memory is taken, the daemon goes on."""

import io
import json
import os
import random
import subprocess
import sys
import threading
import unittest
import zipfile

import spreadsheet
from harness import COMMUNITY, CONTROL, PATIENCE
from import_test import ImportTest
from volunteerctl_test import REFUSED

GOOD = f"志愿者编号,居住区划\r\nb:good,{COMMUNITY}\r\n"
MEMORY_BYTES = 256 << 20
MEASURED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


class BadFiles(ImportTest):
    def setUp(self):
        self.before = self.ask("status")["sequence"]

    def tearDown(self):
        self.assertEqual(self.ask("status")["sequence"], self.before, "something was sent")

    def refuse(self, content, code, *said, suffix=".csv", kind="volunteer.registered", more=(), **encoding):
        path = self.file(content, suffix=suffix, **encoding)
        done = self.command("import", kind, path, *more, "--json")
        self.assertEqual(done.returncode, REFUSED, done.stdout + done.stderr)
        error = json.loads(done.stdout)["error"]
        self.assertEqual(error["code"], code, error)
        self.assertIn(code, done.stderr)
        for word in said:
            self.assertIn(word, error["message"])
        self.assertIn(str(path), error["message"])
        return error["message"]

    # ---- what is no table ----

    def test_what_has_another_form_than_its_name_says(self):
        cases = {"a PDF": b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "old .xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
                 "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64), "HTML": b"\n<html><table><tr><td>1</td></tr></table></html>",
                 "compressed": b"\x1f\x8b\x08\x00" + bytes(32), "archive": b"Rar!\x1a\x07\x00",
                 "text document": b"{\\rtf1\\ansi}",
                 "zip archive": zipped({"a.csv": GOOD}),
                 "OpenDocument": zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
                 "zero bytes": b"\x7fELF\x02\x01\x01" + bytes(100)}
        for said, content in cases.items():
            for suffix in (".csv", ".xlsx"):
                with self.subTest(said, suffix=suffix):
                    self.refuse(content, "not_a_table", said, suffix=suffix)

    def test_an_empty_file_one_of_blanks_and_one_of_headings_alone(self):
        self.refuse(b"", "empty_file")
        self.refuse(b"\r\n \r\n,,,\r\n", "empty_file")
        self.refuse("志愿者编号,居住区划\r\n", "empty_file", ":1:")
        self.refuse("志愿者编号,居住区划\r\n\r\n合计,0\r\n", "empty_file")
        self.refuse(spreadsheet.workbook([]), "empty_file", suffix=".xlsx")

    def test_a_file_that_is_not_there_and_a_folder(self):
        for path in (self.folder / "nothing", self.folder):
            done = self.command("import", "volunteer.registered", path, "--json")
            self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]), (REFUSED, "not_readable"))

    # ---- text ----

    def test_a_wrong_encoding(self):
        self.refuse(GOOD.encode() + b"b:1,\xff\xff\xff\xff\r\n", "wrong_encoding", "GB18030")
        self.refuse(b"\xef\xbb\xbf" + GOOD.encode() + b"b:1,\xc1\xc1\r\n", "wrong_encoding", "UTF-8")
        self.refuse(GOOD.encode("utf-16-le") + b"\x00\xd8A\x00", "wrong_encoding")
        self.refuse(GOOD.encode("utf-16") + b"A", "wrong_encoding")
        self.refuse("志願者編號,居住區劃\r\nb:1,x\r\n".encode("big5"), "unknown_field")
        self.refuse(GOOD.encode() + b"b:1,\x00\r\n", "not_a_table", "zero bytes", ":3:")

    def test_a_wrong_separator(self):
        self.refuse(GOOD.replace(",", "|"), "unknown_field", "separator")
        self.refuse(GOOD.replace(",", " "), "unknown_field", "separator")

    def test_quotation_marks_that_are_not_closed_or_stand_alone(self):
        self.refuse(GOOD + f'b:1,"{COMMUNITY}\r\nb:2,{COMMUNITY}\r\n', "malformed_csv", "never closed", ":3:")
        self.refuse(GOOD + f'b:1,x"y"\r\n', "malformed_csv", ":3:")
        self.refuse(GOOD + 'b:1,"' + "a,b\r\n" * 20000, "too_large", ":3:", "quotation mark")

    def test_lines_and_cells_that_are_too_long(self):
        self.refuse(b"x" * (3 << 20), "too_large", "1 MiB", ":1:")
        self.refuse(GOOD.encode() + b"," * (3 << 20), "too_large", "1 MiB", ":3:")
        self.refuse(GOOD + "b:1," + "x" * 70000 + "\r\n", "too_large", "64 KiB", ":3:")
        self.refuse(GOOD + "b:1" + ",x" * 300 + "\r\n", "too_large", "columns", ":3:")

    def test_a_gigabyte_of_one_line_takes_no_memory(self):
        sparse = self.folder / "sparse.csv"
        with open(sparse, "wb") as file:
            file.write(GOOD.encode())
            file.truncate(1 << 30)
        self.assertLess(self.memory_of(sparse, "not_a_table"), MEMORY_BYTES)
        pipe = self.folder / "pipe.csv"
        os.mkfifo(pipe)

        def write():
            try:
                with open(pipe, "wb") as file:
                    for _ in range(1 << 10):
                        file.write(b"x" * (1 << 20))
            except BrokenPipeError:
                pass

        writer = threading.Thread(target=write)
        writer.start()
        self.assertLess(self.memory_of(pipe, "too_large"), MEMORY_BYTES)
        writer.join()

    def memory_of(self, path, code):
        """Peak resident bytes of the import, which is refused with the code. A process's peak begins with what its parent held:
        a small one starts it."""
        command = [CONTROL, "import", "volunteer.registered", path, "--json", "--runtime", self.city.daemon.runtime]
        done = subprocess.run([sys.executable, "-c", MEASURED, *map(str, command)], capture_output=True, text=True, timeout=PATIENCE)
        status, peak = done.stderr.splitlines()[-1].split()
        self.assertEqual((int(status), json.loads(done.stdout)["error"]["code"]), (REFUSED, code))
        return int(peak) << 10

    # ---- headings ----

    def test_headings_that_are_twice_missing_or_unknown(self):
        self.refuse(f"志愿者编号,居住区划,居住区划\r\nb:1,{COMMUNITY},{COMMUNITY}\r\n", "duplicate_field", "居住区划", "region")
        self.refuse(f"志愿者编号,居住区划,region\r\nb:1,{COMMUNITY},{COMMUNITY}\r\n", "duplicate_field", "region")
        self.refuse("志愿者编号,性别\r\nb:1,男\r\n", "missing_field", "居住区划", "region", ":1:")
        self.refuse("志愿者编号,居住区划,姓名\r\nb:1,x,甲\r\n", "missing_field", "证件号码", "identity.number")
        self.refuse("志愿者编号,居住区域划\r\nb:1,x\r\n", "unknown_field", "居住区域划", "居住区划", "--map")
        self.refuse("志愿者编号,居住区划,血型\r\nb:1,x,O\r\n", "unknown_field", "血型")
        self.refuse("a,b,c\r\n1,2,3\r\n", "unknown_field", "居住区划")
        self.refuse(GOOD, "unknown_field", "regin", "region", more=("regin=x",))

    def test_maps_that_are_wrong(self):
        path = self.file(GOOD)
        for text, code in (("heading,field\r\n居住区划,regio\r\n", "unknown_field"), ("居住区划\r\n", "missing_field"), ("", "empty_file")):
            with self.subTest(text):
                done = self.command("import", "volunteer.registered", path, "--map", self.file(text), "--json")
                self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]), (REFUSED, code))

    def test_a_row_with_a_separator_too_many(self):
        done = self.command("import", "volunteer.registered", self.file(f"志愿者编号,居住区划\r\nb:1,{COMMUNITY},x\r\n"), "--json")
        self.assertEqual([(line["row"], line["code"]) for line in json.loads(done.stdout)["refused"]], [(2, "unknown_field")])

    # ---- workbooks ----

    ROWS = [["志愿者编号", "居住区划"], ["b:1", COMMUNITY]]

    def refuse_book(self, code, *said, rows=ROWS, **parts):
        return self.refuse(spreadsheet.workbook(rows, parts={name: text for name, text in parts.get("parts", {}).items()}), code, *said,
                           suffix=".xlsx")

    def test_a_zip_bomb_takes_no_memory(self):
        body = spreadsheet.sheet([["x"]], None).replace("<sheetData>", "<sheetData>" + " " * (32 << 20))
        bomb = self.folder / "bomb.xlsx"
        bomb.write_bytes(spreadsheet.workbook(self.ROWS, parts={"xl/worksheets/sheet1.xml": body}))
        self.assertLess(bomb.stat().st_size, 1 << 20)
        self.assertLess(self.memory_of(bomb, "too_large"), MEMORY_BYTES)
        texts = f'<sst xmlns="{spreadsheet.MAIN}">' + ("<si><t>" + "x" * 60000 + "</t></si>") * 1000 + "</sst>"
        bomb.write_bytes(spreadsheet.workbook(self.ROWS, parts={"xl/sharedStrings.xml": texts}))
        self.assertLess(self.memory_of(bomb, "too_large"), MEMORY_BYTES)

    def test_entities_are_refused(self):
        laughs = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet xmlns="'
                  + spreadsheet.MAIN + '"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>')
        outside = laughs.replace('<!ENTITY b "&a;&a;&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">')
        for text in (laughs, outside):
            for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"):
                with self.subTest(part):
                    self.assertNotIn("root:", self.refuse_book("malformed_xlsx", "entities", parts={part: text}))

    def test_damaged_workbooks(self):
        whole = spreadsheet.workbook(self.ROWS)
        self.refuse(whole[:len(whole) // 2], "malformed_xlsx", "damaged", suffix=".xlsx")
        sheet = "xl/worksheets/sheet1.xml"
        begin = f'<worksheet xmlns="{spreadsheet.MAIN}"><sheetData>'
        for text in ("", "<worksheet>", begin + '<row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>',
                     begin + '<row r="2"/><row r="1"/></sheetData></worksheet>',
                     begin + '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
                     "<a>" * 5000, begin + '<row r="1"><c r="A1" x="' + "y" * (2 << 20) + '"/></row></sheetData></worksheet>'):
            with self.subTest(text[:80]):
                self.refuse_book("malformed_xlsx", parts={sheet: text})
        self.refuse_book("malformed_xlsx", parts={sheet: None})
        self.refuse_book("too_large", parts={sheet: begin + '<row r="9999999"/></sheetData></worksheet>'})
        self.refuse_book("too_large", parts={sheet: begin + '<row r="1"><c r="ZZ1"><v>1</v></c></row></sheetData></worksheet>'})

    def test_a_workbook_with_a_password_inside_its_archive(self):
        whole = bytearray(spreadsheet.workbook(self.ROWS))
        at = 0  # the flag "encrypted" of every entry, in both directories
        while (at := whole.find(b"PK\x03\x04", at)) >= 0:
            whole[at + 6] |= 1
            at += 4
        at = 0
        while (at := whole.find(b"PK\x01\x02", at)) >= 0:
            whole[at + 8] |= 1
            at += 4
        self.refuse(bytes(whole), "not_a_table", "password", suffix=".xlsx")

    def test_no_bytes_at_all_end_it_by_a_signal(self):
        """Damaged copies of good files: refused or taken for a dry run, and always with an exit code of its own."""
        source = random.Random(20180823)
        books = [spreadsheet.workbook(self.ROWS), spreadsheet.workbook(self.ROWS, shared=False), GOOD.encode(), GOOD.encode("utf-16"),
                 GOOD.encode("gb18030")]
        for number in range(24):
            data = bytearray(source.choice(books))
            for _ in range(source.randint(1, 8)):
                data[source.randrange(len(data))] = source.randrange(256)
            path = self.file(bytes(data[:source.randint(len(data) // 2, len(data))]))
            done = subprocess.run([str(CONTROL), "import", "volunteer.registered", str(path), "--dry-run", "--runtime",
                                   str(self.city.daemon.runtime)], capture_output=True, timeout=PATIENCE)
            self.assertIn(done.returncode, (0, REFUSED), done.stderr)


if __name__ == "__main__":
    unittest.main()
