"""Read a PDF with a text layer: its tables from the lines that are drawn, the text around them in page order.

Each page becomes characters and ruling lines (``extract/pdf/page.py``), then tables and lines of text
(``extract/pdf/lattice.py``, ``extract/pdf/sheet.py``); what goes on over the page is put together
(``extract/pdf/flow.py``, ``extract/pdf/join.py``).

Not read: pictures, comments, attached files, and tables whose parts stand side by side on several pages.
"""

from __future__ import annotations

from typing import Any

import pypdfium2
from pypdfium2 import raw

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_PAGES, MAX_PDF_PIECES
from extract.pdf.flow import Flow
from extract.pdf.fonts import use_one_font
from extract.pdf.guard import check_content
from extract.pdf.page import Page, read_page
from extract.unlock import locked

#: a page of whose characters more mean nothing has no text layer to speak of
MOST_UNREADABLE = 0.2
_NOTED_UNREADABLE = 0.02
#: a page with hardly a character, of which pictures cover so much, is a scan
_FEW_CHARACTERS, _SCANNED = 10, 0.3
#: the end of a PDF is marked within so many bytes from the end of the file
_TAIL_BYTES = 4096


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
        layer = _TextLayer()
        for number in range(1, _page_count(document) + 1):
            page = read_page(document.raw, number)
            if layer.has_text(page):
                flow.add(page)
        notes = layer.judge()
        return flow.document(notes)
    finally:
        document.close()


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


class _TextLayer:
    """Judges whether the characters of a PDF are text."""

    def __init__(self) -> None:
        self._pieces = 0
        self._read = 0
        self._scanned: list[int] = []
        self._garbled: list[int] = []
        self._doubtful: list[int] = []
        self._recognized: list[int] = []

    def has_text(self, page: Page) -> bool:
        """Note what a page is; whether it has text to read."""
        self._pieces += page.pieces
        if self._pieces > MAX_PDF_PIECES:
            raise ReadError(
                "PDF 的内容多得异常，超出读取上限；请拆分后再试。",
                "The PDF holds more than is read from one file; split it.",
            )
        if page.characters < _FEW_CHARACTERS and page.pictures >= _SCANNED:
            self._scanned.append(page.number)
            return False
        if page.unreadable > MOST_UNREADABLE:
            self._garbled.append(page.number)
            return False
        if page.unreadable > _NOTED_UNREADABLE:
            self._doubtful.append(page.number)
        if page.is_recognized:
            self._recognized.append(page.number)
        self._read += page.characters > 0
        return True

    def judge(self) -> tuple[Bilingual, ...]:
        """What to say about the pages. Raises ReadError where none of them has text."""
        if not self._read:
            raise self._no_text()
        noted = (
            (self._scanned, "是扫描图像，没有文字层，未读取", "a scan without text, not read"),
            (
                self._garbled,
                "的文字没有编码对照，等同扫描件，未读取",
                "text without a meaning, as in a scan, not read",
            ),
            (self._doubtful, "有部分文字没有编码对照，可能有误", "some characters without a meaning"),
            (
                self._recognized,
                "的文字来自扫描识别，可能有误",
                "text recognized from a scan, it may be wrong",
            ),
        )
        return tuple(
            Bilingual(f"PDF 第{_listed(pages, '、')}页{zh}。", f"PDF page {_listed(pages, ', ')}: {en}.")
            for pages, zh, en in noted
            if pages
        )

    def _no_text(self) -> ReadError:
        if self._garbled:
            return ReadError(
                "PDF 的文字没有编码对照（缺 ToUnicode），读出来是乱码，等同扫描件，需要文字识别；请索取原始的 Word 文件。",
                "The PDF does not say what its characters mean (no ToUnicode): in effect it is a scan and needs "
                "text recognition; ask for the original Word file.",
            )
        if self._scanned:
            return ReadError(
                "PDF 是扫描件，没有文字层，需要文字识别；请索取原始的 Word 文件。",
                "The PDF is a scan without a text layer and needs text recognition; ask for the original Word file.",
            )
        return ReadError(
            "PDF 中没有文字；请确认文件，或索取原始的 Word 文件。",
            "The PDF holds no text; check the file, or ask for the original Word file.",
        )


def _listed(pages: list[int], comma: str) -> str:
    """Page numbers, runs of them in short: ``1、3-5``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return comma.join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _broken() -> ReadError:
    return ReadError(
        "不是有效的 PDF，或文件已损坏；请重新下载，或用原来的程序重新导出。",
        "This is no valid PDF, or it is damaged; download it again, or export it again.",
    )
