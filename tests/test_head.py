"""The head: the year, the project and its code, the units, the people, wherever the form prints them."""

from __future__ import annotations

import pytest

from extract.document import Document, Line, Where
from extract.text.read import read_text
from normalize.head import split_code, unit_name
from normalize.layout import find_forms
from normalize.record import Record
from normalize.to_record import to_record

TITLE = "项目支出绩效自评表\n"
FUNDS = "| 资金来源 | 全年预算数 | 全年执行数 | 执行率 |\n| 年度资金总额 | 100 | 100 | 100% |\n"
FORM = "| 项目名称 | 道路养护 |\n" + FUNDS


def records(text: str, *headers: str) -> list[Record]:
    """The records of a text's forms; ``headers`` are the lines of the page's header."""
    read = read_text(text.encode(), "form.txt")
    margins = tuple(Line(header, Where("form.txt", "页眉", row=1)) for header in headers)
    return [to_record(form) for form in find_forms(Document(read.source, read.blocks, margins))]


def record(text: str, *headers: str) -> Record:
    (one,) = records(text, *headers)
    return one


def year(text: str, *headers: str) -> int | None:
    found = record(text, *headers).year
    return found.value if found else None


def field(one: Record, name: str) -> str:
    return one.heading[name].value if name in one.heading else ""


# --- the year ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "printed",
    [
        "（2022年度）",
        "2022 年 度",
        "（ 2022  年度）",
        "2 0 2 2 年度",
        "２０２２年度",
        "(2022)年度",
        "（2022）年度",
        "2022年度)",
        "2022年",
        "2022财政年度",
        "2022 预算年度",
        "（二〇二二年度）",
        "二○二二 年 度",
        "二零二二年度",
        "年度：2022",
        "年度：（2022）",
        "自评年度：2022年   填报时间：2023年2月",
        "单位：元  2022年度",
        "2022年度    金额单位：万元",
        "单位：万元（2022年度）",
        "填报单位：某县民政局    2022年度    单位：元",
        "填报日期：2023年3月5日    2022年度",
    ],
)
@pytest.mark.parametrize("frame", ["{}\n", "| {} |\n"], ids=["line", "cell"])
def test_the_year_is_read_however_it_is_printed(printed: str, frame: str) -> None:
    assert year(TITLE + frame.format(printed) + FORM) == 2022


@pytest.mark.parametrize(
    "title",
    [
        "2022年度项目支出绩效自评表",
        "项目支出绩效自评表（2022年）",
        "（2022）年度项目支出绩效自评表",
        "2022财政年度项目支出绩效自评表",
        "附件3 2022年度项目支出绩效自评表",
        "2023年部门预算项目支出绩效自评表（2022年度）",
        "项目支出绩效自评表(2022)",
        "2022项目支出绩效自评表",
    ],
)
def test_the_year_is_read_out_of_the_title(title: str) -> None:
    assert year(title + "\n" + FORM) == 2022


@pytest.mark.parametrize(
    "above",
    [
        "2023年项目支出绩效自评表\n（2022年度）\n",
        "（2022年度）\n2023年项目支出绩效自评表\n",
        "2023年度项目支出绩效自评表\n（2022年度）\n",
        "关于报送2023年度自评材料的通知\n项目支出绩效自评表\n（2022年度）\n",
        "关于报送2023年度自评材料的通知\n2022年度项目支出绩效自评表\n",
        "2023年项目支出绩效自评表\n年度：2022\n",
    ],
)
def test_the_plainest_year_counts(above: str) -> None:
    assert year(above + FORM) == 2022


@pytest.mark.parametrize(
    "printed",
    [
        "填报日期：2023年3月1日",
        "2023年3月",
        "财预〔2020〕10号",
        "2023",
        "2021-2022学年",
        "年度",
        "（    年度）",
    ],
)
def test_a_day_a_number_or_an_empty_bracket_is_no_year(printed: str) -> None:
    assert year(TITLE + printed + "\n" + FORM) is None


def test_title_and_year_may_stand_in_the_page_header() -> None:
    one = record(FORM, "第1页", "2022年度项目支出绩效自评表")
    assert one.year is not None
    assert one.year.value == 2022
    assert one.year.place == "页眉 第1行"
    assert one.title is not None
    assert one.kind == "project"


def test_what_the_page_itself_says_wins_over_its_header() -> None:
    assert year("2022年度项目支出绩效自评表\n" + FORM, "2023年度项目支出绩效自评表") == 2022


