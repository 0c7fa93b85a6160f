"""Read an OpenDocument spreadsheet (.ods): its cells store the very text that a person sees.

Not read: comments, charts, headers and footers, and formats that are only in the styles of a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml.etree import _Element

from extract.document import Document, ReadError
from extract.package import Package
from extract.sheets.document import document_of
from extract.sheets.formats import exact, number_format
from extract.sheets.runs import Run, text_of
from extract.sheets.sheet import MAX_COLUMN, MAX_ROW, UNCOUNTED, Area, Sheet, damaged, locked

_OPENDOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT = (_OPENDOCUMENT % name for name in ("office", "table", "text"))
_STYLE = _OPENDOCUMENT % "style"
_FORMATTING = _OPENDOCUMENT % "xsl-fo-compatible"

_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_GROUPS = tuple(
    _TABLE + name
    for name in (
        "table-row-group", "table-header-rows", "table-rows",
        "table-column-group", "table-header-columns", "table-columns",
    )
)  # fmt: skip
_UNSEEN = (_OFFICE + "annotation", _TEXT + "ruby-text", _TEXT + "note")
_SIDES = ("border", "border-left", "border-right")
#: blanks that one element stands for; a number that anyone can write
_MOST_BLANKS = 200
#: how values are shown that come without their text, which only some programs leave out
_PLAIN_FORMATS = {"percentage": "0.##########%"}


def read_ods(data: bytes, source: str) -> Document:
    """Read the bytes of an .ods file: a Grid for each sheet with a text, hidden ones included.

    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    package = Package(data)
    if "META-INF/manifest.xml" in package:
        manifest = package.part("META-INF/manifest.xml")
        if any(str(node.tag).endswith("}encryption-data") for node in manifest.iter()):
            raise locked()
    if "content.xml" not in package:
        raise _no_workbook()
    root = package.part("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is None:
        raise _no_workbook()
    styles = _Styles(root)
    return document_of(
        [_SheetReader(table, styles).read() for table in body.iterfind(_TABLE + "table")], source
    )


class _Styles:
    """What the automatic styles say: which frame a cell or hide a sheet, and whether text is struck out or raised."""

    def __init__(self, root: _Element) -> None:
        self.framed: set[str] = set()
        self.hidden: set[str] = set()
        self.struck: dict[str, bool] = {}
        self.raised: dict[str, bool] = {}
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style"):
            name = style.get(_STYLE + "name", "")
            for node in style:
                if node.get(_TABLE + "display") == "false":
                    self.hidden.add(name)
                if line := node.get(_STYLE + "text-line-through-style"):
                    self.struck[name] = line != "none"
                if position := node.get(_STYLE + "text-position"):
                    self.raised[name] = position.startswith("super")
                if any(node.get(_FORMATTING + side, "none") != "none" for side in _SIDES):
                    self.framed.add(name)


class _SheetReader:
    """Reads one sheet. Cells and rows say how often they are repeated, up to the end of any sheet."""

    def __init__(self, table: _Element, styles: _Styles) -> None:
        self._table = table
        self._styles = styles
        self._sheet = Sheet(table.get(_TABLE + "name", ""), table.get(_TABLE + "style-name") in styles.hidden)
        self._column_styles: list[str] = []

    def read(self) -> Sheet:
        """The sheet as a person sees it."""
        row = 1
        for node in _flat(self._table):
            if node.tag == _TABLE + "table-column":
                self._read_column(node)
            elif node.tag == _TABLE + "table-row":
                row += self._read_row(node, row)
        return self._sheet

    def _read_column(self, node: _Element) -> None:
        first = len(self._column_styles) + 1
        count = min(_count(node, "number-columns-repeated"), MAX_COLUMN + 1 - first)
        self._column_styles += [node.get(_TABLE + "default-cell-style-name", "")] * count
        if node.get(_TABLE + "visibility", "visible") != "visible":
            self._sheet.hidden_columns.append((first, first + count - 1))

    def _read_row(self, node: _Element, row: int) -> int:
        """Read a row; how many rows it stands for."""
        count = _count(node, "number-rows-repeated")
        if node.get(_TABLE + "visibility", "visible") != "visible":
            self._sheet.hidden_rows.append((row, row + count - 1))
        column = 1
        for cell in node:
            if cell.tag not in _CELLS:
                continue
            width = _count(cell, "number-columns-repeated")
            style = self._style_of(cell, node, column)
            text, has_struck = self._text(cell, style) if len(cell) or cell.attrib else ("", False)
            if has_struck:
                self._sheet.struck.append((row, column))
            if text:
                is_framed = style in self._styles.framed
                for down in range(count):
                    for across in range(width):
                        self._sheet.put(row + down, column + across, text, is_framed)
            self._note_merge(cell, row, column)
            column += width
        return count

    def _note_merge(self, cell: _Element, row: int, column: int) -> None:
        height = _count(cell, "number-rows-spanned")
        width = _count(cell, "number-columns-spanned")
        if height > 1 or width > 1:
            self._sheet.merges.append(Area(row, column, row + height - 1, column + width - 1))

    def _style_of(self, cell: _Element, row: _Element, column: int) -> str:
        style = cell.get(_TABLE + "style-name") or row.get(_TABLE + "default-cell-style-name")
        if not style and column <= len(self._column_styles):
            style = self._column_styles[column - 1]
        return style or ""

    def _text(self, cell: _Element, style: str) -> tuple[str, bool]:
        """What is read of a cell, and whether some of it is struck out."""
        is_struck = self._styles.struck.get(style, False)
        runs: list[Run] = []
        for node in cell.iterchildren(_TEXT + "p"):
            runs += [Run("\n")] if runs else []
            runs += _runs(node, self._styles, Run(""))
        return text_of(runs or [Run(self._value(cell))], is_struck)

    def _value(self, cell: _Element) -> str:
        """A value that comes without its text."""
        value = cell.get(_OFFICE + "value")
        if value is not None:
            return _shown(value, cell.get(_OFFICE + "value-type", "float"))
        for kind in ("string-value", "date-value", "time-value"):
            if (text := cell.get(_OFFICE + kind)) is not None:
                return text
        if (truth := cell.get(_OFFICE + "boolean-value")) is not None:
            return truth.upper()
        if cell.get(_TABLE + "formula") and cell.get(_OFFICE + "value-type") is None:
            self._sheet.uncounted += 1
            return UNCOUNTED
        return ""


def _flat(holder: _Element) -> Iterator[_Element]:
    """The columns and rows of a sheet, also those that stand in groups."""
    for node in holder:
        if node.tag in _GROUPS:
            yield from _flat(node)
        else:
            yield node


def _count(node: _Element, name: str) -> int:
    """How often a cell or row is repeated, or over how many it goes; at least once."""
    value = node.get(_TABLE + name, "1")
    if not value.isascii() or not value.isdecimal():
        raise damaged()
    return min(max(int(value[:8]), 1), MAX_ROW)


def _runs(node: _Element, styles: _Styles, font: Run) -> Iterator[Run]:
    """The runs of a paragraph; ``font`` is a run in the font that it stands in."""
    name = node.get(_TEXT + "style-name", "")
    struck, raised = styles.struck.get(name, font.is_struck), styles.raised.get(name, font.is_raised)
    yield Run(node.text or "", struck, raised)
    for child in node:
        if child.tag == _TEXT + "s":
            count = child.get(_TEXT + "c", "1")
            blanks = min(int(count[:4]), _MOST_BLANKS) if count.isascii() and count.isdecimal() else 1
            yield Run(" " * blanks, struck)
        elif child.tag == _TEXT + "tab":
            yield Run("\t", struck)
        elif child.tag == _TEXT + "line-break":
            yield Run("\n", struck)
        elif child.tag not in _UNSEEN:
            yield from _runs(child, styles, Run("", struck, raised))
        yield Run(child.tail or "", struck, raised)


def _shown(value: str, kind: str) -> str:
    try:
        number: Decimal | None = exact(float(value))
    except ValueError:
        number = None
    return value if number is None else number_format(_PLAIN_FORMATS.get(kind, "General")).shown(number)


def _no_workbook() -> ReadError:
    return ReadError(
        "压缩包内没有电子表格的内容，不是 .ods 工作簿；请确认文件格式，或另存为 .xlsx 后再试。",
        "The container holds no spreadsheet, so this is no .ods workbook; check its format, or save it as .xlsx.",
    )
