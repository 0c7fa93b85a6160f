"""Head and tail: label and value pairs, above, in and under the tables, in rows, lines and single cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.document import Cell, Line
from normalize.draft import Draft
from normalize.fold import fold
from normalize.form import Paragraph, Piece
from normalize.grids.rows import Placed, Row
from normalize.labels.match import LONGEST_LABEL, Match, match_label, read_label
from normalize.labels.years import without_year
from normalize.schema import fold_label, load_schema
from normalize.sections.inline import (
    LONGEST_PAIR_LINE,
    before_labels,
    begins_with_label,
    pair_over_gap,
    pairs_in_text,
)
from normalize.values.dates import YEAR, year_in

# "（2021年度）", "2019年度)", "2022 年", "(2022)年度", "二〇二一财政年度": a text that is nothing but a year
_ONLY_YEAR = re.compile(rf"[(\[]?{YEAR}[)\]]?(?:财政|预算|会计)?年(?:度)?[)\]]?")
# "某县民政局    2022年度", "万元（2022年度）": behind a gap or a unit, the year is no more of the value
_YEAR_BEHIND = re.compile(rf"(?:\s{{2,}}|\t|(?<=元)\s*)([(\[]?\s*{YEAR}\s*[)\]]?\s*年\s*度?\s*[)\]]?)$")
# … of a unit's name, in a web page that makes one blank of many
_YEAR_BEHIND_UNIT = re.compile(rf"\s({YEAR}\s*年\s*度)$")
# the date of a signature that nobody filled in: "某局（盖章）      年   月   日"
_BLANK_DATE = re.compile(r"(?:^|\s)[\s_]*年[\s_]+月[\s_]+日?$")
# "人民币：万元", "万元人民币", "元、%"
_MONEY_UNIT = re.compile(r"亿元|百万元|万元|千元|元")
_LONGEST_UNIT = 8
# "（二）绩效指标完成情况": a chapter's heading, not a form's title, unless it says so
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\))")
# "公开14表", "附表2-1": which sheet of a set this is
_SHEET_MARK = re.compile(r"(?:公开|附)(?:件|表)?\d{1,2}(?:-\d{1,2})?表?")
_STATED = frozenset({"head.total_score", "head.grade", "head.goal_planned", "head.goal_actual"})
_UNITS = frozenset({"head.department", "head.implementing_unit", "head.reporting_unit"})
#: the one field that many labels share, each for a fact of its own
_MANY_FACTS = "head.unit_facts"
# "编制数(人)", "资产总额", "公务用车数量"; what stands behind one has a digit, or says that there is none
_COUNT = re.compile(r"(?:数|数量|总额)(?:\([^()]*\))?$")
_COUNTED = re.compile(r"[\d一二三四五六七八九十两零〇无/—-]")
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]?$")


def is_title(text: str) -> bool:
    """Whether a line is the title of a form.

    >>> is_title("附件1 项目支出绩效自评表（2021年度）")
    True
    """
    title = load_schema().title
    folded = fold_label(text)
    if not folded or len(folded) > title.longest or not any(word in folded for word in title.must_contain):
        return False
    bare = _BRACKETED.sub("", folded)
    return bare.endswith(title.chapter_endings if _NUMBERED.match(folded) else title.endings)


def read_pairs(draft: Draft, row: Row) -> None:
    """Read a row of labels and values."""
    label: tuple[Match, Placed] | None = None
    for number, placed in enumerate(row.cells):
        if placed.continued or not placed.text.strip():
            if label and not placed.text.strip():
                _set(draft, label[0], "", placed.cell)
                draft.claim(placed.cell, label[0].field)
            continue
        match = _match(placed.text, label is None or label[0].field.startswith("section"))
        if match and not _is_value(label, row.cells[number:], match):
            draft.claim_label(placed.cell, match)
            if match.field.startswith("section."):
                draft.read_remarks(placed)
            elif match.field != _MANY_FACTS:
                _set(draft, match, "", placed.cell)
                _read_inline(draft, placed.cell)
            label = (match, placed)
            continue
        lead = _read_inline(draft, placed.cell)
        if label is None or _asks_for_another(label, lead):
            label = None
            read_free_cell(draft, placed.cell, lead)
        elif lead.strip():
            _set(draft, label[0], lead, placed.cell)
            if not label[0].field.startswith("tail."):
                label = None


def read_stacked(draft: Draft, row: Row, below: Row | None) -> bool:
    """Read labels side by side with their values in the row below, cell under cell; whether they stand so.

    项目名称 | 主管部门 | 实施单位, and below it the three names. No label there may have its value beside it.
    """
    if below is None or not row.aligned or len(row.cells) < 2 or len(row.filled) < len(row.cells):
        return False
    under = {(placed.start, placed.stop): placed for placed in below.cells if not placed.continued}
    pairs = []
    for placed in row.cells:
        match, value = match_label(placed.text, "head", False), under.get((placed.start, placed.stop))
        if match is None or value is None or _match(value.text, False):
            return False
        pairs.append((match, placed, value))
    if len({match.field for match, _, _ in pairs}) < len(pairs) or not below.filled:
        return False
    for match, placed, value in pairs:
        draft.claim_label(placed.cell, match)
        _set(draft, replace(match, field=f"head.{match.field}"), value.text, value.cell)
    return True


def _is_value(label: tuple[Match, Placed] | None, cells: Sequence[Placed], match: Match) -> bool:
    """Whether a text that could be a label is the value of the label before it: 主管部门 as a 项目名称's value.

    The label of a block has no value: 预算情况 and 执行情况 side by side. Nor is one fact another's value: 编制数 and
    在职人数. Behind a label over several rows, the first of ``cells`` is one where its own value follows: 项目基本情况,
    立项依据, and a text.
    """
    if label is None or match.field != label[0].field:
        return False
    follows = next((one for one in cells[1:] if one.text.strip() and not one.continued), None)
    if follows and _match(follows.text, False) is None:
        return False
    return match.field != _MANY_FACTS and not match.field.startswith("section.")


def _asks_for_another(label: tuple[Match, Placed], text: str) -> bool:
    """Whether a label asks for a count and a text has none: labels side by side head columns, 编制数（人） and 控制率."""
    is_count = label[0].field == _MANY_FACTS and _COUNT.search(fold_label(label[1].text))
    return bool(is_count and text.strip() and not _COUNTED.search(text))


def _match(text: str, similar: bool) -> Match | None:
    """A label of the head, the tail, or a block, whatever year is in front of it.

    A year is none, though its words can be those of one: (2022)年度.
    """
    if _ONLY_YEAR.fullmatch(fold_label(text)):
        return None
    text = without_year(text)
    for scope in ("head", "tail", "section"):
        match = match_label(text, scope, similar and scope == "head")
        if match:
            return Match(f"{scope}.{match.field}", match.kind, match.confidence)
    return None


def _set(draft: Draft, match: Match, text: str, cell: Cell | Line) -> None:
    scope, name = match.field.split(".")
    if scope == "tail":
        if name == "conclusion" and fold_label(text) in load_schema().grades:
            draft.fill("grade", Piece(text.strip(), cell))
            draft.claim(cell, "grade")
        elif text.strip():
            draft.texts.append(Paragraph(name, text.strip(), cell))
            draft.claim(cell, "note")
    elif scope == "head":
        unit = _MONEY_UNIT.search(fold_label(text))
        if name == "amount_unit" or (
            name == "reporting_unit" and unit and len(fold_label(text)) <= _LONGEST_UNIT
        ):
            draft.note_unit(cell, unit[0] if unit else "")
            draft.claim(cell, "amount_unit")
        else:
            draft.fill(name, Piece(text.strip(), cell))
            draft.claim(cell, name)


def _read_inline(draft: Draft, cell: Cell | Line) -> str:
    """Read the label and value pairs inside one text; what stands before them, which is all where there are none."""
    pairs = pairs_in_text(cell.text)
    for match, value in pairs:
        behind = _year_behind(match, value) if len(value) <= LONGEST_PAIR_LINE else None
        if behind:
            _note_year(draft, behind[1], cell)
        value = value[: behind.start()] if behind else value
        _set(draft, match, _BLANK_DATE.sub("", value), cell)
    if pairs:
        draft.claim(cell, pairs[0][0].field.split(".")[1], pairs[0][0].kind)
    return before_labels(cell.text) if pairs else cell.text


def _year_behind(match: Match, value: str) -> re.Match[str] | None:
    """The year that ends a value, and is none of it."""
    is_unit = match.field in _UNITS
    return _YEAR_BEHIND.search(fold(value)) or (_YEAR_BEHIND_UNIT.search(fold(value)) if is_unit else None)


def read_free_cell(draft: Draft, cell: Cell | Line, text: str) -> None:
    """Read a text without labels: the title, the year, the unit of amounts, or nothing known."""
    if is_title(text):
        draft.title = draft.title or Piece(text.strip(), cell)
        draft.claim(cell, "title")
    _note_year(draft, text, cell)
    unit = read_label(text).money_unit if len(text) < LONGEST_LABEL else ""
    if unit:
        draft.note_unit(cell, unit)
        draft.claim(cell, "amount_unit")
    if len(text) < LONGEST_LABEL and _SHEET_MARK.fullmatch(fold_label(text)):
        draft.claim(cell, "note")


def _note_year(draft: Draft, text: str, cell: Cell | Line) -> None:
    """Remember the year that a text names, unless a text that says it more plainly was there before."""
    weight = _year_weight(text)
    if not weight:
        return
    if draft.year is None or weight > _year_weight(draft.year.text):
        draft.year = Piece(text.strip(), cell)
    draft.claim(cell, "fiscal_year")


def _year_weight(text: str) -> int:
    """How plainly a text names the form's year: （2022年度） alone, a title, another 年度, a year in a title."""
    folded = fold_label(text)
    if len(folded) > load_schema().title.longest or year_in(text) is None:
        return 0
    fiscal, alone, title = "年度" in folded, _ONLY_YEAR.fullmatch(folded) is not None, is_title(text)
    ranks = (title, fiscal or alone, fiscal and title, fiscal and alone)
    return max((rank for rank, holds in enumerate(ranks, 1) if holds), default=0)


