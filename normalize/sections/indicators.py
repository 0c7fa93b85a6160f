"""The indicator block: rows under level labels that hold until the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.document import Cell
from normalize.draft import Draft
from normalize.form import IndicatorRow, Piece
from normalize.grids.assign import assign
from normalize.grids.header import Header
from normalize.grids.rows import Placed, Row
from normalize.grids.under import is_number
from normalize.labels.match import match_label
from normalize.names import bracketed_unit, is_placeholder
from normalize.schema import load_schema
from normalize.sections.cells import COUNTED, keep_texts, pieces_of
from normalize.sections.levels import find_levels, read_level, read_levels
from normalize.sections.register import take_heads
from normalize.sections.report import read_row_below
from normalize.sections.tree import note_group, read_level_name
from normalize.values.parse import Blank, Measure, parse_value

# "持证上岗率（15分）"
_WEIGHT_BEHIND = re.compile(r"[(（]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)）]\s*$", re.ASCII)
#: columns that are read apart
_NOT_PIECES = frozenset({"level1", "level2", "target_and_actual"})
#: levels whose points stand beside the hundred
EXTRA_POINTS = frozenset({"bonus", "deduction"})


def read_indicator_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a row of the indicator block: an indicator, a placeholder, a level's own row, or a text between."""
    if read_row_below(draft, row):
        return
    fields, others = assign(header, row)
    take_heads(draft, header, fields)
    find_levels(header, fields, others)
    for placed in others:
        if section := match_label(placed.text, "section", False):
            draft.claim_label(placed.cell, section)
    if extra := _extra_over_all(others):
        draft.level1, draft.level2 = read_level(draft, extra, "level1"), None
        fields["name"] = [extra]
    if not any(placed.text.strip() for cells in fields.values() for placed in cells):
        keep_texts(draft, draft.section, others)
        return
    read_level_name(draft, header, fields)
    read_levels(draft, header, row, fields)
    if _is_level_row(draft, row):
        return
    _name_by_fourth_level(fields)
    _part_unit(fields)
    pieces = _read_pieces(header, fields)
    if "weight" not in header.fields and "name" in pieces:
        _take_weight(draft, pieces)
    _count_here(draft, fields, pieces)
    if note_group(draft, header, fields, pieces):
        return
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
    """The target, or weight, that was adjusted in mid-year holds where it is filled; the initial one is kept."""
    for name in ("target", "weight"):
        if _is_filled(pieces, f"{name}_adjusted"):
            if name in pieces:
                pieces[f"{name}_initial"] = pieces[name]
            pieces[name] = pieces.pop(f"{name}_adjusted")


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


def _name_by_fourth_level(fields: dict[str, list[Placed]]) -> None:
    """In a form of four levels, the fourth names the indicator."""
    if "level4" in fields:
        if "name" in fields:
            fields["level3"] = fields["name"]
        fields["name"] = fields.pop("level4")


def _part_unit(fields: dict[str, list[Placed]]) -> None:
    """A unit in brackets in a cell of its own behind the name: 聘用草原管护员 | （人）."""
    names = [placed for placed in fields.get("name", ()) if placed.text.strip()]
    if len(names) > 1 and "unit" not in fields and bracketed_unit(names[-1].text):
        fields["name"] = names[:-1]
        fields["unit"] = names[-1:]


def _read_pieces(header: Header, fields: dict[str, list[Placed]]) -> dict[str, Piece]:
    """The texts of a row's fields but its levels; a remark is the reason where no column is headed so."""
    apart = _part_values(fields)
    pieces = {name: piece for name, piece in pieces_of(fields).items() if name not in _NOT_PIECES}
    if "remark" in pieces and "reason" not in header.fields:
        pieces["reason"] = pieces.pop("remark")
    pieces |= apart
    _take_adjusted(pieces)
    return pieces


def _part_values(fields: dict[str, list[Placed]]) -> dict[str, Piece]:
    """Target and actual value of one cell, if one stroke parts them: 150件/163件; otherwise nobody claims the cell."""
    cells = fields.get("target_and_actual", [])
    parts = re.split("[/／]", cells[0].text) if len(cells) == 1 else []
    if len(parts) != 2:
        fields.pop("target_and_actual", None)
        return {}
    return {
        name: Piece(text.strip(), cells[0].cell)
        for name, text in zip(("target", "actual"), parts, strict=True)
    }


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
