"""What offices change about a form: every choice is drawn by itself."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from form_builder import SmallForm, number_in

from normalize.values.parse import Measure, Range, parse_value

TITLES = (
    "项目支出绩效自评表",
    "项目单位自评表",
    "部门预算项目支出绩效自评表",
    "预算项目支出绩效自评表",
    "财政支出项目绩效自评表",
)
HEADS = {
    "项目名称": ("项目名称", "项目支出名称", "专项资金名称", "专项名称"),
    "主管部门": ("主管部门", "主管部门名称", "县级主管部门", "项目主管部门"),
    "实施单位": ("实施单位", "项目实施单位", "资金使用单位", "实施单位（盖章）", "项目单位"),
}
FIELDS = {
    "项目名称": "project_name",
    "主管部门": "department",
    "实施单位": "implementing_unit",
    "项目编码": "project_code",
    "项目负责人": "project_leader",
}
#: what else a head asks for, between the fields above
OTHERS = {
    "项目编码": "51092324T000010263357",
    "项目负责人": "陈安",
    "项目类别": "一次性项目",
    "项目起止时间": "2021年1月至2021年12月",
    "单位编码": "219001",
    "支出功能分类": "2140106公路养护",
}
PERSON, PHONE = "林晓", "0130-5550123"
FUND_WORDINGS = {
    "initial": ("年初预算数", "年初预算", "年初预算金额"),
    "adjusted": ("全年预算数", "全年预算数（A）", "调整后预算数", "预算数"),
    "executed": ("全年执行数", "全年执行数（B）", "预算执行数", "执行数", "实际支出数"),
    "weight": ("分值", "权重"),
    "rate": ("执行率", "执行率（B/A）", "预算执行率"),
    "score": ("得分", "自评得分"),
    "reason": ("原因", "未执行原因", "偏差原因"),
}
#: so many lines can stand side by side under each amount
FEW_FUNDS = 3
FUND_SECTIONS = ("项目资金", "资金情况", "资金投入情况", "项目资金情况", "项目预算执行情况")
TOTAL_FUNDS = ("年度资金总额", "年度资金总额：", "资金总额", "年度财政资金总额", "支出合计")
WORDINGS = {
    "level1": ("一级指标", "一级\n指标"),
    "level2": ("二级指标", "二级\n指标"),
    "name": ("三级指标", "指标内容", "指标名称", "三级\n指标"),
    "target": ("年度指标值", "年初目标值", "预期指标值", "年初设定值", "年度\n指标值"),
    "actual": ("实际完成值", "全年实际值", "实际值", "全年完成值", "实际\n完成值", "实际完成情况"),
    "weight": ("分值", "权重", "标准分"),
    "score": ("得分", "自评得分", "自评分"),
    "reason": (
        "偏差原因分析及改进措施",
        "未完成原因分析",
        "未完成原因及拟采取的改进措施",
        "偏差原因\n及改进措施",
    ),
}
SPLIT = (("指标性质", "relation"), ("指标值", "number"), ("度量单位", "unit"))
EXTRAS = {
    "序号": "{}",
    "评分标准": "完成得满分",
    "是否核心指标": "否",
    "复核得分": "",
    "佐证材料": "验收单",
    "备注": "",
}
SECTIONS = ("绩效指标", "绩\n效\n指\n标", "年度绩效指标", "绩 效 指 标")
GOALS = (
    ("预期目标", "实际完成情况"),
    ("年初设定目标", "全年实际完成情况"),
    ("项目年度目标", "目标实际完成情况"),
)
GOAL_TEXTS = ("完成道路养护，保障群众出行。", "道路养护全部完成，群众出行得到保障。")
TOTALS = ("总分", "合计", "总计", "总 分", "总分合计")
SUBTOTALS = ("小计", "小  计")

REPORT_TITLES = {"spending": "支出明细表", "scores": "得分汇总表", "projects": "子项目清单"}
#: tables behind the form whose words are the form's own
REPORT_TABLES = {
    "spending": (
        ("支出内容", "预算数", "执行数", "执行率"),
        ("办公费", "3", "2.5", "83.33%"),
        ("合计", "3", "2.5", "83.33%"),
    ),
    "scores": (
        ("一级指标", "分值", "得分"),
        ("产出指标", "50", "48"),
        ("效益指标", "30", "29"),
        ("合计", "80", "77"),
    ),
    "projects": (
        ("序号", "项目名称", "预算金额", "完成情况"),
        ("1", "桥梁加固", "12", "完成"),
        ("2", "路灯更新", "8", "完成"),
    ),
}


@dataclass(frozen=True)
class Template:
    """What an office changed; each is drawn on its own."""

    title: str
    title_row: bool
    year: str
    head: str
    person: str
    unit: str
    fund_order: tuple[str, ...]
    fund_section: str
    fund_shape: str
    fund_merges: bool
    goals: str
    order: tuple[str, ...]
    split: bool
    two_tiers: bool
    extras: tuple[str, ...]
    section: str
    labels: str
    level_style: str
    names: str
    placeholders: int
    total: str
    tables: int
    header_again: bool
    after: str
    report_table: str
    others: tuple[str, ...]
    execution_row: bool
    shared: str
    level2_weights: bool
    subtotals: bool
    empty_level: bool
    grade: bool
    page_break: bool
    bonus: str
    groups: bool
    goal_sections: bool


def draw_template(choose: Random, form: SmallForm) -> Template:
    """The template of some office, in which this form can be told."""
    pick = choose.choice
    funds = [column for column in form.fund_columns if column not in ("weight", "score", "reason")]
    tail = [column for column in form.fund_columns if column in ("weight", "score", "reason")]
    order = [column for column in form.indicator_columns if column not in ("level1", "level2", "name")]
    if choose.random() < 0.6:
        choose.shuffle(order)
    if choose.random() < 0.3:
        funds, tail = [*tail, *funds], []
    split = choose.random() < 0.25 and all(_splits(row.target) for row in form.indicators)
    execution_row = _can_be_an_indicator(form) and choose.random() < 0.5
    if execution_row:
        funds = [column for column in funds if column not in ("weight", "score")]
        tail = [column for column in tail if column not in ("weight", "score")]
    goal_sections = choose.random() < 0.1 and len(form.indicators) > 1
    is_weighed = "weight" in form.indicator_columns
    has_levels = "level2" in form.indicator_columns
    return Template(
        title=pick(TITLES),
        title_row=choose.random() < 0.15,
        year=pick(("title", "line", "both", "row")),
        head=pick(("pairs", "pairs", "rows", "lines", "one line", "in cells")),
        person=pick(("", "above", "below", "row", "one cell")),
        unit=pick(("line", "section", "heads"))
        if form.unit != "万元"
        else pick(("line", "section", "heads", "")),
        fund_order=(*funds, *tail),
        fund_section=pick(FUND_SECTIONS),
        fund_shape=pick(_fund_shapes(form)) if choose.random() < 0.4 else "",
        fund_merges=choose.random() < 0.25,
        goals=pick(("", "columns", "columns", "row", "two")),
        order=tuple(order),
        split=split,
        two_tiers=split and choose.random() < 0.5,
        extras=tuple(choose.sample(sorted(EXTRAS), choose.choice((0, 0, 1, 2, 3)))),
        section=pick(SECTIONS if goal_sections else ("", *SECTIONS)),
        labels=pick(("merged", "merged", "repeated", "first")),
        level_style=pick(("", "", "spaced", "vertical", "short")),
        names=pick(("", "", "numbered", "starred", "counted")),
        placeholders=choose.choice((0, 0, 1, 2)),
        total=pick(("row", "row", "head")) if form.has_total else "",
        tables=choose.choice((1, 1, 2, 3)),
        header_again=choose.random() < 0.15 or goal_sections,
        after=pick(("", "note", "remark row", "signature")),
        report_table=pick(("", "", "", "", "spending", "scores", "projects")),
        others=tuple(choose.sample(sorted(OTHERS), choose.choice((0, 0, 1, 2, 3)))),
        execution_row=execution_row,
        shared=pick(("", "", "", "score", "both")) if has_levels and is_weighed else "",
        level2_weights=choose.random() < 0.15 and has_levels and is_weighed,
        subtotals=choose.random() < 0.15 and has_levels and is_weighed,
        empty_level=choose.random() < 0.15 and has_levels,
        grade=choose.random() < 0.25,
        page_break=choose.random() < 0.15,
        bonus=pick(("", "", "", "", "above", "below")) if "level1" in form.indicator_columns else "",
        groups=choose.random() < 0.1 and not split,
        goal_sections=goal_sections,
    )


def _fund_shapes(form: SmallForm) -> list[str]:
    """The ways to print the funds other than a row a line and a column an amount.

    ``pairs``: each line's amounts behind their own labels. ``turned``: a column a line. ``inline``: label and value
    in one cell. ``stacked``: the lines behind each amount's label. ``tiers``: the lines under each amount's label.
    """
    shapes = ["turned"] if len(form.funds) > 1 else []
    if "reason" in form.fund_columns:
        return shapes or [""]
    shapes += ["pairs", "stacked"]
    if 1 < len(form.funds) <= FEW_FUNDS:
        shapes.append("tiers")
    if all(getattr(row, column) for row in form.funds for column in form.fund_columns):
        shapes.append("inline")
    return shapes


def _can_be_an_indicator(form: SmallForm) -> bool:
    """Whether weight and score of the execution can stand among the indicators."""
    total = form.funds[0]
    has_columns = {"level1", "level2", "weight"} <= set(form.indicator_columns)
    is_full = number_in(total.score) == number_in(total.weight)
    is_plain = total.rate.endswith("%") and is_full == (
        number_in(total.rate) == 100
    )  # a score rounded up is not
    return has_columns and "weight" in form.fund_columns and is_plain


def _splits(target: str) -> bool:
    value = parse_value(target)
    return not isinstance(value, Range) and (not isinstance(value, Measure) or value.relation != "")
