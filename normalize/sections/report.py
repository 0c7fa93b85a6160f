"""The report before or behind the form, and the tables in it, which are none of the form."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from extract.document import Line
from normalize.draft import BEFORE, Draft
from normalize.form import Paragraph
from normalize.grids.header import Header
from normalize.grids.header_rows import find_header
from normalize.grids.page_breaks import fitted
from normalize.grids.rows import Row
from normalize.labels.match import Match, match_label
from normalize.schema import fold_label
from normalize.sections.cells import keep_texts
from normalize.sections.heading import is_title, read_pair_line
from normalize.sections.inline import begins_with_label
from normalize.sections.total import read_total_line

#: so many rows say what a table is
FIRST_ROWS = 30
#: a chapter's heading is a line of its own, and short
LONGEST_HEADING = 40
# "一、项目支出基本情况", "第二部分 自评情况"
_CHAPTER = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+(?:部分|章))"
)
# "- 2 -", "第3页", "第3页 共5页", "（续）", "续表1", "接上页": what a page break leaves between the parts of a table
_SEAM = re.compile(
    r"\s*(?:[-—]\s*\d+\s*[-—]|第\s*\d+\s*页.{0,8}|\d+\s*/\s*\d+"
    r"|[(（]?(?:续|续表|续上表|接上表|接上页|转下页|接下页)\s*\d{0,2}[)）]?)?\s*"
)
# "附：支出明细表", "附表1：…": the heading of a table behind the form
_ANNEX = re.compile(r"^附(?:件|表)?\s*\d{0,2}\s*[:：]")
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填报说明)\s*\d*[:：]")
# "绩效自评报告", "项目绩效自评情况说明"
_REPORT = re.compile(r"(?:报告|总结|情况说明|自评说明)\s*$")


def is_report_heading(text: str) -> bool:
    """Whether a line is the heading of a report.

    >>> is_report_heading("2022年度道路养护项目绩效自评报告"), is_report_heading("自评报告如下。")
    (True, False)
    """
    return len(text) <= LONGEST_HEADING and _REPORT.search(text) is not None


def begins_chapter(text: str) -> bool:
    """Whether a text begins with a chapter's number: 一、, (二), 第三部分."""
    return _CHAPTER.match(text) is not None


def is_note(text: str) -> bool:
    """Whether a text begins as a note below a table: 注：1.…"""
    return _NOTE.match(text.strip()) is not None


def is_seam(text: str) -> bool:
    """Whether a text is nothing but what a page break leaves between the parts of a table.

    >>> is_seam("（续）"), is_seam("第3页 共5页"), is_seam("附：支出明细表")
    (True, True, False)
    """
    return _SEAM.fullmatch(text) is not None


def is_aside(text: str) -> bool:
    """A page number, or a chapter's heading, that a text file puts between the rows of a table."""
    if is_seam(text):
        return True
    scopes = ("level1", "level2", "head", "section", "fund_item", "tail")
    return begins_chapter(text) and not any(match_label(text, one, False) for one in scopes)


def read_section(draft: Draft, row: Row) -> bool:
    """Take the heading of a numbered section that stands in the table itself; whether the row is one."""
    text = row.filled[0].text.strip()
    if len(row.filled) > 1 or not begins_chapter(text) or match_label(text, "section", False) is None:
        return False
    draft.read_remarks(row.filled[0])
    draft.claim(row.filled[0].cell, "label", "alias")
    draft.texts.append(Paragraph(text, text, row.filled[0].cell))
    return True


def read_line_below(draft: Draft, line: Line) -> str:
    """Read a line below a form's tables: its section, and whether the report begins with it."""
    text = line.text.strip()
    draft.parted = draft.parted or not is_seam(text)
    chapter = begins_chapter(text) and len(text) <= LONGEST_HEADING
    if chapter:
        draft.section = text
    elif is_note(text):
        draft.section = "note"
    elif is_report_heading(text):
        draft.section = "narrative"
        draft.in_report = bool(draft.indicators)
    if read_total_line(draft, line) or read_pair_line(draft, line):
        return "heading"
    section = draft.section or "narrative"
    draft.in_report = draft.in_report or (draft.is_complete and section != "note" and not chapter)
    return section


def read_row_below(draft: Draft, row: Row) -> bool:
    """Read a row behind the form's total that is a paragraph of the report, as spreadsheets have; whether it was one."""
    text = row.filled[0].text.strip()
    chapter = begins_chapter(text) and len(text) <= LONGEST_HEADING
    if (
        not draft.is_complete
        or len(row.filled) > 1
        or begins_with_label(text)
        or not (chapter or "。" in text)
    ):
        return False
    if chapter:
        draft.section = text
    keep_texts(draft, draft.section or "narrative", list(row.filled))
    return True


