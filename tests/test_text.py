"""Text and Markdown files become lines and grids: each test shows the text and what comes out of it."""

from __future__ import annotations

import random
import time
import unicodedata
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.document import Document, Grid, Line, ReadError, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS, MAX_TEXT_BYTES
from extract.marks import STRUCK
from extract.text.read import MAX_LINES, read_text
from zipingbiao import records


def read(text: str, source: str = "form.txt") -> Document:
    return read_text(text.encode(), source)


def shown(document: Document) -> list[str | list[list[str]]]:
    """Lines as strings, grids as rows of strings; a slot that shares the cell to its left shows ``<``, one
    that shares the cell above shows ``^``."""
    blocks: list[str | list[list[str]]] = []
    for block in document.blocks:
        if isinstance(block, Line):
            blocks.append(block.text)
            continue
        rows: list[list[str]] = []
        for r, row in enumerate(block.rows):
            texts: list[str] = []
            for c, cell in enumerate(row):
                if c and row[c - 1] is cell:
                    texts.append("<")
                elif block.aligned and r and block.rows[r - 1][c] is cell:
                    texts.append("^")
                else:
                    texts.append(cell.text)
            rows.append(texts)
        blocks.append(rows)
    return blocks


def only_grid(document: Document) -> Grid:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return grid


# ---- a cell a line: the dump of a Word table ---------------------------------------------------------


def test_a_dump_has_a_cell_behind_each_tab_and_a_row_between_blank_lines() -> None:
    document = read("\t项目名称\n\t档案修复\n\n\t年初预算数\n\t全年预算数\n\t得分\n\n\t12\n\t\n\t10\n")
    assert shown(document) == [
        [["项目名称", "档案修复"], ["年初预算数", "全年预算数", "得分"], ["12", "", "10"]]
    ]
    assert not only_grid(document).aligned


def test_a_line_without_a_tab_goes_on_with_the_cell_above() -> None:
    document = read("\t绩\n效\n指\n标\n\t一级指标\n\t实际\n完成值\n\n\t\n\t产出\n\t\n")
    assert shown(document) == [[["绩\n效\n指\n标", "一级指标", "实际\n完成值"], ["", "产出", ""]]]


def test_cells_of_a_dump_stand_in_the_line_of_their_tab() -> None:
    grid = only_grid(read("说明\n\n\t绩\n效\n\t甲\n\n\t\n\t乙\n", "a.txt"))
    assert [cell.where for cell in grid.cells()] == [
        Where("a.txt", "表1", 1, 1, line=3),
        Where("a.txt", "表1", 1, 2, line=5),
        Where("a.txt", "表1", 2, 1, line=7),
        Where("a.txt", "表1", 2, 2, line=8),
    ]


def test_a_row_whose_first_cell_lost_its_tab_stays_a_row() -> None:
    document = read("\t得分\n\t20\n\t18\n\n总分\n\t100\n\t98\n\t\n\n总\n分\n\t100\n")
    assert shown(document) == [[["得分", "20", "18"], ["总分", "100", "98", ""], ["总\n分", "100"]]]


def test_paragraphs_around_a_dump_are_lines_and_end_the_grid() -> None:
    document = read(
        "自评表\n\n填表人：某某  0000-1234567\n\n\t项目名称\n\t修复\n\n"
        "单位自评报告\n一、基本情况\n\n\t甲\n\t乙\n"
    )
    assert shown(document) == [
        "自评表",
        "填表人：某某  0000-1234567",
        [["项目名称", "修复"]],
        "单位自评报告",
        "一、基本情况",
        [["甲", "乙"]],
    ]
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [grid.rows[0][0].where.part for grid in grids] == ["表1", "表2"]


def test_titles_right_above_the_first_tab_are_lines() -> None:
    document = read("自评表\n（2021年度）\n\t项目名称\n\t修复\n")
    assert shown(document) == ["自评表", "（2021年度）", [["项目名称", "修复"]]]


def test_a_title_behind_a_tab_is_a_line_where_no_row_has_two_cells() -> None:
    document = read("\t自评表\n\n\t（2021年度）\n\n填表人：某某\n\n\t项目名称\n\t修复\n")
    assert shown(document) == ["自评表", "（2021年度）", "填表人：某某", [["项目名称", "修复"]]]


def test_a_title_behind_a_tab_is_a_row_where_the_table_follows() -> None:
    document = read("\t自评表\n\n\t项目名称\n\t修复\n")
    assert shown(document) == [[["自评表"], ["项目名称", "修复"]]]


def test_paragraphs_that_a_tab_indents_are_lines() -> None:
    long = "本项目完成了全部修复工作，修复后的档案逐页扫描并移交库房保存，未发生损毁和丢失的情况，评价好。"
    assert shown(read(f"一、基本情况\n\t{long}\n\t{long}\n")) == ["一、基本情况", long, long]
    assert shown(read("\t一、基本情况\n\n\t已完成。\n")) == ["一、基本情况", "已完成。"]


def test_the_tab_behind_a_list_number_is_part_of_the_cell() -> None:
    document = read("\t\n\t1.\t修复档案\n2.\t移交库房\n\t已完成\n\t10\n")
    assert shown(document) == [[["", "1.\t修复档案\n2.\t移交库房", "已完成", "10"]]]


def test_an_editor_that_strips_blanks_costs_cells_but_no_text() -> None:
    dump = "\t项目资金\n（万元）\n\t\n\t年初预算数\n\t得分\n\n\t\n\t总额\n\t23\n\t10\n"
    stripped = "\n".join(line.rstrip() for line in dump.split("\n"))
    assert shown(read(stripped)) == [[["项目资金\n（万元）"], ["年初预算数", "得分"], ["总额", "23", "10"]]]


