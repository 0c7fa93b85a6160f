"""Read back what an earlier run wrote: its findings, and its forms where they are at hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from extract.document import PlainError, ReadError
from zipingbiao.saved_workbook import read_sheets

#: the columns that are asked for; a table may have lost others, or got new ones
FINDING_COLUMNS = (
    "form_id", "source", "code", "severity", "subject", "field", "reported", "message", "place",
)  # fmt: skip
FORM_COLUMNS = (
    "form_id", "source", "kind", "fiscal_year", "project_name", "department", "implementing_unit",
)  # fmt: skip
#: as written, and as Excel in China saves a CSV file
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

TextRow = dict[str, str]
Table = Iterable[Sequence[str]]


class BaselineError(PlainError):
    """An earlier run that cannot be read."""


class Earlier(NamedTuple):
    """The rows of the two tables as texts; ``forms`` is blank where only the findings are at hand.

    In a file of GBK, characters that it lacks (☑, ²) have become question marks.
    """

    findings: list[TextRow]
    forms: list[TextRow]
    is_gbk: bool = False


def read_earlier(path: str | Path, results: Iterable[Path] = ()) -> Earlier:
    """What ``path`` holds: a run's folder, its ``findings.csv`` (with ``forms.csv`` beside it), or its workbook.

    ``results`` are the files that this run writes. Raises `BaselineError`, also where it would write over ``path``:
    the next run would then take what was left out for new.
    """
    file = _file_of(Path(path))
    if file.resolve() in {one.resolve() for one in results}:
        _refuse(
            file,
            "会被这次的结果覆盖；请用 --out 另选结果文件夹",
            "this run would write over it; choose another folder with --out",
        )
    if file.suffix.lower() == ".csv":
        tables, is_gbk = _tables_of_csv(file)
    else:
        tables, is_gbk = _tables_of_workbook(file), False
    findings: list[TextRow] | None = None
    forms: list[TextRow] = []
    for rows in map(iter, tables):
        # in the workbook the column's name stands under its title
        names = [cell.strip().rpartition("\n")[2] for cell in next(rows, ())]
        if set(FINDING_COLUMNS) <= set(names):
            findings = _columns(names, rows, FINDING_COLUMNS)
        elif set(FORM_COLUMNS) <= set(names):
            forms = _columns(names, rows, FORM_COLUMNS)
    if findings is None:
        columns = ", ".join(FINDING_COLUMNS)
        _refuse(
            file,
            f"不是 findings 表：它应有 {columns} 各列",
            f"is no table of findings, which has the columns {columns}",
        )
    return Earlier(findings, forms, is_gbk)


def _refuse(file: Path, zh: str, en: str) -> NoReturn:
    raise BaselineError(f"基线 {file}：{zh}。", f"baseline {file}: {en}.")


def _file_of(path: Path) -> Path:
    if not path.is_dir():
        return path
    names = ("findings.csv", "zipingbiao.xlsx")
    return next((path / name for name in names if (path / name).exists()), path / names[0])


def _tables_of_csv(file: Path) -> tuple[list[Table], bool]:
    """The findings, the forms where they are beside them, and whether the findings are in GBK."""
    text, encoding = _decoded(file)
    tables: list[Table] = [_rows_of(text, file)]
    beside = file.with_name("forms.csv")
    if beside != file and beside.is_file():
        tables.append(_rows_of(_decoded(beside)[0], beside))
    return tables, encoding == "gb18030"


def _rows_of(text: str, file: Path) -> Iterator[Sequence[str]]:
    first = text.partition("\n")[0]
    separator = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as err:
        raise BaselineError(
            f"基线 {file}：不是有效的 CSV（{err}）。", f"baseline {file}: not a CSV file ({err})."
        ) from err


def _decoded(file: Path) -> tuple[str, str]:
    """The text of a file, and its encoding."""
    try:
        content = file.read_bytes()
    except OSError as err:
        _refuse(file, f"无法打开：{err.strerror or err}", f"cannot be opened: {err.strerror or err}")
    for encoding in ("utf-16",) if content.startswith(_UTF16) else _ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    _refuse(file, "既不是 UTF-8 也不是 GBK 编码的文本", "is text in neither UTF-8 nor GBK")


def _tables_of_workbook(file: Path) -> list[Table]:
    try:
        return list(read_sheets(file))
    except ReadError as err:
        raise BaselineError(
            f"基线 {file}：{err.message.zh}可改用同一文件夹中的 findings.csv。",
            f"baseline {file}: {err.message.en} The findings.csv of the same folder will do.",
        ) from err


def _columns(names: list[str], rows: Iterable[Sequence[str]], columns: Sequence[str]) -> list[TextRow]:
    at = {name: names.index(name) for name in columns}
    return [
        {name: row[col] if col < len(row) else "" for name, col in at.items()} for row in rows if any(row)
    ]
