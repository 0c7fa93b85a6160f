"""What a form should have said: rates, scores and totals recomputed from its own numbers, in exact decimals.

Nothing is guessed: where a number is missing, cannot be read, or leaves its meaning open, the answer is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from normalize.exact import EXACT
from normalize.fold import squeeze
from normalize.record import Entry, FundLine, Indicator, Number, Record, is_blank, number_of
from normalize.to_record import LARGEST_FRACTION
from normalize.units import comparable, in_base, multiplier, unit_kind
from normalize.value_types import Blank, Measure, Range
from normalize.wordings import one_of, words
from zipingbiao.scored import scored_lines, tied_together

_RATE = Decimal("0.0001")
_SCORE = Decimal("0.01")
_ONE = Decimal(1)
_REVERSED = ("<=", "<")
WORKING_DAY = "工作日"
_EACH = re.compile(f"每({one_of(words('neutral', 'every'))})")
_COSTS = frozenset({"cost", "economic_cost", "social_cost", "ecological_cost"})


def budget_of(record: Record, line: FundLine) -> Entry[Number] | None:
    """The budget a line is held to: the adjusted one, or the initial one where the form fills in no other.

    An adjusted budget that is written and cannot be read is not replaced.
    """
    adjusted = line.budget_adjusted
    if adjusted is None or isinstance(adjusted.value, Blank):
        return line.budget_initial
    return adjusted


def executed_of(line: FundLine) -> Decimal | None:
    """What a line spent, in 万元."""
    return number_of(line.executed)


def execution_weight(record: Record, line: FundLine) -> Decimal | None:
    """The points of a line's execution: from its weight column; the total's also from 预算执行情况（10分）."""
    weight = number_of(line.weight)
    if weight is None and line.item == "total" and (line.weight is None or is_blank(line.weight)):
        return number_of(record.execution_weight)
    return weight


def execution_rate(record: Record, line: FundLine) -> Decimal | None:
    """Executed ÷ budget as a fraction of four decimals; None without a budget above zero."""
    rate = _rate(record, line)
    return None if rate is None else rate.quantize(_RATE, context=EXACT)


def execution_score(record: Record, line: FundLine) -> Decimal | None:
    """Weight × executed ÷ budget, from nothing to the whole weight, at two decimals."""
    weight, rate = execution_weight(record, line), _rate(record, line)
    return None if weight is None or rate is None else _share(weight, rate)


def achievement(indicator: Indicator) -> Decimal | None:
    """The fraction of the target that was reached, four decimals: 0.8 is 80 %, and 2 is twice the target.

    Actual ÷ target; where the target is an upper limit, target ÷ actual. None where the two cannot be
    compared, or where it is open whether more is better: beyond a printed ``=`` or a range, and for a cost, harm
    or a time limit without comparator.
    """
    fraction = _fraction(indicator)
    return None if fraction is None else fraction.quantize(_RATE, context=EXACT)


def indicator_score(indicator: Indicator) -> Decimal | None:
    """The weight where the target is met, else weight × achievement, at two decimals; never below 0."""
    weight = number_of(indicator.weight)
    if weight is None:
        return None
    if _is_met(indicator):
        return weight
    fraction = _fraction(indicator)
    return None if fraction is None else _share(weight, fraction)


def total_score_summed(record: Record) -> Decimal | None:
    """The sum of the printed scores of execution and indicators; None where none is printed."""
    printed = [line.score for line in scored_lines(record)] + [one.score for one in record.indicators]
    return _sum(number_of(score) for score in printed)


def total_score_recomputed(record: Record) -> Decimal | None:
    """The sum of the recomputed scores, two decimals; what cannot be recomputed counts as printed.

    A score that several indicators share counts as printed.
    """
    scores = [_first(execution_score(record, line), number_of(line.score)) for line in scored_lines(record)]
    for group in tied_together(record):
        alone = indicator_score(group[0]) if len(group) == 1 else None
        scores.append(_first(alone, _sum(number_of(one.score) for one in group)))
    total = _sum(scores)
    return None if total is None else total.quantize(_SCORE, context=EXACT)


def _rate(record: Record, line: FundLine) -> Decimal | None:
    executed, budget = executed_of(line), number_of(budget_of(record, line))
    if executed is None or budget is None or budget <= 0:
        return None
    return EXACT.divide(executed, budget)


def _share(weight: Decimal, fraction: Decimal) -> Decimal:
    part = EXACT.multiply(weight, min(max(fraction, Decimal(0)), _ONE))
    return part.quantize(_SCORE, context=EXACT)


def _first(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    total = Decimal(0)
    for number in known:
        total = EXACT.add(total, number)
    return total if known else None


def _is_met(indicator: Indicator) -> bool:
    """Whether the numbers say so; False also where nobody can tell."""
    if isinstance(within := _is_within(indicator), bool):
        return within
    pair = _target_and_actual(indicator)
    if pair is None:
        return False
    relation, target, actual = pair
    match relation:
        case ">=":
            return actual >= target
        case ">":
            return actual > target
        case "<=":
            return actual <= target
        case "<":
            return actual < target
        case "":
            return actual == target or (actual > target > 0 and not leaves_open(indicator))
        case _:
            return actual == target


def _fraction(indicator: Indicator) -> Decimal | None:
    if isinstance(within := _is_within(indicator), bool):
        return _ONE if within else None
    pair = _target_and_actual(indicator)
    if pair is None:
        return None
    relation, target, actual = pair
    if actual == target:
        return _ONE
    if target < 0 or actual < 0 or relation == "about" or (relation == "=" and actual > target):
        return None
    if relation == "" and (leaves_open(indicator) or target == 0):
        return None
    over, under = (target, actual) if relation in _REVERSED else (actual, target)
    return EXACT.divide(over, under) if under else None


def leaves_open(indicator: Indicator) -> bool:
    """Whether less may be better than a bare target: of a cost, of harm, or of a time to get something done in."""
    if indicator.level1 in _COSTS or indicator.level2 in _COSTS or _is_harm(indicator.name):
        return True
    target = indicator.target.value if indicator.target else None
    if not isinstance(target, Measure | Range) or unit_kind(target.unit) != "time":
        return False
    base = in_base(_ONE, target.unit)
    return indicator.level2 == "timeliness" or (base is not None and base[1] == WORKING_DAY)


def _is_harm(name: str) -> bool:
    """Whether a name says what nobody wants (投诉率), and not what is done about it (投诉处理率)."""
    if any(word in name for word in words("harm", "unless")):
        return False
    return any(word in name for word in words("harm", "words"))


def _is_within(indicator: Indicator) -> bool | None:
    """Whether the actual lies in the target's range; None where the target is no range."""
    if indicator.target is None or indicator.actual is None:
        return None
    target, actual = indicator.target.value, indicator.actual.value
    if not isinstance(target, Range) or not isinstance(actual, Measure):
        return None
    low = _one_pair(target.low, target, actual)
    high = _one_pair(target.high, target, actual)
    return low is not None and high is not None and low[0] <= low[1] and high[1] <= high[0]


