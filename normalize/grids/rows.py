"""The rows of a grid as a reader of the form sees them: each cell once, with the columns that it spans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from extract.document import Cell, Grid


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell in a row: the slots ``start`` to ``stop`` (exclusive), and whether it began in a row above."""

    cell: Cell
    start: int
    stop: int
    continued: bool

    @property
    def text(self) -> str:
        """The cell's text."""
        return self.cell.text


@dataclass(frozen=True)
class Row:
    """A row of a grid.

    ``aligned`` says whether `Placed.start` is a true column; otherwise it only counts the row's cells. ``settled``
    says that no cell can have lost its column: what stands in none is left out on purpose.
    """

    cells: tuple[Placed, ...]
    aligned: bool
    settled: bool = False

    @cached_property
    def filled(self) -> tuple[Placed, ...]:
        """The cells with text that begin in this row."""
        return tuple(placed for placed in self.cells if not placed.continued and placed.text.strip())

    @property
    def width(self) -> int:
        """The number of slots."""
        return self.cells[-1].stop if self.cells else 0


def rows_of(grid: Grid) -> list[Row]:
    """All rows of ``grid``, blank ones included."""
    rows: list[Row] = []
    above: set[Cell] = set()
    for slots in grid.rows:
        placed: list[Placed] = []
        start = 0
        for stop in range(1, len(slots) + 1):
            cell = slots[start]
            if stop < len(slots) and slots[stop] is cell:
                continue
            placed.append(Placed(cell, start, stop, cell in above))
            start = stop
        above = {one.cell for one in placed}
        rows.append(Row(tuple(placed), grid.aligned, grid.aligned and grid.has_gaps))
    return rows
