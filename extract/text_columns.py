"""Tables whose columns are only aligned with blanks, as ``pdftotext -layout`` prints them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.text_tables import (
    WIDTH_RULES,
    Block,
    SourceLine,
    Table,
    TableCell,
    WidthRule,
    display_columns,
    require_slots,
)

_LONGEST_LINE = 2_000
_RICH = 3
"""Pieces of a line, lines of a table, columns lining up: fewer of any of these may be prose."""
_WIDEST_GAP = 3
_PAGE_NUMBER_LENGTH = 6
_MOST_PIECES = 200
_MOST_WORDS = 12
_NEAR = 3
"""Display columns by which rounding moves a text."""
_LINES_FOR_WIDTHS = 400

# Two blanks part cells; a single one, also a full-width one, stands inside a text: 总　分
_PIECE = re.compile(r"\S+(?:\s\S+)*")
_GAP = re.compile(r"\S\s\s")
_WORD = re.compile(r"\S+")


class Piece(NamedTuple):
    """A text between wide gaps, and the display columns it covers: ``start`` <= column < ``end``."""

    text: str
    start: int
    end: int
    words: tuple[Piece, ...] = ()
    """Its parts between single blanks, where there are several."""


@dataclass(slots=True)
class _Row:
    line: SourceLine
    spans: list[tuple[int, int]]
    """Where each piece stands in the line's text."""

    def pieces(self, rule: WidthRule) -> list[Piece]:
        text = self.line.text
        at = display_columns(text, rule)
        pieces: list[Piece] = []
        for start, end in self.spans:
            words = [match.span() for match in _WORD.finditer(text, start, end)]
            parts = [Piece(text[a:b], at[a], at[b]) for a, b in words]
            is_head = 1 < len(parts) <= _MOST_WORDS
            pieces.append(Piece(text[start:end], at[start], at[end], tuple(parts) if is_head else ()))
        return pieces


