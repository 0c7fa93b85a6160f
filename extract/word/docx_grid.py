"""Lay the cells of a Word table out in a rectangle whose merged slots share one Cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import Cell, Grid, ReadError, Where
from extract.grid_lines import joined_lines
from extract.limits import MAX_COLUMNS, MAX_SLOTS


class _Drafted(NamedTuple):
    """A cell as it came by."""

    text: str
    span: int
    down: str
    across: str


@dataclass(slots=True)
class _Row:
    """A row as it came by; ``width`` counts its columns, those without a cell included."""

    before: int
    cells: list[_Drafted] = field(default_factory=list)
    width: int = 0

    def lines(self) -> list[int]:
        """The grid lines at which its cells begin and end."""
        found = [self.before]
        for cell in self.cells:
            found.append(found[-1] + cell.span)
        return found


class GridDraft:
    """A grid while its cells come by, row by row from the left.

    ``slots`` counts the slots of this grid on top of those that earlier tables of the file took; ``widths`` are
    those of the columns in twentieths of a point, where they are known. Raises ReadError as soon as a bound of
    ``extract/limits.py`` is crossed, before the slots are made.
    """

    def __init__(self, source: str, part: str, slots_before: int, widths: Sequence[int] = ()) -> None:
        self.slots = slots_before
        self.rows: list[_Row] = []
        self._source = source
        self._part = part
        self._widths = widths

    def start_row(self, blanks: int) -> None:
        """Begin a row whose first ``blanks`` columns have no cell."""
        self.rows.append(_Row(blanks))
        self._take(self.rows[-1], blanks)

    def end_row(self, blanks: int) -> None:
        """End a row whose last ``blanks`` columns have no cell."""
        self._take(self.rows[-1], blanks)

    def add(self, text: str, span: int, down: str, across: str) -> None:
        """Put a cell on the row's next ``span`` columns.

        ``down`` and ``across`` are blank, or ``"restart"`` where the cell begins a merge in that direction;
        with anything else it is more of the cell above or before it, and a cell of its own if there is none.
        """
        row = self.rows[-1]
        self._take(row, span)
        row.cells.append(_Drafted(text, span, down, across))

    def grid(self) -> Grid:
        """The finished grid; rows that are too short are padded with blank cells."""
        width = max(row.width for row in self.rows)
        for row in self.rows:
            self._take(row, width - row.width)
        widths = self._widths[:width]
        lines = (row.lines() for row in self.rows)
        columns = joined_lines(widths, lines) if len(widths) == width else range(width + 1)
        return _Layout(self._source, self._part).lay_out(self.rows, columns)

    def _take(self, row: _Row, columns: int) -> None:
        self.slots += columns
        row.width += columns
        if self.slots > MAX_SLOTS or row.width > MAX_COLUMNS:
            raise too_large()


class _Layout:
    """Puts drafted cells on their slots, and what is merged on one Cell."""

    def __init__(self, source: str, part: str) -> None:
        self._source = source
        self._part = part
        self._rows: list[list[Cell]] = []
        # Vertical merges by their first column: those that the row above leaves open, and this row's.
        self._open: dict[int, Cell] = {}
        self._still_open: dict[int, Cell] = {}
        # Text of cells that continue another. Word hides it, other programs write it; it is not lost.
        self._more: dict[Cell, list[str]] = {}

    def lay_out(self, rows: list[_Row], columns: Sequence[int]) -> Grid:
        """The grid of ``rows``, whose grid lines become ``columns``."""
        for row in rows:
            self._add_row(row, columns)
            row.cells.clear()
        if self._more:
            whole = {
                cell: Cell("\n".join([cell.text, *more] if cell.text else more), cell.where)
                for cell, more in self._more.items()
            }
            self._rows = [[whole.get(cell, cell) for cell in row] for row in self._rows]
        return Grid(tuple(map(tuple, self._rows)))

    def _add_row(self, row: _Row, columns: Sequence[int]) -> None:
        self._rows.append([])
        self._open, self._still_open = self._still_open, {}
        self._pad(columns[row.before])
        line, merging_across = row.before, False
        for drafted in row.cells:
            line += drafted.span
            self._add(drafted, columns[line], merging_across)
            merging_across = drafted.across != ""
        self._pad(columns[row.width])

    def _add(self, drafted: _Drafted, stop: int, merging_across: bool) -> None:
        """Put a cell on the row's slots up to ``stop``; the cell before it may begin a merge across."""
        row, (text, _, down, across) = self._rows[-1], drafted
        column = len(row)
        cell: Cell | None = None
        if across not in ("", "restart") and merging_across:
            cell = row[-1]
        elif down not in ("", "restart"):
            cell = self._open.get(column)
        if cell is None:
            cell = self._cell(text)
        elif text:
            self._more.setdefault(cell, []).append(text)
        if down:
            self._still_open[column] = cell
        row += (cell,) * (stop - column)

    def _pad(self, stop: int) -> None:
        while len(self._rows[-1]) < stop:
            self._rows[-1].append(self._cell(""))

    def _cell(self, text: str) -> Cell:
        """A cell on the row's next slot."""
        return Cell(text, Where(self._source, self._part, len(self._rows), len(self._rows[-1]) + 1))


def too_large() -> ReadError:
    """The error for a table beyond the bounds."""
    return ReadError(
        "表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。",
        "A table is larger than is read (an absurd number of rows or columns); check it, or split the file.",
    )
