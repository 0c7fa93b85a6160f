"""What a form says, as typed values: each `Entry` keeps the printed text and the cell it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from extract.document import Cell, Line
from normalize.form import Form, Level, Paragraph
from normalize.narrative.figures import Fact
from normalize.values.parse import Blank, Unreadable, Value

T = TypeVar("T", covariant=True)

#: a number as printed, or why there is none; blank, dash, zero and unreadable stay different things
Number = Decimal | Blank | Unreadable


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A value, the text it was read from, and the cell or line where that stands."""

    value: T
    raw: str
    cell: Cell | Line

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return self.cell.where.place


def number_of(entry: Entry[Number] | None) -> Decimal | None:
    """The number of an entry; None where there is no column, no text, or no number."""
    return entry.value if entry is not None and isinstance(entry.value, Decimal) else None


def is_blank(entry: Entry[Number] | Entry[Value] | Entry[str] | None) -> bool:
    """Whether a cell is there and empty; a dash, a slash or 无 is something written."""
    if entry is None:
        return False
    if isinstance(entry.value, Blank):
        return entry.value.kind == "empty"
    return not entry.raw.strip()


@dataclass(frozen=True, slots=True)
class FundLine:
    """A source of funds: amounts in 万元, the rate as a fraction (16% is 0.16).

    An entry is None where the form has no such column. ``item`` is blank where nobody knows the label.
    """

    item: str
    label: Entry[str]
    budget_initial: Entry[Number] | None = None
    budget_adjusted: Entry[Number] | None = None
    received: Entry[Number] | None = None
    executed: Entry[Number] | None = None
    execution_rate: Entry[Number] | None = None
    weight: Entry[Number] | None = None
    score: Entry[Number] | None = None
    reason: Entry[str] | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """An overall goal and what became of it."""

    planned: Entry[str] | None
    actual: Entry[str] | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A third-level indicator that the unit filled in.

    ``level1`` and ``level2`` are keys of the schema, blank where unknown; the printed labels stand beside
    them. ``name`` is without numbering and marks. Entries are None where the form has no such column.
    """

    seq: int
    level1: str
    level2: str
    level1_label: Level | None
    level2_label: Level | None
    name: str
    name_entry: Entry[str]
    target: Entry[Value] | None = None
    actual: Entry[Value] | None = None
    weight: Entry[Number] | None = None
    score: Entry[Number] | None = None
    reason: Entry[str] | None = None
    extras: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The total row; the grade may stand in the head instead."""

    weight: Entry[Number] | None
    score: Entry[Number] | None
    grade: Entry[str] | None


@dataclass(frozen=True, slots=True)
class Record:
    """A form's content.

    ``heading`` maps a head field to its entry (`project_name`, `department`, `implementing_unit`,
    `preparer`, `contact`, …); a field that the form does not print is missing from it. ``texts`` are the
    paragraphs with their chapter, ``facts`` the figures that they state; ``form`` is the form as printed, with the claimed and unclaimed cells.
    """

    kind: str
    title: Entry[str] | None
    year: Entry[int] | None
    heading: Mapping[str, Entry[str]]
    amount_unit: Entry[str] | None
    funds: tuple[FundLine, ...]
    execution_weight: Entry[Number] | None
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    total: Total
    texts: tuple[Paragraph, ...]
    facts: tuple[Fact, ...]
    form: Form

    @property
    def total_line(self) -> FundLine | None:
        """The fund line of the whole."""
        return next((line for line in self.funds if line.item == "total"), None)

    @property
    def project_name(self) -> str:
        """The project's name; blank where the form prints none."""
        entry = self.heading.get("project_name")
        return entry.value if entry else ""
