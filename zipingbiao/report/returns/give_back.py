"""Give the findings of a run back: an annotated copy of each document, and a letter to each unit.

The documents themselves are only read. Each is compared with what the run saw: findings are put into nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from extract.cores import cores
from extract.document import Bilingual
from zipingbiao.across.names import name_key
from zipingbiao.engine.local import Lost, run_in_pool
from zipingbiao.report.draft import Draft, WriteError
from zipingbiao.report.returns.names import Names, common_folder, steps
from zipingbiao.report.returns.one import Done, Task, mark_one
from zipingbiao.report.returns.remark import Remark
from zipingbiao.report.returns.results import FormRow, Results, ResultsError, read_results
from zipingbiao.report.returns.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console

MAX_SECONDS = 120
"""How long a document may take. A form takes a tenth of a second, one that LibreOffice must convert five."""
_MOST_WORKERS = 4
_NEEDED = {"docx": "python-docx", "pypdf": "pypdf"}
_LOST = Bilingual(
    "标注时程序出错或超时，没有生成标注稿。", "Marking it failed or took too long; there is no copy."
)


@dataclass(slots=True)
class Outcome:
    """What was given back. ``failed`` and ``set_anew`` name sources, each with the reason."""

    copies: list[Path] = field(default_factory=list)
    letters: list[Path] = field(default_factory=list)
    remarks: int = 0
    astray: int = 0
    failed: list[tuple[str, Bilingual]] = field(default_factory=list)
    set_anew: list[tuple[str, Bilingual]] = field(default_factory=list)


def give_back(results: Path, to: Path, severity: str, lang: str, console: Console | None = None) -> Outcome:
    """Write copies and letters for the findings of ``severity`` and graver ones into ``to``, a new or empty folder.

    ``console`` shows how far it is. Raises `ResultsError`, `WriteError` and `EngineError`; what is wrong with one
    document is part of the outcome.
    """
    _require_libraries()
    found = read_results(results, severity)
    _require_empty(to)
    desk = _Desk(results, to, lang, found)
    tasks = [desk.task(source) for source in sorted(found.remarks)]
    jobs = max(1, min(cores(), _MOST_WORKERS, len(tasks)))
    done = run_in_pool(mark_one, tasks, jobs=jobs, timeout=MAX_SECONDS) if tasks else ()
    for task, outcome in _watched(done, len(tasks), console):
        desk.put(task, Done(failure=_LOST) if isinstance(outcome, Lost) else outcome)
    desk.write_letters()
    return desk.outcome


def _watched(
    done: Iterable[tuple[Task, Done | Lost]], count: int, console: Console | None
) -> Iterable[tuple[Task, Done | Lost]]:
    """What is done, one by one, with a bar on a terminal."""
    if console is None or not console.is_terminal:
        return done
    from rich.progress import track

    return track(done, description="", total=count, console=console, transient=True)


def _require_libraries() -> None:
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    if missing:
        raise ResultsError(
            f'退回标注稿需要另装组件（缺 {"、".join(missing)}）：pip install "zipingbiao[return]"。',
            f'Returning documents needs more packages ({", ".join(missing)}): pip install "zipingbiao[return]".',
        )


def _require_empty(folder: Path) -> None:
    """An annotated copy must never take the place of a document, nor of a copy that somebody has worked on."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = next(folder.iterdir(), None) is None
    except OSError as err:
        raise WriteError(
            f"不能写入 {folder}；请检查文件夹和权限。",
            f"{folder} cannot be written to; check the folder and permissions.",
        ) from err
    if not is_empty:
        raise ResultsError(
            f"{folder} 中已有文件，为免覆盖，请用 --to 给出新的文件夹。",
            f"{folder} already holds files; so that none is overwritten, name a new folder with --to.",
        )


class _Desk:
    """Puts copies into their folder and keeps what the letters will say."""

    def __init__(self, results: Path, to: Path, lang: str, found: Results) -> None:
        self.outcome = Outcome()
        self._results, self._to, self._lang, self._found = results, to, lang, found
        self._wording = Wording(lang)
        self._names = Names(to)
        self._common = len(common_folder(found.digests))
        self._copies: dict[str, str] = {}

    def task(self, source: str) -> Task:
        """What there is to do about a source; it lies where it was given from, or beside the results."""
        beside = str(self._results.absolute().parent / source)
        return Task(
            source,
            tuple(dict.fromkeys((source, beside))),
            self._found.digests.get(source, ""),
            self._short(source),
            tuple(self._found.remarks[source]),
            self._lang,
        )

    def put(self, task: Task, done: Done) -> None:
        """Write the copy of a document, or note why there is none."""
        if done.failure:
            self.outcome.failed.append((task.source, done.failure))
            return
        if done.refusal:
            self.outcome.set_anew.append((task.source, done.refusal))
        path = self._names.path(task.name.split("/"), ".docx" if done.is_set_anew else "")
        _write(path, done.content)
        self._copies[task.source] = path.relative_to(self._to).as_posix()
        self.outcome.copies.append(path)
        self.outcome.remarks += len(task.remarks)
        self.outcome.astray += len(done.astray)

    def write_letters(self) -> None:
        """Write a letter to each unit; one for each source that names no unit."""
        from zipingbiao.report.returns.cover import Returned, write_cover

        units: dict[tuple[str, str], dict[str, list[Remark]]] = defaultdict(lambda: defaultdict(list))
        for source in self._copies:
            for remark in self._found.remarks[source]:
                key = name_key(self._form(remark).unit)
                units[key, "" if key else source][source].append(remark)
        for (_, lone), sources in units.items():
            unit = next(self._form(remark).unit for remarks in sources.values() for remark in remarks)
            documents = [
                Returned(self._short(source), self._copies[source], remarks, self._forms(remarks))
                for source, remarks in sources.items()
            ]
            content = write_cover(unit, documents, self._wording)
            name = self._wording.say("cover", "file", unit=unit or steps(lone)[-1])
            path = self._names.path([f"{name}.docx"])
            _write(path, content)
            self.outcome.letters.append(path)

    def _short(self, source: str) -> str:
        """A source's name without the folders that all of them lie in."""
        return "/".join(steps(source)[self._common :]) or "_"

    def _form(self, remark: Remark) -> FormRow:
        return self._found.forms.get((remark.source, remark.form_id), FormRow("", "", ""))

    def _forms(self, remarks: Iterable[Remark]) -> list[FormRow]:
        return list(dict.fromkeys(self._form(remark) for remark in remarks))


def _write(path: Path, content: bytes) -> None:
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Draft(path)
        draft.path.write_bytes(content)
    except OSError as err:
        if draft:
            draft.discard()
        raise WriteError(
            f"不能写入 {path}；请检查磁盘空间和权限。",
            f"{path} cannot be written; check free space and permissions.",
        ) from err
    draft.publish()
