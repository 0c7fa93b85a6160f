"""Read the styles of an Excel workbook: how cells show numbers, and which cells are framed or struck out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element

from extract.package import parsed
from extract.sheets.formats import BUILT_IN, GENERAL

#: formats that follow the settings of the system, whatever a file says about them
_SYSTEM_DATES = (14, 22)
# Files of one program mostly have the very same styles, of some 4 to 60 KB.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 32, 200_000

_SIDE = re.compile(r"}(?:left|right|start|end)$")


class Style(NamedTuple):
    """How a cell is shown: the code of its number format, a border on its left or right, a line through its text."""

    code: str = GENERAL
    is_framed: bool = False
    is_struck: bool = False


def styles_of(xml: bytes) -> tuple[Style, ...]:
    """The styles that cells name by their position. Raises ReadError for what is no XML, or too much."""
    return _remembered(xml) if len(xml) <= _LONGEST_REMEMBERED else _read(xml)


def is_on(mark: _Element | None) -> bool:
    """Whether a property is set: ``<strike/>``, ``<strike val="1"/>``."""
    return mark is not None and mark.get("val", "1") not in ("0", "false")


def _read(xml: bytes) -> tuple[Style, ...]:
    root = parsed(xml)
    namespace = root.tag.partition("}")[0] + "}"

    def entries(group: str, name: str) -> list[_Element]:
        return root.findall(f"{namespace}{group}/{namespace}{name}")

    own = {
        _number(entry, "numFmtId"): entry.get("formatCode", GENERAL) for entry in entries("numFmts", "numFmt")
    }
    codes = BUILT_IN | own | {number: BUILT_IN[number] for number in _SYSTEM_DATES}
    framed = {at for at, border in enumerate(entries("borders", "border")) if _has_side(border)}
    struck = {
        at for at, font in enumerate(entries("fonts", "font")) if is_on(font.find(namespace + "strike"))
    }
    return tuple(
        Style(
            codes.get(_number(style, "numFmtId"), GENERAL),
            _number(style, "borderId") in framed,
            _number(style, "fontId") in struck,
        )
        for style in entries("cellXfs", "xf")
    )


_remembered = lru_cache(maxsize=_MOST_REMEMBERED)(_read)


def _has_side(border: _Element) -> bool:
    return any(side.get("style", "none") != "none" and _SIDE.search(side.tag) for side in border)


def _number(entry: _Element, name: str) -> int:
    value = entry.get(name, "")
    return int(value[:9]) if value.isascii() and value.isdecimal() else 0
