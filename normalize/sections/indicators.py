"""The indicator block: rows under level labels that hold until the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from extract.document import Cell
from normalize.assign import assign
from normalize.draft import Draft
from normalize.form import IndicatorRow, Level, Piece
from normalize.headers import Header, is_number
from normalize.labels import match_label, read_label
from normalize.names import bracketed_unit, is_placeholder
from normalize.rows import Placed, Row
from normalize.schema import load_schema
from normalize.sections.cells import COUNTED, keep_texts, pieces_of
from normalize.sections.report import read_row_below
from normalize.values import Blank, Measure, parse_value

# "持证上岗率（15分）"
_WEIGHT_BEHIND = re.compile(r"[(（]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)）]\s*$", re.ASCII)
# what parts the two levels in one cell: "产出-数量", "产出指标/数量指标", "产出指标\n数量指标"
_BETWEEN_LEVELS = re.compile(r"\s*[-—–－/／、·:：\n]+\s*")
#: levels whose points stand beside the hundred
EXTRA_POINTS = frozenset({"bonus", "deduction"})


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


def read_indicator_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a row of the indicator block: an indicator, a placeholder, a level's own row, or a text between."""
    if read_row_below(draft, row):
        return
    fields, others = assign(header, row)
    _find_levels(header, fields, others)
    for placed in others:
        if section := match_label(placed.text, "section", False):
            draft.claim_label(placed.cell, section)
    if extra := _extra_over_all(others):
        draft.level1, draft.level2 = read_level(draft, extra, "level1"), None
        fields["name"] = [extra]
    if not any(placed.text.strip() for cells in fields.values() for placed in cells):
        keep_texts(draft, draft.section, others)
        return
    _read_levels(draft, header, row, fields)
    if _is_level_row(draft, row):
        return
    if "level4" in fields:
        if "name" in fields:
            fields["level3"] = fields["name"]
        fields["name"] = fields.pop("level4")
    _part_unit(fields)
    pieces = {name: piece for name, piece in pieces_of(fields).items() if name not in ("level1", "level2")}
    if "remark" in pieces and "reason" not in header.fields:
        pieces["reason"] = pieces.pop("remark")
    _take_adjusted(pieces)
    if "weight" not in header.fields and "name" in pieces:
        _take_weight(draft, pieces)
    _count_here(draft, fields, pieces)
    if draft.level1 and draft.level1.key in EXTRA_POINTS and not _has_points(pieces):
        _leave_out(draft, fields, pieces, is_blank=True)
        return
    nameless = "name" not in pieces or is_placeholder(pieces["name"].text)
    scored = _is_filled(pieces, "score") and _names_level(fields)
    if nameless and not scored and not _has_substance(row, pieces):
        _leave_out(draft, fields, pieces)
        return
    for key, cells in fields.items():
        for placed in cells:
            draft.claim(placed.cell, key)
    draft.indicators.append(IndicatorRow(draft.level1, draft.level2, pieces))


def _find_levels(header: Header, fields: dict[str, list[Placed]], others: list[Placed]) -> None:
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


def _extra_over_all(others: Iterable[Placed]) -> Placed | None:
    """The label of a row of bonus points that covers all columns but those of numbers: 加分项 behind the total."""
    for placed in others:
        match = None if placed.continued else match_label(placed.text, "level1", False)
        if match and match.field in EXTRA_POINTS:
            return placed
    return None


def _has_points(pieces: dict[str, Piece]) -> bool:
    """Whether a bonus or a deduction was scored: otherwise its row says what there could have been."""
    score = parse_value(pieces["score"].text) if "score" in pieces else Blank("", "empty")
    return not isinstance(score, Blank) and not (isinstance(score, Measure) and score.number == 0)


def _has_substance(row: Row, pieces: dict[str, Piece]) -> bool:
    """Whether a row without a name is an indicator all the same: it has a target, or an actual value.

    The row's first text is its label, under whatever column it came to stand: 最后合起来 | 100 | 100.
    """
    leads = row.filled[0].cell if row.filled else None
    is_reached = _is_filled(pieces, "actual") and pieces["actual"].cell is not leads
    return is_reached or _is_filled(pieces, "target")


