"""SCORE: weights, scores and the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalize.form import Level
from normalize.record import Indicator, Record, is_blank, number_of
from normalize.values import Blank
from zipingbiao.checks.precision import half_unit, line_name, numbers
from zipingbiao.checks.registry import Problem, check
from zipingbiao.compute import execution_weight, total_score_summed
from zipingbiao.policy import Policy
from zipingbiao.scored import scored_together


@check("SCORE01", "error", "总分不等于得分之和", "total is not the sum of the scores")
def score01(record: Record, policy: Policy) -> Iterator[Problem]:
    """The printed total score differs from the sum of the printed scores of execution and indicators.

    Why: the total is what is published and what money depends on.
    Example: scores sum to 90, the total says 100.
    Tolerance: half a unit of the total's last printed digit (96 stands for 95.5 to 96.5). Silent where no
    indicator is scored, where a score cannot be read, and where the form keeps the execution score elsewhere:
    it prints none, and the points that its indicators leave over can hold the difference.
    Source: 财预〔2020〕10号.
    """
    total = number_of(record.total.score)
    scores = [one.score for one in record.indicators if one.score is not None]
    if total is None or record.total.score is None or not any(True for _ in numbers(scores)):
        return
    entries = scores + [line.score for line in record.funds if line.score is not None]
    if any(not isinstance(entry.value, Decimal | Blank) for entry in entries):
        return
    summed = total_score_summed(record)
    if (
        summed is None
        or abs(total - summed) <= half_unit(total)
        or _kept_elsewhere(record, policy, total - summed)
    ):
        return
    scored = tuple(entry.cell for entry in entries if isinstance(entry.value, Decimal))
    yield Problem(
        "total",
        "score",
        (record.total.score.cell, *scored),
        total,
        summed,
        f"总分填报{total:f}分，各项得分合计{summed:f}分，相差{abs(total - summed):f}分。",
        f"The total says {total:f}; the printed scores sum to {summed:f}, a difference of {abs(total - summed):f}.",
    )


def _kept_elsewhere(record: Record, policy: Policy, missing: Decimal) -> bool:
    """Whether the missing points can be an execution score that stands outside the tables."""
    if any(line.score is not None for line in record.funds):
        return False
    whole = number_of(record.total.weight)
    weights = sum(numbers(one.weight for one in record.indicators), Decimal(0))
    left_over = (policy.total_weight if whole is None else whole) - weights
    return weights > 0 and 0 < missing <= left_over


@check("SCORE02", "error", "分值合计不符", "weights do not add up")
def score02(record: Record, policy: Policy) -> Iterator[Problem]:
    """The weights of execution and indicators do not sum to the printed total weight, or to the policy's.

    Why: a form whose weights sum to 102 gives away two points.
    Example: weights 10 + 92, total weight 100.
    Tolerance: 0.01. Silent where the form prints no weights, or one of them cannot be read. A form without
    an execution weight may sum to the whole or to the whole less the policy's execution weight: the weight of
    the policy that was named, or of the one that the form's own sum shows where none was.
    Source: 财预〔2020〕10号: 指标权重合计 100 分.
    """
    weights = [one.weight for one in record.indicators if one.weight is not None]
    if any(not isinstance(entry.value, Decimal | Blank) for entry in weights):
        return
    summed = sum(numbers(weights), Decimal(0))
    if summed == 0 or _weight_missing(record):
        return
    lines = [weight for line in record.funds if (weight := execution_weight(record, line)) is not None]
    found = summed + sum(lines, Decimal(0))
    printed = number_of(record.total.weight)
    expected = [policy.total_weight if printed is None else printed]
    if not lines:
        expected.append(expected[0] - policy.execution_weight)
    if any(abs(found - each) <= policy.weight_tolerance for each in expected):
        return
    cells = tuple(entry.cell for entry in weights if isinstance(entry.value, Decimal))
    if record.total.weight is not None:
        cells = (record.total.weight.cell, *cells)
    yield Problem(
        "total",
        "weight",
        cells,
        found,
        expected[0],
        f"各项分值合计{found:f}分，应为{expected[0]:f}分，相差{abs(found - expected[0]):f}分。",
        f"The weights sum to {found:f}, not to {expected[0]:f}.",
    )


def _weight_missing(record: Record) -> bool:
    """A scored indicator without a weight of its own: the sum of the others then says nothing."""
    return any(
        number_of(one.score) is not None and one.weight is not None and is_blank(one.weight)
        for one in record.indicators
    )


@check("SCORE03", "error", "得分超过分值", "score above its weight")
def score03(record: Record, policy: Policy) -> Iterator[Problem]:
    """A score is greater than its weight.

    Why: no indicator can earn more than it weighs.
    Example: weight 20, score 21.
    Tolerance: none; weights and scores are exact. Indicators that share a merged cell are held to their sums.
    Source: 财预〔2020〕10号.
    """
    scored = [(one.subject, one.subject, one.weight, one.score, one.cells) for one in scored_together(record)]
    for line in record.funds:
        w, s = execution_weight(record, line), number_of(line.score)
        if w is not None and s is not None:
            entries = (line.score, line.weight)
            name = line_name(line)
            scored.append((line.item or name, name, w, s, tuple(entry.cell for entry in entries if entry)))
    for subject, name, weight, score, cells in scored:
        if score <= weight:
            continue
        yield Problem(
            subject,
            "score",
            cells,
            score,
            weight,
            f"“{name}”得分{score:f}分超过分值{weight:f}分。",
            f"“{name}”: score {score:f} is above its weight {weight:f}.",
        )


@check("SCORE04", "error", "得分缺失", "score is missing")
def score04(record: Record, policy: Policy) -> Iterator[Problem]:
    """An indicator has a weight and an actual value, but no score.

    Why: the total cannot be followed.
    Example: weight 10, actual 90 %, score blank.
    Tolerance: a score cell that is merged over several indicators counts for all of them.
    Source: 财预〔2020〕10号.
    """
    for one in record.indicators:
        weight = number_of(one.weight)
        if weight is None or one.score is None or not is_blank(one.score) or one.actual is None:
            continue
        if isinstance(one.actual.value, Blank):
            continue
        yield Problem(
            one.name,
            "score",
            (one.score.cell, one.actual.cell),
            "",
            "",
            f"“{one.name}”有分值（{weight:f}分）和完成值（{one.actual.raw.strip()}），但得分为空。",
            f"“{one.name}” has a weight ({weight:f}) and an actual value ({one.actual.raw.strip()}), but no score.",
        )


@check("SCORE07", "error", "标注分值与合计不符", "weight in a label differs from the sum")
def score07(record: Record, policy: Policy) -> Iterator[Problem]:
    """A weight printed in a level label differs from the sum of its indicators' weights.

    Why: the level then counts more or less than the form says.
    Example: 产出指标（50分） over indicators of 45.
    Tolerance: 0.01. Silent where none of its indicators has a weight, or where one cannot be read. A label
    that stands twice may be one label, repeated after a page break, or two.
    Source: 财预〔2020〕10号.
    """
    for runs in _levels(record):
        joined = (runs[0][0], [one for _, members in runs for one in members])
        wrong = [run for run in runs if _is_off(*run, policy)]
        if not wrong or not _is_off(*joined, policy):
            continue
        own = any(_is_weighted(members) and not _is_off(level, members, policy) for level, members in runs)
        for level, members in wrong if own else [joined]:
            assert level.weight is not None
            weights = [one.weight for one in members if one.weight is not None]
            found = sum(numbers(weights), Decimal(0))
            label = "".join(level.label.text.split())
            yield Problem(
                level.key or label,
                "weight",
                (level.label.cell, *(entry.cell for entry in weights)),
                level.weight,
                found,
                f"“{label}”标注{level.weight:f}分，其下各指标分值合计{found:f}分。",
                f"“{label}” says {level.weight:f}; the weights under it sum to {found:f}.",
            )


def _is_weighted(members: list[Indicator]) -> bool:
    return any(number_of(one.weight) is not None for one in members)


def _is_off(level: Level, members: list[Indicator], policy: Policy) -> bool:
    weights = [one.weight for one in members if one.weight is not None]
    found = list(numbers(weights))
    if level.weight is None or not found:
        return False
    if any(not isinstance(entry.value, Decimal | Blank) for entry in weights):
        return False
    return abs(sum(found, Decimal(0)) - level.weight) > policy.weight_tolerance


def _levels(record: Record) -> list[list[tuple[Level, list[Indicator]]]]:
    """The level labels of each wording, each with the indicators under it.

    A label that stands twice was repeated after a page break and is one, or two goals have one each.
    """
    groups: dict[tuple[str, str, str], list[tuple[Level, list[Indicator]]]] = {}
    for one in record.indicators:
        for level in (one.level1_label, one.level2_label):
            if level is None:
                continue
            above = one.level1 if level.scope == "level2" else ""
            runs = groups.setdefault((level.scope, above, level.key or level.label.text), [])
            if not runs or runs[-1][0].label.cell is not level.label.cell:
                runs.append((level, []))
            runs[-1][1].append(one)
    return list(groups.values())
