"""The arithmetic checks against a second opinion in fractions, on records that were drawn and not read.

`verdicts` is written from the definitions, and shares no code with the checks and no decimal with them.
``ORACLE`` in the environment says how many records to draw; without it, a few.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from random import Random

import pytest
from record_drawing import (
    DrawnForm,
    DrawnIndicator,
    DrawnLine,
    DrawnValue,
    Held,
    Printed,
    draw_form,
    record_of,
)

from zipingbiao.checks import chosen, run_checks
from zipingbiao.policy import load_policy

CODES = (
    *("FUND01", "FUND02", "FUND03", "FUND04", "FUND07"),
    *("SCORE01", "SCORE02", "SCORE03", "SCORE07"),
    *("GOAL01", "GOAL02"),
)
RECORDS = int(os.environ.get("ORACLE", "2000"))
#: records of one test
BLOCK = 1000
#: the points of execution by each policy
POLICIES = {"mof-2020": 10, "mof-2021": 10, "strict": 10, "hubei-20-80": 20}
WHOLE, ONE, CENT = Fraction(100), Fraction(1), Fraction(1, 100)

Verdict = tuple[str, str]
COLUMNS = ("initial", "adjusted", "executed")


def number(held: Held) -> Fraction | None:
    """What is printed, where it is a number."""
    return held.value if isinstance(held, Printed) else None


def numbers(held: Iterable[Held]) -> list[Fraction]:
    """What is printed, where it is numbers."""
    return [one.value for one in held if isinstance(one, Printed)]


def verdicts(form: DrawnForm, policy: str) -> Counter[Verdict]:
    """The code and the subject of each finding that a form deserves."""
    found: Counter[Verdict] = Counter()
    found.update(_of_lines(form))
    found.update(_of_parts(form))
    found.update(_of_total(form))
    found.update(_of_weights(form, POLICIES[policy]))
    found.update(_of_labels(form))
    found.update(_of_indicators(form))
    return found


# --- FUND --------------------------------------------------------------------------------------------


def half_of_table(form: DrawnForm) -> Fraction:
    """Half a unit of the finest digit among the amounts."""
    held = [getattr(line, column) for line in form.lines for column in COLUMNS]
    return min((one.half for one in held if isinstance(one, Printed)), default=Fraction(1, 2))


def budget_of(line: DrawnLine) -> Fraction | None:
    """The adjusted budget, or the initial one where no other is filled in."""
    return number(line.initial) if line.adjusted in (None, "empty", "em_dash") else number(line.adjusted)


def weight_of(form: DrawnForm, line: DrawnLine) -> Fraction | None:
    """The points of a line; those of the total may stand in the block's label."""
    if line.item == "total" and line.weight in (None, "empty"):
        return number(form.execution_weight)
    return number(line.weight)


def _of_lines(form: DrawnForm) -> Iterator[Verdict]:
    half = half_of_table(form)
    for line in form.lines:
        e, b, rate = number(line.executed), budget_of(line), line.rate
        shares: list[tuple[Fraction, Fraction | None]] = []
        if e is not None and b is not None and b > 0:
            shares.append(
                (max(e - half, Fraction(0)) / (b + half), (e + half) / (b - half) if b > half else None)
            )
            if isinstance(rate, Printed) and _apart(rate, *shares[0]):
                yield "FUND01", line.item
        if e is not None and b is not None and e - b > 2 * half:
            yield "FUND03", line.item
        weight = weight_of(form, line)
        if isinstance(rate, Printed):
            shares.append((rate.value - rate.half, rate.value + rate.half))
        if weight is None or not isinstance(line.score, Printed):
            continue
        earned = [
            (min(low, ONE) * weight, min(high, ONE) * weight if high is not None else weight)
            for low, high in shares
        ]
        if earned and all(_apart(line.score, *span) for span in earned):
            yield "FUND04", line.item
        if line.score.value > weight:
            yield "SCORE03", line.item


def _apart(printed: Printed, low: Fraction, high: Fraction | None) -> bool:
    """Whether a printed number cannot lie between two."""
    return printed.value + printed.half < low or (high is not None and printed.value - printed.half > high)


