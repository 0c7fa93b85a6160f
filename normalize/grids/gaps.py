"""Tables whose rows have their cells in order, and nothing in the place of blank and of merged ones: `with_columns`.

Under a header, a cell is put in a column only where the row cannot be read otherwise: numbers stand under those of
numbers, levels under those of levels, and the row's own rate may prove which of its amounts are which. Where it can,
the cell stays left of the columns, and is signalled as any cell that nobody could read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.document import Cell, Grid, Where
from normalize.form import AMOUNTS
from normalize.grids.header import Column, Header
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Placed, Row, rows_of
from normalize.grids.under import LEVELS
from normalize.grids.ways import POINTS, begins_with_value, certain_places, is_words, leads_with
from normalize.labels.match import match_label
from normalize.schema import load_schema
from normalize.sections.total import grade_in, lead_of

#: levels 1 that can stand without a level 2
USUAL_LEVELS = frozenset({"output", "benefit", "satisfaction", "execution", "bonus", "deduction"})


@dataclass(slots=True)
class Laid:
    """A row: its cells left of the columns, and those in them, by the number of their column.

    ``is_under`` says that a header holds for it: cells that it could not place must not stand in its columns.
    """

    left: list[Cell]
    columns: dict[int, Cell] = field(default_factory=dict)
    is_under: bool = False


def with_columns(grid: Grid) -> Grid:
    """The grid with each cell in its column as far as that is certain; a grid without gaps as it is."""
    if not grid.has_gaps:
        return grid
    laid = list(_Laying(rows_of(grid)).rows())
    first = max((len(one.left) for one in laid if one.is_under or one.columns), default=0)
    width = max((max(len(one.left), first + 1 + max(one.columns, default=-1)) for one in laid), default=0)
    rows: list[tuple[Cell, ...]] = []
    source = next((row[0].where.source for row in grid.rows if row), "")
    for cells, one in zip(grid.rows, laid, strict=True):
        where = cells[0].where if cells else Where(source)
        slots = [*one.left, *(Cell("", where._replace(col=width + at)) for at in range(len(one.left), width))]
        for column, cell in one.columns.items():
            slots[first + column] = cell
        rows.append(tuple(slots))
    return Grid(tuple(rows), has_gaps=True)


class _Laying:
    """Goes down the rows, and remembers the header that holds."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = [_filled_of(row) if row.cells else row for row in rows]
        self._printed = rows
        self._columns: tuple[Column, ...] = ()
        self._block = ""

    def rows(self) -> Iterator[Laid]:
        """Each row in turn."""
        number = 0
        while number < len(self._rows):
            found = self._header(number)
            yield from found or [self._row(number)]
            number += len(found) or 1

    def _header(self, number: int) -> list[Laid]:
        """The row as a header, with its second tier where the next row is one; nothing where it is none."""
        row = self._rows[number]
        upper = find_header(row, None)
        if upper is None:
            return []
        lower = find_header(self._rows[number + 1], None) if number + 1 < len(self._rows) else None
        if lower and lower.block == upper.block == load_schema().block("indicators"):
            return self._two_tiers(row, upper, lower)
        self._open(upper, upper.columns)
        left = [one.cell for one in row.cells if all(one is not column.placed for column in self._columns)]
        return [Laid(left, dict(enumerate(column.placed.cell for column in self._columns)))]

    def _two_tiers(self, row: Row, upper: Header, lower: Header) -> list[Laid]:
        """指标值 over 指标性质 and 度量单位: the lower tier's columns come first, then what has no lower tier."""
        kept = [one for one in upper.columns if one.field not in lower.fields and one.field not in LEVELS]
        self._open(lower, (*lower.columns, *kept))
        below = {at: column.placed.cell for at, column in enumerate(self._columns)}
        above = {at: cell for at, cell in below.items() if at >= len(lower.columns)}
        levels = [at for at, column in enumerate(lower.columns) if column.field in LEVELS]
        others = [at for at in range(len(lower.columns)) if at not in levels]
        spread = [one.cell for one in row.cells if one.cell not in above.values()]
        for cell, slots in zip(spread, (levels, others), strict=False):
            above |= dict.fromkeys(slots, cell)
        return [Laid(spread[2:], above), Laid([], below)]

    def _open(self, header: Header, columns: Sequence[Column]) -> None:
        self._columns, self._block = tuple(columns), header.block.name

    def _row(self, number: int) -> Laid:
        filled, printed = self._rows[number].cells, self._printed[number].cells
        if not filled or not self._columns or self._is_apart(filled[0].text):
            self._columns = self._columns if not filled else ()
            return Laid([one.cell for one in printed])
        leads = _past(printed, self._leads(self._rows[number]))
        cells = printed[leads:]
        left = [one.cell for one in printed[:leads]]
        fields = [column.field for column in self._columns]
        if self._block == "indicators" and lead_of(self._rows[number])[0]:
            left += [one.cell for one in cells if grade_in(one.text)]
            cells = tuple(one for one in cells if one.text.strip() and not grade_in(one.text))
            fields = [name if name in POINTS else "" for name in fields]
        places = certain_places(self._block, fields, [one.text for one in cells])
        places = _second_level(fields, places, cells)
        laid = Laid(left, is_under=True)
        doubtful: list[Cell] = []
        for placed, place in zip(cells, places, strict=True):
            if place is None and placed.text.strip():
                place = self._level_of(placed.text, fields, any(one is not None for one in places))
            if place is not None and place not in laid.columns:
                laid.columns[place] = placed.cell
            elif placed.text.strip():
                doubtful.append(placed.cell)
        self._leave_open(laid, fields, doubtful)
        self._widen_level(laid)
        return laid

    def _leave_open(self, laid: Laid, fields: Sequence[str], doubtful: list[Cell]) -> None:
        """Put what has no certain column, as the page prints it, into every column of numbers that it may stand in.

        There it is no number, so that nothing is added up without it.
        """
        for name in ("level1", "level2", "name"):
            at = fields.index(name) if name in fields and len(doubtful) > 1 else None
            if at is not None and at not in laid.columns and leads_with(name, doubtful[0].text):
                laid.columns[at] = doubtful.pop(0)
        numbers = {"funds": AMOUNTS, "indicators": POINTS}.get(self._block, frozenset())
        columns = [at for at, one in enumerate(fields) if one in numbers and at not in laid.columns]
        if not columns:
            laid.left += doubtful
        elif doubtful:
            printed = "".join(f"{cell.text} | " for cell in doubtful).rstrip()
            laid.columns |= {at: Cell(printed, doubtful[0].where) for at in columns}

    def _is_apart(self, lead: str) -> bool:
        """Whether a row begins with a label of the head, or of the tail."""
        if self._block.startswith("funds") and (
            match_label(lead, "fund_item", False) or match_label(lead, "fund_column", False)
        ):
            return False
        return any(match_label(lead, scope, False) for scope in ("head", "tail"))

    def _leads(self, row: Row) -> int:
        """How many of the filled cells are labels before the columns: a line of funds, the total's, the block's own."""
        texts = [one.text for one in row.cells]
        if self._block.startswith("funds"):
            return next((at for at, text in enumerate(texts) if begins_with_value(text)), len(texts))
        if self._block != "indicators":
            return 0
        is_level = match_label(texts[0], "level1", False)
        return lead_of(row)[1] or int(match_label(texts[0], "section", False) is not None and not is_level)

    def _level_of(self, text: str, fields: Sequence[str], is_read: bool) -> int | None:
        """The column of a label that either level has: 满意度指标 is the level 1, 成本指标 one beside 数量指标."""
        if not {"level1", "level2"} <= set(fields) or not is_words(text):
            return None
        first, second = (match_label(text, scope, False) for scope in ("level1", "level2"))
        if first is None and second is None:
            return fields.index("level2") if is_read else None  # a new level 1 has its level 2 beside it
        if first is None or second is None:
            return None
        names_both = load_schema().attribute("level2", second.field, "level1") == first.field
        return fields.index("level1" if names_both else "level2")

    def _widen_level(self, laid: Laid) -> None:
        """Let the name of an indicator that is called like a level 1 (预算执行率) be that level too."""
        fields = [column.field for column in self._columns]
        if self._block != "indicators" or "level1" not in fields:
            return
        first = fields.index("level1")
        name = fields.index("name") if "name" in fields else first
        if not laid.columns.keys() & range(first, name) and name in laid.columns:
            own = match_label(laid.columns[name].text, "level1", False)
            if own and name > first:
                laid.columns |= dict.fromkeys(range(first, name), laid.columns[name])


def _second_level(
    fields: Sequence[str], places: list[int | None], cells: Sequence[Placed]
) -> list[int | None]:
    """A level's label that stands alone is a level 2, unless it is one that every form has: 产出指标."""
    if not {"level1", "level2"} <= set(fields):
        return places
    first, second = fields.index("level1"), fields.index("level2")
    if first not in places or second in places:
        return places
    match = match_label(cells[places.index(first)].text, "level1", False)
    is_usual = match is not None and match.field in USUAL_LEVELS
    return places if is_usual else [second if one == first else one for one in places]


def _past(cells: Sequence[Placed], filled: int) -> int:
    """How many cells there are up to so many filled ones: a blank one may stand before a label."""
    places = [at for at, placed in enumerate(cells, 1) if placed.text.strip()]
    return places[filled - 1] if filled else 0


def _filled_of(row: Row) -> Row:
    cells = [placed.cell for placed in row.cells if placed.text.strip()]
    return Row(tuple(Placed(cell, at, at + 1, False) for at, cell in enumerate(cells)), False)
