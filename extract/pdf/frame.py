"""Where things stand: from the plane of a PDF file, which may be turned, to the page as it is read.

A file measures from the lower left corner; here everything is measured in points from the upper left corner of
the page as its text reads from left to right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from extract.pdf.drawing import Rule

#: a character's box reaches so far above and below its baseline, in parts of the type size
ABOVE, BELOW = 0.88, 0.12
#: text that leans by more is no text of a table: a watermark, or the rim of a seal
_MOST_LEAN = math.radians(4)


class Char(NamedTuple):
    """A character: its box, its type size, and how many quarter turns clockwise it is turned."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    turn: int = 0

    @property
    def base(self) -> float:
        """The baseline of an upright character."""
        return self.y1 - BELOW * self.size


class Mark(NamedTuple):
    """A character as the file has it: x to the right, y upwards, lean clockwise."""

    number: int
    text: str
    x: float
    y: float
    width: float
    height: float
    size: float
    lean: float


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

    def place_chars(self, marks: Iterable[Mark]) -> tuple[Char, ...]:
        """Characters on the upright page, without those that lean or lie outside."""
        width, height = self.extent()
        placed: list[Char] = []
        is_upright = self.turns == 0
        for mark in marks:
            x, y = (mark.x - self.left, self.top - mark.y) if is_upright else self.place(mark.x, mark.y)
            if not (0 <= x <= width and 0 <= y <= height):
                continue
            turn, size = 0, mark.size
            if mark.lean or self.turns:
                turned = mark.lean + self.turns * math.pi / 2
                turn = round(turned / (math.pi / 2))
                if abs(turned - turn * math.pi / 2) > _MOST_LEAN:
                    continue
                turn %= 4
            if turn == 0:
                advance = mark.height if self.turns % 2 else mark.width
                placed.append(Char(mark.text, x, y - ABOVE * size, x + advance, y + BELOW * size, size))
            else:
                advance = mark.width if (turn - self.turns) % 2 == 0 else mark.height
                placed.append(_turned(mark.text, x, y, advance, size, turn))
        return tuple(placed)


def _turned(text: str, x: float, y: float, advance: float, size: float, turn: int) -> Char:
    """The box of a character that lies on its side or on its head."""
    above, below = ABOVE * size, BELOW * size
    if turn == 1:
        return Char(text, x - below, y, x + above, y + advance, size, turn)
    if turn == 2:
        return Char(text, x - advance, y - below, x, y + above, size, turn)
    return Char(text, x - above, y - advance, x + below, y, size, turn)
