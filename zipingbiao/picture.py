"""Draw how a PDF was read: its pages, each cell outlined in the colour of what it was read as, with the field's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.document import Cell, Document, Grid, Line, ReadError
from extract.readers import find_format, load
from extract.unlock import unlocked
from normalize.form import Form, Role
from normalize.layout import find_forms
from zipingbiao.report.draft import WriteError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from extract.pdf.render import Rendered

    Font = FreeTypeFont | ImageFont

MAX_PAGES = 12
"""The pages of one picture, those with forms first: a form takes one to three."""

Colour = tuple[int, int, int]
FIELD, GUESSED, LABEL, QUIET, NOBODY, TABLE = (
    (30, 136, 66), (214, 130, 0), (66, 103, 178), (120, 120, 120), (211, 30, 47), (150, 150, 150),
)  # fmt: skip
LEGEND = (
    ("field", FIELD), ("field, guessed", GUESSED), ("label", LABEL), ("placeholder, note, text", QUIET),
    ("? claimed by nobody", NOBODY), ("blank, or no form", TABLE),
)  # fmt: skip
#: roles of texts that are no field of the schema; all others are
COLOURS = {"label": LABEL, "placeholder": QUIET, "note": QUIET}
#: points: the type size of names, the margin around pages
LETTERS, GAP = 5.0, 8
#: parts of 255 by which a cell is filled with its colour
TINT = 36


class Spot(NamedTuple):
    """A rectangle on a page, in points, and what was read there."""

    box: tuple[float, float, float, float]
    name: str
    colour: Colour
    is_line: bool


def draw(path: str | Path, out: Path) -> list[int]:
    """Write a PNG file of the pages of a PDF that hold forms, or of its first pages; returns their numbers.

    Raises `ReadError`, also for a file that is no PDF, and `WriteError`, also where Pillow is not installed.
    """
    _require_pillow(out)
    data = unlocked(load(path))
    known = find_format(data)
    if known.name != "pdf":
        raise ReadError(
            f"这是{known.zh}，只有 PDF 能画图；请不加 --picture 查看表格。",
            f"This is {known.en}, and only a PDF can be drawn; show it without --picture.",
        )
    document = known.read(data, str(path))
    forms = find_forms(document)
    spots = _spots(document, forms)
    numbers = _pages(forms, spots)
    from extract.pdf.render import render_pages

    _save(_stacked([_marked(page, spots[page.number]) for page in render_pages(data, numbers)]), out)
    return numbers


def _require_pillow(out: Path) -> None:
    if find_spec("PIL") is None:
        raise WriteError(
            f'画出 {out} 需要另装组件：pip install "zipingbiao[picture]"。',
            f'Drawing {out} needs one more package: pip install "zipingbiao[picture]".',
        )


def _spots(document: Document, forms: Iterable[Form]) -> dict[int, list[Spot]]:
    """What to mark on each page: cells, and lines that were read as fields of a form."""
    roles: dict[Cell, Role] = {}
    nobody: set[Cell] = set()
    named: dict[Line, list[str]] = defaultdict(list)
    texts: set[Cell | Line] = set()
    for form in forms:
        roles.update(form.roles)
        nobody.update(form.unclaimed)
        texts.update(text.cell for text in form.texts)
        for line, name in _named_lines(form):
            named[line].append(name)
    spots: dict[int, list[Spot]] = defaultdict(list)
    for block in document.blocks:
        if isinstance(block, Grid):
            for cell in block.cells():
                _add(spots, cell, *_reading(cell, roles.get(cell), cell in nobody))
        elif block in named:
            _add(spots, block, ", ".join(named[block]), FIELD)
        elif block in texts:
            _add(spots, block, "", QUIET)
    return spots


def _named_lines(form: Form) -> Iterator[tuple[Line, str]]:
    pieces = {"title": form.title, "year": form.year, "amount_unit": form.amount_unit, **form.heading}
    for name, piece in pieces.items():
        if piece and isinstance(piece.cell, Line):
            yield piece.cell, name


def _reading(cell: Cell, role: Role | None, is_nobodys: bool) -> tuple[str, Colour]:
    """The name to write into a cell, and its colour."""
    if is_nobodys:
        return "?", NOBODY
    if role is None:
        return "", TABLE
    name = "" if role.name in COLOURS else role.name.partition(":")[0]
    return name, COLOURS.get(role.name, GUESSED if role.match == "fuzzy" else FIELD)


def _add(spots: dict[int, list[Spot]], text: Cell | Line, name: str, colour: Colour) -> None:
    if text.where.page is not None and text.where.box is not None:
        spots[text.where.page].append(Spot(text.where.box, name, colour, isinstance(text, Line)))


def _pages(forms: Iterable[Form], spots: dict[int, list[Spot]]) -> list[int]:
    with_forms = {cell.where.page for form in forms for cell in form.cells if cell.where.page is not None}
    return sorted(with_forms or spots or {1})[:MAX_PAGES]


def _marked(page: Rendered, spots: Iterable[Spot]) -> Image:
    """The page with its marks; outlines over tints, and names over both."""
    from PIL import Image, ImageDraw, ImageFont

    tint = Image.new("RGBA", page.image.size)
    over = ImageDraw.Draw(tint)
    font = ImageFont.load_default(LETTERS * page.scale)
    marks = [(tuple(round(edge * page.scale) for edge in spot.box), spot) for spot in spots]
    for box, spot in marks:
        over.rectangle(box, fill=(*spot.colour, 0 if spot.colour == TABLE else TINT))
    for box, spot in marks:
        over.rectangle(box, outline=(*spot.colour, 255), width=max(round(page.scale * 0.75), 1))
    for box, spot in marks:
        if spot.name:
            _write_name(over, box, spot, font, page.scale)
    return Image.alpha_composite(page.image.convert("RGBA"), tint).convert("RGB")


def _write_name(over: ImageDraw, box: tuple[int, ...], spot: Spot, font: Font, scale: float) -> None:
    """A tag on the lower right corner of a cell, cut off where the cell is narrower; of a line, behind it.

    It lies on the edge, half in the cell below: the last line of a text reaches nearly down to its edge.
    """
    left, _, right, bottom = box
    name = spot.name
    while len(name) > 1 and not spot.is_line and over.textlength(name, font) > right - left - 2 * scale:
        name = name[:-1]
    width, height = over.textlength(name, font) + 2 * scale, (LETTERS + 1) * scale
    end, middle = (right + width, bottom - height / 2) if spot.is_line else (right, bottom)
    over.rectangle((end - width, middle - height / 2, end, middle + height / 2), fill=(*spot.colour, 255))
    over.text((end - width + scale, middle), name, (255, 255, 255), font, anchor="lm")


def _stacked(pages: list[Image]) -> Image:
    """The pages below one another, under what the colours mean."""
    from PIL import Image, ImageDraw, ImageFont

    gap, size = 2 * GAP, 20
    width = max(page.width for page in pages) + 2 * gap
    height = 2 * gap + size + sum(page.height + gap for page in pages)
    sheet = Image.new("RGB", (width, height), (225, 228, 232))
    pen, font, x = ImageDraw.Draw(sheet), ImageFont.load_default(size * 0.7), float(gap)
    for name, colour in LEGEND:
        pen.rectangle((x, gap, x + size, gap + size), outline=colour, width=2)
        pen.rectangle((x + 5, gap + 5, x + size - 5, gap + size - 5), fill=colour)
        pen.text((x + size + 6, gap + size / 2), name, (40, 40, 40), font, anchor="lm")
        x += size + 6 + pen.textlength(name, font) + 2 * gap
    y = 2 * gap + size
    for page in pages:
        sheet.paste(page, ((width - page.width) // 2, y))
        y += page.height + gap
    return sheet


def _save(picture: Image, out: Path) -> None:
    try:
        picture.save(out, "PNG")
    except OSError as err:
        raise WriteError(
            f"不能写入 {out}；请检查文件夹和权限。",
            f"{out} cannot be written; check the folder and permissions.",
        ) from err
