"""Plain text and Markdown: paragraphs, and tables in the four ways in which text holds them.

* a dump of a Word table, a cell a line behind its TAB, and TAB-separated rows: ``tabs``
* Markdown's pipes, and frames drawn with lines: ``bars``, ``boxes``
* columns that are only aligned with blanks: ``columns``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from extract.document import Cell, Document, Grid, Line, ReadError, Where
from extract.encoding import decode
from extract.marks import STRUCK
from extract.text.bars import plain_heading, plain_inline, split_off_bar_tables
from extract.text.boxes import goes_on
from extract.text.columns import read_aligned_columns
from extract.text.embedded import read_html_table, split_off_html
from extract.text.markdown import settle_marks
from extract.text.quotes import join_quoted_lines
from extract.text.tables import Block, SourceLine, Table, TableCell, paragraphs, require_slots
from extract.text.tabs import read_tab_tables

MAX_LINES = 500_000
"""The lines of a file. A dump has a line for each of the ``MAX_SLOTS`` cells, and one between rows."""

_MARKDOWN_ENDINGS = (".md", ".markdown")


def read_text(data: bytes, source: str) -> Document:
    """Read a text or Markdown file: a Line for each paragraph, a Grid for each table, in page order.

    Grids are aligned but for dumps of Word tables, whose rows keep their own lengths. Raises ReadError for
    what is empty, too large, or not text.

    >>> document = read_text("甲\\t乙\\n丙\\t丁\\n".encode(), "form.txt")
    >>> [[cell.text for cell in row] for row in document.blocks[0].rows]
    [['甲', '乙'], ['丙', '丁']]
    """
    is_markdown = source.lower().endswith(_MARKDOWN_ENDINGS)
    text, was_struck = settle_marks(decode(data)) if is_markdown else (decode(data), False)
    lines = _split_lines(text)
    reader = _Reader(source, is_markdown)
    for part, is_html in split_off_html(lines) if is_markdown else [(lines, False)]:
        if is_html:
            reader.take_html(part)
        else:
            reader.take(part)
    return Document(source, tuple(reader.blocks), notes=(STRUCK,) if was_struck else ())


class _Reader:
    """Takes a file's lines, and keeps the paragraphs and tables read so far."""

    def __init__(self, source: str, is_markdown: bool) -> None:
        self._source = source
        self._is_markdown = is_markdown
        self._tables = self._slots = 0
        self.blocks: list[Line | Grid] = []

    def take(self, lines: Sequence[SourceLine]) -> None:
        """Add the paragraphs and tables of lines of text."""
        for block in _read_blocks(lines):
            if isinstance(block, Table):
                self._count(_count_slots(block))
                plain = plain_inline if self._is_markdown and not block.is_shown else str
                self.blocks.append(_grid(block, self._source, f"表{self._tables}", plain))
                continue
            for line in paragraphs(block.text, block.number):
                text = plain_heading(line.text) if self._is_markdown else line.text
                self.blocks.append(Line(text, Where(self._source, line=line.number)))

    def take_html(self, lines: Sequence[SourceLine]) -> None:
        """Add a table of HTML."""
        for block in read_html_table(lines, self._source, self._tables):
            if isinstance(block, Grid):
                self._count(sum(map(len, block.rows)))
            self.blocks.append(block)

    def _count(self, slots: int) -> None:
        self._tables += 1
        self._slots += slots
        require_slots(self._slots)


def _split_lines(text: str) -> list[SourceLine]:
    if not text.strip():
        raise ReadError(
            "文件是空的，没有任何文字，请检查是否选对了文件。",
            "The file is empty, without any text; please check that it is the right one.",
        )
    if text.count("\n") >= MAX_LINES:
        raise ReadError(
            f"文本超过 {MAX_LINES} 行，请分成几个较小的文件。",
            f"The text has more than {MAX_LINES} lines; please split it into smaller files.",
        )
    lines = [SourceLine(line, number) for number, line in enumerate(text.split("\n"), start=1)]
    return join_quoted_lines(lines) if '"' in text and "\t" in text else lines


def _read_blocks(lines: Iterable[SourceLine]) -> Iterator[Block]:
    """Paragraphs and tables in order. Only blank lines may stand inside a table that goes over several
    chunks, so chunks of one kind are read together."""
    with_tabs: list[Sequence[SourceLine]] = []
    plain: list[SourceLine] = []
    for chunk in _chunks(lines):
        for part in split_off_bar_tables(chunk):
            has_tabs = not isinstance(part, Table) and any("\t" in line.text for line in part)
            if not has_tabs:
                yield from read_tab_tables(with_tabs)
                with_tabs = []
            if has_tabs or isinstance(part, Table):
                yield from read_aligned_columns(plain)
                plain = []
            if isinstance(part, Table):
                yield part
            elif has_tabs:
                with_tabs.append(part)
            else:
                plain.extend(part)
    yield from read_tab_tables(with_tabs)
    yield from read_aligned_columns(plain)


def _chunks(lines: Iterable[SourceLine]) -> Iterator[list[SourceLine]]:
    """Lines without a blank one between them, or with a drawn frame that goes on behind it on the next page."""
    chunk: list[SourceLine] = []
    is_apart = False
    for line in lines:
        if line.is_blank:
            is_apart = True
            continue
        if is_apart and chunk and not goes_on(chunk[-1].text, line.text):
            yield chunk
            chunk = []
        chunk.append(line)
        is_apart = False
    if chunk:
        yield chunk


def _count_slots(table: Table) -> int:
    if table.columns is None:
        return sum(map(len, table.rows))
    return table.columns * len(table.rows)


def _grid(table: Table, source: str, part: str, plain: Callable[[str], str]) -> Grid:
    """Give every cell its place, and its text as ``plain`` shows it; slots without a cell become blank ones."""
    placed: dict[TableCell, Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    for row_number, table_row in enumerate(table.rows, start=1):
        line = next((cell.line for cell in table_row if cell is not None), None)
        row: list[Cell] = []
        for column in range(table.columns or len(table_row)):
            table_cell = table_row[column] if column < len(table_row) else None
            cell = placed.get(table_cell) if table_cell is not None else None
            if cell is None:
                text, at = (table_cell.text, table_cell.line) if table_cell is not None else ("", line)
                cell = Cell(plain(text), Where(source, part, row_number, column + 1, at))
                if table_cell is not None:
                    placed[table_cell] = cell
            row.append(cell)
        rows.append(tuple(row))
    return Grid(tuple(rows), aligned=table.columns is not None, has_gaps=table.has_gaps)
