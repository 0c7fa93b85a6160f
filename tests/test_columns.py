"""The columns of a block: of several years, in two tiers, and rows under them that no label names."""

from __future__ import annotations

from decimal import Decimal

from normalize.record import FundLine, Record, number_of
from normalize.schema import load_schema
from tests.test_layout import record

INDICATORS = (
    "| 一级指标 | 二级指标 | 三级指标 | 2022年指标值 | 2022年实际完成值 | 分值 | 得分 |\n"
    "| 产出指标 | 数量指标 | 培训人数 | ≥20人 | 20人 | 90 | 90 |\n"
)


def amounts(line: FundLine) -> tuple[object, ...]:
    return tuple(map(number_of, (line.budget_initial, line.budget_adjusted, line.executed, line.score)))


def funds(text: str) -> tuple[Record, list[tuple[object, ...]]]:
    one = record(text)
    return one, [amounts(line) for line in one.funds]


def test_a_year_in_front_of_a_label_is_no_part_of_it() -> None:
    one, lines = funds(
        "（2022年度）\n\n"
        "| 资金来源 | 2022年年初预算数 | 2022年度全年预算数 | 2022年全年执行数 | 得分 |\n"
        "| 年度资金总额 | 30 | 32 | 31 | 10 |\n" + INDICATORS
    )
    assert lines == [(30, 32, 31, 10)]
    assert [(i.target and i.target.raw, i.actual and i.actual.raw) for i in one.indicators] == [
        ("≥20人", "20人")
    ]
    assert not one.form.fuzzy and not one.form.unclaimed


def test_of_columns_of_several_years_the_forms_year_counts_and_the_others_are_kept() -> None:
    one, lines = funds(
        "（2022年度）\n\n"
        "| 资金来源 | 2021年预算数 | 2022年预算数 | 2022年执行数 | 2023年预算数 |\n"
        "| 年度资金总额 | 80 | 50 | 45 | 60 |\n" + INDICATORS
    )
    assert lines == [(None, 50, 45, None)]
    assert not one.form.unclaimed
    assert {role.name for cell, role in one.form.roles.items() if cell.text in ("80", "60")} == {
        "extra:2021年预算数",
        "extra:2023年预算数",
    }


def test_without_the_forms_year_the_latest_column_counts() -> None:
    assert funds(
        "| 资金来源 | 2021年预算数 | 2022年预算数 | 2022年执行数 |\n| 年度资金总额 | 80 | 50 | 45 |\n"
        + INDICATORS
    )[1] == [(None, 50, 45, None)]


def tiered(*lower: str) -> str:
    first, second, third = (f"{text:　<6}" for text in lower)
    return f"""
┌────────────┬────────────────────────────────────────┬──────┬────┐
│资金来源    │预算数                                  │执行数│得分│
│            ├────────────┬─────────────┬─────────────┤      │    │
│            │{first}│{second} │{third} │      │    │
├────────────┼────────────┼─────────────┼─────────────┼──────┼────┤
│年度资金总额│350         │-20          │330          │329   │10  │
├────────────┼────────────┼─────────────┼─────────────┼──────┼────┤
│财政拨款    │350         │-20          │330          │329   │    │
└────────────┴────────────┴─────────────┴─────────────┴──────┴────┘

{INDICATORS}"""


def test_a_label_of_the_lower_tier_may_need_the_one_over_it() -> None:
    assert funds(tiered("年初", "调整", "全年"))[1] == [(350, 330, 329, 10), (350, 330, 329, None)]


def test_an_unknown_label_of_the_lower_tier_costs_no_other_column() -> None:
    one, lines = funds(tiered("年初预算", "财评核减", "调整后预算"))
    assert lines == [(350, 330, 329, 10), (350, 330, 329, None)]
    assert [cell.text.strip() for cell in one.form.unclaimed] == ["财评核减"]


def test_a_row_of_amounts_without_a_label_is_no_line_of_funds_but_is_signalled() -> None:
    one, lines = funds(
        "| 资金来源 | 年初预算数 | 全年预算数 | 全年执行数 |\n"
        "| 年度资金总额 | 30 | 32 | 31 |\n"
        "| | 7 | 8 | 9 |\n" + INDICATORS
    )
    assert lines == [(30, 32, 31, None)]
    assert [cell.text for cell in one.form.unclaimed] == ["7", "8", "9"]


def test_a_total_in_one_text_with_its_score_and_grade_is_read() -> None:
    one = record(INDICATORS + "| 总分：100分   自评得分：98.5分   等级：优 | | | | | | |\n")
    assert (number_of(one.total.weight), number_of(one.total.score)) == (Decimal(100), Decimal("98.5"))
    assert one.total.grade is not None and one.total.grade.raw == "优"


def test_a_guessed_total_is_not_called_like_the_sum_of_the_funds() -> None:
    one = record(INDICATORS + "| 县局打分合计 | | | | | 100 | 98 |\n")
    assert [match.field for _, match in one.form.fuzzy] == ["total.total"]
    names = load_schema().names
    assert names["total.total"] != names["fund_item.total"] == names["total"]
