"""Build OLE compound files for tests: every stream in sectors of its own, storages one level deep."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise

SECTOR = 512
END, FREE, TABLE, NOBODY = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams; ``folder/name`` stands in a storage. Small streams are in sectors as well."""
    folders = list(dict.fromkeys(path.partition("/")[0] for path in streams if "/" in path))
    sectors: list[bytes] = []
    table: list[int] = []

    def store(content: bytes) -> int:
        count = max(-(-len(content) // SECTOR), 1)
        start = len(sectors)
        sectors.extend(content[at * SECTOR :][:SECTOR].ljust(SECTOR, b"\0") for at in range(count))
        table.extend([*range(start + 1, start + count), END])
        return start

    entries = [["Root Entry", 5, NOBODY, NOBODY, END, 0]]
    numbers: dict[str, int] = {}
    for folder in folders:
        numbers[folder] = len(entries)
        entries.append([folder, 1, NOBODY, NOBODY, 0, 0])
    for path, content in streams.items():
        numbers[path] = len(entries)
        entries.append([path.rpartition("/")[2], 2, NOBODY, NOBODY, store(content), len(content)])

    def chain(parent: int, children: list[int]) -> None:
        entries[parent][3] = children[0] if children else NOBODY
        for one, following in pairwise(children):
            entries[one][2] = following

    chain(0, [numbers[name] for name in (*folders, *(path for path in streams if "/" not in path))])
    for folder in folders:
        chain(numbers[folder], [numbers[path] for path in streams if path.startswith(folder + "/")])
    directory = store(b"".join(_entry(*entry) for entry in entries))
    tables = -(-(len(table) + 8) // (SECTOR // 4)) + 1
    first = len(sectors)
    table += [TABLE] * tables
    packed = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    sectors += [packed[at * SECTOR :][:SECTOR] for at in range(tables)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, 0, END, 0, END, 0
    )
    header += struct.pack("<109I", *range(first, first + tables), *[FREE] * (109 - tables))
    return header + b"".join(sectors)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI8x8xIII", raw, len(raw) + 2, kind, 1, NOBODY, right, child, 0, start, size, 0
    )
