"""What became of a file, packed: its rows as compressed JSON, for the way between processes and for the disk.

JSON and not pickle: whoever can write to the folder that keeps it must not be able to run anything by it. The
rows do not hold the path of their file, so that a file that has moved keeps them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.inputs import shown
from zipingbiao.tables import Rows

#: the fastest: what a form says then takes a tenth, a better level saves little more
_LEVEL = 1
#: what stands for the file's own path: no datum is ever true
_ITSELF = True
#: the key of a decimal, which no table has for a name
_NUMBER = ""
#: what a row is made of
_KINDS = frozenset({str, int, Decimal, type(None), bool})
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in columns) for name, columns in TABLES.items()
}


class Damaged(Exception):
    """Packed rows that cannot be unpacked."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file's rows, packed, with what must be known of them without unpacking.

    ``members`` are the paths of the files in an archive, ``unpacked`` is their size in bytes; ``size`` is that of
    the file, and ``sha256`` is blank where it could not be opened. ``number`` is where the memory keeps it, None
    for what has just been read.
    """

    data: bytes
    sha256: str
    size: int
    status: str
    members: tuple[str, ...] = ()
    unpacked: int = 0
    number: int | None = None

    @classmethod
    def of(cls, path: str, rows: Rows, members: tuple[str, ...] = (), unpacked: int = 0) -> Packed:
        """Pack the rows of the file at ``path``."""
        (about,) = rows["sources"]
        size = about["bytes"]
        return cls(
            pack(rows, path),
            str(about["sha256"]),
            size if isinstance(size, int) else 0,
            str(about["status"]),
            members,
            unpacked,
        )

    def rows(self, path: str) -> Rows:
        """The rows, of a file that is now at ``path``. Raises `Damaged`."""
        return unpack(self.data, path)


def pack(rows: Rows, path: str) -> bytes:
    """The rows of the file at ``path`` as compressed JSON: by table, and in it by row, in the order of columns."""
    source = shown(path)
    tables = {name: [_values(row, _COLUMNS[name], source) for row in table] for name, table in rows.items()}
    text = json.dumps(tables, default=_tagged, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


def unpack(data: bytes, path: str) -> Rows:
    """The rows again, of a file that is now at ``path``. Raises `Damaged`."""
    source = shown(path)
    try:
        tables = json.loads(zlib.decompress(data), object_hook=_untagged)
        return {
            name: [_row(columns, values, source) for values in tables[name]]
            for name, columns in _COLUMNS.items()
        }
    except (zlib.error, ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as err:
        raise Damaged from err


def _values(row: Row, columns: Sequence[str], source: str) -> list[object]:
    values: list[object] = [row[column] for column in columns]
    if row.get("source") == source:
        values[columns.index("source")] = _ITSELF
    return values


def _row(columns: Sequence[str], values: Sequence[Datum], source: str) -> Row:
    if not _KINDS.issuperset(map(type, values)):
        raise ValueError
    row = dict(zip(columns, values, strict=True))
    if row.get("source") is _ITSELF:
        row["source"] = source
    return row


def _tagged(number: object) -> dict[str, str]:
    """A decimal as an object of its own: it must not become a binary number."""
    if not isinstance(number, Decimal):
        raise TypeError(f"a table holds a {type(number).__name__}")
    return {_NUMBER: str(number)}


def _untagged(found: dict[str, Any]) -> Any:
    if _NUMBER not in found:
        return found
    if not isinstance(found[_NUMBER], str):
        raise TypeError  # a binary number
    return Decimal(found[_NUMBER])
