"""The properties of paragraphs and characters in a Word 97 file, and what they say about tables.

[MS-DOC] keeps them as lists of changes ("sprms") in pages of 512 bytes, each for a range of the file. Only those
that tables, deletions, marks and symbols need are read here; all others are stepped over by their length.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from extract.word.doc_flow import OUTSIDE, Paragraph, RowShape

PAGE_BYTES = 512

MAX_RUNS = 1_000_000
"""The ranges of a file that have properties. A page lists at most 100, but anyone can name a page twice."""

_IN_TABLE, _ROW_END, _DEPTH, _DEEPER = 0x2416, 0x2417, 0x6649, 0x664A
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_ELSEWHERE = (0x6645, 0x6646, 0x646B)
_TABLE, _MERGE, _SPLIT, _DOWN = 0xD608, 0x5624, 0x5625, 0xD62B
_TABS = 0xC615
_DELETED, _INSERTED, _HIDDEN, _SYMBOL = 0x0800, 0x0801, 0x083C, 0x6A09
_STRUCK, _STRUCK_TWICE, _RAISED = 0x0837, 0x2A53, 0x2A48

#: how many bytes the operand of a sprm takes, by its upper three bits; 6 says so in its first byte
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
_CELL_BYTES = 20
_FIRST_ACROSS, _MORE_ACROSS, _MERGED_DOWN, _FIRST_DOWN = 0x01, 0x02, 0x20, 0x40


class Run(NamedTuple):
    """A range of the file whose characters are deleted, inserted, hidden, struck out or raised, or a font's symbol."""

    start: int
    end: int
    kind: str
    font: int = 0
    symbol: int = 0


class Paragraphs:
    """The properties of paragraphs by where in the file their mark stands."""

    def __init__(self, pages: list[bytes], data: bytes) -> None:
        """``data`` is the stream that holds what is too long for a page."""
        self._data = data
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._grpprls: list[bytes] = []
        self._known: dict[bytes, Paragraph] = {}
        for start, end, grpprl in _runs_of_paragraphs(pages):
            self._starts.append(start)
            self._ends.append(end)
            self._grpprls.append(grpprl)
        if any(a > b for a, b in pairwise(self._starts)):
            order = sorted(range(len(self._starts)), key=self._starts.__getitem__)
            self._starts = [self._starts[at] for at in order]
            self._ends = [self._ends[at] for at in order]
            self._grpprls = [self._grpprls[at] for at in order]

    def at(self, position: int) -> Paragraph:
        """The properties of the paragraph whose mark stands at a byte of the file."""
        run = bisect_right(self._starts, position) - 1
        if run < 0 or position >= self._ends[run]:
            return OUTSIDE
        grpprl = self._grpprls[run]
        found = self._known.get(grpprl)
        if found is None:
            found = self._known[grpprl] = _paragraph(grpprl, self._data)
        return found


def character_runs(pages: list[bytes]) -> Iterator[Run]:
    """The ranges whose characters are not simply there."""
    count = 0
    for page in pages:
        for start, end, offset in _ranges(page, 1):
            count += 1
            if count > MAX_RUNS:
                return
            if not offset or 2 * offset >= PAGE_BYTES:
                continue
            at = 2 * offset
            for sprm, operand in _sprms(page[at + 1 : at + 1 + page[at]]):
                if sprm == _SYMBOL and len(operand) == 4:
                    yield Run(start, end, "symbol", *struct.unpack("<HH", operand))
                elif sprm == _RAISED and operand != b"\1":
                    continue  # lowered, or neither
                elif sprm in _MARKS and operand[:1] not in (b"\0", b"\x80"):
                    yield Run(start, end, _MARKS[sprm])


_MARKS = {
    _DELETED: "deleted", _INSERTED: "inserted", _HIDDEN: "hidden", _STRUCK: "struck", _STRUCK_TWICE: "struck",
    _RAISED: "raised",
}  # fmt: skip


def _runs_of_paragraphs(pages: list[bytes]) -> Iterator[tuple[int, int, bytes]]:
    count = 0
    for page in pages:
        for start, end, offset in _ranges(page, 13):
            count += 1
            if count > MAX_RUNS:
                return
            at = 2 * offset
            if not offset or at + 2 > PAGE_BYTES:
                yield start, end, b""
                continue
            size = 2 * page[at] - 1
            if not page[at]:
                at += 1
                size = 2 * page[at]
            # the first two bytes are the number of a style
            yield start, end, page[at + 3 : at + 1 + size]


