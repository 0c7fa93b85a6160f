"""The tables for files whose columns have types: text, exact numbers and integers, and None for a blank of any.

A column of numbers or words becomes two: ``reported`` as text, and ``reported_number`` where it is a number.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from zipingbiao.columns import TABLES, Column, Datum, Row
from zipingbiao.tables import written

#: what the column of the numbers of another is called
NUMBER_OF = "{}_number"
#: for files: how they write what `encodable` replaces
REPLACING = "zipingbiao-replacing"
# halves of surrogate pairs: no text of UTF-8 can hold one
_HALVES = re.compile("[\ud800-\udfff]")
#: what stands for whatever UTF-8 cannot hold
MARK = "\N{REPLACEMENT CHARACTER}"


class Typed(NamedTuple):
    """A column of one type: its description, the column that it comes from, and how it takes the data of that."""

    column: Column
    source: str
    take: Callable[[Sequence[Datum]], list[Datum]]


def encodable(text: str) -> str:
    """A text that UTF-8 can hold: U+FFFD, the mark for what cannot be shown, stands for half a surrogate pair.

    >>> encodable("a\\ud800b"), encodable("绩效😀")
    ('a�b', '绩效😀')
    """
    return _HALVES.sub(MARK, text)


def _replacing(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return MARK.encode() * (error.end - error.start), error.end


codecs.register_error(REPLACING, _replacing)


def as_text(datum: Datum) -> str | None:
    """A datum as text, exactly; None for blank."""
    if isinstance(datum, str):
        return encodable(datum) or None
    return None if datum is None else written(datum)


def columns_of(rows: Sequence[Row], table: str) -> list[list[Datum]]:
    """Rows of a table as the values of its typed columns: a list for each column, in the order of `TYPED`."""
    return [typed.take([row[typed.source] for row in rows]) for typed in TYPED[table]]


def _texts(data: Sequence[Datum]) -> list[Datum]:
    """Blank as None. All at once, since nearly always there is nothing to replace."""
    texts = [text or None for text in data]
    try:
        "".join(filter(None, texts)).encode()  # type: ignore[arg-type]
    except UnicodeEncodeError:
        return [as_text(text) for text in texts]
    return texts


def _numbers(data: Sequence[Datum]) -> list[Datum]:
    return [datum if isinstance(datum, Decimal | int) else None for datum in data]


def _words_too(data: Sequence[Datum]) -> list[Datum]:
    return [as_text(datum) for datum in data]


def _typed(column: Column) -> tuple[Typed, ...]:
    name, kind, zh, en, unit = column
    if kind == "value":
        number = Column(NUMBER_OF.format(name), "decimal", f"{zh}（数）", f"{en}, where it is a number", unit)
        return Typed(Column(name, "text", zh, en, unit), name, _words_too), Typed(number, name, _numbers)
    return (Typed(column, name, _texts if kind == "text" else list),)


TYPED: Mapping[str, tuple[Typed, ...]] = {
    name: tuple(typed for column in columns for typed in _typed(column)) for name, columns in TABLES.items()
}
