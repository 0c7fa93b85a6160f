"""Where the columns of a table are drawn: lengths, and lines that a person sees as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate

SAME_LINE = 340
"""Lines of a grid that are no farther apart than this, in twentieths of a point, are one where no cell lies
between them: borders dragged by hand miss each other. It is 6 mm; a column for one character, with the margins
that Word gives a cell, has 7.5."""

#: a unit of length in twentieths of a point
_TWIPS = {
    "cm": Decimal(1440) / Decimal("2.54"),
    "mm": Decimal(144) / Decimal("2.54"),
    "in": Decimal(1440),
    "pt": Decimal(20),
    "pc": Decimal(240),
    "px": Decimal(15),
}
# "1.588cm"
_LENGTH = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,6})?)(?P<unit>cm|mm|in|pt|pc|px)", re.ASCII)


def twips(length: str) -> int | None:
    """A length in twentieths of a point; None for what is no length.

    >>> twips("1.588cm"), twips("30%")
    (900, None)
    """
    found = _LENGTH.fullmatch(length)
    return int(Decimal(found["number"]) * _TWIPS[found["unit"]]) if found else None


def joined_lines(widths: Sequence[int], rows: Iterable[Iterable[int]]) -> Sequence[int]:
    """The number of the column that begins at each grid line; lines that a person sees as one have the same.

    ``widths`` are those of the columns, in twentieths of a point; each row tells the lines at which its cells
    begin and end. The nearest lines become one first, and never two that bound cells of one row: so no cell
    vanishes.
    """
    near = sorted((width, line) for line, width in enumerate(widths) if width <= SAME_LINE)
    if not near:
        return range(len(widths) + 1)
    rows_at: list[set[int]] = [set() for _ in range(len(widths) + 1)]
    for number, lines in enumerate(rows):
        for line in lines:
            rows_at[line].add(number)
    is_own = [True] * len(rows_at)
    for _, line in near:
        left, right = rows_at[line], rows_at[line + 1]
        if left.isdisjoint(right):
            is_own[line + 1] = False
            left |= right
            while line + 1 < len(rows_at) and rows_at[line + 1] is right:
                line += 1
                rows_at[line] = left
    return [number - 1 for number in accumulate(is_own)]