def _ranges(page: bytes, stride: int) -> Iterator[tuple[int, int, int]]:
    """The ranges of a page, and where in it their properties stand, in words of two bytes."""
    if len(page) < PAGE_BYTES:
        return
    count = page[PAGE_BYTES - 1]
    if 4 * (count + 1) + stride * count > PAGE_BYTES - 1:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    at = 4 * (count + 1)
    for number in range(count):
        if bounds[number] < bounds[number + 1]:
            yield bounds[number], bounds[number + 1], page[at + stride * number]


def _sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """Each change with its operand."""
    at = 0
    while at + 2 <= len(grpprl):
        sprm = grpprl[at] | grpprl[at + 1] << 8
        at += 2
        size = _OPERANDS[sprm >> 13]
        if sprm == _TABLE:
            size = int.from_bytes(grpprl[at : at + 2], "little") - 1
            at += 2
        elif not size:
            size = grpprl[at] if at < len(grpprl) else 0
            at += 1
            if sprm == _TABS and size == 255:  # longer than a byte can say
                size = _tabs_bytes(grpprl, at)
        if size < 0:
            return
        yield sprm, grpprl[at : at + size]
        at += size


def _tabs_bytes(grpprl: bytes, at: int) -> int:
    deleted = grpprl[at] if at < len(grpprl) else 0
    added_at = at + 1 + 4 * deleted
    added = grpprl[added_at] if added_at < len(grpprl) else 0
    return 2 + 4 * deleted + 3 * added


def _paragraph(grpprl: bytes, data: bytes) -> Paragraph:
    flags = {_IN_TABLE: 0, _ROW_END: 0, _INNER_CELL: 0, _INNER_ROW_END: 0}
    depth = 0
    shape: RowShape | None = None
    for sprm, operand in _unfolded(grpprl, data):
        if sprm in flags:
            flags[sprm] = operand[0] if operand else 0
        elif sprm in (_DEPTH, _DEEPER):
            number = int.from_bytes(operand, "little", signed=True)
            depth = number if sprm == _DEPTH else depth + number
        elif sprm == _TABLE:
            shape = _shape(operand)
        elif shape is not None:
            _reshape(shape, sprm, operand)
    if flags[_IN_TABLE] and depth < 1:
        depth = 1
    return Paragraph(
        max(depth, 0), bool(flags[_ROW_END]), bool(flags[_INNER_CELL]), bool(flags[_INNER_ROW_END]), shape
    )


def _unfolded(grpprl: bytes, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The changes, those too that are kept in the other stream; they do not lead on from there."""
    for sprm, operand in _sprms(grpprl):
        if sprm in _ELSEWHERE:
            at = int.from_bytes(operand, "little")
            size = int.from_bytes(data[at : at + 2], "little")
            yield from _sprms(data[at + 2 : at + 2 + size])
        else:
            yield sprm, operand


def _shape(operand: bytes) -> RowShape | None:
    count = operand[0] if operand else 0
    if not count or len(operand) < 1 + 2 * (count + 1):
        return None
    edges = list(struct.unpack_from(f"<{count + 1}h", operand, 1))
    down, across = [""] * count, [""] * count
    first = 1 + 2 * (count + 1)
    for cell in range(count):
        at = first + cell * _CELL_BYTES
        flags = int.from_bytes(operand[at : at + 2], "little")
        if flags & _MERGED_DOWN:
            down[cell] = "restart" if flags & _FIRST_DOWN else "continue"
        if flags & (_FIRST_ACROSS | _MORE_ACROSS):
            across[cell] = "continue" if flags & _MORE_ACROSS else "restart"
    return RowShape(edges, down, across)


def _reshape(shape: RowShape, sprm: int, operand: bytes) -> None:
    """Apply what was merged or split after the row was made."""
    if sprm == _DOWN and len(operand) >= 2 and operand[0] < len(shape.down):
        shape.down[operand[0]] = {0: "", 1: "continue"}.get(operand[1] & 3, "restart")
    elif sprm in (_MERGE, _SPLIT) and len(operand) == 2:
        first, limit = operand[0], min(operand[1], len(shape.across))
        for cell in range(first, limit):
            shape.across[cell] = "" if sprm == _SPLIT else "restart" if cell == first else "continue"
