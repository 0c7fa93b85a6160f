"""From the form as printed to typed values: `to_record`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extract.document import Bilingual
from normalize.form import AMOUNTS, Fields, Form, FundRow, IndicatorRow, Paragraph, Piece
from normalize.grids.run_together import part_funds
from normalize.grids.scrambled import refuse_scrambled
from normalize.head import read_head, read_year
from normalize.names import clean_name, hint_in, target_in
from normalize.narrative.chapters import Scope
from normalize.narrative.figures import Fact, facts_of
from normalize.record import Entry, FundLine, Goal, Indicator, Number, Record, Total, is_blank
from normalize.repeated_scores import settle_repeated
from normalize.run_together_scores import part_scores
from normalize.sections.indicators import level_keys
from normalize.shared_scores import share_scores
from normalize.subtotals import is_subtotal, without_total
from normalize.values.parse import Blank, Date, Measure, Unreadable, Value, fold_relation, parse_value
from normalize.values.quantities import is_only_signed
from normalize.values.units import to_wan

# "台（套）": brackets that are part of the unit, not around it
_ENDS_IN_BRACKETS = re.compile(r"[^()（）]+[(（][^()（）]+[)）]")
#: what an amount means in a form that prints no unit: the national template counts in 万元
DEFAULT_UNIT = "万元"
#: a rate up to this is a fraction, where the amounts do not say otherwise
LARGEST_FRACTION = Decimal("1.5")


def to_record(form: Form) -> Record:
    """Read a form's texts as values. Never raises for what a form-filler wrote."""
    heading = read_head(form.heading)
    year = read_year(form)
    project = heading["project_name"].value if "project_name" in heading else ""
    record = Record(
        kind=form.kind,
        title=_text(form.title) if form.title else None,
        year=year,
        heading=heading,
        amount_unit=_text(form.amount_unit) if form.amount_unit else None,
        funds=part_funds(form.funds, lambda row: _fund_line(row, form)),
        execution_weight=_number(form.execution_weight) if form.execution_weight else None,
        goals=_goals(form),
        indicators=share_scores(
            [_indicator(seq, row, form.indicator_columns) for seq, row in enumerate(form.indicators, 1)]
        ),
        total=_total(form),
        texts=form.texts,
        facts=_facts(form, project, year.value if year else None),
        form=form,
    )
    return part_scores(refuse_scrambled(settle_repeated(_with_whole_total(record))))


def _with_whole_total(record: Record) -> Record:
    """The record without a total that only sums up the indicators: the head's stands instead, or none."""
    form = record.form
    if not is_subtotal(form, record.total, record.funds, record.indicators, record.execution_weight):
        return record
    form = without_total(form)
    return replace(record, total=_total(form), form=form)


def _facts(form: Form, project: str, year: int | None) -> tuple[Fact, ...]:
    """The figures told in the form's own texts, in what became of its goals, and in a report shared with other forms."""
    own = frozenset(form.texts)
    done = [row["goal_actual"] for row in (*form.goals, form.heading) if "goal_actual" in row]
    goals = [Paragraph("goal_actual", piece.text, piece.cell) for piece in done if not piece.merged]
    texts = [*form.texts, *goals, *(one for one in form.shared if one not in own)]
    shared = frozenset(form.shared)
    return facts_of(texts, Scope(project, year, form.others, shared, form.kind == "department"))


def _text(piece: Piece) -> Entry[str]:
    return Entry(piece.text.strip(), piece.text, piece.cell)


def _optional(fields: Fields, name: str) -> Entry[str] | None:
    return _text(fields[name]) if name in fields else None


def _total(form: Form) -> Total:
    weight, score = form.total.get("weight"), form.total.get("score")
    head = form.heading.get("total_score")
    if head and (score is None or not score.text.strip()):
        score = head
    grade = form.total.get("grade") or form.heading.get("grade")
    return Total(
        _number(weight) if weight else None,
        _number(score) if score else None,
        _text(grade) if grade else None,
    )


def _goals(form: Form) -> tuple[Goal, ...]:
    goals = [Goal(_optional(row, "goal_planned"), _optional(row, "goal_actual")) for row in form.goals]
    head = Goal(_optional(form.heading, "goal_planned"), _optional(form.heading, "goal_actual"))
    if head.planned or head.actual:
        goals.append(head)
    return tuple(goals)


def read_number(text: str) -> Number:
    """A weight or a score: 10, 9.85, 84.47分; 20% in such a cell means 20."""
    value = parse_value(text)
    match value:
        case Measure(number=number, unit="" | "分" | "%"):
            return number
        case Blank() | Unreadable():
            return value
        case _:
            return Unreadable(text, Bilingual("不是数字", "not a number"))


def _number(piece: Piece) -> Entry[Number]:
    value: Number = Blank("", "merged") if piece.merged else read_number(piece.text)
    return Entry(value, "" if piece.merged else piece.text, piece.cell)


def read_amount(text: str, unit: str) -> Number:
    """An amount in 万元, exactly; ``unit`` is what a bare number is counted in, blank where nothing says it.

    >>> read_amount("250000.00", "元"), read_amount("¥50", "万元"), read_amount("¥50", "")
    (Decimal('25.000000'), Decimal('50'), Decimal('0.0050'))
    """
    value = parse_value(text)
    match value:
        case Measure(number=number, unit=printed):
            if unit and is_only_signed(value):
                printed = unit
            wan = to_wan(number, printed or unit or DEFAULT_UNIT)
            return wan if wan is not None else Unreadable(text, Bilingual("不是金额", "not an amount"))
        case Blank() | Unreadable():
            return value
        case _:
            return Unreadable(text, Bilingual("不是金额", "not an amount"))


