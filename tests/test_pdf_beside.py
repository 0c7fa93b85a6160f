"""Tables that are wider than the paper: printed on two pages, and the one table that must come out."""

from __future__ import annotations

from extract.document import Grid
from tests.pdf_builder import Paper, Rows, grids, marked

LEFT = [["项目", "水库"], ["一级", "目标"], ["产出", "5座"], ["效益", "8人"]]
RIGHT = [["单位", "水务局", ""], ["完成", "分值", "得分"], ["5座", "50", "50"], ["8人", "40", "40"]]


def _pages(left: Rows, right: Rows, top: float = 40, height: float = 30) -> Paper:
    paper = Paper((340, 300))
    paper.table(30, 40, [60, 90], left, height=30)
    paper.next_page()
    paper.table(30, top, [50, 60, 70], right, height=height)
    return paper


def test_pages_with_the_same_rows_and_other_columns_belong_beside_each_other() -> None:
    document = _pages(LEFT, RIGHT).read()
    assert marked(document) == [one + other for one, other in zip(LEFT, RIGHT, strict=True)]
    grid = document.blocks[0]
    assert isinstance(grid, Grid)
    cell = grid.rows[2][3]
    assert (cell.text, cell.where.place) == ("50", "第2页 表1 第3行 第4列")


def test_pages_whose_rows_lie_elsewhere_are_two_tables() -> None:
    assert len(grids(_pages(LEFT, RIGHT, top=50).read())) == 2
    assert len(grids(_pages(LEFT, RIGHT, height=28).read())) == 2
    assert len(grids(_pages(LEFT, RIGHT[:3]).read())) == 2


def test_a_table_whose_rows_begin_with_the_same_labels_is_one_of_its_own() -> None:
    again = [["项目", "桥梁", ""], ["一级", "目标", "完成"], ["产出", "3座", "3座"], ["效益", "9人", "9人"]]
    assert len(grids(_pages(LEFT, again).read())) == 2
