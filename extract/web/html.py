"""Read a web page (.html, .htm, and the Word or Excel files that are one): paragraphs and tables in page order.

The page is decoded and parsed here, ``extract/web/html_marks.py`` takes out what is struck out, the text is gathered
by ``extract/web/html_words.py`` and the tables are laid out by ``extract/web/html_tables.py``. Nothing that a page
refers to is loaded, and no script is run.

Not told: what style sheets and scripts hide, move or write (but what a class strikes out or raises); a ``style``
attribute that hides is obeyed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from lxml import etree

from extract.document import CUT_OFF, Document, Grid, Line, ReadError, Where
from extract.encoding import decode
from extract.limits import MAX_SLOTS, MAX_TABLES, MAX_TEXT_BYTES, MAX_TREE_BYTES
from extract.marks import STRUCK
from extract.sheets.layout import parted
from extract.web.html_marks import settle_marks
from extract.web.html_slots import too_large
from extract.web.html_tables import Table, read_table
from extract.web.html_words import BLOCKS, Words, is_unseen

MAX_PAGE_CHARACTERS = 8_000_000
"""The characters of a page without its embedded pictures. A form is 10,000 to 200,000 of them. """

MAX_ATTRIBUTES = 200
"""The attributes of a tag. Office writes ten at most."""

# In bytes: an element or a text, and an attribute with its value.
_NODE, _ATTRIBUTE = 128, 240

# `<img src="data:image/png;base64,iVBOR…">`
_EMBEDDED = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s%]{200,}")
# `<td colspan=2 nowrap>`: the parser compares each attribute with each other of its tag, so thousands take minutes
_ATTRIBUTES = r"""(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+)"""
_TAG = re.compile(rf"<[A-Za-z][^\s/>]*+{_ATTRIBUTES}{{0,{MAX_ATTRIBUTES}}}+(?P<more>{_ATTRIBUTES})?+")
_LOOKED_AT_FROM = 50_000
# `<meta charset="gb2312">`, `<meta http-equiv=Content-Type content="text/html; charset=gb2312">`
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,30})", re.IGNORECASE)
# what Excel, WPS and LibreOffice write into the pages that they make of a sheet
_SPREADSHEET = re.compile(
    r"urn:schemas-microsoft-com:office:excel|content=[\"']?Excel\.Sheet|\bsdnum=", re.IGNORECASE
)
_HEAD = 20_000
#: what pages declare that ``extract/encoding.py`` does not tell from their bytes
_DECLARED = {
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
    "iso-8859-1": "cp1252", "windows-1252": "cp1252", "utf-8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030",
}  # fmt: skip


def read_html(data: bytes, source: str) -> Document:
    """Read the bytes of a web page: a Line for each paragraph, a Grid for each table that holds data.

    Tables that only arrange others are no grids. The encoding is told from the bytes, since pages often
    declare a wrong one. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    return read_pages([page_text(data)], source)


def read_pages(pages: Iterable[str], source: str) -> Document:
    """The document of pages that belong together, one after the other. Raises ReadError where all are blank."""
    reader = _PageReader(source)
    has_frames = was_struck = was_cut = False
    for page in pages:
        was_cut = was_cut or _is_cut_off(page)
        root = _parse(page)
        if root is not None:
            was_struck = settle_marks(root) or was_struck
            reader.read(root, _SPREADSHEET.search(page, 0, _HEAD) is not None)
            has_frames = has_frames or next(root.iter("frameset", "iframe"), None) is not None
    if not reader.blocks:
        raise _no_text(has_frames)
    notes = tuple(note for note, was_met in ((STRUCK, was_struck), (CUT_OFF, was_cut)) if was_met)
    return Document(source, tuple(reader.blocks), notes=notes)


def _is_cut_off(page: str) -> bool:
    """Whether a page ends within a table, and nothing says that it ends."""
    page = page.lower()
    return page.count("<table") > page.count("</table") and "</html" not in page


def page_text(data: bytes, declared: str = "") -> str:
    """The characters of a page; ``declared`` is the encoding that the page came with, if any.

    >>> page_text('<meta charset="utf-8"><p>年度'.encode("gbk"))[-2:]
    '年度'
    """
    try:
        return decode(data)
    except ReadError:
        if len(data) > MAX_TEXT_BYTES:
            raise
        found = _CHARSET.search(data[:4096])
        name = declared or (found[1].decode("ascii") if found else "")
        codec = _DECLARED.get(name.lower())
        if codec is None:
            raise
    return codecs.decode(data, codec, "replace")


