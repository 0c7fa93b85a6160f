"""Of which year, office and project a report says that it is: by its title, and by the sentences that open it.

Sentences name other years, offices and projects for many reasons. Only where a report says whose self-evaluation
it is does another name say that it was copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extract.document import Cell, Line
from normalize.fold import fold
from normalize.form import Paragraph
from normalize.labels.words import cut
from normalize.narrative.chapters import Scope
from normalize.narrative.words import NAME, OTHER, OWN, words

#: the kinds of claims
YEAR, OFFICE, PROJECT = "year", "office", "project"
#: a title is no longer, and another project's name no shorter
LONGEST_TITLE, SHORTEST_NAME = 60, 4
#: what is longer is no sentence
LONGEST_SENTENCE = 1000

# "2020年", "2020年度"; not "2020年结转资金", "2020-2022年", and no number of a document
_YEAR = re.compile(
    r"(?<![\d\-~至])(?P<year>(?:19|20)\d{2})年度?"
    r"(?!\s*\d|[-~至到]|度?(?:结转|结余|下达|提前|追加|第|以来|起|底|末|[春夏秋冬]))"
)
_SPAN = re.compile(r"\d{4}\s*年?度?\s*[-~至到、和]\s*\d{4}")
_TITLE = re.compile(r"(?:报告|总结|综述|说明|情况)$")
# "现将有关情况报告如下", "自评结果如下"
_OPENING = re.compile(r"现将.{0,40}(?:报告|汇报|说明|总结)(?:如下(?=:|$)|$)|自评.{0,12}如下(?=:|$)")
_OFFICE_CHAPTER = re.compile(r"(?:单位|部门)(?:基本)?(?:情况|概况|简介)$")
_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十]+(?:部分|章)?[、\s]|\([一二三四五六七八九十]+\)|\d{1,2}[.、])\s*"
)
# the name of a document says nothing of the report
_DOCUMENT = re.compile(r"《[^《》\n]{0,80}》")
_SENTENCE = re.compile(r"[。；;！!\n]")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a report says of itself, and where."""

    kind: str
    text: str
    cell: Cell | Line


def claims_of(texts: Sequence[Paragraph], scope: Scope) -> Iterator[Claim]:
    """The years, offices and projects that a report says it is of."""
    told = _sentences_on(texts, scope)
    for claim in _all_claims(texts, scope):
        name = claim.text.removesuffix("项目").removesuffix("工程")
        if claim.kind != PROJECT or not any(name in sentence for sentence in told):
            yield claim


def _sentences_on(texts: Sequence[Paragraph], scope: Scope) -> list[str]:
    """The sentences that name the form's project; another name in one of them is one that it goes by."""
    sentences = (one for text in texts for one in _SENTENCE.split(scope.mark(text.text)))
    return [one for one in sentences if NAME in one]


def _all_claims(texts: Sequence[Paragraph], scope: Scope) -> Iterator[Claim]:
    titled = opened = chapter = begun = False
    for before, paragraph in zip([None, *texts], texts, strict=False):
        if paragraph in scope.shared:
            continue
        begun = begun and before is not None and type(before.cell) is type(paragraph.cell)
        for line in map(str.strip, _DOCUMENT.sub("", fold(paragraph.text)).split("\n")):
            if not (titled or begun) and _is_title(line):
                titled = True
                yield from _of_title(scope, line, paragraph.cell)
                continue
            begun = begun or "。" in line or _NUMBER.match(line) is not None
            for sentence in map(str.strip, _SENTENCE.split(line)):
                if not sentence or len(sentence) > LONGEST_SENTENCE:
                    continue
                if not opened and (opening := _OPENING.search(sentence)):
                    opened = True
                    yield from _years(scope, sentence[: opening.end()], paragraph.cell)
                yield from _of_sentence(scope, sentence, paragraph.cell)
                if chapter:
                    yield from _offices(_chapter_pattern(), sentence, paragraph.cell)
                chapter = _OFFICE_CHAPTER.search(_NUMBER.sub("", sentence).rstrip(":")) is not None


def _is_title(line: str) -> bool:
    about = "自评" in line or ("绩效" in line and "报告" in line)
    return len(line) <= LONGEST_TITLE and about and not _NUMBER.match(line) and bool(_TITLE.search(line))


