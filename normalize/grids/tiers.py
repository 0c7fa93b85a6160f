"""The lower tier of a header: labels that part one label above, or that name its column more closely."""

from __future__ import annotations

from dataclasses import replace

from normalize.grids.header import Column, Header
from normalize.grids.rows import Placed, Row
from normalize.grids.under import LEVELS, is_number
from normalize.labels.match import Match, match_label
from normalize.labels.years import match_column, year_meant, year_of
from normalize.schema import load_schema


def with_second_tier(header: Header, row: Row, below: Row | None, form_year: int | None) -> Header:
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
    is_known = len(lower) - len(unknown) > 1 and all(_label_over(one, row, header) for one in unknown)
    if not is_known and not _parts_one(header, row, below):
        return header
    columns = _spread(header, row, below) if not header.aligned else list(header.columns)
    kept = [
        column
        for column in columns
        if not any(placed.start < column.stop and column.start < placed.stop for placed in lower)
    ]
    added = _first_of_each(lower)
    fields = {column.field for column in added}
    merged = [column for column in kept if column.field not in fields] + added
    merged.sort(key=lambda column: column.start)
    return replace(
        header, columns=tuple(merged), width=below.width, tiers=2, labels=header.labels + below.filled
    )


def _first_of_each(matches: dict[Placed, Match | None]) -> list[Column]:
    """A column a label; what nobody knows, or a label before it has said, makes an extra one."""
    columns: list[Column] = []
    for placed, match in matches.items():
        is_new = match and all(match.field != column.field for column in columns)
        name = match.field if match and is_new else f"extra:{placed.text.strip()}"
        columns.append(Column(name, placed.start, placed.stop, placed, match))
    return columns


def _parts_one(header: Header, row: Row, below: Row) -> bool:
    """Whether a row has nothing but two labels or more that part one above: 数据项1 and 数据项2 under 采集数据项.

    What stands under the labels of levels and names is text of the first row: 产出指标 and 数量指标 under 指标类别.
    """
    if any(match_label(one.text, scope, False) for one in below.filled for scope in ("level1", "level2")):
        return False
    first, last = below.filled[:1], below.filled[-1:]
    parts = [one for one in below.cells if first and first[0].start <= one.start <= last[0].start]
    if len(below.filled) < 2 or len(parts) > len(below.filled):
        return False
    if not row.aligned:
        return below.width == row.width + len(parts) - 1
    over = [one for one in row.cells if one.start < last[0].stop and first[0].start < one.stop]
    of_words = {column.placed for column in header.columns if column.field in LEVELS}
    goes_down = all(one.continued for one in below.cells if one not in parts)
    is_blank = all(not one.text.strip() for one in below.cells if one not in parts)
    parted = [one for one in over if one.text.strip()]
    return parted == over[:1] and parted[0] not in of_words and (goes_down or is_blank)


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
    block = load_schema().block("funds")
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
    """Where columns are unknown, move the upper tier's columns to the slots that the lower tier leaves blank.

    A run of labels of the lower tier parts one column. Where that does not come out even, the columns keep their
    distance to the nearer end.
    """
    spans = blanks_and_runs(below)
    if len(spans) == row.width:
        return [replace(one, start=spans[one.start][0], stop=spans[one.start][1]) for one in header.columns]
    lower = [placed.start for placed in below.filled]
    behind = below.width - 1 - lower[-1]
    shifted: list[Column] = []
    for column in header.columns:
        from_end = row.width - column.start
        start = below.width - from_end if from_end <= behind else column.start
        shifted.append(replace(column, start=start, stop=start + 1))
    return shifted


def blanks_and_runs(below: Row) -> list[tuple[int, int]]:
    """The slots of each blank cell, and of each run of texts."""
    spans: list[tuple[int, int]] = []
    in_run = False
    for placed in below.cells:
        filled = bool(placed.text.strip())
        if filled and in_run:
            spans[-1] = (spans[-1][0], placed.stop)
        else:
            spans.append((placed.start, placed.stop))
        in_run = filled
    return spans
