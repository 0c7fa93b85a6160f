"""Open a tar archive, packed or not, and single files that were packed with gzip, bzip2 or xz."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import PurePosixPath
from typing import BinaryIO

from extract.archives.archive import (
    Contents,
    Member,
    Opener,
    Store,
    broken_archive,
    broken_member,
    large_member,
    plain_names,
)
from extract.document import Bilingual
from extract.limits import MAX_FILE_BYTES

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
"""How files packed by these programs begin."""

_BLOCK = 512
_CHUNK = 1 << 20
#: kinds of entries: plain files, and those that only describe the entry behind them
_FILES, _FOLDER, _LONG_NAME, _EXTENDED = (b"0", b"\0", b"7"), b"5", b"L", b"x"
#: described, but not needed: long names of links, headers for all entries, labels of volumes
_DESCRIPTIONS = (b"K", b"g", b"V", b"X")
_MOST_DESCRIPTION = 64 * 1024
_MOST_LZMA_BYTES = 128 * 1024**2
_BROKEN = (zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
# "27 path=forms/自评表.docx\n" in an extended header; the same for the size of a file above 8 GB
_PATH = re.compile(rb"(?:^|\n)\d{1,6} path=([^\n]*)\n")
_SIZE = re.compile(rb"(?:^|\n)\d{1,6} size=(\d{1,18})\n")


class TarArchive:
    """A tar archive: its members are pieces of a file that lie one behind the other."""

    def __init__(self, open_file: Callable[[], AbstractContextManager[BinaryIO]], packed_bytes: int) -> None:
        """Read the headers. Raises ReadError: broken, too many or too large members."""
        self._open = open_file
        self._contents = Contents(packed_bytes)
        with open_file() as file:
            entries = list(self._entries(file))
        names = plain_names(raw for raw, _, _ in entries)
        for name, (_, offset, size) in zip(names, entries, strict=True):
            self._contents.add(name, size, offset, large_member() if size > MAX_FILE_BYTES else None)

    @property
    def members(self) -> dict[str, Member]:
        """The files that it holds."""
        return self._contents.members

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What was left out."""
        return self._contents.notes

    def read(self, member: Member) -> bytes:
        """The bytes of a member. Raises ReadError."""
        with self._open() as file:
            file.seek(member.key)
            content = file.read(member.size)
        if len(content) != member.size:
            raise broken_member()
        return content

    def _entries(self, file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
        """The name, the offset and the size of each file."""
        whole = file.seek(0, 2)
        at, long_name, size_told = 0, b"", None
        while at + _BLOCK <= whole:
            file.seek(at)
            header = file.read(_BLOCK)
            if not header.strip(b"\0"):
                return  # what is behind the two blank blocks at the end does not count
            kind, size = header[156:157], _checked_size(header)
            if kind in (_LONG_NAME, _EXTENDED):
                description = file.read(min(size, _MOST_DESCRIPTION))
                found = _PATH.search(description) if kind == _EXTENDED else None
                long_name = description.rstrip(b"\0") if kind == _LONG_NAME else found[1] if found else b""
                told = _SIZE.search(description) if kind == _EXTENDED else None
                size_told = int(told[1]) if told else None
            elif kind not in _DESCRIPTIONS:
                size = size if size_told is None else size_told
                name = long_name or _short_name(header)
                if kind in _FILES and not name.endswith(b"/"):
                    yield name, at + _BLOCK, size
                elif kind != _FOLDER and kind not in _FILES:
                    self._contents.add_link()
                    size = 0  # links say the size of what they lead to
                long_name, size_told = b"", None
            at += _BLOCK + -(-size // _BLOCK) * _BLOCK
        if at > whole:
            return
        if not at:
            raise broken_archive()


def _short_name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _checked_size(header: bytes) -> int:
    """The size that a header says, once its checksum proves that it is one."""
    try:
        checksum = int(header[148:156].strip(b" \0") or b"-1", 8)
        if header[124] & 0x80:  # above 8 GB as a binary number
            size = int.from_bytes(header[125:136], "big")
        else:
            size = int(header[124:136].strip(b" \0") or b"0", 8)
    except ValueError as err:
        raise broken_archive() from err
    if checksum != sum(header) - sum(header[148:156]) + 8 * 32 or size < 0:
        raise broken_archive()
    return size


def open_tar(open_file: Opener, name: str) -> TarArchive:
    """Open a tar archive. Raises ReadError."""
    with open_file() as file:
        size = file.seek(0, 2)
    return TarArchive(open_file, size)


class PackedFile:
    """A single file that was packed; it has the archive's name without its ending."""

    notes: tuple[Bilingual, ...] = ()

    def __init__(self, store: Store, name: str, packed_bytes: int) -> None:
        self._store = store
        contents = Contents(packed_bytes)
        size = store.size
        contents.add(name, size, 0, large_member() if size > MAX_FILE_BYTES else None)
        self.members = contents.members

    def read(self, member: Member) -> bytes:
        """The bytes of the file."""
        return self._store.read_at(0, member.size)


def open_packed(open_file: Opener, name: str) -> TarArchive | PackedFile:
    """Open what gzip, bzip2 or xz packed: a tar archive, or else a single file. Raises ReadError."""
    with open_file() as file:
        packed_bytes = file.seek(0, 2)
        file.seek(0)
        store = Store(packed_bytes)
        try:
            for piece in _unpacked(file):
                store.write(piece)
        except _BROKEN as err:
            raise broken_archive() from err
    if store.size >= _BLOCK and store.read_at(257, 5) == b"ustar":
        return TarArchive(lambda: nullcontext(store.file), packed_bytes)
    path = PurePosixPath(name.replace("\\", "/"))
    return PackedFile(store, path.stem if path.suffix else path.name, packed_bytes)


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The unpacked bytes, a bounded piece at a time."""
    head = file.read(len(XZ))
    file.seek(0)
    if head == XZ:
        yield from _from_xz(file)
        return
    packed = gzip.GzipFile(fileobj=file) if head.startswith(GZIP) else bz2.BZ2File(file)
    with packed:
        while piece := packed.read(_CHUNK):
            yield piece


def _from_xz(file: BinaryIO) -> Iterator[bytes]:
    # not by LZMAFile: a header may ask for a dictionary of 4 GB, which only the bare decompressor refuses
    unpacker = lzma.LZMADecompressor(memlimit=_MOST_LZMA_BYTES)
    while not unpacker.eof:
        data = file.read(_CHUNK) if unpacker.needs_input else b""
        if unpacker.needs_input and not data:
            raise EOFError
        yield unpacker.decompress(data, _CHUNK)
