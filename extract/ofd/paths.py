"""The outlines of an OFD path, from the letters and numbers of its ``AbbreviatedData``."""

from __future__ import annotations

import re
from typing import NamedTuple

from extract.pdf.drawing import Matrix, Point, moved

# "M 0 0 L 10 0 C", also written "M0 0L10 0C": a letter and its numbers, which may have an exponent
_COMMAND = re.compile(r"(?P<letter>[SMLQBACsmlqbac])(?P<numbers>[^A-DF-Za-df-z]{0,400})")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: how many numbers follow each letter; the last two are where the pen then is
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}


class Shape(NamedTuple):
    """All points that a path goes to, and the straight lines of points among them.

    A curve counts as a jump, which parts the straight sides around it.
    """

    points: list[Point]
    outlines: list[list[Point]]


def trace(data: str, matrix: Matrix, most: int) -> Shape:
    """What a path draws, up to the first point beyond ``most``. What cannot be read of it ends it there."""
    points: list[Point] = []
    outlines: list[list[Point]] = []
    outline: list[Point] = []
    first: Point | None = None
    for command in _COMMAND.finditer(data):
        letter = command["letter"].upper()
        if letter == "C" and first is not None:
            # Whatever is drawn next starts where the outline did.
            outline.append(first)
            outlines.append(outline)
            outline = [first]
            continue
        count = _OPERANDS.get(letter, 0)
        given = _NUMBER.findall(command["numbers"])
        if not count or len(given) < count or len(points) > most:
            break
        point = moved(matrix, float(given[count - 2]), float(given[count - 1]))
        points.append(point)
        if letter == "L":
            outline.append(point)
            continue
        outlines.append(outline)
        outline = [point]
        if letter in "SM":
            first = point
    outlines.append(outline)
    return Shape(points, [one for one in outlines if len(one) > 1])
