"""Write a drawn form as a page of PDF and of OFD, by hand: equal forms make equal bytes.

Both are laid out alike: one page, as long as the form, with lines around the cells and text broken at their width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from formats import stored

if TYPE_CHECKING:
    from make import Block, Table

#: points: the page's width, its margin, a letter, a line, and what is kept free around the text of a cell
PAGE, MARGIN, LETTER, LINE, PADDING = 842, 40, 10, 14, 4
#: of a column, in letters: enough for most of its cells in two lines
NARROWEST, WIDEST = 4, 14
#: a PDF made by hand: what its objects are, but for the page's height and content
PDF_OBJECTS = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    "<</Length {length}>>\nstream\n{content}\nendstream",
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R/DW 1000/W[1 95 500]"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)
#: an OFD made by hand (GB/T 33190): its parts, but for the page's size and content; it measures in millimetres
OFD_PARTS = {
    "OFD.xml": '<ofd:OFD {root} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:DocID>00000000000000000000000000000001</ofd:DocID></ofd:DocInfo>"
    "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    "Doc_0/Document.xml": "<ofd:Document {root}><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID><ofd:PageArea>"
    "<ofd:PhysicalBox>0 0 {width} {height}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
    "Doc_0/PublicRes.xml": '<ofd:Res {root} BaseLoc="Res"><ofd:Fonts>'
    '<ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
    "Doc_0/Pages/Page_0/Content.xml": "<ofd:Page {root}><ofd:Content>"
    '<ofd:Layer ID="3" Type="Body">{content}</ofd:Layer></ofd:Content></ofd:Page>',
}
OFD_ROOT = 'xmlns:ofd="http://www.ofdspec.org/2016"'
#: the first number that no other object of the document has
OFD_FIRST = 4


class Frame(NamedTuple):
    """The four lines around a cell: points from the upper left corner."""

    left: int
    top: int
    right: int
    bottom: int


class Words(NamedTuple):
    """A line of text; ``base`` is its baseline."""

    text: str
    left: int
    base: int


def write_pdf(blocks: Sequence[Block]) -> bytes:
    """A PDF of one page."""
    drawn, height = _laid_out(blocks)
    written = "\n".join(map(_pdf_piece, drawn))
    return _pdf(f"1 0 0 1 0 {height} cm\n0.5 w\n{written}", height)


def write_ofd(blocks: Sequence[Block]) -> bytes:
    """An OFD of one page; runs of equally wide characters say their steps once."""
    drawn, height = _laid_out(blocks)
    content = "".join(_ofd_piece(number, piece) for number, piece in enumerate(drawn, start=OFD_FIRST))
    filled = {"root": OFD_ROOT, "width": _mm(PAGE), "height": _mm(height), "last": OFD_FIRST + len(drawn)}
    parts = {name: part.format(content=content, **filled) for name, part in OFD_PARTS.items()}
    return stored({name: f'<?xml version="1.0" encoding="UTF-8"?>\n{part}' for name, part in parts.items()})


def _pdf_piece(piece: Frame | Words) -> str:
    """A page's y goes up, and begins at the upper edge here."""
    if isinstance(piece, Words):
        code = piece.text.encode("utf-16-be").hex()
        return f"BT /F {LETTER} Tf {piece.left} {-piece.base} Td <{code}> Tj ET"
    left, top, right, bottom = piece
    return f"{left} {-bottom} {right - left} {bottom - top} re S"


def _ofd_piece(number: int, piece: Frame | Words) -> str:
    """An object with the box around it, from whose upper left corner its own places are measured."""
    if isinstance(piece, Words):
        box = f"{_mm(piece.left)} {_mm(piece.base - LETTER)} {_mm(_width(piece.text))} {_mm(LINE)}"
        steps = f' DeltaX="{delta}"' if (delta := _steps(piece.text)) else ""
        return (
            f'<ofd:TextObject ID="{number}" Boundary="{box}" Font="2" Size="{_mm(LETTER)}">'
            f'<ofd:TextCode X="0" Y="{_mm(LETTER)}"{steps}>{escape(piece.text)}</ofd:TextCode></ofd:TextObject>'
        )
    left, top, right, bottom = piece
    width, height = _mm(right - left), _mm(bottom - top)
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{_mm(left)} {_mm(top)} {width} {height}" LineWidth="0.1764">'
        f"<ofd:AbbreviatedData>M 0 0 L {width} 0 L {width} {height} L 0 {height} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _steps(text: str) -> str:
    """From each character to the next one; ``g 3 1.764`` are three steps of that."""
    runs = [(width, len(list(run))) for width, run in groupby(map(_width, text[:-1]))]
    return " ".join(f"g {count} {_mm(width)}" if count > 1 else _mm(width) for width, count in runs)


