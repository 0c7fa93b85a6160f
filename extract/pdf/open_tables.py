"""Tables without ruling lines: columns are where most lines leave the same gaps.

Only what is surely a table becomes one: at least three lines with three texts each. Prose, signatures and
pairs of a label and a value stay lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.pdf.frame import Run
from extract.pdf.lattice import strokes
from extract.pdf.page import Page
from extract.pdf.sheet import Patch, Sheet
from extract.pdf.text import text_lines, text_rows

#: texts so far apart, in parts of the type size, stand in different columns
_GAP = 1.2
#: a gap between columns is at least so wide, in parts of the type size
_CORRIDOR = 0.5
_FEWEST_TEXTS = 3
_FEWEST_LINES = 3
#: so few of the lines may reach over a gap between columns: merged cells of a header
_CROSSING = 0.25
#: lines farther apart, in parts of the type size, are not of one table
_APART = 3.5
#: lines closer together than usual, by this factor, are one wrapped row
_CLOSE = 0.7

Text = list[Run]


class _Row:
    """A line of text, cut at its wide gaps."""

    def __init__(self, runs: Sequence[Run]) -> None:
        order = sorted((run for run in runs if run.text.strip()), key=lambda run: run.x0)
        self.texts: list[Text] = [order[:1]]
        for last, run in pairwise(order):
            if run.x0 - last.x1 > _GAP * max(last.size, run.size):
                self.texts.append([])
            self.texts[-1].append(run)
        self.top = min(run.y0 for run in order)
        self.bottom = max(run.y1 for run in order)
        self.size = max(run.size for run in order)

    @property
    def is_rich(self) -> bool:
        return len(self.texts) >= _FEWEST_TEXTS


def read_open_tables(page: Page, text: list[Run]) -> tuple[list[Sheet], list[Run]]:
    """The tables among text outside ruled ones, and the text that is in none."""
    rows = [_Row(row) for row in text_rows(text) if any(run.text.strip() for run in row)]
    if sum(row.is_rich for row in rows) < _FEWEST_LINES:
        return [], text
    sheets: list[Sheet] = []
    taken: set[int] = set()
    for run in _runs(rows):
        sheet = _sheet(page, run)
        if sheet is not None:
            sheets.append(sheet)
            taken.update(id(member) for row in run for members in row.texts for member in members)
    return sheets, [member for member in text if id(member) not in taken]


def _runs(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Lines that follow each other, beginning and ending with one of several texts."""
    runs: list[list[_Row]] = [[]]
    for row in rows:
        last = runs[-1][-1] if runs[-1] else None
        if last is not None and row.top - last.bottom > _APART * row.size:
            runs.append([])
        if len(row.texts) > 1 or runs[-1]:
            runs[-1].append(row)
    for run in runs:
        while run and not run[0].is_rich:
            del run[0]
        while run and not run[-1].is_rich and not _is_within(run):
            del run[-1]
    return [run for run in runs if sum(row.is_rich for row in run) >= _FEWEST_LINES]


def _is_within(run: Sequence[_Row]) -> bool:
    """Whether the last line of a run stands within one column: a wrapped text."""
    edges = _edges(run[:-1])
    return len(edges) > 2 and all(_columns(text, edges)[1] == 1 for text in run[-1].texts)


def _sheet(page: Page, run: Sequence[_Row]) -> Sheet | None:
    edges = [round(edge, 1) for edge in _edges(run)]
    if len(edges) <= _FEWEST_TEXTS:
        return None
    rows: list[list[Patch]] = []
    bands = _bands(page, run, edges)
    for top, bottom, members in bands:
        slots: list[Patch | None] = [None] * (len(edges) - 1)
        for row in members:
            for text in row.texts:
                first, width = _columns(text, edges)
                patch = next((slot for slot in slots[first : first + width] if slot is not None), None)
                if patch is None:
                    patch = Patch(page.number, (edges[first], top, edges[first + width], bottom), 1, [])
                patch.lines += text_lines(text)
                for column in range(first, first + width):
                    slots[column] = slots[column] or patch
        rows.append(
            [
                slot or Patch(page.number, (edges[column], top, edges[column + 1], bottom), 1, [])
                for column, slot in enumerate(slots)
            ]
        )
    _fit(rows)
    box = (edges[0], bands[0][0], edges[-1], bands[-1][1])
    return Sheet(page.number, edges, rows, box, page.height)


def _fit(rows: list[list[Patch]]) -> None:
    """A column without lines is as wide as its widest text: that is where texts were wrapped."""
    widths: dict[int, float] = {}
    for row in rows:
        for column, patch in enumerate(row):
            for line in patch.lines:
                widths[column] = max(widths.get(column, 0.0), line.x1 - line.x0)
    for row in rows:
        for column, patch in enumerate(row):
            if patch.lines:
                patch.padding = (patch.box[2] - patch.box[0] - widths[column]) / 2


def _edges(run: Sequence[_Row]) -> list[float]:
    """The middles of the gaps between columns, and the outer edges of the texts."""
    rich = [row for row in run if row.is_rich]
    spans = [(text[0].x0, max(run.x1 for run in text)) for row in rich for text in row.texts]
    if not spans:
        return []
    size = max(row.size for row in rich)
    most = _CROSSING * len(rich)
    left, right = min(x0 for x0, _ in spans), max(x1 for _, x1 in spans)
    edges = [left]
    depth = 0
    open_from: float | None = None
    events = sorted([(x0, 1) for x0, _ in spans] + [(x1, -1) for _, x1 in spans])
    for at, step in events:
        was_open = depth <= most
        depth += step
        if depth <= most and not was_open:
            open_from = at
        elif depth > most and was_open and open_from is not None:
            if at - open_from >= _CORRIDOR * size:
                edges.append((open_from + at) / 2)
            open_from = None
    return [*edges, right]


def _columns(text: Text, edges: Sequence[float]) -> tuple[int, int]:
    """The first column of a text, and how many it reaches over."""
    x0, x1 = text[0].x0, max(run.x1 for run in text)
    size = text[0].size
    inner = edges[1:-1]
    first = sum(edge <= x0 + 0.3 * size for edge in inner)
    last = sum(edge < x1 - 0.3 * size for edge in inner)
    return first, max(last - first, 0) + 1


def _bands(page: Page, run: Sequence[_Row], edges: Sequence[float]) -> list[tuple[float, float, list[_Row]]]:
    """The rows of the table: between lines across, if there are enough; else by the distance of the lines."""
    across, _ = strokes(page.rules)
    middle = (edges[0] + edges[-1]) / 2
    floors = sorted(
        {
            round(line.at, 1)
            for line in across
            if line.start < middle < line.end and run[0].top < line.at < run[-1].bottom
        }
    )
    groups: list[list[_Row]] = [[run[0]]]
    steps = sorted(below.bottom - above.bottom for above, below in pairwise(run))
    usual = steps[len(steps) // 2]
    is_ruled = 2 * len(floors) >= len(run) - 1
    for above, below in pairwise(run):
        if is_ruled:
            is_new = any(above.bottom - 2 <= floor <= below.top + 2 for floor in floors)
        else:
            is_new = below.is_rich or (below.bottom - above.bottom > _CLOSE * usual and len(below.texts) > 1)
        if is_new:
            groups.append([])
        groups[-1].append(below)
    tops = [round(group[0].top, 1) for group in groups]
    bottoms = [*tops[1:], round(run[-1].bottom, 1)]
    return list(zip(tops, bottoms, groups, strict=True))
