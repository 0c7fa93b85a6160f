"""Find the files to read in what a user named: files as they are, folders and archives with all in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from extract.document import ReadError
from extract.readers import INSIDE
from extract.remote import files_under, is_remote, state_of
from zipingbiao.report.writers import files_of

#: endings of archives and e-mails; their content decides what they are, this only how many processes start
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".eml", ".msg")
#: what Office and file managers leave beside documents; no one means to hand it in: by name, and by beginning
LEFTOVERS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
HIDDEN, OFFICES_OWN = ".", ("~$", "~wr")
#: by which a folder of results is known: there, a run remembers what it has read
MEMORY_FOLDER = ".zipingbiao"


def find_files(named: Iterable[str | Path], leave_out: Iterable[str | Path] = ()) -> Iterator[str]:
    """Each file once, in the order named, and in a folder by name, files before the folders beside them.

    Paths read as they were given. Inside folders, hidden files, Office's own (``~$…`` locks, ``~WR…`` is being
    written), the files of ``leave_out`` and the results of other runs are passed over; a folder that links lead
    back to is read once. What does not exist is yielded all the same: whoever reads it says so.
    """
    seen = {_whole(path) for path in leave_out}
    entered: set[str] = set()
    for path in map(str, named):
        for file in _files_of(path, entered, seen):
            whole = file if is_remote(file) else _whole(file)
            if whole not in seen:
                seen.add(whole)
                yield file


def _files_of(path: str, entered: set[str], seen: set[str]) -> Iterable[str]:
    if is_remote(path):
        return _in_store(path)
    return _in_folder(path, entered, seen) if os.path.isdir(path) else [path]


def _in_store(address: str) -> Iterator[str]:
    """The files under an address; an address that cannot be listed is left for whoever reads it to say so."""
    try:
        for file in files_under(address):
            inner = file[len(address) :].strip("/")
            if not inner or all(map(_is_meant, inner.split("/"))):
                yield file
    except ReadError:
        yield address


def _whole(path: str | Path) -> str:
    """A path by which two names of one file are equal: to Windows, also those in capitals and small letters."""
    return os.path.normcase(os.path.abspath(path))


def _in_folder(folder: str, entered: set[str], seen: set[str]) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in entered:
        return
    entered.add(real)
    try:
        listed = os.listdir(folder)
    except OSError:
        # read it as a file, so that the reason stands in the table of sources
        yield folder
        return
    if MEMORY_FOLDER in listed:  # a workbook of results looks like a form with all numbers of all forms in it
        seen.update(map(_whole, files_of(Path(folder))))
    names = sorted(filter(_is_meant, listed))
    folders: list[str] = []
    for path in (os.path.join(folder, name) for name in names):
        if os.path.isdir(path):
            folders.append(path)
        else:
            yield path
    for inner in folders:
        yield from _in_folder(inner, entered, seen)


def _is_meant(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith((HIDDEN, *OFFICES_OWN)) and lower not in LEFTOVERS


def find_members(archive: str, names: Iterable[str]) -> tuple[str, ...]:
    """The paths of the files in an archive, but for those that no one means to hand in."""
    return tuple(f"{archive}{INSIDE}{name}" for name in names if all(map(_is_meant, name.split("/"))))


def size_of(path: str) -> int:
    """The bytes of a file; 0 for one in an archive, and for one that is not to be had."""
    with suppress(OSError, ValueError, ReadError):
        if not is_remote(path):
            return os.path.getsize(path)
        if INSIDE not in path:
            return state_of(path).size
    return 0


def mark_of(address: str) -> str:
    """What changes when a remote file does; blank for one in an archive, and where nothing tells."""
    with suppress(ReadError):
        return "" if INSIDE in address else state_of(address).mark
    return ""


def on_shared_disks(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of these paths that are there on this machine: workers on others must see them under the same path."""
    return tuple(path for path in paths if not is_remote(path) and os.path.exists(path))


def may_hold_files(path: str) -> bool:
    """Whether a file is an archive by its name."""
    return path.lower().endswith(ARCHIVES)


def shown(path: str) -> str:
    """A path as text: bytes of a name that is not UTF-8 are replaced, so that it can be written anywhere."""
    return os.fsencode(path).decode("utf-8", "replace")
