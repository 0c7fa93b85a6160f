"""Finding the form: small forms as text, and what must be found in them."""

from __future__ import annotations

import time
from decimal import Decimal

from extract.document import Cell, Document, Grid, Line, Where
from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Blank, Measure


def records(text: str) -> list[Record]:
    return [to_record(form) for form in find_forms(read_text(text.encode(), "form.md"))]


def record(text: str) -> Record:
    found = records(text)
    assert len(found) == 1
    return found[0]


def levels(one: Record) -> list[tuple[str, str, str]]:
    return [(indicator.level1, indicator.level2, indicator.name) for indicator in one.indicators]


def scores(one: Record) -> list[Decimal | None]:
    return [number_of(indicator.score) for indicator in one.indicators]


HEADER = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |\n"


def test_a_document_without_a_block_of_a_form_holds_no_form() -> None:
    assert records("关于开展绩效自评工作的通知\n\n各单位：\n请于3月底前报送自评表。\n") == []


def test_a_table_that_is_no_form_is_no_form() -> None:
    assert records("| 姓名 | 部门 | 电话 |\n| 甲 | 办公室 | 0371 |\n| 乙 | 财务科 | 0372 |\n") == []


def test_blank_level_cells_carry_the_label_above_until_the_next_one() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 培训人数 | ≥20人 | 20人 | 10 | 10 | |\n"
        + "| | | 培训场次 | ≥2场 | 2场 | 10 | 10 | |\n"
        + "| | 质量指标 | 合格率 | ≥90% | 95% | 10 | 10 | |\n"
        + "| 效益指标 | 社会效益指标 | 知晓率 | ≥90% | 95% | 10 | 10 | |\n"
    )
    assert levels(one) == [
        ("output", "quantity", "培训人数"),
        ("output", "quantity", "培训场次"),
        ("output", "quality", "合格率"),
        ("benefit", "social", "知晓率"),
    ]


def test_a_new_level_1_does_not_keep_the_level_2_above() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 培训人数 | ≥20人 | 20人 | 10 | 10 | |\n"
        + "| 效益指标 | | 知晓率 | ≥90% | 95% | 10 | 10 | |\n"
    )
    assert levels(one)[1] == ("benefit", "", "知晓率")


def test_satisfaction_has_but_one_level_2_which_a_blank_cell_means() -> None:
    one = record(HEADER + "| 满意度指标 | | 学员满意度 | ≥90% | 95% | 10 | 10 | |\n")
    assert levels(one) == [("satisfaction", "satisfaction", "学员满意度")]


def test_a_form_without_a_level_2_column_has_no_level_2() -> None:
    one = record(
        "| 一级指标 | 三级指标 | 指标值 | 完成值 | 得分 |\n| 满意度指标 | 学员满意度 | ≥90% | 95% | 9 |\n"
    )
    assert levels(one) == [("satisfaction", "", "学员满意度")]


def test_an_unknown_label_is_known_by_its_last_word_and_reported_as_a_likeness() -> None:
    one = record(
        "| 三级指标 | 指标值 | 完成值 | 得分 | 未达标原因及拟采取的整改措施 |\n| 座数 | 5座 | 4座 | 8 | 雨季 |\n"
    )
    reason = one.indicators[0].reason
    assert reason is not None and reason.value == "雨季"
    assert [match.field for _, match in one.form.fuzzy] == ["reason"]


def test_remarks_are_the_reasons_of_a_form_that_has_no_column_for_them() -> None:
    one = record(
        "| 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 说明 |\n| 座数 | 5座 | 4座 | 10 | 8 | 雨季 |\n"
    )
    reason = one.indicators[0].reason
    assert reason is not None and reason.value == "雨季"


def test_a_unit_in_brackets_behind_the_name_is_the_unit_of_a_bare_target() -> None:
    one = record("| 三级指标 | | 指标值 | 完成值 | 得分 |\n| 聘用管护员 | （人） | 260 | 258 | 8 |\n")
    (indicator,) = one.indicators
    assert indicator.target is not None and isinstance(indicator.target.value, Measure)
    assert indicator.target.value.unit == "人"


def test_the_total_can_carry_labels_of_its_own() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 100 | 96.5 | |\n"
        + "| 总分 | 总分值 | 100 | 总得分 | 96.5 | 自评等级 | 优 | |\n"
    )
    assert (number_of(one.total.weight), number_of(one.total.score)) == (100, Decimal("96.5"))
    assert one.total.grade is not None and one.total.grade.value == "优"


def test_a_total_in_two_cells_is_a_total() -> None:
    one = record(
        HEADER + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 100 | 98 | |\n| 总 | | 分 | | | 100 | 98 | |\n"
    )
    assert len(one.indicators) == 1
    assert number_of(one.total.score) == 98


