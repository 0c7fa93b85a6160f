"""Numbers with what stands around them: comparing words before and behind, and the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.document import Bilingual
from normalize.fold import compact, fold
from normalize.values.numerals import NUMERAL_CHARS, parse_numeral
from normalize.values.types import Measure, Range, Unreadable, Value
from normalize.values.units import is_known_unit, printed_unit, unit_length
from normalize.values.wordings import meanings, one_of, words

# 1,022.89 and 18 189; not followed by what would make it another number (12,34 and 1.2.3 are none),
# and without a leading zero (0398 is the beginning of a telephone number); .9733 only where nothing but
# a comparator stands before the point
NUMBER = r"""
    (?: [+-]?(?: [1-9][0-9]{0,2}(?:,[0-9]{3})+ | [1-9][0-9]{0,2}(?:\ [0-9]{3})+ | [1-9][0-9]* | 0 )
        (?:\.[0-9]+)?
      | (?<![^<>=≥≤])\.[0-9]+
    ) (?![0-9., \n]*[0-9])
"""
# 一千二百 and 三点五; in 一百千米, 千 belongs to the unit
NUMERAL = rf"(?:(?!(?<=[十百千万])千[米克瓦])[{NUMERAL_CHARS}])+(?:点[{NUMERAL_CHARS}]+)?"
# 300余人, 100+
MORE = f"(?:{one_of(meanings('more'))})?"

CONTRADICTION = Bilingual("前后比较词互相矛盾", "the comparing words contradict each other")
DESCENDING = Bilingual("区间的下限大于上限", "the lower bound of the range is above the upper one")

_CJK = "[\u3400-\u9fff]"
_BEFORE, _WEAK, _AFTER, _MORE = map(meanings, ("before", "before_weak", "after", "more"))
_DIRECTIONS = meanings("direction")
_DONE = words("neutral", "done") + words("neutral", "deeds") + words("neutral", "prefixes")
_GROWTH = words("neutral", "growth")
_NUMERAL_IDIOMS = frozenset(words("numeral", "idioms"))
_RANKS = frozenset(words("numeral", "ranks"))
_CURRENCY = "¥"

_SIGN = "[<>=≥≤≈]{1,4}"
_TOKEN = rf"""
      (?P<sign>{_SIGN})
    | (?P<word>{one_of([*_BEFORE, *_WEAK])})
    | (?P<every>每(?:{one_of(words("neutral", "every"))}))
    | (?P<other>{one_of([*_DONE, *_GROWTH])}|[{_CURRENCY}:])
"""
# 优秀比例 · 不超过: a name, then words that may stand before a number
_LEAD = rf"(?P<subject>{_CJK}{{1,16}}?)??(?P<tokens>(?:{_TOKEN}){{0,6}})"

# 万元 · 以内, %(含)以上, 人次, 台(套), %覆盖
_ENDING = rf"""
    (?P<unit>.*?)
    (?:\(含[^()]{{0,8}}\))?
    (?P<after>{one_of(_AFTER)})?
    (?:\(含[^()]{{0,8}}\))?
    (?P<tails>(?:{one_of(words("neutral", "tails"))}){{0,3}})
    (?P<remark>\([^()<>=≥≤]{{1,16}}\))?
    [。.;]{{0,2}}
