"""Mark one document, in a process of its own: what strangers built may bring a library down, or never end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from extract.document import Bilingual, ReadError
from extract.readers import INSIDE, find_format, load
from extract.remote import is_remote
from zipingbiao.report.returns.remark import Marked, Remark
from zipingbiao.report.returns.wording import Wording
from zipingbiao.report.typed import MARK, encodable

Marker = Callable[[bytes, str, Sequence[Remark], Wording], Marked]


class Task(NamedTuple):
    """A document to mark: where it may lie, its SHA-256 as the run saw it, and what to call it in its copy."""

    source: str
    paths: tuple[str, ...]
    digest: str
    name: str
    remarks: tuple[Remark, ...]
    lang: str


class Done(NamedTuple):
    """What became of a document.

    ``failure`` says why there is no copy, and ``refusal`` why the copy is set anew as a Word document.
    """

    content: bytes = b""
    astray: frozenset[int] = frozenset()
    is_set_anew: bool = False
    refusal: Bilingual | None = None
    failure: Bilingual | None = None


def mark_one(task: Task) -> Done:
    """Load a document, see that it is the one that was checked, and mark it."""
    try:
        data = _load(task)
        known = find_format(data)
        wording = Wording(task.lang)
        mark, refusal = _marker(known.name), None
        if mark is not None:
            try:
                return Done(*mark(data, task.source, task.remarks, wording))
            except ReadError as err:
                refusal = err.message
        from zipingbiao.report.returns.rendering import set_anew

        done = set_anew(known.read(data, task.name), task.remarks, wording)
        return Done(*done, is_set_anew=True, refusal=refusal)
    except ReadError as err:
        return Done(failure=err.message)


def _load(task: Task) -> bytes:
    """The bytes that the run saw. Raises ReadError."""
    missing: list[ReadError] = []
    has_changed = False
    for path in chain.from_iterable(map(_written_so, task.paths)):
        try:
            data = load(path)
        except ReadError as err:
            missing.append(err)
            continue
        if hashlib.sha256(data).hexdigest() == task.digest:
            return data
        has_changed = True
    if has_changed:
        raise ReadError(
            "文件在核查之后改动过，与核查结果对不上；请重新运行 run 命令后再退回。",
            "The file has changed since it was checked; run the check again first.",
        )
    raise missing[0]


def _written_so(path: str) -> Iterator[str]:
    """The paths that the results write so: of a name that is no UTF-8 they have but the mark of what it cannot hold."""
    yield path
    if MARK not in path or is_remote(path):
        return
    file, inside, member = path.partition(INSIDE)
    found = [Path(Path(file).anchor)]
    for step in Path(file).relative_to(found[0]).parts:
        if MARK in step:
            entries = (entry for folder in found for entry in _entries(folder))
            found = [entry for entry in entries if encodable(entry.name) == step]
        else:
            found = [folder / step for folder in found]
    yield from (f"{one}{inside}{member}" for one in found)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _marker(name: str) -> Marker | None:
    """What puts comments into files of a format; None for those that are set anew."""
    if name == "docx":
        from zipingbiao.report.returns.word import mark_word

        return mark_word
    if name == "xlsx":
        from zipingbiao.report.returns.sheet import mark_sheet

        return mark_sheet
    if name == "pdf":
        from zipingbiao.report.returns.pdf import mark_pdf

        return mark_pdf
    return None