def begins_form(rows: list[Row]) -> bool:
    """Whether a table begins a form of its own: by a title, or a project's name above other labels of the head.

    A list of projects has the label 项目名称 above names that are no labels.
    """
    rows = [row for row in rows[:FIRST_ROWS] if row.filled]
    for number, row in enumerate(rows):
        if len(row.filled) == 1 and is_title(row.filled[0].text):
            return True
        below = rows[number + 1] if number + 1 < len(rows) else None
        if find_header(row, below):
            return False
        match = match_label(row.filled[0].text, "head", False)
        if match is not None and match.field == "project_name":
            return below is None or _label_of(below) is not None or find_header(below, None) is not None
    return False


def is_report_table(draft: Draft, rows: list[Row]) -> bool:
    """Whether a table behind the form belongs to its report: no row of the form can stand there any more.

    Right below the form, its tail may go on in another table; in the report, only a table of nothing but
    labels of head and tail is the form's.
    """
    if not draft.has_block or begins_form(rows):
        return False
    rows = [row for row in rows[:FIRST_ROWS] if row.filled]
    if rows and draft.parted and _says_again(draft, rows):
        return True
    if not (draft.is_complete or draft.in_report):
        return False
    known = [_label_of(row) is not None for row in rows if not row.cells[0].continued]
    if draft.in_report:
        return not all(known)
    headed = any(find_header(row, below) for row, below in zip(rows, [*rows[1:], None], strict=True))
    return headed or not any(known)


def begins_annex(draft: Draft, rows: list[Row]) -> bool:
    """Whether a text between the rows of a sheet is the heading of a table that says again what the form has said."""
    lead = rows[0].filled[0].text if len(rows[0].filled) == 1 else ""
    texts = [row.filled[0].text for row in takewhile(lambda row: len(row.filled) < 2, rows) if row.filled]
    if is_seam(lead) or any(map(begins_with_label, texts)) or not (draft.funds and draft.indicators):
        return False
    if _ANNEX.match(lead):
        return True
    if any(match_label(lead, scope, False) for scope in ("level1", "level2", "section", "head")):
        return False
    table = [row for row in rows[:FIRST_ROWS] if len(row.filled) > 1]
    if not table:
        return False
    header = find_header(table[0], table[1] if len(table) > 1 else None)
    return _is_said(draft, header, table) if header else _is_summary_header(table[0])


def _is_summary_header(row: Row) -> bool:
    """Whether a row holds nothing but the labels of several columns, though no indicator's: 一级指标 | 分值 | 得分."""
    matches = [match_label(placed.text, "indicator_column", False) for placed in row.filled]
    return all(matches) and len({match.field for match in matches if match}) > 1


def _says_again(draft: Draft, rows: list[Row]) -> bool:
    """Whether a table parted from the form by a text says again what the form has said, and nothing else of it.

    The rows of an open block go on with it, and a total may stand alone.
    """
    headers = [
        header for row, below in pairwise([*rows, None]) if row and (header := find_header(row, below))
    ]
    if headers:
        return all(_is_said(draft, header, rows) for header in headers)
    if not (draft.funds and draft.indicators) or _goes_on(draft, rows[0]):
        return False
    return not all(_label_of(row) or match_label(row.filled[0].text, "total", False) for row in rows)


def _goes_on(draft: Draft, row: Row) -> bool:
    """Whether a table's first row can go on with the open block: it has a place for each column."""
    header = draft.header
    fits = header and (fitted(header, row) if header.aligned else header.width == row.width)
    return bool(fits)


def _is_said(draft: Draft, header: Header, rows: list[Row]) -> bool:
    """Whether the form has the block of a header: funds, goals, or the same indicators in other columns."""
    name = header.block.name
    if not draft.indicators or name not in ("funds", "funds_turned", "goals", "indicators"):
        return False
    if name != "indicators":
        return bool(draft.goals if name == "goals" else draft.funds)
    known = {fold_label(row.fields["name"].text) for row in draft.indicators if "name" in row.fields}
    named = {fold_label(placed.text) for row in rows for placed in row.filled}
    return header.fields != draft.indicator_columns and (
        "name" not in header.fields or not known.isdisjoint(named)
    )


def keep_report_table(draft: Draft, rows: list[Row]) -> None:
    """Keep the cells of a report's table as texts."""
    draft.header = None
    for row in rows:
        draft.cells.extend(placed.cell for placed in row.filled)
        keep_texts(draft, "note", list(row.filled))


def settle_reports(drafts: list[Draft]) -> None:
    """Give the report before a form to it; where there are several forms, nobody knows of which it speaks."""
    section = "narrative" if len(drafts) == 1 else "preamble"
    for draft in drafts:
        draft.texts = [
            Paragraph(section, one.text, one.cell) if one.section == BEFORE else one for one in draft.texts
        ]


def _label_of(row: Row) -> Match | None:
    lead = row.filled[0].text
    return next(
        (match for scope in ("head", "tail", "section") if (match := match_label(lead, scope, False))), None
    )
