"""Tables that repeat the text of a merged cell in each of its slots, and what was counted once in them."""

from __future__ import annotations

from decimal import Decimal

import pytest

import zipingbiao as zpb
from extract.document import Grid
from extract.text.read import read_text
from normalize.grids.repeated import join_repeated
from normalize.layout import find_forms
from normalize.to_record import to_record

HEAD = """项目名称\t修桥\t修桥\t修桥\t修桥\t修桥
主管部门\t交通局\t交通局\t实施单位\t养护中心\t养护中心
一级指标\t二级指标\t三级指标\t实际完成值\t分值\t得分
"""


def grid_of(text: str) -> Grid:
    (grid,) = (block for block in read_text(text.encode(), "form.tsv").blocks if isinstance(block, Grid))
    return grid


def record_of(rows: str, total: str) -> zpb.Record:
    """A form with these indicators and this total score."""
    text = f"{HEAD}{rows}总分\t总分\t总分\t总分\t100\t{total}\n"
    (form,) = find_forms(read_text(text.encode(), "form.tsv"))
    return to_record(form)


def scores(record: zpb.Record) -> list[object]:
    return [one.score.value if one.score else None for one in record.indicators]


def test_a_text_over_many_slots_is_one_cell_and_equal_values_under_their_columns_are_two() -> None:
    rows = "产出指标\t数量指标\t新修\t完成\t60\t60\n产出指标\t质量指标\t合格\t合格\t40\t40\n"
    grid = join_repeated(grid_of(f"{HEAD}{rows}总分\t总分\t总分\t总分\t100\t100\n"))
    assert grid.repeats
    assert [len(set(row)) for row in grid.rows] == [2, 4, 6, 6, 6, 3]
    assert grid.rows[3][0] is grid.rows[4][0], "a level goes on in the row below"
    assert grid.rows[3][4] is not grid.rows[3][5], "a weight and a score of 60"


def test_a_table_without_repeats_is_left_as_it_is() -> None:
    grid = grid_of(
        "项目名称\t修桥\t\t\n指标\t目标\t完成\t得分\n平整\t完成\t完成\t10\n合格\t合格\t合格\t合格\n"
    )
    assert join_repeated(grid) is grid


def test_equal_amounts_side_by_side_are_no_repeated_text() -> None:
    row = "年度资金总额\t808.77万元\t808.77万元\t808.77万元\t100%\n"
    grid = grid_of(f"项目资金\t年初预算数\t全年预算数\t全年执行数\t执行率\n{row}{row}")
    assert join_repeated(grid) is grid


def test_the_units_of_two_lines_are_not_one_cell_because_they_are_equal() -> None:
    text = "项目名称\t修桥\t修桥\t修桥\n主管部门\t县局\t县局\t县局\n实施单位\t县局\t县局\t县局\n"
    grid = join_repeated(grid_of(text))
    assert grid.rows[1][1] is not grid.rows[2][1]


def test_a_repeated_score_is_counted_once_where_only_so_the_total_comes_out() -> None:
    rows = "产出指标\t数量指标\t新修\t2座\t10\t20\n产出指标\t质量指标\t合格\t100%\t10\t20\n产出指标\t时效指标\t按期\t是\t80\t70\n"
    first, second, third = scores(record_of(rows, "90"))
    assert (first, third) == (Decimal(20), Decimal(70))
    assert isinstance(second, zpb.Blank) and second.kind == "merged"


@pytest.mark.parametrize(
    ("total", "why"), [("110", "all of them are counted"), ("95", "no reading gives this total")]
)
def test_equal_scores_stay_as_printed_where_no_other_reading_gives_the_total(total: str, why: str) -> None:
    rows = "产出指标\t数量指标\t新修\t2座\t20\t20\n产出指标\t质量指标\t合格\t100%\t20\t20\n产出指标\t时效指标\t按期\t是\t60\t70\n"
    assert scores(record_of(rows, total)) == [Decimal(20), Decimal(20), Decimal(70)], why


def test_where_several_readings_give_the_total_the_repeated_scores_are_refused() -> None:
    rows = "".join(
        f"{level}\t{level}\t{name}\t是\t20\t20\n"
        for level, name in (
            ("产出指标", "甲项"),
            ("产出指标", "乙项"),
            ("效益指标", "丙项"),
            ("效益指标", "丁项"),
        )
    ).replace("效益指标\t效益指标\t丙项", "效益指标\t社会效益\t隔开\t是\t20\t5\n效益指标\t效益指标\t丙项")
    record = record_of(rows, "65")
    values = scores(record)
    assert [isinstance(value, zpb.Unreadable) for value in values] == [True, True, False, True, True]
    assert values[2] == Decimal(5)
