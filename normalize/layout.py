"""Find the forms in a document: walk its lines and rows, open a block at each header, sort the rest into pairs.

Anchors, not templates: a block is opened by its header labels wherever they stand, and its rows run until
another header, a total, or a label of the head or tail begins.
"""

from __future__ import annotations

import re

from extract.document import Document, Grid, Line
from normalize.assign import AMOUNTS, assign
from normalize.draft import Draft
from normalize.form import Form, Paragraph
from normalize.headers import Header, find_header, is_number
from normalize.labels import match_label
from normalize.rows import Row, rows_of
from normalize.schema import load_schema
from normalize.sections.cells import keep_texts, pieces_of
from normalize.sections.fund_pairs import read_fund_pairs
from normalize.sections.funds import open_funds, open_turned_funds, read_fund_row, read_turned_row
from normalize.sections.heading import (
    begins_with_label,
    is_title,
    names_another_project,
    read_alone,
    read_line,
    read_pair_line,
    read_pairs,
)
from normalize.sections.indicators import read_indicator_row
from normalize.sections.total import is_total_row, read_total_row

# "一、项目支出基本情况", "第二部分 自评情况"
_CHAPTER = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+(?:部分|章))"
)
# "绩效自评报告", "项目绩效自评情况说明": the report behind the form
_REPORT = re.compile(r"(?:报告|总结|情况说明|自评说明)\s*$")
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填报说明)\s*\d*[:：]")
# "- 2 -", "第3页", "第3页 共5页"
_PAGE_NUMBER = re.compile(r"\s*(?:[-—]\s*\d+\s*[-—]|第\s*\d+\s*页.{0,8}|\d+\s*/\s*\d+)\s*")
#: a chapter's heading is a line of its own, and short
LONGEST_HEADING = 40


def find_forms(document: Document) -> tuple[Form, ...]:
    """All forms of a document, in page order; none where there is no block of a form."""
    drafts = [Draft()]
    for block in document.blocks:
        if isinstance(block, Line):
            if is_title(block.text):
                _begin(drafts)
            elif names_another_project(drafts[-1], block.text):
                drafts.append(Draft(title=drafts[-1].title, year=drafts[-1].year))
            _read_line(drafts[-1], block)
        else:
            _read_grid(drafts, block)
    if len(drafts) > 1 and not drafts[-1].has_block:
        _absorb(drafts[-2], drafts.pop())
    return tuple(draft.finish(_kind(draft), document.notes) for draft in drafts if draft.has_block)


def _begin(drafts: list[Draft]) -> None:
    """Begin a form at a title. What stood under a title before and held no block belongs to the form before it."""
    if drafts[-1].has_block:
        drafts.append(Draft())
    elif len(drafts) > 1:
        _absorb(drafts[-2], drafts.pop())
        drafts.append(Draft())
    else:
        drafts[-1].title = None


def _absorb(draft: Draft, rest: Draft) -> None:
    """Give a part without a block of its own (a report with a title) to the form before it."""
    draft.texts.extend(rest.texts)
    draft.goals.extend(rest.goals)
    draft.fuzzy.extend(rest.fuzzy)
    draft.total = {**rest.total, **draft.total}
    draft.amount_unit = draft.amount_unit or rest.amount_unit
    draft.cells.extend(rest.cells)
    draft.roles.update(rest.roles)
    draft.grids.extend(rest.grids)
    for name, piece in rest.heading.items():
        draft.fill(name, piece)


def _kind(draft: Draft) -> str:
    title = draft.title.text if draft.title else ""
    for kind, words in load_schema().title.kinds:
        if any(word in title for word in words):
            return kind
    return "project" if "project_name" in draft.heading else "other"


def _read_line(draft: Draft, line: Line) -> None:
    text = line.text.strip()
    if not draft.has_block:
        section = "heading" if read_line(draft, line) else "preamble"
    else:
        if _CHAPTER.match(text) and len(text) <= LONGEST_HEADING:
            draft.section = text
        elif _NOTE.match(text):
            draft.section = "note"
        elif _REPORT.search(text) and len(text) <= LONGEST_HEADING:
            draft.section = "narrative"
        section = draft.section or "narrative"
        if read_pair_line(draft, line):
            section = "heading"
    if draft.header and draft.header.block.name == "goals":
        draft.header = None
    draft.texts.append(Paragraph(section, text, line))


def _read_grid(drafts: list[Draft], grid: Grid) -> None:
    rows = rows_of(grid)
    skip = False
    _close_for(drafts[-1], rows)
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        if _starts_form(drafts[-1], row):
            titled = len(row.filled) == 1
            drafts.append(Draft() if titled else Draft(title=drafts[-1].title, year=drafts[-1].year))
        draft = drafts[-1]
        if draft.grids[-1:] != [grid]:
            draft.grids.append(grid)
        draft.cells.extend(placed.cell for placed in row.filled)
        if skip:
            skip = False
            for placed in row.filled:
                draft.claim(placed.cell, "label", "alias")
            continue
        skip = _read_row(draft, row, below)


