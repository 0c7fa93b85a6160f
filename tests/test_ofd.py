"""OFD: text and lines are found wherever the standard lets a file put them, and read as those of a PDF."""

from __future__ import annotations

import pytest
from ofd_builder import (
    HIGH,
    LEFT,
    PADDING,
    ROOT,
    ROWS,
    SIZE,
    TOP,
    WIDE,
    frame,
    glyphs,
    grids,
    layer,
    lines,
    packed,
    page,
    paragraphs,
    parts_of,
    path,
    picture,
    read,
    table,
    text,
    words,
)

from extract.document import Document, Grid
from extract.ofd.read import read_ofd
from extract.readers import find_format, read_bytes

CELLS = [list(row) for row in ROWS]
LONG = [(f"指标{number}", f"{number}.5") for number in range(1, 28)]


def only_grid(document: Document) -> Grid:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return grid


def template(number: str, more: str = "") -> str:
    return f'<ofd:TemplatePage ID="{number}" BaseLoc="Tpls/Tpl_{number}/Content.xml" {more}/>'


def test_a_table_and_the_title_above_it_are_read_with_their_places_in_points() -> None:
    document = read(text(80, 20, "项目支出绩效自评表", size=5) + table())
    assert paragraphs(document) == ["项目支出绩效自评表"]
    assert grids(document) == [CELLS]
    where = only_grid(document).rows[1][1].where
    assert where.place == "第1页 表1 第2行 第2列"
    left, top = (LEFT + WIDE) * 72 / 25.4, (TOP + HIGH) * 72 / 25.4
    assert where.box == (
        round(left, 1),
        round(top, 1),
        round(left + WIDE * 72 / 25.4, 1),
        round(top + HIGH * 72 / 25.4, 1),
    )


@pytest.mark.parametrize(
    ("prefix", "root"),
    [("", 'xmlns="http://www.ofdspec.org/2016"'), ("", ""), ("x:", 'xmlns:x="http://www.ofdspec.org"')],
    ids=["default", "none", "other"],
)
def test_the_namespace_may_be_written_in_any_way(prefix: str, root: str) -> None:
    parts = {
        name: part.replace(ROOT, root).replace("ofd:", prefix) for name, part in parts_of(table()).items()
    }
    assert grids(read_ofd(packed(parts), "form.ofd")) == [CELLS]


# --- where characters stand


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ("道路养护", "3.5 3.5 3.5"),
        ("道路养护", "g 3 3.5"),
        ("道路养护", "g 2 3.5 3.5"),
        ("道路养护", "3.5 g 2 3.5"),
        ("道路养护", "3.5,3.5,3.5"),
        ("道路养护", "3.5"),
        ("道路养护", "g 4000000000 3.5"),
        ("道路养护", "3.5 3.5 3.5 3.5 3.5"),
        ("道路养护", ""),
        ("道 路", "3.5 1.75"),
        ("预算 2023 年", "g 2 3.5 1.75 g 4 1.75 1.75"),
        ("1,234,567.89", "g 11 1.75"),
        ("1,234,567.89", "1.75 0.88 g 3 1.75 0.88 g 3 1.75 0.88 1.75"),
        ("MW/Wm", "2.9 3.3 0.97 3.3"),
        ("实际95.5%（完成）", "g 2 3.5 g 5 1.75 3.5 3.5 3.5 3.5"),
        ("≥95%", "3.5 g 3 1.75"),
    ],
)
def test_text_has_the_steps_that_its_file_says(written: str, steps: str) -> None:
    assert paragraphs(read(text(LEFT, TOP, written, steps))) == [written]


def test_a_gap_between_numbers_is_a_blank_even_without_one_in_the_file() -> None:
    assert paragraphs(read(text(20, 40, "3.655.20", "g 3 1.75 7 g 4 1.75"))) == ["3.65 5.20"]


def test_characters_that_are_objects_of_their_own_make_a_line() -> None:
    single = "".join(text(20 + at * SIZE, 40, sign) for at, sign in enumerate("绩效自评表"))
    assert paragraphs(read(single)) == ["绩效自评表"]


