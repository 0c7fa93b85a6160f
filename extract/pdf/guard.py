"""Look at the packed parts of a PDF before they are unpacked: a few kilobytes can hold gigabytes.

pdfium unpacks a page's content and keeps every character and line of it before it can be asked how many there
are, so this must be known earlier. Only what is drawn is looked at: pictures stay packed, fonts are bounded by
the size of the file. Content packed by the rare LZW method is not looked at.
"""

from __future__ import annotations

import binascii
import re
import zlib
from base64 import a85decode
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from extract.document import ReadError
from extract.limits import MAX_CONTENT_BYTES, MAX_CONTENT_TEXT, MAX_PDF_CONTENT_BYTES, MAX_PLACED_BYTES

#: a dictionary longer than this is no stream's
_LONGEST_HEAD = 8192
#: the number of an object and the word behind it
_LONGEST_NAME = 24
#: content so short holds little text, whatever it is
_SHORT = 200_000
#: decoding this coding is slow, and worth it only from so many bytes
_SLOW_CODING = 16_384
_CHUNK = 65_536
#: what placing content costs at least
_LEAST_SIZE = 200
#: forms within forms deeper than this are refused; pdfium stops at 40
_DEEPEST = 40

# to begin with a plain word makes the search thirty times as fast: "endstream" is sorted out afterwards
_BODY = re.compile(rb"stream\r?\n")
_HEAD = re.compile(rb"(\d+)\s+\d+\s+obj\b")
# what is not drawn as content: pictures, fonts, tables of the file's own, attached files
_NOT_DRAWN = re.compile(
    rb"/(?:Image|Length1|Type1C|CIDFontType0C|OpenType|ObjStm|XRef|Metadata|EmbeddedFile)\b"
)
_FLATE, _ASCII85 = re.compile(rb"/FlateDecode|/Fl\b"), re.compile(rb"/ASCII85Decode|/A85\b")
_IS_FORM = re.compile(rb"/Subtype\s*/Form\b")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
_PLACED = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_FORMS = re.compile(rb"/XObject\s*(?:<<(.*?)>>|(\d+)\s+\d+\s+R)", re.DOTALL)
_RESOURCES = re.compile(rb"/Resources\s+(\d+)\s+\d+\s+R")
_REFERENCE = re.compile(rb"/([^\s/<>\[\]()]+)\s+(\d+)\s+\d+\s+R")


class _Stream(NamedTuple):
    number: int
    head: bytes
    body: bytes


def check_content(data: bytes) -> None:
    """Raise ReadError where a PDF draws more than is read."""
    total = 0
    sizes: dict[int, int] = {}
    heads: dict[int, bytes] = {}
    placed: dict[int, Counter[bytes]] = {}
    for stream in _drawn(data):
        size = len(stream.body)
        total += size
        if size > MAX_CONTENT_BYTES or total > MAX_PDF_CONTENT_BYTES:
            raise _too_much()
        if size > _SHORT and sum(map(len, _TEXT.findall(stream.body))) > MAX_CONTENT_TEXT:
            raise _too_much()
        sizes[stream.number], heads[stream.number] = size + _LEAST_SIZE, stream.head
        if b"Do" in stream.body:
            placed[stream.number] = Counter(_PLACED.findall(stream.body))
    if placed and _most_placed(data, sizes, heads, placed) > MAX_PLACED_BYTES:
        raise _too_much()


def _drawn(data: bytes) -> Iterator[_Stream]:
    """The streams that draw, unpacked as far as is allowed."""
    for found in _BODY.finditer(data):
        if data.endswith(b"end", 0, found.start()):
            continue
        at = data.rfind(b"obj", max(found.start() - _LONGEST_HEAD, 0), found.start())
        named = _HEAD.search(data, max(at - _LONGEST_NAME, 0), at + 3) if at > 0 else None
        if named is None:
            continue
        head = data[at + 3 : found.start()]
        if not _NOT_DRAWN.search(head):
            yield _Stream(int(named[1]), head, _unpacked(data, found.end(), head))


def _unpacked(data: bytes, start: int, head: bytes) -> bytes:
    packings = len(_FLATE.findall(head))
    end = data.find(b"endstream", start)
    end = len(data) if end < 0 else end
    body: bytes | memoryview = memoryview(data)[start:end]
    if _ASCII85.search(head):
        if len(body) < _SLOW_CODING:
            return b"" if packings else bytes(body)
        try:
            body = a85decode(bytes(body).strip().removesuffix(b"~>"))
        except ValueError:
            return b""
    elif b"/ASCIIHexDecode" in head:
        try:
            body = binascii.unhexlify(re.sub(rb"[\s>]", b"", bytes(body)))
        except ValueError:
            return b""
    for _ in range(min(packings, 4)):
        body = _inflated(body)
    return bytes(body[: MAX_CONTENT_BYTES + 1])


def _inflated(body: bytes | memoryview) -> bytes:
    """Unpack until one byte more than is allowed; what is damaged ends where it is damaged."""
    inflate = zlib.decompressobj()
    pieces: list[bytes] = []
    room = MAX_CONTENT_BYTES + 1
    try:
        for at in range(0, len(body), _CHUNK):
            pieces.append(inflate.decompress(body[at : at + _CHUNK], room))
            room -= len(pieces[-1])
            if room <= 0 or inflate.eof:
                break
    except zlib.error:
        pass
    return b"".join(pieces)


def _most_placed(
    data: bytes, sizes: dict[int, int], heads: dict[int, bytes], placed: dict[int, Counter[bytes]]
) -> int:
    """How much the worst page places of what stands elsewhere: each level of forms may multiply it.

    What a page calls by which name may be packed away; then its most frequent names get the largest forms.
    """
    forms = {number for number, head in heads.items() if _IS_FORM.search(head)}
    if not forms:
        return 0
    objects = {int(found[1]): found.end() for found in _HEAD.finditer(data)}

    def content(number: int) -> bytes:
        at = objects.get(number, len(data))
        return data[at : at + _LONGEST_HEAD].partition(b"endobj")[0]

    inside = {number: dict(_references(content, heads[number])) for number in forms & placed.keys()}
    weights: dict[int, int] = {}

    def weight(number: int, depth: int) -> int:
        if depth > _DEEPEST:
            return MAX_PLACED_BYTES + 1
        if number not in weights:
            weights[number] = sizes.get(number, 0)
            names = inside.get(number, {})
            calls = ((names[name], times) for name, times in placed.get(number, {}).items() if name in names)
            more = sum(times * weight(other, depth + 1) for other, times in calls)
            weights[number] = min(weights[number] + more, MAX_PLACED_BYTES + 1)
        return weights[number]

    heaviest = sorted((weight(number, 0) for number in forms), reverse=True)
    pages = (
        sum(times * size for (_, times), size in zip(names.most_common(), heaviest, strict=False))
        for number, names in placed.items()
        if number not in forms
    )
    return max(pages, default=0)


def _references(content: Callable[[int], bytes], head: bytes) -> Iterator[tuple[bytes, int]]:
    """The names by which a form calls others, and their objects."""
    resources = _RESOURCES.search(head)
    forms = _FORMS.search(content(int(resources[1])) if resources else head)
    if forms:
        inner = forms[1] if forms[1] is not None else content(int(forms[2]))
        for name, number in _REFERENCE.findall(inner):
            yield name, int(number)


def _too_much() -> ReadError:
    return ReadError(
        "PDF 解压后的内容大得异常，不予读取；请检查文件，或用原来的程序重新导出。",
        "What the PDF draws is absurdly large once unpacked, and is not read; export it again.",
    )
