"""A picture of a page as print on white paper: without the shadows over it, and without the red seal on it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: red is redder than it is green and blue by so much, of 255
_RED = 30
#: points: a seal is at least so large in both directions, where red print is lower, and made of strokes that lie
#: no farther apart than the second
_SEAL, _SPREAD = 45.0, 6.0
#: of the brightness of a seal's red, which varies, this percentile counts as paper
_DARK_RED = 15
#: what has so many times less colour than a seal is taken for wholly red: colours are stored coarser than brightness
_SMEARED = 1.6
#: points: paper changes its brightness no faster than over such a distance
_SHADOW = 24.0


def cleaned(picture: Picture, scale: float) -> Picture:
    """The page in grey, black on white. ``picture`` is red, green, blue; ``scale`` is pixels a point."""
    return _evenly_lit(without_seals(picture, scale), scale)


def without_seals(picture: Picture, scale: float) -> Picture:
    """The page in grey; where a seal was stamped, its red is as bright as the paper.

    What was printed in black under a seal is darker than its red, and stays. Red print stays as well: it is no seal.
    """
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    redness = picture[:, :, 0].astype(np.float32) - np.maximum(picture[:, :, 1], picture[:, :, 2])
    is_red = redness > _RED
    where = _seals(np.asarray(is_red, np.uint8), scale)
    red = is_red & where
    if not red.any():
        return grey
    # Brightness tells black from red also where a camera has smeared the colours, as JPEG does. What is partly red,
    # as around the strokes, is brightened in part, and what is not red, as a ruling line under a seal, not at all.
    paper, ink = float(np.percentile(grey, 80)), float(np.percentile(grey[red], _DARK_RED))
    around = cv2.dilate(redness, np.ones((3, 3), np.uint8))
    share = np.clip(_SMEARED * around / max(float(np.median(redness[red])), 1.0), 0.0, 1.0)
    brighter = grey * (1.0 + share * (paper / max(ink, 1.0) - 1.0))
    return np.asarray(np.where(where, np.clip(brighter, 0, np.maximum(paper, grey)), grey), np.uint8)


def _seals(is_red: Picture, scale: float) -> Any:
    """Where the page is stamped: true in the boxes around seals, which hold their stars and characters as well."""
    spread = max(int(_SPREAD * scale), 1)
    joined = cv2.morphologyEx(is_red, cv2.MORPH_CLOSE, np.ones((spread, spread), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    where = np.zeros(is_red.shape, bool)
    for x, y, width, height, _ in stats[1:].tolist():
        if min(width, height) >= _SEAL * scale:
            where[max(y - spread, 0) : y + height + spread, max(x - spread, 0) : x + width + spread] = True
    return where


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
