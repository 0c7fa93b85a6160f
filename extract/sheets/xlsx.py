"""Read an Excel workbook (.xlsx, .xlsm, and what WPS writes): what a person sees in each cell.

This module finds the parts of the workbook; ``extract/sheets/xlsx_cells.py`` reads a sheet's cells.
Not read: comments, charts, pictures, and what macros or links to other workbooks would change.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from extract.document import Document, Line, ReadError, Where
from extract.package import Package, parsed
from extract.sheets.document import document_of
from extract.sheets.sheet import Sheet, damaged, locked
from extract.sheets.xlsx_cells import Book, Looks, Names, read_cells, string_of
from extract.sheets.xlsx_styles import styles_of

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINK_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
#: Word, Excel and PowerPoint all write the text of shapes in this language
_DRAWING_NAMESPACES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}",
    "{http://purl.oclc.org/ooxml/drawingml/main}",
)
_MARGINS = {"oddHeader": "页眉", "oddFooter": "页脚"}

# Half the cells of a form have a format and no content, and sheets are often formatted down to row 65,536. They
# are cut out of the XML before it is parsed: `<c r="B7" s="3"/>`, `<c r="B7" s="3"><v></v></c>`, and then
# `<row r="7" ht="20"></row>`; not where the next one does not say where it stands, and so follows this one.
_BLANK_CELL = re.compile(
    rb'<c r="[^>]{0,200}+>(?:</c>|(?<=/>)|<v></v></c>|<v/></c>)(?=\s{0,20}<(?:c r="|/row>))'
)
_BLANK_ROW = re.compile(
    rb'<row r="[^>]{0,400}+>(?:(?<=/>)|\s{0,20}</row>)(?=\s{0,20}<(?:row r="|/sheetData>))'
)
# "&C", '&"宋体,加粗"', "&12", "&K01+000", "&P": the codes of headers and footers
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d{1,3}|K[0-9A-Fa-f+\-]{6}|[A-Za-z])')


def read_xlsx(data: bytes, source: str) -> Document:
    """Read the bytes of an .xlsx or .xlsm file: a Grid for each sheet with a text, hidden ones included.

    ``source`` is the name that every place in the document carries. The texts of a sheet's shapes follow
    its cells. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    if data.startswith(_OLE):
        raise locked()
    workbook = _Workbook(_Thinned(data))
    sheets = list(workbook.sheets())
    margins = tuple(
        Line(text, Where(source, part, row))
        for part, texts in workbook.margins.items()
        for row, text in enumerate(texts, start=1)
    )
    return document_of(sheets, source, margins)


class _Thinned(Package):
    """A package whose sheets lose the cells that only have a format."""

    def _unpack(self, entry: zipfile.ZipInfo) -> bytes:
        xml = super()._unpack(entry)
        # In a comment or a section of plain characters, what looks like a cell is none.
        if b"<sheetData" not in xml or b"<!" in xml:
            return xml
        return _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", xml))


class _Link(NamedTuple):
    """A relationship: what the other part is for, and its name."""

    purpose: str
    name: str


