"""Parts of the funds with label and amount in one cell, two ways to part the whole side by side.

其中：一般公共预算：640.00 | 其中：基本支出：512.00, under a header of amounts that says of none of them which it parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from normalize.draft import Draft
from normalize.form import AMOUNTS, FundRow, Piece
from normalize.grids.rows import Placed, Row
from normalize.labels.match import match_label, read_label
from normalize.schema import load_schema
from normalize.sections.fund_signs import Sign, signs_of
from normalize.values.parse import Measure, parse_value

#: what a part's amount is called until it is known which of the whole's amounts it is a part of
UNKNOWN = "part"
#: in which order the whole's amounts are tried
_TRIED = ("budget_adjusted", "budget_initial", "executed", "received")


def read_part_lines(draft: Draft, row: Row) -> bool:
    """Read a row of nothing but parts of the funds, each beside or behind its own label; whether it is one."""
    whole = any(line.item and line.item.field == "total" for line in draft.funds)
    if not whole or not _may_be_parts(row):
        return False
    cells = [one for one in row.cells if not one.continued]
    ways = [one for one in cells if _is_way(one)]
    rest = tuple(one for one in cells if one not in ways)
    pairs = _pairs(signs_of(Row(rest, row.aligned))) if rest else []
    pairs = pairs if _are_parts(draft, pairs) else []
    if not pairs and not (ways and len(ways) == len(row.filled)):
        return False
    for placed in ways:
        draft.claim(placed.cell, "label", "alias")
    for label, text in pairs:
        assert label.match is not None
        draft.claim_label(label.placed.cell, label.match, "item")
        fields = {UNKNOWN: Piece(text.text, text.placed.cell)}
        unit = read_label(label.text).money_unit or draft.unit
        units = {UNKNOWN: unit} if unit else {}
        draft.funds.append(FundRow(label.match, Piece(label.text, label.placed.cell), fields, units))
    return True


def _may_be_parts(row: Row) -> bool:
    """Whether it is worth a closer look: a label with its amount in one cell, or several labels, or next to nothing."""
    labels = [one.text for one in row.filled if ":" in one.text or "：" in one.text]
    return len(row.filled) <= 2 or len(labels) > 1 or any(char.isdigit() for char in "".join(labels))


def _is_way(placed: Placed) -> bool:
    """Whether a cell says in which way the whole is parted: 按收入性质分."""
    match = match_label(placed.text, "fund_column", False) if placed.text.strip() else None
    return match is not None and match.field == "item"


def _pairs(signs: Sequence[Sign]) -> list[tuple[Sign, Sign]]:
    """The labels with their amounts, where no label stands twice, and no label of an amount among them."""
    items = [one for one in signs if one.kind == "item"]
    if any(one.kind in ("column", "section") for one in signs) or not items:
        return []
    pairs = []
    for item, behind in zip(items, [*items[1:], None], strict=True):
        start = signs.index(item) + 1
        stop = signs.index(behind) if behind else len(signs)
        own = [one for one in signs[start:stop] if one.kind == "value"]
        if len(own) > 1:
            return []
        pairs.append((item, own[0] if own else Sign("blank", "", item.placed)))
    if len({item.field for item in items}) < len(items):
        return []
    return pairs


def _are_parts(draft: Draft, pairs: Sequence[tuple[Sign, Sign]]) -> bool:
    """Whether pairs are parts, not a line under the header's columns: that has one label, in a cell of its own."""
    if any(value.kind == "value" and value.placed is item.placed for item, value in pairs):
        return True
    if all(value.kind == "blank" for _, value in pairs):
        return any(UNKNOWN in line.fields for line in draft.funds)
    return len(pairs) > 1 and not draft.pair_columns


def settle_parts(draft: Draft) -> None:
    """Say of which of the whole's amounts the parts are: the one that they sum up to, or else its budget."""
    whole = next((line for line in draft.funds if line.item and line.item.field == "total"), None)
    parts = [line for line in draft.funds if UNKNOWN in line.fields]
    if whole is None or not parts:
        return
    for way in {_way_of(line) for line in parts}:
        lines = [line for line in parts if _way_of(line) == way]
        name = _parted(whole, lines)
        for line in lines:
            at = draft.funds.index(line)
            piece = line.fields[UNKNOWN]
            units = {name: line.units[UNKNOWN]} if UNKNOWN in line.units else {}
            draft.funds[at] = replace(line, fields={name: piece}, units=units)
            draft.claim(piece.cell, name)


def _way_of(line: FundRow) -> str:
    return load_schema().attribute("fund_item", line.item.field, "split") if line.item else ""


def _parted(whole: FundRow, lines: Sequence[FundRow]) -> str:
    amounts = [_number(line.fields[UNKNOWN]) for line in lines]
    total = sum((one for one in amounts if one is not None), Decimal(0))
    printed = [name for name in _TRIED if name in whole.fields and name in AMOUNTS]
    return next((name for name in printed if _number(whole.fields[name]) == total), (printed or _TRIED)[0])


def _number(piece: Piece) -> Decimal | None:
    value = parse_value(piece.text)
    return value.number if isinstance(value, Measure) else None