def test_text_that_is_drawn_twice_is_read_once() -> None:
    twice = table() + words() + text(LEFT + WIDE + PADDING + 0.1, TOP + PADDING + SIZE, "道路养护")
    assert grids(read(twice)) == [CELLS]


def test_equal_characters_side_by_side_all_count() -> None:
    single = "".join(text(20 + at * SIZE / 2, 40, "5") for at in range(4))
    dashes = text(20, 60, "——", "0") + text(20, 80, "555.55")
    assert paragraphs(read(single + dashes)) == ["5555", "——", "555.55"]


def test_an_object_may_hold_several_texts_each_at_its_place() -> None:
    codes = (
        '<ofd:TextCode X="0" Y="3" DeltaX="g 2 3.5">项目名</ofd:TextCode><ofd:TextCode X="10.5">称</ofd:TextCode>'
        '<ofd:TextCode X="5" Y="9" DeltaX="3.5">预算</ofd:TextCode><ofd:TextCode Y="14" DeltaX="3.5">执行</ofd:TextCode>'
    )
    drawn = f'<ofd:TextObject ID="9" Boundary="20 30 60 20" Size="3.5">{codes}</ofd:TextObject>'
    document = read(drawn)
    assert paragraphs(document) == ["项目名称", "预算", "执行"]
    budget, executed = (block.where.box for block in document.blocks[1:])
    assert budget is not None and executed is not None
    assert budget[0] == executed[0] == round(25 * 72 / 25.4, 1)


def test_text_is_scaled_by_its_matrix_steps_and_all() -> None:
    scaled = (
        '<ofd:TextObject ID="9" CTM="0.35 0 0 0.35 2 1" Boundary="{} {} 30 5" Size="10"><ofd:TextCode X="0" Y="10" '
        'DeltaX="g 3 10">{}</ofd:TextCode></ofd:TextObject>'
    )
    drawn = scaled.format(LEFT, TOP, "项目名称") + scaled.format(LEFT + WIDE, TOP, "道路养护")
    assert grids(read(lines(ROWS[:1]) + drawn)) == [[["项目名称", "道路养护"]]]


def test_lines_are_scaled_and_moved_by_their_matrix() -> None:
    sides = "".join(
        path(
            "M 0 0 L 20 0 L 20 4 L 0 4 C",
            at=f"{LEFT + c * WIDE} {TOP + r * HIGH} {WIDE} {HIGH}",
            more='CTM="2 0 0 2 0 0"',
        )
        for r in range(2)
        for c in range(2)
    )
    assert grids(read(sides + words())) == [CELLS]


def test_a_size_that_is_spelt_small_is_one() -> None:
    written = text(20, 40, "预算执行", "g 3 1.2", size=1.2).replace("Size=", "size=")
    assert paragraphs(read(written + text(30, 40, "率", size=1.2))) == ["预算执行 率"]


def test_half_width_text_without_steps_is_as_wide_as_it_says() -> None:
    narrow = text(20, 40, "道路", "", more='HScale="0.5"') + text(20 + SIZE + 0.2, 40, "养护", "")
    assert paragraphs(read(narrow)) == ["道路养护"]


@pytest.mark.parametrize("down", ['DeltaY="g 3 3.5"', ""])
def test_text_that_runs_down_a_cell_is_read_downwards(down: str) -> None:
    read_direction = "" if down else 'ReadDirection="90"'
    first = (
        f'<ofd:TextObject ID="9" Boundary="{LEFT + 2} {TOP + 1} 4 16" Size="3.5" {read_direction}>'
        f'<ofd:TextCode X="0" Y="3.5" {down}>产出指标</ofd:TextCode></ofd:TextObject>'
    )
    tall = frame(LEFT, TOP, 8, 20) + frame(LEFT + 8, TOP, 40, 20)
    document = read(tall + first + text(LEFT + 10, TOP + 5, "数量"))
    assert [[cell.replace("\n", "") for cell in row] for row in grids(document)[0]] == [["产出指标", "数量"]]


