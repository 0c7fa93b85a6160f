"""Give pdfium one font of our own in place of those of the computer.

Where a PDF does not embed a font, pdfium searches the computer for one that looks like it. A Chinese font takes
ten times as long to load as the rest of the page; and where the computer has none, as servers do, pdfium leaves
out every text of one character. Nothing that is read here depends on the font's looks: the file itself says
what its characters mean and how far each moves on. So here every character looks alike, a narrow box, and
results are the same on every computer.

Only drawing a page needs real fonts: whoever draws in the same process calls `use_fonts_of_computer` before.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from pypdfium2 import raw

_UNITS = 1000
_TOP, _BOTTOM, _RIGHT = 800, -100, 100
# pdfium keeps pointers to these as long as it lives
_kept: list[Any] = []


def use_one_font() -> None:
    """From now on in this process, every font that a file does not embed is the one with the boxes."""
    if _kept:
        return
    font = box_font()

    def copy(_self: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        if table != 0:
            return 0
        if buffer and size >= len(font):
            ctypes.memmove(buffer, font, len(font))
        return len(font)

    replies = {
        "Release": lambda *_: None,
        "EnumFonts": lambda *_: None,
        "MapFont": lambda *_: 1,
        "GetFont": lambda *_: 1,
        "GetFontData": copy,
        "GetFaceName": lambda *_: 0,
        "GetFontCharset": lambda *_: 0,
        "DeleteFont": lambda *_: None,
    }
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
    collection = raw.FPDF_SYSFONTINFO()
    collection.version = 1
    _kept.append(collection)
    for question, reply in replies.items():
        answer = kinds[question](reply)
        setattr(collection, question, answer)
        _kept.append(answer)
    raw.FPDF_SetSystemFontInfo(ctypes.byref(collection))


def use_fonts_of_computer() -> None:
    """Use the fonts of this computer again: a page is going to be drawn."""
    if _kept:
        raw.FPDF_SetSystemFontInfo(raw.FPDF_GetDefaultSystemFontInfo())
        _kept.clear()


def box_font() -> bytes:
    """A TrueType font of two glyphs, both the same box, in which every character has the second one."""
    outline = struct.pack(">hhhhh", 1, 0, _BOTTOM, _RIGHT, _TOP)  # one contour, and its bounds
    outline += (
        struct.pack(">HH", 3, 0) + b"\x01\x01\x01\x01"
    )  # its last point, no program, points on the curve
    outline += struct.pack(">hhhh", 0, 0, _RIGHT, 0) + struct.pack(
        ">hhhh", _BOTTOM, _TOP - _BOTTOM, 0, _BOTTOM - _TOP
    )
    outline += b"\0" * (-len(outline) % 4)
    # Format 13 gives one glyph to a whole range of characters.
    ranges = struct.pack(">HHLLL", 13, 0, 28, 0, 1) + struct.pack(">LLL", 0, 0x10FFFF, 1)
    tables = {
        b"cmap": struct.pack(">HHHHL", 0, 1, 3, 10, 12) + ranges,
        b"glyf": outline * 2,
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh",
            0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0, 0, _BOTTOM, _RIGHT, _TOP, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(">LhhhHhhhhhh8xhH", 0x10000, 880, -120, 0, _UNITS, 0, 0, _RIGHT, 1, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", _UNITS, 0, _UNITS, 0),
        b"loca": struct.pack(">LLL", 0, len(outline), 2 * len(outline)),
        b"maxp": struct.pack(">LHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    at = 12 + 16 * len(tables)
    directory, body = struct.pack(">LHHHH", 0x10000, len(tables), 64, 2, 48), b""
    for name, table in tables.items():
        directory += struct.pack(">4sLLL", name, 0, at + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return directory + body
