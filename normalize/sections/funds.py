"""The fund block: a row is a source of funds, a column an amount, a rate, a weight or a score."""

from __future__ import annotations

from dataclasses import replace

from normalize.draft import Draft
from normalize.form import AMOUNTS, FundRow, Piece
from normalize.grids.assign import assign
from normalize.grids.header import Column, Header
from normalize.grids.rows import Placed, Row
from normalize.labels.match import Match, match_label, read_label
from normalize.sections.cells import pieces_of

_TOTAL = Match("total", "exact")


def open_funds(draft: Draft, header: Header) -> None:
    """Take what the header says besides its columns: the unit of amounts, the execution weight."""
    draft.fund_columns |= {_amount(name) for name in header.fields if not name.startswith("extra:")}
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

    A row of amounts without a label is none, unless its columns say whose they are, or it is the first and no cell
    is left blank for a label; one merged from above names it only as a source of funds.
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
    is_crossed = any("@" in name for name in pieces)
    is_whole = _is_only_line(header, row, others) and not draft.funds
    if not labels and not is_crossed and not is_whole:
        return
    text = "".join(placed.text.strip() for placed in labels)
    match = match_label(text, "fund_item") if labels else _TOTAL
    if match is None and not any(piece.text.strip() for piece in pieces.values()):
        return  # a remark between the lines, not a line of funds
    for placed in labels:
        if match:
            draft.claim_label(placed.cell, match, "item")
    for name, placed_cells in fields.items():
        for placed in placed_cells:
            draft.claim(placed.cell, _amount(name))
    own = read_label(text).money_unit
    if labels and not draft.unit and not draft.funds:
        draft.note_unit(labels[-1].cell, own)
    heads = {column.field: _unit_over(header, column) for column in header.columns}
    units = {name: unit for name in pieces if (unit := own or heads.get(name) or draft.unit)}
    line = FundRow(
        match, Piece(text, labels[-1].cell if labels else header.columns[0].placed.cell), pieces, units
    )
    draft.funds += _by_source(header, line) if is_crossed else [line]


def _is_only_line(header: Header, row: Row, others: list[Placed]) -> bool:
    """Whether there is no place for lines' labels: the block's own label, if any, and known columns."""
    is_placed = row.aligned or row.width == header.width
    is_known = is_placed and all(not name.startswith("extra:") for name in header.fields)
    return is_known and all(placed.continued or _is_below(header, placed) for placed in others)


def _is_below(header: Header, placed: Placed) -> bool:
    """Whether a blank is what a text dump leaves of a cell merged with the one above: no place for a line's label."""
    section = header.section
    is_under_own = section is not None and header.first == section.stop == placed.stop
    return not placed.text.strip() and (is_under_own or placed.start >= header.first)


def _amount(name: str) -> str:
    """The amount of a column: executed of executed@central."""
    return name.partition("@")[0]


def _unit_over(header: Header, column: Column) -> str:
    """The unit of amounts in a column's label, or in the one over it."""
    over = [one for one in header.labels if one.start <= column.start and column.stop <= one.stop]
    return next((unit for one in reversed(over) if (unit := read_label(one.text).money_unit)), "")


def _by_source(header: Header, line: FundRow) -> list[FundRow]:
    """The lines of a row whose amounts are parted by source: the row's own, and one for each source.

    Of a part of the whole (其中：财政拨款), the sources' shares are lines that no name fits.
    """
    fields: dict[str, dict[str, Piece]] = {"total": {}}
    units: dict[str, dict[str, str]] = {}
    for name, piece in line.fields.items():
        amount, _, item = name.partition("@")
        source = item or "total"
        fields.setdefault(source, {})[amount] = piece
        if name in line.units:
            units.setdefault(source, {})[amount] = line.units[name]
    whole = line.item is not None and line.item.field == "total"
    labels = {column.field.partition("@")[2]: column for column in header.columns}
    found = []
    for source, amounts in fields.items():
        column = labels.get(source)
        if not amounts:
            continue
        if source == "total":
            label, match = line.label, line.item
        else:
            assert column is not None
            label = Piece(column.placed.text.strip(), column.placed.cell)
            match = Match(source, "alias") if whole else None
        found.append(FundRow(match, label, amounts, units.get(source, {})))
    return found


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


def is_fund_line(row: Row, header: Header) -> bool:
    """合计 in the fund block is a line of funds, if any amount stands behind it; so is 得分 in one turned over."""
    if header.block.name == "funds_turned":
        return match_label(row.filled[0].text, "fund_column", False) is not None
    if header.block.name != "funds" or not match_label(row.filled[0].text, "fund_item", False):
        return False
    fields, _ = assign(header, row)
    return any(placed.text.strip() for name in AMOUNTS for placed in fields.get(name, ()))