def turned_table() -> str:
    """The table a quarter turn clockwise, as a page that was put on its side shows it."""
    around = 'CTM="0 1 -1 0 0 0"'
    drawn = ""
    for r, row in enumerate(ROWS):
        for c, cell in enumerate(row):
            x, y = 200 - TOP - r * HIGH, LEFT + c * WIDE
            drawn += path(
                f"M 0 0 L {WIDE} 0 L {WIDE} {HIGH} L 0 {HIGH} C", at=f"{x} {y} {HIGH} {WIDE}", more=around
            )
            step = " ".join(f"{SIZE if sign > chr(255) else SIZE / 2}" for sign in cell[:-1])
            drawn += (
                f'<ofd:TextObject ID="9" {around} Boundary="{x} {y} {HIGH} {WIDE}" Size="{SIZE}"><ofd:TextCode '
                f'X="{PADDING}" Y="{PADDING + SIZE}" DeltaX="{step}">{cell}</ofd:TextCode></ofd:TextObject>'
            )
    return drawn


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    assert grids(read(turned_table())) == [CELLS]


def test_a_remark_across_the_page_is_no_part_of_the_table() -> None:
    slanted = text(LEFT + 5, TOP + 9, "仅供审核", more='CTM="0.8 0.6 -0.6 0.8 0 0"')
    assert grids(read(table() + slanted)) == [CELLS]


def test_a_large_pale_watermark_is_left_out_and_a_large_title_is_not() -> None:
    pale = '<ofd:FillColor Value="220 220 220"/>'
    mark = text(LEFT + 3, TOP + 10, "内部资料", size=9).replace("<ofd:TextCode", pale + "<ofd:TextCode")
    document = read(text(60, 20, "自评表", size=9) + table() + mark)
    assert (paragraphs(document), grids(document)) == (["自评表"], [CELLS])


# --- how lines are drawn


def sides() -> list[tuple[float, float, float, float]]:
    """The lines of the table: from, to."""
    right, bottom = LEFT + 2 * WIDE, TOP + 2 * HIGH
    level = [(LEFT, TOP + r * HIGH, right, TOP + r * HIGH) for r in range(3)]
    return level + [(LEFT + c * WIDE, TOP, LEFT + c * WIDE, bottom) for c in range(3)]


RULINGS = {
    "lines": "".join(path(f"M {a} {b} L {c} {d}") for a, b, c, d in sides()),
    "one path": path(" ".join(f"M {a} {b} L {c} {d}" for a, b, c, d in sides())),
    "start points": path(" ".join(f"S {a} {b} M {a} {b} L {c} {d}" for a, b, c, d in sides())),
    "tight": path("".join(f"M{a} {b}L{c} {d}" for a, b, c, d in sides())),
    "filled": "".join(
        path(
            f"M {a} {b} L {c + 0.2} {b} L {c + 0.2} {d + 0.2} L {a} {d + 0.2} C",
            more='Stroke="false" Fill="true"',
        )
        for a, b, c, d in sides()
    ),
    "pictures": "".join(
        f'<ofd:ImageObject ID="9" ResourceID="7" Boundary="{a} {b} {c - a + 0.2} {d - b + 0.2}"/>'
        for a, b, c, d in sides()
    ),
    "rounded": "".join(
        path(f"M {a} {b} L {c} {d} Q {c} {d} {c} {d} B 1 1 2 2 {c} {d} A 1 1 0 0 1 {c} {d}")
        for a, b, c, d in sides()
    ),
    "groups": f'<ofd:PageBlock ID="5"><ofd:PageBlock ID="6">{lines()}</ofd:PageBlock></ofd:PageBlock>',
}


@pytest.mark.parametrize("ruling", RULINGS.values(), ids=RULINGS)
def test_lines_are_found_however_they_are_drawn(ruling: str) -> None:
    assert grids(read(ruling + words())) == [CELLS]


