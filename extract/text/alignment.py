"""Where the columns of aligned text are, and which of them a piece of a line stands in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.text.tables import TableCell, WidthRule, display_columns

_AGREEING = 3
"""Lines that show where a column is; words of one piece that can only be heads."""
_MOST_WORDS = 12
_NEAR = 3
"""Display columns by which rounding moves a text."""
_FAR = 1_000_000

_WORD = re.compile(r"\S+")
# 94.55%, ≥100人, 10: and what is written where there is no value
_VALUE = re.compile(r"[<>=≥≤＜＞＝]{0,2}[0-9][0-9.,]*[%％]?\w{0,3}|[—–-]{1,2}|[/无]")


class Piece(NamedTuple):
    """A text between wide gaps, and the display columns it covers: ``start`` <= column < ``end``."""

    text: str
    start: int
    end: int
    words: tuple[Piece, ...] = ()
    """Its parts between single blanks, where there are several."""


def find_pieces(text: str, spans: Sequence[tuple[int, int]], rule: WidthRule) -> list[Piece]:
    """The pieces of a line, ``spans`` being where each stands in ``text``."""
    at = display_columns(text, rule)
    pieces: list[Piece] = []
    for start, end in spans:
        words = [match.span() for match in _WORD.finditer(text, start, end)]
        parts = [Piece(text[a:b], at[a], at[b]) for a, b in words]
        is_head = 1 < len(parts) <= _MOST_WORDS
        pieces.append(Piece(text[start:end], at[start], at[end], tuple(parts) if is_head else ()))
    return pieces


@dataclass(slots=True)
class Column:
    """A column, as wide as the texts in it, and where those begin, end and have their middle."""

    start: int
    end: int
    starts: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)
    middles: Counter[int] = field(default_factory=Counter)

    def note(self, piece: Piece) -> None:
        """Count a text of the column."""
        self.starts[piece.start] += 1
        self.ends[piece.end] += 1
        self.middles[(piece.start + piece.end) // 2] += 1

    def usual_start(self) -> int:
        """Where most texts begin."""
        return self.starts.most_common(1)[0][0]

    def lines_up(self) -> bool:
        """Whether enough lines agree on where their text begins, ends or is centred."""
        return any(
            counts[at - 1] + counts[at] >= _AGREEING
            for counts in (self.starts, self.ends, self.middles)
            for at in counts
        )


def find_columns(lines: Sequence[Sequence[Piece]]) -> list[Column]:
    """The columns, from the line that has the most pieces on; lines with fewer widen or add columns.

    A piece that only just misses a column belongs to it, unless the line's other pieces stand in it. Two values
    of a line never stand in one column: it is parted between them.
    """
    columns: list[Column] = []
    for pieces in sorted(lines, key=len, reverse=True):
        if len(pieces) == 1:
            break
        taken_to = -_NEAR
        last: Column | None = None
        was_value = is_pushed = False
        begins = [piece.start for piece in pieces[1:]] + [_FAR]
        for piece, next_start in zip(pieces, begins, strict=True):
            low, high = _overlapped(piece, columns)
            is_value = _VALUE.fullmatch(piece.text) is not None
            if high - low == 1 and columns[low] is last and was_value and is_value and not is_pushed:
                column = _part_off(piece, low, next_start, columns)
            elif high - low == 1:
                column = columns[low]
            elif high > low:
                # a long text may have pushed what is behind it to the right
                taken_to, is_pushed = piece.end, True
                continue
            elif _is_beside(piece.end, columns[low : low + 1]) and columns[low].end <= next_start:
                column = columns[low]
            elif (
                _is_beside(piece.start, columns[max(low - 1, 0) : low]) and taken_to <= columns[low - 1].start
            ):
                column = columns[low - 1]
            else:
                column = Column(piece.start, piece.end)
                columns.insert(low, column)
            taken_to, last, was_value = piece.end, column, is_value
            column.start = min(column.start, piece.start)
            column.end = max(column.end, piece.end)
            column.note(piece)
    return columns


def _part_off(piece: Piece, low: int, next_start: int, columns: list[Column]) -> Column:
    """The column for a value that stands in column ``low`` behind another: the one beside it, or a new one."""
    after = columns[low + 1 : low + 2]
    if _is_beside(piece.end, after) and after[0].end <= next_start:
        return after[0]
    columns[low].end = piece.start
    columns.insert(low + 1, Column(piece.start, piece.end))
    return columns[low + 1]


def _is_beside(edge: int, neighbour: Sequence[Column]) -> bool:
    """Whether a piece whose edge is at ``edge`` only just misses the column there, if there is one."""
    return any(min(abs(edge - column.start), abs(edge - column.end)) < _NEAR for column in neighbour)


def _overlapped(piece: Piece, columns: Sequence[Column]) -> tuple[int, int]:
    """Which columns a piece overlaps: ``low`` <= index < ``high``; none where they are equal."""
    low = bisect_right(columns, piece.start, key=lambda column: column.end)
    high = bisect_left(columns, piece.end, key=lambda column: column.start)
    return low, max(low, high)


def place_pieces(pieces: Sequence[Piece], columns: Sequence[Column], number: int) -> list[TableCell | None]:
    """One row: each piece in the columns it covers, a spanning one as the same cell in all of them."""
    row: list[TableCell | None] = [None] * len(columns)
    rooms = [_overlapped(piece, columns)[0] for piece in pieces[1:]] + [len(columns)]
    parts = [
        part
        for piece, room in zip(pieces, rooms, strict=True)
        for part in _split_at_columns(piece, columns, room)
    ]
    covered = [_covered(part, columns) for part in parts]
    begins = [low for low, _ in covered[1:]] + [len(columns)]
    free = 0
    for part, (low, high), next_low in zip(parts, covered, begins, strict=True):
        low = max(low, free)
        if low >= high and free < next_low and columns[free].start - part.end <= _NEAR:
            # A long text above has widened the column before: this one stands before the next column.
            high = low + 1
        if low < high:
            row[low:high] = [TableCell(part.text, number)] * (high - low)
            free = high
        elif _is_full(parts, columns):
            return [TableCell(part.text, number) for part in parts]
        elif (left := row[free - 1]) is not None:
            both = TableCell(f"{left.text}  {part.text}", left.line)
            row = [both if cell is left else cell for cell in row]
    return row


def _is_full(parts: Sequence[Piece], columns: Sequence[Column]) -> bool:
    """Whether a row has a piece for each column, though a long one has pushed those behind it to the right."""
    return len(parts) == len(columns) and all(
        part.start >= column.start - _NEAR for part, column in zip(parts, columns, strict=True)
    )


def _covered(piece: Piece, columns: Sequence[Column]) -> tuple[int, int]:
    """The columns a piece stands in: those it covers by half, or else the nearest."""
    low, high = _overlapped(piece, columns)
    if low == high:
        near = [at for at in (low - 1, low) if 0 <= at < len(columns)]
        nearest = min(near, key=lambda at: max(columns[at].start - piece.end, piece.start - columns[at].end))
        return nearest, nearest + 1
    shares = [min(piece.end, column.end) - max(piece.start, column.start) for column in columns[low:high]]
    best = max(range(low, high), key=lambda at: shares[at - low])
    while low < best and 2 * shares[0] < columns[low].end - columns[low].start:
        low += 1
        del shares[0]
    while high - 1 > best and 2 * shares[-1] < columns[high - 1].end - columns[high - 1].start:
        high -= 1
        del shares[-1]
    return low, high


def _split_at_columns(piece: Piece, columns: Sequence[Column], room: int) -> Sequence[Piece]:
    """Part a piece of several columns' words: the heads of narrow columns have but one blank between them.

    Either each word begins where its column does, or there are three and more, drifted to the left as the
    printer ran out of room, and no other piece stands before column ``room``. A single character is rather
    a unit, ``564.1 万``, and no head has digits.
    """
    low, high = _overlapped(piece, columns)
    words = piece.words
    if high - low < 2 or any(len(word.text) == 1 for word in words):
        return [piece]
    over = columns[low : low + len(words)]
    if len(words) == high - low and all(
        abs(word.start - column.usual_start()) <= _NEAR for word, column in zip(words, over, strict=True)
    ):
        return words
    if len(words) >= _AGREEING and low + len(words) <= room and all(word.text.isalpha() for word in words):
        return [Piece(word.text, column.start, column.end) for word, column in zip(words, over, strict=True)]
    return [piece]
