"""Totals and funds in odd places: which row is the total, whose a weight is, what a formula without a result says."""

from __future__ import annotations

import io
from decimal import Decimal as D

from openpyxl import Workbook

from extract.sheets.xlsx import read_xlsx
from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Unreadable

FUNDS = "| 资金来源 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n| 年度资金总额 | 50 | 45 | 10 | 90% | 9 |\n"
INDICATORS = (
    "| 一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n"
    "| 产出指标 | 培训人数 | ≥80人 | 80人 | 50 | 50 |\n| 满意度指标 | 满意度 | ≥90% | 92% | 40 | 40 |\n"
)


def record(text: str) -> Record:
    (form,) = find_forms(read_text(text.encode(), "form.md"))
    return to_record(form)


def test_a_sum_of_the_indicators_alone_is_no_total() -> None:
    one = record(FUNDS + INDICATORS + "| 合计 | | | | 90 | 90 |\n")
    assert (one.total.weight, one.total.score) == (None, None)
    assert [role.name for cell, role in one.form.roles.items() if cell.text.strip() == "90"] == [
        "subtotal",
        "subtotal",
    ]


def test_the_total_of_the_head_stands_for_a_sum_of_the_indicators() -> None:
    one = record("| 自评总分 | 99 |\n" + FUNDS + INDICATORS + "| 合计 | | | | 90 | 90 |\n")
    assert (one.total.weight, number_of(one.total.score)) == (None, D(99))


def test_a_sum_that_differs_from_the_indicators_is_the_total() -> None:
    one = record(FUNDS + INDICATORS + "| 合计 | | | | 90 | 89 |\n")
    assert (number_of(one.total.weight), number_of(one.total.score)) == (D(90), D(89))


def test_a_sum_is_the_total_where_the_execution_is_not_scored() -> None:
    one = record(INDICATORS + "| 合计 | | | | 90 | 90 |\n")
    assert (number_of(one.total.weight), number_of(one.total.score)) == (D(90), D(90))


def test_the_row_of_the_execution_score_above_the_total_is_no_indicator() -> None:
    rows = "| 指标得分合计 | | | | 90 | 90 |\n| 预算执行得分 | | | | 10 | 9 |\n| 总分 | | | | 100 | 99 |\n"
    one = record(FUNDS + INDICATORS + rows)
    assert (number_of(one.total.weight), number_of(one.total.score)) == (D(100), D(99))
    assert len(one.indicators) == 2 and one.form.unclaimed == ()


def test_weight_and_score_behind_the_sources_of_a_turned_block_are_those_of_the_whole() -> None:
    one = record(
        "| 资金（万元） | 年度资金总额 | 其中：中央资金 | 其他资金 | 分值 | 得分 |\n"
        "| 全年预算数 | 320 | 100 | 220 | | |\n"
        "| 全年执行数 | 304 | 100 | 204 | | |\n"
        "| 执行率 | 95% | 100% | 92.73% | 10 | 9.5 |\n" + INDICATORS
    )
    assert [(line.item, number_of(line.weight)) for line in one.funds] == [
        ("total", D(10)),
        ("central", None),
        ("other", None),
    ]
    assert str(number_of(one.funds[0].score)) == "9.5"
    assert one.form.unclaimed == ()


def test_the_year_before_is_a_remark_beside_the_years_own_amounts() -> None:
    one = record(
        "| 项目名称 | 社区活动 | | |\n"
        "| 当年预算数（元） | 860000.00 | 上年预算数（元） | 820000.00 |\n"
        "| 预算执行数（元） | 851400.00 | 预算执行率（%） | 99.00 |\n" + INDICATORS
    )
    (line,) = one.funds
    assert (number_of(line.budget_adjusted), number_of(line.executed)) == (D(86), D("85.14"))
    assert number_of(line.budget_initial) is None and one.form.unclaimed == ()


def test_a_column_of_the_investment_in_all_years_is_no_source_of_funds() -> None:
    one = record(
        "| 资金来源 | 项目总投资 | 以前年度累计支出 | 本年预算数 | 本年支出数 |\n"
        "| 年度资金总额 | 300 | 200 | 50 | 45 |\n" + INDICATORS
    )
    assert [(line.item, number_of(line.budget_adjusted), number_of(line.executed)) for line in one.funds] == [
        ("total", D(50), D(45))
    ]


def test_a_formula_that_was_never_computed_is_unreadable_and_not_blank() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["资金来源", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", 50, 45, 10, "90%", "=D2*C2/B2"],
        ["三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["培训人数", "≥80人", "80人", 90, 90],
        ["总分", None, None, 100, "=E4+F2"],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    (form,) = find_forms(read_xlsx(file.getvalue(), "form.xlsx"))
    one = to_record(form)
    for entry in (one.funds[0].score, one.total.score):
        assert entry is not None and isinstance(entry.value, Unreadable)
    assert number_of(one.total.weight) == 100 and len(one.indicators) == 1
