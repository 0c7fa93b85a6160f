"""The tables as Parquet, one file each, for pandas, DuckDB, R and Spark: typed columns and exact decimals.

Parquet wants to know the scale of a column of decimals before its first row. So the rows first go to temporary
files with decimals as text, and into the Parquet files when it is known how many decimals each column needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from zipingbiao.columns import Datum, Row
from zipingbiao.report.draft import Draft, WriteError
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


class ParquetFiles:
    """One file a table; a row group is written whenever it is full. Raises `WriteError` where pyarrow is missing."""

    def __init__(self, out: Path) -> None:
        if find_spec("pyarrow") is None:
            raise WriteError(
                "写出 Parquet 需要另装组件：pip install 'zipingbiao[parquet]'。",
                "Writing Parquet needs one more package: pip install 'zipingbiao[parquet]'.",
            )
        self._folder = TemporaryDirectory(prefix="zipingbiao-", ignore_cleanup_errors=True)
        self._drafts = {name: Draft(out / f"{name}.parquet") for name in TYPED}
        self._spools = {name: _Spool(Path(self._folder.name, name), name) for name in TYPED}

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        for name, added in rows.items():
            self._spools[name].write(added)

    def finish(self) -> list[Draft]:
        """Write the files."""
        for name, spool in self._spools.items():
            spool.write_parquet(self._drafts[name].path)
        self._folder.cleanup()
        return list(self._drafts.values())

    def discard(self) -> None:
        """Remove what has been written."""
        for name, spool in self._spools.items():
            with suppress(OSError):
                spool.close()
            self._drafts[name].discard()
        self._folder.cleanup()


class _Spool:
    """The rows of a table on their way: in memory until they fill a row group, then in a temporary file."""

    def __init__(self, path: Path, table: str) -> None:
        import pyarrow as pa

        self._table, self._columns = table, TYPED[table]
        self._path = path
        self._rows: list[Row] = []
        self._characters = 0
        self._needs = [_Need() for _ in self._columns]
        self._schema = pa.schema(
            [
                (one.column.name, pa.int64() if one.column.kind == "integer" else pa.string())
                for one in self._columns
            ]
        )
        self._file = pa.OSFile(str(path), "wb")
        self._groups = pa.ipc.new_file(
            self._file, self._schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
        )

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._rows.extend(rows)
        self._characters += sum(map(_characters, zip(*(row.values() for row in rows), strict=True)))
        if len(self._rows) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._rows:
            return
        arrays = []
        for values, typed, field, need in zip(
            columns_of(self._rows, self._table), self._columns, self._schema, self._needs, strict=True
        ):
            if typed.column.kind == "decimal":
                values = [None if one is None else written(one) for one in values]
                need.measure(values)
            arrays.append(pa.array(values, field.type))
        self._groups.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._rows.clear()
        self._characters = 0

    def close(self) -> None:
        """Write no more to the temporary file."""
        if not self._file.closed:
            self._groups.close()
            self._file.close()

    def write_parquet(self, path: Path) -> None:
        """Write all rows as Parquet, a row group at a time."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._flush()
        self.close()
        schema = self._typed_schema()
        with (
            pa.OSFile(str(self._path), "rb") as file,
            pa.ipc.open_file(file) as groups,
            pq.ParquetWriter(path, schema, compression="zstd") as parquet,
        ):
            for number in range(groups.num_record_batches):
                group = pa.Table.from_batches([groups.get_batch(number)])
                parquet.write_table(group.cast(schema), row_group_size=GROUP_ROWS)
            if not groups.num_record_batches:
                parquet.write_table(schema.empty_table())

    def _typed_schema(self) -> pyarrow.Schema:
        """The types, now that all numbers are known, with what each column means."""
        import pyarrow as pa

        fields, meanings = [], {}
        for typed, need, spooled in zip(self._columns, self._needs, self._schema, strict=True):
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
