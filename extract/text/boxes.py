"""Tables framed with drawn lines: ``┌─┬─┐ │ │ └─┴─┘``, ``+---+---+``, ``----+----``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from extract.text.drawing import Drawing, bars, measure
from extract.text.strokes import BARS, JOINTS, LONGEST_DRAWN_LINE, is_ruler, is_stroke, without_colons
from extract.text.tables import (
    WIDTH_RULES,
    SourceLine,
    Table,
    TableCell,
    display_columns,
    require_columns,
    require_slots,
)

_LINES_FOR_WIDTHS = 200

# 10   94.55%   1,200.00
_NUMBER = re.compile(r"[0-9][0-9,.]*[%％]?")
# │ 甲 │ 乙 │   ├────┼────┤
_FRAMED = re.compile(f"[{BARS}{JOINTS}].*[{BARS}{JOINTS}]")


def read_frame(lines: Sequence[SourceLine]) -> Table | None:
    """The table that ``lines`` draw; None where the bars do not stand over each other.

    Raises ReadError for more cells or columns than are read.
    """
    if any(len(line.text) > LONGEST_DRAWN_LINE for line in lines):
        return None
    lines = [line._replace(text=without_colons(line.text)) if is_ruler(line.text) else line for line in lines]
    is_drawn = [is_ruler(line.text) or is_stroke(line.text) for line in lines]
    rows = [line.text for line, drawn in zip(lines, is_drawn, strict=True) if not drawn]
    require_slots(len(rows))
    if len(rows) < 2 and not is_drawn[0]:
        return None
    drawing = max(
        (measure(lines, is_drawn, rule) for rule in WIDTH_RULES),
        key=lambda measured: sum(map(measured.fits, rows[:_LINES_FOR_WIDTHS])),
    )
    fitting = sum(drawing.fits(text) or len(drawing.cuts(text)) == len(bars(text)) for text in rows)
    if drawing.columns < 1 or 2 * fitting <= len(rows):
        return None
    require_columns(drawing.columns)
    return Table(list(_rows(drawing)), drawing.columns)


def goes_on(above: str, below: str) -> bool:
    """Whether two lines are of one drawn frame, though blank lines or the end of a page are between them.

    They are as wide. Two rulers are of two frames, and rows of mere ``|`` may be of two tables of Markdown.
    """
    lines = [line.strip() for line in (above, below) if len(line) <= LONGEST_DRAWN_LINE]
    if len(lines) < 2 or not all(map(_FRAMED.fullmatch, lines)):
        return False
    rulers = sum(map(is_ruler, lines))
    if rulers == 2 or (rulers == 0 and any(line[0] == "|" for line in lines)):
        return False
    widths = ([display_columns(line, rule)[-1] for line in lines] for rule in WIDTH_RULES)
    return any(one == other for one, other in widths)


def _bands(drawing: Drawing) -> tuple[list[list[SourceLine]], list[list[SourceLine]]]:
    """The lines of each row, and before each row (and behind the last) the drawn lines."""
    bands: list[list[SourceLine]] = []
    walls: list[list[SourceLine]] = [[]]
    for line, drawn in zip(drawing.lines, drawing.is_drawn, strict=True):
        if drawn:
            walls[-1].append(line)
        elif bands and not walls[-1]:
            bands[-1].append(line)
        else:
            bands.append([line])
            walls.append([])
    inner = walls[1:-1]
    is_partial = any(
        written or not drawn
        for text in {line.text for wall in inner for line in wall}
        if not is_stroke(text)
        for _, drawn, written in drawing.ruled(text)
    )
    if is_partial or len(inner) > 2:
        return bands, walls
    # Ruled only around, under the head and above the foot: most lines are rows.
    rows: list[list[SourceLine]] = []
    between: list[list[SourceLine]] = []
    for wall, part in zip(walls, _parted(drawing, bands), strict=False):
        rows += part
        between += [wall, *([] for _ in part[1:])]
    return rows, [*between, walls[-1]]


def _parted(drawing: Drawing, bands: Sequence[list[SourceLine]]) -> Iterator[list[list[SourceLine]]]:
    """The rows of each band of a frame that is ruled under its head and above its foot, if at all.

    A head of several lines is one row if numbers stand only below it. Between two inner rulers, a line goes on
    with the one above, unless all fill half of the cells, or it has a number below another one.
    """
    texts = [[drawing.texts(line.text) for line in band] for band in bands]
    begins = [_numbers(lines) for lines in texts]
    for at, band in enumerate(bands):
        starts: Sequence[int] = range(len(band))
        if at == 0 and not begins[0] and any(begins):
            starts = [0]
        elif len(bands) == 3:
            is_body = at == 1 and len(bands[2]) == 1
            fills = is_body and all(2 * len(line) >= max(drawing.columns, 4) for line in texts[at])
            if not fills:
                starts = begins[at] if is_body and begins[at][:1] == [0] else [0]
        yield [band[start:end] for start, end in pairwise([*starts, len(band)])]


def _numbers(lines: Sequence[Mapping[int, str]]) -> list[int]:
    """The lines that have a number in the column that has most; none where that is but one."""
    numbers: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        for column, text in line.items():
            if _NUMBER.fullmatch(text):
                numbers.setdefault(column, []).append(at)
    most = max(numbers.values(), key=len, default=[])
    return most if len(most) > 1 else []


def _rows(drawing: Drawing) -> Iterator[list[TableCell | None]]:
    """The rows; slots that no drawn line parts share their cell."""
    bands, walls = _bands(drawing)
    require_slots(len(bands) * drawing.columns)
    group = _Group(drawing)
    group.write_wall(walls[0])
    for band, wall in zip(bands, walls[1:], strict=True):
        group.add_row(band)
        open_columns = group.write_wall(wall)
        if open_columns and wall is not walls[-1]:
            group.join_down(open_columns)
        else:
            # A line across the whole table: no cell goes on below.
            yield from group.rows()
            group = _Group(drawing)


class _Group:
    """Rows that cells may reach across, with the text of each slot and which slots are one cell."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.columns = drawing.columns
        self.first_lines: list[int] = []
        self.parents: list[int] = []
        self.written: list[tuple[int, int, str]] = []

    def add_row(self, band: Sequence[SourceLine]) -> None:
        """Add the slots of a row, and join those that no bar parts."""
        above = len(self.parents)
        # A cell that goes on from above has noted it as its slot's parent already.
        self.parents += range(above, len(self.first_lines) * self.columns + self.columns)
        first = len(self.first_lines) * self.columns
        self.first_lines.append(band[0].number)
        edges: set[int] = set()
        for line in band:
            cuts = self.drawing.cuts(line.text)
            edges.update(edge for _, edge in cuts)
            for column, text in self.drawing.pieces(line.text, cuts):
                self._write(first + column, line, text)
        for column in range(1, self.columns):
            if column not in edges:
                self._join(first + column - 1, first + column)

    def _write(self, slot: int, line: SourceLine, text: str) -> None:
        if text:
            self.written.append((slot, line.number, text))

    def write_wall(self, wall: Sequence[SourceLine]) -> set[int]:
        """Note what stands in the drawn lines below the last row; return the columns that they leave open."""
        first = max(len(self.first_lines) - 1, 0) * self.columns
        open_columns = set(range(self.columns)) if wall else set()
        for line in wall:
            if is_stroke(line.text):
                open_columns.clear()
                continue
            for column, is_ruled, text in self.drawing.ruled(line.text):
                if is_ruled:
                    open_columns.discard(column)
                self._write(first + column, line, text)
        return open_columns

    def join_down(self, open_columns: set[int]) -> None:
        """Let the cells of the last row go on in the next one."""
        below = len(self.first_lines) * self.columns
        self.parents += range(below, below + self.columns)
        for column in open_columns:
            self._join(below - self.columns + column, below + column)

    def _join(self, one: int, other: int) -> None:
        first, last = sorted((self._root(one), self._root(other)))
        self.parents[last] = first

    def _root(self, slot: int) -> int:
        while self.parents[slot] != slot:
            self.parents[slot] = self.parents[self.parents[slot]]
            slot = self.parents[slot]
        return slot

    def rows(self) -> Iterator[list[TableCell | None]]:
        """The rows; slots that were joined share their cell."""
        texts: dict[int, list[tuple[int, str]]] = {}
        for slot, number, text in self.written:
            texts.setdefault(self._root(slot), []).append((number, text))
        cells: dict[int, TableCell] = {}
        for row, first_line in enumerate(self.first_lines):
            roots = [self._root(row * self.columns + column) for column in range(self.columns)]
            for root in roots:
                if root not in cells:
                    lines = texts.pop(root, [(first_line, "")])
                    cells[root] = TableCell("\n".join(text for _, text in lines), lines[0][0])
            yield [cells[root] for root in roots]
