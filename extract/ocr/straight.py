"""Pages made straight: level, and as seen from right above.

By how much a page leans is where its rows of ink and paper differ most; from where it was photographed, the frame of
its table shows.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extract.ocr.clean import Clean

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: degrees: pages lean by no more, and are levelled to this
_MOST, _STEP, _FINE = 6.0, 0.5, 0.05
#: a picture that is looked at is so wide at most
_WIDTH = 1000
#: a table that shows how a page lies is at least this part of it, and this part of its sides is drawn
_LEAST_TABLE, _DRAWN = 0.3, 0.85


def level(clean: Clean) -> Clean:
    """The page, turned by the few degrees that make it level."""
    angle = find_lean(clean.grey)
    return clean if abs(angle) < _FINE / 2 else Clean(*(turned(picture, angle) for picture in clean))


def turned(picture: Picture, degrees: float) -> Picture:
    """A picture turned anticlockwise; what comes in at the corners is paper."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = float(np.percentile(picture, 80))
    result = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper, paper, paper)
    )
    return np.asarray(result, np.uint8)


def find_lean(grey: Picture) -> float:
    """By how many degrees clockwise the page is turned, between -6 and 6."""
    small = _small(grey)
    around = cv2.blur(small, (31, 31))
    ink = np.asarray(np.where(small < around - 18.0, 255, 0), np.uint8)
    coarse = _best(ink, np.arange(-_MOST, _MOST + _STEP / 2, _STEP))
    medium = _best(ink, coarse + np.arange(-0.5, 0.51, 0.1))
    return _best(ink, medium + np.arange(-0.1, 0.101, _FINE / 2))


def _small(grey: Picture) -> Picture:
    scale = min(_WIDTH / max(grey.shape), 1.0)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _best(ink: Picture, angles: Any) -> float:
    return float(max(angles, key=lambda angle: _sharpness(ink, float(angle))))


def _sharpness(ink: Picture, angle: float) -> float:
    """How much the rows of a turned page differ: most where lines are level."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.int64)
    return float((np.diff(rows).astype(np.float64) ** 2).sum())


def squared(clean: Clean, strokes: Picture, slack: float) -> Clean:
    """The page as seen from straight above, where the frame of its largest table shows that it was not.

    ``strokes`` are the pixels of its ruling lines. A frame whose corners are off by less than ``slack`` pixels is
    square enough, and one whose sides are not all drawn shows nothing.
    """
    corners = _corners(strokes)
    if corners is None:
        return clean
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    square = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    if np.abs(square - corners).max() < slack or not _has_sides(strokes, corners):
        return clean
    matrix = cv2.getPerspectiveTransform(corners, square)
    return Clean(*(_seen_through(matrix, picture) for picture in clean))


def _seen_through(matrix: Any, picture: Picture) -> Picture:
    height, width = picture.shape
    paper = float(np.percentile(picture, 80))
    seen = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper, paper, paper)
    )
    return np.asarray(seen, np.uint8)


def _corners(strokes: Picture) -> Any:
    """The corners of the largest table, from the upper left one clockwise; None without a table."""
    joined = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if count < 2:
        return None
    largest = 1 + int(
        np.argmax(stats[1:, cv2.CC_STAT_WIDTH].astype(np.int64) * stats[1:, cv2.CC_STAT_HEIGHT])
    )
    if min(stats[largest, cv2.CC_STAT_WIDTH], stats[largest, cv2.CC_STAT_HEIGHT]) < _LEAST_TABLE * min(
        strokes.shape
    ):
        return None
    ys, xs = np.nonzero(labels == largest)
    ends = [np.argmin(xs + ys), np.argmax(xs - ys), np.argmax(xs + ys), np.argmin(xs - ys)]
    return np.array([[xs[end], ys[end]] for end in ends], np.float32)


def _has_sides(strokes: Picture, corners: Any) -> bool:
    wide = cv2.dilate(strokes, np.ones((9, 9), np.uint8)) > 0
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        points = np.linspace(start, end, 200).round().astype(int)
        if (
            wide[points[:, 1].clip(0, wide.shape[0] - 1), points[:, 0].clip(0, wide.shape[1] - 1)].mean()
            < _DRAWN
        ):
            return False
    return True
