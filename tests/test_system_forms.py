"""Layouts that budget systems print and export: what each form says, and what must come out, in any format.

`FORMS` draws them as the samples are drawn, but that a row's last cell reaches to the table's right edge by itself.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

import zipingbiao as zpb
from normalize.formless import CELL_A_LINE, LOST_COLUMNS, REGISTER, why_formless
from normalize.joint import REACH
from normalize.record import Indicator, Record, number_of
from normalize.values.parse import Measure

sys.path.insert(
    0, str(Path(__file__).parents[1] / "samples")
)  # a script of the samples, not part of a package

import make

FORMATS = ("docx", "xlsx", "html", "txt", "tsv", "pdf")

#: the names of the indicators' levels stand above them in the same column, with the points of all under them
TREE = """\
部门整体支出绩效自评表（2023年度）
单位：万元
| 部门名称 | 某市水务局 |
| 预算执行情况 | 资金来源 | 年初预算 | 调整后的预算 | 全年执行数 | 预算执行率% | 自评得分 |
| ^ | 年度资金总额 | 800.00 | 850.00 | 816.00 | 96.00 | 9.6 |
| ^ | 财政资金 | 700.00 | 750.00 | 720.00 | 96.00 | — |
| ^ | 专户资金 | 100.00 | 100.00 | 96.00 | 96.00 | — |
| 指标名称 | 计算符号 | 指标值 | 实际完成值 | 计量单位 | 分值 | 得分 | 偏差原因分析及改进措施 |
| 产出指标 |  |  |  |  | 50 | 49 |  |
| 数量指标 |  |  |  |  | 30 | 30 |  |
| 河道清淤长度 | ≥ | 12 | 12.4 | 公里 | 30 | 30 |  |
| 质量指标 |  |  |  |  | 20 | 19 |  |
| 水质达标率 | = | 100 | 95 | % | 20 | 19 | 管网老化，列入改造计划 |
| 满意度指标 |  |  |  |  | 40 | 40 |  |
| 服务对象满意度 |  |  |  |  | 40 | 40 |  |
| 用水户满意度 | ≥ | 90 | 93 | % | 40 | 40 |  |
| 合计 |  |  |  |  | 100 | 98.6 |  |
"""
#: the row of funds has no label, there are two planned goals, and the indicators have no levels
CHONGQING = """\
部门整体绩效自评表
（2023年度）
| 主管部门 | 某区融合中心 | < | 财政处室 | 行政科 | < | 自评总分（分） | 98.4 |
| 部门预算执行情况（万元） | 年初预算数 | < | 全年（调整）预算数 | 全年执行数 | < | 执行率（%） | 执行率权重 | 执行率得分（分） |
| ^ | 1,200.00 | < | 1,350.50 | 1,296.48 | < | 96.00 | 10 | 9.6 |
| 当年绩效目标 | 年初绩效目标 | < | < | 全年（调整）绩效目标 | < | < | 全年目标实际完成情况 |
| ^ | 发布稿件2000篇。 | < | < | 发布稿件2200篇。 | < | < | 发布稿件2316篇。 |
| 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数（%） | 指标权重（分） | 指标得分（分） | 是否核心指标 |
| 公用经费控制率 | % | ≤ | 100 | 100 | 96 | 100 | 30 | 30 | 否 |
| 发布稿件数量 | 篇 | ≥ | 2000 | 2200 | 2316 | 100 | 40 | 40 | 是 |
| 稿件差错率 | % | ≤ | 0.5 | 0.5 | 0.56 | 94 | 20 | 18.8 | 否 |
"""
NO_HEADER = """\
项目支出绩效自评表
（2023年度）
| 项目名称 | 社区养老服务 |
| 项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| ^ | 年度资金总额 | 80 | 80 | 76 | 10 | 95% | 9.5 |
| 年度总体目标 | 预期目标 | < | < | 实际完成情况 |
| ^ | 服务老人500名。 | < | < | 服务老人512名。 |
| 产出指标 | 数量指标 | 服务老人 | ≥500名 | 512名 | 30 | 30 |  |
| ^ | 质量指标 | 服务合格率 | ≥95% | 96% | 30 | 30 |  |
| 满意度指标 | 服务对象满意度指标 | 老人满意度 | ≥90% | 93% | 30 | 30 |  |
| 总分 | < | < | < | < | 100 | 99.5 |  |
"""
FOUR_LEVELS = """\
部门整体绩效评价自评表
（2023年度）
单位名称：某市文旅局
| 一级指标 | 权重 | 二级指标 | 权重 | 三级指标 | 权重 | 四级指标 | 权重 | 评分标准 | 目标值 | 实际值 | 得分 |
| 过程 | 50 | 预算执行 | 50 | 进度 | 50 | 预算完成率 | 25 | 按比例得分 | 100% | 96% | 24 |
| ^ | ^ | ^ | ^ | ^ | ^ | 结转结余率 | 25 | ≤5%得满分 | ≤5% | 4% | 25 |
| 产出 | 50 | 职责履行 | 50 | 公共文化 | 50 | 免费开放场馆 | 30 | 按比例得分 | 12个 | 12个 | 30 |
| ^ | ^ | ^ | ^ | ^ | ^ | 文物巡查 | 20 | 每少1次扣1分 | ≥48次 | 47次 | 19 |
| 合计 | 100 |  | 100 |  | 100 |  | 100 |  |  |  | 98 |
"""
#: of three scores in the lower tier of a header, the first is the unit's own
THREE_SCORES = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 农村改厕 |
| 指标 | < | < | 目标值 | 完成值 | 分值 | 评分 | < | < | 备注 |
| 一级指标 | 二级指标 | 三级指标 | ^ | ^ | ^ | 初评 | 复评 | 终评 | ^ |
| 产出指标 | 数量指标 | 改厕数量 | ≥400户 | 420户 | 60 | 60 | 58 | 58 |  |
| 效益指标 | 生态效益 | 粪污治理率 | ≥95% | 95.5% | 40 | 40 | 40 | 40 |  |
| 合计 | < | < | < | < | 100 | 100 | 98 | 98 |  |
"""
#: the parts of the whole stand in cells of their own under columns that are not theirs; they sum up to 全年预算数
HUNAN = """\
部门（单位）整体支出绩效自评表
（2023年度）
| 部门名称 | 某县文旅局 |
| 年度预算申请（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| ^ | 年度资金总额 | 812.00 | 830.00 | 813.40 | 10 | 98% | 9.8 |
| ^ | 按收入性质分 | < | < | 按支出性质分 |
| ^ | 其中：一般公共预算：640.00 | < | < | 其中：基本支出：512.00 |
| ^ | 政府性基金拨款：20.00 | < | < | 项目支出：318.00 |
| ^ | 纳入专户管理的非税收入拨款：170.00 | < | < |  |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |
| 产出指标 | 数量指标 | 文艺演出 | ≥30场 | 32场 | 50 | 50 |  |
| 效益指标 | 社会效益指标 | 观众人次 | ≥2万人次 | 2.2万人次 | 40 | 40 |  |
| 总分 | < | < | < | < | 100 | 99.8 |  |
"""
#: the rate's label stands in the row above the pairs of labels and amounts
HEBEI = """\
项目支出绩效自评表（2023年度）
| 一、基本情况 |
| 项目名称 | 食品抽检 | < | < | 实施（主管）单位 | 某市监局 |
| 二、预算执行情况（万元） |
| 预算安排情况（调整后） | < | 资金到位情况 | < | 资金执行情况 | < | 预算执行进度 |
| 预算数 | 120 | 到位数 | 120 | 执行数 | 114 | 95% |
| 其中：财政资金 | 100 | 其中：财政资金 | 100 | 其中：财政资金 | 96 |  |
| 其他 | 20 | 其他 | 20 | 其他 | 18 |  |
| 三、目标完成情况 |
| 年度预期目标 | < | < | 具体完成情况 | < | < | 总体完成率 |
| 抽检食品3000批次。 | < | < | 抽检3060批次。 | < | < | 102% |
| 四、年度绩效指标完成情况 |
| 一级指标 | 二级指标 | 三级指标 | 预期指标值 | 指标值单位 | 实际完成指标值 | 自评得分 |
| 产出指标 | 数量指标 | 抽检批次 | ≥3000 | 批次 | 3060 | 90 |
| 预算执行率 | 预算执行率 | 预算执行率 | 100 | % | 95 | 9.5 |
| 自评总分 | < | < | < | < | < | 99.5 |
"""
#: two labels nobody knows part a column; what they say is no target and no score
DATA_COLUMNS = """\
口岸检测能力建设专项经费绩效评价表
（2021年度）
| 项目名称 | 口岸检测能力建设 |
| 一级指标 | 权重 | 二级指标 | 分值 | 三级指标 | 计量单位 | 目标值（标准） | 分值 | 采集数据项 | < | 实际值 | 得分 |
| ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^ | 数据项1 | 数据项2 | ^ | ^ |
| 预算绩效 | 40 | 预算管理 | 40 | 预算执行进度（12月） | % | 95% | 40 | 100.00 | 98.00 | 98% | 40 |
| 业务绩效 | 60 | 能力提升 | 60 | 新增检测项目 | 项 | 20 | 60 |  | 22 | 22 | 60 |
| 合计 | 100 |  | 100 |  |  |  | 100 |  |  |  | 100 |
"""
TWO_GOALS = """\
转移支付区域绩效目标自评表
（2019年度）
| 专项名称 | 城市管网补助资金 |
| 年度总体目标 | 年初设定目标 | < | < | 全年实际完成情况 |
| ^ | 目标1 | 新建管网20公里。 | < | 完成22公里。 |
| ^ | 目标2 | 提标改造1座厂。 | < | 完成1座。 |
| 一级指标 | 二级指标 | 三级指标 | 全年绩效指标值 | 全年完成值 |
| 产出指标 | 数量指标 | 新建管网 | 20公里 | 22公里 |
| 未完成原因和改进措施 | 无 |
"""
#: the weight that was adjusted holds, as the target does; 指标属性 says in which direction
ZHEJIANG = """\
财政项目绩效自评表
项目名称：数字档案        评价年度：2022年度        单位：万元
| 一级指标 | 二级指标 | 三级指标 | 指标属性 | 年初指标值 | 调整后指标值 | 实际完成值 | 初始权重 | 调整后权重 | 得分 | 偏差原因 |
| 产出指标 | 数量指标 | 数字化页数 | 正向 | 100万页 | 120万页 | 121万页 | 40 | 50 | 50 |  |
| 效益指标 | 社会效益 | 查档时长 | 反向 | 30分钟 | 20分钟 | 18分钟 | 40 | 40 | 40 |  |
| 满意度指标 | 满意度 | 用户满意度 | 正向 | 90% | 90% | 95% | 20 | 10 | 10 |  |
| 合计 |  |  |  |  |  |  | 100 | 100 | 100 |  |
"""
#: the upper tier of the header names the columns that the lower one leaves blank
SCORE_SHEET = """\
部门整体支出绩效自评指标评分表（2022年度）
| 单位名称 | 某县司法局 |
| 评价指标 | < | < | 分值 | 评价标准 | 自评得分 | 备注 |
| 一级指标 | 二级指标 | 三级指标 | ^ | ^ | ^ | ^ |
| 投入（40分） | 目标设定（10分） | 绩效指标明确性 | 10 | 清晰得10分 | 9 | 个别指标未量化 |
| ^ | 预算配置（30分） | 在职人员控制率 | 30 | ≤100%得30分 | 30 |  |
| 过程（60分） | 预算执行（60分） | 预算完成率 | 60 | 完成率×60 | 58.8 | 98% |
| 合计 | < | < | 100 |  | 97.8 |  |
"""
FORMS = {
    "tree": TREE,
    "chongqing": CHONGQING,
    "no header": NO_HEADER,
    "four levels": FOUR_LEVELS,
    "three scores": THREE_SCORES,
    "hunan": HUNAN,
    "hebei": HEBEI,
    "data columns": DATA_COLUMNS,
    "two goals": TWO_GOALS,
    "zhejiang": ZHEJIANG,
    "score sheet": SCORE_SHEET,
}

