"""A form as printed: raw texts with their cells, sorted into the parts of the form, and not yet read as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from extract.document import Bilingual, Cell, Grid, Line
from normalize.labels.match import Match

#: the columns of a fund line that hold money
AMOUNTS = ("budget_initial", "budget_adjusted", "received", "executed")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text that answers for a field, and the cell or line it stands in.

    The text can be a part of the cell's (项目负责人：冯雨). ``merged`` says that the cell covers several rows
    and has been counted in the first of them.
    """

    text: str
    cell: Cell | Line
    merged: bool = False


Fields = Mapping[str, Piece]


@dataclass(frozen=True, slots=True)
class Role:
    """What a cell was read as: a field's name, ``label``, ``placeholder`` or ``note``, and how that was known."""

    name: str
    match: str
    confidence: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund line; ``item`` is None where nobody knows its label.

    ``units`` holds, for each amount, the unit printed nearest: in the line's label, its column's, or above.
    """

    item: Match | None
    label: Piece
    fields: Fields
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Level:
    """A level label: its key (blank where unknown), the printed label, and the weight printed in it."""

    key: str
    label: Piece
    weight: Decimal | None
    scope: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of the indicator block under the level labels that cover it."""

    level1: Level | None
    level2: Level | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row that sums up, behind so many indicators. ``is_whole``: its label says that it is the form's (总分)."""

    is_whole: bool
    fields: Fields
    behind: int

    @property
    def label(self) -> Piece:
        """The text that says that it sums up."""
        return self.fields["label"]

    @property
    def has_number(self) -> bool:
        """Whether a weight or a score is filled in."""
        return any(piece.text for name, piece in self.fields.items() if name in ("weight", "score"))

    @property
    def cells(self) -> list[Cell]:
        """The cells that hold its values."""
        cells = [piece.cell for piece in self.fields.values()]
        return [cell for cell in cells if isinstance(cell, Cell) and cell != self.label.cell]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside the tables, or a text block in them, under the chapter or label it belongs to."""

    section: str
    text: str
    cell: Cell | Line


@dataclass(frozen=True, slots=True)
class Form:
    """A form found in a document.

    ``heading`` holds the head fields wherever they stand; ``amount_unit`` and ``execution_weight`` come from
    labels. ``fund_columns`` and ``indicator_columns`` are the fields that the form has a column for.
    ``cells`` are the form's non-blank cells in page order, in ``grids`` that other forms may share.
    ``roles`` covers every non-blank cell that was claimed, ``unclaimed`` the rest. ``notes`` are the reader's
    remarks on the document. ``others`` are the names of the other projects of the file (of very many, those
    nearest), ``shared`` the report that may be on any of its forms.
    """

    kind: str
    title: Piece | None
    year: Piece | None
    heading: Fields
    amount_unit: Piece | None
    funds: tuple[FundRow, ...]
    fund_columns: frozenset[str]
    execution_weight: Piece | None
    goals: tuple[Fields, ...]
    indicators: tuple[IndicatorRow, ...]
    indicator_columns: frozenset[str]
    total: Fields
    texts: tuple[Paragraph, ...]
    fuzzy: tuple[tuple[Piece, Match], ...]
    grids: tuple[Grid, ...]
    cells: tuple[Cell, ...]
    roles: Mapping[Cell, Role]
    unclaimed: tuple[Cell, ...]
    notes: tuple[Bilingual, ...] = ()
    others: tuple[str, ...] = ()
    shared: tuple[Paragraph, ...] = ()
