"""TEXT06: the report's own numbers against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from normalize.narrative.figures import Fact
from normalize.narrative.parts import BALANCE, ITEM, PART_SCORE
from normalize.record import Record, number_of
from zipingbiao.checks.precision import Interval, amount, fund_half, half_unit, percent, quotient, shown
from zipingbiao.checks.registry import Problem, check
from zipingbiao.checks.texts import text01, text02, text03, text04
from zipingbiao.checks.texts_parts import in_wan, meets, rates_of
from zipingbiao.policy import Policy

#: kinds of figures that a rate can be of
BASES = ("budget", "initial", "adjusted", "received")
#: what the table says instead of a number that another check reports
Corrections = Mapping[Decimal, Decimal]


@check("TEXT06", "warning", "叙述自相矛盾", "report contradicts itself")
def text06(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report's own numbers contradict each other: a rate, a balance, a list of parts.

    Why: whoever wrote the sentence did not compute it; at least one of its figures is wrong.
    Example: “全年预算200万元，实际支出150万元，执行率85%”; 150 ÷ 200 is 75 %.
    Tolerance: each figure ± half a unit of its last digit; any budget or received amount of the sentence may be
    the base. Silent where the sentence states several rates or several amounts spent, where a list has less than
    its whole (it may be incomplete), and where the table's figure for one that TEXT01 to TEXT04 report settles it.
    Source: 财预〔2020〕10号, 预算执行率 = 预算执行数 / 预算数.
    """
    reported = [one for find in (text01, text02, text03, text04) for one in find(record, policy)]
    corrections = {
        one.reported: one.expected
        for one in reported
        if isinstance(one.reported, Decimal) and isinstance(one.expected, Decimal)
    }
    for number in sorted({fact.sentence for fact in record.facts}):
        stated = [fact for fact in record.facts if fact.sentence == number]
        if not _says_the_table(record, stated):
            yield from _rate(stated, corrections)
        yield from _balance(stated, corrections)
        yield from _list(stated, corrections)
        yield from _scores(record, stated, corrections)


def _of(stated: Sequence[Fact], *kinds: str) -> list[Fact]:
    return [fact for fact in stated if not fact.subject and fact.kind in kinds]


def _fits(numbers: Sequence[Decimal], corrections: Corrections, fit: Callable[..., bool]) -> bool:
    """Whether the numbers fit together, as they stand or with those that the table corrects."""
    choices = [[one, corrections[one]] if one in corrections else [one] for one in numbers]
    return any(fit(*chosen) for chosen in product(*choices))


def _says_the_table(record: Record, stated: Sequence[Fact]) -> bool:
    """Whether a sentence's rate and its spending are the table's: then its base is, though unnamed, too."""
    line = record.total_line
    executed = number_of(line.executed) if line else None
    if line is None or executed is None:
        return False
    rates = [fact.number.scaleb(-2) for fact in _of(stated, "rate")]
    spent = [number for fact in _of(stated, "executed") if (number := in_wan(fact)) is not None]
    known = [Interval.around(executed, fund_half(record))]
    return all(meets(one, rates_of(record, line)) for one in rates) and all(
        meets(one, known) for one in spent
    )


def _rate(stated: Sequence[Fact], corrections: Corrections) -> Iterator[Problem]:
    rates, spent, bases = _of(stated, "rate"), _of(stated, "executed"), _of(stated, *BASES)
    if len(rates) != 1 or len(spent) != 1 or not bases:
        return
    told, executed = rates[0].number.scaleb(-2), in_wan(spent[0])

    def fit(rate: Decimal, executed: Decimal, budget: Decimal) -> bool:
        share = quotient(executed, budget, max(half_unit(executed), half_unit(budget)))
        return share is None or share.meets(Interval.around(rate))

    budgets = [in_wan(base) for base in bases]
    if executed is None or any(
        budget is None or _fits([told, executed, budget], corrections, fit) for budget in budgets
    ):
        return
    budget = budgets[0]
    assert budget is not None
    right = percent(executed / budget)
    yield Problem(
        "narrative",
        "execution_rate",
        tuple(dict.fromkeys(fact.cell for fact in (rates[0], spent[0], *bases))),
        told,
        shown(executed / budget, 4),
        f"文字叙述支出{spent[0].raw}、预算{bases[0].raw}，执行率应为{right}，却写作{rates[0].raw}。",
        f"The report states {spent[0].raw} of {bases[0].raw}, which is {right}, and a rate of {rates[0].raw}.",
    )


