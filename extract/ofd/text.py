"""The characters of an OFD text object: where each stands, by the steps that the file says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from lxml.etree import _Element

from extract.ofd.parts import child, children, matrix, number
from extract.pdf.drawing import Matrix, Point, moved, product
from extract.pdf.frame import BLANKS, Mark

#: the size of text that has none, in millimetres
_USUAL_SIZE = 3.7
#: how wide characters usually are, in parts of the type size: the broad ones, capitals, other Latin ones, all others
_BROAD, _CAPITAL, _LATIN, _FULL = 0.83, 0.67, 0.5, 1.0
_BROAD_LETTERS = frozenset("@%&MWmw")
#: a step so much longer than a character is wide leaves a gap; one so short is none: it is drawn over the last one
_LOOSE, _OVER = 1.25, 0.3
#: what is farther away, or larger, is on no page; sums of such numbers may be none
_FARTHEST = 1e9
#: text that leans by less is level: matrices are rounded
_LEVEL = 0.001
#: which way text goes on where no steps are given
_DIRECTIONS: dict[float, Point] = {90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
#: of a list
_PIECE = re.compile(r"[^\s,]+")
#: in these a pretty-printed file wraps its text
_WRAPPING = "\r\n\t"


class Hand(NamedTuple):
    """How a text object is written: in points its type size and the width of a full character, and its lean."""

    number: int
    placed: Matrix
    size: float
    full: float
    lean: float


def read_marks(thing: _Element, plane: Matrix, number_of: int) -> list[Mark]:
    """The runs of a text object, which all carry ``number_of``; ``plane`` leads from its place to the page."""
    placed = product(matrix(thing.get("CTM")), plane)
    # A library that many use to write OFD spells it small.
    size = abs(number(thing.get("Size", thing.get("size")), 0.0)) or _USUAL_SIZE
    spread = size * (abs(number(thing.get("HScale"), 1.0)) or 1.0)
    lean = math.radians(number(thing.get("CharDirection"), 0.0)) - math.atan2(placed[1], placed[0])
    lean = 0.0 if abs(lean) < _LEVEL else lean
    across, down = math.hypot(placed[0], placed[1]), math.hypot(placed[2], placed[3])
    if not sum(map(abs, placed), size * down + spread * across) <= _FARTHEST:
        return []
    hand = Hand(number_of, placed, size * down, spread * across, lean)
    direction = _DIRECTIONS.get(number(thing.get("ReadDirection"), 0.0), (1.0, 0.0))
    marks: list[Mark] = []
    x = y = 0.0
    for code in children(thing, "TextCode"):
        # Where one begins is said once for all that begin there.
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        text = (code.text or "").strip(_WRAPPING)
        if text:
            marks += _runs(text, _places(code, text, (x, y), spread, direction), hand)
    return [mark for mark in marks if abs(mark.starts[0]) <= _FARTHEST and abs(mark.y) <= _FARTHEST]


def count_glyphs(thing: _Element) -> int:
    """How many characters a text object has that stand in the file only as numbers of a font's drawings."""
    changes = list(children(thing, "CGTransform"))
    if not changes or any((code.text or "").strip() for code in children(thing, "TextCode")):
        return 0
    glyphs = (child(change, "Glyphs") for change in changes)
    return sum(1 for found in glyphs if found is not None for _ in _PIECE.finditer(found.text or ""))


def _places(code: _Element, text: str, start: Point, spread: float, direction: Point) -> list[Point]:
    """Where each character begins, in the object's own plane."""
    more = len(text) - 1
    if not more:
        return [start]
    across, down = steps(code.get("DeltaX"), more), steps(code.get("DeltaY"), more)
    if not across and not down:
        widths = [usual_width(sign) * spread for sign in text[:-1]]
        across, down = ([way * width for width in widths] for way in direction)
    xs = accumulate(across or [0.0] * more, initial=start[0])
    ys = accumulate(down or [0.0] * more, initial=start[1])
    return list(zip(xs, ys, strict=True))


def steps(text: str | None, count: int) -> list[float]:
    """The ``count`` steps of a list, in which ``g 3 1.5`` stands for three of 1.5; none where the list is empty.

    >>> steps("g 3 1.5 4", 6)
    [1.5, 1.5, 1.5, 4.0, 4.0, 4.0]
    """
    found: list[float] = []
    # One by one: the list may be far longer than the text.
    pieces = (piece[0] for piece in _PIECE.finditer(text or ""))
    for piece in pieces:
        if len(found) >= count:
            break
        times = 1.0
        if piece in "gG":
            times, piece = number(next(pieces, ""), 0.0), next(pieces, "")
        # What stands there is anyone's number: no more than are wanted are made of it.
        found += [number(piece, 0.0)] * int(max(0.0, min(times, count - len(found))))
    if found and len(found) < count:
        # Some programs leave out the end of a list.
        found += [found[-1]] * (count - len(found))
    return found


def usual_width(sign: str) -> float:
    """How wide a character is in most fonts, in parts of its size."""
    if sign > "\x7f":
        return _FULL
    if sign in _BROAD_LETTERS:
        return _BROAD
    return _CAPITAL if "A" <= sign <= "Z" else _LATIN


def _runs(text: str, places: list[Point], hand: Hand) -> Iterator[Mark]:
    origins = [moved(hand.placed, x, y) for x, y in places]
    usual = [usual_width(sign) * hand.full for sign in text]
    if hand.lean:
        for sign, (x, y), width in zip(text, origins, usual, strict=True):
            yield _leaning(sign, x, y, width, hand)
        return
    gaps = [after[0] - before[0] for before, after in pairwise(origins)]
    widths = [
        step if _OVER * width < step <= _LOOSE * width else width
        for step, width in zip(gaps, usual, strict=False)
    ]
    widths.append(usual[-1])
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and _is_beside(text, at, origins, widths):
            continue
        (_, y), end = origins[start], origins[at - 1][0] + widths[at - 1]
        starts = tuple([x for x, _ in origins[start:at]])
        yield Mark(hand.number, text[start:at], starts, y, end, hand.size, hand.size, 0.0)
        start = at


def _is_beside(text: str, at: int, origins: list[Point], widths: list[float]) -> bool:
    """Whether a character goes on with the run before it; a blank is a run of its own."""
    (x, y), (next_x, next_y) = origins[at - 1], origins[at]
    return (
        text[at - 1] not in BLANKS
        and text[at] not in BLANKS
        and next_x - x == widths[at - 1]
        and abs(next_y - y) < 0.01
    )


def _leaning(sign: str, x: float, y: float, width: float, hand: Hand) -> Mark:
    """A character that leans; ``height`` is that of the box that holds it, as in a PDF."""
    lies = round(hand.lean / (math.pi / 2)) % 2 == 1
    width, height = (hand.size, width) if lies else (width, hand.size)
    return Mark(hand.number, sign, (x,), y, x + width, height, hand.size, hand.lean)
