"""Read and check many files: `run`, and what it leaves behind, `Run`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from extract.archives.archive import MAX_MEMBERS, MAX_UNPACKED_BYTES
from extract.archives.members import forget_archives
from extract.document import Bilingual
from extract.readers import INSIDE
from normalize.aliases import read_aliases
from zipingbiao.arguments import as_tuple, require_number, require_one_of
from zipingbiao.columns import TABLES, Row
from zipingbiao.counts import Counts
from zipingbiao.explain import known_codes
from zipingbiao.inputs import find_files, may_hold_files
from zipingbiao.pipeline import Reading, Settings, prepare, read_source, rows_of_lost
from zipingbiao.policy import load_policy
from zipingbiao.report.writers import WRITERS, files_of, result_files
from zipingbiao.tables import Rows, empty_rows
from zipingbiao.unknown import UnknownLabels

if TYPE_CHECKING:
    import pandas

#: seconds that a file may take; reading one takes a hundredth of a second
TIMEOUT = 120.0

DIED = Bilingual(
    "读取时程序异常终止（可能内存不足，或文件有意破坏）；其他文件不受影响。",
    "Reading it ended the process (out of memory, or a file made to do harm); no other file is affected.",
)

TOO_MANY = Bilingual(
    f"外层压缩包及其内层合计超过 {MAX_MEMBERS} 个文件或 {MAX_UNPACKED_BYTES // 1024**3} GB，"
    "这个内层压缩包未予读取；请先解压外层的压缩包。",
    f"With the archives in it, the outer one holds more than {MAX_MEMBERS} files or "
    f"{MAX_UNPACKED_BYTES // 1024**3} GB, and this inner one was not read; unpack the outer one first.",
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
    passwords: Sequence[str] = (),
    aliases: str | Path | None = None,
    lang: str = "zh",
    progress: Callable[[int, int], None] | None = None,
    isolate: bool = False,
    keep: bool = True,
) -> Run:
    """Read and check files, and folders and archives with all that is in them.

    With ``out`` the tables are written there, as ``tables`` says; where there is no file to read, nothing is.
    More than one of ``jobs`` run in processes of their own (a script then needs ``if __name__ == "__main__"``),
    and with ``isolate`` even one: there, a file that crashes or takes more than ``timeout`` seconds costs only
    itself. ``select`` and ``ignore`` are codes of checks, or their beginnings; ``passwords`` are tried on locked
    files. ``aliases`` is a file of an office's own labels, in the format of the schema. ``keep`` holds all rows
    in memory, for `Run.tables`. ``progress`` is called with the number of files done, and of all that are known
    of: an archive adds to them.

    Raises `PolicyError`, `AliasError`, `UnknownCode`, `WriteError` and `EngineError`, each with one plain
    sentence, and `TypeError` or `ValueError` for an argument of a wrong kind.
    """
    named = [paths] if isinstance(paths, str | Path) else as_tuple("paths", paths, str, Path)
    folder, kinds = None if out is None else Path(out), as_tuple("tables", tables, str)
    for kind in kinds:
        require_one_of("tables", kind, WRITERS)
    settings = _settings(policy, select, ignore, lang, passwords, aliases)
    require_number("jobs", jobs)
    require_number("timeout", timeout)
    files = list(find_files(named, files_of(folder) if folder else ()))
    done, twins, unknown, unpacking = Run(), Twins(), UnknownLabels(), Unpacking()
    if not files:
        return done
    with (
        result_files(folder, kinds, lang) as results,
        closing(_read_all(files, settings, jobs, timeout, isolate, unpacking)) as all_rows,
    ):
        for count, found in enumerate(all_rows, 1):
            rows = unknown.taken_from(twins.apart(found))
            results.write(rows)
            done.add(rows, keep)
            if progress:
                progress(count, len(files) + unpacking.found)
        last = unknown.rows()
        results.write(last)
        done.add(last, keep)
    return done


def _settings(
    policy: str | None,
    select: Iterable[str],
    ignore: Iterable[str],
    lang: str,
    passwords: Iterable[str],
    aliases: str | Path | None,
) -> Settings:
    """What a run asks of each file, once it is known to make sense."""
    require_one_of("lang", lang, ("zh", "en"))
    if policy is not None:
        load_policy(policy)
    return Settings(
        policy,
        known_codes("select", select),
        known_codes("ignore", ignore),
        lang,
        as_tuple("passwords", passwords, str),
        read_aliases(aliases),
    )


def _read_all(
    files: Sequence[str], settings: Settings, jobs: int, timeout: float, isolate: bool, unpacking: Unpacking
) -> Generator[Rows, None, None]:
    """The rows of each file, in order; those of an archive's members come right behind it."""
    work = partial(read_source, settings=settings)
    if not files or (jobs <= 1 and not isolate):
        try:
            yield from _read_here(files, work, unpacking, settings.lang)
        finally:
            forget_archives()
        return
    from zipingbiao.engine.local import Lost, run_in_pool

    too_slow = Bilingual(
        f"读取超过 {timeout:g} 秒，已中止；请检查文件，或用 --timeout 放宽时限。",
        f"Reading it took more than {timeout:g} seconds and was stopped; check the file, or raise --timeout.",
    )
    why = {Lost.TIMEOUT: too_slow, Lost.DIED: DIED}
    # a single archive may hold work for all
    jobs = jobs if any(map(may_hold_files, files[:jobs])) else min(jobs, len(files))
    for path, outcome in run_in_pool(
        work, files, jobs=jobs, timeout=timeout, more=unpacking.members, begin=prepare
    ):
        if isinstance(outcome, Lost):
            yield rows_of_lost(path, why[outcome], settings.lang)
        else:
            yield unpacking.rows(path, outcome, settings.lang)


def _read_here(
    files: Sequence[str], work: Callable[[str], Reading], unpacking: Unpacking, lang: str
) -> Generator[Rows, None, None]:
    """As `_read_all`, in this process."""
    for path in files:
        reading = work(path)
        members = unpacking.members(path, reading)
        yield unpacking.rows(path, reading, lang)
        yield from _read_here(members, work, unpacking, lang)


class Unpacking:
    """Decides which archives within archives are still read: each alone may keep its bounds, all together not."""

    def __init__(self) -> None:
        self.found = 0
        self._refused: set[str] = set()
        # of each file that was named: what was found in it, and in the archives in it
        self._members: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def members(self, path: str, reading: Reading) -> tuple[str, ...]:
        """The files in an archive, to be read next; none where they would be too many."""
        if not reading.members:
            return ()
        outermost = path.partition(INSIDE)[0]
        self._members[outermost] += len(reading.members)
        self._bytes[outermost] += reading.unpacked
        if self._members[outermost] > MAX_MEMBERS or self._bytes[outermost] > MAX_UNPACKED_BYTES:
            self._refused.add(path)
            self._members[outermost] -= len(reading.members)
            self._bytes[outermost] -= reading.unpacked
            return ()
        self.found += len(reading.members)
        return reading.members

    def rows(self, path: str, reading: Reading, lang: str) -> Rows:
        """The rows of a file that was read, or of an archive that was refused after all."""
        if path not in self._refused:
            return reading.rows
        (about,) = reading.rows["sources"]
        return {
            **reading.rows,
            "sources": [{**about, "status": "failed", "error": TOO_MANY.in_language(lang)}],
        }


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
