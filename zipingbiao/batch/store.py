"""What a run keeps of each file that it has read: for its second pass, and for the next run over the same files.

The memory is one SQLite file in the folder of the results; without a folder, a temporary one that nobody sees.
Whoever runs again after an interruption, or after a few forms came in, has only those read that are new.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import TracebackType

from extract.document import Bilingual
from extract.ocr.memory import forget_pages
from extract.remote import is_remote
from zipingbiao.batch.gist import Gist
from zipingbiao.batch.inputs import MEMORY_FOLDER, mark_of
from zipingbiao.batch.packed import Damaged, Packed
from zipingbiao.columns import TABLES
from zipingbiao.report.draft import WriteError
from zipingbiao.report.writers import REFUSALS, refusals
from zipingbiao.tables import Rows

#: where the memory lies in the folder of the results
MEMORY = Path(MEMORY_FOLDER, "memory.sqlite")
#: and, beside it, what was recognized on pages
PAGES = MEMORY.with_name("pages")
#: of the layout of the file; another one is begun anew
_LAYOUT = 1
#: seconds of work that may be lost when the process is killed
_PATIENCE = 2.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CREATE = """
    CREATE TABLE files (
        number INTEGER PRIMARY KEY,
        key BLOB,                   -- by which it is found again; NULL: never
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        status TEXT NOT NULL,
        members TEXT NOT NULL,      -- the names of the files in an archive, behind its own path
        unpacked INTEGER NOT NULL,
        data BLOB NOT NULL
    )
