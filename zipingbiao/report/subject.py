"""What a finding is about, in the words that people use: the indicator or the line, and which of its fields."""

from __future__ import annotations

from extract.document import Bilingual
from zipingbiao.columns import TABLES, Row
from zipingbiao.show import role_name

#: subjects of findings that are no field and no indicator
_PARTS = {
    "total": Bilingual("总分", "total"),
    "form": Bilingual("整张表", "whole form"),
    "narrative": Bilingual("自评报告", "narrative"),
}
_FUNDS = Bilingual("资金总额", "total of funds")
#: by these a finding about a total is told to be one about the total of funds; weight and score have both
_FUND_FIELDS = frozenset(
    ("budget_initial", "budget_adjusted", "received", "executed", "execution_rate", "reason")
)
_FUND_CHECKS = "FUND"
#: where several tables have a column, as the first of them calls it
_COLUMNS = {column.name: column.zh for table in reversed(list(TABLES.values())) for column in table}


def subject_of(finding: Row) -> Bilingual:
    """An indicator's name as printed, or what to call a line of the funds or a part of the form."""
    subject = str(finding["subject"])
    if subject == "total" and (
        finding["field"] in _FUND_FIELDS or str(finding["code"]).startswith(_FUND_CHECKS)
    ):
        return _FUNDS
    return _PARTS.get(subject) or Bilingual(role_name(subject, "zh"), subject)


def field_of(finding: Row) -> Bilingual:
    """What to call its column, which is a field of the form or a column of a table."""
    field = str(finding["field"])
    name = name_of(field)
    return name._replace(zh=_COLUMNS.get(field, name.zh)) if name.zh == field else name


def name_of(role: str) -> Bilingual:
    """What to call what a cell was read as."""
    return Bilingual(role_name(role, "zh"), role.removeprefix("extra:").replace("_", " "))
