"""What became of a file, packed: its rows as compressed JSON, for the way between processes and for the disk.

JSON and not pickle: whoever can write to the folder that keeps it must not be able to run anything by it. The
rows do not hold the path of their file, so that a file that has moved keeps them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from zipingbiao.batch.inputs import shown
from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.tables import Rows

if TYPE_CHECKING:
    from zipingbiao.batch.gist import Gist

#: the fastest: what a form says then takes a tenth, a better level saves little more
_LEVEL = 1
#: what stands for the file's own path: no datum is ever true
_ITSELF = True
#: what a column is made of, once what stands for something else is resolved
_KINDS = frozenset({str, int, Decimal, type(None)})
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in columns) for name, columns in TABLES.items()
}
_DATA_OF = {name: itemgetter(*columns) for name, columns in _COLUMNS.items()}


class Damaged(Exception):
    """Packed rows that cannot be unpacked."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file's rows, packed, with what must be known of them without unpacking.

    ``members`` are the paths of the files in an archive, ``unpacked`` is their size in bytes; ``size`` is that of
    the file, and ``sha256`` is blank where it could not be opened. ``number`` is where the memory keeps it, None
    for what has just been read. ``gist`` is what a run first asks of it; None where that is still to be found out.
    """

    data: bytes
    sha256: str
    size: int
    status: str
    members: tuple[str, ...] = ()
    unpacked: int = 0
    number: int | None = None
    gist: Gist | None = None

    @classmethod
    def of(
        cls,
        path: str,
        rows: Rows,
        members: tuple[str, ...] = (),
        unpacked: int = 0,
        gist: Gist | None = None,
    ) -> Packed:
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
            gist=gist,
        )

    def rows(self, path: str, tables: Iterable[str] = TABLES) -> Rows:
        """The rows of some or all tables, of a file that is now at ``path``. Raises `Damaged`."""
        return unpack(self.data, path, tables)


def pack(rows: Rows, path: str) -> bytes:
    """The rows of the file at ``path`` as compressed JSON, a line a table: the list of its columns in their order.

    A column is the list of its data. A decimal, which must not become a binary number, is a list that holds it as
    text.
    """
    source = shown(path)
    text = "\n".join(_encode(_columns(rows[name], name, source)) for name in _COLUMNS)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes, path: str, tables: Iterable[str] = TABLES) -> Rows:
    """The rows of some or all tables again, of a file that is now at ``path``. Raises `Damaged`."""
    source = shown(path)
    try:
        lines = zlib.decompress(data).decode("utf-8", "surrogatepass").split("\n")
        line_of = dict(zip(_COLUMNS, lines, strict=True))
        return {name: _rows(json.loads(line_of[name]), name, source) for name in tables}
    except (zlib.error, ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as err:
        raise Damaged from err


def _as_json(datum: object) -> list[str]:
    if not isinstance(datum, Decimal):
        raise TypeError
    return [str(datum)]


#: made once: to make one for each table takes as long as its work
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_as_json
).encode


def _columns(table: Iterable[Row], name: str, source: str) -> list[Any]:
    """The data of a table by column, which pack better than by row; none where there is no row."""
    columns: list[Any] = list(zip(*map(_DATA_OF[name], table), strict=True))
    if columns and "source" in _COLUMNS[name]:
        at = _COLUMNS[name].index("source")
        columns[at] = [_ITSELF if datum == source else datum for datum in columns[at]]
    return columns


def _rows(packed: Any, name: str, source: str) -> list[Row]:
    """The rows of a table. Raises `ValueError`, `TypeError` and `LookupError` where it is none."""
    if packed == []:
        return []
    columns = _COLUMNS[name]
    data = [_column(one, column, source) for column, one in zip(columns, packed, strict=True)]
    # one datum a column: nothing left for `strict` to find, which takes half as long again
    return [dict(zip(columns, row)) for row in zip(*data, strict=True)]  # noqa: B905


def _column(packed: Any, column: str, source: str) -> list[Datum]:
    data: Any = packed
    if not isinstance(data, list):
        raise TypeError
    if list in map(type, data):
        data = [_decimal(*datum) if isinstance(datum, list) else datum for datum in data]
    if column == "source":
        data = [source if datum is _ITSELF else datum for datum in data]
    if not _KINDS.issuperset(map(type, data)):
        raise TypeError
    return list(data)


def _decimal(text: object) -> Decimal:
    if not isinstance(text, str):
        raise TypeError
    return Decimal(text)
