"""The table of checks across forms: a check is one function under `@across`, found here by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.document import Bilingual
from zipingbiao.across.facts import Facts
from zipingbiao.checks import SEVERITIES
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


@dataclass(frozen=True, slots=True)
class AcrossCheck:
    """A check across forms: its code, severity and title; the function's docstring is its documentation."""

    code: str
    severity: str
    title: Bilingual
    find: Function

    @property
    def documentation(self) -> str:
        """What it checks, why, an example, and the source of the rule."""
        return self.find.__doc__ or ""


ACROSS: dict[str, AcrossCheck] = {}


def across(code: str, severity: str, zh: str, en: str) -> Callable[[Function], Function]:
    """Enter a function into the table of checks across forms."""
    if code in ACROSS or severity not in SEVERITIES:
        raise ValueError(f"check {code}: code taken or severity {severity!r} unknown")

    def enter(function: Function) -> Function:
        ACROSS[code] = AcrossCheck(code, severity, Bilingual(zh, en), function)
        return function

    return enter
