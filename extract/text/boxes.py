"""Tables framed with drawn lines: ``┌─┬─┐ │ │ └─┴─┘``, ``+---+---+``, ``----+----``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.text.strokes import BARS, INK, JOINTS, LONGEST_DRAWN_LINE, STROKES, is_ruler, is_stroke
from extract.text.tables import (
    WIDTH_RULES,
    SourceLine,
    Table,
    TableCell,
    WidthRule,
    display_columns,
    require_columns,
    require_slots,
)

_LINES_FOR_WIDTHS = 200
_FAR = 1_000_000


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A frame's lines, which of them are drawn, and the display columns of its vertical edges."""

    lines: Sequence[SourceLine]
    is_drawn: Sequence[bool]
    rule: WidthRule
    edges: Sequence[int]

    @property
    def columns(self) -> int:
        return len(self.edges) - 1

    @property
    def drawn_edges(self) -> list[int]:
        """The indices of the edges that are drawn, not those of a frame that is open at its sides."""
        return [edge for edge, column in enumerate(self.edges) if -1 < column < _FAR]

    def bars_on_edges(self, text: str) -> list[tuple[int, int]]:
        """The bars of a row that stand on an edge: where in ``text``, and which edge."""
        starts = display_columns(text, self.rule)
        found: list[tuple[int, int]] = []
        for at in _bars(text):
            # A bar one column off still is the edge: some characters are as wide as a font makes them.
            edge = bisect_right(self.edges, starts[at] + 1) - 1
            is_near = edge >= 0 and starts[at] - self.edges[edge] <= 1
            if is_near and (not found or edge > found[-1][1]):
                found.append((at, edge))
        return found

    def fits(self, text: str) -> bool:
        """Whether the bars of a row stand on edges: all of them, or one on every edge."""
        return len(self.bars_on_edges(text)) in (len(_bars(text)), len(self.drawn_edges))

    def cuts(self, text: str) -> list[tuple[int, int]]:
        """The bars of a row that part cells. Where they are out of line but as many as edges, they are counted."""
        found = self.bars_on_edges(text)
        drawn = self.drawn_edges
        if len(found) < len(drawn) and len(bars := _bars(text)) == len(drawn):
            return list(zip(bars, drawn, strict=True))
        return found

    def pieces(self, text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
        """What stands between the cuts of a row, each with the column it begins in; nothing is left out."""
        start, column = 0, 0
        for at, edge in cuts:
            if start or text[:at].strip():
                yield min(column, self.columns - 1), text[start:at].strip()
            start, column = at + 1, edge
        yield min(column, self.columns - 1), text[start:].strip()

    def ruled(self, text: str) -> Iterator[tuple[int, bool, str]]:
        """For each column of a drawn line: whether it is drawn there, and what is written there instead."""
        starts = display_columns(text, self.rule)
        begin = 0
        for column in range(self.columns):
            end = bisect_right(starts, self.edges[column + 1] - 1)
            if column == self.columns - 1:
                end = len(text)
            inside = text[begin:end].strip()
            begin = end
            written = inside.strip(INK + " \u3000")
            yield column, sum(map(inside.count, STROKES)) > len(written), written


def _bars(text: str) -> list[int]:
    return [at for at, character in enumerate(text) if character in BARS]


def read_frame(lines: Sequence[SourceLine]) -> Table | None:
    """The table that ``lines`` draw; None where the bars do not stand over each other.

    Raises ReadError for more cells or columns than are read.
    """
    if any(len(line.text) > LONGEST_DRAWN_LINE for line in lines):
        return None
    is_drawn = [is_ruler(line.text) or is_stroke(line.text) for line in lines]
    rows = [line.text for line, drawn in zip(lines, is_drawn, strict=True) if not drawn]
    require_slots(len(rows))
    if len(rows) < 2 and not is_drawn[0]:
        return None
    drawing = max(
        (_measure(lines, is_drawn, rule) for rule in WIDTH_RULES),
        key=lambda measured: sum(map(measured.fits, rows[:_LINES_FOR_WIDTHS])),
    )
    fitting = sum(drawing.fits(text) or len(drawing.cuts(text)) == len(_bars(text)) for text in rows)
    if drawing.columns < 1 or 2 * fitting <= len(rows):
        return None
    require_columns(drawing.columns)
    return Table(list(_rows(drawing)), drawing.columns)


def _measure(lines: Sequence[SourceLine], is_drawn: Sequence[bool], rule: WidthRule) -> _Drawing:
    """Find the vertical edges: the joints of the rulers, or else the bars of the row that has the most."""
    edges: set[int] = set()
    open_left = open_right = False
    for text in {line.text for line, drawn in zip(lines, is_drawn, strict=True) if drawn}:
        if is_ruler(text):
            starts = display_columns(text, rule)
            edges.update(starts[at] for at, character in enumerate(text) if _is_joint(text, at, character))
            open_left = open_left or text.lstrip()[0] in STROKES
            open_right = open_right or text.rstrip()[-1] in STROKES
    if not edges:
        rows = [line.text for line, drawn in zip(lines, is_drawn, strict=True) if not drawn]
        fullest = max(rows, key=lambda text: sum(map(text.count, BARS)))
        starts = display_columns(fullest, rule)
        edges.update(starts[at] for at, character in enumerate(fullest) if character in BARS)
        open_left = fullest.lstrip()[0] not in BARS
        open_right = fullest.rstrip()[-1] not in BARS
    # Two edges side by side leave no room for a character: rounding drew one edge twice.
    kept: list[int] = [-1] if open_left else []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > 1 or kept[-1] < 0:
            kept.append(edge)
    return _Drawing(lines, is_drawn, rule, kept + ([_FAR] if open_right else []))


def _is_joint(text: str, at: int, character: str) -> bool:
    """Whether the character joins a drawn line: the ``+`` of ``--+--`` does, that of ``A+B`` does not."""
    if character not in JOINTS and character not in BARS:
        return False
    return text[at - 1 : at] in tuple(STROKES) or text[at + 1 : at + 2] in tuple(STROKES)


def _bands(drawing: _Drawing) -> tuple[list[list[SourceLine]], list[list[SourceLine]]]:
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
    if is_partial or len(inner) > 2 or (len(inner) == 2 and not _are_rows(drawing, bands)):
        return bands, walls
    # Ruled only around, under the head and above the foot: each line is a row.
    between: list[list[SourceLine]] = []
    for wall, band in zip(walls, bands, strict=False):
        between += [wall, *([] for _ in band[1:])]
    return [[line] for band in bands for line in band], [*between, walls[-1]]


def _are_rows(drawing: _Drawing, bands: Sequence[Sequence[SourceLine]]) -> bool:
    """Whether the lines between two inner rulers, above a foot of one line, fill half of the cells each."""
    return len(bands[1]) > 1 == len(bands[2]) and all(
        2 * sum(bool(text) for _, text in drawing.pieces(line.text, drawing.cuts(line.text)))
        >= max(drawing.columns, 4)
        for line in bands[1]
    )


def _rows(drawing: _Drawing) -> Iterator[list[TableCell | None]]:
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

    def __init__(self, drawing: _Drawing) -> None:
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
