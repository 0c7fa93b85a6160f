"""The definitions of the numeric checks once more, in fractions and straight from the printed cells of a form.

They share no code with the checks: `definition` says which findings a form deserves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from form_builder import (
    LOW,
    NESTED_LABELS,
    FundRow,
    IndicatorRow,
    SmallForm,
    decimals,
    number_in,
    places_of,
)

#: code, subject and field of a finding
Verdict = tuple[str, str, str]
COLUMNS = {"initial": "budget_initial", "adjusted": "budget_adjusted", "executed": "executed"}


@dataclass(frozen=True)
class Span:
    """From ``low`` to ``high``; without bound where ``high`` is None."""

    low: Fraction
    high: Fraction | None

    def meets(self, other: Span) -> bool:
        """Whether the two have a point in common."""
        return (self.high is None or other.low <= self.high) and (
            other.high is None or self.low <= other.high
        )

    def earns(self, weight: Fraction) -> Span:
        """What rates of this span earn: weight × rate, and never more than the weight."""
        one = Fraction(1)
        return Span(min(self.low, one) * weight, weight * (one if self.high is None else min(self.high, one)))


def half_unit(text: str) -> Fraction:
    """Half a unit of the last printed digit."""
    return Fraction(1, 2 * 10 ** places_of(text))


def around(text: str) -> Span:
    """What a printed number can stand for."""
    number = number_in(text)
    assert number is not None
    return Span(number - half_unit(text), number + half_unit(text))


def table_half(form: SmallForm) -> Fraction:
    """Half a unit of the finest digit that any amount of the fund table prints."""
    shown = [getattr(row, column) for row in form.funds for column in COLUMNS if column in form.fund_columns]
    return Fraction(
        1, 2 * 10 ** max((places_of(text) for text in shown if number_in(text) is not None), default=0)
    )


def budget_in(form: SmallForm, row: FundRow) -> Fraction | None:
    """The adjusted budget, or the initial one where no other is filled in."""
    adjusted = number_in(row.adjusted)
    if adjusted is None and "initial" in form.fund_columns:
        return number_in(row.initial)
    return adjusted


def share_in(form: SmallForm, row: FundRow) -> Span | None:
    """E/B, each within the precision of the table; None without both, or without a budget."""
    executed, budget, half = number_in(row.executed), budget_in(form, row), table_half(form)
    if executed is None or budget is None or budget <= 0:
        return None
    high = (executed + half) / (budget - half) if budget > half else None
    return Span(max(executed - half, Fraction(0)) / (budget + half), high)


def rates_in(form: SmallForm, row: FundRow) -> list[Span]:
    """The ways in which a printed rate can be read, the usual one first: 20% in one, 20 and 0.2 in two."""
    number = number_in(row.rate)
    if "rate" not in form.fund_columns or number is None:
        return []
    half = half_unit(row.rate)
    percent = Span((number - half) / 100, (number + half) / 100)
    if row.rate.endswith("%"):
        return [percent]
    half = min(half, Fraction(1, 200))
    fraction = Span(number - half, number + half)
    return [percent, fraction] if number > Fraction(3, 2) else [fraction, percent]


def weight_in(form: SmallForm, row: FundRow) -> Fraction | None:
    """The execution weight of a line: from its column, or for the total from the label of the block."""
    if "weight" in form.fund_columns and row.weight:
        return number_in(row.weight)
    labelled = re.search(r"（(\d+)分）", form.fund_label)
    return Fraction(labelled[1]) if labelled and row.item == "total" else None


def definition(form: SmallForm) -> Counter[Verdict]:
    """The findings that a form deserves."""
    found: Counter[Verdict] = Counter()
    found.update(_of_lines(form))
    found.update(_of_parts(form))
    found.update(_of_scores(form))
    for rows in scored_together(form):
        found.update(_of_indicators(form, rows))
    return found


def _of_lines(form: SmallForm) -> Iterator[Verdict]:
    half = table_half(form)
    for row in form.funds:
        share, rates, weight = share_in(form, row), rates_in(form, row), weight_in(form, row)
        executed, budget = number_in(row.executed), budget_in(form, row)
        if share is not None and rates and not any(rate.meets(share) for rate in rates):
            yield "FUND01", row.item, "execution_rate"
        if executed is not None and budget is not None and executed - budget > 2 * half:
            yield "FUND03", row.item, "executed"
        if row.item == "total" and _is_low(share) and not _gives_reason(form):
            yield "FUND06", "total", "execution_rate"
        if "score" not in form.fund_columns or weight is None:
            continue
        score = number_in(row.score)
        fitting = [rate for rate in rates if share is not None and rate.meets(share)]
        possible = [span for span in (share, *(fitting or rates[:1])) if span is not None]
        if (
            score is not None
            and possible
            and not any(around(row.score).meets(one.earns(weight)) for one in possible)
        ):
            yield "FUND04", row.item, "score"
        if score is not None and score > weight:
            yield "SCORE03", row.item, "score"
        if row.item == "total" and not row.score and weight and share is not None:
            yield "FUND05", "total", "score"


def _is_low(share: Span | None) -> bool:
    return share is not None and share.high is not None and share.high < LOW


def _gives_reason(form: SmallForm) -> bool:
    return "reason" in form.indicator_columns and any(row.reason not in ("", "无") for row in form.indicators)


def _of_parts(form: SmallForm) -> Iterator[Verdict]:
    rows = {row.item: row for row in form.funds}
    levels = {"total": [row for row in form.funds if row.item not in ("total", *NESTED_LABELS)]}
    if nested := [row for row in form.funds if row.item in NESTED_LABELS]:
        levels["fiscal"] = nested
    for column in COLUMNS:
        if column not in form.fund_columns:
            continue
        for item, parts in levels.items():
            code = _judge_parts(form, column, getattr(rows[item], column), parts)
            if code:
                yield code, item, COLUMNS[column]


def _judge_parts(form: SmallForm, column: str, printed: str, parts: list[FundRow]) -> str:
    total = number_in(printed)
    filled = [number for row in parts if (number := number_in(getattr(row, column))) is not None]
    if total is None or not filled:
        return ""
    if total == 0 and any(filled):
        return "FUND07"
    half = table_half(form)
    if abs(total - sum(filled)) <= (len(filled) + 1) * half or (len(parts) < 2 and sum(filled) <= total):
        return ""
    # parts of all levels may stand beside each other
    every = [number_in(getattr(row, column)) for row in form.funds if row.item != "total"]
    flat = [number for number in every if number is not None]
    grand = number_in(getattr(form.funds[0], column))
    level = grand is not None and abs(grand - sum(flat)) <= (len(flat) + 1) * half
    return "" if level else "FUND02"


def _of_scores(form: SmallForm) -> Iterator[Verdict]:
    scores = [number for row in form.indicators if (number := number_in(row.score)) is not None]
    execution = [number_in(row.score) for row in form.funds] if "score" in form.fund_columns else []
    total = number_in(form.total_score) if form.has_total else None
    if total is not None and scores:
        summed = sum(scores) + sum(number for number in execution if number is not None)
        if abs(total - summed) > half_unit(form.total_score) and not _kept_elsewhere(form, total - summed):
            yield "SCORE01", "total", "score"
    if "weight" not in form.indicator_columns:
        return
    weights = [number for row in form.indicators if (number := number_in(row.weight)) is not None]
    unweighted = any(not row.weight and number_in(row.score) is not None for row in form.indicators)
    lines = [number for row in form.funds if (number := weight_in(form, row)) is not None]
    if sum(weights) and not unweighted:
        printed = number_in(form.total_weight) if form.has_total else None
        wanted = [Fraction(100) if printed is None else printed]
        if not lines:
            wanted += [wanted[0] - 10, wanted[0] - 20]
        if all(abs(sum(weights) + sum(lines) - one) > Fraction(1, 100) for one in wanted):
            yield "SCORE02", "total", "weight"
    for level, label in form.level_weights:
        under = [number_in(row.weight) for row in form.indicators if row.level1 == level]
        yield from [("SCORE07", level, "weight")] * _count_wrong_labels(form, Fraction(label), under)


def _count_wrong_labels(form: SmallForm, label: Fraction, under: list[Fraction | None]) -> int:
    """How many findings a label deserves; where it stands in every row, each may speak for its row alone."""
    known = [number for number in under if number is not None]
    if not known or abs(sum(known) - label) <= Fraction(1, 100):
        return 0
    alone = [abs(number - label) > Fraction(1, 100) for number in known]
    return sum(alone) if form.repeats_labels and not all(alone) else 1


def _kept_elsewhere(form: SmallForm, missing: Fraction) -> bool:
    """Whether the fund table has no scores, and the points that the indicators leave can be an execution score."""
    if "score" in form.fund_columns or "weight" not in form.indicator_columns:
        return False
    weights = sum(number for row in form.indicators if (number := number_in(row.weight)) is not None)
    whole = number_in(form.total_weight)
    return weights > 0 and 0 < missing <= (100 if whole is None else whole) - weights


def scored_together(form: SmallForm) -> list[list[IndicatorRow]]:
    """Indicators one by one; but a score above its weight is shared with the blanks below that make up for it."""
    rows, groups = list(form.indicators), []
    while rows:
        count = _count_sharing(rows) if "weight" in form.indicator_columns else 1
        groups.append(rows[:count])
        del rows[:count]
    return groups


def _count_sharing(rows: list[IndicatorRow]) -> int:
    weight, score = number_in(rows[0].weight), number_in(rows[0].score)
    if weight is None or score is None or score <= weight:
        return 1
    for count, row in enumerate(rows[1:], 2):
        more = number_in(row.weight)
        if row.score or more is None:
            return 1
        weight += more
        if weight >= score:
            return count
    return 1


def _of_indicators(form: SmallForm, rows: list[IndicatorRow]) -> Iterator[Verdict]:
    reached = [_reaches(row.target, row.actual) for row in rows]
    yield from (
        ("GOAL04", row.name, "actual")
        for row, (_, can_tell) in zip(rows, reached, strict=True)
        if not can_tell
    )
    if "weight" not in form.indicator_columns:
        return
    first = rows[0]
    score, weights = number_in(first.score), [number_in(row.weight) for row in rows]
    known = [weight for weight in weights if weight is not None]
    if known and not first.score and first.actual not in ("", "—", "/", "——"):
        yield "SCORE04", first.name, "score"
    if score is None or len(known) < len(weights):
        return
    weight = sum(known, Fraction(0))
    if score > weight:
        yield "SCORE03", first.name, "score"
    if weight and score >= weight:
        yield from (
            ("GOAL01", row.name, "score") for row, (met, _) in zip(rows, reached, strict=True) if not met
        )
    if score < weight and "reason" in form.indicator_columns and not any(row.reason for row in rows):
        yield "GOAL05", first.name, "deviation_reason"


UNITS = {
    "元": ("money", Fraction(1, 10_000)),
    "万元": ("money", Fraction(1)),
    "公里": ("length", Fraction(1000)),
    "米": ("length", Fraction(1)),
    "人": ("people", Fraction(1)),
    "人次": ("people", Fraction(1)),
    "次": ("count", Fraction(1)),
    "平方米": ("area", Fraction(1)),
    "吨": ("weight", Fraction(1)),
    "%": ("share", Fraction(1)),
}
_TARGET = re.compile(r"(?P<sign>≥|>=|不少于|>|≤|=)?(?P<low>\d+(?:\.\d+)?)(?:-\d+)?(?P<unit>\D*)")
_ACTUAL = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>\D*)")


def _reaches(target: str, actual: str) -> tuple[bool, bool]:
    """Whether the target is met as far as anyone can tell, and whether the two units can be compared."""
    wanted, reached = _TARGET.fullmatch(target), _ACTUAL.fullmatch(actual)
    if wanted is None or reached is None:
        return True, True
    unit, own = wanted["unit"], reached["unit"] or wanted["unit"]
    if UNITS[unit][0] != UNITS[own][0]:
        return True, False
    number = Fraction(reached["number"]) * UNITS[own][1]
    low = Fraction(wanted["low"]) * UNITS[unit][1]
    is_met = {">": number > low, "≤": number <= low, "=": number == low}
    return is_met.get(wanted["sign"], number >= low), True


def nudged(text: str, steps: int) -> str:
    """A printed number some units of its last digit away, and not below zero."""
    number = number_in(text)
    assert number is not None
    moved = max(number + Fraction(steps, 10 ** places_of(text)), Fraction(0))
    return decimals(moved, places_of(text)) + ("%" if text.endswith("%") else "")