def _parse(page: str) -> etree._Element | None:
    """The root of a page; None where it has no element. Raises ReadError beyond the bounds."""
    if "base64," in page:
        page = _EMBEDDED.sub("", page)
    elements = page.count("<") - page.count("</")
    memory = (elements + page.count(">")) * _NODE + page.count("=") * _ATTRIBUTE
    if len(page) > MAX_PAGE_CHARACTERS or memory > MAX_TREE_BYTES:
        raise _too_large()
    if len(page) > _LOOKED_AT_FROM and any(tag["more"] for tag in _TAG.finditer(page)):
        raise _damaged()
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root: etree._Element | None = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as err:
        raise _damaged() from err
    # At 256 levels the parser drops what follows, and only its log says so.
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise _damaged()
    return root


class _PageReader:
    """Walks pages; paragraphs and tables are counted over all of them."""

    def __init__(self, source: str) -> None:
        self.blocks: list[Line | Grid] = []
        self._source = source
        self._words = Words()
        self._from_spreadsheet = False
        self._paragraphs = 0
        self._tables = 0
        self._slots = 0

    def read(self, root: etree._Element, from_spreadsheet: bool) -> None:
        """Append what a page shows; a spreadsheet's title and notes are rows of its one table."""
        self._from_spreadsheet = from_spreadsheet
        self._walk(root)
        self._end_paragraph()

    def _walk(self, element: etree._Element) -> None:
        """Read an element and what it holds; what follows it is its parent's."""
        tag = element.tag
        if not isinstance(tag, str) or is_unseen(element):
            return
        if tag == "table":
            self._end_paragraph()
            self._read_table(element)
        elif tag == "br":
            self._end_paragraph()
        elif not self._words.add_control(element):
            is_block = tag in BLOCKS
            if is_block:
                self._end_paragraph()
            self._walk_into(element)
            if is_block:
                self._end_paragraph()

    def _walk_into(self, element: etree._Element) -> None:
        self._words.add(element.text, element.tag == "pre")
        for child in element:
            self._walk(child)
            self._words.add(child.tail, element.tag == "pre")

    def _read_table(self, element: etree._Element) -> None:
        table = read_table(element)
        for stray in table.strays:
            if isinstance(stray, str):
                self._words.add(stray)
            else:
                self._walk(stray)
            self._end_paragraph()
        if table.is_layout:
            for cell in table.cells():
                self._walk_into(cell.element)
                self._end_paragraph()
            return
        self._add_grid(table)
        for cell in table.cells():
            for inner in cell.inner_tables:
                self._read_table(inner)

    def _add_grid(self, table: Table) -> None:
        if not any(cell.text for cell in table.cells()):
            return
        self._tables += 1
        grid = table.grid(self._source, f"表{self._tables}")
        self._slots += len(grid.rows) * len(grid.rows[0])
        if self._slots > MAX_SLOTS or self._tables > MAX_TABLES:
            raise too_large()
        self.blocks += parted(grid.rows) if self._from_spreadsheet else [grid]

    def _end_paragraph(self) -> None:
        for text in self._words.take().split("\n"):
            if text.strip():
                self._paragraphs += 1
                self.blocks.append(Line(text, Where(self._source, row=self._paragraphs)))


def _too_large() -> ReadError:
    return ReadError(
        "网页过大，超出读取上限；请拆分为几个文件，或另存为 .docx 后再试。",
        "The web page is larger than is read; split it into several files, or save it as .docx.",
    )


def _damaged() -> ReadError:
    return ReadError(
        "网页内容嵌套层数过多或已损坏，不予读取；请用浏览器或办公软件打开，另存为 .docx 后再试。",
        "The web page is nested too deeply or damaged; open it with a browser or office program and save it "
        "as .docx.",
    )


def _no_text(has_frames: bool) -> ReadError:
    if has_frames:
        return ReadError(
            "网页由框架组成，内容在其他文件里；请打开后另存为单个文件网页（.mht）再试。",
            "The page is made of frames whose content lies in other files; save it as a single-file web page (.mht).",
        )
    return ReadError(
        "网页上没有文字（内容可能由脚本生成）；请在浏览器中打开，另存为单个文件网页（.mht）或 PDF。",
        "The page shows no text (a script may write it); open it in a browser and save it as .mht or PDF.",
    )
