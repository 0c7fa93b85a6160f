"""Write the tables of a run into a folder, as the kinds of files that were asked for.

A new kind is one line in `WRITERS`, and its files in `files_of`.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from extract.document import Bilingual
from zipingbiao.columns import TABLES
from zipingbiao.report.draft import Draft, WriteError, publish_all, sweep
from zipingbiao.tables import Rows


class Writer(Protocol):
    """What writes tables: rows as they come, then all or nothing."""

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""

    def finish(self) -> list[Draft]:
        """Write what is left, and return the files, each ready to be published."""

    def discard(self) -> None:
        """Remove what has been written."""


def _csv(out: Path, _: str) -> Writer:
    from zipingbiao.report.datapackage import CsvPackage

    return CsvPackage(out)


def _xlsx(out: Path, lang: str) -> Writer:
    from zipingbiao.report.workbook import Workbook

    return Workbook(out, lang)


def _parquet(out: Path, _: str) -> Writer:
    from zipingbiao.report.parquet import ParquetFiles

    return ParquetFiles(out)


def _parquet_parts(out: Path, _: str) -> Writer:
    from zipingbiao.report.parquet_parts import ParquetParts

    return ParquetParts(out)


def _sqlite(out: Path, _: str) -> Writer:
    from zipingbiao.report.sqlite import SqliteFile

    return SqliteFile(out)


def _jsonl(out: Path, _: str) -> Writer:
    from zipingbiao.report.json_lines import JsonLines

    return JsonLines(out)


def _html(out: Path, lang: str) -> Writer:
    from zipingbiao.report.page.writer import Page

    return Page(out, lang)


WRITERS: dict[str, Callable[[Path, str], Writer]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "parquet-parts": _parquet_parts,
    "sqlite": _sqlite,
    "jsonl": _jsonl,
    "html": _html,
}


#: why a disk refuses, by the system's number for it; others in the system's own words
REFUSALS = {
    errno.EACCES: Bilingual("没有权限", "not permitted"),
    errno.EPERM: Bilingual("没有权限", "not permitted"),
    errno.EROFS: Bilingual("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: Bilingual("磁盘已满", "the disk is full"),
    errno.EEXIST: Bilingual(
        "同名的文件已经存在，请另选文件夹", "a file has that name; choose another folder"
    ),
    errno.ENOTDIR: Bilingual(
        "路径中有一段是文件，请另选文件夹", "a part of it is a file; choose another folder"
    ),
    errno.ENOENT: Bilingual("不能在那里新建文件夹", "no folder can be made there"),
    errno.ENAMETOOLONG: Bilingual("路径过长，请换一个短些的", "the path is too long; choose a shorter one"),
}


def files_of(out: Path, kinds: Iterable[str] = tuple(WRITERS)) -> list[Path]:
    """The files that a run writes into ``out``."""
    names: dict[str, list[str]] = {
        "csv": [*(f"{name}.csv" for name in TABLES), "datapackage.json"],
        "xlsx": ["zipingbiao.xlsx"],
        "parquet": [f"{name}.parquet" for name in TABLES],
        # the folder of each table, and in it as many files as there were rows for
        "parquet-parts": [
            *(f"zipingbiao.parquet/{name}" for name in TABLES),
            *_found(out, "zipingbiao.parquet/**/*.parquet"),
        ],
        "sqlite": ["zipingbiao.sqlite"],
        "jsonl": ["findings.jsonl"],
        # and pages beside it, where an earlier run had so many forms
        "html": ["report.html", *_found(out, "report/forms-*.html")],
    }
    return [out / name for kind in kinds for name in names[kind]]


def _found(out: Path, pattern: str) -> list[str]:
    with refusals(out):  # such as a name that is too long
        return [str(path.relative_to(out)) for path in out.glob(pattern)]


class ResultFiles:
    """The files of a run in ``out``; without ``out``, none.

    Every method raises `WriteError`, one sentence, for whatever the disk refuses.
    """

    def __init__(self, out: Path | None) -> None:
        self._out = out
        self._writers: list[Writer] = []

    def open(self, kinds: Iterable[str], lang: str) -> None:
        """Begin the files of ``kinds``, which `WRITERS` lists."""
        if self._out is None:
            return
        with refusals(self._out):
            self._out.mkdir(parents=True, exist_ok=True)
            for kind in kinds:
                self._writers.append(WRITERS[kind](self._out, lang))

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        with refusals(self._out):
            for writer in self._writers:
                writer.write(rows)

    def append(self, texts: Mapping[str, bytes]) -> None:
        """Append rows that are CSV already to tables of which no others are written; for a run that writes only CSV."""
        from zipingbiao.report.datapackage import CsvPackage

        with refusals(self._out):
            for writer in self._writers if texts else ():
                assert isinstance(writer, CsvPackage)
                writer.append(texts)

    def publish(self) -> None:
        """Finish all files, then put them in their places: of those, one that is refused costs no other."""
        with refusals(self._out):
            drafts = [draft for writer in self._writers for draft in writer.finish()]
            self._writers.clear()
            publish_all(drafts)

    def discard(self) -> None:
        """Remove what has been written and not yet published."""
        while self._writers:
            self._writers.pop().discard()


@contextmanager
def refusals(out: Path | None) -> Iterator[None]:
    """Say what the disk refuses in the folder of the results as `WriteError`, in one sentence."""
    try:
        yield
    except OSError as err:
        why = REFUSALS.get(err.errno or 0) or Bilingual(*[err.strerror or str(err)] * 2)
        raise WriteError(
            f"不能写入结果文件夹 {out}：{why.zh}。", f"Cannot write to {out}: {why.en}."
        ) from err


@contextmanager
def result_files(out: Path | None, kinds: Iterable[str], lang: str) -> Iterator[ResultFiles]:
    """The files to write within, published at the end; whatever ends it before leaves no file. Raises `WriteError`."""
    files = ResultFiles(out)
    try:
        files.open(kinds, lang)
        yield files
        files.publish()
        if out is not None:
            sweep(files_of(out))
    finally:
        files.discard()
