"""OFD files for the tests, written by hand to the standard: any part can be replaced, any object drawn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from extract.document import Document, Grid, Line
from extract.ofd.read import read_ofd

ROOT = 'xmlns:ofd="http://www.ofdspec.org/2016"'
#: millimetres: a letter, and what is kept free around the text of a cell
SIZE, PADDING = 3.5, 1.5
LEFT, TOP, WIDE, HIGH = 20.0, 30.0, 40.0, 8.0

WITH_MEDIA = "<ofd:DocumentRes>Media.xml</ofd:DocumentRes>"

ROWS = (("项目名称", "道路养护"), ("预算数", "125.50"))


def text(
    x: float, y: float, written: str, steps: str | None = None, *, size: float = SIZE, more: str = ""
) -> str:
    """A text object whose first character begins at ``x`` on the baseline ``y``; ``steps`` as the standard has them."""
    if steps is None:
        steps = " ".join(f"{size if sign > chr(255) else size / 2:g}" for sign in written[:-1])
    deltas = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x:g} {y - size:g} {size * len(written):g} {size * 1.2:g}" Font="2" '
        f'Size="{size:g}" {more}><ofd:TextCode X="0" Y="{size:g}"{deltas}>{escape(written)}</ofd:TextCode></ofd:TextObject>'
    )


def path(data: str, *, at: str = "0 0 210 297", more: str = "", inside: str = "") -> str:
    """A path object; ``at`` is its Boundary, from whose corner ``data`` is measured."""
    return (
        f'<ofd:PathObject ID="9" Boundary="{at}" LineWidth="0.25" {more}>{inside}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def frame(x: float, y: float, width: float, height: float) -> str:
    """The four sides of a cell."""
    sides = f"M 0 0 L {width:g} 0 L {width:g} {height:g} L 0 {height:g} C"
    return path(sides, at=f"{x:g} {y:g} {width:g} {height:g}")


def picture(boundary: str = "0 0 210 297", *, number: int = 7, ctm: str = "210 0 0 297 0 0") -> str:
    """A picture; without a place, one that covers the page; ``number`` is that of its resource."""
    scaled = f' CTM="{ctm}"' if ctm else ""
    return f'<ofd:ImageObject ID="9" ResourceID="{number}" Boundary="{boundary}"{scaled}/>'


def media(*pictures: bytes, folder: str = "Res", said: str = "p{}") -> dict[str, str | bytes]:
    """Parts that hold pictures, numbered from 7 on, for a document whose common data is `WITH_MEDIA`."""
    entries = "".join(
        f'<ofd:MultiMedia ID="{7 + at}" Type="Image" Format="PNG"><ofd:MediaFile>{said.format(at)}</ofd:MediaFile>'
        "</ofd:MultiMedia>"
        for at in range(len(pictures))
    )
    listed = f'<ofd:Res {ROOT} BaseLoc="{folder}"><ofd:MultiMedias>{entries}</ofd:MultiMedias></ofd:Res>'
    return {"Doc_0/Media.xml": listed} | {f"Doc_0/Res/p{at}": data for at, data in enumerate(pictures)}


def scans(*pictures: bytes, more: str = "", size: tuple[int, int] = (210, 297)) -> bytes:
    """An OFD of pages of a size in millimetres that are pictures, with other objects on each page."""
    wide, high = size
    whole = f"0 0 {wide} {high}"
    pages = (
        picture(whole, number=7 + at, ctm=f"{wide} 0 0 {high} 0 0") + more for at in range(len(pictures))
    )
    return ofd(*pages, common=WITH_MEDIA, size=whole, parts=media(*pictures))


def glyphs(count: int, written: str = "") -> str:
    """Text given as numbers of drawings in a font, of which ``written`` is all that the file says in characters."""
    numbers = " ".join(str(400 + at) for at in range(count))
    return (
        f'<ofd:TextObject ID="9" Boundary="20 80 60 5" Size="3.5"><ofd:CGTransform CodePosition="0" CodeCount="1" '
        f'GlyphCount="{count}"><ofd:Glyphs>{numbers}</ofd:Glyphs></ofd:CGTransform>'
        f'<ofd:TextCode X="0" Y="4">{written}</ofd:TextCode></ofd:TextObject>'
    )


def lines(rows: Sequence[Sequence[str]] = ROWS, *, left: float = LEFT, top: float = TOP) -> str:
    """The lines of a table, a frame a cell."""
    return "".join(
        frame(left + c * WIDE, top + r * HIGH, WIDE, HIGH)
        for r, row in enumerate(rows)
        for c in range(len(row))
    )


def words(rows: Sequence[Sequence[str]] = ROWS, *, left: float = LEFT, top: float = TOP) -> str:
    """The texts of a table."""
    return "".join(
        text(left + c * WIDE + PADDING, top + r * HIGH + PADDING + SIZE, cell)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if cell
    )


def table(rows: Sequence[Sequence[str]] = ROWS, *, left: float = LEFT, top: float = TOP) -> str:
    """A ruled table."""
    return lines(rows, left=left, top=top) + words(rows, left=left, top=top)


def layer(content: str, more: str = "") -> str:
    """A layer of a page."""
    return f'<ofd:Layer ID="3" Type="Body" {more}>{content}</ofd:Layer>'


def page(content: str, head: str = "") -> str:
    """A page's part; ``content`` is its layers, or objects for a single layer; ``head`` stands before them."""
    layers = content if content.startswith("<ofd:Layer") else layer(content)
    return f"<ofd:Page {ROOT}>{head}<ofd:Content>{layers}</ofd:Content></ofd:Page>"


def parts_of(
    *pages: str, common: str = "", size: str = "0 0 210 297", folder: str = "Doc_0"
) -> dict[str, str]:
    """The parts of an OFD whose pages show these objects; ``common`` goes on with the document's common data."""
    entries = "".join(
        f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages))
    )
    whole = {
        "OFD.xml": f'<ofd:OFD {ROOT} Version="1.0" DocType="OFD"><ofd:DocBody>'
        f"<ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        f"{folder}/Document.xml": f"<ofd:Document {ROOT}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{size}"
        f"</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>",
    }
    for at, content in enumerate(pages):
        is_whole = content.startswith("<ofd:Page ")
        whole[f"{folder}/Pages/Page_{at}/Content.xml"] = content if is_whole else page(content)
    return whole


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def ofd(*pages: str, parts: Mapping[str, str | bytes] | None = None, **about: str) -> bytes:
    """An OFD whose pages show these objects, with these parts in addition or instead."""
    return packed({**parts_of(*pages, **about), **(parts or {})})


def read(*pages: str, parts: Mapping[str, str | bytes] | None = None, **about: str) -> Document:
    """What is read of it."""
    return read_ofd(ofd(*pages, parts=parts, **about), "form.ofd")


def grids(document: Document) -> list[list[list[str]]]:
    """The texts of all tables."""
    tables = (block for block in document.blocks if isinstance(block, Grid))
    return [[[cell.text for cell in row] for row in grid.rows] for grid in tables]


def paragraphs(document: Document) -> list[str]:
    """The texts outside of tables."""
    return [block.text for block in document.blocks if isinstance(block, Line)]