def test_leading_blanks_of_a_cell_are_kept_and_trailing_ones_dropped() -> None:
    assert shown(read("\t      其他资金  \n\t 5 \n")) == [[["      其他资金", " 5"]]]


# ---- a row a line: TAB-separated ---------------------------------------------------------------------


def test_tab_separated_rows_are_padded_to_a_rectangle() -> None:
    document = read("自评表\n项目名称\t修复\n\t总额\t12\t10\n\t\t\t9\n报告\n")
    assert shown(document) == [
        "自评表",
        [["项目名称", "修复", "", ""], ["", "总额", "12", "10"], ["", "", "", "9"]],
        "报告",
    ]
    assert only_grid(document).aligned


def test_every_slot_of_a_padded_grid_has_its_own_cell_and_place() -> None:
    grid = only_grid(read("甲\t乙\t丙\n\n丁\t戊\n", "a.txt"))
    assert len(list(grid.cells())) == 6
    assert grid.rows[1][2].where == Where("a.txt", "表1", 2, 3, line=3)


def test_one_line_without_tabs_between_rows_is_a_row() -> None:
    assert shown(read("甲\t1\t2\n绩效目标\n乙\t3\t4\n")) == [
        [["甲", "1", "2"], ["绩效目标", "", ""], ["乙", "3", "4"]]
    ]


def test_several_lines_without_tabs_part_two_tables() -> None:
    assert shown(read("甲\t1\t2\n说明\n自评表\n乙\t3\t4\n")) == [
        [["甲", "1", "2"]],
        "说明",
        "自评表",
        [["乙", "3", "4"]],
    ]


def test_a_paragraph_between_blank_lines_parts_two_tables() -> None:
    assert shown(read("甲\t1\t2\n\n自评表\n\n乙\t3\t4\n")) == [
        [["甲", "1", "2"]],
        "自评表",
        [["乙", "3", "4"]],
    ]


def test_a_blank_line_inside_is_a_blank_row_that_lost_its_tabs() -> None:
    assert shown(read("甲\t1\t2\n\n乙\t3\n")) == [[["甲", "1", "2"], ["乙", "3", ""]]]


def test_quoted_cells_as_excel_copies_them_hold_line_ends_tabs_and_quotes() -> None:
    document = read(
        '"绩\n效\n\n指标"\t一级\t"年度\n指标值"\n\t"称为""样板"""\t"1,022.89"\n"十四五"\t"甲\t乙"\t末\n',
        "a.txt",
    )
    assert shown(document) == [
        [
            ["绩\n效\n\n指标", "一级", "年度\n指标值"],
            ["", '称为"样板"', "1,022.89"],
            ['"十四五"', "甲\t乙", "末"],
        ]
    ]
    assert only_grid(document).rows[1][1].where.line == 6


def test_quotes_around_every_cell_are_dropped() -> None:
    assert shown(read('"甲"\t"乙"\t"丙"\n"1"\t""\t"3"\n')) == [[["甲", "乙", "丙"], ["1", "", "3"]]]


@pytest.mark.parametrize(
    "text",
    [
        '甲\t"乙\t丙\n丁\t戊\t己\n',
        '甲\t"乙"丙\t丁\n戊\t"己\t庚\n',
        '甲\t5"\t6"\n',
        '"甲\n乙\n丙\n',
    ],
)
def test_quotes_that_do_not_pair_up_stay_as_they_are(text: str) -> None:
    blocks = shown(read(text))
    rows = [row for block in blocks for row in ([[block]] if isinstance(block, str) else block)]
    assert Counter(cell for row in rows for cell in "".join(row)) == Counter("".join(text.split()))


def test_a_quoted_paragraph_is_no_cell() -> None:
    assert shown(read('"甲\n乙"\n\t项目\n\t修复\n')) == ['"甲', '乙"', [["项目", "修复"]]]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一、\t基本情况\n", ["一、\t基本情况"]),
        ("填表人：某某\t电话：123\n", ["填表人：某某\t电话：123"]),
        ("1.\t修复档案\n2.\t移交库房\n", ["1.\t修复档案", "2.\t移交库房"]),
        ("\t\t某某单位\n\t\t2021年3月\n", ["某某单位", "2021年3月"]),
    ],
)
def test_tabs_inside_paragraphs_make_no_table(text: str, lines: list[str]) -> None:
    assert shown(read(text)) == lines


def test_a_spreadsheets_empty_columns_on_the_right_are_not_counted() -> None:
    assert shown(read("甲\t乙\t丙" + "\t" * 16381 + "\n1\t2\t3\n")) == [[["甲", "乙", "丙"], ["1", "2", "3"]]]


# ---- Markdown ----------------------------------------------------------------------------------------


def test_a_pipe_table_loses_its_delimiter_row() -> None:
    text = "# 自评表\n\n| 项目 | 得分 |\n|:---|---:|\n| 修复 | 10 |\n|  | 9 |\n\n**说明**：无\n"
    assert shown(read(text, "form.md")) == [
        "自评表",
        [["项目", "得分"], ["修复", "10"], ["", "9"]],
        "说明：无",
    ]


def test_a_pipe_table_needs_no_delimiter_row() -> None:
    assert shown(read("自评表\n| 项目 | 修复 |\n| 总分 | 100 |\n报告\n")) == [
        "自评表",
        [["项目", "修复"], ["总分", "100"]],
        "报告",
    ]


def test_outer_pipes_may_miss_where_a_delimiter_row_stands() -> None:
    assert shown(read("项目 | 得分\n--- | ---\n修复 | 10\n")) == [[["项目", "得分"], ["修复", "10"]]]


