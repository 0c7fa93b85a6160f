"""Whether the characters of a page are text: scans and pages without a meaning are told, and named to the user."""

from __future__ import annotations

from collections.abc import Callable

from extract.document import Bilingual, ReadError
from extract.limits import MAX_PDF_PIECES
from extract.pdf.page import Page

#: a page of whose characters more mean nothing has no text layer to speak of
MOST_UNREADABLE = 0.2
#: from so many it is said
NOTED_UNREADABLE = 0.02
#: a page with hardly a character, of which pictures cover so much, is a scan
_FEW_CHARACTERS, SCANNED = 10, 0.3
ORIGINAL = Bilingual("请索取原始的 Word 文件", "ask for the original Word file")


class TextLayer:
    """Takes note of the pages as they come, and says at the end what could not be read of them.

    ``kind`` names the format in the sentences, ``garbled`` says what it means that the file's characters have no
    meaning, and ``advice`` what to do about pages without text.
    """

    def __init__(
        self, kind: str, garbled: Bilingual, advice: Callable[[], Bilingual] = lambda: ORIGINAL
    ) -> None:
        self._kind = kind
        self._if_garbled = garbled
        self._advice = advice
        self._pieces = 0
        self._read = 0
        self._scanned: list[int] = []
        self._garbled: list[int] = []
        self._doubtful: list[int] = []
        self._recognized: list[int] = []
        self._seen: list[int] = []

    def add_recognized(self, number: int) -> None:
        """Note that a page was read from what it looks like, whatever `has_text` said of it."""
        for pages in (self._scanned, self._garbled, self._doubtful, self._recognized):
            if number in pages:
                pages.remove(number)
        self._seen.append(number)

    def has_text(self, page: Page) -> bool:
        """Note what a page is; whether it has text to read."""
        self._pieces += page.pieces
        if self._pieces > MAX_PDF_PIECES:
            raise ReadError(
                f"{self._kind} 的内容多得异常，超出读取上限；请拆分后再试。",
                f"The {self._kind} holds more than is read from one file; split it.",
            )
        if page.characters < _FEW_CHARACTERS and page.pictures >= SCANNED:
            self._scanned.append(page.number)
            return False
        if page.unreadable > MOST_UNREADABLE:
            self._garbled.append(page.number)
            return False
        if page.unreadable >= NOTED_UNREADABLE:
            self._doubtful.append(page.number)
        if page.is_recognized:
            self._recognized.append(page.number)
        self._read += page.characters > 0
        return True

    def judge(self) -> tuple[Bilingual, ...]:
        """What to say about the pages. Raises ReadError where none of them has text."""
        if not (self._read or self._seen):
            raise self._no_text()
        noted = (
            (self._scanned, "是扫描图像，没有文字层，未读取", "a scan without text, not read"),
            (
                self._garbled,
                "的文字没有编码对照，等同扫描件，未读取",
                "text without a meaning, as in a scan, not read",
            ),
            (self._doubtful, "有部分文字没有编码对照，可能有误", "some characters without a meaning"),
            (
                self._recognized,
                "的文字来自扫描识别，可能有误",
                "text recognized from a scan, it may be wrong",
            ),
            (
                self._seen,
                "没有可用的文字层，文字由图像识别得出，可能有误",
                "no text to use, recognized from its picture, it may be wrong",
            ),
        )
        return tuple(
            Bilingual(
                f"{self._kind} 第{_listed(pages, '、')}页{zh}。",
                f"{self._kind} page {_listed(pages, ', ')}: {en}.",
            )
            for pages, zh, en in noted
            if pages
        )

    def _no_text(self) -> ReadError:
        advice = self._advice()
        if self._garbled:
            return ReadError(f"{self._if_garbled.zh}；{advice.zh}。", f"{self._if_garbled.en}; {advice.en}.")
        if self._scanned:
            return ReadError(
                f"{self._kind} 是扫描件，没有文字层，需要文字识别；{advice.zh}。",
                f"The {self._kind} is a scan without a text layer and needs text recognition; {advice.en}.",
            )
        return ReadError(
            f"{self._kind} 中没有文字；请确认文件，或索取原始的 Word 文件。",
            f"The {self._kind} holds no text; check the file, or ask for the original Word file.",
        )


def _listed(pages: list[int], comma: str) -> str:
    """Page numbers, runs of them in short: ``1、3-5``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return comma.join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