Row = tuple[str, str, str, str | None, str | None, str | None, str | None]
#: levels, name, target, actual value, weight, score
INDICATORS: dict[str, list[Row]] = {
    "tree": [
        ("output", "quantity", "河道清淤长度", ">=12公里", "12.4公里", "30", "30"),
        ("output", "quality", "水质达标率", "100%", "95%", "20", "19"),
        ("satisfaction", "satisfaction", "用水户满意度", ">=90%", "93%", "40", "40"),
    ],
    "chongqing": [
        ("", "", "公用经费控制率", "<=100%", "96%", "30", "30"),
        ("", "", "发布稿件数量", ">=2200篇", "2316篇", "40", "40"),
        ("", "", "稿件差错率", "<=0.5%", "0.56%", "20", "18.8"),
    ],
    "no header": [
        ("output", "quantity", "服务老人", ">=500名", "512名", "30", "30"),
        ("output", "quality", "服务合格率", ">=95%", "96%", "30", "30"),
        ("satisfaction", "satisfaction", "老人满意度", ">=90%", "93%", "30", "30"),
    ],
    "four levels": [
        ("process", "", "预算完成率", "100%", "96%", "25", "24"),
        ("process", "", "结转结余率", "<=5%", "4%", "25", "25"),
        ("output", "", "免费开放场馆", "12个", "12个", "30", "30"),
        ("output", "", "文物巡查", ">=48次", "47次", "20", "19"),
    ],
    "three scores": [
        ("output", "quantity", "改厕数量", ">=400户", "420户", "60", "60"),
        ("benefit", "ecological", "粪污治理率", ">=95%", "95.5%", "40", "40"),
    ],
    "hunan": [
        ("output", "quantity", "文艺演出", ">=30场", "32场", "50", "50"),
        ("benefit", "social", "观众人次", ">=2万人次", "2.2万人次", "40", "40"),
    ],
    "hebei": [
        ("output", "quantity", "抽检批次", ">=3000批次", "3060批次", None, "90"),
        ("execution", "", "预算执行率", "100%", "95%", None, "9.5"),
    ],
    "data columns": [
        ("", "", "预算执行进度（12月）", "95%", "98%", "40", "40"),
        ("", "", "新增检测项目", "20项", "22项", "60", "60"),
    ],
    "two goals": [("output", "quantity", "新建管网", "20公里", "22公里", None, None)],
    "zhejiang": [
        ("output", "quantity", "数字化页数", ">=120万页", "121万页", "50", "50"),
        ("benefit", "social", "查档时长", "<=20分钟", "18分钟", "40", "40"),
        ("satisfaction", "satisfaction", "用户满意度", ">=90%", "95%", "10", "10"),
    ],
    "score sheet": [
        ("input", "", "绩效指标明确性", None, None, "10", "9"),
        ("input", "", "在职人员控制率", None, None, "30", "30"),
        ("process", "", "预算完成率", None, None, "60", "58.8"),
    ],
}
#: item, 年初预算数, 全年预算数, 到位数, 全年执行数, 执行率 as printed
FUNDS: dict[str, list[tuple[str, ...]]] = {
    "tree": [
        ("total", "800.00", "850.00", "", "816.00", "96.00"),
        ("fiscal", "700.00", "750.00", "", "720.00", "96.00"),
        ("special_account", "100.00", "100.00", "", "96.00", "96.00"),
    ],
    "chongqing": [("total", "1,200.00", "1,350.50", "", "1,296.48", "96.00")],
    "no header": [("total", "80", "80", "", "76", "95%")],
    "hunan": [
        ("total", "812.00", "830.00", "", "813.40", "98%"),
        ("fiscal", "", "640.00", "", "", ""),
        ("basic_expenditure", "", "512.00", "", "", ""),
        ("gov_fund", "", "20.00", "", "", ""),
        ("project_expenditure", "", "318.00", "", "", ""),
        ("special_account", "", "170.00", "", "", ""),
    ],
    "hebei": [
        ("total", "", "120", "120", "114", "95%"),
        ("fiscal", "", "100", "100", "96", ""),
        ("other", "", "20", "20", "18", ""),
    ],
}
GOALS = {
    "chongqing": [("发布稿件2200篇。", "发布稿件2316篇。")],
    "no header": [("服务老人500名。", "服务老人512名。")],
    "hebei": [("抽检食品3000批次。", "抽检3060批次。")],
    "two goals": [("新建管网20公里。", "完成22公里。"), ("提标改造1座厂。", "完成1座。")],
}
#: what nobody can know
UNREAD = {"data columns": {"数据项1", "数据项2", "采集数据项"}}


