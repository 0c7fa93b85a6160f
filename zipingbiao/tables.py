"""Build the rows of the tables from what was read and found; `zipingbiao.columns` lists their columns.

Numbers stay exact decimals and blank stays blank: None for a number, an empty text for a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from extract.document import Document, Line
from normalize.form import Level
from normalize.labels.unknown import UnknownLabel, unknown_labels
from normalize.record import Entry, FundLine, Indicator, Number, Record, number_of
from normalize.schema import load_schema
from normalize.values.types import Value
from zipingbiao.checks import SEVERITIES, Finding
from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.facets import facets_of
from zipingbiao.policy import Policy
from zipingbiao.recompute.compute import Workings, work_out
from zipingbiao.recompute.formula import Working
from zipingbiao.slots import find_slots

#: of a file's SHA-256, those that the numbers of its forms begin with
DIGITS = 12
#: the role of a cell that no field claimed
UNCLAIMED = "unclaimed"

#: the rows of some or all tables
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A form with its findings, the policy it was held to, and its place among all forms.

    ``index`` is its position in its file, from 1; ``form_id`` comes from the file's content and ``index``.
    """

    record: Record
    findings: Sequence[Finding]
    policy: Policy
    source: str
    sha256: str
    index: int

    @property
    def form_id(self) -> str:
        """Equal for equal content, in every run: ``a3f80c1e22b9-1``."""
        return f"{self.sha256[:DIGITS]}-{self.index}"


def empty_rows() -> Rows:
    """All tables, without a row."""
    return {name: [] for name in TABLES}


def build_form_rows(form: CheckedForm, lang: str) -> Rows:
    """The rows of a form for every table but ``sources``; ``lang`` is that of titles and messages."""
    record, form_id = form.record, form.form_id
    cells = _cell_rows(record, form_id)
    worked = work_out(record)
    texts = ((part.section, part.text, part.cell.where.place) for part in record.texts)
    return {
        "forms": [_form_row(form, cells, worked, lang)],
        "funds": [
            _fund_row(form_id, *line, lang)
            for line in zip(record.funds, worked.rates, worked.line_scores, strict=True)
        ],
        "indicators": [
            _indicator_row(form_id, *one, lang)
            for one in zip(record.indicators, worked.achievements, worked.indicator_scores, strict=True)
        ],
        "findings": [_finding_row(finding, form, lang) for finding in form.findings],
        "cells": cells,
        "texts": [_text_row(form_id, *text, form.source) for text in texts],
        "unknown_labels": [build_label_row(one, form.source) for one in unknown_labels(record.form)],
    }


def build_loose_rows(document: Document, source: str, is_form: bool) -> list[Row]:
    """Rows of ``texts`` for what belongs to no form: headers and footers, and all lines where there is none."""
    lines = [] if is_form else [("", block) for block in document.blocks if isinstance(block, Line)]
    lines += [("margin", line) for line in document.margins]
    return [_text_row("", section, line.text, line.where.place, source) for section, line in lines]


def build_label_row(label: UnknownLabel, source: str) -> Row:
    """A label that nobody knew, where it occurs once; `zipingbiao.batch.unknown` adds up a run's."""
    names = load_schema().names
    guesses = (
        f"{one.scope}.{one.field} {names[f'{one.scope}.{one.field}']} {one.score:.2f}"
        for one in label.guesses
    )
    return {
        "label": label.text,
        "status": "similar" if label.is_read else "unknown",
        "guesses": "; ".join(guesses),
        "count": 1,
        "files": 1,
        "source": source,
        "place": label.cell.where.place,
        "toml": label.toml,
    }


def _form_row(form: CheckedForm, cells: Sequence[Row], worked: Workings, lang: str) -> Row:
    record, heading = form.record, form.record.heading
    recomputed, confidence = worked.recomputed.number, _mean_confidence(record)
    graded = {severity: sum(one.severity == severity for one in form.findings) for severity in SEVERITIES}
    return {
        "form_id": form.form_id,
        "source": form.source,
        "form_index": form.index,
        "kind": record.kind,
        "title": _text(record.title),
        "fiscal_year": record.year.value if record.year else None,
        "project_name": _text(heading.get("project_name")),
        "project_code": _text(heading.get("project_code")),
        "department": _text(heading.get("department")),
        "implementing_unit": _text(heading.get("implementing_unit")),
        "preparer": _text(heading.get("preparer")),
        "contact": _text(heading.get("contact")),
        "amount_unit_raw": record.amount_unit.raw if record.amount_unit else "",
        "goal_planned": _joined(goal.planned for goal in record.goals),
        "goal_actual": _joined(goal.actual for goal in record.goals),
        "total_weight": number_of(record.total.weight),
        "total_score_reported": number_of(record.total.score),
        "total_score_summed": worked.summed.number,
        "total_score_recomputed": recomputed,
        "grade_reported": _text(record.total.grade),
        "grade_computed": "" if recomputed is None else form.policy.grade(recomputed),
        "errors": graded["error"],
        "warnings": graded["warning"],
        "notes": graded["note"],
        "cells_filled": len(cells),
        "cells_claimed": sum(row["role"] != UNCLAIMED for row in cells),
        "policy": form.policy.name,
        "reader": "text" if confidence is None else "ocr",
        "confidence": confidence,
        **worked.summed.columns("total_score_summed", lang),
        **worked.recomputed.columns("total_score_recomputed", lang),
    }


