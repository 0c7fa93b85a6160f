"""Where one form of a document ends and the next begins."""

from __future__ import annotations

from normalize.draft import BEFORE, Draft
from normalize.grids.page_breaks import fitted
from normalize.grids.rows import Row
from normalize.labels.match import match_label
from normalize.sections.heading import hand_over, is_title
from normalize.sections.register import begins_project, go_on_with
from normalize.sections.report import begins_form


def begin(drafts: list[Draft]) -> None:
    """Begin a form at a title. What stood under a title before and held no block belongs to the form before it."""
    if drafts[-1].has_block:
        drafts.append(Draft())
    elif len(drafts) > 1:
        absorb(drafts[-2], drafts.pop())
        drafts.append(Draft())
    else:
        drafts[-1].title = None
        drafts[-1].section = ""
        if drafts[-1].grids:
            drafts[-1].forget_tables()


def next_form(draft: Draft) -> Draft:
    """Begin a form under the title of the one before, and under the unit of amounts printed between the two."""
    unit = draft.unit_below
    following = Draft(draft.title, draft.year, amount_unit=unit, unit=unit.text if unit else "")
    hand_over(draft, following)
    go_on_with(draft, following)
    return following


def absorb(draft: Draft, rest: Draft) -> None:
    """Give a part without a block of its own (a report with a title) to the form before it."""
    draft.texts.extend(rest.texts)
    draft.goals.extend(rest.goals)
    draft.fuzzy.extend(rest.fuzzy)
    rest.set_aside()
    draft.totals = draft.totals or rest.totals
    draft.amount_unit = draft.amount_unit or rest.amount_unit
    draft.cells.extend(rest.cells)
    draft.roles.update(rest.roles)
    draft.grids.extend(rest.grids)
    for name, piece in rest.heading.items():
        draft.fill(name, piece)


def make_way(drafts: list[Draft], rows: list[Row]) -> None:
    """Before a table that begins a form: the form above ends here, and a report's tables above are none of it."""
    draft = drafts[-1]
    if not draft.has_block and draft.section == BEFORE:
        draft.section = ""
    if not draft.grids or not begins_form(rows):
        return
    if draft.has_block and draft.is_complete and "project_name" in draft.heading:
        drafts.append(next_form(draft))
    elif not draft.has_block and draft.funds:
        draft.forget_tables()


def close_for(draft: Draft, rows: list[Row]) -> None:
    """A table behind the total, or of another shape than the open block, does not go on with that block.

    Behind a page break it may have other borders; behind a text it is another table then.
    """
    header = draft.header
    if header and rows:
        fitting = None if draft.total else fitted(header, rows[0])
        draft.header = fitting if fitting is header or not draft.parted else None


def starts_form(draft: Draft, row: Row) -> bool:
    if not draft.has_block or not row.filled:
        return False
    lead = row.filled[0].text
    if len(row.filled) == 1:
        return is_title(lead)
    if begins_project(draft, row):
        return True
    match = match_label(lead, "head", False)
    return match is not None and match.field == "project_name" and "project_name" in draft.heading
