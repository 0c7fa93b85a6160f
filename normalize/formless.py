"""Why no form was found in a document that holds the labels of one: `why_formless`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from extract.document import Bilingual, Document, Grid, Line
from normalize.grids.rows import rows_of
from normalize.labels.match import LONGEST_LABEL, match_label
from normalize.schema import load_schema

#: so many columns of a form's blocks are named in no other text
_FEWEST_COLUMNS = 4
#: of those in one line: a header that lost its table
_FEWEST_IN_LINE = 3
#: a form is not longer: so much of a document is looked at
_MOST_LINES = 2000
_FIRST_ROWS = 10

CELL_A_LINE = Bilingual(
    "文件像是自评表，但每个单元格各占一行，看不出哪些数属于同一行；请提供 Word、Excel 或 PDF 原件。",
    "This looks like a self-evaluation form, but each cell stands on a line of its own, so that rows cannot be told; "
    "hand in the original Word, Excel or PDF file.",
)
LOST_COLUMNS = Bilingual(
    "文件像是自评表，但各列挤在一行文字里，看不出哪个数属于哪一列；请提供 Word、Excel 或 PDF 原件。",
    "This looks like a self-evaluation form, but its columns ran together in lines of text, so that they cannot be told; "
    "hand in the original Word, Excel or PDF file.",
)
REGISTER = Bilingual(
    "文件是汇总表，每个项目只有一行，没有各项目的绩效指标；请提供各项目的自评表。",
    "This is a list with a line for each project and without their indicators; hand in the form of each project.",
)


def why_formless(document: Document) -> Bilingual | None:
    """What keeps a document without a form from being read as one; None where it does not look like a form."""
    if any(_is_register(block) for block in document.blocks[:_MOST_LINES] if isinstance(block, Grid)):
        return REGISTER
    texts = list(islice(_lines_of(document), _MOST_LINES))
    alone = {column for text in texts if (column := _column(text))}
    if len(alone) >= _FEWEST_COLUMNS:
        return CELL_A_LINE
    if any(len(_columns_in(text.split())) >= _FEWEST_IN_LINE for text in texts):
        return LOST_COLUMNS
    return None


def _lines_of(document: Document) -> Iterator[str]:
    """The lines outside tables, and the rows of tables that have a single text."""
    for block in document.blocks:
        if isinstance(block, Line):
            yield from block.text.splitlines()
        else:
            yield from (row.filled[0].text for row in rows_of(block) if len(row.filled) == 1)


def _column(text: str) -> tuple[str, str] | None:
    """The column of funds or indicators that a text names."""
    if not text.strip() or len(text) > LONGEST_LABEL:
        return None
    for block in map(load_schema().block, ("indicators", "funds")):
        match = match_label(text, block.columns, False)
        if match and match.field in block.anchors | {"weight", "score"}:
            return block.columns, match.field
    return None


def _columns_in(texts: list[str]) -> set[tuple[str, str]]:
    return {column for text in texts if (column := _column(text))}


def _is_register(grid: Grid) -> bool:
    """Whether a table has a line for each project: its name is a column beside amounts or scores."""
    for row in rows_of(replace(grid, rows=grid.rows[:_FIRST_ROWS])):
        texts = [placed.text for placed in row.filled]
        heads = [match_label(text, "head", False) for text in texts]
        if any(match and match.field == "project_name" for match in heads) and len(_columns_in(texts)) > 1:
            return True
    return False
