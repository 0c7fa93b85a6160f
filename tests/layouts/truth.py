"""What was read from a form in any layout, held against what was written into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from form_builder import IN_WAN, FundRow, number_in

from layouts.drawing import Laid
from layouts.template import FIELDS, OTHERS, PERSON, PHONE
from normalize.record import Entry, Number, Record, number_of
from normalize.values.parse import Measure, parse_value


@dataclass(frozen=True)
class Difference:
    """A field that was not read as it was written: ``kind`` is lost, wrong or invented."""

    field: str
    kind: str
    written: str
    read: str


def differences(laid: Laid, record: Record) -> Iterator[tuple[str, Difference | None]]:
    """Each field of a form, with what is different about it."""
    form, template = laid.form, laid.template
    others = [] if template.head in ("lines", "one line") else [(one, OTHERS[one]) for one in template.others]
    for label, text in (*form.head, *others):
        if label not in FIELDS:
            continue
        entry = record.heading.get(FIELDS[label])
        yield _compared(FIELDS[label], text, entry.value if entry else "")
    if template.person:
        for field, text in (("preparer", PERSON), ("contact", PHONE)):
            entry = record.heading.get(field)
            yield _compared(field, text, entry.value if entry else "")
    yield _compared("fiscal_year", "2021", str(record.year.value) if record.year else "")
    yield _compared("total.score", form.total_score, _raw(record.total.score))
    if template.total == "row" and "weight" in form.indicator_columns:
        yield _compared("total.weight", form.total_weight, _raw(record.total.weight))
    yield _compared("total.grade", laid.grade, _raw(record.total.grade))
    yield from _fund_differences(laid, record)
    yield from _indicator_differences(laid, record)


def _fund_differences(laid: Laid, record: Record) -> Iterator[tuple[str, Difference | None]]:
    lines = {line.item: line for line in record.funds}
    for row in laid.form.funds:
        line = lines.pop(row.item, None)
        for column, field in (
            ("initial", "budget_initial"),
            ("adjusted", "budget_adjusted"),
            ("executed", "executed"),
        ):
            if column in laid.template.fund_order:
                entry = getattr(line, field) if line else None
                yield _compared(f"funds.{field}", _in_wan(row, column, laid.form.unit), _number(entry))
        for column, field in (("rate", "execution_rate"), ("weight", "weight"), ("score", "score")):
            if column in laid.template.fund_order:
                yield _compared(
                    f"funds.{field}", _shown(laid, row, column), _raw(getattr(line, field)) if line else ""
                )
    yield from (("funds", Difference("funds", "invented", "", line.label.raw)) for line in lines.values())


def _shown(laid: Laid, row: FundRow, column: str) -> str:
    """The text of a fund cell; one that is merged over all lines belongs to the first."""
    template = laid.template
    is_merged = template.fund_merges and not template.fund_shape and column in ("weight", "score")
    is_of_all = template.fund_shape in ("stacked", "tiers")
    return "" if (is_merged or is_of_all) and row.item != "total" else getattr(row, column)


def _indicator_differences(laid: Laid, record: Record) -> Iterator[tuple[str, Difference | None]]:
    found = {indicator.name: indicator for indicator in record.indicators}
    for row in laid.form.indicators:
        one = found.pop(row.name, None)
        if one is None:
            yield "indicators", Difference("indicators", "lost", row.name, "")
            continue
        if "level1" in laid.form.indicator_columns:
            yield _compared("indicators.level1", row.level1, one.level1)
        for column in ("actual", "weight", "score", "reason"):
            if column in laid.form.indicator_columns:
                yield _compared(f"indicators.{column}", getattr(row, column), _raw(getattr(one, column)))
        if laid.template.split:
            yield _compared(
                "indicators.target",
                _said(parse_value(row.target)),
                _said(one.target.value if one.target else None),
            )
        else:
            yield _compared("indicators.target", row.target, _raw(one.target))
    yield from (("indicators", Difference("indicators", "invented", "", name)) for name in found)


def _compared(field: str, written: str, read: str) -> tuple[str, Difference | None]:
    written, read = re.sub(r"\s", "", written), re.sub(r"\s", "", read)
    if written == read:
        return field, None
    kind = "lost" if not read else "wrong" if written else "invented"
    return field, Difference(field, kind, written, read)


def _raw(entry: Entry[object] | None) -> str:
    return entry.raw if entry else ""


def _number(entry: Entry[Number] | None) -> str:
    number = number_of(entry)
    return "" if number is None else str(Fraction(number))


def _in_wan(row: FundRow, column: str, unit: str) -> str:
    number = number_in(getattr(row, column))
    return "" if number is None else str(number * IN_WAN[unit])


def _said(value: object) -> str:
    if isinstance(value, Measure):
        return f"{value.relation or '='} {value.number} {value.unit}"
    return getattr(value, "raw", "")
