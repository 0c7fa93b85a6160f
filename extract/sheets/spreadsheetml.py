"""Read a workbook that is a single XML file, of Excel 2003, which many systems export under the name .xls.

Not read: comments, charts, headers and footers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from extract.document import Document
from extract.encoding import decode
from extract.limits import MAX_XML_BYTES
from extract.package import parsed
from extract.sheets.dates import days_in
from extract.sheets.document import document_of
from extract.sheets.formats import BUILT_IN, GENERAL, Format, number_format, value_as_shown
from extract.sheets.runs import Run, text_of
from extract.sheets.sheet import MAX_COLUMN, MAX_ROW, UNCOUNTED, Area, Sheet, damaged, too_large

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_HTML = "{http://www.w3.org/TR/REC-html40}"

#: formats that go by a name in place of a code, as Excel in China shows them
_NAMED = {
    "General Number": GENERAL, "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
    "Currency": BUILT_IN[7], "General Date": BUILT_IN[22], "Short Date": BUILT_IN[14], "Medium Date": BUILT_IN[15],
    "Long Date": BUILT_IN[31], "Short Time": BUILT_IN[20], "Medium Time": BUILT_IN[18], "Long Time": BUILT_IN[21],
    "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"', "On/Off": '"On";"On";"Off"',
}  # fmt: skip
_DEFAULT = "Default"
#: styles may be based on others, which programs do once at most
_DEEPEST = 10
_HIDDEN = ("SheetHidden", "SheetVeryHidden")
_STRUCK, _RAISED = (_HTML + "S", _HTML + "Strike", _HTML + "Del"), _HTML + "Sup"


def read_spreadsheetml(data: bytes, source: str) -> Document:
    """Read the bytes of such a workbook: a Grid for each sheet with a text, hidden ones included.

    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    if len(data) > MAX_XML_BYTES:
        raise too_large()
    root = parsed(decode(data).encode("utf-8", "replace").lstrip())
    if root.tag != _SS + "Workbook":
        raise damaged()
    looks = _Looks(root)
    return document_of(
        [_SheetReader(page, looks).read() for page in root.iterfind(_SS + "Worksheet")], source
    )


class _Look(NamedTuple):
    """How a cell is shown: its number format, a border on its left or right, a line through its text."""

    format: Format = number_format(GENERAL)
    is_framed: bool = False
    is_struck: bool = False

    def changed(self, style: _Element) -> _Look:
        """The look of a style that is based on this one."""
        look = self
        for part in style:
            if part.tag == _SS + "NumberFormat":
                code = part.get(_SS + "Format", GENERAL)
                look = look._replace(format=number_format(_NAMED.get(code, code)))
            elif part.tag == _SS + "Font" and (strike := part.get(_SS + "StrikeThrough")):
                look = look._replace(is_struck=strike == "1")
            elif part.tag == _SS + "Borders":
                look = look._replace(is_framed=any(_is_side(border) for border in part))
        return look


def _is_side(border: _Element) -> bool:
    style = border.get(_SS + "LineStyle", "None")
    return border.get(_SS + "Position") in ("Left", "Right") and style != "None"


class _Looks:
    """The looks of a workbook's styles."""

    def __init__(self, root: _Element) -> None:
        styles = root.iterfind(f"{_SS}Styles/{_SS}Style")
        self._styles = {style.get(_SS + "ID", ""): style for style in styles}
        self._known: dict[str, _Look] = {}

    def of(self, name: str) -> _Look:
        """The look of a style; what a style does not say, the one that it is based on does."""
        if name not in self._known:
            chain: list[_Element] = []
            base: str | None = name
            while base in self._styles and len(chain) < _DEEPEST:
                chain.append(self._styles[base])
                base = None if base == _DEFAULT else chain[-1].get(_SS + "Parent", _DEFAULT)
            look = _Look()
            for style in reversed(chain):
                look = look.changed(style)
            self._known[name] = look
        return self._known[name]


