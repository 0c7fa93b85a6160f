"""Read Rich Text Format (.rtf, and the .doc files that are one): text and tables in page order.

``extract/rtf_tokens.py`` takes the file apart; here the words that matter become marked paragraphs, which
``extract/doc_flow.py`` lays out as it does those of Word 97 files.

Not read: footnotes, comments, automatic numbers, pictures, embedded objects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extract.doc import NOTES
from extract.doc_flow import MAX_DEPTH, Flow, Mark, Paragraph, RowShape
from extract.document import Document, Line, ReadError, Where
from extract.docx_words import _symbol as symbol_of  # the same fonts, under the same codes
from extract.docx_words import trimmed
from extract.rtf_tokens import Token, tokens

MAX_GROUPS = 5_000
"""Groups within groups. Word nests some twenty."""

MAX_CHARACTERS = 4_000_000
"""The characters of the text."""

MAX_CELLS = 1_000
"""The cells of a row."""

_SYMBOLS = 2
#: character sets by their number; Western ones are read as the document's own: Chinese programs write them wrongly
_CODECS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "cp950", 65001: "utf-8", 10000: "mac_roman"}
_CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"lbr": "\n", b"page": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
#: groups whose text is not on the page
_UNSEEN = frozenset({
    b"colortbl", b"stylesheet", b"info", b"pict", b"footnote", b"annotation", b"fldinst", b"objdata", b"themedata",
    b"datastore", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"xmlnstbl", b"nonesttables", b"tc",
    b"xe", b"ftnsep", b"ftnsepc", b"aftnsep", b"aftnsepc", b"listtext", b"pntext", b"upr", b"sp", b"atnid",
    b"atnauthor", b"bkmkstart", b"bkmkend", b"shprslt",
})  # fmt: skip
#: groups that say of themselves that older programs may skip them, and whose text is on the page
_SEEN = frozenset({b"nesttableprops", b"shpinst", b"shptxt", b"ud", b"fldrslt", b"dptxbxtext"})
_MARGINS = {
    b"header": "页眉", b"headerl": "页眉", b"headerr": "页眉", b"headerf": "页眉",
    b"footer": "页脚", b"footerl": "页脚", b"footerr": "页脚", b"footerf": "页脚",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What holds within a pair of braces; an inner pair begins with a copy."""

    is_unseen: bool = False
    is_fonts: bool = False
    margin: str = ""
    font: int = -1
    skipped: int = 1  # the characters behind a \u that older programs show instead
    change: str = ""
    in_table: bool = False
    depth: int = 0


@dataclass(slots=True)
class _RowDraft:
    """A row's shape while its words come by; they stand in front of each cell's right edge."""

    left: int = 0
    edges: list[int] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    across: list[str] = field(default_factory=list)
    next_down: str = ""
    next_across: str = ""

    def end_cell(self, right: int) -> None:
        """End a cell at its right edge."""
        if len(self.edges) < MAX_CELLS:
            self.edges.append(right)
            self.down.append(self.next_down)
            self.across.append(self.next_across)
        self.next_down = self.next_across = ""

    def shape(self) -> RowShape | None:
        """The shape of a row with these cells; blank where there are none."""
        if not self.edges:
            return None
        left = min(self.left, self.edges[0] - 1)
        return RowShape([left, *self.edges], list(self.down), list(self.across))


