"""Black and white pictures in JBIG2, written by hand: one region a page, packed as a fax is (T.6)."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from PIL import Image

#: what is lighter is white
LIGHT = 170
MAGIC = b"\x97JB2\r\n\x1a\n"
_STRIP_OFFSET, _ROWS_IN_STRIP, _STRIP_BYTES = 273, 278, 279


def jbig2(picture: Any, *, sequential: bool = True) -> bytes:
    """A file with one page; ``picture`` is red, green, blue."""
    black = (
        Image.fromarray(np.asarray(picture, np.uint8))
        .convert("L")
        .point(lambda grey: 255 * (grey > LIGHT), "1")
    )
    width, height = black.size
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + _as_fax(black)
    segments = (
        _segment(0, 48, page) + _segment(1, 39, region) + _segment(2, 49, b"") + _segment(3, 51, b"", 0)
    )
    return MAGIC + bytes([sequential]) + struct.pack(">I", 1) + segments


def _segment(number: int, kind: int, data: bytes, page: int = 1) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, page, len(data)) + data


def _as_fax(black: Image.Image) -> bytes:
    out = io.BytesIO()
    # photometric 0: what is set is black
    black.save(out, "TIFF", compression="group4", tiffinfo={_ROWS_IN_STRIP: black.height, 262: 0})
    with Image.open(out) as written:
        (start,), (length,) = written.tag_v2[_STRIP_OFFSET], written.tag_v2[_STRIP_BYTES]
    return out.getvalue()[start : start + length]
