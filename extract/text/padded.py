"""Tables that a program took out of a web page: ``项目名称 | 道路养护 | |||||``.

Such programs write the cells that begin in a row with a pipe behind each, and one more pipe for every slot that a
merged cell covers besides; some leave blank cells out in the same way. So all rows of a table have the same number
of pipes, and in which columns their cells stand is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.limits import MAX_COLUMNS
from extract.text.tables import SourceLine, Table, TableCell, require_slots, tidy

#: so many rows with the same number of pipes are no chance
FEWEST_ROWS = 4
#: the first rows of a table tell whether it is one
TELLING = 16
#: a cell of several paragraphs takes as many lines
LONGEST_ROW = 60
#: so many pipes may be missing behind a row of merged cells
SLACK = 3
#: behind a row's last cell
_PADDING = "||"


def read_padded_table(lines: Sequence[SourceLine], at: int) -> tuple[Table | None, int]:
    """The padded table that begins at ``at``, if one does, and the index behind it.

    Raises ReadError for more cells than are read.
    """
    first = lines[at].text.strip()
    pipes = first.count("|")
    if first.startswith("|") or not first.endswith("|") or pipes > MAX_COLUMNS:
        return None, at + 1
    if not any(line.text.rstrip().endswith(_PADDING) for line in lines[at : at + FEWEST_ROWS]):
        return None, at + 1
    ends = [at]
    while (end := _end_of_row(lines, ends[-1], pipes)) > ends[-1]:
        ends.append(end)
        if len(ends) == TELLING and not _are_padded(lines, ends):
            break
    if len(ends) <= FEWEST_ROWS or not _are_padded(lines, ends[:TELLING]):
        return None, at + 1
    require_slots(sum(lines[number].text.count("|") for number in range(at, ends[-1])))
    rows = [_cells(lines[begin:end]) for begin, end in pairwise(ends)]
    return Table(rows, columns=None, has_gaps=True), ends[-1]


def _end_of_row(lines: Sequence[SourceLine], at: int, pipes: int) -> int:
    """Behind the lines that make up a row; ``at`` where the next lines are none."""
    count = 0
    for end in range(at, min(len(lines), at + LONGEST_ROW)):
        count += lines[end].text.count("|")
        if count == pipes or (pipes - SLACK <= count < pipes and _is_padded(lines[end])):
            return end + 1
        if count > pipes:
            break
    return at


def _are_padded(lines: Sequence[SourceLine], ends: Sequence[int]) -> bool:
    """Whether so many rows are filled up that it is no chance: others end in a pipe for another reason."""
    return 4 * sum(_is_padded(lines[end - 1]) for end in ends[1:]) >= len(ends) - 1


def _is_padded(line: SourceLine) -> bool:
    return line.text.replace(" ", "").endswith(_PADDING)


def _cells(lines: Sequence[SourceLine]) -> list[TableCell]:
    """The cells of a row with the lines that they begin in; the blank ones at its end are padding."""
    cells: list[TableCell] = []
    text, number = "", lines[0].number
    for line in lines:
        *closed, rest = line.text.split("|")
        for part in closed:
            text += part
            cells.append(TableCell(tidy("\n".join(map(str.strip, text.strip().split("\n")))), number))
            text, number = "", line.number
        text = f"{text}{rest}\n" if text.strip() or rest.strip() else ""
        number = number if text else line.number + 1
    while cells and not cells[-1].text:
        cells.pop()
    return cells