def _of_title(scope: Scope, title: str, cell: Cell | Line) -> Iterator[Claim]:
    yield from _years(scope, title, cell)
    if "自评" in title:
        yield from _offices(_title_pattern(scope), title, cell)
        yield from _projects(scope, title, cell)


def _years(scope: Scope, text: str, cell: Cell | Line) -> Iterator[Claim]:
    """The year of a text that names other years alone; one written in the year after may name that."""
    marked = scope.mark(text)
    named = [int(found["year"]) for found in _YEAR.finditer(marked)]
    if scope.year is None or not named or _SPAN.search(marked):
        return
    if not {scope.year, scope.year + 1} & set(named):
        yield Claim(YEAR, str(named[0]), cell)


def _of_sentence(scope: Scope, sentence: str, cell: Cell | Line) -> Iterator[Claim]:
    """Who evaluates what, where a sentence says it: 某某局对某某项目开展绩效自评."""
    marked = scope.mark(sentence)
    for found in _assessing_pattern().finditer(marked):
        of_this = NAME in found["object"] or OWN in found["object"]
        if of_this and found["office"] and _is_office(found["office"]):
            yield Claim(OFFICE, found["office"], cell)
        elif not of_this and found["office"] is None:
            yield from _projects(scope, found["object"], cell)


def _offices(pattern: re.Pattern[str], text: str, cell: Cell | Line) -> Iterator[Claim]:
    found = pattern.match(text)
    if found and _is_office(found["office"]):
        yield Claim(OFFICE, found["office"], cell)


def _is_office(name: str) -> bool:
    """Whether a name is an office's that would evaluate itself, and no group of people or an overseer."""
    offices = words().offices
    return not any(word in name for word in offices["never"])


def _projects(scope: Scope, text: str, cell: Cell | Line) -> Iterator[Claim]:
    """The name in front of 项目 that is none of this project: 危桥改造项目自评报告."""
    office = _title_pattern(scope).match(text)
    marked = scope.mark(text[office.end() :] if office else text)
    if NAME in marked or OTHER in marked or scope.others or scope.of_department or not scope.project:
        return
    rest = _YEAR.sub("", marked).replace('"', "")
    common = words().common.union(words().headings["programmes"]) - {"工程", "建设", "采购", "运行"}
    name = ""
    for token in cut(rest, common):
        if token not in common and token.isalpha():
            name += token
        elif token in ("项目", "工程") and len(name) >= SHORTEST_NAME:
            yield Claim(PROJECT, name + token, cell)
            return
        else:
            name = name + token if name and token in ("和", "与", "及") else ""


def _any_of(names: Sequence[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@lru_cache(maxsize=1)
def _office() -> str:
    """An office's name: one that is always an office's, or any with a place in front."""
    offices = words().offices
    strong, weak = _any_of(offices["strong"]), _any_of(offices["endings"])
    place = r"[\u4e00-\u9fff]{2,5}?(?:省|市|州|盟|县|区|旗|镇|乡|街道)"
    return rf"(?P<office>[\u4e00-\u9fff]{{2,20}}?(?:{strong})|{place}[\u4e00-\u9fff]{{0,20}}?(?:{weak}))"


def _title_pattern(scope: Scope) -> re.Pattern[str]:
    """An office that a title begins with, in front of a year, the project or 关于."""
    project = re.escape(fold(scope.project).strip()) or "项目"
    return re.compile(rf"{_office()}(?=关于|\d{{4}}|{project}|部门整体|整体支出|单位整体)")


@lru_cache(maxsize=1)
def _chapter_pattern() -> re.Pattern[str]:
    """An office that the chapter on the office begins with."""
    return re.compile(rf"{_office()}(?=内设|下设|[是为系]|成立|主要职[责能]|现有|位于|机关|共有|设有)")


@lru_cache(maxsize=1)
def _assessing_pattern() -> re.Pattern[str]:
    """Who evaluates (an office that begins the clause, or nobody named) and what."""
    return re.compile(
        rf"(?:^|(?<=[,:\s]))(?:{_office()}|[我本]\w{{1,6}})?对(?P<object>[^,。]{{2,60}}?)(?:认真)?(?:开展|进行|实施|组织)了?(?:绩效)?自评"
        r"(?!.{0,8}(?:抽查|复核|审核|检查|核查|监督|指导|部署))"
    )
