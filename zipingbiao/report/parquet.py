"""The tables as Parquet, one file each, for pandas, DuckDB, R and Spark: typed columns and exact decimals."""

from __future__ import annotations

from pathlib import Path

from zipingbiao.report.draft import Draft
from zipingbiao.report.parquet_spool import GROUP_ROWS, Spool, Spools
from zipingbiao.report.typed import TYPED
from zipingbiao.tables import Rows


class ParquetFiles:
    """One file a table; a row group is written whenever it is full. Raises `WriteError` where pyarrow is missing."""

    def __init__(self, out: Path) -> None:
        self._drafts = {name: Draft(out / f"{name}.parquet") for name in TYPED}
        self._spools = Spools()

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        self._spools.write(rows)

    def finish(self) -> list[Draft]:
        """Write the files."""
        for name, spool in self._spools.finished():
            _write(spool, self._drafts[name].path)
        self._spools.close()
        return list(self._drafts.values())

    def discard(self) -> None:
        """Remove what has been written."""
        self._spools.close()
        for draft in self._drafts.values():
            draft.discard()


def _write(spool: Spool, path: Path) -> None:
    """Write all rows of a table as Parquet, a row group at a time."""
    import pyarrow.parquet as pq

    schema = spool.schema()
    with pq.ParquetWriter(path, schema, compression="zstd") as parquet:
        for group in spool.groups():
            parquet.write_table(group, row_group_size=GROUP_ROWS)
        if not spool.years:
            parquet.write_table(schema.empty_table())
