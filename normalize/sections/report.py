"""The report before or behind the form, and the tables in it, which are none of the form."""

from __future__ import annotations

import re

from extract.document import Line
from normalize.draft import BEFORE, Draft
from normalize.form import Paragraph
from normalize.headers import find_header
from normalize.labels import Match, match_label
from normalize.rows import Row
from normalize.sections.cells import keep_texts
from normalize.sections.heading import is_title, read_pair_line
from normalize.sections.total import read_total_line

#: so many rows say what a table is
FIRST_ROWS = 30
#: a chapter's heading is a line of its own, and short
LONGEST_HEADING = 40
# "一、项目支出基本情况", "第二部分 自评情况"
_CHAPTER = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+(?:部分|章))"
)
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


def read_line_below(draft: Draft, line: Line) -> str:
    """Read a line below a form's tables: its section, and whether the report begins with it."""
    text = line.text.strip()
    chapter = begins_chapter(text) and len(text) <= LONGEST_HEADING
    if chapter:
        draft.section = text
    elif _NOTE.match(text):
        draft.section = "note"
    elif is_report_heading(text):
        draft.section = "narrative"
        draft.in_report = bool(draft.indicators)
    if read_total_line(draft, line) or read_pair_line(draft, line):
        return "heading"
    section = draft.section or "narrative"
    draft.in_report = draft.in_report or (draft.is_complete and section != "note" and not chapter)
    return section


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
    if not draft.has_block or not (draft.is_complete or draft.in_report) or begins_form(rows):
        return False
    rows = [row for row in rows[:FIRST_ROWS] if row.filled]
    known = [_label_of(row) is not None for row in rows if not row.cells[0].continued]
    if draft.in_report:
        return not all(known)
    headed = any(find_header(row, below) for row, below in zip(rows, [*rows[1:], None], strict=True))
    return headed or not any(known)


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
