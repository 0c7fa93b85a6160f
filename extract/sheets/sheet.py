"""The sheets of a workbook as all readers of spreadsheets hand them over, and what stops them.

``extract/sheets/layout.py`` lays a sheet out in lines and grids, ``extract/sheets/document.py`` makes the
document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import ReadError
from extract.limits import MAX_SLOTS
from extract.word.docx_words import trimmed

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""The last row and column that a sheet of any program has."""

UNCOUNTED = "=?"
"""What stands in a cell for a formula whose result is not stored: something, but nothing that could be known."""

MAX_NAME = 100
"""The characters of a sheet's name, which is in every place; Excel allows 31."""


class Area(NamedTuple):
    """A rectangle of slots, counted from 1, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read.

    ``texts`` has what is seen in each slot that is not blank, by row and column; ``framed`` those of them
    that have a border on their left or right. ``hidden_rows`` and ``hidden_columns`` are ranges, their ends
    included. ``struck`` are the slots with text that is struck out and so not read. ``shapes`` are texts that
    float over the sheet. ``uncounted`` counts the formulas whose results are not stored.
    """

    name: str
    is_hidden: bool = False
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    framed: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    uncounted: int = 0

    def put(self, row: int, column: int, text: str, is_framed: bool = False) -> None:
        """Put a text in a slot; blank ones are not kept. Raises ReadError beyond the end of any sheet."""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\n" in text or text.isspace():
            text = trimmed(text)
        if not text:
            return
        if not (0 < row <= MAX_ROW and 0 < column <= MAX_COLUMN):
            raise damaged()
        if len(self.texts) >= MAX_SLOTS:
            raise too_large()
        self.texts[row, column] = text
        if is_framed:
            self.framed.add((row, column))


def too_large() -> ReadError:
    """The error for a sheet beyond the bounds."""
    return ReadError(
        "工作表过大（行数、列数或单元格过多），超出读取上限；请删去多余的内容，或拆分为几个文件。",
        "A sheet is larger than is read (too many rows, columns or cells); remove what is not needed, or "
        "split the file.",
    )


def damaged() -> ReadError:
    """The error for a workbook that contradicts itself."""
    return ReadError(
        "工作簿已损坏，无法读取；请用办公软件打开修复并另存，或请提交人重新发送。",
        "The workbook is damaged; repair it by opening and saving it with an office program, or ask for it "
        "to be sent again.",
    )


def locked() -> ReadError:
    """The error for a workbook with a password."""
    return ReadError(
        "工作簿设有打开密码，无法读取；请取消密码并另存后再试。",
        "The workbook is locked by a password; remove it and save the workbook again.",
    )
