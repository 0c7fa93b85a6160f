"""The figures that a report states of the parts of its project: money by source, scores by level, lists of amounts.

A part's figure is read only in the shapes that leave nothing open: the part's name begins a clause, and nothing
but known words stands between it and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from normalize.labels.words import cut
from normalize.narrative.sentences import BETWEEN, NUMBER, YUAN
from normalize.narrative.times import away_in
from normalize.narrative.words import words
from normalize.schema import load_schema

#: kinds of facts: a level's score, an amount of a list that must not be more than its whole, and what is left over
PART_SCORE, ITEM, BALANCE = "part_score", "item", "balance"
#: what a source of funds can have
OF_SOURCES = ("initial", "adjusted", "budget", "received", "executed", "rate")

# a clause begins, or an item of a list; a clause or an item ends
_BEGIN = r"(?:^|(?<=[,;:、()+=\s])|(?<=其中)|(?<=\d\.))\s*(?:其中:?|包括:?|分别[为是]?:?|[和及与]|[一二三四五六七八九]是)?\s*"
_END = r"(?=[,;:、()+=和及与]|$)"
# "其中:", "主要用于:", "包括": a list of amounts comes
_LIST = re.compile(r"(?:其中|主要用于|分别用于|用于|主要包括|包括)\s*:?")
_ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BALANCE = re.compile(
    r"(?:^|(?<=[,;]))\s*(?:项目|资金|年末|年底|年终|期末|全年)*(?:结余结转|结转结余|结余|结转|剩余)(?:资金|金额)?[为共有:]*\s*"
    + NUMBER.pattern,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part's figure: its kind, the part, the match of its number, and the words from the part's name on.

    ``named``: the part's name stands in the number's own clause.
    """

    kind: str
    subject: str
    number: re.Match[str]
    raw: str
    named: bool


def parts_in(
    sentence: str, year: int | None, figures: Sequence[tuple[str, re.Match[str]]], assessed: bool
) -> Iterator[Part]:
    """All figures of parts in a sentence whose ``figures`` of the whole, by kind, have been read."""
    sources = list(_sources(sentence, figures))
    assessed = assessed or any(word in sentence for word in words().lists["assessors"])
    parts = [*sources, *(() if assessed else _scores(sentence))]
    away = away_in(sentence, year) if parts else []
    yield from _agreed([part for part in parts if not away[part.number.start()]])
    yield from _items(sentence, figures)
    kinds = {kind for kind, _ in figures}
    if "executed" in kinds:
        known = [*(found for _, found in figures), *(part.number for part in sources)]
        yield from _balance(sentence, known, "adjusted" in kinds)