def test_without_outer_pipes_a_pipe_in_front_follows_a_blank_cell() -> None:
    assert shown(read("项目 | 得分\n--- | ---\n | 10\n修复 |\n")) == [
        [["项目", "得分"], ["", "10"], ["修复", ""]]
    ]


def test_a_short_pipe_row_is_padded() -> None:
    assert shown(read("| 甲 | 乙 | 丙 |\n| 1 |\n| 2 | 3\n")) == [
        [["甲", "乙", "丙"], ["1", "", ""], ["2", "3", ""]]
    ]


def test_cells_of_a_pipe_table_show_what_markdown_shows() -> None:
    text = r"""
        | 甲\|乙 | 年度<br>指标值<br/>（万元） | **合计** |
        |---|---|---|
        | &lt;5&nbsp;% | R&amp;D 2\*3 | **单位：**修复科 |
    """
    assert shown(read(dedent(text))) == [
        [["甲|乙", "年度\n指标值\n（万元）", "合计"], ["<5 %", "R&D 2*3", "单位：修复科"]]
    ]


def test_placeholder_stars_are_no_emphasis() -> None:
    assert shown(read("| 培训(≥**人) | (≥**次) |\n")) == [[["培训(≥**人)", "(≥**次)"]]]


def test_dashes_that_someone_filled_in_are_no_delimiter_row() -> None:
    assert shown(read("| 甲 | 乙 |\n|---|---|\n| - | - |\n")) == [[["甲", "乙"], ["-", "-"]]]


def test_heading_marks_are_text_outside_markdown() -> None:
    assert shown(read("# 1 号楼\n", "form.txt")) == ["# 1 号楼"]
    assert shown(read("# 1 号楼\n", "FORM.MD")) == ["1 号楼"]


@pytest.mark.parametrize(
    "text",
    [
        "是 | 否\n",
        "| 甲\n",
        "甲 | 乙\n丙 | 丁\n",
        "---\n",
        "─────\n甲\n",
        "a+b=c\n",
        "甲 | 乙\n-----\n",
        "甲│乙\n",
    ],
)
def test_a_bar_or_a_stroke_alone_makes_no_table(text: str) -> None:
    assert shown(read(text)) == text.split("\n")[:-1]


# ---- drawn frames ------------------------------------------------------------------------------------


def test_a_frame_ruled_under_its_head_has_a_row_a_line() -> None:
    text = """
        自评表
        ┌────────┬──────────┬──────┐
        │ 项目   │ 全年预算 │ 得分 │
        ├────────┼──────────┼──────┤
        │ 修复   │ 12.5     │ 10   │
        │ 数字化 │ ≥8       │ 9    │
        └────────┴──────────┴──────┘
        报告
    """
    document = read(dedent(text), "a.txt")
    assert shown(document) == [
        "自评表",
        [["项目", "全年预算", "得分"], ["修复", "12.5", "10"], ["数字化", "≥8", "9"]],
        "报告",
    ]
    assert only_grid(document).rows[2][1].where == Where("a.txt", "表1", 3, 2, line=7)


def test_lines_between_two_rulers_are_one_row() -> None:
    text = """
        +--------+----------+------+
        | 绩效   | 年度     | 得分 |
        | 指标   | 指标值   |      |
        +========+==========+======+
        | 修复   | 3200页   | 10   |
        +--------+----------+------+
        | 数字化 | 不低于   | 9    |
        |        | 百分之五 |      |
        +--------+----------+------+
    """
    assert shown(read(dedent(text))) == [
        [
            ["绩效\n指标", "年度\n指标值", "得分"],
            ["修复", "3200页", "10"],
            ["数字化", "不低于\n百分之五", "9"],
        ]
    ]


def test_where_a_ruler_misses_the_cell_goes_on_below() -> None:
    text = """
        ┌──────┬──────────┬──────┐
        │ 绩   │ 数量指标 │ 10   │
        │ 效   ├──────────┼──────┤
        │ 指   │ 质量指标 │ 9    │
        │ 标   │ （两项） │      │
        ├──────┴──────────┼──────┤
        │ 合计            │ 19   │
        ├─────────────────┴──────┤
        │ 说明：无               │
        └────────────────────────┘
    """
    document = read(dedent(text), "a.txt")
    assert shown(document) == [
        [
            ["绩\n效\n指\n标", "数量指标", "10"],
            ["^", "质量指标\n（两项）", "9"],
            ["合计", "<", "19"],
            ["说明：无", "<", "<"],
        ]
    ]
    grid = only_grid(document)
    assert grid.rows[0][0].where == Where("a.txt", "表1", 1, 1, line=3)
    assert grid.rows[2][1].where == Where("a.txt", "表1", 3, 1, line=8)


def test_a_merged_cell_of_plus_and_minus_frames_is_shared_too() -> None:
    text = """
        +------+------+----+
        | 产出 | 数量 | 5  |
        |      +------+----+
        |      | 质量 | 4  |
        +------+------+----+
        | 合计        | 9  |
        +-------------+----+
    """
    assert shown(read(dedent(text))) == [[["产出", "数量", "5"], ["^", "质量", "4"], ["合计", "<", "9"]]]


@pytest.mark.parametrize("ambiguous", [1, 2])
def test_frames_line_up_whether_ambiguous_characters_are_narrow_or_wide(ambiguous: int) -> None:
    rows = [["①甲", "≥95%", "无"], ["②", "x", "……"], ["合计", "", "—"]]
    assert shown(read(framed(rows, wide=2, ambiguous=ambiguous))) == [rows]


