"""How pages of a PDF lie in the file's own plane, for whoever adds something to a page that has been read."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

import pypdfium2
from pypdfium2 import raw

from extract.pdf.frame import Frame
from extract.pdf.page import read_page


def read_frames(data: bytes, numbers: Iterable[int]) -> dict[int, Frame]:
    """The frames of these pages, from 1, of a PDF that has been read before. Raises ReadError for a damaged one."""
    with pypdfium2.PdfDocument(data) as document:
        return {number: _frame(document.raw, number) for number in numbers}


def _frame(document: object, number: int) -> Frame:
    turns = read_page(document, number).turns
    box = raw.FS_RECTF()
    page = raw.FPDF_LoadPage(document, number - 1)
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    raw.FPDF_ClosePage(page)
    return Frame(box.left, box.bottom, box.right, box.top, turns)
