"""What a label that the schema lacks most likely means, from the safest guess to the boldest.

Other words for a label; a label with one character wrong, lost or doubled; one with a word that adds nothing; the
word that it ends or begins with; a label that is nearly the same. The first that says anything decides, and where it
speaks for two fields, neither is meant. Words that tell fields apart (`rivals` in schema.toml) may not differ: 年初预算数
and 全年预算数 are 80 % alike and mean different things. What the words are is in likeness.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import product

from normalize.labels.words import cut
from normalize.schema import Schema

_DATA = tomllib.loads(files("normalize").joinpath("labels/likeness.toml").read_text(encoding="utf-8"))
_FILLERS = _DATA["fillers"]
_SYNONYMS: dict[str, str] = {word: group[0] for group in _DATA["synonyms"]["groups"] for word in group}
_SYNONYM = re.compile("|".join(sorted(_SYNONYMS, key=len, reverse=True)))

#: what is left of a label that lost a character has so many
_LEAST_LEFT = 4
#: how sure a match is by a misread or lost character, by other words, and by the last or the first word
_BY_SLIP, _BY_WORDS, _BY_CUE = Decimal("0.95"), Decimal("0.9"), Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a label most likely means, and how sure (below 1)."""

    field: str
    confidence: Decimal


@lru_cache(maxsize=100)
def _plainly(schema: Schema, scope: str) -> dict[str, list[str]]:
    """The labels of a scope by how they read in the plainest words."""
    found = defaultdict(list)
    for label in schema.labels[scope]:
        found[_plain(label)].append(label)
    return found


@lru_cache(maxsize=8)
def _vocabulary(schema: Schema) -> frozenset[str]:
    """The words that tell fields apart."""
    return frozenset(word for group in schema.rivals for word in group)


def _wrong_characters() -> dict[str, str]:
    """For each character that may be misread or mistyped, what it may have been."""
    found: dict[str, str] = defaultdict(str)
    looks = ((word[0], word[1:]) for word in _DATA["look_alikes"]["table"].split())
    sounds = (word.split("/") for word in _DATA["sound_alikes"]["table"].split())
    for right, wrong in (*looks, *sounds):
        for one in wrong:
            found[one] += right
    return dict(found)


_MISREAD = _wrong_characters()


def _plain(wording: str) -> str:
    """A wording with one word for each that means the same."""
    return _SYNONYM.sub(lambda found: _SYNONYMS[found[0]], wording)


def guess(wordings: tuple[str, ...], scope: str, schema: Schema) -> Guess | None:
    """The field that a label means at a place where only a label can stand."""
    if same := _in_other_words(wordings, scope, schema):
        return _agreed(same, _BY_WORDS)
    around = {wording: _one_away(wording, scope, schema) for wording in wordings}
    for wording, labels in around.items():
        if slips := [label for label in labels if _is_slip(wording, label)]:
            return _one_field(slips, wording, scope, schema)
    if shorter := _without_fillers(wordings, scope, schema):
        return _agreed(shorter, _BY_WORDS)
    neighbours = [label for labels in around.values() for label in labels]
    return _cued(wordings, scope, schema, neighbours) or _near(wordings[-1], scope, schema, neighbours)


def _agreed(fields: set[str], confidence: Decimal) -> Guess | None:
    """The one field that is meant; none where it could be two."""
    return Guess(min(fields), confidence) if len(fields) == 1 else None


def guess_misread(wordings: tuple[str, ...], scope: str, schema: Schema) -> Guess | None:
    """The field of a label with one character misread or mistyped: where any text can stand."""
    for wording in wordings:
        if meant := list(_misreadings(wording, scope, schema)):
            return _one_field(meant, wording, scope, schema)
    return None


def _one_field(labels: Iterable[str], wording: str, scope: str, schema: Schema) -> Guess | None:
    """The field that all these labels are of, if one of them still has the words that tell fields apart."""
    fields = {schema.labels[scope][label] for label in labels}
    kept = any(_keeps_its_words(wording, label, schema) for label in labels)
    return _agreed(fields, _BY_SLIP) if kept else None


def _keeps_its_words(wording: str, label: str, schema: Schema) -> bool:
    """Whether the words that tell fields apart are still seen after a slip: 一极 is 一级, but without 未 all is lost."""
    added, lacking = _rivals(wording, label, schema)
    if len(wording) > len(label):
        return all(len(word) == 1 for word in added)
    return not added and (len(wording) == len(label) or all(len(word) > 1 for word in lacking))


def _misreadings(wording: str, scope: str, schema: Schema) -> Iterator[str]:
    """The labels that print or sound like this one."""
    if len(wording) < schema.shortest:
        return
    known = schema.labels[scope]
    for at, char in enumerate(wording):
        for right in _MISREAD.get(char, ""):
            if (label := wording[:at] + right + wording[at + 1 :]) in known:
                yield label