def test_a_frame_of_wide_lines_shares_cells_too() -> None:
    text = """
        ┌───┬───┬───┐
        │产出  │数量  │5     │
        │      ├───┼───┤
        │      │质量  │≥4   │
        ├───┴───┼───┤
        │合计          │9     │
        └───────┴───┘
    """
    assert shown(read(dedent(text))) == [[["产出", "数量", "5"], ["^", "质量", "≥4"], ["合计", "<", "9"]]]


def test_a_frame_ruled_above_its_foot_has_a_row_a_line() -> None:
    text = """
        +------+----+
        | 项目 | 分 |
        +------+----+
        | 修复 | 5  |
        | 保管 | 4  |
        +------+----+
        | 合计 | 9  |
        +------+----+
    """
    assert shown(read(dedent(text))) == [[["项目", "分"], ["修复", "5"], ["保管", "4"], ["合计", "9"]]]


def test_a_number_in_each_row_tells_the_rows_of_a_frame_ruled_under_its_head_and_above_its_foot() -> None:
    text = """
        ┌──────┬──────────┬──────┐
        │ 一级 │ 三级指标 │ 得分 │
        │ 指标 │          │      │
        ├──────┼──────────┼──────┤
        │ 产出 │ 培训人数 │ 10   │
        │ 指标 │ （全年） │      │
        │      │ 合格率   │ 9.5  │
        │ 效益 │ 满意度   │ 9    │
        │      │ 调查     │      │
        ├──────┼──────────┼──────┤
        │ 合计 │          │ 28.5 │
        └──────┴──────────┴──────┘
    """
    assert shown(read(dedent(text))) == [
        [
            ["一级\n指标", "三级指标", "得分"],
            ["产出\n指标", "培训人数\n（全年）", "10"],
            ["", "合格率", "9.5"],
            ["效益", "满意度\n调查", "9"],
            ["合计", "", "28.5"],
        ]
    ]


def test_a_head_of_two_lines_is_one_row_where_numbers_stand_below_it() -> None:
    text = """
        +------+--------+
        | 年度 | 实际   |
        | 目标 | 完成值 |
        +------+--------+
        | 10   | 9      |
        | 8    | 8      |
        +------+--------+
    """
    assert shown(read(dedent(text))) == [[["年度\n目标", "实际\n完成值"], ["10", "9"], ["8", "8"]]]


def test_colons_in_a_ruler_of_pandoc_are_no_text() -> None:
    head = "| 项目 | 分 |\n+:=====+:==:+\n"
    row = "+------+----+\n"
    assert shown(read(f"{row}{head}| 修复 | 5  |\n{row}| 保管 | 4  |\n{row}")) == [
        [["项目", "分"], ["修复", "5"], ["保管", "4"]]
    ]
    assert shown(read(f"+:-----+---:+\n| 修复 | 5  |\n{row}| 单位：| 4 |\n{row}")) == [
        [["修复", "5"], ["单位：", "4"]]
    ]


@pytest.mark.parametrize("gap", ["\f", "\n\f", "\n\n"])
def test_a_frame_that_the_end_of_a_page_cuts_is_one(gap: str) -> None:
    rows = [
        "┌──────┬────┐",
        "│ 项目 │ 分 │",
        "├──────┼────┤",
        "│ 修复 │ 5  │",
        "├──────┼────┤",
        "│ 保管 │ 4  │",
    ]
    rows += ["│      │ %  │", "└──────┴────┘"]
    for cut in range(1, len(rows)):
        text = "\n".join(rows[:cut]) + "\n" + gap + "\n".join(rows[cut:])
        assert shown(read(text)) == [[["项目", "分"], ["修复", "5"], ["保管", "4\n%"]]]


@pytest.mark.parametrize(
    "second", ["+----+\n| 丙 |\n+----+\n", "| 丙丁戊 |\n", "+------+\n| 丙丁 |\n+------+\n", "丙\n"]
)
def test_what_is_drawn_for_itself_behind_a_blank_line_is_no_part_of_the_frame(second: str) -> None:
    first = "+----+\n| 甲 |\n+----+\n"
    assert shown(read(f"{first}\n{second}"))[0] == [["甲"]]


def test_a_bar_inside_a_cell_stays_in_its_text() -> None:
    text = """
        +----------+----+
        | 是|否    | 分 |
        +----------+----+
        | 修复     | 5  |
        | 保管|存  | 4  |
        +----------+----+
    """
    assert shown(read(dedent(text))) == [[["是|否", "分"], ["修复", "5"], ["保管|存", "4"]]]


def test_frames_of_programs_that_count_characters_line_up() -> None:
    rows = [["项目名称", "档案"], ["x", "纸质档案修复"], ["y", "z"]]
    assert shown(read(framed(rows, wide=1, ambiguous=1))) == [rows]


def test_other_frames_are_read() -> None:
    psql = " 项目 | 得分\n------+------\n 修复 |   10\n 保管 |    9\n(2 rows)\n"
    assert shown(read(psql)) == [[["项目", "得分"], ["修复", "10"], ["保管", "9"]], "(2 rows)"]
    org_mode = "| 项目 | 得分 |\n|------+------|\n| 修复 | 10 |\n"
    assert shown(read(org_mode)) == [[["项目", "得分"], ["修复", "10"]]]
    dashes = "------------\n| 甲 | 10  |\n------------\n| 乙 | 9   |\n------------\n"
    assert shown(read(dashes)) == [[["甲", "10"], ["乙", "9"]]]
    heavy = "┏━━━━┳━━━━┓\n┃甲乙┃丙　┃\n┣━━━━╋━━━━┫\n┃　　┃丁　┃\n┗━━━━┻━━━━┛\n"
    assert shown(read(heavy)) == [[["甲乙", "丙"], ["", "丁"]]]


