"""Numbers with what stands around them: comparing words before and behind, and the unit."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.document import Bilingual
from normalize.fold import compact
from normalize.numerals import NUMERAL_CHARS, parse_numeral
from normalize.units import is_known_unit, might_be_unit, printed_unit
from normalize.value_types import Measure, Range, Unreadable, Value
from normalize.wordings import meanings, one_of, words

# 1,022.89 and 18 189; not followed by what would make it another number (12,34 and 1.2.3 are none),
# and without a leading zero (0398 is the beginning of a telephone number)
NUMBER = r"""
    [+-]?(?: [1-9][0-9]{0,2}(?:,[0-9]{3})+ | [1-9][0-9]{0,2}(?:\ [0-9]{3})+ | [1-9][0-9]* | 0 )
    (?:\.[0-9]+)? (?![0-9., \n]*[0-9])
"""
# 一千二百 and 三点五
NUMERAL = rf"[{NUMERAL_CHARS}]+(?:点[{NUMERAL_CHARS}]+)?"
# 300余人, 100+
MORE = f"(?:{one_of(meanings('more'))})?"

CONTRADICTION = Bilingual("前后比较词互相矛盾", "the comparing words contradict each other")
DESCENDING = Bilingual("区间的下限大于上限", "the lower bound of the range is above the upper one")

_CJK = "[\u3400-\u9fff]"
_BEFORE, _WEAK, _AFTER, _MORE = map(meanings, ("before", "before_weak", "after", "more"))
_DONE = words("neutral", "done") + words("neutral", "deeds") + words("neutral", "prefixes")
_GROWTH = words("neutral", "growth")
_NUMERAL_IDIOMS = frozenset(words("numeral", "idioms"))
_RANKS = frozenset(words("numeral", "ranks"))
_CURRENCY = "¥"

_SIGN = "[<>=≥≤≈]{1,4}"
_TOKEN = re.compile(
    rf"""
      (?P<sign>{_SIGN})
    | (?P<word>{one_of([*_BEFORE, *_WEAK])})
    | (?P<every>每(?:{one_of(words("neutral", "every"))}))
    | (?P<other>{one_of([*_DONE, *_GROWTH])}|[{_CURRENCY}:])
    """,
    re.VERBOSE,
)
# 优秀比例 · 不超过: a name, then words that may stand before a number
_LEAD = re.compile(rf"(?P<subject>{_CJK}{{1,16}}?)??(?P<tokens>(?:{_TOKEN.pattern}){{0,6}})", re.VERBOSE)
_SUBJECT_ENDINGS = words("subject", "endings")
_SUBJECT_NEVER = words("subject", "never")

# 万元 · 以内, %(含)以上, 人次, 台(套), %覆盖
_ENDING = re.compile(
    rf"""
    (?P<unit>.*?)
    (?:\(含[^()]{{0,8}}\))?
    (?P<after>{one_of(_AFTER)})?
    (?:\(含[^()]{{0,8}}\))?
    (?P<tails>(?:{one_of(words("neutral", "tails"))}){{0,3}})
    (?P<remark>\([^()0-9<>=≥≤]{{1,16}}\))?
    [。.;]{{0,2}}
    """,
    re.VERBOSE | re.DOTALL,
)


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
    match = _LEAD.fullmatch(folded)
    if match is None:
        return None
    subject, tokens = match["subject"] or "", match["tokens"]
    if any(word in subject for word in _SUBJECT_NEVER):
        return None
    if subject and not subject.endswith(_SUBJECT_ENDINGS) and not tokens.strip(":"):
        return None
    relation: str | None = ""
    weak = ""
    for token in _TOKEN.finditer(tokens):
        if token["word"] in _WEAK:
            weak = _WEAK[token["word"]]
            continue
        printed = _sign_relation(token["sign"]) if token["sign"] else _BEFORE.get(token["word"] or "", "")
        relation = None if relation is None or printed is None else _combine(relation, printed)
    if relation is None:
        return None
    takes_minus = not subject and (bool(re.fullmatch(f"(?:{_SIGN})?", tokens)) or tokens.endswith(_GROWTH))
    return Lead(relation, weak, "元" if _CURRENCY in tokens else "", takes_minus)


@lru_cache(maxsize=4096)
def read_ending(folded: str) -> Ending | None:
    """The text behind a number; None where it is neither a unit nor a word that may stand there.

    >>> read_ending("人次以上"), read_ending("台(套)"), read_ending("的群众满意")
    (Ending(unit=2, relation='>=', known=True), Ending(unit=4, relation='', known=True), None)
    """
    match = _ENDING.fullmatch(folded)
    if match is None:
        return None
    unit, remark = match["unit"], match["remark"] or ""
    relation = _AFTER.get(match["after"] or "", "")
    if not unit:
        return None if match["tails"] else Ending(0, relation, known=True)
    bracketed = unit + remark
    if remark and not match["after"] and not match["tails"] and is_known_unit(remark[1:-1]):
        return Ending(len(bracketed), relation, known=is_known_unit(unit))
    for candidate in (unit, bracketed):
        if might_be_unit(candidate):
            return Ending(len(candidate), relation, is_known_unit(candidate))
    return None


def fold_relation(text: str) -> str:
    """What a cell with nothing but a comparator says; blank where it is none (``定性``).

    >>> fold_relation(" ≧ "), fold_relation("＞＝"), fold_relation("不低于"), fold_relation("定性")
    ('>=', '>=', '>=', '')
    """
    folded = compact(text)[1] if len(text) < 40 else ""
    after = _AFTER.get(folded)
    lead = None if after else read_lead(folded)
    return after or (lead.relation or lead.weak if lead else "")


def build_measure(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A number with its relation and unit: ``不低于85%``, ``18 189万元``, ``10余次``."""
    number = Decimal(match["number"].replace(",", "").replace(" ", ""))
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if lead is None or ending is None or match["number"][0] == "-" and not lead.takes_minus:
        return None
    return _measure(number, lead, _MORE.get(match["more"], ""), ending, match.start("rest"), raw, printed)


