"""The figures that a report states in words: budget, spending, rate and score of this project, this year.

Which of a sentence's numbers are figures of the whole is told in `normalize.narrative.sentences`, which of its parts in
`normalize.narrative.parts`. What is doubtful is no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.form import Paragraph
from normalize.narrative.chapters import Scope, Sentence, sentences_of
from normalize.narrative.claims import claims_of
from normalize.narrative.parts import parts_in
from normalize.narrative.sentences import GRADE, GRADE_WORD, NEITHER, NUMBER, Reading, decimal_of
from normalize.narrative.times import Time
from normalize.narrative.words import words
from normalize.values.numerals import NUMERAL_CHARS, parse_numeral

#: a longer one is no sentence
LONGEST_SENTENCE = 1000
# "贰佰壹拾万元": the formal numerals of contracts
_CAPITALS = re.compile(
    r"(?P<numeral>[零壹贰叁肆伍陆柒捌玖拾佰仟]{1,20}|[零壹贰叁肆伍陆柒捌玖拾佰仟万]{1,20}(?=元))(?P<unit>亿元|万元|元)"
)
# "2019-2021年", "2019至2021年", "分三年": figures of several years together
_SPAN = re.compile(r"(?:19|20)\d{2}\s*年?\s*[-~至到]\s*(?:19|20)\d{2}\s*年|(?<![\d第])[两二三四五]年")
# "5个重点项目", "项目共5个": figures of several projects together
_SEVERAL = re.compile(r"[\d两二三四五六七八九十]个\w{0,4}项目|项目(?:支出|预算|数量|共|有|计|为)*\d+个(?!\w)")
# "(满分100分)", "(其中财政拨款800万元)": what stands in such brackets says nothing of what stands around them
_BRACKET = re.compile(r"\((?:满分|总分|其中|包?含|包括|较|比|占)[^()]*\)")
# the years and sums in the name of a document are that document's
_DOCUMENT = re.compile(r"《[^《》\n]{1,80}》")
# "百分之九十八点九"
_PERCENT = re.compile(rf"百分之(?P<numeral>[{NUMERAL_CHARS}点]{{1,12}})")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure stated in a sentence, the ``sentence``-th of the report; of a grade, a year and a name, ``raw`` is all.

    ``explicit``: the sentence says that it is this project's, or the whole year's. ``subject`` is blank for the
    whole; of a part, it is the source of funds or the level by its key in the schema, or the kind of the amount
    that a list goes with, and ``explicit`` says that the number's own clause names it.
    """

    kind: str
    number: Decimal
    unit: str
    raw: str
    explicit: bool
    sentence: int
    cell: Cell | Line
    subject: str = ""


def facts_of(texts: Sequence[Paragraph], scope: Scope) -> tuple[Fact, ...]:
    """All figures and grades that a form's texts state of its project and its year, and what they say they are of."""
    report = _report(texts, fold(scope.project).removesuffix("项目"))
    figures = [
        fact
        for number, sentence in enumerate(_sentences(report, scope))
        for fact in _facts_in(number, sentence, scope.year)
    ]
    claims = (
        Fact(claim.kind, Decimal(0), "", claim.text, True, -1, claim.cell)
        for claim in claims_of(report, scope)
    )
    return (*figures, *claims)


def _facts_in(number: int, sentence: Sentence, year: int | None) -> Iterator[Fact]:
    """The facts of one sentence: those of the whole, then those of its parts."""
    figures = Reading(sentence.text, Time(sentence.text, year), assessed=sentence.assessed).figures()
    for kind, found, explicit in figures:
        if kind == GRADE:
            yield Fact(kind, Decimal(0), "", found["grade"], explicit, number, sentence.cell)
        else:
            yield Fact(kind, decimal_of(found), found["unit"], found[0], explicit, number, sentence.cell)
    whole = [(kind, found) for kind, found, _ in figures if kind != GRADE]
    for part in parts_in(sentence.text, year, whole, sentence.assessed):
        decimal, unit = decimal_of(part.number), part.number["unit"]
        yield Fact(part.kind, decimal, unit, part.raw, part.named, number, sentence.cell, part.subject)


def _sentences(texts: Sequence[Paragraph], scope: Scope) -> Iterator[Sentence]:
    """Each sentence to be read. One on several projects goes on until this one is named."""
    several = False
    for sentence in sentences_of(texts, scope):
        text = _BRACKET.sub("", _DOCUMENT.sub("《》", sentence.text))
        text = _PERCENT.sub(_in_percent, _CAPITALS.sub(_in_figures, text))
        several = not sentence.own and (several or _SEVERAL.search(text) is not None)
        if not several and (NUMBER.search(text) or GRADE_WORD.search(text)) and not _is_elsewhere(text):
            yield replace(sentence, text=text)


def _in_figures(found: re.Match[str]) -> str:
    number = parse_numeral(found["numeral"])
    return found[0] if number is None else f"{number:f}{found['unit']}"


def _in_percent(found: re.Match[str]) -> str:
    number = parse_numeral(found["numeral"])
    return found[0] if number is None else f"{number:f}%"


def _report(texts: Sequence[Paragraph], project: str) -> list[Paragraph]:
    """The chapters that state figures. What stands before the form is its report where it names the project."""
    before = fold("\n".join(paragraph.text for paragraph in texts if paragraph.section == "preamble"))
    skip = words().skip | ({"preamble"} if not project or project not in before else NEITHER)
    return [paragraph for paragraph in texts if paragraph.section not in skip]


def _is_elsewhere(sentence: str) -> bool:
    """Whether a sentence speaks of more than this project or this year, or is none."""
    larger = len(sentence) > LONGEST_SENTENCE or any(word in sentence for word in words().lists["subjects"])
    return larger or _SPAN.search(sentence) is not None or _SEVERAL.search(sentence) is not None
