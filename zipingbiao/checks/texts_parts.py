"""What the report says of a part of the project, a source of funds or a level of scores, against its own line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from extract.document import Cell, Line
from normalize.fold import fold, squeeze
from normalize.narrative.figures import Fact
from normalize.narrative.parts import PART_SCORE
from normalize.record import Entry, FundLine, Indicator, Number, Record, number_of
from normalize.values.parse import Blank
from normalize.values.units import to_wan
from zipingbiao.checks.precision import (
    Interval,
    amount,
    fund_half,
    half_unit,
    line_name,
    percent,
    quotient,
)
from zipingbiao.checks.registry import Problem

#: the columns that a kind of amount may mean, the likeliest first
COLUMNS = {
    "initial": ("budget_initial",),
    "adjusted": ("budget_adjusted", "budget_initial", "received"),
    "budget": ("budget_adjusted", "budget_initial", "received"),
    "executed": ("executed",),
}
#: what a column is called, for a line or for the whole
COLUMN_NAMES = {
    "budget_initial": ("年初预算数", "initial budget"),
    "budget_adjusted": ("全年预算数", "budget of the year"),
    "received": ("到位数", "received amount"),
    "executed": ("全年执行数", "executed amount"),
}
#: money of one level of government; any other name of a source may take in another line of the table
LEVELS = ("central", "provincial", "prefecture", "county", "township", "local")
#: a level is named by so many characters: 省级资金 and 市级资金 are two, 省级资金 and 省级财政资金 one
LEVEL_NAME = 2


def meets(number: Decimal, allowed: Sequence[Interval]) -> bool:
    """Within the coarser of the two printed precisions."""
    half = half_unit(number)
    for interval in allowed:
        assert interval.high is not None
        middle = (interval.low + interval.high) / 2
        if abs(number - middle) <= max(half, (interval.high - interval.low) / 2):
            return True
    return False


def in_wan(fact: Fact) -> Decimal | None:
    """The amount of a fact in 万元."""
    return to_wan(fact.number, fact.unit)


def amounts_in(record: Record, lines: Sequence[FundLine], columns: Sequence[str]) -> list[Interval]:
    """Every amount of the lines' columns. A zero is exact: what is small is not nothing."""
    half = fund_half(record)
    return [
        Interval.around(number, half if number else Decimal(0))
        for line in lines
        for name in columns
        if (number := number_of(getattr(line, name))) is not None
    ]


def rates_of(record: Record, line: FundLine, received: Sequence[Decimal] = ()) -> list[Interval]:
    """Each rate that a line can mean: the printed one, and the executed amount by each base that is known."""
    printed, executed = number_of(line.execution_rate), number_of(line.executed)
    rates = [] if printed is None else [Interval.around(printed)]
    bases = [number_of(entry) for entry in (line.budget_adjusted, line.budget_initial, line.received)]
    for base in (*bases, *received):
        computed = quotient(executed, base, fund_half(record)) if executed is not None and base else None
        if computed and computed.high is not None:
            rates.append(computed)
    return rates


def _line_of(record: Record, fact: Fact) -> FundLine | None:
    """The one line of the source that a fact names."""
    lines = [line for line in record.funds if line.item == fact.subject]
    if len(lines) != 1:
        return None
    label = fold(squeeze(line_name(lines[0])))
    named = fact.subject not in LEVELS or fact.raw[:LEVEL_NAME] in label
    return lines[0] if named else None


def _sums_of_two(record: Record, columns: Sequence[str]) -> list[Interval]:
    """What two lines of the table make together."""
    parts = [line for line in record.funds if line.item != "total"]
    half = 2 * fund_half(record)
    return [
        Interval.around(first + second, half)
        for one, other in combinations(parts, 2)
        for name in columns
        if (first := number_of(getattr(one, name))) is not None
        and (second := number_of(getattr(other, name))) is not None
    ]


def _untold(
    record: Record,
    wanted: Callable[[Fact], bool],
    allowed: Callable[[Fact], Sequence[Interval]],
    read: Callable[[Fact], Decimal | None],
) -> Iterator[tuple[Fact, Decimal]]:
    """The wanted facts of parts that meet nothing; none of a part that another sentence tells right."""
    stated = [
        (fact, number, bool(near) and meets(number, near), bool(near))
        for fact in record.facts
        if fact.subject and wanted(fact) and (number := read(fact)) is not None
        for near in [allowed(fact)]
    ]
    right = {(fact.kind, fact.subject) for fact, _, met, _ in stated if met}
    seen: set[tuple[str, Decimal]] = set()
    for fact, number, met, known in stated:
        if (
            known
            and not met
            and (fact.kind, fact.subject) not in right
            and (fact.subject, number) not in seen
        ):
            seen.add((fact.subject, number))
            yield fact, number


