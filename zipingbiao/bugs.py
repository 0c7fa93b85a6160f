"""Say where a bug of ours is, without a word of what was read: messages of errors may hold names."""

from __future__ import annotations

import traceback
from pathlib import Path

from extract.document import Bilingual


def spot_of(error: BaseException) -> str:
    """The kind of an error, and the module and line it comes from: ``KeyError, layout.py:123``."""
    frames = traceback.extract_tb(error.__traceback__)
    line = f", {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{line}"


def internal_error(error: BaseException) -> Bilingual:
    """The sentence for the user."""
    spot = spot_of(error)
    return Bilingual(
        f"程序内部错误（{spot}），不是文件的问题；请报告给开发者。",
        f"Internal error ({spot}), not the file's fault; please report it.",
    )
