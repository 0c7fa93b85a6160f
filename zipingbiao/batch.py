"""Read and check many files: `run`, and what it leaves behind, `Run`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from extract.document import Bilingual
from zipingbiao.columns import TABLES, Row
from zipingbiao.counts import Counts
from zipingbiao.inputs import find_files
from zipingbiao.pipeline import Settings, read_rows, rows_of_lost
from zipingbiao.policy import load_policy
from zipingbiao.report.writers import ResultFiles, files_of
from zipingbiao.tables import Rows, empty_rows

if TYPE_CHECKING:
    import pandas

#: seconds that a file may take; reading one takes a hundredth of a second
TIMEOUT = 120.0

DIED = Bilingual(
    "读取时程序异常终止（可能内存不足，或文件有意破坏）；其他文件不受影响。",
    "Reading it ended the process (out of memory, or a file made to do harm); no other file is affected.",
)


@dataclass
class Run:
    """What a run found: ``counts``, and the rows of all tables, unless they only went to files."""

    counts: Counts = field(default_factory=Counts)
    rows: Rows = field(default_factory=empty_rows)

    @property
    def sources(self) -> list[Row]:
        """A row a file, with its status, and the reason where it could not be read."""
        return self.rows["sources"]

    @property
    def forms(self) -> list[Row]:
        """A row a form."""
        return self.rows["forms"]

    @property
    def findings(self) -> list[Row]:
        """A row a finding."""
        return self.rows["findings"]

    def add(self, rows: Rows, keep: bool) -> None:
        """Count the rows of a file, and ``keep`` them or not."""
        self.counts.add(rows)
        if keep:
            for name, added in rows.items():
                self.rows[name].extend(added)

    def tables(self) -> dict[str, pandas.DataFrame]:
        """All tables as data frames of exact values: text, `Decimal`, `int`, None for blank; never floats."""
        import pandas

        return {
            name: pandas.DataFrame(self.rows[name], columns=[column.name for column in columns], dtype=object)
            for name, columns in TABLES.items()
        }


def run(
    paths: str | Path | Iterable[str | Path],
    *,
    out: str | Path | None = None,
    tables: Sequence[str] = ("csv", "xlsx"),
    policy: str | None = None,
    jobs: int = 1,
    timeout: float = TIMEOUT,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    lang: str = "zh",
    progress: Callable[[int, int], None] | None = None,
    isolate: bool = False,
    keep: bool = True,
) -> Run:
    """Read and check files, and folders with all that is in them.

    With ``out`` the tables are written there, as ``tables`` says. More than one of ``jobs`` run in processes
    of their own (a script then needs ``if __name__ == "__main__"``), and with ``isolate`` even one: there, a
    file that crashes or takes more than ``timeout`` seconds costs only itself. ``select`` and ``ignore``
    are codes of checks, or their beginnings. ``keep`` holds all rows in memory, for `Run.tables`.
    ``progress`` is called with the number of files done, and of all.

    Raises `PolicyError`, `WriteError` and `EngineError`, each with one plain sentence.
    """
    named = [paths] if isinstance(paths, str | Path) else paths
    folder = None if out is None else Path(out)
    if policy is not None:
        load_policy(policy)
    files = list(find_files(named, files_of(folder) if folder else ()))
    settings = Settings(policy, tuple(select), tuple(ignore), lang)
    done, twins = Run(), Twins()
    results = ResultFiles(folder, tables, lang)
    try:
        with closing(_read_all(files, settings, jobs, timeout, isolate)) as all_rows:
            for count, found in enumerate(all_rows, 1):
                rows = twins.apart(found)
                results.write(rows)
                done.add(rows, keep)
                if progress:
                    progress(count, len(files))
        results.publish()
    finally:
        results.discard()
    return done


def _read_all(
    files: Sequence[str], settings: Settings, jobs: int, timeout: float, isolate: bool
) -> Generator[Rows, None, None]:
    """The rows of each file, in order."""
    work = partial(read_rows, settings=settings)
    if not files or (jobs <= 1 and not isolate):
        yield from map(work, files)
        return
    from zipingbiao.engine.local import Lost, run_in_pool

    too_slow = Bilingual(
        f"读取超过 {timeout:g} 秒，已中止；请检查文件，或用 --timeout 放宽时限。",
        f"Reading it took more than {timeout:g} seconds and was stopped; check the file, or raise --timeout.",
    )
    why = {Lost.TIMEOUT: too_slow, Lost.DIED: DIED}
    for path, outcome in run_in_pool(work, files, jobs=min(jobs, len(files)), timeout=timeout):
        yield rows_of_lost(path, why[outcome], settings.lang) if isinstance(outcome, Lost) else outcome


class Twins:
    """Tells equal files apart: a second copy's forms are ``…-1~2``, so that a ``form_id`` is there only once."""

    def __init__(self) -> None:
        self._copies: Counter[str] = Counter()

    def apart(self, rows: Rows) -> Rows:
        """The rows of a file, with form numbers that no file before it has."""
        sha256 = str(rows["sources"][0]["sha256"])
        self._copies[sha256] += 1
        copy = self._copies[sha256]
        if copy == 1 or not sha256:
            return rows
        return {name: [_numbered(row, copy) for row in table] for name, table in rows.items()}


def _numbered(row: Row, copy: int) -> Row:
    return {**row, "form_id": f"{row['form_id']}~{copy}"} if row.get("form_id") else row
