"""Funds as labels and values in a row, in whatever order they stand.

* 预算数 | 100 | 执行数 | 98, and below it 其中：财政拨款 | 90 | 其中：财政拨款 | 88;
* 年度资金总额 | 预算数 | 100 | 执行数 | 98: the line first;
* 预算安排 | 合计 | 100 | 实际到位 | 合计 | 100, and below it, under the same merged labels, 其中：财政资金 | 90: the amount first;
* 资金总额 | 100万元 | 执行数 | 98万元: the first amount has no label, and is the budget;
* 全年预算数：100 | 全年执行数：98: label and value in one cell;
* 预算数 | 100 | 执行数 | 98 | 98%: the last amount's label stands in the row above (预算执行进度).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from normalize.draft import Draft
from normalize.form import FundRow, Piece
from normalize.grids.rows import Row
from normalize.labels.match import Match, match_label, read_label
from normalize.sections.fund_signs import AMOUNTS_AND_RATE, POINTS, Sign, parts_in, signs_of
from normalize.values.parse import Blank, parse_value

#: what an amount without a label of its own is: 资金总额 | 100万元
BARE = "budget_adjusted"

_TOTAL = Match("total", "exact")


@dataclass(slots=True)
class Amount:
    """A value with the labels that it stands behind; without a column, the row does not say what it is."""

    item: Sign | None
    column: Sign | None
    value: Sign
    name: str

    @property
    def source(self) -> Match:
        """The line of funds it belongs to: without a label, the whole."""
        return self.item.match if self.item and self.item.match else _TOTAL

    @property
    def label(self) -> Sign:
        """The label that names it."""
        return self.item or self.column or self.value


def read_labelled_line(draft: Draft, row: Row) -> bool:
    """Read a row that is nothing but funds wherever it stands: two amounts or more, each behind its label.

    Below other pairs, one is enough: 自评得分 beside 执行率 is the execution's there, not the form's.
    """
    if not row.filled or not _can_begin(row.filled[0].text):
        return False
    signs = signs_of(row)
    names = {sign.field for sign in signs if sign.kind == "column"} & AMOUNTS_AND_RATE
    return len(names) > (0 if draft.pair_columns else 1) and _read(draft, row, signs)


def read_fund_pairs(draft: Draft, row: Row) -> bool:
    """Read a row in which amounts stand beside their labels, where no other block goes on; whether it was one.

    A score alone can be the form's own: it is the execution's behind the label of the fund block.
    """
    signs = signs_of(row)
    names = {sign.field for sign in signs if sign.kind == "column"}
    of_funds = bool(draft.pair_columns) and (names >= POINTS or (bool(signs) and signs[0].kind == "section"))
    if names and not names & AMOUNTS_AND_RATE and not of_funds:
        return False
    return _read(draft, row, signs)


def read_pair_heads(draft: Draft, row: Row) -> bool:
    """Read a row of nothing but labels above such pairs: 预算安排情况 | 资金执行情况 | 预算执行进度; whether it was one."""
    amounts = {one: match for one in row.filled if (match := _amount_label(one.text))}
    is_heads = len(row.filled) > 1 and all(one in amounts or _is_section(one.text) for one in row.filled)
    if not is_heads or len(amounts) == len(row.filled):
        return False
    for placed in row.filled:
        draft.claim(placed.cell, "label", "alias")
        draft.read_remarks(placed)
    draft.pair_heads = {row.width - one.stop: Piece(one.text.strip(), one.cell) for one in amounts}
    return True


def _is_section(text: str) -> bool:
    match = match_label(text, "section", False)
    return match is not None and match.field == "funds"


def _amount_label(text: str) -> Match | None:
    """The amount, or the rate, that a label names."""
    match = match_label(text, "fund_column", False)
    return match if match and match.field in AMOUNTS_AND_RATE else None


def _can_begin(text: str) -> bool:
    """Whether a row of funds can begin with this text."""
    return any(match_label(text, scope, False) for scope in ("fund_column", "fund_item", "section")) or bool(
        parts_in(text)
    )


def _read(draft: Draft, row: Row, signs: Sequence[Sign]) -> bool:
    """Read a row of funds, if each of its values has one meaning."""
    amounts = _amounts(_under_heads(draft, row, signs)) or _left_blank(draft, signs)
    of_funds = bool(signs) and signs[0].kind == "section"
    if not any(one.value.text for one in amounts) and not draft.pair_columns:
        return False
    if not amounts or not _name_bare(draft, amounts, of_funds) or _is_told_again(draft, amounts):
        return False
    named = [(one.source.field, one.name) for one in amounts]
    if len(set(named)) < len(named):
        return False
    for sign in signs:
        if sign.match and not sign.placed.continued:
            draft.claim_label(sign.placed.cell, sign.match, "item" if sign.kind == "item" else "label")
        if sign.kind == "section":
            draft.read_remarks(sign.placed)
    if any(sign.kind == "column" for sign in signs):
        draft.pair_columns = [(one.name, one.value.placed.start) for one in amounts]
    for source in dict.fromkeys(one.source.field for one in amounts):
        _add_line(draft, [one for one in amounts if one.source.field == source])
    return True


def _under_heads(draft: Draft, row: Row, signs: Sequence[Sign]) -> list[Sign]:
    """The row's signs, with the label above in front of each value behind another value that has one there."""
    found: list[Sign] = []
    for sign in signs:
        head = draft.pair_heads.get(row.width - sign.placed.stop)
        match = _amount_label(head.text) if head else None
        if head and match and sign.kind == "value" and found and found[-1].kind == "value":
            found.append(Sign("column", head.text, sign.placed, match))
        found.append(sign)
    return found


