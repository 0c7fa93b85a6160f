"""Weights and scores of merged cells in tables that repeat a merged cell's text: counted once where the sums say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from extract.document import Bilingual
from normalize.grids.run_together import MOST_POINTS
from normalize.record import Entry, Indicator, Number, Record, number_of
from normalize.values.types import Blank, Unreadable

REPEATED = Bilingual(
    "相邻各行的数相同，无法确定是不是同一个合并单元格",
    "rows under one another have the same number, and nothing says whether they were one cell",
)
Field = Literal["weight", "score"]
#: the rows of a run, by their index among the indicators
Run = list[int]
#: so many sums are followed up
MOST_SUMS = 2_000

_ZERO = Decimal(0)


def settle_repeated(record: Record) -> Record:
    """The record with a repeated weight or score counted once, where only so the sum is the form's total.

    Where several readings give the total, the repeated numbers are refused; where none does, they stay as printed.
    """
    if not any(grid.repeats for grid in record.form.grids):
        return record
    line, total = record.total_line, record.total
    fixed = number_of(line.weight) if line else None
    whole = number_of(total.weight)
    record = _settle(record, "weight", fixed or number_of(record.execution_weight), whole or MOST_POINTS)
    return _settle(record, "score", number_of(line.score) if line else None, number_of(total.score))


def _settle(record: Record, field: Field, fixed: Decimal | None, whole: Decimal | None) -> Record:
    numbers = [number_of(getattr(one, field)) for one in record.indicators]
    surplus = sum((number or _ZERO for number in numbers), fixed or _ZERO) - (whole or _ZERO)
    runs = _runs(numbers)
    if whole is None or surplus <= 0 or not runs:
        return record
    ways = _ways(runs, numbers, surplus)
    if not ways:
        return record
    indicators = list(record.indicators)
    merged = ways[0] if len(ways) == 1 else {}
    is_certain = len(ways) == 1 and all(merged.get(at, 0) in (0, len(run) - 1) for at, run in enumerate(runs))
    for at, run in enumerate(runs):
        if is_certain and at not in merged:
            continue
        for number in run[1:] if is_certain else run:
            indicators[number] = _changed(indicators[number], field, is_certain)
    return replace(record, indicators=tuple(indicators))


def _runs(numbers: Sequence[Decimal | None]) -> list[Run]:
    """The indicators under one another that have the same number."""
    groups = groupby(range(len(numbers)), key=lambda at: numbers[at])
    runs = [(number, list(members)) for number, members in groups]
    return [members for number, members in runs if number and len(members) > 1]


def _ways(
    runs: Sequence[Run], numbers: Sequence[Decimal | None], surplus: Decimal
) -> list[Mapping[int, int]]:
    """The ways, two at most, to leave out repeated numbers that sum to the surplus: how many of each run."""
    sums: dict[Decimal, list[dict[int, int]]] = {_ZERO: [{}]}
    for at, run in enumerate(runs):
        number = numbers[run[0]] or _ZERO
        following: dict[Decimal, list[dict[int, int]]] = {}
        for reached, ways in sums.items():
            for left_out in range(len(run)):
                if reached + left_out * number <= surplus:
                    known = following.setdefault(reached + left_out * number, [])
                    known += [{**way, at: left_out} if left_out else way for way in ways]
                    del known[2:]
        sums = following
        if len(sums) > MOST_SUMS:
            return []
    return list(sums.get(surplus, []))


def _changed(one: Indicator, field: Field, is_certain: bool) -> Indicator:
    entry: Entry[Any] = getattr(one, field)
    changed: Entry[Number] = (
        Entry(Blank("", "merged"), "", entry.cell)
        if is_certain
        else replace(entry, value=Unreadable(entry.raw, REPEATED))
    )
    changes: dict[str, Any] = {field: changed}
    return replace(one, **changes)
