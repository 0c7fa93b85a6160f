"""Make a document of the sheets of a workbook, with notes on what is hidden in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator

from extract.document import Bilingual, Document, Grid, Line, ReadError, Where, column_letters
from extract.limits import MAX_SLOTS
from extract.sheets.layout import Layout
from extract.sheets.sheet import MAX_NAME, UNCOUNTED, Sheet, too_large

_MOST_NAMED = 8


def document_of(sheets: Iterable[Sheet], source: str, margins: tuple[Line, ...] = ()) -> Document:
    """The document of a workbook: the lines and grids of each sheet, then the texts that float over it.

    The name of a sheet is in every place and is no line of its own: it would stand above the form like a
    title. Raises ReadError where nothing is written on any sheet, or too much.
    """
    blocks: list[Line | Grid] = []
    notes: list[Bilingual] = []
    slots = 0
    for sheet in sheets:
        name = sheet.name[:MAX_NAME]
        layout = Layout(sheet, source, name)
        slots += layout.slots
        if slots > MAX_SLOTS:
            raise too_large()
        blocks += layout.blocks()
        blocks += [Line(text, Where(source, name)) for text in sheet.shapes]
        notes += _notes(sheet, name, layout.unseen)
    if not blocks:
        raise ReadError(
            "工作簿是空的，没有填写任何内容；请检查是否选对了文件。",
            "The workbook is empty: nothing is written in it; check that it is the right file.",
        )
    return Document(source, tuple(blocks), margins, tuple(notes))


def _notes(sheet: Sheet, name: str, unseen: int) -> Iterator[Bilingual]:
    """What to say about a sheet on which something is written."""
    if not sheet.texts and not sheet.struck:
        return
    rows = _stretches(sheet.hidden_rows, {row for row, _ in sheet.texts}, str)
    columns = _stretches(sheet.hidden_columns, {column for _, column in sheet.texts}, column_letters)
    zh, en = f"工作表“{name}”", f"The sheet “{name}”"
    if sheet.is_hidden:
        yield Bilingual(f"{zh}是隐藏的，也已读取。", f"{en} is hidden; it was read too.")
    if rows:
        yield Bilingual(
            f"{zh}有隐藏的行，也已读取：第 {rows} 行。", f"{en} has hidden rows, read too: {rows}."
        )
    if columns:
        yield Bilingual(
            f"{zh}有隐藏的列，也已读取：{columns} 列。", f"{en} has hidden columns, read too: {columns}."
        )
    if sheet.struck:
        cells = _first(column_letters(column) + str(row) for row, column in sheet.struck)
        yield Bilingual(
            f"{zh}有加删除线的文字，视同已删除，未予读取：{cells}。",
            f"{en} has text that is struck out; it counts as deleted and was not read: {cells}.",
        )
    if sheet.uncounted:
        yield Bilingual(
            f"{zh}有 {sheet.uncounted} 个公式没有保存计算结果，记作“{UNCOUNTED}”；请用办公软件打开并保存后再试。",
            f"{en} has {sheet.uncounted} formulas without a stored result, which read as {UNCOUNTED}; open the file "
            "with an office program and save it.",
        )
    if unseen:
        yield Bilingual(
            f"{zh}的合并单元格下面有 {unseen} 处看不见的内容，未读取。",
            f"{en} has {unseen} texts that merged cells hide, which were not read.",
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
    return _first(name(first) if first == last else f"{name(first)}–{name(last)}" for first, last in runs)


def _first(names: Iterable[str]) -> str:
    """The names, or the first of them, as ``B3, C4, D5 …``."""
    shown = list(names)
    return ", ".join(shown[:_MOST_NAMED]) + (" …" if len(shown) > _MOST_NAMED else "")
