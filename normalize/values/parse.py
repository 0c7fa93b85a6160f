"""From the text of a cell to its value: `parse_value`.

`ROWS` is the whole grammar: one row a format, the first that fits wins. A row's pattern sees the text
folded and without white space (`normalize.fold.compact`); what it finds is handed to its builder, which
may still decline. Text that no row reads is `Wording`: nothing is picked out of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from extract.document import Bilingual
from normalize.fold import compact, squeeze, without_note_mark
from normalize.values.dates import (
    SPAN,
    TO,
    build_bare_years,
    build_day,
    build_period,
    build_span,
    build_year_end,
    day_pattern,
    dotted_pattern,
    with_figures,
)
from normalize.values.numerals import NUMERAL_CHARS
from normalize.values.quantities import (
    MORE,
    NUMBER,
    NUMERAL,
    build_measure,
    build_numeral,
    build_parts,
    build_range,
    fold_relation,
)
from normalize.values.refusals import (
    FORMULA,
    MALFORMED,
    SCIENTIFIC,
    SPREADSHEET,
    Builder,
    blank,
    build_broken,
    build_lettered,
    build_repeated,
    refused,
)
from normalize.values.types import Blank, Date, Day, Measure, Range, Unreadable, Value, Wording
from normalize.values.wordings import one_of, words

__all__ = [
    "Blank",
    "Date",
    "Day",
    "Measure",
    "Range",
    "Unreadable",
    "Value",
    "Wording",
    "fold_relation",
    "parse_value",
]

#: a longer text is a sentence, not a value
LONGEST = 60
#: the template's hints are longer than values
LONGEST_HINT = 120

#: what a text must contain for a row to be tried
ANY, DIGIT, NUMERALS = "any", "digit", "numeral"

#: a national budget in 分 has 15
MOST_DIGITS = 20

OVERLONG = Bilingual("位数过多，不像是表中的数", "more digits than a number of a form has")


@dataclass(frozen=True)
class Row:
    """A format: its name, what a text must contain for it, its pattern, and what builds the value."""

    name: str
    needs: str
    pattern: str
    build: Builder

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled when the first text comes: importing this module stays cheap."""
        return re.compile(self.pattern, re.VERBOSE | re.DOTALL)


