"""What a PDF page shows, and what must come out of it."""

from __future__ import annotations

import pytest
from reportlab.lib.colors import Color, gray, lightgrey, red, white
from reportlab.pdfgen.canvas import Canvas

from extract.document import Grid, Line
from tests.pdf_builder import FONT, Paper, Rule, grids, lines, marked


def _thin_rectangle(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.rect(
        min(x0, x1) - 0.25, min(y0, y1) - 0.25, abs(x1 - x0) + 0.5, abs(y1 - y0) + 0.5, stroke=0, fill=1
    )


def _double(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    for off in (-0.9, 0.9):
        across = y0 == y1
        canvas.line(
            x0 + (0 if across else off),
            y0 + (off if across else 0),
            x1 + (0 if across else off),
            y1 + (off if across else 0),
        )


def _dashed(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.setDash(3, 2)
    canvas.line(x0, y0, x1, y1)
    canvas.setDash()


def _pieces(
    canvas: Canvas, x0: float, y0: float, x1: float, y1: float, step: float = 7.0, part: float = 0.9
) -> None:
    length = max(abs(x1 - x0), abs(y1 - y0))
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    at = 0.0
    while at < length:
        end = min(at + step * part, length)
        canvas.line(x0 + dx * at, y0 + dy * at, x0 + dx * end, y0 + dy * end)
        at += step


def _drawn_dashes(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    _pieces(canvas, x0, y0, x1, y1, 4.0, 0.5)


def _dots(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    _pieces(canvas, x0, y0, x1, y1, 2.0, 0.3)


def _one_path(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x0, y0)
    path.lineTo((x0 + x1) / 2, (y0 + y1) / 2)
    path.lineTo(x1, y1)
    canvas.drawPath(path)


@pytest.mark.parametrize(
    "rule",
    [None, _thin_rectangle, _double, _dashed, _pieces, _drawn_dashes, _dots, _one_path],
    ids=lambda rule: getattr(rule, "__name__", "line"),
)
def test_a_table_is_read_however_its_lines_are_drawn(rule: Rule | None) -> None:
    paper = Paper()
    rows = [["项目", "<", "金额"], ["财政", "本年", "12.5"], ["^", "其他", "3"]]
    paper.table(60, 80, [50, 60, 80], rows, rule=rule)
    assert marked(paper.read()) == rows


def test_the_sides_of_boxes_are_lines() -> None:
    paper = Paper()
    for column in range(3):
        for row in range(2):
            paper.canvas.rect(60 + 70 * column, 700 - 20 * row, 70, 20)
            paper.text(64 + 70 * column, paper.height - 706 + 20 * row, f"{row}{column}")
    assert grids(paper.read()) == [[["00", "01", "02"], ["10", "11", "12"]]]


def test_coloured_cells_are_no_lines_of_their_own() -> None:
    paper = Paper()
    paper.canvas.setFillColor(lightgrey)
    paper.canvas.rect(60, paper.height - 100, 110, 20, stroke=0, fill=1)
    paper.canvas.rect(70, paper.height - 118, 40, 12, stroke=0, fill=1)
    paper.canvas.setFillColor("black")
    paper.table(60, 80, [50, 60], [["甲", "乙"], ["丙", "丁"]])
    assert grids(paper.read()) == [[["甲", "乙"], ["丙", "丁"]]]


def test_white_lines_part_coloured_cells_and_nothing_else() -> None:
    paper = Paper()
    paper.canvas.setFillColor(gray)
    paper.canvas.rect(60, paper.height - 100, 110, 20, stroke=0, fill=1)
    paper.canvas.setFillColor("black")
    paper.table(60, 80, [110], [[""], ["总额"]])
    paper.canvas.setStrokeColor(white)
    paper.line(110, 81, 110, 119)
    paper.text(64, 94, "甲").text(114, 94, "乙")
    assert marked(paper.read()) == [["甲", "乙"], ["总额", "<"]]


def test_a_table_without_side_lines_ends_where_its_lines_across_end() -> None:
    paper = Paper()
    for y in (80, 100, 120):
        paper.line(60, y, 200, y)
    paper.line(130, 80, 130, 120)
    for x, y, text in ((64, 94, "甲"), (134, 94, "乙"), (64, 114, "丙"), (134, 114, "丁")):
        paper.text(x, y, text)
    assert grids(paper.read()) == [[["甲", "乙"], ["丙", "丁"]]]


def test_a_page_that_ends_within_a_table_has_no_line_below_the_last_row() -> None:
    paper = Paper()
    for y in (80, 100):
        paper.line(60, y, 200, y)
    for x in (60, 130, 200):
        paper.line(x, 80, x, 120)
    paper.text(64, 94, "甲").text(134, 94, "乙").text(64, 114, "丙").text(134, 114, "丁")
    assert grids(paper.read()) == [[["甲", "乙"], ["丙", "丁"]]]


def test_an_underline_in_a_cell_parts_nothing() -> None:
    paper = Paper()
    paper.table(60, 80, [100, 60], [["单位 甲", "乙"], ["丙", "丁"]])
    paper.line(84, 95, 158, 95)
    assert grids(paper.read()) == [[["单位 甲", "乙"], ["丙", "丁"]]]


def test_a_frame_around_text_is_no_table() -> None:
    paper = Paper()
    paper.canvas.rect(30, 30, paper.width - 60, paper.height - 60)
    paper.text(60, 80, "附件1")
    paper.table(60, 100, [50, 60], [["甲", "乙"]])
    document = paper.read()
    assert (lines(document), grids(document)) == (["附件1"], [[["甲", "乙"]]])


def test_tables_and_paragraphs_keep_their_order() -> None:
    paper = Paper()
    paper.text(60, 60, "表一")
    bottom = paper.table(60, 70, [50, 60], [["甲", "乙"], ["丙", "丁"]])
    paper.text(60, bottom + 20, "表二")
    paper.table(60, bottom + 30, [70, 60], [["1", "2"]])
    paper.text(60, bottom + 80, "说明")
    blocks = paper.read().blocks
    assert [block.text if isinstance(block, Line) else len(block.rows) for block in blocks] == [
        "表一",
        2,
        "表二",
        1,
        "说明",
    ]


def test_a_cell_knows_its_page_and_its_rectangle() -> None:
    paper = Paper()
    paper.text(60, 60, "首页").next_page()
    paper.table(60, 80, [50, 60], [["甲", "乙"], ["丙", "丁"]])
    document = paper.read()
    grid = next(block for block in document.blocks if isinstance(block, Grid))
    where = grid.rows[1][1].where
    assert (where.place, where.page, where.box) == ("第2页 表1 第2行 第2列", 2, (110.0, 100.0, 170.0, 120.0))
    assert document.blocks[0].where.place == "第1页 第1段"  # type: ignore[union-attr]


def test_wrapped_text_of_a_cell_is_one_line_and_a_short_line_ends_a_paragraph() -> None:
    paper = Paper()
    paper.table(
        60, 80, [38.5, 40], [["项目支\n出绩效\n自评", "5336.33\n2"], ["甲\n乙", "ab cd\nefghi"]], height=50
    )
    assert grids(paper.read()) == [[["项目支出绩效自评", "5336.332"], ["甲\n乙", "ab cd efghi"]]]


def test_blanks_that_setters_put_between_chinese_and_digits_are_none() -> None:
    paper = Paper()
    bottom = paper.table(60, 80, [120, 80], [["", ""]])
    for x, text in ((64, "截至"), (86.5, "2021"), (109, "年底")):
        paper.text(x, bottom - 6, text)
    paper.canvas.drawString(184, paper.height - bottom + 6, "1 022.89", charSpace=0.8)
    assert grids(paper.read()) == [[["截至2021年底", "1 022.89"]]]


def test_a_number_set_wide_has_no_blanks_in_it() -> None:
    paper = Paper()
    paper.table(60, 80, [120, 80], [["", ""]])
    paper.canvas.drawString(64, paper.height - 94, "123456", charSpace=2.5)
    paper.canvas.drawString(184, paper.height - 94, "7.5", charSpace=2.5)
    assert grids(paper.read()) == [[["123456", "7.5"]]]


def test_a_raised_digit_stays_raised() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 80], [["300m", "10"]])
    paper.canvas.setFont(FONT, 6)
    paper.canvas.drawString(64 + pwidth("300m"), paper.height - 88, "2")
    paper.canvas.drawString(144 + pwidth("10"), paper.height - 88, "3")
    assert grids(paper.read()) == [[["300m²", "10³"]]]


def test_a_label_written_on_its_side_is_read_along_itself() -> None:
    paper = Paper()
    paper.table(60, 80, [30, 60], [["", "甲"], ["^", "乙"], ["^", "丙"]], height=30)
    paper.canvas.saveState()
    paper.canvas.translate(78, paper.height - 165)
    paper.canvas.rotate(90)
    paper.canvas.setFont(FONT, 10)
    paper.canvas.drawString(0, 0, "产出指标(50)")
    paper.canvas.restoreState()
    assert marked(paper.read()) == [["产出指标(50)", "甲"], ["^", "乙"], ["^", "丙"]]


def test_a_label_written_downwards_in_two_columns_is_read_from_the_right() -> None:
    paper = Paper()
    paper.table(60, 80, [40, 60], [["", "甲"], ["^", "乙"], ["^", "丙"]], height=30)
    for number, sign in enumerate("年度总体"):
        paper.text(82, 100 + 12 * number, sign)
    for number, sign in enumerate("绩效目标"):
        paper.text(66, 100 + 12 * number, sign)
    assert grids(paper.read())[0][0][0] == "年度总体绩效目标"


def test_a_label_set_one_character_a_line_is_read_downwards() -> None:
    paper = Paper()
    paper.table(60, 80, [18, 60], [["绩\n效\n指\n标", "甲"], ["^", "乙"]], height=30)
    assert grids(paper.read())[0][0][0] == "绩效指标"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_shown_turned_reads_as_it_is_shown(turn: int) -> None:
    paper = Paper((400, 600))
    paper.canvas.setPageRotation(turn)
    width, height = (400.0, 600.0)
    paper.canvas.translate(*{90: (600, 0), 180: (400, 600), 270: (0, 400)}[turn])
    paper.canvas.rotate({90: 90, 180: 180, 270: 270}[turn])
    paper.height = height
    paper.text(60, 60, "标题")
    paper.table(60, 80, [50, 60], [["甲", "乙"], ["丙丁戊", "^"]])
    document = paper.read()
    assert (lines(document), marked(document)) == (["标题"], [["甲", "乙"], ["丙丁戊", "^"]])
    grid = document.blocks[1]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].where.box == (60.0, 80.0, 110.0, 100.0)
    assert width < height


def test_a_page_whose_text_was_drawn_sideways_is_read_along_the_text() -> None:
    paper = Paper((600, 400))
    paper.canvas.translate(600, 0)
    paper.canvas.rotate(90)
    paper.height = 600
    paper.text(60, 60, "标题文字")
    paper.table(60, 80, [50, 60], [["甲", "乙"], ["丙丁戊", "^"]])
    document = paper.read()
    assert (lines(document), marked(document)) == (["标题文字"], [["甲", "乙"], ["丙丁戊", "^"]])


def test_a_leaning_watermark_over_the_cells_is_not_their_text() -> None:
    paper = Paper()
    paper.table(60, 80, [50, 60], [["甲乙丙丁", "乙"], ["丙", "丁"]])
    paper.canvas.saveState()
    paper.canvas.translate(70, paper.height - 120)
    paper.canvas.rotate(30)
    paper.canvas.setFont(FONT, 16)
    paper.canvas.drawString(0, 0, "内部资料")
    paper.canvas.restoreState()
    assert grids(paper.read()) == [[["甲乙丙丁", "乙"], ["丙", "丁"]]]


@pytest.mark.parametrize("colour", [lightgrey, Color(0, 0, 0, alpha=0.2)], ids=["pale", "transparent"])
def test_a_large_pale_watermark_is_not_text(colour: Color) -> None:
    paper = Paper()
    paper.table(60, 80, [50, 60], [["甲乙丙丁", "乙"], ["丙", "丁"]])
    paper.canvas.setFillColor(colour)
    paper.text(65, 115, "样本", 36)
    assert grids(paper.read()) == [[["甲乙丙丁", "乙"], ["丙", "丁"]]]


def test_a_large_black_title_is_text() -> None:
    paper = Paper()
    paper.text(65, 60, "自评表", 36)
    paper.table(60, 80, [50, 60], [["甲乙丙丁", "乙"], ["丙", "丁"]])
    assert lines(paper.read()) == ["自评表"]


def test_a_seal_over_cells_adds_no_cells_and_no_text() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 80], [["甲乙丙丁", "乙"], ["丙", "丁"]])
    canvas = paper.canvas
    canvas.setStrokeColor(red)
    canvas.setFillColor(red)
    canvas.circle(140, paper.height - 100, 30)
    for number, sign in enumerate("某某市财政局"):
        canvas.saveState()
        canvas.translate(140, paper.height - 100)
        canvas.rotate(65 - 25 * number)
        canvas.drawString(-5, 20, sign)
        canvas.restoreState()
    assert grids(paper.read()) == [[["甲乙丙丁", "乙"], ["丙", "丁"]]]


