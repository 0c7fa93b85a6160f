"""Match a printed label to a field of the schema: exact, then alias, then likeness, or not at all.

A label that only resembles one of the schema is taken where nothing but a label can stand; how is in `likeness`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from normalize.labels.likeness import guess, guess_misread
from normalize.schema import Schema, fold_label, load_schema

#: a label is a phrase; anything longer is text
LONGEST_LABEL = 40
#: longer brackets explain a label: 实际完成值（与年度指标值对比）
_SHORT_REMARK = 4

# "★一、项目名称", "(二)产出指标", "1.其中:财政拨款", "①数量指标"
_FRONT = re.compile(
    r"""^(?:
        [★☆*●■◆▲※#]                       # marks
      | \(?[一二三四五六七八九十]{1,3}[\)、.]   # Chinese numbering
      | \(?\d{1,2}[\)、.](?!\d(?!级))         # Arabic numbering, not a decimal; 1.1级指标
      | [①-⑳]
      | 其中:?                                # "thereof"
      | [—–-]+(?=[一-鿿])                     # dashes that set a part of a sum back
    )+""",
    re.VERBOSE,
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_LAST_BRACKETS = re.compile(r"(?:[(\[][^()\[\]]*[)\]])+$")
_OPEN_BRACKET = re.compile(r"[(\[][^()\[\]]*$")
# "产出指标50分"
_BARE_WEIGHT = re.compile(r"(?<=\D)(\d{1,3}(?:\.\d+)?)分$")
# "50分", "50", "权重50%", "20分*执行率"
_WEIGHT = re.compile(r"^(?:权重|分值|满分|共|计)?:?(?P<number>\d{1,3}(?:\.\d{1,2})?)(?:分|%|$)")
_MONEY = re.compile(r"(?:^|单位:?|[,，])(?P<unit>亿元|百万元|万元|千元|元)$")
# "年度绩效目标1"
_COUNTER = re.compile(r"(?<=[^\W\d_])\d{1,2}$")
# "得分score", "weight权重", "level1一级指标": a translation beside the Chinese, not a lone letter of it (a类)
_LATIN = r"[a-z][a-z\d&/'’.,\-]*[a-z\d.]"
_TRANSLATION = re.compile(rf"^{_LATIN}/?(?=[一-鿿])|(?<=[一-鿿])/?{_LATIN}$", re.ASCII)
_EDGE = ":;,.、。*★☆ "


@dataclass(frozen=True, slots=True)
class Match:
    """How a label was read: its field, by which kind of match, and how sure (1 is certain)."""

    field: str
    kind: str
    confidence: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart: its wordings from the fullest to the barest, and what stood in its brackets."""

    wordings: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def weight(self) -> Decimal | None:
        """The weight printed in the label: 产出指标（50分） gives 50."""
        for remark in self.remarks:
            if found := _WEIGHT.match(remark):
                return Decimal(found["number"])
        return None

    @property
    def money_unit(self) -> str:
        """The unit of amounts printed in the label: 项目资金（万元） gives 万元; blank where none is."""
        for remark in self.remarks:
            if found := _MONEY.search(remark):
                return found["unit"]
        return ""


def read_label(text: str) -> Label:
    """Take a label apart; what is too long for a label has no wordings.

    >>> read_label("其中：财政拨款（万元）").wordings[-1]
    '财政拨款'
    """
    return _read_label(text) if len(text) <= LONGEST_LABEL * 2 else Label((), ())


@lru_cache(maxsize=20_000)
def _read_label(text: str) -> Label:
    full = fold_label(text).strip(_EDGE)
    bare = _FRONT.sub("", full)
    remarks = _BRACKETS.findall(bare)
    core = _BRACKETS.sub("", bare)
    if opened := _OPEN_BRACKET.search(core):
        remarks.append(opened[0][1:])
        core = core[: opened.start()]
    if printed := _BARE_WEIGHT.search(core):
        remarks.append(printed[0])
        core = core[: printed.start()]
    tailless = _LAST_BRACKETS.sub("", bare)
    wordings = dict.fromkeys(
        wording.strip(_EDGE)
        for wording in (full, bare, tailless, core, _COUNTER.sub("", core), _TRANSLATION.sub("", core))
    )
    return Label(tuple(wording for wording in wordings if wording), tuple(remarks))


def match_label(text: str, scope: str, similar: bool = True) -> Match | None:
    """The field that ``text`` names within ``scope``, or None.

    ``similar=False`` is for places where any text can stand: of all likenesses, it takes only one wrong character.
    """
    # longer texts are no labels, and must not fill the memory of labels
    return _match_label(load_schema(), text, scope, similar) if len(text) <= LONGEST_LABEL * 2 else None


def _in_brackets(schema: Schema, scope: str, text: str, name: str) -> str:
    """The column that the brackets behind a column's label name by themselves: 指标值（实际）, 绩效指标（一级/二级）."""
    anchors = next((block.anchors for block in schema.blocks if block.columns == scope), frozenset())
    behind = _LAST_BRACKETS.search(fold_label(text).strip(_EDGE))
    inside = schema.labels[scope].get(behind[0][1:-1], name) if behind and name in anchors else name
    return inside if inside in anchors else name


def _is_refused_in_brackets(schema: Schema, scope: str, text: str, wording: str, name: str) -> bool:
    """Whether short brackets that a wording left out hold a word that the field refuses: 得分（复核）, 全年（调整）目标."""
    refused = {word for cue in schema.cues[scope] if cue.field == name for word in cue.unless}
    left_out = [remark for remark in read_label(text).remarks if remark not in wording]
    return any(len(remark) <= _SHORT_REMARK and word in remark for remark in left_out for word in refused)


@lru_cache(maxsize=50_000)
def _match_label(schema: Schema, text: str, scope: str, similar: bool) -> Match | None:
    wordings = read_label(text).wordings
    if not wordings or len(wordings[-1]) > LONGEST_LABEL:
        return None
    known = schema.labels[scope]
    for wording in wordings:
        if name := known.get(wording):
            if wording is not wordings[0]:
                name = _in_brackets(schema, scope, text, name)
                if _is_refused_in_brackets(schema, scope, text, wording, name):
                    return None
            kind = "exact" if wording in schema.canonical[scope] else "alias"
            return Match(name, kind)
    look = guess if similar else guess_misread
    found = look(wordings, scope, schema)
    if found is None or _is_refused_in_brackets(schema, scope, text, "", found.field):
        return None
    return Match(found.field, "fuzzy", found.confidence)
