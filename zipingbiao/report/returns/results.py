"""Read what a run found: its sources, its forms, and the findings to give back."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.document import PlainError, ReadError
from zipingbiao.checks import SEVERITIES
from zipingbiao.report.returns.remark import Remark
from zipingbiao.report.subject import shown
from zipingbiao.saved_workbook import read_sheets

#: the columns that are asked for in each table; a table may have got others
COLUMNS = {
    "sources": ("source", "sha256"),
    "forms": ("form_id", "source", "fiscal_year", "project_name", "department", "implementing_unit"),
    "findings": (
        "form_id", "source", "code", "title", "severity", "subject", "field", "reported", "expected", "message", "place",
    ),
}  # fmt: skip
#: blank where the finding counts; an older run has no such column
ACCEPTED = "ignore_reason"
WORKBOOK = "zipingbiao.xlsx"
#: in front of what Excel would take for a formula, `zipingbiao.report.csv_files` puts an apostrophe
_FORMULA_STARTS = ("'=", "'+", "'-", "'@", "'\t", "'\r")
#: as written, and as Excel in China saves a CSV file
_ENCODINGS = ("utf-8-sig", "gb18030")
#: goals and reports of thousands of characters in one cell; csv stops at 131,072 by itself
_LONGEST_CELL = 10_000_000

TextRow = Mapping[str, str]


class ResultsError(PlainError):
    """Results that cannot be read."""


class FormRow(NamedTuple):
    """A form of the run; ``unit`` is who filled it in, as far as it says so."""

    unit: str
    project: str
    year: str


class Results(NamedTuple):
    """``digests`` are the SHA-256 of the sources; ``forms`` are named by source and form_id, ``remarks`` by source."""

    digests: dict[str, str]
    forms: dict[tuple[str, str], FormRow]
    remarks: dict[str, list[Remark]]


def read_results(folder: Path, severity: str) -> Results:
    """The results in ``folder``, with the findings of ``severity`` and graver ones. Raises `ResultsError`."""
    tables = read_tables(folder, COLUMNS)
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    remarks: dict[str, list[Remark]] = defaultdict(list)
    for row in tables["findings"]:
        if row["severity"] in wanted and not row.get(ACCEPTED):
            known = remarks[row["source"]]
            known.append(_remark(len(known) + 1, row))
    forms = {(row["source"], row["form_id"]): _form(row) for row in tables["forms"]}
    return Results({row["source"]: row["sha256"] for row in tables["sources"]}, forms, dict(remarks))


def _remark(number: int, row: TextRow) -> Remark:
    texts = {name: row[name] for name in COLUMNS["findings"] if name not in ("place", "field")}
    texts |= {name: shown(row, name) for name in ("reported", "expected")}
    return Remark(number=number, places=tuple(filter(None, row["place"].split("; "))), **texts)


def _form(row: TextRow) -> FormRow:
    unit = " ".join((row["implementing_unit"] or row["department"]).split())
    return FormRow(unit, " ".join(row["project_name"].split()), row["fiscal_year"])


def read_tables(folder: Path, columns: Mapping[str, Sequence[str]]) -> dict[str, list[TextRow]]:
    """Tables of a run by name, each with these columns and more, from the CSV files or else from the workbook.

    Raises `ResultsError`.
    """
    files = {name: folder / f"{name}.csv" for name in columns}
    if all(file.is_file() for file in files.values()):
        tables: Iterable[Iterator[Sequence[str]]] = [_rows_of_csv(file) for file in files.values()]
    elif (folder / WORKBOOK).is_file():
        tables = _tables_of_workbook(folder / WORKBOOK)
    else:
        raise ResultsError(
            f"{folder} 中没有核查结果；请给出 run 命令的结果文件夹，其中应有 csv 或 xlsx 表格。",
            f"{folder} holds no results; name the folder of a run that wrote its tables as csv or xlsx.",
        )
    found: dict[str, list[TextRow]] = {}
    for rows in tables:
        # in the workbook the column's name stands under its title
        names = [cell.strip().rpartition("\n")[2] for cell in next(rows, ())]
        # the workbook repeats of each finding what its form says: the table is the one that most columns tell
        fitting = [name for name, wanted in columns.items() if set(wanted) <= set(names)]
        name = max(fitting, key=lambda name: len(columns[name]), default="")
        if name and name not in found:
            found[name] = [_row(names, cells) for cells in rows if any(cells)]
    if found.keys() != columns.keys():
        missing = "、".join(name for name in columns if name not in found)
        raise ResultsError(
            f"{folder} 中的表格 {missing} 不完整；请用 run 命令重新生成。",
            f"{folder}: the tables {missing} are incomplete; make them anew with the command run.",
        )
    return found


def _row(names: Sequence[str], cells: Sequence[str]) -> TextRow:
    plain = (cell[1:] if cell.startswith(_FORMULA_STARTS) else cell for cell in cells)
    return dict(zip(names, (*plain, *[""] * (len(names) - len(cells))), strict=False))


def _rows_of_csv(file: Path) -> Iterator[Sequence[str]]:
    try:
        content = file.read_bytes()
    except OSError as err:
        raise ResultsError(f"{file} 无法打开。", f"{file} cannot be opened.") from err
    text = next(filter(None, (_decoded(content, encoding) for encoding in _ENCODINGS)), "")
    separator = max(",\t;", key=text.partition("\n")[0].count)
    # the limit is one for the whole process, and others rely on theirs
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as err:
        raise ResultsError(f"{file} 不是有效的 CSV。", f"{file} is not a CSV file.") from err
    finally:
        csv.field_size_limit(before)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _tables_of_workbook(file: Path) -> list[Iterator[Sequence[str]]]:
    try:
        return [iter(rows) for rows in read_sheets(file)]
    except ReadError as err:
        raise ResultsError(f"{file}：{err.message.zh}", f"{file}: {err.message.en}") from err
