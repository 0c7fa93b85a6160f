"""The terminal: any encoding, any width, and no text of a form that could give it orders."""

from __future__ import annotations

import sys
import unicodedata
from io import TextIOWrapper
from types import TracebackType
from typing import TYPE_CHECKING

from zipingbiao.bugs import internal_error

if TYPE_CHECKING:
    from rich.console import Console

#: as wide as a page of output is where no terminal says otherwise
PAGE = 100


def settle() -> None:
    """Print `?` for what the terminal's encoding lacks, and a sentence instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.excepthook = _report


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    zh, en = internal_error(error)
    sys.stderr.write(f"{zh} {en}\n")


def console(stderr: bool = False) -> Console:
    """A console that prints text as it is: brackets are no markup, numbers are not coloured."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PAGE
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def printable(text: str) -> str:
    """A text without control characters, but for line ends: those of a form must not steer the terminal."""
    return "".join(
        character if character == "\n" or unicodedata.category(character) != "Cc" else " "
        for character in text
    )


def clipped(text: str, most: int) -> str:
    """At most so many characters of a text, on as many lines as it has; what is cut is marked."""
    text = printable(text).strip()
    return text if len(text) <= most else f"{text[: most - 1]}…"
