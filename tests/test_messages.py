"""What a finding says to people: names of the form, never the keys of the tables."""

from __future__ import annotations

import dataclasses
import re

import pytest

from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.to_record import to_record
from zipingbiao.checks import CHECKS, Finding, run_checks
from zipingbiao.policy import policy_for

FUNDS = "| 资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 |\n"
GOALS = "| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n"


def findings(text: str, code: str) -> list[Finding]:
    """The findings of one check on the one form of a text."""
    (form,) = find_forms(read_text(text.encode(), "form.txt"))
    record = to_record(form)
    return list(run_checks(record, policy_for(record, None), [CHECKS[code]]))


@pytest.mark.parametrize(
    ("form", "subject", "zh"),
    [
        (
            FUNDS + "| 年度资金总额 | 7,00.0,77 | 1 | 1 | 100% |\n",
            "total",
            "“年度资金总额”的年初预算数“7,00.0,77”",
        ),
        (
            FUNDS + "| 其中：财政拨款 | 1 | 1 | 30人 | 100% |\n",
            "fiscal",
            "“其中：财政拨款”的全年执行数“30人”",
        ),
        (GOALS + "| 里程 | 3 0公里 | 1公里 | 60 | 60 |\n", "里程", "“里程”的年度指标值“3 0公里”"),
        (
            GOALS + "| 里程 | 3公里 | 3公里 | 60 | 60 |\n| 总分 | | | 60 | 九八 |\n",
            "total",
            "“总分”的得分“九八”",
        ),
    ],
)
def test_a_number_that_cannot_be_read_is_told_by_the_names_on_the_page(
    form: str, subject: str, zh: str
) -> None:
    (finding,) = findings(form, "READ02")
    assert finding.problem.subject == subject
    assert finding.message.zh.startswith(zh)
    assert not re.search("[a-z]{4}", finding.message.zh)


def test_a_score_above_its_weight_is_told_by_the_name_of_its_line() -> None:
    head = "| 资金来源 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n"
    (finding,) = findings(head + "| 年度资金总额 | 100 | 100 | 10 | 100% | 12 |\n", "SCORE03")
    assert finding.problem.subject == "total"
    assert finding.message.zh == "“年度资金总额”得分12分超过分值10分。"


def test_a_likeness_is_told_by_the_field_s_name() -> None:
    head = "| 项目实施单位名 | 某局 |\n"
    said = findings(head + FUNDS + "| 年度资金总额 | 1 | 1 | 1 | 100% |\n", "READ03")
    assert [one.message.zh for one in said]
    assert not any(re.search("[a-z]", one.message.zh) for one in said)


def test_a_value_broken_over_two_lines_is_told_in_one() -> None:
    (unread,) = findings(FUNDS + "| 年度资金总额 | 12<br>34.56 | 1 | 1 | 100% |\n", "READ02")
    assert "“12 34.56”" in unread.message.zh and "“12 34.56”" in unread.message.en
    (missed,) = findings(GOALS + "| 里程 | ≥30<br>公里 | 20公里 | 60 | 60 |\n", "GOAL01")
    assert "年度指标值≥30 公里，" in missed.message.zh


def test_a_missed_target_that_stands_in_the_name_is_shown() -> None:
    (finding,) = findings(GOALS + "| 资金支付完成率≥95% | | 90% | 60 | 60 |\n", "GOAL01")
    assert "年度指标值≥95%，实际完成90%" in finding.message.zh
    assert "target ≥95%, actual 90%" in finding.message.en


@pytest.mark.parametrize(("field", "zh"), [("finance_leader", "财务负责人"), ("report_date", "填报日期")])
def test_a_required_field_is_told_by_the_schema_s_name_for_it(field: str, zh: str) -> None:
    text = f"| {zh} | |\n" + FUNDS + "| 年度资金总额 | 1 | 1 | 1 | 100% |\n"
    (form,) = find_forms(read_text(text.encode(), "form.txt"))
    record = to_record(form)
    policy = dataclasses.replace(policy_for(record, None), required=(field,))
    (finding,) = run_checks(record, policy, [CHECKS["FORM01"]])
    assert finding.message.zh == f"“{zh}”为必填项，未填写。"
    assert finding.message.en == f"The {field.replace('_', ' ')} is required and was left blank."
