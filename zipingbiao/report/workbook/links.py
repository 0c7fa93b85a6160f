"""Links from a cell: to a row of another sheet, and to the file that a row comes from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from extract.readers import INSIDE

#: Excel's bounds: links of a sheet, UTF-16 units of one
MAX_LINKS = 65_530
MAX_LINK = 2_079
# what means something in the address of a file, or nothing that may stand there; other characters stay: Excel
# does not know every name again once its Chinese is escaped
_SPECIAL = re.compile(r"""[\x00-\x20\x7f"#%:<>?\[\\\]^`{|}]""")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def row_link(sheet: str, row: int) -> str:
    """The link to a row of a sheet, counted from 0."""
    return f"internal:'{sheet}'!A{row + 1}"


def file_link(source: str, folder: Path) -> str:
    """The link from a workbook in ``folder`` to a source as the tables name it; blank where there is no such file.

    Relative wherever it can be, so that it holds when both are moved together. A file in an archive leads to that.
    """
    path = _existing(source)
    if not path:
        return ""
    try:
        there = os.path.relpath(path, folder)
    except ValueError:  # on another drive of Windows
        there = os.path.abspath(path)
    drive = there[:2] if os.sep == "\\" and _DRIVE.match(there) else ""
    address = drive + escaped(there[len(drive) :].replace(os.sep, "/"))
    if not drive and not address.startswith("/"):
        # a name alone could be taken for something else
        address = f"./{address}"
    link = f"external:{address}"
    return link if len(link.encode("utf-16-le")) // 2 <= MAX_LINK else ""


def escaped(path: str) -> str:
    """A path with slashes as part of an address.

    >>> escaped("甲 县/100%#1.docx"), escaped("javascript:alert(1)")
    ('甲%20县/100%25%231.docx', 'javascript%3Aalert(1)')
    """
    return _SPECIAL.sub(lambda found: quote(found[0], safe=""), path)


def _existing(source: str) -> str:
    """The file of a source, or the archive that it is in."""
    path = source
    while path:
        try:
            if os.path.isfile(path):
                return path
        except ValueError:  # a null in it
            return ""
        path = path.rpartition(INSIDE)[0]
    return ""
