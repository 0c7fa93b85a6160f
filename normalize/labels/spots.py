"""Where labels stand in a form: over a column, beside the rows of a level or a source of funds, in front of a value.

What stands there and was not read is a label that nobody knew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.document import Cell, Line
from normalize.form import Form
from normalize.form_facts import Facts, fields_of, usual
from normalize.grids.header import Column, Header
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Placed, Row, rows_of
from normalize.grids.under import is_number
from normalize.labels.match import match_label
from normalize.labels.texts import is_label, may_be_person
from normalize.people import PHONE
from normalize.schema import load_schema

_LEVELS = ("level1", "level2")
#: what a total with an unknown label is read as, where it is not spread over several columns
_SUMS = (*_LEVELS, "placeholder")
#: the scopes of labels in front of values
_PAIRS = ("head", "tail", "section")
#: roles of cells in a row of labels and values, beside the fields of the head
_PAIR_ROLES = frozenset({"label", "note", "title", "fiscal_year", "amount_unit"})
# "承办机构：某局    电话：…": labels in front of values in one text
_INLINE = re.compile(r"(?:^|\s{2,}|\t)([^\s:：]{2,20})[:：]")
_LONGEST_PAIRS = 120


@dataclass(frozen=True, slots=True)
class Spot:
    """A text where a label stands: the scopes it can belong to, and the fields that its place speaks for."""

    text: str
    cell: Cell | Line
    scopes: tuple[str, ...]
    likely: frozenset[tuple[str, str]] = frozenset()


def spots_of(form: Form) -> Iterator[Spot]:
    """The texts of a form that stand where a label stands, and that the schema does not know there."""
    for spot in _all_spots(Facts(form)):
        is_name = not is_label(spot.text) or may_be_person(spot.text)
        if not is_name and not any(match_label(spot.text, one, False) for one in spot.scopes):
            yield spot


def _all_spots(facts: Facts) -> Iterator[Spot]:
    for paragraph in facts.form.texts:
        if paragraph.section in ("preamble", "heading"):
            yield from _in_text(facts, paragraph.cell)
    if not _has_unread(facts.form):
        return
    for grid in facts.form.grids:
        rows = [row for row in rows_of(grid) if row.filled and row.filled[0].cell in facts.own]
        is_tier = is_foreign = False  # the lower tier of a header; rows of a block that nobody knew
        for row, below in zip(rows, [*rows[1:], None], strict=True):
            header = None if is_tier else find_header(row, below)
            if header:
                yield from _over_columns(facts, header, below)
            elif not is_tier and _begins_unknown_block(facts, row, below):
                is_foreign = True
                yield from _over_unknown_columns(row)
            elif not is_tier:
                yield from _beside_rows(facts, row)
                if not is_foreign:
                    yield from _in_front_of_values(facts, row, below)
            is_tier, is_foreign = bool(header and header.tiers > 1), is_foreign and not header


def _has_unread(form: Form) -> bool:
    """Whether there is anything to look for in the tables."""
    levels = (role.name in _LEVELS and role.match == "position" for role in form.roles.values())
    has_no_sum = "score" not in form.total
    return has_no_sum or bool(form.unclaimed) or any(one.item is None for one in form.funds) or any(levels)


def _over_columns(facts: Facts, header: Header, below: Row | None) -> Iterator[Spot]:
    """The columns of a known block that nobody knew."""
    scope, columns = header.block.columns, list(header.columns)
    lead = columns[0].placed
    is_beside_all = header.tiers == 1 and _goes_on(lead, below)
    if is_beside_all and (facts.is_unread(lead.cell) or match_label(lead.text, "section", False)):
        yield Spot(lead.text, lead.cell, ("section",), _likely("section", [header.block.name]))
        columns.pop(0)  # the label of the whole block
    unknown = [one for one in columns if facts.is_unread(one.placed.cell) and is_label(one.placed.text)]
    missing = [_missing(scope, columns, one) for one in unknown]
    for column, may_be in zip(unknown, missing, strict=True):
        beside = [one for one, other in zip(unknown, missing, strict=True) if other == may_be]
        in_turn = [may_be[beside.index(column)]] if len(beside) == len(may_be) else may_be
        yield Spot(column.placed.text, column.placed.cell, (scope,), _likely(scope, in_turn))


def _missing(scope: str, columns: list[Column], column: Column) -> list[str]:
    """The fields that a column may be: what is missing between its known neighbours, or else anywhere."""
    order, at = fields_of(scope), columns.index(column)
    before = [order.index(one.field) for one in columns[:at] if one.field in order]
    behind = [order.index(one.field) for one in columns[at:] if one.field in order]
    between = order[max(before, default=-1) + 1 : min(behind, default=len(order))]
    left = usual(scope, {one.field for one in columns})
    return [one for one in left if one in between] or left or between


def _begins_unknown_block(facts: Facts, row: Row, below: Row | None) -> bool:
    """Whether a row is the header of a block of which too few columns are known: labels only, with numbers below."""
    texts = [placed.text for placed in row.filled]
    return (
        len(texts) > 2
        and facts.is_unread(row.filled[0].cell)
        and all(is_label(text) and not may_be_person(text) for text in texts)
        and not any(match_label(text, "head", False) for text in texts)
        and below is not None
        and any(is_number(placed.text) for placed in below.filled)
        and any(_known_columns(row).values())
    )


def _known_columns(row: Row) -> dict[str, int]:
    """How many columns of each block have a label of this row."""
    scopes = [block.columns for block in load_schema().blocks if block.columns.endswith("_column")]
    return {
        scope: sum(match_label(placed.text, scope, False) is not None for placed in row.filled)
        for scope in scopes
    }


def _over_unknown_columns(row: Row) -> Iterator[Spot]:
    """The columns of a block that nobody knew, within the blocks of which most columns are known."""
    known = _known_columns(row)
    nearest = tuple(scope for scope in known if known[scope] == max(known.values()))
    likely = frozenset((scope, field) for scope in nearest for field in usual(scope, ()))
    for placed in row.filled:
        yield Spot(placed.text, placed.cell, nearest, likely)


def _beside_rows(facts: Facts, row: Row) -> Iterator[Spot]:
    """The labels of levels and of sources of funds that nobody knew."""
    for placed in row.filled:
        role = facts.form.roles.get(placed.cell)
        if placed.cell in facts.lines:
            likely = _likely("fund_item", facts.left("fund_item"))
            yield Spot(facts.lines[placed.cell], placed.cell, ("fund_item",), likely)
        elif role is None or role.match != "position":
            continue
        elif placed is row.filled[0] and _sums_up(facts, row) and (role.name in _SUMS or _is_wide(placed)):
            yield Spot(placed.text, placed.cell, ("total", *_LEVELS), _likely("total", ["total"]))
        elif role.name in _LEVELS and not any(match_label(placed.text, one, False) for one in _LEVELS):
            likely = _likely_level(facts, placed.cell, role.name)
            yield Spot(placed.text, placed.cell, (role.name,), likely)


def _sums_up(facts: Facts, row: Row) -> bool:
    """Whether nothing but numbers stand behind the first text, and none of them is a target or an actual value."""
    behind = row.filled[1:]
    roles = [facts.form.roles.get(placed.cell) for placed in behind]
    return (
        bool(behind)
        and all(is_number(placed.text) for placed in behind)
        and not any(role and role.name in ("target", "actual") for role in roles)
    )


def _is_wide(placed: Placed) -> bool:
    return placed.stop - placed.start > 1


def _likely_level(facts: Facts, cell: Cell, scope: str) -> frozenset[tuple[str, str]]:
    """The levels that the form lacks, and of these the ones that belong to the other level in the same rows."""
    left, beside = facts.left(scope), facts.beside.get(cell, set())
    upper = {field: load_schema().attribute("level2", field, "level1") for field in fields_of("level2")}
    if scope == "level1":
        belonging = [field for field in left if field in {upper.get(key) for key in beside}]
    else:
        belonging = [field for field in left if upper[field] in beside]
    return _likely(scope, belonging or left)


def _in_front_of_values(facts: Facts, row: Row, below: Row | None) -> Iterator[Spot]:
    """The labels of a row of labels and values, and the label beside all rows of a block."""
    begins = [placed for placed in row.cells if not placed.continued]
    is_pairs = all(_is_paired(facts, placed.cell) for placed in row.filled)
    is_value = False
    for number, placed in enumerate(begins if is_pairs else begins[:1]):
        role = facts.form.roles.get(placed.cell)
        if is_value or (role and role.name != "label") or placed.cell in facts.lines:
            is_value = False
        elif role or _is_known(placed.text):
            is_value = bool(placed.text.strip())
        elif is_label(placed.text) and not may_be_person(placed.text) and begins[number + 1 :]:
            behind = begins[number + 1 :]
            if _goes_on(placed, below):
                yield Spot(placed.text, placed.cell, ("section",))
            elif all(_is_score(one.text) for one in behind) and any(one.text.strip() for one in behind):
                yield Spot(placed.text, placed.cell, ("total", "fund_item", *_PAIRS), _likely_sum(facts))
            else:
                yield Spot(placed.text, placed.cell, _PAIRS, _likely_head(facts, behind[0].text))
            is_value = not _goes_on(placed, below)
        else:
            yield from _in_text(facts, placed.cell)


def _is_paired(facts: Facts, cell: Cell) -> bool:
    role = facts.form.roles.get(cell)
    return role is None or role.name in _PAIR_ROLES or role.name in fields_of("head")


def _in_text(facts: Facts, cell: Cell | Line) -> Iterator[Spot]:
    """The labels in front of values in one text; the value behind an unknown one is not looked at."""
    if len(cell.text) <= _LONGEST_PAIRS:
        for found in _INLINE.finditer(cell.text):
            if not _is_known(found[1]) and not may_be_person(found[1]):
                yield Spot(found[1], cell, ("head", "tail"), _likely_head(facts, cell.text[found.end() :]))


def _likely_head(facts: Facts, value: str) -> frozenset[tuple[str, str]]:
    """What a value in the head may be: a telephone number is one; else what every form names, and this one lacks."""
    return _likely("head", ["contact"] if PHONE.search(value) else facts.left("head"))


def _likely_sum(facts: Facts) -> frozenset[tuple[str, str]]:
    """What a label in front of numbers may be: the total, or where the form has one, a source of funds."""
    total = facts.form.total.get("score")
    if facts.form.indicators and not (total and total.text.strip()):
        return _likely("total", ["total"])
    return _likely("fund_item", facts.left("fund_item"))


def _is_score(text: str) -> bool:
    return not text.strip() or (is_number(text) and not PHONE.search(text))


def _likely(scope: str, fields: list[str]) -> frozenset[tuple[str, str]]:
    return frozenset((scope, field) for field in fields)


def _goes_on(placed: Placed, below: Row | None) -> bool:
    """Whether a cell is merged with the one below."""
    return below is not None and any(one.cell is placed.cell for one in below.cells)


def _is_known(text: str) -> bool:
    return any(match_label(text, scope, False) for scope in load_schema().labels)
