"""Read and check many files: `run`, and what it leaves behind, `Run`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from extract.ocr.choice import MODES
from normalize.aliases import read_aliases
from zipingbiao.across import Across
from zipingbiao.arguments import as_tuple, require_number, require_one_of
from zipingbiao.batch.counts import Counts
from zipingbiao.batch.fingerprint import fingerprint
from zipingbiao.batch.gist import Asked, early_gist_of
from zipingbiao.batch.inputs import find_files, shown
from zipingbiao.batch.passes import amend, look
from zipingbiao.batch.progress import Progress, Scan
from zipingbiao.batch.reading import read_all
from zipingbiao.batch.stages import Stage, early_tables
from zipingbiao.batch.store import PAGES, Store
from zipingbiao.batch.unpacking import Unpacking
from zipingbiao.checks.registry import is_chosen
from zipingbiao.columns import TABLES, Row
from zipingbiao.explain import known_codes, require_some
from zipingbiao.known.baseline import Baseline
from zipingbiao.known.earlier import read_earlier
from zipingbiao.known.ignores import Ignores, read_ignores
from zipingbiao.pipeline import Settings
from zipingbiao.policy import load_policy
from zipingbiao.report.writers import WRITERS, files_of, result_files
from zipingbiao.tables import Rows, empty_rows

if TYPE_CHECKING:
    import pandas

#: seconds that a file may take, or a page of a scan; reading a file takes a hundredth of a second, such a page some 2 s
TIMEOUT = 120.0
#: what files can be read by: processes of this machine, or a Dask cluster
ENGINES = ("local", "dask")


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
    ocr: str = "auto",
    baseline: str | Path | None = None,
    ignore_file: str | Path | None = None,
    lang: str = "zh",
    progress: Callable[[Progress], object] = lambda _: None,
    isolate: bool = False,
    keep: bool = True,
    fresh: bool = False,
    redact: bool = False,
    engine: str = "local",
    scheduler: str | None = None,
) -> Run:
    """Read and check files, and folders and archives with all that is in them.

    With ``out`` the tables are written there, as ``tables`` says; where there is no file to read, nothing is.
    More than one of ``jobs`` run in processes of their own (a script then needs ``if __name__ == "__main__"``),
    and with ``isolate`` even one: there, a file that crashes or takes more than ``timeout`` seconds costs only
    itself. ``select`` and ``ignore`` are codes of checks, or their beginnings; ``passwords`` are tried on locked
    files. ``aliases`` is a file of an office's own labels, in the format of the schema. ``ocr``
    says which pictures are read: ``auto`` those of pages without text, ``always`` all pages of a PDF, ``never`` none.
    ``keep`` holds all rows in memory, for `Run.tables`. ``progress`` is called whenever a file is done, and before each
    page that is recognized; of such a file, each page may take ``timeout`` seconds.

    The folder ``out`` remembers what became of each file, and what was recognized on each page. A next run there reads
    only what is new, has changed or could not be read, or all where the settings or the product have changed;
    ``fresh`` reads all in any case.

    ``baseline`` is the folder, ``findings.csv`` or workbook of an earlier run: what it found is left out.
    ``ignore_file`` names findings that count no more, each with a reason.

    ``redact`` takes names of people, telephone and identity numbers and e-mail addresses out of all results;
    nothing is then remembered in ``out``, and what an earlier run remembered there is removed.

    ``engine`` is ``local`` or ``dask``: then workers of a Dask cluster read the files, whose ``scheduler`` has the
    address ``tcp://…``, or ``jobs`` workers on this machine where none is named.

    Raises `PolicyError`, `AliasError`, `BaselineError`, `IgnoreError`, `UnknownCode`, `WriteError` and
    `EngineError`, each with one plain sentence, and `TypeError` or `ValueError` for an argument of a wrong kind.
    """
    named = [paths] if isinstance(paths, str | Path) else as_tuple("paths", paths, str, Path)
    folder, kinds = None if out is None else Path(out), as_tuple("tables", tables, str)
    for kind in kinds:
        require_one_of("tables", kind, WRITERS)
    pages = "" if redact or folder is None else str((folder / PAGES).absolute())
    settings = _settings(policy, select, ignore, lang, passwords, aliases, ocr, pages)
    require_one_of("engine", engine, ENGINES)
    require_number("jobs", jobs)
    require_number("timeout", timeout)
    stages = _stages(settings, ignore_file, baseline, files_of(folder, kinds) if folder else ())
    if redact:
        stages.append(_redaction(settings.lang, folder))
    files = list(find_files(named, files_of(folder) if folder else ()))
    done = Run()
    if not files:
        return done
    unpacking = Unpacking()
    asked = _asked(stages, only_csv=folder is not None and set(kinds) == {"csv"} and not keep)

    def tell(path: str, page: int, pages: int) -> None:
        scan = Scan("" if redact else shown(path), page, pages)
        progress(Progress(store.files, len(files) + unpacking.found, store.failed, store.reused, scan=scan))

    with (
        Store(None if redact else folder, fingerprint(settings), fresh) as store,
        result_files(folder, kinds, lang) as results,
        closing(
            read_all(
                files,
                settings,
                asked,
                partial(store.find, gist_of=partial(early_gist_of, asked=asked)),
                unpacking,
                jobs=jobs,
                timeout=timeout,
                isolate=isolate,
                engine=engine,
                scheduler=scheduler,
                told=tell,
            )
        ) as all_read,
    ):
        for count in look(all_read, store, stages, asked, results.append):
            progress(Progress(count, len(files) + unpacking.found, store.failed, store.reused))
        for count, rows in enumerate(amend(store, stages, asked), 1):
            results.write(rows)
            done.add(rows, keep)
            if rows["sources"]:
                progress(Progress(store.files, store.files, store.failed, store.reused, count))
        store.forget_others()
    done.counts.reused = store.reused
    spoken = (stage.says() for stage in stages if isinstance(stage, Ignores | Baseline))
    done.counts.remarks = [said for all_said in spoken for said in all_said]
    return done


def _stages(
    settings: Settings,
    ignore_file: str | Path | None,
    baseline: str | Path | None,
    results: Iterable[Path],
) -> list[Stage]:
    """What amends the rows of all files, in its order.

    Ignored findings are marked before known ones are left out: an entry for a known one is not out of date.
    """

    def is_checked(code: str) -> bool:
        return is_chosen(code, settings.select, settings.ignore)

    stages: list[Stage] = [Across(settings)]
    if ignore_file is not None:
        stages.append(Ignores(read_ignores(ignore_file), is_checked))
    if baseline is not None:
        stages.append(Baseline(read_earlier(baseline, results), is_checked))
    return stages


def _asked(stages: Sequence[Stage], only_csv: bool) -> Asked:
    """What the first pass asks of each file; whatever is to be more than a CSV file takes all rows from the second."""
    compares = any(isinstance(stage, Across) and stage.compares for stage in stages)
    return Asked(compares, early_tables(stages) if only_csv else ())


def _redaction(lang: str, folder: Path | None) -> Stage:
    """The last stage, where people shall not be named; nothing that names them stays in the folder's memory."""
    from zipingbiao.redact.stage import Redact, forget_memory

    if folder is not None:
        forget_memory(folder)
    return Redact(lang)


def _settings(
    policy: str | None,
    select: Iterable[str],
    ignore: Iterable[str],
    lang: str,
    passwords: Iterable[str],
    aliases: str | Path | None,
    ocr: str,
    pages: str,
) -> Settings:
    """What a run asks of each file, once it is known to make sense."""
    require_one_of("lang", lang, ("zh", "en"))
    require_one_of("ocr", ocr, MODES)
    if policy is not None:
        load_policy(policy)
    selected, ignored = known_codes("select", select), known_codes("ignore", ignore)
    require_some(selected, ignored)
    return Settings(
        policy,
        selected,
        ignored,
        lang,
        as_tuple("passwords", passwords, str),
        read_aliases(aliases),
        ocr,
        pages,
    )
