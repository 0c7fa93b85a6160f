"""Find the header row of a block, and say in which column each field stands.

A block is known by its header labels, never by its position. A header may have two tiers (指标值 over
指标性质, 指标值 and 度量单位); the lower one wins where both name a column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from normalize.labels import Match, match_label
from normalize.rows import Placed, Row
from normalize.schema import Block, load_schema
from normalize.under import (
    LEVELS,
    is_bare,
    is_mostly_under,
    is_number,
    is_over_levels,
    is_over_number,
    with_name,
)
from normalize.year_labels import match_column, year_meant, year_of


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


def find_header(row: Row, below: Row | None, form_year: int | None = None) -> Header | None:
    """Read ``row`` as the header of a block, or return None. ``below`` helps with two tiers.

    Of columns of several years (2021年决算数 beside 2022年预算数) only those of the form's year are read as fields, or
    of the latest.
    """
    filled = row.filled
    if not filled or any(is_number(placed.text) for placed in filled):
        return None
    year = year_meant(filled, form_year)
    found = [header for block in load_schema().blocks if (header := _as_header(row, block, below, year))]
    if not found:
        return None
    best = max(found, key=lambda header: sum(column.match is not None for column in header.columns))
    return _with_second_tier(best, row, below, form_year)


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
    columns = _columns(labels, block, below, year, levels)
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


def _with_second_tier(header: Header, row: Row, below: Row | None, form_year: int | None) -> Header:
    """The header with the columns of the row under it, if that is its lower tier.

    Two labels there must be known; what nobody knows must stand under a label that is parted.
    """
    if (
        below is None
        or header.block.name == "goals"
        or any(is_number(placed.text) for placed in below.filled)
    ):
        return header
    if crossed := _crossed(header, row, below):
        return crossed
    year = year_meant(row.filled + below.filled, form_year)
    lower = {placed: _match_under(placed, row, header, year) for placed in below.filled}
    unknown = [placed for placed, match in lower.items() if match is None]
    if len(lower) - len(unknown) < 2 or not all(_label_over(placed, row, header) for placed in unknown):
        return header
    columns = _spread(header, row, below) if not header.aligned else list(header.columns)
    kept = [
        column
        for column in columns
        if not any(placed.start < column.stop and column.start < placed.stop for placed in lower)
    ]
    added = [
        Column(
            match.field if match else f"extra:{placed.text.strip()}", placed.start, placed.stop, placed, match
        )
        for placed, match in lower.items()
    ]
    fields = {column.field for column in added}
    merged = [column for column in kept if column.field not in fields] + added
    merged.sort(key=lambda column: column.start)
    return replace(
        header, columns=tuple(merged), width=below.width, tiers=2, labels=header.labels + below.filled
    )


def _crossed(header: Header, row: Row, below: Row) -> Header | None:
    """The header of funds whose amounts are parted by source: 中央 and 省级 under 全年预算数, and again under 全年执行数.

    Or each source has its amounts under it. Such a column's field is both: ``executed@central``.
    """
    if header.block.name not in ("funds", "funds_turned") or not header.aligned:
        return None
    is_turned = header.block.name == "funds_turned"
    scope = "fund_column" if is_turned else "fund_item"
    known = {column.placed: column for column in header.columns if column.match}
    columns = []
    for placed in below.filled:
        over = known.get(_label_over(placed, row, header) or placed)
        match = match_label(placed.text, scope, False)
        if over is None or match is None:
            return None
        amount, item = (match.field, over.field) if is_turned else (over.field, match.field)
        columns.append(Column(f"{amount}@{item}", placed.start, placed.stop, placed, match))
    if len(columns) < 2 or len({column.field for column in columns}) < len(columns):
        return None
    over_all = {_label_over(placed, row, header) for placed in below.filled}
    columns += [column for column in header.columns if column.placed not in over_all]
    columns.sort(key=lambda column: column.start)
    block = next(block for block in load_schema().blocks if block.name == "funds")
    labels = header.labels + below.filled
    return replace(header, block=block, columns=tuple(columns), width=below.width, tiers=2, labels=labels)


def _match_under(placed: Placed, row: Row, header: Header, year: int | None) -> Match | None:
    """The column that a label of the lower tier names, by itself or with the one over it: 年初 under 预算数."""
    match = match_column(placed, header.block, year, False)
    over = _label_over(placed, row, header)
    if match or over is None or year_of(placed):
        return match
    return match_label(f"{placed.text}{over.text}", header.block.columns, False)


def _label_over(placed: Placed, row: Row, header: Header) -> Placed | None:
    """The label over a label of the lower tier, if it stands over others too."""
    if not header.aligned:
        return None
    wider = [one for one in row.filled if one.stop - one.start > placed.stop - placed.start]
    return next((one for one in wider if one.start <= placed.start and placed.stop <= one.stop), None)


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
        under = [one for one in lines if is_mostly_under(placed, one)]
        if len(under) == 1 and match_label(placed.text, "section", False) is None:
            return placed
    return None
