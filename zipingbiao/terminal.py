"""The terminal: any encoding, any width, and no text of a form that could give it orders."""

from __future__ import annotations

import sys
import traceback
import unicodedata
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

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
    last = frames[-1] if (frames := traceback.extract_tb(trace)) else None
    spot = f"{kind.__name__}, {Path(last.filename).name}:{last.lineno}" if last else kind.__name__
    sys.stderr.write(f"程序内部错误（{spot}），请报告给开发者。 Internal error ({spot}); please report it.\n")


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
