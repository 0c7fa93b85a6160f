"""What several checks ask of the same form is found out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from normalize.record import Record

Answer = TypeVar("Answer")


def once_a_record(find: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    """Keep the answer for the last record; whoever gets it must leave it as it is.

    The last one is enough, since a form goes through all checks before the next does. It is known as the object that
    it is: to compare a whole form with another would take longer than most answers.
    """
    last: tuple[Record, Answer] | None = None

    @wraps(find)
    def kept(record: Record) -> Answer:
        nonlocal last
        known = last
        if known is None or known[0] is not record:
            known = last = (record, find(record))
        return known[1]

    return kept
