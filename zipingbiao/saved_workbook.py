"""Read back the workbook of an earlier run, as it was written or as Excel or WPS has saved it since.

It is no form, and can be far larger than any: the readers of forms would refuse it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from extract.document import ReadError

#: a workbook begins like any zip container
_ZIP = b"PK\x03\x04"


def read_sheets(file: Path) -> Iterator[list[list[str]]]:
    """The sheets of a workbook as rows of texts, as the CSV files have them; none where it is no workbook at all.

    Numbers are whole digits without an exponent: ``8570.49``, ``0.985``. Raises `ReadError`.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if not file.is_file():
            raise ReadError("文件不存在。", "There is no such file.")
        with file.open("rb") as opened:
            if opened.read(len(_ZIP)) != _ZIP:
                return
        with CalamineWorkbook.from_path(str(file)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield [list(map(_text, row)) for row in rows]
    except (CalamineError, OSError) as err:
        raise ReadError("工作簿已损坏或无法打开。", "The workbook is damaged, or cannot be opened.") from err


def _text(value: object) -> str:
    """A cell as text.

    >>> _text(2021.0), _text(0.985), _text(1e21), _text("甲"), _text(True)
    ('2021', '0.985', '1000000000000000000000', '甲', 'True')
    """
    if not isinstance(value, float):
        return str(value)
    # the shortest text that means this number is the one that was written: Excel keeps 15 digits
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")