def _take_adjusted(pieces: dict[str, Piece]) -> None:
    """The target that was adjusted in mid-year is the target where it is filled; the initial one is kept."""
    if _is_filled(pieces, "target_adjusted"):
        if "target" in pieces:
            pieces["target_initial"] = pieces["target"]
        pieces["target"] = pieces.pop("target_adjusted")


def _take_weight(draft: Draft, pieces: dict[str, Piece]) -> None:
    """The weight behind an indicator's name, in a form without a column for it: 持证上岗率（15分）."""
    printed = _WEIGHT_BEHIND.search(pieces["name"].text)
    if printed:
        pieces["weight"] = Piece(printed[1], pieces["name"].cell)
        draft.indicator_columns.add("weight")


def _is_filled(pieces: dict[str, Piece], name: str) -> bool:
    return name in pieces and not isinstance(parse_value(pieces[name].text), Blank)


def _names_level(fields: dict[str, list[Placed]]) -> bool:
    """Whether a known level begins in the row: 预算执行率 | 10 | 9.5 is scored without a name."""
    return any(
        not placed.continued and match_label(placed.text, scope, False)
        for scope in ("level1", "level2")
        for placed in fields.get(scope, ())
    )


def _leave_out(
    draft: Draft, fields: dict[str, list[Placed]], pieces: dict[str, Piece], is_blank: bool = False
) -> None:
    """Claim a row that names no indicator. A score in it is nobody's, unless its cell goes on in the row below.

    That of a bonus nobody claimed ``is_blank``: 0.
    """
    for name, cells in fields.items():
        for placed in cells:
            if name in COUNTED and not pieces[name].merged:
                draft.uncounted.add(placed.cell)
            if is_blank or name != "score" or not is_number(placed.text):
                draft.claim(placed.cell, "placeholder")


def _count_here(draft: Draft, fields: dict[str, list[Placed]], pieces: dict[str, Piece]) -> None:
    """Count a merged weight or score here if it began in a row that was left out."""
    for name, piece in pieces.items():
        if piece.merged and isinstance(piece.cell, Cell) and piece.cell in draft.uncounted:
            draft.uncounted.remove(piece.cell)
            draft.roles.pop(piece.cell, None)
            pieces[name] = Piece(piece.cell.text.strip(), piece.cell)


def _part_unit(fields: dict[str, list[Placed]]) -> None:
    """A unit in brackets in a cell of its own behind the name: 聘用草原管护员 | （人）."""
    names = [placed for placed in fields.get("name", ()) if placed.text.strip()]
    if len(names) > 1 and "unit" not in fields and bracketed_unit(names[-1].text):
        fields["name"] = names[:-1]
        fields["unit"] = names[-1:]


def _read_levels(draft: Draft, header: Header, row: Row, fields: dict[str, list[Placed]]) -> None:
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


def _is_level_row(draft: Draft, row: Row) -> bool:
    """A row that holds nothing but a level label, spread over the columns: a group's own heading."""
    if len(row.filled) != 1:
        return False
    only = row.filled[0]
    for scope in ("level1", "level2"):
        if match_label(only.text, scope, False) and only.stop - only.start > 1:
            level = read_level(draft, only, scope)
            if scope == "level1":
                draft.level1, draft.level2 = level, None
            else:
                draft.level2 = level
            return True
    return False


def level_keys(row: IndicatorRow, columns: frozenset[str]) -> tuple[str, str]:
    """The keys of level 1 and level 2, one recovered from the other where a form prints only one of them.

    Satisfaction is the only level 1 with a single level 2; a blank cell under 二级指标 means that one.
    """
    level2 = row.level2.key if row.level2 else ""
    level1 = row.level1.key if row.level1 else ""
    if level1 == "satisfaction" and "level2" in columns and row.level2 is None:
        level2 = level1
    return level1 or load_schema().attribute("level2", level2, "level1"), level2