def read_margins(draft: Draft, margins: Iterable[Line]) -> None:
    """Take title and year from the page's header where the form's own text has none."""
    if draft.title is None:
        titles = (line for line in margins if is_title(line.text))
        draft.title = next((Piece(line.text.strip(), line) for line in titles), None)
    if draft.year is None:
        for line in margins:
            _note_year(draft, line.text, line)


def read_line(draft: Draft, line: Line) -> bool:
    """Read a paragraph as head fields, title or year; whether it was one of them."""
    before = len(draft.heading), draft.title, draft.year, draft.amount_unit
    if not read_alone(draft, line) and (pair := pair_over_gap(line.text)):
        _set(draft, *pair, line)
    return before != (len(draft.heading), draft.title, draft.year, draft.amount_unit)


def read_alone(draft: Draft, cell: Cell | Line) -> bool:
    """Read a text that stands alone; whether it held labels with their values.

    What stands before the first label is read too: （2023年度）  单位：万元.
    """
    lead = _read_inline(draft, cell)
    if lead.strip():
        read_free_cell(draft, cell, lead)
    return lead != cell.text


def names_another_project(draft: Draft, text: str) -> bool:
    """Whether a line under a form's tables names another project: 项目名称：… above the next form."""
    known = draft.heading.get("project_name")
    if not draft.has_block or known is None or not begins_with_label(text):
        return False
    named = {value for match, value in pairs_in_text(text) if match.field == "head.project_name"}
    return bool(named) and fold_label(known.text) not in {fold_label(value) for value in named}


