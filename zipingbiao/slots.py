"""Where the cells of a form stand in its tables, and how many rows and columns each covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from extract.document import Cell, Grid


class Slot(NamedTuple):
    """The upper left row and column of a cell in its table, from 1, and how many of each it covers."""

    row: int
    col: int
    row_span: int
    col_span: int


def find_slots(cells: Iterable[Cell], grids: Iterable[Grid]) -> Iterator[tuple[Cell, int, Slot]]:
    """Each of these cells with the number of its table among ``grids``, from 1, and its slot there."""
    tables = list(enumerate(map(slots_of, grids), 1))
    for cell in cells:
        yield next((cell, number, slots[cell]) for number, slots in tables if cell in slots)


# the forms of a sheet share its grid: without a memory, each would walk over all of it
@lru_cache(maxsize=8)
def slots_of(grid: Grid) -> Mapping[Cell, Slot]:
    """The slot of each cell of a table: a merged cell fills equal stretches of the rows that follow each other."""
    slots: dict[Cell, Slot] = {}
    for number, row in enumerate(grid.rows, 1):
        for col, cell in enumerate(row, 1):
            known = slots.get(cell)
            if known is None:
                slots[cell] = Slot(number, col, 1, 1)
            elif number == known.row and col == known.col + known.col_span:
                slots[cell] = known._replace(col_span=known.col_span + 1)
            elif col == known.col and number == known.row + known.row_span:
                slots[cell] = known._replace(row_span=known.row_span + 1)
    return slots
