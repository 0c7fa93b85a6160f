"""What printed digits allow: a number stands for the interval of half a unit of its last digit around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from normalize.form import AMOUNTS
from normalize.record import FundLine, Record, number_of
from normalize.values.exact import EXACT
from zipingbiao.remember import once_a_record

#: 万
TEN_THOUSAND = Decimal(10_000)
#: what may explain two amounts that differ by that factor, in both languages
MIXED_UNITS = (
    "（恰差一万倍，疑似元与万元混用）",
    ", a factor of exactly 10,000: one may be in 元, the other in 万元",
)


def half_unit(number: Decimal) -> Decimal:
    """Half a unit of the last printed digit: 0.005 for 1.59, 0.5 for 16."""
    exponent = number.as_tuple().exponent
    return Decimal((0, (5,), exponent - 1)) if isinstance(exponent, int) else Decimal(0)


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from ``low`` to ``high``, both included; ``high`` None is without bound."""

    low: Decimal
    high: Decimal | None

    @classmethod
    def around(cls, number: Decimal, half: Decimal | None = None) -> Interval:
        """The values that a printed number can stand for."""
        half = half_unit(number) if half is None else half
        return cls(number - half, number + half)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        below = other.high is None or self.low <= other.high
        return below and (self.high is None or other.low <= self.high)

    def scaled(self, factor: Decimal, cap: Decimal) -> Interval:
        """Each value, at most ``cap``, times ``factor``."""
        high = cap if self.high is None else min(self.high, cap)
        return Interval(min(self.low, cap) * factor, high * factor)


@once_a_record
def fund_half(record: Record) -> Decimal:
    """The precision of a fund table: half a unit of the finest digit that any of its amounts prints."""
    amounts = [
        number
        for line in record.funds
        for name in AMOUNTS
        if (number := number_of(getattr(line, name))) is not None
    ]
    exponents = [exponent for amount in amounts if isinstance(exponent := amount.as_tuple().exponent, int)]
    return Decimal((0, (5,), min(exponents, default=0) - 1))


def quotient(executed: Decimal, budget: Decimal, half: Decimal) -> Interval | None:
    """E/B where both are known to ± ``half``; None where the budget is zero within its precision."""
    if budget <= 0:
        return None
    high = (executed + half) / (budget - half) if budget > half else None
    return Interval(max(executed - half, Decimal(0)) / (budget + half), high)


def shown(number: Decimal, places: int = 2) -> Decimal:
    """A computed number for people: at most ``places`` decimals, without trailing zeros.

    >>> shown(Decimal("1.58695"))
    Decimal('1.59')
    """
    rounded = EXACT.quantize(number, Decimal(1).scaleb(-places))
    return Decimal(format(EXACT.normalize(rounded), "f"))


def amount(number: Decimal) -> str:
    """An amount in a sentence: exact, without the zeros that conversion from 元 leaves behind.

    >>> amount(Decimal("114.560000"))
    '114.56'
    """
    return format(number.normalize(), "f")


def decimals_of(number: Decimal) -> int:
    """How many decimals a number prints."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def percent(fraction: Decimal, places: int = 2) -> str:
    """A fraction as people write it: 0.1587 is 15.87%."""
    return f"{shown(fraction * 100, places)}%"


def shown_apart(number: Decimal, limit: Decimal, places: int) -> Decimal:
    """A computed number for people, with as many more decimals as tell it from a limit.

    >>> shown_apart(Decimal("0.899968"), Decimal("0.9"), 4), shown_apart(Decimal("0.512345"), Decimal("0.9"), 4)
    (Decimal('0.89997'), Decimal('0.5123'))
    """
    while number != limit and shown(number, places) == limit:
        places += 1
    return shown(number, places)


def percent_apart(fraction: Decimal, limit: Decimal) -> str:
    """A fraction as people write it, told from a limit: 89.997%, where 90% would be no less than 90%."""
    return f"{amount(shown_apart(fraction * 100, limit * 100, 2))}%"


def differ_by_ten_thousand(one: Decimal, other: Decimal) -> bool:
    """Whether one of two amounts is 10,000 times the other, as if one were in 元 and one in 万元.

    >>> differ_by_ten_thousand(Decimal("0.032"), Decimal(320)), differ_by_ten_thousand(Decimal(0), Decimal(0))
    (True, False)
    """
    small, large = sorted((abs(one), abs(other)))
    return small > 0 and small * TEN_THOUSAND == large


def numbers(entries: Iterable[object]) -> Iterator[Decimal]:
    """The numbers among entries."""
    for entry in entries:
        number = number_of(entry)  # type: ignore[arg-type]
        if number is not None:
            yield number


def line_name(line: FundLine) -> str:
    """What to call a fund line in a sentence."""
    return line.label.value.strip().rstrip(":：") or line.item
