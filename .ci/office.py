#!/usr/bin/env python3
"""Workbooks and documents with the programs that people open them in: LibreOffice and openpyxl.

    office.py check TIAOJI    has TIAOJI write workbooks and agreements, and opens and converts them with both programs
    office.py make FOLDER     makes the workbooks of fixtures/workbooks again

Needs LibreOffice (calc and writer) and openpyxl.
"""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOSTILE = "<script>alert(1)</script> ]]> =cmd|' /C calc'!A0 & \"q\""


def convert(path, kind, folder):
    """A file converted by LibreOffice; the path of what came out."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    made = pathlib.Path(folder) / f"{pathlib.Path(path).stem}.{kind.split(':')[0]}"
    assert made.is_file(), f"LibreOffice made no {kind} of {path}"
    return made


# The workbooks of fixtures/workbooks: fixtures/features/competition in the dress of each program.

DAYS = (datetime.date(2022, 3, 7), datetime.date(2022, 3, 9))
CHINESE = '[$-804]yyyy"年"m"月"d"日"'


def competition(english=False, formulas=False):
    """The scenario with what spreadsheets do to it: titles, blank rows, numbers, dates, texts."""
    name = (lambda zh, en: en) if english else (lambda zh, en: zh)
    book = openpyxl.Workbook()
    book.remove(book.active)
    headers = {
        "policy": [["key", "value"], ["name", "features/competition"], ["zone", "made up"], ["policy.onboarding", 100],
                   ["policy.daily_base", "10.00"], ["policy.transport_per_km", 5], ["policy.cross_alliance", "¥20"],
                   ["policy.unmet.urgent", 600.0], ["policy.unmet.normal", 400], ["policy.unmet.low", "300元"]],
        "firms": [["编号", "名称", "联盟", "纬度", "经度"], ["007", "晨光食品", "食品联盟", 36.98, 117.21], [None],
                  [12, "北河饮品", "食品联盟", 37.024966, "117.210000"], ["F3", "安泰机械", "食品联盟", "３６．９８", 117.21]],
        "skills": [["编号", "名称"], ["packer", "包装工"]],
        "surplus": [["编号", "企业", "工种", "人数", "开始日期", "结束日期", "同意人数", "劳务派遣", "备注"],
                    [1, "007", "packer", "=1+1" if formulas else 2, DAYS[0], "2022年3月9日", "2", False, HOSTILE]],
        "shortage": [["编号", "企业", "工种", "人数", "开始日期", "结束日期", "优先级"],
                     ["D1", 12, "packer", 2.0, "2022/3/7", DAYS[1], "紧急"],
                     ["D2", "F3", "packer", "2", "=DATE(2022,3,7)" if formulas else DAYS[0], DAYS[1], "低"]],
    }
    sheets = {"policy": "scenario" if english else "政策"}
    for table, zh in [("firms", "企业"), ("skills", "工种"), ("surplus", "余工"), ("shortage", "缺工")]:
        sheets[table] = name(zh, table)
    for table, rows in headers.items():
        sheet = book.create_sheet(sheets[table])
        if table in ("surplus", "shortage"):
            sheet.append(["示例园区 2022 年春 · " + sheets[table] + "登记表（虚构）"])
            sheet.merge_cells("A1:F1")
            sheet["A1"].font = Font(bold=True)
            sheet.append([])
        for row in rows:
            sheet.append(row)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, datetime.date) or str(cell.value).startswith("=DATE"):
                    cell.number_format = CHINESE if formulas else "yyyy-mm-dd"
                elif isinstance(cell.value, str) and cell.value.isdigit():
                    cell.number_format = "@"
    old = book.create_sheet("lists")
    old.append(["packer", "filler"])
    old.sheet_state = "hidden"
    return book


def make(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.datetime(2022, 3, 1)

    def save(book, name):
        book.properties.created = book.properties.modified = stamp
        book.save(folder / name)

    save(competition(), "openpyxl.xlsx")
    book = competition(english=True)
    book.epoch = CALENDAR_MAC_1904
    save(book, "openpyxl-1904.xlsx")
    save(competition(formulas=True), "formula-without-value.xlsx")
    with tempfile.TemporaryDirectory() as work:
        made = convert(folder / "formula-without-value.xlsx", "xlsx", work)
        (folder / "libreoffice.xlsx").write_bytes(made.read_bytes())
    book = competition()
    book["余工"]["XFD1048576"] = "far"
    save(book, "far-cell.xlsx")
    book = competition()
    book["余工"]["D4"] = "#REF!"
    book["余工"]["E4"] = 60
    book["缺工"]["D4"] = 2.5
    book["缺工"]["B5"] = "F9"
    book["缺工"]["G3"] = "优先"
    book["政策"]["B4"] = "lots"
    book["政策"]["A5"] = "policy.daily_bas"
    book.create_sheet("firms").append(["id", "name"])
    book.create_sheet("替换").append(["原工种", "目标工种", "培训费用"])
    book.create_sheet("日历").sheet_state = "hidden"
    save(book, "faults.xlsx")


def check(tiaoji):
    tiaoji = str(pathlib.Path(tiaoji).resolve())
    run = lambda *line: subprocess.run([tiaoji, *map(str, line)], check=True, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for scenario in ["fixtures/jibei", "fixtures/features/cells"]:
            name = pathlib.Path(scenario).name
            run("convert", ROOT / scenario, work / f"{name}.json")
            for language in ["zh", "en"]:
                ours = work / f"{name}-{language}.xlsx"
                run("convert", ROOT / scenario, ours, "--lang", language)
                for cells in openpyxl.load_workbook(ours):
                    assert all(c.data_type in "sn" and c.data_type != "f" for row in cells for c in row), cells
                again = work / f"{name}-{language}"
                again.mkdir()
                openpyxl.load_workbook(ours).save(again / "openpyxl.xlsx")
                convert(ours, "xlsx", again)
                for other in sorted(again.glob("*.xlsx")):
                    run("convert", other, other.with_suffix(".json"))
                    # LibreOffice keeps a line break in a cell as a line feed.
                    same = [p.read_text().replace("\\r\\n", "\\n") for p in (other.with_suffix(".json"), work / f"{name}.json")]
                    assert same[0] == same[1], f"{other.name} is another scenario"
        papers(run, work)
        bomb(tiaoji, work)
    print("office: all as it should be")


def papers(run, work):
    """A plan as a workbook and as agreements: no formula, and every sentence of the template in the text."""
    template = (ROOT / "crates/formats/src/papers/agreement.txt").read_text()
    run("template", work / "template.xlsx", "--lang", "zh")
    run("match", work / "template.xlsx", "--out", work / "plan.json")
    run("report", work / "template.xlsx", work / "plan.json", "--out", work / "plan.xlsx", "--lang", "zh")
    for book in [work / "template.xlsx", work / "plan.xlsx"]:
        for cells in openpyxl.load_workbook(book):
            assert all(c.data_type != "f" for row in cells for c in row), (book, cells)
        assert convert(book, "pdf", work).stat().st_size > 10_000
    run("report", work / "template.xlsx", work / "plan.json", "--out", work / "agreements")
    sections = dict(part.split("\n", 1) for part in template.split("\n== ")[1:])
    for paper, lines in sections.items():
        document = next((work / "agreements").glob(f"001_*_{paper}.docx"))
        text = convert(document, "txt:Text", work).read_text("utf-8-sig")
        flat = "".join(text.split())
        pieces = re.split(r"\{\w+\}|^\[\w+\]|^\|\||\||^#+ |^> ", lines, flags=re.MULTILINE)
        for piece in (part for piece in pieces for part in piece.splitlines()):
            assert "".join(piece.split()) in flat, f"{document.name} lacks: {piece}"
        assert convert(document, "pdf", work).stat().st_size > 10_000


def bomb(tiaoji, work):
    """Archives that swell are refused, and in little memory."""
    openpyxls, libreoffices = [ROOT / "fixtures/workbooks" / f"{name}.xlsx" for name in ("openpyxl", "libreoffice")]
    sheet, strings, styles = "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml", "xl/styles.xml"
    swelling = {
        "rows": (sheet, "worksheet", "sheetData", b"<row/>" * 1000),
        "cells": (sheet, "worksheet", "sheetData", b"<row>" + b'<c t="inlineStr"><is><t>x</t></is></c>' * 200 + b"</row>"),
        "text": (sheet, "worksheet", "sheetData", b"x" * 10_000),
        "blanks": (sheet, "worksheet", "sheetData", b"\n" * 10_000),
        "strings": (strings, "sst", "si", b"<t>xx</t>" * 1000),
        "empty-strings": (strings, "sst", "x", b"<si/>" * 2000),
        "styles": (styles, "styleSheet", "cellXfs", b'<xf numFmtId="14"/>' * 500),
        "formats": (styles, "styleSheet", "numFmts", b'<numFmt numFmtId="200" formatCode="yyyy"/>' * 250),
    }
    for name, (swollen, root, inner, chunk) in swelling.items():
        path = work / f"bomb-{name}.xlsx"
        # openpyxl shares no strings
        source = openpyxls if swollen == sheet else libreoffices
        with zipfile.ZipFile(source) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad:
            for part in good.namelist():
                if part != swollen:
                    bad.writestr(part, good.read(part))
            with bad.open(swollen, "w") as part:
                part.write(f"<{root}><{inner}>".encode())
                for _ in range(400_000_000 // len(chunk)):
                    part.write(chunk)
                part.write(f"</{inner}></{root}>".encode())
        first, peak = refused(tiaoji, path)
        print(f"bomb-{name}: {path.stat().st_size >> 10} KiB, {peak >> 10} MiB of memory: {first}")
    first, peak = refused(tiaoji, ROOT / "fixtures/workbooks/far-cell.xlsx")
    assert "XFD1048576" in first, first


def refused(tiaoji, path):
    """The first fault of a workbook that must be refused in 100 MiB, and the memory that it took in KiB."""
    with tempfile.TemporaryFile("w+") as faults:
        run = subprocess.Popen([tiaoji, "check", str(path)], stdout=subprocess.DEVNULL, stderr=faults)
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        faults.seek(0)
        first = faults.readline().strip()
    assert run.returncode == 3 and "[unreadable]" in first, (path, run.returncode, first)
    assert usage.ru_maxrss < 100 << 10, f"{path} took {usage.ru_maxrss >> 10} MiB"
    return first, usage.ru_maxrss


if __name__ == "__main__":
    {"check": check, "make": make}[sys.argv[1]](sys.argv[2])
