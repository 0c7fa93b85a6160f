"""Read pictures of forms: PNG, JPEG, TIFF, BMP, GIF and WebP, each page of a fax or scan on its own."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from extract.document import Bilingual, Document, ReadError
from extract.limits import MAX_PICTURE_PIXELS, MAX_RECOGNIZED_PAGES
from extract.ocr.choice import can_recognize, refuse, too_many_pages
from extract.ocr.telling import tell
from extract.pdf.flow import Flow

if TYPE_CHECKING:
    import numpy as np

    Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: as Pillow names them; a telephone's MPO is opened as JPEG, and has no name here
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
#: the longer side of A4 in points: what a picture says of its own resolution is often made up
_LONG_SIDE = 842.0
#: pixels: print on a page that is smaller cannot be read
_LEAST_SIDE = 400


def read_picture(data: bytes, source: str) -> Document:
    """Read the bytes of a picture; ``source`` is the name that every place in the document carries.

    Boxes are in points on the page as it was straightened, as if its longer side were that of A4; each cell has
    its confidence. Raises ReadError, and nothing else, for whatever the bytes are.
    """
    if not can_recognize():
        raise refuse()
    from extract.ocr.recognize import recognize

    flow, signs, pages = Flow(source), 0, 0
    for pages, (picture, count) in enumerate(_pictures(data), start=1):
        tell(pages, count)
        sight = recognize(picture, max(picture.shape[:2]) / _LONG_SIDE, pages)
        signs += sight.page.characters
        flow.add(sight.page, sight.pieces)
    if not signs:
        raise ReadError(
            "图片中没有识别出文字；请确认图片，或重新扫描。",
            "No text was recognized in the picture; check it, or scan it again.",
        )
    note = Bilingual(
        "文字由图片识别得出，可能有误。", "The text was recognized in a picture, it may be wrong."
    )
    return flow.document((note,))


def _pictures(data: bytes) -> Iterator[tuple[Picture, int]]:
    """The pages of a picture as red, green and blue, turned as the camera says, and how many. Raises ReadError."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            # Pillow warns of what is merely large, and of tags that are out of order: both are dealt with here.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                count = _count(image)
                for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                    if image.format == "MPO" and number > 1:
                        break  # a telephone's picture has a small copy behind it
                    _check(frame.size, number)
                    upright = ImageOps.exif_transpose(frame)
                    yield np.asarray(_on_white(upright), np.uint8), count
    except damage() as err:
        raise ReadError(
            "图片已损坏，或不是支持的格式（PNG、JPEG、TIFF、BMP），无法读取；请重新扫描，或另存为 PNG 后再试。",
            "The picture is damaged or of another format than PNG, JPEG, TIFF or BMP; scan it again, or save it as PNG.",
        ) from err


def _count(image: Any) -> int:
    """How many pages a picture has; of too many, one more than are read."""
    if image.format == "MPO":
        return 1
    count = 1
    try:
        while count <= MAX_RECOGNIZED_PAGES:
            image.seek(count)
            count += 1
    except EOFError:
        pass
    image.seek(0)
    return count


def damage() -> tuple[type[Exception], ...]:
    """What Pillow raises for bytes that are no picture, or only half of one."""
    from PIL import Image, UnidentifiedImageError

    return (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        ArithmeticError,
        LookupError,
        Image.DecompressionBombError,
    )


def _on_white(image: Any) -> Any:
    """A picture without transparency: where nothing is painted, there is paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        from PIL import Image

        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _check(size: tuple[int, int], number: int) -> None:
    """Raise ReadError for a picture that is too large, too small, or has too many pages."""
    if number > MAX_RECOGNIZED_PAGES:
        raise too_many_pages()
    if size[0] * size[1] > MAX_PICTURE_PIXELS:
        millions = MAX_PICTURE_PIXELS // 1_000_000
        raise ReadError(
            f"图片超过 {millions} 百万像素，不予读取；请缩小后再试。",
            f"The picture has more than {millions} million pixels and is not read; make it smaller.",
        )
    if max(size) < _LEAST_SIDE or min(size) < _LEAST_SIDE // 10:
        raise ReadError(
            "图片太小，看不清文字；请以 200 dpi 以上重新扫描。",
            "The picture is too small to read print in it; scan it again at 200 dpi or more.",
        )
