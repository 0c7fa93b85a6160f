"""A total row that only sums up the indicators: the execution score stands above it, and is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.document import Cell
from normalize.form import Form, Role
from normalize.grids.run_together import MOST_POINTS
from normalize.record import Entry, FundLine, Indicator, Number, Total, number_of
from normalize.schema import fold_label, load_schema
from normalize.values.parse import Measure, parse_value


def is_subtotal(
    form: Form,
    total: Total,
    funds: Sequence[FundLine],
    indicators: Sequence[Indicator],
    execution_weight: Entry[Number] | None,
) -> bool:
    """Whether 合计 has the indicators' own weights and scores, while the execution has one of its own.

    A row that says that it is the whole (总分) is taken at its word.
    """
    label = form.total.get("label")
    says_so = load_schema().attribute("total", "total", "whole")
    if label is None or says_so in fold_label(label.text):
        return False
    weight, score = number_of(total.weight), number_of(total.score)
    execution = [number_of(entry) for line in funds for entry in (line.weight, line.score)]
    return (
        weight is not None
        and weight != MOST_POINTS
        and (any([number_of(execution_weight), *execution]) or _says_another(form, total))
        and weight == _sum(one.weight for one in indicators)
        and score == _sum(one.score for one in indicators)
    )


def _says_another(form: Form, total: Total) -> bool:
    """Whether the head has the total score, and it is another."""
    head = form.heading.get("total_score")
    stated = parse_value(head.text) if head else None
    return isinstance(stated, Measure) and stated.number != number_of(total.score)


def _sum(entries: Iterable[Entry[Number] | None]) -> Decimal:
    return sum((number for entry in entries if (number := number_of(entry)) is not None), Decimal(0))


def without_total(form: Form) -> Form:
    """The form with its total row read as a sub-total."""
    cells = [piece.cell for name, piece in form.total.items() if name != "label"]
    roles = {cell: Role("subtotal", "position") for cell in cells if isinstance(cell, Cell)}
    return replace(form, total={}, roles={**form.roles, **roles})
