"""Whether two lines are one text that was wrapped, and what stands between them.

It is measured: they are, if the first word of the second line would not have fitted on the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.pdf.text import CLOSING, OPENING, TextLine, is_wide

#: setters part Chinese from letters and digits by so much, in parts of the type size
_APART = 0.25
#: the first line of a paragraph begins less than this further right, in parts of the type size
_DEEPEST = 3


def join_lines(lines: Sequence[TextLine], width: float) -> str:
    """A text that was set in lines of at most ``width``: wrapped lines joined, others parted by a line break."""
    pieces: list[str] = []
    above: TextLine | None = None
    for line in lines:
        if line.text:
            if above is not None:
                pieces.append(seam(above, line, width - indent(above, line)))
            pieces.append(line.text)
            above = line
    return "".join(pieces)


def indent(above: TextLine, below: TextLine) -> float:
    """How much further right a paragraph's first line begins than the next one. Centred lines differ at both ends."""
    step = above.x0 - below.x0
    is_first = above.size < step < _DEEPEST * above.size and below.x1 - above.x1 < step / 2
    return step if is_first else 0.0


def seam(above: TextLine, below: TextLine, width: float) -> str:
    """What stands between two lines: nothing or a blank where the text was wrapped, else a line break."""
    if not wraps(above, below, width):
        return "\n"
    last, first = above.text[-1], below.text[0]
    if is_wide(last) or is_wide(first):
        return ""
    if above.ends_blank:
        return " "
    # A word that fills the line and more is parted anywhere, others where a blank stood; numbers have none.
    is_one_word = above.tail > above.x1 - above.x0 - 0.5 * above.size
    is_parted = (is_one_word and above.tail + below.head > width) or (last.isdecimal() and first.isdecimal())
    return "" if is_parted or not (last.isalnum() and first.isalnum()) else " "


def wraps(above: TextLine, below: TextLine, width: float) -> bool:
    """Whether the first word of ``below`` did not fit behind ``above`` in lines of ``width``."""
    room = width - (above.x1 - above.x0)
    last, first = above.text[-1], below.text[0]
    if first in CLOSING and is_wide(first):
        return True  # no text begins with a comma
    needed = below.head + (above.size if last in OPENING else 0.0)
    if last.isalnum() and first.isalnum() and is_wide(last) != is_wide(first):
        needed += _APART * above.size
    return room < needed * 1.02 + 0.1 * above.size
