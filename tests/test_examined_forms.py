"""What a blind examination with drawn forms brought up: what each form says, and what must come out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Measure
from zipingbiao.pipeline import check

HEADER = "| 一级指标 | 二级指标 | 三级指标 | 目标值 | 实际值 | 分值 | 得分 |\n"
ROWS = HEADER + "| 产出指标 | 数量指标 | 清理河道 | 18公里 | 18公里 | 90 | 90 |\n"


def record_of(text: str) -> Record:
    """The form of a text file."""
    (record,) = [to_record(form) for form in find_forms(read_bytes(text.encode(), "form.txt"))]
    return record


def codes(record: Record) -> set[str]:
    return {finding.code for finding in check(record)}


@pytest.mark.parametrize(("remark", "explained"), [("企业兑现跨年，余款结转", True), ("按进度兑现", False)])
def test_a_remark_beside_the_amounts_can_give_a_reason(remark: str, explained: bool) -> None:
    record = record_of(
        "2018年财政专项资金绩效自评表\n| 专项资金名称 | 创新券补助 |\n"
        "| 资金情况（万元） | 年初预算 | 300 | 实际支出 | 252 | 预算执行率 | 84% |\n"
        f"| 执行率得分 | 分值 | 10 | 得分 | 8.4 | 说明 | {remark} |\n" + ROWS
    )
    assert ("FUND06" not in codes(record)) is explained


def test_months_in_a_unit_column_stay_the_unit() -> None:
    record = record_of(
        "项目支出绩效自评表\n| 项目名称 | 辅具适配 |\n"
        "| 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |\n"
        "| 产出指标 | 时效指标 | 完成时间 | ≤ | 12 | 月 | 11 | 90 | 90 |\n"
    )
    target = record.indicators[0].target
    assert target is not None
    assert isinstance(target.value, Measure)
    assert (target.value.relation, target.value.number, target.value.unit) == ("<=", Decimal(12), "月")


def test_a_town_s_own_money_is_a_part_of_the_total() -> None:
    record = record_of(
        "乡镇财政专项资金绩效自评表（2023年）\n| 专项名称 | 人居环境整治 |\n"
        "| 来源 | 预算数（元） | 实际支出（元） | 执行率 |\n"
        "| 总额 | 520000 | 508600 | 97.81% |\n| 县级资金 | 400000 | 400000 | 100% |\n"
        "| 镇级自筹 | 120000 | 118600 | 98.83% |\n" + ROWS
    )
    assert [line.item for line in record.funds] == ["total", "county", "own"]
    assert "FUND02" in codes(record)


def test_an_adjusted_budget_called_adjusted_is_read() -> None:
    record = record_of(
        "2024年度项目支出绩效自评表\n| 项目名称 | 移民扶持 |\n"
        "| 资金来源（万元） | 年初数 | 调整后 | 实际支出 | 执行率 |\n"
        "| 合计 | 700 | 735.20 | 698.44 | 95% |\n" + ROWS
    )
    assert number_of(record.funds[0].budget_adjusted) == Decimal("735.20")


def test_what_the_government_pays_under_a_partnership_is_its_budget() -> None:
    record = record_of(
        "2022年度PPP项目绩效自评表\n| 项目名称 | 污水处理厂 |\n"
        "| 政府付费（万元） | 全年预算数 | 2860.00 | 全年执行数 | 2860.00 | 执行率 | 100.00% |\n" + ROWS
    )
    assert [number_of(line.executed) for line in record.funds] == [Decimal("2860.00")]


@pytest.mark.parametrize(
    ("label", "field"),
    [("政策主管部门", "department"), ("学校名称", "implementing_unit"), ("医院名称", "implementing_unit")],
)
def test_offices_named_by_their_kind(label: str, field: str) -> None:
    record = record_of(f"2022年度绩效自评表\n| 项目名称 | 校舍改造 |\n| {label} | 丰城县某单位 |\n" + ROWS)
    assert record.heading[field].raw == "丰城县某单位"
