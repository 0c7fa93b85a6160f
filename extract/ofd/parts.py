"""The parts of an OFD container, found by the paths that its XML says, and the small values in that XML."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from lxml.etree import _Element

from extract.document import ReadError
from extract.limits import MAX_PDF_CONTENT_BYTES
from extract.package import Package
from extract.pdf.drawing import UNCHANGED, Matrix

FIRST_PART = "OFD.xml"
#: its presence says that other parts are encrypted (GM/T 0099)
_ENCRYPTIONS = "encryptions.xml"
#: zip programs write Chinese names in these encodings without saying so, and zipfile takes them for the last
_UNDECLARED, _TAKEN_FOR = ("gb18030", "utf-8"), "cp437"
_PARTED = re.compile(r"[\s,]+")
#: the longest list of numbers that is asked for is shorter; a file may write millions
_MOST_NUMBERS = 8


class Parts:
    """The container. All parts together are unpacked within one bound, a part that is read twice counted twice."""

    def __init__(self, data: bytes) -> None:
        """Open it. Raises ReadError: no zip, damaged, too large, encrypted, no OFD."""
        self._package = Package(data, MAX_PDF_CONTENT_BYTES)
        if any(posixpath.basename(name) == _ENCRYPTIONS for name in self._package.names()):
            raise ReadError(
                "OFD 已加密，无法读取；请在原单位解密，或用原来的程序另存为不加密的文件后再试。",
                "The OFD is encrypted and cannot be read; have it decrypted at the office that it comes from.",
            )
        if FIRST_PART not in self._package:
            raise broken()

    def root(self, name: str) -> _Element:
        """The root element of a part that `find` has found. Raises ReadError for one that is damaged or too large."""
        return self._package.part(name)

    def picture(self, name: str) -> bytes:
        """The bytes of a part that `find` has found. Raises ReadError for one that is damaged or too large."""
        return self._package.picture(name)

    def find(self, path: str, holder: str) -> str | None:
        """The name of the part that ``path`` leads to from the part ``holder``; None where there is none.

        A path that begins with ``/`` starts at the container's root, and so do some others that should not.
        Raises ReadError for one that leads out of the container.
        """
        path = path.strip().replace("\\", "/")
        beside = posixpath.join(posixpath.dirname(holder), path)
        tried = {posixpath.normpath(one.lstrip("/")): None for one in (beside, path)}
        for name in tried:
            for spelt in _spellings(name):
                if spelt in self._package:
                    return spelt
        if all(name.split("/")[0] == ".." for name in tried):
            raise ReadError(
                "OFD 内的路径指向文件之外，正常文档没有，出于安全不予读取；请用原来的程序重新导出。",
                "A path in the OFD leads out of the file, which no genuine document has, and it is not read for "
                "safety; export it again from the program that made it.",
            )
        return None


def _spellings(name: str) -> Iterator[str]:
    """A part's name as zipfile may show it."""
    yield name
    if "%" in name:
        yield unquote(name)
    if not name.isascii():
        for encoding in _UNDECLARED:
            yield name.encode(encoding, "replace").decode(_TAKEN_FOR)


def kind(node: _Element) -> str:
    """An element's name without its namespace, which files write with a prefix, without one, or not at all."""
    return _bare(node.tag)


@lru_cache(maxsize=256)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def child(node: _Element, name: str) -> _Element | None:
    """The first child of a name."""
    return next(children(node, name), None)


def children(node: _Element, name: str) -> Iterator[_Element]:
    """All children of a name."""
    return (one for one in node if kind(one) == name)


def numbers(text: str | None) -> list[float]:
    """The first numbers of a list, up to what is none."""
    found: list[float] = []
    for piece in _PARTED.split(text.strip(), _MOST_NUMBERS)[:_MOST_NUMBERS] if text else ():
        value = _finite(piece)
        if value is None:
            break
        found.append(value)
    return found


def number(text: str | None, usual: float) -> float:
    """A number; ``usual`` where there is none."""
    value = _finite(text) if text else None
    return usual if value is None else value


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def box(text: str | None) -> tuple[float, float, float, float] | None:
    """Left, top, width and height in millimetres."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def matrix(text: str | None) -> Matrix:
    """A transformation; one that leaves all as it is where there is none."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else UNCHANGED


def broken() -> ReadError:
    """The error for a container without the parts that every OFD has."""
    return ReadError(
        "OFD 缺少必要的部分，不完整或已损坏；请重新下载，或用原来的程序重新导出。",
        "The OFD lacks parts that it must have: it is cut off or damaged; download it again, or export it again.",
    )
