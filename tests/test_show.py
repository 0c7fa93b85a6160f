"""What `show` prints: every cell of every sample, at the row and the column that its place names."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from extract.readers import read
from normalize.layout import find_forms
from zipingbiao.show import CELL, show

SAMPLES = Path(__file__).parents[1] / "samples"
FORMS = sorted(path for path in SAMPLES.glob("*/form.*") if path.suffix != ".xml")


def printed(path: Path) -> str:
    paper = StringIO()
    show(path, Console(width=4000, file=paper), "zh")
    return paper.getvalue()


def cells_in(text: str) -> set[tuple[str, str, str]]:
    """Row, column and text of each cell of the printed grids."""
    found: set[tuple[str, str, str]] = set()
    columns: list[str] = []
    number = ""
    for line in text.splitlines():
        if line.startswith("┌"):
            columns = []
        if not line.startswith("│"):
            continue
        lead, *texts = (part.strip() for part in line.split("│")[1:-1])
        if not columns:
            columns = texts
            continue
        number = lead or number
        found |= {(number, column, one) for column, one in zip(columns, texts, strict=True) if one}
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_each_cell_stands_at_its_own_row_and_column(path: Path) -> None:
    shown = cells_in(printed(path))
    cells = {
        (str(cell.where.row), str(cell.where.col), text)
        for form in find_forms(read(path))
        for grid in form.grids
        for cell in grid.cells()
        if (text := "".join(cell.text.split("\n")).strip()) and len(text) < CELL
    }
    assert cells and not cells - shown


def test_the_total_is_not_called_like_the_sum_of_the_funds() -> None:
    names = [line.split()[0] for line in printed(SAMPLES / "seed" / "form.txt").splitlines() if line.split()]
    assert names.count("年度资金总额") == 1 and names.count("总分") == 1
