"""The tables as CSV: UTF-8 with byte order mark, so that Excel in China opens them right, and exact decimals."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from zipingbiao.columns import TABLES, Datum
from zipingbiao.report.draft import Draft
from zipingbiao.report.typed import REPLACING
from zipingbiao.tables import Rows, written

#: with these in front a text is a formula to Excel
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NO_FORMULA = re.compile(
    r"""
    # -3.5   =100%   -1,234.00万元   +8个（套）: one number, maybe with a unit
      [=+-]? [ ]? [0-9][0-9,.]* [%％‰]? [\u3400-\u9fff（）]{0,8}
    # -   --   =: signs alone; @某科: the name of no function
    | [=+-]{1,9} | @[\u3400-\u9fff]{1,40}
    # +86 10 5550 1234   +86-130-0000-0147
    | \+[0-9][0-9 -]{6,19}
    """,
    re.VERBOSE,
)


class CsvFiles:
    """One file a table; rows are written as they come."""

    def __init__(self, out: Path) -> None:
        self._drafts = {name: Draft(out / f"{name}.csv") for name in TABLES}
        self._files = {
            name: draft.path.open("x", encoding="utf-8-sig", errors=REPLACING, newline="")
            for name, draft in self._drafts.items()
        }
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}
        for name, columns in TABLES.items():
            self._writers[name].writerow(column.name for column in columns)

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        for name, added in rows.items():
            columns = [column.name for column in TABLES[name]]
            self._writers[name].writerows([_cell(row[column]) for column in columns] for row in added)

    def finish(self) -> list[Draft]:
        """Close the files."""
        for file in self._files.values():
            file.close()
        return list(self._drafts.values())

    def discard(self) -> None:
        """Remove what has been written."""
        for file in self._files.values():
            file.close()
        for draft in self._drafts.values():
            draft.discard()


def _cell(datum: Datum) -> str:
    if datum is None:
        return ""
    text = datum if isinstance(datum, str) else written(datum)
    return harmless(text) if text.startswith(_FORMULA_STARTS) else text


def harmless(text: str) -> str:
    """A text that Excel shows instead of computing it.

    One that begins as a formula does (``= + - @``, a TAB) gets an apostrophe in front, unless it is a single
    number, signs alone or a telephone number: these stay as printed, as does everything else.

    >>> harmless("=HYPERLINK(A1)"), harmless("=1+1"), harmless("@SUM"), harmless("-2+3"), harmless("+cmd")
    ("'=HYPERLINK(A1)", "'=1+1", "'@SUM", "'-2+3", "'+cmd")
    >>> harmless("=100%"), harmless("-3.5%"), harmless("—"), harmless("-"), harmless("+86 130 5550 0147")
    ('=100%', '-3.5%', '—', '-', '+86 130 5550 0147')
    """
    if text.startswith(_FORMULA_STARTS) and not _NO_FORMULA.fullmatch(text):
        return f"'{text}"
    return text
