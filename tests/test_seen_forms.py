"""Layouts as offices published them: what each form says, and what must come out. Names and numbers are invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from test_offices_own_layouts import FUNDS, HEAD, HEADER, Drawing, levels, unread, values

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Unreadable
from zipingbiao.pipeline import check

ROWS = "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | 90 | 90 | |\n"


@pytest.fixture(params=["form.docx", "form.xlsx", "form.html"])
def reading(request: pytest.FixtureRequest, tmp_path: Path) -> Drawing:
    return Drawing(tmp_path, request.param)


def text_record(text: str) -> Record:
    """The form of a text file."""
    (record,) = [to_record(form) for form in find_forms(read_bytes(text.encode(), "form.txt"))]
    return record


def amounts(record: Record) -> list[tuple[object, ...]]:
    """Each line of funds: the budget, what came in, and what was spent."""
    return [
        (line.item, number_of(line.budget_adjusted), number_of(line.received), number_of(line.executed))
        for line in record.funds
    ]


# ---- 湖南 2017–2021: a cover, amounts beside their labels, and a list of expenses ----------------------------------

COVER = """\
项目名称        优抚补助
主管部门　　　　北湖区民政局
"""
IN_PAIRS = """\
| 计划安排资金（万元） | 170 | 实际到位资金（万元） | 170 | 实际支出（万元） | 165.6 | 结余（万元） | 4.4 |
| 其中：中央财政 | | 其中：中央财政 | | 其中：中央财政 | | 其中：中央财政 | |
| 省财政 | 120 | 省财政 | 120 | 省财政 | 120 | 省财政 | |
| 区财政 | 50 | 区财政 | 50 | 区财政 | 45.6 | 区财政 | 4.4 |
"""
EXPENSES = """\
| 二、项目支出明细情况 | < | < | < | < | < | < | < |
| 支出内容 | < | 实际支出数 | < | 会计凭证号 | < | 备注 | < |
| 春节慰问 | < | 35.5 | < | 1月25号 | < | | < |
| 支出合计 | < | 165.6 | < | | < | | < |
"""


def test_the_lines_of_a_cover_have_a_gap_for_a_colon(reading: Drawing) -> None:
    record = reading.record(COVER + FUNDS + HEADER + ROWS)
    assert record.heading["project_name"].value == "优抚补助"
    assert record.heading["department"].value == "北湖区民政局"


def test_each_source_may_stand_again_beside_each_of_its_amounts(reading: Drawing) -> None:
    record = reading.record(HEAD + IN_PAIRS + HEADER + ROWS)
    assert amounts(record) == [
        ("total", 170, 170, Decimal("165.6")),
        ("central", None, None, None),
        ("provincial", 120, 120, 120),
        ("county", 50, 50, Decimal("45.6")),
    ]
    assert unread(record) == []


def test_a_list_of_expenses_is_no_line_of_funds(reading: Drawing) -> None:
    record = reading.record(HEAD + IN_PAIRS + EXPENSES + HEADER + ROWS)
    assert amounts(record)[0] == ("total", 170, 170, Decimal("165.6"))
    assert len(record.funds) == 4
    assert unread(record) == []
    assert "35.5" in {paragraph.text for paragraph in record.texts}


# ---- 福建 2017, 云南 2022, 河南 2023 -------------------------------------------------------------------------------


def test_a_label_over_several_rows_takes_no_label_behind_it_for_its_value(reading: Drawing) -> None:
    head = "| 项目基本情况 | 立项依据 | < | 某发〔2017〕1号 | < | < | < | < |\n"
    head += "| ^ | 项目起止时间 | < | 2017年1月至12月 | < | < | < | < |\n"
    record = reading.record(HEAD + head + FUNDS + HEADER + ROWS)
    assert record.heading["project_summary"].value == "某发〔2017〕1号"
    assert unread(record) == []


def test_a_remark_between_indicators_and_total_is_no_indicator(reading: Drawing) -> None:
    rows = ROWS + "| 其他需要说明事项 | < | < | 无 | < | < | < | < |\n"
    rows += "| 总分 | < | < | < | < | 100 | 99.5 | 优 |\n"
    record = reading.record(HEAD + FUNDS + HEADER + rows)
    assert [one.name for one in record.indicators] == ["里程"]
    assert (number_of(record.total.score), unread(record)) == (Decimal("99.5"), [])


def test_the_number_of_the_sheet_says_nothing(reading: Drawing) -> None:
    head = "| 部门：青云县第二中学 | < | < | < | < | 公开14表 | < | < |\n" + HEAD
    record = reading.record(head + FUNDS + HEADER + ROWS)
    assert record.heading["reporting_unit"].value == "青云县第二中学"
    assert unread(record) == []


def test_amounts_behind_the_tasks_without_a_header_are_signalled(reading: Drawing) -> None:
    tasks = "| 年度主要任务 | 任务名称 | < | 主要内容 | < | 完成情况 | < | < |\n"
    tasks += "| ^ | 防汛 | < | 加固堤防 | < | 已完成 | < | < |\n"
    funds = "| 预算情况 | 部门预算总额（万元） | < | 3000 | 3100 | 2976 | 96% | < |\n"
    record = reading.record(HEAD + tasks + funds + HEADER + ROWS)
    assert {"3000", "3100", "2976"} <= set(unread(record))


# ---- columns of a budget system, 四川 2020 ---------------------------------------------------------------------------


def test_a_weight_that_was_set_is_no_target(reading: Drawing) -> None:
    header = "| 指标名称 | 计算符号 | 指标值 | 实际完成值 | 计量单位 | 权重设定值 | 得分 | 偏差原因分析 |\n"
    record = reading.record(HEAD + FUNDS + header + "| 报表数量 | ≥ | 40 | 42 | 份 | 90 | 90 | |\n")
    assert [values(one) for one in record.indicators] == [("报表数量", 40, 42, 90, 90)]
    assert unread(record) == []


def test_a_share_that_is_done_is_no_actual_value(reading: Drawing) -> None:
    header = "| 一级指标 | 二级指标 | 三级指标 | < | 指标值 | < | 实施进度 | < |\n"
    record = reading.record(
        HEAD + FUNDS + header + "| 产出指标 | 数量指标 | 宣传次数 | < | 2次 | < | 已完成100% | < |\n"
    )
    (one,) = record.indicators
    assert (one.actual, one.extras) == (None, {"completion_rate": "已完成100%"})
    assert [found.code for found in check(record) if found.severity != "note"] == []


# ---- tables out of web pages, whose merged and blank cells have gone --------------------------------------------------

PAGE = """\
绩效目标自评表 | |||||||||
项目名称 | 东坡村种植补贴 | 实施单位 | 东坡镇人民政府 | ||||||
资金情况 (万元) |
全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 | ||||
年度资金总额: | 8.5 | 8.5 | 10 | 100% | 10 | ||||
其中:本年财政拨款 | 8.5 | 8.5 | 100% | ||||||
其他资金 | - | - | |||||||
年度总体目标 | 年初设定目标 | 年度总体目标完成情况综述 | |||||||
奖补30户 | 已奖补30户 | |||||||
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 全年实际值 | 得分 | 未完成原因 | |
产 出 指 标 (50分) |
数量指标 | ★种植面积 | 20 | 29.5亩 | 30亩 | 20 | |||
其中桃树 | 1.5亩 | 2亩 | |||||||
质量指标 | |||||||||
成活率 | 30 | ≥95% | 93% | 28 | 虫害 | ||||
效益指标 (30分) | 社会效益指标 | 受益人口 | 30 | 90人 | 90人 | 30 | |||
满意度指标 (10分) | 服务对象满意度指标 | 满意度 | 10 | ≥95% | 96% | 10 | ||
总分 | 100 | 98 | |||||||
"""


def test_a_web_pages_table_is_read_though_its_merged_cells_have_gone() -> None:
    record = text_record(PAGE)
    assert record.heading["implementing_unit"].value == "东坡镇人民政府"
    assert amounts(record) == [
        ("total", Decimal("8.5"), None, Decimal("8.5")),
        ("fiscal", Decimal("8.5"), None, Decimal("8.5")),
        ("other", None, None, None),
    ]
    assert levels(record) == [
        ("output", "quantity", "种植面积"),
        ("output", "quantity", "其中桃树"),
        ("output", "quality", "成活率"),
        ("benefit", "social", "受益人口"),
        ("satisfaction", "satisfaction", "满意度"),
    ]
    assert [values(one)[1:] for one in record.indicators] == [
        (Decimal("29.5"), 30, 20, 20),
        (Decimal("1.5"), 2, None, None),
        (95, 93, 30, 28),
        (90, 90, 30, 30),
        (95, 96, 10, 10),
    ]
    assert (number_of(record.total.weight), number_of(record.total.score)) == (Decimal(100), Decimal(98))
    assert unread(record) == []


@pytest.mark.parametrize("doubtful", ["30 | ≥95% | 28", "30 | ≥95% | 93% | 28/30 | 虫害"])
def test_what_could_stand_in_several_columns_is_no_number_in_any(doubtful: str) -> None:
    printed = "成活率 | 30 | ≥95% | 93% | 28 | 虫害 | ||||"
    record = text_record(PAGE.replace(printed, f"成活率 | {doubtful} | ||||"))
    one = record.indicators[2]
    assert one.name == "成活率"
    for entry in (one.weight, one.score):
        assert entry is not None and isinstance(entry.value, Unreadable) and doubtful in entry.raw
    assert {found.code for found in check(record)} == {"READ02"}


def test_amounts_whose_columns_nothing_proves_are_no_numbers() -> None:
    printed = "其中:本年财政拨款 | 8.5 | 8.5 | 100% | ||||||"
    record = text_record(PAGE.replace(printed, "其中:本年财政拨款 | 8.5 | 6.5 | 100% | ||||||"))
    assert amounts(record)[1] == ("fiscal", None, None, None)
    assert {found.code for found in check(record)} == {"READ02"}


@pytest.mark.parametrize("label", ["年度资金总额:", "总分"])
def test_a_blank_cell_may_stand_before_a_lines_label(label: str) -> None:
    (line,) = [line for line in PAGE.splitlines(keepends=True) if line.startswith(label)]
    record = text_record(PAGE.replace(line, " | " + line.replace("|\n", "\n")))
    assert amounts(record)[0] == ("total", Decimal("8.5"), None, Decimal("8.5"))
    assert (number_of(record.total.weight), number_of(record.total.score)) == (Decimal(100), Decimal(98))
    assert unread(record) == []


def test_one_number_behind_the_total_may_be_its_weight_or_its_score() -> None:
    record = text_record(PAGE.replace("总分 | 100 | 98 | |||||||", "总分 | 100 | ||||||||"))
    assert (number_of(record.total.weight), number_of(record.total.score)) == (None, None)
    assert {found.code for found in check(record)} == {"READ02"}


def test_a_target_in_three_columns_has_them_behind_the_levels() -> None:
    page = PAGE[: PAGE.index("绩效指标 | 一级指标")] + (
        "绩效指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | |||||\n"
        "一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | ||||\n"
        "产出指标 | 数量指标 | 受助人数 | ≧ | 735 | 人次 | 740 | 60 | 60 | |\n"
        "质量指标 | 覆盖率 | ═ | 100 | % | 100% | 30 | 30 | ||\n"
    )
    record = text_record(page)
    assert [values(one) for one in record.indicators] == [
        ("受助人数", 735, 740, 60, 60),
        ("覆盖率", 100, 100, 30, 30),
    ]
    assert levels(record)[1] == ("output", "quality", "覆盖率")


@pytest.mark.parametrize("line", ["编号 | 名称 |\n", "甲 | 乙 | 丙 |\n"])
def test_lines_that_end_in_a_pipe_are_no_table(line: str) -> None:
    blocks = read_bytes((line * 20).encode(), "list.txt").blocks
    assert len(blocks) == 20


def test_a_stroke_parts_the_unit_from_the_one_who_leads(reading: Drawing) -> None:
    head = "| 项目实施单位/项目负责人 | < | 西川区农技中心/杨某某 | < | < | < | < | < |\n"
    record = reading.record(HEAD + head + FUNDS + HEADER + ROWS)
    assert record.heading["implementing_unit"].value == "西川区农技中心"
    assert record.heading["project_leader"].value == "杨某某"
    assert unread(record) == []
