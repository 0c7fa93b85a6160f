"""A target and what was reached: in one unit, whether it is met, and what fraction of it; else why nobody can say."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from extract.document import Bilingual
from normalize.fold import squeeze
from normalize.record import Indicator
from normalize.to_record import LARGEST_FRACTION
from normalize.values.exact import EXACT
from normalize.values.types import Blank, Date, Measure, Range, Unreadable, Value, Wording
from normalize.values.units import comparable, in_base, multiplier, unit_kind
from normalize.values.wordings import one_of, words
from zipingbiao.recompute.formula import WHOLE, Ratio, digits

_ONE = Decimal(1)
_REVERSED = ("<=", "<")
WORKING_DAY = "工作日"
_EACH = re.compile(f"每({one_of(words('neutral', 'every'))})")
_COSTS = frozenset({"cost", "economic_cost", "social_cost", "ecological_cost"})

# what a fraction of the target comes from
FORWARD = Bilingual("完成值 ÷ 指标值", "actual ÷ target")
REVERSED = Bilingual("指标值为上限：指标值 ÷ 完成值", "the target is an upper limit: target ÷ actual")
WITHIN = Bilingual("完成值在指标值的范围内", "the actual value lies in the target's range")
# and why there is none
NO_TARGET = Bilingual("没有年度指标值", "there is no target")
NO_ACTUAL = Bilingual("没有实际完成值", "there is no actual value")
TARGET_WORDS = Bilingual("年度指标值是文字，不是数", "the target is words, not a number")
ACTUAL_WORDS = Bilingual("实际完成值是文字，不是数", "the actual value is words, not a number")
TARGET_DATE = Bilingual("年度指标值是日期", "the target is a date")
ACTUAL_DATE = Bilingual("实际完成值是日期", "the actual value is a date")
TARGET_UNREADABLE = Bilingual("年度指标值中的数无法解析", "the number in the target cannot be read")
ACTUAL_UNREADABLE = Bilingual("实际完成值中的数无法解析", "the number in the actual value cannot be read")
ACTUAL_RANGE = Bilingual("实际完成值是一个范围", "the actual value is a range")
ACTUAL_OPEN = Bilingual(
    "实际完成值带比较符，不是确定的数", "the actual value has a comparator: it is no definite number"
)
BEYOND_RANGE = Bilingual(
    "完成值在指标值的范围之外，办法未规定如何计分", "outside the target's range: no rule"
)
OTHER_UNIT = Bilingual("两者的计量单位不可比", "the two units cannot be compared")
UNKNOWN_UNIT = Bilingual("两者的计量单位不同，无法换算", "the units differ, and nobody knows how to convert")
OTHER_SHARE = Bilingual(
    "一个按“每……”计，另一个不是", "one is counted for each of something, the other is not"
)
TWO_READINGS = Bilingual(
    "不带单位的数有两种读法（如 0.96 与 96%）",
    "the number without unit can be read in two ways (0.96 and 96%)",
)
NEGATIVE = Bilingual("有负数，不能按比例计算", "there is a negative number: no proportion")
ABOUT = Bilingual("指标值是约数", "the target is an approximate number")
BEYOND_EXACT = Bilingual(
    "完成值超过“=”的指标值，办法未规定如何计分", "more than a target printed with =: no rule"
)
OPEN = Bilingual(
    "成本、时限或负面指标没有比较符，越多越好还是越少越好不明确",
    "a cost, time limit or harm without comparator: whether more is better is open",
)
ZERO = Bilingual("以零作除数，没有比例", "there is no proportion to zero")

_NO_NUMBER: dict[type, tuple[Bilingual, Bilingual]] = {
    Blank: (NO_TARGET, NO_ACTUAL),
    Wording: (TARGET_WORDS, ACTUAL_WORDS),
    Date: (TARGET_DATE, ACTUAL_DATE),
    Unreadable: (TARGET_UNREADABLE, ACTUAL_UNREADABLE),
}

#: a number of the target and the actual value, in one unit
Pair = tuple[Decimal, Decimal]


class Comparison(NamedTuple):
    """A target held against the actual value.

    ``ratio`` is the fraction of the target that was reached, None where there is none; ``rule`` says how it is
    formed, or why it is not. ``is_met`` is also False where nobody can tell.
    """

    is_met: bool
    ratio: Ratio | None
    rule: Bilingual


def compare(indicator: Indicator) -> Comparison:
    """Hold an indicator's actual value against its target.

    There is no ratio where the two cannot be compared, or where it is open whether more is better: beyond a
    printed ``=`` or a range, and for a cost, harm or a time limit without comparator.
    """
    target = indicator.target.value if indicator.target else Blank("", "empty")
    actual = indicator.actual.value if indicator.actual else Blank("", "empty")
    if (why := _no_number(target, actual)) is not None:
        return Comparison(False, None, why)
    assert isinstance(target, Measure | Range) and isinstance(actual, Measure)
    if isinstance(target, Range):
        return _hold_to_range(target, actual)
    if actual.relation not in ("", "="):
        return Comparison(False, None, ACTUAL_OPEN)
    pair = _one_pair(target.number, target, actual)
    if isinstance(pair, Bilingual):
        return Comparison(False, None, pair)
    is_open = target.relation == "" and leaves_open(indicator)
    is_met = _is_met(target.relation, *pair, is_open)
    why = _why_no_ratio(target.relation, *pair, is_open)
    if why is not None:
        return Comparison(is_met, None, why)
    return _proportion(target, actual, pair, is_met)


def _no_number(target: Value, actual: Value) -> Bilingual | None:
    """Why one of the two is no number to compute with."""
    if type(target) in _NO_NUMBER:
        return _NO_NUMBER[type(target)][0]
    if type(actual) in _NO_NUMBER:
        return _NO_NUMBER[type(actual)][1]
    return ACTUAL_RANGE if isinstance(actual, Range) else None


def _hold_to_range(target: Range, actual: Measure) -> Comparison:
    low = _one_pair(target.low, target, actual)
    high = _one_pair(target.high, target, actual)
    if isinstance(low, Bilingual):
        return Comparison(False, None, low)
    if isinstance(high, Bilingual):
        return Comparison(False, None, high)
    is_within = low[0] <= low[1] and high[1] <= high[0]
    return Comparison(True, WHOLE, WITHIN) if is_within else Comparison(False, None, BEYOND_RANGE)


def _is_met(relation: str, wanted: Decimal, reached: Decimal, is_open: bool) -> bool:
    match relation:
        case ">=":
            return reached >= wanted
        case ">":
            return reached > wanted
        case "<=":
            return reached <= wanted
        case "<":
            return reached < wanted
        case "":
            return reached == wanted or (reached > wanted > 0 and not is_open)
        case _:
            return reached == wanted


def _why_no_ratio(relation: str, wanted: Decimal, reached: Decimal, is_open: bool) -> Bilingual | None:
    if reached == wanted:
        return None
    if wanted < 0 or reached < 0:
        return NEGATIVE
    if relation == "about":
        return ABOUT
    if relation == "=" and reached > wanted:
        return BEYOND_EXACT
    if is_open:
        return OPEN
    divisor = reached if relation in _REVERSED else wanted
    return ZERO if divisor == 0 else None


def _proportion(target: Measure, actual: Measure, pair: Pair, is_met: bool) -> Comparison:
    wanted, reached = pair
    is_reversed = target.relation in _REVERSED
    rule = REVERSED if is_reversed else FORWARD
    if wanted == reached and wanted <= 0:
        return Comparison(is_met, WHOLE, rule)
    texts = _converted(target.number, wanted), _converted(actual.number, reached)
    if is_reversed:
        return Comparison(is_met, Ratio(f"{texts[0]}/{texts[1]}", wanted, reached), rule)
    return Comparison(is_met, Ratio(f"{texts[1]}/{texts[0]}", reached, wanted), rule)


def _converted(printed: Decimal, number: Decimal) -> str:
    """How a formula writes a printed number that stands for another in the unit that both are counted in."""
    if printed == number or not printed:
        return digits(number)
    for sign, factor in (("*", EXACT.divide(number, printed)), ("/", EXACT.divide(printed, number))):
        if factor == factor.to_integral_value():
            return f"({digits(printed)}{sign}{digits(factor)})"
    return digits(number)


def leaves_open(indicator: Indicator) -> bool:
    """Whether less may be better than a bare target: of a cost, of harm, or of a time to get something done in."""
    if indicator.level1 in _COSTS or indicator.level2 in _COSTS or _is_harm(indicator.name):
        return True
    target = indicator.target.value if indicator.target else None
    if not isinstance(target, Measure | Range):
        return False
    kind = unit_kind(target.unit)
    if kind == "money":
        return any(word in indicator.name for word in words("cost", "words"))
    if kind != "time":
        return False
    base = in_base(_ONE, target.unit)
    return indicator.level2 == "timeliness" or (base is not None and base[1] == WORKING_DAY)


def _is_harm(name: str) -> bool:
    """Whether a name says what nobody wants (投诉率), and not what is done about it (投诉处理率)."""
    if any(word in name for word in words("harm", "unless")):
        return False
    return any(word in name for word in words("harm", "words"))


def _one_pair(number: Decimal, target: Measure | Range, actual: Measure) -> Pair | Bilingual:
    """Both numbers in one unit where there is only one way to read them, else why there is none or another."""
    pairs = in_one_unit(number, target, actual)
    if len(pairs) == 1:
        return pairs[0]
    if pairs:
        return TWO_READINGS
    if _shares(target.raw) != _shares(actual.raw):
        return OTHER_SHARE
    return OTHER_UNIT if comparable(target.unit, actual.unit) is False else UNKNOWN_UNIT


def in_one_unit(number: Decimal, target: Measure | Range, actual: Measure) -> list[Pair]:
    """A number of the target and the actual in one unit, in every way they can be read; none if there is none.

    A unit that only one of them prints holds for both; but beside a percentage, a bare 0.96 can also be 96 %,
    and beside 30万, a bare number from 1万 on is counted singly; a smaller one, either way.
    每月1次 says nothing of a target of 12次, nor 每村2次 of one of 30次.
    """
    unit = target.unit
    if _shares(target.raw) != _shares(actual.raw):
        return []
    if not unit or not actual.unit or unit == actual.unit:
        pairs = [(number, actual.number)]
        if unit == "%" and not actual.unit and abs(actual.number) <= LARGEST_FRACTION:
            pairs.append((number, actual.number * 100))
        if actual.unit == "%" and not unit and abs(number) <= LARGEST_FRACTION:
            pairs.append((number * 100, actual.number))
        return _counted_singly(number, unit, actual) or pairs
    if comparable(unit, actual.unit) is not True:
        return []
    one, other = in_base(number, unit), in_base(actual.number, actual.unit)
    if one is None or other is None or one[1] != other[1]:
        return []
    return [(one[0], other[0])]


def _counted_singly(number: Decimal, unit: str, actual: Measure) -> list[Pair]:
    """The readings of a bare number beside a bare 万 or 亿; none where it is not so."""
    times = multiplier(actual.unit or unit)
    if times is None or unit == actual.unit:
        return []
    bare = number if actual.unit else actual.number
    whole = EXACT.multiply(actual.number if actual.unit else number, times)
    single = (bare, whole) if actual.unit else (whole, bare)
    return [single] if abs(bare) >= times else [(number, actual.number), single]


def _shares(printed: str) -> frozenset[str]:
    """What a value is counted for each of: 月 in 每月1次; a year is what the whole form is about."""
    return frozenset(_EACH.findall(squeeze(printed))) - {"年", "年度"}
