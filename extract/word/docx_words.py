"""The names of WordprocessingML that matter here, and how a stretch of its elements becomes text.

A ``Vocabulary`` exists for each of the two namespaces, transitional and strict. ``Words`` takes elements in
page order from a tree that ``extract/word/docx_tidy.py`` has brought into the state the page shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element

_WORD_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_MATH_NAMESPACES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
    "{http://purl.oclc.org/ooxml/officeDocument/math}",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_CHARACTERS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}

# A fraction's denominator and a power would otherwise run into the number before them.
_MATH_SIGNS = {"den": "/", "sup": "^"}

_INLINE = ("t", "sym", "fldChar", *_CHARACTERS)
TABLE_PROPERTIES = ("gridSpan", "vMerge", "hMerge", "gridBefore", "gridAfter")
_TABLE = ("tr", "tc", "p", *TABLE_PROPERTIES)
_WRAPPERS = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
_TRACKED = ("ins", "moveTo", "del", "moveFrom", "cellIns", "cellDel", "cellMerge")
_UNSEEN = ("rt", "tcPrChange", "trPrChange", "showingPlcHdr", "vanish", "altChunk", "txbxContent")
_OWNERS = ("document", "body", "tbl", "r", "rPr", "pPr", "trPr", "tcPr", "sdtPr")

# Signs that people insert from these fonts into figures and tick boxes; the code alone means nothing.
_SYMBOLS = {
    "symbol": {
        0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
        0xBB: "≈", 0xBC: "…", 0xD6: "√",
    },
    "wingdings": {0x6F: "☐", 0xA8: "☐", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "☐"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that the reader knows, for one namespace.

    ``kinds`` maps full names to short ones. ``table`` and ``unsettled`` are the full names to iterate over:
    of what makes up a table, and of what has to be settled before anything is read.
    """

    namespace: str
    kinds: dict[str, str]
    table: tuple[str, ...]
    unsettled: tuple[str, ...]

    @classmethod
    def of(cls, word: str, math: str) -> Vocabulary:
        """The vocabulary for a namespace of text and one of formulas."""
        known = (*_INLINE, *_TABLE, *_WRAPPERS, *_TRACKED, *_UNSEEN, *_OWNERS)
        kinds = {word + name: name for name in known}
        kinds |= {math + name: name for name in ("t", *_MATH_SIGNS)}
        kinds |= {_COMPATIBILITY + name: name for name in ("AlternateContent", "Choice", "Fallback")}
        table = tuple(full for full, name in kinds.items() if name in (*_INLINE, *_MATH_SIGNS, *_TABLE))
        unsettled = (_COMPATIBILITY + "AlternateContent", *(word + name for name in (*_TRACKED, *_UNSEEN)))
        return cls(word, kinds, table, unsettled)

    def kind(self, element: _Element | None) -> str:
        """The short name of an element; blank for one that is not known, or none."""
        return "" if element is None else self.kinds.get(element.tag, "")

    def value(self, element: _Element, name: str = "val") -> str | None:
        """An attribute of the namespace; nearly every property has its value in ``val``."""
        return element.get(self.namespace + name)

    def column_widths(self, table: _Element) -> list[int]:
        """The widths of a table's columns in twentieths of a point; none where one of them is no number."""
        columns = table.iterfind(f"{self.namespace}tblGrid/{self.namespace}gridCol")
        widths = [self.value(column, "w") or "" for column in columns]
        return [int(width[:9]) for width in widths] if all(map(_is_count, widths)) else []


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdecimal()


VOCABULARIES = {
    word: Vocabulary.of(word, math) for word, math in zip(_WORD_NAMESPACES, _MATH_NAMESPACES, strict=True)
}


def trimmed(text: str) -> str:
    """``text`` without the blank lines before and after it; spaces within its lines stay.

    >>> trimmed("\\n  \\n  其中：财政拨款 \\n结转\\n")
    '  其中：财政拨款 \\n结转'
    """
    if "\n" not in text:
        return "" if text.isspace() else text
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return "\n".join(lines[first:])


class Words:
    """The text of a paragraph or a cell while its elements come by."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._value = vocabulary.value
        self._pieces: list[str] = []
        # Where the text of each open field began; None once its result has begun.
        self._fields: list[int | None] = []

    def take(self) -> str:
        """What has come by since the last call, without blank lines around it."""
        self._fields.clear()
        if not self._pieces:
            return ""
        text = trimmed("".join(self._pieces))
        self._pieces.clear()
        return text

    def new_paragraph(self) -> None:
        """Begin a line, if there was one before; a field that is still open is given up."""
        self._fields.clear()
        if self._pieces:
            self._pieces.append("\n")

    def add(self, kind: str, element: _Element) -> None:
        """Add an element, whose short name is ``kind``; most of them have no text of their own."""
        if kind == "t":
            if text := element.text:
                # A line break in the XML is a space on the page.
                self._pieces.append(text.replace("\n", " "))
        elif kind in _CHARACTERS:
            # w:tab is a tab stop too, which has attributes.
            if kind != "tab" or not element.attrib:
                self._pieces.append(_CHARACTERS[kind])
        elif kind in _MATH_SIGNS:
            self._pieces.append(_MATH_SIGNS[kind])
        elif kind == "sym":
            self._pieces.append(_symbol(self._value(element, "font"), self._value(element, "char")))
        elif kind == "fldChar":
            self._field(self._value(element, "fldCharType"))

    def _field(self, boundary: str | None) -> None:
        """Drop what stands between a field's begin and its result, within one paragraph.

        A begin without its partner drops nothing: a damaged field must not swallow text.
        """
        if boundary == "begin":
            self._fields.append(len(self._pieces))
        elif boundary in ("separate", "end") and self._fields:
            start = self._fields.pop()
            if start is not None:
                del self._pieces[start:]
            if boundary == "separate":
                self._fields.append(None)


def _symbol(font: str | None, code: str | None) -> str:
    """The character of a ``w:sym``; U+FFFD, a sign that something stands here, where it names none."""
    try:
        number = int(code or "", 16)
        # Symbol fonts keep their 256 signs in a private area that starts at F000.
        low = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
        return _SYMBOLS.get((font or "").lower(), {}).get(low) or chr(number)
    except (ValueError, OverflowError):
        return "\ufffd"
