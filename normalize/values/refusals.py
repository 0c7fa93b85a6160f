"""What a value cell can say besides a value: nothing, or something that is no number though it looks like one."""

from __future__ import annotations

import re
from collections.abc import Callable

from extract.document import Bilingual
from normalize.values.quantities import read_ending, read_lead
from normalize.values.types import Blank, Unreadable, Value

Builder = Callable[[re.Match[str], str, str], Value | None]
"""Makes a value of what a row's pattern found, the raw text, and that text without white space; or declines."""

MALFORMED = Bilingual("数字写法有误，无法确定是多少", "the digits do not make up one number")
PARTED = Bilingual(
    "数字中间有空格或换行，无法确定是几个数", "white space parts the digits: one number or several"
)
SEVERAL = Bilingual("同一格里写了不止一个数", "there is more than one number")
SCIENTIFIC = Bilingual("科学计数法，原有位数已丢失", "scientific notation: digits were lost")
LETTERS = Bilingual("数字中夹有字母", "there are letters among the digits")
SPREADSHEET = Bilingual("电子表格的错误值", "an error value of a spreadsheet")
FORMULA = Bilingual("公式没有保存计算结果", "a formula without a stored result")


def blank(kind: str) -> Builder:
    """The builder of a cell that says nothing, by its kind."""
    return lambda match, raw, printed: Blank(raw, kind)


def refused(why: Bilingual) -> Builder:
    """The builder of what cannot be read, by its reason."""
    return lambda match, raw, printed: Unreadable(raw, why)


def build_broken(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """Digits that are no number, where a number would have been read."""
    if read_lead(match["lead"]) is None or read_ending(match["rest"]) is None:
        return None
    return Unreadable(raw, PARTED if re.search(r"\s", match["digits"]) else MALFORMED)


def build_repeated(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """The same unit again and again."""
    return Unreadable(raw, SEVERAL) if read_ending(match["unit"]) is not None else None


def build_lettered(match: re.Match[str], raw: str, printed: str) -> Value | None:
    """O for 0 and l for 1, as text recognition writes them."""
    letters = sum(char in "OoIl" for char in match["digits"])
    figures = sum(char.isdigit() for char in match["digits"])
    if not letters or not figures or read_ending(match["rest"]) is None:
        return None
    return Unreadable(raw, LETTERS) if figures > 1 or match["rest"].startswith("%") else None
