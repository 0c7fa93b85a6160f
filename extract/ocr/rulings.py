"""The ruling lines of a picture, found by what is left when only long strokes are kept."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extract.pdf.drawing import Rule

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: a ruling line is at least so long across and down: longer than a stroke of a character of common size, and no
#: longer than a cell is wide and a row is high
_SHORTEST = (17.0, 10.0)
#: lines that touch make a table only where they reach so far: strokes of a title's large characters do not
_LEAST_TABLE = 60.0
#: what is left of a line that leans, in each row of pixels
_SHORTEST_LEANING = 8.0
#: and at most so thick
_THICKEST = 3.0
#: gaps up to this are closed: print that is worn, scans that are pale
_GAP = 1.0
#: and gaps up to this across and down between pieces so long as no stroke in a table is, as where a seal lay on the
#: line: no column is so narrow, and no row so low
_BRIDGE, _LONG = (12.0, 7.0), 17.0
#: the piece of a worn line is at least so long, and so near to the next one. On the left and right, text keeps farther
#: from a line's end; above and below, it does not, but touches no line across, as the last piece down does
_PIECE, _PIECE_GAP = 7.0, 3.5


def find_rules(ink: Picture, scale: float) -> list[Rule]:
    """The lines of a straight page in points.

    ``ink`` is 255 where the page is dark, ``scale`` pixels a point.
    """
    level = _strokes(ink, scale, 0, _SHORTEST[0])
    upright = _strokes(ink, scale, 1, _SHORTEST[1], level)
    tables = _tables(np.asarray(cv2.bitwise_or(level, upright), np.uint8), scale)
    level, upright = level & tables, upright & tables
    return [*_boxes(level, scale, 0), *_boxes(upright, scale, 1)]


def find_strokes(ink: Picture, scale: float) -> Picture:
    """The pixels of lines, also of such that lean by some degrees."""
    level, upright = (_strokes(ink, scale, axis, _SHORTEST_LEANING) for axis in (0, 1))
    return np.asarray(cv2.bitwise_or(level, upright), np.uint8)


def _strokes(
    ink: Picture, scale: float, axis: int, shortest: float, across: Picture | None = None
) -> Picture:
    """The pixels of lines that run across (``axis`` 0) or down (1); ``across`` are those that are known."""
    length, gap = max(int(shortest * scale), 5), max(int(_GAP * scale), 1)
    thick = max(int(_THICKEST * scale), 3)
    shape = (lambda size: (size, 1)) if axis == 0 else (lambda size: (1, size))
    # lines that are one pixel thick and lean a little step from row to row
    wide = cv2.dilate(ink, np.ones((3, 1) if axis == 0 else (1, 3), np.uint8))
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones(shape(gap)[::-1], np.uint8))
    kept = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape(length)[::-1], np.uint8))
    pieces = cv2.morphologyEx(
        closed, cv2.MORPH_OPEN, np.ones(shape(max(int(_PIECE * scale), 5))[::-1], np.uint8)
    )
    if axis == 1:
        touched = np.zeros_like(ink) if across is None else cv2.dilate(across, np.ones((5, 5), np.uint8))
        pieces = np.asarray(cv2.bitwise_or(_reaching(pieces, touched), kept), np.uint8)
    near = np.ones(shape(max(int(_PIECE_GAP * scale), 1))[::-1], np.uint8)
    kept = cv2.bitwise_or(kept, _reaching(cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, near), kept))
    # what is thick as well is an area, not a line
    areas = cv2.morphologyEx(kept, cv2.MORPH_OPEN, np.ones((thick + 3, thick + 3), np.uint8))
    lines = cv2.subtract(kept, areas)
    bridge, long = (max(int(size * scale), 1) for size in (_BRIDGE[axis], _LONG))
    whole = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(shape(long)[::-1], np.uint8))
    bridged = cv2.morphologyEx(whole, cv2.MORPH_CLOSE, np.ones(shape(bridge)[::-1], np.uint8))
    return np.asarray(cv2.bitwise_or(lines, bridged), np.uint8)


def _reaching(pieces: Any, others: Any) -> Picture:
    """The pieces that share a pixel with others."""
    count, labels = cv2.connectedComponents(pieces, connectivity=8)
    reaches = np.zeros(count, bool)
    reaches[labels[others > 0]] = True
    reaches[0] = False
    return np.asarray(np.where(reaches[labels], 255, 0), np.uint8)


def _tables(strokes: Picture, scale: float) -> Picture:
    """The strokes without such as touch too few others to make a table."""
    wide = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    keep = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _LEAST_TABLE * scale
    keep[0] = False
    return np.asarray(np.where(keep[labels], strokes, 0), np.uint8)


def _boxes(strokes: Picture, scale: float, axis: int) -> list[Rule]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    rules = []
    for x, y, width, height, area in stats[1:count].tolist():
        long = width if axis == 0 else height
        if long < _SHORTEST[axis] * scale:
            continue
        half = min(area / long, _THICKEST * scale) / 2 / scale / 2
        x0, y0, x1, y1 = x / scale, y / scale, (x + width) / scale, (y + height) / scale
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        rules.append(
            Rule(x0, middle_y - half, x1, middle_y + half)
            if axis == 0
            else Rule(middle_x - half, y0, middle_x + half, y1)
        )
    return rules