def _balance(stated: Sequence[Fact], corrections: Corrections) -> Iterator[Problem]:
    left, spent, bases = _of(stated, BALANCE), _of(stated, "executed"), _of(stated, *BASES)
    if len(left) != 1 or len(spent) != 1 or not bases:
        return
    told, executed = in_wan(left[0]), in_wan(spent[0])

    def fit(told: Decimal, executed: Decimal, budget: Decimal) -> bool:
        return abs(budget - executed - told) <= sum(map(half_unit, (told, executed, budget)), Decimal(0))

    budgets = [in_wan(base) for base in bases]
    if told is None or executed is None:
        return
    if any(budget is None or _fits([told, executed, budget], corrections, fit) for budget in budgets):
        return
    budget = budgets[-1]
    assert budget is not None
    right = budget - executed
    yield Problem(
        "narrative",
        "balance",
        tuple(dict.fromkeys(fact.cell for fact in (left[0], spent[0], *bases))),
        told,
        right,
        f"文字叙述{bases[-1].raw}减去支出{spent[0].raw}应为{amount(right)}万元，却写作“{left[0].raw}”。",
        f"The report states {bases[-1].raw} and {spent[0].raw} spent, which leaves {amount(right)}万元, and writes “{left[0].raw}”.",
    )


def _list(stated: Sequence[Fact], corrections: Corrections) -> Iterator[Problem]:
    """The amounts of a list, which may leave some out, but not make more than their whole."""
    items = [fact for fact in stated if fact.kind == ITEM]
    whole = _of(stated, items[0].subject)[-1:] if items else []
    amounts = [number for fact in items if (number := in_wan(fact)) is not None]
    told = in_wan(whole[0]) if whole else None
    if told is None or not whole or len(amounts) < len(items):
        return
    summed = sum(amounts, Decimal(0))
    slack = sum(map(half_unit, amounts), half_unit(told))
    if _fits([told], corrections, lambda number: summed <= number + slack):
        return
    yield Problem(
        "narrative",
        "executed" if whole[0].kind == "executed" else "budget_adjusted",
        (whole[0].cell,),
        told,
        summed,
        f"文字叙述所列各项（{'、'.join(fact.raw for fact in items)}）合计{amount(summed)}万元，超过其总额{whole[0].raw}。",
        f"The items that the report lists sum to {amount(summed)}万元, more than their whole of {whole[0].raw}.",
    )


def _scores(record: Record, stated: Sequence[Fact], corrections: Corrections) -> Iterator[Problem]:
    """The scores of all first levels and of execution, which make the total."""
    totals = _of(stated, "score")
    parts = {fact.subject: fact for fact in stated if fact.kind == PART_SCORE}
    levels = {one.level1 for one in record.indicators} | {"execution"}
    if len(totals) != 1 or levels != parts.keys():
        return
    numbers = [totals[0].number, *(fact.number for fact in parts.values())]
    slack = sum(map(half_unit, numbers), Decimal(0))
    if _fits(numbers, corrections, lambda total, *scores: abs(total - sum(scores, Decimal(0))) <= slack):
        return
    summed = sum(numbers[1:], Decimal(0))
    yield Problem(
        "narrative",
        "score",
        tuple(dict.fromkeys(fact.cell for fact in (totals[0], *parts.values()))),
        totals[0].number,
        summed,
        f"文字叙述各部分得分合计{summed:f}分，总分却写作{totals[0].raw}。",
        f"The scores of the parts that the report states sum to {summed:f}, and its total is {totals[0].raw}.",
    )
