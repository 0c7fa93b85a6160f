"""Names of indicators: without the template's numbering and marks, and with what else stands in them."""

from __future__ import annotations

import re

from normalize.fold import fold
from normalize.values.parse import Blank, Measure, Range, parse_value
from normalize.values.units import is_known_unit, unit_kind

#: a name is a phrase, and a hint stands at its end
LONGEST_NAME, LONGEST_HINT = 200, 40

# "指标1：", "指标 2:", "指标1长效机制", "★", "1.", "（1）", "①"; 指标3项 counts
_FRONT = re.compile(
    r"""^(?:\s|
        指标\s{0,4}[\d０-９一二三四五六七八九十]{0,4}\s{0,4}[:：、.．]
      | 指标\s{0,4}[\d０-９]{1,2}\s{0,4}(?=[\u3400-\u9fff])(?![个项次类条])
      | [★☆▲△*]
      | [(（]\s*[\d０-９]{1,2}\s*[)）]
      | [\d０-９]{1,2}\s*[.．、)）](?![\d０-９])
      | [①-⑳]
    )+""",
    re.VERBOSE,
)
# "(≥**人)": the template's hint for comparator and unit, left in the name
_HINT = re.compile(
    r"[(（]\s*(?P<relation>[≥≧⩾>≤≦⩽<=＝＞＜]+)\s*[*＊×xX]+\s*(?P<unit>[^\s)）*＊\d]{0,8})\s*[)）]"
)
_BRACKETED = re.compile(r"[(（]\s*([^()（）]{1,8})\s*[)）]$")
# where a value can begin in "年度资金支付完成率100%", "到位率≥95%", "违规次数不超过3次"
_VALUE = re.compile(r"(?:[≥≤=<>]|不低于|不少于|不超过|不高于|至少|达到|大于|小于)+\s*\d|(?<=[^\W\d_])\d")


def clean_name(text: str) -> str:
    """An indicator's name without numbering and marks.

    >>> clean_name("★指标1：上级文件宣传贯彻率")
    '上级文件宣传贯彻率'
    """
    return _FRONT.sub("", "".join(line.strip() for line in text.splitlines())).strip()


def is_placeholder(text: str) -> bool:
    """Whether a name cell says nothing: blank, a dash, 指标2： or …… of the template.

    >>> is_placeholder("指标2："), is_placeholder("2."), is_placeholder("培训人数")
    (True, True, False)
    """
    return not clean_name(text) or isinstance(parse_value(clean_name(text)), Blank)


def bracketed_unit(text: str) -> str:
    """The unit that a text holds in brackets at its end: 培训人数（人）; blank where it holds none."""
    found = _BRACKETED.search(text.strip()[-LONGEST_HINT:])
    return found[1] if found and is_known_unit(found[1]) else ""


def hint_in(name: str) -> tuple[str, str]:
    """Comparator and unit that a name gives to a bare number: ``(≥**人)``, ``（人）``; blank where it has none."""
    hint = _HINT.search(name[:LONGEST_NAME])
    return (hint["relation"], hint["unit"]) if hint else ("", bracketed_unit(name))


def target_in(name: str) -> Measure | Range | None:
    """The target that stands at the end of a name: 年度资金支付完成率100%.

    Only a number with a known unit or a comparator counts; a year or a number amid the words does not.
    """
    found = _VALUE.search(fold(name[:LONGEST_NAME]))
    if found is None or found.start() == 0:
        return None
    value = parse_value(name[found.start() :])
    if isinstance(value, Range) and unit_kind(value.unit):
        return value
    if isinstance(value, Measure) and (value.relation or unit_kind(value.unit) == "ratio"):
        return value
    return None
