"""Fund blocks as offices draw them, in Word: the same amounts come out of each."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record

sys.path.insert(
    0, str(Path(__file__).parents[1] / "samples")
)  # a script of the samples, not part of a package

import make

HEAD = """\
| 项目名称 | 道路养护 | < | < | < | < | < | < |
| 主管部门 | 某县交通局 | < | < | 实施单位 | 某县公路站 | < | < |
"""
INDICATORS = """\
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |
| 产出指标 | 数量指标 | 养护里程 | ≥320公里 | 325公里 | 90 | 90 | |
| 总分 | < | < | < | < | 100 | 99.5 | |
"""
Lines = dict[str, tuple[str, ...]]
WHOLE: Lines = {"total": ("", "200", "190", "", "0.95", "")}
SOURCES: Lines = {"fiscal": ("", "150", "145", "", "", ""), "other": ("", "50", "45", "", "", "")}
FIELDS = ("budget_initial", "budget_adjusted", "executed", "weight", "execution_rate", "score")

BLOCKS: dict[str, tuple[str, Lines]] = {
    "amounts behind their labels, the first without one": (
        "| 资金总额 | 200万元 | < | 执行数 | 190万元 | < | 执行率 | 95% |\n",
        WHOLE,
    ),
    "label and value in one cell": (
        "| 预算执行情况（万元） | 全年预算数：200 | < | 全年执行数：190 | < | 执行率：95% | 分值：10 | 得分：9.5 |\n",
        {"total": ("", "200", "190", "10", "0.95", "9.5")},
    ),
    "all in one cell": (
        "| 资金情况 | 全年预算数：200万元 全年执行数：190万元 执行率：95% | < | < | < | < | < | < |\n",
        WHOLE,
    ),
    "lines behind each amount's label": (
        "| 资金（万元） | 预算安排 | 合计 | 200 | 实际支出 | 合计 | 190 | 执行率95% |\n"
        "| ^ | ^ | 财政拨款 | 150 | ^ | 财政拨款 | 145 | ^ |\n"
        "| ^ | ^ | 其他资金 | 50 | ^ | 其他资金 | 45 | ^ |\n",
        {**WHOLE, **SOURCES},
    ),
    "an amount and its parts in a row": (
        "| 项目资金（万元） | 全年预算数 | 200 | < | 其中：财政拨款 | 150 | 其他资金 | 50 |\n"
        "| ^ | 全年执行数 | 190 | < | 其中：财政拨款 | 145 | 其他资金 | 45 |\n"
        "| ^ | 自评得分 | 9.5 | < | 分值 | 10 | 执行率 | 95% |\n",
        {"total": ("", "200", "190", "10", "0.95", "9.5"), **SOURCES},
    ),
    "sources under each amount": (
        "| 资金情况（元） | 全年预算数 | < | < | 全年执行数 | < | < | 执行率 |\n"
        "| ^ | 小计 | 财政拨款 | 其他资金 | 小计 | 财政拨款 | 其他资金 | ^ |\n"
        "| 年度资金总额 | 2000000 | 1500000 | 500000 | 1900000 | 1450000 | 450000 | 95% |\n",
        {**WHOLE, **SOURCES},
    ),
    "amounts under each source": (
        "| 资金构成（万元） | < | 财政资金 | < | < | 其他资金 | < | < |\n"
        "| ^ | < | 预算数 | 执行数 | 执行率 | 预算数 | 执行数 | 执行率 |\n"
        "| 金额 | < | 150 | 145 | 96.67% | 50 | 45 | 90% |\n",
        {"fiscal": ("", "150", "145", "", "0.9667", ""), "other": ("", "50", "45", "", "0.90", "")},
    ),
    "a tier of groups above the header": (
        "| 资金来源 | 预算情况 | < | < | 执行情况 | < | < | < |\n"
        "| ^ | 年初预算 | 年中调整 | 调整后预算 | 执行数 | 执行率 | 分值 | 得分 |\n"
        "| 年度资金总额 | 180 | 20 | 200 | 190 | 95% | 10 | 9.5 |\n",
        {"total": ("180", "200", "190", "10", "0.95", "9.5")},
    ),
    "no label beside the amounts": (
        "| 预算执行情况（万元） | < | 预算数 | < | 执行数 | 执行率 | 分值 | 得分 |\n"
        "| ^ | < | 200 | < | 190 | 95% | 10 | 9.5 |\n",
        {"total": ("", "200", "190", "10", "0.95", "9.5")},
    ),
    "a column of amounts that nobody knows": (
        "| 项目资金（万元） | | 专户划拨数 | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 |\n"
        "| ^ | 年度资金总额 | 170 | 200 | 190 | 95% | 10 | 9.5 |\n",
        {"total": ("", "200", "190", "10", "0.95", "9.5")},
    ),
}


def _records(text: str, folder: Path) -> list[Record]:
    source = folder / "source.txt"
    source.write_text(text, encoding="utf-8")
    data = make.WRITERS["form.docx"](make.read_source(source))
    return [to_record(form) for form in find_forms(read_bytes(data, "form.docx"))]


def _lines(record: Record) -> dict[str, list[Decimal | None]]:
    return {line.item: [number_of(getattr(line, field)) for field in FIELDS] for line in record.funds}


@pytest.mark.parametrize("name", BLOCKS)
def test_the_amounts_of_any_fund_block_come_to_their_lines(name: str, tmp_path: Path) -> None:
    block, lines = BLOCKS[name]
    (record,) = _records(HEAD + block + INDICATORS, tmp_path)
    expected = {item: [Decimal(one) if one else None for one in values] for item, values in lines.items()}
    assert _lines(record) == expected
    assert [indicator.name for indicator in record.indicators] == ["养护里程"]


def test_a_list_of_projects_is_no_fund_block(tmp_path: Path) -> None:
    """Each project's amounts are its own: the first must not become the total of a form."""
    text = (
        "| 序号 | 项目名称 | 实施单位 | 预算数（万元） | 执行数（万元） | 执行率 |\n"
        "| 1 | 水库加固 | 水库处 | 50 | 50 | 100% |\n"
        "| 2 | 渠道清淤 | 水库处 | 80 | 72 | 90% |\n"
    )
    assert _records(text, tmp_path) == []


