"""Set a document's content anew as a Word document with the findings as comments, where its own format takes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from extract.document import Cell, Document, Grid, Line
from zipingbiao.report.returns.docx_page import (
    Comments,
    new_paper,
    put_rows,
    put_text,
    saved,
)
from zipingbiao.report.returns.remark import Marked, Remark, by_place, comment
from zipingbiao.report.returns.wording import Wording, inert

if TYPE_CHECKING:
    from docx.document import Document as Paper

MAX_CELLS = 20_000
"""The slots of the tables that are set for context. Those that hold findings are set however large they are."""

#: tables with more columns than this are set across the page
_WIDE = 8


def set_anew(document: Document, remarks: Sequence[Remark], wording: Wording) -> Marked:
    """A Word document of what was read, with a comment for each remark."""
    at = by_place(remarks)
    widest = max((len(grid.rows[0]) for grid in _grids(document)), default=0)
    paper = new_paper(is_wide=widest > _WIDE)
    about = put_text(paper, wording.say("rendering", "about", source=inert(document.source)), size=9)
    comments = Comments(paper)
    seen: set[str] = set()
    for block in _shown(document, at):
        if isinstance(block, Line):
            spots = [(block.where.place, put_text(paper, inert(block.text)))]
        else:
            spots = list(_put_grid(paper, block))
        for place, paragraph in spots:
            if place in at and place not in seen:
                seen.add(place)
                for remark in at[place]:
                    comments.add(paragraph, comment(remark, wording))
    astray = [remark for remark in remarks if remark.place not in seen]
    for remark in astray:
        comments.add(about, comment(remark, wording, astray=True))
    return Marked(saved(paper), frozenset(one.number for one in astray if one.place))


def _grids(document: Document) -> Iterator[Grid]:
    return (block for block in document.blocks if isinstance(block, Grid) and block.rows)


def _shown(document: Document, places: dict[str, Any]) -> Iterator[Line | Grid]:
    """The blocks to set: all, as long as there are not too many."""
    left = MAX_CELLS
    for block in document.blocks:
        pieces = list(block.cells()) if isinstance(block, Grid) else [block]
        left -= len(pieces)
        if left >= 0 or any(piece.where.place in places for piece in pieces):
            yield block


def _put_grid(paper: Paper, grid: Grid) -> Iterator[tuple[str, Any]]:
    """Set a table; yields the first paragraph of each of its cells with the cell's place."""
    width = max((len(row) for row in grid.rows), default=0)
    if not width:
        return
    rows: list[Sequence[Cell | None]] = [[*row, *[None] * (width - len(row))] for row in grid.rows]
    for cell, paragraph in put_rows(paper, rows, lambda cell: inert(cell.text)):
        yield cell.where.place, paragraph
