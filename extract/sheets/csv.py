"""Read comma-separated text (.csv), as spreadsheets save it: what was shown in the cells, and no merges.

``is_csv`` tells such a file from other text. Files saved from Excel in China are GBK, those of web systems
mostly UTF-8; ``extract/encoding.py`` tells.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from extract.document import Cell, Document, ReadError, Where
from extract.encoding import decode
from extract.limits import MAX_COLUMNS, MAX_SLOTS
from extract.sheets.layout import parted
from extract.word.docx_words import trimmed

SEPARATORS = ",;\t|"
"""What may stand between cells; a comma, unless another one makes more even rows."""

_SAMPLE_ROWS, _SAMPLE_CHARACTERS = 200, 60_000
_FEWEST_ROWS, _FEWEST_COLUMNS = 3, 3

# `="00123"`: how a system keeps Excel from reading a text as a number
_KEPT_TEXT = re.compile(r'="(?P<text>[^"]*)"')
# "sep=;": the first line by which a file tells Excel its separator
_TOLD_SEPARATOR = re.compile(r"sep=(?P<separator>[,;\t|])\s*\n", re.IGNORECASE)


def read_csv(data: bytes, source: str) -> Document:
    """Read the bytes of a .csv file: a Grid of its cells, and a Line for each text alone above or below it.

    Raises ReadError for what is no text, empty, or too large.
    """
    text = decode(data)
    told = _TOLD_SEPARATOR.match(text)
    separator = told["separator"] if told else separator_of(text) or ","
    rows = _rows(text[told.end() :] if told else text, separator)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell), default=0)
    if not width:
        raise ReadError(
            "文件是空的，没有任何文字，请检查是否选对了文件。",
            "The file is empty, without any text; please check that it is the right one.",
        )
    if width > MAX_COLUMNS or width * len(rows) > MAX_SLOTS:
        raise _too_large()
    cells = [
        tuple(
            Cell(row[column] if column < len(row) else "", Where(source, "表1", number, column + 1))
            for column in range(width)
        )
        for number, row in enumerate(rows, start=1)
    ]
    return Document(source, tuple(parted(cells)))


def is_csv(text: str) -> bool:
    """Whether the beginning of a text is cells parted by commas or semicolons: rows of one length, nearly all.

    >>> is_csv("项目名称,绿化养护,,\\n资金,预算数,执行数,得分\\n总额,10,9.5,9.5\\n")
    True
    >>> is_csv("一、基本情况\\n预算10万元，执行9.5万元，执行率95%。\\n二、存在问题, 无\\n")
    False
    """
    if _TOLD_SEPARATOR.match(text):
        return True
    return any(_evenness(text[:_SAMPLE_CHARACTERS], separator)[0] >= 0.9 for separator in ",;")


def separator_of(text: str) -> str | None:
    """The separator that parts the text into even rows; None where none does."""
    text = text[:_SAMPLE_CHARACTERS]
    best = max(SEPARATORS, key=lambda separator: _evenness(text, separator))
    return best if _evenness(text, best) > (0, 0) else None


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """The share of rows that have the most frequent number of cells, if it is most of them, and that number."""
    lengths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            if row:
                lengths.append(len(row))
            if len(lengths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0
    # The last row of a sample may be cut.
    lengths = lengths[:-1] if len(lengths) > _FEWEST_ROWS else lengths
    if len(lengths) < _FEWEST_ROWS:
        return 0, 0
    ((columns, rows),) = Counter(lengths).most_common(1)
    share = rows / len(lengths)
    return (share, columns) if columns >= _FEWEST_COLUMNS and share > 0.6 else (0, 0)


def _rows(text: str, separator: str) -> list[list[str]]:
    """The rows of cells. A quote that is never closed would swallow what follows: then quotes are only signs."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        rows: list[list[str]] = []
        slots = 0
        try:
            for row in csv.reader(io.StringIO(text), delimiter=separator, quoting=quoting, strict=True):
                slots += len(row) + 1
                if slots > MAX_SLOTS:
                    raise _too_large()
                rows.append([_shown(cell) for cell in row])
        except csv.Error:
            continue
        return rows
    raise ReadError(
        "CSV 文件的引号或分隔符有误，无法分清单元格；请用办公软件打开，另存为 .xlsx 后再试。",
        "The quotes or separators of the CSV file are wrong, so its cells cannot be told apart; open it with "
        "an office program and save it as .xlsx.",
    )


def _shown(cell: str) -> str:
    kept = _KEPT_TEXT.fullmatch(cell)
    return kept["text"] if kept else trimmed(cell)


def _too_large() -> ReadError:
    return ReadError(
        "CSV 文件的行数或列数过多，超出读取上限；请拆分为几个文件。",
        "The CSV file has more rows or columns than are read; split it into several files.",
    )