def test_a_year_beside_a_unit_leaves_both_readable() -> None:
    one = record(TITLE + "填报单位（盖章）：某县民政局    2022年度    单位：元\n" + FORM)
    assert field(one, "implementing_unit") == "某县民政局"
    assert one.amount_unit is not None
    assert one.amount_unit.value == "元"
    assert one.funds[0].executed is not None
    assert one.funds[0].executed.value * 10000 == 100  # type: ignore[operator]


# --- names and codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("51092324T000010263357-2023年道路养护", "51092324T000010263357", "2023年道路养护"),
        ("51092324T000010263357 道路养护", "51092324T000010263357", "道路养护"),
        ("[51092324T000010263357]道路养护", "51092324T000010263357", "道路养护"),
        ("（51092324T000010263357）道路养护", "51092324T000010263357", "道路养护"),
        ("２１３０５０４－农村基础设施建设", "2130504", "农村基础设施建设"),
        ("[155]民政救助", "155", "民政救助"),
        ("PPP 项目咨询费", "", "PPP 项目咨询费"),
        ("863 计划项目配套", "", "863 计划项目配套"),
        ("5G 基站建设", "", "5G 基站建设"),
        ("12345 热线运行经费", "", "12345 热线运行经费"),
        ("110-联动", "", "110-联动"),
        ("2022-乡村振兴", "", "2022-乡村振兴"),
        ("2022 年道路养护", "", "2022 年道路养护"),
        ("（2022）道路养护", "", "（2022）道路养护"),
        ("[2022]道路养护", "", "[2022]道路养护"),
        ("（续建）道路养护", "", "（续建）道路养护"),
        ("【十四五】规划", "", "【十四五】规划"),
        ("COVID-19 防控", "", "COVID-19 防控"),
        ("Construction2022 项目", "", "Construction2022 项目"),
        ("51092324T000010263357", "", "51092324T000010263357"),
        ("51092324T000010263357-", "", "51092324T000010263357-"),
        ("[155]", "", "[155]"),
        ("", "", ""),
    ],
)
def test_only_what_looks_like_a_code_is_taken_off_a_project_s_name(
    printed: str, code: str, name: str
) -> None:
    assert split_code(printed) == (code, name)
    one = record(TITLE + f"| 项目名称 | {printed} |\n" + FUNDS)
    assert (field(one, "project_code"), one.project_name) == (code, name)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("219-河西镇人民政府", "河西镇人民政府"),
        ("[155]某县民政局", "某县民政局"),
        ("155001 某县民政局", "某县民政局"),
        ("155001-155-某县民政局", "某县民政局"),
        ("某县民政局（盖章）", "某县民政局"),
        ("（加盖公章）某县民政局", "某县民政局"),
        ("某县民政局（本级）", "某县民政局（本级）"),
        ("110 指挥中心", "110 指挥中心"),
        ("12345-热线中心", "12345-热线中心"),
        ("1919创业园", "1919创业园"),
        ("155001", "155001"),
        ("（盖章）", "（盖章）"),
        ("", ""),
    ],
)
def test_a_unit_s_number_and_stamp_are_no_part_of_its_name(printed: str, name: str) -> None:
    assert unit_name(printed) == name


@pytest.mark.parametrize(
    "head",
    [
        "| 项目名称 | 道路养护（项目编号：A-12） |\n",
        "| 项目名称 | 道路养护(项目编号:A-12) | 主管部门 | 某局 |\n",
        "项目名称：道路养护（项目编号：A-12）    主管部门：某局\n",
        "| 项目名称：道路养护（项目编号：A-12） |\n",
    ],
)
def test_a_code_in_brackets_leaves_the_name_as_it_is(head: str) -> None:
    one = record(TITLE + head + FUNDS)
    assert field(one, "project_name").replace("(", "（").replace(")", "）").replace(":", "：") == (
        "道路养护（项目编号：A-12）"
    )
    assert field(one, "project_code") == "A-12"


def test_a_code_in_the_label_s_brackets_is_read_too() -> None:
    one = record(TITLE + "| 项目名称（项目编号：A-12） | 道路养护 |\n" + FUNDS)
    assert (field(one, "project_name"), field(one, "project_code")) == ("道路养护", "A-12")


def test_a_name_that_is_nothing_but_its_code_is_kept() -> None:
    one = record(TITLE + "| 项目名称 | （项目编号：A-12） |\n" + FUNDS)
    assert (field(one, "project_name"), field(one, "project_code")) == ("（项目编号：A-12）", "A-12")


