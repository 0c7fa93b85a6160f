"""Find the files to read in what a user named: files as they are, folders and archives with all in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from extract.readers import INSIDE

#: endings of archives and e-mails; their content decides what they are, this only how many processes start
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".eml", ".msg")
#: what Office and file managers leave beside documents; no one means to hand it in: by name, and by beginning
LEFTOVERS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
HIDDEN, OFFICES_OWN = ".", ("~$", "~wr")


def find_files(named: Iterable[str | Path], leave_out: Iterable[str | Path] = ()) -> Iterator[str]:
    """Each file once, in the order named, and in a folder by name, files before the folders beside them.

    Paths read as they were given. Inside folders, hidden files, Office's own (``~$…`` locks, ``~WR…`` is being
    written) and the files of ``leave_out``, the results of an earlier run, are passed over; a folder that links
    lead back to is read once. What does not exist is yielded all the same: whoever reads it says so.
    """
    seen = {_whole(path) for path in leave_out}
    entered: set[str] = set()
    for path in map(str, named):
        for file in _in_folder(path, entered) if os.path.isdir(path) else [path]:
            whole = _whole(file)
            if whole not in seen:
                seen.add(whole)
                yield file


def _whole(path: str | Path) -> str:
    """A path by which two names of one file are equal: to Windows, also those in capitals and small letters."""
    return os.path.normcase(os.path.abspath(path))


def _in_folder(folder: str, entered: set[str]) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in entered:
        return
    entered.add(real)
    try:
        names = sorted(filter(_is_meant, os.listdir(folder)))
    except OSError:
        # read it as a file, so that the reason stands in the table of sources
        yield folder
        return
    folders: list[str] = []
    for path in (os.path.join(folder, name) for name in names):
        if os.path.isdir(path):
            folders.append(path)
        else:
            yield path
    for inner in folders:
        yield from _in_folder(inner, entered)


def _is_meant(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith((HIDDEN, *OFFICES_OWN)) and lower not in LEFTOVERS


def find_members(archive: str, names: Iterable[str]) -> tuple[str, ...]:
    """The paths of the files in an archive, but for those that no one means to hand in."""
    return tuple(f"{archive}{INSIDE}{name}" for name in names if all(map(_is_meant, name.split("/"))))


def may_hold_files(path: str) -> bool:
    """Whether a file is an archive by its name."""
    return path.lower().endswith(ARCHIVES)


def shown(path: str) -> str:
    """A path as text: bytes of a name that is not UTF-8 are replaced, so that it can be written anywhere."""
    return os.fsencode(path).decode("utf-8", "replace")
