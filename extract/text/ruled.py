"""Tables between two rulers of dashes, whose groups say where the columns are: ``------ ---- ---``, as pandoc writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.text.tables import (
    WIDTH_RULES,
    SourceLine,
    Table,
    TableCell,
    WidthRule,
    display_columns,
    require_columns,
    require_slots,
)

_LONGEST_RULER = 10_000
# ------ ---- ---
_GROUPED = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")
# ---------------
_WHOLE = re.compile(r"\s*-{10,}\s*")
_DASHES = re.compile(r"-+")


def split_off_ruled_tables(lines: Sequence[SourceLine]) -> Iterator[Sequence[SourceLine] | Table]:
    """The tables between rulers in ``lines``, which are without blank ones, and the lines around them.

    Raises ReadError for more cells or columns than are read.
    """
    rulers = [at for at, line in enumerate(lines) if _is_ruler(line.text)]
    start = 0
    while rulers:
        first, *rulers = rulers
        table, end = _read_table(lines, first, rulers)
        if table is None:
            continue
        if start < first:
            yield lines[start:first]
        yield table
        start = end
        rulers = [at for at in rulers if at >= end]
    if start < len(lines):
        yield lines[start:]


def _is_ruler(text: str) -> bool:
    return len(text) <= _LONGEST_RULER and bool(_GROUPED.fullmatch(text) or _WHOLE.fullmatch(text))


def _read_table(lines: Sequence[SourceLine], first: int, below: Sequence[int]) -> tuple[Table | None, int]:
    """The table that the ruler at ``first`` begins, and the index behind it.

    Either rulers with groups stand above and below it, or whole lines, and one with groups under its head.
    """
    has_head = _GROUPED.fullmatch(lines[first].text) is None
    if len(below) < 1 + has_head:
        return None, first
    grouped = lines[below[0] if has_head else first].text
    last = below[1] if has_head else below[0]
    if not _GROUPED.fullmatch(grouped) or (lines[last].text.strip() != lines[first].text.strip()):
        return None, first
    edges = [match.start() for match in _DASHES.finditer(grouped)]
    require_columns(len(edges))
    head = [lines[first + 1 : below[0]]] if has_head else []
    rows = [*head, *_rows(lines[(below[0] if has_head else first) + 1 : last])]
    require_slots(len(rows) * len(edges))
    for rule in WIDTH_RULES:
        cells = [_cells(row, edges, rule) for row in rows]
        if rows and all(cells):
            return Table([row for row in cells if row], len(edges)), last + 1
    return None, first


def _rows(lines: Sequence[SourceLine]) -> list[Sequence[SourceLine]]:
    """The lines of each row: rows of several lines have a blank one between them."""
    starts = [
        at
        for at, line in enumerate(lines)
        if at == 0 or line.number - lines[at - 1].number > 1 + lines[at - 1].text.count("\n")
    ]
    if len(starts) <= 1:
        return [[line] for line in lines]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _cells(row: Sequence[SourceLine], edges: Sequence[int], rule: WidthRule) -> list[TableCell] | None:
    """The cells of a row; None where a text reaches over the edge of its column."""
    texts: list[list[str]] = [[] for _ in edges]
    for line in row:
        at = display_columns(line.text, rule)
        cuts = [next((n for n, column in enumerate(at) if column >= edge), len(line.text)) for edge in edges]
        if (
            any(line.text[cut - 1 : cut].strip() for cut in cuts if 0 < cut < len(line.text))
            or line.text[: cuts[0]].strip()
        ):
            return None
        for column, (start, end) in enumerate(zip(cuts, [*cuts[1:], len(line.text)], strict=True)):
            if text := line.text[start:end].strip():
                texts[column].append(text)
    return [TableCell("\n".join(parts), row[0].number) for parts in texts]
