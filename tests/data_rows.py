"""Rows of the tables for the tests of the files that hold them, among them texts that were made to do harm."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.report.draft import publish_all
from zipingbiao.report.writers import WRITERS
from zipingbiao.tables import Rows

#: what stands for half of a surrogate pair, which no file in UTF-8 can hold
MARK = "\N{REPLACEMENT CHARACTER}"
HOSTILE = {
    "formula": '=HYPERLINK("http://x","y")',
    "command": "@SUM(1)+cmd|'/c calc'!A0",
    "markup": "<script>alert(1)</script> &amp; </td>",
    "long": "绩" * 32_768,
    "very long": "a" * 200_000,
    "control": "a\x01b\x07c\x1b[31m\x7f",
    "nul": "前\x00后",
    "lines": "a\r\nb\nc\rd\x85e\u2028f\u2029g\x0bh\x0ci",
    "quotes": '\'; DROP TABLE forms; -- "" ``',
    "emoji": "😀👨‍👩‍👧🇨🇳",
    "right to left": "\u202etxt.exe\u200f",
    "spaces": "  两头 \t",
    "words of no value": "NULL nan None -1",
    "backslash": "\\u0041 \\n C:\\表",
}
HALF = "a\ud800b\udfff"


def row_of(table: str, **filled: Datum) -> Row:
    """A row of a table with nothing in it but what is given: blank as the tables have it."""
    blank: dict[str, Datum] = {
        column.name: "" if column.kind in ("text", "value") else None for column in TABLES[table]
    }
    return blank | filled


def file_rows(number: int = 1, text: str = "乡村道路养护", **of_form: Datum) -> Rows:
    """The rows of a file with one form in it, where ``text`` stands wherever a file has the say."""
    form_id, source = f"a3f80c1e22b9-{number}", f"{number}-{text}"
    return {
        "sources": [row_of("sources", source=source, status="ok", bytes=2048, seconds=Decimal("0.01"))],
        "forms": [
            row_of(
                "forms",
                **{
                    "form_id": form_id,
                    "source": source,
                    "form_index": 1,
                    "project_name": text,
                    "implementing_unit": text,
                    "fiscal_year": 2022,
                    "errors": 1,
                    "warnings": 0,
                    "notes": 0,
                    "total_score_reported": Decimal(100),
                    "total_score_summed": Decimal("89.6"),
                    "total_score_recomputed": Decimal("91.19"),
                }
                | of_form,
            )
        ],
        "funds": [
            row_of(
                "funds",
                form_id=form_id,
                item="total",
                label_raw=text,
                budget_adjusted_wan=Decimal("23"),
                executed_wan=Decimal("3.650001"),
                executed_raw="36500.01",
            )
        ],
        "indicators": [row_of("indicators", form_id=form_id, seq=1, name=text, weight=Decimal("50"))],
        "findings": [
            row_of(
                "findings",
                form_id=form_id,
                source=source,
                code="SCORE01",
                severity="error",
                subject="total",
                reported=Decimal("100"),
                expected=Decimal("89.60"),
                difference=Decimal("10.40"),
                message=text,
                place="表1 第37行 第8列; 表1 第9行 第2列",
            ),
            row_of("findings", form_id=form_id, source=source, code="GOAL07", severity="note", reported=text),
        ],
        "cells": [row_of("cells", form_id=form_id, place="表1 第1行 第1列", text=text, role="unclaimed")],
        "texts": [row_of("texts", section="margin", text=text, place="第1段", source=source)],
        "unknown_labels": [row_of("unknown_labels", label=text, count=1, files=1, source=source)],
    }


def hostile_files() -> list[Rows]:
    """A file for each of the `HOSTILE` texts."""
    return [file_rows(number, text) for number, text in enumerate(HOSTILE.values(), 1)]


def written_files(kind: str, out: Path, files: list[Rows]) -> Path:
    """Write the rows of some files as tables of a kind into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    writer = WRITERS[kind](out, "zh")
    for rows in files:
        writer.write(rows)
    publish_all(writer.finish())
    return out
