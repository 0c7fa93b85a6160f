"""Days, months, years and periods, as far as they are printed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from extract.document import Bilingual
from normalize.fold import fold
from normalize.values.numerals import NUMERAL_CHARS, parse_numeral
from normalize.values.types import Date, Day, Unreadable, Value
from normalize.values.wordings import one_of, spans, words

NO_SUCH_DATE = Bilingual("没有这个日期", "there is no such date")
REVERSED = Bilingual("结束时间早于开始时间", "the period ends before it begins")

#: between two days
TO = "(?:--?|—{1,2}|–|~|至|到)"
# two bare numbers in this span are years, where a year would be expected: 2021-2022
_BARE_YEARS = range(2000, 2050)

_CJK = "[\u3400-\u9fff]"
_SPANS = spans()
SPAN = one_of(_SPANS)
_BEFORE = words("date", "before")
_NEVER_LAST = words("date", "never_after_deed")
_BY = words("date", "by")

_LEAD = rf"""
    (?: {_CJK}{{0,10}}? (?:{one_of(words("date", "lead_endings"))}) )?
    (?: {one_of(words("date", "lead"))} ){{0,5}}
    (?: (?P<by>{one_of(_BY)}|≤|<=) | = )?
"""
_ENDING = rf"""
    (?: (?P<before>{one_of(_BEFORE)}) | {one_of(words("date", "neutral"))} )?
    (?P<deed> (?:{one_of(words("date", "adverbs"))}){{0,3}}
        (?:{one_of(words("date", "deeds"))}) (?!{one_of(_NEVER_LAST)}) {_CJK}{{0,8}} )?
    (?: \([^()0-9]{{1,12}}\) )?
    [。.;]{{0,2}}
"""
#: a year in figures, spaced out, or in Chinese numerals: 2022, 2 0 2 2, 二〇二二
YEAR = r"(?:(?:19|20)\d{2}|2\s+0\s+\d\s+\d|二[〇○零O0][〇○零O0一二三四五六七八九]{2})"
# "2022年度", "2022 年 度", "(2022)年度", "2022财政年度", "2022 年"
_NAMED_YEAR = re.compile(rf"(?<!\d)(?P<year>{YEAR})\s*[)\]]?\s*(?:财政|预算|会计)?\s*年(?P<fiscal>\s*度)?")
_YEAR_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
# 二〇二二年, 十二月, 三十一日; 两 only counts
_NUMERAL_IN_DATE = rf"[{NUMERAL_CHARS.replace('两', '')}]+(?=[年月日号])"


def day_pattern(tag: str) -> str:
    """A day in words, its groups ``y``, ``m``, ``d``, ``o`` (a day alone) and ``p`` (底, 中旬) with ``tag``.

    2023年12月底, 2022年8月10, 9月, 5日.
    """
    return rf"""
    (?=[0-9])
    (?:(?P<y{tag}>(?:19|20)[0-9]{{2}})年度?)?
    (?: (?P<m{tag}>[0-9]{{1,2}})月份?(?:(?P<d{tag}>[0-9]{{1,2}})[日号]?)? | (?P<o{tag}>[0-9]{{1,2}})[日号] )?
    (?P<p{tag}>底|末|初|上旬|中旬|下旬)?
    """


def dotted_pattern(tag: str) -> str:
    """A day in figures, its groups as in `day_pattern`: 2019.1.1, 2023-07, 2022/12/31."""
    return rf"""
    (?P<y{tag}>(?:19|20)[0-9]{{2}}) (?P<s{tag}>[-./]) (?P<m{tag}>[0-9]{{1,2}})
    (?:(?P=s{tag})(?P<d{tag}>[0-9]{{1,2}}))?
    """


class _Around(NamedTuple):
    """What the words around a date say: by that day, or on it."""

    relation: str
    sign: bool


@lru_cache(maxsize=2048)
def _read_around(lead: str, ending: str) -> _Around | None:
    before = re.fullmatch(_LEAD, lead, re.VERBOSE)
    behind = re.fullmatch(_ENDING, ending, re.VERBOSE)
    if before is None or behind is None:
        return None
    deed = behind["deed"] or ""
    if deed.endswith(_NEVER_LAST) or any(word in deed for word in "未没不"):
        return None
    by = bool(before["by"] or behind["before"])
    return _Around("<=" if by else "", sign=lead.endswith(("≤", "=")))


def build_day(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A day, a month or a year: ``2023年12月底前``, ``完成时间为2022年12月30日``, ``9月``."""
    around = _read_around(match["lead"], match["end"])
    if around is None:
        return None
    day = _day(match.groupdict(), "1")
    parts = sum(part is not None for part in (day.year, day.month, day.day))
    # ≤12月 and 30日 are as often durations; 18月 is nothing but one
    if not parts or (parts == 1 and (around.sign or (day.day and not around.relation))):
        return None
    if not _exists(day):
        return Unreadable(raw, NO_SUCH_DATE) if parts > 1 else None
    return Date(raw, None, day, around.relation)


