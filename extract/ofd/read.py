"""Read an OFD (GB/T 33190), the format of official documents: pages with text and lines at places, as a PDF's.

A page becomes the same `Page` as one of a PDF (``extract/ofd/page.py``); tables, paragraphs, headers and what goes
on over the page are found by what reads a PDF.

Not read: pictures, annotations, signatures with their seals, attached files, earlier versions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_PAGES
from extract.ofd.page import PageReader
from extract.ofd.parts import FIRST_PART, Parts, box, broken, child, children
from extract.ofd.resources import Resources
from extract.pdf.flow import Flow
from extract.pdf.page import Page
from extract.pdf.text_layer import TextLayer

_A4 = (210.0, 297.0)
#: millimetres: no page is larger
_LARGEST = 50_000.0
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
    flow, layer = Flow(source), TextLayer("OFD", _GARBLED)
    pages = 0
    for page in _pages(parts):
        pages += 1
        if layer.has_text(page):
            flow.add(page)
    if not pages:
        raise broken()
    return flow.document(layer.judge())


def _pages(parts: Parts) -> Iterator[Page]:
    """The pages of all documents, one after the other."""
    number = 0
    for body in children(parts.root(FIRST_PART), "DocBody"):
        stated = child(body, "DocRoot")
        name = None if stated is None else parts.find(stated.text or "", FIRST_PART)
        if name is None:
            raise broken()
        document = _Document(parts, name)
        if number + len(document.entries) > MAX_PAGES:
            raise ReadError(
                f"OFD 的页数超出读取上限（{MAX_PAGES} 页）；请拆分后再试。",
                f"The OFD has more pages than are read ({MAX_PAGES}); split it.",
            )
        for entry in document.entries:
            number += 1
            yield document.page(entry, number)


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

    def page(self, entry: _Element, number: int) -> Page:
        """A page of ``entries``. Raises ReadError for one that is missing, damaged or boundless."""
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
        return reader.page()

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