def _one_away(wording: str, scope: str, schema: Schema) -> list[str]:
    """The labels that differ by one character from this one."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    known = schema.labels[scope]
    near = process.extract(wording, known.keys(), scorer=Levenshtein.distance, score_cutoff=1, limit=None)
    return [label for label, _, _ in near if len(label) >= schema.shortest]


def _is_slip(wording: str, label: str) -> bool:
    """Whether a label became this by one character: misread or mistyped, lost, or doubled.

    The last word says what a label is, so a label of four characters cannot have lost one of it: 指标号 is not
    指标符号.
    """
    shorter = min(len(wording), len(label))
    at = next((at for at in range(shorter) if wording[at] != label[at]), shorter)
    if len(wording) == len(label):
        return label[at] in _MISREAD.get(wording[at], "")
    if len(wording) < len(label):
        return len(wording) >= _LEAST_LEFT or at < len(label) - 2
    return at > 0 and wording[at] == wording[at - 1]


def _in_other_words(wordings: tuple[str, ...], scope: str, schema: Schema) -> set[str]:
    """The fields of the labels that say the same in as many words, and of those that it is but for a filler."""
    known, plainly = schema.labels[scope], _plainly(schema, scope)
    fields = {known[label] for one in wordings for label in plainly.get(_plain(one), ())}
    if fields:
        fields |= {known[rest] for one in wordings for rest in _rests(one, scope, known) if rest in known}
    return fields


def _without_fillers(wordings: tuple[str, ...], scope: str, schema: Schema) -> set[str]:
    """The fields of what is left of a label without words that add nothing."""
    known, plainly = schema.labels[scope], _plainly(schema, scope)
    return {
        known[label]
        for wording in wordings
        for rest in _rests(wording, scope, known)
        for label in ([rest] if rest in known else plainly.get(_plain(rest), ()))
    }


def _rests(wording: str, scope: str, known: Mapping[str, str]) -> Iterator[str]:
    """A wording without a filler in front, behind, or both."""
    behind = _FILLERS["behind"] + (_FILLERS["behind_amounts"] if scope in _FILLERS["amounts"] else [])
    starts = [len(word) for word in _FILLERS["in_front"] if wording.startswith(word)]
    stops = [len(wording) - len(word) for word in behind if wording.endswith(word)]
    free = [start for start in starts if not _joins(wording, start, known)]
    for start, stop in product([0, *free], [len(wording), *stops]):
        if _FILLERS["least"] <= stop - start < len(wording):
            yield wording[start:stop]


def _joins(wording: str, start: int, known: Mapping[str, str]) -> bool:
    """Whether a word in front is part of another label: 项目单位名称 names the 项目单位, not the 单位."""
    labels = (wording[:stop] for stop in range(start + 1, len(wording)))
    return any(label in known and known.get(label[start:]) != known[label] for label in labels)


def _cued(wordings: tuple[str, ...], scope: str, schema: Schema, neighbours: list[str]) -> Guess | None:
    """The field whose word the label ends with, or begins with, where nothing in it speaks against.

    Labels that are one character away speak against it where they have this word and mean another field.
    """
    for wording in wordings:
        for cue in schema.cues[scope]:
            if cue.speaks_for(wording):
                others = (label for label in neighbours if schema.labels[scope][label] != cue.field)
                against = any(word in wording for word in cue.unless) or any(map(cue.speaks_for, others))
                return None if against else Guess(cue.field, _BY_CUE)
    return None


def _near(wording: str, scope: str, schema: Schema, neighbours: list[str]) -> Guess | None:
    """The field of the nearest label, if it leads the next field clearly and shares all distinguishing words."""
    if len(wording) < schema.shortest:
        return None
    from rapidfuzz import fuzz, process

    known = schema.labels[scope]
    near = process.extract(
        wording, known.keys(), scorer=fuzz.ratio, score_cutoff=schema.least - schema.lead, limit=20
    )
    best: dict[str, tuple[float, str]] = {}
    for alias, ratio, _ in near:
        best.setdefault(known[alias], (ratio, alias))
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    if not ranked:
        return None
    name, (ratio, alias) = ranked[0]
    lead = ratio - ranked[1][1][0] if len(ranked) > 1 else schema.lead
    too_short = len(alias) < schema.shortest
    if ratio < schema.least or lead < schema.lead or too_short or any(_rivals(wording, alias, schema)):
        return None
    if any(known[one] != name for one in neighbours):
        return None
    return Guess(name, Decimal(int(ratio)) / 100)


def _rivals(wording: str, label: str, schema: Schema) -> tuple[set[str], set[str]]:
    """The words that tell fields apart and only the first has, and those that only the second has."""
    vocabulary = _vocabulary(schema)
    ours, theirs = (vocabulary.intersection(cut(one, vocabulary)) for one in (wording, label))
    return set(ours - theirs), set(theirs - ours)