def drawn(source: str) -> str:
    """The source with each row as wide as its table."""
    lines = source.splitlines()
    rows = {
        number: line.strip().strip("|").split("|") for number, line in enumerate(lines) if line[:1] == "|"
    }
    first = 0
    for number in range(len(lines) + 1):
        if number in rows:
            continue
        table = range(first, number)
        width = max((len(rows[one]) for one in table), default=0)
        for one in table:
            lines[one] = f"|{'|'.join([*rows[one], *[' < '] * (width - len(rows[one]))])}|"
        first = number + 1
    return "\n".join(lines)


def read(folder: Path, source: str, kind: str) -> list[Record]:
    text = folder / "source.txt"
    text.write_text(drawn(source), encoding="utf-8")
    path = folder / f"form.{kind}"
    path.write_bytes(make.WRITERS[f"form.{kind}"](make.read_source(text)))
    return zpb.records(path)


def shown(value: object) -> str | None:
    """A value as the tables above write it."""
    if not isinstance(value, Measure):
        return None
    sign = "" if value.relation == "=" else value.relation
    return f"{sign}{value.number:f}{value.unit}"


def row_of(one: Indicator) -> Row:
    target, actual = (shown(entry.value) if entry else None for entry in (one.target, one.actual))
    weight, score = (number_of(entry) for entry in (one.weight, one.score))
    points = [f"{number:f}" if number is not None else None for number in (weight, score)]
    return (one.level1, one.level2, one.name, target, actual, points[0], points[1])


