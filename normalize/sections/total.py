"""The total row: weight, score and sometimes a grade behind 总分 or 合计."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from extract.document import Line
from normalize.draft import Draft
from normalize.fold import fold
from normalize.form import Piece, TotalRow
from normalize.grids.assign import assign
from normalize.grids.header import Header
from normalize.grids.rows import Placed, Row
from normalize.grids.under import is_number
from normalize.labels.match import LONGEST_LABEL, Match, match_label, read_label
from normalize.schema import fold_label, load_schema
from normalize.sections.tree import settle_groups

#: labels that stand inside a total row
_LABELLED = {"weight": "weight", "score": "score", "total_score": "score", "grade": "grade"}
# "总分：98.3分", "总分98.3", "自评得分：98.3分（优）": a number behind the label, not in brackets
_SCORE = re.compile(
    r"^(?P<label>[^\d:()\[\]]+)(?P<colon>:?)(?P<number>\d{1,3}(?:\.\d+)?)分?(?:\((?P<grade>[^()\d]{1,4})\))?$"
)
# "总分：100分", "等级：优", one of several in a text
_PART = re.compile(r"([^\s:;,、()\d]+):\s*([^\s:;,、]+)[\s;,、]*")
#: columns that a total row adds up
_SCORES = ("weight", "score", "review_score")


@lru_cache(maxsize=4096)
def _score_in(text: str) -> re.Match[str] | None:
    """The number behind a label in one text."""
    return _SCORE.search(fold_label(text)) if len(text) <= LONGEST_LABEL else None


def lead_of(row: Row, header: Header | None = None) -> tuple[Match | None, int]:
    """The total's label at the beginning of a row, and how many cells it takes: 总 and 分 can stand apart.

    Under the indicators' header, a label that nobody knows is known by its last word (产出指标小计), if nothing
    stands in the row but numbers.
    """
    leads = ["".join(placed.text for placed in row.filled[:cells]) for cells in (1, 2)]
    for cells, text in enumerate(leads, 1):
        printed = _score_in(text)
        for label in (text, printed["label"] if printed else ""):
            if match := match_label(label, "total", False):
                return match, cells
    for cells, text in enumerate(leads, 1):
        sums_up = header and _sums_up(header, row, cells) and not _names_level(header, text)
        if sums_up and (match := match_label(text, "total")):
            return match, cells
    return None, 0


def _names_level(header: Header, text: str) -> bool:
    """Whether a text is a level's label, in a table where levels stand in the column of the names: 满意度指标."""
    in_names = {"level1", "level2"}.isdisjoint(header.fields)
    return in_names and any(match_label(text, scope, False) for scope in ("level1", "level2"))


def _sums_up(header: Header, row: Row, cells: int) -> bool:
    """Whether a row holds a weight or a score behind its label, and no target and no actual value."""
    behind = row.filled[cells:]
    if not behind or not all(is_number(placed.text) or grade_in(placed.text) for placed in behind):
        return False
    fields, _ = assign(header, row)
    return not any(placed in behind for name in ("target", "actual") for placed in fields.get(name, ()))


def is_total_row(row: Row, header: Header | None = None) -> bool:
    """Whether a row begins with a total's label and holds numbers, grades, labels or blanks behind it."""
    match, cells = lead_of(row, header)
    return match is not None and all(_can_stand_behind(placed.text) for placed in row.filled[cells:])


def _can_stand_behind(text: str) -> bool:
    folded = fold_label(text)
    return (
        is_number(text)
        or is_number(folded.removesuffix("分"))
        or len(folded) <= 6
        or bool(_labelled(text) or grade_in(text))
    )


def _labelled(text: str) -> tuple[str, str] | None:
    """A weight or a score with its label in one cell: 满分100分, 得分：98.3分."""
    printed = _score_in(text)
    name = _name_of(printed["label"]) if printed else ""
    return (name, printed["number"]) if printed and name else None


def _name_of(text: str) -> str:
    """The part of a total that a label inside its row names; blank for another text."""
    match = match_label(text, "indicator_column", False) or match_label(text, "head", False)
    return _LABELLED.get(match.field, "") if match else ""


def is_grade(text: str) -> bool:
    """Whether a text is one of the grades."""
    return fold_label(text) in load_schema().grades


def grade_in(text: str) -> str:
    """The grade that a text is, alone or behind its label; blank where it is none.

    >>> grade_in("（自评等级：优）"), grade_in("优秀"), grade_in("优化")
    ('优', '优秀', '')
    """
    bare = fold_label(text).strip("()")
    label, _, behind = bare.rpartition(":")
    if label and _name_of(label) != "grade":
        return ""
    return behind if behind in load_schema().grades else ""


