"""A value of a form as columns of a table."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from normalize.record import Entry
from normalize.values.types import Date, Measure, Range, Unreadable, Value, Wording


class Facets(NamedTuple):
    """A value as columns: its kind, comparator, number or lower end, upper end, and unit."""

    kind: str
    relation: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""


def facets_of(entry: Entry[Value] | None) -> Facets:
    """Take a value apart for the tables; a number without comparator is ``=``."""
    match entry.value if entry else None:
        case Measure(number=number, relation=relation, unit=unit):
            return Facets("number", relation or "=", number, None, unit)
        case Range(low=low, high=high, unit=unit):
            return Facets("range", "range", low, high, unit)
        case Date(relation=relation):
            return Facets("date", relation)
        case Wording():
            return Facets("wording")
        case Unreadable():
            return Facets("unreadable")
        case _:
            return Facets("blank")
