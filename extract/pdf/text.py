"""From characters to lines of text, in reading order, with blanks where there is room for one.

Whether a blank is one is measured: programs set numbers and Chinese with small gaps that readers of PDF take
for blanks, and leave out others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from extract.pdf.frame import BLANKS, Run, singles
from extract.pdf.turned import upright

#: the gap, in parts of the type size, from which there is a blank between letters or digits
_WORD_GAP = 0.18
#: the same between other characters: setters spread Chinese characters, and part them from digits
_WIDE_GAP = 0.9
#: a blank that the file holds is shown only where so much room is
_SHOWN = 0.1
#: baselines differing by less are one line
_SAME_LINE = 0.3
#: a character this much smaller than the line beside it may be raised or lowered
_SMALL = 0.8
_RAISED = 0.15
#: a character drawn again so few parts of its width further on is drawn twice, to look bold
_TWICE = 0.3
_left = itemgetter(1)
_MOST_BLANKS = 12
_SUPERSCRIPTS = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
#: what never begins a line, so that the character before it moves along to the next one
CLOSING = frozenset("，。、；：？！）》」』】〕〉〗”’％．…～·%‰℃°′″/,.;:?!)]}")
OPENING = frozenset("（《「『【〔“‘([{")
_STICKY = OPENING | CLOSING


class TextLine(NamedTuple):
    """A line of text, its box, and the runs that it consists of, from left to right, without blanks.

    ``ends_blank`` tells whether the file holds a blank behind the last character.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    ends_blank: bool
    runs: Sequence[Run]

    @property
    def head(self) -> float:
        """The width of what cannot be parted at the beginning: a word, or a character and the signs stuck to it."""
        first = self.runs[0]
        if len(first.text) > 1 and is_wide(first.text[0]) and _STICKY.isdisjoint(first.text[:2]):
            return first.starts[1] - first.x0
        return _head(singles(self.runs))

    @property
    def tail(self) -> float:
        """The same at the end."""
        return _tail(singles(self.runs))


def text_rows(runs: Iterable[Run]) -> list[list[Run]]:
    """The upright text, line by line from the top down."""
    return _rows([run for run in runs if not run.turn])


def text_lines(runs: list[Run]) -> list[TextLine]:
    """The lines of an area, from the top down; turned text is turned upright first."""
    if not runs:
        return []
    if len(runs) == 1 and not runs[0].turn:
        return [_line(runs)]
    return [_line(line) for row in _rows(upright(runs)) for line in _printed(row)]


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Text by line. Small characters that are raised or lowered belong to the line they stand beside."""
    if len(runs) < 2:
        return [runs] if runs else []
    rows: list[list[int]] = []
    bases = [run.base for run in runs]
    base = near = 0.0
    for index in sorted(range(len(runs)), key=bases.__getitem__):
        step, reach = bases[index] - base, _SAME_LINE * runs[index].size
        if rows and step <= reach and step <= near:
            rows[-1].append(index)
        else:
            rows.append([index])
            base, near = bases[index], reach
    whole = [[runs[index] for index in sorted(row)] for row in rows]
    return _with_raised(whole) if len(whole) > 1 else whole


def _printed(row: list[Run]) -> list[list[Run]]:
    """A row of text as one line; as several where lines were printed one over the other."""
    if all(a.starts[-1] <= b.x0 for a, b in pairwise(row)):
        return [row]
    row = singles(row)
    order = sorted(row, key=_left)
    over = sum(
        b.x0 - a.x0 > 0.01 and a.x1 - b.x0 > 0.4 * (b.x1 - b.x0) and a.text != b.text
        for a, b in pairwise(order)
    )
    if over < 2 or 5 * over < len(row):
        return [row]
    lines = [[row[0]]]
    for char in row[1:]:
        if char.x0 < lines[-1][-1].x0 - char.size:
            lines.append([])
        lines[-1].append(char)
    return lines


def _with_raised(rows: list[list[Run]]) -> list[list[Run]]:
    sizes = [max([run.size for run in row]) for row in rows]
    if min(sizes) >= _SMALL * max(sizes):
        return rows
    rows = [singles(row) for row in rows]
    whole: list[list[Run]] = []
    moved: dict[int, int] = {}
    for index, row in enumerate(rows):
        for other in (index + 1, index - 1):
            if (
                0 <= other < len(rows)
                and sizes[index] < _SMALL * sizes[other]
                and _stands_beside(row, rows[other])
            ):
                moved[index] = other
                break
    for index, row in enumerate(rows):
        if index not in moved:
            raised = [char for small, at in moved.items() if at == index for char in rows[small]]
            whole.append(row + [_raised(char, row) for char in raised])
    return whole


def _stands_beside(small: list[Run], line: list[Run]) -> bool:
    """Whether every run of ``small`` touches a character of ``line``, without lying over one."""
    top, bottom = min(char.y0 for char in line), max(char.y1 for char in line)
    size = max(char.size for char in line)
    for char in small:
        middle = (char.y0 + char.y1) / 2
        if not top - 0.25 * size <= middle <= bottom + 0.15 * size:
            return False
        if any(min(char.x1, other.x1) - max(char.x0, other.x0) > 0.5 * (char.x1 - char.x0) for other in line):
            return False
    first, last = min(char.x0 for char in small), max(char.x1 for char in small)
    return any(abs(first - char.x1) < 0.4 * size or abs(char.x0 - last) < 0.4 * size for char in line)


def _raised(char: Run, line: list[Run]) -> Run:
    """A raised digit as the sign for it, so that 10² does not become 102."""
    base = line[0].base
    if base - char.base > _RAISED * line[0].size:
        char = char._replace(text=char.text.translate(_SUPERSCRIPTS))
    return char


def _line(runs: list[Run]) -> TextLine:
    """Put the runs of a line in order, with blanks where they belong."""
    first = runs[0]
    if len(runs) == 1 and first.text not in BLANKS:
        return TextLine(*first[:6], False, runs)
    runs = sorted(runs, key=_left)
    text = "".join([run.text for run in runs])
    kept, ends_blank = runs, False
    if not BLANKS.isdisjoint(text) or not all(_is_next(a, b) for a, b in pairwise(runs)):
        text, kept, ends_blank = _spaced(singles(runs))
        if not kept:
            return TextLine("", *first[1:6], True, ())
    top, bottom = min([run.y0 for run in kept]), max([run.y1 for run in kept])
    right, size = max([run.x1 for run in kept]), max([run.size for run in kept])
    return TextLine(text, kept[0].x0, top, right, bottom, size, ends_blank, kept)


def _is_next(before: Run, after: Run) -> bool:
    """Whether a run follows right behind another: neither a blank nor a copy of it can be between."""
    return -0.2 * before.size < after.x0 - before.x1 <= _SHOWN * before.size


def _spaced(chars: list[Run]) -> tuple[str, list[Run], bool]:
    """The text of a line, the characters that were inked, and whether a blank stands behind the last one."""
    width = min((char.x1 - char.x0 for char in chars if char.text == " " and char.x1 > char.x0), default=0.0)
    spread = _spread(chars)
    pieces: list[str] = []
    kept: list[Run] = []
    blanks = 0
    for char in chars:
        if char.text in BLANKS:
            blanks += 1
            continue
        if kept:
            if _is_twice(kept[-1], char):
                continue
            pieces.append(_blank(kept[-1], char, blanks, width, spread))
        blanks = 0
        kept.append(char)
        pieces.append(char.text)
    return "".join(pieces), kept, blanks > 0


def _is_twice(last: Run, char: Run) -> bool:
    """Whether a character was drawn again to look bold. Two on the very same place are one sign's text: ——."""
    return char.text == last.text and 0.01 < char.x0 - last.x0 < _TWICE * (last.x1 - last.x0)


