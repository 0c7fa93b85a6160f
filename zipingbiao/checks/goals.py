"""GOAL: targets, actual values, and whether the score follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from normalize.fold import fold, squeeze
from normalize.record import Entry, Indicator, Record
from normalize.values.parse import Measure, Range, Value, parse_value
from normalize.values.units import comparable, in_base
from normalize.values.wordings import meanings, one_of
from zipingbiao.checks.precision import half_unit, shown
from zipingbiao.checks.registry import Problem, check
from zipingbiao.checks.wordings import any_of
from zipingbiao.policy import Policy
from zipingbiao.recompute.comparing import WORKING_DAY, in_one_unit, leaves_open
from zipingbiao.recompute.compute import indicator_score
from zipingbiao.recompute.scored import scored_together

#: how a comparator is shown that the form prints in a column of its own
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "about": "约"}
# 余 and 多 behind a number
_SOME_MORE = re.compile(
    rf"\d(?:{one_of(word for word, relation in meanings('more').items() if relation == '>')})"
)


@check("GOAL01", "error", "未达标却得满分", "full score for a missed target")
def goal01(record: Record, policy: Policy) -> Iterator[Problem]:
    """A numeric target is missed, and the score is the full weight all the same.

    Why: the plainest way to a score that was not earned.
    Example: target ≥80 %, actual 64 %, 10 of 10 points.
    Tolerance: only in comparable units, and nothing is rounded: 99 % is short of 99.5 %. A printed = must be met
    exactly; a bare number counts as met from above (90 % reached with 100 %), and, as a cost, a time limit or harm
    (投诉率), from below too. A range is missed from below; as a cost, a time limit or harm, from above. Beside a
    percentage, a bare 0.96 can be 96 %. 90余人 is less than 100人. An actual that repeats the target's comparator is
    held to its number: ≥64 % is short of ≥80 %, since the sign was copied and the number is what was reached; another
    comparator leaves it open.
    Source: 财预〔2020〕10号: 定量指标完成指标值的, 记该指标所赋全部分值.
    """
    for one, weight, score in _missed_in_full(record):
        assert one.target is not None and one.actual is not None and one.score is not None
        target, actual = printed(one.target), printed(one.actual)
        yield Problem(
            one.name,
            "score",
            (one.score.cell, one.actual.cell, one.target.cell),
            score,
            f"< {weight:f}",
            f"“{one.name}”年度指标值{target}，实际完成{actual}，未达标却得满分{score:f}分。",
            f"“{one.name}”: target {target}, actual {actual}: missed, yet scored in full ({score:f}).",
        )


def scored_in_full(record: Record) -> Iterator[tuple[Indicator, Decimal, Decimal]]:
    """The indicators that earned all their points, with the weight and the score that they have or share."""
    for scored in scored_together(record):
        if scored.score >= scored.weight != 0:
            yield from ((one, scored.weight, scored.score) for one in scored.members)


def _missed_in_full(record: Record) -> Iterator[tuple[Indicator, Decimal, Decimal]]:
    return (found for found in scored_in_full(record) if _misses(found[0]))


def _misses(one: Indicator) -> bool:
    """Whether the actual misses the target in every way the two can be read."""
    if one.target is None or one.actual is None or not isinstance(one.actual.value, Measure):
        return False
    target, actual = one.target.value, one.actual.value
    if isinstance(target, Range):
        bound, relation = (target.high, "<=") if leaves_open(one) else (target.low, ">=")
        pairs = in_one_unit(bound, target, actual)
        return bool(pairs) and all(_falls_short(relation, *pair) for pair in pairs)
    if not isinstance(target, Measure):
        return False
    relation = "open" if target.relation == "" and leaves_open(one) else target.relation
    if _is_some_more(actual):
        most = replace(actual, number=actual.number + _last_place(actual.number))
        below, above = _pairs(target, actual), _pairs(target, most)
        return bool(below) and all(
            _misses_between(relation, wanted, low, high)
            for (wanted, low), (_, high) in zip(below, above, strict=False)
        )
    if actual.relation not in ("", "=", target.relation):
        return False
    pairs = _pairs(target, actual)
    return bool(pairs) and all(_falls_short(relation, *pair) for pair in pairs)


def _pairs(target: Measure, actual: Measure) -> list[tuple[Decimal, Decimal]]:
    """Target and actual in one unit; 15 working days are at least 15 days, and so beyond a limit of 10 days."""
    pairs = in_one_unit(target.number, target, actual)
    base = in_base(actual.number, actual.unit)
    if not pairs and target.relation in ("<=", "<") and base and base[1] == WORKING_DAY:
        return in_one_unit(target.number, target, replace(actual, number=base[0], unit="天"))
    return pairs


def _is_some_more(actual: Measure) -> bool:
    """Whether an actual value is a round number and a little more: 90余人."""
    return actual.relation == ">" and _SOME_MORE.search(fold(squeeze(actual.raw))) is not None


def _last_place(number: Decimal) -> Decimal:
    """What 余 stays below: 90余 is less than 100, 120余 less than 130."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _misses_between(relation: str, wanted: Decimal, low: Decimal, high: Decimal) -> bool:
    """Whether every number between the two misses the target."""
    match relation:
        case ">=" | ">" | "":
            return high <= wanted
        case "<=" | "<":
            return low >= wanted
        case "=":
            return not low < wanted < high
        case _:
            return False


