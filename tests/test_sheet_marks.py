"""What is struck out in a sheet is not read, and what is raised stays raised, in every format of workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlwt
from sheet_builder import c, lines, notes, read, read_table, rows, spreadsheetml, strings, texts

from extract.document import Document
from extract.sheets.xls import read_xls
from normalize.layout import find_forms
from normalize.to_record import to_record

PLAIN, RAISED, STRUCK = "", "raised", "struck"
Runs = list[tuple[str, str]]


def in_xlsx(runs: Runs) -> Document:
    marks = {PLAIN: "", RAISED: '<vertAlign val="superscript"/>', STRUCK: "<strike/>"}
    shared = "".join(
        f"<r><rPr>{marks[mark]}</rPr><t xml:space='preserve'>{text}</t></r>" for text, mark in runs
    )
    return read(rows(c("A1", "甲") + c("B1", 0, kind="s") + c("C1", "乙")), sharedStrings=strings(shared))


def in_xls(runs: Runs) -> Document:
    def font(mark: str) -> xlwt.Font:
        made = xlwt.Font()
        made.struck_out = mark == STRUCK
        made.escapement = made.ESCAPEMENT_SUPERSCRIPT if mark == RAISED else made.ESCAPEMENT_NONE
        return made

    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "甲")
    sheet.write_rich_text(0, 1, [(text, font(mark)) for text, mark in runs])
    sheet.write(0, 2, "乙")
    out = io.BytesIO()
    book.save(out)
    return read_xls(out.getvalue(), "表.xls")


def in_ods(runs: Runs) -> Document:
    style = '<style:style style:name="{0}"><style:text-properties style:text-{1}/></style:style>'
    styles = style.format(RAISED, 'position="super 58%"') + style.format(STRUCK, 'line-through-style="solid"')
    spans = "".join(f'<text:span text:style-name="{mark}">{text}</text:span>' for text, mark in runs)
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("甲", spans, "乙")
    )
    return read_table(f"<table:table-row>{cells}</table:table-row>", styles)


def in_spreadsheetml(runs: Runs) -> Document:
    tags = {PLAIN: "B", RAISED: "Sup", STRUCK: "S"}
    data = "".join(f'<{tags[mark]}><Font html:Size="9">{text}</Font></{tags[mark]}>' for text, mark in runs)
    rich = f'<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">{data}</ss:Data></Cell>'
    plain = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    return spreadsheetml(f"<Row>{plain.format('甲')}{rich}{plain.format('乙')}</Row>")


FORMATS = pytest.mark.parametrize("write", [in_xlsx, in_xls, in_ods, in_spreadsheetml])


@FORMATS
@pytest.mark.parametrize(
    ("runs", "seen"),
    [
        ([("10", PLAIN), ("1", RAISED)], "10¹"),
        ([("100m", PLAIN), ("2", RAISED), ("以上", PLAIN)], "100m²以上"),
        ([("95%", PLAIN), ("注", RAISED)], "95%注"),
        ([("10", RAISED)], "10"),
    ],
)
def test_a_raised_digit_is_no_digit_of_the_number_before_it(
    write: Callable[[Runs], Document], runs: Runs, seen: str
) -> None:
    made = write(runs)
    assert texts(made) == [["甲", seen, "乙"]]
    assert made.notes == ()


@FORMATS
def test_what_is_struck_out_is_not_read_and_noted_with_its_cell(write: Callable[[Runs], Document]) -> None:
    made = write([("10", STRUCK), ("12", PLAIN)])
    assert texts(made) == [["甲", "12", "乙"]]
    (note,) = notes(made)
    assert "有加删除线的文字，视同已删除，未予读取：B1。" in note


@FORMATS
def test_a_text_that_is_struck_out_altogether_leaves_its_cell_blank(
    write: Callable[[Runs], Document],
) -> None:
    made = write([("10", STRUCK)])
    assert texts(made) == [["甲", "", "乙"]]
    assert len(made.notes) == 1


# Cells whose own font is struck out


STRUCK_FONT = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/>'
    "<font><strike/></font><font><strike val='0'/></font></fonts>"
    '<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/></cellXfs></styleSheet>'
)


def test_a_number_in_a_font_that_is_struck_out_is_not_read() -> None:
    document = read(rows(c("A1", "得分") + c("B1", 98, style=1) + c("C1", 97, style=2)), styles=STRUCK_FONT)
    assert texts(document) == [["得分", "", "97"]]
    assert notes(document) == ["工作表“Sheet1”有加删除线的文字，视同已删除，未予读取：B1。"]


def test_runs_have_their_own_font_and_the_rest_that_of_the_cell() -> None:
    shared = strings("<r><t>旧</t></r><r><rPr><b/></rPr><t>新</t></r>", "<t>旧</t>")
    cells = (
        c("A1", "甲") + c("B1", 0, kind="s", style=1) + c("C1", 1, kind="s", style=1) + c("D1", 1, kind="s")
    )
    document = read(rows(cells), styles=STRUCK_FONT, sharedStrings=shared)
    assert texts(document) == [["甲", "新", "", "旧"]]
    assert notes(document) == ["工作表“Sheet1”有加删除线的文字，视同已删除，未予读取：B1, C1。"]


def test_a_blank_cell_in_such_a_font_is_nothing_to_note() -> None:
    document = read(
        rows(c("A1", "甲") + c("B1", style=1) + c("C1", " ", style=1) + c("D1", 1)), styles=STRUCK_FONT
    )
    assert texts(document) == [["甲", "", "", "1"]]
    assert document.notes == ()


def test_a_number_of_an_old_workbook_in_such_a_font_is_not_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "甲")
    sheet.write(0, 1, 98, xlwt.easyxf("font: struck_out true"))
    sheet.write(0, 2, 97)
    out = io.BytesIO()
    book.save(out)
    document = read_xls(out.getvalue(), "表.xls")
    assert texts(document) == [["甲", "", "97"]]
    assert len(document.notes) == 1


def test_a_cell_of_opendocument_in_such_a_font_is_not_read_but_for_spans_that_say_otherwise() -> None:
    styles = (
        '<style:style style:name="out"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="in"><style:text-properties style:text-line-through-style="none"/></style:style>'
    )
    out = '<table:table-cell table:style-name="out"><text:p>{}</text:p></table:table-cell>'
    span = '旧<text:span text:style-name="in">新</text:span>'
    value = '<table:table-cell table:style-name="out" office:value-type="float" office:value="7"/>'
    document = read_table(
        f"<table:table-row>{out.format('旧')}{out.format(span)}{value}{out.format('')}</table:table-row>",
        styles,
    )
    assert lines(document) == ["新"]
    assert notes(document) == ["工作表“表”有加删除线的文字，视同已删除，未予读取：A1, B1, C1。"]


def test_a_form_counts_neither_a_raised_mark_nor_a_struck_number() -> None:
    fonts = STRUCK_FONT
    shared = strings('<r><t>10</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>')
    header = "".join(
        c(f"{column}4", text)
        for column, text in zip(
            "ABCDEFG",
            ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
            strict=True,
        )
    )
    row = c("A5", "产出指标") + c("B5", "数量指标") + c("C5", "绿化面积") + c("D5", "≥5亩") + c("E5", "5亩")
    document = read(
        rows(
            c("A1", "项目支出绩效自评表"), c("A2", "（2021年度）"), c("A3", "项目名称") + c("B3", "绿化"),
            header, row + c("F5", 0, kind="s") + c("G5", 9, style=1),
        ),
        styles=fonts, sharedStrings=shared,
    )  # fmt: skip
    (form,) = find_forms(document)
    (indicator,) = to_record(form).indicators
    assert indicator.weight is not None and indicator.weight.raw == "10¹"
    assert indicator.score is None or indicator.score.raw == ""
