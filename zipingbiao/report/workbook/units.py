"""The sums by unit and by department, those with the most to look into first."""

from __future__ import annotations

from collections.abc import Iterable

from extract.document import Bilingual
from zipingbiao.checks.registry import IGNORED, SEVERITIES
from zipingbiao.columns import POINTS, WAN, Column, Datum, Row
from zipingbiao.report.workbook.figures import AMOUNTS, Sum

NAMELESS = Bilingual("（未填写）", "(blank)")
WRAPPED = {"unit": 40}


def sum_columns(name: Bilingual) -> tuple[Column, ...]:
    """The columns of such a sheet; ``name`` is what its rows are."""
    return (
        Column("unit", "text", name.zh, f"the {name.en}"),
        Column("forms", "integer", "表单数", "forms"),
        Column("errors", "integer", "错误", "findings that cannot both be true"),
        Column("warnings", "integer", "警告", "findings that are implausible or unexplained"),
        Column("notes", "integer", "提示", "notes"),
        Column("ignored", "integer", "已忽略", "findings that were accepted"),
        Column("budget_initial_wan", "decimal", "年初预算（万元）", "sum of initial budgets", WAN),
        Column("budget_adjusted_wan", "decimal", "全年预算（万元）", "sum of adjusted budgets", WAN),
        Column("executed_wan", "decimal", "全年执行（万元）", "sum of what was spent", WAN),
        Column("scored_forms", "integer", "有总分的表", "forms with a printed and a recomputed total"),
        Column("mean_reported", "decimal", "平均总分（填报）", "mean printed total of these", POINTS),
        Column("mean_recomputed", "decimal", "平均总分（重算）", "mean recomputed total of these", POINTS),
        Column("not_summed", "integer", "总分≠得分合计", "forms whose total is not the sum of its scores"),
        Column("not_recomputed", "integer", "总分≠重算", "forms whose total is not the recomputed one"),
    )  # fmt: skip


def sum_rows(sums: Iterable[Sum], lang: str) -> list[Row]:
    """A row a unit: the more errors, then warnings, then notes, the earlier."""
    ordered = sorted(
        sums, key=lambda one: (*(-one.severities[severity] for severity in SEVERITIES), one.name)
    )
    return [_row(one, lang) for one in ordered]


def _row(one: Sum, lang: str) -> Row:
    found: dict[str, Datum] = {f"{severity}s": one.severities[severity] for severity in SEVERITIES}
    return {
        "unit": one.name or NAMELESS.in_language(lang),
        "forms": one.forms,
        **found,
        "ignored": one.severities[IGNORED],
        **{name: one.amounts.get(name) for name in AMOUNTS},
        "scored_forms": one.compared,
        "mean_reported": one.mean(one.reported),
        "mean_recomputed": one.mean(one.recomputed),
        "not_summed": one.not_summed,
        "not_recomputed": one.not_recomputed,
    }
