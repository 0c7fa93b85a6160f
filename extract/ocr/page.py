"""A picture of a page as a `Page`: its ruling lines, and its text recognized cell by cell.

The grid comes first: what stands in a cell is read by itself, so that no text reaches into the next one, and no
network has to look for it. What stands outside the grids is cut at its blank strips.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.ocr.clean import Clean
from extract.ocr.engine import Sign, reader
from extract.ocr.lone import read_lone_signs
from extract.ocr.rulings import find_rules
from extract.ocr.words import Box, find_lines, line_height, strips_of, without_dirt
from extract.pdf.drawing import Rule
from extract.pdf.flow import Piece
from extract.pdf.frame import BELOW, Run
from extract.pdf.lattice import Lattice, find_lattices
from extract.pdf.page import Page
from extract.pdf.text import is_wide

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: how far ruling lines reach into their cells, in points
_RULED = 1.3
#: how much lower than its type size a line's ink is: Chinese characters, and digits
_WIDE_INK, _FLAT_INK = 0.92, 0.72
#: and how much room a character has on either side of its ink
_BEARING = 0.045
#: sizes that differ by less are one size: what is measured in pixels is never exact
_SAME_SIZE = 0.3
#: what is blank around a line in the picture that is read, and how high it is at least, in parts of the line height
_MARGIN, _LEAST = 0.16, 1.2
#: a level stroke all by itself is a dash, which 一 looks like; three dots and more are dots, however many were counted.
#: Both are lower than this part of a line; a stroke is so much longer than high, a dot no wider than that part
_MARK_HEIGHT, _DASH, _DOT, _FEWEST_DOTS = 0.35, 2.0, 0.3, 3
#: a blank between words is so wide at least, in parts of the line height
_BLANK = 0.45
#: ink is darker than the paper around it by so much, of 255
_LEAST_DARK = 18
#: paper has a grain where half of it differs from its surroundings by more than so much, of 255; and how far these
#: reach, in points
_GRAIN, _SMOOTH = 4, 0.4
#: a line that is covered by a seal in more than this part of its box is doubtful: what shows through ink may have lost
#: a point or gained a stroke. So is a word beside others on a page without ruling lines: which column it belongs to is
#: a guess. Both look as sure as ever, and are no surer than the second
_SEALED, _DOUBTFUL = 0.02, 0.5


@dataclass(frozen=True, slots=True)
class Sight:
    """A page that was read from a picture, its lines of text, and how surely they run as they were read.

    ``confidence`` is that, from 0 to 1.
    """

    page: Page
    pieces: tuple[Piece, ...]
    confidence: float


class _Line(NamedTuple):
    """``gaps`` are where its wide gaps begin and end, in pixels."""

    box: Box
    signs: Sequence[Sign]
    gaps: Sequence[tuple[int, int]]
    is_doubtful: bool

    @property
    def is_wide(self) -> bool:
        return any(is_wide(sign.text) for sign in self.signs)


def read_straight(clean: Clean, scale: float, number: int) -> Sight:
    """Read a level, upright page; ``scale`` is pixels a point. Raises ReadError where it has too many lines."""
    grey = clean.grey
    ink = find_ink(grey, scale)
    rules = find_rules(ink, scale)
    lattices = find_lattices(rules)
    cells = [box for lattice in lattices for box in _cells(lattice, scale)]
    text = without_dirt(_without_rules(ink, lattices, scale), scale)
    outside = text.copy()
    for lattice in lattices:
        left, top, right, bottom = _pixels(lattice.box, scale)
        outside[top:bottom, left:right] = 0
    whole = Box(0, 0, grey.shape[1], grey.shape[0])
    height = line_height(text, cells or [whole], scale)
    boxes = [line for box in cells for line in find_lines(text, box, height)]
    boxes += find_lines(outside, whole, height)
    crops = [_crop(grey, box, height) for box in boxes]
    found = read_lone_signs(reader(), crops, reader().read(crops))
    lines = [
        _Line(
            box,
            _as_mark(text, box, height, signs),
            _gaps(text, box, height),
            _is_sealed(clean.seals, box) or (not lattices and _is_beside(box, boxes)),
        )
        for box, signs in zip(boxes, found, strict=True)
        if signs
    ]
    return _sight(lines, rules, grey, scale, number)


def find_ink(grey: Picture, scale: float) -> Picture:
    """What is darker than the paper around it: 255 for ink, 0 for paper.

    Paper with a grain, as that of a camera or with the stripes of a screen, is smoothed before.
    """
    around = int(14 * scale) | 1
    smooth = cv2.GaussianBlur(grey, (0, 0), _SMOOTH * scale)
    if float(np.median(cv2.absdiff(grey, smooth))) > _GRAIN:
        grey = np.asarray(smooth, np.uint8)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, _LEAST_DARK
    )
    return np.asarray(ink, np.uint8)


def _cells(lattice: Lattice, scale: float) -> Iterator[Box]:
    for cell in lattice.cells:
        corners = lattice.xs[cell.left], lattice.ys[cell.top], lattice.xs[cell.right], lattice.ys[cell.bottom]
        box = _pixels(corners, scale)
        if box.x1 - box.x0 > 2 and box.y1 - box.y0 > 2:
            yield box


def _pixels(box: Sequence[float], scale: float) -> Box:
    left, top, right, bottom = (round(side * scale) for side in box)
    return Box(max(left, 0), max(top, 0), right, bottom)


def _without_rules(ink: Picture, lattices: Iterable[Lattice], scale: float) -> Picture:
    """Ink without the sides of the cells."""
    text, thick = ink.copy(), max(round(_RULED * scale), 2)
    for lattice in lattices:
        for cell in _cells(lattice, scale):
            cv2.rectangle(text, (cell.x0, cell.y0), (cell.x1, cell.y1), 0, 2 * thick - 1)
    return text


def _crop(grey: Picture, box: Box, height: float) -> Picture:
    """The picture of a line, with some of the paper around it."""
    margin = max(round(_MARGIN * height), 1)
    more = max(round((_LEAST * height - (box.y1 - box.y0)) / 2), margin)
    top, bottom = max(box.y0 - more, 0), min(box.y1 + more, grey.shape[0])
    left, right = max(box.x0 - 2 * margin, 0), min(box.x1 + 2 * margin, grey.shape[1])
    return grey[top:bottom, left:right]


def _as_mark(ink: Picture, box: Box, height: float, signs: list[Sign]) -> list[Sign]:
    """The signs; where they are but a level stroke or a row of dots, as the mark that this is.

    So low and far from any line, the network sees letters in them.
    """
    if box.y1 - box.y0 > _MARK_HEIGHT * height:
        return signs
    strips = strips_of(ink[box.y0 : box.y1, box.x0 : box.x1].any(axis=0))
    widest = max(end - start for start, end in strips) if strips else 0
    if len(strips) == 1 and widest > _DASH * (box.y1 - box.y0):
        return [Sign("—", 0.99, 0.5)]
    if len(strips) >= _FEWEST_DOTS and widest < _DOT * height:
        return [Sign("…", 0.99, 0.3), Sign("…", 0.99, 0.7)]
    return signs


def _gaps(ink: Picture, box: Box, height: float) -> list[tuple[int, int]]:
    """Where a line is blank for the width of a blank and more; characters that are set apart all alike have none."""
    strips = strips_of(ink[box.y0 : box.y1, box.x0 : box.x1].any(axis=0))
    gaps = [(box.x0 + a, box.x0 + b) for (_, a), (b, _) in pairwise(strips)]
    usual = float(np.median([b - a for a, b in gaps] or [0]))
    return [(a, b) for a, b in gaps if b - a > max(_BLANK * height, 2 * usual)]


def _sight(lines: Sequence[_Line], rules: Sequence[Rule], grey: Picture, scale: float, number: int) -> Sight:
    sizes = [_size(line, scale) for line in lines]
    common = float(
        np.median([size for size, line in zip(sizes, lines, strict=True) if line.is_wide] or [10.0])
    )
    runs: list[Run] = []
    pieces: list[Piece] = []
    for line, size in zip(lines, sizes, strict=True):
        if abs(size - common) < _SAME_SIZE * common or not line.is_wide:
            size = common
        runs += _runs(line, size, scale)
        middle = (line.box.x0 + line.box.x1) / 2 / scale, (line.box.y0 + line.box.y1) / 2 / scale
        pieces.append(Piece(*middle, _confidence(line)))
    signs = sum(len(line.signs) for line in lines)
    # a single character may be sure in any direction: it takes two to stand side by side
    sure = sum(sign.confidence for line in lines if len(line.signs) > 1 for sign in line.signs)
    extent = grey.shape[1] / scale, grey.shape[0] / scale
    page = page_of(number, extent, tuple(runs), tuple(rules), signs)
    return Sight(page, tuple(pieces), sure / max(signs, 1))


def page_of(
    number: int, size: tuple[float, float], runs: tuple[Run, ...], rules: tuple[Rule, ...], signs: int
) -> Page:
    """A page that is a picture, of so many recognized ``signs``; ``size`` is its width and height in points."""
    return Page(number, *size, runs, rules, (), (), 1.0, signs, 0.0, False, signs + len(rules))


def _is_sealed(seals: Picture, box: Box) -> bool:
    return bool((seals[box.y0 : box.y1, box.x0 : box.x1] > 0).mean() > _SEALED)


def _is_beside(box: Box, boxes: Iterable[Box]) -> bool:
    """Whether another line stands on the left or on the right."""
    middle = (box.y0 + box.y1) / 2
    return any(other.y0 < middle < other.y1 and other != box for other in boxes)


def _confidence(line: _Line) -> Decimal:
    """That of the least sure sign that is no blank, to a hundredth: more digits would say more than is known."""
    least = min((sign.confidence for sign in line.signs if not sign.text.isspace()), default=1.0)
    least = min(least, _DOUBTFUL) if line.is_doubtful else least
    return Decimal(min(int(least * 100), 100)).scaleb(-2)


def _size(line: _Line, scale: float) -> float:
    return (line.box.y1 - line.box.y0) / scale / (_WIDE_INK if line.is_wide else _FLAT_INK)


def _runs(line: _Line, size: float, scale: float) -> Iterator[Run]:
    """The words of a line. Digits stand on the baseline, Chinese characters reach a little below it."""
    x0, x1 = line.box.x0 / scale - _BEARING * size, line.box.x1 / scale + _BEARING * size
    base = line.box.y1 / scale - (0.08 * size if line.is_wide else 0.0)
    if line.box.y1 - line.box.y0 < 0.45 * size * scale:
        base = (line.box.y0 + line.box.y1) / 2 / scale + 0.35 * size  # dashes and dots hang in the middle
    signs = [sign for sign in line.signs if not sign.text.isspace()]
    middles = [x0 + sign.middle * (x1 - x0) for sign in signs]
    starts = [x0, *((a + b) / 2 for a, b in pairwise(middles)), x1]
    top, bottom = base - (1 - BELOW) * size, base + BELOW * size
    first = 0
    for at in range(1, len(signs) + 1):
        gap = _gap_between(line, signs, middles, at, scale)
        if at < len(signs) and gap is None:
            continue
        text, end = "".join(sign.text for sign in signs[first:at]), starts[at] if gap is None else gap[0]
        yield Run(text, starts[first], top, end, bottom, size, tuple(starts[first:at]))
        if gap is not None:
            yield Run(" ", gap[0], top, gap[1], bottom, size, (gap[0],))
            starts[at] = gap[1]
        first = at


def _gap_between(
    line: _Line, signs: Sequence[Sign], middles: Sequence[float], at: int, scale: float
) -> tuple[float, float] | None:
    """The gap before a sign, in points; none beside a sign of punctuation, which has room around it."""
    if at >= len(signs) or not (signs[at - 1].text.isalnum() and signs[at].text.isalnum()):
        return None
    for start, end in line.gaps:
        if middles[at - 1] < (start + end) / 2 / scale < middles[at]:
            return start / scale, end / scale
    return None
