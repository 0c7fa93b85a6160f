"""When two runs speak of the same thing: texts and numbers as they are compared, and whose form it is."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import PureWindowsPath
from typing import NamedTuple

from normalize.fold import fold, squeeze
from zipingbiao.across.names import name_key, project_key
from zipingbiao.columns import Datum, Row
from zipingbiao.tables import written

#: findings that tell of a form that is there once more: in sums, its amounts count once
COPIES = ("CROSS01", "CROSS06")
# as the tables have it, or as the workbook shows it: 1,234.50 and 98.5%
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:,[0-9]{3}){0,9}(?:\.[0-9]{1,30})?%?")


class Identity(NamedTuple):
    """Whose form it is, as keys; a form of a whole department has no project."""

    kind: str
    unit: str
    project: str
    year: str


def plain(datum: Datum) -> str:
    """A datum as it is compared: without white space, half-width, and numbers without zeros at their end.

    The apostrophe that keeps Excel from computing a text is left out, and a percentage is the fraction it stands for.

    >>> plain(Decimal("10.00")), plain("10"), plain("'=A1"), plain("＝A1"), plain("1,234.50"), plain("98.50%")
    ('10', '10', '=A1', '=A1', '1234.5', '0.985')
    """
    text = squeeze(fold(written(datum))).lstrip("'")
    if not _NUMBER.fullmatch(text):
        return text
    number = Decimal(text.replace(",", "").rstrip("%"))
    return format((number.scaleb(-2) if text.endswith("%") else number).normalize(), "f")


def identity_of(form: Row) -> Identity | None:
    """None where unit or project is blank, or where ``form`` is no row of the table ``forms``: nobody can tell then."""
    if "kind" not in form:
        return None
    kind, year = str(form["kind"]), plain(form["fiscal_year"])
    unit = name_key(str(form["implementing_unit"])) or name_key(str(form["department"]))
    project = project_key(str(form["project_name"]), int(year) if year.isdecimal() else None)
    return Identity(kind, unit, project, year) if unit and (project or kind == "department") else None


def parts_of(form: Row) -> tuple[str, str]:
    """The content's part of a ``form_id`` and the form's position in its file: of a3f8-1~2 a3f8-1 and 1."""
    content = str(form["form_id"]).partition("~")[0]
    return content, content.rpartition("-")[2]


def path_of(form: Row) -> str:
    """The path of a form's file, by which Windows and other systems mean the same."""
    return str(form["source"]).replace("\\", "/").casefold()


def file_of(form: Row) -> str:
    """The name of a form's file."""
    return PureWindowsPath(path_of(form)).name
