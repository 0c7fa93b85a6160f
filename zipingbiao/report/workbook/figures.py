"""What the front page and the sums by unit say, counted as rows go by; memory grows with the units, not the forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from normalize.exact import EXACT
from zipingbiao.across.names import name_key
from zipingbiao.columns import Datum, Row
from zipingbiao.formula import SCORE_PLACES, rounded
from zipingbiao.tables import Rows

#: the amounts of a form's line of the total
AMOUNTS = ("budget_initial_wan", "budget_adjusted_wan", "executed_wan")


@dataclass
class Sum:
    """The forms of a unit, or of all: findings by severity, amounts, and totals as printed and as recomputed."""

    name: str = ""
    forms: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    #: sums of amounts; a form without a line of the total adds nothing
    amounts: dict[str, Decimal] = field(default_factory=dict)
    #: forms that have both totals, and the sums of these
    compared: int = 0
    reported: Decimal = Decimal(0)
    recomputed: Decimal = Decimal(0)
    #: forms whose printed total is another than the sum of the printed scores, or than the recomputed one
    not_summed: int = 0
    not_recomputed: int = 0

    def add(self, form: Row, severities: Counter[str], total_line: Row | None) -> None:
        """Count a form, with its findings and its line of the total."""
        self.forms += 1
        self.severities += severities
        for name in AMOUNTS:
            amount = total_line[name] if total_line else None
            if isinstance(amount, Decimal):
                self.amounts[name] = EXACT.add(self.amounts.get(name, Decimal(0)), amount)
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

    def mean(self, total: Decimal) -> Decimal | None:
        """The mean of the totals, to two decimals; None where no form has both."""
        return rounded(EXACT.divide(total, self.compared), SCORE_PLACES) if self.compared else None


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
            sums = (self.total, _sum_of(self.units, unit), _sum_of(self.departments, department))
            for one in sums:
                one.add(form, found.get(form["form_id"], Counter()), lines.get(form["form_id"]))


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
