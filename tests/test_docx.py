"""What the reader of Word documents makes of text and of tables; hostile files have tests of their own."""

from __future__ import annotations

import io
from itertools import product

import docx as python_docx
import pytest
from docx_builder import (
    CONTINUE,
    RESTART,
    STRICT,
    docx,
    grid,
    grids,
    lines,
    p,
    part,
    r,
    read,
    slots,
    span,
    tbl,
    tc,
    tr,
    zipped,
)

from extract.document import Grid, Line
from extract.word.docx import read_docx
from extract.word.docx_words import VOCABULARIES

WINGDINGS_TICK = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'


def box(*blocks: str) -> str:
    """A run with a text box, as Word 2007 writes it."""
    return (
        f"<w:r><w:pict><v:textbox><w:txbxContent>{''.join(blocks)}</w:txbxContent></v:textbox></w:pict></w:r>"
    )


def control(content: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


# The page as a whole


def test_paragraphs_and_tables_come_in_page_order_with_their_places() -> None:
    made = python_docx.Document()
    made.add_paragraph("项目支出绩效自评表")
    made.add_paragraph("")
    made.add_paragraph("（2023年度）")
    made.add_table(2, 2).cell(1, 1).text = "0.5"
    made.add_paragraph("填表人：某某")
    stored = io.BytesIO()
    made.save(stored)

    document = read_docx(stored.getvalue(), "甲.docx")

    title, year, table, preparer = document.blocks
    assert isinstance(title, Line) and isinstance(year, Line) and isinstance(preparer, Line)
    assert isinstance(table, Grid)
    assert [title.text, year.text, preparer.text] == ["项目支出绩效自评表", "（2023年度）", "填表人：某某"]
    assert [line.where.row for line in (title, year, preparer)] == [1, 3, 4]
    assert title.where.source == "甲.docx" and title.where.place == "第1段"
    assert slots(table) == [["", ""], ["", "0.5"]]
    assert table.rows[1][1].where.place == "表1 第2行 第2列"
    assert document.notes == () and document.margins == ()


def test_merges_made_by_python_docx_share_their_cell() -> None:
    made = python_docx.Document()
    table = made.add_table(3, 4)
    for row, col in product(range(3), range(4)):
        table.cell(row, col).text = f"{row}{col}"
    table.cell(0, 1).merge(table.cell(1, 2)).text = "合"
    stored = io.BytesIO()
    made.save(stored)

    (read_back,) = grids(read_docx(stored.getvalue(), "x"))

    assert slots(read_back) == [
        ["00", "合", "合", "03"],
        ["10", "合", "合", "13"],
        ["20", "21", "22", "23"],
    ]
    assert len(list(read_back.cells())) == 9


def test_headers_and_footers_are_margins_one_line_a_paragraph_or_cell() -> None:
    header = part("hdr", p("附件1") + tbl(tr("左", "", "右")))
    footer = part("ftr", p("") + p("第1页"))
    document = read(p("正文"), {"word/footer1.xml": footer, "word/header2.xml": header})
    assert lines(document) == ["正文"]
    assert [(line.text, line.where.part, line.where.row) for line in document.margins] == [
        ("附件1", "页眉", 1),
        ("左", "页眉", 2),
        ("右", "页眉", 3),
        ("第1页", "页脚", 1),
    ]


def test_strict_documents_are_read_like_transitional_ones() -> None:
    body = p("标题") + tbl(tr(tc("a", span(2)), "b"), tr("c", "d", "e"))
    document = read_docx(docx(body, word=STRICT), "x")
    assert lines(document) == ["标题"]
    assert slots(grids(document)[0]) == [["a", "a", "b"], ["c", "d", "e"]]


def test_the_main_part_is_where_the_relationships_say() -> None:
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="http://x/metadata/core-properties" Target="docProps/core.xml"/>'
        '<Relationship Id="b" Type="http://x/officeDocument" Target="/content/Document2.xml"/>'
        "</Relationships>"
    )
    wanted = part("document", f"<w:body>{p('对')}</w:body>")
    other = part("document", f"<w:body>{p('错')}</w:body>")
    parts = {"_rels/.rels": links.encode(), "content/document2.xml": wanted, "word/document.xml": other}
    assert lines(read_docx(zipped(parts), "x")) == ["对"]
    del parts["content/document2.xml"]
    assert lines(read_docx(zipped(parts), "x")) == ["错"]


