"""Take a number format apart: ``[红色]#,##0.00"万元";;"—"`` becomes sections of tokens.

A format has up to four sections: for positive numbers, negative ones, zero and text, or for what their
conditions say. What the tokens put on the page is told by ``extract/sheets/formats.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

LONGEST_CODE = 300
"""The characters of a format; Excel refuses more than 255. A longer one is read as General."""

#: what the system's settings show in China for the long date and the time
_SYSTEM_FORMATS = {0xF800: 'yyyy"年"m"月"d"日"', 0xF400: "h:mm:ss"}

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?                       # "万元"
    | [\\!](?P<escaped>.)                        # \- and, as Chinese versions write it, !-
    | _(?P<width>.)                              # a blank as wide as the character
    | \*.                                        # a character that fills the column
    | \[(?P<bracket>[^]]*)]                      # [红色] [>=100] [$¥-804] [h] [DBNum1]
    | (?P<general>General|G/通用格式|通用格式)
    | (?P<half>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|aaaa?|e+)
    | (?P<digit>[0#?])
    | (?P<section>;)
    | (?P<point>\.)
    | (?P<comma>,)
    | (?P<percent>%)
    | (?P<slash>/)
    | (?P<text>@)
    | (?P<plain>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# "$¥-804", "$-F800", "$€-2", "$USD"
_LOCALE = re.compile(r"\$(?P<symbol>[^-]*)(?:-(?P<code>[0-9A-F]{1,8}))?", re.IGNORECASE)
# ">=100", "<0", "=-1.5"
_CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)\s*(?P<limit>-?\d{1,20}(?:\.\d{0,20})?)")
# "h", "mm", "ss": time that does not start again at 24 or 60
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
# "0", "#,##0.00": the placeholders of a plain section
_PLAIN_DIGITS = re.compile(r"(?:#(?P<comma>,)##)?0(?:\.(?P<places>0+))?")
_DIGITS_IN_CHINESE = re.compile(r"DBNum(?P<style>[123])", re.IGNORECASE)


class Token(NamedTuple):
    """A piece of a format. ``kind`` is the name of its group in the pattern above; ``literal`` stands as it is."""

    kind: str
    text: str


class Condition(NamedTuple):
    """For which numbers a section is meant."""

    sign: str
    limit: Decimal

    def holds(self, number: Decimal) -> bool:
        """Whether ``number`` is meant."""
        return (
            (number < self.limit and "<" in self.sign)
            or (number > self.limit and ">" in self.sign)
            or (number == self.limit and "=" in self.sign)
        )

    @property
    def leaves_no_positive(self) -> bool:
        """Whether only numbers up to zero are meant, which the section writes without their sign."""
        return self.sign in ("<", "<=") and self.limit <= 0


class Plain(NamedTuple):
    """A section of the most frequent kind: ``0``, ``0.00%``, ``"¥"#,##0.00``. ``last`` is 0.01 for two places."""

    before: str
    is_grouped: bool
    last: Decimal
    percents: int
    behind: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section. ``locale`` is the number of its language, ``digits`` 1 to 3 where digits become Chinese.

    ``kinds`` are those of its tokens; ``plain`` says the same as the tokens, where they are of that sort.
    """

    tokens: tuple[Token, ...]
    condition: Condition | None
    locale: int
    digits: int
    kinds: frozenset[str]
    plain: Plain | None

    @property
    def is_date(self) -> bool:
        """Whether it shows a number as a date or a time."""
        return not self.kinds.isdisjoint(("date", "elapsed", "half"))

    @property
    def is_number(self) -> bool:
        """Whether it shows the number at all, and not a text in its place."""
        return not self.kinds.isdisjoint(("digit", "general", "text"))

    @classmethod
    def of(
        cls, tokens: Iterable[Token], condition: Condition | None = None, locale: int = 0, digits: int = 0
    ) -> Section:
        """The section that these tokens make up."""
        tokens = tuple(tokens)
        kinds = frozenset(token.kind for token in tokens)
        return cls(tokens, condition, locale, digits, kinds, _plain(tokens))


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format, at least one.

    >>> [token.text for token in sections_of('0.0"万";;')[0].tokens]
    ['0', '.', '0', '万']
    """
    return tuple(_sections(code if 0 < len(code) <= LONGEST_CODE else "General"))


def _sections(code: str) -> Iterator[Section]:
    tokens: list[Token] = []
    brackets: list[str] = []
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "fill"
        text = match[kind] if match.lastgroup else ""
        if kind == "section":
            yield _section(tokens, brackets)
            tokens, brackets = [], []
        elif kind == "bracket":
            brackets.append(text)
            tokens.extend(_in_bracket(text))
        elif kind in ("quoted", "escaped", "plain"):
            tokens.append(Token("literal", text))
        elif kind == "width":
            tokens.append(Token("literal", " "))
        elif kind != "fill":
            tokens.append(Token(kind, text.lower()))
    yield _section(tokens, brackets)


def _in_bracket(text: str) -> Iterator[Token]:
    """What a bracket puts on the page: a currency's sign, elapsed time; nothing for colours."""
    if _ELAPSED.fullmatch(text):
        yield Token("elapsed", text.lower())
    elif (locale := _LOCALE.fullmatch(text)) and locale["symbol"]:
        yield Token("literal", locale["symbol"])


def _section(tokens: list[Token], brackets: list[str]) -> Section:
    condition, locale, digits = None, 0, 0
    for text in brackets:
        if limits := _CONDITION.fullmatch(text):
            condition = Condition(limits["sign"], Decimal(limits["limit"]))
        elif named := _LOCALE.fullmatch(text):
            locale = int(named["code"] or "0", 16)
        elif in_chinese := _DIGITS_IN_CHINESE.fullmatch(text):
            digits = int(in_chinese["style"])
    if locale in _SYSTEM_FORMATS:
        tokens = list(sections_of(_SYSTEM_FORMATS[locale])[0].tokens)
    return Section.of(tokens, condition, locale & 0xFFFF, digits)


def _plain(tokens: tuple[Token, ...]) -> Plain | None:
    """What the tokens say, if they are literals, ``0`` or ``#,##0`` with zeros behind the point, and literals."""
    placed = [at for at, token in enumerate(tokens) if token.kind in ("digit", "comma", "point")]
    if not placed:
        return None
    first, stop = placed[0], placed[-1] + 1
    digits = _PLAIN_DIGITS.fullmatch("".join(token.text for token in tokens[first:stop]))
    around = tokens[:first] + tokens[stop:]
    if digits is None or any(token.kind not in ("literal", "percent") for token in around):
        return None
    return Plain(
        "".join(token.text for token in tokens[:first]),
        digits["comma"] is not None,
        Decimal(1).scaleb(-len(digits["places"] or "")),
        sum(token.kind == "percent" for token in around),
        "".join(token.text for token in tokens[stop:]),
    )
