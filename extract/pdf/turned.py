"""Text that does not read from left to right: turned labels, and labels written from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.pdf.frame import Char


def upright(chars: list[Char]) -> list[Char]:
    """The characters as if the area were turned so that its text reads from left to right.

    In a cell written from top to bottom Chinese stands upright and digits lie on their side: there each
    character is one step further down its column, and the columns follow from right to left.
    """
    if not any(char[6] for char in chars) and _begins_level(chars):
        return chars
    inked = [char for char in chars if char.text != " "]
    turned = [char for char in inked if char.turn]
    if not turned:
        return _from_columns(chars) if _runs_down(inked) else chars
    if len(turned) == len(inked) and len({char.turn for char in turned}) == 1:
        return [_turned(char) for char in chars]
    if any(char.turn != 1 for char in turned):
        # Text both ways in one area: what is turned is a remark, a seal or dirt across it.
        upright = [char for char in chars if not char.turn]
        return upright if 2 * len(turned) < len(inked) else [_turned(char) for char in turned]
    return _from_columns(chars) if _runs_down(inked) else [char for char in chars if not char.turn]


def _begins_level(chars: Sequence[Char]) -> bool:
    """Whether the first two characters stand side by side, as those of text written downwards never do."""
    return len(chars) < 2 or abs(chars[0].y1 - chars[1].y1) < 0.25 * chars[0].size


def _runs_down(chars: Sequence[Char]) -> bool:
    """Whether the characters, in the file's order, follow one below the other, in more than one column."""
    if len(chars) < 4:
        return False
    left = min(char.x0 for char in chars)
    right = max(char.x1 for char in chars)
    if right - left < 1.5 * chars[0].size and not any(char.turn for char in chars):
        return False
    steps = list(pairwise(chars))
    down = sum(
        abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 0.6 * a.size and b.y0 - a.y0 > 0.25 * a.size for a, b in steps
    )
    return down > 0.6 * len(steps)


def _from_columns(chars: Sequence[Char]) -> list[Char]:
    """Text written from top to bottom, turned so that it reads from left to right."""
    return [
        Char(c.text, c.y0, (-c.x0 - c.x1 - c.size) / 2, c.y1, (-c.x0 - c.x1 + c.size) / 2, c.size)
        for c in chars
    ]


def _turned(char: Char) -> Char:
    if char.turn == 1:
        return Char(char.text, char.y0, -char.x1, char.y1, -char.x0, char.size)
    if char.turn == 3:
        return Char(char.text, -char.y1, char.x0, -char.y0, char.x1, char.size)
    return Char(char.text, -char.x1, -char.y1, -char.x0, -char.y0, char.size)