def test_entries_parted_by_backslashes_and_xml_in_utf16_are_read() -> None:
    xml = (
        part("document", f"<w:body>{p('中文')}</w:body>").decode().replace("UTF-8", "UTF-16").encode("utf-16")
    )
    assert lines(read_docx(zipped({"word\\document.xml": xml}), "x")) == ["中文"]


def test_every_name_of_the_vocabulary_is_in_it_once() -> None:
    for vocabulary in VOCABULARIES.values():
        for names in (vocabulary.table, vocabulary.unsettled):
            assert len(names) == len(set(names))
            assert all(vocabulary.kinds[name] for name in names)


# The grid


def test_spans_in_both_directions_make_a_rectangle() -> None:
    table = grid(
        tbl(
            tr(tc("产出", RESTART), tc("数量", span(2)), "1"),
            tr(tc("", CONTINUE), "a", "b", "2"),
            tr(tc("", CONTINUE), "c", tc("d", span(2))),
        )
    )
    assert slots(table) == [["产出", "数量", "数量", "1"], ["产出", "a", "b", "2"], ["产出", "c", "d", "d"]]
    assert table.rows[0][0] is table.rows[1][0] is table.rows[2][0]
    assert table.rows[0][1] is table.rows[0][2]
    assert (table.rows[2][3].where.row, table.rows[2][3].where.col) == (3, 3)


def test_a_vertical_merge_continues_although_its_span_differs() -> None:
    table = grid(tbl(tr(tc("合", span(2) + RESTART), "x"), tr(tc("", CONTINUE), "y", "z")))
    assert slots(table) == [["合", "合", "x"], ["合", "y", "z"]]


def test_a_continuation_without_a_restart_above_is_a_cell_of_its_own() -> None:
    table = grid(tbl(tr("a", "b"), tr(tc("c", CONTINUE), "d"), tr("e", tc("f", CONTINUE))))
    assert slots(table) == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_a_vertical_merge_ends_at_a_row_that_does_not_continue_it() -> None:
    table = grid(tbl(tr(tc("a", RESTART)), tr("b"), tr(tc("c", CONTINUE)), tr(tc("d", RESTART))))
    assert slots(table) == [["a"], ["b"], ["c"], ["d"]]


def test_two_merges_below_each_other_stay_two() -> None:
    table = grid(tbl(*(tr(tc(text, merge)) for text, merge in [("a", RESTART), ("", CONTINUE)] * 2)))
    assert slots(table) == [["a"], ["a"], ["a"], ["a"]]
    assert len(list(table.cells())) == 2


def test_text_in_a_continued_cell_is_added_to_the_merged_cell() -> None:
    table = grid(
        tbl(tr(tc("", RESTART)), tr(tc("二", CONTINUE)), tr(tc("", CONTINUE)), tr(tc("四", CONTINUE)))
    )
    assert slots(table) == [["二\n四"]] * 4
    assert len(list(table.cells())) == 1


def test_the_old_horizontal_merge_is_resolved_too() -> None:
    first, more = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    table = grid(
        tbl(
            tr(tc("a", first + RESTART), tc("", more + RESTART), "b", tc("c", more)),
            tr(tc("", first + CONTINUE), tc("d", more + CONTINUE), tc("e", more), "f"),
        )
    )
    assert slots(table) == [["a\nd\ne", "a\nd\ne", "b", "c"], ["a\nd\ne", "a\nd\ne", "a\nd\ne", "f"]]
    assert len(list(table.cells())) == 4


