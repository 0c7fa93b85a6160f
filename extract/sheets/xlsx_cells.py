"""Read the cells of one sheet of an Excel workbook from its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element

from extract.sheets.dates import days_in
from extract.sheets.formats import Format, number_format, value_as_shown
from extract.sheets.runs import Run, text_of
from extract.sheets.sheet import MAX_COLUMN, UNCOUNTED, Area, Sheet, damaged
from extract.sheets.xlsx_styles import Style, is_on

# "A4:I4", "$A$4:$I$4", "B2"
_AREA = re.compile(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?",
    re.ASCII,
)
_LETTERS = re.compile(r"[A-Z]{1,3}")
# "100%", "0.95": a number that was typed behind an equal sign, and so is stored as a formula
_TYPED = re.compile(r"=?\s*(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?P<percent>%?)\s*", re.ASCII)
# "_x000D_": a character that XML cannot hold
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


String = str | tuple[Run, ...]
"""A text, or its runs where they have fonts of their own."""


class Names(NamedTuple):
    """The names of the elements in and around cells, in one of the two namespaces that workbooks are written in."""

    row: str
    cell: str
    value: str
    formula: str
    inline: str
    text: str
    run: str
    properties: str
    strike: str
    raising: str

    @classmethod
    def of(cls, namespace: str) -> Names:
        """The names in a namespace."""
        return cls(
            *(
                namespace + name
                for name in ("row", "c", "v", "f", "is", "t", "r", "rPr", "strike", "vertAlign")
            )
        )


class Look(NamedTuple):
    """How a cell is shown: its number format, a border on its left or right, a line through its text."""

    format: Format
    is_framed: bool
    is_struck: bool


class Looks(dict[str, Look]):
    """The looks of a workbook by the names that cells call them: the positions of their styles."""

    def __init__(self, styles: tuple[Style, ...]) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, name: str) -> Look:
        """Make the look for the first cell that asks for it."""
        at = _count(name, len(self._styles))
        style = self._styles[at] if at < len(self._styles) else Style()
        look = self[name] = Look(number_format(style.code), style.is_framed, style.is_struck)
        return look


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of all sheets refer to."""

    names: Names
    strings: list[String]
    looks: Looks
    from_1904: bool


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
            sheet.merges += filter(None, (_area(merge.get("ref", "")) for merge in part))
        elif kind == "cols":
            sheet.hidden_columns += _hidden_columns(part)


def string_of(item: _Element, names: Names) -> String:
    """A string; the phonetic signs that East Asian versions store beside it are no part of it."""
    if len(item) == 1:
        only = item[0]
        if only.tag == names.text:
            return _unescaped(only.text or "")
    return tuple(_runs(item, names))


def _runs(item: _Element, names: Names) -> Iterator[Run]:
    for node in item:
        if node.tag == names.text:
            yield Run(_unescaped(node.text or ""))
        elif node.tag == names.run:
            text = _unescaped("".join(piece.text or "" for piece in node.iterchildren(names.text)))
            font = node.find(names.properties)
            if font is None:
                yield Run(text)
            else:
                raising = font.find(names.raising)
                is_raised = raising is not None and raising.get("val") == "superscript"
                yield Run(text, is_on(font.find(names.strike)), is_raised)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return match[0] if "\ud800" <= character <= "\udfff" else character


