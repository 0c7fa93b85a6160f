"""Open an OLE compound file: the container of old Word and Excel files, of Outlook mails and of locked files.

``Compound(data)`` finds the streams; ``stream(path)`` puts one together. The layout is that of Microsoft's
[MS-CFB]: sectors that a table chains to streams, and a directory that is such a stream itself. Chains are
followed for no more sectors than the file has, so that loops end. Whatever is wrong ends in a ``ReadError``.
"""

from __future__ import annotations

import struct
from array import array
from sys import byteorder
from typing import NamedTuple

from extract.document import ReadError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MAX_ENTRIES = 20_000
"""The streams and storages of a file. A document has ten, and five for each object that is embedded in it."""

_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")
_HEADER_BYTES, _ENTRY_BYTES = 512, 128
#: the sectors that the header itself lists
_LISTED = 109
_LAST_SECTOR = 0xFFFFFFFA  # what is above are marks: end of a chain, free, the tables themselves
_NOBODY = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """The streams of a compound file by their path, folders parted by ``/``; names keep their case."""

    def __init__(self, data: bytes) -> None:
        """Read the tables and the directory of ``data``. Raises ReadError."""
        self._data = data
        try:
            self._open()
        except struct.error as err:
            raise _broken() from err

    def _open(self) -> None:
        header = _HEADER.unpack_from(self._data)
        shift, small_shift = header[3], header[4]
        if not self._data.startswith(SIGNATURE) or shift not in (9, 12) or not 4 <= small_shift < shift:
            raise _broken()
        self._size, self._small_size = 1 << shift, 1 << small_shift
        self._sectors = len(self._data) // self._size
        directory, self._cutoff, small_table, more_tables = header[7], header[9], header[10], header[12]
        self._next = self._table(more_tables)
        self._next_small = _numbers(self._chain(small_table))
        entries = self._entries(self._chain(directory))
        root = entries[0]
        self._small = self._chain(root.start)
        self.streams: dict[str, tuple[int, int]] = {}
        self.storages: list[str] = []
        self._name_entries(entries)

    def stream(self, path: str) -> bytes:
        """The bytes of a stream that exists. Raises ReadError where its chain is broken."""
        start, size = self.streams[path]
        content = self._chain(start, size) if size >= self._cutoff else self._small_chain(start, size)
        if len(content) < size:
            raise _broken()
        return content[:size]

    def __contains__(self, path: str) -> bool:
        return path in self.streams

    def _table(self, more: int) -> array[int]:
        """Which sector follows which: the header lists the sectors of this table, and those that list more."""
        listed = list(struct.unpack_from(f"<{_LISTED}I", self._data, 76))
        for _ in range(self._sectors):
            if more >= _LAST_SECTOR:
                break
            numbers = _numbers(self._sector(more))
            if not numbers:
                raise _broken()
            listed += numbers[:-1]
            more = numbers[-1]
        if len(listed) > self._sectors + _LISTED + self._size:
            raise _broken()
        return _numbers(b"".join(self._sector(number) for number in listed if number < _LAST_SECTOR))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _chain(self, number: int, size: int | None = None) -> bytes:
        """The sectors that follow each other from ``number``, as many as ``size`` needs."""
        most = self._sectors if size is None else min(self._sectors, size // self._size + 1)
        pieces: list[bytes] = []
        following = self._next
        while number < len(following) and len(pieces) < most:
            pieces.append(self._sector(number))
            number = following[number]
        return b"".join(pieces)

    def _small_chain(self, number: int, size: int) -> bytes:
        """As `_chain`, in the stream that holds all streams below the cutoff."""
        pieces: list[bytes] = []
        most = size // self._small_size + 1
        while number < len(self._next_small) and len(pieces) < most:
            start = number * self._small_size
            pieces.append(self._small[start : start + self._small_size])
            number = self._next_small[number]
        return b"".join(pieces)

    def _entries(self, directory: bytes) -> list[_Entry]:
        count = len(directory) // _ENTRY_BYTES
        if not 0 < count <= MAX_ENTRIES:
            raise _broken()
        return [self._entry(directory, number * _ENTRY_BYTES) for number in range(count)]

    def _entry(self, directory: bytes, at: int) -> _Entry:
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        name = directory[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
        left, right, child = struct.unpack_from("<III", directory, at + 68)
        # the upper half of the size is only meant where sectors are large; small files have rubbish there
        start, size = struct.unpack_from("<II", directory, at + 116)
        return _Entry(name, kind, left, right, child, start, size)

    def _name_entries(self, entries: list[_Entry]) -> None:
        """Give each entry its path. Siblings are a tree; what a loop leads back to is named once."""
        seen: set[int] = set()
        waiting = [("", entries[0].child)]
        while waiting:
            folder, number = waiting.pop()
            if number == _NOBODY or number >= len(entries) or number in seen:
                continue
            seen.add(number)
            entry = entries[number]
            path = folder + entry.name
            waiting += [(folder, entry.left), (folder, entry.right)]
            if entry.kind == _STREAM:
                self.streams.setdefault(path, (entry.start, entry.size))
            elif entry.kind == _STORAGE and len(path) < 2000:
                self.storages.append(path)
                waiting.append((path + "/", entry.child))


def _numbers(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data[: len(data) // 4 * 4])
    if byteorder == "big":
        numbers.byteswap()
    return numbers


def _broken() -> ReadError:
    return ReadError(
        "文件不完整或已损坏（旧版 Office 文件的内部结构有误），无法读取；请重新下载，或请提交人重新发送。",
        "The file is truncated or damaged (the inner structure of an old Office file is wrong); download it "
        "again, or ask for it to be sent again.",
    )
