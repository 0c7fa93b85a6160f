"""Word documents as they are written here: A4, a Song face, tables with lines, merged cells, comments."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from zipingbiao.report.returns.remark import AUTHOR, INITIALS

if TYPE_CHECKING:
    from docx.document import Document as Paper

Slot = TypeVar("Slot", bound=Hashable)
#: of A4, without its margins, in twentieths of a point
_TEXT_WIDTH, _TEXT_WIDTH_ACROSS = 9_638, 14_570
_FACE, _LATIN = "宋体", "Times New Roman"
_TITLE_FACE = "黑体"
#: the least and the most of a column's text, in characters, that its width goes by
_NARROW, _BROAD = 5, 24
_LONGEST_LINES = 200
_COUNTS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
_COUNTED = re.compile("({pages?})")


def new_paper(is_wide: bool = False) -> Paper:
    """An empty page, across where ``is_wide``."""
    paper = new_document()
    section = paper.sections[0]
    short, long = Cm(21.0), Cm(29.7)
    section.page_width, section.page_height = (long, short) if is_wide else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.0)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.font.name = _LATIN
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACE)
    paper.core_properties.author = AUTHOR
    paper.core_properties.comments = ""
    return paper


def put_page_numbers(paper: Paper, text: str) -> None:
    """Write ``text`` at the foot of every page; Word counts what stands there as ``{page}`` and ``{pages}``."""
    foot = paper.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in _COUNTED.split(text):
        run = foot.add_run("1" if part in _COUNTS else part)
        run.font.size = Pt(9)
        if part in _COUNTS:
            field: Any = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), _COUNTS[part])
            run.element.addprevious(field)
            field.append(run.element)


def put_text(
    paper: Paper,
    text: str,
    size: float | None = None,
    is_title: bool = False,
    is_right: bool = False,
    indent: bool = False,
) -> Paragraph:
    """Add a paragraph; ``size`` is in points, ``indent`` that of two characters."""
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if is_title:
        run.font.bold = True
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _TITLE_FACE)
    if is_title and size is not None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if is_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(21)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = is_title
    return paragraph


def put_rows(
    paper: Paper,
    rows: Sequence[Sequence[Slot | None]],
    text_of: Callable[[Slot], str],
    shares: Sequence[int] = (),
    has_header: bool = False,
) -> list[tuple[Slot, Paragraph]]:
    """Add a table of equally long rows; slots that hold the same thing are merged, None is a blank cell.

    ``shares`` are the widths of the columns relative to each other, told from the texts where there are none.
    Returns each slot's thing once, with the first paragraph of its cell.
    """
    table = paper.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    if has_header:
        _give_air(table._tbl.tblPr)
    widths = _widths(shares or _shares(rows, text_of), paper)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    above: Sequence[Slot | None] = [None] * len(widths)
    found: list[tuple[Slot, Paragraph]] = []
    for number, row in enumerate(rows):
        line: Any = OxmlElement("w:tr")
        if has_header:
            # rows of a list stay whole, and its titles come again on each page
            line.get_or_add_trPr().append(OxmlElement("w:tblHeader" if number == 0 else "w:cantSplit"))
        table._tbl.append(line)
        below = rows[number + 1] if number + 1 < len(rows) else [None] * len(widths)
        for start, stop in _stretches(row):
            thing = row[start]
            goes_on = thing is not None and above[start] == thing
            is_tall = thing is not None and (goes_on or below[start] == thing)
            cell = _cell(sum(widths[start:stop]), stop - start, is_tall, goes_on)
            line.append(cell)
            text = "" if thing is None or goes_on else text_of(thing)
            first = _fill(cell, text, has_header and number == 0)
            if thing is not None and not goes_on:
                found.append((thing, Paragraph(first, paper._body)))
        above = row
    paper.add_paragraph()
    return found


def saved(paper: Paper) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


class Comments:
    """Adds comments to the paragraphs of a document."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Add a comment; a paragraph without text gets an empty run to hold it."""
        runs = paragraph.runs or [paragraph.add_run("")]
        self._paper.add_comment(runs, text=text, author=AUTHOR, initials=INITIALS)


def _give_air(properties: Any) -> None:
    """Room above and below the texts of a table's cells, in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.find(qn("w:tblLook")).addprevious(margins)


def _stretches(row: Sequence[Slot | None]) -> Iterator[tuple[int, int]]:
    """Where equal neighbours begin and end; blanks stay apart."""
    start = 0
    for column in range(1, len(row) + 1):
        if column == len(row) or row[column] is None or row[column] != row[start]:
            yield start, column
            start = column


def _cell(width: int, columns: int, is_tall: bool, goes_on: bool) -> Any:
    cell = OxmlElement("w:tc")
    about = OxmlElement("w:tcPr")
    cell.append(about)
    size = OxmlElement("w:tcW")
    size.set(qn("w:w"), str(width))
    size.set(qn("w:type"), "dxa")
    about.append(size)
    if columns > 1:
        span = OxmlElement("w:gridSpan")
        span.set(qn("w:val"), str(columns))
        about.append(span)
    if is_tall:
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), "continue" if goes_on else "restart")
        about.append(merge)
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    about.append(middle)
    return cell


def _fill(cell: Any, text: str, is_bold: bool) -> Any:
    """Write a paragraph for each line; returns the first one."""
    first = None
    for line in text.split("\n", _LONGEST_LINES):
        element: Any = OxmlElement("w:p")
        cell.append(element)
        if line:
            run = Paragraph(element, cell).add_run(line.replace("\n", " "))
            run.font.size = Pt(9)
            run.font.bold = is_bold or None
        first = element if first is None else first
    return first


def _shares(rows: Sequence[Sequence[Slot | None]], text_of: Callable[[Slot], str]) -> list[int]:
    """For each column how long the texts of its own cells are, within bounds."""
    shares = [_NARROW] * len(rows[0])
    for row in rows:
        for start, stop in _stretches(row):
            thing = row[start]
            if thing is not None and stop - start == 1:
                longest = max(map(len, text_of(thing).split("\n")))
                shares[start] = min(max(shares[start], longest), _BROAD)
    return shares


def _widths(shares: Sequence[int], paper: Paper) -> list[int]:
    is_wide = paper.sections[0].orientation == WD_ORIENT.LANDSCAPE
    whole = _TEXT_WIDTH_ACROSS if is_wide else _TEXT_WIDTH
    return [whole * share // sum(shares) for share in shares]
