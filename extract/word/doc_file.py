"""The text of a Word 97 file and the properties of its paragraphs: from bytes to marked paragraphs.

The format is Microsoft's [MS-DOC]: a header (the FIB) says where the tables are; one of them, the piece table,
says where in the file each stretch of the text lies, and whether it has one or two bytes a character.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from extract.document import ReadError
from extract.marks import raised
from extract.unlock import locked
from extract.word.compound import Compound
from extract.word.doc_flow import OUTSIDE, Mark
from extract.word.doc_properties import MAX_RUNS, PAGE_BYTES, Paragraphs, Run, character_runs
from extract.word.docx_words import _symbol as symbol_of  # the same fonts, under the same codes

MAX_CHARACTERS = 4_000_000
"""The characters of a file. A form has some 2,000; pieces may be named more than once."""

MAX_PIECES = 100_000
"""The stretches that the text lies in: a handful, and some hundreds after years of fast saving."""

MAX_MARKS = 400_000
"""The paragraphs of a file."""

MAX_PAGES = 50_000
"""The pages of properties, of 512 bytes each."""

_WORD97 = 0xA5EC
_OLDER = (0xA5DC, 0xA5DB, 0xA699, 0xA59B)
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
#: the pairs of the header that say where a table is: properties of characters and paragraphs, headers, fonts, pieces
_CHARACTERS, _PARAGRAPHS, _MARGINS, _FONTS, _PIECES = 12, 13, 11, 15, 33
_ONE_BYTE = 0x40000000
_ENDS = re.compile("[\r\x07\x0c]")
#: stands where a character was deleted or hidden
_GONE = "\0"
#: what goes: the end of a cell stays; that of a paragraph goes with what is deleted, which joins two
_LEAVING = {
    "deleted": re.compile("[^\x07]"),
    "hidden": re.compile("[^\x07]"),
    "struck": re.compile("[^\0- \xa0\u3000]"),
}
#: a run can be several of these: what goes is not raised
_ORDER = ("inserted", *_LEAVING, "symbol", "raised")


class OlderWord(Exception):
    """The file is of Word 95 or older, which is another format."""


class _Piece(NamedTuple):
    start: int
    end: int
    position: int
    width: int


class WordFile:
    """An open Word 97 file. ``met`` has what was met in its text: ``deleted``, ``inserted``, ``hidden``, ``struck``."""

    def __init__(self, data: bytes) -> None:
        """Read the header and the tables. Raises ReadError: broken, locked; `OlderWord`."""
        container = Compound(data)
        if "WordDocument" not in container:
            raise broken()
        self._main = container.stream("WordDocument")
        self.met: set[str] = set()
        try:
            flags = self._read_header()
            name = "1Table" if flags & _SECOND_TABLE else "0Table"
            if name not in container:
                raise broken()
            self._table = container.stream(name)
            data_stream = container.stream("Data") if "Data" in container else b""
            self._pieces = self._read_pieces()
            self._paragraphs = Paragraphs(self._pages(_PARAGRAPHS), data_stream)
            self._text = self._read_text()
        except (struct.error, IndexError) as err:
            raise broken() from err

    def body(self) -> Iterator[Mark]:
        """The paragraphs of the text, those of its tables included."""
        return self._marks(0, self._counts[0])

    def text_boxes(self) -> Iterator[Mark]:
        """The paragraphs of all text boxes of the body."""
        start = sum(self._counts[:5])
        return self._marks(start, start + self._counts[5])

    def margins(self) -> Iterator[tuple[str, Iterator[Mark]]]:
        """The paragraphs of each header and footer of each section, behind ``header`` or ``footer``."""
        at, size = self._spot(_MARGINS)
        if size and at + size > len(self._table):
            raise broken()
        bounds = struct.unpack_from(f"<{size // 4}I", self._table, at) if size else ()
        start = self._counts[0] + self._counts[1]
        # the first six are the rules above footnotes; then six a section, even, odd and first pages
        for number in range(6, len(bounds) - 2):
            kind = "footer" if (number - 6) % 6 in (2, 3, 5) else "header"
            yield kind, self._marks(start + bounds[number], start + bounds[number + 1])

    def _read_header(self) -> int:
        magic, flags = struct.unpack_from("<H8xH", self._main)
        if magic in _OLDER:
            raise OlderWord
        if magic != _WORD97:
            raise broken()
        if flags & _ENCRYPTED:
            raise locked("文档", "The document")
        (shorts,) = struct.unpack_from("<H", self._main, 32)
        counts_at = 36 + 2 * shorts
        (longs,) = struct.unpack_from("<H", self._main, counts_at - 2)
        # characters of the body, footnotes, headers, (unused), comments, endnotes, text boxes
        told = struct.unpack_from("<8i", self._main, counts_at + 12)
        body, notes, margins, _, comments, endnotes, boxes, _ = (max(number, 0) for number in told)
        self._counts = (body, notes, margins, comments, endnotes, boxes)
        self._spots_at = counts_at + 4 * longs + 2
        return int(flags)

    def _spot(self, number: int) -> tuple[int, int]:
        """Where a table begins, and its bytes."""
        at, size = struct.unpack_from("<II", self._main, self._spots_at + 8 * number)
        return at, size

    def _read_pieces(self) -> list[_Piece]:
        at, size = self._spot(_PIECES)
        end = min(at + size, len(self._table))
        while at < end and self._table[at] == 1:  # changes that pieces refer to
            at += 3 + int.from_bytes(self._table[at + 1 : at + 3], "little")
        if at >= end or self._table[at] != 2:
            raise broken()
        count = (int.from_bytes(self._table[at + 1 : at + 5], "little") - 4) // 12
        if not 0 < count <= MAX_PIECES:
            raise broken()
        bounds = struct.unpack_from(f"<{count + 1}I", self._table, at + 5)
        if bounds[-1] > MAX_CHARACTERS:
            raise _too_large()
        pieces: list[_Piece] = []
        for number, (start, stop) in enumerate(pairwise(bounds)):
            if start >= stop:
                continue
            (where,) = struct.unpack_from("<I", self._table, at + 5 + 4 * (count + 1) + 8 * number + 2)
            width = 1 if where & _ONE_BYTE else 2
            position = (where & 0x3FFFFFFF) // (2 if width == 1 else 1)
            if pieces and start != pieces[-1].end:
                raise broken()
            pieces.append(_Piece(start, stop, position, width))
        if not pieces:
            raise broken()
        return pieces

    def _read_text(self) -> str:
        texts: list[str] = []
        for piece in self._pieces:
            length = piece.end - piece.start
            raw = self._main[piece.position : piece.position + length * piece.width]
            if len(raw) < length * piece.width:
                raise broken()
            text = raw.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")
            if len(text) != length:
                # a surrogate pair is one character here and two there; positions must stay as they are
                text = "".join(map(chr, struct.unpack_from(f"<{len(raw) // 2}H", raw))).ljust(length, _GONE)
            texts.append(text[:length])
        return self._with_changes("".join(texts))

    def _with_changes(self, text: str) -> str:
        """The text without what is deleted, hidden or struck out, with symbols in their place."""
        pieces: list[str] = []
        done = 0
        for start, end, run in sorted(self._changed_ranges(), key=_in_order):
            start = max(start, done)
            if run.kind == "inserted" or start >= end:
                self.met.add(run.kind)
                continue
            old = text[start:end]
            if run.kind == "symbol":
                new = old.replace("(", self._symbol(run))
            elif run.kind == "raised":
                new = raised(old)
            else:
                new = _LEAVING[run.kind].sub(_GONE, old)
            if new != old:
                self.met.add(run.kind)
            pieces += (text[done:start], new)
            done = end
        return "".join([*pieces, text[done:]]) if pieces else text

    @cached_property
    def _fonts(self) -> list[str]:
        """The names of the fonts."""
        at, size = self._spot(_FONTS)
        end = min(at + size, len(self._table))
        at += 4
        fonts: list[str] = []
        while at < end:
            length = self._table[at]
            # behind 39 bytes that describe it, and up to a blank character
            name = self._table[at + 40 : at + 1 + length].decode("utf-16-le", "replace")
            fonts.append(name.partition("\0")[0])
            at += 1 + length
        return fonts

    def _symbol(self, run: Run) -> str:
        font = self._fonts[run.font] if run.font < len(self._fonts) else ""
        return symbol_of(font, f"{run.symbol:x}")

    def _changed_ranges(self) -> Iterator[tuple[int, int, Run]]:
        """The changed runs as ranges of the text: a run may lie in several pieces."""
        by_position = sorted(self._pieces, key=lambda piece: piece.position)
        positions = [piece.position for piece in by_position]
        longest = max((piece.end - piece.start) * piece.width for piece in by_position)
        count = 0
        for run in character_runs(self._pages(_CHARACTERS)):
            first = bisect_left(positions, run.start - longest)
            for piece in by_position[first : bisect_left(positions, run.end)]:
                begin = max(run.start - piece.position, 0) // piece.width
                end = min((run.end - piece.position) // piece.width, piece.end - piece.start)
                count += 1
                if count > MAX_RUNS:
                    raise _too_large()
                if begin < end:
                    yield piece.start + begin, piece.start + end, run

    def _pages(self, number: int) -> list[bytes]:
        """The pages of properties that a table lists, each once."""
        at, size = self._spot(number)
        count = (min(size, len(self._table)) - 4) // 8
        if count <= 0:
            return []
        numbers = struct.unpack_from(f"<{count}I", self._table, at + 4 * (count + 1))
        pages = dict.fromkeys(number & 0x3FFFFF for number in numbers)
        if len(pages) > MAX_PAGES:
            raise _too_large()
        return [self._main[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] for page in pages]

    def _marks(self, start: int, end: int) -> Iterator[Mark]:
        """The paragraphs between two characters of the text."""
        pieces = iter(self._pieces)
        piece = next(pieces)
        for count, mark in enumerate(_ENDS.finditer(self._text, start, end)):
            at = mark.start()
            while at >= piece.end:
                piece = next(pieces)
            if count > MAX_MARKS:
                raise _too_large()
            position = piece.position + (at - piece.start) * piece.width
            yield Mark(self._text[start:at], mark[0], self._paragraphs.at(position))
            start = at + 1
        if rest := self._text[start:end]:
            yield Mark(rest, "\r", OUTSIDE)


def _in_order(change: tuple[int, int, Run]) -> tuple[int, int, int]:
    start, end, run = change
    return start, end, _ORDER.index(run.kind)


def broken() -> ReadError:
    """The error for a file that contradicts itself."""
    return ReadError(
        "旧版 Word 文档已损坏或不完整，无法读取；请用 Word 打开修复并另存为 .docx，或请提交人重新发送。",
        "The old Word document is damaged or truncated; repair it by opening and saving it as .docx with Word, "
        "or ask for it to be sent again.",
    )


def _too_large() -> ReadError:
    return ReadError(
        "文档内容过大，超出读取上限；请拆分为几个文件，或用 Word 另存为 .docx 后再试。",
        "The document is larger than is read; split it, or save it as .docx with Word.",
    )
