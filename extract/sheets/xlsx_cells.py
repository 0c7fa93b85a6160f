"""Read the cells of one sheet of an Excel workbook from its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element

from extract.sheets.formats import GENERAL, Format, exact, number_format
from extract.sheets.sheet import MAX_COLUMN, Area, Sheet, damaged

_DAY_ZERO = datetime(1899, 12, 30)

# "A4:I4", "$A$4:$I$4", "B2"
_AREA = re.compile(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?",
    re.ASCII,
)
_LETTERS = re.compile(r"[A-Z]{1,3}")
# "12", "0.15870000000000001", "1.5E-3"
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d{1,4})?\s*", re.ASCII)
# "100%", "0.95": a number that was typed behind an equal sign, and so is stored as a formula
_TYPED = re.compile(r"=?\s*(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?P<percent>%?)\s*", re.ASCII)
# "_x000D_": a character that XML cannot hold
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Style(NamedTuple):
    """How a cell is shown: the code of its number format, and whether it has a border on its left or right."""

    code: str = GENERAL
    is_framed: bool = False


@dataclass(slots=True)
class Book:
    """What the cells of all sheets refer to."""

    namespace: str
    strings: list[str]
    styles: list[Style]
    from_1904: bool
    _formats: dict[str, tuple[Format, bool]] = field(default_factory=dict)

    def style_of(self, name: str) -> tuple[Format, bool]:
        """The number format of a style, which cells name by its position, and whether it is framed."""
        known = self._formats.get(name)
        if known is None:
            at = int(name) if name.isascii() and name.isdecimal() and len(name) < 9 else len(self.styles)
            style = self.styles[at] if at < len(self.styles) else Style()
            known = self._formats[name] = number_format(style.code), style.is_framed
        return known


def read_cells(root: _Element, sheet: Sheet, book: Book) -> None:
    """Put into ``sheet`` what is seen in the cells of a worksheet, its merged cells and what is hidden.

    Raises ReadError for cells outside of any sheet, and for references that lead nowhere.
    """
    reader = _CellReader(book, sheet)
    for part in root:
        kind = part.tag.rpartition("}")[2]
        if kind == "sheetData":
            reader.read_rows(part)
        elif kind == "mergeCells":
            sheet.merges += _areas(part)
        elif kind == "cols":
            sheet.hidden_columns += _hidden_columns(part)


def rich_text(item: _Element, namespace: str) -> str:
    """The text of a string: its runs, without the phonetic signs that East Asian versions store beside it."""
    pieces: list[str] = []
    for node in item:
        if node.tag == namespace + "t":
            pieces.append(node.text or "")
        elif node.tag == namespace + "r":
            pieces += (piece.text or "" for piece in node.iterfind(namespace + "t"))
    text = "".join(pieces)
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return match[0] if "\ud800" <= character <= "\udfff" else character


class _CellReader:
    """Reads rows; cells that do not say where they stand follow the one before them."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._row_tag = book.namespace + "row"
        self._cell_tag, self._value_tag = book.namespace + "c", book.namespace + "v"
        self._inline_tag, self._formula_tag = book.namespace + "is", book.namespace + "f"

    def read_rows(self, data: _Element) -> None:
        """Read all rows of a sheet."""
        number = 0
        for row in data:
            if row.tag != self._row_tag:
                continue
            number = _count(row.get("r"), number + 1)
            if row.get("hidden") in ("1", "true"):
                self._sheet.hidden_rows.append((number, number))
            column = 0
            for cell in row:
                if cell.tag != self._cell_tag:
                    continue
                slot = cell.get("r")
                column = _column_of(slot) if slot else column + 1
                if len(cell) and (text := self._text(cell)):
                    self._sheet.put(number, column, text, self._book.style_of(cell.get("s", "0"))[1])

    def _text(self, cell: _Element) -> str:
        """What is seen in a cell."""
        value = formula = None
        for node in cell:
            if node.tag == self._value_tag:
                value = node.text
            elif node.tag == self._formula_tag:
                formula = node.text or ""
            elif node.tag == self._inline_tag:
                return self._format(cell).shown_text(rich_text(node, self._book.namespace))
        kind = cell.get("t", "n")
        if value is None:
            return self._without_result(cell, formula) if formula is not None and kind != "str" else ""
        if kind == "s":
            return self._format(cell).shown_text(self._string(value))
        if kind == "str":
            text = _ESCAPED.sub(_unescaped, value) if "_x" in value else value
            return self._format(cell).shown_text(text)
        if kind == "b":
            return "FALSE" if value.strip() in ("0", "false") else "TRUE"
        if kind == "d":
            return self._day(cell, value)
        return value if kind == "e" else self._number(cell, value, formula)

    def _number(self, cell: _Element, value: str, formula: str | None) -> str:
        number = exact(float(value)) if _NUMBER.fullmatch(value) else None
        if number is None:
            return value
        shape = self._format(cell)
        if formula and shape.is_general and (typed := _TYPED.fullmatch(formula)) and typed["percent"]:
            return _as_typed(typed)
        return shape.shown(number, self._book.from_1904)

    def _without_result(self, cell: _Element, formula: str) -> str:
        """What a formula shows whose result is not stored: nothing that could be known, but for a number."""
        typed = _TYPED.fullmatch(formula)
        if typed is None:
            self._sheet.uncounted += 1
            return ""
        shape = self._format(cell)
        if shape.is_general:
            return _as_typed(typed)
        number = Decimal(typed["number"])
        return shape.shown(number / 100 if typed["percent"] else number, self._book.from_1904)

    def _day(self, cell: _Element, value: str) -> str:
        try:
            at = datetime.fromisoformat(value.strip().removesuffix("Z")).replace(tzinfo=None)
        except ValueError:
            return value
        days = Decimal((at - _DAY_ZERO) // timedelta(milliseconds=1)) / 86_400_000
        return self._format(cell).shown(days)

    def _string(self, value: str) -> str:
        at = _count(value, -1)
        if not 0 <= at < len(self._book.strings):
            raise damaged()
        return self._book.strings[at]

    def _format(self, cell: _Element) -> Format:
        return self._book.style_of(cell.get("s", "0"))[0]


def _as_typed(typed: re.Match[str]) -> str:
    """A number as it was typed; a percentage so typed gives its cell the format of one."""
    return typed["number"].removeprefix("+") + typed["percent"]


def _count(value: str | None, otherwise: int) -> int:
    """The number that an attribute or a reference says. Eight digits are enough to be refused."""
    if value is None:
        return otherwise
    value = value.strip()
    return int(value[:8]) if value.isascii() and value.isdecimal() else otherwise


def _column_of(slot: str) -> int:
    return _column(slot.rstrip("0123456789"))


@lru_cache(maxsize=MAX_COLUMN)
def _column(letters: str) -> int:
    if _LETTERS.fullmatch(letters) is None:
        raise damaged()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _areas(merges: _Element) -> Iterator[Area]:
    for merge in merges:
        found = _AREA.fullmatch(merge.get("ref", ""))
        if found is None:
            continue
        top, left = int(found["top"]), _column(found["left"])
        bottom, right = int(found["bottom"] or top), _column(found["right"] or found["left"])
        yield Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _hidden_columns(columns: _Element) -> Iterator[tuple[int, int]]:
    for column in columns:
        if column.get("hidden") in ("1", "true"):
            yield _count(column.get("min"), 1), min(_count(column.get("max"), MAX_COLUMN), MAX_COLUMN)
