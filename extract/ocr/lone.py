"""Signs that stand alone in their cell, read again beside a number.

By itself nothing tells 1 from a slash, ≥ from V, or = from 二: the network needs a neighbour to see how large a sign is
and where its line runs. A number from the same page, put behind it, is one; what is read before that number counts.
Where it is another sign than before, neither reading is sure; nor is a 1 that leans as a slash does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from extract.ocr.engine import Reader, Sign

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: a sign that is surer than this is not read again, except those that are one stroke, which look sure as any other
_SURE, _STROKES = 0.97, "1lI|丨/\\"
#: two readings that differ are no surer than this, nor is an upright stroke whose upper end is farther on the right than
#: its lower one, by more than the second, in parts of its height
_DISPUTED, _LEAN = 0.5, 0.06
_UPRIGHT = "1lI|丨"
#: a neighbour has so many digits, each at least so sure
_DIGITS, _SURE_DIGIT = (2, 8), 0.97


def read_lone_signs(reader: Reader, crops: Sequence[Picture], found: list[list[Sign]]) -> list[list[Sign]]:
    """What was found, with lone signs that are unsure read again; on a page without a number they stay as they are."""
    neighbour = _find_neighbour(found)
    lone = [number for number, signs in enumerate(found) if len(signs) == 1 and _is_unsure(signs[0])]
    if neighbour is None or not lone:
        return found
    digits = "".join(sign.text for sign in found[neighbour])
    again = reader.read([_beside(crops[number], crops[neighbour]) for number in lone])
    better = list(found)
    for number, signs in zip(lone, again, strict=True):
        signs = [sign for sign in signs if not sign.text.isspace()]
        if len(signs) == len(digits) + 1 and "".join(sign.text for sign in signs[1:]) == digits:
            better[number] = [_settled(found[number][0], signs[0])]
    for number in lone:
        better[number] = [_doubted(sign, crops[number]) for sign in better[number]]
    return better


def _is_unsure(sign: Sign) -> bool:
    return sign.confidence < _SURE or sign.text in _STROKES


def _settled(alone: Sign, beside: Sign) -> Sign:
    """The sign as it was read beside a number."""
    is_disputed = alone.text != beside.text and alone.confidence >= _SURE
    confidence = min(beside.confidence, _DISPUTED) if is_disputed else beside.confidence
    return beside._replace(confidence=confidence, middle=0.5)


def _doubted(sign: Sign, crop: Picture) -> Sign:
    if sign.text not in _UPRIGHT or _lean(crop) <= _LEAN:
        return sign
    return sign._replace(confidence=min(sign.confidence, _DISPUTED))


def _lean(crop: Picture) -> float:
    """By how much a stroke's upper end is farther on the right than its lower one, in parts of its height."""
    ys, xs = np.nonzero(crop < (float(crop.min()) + float(crop.max())) / 2)
    if not len(ys):
        return 0.0
    top, height = int(ys.min()), int(ys.max() - ys.min()) + 1
    upper, lower = xs[ys < top + height / 3], xs[ys >= top + height * 2 / 3]
    return float(upper.mean() - lower.mean()) / height if len(upper) and len(lower) else 0.0


def _find_neighbour(found: Sequence[Sequence[Sign]]) -> int | None:
    """The line of digits that is surest."""
    least, most = _DIGITS
    sure = [
        (min(sign.confidence for sign in signs), number)
        for number, signs in enumerate(found)
        if least <= len(signs) <= most and all(sign.text in "0123456789" for sign in signs)
    ]
    confidence, number = max(sure, default=(0.0, 0))
    return number if confidence >= _SURE_DIGIT else None


def _beside(crop: Picture, neighbour: Picture) -> Picture:
    scale = crop.shape[0] / neighbour.shape[0]
    width = max(round(neighbour.shape[1] * scale), 1)
    resized = cv2.resize(neighbour, (width, crop.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(np.hstack([crop, resized]), np.uint8)