def _of_parts(form: DrawnForm) -> Iterator[Verdict]:
    lines = {line.item: line for line in form.lines}
    nested = [line for line in form.lines if line.item in ("central", "provincial")]
    levels = {"total": [line for line in form.lines if line.item != "total"]}
    if nested and "fiscal" in lines:
        levels = {"total": [line for line in levels["total"] if line not in nested], "fiscal": nested}
    half = half_of_table(form)
    for column in COLUMNS:
        for item, parts in levels.items():
            total, found = (
                number(getattr(lines[item], column)),
                numbers(getattr(line, column) for line in parts),
            )
            if total == 0 and any(found):
                yield "FUND07", item
                continue
            if total is None or not found or any(getattr(line, column) == "unreadable" for line in parts):
                continue
            off = abs(total - sum(found)) > (len(found) + 1) * half
            if off and (len(parts) > 1 or sum(found) > total) and not _side_by_side(form, column, half):
                yield "FUND02", item


def _side_by_side(form: DrawnForm, column: str, half: Fraction) -> bool:
    """Whether all lines together make up the total, none of them a part of another."""
    total = number(getattr(form.lines[0], column))
    found = numbers(getattr(line, column) for line in form.lines[1:])
    return total is not None and abs(total - sum(found)) <= (len(found) + 1) * half


# --- SCORE -------------------------------------------------------------------------------------------


def counted(form: DrawnForm) -> list[DrawnLine]:
    """The lines whose points count: not those that repeat what the total line has."""
    total, *parts = form.lines
    weight, score = number(total.weight), number(total.score)
    return [total] + [
        line
        for line in parts
        if (
            number(line.weight) != weight
            if number(line.weight) is not None
            else score is None or number(line.score) != score
        )
    ]


def _of_total(form: DrawnForm) -> Iterator[Verdict]:
    scores = [one.score for one in form.indicators if one.score is not None]
    held = scores + [line.score for line in counted(form) if line.score is not None]
    if not isinstance(form.total_score, Printed) or not numbers(scores) or "unreadable" in held:
        return
    missing = form.total_score.value - sum(numbers(held))
    if abs(missing) <= form.total_score.half:
        return
    if all(line.score is None for line in form.lines):
        points = sum(numbers(one.weight for one in form.indicators))
        points = points or sum(weight.value for _, weight in form.labels if weight)
        whole = number(form.total_weight)
        if points > 0 and 0 < missing <= (WHOLE if whole is None else whole) - points:
            return
    yield "SCORE01", "total"


def _of_weights(form: DrawnForm, execution: int) -> Iterator[Verdict]:
    held = [one.weight for one in form.indicators]
    unweighted = any(one.weight == "empty" and isinstance(one.score, Printed) for one in form.indicators)
    if "unreadable" in held or unweighted or not sum(numbers(held)):
        return
    lines = [weight for line in counted(form) if (weight := weight_of(form, line)) is not None]
    whole = number(form.total_weight)
    wanted = [WHOLE if whole is None else whole]
    if not lines:
        wanted.append(wanted[0] - execution)
    if all(abs(sum(numbers(held)) + sum(lines) - one) > CENT for one in wanted):
        yield "SCORE02", "total"


def _of_labels(form: DrawnForm) -> Iterator[Verdict]:
    for key in {key for key, _ in form.labels}:
        runs = [
            (weight.value if weight else None, [one.weight for one in form.indicators if one.label == place])
            for place, (other, weight) in enumerate(form.labels)
            if other == key
        ]
        joined = (runs[0][0], [held for _, run in runs for held in run])
        wrong = [run for run in runs if _is_off(*run)]
        if not wrong or not _is_off(*joined):
            continue
        one_fits = any(numbers(run) and not _is_off(weight, run) for weight, run in runs)
        yield from [("SCORE07", key)] * (len(wrong) if one_fits else 1)


def _is_off(label: Fraction | None, held: Sequence[Held]) -> bool:
    found = numbers(held)
    return label is not None and bool(found) and "unreadable" not in held and abs(sum(found) - label) > CENT


# --- GOAL --------------------------------------------------------------------------------------------


def _of_indicators(form: DrawnForm) -> Iterator[Verdict]:
    named = [(f"指标{seq}", one) for seq, one in enumerate(form.indicators, 1)]
    groups: list[list[tuple[str, DrawnIndicator]]] = []
    for name, one in named:
        if groups and one.score == "merged":
            groups[-1].append((name, one))
        else:
            groups.append([(name, one)])
    for group in groups:
        weights, score = [one.weight for _, one in group], number(group[0][1].score)
        if score is None or len(numbers(weights)) < len(weights):
            continue
        weight = sum(numbers(weights), Fraction(0))
        if score > weight:
            yield "SCORE03", group[0][0]
        missed = [name for name, one in group if score >= weight != 0 and _misses(one)]
        yield from (("GOAL01", name) for name in missed)
        (name, one), *others = group
        if not others and not missed and score <= weight and _is_unearned(one, weight):
            yield "GOAL02", name


