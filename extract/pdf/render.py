"""Draw pages of a PDF as they are read: upright, and at a size that is bounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdfium2 import raw

from extract.document import ReadError
from extract.pdf.fonts import use_fonts_of_computer
from extract.pdf.page import read_page

if TYPE_CHECKING:
    from PIL.Image import Image

#: pixels a point: small print can be read
_SCALE = 2.0
_MOST_PIXELS = 12_000_000
"""Of one page: A4 takes two million, A2 eight. The number that says how large a page is can be anything."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as a picture; ``scale`` is pixels a point."""

    number: int
    image: Image
    scale: float


def render_pages(data: bytes, numbers: Sequence[int]) -> Iterator[Rendered]:
    """Draw these pages of a PDF that has been read before. Raises `ReadError` where one cannot be drawn."""
    with _opened(data) as document:
        turns = {number: read_page(document.raw, number).turns for number in numbers}
    # only now: a page that was read has the fonts that are used for reading
    use_fonts_of_computer()
    with _opened(data) as document:
        for number in numbers:
            yield _render(document, number, turns[number])


def _opened(data: bytes) -> Any:
    return pypdfium2.PdfDocument(data)


def _render(document: Any, number: int, turns: int) -> Rendered:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
        if not (width * scale >= 1 and height * scale >= 1):
            raise _undrawable(number)
        more = (turns - raw.FPDFPage_GetRotation(page.raw)) % 4
        image = page.render(scale=scale, rotation=90 * more, may_draw_forms=False).to_pil().convert("RGB")
        return Rendered(number, image, scale)
    except (pypdfium2.PdfiumError, OverflowError, ValueError) as err:
        raise _undrawable(number) from err
    except ImportError as err:
        raise ReadError(
            "画图需要另装组件：pip install pillow。", "Drawing needs one more package: pip install pillow."
        ) from err
    finally:
        page.close()


def _undrawable(number: int) -> ReadError:
    return ReadError(f"PDF 第{number}页无法画出。", f"Page {number} of the PDF cannot be drawn.")
