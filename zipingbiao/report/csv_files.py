"""The tables as CSV: UTF-8 with byte order mark, so that Excel in China opens them right, and exact decimals."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import cast

from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.report.draft import Draft
from zipingbiao.report.typed import REPLACING
from zipingbiao.tables import Rows, written

#: with these in front a text is a formula to Excel
_FORMULA_STARTS = frozenset("=+-@\t\r")
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
#: the data of a row, in the order of the columns
_DATA_OF = {name: itemgetter(*(column.name for column in columns)) for name, columns in TABLES.items()}
#: rows that are written at a time
_BATCH = 500


class CsvFiles:
    """One file a table; rows are written some hundred at a time, which takes half as long as file by file."""

    def __init__(self, out: Path) -> None:
        self._drafts = {name: Draft(out / f"{name}.csv") for name in TABLES}
        self._files = {name: draft.path.open("xb") for name, draft in self._drafts.items()}
        for name, file in self._files.items():
            file.write(codecs.BOM_UTF8 + _encoded([[column.name for column in TABLES[name]]]))
        self._waiting: dict[str, list[Row]] = {name: [] for name in TABLES}

    def append(self, texts: Mapping[str, bytes]) -> None:
        """Append rows that are CSV already, as `csv_text` makes it, to tables of which no others are written."""
        for name, text in texts.items():
            self._files[name].write(text)

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        for name, added in rows.items():
            self._waiting[name].extend(added)
            if len(self._waiting[name]) >= _BATCH:
                self._write_waiting(name)

    def _write_waiting(self, name: str) -> None:
        self._files[name].write(csv_text(name, self._waiting[name]))
        self._waiting[name].clear()

    def finish(self) -> list[Draft]:
        """Write what is left, and close the files."""
        for name in TABLES:
            self._write_waiting(name)
        for file in self._files.values():
            file.close()
        return list(self._drafts.values())

    def discard(self) -> None:
        """Remove what has been written."""
        for file in self._files.values():
            with suppress(OSError):  # a full disk takes no more of what waits to be written
                file.close()
        for draft in self._drafts.values():
            draft.discard()


def csv_text(table: str, rows: Iterable[Row]) -> bytes:
    """Rows of a table as they stand in its file. By column, which takes half as long as row by row."""
    columns = zip(*map(_DATA_OF[table], rows), strict=True)
    return _encoded(zip(*map(_cells, columns), strict=True))


def _encoded(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", REPLACING)


def _cells(data: Sequence[Datum]) -> Iterable[object]:
    """A column as the module `csv` shall have it. Nearly all are of one type: to ask each datum takes twice as long."""
    kinds = set(map(type, data))
    if kinds == {str}:
        texts = cast("Sequence[str]", data)
        return [harmless(text) if text[:1] in _FORMULA_STARTS else text for text in texts]
    if str in kinds:
        return [harmless(datum) if isinstance(datum, str) else written(datum) for datum in data]
    return map(written, data) if Decimal in kinds else data  # blanks and integers, which it writes by itself


def harmless(text: str) -> str:
    """A text that Excel shows instead of computing it.

    One that begins as a formula does (``= + - @``, a TAB) gets an apostrophe in front, unless it is a single
    number, signs alone or a telephone number: these stay as printed, as does everything else.

    >>> harmless("=HYPERLINK(A1)"), harmless("=1+1"), harmless("@SUM"), harmless("-2+3"), harmless("+cmd")
    ("'=HYPERLINK(A1)", "'=1+1", "'@SUM", "'-2+3", "'+cmd")
    >>> harmless("=100%"), harmless("-3.5%"), harmless("—"), harmless("-"), harmless("+86 130 5550 0147")
    ('=100%', '-3.5%', '—', '-', '+86 130 5550 0147')
    """
    return f"'{text}" if text[:1] in _FORMULA_STARTS and not _NO_FORMULA.fullmatch(text) else text
