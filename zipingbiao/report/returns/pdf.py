"""Put findings into a PDF as highlights with notes over its cells.

They are appended to the file: what was there stays byte for byte, and signatures stay valid.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from extract.document import Cell, Document, Grid, Line, ReadError
from extract.pdf.frame import Frame
from extract.pdf.plane import read_frames
from extract.pdf.read import read_pdf
from zipingbiao.report.returns.remark import AUTHOR, Marked, Remark, comment
from zipingbiao.report.returns.wording import Wording

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, StreamObject

Box = tuple[float, float, float, float]
Spot = tuple[int, Box]

#: points: the type size of a number, the square that it stands in reaches so far over the cell's corner
_LETTERS, _OVER = 6.0, 4.0
#: where a remark about the whole form is put, on its first page
_CORNER: Box = (20.0, 20.0, 60.0, 34.0)
_TINT, _EDGE = "1 0.85 0.2", "0.83 0.12 0.18"
#: shown, and printed too
_PRINTED = 4
#: what pypdf lets escape when the bytes under it are nonsense; its own errors are ValueErrors and Exceptions of its own
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, OSError, EOFError, RecursionError, NotImplementedError,
    OverflowError,
)  # fmt: skip


def mark_pdf(data: bytes, source: str, remarks: Sequence[Remark], wording: Wording) -> Marked:
    """The PDF with a note at the first place of each remark, and its other places highlighted. Raises ReadError."""
    spots = _spots(read_pdf(data, source))
    first = min((page for page, _ in spots.values()), default=1)
    notes: dict[Spot, list[Remark]] = defaultdict(list)
    also: dict[Spot, list[Remark]] = defaultdict(list)
    for remark in remarks:
        notes[spots.get(remark.place, (first, _CORNER))].append(remark)
        for place in remark.places[1:]:
            if place in spots:
                also[spots[place]].append(remark)
    astray = frozenset(one.number for one in remarks if one.place and one.place not in spots)
    frames = read_frames(data, sorted({page for page, _ in (*notes, *also)}))
    with_texts = [
        (spot, found, "\n\n".join(comment(one, wording, one.number in astray) for one in found))
        for spot, found in notes.items()
    ]
    without = [(spot, found, "") for spot, found in also.items() if spot not in notes]
    return Marked(_annotated(data, frames, with_texts + without), astray)


def _spots(document: Document) -> dict[str, Spot]:
    """The page and the box of each place."""
    found: dict[str, Spot] = {}
    for block in document.blocks:
        pieces: Iterable[Cell | Line] = block.cells() if isinstance(block, Grid) else (block,)
        for where in (piece.where for piece in pieces):
            if where.page is not None and where.box is not None:
                found.setdefault(where.place, (where.page, where.box))
    return found


def _annotated(
    data: bytes, frames: dict[int, Frame], notes: Iterable[tuple[Spot, list[Remark], str]]
) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise ReadError("PDF 受保护，不允许添加批注。", "The PDF is protected and takes no comments.")
        writer = PdfWriter(reader, incremental=True)
        for (page, box), found, text in notes:
            annotation = _highlight(writer, frames[page], box, found, text)
            writer.add_annotation(page - 1, annotation)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    except (PyPdfError, *_BROKEN) as err:
        raise ReadError(
            "PDF 的内部结构不规范，不能添加批注。",
            "The PDF is built in an irregular way and takes no comments.",
        ) from err


def _highlight(
    writer: PdfWriter, frame: Frame, box: Box, found: Sequence[Remark], text: str
) -> DictionaryObject:
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    left, top, right, bottom = box
    x0, y0, x1, y1 = _plane(frame, (left, top - _OVER, right + _OVER, bottom))
    corners = (frame.unplace(x, y) for y in (top, bottom) for x in (left, right))
    numbers = ",".join(dict.fromkeys(str(one.number) for one in found))
    size = (right - left + _OVER, bottom - top + _OVER)
    appearance = writer._add_object(_appearance(size, frame.turns, numbers))
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Highlight"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (x0, y0, x1, y1))),
            NameObject("/QuadPoints"): ArrayObject(FloatObject(at) for corner in corners for at in corner),
            NameObject("/C"): ArrayObject(map(FloatObject, _TINT.split())),
            NameObject("/F"): NumberObject(_PRINTED),
            NameObject("/T"): TextStringObject(AUTHOR),
            NameObject("/Contents"): TextStringObject(text or numbers),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): appearance}),
        }
    )


def _plane(frame: Frame, box: Box) -> Box:
    """A box of the upright page in the file's plane: left, bottom, right, top."""
    (ax, ay), (bx, by) = frame.unplace(*box[:2]), frame.unplace(*box[2:])
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _appearance(size: tuple[float, float], turns: int, numbers: str) -> StreamObject:
    """How a highlight looks: the cell tinted and outlined, on its upper right corner the numbers of the remarks.

    It is drawn upright; the matrix turns it as the page's text is turned in the file.
    """
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject

    width, height = size
    tag = 0.556 * _LETTERS * len(numbers) + 3
    content = (
        f"/Tint gs {_TINT} rg 0 0 {width - _OVER:.2f} {height - _OVER:.2f} re f "
        f"/Full gs {_EDGE} RG 0.8 w 0.4 0.4 {width - _OVER - 0.8:.2f} {height - _OVER - 0.8:.2f} re S "
        f"{_EDGE} rg {width - tag:.2f} {height - _LETTERS - 2:.2f} {tag:.2f} {_LETTERS + 2:.2f} re f "
        f"BT /F {_LETTERS} Tf 1 g {width - tag + 1.5:.2f} {height - _LETTERS - 0.2:.2f} Td ({numbers}) Tj ET"
    )
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turns % 4]
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    names = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    tint = DictionaryObject(
        {NameObject("/ca"): FloatObject("0.45"), NameObject("/BM"): NameObject("/Multiply")}
    )
    full = DictionaryObject({NameObject("/ca"): FloatObject(1), NameObject("/BM"): NameObject("/Normal")})
    states = DictionaryObject({NameObject("/Tint"): tint, NameObject("/Full"): full})
    stream = StreamObject()
    stream.set_data(content.encode())
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, (0, 0, width, height))),
            NameObject("/Matrix"): ArrayObject(map(FloatObject, (cos, sin, -sin, cos, 0, 0))),
            NameObject("/Resources"): DictionaryObject(
                {
                    NameObject("/Font"): DictionaryObject({NameObject("/F"): names}),
                    NameObject("/ExtGState"): states,
                }
            ),
        }
    )
    return stream