@dataclass(slots=True)
class _Column:
    start: int
    end: int
    starts: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)
    middles: Counter[int] = field(default_factory=Counter)

    def note(self, piece: Piece) -> None:
        self.starts[piece.start] += 1
        self.ends[piece.end] += 1
        self.middles[(piece.start + piece.end) // 2] += 1

    def usual_start(self) -> int:
        """Where most texts begin."""
        return self.starts.most_common(1)[0][0]

    def lines_up(self) -> bool:
        """Whether enough lines agree on where their text begins, ends or is centred."""
        return any(
            counts[at - 1] + counts[at] >= _RICH
            for counts in (self.starts, self.ends, self.middles)
            for at in counts
        )


def read_aligned_columns(lines: Sequence[SourceLine]) -> Iterator[Block]:
    """The tables and paragraphs of lines without TABs and bars, in order.

    Raises ReadError for more cells than are read.
    """
    rich = [line.text for line in lines if len(_GAP.findall(line.text, 0, _LONGEST_LINE)) >= _RICH - 1]
    if len(rich) < _RICH:
        yield from lines
        return
    for cluster in _clusters(lines, width=max(len(text.rstrip()) for text in rich)):
        yield from _read_cluster(cluster)


def _row(line: SourceLine) -> _Row:
    if len(line.text) > _LONGEST_LINE:
        return _Row(line, [(0, len(line.text))])
    spans = [match.span() for match in _PIECE.finditer(line.text)]
    if len(spans) > _MOST_PIECES:
        spans = [(spans[0][0], spans[-1][1])]
    return _Row(line, spans)


def _clusters(lines: Sequence[SourceLine], width: int) -> Iterator[list[_Row]]:
    """Lines that may be one table: apart by few blank lines, without a paragraph or a title between."""
    cluster: list[_Row] = []
    pieces = 0
    for at, line in enumerate(lines):
        row = _row(line)
        if cluster and line.number - cluster[-1].line.number > _WIDEST_GAP:
            yield cluster
            cluster, pieces = [], 0
        if len(row.spans) == 1 and _is_between_tables(lines, at, row, width):
            if cluster:
                yield cluster
            yield [row]
            cluster, pieces = [], 0
        else:
            pieces += len(row.spans)
            require_slots(pieces)
            cluster.append(row)
    if cluster:
        yield cluster


def _is_between_tables(lines: Sequence[SourceLine], at: int, row: _Row, width: int) -> bool:
    """Whether a line of one piece is a paragraph or a title, not a wrapped cell or a page number."""
    (start, end) = row.spans[0]
    if start <= 1 and end - start > 0.4 * width:
        return True
    number = row.line.number
    apart_above = at == 0 or number - lines[at - 1].number > 1
    apart_below = at + 1 == len(lines) or lines[at + 1].number - number > 1
    return apart_above and apart_below and end - start > _PAGE_NUMBER_LENGTH


def _gap(above: _Row, below: _Row) -> int:
    return below.line.number - above.line.number


def _read_cluster(cluster: Sequence[_Row]) -> Iterator[Block]:
    begin, end = _trim(cluster)
    table = _read_table(cluster[begin:end]) if end - begin >= _RICH else None
    if table is None:
        yield from (row.line for row in cluster)
        return
    yield from (row.line for row in cluster[:begin])
    yield table
    yield from (row.line for row in cluster[end:])


def _trim(cluster: Sequence[_Row]) -> tuple[int, int]:
    """Leave out titles and remarks: lines of one piece at the ends, lines of two that stand apart.

    What goes on with a wrapped cell of the last row stays: it is indented, with no blank line above.
    """
    rich = [at for at, row in enumerate(cluster) if len(row.spans) >= _RICH]
    if len(rich) < _RICH:
        return 0, 0
    begin, end = rich[0], rich[-1] + 1
    while begin > 0 and len(cluster[begin - 1].spans) > 1 and _gap(cluster[begin - 1], cluster[begin]) == 1:
        begin -= 1
    margin = min(row.spans[0][0] for row in cluster[begin:end])
    while end < len(cluster) and _gap(cluster[end - 1], cluster[end]) == 1:
        row = cluster[end]
        if len(row.spans) == 1 and row.spans[0][0] <= margin + 1:
            break
        end += 1
    return begin, end


def _read_table(rows: Sequence[_Row]) -> Table | None:
    rule = max(WIDTH_RULES, key=lambda rule: _agreement(rows, rule))
    lines = [row.pieces(rule) for row in rows]
    columns = _find_columns(lines)
    if sum(column.lines_up() for column in columns) < _RICH:
        return None
    require_slots(len(rows) * len(columns))
    cells = [_place(pieces, columns, row.line.number) for row, pieces in zip(rows, lines, strict=True)]
    return Table(cells, len(columns))


def _agreement(rows: Sequence[_Row], rule: WidthRule) -> int:
    """How well texts begin under one another if characters are as wide as ``rule`` says."""
    starts = Counter(piece.start for row in rows[:_LINES_FOR_WIDTHS] for piece in row.pieces(rule)[1:])
    return sum(count * count for count in starts.values())


def _find_columns(lines: Sequence[Sequence[Piece]]) -> list[_Column]:
    """The columns, from the line that has the most pieces on; lines with fewer widen or add columns."""
    columns: list[_Column] = []
    for pieces in sorted(lines, key=len, reverse=True):
        if len(pieces) == 1:
            break
        own = {id(column) for piece in pieces for column in columns[slice(*_overlapped(piece, columns))]}
        for piece in pieces:
            low, high = _overlapped(piece, columns)
            if high - low > 1:
                continue
            if low == high:
                column = _beside(piece, low, columns, own)
                if column is None:
                    column = _Column(piece.start, piece.end)
                    columns.insert(low, column)
                own.add(id(column))
            else:
                column = columns[low]
            column.start = min(column.start, piece.start)
            column.end = max(column.end, piece.end)
            column.note(piece)
    return columns


def _beside(piece: Piece, at: int, columns: Sequence[_Column], own: set[int]) -> _Column | None:
    """The column that a piece just misses, left or right of index ``at``, if the line's other pieces leave it."""
    if at < len(columns) and columns[at].start - piece.end < _NEAR and id(columns[at]) not in own:
        return columns[at]
    if at > 0 and piece.start - columns[at - 1].end < _NEAR and id(columns[at - 1]) not in own:
        return columns[at - 1]
    return None


def _overlapped(piece: Piece, columns: Sequence[_Column]) -> tuple[int, int]:
    """Which columns a piece overlaps: ``low`` <= index < ``high``; none where they are equal."""
    low = bisect_right(columns, piece.start, key=lambda column: column.end)
    high = bisect_left(columns, piece.end, key=lambda column: column.start)
    return low, max(low, high)


def _place(pieces: Sequence[Piece], columns: Sequence[_Column], number: int) -> list[TableCell | None]:
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
        elif (left := row[free - 1]) is not None:
            both = TableCell(f"{left.text}  {part.text}", left.line)
            row = [both if cell is left else cell for cell in row]
    return row


def _covered(piece: Piece, columns: Sequence[_Column]) -> tuple[int, int]:
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


def _split_at_columns(piece: Piece, columns: Sequence[_Column], room: int) -> Sequence[Piece]:
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
    if len(words) >= _RICH and low + len(words) <= room and all(word.text.isalpha() for word in words):
        return [Piece(word.text, column.start, column.end) for word, column in zip(words, over, strict=True)]
    return [piece]
