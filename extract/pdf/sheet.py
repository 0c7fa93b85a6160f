"""A page's tables and the text around them, as the page shows them: before anything is joined over pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.pdf.drawing import Rule
from extract.pdf.frame import Run
from extract.pdf.lattice import Lattice, find_lattices
from extract.pdf.page import Page
from extract.pdf.text import CLOSING, TextLine, text_lines
from extract.pdf.wrap import join_lines

#: the usual distance between a cell's edge and its text, and the most that is believed
_USUAL_PADDING, _MOST_PADDING = 5.4, 5.7
#: a line that begins so far above its cell, in parts of the type size, is not its own
_LIFTED = 0.3
#: white lines and coloured areas are compared one by one, up to so many pairs
_MOST_CROSSINGS = 100_000

Box = tuple[float, float, float, float]


@dataclass(slots=True, eq=False)
class Patch:
    """What one page shows of a cell: its rectangle, its slots and its lines.

    ``more`` are the patches in which the cell goes on over the page.
    """

    page: int
    box: Box
    height: int
    lines: list[TextLine]
    padding: float = _USUAL_PADDING
    more: tuple[Patch, ...] = ()

    @property
    def text_width(self) -> float:
        """The longest line that fits."""
        return self.box[2] - self.box[0] - 2 * self.padding

    @property
    def text(self) -> str:
        """The text of the whole cell."""
        if not self.more and len(self.lines) < 2:
            return self.lines[0].text if self.lines else ""
        lines = [line for patch in (self, *self.more) for line in patch.lines]
        return join_lines(lines, self.text_width)


@dataclass(slots=True, eq=False)
class Sheet:
    """A table on one page: ``rows[r][c]`` is the patch that covers this slot, ``xs`` are the column edges."""

    page: int
    xs: list[float]
    rows: list[list[Patch]]
    box: Box
    page_height: float

    @property
    def is_frame(self) -> bool:
        """Whether this is a frame around text: a table has more than one cell."""
        return len(self.rows) == 1 and len(set(self.rows[0])) == 1

    @property
    def has_text(self) -> bool:
        """Whether anything is written in it: diagrams have lines as well."""
        return any(patch.lines for row in self.rows for patch in row)


@dataclass(frozen=True, slots=True, eq=False)
class FlowLine:
    """A line outside tables."""

    page: int
    line: TextLine


def read_sheets(page: Page) -> tuple[list[Sheet], list[Run]]:
    """The ruled tables of a page, from the top down, and the text outside of them."""
    lattices = find_lattices([*page.rules, *_shown(page)])
    if not lattices:
        return [], list(page.runs)
    inside, outside = _shared_out(page.runs, lattices)
    return [_sheet(page, lattice, runs) for lattice, runs in zip(lattices, inside, strict=True)], outside


def _shown(page: Page) -> Iterator[Rule]:
    """The parts of white lines that show, because they lie on a coloured area."""
    if len(page.pale) * len(page.fills) > _MOST_CROSSINGS:
        return
    for pale in page.pale:
        for fill in page.fills:
            part = Rule(
                max(pale.x0, fill.x0), max(pale.y0, fill.y0), min(pale.x1, fill.x1), min(pale.y1, fill.y1)
            )
            if part.x1 >= part.x0 and part.y1 >= part.y0:
                yield part


def _shared_out(runs: Iterable[Run], lattices: Sequence[Lattice]) -> tuple[list[list[Run]], list[Run]]:
    """The text of each table, by the middle of its characters, and the rest. A table within a table has its own."""
    held: list[list[Run]] = [[] for _ in range(len(lattices) + 1)]
    boxes = [(index, *lattice.box) for index, lattice in enumerate(lattices)]
    boxes.sort(key=lambda it: (it[3] - it[1]) * (it[4] - it[2]))

    def share_out(run: Run) -> None:
        first, last = run.middles
        y = (run.y0 + run.y1) / 2
        for index, left, top, right, bottom in boxes:
            if not top <= y <= bottom or last < left or first > right:
                continue
            if left <= first and last <= right:
                held[index].append(run)
            else:
                for char in run.singles():
                    share_out(char)
            return
        held[-1].append(run)

    for run in runs:
        share_out(run)
    return held[:-1], held[-1]


def _sheet(page: Page, lattice: Lattice, runs: list[Run]) -> Sheet:
    xs, ys = [round(x, 1) for x in lattice.xs], [round(y, 1) for y in lattice.ys]
    slots = [[0] * (len(xs) - 1) for _ in ys[1:]]
    for number, cell in enumerate(lattice.cells):
        for row in range(cell.top, cell.bottom):
            slots[row][cell.left : cell.right] = [number] * (cell.right - cell.left)
    held = _filled(lattice, slots, runs)
    patches = [
        Patch(
            page.number,
            (xs[cell.left], ys[cell.top], xs[cell.right], ys[cell.bottom]),
            cell.bottom - cell.top,
            text_lines(members) if members else [],
        )
        for cell, members in zip(lattice.cells, held, strict=True)
    ]
    rows_of_patches = [[patches[number] for number in row] for row in slots]
    _lift(rows_of_patches)
    _note_padding(patches)
    return Sheet(page.number, xs, rows_of_patches, lattice.box, page.height)


def _lift(rows: list[list[Patch]]) -> None:
    """Give a line that begins above its cell, in an empty one, to that: it did not fit in there."""
    for above, below in pairwise(rows):
        for upper, lower in zip(above, below, strict=True):
            if lower is upper or upper.lines or not lower.lines:
                continue
            line = lower.lines[0]
            if line.y0 < lower.box[1] - _LIFTED * line.size:
                upper.lines.append(lower.lines.pop(0))


def _filled(lattice: Lattice, slots: list[list[int]], runs: Iterable[Run]) -> list[list[Run]]:
    """The text of each cell, by the middle of its characters; a run that a line parts is parted."""
    held: list[list[Run]] = [[] for _ in lattice.cells]
    columns, rows = lattice.xs[1:-1], lattice.ys[1:-1]
    last, number = None, 0
    for run in runs:
        row = slots[bisect_right(rows, (run.y0 + run.y1) / 2)]
        first, end = run.middles
        begins, ends = row[bisect_right(columns, first)], row[bisect_right(columns, end)]
        if begins == ends and (last is None or begins == number or not _hangs_on(last, run)):
            number, last = begins, run
            held[number].append(run)
            continue
        for char in run.singles():
            if last is None or not _hangs_on(last, char):
                number = row[bisect_right(columns, char.middles[0])]
            held[number].append(char)
            last = char
    return held


def _hangs_on(last: Run, char: Run) -> bool:
    """Whether a sign belongs to the character before it, even beyond a line: setters let them hang over."""
    return (
        char.text[0] in CLOSING
        and abs(char.x0 - last.x1) < 0.1 * char.size
        and abs(char.y1 - last.y1) < 0.1 * char.size
    )


def _note_padding(patches: list[Patch]) -> None:
    """Measure how far from a cell's left edge the table's texts begin."""
    gaps = [line.x0 - patch.box[0] for patch in patches for line in patch.lines]
    padding = min((gap for gap in gaps if gap >= 0), default=_USUAL_PADDING)
    for patch in patches:
        patch.padding = min(padding, _MOST_PADDING)
