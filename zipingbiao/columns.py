"""The tables: their columns in order, what each holds, and what people call it.

This is the only list of them. A writer takes the order and the kinds from here; `zipingbiao.tables` fills the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from extract.document import Bilingual

#: what a cell of a table holds: exact numbers, text, or None for blank
Datum = str | Decimal | int | None
Row = Mapping[str, Datum]

#: `value` is a number or words: what a finding reports can be either
Kind = Literal["text", "decimal", "integer", "value"]


#: what a number is counted in, where that is the same in every row
NO_UNIT = Bilingual("", "")
WAN = Bilingual("万元", "10,000 yuan")
POINTS = Bilingual("分", "points")
FRACTION = Bilingual("小数，16% 为 0.16", "fraction, 16 % is 0.16")
BYTES = Bilingual("字节", "bytes")
SECONDS = Bilingual("秒", "seconds")


class Column(NamedTuple):
    """A column: its name in every table that has it, its meaning in both languages, and what its numbers count."""

    name: str
    kind: Kind
    zh: str
    en: str
    unit: Bilingual = NO_UNIT


class About(NamedTuple):
    """A table: its name and what a row is, and the columns that tell its rows apart, where there are any."""

    zh: str
    en: str
    key: tuple[str, ...] = ()


def _text(name: str, zh: str, en: str) -> Column:
    return Column(name, "text", zh, en)


def _number(name: str, zh: str, en: str, unit: Bilingual = NO_UNIT) -> Column:
    return Column(name, "decimal", zh, en, unit)


def _count(name: str, zh: str, en: str, unit: Bilingual = NO_UNIT) -> Column:
    return Column(name, "integer", zh, en, unit)


def _working_of(name: str, zh: str) -> tuple[Column, Column]:
    """The two columns that say how the number of another was obtained."""
    return (
        _text(f"{name}_formula", f"{zh}算式", f"the arithmetic of {name} with the printed numbers in it"),
        _text(f"{name}_rule", f"{zh}依据", f"the rule that gave {name}, or why there is none"),
    )


FORM_ID = _text("form_id", "表单编号", "the form; equal content has an equal number in every run")
SOURCE = _text("source", "来源文件", "the file, as given")
PLACE = _text("place", "位置", "where it stands in the file")
WEIGHT = _number("weight", "分值", "weight in points", POINTS)
SCORE = _number("score", "得分", "score as printed", POINTS)

SOURCES = (
    SOURCE,
    _text("sha256", "SHA-256", "SHA-256 of the content"),
    _count("bytes", "字节数", "size in bytes", BYTES),
    _text("format", "格式", "format, told from the content"),
    _text("reader", "读取模块", "the module that read it"),
    _text("status", "状态", "ok; partial: read, with a reservation; no_form: nothing to check in it; failed"),
    _count("forms", "表单数", "forms found in it"),
    _text("error", "说明", "what went wrong, or what the reader left out, in a sentence"),
    _number("seconds", "用时（秒）", "seconds spent on it", SECONDS),
)

FORMS = (
    FORM_ID,
    SOURCE,
    _count("form_index", "序号", "the form's position in its file, from 1"),
    _text("kind", "类别", "project, department, transfer or other"),
    _text("title", "标题", "title as printed"),
    _count("fiscal_year", "年度", "fiscal year"),
    _text("project_name", "项目名称", "project"),
    _text("project_code", "项目编码", "project code"),
    _text("department", "主管部门", "responsible department"),
    _text("implementing_unit", "实施单位", "implementing unit"),
    _text("preparer", "填表人", "who filled in the form"),
    _text("contact", "联系方式", "how to reach them"),
    _text("amount_unit_raw", "金额单位", "unit of amounts as printed"),
    _text("goal_planned", "预期目标", "overall goal"),
    _text("goal_actual", "目标完成情况", "what became of it"),
    _number("total_weight", "总分值", "total weight as printed", POINTS),
    _number("total_score_reported", "总分（填报）", "total score as printed", POINTS),
    _number("total_score_summed", "总分（得分合计）", "sum of the printed scores", POINTS),
    _number("total_score_recomputed", "总分（重算）", "sum of the recomputed scores", POINTS),
    _text("grade_reported", "等级（填报）", "grade as printed"),
    _text("grade_computed", "等级（重算）", "the grade of the recomputed total by the policy's bands"),
    _count("errors", "错误数", "findings that cannot both be true"),
    _count("warnings", "警告数", "findings that are implausible or unexplained"),
    _count("notes", "提示数", "notes"),
    _count("cells_filled", "非空单元格数", "cells with text"),
    _count("cells_claimed", "已识别单元格数", "cells with text that a field claimed"),
    _text("policy", "适用办法", "the policy that the form was held to"),
    _text("reader", "读取方式", "text: as the file holds it; ocr: recognized in a picture, at least in part"),
    _number(
        "confidence", "识别可信度", "mean confidence of the recognized cells, 1 is certain; blank for text"
    ),
    *_working_of("total_score_summed", "总分（得分合计）"),
    *_working_of("total_score_recomputed", "总分（重算）"),
)

FUNDS = (
    FORM_ID,
    _text("item", "资金项", "source of funds; unknown where nobody knows its label"),
    _text("label_raw", "资金项（原文）", "its label as printed"),
    _number("budget_initial_wan", "年初预算数（万元）", "initial budget in 10,000 yuan", WAN),
    _number("budget_adjusted_wan", "全年预算数（万元）", "adjusted budget in 10,000 yuan", WAN),
    _number("received_wan", "到位数（万元）", "received in 10,000 yuan", WAN),
    _number("executed_wan", "全年执行数（万元）", "spent in 10,000 yuan", WAN),
    _number("execution_rate", "执行率", "execution rate as printed; 16 % is 0.16", FRACTION),
    WEIGHT,
    SCORE,
    _text("reason", "原因", "reason of the deviation"),
    _number("execution_rate_computed", "执行率（重算）", "spent / budget, four decimals", FRACTION),
    _number("score_computed", "得分（重算）", "weight x rate, at most the weight, two decimals", POINTS),
    _text("budget_initial_raw", "年初预算数（原文）", "as printed"),
    _text("budget_adjusted_raw", "全年预算数（原文）", "as printed"),
    _text("received_raw", "到位数（原文）", "as printed"),
    _text("executed_raw", "全年执行数（原文）", "as printed"),
    _text("execution_rate_raw", "执行率（原文）", "as printed"),
    _text("weight_raw", "分值（原文）", "as printed"),
    _text("score_raw", "得分（原文）", "as printed"),
    *_working_of("execution_rate_computed", "执行率（重算）"),
    *_working_of("score_computed", "得分（重算）"),
)

INDICATORS = (
    FORM_ID,
    _count("seq", "序号", "position among the form's indicators, from 1"),
    _text("level1", "一级指标", "level 1; blank where unknown"),
    _text("level2", "二级指标", "level 2; blank where unknown"),
    _text("level1_raw", "一级指标（原文）", "level 1 as printed"),
    _text("level2_raw", "二级指标（原文）", "level 2 as printed"),
    _text("name", "三级指标", "indicator, without numbering and marks"),
    _text("name_raw", "三级指标（原文）", "indicator as printed"),
    _text("target_raw", "年度指标值（原文）", "target as printed"),
    _text("target_kind", "指标值类型", "number, range, date, wording, blank or unreadable"),
    _text("target_relation", "指标值比较符", ">=, <=, =, >, <, range or about; a bare number is ="),
    _number("target_value", "指标值", "target; of a range the lower end"),
    _number("target_value_high", "指标值上限", "the upper end of a range"),
    _text("target_unit", "指标值单位", "unit as printed; 95 % is 95 with unit %"),
    _text("actual_raw", "实际完成值（原文）", "actual value as printed"),
    _text("actual_kind", "完成值类型", "number, range, date, wording, blank or unreadable"),
    _number("actual_value", "完成值", "actual value; of a range the lower end"),
    _number("actual_value_high", "完成值上限", "the upper end of a range"),
    _text("actual_unit", "完成值单位", "unit as printed"),
    WEIGHT,
    SCORE,
    _number("score_computed", "得分（重算）", "score that target and actual give, two decimals", POINTS),
    _number("achievement", "完成比例", "fraction of the target that was reached, four decimals", FRACTION),
    _text("deviation_reason", "偏差原因", "reason of the deviation"),
    PLACE,
    _text("weight_raw", "分值（原文）", "weight as printed"),
    _text("score_raw", "得分（原文）", "score as printed"),
    *_working_of("achievement", "完成比例"),
    *_working_of("score_computed", "得分（重算）"),
)

FINDINGS = (
    FORM_ID,
    SOURCE,
    _text("code", "代码", "the check"),
    _text("title", "疑点", "the check's title"),
    _text(
        "severity",
        "严重程度",
        "error: cannot both be true; warning: implausible or unexplained; note; ignored: by --ignore-file",
    ),
    _text("subject", "对象", "fund item, indicator or total"),
    _text("field", "字段", "the column"),
    Column("reported", "value", "填报", "what the form says"),
    Column("expected", "value", "应为", "what it should say"),
    _number("difference", "差额", "reported less expected"),
    _text("message", "说明", "the finding in a sentence"),
    PLACE,
    _text("ignore_reason", "忽略理由", "the reason that the file of --ignore-file gives for ignoring it"),
)

CELLS = (
    FORM_ID,
    PLACE,
    _text("text", "内容", "text as printed"),
    _text("role", "识别为", "field, label, placeholder, note or unclaimed"),
    _text("match", "识别方式", "exact, alias, fuzzy or position"),
    _number(
        "confidence",
        "可信度",
        "of the label's likeness, or of the recognized text if that is lower; 1 is certain",
    ),
    _count("table_index", "表格序号", "the table among those of the form, from 1"),
    _count("row", "行", "the row in that table in which it begins, from 1"),
    _count("col", "列", "the column in that table in which it begins, from 1"),
    _count("row_span", "占行数", "how many rows it covers"),
    _count("col_span", "占列数", "how many columns it covers"),
)

TEXTS = (
    FORM_ID,
    _text("section", "章节", "chapter, or part of the form; margin is a header or footer"),
    _text("text", "内容", "a paragraph as printed"),
    PLACE,
    SOURCE,
)

UNKNOWN_LABELS = (
    _text("label", "标签", "a label that the schema lacks, as printed"),
    _text("status", "状态", "unknown: nobody knew it; similar: taken for its guess by likeness"),
    _text("guesses", "可能的字段", "scope.field, the field's name and how likely, the best first"),
    _count("count", "次数", "how often it occurs"),
    _count("files", "文件数", "in how many files"),
    _text("source", "首见文件", "the first file"),
    _text("place", "首见位置", "where it stands in the first file"),
    _text("toml", "标签文件中的一行", "the line of a file for --aliases that teaches the first guess"),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "sources": SOURCES,
    "forms": FORMS,
    "funds": FUNDS,
    "indicators": INDICATORS,
    "findings": FINDINGS,
    "cells": CELLS,
    "texts": TEXTS,
    "unknown_labels": UNKNOWN_LABELS,
}

ABOUT: Mapping[str, About] = {
    "sources": About("来源文件", "an input file", ("source",)),
    "forms": About("自评表", "a form: head fields, totals, how many findings", ("form_id",)),
    "funds": About("资金", "a source of funds in a form"),
    "indicators": About("绩效指标", "an indicator of a form", ("form_id", "seq")),
    "findings": About("疑点", "something that does not add up"),
    "cells": About("单元格", "a cell with text, and what it was read as"),
    "texts": About("文字", "a paragraph"),
    "unknown_labels": About("未识别标签", "a label that nobody knew"),
}

#: a column of this name refers, in all other tables, to the row of this table that has the same in it
REFERENCES: Mapping[str, str] = {"form_id": "forms", "source": "sources"}


def references(table: str) -> dict[str, str]:
    """The columns of a table that refer to a row of another, with the name of that one."""
    return {
        column.name: REFERENCES[column.name]
        for column in TABLES[table]
        if REFERENCES.get(column.name, table) != table
    }
