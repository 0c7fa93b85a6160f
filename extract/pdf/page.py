"""What a page of a PDF shows: its characters and ruling lines, with the page turned upright.

Everything is measured in points from the upper left corner of the page as its text reads from left to right:
the page's own rotation is applied, and that of a page whose text is drawn sideways.

pdfium is asked through its C functions, once a character for its box, and three times at most for a run of
characters that stand side by side: all that follows deals with runs, of which a page has a quarter as many.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any

from pypdfium2 import raw

from extract.document import ReadError
from extract.limits import MAX_PAGE_CHARACTERS
from extract.pdf.calls import unchecked
from extract.pdf.drawing import Drawing, Rule, read_drawing
from extract.pdf.frame import BLANKS, Frame, Mark, Run, is_pale, upright_turns, without_watermark

#: every so many characters one is asked whether the file says what it means
_SAMPLE = 8
#: boxes of one run differ by so little, in parts of their height: in some fonts each has the height of its sign;
#: between them is at most half as much
_SLACK = 0.2

_is_generated = unchecked(raw.FPDFText_IsGenerated)
_has_no_meaning = unchecked(raw.FPDFText_HasUnicodeMapError)
_put_box = unchecked(raw.FPDFText_GetLooseCharBox)
_put_origin = unchecked(raw.FPDFText_GetCharOrigin)
_put_matrix = unchecked(raw.FPDFText_GetMatrix)
_size_of = unchecked(raw.FPDFText_GetFontSize)


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    ``pale`` are white lines and ``fills`` coloured areas. ``pictures`` is the part of the page that pictures
    cover, ``characters`` how many of the characters show, ``unreadable`` the part of the characters that the file gives no meaning. ``is_recognized`` tells
    that the text is drawn without ink, as programs do that lay what they recognized over a scan. ``pieces``
    counts what was looked at, ``turns`` the quarter turns clockwise that brought the page's text upright.
    """

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    pale: tuple[Rule, ...]
    fills: tuple[Rule, ...]
    pictures: float
    characters: int
    unreadable: float
    is_recognized: bool
    pieces: int
    turns: int = 0


def read_page(document: Any, number: int) -> Page:
    """Read a page; ``number`` starts at 1. Raises ReadError for one that is damaged or boundless."""
    page = _load(document, number)
    try:
        if _has_fields(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            # What was typed into the fields of a form becomes part of the page only by this.
            raw.FPDF_ClosePage(page)
            page = _load(document, number)
        # The drawing first: it tells a page with too much on it before the text is laid out in memory.
        drawing = read_drawing(page, number)
        text = raw.FPDFText_LoadPage(page)
        if not text:
            raise _damaged(number)
        try:
            return _read(page, text, drawing, number)
        finally:
            raw.FPDFText_ClosePage(text)
    finally:
        raw.FPDF_ClosePage(page)


def _load(document: Any, number: int) -> Any:
    page = raw.FPDF_LoadPage(document, number - 1)
    if not page:
        raise _damaged(number)
    return page


def _has_fields(page: Any) -> bool:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 1000)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT):
            return True
    return False


def _read(page: Any, text: Any, drawing: Drawing, number: int) -> Page:
    count = raw.FPDFText_CountChars(text)
    if count > MAX_PAGE_CHARACTERS:
        raise ReadError(
            f"PDF 第{number}页的字符多得异常（{count} 个），不予读取；请检查文件。",
            f"Page {number} of the PDF has an absurd number of characters ({count}) and is not read; check it.",
        )
    numbers, signs = _shown(text, count)
    marks = list(_marks(text, numbers, signs))
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    turns = upright_turns(marks, raw.FPDFPage_GetRotation(page))
    frame = Frame(box.left, box.bottom, box.right, box.top, turns)
    width, height = frame.extent()
    runs = frame.place_runs(without_watermark(marks, _pale_in(text)))
    return Page(
        number,
        width,
        height,
        runs,
        frame.place_rules(drawing.rules),
        frame.place_rules(drawing.pale),
        frame.place_rules(drawing.fills),
        drawing.picture_area / max(width * height, 1.0),
        sum([len(run.text) for run in runs]),
        _unreadable(text, numbers, signs),
        drawing.hides_text,
        count + drawing.pieces,
        turns,
    )


def _shown(text: Any, count: int) -> tuple[list[int], str]:
    """The characters of the page: their numbers, and what they mean. What pdfium made up is not among them."""
    signs = _signs(text, count)
    numbers = [
        index
        for index, sign in enumerate(signs)
        if sign > " " or (sign and sign not in "\r\n" and not _is_generated(text, index))
    ]
    return numbers, "".join(map(signs.__getitem__, numbers))


def _signs(text: Any, count: int) -> Sequence[str]:
    """What each character means: asked in one call, if pdfium answers for every one of them."""
    codes = bytearray(2 * (count + 1))
    if raw.FPDFText_GetText(text, 0, count, ctypes.byref(ctypes.c_ushort.from_buffer(codes))) != count + 1:
        units = [raw.FPDFText_GetUnicode(text, index) & 0xFFFF for index in range(count)]
        codes[:-2] = struct.pack(f"<{count}H", *units)
    signs = codes[:-2].decode("utf-16-le", "replace")
    if len(signs) == count:
        return signs
    # A character may come in halves: it takes the place of the second one.
    return [half for sign in signs for half in (("", sign) if sign > "\uffff" else (sign,))]


