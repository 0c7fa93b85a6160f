"""A picture of a page, however it was taken, to a `Sight`: cleaned, turned upright, made straight, and read."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from extract.ocr.choice import threads
from extract.ocr.clean import Clean, cleaned
from extract.ocr.memory import remembered
from extract.ocr.page import Sight, find_ink, read_straight
from extract.ocr.rulings import find_strokes
from extract.ocr.straight import level, squared

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: pixels a point (200 and 300 dpi): pictures that are coarser or finer are scaled
_COARSEST, _FINEST = 200 / 72, 300 / 72
#: a page whose text is less sure than this may be read the wrong way round
_UPRIGHT = 0.75
#: a page at which this is too much is no sheet of paper: it is drawn coarser
_MOST_PIXELS = 40_000_000
#: pixels: nothing narrower holds a line of text
LEAST_SIDE = 40
#: points: a frame that is off by so much still gives a clean grid
_SLACK = 1.5


def fine_enough(width: float, height: float) -> float:
    """The pixels a point at which a page is drawn that is to be read; its sides are in points."""
    return min(_COARSEST, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))


def recognize(picture: Picture, scale: float, number: int) -> Sight:
    """Read a page from its picture (red, green, blue); ``scale`` is pixels a point. Raises ReadError."""
    return remembered(picture, scale, number, lambda: _recognize(picture, scale, number))


def _recognize(picture: Picture, scale: float, number: int) -> Sight:
    cv2.setNumThreads(threads())  # else it takes all cores, in each worker
    wanted = min(max(scale, _COARSEST), _FINEST)
    if wanted != scale:
        way = cv2.INTER_AREA if wanted < scale else cv2.INTER_CUBIC
        picture = np.asarray(
            cv2.resize(picture, None, fx=wanted / scale, fy=wanted / scale, interpolation=way), np.uint8
        )
    clean = cleaned(picture, wanted)
    best = _read(clean, wanted, number)
    for turns in (2, 1, 3):
        if best.confidence >= _UPRIGHT or not best.page.characters:
            break
        other = _read(
            Clean(*(np.ascontiguousarray(np.rot90(picture, -turns)) for picture in clean)), wanted, number
        )
        best = max(best, other, key=lambda sight: sight.confidence)
    return best


def _read(clean: Clean, scale: float, number: int) -> Sight:
    straight = level(clean)
    strokes = find_strokes(find_ink(straight.grey, scale), scale)
    return read_straight(squared(straight, strokes, _SLACK * scale), scale, number)
