"""A file, or a folder, that is written under a temporary name, and takes its own only when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from extract.document import PlainError


class WriteError(PlainError):
    """A result that cannot be written; the sentence names the file."""


class Draft:
    """A file to be: write to ``path``, then `publish` it under ``target`` or `discard` it.

    Raises `WriteError` at once where ``target`` is open in another program, not hours later.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            if target.exists():
                target.open("r+b").close()
            self.path.unlink(missing_ok=True)
        except OSError as err:
            raise _closed(target) from err

    def publish(self) -> None:
        """Put the file in its place. Raises `WriteError`; the temporary file then stays, so that nothing is lost."""
        try:
            self.path.replace(self.target)
        except OSError as err:
            raise WriteError(
                f"不能替换 {self.target}：可能正在 Excel 中打开。新的结果已存为 {self.path}，关闭后改名即可。",
                f"{self.target} cannot be replaced: it may be open in Excel. The new table is in {self.path}.",
            ) from err

    def discard(self) -> None:
        """Remove what has been written."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:  # Windows holds it open a moment longer; the next run's draft takes its place
            return


class FolderDraft(Draft):
    """A folder to be, with all that is in it: ``path`` is there and empty, and takes the place of ``target`` whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            for file in target.rglob("*"):
                if file.is_file():
                    file.open("r+b").close()
            self.discard()
            self.path.mkdir()
        except OSError as err:
            raise _closed(target) from err

    def publish(self) -> None:
        """Put the folder in its place. Raises `WriteError`; the temporary folder then stays."""
        # a folder cannot take the place of another: for a moment there is none, and what was there waits beside it
        old = self.path.with_suffix(".old.tmp")
        try:
            if self.target.exists():
                self.target.replace(old)
            self.path.replace(self.target)
        except OSError as err:
            with suppress(OSError):
                old.replace(self.target)
            raise WriteError(
                f"不能替换 {self.target}：其中的文件可能正被其他程序打开。新的结果已存为 {self.path}。",
                f"{self.target} cannot be replaced: a file in it may be open. The new results are in {self.path}.",
            ) from err
        # and what runs that were killed have left
        for rest in self.target.parent.glob(f".{self.target.name}.*.tmp"):
            rmtree(rest, ignore_errors=True)

    def discard(self) -> None:
        """Remove what has been written."""
        rmtree(self.path, ignore_errors=True)


def publish_all(drafts: Iterable[Draft]) -> None:
    """Publish whatever can be. Raises the first `WriteError` after that."""
    refused: list[WriteError] = []
    for draft in drafts:
        try:
            draft.publish()
        except WriteError as err:
            refused.append(err)
    if refused:
        raise refused[0]


def sweep(targets: Iterable[Path]) -> None:
    """Remove what a run that was killed left of these files, now that all of them are new."""
    for target in targets:
        for rest in target.parent.glob(f".{target.name}.*.tmp"):
            with suppress(OSError):
                rest.unlink()


def _closed(target: Path) -> WriteError:
    return WriteError(
        f"不能写入 {target}：没有权限，或正在 Excel 等程序中打开；请关闭后再运行。",
        f"{target} cannot be written: not permitted, or open in another program such as Excel; close it first.",
    )
