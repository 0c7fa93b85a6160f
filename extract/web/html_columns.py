"""How wide the columns of a web page's table are: its ``<col>`` elements say it, or a row that no one sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from lxml.etree import _Element

from extract.grid_lines import twips
from extract.limits import MAX_COLUMNS

_PAPER = 9638
"""How wide a table is that does not say it, in twentieths of a point: 17 cm, an A4 page without its margins."""

_STYLED = re.compile(r"(?:^|;)\s{0,9}width\s{0,9}:\s{0,9}(?P<width>[^\s;!]{1,20})", re.IGNORECASE)
_PLAIN = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
# "12%", "12*"
_SHARE = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,6})?)[%*]", re.ASCII)


def column_widths(table: _Element, unseen_row: Sequence[_Element]) -> list[int]:
    """The widths of the table's columns in twentieths of a point; none where one of them is not known.

    ``unseen_row`` holds a cell for each column: Word writes it where borders miss each other. What the columns
    leave of the table's width is the margins of their cells: LibreOffice writes widths without them.
    """
    written = [_written_width(column) for column in list(islice(_columns(table), MAX_COLUMNS)) or unseen_row]
    whole = twips(_written_width(table))
    shares = [Decimal(share["number"]) for text in written if (share := _SHARE.fullmatch(text))]
    if shares and len(shares) == len(written) and sum(shares):
        return [int(share / sum(shares) * (whole or _PAPER)) for share in shares]
    widths = [_signed(length) for text in written if (length := twips(text)) is not None]
    if not widths or len(widths) < len(written):
        return []
    margins = max((whole or 0) - sum(widths), 0) // len(widths)
    return [max(length + margins, 0) for length in widths]


def _signed(length: int) -> int:
    """A width as it was meant: that of a column narrower than its margins is below zero, which LibreOffice
    writes as if it were 65,536 more."""
    return length - 65536 if length > 32768 else length


def _columns(table: _Element) -> Iterator[_Element]:
    """The ``<col>`` of each column, or the ``<colgroup>`` of those that have none."""
    for child in table:
        if child.tag == "colgroup" and (inner := child.findall("col")):
            columns = inner
        elif child.tag in ("col", "colgroup"):
            columns = [child]
        else:
            continue
        for column in columns:
            yield from (column,) * columns_of(column, "span")


def columns_of(element: _Element, attribute: str) -> int:
    """How many columns an element is for: one at least, and no more than any table has."""
    return min(max(number_of(element, attribute), 1), MAX_COLUMNS)


def number_of(element: _Element, attribute: str) -> int:
    """The number that a span says, 1 where it says none. Five digits are more than any table has."""
    value = element.get(attribute, "1").strip()
    return int(value[:5]) if value.isascii() and value.isdecimal() else 1


def _written_width(element: _Element) -> str:
    """The width that an element gives itself, its style before its attribute; a number alone is of pixels."""
    styled = _STYLED.search(element.get("style", ""))
    width = styled["width"] if styled else element.get("width", "").strip()
    return f"{width}px" if _PLAIN.fullmatch(width) else width.lower()
