"""Forms as they come from the printer: what `ocr.py` makes scans of.

Forms that honest offices filled in, each in a layout of its own, and some of ``samples``, printed on A4 across; a
table that is too long goes on over the page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "samples")]

import scans  # noqa: E402
from form_builder import honest_form  # noqa: E402
from layouts.drawing import lay_out  # noqa: E402
from make import read_source  # noqa: E402
from paper import write_pdf  # noqa: E402

from extract.document import Document, Grid  # noqa: E402
from extract.pdf.fonts import use_fonts_of_computer, use_one_font  # noqa: E402
from extract.pdf.read import read_pdf  # noqa: E402
from normalize.layout import find_forms  # noqa: E402
from normalize.record import Entry, Record  # noqa: E402
from normalize.to_record import to_record  # noqa: E402

SAMPLES = ("sichuan", "two_tier")
#: so many offices whose forms have so many indicators and more
OFFICES, ROOMY = 2, 5
#: points: a page of A4 across, and its margin
WIDTH, HEIGHT, MARGIN = 842, 595, 40


@dataclass(frozen=True)
class Sheet:
    """A printed page; boxes are in points: those of its cells, and where seals and signatures go."""

    picture: scans.Picture
    cells: Sequence[scans.Box]
    spots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Form:
    """What a form says, and its pages as they come from the printer."""

    name: str
    truth: Record
    sheets: Sequence[Sheet]


def forms() -> Iterator[Form]:
    """All that are measured."""
    for name in SAMPLES:
        yield _printed(name, ROOT / "samples" / name / "source.txt")
    found, seed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.txt"
        while found < OFFICES:
            seed += 1
            choose = Random(seed)
            form = honest_form(choose)
            if len(form.indicators) < ROOMY:
                continue
            found += 1
            source.write_text("\n".join(lay_out(choose, form).lines), encoding="utf-8")
            yield _printed(f"office {seed}", source)


def _printed(name: str, source: Path) -> Form:
    data = write_pdf(read_source(source))
    document = read_pdf(data, "pdf")
    use_fonts_of_computer()
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            picture = pdf[0].render(scale=scans.SCALE, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    finally:
        use_one_font()
    truth = record_of(document)
    assert truth is not None, name
    scores = [one.score for one in truth.indicators if one.score is not None]
    places: list[Entry[object] | None] = [truth.total.score, *scores[len(scores) // 2 :][:1]]
    places.append(truth.funds[0].score if truth.funds else None)
    spots = [_middle(entry.cell.where.box) for entry in places if entry is not None and entry.cell.where.box]
    boxes = [
        cell.where.box
        for block in document.blocks
        if isinstance(block, Grid)
        for cell in block.cells()
        if cell.where.box
    ]
    return Form(name, truth, _sheets(picture, boxes, spots))


def _middle(box: scans.Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _sheets(
    picture: scans.Picture, boxes: Sequence[scans.Box], spots: Sequence[tuple[float, float]]
) -> list[Sheet]:
    """The long page on sheets of A4, cut where rows end."""
    length = picture.shape[0] / scans.SCALE
    ends = sorted({box[3] for box in boxes} | {length})
    top = 0.0
    sheets: list[Sheet] = []
    while top < length - 1:
        room = HEIGHT - MARGIN if not sheets else HEIGHT - 2 * MARGIN
        bottom = max((end for end in ends if top < end <= top + room), default=min(top + room, length))
        down = MARGIN if sheets else 0
        blank = np.full((round(HEIGHT * scans.SCALE), round(WIDTH * scans.SCALE), 3), 255, np.uint8)
        piece = picture[max(round((top - 0.5) * scans.SCALE), 0) : round((bottom + 0.5) * scans.SCALE)]
        at = round(down * scans.SCALE)
        piece = piece[: blank.shape[0] - at, : blank.shape[1]]
        blank[at : at + len(piece), : piece.shape[1]] = piece
        moved = [
            (left, max(upper, top) - top + down, right, min(lower, bottom) - top + down)
            for left, upper, right, lower in boxes
            if upper < bottom - 1 and lower > top + 1
        ]
        here = [(x, y - top + down) for x, y in spots if top < y <= bottom]
        sheets.append(Sheet(blank, moved, here))
        top = bottom
    return sheets


def record_of(document: Document) -> Record | None:
    """The largest form of a document; None where there is none."""
    found = [to_record(form) for form in find_forms(document)]
    return max(found, key=lambda record: len(record.indicators) + len(record.funds), default=None)