def fund_rows(record: Record) -> list[tuple[str, ...]]:
    names = ("budget_initial", "budget_adjusted", "received", "executed", "execution_rate")
    return [
        (
            line.item.field if line.item else "?",
            *(line.fields[n].text if n in line.fields else "" for n in names),
        )
        for line in record.form.funds
    ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_the_same_in_any_format(name: str, kind: str, tmp_path: Path) -> None:
    (record,) = read(tmp_path, FORMS[name], kind)
    assert [row_of(one) for one in record.indicators] == INDICATORS[name]
    assert fund_rows(record) == FUNDS.get(name, [])
    goals = [(one.planned and one.planned.value, one.actual and one.actual.value) for one in record.goals]
    assert goals == GOALS.get(name, [])
    assert {cell.text for cell in record.form.unclaimed} <= UNREAD.get(name, set())
    found = zpb.check(record)
    assert [one.code for one in found if one.severity in ("error", "warning")] == []


def test_columns_without_a_header_are_named_as_read_in_order(tmp_path: Path) -> None:
    (record,) = read(tmp_path, NO_HEADER, "docx")
    assert any("表头" in note.zh and "header" in note.en for note in record.form.notes)


@pytest.mark.parametrize(
    "row",
    [
        "| 产出指标 | 数量指标 | 服务老人 | 30 | ≥500名 | 512名 | 30 |  |",  # the weight before the target
        "| 产出指标 | 数量指标 | 服务老人 | 500 | 512 | 30 | 30 |  |",  # which is the weight?
        "| 产出指标 | 数量指标 | 服务老人 | ≥500名 | 512名 | 30 |  |  |",  # no score, or no weight
    ],
)
def test_no_column_is_guessed_where_the_row_does_not_tell(row: str, tmp_path: Path) -> None:
    kept = [line for line in NO_HEADER.splitlines() if "指标 |" not in line and "总分" not in line]
    source = "\n".join([*kept, row])
    (record,) = read(tmp_path, source, "docx")
    assert record.indicators == ()
    assert len(record.goals) == 1
    assert "服务老人" in {cell.text for cell in record.form.unclaimed}


def test_a_level_without_indicators_under_it_is_one_itself(tmp_path: Path) -> None:
    lone = TREE.replace("| 用水户满意度 | ≥ | 90 | 93 | % | 40 | 40 |  |\n", "")
    for kind in ("docx", "txt"):
        (record,) = read(tmp_path, lone.replace("| 服务对象满意度 |  |  |  |  | 40 | 40 |  |\n", ""), kind)
        assert [number_of(one.score) for one in record.indicators] == [30, 19, 40]
        assert not [one for one in zpb.check(record) if one.code in ("SCORE01", "SCORE02")]


def test_points_that_are_not_the_sum_stay_an_indicators(tmp_path: Path) -> None:
    source = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 道路养护 |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 |  |  |  | {} | {} |
| ^ | ^ | 养护里程 | ≥40公里 | 41公里 | 30 | 30 |
| 效益指标 | 社会效益 | 出行时间 | ≤40分钟 | 38分钟 | 60 | 60 |
| 总分 | < | < | < | < | 100 | 100 |
"""
    (grouped,) = read(tmp_path, source.format(30, 30), "xlsx")
    assert [number_of(one.score) for one in grouped.indicators] == [30, 60]
    (own,) = read(tmp_path, source.format(10, 10), "xlsx")
    assert [number_of(one.score) for one in own.indicators] == [10, 30, 60]


@pytest.mark.parametrize("sums_to", ["budget_initial", "executed"])
def test_parts_in_cells_of_their_own_belong_to_the_amount_that_they_sum_up_to(
    sums_to: str, tmp_path: Path
) -> None:
    first = {"budget_initial": "622.00", "executed": "623.40"}[sums_to]
    (record,) = read(tmp_path, HUNAN.replace("一般公共预算：640.00", f"一般公共预算：{first}"), "docx")
    sources = [line for line in record.form.funds if line.item and line.item.field in ("fiscal", "gov_fund")]
    assert [set(line.fields) for line in sources] == [{sums_to}, {sums_to}]
    assert "FUND02" not in {one.code for one in zpb.check(record)}


def test_parts_that_sum_up_to_nothing_are_found(tmp_path: Path) -> None:
    (record,) = read(tmp_path, HUNAN.replace("项目支出：318.00", "项目支出：381.00"), "docx")
    assert {one.code for one in zpb.check(record) if one.severity == "error"} == {"FUND02"}


EXPORT = """\
| 项目编码 | 项目名称 | 单位名称 | 一级指标 | 二级指标 | 三级指标编码 | 三级指标 | 计算符号 | 年度指标值 | 计量单位 | 实际完成值 | 分值 | 得分 |
| 330100231 | 平安建设 | 某区政法委 | 产出指标 | 数量指标 | 11001 | 巡逻次数 | ≥ | 300 | 次 | 320 | 60 | 60 |
| 330100231 | 平安建设 | 某区政法委 | 效益指标 | 社会效益指标 | 12001 | 发案下降率 | ≥ | 5 | % | 6.2 | 40 | 40 |
| 330100232 | 垃圾分类 | 某区城管局 | 产出指标 | 数量指标 | 11002 | 投放点 | ≥ | 60 | 个 | 64 | 100 | 100 |
"""


@pytest.mark.parametrize("kind", FORMATS)
def test_the_indicators_of_several_projects_in_one_table_are_a_form_each(kind: str, tmp_path: Path) -> None:
    records = read(tmp_path, EXPORT, kind)
    heads = [(one.heading["project_name"].value, one.heading["project_code"].value) for one in records]
    assert heads == [("平安建设", "330100231"), ("垃圾分类", "330100232")]
    assert [[row_of(one)[2:] for one in record.indicators] for record in records] == [
        [("巡逻次数", ">=300次", "320次", "60", "60"), ("发案下降率", ">=5%", "6.2%", "40", "40")],
        [("投放点", ">=60个", "64个", "100", "100")],
    ]
    assert all(not record.form.unclaimed for record in records)
    assert not [one for record in records for one in zpb.check(record) if one.severity != "note"]


SIDE_BY_SIDE = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 河道保洁 | < | < |  | 项目名称 | 绿化养护 | < | < |
| 资金（万元） | 预算数 | 执行数 | 执行率 |  | 资金（万元） | 预算数 | 执行数 | 执行率 |
| 资金总额 | 30 | 30 | 100% |  | 资金总额 | 60 | 57 | 95% |
| 三级指标 | 年度指标值 | 实际完成值 | 得分 |  | 三级指标 | 年度指标值 | 实际完成值 | 得分 |
| 保洁河道 | ≥12公里 | 12公里 | 100 |  | 养护面积 | ≥5万平方米 | 5.2万平方米 | 98 |
| 总分 | < | < | 100 |  | 总分 | < | < | 98 |
"""


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "tsv", "pdf"])
def test_forms_side_by_side_are_read_one_after_the_other(kind: str, tmp_path: Path) -> None:
    left, right = read(tmp_path, SIDE_BY_SIDE, kind)
    assert [one.heading["project_name"].value for one in (left, right)] == ["河道保洁", "绿化养护"]
    assert [one.total_line and number_of(one.total_line.executed) for one in (left, right)] == [30, 57]
    assert [number_of(one.total.score) for one in (left, right)] == [100, 98]
    assert [row_of(one)[2:5] for one in right.indicators] == [("养护面积", ">=5万平方米", "5.2万平方米")]
    assert [one.year and one.year.value for one in (left, right)] == [2023, 2023]
    assert not left.form.unclaimed and not right.form.unclaimed


