"""Find the forms in a document: walk its lines and rows, open a block at each header, sort the rest into pairs.

Anchors, not templates: a block is opened by its header labels wherever they stand, and its rows run until
another header, a total, or a label of the head or tail begins.
"""

from __future__ import annotations

from extract.document import Document, Grid, Line
from normalize.draft import BEFORE, Draft
from normalize.form import Form, Paragraph
from normalize.grids.assign import assign
from normalize.grids.beginnings import absorb, begin, close_for, make_way, next_form, starts_form
from normalize.grids.beside import parted
from normalize.grids.gaps import with_columns
from normalize.grids.header import Column, Header
from normalize.grids.header_rows import find_header
from normalize.grids.repeated import join_repeated
from normalize.grids.rows import Row, rows_of
from normalize.grids.under import is_number
from normalize.joint import tell_of_each_other
from normalize.labels.match import match_label
from normalize.sections.fund_pairs import read_fund_pairs, read_labelled_line, read_pair_heads
from normalize.sections.fund_parts import read_part_lines, settle_parts
from normalize.sections.funds import (
    is_fund_line,
    open_funds,
    open_turned_funds,
    read_fund_row,
    read_turned_row,
)
from normalize.sections.goals import read_goal_row, read_text_row
from normalize.sections.groups import header_under
from normalize.sections.heading import (
    is_title,
    names_another_project,
    read_alone,
    read_line,
    read_margins,
    read_pairs,
    read_stacked,
)
from normalize.sections.headless import begins_indicators, header_in_order
from normalize.sections.indicators import read_indicator_row
from normalize.sections.inline import begins_with_label
from normalize.sections.report import (
    FIRST_ROWS,
    begins_annex,
    is_aside,
    is_note,
    is_report_heading,
    is_report_table,
    keep_report_table,
    read_line_below,
    read_row_below,
    read_section,
    settle_reports,
)
from normalize.sections.total import is_total_row, read_total_row, read_total_text
from normalize.sections.tree import settle_groups
from normalize.values.dates import year_in

#: blocks that are kept as texts
TEXTS = frozenset({"tasks", "management", "expenses"})


def find_forms(document: Document) -> tuple[Form, ...]:
    """All forms of a document, in page order; none where there is no block of a form."""
    drafts = [Draft()]
    for block in document.blocks:
        if isinstance(block, Line):
            if is_title(block.text):
                begin(drafts)
            elif names_another_project(drafts[-1], block.text):
                drafts.append(next_form(drafts[-1]))
            _read_line(drafts[-1], block)
        else:
            for grid in parted(join_repeated(with_columns(block))):
                _read_grid(drafts, grid)
    if len(drafts) > 1 and not drafts[-1].has_block:
        absorb(drafts[-2], drafts.pop())
    found = [draft for draft in drafts if draft.has_block]
    settle_reports(found)
    for draft in found:
        settle_groups(draft)
        settle_parts(draft)
        read_margins(draft, document.margins)
    return tell_of_each_other([draft.finish(document.notes) for draft in found])


def _read_line(draft: Draft, line: Line) -> None:
    text = line.text.strip()
    if not draft.has_block:
        if is_report_heading(text):
            draft.section = BEFORE
        section = "heading" if read_line(draft, line) else draft.section or "preamble"
    else:
        section = read_line_below(draft, line)
    if draft.header and draft.header.block.name == "goals":
        draft.header = None
    draft.texts.append(Paragraph(section, text, line))


def _read_grid(drafts: list[Draft], grid: Grid) -> None:
    rows = rows_of(grid)
    skip = behind = False
    make_way(drafts, rows)
    if is_report_table(drafts[-1], rows):
        drafts[-1].grids.append(grid)
        keep_report_table(drafts[-1], rows)
        return
    close_for(drafts[-1], rows)
    drafts[-1].parted = False
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        if starts_form(drafts[-1], row):
            titled = len(row.filled) == 1
            drafts.append(Draft() if titled else next_form(drafts[-1]))
            behind = False
        elif not drafts[-1].has_block and len(row.filled) == 1 and is_title(row.filled[0].text):
            drafts[-1].set_aside()
        draft = drafts[-1]
        if draft.grids[-1:] != [grid]:
            draft.grids.append(grid)
        behind = behind or begins_annex(draft, rows[number : number + FIRST_ROWS])
        if behind:
            keep_report_table(draft, [row])
            continue
        draft.cells.extend(placed.cell for placed in row.filled)
        if skip:
            skip = False
            continue
        skip = _read_row(draft, row, below)


