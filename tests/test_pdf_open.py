"""Tables without ruling lines: what the gaps say."""

from __future__ import annotations

from tests.pdf_builder import Paper, grids, lines, marked

ROWS = [
    ["名称", "指标值", "完成值", "得分"],
    ["培训人数", "100", "98", "10"],
    ["合格率", "90%", "95%", ""],
    ["满意度", "85%", "", "5"],
]


def _written(rows: list[list[str]], step: float = 20.0) -> Paper:
    paper = Paper()
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            paper.text(60 + 90 * column, 100 + step * number, text)
    return paper


def test_columns_are_where_the_lines_leave_gaps() -> None:
    paper = _written(ROWS)
    paper.text(60, 60, "自评表").text(60, 220, "填表人：张三    电话：123")
    document = paper.read()
    assert (grids(document), lines(document)) == ([ROWS], ["自评表", "填表人：张三    电话：123"])


def test_three_lines_across_do_not_hide_the_rows_between_them() -> None:
    paper = _written(ROWS)
    for y in (85, 108, 170):
        paper.line(55, y, 400, y)
    assert grids(paper.read()) == [ROWS]


def test_rows_between_lines_across_may_have_several_lines() -> None:
    paper = Paper()
    for number in range(4):
        y = 100 + 40 * number
        paper.text(60, y, "参加培训").text(60, y + 12, f"人数{number}").text(160, y, "1").text(
            250, y, "2"
        ).text(340, y, "3")
        paper.line(55, y + 20, 400, y + 20)
    assert grids(paper.read()) == [[[f"参加培训人数{n}", "1", "2", "3"] for n in range(4)]]


def test_a_header_over_two_columns_is_one_cell() -> None:
    paper = _written([["名称", "", "", "得分"], *ROWS[1:], *ROWS[1:]])
    paper.text(150, 100, "指标值与完成值的对照情况表")
    assert marked(paper.read())[0] == ["名称", "指标值与完成值的对照情况表", "<", "得分"]


def test_a_signature_line_is_a_line() -> None:
    paper = Paper()
    paper.text(60, 100, "负责人：甲").text(200, 100, "填表人：乙").text(340, 100, "电话：1")
    assert grids(paper.read()) == []


def test_prose_is_no_table() -> None:
    paper = Paper()
    for number in range(6):
        paper.text(60, 100 + 16 * number, "本项目按计划完成了全部建设内容" + "，效果良好" * (number % 3))
    assert grids(paper.read()) == []
