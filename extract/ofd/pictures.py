"""The pictures that a page of an OFD shows, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from extract.pdf.drawing import Matrix, Rule


class Placed(NamedTuple):
    """A picture: the number that it is called by, where its corners come to lie, and the part of the page it shows on.

    ``plane`` leads from a square of one by one, whose upper left corner is the origin, to the page in points, upwards.
    """

    number: str
    plane: Matrix
    shown: Rule


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as far as it is made of pictures, from the lowest up; ``width`` and ``height`` are in points."""

    width: float
    height: float
    pictures: tuple[Placed, ...]
