"""What the sentences of a report speak of, by the headings above them and the projects that they name.

A heading governs what stands under it until the next heading of its rank or a higher one. Under the heading of
another thing a sentence speaks of the form's project only where it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.form import Paragraph
from normalize.labels.words import cut
from normalize.narrative.words import NAME, OTHER, OWN, mark_own, words
from normalize.office_names import in_other_places

#: a heading is no longer
LONGEST_HEADING = 40
#: what a sentence under a heading must say: the project's name; that, or 本项目; the form's year
BY_NAME, BY_WORD, BY_YEAR = "name", "word", "year"
#: under what was aimed at, no sentence states a figure
NEVER = "never"
#: the ranks of a report's title, and of a heading without a number where none with a number is open, or one is
TITLE, UNNUMBERED, LOWEST = 0, 2, 7
#: so much of a heading's words are in the name of the project that it is the heading's
LIKENESS = 0.6
#: a shorter word before 项目 is no name
SHORTEST_NAME = 4

_RANKS = (
    (1, re.compile(r"第[一二三四五六七八九十]+(?:部分|章)\s*")),
    (3, re.compile(r"[一二三四五六七八九十]+、\s*")),
    (4, re.compile(r"\([一二三四五六七八九十]+\)\s*")),
    (5, re.compile(r"\d{1,2}[.、](?!\d)\s*")),
    (6, re.compile(r"\(\d{1,2}\)\s*")),
)
_TITLE = re.compile(r"(?:报告|总结|情况说明|自评说明)$")
# what no heading holds: a sentence's marks, an amount, points, a rate, a day
_NO_HEADING = re.compile(r"[,;:!?]|\d\s*(?:亿|万|元|分|%)|\d月|\d日")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*(?:年|[-~至到]))")
_YEAR_IN_FRONT = re.compile(r'^[\s"]*(?:(?:19|20)\d{2}年度?)?[\s"]*')
# common words that are as often part of a project's name
_IN_NAMES = frozenset(("工程", "建设", "采购", "运行", "管理", "专项", "改进"))
_SENTENCE = re.compile(r"[。；;！!\n]")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a form's facts are of: its project and year, and the ``others``, projects of the same file.

    ``shared`` are paragraphs that may be on any of them. ``of_department``: the form is a department's own.
    """

    project: str
    year: int | None
    others: tuple[str, ...] = ()
    shared: frozenset[Paragraph] = frozenset()
    of_department: bool = False

    def mark(self, text: str) -> str:
        """The text, folded, with marks for 本项目 and the name of each project; the longest name is looked for first."""
        text = fold(text)
        for name, mark in _marks(self.project, self.others):
            text = text.replace(name, mark)
        if self.of_department:
            for word in words().headings["department"]:
                text = text.replace(word, OWN)
            for word in words().headings["self"]:
                text = text.replace(word, "")
        return mark_own(text)


