"""The signs that tables are drawn with, and the lines that hold nothing else or stretches of them."""

from __future__ import annotations

import re

BARS = "|│┃║┆┇┊┋╎╏"
STROKES = "-=─━═┄┅┈┉╌╍"
JOINTS = "+" + "".join(
    chr(code) for code in range(0x2500, 0x2580) if chr(code) not in BARS and chr(code) not in STROKES
)
INK = BARS + STROKES + JOINTS
LONGEST_DRAWN_LINE = 4_000
"""In characters; a frame of paper width has a few hundred."""

_RULER = re.compile(
    rf"""
    # +-----+---   ├──┤   ----+----   also beside the text of a merged cell:  │ 甲 ├────┼────┤
    # with colons where Pandoc says how texts stand:  +:====+:===:+====:+
      [{JOINTS}] :? [{STROKES}]+ :? (?: [{BARS}{JOINTS}] | \s*+ $ )
    | (?: [{BARS}] | ^ \s*+ ) :? [{STROKES}]+ :? [{JOINTS}]
    """,
    re.VERBOSE,
)
_COLON = re.compile(rf"(?<=[{JOINTS}]):(?=[{STROKES}])|(?<=[{STROKES}]):(?=[{JOINTS}])")
_STROKE = re.compile(rf"\s*+(?:[{STROKES}]{{3,}}\s*+)++")


def is_ruler(text: str) -> bool:
    """Whether ``text`` holds a stretch of a drawn line between two rows."""
    return len(text) <= LONGEST_DRAWN_LINE and _RULER.search(text) is not None


def without_colons(ruler: str) -> str:
    """A ruler with strokes where it has colons."""
    return _COLON.sub("-", ruler) if ":" in ruler else ruler


def is_stroke(text: str) -> bool:
    """Whether ``text`` is nothing but dashes; it rules a table only next to a row with bars."""
    return len(text) <= LONGEST_DRAWN_LINE and _STROKE.fullmatch(text) is not None


def is_ink(text: str) -> bool:
    """Whether ``text`` holds strokes and no letter."""
    return not text.strip(INK + " \u3000\xa0") and (is_ruler(text) or is_stroke(text))
