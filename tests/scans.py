"""Scans and photographs of a page: what becomes of it on glass, under a seal, in a telephone, in a careless copier.

`page()` is the form of ``samples/seed``, printed at 200 dpi in Noto Serif: a picture, so that the tests need no font.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Box = tuple[float, float, float, float]

PAGE = Path(__file__).parent / "files" / "scans" / "seed.png"
#: pixels a point
SCALE = 200 / 72
WHITE = (255, 255, 255)
#: the inks of seals
RED, BLUE = (215, 40, 45), (45, 60, 170)


def page() -> Picture:
    """The page as red, green and blue."""
    return np.asarray(Image.open(PAGE).convert("RGB"), np.uint8)


def leaning(picture: Picture, degrees: float) -> Picture:
    """Laid on the glass at an angle, clockwise."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=WHITE), np.uint8
    )


def noisy(picture: Picture, strength: float = 12.0) -> Picture:
    """With the grain of a sensor, always the same."""
    grain = np.random.default_rng(7).normal(0.0, strength, picture.shape)
    return np.asarray((picture + grain).clip(0, 255), np.uint8)


def stamped(
    picture: Picture, x: float, y: float, radius: float = 58.0, colour: tuple[int, int, int] = RED
) -> Picture:
    """With a round seal about a point (in points): a rim, a star, and strokes for its characters, inked unevenly."""
    ink = np.zeros(picture.shape[:2], np.uint8)
    middle = (round(x * SCALE), round(y * SCALE))
    cv2.circle(ink, middle, round(radius * SCALE), 255, round(2.2 * SCALE), cv2.LINE_AA)
    corners = [
        (
            middle[0] + round(size * SCALE * np.sin(turn * np.pi / 5)),
            middle[1] - round(size * SCALE * np.cos(turn * np.pi / 5)),
        )
        for turn, size in enumerate([17.0, 7.0] * 5)
    ]
    cv2.fillPoly(ink, [np.array(corners, np.int32)], 255, cv2.LINE_AA)
    for turn in np.linspace(-2.2, 2.2, 13):
        for part, width in ((0.70, 3.6), (0.77, 4.6), (0.84, 5.4)):
            _arc(ink, middle, part * radius, turn, width)
        for side in (-0.05, 0.05):
            _spoke(ink, middle, 0.68 * radius, 0.88 * radius, turn + side)
    grain = np.asarray(np.random.default_rng(11).normal(0.0, 1.0, ink.shape), np.float32)
    uneven = cv2.GaussianBlur(grain, (0, 0), 3 * SCALE)
    share = ink / 255.0 * np.clip(0.85 + 0.12 * uneven / uneven.std(), 0.4, 1.0)
    # what shines through ink loses what the ink takes
    taken = 1.0 - np.array(colour) / 255.0
    return np.asarray(picture * (1.0 - share[:, :, None] * taken), np.uint8)


def _arc(ink: Picture, middle: tuple[int, int], radius: float, turn: float, width: float) -> None:
    """A stroke across the character at an angle, ``width`` points wide at each side."""
    half = np.degrees(width / radius)
    start = float(np.degrees(turn)) - 90.0
    size = (round(radius * SCALE),) * 2
    cv2.ellipse(ink, middle, size, 0.0, start - half, start + half, 255, round(1.1 * SCALE), cv2.LINE_AA)


def _spoke(ink: Picture, middle: tuple[int, int], inner: float, outer: float, turn: float) -> None:
    start, end = (
        (middle[0] + round(far * SCALE * np.sin(turn)), middle[1] - round(far * SCALE * np.cos(turn)))
        for far in (inner, outer)
    )
    cv2.line(ink, start, end, 255, round(1.2 * SCALE), cv2.LINE_AA)


