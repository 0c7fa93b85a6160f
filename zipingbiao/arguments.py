"""Say what is wrong with an argument that a program gives, before anything is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

T = TypeVar("T")


def as_tuple(name: str, given: Iterable[T], *kinds: type) -> tuple[T, ...]:
    """A list of things of these ``kinds``. Raises `TypeError`, also for one text: its letters are no list.

    The error shows nothing of what was given, which may be a password.

    >>> as_tuple("select", ["FUND01"], str)
    ('FUND01',)
    >>> as_tuple("select", "FUND01", str)
    Traceback (most recent call last):
    ...
    TypeError: select must be a list of str, and is a str
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be a list of {_named(kinds)}, and is a {type(given).__name__}")
    items = tuple(given)
    for item in items:
        if not isinstance(item, kinds):
            raise TypeError(f"{name} must be a list of {_named(kinds)}, and holds a {type(item).__name__}")
    return items


def _named(kinds: Iterable[type]) -> str:
    return " or ".join(kind.__name__ for kind in kinds)


def require_one_of(name: str, given: str, known: Collection[str]) -> None:
    """Raise `ValueError` for what is not known."""
    if given not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, not {given!r}")


def require_number(name: str, given: float) -> None:
    """Raise `TypeError` for what is no number, and `ValueError` for one below zero."""
    if not isinstance(given, int | float):
        raise TypeError(f"{name} must be a number, not {given!r}")
    if not given >= 0:
        raise ValueError(f"{name} must not be below zero, but is {given!r}")
