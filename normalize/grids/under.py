"""What the row under a header's cell tells about it."""

from __future__ import annotations

import re

from normalize.grids.rows import Placed, Row
from normalize.labels.match import Match, match_label
from normalize.schema import Block
from normalize.values.parse import Measure, Range, parse_value

#: the columns that name an indicator and what it belongs to
LEVELS = ("level1", "level2", "name", "level4")

# "23", "1,022.89", "98.5%", "—", "≥95%", "=?" (a formula that was not computed): what a header cell never is
_NUMBER = re.compile(r"[\s\d.,，．%％+\-—/≥≤<>=＝０-９]+|=\?")


def is_number(text: str) -> bool:
    """Whether a text is made of digits and signs only."""
    return bool(text.strip()) and _NUMBER.fullmatch(text.strip()) is not None


def with_name(
    matches: dict[Placed, Match | None], block: Block, below: Row | None
) -> dict[Placed, Match | None]:
    """The column left of target, actual value and points names the indicators, whatever its label says.

    So it does only where a number is the first target: columns of goals in words have such labels too.
    """
    if block.name != "indicators" or below is None:
        return matches
    columns = {match.field: placed for placed, match in matches.items() if match}
    is_scored = {"target", "actual"} <= columns.keys() and columns.keys() & {"weight", "score"}
    if not is_scored or columns.keys() & set(LEVELS):
        return matches
    target = columns["target"]
    under = [one.text for one in below.filled if target.start <= one.start < target.stop]
    left = [placed for placed, match in matches.items() if match is None and placed.stop <= target.start]
    if not left or not any(isinstance(parse_value(text), Measure | Range) for text in under):
        return matches
    return {**matches, left[-1]: Match("name", "position")}


def is_over_number(placed: Placed, below: Row | None) -> bool:
    """Whether a number stands under a header cell: a column of amounts that nobody knows, not the lines' labels."""
    under = [one for one in below.filled if one.start == placed.start] if below and placed.start else []
    return any(one.stop == placed.stop and is_number(one.text) for one in under)


def is_bare(placed: Placed, below: Row | None) -> bool:
    """Whether nothing stands under a header cell in the next row."""
    return below is not None and not any(
        one.start < placed.stop and placed.start < one.stop for one in below.filled
    )


def is_mostly_under(placed: Placed, one: Placed) -> bool:
    return 2 * (min(placed.stop, one.stop) - max(placed.start, one.start)) >= one.stop - one.start


def is_over_levels(section: Placed, block: Block, below: Row | None) -> bool:
    """Whether the label in front of the indicators stands over their levels: 绩效指标 above 产出指标, 效益指标."""
    under = [one for one in below.filled if one.start < section.stop] if below else []
    return block.name == "indicators" and any(match_label(one.text, "level1", False) for one in under)
