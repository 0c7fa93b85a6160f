"""Indicators whose cells are not in their columns: a program lost the order of the table's texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from extract.document import Bilingual
from normalize.fold import fold
from normalize.grids.under import is_number
from normalize.record import Entry, Indicator, Record
from normalize.values.parse import fold_relation, parse_value
from normalize.values.types import Blank, Measure, Range, Unreadable, Wording
from normalize.values.units import is_known_unit

SCRAMBLED = Bilingual(
    "各栏的内容不是该栏应有的，单元格的次序已乱",
    "the columns hold what belongs in others: the order of the cells is lost",
)
#: of fewer rows nobody can tell
FEWEST = 3


def refuse_scrambled(record: Record) -> Record:
    """The record as it is; without its indicators' numbers where cells stand in the wrong columns in a third of them.

    One column of words among numbers is a column that was taken for another; two are cells in no order. A row that
    is called like a value (≤3天) has lost cells by itself.
    """
    misplaced = [
        [is_number(one.name) for one in record.indicators],
        [_is_unreadable(one.weight) for one in record.indicators],
        [_is_unreadable(one.score) for one in record.indicators],
    ]
    rows = sum(map(any, zip(*misplaced, strict=True)))
    is_scrambled = rows >= FEWEST and 3 * rows >= len(record.indicators) and sum(map(any, misplaced)) > 1
    indicators = (
        _without_numbers(one) if is_scrambled or _is_value(one.name) else one for one in record.indicators
    )
    return replace(record, indicators=tuple(indicators))


def _is_value(name: str) -> bool:
    """Whether a name is a number with its comparator or unit, or the comparator alone; 合格率100% is a name."""
    match parse_value(name):
        case Measure(relation=relation, unit=unit):
            return (bool(relation) or is_known_unit(unit)) and not fold(name)[:1].isalpha()
        case Range():
            return not fold(name)[:1].isalpha()
        case _:
            return bool(fold_relation(name))


def _without_numbers(one: Indicator) -> Indicator:
    return replace(
        one,
        target=_refused(one.target),
        actual=_refused(one.actual),
        weight=_refused(one.weight),
        score=_refused(one.score),
    )


def _is_unreadable(entry: Entry[Any] | None) -> bool:
    return entry is not None and isinstance(entry.value, Unreadable)


def _refused(entry: Entry[Any] | None) -> Entry[Any] | None:
    if entry is None or isinstance(entry.value, Blank | Wording):
        return entry
    return replace(entry, value=Unreadable(entry.raw, SCRAMBLED))
