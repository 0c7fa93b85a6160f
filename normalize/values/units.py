"""Units of measurement: their kinds, and exact conversion where there is one.

All functions take a unit as printed (``万元``, ``元/人·月``, ``台（套）``, ``㎡``) and never raise for one.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Context, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from normalize.fold import fold, squeeze
from normalize.values.wordings import words

# room for every digit: nothing is rounded
_EXACT = Context(prec=2000)
#: a longer text is no unit
LONGEST = 20
LONGEST_NOUN = 8


class Family(NamedTuple):
    """Units with an exact factor to one base."""

    kind: str
    base: str


class Sense(NamedTuple):
    """What a unit means: so many of its family's base, per ``per`` (blank, or ``人·月``)."""

    family: Family
    factor: Decimal
    per: str


_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("units.toml").read_text(encoding="utf-8"))
_KNOWN: dict[str, tuple[Family, Decimal]] = {
    spelling: (Family(family["kind"], family["base"]), Decimal(factor))
    for family in _TABLES["family"]
    for factor, spellings in family["units"].items()
    for spelling in spellings
}
# KM, Kg: tried only where the unit as typed is unknown (G is data, g is weight)
_ANY_CASE = {spelling.lower(): sense for spelling, sense in reversed(_KNOWN.items())}
_PRINTED: dict[str, str] = _TABLES["printed"]
_MULTIPLIERS = {word: Decimal(factor) for word, factor in _TABLES["multipliers"].items()}
_PLAIN = frozenset(_TABLES["plain"]["units"])
_NEAR = frozenset(frozenset(pair["kinds"]) for pair in _TABLES["near"])
_OF_THINGS = frozenset(_TABLES["of_things"]["kinds"])
_MONEY_NOUNS = tuple(_TABLES["of_things"]["money"])
_CLASSIFIERS = {word: kind for kind, group in _TABLES["classifiers"].items() for word in group}
_YUAN = Family("money", "万元")
_NEVER = words("unit", "never")

# 万元, 亿斤, 千万人次
_MULTIPLIED = re.compile(r"(?P<multiplier>[十百千]?[万亿]|万亿|[十百千])(?P<unit>.*)", re.DOTALL)
# 台(套), 场(次): a second name of the same thing
_BRACKETED = re.compile(r"(?P<unit>[^()]+)\((?P<other>[^()]+)\)")
# 元/人·月, 元/(人*月), 元每人每月
_PER = re.compile(r"(?P<unit>[^/每]+)(?:/|每)(?P<per>.+)", re.DOTALL)
_BETWEEN = re.compile(r"[/·*.×每()]+")
_NUMERALS = frozenset("〇一二三四五六七八九十")


def printed_unit(unit: str) -> str:
    """A unit as the tables show it: without white space, and every spelling of percent as ``%``.

    >>> printed_unit("%（百分比）"), printed_unit("平方 米"), printed_unit("台（套）")
    ('%', '平方米', '台（套）')
    """
    bare = squeeze(unit)
    folded = fold(bare)
    return _PRINTED.get(folded, "%" if folded == "%" else bare)


def multiplier(unit: str) -> Decimal | None:
    """How many a bare 万 or 亿 stands for; None for anything else, 万元 and 万人 included.

    >>> multiplier("万"), multiplier("万元")
    (Decimal('1E+4'), None)
    """
    return _MULTIPLIERS.get(fold(unit))


def unit_kind(unit: str) -> str | None:
    """What a unit measures: ``money``, ``length``, …; a compound has the kind of its numerator.

    >>> unit_kind("万平方米"), unit_kind("元/人·月"), unit_kind("台（套）"), unit_kind("标兵")
    ('area', 'money', 'count', None)
    """
    sense = _sense(unit)
    return sense.family.kind if sense else _CLASSIFIERS.get(_classifier(unit))


def in_base(number: Decimal, unit: str) -> tuple[Decimal, str] | None:
    """The same quantity in the base unit of its family, exactly; None where the unit is unknown.

    The digits' precision stays: 6.47亿元 is 6.47E+4 万元, which is not 64700.00.

    >>> in_base(Decimal("6.47"), "亿元"), in_base(Decimal("1.5"), "公里")
    ((Decimal('6.47E+4'), '万元'), (Decimal('1.5E+3'), '米'))
    >>> in_base(Decimal("530"), "元/人·月"), in_base(Decimal("3"), "标兵")
    ((Decimal('0.0530'), '万元/人·月'), None)
    """
    sense = _sense(unit)
    if sense is None:
        return None
    base = f"{sense.family.base}/{sense.per}" if sense.per else sense.family.base
    return _EXACT.multiply(number, sense.factor), base


def comparable(unit_a: str, unit_b: str) -> bool | None:
    """Whether two units measure the same kind of thing; None where nobody can say.

    None: a unit is unknown, there is no exact factor between them (亩 and 平方米), they stand per different
    things (元/人 and 元/户), or the kinds are often used for one another (个 and 人).

    >>> comparable("元", "亿元"), comparable("公里", "人"), comparable("亩", "㎡"), comparable("个", "")
    (True, False, None, None)
    """
    a, b = fold(printed_unit(unit_a)), fold(printed_unit(unit_b))
    if a == b:
        return True
    kinds = {unit_kind(a), unit_kind(b)}
    if None in kinds:
        return None
    sense_a, sense_b = _sense(a), _sense(b)
    if sense_a and sense_b and sense_a.family == sense_b.family:
        return True if not (sense_a.per and sense_b.per) or sense_a.per == sense_b.per else None
    # 5万 may be money, and may be 5万人
    if len(kinds) == 1 or kinds in _NEAR or a in _MULTIPLIERS or b in _MULTIPLIERS:
        return None
    return False


