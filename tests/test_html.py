"""Web pages: what a browser shows, and what must come out of the file (.html, .mht)."""

from __future__ import annotations

import base64
import quopri
import random
import time
from collections.abc import Callable

import pytest

from extract.document import Document, Grid, Line, ReadError
from extract.limits import MAX_COLUMNS
from extract.web.html import MAX_ATTRIBUTES, MAX_PAGE_CHARACTERS, read_html
from extract.web.mht import MAX_ARCHIVE_BYTES, read_mht

NO_TEXT = "网页上没有文字（内容可能由脚本生成）；请在浏览器中打开，另存为单个文件网页（.mht）或 PDF。"
PAGE_TOO_LARGE = "网页过大，超出读取上限；请拆分为几个文件，或另存为 .docx 后再试。"
TABLE_TOO_LARGE = "网页中的表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。"
DAMAGED = "网页内容嵌套层数过多或已损坏，不予读取；请用浏览器或办公软件打开，另存为 .docx 后再试。"


def read(page: str) -> Document:
    return read_html(page.encode(), "页.html")


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


def texts(page: str) -> list[list[str]]:
    """The texts of the one table of a page."""
    (grid,) = grids(read(page))
    return [[cell.text for cell in row] for row in grid.rows]


def cell(content: str) -> str:
    """What is seen in a cell with this content."""
    return texts(f"<table><tr><td>{content}</td><td>旁</td></tr></table>")[0][0]


def refusal(data: bytes, reader: Callable[[bytes, str], Document] = read_html) -> str:
    """The Chinese sentence with which a file is refused; the English one says something too."""
    with pytest.raises(ReadError) as caught:
        reader(data, "x")
    assert caught.value.message.en.endswith(".")
    return caught.value.message.zh


# Tables


def test_spans_make_a_rectangle_whose_slots_share_a_cell() -> None:
    page = "<table><tr><td rowspan=2 colspan=2>项目资金<td>预算数<tr><td>8701<tr><td>合计<td>10<td>9</table>"
    assert texts(page) == [
        ["项目资金", "项目资金", "预算数"],
        ["项目资金", "项目资金", "8701"],
        ["合计", "10", "9"],
    ]
    (grid,) = grids(read(page))
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[2][1].where.place == "表1 第3行 第2列"


@pytest.mark.parametrize("span", ["100", "1000", "100000", "99999999999999999999"])
def test_a_title_that_spans_far_more_columns_than_there_are_is_as_wide_as_the_table(span: str) -> None:
    assert texts(f"<table><tr><td colspan={span}>标题</td></tr><tr><td>a</td><td>b</td></tr></table>") == [
        ["标题", "标题"],
        ["a", "b"],
    ]


