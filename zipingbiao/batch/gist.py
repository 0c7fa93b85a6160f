"""What the first pass of a run asks of a file, made where the file is read, so that its rows need not be unpacked there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zipingbiao.across.facts import Facts, facts_of
from zipingbiao.report.csv_files import csv_text
from zipingbiao.tables import Rows

#: bytes of texts that may wait for their turn; those of a longer file are made when it comes
MAX_TEXT = 250_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run wants to know: ``facts`` for its checks across forms, and the rows of some ``tables`` as CSV."""

    facts: bool = False
    tables: tuple[str, ...] = ()


NOTHING = Asked()


@dataclass(frozen=True, slots=True)
class Gist:
    """The facts of the forms of a file, and by table, its rows as they stand in a CSV file."""

    facts: tuple[Facts, ...]
    texts: Mapping[str, bytes]


def gist_of(rows: Rows, asked: Asked) -> Gist:
    """The gist of a file."""
    return Gist(
        tuple(facts_of(rows)) if asked.facts else (),
        {name: csv_text(name, rows[name]) for name in asked.tables if rows[name]},
    )


def early_gist_of(rows: Rows, asked: Asked) -> Gist | None:
    """The gist of a file whose turn may come later; None where it is too long to wait."""
    gist = gist_of(rows, asked)
    return gist if sum(map(len, gist.texts.values())) <= MAX_TEXT else None
