"""What is written in an unusual way: rates without a sign, amounts in another unit, hints of the template left in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from normalize.fold import fold, squeeze
from normalize.record import Entry, Indicator, Record, number_of
from zipingbiao.checks.funds import COLUMN_NAMES
from zipingbiao.checks.precision import (
    TEN_THOUSAND,
    Interval,
    amount,
    fund_half,
    line_name,
    percent,
)
from zipingbiao.checks.reading import field_name
from zipingbiao.checks.registry import Problem, check
from zipingbiao.checks.wordings import any_of
from zipingbiao.policy import Policy


@check("FUND09", "note", "执行率写法不规范", "rate written in an unusual way")
def fund09(record: Record, policy: Policy) -> Iterator[Problem]:
    """An execution rate is written without a percent sign, neither beside the number nor in the column's label.

    Why: 0.958, 95.8 and 1 can each be taken for another rate; this one was read in the way that fits its amounts.
    Example: budget 100, executed 95.8, rate 0.958.
    Tolerance: none; a rate of 0 is the same in every notation.
    Source: 财预〔2020〕10号, 附件: 执行率以百分数填列.
    """
    if _has_signed_label(record):
        return
    for line in record.funds:
        rate = number_of(line.execution_rate)
        if (
            line.execution_rate is None
            or not rate
            or re.search(r"[%‰]|百分|成", fold(line.execution_rate.raw))
        ):
            continue
        name, raw = line_name(line), line.execution_rate.raw.strip()
        yield Problem(
            line.item or name,
            "execution_rate",
            (line.execution_rate.cell,),
            raw,
            percent(rate),
            f"“{name}”执行率写作“{raw}”，没有百分号，按{percent(rate)}读取。",
            f"“{name}”: the rate is written {raw}, without a percent sign; it was read as {percent(rate)}.",
        )


def _has_signed_label(record: Record) -> bool:
    labels = (cell.text for cell, role in record.form.roles.items() if role.name == "label")
    return any("率" in label and "%" in fold(label) for label in labels)


@check("FORM02", "warning", "模板提示未删除", "instruction of the template left in")
def form02(record: Record, policy: Policy) -> Iterator[Problem]:
    """A cell that was to be filled in still says what to fill in.

    Why: the template's text stands where the unit's own should, so the cell says nothing.
    Example: an overall goal that begins with “请填写”, a project named “XX项目”.
    Tolerance: only names, goals, actual values and reasons are looked at; notes under the form are not.
    Source: 财预〔2020〕10号, 附件: 填报说明.
    """
    for subject, field, entry in _filled_in(record):
        text = squeeze(entry.raw)
        hint = any_of("template", "hints").search(text)
        if hint is None:
            continue
        zh, en = field_name(field)
        row = ("", "") if subject in (field, text) else (f"“{subject}”的", f" of “{subject}”")
        yield Problem(
            subject,
            field,
            (entry.cell,),
            text,
            "",
            f"{row[0]}“{zh}”中仍有模板提示“{hint[0]}”，未填写实际内容。",
            f"The {en}{row[1]} still holds the template's “{hint[0]}”.",
        )


def _filled_in(record: Record) -> Iterator[tuple[str, str, Entry[object]]]:
    """The cells that hold the unit's own words, with the indicator or field that they belong to, and their field."""
    found: list[tuple[str, str, Entry[object] | None]] = [
        (name, name, record.heading.get(name)) for name in ("project_name", "department", "implementing_unit")
    ]
    for goal in record.goals:
        found += [
            (name, name, getattr(goal, name.removeprefix("goal_")))
            for name in ("goal_planned", "goal_actual")
        ]
    for one in record.indicators:
        found += [(one.name, name, entry) for name, entry in _words_of(one)]
    for subject, field, entry in found:
        if entry is not None:
            yield subject, field, entry


def _words_of(one: Indicator) -> tuple[tuple[str, Entry[object] | None], ...]:
    return ("name", one.name_entry), ("actual", one.actual), ("deviation_reason", one.reason)


@check("FORM03", "warning", "金额单位混用", "amounts in different units")
def form03(record: Record, policy: Policy) -> Iterator[Problem]:
    """Two amounts of a fund line agree but for a factor of 10,000: one is in 元, the other in 万元.

    Why: an amount that is wrong by four digits spoils every sum and rate that it is in.
    Example: budget 230000, executed 23, both headed 万元.
    Tolerance: the amounts' printed precision; a difference of no such factor is left to FUND03.
    Source: follows from 财预〔2020〕10号, 附件: 单位为万元.
    """
    half = fund_half(record)
    for line in record.funds:
        entries = {name: getattr(line, name) for name in COLUMN_NAMES}
        for pair in combinations(entries.items(), 2):
            small, large = sorted(pair, key=lambda column: number_of(column[1]) or 0)
            a, b = number_of(large[1]), number_of(small[1])
            if a is None or b is None or b == 0 or not _is_ten_thousand_times(a, b, half):
                continue
            name = line_name(line)
            zh, en = COLUMN_NAMES[large[0]]
            zh_other, en_other = COLUMN_NAMES[small[0]]
            yield Problem(
                line.item or name,
                large[0],
                (large[1].cell, small[1].cell),
                a,
                b,
                f"“{name}”{zh}{amount(a)}万元恰为{zh_other}{amount(b)}万元的一万倍，疑似一个以元、一个以万元填报。",
                f"“{name}”: {en} {amount(a)} is 10,000 times {en_other} {amount(b)}: one may be in 元, the other in 万元.",
            )
            break


def _is_ten_thousand_times(large: Decimal, small: Decimal, half: Decimal) -> bool:
    """Whether one is 10,000 times the other; of an amount of one digit, nobody can tell."""
    range_of_small = Interval((small - half) * TEN_THOUSAND, (small + half) * TEN_THOUSAND)
    return small >= 20 * half and Interval.around(large, half).meets(range_of_small)
