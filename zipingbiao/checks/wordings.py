"""The words that checks look for, out of ``wordings.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("zipingbiao").joinpath("checks/wordings.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def any_of(section: str, name: str) -> re.Pattern[str]:
    """A pattern that finds any word of a list."""
    return re.compile(f"(?:{'|'.join(_lists()[section][name])})")
