"""Say how far a run is: a bar on a terminal; elsewhere, such as in a log, a line every half minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple, TextIO

from extract.document import Bilingual

#: seconds between two lines
PAUSE = 30.0
READ = Bilingual(
    "已读 {read}/{files} 个文件，{rate}，约剩 {left}；未能读取 {failed} 个",
    "read {read} of {files} files, {rate}, about {left} left; failed {failed}",
)
WRITTEN = Bilingual(
    "已写出 {written}/{files} 个文件的结果，{rate}，约剩 {left}",
    "wrote the rows of {written} of {files} files, {rate}, about {left} left",
)
A_SECOND = Bilingual("每秒 {:.0f} 个", "{:.0f} a second")
A_MINUTE = Bilingual("每分钟 {:.0f} 个", "{:.0f} a minute")
#: of the page of a scan that is recognized
SCAN = Bilingual("识别第 {page}/{pages} 页", "page {page} of {pages} by OCR")
SCAN_OF = Bilingual("识别 {file} 第 {page}/{pages} 页", "page {page} of {pages} of {file} by OCR")
PAGES_A_MINUTE = Bilingual("，每分钟 {:.0f} 页", ", {:.0f} a minute")
#: pages by which their rate is told: the last ones, and no fewer than
_RECENT, _FEWEST = 20, 3


class Scan(NamedTuple):
    """The page of a scan that is recognized now, from 1; ``file`` is blank where it shall not be named."""

    file: str
    page: int
    pages: int


class Progress(NamedTuple):
    """How many files of a run are read, of all that are known of, and how many have been written to the tables.

    ``failed`` could not be read, ``reused`` were known from an earlier run; both count as read. ``scan`` is there
    where no file is done, but a page of one begins.
    """

    read: int
    files: int
    failed: int
    reused: int
    written: int = 0
    scan: Scan | None = None

    @property
    def done(self) -> int:
        """The files that are through the pass that the run is in."""
        return self.written or self.read


class Watch:
    """Knows how far a run is, to be given to it as ``progress``, and shows it."""

    def __init__(self) -> None:
        self.last = Progress(0, 0, 0, 0)
        self._show: Callable[[Progress], None] | None = None

    def __call__(self, progress: Progress) -> None:
        """Take the next step."""
        self.last = progress
        if self._show:
            self._show(progress)

    @contextmanager
    def shown(self, stream: TextIO, lang: str) -> Iterator[None]:
        """Show it within: as a bar where ``stream`` is a terminal, else as lines."""
        if not stream.isatty():
            self._show = Lines(stream, lang)
            yield
            return
        from zipingbiao.batch.bar import bar

        with bar(lang) as self._show:
            yield

    def interrupted(self) -> Bilingual:
        """What to say when Ctrl-C has ended the run."""
        zh, en = "已中断，没有写出结果", "Interrupted; no tables were written"
        if self.last.read:
            zh += f"；{self.last.files} 个文件中已读 {self.last.read} 个，再次运行同一命令即可从此继续"
            en += (
                f"; {self.last.read} of {self.last.files} files are read: the same command goes on from there"
            )
        return Bilingual(f"{zh}。", f"{en}.")


class Lines:
    """Writes a line to a stream when the last is half a minute old; ``now`` tells the time in seconds."""

    def __init__(self, stream: TextIO, lang: str, now: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._lang = lang
        self._now = now
        self._said = now()
        # since when the rate is taken, from how many files on, and in which pass
        self._since, self._done, self._writes = self._said, 0, False
        self._pages = Pages(lang, now)

    def __call__(self, progress: Progress) -> None:
        """Write a line, if it is time for one."""
        now, writes = self._now(), progress.written > 0
        # nobody reads in a log of which file it is: its name may be that of a person
        scan = self._pages.say(progress.scan and progress.scan._replace(file=""))
        if writes != self._writes:  # which counts from none again
            self._since, self._done, self._writes = now, 0, writes
        if now - self._said < PAUSE or now == self._since:
            return
        rate = (progress.done - self._done) / (now - self._since)
        self._said, self._since, self._done = now, now, progress.done
        comma = "; " if self._lang == "en" else "；"
        self._stream.write(comma.join(filter(None, (_sentence(progress, rate, self._lang), scan))) + "\n")
        self._stream.flush()


class Pages:
    """Says which page is recognized, and how many are in a minute; ``now`` tells the time in seconds."""

    def __init__(self, lang: str, now: Callable[[], float] = monotonic) -> None:
        self._lang = lang
        self._now = now
        self._begun: deque[float] = deque(maxlen=_RECENT)

    def say(self, scan: Scan | None) -> str:
        """Of the page that begins; blank where none does."""
        if scan is None:
            return ""
        self._begun.append(self._now())
        said = (SCAN_OF if scan.file else SCAN).in_language(self._lang).format(**scan._asdict())
        lasted = self._begun[-1] - self._begun[0]
        if len(self._begun) < _FEWEST or not lasted:
            return said
        return said + PAGES_A_MINUTE.in_language(self._lang).format(60 * (len(self._begun) - 1) / lasted)


def said_rate(rate: float, lang: str) -> str:
    """So many files a second; fewer than one a second are counted by the minute."""
    return (
        A_SECOND.in_language(lang).format(rate) if rate >= 1 else A_MINUTE.in_language(lang).format(60 * rate)
    )


def _sentence(progress: Progress, rate: float, lang: str) -> str:
    left = _duration((progress.files - progress.done) / rate) if rate else "?"
    text = (WRITTEN if progress.written else READ).in_language(lang)
    return text.format(**progress._asdict(), rate=said_rate(rate, lang), left=left)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
