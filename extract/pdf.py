"""Read a PDF with a text layer: its tables from the lines that are drawn, the text around them in page order.

Each page becomes characters and ruling lines (``extract/pdf_page.py``), then tables and lines of text
(``extract/lattice.py``, ``extract/pdf_sheet.py``); tables and paragraphs that go on over the page are joined
(``extract/pdf_join.py``).

Not read: pictures, comments, attached files, and tables whose parts stand side by side on several pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from extract.document import Bilingual, Cell, Document, Grid, Line, ReadError, Where
from extract.limits import MAX_PAGES, MAX_PDF_PIECES, MAX_SLOTS, MAX_TABLES
from extract.pdf_join import goes_on, join
from extract.pdf_margins import find_margins
from extract.pdf_page import Page, read_page
from extract.pdf_sheet import FlowLine, Patch, Sheet, read_sheets
from extract.pdf_text import TextLine, seam, text_lines, wraps

#: where more of the characters mean nothing, the text layer is worth nothing
MOST_UNREADABLE = 0.2
_NOTED_UNREADABLE = 0.02
#: a page without text, of which pictures cover so much, is a scan
_SCANNED = 0.3
_TAIL_BYTES = 4096


def read_pdf(data: bytes, source: str, password: str | None = None) -> Document:
    """Read the bytes of a PDF; ``source`` is the name that every place in the document carries.

    Blocks are a Line for each paragraph and a Grid for each table, in page order; a table that goes on over
    pages is one Grid, whose cells keep their page and rectangle. Headers, footers and page numbers are the
    ``margins``. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    document = _open(data, password)
    try:
        content = _Content(source)
        for number in range(1, _page_count(document, data) + 1):
            content.add(read_page(document.raw, number))
        return content.document()
    finally:
        document.close()
