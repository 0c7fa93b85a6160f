"""The figures that a report states in words: budget, spending, rate and score of this project, this year.

A number is read only where a known word stands right before it, and where nothing in the sentence turns
away from this project and this year. What is doubtful is no fact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.record import Record
from normalize.words import cut

MONEY = ("亿元", "亿", "万元", "万", "元")

_SENTENCE = re.compile(r"[。；;！!\n]")
# "1,022.89万元", "18 189万元", "98.5%", "97.85分"
_NUMBER = re.compile(
    r"""(?<![\d.,])
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?     # thousands by comma
             | \d{1,3}(?:\ \d{3})+(?:\.\d+)?    # thousands by space
             | \d+(?:\.\d+)?)
    \s*(?P<unit>亿元|亿|万元|万(?![人元户平亩页份件次株公米])|元|%|分)(?![/钟之类])""",
    re.VERBOSE,
)
# what may stand between a word and its number: "预算数为", "支出共计", "执行率达到", "总得分:"
_BETWEEN = re.compile(
    r"(?:[为了共计达约到是有数:\s]|批复|安排|下达|核定|投入|资金|经费|金额|合计|总计|累计|人民币|总额|\(\D{0,8}\))*"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure stated in a sentence. ``explicit`` says that the sentence names this project."""

    kind: str
    number: Decimal
    unit: str
    raw: str
    explicit: bool
    cell: Cell | Line


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: dict[str, str]
    years: frozenset[str]
    here: frozenset[str]
    parts: frozenset[str]
    subjects: tuple[str, ...]
    score_parts: tuple[str, ...]
    skip: frozenset[str]

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.kinds) | self.years | self.here | self.parts


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = tomllib.loads(files("normalize").joinpath("narrative.toml").read_text(encoding="utf-8"))
    away = raw["away"]
    return _Words(
        kinds={word: kind for kind, words in raw["kinds"].items() for word in words},
        years=frozenset(away["years"]),
        here=frozenset(away["here"]),
        parts=frozenset(away["parts"]),
        subjects=tuple(away["subjects"]),
        score_parts=tuple(away["score_parts"]),
        skip=frozenset(raw["sections"]["skip"]),
    )


def facts_of(record: Record) -> list[Fact]:
    """All figures that the form's narrative states of this project and this year."""
    words = _words()
    year = record.year.value if record.year else None
    found: list[Fact] = []
    for paragraph in record.texts:
        if paragraph.section in words.skip:
            continue
        for sentence in _SENTENCE.split(fold(paragraph.text)):
            if _NUMBER.search(sentence):
                found.extend(_facts(sentence, fold(record.project_name), year, paragraph.cell))
    return found


def _facts(sentence: str, project: str, year: int | None, cell: Cell | Line) -> Iterator[Fact]:
    words = _words()
    explicit = "本项目" in sentence or "该项目" in sentence or bool(project and project in sentence)
    if project:
        sentence = sentence.replace(project, "本项目")
    if any(subject in sentence for subject in words.subjects):
        return
    numbers = {match.start(): match for match in _NUMBER.finditer(sentence)}
    kind, ended, away, clause, position = "", 0, False, 0, 0
    for token in cut(sentence, words.vocabulary):
        if token in "，,":
            kind, clause = "", position
        elif token in words.parts:
            return
        elif token in words.years or token in words.here:
            away = token in words.years
        elif token in words.kinds:
            kind, ended = words.kinds[token], position + len(token)
        if named := _YEAR.match(sentence, position):
            away = year is not None and int(named[1]) != year
        number = numbers.get(position)
        if number and kind and not away and _BETWEEN.fullmatch(sentence, ended, position):
            fact = _fact(kind, number, sentence[clause:position], explicit, cell)
            if fact:
                yield fact
        if number:
            kind = ""
        position += len(token)


def _fact(kind: str, found: re.Match[str], before: str, explicit: bool, cell: Cell | Line) -> Fact | None:
    unit = found["unit"]
    fits = {"rate": unit == "%", "score": unit == "分"}.get(kind, unit in MONEY)
    if (
        kind == "nothing"
        or not fits
        or (kind == "score" and any(word in before for word in _words().score_parts))
    ):
        return None
    number = Decimal(found["number"].replace(",", "").replace(" ", ""))
    return Fact(kind, number, unit, found[0], explicit, cell)