def test_text_drawn_twice_to_look_bold_is_there_once() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 80], [["总额11", "乙"]])
    paper.text(64.4, 92, "总额11")
    assert grids(paper.read()) == [[["总额11", "乙"]]]


def test_what_a_form_places_on_the_page_is_read_where_it_is_placed() -> None:
    paper = Paper()
    paper.canvas.beginForm("part")
    paper.table(0, 80, [50, 60], [["甲", "乙"], ["丙", "丁"]])
    paper.canvas.endForm()
    paper.canvas.translate(60, -20)
    paper.canvas.doForm("part")
    document = paper.read()
    assert grids(document) == [[["甲", "乙"], ["丙", "丁"]]]
    grid = document.blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].where.box == (60.0, 100.0, 110.0, 120.0)


def test_what_was_typed_into_a_form_field_is_text_of_its_cell() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 120], [["Amount", ""]])
    paper.canvas.acroForm.textfield(
        name="a", value="12.5", x=142, y=paper.height - 98, width=100, height=16, fontSize=9, borderWidth=0
    )
    assert grids(paper.read()) == [[["Amount", "12.5"]]]


def test_a_table_within_a_cell_is_a_table_of_its_own() -> None:
    paper = Paper()
    paper.table(60, 80, [200, 60], [["外", "乙"]], height=80)
    paper.table(70, 110, [50, 50], [["甲", "丙"]])
    assert grids(paper.read()) == [[["外", "乙"]], [["甲", "丙"]]]