def _close_for(draft: Draft, rows: list[Row]) -> None:
    """A table behind the total, or of another shape than the open block, does not go on with that block."""
    header = draft.header
    if header and rows and (draft.total or (header.aligned and rows[0].width != header.width)):
        draft.header = None


def _starts_form(draft: Draft, row: Row) -> bool:
    if not draft.has_block or not row.filled:
        return False
    lead = row.filled[0].text
    if len(row.filled) == 1:
        return is_title(lead)
    match = match_label(lead, "head", False)
    return match is not None and match.field == "project_name" and "project_name" in draft.heading


def _read_row(draft: Draft, row: Row, below: Row | None) -> bool:
    """Read a row; whether the next one belongs to it (the second tier of a header)."""
    if not row.filled:
        return False
    header = find_header(row, below)
    if header:
        _open(draft, header)
        return header.tiers == 2
    block = draft.header
    name = block.block.name if block else ""
    if _is_total(draft, row, block):
        read_total_row(draft, block if name == "indicators" else None, row)
    elif len(row.filled) == 1 and _is_aside(row.filled[0].text):
        draft.claim(row.filled[0].cell, "note")
        draft.section = row.filled[0].text.strip() if draft.indicators else draft.section
    elif block and _belongs(row, block):
        _read_block_row(draft, block, row)
    elif read_fund_pairs(draft, row):
        draft.header = None
    else:
        draft.header = None
        if len(row.filled) == 1 and not match_label(row.filled[0].text, "head", False):
            _read_single(draft, row)
        else:
            read_pairs(draft, row)
    return False


def _is_aside(text: str) -> bool:
    """A page number, or a chapter's heading, that a text file puts between the rows of a table."""
    if _PAGE_NUMBER.fullmatch(text):
        return True
    scopes = ("level1", "level2", "head", "section", "fund_item", "tail")
    return _CHAPTER.match(text) is not None and not any(match_label(text, one, False) for one in scopes)


def _read_single(draft: Draft, row: Row) -> None:
    cell = row.filled[0].cell
    if not read_alone(draft, cell) and cell not in draft.roles:
        read_pairs(draft, row)


def _open(draft: Draft, header: Header) -> None:
    repeated = draft.header is not None and draft.header.block == header.block
    draft.header = header
    for column in header.columns:
        if column.match:
            draft.claim_label(column.placed.cell, column.match)
    for placed in header.labels:
        if not any(column.placed is placed for column in header.columns):
            draft.claim(placed.cell, "label", "alias")
    if header.block.name == "funds":
        open_funds(draft, header)
    elif header.block.name == "funds_turned":
        open_turned_funds(draft, header)
    elif header.block.name == "indicators":
        draft.indicator_columns |= header.fields
        if not repeated:
            draft.level1 = draft.level2 = None


def _is_total(draft: Draft, row: Row, block: Header | None) -> bool:
    """The total row stands behind the indicators, or with weight and score between head and indicators."""
    if not is_total_row(row) or (block and _is_fund_line(row, block)):
        return False
    return bool(draft.indicator_columns) or sum(is_number(placed.text) for placed in row.filled) > 1


def _is_fund_line(row: Row, header: Header) -> bool:
    """合计 in the fund block is a line of funds, if any amount stands behind it."""
    if header.block.name != "funds" or not match_label(row.filled[0].text, "fund_item", False):
        return False
    fields, _ = assign(header, row)
    return any(placed.text.strip() for name in AMOUNTS for placed in fields.get(name, ()))


def _belongs(row: Row, header: Header) -> bool:
    """Whether a row goes on with the open block: it does not begin with a label of another part."""
    lead = row.filled[0]
    name = header.block.name
    if name == "funds" and match_label(lead.text, "fund_item", False):
        return True
    if name == "funds_turned":
        return match_label(lead.text, "fund_column", False) is not None
    outside = any(match_label(lead.text, scope, False) for scope in ("head", "tail"))
    if name == "indicators" and begins_with_label(lead.text):
        return False
    if name == "goals":
        return not outside or (row.aligned and lead.start >= header.first)
    if not outside:
        return True
    fields, _ = assign(header, row)
    numbers = [cell for key in ("weight", "score", "executed") for cell in fields.get(key, ())]
    return any(is_number(placed.text) for placed in numbers)


def _read_block_row(draft: Draft, header: Header, row: Row) -> None:
    name = header.block.name
    if name == "funds":
        read_fund_row(draft, header, row)
    elif name == "funds_turned":
        read_turned_row(draft, header, row)
    elif name == "indicators":
        read_indicator_row(draft, header, row)
    else:
        fields, others = assign(header, row)
        pieces = pieces_of(fields)
        for key, cells in fields.items():
            for placed in cells:
                draft.claim(placed.cell, key if name == "goals" else "note")
        if name == "goals":
            draft.goals.append(pieces)
            for placed in others:
                draft.claim(placed.cell, "label")
            return
        keep_texts(draft, name, [*others, *(placed for cells in fields.values() for placed in cells)])
