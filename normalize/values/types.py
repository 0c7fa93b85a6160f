"""What a value cell can say: `Value`, a closed sum of frozen types, read with ``match``.

Every value keeps ``raw``, the cell's text exactly as printed. Numbers are `Decimal` with the digits as
printed (``10.00`` keeps its zeros): tolerances come from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extract.document import Bilingual

#: how a number is compared; blank where nothing is printed
RELATIONS = ("", "=", ">=", "<=", ">", "<", "about")

#: what stands in a cell that says nothing
BLANK_KINDS = (
    "empty",  # nothing, or white space only
    "em_dash",  # —
    "double_dash",  # —— or --
    "hyphen",  # -
    "slash",  # /
    "none_word",  # 无, 暂无
    "not_applicable",  # 不适用
    "placeholder",  # 指标2：, ……: the template's own
    "instruction",  # the template's hint, left in
    "merged",  # the cell covers several rows, and its number was counted in the first of them
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: ``≤23万`` is 23, ``<=``, 万. Never scaled.

    ``relation`` is one of `RELATIONS`, blank where none is printed. ``unit`` is as printed without white
    space, but for the spellings of percent, which are all ``%``; blank where none is printed.
    """

    raw: str
    number: Decimal
    relation: str
    unit: str


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included: ``3-5人``, ``80%-90%``."""

    raw: str
    low: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is printed: ``9月`` has neither year nor day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A day, a month or a year, or with ``start`` a period.

    ``relation`` is ``<=`` for 前, 之前, 以前, 不晚于 and the like, else blank.
    """

    raw: str
    start: Day | None
    end: Day
    relation: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Words: ``效果明显``, ``一等``; also a number that only a reader of the whole sentence understands."""

    raw: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing was filled in; ``kind`` says how (`BLANK_KINDS`). Never zero."""

    raw: str
    kind: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A number was meant and cannot be read, for the reason ``why``: refused, not repaired."""

    raw: str
    why: Bilingual


Value = Measure | Range | Date | Wording | Blank | Unreadable
