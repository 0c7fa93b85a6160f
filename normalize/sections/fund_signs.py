"""What each cell of a row of funds in pairs is: a label of an amount or of a line, a value, or a blank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from normalize.form import AMOUNTS
from normalize.grids.rows import Placed, Row
from normalize.grids.under import is_number
from normalize.labels.match import LONGEST_LABEL, Match, match_label
from normalize.labels.texts import is_label
from normalize.values.parse import Measure, parse_value

AMOUNTS_AND_RATE = frozenset({*AMOUNTS, "execution_rate"})
POINTS = frozenset({"weight", "score"})
#: columns whose values are texts
TEXTS = frozenset({"reason", "remark"})

# "全年预算数：130", "其中：财政拨款：90万元", "资金总额130万元"; several in one cell stand apart by blanks or commas
_PART = re.compile(
    r"(?P<label>(?:其中[:：]\s*)?[^\s:：，,；;、\d][^:：，,；;\n\d]*?)"
    r"(?:\s*[:：]\s*|(?=\d))(?P<value>[^\s:：，；;]*)[\s，,；;]*"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """What a cell of the row is, or a part of it: ``section``, ``item``, ``column``, ``value`` or ``blank``."""

    kind: str
    text: str
    placed: Placed
    match: Match | None = None

    @property
    def field(self) -> str:
        """The field that a label names; blank for a value."""
        return self.match.field if self.match else ""

    @property
    def is_label(self) -> bool:
        """Whether a value can follow."""
        return self.kind in ("item", "column")


def signs_of(row: Row) -> list[Sign]:
    """The row's labels, values and blanks in order; none if it holds anything else."""
    signs: list[Sign] = []
    strange = False
    for placed, behind in zip(row.cells, [*row.cells[1:], None], strict=True):
        found = _signs_of(placed)
        if strange:
            strange = False
            continue  # the number of a label that nobody knows
        if not found and signs and signs[-1].kind == "column" and signs[-1].field in TEXTS:
            found = [Sign("value", placed.text.strip(), placed)]
        if not found and behind and _is_strange_pair(signs, placed, behind):
            strange = True
            continue
        if not found:
            return []
        signs += found
    return [
        Sign("section", one.text, one.placed, match)
        if number == 0
        and len(signs) > 1
        and signs[1].is_label
        and (match := match_label(one.text, "section", False))
        else one
        for number, one in enumerate(signs)
    ]


def _is_strange_pair(signs: Sequence[Sign], placed: Placed, behind: Placed) -> bool:
    """Whether a label that nobody knows, and its number, stand behind a whole pair: 预算金额 | 48 | 合同金额 | 47."""
    is_between = bool(signs) and not signs[-1].is_label
    return is_between and is_label(placed.text) and is_number(behind.text) and not behind.continued


def _signs_of(placed: Placed) -> list[Sign]:
    """What one cell is; several signs where labels and values share it, none where it is something else."""
    text = placed.text.strip()
    if not text:
        return [Sign("blank", "", placed)]
    if is_number(text):
        return [Sign("value", text, placed)]
    if label := _label(text, placed):
        return [label]
    signs: list[Sign] = []
    for printed, value in parts_in(text):
        if label := _label(printed, placed):
            signs += [label, Sign("value", value, placed)]
    if not signs and len(text) <= LONGEST_LABEL and isinstance(parse_value(text), Measure):
        return [Sign("value", text, placed)]
    return signs


def _label(text: str, placed: Placed) -> Sign | None:
    """A label of a column of amounts, of a line of funds, or of the block."""
    column = match_label(text, "fund_column", False)
    if column and column.field in AMOUNTS_AND_RATE | POINTS | TEXTS:
        return Sign("column", text, placed, column)
    for kind, scope in (("item", "fund_item"), ("section", "section")):
        if match := match_label(text, scope, False):
            return Sign(kind, text, placed, match)
    return None


def parts_in(text: str) -> list[tuple[str, str]]:
    """The labels and values of one cell; none unless it holds nothing else.

    >>> parts_in("全年预算数：1,130.5  全年执行数：124万元")
    [('全年预算数', '1,130.5'), ('全年执行数', '124万元')]
    """
    text = text.strip()
    if len(text) > 3 * LONGEST_LABEL or _PART.sub("", text):
        return []
    parts = [(match["label"], match["value"]) for match in _PART.finditer(text)]
    labels = [match_label(label, one, False) for label, _ in parts for one in ("fund_column", "fund_item")]
    values = [value for _, value in parts if value]
    readable = all(is_number(value) or isinstance(parse_value(value), Measure) for value in values)
    return parts if values and readable and all(map(any, zip(labels[::2], labels[1::2], strict=True))) else []