def _read_row(draft: Draft, row: Row, below: Row | None) -> bool:
    """Read a row; whether the next one belongs to it (the second tier of a header)."""
    if not row.filled:
        return False
    if not draft.indicators and read_part_lines(draft, row):
        return False
    if read_section(draft, row) or read_labelled_line(draft, row) or read_total_text(draft, row):
        draft.header = None
        return False
    header = find_header(row, below, year_in(draft.year.text) if draft.year else None)
    if header:
        _open(draft, header)
        return header.tiers == 2
    if in_order := header_in_order(draft, row):
        _open(draft, in_order)
    block = draft.header
    name = block.block.name if block else ""
    if _is_total(draft, row, block):
        read_total_row(draft, block if name == "indicators" else None, row)
    elif len(row.filled) == 1 and is_aside(row.filled[0].text):
        draft.claim(row.filled[0].cell, "note")
        draft.section = row.filled[0].text.strip() if draft.indicators else draft.section
    elif over := header_under(row, below, block):
        _open(draft, over)
        return True
    elif block and _belongs(row, block):
        _read_block_row(draft, block, row)
    elif read_fund_pairs(draft, row) or read_pair_heads(draft, row):
        draft.header = None
    else:
        draft.header = None
        if len(row.filled) == 1 and not match_label(row.filled[0].text, "head", False):
            _read_single(draft, row)
        elif read_stacked(draft, row, below):
            return True
        else:
            read_pairs(draft, row)
    return False


def _read_single(draft: Draft, row: Row) -> None:
    cell = row.filled[0].cell
    if not (read_row_below(draft, row) or read_alone(draft, cell) or cell in draft.roles):
        read_pairs(draft, row)


def _open(draft: Draft, header: Header) -> None:
    repeated = draft.header is not None and draft.header.block == header.block
    draft.header = header
    for column in header.columns:
        if column.match and not _is_said_twice(header, column):
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


def _is_said_twice(header: Header, column: Column) -> bool:
    """Whether a column's label was read for another column: the values under it are nobody's."""
    if not column.match or not column.field.startswith("extra:"):
        return False
    counts = header.block.anchors | {"weight", "score"}
    return header.block.name in ("funds", "indicators", "goals") and column.match.field in counts


def _is_total(draft: Draft, row: Row, block: Header | None) -> bool:
    """The total row stands behind the indicators, or with weight and score between head and indicators."""
    if not is_total_row(row, block if block and block.block.name == "indicators" else None) or (
        block and is_fund_line(row, block)
    ):
        return False
    return bool(draft.indicator_columns) or sum(is_number(placed.text) for placed in row.filled) > 1


def _belongs(row: Row, header: Header) -> bool:
    """Whether a row goes on with the open block: it does not begin with a label of another part."""
    lead = row.filled[0]
    name = header.block.name
    if name == "funds" and match_label(lead.text, "fund_item", False):
        return True
    if name == "funds_turned":
        return match_label(lead.text, "fund_column", False) is not None
    outside = any(match_label(lead.text, scope, False) for scope in ("head", "tail"))
    if name in ("funds", "indicators") and (begins_with_label(lead.text) or is_note(lead.text)):
        return False
    if name in TEXTS and _begins_funds(row):
        return False
    if name == "goals":
        return not begins_indicators(row) and (not outside or (row.aligned and lead.start >= header.first))
    if not outside:
        return True
    fields, _ = assign(header, row)
    numbers = [cell for key in ("weight", "score", "executed") for cell in fields.get(key, ())]
    return any(is_number(placed.text) for placed in numbers)


def _begins_funds(row: Row) -> bool:
    """Whether the fund block begins without a header: its own label, and the one of a line behind it."""
    leads = [placed.text for placed in row.filled[:2]]
    is_section = match_label(leads[0], "section", False) is not None
    return is_section and len(leads) > 1 and match_label(leads[1], "fund_item", False) is not None


def _read_block_row(draft: Draft, header: Header, row: Row) -> None:
    name = header.block.name
    if name == "funds":
        read_fund_row(draft, header, row)
    elif name == "funds_turned":
        read_turned_row(draft, header, row)
    elif name == "indicators":
        read_indicator_row(draft, header, row)
    elif name == "goals":
        read_goal_row(draft, header, row)
    else:
        read_text_row(draft, header, row)