def test_page_numbers_headers_and_footers_are_margins() -> None:
    paper = Paper()
    for page in (1, 2):
        paper.text(60, 40, "内部资料", 9)
        paper.text(60, 100 * page, f"第{'一二'[page - 1]}段")
        paper.text(290, paper.height - 40, f"- {page} -")
        if page == 1:
            paper.next_page()
    document = paper.read()
    assert lines(document) == ["第一段", "第二段"]
    assert [line.text for line in document.margins] == ["内部资料", "- 1 -", "内部资料", "- 2 -"]
    assert document.margins[1].where.place == "第1页 页脚 第2行"


def test_a_title_on_every_page_stays_a_title() -> None:
    paper = Paper()
    for page in (1, 2):
        paper.text(200, 50, "自评表", 16)
        paper.table(60, 80, [50, 60], [["甲", str(page)]])
        if page == 1:
            paper.next_page()
    document = paper.read()
    assert lines(document) == ["自评表", "自评表"]
    assert len(grids(document)) == 2


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_not() -> None:
    paper = Paper()
    full = "为落实上级部署本单位启动实施该项目"
    paper.text(90, 100, f"一、{full}{full}{full[:5]}")
    paper.text(90, 116, full[5:])
    paper.text(90, 132, "二、情况")
    assert lines(paper.read()) == [f"一、{full}{full}{full}", "二、情况"]


