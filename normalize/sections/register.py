"""Indicators of several projects in one table, each row with its project's name, as systems export them."""

from __future__ import annotations

from normalize.draft import Draft
from normalize.form import Piece
from normalize.grids.assign import assign
from normalize.grids.header import Header
from normalize.grids.header_rows import HEAD
from normalize.grids.rows import Placed, Row
from normalize.schema import fold_label

_PROJECT = f"{HEAD}project_name"


def begins_project(draft: Draft, row: Row) -> bool:
    """Whether a row of such a table is another project's than the row above."""
    header = draft.header
    if header is None or _PROJECT not in header.fields or "project_name" not in draft.heading:
        return False
    name = _project_in(header, row)
    return bool(name) and fold_label(name) != fold_label(draft.heading["project_name"].text)


def go_on_with(draft: Draft, following: Draft) -> None:
    """Read the rows of the next project under the same header."""
    header = draft.header
    if header is not None and _PROJECT in header.fields:
        following.header = header
        following.indicator_columns |= header.fields


def _project_in(header: Header, row: Row) -> str:
    fields, _ = assign(header, row)
    return next((one.text.strip() for one in fields.get(_PROJECT, ()) if one.text.strip()), "")


def take_heads(draft: Draft, header: Header, fields: dict[str, list[Placed]]) -> None:
    """Take the fields of the head out of a row's."""
    if _PROJECT not in header.fields:
        return
    for name in [name for name in fields if name.startswith(HEAD)]:
        for placed in fields.pop(name):
            draft.fill(name.removeprefix(HEAD), Piece(placed.text.strip(), placed.cell))
            draft.claim(placed.cell, name.removeprefix(HEAD))
