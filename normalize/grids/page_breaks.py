"""A table that goes on behind a page break, under the header of the page before."""

from __future__ import annotations

from dataclasses import replace

from normalize.grids.header import Header
from normalize.grids.rows import Row


def fitted(header: Header, row: Row) -> Header | None:
    """The header over a table that goes on behind a page break; None where the table's first row has other columns.

    The table may have been drawn anew with other borders: then it has a cell for each column.
    """
    if not header.aligned or row.width == header.width:
        return header
    surplus = len(row.cells) - len(header.columns)
    if surplus not in (0, int(header.section is not None)):
        return None
    columns = [
        replace(column, start=placed.start, stop=placed.stop)
        for column, placed in zip(header.columns, row.cells[surplus:], strict=True)
    ]
    return replace(header, columns=tuple(columns), width=row.width)
