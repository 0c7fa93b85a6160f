"""What a form should have said: rates, scores and totals recomputed from its own numbers, in exact decimals.

Nothing is guessed: where a number is missing, cannot be read, or leaves its meaning open, there is none. Each
number comes with its `Working`: what it was computed from and by which rule, or why there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.document import Bilingual, Cell, Line
from normalize.record import Entry, FundLine, Indicator, Number, Record, is_blank, number_of
from normalize.values.exact import EXACT
from normalize.values.types import Blank, Unreadable
from zipingbiao.recompute.comparing import compare
from zipingbiao.recompute.formula import SCORE_PLACES, Ratio, Working, digits, rounded
from zipingbiao.recompute.scored import scored_lines, tied_together

RATE_PLACES = 4

RATE = Bilingual("执行数 ÷ 预算数", "executed ÷ budget")
EXECUTION = Bilingual("分值 × 执行率，最多得满分", "weight × rate, at most the weight")
MET = Bilingual("达到指标值，得满分", "the target is met: the whole weight")
IN_PROPORTION = Bilingual("未达到指标值，按比例得分", "the target is missed: weight × achievement")
SUM = Bilingual("填报的各项得分之和", "the sum of the printed scores")
RECOMPUTED = Bilingual(
    "能重算的取重算得分，其余取填报得分",
    "the sum of the recomputed scores; what cannot be recomputed counts as printed",
)
NO_BUDGET = Bilingual("没有预算数", "there is no budget")
NO_EXECUTED = Bilingual("没有执行数", "there is no executed amount")
BUDGET_NOT_POSITIVE = Bilingual("预算数不大于零，没有执行率", "the budget is not above zero")
NO_WEIGHT = Bilingual("没有分值", "there is no weight")
UNREADABLE = Bilingual("数值无法解析", "a number that cannot be read")
SHARED = Bilingual(
    "多项指标合用一个分值或得分，不能分开重算",
    "several indicators share one weight or score: it cannot be divided",
)
NO_SCORES = Bilingual("没有得分", "there are no scores")


@dataclass(frozen=True, slots=True)
class Workings:
    """How a form's numbers were obtained: of each fund line and indicator in the record's order, and the totals."""

    rates: tuple[Working, ...]
    line_scores: tuple[Working, ...]
    achievements: tuple[Working, ...]
    indicator_scores: tuple[Working, ...]
    summed: Working
    recomputed: Working


def work_out(record: Record) -> Workings:
    """Recompute everything that a form's numbers give."""
    return Workings(
        tuple(work_out_rate(record, line) for line in record.funds),
        tuple(work_out_execution(record, line) for line in record.funds),
        tuple(work_out_achievement(one) for one in record.indicators),
        tuple(score for group in tied_together(record) for score in _scores(group)),
        work_out_sum(record),
        work_out_total(record),
    )


def budget_of(record: Record, line: FundLine) -> Entry[Number] | None:
    """The budget a line is held to: the adjusted one, or the initial one where the form fills in no other.

    An adjusted budget that is written and cannot be read is not replaced.
    """
    adjusted = line.budget_adjusted
    if adjusted is None or isinstance(adjusted.value, Blank):
        return line.budget_initial
    return adjusted


def execution_weight_entry(record: Record, line: FundLine) -> Entry[Number] | None:
    """Where the points of a line's execution stand: its weight column; the total's also 预算执行情况（10分）."""
    if number_of(line.weight) is not None or line.item != "total":
        return line.weight
    return record.execution_weight if line.weight is None or is_blank(line.weight) else line.weight


def execution_weight(record: Record, line: FundLine) -> Decimal | None:
    """The points of a line's execution."""
    return number_of(execution_weight_entry(record, line))


def execution_rate(record: Record, line: FundLine) -> Decimal | None:
    """Executed ÷ budget as a fraction of four decimals; None without a budget above zero."""
    return work_out_rate(record, line).number


def execution_score(record: Record, line: FundLine) -> Decimal | None:
    """Weight × executed ÷ budget, from nothing to the whole weight, at two decimals."""
    return work_out_execution(record, line).number


def achievement(indicator: Indicator) -> Decimal | None:
    """The fraction of the target that was reached, four decimals: 0.8 is 80 %, and 2 is twice the target.

    Actual ÷ target; where the target is an upper limit, target ÷ actual.
    """
    return work_out_achievement(indicator).number


def indicator_score(indicator: Indicator) -> Decimal | None:
    """The weight where the target is met, else weight × achievement, at two decimals; never below 0."""
    return work_out_indicator(indicator).number


def total_score_summed(record: Record) -> Decimal | None:
    """The sum of the printed scores of execution and indicators; None where none is printed."""
    return work_out_sum(record).number


def total_score_recomputed(record: Record) -> Decimal | None:
    """The sum of the recomputed scores, two decimals; what cannot be recomputed counts as printed.

    A score that several indicators share counts as printed, unless each of them has its own weight.
    """
    return work_out_total(record).number