def _falls_short(relation: str, wanted: Decimal, reached: Decimal) -> bool:
    match relation:
        case ">=" | "":
            return reached < wanted
        case ">":
            return reached <= wanted
        case "<=":
            return reached > wanted
        case "<":
            return reached >= wanted
        case "=":
            return reached != wanted
        case _:
            return False


def printed(entry: Entry[Value]) -> str:
    """A value as it stands in its cell, in one line, or in the indicator's name where the cell is blank.

    Comparator and unit that the form prints in columns of their own stand beside it: ≥80人.
    """
    text, value = " ".join((entry.raw.strip() or entry.value.raw).split()), entry.value
    own = parse_value(text)
    if not isinstance(value, Measure) or not isinstance(own, Measure):
        return text
    sign = "" if own.relation else _SIGNS.get(value.relation, "")
    return f"{sign}{text}{'' if own.unit else value.unit}"


@check("GOAL04", "error", "计量单位不可比", "units cannot be compared")
def goal04(record: Record, policy: Policy) -> Iterator[Problem]:
    """Target and actual both carry a unit, and the units are of different kinds.

    Why: 公里 cannot fulfil a target in 万元; one of the two cells belongs to another row.
    Example: target ≥425.6万元, actual 425.6公里.
    Tolerance: 元, 万元 and 亿元, 米 and 公里, 人 and 人次 are comparable; units that nobody knows are not judged.
    Source: follows from 财预〔2020〕10号, which scores an indicator by its target.
    """
    for one in record.indicators:
        units = _unit(one.target), _unit(one.actual)
        if not all(units) or one.target is None or one.actual is None or comparable(*units) is not False:
            continue
        yield Problem(
            one.name,
            "actual",
            (one.actual.cell, one.target.cell),
            units[1],
            units[0],
            f"“{one.name}”年度指标值以“{units[0]}”计（{printed(one.target)}），"
            f"完成值以“{units[1]}”计（{printed(one.actual)}），无法比较。",
            f"“{one.name}”: the target counts in {units[0]} ({printed(one.target)}), the actual value in {units[1]}"
            f" ({printed(one.actual)}): they cannot be compared.",
        )


def _unit(entry: Entry[Value] | None) -> str:
    return entry.value.unit if entry is not None and isinstance(entry.value, Measure | Range) else ""


def _has_own_rule(one: Indicator) -> bool:
    """Whether the form says how the points of an indicator are given, and not by proportion: 每少1公里扣2分."""
    rule = (one.extras or {}).get("scoring_standard", "").strip()
    return bool(any_of("targets", "points").search(rule)) and not any_of("targets", "proportion").search(rule)


@check("GOAL02", "warning", "得分与完成比例不符", "score does not follow from the achievement")
def goal02(record: Record, policy: Policy) -> Iterator[Problem]:
    """The score differs from what the policy's formula gives for target and actual.

    Why: the score of a number is computed; whoever gave more or fewer points should be able to say why.
    Example: target ≥100人, actual 80人, weight 10, score 9.5; by the formula it is 8.
    Tolerance: half a unit of the score's last digit, and 5 % of the weight; the formula's score has two decimals.
    Forward weight × actual ÷ target, for an upper limit weight × target ÷ actual, never above the weight nor below
    0; silent where the two cannot be compared, where GOAL01 or SCORE03 says it already, for indicators that share one
    score, and where the form prints a rule of its own beside the indicator that is not by proportion.
    Source: 财预〔2020〕10号: 未完成指标值的, 按照完成值与指标值的比例记分.
    """
    missed = {one.seq for one, _, _ in _missed_in_full(record)}
    for scored in scored_together(record):
        (one, *others) = scored.members
        expected = indicator_score(one)
        if others or expected is None or one.seq in missed or scored.score > scored.weight:
            continue
        if _has_own_rule(one):
            continue
        assert one.target is not None and one.actual is not None
        slack = max(half_unit(scored.score), policy.score_tolerance * scored.weight)
        if abs(scored.score - expected) <= slack:
            continue
        target, actual = printed(one.target), printed(one.actual)
        yield Problem(
            one.name,
            "score",
            (*scored.cells, one.actual.cell, one.target.cell),
            scored.score,
            shown(expected),
            f"“{one.name}”得分{scored.score:f}分，按年度指标值{target}、实际完成{actual}和分值{scored.weight:f}分应为{shown(expected):f}分。",
            f"“{one.name}”: score {scored.score:f}; target {target}, actual {actual} and weight {scored.weight:f} give {shown(expected):f}.",
        )
