"""Rows of a table that were parted at the line ends within their cells, as Word copies them: put together again.

Word leaves a blank cell where one goes on from the row above, so that rows under one another have as many cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.text.tables import SourceLine

#: lines that one row is put together from
_MOST_LINES = 24
#: a line of a label; a paragraph is longer
_LONGEST_PART = 8
#: two cells are what any line with one TAB has
_FEWEST_CELLS = 3


def join_split_rows(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """Make one line of the lines that together have as many cells as the row above or below, and none has alone.

    A cell must go on from one of those rows to the other, or nothing says that they are of one width. Where no such
    sum is reached, or blank lines stand between, the lines stay as they are.

    >>> rows = ["项目名称\\t修桥", "指标\\t目标\\t年度", "完成值\\t分值", "\\t3个\\t3个\\t10"]
    >>> [line.text for line in join_split_rows([SourceLine(row, n) for n, row in enumerate(rows)])]
    ['项目名称\\t修桥', '指标\\t目标\\t年度\\n完成值\\t分值', '\\t3个\\t3个\\t10']
    """
    joined: list[SourceLine] = []
    at = 0
    while at < len(lines):
        taken = _count_parts(lines, at, joined[-1]) if joined else 1
        text = "\n".join(line.text for line in lines[at : at + taken])
        joined.append(SourceLine(text, lines[at].number))
        at += taken
    return joined


def _cells(line: SourceLine) -> int:
    return line.text.count("\t") + 1


def _count_parts(lines: Sequence[SourceLine], at: int, above: SourceLine) -> int:
    """How many lines from ``at`` on make up one row: 1 for a row that is whole."""
    goes_on = lines[at].text.startswith("\t")
    fitting = {_cells(above)} if goes_on else set()
    total = widest = _cells(lines[at])
    if total == _cells(above):
        return 1
    for end in range(at + 1, min(at + _MOST_LINES, len(lines))):
        line, last = lines[end], lines[end - 1]
        if line.number - last.number > 1 + last.text.count("\n") or not _parts_cell(last, line):
            return 1
        total += _cells(line) - 1
        widest = max(widest, _cells(line))
        below = lines[end + 1] if end + 1 < len(lines) else None
        if below is not None and (goes_on or below.text.startswith("\t")):
            fits = total in {*fitting, _cells(below)}
        else:
            fits = total in fitting
        is_sum = total > widest or _begins_label(lines[at:end])
        if fits and total >= _FEWEST_CELLS and is_sum and _cells(line) > 1:
            return end + 1 - at
    return 1


def _begins_label(parts: Sequence[SourceLine]) -> bool:
    """Whether short lines without a TAB begin the first cell of a row, as the letters of a label set upright do."""
    return all(part.text.strip().isalpha() and len(part.text.strip()) <= _LONGEST_PART for part in parts)


def _parts_cell(above: SourceLine, below: SourceLine) -> bool:
    """Whether the end of a line can part a cell: there is text on both sides of it."""
    return bool(above.text.rpartition("\t")[2].strip() and below.text.partition("\t")[0].strip())
