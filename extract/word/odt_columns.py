"""How wide the columns of an OpenDocument table are: each names a style that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from lxml.etree import _Element

from extract.limits import MAX_COLUMNS
from extract.word.odt_words import OFFICE, STYLE, TABLE

#: a unit of length in twentieths of a point
_TWIPS = {
    "cm": Decimal(1440) / Decimal("2.54"),
    "mm": Decimal(144) / Decimal("2.54"),
    "in": Decimal(1440),
    "pt": Decimal(20),
    "pc": Decimal(240),
}
# "1.588cm"
_LENGTH = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,6})?)(?P<unit>cm|mm|in|pt|pc)", re.ASCII)
_HOLDERS = tuple(TABLE + name for name in ("table-columns", "table-header-columns", "table-column-group"))


def styled_widths(root: _Element) -> dict[str, int]:
    """The width that each automatic style of a part gives to a column, in twentieths of a point."""
    widths: dict[str, int] = {}
    for style in root.iterfind(f"{OFFICE}automatic-styles/{STYLE}style"):
        for properties in style.iterfind(f"{STYLE}table-column-properties"):
            if length := _LENGTH.fullmatch(properties.get(STYLE + "column-width", "")):
                number = Decimal(length["number"]) * _TWIPS[length["unit"]]
                widths[style.get(STYLE + "name", "")] = int(number)
    return widths


def column_widths(table: _Element, styled: Mapping[str, int]) -> list[int]:
    """The widths of a table's columns; none where one of them is not known."""
    widths: list[int] = []
    for column in _columns(table):
        width = styled.get(column.get(TABLE + "style-name", ""))
        times = column.get(TABLE + "number-columns-repeated", "1")
        if width is None or not times.isascii() or not times.isdecimal():
            return []
        widths += [width] * min(int(times[:7]), MAX_COLUMNS - len(widths))
    return widths


def _columns(holder: _Element) -> Iterator[_Element]:
    for node in holder:
        if node.tag == TABLE + "table-column":
            yield node
        elif node.tag in _HOLDERS:
            yield from _columns(node)
