"""A level's own row among its indicators, with the points of them all: 产出指标 | | | 50 | 49, as systems print a tree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from normalize.draft import Draft, Group
from normalize.form import IndicatorRow, Level, Piece
from normalize.grids.header import Header
from normalize.grids.rows import Placed
from normalize.labels.match import match_label
from normalize.schema import load_schema
from normalize.sections.levels import read_level
from normalize.values.parse import Blank, Measure, parse_value

#: what a level's own row has none of
_OF_INDICATORS = ("target", "target_adjusted", "target_and_actual", "actual")
#: levels that are scored in a row of their own: nothing stands under them
_LONE = frozenset({"execution", "bonus", "deduction"})
_POINTS = ("weight", "score")


def read_level_name(draft: Draft, header: Header, fields: dict[str, list[Placed]]) -> None:
    """Take a level from the column of the names, where the levels have none: 产出指标, 数量指标, 培训人数 below each other."""
    names = [placed for placed in fields.get("name", ()) if placed.text.strip()]
    if not {"level1", "level2"}.isdisjoint(header.fields) or len(names) != 1 or _has_values(fields):
        return
    scope = _scope_of(draft, names[0].text)
    if not scope:
        return
    fields[scope] = fields.pop("name")
    if scope == "level1":
        draft.level1, draft.level2 = read_level(draft, names[0], "level1"), None
        return
    level = read_level(draft, names[0], "level2")
    above = load_schema().attribute("level2", level.key, "level1")
    if draft.level2 and _key(draft.level2.label.text, "level1") == above != _key_of(draft.level1):
        draft.level1 = replace(draft.level2, key=above, scope="level1")  # 成本指标 was no output after all
    draft.level2 = level


def _scope_of(draft: Draft, text: str) -> str:
    """The level that a text names; of a label of both, level 2 is meant under the level 1 that it belongs to."""
    upper, lower = (_key(text, scope) for scope in ("level1", "level2"))
    if upper in _LONE:
        return ""
    if lower and (not upper or load_schema().attribute("level2", lower, "level1") == _key_of(draft.level1)):
        return "level2"
    return "level1" if upper else ""


def _key(text: str, scope: str) -> str:
    match = match_label(text, scope, False)
    return match.field if match else ""


def _key_of(level: Level | None) -> str:
    return level.key if level else ""


def note_group(
    draft: Draft, header: Header, fields: dict[str, list[Placed]], pieces: dict[str, Piece]
) -> bool:
    """Set a level's own row aside, until it is known whether indicators follow under it; whether it is one."""
    if any(placed.text.strip() for placed in fields.get("name", ())) or _has_values(fields):
        return False
    scope = next((one for one in ("level2", "level1") if _begins(fields.get(one, ()))), "")
    level = draft.level2 if scope == "level2" else draft.level1
    if not scope or level is None or not level.key or level.key in _LONE:
        return False
    weight = parse_value(pieces["weight"].text) if "weight" in pieces else None
    if level.weight is None and isinstance(weight, Measure):
        level = replace(level, weight=weight.number)
        draft.level1, draft.level2 = (draft.level1, level) if scope == "level2" else (level, None)
    row = IndicatorRow(draft.level1, draft.level2, pieces)
    is_named = {"level1", "level2"}.isdisjoint(header.fields)
    draft.groups.append(Group(len(draft.indicators), level.label.cell, row, is_named))
    return True


def _begins(cells: list[Placed] | tuple[()]) -> bool:
    return any(placed.text.strip() and not placed.continued for placed in cells)


def _has_values(fields: dict[str, list[Placed]]) -> bool:
    """Whether there is a target or an actual value."""
    values = (placed.text for name in _OF_INDICATORS for placed in fields.get(name, ()))
    return any(not isinstance(parse_value(text), Blank) for text in values)


def settle_groups(draft: Draft) -> None:
    """Count the row of a level as an indicator if none that has points of its own follows under it.

    Where levels have columns of their own, a row without a name is a level's only if its points are the sum.
    """
    for group in reversed(draft.groups):
        sums = {name: _sum_under(draft, group, name) for name in _POINTS}
        own = {name: _points_of(group.row, name) for name in _POINTS}
        if group.is_named:
            is_group = any(number is not None for number in sums.values())
        else:
            is_group = any(own[name] is not None and own[name] == sums[name] for name in _POINTS)
        if not is_group and own["score"] is not None:
            draft.indicators.insert(group.behind, group.row)
        for name, piece in group.row.fields.items():
            draft.claim(piece.cell, "subtotal" if is_group and name in _POINTS else name)
    draft.groups.clear()


def _sum_under(draft: Draft, group: Group, name: str) -> Decimal | None:
    """What the indicators under a level sum up to; None where none has a number."""
    behind = (draft.indicators[at] for at in range(group.behind, len(draft.indicators)))
    numbers = [_points_of(one, name) for one in takewhile(lambda one: _is_under(one, group), behind)]
    printed = [number for number in numbers if number is not None]
    return sum(printed, Decimal(0)) if printed else None


def _points_of(row: IndicatorRow, name: str) -> Decimal | None:
    value = parse_value(row.fields[name].text) if name in row.fields else None
    return value.number if isinstance(value, Measure) else None


def _is_under(one: IndicatorRow, group: Group) -> bool:
    return any(level is not None and level.label.cell is group.cell for level in (one.level1, one.level2))
