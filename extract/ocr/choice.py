"""Whether pictures are to be read, as the user chose for all files of a run."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from extract.cores import cores
from extract.document import Bilingual, ReadError
from extract.limits import MAX_RECOGNIZED_PAGES

#: ``auto`` reads pages without text as pictures, ``always`` all pages of a PDF, ``never`` none
MODES = ("auto", "always", "never")

_mode: ContextVar[str] = ContextVar("ocr", default="auto")
#: of this process; None where nobody has said
_threads: ContextVar[int | None] = ContextVar("threads of recognition", default=None)


@contextmanager
def recognizing(mode: str) -> Iterator[None]:
    """Read pictures within as one of `MODES` says."""
    before = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(before)


def mode() -> str:
    """The one of `MODES` that holds."""
    return _mode.get()


def use_threads(count: int) -> None:
    """From now on, read each picture with so many threads: the share of a worker in the cores of its computer."""
    _threads.set(count)


def threads() -> int:
    """How many threads may read a picture; where nobody has said, all cores, or one in a worker among others."""
    return _threads.get() or (cores() if multiprocessing.parent_process() is None else 1)


def can_recognize() -> bool:
    """Whether pictures may be read, and the packages for it are there."""
    if mode() == "never":
        return False
    try:
        import cv2  # noqa: F401
        import numpy  # noqa: F401
        import onnxruntime  # noqa: F401
        import PIL  # noqa: F401

        from extract.ocr.model import model_path
    except ImportError:
        return False
    return model_path() is not None


def takes_all_pictures() -> bool:
    """Whether pages with text are read as pictures as well. Raises ReadError where they cannot be."""
    if mode() == "always" and not can_recognize():
        to_do = advice()
        raise ReadError(
            f"--ocr always 要求按图像识别；{to_do.zh}。",
            f"--ocr always asks for text recognition; {to_do.en}.",
        )
    return mode() == "always"


def advice() -> Bilingual:
    """What to do about a page that is a picture and was not read."""
    if mode() == "never":
        return Bilingual(
            "因 --ocr never 未做文字识别；请改用 --ocr auto，或索取原始的 Word 文件",
            "it was not recognized because of --ocr never; use --ocr auto, or ask for the original Word file",
        )
    if not can_recognize():
        return Bilingual(
            '文字识别需要另装组件：pip install "zipingbiao[ocr]"；或索取原始的 Word 文件',
            'recognizing it needs one more package: pip install "zipingbiao[ocr]"; or ask for the original Word file',
        )
    return Bilingual("请索取原始的 Word 文件", "ask for the original Word file")


def refuse() -> ReadError:
    """The error for a picture that is not read."""
    to_do = advice()
    return ReadError(
        f"这是图片，没有文字，需要文字识别；{to_do.zh}。",
        f"This is a picture and needs text recognition; {to_do.en}.",
    )


def too_many_pages() -> ReadError:
    """The error for more scanned pages than are read."""
    return ReadError(
        f"扫描件超过 {MAX_RECOGNIZED_PAGES} 页，不予识别；请拆分后再试。",
        f"There are more than {MAX_RECOGNIZED_PAGES} scanned pages, more than are recognized; split the file.",
    )
