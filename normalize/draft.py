"""A form while it is being read: the parts fill up, and every cell that is read is claimed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extract.document import Bilingual, Cell, Grid, Line
from normalize.form import Fields, Form, FundRow, IndicatorRow, Level, Paragraph, Piece, Role, TotalRow
from normalize.grids.header import Header
from normalize.grids.rows import Placed
from normalize.labels.match import Match, read_label
from normalize.schema import load_schema

#: the section of a report's texts that stand before the form
BEFORE = "report"


@dataclass(frozen=True, slots=True)
class Group:
    """A level's own row with points, behind so many indicators; ``cell`` is its label.

    ``is_named`` says that the label stands in the column of the indicators' names.
    """

    behind: int
    cell: Cell | Line
    row: IndicatorRow
    is_named: bool


@dataclass
class Draft:
    """What has been read of a form so far; `header` is the block that is open.

    ``unit`` is the unit of amounts printed last, which holds for the funds under it. ``pair_columns`` are the
    amounts of a fund block of labels and values, each with its values' slot; ``pair_heads`` are the labels above it by
    their distance from the row's end. ``turned`` is the first line of one that is turned over.
    ``uncounted`` are weights and scores that begin in a row that was left out, ``groups`` the rows of levels of which
    it is not known yet whether they sum up indicators. ``unit_below`` is a unit printed
    below the total, which is the next form's. ``parted`` says that a text stands
    below the last table, ``in_report`` that the report behind the form has begun.
    """

    title: Piece | None = None
    year: Piece | None = None
    heading: dict[str, Piece] = field(default_factory=dict)
    amount_unit: Piece | None = None
    unit: str = ""
    funds: list[FundRow] = field(default_factory=list)
    fund_columns: set[str] = field(default_factory=set)
    execution_weight: Piece | None = None
    goals: list[Fields] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    indicator_columns: set[str] = field(default_factory=set)
    totals: list[TotalRow] = field(default_factory=list)
    texts: list[Paragraph] = field(default_factory=list)
    fuzzy: list[tuple[Piece, Match]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    roles: dict[Cell, Role] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    header: Header | None = None
    level1: Level | None = None
    level2: Level | None = None
    section: str = ""
    pair_columns: list[tuple[str, int]] = field(default_factory=list)
    pair_heads: dict[int, Piece] = field(default_factory=dict)
    turned: int = 0
    uncounted: set[Cell] = field(default_factory=set)
    groups: list[Group] = field(default_factory=list)
    unit_below: Piece | None = None
    parted: bool = False
    in_report: bool = False
    notes: list[Bilingual] = field(default_factory=list)

    @property
    def has_block(self) -> bool:
        """Whether a block of a form has been seen: without one, there is no form.

        Funds alone are a form's if they have a project's name, or else if most of their lines are known and no
        report goes before: a table of expenses looks like funds.
        """
        if self.indicator_columns or not self.fund_columns or "project_name" in self.heading:
            return bool(self.indicator_columns or self.fund_columns)
        known = sum(1 if line.item else -1 for line in self.funds)
        return known >= 0 and not any(one.section == BEFORE for one in self.texts)

    @property
    def total(self) -> TotalRow | None:
        """The total among the rows that sum up: the last that says so, else the last behind all indicators.

        Bonus points and deductions may stand behind the total, and the grade in a row of its own below it.
        """
        said = [row for row in self.totals if row.is_whole]
        last = [row for row in self.totals if not row.behind or self._is_last(row)]
        rows = said or last
        total = next((row for row in reversed(rows) if row.has_number), next(reversed(rows), None))
        grades = [row.fields["grade"] for row in rows if "grade" in row.fields]
        return replace(total, fields={"grade": grades[-1], **total.fields}) if total and grades else total

    def _is_last(self, row: TotalRow) -> bool:
        return all(map(_is_extra, self.indicators[row.behind :]))

    @property
    def is_complete(self) -> bool:
        """Whether the form's total has been read, behind its indicators: what follows is its tail or a report."""
        total = self.total
        return total is not None and bool(total.behind) and (total.is_whole or _is_hundred(total))

    def claim(self, cell: Cell | Line, role: str, match: str = "position") -> None:
        """Say what a cell was read as; the first claim stands. Lines need no claim: they are kept as texts."""
        if isinstance(cell, Cell) and cell not in self.roles and cell.text.strip():
            self.roles[cell] = Role(role, match)

    def claim_label(self, cell: Cell | Line, match: Match, role: str = "label") -> None:
        """Claim a cell as a label, and remember a similarity match, which is to be reported."""
        if isinstance(cell, Cell) and cell not in self.roles:
            self.roles[cell] = Role(role, match.kind, match.confidence)
            if match.kind == "fuzzy":
                self.fuzzy.append((Piece(cell.text, cell), match))

    def fill(self, name: str, piece: Piece) -> None:
        """Fill a head field; the first non-blank text stands."""
        known = self.heading.get(name)
        if known is None or not known.text.strip():
            self.heading[name] = piece

    def note_unit(self, cell: Cell | Line, unit: str) -> None:
        """Take a printed unit of amounts: it holds for the funds under it, until the next one.

        The form's own is the one that its first funds stand under, or else the first below them.
        """
        if unit and self.is_complete:
            self.unit_below = Piece(unit, cell)
        elif unit:
            self.unit = unit
            if self.amount_unit is None or not self.funds:
                self.amount_unit = Piece(unit, cell)

    def read_remarks(self, placed: Placed) -> None:
        """Take the unit of amounts and the execution weight from the label of the fund block."""
        label = read_label(placed.text)
        above = self.amount_unit
        if label.money_unit and above and above.text != label.money_unit and not self.funds:
            self.notes.append(_two_units(above.text, label.money_unit))
        self.note_unit(placed.cell, label.money_unit)
        if label.weight is not None and self.execution_weight is None:
            self.execution_weight = Piece(str(label.weight), placed.cell)

    def set_aside(self) -> None:
        """Keep the tables read so far as texts: they stand before the form, or behind it, and are none of it."""
        for cell in self.cells:
            if cell not in self.roles:
                self.texts.append(Paragraph("note", cell.text.strip(), cell))
                self.roles[cell] = Role("note", "position")

    def forget_tables(self) -> None:
        """Begin anew: what was read of a report's tables above the form feeds no form. Lines keep what they said."""
        self.set_aside()
        self.heading = {name: piece for name, piece in self.heading.items() if isinstance(piece.cell, Line)}
        for part in (self.funds, self.fund_columns, self.goals, self.totals, self.fuzzy, self.pair_columns):
            part.clear()
        self.pair_heads.clear()
        self.header = self.amount_unit = self.execution_weight = None
        self.unit = self.section = ""

    @property
    def kind(self) -> str:
        """What kind of form the title names; a form with a project's name is a project's."""
        title = self.title.text if self.title else ""
        for kind, words in load_schema().title.kinds:
            if any(word in title for word in words):
                return kind
        return "project" if "project_name" in self.heading else "other"

    def finish(self, notes: tuple[Bilingual, ...]) -> Form:
        """The form as read."""
        total = self.total
        for row in self.totals:
            if total is None or row.label is not total.label:
                self.roles.update((cell, Role("subtotal", "position")) for cell in row.cells)
        unclaimed = tuple(cell for cell in self.cells if cell not in self.roles)
        return Form(
            kind=self.kind,
            title=self.title,
            year=self.year,
            heading=self.heading,
            amount_unit=self.amount_unit,
            funds=tuple(self.funds),
            fund_columns=frozenset(self.fund_columns),
            execution_weight=self.execution_weight,
            goals=tuple(self.goals),
            indicators=tuple(self.indicators),
            indicator_columns=frozenset(self.indicator_columns),
            total=total.fields if total else {},
            texts=tuple(self.texts),
            fuzzy=tuple(self.fuzzy),
            grids=tuple(self.grids),
            cells=tuple(self.cells),
            roles=self.roles,
            unclaimed=unclaimed,
            notes=(*notes, *self.notes),
        )


def _is_extra(row: IndicatorRow) -> bool:
    return row.level1 is not None and row.level1.key in ("bonus", "deduction")


def _is_hundred(total: TotalRow) -> bool:
    weight = total.fields.get("weight")
    return weight is not None and re.fullmatch(r"100(?:\.0+)?分?", weight.text) is not None


def _two_units(above: str, own: str) -> Bilingual:
    return Bilingual(
        f"表格上方的金额单位为{above}，资金栏的金额单位为{own}；按资金栏读取",
        f"the unit of amounts above the table is {above}, the one of the fund block is {own}; the latter is used",
    )
