"""Read a page of an OFD from its pictures: they are laid on white paper, each at its place, and recognized together."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from extract.document import ReadError
from extract.limits import MAX_PICTURE_PIXELS
from extract.ocr.page import Sight
from extract.ocr.picture import FORMATS, damage
from extract.ocr.recognize import LEAST_SIDE, fine_enough, recognize
from extract.ofd import jbig2
from extract.ofd.pictures import Placed, Sheet

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: a scan is one picture, or some hundred strips of one
_MOST_PICTURES = 2_000
#: pixels: OpenCV moves nothing that is longer
_LONGEST = 30_000


def read_scan(sheet: Sheet, load: Callable[[str], bytes | None], number: int) -> Sight | None:
    """Recognize the text of page ``number``; ``load`` gives the bytes of a picture, None where they are missing.

    None for a page too narrow to hold any. Raises ReadError: a picture is missing, damaged, too large, or of a format
    that is not read.
    """
    scale = fine_enough(sheet.width, sheet.height)
    paper = np.full((math.ceil(sheet.height * scale), math.ceil(sheet.width * scale), 3), 255, np.uint8)
    if min(paper.shape[:2]) < LEAST_SIDE:
        return None
    if len(sheet.pictures) > _MOST_PICTURES:
        raise _too_large(number)
    pixels = 0
    for placed in sheet.pictures:
        data = load(placed.number)
        if data is None:
            raise _missing(number)
        try:
            picture = _unpacked(data, MAX_PICTURE_PIXELS - pixels)
        except (pypdfium2.PdfiumError, *damage()) as err:
            raise _unreadable(data, number) from err
        if picture is None:
            raise _too_large(number)
        pixels += picture.shape[0] * picture.shape[1]
        _lay(paper, picture, placed, scale)
    return recognize(paper, scale, number)


def _unpacked(data: bytes, most_pixels: int) -> Picture | None:
    """Red, green, blue, and how opaque, if that is said; None for a picture of more pixels."""
    if data.startswith(jbig2.MAGIC):
        width, height = jbig2.size_of(data)
        return None if width * height > most_pixels else np.repeat(jbig2.unpack(data)[:, :, None], 3, axis=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is merely large, and of tags that are out of order
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > most_pixels:
                return None
            is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
            return np.asarray(image.convert("RGBA" if is_clear else "RGB"), np.uint8)


def _lay(paper: Picture, picture: Picture, placed: Placed, scale: float) -> None:
    """Paint a picture onto the paper, which is ``scale`` pixels a point; what lies outside its box is cut off."""
    shown = placed.shown
    left, right = max(math.floor(shown.x0 * scale), 0), min(math.ceil(shown.x1 * scale), paper.shape[1])
    top, bottom = max(math.floor(-shown.y1 * scale), 0), min(math.ceil(-shown.y0 * scale), paper.shape[0])
    # from the square to pixels, whose rows run downwards
    plane = np.array(placed.plane, np.float64).reshape(3, 2).T * [[scale], [-scale]]
    wide, high = np.hypot(plane[0, :2], plane[1, :2])
    if left >= right or top >= bottom or not (np.isfinite(plane).all() and wide > 0 < high):
        return
    size = _smaller(picture.shape[1], wide), _smaller(picture.shape[0], high)
    if size != (picture.shape[1], picture.shape[0]):
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    if picture.shape[2] == 3:
        picture = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    # one more pixel around, or the seams between the strips of a page would be pale
    picture = np.asarray(cv2.copyMakeBorder(picture, 1, 1, 1, 1, cv2.BORDER_REPLICATE), np.uint8)
    plane[:, :2] /= size
    # a pixel is where its middle is
    plane[:, 2] -= plane[:, :2].sum(axis=1) / 2 + 0.5 + [left, top]
    moved = cv2.warpAffine(picture, plane, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    below, opacity = paper[top:bottom, left:right], moved[:, :, 3:] / np.float32(255)
    below[:] = np.rint(below * (1 - opacity) + moved[:, :, :3] * opacity)


def _smaller(pixels: int, wanted: float) -> int:
    return min(pixels, max(round(min(wanted, _LONGEST)), 1))


def _missing(number: int) -> ReadError:
    return ReadError(
        f"OFD 第{number}页是扫描件，但图像不在文件中，文件不完整；请重新下载，或请提交人重新发送。",
        f"Page {number} of the OFD is a scan, but its picture is not in the file; download it again, or ask for it to be "
        "sent again.",
    )


def _unreadable(data: bytes, number: int) -> ReadError:
    kind = " JBIG2 " if data.startswith(jbig2.MAGIC) else ""
    return ReadError(
        f"OFD 第{number}页是扫描件，但{kind}图像已损坏，或不是支持的格式，无法识别；请用原来的程序导出为 PDF 后再试。",
        f"Page {number} of the OFD is a scan, but its {kind.lstrip()}picture is damaged or of a format that is not read; "
        "export it as a PDF from the program that made it.",
    )


def _too_large(number: int) -> ReadError:
    millions = MAX_PICTURE_PIXELS // 1_000_000
    return ReadError(
        f"OFD 第{number}页是扫描件，但图像超过 {millions} 百万像素，或多得异常，不予读取；请缩小后再试。",
        f"Page {number} of the OFD is a scan, but its pictures have more than {millions} million pixels, or are too many, "
        "and are not read; make them smaller.",
    )
