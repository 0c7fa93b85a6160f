"""Indicators without a header row: the national template's columns in its order, where the first row shows that they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extract.document import Bilingual
from normalize.draft import Draft
from normalize.grids.header import Column, Header
from normalize.grids.rows import Placed, Row
from normalize.labels.match import match_label
from normalize.schema import load_schema
from normalize.values.parse import Blank, Measure, parse_value

_POINTS = ("weight", "score")
#: the columns behind the levels, in the national template's order: with points and without
_ORDERS = (
    ("name", "target", "actual", *_POINTS, "reason"),
    ("name", "target", "actual", *_POINTS),
    ("name", "target", "actual", "reason"),
    ("name", "target", "actual"),
)
#: labels that may stand left of the levels: 绩效指标
_MOST_LEFT = 1
# "30", "18.5": points are so written, and a target that is so written does not tell itself from them
_BARE = re.compile(r"\d{1,3}(?:\.\d+)?", re.ASCII)
READ_IN_ORDER = Bilingual(
    "绩效指标没有表头，各列按财政部模板的次序读取",
    "the indicators have no header: their columns were read in the order of the national template",
)


def begins_indicators(row: Row) -> bool:
    """Whether a row begins with labels of both levels, one behind the other: 产出指标 | 数量指标 | …"""
    return _levels_at(row.cells) is not None


def header_in_order(draft: Draft, row: Row) -> Header | None:
    """The columns of a row of indicators above which no header stands; None where its values do not say which is which."""
    at = None if draft.indicator_columns else _levels_at(row.cells)
    if at is None:
        return None
    cells = row.cells[at:]
    order = next((one for one in _ORDERS if _fits(one, cells[2:])), None)
    if order is None:
        return None
    draft.notes.append(READ_IN_ORDER)
    names = ("level1", "level2", *order)
    columns = [Column(n, one.start, one.stop, one) for n, one in zip(names, cells, strict=True)]
    return Header(load_schema().block("indicators"), tuple(columns), None, row.width, row.aligned)


def _levels_at(cells: Sequence[Placed]) -> int | None:
    """Where the labels of the two levels begin in a row."""
    for at in range(min(_MOST_LEFT + 1, len(cells) - 1)):
        labels = cells[at : at + 2]
        found = [
            match_label(one.text, scope, False)
            for one, scope in zip(labels, ("level1", "level2"), strict=True)
        ]
        if all(found) and not any(one.continued for one in labels):
            return at
    return None


def _fits(order: Sequence[str], cells: Sequence[Placed]) -> bool:
    """Whether the texts of a row can stand in this order: points are bare numbers, a target is none."""
    if len(order) != len(cells):
        return False
    texts = {name: one.text.strip() for name, one in zip(order, cells, strict=True)}
    if not texts["name"] or _BARE.fullmatch(texts["name"]) or _BARE.fullmatch(texts.get("reason", "")):
        return False
    values = [parse_value(texts[name]) for name in ("target", "actual")]
    if any(isinstance(value, Blank) for value in values) or _BARE.fullmatch(texts["target"]):
        return False
    if "weight" not in texts:
        return all(isinstance(value, Measure) for value in values)
    points = [Decimal(texts[name]) for name in _POINTS if _BARE.fullmatch(texts[name])]
    return len(points) == len(_POINTS) and points[1] <= points[0] <= 100
