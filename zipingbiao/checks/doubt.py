"""Doubts about numbers that were recognized in a picture: a wrong digit can look as sure as a right one.

What exposes it is the arithmetic. Where a form does not add up, and would if one character of a recognized number had
been taken for another or lost, the recognition is more likely wrong than the form.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from extract.document import Cell, Line

if TYPE_CHECKING:
    from zipingbiao.checks.registry import Finding, Problem

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: sums agree to so much; ratios to so much of themselves
_SLACK, _PART = Decimal("0.00001"), Decimal("0.0006")
_DIGITS = "0123456789"
_RELATIONS = "≥≤"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What `doubt.toml` says."""

    least_confidence: Decimal
    most_percent: Decimal
    dashes: frozenset[str]
    alike: dict[str, str]


@cache
def load_doubts() -> Doubts:
    """The file, read once."""
    content = tomllib.loads(files("zipingbiao.checks").joinpath("doubt.toml").read_text(encoding="utf-8"))
    alike: dict[str, str] = {}
    for row in content["alike"]:
        for sign in row:
            alike[sign] = alike.get(sign, "") + row.replace(sign, "")
    return Doubts(
        Decimal(content["least_confidence"]),
        Decimal(content["most_percent"]),
        frozenset(content["dashes"]),
        alike,
    )


@dataclass(frozen=True, slots=True)
class Misreading:
    """A recognized cell, and how its text may really run: blank where only the confidence speaks against it.

    ``agrees`` is true where the form would add up then.
    """

    cell: Cell | Line
    text: str
    meant: str
    agrees: bool = True


def is_unsure(cell: Cell | Line) -> bool:
    """Whether a text was recognized, and not surely."""
    return cell.confidence is not None and cell.confidence < load_doubts().least_confidence


def find_misreading(problem: Problem) -> Misreading | None:
    """The recognized cell that may be to blame for a problem; None where the form is."""
    recognized = [cell for cell in problem.cells if cell.confidence is not None]
    for cell in recognized:
        if isinstance(problem.reported, Decimal) and isinstance(problem.expected, Decimal):
            for number in _NUMBER.findall(_plain(cell.text)):
                if (meant := _better(number, problem.reported, problem.expected)) is not None:
                    return Misreading(cell, number, meant)
    for cell in recognized:
        if is_unsure(cell):
            return Misreading(cell, " ".join(cell.text.split()), "")
    return None


def lowered(finding: Finding) -> Finding:
    """A finding that may rest on a misreading is a warning at most, and says so."""
    if finding.severity != "error" or (found := find_misreading(finding.problem)) is None:
        return finding
    zh, en = describe(found)
    problem = finding.problem
    said = replace(problem, zh=f"{problem.zh}（{zh}）", en=f"{problem.en} ({en})")
    return replace(finding, severity="warning", problem=said)


def describe(found: Misreading) -> tuple[str, str]:
    """Why a number is doubted, and what to do, as clauses."""
    if found.meant == found.text:
        return (
            f"“{found.text}”由图像识别得出，超出常见范围，请核对原件",
            f"“{found.text}” was recognized in a picture and is out of the usual range, look at the original",
        )
    if found.meant and not found.agrees:
        return (
            f"“{found.text}”由图像识别得出，原件可能是“{found.meant}”，请核对原件",
            f"“{found.text}” was recognized in a picture; the original may say “{found.meant}”, look there",
        )
    if found.meant:
        return (
            f"“{found.text}”由图像识别得出，若原件为“{found.meant}”则相符，请核对原件",
            f"“{found.text}” was recognized in a picture; it would agree if the original said “{found.meant}”, look there",
        )
    return (
        f"“{found.text}”由图像识别得出，把握较低（{found.cell.confidence}），请核对原件",
        f"“{found.text}” was recognized in a picture with a confidence of {found.cell.confidence}, look at the original",
    )


def _plain(text: str) -> str:
    return text.replace(",", "").replace("，", "").replace(" ", "")


def _better(number: str, reported: Decimal, expected: Decimal) -> str | None:
    """How a number would run if reported and expected agreed; None where one character does not make them."""
    was = Decimal(number)
    for variant in _variants(number):
        try:
            now = Decimal(variant)
        except InvalidOperation:
            continue
        if now != was and _would_agree(was, now, reported, expected):
            return variant
    return None


def _would_agree(was: Decimal, now: Decimal, reported: Decimal, expected: Decimal) -> bool:
    """Whether so much more, or so many times as much, is what the reported number lacks or has too much."""
    difference = expected - reported
    if abs(abs(now - was) - abs(difference)) <= _SLACK:
        return True
    if not (was and now and reported and expected):
        return False
    # the reported number itself, also as a percentage, can only grow as it must; what it is computed from, either way
    ratios = (now / was,) if was in (reported, 100 * reported) else (now / was, was / now)
    return any(abs(ratio * reported - expected) <= _PART * abs(expected) for ratio in ratios)


def _variants(number: str) -> Iterator[str]:
    """The number with one character changed for one that looks alike, or with one that was lost put back.

    Lost are points, one of two equal digits, and the last decimal. Digits are not made up in recognition.
    """
    alike = load_doubts().alike
    if "." in number:
        yield from (number + digit for digit in _DIGITS)
    else:
        yield from (f"{number[:at]}.{number[at:]}" for at in range(1, len(number)))
    for at, sign in enumerate(number):
        before, after = number[:at], number[at + 1 :]
        yield from (before + other + after for other in alike.get(sign, "") if other in _DIGITS)
        yield before + sign + sign + after


def may_be_dash(cell: Cell | Line) -> bool:
    """Whether a recognized number is but a level stroke or two, as of a dash."""
    return cell.confidence is not None and _plain(cell.text) in load_doubts().dashes


def implausible_percent(cell: Cell | Line, number: Decimal) -> str | None:
    """What a percentage that is too high may have been: 290% without the 2, where ≥ may have stood."""
    doubts = load_doubts()
    text = _plain(cell.text)
    if cell.confidence is None or number <= doubts.most_percent or not text[:1].isdecimal():
        return None
    signs: Sequence[str] = [sign for sign in doubts.alike.get(text[0], "") if sign in _RELATIONS]
    return f"{signs[0]}{text[1:]}" if signs and len(text) > 2 else text
