"""How far a run is: on a terminal, in a log, and after Ctrl-C."""

from __future__ import annotations

import io
import re

import pytest

from zipingbiao.batch.progress import PAUSE, Lines, Progress, Watch


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_every_half_minute() -> None:
    log, clock = io.StringIO(), Clock()
    lines = Lines(log, "en", clock)
    for read in range(1, 1001):
        clock.now = read * 0.1
        lines(Progress(read, 1000, read // 100, 0))
    assert log.getvalue().splitlines() == [
        "read 300 of 1000 files, 10 a second, about 0:01:10 left; failed 3",
        "read 600 of 1000 files, 10 a second, about 0:00:40 left; failed 6",
        "read 900 of 1000 files, 10 a second, about 0:00:10 left; failed 9",
    ]


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    log, clock = io.StringIO(), Clock()
    lines = Lines(log, "zh", clock)
    lines(Progress(9000, 10_000, 0, 9000))  # known from an earlier run: done at once
    clock.now = PAUSE
    lines(Progress(9300, 10_000, 0, 9000))
    clock.now = 2 * PAUSE
    lines(Progress(9360, 10_000, 1, 9000))
    assert log.getvalue().splitlines()[1] == "已读 9360/10000 个文件，每秒 2 个，约剩 0:05:20；未能读取 1 个"


def test_the_second_pass_has_a_rate_of_its_own() -> None:
    log, clock = io.StringIO(), Clock()
    lines = Lines(log, "en", clock)
    clock.now = 20
    lines(Progress(1000, 1000, 0, 0))
    lines(Progress(1000, 1000, 0, 0, 1))
    clock.now = PAUSE
    lines(Progress(1000, 1000, 0, 0, 100))
    assert log.getvalue() == "wrote the rows of 100 of 1000 files, 10 a second, about 0:01:30 left\n"


def test_a_short_run_says_nothing_in_a_log() -> None:
    log, watch = io.StringIO(), Watch()
    with watch.shown(log, "zh"):
        watch(Progress(1, 1, 0, 0))
    assert log.getvalue() == ""


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ["读取", "写出", "未能读取 2 个"]), ("en", ["reading", "writing", "failed 2"])]
)
def test_a_terminal_gets_a_bar(lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, watch = Terminal(), Watch()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watch.shown(terminal, lang):
        for read in range(1, 5):
            watch(Progress(read, 4, read // 2, 0))
        for written in range(1, 5):
            watch(Progress(4, 4, 2, 0, written))
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert words[1] in shown and words[2] in shown and "4/4" in shown


def test_after_ctrl_c_it_says_how_many_files_are_read() -> None:
    watch = Watch()
    assert watch.interrupted().zh == "已中断，没有写出结果。"
    watch(Progress(7, 20, 0, 0))
    assert (
        watch.interrupted().zh == "已中断，没有写出结果；20 个文件中已读 7 个，再次运行同一命令即可从此继续。"
    )
    assert watch.interrupted().en == (
        "Interrupted; no tables were written; 7 of 20 files are read: the same command goes on from there."
    )
