"""Blocks of texts: the overall goals, and what is read by name only (资金管理情况, 年度主要任务)."""

from __future__ import annotations

from normalize.assign import assign
from normalize.draft import Draft
from normalize.headers import Header
from normalize.rows import Row
from normalize.sections.cells import keep_texts, pieces_of


def read_goal_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a goal and what became of it."""
    fields, others = assign(header, row)
    for name, cells in fields.items():
        for placed in cells:
            draft.claim(placed.cell, name)
    for placed in others:
        draft.claim(placed.cell, "label")
    draft.goals.append(pieces_of(fields))


def read_text_row(draft: Draft, header: Header, row: Row) -> None:
    """Keep a row of another block as texts."""
    fields, others = assign(header, row)
    cells = [*others, *(placed for cells in fields.values() for placed in cells)]
    keep_texts(draft, header.block.name, cells)
