"""The schema as data: `schema.toml`, an office's own aliases on top of it, and nothing computed from a form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from normalize.fold import fold, squeeze, without_note_mark

#: tables of schema.toml that are not scopes of labels
NOT_SCOPES = frozenset({"block", "rivals", "similarity", "title", "grade"})


@dataclass(frozen=True, slots=True)
class Block:
    """What makes a row the header of a block."""

    name: str
    columns: str
    anchors: frozenset[str]
    least: int
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that makes an unknown label one of ``field`` when it stands at its end, or its beginning."""

    word: str
    field: str
    unless: tuple[str, ...]
    at_front: bool

    def speaks_for(self, wording: str) -> bool:
        """Whether the word stands where it counts."""
        return wording.startswith(self.word) if self.at_front else wording.endswith(self.word)


@dataclass(frozen=True, slots=True)
class Title:
    """What makes a line the title of a form, and which words tell the form's kind."""

    endings: tuple[str, ...]
    chapter_endings: tuple[str, ...]
    must_contain: tuple[str, ...]
    longest: int
    kinds: tuple[tuple[str, tuple[str, ...]], ...]


class Alias(NamedTuple):
    """An office's own label: a folded wording, and the field that it means in a scope."""

    scope: str
    field: str
    wording: str


@dataclass(
    frozen=True, slots=True, eq=False
)  # equal only to itself: what is remembered for one holds for no other
class Schema:
    """All labels by scope.

    ``labels[scope]`` maps a folded wording to its field; ``canonical[scope]`` holds the first wording of
    each field, and ``names[field]`` is it for people; ``attributes[(scope, field)]`` is what else the field's
    table says.
    """

    labels: Mapping[str, Mapping[str, str]]
    canonical: Mapping[str, frozenset[str]]
    attributes: Mapping[tuple[str, str], Mapping[str, str]]
    cues: Mapping[str, tuple[Cue, ...]]
    names: Mapping[str, str]
    blocks: tuple[Block, ...]
    rivals: tuple[tuple[str, ...], ...]
    title: Title
    grades: frozenset[str]
    least: int
    lead: int
    shortest: int

    def block(self, name: str) -> Block:
        """The block of this name."""
        return next(block for block in self.blocks if block.name == name)

    def attribute(self, scope: str, name: str, key: str) -> str:
        """What the table of field ``name`` says under ``key``; blank where it says nothing."""
        return self.attributes.get((scope, name), {}).get(key, "")


def fold_label(text: str) -> str:
    """A wording as labels are compared: without white space and marks of notes, signs folded, lower case."""
    return without_note_mark(fold(squeeze(text)).lower())


def _labels(raw: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {
        scope: {fold_label(alias): name for name, table in fields.items() for alias in table["aliases"]}
        for scope, fields in raw.items()
        if scope not in NOT_SCOPES
    }


def _cues(fields: Mapping[str, Any]) -> tuple[Cue, ...]:
    """The endings and beginnings of a scope, the longest first."""
    found = [
        Cue(fold_label(word), name, tuple(table.get("unless", ())), key == "beginnings")
        for name, table in fields.items()
        for key in ("endings", "beginnings")
        for word in table.get(key, ())
    ]
    return tuple(sorted(found, key=lambda cue: -len(cue.word)))


def read_toml() -> dict[str, Any]:
    """`schema.toml` as it stands."""
    return tomllib.loads(files("normalize").joinpath("schema.toml").read_text(encoding="utf-8"))


_in_force: ContextVar[Schema | None] = ContextVar("schema", default=None)


def load_schema() -> Schema:
    """The schema in force: the one that ships with the product, and within `knowing` an office's labels on top."""
    return _in_force.get() or shipped_schema()


@contextmanager
def knowing(aliases: Iterable[Alias]) -> Iterator[None]:
    """Read every form within as a schema with these labels on top reads it."""
    before = _in_force.set(_with_aliases(tuple(aliases)))
    try:
        yield
    finally:
        _in_force.reset(before)


@lru_cache(maxsize=8)
def _with_aliases(aliases: tuple[Alias, ...]) -> Schema:
    shipped = shipped_schema()
    labels = {scope: dict(known) for scope, known in shipped.labels.items()}
    for alias in aliases:
        labels[alias.scope][alias.wording] = alias.field
    return replace(shipped, labels=labels)


@lru_cache(maxsize=1)
def shipped_schema() -> Schema:
    """The schema that ships with the product."""
    raw = read_toml()
    scopes = {name: fields for name, fields in raw.items() if name not in NOT_SCOPES}
    title = raw["title"]
    return Schema(
        labels=_labels(raw),
        canonical={
            scope: frozenset(fold_label(table["aliases"][0]) for table in fields.values())
            for scope, fields in scopes.items()
        },
        attributes={
            (scope, name): {key: value for key, value in table.items() if isinstance(value, str)}
            for scope, fields in scopes.items()
            for name, table in fields.items()
        },
        cues={scope: _cues(fields) for scope, fields in scopes.items()},
        names={
            key: table["aliases"][0]
            for scope, fields in reversed(scopes.items())
            for name, table in fields.items()
            for key in (name, f"{scope}.{name}")
        },
        blocks=tuple(
            Block(
                name,
                block["columns"],
                frozenset(block["anchors"]),
                block["least"],
                frozenset(block.get("needs", block["anchors"])),
            )
            for name, block in raw["block"].items()
        ),
        rivals=tuple(tuple(group) for group in raw["rivals"]["groups"]),
        title=Title(
            tuple(title["endings"]),
            tuple(title["chapter_endings"]),
            tuple(title["must_contain"]),
            title["longest"],
            tuple((kind, tuple(words)) for kind, words in title["kinds"].items()),
        ),
        grades=frozenset(raw["grade"]["grades"]),
        least=raw["similarity"]["least"],
        lead=raw["similarity"]["lead"],
        shortest=raw["similarity"]["shortest"],
    )
