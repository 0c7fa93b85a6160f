"""A sentence of the report read from its first word to its last: which of its numbers are figures of the project.

A number is read only where a known word stands right before it, where every other word in front of it in its
clause is known to name nothing else, and where the sentence has not turned away from this project and this
year. What is doubtful is no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from normalize.labels.words import cut
from normalize.narrative.times import Time
from normalize.narrative.words import NAME, OWN, words

#: what a form's points add up to; said of a total, it is as often what could be reached
FULL_SCORE = 100
#: the kind of a grade told in words
GRADE = "grade"
YUAN = ("亿元", "亿", "万元", "万", "元")
#: the two families of figures, and the kinds of each
MONEY, SCORES = "money", "scores"
FAMILIES = {
    MONEY: ("initial", "adjusted", "budget", "executed", "rate", "share", "received"),
    SCORES: ("score", "own", "points"),
}
NEITHER, BOTH = frozenset[str](), frozenset(FAMILIES)

# "1,022.89万元", "18 189万元", "98.5%", "97.85分"; "90%以上" is a rule, "200元/人" a price, "500万元左右" a guess
NUMBER = re.compile(
    r"""(?<![\d.,])(?<!\d\ )
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?     # thousands by comma
             | \d{1,3}(?:\ \d{3})+(?:\.\d+)?    # thousands by space
             | \d+(?:\.\d+)?)
    \s*(?P<unit>亿元|亿|万元|万(?![人元户平亩页份件次株公米余多])|元|%|分)
    (?![/钟之类多余的]|左右|\(含\)|及?以[上下内])""",
    re.VERBOSE,
)
# what may stand between a word and its number: "预算数为", "支出共计", "执行率达到", "总得分:"
BETWEEN = re.compile(
    r"(?:[为了共计达到是有数:=\s]|批复|安排|下达|核定|投入|资金|经费|金额|合计|总计|累计|人民币|总额|\(\D{0,8}\))*"
)
# "优", "“良”", "优秀等次"; 优良率 and 中等偏上 are none
GRADE_WORD = re.compile(r'[为是:]?"?(?P<grade>优秀|良好|[优良中差])(?:等次|等级|等|级)?"?(?![\w%])')
# digits and signs name nothing; a Latin letter may (A项目)
_SIGN = re.compile(r"[^A-Za-z\u3400-\u9fff]+")


@lru_cache(maxsize=1)
def source_pattern() -> re.Pattern[str]:
    """The name of any source of funds that a clause begins with."""
    names = "|".join(map(re.escape, sorted(words().sources, key=len, reverse=True)))
    return re.compile(rf"(?:^|(?<=[,;:、()])|(?<=其中))(?:{names})")


def decimal_of(found: re.Match[str]) -> Decimal:
    """The number of a match of NUMBER."""
    return Decimal(found["number"].replace(",", "").replace(" ", ""))


@dataclass(slots=True)
class Reading:
    """A sentence read from its first word to its last, and what it speaks of at the place that it is read at.

    ``foreign`` holds the families of figures for which this clause has named another thing, ``others`` those
    that stay with it until the sentence names this project (``own``). ``word`` is the last one that has a kind,
    ``before`` what was foreign where it stood. ``level``: the clause names a level of scores,
    ``listed``: the sentence has done so; ``told``: the clause states an amount or a rate. ``source``: the clause
    is on a source of funds, ``sourced``: the clause before did so and stated no figure, which may come now. ``beside``: kinds of
    which another thing has a figure too. ``last`` is the kind of the number before, if that was a figure,
    ``assessed``: the scores are another assessor's.
    """

    sentence: str
    time: Time
    word: str = ""
    ended: int = 0
    own: bool = False
    aside: bool = False
    level: bool = False
    told: bool = False
    listed: bool = False
    assessed: bool = False
    source: bool = False
    sourced: bool = False
    last: str = ""
    beside: frozenset[str] = NEITHER
    foreign: frozenset[str] = NEITHER
    before: frozenset[str] = NEITHER
    others: frozenset[str] = NEITHER

    @property
    def kind(self) -> str:
        return words().kinds.get(self.word, "")

    def figures(self) -> list[tuple[str, re.Match[str], bool]]:
        """Each figure with its kind, and whether it is explicit."""
        numbers = {match.start(): match for match in NUMBER.finditer(self.sentence)}
        found: list[tuple[str, re.Match[str], bool]] = []
        sources = {match.start() for match in source_pattern().finditer(self.sentence)}
        position = behind = 0
        for token in cut(self.sentence, words().vocabulary):
            if number := numbers.get(position):
                kind = self._figure_kind(number)
                if kind:
                    found.append((kind, number, self.own or self.time.whole))
                self._leave(number)
                self.last, behind = kind, number.end()
            elif position >= behind:
                self.source = self.source or any(position <= one < position + len(token) for one in sources)
                self.time.read(token, position)
                self._read(token, position)
                if grade := self._grade(token, position):
                    found.append((GRADE, grade, self.own))
            position += len(token)
        return [one for one in found if one[2] or one[0] not in self.beside]

    def _figure_kind(self, number: re.Match[str]) -> str:
        """The kind of a number that is a figure of this project; else blank."""
        if not self._is_figure(number) or (self.kind == "share" and self.last != "executed"):
            return ""
        return {"share": "rate", **dict.fromkeys(FAMILIES[SCORES], "score")}.get(self.kind, self.kind)

    def _grade(self, token: str, position: int) -> re.Match[str] | None:
        """The grade behind a word for it; with it, the sentence speaks of the project's scores as a whole."""
        away = self.aside or self.time.other_year or self.time.piece or self.assessed or self.level
        if away or token not in words().lists["graded"] or SCORES in self.foreign | self.others:
            return None
        grade = GRADE_WORD.match(self.sentence, position + len(token))
        self.own = self.own or grade is not None
        return grade

    def _read(self, token: str, position: int) -> None:
        lists = words().lists
        self.foreign |= self._named_by(token)
        self.aside = self.aside or token in lists["aside"]
        self.assessed = self.assessed or token in lists["assessors"]
        self.level = self.level or token in lists["score_parts"]
        self.listed = self.listed or self.level
        if token in lists["bounds"]:
            self._end_clause()
        elif token == OWN:
            self.own, self.level, self.foreign, self.others = True, False, NEITHER, NEITHER
        elif token == NAME:
            self.foreign = NEITHER
        elif token in lists["parts"] or (token in lists["topics"] and MONEY in self.foreign):
            self.own, self.others = False, BOTH
        named = OWN + token if self.sentence[:position].endswith(OWN) else token
        word = named if named in words().kinds else token
        if word in words().kinds:
            self.word, self.ended, self.before = word, position + len(token), self.foreign

    def _named_by(self, token: str) -> frozenset[str]:
        """The families for which a word in front of a number names another thing."""
        lists = words().lists
        kind = words().kinds.get(token)
        if kind == "other":
            return BOTH
        if kind:
            return self._named_before(kind)
        if _SIGN.fullmatch(token) or token in words().harmless:
            return NEITHER
        return frozenset(family for family in FAMILIES if token not in lists[family])

    def _named_before(self, kind: str) -> frozenset[str]:
        """The same for the word before one of ``kind``, without a number between: 满意度|得分, 预算执行|得分."""
        if self.word in words().lists[SCORES] and kind in FAMILIES[SCORES]:
            return NEITHER
        if self.kind in FAMILIES[MONEY]:
            return NEITHER if kind in FAMILIES[MONEY] else frozenset({SCORES})
        return BOTH if self.kind else NEITHER

    def _is_figure(self, number: re.Match[str]) -> bool:
        """Whether the last word makes a number a figure of this project."""
        family = SCORES if self.kind in FAMILIES[SCORES] else MONEY
        away = self.aside or self.time.other_year or self.time.piece
        if family == SCORES and self.assessed and "自评" not in self.word:
            return False
        sourced = self.sourced and family == MONEY and not self.own and not self.time.whole
        if away or sourced or self.kind not in FAMILIES[family] or family in self.before:
            return False
        if family in self.others and self.kind != "score":
            return False
        units = ("分",) if family == SCORES else ("%",) if self.kind in ("rate", "share") else YUAN
        if number["unit"] not in units or not BETWEEN.fullmatch(self.sentence, self.ended, number.start()):
            return False
        return family == MONEY or not self._is_full_score(number)

    def _is_full_score(self, number: re.Match[str]) -> bool:
        """Whether points are those that could be reached, or may be: 总分100分, 自评总分100分，得95分."""
        weak = self.kind == "points"
        full = self.word.endswith("总分") and decimal_of(number) == FULL_SCORE
        more = weak or re.search(r"\d\s*分", self.sentence[number.end() :]) is not None
        return (full and more) or (weak and (self.listed or not self.own))

    def _leave(self, number: re.Match[str]) -> None:
        """Behind a number: the sentence stays with another thing whose figure that was."""
        if number["unit"] == "分":
            weight = self.kind == "weight" and decimal_of(number) != FULL_SCORE
            scored = self.kind in FAMILIES[SCORES]
            of_part = weight or self.level or self.kind in FAMILIES[MONEY] or SCORES in self.foreign
            if SCORES in self.before if scored else of_part:
                self.listed, self.others = True, self.others | {SCORES}
            elif self.kind == "score":
                self.own = True
        elif self.kind in ("rate", "share") or number["unit"] in YUAN:
            self.told = self.told or self.kind in FAMILIES[MONEY]
            if MONEY in (self.before if self.kind else self.foreign) and not self.aside:
                self.beside |= NEITHER if MONEY in self.others else {self.kind}
                self.others |= {MONEY}
                self.own = self.time.whole = False
        self.word, self.foreign = "", NEITHER
        if not self.aside:
            self.source = self.sourced = False

    def _end_clause(self) -> None:
        if self.source:
            self.sourced, self.own, self.time.whole = True, False, False
        self.source = False
        if self.level and not self.told:
            self.others |= {SCORES}
        self.word, self.foreign = "", NEITHER
        self.aside = self.level = self.told = False
