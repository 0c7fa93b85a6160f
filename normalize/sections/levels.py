"""The levels of the indicators: labels in columns of their own, beside them, in one cell, or over all columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from normalize.draft import Draft
from normalize.form import Level, Piece
from normalize.grids.header import Header
from normalize.grids.rows import Placed, Row
from normalize.labels.match import match_label, read_label
from normalize.schema import load_schema

# what parts the two levels in one cell: "产出-数量", "产出指标/数量指标", "产出指标\n数量指标"
_BETWEEN_LEVELS = re.compile(r"\s*[-—–－/／、·:：\n]+\s*")


def read_level(draft: Draft, placed: Placed, scope: str) -> Level:
    """Read a level label; its key is blank where the label says nothing known."""
    text = placed.text.strip()
    *lines, last = text.splitlines() or [""]
    bare, printed = _bare_weight(last), read_label(text).weight
    match = match_label("".join(lines) if lines and bare is not None else text, scope)
    if match:
        draft.claim_label(placed.cell, match, scope)
    else:
        draft.claim(placed.cell, scope)
    weight = bare if printed is None else printed
    return Level(match.field if match else "", Piece(text, placed.cell), weight, scope)


def _bare_weight(text: str) -> Decimal | None:
    """A label, or the last line of one, that is nothing but its weight: (50分), 45, 10%."""
    number = re.sub(r"[分%％]$", "", text.strip().strip("()（） \n")).strip()
    return Decimal(number) if re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", number, re.ASCII) else None


def find_levels(header: Header, fields: dict[str, list[Placed]], others: list[Placed]) -> None:
    """Level labels that no column is headed for: left of the header, or under the name's, which covers both.

    评价指标 over 产出 | 培训人数; a header row that begins behind the levels' merged cells.
    """
    if not {"level1", "level2"}.isdisjoint(header.fields):
        return
    named = next((column for column in header.columns if column.field == "name"), None)
    filled = [placed for placed in fields.get("name", ()) if placed.text.strip()]
    unknown = [one for name, cells in fields.items() if name.startswith("extra:") for one in cells]
    for placed in [*others, *filled[:-1], *unknown]:
        scopes = [scope for scope in ("level1", "level2") if match_label(placed.text, scope, False)]
        is_under_name = named is not None and header.aligned and named.start <= placed.start < named.stop
        scope = next((one for one in scopes if one not in fields), "level1" if is_under_name else "")
        if placed.text.strip() and scope and scope not in fields:
            fields[scope] = [placed]
            for cells in (others, *(cells for name, cells in fields.items() if name != scope)):
                if placed in cells:
                    cells.remove(placed)
    for name in [name for name, cells in fields.items() if not cells]:
        del fields[name]


def read_levels(draft: Draft, header: Header, row: Row, fields: dict[str, list[Placed]]) -> None:
    if whole := _over_all_levels(header, fields):
        draft.level1, draft.level2 = _weighed(read_level(draft, whole, "level1"), fields), None
        return
    first = _level_cell(fields.get("level1", ()), "level1")
    second = _level_cell(fields.get("level2", ()), "level2")
    if first is None and second and row.width < header.width and _is_both(draft, second):
        first = second
    if first and second is None and (both := _both_levels(draft, first)):
        draft.level1, draft.level2 = both
        return
    if first and (draft.level1 is None or draft.level1.label.cell is not first.cell):
        if _holds_level2(draft, header, first):
            draft.level1, draft.level2 = None, read_level(draft, first, "level2")
        else:
            draft.level1, draft.level2 = _weighed(read_level(draft, first, "level1"), fields), None
    if second and (draft.level2 is None or draft.level2.label.cell is not second.cell):
        draft.level2 = _weighed(read_level(draft, second, "level2"), fields)


def _both_levels(draft: Draft, placed: Placed) -> tuple[Level, Level] | None:
    """Both levels in one cell: 产出指标-数量指标, 产出/数量; what of it is level 1 stands first."""
    parts = [part for part in _BETWEEN_LEVELS.split(placed.text.strip()) if part.strip()]
    if len(parts) != 2:
        return None
    levels = []
    for text, scope in zip(parts, ("level1", "level2"), strict=True):
        match = match_label(text, scope, False)
        if match is None:
            return None
        levels.append(Level(match.field, Piece(text.strip(), placed.cell), read_label(text).weight, scope))
    draft.claim(placed.cell, "level1", "alias")
    return levels[0], levels[1]


def _over_all_levels(header: Header, fields: dict[str, list[Placed]]) -> Placed | None:
    """A name that covers the level columns too, and is itself a level: 预算执行率, on its own at the end."""
    if "level1" not in header.fields or "level1" in fields:
        return None
    wide = [one for one in fields.get("name", ()) if not one.continued and one.stop - one.start > 1]
    return next((one for one in wide if match_label(one.text, "level1", False)), None)


def _weighed(level: Level, fields: dict[str, list[Placed]]) -> Level:
    """A level with the weight that a column of its own gives it."""
    beside = (_bare_weight(placed.text) for placed in fields.get(f"{level.scope}_weight", ()))
    weight = next((weight for weight in beside if weight is not None), level.weight)
    return replace(level, weight=weight)


def _level_cell(cells: Iterable[Placed], scope: str) -> Placed | None:
    """The cell that names the level; a second cell under the same header is a remark."""
    filled = [placed for placed in cells if placed.text.strip()]
    named = [placed for placed in filled if match_label(placed.text, scope)]
    return next(iter(named or filled), None)


def _is_both(draft: Draft, placed: Placed) -> bool:
    """A label that spanned both level columns, in a row that lost a cell by it: 满意度指标; not 成本指标 among outputs."""
    match, inner = match_label(placed.text, "level1", False), match_label(placed.text, "level2", False)
    if match is None or draft.level1 is None:
        return match is not None
    own = load_schema().attribute("level2", inner.field, "level1") if inner else ""
    return draft.level1.key not in (match.field, own)


def _holds_level2(draft: Draft, header: Header, placed: Placed) -> bool:
    """Whether the only level column holds level 2: its labels say so, or the one before did."""
    if "level2" in header.fields or match_label(placed.text, "level2", False) is None:
        return False
    return draft.level2 is not None or match_label(placed.text, "level1", False) is None
