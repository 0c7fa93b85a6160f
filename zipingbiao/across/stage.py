"""The stage of a run that compares its forms: facts are kept in the first pass, findings added in the second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from normalize.values.exact import EXACT
from zipingbiao.across.facts import Facts
from zipingbiao.across.registry import ACROSS, Conflict, Function
from zipingbiao.checks.registry import SEVERITIES, Check, is_chosen
from zipingbiao.columns import Row
from zipingbiao.policy import load_policy
from zipingbiao.tables import Rows

if TYPE_CHECKING:
    from zipingbiao.pipeline import Settings


class Across:
    """Compares all forms of a run; with nothing to compare, or no such check chosen, rows stay as they are."""

    looks_at = ()

    def __init__(self, settings: Settings) -> None:
        self._lang = settings.lang
        self._policy = load_policy(settings.policy) if settings.policy else load_policy()
        self._checks = [
            one for code, one in sorted(ACROSS.items()) if is_chosen(code, settings.select, settings.ignore)
        ]
        #: whether it asks for the facts of forms
        self.compares = bool(self._checks)
        self._forms: list[Facts] = []
        self._found: dict[int, list[Row]] | None = None
        self._amended = 0

    def look(self, rows: Rows, facts: Sequence[Facts]) -> None:
        """Keep the facts of a file's forms."""
        self._forms += (one.numbered(number) for number, one in enumerate(facts, len(self._forms)))

    def amend(self, rows: Rows) -> Rows:
        """The rows of a file, with what its forms have against others behind their own findings."""
        if self._found is None:
            self._found = self._compared()
        added: list[Row] = []
        for number, form in enumerate(rows["forms"], self._amended):
            for finding in self._found.pop(number, ()):
                added.append({**finding, "form_id": form["form_id"], "source": form["source"]})
        self._amended += len(rows["forms"])
        return {**rows, "findings": [*rows["findings"], *added]} if added else rows

    def _compared(self) -> dict[int, list[Row]]:
        """The findings of each form, by its number, the gravest first; facts are forgotten."""
        found: dict[int, list[Row]] = defaultdict(list)
        for check in sorted(self._checks, key=lambda one: SEVERITIES.index(one.severity)):
            for conflict in check.find(self._forms, self._policy):
                found[conflict.form.number].append(_row(check, conflict, self._lang))
        self._forms.clear()
        return dict(found)


def _row(check: Check[Function], conflict: Conflict, lang: str) -> Row:
    """A row of the table ``findings``; its form and file are known when it is written."""
    reported, expected = conflict.reported, conflict.expected
    difference = None
    if isinstance(reported, Decimal) and isinstance(expected, Decimal):
        difference = EXACT.subtract(reported, expected)
    return {
        "form_id": "",
        "source": "",
        "code": check.code,
        "title": check.title.in_language(lang),
        "severity": check.severity,
        "subject": conflict.subject,
        "field": conflict.field,
        "reported": reported,
        "expected": expected,
        "difference": difference,
        "message": conflict.en if lang == "en" else conflict.zh,
        "place": conflict.place,
        "ignore_reason": "",
    }