class _SheetReader:
    """Reads one sheet. Columns, rows and cells that do not say their number follow the one before them."""

    def __init__(self, page: _Element, looks: _Looks) -> None:
        self._page = page
        self._looks = looks
        is_hidden = page.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible") in _HIDDEN
        self._sheet = Sheet(page.get(_SS + "Name", ""), is_hidden)
        self._column_styles: dict[int, str] = {}

    def read(self) -> Sheet:
        """The sheet as a person sees it."""
        row = column = 0
        for node in self._page.iterfind(f"{_SS}Table/*"):
            if node.tag == _SS + "Column":
                # Columns come in their order; else a few bytes could name all of them again and again.
                first = max(_count(node, "Index", 0), column + 1)
                column = self._read_column(node, first)
            elif node.tag == _SS + "Row":
                first = _count(node, "Index", row + 1)
                row = first + _count(node, "Span", 0)
                if node.get(_SS + "Hidden") == "1":
                    self._sheet.hidden_rows.append((first, row))
                self._read_row(node, first)
        return self._sheet

    def _read_column(self, node: _Element, first: int) -> int:
        """Read what is said of a column; the last one for which it is said."""
        last = min(first + _count(node, "Span", 0), MAX_COLUMN)
        if node.get(_SS + "Hidden") == "1":
            self._sheet.hidden_columns.append((first, last))
        if style := node.get(_SS + "StyleID"):
            self._column_styles |= dict.fromkeys(range(first, last + 1), style)
        return last

    def _read_row(self, node: _Element, row: int) -> None:
        column = 0
        row_style = node.get(_SS + "StyleID")
        for cell in node.iterchildren(_SS + "Cell"):
            column = _count(cell, "Index", column + 1)
            style = cell.get(_SS + "StyleID") or row_style or self._column_styles.get(column, _DEFAULT)
            self._read_cell(cell, row, column, self._looks.of(style))
            across, down = _count(cell, "MergeAcross", 0), _count(cell, "MergeDown", 0)
            if across or down:
                self._sheet.merges.append(Area(row, column, row + down, column + across))
            column += across

    def _read_cell(self, cell: _Element, row: int, column: int, look: _Look) -> None:
        data = cell.find(_SS + "Data")
        if data is None:
            if cell.get(_SS + "Formula") is not None:
                self._sheet.uncounted += 1
                self._sheet.put(row, column, UNCOUNTED, look.is_framed)
            return
        kind = data.get(_SS + "Type", "String")
        if kind == "String":
            text, has_struck = text_of(_runs(data, look.is_struck, False))
            text = look.format.shown_text(text)
        else:
            text, has_struck = text_of([Run(_shown(kind, data.text or "", look.format))], look.is_struck)
        if has_struck:
            self._sheet.struck.append((row, column))
        self._sheet.put(row, column, text, look.is_framed)


def _shown(kind: str, value: str, shape: Format) -> str:
    """What is seen in a cell that holds no text."""
    if kind == "Boolean":
        return "FALSE" if value.strip() == "0" else "TRUE"
    if kind == "Number":
        return value_as_shown(value, shape)
    number = days_in(value) if kind == "DateTime" else None
    return value if number is None else shape.shown(number)


def _runs(node: _Element, is_struck: bool, is_raised: bool) -> Iterator[Run]:
    """The runs of a text, whose fonts are marked as in a web page."""
    yield Run(node.text or "", is_struck, is_raised)
    for child in node:
        yield from _runs(child, is_struck or child.tag in _STRUCK, is_raised or child.tag == _RAISED)
        yield Run(child.tail or "", is_struck, is_raised)


def _count(node: _Element, name: str, otherwise: int) -> int:
    """The number that an attribute says; one beyond any sheet is damage."""
    value = node.get(_SS + name)
    if value is None:
        return otherwise
    if not (value.isascii() and value.isdecimal()) or int(value[:8]) > MAX_ROW:
        raise damaged()
    return int(value[:8])
