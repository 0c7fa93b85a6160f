"""What a cell of Excel can hold, how wide it is on the screen, and how a number is shown."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.document import Bilingual
from zipingbiao.columns import BYTES, FRACTION, TABLES, WAN
from zipingbiao.tables import written

#: Excel's own bounds: UTF-16 units of a text; digits of a number, and how far its first one is from the point
MAX_TEXT = 32_767
MAX_DIGITS = 15
MAX_POWER = 307
CUT = "……（全文见 CSV; the rest is in the CSV）"
#: Excel shows no more decimals
_MOST_DECIMALS = 30
#: the height of a line and what is around all lines, in points, and the most lines of a row: Excel allows 409 points
LINE, AROUND, MOST_LINES = 15, 3, 27
# what XML cannot hold: control characters, and two that are no characters
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")
#: what the number of a finding is counted in, by the finding's field; amounts go there without their unit's name
UNITS = {
    column.name.removesuffix("_wan"): column.unit
    for table in ("funds", "indicators", "forms")
    for column in TABLES[table]
}


def fitting(text: str) -> str:
    """A text that a cell can hold: nothing that XML forbids, nor more than Excel allows.

    >>> fitting("a\\x07\\ud83d\\ude00\\ud800b")
    'a😀b'
    """
    if not text.isprintable():  # a line break is not, nor is what may not stay
        if _HALVES.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        text = _NOT_XML.sub("", text)
    if len(text) > MAX_TEXT // 2 and len(units := text.encode("utf-16-le")) > 2 * MAX_TEXT:
        text = units[: 2 * (MAX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
    return text


def fits(number: Decimal | int) -> bool:
    """Whether Excel keeps all digits of a number, and does not take it for 0 or for infinite."""
    number = Decimal(number)
    if len(number.as_tuple().digits) > MAX_DIGITS:
        return False
    return not number or abs(number.adjusted()) <= MAX_POWER


class Shown(NamedTuple):
    """A number as Excel's files hold it, its format, and the columns of the screen that it takes."""

    value: str
    format: str
    width: int


@lru_cache(maxsize=10_000)  # forms have few scores and weights, and each of them often
def shown_number(text: str, unit: Bilingual) -> Shown | None:
    """A number by its text; None where Excel would not keep it.

    In a column too narrow for it a number is shown as ####; the commas take up to a third more.

    >>> shown_number("1234.50", WAN)
    Shown(value='1234.5', format='#,##0.00', width=11)
    """
    number = Decimal(text)
    if not fits(number):
        return None
    # Excel computes with binary numbers, which keep so many digits
    return Shown(
        f"{float(number):.{MAX_DIGITS}G}", number_format(number, unit), len(written(number)) * 4 // 3 + 2
    )


def number_format(number: Decimal | int, unit: Bilingual) -> str:
    """The format in which Excel shows a number with all its decimals: a fraction in %, thousands of an amount apart.

    >>> number_format(Decimal("0.9860"), FRACTION), number_format(Decimal("1234.50"), WAN)
    ('0.00%', '#,##0.00')
    """
    decimals = len(written(number).partition(".")[2])
    if unit == FRACTION:
        decimals = max(decimals - 2, 0)
    zeros = f"0.{'0' * min(decimals, _MOST_DECIMALS)}" if decimals else "0"
    if unit == FRACTION:
        return f"{zeros}%"
    return f"#,##{zeros}" if unit in (WAN, BYTES) else zeros


def width(text: str, most: int) -> int:
    """The width on screen of so many characters: a Chinese one takes two columns.

    >>> width("绩效ab", 60), width("绩效ab", 2)
    (6, 4)
    """
    shown = text[:most]
    if shown.isascii():
        return len(shown)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)


def lines(text: str, columns: int) -> int:
    """How many lines a text takes in a cell of that width, where no line is filled to its end.

    >>> lines("字" * 20, 60), lines("字" * 60, 60), lines("甲\\n乙", 60)
    (1, 3, 2)
    """
    parts = text[: columns * MOST_LINES].split("\n")[:MOST_LINES]
    filled = columns - max(2, columns // 15)
    return min(sum(1 + width(part, len(part)) // filled for part in parts), MOST_LINES)


def height(count: int) -> int:
    """The height of a row of so many lines, in points."""
    return LINE * count + AROUND
