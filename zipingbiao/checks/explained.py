"""What falls out of line and wants a word: low execution, changed budgets, points lost, targets far exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from normalize.record import Record, is_blank, number_of
from normalize.values.parse import Measure
from zipingbiao.checks.funds import amounts_of, cells_of
from zipingbiao.checks.goals import printed
from zipingbiao.checks.parts import groups_of
from zipingbiao.checks.precision import (
    amount,
    fund_half,
    half_unit,
    percent,
    percent_apart,
    quotient,
    shown_apart,
)
from zipingbiao.checks.reasons import gives_reason, speaks_of_change
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy
from zipingbiao.recompute.compute import achievement, execution_rate
from zipingbiao.recompute.scored import Scored, scored_together


@check("FUND06", "warning", "执行率偏低未说明", "low execution without a reason")
def fund06(record: Record, policy: Policy) -> Iterator[Problem]:
    """Executed ÷ budget is below the policy's threshold, and no reason is given anywhere in the form.

    Why: unspent money needs an explanation before next year's budget is set.
    Example: 16 % executed, all reason cells blank.
    Tolerance: the rate as the amounts' precision allows at best. A reason may stand in any reason cell, in a remark
    (说明, 备注), in 存在问题, in the actual goal or in the report; a note that only says how to fill in the form is none.
    Source: 财预〔2020〕10号: 偏差原因分析及改进措施.
    """
    line = record.total_line
    amounts = amounts_of(record, line) if line else None
    if amounts is None:
        return
    budget, b, executed, e = amounts
    computed = quotient(e, b, fund_half(record))
    if (
        computed is None
        or computed.high is None
        or computed.high >= policy.low_execution
        or gives_reason(record)
    ):
        return
    limit, share = percent(policy.low_execution), percent_apart(e / b, policy.low_execution)
    yield Problem(
        "total",
        "execution_rate",
        cells_of(executed, budget),
        shown_apart(e / b, policy.low_execution, 4),
        policy.low_execution,
        f"执行率{share}（{amount(e)}÷{amount(b)}）低于{limit}，全表未说明原因。",
        f"The execution rate {share} ({amount(e)} ÷ {amount(b)}) is below {limit}, and no reason is given.",
    )


@check("FUND08", "note", "年中调整未说明", "budget changed without a word")
def fund08(record: Record, policy: Policy) -> Iterator[Problem]:
    """The adjusted budget differs from the initial one by more than the policy's share, and nothing speaks of it.

    Why: a budget that moved that far in mid-year was planned badly, or something happened.
    Example: initial budget 100, adjusted 160, no word about a change.
    Tolerance: the policy's share (20 %) of the initial budget, to half a unit of the last printed digit. A carry-over or
    another source that came in during the year is taken off first; silent where anything in the form speaks of a
    change.
    Source: 财预〔2020〕10号: 项目决策与资金安排.
    """
    line = record.total_line
    if line is None or line.budget_initial is None or line.budget_adjusted is None:
        return
    initial, adjusted = number_of(line.budget_initial), number_of(line.budget_adjusted)
    if not initial or adjusted is None or speaks_of_change(record):
        return
    allowed = policy.adjustment_share * initial + fund_half(record)
    left = adjusted - initial - _came_in(record)
    if min(abs(adjusted - initial), abs(left)) <= allowed:
        return
    change, limit = (adjusted - initial) / initial, percent(policy.adjustment_share)
    share = percent_apart(abs(change), policy.adjustment_share)
    yield Problem(
        "total",
        "budget_adjusted",
        cells_of(line.budget_adjusted, line.budget_initial),
        adjusted,
        initial,
        f"全年预算数{amount(adjusted)}万元比年初预算数{amount(initial)}万元{'增加' if change > 0 else '减少'}{share}（超过{limit}），全表未作说明。",
        f"The adjusted budget {amount(adjusted)} is {share} {'above' if change > 0 else 'below'} the initial {amount(initial)} (万元), more than {limit}, and nothing speaks of it.",
    )


def _came_in(record: Record) -> Decimal:
    """What the sources have that had no initial budget; the parts of a source are in it."""
    sources = [line for whole, parts in groups_of(record) if whole.item == "total" for line in parts]
    new = [number_of(line.budget_adjusted) for line in sources if not number_of(line.budget_initial)]
    return sum((number for number in new if number is not None), Decimal(0))


@check("GOAL03", "warning", "超额过多未分析", "target far exceeded without a reason")
def goal03(record: Record, policy: Policy) -> Iterator[Problem]:
    """An actual value is beyond the policy's multiple of its target, and the reason cell is blank.

    Why: a target that is far exceeded was set too low, and next year's will be, too.
    Example: target ≥100人, actual 200人, no reason, under a policy that asks from 1.3 times on.
    Tolerance: only under a policy that sets the multiple (strict: 1.3), and where more is better.
    Source: 财预〔2020〕10号: 超出指标值较多的, 应分析原因.
    """
    if not policy.exceeded:
        return
    for one in record.indicators:
        times = achievement(one)
        if times is None or times <= policy.exceeded or one.reason is None or not is_blank(one.reason):
            continue
        assert one.target is not None and one.actual is not None
        if isinstance(one.target.value, Measure) and one.target.value.relation in ("<=", "<"):
            continue  # to stay far below a limit exceeds nothing
        target, actual = printed(one.target), printed(one.actual)
        share, limit = percent(times), percent(policy.exceeded)
        yield Problem(
            one.name,
            "deviation_reason",
            (one.reason.cell, one.actual.cell, one.target.cell),
            times,
            policy.exceeded,
            f"“{one.name}”年度指标值{target}，实际完成{actual}，为目标的{share}（超过{limit}），未分析原因。",
            f"“{one.name}”: target {target}, actual {actual}, {share} of the target (more than {limit}), and no reason is given.",
        )


@check("GOAL05", "warning", "扣分未说明", "points lost without a reason")
def goal05(record: Record, policy: Policy) -> Iterator[Problem]:
    """A score is below its weight, and the reason cell is blank.

    Why: the form asks for the reason of every deviation.
    Example: weight 15, score 14, no reason.
    Tolerance: none; anything written in the reason cell counts. Silent for the execution rate among the
    indicators where its score follows from the rate: whether that is low is FUND06's to say.
    Source: 财预〔2020〕10号: 偏差原因分析及改进措施.
    """
    for scored in scored_together(record):
        reasons = [one.reason for one in scored.members if one.reason is not None]
        if scored.score >= scored.weight or not reasons or not all(is_blank(reason) for reason in reasons):
            continue
        if _follows_rate(record, scored):
            continue
        name, weight, score = scored.subject, scored.weight, scored.score
        yield Problem(
            name,
            "deviation_reason",
            (reasons[0].cell, *scored.cells),
            "",
            "",
            f"“{name}”分值{weight:f}分、得分{score:f}分，扣{weight - score:f}分未说明原因。",
            f"“{name}”: {score:f} of {weight:f} points, and no reason for the {weight - score:f} lost.",
        )


def _follows_rate(record: Record, scored: Scored) -> bool:
    """Whether the score is the weight × the execution rate, as the row or the form's amounts give it."""
    (one, *others) = scored.members
    if others or one.level1 != "execution":
        return False
    line = record.total_line
    rates = (achievement(one), execution_rate(record, line) if line else None)
    slack = half_unit(scored.score)
    return any(rate is not None and abs(scored.weight * rate - scored.score) <= slack for rate in rates)
