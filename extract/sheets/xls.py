"""Read an old Excel workbook (.xls) or one of WPS (.et): what a person sees in each cell.

The records are read by xlrd, which is bounded by the file's size: a sheet has 65,536 rows and 256 columns
at most, and nothing in the file is packed.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from itertools import pairwise

import xlrd
from xlrd.biffh import XLRDError
from xlrd.book import Book
from xlrd.compdoc import CompDocError
from xlrd.sheet import Cell as RecordCell
from xlrd.sheet import Sheet as RecordSheet

from extract.document import Document, ReadError
from extract.sheets.document import document_of
from extract.sheets.formats import BUILT_IN, GENERAL, Format, exact, number_format
from extract.sheets.runs import Run, text_of
from extract.sheets.sheet import Area, Sheet, damaged
from extract.unlock import locked

_MB = 1024 * 1024
MAX_XLS_BYTES = 20 * _MB
"""The size of the file. A form is 10 KB to 100 KB. A file of this size that is all numbers has three million of
them, which take 280 MB and 9 seconds before they can be counted."""

# What xlrd lets escape when the bytes under it are nonsense.
_BROKEN = (
    XLRDError,
    CompDocError, struct.error, AssertionError, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, EOFError, OSError, RecursionError, NotImplementedError,
)  # fmt: skip

#: formats that are the same in all files, named by numbers; xlrd tells them as an American Excel shows them
_SYSTEM_FORMATS = {number: BUILT_IN[number] for number in BUILT_IN if 14 <= number <= 36 or number > 44}


def read_xls(data: bytes, source: str) -> Document:
    """Read the bytes of an .xls or .et file: a Grid for each sheet with a text, hidden ones included.

    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    if len(data) > MAX_XLS_BYTES:
        raise ReadError(
            f"旧版工作簿超过 {MAX_XLS_BYTES // _MB} MB，不予读取；请去掉其中的图片，或另存为 .xlsx 后再试。",
            f"The old workbook is larger than {MAX_XLS_BYTES // _MB} MB and is not read; remove pictures, or save "
            "it as .xlsx.",
        )
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
            logfile=io.StringIO(),
            # Some exporters write containers with a flaw that Excel does not mind either.
            ignore_workbook_corruption=True,
        )
        sheets = list(_sheets(book))
    except _BROKEN as err:
        if "encrypted" in str(err).lower():
            raise locked("工作簿", "The workbook") from err
        raise damaged() from err
    return document_of(sheets, source)


def _sheets(book: Book) -> Iterator[Sheet]:
    reader = _CellReader(book)
    for number in range(book.nsheets):
        records = book.sheet_by_index(number)
        yield reader.read(records)
        book.unload_sheet(number)


class _CellReader:
    """Reads the cells of one workbook; its formats are shared by all sheets."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._from_1904 = book.datemode == 1
        self._formats: dict[int, Format] = {}

    def read(self, records: RecordSheet) -> Sheet:
        """A sheet as a person sees it."""
        sheet = Sheet(records.name, is_hidden=records.visibility != 0)
        for row in range(records.nrows):
            for column, cell in enumerate(records.row(row)):
                if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    continue
                text, has_struck = self._text(cell, records.rich_text_runlist_map.get((row, column), []))
                sheet.put(row + 1, column + 1, text, self._is_framed(cell))
                if has_struck:
                    sheet.struck.append((row + 1, column + 1))
        sheet.merges = [
            Area(top + 1, left + 1, bottom, right) for top, bottom, left, right in records.merged_cells
        ]
        sheet.hidden_rows = [(row + 1, row + 1) for row, info in records.rowinfo_map.items() if info.hidden]
        sheet.hidden_columns = [
            (column + 1, column + 1) for column, info in records.colinfo_map.items() if info.hidden
        ]
        return sheet

    def _text(self, cell: RecordCell, fonts: list[tuple[int, int]]) -> tuple[str, bool]:
        """What is read of a cell, and whether some of it is struck out; ``fonts`` begin within its text."""
        own = self._book.xf_list[cell.xf_index or 0].font_index or 0
        value = cell.value
        if not isinstance(value, str):
            return text_of([self._run(self._shown(cell, value), own)])
        starts = [(0, own), *fonts, (len(value), own)]
        text, has_struck = text_of(
            self._run(value[start:stop], font) for (start, font), (stop, _) in pairwise(starts)
        )
        return self._format(cell).shown_text(text), has_struck

    def _run(self, text: str, font: int) -> Run:
        about = self._book.font_list[font]
        return Run(text, about.struck_out == 1, about.escapement == 1)

    def _shown(self, cell: RecordCell, value: float) -> str:
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(int(value), "#N/A"))
        number = exact(value)
        return "" if number is None else self._format(cell).shown(number, self._from_1904)

    def _is_framed(self, cell: RecordCell) -> bool:
        border = self._book.xf_list[cell.xf_index or 0].border
        return border is not None and bool(border.left_line_style or border.right_line_style)

    def _format(self, cell: RecordCell) -> Format:
        style = cell.xf_index or 0
        known = self._formats.get(style)
        if known is None:
            key = self._book.xf_list[style].format_key or 0
            named = self._book.format_map.get(key)
            code = _SYSTEM_FORMATS.get(key) or (named.format_str if named else BUILT_IN.get(key, GENERAL))
            known = self._formats[style] = number_format(code)
        return known
