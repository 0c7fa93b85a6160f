"""Text that does not read from left to right: turned labels, and labels written from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.pdf.frame import Run, singles


def upright(runs: list[Run]) -> list[Run]:
    """The text as if the area were turned so that its text reads from left to right.

    In a cell written from top to bottom Chinese stands upright and digits lie on their side: there each
    character is one step further down its column, and the columns follow from right to left.
    """
    if _begins_level(runs) and not any(run.turn for run in runs):
        return runs
    chars = singles(runs)
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


def _begins_level(runs: Sequence[Run]) -> bool:
    """Whether the first two characters stand side by side, as those of text written downwards never do."""
    first = runs[0]
    return len(first.text) > 1 or len(runs) == 1 or abs(first.y1 - runs[1].y1) < 0.25 * first.size


def _runs_down(chars: Sequence[Run]) -> bool:
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


def _from_columns(chars: Sequence[Run]) -> list[Run]:
    """Text written from top to bottom, turned so that it reads from left to right."""
    return [_single(c, c.y0, (-c.x0 - c.x1 - c.size) / 2, c.y1, (-c.x0 - c.x1 + c.size) / 2) for c in chars]


def _turned(char: Run) -> Run:
    if char.turn == 1:
        return _single(char, char.y0, -char.x1, char.y1, -char.x0)
    if char.turn == 3:
        return _single(char, -char.y1, char.x0, -char.y0, char.x1)
    return _single(char, -char.x1, -char.y1, -char.x0, -char.y0)


def _single(char: Run, x0: float, y0: float, x1: float, y1: float) -> Run:
    return Run(char.text, x0, y0, x1, y1, char.size, (x0,))
