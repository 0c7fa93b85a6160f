"""The terminal: any encoding, any width, and no text of a form that could give it orders."""

from __future__ import annotations

import errno
import os
import signal
import sys
import unicodedata
from io import TextIOWrapper
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from extract.document import Bilingual
from zipingbiao.bugs import internal_error

if TYPE_CHECKING:
    from rich.console import Console

#: as wide as a page of output is where no terminal says otherwise
PAGE = 100
OUTPUT_FULL = Bilingual(
    "屏幕输出无法写入文件：磁盘已满；已写出的结果表不受影响。",
    "What is printed cannot be written to its file: the disk is full; tables that are written stay.",
)


def settle() -> None:
    """Print `?` for what the terminal's encoding lacks, and a sentence instead of a traceback."""
    # who starts a program without a window, such as a scheduler of tasks, may give it nothing to print on
    nothing = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the program runs
    sys.stdout, sys.stderr = sys.stdout or nothing, sys.stderr or nothing
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.excepthook = _report
    # one that started us may want it ignored
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end_in_order)


def _end_in_order(number: int, frame: FrameType | None) -> None:
    """End at the first Ctrl-C; a second, amid the clearing away, would leave workers that this process waits for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    # files are written under sentences of their own: what is left is what we print, redirected into a file
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    zh, en = OUTPUT_FULL if is_full else internal_error(error)
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
