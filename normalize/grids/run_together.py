"""Rows of funds whose numbers ran together when a table became text: ``202010100.00%10`` is 20, 20, 10, 100.00%, 10.

A row is parted only where its arithmetic admits exactly one reading. Where it admits several, or cells stand in
columns that cannot be theirs, the row is refused: a number that nobody wrote is worse than none. A row that can
stand as printed is left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from extract.document import Bilingual
from normalize.fold import fold
from normalize.form import AMOUNTS, FundRow, Piece
from normalize.grids.under import is_number
from normalize.labels.match import match_label
from normalize.record import Entry, FundLine, Number, number_of
from normalize.values.types import Unreadable

RUN_TOGETHER = Bilingual(
    "几个数连在一起，无法确定从哪里分开", "several numbers ran together, and nothing says where to part them"
)
#: the columns of a row of funds that hold numbers
COLUMNS = frozenset({"weight", "execution_rate", "score", *AMOUNTS})
#: what the execution rate says of the others
PROVEN = ("budget_adjusted", "executed", "execution_rate")
#: no weight and no score is above this
MOST_POINTS = Decimal(100)
#: in 万元; the whole country's budget has ten digits
LARGEST_AMOUNT = Decimal(10) ** 10
#: a longer text, or one that can be cut in more ways, is not parted
LONGEST = 60
MOST_WAYS = 100_000

_NUMBERS = re.compile(r"[0-9.,%\s/—–-]+")
# what stands between blanks, and behind a % or a dash
_RUN = re.compile(r"[0-9.,]+%?|[/—–-]+")
_DASH = "[/—–-]+"
_AMOUNT = re.compile(
    rf"(?:0|[1-9][0-9]{{0,11}}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+)(?:\.[0-9]{{1,6}})?|{_DASH}"
)
_POINTS = re.compile(rf"(?:0|[1-9][0-9]{{0,2}})(?:\.[0-9]{{1,2}})?|{_DASH}")
_RATE = re.compile(rf"(?:0|[1-9][0-9]{{0,3}})(?:\.[0-9]{{1,4}})?%|{_DASH}")
_SHAPES = {"weight": _POINTS, "score": _POINTS, "execution_rate": _RATE}


class Run(NamedTuple):
    """Signs without a gap: the number of their column as printed, and whether they begin its cell."""

    text: str
    column: int
    leads: bool


class Part(NamedTuple):
    """A number cut out of a run, and the number of the column where it is printed."""

    text: str
    column: int


Reading = tuple[Part, ...]
Reader = Callable[[FundRow], FundLine]


def part_funds(rows: Sequence[FundRow], read: Reader) -> tuple[FundLine, ...]:
    """The lines of funds, with numbers that ran together parted or refused; ``read`` reads a row."""
    columns = max(([name for name in row.fields if name in COLUMNS] for row in rows), key=len, default=[])
    return tuple(_part(row, read, columns) for row in rows)


def _part(row: FundRow, read: Reader, columns: Sequence[str]) -> FundLine:
    line = read(row)
    pieces = [row.fields.get(name) for name in columns]
    texts = ["" if piece is None else fold(piece.text).strip() for piece in pieces]
    if not any(texts) or any(piece and piece.merged for piece in pieces):
        return line
    named = dict(zip(columns, texts, strict=True))
    is_short = not all(texts)
    is_doubtful = is_short and _is_doubtful(line, columns)
    is_displaced = _is_displaced(named, is_doubtful) or (is_short and _is_beyond_any(line, columns))
    if not is_doubtful and not is_displaced:
        return line
    readings = list(islice(_readings(columns, texts), 2)) if is_short else []
    if len(readings) == 1:
        return read(_parted(row, columns, readings[0]))
    return _refused(line, columns) if readings or is_displaced else line


def _is_displaced(texts: Mapping[str, str], is_doubtful: bool) -> bool:
    """Whether a cell stands in a column that cannot be its own: a rate among amounts, the label of a line.

    A weight can be printed as 10%, unless something else is wrong with its row.
    """
    if any(text and not is_number(text) and match_label(text, "fund_item", False) for text in texts.values()):
        return True
    if "%" in texts.get("execution_rate", "%"):
        return any("%" in texts.get(name, "") for name in AMOUNTS)
    return any("%" in text and (name != "weight" or is_doubtful) for name, text in texts.items())


def _is_beyond_any(line: FundLine, columns: Sequence[str]) -> bool:
    """Whether a number is more than its column can hold."""
    numbers = {name: number_of(getattr(line, name)) for name in columns if name != "execution_rate"}
    return any(
        number is not None and number > (LARGEST_AMOUNT if name in AMOUNTS else MOST_POINTS)
        for name, number in numbers.items()
    )


def _is_doubtful(line: FundLine, columns: Sequence[str]) -> bool:
    """Whether a number of the row cannot be read, or does not go with those beside it."""
    entries: list[Entry[Number] | None] = [getattr(line, name) for name in columns]
    if any(entry and isinstance(entry.value, Unreadable) for entry in entries):
        return True
    budget = number_of(line.budget_adjusted if "budget_adjusted" in columns else line.budget_initial)
    executed, rate = number_of(line.executed), number_of(line.execution_rate)
    weight, score = number_of(line.weight), number_of(line.score)
    if score is not None and weight is None and "weight" in columns:
        return True
    return rate is not None and (not budget or executed is None or not _is_rate_of(rate, executed, budget))


def _readings(columns: Sequence[str], texts: Sequence[str]) -> Iterator[Reading]:
    """Each way to part a row's texts so that its arithmetic holds, at least one of them being cut."""
    runs = [
        Run(match[0], column, match.start() == 0)
        for column, text in enumerate(texts)
        for match in _RUN.finditer(text)
    ]
    signs = "".join(texts)
    first = runs[0].column if runs else 0
    free = len(columns) - first - len(runs)
    cuts = sum(len(run.text) - 1 for run in runs)
    if not _NUMBERS.fullmatch(signs) or len(signs) > LONGEST or free < 0:
        return
    if math.comb(cuts + free, free) > MOST_WAYS:
        return
    filled = sum(map(bool, texts))
    for reading in _cut(columns, runs, first):
        named = dict(zip(columns[first:], (part.text for part in reading), strict=False))
        if sum(map(bool, named.values())) > filled and _is_proven(named):
            yield reading


