"""Chinese numerals to exact `Decimal`; whatever is not one plain numeral is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

# every character that a numeral can have, 点 apart
NUMERAL_CHARS = "零〇○一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸兩"

_CHARS = frozenset(NUMERAL_CHARS + "点")
_PLAIN = str.maketrans(
    "〇○零一二两三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸兩拾佰仟萬億",
    "00012234567891234567892362十百千万亿",
)
_DIGITS = re.compile(r"[0-9]+")

# 3千零5十2: up to four places; a skipped place is a 0
_SECTION = re.compile(
    r"""
    (?P<no_thousands>0?)                                  # 零五百, behind a 万 or 亿
    (?:(?P<thousands>[1-9])千)?
    (?:(?P<hundreds>[1-9])百)?
    (?:(?P<no_hundreds>0?)(?P<tens>[1-9]?十))?              # 一千零五十; 十二 as well as 一十二
    (?:(?P<no_tens>0?)(?P<ones>[1-9]))?
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=1024)
def parse_numeral(text: str) -> Decimal | None:
    """The number that a Chinese numeral says, or None.

    Colloquial cuts that can be read two ways (一百五, 一万五) and loose runs (三五, 十四五) are None.

    >>> parse_numeral("一千二百三十四"), parse_numeral("三点五"), parse_numeral("贰拾万")
    (Decimal('1234'), Decimal('3.5'), Decimal('200000'))
    >>> parse_numeral("二〇二二"), parse_numeral("一百五"), parse_numeral("第一")
    (Decimal('2022'), None, None)
    """
    if len(text) > 40 or not _CHARS.issuperset(text):
        return None
    plain = text.replace("廿", "二十").replace("卅", "三十").translate(_PLAIN)
    whole, point, fraction = plain.partition("点")
    if not point:
        number = _digits_in_a_row(whole) if _DIGITS.fullmatch(whole) else _whole(whole)
        return None if number is None else Decimal(number)
    scale = {"万": 4, "亿": 8}.get(fraction[-1:], 0)
    fraction = fraction[:-1] if scale else fraction
    number = _whole(whole)
    if number is None or not _DIGITS.fullmatch(fraction):
        return None
    return Decimal(f"{number}.{fraction}E{scale}")


def _digits_in_a_row(digits: str) -> int | None:
    """二〇二二 is 2022 and 三 is 3; 三五 is three or five, so two digits need a zero among them."""
    if len(digits) == 1 or (digits[0] != "0" and (len(digits) >= 4 or "0" in digits)):
        return int(digits)
    return None


def _whole(plain: str) -> int | None:
    """A whole number below 10¹⁶; 万 and 亿 part it into sections of four places."""
    if plain == "0":
        return 0
    high, yi, low = plain.partition("亿")
    if not yi:
        return _below_yi(plain, behind="")
    above = _below_yi(high, behind="")
    below = _below_yi(low, behind="亿") if low else 0
    return None if above is None or below is None else above * 10**8 + below


def _below_yi(plain: str, behind: str) -> int | None:
    high, wan, low = plain.partition("万")
    if not wan:
        return _section(plain, behind)
    above = _section(high, behind)
    below = _section(low, behind="万") if low else 0
    return None if above is None or below is None else above * 10**4 + below


def _section(plain: str, behind: str) -> int | None:
    """Up to 9999; ``behind`` is the 万 or 亿 it stands behind, where alone it may begin with 零."""
    match = _SECTION.fullmatch(plain)
    if match is None or not plain.strip("0"):
        return None
    if plain[0] == "0" and not behind:
        return None
    # 零 stands for a place that is skipped: 一百零五十 skips none
    if any(match["no_" + place] and match[place] for place in ("thousands", "hundreds", "tens")):
        return None
    # 一百五 may be 150 or 105, 一万五 15000 or 10005: a last digit wants 十 or 零 before it
    if match["ones"] and not match["tens"] and len(plain) + len(behind) > 1 and plain[-2:-1] != "0":
        return None
    tens = int(match["tens"][:-1] or 1) if match["tens"] else 0
    return (
        int(match["thousands"] or 0) * 1000
        + int(match["hundreds"] or 0) * 100
        + tens * 10
        + int(match["ones"] or 0)
    )