def build_period(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """From one day to another: ``2021年1月-12月``, ``2019.1.1~2019.12.31``, ``2021-2023年``."""
    around = _read_around(match["lead"], match["end"])
    if around is None:
        return None
    groups = match.groupdict()
    start, end = _day(groups, "1"), _day(groups, "2")
    if end.month is None and end.day is not None:
        end = Day(end.year, start.month, end.day)
    end = Day(end.year or start.year, end.month, end.day)
    return _period(raw, start, end, around.relation, sure="年" in match.string or "月" in match.string)


def build_bare_years(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """Two numbers that can only be years: ``2021-2022``."""
    first, last = int(match["y1"]), int(match["y2"])
    if first >= last or first not in _BARE_YEARS or last not in _BARE_YEARS:
        return None
    return Date(raw, Day(first), Day(last), "")


def build_span(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A part of a year: ``2022年全年``, ``上半年``, ``第三季度``."""
    around = _read_around(match["lead"], match["end"])
    if around is None or (match["span"] == "全年" and not match["y1"]):
        return None
    year = int(match["y1"]) if match["y1"] else None
    first, last = _SPANS[match["span"]]
    return Date(raw, Day(year, first), Day(year, last), around.relation)


def build_year_end(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """The end of a year: ``年底前``, ``2022年末``."""
    around = _read_around(match["lead"], match["end"])
    if around is None:
        return None
    year = int(match["y1"]) if match["y1"] else None
    return Date(raw, None, Day(year, 12, 31), around.relation)


@lru_cache(maxsize=1024)
def year_in(text: str) -> int | None:
    """The year that a text names: the first 年度, or else the first 年.

    >>> year_in("关于2023年报送2022年度自评表"), year_in("（二〇二二 年 度）"), year_in("2022")
    (2022, 2022, None)
    """
    named = list(_NAMED_YEAR.finditer(fold(text)))
    if not named:
        return None
    printed = next((one for one in named if one["fiscal"]), named[0])["year"]
    return int("".join(printed.split()).translate(_YEAR_DIGITS))


def with_figures(folded: str) -> str:
    """The same date with its Chinese numerals as figures; other text stays.

    >>> with_figures("二〇二二年十二月三十一日前"), with_figures("两月一次")
    ('2022年12月31日前', '两月一次')
    """
    return re.sub(_NUMERAL_IN_DATE, _in_figures, folded)


def _in_figures(numeral: re.Match[str]) -> str:
    number = parse_numeral(numeral[0])
    return numeral[0] if number is None else format(number, "f")


def _day(groups: dict[str, str | None], tag: str) -> Day:
    """The day of the groups with this tag; 底 is the last day of its month or year."""
    figures = {name: groups.get(name + tag) for name in "ymdop"}
    year, month, day = (
        int(text) if text else None for text in (figures["y"], figures["m"], figures["d"] or figures["o"])
    )
    if figures["p"] not in ("底", "末") or day is not None:
        return Day(year, month, day)
    return Day(year, month, _last_day(year, month)) if month else Day(year, 12, 31)


def _last_day(year: int | None, month: int) -> int | None:
    """The last day of a month; None for a February without a year, and for a month that does not exist."""
    if month == 2:
        if year is None:
            return None
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return {4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31) if 1 <= month <= 12 else None


def _exists(day: Day) -> bool:
    if day.month is not None and not 1 <= day.month <= 12:
        return False
    if day.day is None:
        return True
    longest = 31 if day.month is None else _last_day(day.year or 2000, day.month)
    return longest is not None and 1 <= day.day <= longest


def _period(raw: str, start: Day, end: Day, relation: str, sure: bool) -> Value | None:
    """``sure``: 年 or 月 is printed; figures alone may be two amounts, and other rows may try them."""
    if not (_exists(start) and _exists(end)):
        return Unreadable(raw, NO_SUCH_DATE) if sure else None
    if start == Day() or end == Day() or (not sure and (start.day is None) != (end.day is None)):
        return None
    if _order(start) > _order(end) and end.year is not None and start.year is not None:
        return Unreadable(raw, REVERSED) if sure else None
    return Date(raw, start, end, relation)


def _order(day: Day) -> tuple[int, int, int]:
    return day.year or 0, day.month or 0, day.day or 0
