"""What the front page and the sums by unit say, counted as rows go by; memory grows with the units, not the forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from normalize.values.exact import EXACT
from zipingbiao.across.names import name_key
from zipingbiao.columns import Datum, Row
from zipingbiao.known.sameness import COPIES
from zipingbiao.recompute.formula import SCORE_PLACES, rounded
from zipingbiao.tables import Rows

#: the amounts of a form's line of the total
AMOUNTS = ("budget_initial_wan", "budget_adjusted_wan", "executed_wan")


@dataclass
class Sum:
    """The forms of a unit, or of all: findings by severity, amounts, and totals as printed and as recomputed."""

    name: str = ""
    forms: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    #: sums of amounts, those of departments' forms apart, and whether there are others
    _of_departments: dict[str, Decimal] = field(default_factory=dict)
    _of_others: dict[str, Decimal] = field(default_factory=dict)
    _has_others: bool = False
    #: forms that have both totals, and the sums of these
    compared: int = 0
    reported: Decimal = Decimal(0)
    recomputed: Decimal = Decimal(0)
    #: forms whose printed total is another than the sum of the printed scores, or than the recomputed one
    not_summed: int = 0
    not_recomputed: int = 0

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The sums of amounts. A department's form holds those of its projects: it counts only where these are not."""
        return self._of_others if self._has_others else self._of_departments

    def add(self, form: Row, severities: Counter[str], total_line: Row | None, is_copy: bool) -> None:
        """Count a form, with its findings and its line of the total; the amounts of a copy are there already."""
        self.forms += 1
        self.severities += severities
        if not is_copy:
            self._add_amounts(form["kind"] == "department", total_line or {})
        reported, summed, recomputed = (
            form[f"total_score_{one}"] for one in ("reported", "summed", "recomputed")
        )
        if isinstance(reported, Decimal) and isinstance(recomputed, Decimal):
            self.compared += 1
            self.reported = EXACT.add(self.reported, reported)
            self.recomputed = EXACT.add(self.recomputed, recomputed)
            self.not_recomputed += reported != recomputed
        if isinstance(reported, Decimal) and isinstance(summed, Decimal):
            self.not_summed += reported != summed

    def _add_amounts(self, of_department: bool, total_line: Row) -> None:
        """A form without a line of the total adds nothing."""
        self._has_others = self._has_others or not of_department
        add_amounts(self._of_departments if of_department else self._of_others, total_line)

    def mean(self, total: Decimal) -> Decimal | None:
        """The mean of the totals, to two decimals; None where no form has both."""
        return rounded(EXACT.divide(total, self.compared), SCORE_PLACES) if self.compared else None


def add_amounts(sums: dict[str, Decimal], amounts: Row | Mapping[str, Decimal]) -> None:
    """Add amounts to sums of the same names."""
    for name in AMOUNTS:
        if isinstance(amount := amounts.get(name), Decimal):
            sums[name] = EXACT.add(sums.get(name, Decimal(0)), amount)


@dataclass
class Kind:
    """A check that found something: its title, and how much of each severity."""

    title: str
    severities: Counter[str] = field(default_factory=Counter)


@dataclass
class Figures:
    """What a run amounts to: files by status, forms by policy, findings by check, and sums by unit and department."""

    statuses: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Kind] = field(default_factory=dict)
    total: Sum = field(default_factory=Sum)
    units: dict[str, Sum] = field(default_factory=dict)
    departments: dict[str, Sum] = field(default_factory=dict)

    def add(self, rows: Rows) -> None:
        """Count the rows of a file."""
        self.statuses.update(str(row["status"]) for row in rows.get("sources", ()))
        found: dict[Datum, Counter[str]] = {}
        copies = {row["form_id"] for row in rows.get("findings", ()) if row["code"] in COPIES}
        for row in rows.get("findings", ()):
            severity = str(row["severity"])
            found.setdefault(row["form_id"], Counter())[severity] += 1
            kind = self.kinds.setdefault(str(row["code"]), Kind(str(row["title"])))
            kind.severities[severity] += 1
        lines = _total_lines(rows.get("funds", ()))
        for form in rows.get("forms", ()):
            self.policies[str(form["policy"])] += 1
            unit, department = str(form["implementing_unit"]), str(form["department"])
            if not department and form["kind"] == "department":
                department = unit  # such a form speaks for itself
            sums = (
                self.total,
                _sum_of(self.units, unit or department),
                _sum_of(self.departments, department),
            )
            form_id = form["form_id"]
            for one in sums:
                one.add(form, found.get(form_id, Counter()), lines.get(form_id), form_id in copies)

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The sums of amounts over all departments."""
        sums: dict[str, Decimal] = {}
        for one in self.departments.values():
            add_amounts(sums, one.amounts)
        return sums


def _total_lines(funds: Iterable[Row]) -> dict[Datum, Row]:
    """The first line of the total of each form."""
    lines: dict[Datum, Row] = {}
    for row in funds:
        if row["item"] == "total":
            lines.setdefault(row["form_id"], row)
    return lines


def _sum_of(sums: dict[str, Sum], name: str) -> Sum:
    """That of a name, however it is written; it is called as it was written first."""
    return sums.setdefault(name_key(name), Sum(name))
