"""Whether a form explains what fell short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalize.record import Record
from normalize.values.parse import Blank, parse_value
from zipingbiao.checks.wordings import any_of

#: sections that hold no reasons
NOT_SAID = frozenset({"heading", "preamble"})
#: what stands below the form: the unit's own remarks, and the template's notes on filling it in
NOTE = "note"
# "未完成原因：人员不到位": what is said behind it is the reason
_NAMED = re.compile(
    rf"{any_of('reasons', 'short').pattern}的?(?:主要)?原因(?:分析)?\s*(?:[:：]|[是为])\s*(?![无/—-])\S"
)
_SENTENCE = re.compile(r"[。；;\n]")
_PROSE = re.compile(r"[，,。；;]")


def is_explained(text: str) -> bool:
    """Whether a reason cell says something: neither blank nor a dash nor 无."""
    return not isinstance(parse_value(text), Blank)


def gives_reason(record: Record) -> bool:
    """Whether anything in the form explains a low execution: a reason cell, or a sentence that names a cause."""
    cells = [line.reason for line in record.funds] + [one.reason for one in record.indicators]
    if any(cell is not None and is_explained(cell.raw) for cell in cells):
        return True
    done = [goal.actual.raw for goal in record.goals if goal.actual is not None]
    problems = [one.text for one in record.texts if one.section == "problem"]
    return any(map(_names_cause, (*done, *_said(record)))) or any(map(is_explained, problems))


def _said(record: Record) -> Iterator[str]:
    """The sentences of everything else that a form says; what a note defines or asks for is not the unit's word."""
    head = [entry.raw for entry in record.heading.values()]
    for text in (*head, *(cell.text for cell in record.form.unclaimed)):
        if _PROSE.search(text):  # the name of a project or an office gives no reason
            yield from _SENTENCE.split(text)
    said = [(one.section, one.text) for one in (*record.texts, *record.form.shared)]
    # 说明 among the table's cells
    said += [(NOTE, cell.text) for cell, role in record.form.roles.items() if role.name == NOTE]
    for section, text in said:
        if section not in NOT_SAID:
            for sentence in _SENTENCE.split(text):
                if section != NOTE or not _says("defined", sentence):
                    yield sentence


def _names_cause(text: str) -> bool:
    return any(
        (_NAMED.search(one) or (_says("cause", one) and _says("spending", one))) and not _says("rule", one)
        for one in _SENTENCE.split(text)
    )


def speaks_of_change(record: Record) -> bool:
    """Whether anything in the form speaks of a budget that was changed."""
    cells = [line.reason for line in record.funds] + [one.reason for one in record.indicators]
    said = [*(cell.raw for cell in cells if cell is not None), *_said(record)]
    return any(_says("change", text) and _says("spending", text) and not _says("rule", text) for text in said)


def _says(what: str, text: str) -> bool:
    return any_of("reasons", what).search(text) is not None
