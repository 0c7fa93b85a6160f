"""Head and tail: label and value pairs, above, in and under the tables, in rows, lines and single cells."""

from __future__ import annotations

import re

from extract.document import Cell, Line
from normalize.draft import Draft
from normalize.fold import fold
from normalize.form import Paragraph, Piece
from normalize.headers import is_number
from normalize.labels import LONGEST_LABEL, Match, match_label, read_label
from normalize.rows import Placed, Row
from normalize.schema import fold_label, load_schema
from normalize.values import Measure, parse_value

#: a line of labels and values is short; longer ones are text
LONGEST_PAIR_LINE = 120

_COLON = re.compile(r"[:：]")
# "（2021年度）", "2019年度)", "2022 年", "二〇二一年度"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2}|二[〇○零O0][一二三四五六七八九〇○零]{2})\s*年")
_ONLY_YEAR = re.compile(r"\(?(?:\d{4}|二\w{3})年\)?")
# "人民币：万元", "万元人民币", "元、%"
_MONEY_UNIT = re.compile(r"亿元|百万元|万元|千元|元")
_LONGEST_UNIT = 8
# "（二）绩效指标完成情况": a chapter's heading, not a form's title, unless it says so
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\))")
_STATED = frozenset({"head.total_score", "head.grade", "head.goal_planned", "head.goal_actual"})
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


def year_in(text: str) -> str | None:
    """The first year that a text names, in Arabic digits."""
    found = _YEAR.search(fold(text))
    if found is None:
        return None
    digits = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
    return found[1].translate(digits)


def pairs_in_text(text: str) -> list[tuple[Match, str]]:
    """The labels and values of a text such as ``填表人：张三    联系电话：0371-1234567``, in order."""
    if len(text) > LONGEST_PAIR_LINE:
        return _leading_pair(text)
    found: list[tuple[Match, int, int]] = []
    begin = 0
    for colon in _COLON.finditer(text):
        labelled = _label_before(text, begin, colon.start())
        if labelled:
            match, start = labelled
            found.append((match, start, colon.end()))
        begin = colon.end()
    ends = [*(start for _, start, _ in found[1:]), len(text)]
    return [(match, text[stop:end].strip()) for (match, _, stop), end in zip(found, ends, strict=False)]


def _leading_pair(text: str) -> list[tuple[Match, str]]:
    """The label that a long text begins with, and all of the rest: 备注：1.…"""
    colon = _COLON.search(text, 0, LONGEST_LABEL)
    labelled = _label_before(text, 0, colon.start()) if colon else None
    if colon is None or labelled is None or text[: labelled[1]].strip():
        return []
    return [(labelled[0], text[colon.end() :].strip())]


def _label_before(text: str, begin: int, colon: int) -> tuple[Match, int] | None:
    """The longest label that ends at the colon."""
    for start in range(max(begin, colon - LONGEST_LABEL), colon):
        if text[start].isspace() or not _is_one_label(text[start:colon]):
            continue
        for scope in ("head", "tail"):
            match = match_label(text[start:colon], scope, False)
            if match:
                return Match(f"{scope}.{match.field}", match.kind), start
    return None


def is_amount(text: str) -> bool:
    """Whether a text is a number, with or without a unit, or a dash."""
    return is_number(text) or isinstance(parse_value(text), Measure)


def _is_one_label(text: str) -> bool:
    """A label may be spaced out (填 表 人), but does not reach over a gap to the words before it."""
    pieces = text.split()
    return len(pieces) == 1 or all(len(piece) == 1 for piece in pieces)


def read_pairs(draft: Draft, row: Row) -> None:
    """Read a row of labels and values."""
    label: tuple[Match, Placed] | None = None
    for placed in row.cells:
        if placed.continued or not placed.text.strip():
            if label and not placed.text.strip():
                _set(draft, label[0], "", placed.cell)
                draft.claim(placed.cell, label[0].field)
            continue
        match = _match(placed.text, label is None or label[0].field.startswith("section"))
        if match and not _is_value(label, placed, match):
            draft.claim_label(placed.cell, match)
            if match.field.startswith("section."):
                draft.read_remarks(placed)
            else:
                _set(draft, match, "", placed.cell)
            label = (match, placed)
        elif not _read_inline(draft, placed.cell) and label:
            _set(draft, label[0], placed.text, placed.cell)
            if not label[0].field.startswith("tail."):
                label = None
        elif label is None:
            read_free_cell(draft, placed.cell, placed.text)


def _is_value(label: tuple[Match, Placed] | None, placed: Placed, match: Match) -> bool:
    """Whether a text that could be a label is the value of the label before it: 主管部门 as a 项目名称's value."""
    return label is not None and match.field == label[0].field


def _match(text: str, similar: bool) -> Match | None:
    """A label of the head, the tail, or a block."""
    for scope in ("head", "tail", "section"):
        match = match_label(text, scope, similar and scope == "head")
        if match:
            return Match(f"{scope}.{match.field}", match.kind, match.confidence)
    return None


def _set(draft: Draft, match: Match, text: str, cell: Cell | Line) -> None:
    scope, name = match.field.split(".")
    if scope == "tail":
        if text.strip():
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


def _read_inline(draft: Draft, cell: Cell | Line) -> bool:
    """Read the label and value pairs inside one text; whether there were any."""
    pairs = pairs_in_text(cell.text)
    for match, value in pairs:
        _set(draft, match, value, cell)
    if pairs:
        draft.claim(cell, pairs[0][0].field.split(".")[1], pairs[0][0].kind)
    return bool(pairs)


def read_free_cell(draft: Draft, cell: Cell | Line, text: str) -> None:
    """Read a text without labels: the title, the year, the unit of amounts, or nothing known."""
    title = is_title(text)
    if title:
        draft.title = draft.title or Piece(text.strip(), cell)
        draft.claim(cell, "title")
    dated = title or "年度" in text or _ONLY_YEAR.fullmatch(fold_label(text))
    year = year_in(text) if dated and len(fold_label(text)) <= load_schema().title.longest else None
    if year:
        draft.year = draft.year or Piece(year, cell)
        draft.claim(cell, "fiscal_year")
    unit = read_label(text).money_unit if len(text) < LONGEST_LABEL else ""
    if unit:
        draft.note_unit(cell, unit)
        draft.claim(cell, "amount_unit")


def read_line(draft: Draft, line: Line) -> bool:
    """Read a paragraph as head fields, title or year; whether it was one of them."""
    before = len(draft.heading), draft.title, draft.year, draft.amount_unit
    read_alone(draft, line)
    return before != (len(draft.heading), draft.title, draft.year, draft.amount_unit)


def read_alone(draft: Draft, cell: Cell | Line) -> bool:
    """Read a text that stands alone; whether it held labels with their values.

    What stands before the first label is read too: （2023年度）  单位：万元.
    """
    if not _read_inline(draft, cell):
        read_free_cell(draft, cell, cell.text)
        return False
    colon = _COLON.search(cell.text)
    first = _label_before(cell.text, 0, colon.start()) if colon else None
    if first and cell.text[: first[1]].strip():
        read_free_cell(draft, cell, cell.text[: first[1]])
    return True


def begins_with_label(text: str) -> bool:
    """Whether a text begins with a label of the head and a colon: 填表人：…"""
    colon = _COLON.search(text)
    first = _label_before(text, 0, colon.start()) if colon else None
    return first is not None and not text[: first[1]].strip() and first[0].field.startswith("head.")


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
    return _read_inline(draft, line)
