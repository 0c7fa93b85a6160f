"""Layouts that offices made of their own: what each form says, and what must come out."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Indicator, Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Measure

sys.path.insert(
    0, str(Path(__file__).parents[1] / "samples")
)  # a script of the samples, not part of a package

import make

HEAD = "| 项目名称 | 道路养护 | < | < | < | < | < | < |\n"
FUNDS = """\
| 资金来源 | < | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | < |
| 年度资金总额 | < | 200 | 190 | 10 | 95% | 9.5 | < |
"""
HEADER = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |\n"


@pytest.fixture(params=["form.docx", "form.xlsx", "form.html"])
def reading(request: pytest.FixtureRequest, tmp_path: Path) -> Drawing:
    return Drawing(tmp_path, request.param)


class Drawing:
    """Draws a form in one format, and reads it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    def record(self, source: str) -> Record:
        drawn = self.folder / "source.txt"
        drawn.write_text(source, encoding="utf-8")
        data = make.WRITERS[self.name](make.read_source(drawn))
        (found,) = [to_record(form) for form in find_forms(read_bytes(data, self.name))]
        return found


def values(one: Indicator) -> tuple[object, ...]:
    """Name, target, actual value, weight and score."""
    measures = [entry.value if entry else None for entry in (one.target, one.actual)]
    numbers = [value.number if isinstance(value, Measure) else value for value in measures]
    return (one.name, *numbers, number_of(one.weight), number_of(one.score))


def levels(record: Record) -> list[tuple[str, str, str]]:
    return [(one.level1, one.level2, one.name) for one in record.indicators]


def unread(record: Record) -> list[str]:
    return [cell.text for cell in record.form.unclaimed]


def test_an_indicator_whose_name_ends_like_a_comparing_word_keeps_its_numbers(reading: Drawing) -> None:
    rows = "| 产出指标 | 成本指标 | 成本节约 | ≥5% | 6% | 90 | 90 | |\n"
    record = reading.record(HEAD + FUNDS + HEADER + rows)
    assert [values(one) for one in record.indicators] == [("成本节约", 5, 6, 90, 90)]


def test_bare_words_head_target_and_actual_value(reading: Drawing) -> None:
    for target, actual in (
        ("计划", "完成"),
        ("目标", "结果"),
        ("目标", "实际"),
        ("指标值（目标）", "指标值（实际）"),
    ):
        header = f"| 指标 | < | < | {target} | {actual} | 分值 | 得分 | 原因 |\n"
        record = reading.record(
            HEAD + FUNDS + header + "| 养护里程 | < | < | ≥320公里 | 325公里 | 90 | 88 | 雨多 |\n"
        )
        (one,) = record.indicators
        assert values(one) == ("养护里程", 320, 325, 90, 88), (target, actual)
        assert one.reason is not None and one.reason.value == "雨多"


def test_the_column_left_of_the_targets_names_the_indicators(reading: Drawing) -> None:
    header = "| 绩效目标 | < | < | 预期值 | 实际值 | 完成率 | 自评分 | < |\n"
    rows = "| 1.修建村道（公里） | < | < | 6.5 | 6.8 | 104.62 | 40 | < |\n"
    record = reading.record(HEAD + FUNDS + header + rows)
    (one,) = record.indicators
    assert values(one) == ("修建村道（公里）", Decimal("6.5"), Decimal("6.8"), None, 40)
    assert one.target is not None and isinstance(one.target.value, Measure)
    assert one.target.value.unit == "公里"


def test_goals_in_words_under_such_a_header_are_no_indicators(reading: Drawing) -> None:
    header = "| 绩效目标 | < | < | 年度目标 | 完成情况 | 分值 | 得分 | < |\n"
    rows = "| 总体 | < | < | 保障道路畅通 | 全年畅通 | 90 | 90 | < |\n"
    record = reading.record(HEAD + FUNDS + header + rows + HEADER)
    assert record.indicators == ()


@pytest.mark.parametrize("between", ["-", "/", "—", "\\n"])
def test_both_levels_may_stand_in_one_cell(reading: Drawing, between: str) -> None:
    header = HEADER.replace("一级指标 | 二级指标", "绩效指标（一级/二级） | <")
    rows = f"| 产出{between}数量 | < | 养护里程 | ≥320公里 | 325公里 | 45 | 45 | |\n"
    rows += f"| 效益指标{between}社会效益指标 | < | 投诉 | ≤3起 | 2起 | 45 | 45 | |\n"
    record = reading.record(HEAD + FUNDS + header + rows)
    assert levels(record) == [("output", "quantity", "养护里程"), ("benefit", "social", "投诉")]
    assert unread(record) == []


