"""The figures that a report states in words: budget, spending, rate and score of this project, this year.

A number is read only where a known word stands right before it, where every other word in front of it in its
clause is known to name nothing else, and where the sentence has not turned away from this project and this
year. What is doubtful is no fact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.form import Paragraph
from normalize.words import cut

#: a longer one is no sentence
LONGEST_SENTENCE = 1000
#: what a form's points add up to; said of a total, it is as often what could be reached
FULL_SCORE = 100
#: stands for the project's name where 项目 does not follow: it may be one kind of work beside others
NAME = "\ue000"
YUAN = ("亿元", "亿", "万元", "万", "元")
#: the two families of figures, and the kinds of each
MONEY, SCORES = "money", "scores"
FAMILIES = {
    MONEY: ("initial", "adjusted", "budget", "executed", "rate", "received"),
    SCORES: ("score", "own", "points"),
}
NEITHER, BOTH = frozenset[str](), frozenset(FAMILIES)
#: lists of words that name no other thing than this project
HARMLESS = ("plain", "own", "bounds", "whole", "years", "here", "periods", "full", "aside", "parts")

_SENTENCE = re.compile(r"[。；;！!\n]")
# "1,022.89万元", "18 189万元", "98.5%", "97.85分"; "90%以上" is a rule, "200元/人" a price, "500万元左右" a guess
_NUMBER = re.compile(
    r"""(?<![\d.,])
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?     # thousands by comma
             | \d{1,3}(?:\ \d{3})+(?:\.\d+)?    # thousands by space
             | \d+(?:\.\d+)?)
    \s*(?P<unit>亿元|亿|万元|万(?![人元户平亩页份件次株公米余多])|元|%|分)
    (?![/钟之类多余的]|左右|\(含\)|及?以[上下内])""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
