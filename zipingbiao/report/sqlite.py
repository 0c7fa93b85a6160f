"""All tables as one SQLite database, for Datasette, DB Browser and SQL: ``zipingbiao.sqlite``.

SQLite has no exact decimals. So the tables hold them as text, exactly as everywhere else, and the views ``v_…``
hold the same columns as binary numbers, to sort, compare and add up.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from zipingbiao.columns import ABOUT, Column, Row, references
from zipingbiao.report.draft import Draft
from zipingbiao.report.typed import TYPED, Typed, as_text, columns_of
from zipingbiao.tables import Rows

FILE = "zipingbiao.sqlite"
_TYPES = {"text": "TEXT", "decimal": "TEXT", "integer": "INTEGER"}
#: the views of numbers: on each table that has decimals to compute with, and what they say of the form beside it
NUMBERS_OF = ("forms", "funds", "indicators", "findings")
OF_FORM = ("project_name", "implementing_unit", "department", "fiscal_year")
#: columns by which people search, beside those that refer to another table
INDEXED = {"forms": ("implementing_unit",), "findings": ("code", "severity"), "cells": ("role",)}
#: rows that are handed over at a time
_BATCH = 2_000


class SqliteFile:
    """``zipingbiao.sqlite``: one transaction, without a journal, since a draft that fails is thrown away."""

    def __init__(self, out: Path) -> None:
        self._draft = Draft(out / FILE)
        self._waiting: dict[str, list[Row]] = {name: [] for name in TYPED}
        with _refusals():
            self._db = sqlite3.connect(self._draft.path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("BEGIN")
            for name, columns in TYPED.items():
                self._db.execute(_table(name, columns))
            self._describe()

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        for name, added in rows.items():
            self._waiting[name].extend(added)
            if len(self._waiting[name]) >= _BATCH:
                self._insert(name)

    def _insert(self, name: str) -> None:
        columns = TYPED[name]
        names = ", ".join(_quoted(typed.column.name) for typed in columns)
        marks = ", ".join("?" * len(columns))
        data = [
            list(map(as_text, values)) if typed.column.kind == "decimal" else values
            for typed, values in zip(columns, columns_of(self._waiting[name], name), strict=True)
        ]
        with _refusals():
            self._db.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", zip(*data, strict=True))
        self._waiting[name].clear()

    def _describe(self) -> None:
        """The table ``columns``: what each column means."""
        self._db.execute(_COLUMNS)
        self._db.executemany(
            "INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    name,
                    position,
                    one.column.name,
                    one.column.kind,
                    one.column.zh,
                    one.column.en,
                    *one.column.unit,
                )
                for name, columns in TYPED.items()
                for position, one in enumerate(columns, 1)
            ],
        )

    def finish(self) -> list[Draft]:
        """Write what is left, then indexes and views."""
        for name in TYPED:
            self._insert(name)
        with _refusals():
            for statement in (*_indexes(), *map(_view, NUMBERS_OF)):
                self._db.execute(statement)
            for statement in _own_views():
                self._db.execute(statement)
            self._db.execute("COMMIT")
            self._db.close()
        return [self._draft]

    def discard(self) -> None:
        """Remove what has been written."""
        self._db.close()
        self._draft.discard()


_NEXT = ",\n  "
_COLUMNS = """
    CREATE TABLE columns (
        table_name TEXT NOT NULL,
        position INTEGER NOT NULL,
        column_name TEXT NOT NULL,
        kind TEXT NOT NULL,         -- text, integer, or decimal: exact, written as text
        zh TEXT NOT NULL,
        en TEXT NOT NULL,
        unit_zh TEXT NOT NULL,
        unit_en TEXT NOT NULL,
        PRIMARY KEY (table_name, column_name)
    )
"""


def _table(name: str, columns: tuple[Typed, ...]) -> str:
    """A table; where no columns tell its rows apart, ``id`` counts them."""
    key = ABOUT[name].key
    lines = [] if key else ["id INTEGER PRIMARY KEY"]
    lines += [f"{_quoted(one.column.name)} {_TYPES[one.column.kind]}" for one in columns]
    lines += [f"PRIMARY KEY ({', '.join(map(_quoted, key))})"] if key else []
    for column, other in references(name).items():
        lines.append(f"FOREIGN KEY ({_quoted(column)}) REFERENCES {other} ({_quoted(column)})")
    return f"CREATE TABLE {name} (\n  {_NEXT.join(lines)}\n)"


def _indexes() -> Iterator[str]:
    for name in TYPED:
        for column in (*references(name), *INDEXED.get(name, ())):
            yield f"CREATE INDEX {name}_{column} ON {name} ({_quoted(column)})"


def _view(name: str) -> str:
    """A table again, with numbers to compute with, and with what its form says of itself."""
    own = [_computable(typed.column) for typed in TYPED[name]]
    if name == "forms":
        return f"CREATE VIEW v_forms AS SELECT\n  {_NEXT.join(own)}\nFROM forms AS one"
    of_form = [*([] if ABOUT[name].key else ["one.id"]), *(f"form.{column}" for column in OF_FORM)]
    return (
        f"CREATE VIEW v_{name} AS SELECT\n  {_NEXT.join([*of_form, *own])}\n"
        f"FROM {name} AS one LEFT JOIN forms AS form ON form.form_id = one.form_id"
    )


def _computable(column: Column) -> str:
    name = f"one.{_quoted(column.name)}"
    return f"CAST({name} AS REAL) AS {_quoted(column.name)}" if column.kind == "decimal" else name


def _own_views() -> list[str]:
    """The statements of ``views.sql``, which stands beside this module."""
    text = files("zipingbiao.report").joinpath("views.sql").read_text(encoding="utf-8")
    return [statement for statement in text.split(";\n") if statement.strip()]


def _quoted(name: str) -> str:
    return f'"{name}"'


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise what SQLite says of the disk as `OSError`."""
    try:
        yield
    except sqlite3.Error as err:
        is_full = getattr(err, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        raise OSError(*((errno.ENOSPC, os.strerror(errno.ENOSPC)) if is_full else (str(err),))) from err
