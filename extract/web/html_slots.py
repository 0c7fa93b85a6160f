"""Put the cells of a web page's table on the slots of a rectangle, as ``rowspan`` and ``colspan`` say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from extract.document import ReadError
from extract.grid_lines import SAME_LINE, joined_lines
from extract.limits import MAX_COLUMNS, MAX_SLOTS


@dataclass(slots=True, eq=False)
class TableCell:
    """A cell: its element, its text without that of ``inner_tables``, and how far it goes.

    ``down`` is 0 for a cell that goes to the end of its group of rows.
    """

    element: _Element
    text: str
    inner_tables: list[_Element]
    across: int
    down: int


TableRow = list[TableCell]
Slots = dict[int, TableCell]


def place_cells(groups: Iterator[list[TableRow]], widths: Sequence[int]) -> Iterator[Slots]:
    """The cells of each row by their columns, whose ``widths`` may be known; a row in which no cell begins is none.

    Raises ReadError for an absurd number of slots, before they are made.
    """
    budget = MAX_SLOTS
    for group in groups:
        # By columns: cells from the rows above, and how many more rows they go down.
        reaching: dict[int, tuple[TableCell, int]] = {}
        for number, row in enumerate(group):
            slots = {column: cell for column, (cell, _) in reaching.items()}
            reaching = {column: (cell, left - 1) for column, (cell, left) in reaching.items() if left > 1}
            _fit(slots, row, widths)
            column = 0
            for cell in row:
                while column in slots:
                    column += 1
                if column + cell.across > 2 * MAX_COLUMNS:
                    raise too_large()
                down = cell.down or len(group) - number
                for taken in range(column, column + cell.across):
                    if taken not in slots:
                        slots[taken] = cell
                        if down > 1:
                            reaching[taken] = cell, down - 1
                column += cell.across
            budget -= len(slots) + 1
            if budget < 0:
                raise too_large()
            if row:
                yield slots


def _fit(slots: Slots, row: TableRow, widths: Sequence[int]) -> None:
    """Let the cell from above that ``row`` begins behind end where the row then ends with the table.

    Where borders miss each other, LibreOffice writes such a cell as wide as it is in its first row, and a
    browser moves what is behind it. It ends elsewhere only by columns that are a hair wide.
    """
    surplus = len(slots) + sum(cell.across for cell in row) - len(widths)
    end = next(column for column in range(len(slots) + 1) if column not in slots)
    above, meant = slots.get(end - 1), end - surplus
    if above is None or not 0 < meant <= len(widths):
        return
    if any(width > SAME_LINE for width in widths[min(meant, end) : max(meant, end)]):
        return
    if surplus > 0 and slots[meant - 1] is above:
        for column in range(meant, end):
            del slots[column]
    elif surplus < 0 and slots.keys().isdisjoint(range(end, meant)):
        slots.update(dict.fromkeys(range(end, meant), above))


def seen_columns(rows: Sequence[Slots], widths: Sequence[int], width: int) -> Sequence[int]:
    """The first ``width`` columns, but for those between two lines that a person sees as one."""
    if len(widths) < width:
        return range(width)
    lines = joined_lines(widths[:width], (_lines(slots, width) for slots in rows))
    return [column for column in range(width) if lines[column] < lines[column + 1]]


def _lines(slots: Slots, width: int) -> Iterator[int]:
    """The grid lines at which the cells of a row begin and end."""
    for column, cell in slots.items():
        if column < width:
            if slots.get(column - 1) is not cell:
                yield column
            if column + 1 == width or slots.get(column + 1) is not cell:
                yield column + 1


def width_of(rows: Sequence[Slots]) -> int:
    """The columns up to the last in which a cell begins, and what the shortest cell there adds to it.

    Pages write ``colspan=100`` for "as wide as the table".
    """
    begins: dict[TableCell, int] = {}
    ends: dict[TableCell, int] = {}
    for slots in rows:
        for column, cell in slots.items():
            begins[cell] = min(begins.get(cell, column), column)
            ends[cell] = max(ends.get(cell, column), column)
    last = max(begins.values(), default=0)
    return 1 + min((end for end in ends.values() if end >= last), default=0)


def too_large() -> ReadError:
    """The error for a table beyond the bounds."""
    return ReadError(
        "网页中的表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。",
        "A table on the page is larger than is read (an absurd number of rows or columns); check it, or split "
        "the file.",
    )
