"""The report's sentences: which figures are this project's, this year's, and which are not."""

from __future__ import annotations

import pytest

from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.to_record import to_record

FORM = """\
项目支出绩效自评表
（2021年度）

| 项目名称 | 农村道路养护 | | | |
| 项目资金（万元） | | 全年预算数 | 全年执行数 | 执行率 |
| | 年度资金总额 | 23 | 3.65 | 16% |

自评报告
一、项目支出基本情况

{}
"""


def facts(sentence: str) -> list[tuple[str, str]]:
    (form,) = find_forms(read_text(FORM.format(sentence).encode(), "form.md"))
    return [(fact.kind, f"{fact.number}{fact.unit}") for fact in to_record(form).facts]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("总体预算是23万元，实际支出3.65万元。", [("budget", "23万元"), ("executed", "3.65万元")]),
        ("本项目2021年度预算安排资金23万元，截至年底共支出3.65万元，执行率为16%。",
         [("budget", "23万元"), ("executed", "3.65万元"), ("rate", "16%")]),
        ("农村道路养护全年预算230,000元。", [("adjusted", "230000元")]),
        ("预算批复18 189万元。", [("budget", "18189万元")]),
        ("预算执行率达到98.5%。", [("rate", "98.5%")]),
        ("项目绩效自评总得分：97.85分。", [("score", "97.85分")]),
        ("经综合自评，本项目绩效自评得分100分。", [("score", "100分")]),
        ("实际支出3.65万，用于道路养护。", [("executed", "3.65万")]),
        ("资金到位23万元。", [("received", "23万元")]),
        ("年初预算安排20万元，调增3万元，调整后预算23万元。", [("initial", "20万元"), ("adjusted", "23万元")]),
        ("本着节约的原则实际支出3.65万元，完成预算的16%。", [("executed", "3.65万元"), ("rate", "16%")]),
        ("上半年支出1万元，截至12月31日累计支出3.65万元。", [("executed", "3.65万元")]),
        ("预算执行率16%，自评得分92分。", [("rate", "16%"), ("score", "92分")]),
        ("自评总分100分，得92分。", [("score", "92分")]),
        ("本项目总分为92分。", [("score", "92分")]),
        ("综合评定等级为“良”，总分88分。", [("grade", "0"), ("score", "88分")]),
        ("项目预算总额贰拾叁万元，实际支出叁万陆仟伍佰元整。", [("budget", "23万元"), ("executed", "36500元")]),
        ("下达我局农村道路养护项目资金23万元。", [("budget", "23万元")]),
        ("实际支出3.65万元，占预算的16%。", [("executed", "3.65万元"), ("rate", "16%")]),
        ("设备购置预算8万元，支出7万元，本项目共支出3.65万元。", [("executed", "3.65万元")]),
    ],
)  # fmt: skip
def test_a_figure_right_behind_its_word_is_a_fact(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert facts(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年预算30万元，支出28万元。",
        "上年预算30万元，执行率93%。",
        "其中：财政拨款支出2万元。",
        "比上年支出增加5万元。",
        "结余19.35万元。",
        "全市同类项目共安排预算50886万元。",
        "部门整体支出1200万元，部门预算1300万元。",
        "产出指标得分50分，效益指标得分30分。",
        "满意度达到98%，覆盖率100%。",
        "主要支出内容：支付工程进度款330.45万元，支付监理及其他费用58.63万元。",
        "预算支出标准为每人200元/天。",
        "带动群众增收100万元。",
        "项目共涉及14个乡镇，投入12人。",
        "设备购置预算8万元，支出7万元，执行率87.5%。",
        "一标段：预算8万元，支出7万元。",
        "该县财政支出12亿元，执行率95%。",
        "省级资金预算10万元，支出9万元。",
        "我局全年收入1200万元，支出1200万元。",
        "共有项目5个，预算500万元。调整后预算600万元。",
        "截至填报日，支出2万元。",
        "2020年全年共支出28万元。",
        "预算执行情况，分值10分，自评得分1.6分。",
        "满意度指标（10分）：自评得分9分。",
        "自评总分100分，其中预算执行10分。",
        "财政评价得分90分，总分100分，得90分。",
        "全年支出约4万元，预算20余万元。",
        "执行率100%的得10分。",
        "（四）预算执行率（10分，自评得9.5分）。",
        "结余19万元，占预算的84%。",
        "数量指标评价等级为优。",
        "经第三方评价机构评价，该项目得分92.3分，评价等级为“优”。",
        "经县财政局复核，该项目得分95分。",
    ],
)
def test_other_years_other_projects_parts_and_changes_are_no_facts(sentence: str) -> None:
    assert facts(sentence) == []