def _build_date_in_words(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A date in Chinese numerals, read as the same date in figures."""
    figures = with_figures(match.string)
    value = _first(figures, raw, figures) if figures != match.string else None
    return value if isinstance(value, Date) else None


def _any_of(name: str) -> str:
    return "|".join(f"(?:{pattern})" for pattern in words("blank", name))


# no digit stands before the first number
_LEAD = "(?P<lead>[^0-9]{0,24}?)"
_NUMERAL_LEAD = f"(?P<lead>[^0-9{NUMERAL_CHARS}]{{0,24}}?)"
_REST = "(?P<rest>.{0,30})"
_END = "(?P<end>[^0-9]{0,24})"
_YEAR = "(?:(?P<y1>(?:19|20)[0-9]{2})年?度?)"

ROWS: tuple[Row, ...] = (
    # —
    Row("em dash", ANY, "[—–]", blank("em_dash")),
    # ——, --
    Row("double dash", ANY, "[—–-]{2,30}", blank("double_dash")),
    # -
    Row("hyphen", ANY, "-", blank("hyphen")),
    # /
    Row("slash", ANY, r"[/\\]{1,6}", blank("slash")),
    # 无
    Row("none", ANY, rf"\(?(?:{one_of(words('blank', 'none_words'))})\)?[。.]?", blank("none_word")),
    # 本项目不适用此指标
    Row("not applicable", ANY, rf"(?:{_any_of('not_applicable')})[。.]?", blank("not_applicable")),
    # 指标2：
    Row("placeholder", ANY, _any_of("placeholder"), blank("placeholder")),
    # 对照年度目标,说明相关任务目标的完成情况(100字以内)
    Row("instruction", ANY, _any_of("instruction"), blank("instruction")),
    # #DIV/0!, ####
    Row(
        "spreadsheet error",
        ANY,
        r"\#(?:(?:DIV/0|NULL|NUM|REF|SPILL|VALUE)!|NAME\?|N/A|\#{1,40})",
        refused(SPREADSHEET),
    ),
    # =?: the readers' mark for a formula whose result is not stored
    Row("formula", ANY, r"=\?", refused(FORMULA)),
    # 2022年全年, 第三季度
    Row("span", ANY, rf"{_LEAD}{_YEAR}?第?(?P<span>{SPAN}){_END}", build_span),
    # 年底前, 2022年末
    Row("year end", ANY, rf"{_LEAD}(?P<y1>(?:19|20)[0-9]{{2}})?年[底末]{_END}", build_year_end),
    # 2021年1月-12月
    Row("period", DIGIT, rf"{_LEAD}{day_pattern('1')}{TO}{day_pattern('2')}{_END}", build_period),
    # 2021年1-12月
    Row(
        "months",
        DIGIT,
        rf"{_LEAD}{_YEAR}?(?P<m1>[0-9]{{1,2}}){TO}(?P<m2>[0-9]{{1,2}})月份?(?P<p2>[底末])?{_END}",
        build_period,
    ),
    # 2021-2023年
    Row("years", DIGIT, rf"{_LEAD}{_YEAR}{TO}(?P<y2>(?:19|20)[0-9]{{2}})年度?{_END}", build_period),
    # 2021-2022
    Row("bare years", DIGIT, rf"(?P<y1>[0-9]{{4}}){TO}(?P<y2>[0-9]{{4}})", build_bare_years),
    # 2022年12月31日前
    Row("day", DIGIT, rf"{_LEAD}{day_pattern('1')}{_END}", build_day),
    # 2019.1.1, 2022-12
    Row(
        "day in figures",
        DIGIT,
        rf"{_LEAD}(?:(?=[0-9]+[-/]|[0-9]+\.[0-9]+\.){dotted_pattern('1')})日?{_END}",
        build_day,
    ),
    # 2023.07-2024.01, 2021.3-11
    Row(
        "period in figures",
        DIGIT,
        rf"""{_LEAD}{dotted_pattern("1")}{TO}
        (?:(?P<y2>(?:19|20)[0-9]{{2}})(?P=s1))?(?P<m2>[0-9]{{1,2}})(?:(?P=s1)(?P<d2>[0-9]{{1,2}}))?[月日]?{_END}""",
        build_period,
    ),
    # 6.30前
    Row(
        "month and day in figures",
        DIGIT,
        rf"{_LEAD}(?P<m1>[0-9]{{1,2}})\.(?P<d1>[0-9]{{1,2}})(?P<end>(?:前|之前|以前)[^0-9]{{0,20}})",
        build_day,
    ),
    # 95%, ≥18 189万元, 不少于6种, 100+人
    Row("measure", DIGIT, rf"{_LEAD}(?P<number>{NUMBER})(?P<more>{MORE}){_REST}", build_measure),
    # 3-5人, 80%~90%
    Row(
        "range",
        DIGIT,
        rf"""{_LEAD}(?P<low>{NUMBER})(?P<unit>[^0-9~至到–—-]{{0,8}}?)(?:\(含\))?
        {TO}(?P<high>{NUMBER}){_REST}""",
        build_range,
    ),
    # 百分之95, 百分之九十五
    Row(
        "parts",
        ANY,
        rf"(?P<lead>[^0-9百千万]{{0,24}}?)(?P<of>[百千万])分之(?P<number>{NUMBER}|{NUMERAL}){_REST}",
        build_parts,
    ),
    # 百分百
    Row(
        "all of a hundred", ANY, rf"(?P<lead>[^0-9百]{{0,24}}?)(?P<of>百)分(?P<number>百){_REST}", build_parts
    ),
    # 12,34万元, 93 36
    Row("broken number", DIGIT, rf"{_LEAD}(?P<digits>[0-9][0-9.,\s]*[0-9])(?![0-9]){_REST}", build_broken),
    # 854万854万
    Row(
        "repeated",
        DIGIT,
        r"[0-9][0-9.,]*(?P<unit>[^0-9.,]{1,6})(?:[0-9][0-9.,]*(?P=unit)){1,9}[。.;]?",
        build_repeated,
    ),
    # 1.2E+05
    Row("scientific", DIGIT, r"[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}%?", refused(SCIENTIFIC)),
    # 1O0%
    Row(
        "lettered",
        DIGIT,
        r"[<>=≥≤]{0,2}(?P<digits>[0-9OoIl]+(?:\.[0-9OoIl]+)?)(?P<rest>.{0,12})",
        build_lettered,
    ),
    # 10⁴吨, 95²%: a power, or the mark of a note
    Row("raised", DIGIT, r"[<>=≥≤]{0,2}[0-9][0-9.,]*[⁰¹²³⁴-⁹⁻].{0,12}", refused(MALFORMED)),
    # 1/3, 3×5, ..5
    Row("only signs", DIGIT, r"[<>=≥≤.]{0,3}[0-9][0-9.,'·。%‰+*/×÷=~\s–—-]*", refused(MALFORMED)),
    # 二〇二二年十二月底前
    Row("date in words", NUMERALS, rf"[^0-9]*[{NUMERAL_CHARS}][年月日号].*", _build_date_in_words),
    # 三百人, 不少于十二次
    Row("numeral", NUMERALS, rf"{_NUMERAL_LEAD}(?P<number>{NUMERAL}){_REST}", build_numeral),
)
_HINTS = tuple(row for row in ROWS if row.name == "instruction")

# 2万余元, 3万多人
_MORE_BEHIND = re.compile(r"(?<=[0-9])[十百千万亿]{1,2}(?P<more>[余多])(?![0-9])")
_FIGURES = frozenset("0123456789")
_NUMERALS = frozenset(NUMERAL_CHARS)


def parse_value(text: str) -> Value:
    """What a value cell says. Never raises; the text itself is kept in ``raw``.

    >>> parse_value("≤23万")
    Measure(raw='≤23万', number=Decimal('23'), relation='<=', unit='万')
    >>> parse_value("2021年1月-12月").end, parse_value("——").kind, parse_value("效果明显")
    (Day(year=2021, month=12, day=None), 'double_dash', Wording(raw='效果明显'))
    >>> parse_value("12,34万元").why.en
    'the digits do not make up one number'
    """
    if len(text) <= LONGEST_HINT:
        return _parse_cached(text)
    return Wording(text) if len(squeeze(text)) > LONGEST_HINT else _parse(text)


def _parse(text: str) -> Value:
    printed, folded = compact(text)
    if not folded:
        return Blank(text, "empty")
    for behind in _MORE_BEHIND.finditer(folded):
        printed, folded = (_turned(one, behind) for one in (printed, folded))
    folded = without_note_mark(folded)
    return _first(folded, text, printed) or Wording(text)


def _turned(text: str, found: re.Match[str]) -> str:
    """The text with 余 in front of the large count behind which it stands: 2万余元 is 2余万元."""
    start, middle, stop = found.start(), found.start("more"), found.end()
    return text[:start] + text[middle:stop] + text[start:middle] + text[stop:]


_parse_cached = lru_cache(maxsize=16384)(_parse)


def _within_reason(value: Value) -> Value:
    """Refuse a number with more digits than any amount has: all arithmetic then stays exact."""
    numbers = {Measure: ("number",), Range: ("low", "high")}.get(type(value), ())
    for name in numbers:
        _, digits, exponent = getattr(value, name).as_tuple()
        if len(digits) > MOST_DIGITS or not -MOST_DIGITS <= exponent <= MOST_DIGITS:
            return Unreadable(value.raw, OVERLONG)
    return value


def _first(folded: str, raw: str, printed: str) -> Value | None:
    """The value of the first row that reads the text."""
    has = {ANY: True, DIGIT: not _FIGURES.isdisjoint(folded), NUMERALS: not _NUMERALS.isdisjoint(folded)}
    for row in ROWS if len(folded) <= LONGEST else _HINTS:
        if has[row.needs] and (match := row.regex.fullmatch(folded)):
            value = row.build(match, raw, printed)
            if value is not None:
                return _within_reason(value)
    return None
