"""Whether two names can be of one office: a short form, with or without its place, before or after a reform."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from normalize.fold import fold, squeeze
from normalize.narrative.words import words

#: with so much of the shorter name in the longer, in order, the two may be one
LIKENESS = 0.5
# "云台县" and "石桥镇" in front of a name, one behind the other
_PLACE = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,5}?)(?P<rank>省|市|州|盟|县|区|旗|镇|乡|街道)")
# 县财政局: the place is left out
_RANK = re.compile(r"^[我本该某]?[省市州盟县区旗镇乡村]")
_NUMBERED = re.compile(r"第?[一二三四五六七八九十\d]+")


def places_of(name: str) -> dict[str, str]:
    """The places in front of a name, by their rank.

    >>> places_of("禾泽县石桥镇人民政府"), places_of("县教育局")
    ({'县': '禾泽', '镇': '石桥'}, {})
    """
    found: dict[str, str] = {}
    position = 0
    while match := _PLACE.match(name, position):
        found.setdefault(match["rank"], match["name"])
        position = match.end()
    return found


def in_other_places(one: str, other: str) -> bool:
    """Whether two names are of different places of one rank: 石桥镇 and 柳河镇."""
    here, there = places_of(one), places_of(other)
    return any(not _ends_alike(name, there[rank]) for rank, name in here.items() if rank in there)


def _ends_alike(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _bare(name: str) -> str:
    """A name without its place and without the word for an office."""
    position = 0
    while match := _PLACE.match(name, position):
        position = match.end()
    bare = name[position:] if position else _RANK.sub("", name)
    for ending in sorted(words().offices["endings"], key=len, reverse=True):
        if bare.endswith(ending):
            return bare.removesuffix(ending)
    return bare


def core_of(name: str) -> str:
    """What an office is named by, without its place, the word for an office, and words that many have.

    >>> core_of("云台县交通运输局"), core_of("县应急管理局"), core_of("禾泽县石桥镇人民政府")
    ('交通运输', '应急', '')
    """
    core = _bare(name)
    for word in words().offices["common"]:
        core = core.replace(word, "")
    return core


def may_be_one_of(name: str, known: Iterable[str]) -> bool:
    """Whether an office may be one of the ``known`` ones; so it is where nothing is known.

    >>> may_be_one_of("县教体局", ["澜溪县教育和体育局"]), may_be_one_of("云台县水利局", ["云台县交通运输局"])
    (True, False)
    """
    known = [folded for one in known if (folded := fold(squeeze(one)))]
    name = fold(squeeze(name))
    if not core_of(name):
        known = [one for one in known if places_of(one).keys() & places_of(name).keys()]
        return not known or not all(in_other_places(name, one) for one in known)
    return not known or any(_may_be_one(name, one) for one in known)


def _may_be_one(name: str, known: str) -> bool:
    mine, theirs = core_of(name), core_of(known)
    if in_other_places(name, known) or not theirs:
        return not theirs and not in_other_places(name, known)
    numbers = _NUMBERED.findall(mine), _NUMBERED.findall(theirs)
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    if longest_common(_bare(name), known) == len(_bare(name)):
        return True
    return longest_common(mine, theirs) >= LIKENESS * min(len(mine), len(theirs))


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest sequence that both have in order.

    >>> longest_common("教体", "教育体育"), longest_common("水利", "交通")
    (2, 0)
    """
    row = [0] * (len(other) + 1)
    for mine in one:
        last = row
        row = [0]
        for place, theirs in enumerate(other, 1):
            row.append(last[place - 1] + 1 if mine == theirs else max(last[place], row[-1]))
    return row[-1]
