"""The total row: weight, score and sometimes a grade behind 总分 or 合计."""

from __future__ import annotations

from collections.abc import Sequence

from normalize.assign import assign
from normalize.draft import Draft
from normalize.form import Piece
from normalize.headers import Header, is_number
from normalize.labels import Match, match_label, read_label
from normalize.rows import Placed, Row
from normalize.schema import fold_label, load_schema

#: labels that stand inside a total row
_LABELLED = {"weight": "weight", "score": "score", "total_score": "score", "grade": "grade"}
#: columns that a total row adds up
_SCORES = ("weight", "score", "review_score")


def lead_of(row: Row) -> tuple[Match | None, int]:
    """The total's label at the beginning of a row, and how many cells it takes: 总 and 分 can stand apart."""
    for cells in (1, 2):
        text = "".join(placed.text for placed in row.filled[:cells])
        match = match_label(text, "total", False)
        if match:
            return match, cells
    return None, 0


def is_total_row(row: Row) -> bool:
    """Whether a row begins with a total's label and holds numbers, grades, labels or blanks behind it."""
    match, cells = lead_of(row)
    return match is not None and all(_can_stand_behind(placed.text) for placed in row.filled[cells:])


def _can_stand_behind(text: str) -> bool:
    return is_number(text) or is_number(fold_label(text).removesuffix("分")) or len(text.strip()) <= 6


def is_grade(text: str) -> bool:
    """Whether a text is one of the grades."""
    return fold_label(text) in load_schema().grades


def read_total_row(draft: Draft, header: Header | None, row: Row) -> None:
    """Read the total row into ``weight``, ``score`` and ``grade``; a sub-total's numbers are only claimed."""
    match, cells = lead_of(row)
    assert match is not None
    leads, values = row.filled[:cells], row.filled[cells:]
    for placed in leads:
        draft.claim_label(placed.cell, match)
    if match.field == "subtotal":
        for placed in values:
            draft.claim(placed.cell, "subtotal")
        return
    lead = leads[0]
    draft.total.setdefault("label", Piece(lead.text.strip(), lead.cell))
    rest = _read_labelled(draft, values)
    numbers = [placed for placed in rest if not is_grade(placed.text)]
    for placed in rest:
        if is_grade(placed.text):
            _take(draft, "grade", placed)
    for name, placed in _by_column(header, row, numbers).items():
        _take(draft, name, placed)
    for placed in numbers:
        draft.claim(placed.cell, "total_other")
    weight = read_label(lead.text).weight
    if weight is not None and "weight" not in draft.total:
        draft.total["weight"] = Piece(str(weight), lead.cell)
    if "score" not in draft.total:
        blank = _blank_score(header, row)
        draft.total["score"] = Piece("", blank.cell if blank else lead.cell)


def _read_labelled(draft: Draft, values: Sequence[Placed]) -> list[Placed]:
    """Take the values that have a label of their own (总得分 | 96.5); returns the rest."""
    rest: list[Placed] = []
    name = ""
    for placed in values:
        match = match_label(placed.text, "indicator_column", False) or match_label(placed.text, "head", False)
        if match and match.field in _LABELLED:
            draft.claim_label(placed.cell, match)
            name = _LABELLED[match.field]
        elif name:
            _take(draft, name, placed)
            name = ""
        else:
            rest.append(placed)
    return rest


def _take(draft: Draft, name: str, placed: Placed) -> None:
    draft.total.setdefault(name, Piece(placed.text.strip(), placed.cell))
    draft.claim(placed.cell, "grade" if name == "grade" else f"total_{name}")


def _by_column(header: Header | None, row: Row, numbers: list[Placed]) -> dict[str, Placed]:
    """Which number is the weight and which the score: by their columns, or by the columns' order."""
    order = ["weight", "score"]
    if header is not None:
        fields, _ = assign(header, row)
        found = {name: one for name in order for one in fields.get(name, ()) if one in numbers}
        if row.aligned and (len(found) == 2 or len(found) == len(numbers)):
            return found
        order = [column.field for column in header.columns if column.field in _SCORES] or order
    if len(numbers) == 1 and len(order) > 1:
        return {"score": numbers[0]} if header is None else found or {"score": numbers[0]}
    return dict(zip(order, numbers, strict=False))


def _blank_score(header: Header | None, row: Row) -> Placed | None:
    if header is None:
        return None
    fields, _ = assign(header, row)
    return next(iter(fields.get("score", ())), None)
