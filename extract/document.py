"""What any file becomes: a `Document` of lines and grids in page order, each text with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple


class Bilingual(NamedTuple):
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """The sentence for ``lang``: ``"en"``, anything else is Chinese."""
        return self.en if lang == "en" else self.zh


class PlainError(Exception):
    """What a user can mend: ``message`` says in one plain sentence what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.message = Bilingual(zh, en)

    def __reduce__(self) -> tuple[type[PlainError], tuple[str, str]]:
        """Survive the way back from a worker process."""
        return type(self), (self.message.zh, self.message.en)


class ReadError(PlainError):
    """A file that cannot be read. Its name is not part of the sentence: it stands beside it wherever it is shown."""


CUT_OFF = Bilingual(
    "文件末尾缺失，可能没有下载完，只读到中断处；请重新下载，或请提交人重新发送。",
    "The file is cut off at its end, and was read up to there; download it again, or ask for it to be sent again.",
)
"""The note on a file that was read as far as it goes."""


def column_letters(col: int) -> str:
    """The letters that head a column of a sheet; columns count from 1.

    >>> column_letters(6), column_letters(28)
    ('F', 'AB')
    """
    letters = ""
    while col > 0:
        col, rest = divmod(col - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Where(NamedTuple):
    """Where a text stands in its source; all counts start at 1.

    ``part`` is the table (``表1``) or, for text outside tables, blank. ``row`` and ``col`` count the
    grid's rows and columns, or ``row`` counts the paragraphs where there is no table. ``line`` is the
    line in a text file, where the format has lines. Where ``sheet`` is true, ``part`` is a sheet of a
    workbook, and ``row`` and ``col`` count that sheet's rows and columns. ``page`` is the page, where the
    format has pages, and ``box`` the rectangle on it: left, top, right and bottom in points from the page's
    upper left corner.
    """

    source: str
    part: str = ""
    row: int | None = None
    col: int | None = None
    line: int | None = None
    sheet: bool = False
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    @property
    def place(self) -> str:
        """The place as a person would look for it: ``表1 第7行 第6列``, ``第3段``, ``文本第12行``, ``Sheet1!F9``.

        Where the format has pages, the page comes first: ``第2页 表1 第3行 第4列``.
        """
        if self.sheet and self.row is not None and self.col is not None:
            return f"{self.part}!{column_letters(self.col)}{self.row}"
        steps = [f"第{self.page}页"] if self.page is not None else []
        if self.part:
            steps.append(self.part)
        if self.row is not None:
            steps.append(f"第{self.row}行" if self.part else f"第{self.row}段")
        if self.col is not None:
            steps.append(f"第{self.col}列")
        if self.line is not None:
            steps.append(f"文本第{self.line}行" if not steps else f"(文本第{self.line}行)")
        return " ".join(steps)


@dataclass(slots=True, eq=False)
class Cell:
    """A cell of a grid; the slots that a merged cell covers all hold this one object.

    ``text`` is as on the page; a cell's paragraphs are its lines, parted by ``\\n``.
    ``where`` is the cell's upper left slot. ``confidence`` tells how sure a text that was recognized in a picture
    is, from 0 to 1, by its least sure character; it is None for text that the file holds. Cells compare by identity. They are never changed: the type
    checker holds that, since a frozen class takes three times as long to make (0.7 µs for 0.25), and making
    cells is a tenth of the time in which a workbook is read.
    """

    text: Final[str]
    where: Final[Where]
    confidence: Final[Decimal | None] = None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A paragraph outside tables; ``confidence`` is as that of a cell. Lines compare by identity."""

    text: str
    where: Where
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table.

    ``rows`` is rectangular where ``aligned`` is true: ``rows[r][c]`` is the cell that covers that slot.
    Where a source lists cells without saying in which column they stand (a text dump whose merged cells
    vanished), ``aligned`` is false and the rows have different lengths. ``repeats`` is true where the source
    printed the text of a merged cell in each of its slots: equal numbers may have been one cell. ``has_gaps``
    is true where the source left out blank cells too: a row has the cells with text, in order.
    """

    rows: tuple[tuple[Cell, ...], ...]
    aligned: bool = True
    repeats: bool = False
    has_gaps: bool = False

    def cells(self) -> Iterator[Cell]:
        """Each cell once, in reading order."""
        seen: set[Cell] = set()
        for row in self.rows:
            for cell in row:
                if cell not in seen:
                    seen.add(cell)
                    yield cell


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A file's content: ``blocks`` in page order, so that a title belongs to the table under it.

    ``margins`` are headers and footers, kept apart from the body. ``notes`` say what a reader of the
    results should know about the reading, such as tracked changes.
    """

    source: str
    blocks: tuple[Line | Grid, ...]
    margins: tuple[Line, ...] = ()
    notes: tuple[Bilingual, ...] = field(default=())
