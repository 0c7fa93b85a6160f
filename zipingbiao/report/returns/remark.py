"""A finding on its way back to the unit, and the comment that it becomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from zipingbiao.report.returns.wording import Wording, inert

AUTHOR, INITIALS = "zipingbiao", "zpb"
"""Who signs the comments."""

MAX_COMMENT = 4_000
"""The characters of a comment: a page. Excel holds 32,767 in all comments of a cell."""


class Remark(NamedTuple):
    """A finding as the table ``findings`` has it; ``number`` counts those of its document from 1.

    ``places`` are all its places, the one that it is about first; none where it is about the whole form.
    """

    number: int
    source: str
    form_id: str
    code: str
    title: str
    severity: str
    subject: str
    reported: str
    expected: str
    message: str
    places: tuple[str, ...]

    @property
    def place(self) -> str:
        """The place that it is about; blank for the whole form."""
        return self.places[0] if self.places else ""


class Marked(NamedTuple):
    """A document with comments; ``astray`` are the numbers of the remarks that stand beside another cell than theirs."""

    content: bytes
    astray: frozenset[int]


def comment(remark: Remark, wording: Wording, astray: bool = False) -> str:
    """The text of a remark's comment, several lines; ``astray`` has it name its place."""
    severity = wording.say("severity", remark.severity)
    lines = [
        wording.say(
            "comment", "head", number=remark.number, severity=severity, code=remark.code, title=remark.title
        )
    ]
    if astray and remark.place:
        lines.append(wording.say("comment", "place", value=remark.place))
    lines.append(remark.message)
    named = (
        ("reported", remark.reported),
        ("expected", remark.expected),
        ("others", wording.say("between", "items").join(remark.places[1:])),
    )
    lines += [wording.say("comment", key, value=value) for key, value in named if value]
    return inert("\n".join(lines), MAX_COMMENT, wording.say("comment", "more"))


def by_place(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """The remarks at each place, in their order."""
    found: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        found[remark.place].append(remark)
    return found
