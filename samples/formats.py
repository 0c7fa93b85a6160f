"""Write a drawn form as PDF, workbook, web page and OpenDocument text, by hand: equal forms make equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from make import Block, Drawn, Table

#: of all files in a zip container; zip knows no earlier day
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
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
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_html(blocks: Sequence[Block]) -> bytes:
    """A web page with merged cells."""
    parts = [
        f"<p>{_html_text(block)}</p>" if isinstance(block, str) else _html_table(block) for block in blocks
    ]
    head = '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>form</title></head><body>'
    return "\n".join((head, *parts, "</body></html>\n")).encode()


def _html_table(table: Table) -> str:
    rows: list[str] = []
    for number in range(len(table.slots)):
        cells = [
            f"<td{_span('rowspan', cell.bottom - cell.top)}{_span('colspan', cell.right - cell.left)}>"
            f"{'<br>'.join(map(_html_text, cell.text.split(chr(10))))}</td>"
            for cell in table.cells()
            if cell.top == number
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(('<table border="1">', *rows, "</table>"))


def _html_text(text: str) -> str:
    """A browser shows one of several blanks, unless they are hard."""
    return escape(text).replace("  ", "&#160; ")


def _span(name: str, more: int) -> str:
    return f' {name}="{more + 1}"' if more else ""


def write_xlsx(blocks: Sequence[Block]) -> bytes:
    """A workbook of one sheet: paragraphs in the first column, every cell a text as it was typed."""
    rows: list[str] = []
    merged: list[str] = []
    top = 1
    for block in blocks:
        if isinstance(block, str):
            rows.append(f'<row r="{top}">{_sheet_cell("A", top, block.strip())}</row>')
            top += 1
            continue
        for number, texts in enumerate(block.rows(), top):
            cells = (_sheet_cell(_letter(col), number, text) for col, text in enumerate(texts) if text)
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
        merged += [
            f"{_letter(cell.left)}{cell.top + top}:{_letter(cell.right)}{cell.bottom + top}"
            for cell in block.cells()
            if (cell.top, cell.left) != (cell.bottom, cell.right)
        ]
        top += len(block.slots)
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    root = f'xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"'
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": _relation(package, "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {root}><sheets><sheet name="自评表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(package, "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet {root}><sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="{len(merged)}">{areas}</mergeCells></worksheet>',
    }
    return stored(parts)


def _relation(package: str, kind: str, target: str) -> str:
    link = f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{package}/relationships">{link}</Relationships>'


def _sheet_cell(letter: str, row: int, text: str) -> str:
    held = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{letter}{row}" t="inlineStr">{held}</c>'


def _letter(column: int) -> str:
    """The letter of a column, counted from 0; no form has more than 26."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


def write_odt(blocks: Sequence[Block]) -> bytes:
    """An OpenDocument text with merged cells."""
    names = " ".join(
        f'xmlns:{name}="{OPENDOCUMENT.format(name)}"' for name in ("office", "text", "table", "manifest")
    )
    body = "".join(
        _odt_lines(block.strip()) if isinstance(block, str) else _odt_table(block) for block in blocks
    )
    kind = "application/vnd.oasis.opendocument.text"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"))
    )
    parts = {
        "mimetype": kind,
        "content.xml": f'<office:document-content {names} office:version="1.3"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest {names} manifest:version="1.3">{entries}</manifest:manifest>',
    }
    return stored(parts)


def _odt_table(table: Table) -> str:
    rows = "".join(
        f"<table:table-row>{''.join(_odt_cell(cell, r, c) for c, cell in enumerate(row))}</table:table-row>"
        for r, row in enumerate(table.slots)
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(table.slots[0])}"/>'
    return f"<table:table>{columns}{rows}</table:table>"


def _odt_cell(cell: Drawn, row: int, column: int) -> str:
    if (cell.top, cell.left) != (row, column):
        return "<table:covered-table-cell/>"
    down = _span("table:number-rows-spanned", cell.bottom - cell.top)
    right = _span("table:number-columns-spanned", cell.right - cell.left)
    return f"<table:table-cell{down}{right}>{_odt_lines(cell.text)}</table:table-cell>"


def _odt_lines(text: str) -> str:
    lines = (escape(line).replace("  ", " <text:s/>") for line in text.split("\n"))
    return "".join(f"<text:p>{line}</text:p>" for line in lines)


def write_pdf(blocks: Sequence[Block]) -> bytes:
    """A PDF of one page, as long as the form: lines are drawn around cells, and text is broken at their width."""
    drawn: list[str] = []
    top = MARGIN
    for block in blocks:
        if isinstance(block, str):
            lines = _broken(block.strip(), PAGE - 2 * MARGIN)
            centred = block.startswith("\t") and len(lines) == 1
            left = (PAGE - _width(lines[0])) // 2 if centred else MARGIN
            drawn += _pdf_text(lines, left, top)
            top += len(lines) * LINE + LINE // 2
        else:
            pieces, top = _pdf_table(block, top)
            drawn += pieces
    content = "\n".join((f"1 0 0 1 0 {top + MARGIN} cm", "0.5 w", *drawn))
    return _pdf(content, top + MARGIN)


def _pdf_table(table: Table, top: int) -> tuple[list[str], int]:
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
    drawn: list[str] = []
    for cell, text in lines.items():
        x, y, right, bottom = xs[cell.left], ys[cell.top], xs[cell.right + 1], ys[cell.bottom + 1]
        drawn.append(f"{x} {-bottom} {right - x} {bottom - y} re S")
        drawn += _pdf_text(text, x + PADDING, y + PADDING)
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


def _pdf_text(lines: Sequence[str], left: int, top: int) -> list[str]:
    """Each line with its baseline; a page's y goes up, and begins at the upper edge here."""
    return [
        f"BT /F {LETTER} Tf {left} {-top - number * LINE - LETTER} Td <{line.encode('utf-16-be').hex()}> Tj ET"
        for number, line in enumerate(lines)
        if line.strip()
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


def stored(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip container of parts as they are: neither the clock nor a release of zlib leaves a trace in it."""
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.create_system = 3
            archive.writestr(entry, content)
    return container.getvalue()