def test_columns_left_out_before_and_after_a_row_are_blank_cells() -> None:
    table = grid(
        tbl(
            tr("a", "b", "c", "d"),
            tr("x", properties='<w:gridBefore w:val="2"/><w:gridAfter w:val="1"/>'),
        )
    )
    assert slots(table) == [["a", "b", "c", "d"], ["", "", "x", ""]]
    blanks = [table.rows[1][0], table.rows[1][1], table.rows[1][3]]
    assert len(set(blanks)) == 3
    assert [blank.where.col for blank in blanks] == [1, 2, 4]


def test_short_rows_are_padded_and_rows_without_cells_are_none() -> None:
    table = grid(tbl(tr("a"), tr(), tr("b", "c", "d"), tr(tc("e", span(2)))))
    assert slots(table) == [["a", "", ""], ["b", "c", "d"], ["e", "e", ""]]


@pytest.mark.parametrize("nonsense", ["0", "-3", "", "two", "2.5", "２", "1e3"])
def test_a_span_that_is_no_number_is_one_column(nonsense: str) -> None:
    assert slots(grid(tbl(tr(tc("a", span(nonsense)), "b")))) == [["a", "b"]]


def test_a_table_without_rows_is_no_table() -> None:
    document = read(tbl() + tbl(tr("a")))
    assert [slots(table) for table in grids(document)] == [[["a"]]]
    assert grids(document)[0].rows[0][0].where.part == "表1"


# Tables and boxes inside others


def test_nested_tables_follow_the_table_that_holds_them() -> None:
    deepest = tbl(tr("丙"))
    inner = tbl(tr("乙", tc(p("乙二") + deepest + p())))
    outer = tbl(tr(tc(p("上") + inner + p("下")), tc(tbl(tr("丁")) + p())))
    document = read(outer + p("后") + tbl(tr("戊")))
    assert [slots(table) for table in grids(document)] == [
        [["上\n下", ""]],
        [["乙", "乙二"]],
        [["丙"]],
        [["丁"]],
        [["戊"]],
    ]
    assert [table.rows[0][0].where.part for table in grids(document)] == ["表1", "表2", "表3", "表4", "表5"]
    assert isinstance(document.blocks[4], Line)


def test_a_text_box_follows_its_paragraph_and_has_its_number() -> None:
    document = read(p() + p(r("甲") + box(p("盒一"), tbl(tr("格")), p("盒二")) + r("乙")) + p("丙"))
    found = [(b.text, b.where.row) if isinstance(b, Line) else slots(b) for b in document.blocks]
    assert found == [("甲乙", 2), ("盒一", 2), [["格"]], ("盒二", 2), ("丙", 3)]


def test_several_and_nested_text_boxes_keep_their_order() -> None:
    document = read(p(box(p(r("一") + box(p("二")))) + r("零") + box(p("三"))))
    assert lines(document) == ["零", "一", "二", "三"]


def test_a_text_box_in_a_cell_adds_lines_to_it_and_its_table_follows() -> None:
    document = read(tbl(tr(tc(p(r("甲") + box(p("盒"), tbl(tr("内")))) + p("乙")), "右")))
    assert [slots(table) for table in grids(document)] == [[["甲\n盒\n乙", "右"]], [["内"]]]


def test_of_alternatives_only_the_choice_is_read() -> None:
    choice = f'<mc:Choice Requires="wps">{box(p("新"))}</mc:Choice>'
    fallback = f"<mc:Fallback>{box(p('旧'))}</mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>"
    assert lines(read(p(both))) == ["新"]
    assert lines(read(p(both.replace(choice, "")))) == ["旧"]
    assert lines(read(f"<mc:AlternateContent>{fallback}{choice}</mc:AlternateContent>")) == []
    around = f"<mc:AlternateContent><mc:Choice>{p('块')}</mc:Choice><mc:Fallback>{p('块')}</mc:Fallback></mc:AlternateContent>"
    assert lines(read(around)) == ["块"]


def test_content_controls_and_other_wrappers_hide_nothing() -> None:
    wrapped_row = control(tr("行"))
    wrapped_cell = tr(control(tc("格")))
    wrapped_run = tr(tc(p(control(r("字")) + f"<w:smartTag>{r('符')}</w:smartTag>")))
    wrapped_block = tr(tc(control(p("段") + f"<w:customXml>{p('块')}</w:customXml>")))
    document = read(control(p("题") + tbl(wrapped_row, wrapped_cell, wrapped_run, wrapped_block)))
    assert lines(document) == ["题"]
    assert slots(grids(document)[0]) == [["行"], ["格"], ["字符"], ["段\n块"]]


