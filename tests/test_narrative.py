"""The report's sentences: which figures are this project's, this year's, and which are not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.narrative.parts import BALANCE, ITEM
from normalize.office_names import may_be_one_of
from normalize.to_record import to_record
from zipingbiao.checks import CHECKS, run_checks
from zipingbiao.policy import policy_for

NARRATIVES = Path(__file__).with_name("narratives.txt")

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
    return [(fact.kind, f"{fact.number}{fact.unit}") for fact in to_record(form).facts if not fact.subject]


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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全年预算23万元，其中：中央资金20万元，省级资金3万元。", [("adjusted", "central", "20万元"), ("adjusted", "provincial", "3万元")]),
        ("中央财政资金预算20万元，到位18万元，支出3万元。", [("budget", "central", "20万元"), ("received", "central", "18万元"), ("executed", "central", "3万元")]),
        ("省级资金执行率98%。", [("rate", "provincial", "98%")]),
        ("支出中央资金2万元、其他资金1万元。", [("executed", "central", "2万元"), ("executed", "other", "1万元")]),
        ("产出指标（50分）得48.5分；满意度指标满分10分，得9分。", [("part_score", "output", "48.5分"), ("part_score", "satisfaction", "9分")]),
        ("2020年中央资金预算20万元。", []),
        ("第一批中央资金20万元，第二批中央资金3万元。", []),
        ("设备购置预算8万元，其中中央资金5万元。", []),
        ("中央资金20万元用于养护。", []),
        ("中央资金支出1万元，中央资金支出2万元。", []),
        ("上级资金预算20万元。", []),
        ("产出指标扣1.5分，上年产出指标得45分。", []),
        ("第三方认为，产出指标得45分。", []),
    ],
)  # fmt: skip
def test_a_part_that_begins_a_clause_has_figures_of_its_own(
    sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    (form,) = find_forms(read_text(FORM.format(sentence).encode(), "form.md"))
    parts = [fact for fact in to_record(form).facts if fact.subject]
    assert [(fact.kind, fact.subject, f"{fact.number}{fact.unit}") for fact in parts] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("支出3.65万元，其中：材料2万元，人工1.65万元。", [(ITEM, "2"), (ITEM, "1.65")]),
        ("支出3.65万元，执行率16%，主要用于材料2万元、人工1.65万元等。", [(ITEM, "2"), (ITEM, "1.65")]),
        ("支出3.65万元，其中：材料2万元，合计2万元。", []),
        ("支出3.65万元，其中：材料2万元，上年欠付1万元。", []),
        ("支出3.65万元，其中：材料预算2万元，人工预算2万元。", []),
        ("全年预算23万元，支出3.65万元，结余19.35万元。", [(BALANCE, "19.35")]),
        ("全年预算23万元，支出3.65万元，收回结余19.35万元。", []),
        ("全年预算23万元，设备5万元，支出3.65万元，结余19.35万元。", []),
        ("结余19.35万元。", []),
    ],
)
def test_lists_and_balances_are_read_where_nothing_else_is_told(
    sentence: str, expected: list[tuple[str, str]]
) -> None:
    (form,) = find_forms(read_text(FORM.format(sentence).encode(), "form.md"))
    facts = [fact for fact in to_record(form).facts if fact.kind in (ITEM, BALANCE)]
    assert [(fact.kind, str(fact.number)) for fact in facts] == expected


def test_what_became_of_the_goals_states_figures_too() -> None:
    goals = "| 年度总体目标 | 预期目标 | 实际完成情况 |\n| | 预算100万元，全部支出。 | 全年预算23万元，实际支出3.65万元。 |\n"
    (form,) = find_forms(
        read_text(FORM.replace("\n自评报告", f"{goals}\n自评报告").format("无。").encode(), "form.md")
    )
    assert [fact.raw for fact in to_record(form).facts] == ["23万元", "3.65万元"]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("县教育局", "澜溪县教育和体育局"),
        ("教体局", "澜溪县教育和体育局"),
        ("澜溪县教育和体育局", "县教体局"),
        ("云台县人社局", "云台县人力资源和社会保障局"),
        ("云台县住建局", "云台县住房和城乡建设局"),
        ("云台县卫健局", "云台县卫生健康委员会"),
        ("白鹭区市监局", "白鹭区市场监督管理局"),
        ("云台县水务局", "云台县水利局"),
        ("石桥镇政府", "禾泽县石桥镇人民政府"),
        ("石桥镇人民政府", "石桥镇农业综合服务中心"),
    ],
)
def test_short_and_older_names_are_the_same_office(told: str, known: str) -> None:
    assert may_be_one_of(told, [known])


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("云台县水利局", "云台县交通运输局"),
        ("清溪县交通运输局", "云台县交通运输局"),
        ("澜溪县第一中学", "澜溪县第三中学"),
        ("柳河镇人民政府", "禾泽县石桥镇人民政府"),
        ("白鹭区应急管理局", "白鹭区市场监督管理局"),
    ],
)
def test_another_trade_place_or_number_is_another_office(told: str, known: str) -> None:
    assert not may_be_one_of(told, [known])


@dataclass(frozen=True)
class Report:
    """A report behind one of the forms of narratives.txt, and the lies told of it: code, words, other words."""

    title: str
    form: str
    text: str
    lies: list[tuple[str, str, str]] = field(default_factory=list)


def read_reports() -> list[Report]:
    """The reports of narratives.txt with their forms."""
    forms: dict[str, str] = {}
    reports = []
    for piece in re.split(r"^== ", NARRATIVES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = piece.partition("\n")
        kind, _, rest = head.partition(": ")
        if kind == "form":
            forms[rest] = body
            continue
        form, _, title = rest.partition(": ")
        lines = body.strip().split("\n")
        told = [line.removeprefix("lie ") for line in lines if line.startswith("lie ")]
        text = "\n".join(line for line in lines if not line.startswith("lie "))
        lies = []
        for lie in told:
            code, _, change = lie.partition(": ")
            words, _, others = change.partition(" -> ")
            lies.append((code, words, others))
        reports.append(Report(f"{form}: {title}", forms[form], text, lies))
    return reports


REPORTS = read_reports()


def found(form: str, report: str) -> list[str]:
    """The codes of all errors and warnings of a form with a report behind it."""
    text = "\n\n".join([form, *report.split("\n")])
    (one,) = find_forms(read_text(text.encode(), "form.md"))
    record = to_record(one)
    findings = run_checks(record, policy_for(record, None), CHECKS.values())
    return [f"{one.code} {one.message.zh}" for one in findings if one.severity != "note"]


def test_the_reports_are_many_and_apart() -> None:
    assert len(REPORTS) >= 170
    assert len({report.title for report in REPORTS}) == len(REPORTS)
    assert sum(len(report.lies) for report in REPORTS) >= 85
    assert {code for report in REPORTS for code, _, _ in report.lies} == {f"TEXT0{n}" for n in range(1, 7)}


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.title)
def test_a_true_report_gets_no_finding(report: Report) -> None:
    assert found(report.form, report.text) == []


@pytest.mark.parametrize(
    ("report", "code", "words", "others"),
    [(report, *lie) for report in REPORTS for lie in report.lies],
    ids=lambda value: value.title if isinstance(value, Report) else value,
)
def test_one_lie_leads_to_one_finding(report: Report, code: str, words: str, others: str) -> None:
    assert report.text.count(words) == 1
    codes = [one.split()[0] for one in found(report.form, report.text.replace(words, others))]
    assert codes == [code]