def test_level_1_follows_from_level_2_where_it_is_cut_or_reduced_to_its_weight() -> None:
    one = record(
        HEADER
        + "| (50分) | 数量指标 | 培训人数 | ≥20人 | 20人 | 10 | 10 | |\n"
        + "| 效 | 生态效益指标 | 绿化率 | ≥20% | 20% | 10 | 10 | |\n"
    )
    assert [(level1, level2) for level1, level2, _ in levels(one)] == [
        ("output", "quantity"),
        ("benefit", "ecological"),
    ]
    label = one.indicators[0].level1_label
    assert label is not None and label.weight == 50


def test_cost_is_a_level_1_of_its_own_where_the_form_prints_it_so() -> None:
    one = record(
        HEADER
        + "| 成本指标 | 经济成本指标 | 项目成本 | ≤20万元 | 20万元 | 10 | 10 | |\n"
        + "| 产出指标 | 成本指标 | 单位成本 | ≤2万元 | 2万元 | 10 | 10 | |\n"
    )
    assert [(level1, level2) for level1, level2, _ in levels(one)] == [
        ("cost", "economic_cost"),
        ("output", "cost"),
    ]


def test_template_rows_are_no_indicators() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 指标1：培训人数 | ≥20人 | 20人 | 10 | 10 | |\n"
        + "| | | 指标2： | | | | | |\n"
        + "| | | …… | | | | | |\n"
        + "| | | 2. | | | | | |\n"
        + "| | 质量指标 | 无 | | | | | |\n"
    )
    assert [indicator.name for indicator in one.indicators] == ["培训人数"]
    assert one.form.unclaimed == ()


def test_columns_are_found_by_their_labels_in_any_order() -> None:
    one = record(
        "| 序号 | 三级指标 | 分值 | 自评得分 | 二级指标 | 指标值 | 评分标准 | 完成值 | 复核分 |\n"
        "| 1 | 培训人数 | 10 | 9 | 数量指标 | ≥20人 | 按比例 | 18人 | 8 |\n"
    )
    (indicator,) = one.indicators
    assert (indicator.name, number_of(indicator.weight), number_of(indicator.score)) == ("培训人数", 10, 9)
    assert indicator.target is not None and isinstance(indicator.target.value, Measure)
    assert indicator.extras == {"sequence": "1", "scoring_standard": "按比例", "review_score": "8"}


def test_a_column_that_nobody_knows_is_kept_under_its_label_and_signalled() -> None:
    one = record("| 三级指标 | 指标值 | 完成值 | 得分 | 抽样编码 |\n| 培训人数 | ≥20人 | 18人 | 8 | QZ-7 |\n")
    assert one.indicators[0].extras == {"抽样编码": "QZ-7"}
    assert [cell.text for cell in one.form.unclaimed] == ["抽样编码"]


def test_comparator_value_and_unit_in_three_columns_are_one_target() -> None:
    one = record(
        "| 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |\n"
        "| 养护里程 | ≥ | 58.9 | 公里 | 60 | 10 | 10 |\n"
        "| 完成时间 | 定性 | 12月底前 | | 已完成 | 10 | 10 |\n"
    )
    target = one.indicators[0].target
    assert target is not None and isinstance(target.value, Measure)
    assert (target.value.relation, target.value.number, target.value.unit) == (">=", Decimal("58.9"), "公里")


def test_a_direction_beside_the_kind_of_indicator_is_the_comparator() -> None:
    one = record(
        "| 三级指标 | 指标性质 | 指标方向 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |\n"
        "| 改造财政所 | 定量 | 正向 | 6 | 个 | 6 | 60 | 60 |\n"
        "| 单所造价 | 定量 | 反向 | 8 | 万元 | 7 | 30 | 30 |\n"
        "| 工作机制 | 定性 | 正向 | 健全 | | 健全 | 10 | 10 |\n"
    )
    targets = [one.target.value for one in one.indicators if one.target is not None]
    assert [getattr(target, "relation", None) for target in targets] == [">=", "<=", None]
    assert [indicator.extras for indicator in one.indicators] == [{}, {}, {}]


def test_the_adjusted_target_holds_where_it_is_filled_and_the_other_is_kept() -> None:
    one = record(
        "| 三级指标 | 年初指标值 | 调整后指标值 | 实际完成值 | 分值 | 得分 |\n"
        "| 除险水库 | 5座 | 3座 | 3座 | 60 | 60 |\n"
        "| 保护人口 | ≥3万人 | — | 3万人 | 30 | 30 |\n"
        "| 群众满意度 | ≥90% | | 95% | 10 | 10 |\n"
    )
    assert [indicator.target.raw for indicator in one.indicators if indicator.target is not None] == [
        "3座",
        "≥3万人",
        "≥90%",
    ]
    assert [indicator.extras for indicator in one.indicators] == [
        {"target_initial": "5座"},
        {"target_adjusted": "—"},
        {"target_adjusted": ""},
    ]
    assert not one.form.unclaimed