def build_numeral(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """A Chinese numeral before a unit that is known, or before nothing: ``三百人``, ``两万``."""
    number = parse_numeral(match["number"])
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if number is None or lead is None or ending is None or not ending.known:
        return None
    if match.string in _NUMERAL_IDIOMS or match["rest"][: ending.unit] in _RANKS:
        return None
    return _measure(number, lead, "", ending, match.start("rest"), raw, printed)


def build_parts(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """So many of a hundred: ``百分之九十五``, ``百分之95``, ``千分之三``, ``百分百``."""
    text = match["number"]
    number = Decimal(text) if text[0].isascii() else Decimal(100) if text == "百" else parse_numeral(text)
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"])
    if number is None or lead is None or ending is None or ending.unit:
        return None
    unit = {"百": "%", "千": "‰", "万": "‱"}[match["of"]]
    value = _measure(number, lead, "", ending, match.start("rest"), raw, printed)
    return Measure(raw, number, value.relation, unit) if isinstance(value, Measure) else value


def build_range(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """Two numbers of one unit: ``3-5人``, ``80%~90%``, ``3万至5万元``."""
    low, high = (Decimal(match[name].replace(",", "").replace(" ", "")) for name in ("low", "high"))
    lead, ending = read_lead(match["lead"]), read_ending(match["rest"].removesuffix("之间").removesuffix("间"))
    if lead is None or ending is None or lead.relation not in ("", "about") or ending.relation in (">=", ">"):
        return None
    start = match.start("rest")
    unit = printed_unit(printed[start : start + ending.unit])
    first = match["unit"]
    # 3万-5万元: the first unit is the second one, or its beginning
    if first and not printed_unit(unit).startswith(printed_unit(first)):
        return None
    if low > high and not first:
        return Unreadable(raw, DESCENDING)
    return Range(raw, min(low, high), max(low, high), unit)


def _measure(
    number: Decimal, lead: Lead, more: str, ending: Ending, start: int, raw: str, printed: str
) -> Measure | Unreadable:
    relation = _combine(_combine(lead.relation, more) or "", ending.relation)
    if relation is None:
        return Unreadable(raw, CONTRADICTION)
    unit = printed_unit(printed[start : start + ending.unit]) if ending.unit else lead.unit
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