def _agreed(parts: Sequence[Part]) -> list[Part]:
    """The parts without those that have several numbers of one kind, such as instalments."""
    told: dict[tuple[str, str], set[str]] = {}
    for part in parts:
        told.setdefault((part.subject, part.kind), set()).add(part.number[0])
    return [part for part in parts if len(told[part.subject, part.kind]) == 1]


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@lru_cache(maxsize=1)
def _source_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A source with its number, and what goes on behind it: 中央资金预算800万元|,到位700万元."""
    kinds = _any_of(word for word, kind in words().kinds.items() if kind in OF_SOURCES)
    lead = _any_of(words().lists["whole"] + words().lists["lead"])
    source = _any_of(words().sources)
    tail = rf"(?P<kind>{kinds})?{BETWEEN.pattern}{NUMBER.pattern}{_END}"
    first = rf"{_BEGIN}(?:{lead})*(?P<before>{kinds})?(?:了|共|共计)?(?P<source>{source}){tail}"
    return re.compile(first, re.VERBOSE), re.compile(rf"[,、]\s*{tail.replace(')?', ')', 1)}", re.VERBOSE)


def _sources(sentence: str, figures: Sequence[tuple[str, re.Match[str]]]) -> Iterator[Part]:
    """The money of each source: 中央资金支出800万元; behind an amount of the whole also 其中中央资金800万元."""
    first, next_one = _source_patterns()
    amounts = [found.start() for found in NUMBER.finditer(sentence) if found["unit"] in YUAN]
    known = {found.start("number"): kind for kind, found in figures}
    kinds = words().kinds
    for match in first.finditer(sentence):
        subject = words().sources[match["source"]]
        before = [start for start in amounts if start < match.start("source")]
        above = known.get(before[-1], "") if before else ""
        kind = kinds.get(match["kind"] or match["before"] or "", above)
        if before and not above:
            continue
        part = _of_source(match, kind, subject, match["source"], named=True)
        more = match if match["kind"] else None
        while part is not None:
            known[part.number.start("number")] = above or part.kind
            yield part
            more = next_one.match(sentence, more.end()) if more else None
            part = _of_source(more, kinds[more["kind"]], subject, match["source"], False) if more else None


def _of_source(match: re.Match[str], kind: str, subject: str, source: str, named: bool) -> Part | None:
    units = ("%",) if kind == "rate" else YUAN
    if kind not in OF_SOURCES or match["unit"] not in units:
        return None
    text = match[0].strip(" ,、")
    return Part(kind, subject, match, text[text.index(source) :] if named else f"{source}…{text}", named)


@lru_cache(maxsize=1)
def _score_pattern() -> re.Pattern[str]:
    """A level with its score: 产出指标得48.5分, 产出(50分):得48.5分, 满意度满分10分,得9分, 效益30分."""
    names = [name for scope in ("level1", "level2") for name in load_schema().labels[scope]]
    weight = r"(?:满分|分值|权重|标准分|总分)?[为是:]?\d+(?:\.\d+)?分"
    return re.compile(
        rf"""{_BEGIN}(?P<level>{_any_of(names)})(?:方面|部分|情况|指标|类)?\s*
        (?:\({weight}(?:\)|(?=[,、]))|)\s*                # its weight, in brackets that may hold the score too
        [,、:]?\s*
        (?:{weight}[,、:;]\s*(?=\D{{0,4}}[得评打]))?      # its weight, in words
        (?P<got>(?:自评|实际|绩效|最终|综合)?(?:实?得分|实得|自评得|得|评分|打分|自评分))?[了为是:共计\s]*
        {NUMBER.pattern}{_END}""",
        re.VERBOSE,
    )


def _scores(sentence: str) -> Iterator[Part]:
    labels = load_schema().labels
    for match in _score_pattern().finditer(sentence):
        if match["unit"] == "分":
            subject = labels["level1"].get(match["level"]) or labels["level2"][match["level"]]
            text = match[0].strip(" ,、:")
            yield Part(PART_SCORE, subject, match, text[text.index(match["level"]) :], bool(match["got"]))


def _items(sentence: str, figures: Sequence[tuple[str, re.Match[str]]]) -> Iterator[Part]:
    """The amounts of a list right behind an amount of the whole, where nothing but the list stands behind that."""
    head = next(iter(_LIST.finditer(sentence)), None)
    if head is None:
        return
    known = {number.start("number"): (kind, number) for kind, number in figures}
    before = [found.start() for found in _ANY_NUMBER.finditer(sentence, 0, head.start())]
    amounts = [start for start in before if start in known and known[start][1]["unit"] in YUAN]
    if not amounts or any(start not in known for start in before if start > amounts[-1]):
        return
    kind = known[amounts[-1]][0]
    tail = re.split(r"[,;、]", sentence[head.end() :].strip(" ,"))
    found = [_item(text, kind) for text in tail]
    if len(found) < 2 or any(one is None for one in found):
        return
    for text, number in zip(tail, found, strict=True):
        assert number is not None
        yield Part(ITEM, kind, number, text.strip(), named=True)


def _item(text: str, kind: str) -> re.Match[str] | None:
    """The amount at the end of an item that can be a part of an amount of ``kind``; a source may hold another."""
    found = NUMBER.search(text)
    if found is None or found["unit"] not in YUAN or text[found.end() :].strip(" 等") or not found.start():
        return None
    name = text[: found.start()]
    if re.search(r"\d", name) or any(source in name for source in words().sources):
        return None
    lists = words().lists
    other = (*lists["aside"], *lists["years"], *lists["periods"], *lists["parts"], *lists["sums"])
    tokens = cut(name, words().vocabulary)
    if any(words().kinds.get(token, kind) not in (kind, "other") or token in other for token in tokens):
        return None
    return found


def _balance(sentence: str, known: Sequence[re.Match[str]], adjusted: bool) -> Iterator[Part]:
    """What is left over of what was spent, where every other amount of the sentence is known.

    ``adjusted``: the sentence states the budget of the year.
    """
    found = _BALANCE.search(sentence)
    if found is None or found["unit"] not in YUAN:
        return
    starts = {found.start("number"), *(number.start("number") for number in known)}
    amounts = [one.start("number") for one in NUMBER.finditer(sentence) if one["unit"] in YUAN]
    if all(start in starts or (adjusted and _is_change(sentence[:start])) for start in amounts):
        yield Part(BALANCE, "", found, found[0].strip(" ,;"), named=True)


def _is_change(before: str) -> bool:
    """Whether an amount behind these words changed the budget of the year, which has it already."""
    clause = re.split(r"[,;:]", before)[-1]
    return any(word in clause for word in words().lists["changes"])