def _mean_confidence(record: Record) -> Decimal | None:
    """That of the cells whose text was recognized in a picture, to a hundredth and rounded down; None without any."""
    found = [cell.confidence for cell in record.form.cells if cell.confidence is not None]
    return (sum(found, Decimal(0)) / len(found)).quantize(Decimal("0.01"), ROUND_DOWN) if found else None


def _fund_row(form_id: str, line: FundLine, rate: Working, score: Working, lang: str) -> Row:
    return {
        "form_id": form_id,
        "item": line.item or "unknown",
        "label_raw": line.label.raw,
        "budget_initial_wan": number_of(line.budget_initial),
        "budget_adjusted_wan": number_of(line.budget_adjusted),
        "received_wan": number_of(line.received),
        "executed_wan": number_of(line.executed),
        "execution_rate": number_of(line.execution_rate),
        "weight": number_of(line.weight),
        "score": number_of(line.score),
        "reason": _text(line.reason),
        "execution_rate_computed": rate.number,
        "score_computed": score.number,
        "budget_initial_raw": _raw(line.budget_initial),
        "budget_adjusted_raw": _raw(line.budget_adjusted),
        "received_raw": _raw(line.received),
        "executed_raw": _raw(line.executed),
        "execution_rate_raw": _raw(line.execution_rate),
        "weight_raw": _raw(line.weight),
        "score_raw": _raw(line.score),
        **rate.columns("execution_rate_computed", lang),
        **score.columns("score_computed", lang),
    }


def _indicator_row(form_id: str, one: Indicator, fraction: Working, score: Working, lang: str) -> Row:
    target, actual = facets_of(one.target), facets_of(one.actual)
    return {
        "form_id": form_id,
        "seq": one.seq,
        "level1": one.level1,
        "level2": one.level2,
        "level1_raw": _printed(one.level1_label),
        "level2_raw": _printed(one.level2_label),
        "name": one.name,
        "name_raw": one.name_entry.raw,
        "target_raw": _raw(one.target),
        "target_kind": target.kind,
        "target_relation": target.relation,
        "target_value": target.low,
        "target_value_high": target.high,
        "target_unit": target.unit,
        "actual_raw": _raw(one.actual),
        "actual_kind": actual.kind,
        "actual_value": actual.low,
        "actual_value_high": actual.high,
        "actual_unit": actual.unit,
        "weight": number_of(one.weight),
        "score": number_of(one.score),
        "score_computed": score.number,
        "achievement": fraction.number,
        "deviation_reason": _text(one.reason),
        "place": one.name_entry.place,
        "weight_raw": _raw(one.weight),
        "score_raw": _raw(one.score),
        **fraction.columns("achievement", lang),
        **score.columns("score_computed", lang),
    }


def _finding_row(finding: Finding, form: CheckedForm, lang: str) -> Row:
    problem = finding.problem
    return {
        "form_id": form.form_id,
        "source": form.source,
        "code": finding.code,
        "title": finding.title.in_language(lang),
        "severity": finding.severity,
        "subject": problem.subject,
        "field": problem.field,
        "reported": problem.reported,
        "expected": problem.expected,
        "difference": finding.difference,
        "message": finding.message.in_language(lang),
        "place": finding.place,
        "ignore_reason": "",
    }


def _cell_rows(record: Record, form_id: str) -> list[Row]:
    """Each cell with text once, in page order."""
    form = record.form
    rows: list[Row] = []
    for cell, table, slot in find_slots(form.cells, form.grids):
        role = form.roles.get(cell)
        rows.append(
            {
                "form_id": form_id,
                "place": cell.where.place,
                "text": cell.text,
                "role": role.name if role else UNCLAIMED,
                "match": role.match if role else "",
                "confidence": _lowest(cell.confidence, role.confidence if role else None),
                "table_index": table,
                **slot._asdict(),
            }
        )
    return rows


def _lowest(*confidences: Decimal | None) -> Decimal | None:
    return min((one for one in confidences if one is not None), default=None)


def _text_row(form_id: str, section: str, text: str, place: str, source: str) -> Row:
    return {"form_id": form_id, "section": section, "text": text, "place": place, "source": source}


def _text(entry: Entry[str] | None) -> str:
    return entry.value if entry else ""


def _raw(entry: Entry[Number] | Entry[Value] | None) -> str:
    return entry.raw if entry else ""


def _printed(level: Level | None) -> str:
    return level.label.text if level else ""


def _joined(entries: Iterable[Entry[str] | None]) -> str:
    return "\n".join(entry.value for entry in entries if entry and entry.value)


#: the decimals that amounts in 万元 are printed with at most; 元 has four more
LONGEST_FRACTION = 4


def written(datum: Datum) -> str:
    """A datum as text, exactly: never an exponent, never a binary float, and blank for None.

    Beyond four decimals, zeros at the end are left out: they come from counting 元 in 万元.

    >>> written(Decimal("1.2879E+6")), written(Decimal("10.00")), written(Decimal("25.000000")), written(None)
    ('1287900', '10.00', '25', '')
    """
    if datum is None:
        return ""
    if not isinstance(datum, Decimal):
        return str(datum)
    text = str(datum)
    if "E" in text:
        text = format(datum, "f")  # four times as slow
    return text.rstrip("0").rstrip(".") if len(text.partition(".")[2]) > LONGEST_FRACTION else text