def test_a_name_over_the_level_columns_is_its_own_level() -> None:
    one = record(
        """
┌────┬────┬────────┬──────┬──────┬────┬────┐
│一级│二级│三级指标│指标值│完成值│分值│得分│
├────┼────┼────────┼──────┼──────┼────┼────┤
│产出│数量│除险水库│3座   │3座   │90  │90  │
├────┴────┴────────┼──────┼──────┼────┼────┤
│预算执行率        │100%  │95%   │10  │9.5 │
└──────────────────┴──────┴──────┴────┴────┘
"""
    )
    assert levels(one) == [("output", "quantity", "除险水库"), ("execution", "", "预算执行率")]


def test_a_sign_of_currency_leaves_the_unit_to_the_table() -> None:
    lines = "| 年度资金总额 | ¥500,000.00 | ￥450,000 | 10 | 90% | 9 |\n"
    for label, executed in (("万元", "450000"), ("元", "45"), ("", "45")):
        unit = f"（{label}）" if label else ""
        one = record(f"| 项目资金{unit} | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n{lines}")
        assert number_of(one.funds[0].executed) == Decimal(executed)


def test_a_header_in_two_tiers_is_one_header() -> None:
    one = record(
        "| 一级指标 | 二级指标 | 三级指标 | 指标值 | | | 完成值 | 权重 | 得分 |\n"
        "| | | | 指标性质 | 指标值 | 度量单位 | | | |\n"
        "| 产出指标 | 数量指标 | 养护里程 | ≥ | 58.9 | 公里 | 60 | 10 | 9 |\n"
    )
    (indicator,) = one.indicators
    assert indicator.name == "养护里程"
    assert indicator.target is not None and isinstance(indicator.target.value, Measure)
    assert (indicator.target.value.relation, indicator.target.value.unit) == (">=", "公里")
    assert number_of(indicator.score) == 9
    assert one.form.unclaimed == ()


def test_the_fund_table_may_head_its_lines_with_a_budget_word() -> None:
    one = record(
        "| 预算执行情况（10分） | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 |\n"
        "| | 总额 | 10 | 20 | 15 | 75% | 10 | 7.5 |\n"
        "| | 其中：财政资金 | 10 | 20 | 15 | 75% | / | / |\n"
    )
    line = one.total_line
    assert line is not None
    assert [number_of(line.budget_initial), number_of(line.budget_adjusted), number_of(line.executed)] == [
        10,
        20,
        15,
    ]
    assert [one_line.item for one_line in one.funds] == ["total", "fiscal"]


def test_amounts_in_yuan_become_wan_exactly() -> None:
    one = record(
        "| 项目资金（元） | | 全年预算数 | 全年执行数 | 执行率 |\n| | 年度资金总额 | 250000.00 | 215,457.6 | 86.18% |\n"
    )
    line = one.total_line
    assert line is not None
    assert number_of(line.budget_adjusted) == Decimal("25")
    assert number_of(line.executed) == Decimal("21.54576")


def test_a_unit_printed_in_the_cell_wins_over_the_label() -> None:
    one = record("| 项目资金（元） | | 全年预算数 | 全年执行数 |\n| | 年度资金总额 | 2.38万元 | 20000 |\n")
    line = one.total_line
    assert line is not None
    assert (number_of(line.budget_adjusted), number_of(line.executed)) == (Decimal("2.38"), 2)


def test_blank_dash_zero_and_malformed_amounts_stay_four_things() -> None:
    one = record(
        "| 项目资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 |\n| | 年度资金总额 | | — | 0 | 7,00.0,77 |\n"
    )
    line = one.total_line
    assert line is not None and line.budget_initial and line.budget_adjusted and line.weight
    assert line.budget_initial.value == Blank("", "empty")
    assert line.budget_adjusted.value == Blank("—", "em_dash")
    assert number_of(line.executed) == 0
    assert type(line.weight.value).__name__ == "Unreadable"


def test_funds_as_label_and_value_pairs_become_lines() -> None:
    one = record(
        "| 项目名称 | 道路养护 | | | |\n"
        "| 预算执行情况（万元） | 预算数： | 100 | 执行数： | 90 |\n"
        "| | 其中：财政拨款 | 80 | 其中：财政拨款 | 75 |\n"
        "| | 其他资金 | 20 | 其他资金 | 15 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | | | |\n"
    )
    assert [(line.item, number_of(line.budget_adjusted), number_of(line.executed)) for line in one.funds] == [
        ("total", 100, 90),
        ("fiscal", 80, 75),
        ("other", 20, 15),
    ]


