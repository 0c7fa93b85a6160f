"""How far a run is: on a terminal, in a log, and after Ctrl-C."""

from __future__ import annotations

import io
import re

import pytest

from zipingbiao.batch.progress import PAUSE, Lines, Pages, Progress, Scan, Watch


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


def test_a_slow_run_is_counted_by_the_minute() -> None:
    log, clock = io.StringIO(), Clock()
    lines = Lines(log, "en", clock)
    clock.now = PAUSE
    lines(Progress(5, 20, 0, 0))
    assert log.getvalue() == "read 5 of 20 files, 10 a minute, about 0:01:30 left; failed 0\n"


def test_a_log_tells_the_page_of_a_scan_and_not_the_name_of_its_file() -> None:
    log, clock = io.StringIO(), Clock()
    lines = Lines(log, "zh", clock)
    for page in range(1, 17):
        clock.now = 2.0 * page
        lines(Progress(0, 1, 0, 0, scan=Scan("张三.pdf", page, 60)))
    assert log.getvalue() == (
        "已读 0/1 个文件，每分钟 0 个，约剩 ?；未能读取 0 个；识别第 15/60 页，每分钟 30 页\n"
    )


def test_the_rate_of_pages_is_that_of_the_last_ones() -> None:
    clock = Clock()
    pages = Pages("en", clock)
    assert pages.say(None) == ""
    said = []
    for page in range(1, 101):
        clock.now += 1.0 if page < 50 else 3.0
        said.append(pages.say(Scan("", page, 100)))
    assert said[1:3] == ["page 2 of 100 by OCR", "page 3 of 100 by OCR, 60 a minute"]
    assert said[-1] == "page 100 of 100 by OCR, 20 a minute"


@pytest.mark.parametrize(
    ("lang", "name", "words"),
    [
        ("zh", "资料/[b]扫描.pdf", "识别 [b]扫描.pdf 第 3/12 页"),
        ("en", "C:\\forms\\scan.pdf", "page 3 of 12 of scan.pdf by OCR"),
        ("en", "a.zip!/b/" + "x" * 30 + "end.ofd", "page 3 of 12 of xxxxxxxx…xend.ofd by OCR"),
        ("en", "", "page 3 of 12 by OCR"),
    ],
)
def test_the_bar_tells_the_page_of_a_scan(
    lang: str, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, watch = Terminal(), Watch()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")
    with watch.shown(terminal, lang):
        watch(Progress(1, 4, 0, 0, scan=Scan(name, 3, 12)))
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert words in shown


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


@pytest.mark.parametrize(("lang", "words"), [("zh", "正在保存结果文件"), ("en", "saving the files")])
def test_a_terminal_says_that_files_are_saved_once_all_rows_are_written(
    lang: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, watch = Terminal(), Watch()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watch.shown(terminal, lang):
        watch(Progress(2, 2, 0, 0))
        watch(Progress(2, 2, 0, 0, 1))
        assert words not in terminal.getvalue()
        watch(Progress(2, 2, 0, 0, 2))
        assert words in terminal.getvalue()


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