@pytest.mark.parametrize("span", ["-1", "0", "abc", "２", "1.5", ""])
def test_a_span_that_is_no_number_is_none(span: str) -> None:
    assert texts(f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>') == [["a", "b"]]


def test_a_cell_may_go_down_to_the_end_of_its_group_and_no_further() -> None:
    page = (
        "<table><tbody><tr><td rowspan=0>a<td>1<tr><td>2</tbody>"
        "<tbody><tr><td rowspan=99>b<td>3<tr><td>4</tbody><tbody><tr><td>c<td>5</tbody></table>"
    )
    assert texts(page) == [["a", "1"], ["a", "2"], ["b", "3"], ["b", "4"], ["c", "5"]]


def test_the_foot_of_a_table_is_last_and_its_caption_stands_above() -> None:
    document = read(
        "<table><caption>自评表</caption><tfoot><tr><td>合计<td>9</tfoot><thead><tr><th>名称<th>分</thead>"
        "<tbody><tr><td>甲<td>9</tbody></table>"
    )
    assert lines(document) == ["自评表"]
    assert [row[0].text for row in grids(document)[0].rows] == ["名称", "甲", "合计"]


def test_rows_without_cells_and_hidden_rows_and_cells_are_none() -> None:
    assert texts(
        "<table><tr></tr><tr><td>a<td style='display: none'>x<td>b</tr><tr hidden><td>y</tr>"
        "<tr height=0 style='display:none'><td><td></tr><tr><td>c<td>d</tr></table>"
    ) == [["a", "b"], ["c", "d"]]


def test_short_rows_are_padded_with_blank_cells() -> None:
    assert texts("<table><tr><td>a<td>b<tr><td>c</table>") == [["a", "b"], ["c", ""]]


def test_a_form_element_around_rows_or_cells_hides_none_of_them() -> None:
    assert texts("<table><form><tr><td>a<td>b</tr></form><tr><form><td>c<td>d</form></tr></table>") == [
        ["a", "b"],
        ["c", "d"],
    ]


def test_cells_outside_of_rows_make_a_row() -> None:
    assert texts("<table><td>a<td>b<tr><td>c<td>d</table>") == [["a", "b"], ["c", "d"]]


def test_a_table_without_any_text_is_no_grid() -> None:
    assert lines(read("<table><tr><td>&nbsp;<td></table><p>下文")) == ["下文"]
    assert grids(read("<table><tr><td>&nbsp;<td></table><p>下文")) == []


def test_a_table_that_only_arranges_others_is_no_grid() -> None:
    document = read(
        "<table><tr><td>菜单<td><p>项目支出绩效自评表</p>"
        "<table><tr><td>项目名称<td>绿化</table><table><tr><td>总分<td>98</table>"
        "<tr><td colspan=2>填表人：张三</table>"
    )
    assert lines(document) == ["菜单", "项目支出绩效自评表", "填表人：张三"]
    assert [[cell.text for cell in grid.rows[0]] for grid in grids(document)] == [
        ["项目名称", "绿化"],
        ["总分", "98"],
    ]
    assert grids(document)[1].rows[0][0].where.place == "表2 第1行 第1列"


def test_a_table_in_a_cell_of_a_form_follows_the_form() -> None:
    document = read(
        "<table><tr><td>项目名称<td>绿化<tr><td>资金<td>见下<table><tr><td>总额<td>10</table><tr><td>总分<td>98</table>"
    )
    first, second = grids(document)
    assert [[cell.text for cell in row] for row in first.rows] == [
        ["项目名称", "绿化"],
        ["资金", "见下"],
        ["总分", "98"],
    ]
    assert [[cell.text for cell in row] for row in second.rows] == [["总额", "10"]]


def test_nothing_that_stands_in_a_table_outside_of_its_cells_is_lost() -> None:
    document = read("<table>漏字<tr><p>又漏</p><td>a<td>b</tr></table>")
    assert lines(document) == ["漏字", "又漏"]


def test_a_presentation_table_is_no_grid_whatever_it_holds() -> None:
    assert lines(read("<table role=presentation><tr><td>左<td>右<tr><td>一<td>二</table>")) == [
        "左",
        "右",
        "一",
        "二",
    ]


# Text


def test_paragraphs_and_breaks_in_a_cell_are_lines() -> None:
    assert cell("绩<br>效<br/>指<br>标") == "绩\n效\n指\n标"
    assert cell("<p>一</p><p>二</p>") == "一\n二"
    assert cell("<div>一<div>二</div></div>三") == "一\n二\n三"
    assert cell("一<br><br>二<br>") == "一\n\n二"
    assert cell("<p>一<br></p><p>&nbsp;</p><p>二</p>") == "一\n\n二"


def test_blanks_collapse_as_in_a_browser_and_hard_ones_stay() -> None:
    assert cell("  a \n\t b  ") == "a b"
    assert cell("&nbsp;&nbsp;其中：财政拨款&nbsp;") == "  其中：财政拨款"
    assert cell("<span style='mso-spacerun:yes'>&nbsp;</span>1,234.00 ") == " 1,234.00"
    assert cell("\u3000\u3000全角") == "\u3000\u3000全角"


def test_a_line_end_of_the_source_between_chinese_characters_is_no_blank() -> None:
    assert cell("绩效\n  自评") == "绩效自评"
    assert cell("绩效\nA") == "绩效 A"
    assert cell("a\nb") == "a b"


def test_preformatted_text_keeps_its_lines_and_blanks() -> None:
    assert cell("<pre>一\n  二</pre>") == "一\n  二"


def test_entities_are_characters() -> None:
    assert cell("&gt;=95% &le;3 &#39033;&#x76EE; &lt;b&gt;") == ">=95% ≤3 项目 <b>"


def test_text_outside_tables_is_lines_in_reading_order() -> None:
    document = read(
        "<title>不见</title><body>开头<h1>标题</h1><p>一<b>、</b>二<br>三<ul><li>四<li>五</ul>"
        "<table><tr><td>a<td>b</table>表后<div>六</div>七"
    )
    assert lines(document) == ["开头", "标题", "一、二", "三", "四", "五", "表后", "六", "七"]
    assert isinstance(document.blocks[6], Grid)
    assert document.blocks[1].where.place == "第2段"  # type: ignore[union-attr]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    document = read(
        "<script>var a='<p>x'</script><style>p{}</style><nav>首页</nav><noscript>x</noscript>"
        "<div style='color:red;DISPLAY : none'>x<table><tr><td>x<td>y</table></div><p hidden>x</p>"
        "<p style='visibility:hidden'>x</p><span style='mso-hide:all'>x</span><del>x</del><template>x</template>"
        "<!-- x --><xml><o:Author>x</o:Author></xml><select><option>甲<option selected>乙</select>"
        "<ruby>汉<rt>han</rt></ruby><p>见"
    )
    assert "".join(lines(document)) == "乙汉见"


