"""The least that any reader of a format has to do: what our own time is held against."""

from __future__ import annotations

import ctypes
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from lxml import etree
from pypdfium2 import raw

from extract.pdf.fonts import use_one_font


def xml_of_word(path: Path) -> None:
    """Unzip a Word file and parse its main part."""
    with zipfile.ZipFile(path) as package:
        etree.fromstring(package.read("word/document.xml"))


def xml_of_sheet(path: Path) -> None:
    """Unzip a workbook and parse its first sheet."""
    with zipfile.ZipFile(path) as package:
        etree.fromstring(package.read("xl/worksheets/sheet1.xml"))


def characters_and_paths(path: Path) -> None:
    """Ask pdfium for each character and its box, and for the bounds of each drawn path, with its stand-in font."""
    use_one_font()
    with pypdfium2.PdfDocument(path) as document:
        for number in range(len(document)):
            page = raw.FPDF_LoadPage(document.raw, number)
            text = raw.FPDFText_LoadPage(page)
            sides = [ctypes.c_double() for _ in range(4)]
            at = [ctypes.byref(side) for side in sides]
            for index in range(raw.FPDFText_CountChars(text)):
                raw.FPDFText_GetUnicode(text, index)
                raw.FPDFText_GetCharBox(text, index, *at)
            edges = [ctypes.c_float() for _ in range(4)]
            edges_at = [ctypes.byref(edge) for edge in edges]
            for index in range(raw.FPDFPage_CountObjects(page)):
                drawn = raw.FPDFPage_GetObject(page, index)
                if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH:
                    raw.FPDFPageObj_GetBounds(drawn, *edges_at)
            raw.FPDFText_ClosePage(text)
            raw.FPDF_ClosePage(page)


#: by the ending of a file
FLOORS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "docx": ("unzip and parse document.xml", xml_of_word),
    "xlsx": ("unzip and parse sheet1.xml", xml_of_sheet),
    "pdf": ("pdfium, characters and paths", characters_and_paths),
}
