"""JBIG2, in which scanners and OFD programs pack black and white pages: unpacked by what unpacks it in a PDF.

A PDF holds the same segments as a file of its own does, only without the file's header.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pypdfium2

Picture = np.ndarray[Any, np.dtype[np.uint8]]

MAGIC = b"\x97JB2\r\n\x1a\n"
#: of the flags behind that: all segments one after the other, and the number of pages not known
_SEQUENTIAL, _UNCOUNTED = 1, 2
#: a segment: number, flags, what it refers to, page, length; then the data of a page: width and height
_PAGE = struct.Struct(">IBBBIII")
_PAGE_INFORMATION = 48


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of the first page, in pixels. Raises ValueError where they are not said at the beginning."""
    segments = _segments(data)
    if len(segments) < _PAGE.size:
        raise ValueError("cut off")
    _, flags, _, _, _, width, height = _PAGE.unpack_from(segments)
    if flags & 0x7F != _PAGE_INFORMATION or not width or not height:
        raise ValueError("no page at the beginning")
    return width, height


def unpack(data: bytes) -> Picture:
    """The first page, grey. Raises ValueError and `pypdfium2.PdfiumError`."""
    width, height = size_of(data)
    with pypdfium2.PdfDocument(_as_pdf(_segments(data), width, height)) as document:
        page = document[0]
        try:
            pixels = page.render(scale=1, grayscale=True).to_numpy()
        finally:
            page.close()
    return np.asarray(pixels.reshape(pixels.shape[0], pixels.shape[1]), np.uint8)


def _segments(data: bytes) -> bytes:
    flags = data[len(MAGIC)] if data.startswith(MAGIC) and len(data) > len(MAGIC) else 0
    if not flags & _SEQUENTIAL:
        raise ValueError("segments apart from their headers")
    return data[len(MAGIC) + (1 if flags & _UNCOUNTED else 5) :]


def _as_pdf(segments: bytes, width: int, height: int) -> bytes:
    """A page of so many points as the picture has pixels."""
    drawn = f"{width} 0 0 {height} 0 0 cm /P Do".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>"
        % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray"
        b"/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream" % (width, height, len(segments), segments),
    )
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + tail % (count, table, count, len(out))
