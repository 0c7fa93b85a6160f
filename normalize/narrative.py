"""The figures that a report states in words: budget, spending, rate and score of this project, this year.

A number is read only where a known word stands right before it, and where nothing in the sentence turns
away from this project and this year. What is doubtful is no fact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.form import Paragraph
from normalize.words import cut

#: a longer one is no sentence
LONGEST_SENTENCE = 1000
SCORES = ("score", "own", "points")
MONEY = ("亿元", "亿", "万元", "万", "元")

_SENTENCE = re.compile(r"[。；;！!\n]")
# "1,022.89万元", "18 189万元", "98.5%", "97.85分"; "90%以上" is a rule, "200元/人" a price
_NUMBER = re.compile(
    r"""(?<![\d.,])
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?     # thousands by comma
             | \d{1,3}(?:\ \d{3})+(?:\.\d+)?    # thousands by space
             | \d+(?:\.\d+)?)
    \s*(?P<unit>亿元|亿|万元|万(?![人元户平亩页份件次株公米])|元|%|分)
    (?![/钟之类]|\(含\)|及?以[上下内])""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
# "2019-2021年", "2019至2021年", "分三年": figures of several years together
_SPAN = re.compile(r"(?:19|20)\d{2}\s*年?\s*[-~至到]\s*(?:19|20)\d{2}\s*年|(?<![\d第])[两二三四五]年")
# "截至6月底", "1-9月", "截至2021年6月30日": not yet the whole year
_MONTH = re.compile(
    r"(?:(?:截至|截止)(?:\d{4}年)?|\d{1,2}[-~至])(?P<last>\d{1,2})月|(?P<end>\d{1,2})月[底末份]"
)
# what may stand between a word and its number: "预算数为", "支出共计", "执行率达到", "总得分:"
_BETWEEN = re.compile(
    r"(?:[为了共计达约到是有数:\s]|批复|安排|下达|核定|投入|资金|经费|金额|合计|总计|累计|人民币|总额|\(\D{0,8}\))*"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure stated in a sentence, the ``sentence``-th of the report. ``explicit``: it names this project."""

    kind: str
    number: Decimal
    unit: str
    raw: str
    explicit: bool
    sentence: int
    cell: Cell | Line


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: dict[str, str]
    years: frozenset[str]
    here: frozenset[str]
    parts: frozenset[str]
    clause: frozenset[str]
    subjects: tuple[str, ...]
    offices: tuple[str, ...]
    score_parts: tuple[str, ...]
    skip: frozenset[str]

    vocabulary: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = tomllib.loads(files("normalize").joinpath("narrative.toml").read_text(encoding="utf-8"))
    away = raw["away"]
    kinds = {word: kind for kind, words in raw["kinds"].items() for word in words}
    return _Words(
        vocabulary=frozenset([*kinds, *away["years"], *away["here"], *away["parts"], *away["clause"]]),
        kinds=kinds,
        years=frozenset(away["years"]),
        here=frozenset(away["here"]),
        parts=frozenset(away["parts"]),
        clause=frozenset(away["clause"]),
        subjects=tuple(away["subjects"]),
        offices=tuple(away["offices"]),
        score_parts=tuple(away["score_parts"]),
        skip=frozenset(raw["sections"]["skip"]),
    )


def facts_of(texts: Iterable[Paragraph], project: str, year: int | None) -> tuple[Fact, ...]:
    """All figures that a form's texts state of its project and its year."""
    skip = _words().skip
    project = fold(project)
    sentences = [
        (sentence, paragraph.cell)
        for paragraph in texts
        if paragraph.section not in skip
        for sentence in _SENTENCE.split(fold(paragraph.text))
        if len(sentence) <= LONGEST_SENTENCE and _NUMBER.search(sentence)
    ]
    return tuple(
        replace(fact, sentence=number)
        for number, (sentence, cell) in enumerate(sentences)
        for fact in _facts(sentence, project, year, cell)
    )


def _facts(sentence: str, project: str, year: int | None, cell: Cell | Line) -> Iterator[Fact]:
    words = _words()
    explicit = "本项目" in sentence or "该项目" in sentence or bool(project and project in sentence)
    if project:
        sentence = sentence.replace(project, "本项目")
    elsewhere = any(word in sentence for word in words.subjects) or _SPAN.search(sentence)
    if elsewhere or ("项目" not in sentence and any(word in sentence for word in words.offices)):
        return
    numbers = {match.start(): match for match in _NUMBER.finditer(sentence)}
    kind, ended, clause, position = "", 0, 0, 0
    away = aside = False
    for token in cut(sentence, words.vocabulary):
        if token in "，,":
            kind, clause, aside = "", position, False
        elif token in words.parts:
            return
        elif token in words.years or token in words.here:
            away = token in words.years
        elif token in words.kinds:
            kind, ended = words.kinds[token], position + len(token)
        aside = aside or token in words.clause
        away = _turns_away(sentence, position, year, away)
        number = numbers.get(position)
        if number and kind and not away and not aside and _BETWEEN.fullmatch(sentence, ended, position):
            fact = _fact(kind, number, sentence[:position], clause, explicit, cell)
            if fact:
                yield fact
        if number:
            kind = ""
        position += len(token)


def _turns_away(sentence: str, position: int, year: int | None, away: bool) -> bool:
    """Whether the sentence speaks of another time from here on."""
    month = _MONTH.match(sentence, position)
    if month:
        return int(month["last"] or month["end"]) != 12
    named = _YEAR.match(sentence, position)
    return year is not None and int(named[1]) != year if named else away


def _fact(
    kind: str, found: re.Match[str], before: str, clause: int, explicit: bool, cell: Cell | Line
) -> Fact | None:
    unit = found["unit"]
    scored = kind in SCORES
    fits = unit == "分" if scored else unit == "%" if kind == "rate" else unit in MONEY
    if kind == "nothing" or not fits or (scored and _is_part(kind, before, clause)):
        return None
    number = Decimal(found["number"].replace(",", "").replace(" ", ""))
    return Fact("score" if kind == "own" else kind, number, unit, found[0], explicit, 0, cell)


def _is_part(kind: str, before: str, clause: int) -> bool:
    """Whether a score is a part's: its name stands in the clause, or with points of its own in front."""
    earlier = "" if kind == "score" else before[max(clause - 100, 0) : clause]
    return any(
        part in before[clause:] or re.search(rf"{part}[^，,]{{0,8}}\d", earlier)
        for part in _words().score_parts
    )