def test_a_frame_in_disorder_is_split_at_its_bars() -> None:
    assert shown(read("│项目│得分│\n│纸质档案修复│10│\n│保管│\n")) == [
        [["项目", "得分"], ["纸质档案修复", "10"], ["保管", ""]]
    ]


# ---- aligned columns ---------------------------------------------------------------------------------


def test_columns_that_line_up_over_three_lines_are_a_grid() -> None:
    text = """
        档案修复项目自评表

        项目名称    全年预算数    执行率    得分
        纸质修复        12.50      98%      9.8
        数字化         108.00     100%     10

        库房                       87%      8.7
        以上数据由修复科提供，报送前已经核对。
    """
    document = read(dedent(text), "a.txt")
    assert shown(document) == [
        "档案修复项目自评表",
        [
            ["项目名称", "全年预算数", "执行率", "得分"],
            ["纸质修复", "12.50", "98%", "9.8"],
            ["数字化", "108.00", "100%", "10"],
            ["库房", "", "87%", "8.7"],
        ],
        "以上数据由修复科提供，报送前已经核对。",
    ]
    assert only_grid(document).rows[3][2].where == Where("a.txt", "表1", 4, 3, line=8)


def test_a_piece_over_several_columns_is_their_shared_cell() -> None:
    text = """
        名称      预算      执行      得分
        修复      12        11        9
        保管      10        10        10
        保管与修复合计为22            19
    """
    assert shown(read(dedent(text))) == [
        [
            ["名称", "预算", "执行", "得分"],
            ["修复", "12", "11", "9"],
            ["保管", "10", "10", "10"],
            ["保管与修复合计为22", "<", "", "19"],
        ]
    ]


def test_a_line_that_goes_on_with_a_wrapped_cell_is_joined_to_it() -> None:
    text = """
        名称        目标        完成        原因
        修复        3200页      3100页      原件受潮需
                                            要先干燥
        保管        1次         1次         无
        巡查        12次        12次        每月一次并
                                            有记录
    """
    assert shown(read(dedent(text))) == [
        [
            ["名称", "目标", "完成", "原因"],
            ["修复", "3200页", "3100页", "原件受潮需要先干燥"],
            ["保管", "1次", "1次", "无"],
            ["巡查", "12次", "12次", "每月一次并有记录"],
        ]
    ]


def test_a_table_whose_wrapped_lines_belong_to_nobody_knows_which_row_is_refused() -> None:
    text = """
        一级指   二级指   三级指   年度指     实际完   分值   得分
        标       标       标       标值       成值
        产出指   数量指   养护县   286公里    286公   10     10
        标       标       乡公路              里
                          修补路   18平方     19平方  10     10
                 质量指   优良路   82%        83.5%   10     10
                 标       率
        效益指   社会效   责任事   0起        0起     10     10
        标       益指     故数
    """
    assert not any(isinstance(block, Grid) for block in read(dedent(text)).blocks)


def test_columns_are_found_where_the_printer_counts_characters() -> None:
    rows = [
        ["指标名称", "目标值", "完成", "分"],
        ["修复页数", "3200页", "3200页", "10"],
        ["巡查", "≥12次", "12", "9"],
    ]
    text = "\n".join("".join(cell.ljust(9) for cell in row).rstrip() for row in rows)
    assert shown(read(text)) == [rows]


def test_heads_with_one_blank_between_them_are_parted_at_the_columns_below() -> None:
    text = """
        一级指标 二级指标 三级指标    目标    得分
        产出     数量     修复        12      9
        产出     质量     合格        10      10
        效益     社会     查阅        7       10
    """
    document = read(dedent(text))
    assert shown(document)[0][0] == ["一级指标", "二级指标", "三级指标", "目标", "得分"]


def test_heads_that_drifted_to_the_left_are_still_parted() -> None:
    rows = [
        ["效", "产出", "数量", "修复页数", "3200页", "20"],
        ["指", "产出", "质量", "合格率", "98%", "10"],
    ] * 2
    head = "绩      一级指标 二级指标 三级指标        目标      分值"
    text = head + "\n" + "\n".join("".join(cell.ljust(8) for cell in row).rstrip() for row in rows)
    assert shown(read(text)) == [[["绩", "一级指标", "二级指标", "三级指标", "目标", "分值"], *rows]]


def test_a_value_beside_a_wide_cell_stands_in_the_next_column() -> None:
    text = """
        名称    目标              得分    说明
        修复    3200页            10      无
        保管    1200件            9       无
        巡查    十二次以上的巡查  8       无
        抽查    10次           7
        补查  1次              6
        再查    2次                   5
    """
    assert shown(read(dedent(text)))[0][-3:] == [
        ["抽查", "10次", "7", ""],
        ["补查", "1次", "6", ""],
        ["再查", "2次", "5", ""],
    ]


def test_two_pieces_before_one_column_share_its_cell() -> None:
    text = """
        名称    目标                得分    说明
        修复    3200页              10      无
        保管    保管一千二百件档案  9       无
        巡查    12次        每月
    """
    assert shown(read(dedent(text)))[0][-1] == ["巡查", "12次  每月", "", ""]


def test_a_piece_that_only_touches_a_column_does_not_span_it() -> None:
    text = """
        名称        目标值      得分      说明
        修复        3200页      10        无
        保管        1200件      9         无
                         再补记十次
             补记一十二次十二次
                              满
                                       是
        巡查        十二次      8         无
    """
    assert shown(read(dedent(text)))[0][3:7] == [
        ["", "", "再补记十次", ""],
        ["", "补记一十二次十二次", "", ""],
        ["", "", "满", ""],
        ["", "", "", "是"],
    ]


