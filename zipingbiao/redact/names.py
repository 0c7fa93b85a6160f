"""Find the people of a run again wherever a text names them, in whatever way their names are spaced."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from normalize.fold import fold
from zipingbiao.redact.numbers import Spot
from zipingbiao.redact.people import DATA, either, key_of, may_stand_alone
from zipingbiao.redact.words import is_everyday, is_word, words_of

#: what may stand between the characters of a name: white space, dots, and a line break written as \n
_BETWEEN = re.compile(r"(?:[\s·.‧'\u200b\ufeff-]|\\[nrt])+")
_HAN = re.compile("[\u3400-\u9fff]")
_PEOPLE = DATA["people"]
_CALLED = f"副?(?:{either([*_PEOPLE['titles'], *_PEOPLE['labels']])})"
_BEFORE, _BEHIND = re.compile(f"(?:{_CALLED})$"), re.compile(_CALLED)
#: a name of so many characters can be part of other words by chance
SHORT = 2
#: characters on either side of a name that tell whether it is one
_AROUND = 8


class Names:
    """All names that the forms of a run name as people's; first all are taken in, then texts are searched."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._things: set[str] = set()
        self._keeping: dict[str, list[str]] | None = None
        self._lengths: dict[str, list[int]] = {}
        self._heads = re.compile("(?!)")

    def add(self, name: str) -> None:
        """Take in the name of a person, unless it could be anything else, such as 张某."""
        if may_stand_alone(name):
            self._keys.add(key_of(name))

    def add_thing(self, name: str) -> None:
        """Take in the name of a project or a unit: where a person has a word of it for a name, it stays."""
        self._things.add(key_of(name))

    def spots(self, text: str) -> Iterator[Spot]:
        """Where people are named in a text, from left to right."""
        if self._keeping is None:
            self._keeping = self._prepared()
        folded = fold(text).lower()
        if not self._heads.search(folded):
            return
        at = _positions(folded)
        bare = "".join(folded[index] for index in at)
        done = 0
        for head in self._heads.finditer(bare):
            start = head.start()
            for length in self._lengths[head[0]] if start >= done else ():
                key = bare[start : start + length]
                if len(key) == length and key in self._keys and self._is_meant(bare, start, key):
                    done = start + length
                    yield Spot(at[start], at[done - 1] + 1, "person", key)
                    break

    def _prepared(self) -> dict[str, list[str]]:
        """Index all names; returns the things that keep a short name of a word in them, by that name."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._keys:
            lengths[key[0]].add(len(key))
        self._lengths = {head: sorted(some, reverse=True) for head, some in lengths.items()}
        if lengths:
            self._heads = re.compile(f"[{re.escape(''.join(lengths))}]")
        words = {key for key in self._keys if len(key) == SHORT and is_word(key)}
        keeping: dict[str, list[str]] = defaultdict(list)
        for thing in self._things if words else ():
            for pair in {thing[at : at + SHORT] for at in range(len(thing) - 1)} & words - {thing}:
                keeping[pair].append(thing)
        return keeping

    def _is_meant(self, bare: str, start: int, key: str) -> bool:
        """Whether the characters of a name are that name, and no part of longer words."""
        end = start + len(key)
        if key.isascii():
            return not (bare[start - 1 : start].isascii() and bare[start - 1 : start].isalpha()) and not (
                bare[end : end + 1].isascii() and bare[end : end + 1].isalpha()
            )
        if len(key) > SHORT:
            return True
        for thing in (self._keeping or {}).get(key, ()):
            offset = thing.find(key)
            if bare[max(0, start - offset) :].startswith(thing) and start >= offset:
                return False
        first, last = _run(bare, start, end)
        if (first, last) == (start, end):
            return True
        if _BEFORE.search(bare[first:start]) or _BEHIND.match(bare, end, last):
            return True
        return not _is_inside(bare[first:last], start - first, end - first)


def _positions(text: str) -> list[int]:
    """The index of each character that is not between the characters of a name."""
    at: list[int] = []
    done = 0
    for gap in _BETWEEN.finditer(text):
        at.extend(range(done, gap.start()))
        done = gap.end()
    at.extend(range(done, len(text)))
    return at


def _run(bare: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of Chinese characters around a name."""
    first, last = start, end
    while first > max(0, start - _AROUND) and _HAN.match(bare[first - 1]):
        first -= 1
    while last < min(len(bare), end + _AROUND) and _HAN.match(bare[last]):
        last += 1
    return first, last


def _is_inside(run: str, start: int, end: int) -> bool:
    """Whether a word of every day begins before a name and ends in it (扩张|三个), or is the name and more (高峰期)."""
    for first, last in words_of(run):
        begins_before = first < start < last
        is_longer = first == start and last > end
        if (begins_before or is_longer) and is_everyday(run[first:last]):
            return True
    return False
