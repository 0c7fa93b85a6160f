"""Labels as they are really printed: every alias of the schema with one edit of a stated kind.

The kinds and their words are in `label_noise.toml`. What a noisy label means is what a person can read in it:
a text that is itself a label of the schema is none of ours, and one that could as well be another field's label
with such an edit is open: it may be refused, or read as any of them.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from normalize.labels import match as labels
from normalize.labels.match import Match, match_label
from normalize.labels.words import cut
from normalize.schema import fold_label, load_schema

DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SHORTEST: int = DATA["shortest"]
LAYOUT: dict[str, list[str]] = DATA["layout"]
LOOK_ALIKES = {word[0]: word[1:] for word in DATA["look_alikes"]["table"].split()}
TRADITIONAL = {word[0]: word[1:] for word in DATA["traditional"]["table"].split()}
SYNONYMS: list[list[str]] = DATA["synonyms"]["groups"]
WORD = re.compile("|".join(sorted({word for group in SYNONYMS for word in group}, key=len)[::-1]))
TELLING = frozenset(word for group in load_schema().rivals for word in group)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True, slots=True)
class Noisy:
    """A label with one edit, and the fields that it can mean: one, or it is open."""

    kind: str
    scope: str
    label: str
    text: str
    fields: frozenset[str]


@dataclass(slots=True)
class Tally:
    """How noisy labels were read; an open one is right unless it was read as a field that it cannot mean."""

    right: int = 0
    unknown: int = 0
    wrong: int = 0
    open: int = 0

    @property
    def count(self) -> int:
        """All that have one meaning."""
        return self.right + self.unknown + self.wrong


def spaced(label: str) -> Iterator[str]:
    yield from (gap.join(label) for gap in LAYOUT["gaps"])
    yield f"    {label} "


def broken(label: str) -> Iterator[str]:
    yield from (f"{label[:cut]}\n{label[cut:]}" for cut in range(1, len(label)))
    yield "\n".join(label)


def lost(label: str) -> Iterator[str]:
    """Without one character; not without a word of one that tells fields apart (未, 率, 及), which would be missed."""
    words = cut(label, TELLING)
    starts = itertools.accumulate(map(len, words), initial=0)
    single = {start for start, word in zip(starts, words, strict=False) if len(word) == 1 and word in TELLING}
    yield from (label[:at] + label[at + 1 :] for at in range(len(label)) if at not in single)


def doubled(label: str) -> Iterator[str]:
    yield from (label[:at] + label[at] + label[at:] for at in range(len(label)))


def mistaken(label: str) -> Iterator[str]:
    yield from (
        label[:at] + other + label[at + 1 :]
        for at, char in enumerate(label)
        for other in LOOK_ALIKES.get(char, "")
    )


def traditional(label: str) -> Iterator[str]:
    most = max(len(TRADITIONAL.get(char, "")) for char in label)
    for number in range(most):
        yield "".join(TRADITIONAL.get(char, char)[: number + 1][-1] for char in label)


def reworded(label: str) -> Iterator[str]:
    for found in WORD.finditer(label):
        for group in SYNONYMS:
            if found[0] in group:
                yield from (f"{label[: found.start()]}{other}{label[found.end() :]}" for other in group)


def lengthened(label: str, field: str) -> Iterator[str]:
    for group in DATA["behind"]:
        if "fields" not in group or any(field.startswith(one) for one in group["fields"]):
            yield from (label + word for word in group["words"])


LAID_OUT: dict[str, Callable[[str], Iterator[str]]] = {
    "spaces": spaced,
    "line breaks": broken,
    "full width": lambda label: iter({label.translate(FULL_WIDTH)} - {label}),
    "punctuation behind": lambda label: (label + sign for sign in LAYOUT["behind"]),
    "brackets behind": lambda label: (label + hint for hint in LAYOUT["hints"]),
    "numbering in front": lambda label: (number + label for number in LAYOUT["in_front"]),
    "traditional characters": traditional,
}
CHANGED: dict[str, Callable[[str, str], Iterator[str]]] = {
    "one character lost": lambda label, _: lost(label),
    "one character doubled": lambda label, _: doubled(label),
    "one look-alike": lambda label, _: mistaken(label),
    "another word": lambda label, _: reworded(label),
    "a word in front": lambda label, _: (word + label for word in DATA["in_front"]["words"]),
    "a word behind": lengthened,
}
KINDS = (*LAID_OUT, *CHANGED)


@lru_cache(maxsize=1)
def everything() -> dict[str, list[Noisy]]:
    """All noisy labels by kind, in the schema's order."""
    edits = [
        (kind, scope, alias, field, text)
        for scope, known in load_schema().labels.items()
        for alias, field in known.items()
        for kind, text in _edits(alias, f"{scope}.{field}")
    ]
    meanings = defaultdict(set)
    for _, scope, _, field, text in edits:
        meanings[scope, fold_label(text)].add(field)
    found: dict[str, dict[Noisy, None]] = {kind: {} for kind in KINDS}
    for kind, scope, alias, field, text in edits:
        itself = load_schema().labels[scope].get(fold_label(text))
        if itself is None or (kind in LAID_OUT and itself == field):
            fields = frozenset(meanings[scope, fold_label(text)]) if kind in CHANGED else frozenset({field})
            found[kind][Noisy(kind, scope, alias, text, fields)] = None
    return {kind: list(noisy) for kind, noisy in found.items()}


def _edits(alias: str, field: str) -> Iterator[tuple[str, str]]:
    for kind, edit in LAID_OUT.items():
        yield from ((kind, text) for text in edit(alias))
    if len(alias) >= SHORTEST:
        for kind, change in CHANGED.items():
            yield from ((kind, text) for text in change(alias, field) if text != alias)


def sample(most: int, seed: int) -> dict[str, list[Noisy]]:
    """Up to so many noisy labels of each kind."""
    chance = random.Random(seed)
    return {
        kind: noisy if len(noisy) <= most else chance.sample(noisy, most)
        for kind, noisy in everything().items()
    }


def tally(noisy: list[Noisy]) -> tuple[Tally, list[tuple[Noisy, str]]]:
    """How labels are read, and which of them wrongly, and as what."""
    counts: Counter[str] = Counter()
    wrong = []
    for one in noisy:
        match = match_label(one.text, one.scope)
        if match and match.field not in one.fields:
            counts["wrong"] += 1
            wrong.append((one, match.field))
        elif len(one.fields) > 1:
            counts["open"] += 1
        else:
            counts["right" if match else "unknown"] += 1
    return Tally(**counts), wrong


def left_out() -> Iterator[tuple[str, str, str, Match | None]]:
    """Each label with its scope and field, and what it would be read as if the schema did not know it."""
    schema = load_schema()
    for scope, known in schema.labels.items():
        for alias, field in known.items():
            rest = {one: other for one, other in known.items() if one != alias}
            lacking = dataclasses.replace(schema, labels={**schema.labels, scope: rest})
            yield scope, alias, field, labels._match_label.__wrapped__(lacking, alias, scope, True)
