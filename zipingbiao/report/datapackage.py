"""The CSV files with ``datapackage.json`` beside them, which tells other programs what is in them.

It is a Tabular Data Package as Frictionless Data defines it (version 1): each file with its size and checksum, each
column with type, meaning and unit, and which columns refer to which table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zipingbiao.columns import ABOUT, TABLES, Column, Kind, references
from zipingbiao.report.csv_files import CsvFiles
from zipingbiao.report.draft import Draft

FILE = "datapackage.json"
#: a column of numbers or words holds text to whoever does not look into it
_TYPES: Mapping[Kind, str] = {"text": "string", "value": "string", "decimal": "number", "integer": "integer"}
_ABOUT_ALL = (
    "每个表是一个 CSV 文件，UTF-8 编码，空白即没有数据。以 = + - @ 或制表符开头、可能被 Excel 当作公式的文字，前面加了撇号。 "
    "Each table is a CSV file in UTF-8; what is blank is not there. A text that begins with = + - @ or a TAB and "
    "could be a formula to Excel has an apostrophe in front."
)


class CsvPackage:
    """The tables as CSV files, described by a data package."""

    def __init__(self, out: Path) -> None:
        self._description = Draft(out / FILE)
        self._tables = CsvFiles(out)
        self.write, self.append = self._tables.write, self._tables.append

    def finish(self) -> list[Draft]:
        """Close the tables, and describe them."""
        drafts = self._tables.finish()
        text = json.dumps(_package(drafts), ensure_ascii=False, indent=2)
        self._description.path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        return [*drafts, self._description]

    def discard(self) -> None:
        """Remove what has been written."""
        self._tables.discard()
        self._description.discard()


def _package(drafts: list[Draft]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "zipingbiao",
        "title": "绩效自评表核查结果 Budget self-evaluation forms, read and checked",
        "description": _ABOUT_ALL,
        "resources": [_resource(draft) for draft in drafts],
    }


def _resource(draft: Draft) -> dict[str, Any]:
    """A table as the package describes it."""
    name, about = draft.target.stem, ABOUT[draft.target.stem]
    with draft.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": about.zh,
        "description": f"A row is {about.en}.",
        "path": draft.target.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": draft.path.stat().st_size,
        "hash": f"sha256:{digest}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": _schema(name),
    }


def _schema(table: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in TABLES[table]], "missingValues": [""]}
    if key := ABOUT[table].key:
        schema["primaryKey"] = list(key)
    if links := references(table):
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}}
            for column, other in links.items()
        ]
    return schema


def _field(column: Column) -> dict[str, str]:
    field = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.zh,
        "description": column.en,
    }
    return field | ({"unit": f"{column.unit.zh} ({column.unit.en})"} if column.unit.en else {})
