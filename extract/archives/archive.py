"""Containers of files: what they all offer, their bounds, and the names of what they hold.

Nothing is ever unpacked into a folder: members are read one at a time into memory, and what can only be
unpacked from front to back goes to a temporary file without a name. So a member's name can do no harm; steps
up and absolute paths are taken out of it all the same, since it becomes part of a source's name.
"""

from __future__ import annotations

import re
import tempfile
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from extract.document import Bilingual, ReadError

MAX_MEMBERS = 10_000
"""The files in one archive. A county has some hundreds of forms a year."""

MAX_UNPACKED_BYTES = 2 * 1024**3
"""The members of one archive together, unpacked."""

MAX_RATIO, SMALL_BYTES = 100, 64 * 1024**2
"""How many times its packed size an archive may unpack to, once it is more than ``SMALL_BYTES``. Office files
are packed already and reach 2, plain text 10, scanned bitmaps 50; a bomb reaches 1000."""

MAX_DEPTH = 3
"""Archives within archives: the parcel of a county, in it those of its offices, in it an e-mail."""

MAX_NAME = 1_000
"""The characters of a member's name, folders included; file systems allow 255 a folder."""

Opener = Callable[[], BinaryIO]
"""Opens an archive's bytes anew, wherever they are: on disk, in memory, in a temporary file."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; ``name`` is free of harm and only there once.

    ``key`` is what the archive itself finds it by. ``refusal`` says why it cannot be read, where that is
    known before.
    """

    name: str
    size: int
    key: int
    refusal: Bilingual | None = None


class Archive(Protocol):
    """An open container: its files by name, in its own order, and notes on what was left out."""

    @property
    def members(self) -> dict[str, Member]:
        """The files that it holds."""

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What a reader of the results should know."""

    def read(self, member: Member) -> bytes:
        """The bytes of a file. Raises ReadError."""


class Contents:
    """Members while an archive is listed; raises ReadError as soon as they are too many or too large."""

    def __init__(self, packed_bytes: int) -> None:
        """``packed_bytes`` is the size of the archive itself."""
        self.members: dict[str, Member] = {}
        self._most = min(MAX_UNPACKED_BYTES, max(SMALL_BYTES, packed_bytes * MAX_RATIO))
        self._left = self._most
        self._links = 0

    def add(self, name: str, size: int, key: int, refusal: ReadError | None = None) -> None:
        """Add a file by the name that the archive has for it."""
        self._left -= size
        if len(self.members) >= MAX_MEMBERS or self._left < 0 or size < 0:
            raise too_much()
        name = self._free(tame(name))
        self.members[name] = Member(name, size, key, refusal.message if refusal else None)

    def add_link(self) -> None:
        """Count a link, a device or the like, none of which is followed."""
        self._links += 1
        if self._links > MAX_MEMBERS:
            raise too_much()

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """What was left out."""
        if not self._links:
            return ()
        zh = f"压缩包内有 {self._links} 个链接或设备，出于安全不予读取。"
        return (
            Bilingual(zh, f"{self._links} links or devices in the archive were not followed, for safety."),
        )

    def _free(self, name: str) -> str:
        """A name that is not taken: a second ``a.docx`` becomes ``a.docx~2``."""
        free, copy = name, 1
        while free in self.members:
            copy += 1
            free = f"{name}~{copy}" if copy < 100 else f"{name}~{len(self.members)}"
        return free


def tame(name: str) -> str:
    """A member's name as a relative path with ``/``, without steps up, drives and control characters.

    >>> tame("..\\\\..\\\\C:\\\\Windows\\\\表.docx"), tame("/etc/./passwd"), tame("../")
    ('Windows/表.docx', 'etc/passwd', '_')

    A name is not made a hidden one by what is taken out of it.

    >>> tame("甲/ .txt"), tame("甲/.txt")
    ('甲/_.txt', '甲/.txt')
    """
    name = _CONTROLS.sub("\ufffd", name[:MAX_NAME]).replace("\\", "/")
    return "/".join(filter(None, map(_tame_step, name.split("/")))) or "_"


def _tame_step(step: str) -> str:
    """A folder's or file's name; blank for a step that leads nowhere, or up."""
    tamed = _DRIVE.sub("", step.strip())
    if tamed in ("", ".", ".."):
        return ""
    return "_" + tamed if tamed.startswith(".") and not step.startswith(".") else tamed


def plain_names(raw_names: Iterable[bytes]) -> list[str]:
    """Names of one archive whose encoding nobody noted: UTF-8 if all are, else the GBK of Chinese Windows.

    >>> plain_names(["自评表.docx".encode("gbk"), b"a.txt"])
    ['自评表.docx', 'a.txt']
    """
    names = list(raw_names)
    for codec in ("utf-8", "gb18030"):
        try:
            return [name.decode(codec) for name in names]
        except UnicodeDecodeError:
            continue
    # Packed on machines of several kinds: each by itself.
    return [_plain_name(name) for name in names]


def _plain_name(name: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return name.decode(codec)
        except UnicodeDecodeError:
            continue
    return name.decode("gb18030", "replace")


class Store:
    """A temporary file without a name, for what can only be unpacked from front to back.

    It goes when nobody holds it any more.
    """

    def __init__(self, packed_bytes: int) -> None:
        self.file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  it outlives this function
        self._most = min(MAX_UNPACKED_BYTES, max(SMALL_BYTES, packed_bytes * MAX_RATIO))
        weakref.finalize(self, self.file.close)

    def write(self, content: bytes) -> None:
        """Append. Raises ReadError beyond what the archive may unpack to."""
        if self.file.tell() + len(content) > self._most:
            raise too_much()
        self.file.write(content)

    @property
    def size(self) -> int:
        """The bytes written."""
        return self.file.seek(0, 2)

    def read_at(self, offset: int, size: int) -> bytes:
        """A piece of it."""
        self.file.seek(offset)
        return self.file.read(size)


def too_much() -> ReadError:
    """The error for an archive beyond the bounds."""
    gigabytes = MAX_UNPACKED_BYTES // 1024**3
    return ReadError(
        f"压缩包内的文件过多（上限 {MAX_MEMBERS} 个）、解压后过大（上限 {gigabytes} GB）或压缩比异常，"
        "不予读取；请解压后读取文件夹，或拆分为几个压缩包。",
        f"The archive holds too many files (more than {MAX_MEMBERS}), unpacks to more than {gigabytes} GB, or "
        "is packed absurdly tight, and is not read; unpack it and read the folder, or split it.",
    )


def broken_archive() -> ReadError:
    """The error for an archive that contradicts itself."""
    return ReadError(
        "压缩包不完整或已损坏，无法读取；请重新下载，或请提交人重新发送。",
        "The archive is truncated or damaged; download it again, or ask for it to be sent again.",
    )


def broken_member() -> ReadError:
    """The error for a member whose bytes are not what the archive says."""
    return ReadError(
        "压缩包内的这个文件已损坏，无法解压；请重新下载，或请提交人重新发送。",
        "This file in the archive is damaged and cannot be unpacked; download the archive again, or ask for "
        "it to be sent again.",
    )


def large_member() -> ReadError:
    """The error for a member that is larger than any file that is read."""
    return ReadError(
        "压缩包内的这个文件过大，不予读取；请解压后检查。",
        "This file in the archive is too large to be read; unpack it and check what it is.",
    )
