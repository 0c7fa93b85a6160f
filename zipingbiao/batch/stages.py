"""What a run does with the rows of all its files, once each of them has been read: findings are added, or known ones set aside.

A run has two passes. In the first, each stage sees the rows of every file; in the second, it gets them again, in the
same order, and gives them on as they shall stand in the tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from zipingbiao.columns import Row
from zipingbiao.tables import DIGITS, Rows

#: the column of ``forms`` that counts the findings of a severity; others, such as those set aside, are not counted
COUNTED = {"error": "errors", "warning": "warnings", "note": "notes"}


class Stage(Protocol):
    """What looks at all files before it amends the rows of any."""

    def look(self, rows: Rows) -> None:
        """See the rows of a file in the first pass; files come in their order."""

    def amend(self, rows: Rows) -> Rows:
        """The rows of a file for the tables, changed or not; files come again in the same order."""


def amended(rows: Rows, stages: Sequence[Stage]) -> Rows:
    """The rows of a file after all stages, with the findings of each form counted anew."""
    for stage in stages:
        rows = stage.amend(rows)
    return recounted(rows) if stages else rows


def recounted(rows: Rows) -> Rows:
    """The rows of a file, where the row of each form counts the findings as they now are."""
    found = Counter((row["form_id"], row["severity"]) for row in rows["findings"])
    forms: list[Row] = [
        {**form, **{column: found[form["form_id"], one] for one, column in COUNTED.items()}}
        for form in rows["forms"]
    ]
    return {**rows, "forms": forms}


class Twins:
    """Tells equal files apart: a second copy's forms are ``…-1~2``, so that a ``form_id`` is there only once.

    Names that are equal once what is not UTF-8 in them is replaced are told apart in the same way.
    """

    def __init__(self) -> None:
        self._copies: Counter[str] = Counter()
        self._sources: set[str] = set()

    def apart(self, rows: Rows) -> Rows:
        """The rows of a file, with form numbers and a name that no file before it has."""
        about = rows["sources"][0]
        rows = self._named(rows, str(about["source"]))
        # as much of it as a form_id has: files whose digests only begin alike are told apart as well
        begins = str(about["sha256"])[:DIGITS]
        self._copies[begins] += 1
        copy = self._copies[begins]
        if copy == 1 or not begins:
            return rows
        return {name: [_numbered(row, copy) for row in table] for name, table in rows.items()}

    def _named(self, rows: Rows, source: str) -> Rows:
        name, copy = source, 1
        while name in self._sources:
            copy += 1
            name = f"{source}~{copy}"
        self._sources.add(name)
        if name == source:
            return rows
        return {
            table: [{**row, "source": name} if row.get("source") == source else row for row in some]
            for table, some in rows.items()
        }


def _numbered(row: Row, copy: int) -> Row:
    return {**row, "form_id": f"{row['form_id']}~{copy}"} if row.get("form_id") else row
