"""Decide which archives within archives are still read."""

from __future__ import annotations

from collections import Counter

from extract.archives.archive import MAX_MEMBERS, MAX_UNPACKED_BYTES
from extract.document import Bilingual
from extract.readers import INSIDE
from zipingbiao.batch.packed import Packed

TOO_MANY = Bilingual(
    f"外层压缩包及其内层合计超过 {MAX_MEMBERS} 个文件或 {MAX_UNPACKED_BYTES // 1024**3} GB，"
    "这个内层压缩包未予读取；请先解压外层的压缩包。",
    f"With the archives in it, the outer one holds more than {MAX_MEMBERS} files or "
    f"{MAX_UNPACKED_BYTES // 1024**3} GB, and this inner one was not read; unpack the outer one first.",
)


class Unpacking:
    """Counts what archives hold: each alone may keep its bounds, all together not."""

    def __init__(self) -> None:
        self.found = 0
        self._refused: set[str] = set()
        # of each file that was named: what was found in it, and in the archives in it
        self._members: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def members(self, path: str, file: Packed) -> tuple[str, ...]:
        """The files in an archive, to be read next; none where they would be too many."""
        if not file.members:
            return ()
        outermost = path.partition(INSIDE)[0]
        self._members[outermost] += len(file.members)
        self._bytes[outermost] += file.unpacked
        if self._members[outermost] > MAX_MEMBERS or self._bytes[outermost] > MAX_UNPACKED_BYTES:
            self._refused.add(path)
            self._members[outermost] -= len(file.members)
            self._bytes[outermost] -= file.unpacked
            return ()
        self.found += len(file.members)
        return file.members

    def judged(self, path: str, file: Packed, lang: str) -> Packed:
        """A file as it was read, or as an archive that was refused after all."""
        if path not in self._refused:
            return file
        rows = file.rows(path)
        (about,) = rows["sources"]
        rows["sources"] = [{**about, "status": "failed", "error": TOO_MANY.in_language(lang)}]
        return Packed.of(path, rows)
