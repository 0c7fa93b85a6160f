"""Find the header row of a block, and say in which column each field stands.

A block is known by its header labels, never by its position. A header may have two tiers (指标值 over
指标性质, 指标值 and 度量单位); the lower one wins where both name a column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from normalize.grids.header import Column, Header
from normalize.grids.rows import Placed, Row
from normalize.grids.tiers import with_second_tier
from normalize.grids.under import (
    LEVELS,
    is_bare,
    is_mostly_under,
    is_number,
    is_over_levels,
    is_over_number,
    with_name,
)
from normalize.labels.match import Match, match_label
from normalize.labels.years import match_column, year_meant
from normalize.schema import Block, load_schema

#: what a column of the head is called among those of a block
HEAD = "head:"


def find_header(row: Row, below: Row | None, form_year: int | None = None) -> Header | None:
    """Read ``row`` as the header of a block, or return None. ``below`` helps with two tiers.

    Of columns of several years (2021年决算数 beside 2022年预算数) only those of the form's year are read as fields, or
    of the latest.
    """
    filled = row.filled
    if not filled or any(is_number(placed.text) for placed in filled):
        return None
    year = year_meant(filled, form_year)
    blocks = [block for block in load_schema().blocks if block.least <= len(filled)]
    found = [header for block in blocks if (header := _as_header(row, block, below, year))]
    if not found:
        return None
    best = max(found, key=lambda header: sum(column.match is not None for column in header.columns))
    return with_second_tier(best, row, below, form_year)


def _as_header(row: Row, block: Block, below: Row | None, year: int | None) -> Header | None:
    matches = {placed: match_column(placed, block, year, False) for placed in row.filled}
    matches = with_name(matches, block, below)
    if not _enough(matches.values(), block):
        return None
    section = _section(row, matches, block)
    if _in_turn(row, matches) or (block.name == "funds_turned" and _repeats(matches, section)):
        return None
    item = _item_column(row, below) if block.name == "funds" else None
    found = {match.field for match in matches.values() if match}
    levels = section if section and is_over_levels(section, block, below) and "level1" not in found else None
    section = None if levels else section
    if (
        block.name == "funds"
        and any(name.startswith("extra:") for name in found)
        and not (section or item or "item" in found)
    ):
        return None  # a table that compares years, of anything
    labels = [placed for placed in row.filled if placed is not section and placed is not item]
    is_under = row.aligned or (below is not None and below.width == row.width)
    columns = _columns(labels, block, below if is_under else None, year, levels)
    return Header(block, tuple(columns), section, row.width, row.aligned, labels=row.filled)


def _columns(
    labels: list[Placed], block: Block, below: Row | None, year: int | None, levels: Placed | None
) -> list[Column]:
    """A column a label; of two labels for one field, the first counts that has cells of its own under it.

    A label of the whole block can look like a column: 项目年度目标完成情况 left of the goals. The one over the
    ``levels`` is level 1's, whatever it says.
    """
    matches = _by_level({placed: match_column(placed, block, year, True) for placed in labels})
    matches = with_name(matches, block, below)
    if levels:
        matches[levels] = Match("level1", "alias")
    planned = [placed for placed, match in matches.items() if match and match.field == "goal_planned"]
    if len(planned) == 2 and not is_bare(planned[0], below) and (match := matches[planned[1]]):
        matches[planned[1]] = replace(match, field="goal_adjusted")  # 年初绩效目标 | 全年（调整）绩效目标
    speaking: dict[str, Placed] = {}
    for placed, match in matches.items():
        if match and match.field != "item":
            known = speaking.get(match.field)
            if known is None or (is_bare(known, below) and not is_bare(placed, below)):
                speaking[match.field] = placed
    columns: list[Column] = []
    for placed, match in matches.items():
        if match and speaking.get(match.field) is placed:
            columns.append(Column(match.field, placed.start, placed.stop, placed, match))
        elif (
            columns or block.name == "indicators" or (block.name == "funds" and is_over_number(placed, below))
        ):
            extra = f"extra:{placed.text.strip()}"
            columns.append(Column(extra, placed.start, placed.stop, placed, match))
    return _with_head_columns(columns) if block.name == "indicators" else columns


def _with_head_columns(columns: list[Column]) -> list[Column]:
    """The columns of a header, those of the head named as such where one of them is the project's name."""
    named = [_of_head(one) if one.field.startswith("extra:") else one for one in columns]
    return named if any(one.field == f"{HEAD}project_name" for one in named) else columns


def _of_head(column: Column) -> Column:
    match = match_label(column.placed.text, "head", False)
    return replace(column, field=f"{HEAD}{match.field}", match=match) if match else column


def _by_level(matches: dict[Placed, Match | None]) -> dict[Placed, Match | None]:
    """Of several weights, each beside a level, the last is the indicator's, and the others are their levels'."""
    owners: dict[Placed, str] = {}
    level = ""
    for placed, match in matches.items():
        if match and match.field in LEVELS:
            level = match.field
        elif match and match.field == "weight":
            owners[placed] = level
    if len(set(owners.values())) < len(owners) or "" in owners.values():
        return matches
    for placed in list(owners)[:-1]:
        if match := matches[placed]:
            matches[placed] = replace(match, field=f"{owners[placed]}_weight")
    return matches


def _enough(matches: Iterable[Match | None], block: Block) -> bool:
    anchors = {match.field for match in matches if match} & block.anchors
    return len(anchors) >= block.least and not anchors.isdisjoint(block.needs)


def _repeats(matches: dict[Placed, Match | None], section: Placed | None) -> bool:
    """Whether a source of funds stands twice: under two amounts, in a tier above that cannot be told."""
    fields = [match.field for placed, match in matches.items() if match and placed is not section]
    return len(set(fields)) < len(fields)


def _in_turn(row: Row, matches: dict[Placed, Match | None]) -> bool:
    """Labels and values in turn: 预期目标 | text | 实际完成情况 | text."""
    known = [number for number, placed in enumerate(row.filled) if matches[placed]]
    return all(n + 1 < len(row.filled) and matches[row.filled[n + 1]] is None for n in known)


def _section(row: Row, matches: dict[Placed, Match | None], block: Block) -> Placed | None:
    """The block's own label in front of the header, if the rest still makes a header without it."""
    lead = row.filled[0]
    if lead is not row.cells[0] or match_label(lead.text, "section", False) is None:
        return None
    rest = {placed: match for placed, match in matches.items() if placed is not lead}
    if not _enough(rest.values(), block):
        return None
    named = any(match and match.field == "name" for match in rest.values())
    own = matches[lead]
    if block.name == "indicators" and own and (own.field == "level1" or not named):
        return None
    return lead


def _item_column(row: Row, below: Row | None) -> Placed | None:
    """The header over the fund lines' labels (年度预算数 over 总额 and 其中：财政资金), which is no amount column."""
    if below is None:
        return None
    lines = [one for one in below.filled if match_label(one.text, "fund_item", False)]
    for placed in row.filled[:2]:
        under = [one for one in lines if is_mostly_under(placed, one)]
        if len(under) == 1 and match_label(placed.text, "section", False) is None:
            return placed
    return None
