"""The words of what goes back to a unit, from ``wording.toml``, and how they are kept harmless."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

#: what XML cannot hold, and signs that turn the direction of a text around
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class Wording:
    """The words in one language: ``zh`` or ``en``."""

    def __init__(self, lang: str) -> None:
        self._lang = "en" if lang == "en" else "zh"

    def say(self, section: str, key: str, **values: object) -> str:
        """A sentence with ``values`` in the place of its braces."""
        return str(_words()[section][key][self._lang]).format(**values)

    def list(self, section: str, key: str) -> list[str]:
        """The sentences of a list."""
        return [str(each[self._lang]) for each in _words()[section][key]]

    def columns(self, section: str) -> dict[str, str]:
        """All words of a section by their keys, in its order."""
        return {key: str(each[self._lang]) for key, each in _words()[section].items()}

    def action(self, code: str) -> str:
        """What to do about a finding of this code."""
        known = _words()["action"]
        best = max((key for key in known if code.startswith(key)), key=len)
        return str(known[best][self._lang])


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))


def inert(text: str, most: int | None = None, more: str = "…") -> str:
    """A text that any document can hold and that reads as it is written; a longer one than ``most`` ends in ``more``.

    >>> inert("执行\\u202e率\\x00"), inert("12345", 4)
    ('执行\\ufffd率\\ufffd', '123…')
    """
    plain = _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    if most is None or len(plain) <= most:
        return plain
    return plain[: max(most - len(more), 0)] + more
