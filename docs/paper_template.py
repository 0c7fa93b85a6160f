"""Write the Word template of working papers that ships with the product: ``python docs/paper_template.py``.

Offices change a copy of it in Word; whoever changes the shipped one does it here. A test compares the two.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TEMPLATE = Path(__file__).parent.parent / "zipingbiao" / "report" / "paper" / "template.docx"
#: faces of official papers; where one is missing, Word takes what the table of fonts names beside it
TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋"
NEXT_BEST = {TITLE: "宋体", HEADING: "SimHei", BODY: "宋体"}
#: the width between the margins of an official A4 page
WIDTH = 15.6
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
#: the same bytes whenever it is made
_MADE = datetime(2024, 1, 1)
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def template() -> bytes:
    """The template as a file."""
    paper = Document()
    links = paper.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[key]  # a picture of the blank page that python-docx begins with
    _page(paper)
    _faces(paper)
    paper.core_properties.title = "审计工作底稿"
    paper.core_properties.author = ""
    paper.core_properties.comments = ""
    paper.core_properties.created = paper.core_properties.modified = _MADE
    _text(paper, "审计工作底稿", TITLE, 22, align=CENTRE, after=4)
    _text(paper, "（预算绩效自评核查）", BODY, 14, align=CENTRE, after=10)
    _head(paper)
    _scope(paper)
    _findings(paper)
    _conclusions(paper)
    out = io.BytesIO()
    paper.save(out)
    return _dated(out.getvalue())


def _page(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(2.8)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.header_distance, section.footer_distance = Cm(1.8), Cm(1.6)
    header = section.header.paragraphs[0]
    header.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), alignment=2)
    _run(header, "{{ 单位 }}\t\t索引号：　　　　　　", BODY, 9)
    _underline(header)
    footer = section.footer.paragraphs[0]
    footer.alignment = CENTRE
    for part in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
        if part.isupper():
            _field(footer, part)
        else:
            _run(footer, part, BODY, 9)


def _head(paper: Any) -> None:
    table = _table(paper, (2.6, 5.2, 2.6, 5.2))
    rows = (
        ("被审计单位", "{{ 单位 }}", "主管部门", "{{ 主管部门 }}"),
        ("审计事项", "预算绩效自评表核查", "所属年度", "{{ 年度 }}"),
        ("自评表", "{{ 表数 }}张", "项目", "{{ 项目数 }}个"),
        ("预算数合计", "{{ 预算合计 or '—' }}万元", "执行数合计", "{{ 执行合计 or '—' }}万元"),
    )
    for texts in rows:
        cells = _row(table, texts)
        for cell in cells[::2]:
            _shade(cell)
    cells = _row(table, ("核查依据", "{{ 办法 | join('；') }}", "", ""))
    joined = cells[1].merge(cells[3])
    for rest in joined.paragraphs[1:]:
        joined._element.remove(rest._element)
    joined.paragraphs[0].alignment = LEFT
    _shade(cells[0])


def _scope(paper: Any) -> None:
    _heading(paper, "一、核查范围")
    _body(
        paper,
        "核查{{ 单位 }}报送的绩效自评表{{ 表数 }}张，涉及{{ 项目数 }}个项目，逐张核对表内资金、分值、得分和指标完成情况，并比对自评报告和各表之间的数字。",
    )
    titles = (
        "序号",
        "项目",
        "年度",
        "预算数\n（万元）",
        "执行数\n（万元）",
        "执行率",
        "自评\n得分",
        "重算\n得分",
        "错误/\n警告",
    )
    widths = (0.9, 4.2, 1.2, 1.9, 1.9, 1.7, 1.3, 1.3, 1.2)
    table = _table(paper, widths)
    _titles(table, titles)
    _row(table, ("{%tr for 张 in 表 %}", *[""] * 8))
    cells = _row(table, (
        "{{ 张.序号 }}", "{{ 张.项目 }}", "{{ 张.年度 }}", "{{ 张.预算数 }}", "{{ 张.执行数 }}", "{{ 张.执行率 }}",
        "{{ 张.自评得分 }}", "{{ 张.重算得分 }}", "{{ 张.错误数 }}/{{ 张.警告数 }}",
    ))  # fmt: skip
    cells[1].paragraphs[0].alignment = LEFT
    _run(cells[1].paragraphs[0], "\n{{ 张.文件 }}", BODY, 8)
    _row(table, ("{%tr endfor %}", *[""] * 8))
    _small(
        paper,
        "注：合计中，重复的表只计一次；部门整体表已含其项目，有项目表时不再计入。“重算得分”按适用办法由表内数字计算，无法重算的项目取填报得分。",
    )


def _findings(paper: Any) -> None:
    _heading(paper, "二、核查发现")
    _tag(paper, "{%p if 疑点数 %}")
    _body(
        paper,
        "共发现疑点{{ 疑点数 }}项，其中错误{{ 错误数 }}项、警告{{ 警告数 }}项、提示{{ 提示数 }}项，分类列示如下。“位置”为原表中的位置，金额单位为万元。",
    )
    _tag(paper, "{%p for 类 in 类别 %}")
    _heading(
        paper,
        "{{ 类.序号 }}．{{ 类.标题 }}（{{ 类.程度 }}，{{ 类.疑点数 }}项，{{ 类.代码 }}）",
        BODY,
        is_bold=True,
    )
    _body(paper, "依据：{{ 类.依据 }}")
    titles = ("序号", "项目\n（表序号）", "位置", "填报", "应为", "差额", "说明")
    table = _table(paper, (0.9, 2.4, 3.5, 1.5, 1.5, 1.6, 4.2))
    _titles(table, titles)
    _row(table, ("{%tr for 项 in 类.疑点 %}", *[""] * 6))
    cells = _row(table, (
        "{{ 项.序号 }}", "{{ 项.项目 }}（{{ 项.表号 }}）", "{{ 项.位置 }}", "{{ 项.填报 }}", "{{ 项.应为 }}", "{{ 项.差额 }}",
        "{{ 项.说明 }}",
    ))  # fmt: skip
    for cell in (cells[1], cells[2], cells[6]):
        cell.paragraphs[0].alignment = LEFT
    _row(table, ("{%tr endfor %}", *[""] * 6))
    _tag(paper, "{%p endfor %}")
    _tag(paper, "{%p else %}")
    _body(paper, "核对表内及各表之间的数字，未发现疑点。")
    _tag(paper, "{%p endif %}")


def _conclusions(paper: Any) -> None:
    _heading(paper, "三、被审计单位说明")
    _box(paper, 3.0)
    _heading(paper, "四、审计人员结论")
    _box(paper, 3.6)
    _heading(paper, "五、复核意见")
    _box(paper, 2.4)
    _text(paper, "", BODY, 6)
    table = _table(paper, (2.6, 5.2, 2.6, 5.2))
    for texts in (
        ("审计人员", "", "编制日期", "　　　　年　　月　　日"),
        ("复核人员", "", "复核日期", "　　　　年　　月　　日"),
    ):
        cells = _row(table, texts)
        for cell in cells[::2]:
            _shade(cell)
        table.rows[-1].height = Cm(1.1)


def _heading(paper: Any, text: str, face: str = HEADING, is_bold: bool = False) -> None:
    paragraph = _text(paper, text, face, 12 if is_bold else 14, before=10, after=4)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.runs[0].bold = is_bold


def _body(paper: Any, text: str) -> None:
    paragraph = _text(paper, text, BODY, 12, after=4)
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.paragraph_format.line_spacing = Pt(22)
    paragraph.paragraph_format.keep_with_next = True


def _small(paper: Any, text: str) -> None:
    _text(paper, text, BODY, 9, before=3)


def _tag(paper: Any, text: str) -> None:
    """A line that is gone once the template is filled."""
    _text(paper, text, BODY, 9)


def _text(
    paper: Any, text: str, face: str, size: float, align: Any = None, before: float = 0, after: float = 0
) -> Any:
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    _run(paragraph, text, face, size)
    return paragraph


def _run(paragraph: Any, text: str, face: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    return run


def _field(paragraph: Any, name: str) -> None:
    """A number that Word counts: the page, or how many there are."""
    for kind in ("begin", name, "end"):
        run = _run(paragraph, "", BODY, 9)
        if kind == name:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {name} "
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)


def _underline(paragraph: Any) -> None:
    borders = (
        f'<w:pBdr {_NAMESPACE}><w:bottom w:val="single" w:sz="6" w:space="2" w:color="808080"/></w:pBdr>'
    )
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(borders), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table(paper: Any, widths: Sequence[float]) -> Any:
    table = paper.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(parse_xml(f"<w:tblCellMar {_NAMESPACE}>{margins}</w:tblCellMar>"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _row(table: Any, texts: Sequence[str]) -> Any:
    cells = table.add_row().cells
    _unsplit(table.rows[-1])
    for cell, text, column in zip(cells, texts, table.columns, strict=True):
        cell.width = column.width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = CENTRE
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
        _run(paragraph, text, BODY, 9.5)
    return cells


def _titles(table: Any, texts: Sequence[str]) -> None:
    """The first row, which stands on every page."""
    for cell in _row(table, texts):
        _shade(cell)
        cell.paragraphs[0].runs[0].bold = True
    table.rows[-1]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _box(paper: Any, height: float) -> None:
    """Room to write in."""
    table = _table(paper, (WIDTH,))
    _row(table, ("",))
    table.rows[0].height, table.rows[0].height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST


def _shade(cell: Any) -> None:
    shade = parse_xml(f'<w:shd {_NAMESPACE} w:val="clear" w:color="auto" w:fill="F2F2F2"/>')
    cell._element.get_or_add_tcPr().find(qn("w:vAlign")).addprevious(shade)


def _unsplit(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _faces(paper: Any) -> None:
    """Name a face beside each that a computer may lack."""
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for face, other in NEXT_BEST.items()
    )
    for part in paper.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            text = part.blob.decode("utf-8")
            part._blob = text.replace("</w:fonts>", f"{fonts}</w:fonts>").encode("utf-8")
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)


def _dated(content: bytes) -> bytes:
    """The same file whenever it is made."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as made, ZipFile(out, "w") as fixed:
        for name in made.namelist():
            fixed.writestr(ZipInfo(name, (2024, 1, 1, 0, 0, 0)), made.read(name), ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