def test_a_closed_outline_has_a_last_side() -> None:
    around, right = frame(LEFT, TOP, 2 * WIDE, HIGH), frame(LEFT + WIDE, TOP, WIDE, HIGH)
    assert grids(read(around + right + words(ROWS[:1]))) == [CELLS[:1]]


WHITE = '<ofd:StrokeColor Value="255 255 255"/>'


@pytest.mark.parametrize(
    "unseen",
    [
        path("M 60 20 L 60 60", more='Stroke="false"'),
        path("M 60 20 L 60 60", more='Visible="false"'),
        path("M 60 20 L 60 60", more='Alpha="0"'),
        path("M 60 20 L 60 60", inside='<ofd:StrokeColor Value="0 0 0" Alpha="0"/>'),
        path("M 60 20 L 60 60", inside=WHITE),
        path("M 60 20 L 60 60", inside='<ofd:StrokeColor Value="#FF #FF #FF"/>'),
        path("M 60 20 L 60 60", inside='<ofd:StrokeColor ColorSpace="4" Value="0 0 0 0"/>'),
        path("M 60 20 L 60 60", inside='<ofd:StrokeColor ColorSpace="3" Value="255"/>'),
        path("M 60 20 L 60 60", more='DrawParam="12"'),
    ],
    ids=["unstroked", "invisible", "object", "transparent", "white", "hex", "cmyk", "grey", "by reference"],
)
def test_a_line_that_nobody_sees_parts_no_cell(unseen: str) -> None:
    resources = (
        f'<ofd:Res {ROOT}><ofd:DrawParams><ofd:DrawParam ID="11">{WHITE}</ofd:DrawParam>'
        '<ofd:DrawParam ID="12" Relative="11"/></ofd:DrawParams></ofd:Res>'
    )
    one_row = frame(LEFT, TOP, 2 * WIDE, HIGH) + frame(LEFT, TOP + HIGH, 2 * WIDE, HIGH)
    first = text(LEFT + 2, TOP + 5, "项目") + text(LEFT + 2, TOP + 5 + HIGH, "预算")
    common, parts = "<ofd:PublicRes>Res.xml</ofd:PublicRes>", {"Doc_0/Res.xml": resources}
    assert grids(read(one_row + first + unseen, common=common, parts=parts)) == [[["项目"], ["预算"]]]
    seen = path("M 60 20 L 60 60")
    assert grids(read(one_row + first + seen, common=common, parts=parts)) == [[["项目", ""], ["预算", ""]]]


def test_a_layer_says_how_its_lines_are_drawn() -> None:
    resources = f'<ofd:Res {ROOT}><ofd:DrawParams><ofd:DrawParam ID="11">{WHITE}</ofd:DrawParam></ofd:DrawParams></ofd:Res>'
    common, parts = "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>", {"Doc_0/Res.xml": resources}
    first = frame(LEFT, TOP, 2 * WIDE, HIGH) + frame(LEFT, TOP + HIGH, 2 * WIDE, HIGH)
    first = layer(first + text(LEFT + 2, TOP + 5, "项目"))
    wall = path("M 60 20 L 60 60")
    white, black = layer(wall, 'DrawParam="11"'), layer(wall, 'DrawParam="99"')
    assert grids(read(first + white, common=common, parts=parts)) == [[["项目"], [""]]]
    assert grids(read(first + black, common=common, parts=parts)) == [[["项目", ""], ["", ""]]]


def test_a_piece_that_is_placed_twice_is_read_twice() -> None:
    resources = (
        f'<ofd:Res {ROOT}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="20" Width="80" Height="16">'
        f"<ofd:Content>{table(left=0, top=0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    placed = "".join(
        f'<ofd:CompositeObject ID="9" ResourceID="20" Boundary="20 {top} 80 16"/>' for top in (30, 120)
    )
    document = read(
        placed, common="<ofd:PublicRes>Res.xml</ofd:PublicRes>", parts={"Doc_0/Res.xml": resources}
    )
    assert grids(document) == [CELLS, CELLS]


# --- templates, pages, documents