def test_a_table_ends_at_a_wide_gap_and_at_the_left_margin() -> None:
    text = """
        项目    某某修复
        名称        目标        得分
        修复        3200页      10
        保管        1200件      9
        巡查        12次        8
                    两次补查
        以上各项



        复核        10次        7
    """
    assert shown(read(dedent(text))) == [
        [
            ["项目", "某某修复", ""],
            ["名称", "目标", "得分"],
            ["修复", "3200页", "10"],
            ["保管", "1200件", "9"],
            ["巡查", "12次", "8"],
            ["", "两次补查", ""],
        ],
        "以上各项",
        "复核        10次        7",
    ]


def test_gaps_without_columns_make_no_table() -> None:
    text = "甲乙丙丁  戊  己庚\n辛   壬癸子丑   寅卯辰巳午\n未申酉     戌     亥甲乙丙丁戊己\n"
    assert shown(read(text)) == text.split("\n")[:-1]


def test_very_long_lines_are_paragraphs_even_in_a_table() -> None:
    long = ["  ".join("x" * 201), "  ".join("y" * 700)]
    assert shown(read("a  b  c\nd  e  f\ng  h  i\n" + "\n".join(long))) == [
        [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]],
        *long,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "填表人：某某    联系电话：123\n",
        "填表人：某某    电话：123    日期：2021年3月\n负责人：某某某    审核人：某某\n",
        "一  基本情况\n二  工作开展情况\n三  自评结果\n四  改进措施\n",
        "本项目  已经全部完成，  没有偏差。\n经费使用    合规，    结余上缴。\n读者  评价很好。\n",
        "产 出 指 标\n效 益 指 标\n满 意 度 指 标\n",
        "项　目　名　称\n主　管　部　门\n实　施　单　位\n",
    ],
)
def test_prose_with_wide_gaps_is_no_table(text: str) -> None:
    assert shown(read(text)) == text.split("\n")[:-1]


# ---- whole files -------------------------------------------------------------------------------------


def test_tables_of_all_kinds_follow_one_another_in_page_order() -> None:
    text = (
        "说明\n\n\t甲\n\t1\n\n中\n\n乙\t2\t3\n\n后\n\n| 丙 | 4 |\n\n+----+----+\n| 丁 | 5  |\n+----+----+\n"
        "| 戊 | 6  |\n+----+----+\n\na    b    c\nd    e    f\ng    h    i\n\n末\n"
    )
    assert shown(read(text)) == [
        "说明",
        [["甲", "1"]],
        "中",
        [["乙", "2", "3"]],
        "后",
        [["丙", "4"]],
        [["丁", "5"], ["戊", "6"]],
        [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]],
        "末",
    ]


def test_lines_know_their_line_in_the_file_across_page_breaks() -> None:
    document = read("甲\r\n\r\n  乙  \r\f丙", "a.txt")
    assert [(block.text, block.where) for block in document.blocks if isinstance(block, Line)] == [
        ("甲", Where("a.txt", line=1)),
        ("乙", Where("a.txt", line=3)),
        ("丙", Where("a.txt", line=5)),
    ]


def test_gbk_and_utf16_files_give_the_same_blocks_as_utf8() -> None:
    text = "青禾县档案馆自评表\n\n\t项目名称\n\t纸质档案修复\n\n\t年初预算数\n\t12.5\n"
    expected = shown(read(text))
    for codec in ("gb18030", "utf-16", "utf-8-sig"):
        assert shown(read_text(text.encode(codec), "form.txt")) == expected


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b" \t \r\n", b"\xef\xbb\xbf", "　\n".encode(), b"\t\n" * 1000]
)
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as refusal:
        read_text(data, "form.txt")
    assert "文件是空的" in refusal.value.message.zh
    assert "empty" in refusal.value.message.en


