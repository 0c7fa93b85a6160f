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
}

#: Excel's own bounds: rows of a sheet, UTF-16 units of a text, digits of a number
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_DIGITS = 15
CUT = "……（全文见 CSV）"

#: columns that have a colour for each of their values
_COLOURED = frozenset({"severity", "status"})
_COLOURS = {
    "error": ("#9C0006", "#FFC7CE"),
    "failed": ("#9C0006", "#FFC7CE"),
    "warning": ("#7F6000", "#FFEB9C"),
    "partial": ("#7F6000", "#FFEB9C"),
    "note": ("#1F4E79", "#DDEBF7"),
    "no_form": ("#1F4E79", "#DDEBF7"),
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
            str(self._draft.path), {"constant_memory": True, "tmpdir": self._rows_folder.name}
        )
        self._book.use_zip64()
        formats = {
            value: self._book.add_format({"font_color": font, "bg_color": ground})
            for value, (font, ground) in _COLOURS.items()
        }
        header = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#D9E1F2"}
        )
        self._sheets = {
            name: _Sheet(self._book.add_worksheet(name if lang == "en" else zh), name, lang, header, formats)
            for name, zh in SHEETS.items()
        }

    def write(self, rows: Rows) -> None:
        """Append rows to their sheets."""
        for name, added in rows.items():
            for row in added:
                self._sheets[name].write(row)

    def publish(self) -> None:
        """Close the workbook and give it its name. Raises `WriteError`."""
        for sheet in self._sheets.values():
            sheet.finish()
        try:
            self._book.close()
        except XlsxFileError as err:
            self.discard()
            raise OSError(str(err)) from err
        self._rows_folder.cleanup()
        self._draft.publish()

    def discard(self) -> None:
        """Remove what has been written."""
        self._book.fileclosed = True  # or it would be written when the object goes
        for sheet in self._book.worksheets():
            sheet._opt_close()
        self._rows_folder.cleanup()
        self._draft.discard()


class _Sheet:
    """A table as a sheet: header, rows, widths."""

    def __init__(self, sheet: Any, name: str, lang: str, header: Any, formats: dict[str, Any]) -> None:
        self._sheet = sheet
        self._name = name
        self._columns: Sequence[Column] = TABLES[name]
        self._formats = formats
        self._row = 0
        titles = [column.name if lang == "en" else f"{column.zh}\n{column.name}" for column in self._columns]
        self._widths = [max(map(_width, title.split("\n"))) + 2 for title in titles]
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 15 if lang == "en" else 32)
        for col, title in enumerate(titles):
            sheet.write_string(0, col, title, header)

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
        look = self._formats.get(text) if column.name in _COLOURED else None
        self._sheet.write_string(self._row, col, text, look)

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


def _width(text: str) -> int:
    """The width on screen: a Chinese character takes two columns. Past the widest column nobody measures."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:_WIDEST])
