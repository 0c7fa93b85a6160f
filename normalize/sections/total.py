"""The total row: weight, score and sometimes a grade behind 总分 or 合计."""

from __future__ import annotations

from normalize.draft import Draft
from normalize.form import Piece
from normalize.headers import Header, assign, is_number
from normalize.labels import match_label, read_label
from normalize.rows import Placed, Row
from normalize.schema import fold_label, load_schema

#: columns that a total row adds up
_SCORES = ("weight", "score", "review_score")


def is_total_row(row: Row) -> bool:
    """Whether a row begins with a total's label and holds numbers, grades or blanks behind it."""
    if not row.filled:
        return False
    match = match_label(row.filled[0].text, "total", False)
    return match is not None and all(_can_stand_behind(placed.text) for placed in row.filled[1:])


def _can_stand_behind(text: str) -> bool:
    return (
        is_number(text) or is_grade(text) or is_number(fold_label(text).removesuffix("分")) or len(text) <= 4
    )


def is_grade(text: str) -> bool:
    """Whether a text is one of the grades."""
    return fold_label(text) in load_schema().grades


def read_total_row(draft: Draft, header: Header | None, row: Row) -> None:
    """Read the total row into ``weight``, ``score`` and ``grade``; a sub-total's numbers are only claimed."""
    lead, *values = row.filled
    match = match_label(lead.text, "total", False)
    assert match is not None
    draft.claim_label(lead.cell, match)
    if match.field == "subtotal":
        for placed in values:
            draft.claim(placed.cell, "subtotal")
        return
    draft.total.setdefault("label", Piece(lead.text.strip(), lead.cell))
    for placed in values:
        if is_grade(placed.text):
            _take(draft, "grade", placed)
    numbers = [placed for placed in values if not is_grade(placed.text)]
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
