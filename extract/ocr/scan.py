"""Read a page of a PDF from what it looks like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pypdfium2

from extract.document import ReadError
from extract.ocr.page import Sight
from extract.ocr.recognize import LEAST_SIDE, fine_enough, recognize
from extract.pdf.fonts import use_fonts_of_computer, use_one_font


def read_scan(data: bytes, number: int, password: str | None = None) -> Sight | None:
    """Draw a page, counted from 1, of a PDF that has been opened before, and recognize its text.

    None for a page too narrow to hold any. Raises ReadError where it cannot be drawn.
    """
    # opened anew: what was opened for reading has the fonts that are used for reading, which look alike
    use_fonts_of_computer()
    try:
        with pypdfium2.PdfDocument(data, password=password) as document:
            picture, scale = _draw(document[number - 1])
    except (pypdfium2.PdfiumError, OverflowError, ValueError) as err:
        raise _undrawable(number) from err
    finally:
        use_one_font()
    return recognize(picture, scale, number) if min(picture.shape[:2]) >= LEAST_SIDE else None


def _draw(page: Any) -> tuple[Any, float]:
    """The page as red, green and blue, and its pixels a point."""
    try:
        scale = fine_enough(*page.get_size())
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2), scale
        return pixels[:, :, :3].copy(), scale
    finally:
        page.close()


def _undrawable(number: int) -> ReadError:
    return ReadError(
        f"PDF 第{number}页无法画出，不能识别。", f"Page {number} of the PDF cannot be drawn to recognize it."
    )
