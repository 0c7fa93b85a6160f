"""Blocks of texts: the overall goals, and what is read by name only (资金管理情况, 年度主要任务)."""

from __future__ import annotations

import re

from normalize.draft import Draft
from normalize.grids.assign import assign
from normalize.grids.header import Header
from normalize.grids.rows import Placed, Row
from normalize.sections.cells import keep_texts, pieces_of

# "目标1", "年度目标2：", "绩效目标（一）": a goal's number, and nothing of the goal
_NUMBERED_GOAL = re.compile(r"(?:年度|总体|绩效)*目标[(（]?[\d一二三四五六七八九十]{0,2}[)）]?[:：]?")


def read_goal_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a goal and what became of it. The goal that was adjusted in mid-year holds where it is filled."""
    fields, others = assign(header, row)
    _take_behind_number(fields, others)
    for name, cells in fields.items():
        for placed in cells:
            draft.claim(placed.cell, name)
    for placed in others:
        is_label = not row.aligned or placed.start < header.first
        if is_label or _NUMBERED_GOAL.fullmatch(placed.text.strip()):
            draft.claim(placed.cell, "label")
    pieces = pieces_of(fields)
    if "goal_adjusted" in pieces and pieces["goal_adjusted"].text.strip():
        if "goal_planned" in pieces:
            pieces["goal_initial"] = pieces["goal_planned"]
        pieces["goal_planned"] = pieces.pop("goal_adjusted")
    draft.goals.append(pieces)


def _take_behind_number(fields: dict[str, list[Placed]], others: list[Placed]) -> None:
    """A goal behind its number, where the header's cell lost its width: 目标1 | 新建管网20公里."""
    for cells in fields.values():
        behind = [one for one in others if cells and one.start == cells[-1].stop and one.text.strip()]
        if behind and _NUMBERED_GOAL.fullmatch(cells[-1].text.strip()):
            others.remove(behind[0])
            others.append(cells.pop())
            cells.append(behind[0])


def read_text_row(draft: Draft, header: Header, row: Row) -> None:
    """Keep a row of another block as texts."""
    fields, others = assign(header, row)
    cells = [*others, *(placed for cells in fields.values() for placed in cells)]
    keep_texts(draft, header.block.name, cells)
