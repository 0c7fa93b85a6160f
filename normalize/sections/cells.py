"""From the cells under a header to the texts of a row's fields."""

from __future__ import annotations

from normalize.draft import Draft
from normalize.form import AMOUNTS, Paragraph, Piece
from normalize.grids.rows import Placed

#: fields whose merged cell is one value for several rows, to be counted once
COUNTED = frozenset({"weight", "score", *AMOUNTS})


def pieces_of(fields: dict[str, list[Placed]]) -> dict[str, Piece]:
    """The text of each field; several cells under one header are joined (≥ and 95% in two cells)."""
    return {name: _piece(name, cells) for name, cells in fields.items()}


def _piece(name: str, cells: list[Placed]) -> Piece:
    filled = [placed for placed in cells if placed.text.strip()] or cells[:1]
    text = "".join(placed.text.strip() for placed in filled)
    cell = filled[0].cell
    if name in COUNTED and filled[0].continued:
        return Piece("", cell, merged=True)
    return Piece(text, cell)


def keep_texts(draft: Draft, section: str, cells: list[Placed]) -> None:
    """Keep the texts of cells that belong to no field: 资金管理情况, 年度主要任务, a text between the rows."""
    for placed in cells:
        if placed.text.strip() and not placed.continued:
            draft.claim(placed.cell, "note")
            draft.texts.append(Paragraph(section or "note", placed.text.strip(), placed.cell))
