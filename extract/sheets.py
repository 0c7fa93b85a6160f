"""What all readers of spreadsheets share: the sheets of a workbook, laid out in grids.

A grid holds a sheet's used range: everything that is only formatted is left out, and so are long stretches
of blank rows and columns. Places keep the sheet's own numbers, ``Sheet1!F9``. The name of a sheet is in
every place and is no line of its own: it would stand above the form like a title.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extract.document import Bilingual, Cell, Document, Grid, Line, ReadError, Where, column_letters
from extract.docx_words import trimmed
from extract.limits import MAX_COLUMNS, MAX_SLOTS

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""The last row and column that a sheet of any program has."""

LONGEST_GAP = 20
"""So many blank rows or columns in a run are kept; more are left out of the grid."""

_LONGEST_NAME = 100
_MOST_STRETCHES = 8


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of slots, counted from 1, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read. ``texts`` has what is seen in each slot that is not blank, by row and column.

    ``uncounted`` counts the formulas whose results are not stored, ``unseen`` the texts under merged cells.
    """

    name: str
    is_hidden: bool = False
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    uncounted: int = 0
    unseen: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Put a text in a slot; blank ones are not kept. Raises ReadError beyond the end of any sheet."""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = trimmed(text)
        if not text:
            return
        if not (0 < row <= MAX_ROW and 0 < column <= MAX_COLUMN):
            raise damaged()
        if len(self.texts) >= MAX_SLOTS:
            raise too_large()
        self.texts[row, column] = text


def document_of(sheets: Sequence[Sheet], source: str, margins: tuple[Line, ...] = ()) -> Document:
    """The document of a workbook: a Grid for each stretch of a sheet, and notes on what is hidden in it.

    Raises ReadError where nothing is written on any sheet, or too much.
    """
    blocks: list[Line | Grid] = []
    slots = 0
    for sheet in sheets:
        layout = _Layout(sheet, source)
        slots += layout.slots
        if slots > MAX_SLOTS:
            raise too_large()
        if layout.slots:
            blocks.append(layout.grid())
        blocks += [Line(text, Where(source, sheet.name[:_LONGEST_NAME])) for text in sheet.lines]
    if not blocks:
        raise ReadError(
            "工作簿是空的，没有填写任何内容；请检查是否选对了文件。",
            "The workbook is empty: nothing is written in it; check that it is the right file.",
        )
    return Document(source, tuple(blocks), margins, tuple(_notes(sheets)))


class _Layout:
    """Lays a sheet out: which rows and columns its grid has, and which cell stands in each slot."""

    def __init__(self, sheet: Sheet, source: str) -> None:
        self._sheet = sheet
        self._texts = sheet.texts
        self._part = sheet.name[:_LONGEST_NAME]
        self._source = source
        self._rows, self._columns = self._used(sheet.merges)
        self._merges = sheet.merges

    @property
    def slots(self) -> int:
        """How many slots the grid has. Raises ReadError for an absurd width."""
        if len(self._columns) > MAX_COLUMNS:
            raise too_large()
        return len(self._rows) * len(self._columns)

    def grid(self) -> Grid:
        """The grid of the used range."""
        covered = self._covered()
        rows: list[tuple[Cell, ...]] = []
        for row in self._rows:
            cells = [covered.get((row, column)) or self._cell(row, column) for column in self._columns]
            rows.append(tuple(cells))
        return Grid(tuple(rows))

    def _cell(self, row: int, column: int) -> Cell:
        where = Where(self._source, self._part, row, column, sheet=True)
        return Cell(self._texts.get((row, column), ""), where)

    def _note_unseen(self, slots: Iterable[tuple[int, int]], merge: Area) -> None:
        self._sheet.unseen += sum(s in self._texts for s in slots) - ((merge.top, merge.left) in self._texts)

    def _used(self, merges: Iterable[Area]) -> tuple[list[int], list[int]]:
        """The rows and columns from the first to the last with a text, without long blank stretches."""
        if not self._texts:
            return [], []
        rows = {row for row, _ in self._texts}
        columns = {column for _, column in self._texts}
        last_row, last_column = max(rows), max(columns)
        for merge in merges:
            if (merge.top, merge.left) in self._texts:
                rows.add(min(merge.bottom, last_row))
                columns.add(min(merge.right, last_column))
        return _without_gaps(rows), _without_gaps(columns)

    def _covered(self) -> dict[tuple[int, int], Cell]:
        """The slots of merged cells. What other programs left in a slot that is covered is not seen."""
        covered: dict[tuple[int, int], Cell] = {}
        budget = MAX_SLOTS
        for merge in self._merges:
            rows = _within(self._rows, merge.top, merge.bottom)
            columns = _within(self._columns, merge.left, merge.right)
            budget -= len(rows) * len(columns) + 1
            if budget < 0:
                raise too_large()
            slots = [(row, column) for row in rows for column in columns]
            if len(slots) > 1 and not any(slot in covered for slot in slots):
                covered.update(dict.fromkeys(slots, self._cell(merge.top, merge.left)))
                self._note_unseen(slots, merge)
        return covered


