"""The indicator block: rows under level labels that hold until the next one."""

from __future__ import annotations

from decimal import Decimal

from normalize.draft import Draft
from normalize.form import IndicatorRow, Level, Piece
from normalize.headers import Header, assign
from normalize.labels import match_label, read_label
from normalize.names import is_placeholder
from normalize.rows import Placed, Row
from normalize.schema import load_schema
from normalize.sections.cells import pieces_of
from normalize.values import Blank, parse_value

#: fields that make a row without a name an indicator all the same
SUBSTANCE = ("target", "actual", "score")


def read_level(draft: Draft, placed: Placed, scope: str) -> Level:
    """Read a level label; its key is blank where the label says nothing known."""
    match = match_label(placed.text, scope)
    if match:
        draft.claim_label(placed.cell, match, scope)
    else:
        draft.claim(placed.cell, scope)
    weight = read_label(placed.text).weight
    if weight is None and match is None:
        weight = _bare_weight(placed.text)
    return Level(match.field if match else "", Piece(placed.text.strip(), placed.cell), weight, scope)


def _bare_weight(text: str) -> Decimal | None:
    """A label that was reduced to its weight: (50分)."""
    number = text.strip().strip("()（） \n").removesuffix("分").strip()
    return Decimal(number) if number.isascii() and number.isdigit() else None


def read_indicator_row(draft: Draft, header: Header, row: Row) -> None:
    """Read a row of the indicator block: an indicator, a placeholder, or a level's own row."""
    fields, others = assign(header, row)
    for placed in others:
        if section := match_label(placed.text, "section", False):
            draft.claim_label(placed.cell, section)
    _read_levels(draft, header, fields)
    if _is_level_row(draft, row):
        return
    pieces = {name: piece for name, piece in pieces_of(fields).items() if name not in ("level1", "level2")}
    nameless = "name" not in pieces or is_placeholder(pieces["name"].text)
    substance = [pieces[key] for key in SUBSTANCE if key in pieces]
    if nameless and all(isinstance(parse_value(piece.text), Blank) for piece in substance):
        for cells in fields.values():
            for placed in cells:
                draft.claim(placed.cell, "placeholder")
        return
    for key, cells in fields.items():
        for placed in cells:
            draft.claim(placed.cell, key)
    draft.indicators.append(IndicatorRow(draft.level1, draft.level2, pieces))


def _read_levels(draft: Draft, header: Header, fields: dict[str, list[Placed]]) -> None:
    first = next((placed for placed in fields.get("level1", ()) if placed.text.strip()), None)
    if first and (draft.level1 is None or draft.level1.label.cell is not first.cell):
        if _holds_level2(draft, header, first):
            draft.level1, draft.level2 = None, read_level(draft, first, "level2")
        else:
            draft.level1, draft.level2 = read_level(draft, first, "level1"), None
    second = next((placed for placed in fields.get("level2", ()) if placed.text.strip()), None)
    if second and (draft.level2 is None or draft.level2.label.cell is not second.cell):
        draft.level2 = read_level(draft, second, "level2")


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


def level_keys(row: IndicatorRow) -> tuple[str, str]:
    """The keys of level 1 and level 2; a level 1 that is not printed follows from level 2."""
    level2 = row.level2.key if row.level2 else ""
    level1 = row.level1.key if row.level1 else ""
    return level1 or load_schema().attribute("level2", level2, "level1"), level2