def readings(target: DrawnValue, actual: DrawnValue, wanted: Printed) -> list[tuple[Fraction, Fraction]]:
    """A number of the target and the actual value in one unit, in each way that they can be read."""
    if {target.unit, actual.unit} == {"万元", "元"}:
        factors = {"元": ONE, "万元": Fraction(10_000)}
        return [(wanted.value * factors[target.unit], actual.number.value * factors[actual.unit])]
    if target.unit and actual.unit and target.unit != actual.unit:
        return []
    found = [(wanted.value, actual.number.value)]
    if target.unit == "%" and not actual.unit and actual.number.value <= Fraction(3, 2):
        found.append((wanted.value, actual.number.value * 100))
    if actual.unit == "%" and not target.unit and wanted.value <= Fraction(3, 2):
        found.append((wanted.value * 100, actual.number.value))
    return found


def _misses(one: DrawnIndicator) -> bool:
    if one.target is None or one.actual is None or one.actual.relation not in ("", "=", one.target.relation):
        return False
    relation, wanted = one.target.relation, one.target.number
    if one.target.high is not None:
        relation, wanted = ("<=", one.target.high) if one.is_cost else (">=", one.target.number)
    elif relation == "" and one.is_cost:
        return False
    pairs = readings(one.target, one.actual, wanted)
    return bool(pairs) and not any(_is_met(relation, *pair) for pair in pairs)


def _is_met(relation: str, wanted: Fraction, reached: Fraction) -> bool:
    return {
        ">": reached > wanted,
        "<=": reached <= wanted,
        "<": reached < wanted,
        "=": reached == wanted,
        "about": True,
    }.get(relation, reached >= wanted)


def _is_unearned(one: DrawnIndicator, weight: Fraction) -> bool:
    """Whether a score is another one than target and actual value give, at two decimals."""
    fraction = _fraction(one)
    if fraction is None or not isinstance(one.score, Printed):
        return False
    expected = (
        weight if fraction is ONE else Fraction(int(weight * min(fraction, ONE) * 100 + Fraction(1, 2)), 100)
    )
    return abs(one.score.value - expected) > max(one.score.half, weight / 20)


def _fraction(one: DrawnIndicator) -> Fraction | None:
    """The fraction of the target that was reached; `ONE` where it was met, None where nobody can tell."""
    if one.target is None or one.actual is None:
        return None
    pairs = readings(one.target, one.actual, one.target.number)
    if len(pairs) != 1:
        return None
    ((wanted, reached),) = pairs
    relation = one.target.relation
    if one.target.high is not None:
        above = readings(one.target, one.actual, one.target.high)
        is_within = len(above) == 1 and wanted <= reached and above[0][1] <= above[0][0]
        return ONE if is_within else None
    if reached == wanted:
        return ONE if relation not in (">", "<") else Fraction(1)
    if relation == "about" or (relation == "=" and reached > wanted):
        return None
    if relation == "":
        if one.is_cost or wanted == 0:
            return None
        return ONE if reached > wanted else reached / wanted
    if relation in ("<=", "<"):
        return ONE if reached < wanted else wanted / reached
    if relation == "=":
        return reached / wanted
    return ONE if reached > wanted else reached / wanted


# --- the comparison ----------------------------------------------------------------------------------


def drawn(first: int, count: int) -> Iterator[tuple[DrawnForm, str]]:
    """Forms, each with the policy that it is held to."""
    for seed in range(first, first + count):
        choose = Random(seed)
        yield draw_form(choose), choose.choice(tuple(POLICIES))


def said(form: DrawnForm, policy: str) -> Counter[Verdict]:
    """What the product says of a form."""
    findings = run_checks(record_of(form), load_policy(policy), chosen(CODES))
    return Counter((finding.code, finding.problem.subject) for finding in findings)


@pytest.mark.parametrize("first", range(0, RECORDS, BLOCK))
def test_the_checks_say_of_drawn_records_what_the_fractions_say(first: int) -> None:
    for form, policy in drawn(first, BLOCK):
        assert said(form, policy) == verdicts(form, policy), form


def test_drawn_records_meet_every_arithmetic_check_and_miss_it() -> None:
    found = [{code for code, _ in verdicts(form, policy)} for form, policy in drawn(0, BLOCK)]
    met = Counter(code for codes in found for code in codes)
    assert {code for code in CODES if not BLOCK // 50 < met[code] < BLOCK} == set()
    assert sum(not codes for codes in found) > BLOCK // 50
