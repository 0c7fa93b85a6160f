"""Rows that are put together at once are, letter for letter, what XlsxWriter makes of the same cells one by one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.escape import unescape

from zipingbiao.columns import POINTS, WAN
from zipingbiao.report.workbook.cells import RowWriter, number_cell, text_cell
from zipingbiao.report.workbook.looks import Looks
from zipingbiao.report.workbook.texts import fitting, height, shown_number

#: as texts of forms come: printed ones, and each character that XML, Excel or the file's own escapes could mistake
TEXTS = (
    "资金总额", "10.00", "≥1.5万亩", "a & b", "<b>粗</b>", "]]>", '"引"', "'单'", " 前", "后 ", "\u3000全角", "后\u00a0",
    "上\n下", "\n", "甲\r\n乙", "列\t列", "\u2028", "_x0041_", "_xZZZZ_", "a_x000D_b", "_x", "&amp;", "&#10;", "=1+1",
    "x\x1fy", "\u200f\u202e", "😀𠮷", "\x85", "\ufeff", "e\u0301", "{=A1}", "https://example.org",
)  # fmt: skip
NUMBERS = ("0", "-0.5", "100.00", "98.765", "123456789.012345", "1E+30", "1E-9", "999999999999999", "0.1")

Fill = Callable[[Any, Looks], None]


def sheet_xml(path: Path, fill: Fill) -> str:
    """The XML of the one sheet of a workbook with a header, which ``fill`` fills from the second row on."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("表")
    sheet.set_default_row(height(1))
    sheet.write_string(0, 0, "列")
    sheet.write_string(0, 1, "列二")
    fill(sheet, Looks(book))
    book.close()
    with zipfile.ZipFile(path) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def both(folder: Path, cell_by_cell: Fill, at_once: Fill) -> tuple[list[str], list[str]]:
    """A sheet as XlsxWriter writes it, and as it is with whole rows; an element a line."""
    made = (sheet_xml(folder / f"{fill.__name__}.xlsx", fill) for fill in (cell_by_cell, at_once))
    theirs, ours = (xml.replace("><", ">\n<").split("\n") for xml in made)
    return theirs, ours


def test_texts(tmp_path: Path) -> None:
    def cell_by_cell(sheet: Any, looks: Looks) -> None:
        for row, text in enumerate(TEXTS, 1):
            sheet.write_string(row, 0, fitting(text), looks.of("text"))
            sheet.write_string(row, 1, fitting(text), looks.of("text", "error"))

    def at_once(sheet: Any, looks: Looks) -> None:
        writer = RowWriter(sheet)
        for row, text in enumerate(TEXTS, 1):
            plain, red = looks.style("text"), looks.style("text", "error")
            cells = (
                text_cell(f"{col}{row + 1}", style, fitting(text))
                for col, style in (("A", plain), ("B", red))
            )
            writer.write(row, cells, height(1))

    theirs, ours = both(tmp_path, cell_by_cell, at_once)
    assert ours == theirs
    assert sum("inlineStr" in line for line in ours) == 2 + 2 * len(TEXTS)


def test_numbers_and_formulas(tmp_path: Path) -> None:
    shown = [one for text in NUMBERS for unit in (WAN, POINTS) if (one := shown_number(text, unit))]
    assert len(shown) == 2 * len(NUMBERS)

    def cell_by_cell(sheet: Any, looks: Looks) -> None:
        for row, number in enumerate(shown, 1):
            look = looks.of(number=number.format)
            sheet.write_number(row, 0, float(number.value), look)
            sheet.write_formula(row, 1, "=ROUND(3/4*MIN(2,1),2)", look, number.value)

    def at_once(sheet: Any, looks: Looks) -> None:
        writer = RowWriter(sheet)
        for row, number in enumerate(shown, 1):
            style, value = looks.style(number=number.format), number.value
            formula = number_cell(f"B{row + 1}", style, value, "ROUND(3/4*MIN(2,1),2)")
            writer.write(row, (number_cell(f"A{row + 1}", style, value), formula), height(1))

    theirs, ours = both(tmp_path, cell_by_cell, at_once)
    # it takes the number of a formula for a text when it is given as one
    assert ours == [line.replace(' t="str"', "") for line in theirs]


def test_links_heights_and_blank_cells(tmp_path: Path) -> None:
    links = ("internal:'表'!A2", "external:./甲%20县/1.docx")
    rows: Sequence[tuple[int, str]] = list(zip((1, 4), links, strict=True))

    def cell_by_cell(sheet: Any, looks: Looks) -> None:
        for row, (many, link) in enumerate(rows, 1):
            sheet.set_row(row, height(many))
            sheet.write_url(row, 1, link, looks.of("text", "link"), "打开 & 看")
        sheet.write_string(3, 0, "末行")

    def at_once(sheet: Any, looks: Looks) -> None:
        writer = RowWriter(sheet)
        for row, (many, link) in enumerate(rows, 1):
            cell = text_cell(f"B{row + 1}", looks.style("text", "link"), "打开 & 看")
            writer.link(row, 1, link, "打开 & 看")
            writer.write(row, (cell,), height(many))
        sheet.write_string(3, 0, "末行")

    theirs, ours = both(tmp_path, cell_by_cell, at_once)
    assert ours == theirs
    assert sum("<hyperlink " in line for line in ours) == 2


@pytest.mark.parametrize("text", [*TEXTS, "_x0041_x0042_", "_x005F_x0041_", "<r>字</r>", "<r><t>字</t></r>"])
def test_a_spreadsheet_shows_the_text_that_was_written(tmp_path: Path, text: str) -> None:
    def fill(sheet: Any, looks: Looks) -> None:
        RowWriter(sheet).write(1, (text_cell("A2", looks.style("text"), fitting(text)),), height(1))

    sheet_xml(tmp_path / "one.xlsx", fill)
    shown = openpyxl.load_workbook(tmp_path / "one.xlsx")["表"]["A2"].value
    assert unescape(shown) == fitting(text)


def digits(numbers: Iterable[str]) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def test_a_number_in_the_file_is_the_number_to_the_last_digit() -> None:
    shown = [one.value for text in NUMBERS if (one := shown_number(text, POINTS))]
    assert digits(shown) == digits(NUMBERS)
