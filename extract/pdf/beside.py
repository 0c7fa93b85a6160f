"""One table out of two pages that show its left and its right half.

A sheet that is too wide for the paper is printed on pages that belong beside each other. What says so is that both
parts have the same rows, line for line, but other columns, and that the second begins no row as the first does.
"""

from __future__ import annotations

from extract.pdf.sheet import Sheet

#: the edges of a row may differ by so many points
_SAME_EDGE = 1.0
#: fewer rows can be alike by chance
_FEWEST_ROWS = 4


def goes_on_beside(left: Sheet, right: Sheet) -> bool:
    """Whether ``right``, with which a page begins, is the right half of ``left``, with which the page before ended."""
    if left.page + 1 != right.page or not len(left.rows) == len(right.rows) >= _FEWEST_ROWS:
        return False
    edges, others = _row_edges(left), _row_edges(right)
    return (
        len(edges) == len(others)
        and all(abs(one - other) <= _SAME_EDGE for one, other in zip(edges, others, strict=True))
        and _beginnings(left).isdisjoint(_beginnings(right))
    )


def _row_edges(sheet: Sheet) -> list[float]:
    """Where the rows lie, from the top: the last edge to be above each, and the bottom of the last."""
    tops = [max(patch.box[1] for patch in row) for row in sheet.rows]
    return [*tops, max(patch.box[3] for patch in sheet.rows[-1])]


def _beginnings(sheet: Sheet) -> set[str]:
    """The first text of each row: the second half of a table does not begin its rows with the labels of the first."""
    return {text for row in sheet.rows if (text := next((patch.text for patch in row if patch.text), ""))}


def join_beside(left: Sheet, right: Sheet) -> Sheet:
    """Both halves as one table, whose page is that of its last part."""
    shift = left.xs[-1] - right.xs[0]
    xs = left.xs + [round(x + shift, 1) for x in right.xs[1:]]
    rows = [one + other for one, other in zip(left.rows, right.rows, strict=True)]
    return Sheet(right.page, xs, rows, right.box, right.page_height)
