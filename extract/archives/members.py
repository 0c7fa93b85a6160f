"""Find the files in archives, and load them: ``a.zip!/forms/b.docx``, ``a.zip!/mail.eml!/b.docx``.

The archives opened last stay open for the next member: what must be unpacked from front to back, such as
``.tar.gz``, would otherwise be unpacked once for each of its files.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract.archives.archive import MAX_DEPTH, MAX_UNPACKED_BYTES, Archive, Member, too_much
from extract.document import ReadError
from extract.limits import MAX_FILE_BYTES
from extract.readers import INSIDE, Format, find_format, load, too_large
from extract.remote import forget_remote, is_remote, open_remote, state_of
from extract.sample import HEAD_BYTES
from extract.unlock import unlocked

_KEPT_OPEN = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as it was handed in, its ``data`` unlocked; only their beginning where an archive is larger than any file."""

    data: bytes
    size: int
    sha256: str

    def format(self) -> Format:
        """The format of its content. Raises `ReadError`."""
        known = find_format(self.data)
        if self.size > MAX_FILE_BYTES and (known.reader or not known.opener):
            raise too_large()
        return known


def load_input(path: str) -> Loaded:
    """Load a file on disk or in an archive. Raises `ReadError`."""
    try:
        size = _state_of(path)[1] if _is_file(path) else 0
        if size <= MAX_FILE_BYTES:
            data = load(path)
            return Loaded(unlocked(data), len(data), hashlib.sha256(data).hexdigest())
        if size > MAX_UNPACKED_BYTES:
            raise too_large()
        with _open_file(path) as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            return Loaded(head, size, hashlib.file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError):
        return Loaded(load(path), 0, "")  # which says why it cannot be opened


def open_archive(path: str) -> Archive:
    """Open an archive on disk, or one in an archive. Raises `ReadError`."""
    root, trail = _resolve(path)
    return _open(root, trail)


def load_member(path: str) -> bytes:
    """The bytes of a file in an archive. Raises `ReadError`."""
    root, trail = _resolve(path)
    if not trail:
        raise _missing()
    return _read(_open(root, trail[:-1]), trail[-1])


def forget_archives() -> None:
    """Close the archives that are kept open for their next member."""
    _opened.cache_clear()
    forget_remote()


def _resolve(path: str) -> tuple[str, tuple[str, ...]]:
    """The file on disk, and the names that lead from it to the member.

    A name may have the mark in it that parts them: the longest one that exists is meant.
    """
    if _is_file(path):
        return path, ()
    for root, rest in _splits(path):
        if _is_file(root):
            return root, _trail(root, (), rest)
    raise _missing()


def _trail(root: str, trail: tuple[str, ...], rest: str) -> tuple[str, ...]:
    members = _open(root, trail).members
    if rest in members:
        return (*trail, rest)
    for name, inner in reversed(_splits(rest)):
        if name in members:
            return _trail(root, (*trail, name), inner)
    raise _missing()


def _splits(path: str) -> list[tuple[str, str]]:
    """What stands before and behind each mark, from the left."""
    parts = path.split(INSIDE)
    return [(INSIDE.join(parts[:at]), INSIDE.join(parts[at:])) for at in range(1, len(parts))]


def _open(root: str, trail: tuple[str, ...]) -> Archive:
    if len(trail) >= MAX_DEPTH:
        raise ReadError(
            f"压缩包嵌套超过 {MAX_DEPTH} 层，不予读取；请先解压外层的压缩包。",
            f"Archives are nested more than {MAX_DEPTH} deep, which is not read; unpack the outer ones first.",
        )
    try:
        changed, size = _state_of(root)
    except OSError as err:
        raise _missing() from err
    return _opened(root, changed, size, trail)


@lru_cache(maxsize=_KEPT_OPEN)
def _opened(root: str, changed: str, size: int, trail: tuple[str, ...]) -> Archive:
    if not trail:
        known = load_input(root).format()
        if not known.opener:
            raise _missing()
        return known.open(lambda: _open_file(root), root)
    data = _read(_open(root, trail[:-1]), trail[-1])
    known = find_format(data)
    if not known.opener:
        raise _missing()
    return known.open(lambda: io.BytesIO(data), trail[-1])


def _read(archive: Archive, name: str) -> bytes:
    member: Member | None = archive.members.get(name)
    if member is None:
        raise _missing()
    if member.refusal is not None:
        raise ReadError(*member.refusal)
    data = archive.read(member)
    if len(data) > MAX_FILE_BYTES:
        raise too_much()
    return data


def _is_file(path: str) -> bool:
    """Whether a path is a file as it stands, on disk or remote, and not one in an archive."""
    if not is_remote(path):
        return os.path.isfile(path)
    # a mark in an address always parts an archive from its member: asking a store costs more than a look at a disk
    return INSIDE not in path


def _state_of(path: str) -> tuple[str, int]:
    """What changes when a file does, and its size. Raises `OSError`, and `ReadError` for a remote file."""
    if is_remote(path):
        state = state_of(path)
        return state.mark, state.size
    about = os.stat(path)
    return str(about.st_mtime_ns), about.st_size


def _open_file(path: str) -> io.BufferedReader:
    return open_remote(path) if is_remote(path) else Path(path).open("rb")


def _missing() -> ReadError:
    return ReadError(
        "文件不存在，或压缩包内没有这个文件；请检查路径。",
        "There is no such file, or none of that name in the archive; check the path.",
    )