def test_a_template_draws_the_form_that_pages_fill_in() -> None:
    labels = [(row[0], "") for row in ROWS]
    values = [("", row[1]) for row in ROWS]
    called = '<ofd:Template TemplateID="7" ZOrder="Background"/>'
    seal = '<ofd:Template TemplateID="8" ZOrder="Foreground"/>'
    parts = {
        "Doc_0/Tpls/Tpl_7/Content.xml": page(lines() + words(labels)),
        "Doc_0/Tpls/Tpl_8/Content.xml": page(text(20, 60, "单位盖章")),
    }
    pages = [page(words(values), called + seal), page(words([("", "大桥检测"), ("", "80.00")]), called)]
    document = read(*pages, common=template("7") + template("8"), parts=parts)
    assert grids(document) == [CELLS, [["项目名称", "大桥检测"], ["预算数", "80.00"]]]
    assert paragraphs(document) == ["单位盖章"]


def test_a_template_that_names_itself_is_drawn_once() -> None:
    again = page(text(20, 60, "自评表"), '<ofd:Template TemplateID="7"/>')
    document = read(
        page("", '<ofd:Template TemplateID="7"/>'),
        common=template("7"),
        parts={"Doc_0/Tpls/Tpl_7/Content.xml": again},
    )
    assert paragraphs(document) == ["自评表"]


def test_a_table_that_goes_on_over_the_page_is_one_and_page_numbers_are_margins() -> None:
    first, second = table(LONG[:26], top=60), table(LONG[26:], top=20)
    document = read(first + text(100, 290, "- 1 -"), second + text(100, 290, "- 2 -"))
    (rows,) = grids(document)
    assert rows == [list(row) for row in LONG]
    assert only_grid(document).rows[-1][0].where.page == 2
    assert [line.text for line in document.margins] == ["- 1 -", "- 2 -"]


def test_a_page_may_have_a_size_of_its_own() -> None:
    area = "<ofd:Area><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:Area>"
    beyond = text(250, 100, "备注说明")
    assert paragraphs(read(page(beyond, area))) == ["备注说明"]
    assert paragraphs(read(text(20, 100, "备注") + beyond)) == ["备注"]
    among = f"<ofd:Page {ROOT}><ofd:Content>{area.replace('Area>', 'PageArea>')}{layer(beyond)}</ofd:Content></ofd:Page>"
    assert paragraphs(read(among)) == ["备注说明"]


@pytest.mark.parametrize("size", ["", "0 0 0 0", "0 0 -5 9", "0 0 nan 297", "0 0 1e300 1e300", "0 0"])
def test_a_page_of_no_sensible_size_is_read_as_a4(size: str) -> None:
    assert grids(read(table(), size=size)) == [CELLS]


def test_all_documents_of_a_file_are_read_and_their_pages_counted_on() -> None:
    parts = parts_of(table()) | parts_of(text(20, 40, "第二个文件"), folder="Doc_1")
    roots = "".join(
        f"<ofd:DocBody><ofd:DocRoot>Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>" for n in (0, 1)
    )
    parts["OFD.xml"] = f"<ofd:OFD {ROOT}>{roots}</ofd:OFD>"
    document = read_ofd(packed(parts), "form.ofd")
    assert grids(document) == [CELLS]
    assert [(block.text, block.where.page) for block in document.blocks if not isinstance(block, Grid)] == [
        ("第二个文件", 2)
    ]


# --- the paths of parts