def signed(picture: Picture, x: float, y: float) -> Picture:
    """With a signature about a point (in points), as a pen leaves it: loops that lean, some 70 points wide."""
    turns = np.linspace(0.0, 1.0, 240)
    across = (x - 35 + 70 * turns + 6 * np.sin(21 * turns)) * SCALE
    down = (y - 4 + 13 * np.sin(25 * turns + 1) * (1 - 0.6 * turns) - 5 * turns) * SCALE
    points = np.stack([across, down], axis=1).round().astype(np.int32)
    result = picture.copy()
    cv2.polylines(result, [points], False, (30, 30, 45), round(1.1 * SCALE), cv2.LINE_AA)
    return result


def ruled(picture: Picture, cells: Sequence[Box], how: str) -> Picture:
    """With other lines around its cells (boxes in points): ``pale`` hairlines, ``broken`` by gaps, or ``none``."""
    result = picture.copy()
    thick = 2
    for box in cells:
        x0, y0, x1, y1 = (round(side * SCALE) for side in box)
        for left, top, right, bottom in (
            (x0, y0, x1, y0),
            (x0, y1, x1, y1),
            (x0, y0, x0, y1),
            (x1, y0, x1, y1),
        ):
            side = result[max(top - thick, 0) : bottom + thick + 1, max(left - thick, 0) : right + thick + 1]
            if how == "none":
                side[:] = 255
            elif how == "pale":
                np.maximum(side, 150, out=side)
            else:
                _break(side)
    return result


def _break(side: Picture) -> None:
    """Gaps of 3 points in a line, every 30 points and a little more."""
    long = side if side.shape[0] >= side.shape[1] else side.transpose(1, 0, 2)
    for start in range(round(11 * SCALE), len(long) - round(8 * SCALE), round(31 * SCALE)):
        long[start : start + round(3 * SCALE)] = 255


def faxed(picture: Picture) -> Picture:
    """In black and white only, as a fax sends it and some copiers store it."""
    grey = cv2.cvtColor(noisy(picture, 20.0), cv2.COLOR_RGB2GRAY)
    white = np.where(cv2.GaussianBlur(grey, (0, 0), 0.6) > 165, 255, 0).astype(np.uint8)
    return np.repeat(white[:, :, None], 3, axis=2)


def screened(picture: Picture) -> Picture:
    """With the stripes that a telephone sees on a screen."""
    height, width = picture.shape[:2]
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    stripes = 14.0 * np.sin(across * 1.9 + down * 0.23) + 10.0 * np.sin(down * 0.11 + across * 0.02)
    return np.asarray((picture * 0.9 + stripes[:, :, None]).clip(0, 255), np.uint8)


def photographed(picture: Picture, tilt: float = 0.03) -> Picture:
    """Seen by a telephone held over it at a slant: the far edge shorter by twice ``tilt``, one side a little higher."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array(
        [
            [tilt * width, tilt * height],
            [(1 - tilt) * width, tilt / 2 * height],
            [width, (1 - tilt / 3) * height],
            [0, height],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, seen)
    return np.asarray(
        cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=WHITE),
        np.uint8,
    )


def shadowed(picture: Picture, darkest: float = 0.45) -> Picture:
    """With the shadow of a hand over the lower left corner, soft at its edge."""
    height, width = picture.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    depth = 1 / (1 + np.exp(-12 * (down - across)))
    return np.asarray(picture * (1 - (1 - darkest) * depth)[:, :, None], np.uint8)


def at_dpi(picture: Picture, dpi: float) -> Picture:
    """Scanned finer or coarser than at 200 dpi."""
    way = cv2.INTER_AREA if dpi < 200 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=dpi / 200, fy=dpi / 200, interpolation=way), np.uint8)


def as_file(picture: Picture, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of a picture file."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, kind, **options)
    return data.getvalue()


def as_pdf(*pictures: Picture) -> bytes:
    """A PDF of scanned pages, without text."""
    data = io.BytesIO()
    first, *others = (Image.fromarray(picture) for picture in pictures)
    first.save(data, "PDF", resolution=200.0, save_all=True, append_images=others)
    return data.getvalue()


def through_jpeg(picture: Picture, quality: int) -> Picture:
    """As a camera or a copier stores it."""
    return np.asarray(Image.open(io.BytesIO(as_file(picture, "JPEG", quality=quality))), np.uint8)