def read_rtf(data: bytes, source: str) -> Document:
    """Read the bytes of an .rtf file; ``source`` is the name that every place in the document carries.

    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    reader = _Reader(source)
    for token in tokens(data):
        reader.add(token)
    return reader.document()


class _Reader:
    """Follows the tokens; ``add`` is called for each."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._flow = Flow(source)
        self._margins: dict[str, list[str]] = {"页眉": [], "页脚": []}
        self._met: set[str] = set()
        self._group = _Group()
        self._outer: list[_Group] = []
        self._is_optional = self._is_first = False
        self._fonts: dict[int, tuple[int, str]] = {}
        self._code_page = "cp1252"
        # the paragraph so far, and bytes whose characters may go on in the next token
        self._text: list[str] = []
        self._bytes = b""
        self._skip = 0
        self._length = 0
        self._row = _RowDraft()
        self._is_row_open = False

    def document(self) -> Document:
        """What was read; a file that was cut off ends where it ends."""
        if text := self._take():
            self._mark(text, "\r", ends_paragraph=True)
        self._flow.end_tables(0)
        margins = [
            Line(text, Where(self._source, part, row))
            for part, texts in self._margins.items()
            for row, text in enumerate(dict.fromkeys(texts), start=1)
        ]
        notes = [note for note, kinds in NOTES.items() if not self._met.isdisjoint(kinds)]
        return Document(self._source, tuple(self._flow.blocks), tuple(margins), tuple(notes))

    def add(self, token: Token) -> None:
        """Follow a token."""
        was_first, self._is_first = self._is_first, False
        match token.kind:
            case "{":
                self._begin_group()
            case "}":
                self._end_group()
            case "word":
                self._word(token.value, token.number, is_first=was_first)
            case "sign" if token.value == b"*" and was_first:
                self._is_optional = self._is_first = True
            case "sign":
                if sign := _SIGNS.get(token.value):
                    self._add_text(sign)
            case _:
                self._add_bytes(token.value)

    def _begin_group(self) -> None:
        self._flush()
        if len(self._outer) >= MAX_GROUPS:
            raise ReadError(
                "RTF 文档嵌套层数过多，正常文档没有，不予读取；请用办公软件另存为 .docx 后再试。",
                "The RTF document is nested too deeply for a genuine one and is not read; save it as .docx.",
            )
        self._outer.append(self._group)
        self._group = replace(self._group)
        self._is_first, self._is_optional = True, False
        self._skip = 0

    def _end_group(self) -> None:
        self._flush()
        if self._group.margin and self._outer and not self._outer[-1].margin:
            self._end_margin_line()
        if self._outer:
            self._group = self._outer.pop()
        self._is_optional = False
        self._skip = 0

    def _word(self, word: bytes, number: int | None, *, is_first: bool) -> None:
        group = self._group
        if is_first:
            self._begin_destination(word)
        if word == b"u" and number is not None:
            self._add_unicode(number)
            return
        self._flush()
        if group.is_unseen:
            return
        if group.is_fonts:
            self._font_word(word, number)
        elif action := _ACTIONS.get(word):
            action(self, number)
        elif text := _CHARACTERS.get(word):
            self._add_text(text)

    def _begin_destination(self, word: bytes) -> None:
        """The first word of a group may say that its text is something else than the page."""
        group = self._group
        if word == b"fonttbl":
            group.is_fonts = True
        elif word in _MARGINS:
            group.margin, group.in_table, group.depth = _MARGINS[word], False, 0
        elif word in _SEEN and word == b"ud":
            group.is_unseen = self._outer[-2].is_unseen if len(self._outer) > 1 else False
        elif word in _UNSEEN or (self._is_optional and word not in _SEEN):
            group.is_unseen = True
        self._is_optional = False

    def _font_word(self, word: bytes, number: int | None) -> None:
        charset, _ = self._fonts.get(self._group.font, (0, ""))
        if word == b"f" and number is not None:
            self._group.font = number
        elif word == b"fcharset" and number is not None:
            charset = number
        if len(self._fonts) < MAX_GROUPS:
            self._fonts[self._group.font] = (charset, self._fonts.get(self._group.font, (0, ""))[1])

    def _add_bytes(self, raw: bytes) -> None:
        if self._skip:
            # what stands for a character that was given before: a byte, or one of a pair
            skipped = min(self._skip, len(raw))
            self._skip -= skipped
            raw = raw[skipped:]
        if raw and not self._group.is_unseen:
            self._bytes += raw

    def _add_unicode(self, number: int) -> None:
        self._flush()
        if not self._group.is_unseen:
            self._add_text(chr(number % 0x10000))
        self._skip = self._group.skipped

    def _flush(self) -> None:
        """Decode the bytes that came by under one font."""
        if not self._bytes:
            return
        raw, self._bytes = self._bytes, b""
        charset, name = self._fonts.get(self._group.font, (0, ""))
        if self._group.is_fonts:
            name = raw.decode("latin-1").partition(";")[0].strip()
            self._fonts.setdefault(self._group.font, (charset, ""))
            self._fonts[self._group.font] = (charset, name)
        elif charset == _SYMBOLS and not raw.isascii():
            self._add_text("".join(symbol_of(name, f"{code:x}") for code in raw))
        else:
            self._add_text(raw.decode(_CODECS.get(charset, self._code_page), "replace"))

    def _add_text(self, text: str) -> None:
        if self._bytes:
            self._flush()
        group = self._group
        if group.is_unseen or group.is_fonts:
            return
        if group.change:
            self._met.add(group.change)
            if group.change != "inserted":
                return
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise ReadError(
                "RTF 文档内容过大，超出读取上限；请拆分为几个文件。",
                "The RTF document is larger than is read; split it.",
            )
        self._text.append(text)

    def _take(self) -> str:
        self._flush()
        text = "".join(self._text)
        self._text.clear()
        if not text.isascii():
            # \u gives characters beyond the first plane as two
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _depth(self) -> int:
        """How deep in tables the paragraph stands."""
        group = self._group
        depth = group.depth if group.depth > 0 else int(group.in_table or self._is_row_open)
        return min(depth, MAX_DEPTH)

    def _mark(self, text: str, end: str, *, ends_paragraph: bool) -> None:
        if self._group.margin:
            self._text.append(text)
            self._end_margin_line()
        elif ends_paragraph:
            self._flow.add(Mark(text, end, Paragraph(self._depth())))

    def _end_margin_line(self) -> None:
        if text := trimmed(self._take()):
            self._margins[self._group.margin].append(text)

    def end_paragraph(self, _: int | None) -> None:
        """``\\par``: the end of a paragraph, in a cell or not."""
        self._mark(self._take(), "\r", ends_paragraph=True)

    def end_cell(self, _: int | None) -> None:
        """``\\cell``: the end of an outermost cell."""
        if self._group.margin:
            self._end_margin_line()
            return
        self._flow.add(Mark(self._take(), "\x07", Paragraph(1)))

    def end_row(self, _: int | None) -> None:
        """``\\row``: the end of an outermost row, whose shape came before."""
        if not self._group.margin:
            self._flow.add(Mark("", "\x07", Paragraph(1, ends_row=True, shape=self._row.shape())))
        self._is_row_open = False

    def end_inner_cell(self, _: int | None) -> None:
        """``\\nestcell``: the end of a cell in a table within a table."""
        depth = max(self._depth(), 2)
        self._flow.add(Mark(self._take(), "\r", Paragraph(depth, ends_inner_cell=True)))

    def end_inner_row(self, _: int | None) -> None:
        """``\\nestrow``: the end of a row in a table within a table."""
        depth = max(self._depth(), 2)
        self._flow.add(Mark("", "\r", Paragraph(depth, ends_inner_row=True, shape=self._row.shape())))

    def begin_row(self, _: int | None) -> None:
        """``\\trowd``: what follows describes a row."""
        self._row = _RowDraft()
        self._is_row_open = self._is_row_open or not self._depth()

    def set_left(self, number: int | None) -> None:
        """``\\trleft``: the row's left edge."""
        self._row.left = number or 0

    def end_shape(self, number: int | None) -> None:
        """``\\cellx``: a cell's right edge."""
        self._row.end_cell(number or 0)

    def plain_paragraph(self, _: int | None) -> None:
        """``\\pard``: a paragraph of its own."""
        self._group.in_table, self._group.depth = False, 0

    def in_table(self, number: int | None) -> None:
        """``\\intbl``: a paragraph in a table."""
        self._group.in_table = number != 0

    def set_depth(self, number: int | None) -> None:
        """``\\itap``: how deep in tables."""
        self._group.depth = max(number if number is not None else 1, 0)

    def set_font(self, number: int | None) -> None:
        """``\\f``: a font, and with it a character set."""
        self._group.font = number or 0

    def set_skipped(self, number: int | None) -> None:
        """``\\uc``: how many bytes stand for a character that is given by its number."""
        self._group.skipped = max(number if number is not None else 1, 0)

    def set_code_page(self, number: int | None) -> None:
        """``\\ansicpg``: the document's character set."""
        self._code_page = _CODE_PAGES.get(number or 0, f"cp{number}" if number in _WINDOWS else "cp1252")

    def plain_text(self, _: int | None) -> None:
        """``\\plain``: no formats, no changes."""
        self._group.change = ""

    def note_merge(self, down: str, across: str) -> None:
        """``\\clvmgf`` and the like: the cell that is described is merged."""
        self._row.next_down = down or self._row.next_down
        self._row.next_across = across or self._row.next_across

    def note_change(self, kind: str, number: int | None) -> None:
        """``\\deleted`` and the like, which a zero behind them ends."""
        if number != 0:
            self._group.change = kind
        elif self._group.change == kind:
            self._group.change = ""


