"""The text of a cell whose parts have fonts of their own: what is struck out goes, what is raised stays raised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from extract.marks import raised


class Run(NamedTuple):
    """A stretch of a cell's text in one font; ``is_struck`` is None where that is the font of the cell."""

    text: str
    is_struck: bool | None = None
    is_raised: bool = False


def text_of(runs: Iterable[Run], is_struck: bool = False) -> tuple[str, bool]:
    """The text, and whether some of it is struck out; ``is_struck`` tells it of the cell's font.

    A cell that is raised from its beginning is a text like any.

    >>> text_of([Run("10"), Run("1", is_raised=True), Run("20", is_struck=True), Run("万元")])
    ('10¹万元', True)
    """
    pieces: list[str] = []
    has_struck = False
    for run in runs:
        if is_struck if run.is_struck is None else run.is_struck:
            has_struck = has_struck or run.text.strip() != ""
        elif run.text:
            pieces.append(raised(run.text) if run.is_raised and pieces else run.text)
    return "".join(pieces), has_struck
