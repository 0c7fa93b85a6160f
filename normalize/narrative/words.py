"""The words by which a report's sentences and headings are read, and the marks that stand for names in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from normalize.schema import shipped_schema

#: stand for the project's name where 项目 does not follow (it may be one kind of work beside others), for the
#: name of another project of the file, and for 本项目, which no word can then be cut across (本|项目得分)
NAME, OTHER, OWN = "\ue000", "\ue001", "\ue002"
#: lists of words that name no other thing than this project
HARMLESS = ("plain", "own", "bounds", "whole", "years", "here", "periods", "full", "aside", "parts", "graded")


@dataclass(frozen=True, slots=True)
class Words:
    """The kind of each word before a number, and the lists of all others, those of headings apart."""

    kinds: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    headings: Mapping[str, tuple[str, ...]]
    harmless: frozenset[str]
    skip: frozenset[str]
    vocabulary: frozenset[str]
    common: frozenset[str]
    sources: Mapping[str, str]
    offices: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of narrative.toml."""
    raw = tomllib.loads(files("normalize").joinpath("narrative/words.toml").read_text(encoding="utf-8"))
    own = raw["words"]["own"]
    kinds = {_mark(word, own): kind for kind, listed in raw["kinds"].items() for word in listed}
    lists = {name: tuple(listed) for name, listed in {**raw["words"], **raw["away"]}.items()}
    headings = {name: tuple(listed) for name, listed in raw["headings"].items()}
    return Words(
        kinds,
        lists,
        headings,
        harmless=frozenset(word for name in HARMLESS for word in lists[name]),
        skip=frozenset(raw["sections"]["skip"]),
        vocabulary=frozenset([*kinds, *(word for listed in lists.values() for word in listed)]),
        common=frozenset(headings["common"]),
        sources=_sources(raw["sources"]),
        offices={name: tuple(listed) for name, listed in raw["offices"].items()},
    )


def _sources(raw: Mapping[str, list[str]]) -> dict[str, str]:
    """The wordings of the schema by which a sentence can name one source of funds, and nothing else."""
    return {
        wording: item
        for wording, item in shipped_schema().labels["fund_item"].items()
        if item in raw["items"]
        and wording.endswith(tuple(raw["endings"]))
        and not wording.startswith(tuple(raw["unless"]))
    }


def mark_own(text: str) -> str:
    """The text with a mark for 本项目."""
    return _mark(text, words().lists["own"])


def _mark(text: str, own: tuple[str, ...] | list[str]) -> str:
    for word in own:
        text = text.replace(word, OWN)
    return text
