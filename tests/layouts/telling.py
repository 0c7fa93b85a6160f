"""What a template changes about what a form says: merged scores, the execution among the indicators."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from form_builder import IndicatorRow, SmallForm, decimals, number_in, places_of

from layouts.template import Template

SHARED = {"score": ("score",), "both": ("weight", "score")}


def told(form: SmallForm, template: Template) -> SmallForm:
    """The form as the template tells it."""
    if template.total == "head":
        form = replace(form, total_weight="")
    if template.execution_row:
        form = replace(
            form,
            fund_label=template.fund_section,
            indicators=(execution_row(form), *form.indicators),
        )
    if template.shared:
        form = replace(form, indicators=_shared(form.indicators, SHARED[template.shared]))
    return form


def execution_row(form: SmallForm) -> IndicatorRow:
    """The execution of the budget as an indicator, in place of weight and score in the fund table."""
    total = form.funds[0]
    reason = "" if number_in(total.rate) == 100 else "按进度支付"
    level = "预算执行率"
    return IndicatorRow("execution", level, level, "100%", total.rate, total.weight, total.score, reason)


def summed(rows: list[IndicatorRow], column: str) -> str:
    """The sum of a column's printed numbers; blank where it has none."""
    texts = [getattr(row, column) for row in rows]
    numbers = [number for text in texts if (number := number_in(text)) is not None]
    return decimals(sum(numbers[1:], numbers[0]), max(map(places_of, texts))) if numbers else ""


def _shared(rows: tuple[IndicatorRow, ...], columns: tuple[str, ...]) -> tuple[IndicatorRow, ...]:
    """One weight or score for all indicators of a level 2; it stands in the first."""
    merged: list[IndicatorRow] = []
    for _, run in groupby(rows, key=lambda row: (row.level1, row.level2)):
        group = list(run)
        merged.append(replace(group[0], **{column: summed(group, column) for column in columns}))
        merged += [replace(row, **dict.fromkeys(columns, "")) for row in group[1:]]
    return tuple(merged)
