"""How cells look: font, colours, and one format for each combination that a sheet asks for."""

from __future__ import annotations

from typing import Any

#: the font of the whole workbook; where it is missing, the character set (GB 2312) leads to another Chinese one
FONT: dict[str, object] = {
    "font_name": "微软雅黑",
    "font_size": 10,
    "font_charset": 134,
    "font_family": 2,
    # beside a text of several lines, the other cells of its row begin where it begins
    "valign": "top",
}
DARK, GREY = "#1F3864", "#595959"
#: the colours of the bars of the chart, by severity
BARS = {"error": "#C00000", "warning": "#F4B183", "note": "#9DC3E6"}
#: and of the numbers on them
ON_BARS = {"error": "#FFFFFF", "warning": "#3F3F3F", "note": "#3F3F3F"}

Look = dict[str, object]
_RED: Look = {"font_color": "#9C0006", "bg_color": "#FFC7CE"}
_YELLOW: Look = {"font_color": "#7F6000", "bg_color": "#FFEB9C"}
_BLUE: Look = {"font_color": "#1F4E79", "bg_color": "#DDEBF7"}
_QUIET: Look = {"font_color": GREY, "bg_color": "#EDEDED"}
#: the colours of a finding's severity and of a file's status
COLOURS: dict[str, Look] = {
    "error": _RED,
    "failed": _RED,
    "warning": _YELLOW,
    "partial": _YELLOW,
    "note": _BLUE,
    "no_form": _BLUE,
    "ignored": _QUIET,
}
LOOKS: dict[str, Look] = COLOURS | {
    "header": {"bold": True, "indent": 1, "text_wrap": True, "valign": "vcenter", "bg_color": DARK, "font_color": "#FFFFFF"},
    # apart from a number that ends where the text begins
    "text": {"align": "left", "indent": 1},
    "wrapped": {"text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    # the front page
    "title": {"bold": True, "font_size": 20, "font_color": DARK, "valign": "vcenter"},
    "subtitle": {"font_color": GREY, "valign": "vcenter"},
    "section": {"bold": True, "font_size": 12, "font_color": DARK, "valign": "vcenter", "bottom": 2, "bottom_color": DARK},
    "caption": {"align": "center", "valign": "vcenter", "font_color": GREY, "bg_color": "#F2F2F2", "text_wrap": True},
    "figure": {"align": "center", "valign": "vcenter", "bold": True, "font_size": 16, "shrink": True, "bg_color": "#F2F2F2"},
    "ruled": {"bottom": 1, "bottom_color": "#D9D9D9", "valign": "vcenter"},
    "right": {"align": "right"},
}  # fmt: skip


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}
        self._styles: dict[tuple[str, ...], str] = {}

    def of(self, *names: str, number: str = "") -> Any:
        """The format of these looks together, a later one over an earlier; ``number`` is how numbers are shown."""
        key = (*names, number)
        if key not in self._made:
            look: Look = {}
            for name in names:
                look |= LOOKS[name]
            if number:
                look["num_format"] = number
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def style(self, *names: str, number: str = "") -> str:
        """The format of these looks as a cell's XML names it, such as `` s="3"``."""
        key = (*names, number)
        if key not in self._styles:
            self._styles[key] = f' s="{self.of(*names, number=number)._get_xf_index()}"'
        return self._styles[key]
