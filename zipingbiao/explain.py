"""What each check is about: in Chinese from ``checks/explain.zh.toml``, in English from its function's docstring."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from inspect import cleandoc
from typing import Any

from extract.document import Bilingual, PlainError
from zipingbiao.across import ACROSS
from zipingbiao.arguments import as_tuple
from zipingbiao.checks import CHECKS, Check
from zipingbiao.checks.registry import is_chosen

SEVERITY = {
    "error": Bilingual("错误", "error"),
    "warning": Bilingual("警告", "warning"),
    "note": Bilingual("提示", "note"),
    "ignored": Bilingual("已忽略", "ignored"),
}
#: the checks of a form, and those across the forms of a run
ALL_CHECKS: Mapping[str, Check[Any]] = {**CHECKS, **dict(sorted(ACROSS.items()))}
#: the parts of the Chinese documentation, in order
PARTS = {"what": "查什么", "why": "为什么", "example": "例子", "tolerance": "容差", "source": "依据"}


class UnknownCode(PlainError):
    """A code that is no check's."""


def known_codes(name: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of checks, or their beginnings, as checks have them; ``name`` is that of the argument.

    Raises `TypeError`, and `UnknownCode` for the first code that no check's code begins with.
    """
    given = as_tuple(name, codes, str)
    for code in given:
        if not code or not any(known.startswith(code.upper()) for known in ALL_CHECKS):
            raise _unknown(code)
    return tuple(code.upper() for code in given)


def require_some(select: Iterable[str], ignore: Iterable[str]) -> None:
    """Raise `UnknownCode` where no check is left: "no findings" would then be said of forms that nobody checked."""
    selected, ignored = tuple(select), tuple(ignore)
    if not any(is_chosen(code, selected, ignored) for code in ALL_CHECKS):
        raise UnknownCode(
            "--select 与 --ignore 合起来没有留下任何核查；请改其中一项。",
            "--select and --ignore leave no check at all; change one of them.",
        )


def explain(code: str, lang: str) -> str:
    """A check's documentation. Raises `UnknownCode`."""
    check = ALL_CHECKS.get(code.upper())
    if check is None:
        raise _unknown(code)
    return f"{_headline(check, lang)}\n\n{_documentation(check, lang)}"


def list_checks(lang: str) -> str:
    """A line for each check."""
    return "\n".join(_headline(check, lang) for _, check in sorted(ALL_CHECKS.items()))


def _headline(check: Check[Any], lang: str) -> str:
    return f"{check.code}  {SEVERITY[check.severity].in_language(lang)}  {check.title.in_language(lang)}"


def _documentation(check: Check[Any], lang: str) -> str:
    chinese = _chinese().get(check.code)
    if lang == "en" or chinese is None:
        return cleandoc(check.documentation)
    return "\n".join(f"{name}：{chinese[part]}" for part, name in PARTS.items() if part in chinese)


def source_of(code: str) -> str:
    """Where the rule of a check stands, in Chinese; blank for an unknown code."""
    return _chinese().get(code, {}).get("source", "")


@lru_cache(maxsize=1)
def _chinese() -> dict[str, dict[str, str]]:
    text = (files("zipingbiao") / "checks" / "explain.zh.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _unknown(code: str) -> UnknownCode:
    near = ", ".join(get_close_matches(code.upper(), ALL_CHECKS, n=3, cutoff=0.5))
    return UnknownCode(
        f"没有核查“{code}”{f'，相近的有 {near}' if near else ''}；zipingbiao explain 列出全部。",
        f"There is no check “{code}”{f', near it are {near}' if near else ''}; zipingbiao explain lists all.",
    )
