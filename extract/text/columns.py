"""Tables whose columns are only aligned with blanks, as ``pdftotext -layout`` prints them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.text.alignment import find_columns, find_pieces, place_pieces
from extract.text.ruled import split_off_ruled_tables
from extract.text.strokes import is_stroke
from extract.text.tables import WIDTH_RULES, Block, SourceLine, Table, WidthRule, require_slots
from extract.text.wrapped import join_wrapped

_LONGEST_LINE = 2_000
_RICH = 3
"""Pieces of a line, lines of a table, columns lining up: fewer of any of these may be prose."""
_WIDEST_GAP = 3
_PAGE_NUMBER_LENGTH = 6
_MOST_PIECES = 200
_LINES_FOR_WIDTHS = 400
_NEARLY_ALL = 0.9

# Two blanks part cells; a single one, also a full-width one, stands inside a text: 甲　乙
_PIECE = re.compile(r"\S+(?:\s\S+)*")
_GAP = re.compile(r"\S\s\s")


class _Row(NamedTuple):
    """A line, and where each of its pieces stands in its text."""

    line: SourceLine
    spans: list[tuple[int, int]]


def read_aligned_columns(lines: Sequence[SourceLine]) -> Iterator[Block]:
    """The tables and paragraphs of lines without TABs and bars, in order.

    Raises ReadError for more cells than are read.
    """
    for part in split_off_ruled_tables(lines):
        if isinstance(part, Table):
            yield part
        else:
            yield from _read_aligned(part)


def _read_aligned(lines: Sequence[SourceLine]) -> Iterator[Block]:
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
    if _is_strung(rows):
        return None
    rule = max(WIDTH_RULES, key=lambda rule: _agreement(rows, rule))
    lines = [find_pieces(row.line.text, row.spans, rule) for row in rows]
    columns = find_columns(lines)
    if sum(column.lines_up() for column in columns) < _RICH:
        return None
    require_slots(len(rows) * len(columns))
    cells = [
        place_pieces(pieces, columns, row.line.number)
        for row, pieces in zip(rows, lines, strict=True)
        if not is_stroke(
            row.line.text
        )  # --------  -----: what rules the head shows the columns, and is no row
    ]
    joined = join_wrapped(cells, rule)
    return Table(joined, len(columns)) if joined is not None else None


def _is_strung(rows: Sequence[_Row]) -> bool:
    """Whether the texts of a line only follow one another, with the same gap between all of them.

    Where a cell is blank, nothing shows it: such lines have no columns, but where their texts are as wide.
    """
    gaps = Counter(start - end for row in rows for (_, end), (start, _) in pairwise(row.spans))
    seconds = Counter(row.spans[1][0] for row in rows if len(row.spans) > 1)
    return _share(gaps) > _NEARLY_ALL > _share(seconds)


def _share(counts: Counter[int]) -> float:
    """The share of the most common."""
    return max(counts.values(), default=0) / max(counts.total(), 1)


def _agreement(rows: Sequence[_Row], rule: WidthRule) -> int:
    """How well texts begin under one another if characters are as wide as ``rule`` says."""
    starts = Counter(
        piece.start
        for row in rows[:_LINES_FOR_WIDTHS]
        for piece in find_pieces(row.line.text, row.spans, rule)[1:]
    )
    return sum(count * count for count in starts.values())