def test_the_prompt_of_a_control_that_nobody_filled_is_not_content() -> None:
    prompt = "<w:showingPlcHdr/>"
    row = tr(
        control(tc("单击输入"), prompt),
        tc(p(r("得分") + control(r("请填写"), prompt))),
        control(tc("95"), "<w:tag/>"),
    )
    document = read(tbl(row))
    assert slots(grids(document)[0]) == [["", "得分", "95"]]
    assert [note.en for note in document.notes] == [
        "The document has content controls that were not filled in; their prompts were not read."
    ]
    filled = '<w:showingPlcHdr w:val="0"/>'
    assert lines(read(p(control(r("已填"), filled)))) == ["已填"]


# Text


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (r("预算") + r("执行率"), "预算执行率"),
        (r("  其中： 财政  拨款"), "  其中： 财政  拨款"),
        ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:cr/><w:t>三</w:t></w:r>", "一\n二\n三"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:ptab/></w:r>" + r("c"), "a\tb\tc"),
        ('<w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr>' + r("x"), "x"),
        ("<w:r><w:noBreakHyphen/><w:t>5</w:t></w:r>", "-5"),
        ("<w:r><w:t>分\n   值</w:t></w:r>", "分    值"),
        (f"<w:hyperlink>{r('链接')}</w:hyperlink>", "链接"),
        (f'<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple>', "3"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + r("95%"), "≥95%"),
        (WINGDINGS_TICK + r("是"), "☑是"),
        ('<w:r><w:sym w:font="Arial" w:char="2103"/></w:r>', "℃"),
        ('<w:r><w:sym w:font="Arial"/></w:r>' + r("x"), "\ufffdx"),
        ('<w:r><w:sym w:font="Arial" w:char="FFFFFFFF"/></w:r>' + r("x"), "\ufffdx"),
        (f"<w:r><w:ruby><w:rt>{r('fēn')}</w:rt><w:rubyBase>{r('分')}</w:rubyBase></w:ruby></w:r>", "分"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>",
            "3/4",
        ),
        (
            "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "10^4",
        ),
        (r("甲") + "<w:r><w:footnoteReference w:id='2'/><w:commentReference w:id='1'/></w:r>", "甲"),
        ("<w:unknown>" + r("未知") + "</w:unknown>", "未知"),
        (r("R&amp;D &lt;3"), "R&D <3"),
    ],
)  # fmt: skip
def test_a_paragraph_and_a_cell_read_as_on_the_page(runs: str, text: str) -> None:
    assert lines(read(f"<w:p>{runs}</w:p>")) == [text]
    assert slots(grid(tbl(tr(tc(f"<w:p>{runs}</w:p>"))))) == [[text]]


def test_paragraphs_of_a_cell_are_its_lines_without_blank_ones_around_them() -> None:
    table = grid(tbl(tr(tc(p() + p("  一") + p("　") + p("二 ") + p(" ") + p()), tc(p(" ")))))
    assert slots(table) == [["  一\n　\n二 ", ""]]


def test_a_page_break_before_a_title_is_no_part_of_it() -> None:
    document = read(p('<w:r><w:br w:type="page"/></w:r>' + r("标题")) + p('<w:r><w:br w:type="page"/></w:r>'))
    assert lines(document) == ["标题"]


def field(*steps: str) -> str:
    """Runs of a field: the name of a boundary, an instruction in braces, or text."""
    runs = {
        "begin": '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        "separate": '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        "end": '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "{}": "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>",
    }
    return "".join(runs.get(step, r(step)) for step in steps)


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (("a", "begin", "{}", "separate", "98", "end", "b"), "a98b"),
        (("begin", "{}", "end", "b"), "b"),
        (("begin", "begin", "{}", "separate", "1", "end", "{}", "separate", "2", "end"), "2"),
        (("a", "begin", "{}", "b"), "ab"),
        (("a", "separate", "b", "end", "c"), "abc"),
    ],
)
def test_a_field_gives_its_result_and_a_damaged_one_swallows_nothing(
    steps: tuple[str, ...], text: str
) -> None:
    assert lines(read(p(field(*steps)) + p("后"))) == [text, "后"]


