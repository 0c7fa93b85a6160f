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
from operator import itemgetter
from typing import Any

from zipingbiao.batch.inputs import shown
from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.tables import Rows

#: the fastest: what a form says then takes a tenth, a better level saves little more
_LEVEL = 1
#: what stands for the file's own path: no datum is ever true
_ITSELF = True
#: between texts: JSON need not escape it, and no form prints it
_PARTING = "\x7f"
#: what a column is made of, once what stands for something else is resolved
_KINDS = frozenset({str, int, Decimal, type(None)})
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
    """The rows of the file at ``path`` as compressed JSON: by table and column, since a name for each cell costs time.

    A column is a list of its data. One of texts alone is all of them as one text, parted by a character that is in
    none of them. One with decimals, which must not become binary numbers, is an object: ``decimals`` are texts
    in that way, blank where there is none, and ``others`` the list of all else, or null where all else is blank.
    """
    source = shown(path)
    tables = {name: _packed(table, _COLUMNS[name], source) for name, table in rows.items()}
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes, path: str) -> Rows:
    """The rows again, of a file that is now at ``path``. Raises `Damaged`."""
    source = shown(path)
    try:
        tables = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        return {name: _rows(tables[name], columns, source) for name, columns in _COLUMNS.items()}
    except (zlib.error, ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as err:
        raise Damaged from err


def _packed(table: Sequence[Row], columns: Sequence[str], source: str) -> dict[str, object]:
    """The columns of a table as JSON can hold them."""
    if not table:
        return {column: [] for column in columns}
    data = zip(*map(itemgetter(*columns), table), strict=True)
    return {column: _as_json(values, column, source) for column, values in zip(columns, data, strict=True)}


def _as_json(data: Sequence[Datum], column: str, source: str) -> object:
    kinds = set(map(type, data))
    if column == "source":
        return [_ITSELF if datum == source else datum for datum in data]
    if kinds == {str}:
        return _joined(data)
    if Decimal not in kinds:
        return data
    decimals = _joined([str(datum) if isinstance(datum, Decimal) else "" for datum in data])
    others = [None if isinstance(datum, Decimal) else datum for datum in data]
    return {"decimals": decimals, "others": others if any(one is not None for one in others) else None}


def _joined(texts: Sequence[Any]) -> str | Sequence[str]:
    joined = _PARTING.join(texts)
    return joined if joined.count(_PARTING) == len(texts) - 1 else texts


def _rows(packed: Mapping[str, Any], columns: Sequence[str], source: str) -> list[Row]:
    """The rows of a table. Raises `ValueError`, `TypeError` and `LookupError` where it is none."""
    data = [_column(packed[column], column, source) for column in columns]
    # one datum a column: nothing left for `strict` to find, which takes half as long again
    return [dict(zip(columns, row)) for row in zip(*data, strict=True)]  # noqa: B905


def _column(packed: Any, column: str, source: str) -> list[Datum]:
    data: Any = packed
    if isinstance(packed, str):
        return list(packed.split(_PARTING))
    if isinstance(packed, dict):
        texts = str.split(packed["decimals"], _PARTING)  # TypeError where it is none
        numbers = {text: Decimal(text) if text else None for text in set(texts)}
        others = packed["others"] or [None] * len(texts)
        data = [numbers[text] if text else other for text, other in zip(texts, others, strict=True)]
    if column == "source":
        data = [source if datum is _ITSELF else datum for datum in data]
    if not isinstance(data, list) or not _KINDS.issuperset(map(type, data)):
        raise TypeError
    return data
