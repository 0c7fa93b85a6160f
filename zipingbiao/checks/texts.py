"""TEXT: what the report says in words against what the table says in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalize.narrative.figures import Fact
from normalize.record import Entry, Number, Record, number_of
from zipingbiao.checks.precision import (
    MIXED_UNITS,
    Interval,
    amount,
    differ_by_ten_thousand,
    line_name,
    percent,
)
from zipingbiao.checks.registry import Problem, check
from zipingbiao.checks.texts_parts import (
    COLUMN_NAMES,
    amount_of_source,
    amounts_in,
    in_wan,
    meets,
    rate_of_source,
    rates_of,
    score_of_level,
)
from zipingbiao.policy import Policy

#: kinds of figures whose words name a column of the table
COLUMNS = ("initial", "adjusted")


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
        if not fact.subject and (table := tables.get(fact.kind)) and (number := read(fact)) is not None
    ]
    right = {fact.sentence for fact, number, table in stated if meets(number, table.allowed)}
    seen: set[Decimal] = set()
    for fact, number, table in stated:
        excused = fact.sentence in right or (bool(right) and not fact.explicit)
        if meets(number, table.allowed) or number in seen or (excused and fact.kind not in COLUMNS):
            continue
        seen.add(number)
        zh, en = _fits(record, fact, table.field, number, table.expected)
        yield Problem(
            "narrative",
            table.field,
            (fact.cell, table.entry.cell),
            number,
            table.expected,
            f"文字叙述{table.zh}为{fact.raw}，表内为{table.printed}{zh}。",
            f"The report states {table.en} of {fact.raw}; the table says {table.printed}{en}.",
        )


def _fits(record: Record, fact: Fact, field: str, number: Decimal, expected: Decimal) -> tuple[str, str]:
    """What may explain a wrong number, in both languages: another cell that says it, or a unit mixed up; else blank."""
    columns = {"execution_rate": ("执行率", "rate")} if field == "execution_rate" else COLUMN_NAMES
    for line in record.funds if field in (*COLUMN_NAMES, "execution_rate") else ():
        for column, (zh, en) in columns.items():
            found = number_of(getattr(line, column))
            if found and meets(number, [Interval.around(found)]):
                name = line_name(line)
                return f"（与“{name}”的{zh}相同）", f", and {fact.raw} is the {en} of “{name}”"
    if field in COLUMN_NAMES and differ_by_ten_thousand(number, expected):
        return MIXED_UNITS
    return "", ""


def _amount_table(record: Record, names: Sequence[str], zh: str, en: str) -> _Table | None:
    line = record.total_line
    for name in names:
        entry: Entry[Number] | None = getattr(line, name) if line else None
        number = number_of(entry)
        if entry is not None and number is not None:
            return _Table(
                name, entry, number, f"{amount(number)}万元", amounts_in(record, record.funds, names), zh, en
            )
    return None


@check("TEXT01", "error", "叙述预算与表不符", "budget in the report differs from the table")
def text01(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another budget than the table.

    Why: one of the two documents that are published together is wrong.
    Example: “总体预算是2400万元” against 2375 in the table.
    Tolerance: the coarser of the two printed precisions; 元, 万元 and 亿元 are compared in one unit. Figures of
    other years, other projects, and of parts (其中) are not compared, but for the money of a source that has one
    line of its own (其中：省级资金500万元).
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    yield from amount_of_source(record, ("initial", "adjusted", "budget"))
    either = _amount_table(record, ("budget_adjusted", "budget_initial", "received"), "预算", "a budget")
    tables = {
        "initial": _amount_table(record, ("budget_initial",), "年初预算", "an initial budget"),
        "adjusted": _amount_table(record, ("budget_adjusted",), "全年预算", "a budget of the year") or either,
        "budget": either,
    }
    yield from _compare(record, tables, in_wan)


@check("TEXT02", "error", "叙述支出与表不符", "spending in the report differs from the table")
def text02(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another executed amount than the table.

    Why: one of the two documents that are published together is wrong.
    Example: “共支出5176.8万元” against 5171.8 in the table.
    Tolerance: as TEXT01.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    yield from amount_of_source(record, ("executed",))
    table = _amount_table(record, ("executed",), "支出", "a spending")
    yield from _compare(record, {"executed": table}, in_wan)


@check("TEXT03", "error", "叙述执行率与表不符", "rate in the report differs from the table")
def text03(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states an execution rate that is neither the table's nor follows from its amounts.

    Why: one of the two documents that are published together is wrong.
    Example: “执行率为84%” against 87 % in the table.
    Tolerance: the coarser of the two printed precisions. Any of initial budget, adjusted budget and received
    amount may be the base; what was received may also be told in the report alone. The rate of a source is
    compared with its own line.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    yield from rate_of_source(record)
    line = record.total_line
    entry = line.execution_rate if line else None
    rate = number_of(entry)
    if line is None or entry is None or rate is None:
        return
    received = [] if number_of(line.received) else _told_as_received(record)
    allowed = rates_of(record, line, received)
    table = _Table("execution_rate", entry, rate, percent(rate), allowed, "执行率", "a rate")
    yield from _compare(record, {"rate": table}, lambda fact: fact.number.scaleb(-2))


def _told_as_received(record: Record) -> list[Decimal]:
    """What came in, where only the report says it."""
    told = [in_wan(fact) for fact in record.facts if fact.kind == "received" and not fact.subject]
    return [number for number in told if number is not None]


@check("TEXT04", "error", "叙述得分与表不符", "score in the report differs from the table")
def text04(record: Record, policy: Policy) -> Iterator[Problem]:
    """The report states another total score than the table, or another score of a level than its rows make.

    Why: one of the two documents that are published together is wrong.
    Example: “自评总分为96分” against 94.12 in the table.
    Tolerance: the coarser of the two printed precisions. A level's score is compared where all its rows have one;
    a bare number behind its name (产出50分) may be its weight as well.
    Source: follows from 财预〔2020〕10号, by which report and form are handed in and published together.
    """
    yield from score_of_level(record)
    entry = record.total.score
    total = number_of(entry)
    if entry is None or total is None:
        return
    table = _Table("score", entry, total, f"{total:f}分", [Interval.around(total)], "总得分", "a total score")
    yield from _compare(record, {"score": table}, lambda fact: fact.number)
