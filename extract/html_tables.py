"""Lay out the tables of a web page: rows, cells, and the rectangle that ``rowspan`` and ``colspan`` make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from extract.document import Cell, Grid, ReadError, Where
from extract.html_words import BLOCKS, Words, is_unseen
from extract.limits import MAX_COLUMNS, MAX_SLOTS

_GROUPS = ("thead", "tbody", "tfoot")
_CELLS = ("td", "th")
#: rows with two texts that make a table one of data, even if others lie in it
_ROWS_OF_DATA = 2


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


@dataclass(slots=True)
class Table:
    """A table: ``groups`` are its head, bodies and foot, each a list of rows.

    ``strays`` are elements that stand in it outside of any cell. ``is_layout`` says that it only arranges
    other tables on the page.
    """

    groups: list[list[list[TableCell]]]
    strays: list[_Element]
    is_layout: bool = False
    _slots: list[dict[int, TableCell]] = field(default_factory=list)

    @property
    def cells(self) -> Iterator[TableCell]:
        """All cells in reading order."""
        return (cell for group in self.groups for row in group for cell in row)

    @property
    def slots(self) -> int:
        """The slots of the grid. Raises ReadError for too many of them."""
        if not self._slots:
            self._slots = list(_placed(self.groups))
        return len(self._slots) * self._width()

    def grid(self, source: str, part: str) -> Grid:
        """The grid, ``part`` being the table's name in places."""
        width = self._width() if self.slots else 0
        cells: dict[TableCell, Cell] = {}
        rows: list[tuple[Cell, ...]] = []
        for number, slots in enumerate(self._slots, start=1):
            row: list[Cell] = []
            for column in range(width):
                placed = slots.get(column)
                cell = cells.get(placed) if placed else None
                if cell is None:
                    cell = Cell(placed.text if placed else "", Where(source, part, number, column + 1))
                    if placed:
                        cells[placed] = cell
                row.append(cell)
            rows.append(tuple(row))
        return Grid(tuple(rows))

    def _width(self) -> int:
        """The columns up to the last in which a cell begins, and what the shortest cell there adds.

        Pages have ``colspan=100`` in a row of its own for "as wide as the table".
        """
        seen: set[TableCell] = set()
        last, ends = 0, set()
        for slots in self._slots:
            spans: dict[TableCell, int] = {}
            for column, cell in slots.items():
                if cell not in seen:
                    seen.add(cell)
                    last = max(last, column)
                spans[cell] = max(spans.get(cell, 0), column + 1)
            ends.update(spans.values())
        return min((end for end in ends if end > last), default=last + 1)


def is_table(element: _Element) -> bool:
    """Whether the element is a table."""
    return bool(element.tag == "table")


def read_table(element: _Element) -> Table:
    """The rows and cells of a table; rows and cells that are hidden are none."""
    heads: list[list[list[TableCell]]] = []
    bodies: list[list[list[TableCell]]] = []
    feet: list[list[list[TableCell]]] = []
    strays: list[_Element] = []
    _gather(element, bodies, heads, feet, strays)
    table = Table([group for group in (*heads, *bodies, *feet) if group], strays)
    table.is_layout = element.get("role") in ("presentation", "none") or _arranges(table)
    return table
