"""The text of a web page as a browser shows it: blanks collapse, blocks and ``<br>`` break lines."""

from __future__ import annotations

import re
import unicodedata

from lxml.etree import _Element

from extract.word.docx_words import trimmed

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that stand on lines of their own."""

_UNSEEN = frozenset(
    [
        "area",
        "audio",
        "base",
        "button",
        "canvas",
        "col",
        "colgroup",
        "datalist",
        "embed",
        "head",
        "iframe",
        "link",
        "map",
        "meta",
        "nav",
        "noframes",
        "noscript",
        "object",
        "param",
        "rp",
        "rt",
        "script",
        "source",
        "style",
        "svg",
        "template",
        "title",
        "track",
        "video",
        "xml",
    ]
)
# `display: none`, `visibility:hidden`, `font-size:0`; Word's hidden text and its list of comments
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|mso-element\s*:\s*comment"
    r"|font-size\s*:\s*0(?:\.0+)?(?![\w.]*[1-9])",
    re.IGNORECASE,
)
_WRITTEN_INPUTS = frozenset(
    ("", "text", "number", "tel", "email", "url", "search", "date", "month", "week", "time", "datetime-local")
)

# Marks within gathered text; no page can hold them: a line end that stays, and the edge of a block.
_BREAK, _EDGE = "\v", "\f"
_HARD_BLANK = "\xa0"
_BLANKS = re.compile(r"[ \t\r\n]+")


def is_unseen(element: _Element) -> bool:
    """Whether a browser shows nothing of the element."""
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDES.search(style) is not None


class Words:
    """Text while it comes by. ``take`` gives it as it is shown."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, text: str | None, is_literal: bool = False) -> None:
        """Add text; literal text keeps its blanks and line ends."""
        if not text:
            return
        text = text.replace(_BREAK, " ").replace(_EDGE, " ")
        if is_literal:
            text = text.replace("\n", _BREAK).replace(" ", _HARD_BLANK)
        self._pieces.append(text)

    def add_break(self) -> None:
        """End the line."""
        self._pieces.append(_BREAK)

    def add_edge(self) -> None:
        """End the line if something stands on it."""
        self._pieces.append(_EDGE)

    def add_control(self, element: _Element) -> bool:
        """Add what a field of a web form shows; whether the element is one."""
        tag = element.tag
        if tag == "input":
            kind = element.get("type", "").lower()
            if kind in ("checkbox", "radio"):
                self._pieces.append("☐" if element.get("checked") is None else "☑")
            elif kind in _WRITTEN_INPUTS:
                self.add(element.get("value"))
        elif tag == "textarea":
            self.add(_all_text(element), is_literal=True)
        elif tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            self.add(" ".join(map(_all_text, chosen)))
        else:
            return False
        return True

    def take(self) -> str:
        """What has come by since the last call, without blank lines around it."""
        if not self._pieces:
            return ""
        text = "".join(self._pieces)
        self._pieces.clear()
        if not text or text.isspace():
            return ""
        blocks = (_shown(block) for block in text.split(_EDGE))
        return trimmed("\n".join(block for block in blocks if block is not None))


def _all_text(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _shown(block: str) -> str | None:
    """A block with its blanks collapsed; None where nothing stands in it, not even a blank that is kept.

    A line end at the end of a block is not seen.
    """
    lines = block.split(_BREAK)
    if _BLANKS.sub("", lines[-1]) == "":
        lines.pop()
    if not lines:
        return None
    return "\n".join(_collapsed(line) for line in lines)


def _collapsed(line: str) -> str:
    if _HARD_BLANK not in line and "\n" not in line and "  " not in line and "\t" not in line:
        return line.strip(" \r")
    line = _BLANKS.sub(_blank, line).strip(" ")
    return line.replace(_HARD_BLANK, " ").rstrip(" ")


def _blank(blanks: re.Match[str]) -> str:
    """One blank; none for a line end between Chinese characters, where programs break their lines."""
    if "\n" in blanks[0]:
        before, after = blanks.string[: blanks.start()][-1:], blanks.string[blanks.end() :][:1]
        if _is_wide(before) and _is_wide(after):
            return ""
    return " "


def _is_wide(character: str) -> bool:
    return character != "" and unicodedata.east_asian_width(character) in "WF"
