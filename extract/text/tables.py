"""What the readers of text tables share: lines with their numbers, tables before they are placed, widths."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extract.document import ReadError
from extract.limits import MAX_COLUMNS, MAX_SLOTS


class SourceLine(NamedTuple):
    """A line of the file and its number, counted from 1. Where quotes hold line ends, it is several lines."""

    text: str
    number: int

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing, not even an empty cell: a TAB announces a cell."""
        return "\t" not in self.text and not self.text.strip()


@dataclass(frozen=True, slots=True, eq=False)
class TableCell:
    """A cell and the line it begins in. Slots that a merged cell covers hold the same object."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table before it has a name: ``columns`` is how wide it is, or None where columns are unknown.

    A slot that no cell stands in is None; rows may be shorter than ``columns``. ``is_shown`` says that the marks
    of Markdown are resolved already, ``has_gaps`` that blank cells may have been left out.
    """

    rows: Sequence[Sequence[TableCell | None]]
    columns: int | None
    is_shown: bool = False
    has_gaps: bool = False


Block = SourceLine | Table
"""A paragraph or a table."""


def is_ragged(rows: Sequence[Sequence[TableCell]]) -> bool:
    """Whether merged cells left fewer cells in their rows, so that nobody knows the columns: a short row's end is blank.

    Rows that are short because blank cells at their end were cut off end in a text.
    """
    columns = max(map(len, rows), default=0)
    return any(1 < len(row) < columns and not row[-1].text.strip() for row in rows)


class WidthRule(NamedTuple):
    """How many columns a program took an East Asian wide and an ambiguous character (``①≥─``) to fill."""

    wide: int
    ambiguous: int


WIDTH_RULES = (WidthRule(2, 1), WidthRule(2, 2), WidthRule(1, 1))
"""Terminals and most table printers; Chinese editors with a Chinese font; programs that count characters."""


@cache
def _width(character: str, rule: WidthRule) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    match unicodedata.east_asian_width(character):
        case "W" | "F":
            return rule.wide
        case "A":
            return rule.ambiguous
        case _:
            return 1


def display_columns(text: str, rule: WidthRule) -> Sequence[int]:
    """The display column, counted from 0, at which each character of ``text`` begins, and the end's.

    >>> list(display_columns("目 a", WidthRule(2, 1)))
    [0, 2, 3, 4]
    """
    if text.isascii():
        return range(len(text) + 1)
    columns = [0]
    at = 0
    for character in text:
        at += _width(character, rule)
        columns.append(at)
    return columns


def tidy(text: str) -> str:
    """A cell's text as printed, without the line ends around it and the blanks behind it."""
    return text.strip("\r\n").rstrip()


def paragraphs(text: str, number: int) -> list[SourceLine]:
    """The non-blank lines of a text that turned out not to be a cell."""
    lines = (SourceLine(line.strip(), number + below) for below, line in enumerate(text.split("\n")))
    return [line for line in lines if line.text]


def require_columns(columns: int) -> None:
    """Raise ReadError for a table that is wider than any form."""
    if columns > MAX_COLUMNS:
        raise ReadError(
            f"文本中有一个表格超过 {MAX_COLUMNS} 列，请检查文件是否正确。",
            f"A table has more than {MAX_COLUMNS} columns; please check that this is the right file.",
        )


def require_slots(slots: int) -> None:
    """Raise ReadError where the cells of tables, padding included, are more than are read."""
    if slots > MAX_SLOTS:
        raise ReadError(
            f"文本中的表格超过 {MAX_SLOTS} 个单元格，请分成几个较小的文件。",
            f"The text's tables have more than {MAX_SLOTS} cells; please split it into smaller files.",
        )
