"""Read a PDF: its tables from the lines that are drawn, the text around them in page order.

Each page becomes characters and ruling lines (``extract/pdf/page.py``), then tables and lines of text
(``extract/pdf/lattice.py``, ``extract/pdf/sheet.py``); what goes on over the page is put together
(``extract/pdf/flow.py``, ``extract/pdf/join.py``).

A page without text, or whose text has no meaning, is read from what it looks like (``extract/ocr``).

Not read: pictures among text, comments, attached files, and tables whose parts stand side by side on several pages.
"""

from __future__ import annotations

from typing import Any

import pypdfium2
from pypdfium2 import raw

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_PAGES, MAX_RECOGNIZED_PAGES
from extract.ocr import choice
from extract.ocr.telling import tell
from extract.pdf.flow import Flow
from extract.pdf.fonts import use_one_font
from extract.pdf.guard import check_content
from extract.pdf.page import read_page
from extract.pdf.text_layer import TextLayer
from extract.unlock import locked

#: the end of a PDF is marked within so many bytes from the end of the file
_TAIL_BYTES = 4096
GARBLED = Bilingual(
    "PDF 的文字没有编码对照（缺 ToUnicode），读出来是乱码，等同扫描件，需要文字识别",
    "The PDF does not say what its characters mean (no ToUnicode): in effect it is a scan and needs "
    "text recognition",
)


def read_pdf(data: bytes, source: str, password: str | None = None) -> Document:
    """Read the bytes of a PDF; ``source`` is the name that every place in the document carries.

    Blocks are a Line for each paragraph and a Grid for each table, in page order; a table that goes on over
    pages is one Grid, and each cell keeps its page and its rectangle there. Headers, footers and page numbers
    are the ``margins``. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    check_content(data)
    use_one_font()
    document = _open(data, password)
    try:
        flow = Flow(source)
        layer = TextLayer("PDF", GARBLED, choice.advice)
        takes_pictures = choice.takes_all_pictures()
        recognized = 0
        pages = _page_count(document)
        for number in range(1, pages + 1):
            page = read_page(document.raw, number)
            if layer.has_text(page) and not takes_pictures:
                flow.add(page)
            elif choice.can_recognize():
                recognized += 1
                if recognized > MAX_RECOGNIZED_PAGES:
                    raise choice.too_many_pages()
                tell(number, pages)
                _recognize(data, number, password, flow, layer)
        notes = layer.judge()
        return flow.document(notes)
    finally:
        document.close()


def _recognize(data: bytes, number: int, password: str | None, flow: Flow, layer: TextLayer) -> None:
    """Add a page by what it looks like; one on which no text is seen is left to ``layer`` to speak of."""
    from extract.ocr.scan import read_scan

    sight = read_scan(data, number, password)
    if sight is not None and sight.page.characters:
        flow.add(sight.page, sight.pieces)
        layer.add_recognized(number)


def _open(data: bytes, password: str | None) -> Any:
    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as err:
        if err.err_code == raw.FPDF_ERR_PASSWORD:
            raise locked("PDF ", "The PDF") from err
        if err.err_code == raw.FPDF_ERR_SECURITY:
            raise ReadError(
                "PDF 用不支持的方式加密，无法读取；请打开后打印为新的 PDF 再试。",
                "The PDF is encrypted in an unsupported way; print it to a new PDF and try that.",
            ) from err
        raise _broken() from err
    if b"%%EOF" not in data[-_TAIL_BYTES:] and b"startxref" not in data[-_TAIL_BYTES:]:
        document.close()
        raise ReadError(
            "PDF 不完整，末尾缺失，可能没有下载完；请重新下载，或请提交人重新发送。",
            "The PDF is cut off at its end; download it again, or ask for it to be sent again.",
        )
    return document


def _page_count(document: Any) -> int:
    count = int(raw.FPDF_GetPageCount(document.raw))
    if count <= 0:
        raise _broken()
    if count > MAX_PAGES:
        raise ReadError(
            f"PDF 有 {count} 页，超出读取上限（{MAX_PAGES} 页）；请拆分后再试。",
            f"The PDF has {count} pages, more than are read ({MAX_PAGES}); split it.",
        )
    return count


def _broken() -> ReadError:
    return ReadError(
        "不是有效的 PDF，或文件已损坏；请重新下载，或用原来的程序重新导出。",
        "This is no valid PDF, or it is damaged; download it again, or export it again.",
    )
