"""FUND: budget, spending, rate and execution score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.document import Cell, Line
from normalize.record import Entry, FundLine, Number, Record, is_blank, number_of
from normalize.values.parse import Unreadable
from zipingbiao.checks.parts import adds_up_side_by_side, groups_of
from zipingbiao.checks.precision import (
    MIXED_UNITS,
    Interval,
    amount,
    decimals_of,
    differ_by_ten_thousand,
    fund_half,
    line_name,
    percent,
    quotient,
    shown,
)
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy
from zipingbiao.recompute.compute import budget_of, execution_weight

COLUMN_NAMES = {
    "budget_initial": ("年初预算数", "initial budget"),
    "budget_adjusted": ("全年预算数", "adjusted budget"),
    "executed": ("全年执行数", "executed amount"),
}


def cells_of(*entries: Entry[Number] | None) -> tuple[Cell | Line, ...]:
    return tuple(entry.cell for entry in entries if entry is not None)


def amounts_of(
    record: Record, line: FundLine
) -> tuple[Entry[Number], Decimal, Entry[Number], Decimal] | None:
    """Budget and execution of a line with their entries, where both are numbers."""
    budget = budget_of(record, line)
    executed = number_of(line.executed)
    if budget is None or executed is None or line.executed is None:
        return None
    number = number_of(budget)
    return None if number is None else (budget, number, line.executed, executed)


@check("FUND01", "error", "执行率与金额不符", "rate contradicts amounts")
def fund01(record: Record, policy: Policy) -> Iterator[Problem]:
    """The printed execution rate is not executed ÷ budget.

    Why: the rate decides the execution score, so a wrong rate is a wrong score.
    Example: budget 430.3, executed 430.3, rate 93 %.
    Tolerance: the printed rate ± half a unit of its last digit must meet E/B, where each amount stands for
    ± half a unit of the finest digit of the fund table. A rate typed as 1, 0.958 or 20 is read in the way
    that fits the amounts.
    Source: 财预〔2020〕10号, 预算执行率 = 预算执行数 / 预算数.
    """
    half = fund_half(record)
    for line in record.funds:
        rate, amounts = number_of(line.execution_rate), amounts_of(record, line)
        if rate is None or amounts is None or line.execution_rate is None:
            continue
        budget, b, executed, e = amounts
        computed = quotient(e, b, half)
        if computed is None or Interval.around(rate).meets(computed):
            continue
        places = max(4, decimals_of(rate))
        expected, name = shown(e / b, places), line_name(line)
        told, right = percent(rate, places), percent(expected, places)
        yield Problem(
            line.item or name,
            "execution_rate",
            cells_of(line.execution_rate, executed, budget),
            rate,
            expected,
            f"“{name}”填报执行率{told}，按执行数{amount(e)}万元÷预算数{amount(b)}万元应为{right}。",
            f"“{name}” reports a rate of {told}; {amount(e)} ÷ {amount(b)} (万元) is {right}.",
        )


@check("FUND02", "error", "资金构成不符", "parts do not add up")
def fund02(record: Record, policy: Policy) -> Iterator[Problem]:
    """A fund total differs from the sum of its parts.

    Why: money that no source explains, or that two sources claim.
    Example: total 520.8, of which fiscal 570.8.
    Tolerance: (number of filled parts + 1) × half a unit of the finest printed digit; silent where the whole
    has a single part row that does not exceed it (other sources may have no row of their own), or where a part
    cannot be read. Nested parts are summed at their own level, unless all lines side by side make up the total.
    Source: 财预〔2020〕10号, 年度资金总额 = 财政拨款 + 上年结转资金 + 其他资金.
    """
    half = fund_half(record)
    for column, (zh, en) in COLUMN_NAMES.items():
        for whole, parts in groups_of(record):
            total = number_of(getattr(whole, column))
            filled = [part for part in parts if number_of(getattr(part, column)) is not None]
            if (
                total is None
                or not filled
                or _zero_total(total, filled, column)
                or _unreadable(parts, column)
            ):
                continue
            found = sum((number_of(getattr(part, column)) or Decimal(0) for part in filled), Decimal(0))
            slack = (len(filled) + 1) * half
            if abs(total - found) <= slack or (len(parts) < 2 and found <= total):
                continue
            if adds_up_side_by_side(record, parts, column, half):
                continue
            name, off = line_name(whole), amount(abs(total - found))
            why = MIXED_UNITS if differ_by_ten_thousand(total, found) else ("", "")
            yield Problem(
                whole.item,
                column,
                cells_of(getattr(whole, column), *(getattr(part, column) for part in filled)),
                total,
                found,
                f"“{name}”{zh}为{amount(total)}万元，各项来源合计{amount(found)}万元，相差{off}万元{why[0]}。",
                f"“{name}”: {en} {amount(total)}, its parts sum to {amount(found)}, a difference of {off} (万元){why[1]}.",
            )


def _unreadable(parts: Sequence[FundLine], column: str) -> bool:
    entries: list[Entry[Number] | None] = [getattr(part, column) for part in parts]
    return any(entry is not None and isinstance(entry.value, Unreadable) for entry in entries)


def _zero_total(total: Decimal, parts: Sequence[FundLine], column: str) -> bool:
    return total == 0 and any(number_of(getattr(part, column)) for part in parts)


@check("FUND03", "error", "执行数超预算", "spent more than the budget")
def fund03(record: Record, policy: Policy) -> Iterator[Problem]:
    """Executed exceeds the budget of the same line.

    Why: spending without a budget is not allowed; mostly a column was mixed up.
    Example: budget 4788.7, executed 5171.8.
    Tolerance: the amounts' printed precision.
    Source: 预算法 第十三条: 未列入预算的不得支出.
    """
    half = fund_half(record)
    for line in record.funds:
        amounts = amounts_of(record, line)
        if amounts is None:
            continue
        budget, b, executed, e = amounts
        if e - b <= 2 * half:
            continue
        name = line_name(line)
        yield Problem(
            line.item or name,
            "executed",
            cells_of(executed, budget),
            e,
            b,
            f"“{name}”执行数{amount(e)}万元超过预算数{amount(b)}万元，超出{amount(e - b)}万元。",
            f"“{name}”: executed {amount(e)} exceeds the budget {amount(b)} by {amount(e - b)} (万元).",
        )


@check("FUND04", "error", "执行率得分不符", "execution score does not follow from the rate")
def fund04(record: Record, policy: Policy) -> Iterator[Problem]:
    """The execution score is not weight × execution rate.

    Why: this score is computed, and leaves no room for judgement.
    Example: weight 10, rate 87.4 %, score 10.
    Tolerance: the score ± half a unit of its last digit may fit either E/B or the printed rate, at most 100 %.
    Source: 财预〔2020〕10号, 预算执行率得分 = 权重 × 执行率.
    """
    half = fund_half(record)
    one = Decimal(1)
    for line in record.funds:
        weight, score, amounts = (
            execution_weight(record, line),
            number_of(line.score),
            amounts_of(record, line),
        )
        rate = number_of(line.execution_rate)
        if weight is None or score is None or line.score is None or (amounts is None and rate is None):
            continue
        computed = quotient(amounts[3], amounts[1], half) if amounts else None
        possible = [computed] if computed else []
        possible += [Interval.around(rate)] if rate is not None else []
        printed = Interval.around(score)
        if not possible or any(printed.meets(each.scaled(weight, one)) for each in possible):
            continue
        exact = amounts[3] / amounts[1] if amounts and amounts[1] > 0 else rate
        assert exact is not None
        places = max(2, decimals_of(score))
        expected, name, share = (
            shown(weight * min(exact, one), places),
            line_name(line),
            percent(exact, places),
        )
        capped = ("（最高按100%）", " (at most 100%)") if exact > one else ("", "")
        entries = cells_of(line.score, line.execution_rate, line.weight)
        yield Problem(
            line.item or name,
            "score",
            entries,
            score,
            expected,
            f"“{name}”执行率得分填报{score:f}分，按分值{weight:f}×执行率{share}{capped[0]}应为{expected:f}分。",
            f"“{name}”: execution score {score:f}; {weight:f} × {share}{capped[1]} is {expected:f}.",
        )


@check("FUND05", "error", "执行率得分缺失", "execution score is missing")
def fund05(record: Record, policy: Policy) -> Iterator[Problem]:
    """The total line has a weight, a budget and an executed amount, but its score is blank.

    Why: the total score then hides how the execution was rated.
    Example: weight 10, budget 23, executed 3.65, score blank, total 100.
    Tolerance: none; a dash or a slash says that the line is not scored, and is no finding; nor is there a score
    to expect where the budget is 0.
    Source: 财预〔2020〕10号.
    """
    line = record.total_line
    if line is None or line.score is None or not is_blank(line.score):
        return
    weight, amounts = execution_weight(record, line), amounts_of(record, line)
    if weight is None or weight == 0 or amounts is None or amounts[1] <= 0:
        return
    budget, b, executed, e = amounts
    one, rate = Decimal(1), e / b
    expected, share, worked = shown(weight * min(rate, one)), percent(rate), f"{amount(e)} ÷ {amount(b)}"
    capped = ("，最高按100%", ", at most 100%") if rate > one else ("", "")
    yield Problem(
        "total",
        "score",
        cells_of(line.score, executed, budget),
        "",
        expected,
        f"执行率得分为空；按分值{weight:f}×执行率{share}（{worked.replace(' ', '')}{capped[0]}）应为{expected:f}分。",
        f"The execution score is blank; {weight:f} × {share} ({worked}{capped[1]}) is {expected:f}.",
    )


@check("FUND07", "error", "总额为零而明细不为零", "total is zero, parts are not")
def fund07(record: Record, policy: Policy) -> Iterator[Problem]:
    """The total row says 0 in a column whose parts do not.

    Why: the total was left at the template's 0, and everything computed from it is void.
    Example: total executed 0, fiscal executed 35.2.
    Tolerance: none; FUND02 is then silent for that column.
    Source: 财预〔2020〕10号.
    """
    for column, (zh, en) in COLUMN_NAMES.items():
        for whole, parts in groups_of(record):
            total = number_of(getattr(whole, column))
            if total is None or not _zero_total(total, parts, column):
                continue
            filled = [part for part in parts if number_of(getattr(part, column))]
            found = sum((number_of(getattr(part, column)) or Decimal(0) for part in filled), Decimal(0))
            name = line_name(whole)
            yield Problem(
                whole.item,
                column,
                cells_of(getattr(whole, column), *(getattr(part, column) for part in filled)),
                total,
                found,
                f"“{name}”{zh}填报为0，而明细合计{amount(found)}万元。",
                f"“{name}”: {en} is 0, while its parts sum to {amount(found)} (万元).",
            )
