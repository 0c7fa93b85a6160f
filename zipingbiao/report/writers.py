"""Write the tables of a run into a folder, in the forms that were asked for.

A new form is one line in `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from zipingbiao.columns import TABLES
from zipingbiao.report.draft import WriteError
from zipingbiao.tables import Rows


class Writer(Protocol):
    """What writes tables: rows as they come, then all or nothing."""

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""

    def publish(self) -> None:
        """Finish, and put the files in their places. Raises `WriteError`."""

    def discard(self) -> None:
        """Remove what has been written."""


def _csv(out: Path, _: str) -> Writer:
    from zipingbiao.report.csv_files import CsvFiles

    return CsvFiles(out)


def _xlsx(out: Path, lang: str) -> Writer:
    from zipingbiao.report.workbook import Workbook

    return Workbook(out, lang)


WRITERS: dict[str, Callable[[Path, str], Writer]] = {"csv": _csv, "xlsx": _xlsx}


def files_of(out: Path, kinds: Iterable[str] = tuple(WRITERS)) -> list[Path]:
    """The files that a run writes into ``out``."""
    names = {"csv": [f"{name}.csv" for name in TABLES], "xlsx": ["zipingbiao.xlsx"]}
    return [out / name for kind in kinds for name in names[kind]]


class ResultFiles:
    """The files of a run in ``out``, as ``kinds`` of `WRITERS`; without ``out``, none.

    Every method raises `WriteError`, one sentence, for whatever the disk refuses.
    """

    def __init__(self, out: Path | None, kinds: Iterable[str], lang: str) -> None:
        self._out = out
        self._writers: list[Writer] = []
        if out is None:
            return
        try:
            with self._refusals():
                out.mkdir(parents=True, exist_ok=True)
                self._writers.extend(WRITERS[kind](out, lang) for kind in kinds)
        except WriteError:
            self.discard()
            raise

    def write(self, rows: Rows) -> None:
        """Append rows to their tables."""
        with self._refusals():
            for writer in self._writers:
                writer.write(rows)

    def publish(self) -> None:
        """Finish all files, and put them in their places."""
        while self._writers:
            with self._refusals():
                self._writers.pop().publish()

    def discard(self) -> None:
        """Remove what has been written and not yet published."""
        while self._writers:
            self._writers.pop().discard()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            reason = err.strerror or err
            raise WriteError(
                f"不能写入结果文件夹 {self._out}：{reason}。", f"Cannot write to {self._out}: {reason}."
            ) from err
