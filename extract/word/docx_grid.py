"""Lay the cells of a Word table out in a rectangle whose merged slots share one Cell."""

from __future__ import annotations

from extract.document import Cell, Grid, ReadError, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS


class GridDraft:
    """A grid while its cells come by, row by row from the left.

    ``slots`` counts the slots of this grid on top of those that earlier tables of the file took. Raises
    ReadError as soon as a bound of ``extract/limits.py`` is crossed, before the slots are made.
    """

    def __init__(self, source: str, part: str, slots_before: int) -> None:
        self.slots = slots_before
        self.rows: list[list[Cell]] = []
        self._source = source
        self._part = part
        # Vertical merges by their first column: those that the row above leaves open, and this row's.
        self._open: dict[int, Cell] = {}
        self._still_open: dict[int, Cell] = {}
        self._merging_across = False
        # Text of cells that continue another. Word hides it, other programs write it; it is not lost.
        self._more: dict[Cell, list[str]] = {}

    def start_row(self, blanks: int) -> None:
        """Begin a row whose first ``blanks`` columns have no cell."""
        self.rows.append([])
        self._open, self._still_open = self._still_open, {}
        self._merging_across = False
        self._pad(len(self.rows), blanks)

    def end_row(self, blanks: int) -> None:
        """End a row whose last ``blanks`` columns have no cell."""
        self._pad(len(self.rows), blanks)

    def add(self, text: str, span: int, down: str, across: str) -> None:
        """Put a cell on the row's next ``span`` columns.

        ``down`` and ``across`` are blank, or ``"restart"`` where the cell begins a merge in that direction;
        with anything else it is more of the cell above or before it, and a cell of its own if there is none.
        """
        row = self.rows[-1]
        column = len(row)
        self.slots += span
        if self.slots > MAX_SLOTS or column + span > MAX_COLUMNS:
            raise _too_large()
        cell = self._continued(row, down, across) if down or across else None
        if cell is None:
            cell = Cell(text, Where(self._source, self._part, len(self.rows), column + 1))
        elif text:
            self._more.setdefault(cell, []).append(text)
        self._merging_across = across != ""
        if down:
            self._still_open[column] = cell
        row += (cell,) * span

    def _continued(self, row: list[Cell], down: str, across: str) -> Cell | None:
        if across not in ("", "restart") and self._merging_across:
            return row[-1]
        return None if down in ("", "restart") else self._open.get(len(row))

    def grid(self) -> Grid:
        """The finished grid; rows that are too short are padded with blank cells."""
        width = max(map(len, self.rows))
        for number, row in enumerate(self.rows, start=1):
            if len(row) < width:
                self._pad(number, width - len(row))
        if self._more:
            whole = {
                cell: Cell("\n".join([cell.text, *more] if cell.text else more), cell.where)
                for cell, more in self._more.items()
            }
            self.rows = [[whole.get(cell, cell) for cell in row] for row in self.rows]
        return Grid(tuple(map(tuple, self.rows)))

    def _pad(self, number: int, blanks: int) -> None:
        if blanks:
            row = self.rows[number - 1]
            self.slots += blanks
            if self.slots > MAX_SLOTS or len(row) + blanks > MAX_COLUMNS:
                raise _too_large()
            for column in range(len(row) + 1, len(row) + 1 + blanks):
                row.append(Cell("", Where(self._source, self._part, number, column)))


def _too_large() -> ReadError:
    return ReadError(
        "表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。",
        "A table is larger than is read (an absurd number of rows or columns); check it, or split the file.",
    )
