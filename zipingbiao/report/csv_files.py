"""The tables as CSV: UTF-8 with byte order mark, so that Excel in China opens them right, and exact decimals."""

from __future__ import annotations

import csv
from pathlib import Path

from zipingbiao.columns import TABLES
from zipingbiao.report.draft import Draft, publish_all
from zipingbiao.tables import Rows, written

#: with these a text is a formula to Excel, and with these in it, one that can call something
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CALLS = ("(", "|", "!")


class CsvFiles:
    """One file a table; rows are written as they come."""

    def __init__(self, out: Path) -> None:
        self._drafts = {name: Draft(out / f"{name}.csv") for name in TABLES}
        self._files = {
            name: draft.path.open("x", encoding="utf-8-sig", errors="replace", newline="")
            for name, draft in self._drafts.items()
        }
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}
        for name, columns in TABLES.items():
            self._writers[name].writerow(column.name for column in columns)

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        for name, added in rows.items():
            columns = [column.name for column in TABLES[name]]
            self._writers[name].writerows(
                [harmless(written(row[column])) for column in columns] for row in added
            )

    def publish(self) -> None:
        """Close the files and give them their names. Raises `WriteError`."""
        for file in self._files.values():
            file.close()
        publish_all(self._drafts.values())

    def discard(self) -> None:
        """Remove what has been written."""
        for file in self._files.values():
            file.close()
        for draft in self._drafts.values():
            draft.discard()


def harmless(text: str) -> str:
    """A text that Excel shows instead of running it; what is no call stays exactly as printed.

    >>> harmless("=HYPERLINK(A1)"), harmless("=100%"), harmless("-3.5%"), harmless("—")
    ("'=HYPERLINK(A1)", '=100%', '-3.5%', '—')
    """
    if text.startswith(_FORMULA_STARTS) and any(mark in text for mark in _CALLS):
        return f"'{text}"
    return text
