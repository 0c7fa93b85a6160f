"""Read an Excel workbook (.xlsx, .xlsm, and what WPS writes): what a person sees in each cell.

Not read: comments, charts, pictures, what macros and links to other workbooks would change.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from lxml.etree import _Element

from extract.document import Document, Line, ReadError, Where
from extract.package import Package
from extract.sheet_formats import BUILT_IN, GENERAL, Format, exact, number_format
from extract.sheets import MAX_COLUMN, MAX_ROW, Area, Sheet, damaged, document_of, locked

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMESPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_LINKS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_DAY_ZERO = datetime(1899, 12, 30)

# "F9", "XFD1048576"
_SLOT = re.compile(r"\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<row>[0-9]{1,7})")
# "_x000D_": a character that XML cannot hold, or a shift to keep this very text
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# "=100%", "=0.95": a number that was typed with an equal sign, and so is stored as a formula
_TYPED = re.compile(r"=?\s*(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?P<percent>%?)\s*")
# "&C", "&\"宋体,加粗\"", "&12", "&K01+000", "&P": the codes of headers and footers
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d{1,3}|K[0-9A-Fa-f+\-]{6}|[A-Za-z&])')


def read_xlsx(data: bytes, source: str) -> Document:
    """Read the bytes of an .xlsx or .xlsm file: a Grid for each sheet with a text, hidden ones included.

    ``source`` is the name that every place in the document carries. Raises ReadError, and nothing else,
    for whatever the bytes are.
    """
    if data.startswith(_OLE):
        raise locked()
    package = _Thinned(data)
    workbook = _Workbook(package)
    sheets = list(workbook.sheets())
    margins = tuple(
        Line(text, Where(source, part, row))
        for part in ("页眉", "页脚")
        for row, text in enumerate(workbook.margins[part], start=1)
    )
    return document_of(sheets, source, margins)
