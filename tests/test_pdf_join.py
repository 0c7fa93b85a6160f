"""Tables that go on over the page: what the parts show, and the one table that must come out."""

from __future__ import annotations

from extract.document import Grid
from tests.pdf_builder import Paper, Rows, grids, lines, marked

WIDTHS = [40, 50, 90, 50, 40]
HEADER = ["一级", "二级", "三级", "目标", "得分"]


def _pages(*parts: Rows, widths: list[float] | None = None, numbers: bool = False) -> Paper:
    paper = Paper((340, 300))
    for number, rows in enumerate(parts, start=1):
        if number > 1:
            paper.next_page()
        paper.table(30, 40, widths or list(WIDTHS), rows, height=30)
        if numbers:
            paper.text(160, 285, f"- {number} -", 9)
    return paper


def test_two_parts_with_the_same_edges_are_one_table_and_its_cells_keep_their_page() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"]], [["效益", "社会", "乙", "6", "9"]], numbers=True
    ).read()
    assert marked(document) == [HEADER, ["产出", "数量", "甲", "5", "10"], ["效益", "社会", "乙", "6", "9"]]
    grid = document.blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[2][3].where.place == "第2页 表1 第3行 第4列"
    assert grid.rows[2][3].where.box == (210.0, 40.0, 260.0, 70.0)
    assert [line.text for line in document.margins] == ["- 1 -", "- 2 -"]


def test_a_line_of_text_between_the_parts_keeps_them_apart() -> None:
    paper = _pages([HEADER])
    paper.text(60, 200, "另一张表").next_page()
    paper.table(30, 40, WIDTHS, [HEADER], height=30)
    document = paper.read()
    assert (len(grids(document)), lines(document)) == (2, ["另一张表"])


def test_parts_with_other_outer_edges_are_two_tables() -> None:
    paper = _pages([HEADER])
    paper.next_page()
    paper.table(30, 40, [60, 60], [["甲", "乙"]])
    assert len(grids(paper.read())) == 2


def test_a_part_may_show_other_inner_edges() -> None:
    paper = _pages([HEADER])
    paper.next_page()
    paper.table(30, 40, [90, 180], [["总分", "98"]], height=30)
    assert marked(paper.read()) == [HEADER, ["总分", "<", "98", "<", "<"]]


def test_a_header_repeated_after_the_break_is_there_once() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"]], [HEADER, ["效益", "社会", "乙", "6", "9"]]
    ).read()
    assert marked(document) == [HEADER, ["产出", "数量", "甲", "5", "10"], ["效益", "社会", "乙", "6", "9"]]


def test_rows_of_numbers_that_are_alike_are_no_header() -> None:
    rows = [["甲", "1", "2", "3", "4"], ["乙", "0", "0", "0", "0"]]
    assert len(grids(_pages(rows, [rows[1], ["丙", "1", "1", "1", "1"]]).read())[0]) == 4


def test_a_merged_label_goes_on_where_the_next_page_leaves_it_blank() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"], ["^", "^", "乙", "6", "9"]],
        [["", "", "丙", "7", "8"], ["^", "质量", "丁", "8", "7"]],
    ).read()
    assert marked(document) == [
        HEADER,
        ["产出", "数量", "甲", "5", "10"],
        ["^", "^", "乙", "6", "9"],
        ["^", "^", "丙", "7", "8"],
        ["^", "质量", "丁", "8", "7"],
    ]


def test_a_merged_label_repeated_on_the_next_page_is_one_label() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"], ["^", "质量", "乙", "6", "9"]],
        [["产出（续）", "质量", "丙", "7", "8"], ["^", "^", "丁", "8", "7"]],
    ).read()
    assert marked(document)[2:] == [
        ["^", "质量", "乙", "6", "9"],
        ["^", "^", "丙", "7", "8"],
        ["^", "^", "丁", "8", "7"],
    ]


def test_the_same_score_above_and_below_the_break_stays_two_cells() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"], ["^", "质量", "乙", "6", "10"]],
        [["效益", "社会", "丙", "6", "10"], ["^", "经济", "丁", "8", "7"]],
    ).read()
    assert marked(document)[3] == ["效益", "社会", "丙", "6", "10"]


def test_a_merged_label_goes_on_over_three_pages() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "甲", "5", "10"], ["^", "^", "乙", "6", "9"]],
        [["", "", "丙", "7", "8"], ["^", "^", "丁", "8", "7"]],
        [["", "", "戊", "7", "8"], ["效益", "社会", "己", "8", "7"]],
    ).read()
    assert [row[:2] for row in marked(document)] == [
        ["一级", "二级"],
        ["产出", "数量"],
        ["^", "^"],
        ["^", "^"],
        ["^", "^"],
        ["^", "^"],
        ["效益", "社会"],
    ]


def test_a_row_that_the_break_cut_in_two_is_one_row() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "参加培训人员满意\n度调查平均得分及", "控制在每\n人每年内", "10"]],
        [["", "", "其说明", "完成", ""], ["^", "质量", "丁", "8", "7"]],
    ).read()
    assert marked(document) == [
        HEADER,
        ["产出", "数量", "参加培训人员满意度调查平均得分及其说明", "控制在每人每年内完成", "10"],
        ["^", "质量", "丁", "8", "7"],
    ]


def test_a_placeholder_row_after_the_break_is_a_row_of_its_own() -> None:
    document = _pages(
        [HEADER, ["产出", "数量", "指标1：参训人员数", "5", "10"], ["^", "^", "指标2：", "", ""]],
        [["", "", "指标2：", "", ""], ["^", "质量", "指标1：资金支付率", "8", "7"]],
    ).read()
    assert [row[2] for row in marked(document)] == [
        "三级",
        "指标1：参训人员数",
        "指标2：",
        "指标2：",
        "指标1：资金支付率",
    ]


def test_a_cut_row_of_label_and_text_is_one_row() -> None:
    document = _pages(
        [HEADER, ["评价结", "完成了全部工作。", "<", "<", "<"]],
        [["论", "", "<", "<", "<"], ["问题", "暂无", "<", "<", "<"]],
    ).read()
    assert [row[0] for row in marked(document)] == ["一级", "评价结论", "问题"]


def test_a_cell_alone_on_the_next_page_goes_on_with_the_table() -> None:
    paper = _pages(
        [
            ["报告", "<", "<", "<", "<"],
            ["一、本项目支出资金用于城区道路亮化工程的建设以及其日", "<", "<", "<", "<"],
        ]
    )
    paper.next_page()
    paper.table(30, 40, [270], [["常维护。"]], height=30)
    rows = marked(paper.read())
    assert [row[0] for row in rows] == [
        "报告",
        "一、本项目支出资金用于城区道路亮化工程的建设以及其日常维护。",
    ]


def test_a_paragraph_goes_on_over_the_page() -> None:
    paper = Paper((340, 300))
    text = "本项目支出资金用于城区道路亮化工程建设和维护以及"
    for number in range(5):
        paper.text(40, 60 + 16 * number, (text * 2)[:26])
    paper.text(160, 285, "1", 9).next_page()
    paper.text(40, 60, "其他支出。").text(160, 285, "2", 9)
    assert lines(paper.read()) == [(text * 2)[:26] * 5 + "其他支出。"]