# ---- hostile files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * (MAX_TEXT_BYTES + 1), id="bytes"),
        pytest.param("a" + "\n" * MAX_LINES, id="lines"),
        pytest.param("a\t" * MAX_COLUMNS + "b\n1\t2\t3\n", id="tab-separated columns"),
        pytest.param("|" + "a|" * (MAX_COLUMNS + 1), id="pipe columns"),
        pytest.param("| a " * 1_000_000, id="a million pipes"),
        pytest.param("a\t" * 900 + "b\n" + "a\tb\n" * (MAX_SLOTS // 900), id="padding of tab-separated rows"),
        pytest.param("|a" * 900 + "|\n" + "|a|b|\n" * (MAX_SLOTS // 900), id="padding of pipe rows"),
        pytest.param("\ta\n" * (MAX_SLOTS + 1), id="cells of a dump"),
        pytest.param("a\t" + "\t" * 10_000_000 + "b", id="ten million tabs"),
        pytest.param("+-" * 900 + "+\n" + ("| " * 900 + "|\n") * (MAX_SLOTS // 900 + 1), id="a frame"),
        pytest.param("a  b  c  d  e\n" * (MAX_SLOTS // 5 + 1), id="aligned columns"),
        pytest.param(("|a" * 900 + "|\n\n") * (MAX_SLOTS // 900 + 1), id="many tables together"),
    ],
)
def test_what_is_too_large_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert refusal.value.message.zh.endswith("。")
    assert refusal.value.message.en.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" + "\n" * 100_000, id="blank lines"),
        pytest.param("\t\n\n" * 40_000 + "\ta\n\t\n", id="blank rows"),
        pytest.param("年度 " * 300_000, id="one long line"),
        pytest.param("年　度  " * 300_000, id="one long line with gaps"),
        pytest.param("a | b\n" * 50_000, id="prose with bars"),
        pytest.param("+--+--+\n" * 50_000, id="rulers without rows"),
        pytest.param("-----\n" * 50_000, id="strokes"),
        pytest.param("| a |\n|" + "-" * 500_000 + " " * 500_000 + "x\n", id="nearly a delimiter row"),
        pytest.param("a" + " " * 1_000_000 + "|x\n", id="blanks before a bar"),
        pytest.param("| " + "**a " * 300_000 + "| b |\n", id="emphasis that never ends"),
        pytest.param("| " + "&amp" * 300_000 + "<br" * 300_000 + "| b |\n", id="entities that never end"),
        pytest.param('a\t"' + '""' * 500_000 + "b", id="quotes that never end"),
        pytest.param('\t"""x\n' * 50_000, id="a quote a line"),
        pytest.param('\t"a""b""\n' * 30_000, id="quotes over all lines"),
        pytest.param("# " + " " * 1_000_000 + "x", id="blanks in a heading"),
        pytest.param(("a" + " " * 1_900 + "b\n") * 500, id="wide gaps"),
    ],
)
def test_hostile_files_are_read_in_time_and_keep_their_text(text: str) -> None:
    # Anything quadratic takes minutes here; the slowest of these takes two seconds.
    started = time.process_time()
    document = read(text, "form.md")
    assert time.process_time() - started < 20
    assert ink(document) == letters(text)


# ---- nothing is lost ---------------------------------------------------------------------------------

SYNTAX = set('|\\"*#&<>;+-=:│─┌┬┐├┼┤└┴┘ ')
WORDS = ["甲", "纸质档案", "①②", "≥95%", "1,022.89", "total", "——", "（万元）", "a b", "年　度", "……"]


def letters(text: str) -> Counter[str]:
    """What is no blank and no table syntax."""
    return Counter(character for character in text if not character.isspace() and character not in SYNTAX)


def ink(document: Document) -> Counter[str]:
    """The same of a document, each cell once."""
    counts: Counter[str] = Counter()
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Line) else [cell.text for cell in block.cells()]
        for text in texts:
            counts.update(letters(text))
    return counts


def width(text: str, wide: int, ambiguous: int) -> int:
    return sum(
        {"W": wide, "F": wide, "A": ambiguous}.get(unicodedata.east_asian_width(character), 1)
        for character in text
    )


def framed(rows: list[list[str]], wide: int = 2, ambiguous: int = 1) -> str:
    """``rows`` in a drawn frame, ruled between all rows, as a program prints it that takes characters to be
    so wide. Where the lines themselves are two columns wide, so are the corners."""
    widths = [max(2, *(width(row[c], wide, ambiguous) for row in rows)) for c in range(len(rows[0]))]
    widths = [w + w % ambiguous for w in widths]
    ruler = "├" + "┼".join("─" * (w // ambiguous) for w in widths) + "┤\n"
    lines = [
        [cell + " " * (w - width(cell, wide, ambiguous)) for cell, w in zip(row, widths, strict=True)]
        for row in rows
    ]
    return ruler + "".join("│" + "│".join(line) + "│\n" + ruler for line in lines)


def as_columns(rows: list[list[str]]) -> str:
    widths = [max(width(row[c], 2, 1) for row in rows) + 3 for c in range(len(rows[0]))]
    text = ""
    for row in rows:
        line = "".join(cell + " " * (w - width(cell, 2, 1)) for cell, w in zip(row, widths, strict=True))
        text += line.rstrip() + "\n"
    return text


RENDERERS = {
    "dump": lambda rows: "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows),
    "tabs": lambda rows: "".join("\t".join(row) + "\n" for row in rows),
    "pipes": lambda rows: "".join("| " + " | ".join(row) + " |\n" for row in rows),
    "frame": framed,
    "columns": as_columns,
}
words = st.sampled_from(WORDS)
cells = st.one_of(words, words, st.just(""))
tables = st.integers(2, 5).flatmap(
    lambda columns: st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1, max_size=5)
)
pieces = st.one_of(
    st.tuples(st.sampled_from(sorted(RENDERERS)), tables).map(lambda drawn: RENDERERS[drawn[0]](drawn[1])),
    st.lists(words, min_size=1, max_size=3).map(lambda line: "  ".join(line) + "\n"),
    st.sampled_from(["\n", "\n\n", "\f", "   \n"]),
)


def assert_sound(document: Document, text: str) -> None:
    """No character is lost or doubled, grids are rectangular, every text stands where it says."""
    assert ink(document) == letters(text)
    lines = text.replace("\f", "\n").split("\n")
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    for number, grid in enumerate(grids, start=1):
        assert not grid.aligned or len({len(row) for row in grid.rows}) == 1
        seen: set[int] = set()
        for r, row in enumerate(grid.rows, start=1):
            assert row
            for c, cell in enumerate(row, start=1):
                if id(cell) not in seen:
                    assert cell.where._replace(line=None) == Where(document.source, f"表{number}", r, c)
                seen.add(id(cell))
    for place in [cell for grid in grids for cell in grid.cells()] + [
        block for block in document.blocks if isinstance(block, Line)
    ]:
        if place.text.strip():
            assert place.where.line is not None
            first = place.text.strip().split("\n")[0].split("  ")[0]
            assert first in lines[place.where.line - 1]


@settings(deadline=None)
@given(st.lists(pieces, min_size=1, max_size=6).map("".join).filter(str.strip))
def test_mixes_of_tables_and_paragraphs_lose_nothing(text: str) -> None:
    assert_sound(read(text), text)


@settings(deadline=None, max_examples=300)
@example('甲\t"乙\n丙"\t丁\n')
@example("│甲│乙\n├─┤\n│丙│\n")
@given(st.text(st.sampled_from("甲乙 a1　\t\t\n\n|│┌─┼+-="), min_size=1, max_size=80))
def test_any_arrangement_of_table_signs_loses_no_letter(text: str) -> None:
    try:
        document = read(text)
    except ReadError:
        assert not text.strip()
        return
    assert ink(document) == letters(text)


def test_any_bytes_are_read_or_refused() -> None:
    seed = "自评表\n\t甲\n\t乙\n\n| a | b |\n|---|---|\n+--+--+\n|一|二|\n+--+--+\n" + 'x\t"y\nz"\tw\n'
    rng = random.Random(20211231)
    for _ in range(1500):
        data = bytearray(seed.encode(rng.choice(["utf-8", "utf-8", "gbk", "utf-16"])))
        for _ in range(rng.randrange(1, 12)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(4))
        try:
            document = read_text(bytes(data), rng.choice(["a.txt", "a.md"]))
        except ReadError as refusal:
            assert refusal.message.zh and refusal.message.en
        else:
            assert document.blocks


def test_two_values_with_two_blanks_between_them_stand_in_two_columns() -> None:
    text = """
        其中：财政    94.55%  --      --         10
        年度资金总额          1234.56 --         --
        其他                               94.55%  --
        其中：财政    100.00  --      10   94.55%
        其他          100.00  --      10   94.55%
    """
    assert shown(read(dedent(text)))[0][2] == ["其他", "", "", "", "94.55%", "--"]


def test_a_row_that_a_long_cell_pushed_to_the_right_keeps_a_column_for_each_value() -> None:
    text = """
        项目          年初预算数  全年预算数      全年执行数  分值
        其中：财政    100.00      --              --          --
        年度资金总额  100.00      --              94.55%      100.00
        年度资金总额  94.55%      因疫情原因未能完成目标任务  0  --
    """
    rows = shown(read(dedent(text)))[0]
    assert rows[-1] == ["年度资金总额", "94.55%", "因疫情原因未能完成目标任务", "0", "--"]
    assert rows[1] == ["其中：财政", "100.00", "--", "--", "--"]


def test_dashes_that_rule_the_head_of_aligned_columns_are_no_row() -> None:
    text = """
        指标     目标值     完成值
        -------  ---------  --------
        甲       1          2
        乙       3          —
    """
    assert shown(read(dedent(text)))[0] == [["指标", "目标值", "完成值"], ["甲", "1", "2"], ["乙", "3", "—"]]


def test_struck_out_and_raised_text_of_markdown() -> None:
    table = (
        "| 甲 | 乙 |\n|---|---|\n| ~~8~~10<sup>1</sup> | <del>8</del>5m<sup>2</sup> |\n| 80~~90 | 70~~80 |\n"
    )
    document = read_text(table.encode(), "form.md")
    assert shown(document)[0][1:] == [["10¹", "5m²"], ["80~~90", "70~~80"]]
    assert document.notes == (STRUCK,)
    assert shown(read_text(table.encode(), "form.txt"))[0][1][0] == "~~8~~10<sup>1</sup>"


@pytest.mark.parametrize("instead", ["", " ", "    "])
def test_a_dump_that_lost_its_tabs_is_no_form(instead: str, tmp_path: Path) -> None:
    dump = (Path(__file__).parent.parent / "samples/national/form.txt").read_text(encoding="utf-8")
    file = tmp_path / "form.txt"
    file.write_text(dump.replace("\t", instead), encoding="utf-8")
    assert records(file) == []


def test_rows_that_word_parted_at_the_line_ends_within_cells_are_put_together() -> None:
    text = "项目名称\t修桥\n绩\n效\n指标\t年度\n指标值\t分值\t得分\n\t数量指标\t2座\t10\n\t质量\n指标\t100%\t20\n"
    (table,) = shown(read(text))
    assert table == [
        ["项目名称", "修桥", "", ""],
        ["绩\n效\n指标", "年度\n指标值", "分值", "得分"],
        ["", "数量指标", "2座", "10"],
        ["", "质量\n指标", "100%", "20"],
    ]


def test_whole_rows_are_not_joined_because_their_cells_add_up() -> None:
    text = "项目名称\t修桥\n主管部门\t交通局\n资金\t预算\t执行\n总额\t10\t9\n"
    (table,) = shown(read(text))
    assert [row[:2] for row in table[:2]] == [["项目名称", "修桥"], ["主管部门", "交通局"]]


def test_rows_that_lost_the_slots_of_merged_cells_do_not_say_where_their_columns_are() -> None:
    lost, cut = "甲\t乙\t丙\t丁\n戊\t己\t\n", "甲\t乙\t丙\t丁\n戊\t己\n庚\t辛\t壬\t癸\n"
    assert not only_grid(read(lost)).aligned, "a row of three cells, its last one blank"
    assert only_grid(read(cut)).aligned, "blank cells were cut off its end"


def test_a_table_between_rulers_has_the_columns_of_the_dashes() -> None:
    text = """
        -------- ------------ ------
        资金\\    年初         9.5
        （万元）

                 一行         10
        -------- ------------ ------
    """
    (table,) = shown(read(dedent(text), "form.md"))
    assert table == [["资金\n（万元）", "年初", "9.5"], ["", "一行", "10"]]


def test_a_table_of_html_in_markdown_is_read_with_its_merged_cells() -> None:
    text = """
        项目单位自评表

        <table>
        <tr><th colspan="2">总分</th><td>99<br>分</td></tr>
        <tr><td>甲</td><td>乙</td><td>丙</td></tr>
        </table>

        备注
    """
    line, grid, below = read(dedent(text), "form.md").blocks
    assert isinstance(grid, Grid) and isinstance(line, Line) and isinstance(below, Line)
    assert [cell.text for cell in grid.rows[0]] == ["总分", "总分", "99\n分"]
    assert grid.rows[0][0] is grid.rows[0][1]
    assert (line.text, below.text) == ("项目单位自评表", "备注")