def test_a_field_over_several_paragraphs_loses_none_of_them() -> None:
    document = read(p(field("begin", "{}")) + p(field("一", "separate", "二")) + p(field("三", "end")))
    assert lines(document) == ["一二", "三"]
    inside = tc(p(field("begin", "{}")) + p(field("一", "separate", "二")))
    assert slots(grid(tbl(tr(inside)))) == [["一二"]]


# What the page does not show


TRACKED = "文档带有修订痕迹，按接受全部修订后的内容读取。"


def test_inserted_text_counts_and_deleted_text_does_not() -> None:
    runs = (
        "<w:ins>" + r("9") + "</w:ins><w:del><w:r><w:delText>8</w:delText></w:r></w:del>" + r("分")
        + "<w:moveTo>" + r("到") + "</w:moveTo><w:moveFrom>" + r("从") + "</w:moveFrom>"
    )  # fmt: skip
    document = read(tbl(tr(tc(p(runs)))))
    assert slots(grids(document)[0]) == [["9分到"]]
    assert [note.zh for note in document.notes] == [TRACKED]


def test_deleted_rows_and_cells_are_gone_and_inserted_ones_there() -> None:
    document = read(
        tbl(
            tr("a", tc("旧", "<w:cellDel/>"), "b"),
            tr("c", "d", properties="<w:del/>"),
            tr("e", tc("新", "<w:cellIns/>"), properties="<w:ins/>"),
        )
    )
    assert slots(grids(document)[0]) == [["a", "b"], ["e", "新"]]
    assert [note.zh for note in document.notes] == [TRACKED]


def test_a_table_whose_rows_are_all_deleted_is_none() -> None:
    assert read(tbl(tr("a", properties="<w:del/>"))).blocks == ()


def test_paragraphs_join_where_the_end_of_one_was_deleted() -> None:
    ended = "<w:rPr><w:del/></w:rPr>"
    three = p("1", ended) + p("2", "<w:jc/>" + ended) + p("3", "<w:jc/>")
    assert lines(read(three + p("4"))) == ["123", "4"]
    assert slots(grid(tbl(tr(tc(three))))) == [["123"]]
    assert lines(read(p("末", ended) + tbl(tr("格")))) == ["末"]


def test_a_change_of_formatting_is_no_tracked_content_and_changes_no_merge() -> None:
    before = f"<w:tcPrChange><w:tcPr>{span(3)}{CONTINUE}</w:tcPr></w:tcPrChange>"
    document = read(tbl(tr(tc("a", span(2) + before)), tr("b", "c")))
    assert slots(grids(document)[0]) == [["a", "a"], ["b", "c"]]
    assert document.notes == ()


def test_hidden_text_is_not_read_and_that_is_said() -> None:
    document = read(p(r("见", "<w:vanish/>") + r("得", '<w:vanish w:val="false"/>') + r("分")))
    assert lines(document) == ["得分"]
    assert [note.zh for note in document.notes] == ["文档含有隐藏文字，未予读取。"]
    assert read(p("a", "<w:rPr><w:vanish/></w:rPr>")).notes == ()


def test_content_in_an_embedded_file_is_said_to_be_missing() -> None:
    document = read(p("题") + "<w:altChunk/>")
    assert lines(document) == ["题"]
    assert len(document.notes) == 1 and "嵌入" in document.notes[0].zh


def test_notes_come_from_headers_too_and_once_each() -> None:
    header = part("hdr", p("<w:ins>" + r("附件") + "</w:ins>"))
    document = read(p("<w:ins>" + r("正文") + "</w:ins>"), {"word/header1.xml": header})
    assert [line.text for line in document.margins] == ["附件"]
    assert [note.zh for note in document.notes] == [TRACKED]
