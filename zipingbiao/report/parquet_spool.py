"""The rows of a table on their way into Parquet files, whose types are known only when all rows are.

Parquet wants to know the scale of a column of decimals before its first row. So the rows first go to a temporary
file with decimals as text, and come back typed when it is known how many decimals each column needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from zipingbiao.columns import Datum, Row
from zipingbiao.report.draft import WriteError
from zipingbiao.report.typed import TYPED, columns_of
from zipingbiao.tables import Rows, written

if TYPE_CHECKING:
    import pyarrow

#: the digits of a decimal128
MAX_DIGITS = 38
#: decimals that a column has at least, so that most runs agree on them: 分 in 万元 are six behind the point
SCALE = 6
#: rows, and characters of them, that are kept in memory before they become a row group
GROUP_ROWS, GROUP_CHARACTERS = 16_384, 64_000_000
#: a column of the temporary file alone: the year of each row
_YEAR = "year"


class Spools:
    """A spool for each table, in a folder of their own; ``by_year``, each row goes with the year of its form.

    Raises `WriteError` where pyarrow is missing.
    """

    def __init__(self, by_year: bool = False) -> None:
        if find_spec("pyarrow") is None:
            raise WriteError(
                '写出 Parquet 需要另装组件：pip install "zipingbiao[parquet]"。',
                'Writing Parquet needs one more package: pip install "zipingbiao[parquet]".',
            )
        self._by_year = by_year
        self._folder = TemporaryDirectory(prefix="zipingbiao-", ignore_cleanup_errors=True)
        self._spools = {name: Spool(Path(self._folder.name, name), name) for name in TYPED}

    def write(self, rows: Rows) -> None:
        """Append the rows of a file to their tables."""
        years: dict[Datum, int | None] = {}
        if self._by_year:
            years = {
                form["form_id"]: cast("int | None", form["fiscal_year"]) for form in rows.get("forms", ())
            }
        for name, added in rows.items():
            self._spools[name].write(added, [years.get(row.get("form_id")) for row in added])

    def finished(self) -> Iterator[tuple[str, Spool]]:
        """Each table with its rows, once all are there."""
        for name, spool in self._spools.items():
            spool.finish()
            yield name, spool

    def close(self) -> None:
        """Remove the temporary files."""
        for spool in self._spools.values():
            with suppress(OSError):
                spool.close()
        self._folder.cleanup()


class Spool:
    """The rows of a table on their way: in memory until they fill a group, then in the temporary file ``path``."""

    def __init__(self, path: Path, table: str) -> None:
        import pyarrow as pa

        self._table, self._columns = table, TYPED[table]
        self._path = path
        self._rows: list[Row] = []
        self._years: list[int | None] = []
        self._characters = 0
        self._needs = [_Need() for _ in self._columns]
        #: the years of the rows, each with the numbers of the groups that it occurs in
        self._groups_of: dict[int | None, list[int]] = {}
        self._written = 0
        self._schema = pa.schema(
            [
                *(
                    (one.column.name, pa.int64() if one.column.kind == "integer" else pa.string())
                    for one in self._columns
                ),
                (_YEAR, pa.int64()),
            ]
        )
        self._file = pa.OSFile(str(path), "wb")
        self._groups = pa.ipc.new_file(
            self._file, self._schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
        )

    def write(self, rows: Sequence[Row], years: Sequence[int | None]) -> None:
        """Append rows, each with the year by which `groups` tells them apart."""
        self._rows.extend(rows)
        self._years.extend(years)
        self._characters += sum(map(_characters, zip(*(row.values() for row in rows), strict=True)))
        if len(self._rows) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        columns: list[list[Datum]] = []
        for values, typed, need in zip(
            columns_of(self._rows, self._table), self._columns, self._needs, strict=True
        ):
            if typed.column.kind == "decimal":
                values = [None if one is None else written(one) for one in values]
                need.measure(values)
            columns.append(values)
        for year in set(self._years):
            self._groups_of.setdefault(year, []).append(self._written)
        arrays = [
            pa.array(values, field.type)
            for values, field in zip([*columns, self._years], self._schema, strict=True)
        ]
        self._groups.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._written += 1
        self._rows.clear()
        self._years.clear()
        self._characters = 0

    def close(self) -> None:
        """Write no more to the temporary file."""
        if not self._file.closed:
            self._groups.close()
            self._file.close()

    def finish(self) -> None:
        """All rows are there: from now on they can be read back."""
        self._flush()
        self.close()

    @property
    def years(self) -> list[int | None]:
        """The years of the rows, None last; [] where there is no row."""
        return sorted(self._groups_of, key=lambda year: (year is None, year or 0))

    def groups(self, year: int | None = None) -> Iterator[pyarrow.Table]:
        """The rows of a year in their order, typed, a group at a time."""
        import pyarrow as pa
        import pyarrow.compute as pc

        schema = self.schema()
        with pa.OSFile(str(self._path), "rb") as file, pa.ipc.open_file(file) as groups:
            for number in self._groups_of.get(year, ()):
                group = pa.Table.from_batches([groups.get_batch(number)])
                years = group[_YEAR]
                of_year = pc.is_null(years) if year is None else pc.equal(years, year)
                yield group.filter(of_year).drop_columns([_YEAR]).cast(schema)

    def schema(self) -> pyarrow.Schema:
        """The types of the columns by the rows so far, with what each column means."""
        import pyarrow as pa

        fields, meanings = [], {}
        for typed, need, spooled in zip(self._columns, self._needs, self._schema, strict=False):
            name, kind, zh, en, unit = typed.column
            meanings[name] = {"zh": zh, "en": en} | ({"unit": f"{unit.zh} ({unit.en})"} if unit.en else {})
            is_exact = kind == "decimal" and need.digits + need.scale <= MAX_DIGITS
            as_number = pa.decimal128(MAX_DIGITS, need.scale) if is_exact else spooled.type
            fields.append(pa.field(name, as_number, metadata=meanings[name]))
        # the first is for Arrow, the second for whoever else reads the file's own metadata
        return pa.schema(fields, metadata={"zipingbiao:columns": json.dumps(meanings, ensure_ascii=False)})


def _characters(data: Iterable[Any]) -> int:
    """How many characters a column has; none where it is one of numbers."""
    try:
        return sum(map(len, filter(None, data)))
    except TypeError:
        return 0


class _Need:
    """How many digits the numbers of a column have, in front of the point and behind it."""

    def __init__(self) -> None:
        self.digits, self.scale = 1, SCALE

    def measure(self, texts: Iterable[Datum]) -> None:
        """Look at numbers as text, each of them once: most are among a few."""
        for text in filter(None, set(texts)):
            whole, _, fraction = str(text).lstrip("-").partition(".")
            self.digits, self.scale = max(self.digits, len(whole)), max(self.scale, len(fraction))
