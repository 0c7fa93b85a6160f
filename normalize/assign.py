"""Sort the cells of a row under the columns of a header."""

from __future__ import annotations

from normalize.headers import Header, is_number
from normalize.rows import Placed, Row

AMOUNTS = ("budget_initial", "budget_adjusted", "received", "executed")
#: fields whose cells hold numbers: they anchor a row whose columns are unknown
NUMERIC = frozenset({"weight", "score", "execution_rate", *AMOUNTS})
#: where a merged cell covers several columns, it speaks for the first of these that has no cell of its own
SPEAKS_FOR = ("name", "level1", "level2", "score", "target", "actual")
#: a cell over so many columns is a text between the rows
WIDEST = 5


def assign(header: Header, row: Row) -> tuple[dict[str, list[Placed]], list[Placed]]:
    """Sort a row's cells into the header's columns: the cells of each field, and those left of all columns."""
    if header.aligned:
        return _assign_by_slots(header, row)
    shift = _best_shift(header, row)
    fields: dict[str, list[Placed]] = {}
    labels: list[Placed] = []
    columns = {column.start: column for column in header.columns}
    for placed in row.cells:
        column = columns.get(placed.start - shift)
        if column is not None:
            fields.setdefault(column.field, []).append(placed)
        else:
            labels.append(placed)
    return fields, labels


def _assign_by_slots(header: Header, row: Row) -> tuple[dict[str, list[Placed]], list[Placed]]:
    fields: dict[str, list[Placed]] = {}
    labels: list[Placed] = []
    wide: list[tuple[Placed, list[str]]] = []
    for placed in row.cells:
        covered = [c.field for c in header.columns if placed.start < c.stop and c.start < placed.stop]
        if not covered or len(covered) >= WIDEST:
            labels.append(placed)
        elif len(covered) == 1:
            fields.setdefault(covered[0], []).append(placed)
        else:
            wide.append((placed, covered))
    for placed in [one for one in labels if one.text.strip()]:
        left = next((c.field for c in reversed(header.columns) if c.stop <= placed.start), None)
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


def _filled(fields: dict[str, list[Placed]], name: str) -> bool:
    return any(placed.text.strip() for placed in fields.get(name, ()))


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
        points = 0
        for placed in row.filled:
            name = columns.get(placed.start - shift)
            if name in NUMERIC:
                points += 2 if is_number(placed.text) else -3
            elif name is None:
                points -= 1
            elif name in ("name", "level1", "level2", "reason"):
                points -= 2 if is_number(placed.text) else 0
        return points

    shifts = range(min(difference, 0), max(difference, 0) + 1)
    return max(shifts, key=lambda shift: (fit(shift), -abs(shift - difference)))