# "2019-2021年", "2019至2021年", "分三年": figures of several years together
_SPAN = re.compile(r"(?:19|20)\d{2}\s*年?\s*[-~至到]\s*(?:19|20)\d{2}\s*年|(?<![\d第])[两二三四五]年")
# "5个重点项目", "项目共5个": figures of several projects together
_SEVERAL = re.compile(r"[\d两二三四五六七八九十]个\w{0,4}项目|项目(?:支出|预算|数量|共|有|计|为)*\d+个(?!\w)")
# "3月", "截至6月底": not the whole year; "1-12月", "12月31日", "12月底": all of it
_MONTH = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<end>份?[底末]|31日)?")
_UP_TO = re.compile(r"(?:[-~至到]|截[至止]到?)\s*(?:\d{4}年)?$")
# what may stand between a word and its number: "预算数为", "支出共计", "执行率达到", "总得分:"
_BETWEEN = re.compile(
    r"(?:[为了共计达到是有数:=\s]|批复|安排|下达|核定|投入|资金|经费|金额|合计|总计|累计|人民币|总额|\(\D{0,8}\))*"
)
# "(满分100分)", "(其中财政拨款800万元)": what stands in such brackets says nothing of what stands around them
_BRACKET = re.compile(r"\((?:满分|总分|其中|包?含|包括|较|比|占)[^()]*\)")
# digits and signs name nothing; a Latin letter may (A项目)
_SIGN = re.compile(r"[^A-Za-z\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure stated in a sentence, the ``sentence``-th of the report.

    ``explicit``: the sentence says that it is this project's, or the whole year's.
    """

    kind: str
    number: Decimal
    unit: str
    raw: str
    explicit: bool
    sentence: int
    cell: Cell | Line


@dataclass(frozen=True, slots=True)
class _Words:
    """The kind of each word before a number, and the lists of all others."""

    kinds: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    harmless: frozenset[str]
    skip: frozenset[str]
    vocabulary: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = tomllib.loads(files("normalize").joinpath("narrative.toml").read_text(encoding="utf-8"))
    kinds = {word: kind for kind, listed in raw["kinds"].items() for word in listed}
    lists = {name: tuple(listed) for name, listed in {**raw["words"], **raw["away"]}.items()}
    vocabulary = frozenset([*kinds, *(word for listed in lists.values() for word in listed)])
    harmless = frozenset(word for name in HARMLESS for word in lists[name])
    return _Words(kinds, lists, harmless, frozenset(raw["sections"]["skip"]), vocabulary)


def facts_of(texts: Sequence[Paragraph], project: str, year: int | None) -> tuple[Fact, ...]:
    """All figures that a form's texts state of its project and its year."""
    return tuple(
        Fact(kind, _decimal(found), found["unit"], found[0], explicit, number, cell)
        for number, (sentence, cell) in enumerate(_sentences(texts, fold(project).removesuffix("项目")))
        for kind, found, explicit in _Reading(sentence, _Time(sentence, year)).figures()
    )


def _sentences(texts: Sequence[Paragraph], project: str) -> Iterator[tuple[str, Cell | Line]]:
    """Each sentence that can speak of this project. One on several projects goes on until this one is named."""
    several = False
    for paragraph in _report(texts, project):
        for sentence in _SENTENCE.split(_BRACKET.sub("", fold(paragraph.text))):
            if project:
                sentence = sentence.replace(f"{project}项目", "本项目").replace(project, NAME)
            named = NAME in sentence or any(own in sentence for own in _words().lists["own"])
            several = not named and (several or _SEVERAL.search(sentence) is not None)
            if not several and _NUMBER.search(sentence) and not _is_elsewhere(sentence):
                yield sentence, paragraph.cell


def _report(texts: Sequence[Paragraph], project: str) -> Iterable[Paragraph]:
    """The chapters that state figures. What stands before the form is its report where it names the project."""
    before = fold("\n".join(paragraph.text for paragraph in texts if paragraph.section == "preamble"))
    skip = _words().skip | ({"preamble"} if not project or project not in before else NEITHER)
    return (paragraph for paragraph in texts if paragraph.section not in skip)


def _is_elsewhere(sentence: str) -> bool:
    """Whether a sentence speaks of more than this project or this year, or is none."""
    larger = len(sentence) > LONGEST_SENTENCE or any(word in sentence for word in _words().lists["subjects"])
    return larger or _SPAN.search(sentence) is not None or _SEVERAL.search(sentence) is not None


def _decimal(found: re.Match[str]) -> Decimal:
    return Decimal(found["number"].replace(",", "").replace(" ", ""))


@dataclass(slots=True)
class _Time:
    """Whether a sentence speaks of this year, and of all of it, at the place that it is read at."""

    sentence: str
    year: int | None
    other_year: bool = False
    piece: bool = False
    whole: bool = False

    def read(self, token: str, position: int) -> None:
        """Go on to the next word."""
        lists = _words().lists
        if named := _YEAR.match(self.sentence, position):
            self.other_year = self.year is not None and int(named[1]) != self.year
            self.whole = self.whole or int(named[1]) == self.year
        if month := _MONTH.match(self.sentence, position):
            up_to = month["end"] or _UP_TO.search(self.sentence[:position])
            self.piece = int(month["month"]) != 12 or not up_to
        if token in lists["years"]:
            self.other_year = True
        elif token in lists["here"]:
            self.other_year = self.piece = False
        elif token in lists["periods"]:
            self.piece = True
        elif token.startswith(lists["full"]):
            self.piece = False
        self.whole = self.whole or token.startswith(lists["whole"])


@dataclass(slots=True)
class _Reading:
    """A sentence read from its first word to its last, and what it speaks of at the place that it is read at.

    ``foreign`` holds the families of figures for which this clause has named another thing, ``others`` those
    that stay with it until the sentence names this project (``own``). ``word`` is the last one that has a kind,
    ``before`` what was foreign where it stood. ``level``: the clause names a level of scores,
    ``listed``: the sentence has done so; ``told``: the clause states an amount or a rate. ``beside``: kinds of
    which another thing has a figure too.
    """

    sentence: str
    time: _Time
    word: str = ""
    ended: int = 0
    own: bool = False
    aside: bool = False
    level: bool = False
    told: bool = False
    listed: bool = False
    beside: frozenset[str] = NEITHER
    foreign: frozenset[str] = NEITHER
    before: frozenset[str] = NEITHER
    others: frozenset[str] = NEITHER

    @property
    def kind(self) -> str:
        return _words().kinds.get(self.word, "")

    def figures(self) -> list[tuple[str, re.Match[str], bool]]:
        """Each figure with its kind, and whether it is explicit."""
        numbers = {match.start(): match for match in _NUMBER.finditer(self.sentence)}
        found: list[tuple[str, re.Match[str], bool]] = []
        position = behind = 0
        for token in cut(self.sentence, _words().vocabulary):
            if number := numbers.get(position):
                if self._is_figure(number):
                    kind = "score" if self.kind in FAMILIES[SCORES] else self.kind
                    found.append((kind, number, self.own or self.time.whole))
                self._leave(number)
                behind = number.end()
            elif position >= behind:
                self.time.read(token, position)
                self._read(token, position)
            position += len(token)
        return [one for one in found if one[2] or one[0] not in self.beside]

    def _read(self, token: str, position: int) -> None:
        lists = _words().lists
        self.foreign |= self._named_by(token)
        self.aside = self.aside or token in lists["aside"]
        self.level = self.level or token in lists["score_parts"]
        self.listed = self.listed or self.level
        if token in lists["bounds"]:
            self._end_clause()
        elif token in lists["own"]:
            self.own, self.level, self.foreign, self.others = True, False, NEITHER, NEITHER
        elif token == NAME:
            self.foreign = NEITHER
        elif token in lists["parts"] or (token in lists["topics"] and MONEY in self.foreign):
            self.own, self.others = False, BOTH
        elif token in _words().kinds:
            self.word, self.ended, self.before = token, position + len(token), self.foreign

    def _named_by(self, token: str) -> frozenset[str]:
        """The families for which a word in front of a number names another thing."""
        lists = _words().lists
        kind = _words().kinds.get(token)
        if kind == "other":
            return BOTH
        if kind:
            return self._named_before(kind)
        if _SIGN.fullmatch(token) or token in _words().harmless:
            return NEITHER
        return frozenset(family for family in FAMILIES if token not in lists[family])

    def _named_before(self, kind: str) -> frozenset[str]:
        """The same for the word before one of ``kind``, without a number between: 满意度|得分, 预算执行|得分."""
        if self.kind in FAMILIES[MONEY]:
            fits = kind in FAMILIES[MONEY] or self.word in _words().lists[SCORES]
            return NEITHER if fits else frozenset({SCORES})
        return BOTH if self.kind else NEITHER

    def _is_figure(self, number: re.Match[str]) -> bool:
        """Whether the last word makes a number a figure of this project."""
        family = SCORES if self.kind in FAMILIES[SCORES] else MONEY
        away = self.aside or self.time.other_year or self.time.piece
        if away or self.kind not in FAMILIES[family] or family in self.before:
            return False
        if family in self.others and self.kind != "score":
            return False
        units = ("分",) if family == SCORES else ("%",) if self.kind == "rate" else YUAN
        if number["unit"] not in units or not _BETWEEN.fullmatch(self.sentence, self.ended, number.start()):
            return False
        return family == MONEY or not self._is_full_score(number)

    def _is_full_score(self, number: re.Match[str]) -> bool:
        """Whether points are those that could be reached, or may be: 总分100分, 自评总分100分，得95分."""
        weak = self.kind == "points"
        full = self.word.endswith("总分") and _decimal(number) == FULL_SCORE
        more = weak or re.search(r"\d\s*分", self.sentence[number.end() :]) is not None
        return (full and more) or (weak and (self.listed or not self.own))

    def _leave(self, number: re.Match[str]) -> None:
        """Behind a number: the sentence stays with another thing whose figure that was."""
        if number["unit"] == "分":
            weight = self.kind == "weight" and _decimal(number) != FULL_SCORE
            scored = self.kind in FAMILIES[SCORES]
            if SCORES in self.before if scored else (weight or self.level or SCORES in self.foreign):
                self.listed, self.others = True, self.others | {SCORES}
            elif self.kind == "score":
                self.own = True
        elif self.kind == "rate" or (self.kind and number["unit"] in YUAN):
            self.told = self.told or self.kind in FAMILIES[MONEY]
            if MONEY in self.before and not self.aside:
                self.beside |= NEITHER if MONEY in self.others else {self.kind}
                self.others |= {MONEY}
                self.own = self.time.whole = False
        self.word, self.foreign = "", NEITHER

    def _end_clause(self) -> None:
        if self.level and not self.told:
            self.others |= {SCORES}
        self.word, self.foreign = "", NEITHER
        self.aside = self.level = self.told = False