# asked for each sentence of a report
@lru_cache(maxsize=16)
def _marks(own: str, others: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of projects, the longest first, each with the mark to put in its place."""
    marks: list[tuple[str, str]] = []
    for name in sorted({*map(_bare, (own, *others))} - {""}, key=len, reverse=True):
        mark, project = (NAME, f"{NAME}{OWN}") if name == _bare(own) else (OTHER, OTHER)
        marks += [(f"{name}项目", project), (name, mark)]
    return tuple(marks)


def _bare(name: str) -> str:
    return fold(name).strip().removesuffix("项目")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that can be on the form's project; ``assessed``: it stands where another assessor is spoken of."""

    text: str
    cell: Cell | Line
    own: bool
    assessed: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    """An open heading: its rank, what it asks of a sentence, and whether it names the form's project."""

    rank: int
    asks: frozenset[str]
    is_own: bool
    assessed: bool


@dataclass(slots=True)
class _Chapters:
    """The headings that are open at a place of the report."""

    scope: Scope
    open: list[_Heading] = field(default_factory=list)

    def read(self, line: str) -> str:
        """Take the heading that a line is or begins with; what is left of the line."""
        rank, begin = next(
            ((rank, found.end()) for rank, one in _RANKS if (found := one.match(line))), (None, 0)
        )
        head, _, rest = line[begin:].partition("。")
        if len(head) > LONGEST_HEADING or not head.strip() or _NO_HEADING.search(head):
            self._close(rank)
            return line
        if rank is None:
            if "。" in line:
                return line
            numbered = any(UNNUMBERED < one.rank < LOWEST for one in self.open)
            rank = TITLE if _TITLE.search(head) else LOWEST if numbered else UNNUMBERED
        self._close(rank)
        self.open.append(self._heading(rank, head))
        return rest

    def _close(self, rank: int | None) -> None:
        while rank is not None and self.open and self.open[-1].rank >= rank:
            self.open.pop()

    def _heading(self, rank: int, head: str) -> _Heading:
        lists, common, marked = words().headings, words().common, self.scope.mark(head)
        strange = "".join(one for one in cut(marked, common) if one not in common and one.isalpha())
        alike = sum(one in self.scope.project for one in strange) >= LIKENESS * len(strange) > 0
        elsewhere = in_other_places(head, self.scope.project)
        is_own = NAME in marked or OWN in marked or (alike and not self.scope.others and not elsewhere)
        asks = {BY_YEAR} if self._is_of_another_year(rank, marked) else set()
        if not is_own:
            away = lists["elsewhere"] + (() if self.scope.of_department else lists["whole"])
            if elsewhere or OTHER in marked or any(one in marked for one in away):
                asks.add(BY_NAME)
            elif _is_aim(marked):
                asks.add(NEVER)
            elif rank not in (TITLE, UNNUMBERED, LOWEST):
                asks |= _asked_by_number(marked)
        assessed = "自评" not in marked and any(one in marked for one in words().lists["assessors"])
        return _Heading(rank, frozenset(asks), is_own, assessed)

    def _is_of_another_year(self, rank: int, head: str) -> bool:
        """Whether a heading names other years alone; a title may name the year after, in which it was written."""
        year = self.scope.year
        named = [int(one) for one in _YEAR.findall(head)]
        if year is None or not named:
            return any(word in head for word in words().headings["years"])
        return not min(named) <= year <= max(named) and not (rank == TITLE and max(named) == year + 1)

    def asks(self) -> frozenset[str]:
        """What the open headings ask of a sentence; one of this project needs no word from those above it."""
        asked: frozenset[str] = frozenset()
        for heading in reversed(self.open):
            asked |= heading.asks
            if heading.is_own:
                break
        return asked

    def is_own(self) -> bool:
        """Whether a heading says that this is the form's project."""
        return any(heading.is_own for heading in self.open)

    def assessed(self) -> bool:
        """Whether a heading speaks of another assessor."""
        return any(heading.assessed for heading in self.open)


def _is_aim(head: str) -> bool:
    """Whether a heading speaks of what was aimed at, and not of what became of it."""
    lists = words().headings
    return any(one in head for one in lists["aims"]) and not any(one in head for one in lists["done"])


def _asked_by_number(head: str) -> set[str]:
    """What a numbered heading asks: 渣土整治项目 is another project, 设备购置 a part, 资金使用情况 nothing of its own."""
    common = words().common
    tokens = cut(head, common)
    for before, token in pairwise(tokens):
        if token == "项目" and before not in common and before.isalpha():
            return {BY_NAME}
    return set() if any(token in common for token in tokens) else {BY_WORD}


def sentences_of(texts: Sequence[Paragraph], scope: Scope) -> Iterator[Sentence]:
    """Each sentence of the paragraphs that can speak of the form's project."""
    chapters = _Chapters(scope)
    in_line: bool | None = None
    for paragraph in texts:
        if in_line is not isinstance(paragraph.cell, Line):
            chapters, in_line = _Chapters(scope), isinstance(paragraph.cell, Line)
        shared = paragraph in scope.shared or (bool(scope.others) and paragraph.section == "preamble")
        for line in fold(paragraph.text).split("\n"):
            rest = chapters.read(line.strip())
            asks = chapters.asks() | ({BY_NAME} if shared and not chapters.is_own() else frozenset())
            for text, own in _spoken(scope, _SENTENCE.split(scope.mark(rest)), asks):
                yield Sentence(text, paragraph.cell, own, chapters.assessed())


def _spoken(scope: Scope, sentences: Iterable[str], asks: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The sentences of a line that speak of the form's project as they are asked to, and whether they name it."""
    of_other = named = False
    for text in sentences:
        if NAME in text or OTHER in text:
            named, of_other = NAME in text, NAME not in text
        elif _begins_with_other(scope, text):
            named, of_other = False, True
        own = OWN in text
        missing = NEVER in asks or (BY_NAME in asks and not named) or (BY_WORD in asks and not (named or own))
        if BY_YEAR in asks:
            missing = missing or f"{scope.year}年" not in text
        if not of_other and not missing:
            yield text, own or NAME in text


def _begins_with_other(scope: Scope, sentence: str) -> bool:
    """Whether a sentence begins with the name of another project: 危桥改造项目绩效自评综述:"""
    common = words().common
    name = ""
    if "项目" not in sentence[:LONGEST_HEADING]:
        return False
    for token in cut(_YEAR_IN_FRONT.sub("", sentence)[:LONGEST_HEADING], common):
        if token == "项目" and len(name) >= SHORTEST_NAME:
            return sum(one in scope.project for one in name) < LIKENESS * len(name)
        if not token.isalpha() or (token in common and token not in _IN_NAMES):
            return False
        name += token
    return False