class _Workbook:
    """The parts of a workbook, found by their relationships."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._name = self._main_part()
        self._links = _links(package, self._name)
        self.margins: dict[str, list[str]] = {part: [] for part in _MARGINS.values()}

    def _main_part(self) -> str:
        for link in _links(self._package, "").values():
            if link.purpose == "officeDocument":
                if link.name.lower().endswith(".bin"):
                    raise _binary()
                return link.name
        if "xl/workbook.bin" in self._package:
            raise _binary()
        if "xl/workbook.xml" not in self._package:
            raise _no_workbook()
        return "xl/workbook.xml"

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in the order of their tabs; charts and macros on sheets of their own are none."""
        root = self._package.part(self._name)
        namespace = root.tag.partition("}")[0] + "}"
        if root.tag != namespace + "workbook":
            raise _no_workbook()
        book = self._book(root, namespace)
        found = False
        for entry in root.iterfind(f"{namespace}sheets/{namespace}sheet"):
            found = True
            key = next((entry.get(name) for name in _LINK_IDS if entry.get(name)), "")
            link = self._links.get(key or "")
            if link is None:
                raise damaged()
            if link.purpose != "worksheet":
                continue
            sheet = Sheet(entry.get("name", ""), entry.get("state", "visible") != "visible")
            page = self._package.part(link.name)
            read_cells(page, sheet, book)
            self._read_margins(page, namespace)
            sheet.shapes += self._shapes(page, link.name, namespace)
            yield sheet
        if not found:
            raise _no_workbook()

    def _read_margins(self, page: _Element, namespace: str) -> None:
        for element in page.iterfind(f"{namespace}headerFooter/*"):
            part = _MARGINS.get(element.tag.removeprefix(namespace))
            text = _MARGIN_CODE.sub(" ", element.text or "").replace("&&", "&").strip()
            if part and text:
                self.margins[part].append(text)

    def _shapes(self, page: _Element, name: str, namespace: str) -> Iterator[str]:
        """The texts that float over a sheet."""
        for drawing in page.iterchildren(namespace + "drawing"):
            links = _links(self._package, name)
            for key in _LINK_IDS:
                link = links.get(drawing.get(key, ""))
                if link is not None:
                    yield from _shape_texts(self._package.part(link.name))

    def _content_for(self, purpose: str) -> bytes | None:
        for link in self._links.values():
            if link.purpose == purpose:
                return self._package.content(link.name)
        return None

    def _book(self, root: _Element, namespace: str) -> Book:
        """What the cells of all sheets refer to."""
        styles, strings = self._content_for("styles"), self._content_for("sharedStrings")
        settings = root.find(namespace + "workbookPr")
        names = Names.of(namespace)
        items = () if strings is None else parsed(strings).iterchildren(namespace + "si")
        return Book(
            names,
            [string_of(item, names) for item in items],
            Looks(() if styles is None else styles_of(styles)),
            settings is not None and settings.get("date1904") in ("1", "true"),
        )


def _links(package: Package, name: str) -> dict[str, _Link]:
    """The relationships of a part to parts that exist; those of the whole package for a blank name."""
    folder, base = posixpath.split(name)
    list_name = posixpath.join(folder, "_rels", f"{base}.rels")
    links: dict[str, _Link] = {}
    if list_name in package:
        for entry in package.part(list_name):
            target = _target(folder, entry.get("Target", ""))
            if entry.get("TargetMode") != "External" and target in package:
                purpose = entry.get("Type", "").rpartition("/")[2]
                links[entry.get("Id", "")] = _Link(purpose, target)
    return links


def _target(folder: str, path: str) -> str:
    """The name of the part that a path leads to from a folder."""
    whole = posixpath.join("/", folder, path)
    return (posixpath.normpath(whole) if "/." in whole or "//" in whole else whole).lstrip("/")


def _shape_texts(drawing: _Element) -> Iterator[str]:
    """The paragraphs of text boxes and other shapes."""
    for namespace in _DRAWING_NAMESPACES:
        for paragraph in drawing.iter(namespace + "p"):
            text = "".join(piece.text or "" for piece in paragraph.iter(namespace + "t"))
            if text.strip():
                yield text


def _binary() -> ReadError:
    return ReadError(
        "这是二进制格式的 Excel 工作簿（.xlsb），不能读取；请用办公软件另存为 .xlsx 后再试。",
        "This is a binary Excel workbook (.xlsb), which is not read; save it as .xlsx with an office program.",
    )


def _no_workbook() -> ReadError:
    return ReadError(
        "压缩包内没有 Excel 工作表，不是 Excel 工作簿；请确认文件格式，或另存为 .xlsx 后再试。",
        "The container holds no Excel sheets, so this is not a workbook; check its format, or save it as .xlsx.",
    )
