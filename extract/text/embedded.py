"""Tables that a Markdown file holds as HTML: merged cells have no other way to be written there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.document import Cell, Grid, Line
from extract.text.tables import SourceLine

_BEGINS = re.compile(r"\s{0,3}<table\b", re.IGNORECASE)
_ENDS = re.compile(r"</table\s*>\s*$", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def split_off_html(lines: Sequence[SourceLine]) -> Iterator[tuple[Sequence[SourceLine], bool]]:
    """The lines in parts, each with whether it is a table of HTML: it begins and ends with the tag's lines."""
    start = at = 0
    while at < len(lines):
        end = next((n for n in range(at, len(lines)) if _ENDS.search(lines[n].text)), None)
        if end is None:
            break
        first = next((n for n in range(at, end + 1) if _BEGINS.match(lines[n].text)), None)
        at = end + 1
        if first is not None:
            if start < first:
                yield lines[start:first], False
            yield lines[first:at], True
            start = at
    if start < len(lines):
        yield lines[start:], False


def read_html_table(lines: Sequence[SourceLine], source: str, tables: int) -> Iterator[Grid | Line]:
    """The grids and paragraphs of a table of HTML, behind ``tables`` others; none where it holds no text.

    Raises ReadError for what no page can be.
    """
    from extract.web.html import read_pages  # few Markdown files need it

    page = "\n".join(line.text for line in lines)
    if not _TAG.sub("", page).strip():
        return
    for block in read_pages([page], source).blocks:
        if isinstance(block, Line):
            yield Line(block.text, block.where._replace(row=None, line=lines[0].number))
            continue
        tables += 1
        placed = {
            cell: Cell(cell.text, cell.where._replace(part=f"表{tables}", line=lines[0].number))
            for cell in block.cells()
        }
        yield Grid(tuple(tuple(placed[cell] for cell in row) for row in block.rows), block.aligned)
