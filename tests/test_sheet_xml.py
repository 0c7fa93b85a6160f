"""Workbooks of Excel 2003 in XML, as systems export them: what must come out."""

from __future__ import annotations

import random

import pytest
from sheet_builder import grids, lines, notes, spreadsheetml, spreadsheetml_text, texts

from extract.document import Document, ReadError
from extract.readers import find_format, read_bytes
from extract.sheets.spreadsheetml import read_spreadsheetml


def cell(value: object, kind: str = "String", **attributes: object) -> str:
    said = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    return f'<Cell{said}><Data ss:Type="{kind}">{value}</Data></Cell>'


def row(*cells: str, **attributes: object) -> str:
    said = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    return f"<Row{said}>{''.join(cells)}</Row>"


def style(name: str, content: str, parent: str = "") -> str:
    based = f' ss:Parent="{parent}"' if parent else ""
    return f'<Style ss:ID="{name}"{based}>{content}</Style>'


def shape(code: str) -> str:
    return f'<NumberFormat ss:Format="{code}"/>'


def shown(value: object, kind: str, code: str) -> str:
    """What is seen of a value in B1 that has a number format."""
    document = spreadsheetml(row(cell("甲"), cell(value, kind, StyleID="s")), style("s", shape(code)))
    return texts(document)[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_is_told_by_its_content_whatever_its_encoding(encoding: str) -> None:
    xml = spreadsheetml_text(row(cell("项目名称"), cell("绿化养护")))
    xml = xml.replace('version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"')
    data = xml.encode(encoding)
    assert find_format(data).name == "spreadsheetml"
    assert texts(read_bytes(data, "表.xls")) == [["项目名称", "绿化养护"]]


def test_a_place_is_written_as_excel_writes_it() -> None:
    (grid,) = grids(spreadsheetml(row(cell("甲", Index=6), cell("乙", Index=28), Index=2)))
    assert [cell.where.place for cell in grid.cells() if cell.text] == ["表!F2", "表!AB2"]


def test_cells_and_rows_without_a_number_follow_those_before_and_those_that_they_merge() -> None:
    document = spreadsheetml(
        row(cell("绩效", MergeAcross=1, MergeDown=1), cell("分值"), cell("得分"))
        + row(cell(10, "Number", Index=3), cell(9, "Number"))
        + row(cell("尾"), cell("1"), Index=4)
    )
    (grid,) = grids(document)
    assert texts(document) == [
        ["绩效", "绩效", "分值", "得分"], ["绩效", "绩效", "10", "9"], ["", "", "", ""], ["尾", "1", "", ""],
    ]  # fmt: skip
    assert grid.rows[0][0] is grid.rows[1][1]


@pytest.mark.parametrize(
    ("value", "kind", "code", "seen"),
    [
        ("0.158729", "Number", "Percent", "15.87%"),
        ("0.16", "Number", "0%", "16%"),
        ("18189", "Number", "Standard", "18,189.00"),
        ("0.15870000000000001", "Number", "General", "0.1587"),
        ("2021-12-31T00:00:00.000", "DateTime", "Short Date", "2021/12/31"),
        ("2021-12-31T00:00:00.000", "DateTime", "Long Date", "2021年12月31日"),
        ("2021-12-31T00:00:00.000", "DateTime", "yyyy\\-mm\\-dd", "2021-12-31"),
        ("去年", "DateTime", "Short Date", "去年"),
        ("九", "Number", "0.00", "九"),
        ("1", "Boolean", "General", "TRUE"),
        ("0", "Boolean", "General", "FALSE"),
        ("#DIV/0!", "Error", "General", "#DIV/0!"),
        ("98.50", "String", "@", "98.50"),
        ("指&#10;标", "String", "General", "指\n标"),
    ],
)
def test_a_value_is_seen_as_excel_shows_it(value: str, kind: str, code: str, seen: str) -> None:
    assert shown(value, kind, code) == seen


def test_what_a_style_does_not_say_its_base_does() -> None:
    styles = (
        style("Default", shape("0.0"))
        + style("base", shape("0.00%"))
        + style("own", '<Font ss:Bold="1"/>', "base")
        + style("plain", '<Font ss:Bold="1"/>')
        + style("round", "", "round")
    )
    used = [cell(0.5, "Number", StyleID=name) for name in ("own", "plain", "round", "missing")]
    assert texts(spreadsheetml(row(*used, cell(0.5, "Number")), styles)) == [
        ["50.00%", "0.5", "0.5", "0.5", "0.5"]
    ]


def test_a_cell_without_a_style_has_that_of_its_row_or_column() -> None:
    styles = style("rate", shape("0%")) + style("money", shape("0.00"))
    columns = '<Column/><Column ss:StyleID="money" ss:Span="1"/>'
    document = spreadsheetml(
        columns
        + row(cell(0.5, "Number"), cell(0.5, "Number"), cell(0.5, "Number"), cell(0.5, "Number"))
        + row(cell(0.5, "Number"), cell(0.5, "Number"), StyleID="rate"),
        styles,
    )
    assert texts(document) == [["0.5", "0.50", "0.50", "0.5"], ["50%", "50%", "", ""]]


def test_borders_tell_a_title_from_a_row_of_the_table() -> None:
    framed = style("f", '<Borders><Border ss:Position="Left" ss:LineStyle="Continuous"/></Borders>')
    document = spreadsheetml(
        row(cell("甲", StyleID="f"), cell("1", StyleID="f"))
        + row(cell("总分", StyleID="f"))
        + row(cell("乙表")),
        framed,
    )
    assert lines(document) == ["乙表"]
    assert texts(document) == [["甲", "1"], ["总分", ""]]


def test_what_is_hidden_is_read_and_noted() -> None:
    document = spreadsheetml(
        '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/>'
        + row(cell("甲"), cell("乙"))
        + row(cell("丙"), cell("丁"), Hidden=1),
        options="<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>",
    )
    assert texts(document) == [["甲", "乙"], ["丙", "丁"]]
    assert notes(document) == [
        "工作表“表”是隐藏的，也已读取。",
        "工作表“表”有隐藏的行，也已读取：第 2 行。",
        "工作表“表”有隐藏的列，也已读取：B 列。",
    ]


def test_a_formula_without_a_result_is_no_blank_and_noted() -> None:
    document = spreadsheetml(row(cell("得分"), '<Cell ss:Formula="=SUM(R1C1)"/>', cell("无")))
    assert texts(document) == [["得分", "=?", "无"]]
    assert "1 个公式没有保存计算结果" in notes(document)[0]


def test_comments_are_no_text_of_a_cell() -> None:
    noted = '<Cell><Data ss:Type="String">甲</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>'
    assert texts(spreadsheetml(row(noted, cell("乙")))) == [["甲", "乙"]]


# Hostile and odd files


def refusal(xml: str) -> str:
    with pytest.raises(ReadError) as caught:
        read_spreadsheetml(xml.encode(), "x")
    assert caught.value.message.en.endswith(".")
    return caught.value.message.zh


def test_document_types_are_refused() -> None:
    xml = spreadsheetml_text(row(cell("&e;")))
    evil = xml.replace("<Workbook", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Workbook', 1)
    assert "DOCTYPE" in refusal(evil)


@pytest.mark.parametrize(
    "table",
    [
        row(cell("甲", Index=99999)),
        row(cell("甲", Index="x")),
        row(cell("甲", Index=-1)),
        row(cell("甲"), Index=99999999999),
        row(cell("甲"), Index=0),
    ],
)
def test_cells_beyond_any_sheet_are_damage(table: str) -> None:
    assert refusal(spreadsheetml_text(table)).startswith("工作簿已损坏")


def test_columns_named_again_and_again_cost_nothing() -> None:
    columns = '<Column ss:Index="1" ss:StyleID="s" ss:Span="16383"/>' * 20_000
    document = spreadsheetml(columns + row(cell("甲"), cell(0.5, "Number")), style("s", shape("0%")))
    assert texts(document) == [["甲", "50%"]]


def test_a_merged_cell_over_the_whole_sheet_stays_small() -> None:
    document = spreadsheetml(row(cell("甲", MergeAcross=16383, MergeDown=1048575)) + row(cell("乙"), Index=3))
    assert lines(document) == ["甲"]


def test_an_empty_one_says_so() -> None:
    assert refusal(spreadsheetml_text("")).startswith("工作簿是空的")
    assert refusal("<Workbook/>").startswith("工作簿已损坏")


def test_damaged_xml_ends_in_a_document_or_a_sentence() -> None:
    chance = random.Random(20210902)
    xml = spreadsheetml_text(
        row(cell("甲", MergeAcross=1), cell(0.5, "Number", StyleID="s"), cell("2021-12-31", "DateTime")),
        style("s", shape("0%")),
    )
    odd = ["", "-1", "99999999999", "NaN", "1e400", "0;;;;;[", "①", "<S>", "&#0;", ">"]
    for _ in range(400):
        at = chance.randrange(len(xml))
        damaged = xml[:at] + chance.choice(odd) + xml[at + chance.choice((0, 1, 3, 40)) :]
        try:
            assert isinstance(read_spreadsheetml(damaged.encode(), "x"), Document)
        except ReadError as error:
            assert error.message.zh and error.message.en