def test_head_fields_are_found_above_in_and_under_the_table() -> None:
    one = record(
        "项目支出绩效自评表\n（2021年度）\n单位名称：甲县水利局    填报日期：2022年3月1日\n\n"
        "| 项目名称 | 水库维修 | 主管部门 | 甲县人民政府 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 10 | 10 | |\n\n"
        + "填表人：甲某    联系电话：0371-1234567\n"
    )
    assert {name: entry.value for name, entry in one.heading.items()} == {
        "reporting_unit": "甲县水利局",
        "implementing_unit": "甲县水利局",
        "report_date": "2022年3月1日",
        "project_name": "水库维修",
        "department": "甲县人民政府",
        "preparer": "甲某",
        "contact": "0371-1234567",
    }
    assert one.year is not None and one.year.value == 2021


def test_name_and_number_in_one_cell_are_parted() -> None:
    one = record(
        "| 填表人及联系方式 | 甲某 13800000000 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    assert (one.heading["preparer"].value, one.heading["contact"].value) == ("甲某", "13800000000")


def test_a_code_before_a_name_is_taken_off() -> None:
    one = record(
        "| 项目名称 | 51092324T000010263357-道路养护 | 主管部门 | [155]甲县民政局 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    assert one.heading["project_name"].value == "道路养护"
    assert one.heading["project_code"].value == "51092324T000010263357"
    assert one.heading["department"].value == "甲县民政局"


def test_a_goal_row_of_labels_and_texts_is_no_header() -> None:
    one = record(
        "| 年度总体目标 | 完成养护任务。 | 实际完成情况 | 已全部完成。 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    (goal,) = one.goals
    assert goal.planned is not None and goal.planned.value == "完成养护任务。"
    assert goal.actual is not None and goal.actual.value == "已全部完成。"


def test_the_total_is_read_by_its_columns() -> None:
    one = record(
        HEADER + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 100 | 95 | |\n| 总分 | | | | | 100 | 95 | |\n"
    )
    assert (number_of(one.total.weight), number_of(one.total.score)) == (100, 95)


def test_a_total_with_a_score_alone_has_no_weight() -> None:
    one = record(
        "| 一级指标 | 三级指标 | 年初目标值 | 实际完成值 | 得分 |\n| 产出指标 | 座数 | 5座 | 5座 | 95 |\n| 总分 | | | | 95 |\n"
    )
    assert one.total.weight is None
    assert number_of(one.total.score) == 95


def test_subtotals_are_read_by_name_and_not_counted() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 50 | 45 | 雨季 |\n"
        + "| 小计 | | | | | 50 | 45 | |\n"
        + "| 合计 | | | | | 50 | 45 | |\n"
    )
    assert len(one.indicators) == 1
    assert number_of(one.total.score) == 45


def test_a_second_title_starts_a_second_form() -> None:
    form = (
        "项目支出绩效自评表\n\n| 项目名称 | {} | | | | | | |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    found = records(form.format("道路养护") + "\n" + form.format("水库维修"))
    assert [one.project_name for one in found] == ["道路养护", "水库维修"]


def test_a_second_project_name_in_a_table_starts_a_second_form() -> None:
    form = (
        "| 项目名称 | {} | | | | | | |\n" + HEADER + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    found = records(form.format("道路养护") + form.format("水库维修"))
    assert [one.project_name for one in found] == ["道路养护", "水库维修"]


def test_two_tables_of_one_form_are_one_form() -> None:
    found = records(
        "| 项目名称 | 道路养护 | | |\n| 项目资金 | | 全年预算数 | 全年执行数 |\n| | 年度资金总额 | 10 | 9 |\n\n续表\n\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    assert len(found) == 1
    assert found[0].total_line is not None and len(found[0].indicators) == 1


def test_the_report_behind_the_form_is_parted_into_its_chapters() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n\n"
        + "自评总结报告\n\n一、项目支出基本情况\n\n总体预算是23万元。\n\n二、自评结果\n\n得分100分。\n"
    )
    sections = {paragraph.text: paragraph.section for paragraph in one.texts}
    assert sections["总体预算是23万元。"] == "一、项目支出基本情况"
    assert sections["得分100分。"] == "二、自评结果"


def test_a_cell_merged_over_rows_counts_once() -> None:
    texts = [
        ["三级指标", "指标值", "完成值", "分值", "得分"],
        ["座数", "5座", "5座", "10", "9"],
        ["里程", "5公里", "5公里", "10", ""],
    ]
    rows = [
        [Cell(text, Where("form", "表1", r + 1, c + 1)) for c, text in enumerate(row)]
        for r, row in enumerate(texts)
    ]
    rows[2][4] = rows[1][4]
    (form,) = find_forms(
        Document("form", (Line("自评表", Where("form", row=1)), Grid(tuple(map(tuple, rows)))))
    )
    one = to_record(form)
    assert scores(one) == [9, None]
    assert one.indicators[1].score is not None and one.indicators[1].score.value == Blank("", "merged")


def test_a_number_in_the_name_is_the_target_where_the_target_cell_is_blank() -> None:
    one = record(HEADER + "| 产出指标 | 质量指标 | 资金支付完成率100% | | 98% | 10 | 9 | 结算晚 |\n")
    (indicator,) = one.indicators
    assert indicator.name == "资金支付完成率100%"
    assert indicator.target is not None and isinstance(indicator.target.value, Measure)
    assert (indicator.target.value.number, indicator.target.value.unit) == (100, "%")


def test_a_hint_in_the_name_gives_comparator_and_unit_to_a_bare_number() -> None:
    one = record(HEADER + "| 产出指标 | 数量指标 | 培训人数（≥**人） | 85 | 90 | 10 | 10 | |\n")
    target = one.indicators[0].target
    assert target is not None and isinstance(target.value, Measure)
    assert (target.value.relation, target.value.number, target.value.unit) == (">=", 85, "人")


DUMP = """\
\t一级指标
\t二级指标
\t三级指标
\t年度指标值
\t实际完成值
\t分值
\t得分
\t偏差原因

\t产出指标
\t数量指标
\t座数
\t5座
\t5座
\t60
\t60
\t

\t座数二
\t5座
\t4座
\t40
\t30
\t雨季

总分
\t100
\t90
\t
"""


def test_a_dump_whose_merged_cells_vanished_is_read_from_its_right_end() -> None:
    one = record(DUMP)
    assert levels(one) == [("output", "quantity", "座数"), ("output", "quantity", "座数二")]
    assert scores(one) == [60, 30]
    assert (number_of(one.total.weight), number_of(one.total.score)) == (100, 90)


def test_a_score_above_its_weight_over_blank_scores_is_the_groups() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 20 | 40 | |\n"
        + "| | | 里程 | 5公里 | 5公里 | 20 | | |\n"
        + "| | | 人数 | 5人 | 5人 | 10 | | |\n"
    )
    kinds = [
        indicator.score and getattr(indicator.score.value, "kind", "number") for indicator in one.indicators
    ]
    assert kinds == ["number", "merged", "empty"]


def test_a_score_above_its_weight_stays_its_own_where_the_next_row_is_scored() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 20 | 40 | |\n"
        + "| | | 里程 | 5公里 | 5公里 | 20 | 20 | |\n"
    )
    assert scores(one) == [40, 20]


def test_a_fund_block_that_is_turned_over_gives_the_same_lines() -> None:
    one = record(
        "| 项目资金（万元） | | 年度资金总额 | 财政拨款 | 其他资金 |\n"
        "| | 年初预算数 | 156 | 150 | 6 |\n"
        "| | 全年执行数 | 140 | 140 | 0 |\n"
        "| | 分值 | 10 | | |\n" + HEADER + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    assert [(line.item, number_of(line.budget_initial), number_of(line.executed)) for line in one.funds] == [
        ("total", 156, 140),
        ("fiscal", 150, 140),
        ("other", 6, 0),
    ]
    assert number_of(one.funds[0].weight) == 10


def test_the_fourth_level_is_the_indicator_where_a_form_has_one() -> None:
    one = record(
        "| 一级指标 | 二级指标 | 三级指标 | 四级指标 | 指标值 | 完成值 | 得分 |\n"
        "| 产出指标 | 数量指标 | 仓房维修 | 维修栋数 | 6栋 | 6栋 | 10 |\n"
    )
    assert levels(one) == [("output", "quantity", "维修栋数")]
    assert one.indicators[0].extras == {"level3": "仓房维修"}


def test_the_date_of_filling_in_is_not_the_year_of_the_form() -> None:
    one = record(
        "单位名称：甲县水利局    填报日期：2022年3月1日\n\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 1 | 1 | |\n"
    )
    assert one.year is None


ANNEX = "| 序号 | 内容 | 单价 | 数量 | 金额 |\n| 1 | 纸张 | 20 | 10 | 200 |\n| 2 | 笔 | 5 | 100 | 500 |\n"


def test_a_table_behind_the_total_adds_no_indicators() -> None:
    one = record(
        "| 项目名称 | 道路养护 | | | | | | |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 100 | 100 | |\n| 总分 | | | | | 100 | 100 | |\n\n附：支出明细\n\n"
        + ANNEX
    )
    assert [indicator.name for indicator in one.indicators] == ["座数"]
    assert ("note", "纸张") in {(paragraph.section, paragraph.text) for paragraph in one.texts}


TITLED = "项目支出绩效自评表\n（2021年度）\n\n| 项目名称 | {} | | | | | | |\n" + HEADER
ROW = "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 100 | 100 | |\n| 总分 | | | | | 100 | 100 | |\n"


def test_a_report_between_two_forms_belongs_to_the_first() -> None:
    first, second = records(
        TITLED.format("道路养护")
        + ROW
        + "\n道路养护项目绩效自评\n一、基本情况\n本项目预算50万元。\n\n"
        + TITLED.format("水库维修")
        + ROW
    )
    assert "本项目预算50万元。" in {paragraph.text for paragraph in first.texts}
    assert "本项目预算50万元。" not in {paragraph.text for paragraph in second.texts}
    assert second.title is not None and second.title.value == "项目支出绩效自评表"


def test_a_line_that_names_another_project_starts_its_form() -> None:
    found = records(
        "项目名称：道路养护\n\n"
        + HEADER
        + ROW
        + "\n项目名称：水库维修\n\n"
        + HEADER
        + ROW
        + "\n项目名称：水库维修\n"
    )
    assert [(one.project_name, len(one.indicators)) for one in found] == [("道路养护", 1), ("水库维修", 1)]


def test_two_forms_in_one_file_are_read_as_each_alone() -> None:
    one, other = TITLED.format("道路养护") + ROW, TITLED.format("水库维修") + ROW.replace("座数", "里程")
    together = records(one + "\n" + other)
    alone = [record(one), record(other)]
    assert [(r.heading.keys(), levels(r), scores(r), r.year and r.year.value) for r in together] == [
        (r.heading.keys(), levels(r), scores(r), r.year and r.year.value) for r in alone
    ]


def test_hostile_cells_take_no_longer_than_their_length_asks_for() -> None:
    blank = " " * 20_000
    for name in (f"培训({blank}", f"指标{blank}1", f"培训{blank}", "(a)" * 20_000, f"0371{blank}1234"):
        started = time.perf_counter()
        records(HEADER + f"| 产出指标 | 数量指标 | {name} | 5座 | 5座 | 100 | 100 | |\n\n填表人：{name}\n")
        assert time.perf_counter() - started < 5


def test_a_number_with_more_digits_than_money_has_is_refused() -> None:
    one = record(
        "| 项目资金 | | 全年预算数 | 全年执行数 | 执行率 |\n| | 年度资金总额 | 1 | 1"
        + "0" * 35
        + " | 100% |\n"
    )
    line = one.total_line
    assert line is not None and line.executed is not None
    assert type(line.executed.value).__name__ == "Unreadable"


def amounts(one: Record) -> list[tuple[str, object, object]]:
    return [(line.item, number_of(line.budget_adjusted), number_of(line.executed)) for line in one.funds]


def total(one: Record) -> tuple[object, object]:
    return number_of(one.total.weight), number_of(one.total.score)


FUNDS = "| {} | | 全年预算数{} | 全年执行数 |\n| | 年度资金总额 | 30000 | 20000 |\n"


def test_the_unit_of_the_fund_block_wins_over_a_line_above_and_the_conflict_is_noted() -> None:
    one = record("自评表\n\n单位：元\n\n" + FUNDS.format("项目资金（万元）", ""))
    assert amounts(one) == [("total", 30000, 20000)]
    assert one.amount_unit is not None and one.amount_unit.value == "万元"
    assert [note.en for note in one.form.notes if "unit of amounts" in note.en]


def test_the_line_nearest_above_the_funds_gives_the_unit() -> None:
    one = record("单位：元\n\n项目支出绩效自评表\n\n金额单位：万元\n\n" + FUNDS.format("项目资金", ""))
    assert amounts(one) == [("total", 30000, 20000)]
    assert one.form.notes == ()


def test_a_column_has_its_own_unit() -> None:
    one = record("单位：元\n\n" + FUNDS.format("项目资金", "（万元）"))
    assert amounts(one) == [("total", 30000, 2)]


def test_a_line_of_funds_has_its_own_unit() -> None:
    one = record(
        FUNDS.format("项目资金（万元）", "")
        + "| | 其他资金（元） | 50000 | 40000 |\n| | 自有资金 | 1 | 1 |\n"
    )
    assert amounts(one) == [("total", 30000, 20000), ("other", 5, 4), ("own", 1, 1)]


def test_a_last_line_with_a_unit_says_nothing_of_the_lines_above() -> None:
    one = record(FUNDS.format("项目资金", "") + "| | 其他资金（元） | 50000 | 40000 |\n")
    assert amounts(one) == [("total", 30000, 20000), ("other", 5, 4)]


def test_pairs_of_label_and_amount_have_their_own_units() -> None:
    one = record(
        "| 项目名称 | 道路养护 | | |\n| 预算数（元） | 30000 | 执行数（万元） | 2 |\n"
        + HEADER
        + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | | | |\n"
    )
    assert amounts(one) == [("total", 3, 2)]


def test_a_unit_below_the_total_is_the_next_forms() -> None:
    form = "| 项目名称 | {} | | | | | | |\n" + FUNDS.format("项目资金", "") + HEADER + ROW
    first, second = records(
        "单位：万元\n\n" + form.format("道路养护") + "\n单位：元\n\n" + form.format("水库维修")
    )
    assert amounts(first) == [("total", 30000, 20000)]
    assert amounts(second) == [("total", 3, 2)]


INDICATORS = "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 50 | 45 | 雨季 |\n"
BENEFITS = "| 效益指标 | 社会效益指标 | 知晓率 | ≥90% | 95% | 50 | 50 | |\n"


def test_an_unknown_subtotal_is_known_by_its_last_word() -> None:
    for label in ("产出指标小计", "分项合计", "本级小计", "第一部分小计", "产出类小计"):
        one = record(
            HEADER
            + INDICATORS
            + f"| {label} | | | | | 50 | 45 | |\n"
            + BENEFITS
            + "| 总分 | | | | | 100 | 95 | |\n"
        )
        assert scores(one) == [45, 50], label
        assert total(one) == (100, 95), label
        assert one.form.unclaimed == (), label


def test_an_indicator_may_be_called_like_a_subtotal() -> None:
    one = record(
        HEADER
        + "| 产出指标 | 数量指标 | 座数 | 5座 | 5座 | 50 | 45 | |\n| | | 医疗费用合计 | ≤5 | 5 | 50 | 50 | |\n"
    )
    assert [indicator.name for indicator in one.indicators] == ["座数", "医疗费用合计"]


def test_a_sum_before_further_indicators_is_no_total() -> None:
    one = record(
        HEADER + INDICATORS + "| 合计 | | | | | 50 | 45 | |\n" + BENEFITS + "| 合计 | | | | | 100 | 95 | |\n"
    )
    assert total(one) == (100, 95)
    assert {role.name for cell, role in one.form.roles.items() if cell.where.row == 3} == {
        "label",
        "subtotal",
    }


def test_of_two_sums_behind_the_indicators_the_one_that_says_so_is_the_total() -> None:
    rows = ["| 指标合计 | | | | | 90 | 85 | |\n", "| 总分 | | | | | 100 | 95 | |\n"]
    for order in (rows, rows[::-1]):
        assert total(record(HEADER + INDICATORS + BENEFITS + "".join(order))) == (100, 95)


def test_bonus_points_may_stand_behind_the_total() -> None:
    one = record(
        HEADER
        + INDICATORS
        + BENEFITS
        + "| 合计 | | | | | 100 | 95 | |\n| 加分项 | | 获省级表彰 | 有 | 有 | | 2 | |\n"
    )
    assert total(one) == (100, 95)
    assert scores(one) == [45, 50, 2]


def test_a_grade_in_a_row_below_the_total_is_the_totals() -> None:
    one = record(
        HEADER + INDICATORS + BENEFITS + "| 合计 | | | | | 100 | 95 | |\n| 自评结果 | 优 | | | | | | |\n"
    )
    assert total(one) == (100, 95)
    assert one.total.grade is not None and one.total.grade.value == "优"


def test_a_number_behind_the_totals_label_is_the_score_and_one_in_brackets_the_weight() -> None:
    table = HEADER + INDICATORS + BENEFITS
    assert total(record(table + "| 总分：98.3分 | | | | | | | |\n")) == (None, Decimal("98.3"))
    assert total(record(table + "| 总分（100分） | | | | | | 95 | |\n")) == (100, 95)
    assert total(record(table + "| 总分100分 | | | | | | 95 | |\n")) == (100, 95)
    assert total(record(table + "| 总分 98.3 | | | | | | | |\n")) == (None, Decimal("98.3"))
    assert total(record(table + "| 总分 | 满分100分 | | 自评得分：98.3分 |\n")) == (100, Decimal("98.3"))
    graded = record(table + "| 自评得分：98.3分（优） | | | | | | | |\n").total
    assert graded.grade is not None and (number_of(graded.score), graded.grade.value) == (
        Decimal("98.3"),
        "优",
    )


def test_a_total_in_a_line_below_the_table_counts_where_the_table_has_none() -> None:
    table = HEADER + INDICATORS + BENEFITS
    assert total(record(table + "\n自评总分：98.3分\n")) == (None, Decimal("98.3"))
    assert total(record(table + "\n总分：98.3\n")) == (None, Decimal("98.3"))
    assert total(record(table + "| 总分 | | | | | 100 | 95 | |\n\n自评总分：98.3分\n")) == (100, 95)
    assert total(record(table + "\n总分：100分，其中产出指标50分。\n")) == (None, None)


def test_a_score_that_nothing_names_is_no_indicator_and_is_signalled() -> None:
    one = record(HEADER + INDICATORS + "| 本级评定 | | | | | 50 | 44 | |\n" + BENEFITS)
    assert scores(one) == [45, 50]
    assert [cell.text for cell in one.form.unclaimed] == ["44"]


def test_a_level_that_is_scored_without_a_name_is_an_indicator() -> None:
    one = record(HEADER + "| 预算执行率 | | | | | 10 | 9.5 | |\n" + BENEFITS)
    assert levels(one)[0] == ("execution", "", "")
    assert scores(one) == [Decimal("9.5"), 50]


def test_a_bare_number_on_a_line_of_its_own_is_the_levels_weight() -> None:
    for label in ("产出指标<br>45", "产出指标<br>45分", "产出指标<br>45%", "产出指标<br>（45）"):
        (indicator,) = record(HEADER + INDICATORS.replace("产出指标", label)).indicators
        assert indicator.level1 == "output", label
        assert indicator.level1_label is not None and indicator.level1_label.weight == 45, label


FULL = (
    "| 项目名称 | 道路养护 | | | | | | |\n"
    + FUNDS.format("项目资金（万元）", "")
    + HEADER
    + INDICATORS
    + BENEFITS
)
END = "| 总分 | | | | | 100 | 95 | |\n"
REPORT_TABLES = {
    "score recap": "| 一级指标 | 二级指标 | 分值 | 得分 |\n| 产出指标 | 数量指标 | 50 | 45 |\n| 合计 | | 50 | 45 |\n",
    "indicators again": "| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n| 座数 | 5座 | 5座 | 50 | 45 |\n",
    "funds again": "| 资金来源 | 预算数 | 执行数 | 执行率 |\n| 财政拨款 | 10 | 9 | 90% |\n| 合计 | 10 | 9 | 90% |\n",
    "expenses": "| 序号 | 支出内容 | 预算数（元） | 执行数（元） |\n| 1 | 道路 | 60 | 58 |\n| 合计 | | 60 | 58 |\n",
    "projects": "| 项目名称 | 预算数 | 执行数 |\n| 桥梁养护 | 60 | 58 |\n",
    "survey": "| 调查项目 | 满意 | 不满意 |\n| 完成情况 | 75 | 5 |\n",
}


def test_the_tables_of_the_report_behind_the_form_do_not_feed_it() -> None:
    alone = record(FULL + END)
    for name, table in REPORT_TABLES.items():
        for between in ("\n绩效自评报告\n\n情况如下：\n\n", "\n情况如下：\n\n"):
            one = record(FULL + END + between + table)
            assert (amounts(one), scores(one), total(one)) == (amounts(alone), scores(alone), total(alone)), (
                name
            )
            assert one.heading.keys() == alone.heading.keys(), name
            assert one.form.unclaimed == (), name


def test_the_tables_of_a_report_before_the_form_are_no_form_of_their_own() -> None:
    for name, table in REPORT_TABLES.items():
        if "三级指标" in table or "二级指标" in table:
            continue  # a table of indicators is a form, whatever stands above it
        one = record("绩效自评报告\n\n情况如下：\n\n" + table + "\n项目支出绩效自评表\n\n" + FULL + END)
        assert amounts(one) == [("total", 30000, 20000)], name
        assert one.project_name == "道路养护", name
        assert one.form.unclaimed == (), name


def test_the_tail_of_a_form_may_stand_in_a_table_of_its_own() -> None:
    one = record(FULL + END + "\n\n续表\n\n| 存在问题 | 进度慢。 |\n| 填表人 | 甲某 |\n")
    assert one.heading["preparer"].value == "甲某"
    assert ("problem", "进度慢。") in {(paragraph.section, paragraph.text) for paragraph in one.texts}


def test_a_sum_of_half_the_weights_does_not_end_the_form() -> None:
    one = record(
        HEADER + INDICATORS + "| 合计 | | | | | 50 | 45 | |\n\n（二）效益指标\n\n" + HEADER + BENEFITS + END
    )
    assert scores(one) == [45, 50]


def test_the_report_before_the_only_form_belongs_to_it() -> None:
    report = "道路养护项目绩效自评报告\n\n项目全年预算50万元。\n\n附件：\n\n"
    form = "项目支出绩效自评表\n\n" + FULL + END
    one = record(report + form)
    assert ("narrative", "项目全年预算50万元。") in {(text.section, text.text) for text in one.texts}
    first, _ = records(report + form + "\n" + form.replace("道路", "桥梁"))
    assert ("narrative", "项目全年预算50万元。") not in {(text.section, text.text) for text in first.texts}


def test_a_second_form_may_begin_with_another_row_than_the_projects_name() -> None:
    form = "| 主管部门 | {}交通局 | | | | | | |\n| 项目名称 | {}道路 | | | | | | |\n" + HEADER + ROW
    found = records(form.format("甲县", "甲县") + "\n\n" + form.format("乙县", "乙县"))
    assert [(one.project_name, one.heading["department"].value) for one in found] == [
        ("甲县道路", "甲县交通局"),
        ("乙县道路", "乙县交通局"),
    ]
