"""Tables made with TABs: a cell a line behind its TAB (a dump of a Word table), or a row a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.limits import MAX_COLUMNS
from extract.text.tables import (
    Block,
    SourceLine,
    Table,
    TableCell,
    paragraphs,
    require_columns,
    require_slots,
    tidy,
)

_MOST_QUOTED_LINES = 60
_LONGEST_QUOTED_LINE = 20_000
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


def join_quoted_lines(lines: list[SourceLine]) -> list[SourceLine]:
    """Make one line of every row whose quoted cells (``"甲\\n乙"``, as Excel copies them) hold line ends."""
    joined: list[SourceLine] = []
    at = unquotable = 0
    while at < len(lines):
        text = lines[at].text
        taken = 1
        if at >= unquotable and (text.startswith('"') or '\t"' in text):
            taken = _count_quoted_lines(lines, at)
            if taken == 0:
                # The quote never ends. Quotes further down that scan would look at the same lines again.
                taken, unquotable = 1, at + _MOST_QUOTED_LINES
        if taken > 1:
            text = "\n".join(line.text for line in lines[at : at + taken])
        joined.append(SourceLine(text, lines[at].number))
        at += taken
    return joined


def _count_quoted_lines(lines: list[SourceLine], at: int) -> int:
    """Over how many lines the row at ``at`` goes: 1 for an ordinary one, 0 where a quote stays open."""
    text = lines[at].text
    start = _open_quote(text, 0)
    taken = 1
    while start is not None:
        if taken == _MOST_QUOTED_LINES or at + taken == len(lines) or len(text) > _LONGEST_QUOTED_LINE:
            return 0
        text += "\n" + lines[at + taken].text
        taken += 1
        start = _open_quote(text, start)
    if taken > 1:
        cells = split_row(text)
        # A dump's cell may hold quotes and line ends of its own: one cell makes no row.
        if len(cells) < 2 or (len(cells) == 2 and not cells[0]) or not any("\n" in cell for cell in cells):
            return 1
    return taken


def _open_quote(text: str, start: int) -> int | None:
    """Where the cell begins whose quote is still open at the end of ``text``, if there is one."""
    while start <= len(text):
        if text.startswith('"', start):
            end = _closing_quote(text, start)
            if end is None:
                return start
            start = max(end, start)
        tab = text.find("\t", start)
        if tab < 0:
            return None
        start = tab + 1
    return None


def _closing_quote(text: str, start: int) -> int | None:
    """The quote that ends the cell whose quote is at ``start``: ``start`` itself where the quoting is
    inconsistent, None where the text ends before."""
    at = text.find('"', start + 1)
    while at >= 0:
        if text.startswith('"', at + 1):
            at = text.find('"', at + 2)
        elif at + 1 == len(text) or text[at + 1] in "\t":
            return at
        else:
            return start
    return None


def split_row(text: str) -> list[str]:
    """The cells of a TAB-separated row; quotes around cells are dropped where a program put them there."""
    if '"' not in text:
        return text.split("\t")
    cells: list[tuple[str, bool]] = []
    start = 0
    while start <= len(text):
        end = _closing_quote(text, start) if text.startswith('"', start) else start
        if end is not None and end > start:
            cells.append((text[start : end + 1], True))
            start = end + 2
        else:
            tab = text.find("\t", start)
            tab = len(text) if tab < 0 else tab
            cells.append((text[start:tab], False))
            start = tab + 1
    filled = [is_quoted for cell, is_quoted in cells if cell.strip()]
    all_quoted = len(filled) > 1 and all(filled)
    return [_unquote(cell, all_quoted) if is_quoted else cell for cell, is_quoted in cells]


def _unquote(cell: str, all_quoted: bool) -> str:
    """``cell`` without its quotes, unless the author may have set them: ``"甲"`` needs none."""
    inside = cell[1:-1]
    if all_quoted or any(sign in inside for sign in '\n\t,"'):
        return inside.replace('""', '"')
    return cell


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
        for line in chunk:
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
    yield Table(
        [
            [TableCell(tidy(cell), line.number) for cell in cells]
            for line, cells in zip(lines, rows, strict=True)
        ],
        columns,
    )


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