def test_fields_of_a_web_form_are_read_with_what_is_written_in_them() -> None:
    assert cell("<input value='98.5'>") == "98.5"
    assert cell("<input type=hidden value=x><input type=password value=x><button>提交</button>") == ""
    assert cell("<textarea>一\n二</textarea>") == "一\n二"
    assert cell("<input type=checkbox checked>是 <input type=radio>否") == "☑是 ☐否"
    assert cell("<select><option>优<option>良</select>") == "优"


def test_word_pages_keep_their_numbers_and_lose_their_office_elements() -> None:
    document = read(
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><p class=MsoNormal><![if !supportLists]>'
        "<span style='mso-list:Ignore'>一、</span><![endif]><span lang=EN-US>基本情况<o:p></o:p></span></p>"
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
        "<table class=MsoTableGrid><tr style='mso-yfti-irow:0'><td><p><span>得分<o:p></o:p></span></p>"
        "<td><p><o:p>&nbsp;</o:p></p></table>"
    )
    assert lines(document) == ["一、基本情况"]
    assert [cell.text for cell in grids(document)[0].rows[0]] == ["得分", ""]


def test_excel_pages_show_the_displayed_text_and_their_titles_are_lines() -> None:
    document = read(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>'
        "<tr><td colspan=2>项目支出绩效自评表<tr><td>执行率<td x:num='0.158729'>15.87%<tr><td colspan=2>注：略"
        "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=72><td></tr><![endif]></table>"
    )
    assert lines(document) == ["项目支出绩效自评表", "注：略"]
    assert [[cell.text for cell in row] for row in grids(document)[0].rows] == [["执行率", "15.87%"]]


# Borders that miss each other

MET = [["头一", "头二", "头三"], ["甲", "乙", "丙"]]
APART = [["头一", "头二", "头二", "头三"], ["甲", "甲", "乙", "丙"]]
_DRAGGED = "<tr><td>头一<td colspan=2>头二<td>头三<tr><td colspan=2>甲<td>乙<td>丙"


def columns(*widths: str) -> str:
    """The columns of a table as LibreOffice and Excel write them."""
    return "".join(f"<col width={width}>" for width in widths)


@pytest.mark.parametrize(
    "defined",
    [
        columns("80", "12", "80", "80"),
        columns("80px", "0.3cm", "80", "80"),
        columns("30%", "3%", "30%", "30%"),
        columns("84*", "8*", "84*", "80*"),
        "<colgroup><col width=80><col style='width:9.0pt'></colgroup><colgroup span=2 width=80>",
        "<col width=80><col width=12><col width=80 span=2>",
        columns("80", "4365", "80", "80"),  # LibreOffice: 4 pixels narrower than its margins
    ],
)
def test_lines_that_a_hand_could_not_make_meet_are_one(defined: str) -> None:
    assert texts(f"<table>{defined}{_DRAGGED}</table>") == MET


@pytest.mark.parametrize(
    "defined",
    [
        "",
        columns("80", "24", "80", "80"),
        columns("80", "12", "80"),
        columns("80", "12", "80", "auto"),
        columns("80", "12", "80", "20%"),
        columns("35%", "5%", "30%", "30%"),
    ],
)
def test_lines_farther_apart_and_those_of_unknown_columns_stay_as_written(defined: str) -> None:
    assert texts(f"<table>{defined}{_DRAGGED}</table>") == APART


def test_what_columns_leave_of_the_table_is_their_margins() -> None:
    table = f"{columns('80', '12', '80', '80')}{_DRAGGED}"
    assert texts(f"<table width=252>{table}</table>") == MET
    assert texts(f"<table width=308>{table}</table>") == APART  # 14 pixels of margins in each: 26


def test_a_narrow_cell_between_two_lines_keeps_them_apart() -> None:
    page = f"<table>{columns('80', '12', '80')}<tr><td>甲<td>1<td>乙<tr><td colspan=2>丙<td>丁</table>"
    assert texts(page) == [["甲", "1", "乙"], ["丙", "丙", "丁"]]