def told(text: str) -> dict[str, list[str]]:
    """The figures told of each project of a file."""
    forms = find_forms(read_text(text.encode(), "form.md"))
    records = [to_record(form) for form in forms]
    return {record.project_name: [fact.raw for fact in record.facts] for record in records}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("（一）设备购置。预算8万元，支出7万元。", []),
        ("（一）设备购置\n\n本项目预算23万元。", ["23万元"]),
        ("（一）设备购置\n\n预算8万元。\n\n（二）预算安排情况\n\n预算23万元。", ["23万元"]),
        ("二、其他项目情况\n\n1.基本情况\n\n预算8万元。\n\n三、预算执行情况\n\n预算23万元。", ["23万元"]),
        ("二、其他项目情况\n\n该项目预算8万元。\n\n农村道路养护项目预算23万元。", ["23万元"]),
        ("三、2020年项目情况\n\n预算30万元。\n\n2021年预算23万元。", ["23万元"]),
        ("三、2019-2021年项目情况\n\n预算23万元。", ["23万元"]),
        ("一、道路养护项目概况\n\n该项目预算23万元。", ["23万元"]),
        ("2022年项目绩效自评报告\n\n预算23万元。", ["23万元"]),
        ("部门整体绩效自评情况\n\n自评得分95分。", []),
        ("三、第三方评价情况\n\n该项目得分92分。自评得分95分。", ["95分"]),
    ],
)
def test_a_heading_governs_what_stands_under_it(report: str, expected: list[str]) -> None:
    assert told(FORM.format(report)) == {"农村道路养护": expected}


TWO = (
    FORM.split("自评报告")[0]
    + "{}\n\n"
    + FORM.split("自评报告")[0].replace("农村道路养护", "公厕管护")
    + "{}"
)


@pytest.mark.parametrize(
    ("between", "behind", "roads", "toilets"),
    [
        ("", "绩效自评报告\n\n自评得分95分。", [], []),
        ("", "绩效自评报告\n\n一、农村道路养护项目\n\n该项目得分95分。\n\n二、公厕管护项目\n\n该项目得分96分。", ["95分"], ["96分"]),
        ("", "绩效自评报告\n\n农村道路养护自评得分95分。\n\n公厕管护项目自评得分96分。", ["95分"], ["96分"]),
        ("绩效自评报告\n\n自评得分95分。", "绩效自评报告\n\n自评得分96分。", ["95分"], ["96分"]),
        ("绩效自评报告\n\n自评得分95分。公厕管护项目自评得分96分。", "", ["95分"], []),
    ],
)  # fmt: skip
def test_a_report_behind_several_forms_is_on_the_project_it_names(
    between: str, behind: str, roads: list[str], toilets: list[str]
) -> None:
    assert told(TWO.format(between, behind)) == {"农村道路养护": roads, "公厕管护": toilets}


def test_the_projects_own_name_is_not_read_as_words() -> None:
    text = FORM.replace("农村道路养护", "公用、业务开展经费（上年结转）").format(
        "本部门项目——公用、业务开展经费（上年结转）总体预算是23万元。"
    )
    (form,) = find_forms(read_text(text.encode(), "form.md"))
    (fact,) = to_record(form).facts
    assert (fact.kind, fact.explicit) == ("budget", True)


def test_notes_on_filling_the_form_state_no_figures() -> None:
    assert facts("注：预算执行率得分满分10分，支出100万元以上的项目必填。\n") == []
