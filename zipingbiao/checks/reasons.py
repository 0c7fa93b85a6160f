"""Whether a form explains what fell short."""

from __future__ import annotations

import re

from normalize.record import Record
from normalize.values import Blank, parse_value
from zipingbiao.checks.wordings import any_of

#: sections that hold no reasons: the head, and the notes on filling in the form
NOT_SAID = frozenset({"heading", "preamble", "note"})
# "未完成原因：人员不到位": what is said behind it is the reason
_NAMED = re.compile(
    rf"{any_of('reasons', 'short').pattern}的?(?:主要)?原因(?:分析)?\s*(?:[:：]|[是为])\s*(?![无/—-])\S"
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
        (_NAMED.search(one) or (_says("cause", one) and _says("spending", one))) and not _says("rule", one)
        for one in _SENTENCE.split(text)
    )


def speaks_of_change(record: Record) -> bool:
    """Whether anything in the form speaks of a budget that was changed."""
    cells = [line.reason for line in record.funds] + [one.reason for one in record.indicators]
    texts = [cell.raw for cell in cells if cell is not None]
    texts += [paragraph.text for paragraph in record.texts if paragraph.section not in NOT_SAID]
    return any(_says("change", text) and _says("spending", text) for text in texts)


def _says(what: str, text: str) -> bool:
    return any_of("reasons", what).search(text) is not None