def read_total_row(draft: Draft, header: Header | None, row: Row) -> None:
    """Read a row that sums up into ``weight``, ``score`` and ``grade``; a sub-total's numbers are only claimed."""
    match, cells = lead_of(row, header)
    assert match is not None
    leads, values = row.filled[:cells], row.filled[cells:]
    for placed in leads:
        draft.claim_label(placed.cell, replace(match, field=f"total.{match.field}"))
    if match.field == "subtotal":
        for placed in values:
            draft.claim(placed.cell, "subtotal")
        return
    settle_groups(draft)
    lead = leads[0]
    found = {"label": Piece(lead.text.strip(), lead.cell)}
    rest = _read_labelled(draft, found, values)
    numbers = [placed for placed in rest if not grade_in(placed.text)]
    for placed in rest:
        if grade := grade_in(placed.text):
            found.setdefault("grade", Piece(grade, placed.cell))
            draft.claim(placed.cell, "grade")
    for name, placed in _by_column(header, row, numbers).items():
        _take(draft, found, name, placed)
    for placed in numbers:
        draft.claim(placed.cell, "total_other")
    blank = _blank_score(header, row)
    _read_lead(found, lead, is_alone=blank is None)
    found.setdefault("score", Piece("", blank.cell if blank else lead.cell))
    whole = load_schema().attribute("total", "total", "whole") in fold_label(
        "".join(one.text for one in leads)
    )
    draft.totals.append(TotalRow(whole, found, len(draft.indicators)))


def _read_lead(found: dict[str, Piece], lead: Placed, is_alone: bool) -> None:
    """Take the number inside the label: 总分（100分） is the weight, 总分：98.3分 the score."""
    printed = _score_in(lead.text)
    weight = read_label(lead.text).weight
    if printed and "score" not in found and (printed["colon"] or is_alone or weight is None):
        found["score"] = Piece(printed["number"], lead.cell)
        if printed["grade"] and is_grade(printed["grade"]):
            found.setdefault("grade", Piece(printed["grade"], lead.cell))
    elif weight is not None:
        found.setdefault("weight", Piece(str(weight), lead.cell))


def read_total_line(draft: Draft, line: Line) -> bool:
    """Read a line below the tables that says nothing but the total, where the form has none: 自评总分：98.3分."""
    text = line.text.strip()
    printed = _score_in(text)
    if draft.totals or "total_score" in draft.heading or not printed or not printed["colon"]:
        return False
    label = re.split("[:：]", text, maxsplit=1)[0]
    match = match_label(label, "total", False) or match_label(label, "head", False)
    if match is None or match.field not in ("total", "total_score"):
        return False
    draft.fill("total_score", Piece(printed["number"], line))
    return True


def read_total_text(draft: Draft, row: Row) -> bool:
    """Read a row whose only text says the total and more of it: 总分：100分  自评得分：98.3分  等级：优.

    Beside a score with a label of its own, the total's number is the weight.
    """
    placed = row.filled[0]
    text = fold(placed.text).strip() if len(row.filled) == 1 and len(placed.text) <= 2 * LONGEST_LABEL else ""
    parts = _PART.findall(text)
    if (
        not draft.indicators
        or len(parts) < 2
        or _PART.sub("", text)
        or not match_label(parts[0][0], "total", False)
    ):
        return False
    names = [_name_of(label) for label, _ in parts[1:]]
    names.insert(0, "weight" if "score" in names else "score")
    values = [value.removesuffix("分") for _, value in parts]
    if not all(
        is_grade(v) if name == "grade" else name and is_number(v)
        for name, v in zip(names, values, strict=True)
    ):
        return False
    pieces = {name: Piece(value, placed.cell) for name, value in zip(names, values, strict=True)}
    draft.claim(placed.cell, "total_score")
    label = Piece(placed.text.strip(), placed.cell)
    draft.totals.append(TotalRow(True, {"label": label, **pieces}, len(draft.indicators)))
    return True


def _read_labelled(draft: Draft, found: dict[str, Piece], values: Sequence[Placed]) -> list[Placed]:
    """Take the values that have a label of their own (总得分 | 96.5); returns the rest."""
    rest: list[Placed] = []
    name = ""
    for placed in values:
        if labelled := _labelled(placed.text):
            found.setdefault(labelled[0], Piece(labelled[1], placed.cell))
            draft.claim(placed.cell, f"total_{labelled[0]}")
        elif named := _name_of(placed.text):
            draft.claim(placed.cell, "label", "alias")
            name = named
        elif name:
            _take(draft, found, name, placed)
            name = ""
        else:
            rest.append(placed)
    return rest


def _take(draft: Draft, found: dict[str, Piece], name: str, placed: Placed) -> None:
    found.setdefault(name, Piece(placed.text.strip(), placed.cell))
    draft.claim(placed.cell, "grade" if name == "grade" else f"total_{name}")


def _by_column(header: Header | None, row: Row, numbers: list[Placed]) -> dict[str, Placed]:
    """Which number is the weight and which the score: by their columns, or by the columns' order."""
    order = ["weight", "score"]
    if header is not None:
        fields, _ = assign(header, row)
        found = {name: one for name in order for one in fields.get(name, ()) if one in numbers}
        if len(found) == 2 or (row.aligned and len(found) == len(numbers)):
            return found
        scored = [column.field for column in header.columns if column.field in _SCORES]
        order = [name for name in scored if name in order or len(numbers) >= len(scored)] or order
    if len(numbers) == 1 and len(order) > 1:
        return {"score": numbers[0]} if header is None else found or {"score": numbers[0]}
    return dict(zip(order, numbers, strict=False))


def _blank_score(header: Header | None, row: Row) -> Placed | None:
    if header is None:
        return None
    fields, _ = assign(header, row)
    return next(iter(fields.get("score", ())), None)
