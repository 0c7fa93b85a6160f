"""Of which time a report's sentence speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalize.labels.words import cut
from normalize.narrative.words import words

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
# "3月", "截至6月底": not the whole year; "1-12月", "12月31日", "12月底": all of it
_MONTH = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<end>份?[底末]|31日)?")
_UP_TO = re.compile(r"(?:[-~至到]|截[至止]到?)\s*(?:\d{4}年)?$")


@dataclass(slots=True)
class Time:
    """Whether a sentence speaks of this year, and of all of it, at the place that it is read at."""

    sentence: str
    year: int | None
    other_year: bool = False
    piece: bool = False
    whole: bool = False

    def read(self, token: str, position: int) -> None:
        """Go on to the next word."""
        lists = words().lists
        if named := _YEAR.match(self.sentence, position):
            self.other_year = self.year is not None and int(named[1]) != self.year
            self.whole = self.whole or int(named[1]) == self.year
        if month := _MONTH.match(self.sentence, position):
            up_to = month["end"] or _UP_TO.search(self.sentence[:position])
            self.piece = int(month["month"]) != 12 or not up_to
        if token in lists["years"]:
            self.other_year = True
        elif token in lists["here"]:
            self.other_year = self.piece = False
        elif token in lists["periods"]:
            self.piece = True
        elif token.startswith(lists["full"]):
            self.piece = False
        self.whole = self.whole or token.startswith(lists["whole"])


def away_in(sentence: str, year: int | None) -> list[bool]:
    """For each character of a sentence, whether it speaks there of another year, or of a piece of this one."""
    time, away = Time(sentence, year), list[bool]()
    for token in cut(sentence, words().vocabulary):
        time.read(token, len(away))
        away += [time.other_year or time.piece] * len(token)
    return away
