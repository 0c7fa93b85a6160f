"""Write a number as a section of a number format shows it: ``#,##0.00``, ``0%``, ``0.00E+00``, ``# ?/?``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from extract.sheets.codes import Section, Token

# A double has 308 digits before the point, and a format of 300 characters that many behind it.
_EXACT = Context(prec=800, rounding=ROUND_HALF_UP)
#: what a placeholder shows where the number has no digit for it
_FILLERS = {"0": "0", "#": "", "?": " "}
_MOST_DENOMINATOR_DIGITS = 5


def general(number: Decimal) -> str:
    """A number in the format General: eleven characters at most, without zeros behind the last digit.

    >>> general(Decimal("0.1587")), general(Decimal(1) / 3), general(Decimal("123456789012"))
    ('0.1587', '0.333333333', '1.23457E+11')
    """
    if not number:
        return "0"
    exponent = number.adjusted()
    text = f"{number:f}"
    if len(text) > 11 and -5 < exponent < 11:
        text = _plain(number, 9 - max(exponent, 0))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if exponent < 11 and len(text.lstrip("-")) <= 11:
        return text
    mantissa, _, power = f"{number:.{5 if -100 < exponent < 100 else 4}E}".partition("E")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{power[0]}{power[1:].zfill(2)}"


def as_shown(number: Decimal, section: Section) -> str:
    """A number that is not negative, as ``section`` shows it, without the blanks that only align it.

    >>> from extract.sheets.codes import sections_of
    >>> as_shown(Decimal("18189"), sections_of('#,##0.00_ ')[0])
    '18,189.00'
    """
    tokens, plain = section.tokens, section.plain
    if plain is not None:
        rounded = number.scaleb(2 * plain.percents, _EXACT).quantize(plain.last, context=_EXACT)
        digits = f"{rounded:,f}" if plain.is_grouped else f"{rounded:f}"
        return f"{plain.before}{digits}{plain.behind}".strip()
    shifted = number.scaleb(2 * sum(token.kind == "percent" for token in tokens), _EXACT)
    if "digit" not in section.kinds:
        text = "".join(general(shifted) if t.kind in ("general", "text") else t.text for t in tokens)
    elif "exponent" in section.kinds:
        text = _scientific(shifted, tokens)
    elif _is_fraction(tokens):
        text = _fraction(shifted, tokens)
    else:
        text = _decimal(shifted, tokens)
    return text.strip()


def _is_fraction(tokens: Sequence[Token]) -> bool:
    """Whether placeholders stand before a slash, and placeholders or a number behind it."""
    slash = _place(tokens, "slash")
    has_above = any(token.kind == "digit" for token in tokens[:slash])
    has_below = any(token.kind == "digit" for token in tokens[slash + 1 :])
    return has_above and (has_below or _fixed_denominator(tokens) > 0)


def _place(tokens: Sequence[Token], kind: str) -> int:
    return next((at for at, token in enumerate(tokens) if token.kind == kind), len(tokens))


def _plain(number: Decimal, places: int) -> str:
    """The number rounded to so many places as Excel rounds, half away from zero; no exponent."""
    return f"{number.quantize(Decimal(1).scaleb(-max(places, 0)), context=_EXACT):f}"


@lru_cache(maxsize=2_000)
def _commas(tokens: tuple[Token, ...]) -> tuple[int, bool]:
    """How often the number is divided by 1,000, and whether commas part its thousands.

    A comma divides behind the last digit before the point (``0,.00``) or behind the last of all (``0.00,``);
    between digits it parts.
    """
    point = _place(tokens, "point")
    digits = [at for at, token in enumerate(tokens) if token.kind == "digit"]
    last = max(digits, default=-1)
    last_before_point = max((at for at in digits if at < point), default=-1)
    commas = [at for at, token in enumerate(tokens) if token.kind == "comma"]
    dividing = sum(at > last or last_before_point < at < point for at in commas)
    return dividing, len(commas) > dividing


def _decimal(number: Decimal, tokens: tuple[Token, ...]) -> str:
    """Digits for placeholders before and behind the point; other tokens stand where they are."""
    point = _place(tokens, "point")
    before, behind = tokens[:point], tokens[point + 1 :]
    thousands, is_grouped = _commas(tokens)
    places = sum(token.kind == "digit" for token in behind)
    text = _plain(number.scaleb(-3 * thousands, _EXACT), places)
    whole, _, rest = text.partition(".")
    shown = _whole(whole.lstrip("0"), before, is_grouped)
    return shown + ("." + _behind_point(rest, behind) if point < len(tokens) else "")


def _whole(digits: str, tokens: Sequence[Token], is_grouped: bool) -> str:
    """The digits before the point, put on their placeholders from the right; the first takes all the rest."""
    places_left = sum(token.kind == "digit" for token in tokens)
    pieces: list[str] = [] if places_left else [digits]
    count = 0
    for token in reversed(tokens):
        if token.kind == "comma":
            continue
        if token.kind != "digit":
            pieces.append(token.text)
            continue
        places_left -= 1
        taken = digits if places_left == 0 else digits[-1:]
        digits = digits[: len(digits) - len(taken)]
        for character in reversed(taken or _FILLERS[token.text]):
            if is_grouped and count and count % 3 == 0 and character != " ":
                pieces.append(",")
            pieces.append(character)
            count += 1
    return "".join(reversed(pieces))


def _behind_point(digits: str, tokens: Sequence[Token]) -> str:
    """The digits behind the point; a zero at the end is shown only on a placeholder ``0``."""
    pieces: list[str] = []
    significant = len(digits.rstrip("0"))
    at = 0
    for token in tokens:
        if token.kind == "digit":
            ends = token.text != "0" and at >= significant
            pieces.append(_FILLERS[token.text] if ends else digits[at])
            at += 1
        elif token.kind != "comma":
            pieces.append(token.text)
    return "".join(pieces)


def _scientific(number: Decimal, tokens: tuple[Token, ...]) -> str:
    """``0.00E+00``; with more than one digit before the point, the exponent goes in such steps."""
    sign = _place(tokens, "exponent")
    mantissa, power = tokens[:sign], tokens[sign + 1 :]
    step = max(sum(t.kind == "digit" for t in mantissa[: _place(mantissa, "point")]), 1)
    places = sum(t.kind == "digit" for t in mantissa[_place(mantissa, "point") :])
    exponent = number.adjusted() // step * step if number else 0
    if abs(Decimal(_plain(number.scaleb(-exponent, _EXACT), places))) >= 10**step:
        exponent += step
    digits = sum(t.kind == "digit" for t in power)
    shown_sign = "-" if exponent < 0 else tokens[sign].text[1:].replace("-", "")
    tail = "".join(t.text for t in power if t.kind != "digit")
    shown = _decimal(number.scaleb(-exponent, _EXACT), mantissa)
    return f"{shown}E{shown_sign}{str(abs(exponent)).zfill(digits)}{tail}"


def _fixed_denominator(tokens: Sequence[Token]) -> int:
    """The 8 of ``# ?/8``, the 100 of ``# ??/100``; 0 where the placeholders leave it open."""
    behind = "".join(t.text for t in tokens[_place(tokens, "slash") + 1 :] if t.text.strip())
    digits = behind[: len(behind) - len(behind.lstrip("0123456789"))][:_MOST_DENOMINATOR_DIGITS]
    return int(digits or "0")


def _fraction(number: Decimal, tokens: Sequence[Token]) -> str:
    """``1 1/2`` for ``# ?/?``, ``3/2`` for ``?/?``: the nearest fraction with that many digits below."""
    slash = _place(tokens, "slash")
    before = "".join(t.text if t.kind == "digit" else " " for t in tokens[:slash]).split()
    most = sum(t.kind == "digit" for t in tokens[slash + 1 :])
    whole = int(number) if len(before) > 1 else 0
    rest = Fraction(number - whole)
    below = _fixed_denominator(tokens)
    if below:
        above = int(rest * below + Fraction(1, 2))
    else:
        nearest = rest.limit_denominator(10 ** min(most, _MOST_DENOMINATOR_DIGITS) - 1)
        above, below = nearest.numerator, nearest.denominator
    if len(before) < 2:
        return f"{above}/{below}"
    if above == below:
        whole, above = whole + 1, 0
    part = f"{above}/{below}" if above else ""
    return f"{whole} {part}".rstrip() if whole or not part or "0" in before[0] else part
