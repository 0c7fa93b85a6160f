"""The table of checks across forms: a check is one function under `@across`, found here by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zipingbiao.across.facts import Facts
from zipingbiao.checks.registry import Check, entering
from zipingbiao.policy import Policy


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a check found of a form, in the terms of the table ``findings``; the sentence names the other forms.

    ``reported`` is what this form says, ``expected`` what another one does.
    """

    form: Facts
    subject: str
    field: str
    place: str
    reported: Decimal | str
    expected: Decimal | str
    zh: str
    en: str


Function = Callable[[Sequence[Facts], Policy], Iterator[Conflict]]

ACROSS: dict[str, Check[Function]] = {}
across = entering(ACROSS)
