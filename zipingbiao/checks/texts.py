"""TEXT: what the report says in words against what the table says in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalize.fold import squeeze
from normalize.narrative import GRADE, Fact
from normalize.record import Entry, Number, Record, number_of
from normalize.units import to_wan
from zipingbiao.checks.precision import Interval, amount, fund_half, half_unit, percent, quotient, shown
from zipingbiao.checks.registry import Problem, check
from zipingbiao.policy import Policy

#: kinds of figures whose words name a column of the table
COLUMNS = ("initial", "adjusted")
#: kinds of figures that a rate can be of
BASES = ("budget", "initial", "adjusted", "received")


@dataclass(frozen=True, slots=True)
class _Table:
    """What the table says of a kind of figure: as a sentence shows it, and every number that a fact may meet."""

    field: str
    entry: Entry[Number]
    expected: Decimal
    printed: str
    allowed: Sequence[Interval]
    zh: str
    en: str


def _compare(
    record: Record, tables: Mapping[str, _Table | None], read: Callable[[Fact], Decimal | None]
) -> Iterator[Problem]:
    """Each figure of the ``tables``' kinds that meets nothing in its table, once a number.

    Beside a right figure in its own sentence, or anywhere unless it is explicit, a figure may be another thing's;
    not so one that names its column.
    """
    stated = [
        (fact, number, table)
        for fact in record.facts
        if (table := tables.get(fact.kind)) and (number := read(fact)) is not None
    ]
    right = {fact.sentence for fact, number, table in stated if _meets(number, table.allowed)}
    seen: set[Decimal] = set()
    for fact, number, table in stated:
        excused = fact.sentence in right or (bool(right) and not fact.explicit)
        if _meets(number, table.allowed) or number in seen or (excused and fact.kind not in COLUMNS):
            continue
        seen.add(number)
        yield Problem(
            "narrative",
            table.field,
            (fact.cell, table.entry.cell),
            number,
            table.expected,
            f"文字叙述{table.zh}为{fact.raw}，表内为{table.printed}。",
            f"The report states a {table.en} of {fact.raw}; the table says {table.printed}.",
        )


def _meets(number: Decimal, allowed: Sequence[Interval]) -> bool:
    """Within the coarser of the two printed precisions."""
    half = half_unit(number)
    for interval in allowed:
        assert interval.high is not None
        middle = (interval.low + interval.high) / 2
        if abs(number - middle) <= max(half, (interval.high - interval.low) / 2):
            return True
    return False


def _wan(fact: Fact) -> Decimal | None:
    return to_wan(fact.number, fact.unit)


def _amounts(record: Record, names: Sequence[str]) -> list[Interval]:
    """Every amount of the columns. A zero is exact: what is small is not nothing."""
    half = fund_half(record)
    return [
        Interval.around(number, half if number else Decimal(0))
        for line in record.funds
        for name in names
        if (number := number_of(getattr(line, name))) is not None
    ]


def _amount_table(record: Record, names: Sequence[str], zh: str, en: str) -> _Table | None:
    line = record.total_line
    for name in names:
        entry: Entry[Number] | None = getattr(line, name) if line else None
        number = number_of(entry)
        if entry is not None and number is not None:
            return _Table(name, entry, number, f"{amount(number)}万元", _amounts(record, names), zh, en)
    return None


@check("TEXT01", "error", "叙述预算与表不符", "budget in the report differs from the table")
def text01(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another budget than the table.

    Why: one of the two documents that are published together is wrong.
    Example: “总体预算是2400万元” against 2375 in the table.
    Tolerance: the coarser of the two printed precisions; 元, 万元 and 亿元 are compared in one unit. Figures of
    other years, other projects, and of parts (其中) are not compared.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    either = _amount_table(record, ("budget_adjusted", "budget_initial", "received"), "预算", "budget")
    tables = {
        "initial": _amount_table(record, ("budget_initial",), "年初预算", "initial budget"),
        "adjusted": _amount_table(record, ("budget_adjusted",), "全年预算", "budget of the year") or either,
        "budget": either,
    }
    yield from _compare(record, tables, _wan)


@check("TEXT02", "error", "叙述支出与表不符", "spending in the report differs from the table")
def text02(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another executed amount than the table.

    Why: one of the two documents that are published together is wrong.
    Example: “共支出5176.8万元” against 5171.8 in the table.
    Tolerance: as TEXT01.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    table = _amount_table(record, ("executed",), "支出", "spending")
    yield from _compare(record, {"executed": table}, _wan)


@check("TEXT03", "error", "叙述执行率与表不符", "rate in the report differs from the table")
def text03(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states an execution rate that is neither the table's nor follows from its amounts.

    Why: one of the two documents that are published together is wrong.
    Example: “执行率为84%” against 87 % in the table.
    Tolerance: the coarser of the two printed precisions; executed ÷ received is accepted as well.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    line = record.total_line
    entry = line.execution_rate if line else None
    rate = number_of(entry)
    if line is None or entry is None or rate is None:
        return
    allowed = [Interval.around(rate)]
    executed = number_of(line.executed)
    for base in (line.budget_adjusted, line.budget_initial, line.received):
        number = number_of(base)
        computed = quotient(executed, number, fund_half(record)) if executed is not None and number else None
        if computed and computed.high is not None:
            allowed.append(computed)
    table = _Table("execution_rate", entry, rate, percent(rate), allowed, "执行率", "rate")
    yield from _compare(record, {"rate": table}, lambda fact: fact.number.scaleb(-2))


@check("TEXT04", "error", "叙述得分与表不符", "score in the report differs from the table")
def text04(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another total score than the table.

    Why: one of the two documents that are published together is wrong.
    Example: “自评总分为96分” against 94.12 in the table.
    Tolerance: the coarser of the two printed precisions; scores of parts are not compared.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    entry = record.total.score
    total = number_of(entry)
    if entry is None or total is None:
        return
    table = _Table("score", entry, total, f"{total:f}分", [Interval.around(total)], "总得分", "total score")
    yield from _compare(record, {"score": table}, lambda fact: fact.number)


@check("TEXT05", "warning", "叙述等级与表不符", "grade in the report differs from the form")
def text05(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another grade than the form.

    Why: one of the two documents that are published together is wrong.
    Example: “评价等级为良” where the form's grade is 优.
    Tolerance: 优秀 is 优 and 良好 is 良; grades of parts and of other assessors are not compared, nor is a form's
    grade that is none of the policy's.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    entry = record.total.grade
    printed = squeeze(entry.raw).rstrip("秀好等级") if entry else ""
    told = [fact for fact in record.facts if fact.kind == GRADE]
    if entry is None or printed not in policy.grades or any(fact.raw[:1] == printed for fact in told):
        return
    for fact in told[:1]:
        yield Problem(
            "narrative",
            "grade",
            (fact.cell, entry.cell),
            fact.raw,
            entry.raw.strip(),
            f"文字叙述等级为“{fact.raw}”，表内为“{entry.raw.strip()}”。",
            f"The report states the grade {fact.raw}; the form says {entry.raw.strip()}.",
        )


@check("TEXT06", "warning", "叙述自相矛盾", "report contradicts itself")
def text06(record: Record, policy: Policy) -> Iterator[Problem]:
    """A sentence of the report states a rate that does not follow from its own amounts.

    Why: whoever wrote the sentence did not compute it; at least one of its figures is wrong.
    Example: “全年预算200万元，实际支出150万元，执行率85%”; 150 ÷ 200 is 75 %.
    Tolerance: each figure ± half a unit of its last digit; any budget or received amount of the sentence may be
    the base. Silent where the sentence states several rates or several amounts spent.
    Source: 财预〔2020〕10号, 预算执行率 = 预算执行数 / 预算数.
    """
    for number in sorted({fact.sentence for fact in record.facts}):
        stated = [fact for fact in record.facts if fact.sentence == number]
        rates = [fact for fact in stated if fact.kind == "rate"]
        spent = [fact for fact in stated if fact.kind == "executed"]
        bases = [fact for fact in stated if fact.kind in BASES]
        if len(rates) != 1 or len(spent) != 1 or not bases:
            continue
        rate = Interval.around(rates[0].number.scaleb(-2))
        possible = [_share(spent[0], base) for base in bases]
        if any(share is None or share.meets(rate) for share in possible):
            continue
        executed, budget = _wan(spent[0]), _wan(bases[0])
        assert executed is not None and budget is not None
        yield Problem(
            "narrative",
            "execution_rate",
            tuple(dict.fromkeys(fact.cell for fact in (rates[0], spent[0], *bases))),
            rates[0].number.scaleb(-2),
            shown(executed / budget, 4),
            f"文字叙述支出{spent[0].raw}、预算{bases[0].raw}，执行率应为{percent(executed / budget)}，却写作{rates[0].raw}。",
            f"The report states {spent[0].raw} of {bases[0].raw}, which is {percent(executed / budget)}, and a rate of {rates[0].raw}.",
        )


def _share(spent: Fact, base: Fact) -> Interval | None:
    """What the rate of two amounts can be, each as exact as it is printed; None where that is open."""
    executed, budget = _wan(spent), _wan(base)
    if executed is None or not budget:
        return None
    return quotient(executed, budget, max(half_unit(executed), half_unit(budget)))
