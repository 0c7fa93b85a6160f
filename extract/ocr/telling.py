"""Say which page is recognized next: a long scan takes minutes, and whoever waits for it wants to see it move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: takes the number of a page, from 1, and how many the file has
Teller = Callable[[int, int], object]

_teller: ContextVar[Teller | None] = ContextVar("teller", default=None)


@contextmanager
def telling(teller: Teller) -> Iterator[None]:
    """Within, ``teller`` is called before each page that is recognized."""
    before = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(before)


def tell(page: int, pages: int) -> None:
    """Say that ``page`` of ``pages`` is recognized now."""
    teller = _teller.get()
    if teller is not None:
        teller(page, pages)
