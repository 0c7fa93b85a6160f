"""Forms side by side in one table: each becomes a table of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from extract.document import Cell, Grid
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Row, rows_of
from normalize.labels.match import match_label

#: so far down a form names its project
FIRST_ROWS = 10


def parted(grid: Grid) -> list[Grid]:
    """The forms that stand side by side in a table, from the left; any other table as it is.

    Each names its project in the same row, has a block of its own, and no cell but a row's only one reaches over.
    """
    first = grid.rows[:FIRST_ROWS] if grid.aligned else ()
    at = next((found for slots in first if (found := _second_project(slots))), 0)
    if not at or any(_reaches_over(row, at) for row in rows_of(grid)):
        return [grid]
    left = replace(grid, rows=tuple(slots[:at] for slots in grid.rows))
    right = replace(grid, rows=tuple(_right_of(slots, at) for slots in grid.rows))
    if not (_has_block(left) and _has_block(right)):
        return [grid]
    return [left, *parted(right)]


def _second_project(slots: tuple[Cell, ...]) -> int:
    """The slot where a second project is named in a row; 0 where there is none."""
    cells = [cell for cell in dict.fromkeys(slots) if _names_project(cell.text)]
    return slots.index(cells[1]) if len(cells) > 1 else 0


def _names_project(text: str) -> bool:
    match = match_label(text, "head", False)
    return match is not None and match.field == "project_name"


def _reaches_over(row: Row, at: int) -> bool:
    """Whether a cell stands on both sides, and is not the only text of its row."""
    over = any(one.start < at < one.stop and one.text.strip() for one in row.cells)
    return over and len(row.filled) > 1


def _right_of(slots: tuple[Cell, ...], at: int) -> tuple[Cell, ...]:
    """A row's slots behind the seam; a cell that begins before it stays with the form on the left."""
    begun = set(slots[:at])
    return tuple(Cell("", cell.where) if cell in begun else cell for cell in slots[at:])


def _has_block(grid: Grid) -> bool:
    rows = [row for row in rows_of(grid) if row.filled]
    return any(find_header(row, below) for row, below in pairwise([*rows, rows[-1]])) if rows else False
