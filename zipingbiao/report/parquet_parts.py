"""The tables of very many forms as Parquet: a folder a table, in it one a year, in it files of bounded size.

``zipingbiao.parquet/cells/year=2023/part-00000.parquet``: what reads such folders, as DuckDB, pyarrow, Spark and Dask
do, takes each table as one, with a column ``year`` more, and opens only the years that it is asked for. All parts of a
table have the same columns of the same types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from zipingbiao.report.draft import Draft, FolderDraft, WriteError
from zipingbiao.report.parquet_spool import GROUP_CHARACTERS, GROUP_ROWS, Spool, Spools
from zipingbiao.tables import Rows

if TYPE_CHECKING:
    import pyarrow

FOLDER = "zipingbiao.parquet"
#: the rows of a file, a multiple of those of a group
PART_ROWS = 128 * GROUP_ROWS
#: how a folder is named, and what stands in the name where a row has no year: whatever reads it takes that for blank
YEAR, NO_YEAR = "year={}", "__HIVE_DEFAULT_PARTITION__"


class ParquetParts:
    """A folder of files a table, by the year of their forms. Raises `WriteError` where pyarrow is missing."""

    def __init__(self, out: Path) -> None:
        self._spools = Spools(by_year=True)
        try:
            self._draft = FolderDraft(out / FOLDER)
        except WriteError:
            self._spools.close()
            raise

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        self._spools.write(rows)

    def finish(self) -> list[Draft]:
        """Write the files."""
        for name, spool in self._spools.finished():
            _write(spool, self._draft.path / name)
        self._spools.close()
        return [self._draft]

    def discard(self) -> None:
        """Remove what has been written."""
        self._spools.close()
        self._draft.discard()


def _write(spool: Spool, folder: Path) -> None:
    """Write the rows of a table; one without any year, such as `sources`, has no folders of years."""
    years = spool.years
    if years in ([], [None]):
        _write_parts(spool, None, folder)
        return
    for year in years:
        _write_parts(spool, year, folder / YEAR.format(NO_YEAR if year is None else year))


def _write_parts(spool: Spool, year: int | None, folder: Path) -> None:
    """Write the rows of a year as files of some `PART_ROWS`; where there is no row, as a file without one."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    schema = spool.schema()
    with ExitStack() as opened:
        rows, count = PART_ROWS, 0
        for group in _full(spool.groups(year), schema):
            if rows >= PART_ROWS:
                opened.close()
                # in the order of their names, parts have the rows in theirs
                path = folder / f"part-{count:05}.parquet"
                parquet = opened.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))
                rows, count = 0, count + 1
            parquet.write_table(group, row_group_size=GROUP_ROWS)
            rows += group.num_rows


def _full(groups: Iterable[pyarrow.Table], schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """The same rows in full groups, at least one: those of a year may come few at a time, among others."""
    import pyarrow as pa

    waiting, is_first = schema.empty_table(), True
    for group in groups:
        waiting = pa.concat_tables([waiting, group])
        while waiting.num_rows >= GROUP_ROWS or waiting.nbytes >= GROUP_CHARACTERS:
            yield waiting.slice(0, GROUP_ROWS)
            waiting, is_first = waiting.slice(GROUP_ROWS), False
    if waiting.num_rows or is_first:
        yield waiting
