"""How right recognized text is: a table of what was done to a page against the cells and numbers that came out.

    python benchmarks/ocr.py

Each form of ``samples`` is drawn from its PDF, treated as scanners and telephones treat paper, and read as a picture;
the truth is what the PDF itself says. A number counts as right when every character of its cell is. A wrong one is
*silent* where neither its confidence (below 0.80) nor READ04 speaks of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import scans  # noqa: E402

from extract.document import Document, Grid  # noqa: E402
from extract.ocr.picture import read_picture  # noqa: E402
from extract.pdf.fonts import use_fonts_of_computer  # noqa: E402
from extract.pdf.read import read_pdf  # noqa: E402
from normalize.layout import find_forms  # noqa: E402
from normalize.to_record import to_record  # noqa: E402
from zipingbiao.pipeline import check  # noqa: E402

Treat = Callable[[scans.Picture], scans.Picture]

#: forms of few pages and many numbers
FORMS = ("seed", "national")
TREATMENTS: dict[str, Treat] = {
    "200 dpi": lambda page: page,
    "200 dpi, noise, 0.6°": lambda page: scans.noisy(scans.leaning(page, 0.6)),
    "150 dpi": lambda page: scans.at_dpi(page, 150),
    "300 dpi": lambda page: scans.at_dpi(page, 300),
    "JPEG quality 40": lambda page: scans.through_jpeg(page, 40),
    "skew 3°": lambda page: scans.leaning(page, 3.0),
    "upside down": lambda page: np.ascontiguousarray(np.rot90(page, 2)),
    "quarter turn": lambda page: np.ascontiguousarray(np.rot90(page)),
    "shadow": scans.shadowed,
    "red seal over the scores": lambda page: scans.stamped(scans.stamped(page, 630, 500), 630, 905),
    "telephone: slant, shadow, JPEG 60": lambda page: scans.through_jpeg(
        scans.shadowed(scans.photographed(page)), 60
    ),
}


def pages(form: str) -> tuple[Document, scans.Picture]:
    """What a sample's PDF says, and its first page as a picture."""
    data = (ROOT / "samples" / form / "form.pdf").read_bytes()
    truth = read_pdf(data, "pdf")
    use_fonts_of_computer()
    with pypdfium2.PdfDocument(data) as pdf:
        picture = pdf[0].render(scale=scans.SCALE, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    return truth, picture


def cells(document: Document) -> Iterator[tuple[tuple[int, int, int], str, Any]]:
    """The cells of the first page by table, row and column."""
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    for table, grid in enumerate(grids):
        for cell in grid.cells():
            if cell.where.page == 1 and cell.where.row and cell.where.col:
                yield (table, cell.where.row, cell.where.col), "".join(cell.text.split()), cell


def plain(text: str) -> str:
    """Signs that print alike counted as one: they are read as one."""
    return text.translate(str.maketrans("：（），；—－", ":(),;--")).replace("……", "…")


def main() -> None:
    """Print the table."""
    sys.stdout.write("| page | cells right | numbers right | wrong numbers, silent | seconds a page |\n")
    sys.stdout.write("|---|--:|--:|--:|--:|\n")
    for name, treat in TREATMENTS.items():
        right = whole = numbers = exact = silent = 0
        spent = 0.0
        for form in FORMS:
            truth, picture = pages(form)
            data = scans.as_file(treat(picture))
            begun = time.process_time()
            document = read_picture(data, "png")
            spent += time.process_time() - begun
            doubted = {
                cell
                for found in find_forms(document)
                for finding in check(to_record(found), select=["READ04"])
                for cell in finding.problem.cells
            }
            read = {place: (text, cell) for place, text, cell in cells(document)}
            for place, text, _ in cells(truth):
                if not text:
                    continue
                got, cell = read.get(place, ("", None))
                is_right, is_number = plain(got) == plain(text), any(sign.isdecimal() for sign in text)
                whole, right = whole + 1, right + is_right
                numbers, exact = numbers + is_number, exact + (is_number and is_right)
                if is_number and not is_right:
                    unsure = cell is not None and cell.confidence is not None and cell.confidence < 0.8
                    silent += not unsure and cell not in doubted
                    if "-v" in sys.argv:
                        sys.stderr.write(f"  {form} {place}: {text!r} read as {got!r}\n")
        sys.stdout.write(
            f"| {name} | {100 * right / whole:.1f} % | {100 * exact / numbers:.1f} % | {silent} of {numbers} | {spent / len(FORMS):.1f} |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