def test_the_row_without_height_that_word_writes_tells_the_widths() -> None:
    cells = [f"<td width={width} style='border:none'>" for width in (80, 12, 80, 80)]
    page = f"<table>{_DRAGGED}<tr height=0>{''.join(cells)}</tr></table>"
    assert texts(page) == MET
    assert texts(page.replace("height=0", "height=20"))[:2] == APART
    assert texts(page.replace("none'></tr>", "none'>注</tr>"))[2] == ["", "", "", "注"]


@pytest.mark.parametrize("across", [1, 2, 3])
def test_a_cell_that_goes_on_below_with_another_border_moves_no_other(across: int) -> None:
    widths = columns("80", "12", "12", "80", "80")
    first = f"<tr><td rowspan=2 colspan={across}>产出<td colspan={4 - across}>数量<td>10"
    for below in ("<td colspan=3>质量<td>9", "<td colspan=2>质量<td>9", "<td>质量<td>9"):
        assert texts(f"<table>{widths}{first}<tr>{below}</table>") == [
            ["产出", "数量", "10"],
            ["产出", "质量", "9"],
        ]


def test_a_cell_that_goes_on_below_ends_elsewhere_by_no_more_than_a_hair() -> None:
    first = "<tr><td rowspan=2 colspan=2>产出<td>数量<td>10"
    page = f"<table>{columns('80', '80', '80', '80')}{first}"
    assert texts(f"{page}<tr><td>质量</table>")[1] == ["产出", "产出", "质量", ""]
    assert texts(f"{page}<tr><td>甲<td>乙<td>丙</table>")[1] == ["产出", "产出", "甲", "乙", "丙"]


# Encodings

PAGE = "<html><head><meta charset='{0}'></head><body><p>项目支出绩效自评表</p></body></html>"


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("gb2312", "gb2312"), ("gb2312", "gb18030"), ("gb2312", "utf-8"), ("utf-8", "gbk"), ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"), ("gb2312", "utf-16-le"), ("", "gbk"), ("nonsense", "utf-8"), ("iso-8859-1", "gbk"),
    ],
)  # fmt: skip
def test_the_bytes_tell_the_encoding_whatever_the_page_declares(declared: str, real: str) -> None:
    assert lines(read_html(PAGE.format(declared).encode(real), "x")) == ["项目支出绩效自评表"]


def test_a_page_in_an_encoding_that_is_only_declared_is_read_by_it() -> None:
    page = "<meta charset=big5><p>" + "項目支出績效自評表與預算執行情況說明" * 3
    assert lines(read_html(page.encode("big5"), "x")) == ["項目支出績效自評表與預算執行情況說明" * 3]


# Single-file web pages


def mht(*parts: tuple[str, bytes], head: str = "From: <Saved by Blink>\r\n") -> bytes:
    """A single-file page of these parts: headers and encoded content."""
    out = f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="----=_b"\r\n\r\n说明\r\n'.encode()
    for headers, content in parts:
        out += b"------=_b\r\n" + headers.encode() + b"\r\n\r\n" + content + b"\r\n"
    return out + b"------=_b--\r\n"


HTML_PART = "Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: "


@pytest.mark.parametrize(
    ("packing", "pack"),
    [
        ("quoted-printable", quopri.encodestring),
        ("Base64", base64.encodebytes),
        ("8bit", bytes),
        ("binary", bytes),
    ],
)
def test_a_single_file_page_is_unpacked_and_its_pictures_are_ignored(
    packing: str, pack: Callable[[bytes], bytes]
) -> None:
    page = "<p>自评表</p><table><tr><td>项目名称<td>绿化</table>".encode("gbk")
    document = read_mht(mht((HTML_PART + packing, pack(page)), ("Content-Type: image/png", b"\x89PNG")), "x")
    assert lines(document) == ["自评表"]
    assert [cell.text for cell in grids(document)[0].rows[0]] == ["项目名称", "绿化"]


def test_the_sheets_of_an_excel_page_follow_each_other_without_its_tabs() -> None:
    frames = (HTML_PART + "8bit", b"<frameset><frame src=a.htm><frame src=b.htm></frameset>")
    tabs = (
        HTML_PART + "8bit\r\nContent-Location: file:///C:/x.files/tabstrip.htm",
        b"<table><tr><td>S1<td>S2</table>",
    )
    sheets = [(HTML_PART + "8bit", f"<table><tr><td>{n}<td>b</table>".encode()) for n in (1, 2)]
    document = read_mht(mht(frames, *sheets, tabs), "x")
    assert [grid.rows[0][0].text for grid in grids(document)] == ["1", "2"]
    assert grids(document)[1].rows[0][0].where.place == "表2 第1行 第1列"