def _cut(columns: Sequence[str], runs: Sequence[Run], at: int) -> Iterator[Reading]:
    """Each way to fill the columns from ``at`` on, in order; no cell moves left of its column.

    A column that nothing in the row proves can be blank.
    """
    if not runs:
        yield ()
        return
    if at == len(columns):
        return
    if columns[at] not in PROVEN:
        for more in _cut(columns, runs, at + 1):
            yield (Part("", runs[0].column), *more)
    (text, column, leads), *rest = runs
    if leads and at < column:
        return
    shape = _SHAPES.get(columns[at], _AMOUNT)
    for stop in range(1, len(text) + 1):
        if shape.fullmatch(text, 0, stop):
            remaining = [Run(text[stop:], column, False), *rest] if stop < len(text) else rest
            for more in _cut(columns, remaining, at + 1):
                yield (Part(text[:stop], column), *more)


def _is_proven(texts: Mapping[str, str]) -> bool:
    """Whether the rate is executed ÷ budget, and the score weight × rate, within their printed digits."""
    budget = _number(texts.get("budget_adjusted") or texts.get("budget_initial", ""))
    executed, percent = _number(texts.get("executed", "")), _number(texts.get("execution_rate", ""))
    weight, score = _number(texts.get("weight", "")), _number(texts.get("score", ""))
    if not budget or executed is None or percent is None:
        return False
    rate = percent.scaleb(-2)
    if not _is_rate_of(rate, executed, budget):
        return False
    if weight is None or score is None:
        return score is None
    return score <= weight <= MOST_POINTS and any(
        abs(score - weight * min(share, Decimal(1))) <= _half_digit(score)
        for share in (rate, executed / budget)
    )


def _is_rate_of(rate: Decimal, executed: Decimal, budget: Decimal) -> bool:
    half = min(_half_digit(executed), _half_digit(budget))
    slack = _half_digit(rate) * budget + half * (1 + rate)
    return abs(executed - rate * budget) <= slack


def _half_digit(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb(exponent - 1) if isinstance(exponent, int) else Decimal(0)


def _number(text: str) -> Decimal | None:
    return Decimal(text.rstrip("%").replace(",", "")) if text[:1].isdigit() else None


def _parted(row: FundRow, columns: Sequence[str], reading: Reading) -> FundRow:
    """The row with a number of the reading in each column; each keeps the cell that it is printed in."""
    pieces = {name: row.fields[name] for name in columns if name in row.fields}
    fields = {name: Piece("", piece.cell) for name, piece in pieces.items()}
    for name, part in zip(columns[reading[0].column :], reading, strict=False):
        fields[name] = Piece(part.text, row.fields[columns[part.column]].cell)
    return replace(row, fields={**row.fields, **fields})


def _refused(line: FundLine, columns: Sequence[str]) -> FundLine:
    """The line without a number: all its columns hold one unreadable entry, with all that is printed."""
    entries: list[Entry[Number] | None] = [getattr(line, name) for name in columns]
    filled = [entry for entry in entries if entry and entry.raw.strip()]
    raw = " ".join(entry.raw.strip() for entry in filled)
    refused: Entry[Number] = Entry(Unreadable(raw, RUN_TOGETHER), raw, filled[0].cell)
    changes: dict[str, Any] = dict.fromkeys(columns, refused)
    return replace(line, **changes)
