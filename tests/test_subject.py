"""What a finding is about, in words."""

from __future__ import annotations

import pytest
from data_rows import row_of

from zipingbiao.report.subject import field_of, subject_of


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
