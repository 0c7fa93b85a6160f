"""Break lines on the terminal as Chinese is set: a number stays whole, and no line begins with a closing mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

#: what stays on one line, with the blanks behind it
_PIECE = re.compile(
    r"""
    [（“《]*                  # an opening mark goes with what it opens
    (?: [!-~×÷≤≥…]+ | \S )    # a word or a number, or one Chinese character
    [）”》，。、；：！？％]*      # a closing mark with what it closes
    [^\S\n]* \n?
    | \s                      # 'a  b': blanks at the beginning, or an empty line
    """,
    re.VERBOSE,
)


def line_starts(text: str, width: int) -> Iterator[int]:
    """Where each line but the first begins, when lines have room for ``width`` columns; Chinese characters take two.

    >>> text = "执行率15.87%，应为1.59分。"
    >>> [text[a:b] for a, b in zip([0, *line_starts(text, 12)], [*line_starts(text, 12), None])]
    ['执行率', '15.87%，应为', '1.59分。']
    """
    used = 0
    for piece in _PIECE.finditer(text):
        if used and used + cell_len(piece[0].rstrip()) > width:
            yield piece.start()
            used = 0
        used += cell_len(piece[0])
        if piece[0].endswith("\n") and piece.end() < len(text):
            yield piece.end()
            used = 0


class Wrapped:
    """A text in a cell of a table."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._text.divide(line_starts(self._text.plain, options.max_width)):
            line.rstrip()
            yield line
