"""Open a ZIP archive: its members' names in whatever encoding, each unpacked within its declared size."""

from __future__ import annotations

import bz2
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from extract.archives.archive import (
    MAX_MEMBERS,
    Contents,
    Member,
    Opener,
    broken_archive,
    broken_member,
    large_member,
    plain_names,
    too_much,
)
from extract.document import Bilingual, ReadError
from extract.limits import MAX_FILE_BYTES
from extract.unlock import locked, offered

_LOCAL_HEADER_BYTES = 30
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCKED, _IS_UTF8 = 0x1, 0x800
#: an extra field that holds the name in UTF-8, behind a version and a checksum
_UNICODE_PATH = 0x7075
_CHUNK = 1 << 20

# What zipfile lets escape when the bytes under it are nonsense.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, LookupError,
    NotImplementedError, OverflowError,
)  # fmt: skip


class ZipArchive:
    """A ZIP archive; only its directory is kept, the file is opened for each member anew."""

    def __init__(self, open_file: Opener) -> None:
        """Read the directory. Raises ReadError: broken, too many or too large members."""
        self._open = open_file
        try:
            with open_file() as file:
                size = file.seek(0, 2)
                _require_few(file)
                with zipfile.ZipFile(file) as container:
                    self._entries = [entry for entry in container.infolist() if not entry.is_dir()]
        except _BROKEN as err:
            raise broken_archive() from err
        if sum(entry.compress_size for entry in self._entries) > size:
            raise too_much()  # members that share their bytes: no program writes that
        self._contents = Contents(size)
        for key, (entry, name) in enumerate(zip(self._entries, _names(self._entries), strict=True)):
            if stat.S_ISLNK(entry.external_attr >> 16):
                self._contents.add_link()
            else:
                self._contents.add(name, entry.file_size, key, _refusal(entry))

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
        entry = self._entries[member.key]
        if entry.flag_bits & _LOCKED:
            return self._read_locked(entry)
        try:
            with self._open() as file:
                file.seek(entry.header_offset)
                header = file.read(_LOCAL_HEADER_BYTES)
                name_length, extra_length = struct.unpack_from("<HH", header, 26)
                file.seek(name_length + extra_length, 1)
                content = _unpack(file.read(entry.compress_size), entry)
        except _BROKEN as err:
            raise broken_member() from err
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise broken_member()
        return content

    def _read_locked(self, entry: zipfile.ZipInfo) -> bytes:
        for password in offered():
            for codec in ("utf-8", "gb18030"):  # of today's programs, and of older ones on Chinese Windows
                try:
                    with (
                        self._open() as file,
                        zipfile.ZipFile(file) as container,
                        container.open(entry, pwd=password.encode(codec)) as packed,
                    ):
                        return packed.read(MAX_FILE_BYTES + 1)
                except _BROKEN:
                    continue  # the wrong password, which only the checksum tells for certain
        raise locked("压缩包内的这个文件", "This file in the archive")


def open_zip(open_file: Opener, name: str) -> ZipArchive:
    """Open a ZIP archive. Raises ReadError."""
    return ZipArchive(open_file)


def _require_few(file: BinaryIO) -> None:
    """Refuse a directory of millions of entries before zipfile makes objects of them."""
    file.seek(0)
    entries, rest = 0, b""
    while chunk := file.read(_CHUNK):
        chunk = rest + chunk
        entries += chunk.count(_DIRECTORY_ENTRY)
        rest = chunk[-len(_DIRECTORY_ENTRY) + 1 :]
    # twice as many, since archives within this one may be stored as they are
    if entries > 20 * MAX_MEMBERS:
        raise too_much()


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    # Where the flag for UTF-8 is missing, zipfile has read the bytes as the DOS encoding, which loses none.
    unmarked = [entry for entry in entries if not entry.flag_bits & _IS_UTF8]
    told = plain_names(entry.orig_filename.encode("cp437", "replace") for entry in unmarked)
    names = dict(zip(map(id, unmarked), told, strict=True))
    return [_unicode_path(entry) or names.get(id(entry), entry.orig_filename) for entry in entries]


def _unicode_path(entry: zipfile.ZipInfo) -> str:
    """The name in UTF-8 that some programs write beside the other one; blank where there is none."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and length > 5:
            return extra[9 : 4 + length].decode("utf-8", "replace")
        extra = extra[4 + length :]
    return ""


def _refusal(entry: zipfile.ZipInfo) -> ReadError | None:
    if entry.file_size > MAX_FILE_BYTES:
        return large_member()
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        return ReadError(
            "压缩包使用了不支持的压缩方式；请解压后再试。",
            "The archive is packed in a way that is not supported; unpack it and read the file then.",
        )
    return None


def _unpack(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Unpack at most one byte more than the entry declares."""
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, entry.file_size + 1)
    if entry.compress_type == zipfile.ZIP_BZIP2:
        return bz2.BZ2Decompressor().decompress(content, entry.file_size + 1)
    return content
