"""Labels with a year in front: 2022年全年预算数 beside 2021年决算数."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from normalize.grids.rows import Placed
from normalize.labels.match import LONGEST_LABEL, Match, match_label
from normalize.schema import Block, fold_label
from normalize.values.dates import YEAR, year_in

#: the blocks that can have a column for each of several years
_YEARLY = ("funds", "indicators")

# "2022年全年预算数", "2022年度执行数"; of "2022年初预算" only the digits
_YEAR_IN_FRONT = re.compile(rf"[(\[]?{YEAR}(?:年[)\]]?|年度[)\]]?)(?![初末中底度])|{YEAR}(?=年[初末中底])")


def year_meant(labels: Sequence[Placed], form_year: int | None) -> int | None:
    """The form's year, if a label has it in front; else the latest that one has."""
    years = {year for placed in labels if (year := year_of(placed))}
    return form_year if form_year in years else max(years, default=None)


def year_of(placed: Placed) -> int | None:
    """The year in front of a label: 2022 of 2022年全年预算数."""
    return _parted(placed.text)[0] if len(placed.text) <= LONGEST_LABEL else None


def without_year(text: str) -> str:
    """A label without the year in front of it: 实际在职人数 of 2023年实际在职人数."""
    return _parted(text)[1] if len(text) <= LONGEST_LABEL else text


def match_column(placed: Placed, block: Block, year: int | None, similar: bool) -> Match | None:
    """The column that a label names; the year in front is no part of the name, and another year's is an extra column."""
    own = year_of(placed) if block.name in _YEARLY else None
    if own is None:
        return match_label(placed.text, block.columns, similar)
    if own != year:
        return Match(f"extra:{placed.text.strip()}", "alias")
    return match_label(without_year(placed.text), block.columns, similar)


@lru_cache(maxsize=10_000)
def _parted(text: str) -> tuple[int | None, str]:
    """The year in front of a label, and what is left; without such a year, the whole text."""
    folded = fold_label(text)
    printed = _YEAR_IN_FRONT.match(folded)
    if not printed or printed.end() == len(folded):
        return None, text
    return year_in(f"{printed[0]}年"), folded[printed.end() :]
