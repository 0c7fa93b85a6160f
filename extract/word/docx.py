"""Read a Word document (.docx): paragraphs and tables in page order.

The XML is parsed once (``extract/package.py``), brought into the state that the page shows
(``extract/word/docx_tidy.py``, ``extract/word/docx_marks.py``) and read from front to back: text by ``extract/word/docx_words.py``, merged cells by
``extract/word/docx_grid.py``.

Not read: footnotes, comments, automatic numbers of paragraphs, what is chosen in the form fields of Word 97
(drop-down lists and tick boxes), and whether a style hides, strikes out or raises its text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml.etree import _Element

from extract.document import Bilingual, Document, Grid, Line, ReadError, Where
from extract.package import Package
from extract.word.docx_grid import GridDraft
from extract.word.docx_marks import Marks
from extract.word.docx_tidy import Tidy
from extract.word.docx_words import TABLE_PROPERTIES, VOCABULARIES, Vocabulary, Words

_MAIN_PART = "word/document.xml"
_MARGINS = {"header": "页眉", "footer": "页脚"}


def read_docx(data: bytes, source: str) -> Document:
    """Read the bytes of a .docx file; ``source`` is the name that every place in the document carries.

    Blocks are a Line for each paragraph with text (``row`` counts all paragraphs of the body) and a Grid for
    each table; tables within a table follow it, and a text box follows the paragraph that it hangs on. The
    lines of ``margins`` have ``页眉`` or ``页脚`` as their part and are counted within it.
    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    package = Package(data)
    root = package.part(_main_part(package))
    vocabulary = VOCABULARIES.get(str(root.tag).partition("}")[0] + "}")
    if vocabulary is None or "body" not in map(vocabulary.kind, root):
        raise _no_document()
    reader = _Reader(source, vocabulary)
    blocks = reader.blocks(root)
    del root  # The tree is by far the largest thing here; margins have their own.
    margins = tuple(_margins(package, reader, source))
    return Document(source, tuple(blocks), margins, reader.notes)


class _Reader:
    """Reads the parts of one file one after the other; tables and slots are counted over all of them."""

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self._source = source
        self._vocabulary = vocabulary
        self._words = Words(vocabulary)
        self._tidy = Tidy(vocabulary)
        self._marks = Marks(vocabulary)
        self._blocks: list[Line | Grid] = []
        self._paragraphs = 0
        self._tables = 0
        self._slots = 0

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What to say about the parts read so far."""
        return self._tidy.notes + self._marks.notes

    def blocks(self, root: _Element) -> list[Line | Grid]:
        """The paragraphs and tables of a part, in page order. Changes the tree under ``root``."""
        self._tidy.tidy(root)
        self._marks.settle(root)
        self._blocks = []
        self._paragraphs = 0
        self._read(root)
        return self._blocks

    def _read(self, holder: _Element, *, in_box: bool = False) -> None:
        """Append what ``holder`` holds. Paragraphs of a text box have the number of the one it hangs on."""
        for node in holder:
            kind = self._vocabulary.kind(node)
            if kind == "p":
                self._paragraphs += not in_box
                self._read_paragraph(node)
            elif kind == "tbl":
                self._read_table(node)
            elif kind:
                self._read(node, in_box=in_box or kind == "txbxContent")

    def _read_paragraph(self, paragraph: _Element) -> None:
        kinds, words = self._vocabulary.kinds, self._words
        for node in paragraph.iter():
            words.add(kinds.get(node.tag, ""), node)
        if text := words.take():
            self._blocks.append(Line(text, Where(self._source, row=self._paragraphs)))

    def _read_table(self, table: _Element) -> None:
        widths = self._vocabulary.column_widths(table)
        draft = GridDraft(self._source, f"表{self._tables + 1}", self._slots, widths)
        _TableFlow(draft, self._words, self._vocabulary).read(table)
        if draft.rows:
            self._blocks.append(draft.grid())
            self._tables += 1
            self._slots = draft.slots


class _TableFlow:
    """Reads a table's elements as they come by: a row, a cell or a text ends where the next one begins."""

    def __init__(self, draft: GridDraft, words: Words, vocabulary: Vocabulary) -> None:
        self._draft = draft
        self._words = words
        self._vocabulary = vocabulary
        self._in_cell = False
        self._span, self._down, self._across = 1, "", ""
        self._before = self._after = 0

    def read(self, table: _Element) -> None:
        """Put all rows of ``table`` into the draft."""
        kinds, words = self._vocabulary.kinds, self._words
        for node in table.iter(*self._vocabulary.table):
            kind = kinds[node.tag]
            if kind == "p":
                words.new_paragraph()
            elif kind == "tc":
                if self._in_cell:
                    self._end_cell()
                else:
                    # A row begins with its first cell: one without any, such as a deleted one, is none.
                    self._draft.start_row(self._before)
                    self._in_cell = True
            elif kind == "tr":
                self._end_row()
            elif kind in TABLE_PROPERTIES:
                self._note_property(kind, node)
            else:
                words.add(kind, node)
        self._end_row()

    def _end_cell(self) -> None:
        self._draft.add(self._words.take(), self._span, self._down, self._across)
        self._span, self._down, self._across = 1, "", ""

    def _end_row(self) -> None:
        if self._in_cell:
            self._end_cell()
            self._draft.end_row(self._after)
            self._in_cell = False
        self._before = self._after = 0

    def _note_property(self, kind: str, node: _Element) -> None:
        value = self._vocabulary.value(node)
        if kind == "gridSpan":
            self._span = _count(value, 1)
        elif kind == "vMerge":
            self._down = value or "continue"
        elif kind == "hMerge":
            self._across = value or "continue"
        elif kind == "gridBefore":
            self._before = _count(value, 0)
        elif kind == "gridAfter":
            self._after = _count(value, 0)


def _count(value: str | None, least: int) -> int:
    """The number that a property says, ``least`` where it says none. Nine digits are enough to be refused."""
    if value is None or not value.isascii() or not value.isdecimal():
        return least
    return max(int(value[:9]), least)


def _main_part(package: Package) -> str:
    """The name of the part that holds the body, as the container's relationships tell it."""
    if "_rels/.rels" in package:
        for link in package.part("_rels/.rels"):
            if link.get("Type", "").endswith("/officeDocument"):
                name = posixpath.normpath(posixpath.join("/", link.get("Target", "")))
                if name in package:
                    return name
    if _MAIN_PART not in package:
        raise _no_document()
    return _MAIN_PART


def _margins(package: Package, reader: _Reader, source: str) -> Iterator[Line]:
    """The headers, then the footers: a Line for each paragraph and each cell with text."""
    for margin, part in _MARGINS.items():
        names = [name for name in package.names() if f"/{margin}" in name and name.endswith(".xml")]
        texts = [
            piece.text
            for name in sorted(names, key=lambda name: (len(name), name))
            for block in reader.blocks(package.part(name))
            for piece in (block.cells() if isinstance(block, Grid) else (block,))
        ]
        for row, text in enumerate(filter(None, texts), start=1):
            yield Line(text, Where(source, part, row))


def _no_document() -> ReadError:
    return ReadError(
        "压缩包内没有 Word 正文，不是 Word 文档；请确认文件格式，或用 Word 另存为 .docx 后再试。",
        "The container holds no Word text, so this is not a Word document; check its format, or save it as "
        "a .docx with Word.",
    )
