"""Read an OpenDocument text (.odt, .ott): paragraphs and tables in page order.

Words are gathered by ``extract/word/odt_words.py``; merged cells are laid out as those of Word files are.

Not read: footnotes, comments, automatic numbers of lists, formulas and other embedded objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, repeat, takewhile

from lxml.etree import _Element

from extract.document import Document, Grid, Line, ReadError, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS, MAX_TABLES
from extract.package import Package
from extract.word.docx_grid import GridDraft
from extract.word.docx_words import trimmed
from extract.word.odt_columns import column_widths, styled_widths
from extract.word.odt_words import KINDS, OFFICE, STYLE, TABLE, TRACKED, Words

_MARGINS = {
    "header": "页眉", "header-left": "页眉", "header-first": "页眉",
    "footer": "页脚", "footer-left": "页脚", "footer-first": "页脚",
}  # fmt: skip


def read_odt(data: bytes, source: str) -> Document:
    """Read the bytes of an .odt file; ``source`` is the name that every place in the document carries.

    Blocks are a Line for each paragraph with text (``row`` counts all paragraphs of the body) and a Grid for
    each table; tables within a table follow it, and a text box follows the paragraph that it hangs on.
    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    package = Package(data)
    _require_unlocked(package)
    if "content.xml" not in package:
        raise _no_text()
    root = package.part("content.xml")
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise _no_text()
    words = Words(root)
    reader = _Reader(source, words, styled_widths(root))
    reader.read(body)
    blocks = tuple(reader.blocks)
    del root, body  # The tree is by far the largest thing here; margins have their own.
    margins = tuple(_margins(package, source)) if "styles.xml" in package else ()
    return Document(source, blocks, margins, words.notes)


class _Reader:
    """Reads the body; tables and slots are counted over all of it."""

    def __init__(self, source: str, words: Words, widths: Mapping[str, int]) -> None:
        """``widths`` are those that the styles of columns say."""
        self.blocks: list[Line | Grid] = []
        self._source = source
        self._words = words
        self._widths = widths
        self._paragraphs = 0
        self._tables = 0
        self._grids = 0
        self._slots = 0

    def read(self, holder: _Element, *, in_box: bool = False) -> None:
        """Append what ``holder`` holds. Paragraphs of a text box have the number of the one it hangs on."""
        for node in holder:
            kind = KINDS.get(node.tag, "")
            if kind == "p":
                self._paragraphs += not in_box
                self._read_paragraph(node)
            elif kind == "table":
                self._read_table(node)
            elif kind == "tracked-changes":
                self._words.note(TRACKED)
            elif kind != "unseen":
                self.read(node, in_box=in_box or kind == "text-box")

    def _read_paragraph(self, paragraph: _Element) -> None:
        boxes = self._words.add_paragraph(paragraph)
        if text := trimmed(self._words.take()):
            self.blocks.append(Line(text, Where(self._source, row=self._paragraphs)))
        for box in boxes:
            self.read(box, in_box=True)

    def _read_table(self, table: _Element) -> None:
        self._tables += 1
        if self._tables > MAX_TABLES:
            raise ReadError(
                "文档的表格过多，超出读取上限；请拆分为几个文件。",
                "The document has more tables than are read; split it.",
            )
        widths = column_widths(table, self._widths)
        draft = GridDraft(self._source, f"表{self._grids + 1}", self._slots, widths)
        flow = _TableFlow(draft, self._words)
        flow.read(table)
        if draft.rows:
            self.blocks.append(draft.grid())
            self._grids += 1
            self._slots = draft.slots
        for inner in flow.inner_tables:
            self._read_table(inner)


