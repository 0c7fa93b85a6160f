"""How wide the columns of an OpenDocument table are: each names a style that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml.etree import _Element

from extract.grid_lines import twips
from extract.limits import MAX_COLUMNS
from extract.word.odt_words import OFFICE, STYLE, TABLE

_HOLDERS = tuple(TABLE + name for name in ("table-columns", "table-header-columns", "table-column-group"))


def styled_widths(root: _Element) -> dict[str, int]:
    """The width that each automatic style of a part gives to a column, in twentieths of a point."""
    widths: dict[str, int] = {}
    for style in root.iterfind(f"{OFFICE}automatic-styles/{STYLE}style"):
        for properties in style.iterfind(f"{STYLE}table-column-properties"):
            width = twips(properties.get(STYLE + "column-width", ""))
            if width is not None:
                widths[style.get(STYLE + "name", "")] = width
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