def _target_and_actual(indicator: Indicator) -> tuple[str, Decimal, Decimal] | None:
    """The target's comparator, the target and the actual in one unit; None unless both are single numbers."""
    if indicator.target is None or indicator.actual is None:
        return None
    target, actual = indicator.target.value, indicator.actual.value
    if not isinstance(target, Measure) or not isinstance(actual, Measure) or actual.relation not in ("", "="):
        return None
    pair = _one_pair(target.number, target, actual)
    return None if pair is None else (target.relation, *pair)


def _one_pair(number: Decimal, target: Measure | Range, actual: Measure) -> tuple[Decimal, Decimal] | None:
    """Both numbers in one unit, where there is only one way to read them."""
    pairs = in_one_unit(number, target, actual)
    return pairs[0] if len(pairs) == 1 else None


def in_one_unit(number: Decimal, target: Measure | Range, actual: Measure) -> list[tuple[Decimal, Decimal]]:
    """A number of the target and the actual in one unit, in every way they can be read; none if there is none.

    A unit that only one of them prints holds for both; but beside a percentage, a bare 0.96 can also be 96 %,
    and beside 30万, a bare number from 1万 on is counted singly; a smaller one, either way.
    每月1次 says nothing of a target of 12次, nor 每村2次 of one of 30次.
    """
    unit = target.unit
    if _shares(target.raw) != _shares(actual.raw):
        return []
    if not unit or not actual.unit or unit == actual.unit:
        pairs = [(number, actual.number)]
        if unit == "%" and not actual.unit and abs(actual.number) <= LARGEST_FRACTION:
            pairs.append((number, actual.number * 100))
        if actual.unit == "%" and not unit and abs(number) <= LARGEST_FRACTION:
            pairs.append((number * 100, actual.number))
        return _counted_singly(number, unit, actual) or pairs
    if comparable(unit, actual.unit) is not True:
        return []
    one, other = in_base(number, unit), in_base(actual.number, actual.unit)
    if one is None or other is None or one[1] != other[1]:
        return []
    return [(one[0], other[0])]


def _counted_singly(number: Decimal, unit: str, actual: Measure) -> list[tuple[Decimal, Decimal]]:
    """The readings of a bare number beside a bare 万 or 亿; none where it is not so."""
    times = multiplier(actual.unit or unit)
    if times is None or unit == actual.unit:
        return []
    bare = number if actual.unit else actual.number
    whole = EXACT.multiply(actual.number if actual.unit else number, times)
    single = (bare, whole) if actual.unit else (whole, bare)
    return [single] if abs(bare) >= times else [(number, actual.number), single]


def _shares(printed: str) -> frozenset[str]:
    """What a value is counted for each of: 月 in 每月1次; a year is what the whole form is about."""
    return frozenset(_EACH.findall(squeeze(printed))) - {"年", "年度"}
