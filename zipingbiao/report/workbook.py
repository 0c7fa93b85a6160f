"""All tables as one Excel workbook, findings first. Nothing in it is a formula or a link, whatever a form says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from zipingbiao.columns import TABLES, Column, Datum, Row
from zipingbiao.report.draft import Draft
from zipingbiao.tables import Rows, written

#: the sheets in the order in which an auditor wants them
SHEETS = {
    "findings": "疑点",
    "forms": "表单",
    "funds": "资金",
    "indicators": "指标",
    "sources": "来源",
    "cells": "单元格",
    "texts": "文字",
    "unknown_labels": "未识别标签",
}

#: Excel's own bounds: rows of a sheet, UTF-16 units of a text, digits of a number
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_DIGITS = 15
CUT = "……（全文见 CSV）"

#: columns that have a colour for each of their values
_COLOURED = frozenset({"severity", "status"})
#: columns of sentences: as wide as can be, and what is longer goes on in a next line
_SENTENCES = frozenset({"message", "error"})
#: the height of a line in points, and the most lines of a row: Excel allows 409 points
_LINE, _MOST_LINES = 15, 27
_RED, _YELLOW, _BLUE = (
    {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    {"font_color": "#7F6000", "bg_color": "#FFEB9C"},
    {"font_color": "#1F4E79", "bg_color": "#DDEBF7"},
)
_LOOKS: dict[str, dict[str, object]] = {
    "header": {"bold": True, "text_wrap": True, "bg_color": "#D9E1F2"},
    "sentence": {"text_wrap": True},
    "error": {**_RED},
    "failed": {**_RED},
    "warning": {**_YELLOW},
    "partial": {**_YELLOW},
    "note": {**_BLUE},
    "no_form": {**_BLUE},
}
#: so many rows decide how wide a column is, between these two
_MEASURED_ROWS = 200
_NARROWEST, _WIDEST = 8, 60
# what XML cannot hold: control characters, halves of surrogate pairs, and two that are no characters
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Workbook:
    """``zipingbiao.xlsx``: a sheet a table; ``lang`` is that of sheet names and headers."""

    def __init__(self, out: Path, lang: str) -> None:
        self._draft = Draft(out / "zipingbiao.xlsx")
        # the rows go to files first, so that memory stays flat
        self._rows_folder = TemporaryDirectory(prefix="zipingbiao-", ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(
            str(self._draft.path),
            {
                "constant_memory": True,
                "tmpdir": self._rows_folder.name,
                # beside a text of several lines, the other cells of its row begin where it begins
                "default_format_properties": {"font_name": "Calibri", "font_size": 11, "valign": "top"},
            },
        )
        self._book.use_zip64()
        formats = {name: self._book.add_format(look) for name, look in _LOOKS.items()}
        self._sheets = {
            name: _Sheet(self._book.add_worksheet(name if lang == "en" else zh), name, lang, formats)
            for name, zh in SHEETS.items()
        }

    def write(self, rows: Rows) -> None:
        """Append rows to their sheets."""
        for name, added in rows.items():
            for row in added:
                self._sheets[name].write(row)

    def finish(self) -> list[Draft]:
        """Close the workbook. Raises `OSError`."""
        for sheet in self._sheets.values():
            sheet.finish()
        try:
            self._book.close()
        except XlsxFileError as err:
            raise OSError(str(err)) from err
        self._rows_folder.cleanup()
        return [self._draft]

    def discard(self) -> None:
        """Remove what has been written."""
        self._book.fileclosed = True  # or it would be written when the object goes
        for sheet in self._book.worksheets():
            sheet._opt_close()
        self._rows_folder.cleanup()
        self._draft.discard()


class _Sheet:
    """A table as a sheet: header, rows, widths."""

    def __init__(self, sheet: Any, name: str, lang: str, formats: dict[str, Any]) -> None:
        self._sheet = sheet
        self._name = name
        self._columns: Sequence[Column] = TABLES[name]
        self._formats = formats
        self._row = 0
        titles = [column.name if lang == "en" else f"{column.zh}\n{column.name}" for column in self._columns]
        self._widths = [max(map(_width, title.split("\n"))) + 2 for title in titles]
        for col, column in enumerate(self._columns):
            if column.name in _SENTENCES:
                self._widths[col] = _WIDEST
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 15 if lang == "en" else 32)
        for col, title in enumerate(titles):
            sheet.write_string(0, col, title, formats["header"])

    def write(self, row: Row) -> None:
        """Append a row; when the sheet is full, its last row says where the rest is."""
        if self._row >= MAX_ROWS - 1:
            return
        self._row += 1
        if self._row == MAX_ROWS - 1:
            self._sheet.write_string(
                self._row, 0, f"行数已达 Excel 上限，其余见 {self._name}.csv (the rest is in the CSV)"
            )
            return
        # LibreOffice does not find the height by itself
        sentences = (written(row[column.name]) for column in self._columns if column.name in _SENTENCES)
        if (lines := max(map(_lines, sentences), default=1)) > 1:
            self._sheet.set_row(self._row, _LINE * lines)
        for col, column in enumerate(self._columns):
            self._put(col, column, row[column.name])

    def _put(self, col: int, column: Column, datum: Datum) -> None:
        if datum is None or datum == "":
            return
        if isinstance(datum, int) or (
            isinstance(datum, Decimal) and len(datum.as_tuple().digits) <= MAX_DIGITS
        ):
            self._sheet.write_number(self._row, col, float(datum))
            return
        text = _fitting(written(datum))
        if self._row <= _MEASURED_ROWS:
            self._widths[col] = max(self._widths[col], _width(text) + 2)
        look = "sentence" if column.name in _SENTENCES else text if column.name in _COLOURED else ""
        self._sheet.write_string(self._row, col, text, self._formats.get(look))

    def finish(self) -> None:
        """Set filter and widths, now that the rows are known."""
        self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        for col, width in enumerate(self._widths):
            self._sheet.set_column(col, col, min(max(width, _NARROWEST), _WIDEST))


def _fitting(text: str) -> str:
    """A text that a cell can hold: nothing that XML forbids, nor more than Excel allows."""
    text = _NOT_XML.sub("", text)
    if len(text) > MAX_TEXT // 2 and len(units := text.encode("utf-16-le")) > 2 * MAX_TEXT:
        text = units[: 2 * (MAX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
    # the writer takes a text between these tags for formatted XML
    return f" {text}" if text.startswith("<r>") else text


def _width(text: str, most: int = _WIDEST) -> int:
    """The width on screen of so many characters: a Chinese one takes two columns."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:most])


def _lines(sentence: str) -> int:
    """How many lines a sentence takes in the widest column, where none is filled to its end."""
    return min(1 + _width(sentence, _WIDEST * _MOST_LINES) // (_WIDEST - 4), _MOST_LINES)
