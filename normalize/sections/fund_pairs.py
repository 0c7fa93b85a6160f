"""Funds as label and value pairs: 预算数 | 100 | 执行数 | 98, and below it 其中：财政拨款 | 90 | 其中：财政拨款 | 88.

Or each line has its own: 年度资金总额 | 预算数 | 100 | 执行数 | 98, and below it 其中：财政拨款 | 预算数 | 90 | 执行数 | 88.
"""

from __future__ import annotations

from normalize.draft import Draft
from normalize.form import AMOUNTS, FundRow, Piece
from normalize.labels import Match, match_label, read_label
from normalize.rows import Placed, Row
from normalize.sections.heading import is_amount

AMOUNTS_AND_RATE = frozenset({*AMOUNTS, "execution_rate"})
AMOUNT_COLUMNS = AMOUNTS_AND_RATE | {"weight", "score"}


def read_labelled_line(draft: Draft, row: Row) -> bool:
    """Read a source of funds with its amounts behind their own labels; whether the row was one."""
    cells = list(row.filled)
    items = [match_label(placed.text, "fund_item", False) for placed in cells[:2]]
    section = match_label(cells[0].text, "section", False) if all(items[1:]) else None
    lead = cells.pop(0) if section and len(items) > 1 else None
    item = items[-1] if lead else items[0]
    pairs = _labelled(row, cells[0])
    columns = [match_label(label.text, "fund_column", False) for label, _ in pairs]
    names = [match.field for match in columns if match]
    is_filled = any(value.text.strip() for _, value in pairs) or bool(draft.pair_columns)
    if item is None or not is_filled or len(set(names) & AMOUNTS_AND_RATE) < 2:
        return False
    if lead and section:
        draft.claim_label(lead.cell, section)
        draft.read_remarks(lead)
    draft.pair_columns = names
    draft.claim_label(cells[0].cell, item, "item")
    for (label, _), match in zip(pairs, columns, strict=True):
        if match:
            draft.claim_label(label.cell, match)
    fields, units = _amounts(draft, pairs, read_label(cells[0].text).money_unit)
    draft.funds.append(FundRow(item, Piece(cells[0].text.strip(), cells[0].cell), fields, units))
    return True


def _labelled(row: Row, item: Placed) -> list[tuple[Placed, Placed]]:
    """The labels of amounts behind a line's own, each with the text or the blank behind it; none if one lacks it."""
    pairs: list[tuple[Placed, Placed | None]] = []
    for placed in row.cells:
        if placed.continued or placed.start <= item.start:
            continue
        value = pairs[-1][1] if pairs else None
        if match_label(placed.text, "fund_column", False):
            pairs.append((placed, None))
        elif pairs and (value is None or not value.text.strip()):
            pairs[-1] = (pairs[-1][0], value if value and not placed.text.strip() else placed)
        elif placed.text.strip():
            return []
    full = [(label, value) for label, value in pairs if value]
    return full if len(full) == len(pairs) else []


def read_fund_pairs(draft: Draft, row: Row) -> bool:
    """Read a row in which amounts stand beside their labels; whether it was one."""
    cells = list(row.filled)
    section = _lead_label(cells[0].text) if cells and len(cells) % 2 else None
    lead = cells.pop(0) if section else None
    if draft.pair_columns and cells and _is_blank_line(draft, cells):
        return True
    pairs = list(zip(cells[::2], cells[1::2], strict=False))
    if len(cells) % 2 or not pairs or not all(is_amount(value.text) for _, value in pairs):
        return False
    columns = [match_label(label.text, "fund_column", False) for label, _ in pairs]
    names = {match.field if match else "" for match in columns}
    if names <= AMOUNT_COLUMNS | {"remark"} and names - {"weight", "score", "remark"}:
        draft.pair_columns = [match.field for match in columns if match]
        item: Match | None = Match("total", "exact")
    else:
        columns = [match_label(label.text, "fund_item", False) for label, _ in pairs]
        item = columns[0]
    if item is None or len(pairs) > len(draft.pair_columns) or (columns[0] == item and len(set(columns)) > 1):
        return False
    if lead and section:
        draft.claim_label(lead.cell, section)
        draft.read_remarks(lead)
    for (label, _), match in zip(pairs, columns, strict=True):
        if match:
            draft.claim_label(label.cell, match)
    _add_line(draft, item, pairs)
    return True


def _lead_label(text: str) -> Match | None:
    """The label in front of the pairs: of the block (项目资金), or of the whole (资金总额)."""
    match = match_label(text, "fund_item", False)
    return match if match and match.field == "total" else match_label(text, "section", False)


def _is_blank_line(draft: Draft, cells: list[Placed]) -> bool:
    """A source of funds whose amounts were left blank: its label stands alone, once a column."""
    items = [match_label(placed.text, "fund_item", False) for placed in cells]
    if len(set(items)) != 1 or items[0] is None:
        return False
    for placed in cells:
        draft.claim_label(placed.cell, items[0])
    draft.funds.append(FundRow(items[0], Piece(cells[0].text.strip(), cells[0].cell), {}, {}))
    return True


def _amounts(
    draft: Draft, pairs: list[tuple[Placed, Placed]], unit: str = ""
) -> tuple[dict[str, Piece], dict[str, str]]:
    """The values of a line under their fields, each with the unit printed nearest to it."""
    fields, units = {}, {}
    for name, (label, value) in zip(draft.pair_columns, pairs, strict=False):
        fields[name] = Piece(value.text.strip(), value.cell)
        own = unit or read_label(label.text).money_unit
        if not draft.unit and not draft.funds:
            draft.note_unit(label.cell, own)
        if nearest := own or draft.unit:
            units[name] = nearest
        draft.claim(value.cell, name)
    draft.fund_columns |= set(fields)
    return fields, units


def _add_line(draft: Draft, item: Match, pairs: list[tuple[Placed, Placed]]) -> None:
    fields, units = _amounts(draft, pairs)
    first = pairs[0][0]
    whole = next(
        (n for n, line in enumerate(draft.funds) if line.item and line.item.field == item.field), None
    )
    if whole is not None and not set(fields) & set(draft.funds[whole].fields):
        line = draft.funds[whole]
        draft.funds[whole] = FundRow(item, line.label, {**line.fields, **fields}, {**line.units, **units})
    else:
        draft.funds.append(FundRow(item, Piece(first.text.strip(), first.cell), fields, units))