def _spread(chars: list[Run]) -> float:
    """The space by which the letters and digits of a line are set apart, all alike; mostly none."""
    gaps = [
        b.x0 - a.x1
        for a, b in pairwise(chars)
        if _is_western(a.text) and _is_western(b.text) and a.text != " " != b.text
    ]
    if len(gaps) < 2 or min(gaps) <= 0.5 * max(gaps):
        return 0.0
    return max(gaps)


def _blank(before: Run, after: Run, blanks: int, width: float, spread: float) -> str:
    """What stands between two characters, behind ``blanks`` of the file; ``width`` is that of one."""
    gap = after.x0 - before.x1
    size = max(before.size, after.size)
    is_sure = width > 0.2 * size
    if blanks:
        if gap <= _SHOWN * size:
            return ""
    elif is_sure and is_wide(before.text) and is_wide(after.text):
        # pdfium takes a blank that follows soon after another for a repetition, and leaves it out.
        if gap <= 0.9 * width:
            return ""
    else:
        is_western = _is_western(before.text) and _is_western(after.text)
        if gap <= (_WORD_GAP * size + spread if is_western else _WIDE_GAP * size):
            return ""
    return " " * min(round(gap / width), _MOST_BLANKS) if is_sure and gap > 2.5 * width else " "


def _is_western(text: str) -> bool:
    """Letters, digits and signs that are set close together within a word."""
    return text < "\u0250"


def is_wide(text: str) -> bool:
    """Chinese characters and signs as wide as they, between which a line may end."""
    return text >= "\u2e80"


def _is_one_word(before: Run, after: Run) -> bool:
    gap = after.x0 - before.x1
    return not (is_wide(before.text) or is_wide(after.text)) and gap < _WORD_GAP * max(
        before.size, after.size
    )


def _head(chars: list[Run]) -> float:
    end = 1
    if not is_wide(chars[0].text):
        while end < len(chars) and _is_one_word(chars[end - 1], chars[end]):
            end += 1
    else:
        while end < len(chars) and chars[end - 1].text in OPENING:
            end += 1
    while end < len(chars) and (chars[end].text in CLOSING or chars[end - 1].text == "/"):
        # A unit is kept together: 元/户.
        end += 1
    if chars[end - 1].text in "）)":
        # A number sticks to the bracket before it.
        while end < len(chars) and not is_wide(chars[end].text):
            end += 1
    return chars[end - 1].x1 - chars[0].x0


def _tail(chars: list[Run]) -> float:
    start = len(chars) - 1
    while start > 0 and _is_one_word(chars[start - 1], chars[start]):
        start -= 1
    return chars[-1].x1 - chars[start].x0