_WINDOWS = (874, 932, 949, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 437, 850)

_ACTIONS: dict[bytes, Callable[[_Reader, int | None], None]] = {
    b"par": _Reader.end_paragraph,
    b"sect": _Reader.end_paragraph,
    b"cell": _Reader.end_cell,
    b"row": _Reader.end_row,
    b"nestcell": _Reader.end_inner_cell,
    b"nestrow": _Reader.end_inner_row,
    b"trowd": _Reader.begin_row,
    b"trleft": _Reader.set_left,
    b"cellx": _Reader.end_shape,
    b"pard": _Reader.plain_paragraph,
    b"intbl": _Reader.in_table,
    b"itap": _Reader.set_depth,
    b"f": _Reader.set_font,
    b"uc": _Reader.set_skipped,
    b"ansicpg": _Reader.set_code_page,
    b"plain": _Reader.plain_text,
    b"clvmgf": lambda reader, _: reader.note_merge("restart", ""),
    b"clvmrg": lambda reader, _: reader.note_merge("continue", ""),
    b"clmgf": lambda reader, _: reader.note_merge("", "restart"),
    b"clmrg": lambda reader, _: reader.note_merge("", "continue"),
    b"deleted": lambda reader, number: reader.note_change("deleted", number),
    b"revised": lambda reader, number: reader.note_change("inserted", number),
    b"v": lambda reader, number: reader.note_change("hidden", number),
}
