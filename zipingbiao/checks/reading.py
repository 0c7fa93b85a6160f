"""FORM and READ: what is left blank, and what could not be read for certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extract.document import Cell, Line
from normalize.record import Entry, Record
from normalize.schema import load_schema
from normalize.values.parse import Blank, Unreadable
from zipingbiao.checks.doubt import (
    Misreading,
    describe,
    find_misreading,
    implausible_percent,
    is_unsure,
    may_be_dash,
)
from zipingbiao.checks.precision import line_name
from zipingbiao.checks.registry import CHECKS, Problem, check
from zipingbiao.policy import Policy

_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)[%％]")

FIELD_NAMES = {
    "project_name": ("项目名称", "project name"),
    "department": ("主管部门", "department"),
    "implementing_unit": ("实施单位", "implementing unit"),
    "preparer": ("填表人", "preparer"),
    "contact": ("联系方式", "contact"),
    "total_score": ("总分", "total score"),
    "budget_initial": ("年初预算数", "initial budget"),
    "budget_adjusted": ("全年预算数", "adjusted budget"),
    "received": ("到位数", "amount received"),
    "executed": ("全年执行数", "executed amount"),
    "execution_rate": ("执行率", "execution rate"),
    "weight": ("分值", "weight"),
    "score": ("得分", "score"),
    "target": ("年度指标值", "target"),
    "actual": ("实际完成值", "actual value"),
    "goal_planned": ("预期目标", "planned goal"),
    "goal_actual": ("实际完成情况", "reported goal"),
    "name": ("三级指标", "indicator's name"),
    "deviation_reason": ("偏差原因", "reason"),
}


def field_name(name: str) -> tuple[str, str]:
    """What to call a field in a sentence, in Chinese and in English; ``name`` may have its scope before it."""
    bare = name.rpartition(".")[2]
    return FIELD_NAMES.get(bare) or (load_schema().names.get(bare, bare), bare.replace("_", " "))


@check("FORM01", "warning", "必填项为空", "required field left blank")
def form01(record: Record, policy: Policy) -> Iterator[Problem]:
    """A field that the policy requires has its label in the form, and nothing beside it.

    Why: a form without its project or its unit cannot be attributed.
    Example: 实施单位 with a blank cell behind it.
    Tolerance: silent where the form has no such label.
    Source: 财预〔2020〕10号, 附件.
    """
    for name in policy.required:
        entry: Entry[object] | None = (
            record.total.score if name == "total_score" else record.heading.get(name)
        )
        if entry is None or entry.raw.strip() or (name == "total_score" and not _is_scored(record)):
            continue
        zh, en = field_name(name)
        yield Problem(
            name,
            name,
            (entry.cell,),
            "",
            "",
            f"“{zh}”为必填项，未填写。",
            f"The {en} is required and was left blank.",
        )


def _is_scored(record: Record) -> bool:
    return any(one.score is not None and not isinstance(one.score.value, Blank) for one in record.indicators)


@check("READ01", "note", "未识别单元格", "unclaimed cell")
def read01(record: Record, policy: Policy) -> Iterator[Problem]:
    """A cell that no field claimed.

    Why: nothing is lost in silence; a label of this office may be unknown.
    Example: a column 复核意见 that the schema does not know.
    Tolerance: none.
    Source: this product's rule that every non-blank cell is claimed, ignored by name, or signalled.
    """
    for cell in record.form.unclaimed:
        text = " ".join(cell.text.split())
        short = text if len(text) <= 40 else f"{text[:40]}…"
        yield Problem(
            "",
            "unclaimed",
            (cell,),
            short,
            "",
            f"未能识别“{short}”属于哪一栏。",
            f"“{short}” could not be attributed to any field.",
        )


@check("READ02", "note", "数值无法解析", "number cannot be read")
def read02(record: Record, policy: Policy) -> Iterator[Problem]:
    """A cell that must hold a number, and what is written there is none that can be read for certain.

    Why: a malformed number is refused, never repaired; checks that need it stay silent.
    Example: an amount of 7,00.0,77.
    Tolerance: none.
    Source: this product's rule that a guess is not a fact.
    """
    told: list[Entry[object]] = []
    for subject, called, field, entry in _entries(record):
        if entry is None or not isinstance(entry.value, Unreadable) or entry in told:
            continue
        told.append(entry)  # numbers that ran together are one entry in several columns
        text = " ".join(entry.raw.split())
        zh, en = field_name(field)
        yield Problem(
            subject,
            field,
            (entry.cell,),
            text,
            "",
            f"“{called}”的{zh}“{text}”无法作为数值读取（{entry.value.why.zh}）。",
            f"“{called}”: the {en} “{text}” cannot be read as a number ({entry.value.why.en}).",
        )


def _entries(record: Record) -> Iterator[tuple[str, str, str, Entry[object] | None]]:
    """The subject of each cell that must hold a number, what a sentence calls it, its field, and its entry."""
    for line in record.funds:
        for field in (
            "budget_initial",
            "budget_adjusted",
            "received",
            "executed",
            "execution_rate",
            "weight",
            "score",
        ):
            yield line.item or line_name(line), line_name(line), field, getattr(line, field)
    for one in record.indicators:
        for field in ("target", "actual", "weight", "score"):
            yield one.name, one.name, field, getattr(one, field)
    yield "total", "总分", "weight", record.total.weight
    yield "total", "总分", "score", record.total.score


@check("READ03", "note", "模糊识别", "label accepted by similarity")
def read03(record: Record, policy: Policy) -> Iterator[Problem]:
    """A label that is not in the schema was accepted because it is similar to one that is.

    Why: the reading rests on a likeness; a person should glance at it.
    Example: 年度指标标值 read as 年度指标值.
    Tolerance: similarity below the schema's least, or too near to another field's, is not accepted at all.
    Source: this product's rule that a guess is not a fact.
    """
    for piece, match in record.form.fuzzy:
        label = "".join(piece.text.split())
        likeness = f"{match.confidence * 100:.0f}%"
        bare = match.field.rpartition(".")[2]
        yield Problem(
            label,
            match.field,
            (piece.cell,),
            label,
            match.field,
            f"“{label}”按相似度{likeness}识别为“{load_schema().names.get(match.field, bare)}”。",
            f"“{label}” was read as {field_name(match.field)[1]} by a similarity of {likeness}.",
        )


@check("READ04", "note", "疑似OCR错误", "number that may have been misread")
def read04(record: Record, policy: Policy) -> Iterator[Problem]:
    """A number recognized in a picture that may not be what the paper says.

    Why: a digit that is lost or taken for another looks as sure as the right one; only the paper decides.
    Example: a target of 290% where ≥90% is printed; a rate of 77.4% where 77.45% would agree with the amounts.
    Tolerance: confidence of the least sure character below 0.80; percentages above 150 %; or an error that vanishes
    when one character is changed for one that looks alike, or one that was lost is put back; or a numeral that is but
    a level stroke or two, as a dash is. What lies under a seal, or beside other text on a page without ruling lines, has
    0.50 at most.
    Source: this product's rule that a guess is not a fact: nothing recognized is repaired.
    """
    if not any(cell.confidence is not None for cell in record.form.cells):
        return
    told: set[Cell | Line] = set()
    for subject, called, field, entry in _entries(record):
        if entry is None or entry.cell in told or isinstance(entry.value, Blank):
            continue
        found = _doubt(entry)
        if found is not None:
            told.add(entry.cell)
            yield _doubted(subject, called, field, found)
    for one in CHECKS.values():
        for problem in one.find(record, policy) if one.severity == "error" else ():
            found = find_misreading(problem)
            if found is not None and found.cell not in told:
                told.add(found.cell)
                yield _doubted(problem.subject, problem.subject, problem.field, found)


def _doubt(entry: Entry[object]) -> Misreading | None:
    """Why a number is doubted by itself."""
    text = " ".join(entry.raw.split())
    if may_be_dash(entry.cell):
        return Misreading(entry.cell, text, "—", agrees=False)
    if not any(sign.isdecimal() for sign in text):
        return None
    percent = _PERCENT.search(text)
    if percent and (meant := implausible_percent(entry.cell, Decimal(percent["number"]))) is not None:
        return Misreading(entry.cell, text, meant, agrees=False)
    return Misreading(entry.cell, text, "") if is_unsure(entry.cell) else None


def _doubted(subject: str, called: str, field: str, found: Misreading) -> Problem:
    (zh, en), (field_zh, field_en) = describe(found), field_name(field)
    return Problem(
        subject,
        field,
        (found.cell,),
        found.text,
        found.meant,
        f"“{called}”的{field_zh}可能识别有误：{zh}。",
        f"“{called}”: the {field_en} may have been misread: {en}.",
    )


@check("READ05", "note", "读取说明", "remark of the reader")
def read05(record: Record, policy: Policy) -> Iterator[Problem]:
    """Something about the document that a reader of the results should know.

    Why: tracked changes that were never accepted, or hidden text, mean that others may see other figures.
    Example: the form had tracked changes; insertions count, deletions do not.
    Tolerance: none.
    Source: this product's rule that nothing is lost in silence.
    """
    place = record.title or next(iter(record.heading.values()), None)
    for note in record.form.notes:
        yield Problem("", "document", (place.cell,) if place else (), "", "", note.zh, note.en)