"""


class Store:
    """The rows of the files of a run in their order; `find` those that an earlier run with equal ``settings`` left.

    ``settings`` is a digest of all that decides how a file is read, but for its content and its name. A file is
    known by that content and its name, wherever it now lies; one that failed is not, and is tried again. What
    `add` took outlives a process that is killed, but for the last seconds. Within, no other run can use the folder.

    Every method raises `WriteError` for what the disk refuses.
    """

    def __init__(self, folder: Path | None, settings: bytes, fresh: bool = False) -> None:
        self._folder = folder
        self._settings = settings
        self._order: list[tuple[str, int]] = []
        self._used: set[int] = set()
        #: how many files of the run could not be read
        self.failed = 0
        # the keys of files in archives, known once their archive is
        self._keys: dict[str, bytes] = {}
        self._committed = monotonic()
        with self._refusals():
            self._db = self._open(fresh)
            self._newest_old = self._db.execute("SELECT coalesce(max(number), 0) FROM files").fetchone()[0]
            self._known, self._sizes = self._recall()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what was added, whatever ended the run."""
        with suppress(sqlite3.Error):
            self._db.commit()
        self._db.close()

    @property
    def files(self) -> int:
        """How many files the run has had so far."""
        return len(self._order)

    @property
    def reused(self) -> int:
        """How many of them did not have to be read."""
        return len(self._used)

    def find(self, path: str, gist_of: Callable[[Rows], Gist | None] = lambda rows: None) -> Packed | None:
        """What is known of a file, each time another of its copies; None where it must be read.

        ``gist_of`` makes its gist.
        """
        if not self._known:
            return None
        key = self._keys.get(path) or self._key_on_disk(path)
        numbers = self._known.get(key) if key else None
        while numbers:
            with self._refusals(), suppress(Damaged):
                file = self._load(numbers.popleft(), path)
                rows = file.rows(path)  # sound now, so that the second pass can rely on it
                return replace(file, gist=gist_of(rows))
        return None

    def add(self, path: str, file: Packed) -> None:
        """Take a file as the next of the run."""
        key = self._keys.pop(path, None)
        if key is None and file.sha256:
            key = self._key_remote(path) if is_remote(path) else self._key(file.sha256, path)
        if file.status == "failed":
            key = None
            self.failed += 1
        if key is not None:
            for member in file.members:
                self._keys[member] = _digest(key, os.fsencode(member[len(path) :]))
        with self._refusals():
            number = self._insert(path, key, file) if file.number is None else file.number
            if monotonic() - self._committed > _PATIENCE:
                self._db.commit()
                self._committed = monotonic()
        if file.number is not None:
            self._used.add(number)
        self._order.append((path, number))

    def rows(self, tables: Iterable[str] = TABLES) -> Iterator[Rows]:
        """The rows of each file of the run, in order, of some or all tables."""
        for path, number in self._order:
            with self._refusals():
                rows = self._load(number, path).rows(path, tables)
            yield rows

    def forget_others(self) -> None:
        """Drop what an earlier run left of files that this one, now done, has not come upon."""
        with self._refusals():
            old = self._db.execute(
                "SELECT number FROM files WHERE number <= ?", (self._newest_old,)
            ).fetchall()
            self._db.executemany(
                "DELETE FROM files WHERE number = ?", [one for one in old if one[0] not in self._used]
            )
            self._db.commit()

    def _open(self, fresh: bool) -> sqlite3.Connection:
        """The memory, which from now on only this run can use."""
        if self._folder is None:
            db = sqlite3.connect("")
            db.execute(_CREATE)
            return db
        path = self._folder / MEMORY
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = _locked(path, fresh)
        except sqlite3.DatabaseError as err:
            if err.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
            path.unlink()
            db = _locked(path, fresh)
        if fresh:
            forget_pages(self._folder / PAGES)
        return db

    def _recall(self) -> tuple[dict[bytes, deque[int]], set[int]]:
        """What can be found: numbers by key, for each copy one; and the sizes of these files."""
        known: dict[bytes, deque[int]] = {}
        sizes: set[int] = set()
        for number, key, size in self._db.execute(
            "SELECT number, key, size FROM files WHERE key IS NOT NULL"
        ):
            known.setdefault(key, deque()).append(number)
            sizes.add(size)
        return known, sizes

    def _key_on_disk(self, path: str) -> bytes | None:
        """The key of a file; None where its size alone tells that it is not known, or where it cannot be read."""
        if is_remote(path):
            return self._key_remote(path)
        try:
            if os.path.getsize(path) not in self._sizes:
                return None
            with open(path, "rb") as file:
                return self._key(hashlib.file_digest(file, "sha256").hexdigest(), path)
        except (OSError, ValueError):
            return None  # whoever reads it says why

    def _key(self, sha256: str, path: str) -> bytes:
        """The name is part of it: to some readers, an ending says what the file is."""
        return _digest(self._settings, sha256.encode(), os.fsencode(os.path.basename(path)))

    def _key_remote(self, path: str) -> bytes | None:
        """By what a store says of a file, which need not be fetched for it; None where that tells nothing."""
        mark = mark_of(path)
        return _digest(self._settings, mark.encode(), os.fsencode(path)) if mark else None

    def _insert(self, path: str, key: bytes | None, file: Packed) -> int:
        members = json.dumps([member[len(path) :] for member in file.members])
        row = (key, file.size, file.sha256, file.status, members, file.unpacked, file.data)
        number = self._db.execute(
            "INSERT INTO files (key, size, sha256, status, members, unpacked, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        ).lastrowid
        assert number is not None  # an insert has one
        return number

    def _load(self, number: int, path: str) -> Packed:
        """Raises `Damaged`."""
        row = self._db.execute(
            "SELECT data, sha256, size, status, members, unpacked FROM files WHERE number = ?", (number,)
        ).fetchone()
        try:
            data, sha256, size, status, members, unpacked = row
            inside = tuple(f"{path}{member}" for member in json.loads(members))
            return Packed(bytes(data), sha256, size, status, inside, int(unpacked), number)
        except (TypeError, ValueError) as err:
            raise Damaged from err

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            with refusals(self._folder):
                yield
        except Damaged as err:
            raise _damaged(self._folder) from err
        except sqlite3.Error as err:
            raise _refusal(err, self._folder) from err


def _locked(path: Path, fresh: bool) -> sqlite3.Connection:
    """The file, closed to all others until the connection is. Raises `sqlite3.Error`."""
    db = sqlite3.connect(path, timeout=0)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA secure_delete = ON")  # what is dropped may hold names of people
        db.execute("BEGIN EXCLUSIVE")
        (layout,) = db.execute("PRAGMA user_version").fetchone()
        if fresh or layout != _LAYOUT:
            db.execute("DROP TABLE IF EXISTS files")
            db.execute(_CREATE)
            db.execute(f"PRAGMA user_version = {_LAYOUT}")
        db.commit()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _digest(*parts: bytes) -> bytes:
    """One digest of parts of any length."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def _refusal(err: sqlite3.Error, folder: Path | None) -> WriteError:
    code = (getattr(err, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return WriteError(
            f"另一个运行正在使用结果文件夹 {folder}；请等它结束，或用 --out 另选文件夹。",
            f"Another run is using {folder}; wait for its end, or choose another folder with --out.",
        )
    if code in _DAMAGED:
        return _damaged(folder)
    why = REFUSALS[errno.ENOSPC] if code == sqlite3.SQLITE_FULL else Bilingual(str(err), str(err))
    return WriteError(f"不能写入结果文件夹 {folder}：{why.zh}。", f"Cannot write to {folder}: {why.en}.")


def _damaged(folder: Path | None) -> WriteError:
    return WriteError(
        f"结果文件夹 {folder} 中的 {MEMORY} 已损坏；请用 --fresh 重新读取全部文件。",
        f"{MEMORY} in {folder} is damaged; read all files anew with --fresh.",
    )