def _mm(points: int) -> str:
    """Points as millimetres, as exact as files have them."""
    return f"{Decimal(points * 254) / 720:.4f}"


def _laid_out(blocks: Sequence[Block]) -> tuple[list[Frame | Words], int]:
    """What the page shows, and its height."""
    drawn: list[Frame | Words] = []
    top = MARGIN
    for block in blocks:
        if isinstance(block, str):
            lines = _broken(block.strip(), PAGE - 2 * MARGIN)
            centred = block.startswith("\t") and len(lines) == 1
            left = (PAGE - _width(lines[0])) // 2 if centred else MARGIN
            drawn += _words(lines, left, top)
            top += len(lines) * LINE + LINE // 2
        else:
            pieces, top = _table(block, top)
            drawn += pieces
    return drawn, top + MARGIN


def _table(table: Table, top: int) -> tuple[list[Frame | Words], int]:
    """A table's lines and texts, and where it ends."""
    xs = _edges(MARGIN, _column_widths(table))
    lines = {
        cell: _broken(cell.text, xs[cell.right + 1] - xs[cell.left] - 2 * PADDING) for cell in table.cells()
    }
    heights = [LINE + 2 * PADDING] * len(table.slots)
    for cell in sorted(lines, key=lambda cell: cell.bottom):
        missing = len(lines[cell]) * LINE + 2 * PADDING - sum(heights[cell.top : cell.bottom + 1])
        heights[cell.bottom] += max(missing, 0)
    ys = _edges(top, heights)
    drawn: list[Frame | Words] = []
    for cell, text in lines.items():
        x, y, right, bottom = xs[cell.left], ys[cell.top], xs[cell.right + 1], ys[cell.bottom + 1]
        drawn.append(Frame(x, y, right, bottom))
        drawn += _words(text, x + PADDING, y + PADDING)
    return drawn, ys[-1] + LINE


def _column_widths(table: Table) -> list[int]:
    """Shares of the page, by the longest text of each column that is no merged cell's."""
    wants = [NARROWEST * LETTER] * len(table.slots[0])
    for cell in table.cells():
        if cell.left == cell.right:
            widest = max(map(_width, cell.text.split("\n")))
            wants[cell.left] = max(wants[cell.left], min(widest, WIDEST * LETTER))
    return [want * (PAGE - 2 * MARGIN) // sum(wants) for want in wants]


def _edges(start: int, sizes: Sequence[int]) -> list[int]:
    edges = [start]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


def _width(text: str) -> int:
    """The width of a text in points: Latin letters and digits are half as wide as Chinese characters."""
    return sum(LETTER if ord(char) > 127 else LETTER // 2 for char in text)


def _broken(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than ``width``."""
    return [piece for line in text.split("\n") for piece in _pieces(line, width)]


def _pieces(line: str, width: int) -> Iterator[str]:
    piece = ""
    for char in line:
        if piece and _width(piece + char) > width:
            yield piece
            piece = ""
        piece += char
    yield piece


def _words(lines: Sequence[str], left: int, top: int) -> list[Words]:
    return [
        Words(line, left, top + number * LINE + LETTER) for number, line in enumerate(lines) if line.strip()
    ]


def _pdf(content: str, height: int) -> bytes:
    filled = {"width": PAGE, "height": height, "content": content, "length": len(content)}
    body, offsets = "%PDF-1.4\n", []
    for number, written in enumerate(PDF_OBJECTS, start=1):
        for name, value in filled.items():
            written = written.replace(f"{{{name}}}", str(value))
        offsets.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    size = len(offsets) + 1
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
        f"startxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
