"""Where things stand: from the plane of a PDF file, which may be turned, to the page as it is read.

A file measures from the lower left corner; here everything is measured in points from the upper left corner of
the page as its text reads from left to right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from extract.pdf.drawing import Rule

#: a character's box reaches so far above and below its baseline, in parts of the type size
ABOVE, BELOW = 0.88, 0.12
#: text that leans by more is no text of a table: a watermark, or the rim of a seal
_MOST_LEAN = math.radians(4)
#: a page is read sideways where so much of its text runs that way
_MOST_OF_THE_TEXT = 0.85
#: a watermark is so much larger than the other text, and so pale (0 is black, 255 white)
_LARGE, _PALE = 1.8, 150

BLANKS = frozenset(" \t\u00a0\u2002\u2003\u3000")


class Run(NamedTuple):
    """Characters that follow one another on one baseline, without gap or blank; often one alone.

    Has its box, its type size, and by how many quarter turns clockwise it is turned: what is turned is always
    one character. ``starts`` is where each of the characters begins.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    starts: tuple[float, ...]
    turn: int = 0

    @property
    def base(self) -> float:
        """The baseline of upright characters."""
        return self.y1 - BELOW * self.size

    @property
    def middles(self) -> tuple[float, float]:
        """The middle of the first character and that of the last one, from left to right."""
        starts = self.starts
        if len(starts) == 1:
            middle = (self.x0 + self.x1) / 2
            return middle, middle
        return (self.x0 + starts[1]) / 2, (starts[-1] + self.x1) / 2

    def singles(self) -> list[Run]:
        """The characters one by one."""
        if len(self.text) == 1:
            return [self]
        ends = (*self.starts[1:], self.x1)
        return [
            Run(sign, start, self.y0, end, self.y1, self.size, (start,))
            for sign, start, end in zip(self.text, self.starts, ends, strict=True)
        ]


def singles(runs: Iterable[Run]) -> list[Run]:
    """The characters of several runs, one by one."""
    return [single for run in runs for single in run.singles()]


class Mark(NamedTuple):
    """A run as the file has it: x to the right, y upwards, lean clockwise. What leans is one character."""

    number: int
    text: str
    starts: tuple[float, ...]
    y: float
    end: float
    height: float
    size: float
    lean: float

    def singles(self) -> list[Mark]:
        """The characters one by one."""
        ends = (*self.starts[1:], self.end)
        return [
            self._replace(text=sign, starts=(start,), end=end)
            for sign, start, end in zip(self.text, self.starts, ends, strict=True)
        ]


def upright_turns(marks: Iterable[Mark], rotation: int = 0) -> int:
    """How many quarter turns clockwise bring a page's text upright; ``rotation`` where its text does not tell."""
    leans = [0, 0, 0, 0]
    for mark in marks:
        leans[round(mark.lean / (math.pi / 2)) % 4 if mark.lean else 0] += len(mark.text)
    often = max(leans)
    if often > 0 and often >= _MOST_OF_THE_TEXT * sum(leans):
        return -leans.index(often) % 4
    return rotation % 4


def without_watermark(marks: Sequence[Mark], is_mark_pale: Callable[[Mark], bool]) -> Sequence[Mark]:
    """The text without what is both large and pale."""
    if not marks:
        return marks
    sizes = sorted(mark.size for mark in marks)
    large = _LARGE * sizes[len(sizes) // 2]
    if sizes[-1] <= large:
        return marks
    return [mark for mark in marks if mark.size <= large or not is_mark_pale(mark)]


def is_pale(red: float, green: float, blue: float, opacity: float) -> bool:
    """Whether a colour is as pale as that of a watermark; all parts go from 0 to 255.

    Half transparent black looks grey; the darkest part decides, so that a red seal is not pale.
    """
    return 255 - (255 - (red * 0.3 + green * 0.6 + blue * 0.1)) * opacity / 255 > _PALE


class Frame(NamedTuple):
    """The part of the file's plane that the page shows, and by how many quarter turns it is turned."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def extent(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file's plane as it is seen on the upright page."""
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def unplace(self, x: float, y: float) -> tuple[float, float]:
        """The point of the file's plane that is seen at a point of the upright page: `place` the other way round."""
        if self.turns == 1:
            return y + self.left, x + self.bottom
        if self.turns == 2:
            return self.right - x, y + self.bottom
        if self.turns == 3:
            return self.right - y, self.top - x
        return x + self.left, self.top - y

    def place_rules(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Boxes as they are seen on the upright page; those that lie outside it are left out."""
        width, height = self.extent()
        placed = []
        for rule in rules:
            x0, y0 = self.place(rule.x0, rule.y0)
            x1, y1 = self.place(rule.x1, rule.y1)
            box = Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            # A comparison with what is no number is false: such boxes go as well.
            if box.x1 >= 0 and box.y1 >= 0 and box.x0 <= width and box.y0 <= height:
                placed.append(box)
        return tuple(placed)

    def place_runs(self, marks: Iterable[Mark]) -> tuple[Run, ...]:
        """Text on the upright page, without what leans or lies outside."""
        left, _, _, top, turns = self
        width, height = self.extent()
        placed: list[Run] = []
        for mark in marks:
            _, text, starts, base, end, _, size, lean = mark
            x0, x1, y = starts[0] - left, end - left, top - base
            if not turns and not lean and x0 >= 0 and x1 <= width and 0 <= y <= height:
                starts = tuple([start - left for start in starts]) if left else starts
                placed.append(Run(text, x0, y - ABOVE * size, x1, y + BELOW * size, size, starts))
            else:
                placed += filter(None, map(self._place_single, mark.singles()))
        return tuple(placed)

    def _place_single(self, mark: Mark) -> Run | None:
        """A character on the upright page, if it is there and does not lean."""
        width, height = self.extent()
        x, y = self.place(mark.starts[0], mark.y)
        turned = mark.lean + self.turns * math.pi / 2
        turn = round(turned / (math.pi / 2))
        leans = abs(turned - turn * math.pi / 2) > _MOST_LEAN
        if leans or not (0 <= x <= width and 0 <= y <= height):
            return None
        size, above, below = mark.size, ABOVE * mark.size, BELOW * mark.size
        advance = mark.height if (turn - self.turns) % 2 else mark.end - mark.starts[0]
        if turn % 4 == 0:
            return Run(mark.text, x, y - above, x + advance, y + below, size, (x,))
        if turn % 4 == 1:
            return Run(mark.text, x - below, y, x + above, y + advance, size, (x,), 1)
        if turn % 4 == 2:
            return Run(mark.text, x - advance, y - below, x, y + above, size, (x,), 2)
        return Run(mark.text, x - above, y - advance, x + below, y, size, (x,), 3)