def read_rate(text: str, amounts: tuple[Decimal, Decimal] | None) -> Number:
    """An execution rate as a fraction; its last digit keeps the printed precision.

    A bare number is read in the way that fits the ``amounts``, executed and budget: 20 and 0.2 both are 20 %
    where 2 of 10 was spent. Where neither fits, a number above 1.5 counts per cent.
    """
    value = parse_value(text)
    match value:
        case Measure(number=number, unit="%"):
            return number.scaleb(-2)
        case Measure(number=number, unit="‰"):
            return number.scaleb(-3)
        case Measure(number=number, unit=""):
            percent, fraction = number.scaleb(-2), _at_least_percents(number)
            usual, other = (percent, fraction) if number > LARGEST_FRACTION else (fraction, percent)
            if amounts and not _fits(usual, *amounts) and _fits(other, *amounts):
                return other
            return usual
        case Blank() | Unreadable():
            return value
        case _:
            return Unreadable(text, Bilingual("不是比率", "not a rate"))


def _at_least_percents(number: Decimal) -> Decimal:
    """A fraction typed as 1 means 100 %, not 50 % to 150 %."""
    return number.quantize(Decimal("0.01")) if _exponent(number) > -2 else number


def _fits(reading: Decimal, executed: Decimal, budget: Decimal) -> bool:
    """Whether a reading can be executed ÷ budget, each as precise as it is printed."""
    step = Decimal(5).scaleb(_exponent(reading) - 1)
    half = Decimal(5).scaleb(min(_exponent(executed), _exponent(budget)) - 1)
    low, high = (reading - step) * (budget - half), (reading + step) * (budget + half)
    return low <= executed + half and executed - half <= high


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _fund_line(row: FundRow, form: Form) -> FundLine:
    common = form.amount_unit.text if form.amount_unit else ""
    amounts: dict[str, Entry[Number]] = {}
    for name in AMOUNTS:
        if piece := row.fields.get(name):
            value = read_amount(piece.text, row.units.get(name, common))
            amounts[name] = Entry(Blank("", "merged") if piece.merged else value, piece.text, piece.cell)
    budget = _decimal(amounts.get("budget_adjusted")) or _decimal(amounts.get("budget_initial"))
    executed = _decimal(amounts.get("executed"))
    spent = (executed, budget) if executed is not None and budget else None
    rate = row.fields.get("execution_rate")
    return FundLine(
        item=row.item.field if row.item else "",
        label=_text(row.label),
        **amounts,
        execution_rate=Entry(read_rate(rate.text, spent), rate.text, rate.cell) if rate else None,
        weight=_number(row.fields["weight"]) if "weight" in row.fields else None,
        score=_number(row.fields["score"]) if "score" in row.fields else None,
        reason=_optional(row.fields, "reason"),
    )


def _decimal(entry: Entry[Number] | None) -> Decimal | None:
    return entry.value if entry and isinstance(entry.value, Decimal) else None


def _indicator(seq: int, row: IndicatorRow, columns: frozenset[str]) -> Indicator:
    fields = row.fields
    level1, level2 = level_keys(row, columns)
    name = fields.get("name") or next(iter(fields.values()))
    raw_name = name.text if "name" in fields else ""
    relation, unit = _printed_apart(fields, raw_name)
    return Indicator(
        seq=seq,
        level1=level1,
        level2=level2,
        level1_label=row.level1,
        level2_label=row.level2,
        name=clean_name(raw_name) or raw_name.strip(),
        name_entry=Entry(raw_name, raw_name, name.cell),
        target=_target(fields, relation, unit, raw_name),
        actual=_value(fields.get("actual"), "", unit if "unit" in fields else ""),
        weight=_number(fields["weight"]) if "weight" in fields else None,
        score=_number(fields["score"]) if "score" in fields else None,
        reason=_optional(fields, "reason"),
        extras={key.removeprefix("extra:"): piece.text for key, piece in fields.items() if _is_extra(key)},
    )


_FIELDS = frozenset(
    {"name", "target", "actual", "weight", "score", "reason", "relation", "direction", "unit"}
)


def _is_extra(key: str) -> bool:
    return key not in _FIELDS


def _printed_apart(fields: Fields, name: str) -> tuple[str, str]:
    """Comparator and unit that stand in columns of their own, or as a hint in the indicator's name."""
    apart = (fold_relation(fields[name].text) for name in ("relation", "direction") if name in fields)
    relation = next(filter(None, apart), "")
    unit = fields["unit"].text.strip() if "unit" in fields else ""
    if not _ENDS_IN_BRACKETS.fullmatch(unit):
        unit = unit.strip("()（） \n")
    hinted, hinted_unit = hint_in(name)
    return relation or fold_relation(hinted), unit or hinted_unit


def _target(fields: Fields, relation: str, unit: str, name: str) -> Entry[Value] | None:
    """The target; where its cell is blank and the name ends in a number, that number."""
    entry = _value(fields.get("target"), relation, unit)
    if entry is None or not is_blank(entry) or "name" not in fields:
        return entry
    named = target_in(clean_name(name))
    return entry if named is None else Entry(named, "", fields["name"].cell)


def _value(piece: Piece | None, relation: str, unit: str) -> Entry[Value] | None:
    if piece is None:
        return None
    value = parse_value(piece.text)
    if isinstance(value, Measure):
        printed = parse_value(f"1{unit}") if unit.strip() else None
        if isinstance(printed, Date):  # behind a comparator, "1月" is a number of months
            printed = parse_value(f"≤1{unit}")
        apart = printed.unit if isinstance(printed, Measure) else ""
        own = "" if apart and is_only_signed(value) else value.unit
        value = replace(value, relation=value.relation or relation, unit=own or apart)
    return Entry(value, piece.text, piece.cell)
