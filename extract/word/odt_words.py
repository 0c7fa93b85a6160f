"""The names of OpenDocument that matter in a text, and how the elements of a paragraph become its words."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.etree import _Element

from extract.document import Bilingual
from extract.marks import STRUCK, raised

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, STYLE = (_NAMESPACE % name for name in ("office", "text", "table", "style"))
_DRAWING, _SVG = _NAMESPACE % "drawing", _NAMESPACE % "svg-compatible"

KINDS = {
    TEXT + "p": "p",
    TEXT + "h": "p",
    TEXT + "s": "blanks",
    TEXT + "tab": "tab",
    TEXT + "line-break": "break",
    TEXT + "span": "span",
    TEXT + "placeholder": "prompt",
    TEXT + "tracked-changes": "tracked-changes",
    TABLE + "table": "table",
    TABLE + "table-row": "row",
    TABLE + "table-rows": "rows",
    TABLE + "table-row-group": "rows",
    TABLE + "table-header-rows": "rows",
    TABLE + "table-cell": "cell",
    TABLE + "covered-table-cell": "covered",
    _DRAWING + "text-box": "text-box",
    **dict.fromkeys(
        (
            TEXT + "note", TEXT + "ruby-text", TEXT + "hidden-text", TEXT + "hidden-paragraph",
            TEXT + "sequence-decls", TEXT + "variable-decls", TEXT + "user-field-decls", TEXT + "deletion",
            OFFICE + "annotation", OFFICE + "annotation-end", OFFICE + "forms", _SVG + "title",
            _SVG + "desc", _DRAWING + "object", _DRAWING + "object-ole", _DRAWING + "image",
        ),
        "unseen",
    ),
}  # fmt: skip
"""What an element is for; those that are not here only hold others."""

MOST_BLANKS = 200
"""The blanks that one element stands for; a number that anyone can write."""

TRACKED = Bilingual(
    "文档带有修订痕迹，按接受全部修订后的内容读取。",
    "The document has tracked changes and was read as if all of them were accepted.",
)
_HIDDEN = Bilingual(
    "文档含有隐藏文字，未予读取。",
    "The document has hidden text, which was not read.",
)
_PROMPTS = Bilingual(
    "文档有未填写的占位符，其中的提示文字未予读取。",
    "The document has placeholders that were not filled in; their prompts were not read.",
)

# In the XML, any run of these is one blank on the page.
_BLANKS = re.compile(r"[ \t\r\n]+")
# super 58%, 33% 58%; a raise below zero lowers
_RAISES = re.compile(r"super\b|(?!0+%)[0-9.]+%")


class _Marks(NamedTuple):
    """What holds for a stretch of text; a style says nothing (None) of what it does not change."""

    struck: bool | None = False
    raised: bool | None = False

    def within(self, outer: _Marks) -> _Marks:
        """What holds for a text with these marks that stands in a text with the outer ones."""
        return _Marks(
            outer.struck if self.struck is None else self.struck,
            outer.raised if self.raised is None else self.raised,
        )


_UNSAID = _Marks(None, None)


def _marks(style: _Element) -> _Marks:
    """What an automatic style says of its text."""
    struck = lifted = None
    for node in style:
        line = node.get(STYLE + "text-line-through-style") or node.get(STYLE + "text-line-through-type")
        struck = line != "none" if line else struck
        position = node.get(STYLE + "text-position")
        lifted = _RAISES.match(position) is not None if position else lifted
    return _Marks(struck, lifted)


class Words:
    """The text of a paragraph or a cell while its paragraphs come by."""

    def __init__(self, root: _Element) -> None:
        """``root`` is the part's, whose styles tell which spans are hidden."""
        self._hidden_styles = {
            style.get(STYLE + "name", "")
            for style in root.iterfind(f"{OFFICE}automatic-styles/{STYLE}style")
            if any(node.get(TEXT + "display") == "none" for node in style)
        }
        self._marks = {
            style.get(STYLE + "name", ""): marks
            for style in root.iterfind(f"{OFFICE}automatic-styles/{STYLE}style")
            if (marks := _marks(style)) != _UNSAID
        }
        self._pieces: list[str] = []
        self._has_paragraph = False
        self._notes: set[Bilingual] = set()

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What a user of the text should know, once each."""
        return tuple(note for note in (TRACKED, _HIDDEN, _PROMPTS, STRUCK) if note in self._notes)

    def note(self, said: Bilingual) -> None:
        """Remember something that was met."""
        self._notes.add(said)

    def take(self) -> str:
        """What has come by since the last call; its paragraphs are lines."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._has_paragraph = False
        return text

    def add_paragraph(self, paragraph: _Element) -> list[_Element]:
        """Add a paragraph; the text boxes that hang on it are handed back."""
        if self._has_paragraph:
            self._pieces.append("\n")
        self._has_paragraph = True
        boxes: list[_Element] = []
        self._add(paragraph, boxes, _Marks())
        return boxes

    def _add(self, node: _Element, boxes: list[_Element], outer: _Marks) -> None:
        marks = self._marks.get(node.get(TEXT + "style-name", ""), _UNSAID).within(outer)
        self._add_text(node.text, marks)
        for child in node:
            match KINDS.get(child.tag):
                case "blanks":
                    self._pieces.append(" " * _count(child))
                case "tab":
                    self._pieces.append("\t")
                case "break":
                    self._pieces.append("\n")
                case "text-box":
                    boxes.append(child)
                case "prompt":
                    self._notes.add(_PROMPTS)
                case "span" if child.get(TEXT + "style-name") in self._hidden_styles:
                    self._notes.add(_HIDDEN)
                case "unseen":
                    pass
                case _:
                    self._add(child, boxes, marks)
            self._add_text(child.tail, marks)

    def _add_text(self, text: str | None, marks: _Marks) -> None:
        if not text:
            return
        if marks.struck and text.strip():
            self._notes.add(STRUCK)
            return
        if marks.raised:
            text = raised(text)
        if not text.isprintable() or "  " in text:
            text = _BLANKS.sub(" ", text)
        if text[0] == " " and (not self._pieces or self._pieces[-1].endswith((" ", "\n"))):
            # a blank behind a blank, or at the beginning, is how the XML is laid out
            text = text[1:] if not self._pieces or not self._ends_in_written_blank() else text
        if text:
            self._pieces.append(text)

    def _ends_in_written_blank(self) -> bool:
        """Whether what came last is blanks that were written as such, which keep those behind them."""
        return self._pieces[-1].strip(" ") == "" and self._pieces[-1] != ""


def _count(node: _Element) -> int:
    value = node.get(TEXT + "c", "1")
    return min(int(value[:4]), MOST_BLANKS) if value.isascii() and value.isdecimal() else 1
