"""Mark one document, in a process of its own: what strangers built may bring a library down, or never end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from extract.document import Bilingual, ReadError
from extract.readers import find_format, load
from zipingbiao.report.returns.remark import Marked, Remark
from zipingbiao.report.returns.wording import Wording

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
    problems: list[ReadError] = []
    for path in task.paths:
        try:
            data = load(path)
        except ReadError as err:
            problems.append(err)
            continue
        if hashlib.sha256(data).hexdigest() == task.digest:
            return data
        raise ReadError(
            "文件在核查之后改动过，与核查结果对不上；请重新运行 run 命令后再退回。",
            "The file has changed since it was checked; run the check again first.",
        )
    raise problems[0]


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