# --- people and units --------------------------------------------------------------------------------

PEOPLE = [
    "填表人：张三  联系电话：0371-1234567  填表日期：2023年3月1日",
    "填 表 人：张三     联 系 电 话：0371-1234567",
    "填表人（签字）：张三   填报日期：2023年2月15日   联系电话：0371-1234567",
    "单位负责人（签章）：李四　　填表人：张三　　联系电话：0371-1234567",
    "填表人：张三（0371-1234567）",
    "填表人及联系方式：张三  0371-1234567",
    "填表人:张三；联系电话:0371-1234567",
]


@pytest.mark.parametrize("line", PEOPLE)
@pytest.mark.parametrize(
    "form",
    [TITLE + "{}\n" + FORM, TITLE + FORM + "{}\n", TITLE + FORM + "| {} |\n"],
    ids=["above", "below", "cell"],
)
def test_who_filled_in_the_form_is_read_above_under_and_in_the_table(line: str, form: str) -> None:
    one = record(form.format(line))
    assert (field(one, "preparer"), field(one, "contact")) == ("张三", "0371-1234567")


@pytest.mark.parametrize(
    "row",
    [
        "| 填表人 | 张三  联系电话：0371-1234567 | 填表日期 | 2023年1月1日 |\n",
        "| 填表人：张三 | 联系电话：0371-1234567 | 填表日期：2023年1月1日 |\n",
        "| 填表人 | 张三 | 联系电话 | 0371-1234567 | 填表日期 | 2023年1月1日 |\n",
    ],
)
def test_who_filled_in_the_form_is_read_out_of_several_cells(row: str) -> None:
    one = record(TITLE + row + FORM)
    assert (field(one, "preparer"), field(one, "contact")) == ("张三", "0371-1234567")
    assert field(one, "report_date") == "2023年1月1日"


@pytest.mark.parametrize(
    "label",
    [
        "填报单位（盖章）",
        "填报单位(公章)",
        "单位（盖章）",
        "填表单位（加盖公章）",
        "编制单位（部门）",
        "预算单位",
        "项目实施单位（公章）",
        "单位名称",
    ],
)
@pytest.mark.parametrize("frame", ["{}：某县民政局\n", "| {}：某县民政局 |\n", "| {} | 某县民政局 |\n"])
def test_a_reporting_unit_is_the_implementing_one_where_no_other_is_named(label: str, frame: str) -> None:
    assert field(record(TITLE + frame.format(label) + FORM), "implementing_unit") == "某县民政局"


def test_a_blank_beside_a_label_is_not_filled_by_the_next_label_s_value() -> None:
    one = record(TITLE + "| 项目负责人 | | 联系电话：0371-1234567 |\n" + FORM)
    assert field(one, "project_leader") == ""
    assert field(one, "contact") == "0371-1234567"


# --- several forms under one title -------------------------------------------------------------------


def test_a_line_before_the_second_table_that_says_anew_who_filled_it_in_belongs_to_the_second_form() -> None:
    one, two = records(
        TITLE + "填表人：张三  联系电话：13800000001\n| 项目名称 | 甲 |\n" + FUNDS + "\n"
        "填表人：李四  联系电话：13800000002\n| 项目名称 | 乙 |\n" + FUNDS
    )
    assert (one.project_name, field(one, "preparer"), field(one, "contact")) == ("甲", "张三", "13800000001")
    assert (two.project_name, field(two, "preparer"), field(two, "contact")) == ("乙", "李四", "13800000002")
    assert [text.text for text in two.texts][:1] == ["填表人：李四  联系电话：13800000002"]
    assert "填表人：李四  联系电话：13800000002" not in [text.text for text in one.texts]


def test_a_line_under_the_first_table_that_nobody_said_before_belongs_to_the_first_form() -> None:
    one, two = records(
        TITLE
        + "| 项目名称 | 甲 |\n"
        + FUNDS
        + "\n填表人：张三\n| 项目名称 | 乙 |\n"
        + FUNDS
        + "\n填表人：李四\n"
    )
    assert (field(one, "preparer"), field(two, "preparer")) == ("张三", "李四")


def test_a_line_under_the_last_table_stays_with_its_form() -> None:
    one = record(TITLE + "填表人：张三\n" + FORM + "\n填表人：李四\n")
    assert field(one, "preparer") == "张三"
    assert "填表人：李四" in [text.text for text in one.texts]
