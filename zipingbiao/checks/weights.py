"""SCORE: whether the weights add up, and how they are divided."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalize.form import Level
from normalize.record import Indicator, Record, is_blank, number_of
from normalize.values.parse import Blank
from zipingbiao.checks.precision import numbers
from zipingbiao.checks.reading import field_name
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy
from zipingbiao.recompute.compute import execution_weight
from zipingbiao.recompute.scored import scored_lines


@check("SCORE02", "error", "分值合计不符", "weights do not add up")
def score02(record: Record, policy: Policy) -> Iterator[Problem]:
    """The weights of execution and indicators do not sum to the printed total weight, or to the policy's.

    Why: a form whose weights sum to 102 gives away two points.
    Example: weights 10 + 92, total weight 100.
    Tolerance: 0.01. Silent where the form prints no weights, or one of them cannot be read or is missing beside a
    score. A form without
    an execution weight may sum to the whole or to the whole less the policy's execution weight: the weight of
    the policy that was named, or of the one that the form's own sum shows where none was. A weight that a part
    of the funds repeats from their total counts once.
    Source: 财预〔2020〕10号: 指标权重合计 100 分.
    """
    weights = [one.weight for one in record.indicators if one.weight is not None]
    if any(not isinstance(entry.value, Decimal | Blank) for entry in weights):
        return
    summed = sum(numbers(weights), Decimal(0))
    if summed == 0 or _weight_missing(record):
        return
    lines = [
        weight for line in scored_lines(record) if (weight := execution_weight(record, line)) is not None
    ]
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
    own = sum(lines, Decimal(0))
    parts = (
        (f"（执行率{own:f}＋指标{summed:f}）", f" (execution {own:f}, indicators {summed:f})")
        if lines
        else ("", "")
    )
    wanted = f"{expected[0]:f}"
    held = f"应为{wanted}分" if printed is None else f"与填报的总分值{wanted}分不符"
    whose = "the policy's" if printed is None else "the printed total"
    yield Problem(
        "total",
        "weight",
        cells,
        found,
        expected[0],
        f"各项分值合计{found:f}分{parts[0]}，{held}，相差{abs(found - expected[0]):f}分。",
        f"The weights sum to {found:f}{parts[1]}, not to {whose} {wanted}.",
    )


def _weight_missing(record: Record) -> bool:
    """A scored indicator without a weight of its own: the sum of the others then says nothing."""
    return any(
        number_of(one.score) is not None and one.weight is not None and is_blank(one.weight)
        for one in record.indicators
    )


@check("SCORE06", "note", "权重结构与办法不符", "level weights differ from the policy")
def score06(record: Record, policy: Policy) -> Iterator[Problem]:
    """The weights of the first-level indicators are not those of the policy.

    Why: a form that gives benefits 10 points instead of 30 rates another thing than the others do.
    Example: output 60, benefit 20, satisfaction 10, where the policy has 50, 30 and 10.
    Tolerance: 0.01. Silent where the policy sets none, where an indicator has no weight or no level, where the
    form has other levels than the policy, and where the weights do not add up (which SCORE02 says).
    Source: 财预〔2020〕10号.
    """
    summed: dict[str, Decimal] = {}
    for one in record.indicators:
        weight = number_of(one.weight)
        if weight is None:
            return
        summed[one.level1] = summed.get(one.level1, Decimal(0)) + weight
    expected = policy.level_weights
    if set(summed) != set(expected) or any(True for _ in score02(record, policy)):
        return
    if all(abs(summed[level] - expected[level]) <= policy.weight_tolerance for level in summed):
        return
    labels = {one.level1: one.level1_label for one in reversed(record.indicators)}
    cells = tuple(label.label.cell for level in expected if (label := labels[level]))
    names = {level: field_name(level) for level in expected}
    found_zh = "、".join(f"{names[level][0]}{summed[level]:f}" for level in expected)
    wanted_zh = "、".join(f"{names[level][0]}{expected[level]:f}" for level in expected)
    found_en = ", ".join(f"{names[level][1]} {summed[level]:f}" for level in expected)
    wanted_en = ", ".join(f"{names[level][1]} {expected[level]:f}" for level in expected)
    yield Problem(
        "total",
        "weight",
        cells or tuple(one.weight.cell for one in record.indicators if one.weight),
        found_zh,
        wanted_zh,
        f"一级指标分值为{found_zh}，办法（{policy.name}）规定为{wanted_zh}。",
        f"The first levels weigh {found_en}; the policy {policy.name} has {wanted_en}.",
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


@check("SCORE08", "note", "单项权重过大", "one indicator weighs too much")
def score08(record: Record, policy: Policy) -> Iterator[Problem]:
    """One indicator carries so many points that it decides the form by itself.

    Why: the other indicators then hardly matter.
    Example: one indicator of 60 points.
    Tolerance: the policy's limit (40 points).
    Source: 财预〔2021〕101号: 合理设置指标权重.
    """
    for one in record.indicators:
        weight = number_of(one.weight)
        if one.weight is None or weight is None or weight < policy.heavy_weight:
            continue
        yield Problem(
            one.name,
            "weight",
            (one.weight.cell,),
            weight,
            f"< {policy.heavy_weight:f}",
            f"“{one.name}”一项分值{weight:f}分，达到或超过{policy.heavy_weight:f}分。",
            f"“{one.name}” alone carries {weight:f} points, {policy.heavy_weight:f} or more.",
        )
