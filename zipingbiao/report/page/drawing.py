"""Draw the cells of a form as tables again: which box stands where, and how many rows and columns it covers.

The rows of the table ``cells`` hold no blank cells. Whatever no cell covers is blank, and where a finding is about
a blank cell, its place tells the row by another cell of that row, and the column by that of the other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, cast

from zipingbiao.columns import Row

if TYPE_CHECKING:
    from zipingbiao.report.page.views import Mark

#: the column in a place: 表1 第7行 第6列, Sheet1!F9; in a text, a line of it may hold but one cell of the row
_COLUMN = re.compile(r"第(?P<number>\d{1,6})列( \(文本第\d+行\))?|!(?P<letters>[A-Z]{1,3})(?=\d+$)")
_NUMBERS = ("table_index", "row", "col", "row_span", "col_span")


class Spot(NamedTuple):
    """A table of a form, and a row and a column in it, all from 1."""

    table: int
    row: int
    col: int


@dataclass(slots=True)
class Box:
    """What is drawn: a cell with what it was read as, or a blank; ``anchor`` is there where findings are."""

    text: str = ""
    role: str = ""
    match: str = ""
    row_span: int = 1
    col_span: int = 1
    anchor: str = ""
    marks: list[Mark] = field(default_factory=list)


class Drawing:
    """The tables of a form, from its rows of ``cells``."""

    def __init__(self, cells: Iterable[Row]) -> None:
        self._boxes: dict[int, dict[tuple[int, int], Box]] = defaultdict(dict)
        self._spots: dict[str, Spot] = {}
        # a row, as places name it, with its spot in column 0 of the places
        self._rows: dict[str, Spot] = {}
        for cell in cells:
            self._add(cell)

    def _add(self, cell: Row) -> None:
        table, row, col, high, wide = (cast(int, cell[name]) for name in _NUMBERS)
        spot, place = Spot(table, row, col), str(cell["place"])
        box = Box(str(cell["text"]), str(cell["role"]), str(cell["match"]), high, wide)
        self._boxes[spot.table][spot.row, spot.col] = box
        self._spots[place] = spot
        of_row, number = _apart(place)
        if number is not None:
            self._rows.setdefault(of_row, spot._replace(col=spot.col - number))

    def box_at(self, place: str) -> Box | None:
        """The box of a cell, which can be blank; None where the place is in no table of the form."""
        spot = self._spots.get(place) or self._blank_spot(place)
        if spot is None:
            return None
        return self._boxes[spot.table].setdefault((spot.row, spot.col), Box())

    def _blank_spot(self, place: str) -> Spot | None:
        row, col = _apart(place)
        begin = self._rows.get(row)
        if begin is None or col is None or begin.col + col < 1:
            return None
        return begin._replace(col=begin.col + col)

    def tables(self) -> list[list[list[Box]]]:
        """The tables as rows of boxes, without the rows and columns in which none begins."""
        return [_drawn(boxes) for _, boxes in sorted(self._boxes.items())]


def _drawn(boxes: Mapping[tuple[int, int], Box]) -> list[list[Box]]:
    rows, cols = sorted({row for row, _ in boxes}), sorted({col for _, col in boxes})
    covered: set[tuple[int, int]] = set()
    lines: list[list[Box]] = []
    for row in rows:
        line: list[Box] = []
        for col in cols:
            box = boxes.get((row, col))
            if box is not None:
                high, wide = _within(rows, row, box.row_span), _within(cols, col, box.col_span)
                covered.update(product(high, wide))
                line.append(replace(box, row_span=len(high), col_span=len(wide)))
            elif (row, col) not in covered:
                line.append(Box())
        lines.append(line)
    return lines


def _within(numbers: list[int], begin: int, span: int) -> list[int]:
    return numbers[bisect_left(numbers, begin) : bisect_left(numbers, begin + span)]


def _apart(place: str) -> tuple[str, int | None]:
    """A place without its column, and that column; None where it has none.

    >>> _apart("表1 第7行 第6列 (文本第9行)"), _apart("Sheet1!AB9"), _apart("第3段")
    (('表1 第7行 ', 6), ('Sheet1!9', 28), ('第3段', None))
    """
    found = list(_COLUMN.finditer(place))
    if not found:
        return place, None
    last = found[-1]
    letters = last["letters"]
    col = int(last["number"]) if letters is None else 0
    for letter in letters or "":
        col = 26 * col + ord(letter) - ord("A") + 1
    return f"{place[: last.start()]}{'!' if letters else ''}{place[last.end() :]}", col
