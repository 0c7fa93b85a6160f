"""Whether a form explains what fell short."""

from __future__ import annotations

import re

from normalize.record import Record
from normalize.values import Blank, parse_value

#: sections that hold no reasons: the head, and the notes on filling in the form
NOT_SAID = frozenset({"heading", "preamble", "note"})
# words that give a cause, and words that say what fell short; both in one sentence make a reason
_CAUSE = re.compile(
    r"原因|由于|因为|因(?![此而公])|受.{0,12}影响|导致|鉴于|未能|滞后|延期|推迟|结余|节约|节省"
)
_SPENDING = re.compile(r"执行|支出|支付|进度|预算|资金|拨付|结转")
# a rule that asks for a reason gives none: "执行率低于90%的，应说明原因"
_RULE = re.compile(r"[应须请需]")
_CHANGE = re.compile(r"调整|调增|调减|追加|核减|压减|收回|新增|增加|减少|结转|统筹")
# "未完成原因：人员不到位": what is said behind it is the reason
_NAMED = re.compile(
    r"(?:未完成|未执行|未支出|偏差|偏低|较低|不足|滞后)的?(?:主要)?原因(?:分析)?\s*(?:[:：]|[是为])\s*(?![无/—-])\S"
)
_SENTENCE = re.compile(r"[。；;\n]")


def is_explained(text: str) -> bool:
    """Whether a reason cell says something: neither blank nor a dash nor 无."""
    return not isinstance(parse_value(text), Blank)


def gives_reason(record: Record) -> bool:
    """Whether anything in the form explains a low execution: a reason cell, or a sentence that names a cause."""
    cells = [line.reason for line in record.funds] + [one.reason for one in record.indicators]
    if any(cell is not None and is_explained(cell.raw) for cell in cells):
        return True
    done = [goal.actual.raw for goal in record.goals if goal.actual is not None]
    said = [one for one in (*record.texts, *record.form.shared) if one.section not in NOT_SAID]
    return any(map(_names_cause, done)) or any(
        (paragraph.section == "problem" and is_explained(paragraph.text)) or _names_cause(paragraph.text)
        for paragraph in said
    )


def _names_cause(text: str) -> bool:
    return any(
        (_NAMED.search(one) or (_CAUSE.search(one) and _SPENDING.search(one))) and not _RULE.search(one)
        for one in _SENTENCE.split(text)
    )


def speaks_of_change(record: Record) -> bool:
    """Whether anything in the form speaks of a budget that was changed."""
    cells = [line.reason for line in record.funds] + [one.reason for one in record.indicators]
    texts = [cell.raw for cell in cells if cell is not None]
    texts += [paragraph.text for paragraph in record.texts if paragraph.section not in NOT_SAID]
    return any(_CHANGE.search(text) and (_SPENDING.search(text) or "预算" in text) for text in texts)
