"""Spreadsheets: what a sheet shows, and what must come out of its file (.xlsx, .xls, .ods)."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlwt
from sheet_builder import (
    c,
    grids,
    lines,
    links,
    merged,
    notes,
    ods,
    read,
    read_table,
    rows,
    strings,
    styles,
    texts,
    xlsx,
    zipped,
)  # fmt: skip

from extract.document import Document, Line, ReadError
from extract.limits import MAX_SLOTS
from extract.sheets.layout import LONGEST_GAP
from extract.sheets.ods import read_ods
from extract.sheets.sheet import Sheet
from extract.sheets.xls import MAX_XLS_BYTES, read_xls
from extract.sheets.xlsx import read_xlsx

TOO_LARGE = "工作表过大（行数、列数或单元格过多），超出读取上限；请删去多余的内容，或拆分为几个文件。"
DAMAGED = "工作簿已损坏，无法读取；请用办公软件打开修复并另存，或请提交人重新发送。"
LOCKED = "工作簿设有打开密码，无法读取；请取消密码并另存后再试。"
EMPTY = "工作簿是空的，没有填写任何内容；请检查是否选对了文件。"


def refusal(reader: Callable[[bytes, str], Document], data: bytes) -> str:
    """The Chinese sentence with which a file is refused; the English one says something too."""
    with pytest.raises(ReadError) as caught:
        reader(data, "x")
    assert caught.value.message.en.endswith(".")
    return caught.value.message.zh


def one_cell(cell: str, **parts: str) -> str:
    """What is seen of a cell in B1, behind a text in A1."""
    return texts(read(rows(c("A1", "甲") + cell), **parts))[0][1]


# What a person sees


def test_a_rate_is_seen_as_its_format_shows_it() -> None:
    document = read(
        rows(c("A1", 0.158729, style=1) + c("B1", 0.16, style=2)), styles=styles("0", "0.00%", "0%")
    )
    assert texts(document) == [["15.87%", "16%"]]


def test_a_number_that_a_double_cannot_hold_is_seen_as_it_was_typed() -> None:
    assert one_cell(c("B1", "0.15870000000000001", kind="n")) == "0.1587"
    assert one_cell(c("B1", "8570.4899999999998", kind="n")) == "8570.49"


def test_a_date_is_seen_in_chinese() -> None:
    assert one_cell(c("B1", 44561, style=1), styles=styles("0", 'yyyy"年"m"月"d"日"')) == "2021年12月31日"


def test_a_date_may_be_stored_as_text_of_a_date() -> None:
    assert one_cell(c("B1", "2021-12-31T00:00:00", kind="d", style=1), styles=styles("0", "yyyy-mm-dd")) == (
        "2021-12-31"
    )


def test_a_date_in_a_workbook_that_counts_from_1904() -> None:
    document = read(
        rows(c("A1", "甲") + c("B1", 43099, style=1)),
        styles=styles("0", "yyyy-mm-dd"),
        settings='<workbookPr date1904="1"/>',
    )
    assert texts(document) == [["甲", "2021-12-31"]]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (c("B1", "1", kind="b"), "TRUE"),
        (c("B1", "0", kind="b"), "FALSE"),
        (c("B1", "#DIV/0!", kind="e"), "#DIV/0!"),
        (c("B1", "优秀", kind="str", formula='IF(A1>90,"优秀","良")'), "优秀"),
        (c("B1", 98.5, formula="SUM(C1:D1)"), "98.5"),
        (c("B1", "不是数", kind="n"), "不是数"),
        (c("B1", "1e999", kind="n"), "1e999"),
    ],
)
def test_truths_errors_and_results_are_seen_as_excel_shows_them(cell: str, seen: str) -> None:
    assert one_cell(cell) == seen


def test_a_result_that_is_a_blank_text_is_blank() -> None:
    document = read(rows(c("A1", "甲") + c("B1", "", kind="str", formula='""') + c("C1", "乙")))
    assert texts(document) == [["甲", "", "乙"]]
    assert document.notes == ()


def test_shared_strings_keep_their_runs_and_lose_their_phonetic_signs() -> None:
    shared = strings(
        "<t>绩效</t>", "<r><t>项目</t></r><r><t xml:space='preserve'> 名称</t></r><rPh><t>xm</t></rPh>"
    )
    document = read(rows(c("A1", 0, kind="s") + c("B1", 1, kind="s")), sharedStrings=shared)
    assert texts(document) == [["绩效", "项目 名称"]]


def test_a_line_break_in_a_cell_stays_one_however_it_is_stored() -> None:
    document = read(rows(c("A1", "绩\n效") + c("B1", "指_x000D_\n标") + c("C1", "a_x005F_b")))
    assert texts(document) == [["绩\n效", "指\n标", "a_b"]]


def test_blanks_before_a_text_stay_and_blank_lines_around_it_go() -> None:
    assert texts(read(rows(c("A1", "  其中：财政拨款\n") + c("B1", "1")))) == [["  其中：财政拨款", "1"]]


def test_cells_that_do_not_say_where_they_stand_follow_each_other() -> None:
    document = read(
        "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row></sheetData>"
    )
    assert texts(document) == [["1", "2"], ["", "3"]]


# Formulas


def test_a_formula_without_a_result_is_no_blank_and_noted() -> None:
    document = read(rows(c("A1", "得分") + c("B1", formula="SUM(B2:B9)") + c("C1", "无")))
    assert texts(document) == [["得分", "=?", "无"]]
    assert notes(document) == [
        "工作表“Sheet1”有 1 个公式没有保存计算结果，记作“=?”；请用办公软件打开并保存后再试。"
    ]


def test_a_percentage_typed_behind_an_equal_sign_is_seen_as_one() -> None:
    with_result = c("B1", 1, formula="100%")
    formatted = c("B1", 0.95, formula="95%", style=1)
    assert one_cell(with_result) == "100%"
    assert one_cell(c("B1", formula="100%")) == "100%"
    assert one_cell(formatted, styles=styles("General", "0.0%")) == "95.0%"
    assert one_cell(c("B1", formula="95%", style=1), styles=styles("General", "0.0%")) == "95.0%"
    assert one_cell(c("B1", formula="12.5")) == "12.5"


# Grids and lines


def test_merged_slots_share_one_cell_and_its_place() -> None:
    document = read(
        rows(c("A1", "项目") + c("C1", "分值"), c("C2", 10), c("A3", "合计") + c("B3", 1) + c("C3", 10))
        + merged("A1:B2")
    )
    (grid,) = grids(document)
    assert grid.rows[0][0] is grid.rows[0][1] is grid.rows[1][0] is grid.rows[1][1]
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "项目", "分值"],
        ["项目", "项目", "10"],
        ["合计", "1", "10"],
    ]


def test_a_place_is_written_as_excel_writes_it() -> None:
    (grid,) = grids(read(rows("", c("F2", "甲") + c("AB2", "乙")), names=["自评表"]))
    assert [cell.where.place for cell in grid.cells() if cell.text] == ["自评表!F2", "自评表!AB2"]


def test_text_above_and_below_a_table_is_lines() -> None:
    document = read(
        rows(
            c("A1", "项目支出绩效自评表"),
            c("A2", "（2021年度）"),
            c("A3", "项目名称") + c("B3", "绿化"),
            c("A4", "总分"),
            c("A5", "得分") + c("B5", 98),
            c("A6", "一、基本情况\n按期完成。"),
        )
        + merged("A1:B1")
    )
    assert lines(document) == ["项目支出绩效自评表", "（2021年度）", "一、基本情况", "按期完成。"]
    assert texts(document) == [["项目名称", "绿化"], ["总分", ""], ["得分", "98"]]


def test_borders_tell_a_title_in_the_middle_of_a_sheet_from_a_row_of_the_table() -> None:
    form = c("A{0}", "名称", style=1) + c("B{0}", "绿化", style=1)
    document = read(
        rows(
            c("A1", "甲表"), form.format(2), c("A3", "总分", style=1),
            c("A4", "乙表"), form.format(5), c("A6", "总分", style=1),
        ),
        styles=styles("General", "General", framed=True),
    )  # fmt: skip
    assert lines(document) == ["甲表", "乙表"]
    assert [[cell.text for cell in row] for grid in grids(document) for row in grid.rows] == [
        ["名称", "绿化"], ["总分", ""], ["名称", "绿化"], ["总分", ""],
    ]  # fmt: skip


def test_long_blank_stretches_are_left_out_and_short_ones_stay() -> None:
    far = LONGEST_GAP + 2
    near = read(rows(c("A1", 1) + c("B1", 1), *[""] * LONGEST_GAP, c(f"A{far}", 2) + c(f"B{far}", 2)))
    assert len(grids(near)[0].rows) == far
    wide = read("<sheetData><row r='1'>" + c("A1", 1) + c("XFD1", 2) + "</row></sheetData>")
    (grid,) = grids(wide)
    assert [cell.where.place for cell in grid.rows[0]] == ["Sheet1!A1", "Sheet1!XFD1"]


def test_tables_beside_each_other_come_one_after_the_other() -> None:
    document = read(
        rows(
            c("A1", "甲表") + c("E1", "乙表"),
            c("A2", "名称") + c("B2", "绿化") + c("C2", 1) + c("E2", "名称") + c("F2", "养护") + c("G2", 2),
            c("E3", "总分") + c("F3", 98) + c("G3", 9),
        )
        + merged("A1:C1", "E1:G1")
    )
    assert [block.text if isinstance(block, Line) else block.rows[0][1].text for block in document.blocks] == [
        "甲表", "绿化", "乙表", "养护",
    ]  # fmt: skip
    left, right = grids(document)
    assert [cell.text for row in left.rows for cell in row] == ["名称", "绿化", "1"]
    assert right.rows[1][1].where.place == "Sheet1!F3"


@pytest.mark.parametrize(
    ("titles", "areas"),
    [
        (c("A1", "甲表"), ["A1:G1"]),  # one title over both
        (c("A1", "甲表"), ["A1:C1"]),  # one title
        (c("A1", "甲表") + c("E1", "填表说明"), []),  # not of the whole width
        (c("A1", "名称") + c("C1", 1) + c("E1", "养护") + c("G1", 1), []),
    ],
)
def test_a_blank_column_does_not_part_one_table(titles: str, areas: list[str]) -> None:
    body = c("A2", "名称") + c("B2", "绿化") + c("C2", 1) + c("E2", "名称") + c("F2", "养护") + c("G2", 2)
    document = read(rows(titles, body) + (merged(*areas) if areas else ""))
    (grid,) = grids(document)
    assert [cell.text for cell in grid.rows[-1]] == ["名称", "绿化", "1", "", "名称", "养护", "2"]


def test_every_sheet_gives_its_own_grid_and_a_blank_one_gives_none() -> None:
    document = read(rows(c("A1", 1) + c("B1", 2)), rows(""), rows(c("A1", 3) + c("B1", 4)))
    assert [grid.rows[0][0].where.place for grid in grids(document)] == ["Sheet1!A1", "Sheet3!A1"]


def test_texts_that_float_over_a_sheet_follow_it() -> None:
    shape = (
        '<wsDr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<a:p><a:r><a:t>单位：</a:t></a:r><a:r><a:t>万元</a:t></a:r></a:p><a:p/></wsDr>"
    )
    with zipfile.ZipFile(io.BytesIO(xlsx(rows(c("A1", 1) + c("B1", 2)) + '<drawing r:id="d"/>'))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = links(
        ("d", "drawing", "../drawings/drawing1.xml")
    ).encode()
    parts["xl/drawings/drawing1.xml"] = shape.encode()
    assert lines(read_xlsx(zipped(parts), "x")) == ["单位：万元"]


def test_headers_and_footers_are_margins_without_their_codes() -> None:
    page = '<headerFooter><oddHeader>&amp;C&amp;"宋体,加粗"&amp;14附件1</oddHeader><oddFooter>&amp;P</oddFooter></headerFooter>'
    document = read(rows(c("A1", 1) + c("B1", 2)) + page)
    assert [(line.text, line.where.part) for line in document.margins if line.text != "1"] == [
        ("附件1", "页眉")
    ]


# What is hidden


def test_hidden_sheets_rows_and_columns_are_read_and_noted() -> None:
    document = read(
        '<cols><col min="2" max="3" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>'
        + rows(
            c("A1", 1) + c("B1", 2) + c("C1", 3),
            c("A2", 4) + c("B2", 5),
            c("A3", 6) + c("B3", 7),
            hidden=[2, 3],
        ),
        states=["veryHidden"],
        names=["底稿"],
    )
    assert texts(document) == [["1", "2", "3"], ["4", "5", ""], ["6", "7", ""]]
    assert notes(document) == [
        "工作表“底稿”是隐藏的，也已读取。",
        "工作表“底稿”有隐藏的行，也已读取：第 2–3 行。",
        "工作表“底稿”有隐藏的列，也已读取：B–C 列。",
    ]


def test_what_lies_under_a_merged_cell_is_not_seen_but_noted() -> None:
    document = read(
        rows(c("A1", "甲") + c("B1", "藏") + c("C1", "乙"), c("A2", 1) + c("B2", 2) + c("C2", 3))
        + merged("A1:B1")
    )
    assert texts(document) == [["甲", "甲", "乙"], ["1", "2", "3"]]
    assert notes(document) == ["工作表“Sheet1”的合并单元格下面有 1 处看不见的内容，未读取。"]


# Old workbooks


def xls(fill: Callable[[xlwt.Workbook], None]) -> Document:
    book = xlwt.Workbook(encoding="utf-8")
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return read_xls(out.getvalue(), "表.xls")


def test_an_old_workbook_is_seen_with_its_formats_merges_and_hidden_rows() -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("自评表")
        sheet.write_merge(0, 1, 0, 1, "项目\n资金")
        sheet.write(0, 2, 0.158729, xlwt.easyxf(num_format_str="0.00%"))
        sheet.write(1, 2, 44561, xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
        sheet.write(2, 0, True)
        sheet.write(2, 1, 18189, xlwt.easyxf(num_format_str="#,##0.00"))
        sheet.row(2).hidden = True
        book.add_sheet("底稿").write(0, 0, "甲")
        book.get_sheet(1).visibility = 1

    document = xls(fill)
    grid = grids(document)[0]
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目\n资金", "项目\n资金", "15.87%"],
        ["项目\n资金", "项目\n资金", "2021年12月31日"],
        ["TRUE", "18,189.00", ""],
    ]
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[2][1].where.place == "自评表!B3"
    assert notes(document) == [
        "工作表“自评表”有隐藏的行，也已读取：第 3 行。",
        "工作表“底稿”是隐藏的，也已读取。",
    ]


def test_the_date_that_a_format_number_means_is_seen_as_in_china() -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("表")
        sheet.write(0, 0, 44561, xlwt.easyxf(num_format_str="M/D/YY"))
        sheet.write(0, 1, "甲")

    assert texts(xls(fill)) == [["2021/12/31", "甲"]]


# OpenDocument


def cell(text: str, **attributes: object) -> str:
    said = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.split("|")) if text else ""
    return f"<table:table-cell{said}>{paragraphs}</table:table-cell>"


def row(*cells: str, repeated: int = 1, more: str = "") -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}"{more}>{"".join(cells)}</table:table-row>'
    )


COVERED = "<table:covered-table-cell/>"


def test_an_opendocument_sheet_is_seen_with_its_merged_and_repeated_cells() -> None:
    document = read_table(
        row(cell("绩|效", number_rows_spanned=2), cell("分值", number_columns_repeated=2))
        + row(COVERED, cell("a<text:s text:c='2'/>b<text:line-break/>c"), cell("16%"))
        + row(cell("", number_columns_repeated=16384), repeated=1_048_574)
    )
    assert texts(document) == [["绩\n效", "分值", "分值"], ["绩\n效", "a  b\nc", "16%"]]
    (grid,) = grids(document)
    assert grid.rows[0][0] is grid.rows[1][0]
    assert grid.rows[1][1].where.place == "表!B2"


def test_comments_of_an_opendocument_cell_are_no_text_of_it() -> None:
    noted = "<table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p></table:table-cell>"
    assert texts(read_table(row(noted, cell("乙")))) == [["甲", "乙"]]


def test_a_value_without_its_text_is_shown_plainly() -> None:
    value = '<table:table-cell office:value-type="{0}" office:{1}="{2}"/>'
    document = read_table(
        row(
            value.format("percentage", "value", "0.1587"),
            value.format("float", "value", "0.30000000000000004"),
            value.format("date", "date-value", "2021-12-31"),
            value.format("boolean", "boolean-value", "true"),
        )
    )
    assert texts(document) == [["15.87%", "0.3", "2021-12-31", "TRUE"]]


def test_hidden_rows_and_formulas_without_results_of_opendocument_are_noted() -> None:
    document = read_table(
        row(cell("甲"), cell("乙"), more=' table:visibility="collapse"')
        + row(cell("1"), cell("", formula="of:=1+1"))
    )
    assert notes(document) == [
        "工作表“表”有隐藏的行，也已读取：第 1 行。",
        "工作表“表”有 1 个公式没有保存计算结果，记作“=?”；请用办公软件打开并保存后再试。",
    ]


# Hostile and odd files


@pytest.mark.parametrize("reader", [read_xlsx, read_xls, read_ods])
@pytest.mark.parametrize(
    "data", [b"", b"PK", b"\xd0\xcf\x11\xe0" + bytes(700), "绩效自评表".encode(), b"\x09\x08" * 50]
)
def test_what_is_no_workbook_is_refused(reader: Callable[[bytes, str], Document], data: bytes) -> None:
    assert refusal(reader, data)


def test_a_workbook_with_a_password_is_named_as_such() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    assert refusal(read_xlsx, ole) == LOCKED
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
    assert refusal(read_ods, ods("", manifest=manifest)) == LOCKED


def test_an_old_workbook_with_a_password_is_named_as_such() -> None:
    # BIFF8 without a container: BOF of the globals, then FILEPASS
    records = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 1996, 0, 0) + struct.pack(
        "<HHHHH", 0x2F, 6, 1, 1, 1
    )
    assert "--password" in refusal(read_xls, records)


def test_a_binary_workbook_is_named_as_such() -> None:
    assert "xlsb" in refusal(read_xlsx, zipped({"xl/workbook.bin": b"\x83\x01\x00"}))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<a/>"},
        {"xl/workbook.xml": "<a/>"},
        {"xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'},
    ],
)
def test_a_container_without_sheets_is_no_workbook(parts: dict[str, str | bytes]) -> None:
    assert refusal(read_xlsx, zipped(parts)).startswith("压缩包内没有 Excel 工作表")


def test_a_workbook_on_which_nothing_is_written_says_so() -> None:
    assert refusal(read_xlsx, xlsx(rows(""))) == EMPTY
    assert refusal(read_ods, ods('<table:table table:name="a"/>')) == EMPTY


def test_a_truncated_workbook_is_refused_wherever_it_was_cut() -> None:
    whole = xlsx(rows(c("A1", "甲") + c("B1", 1)))
    assert {refusal(read_xlsx, whole[:length]) for length in range(0, len(whole), 11)} == {
        "文件不完整或已损坏（不是有效的压缩包），无法读取；请重新下载，或请提交人重新发送。"
    }


@pytest.mark.parametrize("slot", ["XFE1048577", "A9999999", "1", "ZZZZ1", ""])
def test_a_cell_beyond_the_end_of_a_sheet_is_refused_or_follows_the_one_before(slot: str) -> None:
    number = "".join(filter(str.isdigit, slot)) or "1"
    data = xlsx(f'<sheetData><row r="{number}">{c("A" + number, 1)}{c(slot, 2)}</row></sheetData>')
    if slot:
        assert refusal(read_xlsx, data) == DAMAGED
    else:
        assert texts(read_xlsx(data, "x")) == [["1", "2"]]


def test_a_string_that_is_not_there_is_damage() -> None:
    assert refusal(read_xlsx, xlsx(rows(c("A1", 5, kind="s")))) == DAMAGED


@pytest.mark.parametrize("blank", ['<c r="B1" s="1"/>', '<c r="B1"></c>', '<c r="B1"><v></v></c>'])
def test_a_cell_without_a_position_follows_one_that_only_has_a_format(blank: str) -> None:
    follower = '<c t="str"><v>乙</v></c>'
    assert texts(read(rows(c("A1", "甲") + blank + follower))) == [["甲", "", "乙"]]


@pytest.mark.parametrize("blank", ['<row r="2" ht="20"/>', '<row r="2" ht="20"></row>'])
def test_a_row_without_a_number_follows_one_that_only_has_a_height(blank: str) -> None:
    first, follower = (
        f'<row r="1">{c("A1", "甲")}{c("B1", 1)}</row>',
        f"<row>{c('A3', '乙')}{c('B3', 2)}</row>",
    )
    (grid,) = grids(read(f"<sheetData>{first}{blank}{follower}</sheetData>"))
    assert [cell.where.row for cell in grid.cells() if cell.text] == [1, 1, 3, 3]


def test_a_text_that_looks_like_a_blank_cell_is_a_text() -> None:
    text = '<c r="B1"/></row>'
    assert one_cell(f'<c r="B1" t="str"><v><![CDATA[{text}]]></v></c>') == text


def test_a_sheet_formatted_to_its_last_row_gives_what_is_written_on_it() -> None:
    blank = "".join(
        f'<row r="{n}" ht="14.25" customHeight="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"></c></row>'
        for n in range(2, 50_000)
    )
    last = f'<row r="1048576">{c("A1048576", "尾")}{c("B1048576", 9)}</row>'
    document = read(f'<sheetData><row r="1">{c("A1", "首")}{c("B1", 1)}</row>{blank}{last}</sheetData>')
    assert texts(document) == [["首", "1"], ["尾", "9"]]


def test_merged_cells_over_the_whole_sheet_or_over_each_other_stay_small() -> None:
    cells = rows(c("A1", "甲") + c("B1", 1), c("A2", 2) + c("B2", 3))
    assert lines(read(cells + merged("A1:XFD1048576", "A2:B2", "A1:A1", "?"))) == ["甲"]
    many = rows(*(c(f"A{n}", 1) + c(f"Q{n}", 1) for n in range(1, 400))) + merged(*["A1:Q399"] * 400)
    assert refusal(read_xlsx, xlsx(many)) == TOO_LARGE


def test_cells_that_span_too_large_a_rectangle_are_refused() -> None:
    far = "".join(f'<row r="{n * 15}"><c r="A{n * 15}"><v>1</v></c></row>' for n in range(1, 30_000))
    wide = "".join(f'<c r="{letter}1"><v>1</v></c>' for letter in "BCDEFGHIJ")
    assert refusal(read_xlsx, xlsx(f'<sheetData><row r="1">{wide}</row>{far}</sheetData>')) == TOO_LARGE


def test_a_cell_that_is_repeated_for_ever_is_refused() -> None:
    repeated = row(cell("甲", number_columns_repeated=16384), repeated=1_048_576)
    assert refusal(read_ods, ods(f'<table:table table:name="a">{repeated}</table:table>')) == TOO_LARGE


def test_no_sheet_takes_more_texts_than_the_bound() -> None:
    sheet = Sheet("a", texts=dict.fromkeys(((n, 1) for n in range(MAX_SLOTS)), "x"))
    with pytest.raises(ReadError):
        sheet.put(1, 2, "y")


def test_an_old_workbook_that_is_too_large_is_refused_before_it_is_opened() -> None:
    assert refusal(read_xls, bytes(MAX_XLS_BYTES + 1)).startswith("旧版工作簿超过 20 MB")


def test_external_entities_and_document_types_are_refused() -> None:
    evil = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(xlsx(rows(c("A1", 1))))) as made:
        parts: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    assert "DOCTYPE" in refusal(read_xlsx, zipped(parts | {"xl/worksheets/sheet1.xml": evil}))


def _an_xlsx() -> bytes:
    return xlsx(
        rows(c("A1", "甲") + c("B1", 0.16, style=1), c("A2", 0, kind="s") + c("B2", formula="1+1"))
        + merged("A1:A2"),
        styles=styles("General", "0%", framed=True),
        sharedStrings=strings("<t>乙</t>"),
    )


def _an_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for n in range(20):
        sheet.write(n, 0, f"t{n}")
        sheet.write(n, 1, n / 7, xlwt.easyxf(num_format_str="0.00%"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _an_ods() -> bytes:
    return ods(
        f'<table:table table:name="a">{row(cell("甲"), cell("16%", number_columns_spanned=2))}</table:table>'
    )


def _unpacked(data: bytes) -> bytes:
    """The same container without compression, so that damage reaches the XML (its checksums are mended)."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return zipped({name: made.read(name) for name in made.namelist()}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("reader", "seed"),
    [(read_xlsx, _an_xlsx), (read_xls, _an_xls), (read_ods, _an_ods)],
    ids=["xlsx", "xls", "ods"],
)
def test_damaged_bytes_end_in_a_document_or_a_sentence(
    reader: Callable[[bytes, str], Document], seed: Callable[[], bytes]
) -> None:
    chance = random.Random(20210831)
    whole = seed()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3, 10))):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 1, 1, 40))] = chance.randbytes(chance.choice((0, 1, 1, 1, 5)))
        try:
            assert isinstance(reader(bytes(data), "x"), Document)
        except ReadError as error:
            assert error.message.zh and error.message.en


@pytest.mark.parametrize(
    ("reader", "seed"), [(read_xlsx, _an_xlsx), (read_ods, _an_ods)], ids=["xlsx", "ods"]
)
def test_damaged_xml_ends_in_a_document_or_a_sentence(
    reader: Callable[[bytes, str], Document], seed: Callable[[], bytes]
) -> None:
    chance = random.Random(20210901)
    with zipfile.ZipFile(io.BytesIO(seed())) as made:
        parts: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    odd = [
        b"",
        b"-1",
        b"99999999999",
        b"NaN",
        b"1e400",
        b"ZZZZ9",
        b"0;;;;;[",
        b"_x0000_",
        b"_xD800_",
        "①".encode(),
        b"true",
    ]
    for _ in range(400):
        name = chance.choice(list(parts))
        xml = bytes(parts[name]) if isinstance(parts[name], bytes) else b""
        start = chance.choice([at for at, byte in enumerate(xml) if byte in b'">'] or [0]) + 1
        end = start + chance.choice((0, 1, 3))
        try:
            reader(zipped(parts | {name: xml[:start] + chance.choice(odd) + xml[end:]}), "x")
        except ReadError as error:
            assert error.message.zh and error.message.en