def to_wan(number: Decimal, unit: str) -> Decimal | None:
    """An amount in 万元, exactly; None where the unit is no amount of 人民币. ``万`` counts as 万元.

    >>> to_wan(Decimal("250000.00"), "元"), to_wan(Decimal("128.79"), "亿元"), to_wan(Decimal("3"), "人")
    (Decimal('25.000000'), Decimal('1.2879E+6'), None)
    """
    sense = _sense(unit)
    if sense is None or sense.family != _YUAN or sense.per:
        return None
    return _EXACT.multiply(number, sense.factor)


def is_known_unit(unit: str) -> bool:
    """Whether the tables know a unit; for a compound, its numerator.

    >>> is_known_unit("批次"), is_known_unit("元/生·学年"), is_known_unit("公经费")
    (True, True, False)
    """
    folded = fold(squeeze(unit))
    if _PER.fullmatch(folded) and not all(_could_be_part(part) for part in _BETWEEN.split(folded) if part):
        return False
    return folded in _PRINTED or folded in _PLAIN or _sense(folded) is not None


def unit_length(text: str) -> int:
    """How many characters of the text behind a number are its unit: 0 where the text is none.

    The unit is a known one, a known one with what it counts behind it, or a short noun nobody listed.

    >>> unit_length("批次"), unit_length("个乡镇"), unit_length("标兵"), unit_length("m3/天")
    (2, 1, 2, 4)
    >>> unit_length("培训完成"), unit_length("的群众"), unit_length("等奖"), unit_length("年项目")
    (0, 0, 0, 0)
    """
    if is_known_unit(text):
        return len(text)
    folded = fold(text)
    for length in range(min(len(folded) - 1, LONGEST), 0, -1):
        if is_known_unit(folded[:length]) and _is_noun(folded[length:]):
            if folded[:length] in _MULTIPLIERS and not folded.endswith(_MONEY_NOUNS):
                break  # 550万粒 are that many grains, and no money
            return length if unit_kind(folded[:length]) in _OF_THINGS else 0
    parts = [part for part in _BETWEEN.split(folded) if part]
    if not 1 <= len(parts) <= 4 or len(folded) > LONGEST or not folded.endswith((parts[-1], ")")):
        return 0
    return len(text) if folded.startswith(parts[0]) and all(map(_could_be_part, parts)) else 0


def _could_be_part(part: str) -> bool:
    return part in _PLAIN or _look_up(part) is not None or _is_noun(part)


def _is_noun(text: str) -> bool:
    """A few Chinese characters without a numeral, a verb or a particle among them."""
    if not _few_characters(text) or not _NUMERALS.isdisjoint(text):
        return False
    return not any(word in text for word in _NEVER)


def _classifier(unit: str) -> str:
    """The 个 of 个乡镇, the 名 of 名教师: what says how a noun is counted; blank where there is none."""
    folded = fold(squeeze(unit))
    return folded[0] if len(folded) > 1 and _few_characters(folded) and folded[0] in _CLASSIFIERS else ""


def _few_characters(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NOUN and all("\u3400" <= char <= "\u9fff" for char in text)


@lru_cache(maxsize=4096)
def _sense(unit: str) -> Sense | None:
    folded = fold(squeeze(unit))
    folded = _PRINTED.get(folded, folded)
    whole = _look_up(folded)
    if whole:
        return Sense(*whole, per="")
    compound = _PER.fullmatch(folded)
    if compound:
        found = _look_up(compound["unit"])
        return Sense(*found, per=_BETWEEN.sub("·", compound["per"]).strip("·")) if found else None
    bracketed = _BRACKETED.fullmatch(folded)
    if bracketed and _could_be_part(bracketed["other"]):
        found = _look_up(bracketed["unit"])
        return Sense(*found, per="") if found else None
    return None


def _look_up(folded: str) -> tuple[Family, Decimal] | None:
    """A single unit, maybe with a large count or 个 before it: 万页, 个工作日."""
    if folded in _PLAIN or len(folded) > LONGEST:
        return None
    known = _KNOWN.get(folded) or _ANY_CASE.get(folded.lower())
    if known:
        return known
    multiplied = _MULTIPLIED.fullmatch(folded)
    if multiplied and multiplied["unit"]:
        counted = _look_up(multiplied["unit"]) if multiplied["unit"] not in _MULTIPLIERS else None
        factor = _MULTIPLIERS[multiplied["multiplier"]]
        return (counted[0], _EXACT.multiply(counted[1], factor)) if counted else None
    # 个乡镇 is a 个 with what it counts
    of_its_own = _KNOWN.get(folded[1:]) if folded.startswith("个") else None
    return of_its_own if of_its_own and of_its_own[0].kind != "count" else None
