"""The word lists of ``wordings.toml``, and the patterns made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))


def words(table: str, name: str) -> tuple[str, ...]:
    """A list of words.

    >>> "暂无" in words("blank", "none_words")
    True
    """
    return tuple(_TABLES[table][name])


def meanings(table: str) -> dict[str, str]:
    """What each word of a table of comparisons means.

    >>> meanings("before")["不少于"], meanings("after")["以内"]
    ('>=', '<=')
    """
    return {word: relation for relation, group in _TABLES[table].items() for word in group}


def spans() -> Mapping[str, tuple[int, int]]:
    """Parts of the year: first and last month."""
    return {word: (first, last) for word, (first, last) in _TABLES["date"]["span"].items()}


def one_of(choices: Iterable[str]) -> str:
    r"""A pattern for any of these words, longer ones first.

    >>> one_of(["大于", "大于等于", "+"])
    '大于等于|大于|\\+'
    """
    return "|".join(re.escape(word) for word in sorted(set(choices), key=lambda word: (-len(word), word)))
