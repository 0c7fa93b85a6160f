"""Results whose folder has an address, such as ``s3://results/2023``: written on this machine, then sent there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from extract.document import ReadError
from extract.remote import is_remote, remove_others, require_reachable, send
from zipingbiao.report.draft import WriteError
from zipingbiao.report.parquet_parts import FOLDER as PARTS
from zipingbiao.report.writers import files_of, refusals


@contextmanager
def folder_for(out: str) -> Iterator[Path]:
    """The folder on this machine in which to write the results of a run.

    Where ``out`` has an address, they are sent there once all is written, and removed here; what the run remembers
    for the next one stays on this machine, in a folder that only its user can open. Raises `WriteError`.
    """
    if not is_remote(out):
        yield Path(out)
        return
    try:
        require_reachable(out)  # said now, and not after hours of reading
    except ReadError as err:
        raise WriteError(
            f"结果不能送到 {out}：{err.message.zh}", f"The results cannot be sent to {out}: {err.message.en}"
        ) from err
    folder = _kept() / hashlib.sha256(out.rstrip("/").encode()).hexdigest()[:16]
    with refusals(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(folder)
    yield folder
    try:
        _send_all(folder, out.rstrip("/"))
    except ReadError as err:
        raise WriteError(
            f"结果不能送到 {out}：{err.message.zh}结果保存在本机 {folder}。",
            f"The results cannot be sent to {out}: {err.message.en} They are in {folder}.",
        ) from err
    _remove(folder)


def _send_all(folder: Path, out: str) -> None:
    """Send what was written; parts of tables that an earlier run sent there are part of them no more."""
    sent = {f"{out}/{file.relative_to(folder).as_posix()}": file for file in _written(folder)}
    for address, file in sent.items():
        send(file, address)
    if (folder / PARTS).is_dir():
        remove_others(f"{out}/{PARTS}", sent)


def _remove(folder: Path) -> None:
    for file in _written(folder):
        file.unlink()
    rmtree(folder / PARTS, ignore_errors=True)


def _written(folder: Path) -> list[Path]:
    return [file for file in files_of(folder) if file.is_file()]


def _kept() -> Path:
    """Where programs keep what they can make anew."""
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "zipingbiao"