class _CellReader:
    """Reads rows; cells that do not say where they stand follow the one before them."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._names, self._looks = book.names, book.looks
        self._sheet = sheet

    def read_rows(self, data: _Element) -> None:
        """Read all rows of a sheet."""
        number = 0
        for row in data.iterchildren(self._names.row):
            number = _count(row.get("r"), number + 1)
            if row.get("hidden") in ("1", "true"):
                self._sheet.hidden_rows.append((number, number))
            column = 0
            # What else stands in a row comes behind its cells; to ask for cells alone takes twice as long.
            for cell in row:
                slot = cell.get("r")
                column = _column_of(slot) if slot else column + 1
                if len(cell) and cell.tag == self._names.cell:
                    self._read(cell, number, column)

    def _read(self, cell: _Element, row: int, column: int) -> None:
        names = self._names
        look = self._looks[cell.get("s", "0")]
        kind = cell.get("t", "n")
        value = formula = string = None
        # Step by step: a loop over the cell takes twice as long.
        node: _Element | None = cell[0]
        while node is not None:
            tag = node.tag
            if tag == names.value:
                value = node.text
            elif tag == names.formula:
                formula = node.text or ""
            elif tag == names.inline:
                string = string_of(node, names)
            node = node.getnext()
        if kind == "s" and value is not None:
            string = self._string(value)
        said = self._shown(kind, value, formula, look.format) if string is None else string
        if isinstance(said, str) and not look.is_struck:
            text = said
        else:
            text, has_struck = text_of((Run(said),) if isinstance(said, str) else said, look.is_struck)
            if has_struck:
                self._sheet.struck.append((row, column))
        if string is not None and look.format.text is not None:
            text = look.format.shown_text(text)
        if text:
            self._sheet.put(row, column, text, look.is_framed)

    def _shown(self, kind: str, value: str | None, formula: str | None, shape: Format) -> str:
        """What is seen in a cell that holds no string."""
        if value is None:
            return self._without_result(formula, shape) if formula is not None and kind != "str" else ""
        if kind == "str":
            return shape.shown_text(_unescaped(value))
        if kind == "b":
            return "FALSE" if value.strip() in ("0", "false") else "TRUE"
        if kind == "d":
            days = days_in(value)
            return value if days is None else shape.shown(days)
        return value if kind == "e" else self._number(value, formula, shape)

    def _number(self, value: str, formula: str | None, shape: Format) -> str:
        if formula and shape.is_general and (typed := _TYPED.fullmatch(formula)) and typed["percent"]:
            return _as_typed(typed)
        return value_as_shown(value, shape, self._book.from_1904)

    def _without_result(self, formula: str, shape: Format) -> str:
        """What a formula shows whose result is not stored: nothing that could be known, but for a number."""
        typed = _TYPED.fullmatch(formula)
        if typed is None:
            self._sheet.uncounted += 1
            return UNCOUNTED
        if shape.is_general:
            return _as_typed(typed)
        number = Decimal(typed["number"])
        return shape.shown(number / 100 if typed["percent"] else number, self._book.from_1904)

    def _string(self, value: str) -> String:
        at = _count(value, -1)
        if not 0 <= at < len(self._book.strings):
            raise damaged()
        return self._book.strings[at]


def _as_typed(typed: re.Match[str]) -> str:
    """A number as it was typed; a percentage so typed gives its cell the format of one."""
    return typed["number"].removeprefix("+") + typed["percent"]


def _count(value: str | None, otherwise: int) -> int:
    """The number that an attribute or a reference says. Eight digits are enough to be refused."""
    if value is None:
        return otherwise
    value = value.strip()
    return int(value[:8]) if value.isascii() and value.isdecimal() else otherwise


@lru_cache(maxsize=MAX_COLUMN)
def _column_of(slot: str) -> int:
    """The column of a slot, ``B7``, or of its letters alone."""
    letters = slot.rstrip("0123456789")
    if _LETTERS.fullmatch(letters) is None:
        raise damaged()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(maxsize=MAX_COLUMN)
def _area(reference: str) -> Area | None:
    found = _AREA.fullmatch(reference)
    if found is None:
        return None
    top, left = int(found["top"]), _column_of(found["left"])
    bottom, right = int(found["bottom"] or top), _column_of(found["right"] or found["left"])
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _hidden_columns(columns: _Element) -> Iterator[tuple[int, int]]:
    for column in columns:
        if column.get("hidden") in ("1", "true"):
            yield _count(column.get("min"), 1), min(_count(column.get("max"), MAX_COLUMN), MAX_COLUMN)
