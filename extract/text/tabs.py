"""Tables made with TABs: a cell a line behind its TAB (a dump of a Word table), or a row a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.limits import MAX_COLUMNS
from extract.text.quotes import split_row
from extract.text.split_rows import join_split_rows
from extract.text.tables import (
    Block,
    SourceLine,
    Table,
    TableCell,
    is_ragged,
    paragraphs,
    require_columns,
    require_slots,
    tidy,
)

_LONG_CELL = 40
_MOST_LOOSE_LINES = 1

_LIST_MARK = re.compile(
    r"""
    # 1.  （二）  三、  2)  ①  •
    \s*(?:
        [(（]? (?P<ordinal> \d{1,3} | [一二三四五六七八九十百]{1,4} ) [)）.、．]
        | (?P<sign> [①-⑳•●■◆▪·-] )
    )\s*
    """,
    re.VERBOSE,
)

Chunk = Sequence[SourceLine]
"""Lines without a blank one between them."""


def read_tab_tables(chunks: Sequence[Chunk]) -> Iterator[Block]:
    """The tables and paragraphs of chunks that each hold a TAB, in order.

    Raises ReadError for more cells or columns than are read.
    """
    at = 0
    while at < len(chunks):
        if _is_dump(chunks[at]):
            end = at + 1
            while end < len(chunks) and _continues_dump(chunks[end]):
                end += 1
            yield from _read_dump(chunks[at:end])
        else:
            end = at + 1
            while end < len(chunks) and _continues_rows(chunks[end - 1], chunks[end]):
                end += 1
            yield from _read_rows(chunks[at:end])
        at = end


def _starts_cell(text: str) -> bool:
    """Whether a line of a dump opens a cell: nothing stands before its TAB."""
    head, tab, _ = text.partition("\t")
    return bool(tab) and not head.strip()


def _is_lone_cell(text: str) -> bool:
    return _starts_cell(text) and text.count("\t") == 1


def _is_dump(chunk: Chunk) -> bool:
    with_tab = [line.text for line in chunk if "\t" in line.text]
    return 2 * sum(map(_is_lone_cell, with_tab)) > len(with_tab)


def _continues_dump(chunk: Chunk) -> bool:
    return _is_dump(chunk) or _is_lone_cell(chunk[0].text)


def _continues_rows(above: Chunk, chunk: Chunk) -> bool:
    """Whether a chunk goes on with the table above it: one blank line is a blank row that lost its TABs."""
    if "\t" not in above[-1].text or "\t" not in chunk[0].text:
        return False
    last = above[-1]
    gap = chunk[0].number - last.number - last.text.count("\n")
    return gap <= 2 and (len(chunk) == 1 or not _is_dump(chunk))


# ---- a cell a line -------------------------------------------------------------------------------------


def _read_dump(chunks: Sequence[Chunk]) -> Iterator[Block]:
    rows: list[list[TableCell]] = []
    slots = 0
    for chunk in chunks:
        loose = next(at for at, line in enumerate(chunk) if "\t" in line.text)
        if loose > 1 and not rows:
            # Several lines above the first cell of a table are its titles, not a cell.
            yield from chunk[:loose]
            chunk = chunk[loose:]
        # Counted before they are made: a line can hold millions of TABs.
        slots += sum(line.text.count("\t") for line in chunk) + 1
        require_slots(slots)
        rows.append(_dump_row(chunk))
    if _is_prose(rows):
        for row in rows:
            for cell in row:
                yield from paragraphs(cell.text, cell.line)
    else:
        yield Table(rows, columns=None)


def _dump_row(chunk: Chunk) -> list[TableCell]:
    """The cells of a row: each begins at a TAB, and lines without one go on with the cell above."""
    texts: list[tuple[list[str], int]] = []
    for line in chunk:
        if not _starts_cell(line.text):
            if texts:
                texts[-1][0].append(line.text)
            else:
                texts.append(([line.text], line.number))
            continue
        cells = line.text.split("\t")[1:]
        if len(cells) > 1 and _LIST_MARK.fullmatch(cells[0]):
            # Word sets a TAB behind the number of a list's paragraph.
            cells = ["\t".join(cells)]
        texts.extend(([cell], line.number) for cell in cells)
    return [_dump_cell("\n".join(parts), number) for parts, number in texts]


def _dump_cell(text: str, number: int) -> TableCell:
    blank_lines = len(text) - len(text.lstrip("\n"))
    return TableCell(tidy(text), number + blank_lines if text.strip() else number)


def _is_prose(rows: Sequence[Sequence[TableCell]]) -> bool:
    """Whether the TABs only indent paragraphs: no row has two cells, or the cells are long and all filled."""
    if all(len(row) == 1 for row in rows):
        return True
    cells = [cell.text for row in rows for cell in row]
    return all(cells) and 2 * sum(len(text) > _LONG_CELL for text in cells) >= len(cells)


# ---- a row a line --------------------------------------------------------------------------------------


def _read_rows(chunks: Sequence[Chunk]) -> Iterator[Block]:
    """Lines without a TAB before, after, or several together between the rows are paragraphs; a single one
    between two rows is a row that lost its TABs."""
    table: list[SourceLine] = []
    loose: list[SourceLine] = []
    for chunk in chunks:
        for line in join_split_rows(chunk):
            if "\t" not in line.text:
                loose.append(line)
                continue
            if table and len(loose) <= _MOST_LOOSE_LINES:
                table += loose
            else:
                yield from _table_of_rows(table)
                yield from loose
                table = []
            loose = []
            table.append(line)
    yield from _table_of_rows(table)
    yield from loose


def _table_of_rows(lines: Sequence[SourceLine]) -> Iterator[Block]:
    # Before they are split: a million short rows fit into the bytes of a file, but not into memory.
    require_slots(sum(line.text.count("\t", 0, len(line.text.rstrip())) + 1 for line in lines))
    rows = [_split_bounded(line.text) for line in lines]
    if not _is_table(rows):
        for line in lines:
            yield from paragraphs(line.text, line.number)
        return
    columns = max(map(len, rows))
    require_slots(columns * len(rows))
    cells = [_cells_of(line, texts) for line, texts in zip(lines, rows, strict=True)]
    yield Table(cells, None if is_ragged(cells) else columns)


def _cells_of(line: SourceLine, texts: Sequence[str]) -> list[TableCell]:
    """The cells of a row, each with the line that it begins in: a row of several lines has cells in all of them."""
    number = line.number
    cells: list[TableCell] = []
    for text in texts:
        cells.append(TableCell(tidy(text), number))
        number += text.count("\n")
    return cells


def _split_bounded(text: str) -> list[str]:
    """The cells of a row, which must not be wider than a table may be."""
    if text.count("\t") >= MAX_COLUMNS:
        # A spreadsheet may write a TAB for each of its 16384 columns.
        text = text.rstrip()
        require_columns(text.count("\t") + 1)
    return split_row(text)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells stand side by side, more than a paragraph's number and its text or two remarks."""
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    if any(len(row) > 2 for row in filled):
        return True
    pairs = [row for row in filled if len(row) == 2]
    return len(pairs) > 1 and not all(_LIST_MARK.fullmatch(row[0]) for row in pairs)
