"""Damage files in the ways that mails, disks and strangers do, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

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