def test_a_name_header_over_two_columns_covers_the_levels(reading: Drawing) -> None:
    header = "| 考核指标 | < | < | 目标值 | 实际值 | 权重 | 得分 | 说明 |\n"
    rows = "| 产出 | 养护里程 | < | ≥320公里 | 325公里 | 45 | 45 | |\n"
    rows += "| 效益 | 投诉 | < | ≤3起 | 2起 | 45 | 45 | |\n"
    record = reading.record(HEAD + FUNDS + header + rows)
    assert levels(record) == [("output", "", "养护里程"), ("benefit", "", "投诉")]
    assert unread(record) == []


def test_the_header_may_begin_behind_the_levels_merged_cells(reading: Drawing) -> None:
    rows = """\
| 绩效指标 | 产出指标 | 数量指标 | 指标名称 | 目标值 | 完成值 | 分值 | 得分 |
| ^ | ^ | ^ | 养护里程 | ≥320公里 | 325公里 | 30 | 30 |
| ^ | ^ | 质量指标 | 优良率 | ≥85% | 88% | 30 | 30 |
| ^ | 效益指标 | 社会效益指标 | 投诉 | ≤3起 | 2起 | 30 | 30 |
"""
    assert levels(reading.record(HEAD + FUNDS + rows)) == [
        ("output", "quantity", "养护里程"),
        ("output", "quality", "优良率"),
        ("benefit", "social", "投诉"),
    ]


def test_a_score_column_that_goes_down_both_tiers_is_called_like_the_forms_total(reading: Drawing) -> None:
    rows = """\
| 评价指标 | < | < | < | 权重（%） | 自评分数 | < | 评分依据 |
| 一级指标 | 二级指标 | 三级指标 | 四级指标 | ^ | ^ | < | ^ |
| 投入 | 项目立项 | 论证决策 | 论证充分性 | 30 | 28 | < | 经专家论证 |
| 产出 | 效率性 | 完成进度 | 完成率 | 60 | 60 | < | 全部完成 |
"""
    record = reading.record(HEAD + FUNDS + rows)
    assert [values(one) for one in record.indicators] == [
        ("论证充分性", None, None, 30, 28),
        ("完成率", None, None, 60, 60),
    ]
    assert record.total.score is None


def test_target_and_actual_value_may_share_a_cell(reading: Drawing) -> None:
    header = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值/实际完成值 | < | 分值 | 得分 | < |\n"
    rows = "| 产出指标 | 数量指标 | 受理案件数 | 150件/163件 | < | 45 | 45 | < |\n"
    rows += "| 产出指标 | 质量指标 | 合格率 | ≥95%/98% | < | 45 | 45 | < |\n"
    record = reading.record(HEAD + FUNDS + header + rows)
    assert [values(one) for one in record.indicators] == [
        ("受理案件数", 150, 163, 45, 45),
        ("合格率", 95, 98, 45, 45),
    ]


def test_what_more_than_one_stroke_parts_is_left_to_the_reader(reading: Drawing) -> None:
    header = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值/实际完成值 | < | 分值 | 得分 | < |\n"
    record = reading.record(
        HEAD + FUNDS + header + "| 产出指标 | 成本指标 | 补贴 | 530元/人/540元/人 | < | 90 | 90 | < |\n"
    )
    assert [values(one) for one in record.indicators] == [("补贴", None, None, 90, 90)]
    assert unread(record) == ["530元/人/540元/人"]


def test_a_pair_that_nobody_knows_does_not_hide_the_amounts_beside_it(reading: Drawing) -> None:
    rows = "| 预算金额（元） | 486000.00 | < | < | 合同金额（元） | 480000.00 | < | < |\n"
    rows += "| 实际支付金额（元） | 480000.00 | < | < | 资金支付率 | 98.77% | < | < |\n"
    record = reading.record(
        HEAD + rows + HEADER + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | 9 | 9 | |\n"
    )
    (line,) = record.funds
    assert (number_of(line.budget_adjusted), number_of(line.executed)) == (Decimal("48.6"), Decimal(48))
    assert unread(record) == ["合同金额（元）", "480000.00"]


