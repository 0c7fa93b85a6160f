"""What a run amounts to: how many files, forms and findings, and the few that a person should see first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import NamedTuple

from extract.document import Bilingual
from zipingbiao.checks.registry import IGNORED, SEVERITIES
from zipingbiao.columns import Row
from zipingbiao.tables import Rows

#: so many findings of a severity, and so many failed files, are kept to be shown
SHOWN = 20
#: what says that a form was given more than once: it stands at all of its copies but the first
COPY = "CROSS06"


class Shown(NamedTuple):
    """A finding, and what to call its form: the file's name, with the project where that does not say it."""

    form: str
    finding: Row


@dataclass
class Counts:
    """Counted as rows go by, in constant memory.

    ``statuses`` counts files by status, ``severities`` findings by severity; ``findings`` and ``failures`` hold the
    first few rows, ``of_copies`` those of forms that came before. ``reused`` is how many files were known from an
    earlier run, ``remarks`` what is to be said of the baseline and the ignored findings.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    forms: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[Shown]] = field(default_factory=lambda: {one: [] for one in SEVERITIES})
    of_copies: dict[str, list[Shown]] = field(default_factory=lambda: {one: [] for one in SEVERITIES})
    failures: list[Row] = field(default_factory=list)
    reused: int = 0
    remarks: list[Bilingual] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files there were."""
        return self.statuses.total()

    def add(self, rows: Rows) -> None:
        """Count the rows of a file."""
        names = {form["form_id"]: _name_of(form) for form in rows["forms"]}
        self.forms += len(rows["forms"])
        for source in rows["sources"]:
            self.statuses[str(source["status"])] += 1
            if source["status"] == "failed" and len(self.failures) < SHOWN:
                self.failures.append(source)
        copies = {finding["form_id"] for finding in rows["findings"] if finding["code"] == COPY}
        for finding in rows["findings"]:
            severity = str(finding["severity"])
            if severity == IGNORED:
                continue
            self.severities[severity] += 1
            shown = (self.of_copies if finding["form_id"] in copies else self.findings)[severity]
            if len(shown) < SHOWN:
                shown.append(Shown(names[finding["form_id"]], finding))

    def worst(self, most: int) -> list[Shown]:
        """The gravest findings, in the order of the files within a severity; notes are left to the tables.

        What a copy of a form repeats comes last.
        """
        graver = [severity for severity in SEVERITIES if severity != "note"]
        kept = (self.findings, self.of_copies)
        return [one for findings in kept for severity in graver for one in findings[severity]][:most]

    def reaches(self, severity: str) -> bool:
        """Whether there is a finding of this severity or a graver one; ``never`` is reached by none."""
        if severity not in SEVERITIES:
            return False
        return any(self.severities[one] for one in SEVERITIES[: SEVERITIES.index(severity) + 1])


def _name_of(form: Row) -> str:
    # a path is parted by either slash, whatever the system that wrote it
    file, project = PureWindowsPath(str(form["source"])).name, str(form["project_name"])
    return file if project in file else f"{file} {project}"
