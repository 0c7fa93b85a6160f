"""Which weights and scores count: indicators under one merged cell are one, a repeated execution score is one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extract.document import Cell, Line
from normalize.record import Entry, FundLine, Indicator, Number, Record, number_of
from normalize.values.parse import Blank
from zipingbiao.remember import once_a_record


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator with its weight and score, or several under one merged cell with their sums."""

    members: tuple[Indicator, ...]
    weight: Decimal
    score: Decimal

    @property
    def subject(self) -> str:
        """What to call it in a sentence: the name of the row where a merged cell begins."""
        return self.members[0].name

    @property
    def cells(self) -> tuple[Cell | Line, ...]:
        """The cells of its scores and weights, each once."""
        entries = [entry for one in self.members for entry in (one.score, one.weight) if entry is not None]
        return tuple(dict.fromkeys(entry.cell for entry in entries))


def scored_lines(record: Record) -> list[FundLine]:
    """The fund lines whose weight and score count: a part that repeats the ones of the total line does not."""
    total = record.total_line
    weight, score = (number_of(total.weight), number_of(total.score)) if total else (None, None)

    def repeats(line: FundLine) -> bool:
        own = number_of(line.weight)
        if own is not None:
            return own == weight
        return score is not None and number_of(line.score) == score

    return [line for line in record.funds if line is total or not repeats(line)]


def tied_together(record: Record) -> list[list[Indicator]]:
    """The indicators in groups: those under one merged weight or score are one."""
    groups: list[list[Indicator]] = []
    for one in record.indicators:
        if groups and (_goes_on(one.weight) or _goes_on(one.score)):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


@once_a_record
def scored_together(record: Record) -> tuple[Scored, ...]:
    """All indicators whose weight and score are numbers; a merged cell ties its rows together."""
    together = []
    for group in tied_together(record):
        weights = [number_of(one.weight) for one in group if not _goes_on(one.weight)]
        scores = [number_of(one.score) for one in group if not _goes_on(one.score)]
        known_weights = [weight for weight in weights if weight is not None]
        known_scores = [score for score in scores if score is not None]
        if known_weights and known_scores and len(known_weights + known_scores) == len(weights + scores):
            weight, score = sum(known_weights, Decimal(0)), sum(known_scores, Decimal(0))
            together.append(Scored(tuple(group), weight, score))
    return tuple(together)


def _goes_on(entry: Entry[Number] | None) -> bool:
    """Whether a cell is the continuation of a merged one that was counted in a row above."""
    return entry is not None and isinstance(entry.value, Blank) and entry.value.kind == "merged"
