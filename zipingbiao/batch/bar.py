"""The progress bar on a terminal: how far, how fast, how long still, and how many files could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from extract.document import Bilingual
from extract.readers import INSIDE
from zipingbiao.batch.progress import Pages, Progress, Scan, said_rate
from zipingbiao.terminal import console

PASSES = Bilingual("读取|写出", "reading|writing")
FAILED = Bilingual("未能读取 {} 个", "failed {}")
#: what is done once all rows are written: sums and front page of the workbook, and each file takes its place
SAVING = Bilingual("正在保存结果文件", "saving the files")
#: the name of a file that is longer is cut in its middle
_LONGEST_NAME = 16


class _Rate(ProgressColumn):
    """Files a second, over the last half minute."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang

    def render(self, task: Task) -> Text:
        return Text(said_rate(task.speed, self._lang) if task.speed else "")


@contextmanager
def bar(lang: str) -> Iterator[Callable[[Progress], None]]:
    """A bar on the error stream, as the function to call with how far the run is."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        _Rate(lang),
        TextColumn("{task.fields[failed]}", style="red"),
        # whatever the name of a file says, it is only text
        TextColumn("{task.fields[scan]}", markup=False),
    )
    reading, writing = PASSES.in_language(lang).split("|")
    pages = Pages(lang)
    with Bars(*columns, console=console(stderr=True)) as bars:
        task = bars.add_task(reading, total=None, failed="", scan="")

        def show(progress: Progress) -> None:
            if progress.written == 1:  # the second pass begins
                bars.reset(task, description=writing)
            failed = FAILED.in_language(lang).format(progress.failed) if progress.failed else ""
            scan = pages.say(_named(progress.scan))
            saves = progress.written == progress.files
            said = SAVING.in_language(lang) if saves else scan
            # nothing else may come for a while
            bars.update(
                task,
                completed=progress.done,
                total=progress.files,
                failed=failed,
                scan=said,
                refresh=bool(said),
            )

        yield show
        bars.update(task, scan="")


def _named(scan: Scan | None) -> Scan | None:
    """The scan by the name of its file alone: folders take too much of a line."""
    if scan is None:
        return None
    name = scan.file.replace(INSIDE, "/").replace("\\", "/").rsplit("/", 1)[-1]
    half = _LONGEST_NAME // 2
    short = name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"
    return scan._replace(file="".join(sign for sign in short if sign.isprintable()))
