"""Read Rich Text Format (.rtf, and the .doc files that are one): text and tables in page order.

``extract/word/rtf_tokens.py`` takes the file apart; here the words that matter (``extract/word/rtf_words.py``) become
marked paragraphs, which ``extract/word/doc_flow.py`` lays out as it does those of Word 97 files.

Not read: footnotes, comments, automatic numbers, pictures, embedded objects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from extract.document import CUT_OFF, Document, Line, ReadError, Where
from extract.word.doc import NOTES
from extract.word.doc_flow import MAX_DEPTH, Flow, Mark, Paragraph
from extract.word.docx_words import trimmed
from extract.word.rtf_text import Text
from extract.word.rtf_tokens import Token, tokens
from extract.word.rtf_words import (
    CHARACTERS,
    MARGINS,
    SEEN,
    SIGNS,
    UNSEEN,
    Group,
    RowDraft,
)

MAX_GROUPS = 5_000
"""Groups within groups. Word nests some twenty."""


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
        self._text = Text()
        self._group = self._text.group
        self._outer: list[Group] = []
        self._is_optional = self._is_first = False
        self._row = RowDraft()
        self._is_row_open = False

    def document(self) -> Document:
        """What was read; a file that was cut off ends where it ends."""
        if text := self._text.take():
            self._end_paragraph(text)
        self._flow.end_tables(0)
        margins = [
            Line(text, Where(self._source, part, row))
            for part, texts in self._margins.items()
            for row, text in enumerate(dict.fromkeys(texts), start=1)
        ]
        notes = [note for note, kinds in NOTES.items() if not self._text.met.isdisjoint(kinds)]
        if self._outer:
            notes.append(CUT_OFF)
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
                if sign := SIGNS.get(token.value):
                    self._text.add(sign)
            case _:
                self._text.add_bytes(token.value)

    def _begin_group(self) -> None:
        self._text.flush()
        if len(self._outer) >= MAX_GROUPS:
            raise ReadError(
                "RTF 文档嵌套层数过多，正常文档没有，不予读取；请用办公软件另存为 .docx 后再试。",
                "The RTF document is nested too deeply for a genuine one and is not read; save it as .docx.",
            )
        self._outer.append(self._group)
        self._group = self._text.group = replace(self._group)
        self._is_first, self._is_optional = True, False
        self._text.end_skipping()

    def _end_group(self) -> None:
        self._text.flush()
        if self._group.margin and self._outer and not self._outer[-1].margin:
            self._end_margin_line(self._text.take())
        if self._outer:
            self._group = self._text.group = self._outer.pop()
        self._is_optional = False
        self._text.end_skipping()

    def _word(self, word: bytes, number: int | None, *, is_first: bool) -> None:
        group = self._group
        if is_first:
            self._begin_destination(word)
        if word == b"u" and number is not None:
            self._text.add_unicode(number)
            return
        self._text.flush()
        if group.is_unseen:
            return
        if group.is_fonts:
            self._text.describe_font(word, number)
        elif action := _ACTIONS.get(word):
            action(self, number)
        elif text := CHARACTERS.get(word):
            self._text.add(text)

    def _begin_destination(self, word: bytes) -> None:
        """The first word of a group may say that its text is something else than the page."""
        group = self._group
        if word == b"fonttbl":
            group.is_fonts = True
        elif word in MARGINS:
            group.margin, group.in_table, group.depth = MARGINS[word], False, 0
        elif word == b"ud":  # the same text again, for programs that know Unicode
            group.is_unseen = self._outer[-2].is_unseen if len(self._outer) > 1 else False
        elif word in UNSEEN or (self._is_optional and word not in SEEN):
            group.is_unseen = True
        self._is_optional = False

    def _depth(self) -> int:
        """How deep in tables the paragraph stands."""
        group = self._group
        depth = group.depth if group.depth > 0 else int(group.in_table or self._is_row_open)
        return min(depth, MAX_DEPTH)

    def _end_paragraph(self, text: str) -> None:
        if self._group.margin:
            self._end_margin_line(text)
        else:
            self._flow.add(Mark(text, "\r", Paragraph(self._depth())))

    def _end_margin_line(self, text: str) -> None:
        if text := trimmed(text):
            self._margins[self._group.margin].append(text)

    def end_paragraph(self, _: int | None) -> None:
        """``\\par``: the end of a paragraph, in a cell or not."""
        self._end_paragraph(self._text.take())

    def end_cell(self, _: int | None) -> None:
        """``\\cell``: the end of an outermost cell."""
        if self._group.margin:
            self._end_margin_line(self._text.take())
            return
        self._flow.add(Mark(self._text.take(), "\x07", Paragraph(1)))

    def end_row(self, _: int | None) -> None:
        """``\\row``: the end of an outermost row, whose shape came before."""
        if not self._group.margin:
            self._flow.add(Mark("", "\x07", Paragraph(1, ends_row=True, shape=self._row.shape())))
        self._is_row_open = False

    def end_inner_cell(self, _: int | None) -> None:
        """``\\nestcell``: the end of a cell in a table within a table."""
        depth = max(self._depth(), 2)
        self._flow.add(Mark(self._text.take(), "\r", Paragraph(depth, ends_inner_cell=True)))

    def end_inner_row(self, _: int | None) -> None:
        """``\\nestrow``: the end of a row in a table within a table."""
        depth = max(self._depth(), 2)
        self._flow.add(Mark("", "\r", Paragraph(depth, ends_inner_row=True, shape=self._row.shape())))

    def begin_row(self, _: int | None) -> None:
        """``\\trowd``: what follows describes a row."""
        self._row = RowDraft()
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
        self._text.set_code_page(number or 0)

    def plain_text(self, _: int | None) -> None:
        """``\\plain``: no formats, no changes."""
        self._group.change = ""
        self._group.is_struck = self._group.is_raised = False

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

    def set_struck(self, number: int | None) -> None:
        """``\\strike``, ``\\striked1``: struck out, until a zero behind the word ends it."""
        self._group.is_struck = number != 0

    def set_raised(self, number: int | None) -> None:
        """``\\super``: raised, as ``\\super0`` is not."""
        self._group.is_raised = number != 0


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
    b"strike": _Reader.set_struck,
    b"striked": _Reader.set_struck,
    b"super": _Reader.set_raised,
    b"sub": lambda reader, _: reader.set_raised(0),
    b"nosupersub": lambda reader, _: reader.set_raised(0),
}
