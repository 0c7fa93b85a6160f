"""A score that several indicators share belongs to the group, and is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normalize.record import Indicator, is_blank, number_of
from normalize.values.parse import Blank


def share_scores(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Recognise shared scores where a text file lost the merged cell; other formats say what is merged.

    A score above its own weight, over rows without a score whose weights make up for it, is the group's: the
    blanks below it are read as merged. Where no such sum exists, nothing is changed.
    """
    shared = list(indicators)
    for start, one in enumerate(indicators):
        weight, score = number_of(one.weight), number_of(one.score)
        in_text = one.score is not None and one.score.cell.where.line is not None
        if not in_text or weight is None or score is None or score <= weight:
            continue
        for stop in range(start + 1, len(shared)):
            entry, more = shared[stop].score, number_of(shared[stop].weight)
            if entry is None or not is_blank(entry) or more is None:
                break
            weight += more
            if weight >= score:
                shared[start + 1 : stop + 1] = map(_merged, shared[start + 1 : stop + 1])
                break
    return tuple(shared)


def _merged(one: Indicator) -> Indicator:
    assert one.score is not None
    return replace(one, score=replace(one.score, value=Blank("", "merged")))