def test_labels_of_the_head_may_stand_above_their_values(reading: Drawing) -> None:
    head = """\
| 项目名称 | 主管部门 | < | 实施单位 | < | 项目负责人 | 联系电话 | < |
| 口袋公园建设 | 区住建局 | < | 和平街道办 | < | 某甲 | 0371-1234567 | < |
"""
    rows = "| 产出指标 | 数量指标 | 公园 | 3处 | 3处 | 90 | 90 | |\n"
    record = reading.record(head + FUNDS + HEADER + rows)
    said = {
        "project_name": "口袋公园建设",
        "department": "区住建局",
        "implementing_unit": "和平街道办",
        "project_leader": "某甲",
        "contact": "0371-1234567",
    }
    assert {name: record.heading[name].value for name in said} == said
    assert unread(record) == []


def test_labels_with_their_values_above_a_header_are_no_tier_of_it(reading: Drawing) -> None:
    head = "| 项目负责人：某甲 | < | < | 联系电话：0371-1234567 | < | < | 经费卡号：A21 | < |\n"
    funds = FUNDS.replace("资金来源 | <", "经费来源 | 年初预算数").replace("总额 | <", "总额 | 210")
    rows = "| 产出指标 | 数量指标 | 公园 | 3处 | 3处 | 90 | 90 | |\n"
    record = reading.record(HEAD + head + funds + HEADER + rows)
    assert record.heading["project_leader"].value == "某甲"
    assert record.heading["contact"].value == "0371-1234567"
    assert record.total_line is not None and number_of(record.total_line.executed) == 190


def test_an_empty_form_has_no_labels_as_values(reading: Drawing) -> None:
    head = "| 项目名称 | | < | < | 主管部门 | | < | < |\n| 实施单位 | | < | < | 联系电话 | | < | < |\n"
    record = reading.record(
        head + FUNDS + HEADER + "| 产出指标 | 数量指标 | 公园 | 3处 | 3处 | 90 | 90 | |\n"
    )
    assert {entry.value for entry in record.heading.values()} == {""}


def test_the_date_of_a_signature_that_nobody_filled_in_is_no_unit(reading: Drawing) -> None:
    rows = HEADER + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | 90 | 90 | |\n"
    record = reading.record(HEAD + FUNDS + rows + "自评单位（盖章）：           年   月   日\n")
    assert "年" not in "".join(entry.value for entry in record.heading.values())


def test_the_year_behind_a_units_name_is_none_of_it(reading: Drawing) -> None:
    line = "填报单位(公章)：青云县文化局        2018年度        总得分：95.2\n"
    rows = HEADER + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | 90 | 85.7 | |\n"
    record = reading.record("项目支出绩效自评表\n" + line + HEAD + FUNDS + rows)
    assert record.heading["reporting_unit"].value == "青云县文化局"
    assert record.year is not None and record.year.value == 2018


def test_a_grade_may_be_the_whole_conclusion(reading: Drawing) -> None:
    rows = HEADER + "| 产出指标 | 数量指标 | 里程 | 5公里 | 5公里 | 90 | 90 | |\n"
    record = reading.record(
        HEAD
        + FUNDS
        + rows
        + "| 合计 | < | < | < | < | 100 | 99.5 | |\n| 自评结论 | 优 | < | < | < | < | < | < |\n"
    )
    assert record.total.grade is not None and record.total.grade.value == "优"


def test_brackets_that_are_part_of_a_unit_stay_with_it(reading: Drawing) -> None:
    header = "| 一级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |\n"
    record = reading.record(HEAD + FUNDS + header + "| 产出指标 | 设备 | ≥ | 5 | 台（套） | 5 | 90 | 90 |\n")
    target = record.indicators[0].target
    assert target is not None and isinstance(target.value, Measure) and target.value.unit == "台（套）"


def test_a_line_of_amounts_below_the_blocks_own_label_in_a_text_dump() -> None:
    text = (
        "项目名称\t道路养护\t\t\t\t\n"
        "预算执行情况\t年初预算数\t全年预算数\t\t全年执行数\t执行率\n"
        "\t200\t190\t\t190\t100%\n"
        "一级指标\t二级指标\t三级指标\t指标值\t完成值\t得分\n"
        "产出指标\t数量指标\t里程\t5公里\t5公里\t90\n"
    )
    (record,) = [to_record(form) for form in find_forms(read_bytes(text.encode(), "form.txt"))]
    assert record.total_line is not None
    assert number_of(record.total_line.budget_adjusted) == 190
    assert number_of(record.total_line.executed) == 190
