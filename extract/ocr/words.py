"""Where the lines of text stand in an area of a picture: it is cut at its blank strips, across and down in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

#: characters of one line are no farther apart, in parts of the line's height; what is farther is read by itself
_WORD_GAP = 1.6
#: strokes of one character leave blank strips between them: pieces are put together up to this height, in parts
#: of the page's common line height
_ONE_LINE = 1.2
#: a piece lower than this, in parts of that height, may be a stroke of the line above or below
_STROKE = 0.7
#: ink thinner than this, in points in both directions, is dirt
_DIRT = 0.5
_DEEPEST = 3


class Box(NamedTuple):
    """An area of a picture in pixels; right and bottom are just outside."""

    x0: int
    y0: int
    x1: int
    y1: int


def line_height(ink: Picture, boxes: list[Box], scale: float) -> float:
    """The common height of a line in pixels: that of the higher ones among the strips with ink."""
    heights = [
        end - start
        for box in boxes
        for start, end in strips_of(_cut(ink, box).any(axis=1))
        if end - start > 4 * scale
    ]
    return float(np.percentile(heights, 60)) if heights else 10.0 * scale


def find_lines(ink: Picture, box: Box, height: float, depth: int = 0) -> Iterator[Box]:
    """The lines in an area, from the top down and from left to right; ``height`` is what lines have in common."""
    area = _cut(ink, box)
    for top, bottom in _together(strips_of(area.any(axis=1)), height):
        band = area[top:bottom]
        gap = _WORD_GAP * min(max(bottom - top, height), 2 * height)
        pieces = list(_near(strips_of(band.any(axis=0)), gap))
        for left, right in pieces:
            part = Box(box.x0 + left, box.y0 + top, box.x0 + right, box.y0 + bottom)
            if len(pieces) > 1 and depth < _DEEPEST and bottom - top > _ONE_LINE * height:
                yield from find_lines(ink, part, height, depth + 1)
            else:
                yield _tight(ink, part)


def without_dirt(ink: Picture, scale: float) -> Picture:
    """Ink without specks, which are smaller than a decimal point."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(_DIRT * scale, 2.0)
    keep = (np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= least) & (
        stats[:, cv2.CC_STAT_AREA] >= least * least
    )
    keep[0] = False
    return np.asarray(np.where(keep[labels], 255, 0), np.uint8) if count > 1 else ink


def _cut(ink: Picture, box: Box) -> Mask:
    return ink[box.y0 : box.y1, box.x0 : box.x1] > 0


def _tight(ink: Picture, box: Box) -> Box:
    """The box without blank rows above and below."""
    rows = np.flatnonzero(_cut(ink, box).any(axis=1))
    return box._replace(y0=box.y0 + int(rows[0]), y1=box.y0 + int(rows[-1]) + 1) if len(rows) else box


def strips_of(has_ink: Any) -> list[tuple[int, int]]:
    """Where ink begins and ends along an axis."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], has_ink.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _near(strips: list[tuple[int, int]], gap: float) -> Iterator[tuple[int, int]]:
    """Strips no farther apart than ``gap``, put together."""
    start, end = None, 0
    for first, last in strips:
        if start is not None and first - end > gap:
            yield start, end
            start = None
        if start is None:
            start = first
        end = last
    if start is not None:
        yield start, end


def _together(strips: list[tuple[int, int]], height: float) -> list[tuple[int, int]]:
    """Strips across, with the strokes of one line put together."""
    lines: list[tuple[int, int]] = []
    for start, end in strips:
        if lines:
            first, last = lines[-1]
            is_stroke = min(last - first, end - start) < _STROKE * height
            if is_stroke and end - first <= _ONE_LINE * height:
                lines[-1] = (first, end)
                continue
        lines.append((start, end))
    return lines
