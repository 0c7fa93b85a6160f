"""What a run does with the rows of all its files, once each of them has been read: findings are added, or known ones set aside.

A run has two passes. In the first, each stage looks at every file; in the second, it gets the rows, in the same order,
and gives them on as they shall stand in the tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from zipingbiao.across.facts import Facts
from zipingbiao.columns import TABLES, Row
from zipingbiao.tables import DIGITS, Rows

#: the column of ``forms`` that counts the findings of a severity; others, such as those set aside, are not counted
COUNTED = {"error": "errors", "warning": "warnings", "note": "notes"}
#: the tables that only the second pass can write, since findings are amended and counted there
LATE = ("sources", "forms", "findings", "unknown_labels")


class Stage(Protocol):
    """What looks at all files before it amends the rows of any."""

    @property
    def looks_at(self) -> Collection[str]:
        """The tables of which it must see the rows. Where one is not of `LATE`, it may amend all tables, else these."""

    def look(self, rows: Rows, facts: Sequence[Facts], /) -> None:
        """See the rows of a file and the facts of its forms in the first pass; files come in their order."""

    def amend(self, rows: Rows) -> Rows:
        """The rows of a file for the tables, changed or not; files come again in the same order."""


def early_tables(stages: Sequence[Stage]) -> tuple[str, ...]:
    """The tables that the first pass can write, since no stage amends them."""
    looked_at = {table for stage in stages for table in stage.looks_at}
    return tuple(name for name in TABLES if name not in LATE) if looked_at <= set(LATE) else ()


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
        return self.next(str(about["source"]), str(about["sha256"])).told_apart(rows)

    def next(self, source: str, sha256: str) -> Twin:
        """How the next file is told apart; ``source`` is what it is called, ``sha256`` blank if it could not be read."""
        name, copy = source, 1
        while name in self._sources:
            copy += 1
            name = f"{source}~{copy}"
        self._sources.add(name)
        # as much of it as a form_id has: files whose digests only begin alike are told apart as well
        begins = sha256[:DIGITS]
        self._copies[begins] += 1
        return Twin(source, name, self._copies[begins] if begins else 1)


class Twin(NamedTuple):
    """A file that was called ``source`` and gets a ``name`` of its own; it is the first, second … ``copy`` of its content."""

    source: str
    name: str
    copy: int

    @property
    def is_plain(self) -> bool:
        """Whether no file before it is called so, or has its content: its rows stay as they are."""
        return self.name == self.source and self.copy == 1

    def told_apart(self, rows: Rows) -> Rows:
        """Its rows, with its own name and form numbers."""
        if self.is_plain:
            return rows
        return {name: [self._own(row) for row in table] for name, table in rows.items()}

    def _own(self, row: Row) -> Row:
        own = dict(row)
        if own.get("source") == self.source:
            own["source"] = self.name
        if own.get("form_id") and self.copy > 1:
            own["form_id"] = f"{own['form_id']}~{self.copy}"
        return own
