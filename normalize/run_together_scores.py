"""Weights and scores that ran together when a table became text: ``1515`` is a weight of 15 and a score of 15.

They are parted only where the form's own sums admit exactly one reading, and refused where one of them is more
than any weight can be. A form whose weights and scores can all stand as printed is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from normalize.grids.run_together import MOST_POINTS, RUN_TOGETHER
from normalize.grids.under import is_number
from normalize.record import Entry, Indicator, Number, Record, is_blank, number_of
from normalize.values.types import Blank, Unreadable

#: a total above this is two numbers; one below it may have lost its point: 985
BEYOND_ANY = 10 * MOST_POINTS
#: so many cells that may be two, and so many sums of theirs, are followed up; a form that needs more is refused
MOST_UNDECIDED = 60
MOST_SUMS = 2_000
#: a longer text is no weight with its score: 100.00100.00
LONGEST = 20

_POINTS = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,2})?")
_ZERO = Decimal(0)


class Pair(NamedTuple):
    """A weight and a score; what is blank counts for nothing."""

    weight: Decimal | None
    score: Decimal | None


def part_scores(record: Record) -> Record:
    """The record with weights and scores that ran together parted, or refused."""
    if not record.form.indicator_columns >= {"weight", "score"}:
        return record
    weight, score = record.total.weight, record.total.score
    printed = Pair(number_of(weight), number_of(score))
    total = Pair(*(None if points is None or points > BEYOND_ANY else points for points in printed))
    limit = MOST_POINTS if total.weight is None or total.score is None else max(MOST_POINTS, total.weight)
    beyond = _is_torn(weight, score, 2 * limit)  # a total of 100.03 is wrong, and one number
    whole = [pair for pair in _cuts(weight, score, limit) if beyond and pair.weight == limit]
    is_torn = bool(whole) or total != printed
    if not is_torn and not any(_is_torn(one.weight, one.score, limit) for one in record.indicators):
        return record
    chosen = _choose(record, whole[0] if whole else total, limit)
    record = replace(record, indicators=_indicators(record, chosen, limit))
    return _with_total(record, whole[0] if whole and chosen is not None else None) if is_torn else record


def _is_torn(weight: Entry[Number] | None, score: Entry[Number] | None, limit: Decimal) -> bool:
    """Whether of a weight and a score one is blank, and the other more than there can be, or no number."""
    entry = _only(weight, score)
    if entry is None:
        return False
    number = number_of(entry)
    return (
        number > limit if number is not None else is_number(entry.raw) and isinstance(entry.value, Unreadable)
    )


def _only(weight: Entry[Number] | None, score: Entry[Number] | None) -> Entry[Number] | None:
    """Of a weight and a score the one that is filled, where the other is not; a merged cell is."""
    filled = [entry for entry in (weight, score) if entry is not None and not is_blank(entry)]
    return filled[0] if len(filled) == 1 else None


def _cuts(weight: Entry[Number] | None, score: Entry[Number] | None, limit: Decimal) -> list[Pair]:
    """Each way to cut the text of one cell into a weight and a score."""
    entry = _only(weight, score)
    text = entry.raw.strip() if entry and len(entry.raw) <= LONGEST else ""
    pairs: list[Pair] = []
    for at in range(1, len(text)):
        first, second = text[:at].rstrip(), text[at:].lstrip()
        if _POINTS.fullmatch(first) and _POINTS.fullmatch(second):
            pair = Pair(Decimal(first), Decimal(second))
            if Decimal(second) <= Decimal(first) <= limit and pair not in pairs:
                pairs.append(pair)
    return pairs


def _choose(record: Record, total: Pair, limit: Decimal) -> dict[int, Pair] | None:
    """The one reading of the cells that may be two whose sums are the total's; None where there is none, or several.

    Each sum of weights and scores that can be reached is followed up with two of its readings: more say no more.
    """
    line = record.total_line
    fixed = [Pair(number_of(line.weight), number_of(line.score))] if line else []
    undecided: dict[int, list[Pair]] = {}
    for number, one in enumerate(record.indicators):
        printed = _printed(one)
        pairs = _cuts(one.weight, one.score, limit)
        if not _is_torn(one.weight, one.score, limit):
            pairs = [printed, *pairs]
        if pairs == [printed]:
            fixed.append(printed)
        else:
            undecided[number] = pairs
    goal = Pair(MOST_POINTS if total.weight is None else total.weight, total.score)
    if len(undecided) > MOST_UNDECIDED:
        return None
    sums: dict[Pair, list[tuple[Pair, ...]]] = {_sum(fixed): [()]}
    for pairs in undecided.values():
        following: dict[Pair, list[tuple[Pair, ...]]] = {}
        for reached, readings in sums.items():
            for pair in pairs:
                known = following.setdefault(_sum([reached, pair]), [])
                known += [(*reading, pair) for reading in readings]
                del known[2:]
        sums = following
        if len(sums) > MOST_SUMS:
            return None
    found = sums.get(goal, [])
    return dict(zip(undecided, found[0], strict=True)) if len(found) == 1 else None


def _printed(one: Indicator) -> Pair:
    return Pair(number_of(one.weight), number_of(one.score))


def _sum(pairs: Sequence[Pair]) -> Pair:
    weights = sum((pair.weight or _ZERO for pair in pairs), _ZERO)
    return Pair(weights, sum((pair.score or _ZERO for pair in pairs), _ZERO))


def _indicators(record: Record, chosen: Mapping[int, Pair] | None, limit: Decimal) -> tuple[Indicator, ...]:
    """The indicators as chosen; without a choice, what may be two numbers is refused, and so is an actual value
    that may have a weight behind it."""
    parted = list(record.indicators)
    has_weights = "weight" in record.form.indicator_columns
    for number, one in enumerate(record.indicators):
        entry = _only(one.weight, one.score)
        if chosen is not None:
            if entry and chosen.get(number, _printed(one)) != _printed(one):
                weight, score = (_entry(points, entry) for points in chosen[number])
                parted[number] = replace(one, weight=weight, score=score)
            continue
        if entry and (_cuts(entry, None, limit) or _is_torn(entry, None, limit)):
            one = replace(one, weight=_refused(entry), score=_refused(entry))
        if has_weights and one.actual and is_number(one.actual.raw) and number_of(one.weight) is None:
            one = replace(one, actual=_refused(one.actual))
        parted[number] = one
    return tuple(parted)


def _with_total(record: Record, pair: Pair | None) -> Record:
    """The record with a total that is parted into ``pair``, or refused."""
    weight, score = record.total.weight, record.total.score
    entry = _only(weight, score)
    if entry is None:  # the form prints its score once more, elsewhere
        beyond = (
            one and _refused(one) if (number_of(one) or 0) > BEYOND_ANY else one for one in (weight, score)
        )
        weight, score = beyond
    elif pair is None:
        weight = score = _refused(entry)
    else:
        weight, score = (_entry(points, entry) for points in pair)
    return replace(record, total=replace(record.total, weight=weight, score=score))


def _refused(entry: Entry[Any]) -> Entry[Unreadable]:
    return Entry(Unreadable(entry.raw, RUN_TOGETHER), entry.raw, entry.cell)


def _entry(points: Decimal | None, entry: Entry[Number]) -> Entry[Number]:
    """A part of a cell's text as an entry of its own."""
    text = "" if points is None else str(points)
    return Entry(Blank("", "empty") if points is None else points, text, entry.cell)
