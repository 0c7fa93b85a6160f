"""Sort the cells of a row under the columns of a header."""

from __future__ import annotations

import re

from normalize.form import AMOUNTS
from normalize.grids.header import Column, Header
from normalize.grids.rows import Placed, Row
from normalize.grids.under import is_number
from normalize.labels.match import match_label

#: fields whose cells hold numbers: they anchor a row whose columns are unknown
NUMERIC = frozenset(
    {
        "weight",
        "level1_weight",
        "level2_weight",
        "name_weight",
        "weight_adjusted",
        "score",
        "execution_rate",
        *AMOUNTS,
    }
)
#: fields of one number, or of one in several cells (≥ and 95 and %)
VALUES = NUMERIC | {"target", "actual"}
#: fields that a bare number is never the text of
WORDS = ("name", "level1", "level2", "reason")
#: where a merged cell covers several columns, it speaks for the first of these that has no cell of its own
SPEAKS_FOR = ("name", "level1", "level2", "score", "target", "actual")
#: a cell over so many columns is a text between the rows
WIDEST = 5
#: a row of fewer texts does not tell where they belong: 2. of the template, with nothing behind it
FEWEST = 3

# "95%", "≥ 95", "2022年"; not "m2"
_BEGINS_WITH_NUMBER = re.compile(r"[\s≥≤><=＞＜＝≧≦~～±+\-—]*\d")

Fields = dict[str, list[Placed]]


def assign(header: Header, row: Row) -> tuple[Fields, list[Placed]]:
    """Sort a row's cells into the header's columns: the cells of each field, and those that are left over."""
    if header.aligned:
        lost = 0 if row.settled else _lost_columns(header, row)
        fields, labels = _in_turn(header, row, lost) or _assign_by_slots(header, row, lost)
        _part_numbers(fields, labels)
        return fields, labels
    shift = _best_shift(header, row)
    fields, labels = {}, []
    columns = {column.start: column for column in header.columns}
    for placed in row.cells:
        column = columns.get(placed.start - shift)
        if column is not None:
            fields.setdefault(column.field, []).append(placed)
        else:
            labels.append(placed)
    return fields, labels


def _assign_by_slots(header: Header, row: Row, lost: int) -> tuple[Fields, list[Placed]]:
    fields: Fields = {}
    labels: list[Placed] = []
    wide: list[tuple[Placed, list[str]]] = []
    for placed in row.cells:
        covered = _covered(header, placed, lost)
        if not covered or len(covered) >= WIDEST:
            labels.append(placed)
        elif len(covered) == 1:
            fields.setdefault(covered[0], []).append(placed)
        else:
            wide.append((placed, covered))
    for placed in [one for one in labels if one.text.strip()]:
        left = next((c.field for c in reversed(header.columns) if c.stop <= placed.start + lost), None)
        if left and left not in NUMERIC and (left == "name" or not _filled(fields, left)):
            fields.setdefault(left, []).append(placed)  # the header's own cell was wider, or lost its merge
            labels.remove(placed)
    for placed, covered in wide:
        free = [name for name in covered if not _filled(fields, name)]
        spoken = next((name for name in SPEAKS_FOR if name in free), (free or covered)[0])
        fields.setdefault(spoken, []).append(placed)
        if spoken == "level1" and "level2" in free:
            fields.setdefault("level2", []).append(placed)  # 满意度指标 over both
    return fields, labels


def _in_turn(header: Header, row: Row, lost: int) -> tuple[Fields, list[Placed]] | None:
    """The row's last cells, if there is one for each column, and none misses its own: however their borders lie."""
    before = len(row.cells) - len(header.columns)
    pairs = list(zip(header.columns, row.cells[max(before, 0) :], strict=False))
    if before < 0 or any(_shared(column, placed, lost) <= 0 for column, placed in pairs):
        return None
    fields: Fields = {}
    for column, placed in pairs:
        fields.setdefault(column.field, []).append(placed)
    return fields, list(row.cells[:before])


def _shared(column: Column, placed: Placed, lost: int) -> int:
    """How many slots a cell and a column share; none, or less than none, where they stand apart."""
    return min(placed.stop + lost, column.stop) - max(placed.start + lost, column.start)