def test_what_stands_under_a_label_that_was_read_before_is_signalled(tmp_path: Path) -> None:
    (record,) = read(tmp_path, SIDE_BY_SIDE, "txt")  # the dump says nothing of where cells stand
    assert {"年度指标值", "得分"} <= {cell.text for cell in record.form.unclaimed}


def test_a_score_in_brackets_that_another_office_gave_is_not_the_units_own(tmp_path: Path) -> None:
    source = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 道路养护 |
| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分（复核） | 得分（自评） |
| 养护里程 | ≥40公里 | 41公里 | 100 | 95 | 100 |
"""
    (record,) = read(tmp_path, source, "docx")
    assert [number_of(one.score) for one in record.indicators] == [Decimal(100)]


def test_two_texts_under_the_label_of_the_names_are_no_lower_tier(tmp_path: Path) -> None:
    source = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 道路养护 |
| 三级指标 | < | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 里程 | 养护里程 |  |  |  |  |
| 质量 | 合格率 | ≥95% | 96% | 100 | 100 |
"""
    (record,) = read(tmp_path, source, "docx")
    assert "合格率" in record.indicators[-1].name
    assert record.form.unclaimed == ()


def test_a_label_over_values_of_two_halves_is_parted(tmp_path: Path) -> None:
    source = """\
项目支出绩效自评表（2023年度）
| 项目名称 | 道路养护 |
| 三级指标 | 年度指标值 | 实际完成值 | < | 分值 | 得分 |
| ^ | ^ | 上半年 | 下半年 | ^ | ^ |
| 里程 | ≥5公里 | 2公里 | 3公里 | 100 | 100 |
"""
    (record,) = read(tmp_path, source, "xlsx")
    assert [row_of(one)[2:] for one in record.indicators] == [("里程", ">=5公里", None, "100", "100")]
    assert {cell.text for cell in record.form.unclaimed} == {"上半年", "下半年"}


