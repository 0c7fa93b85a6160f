"""Read an OFD (GB/T 33190), the format of official documents: pages with text and lines at places, as a PDF's.

A page becomes the same `Page` as one of a PDF (``extract/ofd/page.py``); tables, paragraphs, headers and what goes
on over the page are found by what reads a PDF. A page that is a scan is read from its pictures (``extract/ocr``).

Not read: pictures among text, annotations, signatures with their seals, attached files, earlier versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml.etree import _Element

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_PAGES, MAX_RECOGNIZED_PAGES
from extract.ocr import choice
from extract.ocr.telling import tell
from extract.ofd.page import PageReader
from extract.ofd.parts import FIRST_PART, Parts, box, broken, child, children
from extract.ofd.pictures import Sheet
from extract.ofd.resources import Resources
from extract.pdf.flow import Flow
from extract.pdf.page import Page
from extract.pdf.text_layer import ORIGINAL, SCANNED, TextLayer

_A4 = (210.0, 297.0)
#: millimetres: no page is larger
_LARGEST = 50_000.0
#: points: a page that was recognized has so nearly its own size, unless it was turned
_SAME_SIZE = 2.0
_GARBLED = Bilingual(
    "OFD 的文字只有字形，没有对应的字符，等同扫描件，需要文字识别",
    "The OFD holds its text as drawings of characters, without saying which: in effect it is a scan and needs "
    "text recognition",
)

Size = tuple[float, float]


def read_ofd(data: bytes, source: str) -> Document:
    """Read the bytes of an OFD; ``source`` is the name that every place in the document carries.

    Blocks, places and margins are as `extract.pdf.read.read_pdf` gives them. Where a file holds several documents,
    their pages are counted on. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    parts = Parts(data)
    documents = list(_documents(parts))
    pages = sum(len(document.entries) for document in documents)
    if not pages:
        raise broken()
    reading = _Reading(source, pages)
    number = 0
    for document in documents:
        for entry in document.entries:
            number += 1
            reading.add(document, *document.page(entry, number))
    return reading.document()


def _documents(parts: Parts) -> Iterator[_Document]:
    """All documents of the container. Raises ReadError where one is missing, or they have too many pages."""
    pages = 0
    for body in children(parts.root(FIRST_PART), "DocBody"):
        stated = child(body, "DocRoot")
        name = None if stated is None else parts.find(stated.text or "", FIRST_PART)
        if name is None:
            raise broken()
        document = _Document(parts, name)
        pages += len(document.entries)
        if pages > MAX_PAGES:
            raise ReadError(
                f"OFD 的页数超出读取上限（{MAX_PAGES} 页）；请拆分后再试。",
                f"The OFD has more pages than are read ({MAX_PAGES}); split it.",
            )
        yield document


class _Reading:
    """Takes the pages as they come, reads those that are scans, and says at the end what became of them."""

    def __init__(self, source: str, pages: int) -> None:
        self._flow = Flow(source)
        self._layer = TextLayer("OFD", _GARBLED, self._advice)
        self._pages = pages
        self._recognized = 0
        self._has_scans = False
        self._unread: list[ReadError] = []

    def add(self, document: _Document, page: Page, sheet: Sheet) -> None:
        """Add the next page."""
        has_text, is_scan = self._layer.has_text(page), page.pictures >= SCANNED
        # what another program recognized before is not to be trusted either, where the user says so
        is_doubted = is_scan and page.is_recognized and choice.takes_all_pictures()
        if has_text and not is_doubted:
            self._flow.add(page)
        elif is_scan:
            self._has_scans = True
            if choice.can_recognize():
                self._recognize(document, page, sheet)

    def document(self) -> Document:
        """All pages together. Raises ReadError where none of them has text."""
        try:
            notes = self._layer.judge()
        except ReadError:
            for why in self._unread:
                raise why from None
            raise
        return self._flow.document((*notes, *(why.message for why in self._unread)))

    def _recognize(self, document: _Document, page: Page, sheet: Sheet) -> None:
        from extract.ofd.scan import read_scan

        self._recognized += 1
        if self._recognized > MAX_RECOGNIZED_PAGES:
            raise choice.too_many_pages()
        tell(page.number, self._pages)
        try:
            sight = read_scan(sheet, document.picture, page.number)
        except ReadError as err:
            self._unread.append(err)
            return
        if sight is not None and sight.page.characters:
            self._flow.add(_with_text(sight.page, page), sight.pieces)
            self._layer.add_recognized(page.number)

    def _advice(self) -> Bilingual:
        # only pictures can be recognized: there is nothing that draws the text of an OFD
        return choice.advice() if self._has_scans else ORIGINAL