def amount_of_source(record: Record, kinds: Sequence[str]) -> Iterator[Problem]:
    """Each amount of ``kinds`` that the report states of a source, and its line does not."""

    def allowed(fact: Fact) -> list[Interval]:
        line = _line_of(record, fact)
        if line is None:
            return []
        columns = COLUMNS[fact.kind]
        near = amounts_in(record, [line], columns)
        if near and not (fact.explicit and fact.subject in LEVELS):
            near += amounts_in(record, record.funds, columns) + _sums_of_two(record, columns)
        return near

    for fact, number in _untold(record, lambda fact: fact.kind in kinds, allowed, in_wan):
        line = _line_of(record, fact)
        assert line is not None
        for column in COLUMNS[fact.kind]:
            entry: Entry[Number] | None = getattr(line, column)
            expected = number_of(entry)
            if entry is None or expected is None:
                continue
            name, (zh, en) = line_name(line), COLUMN_NAMES[column]
            yield Problem(
                "narrative",
                column,
                (fact.cell, entry.cell),
                number,
                expected,
                f"文字叙述“{fact.raw}”，表内“{name}”的{zh}为{amount(expected)}万元。",
                f"The report says “{fact.raw}”; in the table, the {en} of “{name}” is {amount(expected)}万元.",
            )
            break


def rate_of_source(record: Record) -> Iterator[Problem]:
    """Each rate that the report states of a source, and that its line neither prints nor leads to."""

    def allowed(fact: Fact) -> list[Interval]:
        line = _line_of(record, fact)
        total = record.total_line
        if line is None or number_of(line.execution_rate) is None:
            return []
        return rates_of(record, line) + (rates_of(record, total) if total and not fact.explicit else [])

    for fact, number in _untold(
        record, lambda fact: fact.kind == "rate", allowed, lambda fact: fact.number.scaleb(-2)
    ):
        line = _line_of(record, fact)
        assert line is not None and line.execution_rate is not None
        expected = number_of(line.execution_rate)
        assert expected is not None
        name = line_name(line)
        yield Problem(
            "narrative",
            "execution_rate",
            (fact.cell, line.execution_rate.cell),
            number,
            expected,
            f"文字叙述“{fact.raw}”，表内“{name}”的执行率为{percent(expected)}。",
            f"The report says “{fact.raw}”; in the table, the rate of “{name}” is {percent(expected)}.",
        )


def level_rows(record: Record, subject: str) -> list[Indicator]:
    """The indicators of a level, of the first where it is a name of both."""
    first = [one for one in record.indicators if one.level1 == subject]
    return first or [one for one in record.indicators if one.level2 == subject]


def _points(record: Record, subject: str, column: str) -> tuple[Decimal, tuple[Cell | Line, ...]] | None:
    """The sum of a level's scores, or weights, and their cells; None where one is missing or cannot be read."""
    rows = level_rows(record, subject)
    entries: list[Entry[Number] | None] = [getattr(one, column) for one in rows]
    if subject == "execution" and not rows:
        entries = [getattr(record.total_line, column)] if record.total_line else []
    if not entries or _goes_on(entries[0]):
        return None
    counted = [entry for entry in entries if not _goes_on(entry)]
    numbers = [number for entry in counted if (number := number_of(entry)) is not None]
    if len(numbers) < len(counted) or any(not one.level1 for one in record.indicators):
        return None
    return sum(numbers, Decimal(0)), tuple(entry.cell for entry in counted if entry)


def _goes_on(entry: Entry[Number] | None) -> bool:
    """Whether a cell is the continuation of a merged one above."""
    return entry is not None and isinstance(entry.value, Blank) and entry.value.kind == "merged"


def score_of_level(record: Record) -> Iterator[Problem]:
    """Each score that the report states of a level, and its rows do not make."""

    def allowed(fact: Fact) -> list[Interval]:
        columns = ("score",) if fact.explicit else ("score", "weight")
        sums = [_points(record, fact.subject, column) for column in columns]
        return [Interval.around(found[0]) for found in sums if found] if sums[0] else []

    for fact, number in _untold(
        record, lambda fact: fact.kind == PART_SCORE, allowed, lambda fact: fact.number
    ):
        found = _points(record, fact.subject, "score")
        assert found is not None
        expected, cells = found
        yield Problem(
            "narrative",
            "score",
            (fact.cell, *cells),
            number,
            expected,
            f"文字叙述“{fact.raw}”，表内该项得分合计{expected:f}分。",
            f"The report says “{fact.raw}”; in the table, its scores sum to {expected:f}.",
        )
