"""Functions of pdfium for what is asked of every character and every object of a page.

Where a function says what it takes, ctypes looks at each argument of each call, which takes longer than most answers.
"""

from __future__ import annotations

import ctypes
from typing import Any


def unchecked(function: Any) -> Any:
    """The same function of pdfium, which takes its arguments as they are.

    Hand it only whole numbers that fit a C int, handles as pdfium gave them, and what ``ctypes.byref`` makes:
    nothing else is turned into what C expects.
    """
    same = type(function)(ctypes.cast(function, ctypes.c_void_p).value)
    same.restype = function.restype
    return same
