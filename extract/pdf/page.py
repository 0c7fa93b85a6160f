"""What a page of a PDF shows: its characters and ruling lines, with the page turned upright.

Everything is measured in points from the upper left corner of the page as its text reads from left to right:
the page's own rotation is applied, and that of a page whose text is drawn sideways.

pdfium is asked through its C functions, as few times a character as will do: the calls are most of the time.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from extract.document import ReadError
from extract.limits import MAX_PAGE_CHARACTERS
from extract.pdf.drawing import Drawing, Rule, read_drawing
from extract.pdf.frame import Char, Frame, Mark

#: a page is read sideways where so much of its text runs that way
_MOST_OF_THE_TEXT = 0.85
#: every so many characters one is asked whether the file says what it means
_SAMPLE = 8
#: a watermark is so much larger than the other text, and so pale (0 is black, 255 white)
_LARGE, _PALE = 1.8, 150


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    ``pale`` are white lines and ``fills`` coloured areas. ``pictures`` is the part of the page that pictures
    cover, ``unreadable`` the part of the characters that the file gives no meaning. ``is_recognized`` tells
    that the text is drawn without ink, as programs do that lay what they recognized over a scan. ``pieces``
    counts what was looked at.
    """

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    rules: tuple[Rule, ...]
    pale: tuple[Rule, ...]
    fills: tuple[Rule, ...]
    pictures: float
    unreadable: float
    is_recognized: bool
    pieces: int


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
    marks = _marks(text, count)
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    turns = _turns(marks, raw.FPDFPage_GetRotation(page))
    frame = Frame(box.left, box.bottom, box.right, box.top, turns)
    width, height = frame.extent()
    return Page(
        number,
        width,
        height,
        frame.place_chars(_without_watermark(text, marks)),
        frame.place_rules(drawing.rules),
        frame.place_rules(drawing.pale),
        frame.place_rules(drawing.fills),
        drawing.picture_area / max(width * height, 1.0),
        _unreadable(text, marks),
        drawing.hides_text,
        count + drawing.pieces,
    )


def _marks(text: Any, count: int) -> list[Mark]:
    """The characters of the page. Blanks that pdfium made up are not among them.

    The characters on one baseline share size and lean, unless the height of their box says otherwise: that
    saves two of five calls.
    """
    box_of, origin_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin
    is_generated = raw.FPDFText_IsGenerated
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_at, x_at, y_at = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    style = _style_of(text)
    marks: list[Mark] = []
    line, tall, size, lean, high = math.inf, 0.0, 0.0, 0.0, 0
    for index, code in enumerate(_codes(text, count)):
        if code <= 32 and is_generated(text, index):
            continue
        if 0xD800 <= code < 0xE000:
            # The file's text may come in halves of a character.
            if code < 0xDC00:
                high = code
                continue
            code = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF) if high else 0xFFFD
            high = 0
        box_of(text, index, box_at)
        origin_of(text, index, x_at, y_at)
        height = box.top - box.bottom
        if y.value != line or abs(height - tall) > 0.3 * tall:
            line, tall = y.value, height
            size, lean = style(index)
        width = box.right - box.left
        if marks and marks[-1].y == line and lean == 0.0:
            # The box of a font that is not embedded is that of the font put in its place: often too wide.
            step = x.value - marks[-1].x
            if 0.5 * marks[-1].width < step < marks[-1].width:
                marks[-1] = marks[-1]._replace(width=step)
        marks.append(Mark(index, chr(code), x.value, line, width, height, size, lean))
    return marks


def _codes(text: Any, count: int) -> Sequence[int]:
    """What each character means: asked in one call, if pdfium answers for every one of them."""
    codes = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, codes) == count + 1:
        return codes[:count]
    return [raw.FPDFText_GetUnicode(text, index) for index in range(count)]


def _style_of(text: Any) -> Callable[[int], tuple[float, float]]:
    """A function that tells the size of a character in points, and its lean."""
    matrix = raw.FS_MATRIX()
    matrix_at = ctypes.byref(matrix)

    def style(index: int) -> tuple[float, float]:
        size = raw.FPDFText_GetFontSize(text, index)
        if not raw.FPDFText_GetMatrix(text, index, matrix_at):
            return size, 0.0
        return abs(size) * math.hypot(matrix.c, matrix.d), -math.atan2(matrix.b, matrix.a)

    return style


def _turns(marks: list[Mark], rotation: int) -> int:
    """How many quarter turns clockwise bring the page's text upright."""
    leans = Counter(round(mark.lean / (math.pi / 2)) % 4 for mark in marks)
    if leans:
        lean, often = leans.most_common(1)[0]
        if often >= _MOST_OF_THE_TEXT * len(marks):
            return -lean % 4
    return rotation % 4


def _unreadable(text: Any, marks: list[Mark]) -> float:
    """The part of the characters that no table of the file gives a meaning."""
    has_no_meaning = raw.FPDFText_HasUnicodeMapError
    if not any(has_no_meaning(text, mark.number) for mark in marks[::_SAMPLE]):
        odd = sum(mark.text < " " or mark.text >= "\ufffd" for mark in marks)
        return odd / len(marks) if marks else 0.0
    return len([mark for mark in marks if has_no_meaning(text, mark.number)]) / len(marks)


def _without_watermark(text: Any, marks: list[Mark]) -> list[Mark]:
    """The characters without those that are both large and pale."""
    if not marks:
        return marks
    sizes = sorted(mark.size for mark in marks)
    large = _LARGE * sizes[len(sizes) // 2]
    if sizes[-1] <= large:
        return marks
    parts = tuple(ctypes.c_uint() for _ in range(4))
    parts_at = tuple(map(ctypes.byref, parts))

    def is_pale(mark: Mark) -> bool:
        if not raw.FPDFText_GetFillColor(text, mark.number, *parts_at):
            return False
        red, green, blue, opacity = (part.value for part in parts)
        # Half transparent black looks grey; the darkest part decides, so that a red seal is not pale.
        return 255 - (255 - (red * 0.3 + green * 0.6 + blue * 0.1)) * opacity / 255 > _PALE

    return [mark for mark in marks if mark.size <= large or not is_pale(mark)]


def _damaged(number: int) -> ReadError:
    return ReadError(
        f"PDF 第{number}页已损坏，无法读取；请用原来的程序重新导出。",
        f"Page {number} of the PDF is damaged; export it again from the program that made it.",
    )