class _TableFlow:
    """Reads a table row by row. A merged cell says how far it goes, and covered cells stand in its other slots."""

    def __init__(self, draft: GridDraft, words: Words) -> None:
        self.inner_tables: list[_Element] = []
        self._draft = draft
        self._words = words
        # by their first column: how wide a cell from above is, and how many rows it still covers
        self._from_above: dict[int, tuple[int, int]] = {}

    def read(self, table: _Element) -> None:
        """Put all rows of ``table`` into the draft."""
        for row in _rows(table):
            cells = [cell for cell in row if KINDS.get(cell.tag) in ("cell", "covered")]
            if not cells:
                continue
            times = _count(row, "number-rows-repeated")
            if times * len(cells) > MAX_SLOTS:
                raise _too_large()
            for _ in range(times):
                self._read_row(cells)

    def _read_row(self, cells: list[_Element]) -> None:
        self._draft.start_row(0)
        above, self._from_above = self._from_above, {}
        slots = list(islice(self._slots(cells), MAX_COLUMNS + 1))
        covered_to = 0
        for column, cell in enumerate(slots):
            if cell is not None:
                covered_to = column + self._add_cell(cell, column)
            elif column in above:
                width, rows = above[column]
                # where borders miss each other, a cell is narrower below than it began
                below = slots[column : column + width]
                width = sum(1 for _ in takewhile(lambda cell: cell is None, below))
                self._draft.add("", width, "continue", "")
                self._go_on(column, width, rows - 1)
                covered_to = column + width
            elif column >= covered_to:
                # covered by nothing: what stands in it is not seen, the slot is there
                self._draft.add("", 1, "", "")
                covered_to = column + 1

    def _slots(self, cells: list[_Element]) -> Iterator[_Element | None]:
        """The cell of each slot of a row, None where it is covered."""
        for cell in cells:
            times = _count(cell, "number-columns-repeated")
            if times > MAX_COLUMNS:
                raise _too_large()
            yield from repeat(None if KINDS[cell.tag] == "covered" else cell, times)

    def _add_cell(self, cell: _Element, column: int) -> int:
        """Add a cell; how many columns it takes."""
        width, rows = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        self._draft.add(self._text(cell), width, "restart" if rows > 1 else "", "")
        self._go_on(column, width, rows - 1)
        return width

    def _go_on(self, column: int, width: int, rows: int) -> None:
        if rows > 0:
            self._from_above[column] = (width, rows)

    def _text(self, cell: _Element) -> str:
        self._gather(cell)
        return trimmed(self._words.take())

    def _gather(self, holder: _Element) -> None:
        """Add the paragraphs of a cell, those in its lists and text boxes too."""
        for node in holder:
            kind = KINDS.get(node.tag, "")
            if kind == "p":
                for box in self._words.add_paragraph(node):
                    self._gather(box)
            elif kind == "table":
                self.inner_tables.append(node)
            elif kind != "unseen":
                self._gather(node)


def _rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table, also those that stand in groups or are repeated as its header."""
    for node in table:
        kind = KINDS.get(node.tag)
        if kind == "row":
            yield node
        elif kind == "rows":
            yield from _rows(node)


def _count(node: _Element, name: str) -> int:
    """A number of columns or rows; at least one. Seven digits are enough to be refused."""
    value = node.get(TABLE + name)
    if value is None or not value.isascii() or not value.isdecimal():
        return 1
    return max(int(value[:7]), 1)


def _margins(package: Package, source: str) -> Iterator[Line]:
    """The headers, then the footers of all page styles: a Line for each paragraph with text."""
    root = package.part("styles.xml")
    words = Words(root)
    texts: dict[str, list[str]] = {part: [] for part in _MARGINS.values()}
    for margin, part in _MARGINS.items():
        for holder in root.iterfind(f".//{STYLE}master-page/{STYLE}{margin}"):
            reader = _Reader(source, words, {})
            reader.read(holder)
            for block in reader.blocks:
                pieces = block.cells() if isinstance(block, Grid) else (block,)
                texts[part] += [piece.text for piece in pieces if piece.text]
    for part, lines in texts.items():
        for row, text in enumerate(dict.fromkeys(lines), start=1):
            yield Line(text, Where(source, part, row))


def _require_unlocked(package: Package) -> None:
    name = "META-INF/manifest.xml"
    if name in package and any(
        str(node.tag).endswith("}encryption-data") for node in package.part(name).iter()
    ):
        raise ReadError(
            "文档设有打开密码，无法读取；请取消密码并另存后再试。",
            "The document is locked by a password; remove it and save the document again.",
        )


def _too_large() -> ReadError:
    return ReadError(
        "表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。",
        "A table is larger than is read (an absurd number of rows or columns); check it, or split the file.",
    )


def _no_text() -> ReadError:
    return ReadError(
        "压缩包内没有文本文档的内容，不是 .odt 文档；请确认文件格式，或另存为 .docx 后再试。",
        "The container holds no text document, so this is no .odt file; check its format, or save it as .docx.",
    )