"""


class Lead(NamedTuple):
    """What stands before a number. ``weak`` holds only where nothing else compares."""

    relation: str
    weak: str
    unit: str
    takes_minus: bool


class Ending(NamedTuple):
    """What stands behind a number: the length of the unit, and the comparing word behind it."""

    unit: int
    relation: str
    known: bool


@lru_cache(maxsize=4096)
def read_lead(folded: str) -> Lead | None:
    """The words before a number; None where they are more than the lists know.

    >>> read_lead("不低于").relation, read_lead("优秀比例不超过").relation, read_lead("已完成").relation
    ('>=', '<=', '')
    >>> read_lead("未完成"), read_lead("提前")
    (None, None)
    """
    match = re.fullmatch(_LEAD, folded, re.VERBOSE)
    if match is None:
        return None
    subject, tokens = match["subject"] or "", match["tokens"]
    if subject and not _is_about(subject, tokens.strip(":")):
        return None
    relation: str | None = ""
    weak = ""
    for token in re.finditer(_TOKEN, tokens, re.VERBOSE):
        if token["word"] in _WEAK:
            weak = _WEAK[token["word"]]
            continue
        printed = _sign_relation(token["sign"]) if token["sign"] else _BEFORE.get(token["word"] or "", "")
        relation = None if relation is None or printed is None else _combine(relation, printed)
    if relation is None:
        return None
    takes_minus = not subject and (bool(re.fullmatch(f"(?:{_SIGN})?", tokens)) or tokens.endswith(_GROWTH))
    return Lead(relation, weak, "元" if _CURRENCY in tokens else "", takes_minus)


def _is_about(subject: str, tokens: str) -> bool:
    """Whether a number behind these words says how much the subject is."""
    if any(word in subject for word in words("subject", "never")):
        return False
    in_a_rate = subject.endswith(words("subject", "rates"))
    if not in_a_rate and any(word in subject for word in words("subject", "never_but_in_a_rate")):
        return False
    return (
        not subject.endswith(words("subject", "asks"))
        if tokens
        else subject.endswith(words("subject", "endings"))
    )


@lru_cache(maxsize=4096)
def read_ending(folded: str) -> Ending | None:
    """The text behind a number; None where it is neither a unit nor a word that may stand there.

    >>> read_ending("人次以上"), read_ending("台(套)"), read_ending("的群众满意")
    (Ending(unit=2, relation='>=', known=True), Ending(unit=4, relation='', known=True), None)
    """
    match = re.fullmatch(_ENDING, folded, re.VERBOSE | re.DOTALL)
    if match is None:
        return None
    unit, remark = match["unit"], match["remark"] or ""
    relation = _AFTER.get(match["after"] or "", "")
    if not unit:
        # 3(5) and 114(含追加20) leave open which number counts; 95%(满意180人) does not
        unclear = match["tails"] or re.search(r"\d", remark)
        return None if unclear else Ending(0, relation, known=True)
    bracketed = unit + remark
    # 台(套) is a unit with its second name, 人(含志愿者) a unit and a remark
    two_names = (
        not match["after"] and not match["tails"] and is_known_unit(remark[1:-1]) and is_known_unit(unit)
    )
    for candidate in (bracketed, unit) if two_names else (unit, bracketed):
        length = unit_length(candidate)
        if length:
            return Ending(length, relation, known=is_known_unit(candidate))
    return None


def fold_relation(text: str) -> str:
    """What a cell with nothing but a comparator says, or a direction; blank where it is none (``定性``).

    >>> fold_relation(" ≧ "), fold_relation("＞＝"), fold_relation("不低于"), fold_relation("定性")
    ('>=', '>=', '>=', '')
    >>> fold_relation("正向"), fold_relation("反向指标"), fold_relation("成本节约")
    ('>=', '<=', '')
    """
    folded = compact(text)[1] if len(text) < 40 else ""
    alone = _AFTER.get(folded) or _DIRECTIONS.get(folded)
    parted = re.fullmatch(_LEAD, folded, re.VERBOSE)
    lead = None if alone or (parted and parted["subject"]) else read_lead(folded)
    return alone or (lead.relation or lead.weak if lead else "")


def is_only_signed(value: Measure) -> bool:
    """Whether ¥ is all that says what a number counts: it is money, in a unit that may be printed elsewhere.

    >>> is_only_signed(Measure("￥50.00", Decimal("50.00"), "", "元"))
    True
    """
    return _CURRENCY in fold(value.raw) and value.unit == "元" and "元" not in value.raw


def build_measure(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A number with its relation and unit: ``不低于85%``, ``18 189万元``, ``10余次``."""
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if lead is None or ending is None or (match["number"][0] == "-" and not lead.takes_minus):
        return None
    unit = _printed_unit(match, printed, ending) or lead.unit
    return _measure(
        raw, _decimal(match["number"]), unit, lead, (_MORE.get(match["more"], ""), ending.relation)
    )


def build_numeral(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A Chinese numeral before a unit that is known, or before nothing: ``三百人``, ``两万``."""
    number = parse_numeral(match["number"])
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if number is None or lead is None or ending is None or not ending.known:
        return None
    if match.string in _NUMERAL_IDIOMS or match["rest"][: ending.unit] in _RANKS:
        return None
    return _measure(raw, number, _printed_unit(match, printed, ending), lead, (ending.relation,))


def build_parts(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """So many of a hundred: ``百分之九十五``, ``百分之95``, ``千分之三``, ``百分百``."""
    text = match["number"]
    number = _decimal(text) if text[-1].isascii() else Decimal(100) if text == "百" else parse_numeral(text)
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if number is None or lead is None or ending is None or ending.unit:
        return None
    return _measure(raw, number, {"百": "%", "千": "‰", "万": "‱"}[match["of"]], lead, (ending.relation,))


def build_range(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """Two numbers of one unit: ``3-5人``, ``80%~90%``, ``3万至5万元``."""
    low, high = _decimal(match["low"]), _decimal(match["high"])
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"].removesuffix("之间"))
    if lead is None or ending is None or lead.relation not in ("", "about") or ending.relation in (">=", ">"):
        return None
    unit = _printed_unit(match, printed, ending)
    first = match["unit"]
    # 3万-5万元: the first unit is the second one, or its beginning
    if first and not printed_unit(unit).startswith(printed_unit(first)):
        return None
    if low > high and not first:
        return Unreadable(raw, DESCENDING)
    return Range(raw, min(low, high), max(low, high), unit)


def _decimal(figures: str) -> Decimal:
    return Decimal(figures.replace(",", "").replace(" ", ""))


def _printed_unit(match: re.Match[str], printed: str, ending: Ending) -> str:
    start = match.start("rest")
    return printed_unit(printed[start : start + ending.unit])


def _measure(raw: str, number: Decimal, unit: str, lead: Lead, behind: Iterable[str]) -> Measure | Unreadable:
    relation: str | None = lead.relation
    for word in behind:
        relation = None if relation is None else _combine(relation, word)
    if relation is None:
        return Unreadable(raw, CONTRADICTION)
    return Measure(raw, number, relation or lead.weak, unit)


def _combine(first: str, second: str) -> str | None:
    """What two comparing words say together; None where they contradict each other."""
    if not first or not second or first == second:
        return first or second
    if first[0] == second[0]:
        return f"{first[0]}="
    # 不超过约20万元: the firmer word stands
    if "about" in (first, second):
        return first if second == "about" else second
    return None


def _sign_relation(sign: str) -> str | None:
    """What a run of signs says: ``≥≥`` and ``=>`` are ``>=``; ``<>`` is nothing."""
    more, less = any(char in ">≥" for char in sign), any(char in "<≤" for char in sign)
    if more and less:
        return None
    if not (more or less):
        return "about" if "≈" in sign else "="
    return (">" if more else "<") + ("=" if any(char in "=≥≤" for char in sign) else "")