def _within(numbers: list[int], first: int, last: int) -> list[int]:
    """Those of the sorted ``numbers`` from ``first`` to ``last``."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


def _without_gaps(used: set[int]) -> list[int]:
    """All numbers from the least to the greatest, without runs of more than ``LONGEST_GAP`` unused ones."""
    numbers: list[int] = []
    for number in sorted(used):
        if numbers and number - numbers[-1] <= LONGEST_GAP + 1:
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
    return numbers


def _notes(sheets: Sequence[Sheet]) -> Iterator[Bilingual]:
    for sheet in sheets:
        if not sheet.texts:
            continue
        name = sheet.name[:_LONGEST_NAME]
        if sheet.is_hidden:
            yield Bilingual(
                f"工作表“{name}”是隐藏的，也已读取。", f"The sheet “{name}” is hidden; it was read too."
            )
        rows = _stretches(sheet.hidden_rows, {row for row, _ in sheet.texts}, str)
        if rows:
            yield Bilingual(
                f"工作表“{name}”有隐藏的行，也已读取：第 {rows} 行。",
                f"The sheet “{name}” has hidden rows, which were read too: {rows}.",
            )
        columns = _stretches(sheet.hidden_columns, {column for _, column in sheet.texts}, column_letters)
        if columns:
            yield Bilingual(
                f"工作表“{name}”有隐藏的列，也已读取：{columns} 列。",
                f"The sheet “{name}” has hidden columns, which were read too: {columns}.",
            )
        if sheet.uncounted:
            yield Bilingual(
                f"工作表“{name}”有 {sheet.uncounted} 个公式没有保存计算结果，读作空白；请用办公软件打开并保存后再试。",
                f"On the sheet “{name}” {sheet.uncounted} formulas have no stored result and read as blank; "
                "open the file with an office program and save it.",
            )
        if sheet.unseen:
            yield Bilingual(
                f"工作表“{name}”的合并单元格下面还有 {sheet.unseen} 处看不见的内容，未读取。",
                f"On the sheet “{name}” merged cells hide {sheet.unseen} texts, which were not read.",
            )


def _stretches(ranges: Iterable[tuple[int, int]], used: Iterable[int], name: Callable[[int], str]) -> str:
    """Those of the ``used`` numbers that lie in one of the ranges, as ``3–5, 9``; blank for none."""
    numbers = sorted(used)
    runs: list[list[int]] = []
    at = 0
    for first, last in sorted(ranges):
        at = max(at, bisect_left(numbers, first))
        end = bisect_right(numbers, last)
        for number in numbers[at:end]:
            if runs and number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        at = max(at, end)
    shown = [name(first) if first == last else f"{name(first)}–{name(last)}" for first, last in runs]
    return ", ".join(shown[:_MOST_STRETCHES]) + (" …" if len(shown) > _MOST_STRETCHES else "")


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
