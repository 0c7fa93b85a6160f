"""Scans and photographs of a page: what becomes of it on glass, under a seal, in a telephone, in a careless copier.

`page()` is the form of ``samples/seed``, printed at 200 dpi in Noto Serif: a picture, so that the tests need no font.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

Picture = np.ndarray[Any, np.dtype[np.uint8]]

PAGE = Path(__file__).parent / "files" / "scans" / "seed.png"
#: pixels a point
SCALE = 200 / 72
WHITE = (255, 255, 255)


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


def stamped(picture: Picture, x: float, y: float, radius: float = 58.0) -> Picture:
    """With a round red seal about a point (in points): two rims, a star, and strokes for its characters."""
    seal = np.full_like(picture, 255)
    middle, red = (round(x * SCALE), round(y * SCALE)), (215, 40, 45)
    cv2.circle(seal, middle, round(radius * SCALE), red, round(2.2 * SCALE), cv2.LINE_AA)
    corners = [
        (
            middle[0] + round(size * SCALE * np.sin(turn * np.pi / 5)),
            middle[1] - round(size * SCALE * np.cos(turn * np.pi / 5)),
        )
        for turn, size in enumerate([17.0, 7.0] * 5)
    ]
    cv2.fillPoly(seal, [np.array(corners, np.int32)], red, cv2.LINE_AA)
    for turn in np.linspace(-2.2, 2.2, 11):
        at = [
            (
                middle[0] + part * radius * SCALE * np.sin(turn),
                middle[1] - part * radius * SCALE * np.cos(turn),
            )
            for part in (0.68, 0.88)
        ]
        start, end = (tuple(map(round, point)) for point in at)
        cv2.line(seal, start, end, red, round(3 * SCALE), cv2.LINE_AA)
    # ink over print: whichever is darker in each colour shows
    return np.minimum(picture, seal)


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
