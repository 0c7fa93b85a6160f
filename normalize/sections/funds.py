"""The fund block: a row is a source of funds, a column an amount, a rate, a weight or a score."""

from __future__ import annotations

from dataclasses import replace

from normalize.assign import assign
from normalize.draft import Draft
from normalize.form import FundRow, Piece
from normalize.headers import Header
from normalize.labels import match_label, read_label
from normalize.rows import Placed, Row
from normalize.sections.cells import pieces_of


def open_funds(draft: Draft, header: Header) -> None:
    """Take what the header says besides its columns: the unit of amounts, the execution weight."""
    draft.fund_columns |= {name for name in header.fields if not name.startswith("extra:")}
    if header.section:
        draft.read_remarks(header.section)
    for placed in header.labels:
        label = read_label(placed.text)
        if not draft.unit:
            draft.note_unit(placed.cell, label.money_unit)
        scored = any(column.placed is placed and column.field == "score" for column in header.columns)
        if scored and label.weight is not None and draft.execution_weight is None:
            draft.execution_weight = Piece(str(label.weight), placed.cell)


def read_fund_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a fund line. A row of nothing but blanks and its label is a line that was left blank.

    A row of amounts without a label is none; one merged from above names it only as a source of funds.
    """
    fields, others = assign(header, row)
    labels = [
        placed
        for placed in others
        if placed.text.strip() and not placed.continued and (not row.aligned or placed.start < header.first)
    ]
    pieces = pieces_of(fields)
    labels = labels or [
        placed for placed in others if placed.continued and match_label(placed.text, "fund_item", False)
    ]
    if not labels:
        return
    text = "".join(placed.text.strip() for placed in labels)
    cell = labels[-1].cell
    match = match_label(text, "fund_item")
    if match is None and not any(piece.text.strip() for piece in pieces.values()):
        return  # a remark between the lines, not a line of funds
    for placed in labels:
        if match:
            draft.claim_label(placed.cell, match, "item")
    for name, placed_cells in fields.items():
        for placed in placed_cells:
            draft.claim(placed.cell, name)
    own = read_label(text).money_unit
    if not draft.unit and not draft.funds:
        draft.note_unit(cell, own)
    heads = {column.field: read_label(column.placed.text).money_unit for column in header.columns}
    units = {name: unit for name in pieces if (unit := own or heads.get(name) or draft.unit)}
    draft.funds.append(FundRow(match, Piece(text, cell), pieces, units))


def open_turned_funds(draft: Draft, header: Header) -> None:
    """Begin a fund block that is turned over: each column is a source of funds, each row an amount."""
    if header.section:
        draft.read_remarks(header.section)
    draft.turned = len(draft.funds)
    for column in header.columns:
        if column.match:
            label = Piece(column.placed.text.strip(), column.placed.cell)
            draft.funds.append(FundRow(column.match, label, {}, {}))


def read_turned_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a row of amounts, one for each source of funds."""
    fields, others = assign(header, row)
    lead = next((placed for placed in others if placed.text.strip() and not placed.continued), None)
    match = match_label(lead.text, "fund_column", False) if lead else None
    if lead is None or match is None:
        return
    draft.claim_label(lead.cell, match)
    draft.fund_columns.add(match.field)
    head = read_label(lead.text).money_unit or draft.unit
    for number, column in enumerate((c for c in header.columns if c.match), draft.turned):
        cells = fields.get(column.field)
        if not cells:
            continue
        line = draft.funds[number]
        added = pieces_of({match.field: cells})
        unit = read_label(line.label.text).money_unit or head
        units = {**line.units, match.field: unit} if unit else line.units
        draft.funds[number] = FundRow(line.item, line.label, {**line.fields, **added}, units)
        draft.claim(cells[0].cell, match.field)
    _read_execution(draft, header, fields)


def _read_execution(draft: Draft, header: Header, fields: dict[str, list[Placed]]) -> None:
    """Take what stands under 分值 and 得分 behind the sources: they are those of the whole."""
    whole = next(
        (
            n
            for n, line in enumerate(draft.funds)
            if n >= draft.turned and line.item and line.item.field == "total"
        ),
        None,
    )
    for column in header.columns:
        match = None if column.match else match_label(column.placed.text, "fund_column", False)
        cells = [one for one in fields.get(column.field, ()) if one.text.strip()]
        if whole is None or not cells or match is None or match.field not in ("weight", "score"):
            continue
        line = draft.funds[whole]
        draft.funds[whole] = replace(line, fields={**pieces_of({match.field: cells}), **line.fields})
        draft.fund_columns.add(match.field)
        draft.claim_label(column.placed.cell, match)
        draft.claim(cells[0].cell, match.field)