def _boxes(text: Any, numbers: Sequence[int]) -> tuple[tuple[float, ...], ...]:
    """The left edges of characters, their tops, their right edges and their bottoms.

    pdfium is made to write them side by side into one piece of memory, without a line of Python between its calls.
    """
    step = ctypes.sizeof(raw.FS_RECTF)
    boxes = bytearray(step * len(numbers))
    places = map(ctypes.byref, repeat(raw.FS_RECTF.from_buffer(boxes)), range(0, len(boxes), step))
    deque(map(_put_box, repeat(text), numbers, places), maxlen=0)
    sides = tuple(memoryview(boxes).cast("f"))
    return sides[::4], sides[1::4], sides[2::4], sides[3::4]


def _marks(text: Any, numbers: list[int], signs: str) -> Iterator[Mark]:
    """The runs of the page.

    Those on one baseline share size and lean, unless the height of their box says otherwise: that saves two of
    three calls.
    """
    if not numbers:
        return
    lefts, tops, rights, bottoms = boxes = _boxes(text, numbers)
    style = _style_of(text)
    line, tall, size, lean = math.inf, 0.0, 0.0, 0.0
    starts = [*_beginnings(signs, boxes), len(signs)]
    origins = _origins(text, [numbers[start] for start in starts[:-1]])
    for (start, stop), (_, base) in zip(pairwise(starts), origins, strict=True):
        height = tops[start] - bottoms[start]
        if base != line or abs(height - tall) > 0.3 * tall:
            line, tall = base, height
            size, lean = style(numbers[start])
        if lean == 0.0:
            end = rights[stop - 1]
            yield Mark(numbers[start], signs[start:stop], lefts[start:stop], line, end, height, size, lean)
            continue
        for at, (x, y) in enumerate(_origins(text, numbers[start:stop]), start):
            end, height = x + rights[at] - lefts[at], tops[at] - bottoms[at]
            yield Mark(numbers[at], signs[at], (x,), y, end, height, size, lean)


def _origins(text: Any, numbers: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Where the baseline of each character begins."""
    step = ctypes.sizeof(ctypes.c_double)
    origins = bytearray(2 * step * len(numbers))
    places = map(ctypes.byref, repeat(ctypes.c_double.from_buffer(origins)), range(0, len(origins), step))
    # Each call takes two places off the one row: that of x, then that of y.
    deque(map(_put_origin, repeat(text), numbers, places, places), maxlen=0)
    return struct.iter_unpack("2d", origins)


def _beginnings(signs: str, boxes: tuple[tuple[float, ...], ...]) -> Iterator[int]:
    """Where runs begin: at blanks, behind them, and where a box is not beside the one before it.

    The box of a font that is not embedded is that of the font put in its place: often too wide, so a step by half
    of it is enough.
    """
    was_blank = True
    x0 = y0 = x1 = y1 = slack = 0.0
    for at, (sign, left, top, right, bottom) in enumerate(zip(signs, *boxes, strict=True)):
        is_blank = sign in BLANKS
        width = x1 - x0
        is_beside = width / 2 < left - x0 <= width + slack / 2
        if not is_beside or was_blank or is_blank or abs(bottom - y1) > slack or abs(top - y0) > slack:
            yield at
        if top != y0 or bottom != y1:
            y0, y1, slack = top, bottom, _SLACK * (top - bottom)
        x0, x1, was_blank = left, right, is_blank


def _style_of(text: Any) -> Callable[[int], tuple[float, float]]:
    """A function that tells the size of a character in points, and its lean."""
    matrix = raw.FS_MATRIX()
    matrix_at = ctypes.byref(matrix)

    def style(index: int) -> tuple[float, float]:
        size: float = _size_of(text, index)
        if not _put_matrix(text, index, matrix_at):
            return size, 0.0
        return abs(size) * math.hypot(matrix.c, matrix.d), -math.atan2(matrix.b, matrix.a)

    return style


def _unreadable(text: Any, numbers: list[int], signs: str) -> float:
    """The part of the characters that no table of the file gives a meaning."""
    if any(map(_has_no_meaning, repeat(text), numbers[::_SAMPLE])):
        return sum([bool(_has_no_meaning(text, index)) for index in numbers]) / len(numbers)
    if not signs or (min(signs) >= " " and max(signs) < "\ufffd"):
        return 0.0
    return sum(sign < " " or sign >= "\ufffd" for sign in signs) / len(signs)


def _pale_in(text: Any) -> Callable[[Mark], bool]:
    """A function that tells whether a run is pale."""
    parts = tuple(ctypes.c_uint() for _ in range(4))
    parts_at = tuple(map(ctypes.byref, parts))

    def is_mark_pale(mark: Mark) -> bool:
        if not raw.FPDFText_GetFillColor(text, mark.number, *parts_at):
            return False
        red, green, blue, opacity = (part.value for part in parts)
        return is_pale(red, green, blue, opacity)

    return is_mark_pale


def _damaged(number: int) -> ReadError:
    return ReadError(
        f"PDF 第{number}页已损坏，无法读取；请用原来的程序重新导出。",
        f"Page {number} of the PDF is damaged; export it again from the program that made it.",
    )
