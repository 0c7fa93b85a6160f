"""What a finding is about, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from data_rows import row_of

from zipingbiao.columns import Datum
from zipingbiao.policy.load import policy_names
from zipingbiao.report.subject import field_of, policy_of, shown, subject_of


@pytest.mark.parametrize(
    ("code", "subject", "field", "said"),
    [
        ("FUND03", "total", "executed", ("资金总额", "全年执行数")),
        ("FUND05", "total", "score", ("资金总额", "得分")),
        ("CROSS02", "total", "budget_adjusted", ("资金总额", "全年预算数")),
        ("SCORE01", "total", "score", ("总分", "得分")),
        ("SCORE02", "total", "weight", ("总分", "分值")),
        ("FUND03", "fiscal", "executed", ("当年财政拨款", "全年执行数")),
        ("GOAL05", "发放资料", "deviation_reason", ("发放资料", "偏差原因")),
        ("TEXT01", "narrative", "budget_adjusted", ("自评报告", "全年预算数")),
        ("CROSS06", "form", "source", ("整张表", "来源文件")),
    ],
)
def test_it_is_called_as_people_call_it(code: str, subject: str, field: str, said: tuple[str, str]) -> None:
    row = row_of("findings", code=code, subject=subject, field=field)
    assert (subject_of(row).zh, field_of(row).zh) == said


@pytest.mark.parametrize(
    ("field", "reported", "written"),
    [
        ("execution_rate", Decimal("0.985"), "98.5%"),
        ("execution_rate", Decimal("1"), "100%"),
        ("execution_rate", "98.5%", "98.5%"),
        ("execution_rate", "", ""),
        ("score", Decimal("0.985"), "0.985"),
        ("actual", "万元", "万元"),
    ],
)
def test_a_rate_is_in_percent_and_all_else_as_in_the_table(field: str, reported: Datum, written: str) -> None:
    assert shown(row_of("findings", field=field, reported=reported), "reported") == written


@pytest.mark.parametrize("name", policy_names())
def test_every_policy_has_a_name_for_people_in_both_languages(name: str) -> None:
    said = policy_of(name)
    assert "〔2020〕10号" in said.zh and "[2020] No. 10" in said.en
