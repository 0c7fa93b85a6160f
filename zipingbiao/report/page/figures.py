"""The figures of a run: what the bars of the report show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.document import Bilingual
from zipingbiao.checks.registry import SEVERITIES
from zipingbiao.explain import ALL_CHECKS, SEVERITY
from zipingbiao.report.page.views import UNNAMED, FormView
from zipingbiao.summary import STATUS
from zipingbiao.tables import Rows

#: units with the most findings that are shown
MOST_UNITS = 10
#: the colour of each status is that of a severity
_LIKE = {"ok": "good", "partial": "warning", "no_form": "note", "failed": "error"}


class Stretch(NamedTuple):
    """A part of a bar: how it looks, what it counts, and how many."""

    look: str
    name: Bilingual
    number: int


class Bar(NamedTuple):
    """A line of a chart; ``code`` is that of a check, where it is one's."""

    name: Bilingual
    stretches: Sequence[Stretch]
    code: str = ""

    @property
    def number(self) -> int:
        """All that its stretches count."""
        return sum(stretch.number for stretch in self.stretches)


class Chart(NamedTuple):
    """Bars of one scale; ``what`` heads their names, ``counted`` their numbers."""

    title: Bilingual
    what: Bilingual
    counted: Bilingual
    bars: Sequence[Bar]

    @property
    def scale(self) -> int:
        """The longest bar."""
        return max((bar.number for bar in self.bars), default=0) or 1


class Figures:
    """Counted as rows go by."""

    def __init__(self) -> None:
        self.forms = 0
        self._statuses: Counter[str] = Counter()
        self._severities: Counter[str] = Counter()
        self._codes: Counter[tuple[str, str]] = Counter()
        self._units: Counter[tuple[str, str]] = Counter()
        self.clean_forms = 0

    @property
    def files(self) -> int:
        """How many files there were."""
        return self._statuses.total()

    @property
    def findings(self) -> int:
        """How many findings there are, but for those that were accepted."""
        return sum(self._severities[severity] for severity in SEVERITIES)

    def count(self, severity: str) -> int:
        """How many findings of a severity."""
        return self._severities[severity]

    def status(self, status: str) -> int:
        """How many files of a status."""
        return self._statuses[status]

    def add(self, rows: Rows, forms: Iterable[FormView]) -> None:
        """Count the rows of a file, and its forms."""
        self._statuses.update(str(source["status"]) for source in rows.get("sources", ()))
        for form in forms:
            self.forms += 1
            said = Counter(str(finding.row["severity"]) for finding in form.findings)
            self._severities.update(said)
            self.clean_forms += not any(said[severity] for severity in SEVERITIES)
            for finding in form.findings:
                severity = str(finding.row["severity"])
                self._codes[str(finding.row["code"]), severity] += 1
                self._units[form.unit, severity] += 1

    def charts(self) -> list[Chart]:
        """Files by status, findings by severity and by check, and the units with the most."""
        findings = Bilingual("疑点数", "findings")
        statuses = [
            Bar(name, [Stretch(_LIKE[status], name, self._statuses[status])])
            for status, name in STATUS.items()
        ]
        severities = [
            Bar(name, [Stretch(severity, name, self._severities[severity])])
            for severity, name in SEVERITY.items()
            if severity in SEVERITIES or self._severities[severity]
        ]
        return [
            Chart(
                Bilingual("文件状态", "Files by status"),
                Bilingual("状态", "status"),
                Bilingual("文件数", "files"),
                statuses,
            ),
            Chart(
                Bilingual("疑点严重程度", "Findings by severity"),
                Bilingual("严重程度", "severity"),
                findings,
                severities,
            ),
            Chart(
                Bilingual("各项核查", "Findings by check"),
                Bilingual("核查", "check"),
                findings,
                self._bars_of_codes(),
            ),
            Chart(
                Bilingual("疑点最多的单位", "Units with the most findings"),
                Bilingual("单位", "unit"),
                findings,
                self._bars_of_units(),
            ),
        ]

    def _bars_of_codes(self) -> list[Bar]:
        codes = {code: Bilingual(code, code) for code, _ in self._codes}
        codes |= {code: check.title for code, check in ALL_CHECKS.items() if code in codes}
        bars = [Bar(title, _stretches(self._codes, code), code) for code, title in codes.items()]
        return sorted(bars, key=_worst_first)

    def _bars_of_units(self) -> list[Bar]:
        units = {unit for unit, _ in self._units}
        bars = [
            Bar(Bilingual(unit, unit) if unit else UNNAMED, _stretches(self._units, unit)) for unit in units
        ]
        return sorted(bars, key=_worst_first)[:MOST_UNITS]


def _stretches(counts: Counter[tuple[str, str]], name: str) -> list[Stretch]:
    """The severities of one name; what was accepted does not count."""
    return [
        Stretch(severity, SEVERITY[severity], count)
        for severity in SEVERITIES
        if (count := counts[name, severity])
    ]


def _worst_first(bar: Bar) -> tuple[int, str, str]:
    return -bar.number, bar.code, bar.name.zh
