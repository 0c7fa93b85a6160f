"""Number formats: what a person sees of the number that a sheet stores, 15.87% for 0.158729.

Not told: how the width of a column cuts a number (``####``, fewer digits in General), and what a
conditional format puts in the place of a number format.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.sheets.codes import Condition, Section, Token, sections_of
from extract.sheets.dates import date_as_shown
from extract.sheets.numbers import as_shown, general
from extract.sheets.numerals import counted, spelled

GENERAL = "General"

#: the formats that files name by a number alone, as Excel in China shows them
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"¥""-"',
    43: '#,##0.00;-#,##0.00;"-"??', 44: '"¥"#,##0.00;"¥"-#,##0.00;"¥""-"??',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

# "12", "0.15870000000000001", "1.5E-3"
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d{1,4})?\s*", re.ASCII)
#: a double has 24 characters, and 310 where it is written without an exponent
_LONGEST_NUMBER = 400

_ANY = Condition("<=>", Decimal(0))
#: for which numbers the sections are meant that say nothing themselves, by how many sections there are
_USUAL = {
    1: (_ANY,),
    2: (Condition(">=", Decimal(0)), _ANY),
    3: (Condition(">", Decimal(0)), Condition("<", Decimal(0)), _ANY),
}
_GENERAL_SECTION = Section.of([Token("general", "general")])


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A number format; formats compare by identity. ``cases`` are asked in order; ``is_unsigned`` says that the section leaves the minus out."""

    cases: tuple[tuple[Condition, Section, bool], ...]
    text: Section | None
    is_general: bool

    def shown(self, number: Decimal, from_1904: bool = False) -> str:
        """The number as a person sees it."""
        if self.is_general:
            return general(number)
        section, is_unsigned = self._case(number)
        if section.is_date:
            # Excel fills the cell with # for a day before the first; the number is at least the truth.
            shown = date_as_shown(number, section, from_1904)
            return general(number) if shown is None else shown
        text = _in_digits(abs(number), section)
        return "-" + text if number < 0 and section.is_number and not is_unsigned else text

    def _case(self, number: Decimal) -> tuple[Section, bool]:
        for condition, section, is_unsigned in self.cases:
            if condition.holds(number):
                return section, is_unsigned
        return _GENERAL_SECTION, False

    def shown_text(self, text: str) -> str:
        """A text as a person sees it: formats can add to it, or hide it."""
        if self.text is None or not text:
            return text
        return "".join(text if token.kind == "text" else token.text for token in self.text.tokens)


@lru_cache(maxsize=2_000)
def number_format(code: str) -> Format:
    """The format that a code means.

    >>> number_format("0.0%").shown(Decimal("0.985"))
    '98.5%'
    >>> number_format('[>=60]"合格";"不合格"').shown(Decimal("59"))
    '不合格'
    """
    sections = sections_of(code)
    text = None
    if len(sections) > 3:
        sections, text = sections[:3], sections[3]
    elif "text" in sections[-1].kinds:
        text = sections[-1]
        # A format for texts alone shows numbers like texts.
        sections = sections[:-1] or sections
    cases: list[tuple[Condition, Section, bool]] = []
    leftover = False
    for section, usual in zip(sections, _USUAL[len(sections)], strict=True):
        condition = section.condition or usual
        cases.append((condition, section, condition.leaves_no_positive or (leftover and condition is _ANY)))
        leftover = condition.sign in (">", ">=") and condition.limit == 0
    is_general = len(cases) == 1 and [token.kind for token in cases[0][1].tokens] in (["general"], ["text"])
    return Format(tuple(cases), text, is_general and not cases[0][1].digits and not cases[0][1].condition)


def exact(value: float) -> Decimal | None:
    """A stored double as Excel takes it, to 15 digits; None for what is no number.

    >>> exact(0.1 + 0.2)
    Decimal('0.3')
    """
    if not math.isfinite(value):
        return None
    number = Decimal(f"{value:.15g}")
    return number or Decimal(0)


def number_in(text: str) -> Decimal | None:
    """A number as the XML of a workbook stores it, ``0.15870000000000001``; None for what is none.

    >>> number_in("0.15870000000000001"), number_in("1.5E-3"), number_in("1e999"), number_in("十")
    (Decimal('0.1587'), Decimal('0.0015'), None, None)
    """
    if len(text) > _LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    return exact(float(text))


def value_as_shown(value: str, shape: Format, from_1904: bool = False) -> str:
    """A stored value as a person sees it; what is no number is seen as it is stored."""
    return _remembered(value, shape, from_1904) if len(value) <= _LONGEST_NUMBER else value


@lru_cache(maxsize=10_000)
def _remembered(value: str, shape: Format, from_1904: bool) -> str:
    number = number_in(value)
    return value if number is None else shape.shown(number, from_1904)


def _in_digits(number: Decimal, section: Section) -> str:
    if section.digits not in (1, 2) or "general" not in section.kinds:
        return spelled(as_shown(number, section), section.digits)
    whole, point, rest = f"{number:f}".partition(".")
    figures = counted(int(whole), section.digits) + point + spelled(rest, section.digits)
    return "".join(figures if t.kind == "general" else t.text for t in section.tokens).strip()