def test_a_page_within_parts_within_parts_is_found() -> None:
    inner = b"--c\r\nContent-Type: text/plain\r\n\r\nx\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>a</p>\r\n--c--\r\n"
    assert lines(read_mht(mht(('Content-Type: multipart/alternative; boundary="c"', inner)), "x")) == ["a"]


def test_a_single_page_without_parts_is_read_too() -> None:
    assert lines(read_mht(b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>a</p>", "x")) == ["a"]


@pytest.mark.parametrize("data", [b"", b"MIME-Version: 1.0", mht(), mht(("Content-Type: text/plain", b"x"))])
def test_a_single_file_page_without_a_page_is_refused(data: bytes) -> None:
    assert refusal(data, read_mht).startswith("单个文件网页里没有网页内容")


def test_a_single_file_page_that_is_broken_or_too_large_is_refused() -> None:
    assert refusal(mht((HTML_PART + "base64", b"abcde")), read_mht).startswith("单个文件网页已损坏")
    assert refusal(bytes(MAX_ARCHIVE_BYTES + 1), read_mht).startswith("单个文件网页过大")


# Hostile and odd pages


@pytest.mark.parametrize(
    "page", ["", " ", "<html></html>", "<script>x</script>", "<!-- x -->", "<table><tr><td></table>"]
)
def test_a_page_that_shows_nothing_is_refused(page: str) -> None:
    assert refusal(page.encode()) == NO_TEXT


def test_a_page_of_frames_says_that_its_content_is_elsewhere() -> None:
    assert "框架" in refusal(b"<frameset><frame src=a.htm></frameset>")


def test_no_entity_loads_a_file() -> None:
    document = read('<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>前&e;后')
    assert not any("root:" in line for line in lines(document))


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("<div>" * 5000 + "x", DAMAGED),
        ("<table><tr><td>" * 300 + "x", DAMAGED),
        ("<p " + " ".join(f"a{n}" for n in range(30_000)) + ">x", DAMAGED),
        ("<p>x" * (MAX_PAGE_CHARACTERS // 4 + 1), PAGE_TOO_LARGE),
        ("<table>" + "<tr><td colspan=1000>x" * 2000, TABLE_TOO_LARGE),
        ("<table>" + "<td>x" * 3000, TABLE_TOO_LARGE),
        ("<table><tr>" + "<td>x" * (MAX_COLUMNS + 1), TABLE_TOO_LARGE),
        ("<table>" + "<tr><td rowspan=65534>x" * 2000, TABLE_TOO_LARGE),
    ],
    ids=["deep", "deep tables", "attributes", "large", "wide", "long row", "one too many", "staircase"],
)
def test_a_page_made_to_do_harm_is_refused_soon(page: str, sentence: str) -> None:
    start = time.perf_counter()
    assert refusal(page.encode()) == sentence
    assert time.perf_counter() - start < 5


def test_tags_of_office_pages_are_far_from_the_bound_of_attributes() -> None:
    attributes = " ".join(f"data-{n}=1" for n in range(MAX_ATTRIBUTES))
    assert lines(read(f"<p {attributes}>x" + " " * 60_000)) == ["x"]


def test_embedded_pictures_do_not_count_against_the_size_of_a_page() -> None:
    picture = base64.b64encode(bytes(MAX_PAGE_CHARACTERS)).decode()
    assert lines(read(f'<p>见<img src="data:image/png;base64,{picture}"></p>')) == ["见"]


@pytest.mark.parametrize("reader", [read_html, read_mht])
def test_damaged_pages_end_in_a_document_or_a_sentence(reader: Callable[[bytes, str], Document]) -> None:
    chance = random.Random(20210831)
    page = (
        "<html><meta charset=gb2312><p>标题<table border=1><tr><td rowspan=2 colspan=3>项目<td>甲<tr><td>乙"
        "<tr><td><table><tr><td>1<td>2</table><td style='display:none'>x</table><select><option>是</select>"
    ).encode("gbk")
    whole = page if reader is read_html else mht((HTML_PART + "quoted-printable", quopri.encodestring(page)))
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 2, 5, 20))):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 1, 30))] = chance.choice(
                (
                    chance.randbytes(3),
                    b"<",
                    b">",
                    b"</td>",
                    b"<table>",
                    b"'",
                    b"<!--",
                    b"&#0;",
                    b"&#x110000;",
                    b"",
                )
            )
        try:
            assert isinstance(reader(bytes(data), "x"), Document)
        except ReadError as error:
            assert error.message.zh and error.message.en
