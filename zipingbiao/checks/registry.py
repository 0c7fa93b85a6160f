"""The table of checks: a check is one function under `@check`, found here by its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Generic, Protocol, TypeVar

from extract.document import Bilingual, Cell, Line
from normalize.record import Record
from normalize.values.exact import EXACT
from zipingbiao.checks.doubt import lowered
from zipingbiao.policy import Policy

SEVERITIES = ("error", "warning", "note")
#: what `zipingbiao.known.ignores` makes of a finding that a person looked into and accepted; no check has it
IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found: the cells, what they report, what is expected, and why in one sentence.

    ``subject`` is the fund item, the indicator's name or ``total``; ``field`` the column. Numbers are in the
    unit of that column: amounts in 万元, rates as fractions.
    """

    subject: str
    field: str
    cells: tuple[Cell | Line, ...]
    reported: Decimal | str
    expected: Decimal | str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the check that found it: a row of the table `findings`."""

    code: str
    title: Bilingual
    severity: str
    problem: Problem

    @property
    def message(self) -> Bilingual:
        """The sentence for a working paper."""
        return Bilingual(self.problem.zh, self.problem.en)

    @property
    def difference(self) -> Decimal | None:
        """Reported less expected, where both are numbers."""
        reported, expected = self.problem.reported, self.problem.expected
        if isinstance(reported, Decimal) and isinstance(expected, Decimal):
            return reported - expected
        return None

    @property
    def place(self) -> str:
        """All places, parted by semicolons."""
        return "; ".join(dict.fromkeys(cell.where.place for cell in self.problem.cells))


FunctionT = TypeVar("FunctionT", bound=Callable[..., Iterator[object]])


@dataclass(frozen=True, slots=True)
class Check(Generic[FunctionT]):
    """A check: its code, severity and title; the function's docstring is its documentation."""

    code: str
    severity: str
    title: Bilingual
    find: FunctionT

    @property
    def documentation(self) -> str:
        """What it checks, why, an example, and the source of the rule."""
        return self.find.__doc__ or ""


class Entering(Protocol[FunctionT]):
    """A decorator that enters a function into a table of checks, by code, severity and title."""

    def __call__(self, code: str, severity: str, zh: str, en: str) -> Callable[[FunctionT], FunctionT]: ...


def entering(table: dict[str, Check[FunctionT]]) -> Entering[FunctionT]:
    """The decorator that fills a table. It raises `ValueError` for a code that is taken, and an unknown severity."""

    def check(code: str, severity: str, zh: str, en: str) -> Callable[[FunctionT], FunctionT]:
        if code in table or severity not in SEVERITIES:
            raise ValueError(f"check {code}: code taken or severity {severity!r} unknown")

        def enter(function: FunctionT) -> FunctionT:
            table[code] = Check(code, severity, Bilingual(zh, en), function)
            return function

        return enter

    return check


Function = Callable[[Record, Policy], Iterator[Problem]]

CHECKS: dict[str, Check[Function]] = {}
check = entering(CHECKS)


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Check[Function]]:
    """The checks whose code begins with one of ``select`` (all where blank) and with none of ``ignore``."""
    wanted, unwanted = tuple(select), tuple(ignore)
    return [one for code, one in sorted(CHECKS.items()) if is_chosen(code, wanted, unwanted)]


def is_chosen(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """Whether a code begins with one of ``select`` (any where blank) and with none of ``ignore``."""
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def run_checks(record: Record, policy: Policy, checks: Iterable[Check[Function]]) -> list[Finding]:
    """All findings for a record, the gravest first, and by code within a severity."""
    with localcontext(
        EXACT
    ):  # the 28 digits of Decimal's own context would round an amount of 20 with decimals
        found = [
            Finding(one.code, one.title, one.severity, problem)
            for one in checks
            for problem in one.find(record, policy)
        ]
        found = [lowered(finding) for finding in found]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