def _covered(header: Header, placed: Placed, lost: int) -> list[str]:
    """The fields of the columns that a cell takes most of, or lies in for the most part.

    Borders that were drawn by hand miss each other: what a cell shares with the next column is not its place.
    Where it takes most of none, the column counts that it has most in common with.
    """
    shared = {column: slots for column in header.columns if (slots := _shared(column, placed, lost)) > 0}
    width = placed.stop - placed.start
    if len(shared) > 1:
        mostly = [c for c, slots in shared.items() if 2 * slots > min(c.stop - c.start, width)]
        likeness = {c: slots / (c.stop - c.start + width - slots) for c, slots in shared.items()}
        nearest = [c for c in shared if likeness[c] == max(likeness.values())]
        return [column.field for column in mostly or nearest]
    among_labels = min(header.first - placed.start - lost, width)
    return [column.field for column, slots in shared.items() if slots >= among_labels]


def _part_numbers(fields: Fields, labels: list[Placed]) -> None:
    """Of two numbers under one header the second is left over: joined, they are one that nobody wrote."""
    for name, cells in fields.items():
        if len(cells) > 1:
            numbers = [one for one in cells if _BEGINS_WITH_NUMBER.match(one.text)]
            if name not in VALUES:
                numbers = [one for one in numbers if is_number(one.text)]
            for surplus in sorted(numbers, key=lambda one: one.continued)[1:]:
                cells.remove(surplus)
                labels.append(surplus)


def _filled(fields: Fields, name: str) -> bool:
    return any(placed.text.strip() for placed in fields.get(name, ()))


def _lost_columns(header: Header, row: Row) -> int:
    """By how many columns a row stands too far left: a converter dropped the cell that was merged from above.

    Its cells then contradict the header, its last columns are blank, and moved to the right they fit.
    """
    if len(row.filled) < FEWEST or row.filled[-1].stop == row.width or not _contradicts(header, row):
        return 0
    last = row.filled[-1].stop
    return max(range(row.width - last + 1), key=lambda lost: (_points(header, row, lost), -lost))


def _contradicts(header: Header, row: Row) -> bool:
    """Whether a level label or a number stands left of all columns, or a bare number where words belong.

    A row that still has the header's own cell beside it, merged downwards, has lost nothing.
    """
    labels = {label.cell for label in header.labels}
    if any(placed.cell in labels for placed in row.cells):
        return False
    for placed in row.cells:
        if placed.stop <= header.first:
            scopes = [scope for scope in ("level1", "level2") if scope in header.fields]
            if any(match_label(placed.text, scope, False) for scope in scopes):
                return True
            if header.block.name == "funds" and is_number(placed.text):
                return True
        elif is_number(placed.text) and _covered(header, placed, 0)[:1] in (["name"], ["level1"], ["level2"]):
            return True
    return False


def _points(header: Header, row: Row, lost: int) -> int:
    """How well a row fits its header when it is moved ``lost`` columns to the right."""
    points = 0
    for placed in row.cells:
        if placed.text.strip():
            name = next(iter(_covered(header, placed, lost)), None)
            if name in ("level1", "level2"):
                points += 2 if match_label(placed.text, name, False) else -1
            else:
                points += _worth(name, placed.text)
    return points


def _worth(name: str | None, text: str) -> int:
    """How well a text stands under a column: numbers under those of numbers, words under those of words."""
    if name is not None and name.partition("@")[0] in NUMERIC:
        return 2 if is_number(text) else -3
    if name is None or (name == "name" and _BEGINS_WITH_NUMBER.match(text) and not is_number(text)):
        return -1
    return -2 if name in WORDS and is_number(text) else 0


def _best_shift(header: Header, row: Row) -> int:
    """By how many slots a row of unknown columns is displaced against its header.

    Vanished merged cells make a row shorter; they mostly vanish on the left, so that the right ends meet.
    Where the numbers say otherwise, the shift that puts most numbers under number columns wins.
    """
    difference = row.width - header.width
    if difference == 0:
        return 0
    columns = {column.start: column.field for column in header.columns}

    def fit(shift: int) -> int:
        return sum(_worth(columns.get(placed.start - shift), placed.text) for placed in row.filled)

    shifts = range(min(difference, 0), max(difference, 0) + 1)
    return max(shifts, key=lambda shift: (fit(shift), -abs(shift - difference)))
