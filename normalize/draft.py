"""A form while it is being read: the parts fill up, and every cell that is read is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.document import Bilingual, Cell, Grid, Line
from normalize.form import Fields, Form, FundRow, IndicatorRow, Level, Paragraph, Piece, Role
from normalize.headers import Header
from normalize.labels import Match, read_label
from normalize.rows import Placed


@dataclass
class Draft:
    """What has been read of a form so far; `header` is the block that is open.

    ``pair_columns`` are the amounts of a fund block of labels and values, ``turned`` is the first line of one
    that is turned over.
    """

    title: Piece | None = None
    year: Piece | None = None
    heading: dict[str, Piece] = field(default_factory=dict)
    amount_unit: Piece | None = None
    funds: list[FundRow] = field(default_factory=list)
    fund_columns: set[str] = field(default_factory=set)
    execution_weight: Piece | None = None
    goals: list[Fields] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    indicator_columns: set[str] = field(default_factory=set)
    total: dict[str, Piece] = field(default_factory=dict)
    texts: list[Paragraph] = field(default_factory=list)
    fuzzy: list[tuple[Piece, Match]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    roles: dict[Cell, Role] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    header: Header | None = None
    level1: Level | None = None
    level2: Level | None = None
    section: str = ""
    pair_columns: list[str] = field(default_factory=list)
    turned: int = 0

    @property
    def has_block(self) -> bool:
        """Whether a block of a form has been seen: without one, there is no form."""
        return bool(self.fund_columns or self.indicator_columns)

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
        """Remember the first unit of amounts that the form prints."""
        if unit and self.amount_unit is None:
            self.amount_unit = Piece(unit, cell)

    def read_remarks(self, placed: Placed) -> None:
        """Take the unit of amounts and the execution weight from the label of the fund block."""
        label = read_label(placed.text)
        self.note_unit(placed.cell, label.money_unit)
        if label.weight is not None and self.execution_weight is None:
            self.execution_weight = Piece(str(label.weight), placed.cell)

    def finish(self, kind: str, notes: tuple[Bilingual, ...]) -> Form:
        """The form as read."""
        unclaimed = tuple(cell for cell in self.cells if cell not in self.roles)
        return Form(
            kind=kind,
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
            total=self.total,
            texts=tuple(self.texts),
            fuzzy=tuple(self.fuzzy),
            grids=tuple(self.grids),
            cells=tuple(self.cells),
            roles=self.roles,
            unclaimed=unclaimed,
            notes=notes,
        )
