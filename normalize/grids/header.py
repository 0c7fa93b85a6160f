"""The header of a block: which field stands in which column."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from normalize.grids.rows import Placed
from normalize.labels.match import Match
from normalize.schema import Block


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block; an unknown header makes an extra column, named by its label behind ``extra:``."""

    field: str
    start: int
    stop: int
    placed: Placed
    match: Match | None = None


@dataclass(frozen=True)
class Header:
    """A block's header: its columns from left to right, its section label, and its number of slots."""

    block: Block
    columns: tuple[Column, ...]
    section: Placed | None
    width: int
    aligned: bool
    tiers: int = 1
    labels: tuple[Placed, ...] = field(default=())

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that the block has a column for."""
        return frozenset(column.field for column in self.columns)

    @property
    def first(self) -> int:
        """The slot where the first column starts; what stands left of it are labels."""
        return self.columns[0].start
