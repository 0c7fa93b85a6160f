"""What was recognized on a page, kept in a folder: an equal picture need not be recognized again.

It is found by its pixels and by all that recognizes them, so that a page is known in whatever file it stands, and
never in the way that an older version read it. A file a page, written at once and whole: several processes use the
folder together, and one that is killed spoils nothing. What cannot be read or written there is recognized as ever.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.ocr.model import model_path

if TYPE_CHECKING:
    import numpy as np

    from extract.ocr.page import Sight

    Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: the modules that recognize, and those that tell tables from lines
_READERS = ("extract.ocr", "extract.pdf")
#: a page takes some 15 KB. Pages are spread over 256 folders by the beginning of their key; of each, the bytes that
#: are kept: 256 MB in all, which is as many pages as a computer recognizes in ten hours
_MOST_BYTES = 1024**2
#: no page of what is kept is longer unpacked
_LONGEST = 64 * 1024**2
#: before what is kept stands its digest: a file that was damaged, or cut off, is told by it
_DIGEST_BYTES = 32

_folder: ContextVar[Path | None] = ContextVar("folder of pages", default=None)


@contextmanager
def remembering(folder: Path | None) -> Iterator[None]:
    """Keep within what is recognized in ``folder``, which is made where the folder around it is there; None: nowhere."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def forget_pages(folder: Path) -> None:
    """Remove all that was kept. Raises OSError."""
    for shelf in (one for one in _listed(folder) if one.is_dir()):
        for entry in _listed(shelf):
            entry.unlink(missing_ok=True)
        shelf.rmdir()
    with suppress(FileNotFoundError):
        folder.rmdir()


def remembered(picture: Picture, scale: float, number: int, read: Callable[[], Sight]) -> Sight:
    """The page of a picture by its ``number``: as it is known, or else as ``read`` gives it, which is kept."""
    folder = _folder.get()
    if folder is None:
        return read()
    path = _path(folder, picture, scale)
    sight = _recall(path, number)
    if sight is None:
        sight = read()
        with suppress(OSError):
            _keep(path, sight)
    return sight


def _path(folder: Path, picture: Picture, scale: float) -> Path:
    import numpy as np

    digest = hashlib.sha256(_version())
    digest.update(repr((picture.shape, scale)).encode())
    digest.update(np.ascontiguousarray(picture).data)
    key = digest.hexdigest()
    return folder / key[:2] / key[2:]


@cache
def _version() -> bytes:
    """A digest of all that decides what is seen in a picture: the modules, the network, and the libraries."""
    import cv2
    import numpy
    import onnxruntime

    digest = hashlib.sha256(repr((cv2.__version__, numpy.__version__, onnxruntime.__version__)).encode())
    for package in _READERS:
        for module in sorted(files(package).iterdir(), key=lambda one: one.name):
            if module.name.endswith(".py"):
                digest.update(hashlib.sha256(module.read_bytes()).digest())
    path = model_path()
    digest.update(path.read_bytes() if path else b"")
    return digest.digest()


def _recall(path: Path, number: int) -> Sight | None:
    """What is kept of a page; None where that is nothing, or damaged."""
    try:
        kept = path.read_bytes()
        body = kept[_DIGEST_BYTES:]
        if kept[:_DIGEST_BYTES] != hashlib.sha256(body).digest():
            return None
        data = json.loads(zlib.decompressobj().decompress(body, _LONGEST))
        sight = _as_sight(data, number)
    except (OSError, ValueError, TypeError, LookupError, ArithmeticError, zlib.error):
        return None
    with suppress(OSError):
        os.utime(path)  # what was used last stays longest
    return sight


def _keep(path: Path, sight: Sight) -> None:
    shelf = path.parent
    with suppress(FileExistsError):
        shelf.parent.mkdir()
    with suppress(FileExistsError):
        shelf.mkdir()
    body = zlib.compress(json.dumps(_as_data(sight), ensure_ascii=False).encode())
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(hashlib.sha256(body).digest() + body)
    draft.replace(path)
    left = _MOST_BYTES
    for size, entry in _newest_first(shelf):
        left -= size
        if left < 0:
            entry.unlink(missing_ok=True)


def _newest_first(shelf: Path) -> list[tuple[int, Path]]:
    found: list[tuple[int, int, Path]] = []
    for entry in _listed(shelf):
        with suppress(OSError):  # another process has just removed it
            about = entry.stat()
            found.append((about.st_mtime_ns, about.st_size, entry))
    return [(size, entry) for _, size, entry in sorted(found, reverse=True)]


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _as_data(sight: Sight) -> dict[str, Any]:
    page = sight.page
    return {
        "size": (page.width, page.height),
        "runs": page.runs,
        "rules": page.rules,
        "characters": page.characters,
        "pieces": [(piece.x, piece.y, str(piece.confidence)) for piece in sight.pieces],
        "confidence": sight.confidence,
    }


def _as_sight(data: dict[str, Any], number: int) -> Sight:
    from extract.ocr.page import Sight, page_of
    from extract.pdf.drawing import Rule
    from extract.pdf.flow import Piece
    from extract.pdf.frame import Run

    runs = tuple(Run(*run)._replace(starts=tuple(run[Run._fields.index("starts")])) for run in data["runs"])
    rules = tuple(Rule(*rule) for rule in data["rules"])
    page = page_of(number, data["size"], runs, rules, data["characters"])
    pieces = tuple(Piece(x, y, Decimal(confidence)) for x, y, confidence in data["pieces"])
    return Sight(page, pieces, data["confidence"])
