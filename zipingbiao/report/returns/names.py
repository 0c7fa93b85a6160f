"""Names of files that are written, from names that strangers chose: they hold on Windows and lead nowhere else."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from extract.archives.archive import tame

#: what Windows takes in no name, and signs that show a name otherwise than it is
_FORBIDDEN = re.compile(
    '[<>:"|?*\\\\/\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
#: characters and bytes of one folder's or file's name: Windows counts the ones, Linux the others, up to 255
_LONGEST, _MOST_BYTES = 70, 210
#: of a whole path; Windows stops at 259
_LONGEST_PATH = 230
_LONGEST_ENDING = 10


def safe_step(name: str) -> str:
    """The name of one folder or file.

    >>> safe_step("附件1：自评表?.docx"), safe_step("NUL.txt"), safe_step("总表. "), safe_step(" .. ")
    ('附件1：自评表_.docx', '_NUL.txt', '总表', '_')
    """
    step = _FORBIDDEN.sub("_", name).strip().rstrip(". ")
    stem, ending = os.path.splitext(step)
    if len(ending) > _LONGEST_ENDING:
        stem, ending = step, ""
    short = stem[: _LONGEST - len(ending)].encode()[: _MOST_BYTES - len(ending.encode())]
    step = short.decode("utf-8", "ignore").rstrip(". ") + ending
    return f"_{step}" if not step or _RESERVED.fullmatch(step) else step


def common_folder(sources: Iterable[str]) -> tuple[str, ...]:
    """The folders that all sources lie in, as `steps` has them."""
    common: list[str] | None = None
    for source in sources:
        folders = steps(source)[:-1]
        if common is None:
            common = folders
        while common != folders[: len(common)]:
            common.pop()
    return tuple(common or ())


def steps(source: str) -> list[str]:
    """The folders of a source's name and its own; an archive is a folder too.

    >>> steps("..\\\\甲局\\\\a.zip!/b/c.docx")
    ['甲局', 'a.zip', 'b', 'c.docx']
    """
    path = source.replace("\\", "/").replace("!/", "/")
    # from the end: what `tame` would cut off of an absurdly long name are its first folders
    return tame(path[-900:]).split("/")


class Names:
    """Gives each file a path of its own under a folder, however similar the names are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def path(self, parts: Iterable[str], ending: str = "") -> Path:
        """A free path for these steps; ``ending`` is put behind the last one."""
        given = list(parts)
        *folders, name = map(safe_step, given)
        path = self._free(Path(*folders), name + ending)
        if len(str((self._folder / path).absolute())) > _LONGEST_PATH:
            digest = hashlib.sha256("/".join(given).encode("utf-8", "replace")).hexdigest()[:8]
            stem, suffix = os.path.splitext(name)
            path = self._free(Path(), f"{stem[:40]}-{digest}{suffix[:_LONGEST_ENDING]}{ending}")
        self._taken.add(str(path).casefold())
        return self._folder / path

    def _free(self, folder: Path, name: str) -> Path:
        stem, ending = os.path.splitext(name)
        path, copy = folder / name, 1
        while str(path).casefold() in self._taken:
            copy += 1
            path = folder / f"{stem}-{copy}{ending}"
        return path
