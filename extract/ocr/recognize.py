"""A picture of a page, however it was taken, to a `Sight`: cleaned, turned upright, made straight, and read."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extract.ocr.clean import cleaned
from extract.ocr.page import Sight, find_ink, read_straight
from extract.ocr.rulings import find_strokes
from extract.ocr.straight import level, squared

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: pixels a point (200 and 300 dpi): pictures that are coarser or finer are scaled
_COARSEST, _FINEST = 200 / 72, 300 / 72
#: a page whose text is less sure than this may be read the wrong way round
_UPRIGHT = 0.75
#: what pages are drawn at that are to be read
FINE_ENOUGH = _COARSEST
#: pixels: nothing narrower holds a line of text
LEAST_SIDE = 40
#: points: a frame that is off by so much still gives a clean grid
_SLACK = 1.5


def recognize(picture: Picture, scale: float, number: int) -> Sight:
    """Read a page from its picture (red, green, blue); ``scale`` is pixels a point. Raises ReadError."""
    wanted = min(max(scale, _COARSEST), _FINEST)
    if wanted != scale:
        way = cv2.INTER_AREA if wanted < scale else cv2.INTER_CUBIC
        picture = np.asarray(
            cv2.resize(picture, None, fx=wanted / scale, fy=wanted / scale, interpolation=way), np.uint8
        )
    grey = cleaned(picture, wanted)
    best = _read(grey, wanted, number)
    for turns in (2, 1, 3):
        if best.confidence >= _UPRIGHT or not best.page.characters:
            break
        other = _read(np.ascontiguousarray(np.rot90(grey, -turns)), wanted, number)
        best = max(best, other, key=lambda sight: sight.confidence)
    return best


def _read(grey: Picture, scale: float, number: int) -> Sight:
    straight = level(grey)
    strokes = find_strokes(find_ink(straight, scale), scale)
    return read_straight(squared(straight, strokes, _SLACK * scale), scale, number)