def work_out_rate(record: Record, line: FundLine) -> Working:
    """How `execution_rate` is obtained."""
    ratio = _rate(record, line)
    if isinstance(ratio, Bilingual):
        return Working(None, ratio)
    cells = _cells(line.executed, budget_of(record, line))
    return Working(rounded(ratio.exact, RATE_PLACES), RATE, ratio.text, ratio.exact, cells)


def work_out_execution(record: Record, line: FundLine) -> Working:
    """How `execution_score` is obtained."""
    entry = execution_weight_entry(record, line)
    weight, ratio = number_of(entry), _rate(record, line)
    if weight is None:
        return Working(None, _missing(entry, NO_WEIGHT))
    if isinstance(ratio, Bilingual):
        return Working(None, ratio)
    cells = _cells(entry, line.executed, budget_of(record, line))
    return _share(weight, ratio, EXECUTION, cells)


def work_out_achievement(indicator: Indicator) -> Working:
    """How `achievement` is obtained."""
    _, ratio, rule = compare(indicator)
    if ratio is None:
        return Working(None, rule)
    cells = _cells(indicator.actual, indicator.target)
    return Working(rounded(ratio.exact, RATE_PLACES), rule, ratio.text, ratio.exact, cells)


def work_out_indicator(indicator: Indicator) -> Working:
    """How `indicator_score` is obtained."""
    weight = number_of(indicator.weight)
    is_met, ratio, why = compare(indicator)
    if weight is None:
        return Working(None, _missing(indicator.weight, NO_WEIGHT))
    cells = _cells(indicator.weight, indicator.actual, indicator.target)
    if is_met:
        text = digits(weight) if ratio is None else ratio.share_text(weight)
        return Working(weight, MET, text, weight, cells)
    return Working(None, why) if ratio is None else _share(weight, ratio, IN_PROPORTION, cells)


def work_out_sum(record: Record) -> Working:
    """How `total_score_summed` is obtained."""
    printed = [line.score for line in scored_lines(record)] + [one.score for one in record.indicators]
    addends = _printed(printed)
    total = _sum(number for number, _ in addends)
    return _total(total, total, SUM, addends)


def work_out_total(record: Record) -> Working:
    """How `total_score_recomputed` is obtained."""
    addends: list[_Addend] = []
    for line in scored_lines(record):
        addends += _addends([work_out_execution(record, line)], [line.score])
    for group in tied_together(record):
        addends += _addends(_scores(group), [one.score for one in group])
    total = _sum(number for number, _ in addends)
    return _total(None if total is None else rounded(total, SCORE_PLACES), total, RECOMPUTED, addends)


#: a number of a sum, and the cells that it comes from
_Addend = tuple[Decimal, tuple[Cell | Line, ...]]


def _scores(group: Sequence[Indicator]) -> list[Working]:
    """The scores of indicators that may share a cell: one by one only where each has a weight of its own."""
    if len(group) > 1 and any(number_of(one.weight) is None for one in group):
        return [Working(None, SHARED) for _ in group]
    return [work_out_indicator(one) for one in group]


def _addends(workings: Sequence[Working], scores: Sequence[Entry[Number] | None]) -> list[_Addend]:
    """Recomputed scores, or the printed ones where one of them cannot be recomputed."""
    known = [(working.number, working.cells) for working in workings if working.number is not None]
    return known if len(known) == len(workings) else _printed(scores)


def _printed(entries: Iterable[Entry[Number] | None]) -> list[_Addend]:
    return [
        (number, (entry.cell,)) for entry in entries if entry and (number := number_of(entry)) is not None
    ]


def _total(
    number: Decimal | None, exact: Decimal | None, rule: Bilingual, addends: Sequence[_Addend]
) -> Working:
    if exact is None:
        return Working(None, NO_SCORES)
    text = "+".join(digits(addend) for addend, _ in addends)
    cells = tuple(dict.fromkeys(cell for _, those in addends for cell in those))
    return Working(number, rule, text, exact, cells)


def _sum(numbers: Iterable[Decimal]) -> Decimal | None:
    known = list(numbers)
    total = Decimal(0)
    for number in known:
        total = EXACT.add(total, number)
    return total if known else None


def _rate(record: Record, line: FundLine) -> Ratio | Bilingual:
    """Executed ÷ budget, or why there is no such quotient."""
    entry = budget_of(record, line)
    executed, budget = number_of(line.executed), number_of(entry)
    if budget is None:
        return _missing(entry, NO_BUDGET)
    if executed is None:
        return _missing(line.executed, NO_EXECUTED)
    if budget <= 0:
        return BUDGET_NOT_POSITIVE
    return Ratio(f"{digits(executed)}/{digits(budget)}", executed, budget)


def _missing(entry: Entry[Number] | None, nothing: Bilingual) -> Bilingual:
    return UNREADABLE if entry is not None and isinstance(entry.value, Unreadable) else nothing


def _share(weight: Decimal, ratio: Ratio, rule: Bilingual, cells: tuple[Cell | Line, ...]) -> Working:
    exact = ratio.of(weight)
    return Working(rounded(exact, SCORE_PLACES), rule, ratio.share_text(weight), exact, cells)


def _cells(*entries: Entry[object] | None) -> tuple[Cell | Line, ...]:
    return tuple(dict.fromkeys(entry.cell for entry in entries if entry is not None))
