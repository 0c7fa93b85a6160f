"""A tier above a header that only says what its columns are about: 预算情况 over 年初预算 and 调整后预算."""

from __future__ import annotations

import re
from dataclasses import replace

from normalize.grids.header import Header
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Placed, Row
from normalize.grids.tiers import blanks_and_runs
from normalize.grids.under import is_number
from normalize.labels.match import match_label

# "项目负责人：某甲", "经费卡号：A2021-33"; not "资金（单位：万元）", nor "其中：财政拨款"
_LABEL_WITH_VALUE = re.compile(r"\s*(?!其中)[^()（）:：]{2,12}[:：]\s*\S")


def header_under(row: Row, below: Row | None, block: Header | None) -> Header | None:
    """The header in the row below, if this row is the tier above it: no label of the head, and a cell over several.

    Labels that go on from this row into the one below are columns of it. A row of the open ``block`` is no tier.
    """
    if below is None or len(row.filled) < 2 or (block and _goes_on(block, row)):
        return None
    if laid_over := _laid_over(row, below):
        return laid_over
    if not row.aligned:
        return None
    over_several = sum(_parts(one, below) for one in row.filled)
    goes_down = any(one.cell is other.cell for one in row.filled for other in below.cells)
    if not over_several or any(is_number(one.text) for one in row.filled):
        return None
    if over_several == 1 and not goes_down:  # a label and its value above a header
        return None
    if any(_LABEL_WITH_VALUE.match(one.text) for one in row.filled):
        return None
    ends_here = [one for one in row.filled if all(one.cell is not other.cell for other in below.cells)]
    if any(match_label(one.text, scope, False) for one in ends_here for scope in ("head", "tail")):
        return None
    cells = {one.cell for one in row.filled}
    whole = Row(
        tuple(replace(one, continued=False) if one.cell in cells else one for one in below.cells), True
    )
    header = find_header(whole, None)
    if header is None or header.block.name not in ("funds", "indicators"):
        return None
    labels = dict.fromkeys(one.cell for one in header.labels)
    over = tuple(one for one in row.filled if one.cell not in labels)
    return replace(header, tiers=2, labels=over + header.labels)


def _laid_over(row: Row, below: Row) -> Header | None:
    """The header of two rows without merged cells: what the lower one leaves blank, the upper one names.

    评价指标 | | | 分值 | 得分 above 一级指标 | 二级指标 | 三级指标 | |.
    """
    over = _cells_over(row, below)
    if not over:
        return None
    used = [one for one, low in zip(over, below.cells, strict=True) if one and not low.text.strip()]
    if not used or any(not one.text.strip() or one.continued for one in used):
        return None
    own = find_header(below, None)
    if own is None:
        return None
    cells = [low if low.text.strip() else one for one, low in zip(over, below.cells, strict=True)]
    header = find_header(Row(tuple(one for one in cells if one), below.aligned), None)
    if header is None or header.block != own.block:
        return None
    named = {column.placed for column in header.columns if column.match}
    if not all(one in named for one in used):
        return None
    return replace(header, tiers=2, labels=row.filled + below.filled)


def _cells_over(row: Row, below: Row) -> list[Placed | None]:
    """The cell over each of the lower row's, at the lower one's slot; none where that cannot be told."""
    if any(one.stop - one.start > 1 or one.continued for one in (*row.cells, *below.cells)):
        return []
    if row.aligned:
        return list(row.cells) if row.width == below.width else []
    spans = blanks_and_runs(below)
    if len(spans) != row.width:
        return []
    found: list[Placed | None] = [None] * below.width
    for placed, (start, stop) in zip(row.cells, spans, strict=True):
        found[start:stop] = [replace(placed, start=at, stop=at + 1) for at in range(start, stop)]
    return found


def _parts(placed: Placed, below: Row) -> bool:
    """Whether a cell stands over several labels."""
    return sum(placed.start <= one.start and one.stop <= placed.stop for one in below.filled) > 1


def _goes_on(block: Header, row: Row) -> bool:
    """Whether a row can be one of the open block: a line of funds or numbers, goals in the columns of goals."""
    if block.block.name == "funds":
        is_line = match_label(row.filled[0].text, "fund_item", False) is not None
        return is_line or any(is_number(one.text) for one in row.filled)
    if block.block.name == "goals":
        behind = [one for one in row.filled if one.start >= block.first]
        return all(any(c.start <= one.start and one.stop <= c.stop for c in block.columns) for one in behind)
    printed = {one.text for one in block.labels}
    return not all(one.text in printed for one in row.filled)  # the header again, on the next page
