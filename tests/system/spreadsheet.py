"""Spreadsheets for the tests of imports: workbooks written part by part, so that each of them can be wrong on purpose."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Cell:
    """XML of a cell as it stands in a sheet: `inner` between its tags, attributes beside its place."""

    def __init__(self, inner, **attributes):
        self.inner, self.attributes = inner, attributes


def formula(text, value=None, **attributes):
    return Cell(f"<f>{escape(text)}</f>" + (f"<v>{value}</v>" if value is not None else ""), **attributes)


def serial(number):
    """A number in a cell whose format is that of a date."""
    return Cell(f"<v>{number}</v>", s="1")


def column(index):
    return (chr(ord("A") + index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def sheet(rows, texts, first=1):
    out = [f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>']
    for number, row in enumerate(rows, first):
        cells = []
        for index, value in enumerate(row):
            place = f"{column(index)}{number}"
            if value is None or value == "":
                continue
            if isinstance(value, Cell):
                more = "".join(f' {name}="{text}"' for name, text in value.attributes.items())
                cells.append(f'<c r="{place}"{more}>{value.inner}</c>')
            elif isinstance(value, (int, float)):
                cells.append(f'<c r="{place}"><v>{value!r}</v></c>')
            elif texts is not None:
                texts.append(value)
                cells.append(f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>')
            else:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(out) + "</sheetData></worksheet>"


def workbook(rows, from_1904=False, shared=True, parts=None, names=("表1",)):
    """Bytes of an .xlsx with one sheet; `parts` replaces some of it by name (None leaves one out)."""
    texts = [] if shared else None
    body = sheet(rows, texts)
    sheets = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
    made = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr'
                           f'{" date1904=" + chr(34) + "1" + chr(34) if from_1904 else ""}/><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{PACKAGE}">'
            + "".join(f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                      for i in range(1, len(names) + 1))
            + f'<Relationship Id="rS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
              f'<Relationship Id="rT" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
                         '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": body,
    }
    if shared:
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">' + "".join(
            f"<si><t>{escape(text)}</t></si>" for text in texts) + "</sst>"
    made.update(parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in made.items():
            if text is not None:
                file.writestr(name, text)
    return out.getvalue()


def read(data, number=1):
    """The texts of a workbook's sheet, row by row: what our own writer wrote."""
    import xml.etree.ElementTree as tree

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        shared = []
        if "xl/sharedStrings.xml" in file.namelist():
            for item in tree.fromstring(file.read("xl/sharedStrings.xml")).findall(f"{{{MAIN}}}si"):
                shared.append("".join(text.text or "" for text in item.iter(f"{{{MAIN}}}t")))
        rows = []
        for row in tree.fromstring(file.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{{{MAIN}}}row"):
            rows.append([shared[int(cell.find(f"{{{MAIN}}}v").text)] if cell.get("t") == "s"
                         else (cell.findtext(f"{{{MAIN}}}v") or "") for cell in row])
        return rows
