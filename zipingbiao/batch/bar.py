"""The progress bar on a terminal: how far, how fast, how long still, and how many files could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from extract.document import Bilingual
from zipingbiao.batch.progress import Progress
from zipingbiao.terminal import console

PASSES = Bilingual("读取|写出", "reading|writing")
RATE = Bilingual("每秒 {:.0f} 个", "{:.0f} a second")
FAILED = Bilingual("未能读取 {} 个", "failed {}")


class _Rate(ProgressColumn):
    """Files a second, over the last half minute."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._text = RATE.in_language(lang)

    def render(self, task: Task) -> Text:
        return Text(self._text.format(task.speed) if task.speed else "")


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
    )
    reading, writing = PASSES.in_language(lang).split("|")
    with Bars(*columns, console=console(stderr=True)) as bars:
        task = bars.add_task(reading, total=None, failed="")

        def show(progress: Progress) -> None:
            if progress.written == 1:  # the second pass begins
                bars.reset(task, description=writing)
            failed = FAILED.in_language(lang).format(progress.failed) if progress.failed else ""
            bars.update(task, completed=progress.done, total=progress.files, failed=failed)

        yield show
