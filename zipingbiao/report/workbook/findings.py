"""The sheet of findings: what an auditor asks for first stands first, and what a finding says of its form beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zipingbiao.columns import FINDINGS, FORMS, Column, Row
from zipingbiao.explain import SEVERITY
from zipingbiao.report.subject import field_of, subject_of
from zipingbiao.report.workbook.looks import Looks
from zipingbiao.report.workbook.sheet import Sheet

#: the severity, and subject and field, in words; and what a form says of itself
LEVEL = Column("level", "text", "级别", "the severity in a word")
ABOUT = Column("about", "text", "核查对象", "subject and field in words")
OF_FORM = ("project_name", "implementing_unit", "department", "fiscal_year")
#: in this order; on paper comes what stands before the bar
_PRINTED = (
    "level", "code", "title", "project_name", "implementing_unit", "about", "reported", "expected", "difference",
    "message", "place",
)  # fmt: skip
_FURTHER = ("source", "form_id", "department", "fiscal_year", "subject", "field", "severity", "ignore_reason")
#: columns whose texts go on in a next line, with their widths
_WRAPPED = {
    "title": 18, "project_name": 24, "implementing_unit": 20, "department": 20, "about": 20, "reported": 14,
    "expected": 14, "message": 60, "place": 34, "source": 30, "ignore_reason": 30,
}  # fmt: skip


def finding_columns(lang: str) -> tuple[Column, ...]:
    """The columns of the sheet; one that is new in the table comes last. English needs no word for a severity."""
    known = {column.name: column for column in (*FORMS, *FINDINGS, LEVEL, ABOUT)}
    first = [name for name in _PRINTED if name != LEVEL.name or lang != "en"]
    if lang == "en":
        first.insert(0, "severity")
    names = dict.fromkeys((*first, *_FURTHER, *(column.name for column in FINDINGS)))
    return tuple(known[name] for name in names)


class FindingsSheet:
    """The sheet of findings; each row leads to that of its form, and to its file."""

    def __init__(self, sheet: Any, looks: Looks, lang: str) -> None:
        self.sheet = Sheet(
            sheet, "findings", finding_columns(lang), looks, lang, _WRAPPED, printed=len(_PRINTED)
        )
        self._lang = lang

    def write(self, finding: Row, form: Row | None, links: Mapping[str, str]) -> None:
        """Append a finding of a form."""
        word = SEVERITY[str(finding["severity"])].in_language(self._lang)
        subject, field = (one(finding).in_language(self._lang) for one in (subject_of, field_of))
        about = f"{subject}：{field}" if self._lang != "en" else f"{subject}: {field}"
        of_form = {name: form[name] if form else None for name in OF_FORM}
        self.sheet.write({**of_form, **finding, LEVEL.name: word, ABOUT.name: about}, links)
