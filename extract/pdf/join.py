"""One table out of what several pages show of it.

No mark in a PDF says that a table goes on over the page. What says it is that nothing stands between, and that
both parts have the same outer edges. Then the break itself must be undone: rows repeated as a header go,
cells that go on become one, a row that the break cut in two becomes one row.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from extract.document import ReadError
from extract.limits import MAX_SLOTS
from extract.pdf.sheet import Patch, Sheet
from extract.pdf.wrap import indent, wraps

#: edges of the two parts may differ by so many points
_SAME_EDGE = 3.5
_MOST_HEADER_ROWS = 5
#: so many rows of a long table are looked at to learn what its cells are like
_LOOK_BACK = 120
#: the weight of one text that goes on, where nothing speaks against it
_CERTAIN = 2
#: a row lower than this, in parts of the type size, has no room for a line
_NO_LINE = 1.1
# "12", "85.5%", "—", "≥ 3": a header has no such cell
_NUMBER = re.compile(r"[\s\d.,%％≥≤=<>+/—–-]+")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十]")
# programs and people write it behind a label that they repeat
_AGAIN = re.compile(r"\s*[（(]\s*(?:续|续表|接上页)\s*[)）]\s*$")


def goes_on(above: Sheet, below: Sheet) -> bool:
    """Whether ``below``, with which a page begins, is more of ``above``, with which the page before ended."""
    return (
        above.page + 1 == below.page
        and abs(above.xs[0] - below.xs[0]) <= _SAME_EDGE
        and abs(above.xs[-1] - below.xs[-1]) <= _SAME_EDGE
    )


def join(above: Sheet, below: Sheet) -> Sheet:
    """Both parts as one table, whose page is that of its last part; ``above`` is used up."""
    xs = _common_edges(above.xs, below.xs)
    if (len(xs) - 1) * (len(above.rows) + len(below.rows)) > MAX_SLOTS:
        raise ReadError(
            "表格过大，超出读取上限；请检查表格，或拆分为几个文件。",
            "A table is larger than is read; check it, or split the file.",
        )
    first = above.rows if len(xs) == len(above.xs) else _widened(above, xs)
    second = _widened(below, xs)
    del second[: _repeated_rows(first[:_LOOK_BACK] + first[_LOOK_BACK:][-_LOOK_BACK:], second)]
    if second:
        seam = _Seam(first[-_LOOK_BACK:], second)
        if seam.is_cut():
            seam.sew_row()
        else:
            seam.sew_cells()
    first += second
    return Sheet(below.page, xs, first, below.box, below.page_height)


def _common_edges(some: list[float], more: list[float]) -> list[float]:
    edges: list[float] = []
    for edge in sorted(some + more):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return edges


def _widened(sheet: Sheet, xs: list[float]) -> list[list[Patch]]:
    """The sheet's rows, in the columns between ``xs``."""
    places = [_nearest(xs, edge) for edge in sheet.xs]
    widths = [right - left for left, right in pairwise(places)]
    return [
        [patch for patch, width in zip(row, widths, strict=True) for _ in range(width)] for row in sheet.rows
    ]


def _nearest(xs: list[float], edge: float) -> int:
    index = bisect_left(xs, edge)
    if index == len(xs) or (index > 0 and edge - xs[index - 1] <= xs[index] - edge):
        index -= 1
    return index


def _repeated_rows(first: list[list[Patch]], second: list[list[Patch]]) -> int:
    """How many rows at the top of a page are a header that already stands in the table."""
    most = 0
    while most < min(_MOST_HEADER_ROWS, len(second)) and _may_be_header(second[most]):
        most += 1
    for count in range(most, 0, -1):
        for start in range(len(first) - count + 1):
            pairs = zip(first[start : start + count], second[:count], strict=True)
            if all(_is_same_header(row, again) for row, again in pairs):
                return count
    return 0


