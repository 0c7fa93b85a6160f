"""What is read from a sample and found in it, as the two files that a person reviews."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import zipingbiao as zpb
from normalize.record import Number
from normalize.values.types import Day, Value
from zipingbiao.tables import written

RECORD, FINDINGS = "record.json", "findings.csv"
FINDING_COLUMNS = ("code", "severity", "subject", "field", "reported", "expected", "message", "place")
FUND_FIELDS = (
    "budget_initial",
    "budget_adjusted",
    "received",
    "executed",
    "execution_rate",
    "weight",
    "score",
    "reason",
)

#: what a file of JSON can hold here; numbers are texts, so that no digit is lost
Json = str | int | list["Json"] | dict[str, "Json"]


def read_only_record(path: Path) -> zpb.Record:
    """The one form of a sample file."""
    (record,) = zpb.records(path)
    return record


def make_golden(folder: Path) -> dict[str, bytes]:
    """The golden files of a sample, by name."""
    records = zpb.records(folder / "form.docx")
    findings = [finding for record in records for finding in zpb.check(record)]
    return {RECORD: _as_json(list(map(describe, records))), FINDINGS: _as_csv(findings)}


def describe_all(path: Path) -> list[dict[str, Json]]:
    """What the forms of a sample file say, in page order."""
    return list(map(describe, zpb.records(path)))


def describe(record: zpb.Record) -> dict[str, Json]:
    """All that a form says, typed, and nothing of where it says it: equal in every format of the form.

    A field that the form has no place for is missing; one that was left blank is an empty text. Lines of the
    head are not among the texts: title, year and people have names of their own.
    """
    total = {"weight": record.total.weight, "score": record.total.score, "grade": record.total.grade}
    return {
        "kind": record.kind,
        "title": record.title.value if record.title else "",
        "year": record.year.value if record.year else "",
        "heading": {name: entry.value for name, entry in sorted(record.heading.items())},
        "amount_unit": record.amount_unit.value if record.amount_unit else "",
        "execution_weight": _plain(record.execution_weight) if record.execution_weight else "",
        "funds": [_describe_line(line) for line in record.funds],
        "goals": [_present({"planned": goal.planned, "actual": goal.actual}) for goal in record.goals],
        "indicators": [_describe_indicator(one) for one in record.indicators],
        "total": _present(total),
        "texts": [
            {"section": part.section, "text": part.text} for part in record.texts if part.section != "heading"
        ],
        "unclaimed": [cell.text for cell in record.form.unclaimed],
    }


def _describe_line(line: zpb.FundLine) -> dict[str, Json]:
    entries = {name: getattr(line, name) for name in FUND_FIELDS}
    return {"item": line.item, "label": line.label.value, **_present(entries)}


def _describe_indicator(one: zpb.Indicator) -> dict[str, Json]:
    described: dict[str, Json] = {"level1": one.level1, "level2": one.level2, "name": one.name}
    for name, entry in (("target", one.target), ("actual", one.actual)):
        if entry is not None:
            described[name] = dict(_facets(entry.value))
    described |= _present({"weight": one.weight, "score": one.score, "reason": one.reason})
    if one.extras:
        described["extras"] = dict(one.extras)
    return described


def _present(entries: Mapping[str, zpb.Entry[Number] | zpb.Entry[str] | None]) -> dict[str, Json]:
    return {name: _plain(entry) for name, entry in entries.items() if entry is not None}


def _plain(entry: zpb.Entry[Number] | zpb.Entry[str]) -> Json:
    """A number or a text; what stands for none, such as a dash, as printed."""
    match entry.value:
        case Decimal() | str():
            return written(entry.value)
        case zpb.Unreadable(raw=raw):
            return {"unreadable": raw}
        case _:
            return entry.raw.strip()


def _facets(value: Value) -> Iterator[tuple[str, Json]]:
    """A target or an actual value: its kind, and what of it is not blank."""
    match value:
        case zpb.Measure(number=number, relation=relation, unit=unit):
            facets = {"kind": "number", "relation": relation, "number": written(number), "unit": unit}
        case zpb.Range(low=low, high=high, unit=unit):
            facets = {"kind": "range", "low": written(low), "high": written(high), "unit": unit}
        case zpb.Date(start=start, end=end, relation=relation):
            facets = {"kind": "date", "relation": relation, "start": _day(start), "end": _day(end)}
        case _:
            facets = {"kind": type(value).__name__.lower(), "text": value.raw.strip()}
    return ((name, text) for name, text in facets.items() if text)


def _day(day: Day | None) -> str:
    return "-".join(str(part) if part else "?" for part in (day.year, day.month, day.day)) if day else ""


def _as_json(forms: Sequence[dict[str, Json]]) -> bytes:
    """The one form of a file, or a list of its forms, as JSON."""
    written_forms = [_form_as_json(form) for form in forms]
    whole = written_forms[0] if len(forms) == 1 else "[\n" + ",\n".join(written_forms) + "\n]"
    return f"{whole}\n".encode()


def _form_as_json(described: dict[str, Json]) -> str:
    """JSON with a line for each thing, so that a difference shows what it is about."""
    lines = []
    for name, value in described.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            items = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
            text = f"[\n    {items}\n  ]"
        lines.append(f'  "{name}": {text}')
    return "{\n" + ",\n".join(lines) + "\n}"


def _as_csv(findings: list[zpb.Finding]) -> bytes:
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\n")
    table.writerow(FINDING_COLUMNS)
    for one in findings:
        found = one.problem
        about = (found.subject, found.field, written(found.reported), written(found.expected))
        table.writerow((one.code, one.severity, *about, one.message.zh, one.place))
    return target.getvalue().encode()
