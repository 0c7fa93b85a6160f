"""Write the number of a day as a section of a number format shows it: ``yyyy"年"m"月"d"日"``, ``h:mm``, ``[h]:mm``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from extract.sheets.codes import Section, Token
from extract.sheets.numerals import counted, spelled

#: 9999-12-31, the last day that a sheet knows
LAST_DAY = 2_958_465

_DAY_ZERO = datetime(1899, 12, 30)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_SECONDS = 86_400
#: days between the two calendars: one counts from 1900, the other, of old Macintoshes, from 1904
_DAYS_TO_1904 = 1_462
_CHINESE = 0x804
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_IN_CHINESE = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time of it. ``elapsed`` is the number of seconds since day 0."""

    year: int
    month: int
    day: int
    weekday: int
    second: int
    fraction: str
    elapsed: int


def moment(number: Decimal, from_1904: bool, places: int) -> Moment | None:
    """The moment that a number means, its seconds rounded to ``places``; None where it means none."""
    if number < 0:
        return None
    if from_1904:
        number += _DAYS_TO_1904
    if number >= LAST_DAY + 1:
        return None
    seconds = (number * _SECONDS).quantize(Decimal(1).scaleb(-places), context=_EXACT)
    whole = int(seconds.to_integral_value(ROUND_FLOOR))
    fraction = f"{seconds:f}".partition(".")[2]
    days, second = divmod(whole, _SECONDS)
    if days > LAST_DAY:
        return None
    year, month, day = _day(days)
    elapsed = whole - _DAYS_TO_1904 * _SECONDS * from_1904
    # Day 1 is called a Sunday, since the calendar has a 29 February too many.
    return Moment(year, month, day, (days + 5) % 7, second, fraction, elapsed)


def _day(days: int) -> tuple[int, int, int]:
    """Day 60 is 29 February 1900, which never was; day 0 is called 0 January."""
    if days == 0:
        return 1900, 1, 0
    if days == 60:
        return 1900, 2, 29
    day = date(1899, 12, 31 if days < 60 else 30) + timedelta(days)
    return day.year, day.month, day.day


def days_in(text: str) -> Decimal | None:
    """The number of a day that is stored as text; None for what is none.

    >>> days_in("2021-12-31T00:00:00.000"), days_in("去年")
    (Decimal('44561'), None)
    """
    try:
        at = datetime.fromisoformat(text.strip().removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return None
    return Decimal((at - _DAY_ZERO) // timedelta(milliseconds=1)) / 86_400_000


def date_as_shown(number: Decimal, section: Section, from_1904: bool) -> str | None:
    """The date or time as ``section`` shows it; None where the number is no day.

    >>> from extract.sheets.codes import sections_of
    >>> date_as_shown(Decimal("44561"), sections_of('yyyy"年"m"月"d"日"')[0], False)
    '2021年12月31日'
    """
    tokens = list(_with_minutes(section.tokens))
    places = max((len(token.text) for token in tokens if token.kind == "subsecond"), default=0)
    at = moment(number, from_1904, places)
    if at is None:
        return None
    has_halves = any(token.kind == "half" for token in tokens)
    return "".join(_piece(token, at, section, has_halves) for token in tokens).strip()


def _with_minutes(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with ``m`` told apart: minutes behind hours and before seconds, else months.

    The digits behind a second become one token, ``subsecond``.
    """
    units = [(n, t.text[0]) for n, t in enumerate(tokens) if t.kind in ("date", "elapsed")]
    around = {
        n: (units[i - 1][1] if i else "", units[i + 1][1] if i + 1 < len(units) else "")
        for i, (n, _) in enumerate(units)
    }
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if token.kind == "date" and token.text in ("m", "mm"):
            before, behind = around[number]
            is_minute = before == "h" or behind == "s"
            yield Token("minute" if is_minute else "date", token.text)
        elif token.kind == "point" and number + 1 < len(tokens) and tokens[number + 1].kind == "digit":
            start = number + 1
            while number + 1 < len(tokens) and tokens[number + 1].kind == "digit":
                number += 1
            yield Token("subsecond", "0" * (number + 1 - start))
        else:
            yield token
        number += 1


def _piece(token: Token, at: Moment, section: Section, has_halves: bool) -> str:
    kind, text = token
    hour, minute, second = at.second // 3600, at.second // 60 % 60, at.second % 60
    if kind == "date" and text[0] in "ymdae":
        return _calendar(text, at, section)
    if kind == "date":
        clock = (hour % 12 or 12 if has_halves else hour) if text[0] == "h" else second
        return _figures(clock, text, section)
    if kind == "minute":
        return _figures(minute, text, section)
    if kind == "elapsed":
        return str(at.elapsed // {"h": 3600, "m": 60, "s": 1}[text[0]]).zfill(len(text))
    if kind == "half":
        return token.text.upper().split("/")[hour >= 12]
    if kind == "subsecond":
        return "." + at.fraction
    return text


def _calendar(text: str, at: Moment, section: Section) -> str:
    in_chinese = section.locale == _CHINESE
    unit, length = text[0], len(text)
    if unit in "ye":
        year = f"{at.year % 100:02}" if unit == "y" and length <= 2 else str(at.year)
        return spelled(year, section.digits)
    if unit == "a":
        return ("星期" if length > 3 else "") + _WEEKDAYS_IN_CHINESE[at.weekday]
    if length <= 2:
        return _figures(at.month if unit == "m" else at.day, text, section)
    if unit == "m":
        if in_chinese:
            return (
                _figures(at.month, text, Section.of((), digits=1)) + "月" if length == 4 else f"{at.month}月"
            )
        name = _MONTHS[at.month - 1]
        return {3: name[:3], 4: name}.get(length, name[0])
    if in_chinese:
        return ("周" if length == 3 else "星期") + _WEEKDAYS_IN_CHINESE[at.weekday]
    name = _WEEKDAYS[at.weekday]
    return name[:3] if length == 3 else name


def _figures(number: int, text: str, section: Section) -> str:
    if section.digits in (1, 2):
        figures = counted(number, section.digits)
        return figures.removeprefix("一") if figures.startswith("一十") else figures
    return spelled(str(number).zfill(min(len(text), 2)), section.digits)
