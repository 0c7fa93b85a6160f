"""Settle the marks of Markdown's text: what is struck out goes, what is raised is written in raised characters."""

from __future__ import annotations

import re

from extract.marks import raised

# ~~8~~10   <del>8</del>10   but not 80%~~90%, 2020~~2021: a range, typed with two waves
_STRUCK = re.compile(
    r"(?<![0-9%％~])~~(?=\S)[^~|\n]{1,1000}(?<=\S)~~ | <(?P<tag>del|strike|s)>[^<\n]{1,1000}</(?P=tag)>",
    re.VERBOSE | re.IGNORECASE,
)
# 10<sup>1</sup>
_RAISED = re.compile(r"<sup>([^<\n]{1,100})</sup>", re.IGNORECASE)


def settle_marks(text: str) -> tuple[str, bool]:
    """The text of a Markdown file without its marks, and whether any of it was struck out.

    >>> settle_marks("~~8~~10<sup>1</sup>"), settle_marks("80~~90，70~~80")
    (('10¹', True), ('80~~90，70~~80', False))
    """
    kept, struck = _STRUCK.subn("", text)
    return _RAISED.sub(lambda mark: raised(mark[1]), kept), struck > 0
