"""Find the header row of a block, and say in which column each field stands.

A block is known by its header labels, never by its position. A header may have two tiers (指标值 over
指标性质, 指标值 and 度量单位); the lower one wins where both name a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from normalize.labels import Match, match_label
from normalize.rows import Placed, Row
from normalize.schema import Block, load_schema

#: the columns that name an indicator and what it belongs to
LEVELS = ("level1", "level2", "name", "level4")

# "23", "1,022.89", "98.5%", "—", "≥95%": what a header cell never is
_NUMBER = re.compile(r"[\s\d.,，．%％+\-—/≥≤<>=＝０-９]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block; an unknown header makes an extra column, named by its label behind ``extra:``."""

    field: str
    start: int
    stop: int
    placed: Placed
    match: Match | None = None


@dataclass(frozen=True)
class Header:
    """A block's header: its columns from left to right, its section label, and its number of slots."""

    block: Block
    columns: tuple[Column, ...]
    section: Placed | None
    width: int
    aligned: bool
    tiers: int = 1
    labels: tuple[Placed, ...] = field(default=())

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the block has a column for."""
        return frozenset(column.field for column in self.columns)

    @property
    def first(self) -> int:
        """The slot where the first column starts; what stands left of it are labels."""
        return self.columns[0].start


def is_number(text: str) -> bool:
    """Whether a text is made of digits and signs only."""
    return bool(text.strip()) and _NUMBER.fullmatch(text.strip()) is not None


def find_header(row: Row, below: Row | None) -> Header | None:
    """Read ``row`` as the header of a block, or return None. ``below`` helps with two tiers."""
    filled = row.filled
    if not filled or any(is_number(placed.text) for placed in filled):
        return None
    found = [header for block in load_schema().blocks if (header := _as_header(row, block, below))]
    if not found:
        return None
    best = max(found, key=lambda header: sum(column.match is not None for column in header.columns))
    return _with_second_tier(best, row, below)


def _as_header(row: Row, block: Block, below: Row | None) -> Header | None:
    matches = {placed: match_label(placed.text, block.columns, False) for placed in row.filled}
    if not _enough(matches.values(), block):
        return None
    section = _section(row, matches, block)
    if _in_turn(row, matches):
        return None
    item = _item_column(row, below) if block.name == "funds" else None
    labels = [placed for placed in row.filled if placed is not section and placed is not item]
    columns = _columns(labels, block, below)
    return Header(block, tuple(columns), section, row.width, row.aligned, labels=row.filled)


def _columns(labels: list[Placed], block: Block, below: Row | None) -> list[Column]:
    """A column a label; of two labels for one field, the first counts that has cells of its own under it.

    A label of the whole block can look like a column: 项目年度目标完成情况 left of the goals.
    """
    matches = _by_level({placed: match_label(placed.text, block.columns) for placed in labels})
    speaking: dict[str, Placed] = {}
    for placed, match in matches.items():
        if match and match.field != "item":
            known = speaking.get(match.field)
            if known is None or (_is_bare(known, below) and not _is_bare(placed, below)):
                speaking[match.field] = placed
    columns: list[Column] = []
    for placed, match in matches.items():
        if match and speaking.get(match.field) is placed:
            columns.append(Column(match.field, placed.start, placed.stop, placed, match))
        elif columns or block.name == "indicators":
            extra = f"extra:{placed.text.strip()}"
            columns.append(Column(extra, placed.start, placed.stop, placed, match))
    return columns


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
        if (match := matches[placed]) and owners[placed] in ("level1", "level2"):
            matches[placed] = replace(match, field=f"{owners[placed]}_weight")
    return matches


def _is_bare(placed: Placed, below: Row | None) -> bool:
    """Whether nothing stands under a header cell in the next row."""
    return below is not None and not any(
        one.start < placed.stop and placed.start < one.stop for one in below.filled
    )


def _enough(matches: Iterable[Match | None], block: Block) -> bool:
    anchors = {match.field for match in matches if match} & block.anchors
    return len(anchors) >= block.least and not anchors.isdisjoint(block.needs)


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
    if block.name == "indicators" and matches[lead] and not named:
        return None
    return lead


def _with_second_tier(header: Header, row: Row, below: Row | None) -> Header:
    if below is None or header.block.name == "goals":
        return header
    lower = {placed: match_label(placed.text, header.block.columns, False) for placed in below.filled}
    if len(lower) < 2 or not all(lower.values()):
        return header
    columns = _spread(header, row, below) if not header.aligned else list(header.columns)
    kept = [
        column
        for column in columns
        if not any(placed.start < column.stop and column.start < placed.stop for placed in lower)
    ]
    added = [
        Column(match.field, placed.start, placed.stop, placed, match)
        for placed, match in lower.items()
        if match
    ]
    fields = {column.field for column in added}
    merged = [column for column in kept if column.field not in fields] + added
    merged.sort(key=lambda column: column.start)
    return replace(
        header, columns=tuple(merged), width=below.width, tiers=2, labels=header.labels + below.filled
    )


def _spread(header: Header, row: Row, below: Row) -> list[Column]:
    """Where columns are unknown, move the upper tier's columns to the slots that the lower tier leaves blank."""
    lower = [placed.start for placed in below.filled]
    behind = below.width - 1 - lower[-1]
    shifted: list[Column] = []
    for column in header.columns:
        from_end = row.width - column.start
        start = below.width - from_end if from_end <= behind else column.start
        shifted.append(replace(column, start=start, stop=start + 1))
    return shifted


def _item_column(row: Row, below: Row | None) -> Placed | None:
    """The header over the fund lines' labels (年度预算数 over 总额 and 其中：财政资金), which is no amount column."""
    if below is None:
        return None
    lines = [one for one in below.filled if match_label(one.text, "fund_item", False)]
    for placed in row.filled[:2]:
        if (
            any(_is_mostly_under(placed, one) for one in lines)
            and match_label(placed.text, "section", False) is None
        ):
            return placed
    return None


def _is_mostly_under(placed: Placed, one: Placed) -> bool:
    return 2 * (min(placed.stop, one.stop) - max(placed.start, one.start)) >= one.stop - one.start