@pytest.mark.parametrize(
    "said",
    [
        "/Doc_0/Pages/Page_0/Content.xml",
        "Doc_0/Pages/Page_0/Content.xml",
        "./Pages/Page_0/Content.xml",
        "Pages/../Pages/Page_0/Content.xml",
        "../Doc_0/Pages/Page_0/Content.xml",
        "pages/page_0/CONTENT.XML",
        "Pages\\Page_0\\Content.xml",
        " Pages/Page_0/Content.xml\n",
        "Pages/Page%5F0/Content.xml",
    ],
)
def test_a_part_is_found_however_its_path_is_written(said: str) -> None:
    parts = parts_of(table())
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace("Pages/Page_0/Content.xml", said)
    assert grids(read_ofd(packed(parts), "form.ofd")) == [CELLS]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_part_with_a_chinese_name_is_found_in_any_encoding(encoding: str) -> None:
    parts = parts_of(table())
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        "Pages/Page_0/Content.xml", "第一页.xml"
    )
    content = parts.pop("Doc_0/Pages/Page_0/Content.xml")
    # as old zip programs write it: the bytes of the name, and no word of their encoding
    standing_in = "Doc_0/" + "第一页.xml".encode(encoding).decode("latin-1")
    data = packed({**parts, "Doc_0/" + "x" * (len(standing_in) - 6): content})
    data = data.replace(b"Doc_0/" + b"x" * (len(standing_in) - 6), standing_in.encode("latin-1"))
    assert grids(read_ofd(data, "form.ofd")) == [CELLS]


def test_it_is_known_by_its_first_part_wherever_that_stands() -> None:
    parts = {f"Doc_0/Res/{number}.png": b"" for number in range(1500)} | parts_of(table())
    data = packed(parts)
    assert find_format(data).name == "ofd"
    assert grids(read_bytes(data, "form.docx")) == [CELLS]


# --- what is not text, or not seen


TRANSPARENT = 'Alpha="0"'


@pytest.mark.parametrize(
    "hidden",
    [
        text(20, 90, "旧预算99", more='Visible="false"'),
        text(20, 90, "旧预算99", more=TRANSPARENT),
        text(20, 90, "旧预算99", more='Fill="false"'),
        '<ofd:PageBlock ID="5" Visible="false">' + text(20, 90, "旧预算99") + "</ofd:PageBlock>",
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    document = read(table() + hidden)
    assert (grids(document), paragraphs(document), document.notes) == ([CELLS], [], ())


def test_a_seal_over_the_table_and_remarks_beside_it_change_nothing() -> None:
    parts = {
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {ROOT}><ofd:Page PageID="100"/></ofd:Annotations>',
        "Doc_0/Signs/Sign_0/Seal.esl": b"\x30\x82",
        "Doc_0/Attachs/old.ofd": b"PK\x03\x04",
    }
    document = read(table() + picture("30 30 40 40"), parts=parts)
    assert (grids(document), document.notes) == ([CELLS], ())


def test_text_laid_over_a_scan_is_read_and_named_as_recognized() -> None:
    unseen = "".join(
        text(20, 30 + 10 * at, cell, more=TRANSPARENT)
        for at, cell in enumerate(("项目名称：道路养护", "预算数：125.50"))
    )
    document = read(picture() + unseen)
    assert paragraphs(document) == ["项目名称：道路养护", "预算数：125.50"]
    assert [note.zh for note in document.notes] == ["OFD 第1页的文字来自扫描识别，可能有误。"]


def test_a_scanned_page_whose_picture_is_missing_is_noted() -> None:
    document = read(table(), picture())
    assert grids(document) == [CELLS]
    assert [note.zh for note in document.notes] == [
        "OFD 第2页是扫描图像，没有文字层，未读取。",
        "OFD 第2页是扫描件，但图像不在文件中，文件不完整；请重新下载，或请提交人重新发送。",
    ]


def test_a_few_characters_without_text_are_noted() -> None:
    body = "".join(text(20, 20 + 5 * at, "项目实施情况良好资金使用合规") for at in range(30))
    document = read(body + glyphs(2))
    assert [note.zh for note in document.notes] == ["OFD 第1页有部分文字没有编码对照，可能有误。"]


def test_rare_characters_are_none_without_a_meaning() -> None:
    document = read(text(20, 40, "项目负责人：𬭎𠮷"))
    assert (paragraphs(document), document.notes) == (["项目负责人：𬭎𠮷"], ())


def test_glyphs_beside_their_text_change_nothing() -> None:
    document = read(table() + glyphs(1, "注"))
    assert (grids(document), paragraphs(document), document.notes) == ([CELLS], ["注"], ())