def read_pair_line(draft: Draft, line: Line) -> bool:
    """Read a short paragraph under the tables that begins with a label: 填表人：…  联系电话：…

    A score or a grade there is a sentence of the report, to be held against the table.
    """
    pairs = pairs_in_text(line.text)
    if not begins_with_label(line.text) or any(match.field in _STATED for match, _ in pairs):
        return False
    _read_inline(draft, line)
    return True


def hand_over(draft: Draft, following: Draft) -> None:
    """Give a form the lines right before it that say anew what the form above has said: 填表人：李四."""
    repeated: list[Line] = []
    while draft.texts and isinstance(line := draft.texts[-1].cell, Line) and _says_anew(draft, line):
        repeated.insert(0, line)
        following.texts.insert(0, draft.texts.pop())
    for line in repeated:
        read_pair_line(following, line)


def _says_anew(draft: Draft, line: Line) -> bool:
    """Whether a line holds nothing but head fields that the form has, with other values, from elsewhere."""
    pairs = pairs_in_text(line.text) if begins_with_label(line.text) else []
    known = [draft.heading.get(match.field.removeprefix("head.")) for match, _ in pairs]
    return bool(pairs) and all(
        piece is not None and piece.cell is not line and fold_label(piece.text) != fold_label(value)
        for piece, (_, value) in zip(known, pairs, strict=True)
    )
