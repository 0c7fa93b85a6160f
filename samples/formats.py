"""Write a drawn form as workbook, web page and OpenDocument text, by hand: equal forms make equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from make import Block, Drawn, Table

#: of all files in a zip container; zip knows no earlier day
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
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


def stored(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip container of parts as they are: neither the clock nor a release of zlib leaves a trace in it."""
    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.create_system = 3
            archive.writestr(entry, content)
    return container.getvalue()