def _may_be_header(row: list[Patch]) -> bool:
    """Whether a row has several texts, none of them a number."""
    texts = {patch.text for patch in row} - {""}
    return len(texts) >= 2 and not any(_NUMBER.fullmatch(text) for text in texts)


def _is_same_header(row: list[Patch], again: list[Patch]) -> bool:
    """Whether a row says nothing but what a header says. What a merged cell beside it says may be missing."""
    for cell, copy in zip(row, again, strict=True):
        text = copy.text
        if (text != cell.text) if text else (cell.height == 1 and cell.text):
            return False
    return True


class _Seam:
    """Where two parts meet: the last row of one, the first row of the other.

    ``pairs`` are the cells of both rows that cover the same columns, from the left.
    """

    def __init__(self, first: list[list[Patch]], second: list[list[Patch]]) -> None:
        self._first = first
        self._second = second
        self._ends = {index for index, _ in _runs(first[-1])}
        self._is_regular = self._ends == {index for index, _ in _runs(second[0])}
        self._pairs = list(self._matched())
        self._lowest = min((_room_below(a) for _, a, _ in self._pairs if a.lines), default=0.0)

    def _matched(self) -> Iterator[tuple[int, Patch, Patch]]:
        starts = {column: (end, patch) for end, patch, column in _starts(self._first[-1])}
        for end, patch, column in _starts(self._second[0]):
            match = starts.get(column)
            if match is not None and match[0] == end:
                yield column, match[1], patch

    def is_cut(self) -> bool:
        """Whether the break runs through a row.

        Then at least one text goes on where it stopped at the end of a line, most of what was said is
        complete, and nothing begins. A row of its own says something in most of its cells.
        """
        if not self._is_regular:
            return False
        if self._is_rest():
            return True
        on = ended = other = 0
        for column, a, b in self._pairs:
            text, label = b.text, a.text
            if not text:
                ended += label != "" and not self._merges(column)
            elif not label:
                return False
            elif self._flows(a, b):
                on += self._weight(column, b)
            elif (label != text or a.height + b.height == 2) and not self._merges(column):
                if not self._reaches_bottom(a):
                    return False
                other += 1
        if on < _CERTAIN or other > min(ended, 1):
            return False
        return on > _CERTAIN or ended > 0 or len(self._pairs) == 1

    def _is_rest(self) -> bool:
        """Whether the second row is only what was left of the first one's height: no line fits in it."""
        sizes = [line.size for _, a, b in self._pairs for line in (*a.lines[-1:], *b.lines[:1])]
        lowest = min(b.box[3] - b.box[1] for _, _, b in self._pairs)
        return bool(sizes) and lowest < _NO_LINE * max(sizes)

    def _reaches_bottom(self, a: Patch) -> bool:
        """Whether a text fills its cell down to the break."""
        last = a.more[-1] if a.more else a
        return bool(last.lines) and _room_below(last) <= self._lowest + 0.6 * last.lines[-1].size

    def _weight(self, column: int, rest: Patch) -> int:
        """How much it says that a text seems to go on: little, if others of its column are like the rest."""
        masked = _DIGITS.sub("#", rest.text)
        others = {patch.text for patch in self._alike(column) if patch is not rest}
        if rest.text in others and not _NUMBER.fullmatch(rest.text):
            return -2 * _CERTAIN
        return 1 if any(_DIGITS.sub("#", text) == masked for text in others) else _CERTAIN

    def sew_row(self) -> None:
        """Make one row of the two."""
        for _, a, b in self._pairs:
            self._sew(a, b, -1)
        del self._second[0]

    def sew_cells(self) -> None:
        """Put together the cells that reach over the break: merged ones, and labels that were repeated."""
        is_leading = self._is_regular or bool(self._pairs and self._pairs[0][0] == 0)
        expected = 0
        for column, a, b in self._pairs:
            is_leading = is_leading and column == expected
            expected = column + _width(self._first[-1], column)
            is_one = self._is_one_cell(column, a, b, is_leading)
            if is_one:
                self._sew(a, b, 0)
            is_leading = is_leading and is_one

    def _is_one_cell(self, column: int, a: Patch, b: Patch, is_leading: bool) -> bool:
        """Whether two cells of complete rows are one; ``is_leading`` if all to their left are."""
        is_merged = a.height > 1 or b.height > 1
        label, text = a.text, b.text
        if not text:
            # What is blank behind labels that go on, but before a filled cell, is a label that goes on.
            is_label = column > 0 and any(patch.text for patch in self._second[0][column:])
            if is_leading:
                return is_merged or is_label or self._merges(column)
            # Cells merged over the same rows end together.
            return a.height > 1 and not any(b.text for _, one, b in self._pairs if one.height == a.height)
        if not is_leading:
            return False
        if not label:
            # The first page had no room for the label of a merged cell.
            return self._merges(column) and not any(
                patch is not a and not patch.text for patch in self._alike(column)
            )
        if _AGAIN.sub("", text) == label and not _NUMBER.fullmatch(text):
            return is_merged or self._merges(column)
        return self._flows(a, b) and self._is_like_the_others(column, label, text)

    def _merges(self, column: int) -> bool:
        """Whether cells of a column reach over several rows elsewhere in the table."""
        return any(patch.height > 1 for patch in self._alike(column))

    def _alike(self, column: int) -> Iterator[Patch]:
        """The cells that cover the same columns as the one of the last row that begins at ``column``."""
        end = column + _width(self._first[-1], column)
        for row in self._first + self._second:
            patch = row[column]
            if (
                patch is row[end - 1]
                and (column == 0 or row[column - 1] is not patch)
                and (end == len(row) or row[end] is not patch)
            ):
                yield patch

    def _flows(self, a: Patch, b: Patch) -> bool:
        """Whether a text stops at the end of the last line that had room, and goes on with the first."""
        last = a.more[-1] if a.more else a
        if not last.lines or not b.lines:
            return False
        size = last.lines[-1].size
        return (
            self._reaches_bottom(a)
            and abs(size - b.lines[0].size) < 0.1 * size
            and wraps(last.lines[-1], b.lines[0], a.text_width - indent(last.lines[-1], b.lines[0]))
        )

    def _is_like_the_others(self, column: int, label: str, rest: str) -> bool:
        """Whether the whole text ends as those of its column do, and its beginning alone does not."""
        others = {patch.text for patch in self._alike(column)} - {label, rest, ""}
        endings = Counter(text[-2:] for text in others)
        usual, often = endings.most_common(1)[0] if endings else ("", 0)
        return 2 * often > len(others) and rest.endswith(usual) and not label.endswith(usual)

    def _sew(self, a: Patch, b: Patch, height: int) -> None:
        if a is b:
            return
        if b.text and _AGAIN.sub("", b.text) == a.text:
            b.lines = []
        a.more += (b, *b.more)
        a.height += b.height + height
        for row in self._second:
            for column, patch in enumerate(row):
                if patch is b:
                    row[column] = a


def _runs(row: list[Patch]) -> Iterator[tuple[int, Patch]]:
    """The end of each cell of a row, and the cell."""
    for column, patch in enumerate(row):
        if column + 1 == len(row) or row[column + 1] is not patch:
            yield column + 1, patch


def _starts(row: list[Patch]) -> Iterator[tuple[int, Patch, int]]:
    """The end of each cell of a row, the cell, and its first column."""
    start = 0
    for end, patch in _runs(row):
        yield end, patch, start
        start = end


def _width(row: list[Patch], column: int) -> int:
    """How many columns the cell at ``column`` covers from there on."""
    end = column + 1
    while end < len(row) and row[end] is row[column]:
        end += 1
    return end - column


def _room_below(patch: Patch) -> float:
    last = patch.more[-1] if patch.more else patch
    return last.box[3] - last.lines[-1].y1 if last.lines else 0.0
