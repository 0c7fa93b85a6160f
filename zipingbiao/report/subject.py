"""What findings and forms say, as people write it: what a finding is about, its numbers, and the policy's name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from extract.document import Bilingual
from normalize.values.exact import EXACT
from zipingbiao.columns import FRACTION, TABLES, Datum, Row
from zipingbiao.show import role_name
from zipingbiao.tables import written

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
#: fields whose numbers are fractions, which people read in percent
_FRACTIONS = frozenset(
    column.name for table in TABLES.values() for column in table if column.unit == FRACTION
)


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


@cache
def policy_of(name: str) -> Bilingual:
    """What to call a policy: an office's own by its name.

    >>> policy_of("mof-2020").en, policy_of("某市办法").zh
    ('Ministry of Finance, Caiyu [2020] No. 10', '某市办法')
    """
    known = tomllib.loads(files(__package__).joinpath("policies.toml").read_text(encoding="utf-8"))
    return Bilingual(**known[name]) if name in known else Bilingual(name, name)


def shown(finding: Mapping[str, Datum], column: str) -> str:
    """What a finding's column says, as people write it: a fraction in percent, all else as in the table.

    >>> shown({"field": "execution_rate", "reported": Decimal("0.985")}, "reported")
    '98.5%'
    >>> shown({"field": "score", "reported": Decimal("0.985")}, "reported")
    '0.985'
    """
    text = written(finding[column])
    return in_percent(text) if finding["field"] in _FRACTIONS else text


def in_percent(text: str) -> str:
    """A fraction in percent, exactly; what is no number stays.

    >>> in_percent("0.8908"), in_percent("1.0000"), in_percent("< 0.9"), in_percent("")
    ('89.08%', '100.00%', '< 0.9', '')
    """
    number = number_in(text)
    return text if number is None else f"{number.scaleb(2, EXACT):f}%"


def number_in(text: str) -> Decimal | None:
    """The number that a cell of a table holds, thousands apart or not; None where it holds none.

    >>> number_in("1,234.50"), number_in("98.5%"), number_in("NaN")
    (Decimal('1234.50'), None, None)
    """
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