def pwidth(text: str) -> float:
    """How wide a text is set."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return stringWidth(text, FONT, 10)


def test_text_set_small_and_scaled_up_has_the_size_that_it_shows() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 80], [["", "乙"]])
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(64, paper.height - 94)
    canvas.scale(10, 10)
    canvas.setFont(FONT, 1)
    canvas.drawString(0, 0, "甲 12.5")
    canvas.restoreState()
    assert grids(paper.read()) == [[["甲 12.5", "乙"]]]


def test_places_are_counted_from_the_part_of_the_page_that_shows() -> None:
    paper = Paper(cropBox=(40, 100, 500, 800))
    paper.table(60, 80, [80, 80], [["甲", "乙"]])
    paper.text(10, 20, "裁切之外")
    document = paper.read()
    grid = document.blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].where.box == (
        20.0,
        pytest.approx(80 - (paper.height - 800), abs=0.1),
        100.0,
        pytest.approx(100 - (paper.height - 800), abs=0.1),
    )
    assert lines(document) == []


def test_a_short_word_that_fits_begins_a_new_line_and_a_long_one_was_wrapped() -> None:
    paper = Paper()
    paper.table(60, 80, [90, 60], [["目标1：完成\n目标2：推进", "乙"]], height=40)
    assert grids(paper.read()) == [[["目标1：完成\n目标2：推进", "乙"]]]


def test_a_unit_that_setters_would_have_set_apart_from_its_number_was_wrapped() -> None:
    # 元 would fit behind 817472.76, but not with the space that is set between digits and Chinese.
    paper = Paper()
    paper.table(
        60, 80, [pwidth("817472.76元") + 9.3, 90], [["817472.76\n元", "2021年完成。\n22个"]], height=40
    )
    assert grids(paper.read()) == [[["817472.76元", "2021年完成。\n22个"]]]


def test_a_unit_with_a_stroke_in_it_is_one_word() -> None:
    paper = Paper()
    paper.table(60, 80, [pwidth("7885元/") + 15, 90], [["不超过\n7885\n元/户", "户数\n元/户"]], height=40)
    assert grids(paper.read()) == [[["不超过7885元/户", "户数\n元/户"]]]


def test_a_first_line_set_in_is_as_full_as_the_others() -> None:
    paper = Paper()
    bottom = paper.table(60, 80, [88.4, 88.4], [["", "按计划\n二"]], height=40)
    paper.text(84, bottom - 24, "上年结转资").text(64, bottom - 10, "金")
    assert grids(paper.read()) == [[["上年结转资金", "按计划\n二"]]]


def test_no_text_begins_with_a_comma() -> None:
    paper = Paper()
    paper.table(60, 80, [90, 60], [["到场适配\n，2024年上门", "乙"]], height=40)
    assert grids(paper.read()) == [[["到场适配，2024年上门", "乙"]]]


def test_what_is_drawn_in_one_go_over_several_cells_is_parted_by_their_lines() -> None:
    paper = Paper()
    bottom = paper.table(60, 80, [20, 20, 40], [["", "", ""], ["", "<", ""]])
    paper.text(60, bottom - 26, "甲乙丙丁戊己").text(60, bottom - 6, "子丑寅卯辰巳")
    document = paper.read()
    assert grids(document) == [[["甲乙", "丙丁", "戊己"], ["子丑寅卯", "子丑寅卯", "辰巳"]]]


def test_text_that_runs_out_of_a_table_is_parted_at_its_edge() -> None:
    paper = Paper()
    bottom = paper.table(60, 80, [40, 40], [["", "乙"], ["", "丁"]])
    paper.text(40, bottom - 26, "一二三四")
    document = paper.read()
    assert grids(document) == [[["三四", "乙"], ["", "丁"]]]
    assert lines(document) == ["一二"]