def test_a_list_of_very_many_projects_tells_each_of_those_near_it(tmp_path: Path) -> None:
    rows = [
        f"| {number:04d} | 项目{number:04d} | 里程 | ≥5公里 | 5公里 | 100 | 100 |" for number in range(900)
    ]
    source = "| 项目编码 | 项目名称 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n" + "\n".join(rows)
    forms = [record.form for record in read(tmp_path, source, "tsv")]
    assert len(forms) == 900
    assert all(0 < len(form.others) <= 2 * REACH for form in forms)
    assert {"项目0449", "项目0451"} <= set(forms[450].others)
    assert "项目0450" not in forms[450].others


# ── what is refused, and why ─────────────────────────────────────────────────────────────────────────────────────


def texts_of(source: str) -> list[list[str]]:
    return [
        [cell for cell in (one.strip() for one in line.strip("|").split("|")) if cell not in ("", "<", "^")]
        for line in source.splitlines()
    ]


@pytest.mark.parametrize("name", ["tree", "no header", "hunan", "two goals"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_text_with_a_cell_on_each_line_is_refused_as_that(name: str, between: str, tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(between.join(cell for row in texts_of(FORMS[name]) for cell in row), encoding="utf-8")
    assert zpb.records(path) == []
    assert why_formless(zpb.read(path)) == CELL_A_LINE


def test_a_text_whose_columns_ran_together_is_refused_as_that(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text("\n".join(" ".join(row) for row in texts_of(NO_HEADER)), encoding="utf-8")
    assert zpb.records(path) == []
    assert why_formless(zpb.read(path)) == LOST_COLUMNS


LIST = """\
2023年度项目绩效自评汇总表
| 序号 | 项目编码 | 项目名称 | 主管部门 | 全年预算数 | 全年执行数 | 执行率 | 自评得分 | 自评等级 |
| 1 | 330100231 | 平安建设 | 某区政法委 | 100.00 | 98.00 | 98% | 97.8 | 优 |
| 2 | 330100232 | 垃圾分类 | 某区城管局 | 200.00 | 150.00 | 75% | 88.5 | 良 |
"""


@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_of_projects_is_refused_as_that(kind: str, tmp_path: Path) -> None:
    assert read(tmp_path, LIST, kind) == []
    assert why_formless(zpb.read(tmp_path / f"form.{kind}")) == REGISTER


def test_the_reason_stands_among_the_sources(tmp_path: Path) -> None:
    read(tmp_path, LIST, "xlsx")
    sources = zpb.run([tmp_path / "form.xlsx"]).tables()["sources"]
    assert list(sources["status"]) == ["no_form"]
    assert "汇总表" in sources["error"][0]


def test_a_letter_is_refused_without_a_reason_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("关于报送绩效自评材料的通知\n各单位：\n请于3月底前报送，得分须复核。\n", encoding="utf-8")
    assert why_formless(zpb.read(path)) is None
