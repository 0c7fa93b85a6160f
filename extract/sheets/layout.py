"""Lay a sheet out: which of its rows are lines of text, and which make up grids.

What is only formatted is left out, and so are long stretches of blank rows and columns. A row with a single
text is a line where borders show that it stands outside of the table; where a sheet has no borders, above its
first full row and below its last. Tables that stand beside each other come one after the other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby

from extract.document import Cell, Grid, Line, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS
from extract.sheets.sheet import Sheet, too_large

LONGEST_GAP = 20
"""So many blank rows or columns in a run are kept; more are left out of the grid."""
_FEWEST_COLUMNS = 3
"""What stands beside a table with fewer columns is no table of its own."""

Row = tuple[Cell, ...]
_tuple = tuple.__new__


class Layout:
    """The used rows and columns of a sheet, and the cell that stands in each of their slots.

    ``source`` and ``name`` are what the places carry. ``slots`` is the number of slots; ``unseen`` counts the
    texts that other programs left in slots under a merged cell, where nobody sees them.
    """

    def __init__(self, sheet: Sheet, source: str, name: str) -> None:
        """Measure the sheet. Raises ReadError where it is larger than is read."""
        self._sheet = sheet
        self._texts = sheet.texts
        self._source, self._name = source, name
        self._rows, self._columns = self._used()
        self.slots = len(self._rows) * len(self._columns)
        if len(self._columns) > MAX_COLUMNS or self.slots > MAX_SLOTS:
            raise too_large()
        self.unseen = 0

    def blocks(self) -> list[Line | Grid]:
        """The sheet's lines and grids, from top to bottom."""
        grid: list[list[Cell | None]] = [[None] * len(self._columns) for _ in self._rows]
        self._merge(grid)
        rows = [
            tuple(
                [cell or self._cell(row, column) for column, cell in zip(self._columns, cells, strict=True)]
            )
            for row, cells in zip(self._rows, grid, strict=True)
        ]
        self.unseen = len(self._texts) - len({cell for row in rows for cell in row if cell.text})
        return [block for part in _side_by_side(rows) for block in parted(part, self._sheet.framed)]

    def _cell(self, row: int, column: int) -> Cell:
        # Every slot comes here: called with default values, the class takes twice as long.
        where = _tuple(Where, (self._source, self._name, row, column, None, True, None, None))
        return Cell(self._texts.get((row, column), ""), where)

    def _used(self) -> tuple[list[int], list[int]]:
        """The rows and columns from the first to the last with a text, without long blank stretches."""
        rows = {row for row, _ in self._texts}
        columns = {column for _, column in self._texts}
        last_row, last_column = max(rows, default=0), max(columns, default=0)
        for merge in self._sheet.merges:
            # A merged cell at the edge counts with one row and column: its text is all that it adds.
            if (merge.top, merge.left) in self._texts:
                rows.add(min(merge.bottom, last_row))
                columns.add(min(merge.right, last_column))
        return _without_gaps(rows), _without_gaps(columns)

    def _merge(self, grid: list[list[Cell | None]]) -> None:
        """Put each merged cell into all its slots; what overlaps one that is there already is not merged."""
        budget = MAX_SLOTS
        for merge in self._sheet.merges:
            left, right = _within(self._columns, merge.left, merge.right)
            top, bottom = _within(self._rows, merge.top, merge.bottom)
            width = right - left
            budget -= width * (bottom - top) + 1
            if budget < 0:
                raise too_large()
            if width * (bottom - top) > 1 and not any(any(row[left:right]) for row in grid[top:bottom]):
                cells = [self._cell(merge.top, merge.left)] * width
                for row in grid[top:bottom]:
                    row[left:right] = cells


def _side_by_side(rows: list[Row]) -> list[list[Row]]:
    """The tables that stand beside each other: blank columns part them, and each has a title of its whole width."""
    stretches: list[range] = []
    for column in range(len(rows[0]) if rows else 0):
        if not any(row[column].text for row in rows):
            continue
        if stretches and stretches[-1].stop == column:
            stretches[-1] = range(stretches[-1].start, column + 1)
        else:
            stretches.append(range(column, column + 1))
    titled = all(
        len(stretch) >= _FEWEST_COLUMNS and len({rows[0][column] for column in stretch}) == 1
        for stretch in stretches
    )
    if len(stretches) < 2 or not titled:
        return [rows]
    return [[row[stretch.start : stretch.stop] for row in rows] for stretch in stretches]


def parted(rows: Sequence[Row], framed: Container[tuple[int | None, int | None]] = ()) -> list[Line | Grid]:
    """The lines and grids that the rows of a sheet make up; ``framed`` are the slots known to have borders."""
    blocks: list[Line | Grid] = []
    for is_line, run in groupby(zip(rows, _are_lines(rows, framed), strict=True), key=lambda pair: pair[1]):
        group = [row for row, _ in run]
        if is_line:
            blocks += _paragraphs(group)
        elif grid := _without_blank_edges(group):
            blocks.append(Grid(tuple(grid)))
    return blocks


def _are_lines(rows: Sequence[Row], framed: Container[tuple[int | None, int | None]]) -> list[bool]:
    """For each row, whether it is a line of text rather than a row of a table."""
    fillings = [{cell for cell in row if cell.text} for row in rows]
    if framed:
        return [
            len(filled) == 1 and not any((cell.where.row, cell.where.col) in framed for cell in filled)
            for filled in fillings
        ]
    full = [number for number, filled in enumerate(fillings) if len(filled) > 1]
    if not full:
        return [len(filled) == 1 for filled in fillings]
    return [
        len(filled) == 1 and not full[0] <= number <= full[-1] and filled <= {row[0]}
        for number, (row, filled) in enumerate(zip(rows, fillings, strict=True))
    ]


def _paragraphs(rows: Iterable[Row]) -> Iterator[Line]:
    """The lines of rows with one text each; a text that is merged over several rows comes once."""
    for cell in dict.fromkeys(cell for row in rows for cell in row if cell.text):
        for text in cell.text.split("\n"):
            if text.strip():
                yield Line(text, cell.where)


def _without_blank_edges(rows: list[Row]) -> list[Row]:
    filled = [number for number, row in enumerate(rows) if any(cell.text for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _within(numbers: list[int], first: int, last: int) -> tuple[int, int]:
    """Where the sorted ``numbers`` from ``first`` to ``last`` stand, as the bounds of a slice."""
    return bisect_left(numbers, first), bisect_right(numbers, last)


def _without_gaps(used: Iterable[int]) -> list[int]:
    """All numbers from the least to the greatest, without runs of more than ``LONGEST_GAP`` unused ones."""
    numbers: list[int] = []
    for number in sorted(used):
        if numbers and number - numbers[-1] <= LONGEST_GAP + 1:
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
    return numbers
