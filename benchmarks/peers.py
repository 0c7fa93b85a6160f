"""What other libraries do with the same files, and the least that any reader has to do.

Each takes the path of a file and reads all cells or characters in it; imports are done before the clock runs.
"""

from __future__ import annotations

import ctypes
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from lxml import etree
from pypdfium2 import raw

from extract.pdf.fonts import use_one_font


class Peer(NamedTuple):
    """A way to read files of a format; ``needs`` is the module without which it is left out."""

    ending: str
    name: str
    needs: str
    read: Callable[[Path], None]

    @property
    def is_there(self) -> bool:
        """Whether its library is installed."""
        return find_spec(self.needs) is not None


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


def python_docx(path: Path) -> None:
    """As people write it: rows, cells, text."""
    import docx

    for table in docx.Document(str(path)).tables:
        for row in table.rows:
            for cell in row.cells:
                assert cell.text is not None


def pdfplumber(path: Path) -> None:
    """All tables of all pages."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_tables()


def openpyxl(path: Path) -> None:
    """All values, and the merged areas."""
    import openpyxl

    for sheet in openpyxl.load_workbook(path).worksheets:
        assert sheet.merged_cells is not None
        for row in sheet.iter_rows(values_only=True):
            assert row


def calamine(path: Path) -> None:
    """All values of a workbook, old or new."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def xlrd(path: Path) -> None:
    """All values and formats of an old workbook."""
    import xlrd

    for sheet in xlrd.open_workbook(path, formatting_info=True).sheets():
        for row in range(sheet.nrows):
            sheet.row_values(row)


PEERS = (
    Peer("docx", "unzip and parse document.xml (the floor)", "lxml", xml_of_word),
    Peer("docx", "python-docx, rows and cells", "docx", python_docx),
    Peer("pdf", "pypdfium2, characters and paths (the floor)", "pypdfium2", characters_and_paths),
    Peer("pdf", "pdfplumber, extract_tables", "pdfplumber", pdfplumber),
    Peer("xlsx", "unzip and parse sheet1.xml (the floor)", "lxml", xml_of_sheet),
    Peer("xlsx", "python-calamine, values", "python_calamine", calamine),
    Peer("xlsx", "openpyxl, values and merged areas", "openpyxl", openpyxl),
    Peer("xls", "python-calamine, values", "python_calamine", calamine),
    Peer("xls", "xlrd, values and formats", "xlrd", xlrd),
)