def test_two_numbers_behind_one_label_are_not_guessed(tmp_path: Path) -> None:
    block = "| 项目资金（万元） | 资金总额 | 200 | 190 | 执行率 | 95% | 备用 | 7 |\n"
    (record,) = _records(HEAD + block + INDICATORS, tmp_path)
    assert record.funds == ()
    assert {cell.text for cell in record.form.unclaimed} >= {"200", "190"}


def test_a_bonus_that_nobody_claimed_is_no_indicator(tmp_path: Path) -> None:
    bonus = "| 加分项 | 上级表彰 | 获省级表彰 | 每项加1分 | 无 | | {} | |\n"
    (record,) = _records(HEAD + INDICATORS + bonus.format("0"), tmp_path)
    assert [indicator.name for indicator in record.indicators] == ["养护里程"]
    (record,) = _records(HEAD + INDICATORS + bonus.format("1"), tmp_path)
    assert [indicator.level1 for indicator in record.indicators] == ["output", "bonus"]


def test_a_weight_behind_the_name_counts_where_no_column_holds_it(tmp_path: Path) -> None:
    text = (
        "| 项目名称 | 校园安保 | < | < | < | < |\n"
        "| 一级指标 | 二级指标 | 三级指标 | 目标值 | 完成值 | 得分 |\n"
        "| 产出指标 | 数量指标 | 配备保安（20分） | 8名 | 8名 | 18 |\n"
    )
    (record,) = _records(text, tmp_path)
    assert number_of(record.indicators[0].weight) == 20


def test_levels_under_the_label_of_the_block_are_levels(tmp_path: Path) -> None:
    text = (
        "| 项目名称 | 数字乡村 | < | < | < | < |\n"
        "| 绩效指标 | 指标名称 | 目标值 | 完成值 | 分值 | 自评分 |\n"
        "| 产出指标 | 示范村数 | 10个 | 10个 | 50 | 50 |\n"
        "| 满意度 | 村民满意度 | ≥90% | 91% | 10 | 10 |\n"
    )
    (record,) = _records(text, tmp_path)
    assert [(one.level1, one.name) for one in record.indicators] == [
        ("output", "示范村数"),
        ("satisfaction", "村民满意度"),
    ]


def _drawn(source: str, folder: Path, name: str) -> list[Record]:
    drawn = folder / "source.txt"
    drawn.write_text(source, encoding="utf-8")
    return [
        to_record(form) for form in find_forms(read_bytes(make.WRITERS[name](make.read_source(drawn)), name))
    ]


FUNDS = """\
| 资金（万元） | | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | < |
| ^ | 年度资金总额 | 200 | 190 | 10 | 95% | 9.5 | < |
"""


@pytest.mark.parametrize("name", ["form.docx", "form.xlsx"])
def test_a_sentence_between_two_forms_is_the_report_of_the_first_and_no_line_of_funds(
    name: str, tmp_path: Path
) -> None:
    form = f"项目支出绩效自评表（2022年度）\n{HEAD}{FUNDS}{INDICATORS}"
    told = "一、项目基本情况\n全年预算200万元，实际支出190万元，预算执行率95%，自评得分99.5分。\n"
    first, second = _drawn(form + told + form, tmp_path, name)
    assert [line.item for line in first.funds] == ["total"]
    assert [(fact.kind, fact.number) for fact in first.facts] == [
        ("adjusted", Decimal(200)),
        ("executed", Decimal(190)),
        ("rate", Decimal(95)),
        ("score", Decimal("99.5")),
    ]
    assert second.facts == ()


def test_an_unknown_label_and_its_value_above_a_header_are_no_tier_of_it(tmp_path: Path) -> None:
    source = f"{HEAD}| 银河口令 | < | 三号 | < | < | < | < | < |\n{FUNDS}{INDICATORS}"
    (record,) = _drawn(source, tmp_path, "form.docx")
    assert [cell.text for cell in record.form.unclaimed] == ["银河口令", "三号"]
    assert record.total_line is not None and number_of(record.total_line.executed) == 190