def _with_text(recognized: Page, page: Page) -> Page:
    """A page that was recognized, with the few characters that the file has as text, such as the number of the page."""
    sides = ((recognized.width, page.width), (recognized.height, page.height))
    if page.is_recognized or any(abs(one - other) > _SAME_SIZE for one, other in sides):
        return recognized
    return replace(recognized, runs=recognized.runs + page.runs)


class _Document:
    """A document: what its pages share, and where they are."""

    def __init__(self, parts: Parts, name: str) -> None:
        root = parts.root(name)
        self._parts = parts
        self._name = name
        self._resources = Resources()
        self._templates: dict[str, _Element] = {}
        common, listed = child(root, "CommonData"), child(root, "Pages")
        self._size = _A4
        self._template_paths: dict[str, str] = {}
        if common is not None:
            self._size = _size(child(common, "PageArea"), _A4)
            self._resources.add(parts, common, name)
            for entry in children(common, "TemplatePage"):
                self._template_paths[entry.get("ID", "")] = entry.get("BaseLoc", "")
        self.entries = () if listed is None else tuple(children(listed, "Page"))

    def picture(self, number: str) -> bytes | None:
        """The bytes of a picture; None for one that is missing. Raises ReadError for one that is damaged or too large."""
        return self._resources.picture(self._parts, number)

    def page(self, entry: _Element, number: int) -> tuple[Page, Sheet]:
        """A page of ``entries``, and what it is made of where it is a scan. Raises ReadError for one that is missing, damaged or boundless."""
        name = self._parts.find(entry.get("BaseLoc", ""), self._name)
        if name is None:
            raise ReadError(
                f"OFD 第{number}页的内容缺失，文件不完整；请重新下载，或请提交人重新发送。",
                f"The content of page {number} of the OFD is missing; download it again, or ask for it to be sent "
                "again.",
            )
        content = self._parts.root(name)
        self._resources.add(self._parts, content, name)
        reader = PageReader(number, _size(_area(content), self._size), self._resources)
        called = [(one.get("ZOrder"), one.get("TemplateID", "")) for one in children(content, "Template")]
        for order, template in called:
            if order != "Foreground":
                self._add_template(reader, template, number)
        reader.add(content)
        for order, template in called:
            if order == "Foreground":
                self._add_template(reader, template, number)
        return reader.page(), reader.sheet()

    def _add_template(self, reader: PageReader, template: str, number: int) -> None:
        """Draw a template, which is kept for the pages that follow. Templates that it names itself are not drawn."""
        if template not in self._templates:
            path = self._template_paths.get(template)
            name = None if path is None else self._parts.find(path, self._name)
            if name is None:
                raise ReadError(
                    f"OFD 第{number}页所用的模板缺失，文件不完整；请重新下载，或请提交人重新发送。",
                    f"A template of page {number} of the OFD is missing; download it again, or ask for it to be "
                    "sent again.",
                )
            self._templates[template] = self._parts.root(name)
        reader.add(self._templates[template])


def _area(content: _Element) -> _Element | None:
    """Where a page says its size; some programs put that among its layers, by the name it has in the document."""
    whole = child(content, "Content")
    area = child(content, "Area")
    return child(whole, "PageArea") if area is None and whole is not None else area


def _size(area: _Element | None, usual: Size) -> Size:
    """A page's width and height in millimetres. Its content is measured from the corner, wherever that is said to be."""
    stated = None if area is None else child(area, "PhysicalBox")
    found = None if stated is None else box(stated.text)
    if found is None or not (0 < found[2] <= _LARGEST and 0 < found[3] <= _LARGEST):
        return usual
    return found[2], found[3]
