"""Rows of a table as a sample's source writes them: every block divides the same slots among its own columns."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

SLOTS = 24

#: a cell: its text, and how many slots it covers; ``^`` is the cell above
Piece = tuple[str, int]


def filled(*pieces: Piece) -> list[str]:
    """A row of all slots; the last cell takes what is left."""
    slots: list[str] = []
    for text, width in pieces:
        if text == "^":
            slots += ["^"] * width
        elif width:
            slots += [text.replace("\n", "\\n"), *["<"] * (width - 1)]
    slots += ["<"] * (SLOTS - len(slots))
    assert len(slots) == SLOTS
    return slots


def divided(choose: Random, count: int, room: int) -> list[int]:
    """The slots of so many columns, by chance."""
    widths = [room // count] * count
    for _ in range(room - sum(widths)):
        widths[choose.randrange(count)] += 1
    return widths


def drawn(row: Sequence[str]) -> str:
    """A row as a line of the source."""
    return f"| {' | '.join(row)} |"
