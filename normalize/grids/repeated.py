"""Tables in which a program wrote the text of a merged cell into every slot that it covers: `join_repeated`.

Scripts that go through a Word table slot by slot, and tables that went through a data frame, look like this. Read
as they are, a project's name would be seven cells, and a total row six.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extract.document import Cell, Grid
from normalize.grids.header import Header
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Row, rows_of
from normalize.labels.match import match_label
from normalize.values.parse import Wording, parse_value

#: a text over so many slots, in so many rows, was one cell: two alike may be a target and its actual value
WIDEST_PAIR = 2
FEWEST_ROWS = 2
#: so short a text (是) may well stand side by side
SHORTEST = 2
#: a cell under these goes on in the row below where the text does; two indicators may have anything else alike
LEVELS = frozenset({"level1", "level2"})

Span = tuple[int, int]
"""The slots that a text covers in its row: the first, and the one behind the last."""


def join_repeated(grid: Grid) -> Grid:
    """The grid with one cell where a text was repeated for each slot of a merged one; any other grid as it is.

    Side by side, equal texts are one cell unless the header above has a column for each of them. One under the
    other, only labels are: whether 10 and 10 are one score, the table does not say.
    """
    if not grid.aligned or not _is_repeating(grid):
        return grid
    spans = list(_parted(grid, rows_of(_all_joined(grid))))
    rows: list[tuple[Cell, ...]] = []
    for slots, here in zip(grid.rows, spans, strict=True):
        joined = _joined(slots, [span for span, _ in here])
        _join_down(joined, rows[-1] if rows else (), here, _spans_of(spans, len(rows) - 1))
        rows.append(tuple(joined))
    return replace(grid, rows=tuple(rows), repeats=True)


def _is_repeating(grid: Grid) -> bool:
    """Whether several rows have a text in more than two slots side by side, or a section's label in front of each.

    A table with merged cells says itself what is one.
    """
    if any(len(set(row)) < len(row) for row in grid.rows):
        return False
    telling = (
        any(stop - start > WIDEST_PAIR and _is_word(row[start].text) for start, stop in _runs(row))
        for row in grid.rows
    )
    leads = [row[0].text.strip() for row in grid.rows if row]
    below = (
        above == lead and _is_word(lead) and match_label(lead, "section", False) is not None
        for above, lead in pairwise(leads)
    )
    return sum(telling) >= FEWEST_ROWS or sum(below) >= FEWEST_ROWS


def _is_word(text: str) -> bool:
    return len(text.strip()) >= SHORTEST and isinstance(parse_value(text), Wording)


def _runs(row: Sequence[Cell]) -> list[Span]:
    """The longest spans of slots with one text; each blank slot is one of its own."""
    edges = [
        at
        for at in range(1, len(row))
        if row[at].text.strip() != row[at - 1].text.strip() or not row[at].text.strip()
    ]
    return list(pairwise([0, *edges, len(row)])) if row else []


def _joined(row: Sequence[Cell], spans: Sequence[Span]) -> list[Cell]:
    return [row[start] for start, stop in spans for _ in range(start, stop)]


def _all_joined(grid: Grid) -> Grid:
    """The grid with all equal texts joined, side by side and under one another: what shows where its headers are."""
    rows: list[list[Cell]] = []
    for slots in grid.rows:
        joined = _joined(slots, _runs(slots))
        above = rows[-1] if rows else joined
        rows.append(
            [
                over if over.text.strip() == cell.text.strip() and _is_word(cell.text) else cell
                for over, cell in zip(above, joined, strict=True)
            ]
        )
    return Grid(tuple(map(tuple, rows)))


def _parted(grid: Grid, rows: Sequence[Row]) -> Iterator[list[tuple[Span, str]]]:
    """The spans of each row with the field that it stands under: of the header, ``label`` where it is left of its columns.

    A row of labels is as it is printed; below it, equal texts in several columns are several cells.
    """
    header: Header | None = None
    tier = 0
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        found = None if tier else find_header(row, below)
        tier = found.tiers if found else max(tier - 1, 0)
        header = found or header
        spans = _runs(grid.rows[number])
        if tier or header is None:
            yield [(span, "label" if tier or span[0] == 0 else "") for span in spans]
        else:
            yield [
                (part, _field(header, part))
                for span in spans
                for part in _cut(header, span, grid.rows[number][span[0]].text)
            ]


def _cut(header: Header, span: Span, text: str) -> list[Span]:
    """A span, parted where a column begins; words over more than two columns are one cell all the same."""
    start, stop = span
    edges = sorted({column.start for column in header.columns if start < column.start < stop})
    if len(edges) >= WIDEST_PAIR and _is_word(text):
        return [span]
    return list(pairwise([start, *edges, stop]))


def _field(header: Header, span: Span) -> str:
    if span[1] <= header.first:
        return "label"
    return next((one.field for one in header.columns if one.start <= span[0] < one.stop), "")


def _spans_of(spans: Sequence[list[tuple[Span, str]]], number: int) -> dict[Span, str]:
    return dict(spans[number]) if number >= 0 else {}


def _join_down(
    row: list[Cell], above: Sequence[Cell], spans: Sequence[tuple[Span, str]], over: dict[Span, str]
) -> None:
    """Let the labels of a row be those above it where the texts are equal, and so are all labels to the left."""
    for (start, stop), field in spans:
        is_label = field == "label" or field in LEVELS
        if not is_label or (start, stop) not in over or above[start].text.strip() != row[start].text.strip():
            return
        if row[start].text.strip():
            row[start:stop] = [above[start]] * (stop - start)