def _amounts(signs: Sequence[Sign]) -> list[Amount]:
    """Each value, or the blank in its place, under the labels that it stands behind; none if two share a label."""
    amounts: list[Amount] = []
    item = column = blank = None
    awaits = False
    lead = _lead(signs)
    for sign in signs:
        if sign.is_label and blank and awaits:
            amounts.append(Amount(item, column, blank, column.field if column else ""))
        if sign.is_label:
            item, column = (sign, column) if sign.kind == "item" else (lead, sign)
            awaits, blank = True, None
        elif sign.kind == "blank":
            blank = blank or sign
        elif sign.kind == "value":
            if not awaits and not sign.placed.continued:
                return []
            if not sign.placed.continued:
                amounts.append(Amount(item, column, sign, column.field if column else ""))
            awaits = False
    if awaits and blank:
        amounts.append(Amount(item, column, blank, column.field if column else ""))
    return amounts


def _left_blank(draft: Draft, signs: Sequence[Sign]) -> list[Amount]:
    """The blank amounts of a line whose label stands alone, once a column: 其中：财政拨款 | 其中：财政拨款."""
    items = {sign.field for sign in signs}
    if not draft.pair_columns or len(items) != 1 or any(sign.kind != "item" for sign in signs):
        return []
    return [Amount(sign, None, replace(sign, text=""), "") for sign in signs]


def _lead(signs: Sequence[Sign]) -> Sign | None:
    """The line that the row's amounts belong to where they do not name another: its label stands before them all."""
    front = list(takewhile(lambda sign: sign.kind not in ("column", "value"), signs))
    if not any(sign.kind == "item" for sign in front):
        front = list(takewhile(lambda sign: sign.kind != "value", signs))
        if len({sign.field for sign in signs if sign.kind == "item"}) > 1:
            return None
    return next((sign for sign in reversed(front) if sign.kind == "item"), None)


def _name_bare(draft: Draft, amounts: Sequence[Amount], of_funds: bool) -> bool:
    """Say what the amounts without a column are: as in the row above, or the budget; whether that is known.

    ``of_funds`` says that the label of the fund block stands in front.
    """
    bare = [one for one in amounts if not one.column]
    if not bare:
        return True
    if len(bare) < len(amounts) or not draft.pair_columns:
        return _name_budget(amounts, bare, of_funds)
    above = draft.pair_columns
    if len(above) == 1:
        names = [above[0][0]] * len(bare)
    elif len(above) == len(bare):
        names = [name for name, _ in above]
    else:
        names = [next((n for n, at in above if at == one.value.placed.start), "") for one in bare]
    for one, name in zip(bare, names, strict=True):
        one.name = name
    return all(names) and (len(above) == 1 or len({one.source.field for one in bare}) == 1)


def _name_budget(amounts: Sequence[Amount], bare: Sequence[Amount], of_funds: bool) -> bool:
    """Read amounts behind 资金总额 and its parts as the budget, where no other amount of the row is one.

    合计 alone says nothing of funds, unless a column does, or the money's own unit.
    """
    first = bare[0]
    named = {one.name for one in amounts if one.column}
    says_money = of_funds or bool(named & {"executed", "received"})
    says_money = says_money or not match_label(first.label.text, "total", False)
    if (first.source.field != "total" and not of_funds) or named & {"budget_initial", BARE} or not says_money:
        return False
    for one in bare:
        one.name = BARE
    return not any(isinstance(parse_value(one.value.text), Blank) for one in bare)


def _is_told_again(draft: Draft, amounts: Sequence[Amount]) -> bool:
    """Whether one cell says in a sentence what the line of the whole has already: 全年预算64万元，实际支出61.5万元."""
    known = {name for line in draft.funds if line.item and line.item.field == "total" for name in line.fields}
    is_one_cell = len({one.value.placed.cell for one in amounts}) == 1 < len(amounts)
    return is_one_cell and all(one.source.field == "total" and one.name in known for one in amounts)


def _add_line(draft: Draft, amounts: Sequence[Amount]) -> None:
    """Add a line of funds, or what a row says more of a line that is there."""
    fields: dict[str, Piece] = {}
    units: dict[str, str] = {}
    for one in amounts:
        if one.name == "remark":
            draft.claim(one.value.placed.cell, "note")
            continue
        labels = [label for label in (one.item, one.column) if label]
        own = next((unit for label in labels if (unit := read_label(label.text).money_unit)), "")
        if not draft.unit and not draft.funds:
            draft.note_unit(one.label.placed.cell, own)
        if nearest := own or draft.unit:
            units[one.name] = nearest
        fields[one.name] = Piece(one.value.text, one.value.placed.cell)
        draft.claim(one.value.placed.cell, one.name)
    draft.fund_columns |= set(fields)
    source, label = amounts[0].source, amounts[0].label
    for number, line in enumerate(draft.funds):
        if line.item and line.item.field == source.field and not set(fields) & set(line.fields):
            draft.funds[number] = FundRow(
                line.item, line.label, {**line.fields, **fields}, {**line.units, **units}
            )
            return
    draft.funds.append(FundRow(source, Piece(label.text, label.placed.cell), fields, units))
