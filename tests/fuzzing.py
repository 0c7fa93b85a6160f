"""Damage files in the ways that mails, disks and strangers do, the same in every run."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice

from extract.document import Document, ReadError


def damaged(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """The file cut at each tenth, and ``count`` times with some bytes changed, repeated or lost."""
    for tenth in range(10):
        yield data[: len(data) * tenth // 10]
    chance = random.Random(seed)
    for _ in range(count):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(broken))
            match chance.randrange(4):
                case 0:
                    broken[at] = chance.randrange(256)
                case 1:
                    broken[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\xfe\xff\xff\xff"))
                case 2:
                    del broken[at : at + chance.randint(1, 40)]
                case _:
                    broken[at:at] = broken[at : at + chance.randint(1, 40)]
            if not broken:
                break
        yield bytes(broken)


def survives(read: Callable[[bytes, str], Document], data: bytes, seed: int, count: int = 150) -> int:
    """How many of the damaged files are refused; anything but a document or a `ReadError` is an error."""
    refused = 0
    for broken in damaged(data, seed, count):
        try:
            assert isinstance(read(broken, "form"), Document)
        except ReadError:
            refused += 1
    return refused


Seeds = dict[str, list[bytes]]
"""Sound files by their format."""

#: numbers that programs do not expect, in XML and in RTF, and texts where numbers are expected
_ODD = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"999999999",
    b"18446744073709551616",
    b"1e999",
    b"",
    b"x",
    "零".encode(),
)
_TOKENS = re.compile(rb"<[^<>]*>|\\[a-z]+-?\d* ?|[{}]|\r?\n|[^<\\{}\r\n]+|.", re.DOTALL)
_NUMBERS = re.compile(rb"-?\d+")


def mutated(files: list[bytes], chance: random.Random) -> Iterator[bytes]:
    """Damaged copies of files without end: their bytes, their words, or within a container one of its parts."""
    while True:
        data, other = chance.choice(files), chance.choice(files)
        for _ in range(chance.choice((1, 1, 2, 4))):
            if data.startswith(b"PK") and chance.random() < 0.8:
                data = _with_part_mutated(data, other, chance)
            else:
                data = _mutated(data, other, chance)
        yield data


def _mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    ways = (_flip, _flip, _cut, _splice, _overwrite, _shuffle_words, _shuffle_words, _change_number)
    return chance.choice(ways)(data, other, chance) if data else other


def _flip(data: bytes, other: bytes, chance: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(data)), chance.randrange(len(data) + 1)))
    return chance.choice((data[:end], data[start:], data[:start] + data[end:]))


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other) + 1) :]


def _overwrite(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Numbers in binary formats: all bits, none, the highest, one less than it."""
    at, width = chance.randrange(len(data)), chance.choice((1, 2, 4, 8))
    high = 1 << (8 * width - 1)
    number = chance.choice(
        (0, 1, high - 1, high, 2 * high - 1, len(data) % (2 * high), chance.randrange(2 * high))
    )
    return data[:at] + number.to_bytes(width, "little") + data[at + width :]


def _shuffle_words(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Tags, control words and lines lost, repeated, moved, or taken from another file."""
    words, others = _TOKENS.findall(data), _TOKENS.findall(other) or [b""]
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(words) + 1)
        match chance.randrange(4):
            case 0:
                del words[at : at + chance.choice((1, 1, 5))]
            case 1:
                words[at:at] = words[at : at + chance.choice((1, 5, 50))] * chance.choice((1, 2, 20))
            case 2:
                words.insert(at, chance.choice(words or others))
            case _:
                words.insert(at, chance.choice(others))
    return b"".join(words)


def _change_number(data: bytes, other: bytes, chance: random.Random) -> bytes:
    numbers = list(islice(_NUMBERS.finditer(data, chance.randrange(len(data))), 50))
    if not numbers:
        return data
    number = chance.choice(numbers)
    return data[: number.start()] + chance.choice(_ODD) + data[number.end() :]


def _with_part_mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A container in which one part is damaged, lost or renamed; it is packed anew, so that its sums are right."""
    try:
        parts, others = _parts(data), _parts(other)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        struct.error,
    ):
        return _mutated(data, other, chance)
    name = chance.choice(list(parts) or ["x"])
    match chance.randrange(10):
        case 0:
            parts.pop(name, None)
        case 1:
            parts[chance.choice(list(others) or ["x"])] = parts.pop(name, b"")
        case _:
            parts[name] = _mutated(parts.get(name, b""), others.get(name, b"") or data, chance)
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w") as container:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in parts.items():
            container.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {
            entry.filename: container.read(entry)
            for entry in container.infolist()
            if entry.file_size < 1 << 20
        }
