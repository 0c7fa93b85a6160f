"""Rows of aligned text whose cells were wrapped: lines that only go on with the cells above them are no rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from extract.text.tables import TableCell, WidthRule, display_columns

#: a narrower column, in Chinese letters, holds labels of two letters and numbers
_NARROWEST = 3
#: fewer lines, and a smaller part of all, may only look as if they went on
_FEWEST_WRAPPED, _LEAST_WRAPPED = 3, 0.1

Row = Sequence[TableCell | None]
Span = tuple[int, int]
"""The columns of a cell: the first, and the one behind the last."""

# 412.6   2,268.5   ≥95%
_NUMBER = re.compile(r"[<>=≥≤＜＞＝]{0,2}[0-9][0-9.,]*[%％]?")
# what is left of a number that was cut: 0   0%   %
_REST = re.compile(r"[0-9]{0,2}[%％]?")
# a letter of Chinese is a word, other letters and digits make one
_WORD = re.compile(r"[0-9A-Za-z.,%％]+|.")


def join_wrapped(rows: Sequence[Row], rule: WidthRule) -> list[list[TableCell | None]] | None:
    """The rows, with each line that goes on with wrapped cells made part of the row above it.

    A line goes on if it has fewer texts, and each stands under one that fills its column, or under none. A number
    only goes on with one that was cut behind its point. None where many lines look wrapped, and of some nobody can
    tell which row they belong to.
    """
    rooms = _rooms(rows, rule)
    joined: list[list[TableCell | None]] = []
    above: Row = ()
    at = wrapped = unclear = 0
    for row in rows:
        number = next((cell.line for cell in row if cell is not None), at)
        is_next = number == at + 1 and bool(joined)
        rests, others = _sorted(row, joined[-1], above, rooms, rule) if is_next else (0, 1)
        is_rest = is_next and _looks_wrapped(row, above)
        wrapped += is_rest
        if rests and not others and len(_spans(row)) < len(_spans(joined[-1])):
            joined[-1] = _with_rest(joined[-1], row)
        else:
            joined.append(list(row))
            unclear += is_rest or rests > 0
        above, at = row, number
    is_wrapped = wrapped >= _FEWEST_WRAPPED and wrapped >= _LEAST_WRAPPED * len(rows)
    return None if is_wrapped and unclear else joined


def _looks_wrapped(row: Row, above: Row) -> bool:
    """Whether a line has only words, fewer than the line above, and each under one of its texts."""
    cells = _spans(row)
    return (
        len(cells) < len(_spans(above))
        and all(any(char.isalpha() for char in cell.text) for cell in cells)
        and not any(char.isdigit() for cell in cells for char in cell.text)
        and all(any(slot is not None for slot in above[start:stop]) for start, stop in cells.values())
    )


def _spans(row: Row) -> dict[TableCell, Span]:
    spans: dict[TableCell, Span] = {}
    for column, cell in enumerate(row):
        if cell is not None:
            spans[cell] = (spans.get(cell, (column, column))[0], column + 1)
    return spans


def _width(text: str, rule: WidthRule) -> int:
    return display_columns(text, rule)[-1]


def _rooms(rows: Sequence[Row], rule: WidthRule) -> dict[Span, int]:
    """How wide each column is: most texts of a wrapped one that are too long end where it does.

    Of the texts over several columns, those that begin in the same one are taken together.
    """
    widths: dict[Span, Counter[int]] = {}
    for row in rows:
        for cell, span in _spans(row).items():
            width = _width(cell.text, rule)
            if width >= _NARROWEST * rule.wide and not _NUMBER.fullmatch(cell.text):
                widths.setdefault(_place(span), Counter())[width] += 1
    return {place: max(counts, key=lambda width: (counts[width], width)) for place, counts in widths.items()}


def _place(span: Span) -> Span:
    """A column by itself, or whatever spans several from it on."""
    return span if span[1] == span[0] + 1 else (span[0], 0)


def _sorted(row: Row, joined: Row, above: Row, rooms: Mapping[Span, int], rule: WidthRule) -> tuple[int, int]:
    """How many cells of a line are the rest of one above, and how many stand under one without being its rest."""
    over = _spans(joined)
    rests = others = 0
    for cell, (start, stop) in _spans(row).items():
        covering = {one for one in joined[start:stop] if one is not None}
        lines = [
            above[column] for one in covering for column in range(*over[one]) if above[column] is not None
        ]
        room = max((rooms.get(_place(over[one]), 0) for one in covering), default=0)
        last = lines[0] if lines else None
        if len(covering) == 1 and last and _is_cut(last.text, cell.text, room, rule):
            rests += 1
        elif covering:
            others += 1
    return rests, others


def _is_cut(text: str, rest: str, room: int, rule: WidthRule) -> bool:
    """Whether the first word of ``rest`` had no room behind ``text``."""
    word = _WORD.match(rest)
    if word is None or room < _NARROWEST * rule.wide or _width(text, rule) + _width(word[0], rule) < room:
        return False
    if _NUMBER.match(rest):
        return "." in text and _NUMBER.fullmatch(text) is not None and _REST.fullmatch(rest) is not None
    return True


def _with_rest(above: Row, row: Row) -> list[TableCell | None]:
    """The row above with the texts of a line that goes on with it."""
    joined = list(above)
    for cell, (start, stop) in _spans(row).items():
        one = next((one for one in joined[start:stop] if one is not None), None)
        if one is None:
            joined[start:stop] = [cell] * (stop - start)
            continue
        whole = TableCell(one.text + cell.text, one.line)
        joined = [whole if slot is one else slot for slot in joined]
    return joined
