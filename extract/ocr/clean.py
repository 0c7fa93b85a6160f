"""A picture of a page as print on white paper: without the shadows over it, and without the seals on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: the channels that seals are strong in: red, and blue
_INKS = (0, 2)
#: ink is stronger in its own channel than in the others by so much, of 255
_COLOURED = 30
#: points: a seal reaches so far at least and at most in both directions, where coloured print is lower and what is
#: printed in colour altogether is larger; its strokes lie no farther apart than the last
_SEAL, _LARGEST, _SPREAD = 45.0, 400.0, 6.0
#: coloured in more than this part of its box is an area that was filled, as the head of a table, and no seal
_FILLED = 0.7
#: of the brightness of a seal's ink, which varies, this percentile is called dark: print is darker
_DARK_INK = 15
#: between these parts of the dark ink's brightness, ink becomes print
_PRINT, _INK = 0.65, 0.95
#: points: colours are smeared so far; and brightness that varies by less, squared, of 255, is no edge
_SMEAR, _NOISE = 4.5, 100.0
#: what is left of ink is brighter than this part of the paper's brightness
_REST = 0.8
#: points: paper changes its brightness no faster than over such a distance
_SHADOW = 24.0


class Clean(NamedTuple):
    """A page in grey, black on white; ``seals`` is 255 where the ink of a seal lay, 0 elsewhere."""

    grey: Picture
    seals: Picture


class _Stamp(NamedTuple):
    """A box around a seal in pixels, and the channel of its ink."""

    rows: slice
    columns: slice
    channel: int


def cleaned(picture: Picture, scale: float) -> Clean:
    """The page without seals and shadows. ``picture`` is red, green, blue; ``scale`` is pixels a point."""
    clean = without_seals(picture, scale)
    return clean._replace(grey=_evenly_lit(clean.grey, scale))


def without_seals(picture: Picture, scale: float) -> Clean:
    """The page in grey; where a seal was stamped in red or blue, its ink is as bright as the paper.

    What was printed in black under a seal is darker than its ink, and stays. Coloured print stays as well.
    """
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    seals = np.zeros_like(grey)
    white = np.percentile(picture.reshape(-1, 3)[::17], 80, axis=0).clip(1)
    for channel in _INKS:
        excess = _excess(picture, white, channel)
        for stamp in _stamps(excess, scale, channel):
            area = stamp.rows, stamp.columns
            grey[area] = _bleached(grey[area], excess[area], round(_SMEAR * scale) | 1)
            seals[area] |= np.where(excess[area] > _COLOURED, 255, 0).astype(np.uint8)
    return Clean(grey, seals)


def _excess(picture: Picture, white: Any, channel: int) -> Picture:
    """By how much each pixel is stronger in a channel than in the others, on paper that has no colour."""
    balanced = [cv2.convertScaleAbs(picture[:, :, at], alpha=255 / white[at]) for at in range(3)]
    others = [balanced[at] for at in range(3) if at != channel]
    return np.asarray(cv2.subtract(balanced[channel], cv2.max(*others)), np.uint8)


def _stamps(excess: Picture, scale: float, channel: int) -> Iterator[_Stamp]:
    """The seals of one ink; their boxes hold their stars and characters as well."""
    spread = max(int(_SPREAD * scale), 1)
    # the grain of a camera has colours, too, each pixel another one
    is_ink = np.asarray(cv2.blur(excess, (3, 3)) > _COLOURED, np.uint8)
    joined = cv2.morphologyEx(is_ink, cv2.MORPH_CLOSE, np.ones((spread, spread), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        sides = min(width, height) >= _SEAL * scale and max(width, height) <= _LARGEST * scale
        if sides and is_ink[y : y + height, x : x + width].mean() <= _FILLED:
            yield _Stamp(
                slice(max(y - spread, 0), y + height + spread),
                slice(max(x - spread, 0), x + width + spread),
                channel,
            )


def _bleached(grey: Picture, excess: Picture, reach: int) -> Picture:
    """A stamped area without its ink.

    Ink takes away brightness in proportion to the colour it gives, whether there is much or little of it, and also
    where it lies over print: so much is put back. Pictures store colours coarser than brightness, and around a
    stroke the colour of its neighbourhood counts; but not in print, whose own colour does.
    """
    near = _sharpened(excess, grey, reach)
    is_ink = excess > _COLOURED
    if not is_ink.any():
        return grey
    paper, dark = float(np.percentile(grey, 80)), float(np.percentile(grey[is_ink], _DARK_INK))
    taken = float(np.median((paper - grey[is_ink]) / excess[is_ink]))
    ink = np.clip((grey / max(dark, 1.0) - _PRINT) / (_INK - _PRINT), 0.0, 1.0)
    back = max(taken, 0.0) * (ink * np.maximum(near, excess) + (1.0 - ink) * excess)
    half = reach // 2 | 1
    around = cv2.dilate(np.asarray(is_ink, np.uint8), np.ones((half, half), np.uint8)) > 0
    cleared = (grey + back) * np.where(around, 1 / _REST, 1.0)
    return np.asarray(np.clip(cleared, 0, np.maximum(paper, grey)), np.uint8)


def _sharpened(excess: Picture, grey: Picture, reach: int) -> Any:
    """The colour of pixels with the edges that their brightness has: around each, the darker is the more coloured."""
    size = (reach, reach)
    bright, colour = grey.astype(np.float32), excess.astype(np.float32)
    mean, mean_colour = cv2.blur(bright, size), cv2.blur(colour, size)
    together = cv2.blur(bright * colour, size) - mean * mean_colour
    spread = cv2.blur(bright * bright, size) - mean * mean
    slope = np.minimum(together / (spread + _NOISE), 0.0)
    level = mean_colour - slope * mean
    return np.clip(cv2.blur(slope, size) * bright + cv2.blur(level, size), 0.0, 255.0)


def _evenly_lit(grey: Picture, scale: float) -> Picture:
    """The picture divided by the brightness of its paper, which is guessed from what is brightest around."""
    step = max(int(scale * 2), 1)
    small = cv2.resize(
        grey, (max(grey.shape[1] // step, 1), max(grey.shape[0] // step, 1)), interpolation=cv2.INTER_AREA
    )
    size = max(int(_SHADOW * scale / step), 3) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((size, size), np.uint8)), size)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(paper, 1), scale=255.0), np.uint8)
